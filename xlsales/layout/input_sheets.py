"""The sheets a person fills, written into a fresh workbook: 设置, the input tables, and the two to paste into."""

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
from xlsales.layout.validation import validation
from xlsales.layout.writer import Formats, Workbook, Worksheet, new_workbook, write_text
from xlsales.vocabulary.contract import (
    LANGS,
    NAME_LANG,
    NAME_VERSION,
    PAGE_SET,
    PASTE_HEADERS,
    PASTE_HINTS,
    PASTED_PAGE,
    SETTINGS,
    SHEETS,
    VERSION,
    WEEKDAYS,
    Group,
    Kind,
    Setting,
    Word,
)
from xlsales.vocabulary.plan_tables import T_MAPPING, T_MONTH_WEIGHTS, T_REFERENCE, T_WEEKDAYS, InputTable, TableColumn

TableRow = Mapping[str, object]
EXAMPLE = Word("示例", "Example")
"""A row with a note that starts with this word is shown as an example."""

_SETTINGS_HINT = Word(
    "浅黄格由您填写,带 * 的必填;其余折叠着,默认写在右边,点左边的 + 展开。目标按“单位”填写,后台存元。",
    "Fill in the pale yellow cells; * is required. The rest is folded, its defaults are said: unfold it with + on the "
    "left. Targets are typed in the unit.",
)
_WORKBOOK_GROUP = Group(
    Word("工作簿", "Workbook"),
    (
        Setting(
            "lang",
            Word("语言", "Language"),
            "choice",
            Word("程序写的表和提示用的语言", "Language of sheets and messages"),
            "zh",
            LANGS,
        ),
        Setting("version", Word("模板版本", "Template version"), "text", Word("请勿修改", "Do not change"), VERSION),
    ),
)
_DEFAULTS = Word("默认:{values}", "Default: {values}")
_NO_DEFAULTS = Word("默认留空", "Empty by default")
_SETTINGS_WIDTHS = (2, 25, 18, 18, 12, 50)
_LABEL, _FIELD, _HINT, _LAST = 1, 2, 3, len(_SETTINGS_WIDTHS) - 1
"""Columns of 设置; the small tables begin with the labels."""
_BLANK_ROWS = {"xs_dimensions": 15, "xs_locks": 15, "xs_calendar": 15, "xs_reference": 4, "xs_mapping": 8}
_VALIDATED_TO = 5_000  # rows: beyond the table, for rows still to come
_NUMBER_FORMATS: dict[Kind, str] = {"date": "yyyy-mm-dd", "percent": "0.0%", "text": "@", "period": "@", "choice": "@"}


# --- 设置 -------------------------------------------------------------------


def write_settings(
    workbook: Workbook,
    worksheet: Worksheet,
    lang: Lang,
    values: Mapping[str, object],
    tables: Mapping[str, Sequence[TableRow]],
    formats: Formats,
) -> None:
    """Write the settings in groups, with their names, and the four small tables below them.

    What is not required is folded, unless the values given for it are not the defaults.
    """
    _write_title(worksheet, SHEETS["settings"][lang], _SETTINGS_HINT[lang], formats)
    for column, width in enumerate(_SETTINGS_WIDTHS):
        worksheet.set_column(column, column, width)
    worksheet.outline_settings(True, False, True, False)  # a group's heading is above it
    row = 4
    for group in (*SETTINGS, _WORKBOOK_GROUP):
        row = _write_group(workbook, worksheet, row, group, lang, values, formats) + 1
    for table in (T_REFERENCE, T_MONTH_WEIGHTS, T_WEEKDAYS, T_MAPPING):
        top = row
        folded = not tables.get(table.name)
        _write_heading(worksheet, top, table.label[lang], table.empty[lang] if table.empty else "", folded, formats)
        row = _write_table(worksheet, table, top + 1, _LABEL, tables, lang, formats, small=True)
        for below in range(top + 1, row):
            worksheet.set_row(below, 18, None, {"level": 1, "hidden": folded})
        _write_end(worksheet, row, folded)
        row += 1
    worksheet.freeze_panes(3, 0)
    _finish(worksheet, last_row=row - 2, last_column=_LAST, pages_tall=0)
    worksheet.set_portrait()


def write_buttons(worksheet: Worksheet, buttons: Mapping[str, str]) -> None:
    """Put a button for each macro (name → caption) beside the title of the settings sheet."""
    for n, (macro, caption) in enumerate(buttons.items()):
        size = {"x_offset": 2 + 116 * n, "y_offset": 6, "width": 106, "height": 28}
        worksheet.insert_button(1, _HINT, {"macro": macro, "caption": caption, "description": caption, **size})


