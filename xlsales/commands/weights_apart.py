"""Typed weights of another size than those beside them, such as 30% beside 20 and 25: said, for one side has all."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.commands.job import Job
from xlsales.core.faults import Problem
from xlsales.core.periods import Level
from xlsales.core.plan import MemberMethod, MonthMethod
from xlsales.plan.weights_apart import apart
from xlsales.vocabulary import plan_tables


def weights_apart(job: Job) -> Iterator[Problem]:
    """Yield weights of members beside their siblings, and of periods of one level, that are of two sizes."""
    plan = job.inputs.plan
    for dimension in plan.dimensions:
        for _, family in dimension.families():
            members = [dimension.members[i] for i in family]
            typed = {m.name: (m.weight, m.row) for m in members if m.method is MemberMethod.WEIGHT and m.weight}
            if fault := apart({name: weight for name, (weight, _) in typed.items()}):
                name = str(fault.facts["name"])
                place = job.table_place(plan_tables.T_DIMENSIONS, typed[name][1], "weight")
                yield Problem.note(place, str(fault.facts["found"]), fault)
    weighed = [
        {one.key: weight for one in job.timeline.periods(level) if (weight := plan.period_weights.get(one.key))}
        for level in (Level.YEAR, Level.HALF, Level.QUARTER, Level.MONTH)
    ]
    if plan.month_method is MonthMethod.WEIGHTS:
        weighed.append({str(month): weight for month, weight in plan.month_weights.items() if weight})
    for weights in weighed:
        if fault := apart(weights):
            yield Problem.note(job.setting_place(plan_tables.T_MONTH_WEIGHTS.name), str(fault.facts["found"]), fault)
