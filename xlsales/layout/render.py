"""Write sheet models into a fresh workbook in memory, by XlsxWriter.

The result is grafted into the person's workbook, so nothing in it may lean on
workbook-wide settings: every cell carries its own format.
"""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Sequence
from fnmatch import fnmatchcase
from itertools import groupby
from typing import Any

from xlsales.core import a1
from xlsales.core.faults import Lang
from xlsales.layout import look
from xlsales.layout.charts import insert_chart
from xlsales.layout.links import column_of_way_back, link_to_guide
from xlsales.layout.look import Style
from xlsales.layout.model import (
    FIRST_COLUMN,
    FIRST_ROW,
    GROUP_ROW,
    HEADER_ROW,
    SUBLINE,
    SUBLINE_ROW,
    TITLE_ROW,
    Column,
    Formula,
    Link,
    LinkToPlace,
    Role,
    Row,
    SheetModel,
    Value,
    blank_if_nan,
)
from xlsales.layout.paper import row_height, set_up_page
from xlsales.layout.validation import entry_validation
from xlsales.layout.writer import Formats, Workbook, Worksheet, new_workbook, write_text
from xlsales.ooxml.chart_defaults import write_out_defaults
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import STATUS, Kind

_LONGEST_TEXT = 32_767
_STATUS = tuple((word, colour) for colour, word in STATUS.items())
_LATER = " " * 10
"""The line under a title grows when there are actuals."""
_TOP, _LEFT = FIRST_ROW - 1, FIRST_COLUMN - 1  # 0-based, as XlsxWriter counts


def render(models: Sequence[SheetModel], lang: Lang, *, named: bool = True, date1904: bool = False) -> bytes:
    """Return an .xlsx with one sheet per model, each under its title and, if `named`, its defined name."""
    stream = io.BytesIO()
    workbook = new_workbook(stream, lang, date1904)
    formats = Formats(workbook, lang)
    for model in models:
        worksheet = workbook.add_worksheet(model.title)
        write_sheet(workbook, worksheet, model, formats, look.TAB_ARCHIVE if model.archive else look.TAB_OUTPUT)
        column = column_of_way_back(model)
        if column is not None:
            link_to_guide(worksheet, TITLE_ROW - 1, _LEFT + column, formats, align="right", valign="vcenter")
        if named:
            workbook.define_name(model.name, f"={a1.on_sheet(model.title, '$A$1')}")
    workbook.close()
    return write_out_defaults(stream.getvalue())


def write_sheet(
    workbook: Workbook,
    worksheet: Worksheet,
    model: SheetModel,
    formats: Formats,
    tab: str | None = look.TAB_OUTPUT,
) -> None:
    """Write a model into an empty worksheet; `tab` is the colour of its tab."""
    _write_frame(worksheet, model, formats)
    outlined = any(row.outline for row in model.rows)
    if outlined:
        worksheet.outline_settings(True, False, True, False)  # a group's heading is above it
    for i, row in enumerate(model.rows):
        following = model.rows[i + 1] if i + 1 < len(model.rows) else None
        _write_row(worksheet, _TOP + i, row, following, model, formats)
    _set_columns(worksheet, model)
    _add_conditions(workbook, worksheet, model)
    _validate(worksheet, model, formats.lang)
    _draw_trends(worksheet, model)
    for chart in model.charts:
        insert_chart(workbook, worksheet, model, chart, formats.lang)
    if model.one_page:
        worksheet.set_selection(_TOP, _LEFT, _TOP, _LEFT)
    else:
        top, left = _TOP + model.frozen_rows, _LEFT if model.portrait else _LEFT + 1
        worksheet.freeze_panes(top, left)
        below = model.rows[model.frozen_rows :]
        seen = top + next((i for i, row in enumerate(below) if not row.hidden), 0)
        worksheet.set_selection(seen, left, seen, left)  # not on the hidden keys
    worksheet.set_zoom(model.zoom)
    worksheet.hide_gridlines(2)
    if tab:
        worksheet.set_tab_color(tab)
    set_up_page(worksheet, model)


