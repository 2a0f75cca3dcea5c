"""XlsxWriter as our sheets use it: a workbook in the language's font, its formats, cells without text."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlsxwriter
import xlsxwriter.worksheet

from xlsales.core.faults import Lang
from xlsales.layout import look
from xlsales.layout.look import Style

CREATED = dt.datetime(2026, 1, 1)
"""When every workbook of ours says that it was made: the same values give the same bytes."""


class Worksheet(xlsxwriter.worksheet.Worksheet):  # type: ignore[misc]
    """A sheet with thousands of formulas and of small bars; no formula uses a function younger than Excel 2016.

    XlsxWriter looks for thirty such functions in each formula, which takes longer than all else about it.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def repeat_sparkline(self, at: str, cells: str) -> None:
        """Draw small bars as the last ones, at another cell and of other cells.

        For each that is added by its properties, XlsxWriter makes all its 36 styles anew.
        """
        self.sparklines.append({**self.sparklines[-1], "locations": [at], "ranges": [cells]})


class Workbook(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook of such sheets."""

    worksheet_class = Worksheet


def new_workbook(stream: io.BytesIO, lang: Lang, date1904: bool = False) -> Workbook:
    """Return an empty workbook in the language's font; its bytes do not depend on when it is made.

    A text is a text, also one that begins as a formula or a link does.
    """
    font = {"font_name": look.FONTS[lang], "font_size": look.FONT_SIZE}
    texts = {"strings_to_formulas": False, "strings_to_urls": False}
    workbook = Workbook(stream, {"in_memory": True, "default_format_properties": font, "date_1904": date1904, **texts})
    workbook.set_properties({"created": CREATED})
    return workbook


class Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook, lang: Lang) -> None:
        self._workbook, self.lang = workbook, lang
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._cells: dict[tuple[Style, str], Any] = {}

    def of(self, look_of_it: dict[str, Any]) -> Any:
        """Return the format with these XlsxWriter properties."""
        key = tuple(sorted(look_of_it.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(look_of_it)
        return self._made[key]

    def text(self, **properties: Any) -> Any:
        """Return a format in the language's font."""
        font = {"font_name": look.FONTS[self.lang], "font_size": look.FONT_SIZE, "font_color": look.TEXT}
        return self.of(font | properties)

    def cell(self, style: Style, money: str) -> Any:
        """Return the format of a cell of a written sheet."""
        if (style, money) not in self._cells:
            self._cells[style, money] = self.of(look.cell_format(style, money, self.lang))
        return self._cells[style, money]


def write_text(worksheet: Worksheet, row: int, column: int, text: str, cell_format: Any) -> None:
    """Write text; a blank cell for none, for a cell with text of no length is not blank."""
    if text:
        worksheet.write_string(row, column, text, cell_format)
    else:
        worksheet.write_blank(row, column, None, cell_format)
