"""Commitments below a member's share of which nobody else carries the rest: it is a reserve, or lowers the total.

Such a commitment is no lock of the split. The plan is split without it; then the member's months come down, and the
rest is unassigned (a reserve) or taken off all members above it (a lower total). So its siblings keep their targets,
to the step. A commitment above its share takes from what other commitments with the same choice leave; if they leave
less, it is a lock as any other. It is also a lock if the member has its own lock or bound for its total: its other
months carry that.

A waiver is likewise no part of the split: its amount comes off what the split gives its member in that month. It does
nothing in a closed month, nor where its member is locked: a lock counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Mask, Steps
from xlsales.core.faults import Fault
from xlsales.core.periods import Level, Timeline, months_inside
from xlsales.core.plan import Dimension, Lock, Plan, Rest, Waiver
from xlsales.core.time_split import period_of

Split = tuple[Steps, Steps, Steps]
"""Members × months, and per level the stretch and the unassigned amount."""
_APART = (Rest.RESERVE, Rest.LOWER)
_SHORT = (Level.WEEK, Level.DAY)


class CannotLower(Fault):
    """A commitment is to lower the total, but a target above its member is fixed."""

    zh = "“{member}”{period} 的差额不能降低总目标:{zh_holder}的目标已锁定或有下限。请改选“预留”,或先改那里的锁定。"
    en = (
        'The rest of "{member}" in {period} cannot lower the total: the target of {en_holder} is locked or has a lower '
        "bound. Choose reserve, or change that lock first."
    )


class LoweredTwice(Fault):
    """Commitments of several dimensions are to lower the total: the same money may be meant twice."""

    zh = "“{first}”和“{second}”的承诺都选了“降低总目标”,可能是同一笔钱。请只在一个维度里这样选。"
    en = 'Commitments of "{first}" and of "{second}" both lower the total, maybe twice. Choose it in one of them only.'


def lowering(plan: Plan) -> str | None:
    """Return the dimension in which commitments lower the total. Raises LoweredTwice for several dimensions."""
    lowers = plan.going_to(Rest.LOWER)
    for one in lowers:
        if one.dimension != lowers[0].dimension:
            raise LoweredTwice(first=lowers[0].dimension, second=one.dimension, **_at(one))
    return lowers[0].dimension if lowers else None


def lowered_before(plan: Plan, timeline: Timeline, closed: Mask) -> int:
    """Return by how much the total came down in closed months: targets that were handed out less commitments."""
    reduction = 0
    for one in plan.going_to(Rest.LOWER):
        less = one.amount if isinstance(one, Waiver) else (one.asked or 0) - one.amount
        if less <= 0:
            continue
        inside = _inside(one, timeline)
        dimension = next(d for d in plan.dimensions if d.name == one.dimension)
        at = _position(dimension, one)
        times = 1.0
        for level in range(dimension.depths[at]):
            times *= plan.stretch[level] if level < len(plan.stretch) else 1.0
        reduction += round(less * float(closed[inside].mean()) / times)
    return reduction


def reserved(plan: Plan, timeline: Timeline, company: Steps, closed: Mask) -> Steps:
    """Return what is kept back of the company's open months, as a reserve in each dimension."""
    kept = np.zeros_like(company)
    for waiver in plan.waivers:
        if waiver.member is None:
            kept[_inside(waiver, timeline)] += waiver.amount
    return np.minimum(np.where(closed, 0, kept), company)


def company_locks(plan: Plan, timeline: Timeline, months: Steps, closed: Mask) -> tuple[Lock, ...]:
    """Return the locks that give the company these months, with its locks of days and weeks."""
    days = [lock for lock in plan.locks if lock.member is None and period_of(lock, timeline).level in _SHORT]
    own = zip(timeline.periods(Level.MONTH), months.tolist(), closed.tolist(), strict=True)
    return (*days, *(Lock(month.key, amount) for month, amount, is_closed in own if not is_closed))


def months_of(lock: Lock, timeline: Timeline) -> list[str]:
    """Return the keys of the months that a lock covers."""
    months = timeline.periods(Level.MONTH)
    return [months[at].key for at in _inside(lock, timeline)]


