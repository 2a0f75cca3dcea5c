"""Dated adjustments: what moves between members, or off the total, after a split and before its proof.

Rules:

1. A transfer takes an amount, or a share of what it has, from one member in the months of its days, and gives it to
   another one. A relief takes what a member would have on its days, and gives it to its siblings, or to nobody: then
   the total and every other dimension come down by it.
2. A period is shared over its months by the giver's targets on the days that are meant. A member with others below it
   gives and takes through the lowest of them, in proportion to their targets.
3. All above the giver fall and all above the taker rise, up to the first member that is above both. Nobody else moves.
4. What is locked stays: who would have to move against a lock, or beyond a bound, is named.
5. In closed months an adjustment stays as it was written. A closed month that it was not written for is refused.
6. Adjustments follow each other in their order, each on what the one before left. None changes what one before moved.

What was written is known by its deltas (`Adjusted`). They are taken off the closed targets before a split
(`without`), and come back after it, so a month that closes moves nobody.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.adjusted import COMPANY, Adjusted, Kind, Whose
from xlsales.core.allocation import allocate
from xlsales.core.arrays import Mask, Steps
from xlsales.core.breakdown import EarlierTargets
from xlsales.core.keys import joined
from xlsales.core.periods import Level, Timeline, months_inside
from xlsales.core.plan import Dimension, Plan
from xlsales.core.time_split import period_of


class Adjustment(Struct, frozen=True):
    """A row of a table: from when to when, who gives, who takes, and how much.

    A blank `giver` or `taker` are the others: all lowest members but those of the named one and of those `apart`; of a
    relief, the siblings. `amount` is in steps, `share` of what the giver has on these days; one of them is None. A
    relief that `lowers` the total has no taker. `row` is that of its table.
    """

    kind: Kind
    dimension: str
    giver: str
    taker: str
    start: dt.date
    end: dt.date
    amount: int | None
    share: float | None
    reason: str
    row: int
    lowers: bool = False
    carried: bool = False
    """Whether a person chose who carries a relief; its siblings do if nobody chose."""
    apart: tuple[str, ...] = ()
    """The members that are no others of it, by name."""


def keyed(adjustments: Sequence[Adjustment]) -> list[tuple[str, Adjustment]]:
    """Return adjustments with their keys; those alike are numbered in their order."""
    times: Counter[str] = Counter()
    pairs = []
    for one in adjustments:
        of = one.kind, one.dimension, one.giver, one.taker, one.start
        alike = key_of(0, *of)
        times[alike] += 1
        pairs.append((key_of(times[alike], *of), one))
    return pairs


def key_of(number: int, kind: Kind, dimension: str, giver: str, taker: str, start: dt.date) -> str:
    """Return the key of an adjustment, the `number`-th of those alike."""
    return joined(str(number), kind.value, dimension, giver, taker, start.isoformat())


def closed_months(plan: Plan, timeline: Timeline) -> Mask:
    """Return which months are closed."""
    last = plan.closed_through
    return np.array([last is not None and month.end <= last for month in timeline.periods(Level.MONTH)])


def rolled_up(dimension: Dimension, rows: Steps) -> Steps:
    """Return members × months with what is below each member added to it."""
    out = rows.copy()
    for i in range(len(out) - 1, -1, -1):  # in pre-order, members come after those above them
        if (parent := dimension.parents[i]) >= 0:
            out[parent] += out[i]
    return out


def held_months(plan: Plan, timeline: Timeline, dimension: Dimension) -> Mask:
    """Return members × months in which a member has a lock of a month or longer, or one of, or a bound for, all."""
    held = np.zeros((len(dimension.members), len(timeline.periods(Level.MONTH))), dtype=np.bool_)
    position = {member.name: i for i, member in enumerate(dimension.members)}
    for i, member in enumerate(dimension.members):
        held[i] = member.locked is not None or member.lower is not None or member.upper is not None
    for name, inside in member_locks(plan, timeline, dimension.name):
        held[position[name], inside] = True
    return held


def member_locks(plan: Plan, timeline: Timeline, dimension: str) -> Iterator[tuple[str, list[int]]]:
    """Yield the locks of members for a month or longer: whose, and the months."""
    for lock in plan.locks:
        if lock.dimension == dimension and lock.member is not None:
            period = period_of(lock, timeline)
            if period.level not in (Level.WEEK, Level.DAY):
                yield lock.member, months_inside(timeline, period.start, period.end)


# --- closed targets without what was written ---------------------------------------------


class Unadjusted(Struct, frozen=True):
    """Closed targets without adjustments: `taken` are those that were taken off, each with its closed months alone.

    `days` is what they were for the company's days, in the unit of these. `lowers` is what those that were left took
    off the total, in steps, below zero.
    """

    earlier: EarlierTargets | None
    taken: tuple[Adjusted, ...] = ()
    days: Steps | None = None
    lowers: int = 0


def without(earlier: EarlierTargets | None, written: Iterable[Adjusted], plan: Plan, timeline: Timeline) -> Unadjusted:
    """Take adjustments that were written off the closed targets.

    An adjustment stays in the targets if one of its members is gone, has members below it now, or is held over more
    months than the closed ones; or if its deltas do not add up, for a person changed them.
    """
    closed = closed_months(plan, timeline)
    if earlier is None or not closed.any():
        return Unadjusted(earlier)
    dimensions = {one.name: one for one in plan.dimensions}
    months = {name: {member: row.copy() for member, row in rows.items()} for name, rows in earlier.months.items()}
    days, taken, lowers = np.zeros_like(earlier.days), [], 0
    for one in written:
        past = replace(one, deltas={whose: np.where(closed, row, 0) for whose, row in one.deltas.items()})
        if not any(row.any() for row in past.deltas.values()):
            continue
        rows = _undone(past, months, earlier, dimensions, plan.step_micros)
        if rows is None or _is_held(past, plan, timeline, closed, dimensions):
            lowers += _lowered(past, plan)
            continue
        for (dimension, member), row in rows:
            months[dimension][member] -= row // plan.step_micros
        if past.company is not None:
            days += closed_days(past.company // plan.step_micros, earlier.days, timeline, earlier.finer)
        taken.append(past)
    pairs = ((row, earlier.months[name][member]) for name, rows_of in months.items() for member, row in rows_of.items())
    if any((row < np.minimum(before, 0)).any() for row, before in pairs):  # a person changed them
        return Unadjusted(earlier, lowers=lowers + sum(_lowered(one, plan) for one in taken))
    return Unadjusted(replace(earlier, days=earlier.days - days, months=months), tuple(taken), days, lowers)


def _lowered(one: Adjusted, plan: Plan) -> int:
    """What an adjustment takes off the total, in steps, below zero."""
    return 0 if one.company is None else int(one.company.sum()) // plan.step_micros


def _undone(
    one: Adjusted,
    months: Mapping[str, Mapping[str, Steps]],
    earlier: EarlierTargets,
    dimensions: Mapping[str, Dimension],
    step_micros: int,
) -> list[tuple[Whose, Steps]] | None:
    """The rows of the closed targets that an adjustment is in: its members and all that were above them; or None."""
    if not one.adds_up or any((row % step_micros).any() for row in one.deltas.values()):
        return None
    rows: list[tuple[Whose, Steps]] = []
    for (name, member), row in one.deltas.items():
        if (name, member) == COMPANY:
            continue
        dimension, parents = dimensions.get(name), earlier.parents.get(name, {})
        at = next((i for i, m in enumerate(dimension.members) if m.name == member), -1) if dimension else -1
        if dimension is None or at < 0 or not dimension.is_leaf(at):
            return None
        above: str | None = member
        while above is not None:
            own = months.get(name, {}).get(above)
            up = parents.get(above, frozenset())
            if own is None or len(up) != 1:
                return None
            rows.append(((name, above), row))
            (above,) = up
    return rows


def _is_held(one: Adjusted, plan: Plan, timeline: Timeline, closed: Mask, dimensions: Mapping[str, Dimension]) -> bool:
    """Whether a lock or a bound counts closed and open months of a member that an adjustment moves."""
    for name in {dimension for dimension, _ in one.deltas} - {""}:
        dimension = dimensions[name]
        moved = np.zeros((len(dimension.members), len(closed)), dtype=np.bool_)
        for i, member in enumerate(dimension.members):
            moved[i] = one.deltas.get((name, member.name), np.zeros(len(closed))) != 0
        moved = rolled_up(dimension, moved.astype(np.int64)) > 0
        whole = [m.locked is not None or m.lower is not None or m.upper is not None for m in dimension.members]
        if (moved.any(axis=1) & np.array(whole)).any():
            return True
        position = {member.name: i for i, member in enumerate(dimension.members)}
        for whose, inside in member_locks(plan, timeline, name):
            if moved[position[whose], inside].any() and not closed[inside].all():
                return True
    company = [lock for lock in plan.locks if lock.member is None]
    spans = [months_inside(timeline, p.start, p.end) for lock in company for p in (period_of(lock, timeline),)]
    row = one.company
    return row is not None and any(row[inside].any() and not closed[inside].all() for inside in spans)


def closed_days(months: Steps, days: Steps, timeline: Timeline, finer: int) -> Steps:
    """Share an amount of closed months (in steps) over their days, in proportion to these; in the unit of days."""
    out = np.zeros_like(days)
    for position in np.flatnonzero(months).tolist():
        at = timeline.slice_of(timeline.periods(Level.MONTH)[position])
        own = np.maximum(days[at], 0)
        if own.any():
            whole = int(months[position]) * finer
            out[at] = np.sign(whole) * allocate(abs(whole), own)
    return out
