"""A person's formulas, copied into further cells of their sheet: Calc shifts what they refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from msgspec import Struct

from xlsales.book.blocks import Block
from xlsales.book.edits import Copied
from xlsales.core.a1 import Address
from xlsales.hosts.libreoffice.cells import Contents, contents_of, restore, spread
from xlsales.ooxml.cells import BLANK


class Copying(Struct):
    """Formulas are copied into further cells, in their order; a change that can be undone."""

    title: str
    formulas: Mapping[Address, Copied]
    before: list[tuple[Block, Contents]] = []

    def do(self, document: Any, files: object) -> None:
        """Copy them, each with its format."""
        sheet = document.Sheets.getByName(self.title)
        self.before = [(run, contents_of(sheet, run)) for _, run in self._runs()]
        for (row, column), run in self._runs():
            giver = sheet.getCellByPosition(column - 1, row - 1).RangeAddress
            area = (run.column - 1, run.row - 1, run.column - 1, run.last_row - 1)
            spread(sheet, giver, sheet.getCellRangeByPosition(*area).RangeAddress)

    def undo(self, document: Any, files: object) -> None:
        """Write what was there."""
        sheet = document.Sheets.getByName(self.title)
        for run, contents in self.before:
            restore(sheet, run, contents)

    def _runs(self) -> Iterator[tuple[Address, Block]]:
        """Yield runs of cells below each other that copy the same cell: that cell, and the run."""
        places = [(one.like, column, row) for (row, column), one in self.formulas.items()]
        for (like, column), same in groupby(places, key=lambda place: place[:2]):
            rows = sorted(row for *_, row in same)
            for _, run in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
                block = [row for _, row in run]
                yield like, Block(block[0], column, ((BLANK,),) * len(block))
