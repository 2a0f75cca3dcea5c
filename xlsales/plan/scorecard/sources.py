"""Where the target and the actual of a criterion come from: the plan, table 指标, table 周跟踪."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats
from xlsales.core.faults import Fault
from xlsales.core.indicators import IndicatorKind, Measured, due_of_reported
from xlsales.core.periods import Period
from xlsales.core.progress import elapsed
from xlsales.core.text import identity
from xlsales.core.weeks import week_progress
from xlsales.layout.model import Role
from xlsales.plan.figures import NAN, Figures, Members
from xlsales.plan.indicators.tables import T_INDICATOR_ACTUALS, T_INDICATORS
from xlsales.plan.indicators.typed import Typed, TypedActuals, as_of_day, typed_rows
from xlsales.plan.scorecard import faults
from xlsales.plan.unknown_names import said_near
from xlsales.plan.weeks.known import Known, KnownIndicator
from xlsales.plan.weeks.read import MonthRows, read_months
from xlsales.plan.weeks.tables import T_WEEKS
from xlsales.tables.cells.matching import Matcher
from xlsales.values.near_names import near_names
from xlsales.vocabulary.money import Money

_ROLES: dict[IndicatorKind, Role] = {
    IndicatorKind.AMOUNT: "money",
    IndicatorKind.RATE: "percent",
    IndicatorKind.SCORE: "times",
}


class Figure(Struct, frozen=True):
    """What somebody was to reach by now, and what is reached; NaN is blank. `role` is how both are shown.

    `unit` is that in which a person types amounts. `less` is better.
    """

    target: float
    actual: float
    role: Role
    unit: Money
    less: bool = False


class Sources:
    """The figures of a run by member and period, each worked out when it is first asked for."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self._known = Known(figures)
        self._measured: dict[tuple[str, str], Measured | None] = {}

    def is_under_way(self, period: Period) -> bool:
        """Whether a period has begun and is not over on the as-of date."""
        as_of = self.figures.frame.as_of
        return as_of is not None and period.start <= as_of < period.end

    def figure(self, source: str, name: str, members: Members, position: int, period: Period) -> Figure:
        """Return what a source (a code but `typed`) knows of a criterion of a member. Raises the fault that it has."""
        months = self._months(period)
        if source == "plan":
            return self.of_plan(members, position, period)
        member = members.dimension.members[position].name
        if source == "weeks":
            return self._of_weeks(name, member, months)
        known = self._indicator(name)
        one = known.indicator
        at = position if one.members.name == members.name else Matcher(one.members.dimension).position(member)
        if at < 0:
            raise faults.NotScoredThere(found=one.name, dimension=one.members.name, who=member)
        return self._of_indicator(known, at, period, months)

    # --- the plan ----------------------------------------------------------------------

    def of_plan(self, members: Members, position: int, period: Period) -> Figure:
        """Return the amounts of a member: of a period under way, the target up to the as-of date."""
        months = self._months(period)
        due = members.targets_to_date if self.is_under_way(period) and members.micros is not None else members.targets
        target = float(due[position, months].sum())
        return Figure(target, _sum(members.actuals[position, months]), "money", self._unit)

    @property
    def _unit(self) -> Money:
        return Money(self.figures.frame.unit, self.figures.frame.currency)

    def typed(self) -> Figure:
        """Return the figures of a criterion that a person types: none are known yet."""
        return Figure(NAN, NAN, "entry", self._unit)

    def _months(self, period: Period) -> list[int]:
        return [i for i, month in enumerate(self.figures.months) if period.start <= month.start <= period.end]

    # --- indicators --------------------------------------------------------------------

    def _indicator(self, name: str) -> KnownIndicator:
        known = self._known.get(name)
        if known is not None and known.targets is not None:
            return known
        rows = self.figures.table_rows.get(T_INDICATORS.name, ())
        names = [row["indicator"] for row in rows if row["indicator"] is not None]
        if identity(name) in map(identity, names):
            raise faults.SourceAtFault(found=name)
        raise _unknown(name, names, T_INDICATORS.label[self.figures.frame.lang])

    @cached_property
    def _typed(self) -> Typed:
        """The rows of 指标实际; what is wrong in them is told with the sheets of indicators."""
        return typed_rows(self.figures.table_rows.get(T_INDICATOR_ACTUALS.name, ()), None, self.figures, [])

    def _measure(self, known: KnownIndicator, period: Period | None) -> Measured | None:
        """What was measured of an indicator, in rows that begin in a period if it is one; None if there are none."""
        key = identity(known.indicator.name), period.key if period else ""
        if key not in self._measured:
            as_of = as_of_day(self.figures, self._typed)
            rows = self._typed.rows.get(key[0], ())
            if period is not None:
                rows = [(row, own) for row, own in rows if period.start <= own.start <= period.end]
            typed = TypedActuals(known.indicator, self.figures.breakdown.timeline, as_of) if as_of else None
            self._measured[key] = typed.measured(rows) if typed is not None and rows else None
        return self._measured[key]

    def _of_indicator(self, known: KnownIndicator, at: int, period: Period, months: Sequence[int]) -> Figure:
        one, targets = known.indicator, known.targets
        assert targets is not None  # looked at before
        role = _ROLES.get(one.kind, "count" if one.step % 1 == 0 else "ratio")
        less = one.less_is_better
        if not one.kind.adds_up:
            measured = self._measure(known, period)
            actual = float(measured.members[at]) if measured is not None else NAN
            return Figure(float(targets.members[at]), actual, role, self._unit, less)
        measured = self._measure(known, None)
        due = np.vstack([targets.months, targets.company]) * self._elapsed(period)
        if less and measured is not None and not np.isnan(measured.months[at, months]).all():
            due = due_of_reported(one.members.dimension, due, measured)  # a blank is no zero
        actual = _sum(measured.months[at, months]) if measured is not None else NAN
        return Figure(float(due[at, months].sum()), actual, role, one.money, less)

    def _elapsed(self, period: Period) -> Floats:
        """How much of each month counts: of a period under way what has gone by, else all of it."""
        figures, breakdown = self.figures, self.figures.breakdown
        if not self.is_under_way(period) or figures.frame.as_of is None:
            return np.ones(len(figures.months))
        days, clock = breakdown.days.astype(np.float64), breakdown.plan.clock
        return elapsed(clock, breakdown.timeline, figures.calendar, days, figures.frame.as_of, figures.months)

    # --- weeks -------------------------------------------------------------------------

    @cached_property
    def _weeks(self) -> list[MonthRows]:
        """The months of 周跟踪; what is wrong in them is told with their sheets."""
        rows = self.figures.table_rows.get(T_WEEKS.name, ())
        return read_months(rows, self.figures, []) if rows else []

    def _of_weeks(self, name: str, member: str, months: Sequence[int]) -> Figure:
        """What is planned and done in the weeks of a member: of a month under way, up to the last week filled in."""
        rows = self.figures.table_rows.get(T_WEEKS.name, ())
        names = [row["indicator"] for row in rows if row["indicator"] is not None]
        if identity(name) not in map(identity, names):
            raise _unknown(name, names, T_WEEKS.label[self.figures.frame.lang])
        lamps = self.figures.breakdown.plan.lamps
        keys, as_of = {self.figures.months[i].key for i in months}, self.figures.frame.as_of
        targets, done, planned, less = [], [], [], False
        for month in (one for one in self._weeks if one.month.key in keys):
            progress = week_progress(month.planned, month.done, [row.less for row in month.rows], lamps)
            over = as_of is not None and month.month.end <= as_of
            due = np.where(over & ~np.isnan(progress.done), progress.planned, progress.due)
            for i, row in enumerate(month.rows):
                if identity(row.indicator) == identity(name) and identity(row.person) == identity(member):
                    less = less or row.less
                    planned.append(float(progress.planned[i]))
                    targets.append(float(due[i]))
                    done.append(float(progress.done[i]))
        actual = _sum(np.array(done))
        return Figure(_sum(np.array(planned if np.isnan(actual) else targets)), actual, "count", self._unit, less)


def _unknown(name: str, names: Iterable[str], table: str) -> Fault:
    spelled = {identity(one): one for one in names}
    near = [spelled[one] for one in near_names(identity(name), list(spelled))]
    return faults.SourceUnknown(found=name, table=table, **said_near(near))


def _sum(values: Floats) -> float:
    """The sum of what is known; blank if nothing is."""
    return float(np.nansum(values)) if (~np.isnan(values)).any() else NAN
