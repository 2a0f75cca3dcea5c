"""The figures of one run, from targets and actuals: what every sheet shows, each worked out once, if asked for.

Targets come in steps, those of days in finer ones, actuals in micro-yuan; figures are in yuan. NaN is blank, which is
not zero.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from xlsales.book.keyed import WrittenSheet
from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Steps
from xlsales.core.basis import Basis, basis_of
from xlsales.core.breakdown import Breakdown, DimensionBreakdown
from xlsales.core.calendars import WorkCalendar, working_days
from xlsales.core.faults import Problem
from xlsales.core.opening import open_spans, own_spans
from xlsales.core.periods import Level, Period, name_of
from xlsales.core.plan import MICROS, Clock, Dimension
from xlsales.core.progress import Progress, elapsed, progress, remaining_days
from xlsales.core.shapes import History
from xlsales.layout.sheet import Frame
from xlsales.plan.achieved import Achieved, Pasted, roll_up
from xlsales.plan.standings import Standing, standings
from xlsales.tables.cells.matching import Matcher

NAN = float("nan")
Line = Mapping[str, Any]
"""The figures of one thing by the names of `core.progress.Progress`."""


class Figures(Struct, frozen=True, dict=True):
    """The figures of a run; without actuals (`achieved`) there are targets only."""

    frame: Frame
    breakdown: Breakdown
    calendar: WorkCalendar
    achieved: Achieved | None = None
    history: History | None = None
    problems: Sequence[Problem] = field(default_factory=tuple)
    table_rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """The rows of the tables of sheets that people add, by the table's name; each row as `Answers.rows` gives it."""
    load_past: Callable[[], History | None] = lambda: None
    """Reads past sales for a sheet, if the run has not read them itself."""
    written: Mapping[str, WrittenSheet] = field(default_factory=dict)
    """The sheets that are in the workbook, by identity, as they are there: closed months keep what is there."""
    load_spend: Callable[[Sequence[Dimension]], Pasted | None] = lambda _: None
    """Reads what was spent, of these accounts and members; None if nothing was."""
    made: dict[str, Any] = field(default_factory=dict)
    """What several sheets show and one module has made of these figures, by the name of its table."""

    # --- the whole plan and its periods --------------------------------------

    @cached_property
    def total(self) -> Line:
        """The figures of the whole plan."""
        return self.of_periods([self.whole])[0]

    @cached_property
    def whole(self) -> Period:
        """The plan's days as a period."""
        timeline = self.breakdown.timeline
        return Period("", Level.YEAR, timeline.start, timeline.end)

    @cached_property
    def months(self) -> tuple[Period, ...]:
        """The plan's months."""
        return self.breakdown.timeline.periods(Level.MONTH)

    @property
    def this_month(self) -> Period:
        """The month of the as-of date; before there are actuals, the first."""
        as_of = self.achieved.as_of if self.achieved else self.months[0].start
        return next((month for month in self.months if month.end >= as_of), self.months[-1])

    @cached_property
    def lines(self) -> dict[str, Line]:
        """The figures of every period of every level, by its key."""
        periods = [period for level in Level for period in self.breakdown.timeline.periods(level)]
        return {period.key: line for period, line in zip(periods, self.of_periods(periods), strict=True)}

    def year_of(self, period: Period) -> str:
        """Return what people call the year in which a period begins."""
        years = self.breakdown.timeline.periods(Level.YEAR)
        return next(name_of(year, self.frame.lang) for year in years if year.start <= period.start <= year.end)

    def of_periods(self, periods: Sequence[Period]) -> Sequence[Line]:
        """Return the figures of each period; a period that has not begun has no actual."""
        if not periods:
            return []
        timeline, days, achieved = self.breakdown.timeline, self.breakdown.days, self.achieved
        slices = [timeline.slice_of(p) for p in periods]
        target = _sums(days, slices) * np.float64(self.breakdown.day_micros) / MICROS
        if achieved is None:
            return _targets_only(target)
        actual = _sums(achieved.days, slices) / MICROS
        actual[np.array([p.start > achieved.as_of for p in periods])] = NAN
        days_left = remaining_days(timeline, days, achieved.as_of, periods)
        return self.progress(target, actual, self.elapsed(self.breakdown.plan.clock, periods), days_left).rows()

    def progress(self, target: Floats, actual: Floats, time_progress: Floats, days_left: NDArray[Any]) -> Progress:
        """Return the progress columns by the plan's lamps."""
        lamps = self.breakdown.plan.lamps
        return progress(target, actual, time_progress=time_progress, remaining_days=days_left, lamps=lamps)

    def elapsed(self, clock: Clock, periods: Sequence[Period]) -> Floats:
        """Return how much of each period has gone by on the as-of date, by a clock; blank without actuals."""
        if self.achieved is None:
            return np.full(len(periods), NAN)
        days = self.breakdown.days.astype(np.float64)
        return elapsed(clock, self.breakdown.timeline, self.calendar, days, self.achieved.as_of, periods)

    def working_days(self, period: Period) -> float:
        """Return its working days; of a whole year that is not announced, the number by law."""
        return float(working_days(self.calendar, period.start, period.end, self.breakdown.plan.day_rules))

    @cached_property
    def clocks(self) -> dict[Clock, Line]:
        """What each clock says of the whole plan; empty without actuals."""
        if self.achieved is None:
            return {}
        target, actual = np.array([self.total["target"]]), np.array([self.total["actual"]])
        one = np.array([1])
        return {
            clock: self.progress(target, actual, self.elapsed(clock, [self.whole]), one).rows()[0] for clock in Clock
        }

    # --- dimensions ----------------------------------------------------------

    @cached_property
    def dimensions(self) -> tuple[Members, ...]:
        """The figures of every dimension, in the order of the dimensions table."""
        return tuple(Members(self, n, name) for n, name in enumerate(self.breakdown.dimensions, 1))

    @cached_property
    def company_actuals(self) -> Steps:
        """The actuals of the whole plan in each month, in micro-yuan; 0 without any."""
        if self.achieved is None:
            return np.zeros(len(self.months), dtype=np.int64)
        return _sums(self.achieved.days, [self.breakdown.timeline.slice_of(month) for month in self.months])

    @cached_property
    def basis(self) -> Basis | None:
        """What the targets rest on; None without past sales."""
        if self.history is None or not len(self.history.days):
            return None
        targets = {name: part.targets for name, part in self.breakdown.dimensions.items()}
        return basis_of(self.breakdown.plan, self.history, targets)

    @cached_property
    def past(self) -> History | None:
        """Past sales, read if nobody has read them yet; None without any."""
        return self.history if self.history is not None else self.load_past()

    def yuan(self, steps: Any) -> Floats:
        """Return steps as yuan: through whole micro-yuan, so that 83.3 is the float nearest to 83.3."""
        return np.asarray(np.asarray(steps) * np.float64(self.breakdown.plan.step_micros) / MICROS)

    def attainment(self, actuals: Floats, targets: Floats) -> Floats:
        """Return months' actuals (the last axis) ÷ their targets as far as they are due; blank if nothing is due."""
        due = targets * self.elapsed(self.breakdown.plan.clock, self.months)
        return np.asarray(np.divide(actuals, due, out=np.full(actuals.shape, NAN), where=due > 0))

    def by_now(self, micros: Steps) -> Floats:
        """Return micro-yuan by months (the last axis) as yuan; months that have not begun are blank, not zero."""
        yuan: Floats = micros / MICROS
        if self.achieved is not None:
            yuan[..., [m.start > self.achieved.as_of for m in self.months]] = NAN
        return yuan


