"""Table 指标实际: what a person counted by month, week or day, as members × months of each indicator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from msgspec import Struct

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Steps
from xlsales.core.faults import Bilingual, Fault, Problem
from xlsales.core.indicators import IndicatorKind, Measured, measured, shares
from xlsales.core.period_text import parse_period
from xlsales.core.periods import Level, Period, Timeline
from xlsales.core.text import identity
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures
from xlsales.plan.indicators import faults
from xlsales.plan.indicators.read import Cells, Indicator, above_most, nobody
from xlsales.plan.indicators.tables import T_INDICATOR_ACTUALS
from xlsales.tables.cells.matching import Matcher
from xlsales.values.cell import plain

_LABELS = {column.key: column.label for column in T_INDICATOR_ACTUALS.columns}
_NOBODY = -1
_MOST_COLLECTED = 2.0
"""An actual rate may be above 100%, as where old debts are paid; above this it is a slip, such as 92 for 92%."""


class Typed(Struct, frozen=True):
    """Rows of the table: their indicator by its identity, and their period. `last` is the last day that is typed.

    `all_read`: no row is set aside.
    """

    rows: Mapping[str, Sequence[tuple[Cells, Period]]]
    last: dt.date | None
    all_read: bool


def typed_rows(
    rows: Sequence[Cells], known: Collection[str] | None, figures: Figures, problems: list[Problem]
) -> Typed:
    """Return the rows with a period by their indicator; `problems` get those that are of none, or of no period.

    `known` are the indicators of the plan by identity, also those that could not be understood; None if a name is not
    known. A row with a faulty cell is set aside: its problem is told already.
    """
    by_name: dict[str, list[tuple[Cells, Period]]] = {}
    last: dt.date | None = None
    before = len(problems)
    for row in rows:
        if row["faulty"]:
            continue
        missing = next((key for key in ("indicator", "period", "value") if row[key] is None), None)
        if missing is not None:
            fault: Fault = RowLacks(header=Bilingual(_LABELS[missing].zh, _LABELS[missing].en))
            problems.append(Problem.note(row["cells"][missing], "", fault))
        elif known is not None and identity(row["indicator"]) not in known:
            fault = faults.NoSuchIndicator(found=row["indicator"])
            problems.append(Problem.note(row["cells"]["indicator"], row["indicator"], fault))
        else:
            try:
                period = parse_period(row["period"], figures.breakdown.timeline)
                if period.level not in (Level.MONTH, Level.WEEK, Level.DAY):
                    raise faults.NameTooLong(found=row["period"])
            except Fault as unreadable:
                problems.append(Problem.note(row["cells"]["period"], str(row["period"]), unreadable))
                continue
            by_name.setdefault(identity(row["indicator"]), []).append((row, period))
            last = period.end if last is None else max(last, period.end)
    all_read = len(problems) == before and not any(row["faulty"] for row in rows)
    return Typed(by_name, last, all_read)


class TypedActuals:
    """The actuals of one indicator, row by row: amounts of members × months, the last row is of nobody.

    Of rates and scores `amounts` are the rates times their `bases`.
    """

    def __init__(self, indicator: Indicator, timeline: Timeline, as_of: dt.date) -> None:
        self.indicator = indicator
        self.timeline = timeline
        self.as_of = as_of
        self.problems: list[Problem] = []
        members = indicator.members.dimension
        shape = len(members.members) + 1, len(timeline.periods(Level.MONTH))
        self._amounts, self._bases = np.full(shape, np.nan), np.full(shape, np.nan)
        self._matcher, self._shares = Matcher(members), shares(members, indicator.weights)
        self._spans: dict[int, list[tuple[dt.date, dt.date, int]]] = {}
        self._month_of_day = timeline.index_of_day(Level.MONTH)

    def measured(self, rows: Sequence[tuple[Cells, Period]]) -> Measured:
        """Sum up the rows; what does not count is a problem."""
        with_bases = any(row["base"] for row, _ in rows)
        for row, period in rows:
            position, value = self._position(row), self._value(row)
            if position is not None and value is not None and self._counts(row, period, position, value, with_bases):
                self._add(row, period, position, value)
        rates = not self.indicator.kind.adds_up
        nobodys = self._amounts[-1], self._bases[-1]
        return measured(
            self.indicator.members.dimension, self._amounts[:-1], self._bases[:-1] if rates else None, nobodys
        )

    def _note(self, row: Cells, key: str, fault: Fault) -> None:
        value = row[key]
        text = "" if value is None else plain(value) if isinstance(value, float) else str(value)
        self.problems.append(Problem.note(row["cells"][key], text, fault))

    def _position(self, row: Cells) -> int | None:
        """The lowest member that a row is of, or nobody; None if it is neither."""
        if row["member"] is None:
            return _NOBODY
        position = self._matcher.position(row["member"])
        if position < 0:
            self._note(row, "member", nobody(row["member"], self._matcher))
            return None
        if not self._matcher.leaf[position]:
            self._note(row, "member", faults.NotLowest(found=row["member"]))
            return None
        return position

    def _value(self, row: Cells) -> float | None:
        """The actual of a row in the indicator's unit; None if it is none."""
        try:
            return self.indicator.meant(row, "value")
        except Fault as fault:
            self._note(row, "value", fault)
            return None

    def _counts(self, row: Cells, period: Period, position: int, value: float, with_bases: bool) -> bool:
        """Whether a row counts; if it does not, the problem says why."""
        one = self.indicator
        most = _MOST_COLLECTED if one.kind is IndicatorKind.RATE else one.most
        if not one.kind.adds_up and value > most:
            self._note(row, "value", above_most(one.name, value, one.kind, most))
            return False
        if value < 0 and one.kind in (IndicatorKind.COUNT, IndicatorKind.SCORE):
            self._note(row, "value", faults.BelowNothing(name=one.name, found=plain(value)))
            return False
        if one.kind is IndicatorKind.COUNT and one.step >= 1 and value % 1:
            self._note(row, "value", faults.NotWhole(name=one.name, found=plain(value)))
            return False
        if not one.kind.adds_up and (row["base"] == 0 or (with_bases and row["base"] is None)):
            fault = faults.BaseMissing(name=one.name) if row["base"] is None else faults.BaseOfNothing()
            self._note(row, "base", fault)
            return False
        if period.start > self.as_of:
            self._note(row, "period", faults.AfterToday(period=period.key, as_of=self.as_of))
            return False
        spans = self._spans.setdefault(position, [])
        other = next((n for first, last, n in spans if first <= period.end and period.start <= last), None)
        if other is not None:
            called = one.called(position)
            bare = called if position < 0 else row["member"]
            self._note(row, "period", faults.Overlaps(name=one.name, member=bare, period=period.key, other=other))
            return False
        spans.append((period.start, period.end, row["cells"]["period"].row))
        return True

    def _add(self, row: Cells, period: Period, position: int, typed: float) -> None:
        days = np.bincount(self._month_of_day[self.timeline.slice_of(period)], minlength=self._amounts.shape[1])
        at: Steps = np.flatnonzero(days).astype(np.int64)
        if len(at) > 1:
            self._note(row, "period", faults.CutWeek(period=period.key))
        value, part = typed * self.indicator.per, days[at] / days.sum()
        if self.indicator.kind.adds_up:
            self._put(self._amounts, position, at, self._shared(value, days[at]))
            return
        base = part * (self._shares[position] if row["base"] is None else row["base"])
        if row["base"] is None and position == _NOBODY:
            base = part
        self._put(self._amounts, position, at, value * base)
        self._put(self._bases, position, at, base)

    @staticmethod
    def _shared(value: float, days: Steps) -> Floats:
        """An amount over the months of its days: in whole numbers, if it is one."""
        if len(days) > 1 and value >= 0 and value == round(value):
            return allocate(round(value), days).astype(np.float64)
        return np.asarray(value * days / days.sum())

    @staticmethod
    def _put(cells: Floats, position: int, at: Steps, values: Floats) -> None:
        cells[position, at] = np.nan_to_num(cells[position, at]) + values


def as_of_day(figures: Figures, typed: Typed) -> dt.date | None:
    """Return the day up to which actuals are complete: of the run, else of the plan, else the last typed one."""
    if figures.achieved is not None:
        return figures.achieved.as_of
    end = figures.breakdown.timeline.end
    day = figures.breakdown.plan.as_of or typed.last
    return None if day is None else min(day, end)
