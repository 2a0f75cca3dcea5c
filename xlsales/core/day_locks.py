"""Locks of a member's days and weeks: what they fix in its days, and the least that its months are for them.

A locked week becomes locks of its days, along the company's days. A member's month is at least what is locked in it;
the member's other days of that month, and the other members on these days, pay. A parent's locked day is that of all
below it. `locked_days` shares the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil
from typing import Self

import numpy as np
from msgspec import Struct

from xlsales.core.allocation import LowerAboveTotal, UpperBelowTotal, allocate
from xlsales.core.arrays import Floats, Mask, Steps
from xlsales.core.faults import Fault, Listed
from xlsales.core.holds import Hold, conflict
from xlsales.core.opening import LockedWhileShut, open_spans
from xlsales.core.periods import Level, Period, Timeline
from xlsales.core.plan import Dimension, Lock, Plan
from xlsales.core.time_split import period_of
from xlsales.core.week_locks import WeekBesideLocks, WeekWithoutWeight, in_whole_steps

_FREE = -1
SHORT = (Level.WEEK, Level.DAY)
"""The levels of periods that are days, or become locks of days."""


class ShortLockUnderStretch(Fault):
    """A day or a week is locked for a member below which there is a stretch."""

    zh = "“{member}”的下级有加压,日和周不能锁定它:下级各日合计不等于它。请锁定最下级的成员,或改用月份,如 2026-03。"
    en = (
        'There is a stretch below "{member}": its days are not the sum of those below it, and cannot be locked. '
        "Lock the lowest members, or a month."
    )


class WeekPart(Struct, frozen=True):
    """What a member has of a locked week on its free days in a month: days and amount; `row` is the lock's."""

    member: int
    days: Steps
    amount: int
    row: int


