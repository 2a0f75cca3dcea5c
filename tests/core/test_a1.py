"""Addresses as formulas write them, beside what XlsxWriter writes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.utility import quote_sheetname, xl_range, xl_range_abs, xl_rowcol_to_cell

from xlsales.core import a1

rows, columns = st.integers(1, 1_048_576), st.integers(1, 16_384)


@given(row=rows, column=columns, down=st.integers(0, 50), right=st.integers(0, 50))
def test_addresses_are_those_of_xlsxwriter(row: int, column: int, down: int, right: int) -> None:
    """Pinned or not, of a cell and of a block; a block of one cell is written as that cell."""
    at, last = (row - 1, column - 1), (row - 1 + down, column - 1 + right)
    ends = (row, column, row + down, column + right)
    assert a1.cell(row, column) == xl_rowcol_to_cell(*at)
    assert a1.cell(row, column, "row") == xl_rowcol_to_cell(*at, row_abs=True)
    assert a1.cell(row, column, "column") == xl_rowcol_to_cell(*at, col_abs=True)
    assert a1.area(*ends) == xl_range(*at, *last)
    if (down, right) != (0, 0):
        assert a1.block(*ends) == xl_range(*at, *last)
        assert a1.block(*ends, "both") == xl_range_abs(*at, *last)


TITLES = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=31)
"""No title of a sheet begins or ends with an apostrophe; XlsxWriter takes one that does for quoted already."""


@given(title=TITLES.filter(lambda title: title.strip("'") == title))
def test_titles_are_quoted_as_by_xlsxwriter(title: str) -> None:
    """Always quoted, apostrophes doubled; XlsxWriter leaves out the marks that are not needed."""
    theirs = quote_sheetname(title)
    assert a1.on_sheet(title, "A1") == (theirs if theirs[0] == "'" else f"'{theirs}'") + "!A1"


def test_a_row_alone_has_no_letters() -> None:
    """A place in a row whose column is not known is called by the row."""
    assert (a1.cell(7, None), a1.letters(None), a1.letters(16_384)) == ("7", "", "XFD")
