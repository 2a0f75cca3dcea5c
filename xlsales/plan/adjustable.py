"""What selected cells are: numbers of a person, input of the plan with its bounds, targets, or the program's own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.book.selection import Selection
from xlsales.book.spread_amounts import Part
from xlsales.core.a1 import Address
from xlsales.core.faults import Fault, Lang, Listed, Place, Problem, Refused
from xlsales.layout.model import is_target
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import Cell
from xlsales.plan.input_cells import Cells
from xlsales.plan.sheets import ADDED, SHEETS
from xlsales.plan.table_extent import column_of, end_of
from xlsales.values.cell import Labelled, as_decimal, in_bounds, number
from xlsales.values.stored import content
from xlsales.vocabulary.contract import Setting, all_settings
from xlsales.vocabulary.plan_tables import TABLES, TableColumn
from xlsales.vocabulary.round_contract import T_COMMITMENTS

Field = Setting | TableColumn
"""What a cell of the plan's input is."""
_NUMBERS = ("amount", "number", "percent", "yuan")
"""The kinds of cells that hold amounts, weights and shares."""


class FormulaSelected(Fault):
    """A formula among the cells that are to change."""

    zh = "这一格是公式,它自己会算。请只选直接填数的格,或让这一格不动(--hold)。"
    en = "This cell is a formula, which computes by itself. Select typed numbers alone, or hold this cell (--hold)."


class ProgramsOwn(Fault):
    """A cell that the program works out anew in each run."""

    zh = "这一格由程序算出,每次运行都重写。要改目标,请选“目标”列或各月的目标;其他数请改它的来源。"
    en = "The program works this cell out in each run. To change targets, select their columns; else change its source."


class ShownAgain(Fault):
    """A cell of a sheet that shows targets of other sheets."""

    zh = "这张表由程序算出,每次运行都重写。要改目标,请选“{sheets}”里“目标”列或各月的目标。"
    en = 'The program works this sheet out in each run. To change targets, select them in "{sheets}".'


class FromTable(Fault):
    """A cell of a sheet that follows from a table of a person."""

    zh = "这张表由程序按“{table}”算出,每次运行都重写。请改“{table}”里的数。"
    en = 'The program works this sheet out from "{table}" in each run. Change the numbers there.'


class NoAmount(Fault):
    """An input cell that holds no amount: a key, a date, a choice."""

    zh = "“{label}”不是可以分配的数。请只选金额、权重或占比。"
    en = '"{label}" is nothing to spread. Select amounts, weights or shares alone.'


class OfTwoKinds(Fault):
    """Cells of different kinds, which have no common sum."""

    zh = "选的格不是同一种数(“{one}”和“{other}”)。请分开调整。"
    en = 'The cells are not of one kind ("{one}" and "{other}"). Spread them apart.'


class BesideTable(Fault):
    """A cell that is in no table, among cells of one."""

    zh = "这一格不在表里,选的其他格是“{label}”。请分开调整。"
    en = 'This cell is in no table, the others are "{label}". Spread them apart.'


class Below(Fault):
    """A number below zero, which no target and no weight is."""

    zh = "这一格是 {number}。调整只改零或正数,请先改这一格或不选它。"
    en = "This cell is {number}. Only numbers of zero or more are spread: change it first, or leave it out."


class Adjustable(Struct, frozen=True):
    """Selected cells as numbers; `fields` are those of the plan's input."""

    parts: tuple[Part, ...]
    fields: Mapping[Address, Field]

    @property
    def are_amounts(self) -> bool:
        """Whether they are amounts in the plan's unit."""
        return any(field.kind == "amount" for field in self.fields.values())

    def check(self, amounts: Mapping[Address, Decimal], lang: Lang) -> None:
        """Raise Refused if a new number is out of the bounds of its cell."""
        places = {part.at: part.place for part in self.parts}
        problems = []
        for at, amount in amounts.items():
            field = self.fields.get(at)
            if field is None:
                continue
            where = Labelled(field.label[lang])
            try:
                in_bounds(amount, where, field.low, field.high, in_percent=field.kind == "percent")
            except Fault as fault:
                problems.append(Problem(places[at], str(amount), fault))
        if problems:
            raise Refused(problems)