def concede(
    plan: Plan, timeline: Timeline, dimension: Dimension, split: Callable[[Plan], Split], company: Steps, closed: Steps
) -> tuple[Steps, Steps, Steps, Steps]:
    """Split a dimension and lower its commitments; the last result is the reduction of the company's months.

    `closed` are members × months with a closed target, below zero elsewhere.
    """
    reduction = np.zeros_like(company)
    commitments = [lock for lock in plan.locks if lock.dimension == dimension.name and lock.rest in _APART]
    waivers = [one for one in plan.waivers if one.dimension == dimension.name]
    if not commitments and not waivers:
        return *split(plan), reduction
    while True:
        others = tuple(lock for lock in plan.locks if lock not in commitments)
        months, stretch, unassigned = split(replace(plan, locks=others))
        rows = {
            i: _lowered(dimension, i, own, others, timeline, months, closed)
            for i, member in enumerate(dimension.members)
            if (own := [lock for lock in commitments if lock.member == member.name])
        }
        firm = [lock for _, locks in rows.values() for lock in locks]
        firm = firm or _above(dimension, commitments, timeline, months, rows)
        if not firm:
            break
        commitments = [lock for lock in commitments if lock not in firm]
    base = months.copy()

    def take(i: int, one: Lock | Waiver, rest: Steps) -> None:
        """Let a member's months come down by a rest, and what is above it."""
        nonlocal reduction
        months[i] -= rest
        if one.rest is Rest.RESERVE:
            unassigned[dimension.depths[i] - 1] += rest.sum()
        else:
            reduction += _up(plan, timeline, dimension, i, one, rest, (months, stretch), (base, company))

    for i, (row, _) in rows.items():
        own = [lock for lock in commitments if lock.member == dimension.members[i].name]
        for lock in sorted(own, key=_period_days(timeline)):
            inside = _inside(lock, timeline)
            rest = np.zeros_like(company)
            rest[inside] = months[i, inside] - row[inside]
            take(i, lock, rest)
    for waiver in waivers:
        i = _position(dimension, waiver)
        free = (closed[i] < 0) & ~held_months(plan, timeline, dimension, i)
        rest = np.zeros_like(company)
        inside = [month for month in _inside(waiver, timeline) if free[month]]
        room = max(int(months[i].sum()) - (dimension.members[i].lower or 0), 0)
        rest[inside] = np.minimum(months[i, inside], min(waiver.amount, room))
        if rest.any():
            take(i, waiver, rest)
    return months, stretch, unassigned, reduction


def held_months(plan: Plan, timeline: Timeline, dimension: Dimension, i: int) -> Mask:
    """Return the months in which a member has a lock; all of them if its whole target is locked."""
    member = dimension.members[i]
    held = np.full(len(timeline.periods(Level.MONTH)), member.locked is not None)
    for lock in plan.locks:
        if (lock.dimension, lock.member) == (dimension.name, member.name):
            held[_inside(lock, timeline)] = True
    return held


def _lowered(
    dimension: Dimension,
    i: int,
    own: Sequence[Lock],
    others: Sequence[Lock],
    timeline: Timeline,
    months: Steps,
    closed: Steps,
) -> tuple[Steps, list[Lock]]:
    """A member's months with its commitments, and the commitments that are locks as any other."""
    member, row = dimension.members[i], months[i].copy()
    fixed = np.where(closed[i] >= 0, closed[i], np.nan)
    firm: list[Lock] = []
    locks = [lock for lock in others if (lock.dimension, lock.member) == (dimension.name, member.name)]
    for lock in locks:
        inside = _inside(lock, timeline)
        fixed[inside] = months[i, inside]
    for lock in sorted(own, key=_period_days(timeline)):
        inside = _inside(lock, timeline)
        whole = any(set(inside) & set(span) and not set(span) < set(inside) for span in _spans(locks, timeline))
        if whole or member.locked is not None:
            firm.append(lock)
            continue
        try:
            row[inside] = allocate(lock.amount, months[i, inside], locked=fixed[inside])
        except Fault:  # the split itself reports it
            firm.append(lock)
            continue
        fixed[inside] = row[inside]
    total, most = int(row.sum()), np.inf if member.upper is None else member.upper
    if not (member.lower or 0) <= total <= max(most, int(months[i].sum())):
        firm = list(own)
    return row, firm


