"""Sheet 漏斗倒推: what each stage of a channel's funnel needs for its deliveries, and what the leads on hand bring.

A person fills table 漏斗; deliveries that are not typed there are the channel's target in the plan ÷ its price.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from xlsales.core.arrays import Floats
from xlsales.core.faults import Problem
from xlsales.core.keys import joined
from xlsales.core.progress import divide
from xlsales.layout import look
from xlsales.layout.keyed import Closes, at, counting
from xlsales.layout.model import Chart, Column, Row, Series, Value, chart_rows
from xlsales.layout.sheet import Page, Sheet, role_width
from xlsales.plan.figures import Figures
from xlsales.plan.funnel.read import STAGES, FunnelView, MonthFunnel, funnels
from xlsales.plan.funnel.table import RATES, T_FUNNEL, NothingToDeliver
from xlsales.plan.table_rows import (
    said_left_out,
)
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_TYPED = ("channel", "deliveries", *RATES, "leads")
_EXAMPLES = (
    (Word("展厅", "Showroom"), 10.0, 0.85, 0.3, 0.4, 0.95, 120.0),
    (Word("网络", "Online"), 20.0, 0.15, 0.6, 0.45, 0.95, 480.0),
)

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
        headers = [word(_LEADS_NEEDED if name == "leads" else STAGES[name]) for name in names]
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
    return (view.frame.word(_RULE), *said_left_out(view.left_out, view.frame))


def _page(_view: FunnelView, rows: Sequence[Row]) -> Page:
    return Page(rows=tuple(row.key for row in rows if row.kind == "total" or row.key == "chart:0"))


FUNNEL = Sheet[Figures, FunnelView](
    key="funnel",
    title=Word("漏斗倒推", "Funnel breakdown"),
    purpose=Word(
        "要交付这些,需要多少线索、商机、订单;手上的线索够不够",
        "How many leads, opportunities and orders the deliveries take, and whether the leads on hand are enough",
    ),
    views=funnels,
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
