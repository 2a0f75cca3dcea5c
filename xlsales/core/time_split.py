"""The total split down the tree of time: year → half-year → quarter → month → day.

All that is free pays for a hold (a lock, a closed day). So every period has a
fixed amount, the sum of all holds inside it, and a free weight: its own weight
times the free part of its parts' weights. The target of a period less its fixed
amount goes to its parts by their free weights. A locked period is fixed, and
shares its own rest inside; a period without anything free is fixed itself. No
half-year or quarter pays alone for a month inside it.

Each period's exact share is a fraction all the way down to the months, so every
target is its exact share rounded down or up, and the parts of a period add up
to it.

Months and longer periods are whole steps, days whole day steps. If these are
finer, the days of a month share the target of the month. If the locked days of
a month are no whole steps, the month has the next whole one: its free days take
the difference. Days that closed in another day step stay as they are.

A locked week becomes locks of its days (`week_locks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

import numpy as np

from xlsales.core.allocation import whole_steps
from xlsales.core.arrays import Steps
from xlsales.core.faults import Fault
from xlsales.core.holds import Hold, above_total, below_total, conflict
from xlsales.core.period_text import parse_period
from xlsales.core.periods import Level, Period, Timeline
from xlsales.core.plan import Lock, Plan, Waiver
from xlsales.core.remainders import rounded
from xlsales.core.shapes import Shapes
from xlsales.core.time_tree import Node, time_tree
from xlsales.core.week_locks import WeekLock, by_lock, lock_weeks


class PeriodWithoutWeight(Fault):
    """A period has a target, but nothing inside it that may take it."""

    zh = "{period} 应分 {amount},但其中没有可分的日子或月份(未锁定的权重全为零)。请改权重、日历或活动系数,或放开锁定。"
    en = (
        "{period} is to share {amount}, but no unlocked day or month inside it has any weight. "
        "Change the weights, the calendar or its factors, or release a lock."
    )
    amounts = ("amount",)


class LockTooFine(Fault):
    """A commitment is of a period shorter than a month."""

    zh = "“{member}”只能按整月或更长的期间承诺,“{period}”不行。请改用月份,如 2026-03。"
    en = '"{member}" can commit for whole months or longer, not for "{period}". Use a month such as 2026-03.'


class DayMinimumAboveMonth(Fault):
    """A month that is too small for the least of each of its days."""

    zh = (
        "{month} 的目标 {total} 不够:{days} 天每天至少 {least},连同锁定共需 {needed},差 {missing}。"
        "请调低“每日最低”,或提高这个月的目标。"
    )
    en = (
        "The target of {month}, {total}, is too small: {days:days} of at least {least} and its locks need {needed}, "
        '{missing} more. Lower "Least per day", or raise that month.'
    )
    amounts = ("total", "least", "needed", "missing")


class LockTwice(Fault):
    """The same member is locked twice for the same period."""

    zh = "“{member}”在 {period} 锁定了两次。请删除一行。"
    en = '"{member}" is locked twice in {period}. Delete one row.'


class PeriodLockedTwice(Fault):
    """The company is locked twice for the same period."""

    zh = "公司整体在 {period} 锁定了两次。请删除一行。"
    en = "The company is locked twice in {period}. Delete one row."


class DaysOffStep(Fault):
    """Locked days add up to no whole steps, as months do, and nothing free may take the difference."""

    zh = "{period} 锁定的各天合计 {amount};各月按最小步长要 {whole},差额没有放处。请改其中一天的锁定,使合计为整步长。"
    en = (
        "The days locked in {period} add up to {amount}; in whole steps its months need {whole}, and nothing may take "
        "the difference. Change the lock of a day so that they add up to whole steps."
    )
    amounts = ("amount", "whole")


def split_days(
    plan: Plan, timeline: Timeline, shapes: Shapes, closed_days: Steps | None = None, finer: int | None = None
) -> Steps:
    """Return the company's target per day: the total split down the tree of periods, each sum exact.

    `finer` of the days' units are one step: a multiple of the plan's own `finer`, which None means. `closed_days` are
    the closed days' targets in the same unit, below zero for open days.
    """
    finer = finer or plan.finer
    total = whole_steps(plan.total)
    whole_steps(total * finer)
    nodes = time_tree(timeline, shapes)
    days = [nodes[day.key] for day in timeline.periods(Level.DAY)]
    if closed_days is not None:
        for day, steps in zip(days, closed_days.tolist(), strict=True):
            if steps >= 0:
                day.locked = day.closed = Fraction(steps, finer)
    lock_weeks(_lock_time(nodes, plan.locks, timeline), (plan.finer, finer))
    root = nodes[""]
    _settle(root)
    if root.inside > total >= root.exact:
        raise DaysOffStep(period=root.name, amount=root.exact, whole=root.inside, lock_row=_last_row(root))
    months = [nodes[month.key] for month in timeline.periods(Level.MONTH)]
    closed = [(month.end, nodes[month.key].closed) for month in timeline.periods(Level.MONTH)]
    closed = closed[: next((n for n in range(len(months), 0, -1) if months[n - 1].closed), 0)]
    if root.inside > total:
        raise above_total(total, root.closed, by_lock(_locks_of(root)), closed)
    if root.inside < total and not root.free and root.has_hold:
        raise below_total(total, root.inside - root.closed, root.closed, closed, _last_row(root))
    targets: dict[str, Fraction] = {}
    least = Fraction(plan.day_minimum, plan.finer)
    _descend(root, Fraction(total), Fraction(total), (plan.finer, finer), least, targets)
    return np.array([int(targets.get(day.name, 0) * finer) for day in days], dtype=np.int64)


def period_of(lock: Lock | Waiver, timeline: Timeline) -> Period:
    """Return the period of a lock; faults have the lock's row as `lock_row`."""
    try:
        return parse_period(lock.period, timeline)
    except Fault as fault:
        at = "waiver_row" if isinstance(lock, Waiver) else "lock_row"
        fault.facts.update({at: lock.row, "field": "period"})
        raise


