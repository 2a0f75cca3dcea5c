"""The least of a day, and the days that have nothing all the same: said, so that nobody misses them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlsales.commands.job import Job
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault, Problem


class DaysBelowMinimum(Fault):
    """Days that have less than the least of a day."""

    remark = True
    zh = (
        "“每日最低”是 {least},但 {days} 天低于它,第一天是 {first}:"
        "休息日等权重为零的日子没有目标,锁定和已关账的日子不变。"
    )
    en = (
        "The least per day is {least}, but {days} {days:day is|days are} below it, the first on {first}: days without "
        "weight, such as rest days, have no target; locked and closed days stay."
    )


def below_minimum(job: Job, breakdown: Breakdown) -> Iterator[Problem]:
    """Yield how many days of the plan are below the least of a day, if any are."""
    plan = breakdown.plan
    below = np.flatnonzero(breakdown.days * plan.finer < plan.day_minimum * breakdown.finer)
    if below.size:
        first = str(breakdown.timeline.days[below[0]])
        least = job.inputs.amount(plan.day_minimum * plan.day_step_micros)
        fault = DaysBelowMinimum(least=least, days=int(below.size), first=first)
        yield Problem.note(job.setting_place("xs_day_minimum"), "", fault)
