"""A plan's targets, progress, accepted actuals and problems as columns, for programs. Nothing is written.

They are what a refresh would show: targets as they are in the sheets, actuals as they are read now. Amounts are in the
plan's currency in full, or in pieces: each is the float nearest to the exact decimal. NaN, None and NaT are blank.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.commands.actuals import sum_actuals
from xlsales.commands.finish import frame_of
from xlsales.commands.job import Job, Run, open_job
from xlsales.commands.targets import written_targets
from xlsales.commands.writing import laid_out, run_figures
from xlsales.core.arrays import Floats, Steps
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Problem
from xlsales.core.periods import Level, Period
from xlsales.core.plan import MICROS
from xlsales.core.progress import progress
from xlsales.plan.achieved import Achieved
from xlsales.plan.figures import Figures, Line, Members
from xlsales.vocabulary.contract import PROGRESS_COLUMNS

Columns = Mapping[str, NDArray[Any]]
"""Columns of equal length by their names; texts are objects, None if blank."""


class Things(Struct, frozen=True):
    """What has targets: the company, members, and what no member takes or what members carry above the plan."""

    kind: Sequence[str]
    dimension: Sequence[str | None]
    member: Sequence[str | None]
    parent: Sequence[str | None]
    level: Sequence[int]
    leaf: Sequence[bool]

    def columns(self, times: int) -> dict[str, NDArray[Any]]:
        """Return them as columns, each so many times in a row."""
        texts = {name: _texts(getattr(self, name)) for name in ("kind", "dimension", "member", "parent")}
        others = {"level": np.array(self.level, np.int64), "leaf": np.array(self.leaf, np.bool_)}
        return {name: np.repeat(column, times) for name, column in (texts | others).items()}


COMPANY = Things(("company",), (None,), (None,), (None,), (0,), (False,))


class PlanColumns(Struct, frozen=True, dict=True):
    """A plan that was read; its actuals are read when something asks for them."""

    job: Job
    breakdown: Breakdown
    until: dt.date | None

    @classmethod
    def of(cls, run: Run, as_of: dt.date | None = None) -> PlanColumns:
        """Open a plan that was split; `as_of` as a refresh takes it. Raises NotSplitYet, Refused, or another Fault."""
        job = open_job(run, writes=False, actuals=False)
        return cls(job, written_targets(job), as_of)

    @cached_property
    def achieved(self) -> Achieved | None:
        """The actuals; None if there are none."""
        return sum_actuals(self.job, self.breakdown, self.until, required=False)

    @cached_property
    def figures(self) -> Figures:
        """The figures of targets and actuals."""
        return run_figures(self.job, self.breakdown, self.achieved)

    def targets(self) -> Columns:
        """Return a row for each thing and month: what it is, the month's first and last day, its target."""
        figures = Figures(frame_of(self.job), self.breakdown, self.job.calendar)  # actuals need not be read
        things = [(COMPANY, self.breakdown.months)]
        for members in figures.dimensions:
            things.append((_members(members), members.part.months))
            things += [(_apart(kind, members, level), steps[1:]) for kind, level, steps in _aparts(members)]
        return _joined({**_at(thing, figures.months), "target": figures.yuan(steps).ravel()} for thing, steps in things)

    def progress(self) -> Columns:
        """Return the progress of the company in each period, and of the others in the whole plan and each month.

        Of the others, a month has a target, an actual, the attainment of the whole month, and the gap.
        """
        figures = self.figures
        whole, months = [figures.whole], figures.months
        periods = [period for level in Level for period in self.breakdown.timeline.periods(level)]
        grains = ["plan", *(period.level.value for period in periods)]
        company = _by_name(figures.of_periods([*whole, *periods]))
        if figures.achieved is not None:  # as in the sheets, a period that has not begun has no share that has gone by
            to_come = np.array([False, *(period.start > figures.achieved.as_of for period in periods)])
            company |= {key: np.where(to_come, np.nan, company[key]) for key in ("time_progress", "target_to_date")}
        blocks = [_block(COMPANY, [*whole, *periods], grains, company)]
        for members in figures.dimensions:
            thing = _members(members)
            blocks.append(_block(thing, whole, ["plan"], _by_name(members.lines)))
            blocks.append(_block(thing, months, _MONTH * len(months), _alone(members.targets, members.actuals)))
            for kind, level, steps in _aparts(members):
                targets, actuals = figures.yuan(steps), np.full(len(steps), np.nan)
                if kind == "unassigned" and members.of_nobody is not None:
                    actuals = np.array([members.actual_of_nobody, *figures.by_now(members.of_nobody)])
                thing = _apart(kind, members, level)
                blocks.append(_block(thing, whole, ["plan"], _alone(targets[:1], actuals[:1])))
                blocks.append(_block(thing, months, _MONTH * len(months), _alone(targets[1:], actuals[1:])))
        return _joined(blocks)

    def actuals(self) -> Columns:
        """Return a row for each accepted row: its date and amount, and its lowest member of each dimension."""
        records = self.job.records if self.achieved is not None else None
        day = np.array([], "datetime64[D]") if records is None else records.day
        micros = np.array([], np.int64) if records is None else records.micros
        columns: dict[str, NDArray[Any]] = {"date": day, "amount": micros / MICROS}
        for dimension in self.job.inputs.plan.dimensions:
            names = _texts([*(member.name for member in dimension.members), None])
            codes = None if records is None else records.codes.get(dimension.name)
            name = f"{dimension.name} (dimension)" if dimension.name in columns else dimension.name
            columns[name] = names[np.full(len(day), -1) if codes is None else np.maximum(codes, -1)]
        return columns

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What a refresh would report, except what it says of writing."""
        figures = self.figures
        for _ in laid_out(self.job, figures):  # what is wrong in sheets that a person added
            pass
        return tuple(self.job.problems)

    def problem_columns(self) -> Columns:
        """Return a row for each problem: what became of the rows, the place, the sentence, the amount, how many."""
        every, lang = self.problems, self.job.inputs.lang
        amounts = [np.nan if one.amount_micros is None else one.amount_micros / MICROS for one in every]
        return {
            "effect": _texts([_effect(one) for one in every]),
            "sheet": _texts([one.place.sheet for one in every]),
            "row": np.array([one.place.row or np.nan for one in every], np.float64),
            "column": np.array([one.place.column or np.nan for one in every], np.float64),
            "value": _texts([one.value or None for one in every]),
            "sentence": _texts([one.fault.say(lang) for one in every]),
            "fault": _texts([type(one.fault).__name__ for one in every]),
            "amount": np.array(amounts, np.float64),
            "rows": np.array([one.count for one in every], np.float64),
        }


_MONTH = ["month"]


def _members(members: Members) -> Things:
    """The members of a dimension, in the order of the sheets."""
    dimension = members.dimension
    names = [member.name for member in dimension.members]
    return Things(
        kind=["member"] * len(names),
        dimension=[dimension.name] * len(names),
        member=names,
        parent=[names[above] if above >= 0 else None for above in dimension.parents],
        level=dimension.depths,
        leaf=[dimension.is_leaf(i) for i in range(len(names))],
    )


def _apart(kind: str, members: Members, level: int) -> Things:
    """What a level of a dimension has apart from its members."""
    return Things((kind,), (members.name,), (None,), (None,), (level,), (False,))


def _aparts(members: Members) -> Iterator[tuple[str, int, Steps]]:
    """Yield kind, level and steps (the whole first, then the months) of all that levels have apart from members.

    Members that a level adds up + unassigned - stretch = the company, in targets and in actuals.
    """
    unnamed = members.of_nobody is not None and bool(members.of_nobody.any())
    for level in members.levels:
        stretch, unassigned = members.apart(level)
        if stretch[0]:
            yield "stretch", level, stretch
        if unassigned[0] or unnamed:
            yield "unassigned", level, unassigned


def _at(thing: Things, periods: Sequence[Period]) -> dict[str, NDArray[Any]]:
    """The columns that say what a row is of: each of the things in each of the periods."""
    bounds = {"period": [one.start for one in periods], "period_end": [one.end for one in periods]}
    days = {name: np.tile(np.array(each, "datetime64[D]"), len(thing.kind)) for name, each in bounds.items()}
    return thing.columns(len(periods)) | days


def _block(
    thing: Things, periods: Sequence[Period], grains: Sequence[str], figures: Mapping[str, NDArray[Any]]
) -> Columns:
    """Rows of progress: each of the things in each of the periods."""
    grain = {"grain": np.tile(_texts(grains), len(thing.kind))}
    status = np.array([text or None for text in figures["status"].tolist()], object)
    return {**_at(thing, periods), **grain, **{key: figures[key] for key in PROGRESS_COLUMNS}, "status": status}


def _by_name(lines: Sequence[Line]) -> dict[str, NDArray[Any]]:
    """The figures of lines as columns."""
    return {key: np.array([line[key] for line in lines]) for key in PROGRESS_COLUMNS}


def _alone(targets: Floats, actuals: Floats) -> dict[str, NDArray[Any]]:
    """The progress of months, of which no day is known: blank but for attainment and gap."""
    blank = np.full(targets.size, np.nan)
    rows = progress(targets.ravel(), actuals.ravel(), time_progress=blank, remaining_days=blank)
    return {key: getattr(rows, key) for key in PROGRESS_COLUMNS}


def _joined(blocks: Iterable[Columns]) -> Columns:
    """One block below the other."""
    every = list(blocks)
    return {name: np.concatenate([block[name] for block in every]) for name in every[0]}


def _texts(texts: Sequence[str | None]) -> NDArray[Any]:
    return np.array([*texts], object)


def _effect(problem: Problem) -> str:
    """What became of the rows of a problem."""
    if problem.totals:
        return "totals"
    if problem.set_aside:
        return "set_aside"
    return "remark" if problem.fault.remark else "warning"
