"""Holds in a dimension: locks, bounds and closed months of members, carried up to the whole.

A member with all of its months fixed is fixed itself; so is one below which nothing is free. If holds below a member
do not fit it, the fault names each kind of hold.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlsales.core.allocation import AllWeightsZero, LockedAboveTotal, LockedBelowTotal, allocate
from xlsales.core.arrays import Floats, Mask, Steps
from xlsales.core.day_locks import SHORT, DayLocks
from xlsales.core.faults import Fault
from xlsales.core.holds import HeldAboveTotal, HeldBelowMonths, Hold, above_total, conflict
from xlsales.core.member_shares import room
from xlsales.core.member_weights import MemberWeights, or_nan
from xlsales.core.opening import BoundWhileShut, LockedWhileShut
from xlsales.core.periods import Level, Period, Timeline
from xlsales.core.plan import Dimension, Lock, Plan
from xlsales.core.shapes import Shapes
from xlsales.core.time_split import LockTwice, PeriodWithoutWeight, period_of

_ROUNDED = 2
"""With a stretch, a parent's closed month and its family's differ by so many steps at most."""

_FLOAT = 1e-6
"""In steps: a float this near a whole number is that number."""

FREE = -1
"""In arrays of closed targets: a target that is still open."""


class LockUnknown(Fault):
    """A lock names a dimension or member that the plan does not have."""

    zh = "锁定的成员“{member}”不在维度“{dimension}”里。请改正名称,或把维度和成员都留空。"
    en = 'the locked member "{member}" is not in dimension "{dimension}". Correct it, or leave both cells blank.'


class ClosedAbove(Fault):
    """A member's closed months are above its lock or its upper bound."""

    zh = "“{member}”已关账的目标 {closed} 超过它的锁定目标或上限 {target}。请提高它,或改“已关账至”。"
    en = (
        '"{member}" has {closed} in closed months, above its locked target or upper bound {target}. '
        'Raise it, or change "Closed through".'
    )
    amounts = ("closed", "target")


class ClosedMonths(NamedTuple):
    """Targets of closed months, members × months, FREE elsewhere; `moved` members have others below them since.

    `days` are the locked days of members.
    """

    targets: Steps
    moved: Mask
    days: DayLocks | None = None


