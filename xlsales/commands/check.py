"""检查: what split and refresh would do, and what is wrong; nothing is written."""

from __future__ import annotations

import datetime as dt

from xlsales.commands.actuals import sum_actuals
from xlsales.commands.changing import past_problem
from xlsales.commands.job import Run, open_job
from xlsales.commands.outcome import Outcome
from xlsales.commands.settling import findings, settle
from xlsales.commands.targets import split_total
from xlsales.commands.writing import write


def check(run: Run, as_of: dt.date | None = None) -> Outcome:
    """Split and sum up as the verbs that write do, but only report."""
    job = open_job(run, writes=False)
    breakdown = split_total(job)
    achieved = sum_actuals(job, breakdown, as_of, required=False)
    breakdown, changes = settle(job, breakdown, achieved)
    problem = past_problem(job, changes)
    job.problems += findings(job, breakdown)
    job.problems += [problem] if problem else []
    return write(job, "check", breakdown, achieved, changes, saves=False, offers=problem is None)
