"""Formats of cells that are filled for the first time: a neighbour's, or ours.

They are set one property at a time. Copying them (Copy, PasteSpecial) goes through the clipboard, which belongs to
the person and may be held by another program: "PasteSpecial method of Range class failed" (xlwings #1672, #2175).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from xlsales.book.blocks import Block, new_cells
from xlsales.book.edits import CellEdits
from xlsales.core import a1
from xlsales.hosts.excel.engine import xw
from xlsales.hosts.excel.ranges import value_formula_lines

_DATE, _AMOUNT = "yyyy-mm-dd", "#,##0.00"
_NONE = -4142  # xlNone: no fill, no line
_OWN = ("NumberFormat", "HorizontalAlignment", "VerticalAlignment", "WrapText", "IndentLevel", "Locked")
_FONT = ("Name", "Size", "Bold", "Italic", "Underline", "Color")
_FILL = ("Pattern", "Color")
_LINE = ("LineStyle", "Weight", "Color")
_EDGES = (7, 8, 9, 10)  # xlEdgeLeft, xlEdgeTop, xlEdgeBottom, xlEdgeRight
_BETWEEN = 12  # xlInsideHorizontal

Setting = tuple[str, int | None, str, Any]
"""Part of a cell (Font, Interior, Borders, or itself), which border, property, value."""


def format_new_cells(sheet: xw.Sheet, edits: CellEdits, formatted: list[Any]) -> None:
    """Give blank cells that are to be filled the format of a neighbour, or one of ours.

    Each area is noted in `formatted` before it changes. Cells that are not blank keep their format.
    """
    for (like, look), blocks in new_cells(edits).items():
        model = list(_settings(sheet.range(like).api)) if like else []
        form = next((str(value) for _, _, name, value in model if name == "NumberFormat"), "")
        for block in blocks:
            for first, last in _blank_runs(sheet, block):
                area = sheet.range(a1.block(first, block.column, last, block.column)).api
                formatted.append(area)
                _apply(area, model, several=last > first)
                if look == "header":
                    area.Font.Bold = True
                elif look == "amount" and form in ("", "@"):
                    area.NumberFormat = _AMOUNT
                elif look == "date" and "y" not in form.lower():
                    area.NumberFormat = _DATE


def clear_formats(areas: list[Any]) -> None:
    """Undo `format_new_cells`."""
    for area in areas:
        area.ClearFormats()


def _settings(cell: Any) -> Iterator[Setting]:
    """Yield the looks of a cell, in the order in which they can be set again."""
    for name in _OWN:
        yield "", None, name, getattr(cell, name)
    for name in _FONT:
        yield "Font", None, name, getattr(cell.Font, name)
    for name in _FILL if cell.Interior.Pattern != _NONE else ():
        yield "Interior", None, name, getattr(cell.Interior, name)
    for edge in _EDGES:
        line = cell.Borders(edge)
        for name in _LINE if line.LineStyle != _NONE else ():
            yield "Borders", edge, name, getattr(line, name)


def _apply(area: Any, model: list[Setting], several: bool) -> None:
    for part, edge, name, value in model:
        if value is None:  # Excel has no single value for a cell with several fonts
            continue
        target = getattr(area, part) if part else area
        for one in [target] if edge is None else [target(e) for e in _lines(edge, several)]:
            setattr(one, name, value)


def _lines(edge: int, several: bool) -> tuple[int, ...]:
    """Return the borders of an area that a cell's border means: its lower one is between the rows too."""
    return (edge, _BETWEEN) if several and edge == _EDGES[2] else (edge,)


def _blank_runs(sheet: xw.Sheet, block: Block) -> list[tuple[int, int]]:
    """Return the first and last rows of the runs of blank cells in a block one column wide."""
    area = sheet.range(a1.block(block.row, block.column, block.last_row, block.column))
    blank = [value is None and formula == "" for (value,), (formula,) in value_formula_lines(area)]
    runs = groupby(enumerate(blank, block.row), key=lambda pair: pair[1])
    return [(rows[0][0], rows[-1][0]) for is_blank, run in runs if is_blank and (rows := list(run))]
