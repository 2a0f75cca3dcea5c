"""Transfers and reliefs of a run: they follow the split, and what cannot be made of them is told at its cell."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from xlsales.commands.job import Job
from xlsales.commands.locating import InPlanUnit
from xlsales.core.adjusting import adjusted
from xlsales.core.adjustments import without
from xlsales.core.breakdown import Breakdown, EarlierTargets
from xlsales.core.faults import Problem, Refused
from xlsales.core.plan import Plan
from xlsales.plan.adjustments.tables import TABLE_OF
from xlsales.plan.adjustments.written import reasons_for, written_adjustments


def adjust(
    job: Job,
    plan: Plan,
    closed: EarlierTargets | None,
    split: Callable[[Plan, EarlierTargets | None], Breakdown],
) -> Breakdown:
    """Split a plan and apply its adjustments; why targets change by them is in `job.reasons`.

    `closed` are the targets of closed months. Raises Refused with all that cannot be made, or a Fault of the split.
    """
    written = written_adjustments(job.sheets, plan, job.timeline)
    rows = job.inputs.adjustments
    if not written and not rows:
        return split(plan, closed)
    before = without(closed, written, plan, job.timeline)
    base = split(replace(plan, total=plan.total + before.lowers), before.earlier)
    breakdown, faults = adjusted(base, rows, written, before)
    if faults:
        problems = []
        for one, field, fault in faults:
            place = job.table_place(TABLE_OF[one.kind], one.row, field)
            problems.append(Problem(place, "", InPlanUnit(fault, job.inputs.money)))
        raise Refused(problems)
    job.reasons = {**job.reasons, **reasons_for(breakdown, written, job.sheets, job.inputs.lang)}
    return breakdown


def with_written(job: Job, breakdown: Breakdown) -> Breakdown:
    """Return the targets in the sheets with the adjustments that were written of them."""
    written = written_adjustments(job.sheets, breakdown.plan, breakdown.timeline)
    return replace(breakdown, adjusted=tuple(written)) if written else breakdown
