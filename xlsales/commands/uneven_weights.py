"""Typed weights of months, quarters, half-years and years that do not follow from each other: said, not hidden."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.commands.job import Job
from xlsales.core.faults import Bilingual, Fault, Problem
from xlsales.core.period_weights import Disagreement, disagreements
from xlsales.core.periods import Level
from xlsales.core.plan import MonthMethod, MonthPattern
from xlsales.core.weights import entered_months
from xlsales.vocabulary import plan_tables

_LEVELS = {
    Level.MONTH: Bilingual("月", "month"),
    Level.QUARTER: Bilingual("季", "quarter"),
    Level.HALF: Bilingual("半年", "half-year"),
    Level.YEAR: Bilingual("年", "year"),
}
_SHOWN = 4


class WeightsDisagree(Fault):
    """Weights of two levels that do not follow from each other."""

    zh = (
        "{coarser}权重与{finer}权重不一致:{shares}。已按{coarser}权重分,{finer}权重只定其中的比例。"
        "请改成一致;要以{finer}权重为准,请删去{coarser}的行。"
    )
    en = (
        "What is typed for each {coarser} does not follow from that for each {finer}: {shares}. The split goes "
        "by the {coarser}, and inside it by the {finer}. Make them agree, or delete the rows of each {coarser}."
    )


class MonthsByNumber(Fault):
    """Weights of months 1 to 12 in a plan whose first month of whole weeks is not that of January."""

    remark = True
    zh = "月权重里的 1 是 1 月,在这个计划里是第{number}财月({key})。要按财月的次序填,请写 P01 到 P12;本来如此的不必改。"
    en = (
        'Month 1 in "Month weights" is January, which is {key} in this plan. To fill them in by the order of fiscal '
        "months, write P01 to P12; if it is meant so, leave it."
    )


def months_by_number(job: Job) -> Iterator[Problem]:
    """Yield that numbers of months are those of the calendar, where fiscal months have other numbers."""
    plan = job.inputs.plan
    fiscal = plan.fiscal
    if fiscal.pattern is MonthPattern.NATURAL or fiscal.month == 1 or not plan.month_weights:
        return
    if plan.month_method is MonthMethod.WEIGHTS:
        number = (1 - fiscal.month) % 12 + 1
        place = job.setting_place(plan_tables.T_MONTH_WEIGHTS.name)
        yield Problem.note(place, "1", MonthsByNumber(number=number, key=f"P{number:02d}"))


def disagreeing_weights(job: Job) -> Iterator[Problem]:
    """Yield each pair of levels that disagree, with the shares of the first periods."""
    plan = job.inputs.plan
    if not plan.period_weights:
        return
    months = None
    if plan.month_method is MonthMethod.WEIGHTS:
        months = entered_months(job.timeline, plan.month_weights, plan.period_weights)
    for one in disagreements(job.timeline, months, plan.period_weights):
        fault = WeightsDisagree(coarser=_LEVELS[one.coarser], finer=_LEVELS[one.finer], shares=_shares(one))
        place = job.setting_place(plan_tables.T_MONTH_WEIGHTS.name)
        yield Problem.note(place, "", fault)


def _shares(one: Disagreement) -> Bilingual:
    shown, more = one.shares[:_SHOWN], len(one.shares) > _SHOWN
    zh = [f"{key} {own:.1%} 对 {other:.1%}" for key, own, other in shown]
    en = [f"{key} {own:.1%} against {other:.1%}" for key, own, other in shown]
    return Bilingual("、".join([*zh, *["…"] * more]), ", ".join([*en, *["…"] * more]))
