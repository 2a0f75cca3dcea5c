"""Links between the sheets of a workbook, by defined names: they follow sheets that are moved or get another title."""

from __future__ import annotations

from typing import Any

from xlsales.core import a1
from xlsales.layout import look
from xlsales.layout.model import WAY_BACK, SheetModel
from xlsales.layout.writer import Formats, Worksheet
from xlsales.vocabulary.contract import SHEET_NAMES


def link_to_name(
    worksheet: Worksheet, row: int, column: int, target: str, label: str, cell: Any, formats: Formats
) -> None:
    """Write a label that leads to a defined name or a table; it is plain text while the workbook has none of it.

    INDIRECT looks for the name when the cell is calculated. A name in the formula itself would be an error before.
    """
    there = f'ISREF(INDIRECT("{target}"))'
    text = label.replace('"', '""')
    worksheet.write_formula(row, column, f'=IF({there},HYPERLINK("#{target}","{text}"),"{text}")', cell, label)
    rule = {"type": "formula", "criteria": f"={there}", "format": formats.of({"font_color": look.LINK, "underline": 1})}
    worksheet.conditional_format(a1.cell(row + 1, column + 1), rule)


def link_to_guide(worksheet: Worksheet, row: int, column: int, formats: Formats, **look_of_it: Any) -> None:
    """Write the way back to the guide, small."""
    label = WAY_BACK[formats.lang]
    link_to_name(worksheet, row, column, SHEET_NAMES["guide"], label, formats.text(font_size=9, **look_of_it), formats)


_FIRST_SCREEN = 1_320.0
"""Pixels of columns that a screen of 1366 shows."""
_PER_CHARACTER, _PER_COLUMN = 7.0, 5.0
"""The pixels of a column: for each character of its width, and besides."""


def column_of_way_back(model: SheetModel) -> int | None:
    """Return the column (from 0, among all) at the end of a written sheet's title row, on its first page and screen.

    The text is at the right edge of that column, and begins above the one before. There is none if the title leaves
    no room.
    """
    starts, at, edge = set(model.breaks_before_columns), 0.0, 0.0
    found = None
    for i, column in enumerate(model.columns):
        if column.hidden:
            continue
        edge += (column.width * _PER_CHARACTER + _PER_COLUMN) * model.zoom / 100
        if (column.key in starts and found is not None) or edge > _FIRST_SCREEN:
            break
        if at >= look.title_width(model.heading):
            found = i
        at += column.width
    return found
