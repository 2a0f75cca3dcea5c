"""Sheet 漏斗倒推: what each stage of a channel's funnel needs for its deliveries, and what the leads on hand bring.

A person fills table 漏斗; deliveries that are not typed there are the channel's target in the plan ÷ its price.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats
from xlsales.core.faults import Fault, Problem, Refused
from xlsales.core.funnel import backwards, forwards
from xlsales.core.keys import joined
from xlsales.core.periods import Period
from xlsales.core.progress import divide
from xlsales.core.text import identity
from xlsales.layout import look
from xlsales.layout.keyed import Closes, at, counting
from xlsales.layout.model import Chart, Column, Row, Series, Value, chart_rows
from xlsales.layout.sheet import Frame, Page, Sheet, role_width
from xlsales.plan.figures import Figures, Members
from xlsales.plan.funnel import (
    RATES,
    T_FUNNEL,
    NoChannel,
    NoDeliveries,
    NoPrice,
    NoRate,
    NoRates,
    NothingToDeliver,
    SameChannel,
)
from xlsales.plan.table_rows import (
    LEFT_OUT,
    AtColumn,
    NamedMembers,
    by_month,
    left_out,
    named_member,
    number_of,
    undated,
    wrong_names,
)
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_TYPED = ("channel", "deliveries", *RATES, "leads")
_EXAMPLES = (
    (Word("展厅", "Showroom"), 10.0, 0.85, 0.3, 0.4, 0.95, 120.0),
    (Word("网络", "Online"), 20.0, 0.15, 0.6, 0.45, 0.95, 480.0),
)

_STAGES = {
    "leads": Word("线索", "Leads"),
    "opportunities": Word("商机", "Opportunities"),
    "drafts": Word("草签", "Drafts"),
    "orders": Word("订单", "Orders"),
    "deliveries": Word("交付", "Deliveries"),
}
_NEEDED = Word("要交付这些,各级需要", "Needed for the deliveries")
_BROUGHT = Word("现有线索能带来", "What the leads on hand bring")
_ENOUGH_GROUP = Word("线索够不够", "Enough leads?")
_FROM_PLAN = Word("出自计划", "From the plan")
_LEADS_NEEDED, _ON_HAND, _GAP = (
    Word("需要线索", "Leads needed"),
    Word("现有线索", "Leads on hand"),
    Word("余缺", "Surplus"),
)
_ENOUGH = Word("够不够", "Enough?")
_YES, _NO, _SOME = Word("够", "enough"), Word("不够", "short"), Word("部分不够", "some short")
_OF_TARGET = Word("占交付", "Of deliveries")
_MONTH = Word("{month} 合计", "{month} total")
_PROOF = Word("渠道", "channels")
_CHART = Word("{month} 线索:需要与现有", "Leads of {month}: needed and on hand")
_RULE = Word(
    "需要 = 下一级 ÷ 转化率,进位取整;能带来 = 上一级 × 转化率,舍去零头",
    "Needed = next stage / rate, rounded up; brought = stage before × rate, rounded down",
)
_CHART_ROWS = 14


class MonthFunnel(Struct, frozen=True):
    """The funnel of one month, an entry a channel; NaN is unknown.

    `needed` and `brought` are channels × stages; `targets` are yuan, only where deliveries come from them: from those
    of `members`.
    """

    month: Period
    rows: Sequence[Mapping[str, Any]]
    members: tuple[NamedMembers, ...]
    targets: Floats
    prices: Floats
    needed: Floats
    brought: Floats

    @property
    def gap(self) -> Floats:
        """Leads on hand less those needed."""
        return np.asarray(self.brought[:, 0] - self.needed[:, 0])


class FunnelView(Struct, frozen=True):
    """The months for which a funnel is typed, the stages that it has, and the numbers of the rows at fault."""

    figures: Figures
    stages: tuple[str, ...]
    months: tuple[MonthFunnel, ...]
    left_out: tuple[int, ...] = ()

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @property
    def from_plan(self) -> bool:
        """Whether deliveries of any channel come from its target."""
        return any(bool((~np.isnan(one.targets)).any()) for one in self.months)


# --- from the table to the funnel ---------------------------------------------


def _views(figures: Figures) -> Iterator[FunnelView]:
    rows = figures.table_rows.get(T_FUNNEL.name, ())
    if not rows:
        return
    problems: list[Problem] = []
    of_months = by_month(rows, figures, problems)
    lost = undated(rows, problems)
    for month, own in of_months.items():
        named = [row for row in own if row["channel"] is not None or not row["faulty"]]
        dated = [row for row in named if number_of(row) not in lost]
        for together in (dated, *([row] for row in named if number_of(row) in lost)):
            problems += wrong_names(together, "channel", NoChannel(), partial(SameChannel, month=month.key))
    aside = lost | {number_of(row) for row in rows if row["faulty"]} | set(_rows_of(problems))
    sound = [row for row in rows if number_of(row) not in aside] or rows
    used = [key for key in RATES if any(row[key] is not None for row in sound)]
    without = list(_missing_rates(rows, used, figures.frame))
    problems += without
    aside |= set(_rows_of(without))
    if not used:
        raise Refused(problems)
    months: list[MonthFunnel] = []
    for month in sorted(of_months, key=lambda month: month.start):
        dated = [row for row in of_months[month] if number_of(row) not in lost]
        months += _of_month(month, dated, used, figures, problems, aside)
    if months:
        reached = [stage for stage, rate in zip(list(_STAGES)[1:], RATES, strict=True) if rate in used]
        stages = ("leads", *reached[:-1], "deliveries")
        yield FunnelView(figures, stages, tuple(months), tuple(sorted(aside)))
    if aside:
        raise Refused([*problems, left_out(rows, aside)] if months else problems)


def _rows_of(problems: Sequence[Problem]) -> Iterator[int]:
    """The numbers of the rows that are at fault: of two rows of one channel both, because either may count."""
    for problem in problems:
        rows = problem.place.row, problem.fault.facts.get("other")
        yield from (row for row in rows if isinstance(row, int))


def _missing_rates(rows: Sequence[Mapping[str, Any]], used: Sequence[str], frame: Frame) -> Iterator[Problem]:
    """Rates that a row lacks though others have them; or all of them."""
    if not used and not any(row["faulty"] for row in rows):
        yield Problem.note(rows[0]["cells"]["lead_rate"], "", NoRates())
    for row in rows:
        for key in used:
            if row[key] is None and row["channel"] is not None and not row["faulty"]:
                fault = NoRate(name=row["channel"], column=frame.word(RATES[key]))
                yield Problem.note(row["cells"][key], "", fault)


def _of_month(
    month: Period,
    rows: Sequence[Mapping[str, Any]],
    used: Sequence[str],
    figures: Figures,
    problems: list[Problem],
    aside: set[int],
) -> Iterator[MonthFunnel]:
    """The funnel of a month, of the rows whose numbers are not `aside`; none if there are none.

    What stands in the way of deliveries is added to `problems`, and its rows are set `aside`.
    """
    told = {problem.place for problem in problems}
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    looked_up: dict[int, tuple[Members, int]] = {}
    prices, targets, deliveries = (np.full(len(rows), math.nan) for _ in range(3))
    for i, row in enumerate(rows):
        name = row["channel"]
        if row["deliveries"] is not None:
            deliveries[i] = row["deliveries"]
            continue
        if row["faulty"] or row["cells"]["channel"] in told:
            continue
        prices[i] = 1.0 if figures.frame.unit == "piece" else math.nan if row["price"] is None else row["price"]
        try:
            members, position = _member_of(row, month, figures, found)
            if math.isnan(prices[i]):
                raise AtColumn("deliveries", NoPrice(name=name))
        except AtColumn as fault:
            problems.append(fault.problem(row))
            aside |= set(_rows_of(problems[-1:]))
            continue
        looked_up[i] = members, position
        targets[i] = members.targets[position, figures.months.index(month)]
        deliveries[i] = math.ceil(targets[i] / prices[i] - 1e-9)
    chosen = [i for i, row in enumerate(rows) if number_of(row) not in aside]
    if not chosen:
        return
    own, named = [rows[i] for i in chosen], dict[str, NamedMembers]()
    for i in chosen:
        if i in looked_up:
            members, position = looked_up[i]
            named.setdefault(members.name, NamedMembers(members, {})).positions[rows[i]["channel"]] = position
    rates = np.array([[math.nan if row[key] is None else float(row[key]) for key in used] for row in own])
    leads = np.array([math.nan if row["leads"] is None else float(row["leads"]) for row in own])
    needed, brought = backwards(deliveries[chosen], rates), forwards(leads, rates)
    yield MonthFunnel(month, own, tuple(named.values()), targets[chosen], prices[chosen], needed, brought)


def _member_of(
    row: Mapping[str, Any], month: Period, figures: Figures, found: dict[tuple[str, int], Mapping[str, Any]]
) -> tuple[Members, int]:
    """The member whose target a row delivers, no other row's; `found` are those of rows above."""
    name = row["channel"]
    try:
        member = named_member(name, figures)
    except Fault as fault:
        raise AtColumn("channel", fault) from None
    if member is None:
        raise AtColumn("deliveries", NoDeliveries(name=name))
    other = found.setdefault((member[0].name, member[1]), row)
    if identity(other["channel"]) != identity(name):
        raise AtColumn("channel", SameChannel(name=name, month=month.key, other=other["cells"]["channel"].row))
    return member


