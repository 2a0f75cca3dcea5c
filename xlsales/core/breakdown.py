"""The breakdown: one coherent set of targets over time and over every dimension.

Rules, in this order:

1. Time first. The total goes down year → half-year → quarter → month → day;
   at each step the parts of a period add up to it exactly. Months and longer
   periods are whole steps, days whole day steps, which may be finer.
2. Then each dimension: month by month, at every member, the target less what is
   fixed anywhere below goes to the weights of what is free below. A family (a
   member's children) adds up to the parent's target times the stretch.
3. Then members × months, family by family: both margins exact, each cell within
   one step of its share.
4. A hold (lock, bound, closed month) stays; all that is free pays for it, in
   proportion to its weight, and no parent alone. What nobody may take
   (every sibling locked, less than the parent) is shown as unassigned. A member's lock over several months follows
   what these would be without it. Locks that pass their parent's month, times the stretch, are refused.
5. A commitment that leaves its rest to a reserve or to the total is no lock: the plan is split without it, and then
   its member's months come down, and with them what is above it or what is unassigned. No sibling changes.
6. Closed months keep the targets they were written with, in whatever steps. A new
   member has nothing in them, but the first members below another one share what that
   one has; what a member that is gone had in them is shown as
   unassigned. A member that moves takes its own along: parents follow the members
   they have now.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from xlsales.core.arrays import Mask, Steps
from xlsales.core.concessions import Split, company_locks, concede, lowered_before, lowering
from xlsales.core.families import split_dimension
from xlsales.core.faults import Fault
from xlsales.core.locks import check_locks
from xlsales.core.member_holds import FREE
from xlsales.core.periods import Level, Timeline
from xlsales.core.plan import Dimension, Plan, Rest
from xlsales.core.shapes import Shapes
from xlsales.core.time_split import split_days

_LARGE = 20_000
"""Plans with more members × months are not tried with each earlier closing: one split takes a noticeable while."""


@dataclass(frozen=True)
class DimensionBreakdown:
    """A dimension's targets in steps: `months[n_members, n_months]`, members in pre-order.

    Per level from the top, `stretch[depth - 1]` is what its families were asked to carry above
    their parents' targets, and `unassigned[depth - 1]` what no member of theirs may take.
    """

    dimension: Dimension
    months: Steps
    stretch: Steps
    unassigned: Steps

    @property
    def targets(self) -> Steps:
        """Each member's target for the whole plan."""
        return np.asarray(self.months.sum(axis=1))


@dataclass(frozen=True)
class Breakdown:
    """The coherent set of targets: per day for the company, per month for every member.

    Months are in steps; of `days`, `finer` are one step: a multiple of the plan's `finer`, for days that closed may
    be finer than its day step.
    """

    plan: Plan
    timeline: Timeline
    days: Steps
    dimensions: Mapping[str, DimensionBreakdown]
    finer: int = 1

    @cached_property
    def months(self) -> Steps:
        """The company's target per month."""
        return _by_month(self.days, self.timeline) // self.finer

    @property
    def day_micros(self) -> int:
        """What `days` count, in micro-yuan."""
        return self.plan.step_micros // self.finer


@dataclass(frozen=True)
class Written:
    """Targets that stand in the workbook already, for closed periods to be kept; below zero where there is none.

    Months are in steps, `finer` of `days` are one step.
    """

    days: Steps
    months: Mapping[str, Mapping[str, Steps]]  # dimension → member name → months
    finer: int = 1

    @classmethod
    def of(cls, breakdown: Breakdown) -> Self:
        """The targets of a breakdown, as if they stood in the workbook."""
        months = {
            name: {m.name: row for m, row in zip(part.dimension.members, part.months, strict=True)}
            for name, part in breakdown.dimensions.items()
        }
        return cls(breakdown.days, months, breakdown.finer)


@dataclass(frozen=True)
class Vanished:
    """A member that has targets in closed months of the workbook and is no longer in the plan; steps."""

    dimension: str
    name: str
    amount: int


