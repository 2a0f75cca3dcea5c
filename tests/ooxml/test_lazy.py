"""Some cells of a sheet are read without the others, and given another format without changing anything else."""

from __future__ import annotations

import io
import re

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import BLANK, Cell, SheetCells
from xlsales.ooxml.lazy import LazyCells
from xlsales.ooxml.package import Package
from xlsales.ooxml.sheet_xml import restyle
from xlsales.ooxml.strings import SharedStrings

pytestmark = pytest.mark.unit

SHAPES = (
    '<c r="{at}"/>',
    '<c r="{at}" s="1"/>',
    '<c r="{at}"><v>12.5</v></c>',
    '<c s="1" r="{at}"><v>12.5</v></c>',
    '<c r="{at}" t="s"><v>1</v></c>',
    '<c r="{at}" s="2" t="str"><f>A1&amp;"r=""B2"""</f><v>x</v></c>',
    '<c r="{at}" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    '<c r="{at}" t="b"><v>1</v></c>',
    '<c r="{at}"><f>1+1</f></c>',
    '<c r="{at}" t="inlineStr"><is><t>a r="C3" b</t></is></c>',
    '<c r="{at}"><v>-0.5</v></c>',
    '<c r="{at}"><v>1.5E-7</v></c>',
    '<c r="{at}"><v>1e999</v></c>',
    '<c r="{at}"><v> 7 </v></c>',
    '<c r="{at}"><v>1_0</v></c>',
    '<c r="{at}"><v>&#49;2</v></c>',
    '<c r="{at}"><v></v></c>',
    '<c r="{at}"><v/></c>',
    '<c r="{at}" t="s"><v></v></c>',
    '<c r="{at}" t="s"><v>9</v></c>',
    '<c r="{at}" t="s"/>',
    '<c r="{at}" t="str"><v>12</v></c>',
    '<c r="{at}" t="d"><v>2026-01-05</v></c>',
    '<c r="{at}" t="b"><v>0</v></c>',
    '<c r="{at}"></c>',
    '<c r="{at}"><f t="shared" si="0"/><v>3</v></c>',
)
"""Cells as programs write them; one names the address of another in its text."""


def sheet(cells: dict[tuple[int, int], str]) -> bytes:
    rows: dict[int, list[str]] = {}
    for (row, column), shape in sorted(cells.items()):
        rows.setdefault(row, []).append(shape.format(at=f"{'ABCDE'[column - 1]}{row}"))
    body = "".join(f'<row r="{n}">{"".join(found)}</row>' for n, found in rows.items())
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'.encode()


def strings() -> SharedStrings:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    worksheet = book.add_worksheet()
    for row, text in enumerate(("nought", "one")):
        worksheet.write_string(row, 0, text)
    book.close()
    return Book(Package.of_bytes(stream.getvalue())).strings


grids = st.dictionaries(st.tuples(st.integers(1, 5), st.integers(1, 5)), st.sampled_from(SHAPES))


@given(cells=grids, columns=st.sets(st.integers(1, 5)), rows=st.sets(st.integers(1, 5)))
def test_read_in_part_as_in_whole(cells: dict[tuple[int, int], str], columns: set[int], rows: set[int]) -> None:
    """Whatever is asked for first, every cell reads as when the whole sheet is read."""
    xml, table = sheet(cells), strings()
    whole, lazy = SheetCells.read(xml, table), LazyCells(xml, table)
    for row in rows:
        lazy.row(row)
    lazy.load(columns)
    assert {at: lazy.get(at) for at in whole} == dict(whole)
    assert [dict(lazy.column(column)) for column in columns] == [of_column(whole, column) for column in columns]
    below = lazy.load_below(1)
    assert {row for (row, _), cell in whole.items() if row > 1 and cell.value is not BLANK} <= set(below)
    assert {row: dict(lazy.row(row)) for row in lazy.rows} == {row: dict(whole.row(row)) for row in whole.rows}
    others = [(row, column) for row in range(1, 7) for column in range(1, 6) if (row, column) not in whole]
    assert [lazy.get(at) for at in others] == [None] * len(others)


def of_column(cells: SheetCells, column: int) -> dict[int, Cell]:
    return {row: cell for (row, at), cell in cells.items() if at == column}


ROWS = {
    "one behind the other": '<row r="2"><c r="B2"><v>1</v></c></row><row r="5"><c r="B5"><v>2</v></c></row>',
    "of other attributes": '<row r="2" ht="1"><c r="B2"><v>1</v></c></row><row spans="1:2" r="5"><c r="B5"/></row>',
    "one without cells": '<row r="2"><c r="B2"><v>1</v></c></row><row r="4"/><row r="5"><c r="B5"><v>2</v></c></row>',
    "on lines": '<row r="2">\n <c r="B2">\n<v>1</v></c>\n</row>\n<row r="5"><c r="B5"><v>2</v></c></row>\n',
    "a closing tag with a space": '<row r="2"><c r="B2"><v>1</v></c></row ><row r="5"><c r="B5"><v>2</v></c></row>',
    "without numbers": "<row><c><v>1</v></c></row><row><c/><c><v>3</v></c></row>",
    "not in order": '<row r="5"><c r="B5"><v>2</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>',
    "a comment between": '<row r="2"><c r="B2"><v>1</v></c></row><!-- <row r="3"/> --><row r="5"><c r="B5"/></row>',
    "a row twice": '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>',
    "none": "",
}
"""Rows as programs write them, and as some do."""


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("what", ROWS)
def test_rows_however_they_are_written(what: str, prefix: str) -> None:
    """Rows and columns asked for one by one are those of the whole sheet."""
    tagged = re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", f"<sheetData>{ROWS[what]}</sheetData>")
    xml, table = f"<{prefix}worksheet>{tagged}</{prefix}worksheet>".encode(), strings()
    whole = SheetCells.read(xml, table)
    for ask in (lambda lazy: lazy.load({2}), lambda lazy: lazy.row(2), lambda lazy: lazy.rows):
        lazy = LazyCells(xml, table)
        ask(lazy)
        assert sorted(lazy.rows) == whole.rows or what == "one without cells"
        assert {row: dict(lazy.row(row)) for row in whole.rows} == {row: dict(whole.row(row)) for row in whole.rows}
        assert dict(lazy.column(2)) == of_column(whole, 2)


def test_cells_without_addresses() -> None:
    """Rows whose cells do not name their addresses are read from the first cell on."""
    xml = b'<worksheet><sheetData><row r="2"><c><v>1</v></c><c><v>2</v></c></row></sheetData></worksheet>'
    lazy = LazyCells(xml, strings())
    lazy.load({2})
    assert lazy.value(2, 2) == 2.0


@given(cells=grids, styled=st.dictionaries(st.tuples(st.integers(1, 5), st.integers(1, 5)), st.integers(3, 9)))
def test_another_format_and_nothing_else(cells: dict[tuple[int, int], str], styled: dict[tuple[int, int], int]) -> None:
    """Cells get the format asked for; without formats the sheet is the same to the byte."""
    xml, table = sheet(cells), strings()
    new = restyle(xml, styled)
    before, after = SheetCells.read(xml, table), SheetCells.read(new, table)
    assert {at: cell.value for at, cell in after.items()} == {at: cell.value for at, cell in before.items()}
    assert {at: c.style for at, c in after.items()} == {at: styled.get(at, c.style) for at, c in before.items()}
    plain = re.compile(rb' s="\d+"')
    assert plain.sub(b"", new) == plain.sub(b"", xml)