class DayLocks(Struct, frozen=True):
    """The locked days of a dimension's members, n_members × n_days.

    `amounts` are in the unit of the company's days, below zero where nothing is locked; `finer` of them are one step.
    `rows` are the rows of the locks, `names` their names by row, `company` its days, `weeks` the weeks among them.
    """

    dimension: Dimension
    timeline: Timeline
    amounts: Steps
    rows: Steps
    names: dict[int, str]
    finer: int
    company: Steps
    weeks: list[WeekPart]

    @classmethod
    def of(
        cls, plan: Plan, timeline: Timeline, dimension: Dimension, company: Steps, finer: int, closed: Steps
    ) -> Self | None:
        """Return those of a plan along the `company`'s days; None without any.

        `closed` are members × months with a closed target in steps, below zero elsewhere. Raises a Fault of a lock.
        """
        shape = len(dimension.members), timeline.n_days
        self = cls(dimension, timeline, np.full(shape, _FREE), np.zeros(shape, dtype=np.int64), {}, finer, company, [])
        position = {member.name: i for i, member in enumerate(dimension.members)}
        fixed = np.where(closed >= 0, closed, np.nan)
        months, short = [month.key for month in timeline.periods(Level.MONTH)], []
        for lock in plan.locks:
            i = position.get(lock.member or "")
            if lock.dimension != dimension.name or i is None:
                continue
            period = period_of(lock, timeline)
            if period.level in SHORT and not lock.committed:
                short.append((i, period, lock))
            elif period.level is Level.MONTH and np.isnan(fixed[i, months.index(period.key)]):
                fixed[i, months.index(period.key)] = lock.amount
        spans = open_spans(dimension, timeline) if short else []
        depths = dimension.depths
        for i, period, lock in sorted(short, key=lambda one: (-depths[one[0]], one[1].days, one[1].start)):
            if not dimension.is_leaf(i) and _is_stretched(plan, dimension, i):
                raise ShortLockUnderStretch(member=lock.member, lock_row=lock.row, field="member")
            self._lock(i, period, lock, company, fixed[i], spans[i])
        return self if short else None

    def below(self, i: int) -> tuple[Steps, Mask]:
        """Return what is locked below a member on each day, and whether anything below it is free there."""
        held, free = np.zeros(self.timeline.n_days, dtype=np.int64), np.zeros(self.timeline.n_days, dtype=np.bool_)
        for child in self.dimension.children(i):
            own = self.amounts[child]
            inside, open_ = (0, True) if self.dimension.is_leaf(child) else self.below(child)
            held += np.where(own >= 0, own, inside)
            free |= (own < 0) & open_
        return held, free

    @property
    def parents(self) -> list[int]:
        """The members that have locks and members below them."""
        return [i for i in np.flatnonzero((self.rows > 0).any(axis=1)).tolist() if not self.dimension.is_leaf(i)]

    def _steps(self, units: int) -> Fraction:
        """Units of days as steps."""
        return Fraction(units, self.finer)

    def _lock(self, i: int, period: Period, lock: Lock, company: Steps, fixed: Floats, span: tuple[int, int]) -> None:
        """Lock the days of a period; those below a member, and shorter ones, come first."""
        member, at = self.dimension.members[i], self.timeline.slice_of(period)
        place: dict[str, int | str] = {"lock_row": lock.row, "field": "amount"}
        days = np.arange(at.start, at.stop)
        is_open = (days >= span[0]) & (days < span[1])
        if lock.amount and not is_open.any():
            opens, closes = (str(day) if day else "–" for day in (member.opens, member.closes))
            facts = {"member": member.name, "period": period.key, "opens": opens, "closes": closes}
            raise LockedWhileShut(amount=Fraction(lock.amount, lock.finer), **facts, **place)
        name = f"{member.name} {period.key}"
        self.names[lock.row] = name
        amount = lock.amount * self.finer // lock.finer
        inside, loose = (each[at] for each in self.below(i))
        bounds = {} if self.dimension.is_leaf(i) else {"lower": inside, "upper": np.where(loose, np.inf, inside)}
        if period.level is Level.DAY:
            if bounds and not bounds["lower"][0] <= amount <= bounds["upper"][0]:
                raise conflict(name, self._steps(amount), self._steps(int(inside[0])), 0, lock.row)
            self.amounts[i, at], self.rows[i, at] = amount, lock.row
            return
        before = self.amounts[i, at]
        free = (before < 0) & is_open
        held = int(np.maximum(before, 0).sum())
        if held > amount or (amount > held and not free.any()):
            raise conflict(name, self._steps(amount), self._steps(held), 0, lock.row)
        weights = np.where(free, company[at], 0)
        if amount > held and not weights.any():
            raise WeekWithoutWeight(period=name, amount=self._steps(amount - held), **place)
        parts = self._parts(i, at, amount, weights, fixed, company, span, place | {"name": name})
        month_of = self.timeline.index_of_day(Level.MONTH)[at]
        for month, part in parts.items():
            within = (month_of == month) & free
            limits = {side: most[within] for side, most in bounds.items()}
            try:
                self.amounts[i, days[within]] = allocate(part, weights[within], **limits)
            except (LowerAboveTotal, UpperBelowTotal):
                fixed_below = held + int(inside[free].sum())
                raise conflict(name, self._steps(amount), self._steps(fixed_below), 0, lock.row) from None
            self.rows[i, days[within]] = lock.row
            self.weeks.append(WeekPart(i, days[within], part, lock.row))

    def _parts(
        self, i: int, at: slice, amount: int, weights: Steps, fixed: Floats, company: Steps, span: tuple[int, int],
        facts: dict[str, int | str],
    ) -> dict[int, int]:  # fmt: skip
        """What of a week's free amount goes to each of its months, inside what locked or closed months leave."""
        month_of = self.timeline.index_of_day(Level.MONTH)
        own = self.amounts[i]
        rest = amount - int(np.maximum(own[at], 0).sum())
        months = list(dict.fromkeys(month_of[at].tolist()))
        pull = [int(weights[month_of[at] == month].sum()) for month in months]
        if len(months) == 1:
            return {months[0]: rest}
        rooms = []
        for month, weight in zip(months, pull, strict=True):
            least, most = 0, rest if weight else 0
            if weight and not np.isnan(fixed[month]):
                days = np.flatnonzero(month_of == month)
                outside = days[(days < at.start) | (days >= at.stop)]
                left = max(int(fixed[month]) * self.finer - int(np.maximum(own[days], 0).sum()), 0)
                free = (own[outside] < 0) & (company[outside] > 0) & (outside >= span[0]) & (outside < span[1])
                least, most = 0 if free.any() else left, min(most, left)
            rooms.append((least, most))
        low, high = max(rooms[0][0], rest - rooms[1][1]), min(rooms[0][1], rest - rooms[1][0])
        if low > high:
            least, most = (sum(room[side] for room in rooms) for side in (0, 1))
            apart = rest - most if rest > most else least - rest
            keys = [self.timeline.periods(Level.MONTH)[month].key for month in months]
            name = facts.pop("name")
            raise WeekBesideLocks(
                period=name, locked=self._steps(amount), months=Listed(keys), residual=self._steps(apart),
                least=self._steps(amount - rest + least), most=self._steps(amount - rest + most), **facts,
            )  # fmt: skip
        first = in_whole_steps(min(max(int(allocate(rest, pull)[0]), low), high), rest, self.finer, low, high)
        return {months[0]: first, months[1]: rest - first}

    # --- months -------------------------------------------------------------

    def floors(self, cells: Floats, lock_rows: Steps, closed: Steps) -> Steps:
        """Return the least of each member's months, in whole steps, for what is locked in their days.

        `cells` are members × months that are fixed, NaN elsewhere, with the rows of their locks; `closed` as above.
        Raises a Fault if a fixed month, or a member's lock, is below that.
        """
        floors = np.zeros(cells.shape, dtype=np.int64)
        for i in np.flatnonzero((self.rows > 0).any(axis=1)).tolist():
            member = self.dimension.members[i]
            by_day = np.where(self.amounts[i] >= 0, self.amounts[i], self.below(i)[0])
            for m, month in enumerate(self.timeline.periods(Level.MONTH)):
                at = self.timeline.slice_of(month)
                held = int(by_day[at].sum())
                floors[i, m] = ceil(self._steps(held))
                if not np.isnan(cells[i, m]) and floors[i, m] > cells[i, m]:
                    row, fixed = int(lock_rows[i, m]) or int(self.rows[i, at].max()), int(cells[i, m])
                    name, over = f"{member.name} {month.key}", closed[i, m] >= 0
                    if over:
                        raise MonthClosedBelow(period=name, closed=fixed, locked=self._steps(held), lock_row=row)
                    raise conflict(name, fixed, self._steps(held), 0, row)
            whole = int(np.where(np.isnan(cells[i]), floors[i], np.nan_to_num(cells[i])).sum())
            for field in ("locked", "upper"):
                most = getattr(member, field)
                if most is not None and whole > most:
                    fault = conflict(member.name, most, whole, 0, 0)
                    fault.facts.update(row=member.row, field=field)
                    raise fault
        return floors

    def fill_months(self, cells: Floats, lock_rows: Steps) -> None:
        """Fix the months (`cells`, and the rows of their locks) of members that have a lock on each open day of one."""
        spans = open_spans(self.dimension, self.timeline)
        for i in np.flatnonzero((self.rows > 0).any(axis=1)).tolist():
            for m, month in enumerate(self.timeline.periods(Level.MONTH)):
                at = self.timeline.slice_of(month)
                days = np.arange(at.start, at.stop)
                takes = (self.company[at] > 0) & (days >= spans[i][0]) & (days < spans[i][1])
                held = int(np.maximum(self.amounts[i, at], 0).sum())
                all_locked = takes.any() and (self.amounts[i, at][takes] >= 0).all()
                if all_locked and np.isnan(cells[i, m]) and held % self.finer == 0:
                    cells[i, m], lock_rows[i, m] = held // self.finer, int(self.rows[i, at].max())

    def holds(self, i: int, months: Sequence[int]) -> Iterator[Hold]:
        """Yield the locks of a member that are in some months, each with what of it is there, in whole steps."""
        inside = np.isin(self.timeline.index_of_day(Level.MONTH), months) & (self.rows[i] > 0)
        for row in np.unique(self.rows[i, inside]).tolist():
            amount = ceil(Fraction(int(self.amounts[i, inside & (self.rows[i] == row)].sum()), self.finer))
            yield Hold(self.names[row], amount, amount, row)


def _is_stretched(plan: Plan, dimension: Dimension, i: int) -> bool:
    """Whether a member's targets are not the sums of those below it."""
    for child in dimension.children(i):
        depth, own = dimension.depths[child], dimension.members[child].stretch
        level = plan.stretch[depth - 1] if depth <= len(plan.stretch) else 1.0
        if (level if own is None else own) != 1 or _is_stretched(plan, dimension, child):
            return True
    return False


class MonthClosedBelow(Fault):
    """Days are locked at more than the closed target of their month."""

    zh = "{period} 已关账,目标是 {closed},其中的日和周不能锁定为 {locked}。请改这个锁定,或改“已关账至”。"
    en = (
        "{period} is closed with {closed}: its days and weeks cannot be locked at {locked}. Change this lock, or "
        '"Closed through".'
    )
    amounts = ("closed", "locked")
