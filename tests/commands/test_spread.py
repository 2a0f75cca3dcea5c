"""调整 on the command line: selected cells of a person, of the plan's input, and targets."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.calc import read_back
from tests.commands.books import (
    REGIONS,
    WAN,
    Command,
    add_cells,
    answer,
    fill,
    members,
    opened,
    place_of,
    plan,
    table_place,
)
from xlsales.book.keyed import written_sheets
from xlsales.core import a1
from xlsales.core.faults import Lang
from xlsales.layout.sheet import Sheet
from xlsales.ooxml.book import Book
from xlsales.plan.by_week import T_BY_WEEK
from xlsales.plan.indicators.tables import T_INDICATORS
from xlsales.plan.sheets.by_week import BY_WEEK
from xlsales.plan.sheets.indicators import INDICATORS
from xlsales.vocabulary.plan_tables import InputTable

pytestmark = pytest.mark.unit

MINE = "我的"


def mine(path: Path, cells: dict[str, Any], formats: dict[str, str] | None = None, **more: Any) -> Path:
    """A plan with a sheet of a person's own: cells by address, their number formats; what else is done to it."""
    plan(path)
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet(MINE)
    for at, value in cells.items():
        sheet[at] = value
    for at, code in (formats or {}).items():
        sheet[at].number_format = code
    for row in more.get("hidden_rows", ()):
        sheet.row_dimensions[row].hidden = True
    for column in more.get("hidden_columns", ()):
        sheet.column_dimensions[column].hidden = True
    for block in more.get("merged", ()):
        sheet.merge_cells(block)
    book.save(path)
    return path


def values(path: Path, *at: str, title: str = MINE) -> list[Any]:
    sheet = read_back(path)[title]
    return [sheet[one].value for one in at]


COLUMN = {"B2": 100, "B3": None, "B4": 300, "B5": 0}
AT = ("B2", "B3", "B4", "B5")
PLAIN: dict[str, tuple[tuple[str, ...], list[Any]]] = {
    "equal fills blanks": (("均分", "--total", "1200"), [300, 300, 300, 300]),
    "equal of what is there": (("equal",), [100, 100, 100, 100]),
    "proportional": (("按比例", "--total", "1200"), [300, None, 900, 0]),
    "populated only": (("populated only", "--total", "1200"), [600, None, 600, 0]),
    "a straight line from the first": (("直线", "--total", "1200"), [100, 233, 367, 500]),
    "a straight line by its slope": (("straight line", "--by", "50", "--total", "700"), [100, 150, 200, 250]),
    "growth": (("增长", "--by", "100%", "--total", "1500"), [100, 200, 400, 800]),
    "growth of a share": (("growth", "--by", "0.5", "--total", "65"), [8, 12, 18, 27]),
    "first": (("首格",), [400, 0, 0, 0]),
    "last": (("last",), [0, 0, 0, 400]),
    "a pattern": (("1-2-1", "--total", "500"), [100, 200, 100, 100]),
    "a pattern in full-width letters": (("１-２-１", "--total", "５００"), [100, 200, 100, 100]),
    "equal increment": (("平均增减", "--total", "700"), [200, None, 400, 100]),
    "equal increment by an amount": (("equal increment", "--by", "300"), [200, None, 400, 100]),
    "weighted increment": (("按比例增减", "--by", "-100"), [75, None, 225, 0]),
    "percent": (("百分比", "--by", "10%"), [110, None, 330, 0]),
    "percent off": (("percent", "--by=-10%"), [90, None, 270, 0]),
    "add": (("每格加", "--by", "50"), [150, None, 350, 50]),
    "below zero, without a sign of equality": (("percent", "--by", "-10%"), [90, None, 270, 0]),
    "below zero, with a unit": (("weighted increment", "--by", "-0.01万"), [75, None, 225, 0]),
    "a cell that stays": (("均分", "--total", "1200", "--hold", "B4"), [300, 300, 300, 300]),
    "a cell that stays, on its sheet": (("按比例", "--total", "1200", "--hold", "我的!B2"), [100, None, 1100, 0]),
    "a unit that is named": (("均分", "--total", "1000", "--step", "100"), [200, 200, 300, 300]),
    "a total in words": (("均分", "--total", "2万"), [5000, 5000, 5000, 5000]),
    "nothing left": (("proportional", "--total", "0"), [0, None, 0, 0]),
}


