"""What a number is where a percentage is asked for: 110, 110 % and 1.1 are one attainment.

This is the only place that decides it. A % that a person typed decides always. A % that the format of the cell shows
decides too, as Excel makes 1.1 of a typed 110 % there, but not for a number that was certainly pasted as 110.
"""

from __future__ import annotations

from msgspec import Struct

from xlsales.core.faults import Fault
from xlsales.core.text import narrow


class PartOrPercent(Fault):
    """A number without % that may be a part of 1 or a percentage."""

    zh = "“{found:.6g}”是 {part:.6g}% 还是 {found:.6g}%?请带 % 写。"
    en = '"{found:.6g}": is it {part:.6g}% or {found:.6g}%? Write it with %.'


class Percents(Struct, frozen=True):
    """How bare numbers of a kind are meant.

    Up to `most_part` a number is a part of 1, from `least_percent` on it is in percent, between them it may be either.
    In a cell that shows percentages it is a part of 1 up to `most_shown`.
    """

    most_part: float
    least_percent: float
    most_shown: float

    def part(self, value: float, held: object, *, shown: bool) -> float:
        """Return a number as a part of 1. `held` is what its cell holds, `shown` whether the format of that has a %.

        Raises PartOrPercent.
        """
        if isinstance(held, str):
            shown = False
            if "%" in narrow(held):
                return value
        if value <= (self.most_shown if shown else self.most_part):
            return value
        if value < self.least_percent:
            raise PartOrPercent(found=value, part=value * 100)
        return value / 100


DONE = Percents(1.0, 2.0, 5.0)
"""Parts of a whole, which are at most 100 %."""
ATTAINMENT = Percents(3.0, 20.0, 10.0)
"""Attainments, caps and floors: nobody asks ten times a target."""
WEIGHT = Percents(1.0, 1.0, 10.0)
"""Weights, which make 100 % together."""