# --- what is doubtful ------------------------------------------------------------


def _doubts(view: FunnelView) -> Iterator[Problem]:
    """Channels that deliver nothing; members whose targets count twice, because one is above another."""
    for one in view.months:
        for row, deliveries in zip(one.rows, one.needed[:, -1].tolist(), strict=True):
            if not deliveries:
                yield Problem.note(row["cells"]["deliveries"], "", NothingToDeliver(name=row["channel"]))
        for members in one.members:
            yield from members.overlaps({row["channel"]: row["cells"]["channel"] for row in one.rows})


# --- from the funnel to the sheet ------------------------------------------------


def _columns(view: FunnelView) -> list[Column]:
    word = view.frame.word
    numbers = np.concatenate([np.concatenate([one.needed, one.brought]).sum(axis=0) for one in view.months])
    count = role_width("count", numbers.tolist())
    labels = (f"{row['channel']}" for one in view.months for row in one.rows)

    def stages(prefix: str, group: Word, names: Sequence[str]) -> list[Column]:
        headers = [word(_LEADS_NEEDED if name == "leads" else _STAGES[name]) for name in names]
        return [
            Column(prefix + name, header, "count", max(count, look.header_width(header)), word(group))
            for name, header in zip(names, headers, strict=True)
        ]

    enough, plan = word(_ENOUGH_GROUP), word(_FROM_PLAN)
    months = [f"  {word(_MONTH, month=one.month.key)}" for one in view.months]
    amounts = [float(np.nansum(one.targets)) for one in view.months]
    typed = {column.key: column for column in T_FUNNEL.columns}
    return [
        Column("channel", word(typed["channel"].label), "text", look.label_width([*labels, *months], 18.0)),
        *(
            (
                Column("target", word(PROGRESS_COLUMNS["target"]), "money", view.frame.amount_width(amounts), plan),
                Column("price", word(typed["price"].label), "yuan", 11, plan),
            )
            if view.from_plan
            else ()
        ),
        *stages("need_", _NEEDED, view.stages[::-1]),
        Column("on_hand", word(_ON_HAND), "count", max(count, look.header_width(word(_ON_HAND))), enough),
        Column("gap", word(_GAP), "count", max(count, look.header_width(word(_GAP))), enough),
        Column("enough", word(_ENOUGH), "lamp", 9, enough, ((_YES, "green"), (_NO, "red"), (_SOME, "red"))),
        *stages("bring_", _BROUGHT, view.stages[1:]),
        Column("of_target", word(_OF_TARGET), "percent", 10, word(_BROUGHT)),
    ]


