"""Sheet 函数示例: each worksheet function with a small worked example, as wide as a page."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any

from xlsales.core import a1
from xlsales.core.faults import Lang
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.functions.worksheet import Example, ExampleCell, Form, FunctionSpec
from xlsales.layout import look
from xlsales.layout.paper import column_pixels, page_height, scale_of, set_paper
from xlsales.layout.writer import Formats, Worksheet
from xlsales.vocabulary.contract import SHEETS, STATUS, Word

_HOW = (
    Word(
        "这张表只是示例,结果是写好的,不会重算。装上加载项后,把公式粘贴到空单元格,就得到同样的结果。",
        "Examples only: results are written down. With the add-in, paste a formula into an empty cell for the same.",
    ),
    Word(
        "Excel 365、2021 会自动铺开;更早的版本先选好同样大小的区域,再按 Ctrl+Shift+Enter。",
        "Excel 365 and 2021 spill; in older ones select a region of that size first and press Ctrl+Shift+Enter.",
    ),
)
_FIRST_ROW, _LEFT, _RIGHT, _LAST = 5, 1, 7, 11
_WIDTHS = (2, 13, 12, 12, 11, 11, 11, 13, 12, 12, 11, 11)
_ROW, _ROW_OF_TWO_LINES, _PLAIN_ROW = 20, 27, 21
"""Heights in points; the last one is the highest of other rows."""
_FORMATS: dict[Form, str] = {
    "number": "#,##0",
    "money": "#,##0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "index": "0.000",
    "text": "@",
}


def placed() -> Iterator[tuple[FunctionSpec, int, int]]:
    """Yield each function with the row and column of the first table cell of its example, from 0."""
    row = _FIRST_ROW
    for _, functions in itertools.groupby(sorted(FUNCTIONS, key=_band), key=_band):
        band = list(functions)
        if len(band) > 2:
            raise ValueError(f"two examples fit beside each other: give {band[2].name} a band of its own")
        for spec, column in zip(band, (_LEFT, _RIGHT), strict=False):
            yield spec, row + 2, column
        row += 2 + max(len(spec.example.rows) for spec in band) + 1


def _band(spec: FunctionSpec) -> int:
    return spec.example.band


def formula_of(example: Example, row: int, column: int, lang: Lang) -> str:
    """Return an example's formula over its cells, its table standing at that place."""
    refs = {}
    for name in example.regions:
        top, left, bottom, right = example.region(name)
        refs[name] = a1.area(row + top + 1, column + left + 1, row + bottom + 1, column + right + 1)
    return example.formula[lang].format(**refs)


def write_functions(worksheet: Worksheet, lang: Lang, formats: Formats) -> None:
    """Write the examples into an empty sheet."""
    for column, width in enumerate(_WIDTHS):
        worksheet.set_column(column, column, width)
    worksheet.set_row(1, 30)
    title = formats.text(bold=True, font_size=18, font_color=look.INK, valign="vcenter")
    worksheet.write_string(1, 1, SHEETS["functions"][lang], title)
    for row, how in enumerate(_HOW, 2):
        worksheet.write_string(row, 1, how[lang], formats.text(font_size=9, font_color=look.MUTED, valign="vcenter"))
    last = 0
    heights: dict[int, float] = {}
    for spec, row, column in placed():
        example = spec.example
        right = _LAST if len(example.rows[-1]) > _RIGHT - _LEFT else column + 4
        _write_heading(worksheet, spec, row, column, right, lang, formats)
        for i, line in enumerate(example.rows):
            wrapped = any(_wrapped(cell, column + j, lang) for j, cell in enumerate(line))
            heights[row + i] = max(heights.get(row + i, 0), _ROW_OF_TWO_LINES if wrapped else _ROW)
            for j, cell in enumerate(line):
                if cell is not None:
                    below = [under for later in example.rows[i + 1 :] if (under := later[j])]
                    leading = below[0] if cell.look == "head" else cell  # a header is aligned as its column is
                    properties = _look(cell) | {"align": _align(leading, j == 0)}
                    _write(worksheet, row + i, column + j, cell, lang, formats.text(**properties))
        last = max(last, row + len(example.rows) - 1)
    for row, height in heights.items():
        worksheet.set_row(row, height)
    worksheet.hide_gridlines(2)
    worksheet.set_tab_color(look.TAB_ARCHIVE)
    set_paper(worksheet, portrait=True)
    worksheet.print_area(1, 1, last, _LAST)
    scale = scale_of(sum(map(column_pixels, _WIDTHS[1:])), portrait=True)
    worksheet.set_print_scale(scale)
    worksheet.set_h_pagebreaks(_page_starts(heights, page_height(True, scale)))


