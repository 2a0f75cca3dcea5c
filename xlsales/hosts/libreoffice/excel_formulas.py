"""Formulas that Excel saved, in Calc's spelling.

Excel writes a function of an add-in as one of another workbook, `[1]!SPLIT_TARGET(…)`, or with `_xll.` before it. Calc
keeps such names as they are and shows #NAME?. So when a document is opened, its cells with an error are read. If one
of them calls our functions that way, its formula is entered again.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from xlsales.core.expressions import expression

_ERROR = 4  # com.sun.star.sheet.FormulaResult.ERROR
_BEFORE = r"""(?: \[\d+\]! | '[^']*'\# \$? | '[^']*'! | _xll\. | _xlfn\. | _xludf\. | (?<![\w.!\]]) )"""
_TEXT = expression(r'("(?:[^"]|"")*")')


@cache
def _call() -> re.Pattern[str]:
    """Return the expression of a call of our functions. The first cell with an error loads them, not every document."""
    from xlsales.functions.catalogue import FUNCTIONS

    names = "|".join(spec.name for spec in FUNCTIONS)
    return re.compile(rf"{_BEFORE} (?P<name>{names}) (?= \s* \( )", re.VERBOSE | re.IGNORECASE)


def adopt(document: Any) -> None:
    """Let the cells of a document that call our functions in Excel's spelling call them in Calc's."""
    was_modified = document.isModified()
    count = 0
    for title in document.Sheets.ElementNames:
        sheet = document.Sheets.getByName(title)
        for area in sheet.queryFormulaCells(_ERROR).RangeAddresses:
            for row in range(area.StartRow, area.EndRow + 1):
                for column in range(area.StartColumn, area.EndColumn + 1):
                    count += _enter(sheet, sheet.getCellByPosition(column, row))
    if count:
        document.UndoManager.clear()  # no person did this, so none wants to undo it
        document.setModified(was_modified)


def in_calc(formula: str) -> str:
    """Return a formula with our functions called by their bare names; texts in it stay as they are."""
    parts = _TEXT.split(formula)
    parts[::2] = [_call().sub(lambda call: call["name"].upper(), part) for part in parts[::2]]
    return "".join(parts)


def _enter(sheet: Any, cell: Any) -> bool:
    """Enter a cell's formula in Calc's spelling, an array formula as a whole; return whether it changed."""
    formula = cell.Formula
    inner = formula.removeprefix("{").removesuffix("}") if cell.ArrayFormula else formula
    if not _call().search(inner):
        return False
    if not cell.ArrayFormula:
        cell.Formula = in_calc(formula)
        return True
    cursor = sheet.createCursorByRange(cell)
    cursor.collapseToCurrentArray()
    cursor.ArrayFormula = in_calc(inner)
    return True
