"""Targets as a run has them: split anew, or as they are in the sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec.structs import replace

from xlsales.commands.adjusting import adjust, with_written
from xlsales.commands.job import Job
from xlsales.commands.leaving import refuse_gone, refuse_unreadable, refuse_vanished, regrouped
from xlsales.commands.locating import located
from xlsales.commands.own_weekdays import follow_own_sales
from xlsales.commands.past_sales import history_for_split, usable_history
from xlsales.core.breakdown import Breakdown, break_down, removed_members
from xlsales.core.faults import Fault, Problem, Refused, Several
from xlsales.core.member_days import check_day_locks
from xlsales.core.plan import DayMethod, MonthMethod, Rest
from xlsales.core.proof import check_closed, check_exact
from xlsales.core.shapes import needs_history, shapes_of
from xlsales.plan.targets import closed_targets, read_targets


class TotalChanged(Fault):
    """The plan's total is no longer that of the targets in the sheets."""

    urgent = True
    zh = "设置里的总目标是 {plan},表里的目标合计是 {written};刷新不改目标。要按新的总目标,请运行“分解目标”。"
    en = "The total in Settings is {plan}, the targets in the sheets add up to {written}; run split to bring them in."


class TotalLowered(Fault):
    """The targets add up to less than the total in the settings, for commitments or reliefs were to lower it."""

    remark = True
    zh = "设置的总目标是 {plan},目标合计 {written}:接受的承诺、减免或重排降低了总目标。设置不用改;改了总目标,请再分解。"
    en = (
        "The total in Settings is {plan}, the targets add up to {written}: accepted commitments, relief or a re-plan "
        "lower the total. Leave Settings as it is; after a change of the total, split again."
    )


def split_total(job: Job) -> Breakdown:
    """Split the plan's total; a fault of the core is at the cell at its root. The history is read once a run."""
    if job.shapes is None:
        job.run.watch(job.word("读取历史", "history"), 0.1)
        job.history = history_for_split(job)
        follow_own_sales(job, job.history)
    return split_again(job)


def split_again(job: Job, closed_through: dt.date | None = None) -> Breakdown:
    """Split as the plan is by now, by the history that was read already; closed through a day, if one is given."""
    plan = job.inputs.plan if closed_through is None else replace(job.inputs.plan, closed_through=closed_through)
    job.run.watch(job.word("分解", "split"), 0.3)
    try:
        shapes = shapes_of(plan, job.timeline, job.calendar, job.history if needs_history(plan) else None)
        job.shapes = shapes
        refuse_unreadable(job)
        closed = closed_targets(job.sheets, plan, job.timeline)
        refuse_vanished(job, removed_members(plan, job.timeline, closed))
        breakdown = adjust(job, plan, closed, lambda plan, closed: break_down(plan, job.timeline, shapes, closed))
        check_closed(breakdown)
        check_exact(breakdown)
        check_day_locks(breakdown)
    except Fault as fault:
        raise Refused([located(job, one) for one in _with_others(job, fault)]) from fault
    return breakdown


def lowered(job: Job, breakdown: Breakdown) -> Iterator[Problem]:
    """Yield that accepted commitments lower the total, if they do."""
    if breakdown.plan.total != job.inputs.plan.total:
        total = job.inputs.money(job.inputs.plan.total)
        fault = TotalLowered(plan=total, written=job.total_of(breakdown))
        yield Problem.note(job.setting_place("xs_total"), "", fault)


def _with_others(job: Job, first: Fault) -> list[Fault]:
    """A fault of the plan's weights, and what else is wrong with those of other dimensions, to be said in one run."""
    plan = job.inputs.plan
    history = job.history if needs_history(plan) else None
    faults = list(first.faults) if isinstance(first, Several) else [first]
    for dimension in plan.dimensions if len(plan.dimensions) > 1 or not first.facts.get("row") else ():
        alone = replace(plan, dimensions=(dimension,), month_method=MonthMethod.EQUAL, day_method=DayMethod.EQUAL)
        try:
            shapes_of(alone, job.timeline, job.calendar, history)
        except Fault as fault:
            if all((type(fault), fault.facts) != (type(other), other.facts) for other in faults):
                faults.append(fault)
    return faults


def written_targets(job: Job) -> Breakdown:
    """Return the targets in the sheets; a total that has changed since is a problem."""
    job.run.watch(job.word("读取目标", "targets"), 0.1)
    refuse_gone(job)
    if job.inputs.plan.member_references:
        follow_own_sales(job, usable_history(job.inputs, job.run.watch))
    plan = job.inputs.plan
    breakdown = with_written(job, read_targets(job.sheets, plan, job.timeline))
    plan_then = breakdown.plan
    job.problems += regrouped(job, breakdown)
    if plan_then.total * plan_then.step_micros != plan.total * plan.step_micros:
        lowers = bool(plan.going_to(Rest.LOWER)) or any(one.lowers for one in breakdown.adjusted)
        less = plan_then.total * plan_then.step_micros < plan.total * plan.step_micros
        fault = (TotalLowered if lowers and less else TotalChanged)(
            plan=job.inputs.money(plan.total), written=job.total_of(breakdown)
        )
        job.problems.append(Problem.note(job.setting_place("xs_total"), "", fault))
    return breakdown
