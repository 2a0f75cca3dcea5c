from __future__ import annotations

import html
import io
import math
import re

import numpy as np
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from xlsales.ooxml import grid, markup
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import BLANK, Blank, Cell, FormulaWithoutResult, SheetCells
from xlsales.ooxml.changes import Change, Result
from xlsales.ooxml.package import Package
from xlsales.ooxml.patch import Address, TextTooLong, patch_sheet, patched
from xlsales.ooxml.rows import RowBlock, Texts
from xlsales.ooxml.strings import SharedStrings

pytestmark = pytest.mark.unit

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(inner: str, before: str = "", after: str = "") -> bytes:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{inner}</sheetData>{after}</worksheet>'.encode()


def read(xml: bytes) -> SheetCells:
    etree.fromstring(xml)
    return SheetCells.read(xml, SharedStrings(Package.of_bytes(_EMPTY), None))


def _empty() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


_EMPTY = _empty()
TWO = sheet('<row r="2" spans="2:3" ht="20"><c r="B2" s="4"><v>1</v></c><c r="C2" s="5" t="s"><v>0</v></c></row>')


def test_a_value_keeps_its_style_and_the_bytes_around_it() -> None:
    """A new figure takes the place of the old one; nothing else of the sheet changes."""
    assert patch_sheet(TWO, {(2, 2): 2.5}) == TWO.replace(b"<v>1</v>", b"<v>2.5</v>")
    assert patch_sheet(TWO, {(2, 3): "文 <b>"}) == TWO.replace(
        b' t="s"><v>0</v>', ' t="inlineStr"><is><t>文 &lt;b&gt;</t></is>'.encode()
    )
    assert patch_sheet(TWO, {(2, 2): BLANK}) == TWO.replace(b'<c r="B2" s="4"><v>1</v></c>', b'<c r="B2" s="4"/>')
    assert patch_sheet(TWO, {(2, 2): True}) == TWO.replace(b' s="4"><v>1', b' s="4" t="b"><v>1')


def test_what_is_the_same_stays_the_same_object() -> None:
    """Writing what is there already changes nothing, not even the object."""
    assert patch_sheet(TWO, {}) is TWO
    assert patch_sheet(TWO, {(2, 2): 1, (9, 9): BLANK, (2, 5): Result(BLANK)}) is TWO
    strings = SharedStrings(Package.of_bytes(_EMPTY), None)
    assert patch_sheet(TWO, {(2, 3): ""}, strings=strings) is TWO  # the missing string 0 reads as empty
    inline = patch_sheet(TWO, {(2, 3): "甲"})
    assert patch_sheet(inline, {(2, 3): "甲"}) is inline


