"""Sheets that a person fills in, in a fresh workbook: the input tables, and the two to paste into."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from xlsales.core import a1
from xlsales.core.faults import Lang
from xlsales.layout import look
from xlsales.layout.paper import set_paper
from xlsales.layout.validation import validation
from xlsales.layout.writer import Formats, Workbook, Worksheet, new_workbook, write_text
from xlsales.vocabulary.contract import (
    PAGE_SET,
    PASTE_HEADERS,
    PASTE_HINTS,
    PASTED_PAGE,
    WEEKDAYS,
    Kind,
    Setting,
)
from xlsales.vocabulary.plan_tables import EXAMPLE, T_MONTH_WEIGHTS, T_WEEKDAYS, InputTable, TableColumn

TableRow = Mapping[str, object]

_BLANK_ROWS = {"xs_dimensions": 15, "xs_locks": 15, "xs_calendar": 15, "xs_reference": 4, "xs_mapping": 8}
_VALIDATED_TO = 5_000  # rows: beyond the table, for rows still to come
_NUMBER_FORMATS: dict[Kind, str] = {"date": "yyyy-mm-dd", "percent": "0.0%", "text": "@", "period": "@", "choice": "@"}


# --- tables -----------------------------------------------------------------


def write_table_sheet(
    worksheet: Worksheet,
    table: InputTable,
    lang: Lang,
    tables: Mapping[str, Sequence[TableRow]],
    formats: Formats,
) -> None:
    """Write a sheet that holds one input table, each column with its hint above it."""
    write_title(worksheet, table.label[lang], "", formats)
    worksheet.set_column(0, 0, 2)
    hint = formats.text(font_size=8, font_color=look.MUTED, text_wrap=True, valign="bottom", align="left", indent=1)
    rows = tables.get(table.name, ())
    worksheet.set_row(2, 11 * max(_hint_lines(column, rows, lang) for column in table.columns) + 4)
    one_line = all(_header(column, lang) <= _width(column, rows, lang) for column in table.columns)
    worksheet.set_row(3, 22 if one_line else 32)
    for i, column in enumerate(table.columns, 1):
        # rows added below the table are typed into as those in it: 2026-03 in a text cell stays as it is
        worksheet.set_column(i, i, _width(column, rows, lang), formats.text(num_format=_number_format(column)))
        write_text(worksheet, 2, i, column.hint[lang], hint)
    last = write_table(worksheet, table, 3, 1, tables, lang, formats)
    width = len(table.columns)
    if table.columns[-1].key == "note":
        _mark_examples(worksheet, table, lang, width, formats)
    for i, column in enumerate(() if table.written else table.columns, 1):
        worksheet.data_validation(4, i, _VALIDATED_TO, i, validation(column, lang))
    worksheet.freeze_panes(4, 3 if table.name == "xs_dimensions" else 0)
    worksheet.repeat_rows(3, 3)
    finish(worksheet, last_row=_PRINTED if table.written else last, last_column=width, pages_tall=0)


_PRINTED = 40
"""The last row that prints of a table of the program, which may have thousands."""
_FILTER_BUTTON = 3.0
"""Width that a filter's button takes of a header."""


def _width(column: TableColumn, rows: Sequence[TableRow], lang: Lang) -> float:
    """The width of a column: that of the contract, more for its header and for names that it is given."""
    least = max(
        column.width, 8 if column.kind == "integer" else 11, look.header_width(column.label[lang]) + _FILTER_BUTTON
    )
    if column.kind != "text" or column.given or column.key == "note":
        return least
    return look.label_width((str(row.get(column.key) or "") for row in rows), least)


def _header(column: TableColumn, lang: Lang) -> float:
    """The width of a column's header in one line."""
    return look.text_width(column.label[lang]) * 1.1 + 1 + _FILTER_BUTTON


def _hint_lines(column: TableColumn, rows: Sequence[TableRow], lang: Lang) -> int:
    """How many lines the small print above a column takes."""
    return math.ceil(look.text_width(column.hint[lang]) * 0.85 / (_width(column, rows, lang) - 2.5))


def _row_height(table: InputTable, row: TableRow, rows: Sequence[TableRow], lang: Lang) -> float:
    """The height of a row in which the texts that the program fills take as many lines as they need."""
    texts = ((column, row.get(column.key)) for column in table.columns if column.given and column.kind == "text")
    widths = (look.text_width(str(text)) * 1.05 / (_width(column, rows, lang) - 2) for column, text in texts if text)
    return 18 + 13 * (max(1, *map(math.ceil, widths), 1) - 1)