def targets_among(
    selection: Selection, sheets: Mapping[str, WrittenSheet], lang: Lang
) -> tuple[WrittenSheet, Selection] | None:
    """Return the breakdown sheet and the selected cells that are targets in it; None if the cells are a person's.

    Months have their actuals between them: who drags over months means the targets. Raises Refused if cells are the
    program's own, and none is a target.
    """
    sheet = next((sheet for sheet in sheets.values() if sheet.sheet == selection.sheet), None)
    if sheet is None:
        return None
    rows = {row: key for key, row in sheet.rows.items()}
    columns = {column: key for key, column in sheet.columns.items()}
    if all(row > sheet.row and column > sheet.column + 1 for row, column in selection.at) and not any(
        row in rows and column in columns for row, column in selection.at
    ):
        return None
    kept = _keeps_targets(sheet)
    targets = [
        at
        for at in selection.at
        if kept
        and (row := rows.get(at[0])) is not None
        and (column := columns.get(at[1])) is not None
        and is_target(row, column)
        and not selection.cell(at).formula
    ]
    if not targets:
        fault = ProgramsOwn() if kept else _elsewhere(sheet, sheets, lang)
        raise Refused([Problem(Place(sheet.title, *selection.at[0]), "", fault)])
    return sheet, replace(selection, at=tuple(targets))


def _keeps_targets(sheet: WrittenSheet) -> bool:
    return any(one.keeps_targets and sheet.identity.startswith(one.identity) for one in SHEETS)


def _elsewhere(sheet: WrittenSheet, sheets: Mapping[str, WrittenSheet], lang: Lang) -> Fault:
    """Where to change what a sheet shows that is no breakdown: its table has the numbers, or other sheets have."""
    own = next((one for one in ADDED if sheet.identity.startswith(one.identity)), None)
    if own is not None and any(column.kind in _NUMBERS for column in own.tables[0].columns) and own.fills is None:
        return FromTable(table=own.tables[0].label[lang])
    titles = Listed(other.title for other in sheets.values() if _keeps_targets(other))
    return ShownAgain(sheets=titles) if titles else ProgramsOwn()


def adjustable(book: Book, selection: Selection, held: Collection[Address], lang: Lang) -> Adjustable:
    """Return selected cells as numbers. Raises Refused, with the cell that is none."""
    fields = dict(_fields(book, selection))
    parts, problems = [], []
    for at in selection.at:
        cell, place = selection.cell(at), Place(selection.sheet.title, *at)
        try:
            if cell.formula and at not in held:
                raise FormulaSelected()
            field = fields.get(at)
            if field is not None and field.kind not in _NUMBERS:
                raise NoAmount(label=field.label[lang])
            parts.append(Part(at, place, _amount(book, cell), book.styles.decimals(cell.style), at in held))
        except Fault as fault:
            problems.append(Problem(place, "", fault))
    kinds = {field.kind == "amount": field for field in fields.values()}
    if len(kinds) > 1 or (fields and len(fields) < len(selection.at)):
        odd = next(at for at in selection.at if at not in fields or fields[at].kind != next(iter(fields.values())).kind)
        one, other = next(iter(fields.values())).label[lang], fields.get(odd)
        apart = OfTwoKinds(one=one, other=other.label[lang]) if other else BesideTable(label=one)
        problems.append(Problem(Place(selection.sheet.title, *odd), "", apart))
    if problems:
        raise Refused(problems)
    return Adjustable(tuple(parts), fields)


class _Here:
    """The cell that a problem is at."""

    def say(self, lang: Lang) -> str:
        """Return what it is called in a sentence that begins with its place."""
        return "这一格" if lang == "zh" else "This cell"


def _amount(book: Book, cell: Cell) -> Decimal | None:
    value = number(content(cell, book.styles.is_date(cell.style), book.date1904), _Here())
    if value is None:
        return None
    amount = as_decimal(cell.value) if isinstance(cell.value, float) else value
    if amount < 0:
        raise Below(number=amount)
    return amount


def _fields(book: Book, selection: Selection) -> Iterator[tuple[Address, Field]]:
    """Yield the selected cells of the plan's settings and input tables."""
    title, at = selection.sheet.title, set(selection.at)
    for setting in all_settings().values():
        area = book.area(setting.name)
        if area is not None and area.sheet == title and area.first in at:
            yield area.first, setting
    for description in (*TABLES, T_COMMITMENTS, *(table for sheet in ADDED for table in sheet.tables)):
        table = book.table(description.name)
        if table is None or table.area.sheet != title:
            continue
        columns = {column_of(table, description, column.key): column for column in description.columns}
        rows = range(table.data_rows.start, end_of(book, table, Cells(book).content))
        for address in at:
            column = columns.get(address[1])
            if column is not None and address[0] in rows:
                yield address, column
