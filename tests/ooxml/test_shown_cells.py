"""What a sheet hides, and how many decimals its cells print."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.commands.books import rewrite
from xlsales.ooxml.book import Book
from xlsales.ooxml.shown_cells import shown_cells
from xlsales.ooxml.styles import Styles, decimals_of

pytestmark = pytest.mark.unit

CODES = {
    "0": 0,
    "#,##0": 0,
    "0.00": 2,
    "#,##0.0,": -2,
    "#,##0.0000,,": -2,
    "0.0%": 3,
    "0%": 2,
    "¥#,##0.00": 2,
    "[$$-409]#,##0.00": 2,
    '"约 "0.000': 3,
    "[Red]0.0;-0.00": 1,
    "#,##0.00_);(#,##0.00)": 2,
    '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ': 2,
    "0\\.00,,": -6,
    "General": None,
    "@": None,
    "0.00E+00": None,
    "# ?/?": None,
    "": None,
}


@pytest.mark.parametrize(("code", "decimals"), CODES.items())
def test_decimals_that_a_format_prints(code: str, decimals: int | None) -> None:
    """A percentage has two more; a format in thousands three less."""
    assert decimals_of(code) == decimals


def test_formats_that_excel_knows_by_their_ids(tmp_path: Path) -> None:
    """General, 0, 0.00, #,##0, 0.00% have no code in the file."""
    book = openpyxl.Workbook()
    for row, code in enumerate(("General", "0", "0.00", "#,##0", "0.00%", "0.0"), 1):
        book.active.cell(row, 1, 1).number_format = code
    book.save(tmp_path / "a.xlsx")
    found = Book.open(tmp_path / "a.xlsx")
    cells = found.cells(found.sheets[0])
    assert [found.styles.decimals(cells[row, 1].style) for row in range(1, 7)] == [None, 0, 2, 0, 4, 1]
    assert Styles(None).decimals(0) is None


@pytest.mark.parametrize("prefixed", [False, True], ids=["plain", "with a prefix"])
def test_what_is_hidden_and_what_is_covered(tmp_path: Path, prefixed: bool) -> None:
    """Rows and columns; a merged block has its upper left cell alone."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(1, 7):
        sheet.cell(row, 1, row)
    sheet.row_dimensions[2].hidden = True
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions.group("C", "D", hidden=True)
    sheet.merge_cells("E5:F6")
    book.save(tmp_path / "a.xlsx")
    if prefixed:

        def prefix(name: str, data: bytes) -> bytes:
            if not name.startswith("xl/worksheets/"):
                return data
            text = data.decode().replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
            return text.replace("<x:?xml", "<?xml").replace("xmlns=", "xmlns:x=").encode()

        rewrite(tmp_path / "a.xlsx", prefix)
    found = Book.open(tmp_path / "a.xlsx")
    shown = shown_cells(found, found.sheets[0])
    hidden = [(row, column) for row in range(1, 5) for column in range(1, 6) if shown.hides((row, column))]
    assert hidden == [(1, 3), (1, 4), *((r, c) for r in (2, 3) for c in range(1, 6)), (4, 3), (4, 4)]
    assert [at for at in ((5, 5), (5, 6), (6, 5), (6, 6), (4, 5), (5, 7)) if shown.covers(at)] == [
        (5, 6),
        (6, 5),
        (6, 6),
    ]