def test_text_is_never_a_formula() -> None:
    """A member called like a formula stays text."""
    for text in ('=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "-1", "@SUM(A1)", "=1+1"):
        changed = read(patch_sheet(TWO, {(2, 2): text, (7, 1): text}))
        assert changed[2, 2] == Cell(text, False, 4)
        assert changed[7, 1] == Cell(text, False, 0)


def test_new_cells_and_rows_stand_in_order() -> None:
    """Missing cells and rows are put where they belong, with the style asked for; spans and used range follow."""
    start = TWO.replace(b"<sheetData>", b'<dimension ref="B2:C2"/><sheetData>')
    changes = {(1, 1): 1.0, (2, 1): 2, (2, 4): 3, (5, 2): "x", (4, 28): False}
    done = patch_sheet(start, changes, styles={(2, 4): 9, (4, 28): 8})
    assert b'<dimension ref="A1:AB5"/>' in done
    assert b'<row r="2" spans="1:4" ht="20">' in done
    assert re.findall(rb'<(?:row|c) r="(\w+)"', done) == [
        b"1", b"A1", b"2", b"A2", b"B2", b"C2", b"D2", b"4", b"AB4", b"5", b"B5",
    ]  # fmt: skip
    cells = read(done)
    assert (cells[2, 4], cells[4, 28]) == (Cell(3.0, False, 9), Cell(False, False, 8))


def test_empty_sheets_take_cells() -> None:
    """A sheet without rows, or with self-closing ones, takes cells too."""
    bare = f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/><sheetData/><pageMargins/></worksheet>'.encode()
    done = patch_sheet(bare, {(3, 2): 1})
    filled = b'<sheetData><row r="3"><c r="B3"><v>1</v></c></row></sheetData>'
    assert done == bare.replace(b"<sheetData/>", filled).replace(b'"A1"', b'"B3"')
    rowed = sheet('<row r="2" ht="30"/><row r="4" />')
    assert patch_sheet(rowed, {(2, 1): 1, (4, 1): 2}) == sheet(
        '<row r="2" ht="30"><c r="A2"><v>1</v></c></row><row r="4"><c r="A4"><v>2</v></c></row>'
    )
    assert read(patch_sheet(sheet(""), {(1, 1): "a"})).value(1, 1) == "a"


def test_sheets_of_other_writers() -> None:
    """Prefixes, missing addresses, comments and CDATA are kept as they are."""
    other = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><!-- <x:row r="9"> -->\n <x:row><x:c s="3"><x:v>1</x:v></x:c>'
        '<x:c t="str"><x:f>A1</x:f><x:v><![CDATA[</x:c>]]></x:v></x:c></x:row>\n <x:row r="5"/>'
        "</x:sheetData></x:worksheet>"
    ).encode()
    done = patch_sheet(other, {(1, 1): 7, (1, 3): "新", (3, 1): 8})
    assert done == other.replace(b"<x:v>1<", b"<x:v>7<").replace(
        b"</x:c></x:row>", '</x:c><x:c r="C1" t="inlineStr"><x:is><x:t>新</x:t></x:is></x:c></x:row>'.encode()
    ).replace(b'<x:row r="5"/>', b'<x:row r="3"><x:c r="A3"><x:v>8</x:v></x:c></x:row><x:row r="5"/>')
    assert patch_sheet(other, {(1, 2): "</x:c>"}) != other  # a plain value replaces a formula
    assert patch_sheet(other, {(1, 2): Result("</x:c>")}) is other


def test_formulas_stay_or_go_as_asked() -> None:
    """A result keeps the formula, a value replaces it, and neither leaves marks of the other."""
    xml = sheet('<row r="1"><c r="A1" s="2" t="str" cm="1" vm="2"><f t="array" ref="A1">SORT(B1)</f><v>a</v></c></row>')
    kept = patch_sheet(xml, {(1, 1): Result(3)})
    assert b'<c r="A1" s="2" cm="1"><f t="array" ref="A1">SORT(B1)</f><v>3</v></c>' in kept
    assert b'<c r="A1" s="2"><v>3</v></c>' in patch_sheet(xml, {(1, 1): 3})
    assert b't="str" cm' not in kept
    bare = patch_sheet(xml, {(1, 1): Result(BLANK)})
    assert read(bare)[1, 1] == Cell(FormulaWithoutResult(), True, 2)
    assert b'<c r="B1"><v>3</v></c>' in patch_sheet(xml, {(1, 2): Result(3)})


def test_overwriting_a_shared_formula_spares_its_sharers() -> None:
    """When the first cell of a filled-down formula is overwritten, the cells below get the formula themselves."""
    xml = sheet(
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1*$C$1&amp;"A1"</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="3"><c r="A3" s="1"><f t="shared" si="0"></f><v>3</v></c></row>'
        '<row r="4"><c r="A4"><f t="shared" si="1"/></c></row>'
    )
    done = patch_sheet(xml, {(1, 1): 9, (3, 1): Result(33)})
    assert b'<c r="A1"><v>9</v></c>' in done
    assert b'<c r="A2"><f>B2*$C$1&amp;"A1"</f><v>2</v></c>' in done
    assert b'<c r="A3" s="1"><f>B3*$C$1&amp;"A1"</f><v>33</v></c>' in done
    assert b'<f t="shared" si="1"/>' in done


def test_limits_are_named() -> None:
    """Text longer than a cell, numbers that are none and addresses outside of a sheet are refused."""
    with pytest.raises(TextTooLong, match="B2"):
        patch_sheet(TWO, {(2, 2): "字" * 32_768})
    for value in (math.nan, math.inf):
        with pytest.raises(ValueError, match="stored"):
            patch_sheet(TWO, {(2, 2): value})
    with pytest.raises(ValueError, match="outside"):
        patch_sheet(TWO, {(0, 1): 1})
    with pytest.raises(grid.SheetError):
        patch_sheet(b"<chartsheet/>", {(1, 1): 1})


