"""调整 in the three hosts: the same cells, the same words, taken back by undo; questions in Excel."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.calc import read_back
from tests.commands.books import Command, members, opened, plan, table_place
from tests.hosts.excel.open_books import NO, YES, OpenBook
from tests.hosts.libreoffice.office import Calc, closing
from tests.hosts.test_hosts_agree import _cells, _in_document, clean_desktop, differences
from xlsales.core.faults import Lang

__all__ = ["clean_desktop"]
REGIONS = members({"区域": {"华东": 3, "华北": 2}})


def weights(path: Path) -> tuple[str, str]:
    """The sheet of the month weights, and the cells of the first six."""
    area = table_place(path, "xs_month_weights")
    return area.sheet, f"C{area.row}:C{area.row + 5}"


def targets(path: Path) -> str:
    """The targets of a member in January, March and April."""
    shown = opened(path).dimension("区域")
    return ",".join(shown.cell("m:华东", f"t:2026-0{n}").coordinate for n in (1, 3, 4))


def select(book: OpenBook, title: str, cells: str) -> None:
    book.book.Worksheets(title).Activate()
    book.book.Worksheets(title).Range(cells).Select()


@pytest.mark.com_sim
@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.usefixtures("clean_desktop")
def test_three_hosts_agree(lang: Lang, calc: Calc, xlsales: Command, tmp_path: Path) -> None:
    """Weights of the input, by a call that brings its answer; taken back in each."""
    paths = {host: plan(tmp_path / host, lang=lang, dimensions=REGIONS) for host in ("f.xlsx", "e.xlsx", "c.xlsx")}
    title, cells = weights(paths["f.xlsx"])
    before = _cells(read_back(paths["f.xlsx"]))
    assert xlsales("spread", paths["f.xlsx"], f"{title}!{cells}", "1-2-1", "--total", "800").code == 0
    written, shown = _cells(read_back(paths["f.xlsx"])), _cells(read_back(paths["f.xlsx"], data_only=True))
    assert written != before

    book = OpenBook(paths["e.xlsx"])
    select(book, title, cells)
    assert book.press("spread_cells:1-2-1=800") == []
    assert differences(written, _cells(book.book._file)) == []
    assert book.book.ActiveSheet.Name == title
    assert book.application.Selection.Address.replace("$", "") == cells
    book.press("undo_last")
    assert differences(before, _cells(book.book._file)) == []
    book.book.Close(SaveChanges=False)

    with closing(calc, calc.open(paths["c.xlsx"])) as document:
        sheet = document.Sheets.getByName(title)
        calc.on_main(lambda: document.CurrentController.select(sheet.getCellRangeByName(cells)))
        calc.press(document, "spread_cells:1-2-1=800")
        assert differences(shown, _in_document(document)) == []
        calc.press(document, "undo_last")
        assert sheet.getCellRangeByName(cells).getCellByPosition(0, 0).String == ""


@pytest.mark.com_sim
@pytest.mark.usefixtures("clean_desktop")
def test_targets_are_told_in_excel_before_they_change(xlsales: Command, tmp_path: Path) -> None:
    """No writes nothing; Yes does what the command line does; undo takes locks and targets back."""
    path, file = (plan(tmp_path / name, dimensions=REGIONS) for name in ("e.xlsx", "f.xlsx"))
    for one in (path, file):
        assert xlsales("split", one).code == 0
    cells = targets(file)
    book = OpenBook(path)
    before = _cells(book.book._file)
    select(book, "按区域", cells)
    (question,) = book.press("spread_cells:add=10", NO)[:1]
    assert question.startswith("目标会这样改动:\n区域:2 个成员")
    assert differences(before, _cells(book.book._file)) == []
    book.press("spread_cells:add=10", YES)
    assert xlsales("spread", file, f"按区域!{cells}", "add", "--by", "10", "--yes").code == 0
    assert differences(_cells(read_back(file)), _cells(book.book._file)) == []
    book.press("undo_last")
    assert differences(before, _cells(book.book._file)) == []


@pytest.mark.libreoffice
def test_targets_in_calc_are_asked_about(calc: Calc, xlsales: Command, tmp_path: Path) -> None:
    """Without windows nobody can say yes: the question is shown, and nothing is written."""
    path = plan(tmp_path / "c.xlsx", dimensions=REGIONS)
    assert xlsales("split", path).code == 0
    first = targets(path).split(",")[0]
    with closing(calc, calc.open(path)) as document:
        before = _in_document(document)
        sheet = document.Sheets.getByName("按区域")
        calc.on_main(lambda: document.CurrentController.select(sheet.getCellRangeByName(first)))
        told = calc.press(document, "spread_cells:add=10")
        assert "目标会这样改动" in told
        assert differences(before, _in_document(document)) == []


QUESTIONS: dict[str, tuple[str, list[object], list[str], list[object]]] = {
    "a total": ("equal", ["60"], ["改后的合计?空 = 合计不变。"], [10, 10, 10, 10, 10, 10]),
    "the sum as it is": ("1-2-1", [""], ["改后的合计?空 = 合计不变。"], [1, 3, 1, 2, 3, 2]),
    "a rate, then a total": (
        "growth", ["100%", "63"], ["每格比前一格增长多少?如 5%", "改后的合计?空 = 合计不变。"], [1, 2, 4, 8, 16, 32]
    ),
    "an addition": ("add", ["5"], ["每格加多少?减少请填负数。"], [7, 7, 7, 7, 7, 7]),
    "a percentage": ("percent", ["50%"], ["增减百分之几?如 10%、-5%"], [3, 3, 3, 3, 3, 3]),
    "cancelled": ("equal", [False], ["改后的合计?空 = 合计不变。"], [2, 2, 2, 2, 2, 2]),
    "cancelled at the second": (
        "growth", ["5%", False], ["每格比前一格增长多少?如 5%", "改后的合计?空 = 合计不变。"], [2, 2, 2, 2, 2, 2]
    ),
}  # fmt: skip


@pytest.mark.com_sim
@pytest.mark.parametrize(("choice", "typed", "asked", "expected"), QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.usefixtures("clean_desktop")
def test_a_choice_asks_for_what_it_needs(
    tmp_path: Path, choice: str, typed: list[object], asked: list[str], expected: list[object]
) -> None:
    """By Excel's own box for an input; a person who cancels changes nothing."""
    weight = [{"month": n, "weight": 2} for n in range(1, 7)]
    path = plan(tmp_path / "e.xlsx", dimensions=REGIONS, tables={"xs_month_weights": weight})
    title, cells = weights(path)
    book = OpenBook(path)
    select(book, title, cells)
    book.application._typed = list(typed)
    assert book.press(f"spread_cells:{choice}") == []
    assert book.application._asked == asked
    first, last = cells.replace("C", "").split(":")
    assert [book.sheet(title)[f"C{row}"].value for row in range(int(first), int(last) + 1)] == expected


@pytest.mark.com_sim
@pytest.mark.usefixtures("clean_desktop")
def test_a_selection_that_cannot_be_spread_is_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are told with their cell, to which the person comes; so is a chart in the place of cells."""
    book = OpenBook(plan(tmp_path / "e.xlsx", dimensions=REGIONS))
    select(book, "维度", "B5:C6")
    (message,) = book.press("spread_cells:equal=1")
    assert "维度!B5: “维度”不是可以分配的数" in message
    monkeypatch.setattr(type(book.application), "Selection", property(lambda self: object()))
    (message,) = book.press("spread_cells:equal=1")
    assert "没有选中单元格" in message
