"""What a run changes in a workbook, as values: new cells in sheets that stay, whole sheets beside them.

Edits are worked out once, from the sheets as they are (`planning`), and then carried out
wherever the workbook is: in its file (`publish`), or in a spreadsheet
program that has it open (`actions`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.book.looks import Look
from xlsales.core.a1 import Address
from xlsales.core.faults import Problem
from xlsales.layout.model import (
    SheetModel,
)
from xlsales.ooxml.cells import BLANK, Cell, FormulaWithoutResult
from xlsales.ooxml.changes import Change, Plain, Result
from xlsales.ooxml.rows import RowBlock
from xlsales.vocabulary.plan_tables import InputTable

KEPT_DIGITS = 5.5e-15
"""How far apart a number and the same number in a file may be: LibreOffice writes 15 digits, XlsxWriter 16.

Of numbers just above a power of ten, half of the last digit is 5e-15 of them, and floats are no closer than 2e-16.
"""


class RowEdits(Struct, frozen=True):
    """Values of many rows of a sheet; by column, the cell that gives new ones its format (`like`), else their look."""

    block: RowBlock
    like: Mapping[int, Address]
    looks: Mapping[int, Look]


class Copied(Struct, frozen=True):
    """A person's formula in a further cell: its text there (A1 notation, without =), as if copied from `like`."""

    formula: str
    like: Address


class CellEdits(Struct, frozen=True):
    """New values for cells of a sheet that stays; only cells that differ are named.

    A plain value replaces what is there, `Result` only the stored result of a formula that stays.
    `drops_formulas`: plain values replace formulas. `same` are further cells of the program's own that
    hold their value already: who writes blocks of cells may write them again to make blocks whole. A cell that is
    not there yet takes the format of the cell at `like`, else one of the `looks`. `rows` are further cells,
    `heights` (row → points) what rows need at least in a file, for texts that have become longer. `formulas` come
    before the values, in their order. `totals` are the cells of a table's row of totals that moves, which Excel moves
    by itself.
    """

    title: str
    cells: Mapping[Address, Change]
    drops_formulas: bool = False
    same: Mapping[Address, Plain] = field(default_factory=dict)
    like: Mapping[Address, Address] = field(default_factory=dict)
    looks: Mapping[Address, Look] = field(default_factory=dict)
    rows: RowEdits | None = None
    heights: Mapping[int, float] = field(default_factory=dict)
    formulas: Mapping[Address, Copied] = field(default_factory=dict)
    totals: CellEdits | None = None

    def with_totals(self) -> CellEdits:
        """Return the same edits with those of the row of totals among them, for who moves them by hand."""
        if self.totals is None:
            return self
        totals = self.totals
        cells = {at: value for at, value in self.cells.items() if at not in totals.formulas}
        return replace(
            self,
            cells={**cells, **totals.cells},
            like={**self.like, **totals.like},
            formulas=dict(in_order({**self.formulas, **totals.formulas})),
            totals=None,
        )

    def one_by_one(self) -> CellEdits:
        """Return the same edits with every cell named by itself, for hosts that do not write by rows."""
        if self.rows is None:
            return self
        block = self.rows.block
        cells: dict[Address, Change] = {}
        for i, row in enumerate(block.rows.tolist()):
            cells |= {(row, column): value for column, value in block.row(i).items()}
        new = [at for at, value in cells.items() if value is not BLANK]
        like = {at: self.rows.like[at[1]] for at in new if at[1] in self.rows.like}
        looks = {at: self.rows.looks[at[1]] for at in new if at[1] in self.rows.looks}
        return replace(
            self, cells={**cells, **self.cells}, like={**like, **self.like}, looks={**looks, **self.looks}, rows=None
        )

    def without_results(self) -> CellEdits:
        """Return the same edits without results of formulas."""
        return replace(self, cells={at: one for at, one in self.cells.items() if not isinstance(one, Result)})