def _write_frame(worksheet: Worksheet, model: SheetModel, formats: Formats) -> None:
    """Hidden keys, title, sub-line and headers."""
    key_format = formats.text(font_color=look.MUTED, font_size=8)
    worksheet.set_row(0, None, key_format, {"hidden": True})
    worksheet.write_string(0, 0, model.identity, key_format)
    worksheet.write_string(0, 1, model.stamp, key_format)
    for i, column in enumerate(model.columns):
        worksheet.write_string(0, _LEFT + i, column.key, key_format)
    worksheet.write_string(SUBLINE_ROW - 1, 0, SUBLINE, key_format)
    worksheet.set_row(TITLE_ROW - 1, 30)
    width = _width_from(model, model.columns[0].key)
    size = look.size_that_fits(look.text_width(model.heading), width, look.TITLE_SIZE)
    title_format = formats.text(bold=True, font_size=size, font_color=look.INK, valign="vcenter")
    worksheet.write_string(TITLE_ROW - 1, _LEFT, model.heading, title_format)
    worksheet.set_row(SUBLINE_ROW - 1, 18)
    for key in model.subline_columns:
        needed = look.line_width(model.subline + _LATER)
        size = look.size_that_fits(needed, _width_from(model, key), look.SUBLINE_SIZE)
        subline_format = formats.text(font_size=size, font_color=look.MUTED, valign="top")
        worksheet.write_string(SUBLINE_ROW - 1, model.column_number(key) - 1, model.subline, subline_format)
    _write_headers(worksheet, model, formats)


def _width_from(model: SheetModel, key: str) -> float:
    """Return the width of the columns that are seen from this one to the last on its page."""
    first = model.column_number(key) - FIRST_COLUMN
    shown, width = model.columns[first:], 0.0
    for column in shown:
        if column.key in model.breaks_before_columns and column.key != key:
            break
        width += 0.0 if column.hidden else column.width
    return width


def _write_headers(worksheet: Worksheet, model: SheetModel, formats: Formats) -> None:
    if not any(column.header for column in model.columns):
        worksheet.set_row(GROUP_ROW - 1, 4)
        worksheet.set_row(HEADER_ROW - 1, 4)
        return
    grouped = any(column.group for column in model.columns)
    worksheet.set_row(GROUP_ROW - 1, 18 if grouped else 6)
    worksheet.set_row(HEADER_ROW - 1, 33)
    group_format = formats.text(bold=True, font_color=look.INK, bottom=1, bottom_color=look.INK, valign="vcenter")
    at = _LEFT
    for group, members in groupby(model.columns, key=lambda column: column.group):
        width = len(list(members))
        for i in range(width if group else 0):
            write_text(worksheet, GROUP_ROW - 1, at + i, group if i == 0 else "", group_format)
        at += width
    for i, column in enumerate(model.columns):
        style = Style("header", column.role, first=i == 0 or column.role in ("text", "wrap", "entry_text"))
        write_text(worksheet, HEADER_ROW - 1, _LEFT + i, column.header, formats.cell(style, model.money))


def _write_row(
    worksheet: Worksheet, at: int, row: Row, following: Row | None, model: SheetModel, formats: Formats
) -> None:
    options: dict[str, Any] = {"level": row.outline} if row.outline else {}
    if row.hidden:
        options["hidden"] = True
    if following and following.hidden and following.outline and not row.hidden:
        options["collapsed"] = True
    worksheet.set_row(at, row_height(row, model), None, options)
    worksheet.write_string(at, 0, row.key)
    if row.counts_for:
        worksheet.write_string(at, 1, row.counts_for)
    for i, column in enumerate(model.columns):
        if column.key not in row.values:
            continue
        indent = row.outline if i == 0 else 0
        style = Style(row.kind, role_of(row, column), indent, first=i == 0)
        _write_cell(worksheet, at, _LEFT + i, row.values[column.key], formats.cell(style, row.money or model.money))


