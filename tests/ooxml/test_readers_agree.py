"""Three readers of the same bytes agree: our cells, openpyxl, and the loader with its checks."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from tests.tables.raw import write_raw
from tests.tables.tables import ERRORS, written
from xlsales.core.text import clean
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import BLANK, ErrorValue
from xlsales.tables.files.grids import text_of
from xlsales.tables.files.source import Source, load

pytestmark = pytest.mark.unit

ESCAPED = {
    "_x000D_": "\r", "_x000A_": "\n", "_x0041_": "A", "_x005F_x000D_": "_x000D_", "_x4E2D_": "中", "_x000d_": "\r",
    "_x00G0_": "_x00G0_", "x_x": "x_x", "_x0009_": "\t", "_x005F_": "_",
}  # fmt: skip
"""Text of the file → what a person sees; of what is escaped twice, libraries think differently."""
ODD = [text for text in ESCAPED if "_x005F_" not in text]
TEXT = st.lists(
    st.one_of(st.sampled_from([*ODD, " ", "\n", "\t", "&", "<", "华", "０", "'", '"', "=1", "12", "#N/A"]),
              st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zs", "Zl", "Zp"])),
    min_size=1, max_size=6,
).map("".join).filter(lambda text: text.strip() != "")  # fmt: skip
VALUE = st.one_of(
    st.none(), TEXT, st.booleans(), st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)), st.sampled_from(ERRORS),
)  # fmt: skip
TABLE = st.lists(st.lists(VALUE, min_size=1, max_size=4), min_size=1, max_size=8)


def same(ours: Any, theirs: Any, date1904: bool = False) -> bool:
    if ours is BLANK:
        return theirs is None
    if isinstance(ours, ErrorValue):
        return bool(theirs == ours.code)
    if isinstance(theirs, dt.datetime):
        return isinstance(ours, float) and ours == (theirs - dt.datetime(1899, 12, 30)).days
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, float):
        return isinstance(theirs, int | float) and math.isclose(ours, theirs, rel_tol=1e-15, abs_tol=0)
    return ours in (theirs, unescape(theirs))


@settings(max_examples=60, deadline=None)
@given(TABLE, st.booleans())
def test_our_cells_are_openpyxls(rows: list[list[Any]], inline: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.xlsx"
        path.write_bytes(written(rows, sheet="实际", constant_memory=inline))
        book = Book.open(path)
        sheet = book.sheets[0]
        cells, lazy = book.cells(sheet), book.some_cells(sheet)
        lazy.load(range(1, 5))
        page = openpyxl.load_workbook(path, data_only=True).worksheets[0]
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                assert same(cells.value(r, c), page.cell(r, c).value), (r, c, value)
                assert lazy.value(r, c) == cells.value(r, c)


@settings(max_examples=60, deadline=None)
@given(TABLE, st.booleans())
@example([["\U000e0000"]], False)
def test_the_loaders_cells_are_ours(rows: list[list[Any]], inline: bool) -> None:
    """Fast path = slow path, text by text: what a table gives is what its cells hold."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.xlsx"
        path.write_bytes(written([["表头", "a", "b", "c"], *rows], sheet="实际", constant_memory=inline))
        grid = load(Source(path, "实际", "实际"))
        book = Book.open(path)
        cells = book.cells(book.sheets[0])
        head = grid.top(1)
        below = [text_of(column) for column in grid.below(0)]
        assert head == [("表头", "a", "b", "c")]
        for r, row in enumerate(rows, 2):
            for c in range(1, len(row) + 1):
                ours, theirs = cells.value(r, c), below[c - grid.first_column][r - 2] if r - 2 < len(below[0]) else None
                if ours is BLANK or isinstance(ours, ErrorValue):
                    assert theirs is None
                elif isinstance(ours, bool):
                    assert theirs == str(ours).lower()
                elif isinstance(ours, float) and isinstance(row[c - 1], dt.date):
                    assert theirs == f"{row[c - 1]} 00:00:00"
                elif isinstance(ours, float):
                    assert theirs is not None
                    assert math.isclose(float(theirs), ours, rel_tol=1e-14, abs_tol=6e-10)
                else:
                    assert theirs is not None
                    assert clean(theirs).split() == clean(str(ours)).split()  # a table drops what nobody sees


@pytest.mark.parametrize("escaped", ESCAPED)
@pytest.mark.parametrize(
    "item", ["<si><t>{}</t></si>", '<si><t xml:space="preserve">{}</t></si>', "<si><r><t>{}</t></r></si>",
             "<si>\n<t>{}</t></si>", '<si><t>{}</t><rPh sb="0" eb="1"><t>か</t></rPh></si>'],
)  # fmt: skip
def test_shared_strings_are_decoded_alike_however_they_are_written(tmp_path: Path, escaped: str, item: str) -> None:
    strings = "".join(item.format(text) for text in (escaped, f"a{escaped}b"))
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    path = write_raw(tmp_path / "t.xlsx", cells, strings)
    book = Book.open(path)
    expected = [ESCAPED[escaped], f"a{ESCAPED[escaped]}b"]
    sheet = book.sheets[0]
    assert [book.cells(sheet).value(1, c) for c in (1, 2)] == expected
    assert [book.some_cells(sheet).value(1, c) for c in (1, 2)] == expected