def _rows(view: FunnelView) -> Iterator[Row]:
    """Row keys, of each month: `<month>`, `<month>:c:<channel>`, `<month>:proof`; then those of the chart."""
    for one in view.months:
        key = one.month.key
        total = (one.targets, one.needed.sum(axis=0), one.brought.sum(axis=0))
        known = np.nansum(total[0]) if not np.isnan(total[0]).all() else math.nan
        short = bool((one.gap < 0).any())
        label = view.frame.word(_MONTH, month=key)
        plan: dict[str, Value] = {"target": float(known)} if view.from_plan else {}
        yield Row(key, {**_values(view, label, total[1], total[2], short), **plan}, "total")
        for i, row in enumerate(one.rows):
            values = _values(view, row["channel"], one.needed[i], one.brought[i], bool(one.gap[i] < 0))
            plan = {"target": float(one.targets[i]), "price": float(one.prices[i])} if view.from_plan else {}
            yield Row(joined(key, "c", row["channel"]), {**values, **plan}, counts_for=f"/{key}/")
        closes = Closes(counting(f"/{key}/") - at(key))
        proofs = {f"need_{stage}": closes for stage in view.stages}
        text = view.frame.word(words.PROOF_SUM, level=view.frame.word(_PROOF))
        yield Row(f"{key}:proof", {"channel": text}, "proof", formulas=proofs)
    yield from chart_rows(_CHART_ROWS if _drawn(view) else 0)


