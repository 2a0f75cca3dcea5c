"""The total taken down the tree of time: year → half-year → quarter → month → day.

At each step the parts of a period add up to it exactly. A locked period
stays; a period whose parts are all fixed is fixed itself, and if it is locked
to something else, that is a fault that says by how much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xlsales.core.allocation import AllWeightsZero, PartFault, allocate
from xlsales.core.faults import Fault
from xlsales.core.periods import Level, Period, Timeline, parse_period
from xlsales.core.plan import Lock, Plan
from xlsales.core.shapes import Shapes

Steps = NDArray[np.int64]
Floats = NDArray[np.float64]


class PeriodConflict(Fault):
    """What is locked or closed inside a lock contradicts it."""

    zh = "{period} 锁定 {locked},但其中已锁定或已关账的合计 {parts},差 {residual}。请放开其中一个锁定,或改这个锁定。"
    en = (
        "{period} is locked at {locked}, but what is locked or closed inside it adds up to {parts}: {residual} apart. "
        "Release one of them, or change this lock."
    )
    amounts = ("locked", "parts", "residual")


class PeriodWithoutWeight(Fault):
    """A period has a target, but nothing inside it that may take it."""

    zh = "{period} 应分 {amount},但其中没有可分的日子或月份(未锁定的权重全为零)。请改权重、日历或活动系数,或放开锁定。"
    en = (
        "{period} is to share {amount}, but no unlocked day or month inside it has any weight. "
        "Change the weights, the calendar or its factors, or release a lock."
    )
    amounts = ("amount",)


class LockTooFine(Fault):
    """A member is locked for a period shorter than a month."""

    zh = "“{member}”只能按整月或更长的期间锁定,“{period}”不行。请改用月份,如 2026-03。"
    en = '"{member}" can be locked for whole months or longer, not for "{period}". Use a month such as 2026-03.'


class WeekLocked(Fault):
    """The company is locked for a week, which is no step on the way from the year to the day."""

    zh = "公司整体不能按周锁定(“{period}”)。请改为锁定日、月、季度、半年或年。"
    en = 'The company cannot be locked for a week ("{period}"). Lock a day, month, quarter, half-year or year.'


class LockTwice(Fault):
    """The same member is locked twice for the same period."""

    zh = "“{member}”在 {period} 锁定了两次。请删除一行。"
    en = '"{member}" is locked twice in {period}. Delete one row.'


class PeriodLockedTwice(Fault):
    """The company is locked twice for the same period."""

    zh = "公司整体在 {period} 锁定了两次。请删除一行。"
    en = "The company is locked twice in {period}. Delete one row."


@dataclass
class _Node:
    """A period in the tree of time; `floor` is what is fixed inside it, `lock_row` the row of the lock that does so."""

    name: str
    weight: float
    children: list[_Node] = field(default_factory=list)
    locked: int | None = None
    floor: int = 0
    lock_row: int = 0


def split_days(plan: Plan, timeline: Timeline, shapes: Shapes, kept: Steps | None = None) -> Steps:
    """Return the company's target per day: the total taken down the tree of periods, each sum exact.

    `kept` are the days that closed with a target, in steps; below zero where free.
    """
    nodes = _time_tree(timeline, shapes)
    days = [nodes[day.key] for day in timeline.periods(Level.DAY)]
    if kept is not None:
        for day, steps in zip(days, kept.tolist(), strict=True):
            day.locked = steps if steps >= 0 else None
    _lock_time(nodes, plan.locks, timeline)
    _settle(nodes[""])
    targets: dict[str, int] = {}
    _descend(nodes[""], plan.total, targets)
    return np.array([targets.get(day.name, 0) for day in days], dtype=np.int64)


def period_of(lock: Lock, timeline: Timeline) -> Period:
    """The period a lock names; faults carry the lock's row as `lock_row`."""
    try:
        return parse_period(lock.period, timeline)
    except Fault as fault:
        fault.facts["lock_row"] = lock.row
        raise


