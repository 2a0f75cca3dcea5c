"""Targets that a person changes in a breakdown sheet become locks: what is fixed stays in every split to come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.edits import CellEdits, Edits
from xlsales.book.keyed import WrittenSheet
from xlsales.book.selection import Selection
from xlsales.book.spread_amounts import Part
from xlsales.core.a1 import Address
from xlsales.core.faults import Fault, Place, Problem, Refused
from xlsales.core.periods import Level, Period, Timeline
from xlsales.core.plan import MICROS, Dimension, Lock, Plan
from xlsales.layout.model import IDENTITY
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import BLANK
from xlsales.ooxml.changes import Change
from xlsales.plan.entering import Entering, columns_of
from xlsales.plan.inputs import Inputs
from xlsales.plan.targets import NotInBreakdown
from xlsales.plan.written_members import MEMBER
from xlsales.values.cell import as_decimal
from xlsales.vocabulary.plan_tables import T_DIMENSIONS, T_LOCKS

_DIMENSION = f"{IDENTITY}dimension:"


class TotalSelected(Fault):
    """The total of the plan among the targets that are to change."""

    zh = "这一格是总目标,它在“设置”里改:请在那里填新的总目标,再分解。"
    en = "This cell is the total target, which is entered in Settings: type the new one there, then split."


class OneWithinOther(Fault):
    """Selected targets of which one is a part of another."""

    zh = "这一格是“{other}”的一部分(或包含它),一起改会重复计算。请只选同一层的格。"
    en = 'This cell is a part of "{other}", or has it as a part: together they count twice. Select one level alone.'


class NoTarget(Fault):
    """A row of a breakdown sheet that is no member and no period, such as what is unassigned."""

    zh = "这一行不是成员,也不是期间,不能锁定。请选成员或期间的目标。"
    en = "This row is no member and no period, and cannot be locked. Select targets of members or periods."


class Target(Struct, frozen=True):
    """A target cell: whose it is (no dimension: the company's), and its period; None means all of a member's plan."""

    at: Address
    place: Place
    period: Period | None
    dimension: Dimension | None = None
    member: int = -1

    @property
    def name(self) -> str:
        """What it is called."""
        own = self.dimension.members[self.member].name if self.dimension else ""
        return " ".join(filter(None, [own, self.period.key if self.period else ""]))

    @property
    def key(self) -> tuple[str | None, str | None, str]:
        """What it is locked by."""
        period = self.period.key if self.period else ""
        if self.dimension is None:
            return None, None, period
        return self.dimension.name, self.dimension.members[self.member].name, period


def targets_in(sheet: WrittenSheet, selection: Selection, plan: Plan, timeline: Timeline) -> list[Target]:
    """Return the targets that the cells of a breakdown sheet are. Raises Refused, at those that cannot be locked."""
    rows = {row: key for key, row in sheet.rows.items()}
    columns = {column: key for key, column in sheet.columns.items()}
    reader = _Reader(sheet.identity.removeprefix(_DIMENSION), plan, timeline)
    targets: list[Target] = []
    problems: list[Problem] = []
    for at in selection.at:
        place = Place(sheet.title, *at)
        try:
            targets.append(reader.target(at, place, rows[at[0]], columns[at[1]]))
        except Fault as fault:
            problems.append(Problem(place, "", fault))
    problems += [Problem(one.place, "", OneWithinOther(other=other.name)) for one, other in _overlapping(targets)]
    if problems:
        raise Refused(problems)
    return targets


class _Reader:
    """Targets by the keys of their rows and columns, in 按时间 or in the sheet of a dimension."""

    def __init__(self, title: str, plan: Plan, timeline: Timeline) -> None:
        self._of_time = title == f"{IDENTITY}time"
        self._dimension = next((d for d in plan.dimensions if d.name == title), None)
        members = self._dimension.members if self._dimension else ()
        self._members = {member.name: i for i, member in enumerate(members)}
        self._periods = {period.key: period for level in Level for period in timeline.periods(level)}

    def target(self, at: Address, place: Place, row: str, column: str) -> Target:
        """Return the target of a cell; raises a Fault if it cannot be locked."""
        month = column.partition(":")[2]
        if row == "total" and not month:
            raise TotalSelected()
        if self._of_time:
            return Target(at, place, self._period(row))
        if row == "total":
            return Target(at, place, self._period(month))
        if not row.startswith(MEMBER):
            raise NoTarget()
        name = row.removeprefix(MEMBER)
        if self._dimension is None or name not in self._members:
            raise NotInBreakdown(name=name)
        period = self._period(month) if month else None
        return Target(at, place, period, self._dimension, self._members[name])

    def _period(self, key: str) -> Period:
        period = self._periods.get(key)
        if period is None:
            raise NoTarget()
        return period


def _overlapping(targets: Sequence[Target]) -> Iterator[tuple[Target, Target]]:
    """Yield targets that have a part in common with another one, each with that one."""
    of_company = [target for target in targets if target.dimension is None and target.period]
    in_order = sorted(of_company, key=lambda one: (one.period.start, one.period.start - one.period.end))  # type: ignore[union-attr]
    for before, one in pairwise(in_order):
        if before.period and one.period and one.period.start <= before.period.end:
            yield one, before
    of_members = {(target.member, target.period): target for target in targets if target.dimension is not None}
    for (member, period), target in of_members.items():
        if of_company:
            yield target, of_company[0]
            continue
        assert target.dimension is not None  # it is a member's
        above = member
        while above >= 0:
            for other in (of_members.get((above, None)), of_members.get((above, period))):
                if other is not None and other is not target:
                    yield target, other
            above = target.dimension.parents[above]


def closed(target: Target, plan: Plan, timeline: Timeline) -> bool:
    """Whether a target is of closed months alone."""
    ends = [m.end for m in timeline.periods(Level.MONTH) if plan.closed_through and m.end <= plan.closed_through]
    end = target.period.end if target.period else plan.end
    return bool(ends) and end <= ends[-1]


def parts_of(
    targets: Sequence[Target], selection: Selection, held: Collection[Address], plan: Plan, timeline: Timeline
) -> tuple[Part, ...]:
    """Return targets as amounts in the plan's unit; those of closed months stay, and blank ones stay blank."""
    parts = []
    for target in targets:
        value = selection.cell(target.at).value
        amount = as_decimal(value) * MICROS / plan.unit_micros if isinstance(value, float) else None
        stays = target.at in held or amount is None or closed(target, plan, timeline)
        parts.append(Part(target.at, target.place, amount, held=stays))
    return tuple(parts)


def step_of(targets: Sequence[Target], plan: Plan) -> Decimal:
    """Return the step of targets in the plan's unit; days and weeks of the company have that of days."""
    return Decimal(plan.day_step_micros if all(map(_is_short, targets)) else plan.step_micros) / plan.unit_micros


class Locked(Struct, frozen=True):
    """A plan with further locks, what writes them into its tables, and the target of each row that is written."""

    inputs: Inputs
    edits: Edits
    targets: Mapping[tuple[str, int], Target]


def locked(
    book: Book, inputs: Inputs, amounts: Sequence[tuple[Target, Decimal]], note: Callable[[Target], str]
) -> Locked:
    """Return the plan in which the targets are locked at amounts in its unit, each with a note.

    Raises a Fault if a table is gone.
    """
    plan = inputs.plan
    whole = [(target, amount) for target, amount in amounts if target.period is None]
    by_period = [(target, amount) for target, amount in amounts if target.period is not None]
    table = _LockRows(book, inputs) if by_period else None
    rows = (
        {} if table is None else {target.at: table.lock(target, amount, note(target)) for target, amount in by_period}
    )
    lock_rows = list(inputs.lock_rows)
    taken = {target.key for target, _ in by_period}
    locks = [lock for lock in plan.locks if _key(lock) not in taken]
    for target, amount in by_period:
        finer = plan.finer if _is_short(target) else 1
        steps = round(amount * plan.unit_micros * finer / plan.step_micros)
        lock_rows.append((T_LOCKS, rows[target.at]))
        dimension, member, period = target.key
        locks.append(Lock(period, steps, dimension, member, len(lock_rows), finer=finer))
    places = {} if table is None else {(table.title, rows[target.at]): target for target, _ in by_period}
    edits = Edits() if table is None else table.edits()
    dimensions = plan.dimensions
    if whole:
        dimensions, own, members = _with_members_locked(book, inputs, whole, note)
        edits += own
        places |= members
    changed = replace(plan, locks=tuple(locks), dimensions=dimensions)
    return Locked(replace(inputs, plan=changed, lock_rows=tuple(lock_rows)), edits, places)


def _key(lock: Lock) -> tuple[str | None, str | None, str]:
    return lock.dimension, lock.member, lock.period


def _is_short(target: Target) -> bool:
    """Whether a target is of a day or a week of the company, which may be finer than the plan's step."""
    return target.dimension is None and target.period is not None and target.period.level in (Level.WEEK, Level.DAY)


class _LockRows(Entering):
    """The table of locks: which row has a lock already, which is free, and what is written."""

    def __init__(self, book: Book, inputs: Inputs) -> None:
        super().__init__(book, T_LOCKS)
        self._there = {
            _key(lock): inputs.lock_rows[lock.row - 1][1] for lock in inputs.plan.locks if not lock.committed
        }

    def lock(self, target: Target, amount: Decimal, note: str) -> int:
        """Write a lock into its row, or into the next that is free; return the row."""
        row = self._there.get(target.key)
        if row is not None:
            return self.enter({"amount": float(amount)}, row)
        dimension, member, period = target.key
        words = {"dimension": dimension, "member": member, "period": period, "note": note or None}
        return self.enter({**words, "amount": float(amount)})


def _with_members_locked(
    book: Book, inputs: Inputs, whole: Sequence[tuple[Target, Decimal]], note: Callable[[Target], str]
) -> tuple[tuple[Dimension, ...], Edits, dict[tuple[str, int], Target]]:
    """The dimensions with members locked for the whole plan, and what writes that into their table.

    The note goes into a blank cell alone: a person's stays.
    """
    table = book.table(T_DIMENSIONS.name)
    assert table is not None  # the plan was read from it
    columns = columns_of(table, T_DIMENSIONS)
    sheet = book.sheet(table.area.sheet)
    assert sheet is not None  # a table is found through its sheet
    cells, notes = book.cells(sheet), columns.get("note")
    plan, changes, places = inputs.plan, dict[Address, Change](), dict[tuple[str, int], Target]()
    steps: dict[tuple[str, int], int] = {}
    for target, amount in whole:
        assert target.dimension is not None  # the total is no target to lock
        row = target.dimension.members[target.member].row
        changes[row, columns["locked"]] = float(amount)
        if notes is not None and cells.value(row, notes) in (BLANK, ""):
            changes[row, notes] = note(target)
        places[table.area.sheet, row] = target
        steps[target.dimension.name, target.member] = round(amount * plan.unit_micros / plan.step_micros)
    dimensions = tuple(
        replace(
            dimension,
            members=tuple(
                replace(member, locked=steps.get((dimension.name, i), member.locked))
                for i, member in enumerate(dimension.members)
            ),
        )
        for dimension in plan.dimensions
    )
    return dimensions, Edits((CellEdits(table.area.sheet, changes),)), places
