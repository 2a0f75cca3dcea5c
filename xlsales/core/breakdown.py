"""The breakdown: one coherent set of targets over time and over every dimension.

Rules, in this order:

1. Time first. The total goes down year → half-year → quarter → month → day;
   at each step the parts of a period add up to it exactly. Months and longer
   periods are whole steps, days whole day steps, which may be finer.
2. Then each dimension: month by month, at every member, the target less the fixed
   amounts anywhere below is shared by the weights of the free members below. A family
   (a member's children) adds up to the parent's target times the stretch.
3. Then members × months, family by family: both margins exact, each cell within
   one step of its share.
4. A hold (lock, bound, closed month) stays. All that is free pays for it, in
   proportion to its weight; no parent pays alone. An amount that nobody may take
   (every sibling is locked, below the parent) is shown as unassigned. A member's lock over several months follows
   what these would be without it. Locks above their parent's month, times the stretch, are refused.
5. A commitment with a reserve or a lower total for its rest is no lock: the plan is split without it. Then its
   member's months come down, and with them the members above it, or the unassigned amount grows. No sibling changes.
   So it is with what a member need not reach any more (`Waiver`). A reserve of the company is taken off its months
   before dimensions are split.
6. Closed months keep their earlier targets, in whatever steps these are. A new
   member has nothing in them, but the first members below another one share that
   member's targets. The targets of a removed member are shown as unassigned. A member
   that moves keeps its targets: parents follow the members they have now.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, Self

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from xlsales.core.adjusted import Adjusted
from xlsales.core.arrays import Mask, Steps
from xlsales.core.concessions import Split, company_locks, concede, lowered_before, lowering, reserved
from xlsales.core.day_locks import DayLocks
from xlsales.core.families import split_dimension
from xlsales.core.faults import Fault
from xlsales.core.locks import check_locks
from xlsales.core.member_holds import FREE, ClosedMonths
from xlsales.core.periods import Level, Timeline
from xlsales.core.plan import Dimension, Plan, Rest
from xlsales.core.shapes import Shapes
from xlsales.core.time_split import split_days
from xlsales.core.tree import Parents, parents_of, with_other_families

_LARGE = 20_000
"""Plans with more members × months are not tried with each earlier closing, because one split takes long."""


class DimensionBreakdown(Struct, frozen=True):
    """A dimension's targets in steps: `months[n_members, n_months]`, members in pre-order.

    Per level from the top, `stretch[depth - 1]` is what its families carry above their
    parents' targets, and `unassigned[depth - 1]` what none of their members may take.
    """

    dimension: Dimension
    months: Steps
    stretch: Steps
    unassigned: Steps

    @property
    def targets(self) -> Steps:
        """Each member's target for the whole plan."""
        return np.asarray(self.months.sum(axis=1))


class Breakdown(Struct, frozen=True, dict=True):
    """The coherent set of targets: per day for the company, per month for every member.

    Months are in steps. `days` are in a finer unit: `finer` of them are one step. That is a multiple of the plan's
    `finer`, because closed days may be finer than its day step.
    """

    plan: Plan
    timeline: Timeline
    days: Steps
    dimensions: Mapping[str, DimensionBreakdown]
    finer: int = 1
    adjusted: tuple[Adjusted, ...] = ()
    """What transfers and reliefs did to it."""

    @cached_property
    def months(self) -> Steps:
        """The company's target per month."""
        return _by_month(self.days, self.timeline) // self.finer

    @property
    def day_micros(self) -> int:
        """The unit of `days`, in micro-yuan."""
        return self.plan.step_micros // self.finer


class EarlierTargets(Struct, frozen=True):
    """The targets that are in the workbook before a split; below zero means none. Closed periods keep them.

    Months are in steps, `finer` of `days` are one step.
    """

    days: Steps
    months: Mapping[str, Mapping[str, Steps]]  # dimension → member name → months
    parents: Mapping[str, Parents]  # by dimension
    finer: int = 1

    @classmethod
    def of(cls, breakdown: Breakdown) -> Self:
        """The targets of a breakdown, as if they were in the workbook."""
        months = {
            name: {m.name: row for m, row in zip(part.dimension.members, part.months, strict=True)}
            for name, part in breakdown.dimensions.items()
        }
        parents = {name: parents_of(part.dimension) for name, part in breakdown.dimensions.items()}
        return cls(breakdown.days, months, parents, breakdown.finer)


class RemovedMember(Struct, frozen=True):
    """A member with targets in closed months of the workbook (in steps) that is no longer in the plan."""

    dimension: str
    name: str
    amount: int


def removed_members(plan: Plan, timeline: Timeline, earlier: EarlierTargets | None) -> list[RemovedMember]:
    """Return the removed members with targets in closed months, the largest amount of a dimension first.

    A removed parent is in the list with its removed children: their amounts are the same money.
    """
    closed = _closed_months(plan, timeline)
    removed: list[RemovedMember] = []
    for dimension in plan.dimensions:
        names = {member.name for member in dimension.members}
        rows = earlier.months.get(dimension.name, {}) if earlier is not None else {}
        amounts = {name: int(np.maximum(row[closed], 0).sum()) for name, row in rows.items() if name not in names}
        largest_first = sorted(amounts.items(), key=lambda item: -item[1])
        removed += [RemovedMember(dimension.name, name, amount) for name, amount in largest_first if amount]
    return removed


