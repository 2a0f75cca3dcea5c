"""The breakdown: one coherent set of targets over time and over every dimension.

Rules, in this order:

1. Time first. The total goes down year → half-year → quarter → month → day;
   at each step the parts of a period add up to it exactly.
2. Then each dimension, family by family from the top: a family is a member's
   children. Their targets add up to the parent's target times the stretch.
3. Then members × months, family by family: both margins exact, each cell within
   one step of its share.
4. A locked target stays; its siblings share the rest. What nobody may take
   (every sibling locked, less than the parent) is shown as unassigned.
5. Closed months keep the targets they were written with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlsales.core.allocation import allocate
from xlsales.core.faults import Fault
from xlsales.core.matrix import allocate_matrix
from xlsales.core.periods import Level, Timeline
from xlsales.core.plan import Dimension, Plan
from xlsales.core.shapes import Shapes
from xlsales.core.time_split import LockTooFine, LockTwice, period_of, share, split_days

Steps = NDArray[np.int64]
Floats = NDArray[np.float64]


class LockUnknown(Fault):
    """A lock names a dimension or member that the plan does not have."""

    zh = "锁定的成员“{member}”不在维度“{dimension}”里。请改正名称,或把维度和成员都留空。"
    en = 'the locked member "{member}" is not in dimension "{dimension}". Correct it, or leave both cells blank.'


class ClosedAbove(Fault):
    """A member's closed months hold more than its whole target."""

    zh = "“{member}”已关账的目标 {closed} 超过它的全期目标 {target}。请提高它的目标,或改“已关账至”。"
    en = (
        '"{member}" has {closed} in closed months, above its whole target {target}. '
        'Raise it, or change "Closed through".'
    )
    amounts = ("closed", "target")


@dataclass(frozen=True)
class DimensionBreakdown:
    """A dimension's targets in steps: `months[n_members, n_months]`, members in pre-order.

    Per level from the top, `stretch[depth - 1]` is what its families were asked to carry above
    their parents' targets, and `unassigned[depth - 1]` what no member of theirs may take.
    """

    dimension: Dimension
    months: Steps
    stretch: Steps
    unassigned: Steps

    @property
    def targets(self) -> Steps:
        """Each member's target for the whole plan."""
        return self.months.sum(axis=1)


@dataclass(frozen=True)
class Breakdown:
    """The coherent set of targets: per day for the company, per month for every member."""

    plan: Plan
    timeline: Timeline
    days: Steps
    dimensions: Mapping[str, DimensionBreakdown]

    @property
    def months(self) -> Steps:
        """The company's target per month."""
        return sum_by(self.days, self.timeline.index_of_day(Level.MONTH), len(self.timeline.periods(Level.MONTH)))


@dataclass(frozen=True)
class Written:
    """Targets that stand in the workbook already, for closed periods to be kept."""

    days: Steps
    months: Mapping[str, Mapping[str, Steps]]  # dimension → member name → months


def sum_by(values: NDArray[Any], groups: NDArray[np.intp], n: int) -> NDArray[Any]:
    """Sum `values` (last axis) into `n` groups, exactly for integers."""
    out = np.zeros((*values.shape[:-1], n), dtype=values.dtype)
    np.add.at(out, (..., groups), values)
    return out


def break_down(plan: Plan, timeline: Timeline, shapes: Shapes, written: Written | None = None) -> Breakdown:
    """Split the plan's total over time and over every dimension, coherently.

    `written` are the targets in the workbook; those of months that ended on or
    before `plan.closed_through` are kept. Raises a Fault where a sum cannot close.
    """
    free = _break_down(plan, timeline, shapes, None)
    closed = _closed_days(plan, timeline)
    if written is None or not closed.any() or _keeps(free, written, closed):
        return free
    return _break_down(plan, timeline, shapes, written)


def _closed_days(plan: Plan, timeline: Timeline) -> NDArray[np.bool_]:
    """Days of whole months that are closed."""
    closed = np.zeros(timeline.n_days, dtype=np.bool_)
    if plan.closed_through is not None:
        for month in timeline.periods(Level.MONTH):
            closed[timeline.slice_of(month)] = month.end <= plan.closed_through
    return closed


