"""Table 按周 and what its rows ask for: the company or the members of a dimension by week, over a period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.arrays import Floats, Steps
from xlsales.core.faults import Fault
from xlsales.core.member_days import days_of_leaves, days_of_months
from xlsales.core.opening import leaf_spans
from xlsales.core.period_text import parse_period
from xlsales.core.periods import Level, Period
from xlsales.core.plan import MICROS
from xlsales.core.progress import elapsed, lamp
from xlsales.layout.sheet import Frame
from xlsales.plan.achieved import roll_up
from xlsales.plan.figures import NAN, Figures, Members
from xlsales.plan.table_rows import AtColumn, asked_for, dimension_named
from xlsales.plan.unknown_names import NoSuchDimension, is_company
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn
from xlsales.vocabulary.words import with_name

COMPANY = Word("公司", "Company")
_OF_PERIOD = Word("{name} {period}", "{name} {period}")
_OF_HINT = Word("公司,或维度,如 人员;空 = 公司", "Company, or a dimension, e.g. Person; blank = Company")
_PERIOD_HINT = Word("如 2026Q4、2026-11;空 = 整个计划", "e.g. 2026Q4, 2026-11; blank = the whole plan")
T_BY_WEEK = InputTable(
    "xs_by_week",
    "by_week",
    Word("按周", "By week"),
    (
        TableColumn("of", Word("公司或维度", "Company or dimension"), "text", _OF_HINT, width=22),
        TableColumn("period", Word("期间", "Period"), "period", _PERIOD_HINT, width=16),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=30),
    ),
)


class WeeksTwice(Fault):
    """What another row has."""

    zh = "“{name}”在第 {other} 行已经有了。请删去一行,或换一个期间。"
    en = '"{name}" is in row {other} already. Delete one of them, or enter another period.'


class Weeks(Struct, frozen=True, dict=True):
    """The company (`members` is None) or a dimension by week, over a period of the plan; `number` counts from 1."""

    figures: Figures
    members: Members | None
    period: Period
    number: int

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @property
    def name(self) -> str:
        """What it is of, and the period if it is not the whole plan."""
        name = self.members.name if self.members is not None else self.frame.word(COMPANY)
        return with_name(_OF_PERIOD, name, self.frame.lang, period=self.period.key) if self.period.key else name

    @cached_property
    def weeks(self) -> tuple[Period, ...]:
        """The weeks, cut to the period."""
        first, last = self.period.start, self.period.end
        return tuple(
            replace(week, start=max(week.start, first), end=min(week.end, last))
            for week in self.figures.breakdown.timeline.periods(Level.WEEK)
            if week.start <= last and first <= week.end
        )

    @property
    def of_months(self) -> bool:
        """Whether all actuals are dated at the ends of months, as those of a monthly table are."""
        achieved, line = self.figures.achieved, self.figures.breakdown.timeline
        if achieved is None or not achieved.days.any():
            return False
        ends = {line.slice_of(month).stop - 1 for month in self.figures.months}
        sold = np.flatnonzero(achieved.days).tolist()
        return len(sold) > 1 and ends.issuperset(sold)

    def by_week(self, days: Steps) -> Steps:
        """Sum days of the plan (the last axis) into the weeks."""
        slices = [self.figures.breakdown.timeline.slice_of(week) for week in self.weeks]
        return np.stack([days[..., one].sum(axis=-1) for one in slices], axis=-1)

    def yuan(self, steps: Steps) -> Floats:
        """Return day steps as yuan."""
        return np.asarray(steps * np.float64(self.figures.breakdown.day_micros) / MICROS)

    @cached_property
    def company(self) -> Steps:
        """The company's weeks in day steps."""
        return self.by_week(self.figures.breakdown.days)

    @cached_property
    def targets(self) -> Steps:
        """Members × weeks in day steps; a member above others is their sum, unless its own target is another one."""
        members, breakdown = self._members, self.figures.breakdown
        dimension, months = members.dimension, members.part.months
        weeks = np.zeros((len(dimension.members), len(self.weeks)), dtype=np.int64)
        weeks[dimension.leaves] = self.by_week(self._leaves())
        for i in range(len(dimension.members) - 1, -1, -1):
            below = dimension.children(i)
            if below and (months[below].sum(axis=0) == months[i]).all():
                weeks[i] = weeks[below].sum(axis=0)
            elif below:
                weeks[i] = self.by_week(days_of_months(months[i : i + 1], breakdown))[0]
        return weeks

    def _leaves(self) -> Steps:
        """The days of the lowest members; locks that were typed after the split and do not fit it are left out."""
        breakdown, dimension = self.figures.breakdown, self._members.dimension
        try:
            return days_of_leaves(breakdown, dimension)
        except Fault:
            months = self._members.part.months[dimension.leaves]
            return days_of_months(months, breakdown, leaf_spans(dimension, breakdown.timeline))

    @cached_property
    def actuals(self) -> Steps | None:
        """Members × weeks in micro-yuan; None if the actuals do not name the dimension."""
        members, achieved, line = self._members, self.figures.achieved, self.figures.breakdown.timeline
        if achieved is None or achieved.records is None or members.micros is None:
            return None
        week_of_day = np.full(line.n_days, -1, dtype=np.int64)
        for number, week in enumerate(self.weeks):
            week_of_day[line.slice_of(week)] = number
        return roll_up(members.dimension, achieved.sums(members.dimension, line.start, week_of_day, len(self.weeks)))

    @cached_property
    def company_actuals(self) -> Floats:
        """The company's weeks in yuan; blank if they have not begun."""
        achieved = self.figures.achieved
        if achieved is None:
            return np.full(len(self.weeks), NAN)
        return self.by_now(self.by_week(achieved.days))

    def by_now(self, micros: Steps) -> Floats:
        """Return micro-yuan by weeks (the last axis) as yuan; weeks that have not begun are blank."""
        achieved, yuan = self.figures.achieved, micros / MICROS
        yuan[..., [achieved is None or week.start > achieved.as_of for week in self.weeks]] = NAN
        return np.asarray(yuan)

    @property
    def has_lamps(self) -> bool:
        """Whether members have lamps by week: they have actuals, by day, of a week that has begun."""
        return self.actuals is not None and not self.of_months and not np.isnan(self.company_actuals).all()

    def lamps(self, targets: Floats, actuals: Floats) -> list[str]:
        """Return the lamp of each week, by what is due of it on the plan's clock; empty if nothing is."""
        figures, breakdown = self.figures, self.figures.breakdown
        plan, line = breakdown.plan, breakdown.timeline
        assert figures.achieved is not None  # without it there are none
        days = breakdown.days.astype(np.float64)
        due = elapsed(plan.clock, line, figures.calendar, days, figures.achieved.as_of, self.weeks)
        return [str(one) for one in lamp(actuals, targets * due, plan.lamps).tolist()]

    @property
    def _members(self) -> Members:
        assert self.members is not None  # asked for in sheets of dimensions alone
        return self.members


def weeks_asked_for(figures: Figures) -> Iterator[Weeks]:
    """Yield what each row of the table asks for; see `asked_for`."""
    rows = figures.table_rows.get(T_BY_WEEK.name, ())
    return asked_for(
        rows,
        "of",
        lambda row, number: Weeks(figures, _members(row, figures), _period(row, figures), number),
        WeeksTwice,
    )


def _members(row: Mapping[str, Any], figures: Figures) -> Members | None:
    name = row["of"]
    members = dimension_named(name, figures)
    if members is None and name is not None and not is_company(name):
        names = (figures.frame.word(COMPANY), *(one.name for one in figures.dimensions))
        raise AtColumn("of", NoSuchDimension(found=name, names=figures.frame.listed(names)))
    return members


def _period(row: Mapping[str, Any], figures: Figures) -> Period:
    """The period of a row, without a key if it is the whole plan."""
    whole = figures.whole
    if row["period"] is None:
        return whole
    try:
        period = parse_period(row["period"], figures.breakdown.timeline)
    except Fault as fault:
        raise AtColumn("period", fault) from None
    return whole if (period.start, period.end) == (whole.start, whole.end) else period
