"""What a plan says of members in periods: from its sheets, its table and its file, as a cell gives it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.calc import read_back
from tests.commands.books import Command, opened, plan
from xlsales.core.faults import Lang
from xlsales.functions import plan_file
from xlsales.functions.answer import answer

pytestmark = pytest.mark.package
DIMENSIONS = [
    {"dimension": "区域", "member": "东", "weight": 3},
    {"dimension": "区域", "member": "甲", "parent": "东", "weight": 1},
    {"dimension": "区域", "member": "乙", "parent": "东", "weight": 2},
    {"dimension": "区域", "member": "西", "weight": 1},
    {"dimension": "区域", "member": "零", "weight": 0},
    {"dimension": "产品", "member": "A", "weight": 1},
    {"dimension": "产品", "member": "西", "weight": 1},
    {"dimension": "产品", "member": "1001", "weight": 2},
]
ACTUALS = [
    ["日期", "区域", "产品", "金额"],
    [dt.date(2026, 1, 5), "甲", "A", 100_000.25],
    [dt.date(2026, 1, 31), "乙", "1001", 5000.0],
    [dt.date(2026, 2, 10), "西", "西", 70_000.0],
]
MONTHS = [f"2026-{m:02d}" for m in range(1, 13)]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of two dimensions, refreshed as of 14 February, with table 数据表."""
    from xlsales.hosts.cli import main

    folder = tmp_path_factory.mktemp("plan")
    old = os.environ.get("XLSALES_DATA")
    os.environ["XLSALES_DATA"] = str(folder / "memory")
    path = plan(folder / "计划.xlsx", dimensions=DIMENSIONS, actuals=ACTUALS, as_of=dt.date(2026, 2, 14))
    assert main(["add", str(path), "data", "--quiet"]) == 0
    assert main(["split", str(path), "--rewrite", "--quiet"]) in (0, 1)
    if old is None:
        del os.environ["XLSALES_DATA"]
    else:
        os.environ["XLSALES_DATA"] = old
    return path


def cells_of(path: Path, title: str) -> list[list[Any]]:
    """The cells of a sheet from A1, as Excel gives them."""
    return [list(row) for row in read_back(path, data_only=True)[title].iter_rows(values_only=True)]


def sources(path: Path) -> Mapping[str, Any]:
    return {"path": str(path), "sheet": cells_of(path, "按区域"), "table": cells_of(path, "数据表")}


@pytest.mark.parametrize("source", ["path", "sheet", "table"])
def test_figures_are_those_of_the_sheets(book: Path, source: str) -> None:
    """Members by months, a block in one call; the whole plan; the company."""
    given, sheet = sources(book)[source], opened(book).dimension("区域")
    names = ["东", "甲", "乙", "零"]
    column = [[name] for name in names]
    for function, block in (("TARGET_OF", "t:"), ("ACTUAL_OF", "a:")):
        found = answer(function, given, column, [MONTHS])
        assert found == [sheet.along(f"m:{name}", block) for name in names]
    for function, key in (("TARGET_OF", "target"), ("TARGET_TO_DATE_OF", "target_to_date")):
        found = answer(function, given, column)
        assert found == [[pytest.approx(sheet.value(f"m:{name}", key) or 0.0, abs=0.005)] for name in names]
    assert answer("ATTAINMENT_OF", given, column) == [
        [None if not sheet.value(f"m:{name}", "target") else pytest.approx(sheet.value(f"m:{name}", "attainment"))]
        for name in names
    ]
    for whole in ("公司整体", "公司", "合计", "whole company"):
        assert answer("TARGET_OF", given, whole, [["2026", "上半年"]]) == [[10_000_000.0, 5_000_000.0]]


@pytest.mark.parametrize("source", ["path", "sheet", "table"])
@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2026-03", [3]), ("2026年3月", [3]), ("3月", [3]), ("March 2026", [3]), (" 2026-03", [3]), (202603.0, [3]),
        (dt.datetime(2026, 3, 1), [3]), (dt.date(2026, 3, 17), [3]), (46082.0, [3]),
        ("2026Q1", [1, 2, 3]), ("一季度", [1, 2, 3]), ("Q1 2026", [1, 2, 3]),
        ("2026H2", range(7, 13)), ("下半年", range(7, 13)), ("2026", range(1, 13)), (2026.0, range(1, 13)),
    ],
)  # fmt: skip
def test_periods_as_people_write_them(book: Path, source: str, period: Any, months: Any) -> None:
    """Years to months, as text, number or date."""
    sheet = opened(book).dimension("区域")
    wanted = sum(sheet.value("m:东", f"t:{MONTHS[m - 1]}") for m in months)
    assert answer("TARGET_OF", sources(book)[source], "东", period) == [[pytest.approx(wanted)]]