class Members(Struct, frozen=True, dict=True):
    """The figures of one dimension; members in tree pre-order."""

    figures: Figures
    number: int
    name: str

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @property
    def part(self) -> DimensionBreakdown:
        """Its targets in steps."""
        return self.figures.breakdown.dimensions[self.name]

    @property
    def dimension(self) -> Dimension:
        """Its members."""
        return self.part.dimension

    @cached_property
    def matcher(self) -> Matcher:
        """The names by which its members go."""
        return Matcher(self.dimension)

    @cached_property
    def micros(self) -> Steps | None:
        """Members × months of actuals in micro-yuan; None if the actuals do not name this dimension."""
        achieved = self.figures.achieved
        return achieved.members.get(self.name) if achieved else None

    @property
    def total(self) -> Line:
        """The whole plan's figures; the target alone if the actuals do not name this dimension."""
        total = self.figures.total
        return total if self.micros is not None else _targets_only(np.array([total["target"]]))[0]

    @cached_property
    def targets(self) -> Floats:
        """Members × months, in yuan."""
        return self.figures.yuan(self.part.months)

    @cached_property
    def actuals(self) -> Floats:
        """Members × months, in yuan; blank if nothing is known yet."""
        if self.micros is None:
            return np.full(self.targets.shape, NAN)
        return self.figures.by_now(self.micros)

    @cached_property
    def total_actuals(self) -> Floats:
        """The whole plan's months, in yuan; blank if nothing is known yet."""
        if self.micros is None:
            return np.full(len(self.figures.months), NAN)
        return self.figures.by_now(self.figures.company_actuals)

    @cached_property
    def attainments(self) -> Floats:
        """Members × months: actual ÷ target; of the month under way, ÷ its target to date. Blank without either."""
        return self.figures.attainment(self.actuals, self.targets)

    @cached_property
    def total_attainments(self) -> Floats:
        """The whole plan's months, likewise."""
        return self.figures.attainment(self.total_actuals, self.figures.yuan(self.figures.breakdown.months))

    @cached_property
    def lines(self) -> Sequence[Line]:
        """The figures of each member."""
        figures, target = self.figures, self.figures.yuan(self.part.targets)
        achieved, breakdown = figures.achieved, figures.breakdown
        if achieved is None or self.micros is None:
            return _targets_only(target)
        if (clock := breakdown.plan.clock) is Clock.TARGET_CURVE:
            curve = np.nan_to_num(figures.elapsed(clock, figures.months))
            due = self.targets @ curve + self._due_of_cut_months(curve)
            with np.errstate(divide="ignore", invalid="ignore"):
                time_progress = np.where(target > 0, due / target, NAN)
        else:
            time_progress = np.repeat(figures.elapsed(clock, [figures.whole]), len(target))
            for i, own in own_spans(self.dimension, breakdown.timeline).items():
                time_progress[i] = figures.elapsed(clock, [own])[0]
        return figures.progress(target, self.micros.sum(axis=1) / MICROS, time_progress, self.days_left).rows()

    @cached_property
    def days_left(self) -> Steps:
        """The selling days after the as-of date on which each member is open; all of them without actuals."""
        timeline, days = self.figures.breakdown.timeline, self.figures.breakdown.days
        as_of = self.figures.achieved.as_of if self.figures.achieved else timeline.start - dt.timedelta(1)
        left = np.repeat(remaining_days(timeline, days, as_of, [self.figures.whole]), len(self.dimension.members))
        for i, own in own_spans(self.dimension, timeline).items():
            left[i] = remaining_days(timeline, days, as_of, [own])[0]
        return left

    @cached_property
    def ranking(self) -> Sequence[Standing]:
        """The members of the lowest level."""
        return standings(self.dimension, self.lines, self.dimension.leaves)

    @cached_property
    def top_ranking(self) -> Sequence[Standing]:
        """The members of the first level."""
        return standings(self.dimension, self.lines, self.dimension.children(-1))

    def _due_of_cut_months(self, curve: Floats) -> Floats:
        """What is due of months in which a member opens or closes, less what would be due of whole months."""
        more = np.zeros(len(self.targets))
        for i, cut in self._cut_months(curve):
            for amount in cut.values():
                more[i] += amount
            if self.dimension.parents[i] >= 0:
                more[self.dimension.parents[i]] += more[i]
        return more

    def _cut_months(self, curve: Floats) -> Iterator[tuple[int, dict[int, float]]]:
        """Yield members from the last to the first, each with what is due more in months in which it opens or closes.

        Such months, by position, are those of the lowest members.
        """
        timeline, months = self.figures.breakdown.timeline, self.figures.months
        for i, (first, end) in reversed(list(enumerate(open_spans(self.dimension, timeline)))):
            cut: dict[int, float] = {}
            for m, month in enumerate(months if self.dimension.is_leaf(i) and end - first < timeline.n_days else ()):
                inside = timeline.slice_of(month)
                begin, stop = max(first, inside.start), min(end, inside.stop)
                if begin < stop and stop - begin < inside.stop - inside.start:
                    own = np.nan_to_num(self.figures.elapsed(Clock.TARGET_CURVE, [self._days(begin, stop)]))
                    cut[m] = float(self.targets[i, m] * (own[0] - curve[m]))
            yield i, cut

    @cached_property
    def targets_to_date(self) -> Floats:
        """Members × months: the target to the as-of date, in yuan; blank if nothing is known of the dimension yet."""
        if self.micros is None:
            return np.full(self.targets.shape, NAN)
        clock = self.figures.breakdown.plan.clock
        shares = np.nan_to_num(self.figures.elapsed(clock, self.figures.months))
        due = self.targets * shares
        for i, cut in self._cut_months(shares) if clock is Clock.TARGET_CURVE else ():
            while i >= 0:
                for m, amount in cut.items():
                    due[i, m] += amount
                i = self.dimension.parents[i]
        return due

    def _days(self, first: int, end: int) -> Period:
        start = self.figures.breakdown.timeline.start
        return Period("", Level.MONTH, start + dt.timedelta(first), start + dt.timedelta(end - 1))

    def sales(self, first: dt.date, last: dt.date) -> Floats | None:
        """Return each member's sales from `first` to `last` in yuan, parents summed; None if nothing is known.

        Of months of the plan within these days the actuals count, of days before the plan the past sales.
        """
        figures, start = self.figures, self.figures.breakdown.timeline.start
        amounts: list[Steps] = []
        inside = [i for i, month in enumerate(figures.months) if first <= month.start and month.end <= last]
        if inside and self.micros is not None:
            amounts.append(self.micros[:, inside].sum(axis=1))
        if first < start and figures.past is not None and self.name in figures.past.codes:
            days, codes = figures.past.days, figures.past.codes[self.name]
            until = np.datetime64(min(last, start - dt.timedelta(1)))
            rows = (days >= np.datetime64(first)) & (days <= until) & (codes >= 0)
            if rows.any():
                leaves = np.zeros((len(self.dimension.members), 1), dtype=np.int64)
                np.add.at(leaves[:, 0], codes[rows].astype(np.intp), figures.past.micros[rows])
                amounts.append(roll_up(self.dimension, leaves)[:, 0])
        return np.sum(amounts, axis=0) / MICROS if amounts else None

    # --- how its levels differ from the plan ---------------------------------

    @cached_property
    def of_nobody(self) -> Steps | None:
        """Actuals of each month that name no member, in micro-yuan; None if none name this dimension."""
        if self.micros is None:
            return None
        return np.asarray(self.figures.company_actuals - self.micros[self.dimension.children(-1)].sum(axis=0))

    @property
    def actual_of_nobody(self) -> float:
        """The actuals that name no member, in yuan; 0 when every row names one."""
        return 0.0 if self.of_nobody is None else int(self.of_nobody.sum()) / MICROS

    @property
    def levels(self) -> range:
        """The levels from 1; a member that ends above a level counts for it."""
        return range(1, self.dimension.depth + 1)

    def counted(self, level: int) -> list[int]:
        """Return the members that a level adds up."""
        depths = self.dimension.depths
        return [i for i, d in enumerate(depths) if d == level or (d < level and self.dimension.is_leaf(i))]

    def apart(self, level: int) -> tuple[Steps, Steps]:
        """Return a level's stretch and what nobody takes, in steps: the whole first, then the months.

        Σ members + nobody's = the plan + the stretch, in all and in every month.
        """
        stretch, unassigned = int(self.part.stretch[:level].sum()), int(self.part.unassigned[:level].sum())
        company = self.figures.breakdown.months
        above = self.part.months[self.counted(level)].sum(axis=0) - company
        if not unassigned:
            nobodys = np.zeros_like(above)
        elif not stretch:
            nobodys = -above
        else:
            nobodys = allocate(unassigned, company)
        stretched = above + nobodys if stretch else np.zeros_like(above)
        return np.array([stretch, *stretched]), np.array([unassigned, *nobodys])


def _targets_only(targets: Floats) -> Sequence[Line]:
    blank = np.full(len(targets), NAN)
    return progress(targets, blank, time_progress=blank, remaining_days=blank).rows()


def _sums(values: Steps, slices: Sequence[slice]) -> NDArray[np.int64]:
    running = np.concatenate([[0], np.cumsum(values)])
    return np.array([running[s.stop] - running[s.start] for s in slices], dtype=np.int64)
