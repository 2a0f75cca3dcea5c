"""Tiers of a target: what is given up below it (保底), or asked above it (冲刺), so that each tier closes as it does.

A tier is the target less, or plus, a gap that is never below zero: no cell can break the order. The gap of the whole is
shared over its months; then, family by family, over members × months, both margins exact, by the targets. Rules:

1. A locked cell has no gap: it is the same in all tiers, and what is free takes its part.
2. No cell of a lower tier is below zero.
3. What nobody takes of a family's target has its own part of the gap. Members that carry a stretch carry that of the
   gap, too.
4. Closed months keep the gaps that they have; if the whole cannot close with them, that is a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import numpy as np
from msgspec import Struct

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Mask, Steps
from xlsales.core.breakdown import Breakdown, DimensionBreakdown
from xlsales.core.faults import Bilingual, Fault
from xlsales.core.matrix import allocate_matrix
from xlsales.core.member_holds import FREE
from xlsales.core.periods import Level
from xlsales.core.time_split import period_of

WHOLE = Bilingual("公司整体", "The whole")


class TooWide(Fault):
    """A gap of the whole, or the own one of a member, that what is free of it cannot take.

    `position` is that of the member in its dimension, -1 for the whole.
    """

    zh = "{where}这一档与目标差 {gap},没有锁定的只容得下 {room},合不上。请改填的数,或放开一些锁定。"
    en = "{where}: this tier is {gap} from the target, and what is not locked can take {room}. Change it, or the locks."
    amounts = ("gap", "room")


class GapTooWide(Fault):
    """A gap of a family that those in it cannot take; `where` is its parent, or the dimension."""

    zh = (
        "“{where}”这一档与目标差 {gap}:单独填写的成员占 {own},其余没有锁定的容得下 {room},合不上。"
        "请改填的数,或放开一些锁定。"
    )
    en = (
        '"{where}": this tier is {gap} from the target, of which members with their own have {own}; others that are '
        "not locked can take {room}. Change what is typed, or release locks."
    )
    amounts = ("gap", "own", "room")


class ClosedGaps(Fault):
    """A gap that does not close on what the closed months have of it."""

    zh = "这一档与目标差 {gap},已关账的月份不再改,它们已差 {closed},合不上。请改填的数,或改“已关账至”。"
    en = (
        "This tier is {gap} from the target; closed months stay, and have {closed} of it, so it cannot close. Change "
        "what is typed, or the day to which months are closed."
    )
    amounts = ("gap", "closed")


class GapByMonthTooWide(Fault):
    """Members with their own gaps whose months cannot close because of locks."""

    zh = "“{where}”下面单独填写的成员,锁定的月份太多,各月合不上。请改填的数,或放开一些锁定。"
    en = 'members of "{where}" with their own tiers have too many locked months to close. Change them, or the locks.'


class Gaps(Struct, frozen=True):
    """How far a tier is from the target in steps: the company's months, and members × months by dimension.

    Of gaps that are kept, `FREE` ones are open.
    """

    company: Steps
    members: Mapping[str, Steps]


class Tier(Struct, frozen=True):
    """What is asked for: the gap of the whole, those of members by dimension and position; `lowers` of a lower tier."""

    lowers: bool
    gap: int
    own: Mapping[str, Mapping[int, int]] = {}


def gaps_of(breakdown: Breakdown, tier: Tier, kept: Gaps) -> Gaps:
    """Return the gaps of a tier. Raises TooWide, GapTooWide, GapByMonthTooWide or ClosedGaps."""
    free = _gaps(breakdown, tier, None)
    held = [(kept.company, free.company), *((kept.members[name], own) for name, own in free.members.items())]
    if all(((before == FREE) | (before == after)).all() for before, after in held):
        return free
    with suppress(Fault):
        return _gaps(breakdown, tier, kept)
    # members came or went, so their closed cells cannot all stay; those of the whole do
    return _gaps(
        breakdown, tier, Gaps(kept.company, {name: np.full_like(own, FREE) for name, own in kept.members.items()})
    )


def _gaps(breakdown: Breakdown, tier: Tier, kept: Gaps | None) -> Gaps:
    locked = locked_cells(breakdown)
    company, rooms = breakdown.months, {}
    room = np.where(locked[""][0], 0, company)
    least = WHOLE
    for name, part in breakdown.dimensions.items():
        rooms[name] = _rooms(part, locked[name])
        top = part.dimension.children(-1)
        below, above = rooms[name][top].sum(axis=0), part.months[top].sum(axis=0)
        free = _scaled(below + np.maximum(company - above, 0), company, np.maximum(above, company))
        if (free < room).any():
            room, least = np.minimum(room, free), Bilingual(f"“{name}”", f'"{name}"')
    upper, held = _limits(room, tier, None if kept is None else kept.company)
    try:
        months = allocate(tier.gap, room, locked=held, upper=upper)
    except Fault:
        if kept is not None:
            raise ClosedGaps(gap=tier.gap, closed=int(np.maximum(kept.company, 0).sum())) from None
        raise TooWide(where=least, position=-1, gap=tier.gap, room=int(room.sum())) from None
    members = {}
    for name, part in breakdown.dimensions.items():
        own = tier.own.get(name, {})
        members[name] = _of_dimension(
            part, company, months, rooms[name], own, tier, None if kept is None else kept.members[name]
        )
    return Gaps(months, members)


def locked_cells(breakdown: Breakdown) -> dict[str, Mask]:
    """Return which cells a person fixed, members × months by dimension; the whole is a row under a blank name.

    A lock fixes all months of its period; those of single days or weeks fix none.
    """
    plan, line = breakdown.plan, breakdown.timeline
    parts, n_months = breakdown.dimensions, len(breakdown.months)
    locked = {name: np.zeros((len(part.dimension.members), n_months), dtype=bool) for name, part in parts.items()}
    locked[""] = np.zeros((1, n_months), dtype=bool)
    names = {name: {m.name: i for i, m in enumerate(part.dimension.members)} for name, part in parts.items()}
    for lock in plan.locks:
        period = period_of(lock, line)
        if period.level not in (Level.DAY, Level.WEEK):
            row = names[lock.dimension][lock.member or ""] if lock.dimension else 0
            locked[lock.dimension or ""][row] |= [
                period.start <= month.start and month.end <= period.end for month in line.periods(Level.MONTH)
            ]
    for name, part in parts.items():
        for i, member in enumerate(part.dimension.members):
            above = part.dimension.parents[i]
            locked[name][i] |= member.locked is not None
            if above >= 0:  # what is below a fixed amount is fixed
                locked[name][i] |= locked[name][above]
    return locked


def _rooms(part: DimensionBreakdown, locked: Mask) -> Steps:
    """How much of each cell is free, members × months: nothing of a locked one, of a parent what is free below it."""
    rooms = np.where(locked, 0, part.months)
    for parent, family in reversed(list(part.dimension.families())):
        if parent >= 0:
            above, below = part.months[parent], part.months[family].sum(axis=0)
            free = rooms[family].sum(axis=0) + np.maximum(above - below, 0)
            rooms[parent] = np.minimum(rooms[parent], _scaled(free, above, np.maximum(below, above)))
    return rooms


def _scaled(steps: Steps, by: Steps, over: Steps) -> Steps:
    """Return steps × by ÷ over, rounded down; 0 over nothing."""
    pairs = zip(steps.tolist(), by.tolist(), over.tolist(), strict=True)
    return np.array([one * up // down if down else 0 for one, up, down in pairs], dtype=np.int64)


def _limits(room: Steps, tier: Tier, kept: Steps | None) -> tuple[Steps | None, Steps | None]:
    """The upper bounds of gaps, and those that are kept, as `allocate` takes them."""
    held = None if kept is None or not (kept >= 0).any() else np.where(kept >= 0, kept, np.nan)
    upper = room if held is None else np.fmax(room, held)
    return upper if tier.lowers else None, held


def _of_dimension(
    part: DimensionBreakdown, company: Steps, months: Steps, rooms: Steps, own: Mapping[int, int], tier: Tier,
    kept: Steps | None,
) -> Steps:  # fmt: skip
    """Share the gap of each family's parent over its members, from the top."""
    gaps = np.zeros_like(part.months)
    for i, asked in own.items():
        free = int(rooms[i].sum())
        if asked > free and (tier.lowers or not free):
            member = part.dimension.members[i].name
            raise TooWide(where=Bilingual(f"“{member}”", f'"{member}"'), position=i, gap=asked, room=free)
    for parent, family in part.dimension.families():
        above, gap = (part.months[parent], gaps[parent]) if parent >= 0 else (company, months)
        below = part.months[family].sum(axis=0)
        nobodys = np.maximum(above - below, 0)
        room = np.vstack([rooms[family], nobodys])
        held = np.full(room.shape, FREE) if kept is None else np.vstack([kept[family], np.full(len(above), FREE)])
        if (below > above).any():
            gap = _stretched(gap, above, below + nobodys, room.sum(axis=0), held[:-1], tier)
        given = np.array([own.get(i, FREE) for i in family] + [FREE])
        where = part.dimension.members[parent].name if parent >= 0 else part.dimension.name
        gaps[family] = _family(gap, room, given, held, tier, where)[:-1]
    return gaps


