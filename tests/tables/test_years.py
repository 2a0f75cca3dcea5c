"""Years and days in columns of their own: the years of a ledger are never added up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tables.tables import dimension, read, write

pytestmark = pytest.mark.unit
STORE = dimension("门店", ["一店", "二店"])
NAMES = ["Jan", "Feb", "Mar"]
MILLION = 10**6


def _ledger(year: Callable[[int], object], month: Callable[[int], object]) -> list[list[object]]:
    """Two stores, three months of each of three years: 1 a row of 2024, 10 of 2025, 100 of 2026."""
    return [
        [year(y), month(m), store, 10 ** (y - 2024)]
        for y in (2024, 2025, 2026) for m in (1, 2, 3) for store in ("一店", "二店")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "year", "month"),
    [
        (("年份", "月份"), int, lambda m: f"{m}月"),
        (("年", "月"), int, int),
        (("年度", "月份"), str, str),
        (("Year", "Month"), int, lambda m: NAMES[m - 1]),
        (("会计年度", "会计期间"), int, int),
        (("销售年份", "统计月份"), lambda y: f"{y}年", lambda m: f"{m}月份"),
        (("Fiscal Year", "Period"), lambda y: f"FY{y % 100}", int),
        (("年", "月份"), lambda y: f"{y % 100}年", lambda m: f"{m:02}"),
        (("年份", "月份"), lambda y: dt.date(y, 1, 1), lambda m: f"{m}月"),
    ],
)
def test_a_year_beside_its_month(tmp_path: Path, headers: tuple[str, str], year: object, month: object) -> None:
    """The plan's year counts, dated at the month's end; the others are told as other years."""
    rows = [[*headers, "门店", "销售额"], *_ledger(year, month)]  # type: ignore[arg-type]
    for shown in (rows, [[row[1], row[2], row[0], row[3]] for row in rows]):
        records = read(write(tmp_path / "t.xlsx", shown), STORE)
        assert (records.accepted_micros, records.set_aside_micros) == (600 * MILLION, 66 * MILLION)
        assert sorted({str(day) for day in records.day}) == ["2026-01-31", "2026-02-28", "2026-03-31"]
        assert all(problem.fault.remark for problem in records.problems)


@pytest.mark.parametrize(
    ("header", "year"), [("年份", int), ("年度", lambda y: f"{y}年"), ("年", str), ("Year", int), ("财年", int)]
)
@pytest.mark.parametrize("last", [False, True])
def test_a_year_beside_months_across(tmp_path: Path, header: str, year: Callable[[int], object], last: bool) -> None:
    """The year of the row holds for the months above its cells, wherever its column stands; it is no total."""
    rows: list[list[object]] = [["门店", header, "1月", "2月", "合计"]]
    rows += [[store, year(y), y - 2000, 1, y - 1999] for store in ("一店", "二店") for y in (2025, 2026)]
    rows = [[*row[:1], *row[2:], row[1]] for row in rows] if last else rows
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert (records.accepted_micros, records.set_aside_micros) == (54 * MILLION, 52 * MILLION)
    history = read(write(tmp_path / "h.xlsx", rows), STORE, start=None, end=None)
    assert sorted({str(day) for day in history.day}) == ["2025-01-31", "2025-02-28", "2026-01-31", "2026-02-28"]
    assert history.accepted_micros == 106 * MILLION


@pytest.mark.parametrize(
    ("headers", "month"),
    [(("年", "月", "日"), int), (("Year", "Month", "Day"), lambda m: NAMES[m - 1]), (("年份", "月份", "日"), str)],
)
def test_year_month_and_day(tmp_path: Path, headers: tuple[str, ...], month: Callable[[int], object]) -> None:
    """A date in three columns is a day."""
    rows = [[*headers, "门店", "金额"], *([y, month(2), 5, "一店", y - 2000] for y in (2025, 2026))]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert (records.accepted_micros, [str(day) for day in records.day]) == (26 * MILLION, ["2026-02-05"])


@pytest.mark.parametrize(("title", "accepted"), [(None, 70), ("2026年一季度销售", 70), ("2025年一季度销售", 0)])
def test_months_as_numbers(tmp_path: Path, title: str | None, accepted: int) -> None:
    """`1` under 月份 is January, of the year above the table where that names one."""
    above: list[list[object]] = [[title]] if title else []
    for headers, rows in (
        (["月份", "门店", "金额"], [[1, "一店", 30], [2, "二店", 40]]),
        (["月", "日", "门店", "金额"], [[1, 5, "一店", 30], [2, 6, "二店", 40]]),
    ):
        records = read(write(tmp_path / "t.xlsx", [*above, headers, *rows]), STORE)
        assert records.accepted_micros == accepted * MILLION


@pytest.mark.parametrize("header", ["上半年", "下半年", "全年", "去年"])
def test_figures_under_a_header_like_years(tmp_path: Path, header: str) -> None:
    """Figures of two digits beside months are no years."""
    rows = [["门店", "1月", "2月", header], ["一店", 10, 20, 30], ["二店", 30, 40, 70]]
    assert read(write(tmp_path / "t.xlsx", rows), STORE).accepted_micros == 100 * MILLION


@pytest.mark.parametrize("header", ["年款", "上市年份", "Model Year", "入职年份"])
def test_a_year_of_something_else(tmp_path: Path, header: str) -> None:
    """The year of a car's model says nothing of the sale."""
    rows = [[header, "月份", "门店", "金额"], [2024, "1月", "一店", 30], [2025, "2月", "二店", 40]]
    assert read(write(tmp_path / "t.xlsx", rows), STORE).accepted_micros == 70 * MILLION


