"""What the split follows: the pull of days, months and members, from the plan and its history."""

from __future__ import annotations

import datetime as dt
import math
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlsales.core.allocation import listed
from xlsales.core.arrays import Floats, Mask
from xlsales.core.calendars import WorkCalendar
from xlsales.core.faults import Fault, Lang
from xlsales.core.period_text import parse_span
from xlsales.core.periods import Days, Level, Timeline
from xlsales.core.plan import DayMethod, Dimension, Member, MemberMethod, MemberShape, MonthMethod, Plan
from xlsales.core.weights import day_weights, month_weights, reference_shares, weekday_index

Span = tuple[dt.date, dt.date]


class WeightMissing(Fault):
    """Members that are split by weight have no weight: all of a dimension, `row` being that of the first."""

    zh = "维度“{dimension}”的{members}没有权重(空不等于 0)。请填权重,或在“分解方式”选均分或参照。"
    en = 'dimension "{dimension}": no weight for {members} (blank is not 0). Enter one, or split by equal or reference.'

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`; `{members}` is the list of names."""
        names = [f"“{name}”" if lang == "zh" else f'"{name}"' for name in self.facts["names"]]
        members = listed(range(len(names)), "part", lang, names=names)
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


@dataclass(frozen=True)
class Shapes:
    """Weights of days and months, and per dimension those of members.

    `own` holds, per dimension, members × months weights where members follow their own history;
    a dimension that the history does not tell follows the company.
    """

    days: Floats
    months: Floats
    members: Mapping[str, Floats]
    own: Mapping[str, Floats]


@dataclass(frozen=True)
class History:
    """Past sales, a row per record: day, amount in micro-yuan, and per dimension the member's position."""

    days: Days
    micros: NDArray[np.int64]
    codes: Mapping[str, NDArray[np.int32]]
    """Below zero where a row names no member: collected rows tell what the store knew."""

    def where(self, rows: Mask) -> History:
        """Return these rows alone."""
        if rows.all():
            return self
        return History(self.days[rows], self.micros[rows], {name: codes[rows] for name, codes in self.codes.items()})


def needs_history(plan: Plan) -> bool:
    """Whether the plan cannot be split without past sales."""
    by_reference = any(m.method is MemberMethod.REFERENCE for d in plan.dimensions for m in d.members)
    index_unknown = plan.day_method is DayMethod.DAY_INDEX and plan.weekday_index is None
    return (
        plan.month_method is MonthMethod.REFERENCE
        or plan.member_shape is MemberShape.OWN
        or by_reference
        or index_unknown
    )


def references_of(plan: Plan) -> list[tuple[Span, float]]:
    """The spans that history is taken from, with their shares; without any, the same days before the plan."""
    if plan.references:
        return [
            (parse_span(text, fiscal_month=plan.fiscal_month, pattern=plan.month_pattern), share)
            for text, share in plan.references
        ]
    years = 1
    while years_before(plan.end, years) >= plan.start:
        years += 1
    return [((years_before(plan.start, years), years_before(plan.end, years)), 1.0)]


def day_index(plan: Plan, calendar: WorkCalendar, history: History | None) -> tuple[float, ...] | None:
    """Return the pull of Monday to Sunday that days follow: as given, else from the reference; None where by neither.

    Raises a Fault where the reference tells too little.
    """
    if plan.weekday_index is not None or plan.day_method is not DayMethod.DAY_INDEX or history is None:
        return plan.weekday_index
    inside = inside_spans(history.days, references_of(plan))
    return tuple(weekday_index(history.days[inside], history.micros[inside], calendar).tolist())


def shapes_of(plan: Plan, timeline: Timeline, calendar: WorkCalendar, history: History | None) -> Shapes:
    """Return the weights of days, months and members. Raises a Fault where the plan and its history give none."""
    spans = references_of(plan)
    index = day_index(plan, calendar, history)
    days = day_weights(timeline, calendar, plan.day_method, index, plan.holiday_index)
    years = _calendar_years(timeline) if plan.lunar else (None,)
    share: dict[tuple[int, int], float] | dict[int, float] | None = None
    if plan.month_method is MonthMethod.REFERENCE and history is not None:
        mixed = {y: reference_shares(history.days, history.micros, spans, lunar_year=y) for y in years}
        if plan.lunar:
            share = {(y, m + 1): float(part) for y, parts in mixed.items() if y for m, part in enumerate(parts)}
        else:
            share = {m + 1: float(part) for m, part in enumerate(mixed[None])}
    months = month_weights(
        timeline,
        plan.month_method,
        weights=plan.month_weights,
        calendar=calendar,
        day_weights=days,
        reference_month_share=share,
    )
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

    `history` has one amount per member in micro-yuan (parents hold the sum of their children), or None. Siblings may
    mix methods: beside a reference, an entered weight is an amount in the plan's unit (`unit_micros`), as if the
    member had sold so much in the reference periods; an equal member weighs what those with a weight do on average.
    Raises WeightMissing or NoHistory.
    """
    entered, asked = entered_weights(dimension)
    weights = np.zeros(len(dimension.members))
    for parent, family in dimension.families():
        parent_name = dimension.members[parent].name if parent >= 0 else dimension.name
        by = {method: [i for i in family if dimension.members[i].method is method] for method in MemberMethod}
        equal, reference, weighed = (by[m] for m in (MemberMethod.EQUAL, MemberMethod.REFERENCE, MemberMethod.WEIGHT))
        if weighed and asked:
            names = tuple(m.name for m in asked)
            raise WeightMissing(dimension=dimension.name, names=names, row=asked[0].row, field="weight")
        weights[weighed] = [(entered[i] or 0.0) * (unit_micros if reference else 1) for i in weighed]
        if reference:
            weights[reference] = np.maximum(history[reference], 0) if history is not None else 0
            if not weights[family].any():
                first = dimension.members[reference[0]]
                raise NoHistory(dimension=dimension.name, parent=parent_name, row=first.row, field="method")
        others = weights[[*reference, *weighed]]
        weights[equal] = others[others > 0].mean() if others.any() else 1.0
    return weights


def entered_weights(dimension: Dimension) -> tuple[list[float | None], list[Member]]:
    """Return each member's weight as entered, and the members that still need one.

    A blank parent weighs what its children weigh together. A member needs no weight where it is locked, where all
    below it are, or where its children are asked first: with theirs its own is known.
    """
    entered = [member.weight for member in dimension.members]
    settled = [member.locked is not None for member in dimension.members]
    asked: list[Member] = []
    above_asked: set[int] = set()
    for i in range(len(entered) - 1, -1, -1):
        member, below = dimension.members[i], dimension.children(i)
        if below:
            settled[i] = settled[i] or all(settled[c] for c in below)
            by_weight = [entered[c] for c in below if dimension.members[c].method is MemberMethod.WEIGHT]
            known = [weight for weight in by_weight if weight is not None]
            if entered[i] is None and known:
                entered[i] = math.fsum(known)
        if member.method is MemberMethod.WEIGHT and entered[i] is None and not settled[i] and i not in above_asked:
            asked.append(member)
        if i in above_asked or (asked and asked[-1] is member):
            above_asked.add(dimension.parents[i])
    return entered, asked[::-1]


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
    """Return each member's past sales in micro-yuan; parents hold the sum of their children.

    Of several references shares are mixed, not sizes; they are shares of what was sold on average. Below zero where
    returns are more than sales.
    """
    n, named = len(dimension.members), codes >= 0
    history, codes = history.where(named), codes[named]
    mixed, average, counted = np.zeros(n), 0.0, 0.0
    for span, share in spans:
        inside = inside_spans(history.days, [(span, share)])
        sold = np.bincount(codes[inside], history.micros[inside].astype(np.float64), n)
        if sold.sum() > 0 and share > 0:
            mixed += share * sold / sold.sum()
            average += share * sold.sum()
            counted += share
    if counted > 0:
        mixed *= average / counted**2
    for i in range(n - 1, -1, -1):
        if dimension.parents[i] >= 0:
            mixed[dimension.parents[i]] += mixed[i]
    return mixed


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
    named = codes >= 0
    history, codes = history.where(named), codes[named]
    chain = ancestors(dimension)
    middle = [m.start + (m.end - m.start) / 2 for m in months]
    part = [m.days / monthrange(day.year, day.month)[1] for m, day in zip(months, middle, strict=True)]
    own = np.zeros((n, len(months)))
    for year in _calendar_years(timeline):
        shares = np.zeros((n, 12))
        for level in range(dimension.depth):
            group = chain[codes, level]
            known = group >= 0
            shares += reference_shares(
                history.days[known],
                history.micros[known],
                spans,
                lunar_year=year if lunar else None,
                groups=group[known].astype(np.intp),
                n_groups=n,
            )
        for i, day in enumerate(middle):
            if day.year == year:
                own[:, i] = shares[:, day.month - 1] * part[i]
    return own


def _calendar_years(timeline: Timeline) -> tuple[int, ...]:
    return tuple(range(timeline.start.year, timeline.end.year + 1))


def inside_spans(days: Days, spans: list[tuple[Span, float]]) -> Mask:
    """Return which days lie in any of the spans (the shares beside them do not matter)."""
    inside = np.zeros(len(days), dtype=np.bool_)
    for (first, last), _ in spans:
        inside |= (days >= np.datetime64(first)) & (days <= np.datetime64(last))
    return inside


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day of an earlier year; the end of February stays its end."""
    year = day.year - years
    last = monthrange(year, day.month)[1]
    ends = day.day == monthrange(day.year, day.month)[1]
    return day.replace(year=year, day=last if ends else day.day)
