"""A dimension's targets: each family shares its parent's target, over its members and over the months.

A family is the children of one member (or the top level). First what is fixed
is carried up from the lowest level, so that every parent gets enough for the
locks below it; then the targets go down from the top, family by family.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from xlsales.core.allocation import (
    AllWeightsZero,
    LockedAboveTotal,
    LockedBelowTotal,
    LowerAboveTotal,
    PartFault,
    allocate,
)
from xlsales.core.faults import Fault
from xlsales.core.holds import conflict
from xlsales.core.matrix import LockedAboveMargin, UnreachableTotals, allocate_matrix
from xlsales.core.periods import Level, Period, Timeline
from xlsales.core.plan import Dimension, Lock, Plan
from xlsales.core.shapes import Shapes
from xlsales.core.time_split import LockTooFine, LockTwice, PeriodWithoutWeight, period_of

Steps = NDArray[np.int64]
Floats = NDArray[np.float64]

FREE = -1
"""A target that nobody has written yet, where targets to keep are given."""

_FAINT = 1e-6  # the company's curve beside a member's own, where the own one cannot close alone


class LockUnknown(Fault):
    """A lock names a dimension or member that the plan does not have."""

    zh = "锁定的成员“{member}”不在维度“{dimension}”里。请改正名称,或把维度和成员都留空。"
    en = 'the locked member "{member}" is not in dimension "{dimension}". Correct it, or leave both cells blank.'


class ClosedAbove(Fault):
    """A member's closed months hold more than it may have in all."""

    zh = "“{member}”已关账的目标 {closed} 超过它的锁定目标或上限 {target}。请提高它,或改“已关账至”。"
    en = (
        '"{member}" has {closed} in closed months, above its locked target or upper bound {target}. '
        'Raise it, or change "Closed through".'
    )
    amounts = ("closed", "target")


class BadStretch(Fault):
    """A stretch that is not a number above zero."""

    zh = "“{name}”的加压系数是 {stretch}。请填大于零的数,1 = 不加压。"
    en = 'The stretch of "{name}" is {stretch}. Enter a number above zero; 1 = none.'


def split_dimension(
    plan: Plan, timeline: Timeline, dimension: Dimension, shapes: Shapes, company: Steps, kept: Steps
) -> tuple[Steps, Steps, Steps]:
    """Return members × months, and per level what is stretched and what is unassigned, in steps.

    `company` are the company's months; `kept` members × months that closed with a target, FREE elsewhere.
    """
    split = _Split(plan, timeline, dimension, shapes, company, kept)
    for parent, family in reversed(list(dimension.families())):
        split.settle(parent, family)
    for parent, family in dimension.families():
        split.share_family(parent, family)
    return split.months, split.stretch, split.unassigned


