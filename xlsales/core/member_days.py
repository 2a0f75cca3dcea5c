"""Members × days: each member's month goes down to its days along the company's days.

Rules:

1. A member's days of a month add up to its target of that month, exactly.
2. If the members' targets of a month add up to the company's, their days add up to the company's
   days too. If they do not (stretch, unassigned), their days add up to the company's days scaled
   to their own sum.
3. Each cell is within one step of its exact share, month target × day's share of the company's month.
4. On a day on which the company has no target, no member has one; nor has a member on a day on which it is not open.
   A member that opens or closes within a month has its month on its open days only; the others share the rest.
5. A member's days follow only from its own months and the company's days; the last few members carry the rest of
   the rounding. So if some months change, the other members keep their days and the workbooks that were handed out
   to them: the program does not have to remember what it handed out.
6. A member with a weekday index of its own has its month by that; the others take the rest of the company's days.
   So days add up to the company's as far as the others have enough on each day.
7. In a month in which days of members are locked, the locked cells stay, and all other cells of these members and of
   these days pay; then rule 5 does not hold.

Days, the company's and the members', may be in a finer step than months: then the rules hold in that step.
A company's day that is in a coarser or finer step is shared in the day step as far as it is whole in it.
Weeks are sums of days: `by_week`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Mask, Steps
from xlsales.core.breakdown import Breakdown, sum_by
from xlsales.core.calendars import work_calendar
from xlsales.core.day_locks import DayLocks
from xlsales.core.faults import Fault
from xlsales.core.locked_days import share_around
from xlsales.core.matrix import allocate_matrix
from xlsales.core.opening import leaf_spans
from xlsales.core.period_text import is_short
from xlsales.core.periods import Level, Timeline
from xlsales.core.plan import DayMethod, Dimension, Plan
from xlsales.core.weights import day_weights


class NoDaysToFollow(Fault):
    """Members have a target in a month, but the company has none on any day of it."""

    zh = "{month} 公司每天的目标都是 0,而成员在这个月有 {amount}。请先运行“分解目标”。"
    en = "In {month} the company has no target on any day, but members have {amount}. Run split first."
    amounts = ("amount",)


def member_days(
    months: ArrayLike,
    days: ArrayLike,
    timeline: Timeline,
    finer: int = 1,
    spans: Sequence[tuple[int, int]] | None = None,
    unit: int = 1,
    locks: DayLocks | None = None,
    own: Mapping[int, Floats] | None = None,
) -> Steps:
    """Share members' months over days; return n_members × n_days, in the unit of the company's days.

    `months` are the members' targets in whole steps, n_members × n_months; `days` the company's, n_days, `finer` of
    them are one step. Members' days are multiples of `unit`, which divides `finer`, if the company's days of the month
    are. `spans` are each member's open days, as `opening.open_spans` returns them. `locks`
    are locked days of members, `own` the weights of days that some members have of their own. Raises NoDaysToFollow,
    or a Fault of a lock that does not fit.
    """
    targets, company = np.asarray(months, dtype=np.int64) * finer, np.asarray(days, dtype=np.int64)
    shared = np.zeros((targets.shape[0], timeline.n_days), dtype=np.int64)
    for position, month in enumerate(timeline.periods(Level.MONTH)):
        at, rows = timeline.slice_of(month), targets[:, position]
        if not rows.any():
            continue
        if not company[at].any():
            raise NoDaysToFollow(month=month.key, amount=int(rows.sum()) // finer)
        weights = {i: np.where(company[at] > 0, days[at], 0.0) for i, days in (own or {}).items()}
        if locks is not None and (locks.rows[:, at] > 0).any():
            shared[:, at] = _around_locks(rows, company[at], spans, at, locks, unit, weights)
            continue
        step = np.gcd.reduce(company[at], initial=unit)
        shared[:, at] = _days_of(rows // step, company[at] // step, spans, at, weights) * step
    return shared


def days_of_months(
    months: ArrayLike,
    breakdown: Breakdown,
    spans: Sequence[tuple[int, int]] | None = None,
    locks: DayLocks | None = None,
    own: Mapping[int, Floats] | None = None,
) -> Steps:
    """Share members' months over the days of a breakdown, in its day steps. Raises as `member_days`."""
    finer, unit = breakdown.finer, breakdown.finer // breakdown.plan.finer
    return member_days(months, breakdown.days, breakdown.timeline, finer, spans, unit, locks, own)


