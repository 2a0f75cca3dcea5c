"""Some cells of a sheet are read without the others, and given another format without changing anything else."""

from __future__ import annotations

import io
import re

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import SheetCells
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
    others = [(row, column) for row in range(1, 7) for column in range(1, 6) if (row, column) not in whole]
    assert [lazy.get(at) for at in others] == [None] * len(others)


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
