"""Values and formats on their way into Calc's cells, over a fake of UNO that counts what crosses it."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.fakes.calc import Sheet, UnoObject
from tests.fakes.counting import calls_of
from xlsales.book.blocks import Block
from xlsales.book.edits import CellEdits
from xlsales.core.a1 import Address
from xlsales.hosts.libreoffice.cells import contents_of, format_new_cells, restore, write
from xlsales.ooxml.cells import BLANK

pytestmark = pytest.mark.unit


def block_of(rows: int, columns: int) -> Block:
    return Block(3, 2, tuple(tuple(float(row + column) for column in range(columns)) for row in range(rows)))


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (4, 3), (500, 60)])
def test_a_block_takes_the_same_calls_whatever_its_size(rows: int, columns: int) -> None:
    """What was there, the new values, and reading them back: six calls for a cell as for 30,000."""
    sheet, block = Sheet(), block_of(rows, columns)
    with calls_of(UnoObject) as calls:
        write(sheet, block, contents_of(sheet, block))
    print(f"a block of {rows} × {columns}: {calls.total()} calls to Calc; {dict(calls)}")
    assert calls.total() == 6
    assert sheet.getCellRangeByPosition(1, 2, columns, rows + 1).getDataArray() == block.values


def test_what_was_there_comes_back() -> None:
    """Numbers, text, blanks and formulas."""
    sheet, block = Sheet(), Block(1, 1, ((1.0, "neu"), (BLANK, 4.0)))
    sheet.getCellByPosition(0, 0).setDataArray(((7.5,),))
    sheet.getCellByPosition(1, 1).setFormula("=A1*2")
    before = contents_of(sheet, block)
    write(sheet, block, before)
    assert sheet.getCellRangeByPosition(0, 0, 1, 1).getDataArray() == ((1.0, "neu"), ("", 4.0))
    restore(sheet, block, before)
    assert sheet.getCellRangeByPosition(0, 0, 1, 1).getFormulaArray() == (("7.5", ""), ("", "=A1*2"))


def new_rows(first: int, count: int, **given: Any) -> CellEdits:
    """Edits of cells in column B that are not there yet."""
    return CellEdits("Sheet1", {(row, 2): "x" for row in range(first, first + count)}, **given)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 64, 1_000, 20_000])
def test_new_cells_take_the_looks_of_a_neighbour(count: int) -> None:
    """All of them, and nothing below them; the calls grow with the logarithm of the rows."""
    sheet = Sheet()
    model = sheet.getCellByPosition(1, 1)
    model.setDataArray((("2026-01-05",),))
    model.NumberFormat = 36
    like: dict[Address, Address] = {(row, 2): (2, 2) for row in range(3, 3 + count)}
    with calls_of(UnoObject) as calls:
        areas = format_new_cells(sheet, new_rows(3, count, like=like), int)
    print(f"{count:,} new cells: {calls.total()} calls to Calc")
    formats = [sheet.getCellByPosition(1, row).NumberFormat for row in range(1, count + 4)]
    assert formats == [36] * (count + 1) + [0, 0]
    assert [(area.RangeAddress.StartRow, area.RangeAddress.EndRow) for area in areas] == [(2, count + 1)]
    assert calls.total() <= 12 + 5 * math.ceil(math.log2(count + 1))


@pytest.mark.parametrize(
    ("look", "looks"),
    [("header", {"CharWeight": 150.0}), ("date", {"NumberFormat": 10}), ("amount", {"NumberFormat": 8}), ("text", {})],
)
def test_new_cells_without_a_neighbour_get_a_look_of_ours(look: Any, looks: dict[str, Any]) -> None:
    """Dates and amounts get a format (its key here is the length of its code), headers are bold."""
    sheet = Sheet()
    format_new_cells(sheet, new_rows(3, 5, looks={(row, 2): look for row in range(3, 8)}), len)
    assert [sheet._at(row, 1).looks for row in range(2, 8)] == [looks] * 5 + [{}]


def test_cells_that_hold_something_keep_their_looks() -> None:
    """Numbers, texts and formulas among the new rows stay as they are; the runs between them are filled."""
    sheet = Sheet()
    sheet.getCellByPosition(1, 1).NumberFormat = 36
    sheet.getCellByPosition(1, 4).setDataArray(((5.0,),))
    sheet.getCellByPosition(1, 5).setDataArray((("text",),))
    sheet.getCellByPosition(1, 8).setFormula("=1")
    like: dict[Address, Address] = {(row, 2): (2, 2) for row in range(3, 13)}
    areas = format_new_cells(sheet, new_rows(3, 10, like=like), int)
    assert [(area.RangeAddress.StartRow, area.RangeAddress.EndRow) for area in areas] == [(2, 3), (6, 7), (9, 11)]
    formats = [sheet.getCellByPosition(1, row).NumberFormat for row in range(2, 12)]
    assert formats == [36, 36, 0, 0, 36, 36, 0, 36, 36, 36]