def sum_by(values: NDArray[Any], groups: NDArray[np.intp], n: int) -> NDArray[Any]:
    """Sum `values` (last axis) into `n` groups, exactly for integers."""
    out = np.zeros((*values.shape[:-1], n), dtype=values.dtype)
    np.add.at(out.T, groups, values.T)
    return out


def break_down(plan: Plan, timeline: Timeline, shapes: Shapes, earlier: EarlierTargets | None = None) -> Breakdown:
    """Split the plan's total over time and over every dimension, coherently.

    Months that ended on or before `plan.closed_through` keep their `earlier` targets.
    Raises a Fault if a sum cannot close.
    """
    check_locks(plan, timeline)
    closed = _ClosedTargets.of(plan, timeline, earlier)
    if not closed.any:
        return _break_down(plan, timeline, shapes, _ClosedTargets.of(plan, timeline, None))

    def over(days: Steps) -> Steps:
        with_closed = closed.over(days)
        if not np.array_equal(with_closed, days):
            split_days(plan, timeline, shapes, closed.days, closed.finer)  # no lock contradicts a closed day
        return with_closed

    lowers = bool(plan.going_to(Rest.LOWER))
    days: Steps | None = None  # of the company, that have the closed ones by themselves
    befores: list[Breakdown] = []
    for fewer in closed.with_fewer_months():
        with suppress(Fault):  # with the closed targets it may close
            if not lowers and days is None:
                by_themselves = split_days(plan, timeline, shapes, fewer.days, closed.finer)
                days = by_themselves if closed.fits(by_themselves) else None
            if lowers or days is not None:
                before = _break_down(plan, timeline, shapes, fewer, days)
                if closed.agrees_with(before):  # closing months that are as planned changes nothing
                    return replace(closed.with_parts_as_before(before, befores), days=over(before.days))
                befores.append(before)
    lowered = next((before for before in befores if lowers and closed.fits(before.days)), None)
    if lowered is not None and closed.has(lowering(plan) or "", lowered):
        # Whoever lowers the total is as planned: its siblings stay to the step, others follow the company's months.
        days = over(lowered.days)
        after = _break_down(_without_lowering(plan, lowered.plan.total), timeline, shapes, closed, days)
        return replace(closed.with_parts_as_before(after, [lowered]), plan=lowered.plan)
    split = _break_down(plan, timeline, shapes, closed, None if days is None else over(days))
    split = closed.with_parts_as_before(split, befores)
    if closed.is_whole and closed.agrees_with(split):
        return split
    # Members that close for the first time, or moved, keep these targets from now on: a second run changes nothing.
    return break_down(plan, timeline, shapes, EarlierTargets.of(split))


def _without_lowering(plan: Plan, total: int) -> Plan:
    """A plan with a total that is lowered already, without what lowers it."""
    locks, waivers = ([one for one in many if one.rest is not Rest.LOWER] for many in (plan.locks, plan.waivers))
    return replace(plan, total=total, locks=tuple(locks), waivers=tuple(waivers))


def _break_down(
    plan: Plan, timeline: Timeline, shapes: Shapes, closed: _ClosedTargets, days: Steps | None = None
) -> Breakdown:
    """Split the time, then each dimension. The one with commitments that lower the total is first: others follow it.

    `days` are the company's, if they are known.
    """
    first = lowering(plan)
    plan = replace(plan, total=plan.total - lowered_before(plan, timeline, closed.closed_months))
    if days is None:
        days = split_days(plan, timeline, shapes, closed.days, closed.finer)
    parts: dict[str, DimensionBreakdown] = {}
    for dimension in sorted(plan.dimensions, key=lambda one: one.name != first):
        months = _by_month(days, timeline) // closed.finer
        kept = reserved(plan, timeline, months, closed.closed_months)
        company = months - kept

        def split(using: Plan, dimension: Dimension = dimension, company: Steps = company, days: Steps = days) -> Split:
            name, using = dimension.name, replace(using, total=int(company.sum()))
            past = closed.members[name]
            locked = DayLocks.of(using, timeline, dimension, days, closed.finer, past)
            months = ClosedMonths(past, closed.moved[name], locked)
            return split_dimension(using, timeline, dimension, shapes, company, months)

        *part, reduction = concede(plan, timeline, dimension, split, company, closed.members[dimension.name])
        parts[dimension.name] = DimensionBreakdown(dimension, *part)
        parts[dimension.name].unassigned[:1] += kept.sum()
        if reduction.any():
            locks = company_locks(plan, timeline, months - reduction, closed.closed_months)
            lower = replace(plan, total=plan.total - int(reduction.sum()), locks=locks)
            days = split_days(lower, timeline, shapes, closed.days, closed.finer)
            plan = replace(plan, total=lower.total)
    in_order = {dimension.name: parts[dimension.name] for dimension in plan.dimensions}
    return Breakdown(plan, timeline, days, in_order, closed.finer)


