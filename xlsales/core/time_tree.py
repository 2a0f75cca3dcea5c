"""The tree of time: a plan's years, half-years, quarters, months and days, with weights and what is fixed in them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct, field

from xlsales.core.holds import Amount
from xlsales.core.periods import Level, Timeline
from xlsales.core.shapes import Shapes


class Node(Struct):
    """A period in the tree of time.

    `inside` is the sum of the fixed amounts of its parts; `fixed` is that in whole steps, or the lock if it has one;
    `exact` is the sum of its holds. It has a hold if anything inside it is fixed. `free` is the weight of the rest,
    zero if all is fixed; `closed` is the closed amount inside it. Closed days are locked.
    `lock_name` is the week by which a day is locked.
    """

    name: str
    weight: Fraction
    children: list[Node] = field(default_factory=list)
    locked: Amount | None = None
    lock_row: int = 0
    lock_name: str = ""
    fixed: Amount = 0
    closed: Amount = 0
    inside: Amount = 0
    exact: Amount = 0
    has_hold: bool = False
    free: Fraction = Fraction(0)


def time_tree(timeline: Timeline, shapes: Shapes) -> dict[str, Node]:
    """Return the periods by key; the plan's key is blank.

    A month's weight comes from the months' method, not its days.
    """
    levels = (Level.YEAR, Level.HALF, Level.QUARTER, Level.MONTH, Level.DAY)
    root = Node(f"{timeline.start} ~ {timeline.end}", Fraction(0))
    nodes = {"": root}
    above, owner = [root], np.zeros(timeline.n_days, dtype=np.intp)
    for level in levels:
        periods = timeline.periods(level)
        own = {Level.MONTH: shapes.months, Level.DAY: shapes.days}.get(level, np.zeros(len(periods)))
        row = [Node(period.key, Fraction(weight)) for period, weight in zip(periods, own.tolist(), strict=True)]
        for period, node in zip(periods, row, strict=True):
            above[owner[timeline.slice_of(period).start]].children.append(node)
            nodes[period.key] = node
        above, owner = row, timeline.index_of_day(level)
    for level in (Level.QUARTER, Level.HALF, Level.YEAR):
        for period in timeline.periods(level):
            nodes[period.key].weight = sum((c.weight for c in nodes[period.key].children), Fraction(0))
    root.weight = sum((c.weight for c in root.children), Fraction(0))
    return nodes
