"""What a hand-out and a collection share of 周跟踪: the rows of each member."""

from __future__ import annotations

from xlsales.commands.finish import frame_of
from xlsales.commands.job import Job
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Problem
from xlsales.core.plan import Dimension
from xlsales.plan.added import typed_rows
from xlsales.plan.figures import Figures
from xlsales.plan.handed_weeks import handed_weeks
from xlsales.plan.indicators.tables import T_INDICATORS
from xlsales.plan.weeks.tables import T_WEEKS, HandedWeeks


def weeks_by_member(
    job: Job, breakdown: Breakdown, units: Dimension, problems: list[Problem]
) -> dict[str, tuple[HandedWeeks, ...]]:
    """Return the rows of 周跟踪 of each lowest member of a dimension; none without that table.

    `problems` get what stands in the way of rows.
    """
    if job.book.table(T_WEEKS.name) is None:
        return {}
    inputs = job.inputs
    rows, faults = typed_rows(job.book, inputs.lang, inputs.money_unit, (T_WEEKS.name, T_INDICATORS.name))
    problems += [problem.as_note() for problem in faults]
    figures = Figures(frame_of(job), breakdown, job.calendar, table_rows=rows, written=job.sheets)
    return handed_weeks(figures, units, problems)