def in_order(formulas: Mapping[Address, Copied]) -> list[tuple[Address, Copied]]:
    """Return formulas so that none is overwritten before it has been copied: upwards from above, downwards from below.

    In one column all that are copied further than a row go the same way, or from a cell that stays.
    """
    upwards = [one for one in formulas.items() if one[0] <= one[1].like]
    downwards = [one for one in formulas.items() if one[0] > one[1].like]
    return [*sorted(upwards, key=_address), *sorted(downwards, key=_address, reverse=True)]


def _address(one: tuple[Address, Copied]) -> Address:
    return one[0]


class TableReaches(Struct, frozen=True):
    """An Excel table, by its name, reaches down to a row, its row of totals included if it has one (`totals`).

    What comes into its cells, and what goes out of those that it gives up, is among the cell edits.
    """

    name: str
    last_row: int
    totals: bool = False


class InputSheet(Struct, frozen=True):
    """A sheet that holds one input table, for a person to go on filling, with its first rows by column key."""

    title: str
    table: InputTable
    rows: tuple[Mapping[str, float | str | None], ...]


class PrintArea(Struct, frozen=True):
    """What prints of a sheet that stays; `name` is a defined name that tells a later run that this is done."""

    title: str
    area: str
    name: str


class SheetEdit(Struct, frozen=True):
    """A whole sheet, its title and defined name in `model`.

    With `replaces` it takes the place of the sheet of that title, which is dropped, or kept under the title `kept`.
    It looks as the sheet `like` where both have the same cells.
    """

    model: SheetModel
    replaces: bool = False
    kept: str | None = None
    like: WrittenSheet | None = None


class Edits(Struct, frozen=True):
    """All that one run changes, and what is reported to the person. False if nothing changes.

    `pages` are no change by themselves: they come with a run that writes. So is `opens_on`, the title of the sheet
    that the workbook shows when it is opened the next time.
    """

    cells: tuple[CellEdits, ...] = ()
    sheets: tuple[SheetEdit, ...] = ()
    notes: tuple[Problem, ...] = ()
    tables: tuple[TableReaches, ...] = ()
    inputs: tuple[InputSheet, ...] = ()
    pages: tuple[PrintArea, ...] = ()
    opens_on: str = ""
    before: str = ""
    """The title of the sheet before which new sheets go; without one they go behind all others, as archives do."""

    def __bool__(self) -> bool:
        return bool(self.cells or self.sheets or self.tables or self.inputs)

    def __add__(self, other: Edits) -> Edits:
        return Edits(
            self.cells + other.cells,
            self.sheets + other.sheets,
            self.notes + other.notes,
            self.tables + other.tables,
            self.inputs + other.inputs,
            self.pages + other.pages,
            other.opens_on or self.opens_on,
            other.before or self.before,
        )

    def without_results(self) -> Edits:
        """Return the same edits without results of formulas, for a workbook that keeps none."""
        cells = (edits.without_results() for edits in self.cells)
        return replace(self, cells=tuple(edits for edits in cells if edits.cells or edits.rows))

    @property
    def added(self) -> tuple[str, ...]:
        """Titles of sheets that were not there before."""
        new = [edit.model.title if not edit.replaces else edit.kept for edit in self.sheets]
        return (*(title for title in new if title is not None), *(edit.title for edit in self.inputs))

    @property
    def replaced(self) -> tuple[str, ...]:
        """Titles of sheets that are written anew."""
        return tuple(edit.model.title for edit in self.sheets if edit.replaces)


def are_same(old: float, new: float) -> bool:
    """Return whether two numbers are the same as far as a file keeps them."""
    return math.isclose(old, new, rel_tol=KEPT_DIGITS)


def holds(cell: Cell | None, change: Change) -> bool:
    """Return whether a cell holds a value already; two numbers, as far as a file keeps them."""
    if cell is None:
        return change is BLANK
    if cell.formula and not isinstance(change, Result):
        return False
    old, new = cell.value, change.value if isinstance(change, Result) else change
    if type(old) is float and isinstance(new, int | float) and not isinstance(new, bool):
        return are_same(old, new)
    if new == "" and isinstance(old, FormulaWithoutResult):  # XlsxWriter stores no result that is a blank text
        return True
    return type(old) is type(new) and old == new