def _lock_time(nodes: dict[str, Node], locks: Sequence[Lock], timeline: Timeline) -> list[WeekLock]:
    """Put the company's locks into the tree; return those of weeks, which are not in it."""
    keys: set[str] = set()
    weeks: list[WeekLock] = []
    for lock in locks:
        if lock.member or lock.dimension:
            continue
        period = period_of(lock, timeline)
        if period.key in keys:
            raise PeriodLockedTwice(period=lock.period, lock_row=lock.row)
        keys.add(period.key)
        try:
            amount = Fraction(whole_steps(lock.amount), lock.finer)
            if period.level not in (Level.WEEK, Level.DAY):
                whole_steps(float(amount))
        except Fault as fault:
            fault.facts["lock_row"] = lock.row
            raise
        if period.level is Level.WEEK:
            weeks.append(WeekLock(period, amount, lock.row, nodes, timeline))
            continue
        node = nodes[period.key]
        if node.locked is not None and node.locked != amount:  # a closed day
            raise conflict(node.name, amount, node.locked, node.closed, lock.row, over=True)
        node.locked, node.lock_row = amount, lock.row
    return weeks


def _settle(node: Node) -> None:
    """Compute the fixed amounts and the free weight of each period, from the days upwards."""
    if not node.children:
        node.has_hold = node.locked is not None
        node.fixed = node.exact = node.locked or 0
        node.free = Fraction(0) if node.has_hold else node.weight
        return
    for child in node.children:
        _settle(child)
    node.closed = sum(child.closed for child in node.children)
    node.inside = sum(child.fixed for child in node.children)
    node.exact = sum(child.exact for child in node.children)
    node.has_hold = any(child.has_hold for child in node.children)
    weight, free = (
        sum(weights, Fraction(0)) for weights in zip(*((c.weight, c.free) for c in node.children), strict=True)
    )
    if weight:
        node.free = node.weight * free / weight
    elif not node.has_hold:  # nothing inside may take anything, which is reported if there is something to take
        node.free = node.weight
    node.fixed = ceil(node.inside)
    if node.locked is None and node.fixed != node.inside and not free:
        raise DaysOffStep(period=node.name, amount=node.inside, whole=node.fixed, lock_row=_last_row(node))
    if node.locked is not None:
        if node.fixed > node.locked >= node.exact:
            raise DaysOffStep(period=node.name, amount=node.exact, whole=node.fixed, lock_row=node.lock_row)
        if node.locked < node.inside or (node.has_hold and not free and node.locked != node.inside):
            raise conflict(node.name, node.locked, node.inside, node.closed, node.lock_row, over=_is_closed(node))
        node.has_hold, node.free = True, Fraction(0)
        node.fixed = node.exact = node.locked