def _time_tree(timeline: Timeline, shapes: Shapes) -> dict[str, _Node]:
    """The periods by key; the whole plan's key is blank. A month weighs what its months' method says, not its days."""
    first_days = [timeline.slice_of(month).start for month in timeline.periods(Level.MONTH)]
    root = _Node(f"{timeline.start} ~ {timeline.end}", float(shapes.months.sum()))
    nodes = {"": root}
    above, owner = [root], np.zeros(timeline.n_days, dtype=np.intp)
    for level in (Level.YEAR, Level.HALF, Level.QUARTER, Level.MONTH, Level.DAY):
        periods, index = timeline.periods(level), timeline.index_of_day(level)
        weights = shapes.days if level is Level.DAY else np.bincount(index[first_days], shapes.months, len(periods))
        row = [_Node(period.key, weight) for period, weight in zip(periods, weights.tolist(), strict=True)]
        for period, node in zip(periods, row, strict=True):
            above[owner[timeline.slice_of(period).start]].children.append(node)
            nodes[period.key] = node
        above, owner = row, index
    return nodes


def _lock_time(nodes: dict[str, _Node], locks: Sequence[Lock], timeline: Timeline) -> None:
    """Put the company's locks into the tree."""
    seen: set[str] = set()
    for lock in locks:
        if lock.member or lock.dimension:
            continue
        period = period_of(lock, timeline)
        node = nodes.get(period.key)
        if node is None:
            raise WeekLocked(period=lock.period, lock_row=lock.row)
        if period.key in seen:
            raise PeriodLockedTwice(period=lock.period, lock_row=lock.row)
        seen.add(period.key)
        if node.locked is not None and node.locked != lock.amount:  # a closed day
            raise conflict(node.name, lock.amount, node.locked, lock.row)
        node.locked, node.lock_row = lock.amount, lock.row


def conflict(period: str, locked: int, parts: int, lock_row: int) -> PeriodConflict:
    """The fault of a lock that contradicts what is fixed inside it."""
    return PeriodConflict(period=period, locked=locked, parts=parts, residual=abs(locked - parts), lock_row=lock_row)


def _settle(node: _Node, *, whole: bool = True) -> None:
    """Carry locks upwards: a period whose parts are all fixed is fixed itself, others have a floor."""
    if not node.children:
        node.floor = node.locked or 0
        return
    for child in node.children:
        _settle(child, whole=False)
    inside = sum(child.floor for child in node.children)
    fixed = [child for child in node.children if child.locked is not None]
    complete = bool(fixed) and all(child.locked is not None or child.weight == 0 for child in node.children)
    if node.locked is not None and (node.locked != inside if complete else node.locked < inside):
        raise conflict(node.name, node.locked, inside, node.lock_row)
    if complete and not whole:  # the whole is the plan's total, never implied
        node.locked = inside
    node.floor = inside if node.locked is None else node.locked
    node.lock_row = node.lock_row or max((child.lock_row for child in node.children), default=0)


def _descend(node: _Node, value: int, targets: dict[str, int]) -> None:
    """Share a period's target over its parts, down to the days."""
    targets[node.name] = value
    if not node.children or not (value or node.floor):
        return
    parts = _share(node, value)
    for child, part in zip(node.children, parts.tolist(), strict=True):
        _descend(child, part, targets)


def _share(node: _Node, value: int) -> Steps:
    children = node.children
    locked = np.array([np.nan if c.locked is None else c.locked for c in children])
    lower = np.array([c.floor for c in children], dtype=np.int64)
    try:
        return allocate(value, [c.weight for c in children], locked=locked, lower=lower)
    except AllWeightsZero as fault:
        amount = fault.facts["amount"]
        raise PeriodWithoutWeight(period=node.name, amount=amount, lock_row=node.lock_row) from None
    except PartFault as fault:
        fault.facts["lock_row"] = children[fault.facts["positions"][0]].lock_row
        raise fault.named([c.name for c in children]) from None
    except Fault as fault:
        fault.facts["lock_row"] = node.lock_row
        raise