def test_blank_is_not_zero(book: Path) -> None:
    """Blank members and periods are blank; so is an open month, and attainment of nothing."""
    given = str(book)
    assert answer("TARGET_OF", given, [["东"], [None], [""]], [["2026-01", None]])[1:] == [[None, None], [None, None]]
    assert answer("ACTUAL_OF", given, "东", [["2026-12", "2026Q1", "2026Q4"]]) == [[None, 105_000.25, None]]
    assert answer("ACTUAL_OF", given, [["东"]], "2026-02") == [[0.0]]
    assert answer("ATTAINMENT_OF", given, "零", [["2026", "2026-01"]]) == [[None, None]]
    assert answer("TARGET_OF", given, "零", "2026") == [[0.0]]


def test_to_date_of_a_month_under_way(book: Path) -> None:
    """By the path and by the table it is known, by a sheet of members it is not, and that is said."""
    given, table = sources(book), cells_of(book, "数据表")
    due = {(row[2], row[6].month): row[9] for row in table[4:]}
    for source in ("path", "table"):
        found = answer("TARGET_TO_DATE_OF", given[source], "甲", [["2026-01", "2026-02", "2026-03", "2026Q1"]])
        assert found == [[due["甲", 1], pytest.approx(due["甲", 2]), 0.0, pytest.approx(due["甲", 1] + due["甲", 2])]]
    assert answer("TARGET_TO_DATE_OF", given["sheet"], "甲", [["2026-01", "2026-03"]]) == [[due["甲", 1], 0.0]]
    assert answer("TARGET_TO_DATE_OF", given["sheet"], "甲", "2026Q1").startswith("“2026Q1”还没过完")


def test_weeks_and_days_are_the_companys(book: Path) -> None:
    """By the path, or from sheet 按时间."""
    time = opened(book).time
    week = next(key for key in time.rows if "W" in key)
    for given in (str(book), cells_of(book, "按时间")):
        found = answer("TARGET_OF", given, "公司整体", [["2026-03-08", week, "2026-03"]])
        assert found == [[time.value(key, "target") for key in ("2026-03-08", week, "2026-03")]]
    assert "周和日只有公司整体" in answer("TARGET_OF", str(book), "东", "2026-03-08")


@pytest.mark.parametrize(
    ("member", "period", "shape"),
    [
        ("东", "2026-01", (1, 1)),
        ([["东"], ["甲"]], "2026-01", (2, 1)),
        ("东", [["2026-01", "2026-02"]], (1, 2)),
        ([["东"], ["甲"]], [["2026-01", "2026-02", "3月"]], (2, 3)),
        ([["东", "甲"]], [["2026-01"], ["2026-02"], ["3月"]], (3, 2)),
        ([["东"], ["甲"]], [["2026-01"], ["2026-02"]], (2, 1)),
    ],
)
def test_shapes(book: Path, member: Any, period: Any, shape: tuple[int, int]) -> None:
    """A column by a row is a table; two of one shape are read side by side."""
    found = answer("TARGET_OF", str(book), member, period)
    assert (len(found), len(found[0])) == shape
    last = answer("TARGET_OF", str(book), [[member]] if isinstance(member, str) else [member[-1][-1:]], _last(period))
    assert found[-1][-1] == last[0][0]


