"""The menu's commands on a plan that is open in a real LibreOffice Calc, pressed through its dispatcher."""

from __future__ import annotations

import datetime as dt
import math
import random
import shutil
import time
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import COMPANY, Command, members, plan
from tests.commands.conftest import xlsales as xlsales
from tests.hosts.libreoffice.office import ODS, XLSX, Calc, closing, rows_of, save, shown
from xlsales.addin.libreoffice.verbs import VERBS

pytestmark = pytest.mark.libreoffice
Sheets = dict[str, list[list[Any]]]
HEADER = ["日期", "区域", "产品", "渠道", "销售额"]
ACTUALS = [
    [dt.date(2026, month, 15), region, product, channel, 1000.25 * month + 7 * n]
    for month in range(1, 3)
    for n, (region, product, channel) in enumerate(
        [("东北", "产品A", "线上"), ("华东", "产品B", "线下"), ("华南", "产品C", "线上")]
    )
]


def company(path: Path, **options: Any) -> Path:
    """A quarter's plan, so that many runs are quick."""
    return plan(path, dimensions=members(COMPANY), end=dt.date(2026, 3, 31), **options)


def cells(document: Any) -> Sheets:
    """Return what every sheet shows, the run log aside, which tells the time of day."""
    found: Sheets = {}
    for title in document.Sheets.ElementNames:
        if title not in ("运行记录", "Run log"):
            sheet = document.Sheets.getByName(title)
            cursor = sheet.createCursor()
            cursor.gotoEndOfUsedArea(False)
            end = cursor.RangeAddress
            found[title] = shown(sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow))
    return found


def differing(one: Sheets, other: Sheets) -> list[tuple[object, ...]]:
    """Return where two documents differ; numbers agree when 14 digits do, for Calc keeps 15 in a file."""
    found: list[tuple[object, ...]] = [("sheets", list(one), list(other))] if list(one) != list(other) else []
    for title in one.keys() & other.keys():
        for r, (mine, theirs) in enumerate(zip_longest(one[title], other[title], fillvalue=[])):
            for c, (a, b) in enumerate(zip_longest(mine, theirs, fillvalue="")):
                both = isinstance(a, float) and isinstance(b, float)
                if not (math.isclose(a, b, rel_tol=1e-14) if both else a == b):
                    found.append((title, r, c, a, b))
    return found


def cells_of(calc: Calc, path: Path) -> Sheets:
    with closing(calc.open(path)) as document:
        return cells(document)


def patiently(true: Callable[[], bool]) -> None:
    """Wait until Calc has done what it does a moment later."""
    for _ in range(100):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("Calc did not get there in ten seconds")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return company(tmp_path / "计划.xlsx", actuals=[HEADER, *ACTUALS])


@pytest.fixture
def opened(calc: Calc, book: Path) -> Iterator[Any]:
    """The plan, open as a person has it open."""
    with closing(calc.open(book, hidden=False)) as document:
        yield document


def test_typed_split_pasted_refreshed(calc: Calc, xlsales: Command, tmp_path: Path) -> None:
    """Total typed, split from the menu, actuals pasted, refreshed: every cell is as the command line writes it."""
    book = company(tmp_path / "计划.xlsx", total=None)
    with closing(calc.open(book, hidden=False)) as document:
        assert "总目标" in calc.press(document, "split_target")  # blank: one sentence, nothing written
        assert "按时间" not in document.Sheets.ElementNames
        document.NamedRanges.getByName("xs_total").getReferredCells().setValue(1000)
        assert calc.press(document, "split_target") == ""
        lines = [[(d - dt.date(1899, 12, 30)).days, *rest] for d, *rest in ACTUALS]
        area = document.Sheets.getByName("实际").getCellRangeByPosition(0, 0, 4, len(lines))
        area.setDataArray(rows_of([HEADER, *lines]))
        pasted = save(document, tmp_path / "文件.xlsx", XLSX)
        assert calc.press(document, "refresh_progress") == ""
        found = cells(document)
    assert xlsales("refresh", pasted).code == 0
    assert differing(found, cells_of(calc, pasted)) == []
    (total,) = (line for line in found["按区域"] if line[0] == "total")
    assert sum(amount for *_, amount in ACTUALS) in total


