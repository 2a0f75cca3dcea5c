"""The total taken down the tree of time: year → half-year → quarter → month → day.

At each step the parts of a period add up to it exactly. A locked period
stays; a period whose parts are all fixed is fixed itself, and if it is locked
to something else, that is a fault that says by how much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlsales.core.allocation import allocate
from xlsales.core.faults import Fault
from xlsales.core.periods import Level, Period, Timeline, parse_period
from xlsales.core.plan import Lock, Plan
from xlsales.core.shapes import Shapes

Steps = NDArray[np.int64]
Floats = NDArray[np.float64]


class PeriodConflict(Fault):
    """Locks of a period and of its parts contradict each other."""

    zh = "{period} 锁定 {locked},但它的下级期间都已锁定,合计 {parts},差 {residual}。请放开其中一个锁定。"
    en = (
        "{period} is locked at {locked}, but all its parts are locked and add up to {parts}: {residual} apart. "
        "Release one."
    )
    amounts = ("locked", "parts", "residual")


class LockTooFine(Fault):
    """A member is locked for a period shorter than a month."""

    zh = "“{member}”只能按整月或更长的期间锁定,“{period}”不行。请改用月份,如 2026-03。"
    en = '"{member}" can be locked for whole months or longer, not for "{period}". Use a month such as 2026-03.'


class LockTwice(Fault):
    """The same cell is locked twice."""

    zh = "“{member}”在 {period} 锁定了两次。请删除一行。"
    en = '"{member}" is locked twice in {period}. Delete one row.'


@dataclass
class _Node:
    """A period in the tree of time, with what is fixed inside it."""

    name: str
    days: slice
    children: list[_Node]
    locked: int | None = None
    floor: int = 0
    lock_row: int = 0


def split_days(
    plan: Plan, timeline: Timeline, shapes: Shapes, written: Steps | None, closed: NDArray[np.bool_]
) -> Steps:
    """Return the company's target per day: the total taken down the tree of periods, each sum exact."""
    weights = shapes.days.astype(np.float64).copy()
    for i, month in enumerate(timeline.periods(Level.MONTH)):
        part = timeline.slice_of(month)
        inside = float(weights[part].sum())
        # A month whose days all have no pull keeps none; allocation then says so in its own words.
        weights[part] *= shapes.months[i] / inside if inside > 0 else 0.0
    root = _time_tree(timeline)
    _lock_time(root, plan.locks, timeline)
    out = np.zeros(timeline.n_days, dtype=np.int64)
    fixed = np.full(timeline.n_days, np.nan)
    if written is not None:
        fixed[closed] = written[closed]
    for lock in plan.locks:
        if lock.member is None:
            period = period_of(lock, timeline)
            if period.level is Level.DAY and np.isnan(fixed[timeline.slice_of(period)]).all():
                fixed[timeline.slice_of(period)] = lock.amount
    _imply(root, fixed)
    _descend(root, plan.total, weights, fixed, out)
    return out


def period_of(lock: Lock, timeline: Timeline) -> Period:
    """The period a lock names; faults carry the lock's row as `lock_row`."""
    try:
        return parse_period(lock.period, timeline)
    except Fault as fault:
        fault.facts["lock_row"] = lock.row
        raise


def _time_tree(timeline: Timeline) -> _Node:
    levels = (Level.YEAR, Level.HALF, Level.QUARTER, Level.MONTH)
    root = _Node("", slice(0, timeline.n_days), [])
    above = [root]
    for level in levels:
        row = [_Node(p.key, timeline.slice_of(p), []) for p in timeline.periods(level)]
        owner = iter(above)
        node = next(owner)
        for child in row:
            while child.days.start >= node.days.stop:
                node = next(owner)
            node.children.append(child)
        above = row
    return root


def _lock_time(root: _Node, locks: Sequence[Lock], timeline: Timeline) -> None:
    nodes: dict[str, _Node] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        nodes[node.name] = node
        stack.extend(node.children)
    for lock in locks:
        if lock.member is not None:
            continue
        period = period_of(lock, timeline)
        if period.level is Level.DAY:
            continue
        if period.level is Level.WEEK:
            raise LockTooFine(member="公司/company", period=lock.period, lock_row=lock.row)
        node = nodes[period.key]
        if node.locked is not None:
            raise LockTwice(member="公司/company", period=lock.period, lock_row=lock.row)
        node.locked, node.lock_row = lock.amount, lock.row


def _imply(node: _Node, fixed: Floats) -> None:
    """Carry locks upwards: a period whose parts are all fixed is fixed itself, others have a floor."""
    if node.children:
        for child in node.children:
            _imply(child, fixed)
        node.floor = sum(child.floor for child in node.children)
        parts = [child.locked for child in node.children]
        complete = all(part is not None for part in parts)
    else:
        inside = fixed[node.days]
        complete = not np.isnan(inside).any()
        node.floor = int(np.nansum(inside))
    if not complete:
        if node.locked is not None:
            node.floor = node.locked
        return
    if node.locked is not None and node.locked != node.floor:
        residual = abs(node.locked - node.floor)
        raise PeriodConflict(
            period=node.name, locked=node.locked, parts=node.floor, residual=residual, lock_row=node.lock_row
        )
    if node.name:  # the root is the plan's total, never implied
        node.locked = node.floor


def _descend(node: _Node, value: int, weights: Floats, fixed: Floats, out: Steps) -> None:
    if not node.children:
        inside = fixed[node.days]
        out[node.days] = share(value, weights[node.days], locked=inside, names=None)
        return
    shares = np.array([weights[child.days].sum() for child in node.children])
    locked = np.array([np.nan if c.locked is None else c.locked for c in node.children])
    lower = np.array([c.floor for c in node.children], dtype=np.int64)
    names = [child.name for child in node.children]
    parts = share(value, shares, locked=locked, lower=lower, names=names)
    for child, part in zip(node.children, parts, strict=True):
        _descend(child, int(part), weights, fixed, out)



def share(
    total: int,
    weights: Floats,
    *,
    locked: Floats | None = None,
    lower: Steps | None = None,
    upper: Floats | None = None,
    names: Sequence[str] | None,
) -> Steps:
    """Share a total as `allocate` does; its faults speak of the parts by `names`."""
    try:
        return allocate(total, weights, locked=locked, lower=lower, upper=upper)
    except Fault as fault:
        if names is not None and hasattr(fault, "named"):
            raise fault.named(names) from None
        raise
