"""A dimension's targets: each family shares its parent's target, over its members and over the months.

A family is the children of one member (or the top level). First the fixed amounts
are carried up from the lowest level. Then every member's months are computed around
all holds, before rounding (`member_shares`). Last the targets go down in whole steps
from the top, family by family, along these shares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction

import numpy as np

from xlsales.core.allocation import AllWeightsZero, PartFault, UpperBelowTotal, allocate
from xlsales.core.arrays import Floats, Steps
from xlsales.core.faults import Fault, Listed
from xlsales.core.matrix import LockedAboveMargin, UnreachableTotals, allocate_matrix
from xlsales.core.member_holds import ClosedMonths, MemberHolds
from xlsales.core.member_shares import HeldTotals, Levels, carried, share_members
from xlsales.core.opening import NobodyOpen, NobodyWeighs
from xlsales.core.periods import Timeline
from xlsales.core.plan import Dimension, Plan
from xlsales.core.remainders import nearest
from xlsales.core.shapes import Shapes

_MOST_KEYS = 4  # so many months are named; of more the first and the last
_FAINT = 1e-6  # the share of the company's curve, if a member's own curve cannot close alone


def split_dimension(
    plan: Plan, timeline: Timeline, dimension: Dimension, shapes: Shapes, company: Steps, closed: ClosedMonths
) -> tuple[Steps, Steps, Steps]:
    """Return members × months, and per level the stretch and the unassigned amount, in steps.

    `company` are the company's months.
    """
    split = _Split(plan, timeline, dimension, shapes, company, closed)
    for parent, family in reversed(list(dimension.families())):
        split.settle(parent, family)
    split.find_shares()
    for parent, family in dimension.families():
        split.share_family(parent, family)
    return split.months, split.stretch, split.unassigned


class _Split(MemberHolds):
    """A dimension during the split: its holds, the shares around them, and the targets so far."""

    def __init__(
        self, plan: Plan, timeline: Timeline, dimension: Dimension, shapes: Shapes, company: Steps, closed: ClosedMonths
    ) -> None:
        super().__init__(plan, timeline, dimension, shapes, company, closed)
        self.months = np.zeros_like(self.cell_floors)
        self.stretch = np.zeros(dimension.depth, dtype=np.int64)
        self.unassigned = np.zeros(dimension.depth, dtype=np.int64)
        self.shares: Floats | None = None
        self.met = True  # whether the shares meet all holds

    # --- shares before rounding ---------------------------------------------

    def find_shares(self) -> None:
        """Compute every member's months around all holds; without holds the weights alone are enough."""
        free = all(np.isnan(values).all() for values in (self.cells, self.locked, self.upper)) and not self.lower.any()
        if free and self.open is None:
            return
        levels = self.levels
        self.times, weights = times, _ = self.seeds()
        fixed = self.cells / times[:, None]
        self._check_open(levels, weights)
        totals, company = self._held_totals(levels, times, fixed), self.company.astype(float)
        cells, self.met = share_members(levels, weights, fixed, company, totals)
        if not self.met and self.own is not None:  # months in which too few of them ever sold
            may = levels.leaf[:-1, None] * (np.ones(weights.shape) if self.open is None else self.open)
            faint = _FAINT * company * weights.sum(axis=1, keepdims=True) / max(float(company.sum()), 1.0)
            cells, self.met = share_members(levels, weights + faint * may, fixed, company, totals)
        self.shares = np.where(np.isnan(self.cells), times[:, None] * cells, self.cells)

    def _held_totals(self, levels: Levels, times: Floats, fixed: Floats) -> HeldTotals:
        """The held totals in the company's units, with the targets of leaves below in closed months."""
        locked = np.where(self.pinned, self.lower, self.locked)
        low = np.where(np.isnan(locked), self.lower, locked)
        high = np.where(np.isnan(locked), np.where(np.isnan(self.upper), np.inf, self.upper), locked)
        past = np.maximum(self.closed_targets, 0).sum(axis=1)
        below = levels.summed(past / times)[:-1]
        below = np.where(below > 0, below, past / times)
        moved = [np.maximum((bound - past) / times, 0.0) + below for bound in (low, high)]
        low, high = np.where(low > 0, moved[0], 0.0), np.where(np.isfinite(high), moved[1], np.inf)
        _, inside = carried(levels, np.zeros_like(fixed), fixed)
        open_months = np.where(np.isnan(fixed), inside[:-1], fixed)
        sums = below + np.where(self.closed_targets >= 0, 0.0, open_months).sum(axis=1)
        rounded = (sums > high) & (sums <= high + len(levels.by_depth))  # by the stretch of the locks below
        return HeldTotals(np.where(rounded, sums, low), np.where(rounded, sums, high))

    def _check_open(self, levels: Levels, weights: Floats) -> None:
        if self.open is None:
            return
        for i in np.flatnonzero((np.nan_to_num(self.locked) > 0) & ~self.curve(list(range(levels.n))).any(axis=1))[:1]:
            first, last = self.keys[0], self.keys[-1]
            raise self.shut(int(i), f"{first} ~ {last}", int(self.locked[i]), row=self.members[i].row, field="locked")
        shut = ~((weights > 0) | ~np.isnan(self.cells)).any(axis=0) & (self.company > 0)
        if not shut.any():
            return
        months = [key for key, none in zip(self.keys, shut, strict=True) if none]
        period = Listed(months if len(months) <= _MOST_KEYS else [months[0], "…", months[-1]])
        facts = {"dimension": self.dimension.name, "period": period, "amount": int(self.company[shut].sum())}
        idle = [i for i in np.flatnonzero(levels.leaf[:-1]) if (self.open[i][shut] > 0).any()]
        if idle:
            at = next((i for i in idle if self.members[i].weight == 0), idle[0])
            names = Listed(self.members[i].name for i in idle)
            raise NobodyWeighs(**facts, names=names, row=self.members[at].row, field="weight")
        row, field = min((m.row, "opens" if m.opens else "closes") for m in self.members if m.opens or m.closes)
        raise NobodyOpen(**facts, row=row, field=field)

    # --- targets ------------------------------------------------------------

    def share_family(self, parent: int, family: list[int]) -> None:
        """Share the parent's target and months over its family.

        Closed months keep their targets; of the parent's other months the family may carry more (its stretch).
        """
        above = self.company if parent < 0 else self.months[parent]
        task = self.plan.total if parent < 0 else int(above.sum())
        factor, pull = self.stretched(family)
        closed = self.closed_months(family)
        past = self.closed_targets[family][:, closed].sum(axis=0)
        ahead = task - int(above[closed].sum())
        total = self._total(family, task, factor, int(past.sum()) + round(ahead * factor))
        self.check_holds(parent, family, total)
        self.check_months(parent, family, above)
        if total == int(past.sum()) + ahead:  # each month can carry what the parent's does
            columns = above.copy()
            columns[closed] = past
            self.check_taken(family, columns)
        else:
            columns = self._columns(family, total, above)
        parts = self._share(family, total, pull, columns)
        self.months[family] = self._fit(family, parts, columns)

    def _total(self, family: list[int], task: int, factor: Fraction, stretched: int) -> int:
        """What a family carries of its `stretched` task; the stretch and the unassigned amount are added up.

        A family of locked members carries the sum of their locks, if that is less.
        """
        total, locked = stretched, self.locked[family]
        if not np.isnan(locked).any():
            stretched = max(stretched, round(task * factor))
            total = min(stretched, int(locked.sum()))
        level = self.dimension.depths[family[0]] - 1
        if factor == 1 and stretched < task:  # a removed member had targets in closed months
            self.unassigned[level] += task - total
        else:
            self.stretch[level] += stretched - task
            self.unassigned[level] += stretched - total
        return total

    def _share(self, family: list[int], total: int, pull: Floats, columns: Steps) -> Steps:
        """Share a family's total inside the bounds and, if possible, inside the room of the free months."""
        locked, upper, cells = self.locked[family], self.upper[family], self.cells[family]
        unlocked = np.isnan(locked)
        weights = pull if self.shares is None else self.shares[family].sum(axis=1)
        if not (pull[unlocked] > 0).any():
            weights = pull  # nobody may take anything, which is reported if there is something to take
        lower = np.where(unlocked, self.floors[family], self.lower[family])
        with self._pointing(family):
            if self.shares is not None and not np.isnan(cells).all():
                free, fixed = np.isnan(cells), np.nan_to_num(cells)
                room = np.maximum(columns - fixed.sum(axis=0), 0)
                alone = free & (free.sum(axis=0) == 1)
                least = np.where(unlocked, np.maximum(lower, fixed.sum(axis=1) + alone @ room), lower)
                most = np.where(unlocked, np.fmin(upper, np.maximum(least, fixed.sum(axis=1) + free @ room)), upper)
                with suppress(Fault):
                    return self._whole(total, weights, locked, least, most)
            return self._whole(total, weights, locked, lower, upper)

    def _whole(self, total: int, shares: Floats, locked: Floats, lower: Steps, upper: Floats) -> Steps:
        """Shares in whole steps: rounded down or up if that closes, else shared again inside the bounds."""
        if self.shares is not None and np.isfinite(shares).all():
            steps = nearest(total, shares)
            if steps is not None:
                fits = np.where(np.isnan(locked), (steps >= lower) & ~(steps > upper), steps == locked)
                if fits.all() and not ((lower > upper).any() or (lower > locked).any() or (locked > upper).any()):
                    return steps
        return allocate(total, shares, locked=locked, lower=lower, upper=upper)

    def _columns(self, family: list[int], total: int, above: Steps) -> Steps:
        """The months of a family that carries more or less than its parent: they follow the shares.

        If the shares miss a hold (all members are locked, and the unassigned amount differs by month), they follow the
        parent's months.
        """
        cells = self.cells[family]
        complete = ~np.isnan(cells).any(axis=0)
        locked = np.where(complete, np.nan_to_num(cells).sum(axis=0), np.nan)
        weights = self.shares[family].sum(axis=0) if self.shares is not None and self.met else above
        with self._pointing(family, self.keys):
            return allocate(total, weights, locked=locked, lower=self.cell_floors[family].sum(axis=0))

    def _fit(self, family: list[int], targets: Steps, columns: Steps) -> Steps:
        """Members × months. Cells below the locks under them are raised to these, and the rest is fitted again."""
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
        if self.own is None and self.shares is None:
            return allocate_matrix(targets, columns, None, locked=locked)
        company = columns / max(int(columns.sum()), 1)
        weights = self.own_months(family, company) if self.shares is None else self.shares[family]
        may = np.ones(weights.shape) if self.open is None else self.open[family] > 0
        try:
            return allocate_matrix(targets, columns, weights, locked=locked)
        except (AllWeightsZero, UnreachableTotals):  # months in which too few of them ever sold
            faint = _FAINT * company * (1.0 if self.shares is None else np.maximum(targets, 1)[:, None])
            return allocate_matrix(targets, columns, weights + faint * may, locked=locked)

    # --- faults -------------------------------------------------------------

    @contextmanager
    def _pointing(self, family: list[int], parts: Sequence[str] | None = None) -> Iterator[None]:
        """Name members and months in faults, and add the row of a member or of a lock to them."""
        names = [self.members[i].name for i in family]
        first = next((i for i in family if np.isnan(self.locked[i])), family[0])
        try:
            yield
        except (LockedAboveMargin, UnreachableTotals) as fault:
            fault.facts.update(self._row_of(fault, family))
            raise fault.named(names, self.keys) from None
        except PartFault as fault:
            i = family[fault.facts["positions"][0]] if parts is None else first
            fault.facts.update(row=self.members[i].row, field=fault.field)
            raise fault.named(names if parts is None else parts) from None
        except Fault as fault:
            parent = self.dimension.parents[first]
            of = self.members[parent].name if parent >= 0 else None
            field = "weight"
            if isinstance(fault, UpperBelowTotal):
                first = next((i for i in family if self.upper[i] == self.upper[i]), first)
                field = "upper" if self.upper[first] == self.upper[first] else "locked"
            fault.facts.update(row=self.members[first].row, field=field, of=of)
            raise

    def _row_of(self, fault: LockedAboveMargin | UnreachableTotals, family: list[int]) -> dict[str, int | str]:
        """The row of the lock that a fault of members × months is about, else the cell of a member."""
        facts, by_member = fault.facts, fault.facts["axis"] == "row"
        if isinstance(fault, LockedAboveMargin):
            lines = (facts["position"],), facts["positions"]
        else:
            lines = facts["givers"], facts["takers"]
        members, months = lines if by_member else lines[::-1]
        own = [family[p] for p in members] or family
        locks = self.lock_rows[np.ix_(own, months)] if months else self.lock_rows[own]
        lock_row = int(locks.max(initial=0))
        if lock_row:
            return {"lock_row": lock_row}
        holds = ("upper", "locked", "lower") if not by_member else ("locked", "lower", "upper")
        fields = ((i, key) for key in holds for i in own if getattr(self.members[i], key))
        i, field = next(fields, (own[0], "weight"))
        return {"row": self.members[i].row, "field": field}