def role_of(row: Row, column: Column) -> Role:
    """Return how a row shows its value of a column."""
    return row.roles.get(column.key, column.role)


def _write_cell(worksheet: Worksheet, row: int, column: int, value: Value, cell_format: Any) -> None:
    value = blank_if_nan(value)
    if value is None or isinstance(value, Link | LinkToPlace):  # nobody has said where its cell is
        worksheet.write_blank(row, column, None, cell_format)
    elif isinstance(value, Formula):
        result = value.result
        if isinstance(result, dt.date):
            result = to_serial(result, worksheet.date_1904)
        worksheet.write_formula(row, column, value.text, cell_format, result)
    elif isinstance(value, str):
        worksheet.write_string(row, column, value[:_LONGEST_TEXT], cell_format)
    elif isinstance(value, dt.date):
        worksheet.write_datetime(row, column, value, cell_format)
    elif isinstance(value, bool):
        worksheet.write_boolean(row, column, value, cell_format)
    else:
        worksheet.write_number(row, column, value, cell_format)


def _set_columns(worksheet: Worksheet, model: SheetModel) -> None:
    worksheet.set_column(0, 1, 4, None, {"hidden": True})
    for i, column in enumerate(model.columns):
        worksheet.set_column(_LEFT + i, _LEFT + i, column.width, None, {"hidden": True} if column.hidden else {})


def _draw_trends(worksheet: Worksheet, model: SheetModel) -> None:
    """Draw small bars in the cells of columns that show how others go, in rows that have figures there.

    LibreOffice 7.4 prints the bars; of a line it prints the marks alone.
    """
    for at, column in enumerate(model.columns):
        shown = [key for key in (c.key for c in model.columns) if column.trend and fnmatchcase(key, column.trend)]
        if not shown:
            continue
        first, last = (model.column_number(key) for key in (shown[0], shown[-1]))
        low = {"low_point": True, "low_color": look.MISSING}
        bars = {"type": "column", "min": 0, "series_color": look.STEEL, **low}
        drawn = False
        for number, row in enumerate(model.rows, FIRST_ROW):
            if row.kind in ("normal", "strong", "total") and shown[0] in row.values:
                cells = a1.on_sheet(model.title, a1.block(number, first, number, last))
                if drawn:
                    worksheet.repeat_sparkline(a1.cell(number, FIRST_COLUMN + at), cells)
                else:
                    worksheet.add_sparkline(number - 1, _LEFT + at, bars | {"range": cells})
                drawn = True


# --- conditional formats ----------------------------------------------------


def _add_conditions(workbook: Workbook, worksheet: Worksheet, model: SheetModel) -> None:
    good = workbook.add_format({"font_color": look.GOOD})
    bad = workbook.add_format({"font_color": look.BAD})
    proven = workbook.add_format({"font_color": look.GOOD, "bg_color": look.PROVEN})
    broken = workbook.add_format({"font_color": look.LAMPS["red"][1], "bg_color": look.LAMPS["red"][0], "bold": True})
    by_role = _ranges(model)
    for _, ranges in by_role["bar"]:
        worksheet.conditional_format(ranges[0], _data_bar(ranges))
    heat = [address for _, ranges in by_role["heat"] for address in ranges]
    if heat:
        worksheet.conditional_format(heat[0], _heat(heat))  # one rule for them all
    for role in ("points", "delta"):
        for _, ranges in by_role[role]:
            worksheet.conditional_format(ranges[0], _compare("<", 0, bad, ranges))
            worksheet.conditional_format(ranges[0], _compare(">", 0, good, ranges))
    coloured: tuple[Role, ...] = ("status", "lamp")
    for role in coloured:
        for column, ranges in by_role[role]:
            for word, lamp_colour in column.lamps or _STATUS:
                fill, text = look.LAMPS[lamp_colour]
                lamp = workbook.add_format({"bg_color": fill, "font_color": text, "bold": True})
                for name in dict.fromkeys((word.zh, word.en)):
                    worksheet.conditional_format(ranges[0], _compare("==", f'"{name}"', lamp, ranges))
    bars = [address for _, ranges in by_role["bars"] for address in ranges]
    for piece, colours in look.BARS.items() if bars else ():
        for shown, line in ((piece + look.NOW, {"right": 1, "right_color": look.BAD}), (piece, {})):
            if shown:
                drawn = workbook.add_format(colours | line)
                worksheet.conditional_format(bars[0], _compare("==", f'"{shown}"', drawn, bars))
    for _, ranges in by_role["proof"]:
        first = ranges[0].split(":")[0]
        spread = {"type": "formula", "multi_range": " ".join(ranges)}
        # a blank cell equals 0 for Excel, so a number is asked for first
        closes, fails = f"=AND(ISNUMBER({first}),{first}=0)", f'=AND({first}<>0,{first}<>"")'
        worksheet.conditional_format(ranges[0], {**spread, "criteria": closes, "format": proven})
        worksheet.conditional_format(ranges[0], {**spread, "criteria": fails, "format": broken})


