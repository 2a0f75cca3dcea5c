"""Members and months with a target of zero only because the history has no sales for them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats, Mask
from xlsales.core.breakdown import Breakdown
from xlsales.core.periods import Level, Timeline, months_of
from xlsales.core.plan import Dimension, Lock, MemberMethod, MonthMethod, Plan
from xlsales.core.shapes import History, Shapes, inside_spans, past_sales, references_of
from xlsales.core.time_split import period_of

_GAP = 3
"""Fewer months in a row without sales, at the beginning or the end of the reference periods, are not reported."""


class Wanting(Struct, frozen=True):
    """A member without a target, or months without one, because history is missing; no dimension means the company.

    `months` are keys, empty for the whole plan; `sold` are the sales in the reference periods in micro-yuan: zero, or
    below if returns are more than sales. `row` is the member's row in the input table.
    """

    dimension: str = ""
    member: str = ""
    row: int = 0
    months: tuple[str, ...] = ()
    sold: int = 0


class Partly(Struct, frozen=True):
    """A member split by reference that sold in only a part of the reference periods: before or after it, others sold.

    `months` are the months without its sales (`2025-01`), the last ones if `late`; `of` is the number of all months.
    """

    dimension: str
    member: str
    row: int
    months: tuple[str, ...]
    of: int
    late: bool


def partly_known(plan: Plan, history: History | None) -> Iterator[Partly]:
    """Yield the members with a share from a part of the reference, if their dates do not explain it.

    Reported are three months or more in a row, at one end of the reference periods, in which the company sold and the
    member did not. The member must have sold in three months at least, and in all other months but one at most: sales
    with gaps, or of one season in the middle, are its own way of selling.
    """
    spans = [(span, share) for span, share in references_of(plan) if share > 0]
    if history is None or not len(history.days):
        return
    months = months_of(history.days, plan.fiscal.of_past).astype(np.int64)
    inside = inside_spans(history.days, spans) & (history.micros > 0)
    with_sales = np.unique(months[inside])
    for dimension in plan.dimensions:
        codes = history.codes.get(dimension.name)
        by_reference = [i for i in range(len(dimension.members)) if _by_reference(dimension, i)]
        if codes is None or not by_reference or len(with_sales) <= _GAP:
            continue
        rows = inside & (codes >= 0)
        has = np.zeros((len(dimension.members), len(with_sales)), dtype=np.bool_)
        has[codes[rows], np.searchsorted(with_sales, months[rows])] = True
        for i in by_reference:
            member, own = dimension.members[i], np.flatnonzero(has[i])
            if len(own) < _GAP:  # too few to see how it sells
                continue
            before, after = int(own[0]), len(with_sales) - 1 - int(own[-1])
            dense = own[-1] - own[0] + 1 - len(own) <= 1
            late = after >= _GAP
            explained = member.closes if late else member.opens
            if max(before, after) < _GAP or min(before, after) or not dense or explained is not None:
                continue
            gap = with_sales[-after:] if late else with_sales[:before]
            keys = tuple(str(np.datetime64(int(month), "M")) for month in gap)
            yield Partly(dimension.name, member.name, member.row, keys, len(with_sales), late)


def _by_reference(dimension: Dimension, i: int) -> bool:
    member = dimension.members[i]
    return dimension.is_leaf(i) and member.method is MemberMethod.REFERENCE and member.locked is None


def wanting(
    plan: Plan, timeline: Timeline, shapes: Shapes, breakdown: Breakdown, history: History | None
) -> list[Wanting]:
    """Return the members and months with zero because of missing history; closed and locked ones are on purpose."""
    keys = [month.key for month in timeline.periods(Level.MONTH)]
    wants = []
    if plan.month_method is MonthMethod.REFERENCE:
        zero = (shapes.months == 0) & (breakdown.months == 0) & ~_settled(plan, timeline, None, None)
        if zero.any():
            wants.append(Wanting(months=tuple(np.array(keys)[zero].tolist())))
    for dimension in plan.dimensions:
        wants += _members(plan, dimension, shapes, breakdown, history)
        if dimension.name in shapes.own:
            wants += _months(plan, timeline, dimension, shapes, breakdown, keys)
    return wants


def _members(
    plan: Plan, dimension: Dimension, shapes: Shapes, breakdown: Breakdown, history: History | None
) -> Iterator[Wanting]:
    """Members split by reference without a weight, although the member above them has a target."""
    targets, weights = breakdown.dimensions[dimension.name].targets, shapes.members[dimension.name]
    codes = history.codes.get(dimension.name) if history is not None else None
    sales: Floats | None = None
    for i, member in enumerate(dimension.members):
        above = plan.total if dimension.parents[i] < 0 else targets[dimension.parents[i]]
        free = member.method is MemberMethod.REFERENCE and member.locked is None
        if not free or weights[i] or targets[i] or not above:
            continue
        if sales is None and history is not None and codes is not None:
            sales = past_sales(dimension, history, codes, references_of(plan))
        yield Wanting(dimension.name, member.name, member.row, sold=0 if sales is None else round(sales[i]))


def _months(
    plan: Plan, timeline: Timeline, dimension: Dimension, shapes: Shapes, breakdown: Breakdown, keys: list[str]
) -> Iterator[Wanting]:
    """Members that follow their own history, and the months in which they sold nothing then."""
    own, months = shapes.own[dimension.name], breakdown.dimensions[dimension.name].months
    bare = (own == 0) & (own.sum(axis=1, keepdims=True) > 0) & (months == 0) & (breakdown.months > 0)
    bare &= (months.sum(axis=1) > 0)[:, None]
    for i in np.flatnonzero(bare.any(axis=1)).tolist():
        member = dimension.members[i]
        zero = bare[i] & ~_settled(plan, timeline, dimension.name, member.name)
        if zero.any():
            yield Wanting(dimension.name, member.name, member.row, tuple(np.array(keys)[zero].tolist()))


def _settled(plan: Plan, timeline: Timeline, dimension: str | None, member: str | None) -> Mask:
    """The months that are closed, or locked for a member (None: for the company)."""
    months = timeline.periods(Level.MONTH)
    settled = np.array([plan.closed_through is not None and m.end <= plan.closed_through for m in months])
    locks: list[Lock] = [lock for lock in plan.locks if (lock.dimension, lock.member) == (dimension, member)]
    for lock in locks:
        period = period_of(lock, timeline)
        settled |= np.array([period.start <= m.start and m.end <= period.end for m in months])
    return settled