def block(rows: list[int], texts: list[str | Blank], numbers: list[float]) -> RowBlock:
    table = list(dict.fromkeys(texts))
    codes = np.array([table.index(text) for text in texts], np.int32)
    return RowBlock(np.array(rows, np.int32), {2: Texts(codes, table), 3: np.array(numbers)})


def joined(xml: bytes, changes: dict[Address, Change], rows: RowBlock, styles: dict[int, int]) -> bytes:
    pieces = patched(xml, changes, rows=rows, row_styles=styles)
    return xml if pieces is None else b"".join(pieces)


def test_rows_of_columns_are_written_like_single_cells() -> None:
    """A block gives the bytes that its cells give one by one, between, in and below the rows that are there."""
    start = sheet('<row r="2"><c r="B2"><v>1</v></c></row><row r="6"/>').replace(
        b"<sheetData>", b'<dimension ref="B2"/><sheetData>'
    )
    rows, texts, numbers = [2, 4, 6, 8, 9], ["a", "b", BLANK, "b", "a"], [1.0, 2.5, 3.0, 4.0, 5.0]
    single: dict[Address, Change] = {(7, 1): "x", (9, 1): 3.0, (1, 3): BLANK}
    cells = {(r, 2): text for r, text in zip(rows, texts, strict=True)}
    cells |= {(r, 3): number for r, number in zip(rows, numbers, strict=True)}
    styles = {at: {2: 4, 3: 5}[at[1]] for at, value in cells.items() if value is not BLANK}
    for xml in (start, sheet(""), sheet("").replace(b"<sheetData></sheetData>", b"<sheetData/>")):
        given = joined(xml, single, block(rows, texts, numbers), {2: 4, 3: 5})
        assert given == patch_sheet(xml, {**cells, **single}, styles=styles)
    assert read(given)[8, 2] == Cell("b", False, 4)


def test_a_block_that_stands_already_changes_nothing() -> None:
    """Values that the rows hold give no piece; a single cell precedes the block."""
    rows = block([2, 3], ["a", "b"], [1.0, 2.0])
    done = joined(TWO, {}, rows, {})
    assert patched(done, {}, rows=rows) is None
    assert read(joined(TWO, {(3, 2): "c"}, rows, {})).value(3, 2) == "c"
    with pytest.raises(ValueError, match="outside"):
        patched(TWO, {}, rows=block([0], ["a"], [1.0]))


FLOATS = st.floats(allow_nan=False, allow_infinity=False)
CENTS = st.integers(-(10**13), 10**13).map(lambda n: n / 100)  # XlsxWriter itself keeps 16 digits only
OTHERS = st.one_of(
    st.integers(-(2**53), 2**53),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
)
PLACES = st.tuples(st.integers(1, 12), st.integers(1, 30))


@settings(max_examples=30)
@given(
    st.dictionaries(PLACES, CENTS | OTHERS, max_size=20),
    st.dictionaries(PLACES, FLOATS | OTHERS | st.just(BLANK), max_size=20),
)
def test_openpyxl_reads_what_was_patched(old: dict[Address, object], new: dict[Address, object]) -> None:
    """An independent reader finds every new value, every untouched old one, and nothing else."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = made.add_worksheet()
    for (row, column), value in old.items():
        if isinstance(value, str):
            page.write_string(row - 1, column - 1, value)
        else:
            page.write(row - 1, column - 1, value)
    made.close()
    package = Package.of_bytes(out.getvalue())
    book = Book(package)
    part = book.sheets[0].part
    done = patch_sheet(package.read(part), new, strings=book.strings)  # type: ignore[arg-type]
    assert patch_sheet(done, new, strings=book.strings) is done  # type: ignore[arg-type]
    package.set(part, done)

    page = openpyxl.load_workbook(io.BytesIO(package.to_bytes())).worksheets[0]
    found = {(c.row, c.column): c.value for row in page.iter_rows() for c in row if c.value is not None}
    expected = {at: value for at, value in {**old, **new}.items() if value is not BLANK}
    assert found == {at: _as_read(value) for at, value in expected.items()}
    cells = Book(package).cells(book.sheets[0])
    ours = {at: cell.value for at, cell in cells.items() if cell.value is not BLANK}
    assert ours == expected


def _as_read(value: object) -> object:
    """Return what openpyxl makes of it: whole floats become int, escapes stay as they are stored."""
    if isinstance(value, str):
        return openpyxl.utils.escape.unescape(html.unescape(markup.escape(value)))
    return value