def render_input_sheet(title: str, table: InputTable, rows: Sequence[TableRow], lang: Lang) -> bytes:
    """Return an .xlsx with one sheet, which holds the table."""
    stream = io.BytesIO()
    workbook = new_workbook(stream, lang)
    write_table_sheet(workbook.add_worksheet(title), table, lang, {table.name: rows}, Formats(workbook, lang))
    workbook.close()
    return stream.getvalue()


def write_table(
    worksheet: Worksheet,
    table: InputTable,
    top: int,
    left: int,
    tables: Mapping[str, Sequence[TableRow]],
    lang: Lang,
    formats: Formats,
    *,
    small: bool = False,
) -> int:
    """Write a table with its header in row `top` (0-based); return the row after its last.

    A `small` one shares its sheet: it has blank rows of a fixed number, and rules of its own.
    """
    rows = list(tables.get(table.name) or default_rows(table, lang))
    rows += [{}] * (_BLANK_ROWS.get(table.name, 0) - (len(rows) if small else 0))
    rows = rows or [{}]
    header = formats.text(**look.HEADER, valign="vcenter", align="left", indent=0 if small else 1)
    worksheet.add_table(
        top,
        left,
        top + len(rows),
        left + len(table.columns) - 1,
        {
            "name": table.name,
            "style": None,
            "autofilter": not small,
            "columns": [{"header": c.label[lang], "header_format": header} for c in table.columns],
        },
    )
    for i, row in enumerate(rows, top + 1):
        if not small:
            worksheet.set_row(i, _row_height(table, row, rows, lang))
        for j, column in enumerate(table.columns, left):
            value = shown(row.get(column.key), column, lang)
            filled = (
                _given(formats, column, wraps=not table.written)
                if column.given
                else input_format(formats, column.kind, aligned=small, form=column.form)
            )
            write_value(worksheet, i, j, value, filled, formats)
    if small:
        for j, column in enumerate(table.columns, left):
            worksheet.data_validation(top + 1, j, top + len(rows), j, validation(column, lang))
    return top + len(rows) + 1


def default_rows(table: InputTable, lang: Lang) -> list[dict[str, object]]:
    """Return what a table carries before a person fills it: the months, the weekdays, else nothing."""
    if table is T_MONTH_WEIGHTS:
        return [{"month": month} for month in range(1, 13)]
    if table is T_WEEKDAYS:
        return [{"weekday": day[lang]} for day in WEEKDAYS]
    return []


def shown(value: object, field: Setting | TableColumn, lang: Lang) -> object:
    """What people see: a code as its word, several names as one text."""
    if field.choices and isinstance(value, str):
        word = field.choices.get(value)
        return word[lang] if word else value
    if isinstance(value, tuple | list):
        return ("、" if lang == "zh" else "; ").join(map(str, value))
    return value


def _mark_examples(worksheet: Worksheet, table: InputTable, lang: Lang, last: int, formats: Formats) -> None:
    """Grey italics for rows that say in their note that they are examples, for as long as they do."""
    word = EXAMPLE[lang]
    note = a1.letters(last + 1)
    worksheet.conditional_format(
        4,
        1,
        _VALIDATED_TO,
        last,
        {
            "type": "formula",
            "criteria": f'=LEFT(${note}5,{len(word)})="{word}"',
            "format": formats.of({"italic": True, "font_color": look.MUTED}),
        },
    )


_POINTER = "← "
"""What the hint behind a header begins with, and no header does."""

# --- 历史 and 实际 ----------------------------------------------------------


