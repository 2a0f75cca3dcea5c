"""A plan that is split, whatever verb asks for it: targets, what is there of actuals, and every sheet."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.commands.actuals import sum_actuals
from xlsales.commands.announced import announce
from xlsales.commands.changing import decide
from xlsales.commands.job import Job
from xlsales.commands.outcome import Outcome
from xlsales.commands.replanning import carried_out
from xlsales.commands.settling import findings, settle
from xlsales.commands.targets import split_again, split_total
from xlsales.commands.writing import write
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault, Place, Problem
from xlsales.layout.model import IDENTITY
from xlsales.plan.achieved import Achieved
from xlsales.plan.changes import changes_of
from xlsales.plan.figures import NAN


def split_job(job: Job, command: str) -> Outcome:
    """Split the total, after its history and the targets that are there; then write every sheet."""
    announce(job)
    breakdown = split_total(job)
    achieved = sum_actuals(job, breakdown, None, required=False)
    return split_on(job, command, carried_out(job, breakdown, achieved), achieved)


def split_on(job: Job, command: str, breakdown: Breakdown, achieved: Achieved | None) -> Outcome:
    """Settle a split, let the person decide on months that are over, and write every sheet."""
    breakdown, changes = settle(job, breakdown, achieved)
    is_decided = bool(changes.complete)
    if decide(job, changes, achieved):
        breakdown = split_again(job)
        changes = changes_of(job.sheets, breakdown, achieved.as_of if achieved else None)
    job.problems += [*findings(job, breakdown), *_cleared(job, achieved)]
    return write(job, command, breakdown, achieved, changes, offers=not is_decided)


class ActualsGone(Fault):
    """A split without actuals has cleared achievements in the sheets."""

    urgent = True
    zh = "“{label}”里现在没有实际,达成各列已清空(原来合计 {amount} {base})。要恢复,请贴回实际(或用 --actuals)再刷新。"
    en = (
        '"{label}" has no actuals now, so the achievement columns were cleared (they added up to {amount} {base}). '
        "Paste them back, or use --actuals, and refresh."
    )


def _cleared(job: Job, achieved: Achieved | None) -> Iterator[Problem]:
    before = job.sheets.get(IDENTITY + "time")
    amount = before.number("total", "actual") if before else NAN
    if achieved is None and amount == amount and amount:
        label = job.inputs.actuals.label
        gone = ActualsGone(label=label, amount=f"{amount:,.2f}", base=job.inputs.money_unit.in_full.said)
        yield Problem.note(Place(label), "", gone)
