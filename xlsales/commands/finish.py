"""How a run ends: the line in the run log, and the question before sheets are written anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from xlsales import __version__
from xlsales.commands.job import Job
from xlsales.commands.verb import say
from xlsales.commands.verbs import verb_of
from xlsales.core.faults import Fault, Problem
from xlsales.core.plan import MICROS
from xlsales.layout.model import IDENTITY, SheetModel
from xlsales.layout.sheet import Frame
from xlsales.plan.figures import NAN
from xlsales.plan.sheets.runs import RUNS, RunLine, Runs, read_runs


class LeftAsItWas(Fault):
    """The person does not want what the run would write."""

    zh = "已取消,“{book}”没有任何改动。"
    en = 'Cancelled; nothing was changed in "{book}".'


def frame_of(job: Job, as_of: dt.date | None = None) -> Frame:
    """Return what every sheet of a run says of its plan."""
    plan, inputs = job.inputs.plan, job.inputs
    step = plan.step_micros / MICROS
    clock, currency = plan.clock.value, inputs.currency
    names = (plan.name, inputs.unit, step, inputs.lang, plan.start, plan.end, as_of, clock, currency)
    return Frame(*names, month_end=plan.month_end)


def ask_first(job: Job, problems: Iterable[Problem]) -> None:
    """Ask before sheets are written anew that carry what a person changed or added; raise LeftAsItWas on a No."""
    by_hand = {problem.place.sheet: None for problem in problems if problem.fault.asked}
    if by_hand and not job.run.person.agrees(list(by_hand)):
        raise left_alone(job)


def left_alone(job: Job) -> LeftAsItWas:
    """Return how a run ends that the person called off."""
    return LeftAsItWas(book=job.run.document.home.name)


def run_log(
    job: Job,
    frame: Frame,
    command: str,
    inputs: str,
    note: str,
    *,
    target_after: float | None = None,
    actual_after: float = NAN,
) -> SheetModel:
    """Return the log with this run on top; without `target_after` the target is what it was."""
    before = job.sheets.get(IDENTITY + "time")
    target, actual = (before.number("total", key) if before else NAN for key in ("target", "actual"))
    key = f"run:{job.run.now.isoformat()}"
    earlier = tuple(read_runs(job.sheets))
    same = sum(run.key.partition("#")[0] == key for run in earlier)  # runs within one second
    line = RunLine(
        key=f"{key}#{same + 1}" if same else key,
        when=job.run.now,
        command=say(verb_of(command).logged, job.inputs.lang),
        version=__version__,
        inputs=inputs,
        note=note,
        target_before=target,
        target_after=target if target_after is None else target_after,
        actual_before=actual,
        actual_after=actual_after,
    )
    return RUNS.model(Runs(frame, (line, *earlier)))
