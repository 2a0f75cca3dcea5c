"""Links between the sheets of a workbook, by defined names: they follow sheets that are moved or get another title."""

from __future__ import annotations

from typing import Any

from xlsales.core import a1
from xlsales.layout import look
from xlsales.layout.writer import Formats, Worksheet


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
