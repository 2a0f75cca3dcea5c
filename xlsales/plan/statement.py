"""From targets and actuals to the values of every sheet: the figures that people read.

Targets come in steps, those of days in finer ones, actuals in micro-yuan; sheets show yuan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlsales.core.allocation import allocate
from xlsales.core.basis import basis_of
from xlsales.core.breakdown import Breakdown, DimensionBreakdown, Floats, Steps
from xlsales.core.calendars import WorkCalendar, yearly_working_days
from xlsales.core.faults import Lang, Problem, column_letters
from xlsales.core.opening import open_spans
from xlsales.core.periods import Level, Period, name_of
from xlsales.core.plan import MICROS, Clock, Dimension
from xlsales.core.progress import Progress, elapsed, progress, remaining_days
from xlsales.core.shapes import History
from xlsales.plan.shown import (
    NAN,
    BasisSheet,
    ClockReading,
    Conservation,
    DimensionLines,
    DimensionSheet,
    Effect,
    Figures,
    Frame,
    LevelSum,
    MemberLine,
    MemberRow,
    MonthHead,
    MonthLine,
    OverviewSheet,
    ProblemLine,
    ProblemsSheet,
    TimeRow,
    TimeSheet,
)


@dataclass(frozen=True)
class Achieved:
    """Actuals up to the as-of date, in micro-yuan: per day, and members × months per dimension (parents summed)."""

    as_of: dt.date
    days: Steps
    members: Mapping[str, Steps]
    conservation: Conservation


@dataclass(frozen=True)
class Statement:
    """Everything that the sheets are made of."""

    frame: Frame
    breakdown: Breakdown
    calendar: WorkCalendar
    achieved: Achieved | None = None

    # --- sheets -------------------------------------------------------------

    def time_sheet(self) -> TimeSheet:
        """Sheet 按时间."""
        timeline = self.breakdown.timeline
        nested = [period for _, period in timeline.tree()]
        weeks = () if Level.WEEK in timeline.nested_levels() else timeline.periods(Level.WEEK)
        rows = self._time_rows(nested)
        day_step = self.breakdown.day_micros / MICROS
        working = self._working_days(self._whole())
        return TimeSheet(self.frame, self.total(), rows, working, self._time_rows(weeks), day_step)

    def dimension_sheet(self, number: int, name: str) -> DimensionSheet:
        """Sheet 按<维度>."""
        part = self.breakdown.dimensions[name]
        timeline = self.breakdown.timeline
        months = timeline.periods(Level.MONTH)
        years = _years(timeline.periods(Level.YEAR), months, self.frame.lang)
        heads = tuple(
            MonthHead(m.key, name_of(m, self.frame.lang), year) for m, year in zip(months, years, strict=True)
        )
        actuals = self.achieved.members.get(name) if self.achieved else None
        figures = self._member_figures(part, actuals)
        targets = self._yuan(part.months)
        shown = self._shown_actuals(actuals, len(part.dimension.members))
        members = tuple(
            MemberRow(
                key=member.name,
                label=member.name,
                depth=depth,
                leaf=part.dimension.is_leaf(i),
                figures=figures[i],
                targets=tuple(targets[i].tolist()),
                actuals=tuple(shown[i].tolist()),
            )
            for i, (member, depth) in enumerate(zip(part.dimension.members, part.dimension.depths, strict=True))
        )
        company = self.breakdown.months
        whole = self._shown_actuals(None if actuals is None else self._company_actuals()[None, :], 1)
        return DimensionSheet(
            frame=self.frame,
            number=number,
            name=name,
            months=heads,
            total=self.total() if actuals is not None else Figures(target=self.total().target),
            total_targets=tuple(self._yuan(company).tolist()),
            members=members,
            levels=self._level_sums(part, company, self._of_no_member(name)),
            total_actuals=tuple(whole[0].tolist()),
        )

    def overview_sheet(self) -> OverviewSheet:
        """Sheet 进度总览."""
        return OverviewSheet(
            frame=self.frame,
            total=self.total(),
            clocks=self._clocks(),
            months=self._month_lines(),
            dimensions=tuple(self._top_members(part) for part in self.breakdown.dimensions.values()),
            conservation=self.achieved.conservation if self.achieved else None,
        )

    def basis_sheet(self, history: History) -> BasisSheet:
        """Sheet 目标依据, from past sales (at least one)."""
        plan = self.breakdown.plan
        targets = {name: part.targets for name, part in self.breakdown.dimensions.items()}
        return BasisSheet(self.frame, basis_of(plan, history, targets), plan.dimensions)

    def total(self) -> Figures:
        """The figures of the whole plan."""
        return self._period_figures([self._whole()])[0]

    # --- figures ------------------------------------------------------------

    def _whole(self) -> Period:
        timeline = self.breakdown.timeline
        return Period("", Level.YEAR, timeline.start, timeline.end)

    def _time_rows(self, periods: Iterable[Period]) -> tuple[TimeRow, ...]:
        periods = list(periods)
        unannounced = set(self.calendar.unannounced)
        return tuple(
            TimeRow(
                key=period.key,
                level=period.level.value,
                label=name_of(period, self.frame.lang),
                start=period.start,
                end=period.end,
                working_days=self._working_days(period),
                figures=figures,
                provisional=bool(unannounced & {period.start.year, period.end.year}),
            )
            for period, figures in zip(periods, self._period_figures(periods), strict=True)
        )

    def _working_days(self, period: Period) -> float:
        """Working days; of a whole year that is not announced, the number that the law makes known."""
        timeline, working = self.breakdown.timeline, self.calendar.working
        days = int(working[timeline.slice_of(period)].sum())
        for year in self.calendar.unannounced:
            first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
            if period.start <= first and last <= period.end:
                known, _ = yearly_working_days(year, self.breakdown.plan.day_rules)
                days += known - int(working[timeline.slice_of(Period("", Level.YEAR, first, last))].sum())
        return float(days)

    def _period_figures(self, periods: Sequence[Period]) -> list[Figures]:
        if not periods:
            return []
        timeline, days = self.breakdown.timeline, self.breakdown.days
        slices = [timeline.slice_of(p) for p in periods]
        target = _sums(days, slices) * np.float64(self.breakdown.day_micros) / MICROS
        if self.achieved is None:
            return [Figures(target=t) for t in target.tolist()]
        as_of = self.achieved.as_of
        actual = _sums(self.achieved.days, slices) / MICROS
        actual[np.array([p.start > as_of for p in periods])] = NAN
        return _figures(
            progress(
                target,
                actual,
                time_progress=self._elapsed(self.breakdown.plan.clock, periods),
                remaining_days=remaining_days(timeline, days, as_of, periods),
                lamps=self.breakdown.plan.lamps,
            )
        )

    def _elapsed(self, clock: Clock, periods: Sequence[Period]) -> Floats:
        if self.achieved is None:
            return np.full(len(periods), NAN)
        return elapsed(
            clock,
            self.breakdown.timeline,
            self.calendar,
            self.breakdown.days.astype(np.float64),
            self.achieved.as_of,
            periods,
        )

    def _member_figures(self, part: DimensionBreakdown, actuals: Steps | None) -> list[Figures]:
        target = self._yuan(part.targets)
        if self.achieved is None or actuals is None:
            return [Figures(target=t) for t in target.tolist()]
        timeline, plan = self.breakdown.timeline, self.breakdown.plan
        if plan.clock is Clock.TARGET_CURVE:
            month_curve = np.nan_to_num(self._elapsed(plan.clock, timeline.periods(Level.MONTH)))
            due = self._yuan(part.months) @ month_curve + self._due_of_cut_months(part, month_curve)
            with np.errstate(divide="ignore", invalid="ignore"):
                time_progress = np.where(target > 0, due / target, NAN)
        else:
            time_progress = np.repeat(self._elapsed(plan.clock, [self._whole()]), len(target))
        left = np.repeat(
            remaining_days(timeline, self.breakdown.days, self.achieved.as_of, [self._whole()]), len(target)
        )
        self._of_open_spans(part, time_progress, left)
        return _figures(
            progress(
                target,
                actuals.sum(axis=1) / MICROS,
                time_progress=time_progress,
                remaining_days=left,
                lamps=plan.lamps,
            )
        )

    def _of_open_spans(self, part: DimensionBreakdown, time_progress: Floats, left: NDArray[Any]) -> None:
        """Let members that open or close within the plan follow the clock of the days on which they are open."""
        timeline, achieved = self.breakdown.timeline, self.achieved
        for i, (first, end) in enumerate(open_spans(part.dimension, timeline)):
            if achieved is None or first >= end or end - first == timeline.n_days:
                continue
            own = [self._days_from(first, end)]
            left[i] = remaining_days(timeline, self.breakdown.days, achieved.as_of, own)[0]
            if self.breakdown.plan.clock is not Clock.TARGET_CURVE:
                time_progress[i] = self._elapsed(self.breakdown.plan.clock, own)[0]

    def _due_of_cut_months(self, part: DimensionBreakdown, month_curve: Floats) -> Floats:
        """What is due of months in which a member opens or closes, less what would be were it open all month."""
        timeline, dimension, yuan = self.breakdown.timeline, part.dimension, self._yuan(part.months)
        more, months = np.zeros(len(yuan)), timeline.periods(Level.MONTH)
        for i, (first, end) in reversed(list(enumerate(open_spans(dimension, timeline)))):
            for m, month in enumerate(months if dimension.is_leaf(i) and end - first < timeline.n_days else ()):
                at = timeline.slice_of(month)
                begin, stop = max(first, at.start), min(end, at.stop)
                if begin < stop and stop - begin < at.stop - at.start:
                    own = np.nan_to_num(self._elapsed(Clock.TARGET_CURVE, [self._days_from(begin, stop)]))
                    more[i] += yuan[i, m] * (own[0] - month_curve[m])
            if dimension.parents[i] >= 0:
                more[dimension.parents[i]] += more[i]
        return more

    def _days_from(self, first: int, end: int) -> Period:
        start = self.breakdown.timeline.start
        return Period("", Level.MONTH, start + dt.timedelta(first), start + dt.timedelta(end - 1))

    def _clocks(self) -> tuple[ClockReading, ...]:
        if self.achieved is None:
            return ()
        total, lamps, readings = self.total(), self.breakdown.plan.lamps, []
        for clock in Clock:
            share = self._elapsed(clock, [self._whole()])
            by_clock = progress(
                np.array([total.target]),
                np.array([total.actual]),
                time_progress=share,
                remaining_days=np.array([1]),
                lamps=lamps,
            )
            reading = _figures(by_clock)[0]
            readings.append(ClockReading(clock.value, reading.time_progress, reading.pace, reading.status))
        return tuple(readings)

    def _month_lines(self) -> tuple[MonthLine, ...]:
        months = self.breakdown.timeline.periods(Level.MONTH)
        figures = self._period_figures(months)
        targets = np.cumsum([f.target for f in figures])
        actuals = np.cumsum([f.actual for f in figures])
        return tuple(
            MonthLine(
                key=month.key,
                label=name_of(month, self.frame.lang),
                target=f.target,
                actual=f.actual,
                attainment=f.attainment,
                cumulative_target=float(targets[i]),
                cumulative_actual=float(actuals[i]),
                cumulative_attainment=float(actuals[i] / targets[i]) if targets[i] else NAN,
                status=f.status,
            )
            for i, (month, f) in enumerate(zip(months, figures, strict=True))
        )

    def _top_members(self, part: DimensionBreakdown) -> DimensionLines:
        actuals = self.achieved.members.get(part.dimension.name) if self.achieved else None
        figures = self._member_figures(part, actuals)
        top = part.dimension.children(-1)
        apart = self._of_no_member(part.dimension.name)
        return DimensionLines(
            part.dimension.name,
            tuple(MemberLine(part.dimension.members[i].name, figures[i]) for i in top),
            int(apart.sum()) / MICROS if apart is not None and apart.any() else NAN,
        )

    def _company_actuals(self) -> Steps:
        """The actuals of the whole plan in each month, in micro-yuan."""
        assert self.achieved is not None
        timeline = self.breakdown.timeline
        return _sums(self.achieved.days, [timeline.slice_of(month) for month in timeline.periods(Level.MONTH)])

    def _of_no_member(self, name: str) -> Steps | None:
        """Actuals of each month that name no member of a dimension, in micro-yuan; None where it has no actuals."""
        actuals = self.achieved.members.get(name) if self.achieved else None
        if actuals is None:
            return None
        return self._company_actuals() - _roots(self.breakdown.dimensions[name].dimension, actuals)

    def unassigned_actual(self, name: str) -> float:
        """The actuals that name no member of a dimension, in yuan; zero where every row names one."""
        apart = self._of_no_member(name)
        return 0.0 if apart is None else int(apart.sum()) / MICROS

    def _level_sums(self, part: DimensionBreakdown, company: Steps, actual_apart: Steps | None) -> tuple[LevelSum, ...]:
        """How each level differs from the task; actuals of no member are of no member of any level."""
        dimension, levels = part.dimension, []
        shown = self._shown_actuals(None if actual_apart is None else actual_apart[None, :], 1)[0]
        actual = 0.0 if actual_apart is None else int(actual_apart.sum()) / MICROS
        for depth in range(1, dimension.depth + 1):
            counted = [i for i, d in enumerate(dimension.depths) if d == depth or (d < depth and dimension.is_leaf(i))]
            stretch, unassigned = int(part.stretch[:depth].sum()), int(part.unassigned[:depth].sum())
            apart = part.months[counted].sum(axis=0) - company
            if not unassigned:
                month_unassigned = np.zeros_like(apart)
            elif not stretch:
                month_unassigned = -apart
            else:
                month_unassigned = allocate(unassigned, company)
            month_stretch = apart + month_unassigned if stretch else np.zeros_like(apart)
            levels.append(
                LevelSum(
                    depth=depth,
                    stretch=float(self._yuan(stretch)),
                    unassigned=float(self._yuan(unassigned)),
                    unassigned_actual=actual,
                    month_stretch=tuple(self._yuan(month_stretch).tolist()),
                    month_unassigned=tuple(self._yuan(month_unassigned).tolist()),
                    month_unassigned_actual=tuple(shown.tolist()) if actual_apart is not None else (),
                )
            )
        return tuple(levels)

    def _shown_actuals(self, actuals: Steps | None, rows: int) -> Floats:
        """Actuals in yuan; months that have not begun are blank, not zero."""
        if actuals is None or self.achieved is None:
            return np.full((rows, len(self.breakdown.timeline.periods(Level.MONTH))), NAN)
        shown: Floats = actuals / MICROS
        months = self.breakdown.timeline.periods(Level.MONTH)
        shown[:, [m.start > self.achieved.as_of for m in months]] = NAN
        return shown

    def _yuan(self, steps: Any) -> Any:
        """Steps as yuan: through whole micro-yuan, so that 83.3 is the float nearest to 83.3."""
        return np.asarray(steps) * np.float64(self.breakdown.plan.step_micros) / MICROS


def roll_up(dimension: Dimension, leaves: Steps) -> Steps:
    """Add each member's amounts to its parents': members × anything, pre-order."""
    out = leaves.copy()
    for i in range(len(dimension.members) - 1, -1, -1):
        if dimension.parents[i] >= 0:
            out[dimension.parents[i]] += out[i]
    return out


def problems_sheet(frame: Frame, problems: Sequence[Problem], conservation: Conservation | None) -> ProblemsSheet:
    """Sheet 数据问题."""
    return ProblemsSheet(frame, tuple(_problem_line(p, frame.lang) for p in problems), conservation)


def _problem_line(problem: Problem, lang: Lang) -> ProblemLine:
    return ProblemLine(
        sheet=problem.place.sheet,
        value=problem.value,
        sentence=problem.fault.say(lang),
        row=problem.place.row,
        column=column_letters(problem.place.column),
        amount=NAN if problem.amount_micros is None else problem.amount_micros / MICROS,
        count=problem.count,
        effect=_effect(problem),
    )


def _effect(problem: Problem) -> Effect:
    if problem.totals:
        return "totals"
    if problem.set_aside:
        return "set_aside"
    return "remark" if problem.fault.remark else "warning"


def _figures(progress: Progress) -> list[Figures]:
    names = [field.name for field in fields(Figures) if field.name != "status"]
    rows = np.column_stack([getattr(progress, name) for name in names]).tolist()
    return [
        Figures(**dict(zip(names, row, strict=True)), status=str(status) or None)
        for row, status in zip(rows, progress.status, strict=True)
    ]


def _sums(values: Steps, slices: Sequence[slice]) -> NDArray[np.int64]:
    running = np.concatenate([[0], np.cumsum(values)])
    return np.array([running[s.stop] - running[s.start] for s in slices], dtype=np.int64)


def _roots(dimension: Dimension, actuals: Steps) -> Steps:
    summed: Steps = actuals[dimension.children(-1)].sum(axis=0)
    return summed


def _years(years: Sequence[Period], months: Sequence[Period], lang: Lang) -> list[str]:
    """The year each month is headed with."""
    return [next(name_of(y, lang) for y in years if y.start <= m.start <= y.end) for m in months]
