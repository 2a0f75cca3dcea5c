"""A pasted notice of the State Council before a split: its days are entered into 日历, and the plan goes by them."""

from __future__ import annotations

from xlsales.book.protection import refuse_protected
from xlsales.commands.job import Job, Provisional
from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Problem
from xlsales.plan.added import typed_rows

_TABLE = "xs_notice"


def announce(job: Job) -> None:
    """Let the plan go by the notice in table 放假通知, if there is one that can be trusted. Raises Refused.

    One that cannot is told by the sheet that shows it, and the plan stays as it is.
    """
    if job.book.table(_TABLE) is None:
        return
    from xlsales.plan.notices import entered, is_entered, pasted  # hardly any plan has a notice

    rows, _ = typed_rows(job.book, job.inputs.lang, job.inputs.money_unit, only=(_TABLE,))
    notice = pasted(rows.get(_TABLE, ()), job.inputs.plan)
    if notice is None or isinstance(notice, Problem) or is_entered(job.inputs.plan, notice):
        return
    job.inputs, job.announced, remarks = entered(job.book, job.inputs, notice)
    job.problems += remarks
    refuse_protected(job.book, job.announced)
    job.calendar = work_calendar(job.timeline.days, job.inputs.plan.day_rules)
    if not job.calendar.unannounced:
        job.problems = [problem for problem in job.problems if not isinstance(problem.fault, Provisional)]
