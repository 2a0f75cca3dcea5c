"""Values and formats on their way into cells: the unmodified xlwings, and a fake Excel that reads what is typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from tests.fakes.excel import Application, Workbook
from tests.fakes.pywin32 import desktop
from tests.fakes.typed import taken
from tests.hosts.excel.texts import READ_ANEW, TEXT
from xlsales.book.blocks import Block
from xlsales.book.edits import CellEdits
from xlsales.hosts.excel.cells import restore_block, write_block
from xlsales.hosts.excel.engine import workbook, xw
from xlsales.hosts.excel.literals import entered, is_read_anew
from xlsales.hosts.excel.looks import clear_formats, format_new_cells

pytestmark = pytest.mark.com_sim


@pytest.mark.parametrize("text", READ_ANEW)
def test_text_that_excel_reads_anew_is_quoted(text: str) -> None:
    """Dates, times, numbers and formulas in text stay text."""
    assert is_read_anew(text)
    assert taken(entered(text)) == text


@pytest.mark.parametrize("text", [text for text in TEXT if text != "#"])
def test_other_text_is_entered_as_it_is(text: str) -> None:
    """No apostrophe where none is needed: a person would see it in the formula bar."""
    assert not is_read_anew(text)
    assert taken(text) == text


_TOKENS = [
    *"0123456789０５",
    *"-/.:,%() =+@'#¥$年月日号时時点點分秒",
    "上午",
    "下午",
    "Mar",
    "sept",
    "AM",
    "pm",
    "e",
    "店",
    "A",
]
_TOKENS += ["true", "二", "十", "〇"]


@given(st.lists(st.sampled_from(_TOKENS), max_size=7).map("".join))
@example("5 p")
@example("Mar5")
def test_whatever_the_text_the_cell_holds_it(text: str) -> None:
    """Where a text is entered as it is, Excel reads nothing else from it, as far as the fake knows Excel."""
    assert taken(entered(text)) == text


@pytest.fixture
def sheet(tmp_path: Path) -> Iterator[xw.Sheet]:
    """A sheet whose second row looks unlike a fresh cell, open in a fake Excel."""
    desktop.clear()
    book = openpyxl.Workbook()
    page = book.active
    page["A1"], page["A2"], page["B2"] = "区域", "华东", 12.5
    page["A2"].font, page["A2"].fill = (
        Font(name="宋体", sz=14, b=True, color="FFCC0000"),
        PatternFill("solid", "FFFFFF00"),
    )
    page["A2"].alignment, page["A2"].border = (
        Alignment("center", wrap_text=True),
        Border(bottom=Side("thin", "FF00FF00")),
    )
    page["B2"].number_format = "0.000"
    page["D1"].number_format = "@"
    page["D1"] = "1-2"
    book.save(tmp_path / "book.xlsx")
    yield workbook(Workbook(Application(), tmp_path / "book.xlsx")).sheets[0]
    desktop.clear()


def held(sheet: xw.Sheet, address: str) -> Any:
    return sheet.range(address).api.Value2


def test_every_text_arrives(sheet: xw.Sheet) -> None:
    """A block of such texts is written in one call and comes back to the letter, formats of cells untouched."""
    texts = [*READ_ANEW, *TEXT]
    write_block(sheet, Block(1, 6, tuple((text,) for text in texts)))
    assert [value for (value,) in held(sheet, f"F1:F{len(texts)}")] == texts
    assert sheet.range("F1").api.NumberFormat == "General"
    assert sheet.book.app.api.log == [("Sheet", f"F1:F{len(texts)}")]


def test_a_text_that_nobody_thought_of_is_quoted_the_second_time(
    sheet: xw.Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second try does not repeat the first: what Excel read anew is entered again, quoted."""
    monkeypatch.setattr("xlsales.hosts.excel.literals.is_read_anew", lambda text: False)
    before = write_block(sheet, Block(1, 6, (("Mar 5",), ("华东",), ("1-2",))))
    assert held(sheet, "F1:F3") == (("Mar 5",), ("华东",), ("1-2",))
    restore_block(sheet, 1, 6, before)
    assert held(sheet, "F1:F3") == ((None,), (None,), (None,))
    restore_block(sheet, 1, 6, (("Mar 5",), (12.0,), (None,)))
    assert held(sheet, "F1:F3") == (("Mar 5",), (12.0,), (None,))


def test_text_in_a_cell_of_format_text(sheet: xw.Sheet) -> None:
    """A person's column of format Text takes text as it is, and what was there comes back."""
    before = write_block(sheet, Block(1, 4, (("Mar 5",),)))
    assert held(sheet, "D1") == "Mar 5"
    restore_block(sheet, 1, 4, before)
    assert held(sheet, "D1") == "1-2"


def look(cell: Any) -> list[Any]:
    """What a person sees of a cell's format."""
    font, fill, edges = cell.font, cell.fill, cell.border
    lines = [
        (side.style, side.color) for side in (edges.left, edges.top, edges.bottom, edges.right) if side and side.style
    ]
    letters = (font.name, font.sz, font.b, font.i, font.u, font.color and font.color.rgb)
    placed = (cell.alignment.horizontal, cell.alignment.vertical, cell.alignment.wrap_text)
    return [letters, fill.fill_type, fill.fgColor.rgb, placed, lines, cell.number_format, cell.protection.locked]


def test_new_cells_look_like_their_neighbour(sheet: xw.Sheet) -> None:
    """Font, fill, alignment, borders and number format of the cell above, without the clipboard; and back again."""
    page = sheet.book.api.Worksheets(1)._inner._sheet
    fresh = page["A9"].style_id
    like = {(row, column): (2, column) for row in (3, 4) for column in (1, 2)}
    done: list[Any] = []
    format_new_cells(sheet, CellEdits("Sheet", dict.fromkeys(like, "x"), like=like), done)
    for row in (3, 4):
        for column in (1, 2):
            assert look(page.cell(row, column)) == look(page.cell(2, column))
    assert look(page["A3"]) != look(page["B3"]) != look(page["A9"])
    clear_formats(done)
    assert {page.cell(row, column).style_id for row, column in like} == {fresh}
