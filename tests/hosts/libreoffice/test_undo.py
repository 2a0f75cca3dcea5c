"""Calc's own undo list, and what else a run leaves as it was; documents are open in windows, as a person has them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import Command
from tests.commands.test_printing import earlier
from tests.hosts.excel.open_books import contents, differences, without_log
from tests.hosts.libreoffice.office import Calc, closing
from tests.hosts.libreoffice.test_commands import ACTUALS, SERIAL, Open, company
from xlsales.commands.telling import BUSY
from xlsales.hosts.libreoffice import turns

pytestmark = pytest.mark.libreoffice
RUN_LOG = "运行记录"


@pytest.fixture
def book(calc: Calc, tmp_path: Path) -> Iterator[Open]:
    """A company's plan with two months of actuals, open in a window of Calc, not split yet."""
    path = company(tmp_path / "计划.xlsx", actuals=ACTUALS)
    with closing(calc, calc.open(path, hidden=False)) as document:
        yield Open(calc, document, tmp_path)


def undoable(book: Open) -> list[str]:
    return list(book.document.UndoManager.getAllUndoActionTitles())


def redoable(book: Open) -> list[str]:
    return list(book.document.UndoManager.getAllRedoActionTitles())


def log_of(book: Open) -> str:
    return str(book.sheet(RUN_LOG).getCellRangeByName("A1:H12").getDataArray())


def patiently(true: Callable[[], bool]) -> None:
    """Wait until Calc has done what it does a moment later."""
    for _ in range(200):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("Calc did not get there in twenty seconds")


def test_a_run_is_one_step(book: Open) -> None:
    """Undo takes a whole split back, redo brings it again, as often as one likes."""
    before = book.cells()
    book.press("split_target")
    after = book.cells()
    assert after != before
    assert undoable(book) == ["分解目标"]
    for _ in range(2):
        book.document.UndoManager.undo()
        patiently(lambda: redoable(book) == ["分解目标"] and "按时间" not in book.titles())
        assert differences(book.cells(), before) == []
        book.document.UndoManager.redo()
        patiently(lambda: undoable(book) == ["分解目标"] and "按时间" in book.titles())
        assert differences(book.cells(), after) == []


def test_undo_of_a_refresh_leaves_split_and_typing(book: Open) -> None:
    """Undo after a refresh leaves the sheets of the split, and the row that was typed for it."""
    book.press("split_target")
    book.append("实际", SERIAL, "华北", "产品A", "线下", 4321.0)
    before = book.cells()
    assert book.press("refresh_progress") == ""
    assert "刷新进度" in log_of(book)
    book.document.UndoManager.undo()
    patiently(lambda: redoable(book) == ["刷新进度"] and "刷新进度" not in log_of(book))
    assert differences(book.cells(), before) == []


def test_a_run_undone_there_is_not_the_last_any_more(book: Open) -> None:
    """撤销上次 after Calc's own undo takes back the run before that one."""
    book.press("split_target")
    book.append("实际", SERIAL, "华北", "产品A", "线下", 4321.0)
    book.press("refresh_progress")
    book.document.UndoManager.undo()
    patiently(lambda: redoable(book) == ["刷新进度"] and "刷新进度" not in log_of(book))
    assert "分解目标" in book.press("undo_last")
    assert "按时间" not in book.titles()


def test_what_is_typed_afterwards_is_undone_first(book: Open) -> None:
    """Typing after a run stands on top of it in the list."""
    book.press("split_target")
    book.calc.on_main(lambda: book.type("说明", "Z99", "我的"))
    assert undoable(book)[-1] == "分解目标"
    assert len(undoable(book)) == 2
    book.document.UndoManager.undo()
    assert book.sheet("说明").getCellRangeByName("Z99").String == ""
    assert "按时间" in book.titles()


def test_undo_last_brings_formulas_back(book: Open) -> None:
    """撤销上次 gives a cell its formula again that a run had replaced by a value."""
    book.press("split_target")
    area = book.document.NamedRanges.getByName("xs_out_time").getReferredCells()
    address = achieved(book, area.Spreadsheet)
    book.calc.on_main(lambda: setattr(area.Spreadsheet.getCellRangeByName(address), "Formula", "=1+1"))
    book.append("实际", SERIAL, "华北", "产品A", "线下", 4321.0)
    book.press("refresh_progress")
    assert not area.Spreadsheet.getCellRangeByName(address).Formula.startswith("=")
    assert "已撤销" in book.press("undo_last")
    assert area.Spreadsheet.getCellRangeByName(address).Formula == "=1+1"


def achieved(book: Open, sheet: Any) -> str:
    """The address of the first cell under the heading 实际."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    for row in range(end.EndRow):
        for column in range(end.EndColumn + 1):
            if sheet.getCellByPosition(column, row).String.startswith("实际"):
                below = sheet.getCellByPosition(column, row + 1)
                return str(below.AbsoluteName).rpartition(".")[2].replace("$", "")
    raise AssertionError("no column 实际")


def test_two_clicks_at_once_end_as_one(book: Open, xlsales: Command) -> None:
    """A second click during a run does nothing but say so, or comes after it; the cells are the command line's."""
    stored = book.saved("命令行.xlsx")
    assert xlsales("split", stored).code == 0
    frame = book.document.CurrentController.Frame
    dispatcher = book.calc.service("com.sun.star.frame.DispatchHelper")
    told = book.calc.log()

    def click() -> None:
        dispatcher.executeDispatch(frame, "service:com.xlsales.calc.Commands?split_target", "_self", 0, ())

    book.calc.on_main(frame.activate)
    together(book.calc, click, click)
    patiently(lambda: undoable(book) == ["分解目标"])
    patiently(lambda: "分解完成" in book.calc.log().removeprefix(told))
    said = book.calc.log().removeprefix(told)
    assert [said.count(text) for text in ("要关账吗", "分解完成")] == [1, 1]
    assert said.count(BUSY.zh) <= 1
    with closing(book.calc, book.calc.open(stored)) as document:
        other = Open(book.calc, document, book.folder).saved("命令行-2.xlsx")
        assert differences(book.cells(), without_log(contents(other))) == []


