"""Writes values into Excel's cells: whole blocks, each read back and compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from xlsales.book.blocks import Block
from xlsales.book.edits import KEPT_DIGITS, Copied
from xlsales.core import a1
from xlsales.core.a1 import Address
from xlsales.core.faults import Fault
from xlsales.hosts.excel.engine import xw
from xlsales.hosts.excel.literals import entered, quoted
from xlsales.hosts.excel.ranges import Rows, rows_of, value_formula_lines
from xlsales.ooxml.cells import BLANK
from xlsales.ooxml.changes import Plain
from xlsales.ooxml.formulas import shift


class NotKeptByExcel(Fault):
    """Excel did not keep what was written into a cell."""

    zh = "“{sheet}”的 {cell} 写不进去(Excel 里是 {found})。请取消筛选、保护和“文本”格式后再试;没有任何改动。"
    en = "{cell} of “{sheet}” does not take its value (Excel: {found}). Clear filters, protection and text format."


def write_block(sheet: xw.Sheet, block: Block) -> Rows:
    """Write a block of values in one call; return what was there, for `restore_block`.

    Excel's filters may keep hidden rows from being written, so the block is read back and cells that differ are
    entered one by one. Raises NotKeptByExcel if a cell still differs.
    """
    area = sheet.range(a1.block(block.row, block.column, block.last_row, block.last_column))
    before = contents_of(area)
    try:
        area.raw_value = tuple(tuple(_typed(value) for value in line) for line in block.values)
        for r, c, value in _differing(area, block.values):
            cell = sheet.range((block.row + r, block.column + c))
            _enter_again(cell, value)
            if not _same(content := cell.api.Value2, value):
                at = a1.cell(block.row + r, block.column + c)
                raise NotKeptByExcel(sheet=sheet.name, cell=at, found=content)
    except BaseException:
        restore_block(sheet, block.row, block.column, before)
        raise
    return before


def restore_block(sheet: xw.Sheet, row: int, column: int, before: Rows) -> None:
    """Put back what was there before `write_block`."""
    area = sheet.range(a1.block(row, column, row + len(before) - 1, column + len(before[0]) - 1))
    plain = tuple(tuple(None if _is_formula(v) else v for v in line) for line in before)
    area.raw_value = tuple(tuple(entered(v) if isinstance(v, str) else v for v in line) for line in plain)
    for r, c, value in _differing(area, plain):
        if isinstance(value, str):
            _enter_again(sheet.range((row + r, column + c)), value)
    for r, line in enumerate(before):
        for c, value in enumerate(line):
            if _is_formula(value):
                cell = sheet.range((row + r, column + c)).api
                setattr(cell, formula_of(cell), value)


def _enter_again(cell: xw.Range, value: Plain) -> None:
    """Enter a value that Excel did not take as it is; text is quoted now, whatever it looks like."""
    cell.raw_value = quoted(value) if isinstance(value, str) and value else _typed(value)


def formula_of(cell: Any) -> str:
    """Return the property that holds a cell's formula as it was typed: `Formula2` if Excel has it.

    `Formula` means implicit intersection: read and written back, it would change what a formula of Excel 365 gives.
    """
    try:
        cell.Formula2  # noqa: B018 - asked for whether it is there
    except Exception:  # Excel before 2020
        return "Formula"
    return "Formula2"


def typed_in(sheet: xw.Sheet, formulas: Mapping[Address, Copied]) -> list[Block]:
    """Return formulas as blocks one column wide, each as it reads when Excel's own is copied there."""
    texts = {}
    for at in {one.like for one in formulas.values()}:
        cell = sheet.range(at).api
        texts[at] = getattr(cell, formula_of(cell))
    cells = {
        (column, row): shift(texts[one.like], row - one.like[0], column - one.like[1])
        for (row, column), one in formulas.items()
    }
    blocks = []
    for _, run in groupby(enumerate(sorted(cells)), key=lambda pair: (pair[1][0], pair[1][1] - pair[0])):
        places = [place for _, place in run]
        blocks.append(Block(places[0][1], places[0][0], tuple((cells[place],) for place in places)))
    return blocks


def contents_of(area: xw.Range) -> Rows:
    """Return the formulas and other values of an area, always as rows of cells."""
    lines = value_formula_lines(area)
    return tuple(tuple(f if _is_formula(f) and f != v else v for v, f in zip(*pair, strict=True)) for pair in lines)


def _differing(area: xw.Range, values: Sequence[Sequence[Any]]) -> list[tuple[int, int, Any]]:
    """Return the cells that do not hold the value that they should: row and column, from 0, and that value."""
    contents = rows_of(area.api.Value2)
    return [
        (r, c, value)
        for r, line in enumerate(values)
        for c, value in enumerate(line)
        if not _same(contents[r][c], BLANK if value is None else value)
    ]


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


def _same(content: Any, value: Plain) -> bool:
    if value is BLANK or value == "":
        return content is None or content == ""
    if isinstance(value, bool | str):
        return type(content) is type(value) and content == value
    number = isinstance(content, int | float) and not isinstance(content, bool)
    return number and math.isclose(content, value, rel_tol=KEPT_DIGITS)


def _typed(value: Plain) -> Any:
    """Return a value as it has to be entered: blank as nothing, text as text, whatever it looks like."""
    if value is BLANK or value == "":
        return None
    if isinstance(value, str):
        return entered(value)
    return value if isinstance(value, bool) else float(value)