def vanished(plan: Plan, timeline: Timeline, written: Written | None) -> list[Vanished]:
    """Return the members that are gone with targets in closed months, the largest amount of a dimension first.

    A parent that is gone stands beside its children that are gone: their amounts are the same money.
    """
    closed = _closed_months(plan, timeline)
    found: list[Vanished] = []
    for dimension in plan.dimensions:
        names = {member.name for member in dimension.members}
        rows = written.months.get(dimension.name, {}) if written is not None else {}
        amounts = {name: int(np.maximum(row[closed], 0).sum()) for name, row in rows.items() if name not in names}
        gone = sorted(amounts.items(), key=lambda item: -item[1])
        found += [Vanished(dimension.name, name, amount) for name, amount in gone if amount]
    return found


def sum_by(values: NDArray[Any], groups: NDArray[np.intp], n: int) -> NDArray[Any]:
    """Sum `values` (last axis) into `n` groups, exactly for integers."""
    out = np.zeros((*values.shape[:-1], n), dtype=values.dtype)
    np.add.at(out.T, groups, values.T)
    return out


def break_down(plan: Plan, timeline: Timeline, shapes: Shapes, written: Written | None = None) -> Breakdown:
    """Split the plan's total over time and over every dimension, coherently.

    `written` are the targets in the workbook; those of months that ended on or
    before `plan.closed_through` are kept. Raises a Fault where a sum cannot close.
    """
    check_locks(plan, timeline)
    nothing = _Kept.of(plan, timeline, None)
    kept = _Kept.of(plan, timeline, written)
    if not kept.any:
        return _break_down(plan, timeline, shapes, nothing)
    for earlier in kept.earlier():
        with suppress(Fault):  # around what is closed it may close
            lowers = any(lock.rest is Rest.LOWER for lock in plan.locks)
            if lowers or kept.fits(split_days(plan, timeline, shapes, earlier.days, kept.finer)):
                before = _break_down(plan, timeline, shapes, earlier)
                if kept.agrees_with(before):  # closing months that are as planned changes nothing
                    days = kept.over(before.days)
                    if not np.array_equal(days, before.days):
                        split_days(plan, timeline, shapes, kept.days, kept.finer)  # no lock contradicts a closed day
                    return replace(before, days=days)
    split = _break_down(plan, timeline, shapes, kept)
    if kept.is_whole and kept.agrees_with(split):
        return split
    # Members that close for the first time, or moved, are kept as they are from now on: a second run changes nothing.
    return break_down(plan, timeline, shapes, Written.of(split))


def _break_down(plan: Plan, timeline: Timeline, shapes: Shapes, kept: _Kept) -> Breakdown:
    """Split the time, then each dimension; first the one with commitments that lower the total: others follow."""
    apart = lowering(plan)
    plan = replace(plan, total=plan.total - lowered_before(plan, timeline, kept.closed_months))
    days = split_days(plan, timeline, shapes, kept.days, kept.finer)
    parts: dict[str, DimensionBreakdown] = {}
    for dimension in sorted(plan.dimensions, key=lambda one: one.name != apart):
        company = _by_month(days, timeline) // kept.finer

        def split(using: Plan, dimension: Dimension = dimension, company: Steps = company) -> Split:
            return split_dimension(using, timeline, dimension, shapes, company, kept.members[dimension.name])

        *found, less = concede(plan, timeline, dimension, split, company, kept.members[dimension.name])
        parts[dimension.name] = DimensionBreakdown(dimension, *found)
        if less.any():
            locks = company_locks(plan, timeline, company - less, kept.closed_months)
            lower = replace(plan, total=plan.total - int(less.sum()), locks=locks)
            days = split_days(lower, timeline, shapes, kept.days, kept.finer)
            plan = replace(plan, total=lower.total)
    in_order = {dimension.name: parts[dimension.name] for dimension in plan.dimensions}
    return Breakdown(plan, timeline, days, in_order, kept.finer)