@pytest.mark.parametrize("bad", [None, "未知"])
def test_a_row_without_its_year_is_set_aside(tmp_path: Path, bad: object) -> None:
    """A blank year is never taken for the plan's."""
    down = [["年份", "月份", "门店", "金额"], [2026, "1月", "一店", 30], [bad, "1月", "一店", 40]]
    across = [["年份", "门店", "1月", "2月"], [2026, "一店", 10, 20], [bad, "一店", 15, 25]]
    for rows in (down, across):
        records = read(write(tmp_path / "t.xlsx", rows), STORE)
        assert (records.accepted_micros, records.set_aside_micros) == (30 * MILLION, 40 * MILLION)
        assert not any(problem.fault.remark for problem in records.problems if problem.set_aside)


def test_totals_below_years(tmp_path: Path) -> None:
    """Years and months down, stores across, a total in the column of years."""
    rows: list[list[object]] = [["年度", "月份", "一店", "二店", "合计"]]
    rows += [[y, f"{m}月", y - 2000, m, y - 2000 + m] for y in (2025, 2026) for m in (1, 2)]
    rows.append(["合计", None, 102, 6, 108])
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert (records.accepted_micros, records.set_aside_micros) == (55 * MILLION, 53 * MILLION)


DAYS = [
    ("1/20", "2/3"),
    ("1.20", "2.3"),
    ("1月20日", "2月3日"),
    ("20-Jan", "3 Feb"),
    ("Jan-20", "Feb-3"),
    ("20/1", "3/2"),
]


@pytest.mark.parametrize("days", DAYS)
def test_days_without_a_year(tmp_path: Path, days: tuple[str, str]) -> None:
    """A day is of its row's year, else of the title's, else of the plan's; the time of printing names no year."""
    down = [["年份", "日期", "门店", "金额"], [2025, days[0], "一店", 30], [2026, days[1], "一店", 40]]
    records = read(write(tmp_path / "t.xlsx", down), STORE)
    assert (records.accepted_micros, [str(d) for d in records.day]) == (40 * MILLION, ["2026-02-03"])
    rows = [["日期", "门店", "金额"], *([day, "一店", 40] for day in days)]
    for title, accepted in (
        ("2025年销售明细", 0), ("2026年销售明细", 80), ("销售明细", 80), ("导出时间:2027-01-03 10:00", 80),
    ):  # fmt: skip
        records = read(write(tmp_path / "t.xlsx", [[title], *rows]), STORE)
        assert records.accepted_micros == accepted * MILLION
    over = {"start": dt.date(2025, 4, 1), "end": dt.date(2026, 3, 31)}
    records = read(write(tmp_path / "t.xlsx", [["2025年度销售明细"], *rows]), STORE, **over)
    assert [str(d) for d in records.day] == ["2026-01-20", "2026-02-03"]


