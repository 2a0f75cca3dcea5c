"""A column that a person has added to a table of the program: what its cells become when rows move, come and go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import cast

from xlsales.book.edits import Copied
from xlsales.core.a1 import Address
from xlsales.ooxml.cells import BLANK, Cell, ErrorValue, FormulaWithoutResult
from xlsales.ooxml.changes import Change, Plain
from xlsales.ooxml.formulas import shift
from xlsales.ooxml.lazy import LazyCells

_SAMPLED = 3
"""So many rows at either end of a table show whether a column has one formula."""


class OwnColumn:
    """A column of a person: what its cells become when rows move, come and go."""

    def __init__(self, cells: LazyCells, column: int, old: range) -> None:
        self._cells, self._column, self._old = cells, column, old
        self._here = cells.column(column)
        self.cells: dict[Address, Change] = {}
        self.formulas: dict[Address, Copied] = {}

    @cached_property
    def _goes_on(self) -> tuple[str, int] | None:
        """The formula that the column goes on with, and a row that has it; None if it has no such one."""
        ends = sorted({*self._old[:_SAMPLED], *self._old[-_SAMPLED:]})
        texts = {row: text for row in ends if (text := self._formula(row)) is not None}
        base = self._old.start
        alike = Counter(shift(text, base - row, 0) for row, text in texts.items())
        if not alike:
            return None
        common, times = alike.most_common(1)[0]
        if times < min(2, len(ends)):
            return None
        row = max(row for row, text in texts.items() if shift(text, base - row, 0) == common)
        return texts[row], row

    def _formula(self, row: int) -> str | None:
        cell = self._here.get(row)
        return self._cells.formula((row, self._column)) if cell is not None and cell.formula else None

    def _at(self, row: int) -> str | None:
        """The formula that the column goes on with, as it reads in a row."""
        return None if self._goes_on is None else shift(self._goes_on[0], row - self._goes_on[1], 0)

    def follow(self, moves: Sequence[tuple[int, int | None]], last: int) -> None:
        """Let cells follow their rows: (row, the row that it was; None of a new one), down to the last row."""
        for row, source in moves:
            if source is None:
                self._start(row)
            else:
                self._move(row, source)
        for row in range(last + 1, self._old.stop):
            if is_filled(self._here.get(row)):
                self.cells[row, self._column] = BLANK

    def _start(self, row: int) -> None:
        """A row is new."""
        text = self._at(row)
        if text is not None:
            self._copy(row, text, cast(tuple[str, int], self._goes_on)[1])
        elif row in self._old and is_filled(self._here.get(row)):
            self.cells[row, self._column] = BLANK

    def _move(self, row: int, source: int) -> None:
        """A row moves up."""
        text = self._formula(source)
        if text is not None:
            goes_on = text == self._at(source)
            like = cast(tuple[str, int], self._goes_on)[1] if goes_on else source
            self._copy(row, shift(text, row - source, 0), like)
        elif is_filled(self._here.get(row)) or is_filled(self._here.get(source)):
            self.cells[row, self._column] = typed_value(self._here.get(source))

    def _copy(self, row: int, text: str, like: int) -> None:
        if row not in self._old or self._formula(row) != text:
            self.formulas[row, self._column] = Copied(text, (like, self._column))


def is_filled(cell: Cell | None) -> bool:
    """Whether a cell holds anything, be it a formula without a result."""
    return cell is not None and (cell.formula or cell.value is not BLANK)


def typed_value(cell: Cell | None) -> Plain:
    """What a cell holds that is no formula; an error cannot be typed."""
    value = cell.value if cell is not None else BLANK
    return BLANK if isinstance(value, ErrorValue | FormulaWithoutResult) else value
