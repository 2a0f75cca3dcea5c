"""A month in which days of members are locked: the members' months over its days, around the locks.

1. Rows are the lowest members, columns the company's days; both sums are exact, and locked cells stay.
2. A locked week goes along the company's days. If other locks leave no room for that, it goes where there is room: then
   it is a row of its own, which has only its days.
3. A parent's locked day is shared by what is free below it. So the days of such parents, and of all others, are shared
   first, and then what each parent has on a day among those below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Self

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats, Steps
from xlsales.core.day_locks import DayLocks, WeekPart
from xlsales.core.faults import Fault
from xlsales.core.holds import Hold, above_total, conflict
from xlsales.core.matrix import LockedAboveMargin, UnreachableTotals, allocate_matrix
from xlsales.core.periods import Level


def share_around(locks: DayLocks, rows: Steps, columns: Steps, weights: Floats, at: slice, unit: int) -> Steps:
    """Share the lowest members' months (`rows`) over the days of one, in the unit of days; both sums are exact.

    Cells are multiples of `unit`, as far as the rows, the columns and the locks are.
    Raises a Fault if the locks do not fit a day of the company, or nothing may take what they leave.
    """
    try:
        return _Rows.of(locks, rows, weights, at, loose_weeks=False).share(columns, unit)
    except Fault:
        if not any(at.start <= week.days[0] < at.stop for week in locks.weeks):
            raise
    return _Rows.of(locks, rows, weights, at, loose_weeks=True).share(columns, unit)


class _Rows(Struct, frozen=True):
    """What is shared over the days of a month: the lowest members, and locked weeks by themselves.

    `members` are their positions in the dimension, `locked` their cells, below zero where free; `asked` are the locked
    days of all members, `weeks` the locked weeks of parents that go where there is room.
    """

    locks: DayLocks
    at: slice
    members: list[int]
    names: list[str]
    totals: Steps
    locked: Steps
    weights: Floats
    asked: Steps
    weeks: list[WeekPart]

    @classmethod
    def of(cls, locks: DayLocks, totals: Steps, weights: Floats, at: slice, *, loose_weeks: bool) -> Self:
        """Return a row for each lowest member; with `loose_weeks` one for each of its locked weeks, too."""
        leaves = locks.dimension.leaves
        asked = locks.amounts[:, at].copy()
        names = [locks.dimension.members[i].name for i in leaves]
        weeks = [week for week in locks.weeks if loose_weeks and at.start <= week.days[0] < at.stop]
        for week in weeks:
            asked[week.member, week.days - at.start] = -1
        totals, weights, locked = totals.copy(), weights.copy(), asked[leaves]
        position = {i: n for n, i in enumerate(leaves)}
        of_leaves = [week for week in weeks if week.member in position]
        more = np.zeros((len(of_leaves), weights.shape[1]))
        for week, pull in zip(of_leaves, more, strict=True):
            n, days = position[week.member], week.days - at.start
            pull[days] = weights[n, days]
            pull *= week.amount / (pull.sum() or 1.0)
            totals[n] -= week.amount
            weights[n, days] = 0.0
        if of_leaves:
            rest, left = weights.sum(axis=1), totals - np.maximum(locked, 0).sum(axis=1)
            weights *= np.divide(left, rest, out=np.ones(len(rest)), where=rest > 0)[:, None]
        return cls(
            locks, at, [*leaves, *(week.member for week in of_leaves)],
            [*names, *(locks.names[week.row] for week in of_leaves)],
            np.concatenate([totals, np.array([week.amount for week in of_leaves], dtype=np.int64)]),
            np.concatenate([locked, np.full(more.shape, -1)]), np.concatenate([weights, more]),
            asked, [week for week in weeks if week.member not in position],
        )  # fmt: skip

    def share(self, columns: Steps, unit: int) -> Steps:
        """Return the days of the lowest members. Raises a Fault of what does not fit."""
        parents = [i for i in self.locks.parents if (self.locks.rows[i, self.at] > 0).any()]
        weeks = np.array([unit, *(week.amount for week in self.weeks)], dtype=np.int64)
        amounts: list[Steps] = [self.totals, columns, np.maximum(self.asked, 0).ravel(), weeks]
        step = int(np.gcd.reduce(np.concatenate(amounts)))
        if parents:
            cells = _Tree(self, parents, step).share(columns // step)
        else:
            held = np.maximum(self.locked, 0)
            self.check_days(columns, held.sum(axis=0), self.locks.dimension.leaves, 1)
            fixed = np.where(self.locked >= 0, self.locked // step, np.nan)
            try:
                cells = allocate_matrix(self.totals // step, columns // step, self.weights, locked=fixed)
            except Fault as fault:
                raise self.told(fault, self.names, step) from None
        days = np.zeros((len(self.locks.dimension.leaves), len(columns)), dtype=np.int64)
        position = {i: n for n, i in enumerate(self.locks.dimension.leaves)}
        np.add.at(days, [position[i] for i in self.members], cells * step)
        return days

    def check_days(self, columns: Steps, held: Steps, members: Sequence[int], step: int, of: str | None = None) -> None:
        """Raise HeldAboveTotal if what `members` have locked on a day is more than there is, in units of `step`."""
        for day in np.flatnonzero(held > columns)[:1].tolist():
            holds = [
                Hold(self.locks.names[row], amount, amount, row)
                for i in members
                if (units := int(self.asked[i, day])) > 0
                if (amount := self._steps(units)) and (row := int(self.locks.rows[i, self.at.start + day]))
            ]
            raise above_total(self._steps(int(columns[day]) * step), 0, holds, of=of, month=self._days[day])

    @property
    def _days(self) -> list[str]:
        return [day.key for day in self.locks.timeline.periods(Level.DAY)[self.at]]

    def _steps(self, units: int) -> Fraction:
        return Fraction(units, self.locks.finer)

    def told(self, fault: Fault, names: Sequence[str], step: int) -> Fault:
        """Return a fault with the names of its rows, its amounts in steps, and the place of a lock."""
        if isinstance(fault, LockedAboveMargin | UnreachableTotals):
            fault = fault.named(names, self._days)
        for key in {*fault.amounts, "amount"} & fault.facts.keys():
            fault.facts[key] = self._steps(int(fault.facts[key]) * step)
        if "steps" in fault.facts:
            fault.facts["steps"] = tuple(self._steps(int(steps) * step) for steps in fault.facts["steps"])
        fault.facts |= {"lock_row": int(self.locks.rows[:, self.at].max()), "field": "amount"}
        return fault


class _Branch(Struct):
    """What is shared below a parent: a row, or all rows below a member (-1: a row).

    `need` is what is locked in it by day, `pull` the weights of what is free.
    """

    name: str
    member: int
    row: int
    total: int
    need: Steps
    pull: Floats


class _Tree:
    """The rows below parents with locked days, shared from the top down; amounts are in units of `step`."""

    def __init__(self, rows: _Rows, parents: Sequence[int], step: int) -> None:
        self._rows, self._step, self._dimension = rows, step, rows.locks.dimension
        self._split = {up for i in parents for up in self._upwards(i)}
        self._below: dict[int, list[int]] = {}
        for n, member in enumerate(rows.members):
            above = self._upwards(self._dimension.parents[member])
            self._below.setdefault(next(up for up in above if up in self._split), []).append(n)
        self._branches: dict[int, list[_Branch]] = {}
        self._cells = np.zeros(rows.locked.shape, dtype=np.int64)

    def share(self, columns: Steps) -> Steps:
        """Return the cells of all rows."""
        self._grow(-1)
        self._share(-1, columns)
        return self._cells

    def _upwards(self, member: int) -> list[int]:
        chain = []
        while member >= 0:
            chain.append(member)
            member = self._dimension.parents[member]
        return [*chain, -1]

    def _grow(self, parent: int) -> _Branch:
        """Make the branches below a parent, and return what it is for those above it."""
        rows, step = self._rows, self._step
        inner = [child for child in self._dimension.children(parent) if child in self._split]
        branches = [self._grow(child) for child in inner]
        for n in self._below.get(parent, []):
            locked = rows.locked[n]
            pull = np.where(locked >= 0, 0.0, rows.weights[n])
            need = np.maximum(locked, 0) // step
            branches.append(_Branch(rows.names[n], -1, n, int(rows.totals[n]) // step, need, pull))
        self._branches[parent] = branches
        asked = rows.asked[parent] if parent >= 0 else np.full(rows.locked.shape[1], -1)
        need = np.where(asked >= 0, asked // step, sum(branch.need for branch in branches))
        pull = np.where(asked >= 0, 0.0, sum(branch.pull for branch in branches))
        name = self._dimension.members[parent].name if parent >= 0 else ""
        return _Branch(name, parent, -1, sum(branch.total for branch in branches), need, pull)

    def _share(self, parent: int, columns: Steps) -> None:
        """Share what a parent has on each day among the branches below it."""
        rows, branches = self._rows, self._branches[parent]
        need = np.array([branch.need for branch in branches])
        name = self._dimension.members[parent].name if parent >= 0 else None
        rows.check_days(columns, need.sum(axis=0), list(self._holders(parent)), self._step, name)
        lines = [(n, branch.total - int(branch.need.sum()), branch.pull) for n, branch in enumerate(branches)]
        for week in rows.weeks:  # a parent's week that goes where there is room is a line of its own
            n = next((n for n, branch in enumerate(branches) if branch.member == week.member), -1)
            if n < 0:
                continue
            days = week.days - rows.at.start
            inside = np.isin(np.arange(len(columns)), days)
            amount = week.amount // self._step - int(branches[n].need[days].sum())
            lines.append((n, amount, np.where(inside, branches[n].pull, 0.0)))
            lines[n] = (n, lines[n][1] - amount, np.where(inside, 0.0, lines[n][2]))
        totals, pull = np.array([total for _, total, _ in lines]), np.array([one for *_, one in lines])
        for n, total, _ in lines:
            if total < 0:
                held = self._rows.locks.finer
                raise conflict(branches[n].name, Fraction((branches[n].total) * self._step, held),
                               Fraction(int(branches[n].need.sum()) * self._step, held), 0,
                               int(rows.locks.rows[:, rows.at].max()))  # fmt: skip
        try:
            cells = allocate_matrix(totals, columns - need.sum(axis=0), pull)
        except Fault as fault:
            raise rows.told(fault, [branches[n].name for n, *_ in lines], self._step) from None
        np.add.at(need, [n for n, *_ in lines], cells)
        for branch, days in zip(branches, need, strict=True):
            if branch.member >= 0:
                self._share(branch.member, days)
            else:
                self._cells[branch.row] += days

    def _holders(self, parent: int) -> Iterator[int]:
        """The members below a parent that have locked days, the highest of them."""
        for child in self._dimension.children(parent):
            if (self._rows.asked[child] >= 0).any():
                yield child
            else:
                yield from self._holders(child)