def _page_starts(heights: dict[int, float], page: float) -> list[int]:
    """The first rows of the pages behind the first; the examples of a band stay on one page."""
    tops = sorted({row - 2 for _, row, _ in placed()})
    starts, start = [], 1
    for top, below in itertools.pairwise([*tops, max(heights) + 1]):
        if sum(heights.get(row, _PLAIN_ROW) for row in range(start, below)) > page:
            starts.append(top)
            start = top
    return starts


def _write_heading(
    worksheet: Worksheet, spec: FunctionSpec, row: int, column: int, right: int, lang: Lang, formats: Formats
) -> None:
    """The function's name, what it is for, and its formula as text."""
    rule = {"bottom": 2, "bottom_color": look.INK, "valign": "vcenter"}
    name = formats.text(bold=True, font_size=11, font_color=look.INK, **rule)
    purpose = formats.text(font_size=9, font_color=look.MUTED, **rule)
    formula = formats.of(
        {
            "font_name": "Consolas",
            "font_size": 10,
            "font_color": look.ACCENT,
            "bg_color": look.PALE,
            "valign": "vcenter",
        }
    )
    worksheet.set_row(row - 2, 21)
    worksheet.set_row(row - 1, 19)
    for c in range(column, right + 1):
        worksheet.write_blank(row - 2, c, None, purpose)
        worksheet.write_blank(row - 1, c, None, formula)
    worksheet.write_string(row - 2, column, spec.name, name)
    worksheet.write_string(row - 2, column + 2, spec.example.purpose[lang], purpose)
    worksheet.write_string(row - 1, column, formula_of(spec.example, row, column, lang), formula)


def _write(worksheet: Worksheet, row: int, column: int, cell: ExampleCell, lang: Lang, how: Any) -> None:
    value = cell.value[lang] if isinstance(cell.value, Word) else cell.value
    if value is None:
        worksheet.write_blank(row, column, None, how)
    elif isinstance(value, str):
        worksheet.write_string(row, column, value, how)
    elif isinstance(value, dt.date):
        worksheet.write_datetime(row, column, value, how)
    else:
        worksheet.write_number(row, column, value, how)


def _wrapped(cell: ExampleCell | None, column: int, lang: Lang) -> bool:
    """Whether the text of a header takes two lines."""
    if cell is None or cell.look != "head" or not isinstance(cell.value, Word):
        return False
    return look.text_width(cell.value[lang]) > _WIDTHS[column]


def _align(cell: ExampleCell, first: bool) -> str:
    if isinstance(cell.value, Word | str):
        return "left" if first else "center"
    return "center" if cell.form in ("date", "text") else "right"


def _look(cell: ExampleCell) -> dict[str, Any]:
    """What a cell looks like: what is given in blue, what the function gives bold on a tint."""
    properties: dict[str, Any] = {"valign": "vcenter", "bottom": 4, "bottom_color": look.RULE}
    properties["num_format"] = _FORMATS[cell.form]
    if cell.look == "head":
        properties |= {
            "font_size": 9,
            "font_color": look.MUTED,
            "bottom": 1,
            "bottom_color": look.STEEL,
            "text_wrap": True,
        }
    elif cell.look == "given":
        properties["font_color"] = look.INPUT_TEXT
    elif cell.look == "result":
        properties |= {"bold": True, "font_color": look.INK, "bg_color": look.TOTAL_FILL} | _lamp(cell.value)
    return properties


def _lamp(value: object) -> dict[str, Any]:
    """The colours of a status word."""
    for status, word in STATUS.items():
        if value is word:
            fill, text = look.LAMPS[status]
            return {"bg_color": fill, "font_color": text}
    return {}
