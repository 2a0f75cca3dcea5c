"""Values on their way into Excel's cells: whole blocks, each read back and compared."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from xlsales.core.faults import Fault, column_letters
from xlsales.hosts.excel.engine import xw
from xlsales.workbook.blocks import Block, new_cells
from xlsales.workbook.edits import KEPT_DIGITS, CellEdits
from xlsales.workbook.file.cells import BLANK
from xlsales.workbook.file.patch import Plain

Rows = tuple[tuple[Any, ...], ...]


class NotTaken(Fault):
    """Excel did not keep what was written into a cell."""

    zh = "“{sheet}”的 {cell} 写不进去(Excel 里是 {found})。请取消筛选、保护和“文本”格式后再试;没有任何改动。"
    en = "{cell} of “{sheet}” does not take its value (Excel: {found}). Clear filters, protection and text format."


def write_block(sheet: xw.Sheet, block: Block) -> Rows:
    """Write a block of values in one call; return what stood there, for `restore_block`.

    Excel's filters may keep hidden rows from being written, so the block is read back and cells that differ are
    written one by one. Raises NotTaken where a cell still differs.
    """
    area = sheet.range((block.row, block.column), (block.last_row, block.last_column))
    before = _what_stands(area)
    try:
        area.raw_value = tuple(tuple(_typed(value) for value in line) for line in block.values)
        for r, c, value, found in _differing(area, block):
            cell = sheet.range((block.row + r, block.column + c))
            cell.raw_value = _typed(value)
            found = cell.api.Value2
            if not _same(found, value):
                at = f"{column_letters(block.column + c)}{block.row + r}"
                raise NotTaken(sheet=sheet.name, cell=at, found=found)
    except BaseException:
        restore_block(sheet, block.row, block.column, before)
        raise
    return before


def restore_block(sheet: xw.Sheet, row: int, column: int, before: Rows) -> None:
    """Put back what `write_block` found."""
    last = row + len(before) - 1, column + len(before[0]) - 1
    plain = tuple(tuple(None if _is_formula(v) else _typed_back(v) for v in line) for line in before)
    sheet.range((row, column), last).raw_value = plain
    for r, line in enumerate(before):
        for c, value in enumerate(line):
            if _is_formula(value):
                cell = sheet.range((row + r, column + c)).api
                setattr(cell, formula_of(cell), value)


def formula_of(cell: Any) -> str:
    """Return the property that tells a cell's formula as it was typed: `Formula2` where Excel has it.

    `Formula` means implicit intersection: read and written back, it would change what a formula of Excel 365 gives.
    """
    try:
        cell.Formula2  # noqa: B018 - asked for whether it is there
    except Exception:  # Excel before 2020
        return "Formula"
    return "Formula2"


def _what_stands(area: xw.Range) -> Rows:
    """Return formulas where there are some, else values; always rows of cells."""
    return tuple(
        tuple(f if _is_formula(f) and f != v else v for v, f in zip(*lines, strict=True)) for lines in _pairs(area)
    )


def _differing(area: xw.Range, block: Block) -> list[tuple[int, int, Plain, Any]]:
    found = _rows(area.api.Value2)
    return [
        (r, c, value, found[r][c])
        for r, line in enumerate(block.values)
        for c, value in enumerate(line)
        if not _same(found[r][c], value)
    ]


def _rows(data: Any) -> Rows:
    """A block as Excel gives it: one cell comes bare."""
    return data if isinstance(data, tuple) else ((data,),)


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


def _same(found: Any, value: Plain) -> bool:
    if value is BLANK or value == "":
        return found is None or found == ""
    if isinstance(value, bool | str):
        return type(found) is type(value) and found == value
    number = isinstance(found, int | float) and not isinstance(found, bool)
    return number and math.isclose(found, value, rel_tol=KEPT_DIGITS)


_READ_ANEW = re.compile(r"[=+\-@'0-9.,%¥$€£(（０-９]|(?i:true|false|真|假)$|#")
"""Text that starts like this may be read by Excel as a formula, a number, a date, or lose a character."""


def _typed(value: Plain) -> Any:
    """A value as it has to be typed: blank as nothing, text as text, whatever it looks like."""
    if value is BLANK or value == "":
        return None
    if isinstance(value, str):
        return f"'{value}" if _READ_ANEW.match(value) else value
    return value if isinstance(value, bool) else float(value)


def _typed_back(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and _READ_ANEW.match(value) else value


_DATE, _AMOUNT = "yyyy-mm-dd", "#,##0.00"
_FORMATS = -4122  # xlPasteType.xlPasteFormats


def format_new_cells(sheet: xw.Sheet, edits: CellEdits, done: list[Any]) -> None:
    """Give blank cells that are to be filled the format of a neighbour, or one of ours.

    Each area is noted in `done` before it is touched. Cells with something in them keep their format.
    """
    for (like, look), blocks in new_cells(edits).items():
        model = sheet.range(like).api if like else None
        form = str(model.NumberFormat) if model is not None else ""
        for block in blocks:
            for first, last in _blank_runs(sheet, block):
                area = sheet.range((first, block.column), (last, block.column)).api
                done.append(area)
                if model is not None:
                    model.Copy()
                    area.PasteSpecial(Paste=_FORMATS)
                if look == "header":
                    area.Font.Bold = True
                elif look == "amount" and form in ("", "@"):
                    area.NumberFormat = _AMOUNT
                elif look == "date" and "y" not in form.lower():
                    area.NumberFormat = _DATE
    if done:
        sheet.book.app.api.CutCopyMode = False


def clear_formats(areas: list[Any]) -> None:
    """Take back what `format_new_cells` did."""
    for area in areas:
        area.ClearFormats()


def _blank_runs(sheet: xw.Sheet, block: Block) -> list[tuple[int, int]]:
    """First and last rows of the runs of blank cells in a block one column wide."""
    area = sheet.range((block.row, block.column), (block.last_row, block.column))
    blank = [value is None and formula == "" for (value,), (formula,) in _pairs(area)]
    runs = groupby(enumerate(blank, block.row), key=lambda pair: pair[1])
    return [(rows[0][0], rows[-1][0]) for is_blank, run in runs if is_blank and (rows := list(run))]


def _pairs(area: xw.Range) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Lines of values with their lines of formulas."""
    return zip(_rows(area.api.Value2), _rows(area.api.Formula), strict=True)