def _validate(worksheet: Worksheet, model: SheetModel, lang: Lang) -> None:
    """Offer words in cells to pick them, and refuse what is no amount or no share in cells of these."""
    kinds: dict[Role, Kind] = {
        "entry_choice": "choice",
        "entry_amount": "amount",
        "entry_share": "percent",
        "entry_day": "date",
    }
    by_role = _ranges(model)
    for role, kind in kinds.items():
        for column, ranges in by_role[role]:
            rule = entry_validation(kind, column.choices, lang, _offered(column, model))
            for address in ranges:
                worksheet.data_validation(address, rule)


def _offered(column: Column, model: SheetModel) -> str:
    """Return where the texts are that a column's cells offer: `=$Q$34:$Q$73`; blank if they are no cells."""
    if column.picks is None:
        return ""
    first, last, key = column.picks
    at = model.column_number(key)
    return "=" + a1.block(model.row_number(first), at, model.row_number(last), at, "both")


def _compare(criteria: str, value: object, result: Any, ranges: list[str]) -> dict[str, Any]:
    return {"type": "cell", "criteria": criteria, "value": value, "format": result, "multi_range": " ".join(ranges)}


def _data_bar(ranges: list[str]) -> dict[str, Any]:
    return {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_solid": True,
        "bar_color": look.BAR,
        "bar_border_color": look.BAR,
        "bar_negative_color": look.LAMPS["red"][0],
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": 1,
        "multi_range": " ".join(ranges),
    }


def _heat(ranges: list[str]) -> dict[str, Any]:
    scale: dict[str, Any] = {"type": "3_color_scale", "multi_range": " ".join(ranges)}
    for name, (value, colour) in zip(("min", "mid", "max"), look.HEAT, strict=True):
        scale |= {f"{name}_type": "num", f"{name}_value": value, f"{name}_color": colour}
    return scale


def _ranges(model: SheetModel) -> dict[Role, list[tuple[Column, list[str]]]]:
    """Return by role each column with the ranges of its body that have it (a proof row proves its amounts)."""
    by_role: dict[Role, list[tuple[Column, list[str]]]] = defaultdict(list)
    for at, column in enumerate(model.columns, FIRST_COLUMN):
        ranges: dict[Role, list[str]] = {}
        position = FIRST_ROW
        for role, run in groupby(_shows(row, column) for row in model.rows):
            length = sum(1 for _ in run)
            if role is not None:
                ranges.setdefault(role, []).append(a1.area(position, at, position + length - 1, at))
            position += length
        for role, areas in ranges.items():
            by_role[role].append((column, areas))
    return by_role


def _shows(row: Row, column: Column) -> Role | None:
    if column.key not in row.values or row.kind in ("header", "section", "label", "note"):
        return None
    role = role_of(row, column)
    if row.kind == "proof":
        return "proof" if role in ("money", "proof", "count") else None
    return role
