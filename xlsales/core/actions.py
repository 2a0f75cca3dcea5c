"""What actions bring to a gap: how much is still to come of each, what share of the gap that covers, what stays open.

1. An action that is done brings nothing more: its result is among the actuals, which the gap goes by. One that is
   cancelled brings nothing. Any other brings what is expected of it less what it has reached.
2. An action counts once for its member, once for each member above it, and once for the whole.
3. Without a gap there is nothing to cover; without a known gap there is no cover. Blank is NaN.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from enum import StrEnum

import numpy as np

from xlsales.core.arrays import Floats


class ActionStatus(StrEnum):
    """How far an action is."""

    OPEN = "open"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more is to come of it."""
        return self not in (ActionStatus.OPEN, ActionStatus.RUNNING)


def to_come(expected: float, reached: float | None, status: ActionStatus) -> float:
    """Return what is still to come of an action: not below 0, whatever it has reached."""
    return 0.0 if status.over else max(expected - (reached or 0.0), 0.0)


def gap_of(target: float, forecast: float) -> float:
    """Return what the forecast lacks of the target, to a hundredth: 0 if it reaches it, NaN without a forecast."""
    return math.nan if math.isnan(forecast) else max(round(target - forecast, 2), 0.0)


def cover(gap: float, coming: float) -> tuple[float, float]:
    """Return the share of a gap that is covered, and what stays open of it; NaN if there is no gap, or none known."""
    share = coming / gap if gap > 0 else math.nan
    return share, math.nan if math.isnan(gap) else max(gap - coming, 0.0)


def sums_upwards(parents: Sequence[int], amounts: Iterable[tuple[int, float]]) -> Floats:
    """Return what each member of a tree in pre-order has, its own and that below it; `amounts` are (position, amount).

    A parent of -1 is none.
    """
    sums = np.zeros(len(parents))
    for position, amount in amounts:
        while position >= 0:
            sums[position] += amount
            position = parents[position]
    return sums
