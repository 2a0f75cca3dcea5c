"""Whether a target is fit to be handed out (SMART): thresholds, what is not assigned, the chance to reach it.

The chance is that of needing a ratio on average, when ratios of the same kind were seen before: a month's actual ÷
target in the months that are over, or a month's sales ÷ those a year before. The mean of the ratios to come is taken
to be normal around that of the ones seen, which is itself as uncertain as these scatter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from xlsales.core.arrays import Floats, Steps
from xlsales.core.plan import Dimension

LEAST_SPREAD = 0.03
"""Nobody knows the mean of what is to come better than to this share of it, however even months were."""
LEAST_CHANCE, MOST_CHANCE = 0.01, 0.99
"""Nothing that is still to come is certain."""


class Tick(StrEnum):
    """What a check says; `unknown` if there is nothing to judge by."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNKNOWN = ""


def worst(ticks: Sequence[Tick]) -> Tick:
    """Return the worst of ticks: one that is unknown is better than any other."""
    order = [Tick.UNKNOWN, Tick.GREEN, Tick.AMBER, Tick.RED]
    return max(ticks, key=order.index, default=Tick.UNKNOWN)


def above(value: float, amber: float | None, red: float | None) -> Tick:
    """Return the tick of a value that is the worse the higher it is; a threshold that is None is not used."""
    if math.isnan(value):
        return Tick.UNKNOWN
    if red is not None and value > red:
        return Tick.RED
    return Tick.AMBER if amber is not None and value > amber else Tick.GREEN


def below(value: float, amber: float | None, red: float | None) -> Tick:
    """Return the tick of a value that is the worse the lower it is."""
    return above(-value, None if amber is None else -amber, None if red is None else -red)


def chance(needed: float, seen: Floats, ahead: int) -> float:
    """Return the chance that the mean of `ahead` ratios to come is at least `needed`; NaN if fewer than 3 were seen.

    Blank ratios (NaN) are left out. Without any to come it is 1 if nothing is needed, else 0.
    """
    if math.isnan(needed):
        return math.nan
    if ahead <= 0:
        return 1.0 if needed <= 0 else 0.0
    ratios = seen[~np.isnan(seen)]
    if len(ratios) < 3:
        return math.nan
    mean = float(ratios.mean())
    spread = float(ratios.std(ddof=1)) * math.sqrt(1 / len(ratios) + 1 / ahead)
    spread, over = max(spread, LEAST_SPREAD * abs(mean), 1e-9), mean - needed
    return min(max(0.5 * math.erfc(-over / spread / math.sqrt(2)), LEAST_CHANCE), MOST_CHANCE)


def not_assigned(dimension: Dimension, months: Steps, company: Steps) -> Steps:
    """Return what the members below each one leave of its months, in steps: the whole plan first, then the members.

    `months` are members × months. A member without any below it leaves nothing. What is carried above a target, by
    stretch, is below 0.
    """
    rows = []
    for position in range(-1, len(dimension.members)):
        children = dimension.children(position)
        own = company if position < 0 else months[position]
        rows.append(own - months[children].sum(axis=0) if children else np.zeros_like(own))
    return np.array(rows)
