"""Whether a target is fit to be handed out (SMART): thresholds, and what is not assigned."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from xlsales.core.arrays import Steps
from xlsales.core.plan import Dimension


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
