"""Lets formulas, names and charts of an open workbook refer to another sheet.

A sheet that is to be replaced first gets a title that nothing else has. Excel lets real references follow, and nothing
else. So that title may be replaced wherever it is afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from xlsales.book.protection import SheetProtected
from xlsales.core import a1
from xlsales.core.faults import Place, Problem, Refused
from xlsales.hosts.excel.cells import formula_of
from xlsales.hosts.excel.engine import xw

_FORMULAS, _PART = -4123, 2  # xlFindLookIn.xlFormulas, xlLookAt.xlPart


class Retargeting:
    """Lets what refers to the sheet `old` refer to the sheet `new`; `old` is a title that is nowhere else."""

    def __init__(self, book: xw.Book, old: str, new: str) -> None:
        self._book = book
        self._old, self._new = f"{old}!", a1.on_sheet(new, "")
        self._ways_back: list[Callable[[], None]] = []

    def carry_out(self, skip: xw.Sheet) -> None:
        """Change cells, charts and names, except on the sheet `skip`, which is the old one itself.

        Raises Refused if a sheet with such a formula is protected.
        """
        skipped = skip.name
        for sheet in self._book.sheets:
            if sheet.name == skipped:
                continue
            cells = list(self._cells(sheet.api.Cells))
            if cells and sheet.api.ProtectContents:
                raise Refused([Problem(Place(sheet.name), "", SheetProtected())])
            for cell in cells:
                form = formula_of(cell)
                self._set(cell, "FormulaArray" if cell.HasArray and form == "Formula" else form)
            for chart in sheet.charts:
                for series in chart.api[1].SeriesCollection():
                    self._set(series, "Formula")
        for name in self._book.api.Names:
            if not name.Name.startswith(f"{skipped}!"):
                self._set(name, "RefersTo")

    def back(self) -> None:
        """Take every change back."""
        for way_back in reversed(self._ways_back):
            way_back()

    def _cells(self, cells: Any) -> Iterator[Any]:
        """Yield the cells that name the old sheet in their formula; of an array formula its whole block, once."""
        cell = cells.Find(What=self._old, LookIn=_FORMULAS, LookAt=_PART, MatchCase=False)
        addresses: set[str] = set()
        while cell is not None and cell.Address not in addresses:
            addresses.add(cell.Address)
            block = cell.CurrentArray if cell.HasArray and formula_of(cell) == "Formula" else cell
            if block.Address not in addresses or block.Address == cell.Address:
                addresses.add(block.Address)
                yield block
            cell = cells.FindNext(cell)

    def _set(self, thing: Any, formula: str) -> None:
        try:
            text = getattr(thing, formula)
        except Exception:  # charts of the newer kinds do not show their formulas
            return
        if self._old not in text:
            return
        self._ways_back.append(lambda: setattr(thing, formula, text))
        setattr(thing, formula, text.replace(self._old, self._new))
