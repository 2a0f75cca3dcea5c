"""Where a fault of the core is at home: the cell of the plan's inputs at its root."""

from __future__ import annotations

from collections.abc import Callable

from xlsales.commands.job import Job
from xlsales.core.faults import DateRange, Fault, Lang, Place, Problem
from xlsales.core.holds import LockedWhenClosed
from xlsales.core.period_text import parse_span
from xlsales.core.plan import MonthMethod
from xlsales.core.shapes import NoHistory, NoOwnHistory
from xlsales.core.spreading import GrowthTooSteep, NothingToFollow, TrendBelowZero
from xlsales.core.time_split import DayMinimumAboveMonth
from xlsales.core.weights import (
    BadReferenceShare,
    BadWeekdayIndex,
    MonthMethodNeeds,
    NoDayWeight,
    NoMonthWeight,
    ReferenceEmpty,
    TooFewDays,
)
from xlsales.plan.answers import Answers
from xlsales.plan.input_cells import Cells
from xlsales.plan.replan.table import T_REPLAN
from xlsales.tables.reasons import MemberMisspelt, MemberUnknown
from xlsales.vocabulary import plan_tables

_CELL_OF_FAULT: dict[type[Fault], str] = {
    MonthMethodNeeds: "xs_month_method",
    NoMonthWeight: "xs_month_method",
    TrendBelowZero: "xs_month_rise",
    GrowthTooSteep: "xs_month_rise",
    NoOwnHistory: "xs_member_shape",
    BadWeekdayIndex: "xs_day_method",
    NoDayWeight: "xs_day_method",
    TooFewDays: "xs_day_method",
    ReferenceEmpty: "xs_reference",
    BadReferenceShare: "xs_reference",
    NothingToFollow: "xs_reference",
    DayMinimumAboveMonth: "xs_day_minimum",
}
"""The name of the input at the root of a fault of the core; of others it is that of the total."""


class AcceptedWhenClosed(Fault):
    """A commitment is accepted for a period that is closed with another target."""

    zh = "{period} 已关账,目标是 {closed},承诺 {locked} 来不及生效。请清空这一行的“接受”。"
    en = '{period} is closed with {closed}: the commitment of {locked} comes too late. Clear "Accepted" in this row.'
    amounts = ("closed", "locked")


class HistoryNotCounted(Fault):
    """Members are split by reference, and rows of the history do not count for a name of another dimension."""

    zh = (
        "维度“{dimension}”按参照分解,但参照期间里“{parent}”的下级没有计入的销售:历史有 {count} 行没有计入,"
        "因为“{of}”里没有“{value}”。请在“维度”表补上它(或写成别名),再分解;“{parent}”也不要了的,请一起删去。"
    )
    en = (
        'dimension "{dimension}" is split by reference, but no sales of the reference periods count under "{parent}": '
        'of the history, {count} {count:row does|rows do} not count, for "{of}" has no "{value}". '
        'Add it to Dimensions (or as an alias) and split again; if "{parent}" has gone too, delete it as well.'
    )


def located(job: Job, fault: Fault) -> Problem:
    """Return a fault of the core at the cell that is at its root, with amounts in the plan's unit."""
    fault = _for_what_is_aside(job, fault)
    facts = fault.facts
    committed = {lock.row for lock in job.inputs.plan.locks if lock.committed}
    if isinstance(fault, LockedWhenClosed) and facts["lock_row"] in committed:
        fault = AcceptedWhenClosed(**facts, field="accepted")
        facts = fault.facts
    if facts.get("row"):
        place: Place | None = job.table_place(plan_tables.T_DIMENSIONS, facts["row"], facts.get("field", "member"))
    elif facts.get("lock_row"):
        place = job.lock_place(facts["lock_row"], facts.get("field", "amount"))
    elif facts.get("waiver_row"):
        place = job.table_place(T_REPLAN, facts["waiver_row"], facts["field"])
    else:
        place = _row_at_fault(job, fault)
    if place is None:
        cell = next((name for kind, name in _CELL_OF_FAULT.items() if isinstance(fault, kind)), "xs_total")
        place = job.setting_place(cell)
    return Problem(place, "", InPlanUnit(fault, job.inputs.money))


def _for_what_is_aside(job: Job, fault: Fault) -> Fault:
    """A fault of missing sales says which name of another dimension keeps rows of the history from counting."""
    if not isinstance(fault, NoHistory):
        return fault
    aside = [
        one.fault.facts
        for one in job.problems
        if isinstance(one.fault, MemberUnknown | MemberMisspelt)
        and one.place.sheet == job.inputs.history.label
        and one.fault.facts["dimension"] != fault.facts["dimension"]
    ]
    if not aside:
        return fault
    of, value = aside[0]["dimension"], aside[0]["value"]
    count = sum(one["count"] for one in aside if (one["dimension"], one["value"]) == (of, value))
    return fault.told_as(HistoryNotCounted, of=of, value=value, count=count)


def _row_at_fault(job: Job, fault: Fault) -> Place | None:
    """The cell of a table in which months weigh nothing, or a reference period has no sales; None if it is neither."""
    answers = Answers(job.book, Cells(job.book), job.inputs.lang)
    if isinstance(fault, NoMonthWeight) and job.inputs.plan.month_method is MonthMethod.WEIGHTS:
        rows = answers.keyed_rows(plan_tables.T_MONTH_WEIGHTS)
        return next((row["cells"]["weight"] for row in rows if row["weight"] is not None), None)
    if isinstance(fault, ReferenceEmpty):
        plan = job.inputs.plan
        for row in answers.keyed_rows(plan_tables.T_REFERENCE):
            span = parse_span(row["period"], plan.fiscal)
            if DateRange(*span) == fault.facts["span"]:
                return row["cells"]["period"]  # type: ignore[no-any-return]
    return None


class InPlanUnit(Fault):
    """A fault that says its amounts in the plan's unit."""

    def __init__(self, fault: Fault, money: Callable[[int], str]) -> None:
        super().__init__(**fault.facts)
        self.fault, self.money = fault, money

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`."""
        return self.fault.say(lang, self.money)
