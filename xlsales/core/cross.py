"""Members × members: one dimension's months broken down over the members of another (交叉分解).

Rules:

1. Both sides share the same months of the company. The unassigned amount of a side is a line of its own, the last
   one of that side.
2. Each row adds up to its month, exactly and always.
3. If both sides add up to the same in a month, each column adds up to its month exactly too. If they do not
   (stretch), the columns are scaled to the sum of the rows, by largest remainder.
4. Rows follow their past sales by column, fitted to both margins. A row that never sold follows the mix of
   the others. A column that never sold, and the unassigned line, follow the product of the margins; so do all
   lines without past sales. If past sales alone cannot close, each cell gets a faint share of that product.
5. Months are broken down one by one, and the whole plan is the sum of its months. For three crossed axes no
   rounding is sure to close, so members × months come first and never change.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlsales.core.allocation import AllWeightsZero, allocate
from xlsales.core.arrays import Floats, Steps
from xlsales.core.matrix import UnreachableTotals, allocate_matrix
from xlsales.core.plan import Dimension, Plan
from xlsales.core.shapes import History, inside_spans, references_of

_FAINT = 1e-6  # the product's share beside past sales that cannot close alone


def cross_months(rows: ArrayLike, columns: ArrayLike, company: ArrayLike, past: ArrayLike | None = None) -> Steps:
    """Break the months of n row members down over m column members.

    `rows` (n × n_months), `columns` (m × n_months) and `company` (n_months) are targets in whole steps; `past`
    (n × m) are past sales in any unit, below zero counts as none. Returns (n + 1) × (m + 1) × n_months whole
    steps; the last row and the last column are the unassigned amounts of their side.
    """
    whole = np.asarray(company, dtype=np.int64)
    down, across = _with_unassigned(rows, whole), _with_unassigned(columns, whole)
    cells = np.zeros((len(down), len(across), len(whole)), dtype=np.int64)
    for month in range(len(whole)):
        total, margin = int(down[:, month].sum()), across[:, month]
        if total and not margin.any():
            cells[:, -1, month] = down[:, month]
        elif total:
            scaled = margin if int(margin.sum()) == total else allocate(total, margin)
            cells[:, :, month] = _month(down[:, month], scaled, past)
    return cells


def past_sales(plan: Plan, history: History, rows: Dimension, columns: Dimension) -> Floats | None:
    """Return past sales of lowest members × lowest members as shares of the whole, mixed over the references.

    None if history does not have both dimensions, or has no sales in the reference periods.
    """
    if rows.name not in history.codes or columns.name not in history.codes:
        return None
    n, m = len(rows.members), len(columns.members)
    history = history.only((history.codes[rows.name] >= 0) & (history.codes[columns.name] >= 0))
    pairs = history.codes[rows.name].astype(np.int64) * m + history.codes[columns.name]
    mixed = np.zeros((n, m))
    for span, share in references_of(plan):
        inside = inside_spans(history.days, [(span, share)])
        sales = np.bincount(pairs[inside], history.micros[inside].astype(np.float64), n * m).reshape(n, m)
        sales = np.maximum(sales, 0.0)
        if sales.any():
            mixed += share * sales / sales.sum()
    lowest: Floats = mixed[np.ix_(rows.leaves, columns.leaves)]
    return lowest if lowest.any() else None


def is_place_of(place: Dimension, units: Dimension, past: Floats | None) -> bool:
    """Whether a dimension says where units are (the region of a store), not what they sell.

    It does if a member has the name of a group of the units, or if past sales (units × members, as `past_sales`
    returns them) have every unit under a single member, and not all under the same one.
    """
    parents = [unit for i, unit in enumerate(units.members) if not units.is_leaf(i)]
    groups = {name for unit in parents for name in (unit.name, *unit.aliases)}
    if any(not groups.isdisjoint((member.name, *member.aliases)) for member in place.members):
        return True
    if past is None:
        return False
    sells = past[past.any(axis=1)] > 0
    return bool((sells.sum(axis=1) == 1).all() and sells.any(axis=0).sum() > 1)


def groups_of_units(other: Dimension, units: Dimension) -> dict[int, list[int]]:
    """Return the members of each lowest unit with the name or an alias of a group in another dimension.

    Keys are positions of units, values those of the lowest members below the group: a store's persons.
    """
    groups = {name: i for i, m in enumerate(other.members) if not other.is_leaf(i) for name in (m.name, *m.aliases)}
    members_of: dict[int, list[int]] = {}
    for unit in units.leaves:
        member = units.members[unit]
        group = next((groups[name] for name in (member.name, *member.aliases) if name in groups), None)
        if group is not None:
            members_of[unit] = _lowest_below(other, group)
    return members_of


def _lowest_below(dimension: Dimension, group: int) -> list[int]:
    end = group + 1
    while end < len(dimension.members) and dimension.depths[end] > dimension.depths[group]:
        end += 1
    return [i for i in range(group, end) if dimension.is_leaf(i)]


# --- one month -------------------------------------------------------------------------------


def _with_unassigned(members: ArrayLike, company: Steps) -> Steps:
    months = np.asarray(members, dtype=np.int64).reshape(-1, len(company))
    return np.vstack([months, np.maximum(company - months.sum(axis=0), 0)])


def _month(rows: Steps, columns: Steps, past: ArrayLike | None) -> Steps:
    product = np.outer(rows, columns) / float(rows.sum())
    if past is None:
        return allocate_matrix(rows, columns, product)
    weights = _weights(rows, columns, np.asarray(past, dtype=np.float64), product)
    try:
        return allocate_matrix(rows, columns, weights)
    except (AllWeightsZero, UnreachableTotals):
        return allocate_matrix(rows, columns, weights + _FAINT * product)


def _weights(rows: Steps, columns: Steps, past: Floats, product: Floats) -> Floats:
    """Each row's month over the columns by its past sales; the product without past sales (rule 4)."""
    sales = np.pad(np.maximum(past, 0.0), ((0, 1), (0, 1)))
    totals = sales.sum(axis=1, keepdims=True)
    sells = totals[:, 0] > 0
    if not sells.any():
        return product
    mix = np.divide(sales, totals, out=np.zeros_like(sales), where=totals > 0)
    pull = rows[sells] if rows[sells].any() else np.ones(int(sells.sum()))
    mix[~sells] = pull @ mix[sells] / pull.sum()
    weights: Floats = rows[:, None] * mix
    never = ~weights.any(axis=0)
    weights[:, never] = product[:, never]
    return weights
