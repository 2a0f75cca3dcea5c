"""The least of a day, and the days that have nothing all the same: said, so that nobody misses them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlsales.commands.job import Job
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault, Problem

_NOTHING = 1000
"""A least that a day has so many times over binds no day; nor is it meant."""


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


class MinimumTooSmall(Fault):
    """A least of a day that is nothing beside the targets of days: it may have been typed in the plan's unit."""

    remark = True
    zh = "“每日最低”是 {least},而一天平均 {mean},它不起作用。它要写全,不按“单位”:要 {meant} 的,请写全。"
    en = (
        "The least per day is {least}, and a day has {mean} on average: it has no effect. It is typed in full, not in "
        'the "Unit": for {meant}, write all its digits.'
    )


def below_minimum(job: Job, breakdown: Breakdown) -> Iterator[Problem]:
    """Yield how many days of the plan are below the least of a day, if any are."""
    plan = breakdown.plan
    mean, times = plan.total * plan.finer // breakdown.timeline.n_days, job.inputs.money_unit.per
    if plan.day_minimum and times >= _NOTHING and plan.day_minimum * _NOTHING <= mean:
        amounts = {"least": plan.day_minimum, "mean": mean, "meant": plan.day_minimum * times}
        facts = {key: job.inputs.amount(amount * plan.day_step_micros) for key, amount in amounts.items()}
        yield Problem.note(job.setting_place("xs_day_minimum"), "", MinimumTooSmall(**facts))
    below = np.flatnonzero(breakdown.days * plan.finer < plan.day_minimum * breakdown.finer)
    if below.size:
        first = str(breakdown.timeline.days[below[0]])
        least = job.inputs.amount(plan.day_minimum * plan.day_step_micros)
        fault = DaysBelowMinimum(least=least, days=int(below.size), first=first)
        yield Problem.note(job.setting_place("xs_day_minimum"), "", fault)