def _above(
    dimension: Dimension,
    own: Sequence[Lock],
    timeline: Timeline,
    months: Steps,
    rows: Mapping[int, tuple[Steps, list[Lock]]],
) -> list[Lock]:
    """The commitments above their share that are not covered by those below their share with the same choice."""
    accounts: dict[tuple[Rest | None, int], Steps] = {}
    above: dict[tuple[Rest | None, int], list[Lock]] = {}
    for lock in own:
        i = next(i for i in rows if dimension.members[i].name == lock.member)
        inside = _inside(lock, timeline)
        account = lock.rest, dimension.parents[i] if lock.rest is Rest.RESERVE else -1
        rest = np.zeros_like(months[0])
        rest[inside] = (months[i] - rows[i][0])[inside]
        accounts[account] = accounts.get(account, 0) + rest
        if rest.sum() < 0:
            above.setdefault(account, []).append(lock)
    return [lock for account, locks in above.items() if (accounts[account] < 0).any() for lock in locks]


def _up(
    plan: Plan,
    timeline: Timeline,
    dimension: Dimension,
    i: int,
    lock: Lock | Waiver,
    rest: Steps,
    result: tuple[Steps, Steps],
    before: tuple[Steps, Steps],
) -> Steps:
    """Take a rest off all members above a member; return the reduction of the company's months."""
    (months, stretch), (base, company) = result, before
    at = i
    while True:
        level, parent = dimension.depths[at] - 1, dimension.parents[at]
        own = company if parent < 0 else base[parent]
        above = _through(plan, dimension, level, parent, rest, int(own.sum()), base)
        stretch[level] -= int((rest - above).sum())
        rest = above
        _check_free(plan, timeline, dimension, parent, lock, rest, months)
        if parent < 0:
            return rest
        months[parent] -= rest
        at = parent


def _through(plan: Plan, dimension: Dimension, level: int, parent: int, rest: Steps, above: int, base: Steps) -> Steps:
    """A rest in a family, divided by the family's stretch: the rest of its parent."""
    family = dimension.children(parent)
    factors = {*plan.stretch[level : level + 1], *(dimension.members[j].stretch for j in family)}
    below = int(base[family].sum())
    if factors <= {None, 1} or not below:
        return rest
    return np.array([(2 * r * above + below) // (2 * below) for r in rest.tolist()], dtype=np.int64)


def _check_free(
    plan: Plan, timeline: Timeline, dimension: Dimension, parent: int, lock: Lock | Waiver, rest: Steps, months: Steps
) -> None:
    """Raise CannotLower if a lock or a bound of the parent prevents the reduction."""
    months_of = timeline.periods(Level.MONTH)
    touched = set(np.flatnonzero(rest).tolist())
    scope = (dimension.name, dimension.members[parent].name) if parent >= 0 else (None, None)
    locked = [one for one in plan.locks if (one.dimension, one.member) == scope]
    days = [one for one in locked if period_of(one, timeline).level in _SHORT]
    fixed = any(touched & set(span) for span in _spans([one for one in locked if one not in days], timeline))
    if parent >= 0 and touched:
        above = dimension.members[parent]
        fixed = fixed or above.locked is not None or int((months[parent] - rest).sum()) < (above.lower or 0)
    if fixed:
        period = months_of[min(touched)].key if len(touched) == 1 else lock.period
        facts = {"zh_holder": f"“{scope[1]}”" if scope[1] else "公司整体", "en_holder": scope[1] or "the company"}
        raise CannotLower(member=lock.member, period=period, **facts, **_at(lock))


def _at(one: Lock | Waiver) -> dict[str, int | str]:
    """Where it is, as facts of a fault."""
    return {"waiver_row" if isinstance(one, Waiver) else "lock_row": one.row, "field": "rest"}


def _position(dimension: Dimension, one: Lock | Waiver) -> int:
    return next(i for i, member in enumerate(dimension.members) if member.name == one.member)


def _inside(lock: Lock | Waiver, timeline: Timeline) -> list[int]:
    """The months that it covers."""
    period = period_of(lock, timeline)
    return months_inside(timeline, period.start, period.end)


def _spans(locks: Sequence[Lock], timeline: Timeline) -> list[list[int]]:
    return [_inside(lock, timeline) for lock in locks]


def _period_days(timeline: Timeline) -> Callable[[Lock], Any]:
    return lambda lock: period_of(lock, timeline).days
