"""A workbook of sheets that people fill in: entry cells, names, prompts, protection, besides the written cells."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

from xlsales.core import a1
from xlsales.core.faults import Lang
from xlsales.layout import look
from xlsales.layout.compact import compact
from xlsales.layout.look import Style
from xlsales.layout.model import (
    FIRST_COLUMN,
    FIRST_ROW,
    GROUP_ROW,
    HEADER_ROW,
    SUBLINE_ROW,
    TITLE_ROW,
    Formula,
    SheetModel,
    Value,
)
from xlsales.layout.paper import print_scale, set_paper
from xlsales.layout.render import write_sheet
from xlsales.layout.writer import Formats, Worksheet, new_workbook
from xlsales.ooxml.chart_defaults import write_out_defaults

PROTECTION = {
    "select_locked_cells": True, "select_unlocked_cells": True, "format_cells": True, "format_columns": True,
    "format_rows": True, "sort": False,
}  # fmt: skip
"""What a protected sheet still lets people do."""
HINT = {"font_size": 9, "font_color": look.INPUT_TEXT}
KEY = {"font_color": look.MUTED, "font_size": 8}
TITLE = {"bold": True, "font_size": look.TITLE_SIZE, "font_color": look.INK, "valign": "vcenter"}
SUBLINE = {"font_size": look.SUBLINE_SIZE, "font_color": look.MUTED, "valign": "top"}
_NOTE = {"text_wrap": True, "valign": "vcenter", "font_size": 9}


class EntryBook:
    """A workbook under way, sheet by sheet; the same sheets give the same bytes."""

    def __init__(self, lang: Lang) -> None:
        self._stream = io.BytesIO()
        self.workbook = new_workbook(self._stream, lang)
        self.formats = Formats(self.workbook, lang)

    def sheet(self, model: SheetModel, to_fill: bool) -> EntrySheet:
        """Write a model into a new sheet; one to fill in has a coloured tab."""
        worksheet = self.workbook.add_worksheet(model.title)
        write_sheet(self.workbook, worksheet, model, self.formats, look.TAB_INPUT if to_fill else None)
        return EntrySheet(self, worksheet, model)

    def form(
        self, title: str, identity: str, heading: str, hint: str, columns: Mapping[str, tuple[str, float, str]], *,
        rows: int, ruled: int,
    ) -> Form:  # fmt: skip
        """Add a sheet to type or paste into."""
        return Form(self, title, identity, heading, hint, columns, rows=rows, ruled=ruled)

    def to_bytes(self) -> bytes:
        """Return the workbook: formulas shared down columns, the defaults of charts written out."""
        self.workbook.close()
        return compact(write_out_defaults(self._stream.getvalue()))


class EntrySheet:
    """A written sheet, and what is added to it. Rows and columns go by their keys."""

    def __init__(self, book: EntryBook, worksheet: Worksheet, model: SheetModel) -> None:
        self._workbook, self._formats, self.sheet, self.model = book.workbook, book.formats, worksheet, model
        worksheet.write_blank(0, 1, None, self._formats.text(**KEY))  # no stamp: it says nothing here
        self._define(model.name, "$A$1")

    # --- names, entries, protection -----------------------------------------------------------

    def name_cell(self, name: str, row: str, column: str) -> None:
        """Give a cell a defined name."""
        self._define(name, a1.cell(self.model.row_number(row), self.model.column_number(column), "both"))

    def name_rows(self, name: str, column: str, last: str | None = None) -> None:
        """Give a column a defined name, from the first row to that of a key, by default to the last."""
        first, at, end, _ = self._block(column, last)
        self._define(name, a1.block(first + 1, at + 1, end + 1, at + 1, "both"))

    def enter(self, column: str, rows: Iterable[str], number_format: str, align: str, **more: Any) -> None:
        """Open the cells of a column in these rows for typing."""
        form = self._formats.text(**look.ENTRY, num_format=number_format, align=align, **more)
        at = self.model.column_number(column) - 1
        for row in rows:
            self.sheet.write_blank(self.model.row_number(row) - 1, at, None, form)

    def validate(self, column: str, rule: Mapping[str, Any], last: str | None = None) -> None:
        """Check what is typed into a column, by XlsxWriter's rule."""
        self.sheet.data_validation(*self._block(column, last), dict(rule))

    def protect(self) -> None:
        """Lock all but the entry cells, without a password."""
        self.sheet.protect("", PROTECTION)

    # --- look ---------------------------------------------------------------------------------

    def key_row(self, row: int, key: str) -> None:
        """Give a row that no model has a key, in hidden column A."""
        self.sheet.write_string(row - 1, 0, key, self._formats.text(**KEY))

    def hint(self, text: str) -> None:
        """Say above the headers what is to be filled in."""
        self.sheet.write_string(HEADER_ROW - 2, FIRST_COLUMN - 1, text, self._formats.text(**HINT, valign="vcenter"))
        self.sheet.set_row(HEADER_ROW - 2, 18)

    def hide_last(self, count: int) -> None:
        """Hide so many columns, the last ones."""
        last = FIRST_COLUMN - 2 + len(self.model.columns)
        self.sheet.set_column(last - count + 1, last, 12, None, {"hidden": True})

    def merge(self, row: str, first: str, last: str, **look_of_it: Any) -> None:
        """Let the text of a row run over some columns."""
        at, left, right = self._corner(row, first, last)
        text = str(self._value(row, first) or "")
        self.sheet.merge_range(at, left, at, right, text, self._formats.text(**_NOTE | look_of_it))

    def fit_heading(self, last: str, **title: Any) -> None:
        """Let title and sub-line run to a column, and shrink to it: names of stores may be long."""
        right = self.model.column_number(last) - 1
        for row, text, style in (
            (TITLE_ROW - 1, self.model.heading, TITLE | title),
            (SUBLINE_ROW - 1, self.model.subline, SUBLINE),
        ):
            fitting = self._formats.text(**style, shrink=True)
            self.sheet.merge_range(row, FIRST_COLUMN - 1, row, right, text, fitting)

    def spread_title(self, columns: Iterable[str]) -> None:
        """Put the title above these columns, each the first of a printed page, instead of above the first column."""
        title = self._formats.text(**TITLE)
        self.sheet.write_blank(TITLE_ROW - 1, FIRST_COLUMN - 1, None, title)
        for column in columns:
            self.sheet.write_string(TITLE_ROW - 1, self.model.column_number(column) - 1, self.model.heading, title)

    def group_formula(self, column: str, text: str) -> None:
        """Let a formula give the header of a group of columns."""
        group = self._formats.text(bold=True, font_color=look.INK, bottom=1, bottom_color=look.INK, valign="vcenter")
        at = self.model.column_number(column) - 1
        self.sheet.write_formula(GROUP_ROW - 1, at, text, group, self.model.columns[at + 1 - FIRST_COLUMN].group)

    def format_formula(self, row: str, column: str, style: Style, lang: Lang, number_format: str) -> None:
        """Show a formula of the model in a number format of its own."""
        value = self._value(row, column)
        assert isinstance(value, Formula)
        properties = look.cell_format(style, self.model.money, lang) | {"num_format": number_format}
        at, left, _ = self._corner(row, column, column)
        self.sheet.write_formula(at, left, value.text, self._formats.of(properties), value.result)

    def sign(self, row: str, first: str, last: str) -> None:
        """Put a line to write on behind the text of a row."""
        at, left, right = self._corner(row, first, last)
        text = self._formats.text(font_size=11, valign="bottom")
        line = self._formats.text(font_size=11, valign="bottom", bottom=1, bottom_color=look.MUTED)
        self.sheet.write_string(at, left, str(self._value(row, first)), text)
        for beside in range(left + 1, right + 1):
            self.sheet.write_blank(at, beside, None, line)

    def colour_rows(self, first: str, last: str, rules: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Colour cells from one column to another in rows for which a formula (of the first row) holds."""
        left, right = (self.model.column_number(column) - 1 for column in (first, last))
        for criteria, look_of_it in [(text, self._workbook.add_format(dict(properties))) for text, properties in rules]:
            rule = {"type": "formula", "criteria": criteria, "format": look_of_it}
            self.sheet.conditional_format(FIRST_ROW - 1, left, self._end, right, rule)

    # --- paper --------------------------------------------------------------------------------

    def print_to(self, column: str, row: str | None = None) -> None:
        """Print from the title to a column and a row, by default the last row."""
        last = self._end if row is None else self.model.row_number(row) - 1
        self.sheet.print_area(TITLE_ROW - 1, FIRST_COLUMN - 1, last, self.model.column_number(column) - 1)

    def repeat_headers(self) -> None:
        """Print title and headers on every page, so that each says which store it is of."""
        self.sheet.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)

    def break_before(self, rows: Iterable[str], scale: int | None = None) -> None:
        """Begin a page with each of these rows, printed at a percentage or smaller."""
        if scale is not None:
            self.sheet.set_print_scale(min(scale, print_scale(self.model)))
        self.sheet.set_h_pagebreaks([self.model.row_number(key) - 1 for key in rows])

    # --- places -------------------------------------------------------------------------------

    def _define(self, name: str, address: str) -> None:
        self._workbook.define_name(name, f"={a1.on_sheet(self.model.title, address)}")

    @property
    def _end(self) -> int:
        return FIRST_ROW + len(self.model.rows) - 2

    def _value(self, row: str, column: str) -> Value:
        return self.model.rows[self.model.row_number(row) - FIRST_ROW].values.get(column)

    def _corner(self, row: str, first: str, last: str) -> tuple[int, int, int]:
        """Row, first and last column of some cells of a row, from 0."""
        model = self.model
        return model.row_number(row) - 1, model.column_number(first) - 1, model.column_number(last) - 1

    def _block(self, column: str, last: str | None) -> tuple[int, int, int, int]:
        at = self.model.column_number(column) - 1
        return FIRST_ROW - 1, at, self._end if last is None else self.model.row_number(last) - 1, at


_HAIR = 7  # the thinnest border
_COLUMN = FIRST_COLUMN - 1


class Form:
    """A sheet of blank rows below headers, open to be typed or pasted into: keys in row 1, as on other sheets.

    `columns` are by key: header, width, number format. The first rows (`ruled`) have cells of their own, which fill a
    printed page. What is pasted below them prints as well, for the sheet has no print area. Their lines are thicker
    than those of the column: LibreOffice prints no blank cells that look as all the others below them.
    """

    def __init__(
        self, book: EntryBook, title: str, identity: str, heading: str, hint: str,
        columns: Mapping[str, tuple[str, float, str]], *, rows: int, ruled: int,
    ) -> None:  # fmt: skip
        self._workbook, formats = book.workbook, book.formats
        self._sheet = sheet = book.workbook.add_worksheet(title)
        self._title, self._columns = title, {key: i for i, key in enumerate(columns, _COLUMN)}
        self._first, self._last = HEADER_ROW, HEADER_ROW + rows - 1
        key = formats.text(**KEY)
        sheet.set_row(0, None, key, {"hidden": True})
        sheet.write_string(0, 0, identity, key)
        sheet.set_column(0, 1, 4, None, {"hidden": True})
        sheet.set_row(TITLE_ROW - 1, 30)
        sheet.write_string(TITLE_ROW - 1, _COLUMN, heading, formats.text(**TITLE))
        sheet.write_string(SUBLINE_ROW - 1, _COLUMN, hint, formats.text(**HINT))
        header = formats.text(**look.HEADER, valign="vcenter", align="left")
        for i, (name, (label, width, number_format)) in enumerate(columns.items(), _COLUMN):
            style = {"num_format": number_format, **look.ENTRY}
            form, line = formats.text(**style | {"border": _HAIR}), formats.text(**style)
            sheet.set_column(i, i, width, form)
            sheet.write_string(0, i, name, key)
            sheet.write_string(HEADER_ROW - 1, i, label, header)
            for row in range(self._first, self._first + ruled):
                sheet.write_blank(row, i, None, line)
            for at in (TITLE_ROW - 1, SUBLINE_ROW - 1, GROUP_ROW - 1):
                if i > _COLUMN or at == GROUP_ROW - 1:
                    sheet.write_blank(at, i, None, formats.text())
        sheet.set_row(HEADER_ROW - 1, 24)

    def name_sheet(self, name: str) -> None:
        """Give the sheet's first cell a defined name."""
        self._define(name, "$A$1")

    def name_block(self, name: str, first: str, last: str | None = None, *, headers: bool = False) -> None:
        """Give the rows of columns a defined name, with their headers or without."""
        left, right = (self._columns[column] + 1 for column in (first, last or first))
        top = self._first if headers else self._first + 1
        self._define(name, a1.block(top, left, self._last + 1, right, "both"))

    def validate(self, column: str, rule: Mapping[str, Any]) -> None:
        """Check what is typed into a column, by XlsxWriter's rule."""
        at = self._columns[column]
        self._sheet.data_validation(self._first, at, self._last, at, dict(rule))

    def finish(self) -> None:
        """Set up window, paper and protection; rows may be sorted."""
        self._sheet.freeze_panes(HEADER_ROW, 0)
        self._sheet.set_selection(self._first, _COLUMN, self._first, _COLUMN)  # not on the hidden keys
        self._sheet.hide_gridlines(2)
        self._sheet.set_tab_color(look.TAB_INPUT)
        set_paper(self._sheet, portrait=True)
        self._sheet.repeat_rows(HEADER_ROW - 1, HEADER_ROW - 1)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.protect("", PROTECTION | {"sort": True})

    def _define(self, name: str, address: str) -> None:
        self._workbook.define_name(name, f"={a1.on_sheet(self._title, address)}")