def _stretched(gap: Steps, above: Steps, below: Steps, room: Steps, held: Steps, tier: Tier) -> Steps:
    """The gap of a family that carries more than its parent, by months: in proportion to what it carries."""
    whole, over = int(above.sum()), int(below.sum())
    total = (2 * int(gap.sum()) * over + whole) // (2 * whole) if whole else 0
    weights = np.divide(gap * below.astype(np.float64), above, out=np.zeros(len(gap)), where=above > 0)
    if tier.lowers:
        total = min(total, int(room[weights > 0].sum()))
    kept = np.where((held >= 0).all(axis=0), held.sum(axis=0), FREE)
    upper, locked = _limits(room, tier, kept)
    return allocate(total, weights, locked=locked, upper=upper)


def _family(gap: Steps, room: Steps, given: Steps, held: Steps, tier: Tier, where: str) -> Steps:
    """Share a gap by months over members × months; the last row is nobody's."""
    free, whole = room.sum(axis=1), int(gap.sum())
    upper, locked = _limits(free, tier, given)
    try:
        rows = allocate(whole, free, locked=locked, lower=np.maximum(held, 0).sum(axis=1), upper=upper)
    except Fault:
        left = int(free[given == FREE].sum())
        raise GapTooWide(where=where, gap=whole, own=int(given[given >= 0].sum()), room=left) from None
    cells = np.where(held >= 0, held, np.nan)
    try:
        while True:
            gaps = allocate_matrix(rows, gap, room, locked=cells)
            over = (gaps > room) & np.isnan(cells)
            if not tier.lowers or not over.any():
                return gaps
            cells[over] = room[over]
    except Fault:
        if (given >= 0).any():
            raise GapByMonthTooWide(where=where) from None
    columns = []
    for month, total in enumerate(gap.tolist()):
        upper, locked = _limits(room[:, month], tier, held[:, month])
        columns.append(allocate(total, room[:, month], locked=locked, upper=upper))
    return np.stack(columns, axis=1)
