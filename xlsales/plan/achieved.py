"""The actuals of a run, summed up by day, member and month, and where every amount went. Amounts are micro-yuan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Self, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Steps
from xlsales.core.faults import Lang, Problem
from xlsales.core.periods import Level, Timeline
from xlsales.core.plan import MICROS, Dimension, Plan
from xlsales.tables.sums import by_day, by_member_period
from xlsales.vocabulary import words

if TYPE_CHECKING:
    from xlsales.tables.reading import Records


_Number = TypeVar("_Number", np.int64, np.float64)


class Conservation(Struct, frozen=True):
    """All amounts found in the actuals, and where they went: found = accepted + set aside + totals rows."""

    found: float
    accepted: float
    set_aside: float
    rows_found: int = 0
    rows_accepted: int = 0
    rows_set_aside: int = 0
    totals: float = 0.0
    rows_totals: int = 0

    @classmethod
    def of(cls, records: Records) -> Self:
        """Return what became of records."""
        amounts = (records.found_micros, records.accepted_micros, records.set_aside_micros, records.totals_micros)
        found, accepted, set_aside, totals = (micros / MICROS for micros in amounts)
        counts = (records.rows_found, records.rows_accepted, records.rows_set_aside)
        return cls(found, accepted, set_aside, *counts, totals, records.rows_totals)

    def lines(self, lang: Lang) -> list[tuple[str, float, int]]:
        """Return what was found and where it went: label, amount, number of rows."""
        return [
            (words.FOUND[lang], self.found, self.rows_found),
            (words.ACCEPTED[lang], self.accepted, self.rows_accepted),
            (words.SET_ASIDE[lang], self.set_aside, self.rows_set_aside),
            (words.TOTALS_ROWS[lang], self.totals, self.rows_totals),
        ]


class Pasted(Struct, frozen=True):
    """A table beside the actuals, read as they are: its name in messages, its records and what was told of them.

    No record is after `as_of`; None without records.
    """

    label: str
    records: Records
    problems: tuple[Problem, ...]
    as_of: dt.date | None


class Achieved(Struct, frozen=True):
    """Actuals up to the as-of date, in micro-yuan: per day, and members × months per dimension (parents summed)."""

    as_of: dt.date
    days: Steps
    members: Mapping[str, Steps]
    conservation: Conservation
    records: Records | None = None
    """What was summed up, for sums by other periods."""

    @classmethod
    def of(cls, records: Records, plan: Plan, timeline: Timeline, as_of: dt.date) -> Self:
        """Sum up records, none of which is after `as_of`."""
        months, n_months = timeline.index_of_day(Level.MONTH), len(timeline.periods(Level.MONTH))
        members = {
            d.name: roll_up(d, by_member_period(records, d.name, len(d.members), plan.start, months, n_months))
            for d in plan.dimensions
            if d.name in records.codes
        }
        return cls(as_of, by_day(records, plan.start, timeline.n_days), members, Conservation.of(records), records)

    def sums(self, dimension: Dimension, start: dt.date, period_of_day: NDArray[np.int64], count: int) -> Steps:
        """Return members × periods in micro-yuan, each member's own; `period_of_day`: from `start`, -1 for none."""
        assert self.records is not None  # a run keeps what it summed up
        return by_member_period(self.records, dimension.name, len(dimension.members), start, period_of_day, count)


def roll_up(dimension: Dimension, leaves: NDArray[_Number]) -> NDArray[_Number]:
    """Add each member's amounts to its parents': members × anything, pre-order."""
    return roll_up_to(dimension.parents, leaves)


def roll_up_to(parents: Sequence[int], leaves: NDArray[_Number]) -> NDArray[_Number]:
    """Likewise, by the position of each one's parent, -1 at the top."""
    out = leaves.copy()
    for i in range(len(parents) - 1, -1, -1):
        if parents[i] >= 0:
            out[parents[i]] += out[i]
    return out
