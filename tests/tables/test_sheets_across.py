"""Sheets of wide tables read together: each is of the month or year that its titles or its name tell."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.tables.tables import read
from tests.tables.test_sheets import HEADER, book, day, told
from xlsales.tables.words.sheet_months import MonthDisputed, MonthOfSheetUntold
from xlsales.tables.words.sheet_names import is_no_part

pytestmark = pytest.mark.unit
MILLION = 1_000_000
NO_PARTS = ["汇总", "总表", "合计", "全年", "2026年汇总", "全部", "Summary", "Total", "1月(2)", "1月副本", "1月-备份"]
NO_PARTS += ["1月copy", "目标", "2月目标", "数量", "退货", "去年", "Budget"]


def days(count: int, base: int, title: str | None = None) -> list[list[object]]:
    """A sheet of one month: two stores, a figure a day, sums to the right and below."""
    rows: list[list[object]] = [[title]] if title else []
    across = list(range(1, count + 1))
    rows += [["区域", *across, "合计"]]
    rows += [[name, *(base + d for d in across), base * count + sum(across)] for name in ("上海", "北京")]
    return [*rows, ["合计", *(2 * (base + d) for d in across), 2 * (base * count + sum(across))]]


def by_month(records: object) -> dict[str, float]:
    sums: Counter[str] = Counter()
    for d, micros in zip(records.day.astype(str), records.micros.tolist(), strict=True):  # type: ignore[attr-defined]
        sums[d[:7]] += micros / MILLION
    return dict(sums)


def month(count: int, base: int) -> float:
    return 2 * (count * base + count * (count + 1) / 2)


EXPECTED = {"2026-01": month(31, 10), "2026-02": month(28, 20), "2026-03": month(31, 30)}


@pytest.mark.parametrize(
    "names",
    [
        ("1月", "2月", "3月"),
        ("一月", "二月", "三月"),
        ("2026年1月", "2026年2月", "2026年3月"),
        ("2026-01", "2026-02", "2026-03"),
        ("Jan", "Feb", "Mar"),
        ("1月日报", "2月日报", "3月日报"),
    ],
)
def test_days_of_each_month_have_a_sheet(tmp_path: Path, names: tuple[str, ...]) -> None:
    sheets = {name: days(n, base) for name, n, base in zip(names, (31, 28, 31), (10, 20, 30), strict=True)}
    records = read(book(tmp_path / "t.xlsx", sheets))
    assert by_month(records) == EXPECTED
    assert records.totals_micros == records.accepted_micros
    assert f"读取了表头相同的 3 张工作表:{'、'.join(names)}。" in told(records)


def test_the_name_of_a_single_sheet_tells_its_month(tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", {"3月": days(31, 30)})
    assert by_month(read(path)) == by_month(read(path, sheet="3月")) == {"2026-03": EXPECTED["2026-03"]}


def test_equal_members_of_a_month_are_no_totals(tmp_path: Path) -> None:
    """Both rows are half of what stands in their columns."""
    rows = [["区域", "1月", "2月"], ["上海", "10", None], ["北京", 10, None], ["天津", None, 5], ["江苏", None, 5]]
    assert by_month(read(book(tmp_path / "t.xlsx", {"实际": rows}))) == {"2026-01": 20, "2026-02": 10}


def test_the_month_is_in_the_titles(tmp_path: Path) -> None:
    sheets = {f"Sheet{m}": days(n, 10 * m, f"2026年{m}月营业额") for m, n in ((1, 31), (2, 28), (3, 31))}
    assert by_month(read(book(tmp_path / "t.xlsx", sheets))) == EXPECTED


def test_a_title_that_was_not_changed_is_asked_about(tmp_path: Path) -> None:
    sheets = {f"{m}月": days(28, 10 * m, "2026年1月营业额") for m in (1, 2)}
    with pytest.raises(MonthDisputed) as asked:
        read(book(tmp_path / "t.xlsx", sheets))
    assert asked.value.say("zh") == "“[实际]2月”的标题行写的是 1月,与工作表名“2月”不一致。请改正其中一个。"


def test_a_sheet_of_days_that_tells_no_month_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(MonthOfSheetUntold) as asked:
        read(book(tmp_path / "t.xlsx", {"1月": days(31, 10), "新": days(31, 20)}))
    assert "“[实际]新”" in asked.value.say("zh")
    sheets = {"1月": days(31, 10), "3月": days(31, 30)}  # the remedy
    assert set(by_month(read(book(tmp_path / "u.xlsx", sheets)))) == {"2026-01", "2026-03"}


def test_months_of_each_year_have_a_sheet(tmp_path: Path) -> None:
    def year(base: int, count: int) -> list[list[object]]:
        return [["区域", *(f"{m}月" for m in range(1, count + 1))], ["上海", *(base + m for m in range(1, count + 1))]]

    records = read(book(tmp_path / "t.xlsx", {"2026年": year(10, 3), "2025年": year(100, 12)}))
    assert by_month(records) == {"2026-01": 11, "2026-02": 12, "2026-03": 13}
    assert records.set_aside_micros == (12 * 100 + 78) * MILLION


def test_groups_of_members_have_a_sheet(tmp_path: Path) -> None:
    sheets = {
        "一区": [["区域", "1月", "2月"], ["上海", 1, 2]],
        "二区": [["区域", "1月", "2月", "3月"], ["北京", 10, 20, 30]],
    }
    records = read(book(tmp_path / "t.xlsx", sheets))
    assert by_month(records) == {"2026-01": 11, "2026-02": 22, "2026-03": 30}


def test_headers_of_two_rows(tmp_path: Path) -> None:
    def page(name: str, base: int) -> list[list[object]]:
        return [
            ["区域", "1月", None, "2月", None],
            [None, "数量", "金额", "数量", "金额"],
            [name, 7, base, 8, 2 * base],
        ]

    records = read(book(tmp_path / "t.xlsx", {"一": page("上海", 10), "二": page("北京", 100)}))
    assert by_month(records) == {"2026-01": 110, "2026-02": 220}
    assert records.rows_set_aside == 0


def test_what_only_another_sheet_holds_is_told(tmp_path: Path) -> None:
    more = [[*HEADER, None], [*day(2, 20), 99]]
    records = read(book(tmp_path / "t.xlsx", {"1月": [HEADER, day(1, 10)], "2月": more}))
    assert records.accepted_micros == 30 * MILLION
    assert any("没有表头" in sentence for sentence in told(records))


@pytest.mark.parametrize("title", NO_PARTS)
@pytest.mark.parametrize("first", [False, True])
def test_totals_copies_and_other_measures_are_not_added(tmp_path: Path, title: str, first: bool) -> None:
    parts = {"1月": [HEADER, day(1, 10)], "2月": [HEADER, day(2, 20)]}
    other = {title: [HEADER, day(1, 10), day(2, 20)]}
    records = read(book(tmp_path / "t.xlsx", other | parts if first else parts | other))
    assert records.accepted_micros == 30 * MILLION
    (sentence,) = [s for s in told(records) if "没有计入" in s]
    assert sentence.startswith(f"工作表 {title} 表头相同")


def test_a_name_like_that_is_read_where_it_is_alone(tmp_path: Path) -> None:
    assert read(book(tmp_path / "t.xlsx", {"汇总": [HEADER, day(1, 10)]})).accepted_micros == 10 * MILLION
    sheets = {"销售目标": [HEADER, day(1, 10)], "说明": [["写给店长"]]}
    assert read(book(tmp_path / "u.xlsx", sheets)).accepted_micros == 10 * MILLION


@pytest.mark.parametrize(
    "title",
    ["1月", "2026-03", "华东", "订单", "订单数据", "销售明细", "Sheet1", "Orders", "旗舰店", "一季度", "Q1", "线上"],
)
def test_names_of_parts(title: str) -> None:
    assert not is_no_part(title)
