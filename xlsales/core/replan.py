"""Re-planning: what closed months missed, and the three ways to place it.

Rules:

1. To place is what has to be sold beyond the targets of the open months, in whole steps, never below 0: what was missed
   in closed months, plus what a new total asks more, less what is placed already.
2. Rolled in, the year stays (or is the new total), and the days left carry it. As a reserve, or by a lower year, the
   member's year is less by it: then the days left carry what their months ask.
3. A day's rate is what is still to be sold of that year over the selling days left. What was missed is in it, because
   it goes by what was sold, not by closed targets.
4. What is waived comes off the open months in proportion to their targets, and never more than they have.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from msgspec import Struct

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Mask, Steps
from xlsales.core.progress import divide


class Way(StrEnum):
    """How what is to place is placed; two of them are those of `plan.Rest`."""

    ROLL = "roll"
    RESERVE = "reserve"
    LOWER = "lower"


class Price(Struct, frozen=True):
    """What a way asks, in any unit: the year's `total`, what is still `needed` of it, and that `per_day`."""

    total: Floats
    needed: Floats
    per_day: Floats


def steps_to_place(missed: Steps, placed: Steps, step: int) -> Steps:
    """Return what is to place in whole steps of `step` of the unit of the other two, to the nearest."""
    return np.asarray(np.maximum((missed - placed + step // 2) // step, 0))


def prices(target: Floats, actual: Floats, place: Floats, days_left: Steps) -> dict[Way, Price]:
    """Return what each way asks; `target` is the year as it is to be if nothing is waived. NaN is unknown."""
    out = {}
    for way in Way:
        total = target if way is Way.ROLL else target - place
        needed = np.maximum(total - actual, 0.0)
        out[way] = Price(total, needed, divide(needed, days_left.astype(np.float64)))
    return out


def over_months(amount: int, months: Steps, free: Mask) -> Steps | None:
    """Share an amount over the free months by their targets, none below 0; None if they have less than that."""
    room = np.where(free, np.maximum(months, 0), 0)
    if amount > int(room.sum()):
        return None
    return allocate(amount, room, upper=room)


def pro_rata(amount: int, missed: Steps) -> Steps:
    """Share what the whole has placed over its members by what they missed; nothing if nobody missed anything."""
    weights = np.maximum(missed, 0).astype(np.float64)
    if not weights.any():
        return np.zeros_like(missed)
    return np.asarray(np.minimum(np.rint(amount * weights / weights.sum()), weights)).astype(np.int64)
