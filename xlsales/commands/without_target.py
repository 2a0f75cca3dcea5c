"""Members with a weight that get no target all the same, with the reason: the step, or what is held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from xlsales.commands.job import Job
from xlsales.core.breakdown import Breakdown, DimensionBreakdown
from xlsales.core.faults import Fault, Listed, Problem
from xlsales.core.opening import OpenSpan, open_spans
from xlsales.core.periods import Level
from xlsales.core.plan import MICROS, Member
from xlsales.vocabulary import plan_tables

_NAMED = 5
"""So many members are named one by one."""


class StepTooCoarse(Fault):
    """Members that get nothing because the step is larger than their share."""

    zh = "“{dimension}”有 {count} 个成员分到 0:最小步长 {step} {base}太大。请在“设置”里改小步长,再运行“分解目标”。"
    en = 'In "{dimension}", {count:members} got 0: the step of {step} {base} is too large. Lower it, then split again.'


class NothingLeft(Fault):
    """Members that get nothing because what their siblings are held at takes all there is."""

    zh = (
        "“{dimension}”的 {names} 有权重却分到 0:同级的锁定、下限和已关账的月份已占满 {amount}。"
        "请放开或调低其中一项,或提高上级或总目标;确实是 0,请把权重填 0。"
    )
    en = (
        'In "{dimension}", {names} got 0 in spite of a weight: locks, lower bounds and closed months of the siblings '
        "take all of {amount}. Release or lower one, or raise what is above; if 0 is meant, enter a weight of 0."
    )


class NobodyBelow(Fault):
    """Members with a weight that get nothing because nobody below them may take anything."""

    zh = (
        "“{dimension}”的 {names} 有权重却分到 0:它下面的成员权重都是 0(或不营业、上限是 0)。"
        "请给其中一个下级填权重;确实是 0,请把它自己的权重也填 0。"
    )
    en = (
        'In "{dimension}", {names} got 0 in spite of a weight: all members below have a weight of 0 (or are shut, or '
        "have an upper bound of 0). Give one below a weight; if 0 is meant, enter a weight of 0 for it too."
    )


class OpenWithoutTarget(Fault):
    """Members that get nothing because the company has no target in the days on which they are open."""

    zh = "“{dimension}”的 {names} 分到 0:在其营业的日子里公司没有目标。请改开业日或闭店日,或改那几个月的权重或锁定。"
    en = (
        'In "{dimension}", {names} got 0: the company has no target on the days on which they are open. '
        "Change the opening or closing date, or the weights or locks of those months."
    )


def without_target(job: Job, breakdown: Breakdown) -> Iterator[Problem]:
    """Yield a finding for members with a weight of their own that are open, not held at zero, and get nothing."""
    plan = job.inputs.plan
    for name, part in breakdown.dimensions.items() if plan.total else ():
        coarse, crowded, empty, astray = _bare(breakdown, part)
        if empty:
            below = [part.dimension.members[i] for i in empty]
            first = part.dimension.members[part.dimension.children(empty[0])[0]]
            place = job.table_place(plan_tables.T_DIMENSIONS, first.row, "weight")
            idle = NobodyBelow(dimension=name, names=_names(below))
            yield Problem.note(place, below[0].name, idle)
        if coarse:
            step = f"{plan.step_micros / MICROS:g}"
            base = job.inputs.money_unit.in_full.said
            fault = StepTooCoarse(dimension=name, count=len(coarse), step=step, base=base)
            yield Problem.note(job.setting_place("xs_step"), step, fault)
        if crowded:
            members, above = [part.dimension.members[i] for i in crowded], part.dimension.parents[crowded[0]]
            amount = job.inputs.money(int(part.targets[above]) if above >= 0 else plan.total)
            place = job.table_place(plan_tables.T_DIMENSIONS, members[0].row, "weight")
            nothing = NothingLeft(dimension=name, names=_names(members), amount=amount)
            yield Problem.note(place, members[0].name, nothing)
        if astray:
            members = [part.dimension.members[i] for i in astray]
            place = job.table_place(
                plan_tables.T_DIMENSIONS, members[0].row, "closes" if members[0].closes else "opens"
            )
            without = OpenWithoutTarget(dimension=name, names=_names(members))
            yield Problem.note(place, members[0].name, without)


def _names(members: Sequence[Member]) -> Listed:
    return Listed([member.name for member in members[:_NAMED]] + ["…"] * (len(members) > _NAMED))


def _idle(part: DimensionBreakdown, i: int, spans: Sequence[OpenSpan]) -> bool:
    """Whether a member has others below it, of which none may take anything."""
    below = part.dimension.children(i)
    members = part.dimension.members
    return bool(below) and all(
        spans[c][0] >= spans[c][1]
        or members[c].upper == 0
        or (members[c].weight == 0 and not members[c].lower and members[c].locked is None)
        or _idle(part, c, spans)
        for c in below
    )


def _bare(breakdown: Breakdown, part: DimensionBreakdown) -> tuple[list[int], ...]:
    """Members without a target.

    Those of less than a step, those beside which all is held, those below which nobody may, those open for none.
    """
    plan, dimension, targets = breakdown.plan, part.dimension, part.targets
    last = plan.closed_through
    months = breakdown.timeline.periods(Level.MONTH)
    ahead = np.array([last is None or month.end > last for month in months])
    by_period = {lock.member for lock in plan.locks if lock.dimension == dimension.name}
    spans = open_spans(dimension, breakdown.timeline)
    coarse: list[int] = []
    crowded: list[int] = []
    empty: list[int] = []
    astray: list[int] = []
    for parent, family in dimension.families():
        if parent >= 0 and not targets[parent]:
            continue  # the parent is reported, if at all
        free = [i for i in family if (m := dimension.members[i]).locked is None and m.weight and m.upper != 0
                and m.name not in by_period and spans[i][0] < spans[i][1]]  # fmt: skip
        astray += [i for i in free if not targets[i] and not breakdown.days[slice(*spans[i])].any()]
        free = [i for i in free if i not in astray]
        rest = part.months[[i for i in free if not dimension.members[i].lower]][:, ahead].sum()
        for i in free:
            if not targets[i]:
                (empty if _idle(part, i, spans) else coarse if rest else crowded).append(i)
    return coarse, crowded, empty, astray
