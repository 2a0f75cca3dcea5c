"""Writes values into Calc's cells: whole blocks, each read back and compared."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from xlsales.book.blocks import Block, new_cells
from xlsales.book.edits import KEPT_DIGITS, CellEdits
from xlsales.core import a1
from xlsales.core.faults import Fault
from xlsales.ooxml.cells import BLANK
from xlsales.ooxml.changes import Plain

_BOLD = 150.0  # com.sun.star.awt.FontWeight.BOLD
_FORMULA = 16  # com.sun.star.sheet.CellFlags.FORMULA
_CONTENT = 1 | 2 | 4 | _FORMULA  # VALUE, DATETIME, STRING


class NotKeptByCalc(Fault):
    """Calc did not keep what was written into a cell."""

    zh = "“{sheet}”的 {cell} 写不进去(Calc 里是 {found})。请取消这张表的保护后再试;没有任何改动。"
    en = "{cell} of “{sheet}” does not take its value (Calc shows {found}). Unprotect the sheet; nothing was changed."


class Contents(Struct, frozen=True):
    """What is in a block: its values, and its formulas by row and column inside the block, from 0."""

    values: tuple[tuple[float | str, ...], ...]
    formulas: dict[tuple[int, int], str]


def contents_of(sheet: Any, block: Block) -> Contents:
    """Return what is in the cells of a block."""
    area = _area(sheet, block)
    formulas = {}
    for run in area.queryContentCells(_FORMULA).RangeAddresses:
        cells = sheet.getCellRangeByPosition(run.StartColumn, run.StartRow, run.EndColumn, run.EndRow)
        for r, line in enumerate(cells.getFormulaArray(), run.StartRow - block.row + 1):
            for c, text in enumerate(line, run.StartColumn - block.column + 1):
                formulas[r, c] = text
    return Contents(
        tuple(tuple("" if value is None else value for value in line) for line in area.getDataArray()), formulas
    )


def write(sheet: Any, block: Block, before: Contents) -> None:
    """Write a block of values in one call. Raises NotKeptByCalc, and then puts back what was there."""
    area = _area(sheet, block)
    area.setDataArray(tuple(tuple(_entered(value) for value in line) for line in block.values))
    for r, lines in enumerate(zip(area.getDataArray(), block.values, strict=True)):
        for c, (content, value) in enumerate(zip(*lines, strict=True)):
            if not _same(content, value):
                restore(sheet, block, before)
                at = a1.cell(block.row + r, block.column + c)
                raise NotKeptByCalc(sheet=sheet.Name, cell=at, found=content)


def restore(sheet: Any, block: Block, before: Contents) -> None:
    """Put back what was in the cells of a block."""
    area = _area(sheet, block)
    area.setDataArray(before.values)
    for (r, c), formula in before.formulas.items():
        area.getCellByPosition(c, r).setFormula(formula)


def _area(sheet: Any, block: Block) -> Any:
    return sheet.getCellRangeByPosition(block.column - 1, block.row - 1, block.last_column - 1, block.last_row - 1)


def _entered(value: Plain) -> float | str:
    """Return a value as UNO takes it; text of no length empties a cell."""
    if value is BLANK:
        return ""
    return value if isinstance(value, str) else float(value)


def _same(content: Any, value: Plain) -> bool:
    entry = _entered(value)
    if isinstance(entry, str):
        return (content or "") == entry
    return isinstance(content, float) and math.isclose(content, entry, rel_tol=KEPT_DIGITS)


_DATE, _AMOUNT = "YYYY-MM-DD", "#,##0.00"


def format_new_cells(sheet: Any, edits: CellEdits, key_of: Callable[[str], int]) -> list[Any]:
    """Give blank cells that are to be filled the format of a neighbour, or one of ours; return the areas of these.

    The neighbour is copied over them, with its value. `key_of` returns the key of a number format.
    """
    formatted = []
    for (like, look), blocks in new_cells(edits).items():
        model = sheet.getCellByPosition(like[1] - 1, like[0] - 1) if like else None
        plain = model is None or "-" not in model.String
        for area in (area for block in blocks for area in _blank_runs(sheet, block)):
            formatted.append(area)
            if model is not None:
                spread(sheet, model.RangeAddress, area.RangeAddress)
            if look == "header":
                area.CharWeight = _BOLD
            elif look == "amount" and model is None:
                area.NumberFormat = key_of(_AMOUNT)
            elif look == "date" and plain:
                area.NumberFormat = key_of(_DATE)
    return formatted


def _blank_runs(sheet: Any, block: Block) -> list[Any]:
    """Return the runs of blank cells in a block one column wide."""
    areas = _area(sheet, block).queryContentCells(_CONTENT).RangeAddresses
    contents = sorted((area.StartRow, area.EndRow) for area in areas)
    ends = [block.row - 2, *(last for _, last in contents)]
    starts = [*(first for first, _ in contents), block.last_row]
    column = block.column - 1
    return [
        sheet.getCellRangeByPosition(column, end + 1, column, start - 1)
        for end, start in zip(ends, starts, strict=True)
        if end + 1 < start
    ]


def spread(sheet: Any, model: Any, area: Any) -> None:
    """Copy a cell over a run of cells below each other: once, and then what is filled over as much again."""
    column, first, last = area.StartColumn, area.StartRow, area.EndRow
    sheet.copyRange(sheet.getCellByPosition(column, first).CellAddress, model)
    filled = 1
    while (end := first + filled) <= last:
        rows = min(filled, last + 1 - end)
        source = sheet.getCellRangeByPosition(column, first, column, first + rows - 1).RangeAddress
        sheet.copyRange(sheet.getCellByPosition(column, end).CellAddress, source)
        filled += rows