def _write_group(
    workbook: Workbook,
    worksheet: Worksheet,
    row: int,
    group: Group,
    lang: Lang,
    values: Mapping[str, object],
    formats: Formats,
) -> int:
    label = formats.text(valign="vcenter", indent=1)
    hint = formats.text(font_size=9, font_color=look.MUTED, valign="vcenter", indent=1)
    usual = all(values.get(s.key, s.given) == s.given for s in group.settings if s.key != "lang")
    folded = usual and not group.required
    defaults = "" if group.required else _defaults(group, lang, values)
    _write_heading(worksheet, row, group.label[lang], defaults, folded, formats)
    names = {"lang": NAME_LANG, "version": NAME_VERSION}
    for setting in group.settings:
        row += 1
        worksheet.set_row(row, 18, None, {} if group.required else {"level": 1, "hidden": folded})
        worksheet.write_string(row, _LABEL, setting.label[lang] + (" *" if setting.required else ""), label)
        fixed = setting.key == "version"
        look_of_it = formats.text(font_color=look.MUTED, align="center") if fixed else _input(formats, setting.kind)
        value = values.get(setting.key, setting.given)
        write_value(worksheet, row, _FIELD, _shown(value, setting, lang), look_of_it, formats)
        if not fixed:
            worksheet.data_validation(row, _FIELD, row, _FIELD, validation(setting, lang))
        write_text(worksheet, row, _HINT, setting.hint[lang], hint)
        name = names.get(setting.key, setting.name)
        workbook.define_name(name, f"={a1.on_sheet(worksheet.get_name(), a1.cell(row + 1, _FIELD + 1, 'both'))}")
    _write_end(worksheet, row + 1, folded)
    return row + 1


def _write_end(worksheet: Worksheet, row: int, folded: bool) -> None:
    """Mark the row below folded rows too: LibreOffice looks for the mark there, Excel at their heading."""
    worksheet.set_row(row, 12, None, {"collapsed": True} if folded else {})


def _write_heading(worksheet: Worksheet, row: int, label: str, defaults: str, folded: bool, formats: Formats) -> None:
    """Write the heading of a block with its defaults, above its folded or open rows."""
    line = {"bottom": 2, "bottom_color": look.INK}
    worksheet.write_string(
        row, _LABEL, label, formats.text(bold=True, font_size=11, font_color=look.INK, valign="vcenter", **line)
    )
    said = formats.text(font_size=9, font_color=look.MUTED, text_wrap=True, valign="vcenter", indent=1, **line)
    worksheet.merge_range(row, _FIELD, row, _LAST, defaults, said)
    lines = math.ceil(look.text_width(defaults) * 0.9 / sum(_SETTINGS_WIDTHS[_FIELD:])) or 1
    worksheet.set_row(row, 8 + 13 * lines, None, {"collapsed": True} if folded else {})


def _defaults(group: Group, lang: Lang, values: Mapping[str, object]) -> str:
    """Say which values a new workbook has for the settings of a group."""
    said = []
    for setting in group.settings:
        value = _shown(values.get(setting.key) if setting.key == "lang" else setting.given, setting, lang)
        if isinstance(value, int | float) and setting.kind == "percent":
            value = f"{value:.0%}"
        if value is not None:
            said.append(f"{setting.label[lang]} = {value}")
    joined = ("、" if lang == "zh" else ", ").join(said)
    return _DEFAULTS[lang].format(values=joined) if said else _NO_DEFAULTS[lang]


# --- tables -----------------------------------------------------------------


def write_table_sheet(
    worksheet: Worksheet,
    table: InputTable,
    lang: Lang,
    tables: Mapping[str, Sequence[TableRow]],
    formats: Formats,
) -> None:
    """Write a sheet that holds one input table, each column with its hint above it."""
    _write_title(worksheet, table.label[lang], "", formats)
    worksheet.set_column(0, 0, 2)
    hint = formats.text(font_size=8, font_color=look.MUTED, text_wrap=True, valign="bottom")
    worksheet.set_row(2, 11 * max(_hint_lines(column, lang) for column in table.columns) + 4)
    worksheet.set_row(3, 22)
    for i, column in enumerate(table.columns, 1):
        # rows added below the table are typed into as those in it: 2026-03 in a text cell stays as it is
        worksheet.set_column(i, i, _width(column), formats.text(num_format=_number_format(column.kind)))
        write_text(worksheet, 2, i, column.hint[lang], hint)
    last = _write_table(worksheet, table, 3, 1, tables, lang, formats)
    width = len(table.columns)
    if table.columns[-1].key == "note":
        _mark_examples(worksheet, table, lang, width, formats)
    for i, column in enumerate(table.columns, 1):
        worksheet.data_validation(4, i, _VALIDATED_TO, i, validation(column, lang))
    worksheet.freeze_panes(4, 3 if table.name == "xs_dimensions" else 0)
    worksheet.repeat_rows(3, 3)
    _finish(worksheet, last_row=last, last_column=width, pages_tall=0)


