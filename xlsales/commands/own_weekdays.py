"""Members with a weekday index of their own: by their past sales, and where the others cannot make up for them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from xlsales.commands.job import Job
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault, Problem
from xlsales.core.member_days import days_of_leaves
from xlsales.core.own_indexes import with_own_indexes
from xlsales.core.periods import Level
from xlsales.core.shapes import History
from xlsales.plan.weekday_reference import T_WEEKDAY_REFERENCE


def follow_own_sales(job: Job, history: History | None) -> None:
    """Give the plan of a run the weekday indexes that members have by their past sales."""
    plan = with_own_indexes(job.inputs.plan, job.calendar, history)
    if plan is not job.inputs.plan:
        job.inputs = replace(job.inputs, plan=plan)


class DaysApart(Fault):
    """So many members have an index of their own that the others cannot make up for it on each day."""

    zh = (
        "“{dimension}”各成员有 {days} 天的合计与公司每天的目标不同,第一天是 {first}:"
        "有自己星期指数的成员太多,其余成员补不上。各月不变。"
    )
    en = (
        'On {days} {days:day|days}, the first of them {first}, members of "{dimension}" do not add up to the company: '
        "too many have a weekday index of their own, and the others cannot make up for it. Months stay."
    )


def days_apart(job: Job, breakdown: Breakdown) -> Iterator[Problem]:
    """Yield the dimensions in which that is so, in months in which members add up to the company."""
    line = breakdown.timeline
    month_of = line.index_of_day(Level.MONTH)
    for name in dict.fromkeys(dimension for dimension, _ in breakdown.plan.member_weekdays):
        part = breakdown.dimensions[name]
        whole = part.months[part.dimension.leaves].sum(axis=0) == breakdown.months
        sums = days_of_leaves(breakdown, part.dimension).sum(axis=0)
        apart = np.flatnonzero((sums != breakdown.days) & whole[month_of])
        if apart.size:
            fault = DaysApart(dimension=name, days=int(apart.size), first=str(line.days[apart[0]]))
            yield Problem.note(job.setting_place(T_WEEKDAY_REFERENCE.name), "", fault)
