"""Amounts in yuan, in whole steps, and in the unit that people type: the only conversions of what a cell holds."""

from __future__ import annotations

from decimal import Decimal

from xlsales.core.plan import MICROS

MOST_YUAN = 9_000_000_000_000
"""An amount from here on does not fit the exact sums (int64 millionths)."""
_TOLERANCE = Decimal("1e-6")
"""Sums of floats may be off by so much of a step, and by no more than `_PART` of the amount."""
_PART = Decimal("1e-9")


def micros_of(yuan: Decimal) -> int:
    """Return an amount in yuan in micro-yuan, to the nearest."""
    return round(yuan * MICROS)


def whole_steps(yuan: Decimal, step_micros: int) -> int | None:
    """Return an amount in yuan as whole steps; None if it is between two steps."""
    steps = yuan * MICROS / step_micros
    off = abs(steps - round(steps))
    return None if off > _TOLERANCE or off > abs(steps) * _PART else round(steps)


def typed(micros: int, unit_yuan: int = 1) -> Decimal:
    """Return an amount in micro-yuan as a person types it in a unit of so many yuan, without trailing zeros."""
    value = Decimal(micros) / (unit_yuan * MICROS)
    return value.normalize() if value % 1 else Decimal(int(value))