def days_of_leaves(breakdown: Breakdown, dimension: Dimension) -> Steps:
    """Return the days of the lowest members of a dimension, around their locks, in the breakdown's day steps.

    Raises NoDaysToFollow, or a Fault of a lock that does not fit.
    """
    plan, line, part = breakdown.plan, breakdown.timeline, breakdown.dimensions[dimension.name]
    last = plan.closed_through
    is_closed = np.array([last is not None and month.end <= last for month in line.periods(Level.MONTH)])
    closed = np.where(is_closed, part.months, -1)
    locks = DayLocks.of(plan, line, dimension, breakdown.days, breakdown.finer, closed)
    own = own_weights(plan, line, dimension)
    return days_of_months(part.months[dimension.leaves], breakdown, leaf_spans(dimension, line), locks, own)


def own_weights(plan: Plan, line: Timeline, dimension: Dimension) -> dict[int, Floats]:
    """The weights of days of the lowest members with a weekday index of their own, by their position among these."""
    names = [(dimension.name, dimension.members[i].name) for i in dimension.leaves]
    indexes = {n: plan.member_weekdays[one] for n, one in enumerate(names) if one in plan.member_weekdays}
    if not indexes:
        return {}
    calendar = work_calendar(line.days, plan.day_rules)
    holiday = plan.holiday_index
    return {n: day_weights(line, calendar, DayMethod.DAY_INDEX, own, holiday) for n, own in indexes.items()}


def _days_of(
    rows: Steps, curve: Steps, spans: Sequence[tuple[int, int]] | None, at: slice, own: Mapping[int, Floats]
) -> Steps:
    """Share the members' targets of a month over its days along the company's, or by weights of their own."""
    shared = np.zeros((len(rows), len(curve)), dtype=np.int64)
    partly = [i for i in sorted({*_partly_open(spans, at), *own}) if rows[i]]
    total = int(rows.sum())
    if partly:
        rows = rows.copy()
        for i in partly:
            span = spans[i] if spans is not None else (at.start, at.stop)
            by_day: Floats | Steps = own[i] if i in own and own[i].any() else curve
            shared[i] = _on_open_days(int(rows[i]), by_day, span, at)
            rows[i] = 0
        rest = curve - shared[partly].sum(axis=0)
        curve, total = np.maximum(rest, 0) if (rest > 0).any() else curve, int(rows.sum())
        if not total:
            return shared
    columns = curve if int(curve.sum()) == total else allocate(total, curve)
    small = float(rows.max()) * float(curve.max()) < _EXACT and float(curve.sum()) * len(curve) < _EXACT
    cells = _of_month(rows, columns, curve) if small else None
    if cells is None:
        weights = None if columns is curve else np.outer(rows, curve).astype(np.float64)
        cells = allocate_matrix(rows, columns, weights)
    return shared + cells


def _around_locks(
    rows: Steps, curve: Steps, spans: Sequence[tuple[int, int]] | None, at: slice, locks: DayLocks, unit: int,
    own: Mapping[int, Floats],
) -> Steps:  # fmt: skip
    """Share the members' targets of a month in which days of some are locked."""
    total, days = int(rows.sum()), np.arange(at.start, at.stop)
    weights = np.outer(rows, curve).astype(np.float64)
    for i, by_day in own.items():
        weights[i] = by_day * rows[i] * (curve.sum() / by_day.sum()) if by_day.any() else weights[i]
    for i in _partly_open(spans, at):
        first, end = (spans or ())[i]
        weights[i, (days < first) | (days >= end)] = 0.0
    columns = curve if int(curve.sum()) == total else allocate(total, curve)
    return share_around(locks, rows, columns, weights, at, unit)


def check_day_locks(breakdown: Breakdown) -> None:
    """Raise a Fault if locked days of members do not fit the company's days."""
    short = {lock.dimension for lock in breakdown.plan.locks if lock.member and is_short(lock.period)}
    for name, part in breakdown.dimensions.items():
        if name in short:
            days_of_leaves(breakdown, part.dimension)