def _last(period: Any) -> Any:
    return period if isinstance(period, str) else period[-1][-1]


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (([["东", 1.0]], ["西西"], "2026"), "plan 选的不是计划", "plan is no plan"),
        (("BOOK", [["东"], ["西西"]], "2026"), "member 第2行是“西西”,这个计划里没有这个成员", "no such member"),
        (("BOOK", "西", "2026"), "“西”在区域、产品里都有。请填 dimension", "is a member of"),
        (("BOOK", "西", "2026", "渠道"), "没有这个维度,只有:区域、产品", "no such one here"),
        (("BOOK", "东", "2027"), "不在计划", "not within the plan"),
        (("BOOK", "东", "哪天"), "看不懂期间“哪天”", "cannot be read"),
        (("BOOK", "#N/A", "2026"), "member 是错误值 #N/A", "is the error #N/A"),
        (("BOOK", [["东"], ["甲"]], [["2026"], ["1月"], ["2月"]]), "请一个选一列、一个选一行", "a column and a row"),
        (("BOOK", "东", "2026", None, 13.0), "fiscal_month 是 13", "fiscal_month is 13"),
        (("没有.xlsx", "东"), "没有文件夹", "has no folder"),
        (("/没有/计划.xlsx", "东"), "找不到", "There is no"),
        (("https://a.sharepoint.com/计划.xlsx", "东"), "在云盘上", "cloud drive"),
        ((__file__, "东"), "不是 Excel 工作簿", "is not an Excel workbook"),
        (([["成员", "月份", "目标"], ["东", "哪天", 1.0]], "东"), "plan 选的不是计划", "plan is no plan"),
    ],
)
def test_what_is_wrong_is_said(book: Path, arguments: tuple[Any, ...], zh: str, en: str) -> None:
    """One sentence each, in both languages."""
    given = [str(book) if one == "BOOK" else one for one in arguments]
    for lang, words in (("zh", zh), ("en", en)):
        said = answer("TARGET_OF", *given, lang=lang)  # type: ignore[arg-type]
        assert isinstance(said, str)
        assert words in said
        assert "\n" not in said


def test_a_workbook_that_is_no_plan(tmp_path: Path, book: Path) -> None:
    """Another workbook, a plan that was not split, a damaged file, a folder, one with a password."""
    Workbook().save(tmp_path / "别的.xlsx")
    plan(tmp_path / "新.xlsx")
    (tmp_path / "坏.xlsx").write_bytes(book.read_bytes()[:3000])
    for name, said in (("别的", "没有分解好的计划"), ("新", "没有分解好的计划"), ("坏", "坏.xlsx")):
        assert said in answer("TARGET_OF", str(tmp_path / f"{name}.xlsx"), "东")
    assert "文件夹" in answer("TARGET_OF", str(tmp_path), "东")


def test_names_clash_until_the_dimension_is_given(book: Path) -> None:
    """A name of two dimensions; a member that is a number."""
    by_product = opened(book).dimension("产品")
    assert answer("TARGET_OF", str(book), "西", None, "产品") == [[by_product.value("m:西", "target")]]
    assert answer("TARGET_OF", str(book), 1001.0) == [[by_product.value("m:1001", "target")]]
    table = cells_of(book, "数据表")
    assert "都有" in answer("TARGET_OF", table, "西")
    assert answer("TARGET_OF", table, "西", None, " 产品 ") == [[by_product.value("m:西", "target")]]


def test_a_workbook_is_read_once(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for each cell, not again if it was copied over itself; anew if its content is another, whatever its time."""
    worked_out = []

    def working_out(*arguments: Any) -> Any:
        worked_out.append(arguments)
        return own(*arguments)

    own = plan_file._read
    monkeypatch.setattr(plan_file, "_read", working_out)
    monkeypatch.setattr(plan_file, "_plans", type(plan_file._plans)())
    path = tmp_path / "计划.xlsx"
    shutil.copy(book, path)
    first = [answer("TARGET_OF", str(path), name) for name in ("东", "甲", "乙") for _ in range(5)]
    assert answer("ACTUAL_OF", "计划.xlsx", "东", home=lambda: tmp_path) == answer("ACTUAL_OF", str(path), "东")
    path.write_bytes(book.read_bytes())
    os.utime(path, ns=(1, 1))
    assert answer("TARGET_OF", str(path), "东") == first[0]
    assert len(worked_out) == 1
    file = read_back(path)
    for cell, amount in (("D7", 12.0), ("D7", 13.0)):  # of the same length
        file["按区域"][cell] = amount
        with path.open("r+b") as same_file:
            same_file.truncate()
            file.save(same_file)
        os.utime(path, ns=(1, 1))
        assert answer("TARGET_OF", str(path), "东") == [[amount]]
    assert len(worked_out) == 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_fiscal_years(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Quarters are those of the plan's settings by its path; of a sheet of members they have to be said."""
    name = "区域" if lang == "zh" else "Region"
    rows = [{"dimension": name, "member": "东", "weight": 1}, {"dimension": name, "member": "西", "weight": 1}]
    days = {"start": dt.date(2026, 4, 1), "end": dt.date(2027, 3, 31), "fiscal_month": 4}
    path = plan(tmp_path / "p.xlsx", lang=lang, dimensions=rows, **days)
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).dimension(name)
    wanted = [[sum(sheet.value("m:东", f"t:2027-0{m}") for m in (1, 2, 3))]]
    assert answer("TARGET_OF", str(path), "东", "2026Q4") == wanted
    cells = cells_of(path, next(title for title in opened(path).titles if title in ("按区域", "By region")))
    assert answer("TARGET_OF", cells, "东", "2026Q4", None, 4.0) == wanted
    said = answer("TARGET_OF", cells, "东", "2026Q4", lang=lang)
    assert ("从 2026-04 开始" if lang == "zh" else "begins in 2026-04") in said
    assert answer("TARGET_OF", cells, "东", [["2027-01", "2027-02", "2027-03"]]) == [
        [sheet.value("m:东", f"t:2027-0{m}") for m in (1, 2, 3)]
    ]


