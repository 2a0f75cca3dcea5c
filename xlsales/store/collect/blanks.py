"""Blank days: days with a target, of which neither the store nor headquarters has reported anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xlsales.store.returned import Round


def blank_days(code: str, round_: Round, covered: int, through: dt.date, known: Sequence[NDArray[np.int32]]) -> int:
    """Count a store's blank days up to `through`, the last day that any store has reported.

    Headquarters knows the store's days up to the ordinal `covered`, with sales or without. `known` are ordinals of
    other days of which something is known.
    """
    first = round_.terms.plan.start.toordinal()
    due = round_.expected[code].targets.days[: max(through.toordinal() - first + 1, 0)] > 0
    due[: max(covered - first + 1, 0)] = False
    for days in known:
        at = np.asarray(days, np.int64) - first
        due[at[(at >= 0) & (at < len(due))]] = False
    return int(due.sum())