def _is_closed(node: Node) -> bool:
    """Whether all days of a period are closed: closed days are locked, but have no row of a lock."""
    return all(map(_is_closed, node.children)) if node.children else node.locked is not None and not node.lock_row


def _descend(
    node: Node,
    exact: Fraction,
    value: Fraction,
    finer: tuple[int, int],
    least: Fraction,
    targets: dict[str, Fraction],
) -> None:
    """Share a period's target over its parts, down to the days; `exact` is its share before rounding.

    `finer` is the number of day steps in a step, and of the units in which closed days are whole; `least` what a day
    has at least.
    """
    targets[node.name] = value
    if not node.children or not (value or exact):
        return
    unit = 1
    if not node.children[0].children:
        unit = finer[any((child.fixed * finer[0]).denominator > 1 for child in node.children)]
        exact = value if least or unit > 1 else exact
    free = sum((child.free for child in node.children), Fraction(0))
    if not free and exact != node.inside:
        amount = value - node.inside
        raise PeriodWithoutWeight(period=node.name, amount=amount, lock_row=node.lock_row)
    rate = (exact - node.inside) / free if free else Fraction(0)
    shares = [child.fixed + rate * child.free for child in node.children]
    if least and not node.children[0].children:
        shares = _at_least(node, value, shares, least)
    parts = rounded(int(value * unit), [share * unit for share in shares])
    for child, share, part in zip(node.children, shares, parts, strict=True):
        _descend(child, share, Fraction(part, unit), finer, least, targets)


def _at_least(node: Node, value: Fraction, shares: list[Fraction], least: Fraction) -> list[Fraction]:
    """A month's shares with no free day below `least`: days that are get that, and the others share the rest again.

    Raises DayMinimumAboveMonth if the month is too small.
    """
    free = [n for n, child in enumerate(node.children) if child.free]
    rest = value - node.inside
    if rest < least * len(free):
        needed, missing = node.inside + least * len(free), least * len(free) - rest
        raise DayMinimumAboveMonth(
            month=node.name, days=len(free), least=least, total=value, needed=needed, missing=missing
        )
    shares, above = list(shares), list(free)
    while below := [n for n in above if shares[n] < least]:
        above = [n for n in above if n not in below]
        weights = sum((node.children[n].free for n in above), Fraction(0))
        rate = (rest - least * (len(free) - len(above))) / weights if above else Fraction(0)
        for n in free:
            shares[n] = rate * node.children[n].free if n in above else least
    return shares


def _locks_of(node: Node, inside: bool = False) -> list[Hold]:
    """The locks in a period, each with its own amount, without what is fixed inside it."""
    holds: list[Hold] = []
    if node.locked is not None and node.children:
        holds = [Hold(node.name, node.locked, node.locked - node.inside, node.lock_row, inner=inside)]
        inside = True
    elif node.locked is not None and not node.closed:
        holds = [Hold(node.lock_name or node.name, node.locked, node.locked, node.lock_row, inner=inside)]
    return holds + [hold for child in node.children for hold in _locks_of(child, inside)]


def _last_row(node: Node) -> int:
    return max((node.lock_row, *(_last_row(child) for child in node.children)))
