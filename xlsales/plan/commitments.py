"""The stores' commitments in the plan's workbook: written when collected, accepted by headquarters, locked by a split.

A commitment that headquarters accepts locks that member and period. A lock that a person typed for the same member
and period precedes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from xlsales.book.edits import CellEdits, Edits, InputSheet, TableReaches
from xlsales.core.a1 import Address
from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.plan import MICROS, Lock, Rest
from xlsales.core.text import identity
from xlsales.layout.model import sheet_title
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import BLANK, Cell, SheetCells, Value
from xlsales.ooxml.changes import Change
from xlsales.plan.answers import Answers, NotInSteps
from xlsales.plan.input_columns import as_shown
from xlsales.values.cell import CellFault, Labelled, is_blank, money, text_of
from xlsales.values.steps import micros_of, typed
from xlsales.values.stored import content
from xlsales.vocabulary.contract import SHEETS
from xlsales.vocabulary.money import Money
from xlsales.vocabulary.round_contract import T_COMMITMENTS

_LABELS = {column.key: column.label for column in T_COMMITMENTS.columns}


class Reopened(Fault):
    """A store changed a commitment that had been answered."""

    zh = "{member} {period} 的承诺从 {old} 改为 {new},原来的答复已清空。请重新在“接受”列答复。"
    en = "{member} changed its commitment for {period} from {old} to {new}; the answer was cleared. Answer it anew."


class Made(Struct, frozen=True):
    """A commitment to be written: target and commitment in micros."""

    dimension: str
    member: str
    period: str
    target: int
    commitment: int
    reason: str
    origin: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What is committed to once."""
        return self.dimension, self.member, self.period


class Offer(Struct, frozen=True):
    """A commitment that has no answer yet, in micros; `place` is the cell of its answer."""

    dimension: str
    member: str
    period: str
    target: int
    commitment: int
    place: Place


def accepted(answers: Answers, own: Sequence[Lock]) -> tuple[Lock, ...]:
    """Return the locks that accepted commitments give; what is wrong with them is in `answers.problems`."""
    if answers.book.table(T_COMMITMENTS.name) is None:
        return ()
    locks = []
    own_keys = {(lock.dimension, lock.member, lock.period) for lock in own}
    for row in answers.rows(T_COMMITMENTS):
        place: Place = row["row"]
        if row["accepted"] != "yes" or row["faulty"]:
            continue
        needed = ("dimension", "member", "period", "commitment")
        missing = next((key for key in needed if row[key] is None), None)
        if missing is not None:
            answers.row_lacks(row, next(c for c in T_COMMITMENTS.columns if c.key == missing))
            continue
        amount, step = f"{typed(micros_of(row['commitment']), answers.money_unit.per):f}", answers.step_micros
        try:
            steps = answers.whole(row["commitment"], step, _LABELS["commitment"][answers.lang], amount, NotInSteps)
        except NotInSteps as fault:
            answers.problems.append(Problem(row["cells"]["commitment"], amount, fault))
            continue
        if (row["dimension"], row["member"], row["period"]) not in own_keys:
            rest = Rest(row["rest"]) if row["rest"] else None
            target = None if row["target"] is None else round(row["target"] * MICROS / step)
            own_row = (row["period"], steps, row["dimension"], row["member"], place.row or 0)
            locks.append(Lock(*own_row, rest=rest, asked=target, committed=True))
    return tuple(locks)


def standing_commitments(book: Book, unit: Money) -> dict[tuple[str, str, str], int]:
    """Return what the table lists by now, in micros, by dimension, member and period."""
    at = _table_at(book)
    if at is None or "commitment" not in at.columns:
        return {}
    commitments = {key: _micros(at.cells.value(row, at.columns["commitment"]), unit) for key, row in at.rows.items()}
    return {key: micros for key, micros in commitments.items() if micros is not None}


def unanswered(book: Book, unit: Money) -> list[Offer]:
    """Return the commitments to which headquarters has said neither yes nor no."""
    at = _table_at(book)
    if at is None or not {"target", "commitment", "accepted"} <= set(at.columns):
        return []
    found = []
    for (dimension, member, period), row in at.rows.items():
        target, commitment = (_micros(at.cells.value(row, at.columns[key]), unit) for key in ("target", "commitment"))
        if target is None or commitment is None or _filled(at.cells.value(row, at.columns["accepted"])):
            continue
        found.append(Offer(dimension, member, period, target, commitment, Place(at.title, row, at.columns["accepted"])))
    return found


class _TableAt(Struct, frozen=True):
    """The table in its sheet: its cells, the column of each key, its first and last row, the row of each
    commitment."""

    title: str
    cells: SheetCells
    columns: dict[str, int]
    first: int
    last: int
    rows: dict[tuple[str, str, str], int]


