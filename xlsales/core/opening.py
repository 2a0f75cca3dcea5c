"""Members that open or close within the plan: which days they are open, and how much of each month that is.

A member is open on the days on which it and all members above it are open. A weight is that of a full period: in each
month a member counts with its weight times the open share of the month, by the weights of the days.
"""

from __future__ import annotations

import numpy as np

from xlsales.core.arrays import Floats
from xlsales.core.faults import Fault
from xlsales.core.periods import Level, Period, Timeline
from xlsales.core.plan import Dimension

OpenSpan = tuple[int, int]


class NobodyOpen(Fault):
    """Months have a target, but no member of a dimension is open in them."""

    zh = (
        "维度“{dimension}”在 {period} 没有营业中的成员,而公司有目标 {amount}。"
        "请改开业日或闭店日,或在“锁定”表把公司的这些月份锁定为 0(维度、成员留空)。"
    )
    en = (
        'dimension "{dimension}" has no open member in {period}, but the company has {amount} then. '
        "Change an opening or closing date, or lock the company at 0 for each of these months in Locks "
        "(dimension and member blank)."
    )
    amounts = ("amount",)


class NobodyWeighs(Fault):
    """Months have a target, but all members that are open in them have no weight."""

    zh = (
        "维度“{dimension}”在 {period} 营业的成员({names})权重都是 0,而公司有目标 {amount}。"
        "请给其中一个填权重,或改别的成员的开业日或闭店日,"
        "或在“锁定”表把公司的这些月份锁定为 0(维度、成员留空)。"
    )
    en = (
        'In dimension "{dimension}" all members that are open in {period} ({names}) have a weight of 0, but the '
        "company has {amount} then. Give one of them a weight, change the dates of another, or lock the company at 0 "
        "for each of these months in Locks (dimension and member blank)."
    )
    amounts = ("amount",)


class LockedWhileShut(Fault):
    """A member has a lock for a period in which it is not open."""

    zh = "“{member}”在 {period} 不营业(开业日 {opens},闭店日 {closes}),却锁定了 {amount}。请改日期或锁定。"
    en = '"{member}" is locked at {amount} for {period}, but is shut (opens {opens}, closes {closes}). Change one.'
    amounts = ("amount",)


class BoundWhileShut(LockedWhileShut):
    """A member that is not open has a lower bound."""

    zh = "“{member}”在 {period} 不营业(开业日 {opens},闭店日 {closes}),却有下限 {amount}。请改日期或下限。"
    en = '"{member}" has a lower bound of {amount}, but is shut in {period} (opens {opens}, closes {closes}). Edit one.'


def open_spans(dimension: Dimension, timeline: Timeline) -> list[OpenSpan]:
    """Return each member's open days as positions: the first, and the one after the last; equal if it has none."""
    spans: list[OpenSpan] = []
    for member, parent in zip(dimension.members, dimension.parents, strict=True):
        first, end = spans[parent] if parent >= 0 else (0, timeline.n_days)
        if member.opens is not None:
            first = max(first, (member.opens - timeline.start).days)
        if member.closes is not None:
            end = min(end, (member.closes - timeline.start).days + 1)
        spans.append((min(first, max(end, 0)), max(end, 0)) if first < end else (0, 0))
    return spans


def own_spans(dimension: Dimension, timeline: Timeline) -> dict[int, Period]:
    """Return when members are open that open or close within the plan."""
    days = timeline.days.astype(object)
    return {
        i: Period("", Level.MONTH, days[first], days[end - 1])
        for i, (first, end) in enumerate(open_spans(dimension, timeline))
        if first < end and end - first < timeline.n_days
    }


def partly_open(dimension: Dimension, timeline: Timeline) -> set[int]:
    """Return the members that are open in only a part of the plan; a parent is open while any of its members is."""
    spans = open_spans(dimension, timeline)
    for i in reversed(range(len(spans))):
        inside = [spans[child] for child in dimension.children(i)]
        if inside:
            firsts, ends = zip(*([span for span in inside if span[0] < span[1]] or [(0, 0)]), strict=True)
            spans[i] = min(firsts), max(ends)
    return {i for i, span in enumerate(spans) if span != (0, timeline.n_days)}


def open_shares(dimension: Dimension, timeline: Timeline, days: Floats) -> Floats | None:
    """Return members × months: each month's open share by the weights of `days`; None if all are always open.

    A parent's share is the greatest of its children's.
    """
    if all(member.opens is None and member.closes is None for member in dimension.members):
        return None
    spans = open_spans(dimension, timeline)
    months = timeline.periods(Level.MONTH)
    shares = np.ones((len(spans), len(months)))
    for position, month in enumerate(months):
        at = timeline.slice_of(month)
        weights = days[at] if days[at].any() else np.ones(at.stop - at.start)
        run = np.concatenate([[0.0], np.cumsum(weights)]) / weights.sum()
        for i, (first, end) in enumerate(spans):
            if first > at.start or end < at.stop:
                inside = np.clip([first - at.start, end - at.start], 0, at.stop - at.start)
                shares[i, position] = run[inside[1]] - run[inside[0]]
    for parent, family in reversed(list(dimension.families())):
        if parent >= 0:
            shares[parent] = shares[family].max(axis=0)
    return shares


def leaf_spans(dimension: Dimension, timeline: Timeline) -> list[OpenSpan] | None:
    """Return the open days of the lowest members; None if all are always open."""
    if all(member.opens is None and member.closes is None for member in dimension.members):
        return None
    spans = open_spans(dimension, timeline)
    return [spans[i] for i in dimension.leaves]