def _partly_open(spans: Sequence[tuple[int, int]] | None, at: slice) -> list[int]:
    """The members that open or close within a month."""
    return [i for i, (first, end) in enumerate(spans or ()) if max(first, at.start) < min(end, at.stop) and (
        first > at.start or end < at.stop
    )]  # fmt: skip


def _on_open_days(target: int, curve: Steps | Floats, span: tuple[int, int], at: slice) -> Steps:
    """A member's month on the days on which it is open, along the company's."""
    days = np.arange(at.start, at.stop)
    is_open = (days >= span[0]) & (days < span[1])
    weights = np.where(is_open, curve, 0)
    return allocate(target, weights if weights.any() else is_open.astype(np.int64))


_EXACT = 2.0**62
"""Products below this are computed in int64; above it all members are rounded together."""
_GOLDEN = (5**0.5 - 1) / 2


def _of_month(rows: Steps, columns: Steps, curve: Steps) -> Steps | None:
    """Share `rows` along `curve`, so that the days add up to `columns`, each its exact sum rounded down or up.

    None if no rounding of the cells gives just these columns, which can happen if the columns were rounded first.
    A cell of a row gets a step when the running sum passes a whole step. Rows begin at different fractions of a step,
    so days add up nearly by themselves.
    """
    whole = int(curve.sum())
    share, rest = np.divmod(np.multiply.outer(rows, curve), whole)
    begin = (np.arange(len(rows)) * _GOLDEN % 1.0 * whole).astype(np.int64)
    steps = np.diff((np.cumsum(rest, axis=1) + begin[:, None]) // whole, axis=1, prepend=0).astype(np.bool_)
    closed = _close(steps, rest > 0, columns - share.sum(axis=0) - steps.sum(axis=0))
    return share + steps if closed else None


def _close(steps: Mask, open_: Mask, missing: Steps) -> bool:
    """Move steps within rows, in cells that are `open_`, until no day lacks any; the last rows first."""
    for row in range(len(steps) - 1, -1, -1):
        if not missing.any():
            return True
        here, free = steps[row], open_[row] & ~steps[row]
        giving = np.flatnonzero(here & (missing < 0))
        taking = np.flatnonzero(free & (missing > 0))
        count = min(len(giving), len(taking))
        giving = giving[np.argsort(missing[giving], kind="stable")[:count]]
        taking = taking[np.argsort(-missing[taking], kind="stable")[:count]]
        _move(steps[row], missing, giving, taking)
    while missing.any():  # by way of other days
        way = _way(steps, open_, missing)
        if way is None:
            return False
        for day, following in pairwise(way):
            rows = np.flatnonzero(steps[:, day] & open_[:, following] & ~steps[:, following])
            _move(steps[rows[-1]], missing, day, following)
    return True


def _move(row: Mask, missing: Steps, giving: Any, taking: Any) -> None:
    row[giving], row[taking] = False, True
    missing[giving] += 1
    missing[taking] -= 1


def _way(steps: Mask, open_: Mask, missing: Steps) -> list[int] | None:
    """Return the shortest way of days from one with too much to one with too little, or None.

    Each day on it can give a step to the next one in some row.
    """
    gives = steps.T.astype(np.int64) @ (open_ & ~steps).astype(np.int64) > 0
    before: dict[int, int] = dict.fromkeys(np.flatnonzero(missing < 0).tolist(), -1)
    reached = list(before)
    for day in reached:
        if missing[day] > 0:
            way = [day]
            while before[way[0]] >= 0:
                way.insert(0, before[way[0]])
            return way
        for following in np.flatnonzero(gives[day]).tolist():
            if following not in before:
                before[following] = day
                reached.append(following)
    return None


def by_week(days: NDArray[Any], timeline: Timeline) -> NDArray[Any]:
    """Sum days (the last axis) into weeks as the plan cuts them; exact for whole steps."""
    return sum_by(days, timeline.index_of_day(Level.WEEK), len(timeline.periods(Level.WEEK)))