@pytest.mark.parametrize(("call", "expected"), PLAIN.values(), ids=PLAIN)
def test_methods_on_cells_of_a_person(
    xlsales: Command, tmp_path: Path, call: tuple[str, ...], expected: list[Any]
) -> None:
    """Undo gives back the bytes."""
    path = mine(tmp_path / "a.xlsx", COLUMN)
    before = path.read_bytes()
    ran = xlsales("spread", path, f"{MINE}!B2:B5", *call)
    assert ran.code == 0, ran.err
    assert values(path, *AT) == expected
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == before


PRINTED: dict[str, tuple[dict[str, Any], dict[str, str], tuple[str, ...], list[Any]]] = {
    "two decimals": ({"B2": 1, "B3": 1, "B4": 1}, dict.fromkeys(("B2", "B3", "B4"), "0.00"), ("--total", "1"),
                     [0.33, 0.33, 0.34]),
    "percentages": ({"B2": 0.5, "B3": 0.3, "B4": 0.2}, dict.fromkeys(("B2", "B3", "B4"), "0.0%"), ("--total", "100%"),
                    [0.333, 0.333, 0.334]),
    "money of a currency": ({"B2": 1, "B3": 1, "B4": 1}, dict.fromkeys(("B2", "B3", "B4"), "[$¥-804]#,##0.00"),
                            ("--total", "¥100"), [33.33, 33.33, 33.34]),
    "whole numbers, although there is more behind": (
        {"B2": 33.4, "B3": 33.4, "B4": 33.4}, dict.fromkeys(("B2", "B3", "B4"), "#,##0"), (), [33, 33, 34]),
    "thousands": ({"B2": 1000, "B3": 1000, "B4": 5000}, dict.fromkeys(("B2", "B3", "B4"), "#,##0,"), (),
                  [2000, 2000, 3000]),
    "what is there has decimals": ({"B2": 0.5, "B3": 0.25, "B4": 0.25}, {}, (), [0.33, 0.33, 0.34]),
    "a text that is a number": ({"B2": "1,200", "B3": " ", "B4": "３00"}, {}, (), [500, 500, 500]),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "formats", "call", "expected"), PRINTED.values(), ids=PRINTED)
def test_the_sum_is_exact_in_the_unit_that_the_cells_print(
    xlsales: Command, tmp_path: Path, cells: dict[str, Any], formats: dict[str, str], call: tuple[str, ...],
    expected: list[Any],
) -> None:  # fmt: skip
    path = mine(tmp_path / "a.xlsx", cells, formats)
    ran = xlsales("spread", path, f"{MINE}!B2:B4", "均分", *call)
    assert ran.code == 0, ran.err
    assert values(path, "B2", "B3", "B4") == expected


def test_what_is_held_is_exact_although_it_is_finer(xlsales: Command, tmp_path: Path) -> None:
    """A held cell keeps what is behind its print; the others get as many decimals, so that the sum is exact."""
    path = mine(tmp_path / "a.xlsx", {"B2": 0.25, "B3": 1, "B4": 1}, dict.fromkeys(("B2", "B3", "B4"), "0"))
    assert xlsales("spread", path, f"{MINE}!B2:B4", "均分", "--total", "10", "--hold", "B2").code == 0
    assert values(path, "B2", "B3", "B4") == [0.25, 4.87, 4.88]


def test_what_is_not_seen_is_left_alone(xlsales: Command, tmp_path: Path) -> None:
    """Hidden and filtered rows, hidden columns, and what a merged cell covers; the message counts them."""
    cells = {f"{column}{row}": 10 for column in "BCD" for row in (2, 3, 4)}
    path = mine(tmp_path / "a.xlsx", cells, hidden_rows=[3], hidden_columns=["C"])
    ran = xlsales("spread", path, f"{MINE}!B2:D4", "均分", "--total", "80")
    assert (ran.code, "隐藏或筛掉的 5 格没有动" in ran.out) == (0, True)
    assert values(path, "B2", "B3", "B4", "C2", "D4") == [20, 10, 20, 10, 20]
    path = mine(tmp_path / "b.xlsx", {"B2": 10, "B3": 30, "B4": 20}, merged=["B2:C3"])
    assert xlsales("spread", path, f"{MINE}!B2:C4", "均分", "--total", "80").code == 0
    assert values(path, "B2", "B4", "C4") == [26, 27, 27]


