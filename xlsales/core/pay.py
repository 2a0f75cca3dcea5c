"""Pay by tiers: of the tier that is reached for the whole amount, or of each tier for its own part."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from xlsales.core.scores import NEAR, rounded

CENTS = 2
"""Pay is rounded to so many decimals."""


class Tier(Struct, frozen=True):
    """What is paid from `start` up to below `end` (infinite: no end): `rate` of an amount, and `bonus` in full."""

    start: float
    end: float
    rate: float
    bonus: float


def gaps(tiers: Sequence[Tier]) -> Iterator[tuple[int, float]]:
    """Yield where tiers in the order of their starts do not meet: the position of the later one, and how far apart.

    What overlaps is below 0.
    """
    for i, (lower, upper) in enumerate(pairwise(tiers), 1):
        apart = upper.start - lower.end
        if abs(apart) > NEAR:
            yield i, apart


def pay_of_tier(tiers: Sequence[Tier], reach: float, amount: float) -> float:
    """Return what the tier that is reached pays for the whole amount; nothing below the first, blank (NaN) if blank."""
    if math.isnan(reach):
        return math.nan
    own = next((tier for tier in reversed(tiers) if tier.start <= reach + NEAR), None)
    return 0.0 if own is None else _in_cents(own.rate * max(amount, 0.0) if own.rate else 0.0, own.bonus)


def pay_of_parts(tiers: Sequence[Tier], reach: float, target: float) -> float:
    """Return what each tier pays for its own part: its rate of the target from its start to what is reached or its end.

    The bonuses of all tiers that are reached add up. Blank (NaN) if the reach is.
    """
    if math.isnan(reach):
        return math.nan
    reached = [tier for tier in tiers if tier.start <= reach + NEAR]
    parts = (tier.rate * target * max(min(reach, tier.end) - tier.start, 0.0) for tier in reached if tier.rate)
    return _in_cents(math.fsum(parts), math.fsum(tier.bonus for tier in reached))


def _in_cents(*amounts: float) -> float:
    return float(rounded(math.fsum(amounts), CENTS))
