"""The weights that a split follows: those of days, months and members, from the plan and its history."""

from __future__ import annotations

import datetime as dt
import math
from calendar import monthrange
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.allocation import name_parts
from xlsales.core.arrays import Floats, Mask
from xlsales.core.calendars import WorkCalendar
from xlsales.core.faults import Fault, Lang
from xlsales.core.period_text import parse_span
from xlsales.core.period_weights import follow_longer
from xlsales.core.periods import Days, Level, Timeline, month_of
from xlsales.core.plan import (
    BY_REFERENCE,
    DayMethod,
    Dimension,
    Member,
    MemberMethod,
    MemberShape,
    MonthPattern,
    Plan,
)
from xlsales.core.weights import day_weights, month_weights, part_of_month, reference_shares, weekday_index

Span = tuple[dt.date, dt.date]


class WeightMissing(Fault):
    """Members that are split by weight have no weight: all of a dimension; `row` is the row of the first."""

    zh = "维度“{dimension}”的{members}没有权重(空不等于 0)。请填权重,或在“分解方式”选均分或参照。"
    en = 'dimension "{dimension}": no weight for {members} (blank is not 0). Enter one, or split by equal or reference.'

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`; `{members}` is the list of names."""
        names = [f"“{name}”" if lang == "zh" else f'"{name}"' for name in self.facts["names"]]
        members = name_parts(range(len(names)), "part", lang, names=names)
        return super(WeightMissing, WeightMissing(**self.facts, members=members)).say(lang, money)


class NoHistory(Fault):
    """Members are split by reference, but the history has nothing for them."""

    zh = "维度“{dimension}”按参照分解,但参照期间里“{parent}”的下级没有销售。请粘贴历史,或改用权重或均分。"
    en = (
        'dimension "{dimension}" is split by reference, but the reference periods have no sales under "{parent}". '
        "Paste history, or split by weight or equal."
    )


class NoOwnHistory(Fault):
    """Members are to follow their own history, but there is none."""

    zh = "成员要按自己的历史分月,但历史里没有任何维度的销售。请粘贴历史,或改为跟随公司曲线。"
    en = (
        "Members are to follow their own history over the months, but there is none. "
        "Paste history, or let them follow the company."
    )


class Shapes(Struct, frozen=True):
    """Weights of days and months, and per dimension those of members.

    `own` has, per dimension, weights of members × months, if members follow their own history;
    a dimension that the history does not have follows the company.
    """

    days: Floats
    months: Floats
    members: Mapping[str, Floats]
    own: Mapping[str, Floats]


class History(Struct, frozen=True):
    """Past sales, a row per record: day, amount in micro-yuan, and per dimension the member's position."""

    days: Days
    micros: NDArray[np.int64]
    codes: Mapping[str, NDArray[np.int32]]
    """Below zero if a row names no member: collected rows name only what the store knows."""

    def only(self, rows: Mask) -> History:
        """Return these rows."""
        if rows.all():
            return self
        return History(self.days[rows], self.micros[rows], {name: codes[rows] for name, codes in self.codes.items()})


def needs_history(plan: Plan) -> bool:
    """Whether the plan cannot be split without past sales."""
    by_reference = any(m.method is MemberMethod.REFERENCE for d in plan.dimensions for m in d.members)
    index_unknown = plan.day_method is DayMethod.DAY_INDEX and plan.weekday_index is None
    return plan.month_method in BY_REFERENCE or plan.member_shape is MemberShape.OWN or by_reference or index_unknown


def references_of(plan: Plan) -> list[tuple[Span, float]]:
    """The reference spans with their shares; if the plan names none, the same days before the plan."""
    if plan.references:
        return [(parse_span(text, plan.fiscal), share) for text, share in plan.references]
    years = plan_years(plan)
    return [((years_before(plan.start, years), years_before(plan.end, years)), 1.0)]


def day_index(plan: Plan, calendar: WorkCalendar, history: History | None) -> tuple[float, ...] | None:
    """Return the weights of Monday to Sunday: the plan's own, else from the reference; None if days follow neither.

    Raises a Fault if the reference has too few days.
    """
    if plan.weekday_index is not None or plan.day_method is not DayMethod.DAY_INDEX or history is None:
        return plan.weekday_index
    inside = inside_spans(history.days, references_of(plan))
    return tuple(weekday_index(history.days[inside], history.micros[inside], calendar).tolist())


def shapes_of(plan: Plan, timeline: Timeline, calendar: WorkCalendar, history: History | None) -> Shapes:
    """Return the weights of days, months and members. Raises a Fault if the plan and its history give none."""
    spans = references_of(plan)
    index = day_index(plan, calendar, history)
    days = day_weights(timeline, calendar, plan.day_method, index, plan.holiday_index)
    years, fiscal = _years(timeline) if plan.lunar else (None,), plan.fiscal.of_past
    share: dict[tuple[int, int], float] | dict[int, float] | None = None
    if plan.month_method in BY_REFERENCE and history is not None:
        mixed = {y: reference_shares(history.days, history.micros, spans, lunar_year=y, fiscal=fiscal) for y in years}
        if plan.lunar:
            share = {(y, m + 1): float(part) for y, parts in mixed.items() if y for m, part in enumerate(parts)}
        else:
            share = {m + 1: float(part) for m, part in enumerate(mixed[None])}
    months = month_weights(
        timeline,
        plan.month_method,
        weights=plan.month_weights,
        periods=plan.period_weights,
        calendar=calendar,
        day_weights=days,
        reference_month_share=share,
        rise=plan.month_rise,
    )
    if plan.period_weights:
        months = follow_longer(months, timeline, plan.period_weights)
    members, own = {}, {}
    if plan.member_shape is MemberShape.OWN and plan.dimensions and (history is None or not history.codes):
        raise NoOwnHistory()
    for dimension in plan.dimensions:
        codes = history.codes.get(dimension.name) if history is not None else None
        past = None if history is None or codes is None else past_sales(dimension, history, codes, spans)
        members[dimension.name] = member_weights(dimension, past, plan.unit_micros)
        if plan.member_shape is MemberShape.OWN and history is not None and codes is not None:
            own[dimension.name] = _own_months(dimension, timeline, history, codes, spans, plan.lunar)
    return Shapes(days, months, members, own)


def member_weights(dimension: Dimension, history: Floats | None, unit_micros: int = 1) -> Floats:
    """Return one weight per member among its siblings.

    `history` has one amount per member in micro-yuan (a parent's is the sum of its children's), or None. Siblings may
    mix methods: beside a reference, an entered weight is an amount in the plan's unit (`unit_micros`), as if the
    member had sold so much in the reference periods; an equal member has the mean weight of the others.
    Raises WeightMissing or NoHistory.
    """
    entered, without_weight = entered_weights(dimension)
    weights = np.zeros(len(dimension.members))
    for parent, family in dimension.families():
        parent_name = dimension.members[parent].name if parent >= 0 else dimension.name
        by = {method: [i for i in family if dimension.members[i].method is method] for method in MemberMethod}
        equal, reference, by_weight = (by[m] for m in (MemberMethod.EQUAL, MemberMethod.REFERENCE, MemberMethod.WEIGHT))
        if by_weight and without_weight:
            names = tuple(member.name for member in without_weight)
            raise WeightMissing(dimension=dimension.name, names=names, row=without_weight[0].row, field="weight")
        weights[by_weight] = [(entered[i] or 0.0) * (unit_micros if reference else 1) for i in by_weight]
        if reference:
            weights[reference] = np.maximum(history[reference], 0) if history is not None else 0
            if not weights[family].any():
                first = dimension.members[reference[0]]
                raise NoHistory(dimension=dimension.name, parent=parent_name, row=first.row, field="method")
        others = weights[[*reference, *by_weight]]
        weights[equal] = others[others > 0].mean() if others.any() else 1.0
    return weights


def entered_weights(dimension: Dimension) -> tuple[list[float | None], list[Member]]:
    """Return each member's weight as entered, and the members that still need one.

    The weight of a blank parent is the sum of its children's. A member needs no weight if it is locked, if all members
    below it are, or if a member below it needs one first: the parent's weight follows from it.
    """
    entered = [member.weight for member in dimension.members]
    settled = [member.locked is not None for member in dimension.members]
    missing: list[Member] = []
    above_missing: set[int] = set()
    for i in range(len(entered) - 1, -1, -1):
        member, below = dimension.members[i], dimension.children(i)
        if below:
            settled[i] = settled[i] or all(settled[c] for c in below)
            by_weight = [entered[c] for c in below if dimension.members[c].method is MemberMethod.WEIGHT]
            weights = [weight for weight in by_weight if weight is not None]
            if entered[i] is None and weights:
                entered[i] = math.fsum(weights)
        if member.method is MemberMethod.WEIGHT and entered[i] is None and not settled[i] and i not in above_missing:
            missing.append(member)
        if i in above_missing or (missing and missing[-1] is member):
            above_missing.add(dimension.parents[i])
    return entered, missing[::-1]


def ancestors(dimension: Dimension) -> NDArray[np.int32]:
    """Each member's chain of positions by level: [n_members, depth], -1 below the member itself."""
    chain = np.full((len(dimension.members), dimension.depth), -1, dtype=np.int32)
    for i, (parent, depth) in enumerate(zip(dimension.parents, dimension.depths, strict=True)):
        if parent >= 0:
            chain[i] = chain[parent]
        chain[i, depth - 1] = i
    return chain


def past_sales(
    dimension: Dimension, history: History, codes: NDArray[np.int32], spans: list[tuple[Span, float]]
) -> Floats:
    """Return each member's past sales in micro-yuan; a parent's are the sum of its children's.

    Of several references shares are mixed, not sizes; they are shares of the mean sales. Below zero if returns are
    more than sales.
    """
    n, has_member = len(dimension.members), codes >= 0
    history, codes = history.only(has_member), codes[has_member]
    mixed, average, weight = np.zeros(n), 0.0, 0.0
    for span, share in spans:
        inside = inside_spans(history.days, [(span, share)])
        sales = np.bincount(codes[inside], history.micros[inside].astype(np.float64), n)
        if sales.sum() > 0 and share > 0:
            mixed += share * sales / sales.sum()
            average += share * sales.sum()
            weight += share
    if weight > 0:
        mixed *= average / weight**2
    add_up(dimension, mixed)
    return mixed


def add_up(dimension: Dimension, amounts: NDArray[Any]) -> None:
    """Add each member's amount to its parent's, in place, from the lowest level up."""
    for i, parent in reversed(list(enumerate(dimension.parents))):
        if parent >= 0:
            amounts[parent] += amounts[i]


def _own_months(
    dimension: Dimension,
    timeline: Timeline,
    history: History,
    codes: NDArray[np.int32],
    spans: list[tuple[Span, float]],
    lunar: bool,
) -> Floats:
    """Members × months of the plan: each member's own shape; zeros for a member that never sold."""
    n, months = len(dimension.members), timeline.periods(Level.MONTH)
    has_member = codes >= 0
    history, codes = history.only(has_member), codes[has_member]
    chain = ancestors(dimension)
    fiscal = timeline.fiscal.of_past
    called, part = called_months(timeline), _part_of_called(timeline)
    own = np.zeros((n, len(months)))
    for year in _years(timeline):
        shares = np.zeros((n, 12))
        for level in range(dimension.depth):
            group = chain[codes, level]
            inside = group >= 0
            shares += reference_shares(
                history.days[inside],
                history.micros[inside],
                spans,
                lunar_year=year if lunar else None,
                groups=group[inside].astype(np.intp),
                n_groups=n,
                fiscal=fiscal,
            )
        for i, (of_year, month) in enumerate(called):
            if of_year == year:
                own[:, i] = shares[:, month - 1] * part[i]
    return own


def called_months(timeline: Timeline) -> list[tuple[int, int]]:
    """Return the calendar month (year and number) that each month is called after; of whole weeks, by their middle."""
    months = timeline.periods(Level.MONTH)
    if timeline.fiscal.pattern is MonthPattern.NATURAL:
        return [(int(month.key[:4]), int(month.key[-2:])) for month in months]
    middle = [month.start + (month.end - month.start) / 2 for month in months]
    return [(day.year, day.month) for day in middle]


def _part_of_called(timeline: Timeline) -> list[float]:
    """The days of each month ÷ those of the month that it has its share from."""
    if timeline.fiscal.pattern is MonthPattern.NATURAL:
        return [float(part) for part in part_of_month(timeline)]
    months = zip(timeline.periods(Level.MONTH), called_months(timeline), strict=True)
    return [month.days / monthrange(*called)[1] for month, called in months]


def _years(timeline: Timeline) -> tuple[int, ...]:
    """The years that have months of the plan, as past sales have months."""
    first, last = (month_of(day, timeline.fiscal.of_past) for day in (timeline.start, timeline.end))
    return tuple(range(first[0], last[0] + 1))


def inside_spans(days: Days, spans: list[tuple[Span, float]]) -> Mask:
    """Return which days are in any of the spans (their shares do not matter)."""
    inside = np.zeros(len(days), dtype=np.bool_)
    for (first, last), _ in spans:
        inside |= (days >= np.datetime64(first)) & (days <= np.datetime64(last))
    return inside


def plan_years(plan: Plan) -> int:
    """Return the fewest years by which the plan's days have to go back to be before the plan."""
    years = 1
    while years_before(plan.end, years) >= plan.start:
        years += 1
    return years


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day of an earlier year; the end of February stays its end."""
    year = day.year - years
    last = monthrange(year, day.month)[1]
    ends = day.day == monthrange(day.year, day.month)[1]
    return day.replace(year=year, day=last if ends else day.day)