def _by_month(days: Steps, timeline: Timeline) -> Steps:
    return sum_by(days, timeline.index_of_day(Level.MONTH), len(timeline.periods(Level.MONTH)))


def _closed_months(plan: Plan, timeline: Timeline) -> Mask:
    last = plan.closed_through
    return np.array([last is not None and month.end <= last for month in timeline.periods(Level.MONTH)])


@dataclass(frozen=True)
class _Kept:
    """The targets of closed months, FREE elsewhere: per day, and per dimension members × months.

    Of the days `finer` are one step, so that both the plan's day steps and what was written are whole.
    """

    closed: Mask
    days: Steps
    members: Mapping[str, Steps]
    month_of_day: NDArray[np.intp]
    finer: int

    @classmethod
    def of(cls, plan: Plan, timeline: Timeline, written: Written | None) -> Self:
        """Take from `written` what is in whole months that are closed."""
        months, closed = timeline.periods(Level.MONTH), _closed_months(plan, timeline)
        days = np.full(timeline.n_days, FREE, dtype=np.int64)
        members = {d.name: np.full((len(d.members), len(months)), FREE, dtype=np.int64) for d in plan.dimensions}
        finer = plan.finer if written is None else math.lcm(plan.finer, written.finer)
        if written is not None:
            inside = closed[timeline.index_of_day(Level.MONTH)] & (written.days >= 0)
            days[inside] = written.days[inside] * (finer // written.finer)
            for dimension in plan.dimensions:
                rows = written.months.get(dimension.name, {})
                for i, member in enumerate(dimension.members):
                    if member.name in rows:
                        members[dimension.name][i, closed] = np.maximum(rows[member.name][closed], FREE)
        return cls(closed, days, members, timeline.index_of_day(Level.MONTH), finer)

    @property
    def any(self) -> bool:
        """Whether there is anything to keep."""
        return bool((self.days >= 0).any())

    @property
    def is_whole(self) -> bool:
        """Whether every day and every member was written in every closed month."""
        days = self.days[: int(np.flatnonzero(self.days >= 0)[-1]) + 1]
        return bool((days >= 0).all()) and all((cells[:, self.closed] >= 0).all() for cells in self.members.values())

    def earlier(self) -> Iterator[_Kept]:
        """What was kept when fewer months were closed, none first; of large plans that alone."""
        months = int(self.closed.sum())
        large = sum(cells.size for cells in self.members.values()) > _LARGE
        for count in range(1 if large or not self.is_whole else months):
            free = np.arange(len(self.closed)) >= count
            days = np.where(free[self.month_of_day], FREE, self.days)
            members = {name: np.where(free, FREE, cells) for name, cells in self.members.items()}
            yield _Kept(self.closed & ~free, days, members, self.month_of_day, self.finer)

    @property
    def closed_months(self) -> Mask:
        """The months that keep their days."""
        return np.asarray(np.bincount(self.month_of_day, self.days >= 0, len(self.closed)) > 0)

    def fits(self, days: Steps) -> bool:
        """Whether days are, by themselves, what is to be kept, or come to the closed months that are.

        They come to the months alone where the day step or the days' method has changed since.
        """
        at = self.days >= 0
        if np.array_equal(self.days[at], days[at]):
            return True
        kept, months = (sum_by(each, self.month_of_day, len(self.closed)) for each in (self.days, days))
        return self.is_whole and np.array_equal(kept[self.closed], months[self.closed])

    def over(self, days: Steps) -> Steps:
        """Days with those that are to be kept in their places."""
        return np.where(self.days >= 0, self.days, days)

    def agrees_with(self, other: Breakdown) -> bool:
        """Whether a breakdown has, by itself, what is to be kept."""
        pairs = [(self.members[name], part.months) for name, part in other.dimensions.items()]
        return self.fits(other.days) and all(np.array_equal(kept[kept >= 0], found[kept >= 0]) for kept, found in pairs)
