"""The stores' commitments in the plan's workbook: written when collected, accepted by headquarters, locked by a split.

A commitment that headquarters accepts locks that member and period. A lock that a person typed for the same member
and period precedes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsales.book.edits import CellEdits, Edits, InputSheet, TableGrows
from xlsales.book.looks import Address
from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.plan import MICROS, Lock, Rest
from xlsales.core.text import clean, identity
from xlsales.layout.model import sheet_title
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import BLANK, SheetCells
from xlsales.ooxml.patch import Change
from xlsales.plan.answers import Answers, NotInSteps
from xlsales.plan.input_cells import text_of
from xlsales.plan.input_columns import as_shown
from xlsales.vocabulary.contract import SHEETS, UNIT_YUAN, UNITS
from xlsales.vocabulary.round_contract import T_COMMITMENTS

FROM_COMMITMENT = 2_000_000
"""Added to the row of a lock that an accepted commitment gives, so that a fault points to the right table."""

_LABELS = {column.key: column.label for column in T_COMMITMENTS.columns}


class Reopened(Fault):
    """A store changed a commitment that had been answered."""

    zh = "{member} {period} 的承诺从 {old} 改为 {new},原来的答复已清空。请重新在“接受”列答复。"
    en = "{member} changed its commitment for {period} from {old} to {new}; the answer was cleared. Answer it anew."


@dataclass(frozen=True)
class Made:
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


def accepted(answers: Answers, typed: Sequence[Lock]) -> tuple[Lock, ...]:
    """Return the locks that accepted commitments give; what is wrong with them is kept in `answers.problems`."""
    if answers.book.table(T_COMMITMENTS.name) is None:
        return ()
    locks = []
    taken = {(lock.dimension, lock.member, lock.period) for lock in typed}
    for row in answers.rows(T_COMMITMENTS):
        place: Place = row["row"]
        if row["accepted"] != "yes" or row["faulty"]:
            continue
        needed = ("dimension", "member", "period", "commitment")
        missing = next((key for key in needed if row[key] is None), None)
        if missing is not None:
            answers.row_lacks(row, next(c for c in T_COMMITMENTS.columns if c.key == missing))
            continue
        worth = Decimal(UNIT_YUAN[answers.unit] * MICROS) / answers.step_micros
        steps = Decimal(repr(row["commitment"])) * worth
        if abs(steps - round(steps)) > Decimal("1e-6"):
            step = f"{(Decimal(answers.step_micros) / MICROS).normalize():f}"
            facts = {"found": text_of(row["commitment"]), "unit": UNITS[answers.unit][answers.lang], "step": step}
            fault = NotInSteps(label=_LABELS["commitment"][answers.lang], **facts)
            answers.problems.append(Problem(row["cells"]["commitment"], text_of(row["commitment"]), fault))
            continue
        if (row["dimension"], row["member"], row["period"]) not in taken:
            row_number = FROM_COMMITMENT + (place.row or 0)
            rest = Rest(row["rest"]) if row["rest"] else None
            asked = None if row["target"] is None else round(Decimal(repr(row["target"])) * worth)
            locks.append(Lock(row["period"], round(steps), row["dimension"], row["member"], row_number, rest, asked))
    return tuple(locks)


def standing_commitments(book: Book, unit: str) -> dict[tuple[str, str, str], int]:
    """Return what the table lists by now, in micros, by dimension, member and period."""
    at = _table_at(book)
    if at is None or "commitment" not in at.columns:
        return {}
    worth, found = UNIT_YUAN[unit] * MICROS, {}
    for (dimension, member, period), row in at.rows.items():
        value = at.cells.value(row, at.columns["commitment"])
        if isinstance(value, float):
            found[dimension, member, period] = round(Decimal(repr(value)) * worth)
    return found


@dataclass(frozen=True)
class _TableAt:
    """Where the table lies: its sheet and cells, the column of each key, its first and last row, the row of each
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
        dimension, member, period = (
            _period(cells.value(row, columns[name])) if name in columns else "" for name in _KEY
        )
        if dimension or member or period:
            rows.setdefault((dimension, member, period), row)
    return _TableAt(sheet.title, cells, columns, first, last, rows)


def plan_commitments(book: Book, made: Sequence[Made], unit: str, lang: Lang) -> Edits:
    """Plan what brings the table up to date; the first commitments make its sheet.

    A commitment that has not changed keeps headquarters' answer; one that has is to be answered anew.
    """
    at = _table_at(book)
    if at is None:
        title = sheet_title(SHEETS["commitments"][lang], [sheet.title for sheet in book.sheets])
        first = InputSheet(title, T_COMMITMENTS, tuple(_row(one, unit) for one in made))
        return Edits(inputs=(first,)) if made else Edits()
    cells, columns, first_row, last, known = at.cells, at.columns, at.first, at.last, at.rows
    spare = [
        row for row in range(first_row, last + 1) if not any(_filled(cells.value(row, i)) for i in columns.values())
    ]
    following, changes, problems = max(last, first_row - 1), dict[Address, Change](), list[Problem]()
    like: dict[Address, Address] = {}
    for one in made:
        row = known.get(one.key, 0)
        if not row:
            row = spare.pop(0) if spare else (following := following + 1)
            like |= {(row, i): (first_row, i) for i in columns.values()}
            changes |= dict.fromkeys(((row, i) for i in columns.values()), BLANK)
        elif "commitment" in columns:
            old = cells.value(row, columns["commitment"])
            reopened = _reopened(one, old, unit)
            if reopened is not None and "accepted" in columns and _filled(cells.value(row, columns["accepted"])):
                changes[row, columns["accepted"]] = BLANK
                problems.append(Problem(Place(at.title, row, columns["accepted"]), "", reopened, set_aside=False))
        for name, value in _row(one, unit).items():
            if name in columns and not _equal(cells.value(row, columns[name]), value):
                changes[row, columns[name]] = BLANK if value is None else value
    if not changes:
        return Edits(notes=tuple(problems))
    grows = (TableGrows(T_COMMITMENTS.name, following),) if following > last else ()
    return Edits((CellEdits(at.title, changes, like=like),), notes=tuple(problems), tables=grows)


_KEY = ("dimension", "member", "period")


def _row(one: Made, unit: str) -> dict[str, float | str | None]:
    worth = UNIT_YUAN[unit] * MICROS
    return {
        "dimension": one.dimension,
        "member": one.member,
        "period": one.period,
        "target": float(Decimal(one.target) / worth),
        "commitment": float(Decimal(one.commitment) / worth),
        "reason": one.reason or None,
        "origin": one.origin,
    }


def _reopened(one: Made, old: object, unit: str) -> Reopened | None:
    worth = UNIT_YUAN[unit] * MICROS
    if isinstance(old, float) and round(Decimal(repr(old)) * worth) == one.commitment:
        return None
    new = float(Decimal(one.commitment) / worth)
    return Reopened(member=one.member, period=one.period, old=text_of(old), new=text_of(new))


def _filled(value: object) -> bool:
    return value is not BLANK and not (isinstance(value, str) and not clean(value))


def _equal(old: object, new: object) -> bool:
    if new is None:
        return not _filled(old)
    if isinstance(old, float) and isinstance(new, float):
        return abs(old - new) <= 1e-9 * max(1.0, abs(new))
    return old == new


def _period(value: object) -> str:
    """A period as text: Excel may have made a date of `2026-03`."""
    if isinstance(value, float) and 30_000 < value < 80_000:
        return f"{dt.date(1899, 12, 30) + dt.timedelta(days=int(value)):%Y-%m}"
    return text_of(value)