def _width(column: TableColumn) -> float:
    return max(column.width, 11)


def _hint_lines(column: TableColumn, lang: Lang) -> int:
    """How many lines the small print above a column takes."""
    return math.ceil(look.text_width(column.hint[lang]) * 0.85 / (_width(column) - 1.5))


def render_input_sheet(title: str, table: InputTable, rows: Sequence[TableRow], lang: Lang) -> bytes:
    """Return an .xlsx with one sheet, which holds the table."""
    stream = io.BytesIO()
    workbook = new_workbook(stream, lang)
    write_table_sheet(workbook.add_worksheet(title), table, lang, {table.name: rows}, Formats(workbook, lang))
    workbook.close()
    return stream.getvalue()


def _write_table(
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
    header = formats.text(**look.HEADER, valign="vcenter", align="left")
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
            worksheet.set_row(i, 18)
        for j, column in enumerate(table.columns, left):
            value = _shown(row.get(column.key), column, lang)
            filled = _given(formats, column.kind) if column.given else _input(formats, column.kind, aligned=small)
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


def _shown(value: object, field: Setting | TableColumn, lang: Lang) -> object:
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

    The first row is bold whatever is pasted, and stays in view. The hint is behind the header: wide tables cover it.
    """
    plain, head = formats.text(valign="vcenter"), formats.text(**look.HEADER, valign="vcenter")
    worksheet.set_column(0, 25, 14, formats.text())
    worksheet.set_row(0, 20, formats.text(bold=True, font_color=look.INK, valign="vcenter"))
    for i, row in enumerate(rows or ([header[lang] for header in PASTE_HEADERS],)):
        for j, value in enumerate(row):
            write_value(worksheet, i, j, value, head if i == 0 else plain, formats)
    if not rows:
        hint = formats.text(font_size=9, font_color=look.MUTED, valign="vcenter", indent=1)
        worksheet.write_string(0, len(PASTE_HEADERS), PASTE_HINTS[key][lang], hint)
    worksheet.freeze_panes(1, 0)
    workbook.define_name(name, f"={a1.on_sheet(worksheet.get_name(), '$A$1')}")
    worksheet.set_tab_color(look.TAB_INPUT)
    worksheet.set_paper(9)
    worksheet.set_landscape()
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
        dated = cell if cell.num_format == "yyyy-mm-dd" else formats.text(num_format="yyyy-mm-dd")
        worksheet.write_datetime(row, column, value, dated)
    else:
        worksheet.write_string(row, column, str(value), cell)


def _number_format(kind: Kind) -> str:
    return _NUMBER_FORMATS.get(kind, "General")


def _input(formats: Formats, kind: Kind, aligned: bool = True) -> Any:
    properties: dict[str, Any] = {
        "bg_color": look.INPUT_FILL,
        "font_color": look.INPUT_TEXT,
        "border": 1,
        "border_color": look.INPUT_RULE,
        "valign": "vcenter",
        "num_format": _number_format(kind),
    }
    if aligned:
        properties["align"] = "left" if kind in ("text", "period") else "center"
    return formats.text(**properties)


def _given(formats: Formats, kind: Kind) -> Any:
    """The format of a cell of an input table that the program fills."""
    return formats.text(
        valign="vcenter",
        num_format=_number_format(kind),
        bottom=4,
        bottom_color=look.RULE,
        text_wrap=kind == "text",
        indent=int(kind in ("text", "period")),
    )


def _write_title(worksheet: Worksheet, title: str, hint: str, formats: Formats) -> None:
    worksheet.set_row(1, 30)
    worksheet.write_string(1, 1, title, formats.text(bold=True, font_size=18, font_color=look.INK, valign="vcenter"))
    if hint:
        worksheet.write_string(2, 1, hint, formats.text(font_size=9, font_color=look.MUTED, valign="top"))


def _finish(worksheet: Worksheet, last_row: int, last_column: int, pages_tall: int) -> None:
    worksheet.hide_gridlines(2)
    worksheet.set_tab_color(look.TAB_INPUT)
    worksheet.set_paper(9)
    worksheet.set_landscape()
    worksheet.set_margins(left=0.45, right=0.45, top=0.5, bottom=0.6)
    worksheet.print_area(1, 1, last_row, last_column)
    worksheet.fit_to_pages(1, pages_tall)
    worksheet.set_footer("&L&8&F  ·  &A&R&8&P / &N", {"margin": 0.3})
