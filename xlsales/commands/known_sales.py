"""What headquarters has sold already, as a store's workbook carries it: by store and day, or a month's sum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from xlsales.commands.actuals import sum_actuals
from xlsales.commands.job import Job
from xlsales.core.arrays import Floats
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault, Place, Problem, Refused
from xlsales.core.periods import Level, Timeline
from xlsales.core.plan import MICROS, Dimension
from xlsales.store.tables import MemberTargets, Tables
from xlsales.store.targets import Known
from xlsales.tables.reading import Records

_MONTHLY = 5.0
"""A month's only amount, on its last day, is the month's sum if it is so many times that day's target."""


class KnownUnreadable(Fault):
    """The actuals cannot be read, so stores' files carry none."""

    zh = "“{label}”没有读成,下发的文件里没有带上已有的实际。原因:{reason}"
    en = 'The files handed out carry no known actuals: "{label}" could not be read. {reason}'


class KnownSales(Struct, frozen=True):
    """The last day that is known, what each store sold until then, and how many rows were not counted."""

    as_of: dt.date
    stores: tuple[Known, ...]
    aside: int


def known_sales(
    job: Job, breakdown: Breakdown, dimension: Dimension, tables: Tables, targets: Floats
) -> KnownSales | None:
    """Return what is known of the lowest members' sales; `targets` are theirs by day in yuan. None without actuals.

    A refresh reports what is wrong with single rows, not this.
    """
    problems = list(job.problems)
    try:
        achieved = sum_actuals(job, breakdown, None, required=False)
    except (Fault, Refused) as fault:
        label, lang = job.inputs.actuals.label, job.inputs.lang
        reason = fault.problems[0].fault if isinstance(fault, Refused) else fault
        unread = KnownUnreadable(label=label, reason=reason.say(lang))
        job.problems = [*problems, Problem.note(Place(label), "", unread)]
        return None
    job.problems = problems
    records = job.records
    if achieved is None or records is None or dimension.name not in records.codes:
        return None
    sales = _StoreSales(records, breakdown.timeline, dimension)
    days, months = sales.days(targets, achieved.as_of)
    parts = [
        sales.parts(next(d for d in job.inputs.plan.dimensions if d.name == table.dimension), own)
        for table, own in zip(tables.tables, zip(*tables.parts, strict=True), strict=True)
    ]
    stores = tuple(
        Known(days[i], months[i], tuple(of_table[i] for of_table in parts)) for i in range(len(dimension.leaves))
    )
    return KnownSales(achieved.as_of, stores, records.rows_set_aside)


class _StoreSales:
    """The accepted records of the stores, by the position of each store among the lowest members."""

    def __init__(self, records: Records, line: Timeline, dimension: Dimension) -> None:
        self._line, self._count = line, len(dimension.leaves)
        position = np.full(len(dimension.members) + 1, -1)
        position[dimension.leaves] = np.arange(self._count)
        store = position[records.codes[dimension.name]]  # -1, unknown, is the last
        day = (records.day - np.datetime64(line.start, "D")).astype(np.int64)
        self._rows = np.flatnonzero((store >= 0) & (day >= 0) & (day < line.n_days))
        self._store, self._day = store[self._rows], day[self._rows]
        self._micros, self._codes = records.micros[self._rows], records.codes

    def days(self, targets: Floats, as_of: dt.date) -> tuple[Floats, Floats]:
        """Stores × days and stores × months in yuan, NaN if nothing is known by day, or by month alone."""
        at = self._store * self._line.n_days + self._day
        sums = np.zeros(self._count * self._line.n_days, np.int64)
        np.add.at(sums, at, self._micros)
        there = np.zeros(len(sums), np.bool_)
        there[at] = True
        shape = self._count, self._line.n_days
        days = np.where(there, sums / MICROS, np.nan).reshape(shape)
        filled = there.reshape(shape)
        months = np.full((self._count, len(self._line.periods(Level.MONTH))), np.nan)
        for m, month in enumerate(self._line.periods(Level.MONTH)):
            here = self._line.slice_of(month)
            if here.stop - here.start == 1 or month.start > as_of:
                continue
            last = days[:, here.stop - 1]
            alone = (filled[:, here].sum(axis=1) == 1) & filled[:, here.stop - 1]
            by_sum = alone & (np.abs(np.nan_to_num(last)) >= _MONTHLY * targets[:, here.stop - 1])
            months[by_sum, m] = last[by_sum]
            days[by_sum, here.stop - 1] = np.nan
        return days, months

    def parts(self, other: Dimension, parts: Sequence[MemberTargets]) -> list[Floats]:
        """Each store's rows of a table: the members of its part × months, in yuan."""
        n_months = len(self._line.periods(Level.MONTH))
        if other.name not in self._codes:
            return [np.zeros((len(part.names), n_months)) for part in parts]
        member = self._codes[other.name][self._rows].astype(np.int64)
        with_member = member >= 0
        month = self._line.index_of_day(Level.MONTH)[self._day[with_member]]
        key = (self._store[with_member] * len(other.members) + member[with_member]) * n_months + month
        keys, group = np.unique(key, return_inverse=True)
        sums = np.zeros(len(keys) + 1, np.int64)
        np.add.at(sums, group, self._micros[with_member])
        codes = {m.name: code for code, m in enumerate(other.members)}
        by_store = []
        for store, part in enumerate(parts):
            own = np.array([codes[name] for name in part.names], np.int64)
            cells = ((store * len(other.members) + own)[:, None] * n_months) + np.arange(n_months)
            at = np.searchsorted(keys, cells)
            there = np.append(keys, -1)[np.minimum(at, len(keys))] == cells
            by_store.append(np.where(there, sums[np.minimum(at, len(keys))], 0) / MICROS)
        return by_store
