"""What a hand-out and a collection share of tables whose rows are handed out: the rows of each member."""

from __future__ import annotations

from xlsales.commands.finish import frame_of
from xlsales.commands.job import Job
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Problem
from xlsales.core.plan import Dimension
from xlsales.plan.added import typed_rows
from xlsales.plan.figures import Figures
from xlsales.plan.handed.rows import HandedRows, within_limits
from xlsales.plan.handed.tables import HANDED


def handed_rows(job: Job, breakdown: Breakdown, units: Dimension, problems: list[Problem]) -> HandedRows:
    """Return the rows of each table that the plan has, of each lowest member of a dimension.

    `problems` get what stands in the way of rows.
    """
    tables = [one for one in HANDED if job.book.table(one.table.name) is not None]
    if not tables:
        return {}
    inputs = job.inputs
    names = [table.name for one in tables for table in (one.table, *one.also)]
    rows, faults = typed_rows(job.book, inputs.lang, inputs.money_unit, names)
    problems += [problem.as_note() for problem in faults]
    figures = Figures(frame_of(job), breakdown, job.calendar, table_rows=rows, written=job.sheets)
    return {one.key: within_limits(one.rows(figures, units, problems), one, inputs.lang, problems) for one in tables}