SELECTIONS: dict[str, tuple[str, list[Any]]] = {
    "blocks": ("我的!B2,B4", [200, None, 200]),
    "blocks that overlap": ("我的!B2:B4,B3:B4", [133, 133, 134]),
    "each with its sheet": ("'我的'!$B$2,'我的'!$B$4", [200, None, 200]),
    "from the last to the first": ("我的!B4:B2", [133, 133, 134]),
    "from right to left": ("我的!$C$4:B2", [66, 67, 67]),
    "full-width": ("我的!B2:B3,B4", [133, 133, 134]),
    "a whole column": ("我的!B:B", [100, 100, 100]),
}


@pytest.mark.parametrize(("cells", "expected"), SELECTIONS.values(), ids=SELECTIONS)
def test_cells_are_named_as_people_write_them(
    xlsales: Command, tmp_path: Path, cells: str, expected: list[Any]
) -> None:
    """A whole column ends with the sheet."""
    path = mine(tmp_path / "a.xlsx", {"B2": 100, "B3": None, "B4": 300})
    assert xlsales("spread", path, cells, "均分").code == 0
    assert values(path, "B2", "B3", "B4") == expected


REFUSED: dict[str, tuple[dict[str, Any], tuple[str, ...], str, str]] = {
    "text": ({"B2": "abc"}, ("均分",), "我的!B2: 这一格是“abc”,不是数字", '我的!B2: This cell is "abc", not a number'),
    "an error": ({"B2": "#N/A"}, ("均分",), "我的!B2: 这一格是错误值 #N/A", "我的!B2: This cell is the error #N/A"),
    "a date": ({"B2": dt.date(2026, 1, 5)}, ("均分",), "我的!B2: 这一格是日期 2026-01-05,不是数字", "not a number"),
    "TRUE": ({"B2": True}, ("均分",), "不是数字", "not a number"),
    "a formula": ({"B2": "=1+1"}, ("均分",), "我的!B2: 这一格是公式", "我的!B2: This cell is a formula"),
    "below zero": ({"B2": -5}, ("均分",), "我的!B2: 这一格是 -5", "我的!B2: This cell is -5"),
    "all zero": ({"B2": 0, "B3": 0, "B4": 0, "B5": 0}, ("按比例", "--total", "9"), "全是零或空", "all zero or blank"),
    "all blank": ({"B2": None, "B4": None, "B5": None}, ("按比例", "--total", "9"), "都是空的", "are blank"),
    "less than is held": (
        {},
        ("均分", "--total", "50", "--hold", "B4"),
        "锁定合计 300",
        "Locked 300 > total target 50 by 250. Release B4 300",
    ),
    "more than there is": ({}, ("每格加", "--by=-150"), "要减去 150,但只有 0", "150 is to be taken away"),
    "a line below zero": ({"B2": 900}, ("直线", "--total", "1200"), "我的!B5: 按这个趋势,第 4 期会低于零", "period 4"),
    "a total that is not printed": (
        {},
        ("均分", "--total", "10.5", "--step", "1"),
        "10.5 比这些格显示的单位 1 更细",
        "10.5 is finer than the unit 1",
    ),
    "no such method": ({}, ("随便",), "不认识方法“随便”。请写:均分、", '"随便" is no method. Write one of equal, '),
    "a pattern that is none": ({}, ("1-x",), "不认识方法", "is no method"),
    "a share or not": ({}, ("百分比", "--by", "10"), "看不出是不是百分数", "may be a percentage or not"),
    "no rate": ({}, ("增长",), "请给 --by,例如 10%", "Give --by, such as 10%"),
    "no addition": ({}, ("add",), "请给 --by,例如 100", "Give --by, such as 100"),
    "no new total": ({}, ("平均增减",), "请给 --total", "Give --total"),
    "a total for add": ({}, ("add", "--by", "1", "--total", "9"), "“每格加”不用合计", '"add" takes no total'),
    "a rate for equal": ({}, ("均分", "--by", "1"), "“均分”不用增减", '"equal" takes no --by'),
    "a total that is none": ({}, ("均分", "--total", "x"), "“合计”是“x”,不是数字", '"total" is "x", not a number'),
    "all of them held": (
        {},
        ("均分", "--total", "9", "--hold", "B2:B9"),
        "我的!B2: 选中的格都不能动",
        "我的!B2: All selected cells stay",
    ),
    "a total below zero": ({}, ("均分", "--total=-5"), "“合计”是 -5,应不小于 0", '"total" is -5'),
    "beyond all rates": ({}, ("增长", "--by", "2000%"), "“增减”是 2000%", '"by" is 2000%'),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("cells", "call", "zh", "en"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_spread_is_one_sentence(
    xlsales: Command, tmp_path: Path, lang: str, cells: dict[str, Any], call: tuple[str, ...], zh: str, en: str
) -> None:
    """With its place; nothing is written."""
    path = mine(tmp_path / "a.xlsx", {**COLUMN, **cells})
    before = path.read_bytes()
    ran = xlsales("spread", path, f"{MINE}!B2:B5", *call, "--lang", lang)
    assert (ran.code, len(ran.sentences)) == (2, 1), ran.err
    assert {"zh": zh, "en": en}[lang] in ran.err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("cells", "zh"),
    [
        ("我的", "看不懂“我的”是哪些格"),
        ("我的!", "看不懂"),
        ("我的!B2:", "看不懂"),
        ("没有!B2", "没有“没有”这张表"),
        ("我的!B2,设置!C7", "在几张表里"),
        ("B2", "看不懂“B2”是哪些格"),
        ("", "没有选中单元格"),
        ("我的!A1:CZ2000", "选了 208000 格"),
    ],
)
def test_cells_that_are_none(xlsales: Command, tmp_path: Path, cells: str, zh: str) -> None:
    path = mine(tmp_path / "a.xlsx", COLUMN)
    ran = xlsales("spread", path, cells, "均分")
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert zh in ran.err


# --- the plan's input ---------------------------------------------------------


def test_month_weights_and_what_a_split_makes_of_them(xlsales: Command, tmp_path: Path) -> None:
    """1-2-1 over the twelve weights; the split after it closes."""
    path = plan(tmp_path / "a.xlsx", month_method="weights")
    area = table_place(path, "xs_month_weights")
    cells = f"{area.sheet}!C{area.row}:C{area.row + 11}"
    assert xlsales("spread", path, cells, "1-2-1", "--total", "16").code == 0
    assert xlsales("split", path).code == 0
    assert opened(path).time.down("target", r"2026-\d\d") == [62.5 * WAN, 125 * WAN, 62.5 * WAN] * 4


def test_locked_amounts_are_in_steps_of_the_plan(xlsales: Command, tmp_path: Path) -> None:
    """Amounts are typed in 万元 with a step of 1000 元: tenths of 万元; a total may name its unit."""
    locks = [{"period": f"2026-0{n}", "amount": 50} for n in (1, 2, 3)]
    path = plan(tmp_path / "a.xlsx", tables={"xs_locks": locks})
    area = table_place(path, "xs_locks")
    cells = f"{area.sheet}!E{area.row}:E{area.row + 2}"
    assert xlsales("spread", path, cells, "均分", "--total", "100万").code == 0
    assert values(path, *(f"E{area.row + n}" for n in range(3)), title=area.sheet) == [33.3, 33.3, 33.4]
    ran = xlsales("spread", path, cells, "均分", "--total", "100.05")
    assert (ran.code, "100.05 比这些格显示的单位 0.1 更细" in ran.err) == (2, True)


def test_input_that_is_no_amount(xlsales: Command, tmp_path: Path) -> None:
    """A key, two kinds at once, a bound: each is told at its cell."""
    path = plan(tmp_path / "a.xlsx", month_method="weights")
    area = table_place(path, "xs_month_weights")
    ran = xlsales("spread", path, f"{area.sheet}!B{area.row}", "add", "--by", "1")
    assert (ran.code, f"设置!B{area.row}: “期间”不是可以分配的数" in ran.err) == (2, True)
    rows = table_place(path, "xs_dimensions")
    ran = xlsales("spread", path, f"{rows.sheet}!F{rows.row}:G{rows.row + 1}", "均分", "--total", "9")
    assert (ran.code, "不是同一种数" in ran.err) == (2, True)
    title, cell = place_of(path, "lamp_green").split("!")
    ran = xlsales("spread", path, f"{title}!{cell}", "percent", "--by", "900%")
    assert (ran.code, "“绿灯 ≥”是 1000%,应在 0% 至 500% 之间" in ran.err) == (2, True)


# --- targets ------------------------------------------------------------------


def company(path: Path, **settings: Any) -> Path:
    return plan(path, dimensions=members({"区域": REGIONS}), **settings)


def address(path: Path, row: str, column: str) -> str:
    shown = opened(path).dimension("区域")
    return f"{shown.cell(row, column).coordinate}"


def months(path: Path, member: str, *numbers: int) -> str:
    return "按区域!" + ",".join(address(path, f"m:{member}", f"t:2026-{n:02}") for n in numbers)


def closes(path: Path) -> None:
    """Every month of the members adds up to the company's, and the months to the total."""
    shown = opened(path)
    company_months = shown.time.down("target", r"2026-\d\d")
    for n, month in enumerate(company_months, 1):
        assert sum(shown.dimension("区域").down(f"t:2026-{n:02}", r"m:.*")) == pytest.approx(month)
    assert sum(company_months) == pytest.approx(shown.time.value("total", "target"))


def test_targets_become_locks_and_every_sum_closes(xlsales: Command, tmp_path: Path) -> None:
    """January to March of a region: told first, written with --yes, kept by the next split, undone by undo."""
    path = company(tmp_path / "a.xlsx")
    assert xlsales("split", path).code == 0
    before = path.read_bytes()
    cells = months(path, "华东", 1, 2, 3)
    told = xlsales("spread", path, cells, "1-2-1", "--total", "80")
    assert (told.code, path.read_bytes() == before) == (2, True)
    assert "目标会这样改动:区域:5 个成员" in told.err
    assert "请加 --yes" in told.err
    ran = xlsales("spread", path, cells, "1-2-1", "--total", "80", "--yes")
    assert ran.code == 0, ran.err
    assert "已调整 3 格(1-2-1):合计 75万元 → 80万元。" in ran.out
    for _ in range(2):
        east = opened(path).dimension("区域")
        assert east.along("m:华东", "t:")[:3] == [20 * WAN, 40 * WAN, 20 * WAN]
        assert east.value("m:华东", "target") == 305 * WAN
        closes(path)
        assert xlsales("split", path).code == 0
    area = table_place(path, "xs_locks")
    row = values(path, *(f"{c}{area.row + 1}" for c in "BCDEF"), title=area.sheet)
    assert row == ["区域", "华东", "2026-02", 40, "调整:1-2-1"]
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == before


def test_a_lock_that_is_there_gets_the_new_amount(xlsales: Command, tmp_path: Path) -> None:
    """No second row for the same member and month; a row behind the others for another; held cells are locked too."""
    locks = [{"dimension": "区域", "member": "华东", "period": "2026-01", "amount": 30, "note": "说好的"}]
    path = company(tmp_path / "a.xlsx", tables={"xs_locks": locks})
    assert xlsales("split", path).code == 0
    hold = months(path, "华东", 2)
    cells = months(path, "华东", 1, 2)
    kept = opened(path).dimension("区域").value("m:华东", "t:2026-02")
    ran = xlsales("spread", path, cells, "add", "--by", "5", "--hold", hold, "--yes")
    assert ran.code == 0, ran.err
    east = opened(path).dimension("区域").along("m:华东", "t:")
    assert east[:2] == [35 * WAN, kept]
    area = table_place(path, "xs_locks")
    assert values(path, f"E{area.row}", f"F{area.row}", f"D{area.row + 1}", title=area.sheet) == [
        35, "说好的", "2026-02",
    ]  # fmt: skip
    closes(path)


def test_the_companys_months_and_quarters(xlsales: Command, tmp_path: Path) -> None:
    """In 按时间 they become locks of the company, in 按区域 the row of the total does; the plan's total stays."""
    path = company(tmp_path / "a.xlsx")
    assert xlsales("split", path).code == 0
    shown = opened(path).time
    cells = "按时间!" + ",".join(shown.cell(f"2026Q{n}", "target").coordinate for n in (1, 2))
    assert xlsales("spread", path, cells, "均分", "--total", "600", "--yes").code == 0
    assert opened(path).time.down("target", r"2026Q\d") == [300 * WAN, 300 * WAN, 200 * WAN, 200 * WAN]
    month = address(path, "total", "t:2026-12")
    assert xlsales("spread", path, f"按区域!{month}", "每格加", "--by", "30", "--yes").code == 0
    closes(path)
    december = opened(path).time.value("2026-12", "target")
    assert opened(path).dimension("区域").value("total", "t:2026-12") == december
    assert 96 * WAN < december < 97 * WAN


def test_a_week_of_the_company(xlsales: Command, tmp_path: Path) -> None:
    """It becomes a lock like any other period."""
    path = company(tmp_path / "a.xlsx", week_rule="cut")
    assert xlsales("split", path).code == 0
    cell = opened(path).time.cell("2026-03W2", "target").coordinate
    assert xlsales("spread", path, f"按时间!{cell}", "equal", "--total", "30", "--yes").code == 0
    assert opened(path).time.value("2026-03W2", "target") == 30 * WAN
    closes(path)


def test_a_members_whole_plan_is_its_locked_target(xlsales: Command, tmp_path: Path) -> None:
    """The column of targets of the whole plan goes into 锁定目标 of 维度; the others share the rest."""
    path = company(tmp_path / "a.xlsx")
    assert xlsales("split", path).code == 0
    cells = "按区域!" + ",".join(address(path, f"m:{name}", "target") for name in ("华东", "华北"))
    assert xlsales("spread", path, cells, "均分", "--yes").code == 0
    shown = opened(path).dimension("区域")
    assert [shown.value(f"m:{name}", "target") for name in ("华东", "华北")] == [250 * WAN, 250 * WAN]
    area = table_place(path, "xs_dimensions")
    assert values(path, f"G{area.row + 1}", f"G{area.row + 2}", title=area.sheet) == [250, 250]
    closes(path)


def test_closed_months_stay(xlsales: Command, tmp_path: Path) -> None:
    """They count in the total, and get no lock."""
    path = company(tmp_path / "a.xlsx")
    assert xlsales("split", path).code == 0
    answer(path, "closed_through", dt.date(2026, 2, 28))
    before = opened(path).dimension("区域").along("m:华东", "t:")
    ran = xlsales("spread", path, months(path, "华东", 1, 2, 3, 4), "均分", "--total", "110", "--yes")
    assert (ran.code, "已关账的 2 格没有动" in ran.out) == (0, True), ran.err
    after = opened(path).dimension("区域").along("m:华东", "t:")
    assert after[:2] == before[:2]
    assert after[2:4] == [30 * WAN, 30 * WAN]
    area = table_place(path, "xs_locks")
    assert values(path, *(f"D{area.row + n}" for n in range(3)), title=area.sheet) == ["2026-03", "2026-04", None]
    closes(path)


def test_who_drags_over_months_means_their_targets(xlsales: Command, tmp_path: Path) -> None:
    """Actuals between the targets are left alone, and the message says so."""
    path = company(tmp_path / "a.xlsx")
    assert xlsales("split", path).code == 0
    first, last = (address(path, "m:华东", f"t:2026-{n}") for n in ("01", "03"))
    ran = xlsales("spread", path, f"按区域!{first}:{last}", "add", "--by", "1", "--yes")
    assert (ran.code, "选中的 2 格不是目标,没有动" in ran.out) == (0, True), ran.err
    assert opened(path).dimension("区域").along("m:华东", "t:")[:3] == [26 * WAN, 26 * WAN, 26 * WAN]


def no_cell(path: Path, row: str, column: str) -> str:
    return f"按区域!{address(path, row, column)}"


TARGETS_REFUSED = {
    "the total": ("total", "target", "这一格是总目标,它在“设置”里改"),
    "an actual": ("m:华东", "actual", "这一格由程序算出"),
    "a proof": ("proof:1", "target", "这一格由程序算出"),
}


@pytest.mark.parametrize(("row", "column", "zh"), TARGETS_REFUSED.values(), ids=TARGETS_REFUSED)
def test_what_is_no_target_of_anybody(xlsales: Command, tmp_path: Path, row: str, column: str, zh: str) -> None:
    path = company(tmp_path / "a.xlsx")
    assert xlsales("split", path).code == 0
    ran = xlsales("spread", path, no_cell(path, row, column), "均分", "--yes")
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert f"{no_cell(path, row, column)}: {zh}" in ran.err


SHOWN = {
    "weeks": (T_BY_WEEK, BY_WEEK, [{"of": "区域", "period": "2026-03"}, {"of": "", "period": "", "note": ""}],
              ("“按时间、按区域”里“目标”列", 'select them in "By time, By 区域"')),
    "indicators": (T_INDICATORS, INDICATORS,
                   [{"indicator": "手术量", "dimension": "区域", "kind": "count", "split": "equal", "target": 1001}],
                   ("按“指标”算出", 'from "Indicators"')),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("table", "sheet", "rows", "said"), SHOWN.values(), ids=SHOWN)
def test_targets_that_a_sheet_only_shows_are_changed_elsewhere(
    xlsales: Command, tmp_path: Path, lang: Lang, table: InputTable, sheet: Sheet[Any, Any],
    rows: list[dict[str, Any]], said: tuple[str, str],
) -> None:  # fmt: skip
    """The sentence names the sheets or the table."""
    path = company(tmp_path / "a.xlsx", lang=lang)
    assert xlsales("split", path).code == 0
    assert xlsales("add", path, table.label.zh).code == 0
    cleared = {column.key: "" for column in table.columns}
    fill(path, table, table.label[lang], [{**cleared, **row} for row in (*rows, *[{}] * 4)])
    assert xlsales("split", path).code in (0, 1)
    shown = next(one for one in written_sheets(Book.open(path)).values() if one.identity.startswith(sheet.identity))
    at = a1.cell(next(iter(shown.rows.values())), next(iter(shown.columns.values())))
    ran = xlsales("spread", path, f"'{shown.title}'!{at}", "均分")
    assert (ran.code, len(ran.sentences), said[lang == "en"] in ran.err) == (2, 1, True), ran.err


def test_rows_typed_below_a_table_are_its_own(xlsales: Command, tmp_path: Path) -> None:
    """A split reads them, so they are spread as the rows above; what is further below is in no table."""
    path = company(tmp_path / "a.xlsx")
    assert xlsales("add", path, "人员系数").code == 0
    area = table_place(path, "xs_staff")
    last = area.last_row
    book = openpyxl.load_workbook(path)
    for row in (*range(area.row, last + 2), last + 4):
        book[area.sheet][f"C{row}"] = f"店{row}" if row < last + 4 else None
        book[area.sheet][f"E{row}"] = row
    book.save(path)
    assert xlsales("spread", path, f"{area.sheet}!E{last}:E{last + 1}", "均分", "--total", "3").code == 0
    assert sum(values(path, f"E{last}", f"E{last + 1}", title=area.sheet)) == 3
    ran = xlsales("spread", path, f"{area.sheet}!E{last},E{last + 4}", "均分")
    assert (ran.code, f"E{last + 4}: 这一格不在表里,选的其他格是“资历”" in ran.err) == (2, True), ran.err


def test_closed_targets_alone_are_refused(xlsales: Command, tmp_path: Path) -> None:
    """That they are so already would not be true."""
    path = company(tmp_path / "a.xlsx")
    assert xlsales("split", path).code == 0
    answer(path, "closed_through", dt.date(2026, 2, 28))
    cells = months(path, "华东", 1, 2)
    ran = xlsales("spread", path, cells, "percent", "--by", "10%", "--yes")
    assert (ran.code, len(ran.sentences), "选中的格都不能动:已关账" in ran.err) == (2, 1, True), ran.err


def test_a_part_and_its_whole_together(xlsales: Command, tmp_path: Path) -> None:
    """A member beside its parent, a month beside its quarter, a region beside the company: they would count twice."""
    rows = [
        {"dimension": "区域", "member": "华东", "weight": 1},
        {"dimension": "区域", "member": "上海", "parent": "华东", "weight": 1},
        {"dimension": "区域", "member": "江苏", "parent": "华东", "weight": 1},
    ]
    path = plan(tmp_path / "a.xlsx", dimensions=rows)
    assert xlsales("split", path).code == 0
    shown, time = opened(path).dimension("区域"), opened(path).time
    for title, cells, name in (
        ("按区域", [shown.cell("m:华东", "t:2026-01"), shown.cell("m:上海", "t:2026-01")], "华东 2026-01"),
        ("按区域", [shown.cell("total", "t:2026-01"), shown.cell("m:华东", "t:2026-02")], "2026-01"),
        ("按区域", [shown.cell("m:华东", "target"), shown.cell("m:上海", "t:2026-01")], "华东"),
        ("按区域", [shown.cell("m:华东", "target"), shown.cell("m:华东", "t:2026-01")], "华东"),
        ("按时间", [time.cell("2026Q1", "target"), time.cell("2026-02", "target")], "2026Q1"),
    ):
        ran = xlsales("spread", path, f"{title}!" + ",".join(c.coordinate for c in cells), "均分", "--yes")
        assert (ran.code, len(ran.sentences), f"这一格是“{name}”的一部分" in ran.err) == (2, 1, True), ran.err


def test_targets_that_cannot_close_are_told_at_their_cells(xlsales: Command, tmp_path: Path) -> None:
    """More than the company has in a month: the sentence of a lock, at the target; nothing is written."""
    path = company(tmp_path / "a.xlsx")
    assert xlsales("split", path).code == 0
    before, cells = path.read_bytes(), months(path, "华东", 1)
    ran = xlsales("spread", path, cells, "均分", "--total", "500", "--yes")
    assert (ran.code, ran.err.startswith(f"{cells}: ")) == (2, True), ran.err
    assert path.read_bytes() == before


def test_cells_of_a_person_beside_targets_are_theirs(xlsales: Command, tmp_path: Path) -> None:
    """Numbers that a person typed right of a breakdown sheet are plain cells."""
    path = company(tmp_path / "a.xlsx")
    assert xlsales("split", path).code == 0
    add_cells(path, "按区域", {"CZ3": 10, "CZ4": 10})
    assert xlsales("spread", path, "按区域!CZ3:CZ4", "1-2-1", "--total", "30").code == 0
    assert values(path, "CZ3", "CZ4", title="按区域") == [10, 20]


def test_nothing_to_change_writes_nothing(xlsales: Command, tmp_path: Path) -> None:
    path = mine(tmp_path / "a.xlsx", {"B2": 10, "B3": 10})
    before = path.read_bytes()
    ran = xlsales("spread", path, f"{MINE}!B2:B3", "均分")
    assert (ran.code, "没有改动" in ran.out, path.read_bytes() == before) == (0, True, True)


def test_a_full_table_of_locks_grows(xlsales: Command, tmp_path: Path) -> None:
    """Fifteen rows are prepared; with eighteen locks the table becomes longer, and the next split reads all."""
    path = company(tmp_path / "a.xlsx")
    assert xlsales("split", path).code == 0
    cells = f"{months(path, '华东', *range(1, 13))},{months(path, '华南', *range(1, 7))}"
    assert xlsales("spread", path, cells, "add", "--by", "0.1", "--yes").code == 0
    assert opened(path).dimension("区域").along("m:华东", "t:") == [25.1 * WAN] * 12
    area = table_place(path, "xs_locks")
    assert values(path, f"D{area.row + 17}", f"D{area.row + 18}", title=area.sheet) == ["2026-06", None]
    assert area.last_row == area.row + 17
    assert "没有变化" in xlsales("split", path).out


def test_a_protected_sheet_is_not_written(xlsales: Command, tmp_path: Path) -> None:
    path = mine(tmp_path / "a.xlsx", COLUMN)
    book = openpyxl.load_workbook(path)
    book[MINE].protection.sheet = True
    book.save(path)
    ran = xlsales("spread", path, f"{MINE}!B2:B5", "均分")
    assert (ran.code, "这张表受保护" in ran.err) == (2, True)
