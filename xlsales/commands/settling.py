"""What a split and its check share: the final split, and what is to be known of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from msgspec.structs import replace

from xlsales.commands.alike import only_case_apart
from xlsales.commands.chain import chains
from xlsales.commands.changing import closed_otherwise, of_rounding
from xlsales.commands.day_minimum import below_minimum
from xlsales.commands.job import Job
from xlsales.commands.leaving import unassigned
from xlsales.commands.own_weekdays import days_apart
from xlsales.commands.targets import lowered, split_again
from xlsales.commands.uneven_weights import disagreeing_weights, months_by_number
from xlsales.commands.wanting import without_history
from xlsales.commands.weights_apart import weights_apart
from xlsales.commands.without_target import without_target
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Problem, Refused
from xlsales.plan.achieved import Achieved
from xlsales.plan.changes import Changes, changes_of


def settle(job: Job, breakdown: Breakdown, achieved: Achieved | None) -> tuple[Breakdown, Changes]:
    """Return the split and what it changes; complete months that only rounding would move stay as they are."""
    as_of = achieved.as_of if achieved else None
    changes = changes_of(job.sheets, breakdown, as_of)
    if of_rounding(job, changes):
        with suppress(Refused):  # what is held may need a step of theirs: that is asked
            breakdown = split_again(job, changes.complete.through)
            rounding = tuple(changes.complete.months)
            changes = replace(changes_of(job.sheets, breakdown, as_of), rounding=rounding)
    return breakdown, changes


def findings(job: Job, breakdown: Breakdown) -> Iterator[Problem]:
    """Yield what is to be known of the split targets."""
    yield from only_case_apart(job)
    yield from closed_otherwise(job)
    yield from disagreeing_weights(job)
    yield from months_by_number(job)
    yield from weights_apart(job)
    yield from below_minimum(job, breakdown)
    yield from chains(job, breakdown)
    yield from days_apart(job, breakdown)
    yield from lowered(job, breakdown)
    yield from unassigned(job, breakdown)
    yield from without_history(job, breakdown)
    yield from without_target(job, breakdown)