def together(calc: Calc, *acts: Callable[[], None]) -> None:
    """Do several things on LibreOffice's main thread, asked for at once."""
    from threading import Thread

    threads = [Thread(target=calc.on_main, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_lamps_and_pages_are_those_of_the_file(calc: Calc, book: Open, xlsales: Command) -> None:
    """Colours of lamps and proofs, paper, direction and scale are those of the command line's file."""
    stored = Path(shutil.copy(book.folder / "计划.xlsx", book.folder / "命令行.xlsx"))
    assert xlsales("split", stored).code == 0
    book.press("split_target")
    with closing(calc, calc.open(stored)) as document:
        for title in ("进度总览", "按时间", "按区域"):
            assert looks(book.document, title) == looks(document, title), title


def looks(document: Any, title: str) -> tuple[object, ...]:
    """How conditional formats colour a sheet, and how it is printed."""
    sheet = document.Sheets.getByName(title)
    styles = document.StyleFamilies.getByName("CellStyles")
    colours: set[tuple[object, ...]] = set()
    for formats in sheet.ConditionalFormats.ConditionalFormats:
        for n in range(formats.Count):
            entry = formats.getByIndex(n)
            if hasattr(entry, "StyleName"):
                style = styles.getByName(entry.StyleName)
                seen = entry.Operator, style.CellBackColor, style.CharColor
                if entry.Operator == 24:  # a formula: right only for the corner it is written for
                    colours.add((formats.Range.RangeAddressesAsString, entry.Formula1, *seen))
                for area in formats.Range.RangeAddresses:
                    rows, columns = range(area.StartRow, area.EndRow + 1), range(area.StartColumn, area.EndColumn + 1)
                    colours |= {(row, column, *seen) for row in rows for column in columns}
    page = document.StyleFamilies.getByName("PageStyles").getByName(sheet.PageStyle)
    assert colours
    return colours, page.IsLandscape, page.Width, page.PageScale, page.ScaleToPagesX, page.LeftMargin


def test_other_content_and_the_view_stay(book: Open) -> None:
    """A formula elsewhere keeps meaning the live sheet, an own sheet stays; the overview comes to the front."""
    book.press("split_target")
    book.document.Sheets.insertNewByName("我的", 0)
    mine = book.sheet("我的").getCellRangeByName("A1")
    mine.Formula = "=COUNTA($'数据问题'.A1:Z99)"
    few = mine.Value
    controller = book.document.CurrentController
    book.calc.on_main(lambda: controller.setActiveSheet(book.sheet("维度")))
    book.calc.on_main(lambda: controller.select(book.sheet("维度").getCellRangeByName("C7:D9")))
    book.append("实际", SERIAL, "华冬", "产品A", "线下", 500.0)
    assert "华冬" in book.press("refresh_progress")
    assert mine.Value > few > 0
    assert controller.ActiveSheet.Name == "进度总览"
    assert book.document.CurrentController.Frame.ContainerWindow.isEnabled()


def test_what_is_asked_for_meanwhile_comes_next() -> None:
    """Things asked for while another is under way are done after it, in their order; a failure ends the round."""
    done: list[str] = []

    def first() -> None:
        turns.in_turn(lambda: done.append("second"))
        turns.in_turn(fail)
        turns.in_turn(lambda: done.append("never"))
        assert turns.is_busy()
        done.append("first")

    def fail() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        turns.in_turn(first)
    assert done == ["first", "second"]
    assert not turns.is_busy()
    turns.in_turn(lambda: done.append("later"))
    assert done[-1] == "later"


def test_an_earlier_plan_prints_no_more_than_the_first_page_of_pasted_rows(calc: Calc, tmp_path: Path) -> None:
    """It learns that with a run; undo lets all rows print again."""
    with closing(calc, calc.open(earlier(tmp_path / "计划.xlsx"), hidden=False)) as document:
        book = Open(calc, document, tmp_path)
        sheet = book.sheet("实际")
        assert sheet.getPrintAreas() == ()
        book.press("split_target")
        (area,) = sheet.getPrintAreas()
        assert (area.StartRow, area.EndRow, area.EndColumn) == (0, 35, 11)
        document.UndoManager.undo()
        patiently(lambda: redoable(book) == ["分解目标"] and "按时间" not in book.titles())
        assert sheet.getPrintAreas() == ()


def test_the_person_comes_to_what_matters(book: Open) -> None:
    """After a run that is the overview, after a refusal the cell at fault."""
    controller = book.document.CurrentController
    book.press("split_target")
    assert controller.ActiveSheet.Name == "进度总览"
    at = book.document.NamedRanges.getByName("xs_total").getReferredCells()
    book.calc.on_main(lambda: setattr(at, "String", "一千"))
    book.press("split_target")
    assert controller.ActiveSheet.Name == "设置"
    assert controller.Selection.AbsoluteName == at.AbsoluteName