def _keeps(free: Breakdown, written: Written, closed: NDArray[np.bool_]) -> bool:
    if not np.array_equal(free.days[closed], written.days[closed]):
        return False
    months = _closed_months(free.timeline, closed)
    for part in free.dimensions.values():
        kept = _written_months(part.dimension, written, months)
        if not np.array_equal(part.months[:, months][kept >= 0], kept[kept >= 0]):
            return False
    return True


def _closed_months(timeline: Timeline, closed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.array([bool(closed[timeline.slice_of(m)].all()) for m in timeline.periods(Level.MONTH)])


def _written_months(dimension: Dimension, written: Written, months: NDArray[np.bool_]) -> Steps:
    """Members × closed months as written; -1 for a member that was not there."""
    rows = written.months.get(dimension.name, {})
    none = np.full(int(months.sum()), -1, dtype=np.int64)
    return np.array([rows[m.name][months] if m.name in rows else none for m in dimension.members], dtype=np.int64)


def _break_down(plan: Plan, timeline: Timeline, shapes: Shapes, written: Written | None) -> Breakdown:
    closed = _closed_days(plan, timeline) if written else np.zeros(timeline.n_days, dtype=np.bool_)
    days = split_days(plan, timeline, shapes, written.days if written else None, closed)
    months_closed = _closed_months(timeline, closed)
    month_of_day = timeline.index_of_day(Level.MONTH)
    company = sum_by(days, month_of_day, len(months_closed))
    parts: dict[str, DimensionBreakdown] = {}
    for dimension in plan.dimensions:
        kept = _written_months(dimension, written, months_closed) if written else None
        parts[dimension.name] = _split_dimension(plan, timeline, dimension, shapes, company, months_closed, kept)
    known = {d.name for d in plan.dimensions}
    for lock in plan.locks:
        if lock.dimension and lock.dimension not in known:
            raise LockUnknown(dimension=lock.dimension, member=lock.member or "", lock_row=lock.row)
    return Breakdown(plan, timeline, days, parts)


# --- members ----------------------------------------------------------------


def _split_dimension(
    plan: Plan,
    timeline: Timeline,
    dimension: Dimension,
    shapes: Shapes,
    company: Steps,
    closed: NDArray[np.bool_],
    kept: Steps | None,
) -> DimensionBreakdown:
    n, n_months = len(dimension.members), len(company)
    cells = _cell_locks(plan, timeline, dimension, company)
    if kept is not None:
        cells[:, closed] = np.where(kept >= 0, kept, np.nan)
    weights = shapes.members[dimension.name]
    targets = np.zeros(n, dtype=np.int64)
    months = np.zeros((n, n_months), dtype=np.int64)
    stretch = np.zeros(dimension.depth, dtype=np.int64)
    unassigned = np.zeros(dimension.depth, dtype=np.int64)
    floors = _floors(dimension, cells, plan.stretch)
    keys = [month.key for month in timeline.periods(Level.MONTH)]
    for parent, family in dimension.families():
        task = plan.total if parent < 0 else int(targets[parent])
        above = company if parent < 0 else months[parent]
        stretched, pull = _stretched(plan, dimension, family, weights[family], task)
        parts, rest = _share(dimension, family, stretched, pull, floors[family])
        targets[family] = parts
        level = dimension.depths[family[0]] - 1
        stretch[level] += stretched - task
        unassigned[level] += rest
        own = shapes.own.get(dimension.name)
        names = [dimension.members[i].name for i in family]
        shape = None if own is None else own[family]
        parts_by_month = _share_months(parts, above, cells[family], closed & (kept is not None), shape, names, keys)
        months[family] = parts_by_month
    return DimensionBreakdown(dimension, months, stretch, unassigned)


def _stretched(
    plan: Plan, dimension: Dimension, family: list[int], weights: Floats, task: int
) -> tuple[int, Floats]:
    """Return the family's stretched total and weights: each member's share grows by its own factor."""
    depth = dimension.depths[family[0]]
    level = plan.stretch[depth - 1] if depth <= len(plan.stretch) else 1.0
    factors = [Fraction(str(s if (s := dimension.members[i].stretch) is not None else level)) for i in family]
    if all(f == 1 for f in factors):
        return task, weights
    if len(set(factors)) == 1:
        return round(task * factors[0]), weights
    pull = weights * np.array([float(f) for f in factors])
    return round(task * float(pull.sum()) / float(weights.sum())) if weights.sum() > 0 else task, pull


def _floors(dimension: Dimension, cells: Floats, stretch: tuple[float, ...]) -> Steps:
    """What each member must have at least for what is locked in and below it (descendants' locks unstretched)."""
    n = len(dimension.members)
    floors = np.nansum(cells, axis=1).astype(np.int64)
    for i in range(n - 1, -1, -1):
        member = dimension.members[i]
        below = dimension.children(i)
        if below and member.locked is None:
            depth = dimension.depths[below[0]]
            factor = stretch[depth - 1] if depth <= len(stretch) else 1.0
            inside = sum(m.locked if (m := dimension.members[c]).locked is not None else floors[c] for c in below)
            floors[i] = max(floors[i], -(-Fraction(int(inside)) // Fraction(str(factor))))
        floors[i] = max(floors[i], member.lower or 0)
    return floors


def _share(
    dimension: Dimension, family: list[int], total: int, weights: Floats, floors: Steps
) -> tuple[Steps, int]:
    """Share a family's total; return the targets and what nobody may take."""
    members = [dimension.members[i] for i in family]
    locked = np.array([np.nan if m.locked is None else m.locked for m in members])
    names = [m.name for m in members]
    if not np.isnan(locked).any() and locked.sum() <= total:
        parts = locked.astype(np.int64)
        return parts, total - int(parts.sum())
    lower = np.where(np.isnan(locked), floors, 0).astype(np.int64)
    upper = np.array([np.inf if m.upper is None or m.locked is not None else m.upper for m in members])
    bounded = bool(np.isfinite(upper).any())
    parts = share(total, weights, locked=locked, lower=lower, upper=upper if bounded else None, names=names)
    return parts, 0


def _cell_locks(plan: Plan, timeline: Timeline, dimension: Dimension, company: Steps) -> Floats:
    """Members × months, NaN where free. A lock over several months follows the company's months."""
    cells = np.full((len(dimension.members), len(company)), np.nan)
    position = {m.name: i for i, m in enumerate(dimension.members)}
    month_of_day = timeline.index_of_day(Level.MONTH)
    for lock in plan.locks:
        if lock.dimension != dimension.name:
            continue
        if lock.member not in position:
            raise LockUnknown(dimension=dimension.name, member=lock.member or "", lock_row=lock.row)
        period = period_of(lock, timeline)
        if period.level in (Level.WEEK, Level.DAY):
            raise LockTooFine(member=lock.member, period=lock.period, lock_row=lock.row)
        inside = np.unique(month_of_day[timeline.slice_of(period)])
        row = cells[position[lock.member]]
        if not np.isnan(row[inside]).all():
            raise LockTwice(member=lock.member, period=lock.period, lock_row=lock.row)
        row[inside] = allocate(lock.amount, company[inside])
    return cells


def _share_months(
    targets: Steps,
    above: Steps,
    cells: Floats,
    closed: NDArray[np.bool_],
    own: Floats | None,
    names: Sequence[str],
    keys: Sequence[str],
) -> Steps:
    """Return a family's members × months; column sums follow the parent's months."""
    total = int(targets.sum())
    columns = above if total == int(above.sum()) else allocate(total, above)
    if closed.any():
        columns = _columns_with_closed(targets, columns, cells, closed, names)
    weights = None
    if own is not None:
        usable = own.sum(axis=1, keepdims=True) > 0
        weights = np.where(usable, own, columns[None, :].astype(np.float64))
    locked = cells if not np.isnan(cells).all() else None
    try:
        return allocate_matrix(targets, columns, weights, locked=locked)
    except Fault as fault:
        if hasattr(fault, "named"):
            raise fault.named(names, keys) from None
        raise


def _columns_with_closed(
    targets: Steps, columns: Steps, cells: Floats, closed: NDArray[np.bool_], names: Sequence[str]
) -> Steps:
    """Closed columns hold what their cells hold; the others share the rest. New members have nothing in them."""
    cells[:, closed] = np.nan_to_num(cells[:, closed])
    held = cells[:, closed].sum(axis=1)
    for name, target, inside in zip(names, targets, held, strict=True):
        if inside > target:
            raise ClosedAbove(member=name, closed=int(inside), target=int(target))
    out = columns.copy()
    out[closed] = cells[:, closed].sum(axis=0)
    rest = int(targets.sum()) - int(out[closed].sum())
    if int(columns[~closed].sum()) != rest:
        out[~closed] = allocate(rest, columns[~closed])
    return out
