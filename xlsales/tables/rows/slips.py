"""Accepted rows that are likely slips of a hand: which figures are judged, and what is said of them.

What a person types is one figure of a series and a day: of a member, or of what all columns of members name together.
A table of single orders has no such figures, and only days without any are told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Floats
from xlsales.core.calendars import WorkCalendar
from xlsales.core.doubts import Doubt, Slip
from xlsales.core.faults import Bilingual, DateRange, Fault, Place, Problem
from xlsales.core.plan import MICROS, Dimension
from xlsales.tables.rows.rows import Bools, Rows
from xlsales.tables.slip_reasons import (
    HOW,
    DaysLeftOut,
    DaysLeftOutByAll,
    FigureSlip,
    FigureSlips,
    LevelJump,
    MoreSlips,
    SumsToDate,
    SumToDate,
)
from xlsales.values.cell import plain

_LISTED = 20
"""So many are listed one by one, those that move the sums most; the rest is one finding."""
_LEAST = 8
"""A series with fewer figures is not judged."""
_OFTEN, _SELDOM = 3, 8
"""Figures are typed by the day if most are of series with one on a third of the days; among these, one with figures on
an eighth of the days is judged too."""
_DAYS = 28
"""Days left out are asked about in tables of so many days."""
_MOST_SERIES = 2_000_000
_MOST_CELLS = 10_000_000


class _Table(Struct, frozen=True, dict=True):
    """Accepted records: their place among the rows, amount in full, day since the first, and members by dimension."""

    rows: Rows
    at: NDArray[np.int64]
    amounts: Floats
    day: NDArray[np.int64]
    codes: Mapping[Dimension, NDArray[np.int32]]
    calendar: WorkCalendar
    first: np.datetime64
    base: Bilingual

    @property
    def n_days(self) -> int:
        return int(self.day.max()) + 1

    @cached_property
    def there(self) -> NDArray[np.int64]:
        """The days with a record."""
        return np.flatnonzero(np.bincount(self.day, minlength=self.n_days))

    @property
    def kinds(self) -> NDArray[np.int8]:
        """The kind of each day from the first to the last."""
        start = int((self.first - self.calendar.days[0]).astype(np.int64))
        return self.calendar.kinds[start : start + self.n_days]

    def date(self, day: int) -> dt.date:
        date: dt.date = (self.first + day).astype(object)
        return date


def slips_of(
    rows: Rows, micros: NDArray[np.int64], accepted: Bools, day: NDArray[np.datetime64],
    codes: Mapping[Dimension, NDArray[np.int32]], calendar: WorkCalendar, as_of: dt.date | None, base: Bilingual,
) -> list[Problem]:  # fmt: skip
    """Return what is said of likely slips among the accepted rows, up to `as_of`; `codes`: of lowest members."""
    within = accepted & (day >= calendar.days[0]) & (day <= calendar.days[-1])
    if as_of is not None:
        within &= day <= np.datetime64(as_of)
    at = np.flatnonzero(within)
    if len(at) < _LEAST or not codes:
        return []
    days = day[at].astype("datetime64[D]")
    first = days.min()
    number = (days - first).astype(np.int64)
    own = {dimension: code[at] for dimension, code in codes.items()}
    table = _Table(rows, at, micros[at] / MICROS, number, own, calendar, first, base)
    found = [*_figures(table), *_left_out(table)]
    found.sort(key=lambda one: (one[1].fault.remark, -one[0]))
    listed, rest = found[:_LISTED], found[_LISTED:]
    problems = [problem for _, problem in listed]
    if rest:
        count = sum(problem.count for _, problem in rest)
        fault = MoreSlips(count=count, slips=len(rest), cells=rows.wide)
        problems.append(Problem.note(Place(rows.label), "", fault, None, count))
    return problems


# --- figures -------------------------------------------------------------------------------------------------------


def _figures(table: _Table) -> Iterator[tuple[float, Problem]]:
    """Yield doubts about figures with what they move, of the series that most rows are single figures of."""
    series = next(_series(table), None)
    if series is None:
        return
    from xlsales.core.slips import slips

    key, dimensions = series
    size = int(np.prod([len(dimension.members) + 1 for dimension in dimensions]))
    counts = np.bincount(key[key >= 0], minlength=size)
    there = table.there
    judged = np.flatnonzero((counts >= max(_LEAST, len(there) // _SELDOM)) & (counts <= 2 * len(there)))
    if len(judged) * len(there) > _MOST_CELLS:
        return
    place = np.full(size, -1)
    place[judged] = np.arange(len(judged))
    row, column = np.where(key >= 0, place[key], -1), np.searchsorted(there, table.day)
    kept = np.flatnonzero(row >= 0)
    cell = row[kept] * len(there) + column[kept]
    shape = (len(judged), len(there))
    number = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    sums = np.bincount(cell, table.amounts[kept], shape[0] * shape[1]).reshape(shape)
    figures: Floats = np.where(number > 0, sums, np.nan)
    said = _Said(table, there)
    for doubt in slips(table.first + there, figures, number == 1, table.kinds[there]):
        record = int(table.at[kept[np.flatnonzero(cell == doubt.series * shape[1] + doubt.first)[0]]])
        name = _name(int(judged[doubt.series]), dimensions)
        fault = said.of(doubt, name, dimensions[0].name)
        cell_of = table.rows.place(record, int(table.rows.amount_column[record]))
        typed = table.rows.amounts[record]
        value = typed if isinstance(typed, str) else plain(float(typed))
        amount = None if doubt.kind is Slip.TAX else round(doubt.found * MICROS)
        yield doubt.weight, Problem.note(cell_of, value, fault, amount, doubt.figures)


def _series(table: _Table) -> Iterator[tuple[NDArray[np.int64], list[Dimension]]]:
    """Yield the keys of series of which most rows are single figures of a day: all dimensions together, then each."""
    dimensions = sorted(table.codes, key=lambda one: -len(one.leaves))
    candidates = [[dimension] for dimension in dimensions]
    if len(dimensions) > 1 and np.prod([len(one.members) + 1.0 for one in dimensions]) <= _MOST_SERIES:
        candidates.insert(0, dimensions)
    for chosen in candidates:
        key = np.zeros(len(table.day), np.int64)
        lacking = np.ones(len(table.day), bool)
        for dimension in chosen:
            code = table.codes[dimension]
            key = key * (len(dimension.members) + 1) + np.maximum(code, -1) + 1
            lacking &= code < 0
        key[lacking] = -1
        size = int(np.prod([len(dimension.members) + 1 for dimension in chosen]))
        counts = np.bincount(key[~lacking], minlength=size)
        n = len(table.there)
        alone = counts[(counts >= max(_LEAST, n // _OFTEN)) & (counts <= 1.1 * n)].sum()
        if 2 * alone >= len(key):
            yield key, chosen


def _name(key: int, dimensions: list[Dimension]) -> str:
    """The members that a key stands for."""
    names: list[str] = []
    for dimension in reversed(dimensions):
        key, code = divmod(key, len(dimension.members) + 1)
        if code:
            names.insert(0, dimension.members[code - 1].name)
    return " · ".join(names)


class _Said:
    """The sentences of doubts about figures on the days `there`."""

    def __init__(self, table: _Table, there: NDArray[np.int64]) -> None:
        self.table, self.there = table, there

    def of(self, doubt: Doubt, name: str, dimension: str) -> Fault:
        first, last = (self.table.date(int(self.there[day])) for day in (doubt.first, doubt.last))
        if doubt.kind is Slip.TAX:
            up = doubt.found > doubt.meant
            side = Bilingual("改为含税", "with tax") if up else Bilingual("改为不含税", "without tax")
            tax = f"{round(100 * (doubt.usual - 1))}%"
            return LevelJump(
                name=name, day=first, ratio=f"{doubt.found / doubt.meant:.2f}", tax=tax, dimension=dimension,
                side_zh=side.zh, side_en=side.en,
            )  # fmt: skip
        facts = {
            "name": name, "base": self.table.base, "found": _money(doubt.found), "meant": _money(doubt.meant),
            "count": doubt.figures, "days": DateRange(first, last), "day": first,
        }  # fmt: skip
        if doubt.kind is Slip.CUMULATIVE:
            return (SumToDate if doubt.figures == 1 else SumsToDate)(**facts)
        facts["how"] = HOW[doubt.kind]
        if doubt.figures > 1:
            return FigureSlips(**facts)
        zh = en = ""
        if doubt.other is not None:
            kind, meant = doubt.other
            zh, en = f",或{HOW[kind].zh},本来是 {_money(meant)}", f", or {_money(meant)} ({HOW[kind].en})"
        return FigureSlip(**facts, usual=_rounded(doubt.usual), other_zh=zh, other_en=en)


def _money(amount: float) -> str:
    return f"{amount:,.2f}".removesuffix(".00")


def _rounded(amount: float) -> str:
    """An amount to two figures, as it is only about so much."""
    return f"{float(f'{amount:.2g}'):,.10g}"


# --- days left out -------------------------------------------------------------------------------------------------


def _left_out(table: _Table) -> Iterator[tuple[float, Problem]]:
    """Yield the days without figures of members that usually have some, with what they usually sell on these."""
    n_days = table.n_days
    if n_days < _DAYS or 5 * len(table.there) < 2 * n_days:
        return
    from xlsales.core.gaps import gaps

    told: set[tuple[int, int]] = set()
    days = table.first + np.arange(n_days)
    for dimension in sorted(table.codes, key=lambda one: -len(one.leaves)):
        code = table.codes[dimension]
        named = np.flatnonzero(code >= 0)
        counts = np.bincount(code[named], minlength=len(dimension.members))
        judged = np.flatnonzero(counts >= max(_LEAST, n_days // _SELDOM))
        if not len(judged) or len(judged) * n_days > _MOST_CELLS:
            continue
        place = np.full(len(dimension.members), -1)
        place[judged] = np.arange(len(judged))
        row = place[code[named]]
        cell = row[row >= 0] * n_days + table.day[named[row >= 0]]
        figures = np.bincount(cell, minlength=len(judged) * n_days).reshape(-1, n_days)
        new = [gap for gap in gaps(days, figures, table.kinds) if (gap.first, gap.last) not in told]
        told |= {(gap.first, gap.last) for gap in new}
        for gap in new:
            span = DateRange(table.date(gap.first), table.date(gap.last))
            mine = named[code[named] == judged[gap.series]] if gap.series >= 0 else named
            usual = float(table.amounts[mine].mean()) * float(figures[gap.series].max())
            fault: Fault = DaysLeftOutByAll(dimension=dimension.name, days=span, count=gap.count)
            if gap.series >= 0:
                name = dimension.members[judged[gap.series]].name
                fault = DaysLeftOut(name=name, days=span, count=gap.count)
            before = mine[table.day[mine] < gap.first]
            record = int(table.at[before[np.argmax(table.day[before])] if len(before) else mine[0]])
            yield abs(usual) * gap.count, Problem.note(table.rows.place(record), "", fault, None, gap.count)