@pytest.mark.parametrize("year", [None, "未知"])
def test_a_day_whose_row_has_no_year_is_set_aside(tmp_path: Path, year: object) -> None:
    """A blank year beside days is never taken for the plan's."""
    for day in ("1/20", "1.20", "20-Jan", "1.2"):
        rows = [["年份", "日期", "门店", "金额"], [2026, "2/20", "一店", 30], [year, day, "一店", 40]]
        records = read(write(tmp_path / "t.xlsx", rows), STORE)
        assert (records.accepted_micros, records.set_aside_micros) == (30 * MILLION, 40 * MILLION)


OF_MARCH = "2026年3月销售明细"


@pytest.mark.parametrize(
    ("title", "header", "days", "wanted"),
    [
        (OF_MARCH, "日期", ["5日", "6日", "31日"], ["03-05", "03-06", "03-31"]),
        (OF_MARCH, "日期", ["5号", "06号", "7"], ["03-05", "03-06", "03-07"]),
        (OF_MARCH, "日期", [5, 6, 31], ["03-05", "03-06", "03-31"]),
        (OF_MARCH, "日期", [1, 2, 3], ["03-01", "03-02", "03-03"]),
        (OF_MARCH, "日期", ["5日(周四)", "6(周五)", "7日 星期六"], ["03-05", "03-06", "03-07"]),
        (OF_MARCH, "日期", ["3.5", "3.6", "3月7日"], ["03-05", "03-06", "03-07"]),
        (OF_MARCH, "日期", ["3/5", "6/3", "3/3"], ["03-05", "03-06", "03-03"]),
        (OF_MARCH, "日", [5, 6, 31], ["03-05", "03-06", "03-31"]),
        ("3月日报(单位:元)", "日期", [5, 6, 7], ["03-05", "03-06", "03-07"]),
        ("3月日报", "销售日期", ["5日", "6日", "7日"], ["03-05", "03-06", "03-07"]),
        (OF_MARCH, "月份", [1, 2, 3], ["01-31", "02-28", "03-31"]),
        ("2026年销售", "日期", ["5月", "6月", "7月"], ["05-31", "06-30", "07-31"]),
        ("2026年2月", "日期", ["5日", "6日", "30日"], ["02-05", "02-06"]),
        ("2026年销售", "日期", ["5日", "6日", "7日"], []),
        ("2026年销售", "日期", [5, 6, 7], []),
        ("2026年销售", "月份", ["5日", "6日", "7日"], []),
        ("2026年1-3月销售", "日期", ["5日", "6日", 7], []),
        ("2026年4月1日", "日期", [5, 6, 7], []),
        ("制表日期:2026年4月1日", "日期", ["5日", "6日", 7], []),
        ("2026财年3月", "日期", ["5日", "6日", 7], []),
        (None, "日期", ["5日", "6日", 7], []),
    ],
)  # fmt: skip
def test_bare_days_are_of_the_month_above(tmp_path: Path, title, header, days, wanted) -> None:
    """`5日` below `2026年3月销售明细` is 5 March, never May; where no month stands above, it is no date."""
    rows = [[header, "门店", "销售额"], *([day, "一店", 10] for day in days)]
    records = read(write(tmp_path / "t.xlsx", [[title], *rows] if title else rows), STORE)
    assert sorted(str(day)[5:] for day in records.day) == sorted(wanted)
    assert records.rows_set_aside == 3 - len(wanted)