class MemberHolds(MemberWeights):
    """A dimension with its holds."""

    def __init__(
        self, plan: Plan, timeline: Timeline, dimension: Dimension, shapes: Shapes, company: Steps, closed: ClosedMonths
    ) -> None:
        super().__init__(plan, timeline, dimension, shapes, company, _filled(dimension, closed.targets))
        self.days = closed.days
        n = len(self.members)
        self.keys = [month.key for month in timeline.periods(Level.MONTH)]
        self.upper = or_nan([m.upper for m in self.members])
        self.floors = np.zeros(n, dtype=np.int64)
        self.cell_floors = np.zeros((n, len(company)), dtype=np.int64)
        self._regroup(closed.moved)
        self.cells = np.where(self.closed_targets >= 0, self.closed_targets, np.nan)
        self.lock_rows = np.zeros((n, len(company)), dtype=np.int64)
        self.lock_of: dict[int, tuple[str, int]] = {}  # row of a lock → its name, its amount
        self.lock_member: dict[int, int] = {}
        self.implied: set[int] = set()
        self._lock_cells(timeline)
        if self.days is not None:
            self.days.fill_months(self.cells, self.lock_rows)
            self.cell_floors = self.days.floors(self.cells, self.lock_rows, self.closed_targets)

    # --- what is fixed ------------------------------------------------------

    def _regroup(self, moved: Mask) -> None:
        """Let a moved member keep its closed targets: parents get the sums, if the lowest members add up to the top.

        `moved` are the parents below which members came or went. Under a stretch others keep theirs, whatever the sums
        below them: holds make these differ.
        """
        if not (self.closed_targets >= 0).any():
            return
        targets = self.closed_targets.copy()
        closed = self.closed_months(next(family for parent, family in self.dimension.families() if parent < 0))
        for parent, family in reversed(list(self.dimension.families())):
            factor, _ = self.stretched(family)
            sums = targets[family].sum(axis=0) / float(factor)
            near = 0 if factor == 1 else _ROUNDED
            if parent >= 0:
                off = closed & self.closed_months(family) & (np.abs(sums - targets[parent]) > near)
                off &= moved[parent] or factor == 1
                targets[parent, off] = np.rint(sums[off])
                continue
            before = self.closed_targets[family].sum(axis=0) / float(factor)  # below the company if some is unassigned
            if any((np.abs(sums - top)[closed] <= near * len(self.members)).all() for top in (self.company, before)):
                self.closed_targets = targets

    def _lock_cells(self, timeline: Timeline) -> None:
        """Lock cells, shorter periods first; a lock over several months follows the months without it."""
        month_of_day = timeline.index_of_day(Level.MONTH)
        for i, period, lock in sorted(self._locks(timeline), key=lambda lock: lock[1].days):
            inside = np.unique(month_of_day[timeline.slice_of(period)])
            free = inside[np.isnan(self.cells[i, inside])]
            name = f"{self.members[i].name} {period.key}"
            self.lock_of[lock.row], self.lock_member[lock.row] = (name, lock.amount), i
            if lock.amount and self.open is not None and not self.open[i, inside].any():
                raise self.shut(i, period.key, lock.amount, lock_row=lock.row)
            try:
                self.cells[i, inside] = self._spread(i, inside, lock.amount, several=free.size > 1)
            except (LockedAboveTotal, LockedBelowTotal) as fault:
                closed = int(np.maximum(self.closed_targets[i, inside], 0).sum())
                over = bool((self.closed_targets[i, inside] >= 0).all())
                raise conflict(name, lock.amount, fault.facts["locked"], closed, lock.row, over=over) from None
            except AllWeightsZero as fault:
                raise PeriodWithoutWeight(period=name, amount=fault.facts["amount"], lock_row=lock.row) from None
            except Fault as fault:
                fault.facts["lock_row"] = lock.row
                raise
            self.lock_rows[i, free] = lock.row

    def _spread(self, i: int, inside: NDArray[np.intp], amount: int, *, several: bool) -> Steps:
        """Share a member's lock over its months: the amount that is not fixed below goes to the free months.

        So the months follow their values without the lock: the company's months, or the member's own history, around
        single locked months and closed ones. If they cannot, they follow the company alone.
        """
        fixed = self.cells[i, inside]
        if several:
            times, weights = self.seeds()
            now, least, most = (
                months[inside] * times[i]
                for months in room(self.levels, weights, self.cells / times[:, None], self.company.astype(float), i)
            )
            low = np.where(np.isnan(fixed), np.ceil(least - _FLOAT), fixed).astype(np.int64)
            above = np.where(np.isnan(fixed), np.fmax(np.floor(most + _FLOAT) - low, 0.0), 0.0)
            with suppress(Fault):
                shared: Steps = low + allocate(amount - int(low.sum()), np.fmax(now - least, 0.0), upper=above)
                return shared
        curve = self.company[inside] if self.open is None else self.company[inside] * self.open[i, inside]
        return allocate(amount, curve, locked=fixed)

    def _locks(self, timeline: Timeline) -> Iterator[tuple[int, Period, Lock]]:
        position = {member.name: i for i, member in enumerate(self.members)}
        keys: set[tuple[int, str]] = set()
        for lock in self.plan.locks:
            if lock.dimension != self.dimension.name:
                continue
            i = position.get(lock.member or "")
            if i is None:
                raise LockUnknown(dimension=lock.dimension, member=lock.member or "", lock_row=lock.row)
            period = period_of(lock, timeline)
            if period.level in SHORT:
                continue
            if (i, period.key) in keys:
                raise LockTwice(member=lock.member, period=lock.period, lock_row=lock.row)
            keys.add((i, period.key))
            yield i, period, lock

    def settle(self, parent: int, family: list[int]) -> None:
        """Fix the targets that follow from the cells, and carry up to the parent the least that its family needs."""
        cells = self.cells[family]
        fixed = ~np.isnan(cells)
        self._check_closed(family)
        self._check_below(family)
        self._fix_targets(family, cells, fixed)
        locked = self.locked[family]
        cell_floors = np.where(fixed, np.nan_to_num(cells), self.cell_floors[family]).astype(np.int64)
        floors = np.maximum(np.maximum(self.floors[family], cell_floors.sum(axis=1)), self.lower[family])
        floors = np.where(np.isnan(locked), floors, np.nan_to_num(locked)).astype(np.int64)
        self.cell_floors[family], self.floors[family] = cell_floors, floors
        if parent < 0:
            return
        factor, pull = self.stretched(family)
        closed = self.closed_months(family)
        below, above = int(self.closed_targets[family][:, closed].sum()), int(self.closed_targets[parent, closed].sum())
        self.floors[parent] = above + max(0, math.ceil((int(floors.sum()) - below) / factor))
        free = np.isnan(locked) & (pull > 0)
        self._cap(parent, family, float(factor), below, above, free)
        if not free.any() and not np.isnan(locked).all() and np.isnan(self.locked[parent]):
            self.locked[parent] = max(self.floors[parent], self.lower[parent])  # nothing below it is free
            self.implied.add(parent)
        carried = cell_floors.sum(axis=0)
        carried = carried if factor == 1 else np.floor(carried / float(factor))
        self.cell_floors[parent] = np.maximum(self.cell_floors[parent], carried)  # its own days may be locked
        if factor == 1 and (free.any() or parent in self.implied):  # the family's months are exactly the parent's
            full = fixed.all(axis=0) & np.isnan(self.cells[parent])
            self.cells[parent, full] = cells[:, full].sum(axis=0)
            self.lock_rows[parent, full] = self.lock_rows[family][:, full].max(axis=0)

    def _cap(self, parent: int, family: list[int], factor: float, below: int, above: int, free: Mask) -> None:
        """Lower a parent's upper bound to the sum of its members', if all of them have one."""
        most = np.where(free, self.upper[family], self.floors[family])
        if not np.isnan(self.locked[parent]) or np.isnan(most).any():
            return
        cap = above + math.floor((float(most.sum()) - below) / factor)
        self.upper[parent] = np.fmin(self.upper[parent], max(cap, int(self.floors[parent]), above))

    def _check_closed(self, family: list[int]) -> None:
        closed = np.maximum(self.closed_targets[family], 0).sum(axis=1)
        most = np.fmin(self.locked[family], self.upper[family])
        for at in np.flatnonzero(closed > most)[:1]:
            member = self.members[family[at]]
            field = "locked" if self.locked[family[at]] == most[at] else "upper"
            raise ClosedAbove(
                member=member.name, closed=int(closed[at]), target=int(most[at]), row=member.row, field=field
            )

    def _check_below(self, family: list[int]) -> None:
        """Raise HeldAboveTotal if fixed months below a locked member add up to more than its lock."""
        for i in family:
            children = self.dimension.children(i)
            if children and self.cell_floors[i].sum() > self.locked[i]:
                ratio = float(self.stretched(children)[0])
                closed = int(np.maximum(self.closed_targets[children], 0).sum())
                holds = [hold for child in children for hold in self._holds(child)]
                fault = self._above(round(self.locked[i] * ratio), closed, children[0], holds, i, ratio=ratio)
                if fault.facts["excess"] > 0:
                    raise fault

    def _fix_targets(self, family: list[int], cells: Floats, fixed: Mask) -> None:
        """A member with all of its months fixed is fixed itself."""
        complete = fixed.any(axis=1) & (fixed | (self.curve(family) == 0)).all(axis=1)
        sums, locked = np.nansum(cells, axis=1), self.locked[family]
        wrong = np.where(complete, locked != sums, locked < sums) & ~np.isnan(locked)
        for at in np.flatnonzero(wrong)[:1]:
            member, lock, inside = self.members[family[at]], int(locked[at]), int(sums[at])
            fault = conflict(member.name, lock, inside, int(np.maximum(self.closed_targets[family[at]], 0).sum()), 0)
            fault.facts.update(row=member.row, field="locked")
            raise fault
        self.locked[family] = np.where(complete, sums, locked)

    def curve(self, family: list[int]) -> NDArray[Any]:
        """The company's months times each member's open share; zero if it may have no target."""
        return self.company * (np.ones((len(family), 1)) if self.open is None else self.open[family])

    def shut(self, i: int, period: str, amount: int, *, lower: bool = False, **row: Any) -> LockedWhileShut:
        """Return the fault of a lock, or a lower bound, of a member that is not open."""
        member = self.members[i]
        opens, closes = (str(day) if day else "–" for day in (member.opens, member.closes))
        kind = BoundWhileShut if lower else LockedWhileShut
        return kind(member=member.name, period=period, amount=amount, opens=opens, closes=closes, **row)

    # --- faults -------------------------------------------------------------

    def check_holds(self, parent: int, family: list[int], total: int) -> None:
        """Raise HeldAboveTotal, or LockedWhileShut, if the holds of a family do not fit its total."""
        if int(self.floors[family].sum()) > total:
            closed = int(np.maximum(self.closed_targets[family], 0).sum())
            holds = [hold for i in family for hold in self._holds(i)]
            fault = self._above(total, closed, family[0], holds, parent, ratio=float(self.stretched(family)[0]))
            if fault.facts["excess"] > 0:
                raise fault
        for i in family:
            if np.isnan(self.locked[i]) and self.lower[i] > 0 and self.open is not None and not self.open[i].any():
                span = f"{self.keys[0]} ~ {self.keys[-1]}"
                raise self.shut(i, span, int(self.lower[i]), row=self.members[i].row, field="lower", lower=True)
            if np.isnan(self.locked[i]) and self.floors[i] > self.upper[i] and self.lower[i] <= self.upper[i]:
                closed = int(np.maximum(self.closed_targets[i], 0).sum())
                fault = self._above(int(self.upper[i]), closed, i, self._holds(i), i, bound=True)
                if fault.facts["excess"] > 0:
                    raise fault

    def check_months(self, parent: int, family: list[int], above: Steps) -> None:
        """Raise HeldAboveTotal if the holds of an open month are above the parent's month times the stretch.

        With a stretch, a parent's month that is not held itself may differ from its share by a step per level.
        """
        ratio = float(self.times[family[0]] / (self.times[parent] if parent >= 0 else 1.0))
        ratio = max(ratio, float(self.stretched(family)[0]))
        room = np.ceil(above * ratio - _FLOAT)
        if parent >= 0 and ratio != 1:
            loose = np.floor((above + self.dimension.depths[parent]) * ratio + _FLOAT)
            room = np.where(np.isnan(self.cells[parent]), loose, room)
        floors = self.cell_floors[family].sum(axis=0)
        for at in np.flatnonzero((floors > room) & ~self.closed_months(family))[:1]:
            holds = [hold for i in family for hold in self._holds(i, int(at))]
            row = int(self.lock_rows[parent, at]) if parent >= 0 else 0
            place = self.lock_of[row][0] if self.lock_member.get(row, -1) == parent >= 0 else None
            fault = self._above(int(room[at]), 0, family[0], holds, parent, self.keys[at], place=place, ratio=ratio)
            if fault.facts["excess"] > 0:
                raise fault

    def check_taken(self, family: list[int], columns: Steps) -> None:
        """Raise HeldBelowMonths if all members that may have a target in a month are held below its target."""
        cells = self.cells[family]
        takes = (self.stretched(family)[1] > 0) | (self.lower[family] > 0) | (np.nan_to_num(self.locked[family]) > 0)
        may = np.isnan(cells) & takes[:, None] & (self.curve(family) > 0)
        sums = np.nan_to_num(cells).sum(axis=0).astype(np.int64)
        short = np.flatnonzero(~may.any(axis=0) & ~np.isnan(cells).all(axis=0) & (sums < columns))
        if not short.size:
            return
        parent, closed = (
            self.dimension.parents[family[0]],
            int(np.maximum(self.closed_targets[family][:, short], 0).sum()),
        )
        row = int(self.lock_rows[family][:, short].max())
        place = {"lock_row": row} if row else {"row": self.members[family[0]].row, "field": "weight"}
        raise HeldBelowMonths(
            months=tuple(self.keys[at] for at in short), fits=tuple(sums[short].tolist()),
            held_locked=int(sums[short].sum()) - closed, held_lower=0, held_closed=closed,
            total=int(columns[short].sum()), missing=int((columns - sums)[short].sum()),
            of=self.members[parent].name if parent >= 0 else None,
            **place,
        )  # fmt: skip

    def _above(
        self, total: int, closed: int, base: int, holds: list[tuple[int, Hold]], of: int, month: str | None = None,
        *, place: str | None = None, bound: bool = False, ratio: float = 1.0,
    ) -> HeldAboveTotal:  # fmt: skip
        """The fault of holds above the total of members at the level of `base`, in amounts of the lowest of them.

        The member `of` has that total, divided by `ratio`, as its target; `place` is its lock, if it has one.
        """
        deepest = max((float(self.times[i]) for i, _ in holds), default=float(self.times[base]))
        times = deepest / float(self.times[base])
        if times != 1:
            total, closed = math.floor(total * times + _FLOAT), math.ceil(closed * times - _FLOAT)
            holds = [
                (i, hold._replace(own=math.ceil(float(hold.own) * deepest / self.times[i] - _FLOAT)))
                for i, hold in holds
            ]
        name = self.members[of].name if of >= 0 else None
        return above_total(
            total, closed, [hold for _, hold in holds], of=place or name, month=month, bound=bound,
            lock=place is not None, stretch=ratio * times,
        )  # fmt: skip

    def _holds(self, i: int, month: int | None = None) -> list[tuple[int, Hold]]:
        """The holds of a member or, if they are more, of those below it, each with its position; of a month, or all."""
        member = self.members[i]
        below = [hold for child in self.dimension.children(i) for hold in self._holds(child, month)]
        if month is not None:
            row = int(self.lock_rows[i, month])
            below += self._day_holds(i, [month])
            if self.lock_member.get(row) != i:
                return below
            amount = int(self.cells[i, month])
            return [(i, Hold(self.lock_of[row][0], amount, amount, row))]
        closed = int(np.maximum(self.closed_targets[i], 0).sum())
        if member.locked is not None:
            return [(i, Hold(member.name, member.locked, member.locked - closed, member.row, lock=False))]
        rows = np.where(self.closed_targets[i] >= 0, 0, self.lock_rows[i])
        holds = [
            (i, Hold(*self.lock_of[row], int(np.nansum(self.cells[i, rows == row])), row))
            for row in sorted(set(rows.tolist()) & set(self.lock_of))
        ]
        holds += self._day_holds(i, range(len(self.keys)))
        holds = below if sum(h.own for _, h in below) >= sum(h.own for _, h in holds) else holds
        if (member.lower or 0) - closed > sum(hold.own for _, hold in holds):
            lower = member.lower or 0
            return [(i, Hold(member.name, lower, lower - closed, member.row, lock=False, lower=True))]
        return holds

    def _day_holds(self, i: int, months: Iterable[int]) -> list[tuple[int, Hold]]:
        """The locks of a member's days in months that nothing else fixes."""
        if self.days is None:
            return []
        names = self.days.names
        inside = [m for m in months if np.isnan(self.cells[i, m]) or int(self.lock_rows[i, m]) in names]
        return [(i, hold) for hold in self.days.holds(i, inside)]


def _filled(dimension: Dimension, closed: Steps) -> Steps:
    """Complete closed targets: a new member has zero beside its siblings, a new parent the sum of its children."""
    cells = closed.copy()
    for parent, family in reversed(list(dimension.families())):
        any_closed = (cells[family] >= 0).any(axis=0)
        cells[family] = np.where(any_closed, np.maximum(cells[family], 0), FREE)
        if parent >= 0:
            cells[parent] = np.where(any_closed & (cells[parent] < 0), cells[family].sum(axis=0), cells[parent])
    return cells
