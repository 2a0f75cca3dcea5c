"""What a slip of the hand is, and a doubt about a figure."""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct


class Slip(IntEnum):
    """What a hand does."""

    MISSING = 0
    """No figure on days on which the series usually sells."""
    ADDED = 1
    """A digit too many: ten times as much, or a digit twice."""
    DROPPED = 2
    """A digit too few."""
    SWAPPED = 3
    """Two digits that changed places."""
    CUMULATIVE = 4
    """The sum of the month up to the day."""
    UNIT = 5
    """100, 1,000 or 10,000 times as much or as little: a lost point, or 万."""
    TAX = 6
    """From a day on 1.13, 1.06 or 1.03 times as much or as little: with tax, or without it."""


class Doubt(Struct, frozen=True):
    """A likely slip of a series, a position, from the day `first` to `last` (positions).

    `found` is the figure of the first day, `meant` what it likely was to be, `usual` what such a day usually brings.
    Of TAX, `found` and `meant` are the middles after and before. `figures` is how many figures are meant.
    """

    kind: Slip
    series: int
    first: int
    last: int
    found: float
    meant: float
    usual: float
    figures: int
    other: tuple[Slip, float] | None = None
    """Another slip that explains the figure nearly as well, and what was meant by it."""

    @property
    def weight(self) -> float:
        """How much the sums are off by it."""
        return abs(self.found - self.meant) * self.figures