def write_paste_sheet(
    workbook: Workbook,
    worksheet: Worksheet,
    key: str,
    name: str,
    lang: Lang,
    rows: Sequence[Sequence[object]] | None,
    formats: Formats,
) -> None:
    """Write a sheet to paste data into at A1: the rows given, else a header to type under or to paste over.

    The first row looks like a header whatever is pasted, and stays in view. The hint is behind the header: wide tables
    cover it.
    """
    plain, head = formats.text(valign="vcenter"), formats.text(**look.HEADER, valign="vcenter")
    worksheet.set_column(0, 25, 16, formats.text())
    worksheet.set_row(0, 20, formats.text(bold=True, font_color=look.INK, valign="vcenter"))
    for i, row in enumerate(rows or ([header[lang] for header in PASTE_HEADERS],)):
        for j, value in enumerate(row):
            write_value(worksheet, i, j, value, head if i == 0 else plain, formats)
    if not rows:
        hint = formats.text(font_color=look.MUTED, valign="vcenter")
        worksheet.write_string(0, len(PASTE_HEADERS), PASTE_HINTS[key][lang], hint)
    pasted = {name: value for name, value in look.HEADER.items() if name != "text_wrap"}
    rule = f'=AND(A1<>"",LEFT(A1,{len(_POINTER)})<>"{_POINTER}")'
    worksheet.conditional_format(0, 0, 0, 25, {"type": "formula", "criteria": rule, "format": formats.of(pasted)})
    worksheet.freeze_panes(1, 0)
    workbook.define_name(name, f"={a1.on_sheet(worksheet.get_name(), '$A$1')}")
    worksheet.set_tab_color(look.TAB_INPUT)
    set_paper(worksheet, portrait=False)
    worksheet.repeat_rows(0, 0)
    worksheet.print_area(PASTED_PAGE)
    workbook.define_name(PAGE_SET[name], f"={a1.on_sheet(worksheet.get_name(), '$A$1')}")
    worksheet.fit_to_pages(1, 0)


# --- shared -----------------------------------------------------------------


def write_value(worksheet: Worksheet, row: int, column: int, value: object, cell: Any, formats: Formats) -> None:
    """Write a value as what it is: text stays text, dates become dates, None a styled blank."""
    if value is None:
        worksheet.write_blank(row, column, None, cell)
    elif isinstance(value, bool):
        worksheet.write_boolean(row, column, value, cell)
    elif isinstance(value, int | float | Decimal):
        worksheet.write_number(row, column, float(value) if isinstance(value, Decimal) else value, cell)
    elif isinstance(value, dt.date):
        dated = cell if cell.num_format == "yyyy-mm-dd" else formats.text(num_format="yyyy-mm-dd", align="left")
        worksheet.write_datetime(row, column, value, dated)
    else:
        worksheet.write_string(row, column, str(value), cell)


def _number_format(column: TableColumn) -> str:
    return column.form or _NUMBER_FORMATS.get(column.kind, "General")


def input_format(formats: Formats, kind: Kind, aligned: bool = True, form: str = "") -> Any:
    """Return the format of a cell to fill in, of a kind of value, with the number format of the kind or `form`."""
    properties: dict[str, Any] = {
        "bg_color": look.INPUT_FILL,
        "font_color": look.INPUT_TEXT,
        "border": 1,
        "border_color": look.INPUT_RULE,
        "valign": "vcenter",
        "num_format": form or _NUMBER_FORMATS.get(kind, "General"),
    }
    texts = kind in ("text", "period", "choice")
    if texts:
        properties["shrink"] = True
    if aligned:
        properties["align"] = "left" if kind in ("text", "period") else "center"
    elif texts:  # numbers and dates are left as they come: a number that is a text is seen to be one
        properties |= {"align": "left", "indent": 1}
    return formats.text(**properties)


def _given(formats: Formats, column: TableColumn, wraps: bool) -> Any:
    """The format of a cell of an input table that the program fills; long texts take several lines if it `wraps`."""
    return formats.text(
        valign="vcenter",
        num_format=_number_format(column),
        bottom=4,
        bottom_color=look.RULE,
        text_wrap=wraps and column.kind == "text",
        indent=int(column.kind in ("text", "period")),
    )


def write_title(worksheet: Worksheet, title: str, hint: str, formats: Formats) -> None:
    """Write the title of a sheet, with a hint below it if there is one."""
    worksheet.set_row(1, 30)
    worksheet.write_string(1, 1, title, formats.text(bold=True, font_size=18, font_color=look.INK, valign="vcenter"))
    if hint:
        worksheet.write_string(2, 1, hint, formats.text(font_size=9, font_color=look.MUTED, valign="top"))


def finish(worksheet: Worksheet, last_row: int, last_column: int, pages_tall: int) -> None:
    """Set up window and paper; `pages_tall` 0 means as many as it takes."""
    worksheet.hide_gridlines(2)
    worksheet.set_tab_color(look.TAB_INPUT)
    worksheet.set_paper(9)
    worksheet.set_landscape()
    worksheet.set_margins(left=0.45, right=0.45, top=0.5, bottom=0.6)
    worksheet.print_area(1, 1, last_row, last_column)
    worksheet.fit_to_pages(1, pages_tall)
    worksheet.set_footer("&L&8&F  ·  &A&R&8&P / &N", {"margin": 0.3})
