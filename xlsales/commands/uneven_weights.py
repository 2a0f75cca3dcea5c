"""Typed weights of months, quarters, half-years and years that do not follow from each other: said, not hidden."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.commands.job import Job
from xlsales.core.faults import Bilingual, Fault, Problem
from xlsales.core.period_weights import Disagreement, disagreements
from xlsales.core.periods import Level
from xlsales.core.plan import MonthMethod
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
