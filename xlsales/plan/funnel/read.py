"""Table 漏斗 as the funnels of its months: what each stage of a channel needs, and what its leads on hand bring."""

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
from xlsales.core.periods import Period
from xlsales.core.text import identity
from xlsales.layout.sheet import Frame
from xlsales.plan.figures import Figures, Members
from xlsales.plan.funnel.table import (
    RATES,
    T_FUNNEL,
    NoChannel,
    NoDeliveries,
    NoPrice,
    NoRate,
    NoRates,
    SameChannel,
)
from xlsales.plan.table_rows import (
    AtColumn,
    NamedMembers,
    by_month,
    left_out,
    named_member,
    number_of,
    undated,
    wrong_names,
)
from xlsales.vocabulary.contract import Word

STAGES = {
    "leads": Word("线索", "Leads"),
    "opportunities": Word("商机", "Opportunities"),
    "drafts": Word("草签", "Drafts"),
    "orders": Word("订单", "Orders"),
    "deliveries": Word("交付", "Deliveries"),
}


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


def funnels(figures: Figures) -> Iterator[FunnelView]:
    """Yield what the table says, if it has rows, then raise Refused if some are at fault."""
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
        reached = [stage for stage, rate in zip(list(STAGES)[1:], RATES, strict=True) if rate in used]
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
