"""Sheet 设置 of a fresh workbook: the required settings in view, the others and the small tables folded below them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from xlsales.core import a1
from xlsales.core.faults import Lang
from xlsales.layout import look
from xlsales.layout.input_sheets import TableRow, finish, input_format, shown, write_table, write_title, write_value
from xlsales.layout.validation import validation
from xlsales.layout.writer import Formats, Workbook, Worksheet, write_text
from xlsales.vocabulary.contract import (
    LANGS,
    NAME_LANG,
    NAME_VERSION,
    SETTINGS,
    SHEETS,
    VERSION,
    Group,
    Setting,
    Word,
)
from xlsales.vocabulary.plan_tables import T_MAPPING, T_MONTH_WEIGHTS, T_REFERENCE, T_WEEKDAYS

_SETTINGS_HINT = Word(
    "浅黄格由您填写,带 * 的必填;其余折叠着,默认写在右边,点左边的 + 展开。目标按“单位”填写。",
    "Fill in the pale yellow cells; * is required. The rest is folded, its defaults are said: unfold it with + on the "
    "left. Targets are typed in the unit.",
)
WORKBOOK_GROUP = Group(
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
_SETTINGS_WIDTHS = (2, 25, 26, 18, 12, 46)
_LABEL, _FIELD, _HINT, _LAST = 1, 2, 3, len(_SETTINGS_WIDTHS) - 1
"""Columns of 设置; the small tables begin with the labels."""


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
    write_title(worksheet, SHEETS["settings"][lang], _SETTINGS_HINT[lang], formats)
    for column, width in enumerate(_SETTINGS_WIDTHS):
        worksheet.set_column(column, column, width)
    worksheet.outline_settings(True, False, True, False)  # a group's heading is above it
    row = 4
    for group in (*SETTINGS, WORKBOOK_GROUP):
        row = _write_group(workbook, worksheet, row, group, lang, values, formats) + 1
    for table in (T_REFERENCE, T_MONTH_WEIGHTS, T_WEEKDAYS, T_MAPPING):
        top = row
        folded = not tables.get(table.name)
        _write_heading(worksheet, top, table.label[lang], table.empty[lang] if table.empty else "", folded, formats)
        row = write_table(worksheet, table, top + 1, _LABEL, tables, lang, formats, small=True)
        for below in range(top + 1, row):
            worksheet.set_row(below, 18, None, {"level": 1, "hidden": folded})
        _write_end(worksheet, row, folded)
        row += 1
    worksheet.freeze_panes(3, 0)
    finish(worksheet, last_row=row - 2, last_column=_LAST, pages_tall=0)
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
    usual = all(values.get(s.key, s.given(lang)) == s.given(lang) for s in group.settings if s.key != "lang")
    folded = usual and not group.required
    defaults = "" if group.required else _defaults(group, lang, values)
    _write_heading(worksheet, row, group.label[lang], defaults, folded, formats)
    names = {"lang": NAME_LANG, "version": NAME_VERSION}
    for setting in group.settings:
        row += 1
        worksheet.set_row(row, 18, None, {} if group.required else {"level": 1, "hidden": folded})
        worksheet.write_string(row, _LABEL, setting.label[lang] + (" *" if setting.required else ""), label)
        fixed = setting.key == "version"
        look_of_it = (
            formats.text(font_color=look.MUTED, align="center") if fixed else input_format(formats, setting.kind)
        )
        value = values.get(setting.key, setting.given(lang))
        write_value(worksheet, row, _FIELD, shown(value, setting, lang), look_of_it, formats)
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
        value = shown(values.get(setting.key) if setting.key == "lang" else setting.given(lang), setting, lang)
        if isinstance(value, int | float) and setting.kind == "percent":
            value = f"{value:.0%}"
        if value is not None:
            said.append(f"{setting.label[lang]} = {value}")
    joined = ("、" if lang == "zh" else ", ").join(said)
    return _DEFAULTS[lang].format(values=joined) if said else _NO_DEFAULTS[lang]