def test_a_table_of_a_person(book: Path) -> None:
    """Any table with member, month and target; without a dimension, an actual, a target to date."""
    rows = [
        ["x", None],
        ["Target", "Member", "Month"],
        [5.0, "a", "2026-01"],
        [7.0, "a", "2026-02"],
        [None, None, None],
    ]
    rows = [row + [None] * (3 - len(row)) for row in rows]
    assert answer("TARGET_OF", rows, "A", [["2026-01", "2026", None]]) == [[5.0, 12.0, None]]
    assert answer("ACTUAL_OF", rows, "a") == [[None]]
    assert answer("ATTAINMENT_OF", rows, "a") == [[None]]
    inserted = [["note", *[None] * 60], *([None, *row] for row in cells_of(book, "按区域"))]
    width = max(map(len, inserted))
    inserted = [row + [None] * (width - len(row)) for row in inserted]
    assert answer("TARGET_OF", inserted, "东") == answer("TARGET_OF", str(book), "东")


@pytest.mark.parametrize("columns", [6, 8, 20, 30])
def test_a_part_of_a_sheet_is_not_summed(book: Path, columns: int) -> None:
    """A selection that stops before the last month, or before the last row of a member, is told."""
    part = [row[:columns] for row in cells_of(book, "按区域")]
    for period in (None, "2026-01", "2026"):
        assert "只选了一部分" in answer("TARGET_OF", part, "东", period)
    rows = cells_of(book, "数据表")[: 4 + 12 + 5]
    assert answer("TARGET_OF", rows, "东", "2026-05") != answer("TARGET_OF", rows, "东", "2026-06")
    assert "只选了一部分" in answer("TARGET_OF", rows, "东", "2026Q2")
    assert "只选了一部分" in answer("TARGET_OF", rows, "东")
    assert "看不懂期间" in answer("TARGET_OF", rows, "东", 2026.1)


def test_xlwings_lite_reads_no_files(monkeypatch: pytest.MonkeyPatch, book: Path) -> None:
    """There a path is one sentence; cells work."""
    table = cells_of(book, "数据表")
    monkeypatch.setattr("sys.platform", "emscripten")
    assert "xlwings Lite" in answer("TARGET_OF", "计划.xlsx", "东")
    assert answer("TARGET_OF", table, "东") == [[pytest.approx(7_500_000, abs=12_000)]]


OWN = [
    ["成员", "月份", "目标", "实际"],
    ["两行", dt.datetime(2026, 1, 1), 10, None], ["两行", dt.datetime(2026, 1, 15), 20, None],
    ["错误值", dt.datetime(2026, 1, 1), "#N/A", None], ["文字", dt.datetime(2026, 1, 1), "没定", None],
    ["月份", "下个月", 8, None], ["实际", dt.datetime(2026, 1, 1), 8, "#REF!"], ["百分数", "2026-01", "10%", None],
    ["好", "2026年1月", "1,200", ""], ["好", 202602.0, 5, None], ["好", 46082.0, "２０", 3], ["好", None, 99, None],
    [None, dt.datetime(2026, 1, 1), 7, None],
]  # fmt: skip
"""A table of a person's own; 46082 is 1 March 2026."""


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("两行", "plan 里“两行”的 2026-01 不止一行"),
        ("错误值", "plan 里“错误值” 2026-01 的数是错误值 #N/A"),
        ("文字", "plan 里“文字” 2026-01 的数是“没定”,不是数字"),
        ("月份", "plan 里“月份”的月份“下个月”看不懂"),
        ("实际", "plan 里“实际” 2026-01 的数是错误值 #REF!"),
        ("百分数", "plan 里“百分数” 2026-01 的数是“10%”"),
    ],
)
def test_what_is_wrong_in_a_row_is_told_of_its_member(member: str, said: str) -> None:
    """No figure is left out, or taken in place of another one, in silence; other members are looked up."""
    assert answer("TARGET_OF", OWN, member, "2026-01").startswith(said)
    assert answer("TARGET_OF", OWN, "好", [["2026-01", "2026-02", "2026-03", "2026Q1"]]) == [
        [1200.0, 5.0, 20.0, 1225.0]
    ]