def _values(view: FunnelView, label: str, needed: Floats, brought: Floats, short: bool) -> dict[str, Value]:
    """The cells of a channel, or of their total, which is short if one channel is: none can take another's leads."""
    word, gap = view.frame.word, float(brought[0] - needed[0])
    lacking = _NO if gap < 0 else _SOME
    return {
        "channel": label,
        **{f"need_{stage}": float(number) for stage, number in zip(view.stages, needed, strict=True)},
        "on_hand": float(brought[0]),
        "gap": gap,
        "enough": word(lacking) if short else None if math.isnan(gap) else word(_YES),
        **{f"bring_{stage}": float(n) for stage, n in zip(view.stages[1:], brought[1:], strict=True)},
        "of_target": float(divide(brought[-1:], needed[-1:])[0]),
    }


def _drawn(view: FunnelView) -> MonthFunnel | None:
    """The month that the chart shows: the first one whose leads on hand are known of any channel."""
    return next((one for one in view.months if len(one.rows) > 1 and not np.isnan(one.gap).all()), None)


def _charts(view: FunnelView, _rows: Sequence[Row]) -> list[Chart]:
    one, word = _drawn(view), view.frame.word
    if one is None:
        return []
    first, last = (joined(one.month.key, "c", row["channel"]) for row in (one.rows[0], one.rows[-1]))
    return [
        Chart(
            word(_CHART, month=one.month.key),
            (
                Series(word(_LEADS_NEEDED), "need_leads", first, last, look.STEEL, labels=True),
                Series(word(_ON_HAND), "on_hand", first, last, look.INK, labels=True),
            ),
            categories="channel",
            row="chart:1",
            column="channel",
            last_row=f"chart:{_CHART_ROWS - 1}",
            last_column="enough",
        )
    ]


def _facts(view: FunnelView) -> tuple[str, ...]:
    rows = view.frame.listed(map(str, view.left_out))
    rule = view.frame.word(_RULE)
    return (rule, view.frame.word(LEFT_OUT, rows=rows)) if rows else (rule,)


def _page(_view: FunnelView, rows: Sequence[Row]) -> Page:
    return Page(rows=tuple(row.key for row in rows if row.kind == "total" or row.key == "chart:0"))


FUNNEL = Sheet[Figures, FunnelView](
    key="funnel",
    title=Word("漏斗倒推", "Funnel breakdown"),
    purpose=Word(
        "要交付这些,需要多少线索、商机、订单;手上的线索够不够",
        "How many leads, opportunities and orders the deliveries take, and whether the leads on hand are enough",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=_doubts,
    charts=_charts,
    page=_page,
    tables=(T_FUNNEL,),
    judges_rows=True,
    examples=tuple(dict(zip(_TYPED, row, strict=True)) for row in _EXAMPLES),
)