def test_split_ends_in_the_cells_of_the_command_line(calc: Calc, opened: Any, book: Path, xlsales: Command) -> None:
    """分解目标 in Calc leaves the same cells as `xlsales split` on the file, lamps included."""
    other = shutil.copy(book, book.with_name("文件.xlsx"))
    assert xlsales("split", other).code == 0
    assert calc.press(opened, "split_target") == ""
    assert differing(cells(opened), cells_of(calc, Path(other))) == []


def test_a_second_refresh_writes_nothing(calc: Calc, opened: Any) -> None:
    """Pressing 刷新进度 twice changes nothing the second time, though Calc keeps fewer digits in files."""
    calc.press(opened, "split_target")
    log = shown(opened.Sheets.getByName("运行记录").getCellRangeByName("A1:F12"))
    calc.press(opened, "refresh_progress")
    assert shown(opened.Sheets.getByName("运行记录").getCellRangeByName("A1:F12")) == log


def test_a_run_is_one_step_of_undo(calc: Calc, opened: Any) -> None:
    """Ctrl+Z takes a whole run back, Ctrl+Y brings it again."""
    before = cells(opened)
    calc.press(opened, "split_target")
    after = cells(opened)
    assert list(opened.UndoManager.getAllUndoActionTitles()) == ["分解目标"]
    opened.UndoManager.undo()
    patiently(lambda: list(opened.UndoManager.getAllRedoActionTitles()) == ["分解目标"] and cells(opened) == before)
    opened.UndoManager.redo()
    patiently(lambda: cells(opened) == after)


def test_undo_of_a_refresh_leaves_the_split(calc: Calc, opened: Any) -> None:
    """Ctrl+Z after a refresh goes back to the split: replaced sheets come back, written cells too."""
    calc.press(opened, "split_target")
    before = cells(opened)
    sheet = opened.Sheets.getByName("实际")
    sheet.getCellRangeByName("A8:E8").setDataArray(rows_of([[46090, "华冬", "产品A", "线下", 500]]))
    assert "华冬" in calc.press(opened, "refresh_progress")
    assert cells(opened) != before
    opened.UndoManager.undo()
    sheet.getCellRangeByName("A8:E8").clearContents(1023)
    patiently(
        lambda: (
            {k: v for k, v in cells(opened).items() if k != "实际"} == {k: v for k, v in before.items() if k != "实际"}
        )
    )


def test_undo_last_takes_the_run_back(calc: Calc, opened: Any) -> None:
    """撤销上次 takes the last run back and says so; what was typed since elsewhere stays."""
    before = cells(opened)
    calc.press(opened, "split_target")
    opened.Sheets.getByName("说明").getCellRangeByName("Z99").String = "我的"
    assert "已撤销" in calc.press(opened, "undo_last")
    assert opened.Sheets.getByName("说明").getCellRangeByName("Z99").String == "我的"
    opened.Sheets.getByName("说明").getCellRangeByName("Z99").String = ""
    assert {k: v for k, v in cells(opened).items() if k != "说明"} == {k: v for k, v in before.items() if k != "说明"}


def test_other_content_and_the_view_stay(calc: Calc, opened: Any) -> None:
    """A formula elsewhere keeps meaning the live sheet, an own sheet stays, and so does what is selected."""
    calc.press(opened, "split_target")
    opened.Sheets.insertNewByName("我的", 0)
    mine = opened.Sheets.getByName("我的")
    mine.getCellRangeByName("A1").Formula = "=COUNTA($'数据问题'.A1:Z99)"
    few = mine.getCellRangeByName("A1").Value
    controller = opened.CurrentController
    controller.setActiveSheet(opened.Sheets.getByName("维度"))
    controller.select(opened.Sheets.getByName("维度").getCellRangeByName("C7:D9"))
    opened.Sheets.getByName("实际").getCellRangeByName("A8:E8").setDataArray(
        rows_of([[46090, "华冬", "产品A", "线下", 500]])
    )
    calc.press(opened, "refresh_progress")
    assert mine.getCellRangeByName("A1").Value > few > 0
    assert controller.ActiveSheet.Name == "维度"
    assert controller.Selection.AbsoluteName == "$维度.$C$7:$D$9"