def figures(months: Mapping[str, float]) -> list[list[Any]]:
    """A sheet 按时间 of a plan with fiscal months to the 25th, of which two are there."""
    days = {
        "2026-01": (dt.date(2025, 12, 26), dt.date(2026, 1, 25)),
        "2026-02": (dt.date(2026, 1, 26), dt.date(2026, 2, 25)),
    }
    rows = [[key, "month", None, *days[key], target] for key, target in months.items()]
    head = ["xlsales:time", None, "period", "start", "end", "target"]
    return [head, ["total", None, None, None, None, sum(months.values())], *rows]


@pytest.mark.parametrize(
    ("period", "wanted"),
    [
        (dt.date(2025, 12, 26), 10.0), (dt.datetime(2025, 12, 31), 10.0), (dt.date(2026, 1, 25), 10.0),
        (dt.date(2026, 1, 26), 20.0), (46050.0, 20.0), ("2026-01", 10.0), (202602.0, 20.0),
    ],
)  # fmt: skip
def test_a_day_is_in_the_fiscal_month_that_has_it(period: Any, wanted: float) -> None:
    """46050 is 28 January 2026."""
    assert answer("TARGET_OF", figures({"2026-01": 10.0, "2026-02": 20.0}), "合计", period) == [[wanted]]


def test_a_day_outside_of_fiscal_months_is_told_with_their_ends() -> None:
    """The plan ends on 25 February."""
    found = answer("TARGET_OF", figures({"2026-01": 10.0, "2026-02": 20.0}), "合计", dt.date(2026, 2, 26))
    assert "2026-02-26" in found
    assert "2025-12-26 至 2026-02-25" in found


WHOLE_WEEKS = [
    ["xlsales:dimension:门店", None, "target", *(f"t:2026-P{m:02d}" for m in range(1, 13))],
    ["total", None, 78.0, *(float(m) for m in range(1, 13))],
    ["m:甲", None, 78.0, *(float(m) for m in range(1, 13))],
]


@pytest.mark.parametrize(
    ("period", "wanted"),
    [
        ("2026-P02", 2.0), ("P02", 2.0), ("第2财月", 2.0), ("2026年第12财月", 12.0), ("2026Q1", 6.0), ("Q4", 33.0),
        ("下半年", 57.0), ("2026", 78.0),
        ("2026-02", "“2026-02”这里没有:这里的月份写作 2026-P01 至 2026-P12"), ("1月", "“1月”这里没有"),
        ("2027Q1", "“2027Q1”这里没有"), ("2026-W10", "“2026-W10”的数在这里没有"),
    ],
)  # fmt: skip
def test_periods_of_months_of_whole_weeks(period: Any, wanted: Any) -> None:
    """Their keys say the fiscal year: no first month is asked for."""
    found = answer("TARGET_OF", WHOLE_WEEKS, "甲", period)
    assert found == [[wanted]] if isinstance(wanted, float) else str(found).startswith(wanted)


def test_a_table_of_calendar_months_has_no_fiscal_ones() -> None:
    """The sentence shows how months are written; a name may say its dimension."""
    table = [
        ["维度", "成员", "月份", "目标"],
        ["门店", "甲", dt.date(2026, 2, 1), 4],
        ["产品", "甲", dt.date(2026, 2, 1), 5],
    ]
    assert answer("TARGET_OF", table, "门店:甲", "2026-P01").startswith("“2026-P01”这里没有:这里的月份写作 2026-02")
    assert answer("TARGET_OF", table, [["门店:甲"], ["产品：甲"]], "2026-02") == [[4.0], [5.0]]
    assert answer("TARGET_OF", table, "甲", "2026-02").startswith("“甲”在")
    assert answer("TARGET_OF", table, "门店:甲", "Q1").startswith("这个计划从 2026-02 开始")
