"""Whether the result that a returned workbook stores for a formula is that of the formula.

A formula that a store typed, `=1200+350` or `=SUM(门店流水!B:B)`, is counted anew from the cells of the workbook. If
the stored result is another one, somebody changed it, or no program has calculated it since. A formula that cannot be
counted here, such as a link to another workbook, is taken as the store saw it, and reported.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct, field

from xlsales.core.faults import Fault
from xlsales.ooxml.arithmetic import FormulaValue, NotUnderstood, Reference, evaluate
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.cells import BLANK
from xlsales.ooxml.lazy import LazyCells

MOST_CELLS = 200_000
"""The most cells read for the formulas of a workbook; a formula that needs more is not counted."""
MOST_STEPS = 30
"""The most steps from a formula to cells with formulas, to their cells, and so on."""
_CHARACTERS = 20
"""So many characters of formulas cost as much as a cell."""
_LONGEST = 60
"""So many characters of a formula are shown."""
_CLOSE, _ALIKE = 1e-6, 1e-9
"""Results are the same up to a millionth of a yuan, or to the digits that a cell keeps."""


class Recount(Struct, frozen=True):
    """A formula as people see it, and its result counted anew; None if it is not counted here."""

    formula: str
    result: FormulaValue | None
    verdict: Literal["same", "differs", "unknown"]


class Recalculation(Struct):
    """The formulas of a workbook, counted when needed; `open_sheet` raises a fault if a sheet is too large."""

    book: Book
    open_sheet: Callable[[Book, SheetPart], LazyCells]
    sheets: dict[str, LazyCells] = field(default_factory=dict)
    _budget: int = MOST_CELLS
    _results: dict[tuple[str, int, int], FormulaValue | None] = field(default_factory=dict)

    def of(self, title: str, at: tuple[int, int]) -> Recount:
        """Count the formula of a cell and compare it with what is stored."""
        cells = self._cells(title)
        cell, text = cells.get(at), cells.formula(at) if self._budget > 0 else None
        assert cell is not None
        formula = f"={text or '…'}"
        formula = formula if len(formula) <= _LONGEST else formula[: _LONGEST - 1] + "…"
        try:
            result = self._value(title, *at, 0)
        except NotUnderstood:
            return Recount(formula, None, "unknown")
        if _same(result, cell.value):
            return Recount(formula, result, "same")
        return Recount(formula, result, "unknown" if self.book.precision_as_displayed else "differs")

    def _value(self, title: str, row: int, column: int, depth: int) -> FormulaValue | None:
        """Return what a cell holds; for a formula its result, whatever is stored."""
        cells = self._cells(title)
        cell = cells.get((row, column))
        self._budget -= 1
        if self._budget < 0:
            raise NotUnderstood
        value = BLANK if cell is None else cell.value
        if cell is not None and cell.formula:
            return self._result(title, row, column, depth)
        if value is BLANK:
            return None
        if isinstance(value, float | str):
            return value
        raise NotUnderstood  # TRUE and errors

    def _result(self, title: str, row: int, column: int, depth: int) -> FormulaValue | None:
        key = title.casefold(), row, column
        if key not in self._results:
            text = self._cells(title).formula((row, column))
            if text is None or depth >= MOST_STEPS:  # a circle, too
                raise NotUnderstood
            self._budget -= len(text) // _CHARACTERS
            self._results[key] = evaluate(text, lambda block: self._block(title, block, depth + 1))
        return self._results[key]

    def _block(self, title: str, block: Reference, depth: int) -> Sequence[FormulaValue | None]:
        home = title if block.title is None else block.title
        cells = self._cells(home)
        columns = range(block.first_column, block.last_column + 1)
        rows = cells.rows
        inside = rows[bisect_left(rows, block.first_row) : bisect_right(rows, block.last_row)]
        if len(inside) * len(columns) > self._budget:
            raise NotUnderstood
        if len(inside) > 1:
            cells.load(columns)
        return [self._value(home, row, column, depth) for row in inside for column in columns]

    def _cells(self, title: str) -> LazyCells:
        key = title.casefold()
        if key not in self.sheets:
            sheet = self.book.sheet(title)
            if sheet is None or not sheet.has_cells:
                raise NotUnderstood(title)
            try:
                self.sheets[key] = self.open_sheet(self.book, sheet)
            except Fault as fault:
                raise NotUnderstood(title) from fault
        return self.sheets[key]


def _same(result: FormulaValue | None, stored: object) -> bool:
    if isinstance(result, float) and isinstance(stored, float):
        return abs(result - stored) <= max(_CLOSE, _ALIKE * abs(stored))
    return (result if result is not None else 0.0) == stored
