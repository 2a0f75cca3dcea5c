"""Weekday indexes that members have by their own past sales, if these are enough."""

from __future__ import annotations

from msgspec.structs import replace

from xlsales.core.calendars import WorkCalendar
from xlsales.core.faults import Fault
from xlsales.core.period_text import parse_span
from xlsales.core.plan import Plan
from xlsales.core.shapes import History, Span, inside_spans, references_of
from xlsales.core.weights import WeekdaySales, weekday_sales

LEAST_DAYS = 3
"""So many ordinary days of each weekday are enough: three weeks, as in the seed's case."""


def reference_spans(plan: Plan, period: str | None) -> list[Span]:
    """Return the days of a reference period, of the plan's reference periods if it is None. Raises a Fault."""
    return [span for span, _ in references_of(plan)] if period is None else [parse_span(period, plan.fiscal)]


def are_enough(sales: WeekdaySales) -> bool:
    """Whether sales by weekday give an index that days may follow."""
    return int(sales.counts.min()) >= LEAST_DAYS and bool(sales.means.any())


def with_own_indexes(plan: Plan, calendar: WorkCalendar, history: History | None) -> Plan:
    """Return the plan with the weekday indexes of its `member_references`, of those whose past sales are enough."""
    if history is None:
        return plan
    indexes = dict(plan.member_weekdays)
    for (dimension, name), period in plan.member_references.items():
        codes = history.codes.get(dimension)
        members = next(one.members for one in plan.dimensions if one.name == dimension)
        if codes is None:
            continue
        own = history.only(codes == next(i for i, member in enumerate(members) if member.name == name))
        try:
            spans = reference_spans(plan, period)
            inside = inside_spans(own.days, [(span, 1.0) for span in spans])
            sales = weekday_sales(own.days[inside], own.micros[inside], calendar)
        except Fault:  # the sheet of weekday shares says what is wrong
            continue
        if are_enough(sales):
            indexes[dimension, name] = tuple(sales.index.tolist())
    return plan if len(indexes) == len(plan.member_weekdays) else replace(plan, member_weekdays=indexes)
