"""Months are closed (已关账至): by a run that was told to, or that offered it for months with complete actuals."""

from __future__ import annotations

import datetime as dt

import numpy as np
from msgspec.structs import replace

from xlsales.book.edits import CellEdits, Edits
from xlsales.book.protection import refuse_protected
from xlsales.commands.job import Job
from xlsales.core.faults import DateRange, Fault, Problem
from xlsales.core.periods import Level, Period
from xlsales.plan.achieved import Achieved
from xlsales.plan.answers import NameMissing
from xlsales.plan.sheets.runs import read_runs
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import Word, all_settings

_KEY = "closed_through"
SETTING = f"xs_{_KEY}"
"""The name of the cell that says through which day months are closed."""
_DECLINED = Word("不关账至 {through}", "not closed through {through}")


class MonthsToClose(Fault):
    """Months with complete sales that are not closed yet."""

    remark = True
    zh = "{months} 的销售已齐:要关账(目标不再改动),请把“已关账至”填为 {through},或加 --close。"
    en = (
        "Sales of {months} are complete: to close these months (targets stay for good), set "
        '"Closed through" to {through}, or add --close.'
    )


def offer_to_close(job: Job, achieved: Achieved | None, *, asks: bool) -> Problem | None:
    """Offer to close the months with complete sales; return what is left to be said of them.

    A person who says no is asked again when a further month is complete: the run log keeps the answer. Without `asks`
    nobody is asked and nothing closed.
    """
    months = _to_close(job, achieved)
    if not months or job.book.area(SETTING) is None:
        return None
    through = months[-1].end
    fault = MonthsToClose(months=DateRange(months[0].key, months[-1].key), through=through)
    problem = Problem.note(job.setting_place(SETTING), "", fault)
    words = [text.format(through=through) for text in (_DECLINED.zh, _DECLINED.en)]
    if any(word in run.note for run in read_runs(job.sheets) for word in words):
        return None
    answer = job.run.person.closes(problem) if asks else None
    if answer:
        close(job, through)
    elif answer is not None:
        job.declined = through
    return problem if answer is None else None


def close(job: Job, through: dt.date) -> None:
    """Let this run close the months up to a day. Raises NameMissing if the workbook has no cell that says so."""
    if job.book.area(SETTING) is None:
        raise NameMissing(label=all_settings()[_KEY].label[job.inputs.lang], name=SETTING)
    job.inputs = replace(job.inputs, plan=replace(job.inputs.plan, closed_through=through))
    job.closes = True


def closing(job: Job) -> Edits:
    """Return the edit that writes what this run closes into the settings; nothing if it closes nothing."""
    area, day = job.book.area(SETTING), job.inputs.plan.closed_through
    if not job.closes or area is None or day is None:
        return Edits()
    at = area.row, area.column
    cells = CellEdits(
        area.sheet, {at: float(to_serial(day, job.book.date1904))}, drops_formulas=True, looks={at: "date"}
    )
    edits = Edits((cells,))
    refuse_protected(job.book, edits)
    return edits


def declined(job: Job) -> str:
    """Return the words of the run log on an offer that the person declined; blank if there was none."""
    return _DECLINED[job.inputs.lang].format(through=job.declined) if job.declined else ""


def _to_close(job: Job, achieved: Achieved | None) -> list[Period]:
    """The months of the plan that are over and not closed, by the last day with actuals or, in the plan, past sales."""
    plan = job.inputs.plan
    ends = [achieved.as_of] if achieved else []
    if job.history is not None:
        days = job.history.days
        past = days[(days >= np.datetime64(plan.start)) & (days <= np.datetime64(plan.end))]
        ends += [past.max().astype(object)] if len(past) else []
    last = max(ends, default=None)
    closed = plan.closed_through or dt.date.min
    return [month for month in job.timeline.periods(Level.MONTH) if last is not None and closed < month.end <= last]