class _Split:
    """A dimension while it is split: what is fixed, and the targets so far."""

    def __init__(
        self, plan: Plan, timeline: Timeline, dimension: Dimension, shapes: Shapes, company: Steps, kept: Steps
    ) -> None:
        self.plan, self.dimension, self.company = plan, dimension, company
        self.members = dimension.members
        self.keys = [month.key for month in timeline.periods(Level.MONTH)]
        self.weights = shapes.members[dimension.name]
        self.own = shapes.own.get(dimension.name)
        n = len(self.members)
        self.months = np.zeros((n, len(company)), dtype=np.int64)
        self.stretch = np.zeros(dimension.depth, dtype=np.int64)
        self.unassigned = np.zeros(dimension.depth, dtype=np.int64)
        self.locked = _or_nan([m.locked for m in self.members])
        self.upper = _or_nan([m.upper for m in self.members])
        self.lower = np.array([m.lower or 0 for m in self.members], dtype=np.int64)
        self.floors = np.zeros(n, dtype=np.int64)
        self.cell_floors = np.zeros_like(self.months)
        self.kept = _filled(dimension, kept)
        self.cells = np.where(self.kept >= 0, self.kept, np.nan)
        self.lock_rows = np.zeros_like(self.months)
        self._lock_cells(timeline)

    # --- what is fixed ------------------------------------------------------

    def _lock_cells(self, timeline: Timeline) -> None:
        """Lock cells; a lock over several months follows the company's months around what is fixed in them."""
        month_of_day = timeline.index_of_day(Level.MONTH)
        for i, period, lock in sorted(self._locks(timeline), key=lambda found: found[1].days):
            inside = np.unique(month_of_day[timeline.slice_of(period)])
            free = inside[np.isnan(self.cells[i, inside])]
            where = f"{self.members[i].name} {period.key}"
            try:
                self.cells[i, inside] = allocate(lock.amount, self.company[inside], locked=self.cells[i, inside])
            except (LockedAboveTotal, LockedBelowTotal) as fault:
                closed = int(np.maximum(self.kept[i, inside], 0).sum())
                raise conflict(where, lock.amount, fault.facts["locked"], closed, lock.row) from None
            except AllWeightsZero as fault:
                raise PeriodWithoutWeight(period=where, amount=fault.facts["amount"], lock_row=lock.row) from None
            except Fault as fault:
                fault.facts["lock_row"] = lock.row
                raise
            self.lock_rows[i, free] = lock.row

    def _locks(self, timeline: Timeline) -> Iterator[tuple[int, Period, Lock]]:
        position = {member.name: i for i, member in enumerate(self.members)}
        seen: set[tuple[int, str]] = set()
        for lock in self.plan.locks:
            if lock.dimension != self.dimension.name:
                continue
            i = position.get(lock.member or "")
            if i is None:
                raise LockUnknown(dimension=lock.dimension, member=lock.member or "", lock_row=lock.row)
            period = period_of(lock, timeline)
            if period.level in (Level.WEEK, Level.DAY):
                raise LockTooFine(member=lock.member, period=lock.period, lock_row=lock.row)
            if (i, period.key) in seen:
                raise LockTwice(member=lock.member, period=lock.period, lock_row=lock.row)
            seen.add((i, period.key))
            yield i, period, lock

    def settle(self, parent: int, family: list[int]) -> None:
        """Fix what follows from the cells and carry up to the parent what its family needs at least."""
        cells = self.cells[family]
        fixed = ~np.isnan(cells)
        self._check_closed(family)
        self._fix_targets(family, cells, fixed)
        locked = self.locked[family]
        cell_floors = np.where(fixed, np.nan_to_num(cells), self.cell_floors[family]).astype(np.int64)
        floors = np.maximum(np.maximum(self.floors[family], cell_floors.sum(axis=1)), self.lower[family])
        floors = np.where(np.isnan(locked), floors, np.nan_to_num(locked)).astype(np.int64)
        self.cell_floors[family], self.floors[family] = cell_floors, floors
        if parent < 0:
            return
        factor, _ = self._stretch(family)
        closed = self._closed(family)
        held, above = int(self.kept[family][:, closed].sum()), int(self.kept[parent, closed].sum())
        self.floors[parent] = above + max(0, math.ceil((int(floors.sum()) - held) / factor))
        if factor == 1 and np.isnan(locked).any():  # the family's months are exactly the parent's
            done = fixed.all(axis=0) & np.isnan(self.cells[parent])
            self.cells[parent, done] = cells[:, done].sum(axis=0)
            self.lock_rows[parent, done] = self.lock_rows[family][:, done].max(axis=0)
            self.cell_floors[parent] = cell_floors.sum(axis=0)

    def _check_closed(self, family: list[int]) -> None:
        held = np.maximum(self.kept[family], 0).sum(axis=1)
        most = np.fmin(self.locked[family], self.upper[family])
        for at in np.flatnonzero(held > most)[:1]:
            member = self.members[family[at]]
            raise ClosedAbove(member=member.name, closed=int(held[at]), target=int(most[at]), row=member.row)

    def _fix_targets(self, family: list[int], cells: Floats, fixed: NDArray[np.bool_]) -> None:
        """A member whose months are all fixed is fixed itself."""
        complete = fixed.any(axis=1) & (fixed | (self.company == 0)).all(axis=1)
        sums, locked = np.nansum(cells, axis=1), self.locked[family]
        for at in np.flatnonzero(complete & (locked != sums) & ~np.isnan(locked))[:1]:
            member, had, inside = self.members[family[at]], int(locked[at]), int(sums[at])
            fault = conflict(member.name, had, inside, int(np.maximum(self.kept[family[at]], 0).sum()), 0)
            fault.facts["row"] = member.row
            raise fault
        self.locked[family] = np.where(complete, sums, locked)

    def _closed(self, family: list[int]) -> NDArray[np.bool_]:
        """The months in which a family keeps what was written."""
        return np.asarray(self.kept[family[0]] >= 0)

    def _stretch(self, family: list[int]) -> tuple[Fraction, Floats]:
        """How many times its parent's target a family carries, and the members' pull with their own stretch."""
        depth = self.dimension.depths[family[0]]
        level = self.plan.stretch[depth - 1] if depth <= len(self.plan.stretch) else 1.0
        factors = [level if (own := self.members[i].stretch) is None else own for i in family]
        for i, factor in zip(family, factors, strict=True):
            if not 0 < factor < math.inf:
                member = self.members[i]
                raise BadStretch(name=member.name, stretch=factor, row=member.row)
        weights = self.weights[family]
        if len(set(factors)) == 1:
            return Fraction(str(factors[0])), weights
        if not (weights.any() and np.isfinite(weights).all()):
            return Fraction(str(level)), weights
        exact = [Fraction(w) for w in weights.tolist()]
        carried = sum(w * Fraction(str(f)) for w, f in zip(exact, factors, strict=True))
        return Fraction(carried) / sum(exact), weights * np.array(factors)

    # --- targets ------------------------------------------------------------

    def share_family(self, parent: int, family: list[int]) -> None:
        """Share the parent's target and months over its family."""
        task = self.plan.total if parent < 0 else int(self.months[parent].sum())
        above = self.company if parent < 0 else self.months[parent]
        factor, pull = self._stretch(family)
        closed, locked = self._closed(family), self.locked[family]
        held = self.kept[family][:, closed].sum(axis=0)
        exact = int(held.sum()) + task - int(above[closed].sum())  # what closes month by month
        stretched = int(held.sum()) + round((task - int(above[closed].sum())) * factor)
        total = stretched
        if not np.isnan(locked).any():
            stretched = max(stretched, round(task * factor))
            total = min(stretched, int(locked.sum()))
        level = self.dimension.depths[family[0]] - 1
        if factor == 1 and stretched < task:  # a member that is gone had targets in closed months
            self.unassigned[level] += task - total
        else:
            self.stretch[level] += stretched - task
            self.unassigned[level] += stretched - total
        if total == exact:
            columns = above.copy()
            columns[closed] = held
        else:
            columns = self._columns(family, total, above)
        parts = self._share(family, total, pull, columns)
        self.months[family] = self._fit(family, parts, columns)

    def _share(self, family: list[int], total: int, weights: Floats, columns: Steps) -> Steps:
        """Share a family's total inside the bounds and, where that can be, inside what the free months can take."""
        locked, upper, cells = self.locked[family], self.upper[family], self.cells[family]
        unlocked = np.isnan(locked)
        lower = np.where(unlocked, self.floors[family], self.lower[family])
        if not np.isnan(cells).all():
            free, held = np.isnan(cells), np.nan_to_num(cells)
            room = np.maximum(columns - held.sum(axis=0), 0)
            alone = free & (free.sum(axis=0) == 1)
            least = np.where(unlocked, np.maximum(lower, held.sum(axis=1) + alone @ room), lower)
            most = np.where(unlocked, np.fmin(upper, np.maximum(least, held.sum(axis=1) + free @ room)), upper)
            with suppress(Fault):
                return allocate(total, weights, locked=locked, lower=least, upper=most)
        with self._pointing(family):
            return allocate(total, weights, locked=locked, lower=lower, upper=upper)

    def _columns(self, family: list[int], total: int, above: Steps) -> Steps:
        """The months of a family that carries more or less than its parent: they follow the parent's."""
        cells = self.cells[family]
        complete = ~np.isnan(cells).any(axis=0)
        locked = np.where(complete, np.nan_to_num(cells).sum(axis=0), np.nan)
        with self._pointing(family, self.keys):
            return allocate(total, above, locked=locked, lower=self.cell_floors[family].sum(axis=0))

    def _fit(self, family: list[int], targets: Steps, columns: Steps) -> Steps:
        """Members × months; cells below what is locked under them are raised to it, and the rest is fitted again."""
        fixed, floors = self.cells[family], self.cell_floors[family]
        while True:
            with self._pointing(family):
                months = self._matrix(family, targets, columns, fixed)
            short = np.isnan(fixed) & (months < floors)
            if not short.any():
                return months
            fixed[short] = floors[short]

    def _matrix(self, family: list[int], targets: Steps, columns: Steps, fixed: Floats) -> Steps:
        locked = None if np.isnan(fixed).all() else fixed
        if self.own is None:
            return allocate_matrix(targets, columns, None, locked=locked)
        own = self.own[family]
        sums, company = own.sum(axis=1, keepdims=True), columns / max(int(columns.sum()), 1)
        weights = np.where(sums > 0, own / np.where(sums > 0, sums, 1.0), company)
        try:
            return allocate_matrix(targets, columns, weights, locked=locked)
        except (AllWeightsZero, UnreachableTotals):  # months in which too few of them ever sold
            return allocate_matrix(targets, columns, weights + _FAINT * company, locked=locked)

    # --- faults -------------------------------------------------------------

    @contextmanager
    def _pointing(self, family: list[int], parts: Sequence[str] | None = None) -> Iterator[None]:
        """Let faults speak of members and months by name, and carry the row of a member or of a lock."""
        names = [self.members[i].name for i in family]
        first = next((i for i in family if np.isnan(self.locked[i])), family[0])
        try:
            yield
        except (LockedAboveMargin, UnreachableTotals) as fault:
            fault.facts.update(self._row_of(fault, family))
            raise fault.named(names, self.keys) from None
        except PartFault as fault:
            i = family[fault.facts["positions"][0]] if parts is None else first
            fault.facts["row"] = self.members[i].row
            raise fault.named(names if parts is None else parts) from None
        except LowerAboveTotal as fault:
            highest = max((i for i in family if np.isnan(self.locked[i])), key=lambda i: self.floors[i], default=first)
            fault.facts["row"] = self.members[highest].row
            raise
        except Fault as fault:
            fault.facts["row"] = self.members[first].row
            raise

    def _row_of(self, fault: LockedAboveMargin | UnreachableTotals, family: list[int]) -> dict[str, int]:
        """The lock that a fault of members × months speaks of, else the member."""
        facts, by_member = fault.facts, fault.facts["axis"] == "row"
        if isinstance(fault, LockedAboveMargin):
            lines = (facts["position"],), facts["positions"]
        else:
            lines = facts["givers"], facts["takers"]
        members, months = lines if by_member else lines[::-1]
        own = [family[p] for p in members] or family
        locks = self.lock_rows[np.ix_(own, months)] if months else self.lock_rows[own]
        lock_row = int(locks.max(initial=0))
        return {"lock_row": lock_row} if lock_row else {"row": self.members[own[0]].row}


def _filled(dimension: Dimension, kept: Steps) -> Steps:
    """Complete what closed: a new member had nothing beside its siblings, a new parent what its children had."""
    kept = kept.copy()
    for parent, family in reversed(list(dimension.families())):
        known = (kept[family] >= 0).any(axis=0)
        kept[family] = np.where(known, np.maximum(kept[family], 0), FREE)
        if parent >= 0:
            kept[parent] = np.where(known & (kept[parent] < 0), kept[family].sum(axis=0), kept[parent])
    return kept


def _or_nan(values: Sequence[int | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