def _table_at(book: Book) -> _TableAt | None:
    table = book.table(T_COMMITMENTS.name)
    if table is None:
        return None
    sheet = book.sheet(table.area.sheet)
    assert sheet is not None  # a table is found through its sheet
    cells = book.cells(sheet)
    table = as_shown(table, cells)
    headers = {identity(header): table.area.column + i for i, header in enumerate(table.headers)}
    columns = {
        key: at
        for key, label in _LABELS.items()
        for word in (label.zh, label.en)
        if (at := headers.get(identity(word))) is not None
    }
    first, last = table.data_rows.start, max(table.data_rows.stop - 1, cells.last_row)
    rows: dict[tuple[str, str, str], int] = {}
    for row in range(first, last + 1):
        dimension, member, period = (_text(cells.get((row, columns.get(name, 0))), book) for name in _KEY)
        if dimension or member or period:
            rows.setdefault((dimension, member, period), row)
    return _TableAt(sheet.title, cells, columns, first, last, rows)


def plan_commitments(book: Book, commitments: Sequence[Made], unit: Money, lang: Lang) -> Edits:
    """Plan what brings the table up to date; the first commitments make its sheet.

    A commitment that has not changed keeps headquarters' answer; one that has is to be answered anew.
    """
    at = _table_at(book)
    if at is None:
        title = sheet_title(SHEETS["commitments"][lang], [sheet.title for sheet in book.sheets])
        first = InputSheet(title, T_COMMITMENTS, tuple(_row(one, unit) for one in commitments))
        return Edits(inputs=(first,)) if commitments else Edits()
    cells, columns, first_row, last, listed = at.cells, at.columns, at.first, at.last, at.rows
    spare = [
        row for row in range(first_row, last + 1) if not any(_filled(cells.value(row, i)) for i in columns.values())
    ]
    following, changes, problems = max(last, first_row - 1), dict[Address, Change](), list[Problem]()
    like: dict[Address, Address] = {}
    for one in commitments:
        row = listed.get(one.key, 0)
        if not row:
            row = spare.pop(0) if spare else (following := following + 1)
            like |= {(row, i): (first_row, i) for i in columns.values()}
            changes |= dict.fromkeys(((row, i) for i in columns.values()), BLANK)
        elif "commitment" in columns:
            old = cells.value(row, columns["commitment"])
            reopened = _reopened(one, old, unit)
            if reopened is not None and "accepted" in columns and _filled(cells.value(row, columns["accepted"])):
                changes[row, columns["accepted"]] = BLANK
                problems.append(Problem.note(Place(at.title, row, columns["accepted"]), "", reopened))
        for name, value in _row(one, unit).items():
            if name in columns and not _equal(cells.value(row, columns[name]), value):
                changes[row, columns[name]] = BLANK if value is None else value
    if not changes:
        return Edits(notes=tuple(problems))
    grows = (TableReaches(T_COMMITMENTS.name, following),) if following > last else ()
    return Edits((CellEdits(at.title, changes, like=like),), notes=tuple(problems), tables=grows)


_KEY = ("dimension", "member", "period")


def _row(one: Made, unit: Money) -> dict[str, float | str | None]:
    return {
        "dimension": one.dimension,
        "member": one.member,
        "period": one.period,
        "target": float(typed(one.target, unit.per)),
        "commitment": float(typed(one.commitment, unit.per)),
        "reason": one.reason or None,
        "origin": one.origin,
    }


def _reopened(one: Made, old: Value, unit: Money) -> Reopened | None:
    if _micros(old, unit) == one.commitment:
        return None
    new = float(typed(one.commitment, unit.per))
    return Reopened(
        member=one.member, period=one.period, old=text_of(content(Cell(old), False, False)), new=text_of(new)
    )


def _micros(value: Value, unit: Money) -> int | None:
    """The amount in a cell of the table, in micros; None if it has none."""
    try:
        amount = money(content(Cell(value), False, False), Labelled(""), unit.per, unit.currency)
    except CellFault:
        return None
    return None if amount is None else micros_of(amount)


def _text(cell: Cell | None, book: Book) -> str:
    """The text of a cell of a commitment's key; a date is its month, for Excel makes a date of a typed `2026-03`."""
    value = content(cell, book.styles.is_date(cell.style), book.date1904) if cell is not None else None
    return f"{value:%Y-%m}" if isinstance(value, dt.date) else text_of(value)


def _filled(value: Value) -> bool:
    return value is not BLANK and not is_blank(value)


def _equal(old: Value, new: object) -> bool:
    if new is None:
        return not _filled(old)
    if isinstance(old, float) and isinstance(new, float):
        return abs(old - new) <= 1e-9 * max(1.0, abs(new))
    return old == new