def _by_month(days: Steps, timeline: Timeline) -> Steps:
    return sum_by(days, timeline.index_of_day(Level.MONTH), len(timeline.periods(Level.MONTH)))


def _closed_months(plan: Plan, timeline: Timeline) -> Mask:
    last = plan.closed_through
    return np.array([last is not None and month.end <= last for month in timeline.periods(Level.MONTH)])


class _ClosedTargets(Struct, frozen=True):
    """The targets of closed months, FREE elsewhere: per day, and per dimension members × months.

    `moved` are the members of each dimension below which others came or went since the targets were written.
    `finer` of `days` are one step, so that the plan's day steps and the earlier targets are both whole numbers.
    """

    is_closed: Mask
    days: Steps
    members: Mapping[str, Steps]
    moved: Mapping[str, Mask]
    month_of_day: NDArray[np.intp]
    finer: int

    @classmethod
    def of(cls, plan: Plan, timeline: Timeline, earlier: EarlierTargets | None) -> Self:
        """Take from `earlier` the targets of whole months that are closed."""
        months, closed = timeline.periods(Level.MONTH), _closed_months(plan, timeline)
        days = np.full(timeline.n_days, FREE, dtype=np.int64)
        members = {d.name: np.full((len(d.members), len(months)), FREE, dtype=np.int64) for d in plan.dimensions}
        finer = plan.finer if earlier is None else math.lcm(plan.finer, earlier.finer)
        if earlier is not None:
            inside = closed[timeline.index_of_day(Level.MONTH)] & (earlier.days >= 0)
            days[inside] = earlier.days[inside] * (finer // earlier.finer)
            for dimension in plan.dimensions:
                rows = earlier.months.get(dimension.name, {})
                for i, member in enumerate(dimension.members):
                    if member.name in rows:
                        members[dimension.name][i, closed] = np.maximum(rows[member.name][closed], FREE)
        parents = {} if earlier is None else earlier.parents
        moved = {d.name: with_other_families(d, parents.get(d.name, {})) for d in plan.dimensions}
        return cls(closed, days, members, moved, timeline.index_of_day(Level.MONTH), finer)

    @property
    def any(self) -> bool:
        """Whether any day has a closed target."""
        return bool((self.days >= 0).any())

    @property
    def is_whole(self) -> bool:
        """Whether every day and every member has a target in every closed month."""
        days = self.days[: int(np.flatnonzero(self.days >= 0)[-1]) + 1]
        return bool((days >= 0).all()) and all((cells[:, self.is_closed] >= 0).all() for cells in self.members.values())

    def with_fewer_months(self) -> Iterator[_ClosedTargets]:
        """The closed targets of fewer months, none first; for large plans only none."""
        months = int(self.is_closed.sum())
        large = sum(cells.size for cells in self.members.values()) > _LARGE
        for count in range(1 if large or not self.is_whole else months):
            free = np.arange(len(self.is_closed)) >= count
            days = np.where(free[self.month_of_day], FREE, self.days)
            members = {name: np.where(free, FREE, cells) for name, cells in self.members.items()}
            yield replace(self, is_closed=self.is_closed & ~free, days=days, members=members)

    @property
    def closed_months(self) -> Mask:
        """The months that keep their days."""
        return np.asarray(np.bincount(self.month_of_day, self.days >= 0, len(self.is_closed)) > 0)

    def fits(self, days: Steps) -> bool:
        """Whether days are by themselves equal to the closed ones, or add up to the closed months.

        They only add up to the months if the day step or the days' method has changed since.
        """
        at = self.days >= 0
        if np.array_equal(self.days[at], days[at]):
            return True
        closed, months = (sum_by(each, self.month_of_day, len(self.is_closed)) for each in (self.days, days))
        return self.is_whole and np.array_equal(closed[self.is_closed], months[self.is_closed])

    def over(self, days: Steps) -> Steps:
        """Return days with the closed targets in their places."""
        return np.where(self.days >= 0, self.days, days)

    def agrees_with(self, other: Breakdown) -> bool:
        """Whether a breakdown has the closed targets by itself."""
        return self.fits(other.days) and all(self.has(name, other) for name in other.dimensions)

    def with_parts_as_before(self, split: Breakdown, befores: Sequence[Breakdown]) -> Breakdown:
        """Return a split in which each dimension that has the closed targets by itself stays as it is without closing.

        `befores` are the splits with fewer closed months. What is locked in one dimension then moves no other one.
        """
        parts = dict(split.dimensions)
        for name in parts:
            as_before = (before for before in befores if np.array_equal(before.months, split.months))
            parts[name] = next((one.dimensions[name] for one in as_before if self.has(name, one)), parts[name])
        return replace(split, dimensions=parts)

    def has(self, name: str, other: Breakdown) -> bool:
        """Whether a dimension of a breakdown has the closed targets of its members."""
        cells = self.members[name]
        return np.array_equal(cells[cells >= 0], other.dimensions[name].months[cells >= 0])
