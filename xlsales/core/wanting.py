"""What gets a target of zero only because history has nothing to go by: members, and months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xlsales.core.arrays import Floats, Mask
from xlsales.core.breakdown import Breakdown
from xlsales.core.periods import Level, Timeline
from xlsales.core.plan import Dimension, Lock, MemberMethod, MonthMethod, Plan
from xlsales.core.shapes import History, Shapes, past_sales, references_of
from xlsales.core.time_split import period_of

_GAP = 3
"""Fewer months in a row without sales, at the beginning or the end of the reference periods, are not told."""


@dataclass(frozen=True)
class Wanting:
    """A member without a target, or months without one, for want of history; no dimension means the company.

    `months` are keys, empty where it is the whole plan; `sold` what history says of the reference periods, in
    micro-yuan: zero, or below where returns are more than sales. `row` is the member's row in the input table.
    """

    dimension: str = ""
    member: str = ""
    row: int = 0
    months: tuple[str, ...] = ()
    sold: int = 0


@dataclass(frozen=True)
class Partly:
    """A member split by reference that sold in a part of the reference periods only: before or after, others sold.

    `months` are the months it lacks (`2025-01`), `of` how many there are; `late` tells that they are the last ones.
    """

    dimension: str
    member: str
    row: int
    months: tuple[str, ...]
    of: int
    late: bool


def partly_known(plan: Plan, history: History | None) -> Iterator[Partly]:
    """Yield the members that have their share from a part of the reference, if no date of theirs explains it.

    Told are three months or more in a row, at one end of the reference periods, in which the company sold and the
    member did not, if it sold in every other month but one at most, and in three at least. Sales with gaps, or of
    one season in the middle, are a member's own way of selling.
    """
    spans = [span for span, share in references_of(plan) if share > 0]
    if history is None or not len(history.days):
        return
    months = history.days.astype("datetime64[M]").astype(np.int64)
    inside = np.zeros(len(months), dtype=np.bool_)
    for first, last in spans:
        inside |= (history.days >= np.datetime64(first)) & (history.days <= np.datetime64(last))
    sold = np.unique(months[inside & (history.micros > 0)])
    for dimension in plan.dimensions:
        codes = history.codes.get(dimension.name)
        asked = [i for i, m in enumerate(dimension.members) if _by_reference(dimension, i)]
        if codes is None or not asked or len(sold) <= _GAP:
            continue
        rows = inside & (codes >= 0) & (history.micros > 0)
        has = np.zeros((len(dimension.members), len(sold)), dtype=np.bool_)
        has[codes[rows], np.searchsorted(sold, months[rows])] = True
        for i in asked:
            member, own = dimension.members[i], np.flatnonzero(has[i])
            if len(own) < _GAP:  # too few to tell how it sells
                continue
            before, after = int(own[0]), len(sold) - 1 - int(own[-1])
            dense = own[-1] - own[0] + 1 - len(own) <= 1
            late = after >= _GAP
            explained = member.closes if late else member.opens
            if max(before, after) < _GAP or min(before, after) or not dense or explained is not None:
                continue
            lacks = sold[-after:] if late else sold[:before]
            keys = tuple(str(np.datetime64(int(month), "M")) for month in lacks)
            yield Partly(dimension.name, member.name, member.row, keys, len(sold), late)


def _by_reference(dimension: Dimension, i: int) -> bool:
    member = dimension.members[i]
    return dimension.is_leaf(i) and member.method is MemberMethod.REFERENCE and member.locked is None


def wanting(
    plan: Plan, timeline: Timeline, shapes: Shapes, breakdown: Breakdown, history: History | None
) -> list[Wanting]:
    """Return what gets zero because the history lacks it; what is closed, or locked at zero, is so on purpose."""
    keys = [month.key for month in timeline.periods(Level.MONTH)]
    found = []
    if plan.month_method is MonthMethod.REFERENCE:
        zero = (shapes.months == 0) & (breakdown.months == 0) & ~_settled(plan, timeline, None, None)
        if zero.any():
            found.append(Wanting(months=tuple(np.array(keys)[zero].tolist())))
    for dimension in plan.dimensions:
        found += _members(plan, dimension, shapes, breakdown, history)
        if dimension.name in shapes.own:
            found += _months(plan, timeline, dimension, shapes, breakdown, keys)
    return found


def _members(
    plan: Plan, dimension: Dimension, shapes: Shapes, breakdown: Breakdown, history: History | None
) -> Iterator[Wanting]:
    """Members split by reference that weigh nothing although what is above them has a target."""
    targets, weights = breakdown.dimensions[dimension.name].targets, shapes.members[dimension.name]
    codes = history.codes.get(dimension.name) if history is not None else None
    sold: Floats | None = None
    for i, member in enumerate(dimension.members):
        above = plan.total if dimension.parents[i] < 0 else targets[dimension.parents[i]]
        free = member.method is MemberMethod.REFERENCE and member.locked is None
        if not free or weights[i] or targets[i] or not above:
            continue
        if sold is None and history is not None and codes is not None:
            sold = past_sales(dimension, history, codes, references_of(plan))
        yield Wanting(dimension.name, member.name, member.row, sold=0 if sold is None else round(sold[i]))


def _months(
    plan: Plan, timeline: Timeline, dimension: Dimension, shapes: Shapes, breakdown: Breakdown, keys: list[str]
) -> Iterator[Wanting]:
    """Members that follow their own history, in months in which they sold nothing then."""
    own, months = shapes.own[dimension.name], breakdown.dimensions[dimension.name].months
    bare = (own == 0) & (own.sum(axis=1, keepdims=True) > 0) & (months == 0) & (breakdown.months > 0)
    bare &= (months.sum(axis=1) > 0)[:, None]
    for i in np.flatnonzero(bare.any(axis=1)).tolist():
        member = dimension.members[i]
        zero = bare[i] & ~_settled(plan, timeline, dimension.name, member.name)
        if zero.any():
            yield Wanting(dimension.name, member.name, member.row, tuple(np.array(keys)[zero].tolist()))


def _settled(plan: Plan, timeline: Timeline, dimension: str | None, member: str | None) -> Mask:
    """The months that are closed, or locked for a member (for the company, where there is none)."""
    months = timeline.periods(Level.MONTH)
    settled = np.array([plan.closed_through is not None and m.end <= plan.closed_through for m in months])
    locks: list[Lock] = [lock for lock in plan.locks if (lock.dimension, lock.member) == (dimension, member)]
    for lock in locks:
        period = period_of(lock, timeline)
        settled |= np.array([period.start <= m.start and m.end <= period.end for m in months])
    return settled
