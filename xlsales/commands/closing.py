"""Months are closed (已关账至): by a run that was told to, or that offered it for months with complete actuals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace

from xlsales.book.edits import CellEdits, Edits
from xlsales.book.protection import refuse_protected
from xlsales.commands.finish import left_alone
from xlsales.commands.job import Job
from xlsales.core.arrays import Steps
from xlsales.core.faults import DateRange, Fault, Problem
from xlsales.core.periods import Days, Level, Period
from xlsales.plan.achieved import Achieved
from xlsales.plan.answers import NameMissing
from xlsales.plan.sheets.runs import read_runs
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import LANGS, Word, all_settings

_KEY = "closed_through"
SETTING = f"xs_{_KEY}"
"""The name of the cell that says through which day months are closed."""
_NO_ROW = Word("{months} 没有一行销售", "No row of sales in {months}")
_ENDS_EARLY = Word("{month} 的销售只到 {last}", "sales of {month} end on {last}")
_OFTEN = 90
"""In so many of a hundred cases sales are no further apart than that: a month may end without any for as long."""
_DECLINED = Word("不关账至 {through}", "not closed through {through}")


class MonthsToClose(Fault):
    """Months with complete sales that are not closed yet; and what later ones lack, see `SalesLacking`."""

    remark = True
    zh = "{months} 的销售已齐:要关账(目标不再改动),请把“已关账至”填为 {through},或加 --close。{zh_lacking}"
    en = (
        "Sales of {months} are complete: to close these months (targets stay for good), set "
        '"Closed through" to {through}, or add --close.{en_lacking}'
    )


class SalesLacking(Fault):
    """Months that are over without a row of sales, or with none towards their end."""

    remark = True
    zh = "{zh_gaps}:从这里起还不提议关账。请把缺的销售补到“实际”;真的没有卖的,请自己填“已关账至”。"
    en = (
        "{en_gaps}: from there on months are not offered to be closed. Add the sales that are missing to Actuals; if "
        'there were none, fill in "Closed through" yourself.'
    )


class ClosesLacking(Fault):
    """Months that a split is to close although they lack sales."""

    zh = (
        "{zh_gaps}:关账至 {through},这些月份的目标就不再改动。请把缺的销售补到“实际”再分解;"
        "真的没有卖的,加 --yes 照样关账;不关账、一起改的,改用 --rewrite。"
    )
    en = (
        "{en_gaps}: closed through {through}, the targets of these months would stay for good. Add the sales that are "
        "missing to Actuals and split again; if there were none, add --yes to close all the same; to change these "
        "months instead, use --rewrite."
    )


def offer_to_close(job: Job, achieved: Achieved | None, *, asks: bool) -> Problem | None:
    """Offer to close the months with complete sales; return what is left to be said of them.

    A person who says no is asked again when a further month is complete: the run log keeps the answer. Without `asks`
    nobody is asked and nothing closed.
    """
    over = _over(job, achieved)
    gaps = _gaps(job, over, _sold(job, achieved))
    months = over[: over.index(next(iter(gaps)))] if gaps else over
    if not over or job.book.area(SETTING) is None:
        return None
    place, lacking = job.setting_place(SETTING), SalesLacking(**_said(gaps))
    if not months:
        return Problem.note(place, "", lacking)
    through = months[-1].end
    said = {"zh_lacking": lacking.say("zh") if gaps else "", "en_lacking": f" {lacking.say('en')}" if gaps else ""}
    fault = MonthsToClose(months=DateRange(months[0].key, months[-1].key), through=through, **said)
    problem = Problem.note(place, "", fault)
    words = [text.format(through=through) for text in (_DECLINED.zh, _DECLINED.en)]
    if any(word in run.note for run in read_runs(job.sheets) for word in words):
        return None
    answer = job.run.person.closes(problem) if asks else None
    if answer:
        close(job, through)
    elif answer is not None:
        job.declined = through
    return problem if answer is None else None


def ask_about_lacking(job: Job, achieved: Achieved | None, through: dt.date) -> None:
    """Ask before months up to a day are closed that lack sales.

    Raises Refused if nobody can be asked and no option says yes, LeftAsItWas on a No.
    """
    months = [month for month in _over(job, achieved) if month.end <= through]
    gaps = _gaps(job, months, _sold(job, achieved))
    problem = Problem.note(job.setting_place(SETTING), "", ClosesLacking(through=through, **_said(gaps)))
    if gaps and not job.run.person.closes_lacking(problem):
        raise left_alone(job)


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


def _sold(job: Job, achieved: Achieved | None) -> Days:
    """The days of the plan that have a row of sales, in order: of the actuals up to the as-of date, or of the past."""
    plan = job.inputs.plan
    days = [achieved.records.day] if achieved is not None and achieved.records is not None else []
    if job.history is not None:
        days.append(job.history.days)
    sold = np.unique(np.concatenate(days).astype("datetime64[D]")) if days else np.zeros(0, dtype="datetime64[D]")
    return sold[(sold >= np.datetime64(plan.start)) & (sold <= np.datetime64(plan.end))]


def _over(job: Job, achieved: Achieved | None) -> list[Period]:
    """The months of the plan that are over and not closed, by the last day with actuals or, in the plan, past sales."""
    plan = job.inputs.plan
    ends = [achieved.as_of] if achieved else []
    if job.history is not None:
        past = _sold(job, None)
        ends += [past[-1].item()] if len(past) else []
    last = max(ends, default=None)
    closed = plan.closed_through or dt.date.min
    return [month for month in job.timeline.periods(Level.MONTH) if last is not None and closed < month.end <= last]


def _gaps(job: Job, months: list[Period], sold: Days) -> dict[Period, dt.date | None]:
    """The months without a row of sales, or with none for unusually many working days at their end: the last day.

    Usual is what is between days with sales, all over the plan: who enters a sum a month lacks nothing.
    """
    calendar = job.calendar
    worked = np.concatenate([[0], np.cumsum(calendar.working)])

    def point(days: Days) -> Steps:
        return np.asarray(worked[np.searchsorted(calendar.days, days, side="right")])

    between = np.diff(point(sold))
    usual = float(np.percentile(between, _OFTEN, method="higher")) if len(between) else np.inf
    gaps: dict[Period, dt.date | None] = {}
    for month in months:
        first, end = np.datetime64(month.start), np.datetime64(month.end)
        inside = sold[(sold >= first) & (sold <= end)]
        if not len(inside):
            gaps[month] = None
        elif np.diff(point(np.array([inside[-1], end])))[0] > max(usual, 1.0):
            gaps[month] = inside[-1].item()
    return gaps


def _said(gaps: Mapping[Period, dt.date | None]) -> dict[str, str]:
    """What is said of such months, as the facts `zh_gaps` and `en_gaps`."""
    said = {}
    for lang in LANGS:
        mark = "、" if lang == "zh" else ", "
        empty = [month.key for month, last in gaps.items() if last is None]
        texts = [_NO_ROW[lang].format(months=mark.join(empty))] if empty else []
        texts += [_ENDS_EARLY[lang].format(month=month.key, last=last) for month, last in gaps.items() if last]
        text = (";" if lang == "zh" else "; ").join(texts)
        said[f"{lang}_gaps"] = text[:1].upper() + text[1:]
    return said