def test_a_protected_sheet_is_told_and_nothing_is_written(calc: Calc, opened: Any) -> None:
    """A protected sheet ends the run in one sentence; the document stays as it was."""
    calc.press(opened, "split_target")
    opened.Sheets.getByName("按区域").protect("")
    opened.Sheets.getByName("实际").getCellRangeByName("A8:E8").setDataArray(
        rows_of([[46090, "华北", "产品A", "线下", 500]])
    )
    before = cells(opened)
    told = calc.press(opened, "refresh_progress")
    assert "按区域" in told
    assert "保护" in told
    assert cells(opened) == before


def test_a_new_document_has_to_be_saved_first(calc: Calc) -> None:
    """A document without a file is told to be saved."""
    with closing(calc.fresh()) as document:
        assert "请先保存" in calc.press(document, "split_target")


def test_a_plan_kept_as_ods(calc: Calc, book: Path, tmp_path: Path, xlsales: Command) -> None:
    """A plan saved as .ods is split like the .xlsx."""
    with closing(calc.open(book)) as document:
        ods = save(document, tmp_path / "计划.ods", ODS)
    other = Path(shutil.copy(book, tmp_path / "文件.xlsx"))
    assert xlsales("split", other).code == 0
    with closing(calc.open(ods, hidden=False)) as document:
        assert calc.press(document, "split_target") == ""
        assert differing(cells(document), cells_of(calc, other)) == []


@pytest.mark.parametrize("seed", range(12))
def test_random_plans_end_alike(calc: Calc, xlsales: Command, tmp_path: Path, seed: int) -> None:
    """A random small plan ends in the same cells in Calc as on the command line, dirty actuals included."""
    chance = random.Random(seed)
    dimensions = {
        name: {f"{name}{n}": chance.choice([0, 1, 2.5, 7, 30]) + (n == 0) for n in range(chance.randint(1, 4))}
        for name in ("区域", "产品")[: chance.randint(1, 2)]
    }
    lines = [
        [
            dt.date(2026, 1, 1) + dt.timedelta(chance.randint(0, 70)),
            *(chance.choice([*dimensions[name], "无此"]) for name in dimensions),
            chance.choice([chance.randint(1, 10**6) / 100, "1,200.5", "未知", -30]),
        ]
        for _ in range(chance.randint(1, 12))
    ]
    book = plan(
        tmp_path / "计划.xlsx",
        dimensions=members(dimensions),
        end=dt.date(2026, 1, 31) if chance.random() < 0.5 else dt.date(2026, 2, 28),
        total=chance.randint(1, 5000),
        step=chance.choice([1, 100, 1000]),
        actuals=[["日期", *dimensions, "销售额"], *lines],
    )
    other = Path(shutil.copy(book, tmp_path / "文件.xlsx"))
    ran = xlsales("split", other)
    with closing(calc.open(book, hidden=False)) as document:
        told = calc.press(document, "split_target")
        assert differing(cells(document), cells_of(calc, other)) == []
    if ran.code == 2:
        assert told.strip() == ran.err.strip()


def test_the_menu_offers_every_command(calc: Calc) -> None:
    """Menu and toolbar of Calc have every command, in both languages."""
    provider = calc.service("com.sun.star.configuration.ConfigurationProvider")
    from tests.hosts.libreoffice.office import values

    tree = provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess", values(nodepath="/org.openoffice.Office.Addons/AddonUI")
    )
    menu = tree.OfficeMenuBar.getByName("com.xlsales.calc.menu").Submenu
    bar = tree.OfficeToolBar.getByName("com.xlsales.calc.toolbar")
    for items in (menu, bar):
        verbs = [items.getByName(name).URL.partition("?")[2] for name in sorted(items.ElementNames)]
        assert verbs == list(VERBS)
        titles = [items.getByName(name).Title for name in sorted(items.ElementNames)]
        assert titles == [label.en for label in VERBS.values()]
