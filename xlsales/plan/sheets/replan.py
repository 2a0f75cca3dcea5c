"""Sheet 重排: what closed months missed, the three ways to place it, and what a person chooses and why.

A split carries a choice out that has a reason (`commands/replanning.py`), and keeps it as a decision in the table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from xlsales.core.faults import Problem, Refused
from xlsales.core.keys import joined
from xlsales.core.plan import MICROS
from xlsales.core.replan import Way
from xlsales.layout import look
from xlsales.layout.keyed import Closes, at, counting
from xlsales.layout.model import Column, Kind, Role, Row, Value
from xlsales.layout.sheet import Page, Sheet, role_width
from xlsales.plan.figures import Figures
from xlsales.plan.readiness import COMPANY
from xlsales.plan.replan.read import NEW_TOTAL, RESERVE, Line, Replan
from xlsales.plan.replan.table import T_REPLAN, WAYS
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, UNIT_YUAN, Word

_MEMBER, _MISSED = Word("成员", "Member"), Word("已关账欠", "Missed")
_PLACE, _DAYS = Word("还要安排", "To place"), Word("剩余天", "Days left")
_BEST = Word("最好月日均\n({unit})", "Best month\na day ({unit})")
_TOTAL, _PER_DAY = Word("全年", "Year"), Word("日均({unit})", "A day ({unit})")
_OF_BEST, _CHANCE = Word("÷ 最好", "/ best"), Word("概率", "Chance")
_GROUPS = {
    Way.ROLL: Word("滚入:剩余日子补上", "Roll in: the days left carry it"),
    Way.RESERVE: Word("预留承担:别人不变", "Reserve: nobody else carries it"),
    Way.LOWER: Word("降低总目标", "Lower total"),
}
_DECIDE = Word("决定(黄格填写)", "Decision (type into yellow cells)")
_TYPED, _CHOICE, _REASON = Word("数额", "Amount"), Word("选择", "Choice"), Word("原因(必填)", "Reason (required)")
_STATE = Word("已经执行", "Carried out")
_NEW_TOTAL = Word("新的总目标({unit})", "New total ({unit})")
_RESERVE = Word("可用预留({unit})", "Usable reserve ({unit})")
_USED = Word("已用 {used},还有 {left}", "{used} used, {left} left")
_RESERVED = Word("预留(未分配)", "Reserve (unassigned)")
_DONE = Word("{done} {way} {amount}", "{done} {way} {amount}")
_MISSED_RULE = Word(
    "已关账欠 = {first} 至 {last} 的目标 − 实际;日均 = (全年 − 实际) ÷ 剩余天,欠的也在内",
    "Missed = target − actual of {first} to {last}; a day = (year − actual) / days left, what was missed included",
)
_NOTHING_CLOSED = Word("还没有实际已齐、已关账的月份", "No month with complete actuals is closed yet")
_HOW = Word(
    "在黄格选择并写原因,再“分解目标”:先说会怎样,再写;已关账的月份不动",
    "Choose and give a reason in yellow cells, then split: it is told first; closed months stay",
)
_NO_ENTRY: dict[str, Role] = {"typed": "money", "choice": "text", "reason": "text"}
_LEAST = 8.5


def _views(figures: Figures) -> Iterator[Replan]:
    rows = figures.table_rows.get(T_REPLAN.name)
    if rows is None:
        return
    view = Replan(figures, rows)
    gone = list(view.gone)
    if gone:
        raise Refused(gone)
    yield view


def _doubts(view: Replan) -> Iterator[Problem]:
    _ = view.new_total, view.reserve
    yield from view.problems


def _columns(view: Replan) -> list[Column]:
    frame, word = view.frame, view.frame.word
    lines = [view.company, *(line for many in view.members.values() for line in many)]
    labels = [word(COMPANY), word(_NEW_TOTAL, unit=frame.unit_word), word(_RESERVE, unit=frame.unit_word)]
    labels += ["  " * (_depth(view, line) - 1) + line.member for line in lines]
    wide = max(frame.amount_width([view.figures.total["target"], *(line.target for line in lines)]), _LEAST)
    rates = [rate for line in lines for _, rate in line.prices.values()] + [line.best for line in lines]
    daily = max(role_width("yuan", rates), 7.0)

    def money(key: str, header: Word, width: float, group: str = "") -> Column:
        return Column(key, word(header), "money", max(width, look.header_width(word(header))), group)

    def a_day(key: str, header: Word, group: str = "") -> Column:
        text = word(header, unit=frame.full_word)
        return Column(key, text, "yuan", max(daily, look.header_width(text)), group)

    by_way = []
    for way, title in _GROUPS.items():
        group = word(title)
        by_way += [
            money(f"{way}_total", _TOTAL, wide, group),
            a_day(f"{way}_rate", _PER_DAY, group),
            Column(f"{way}_best", word(_OF_BEST), "percent", max(7.0, look.header_width(word(_OF_BEST))), group),
            Column(f"{way}_chance", word(_CHANCE), "percent", max(6.5, look.header_width(word(_CHANCE))), group),
        ]
    decide = word(_DECIDE)
    states = [_said(view, line) for line in lines]
    return [
        Column("member", word(_MEMBER), "text", look.label_width(labels, 14.0, 28.0)),
        money("target", PROGRESS_COLUMNS["target"], wide),
        Column("missed", word(_MISSED), "money", max(wide, look.header_width(word(_MISSED)))),
        money("place", _PLACE, wide),
        Column("days", word(_DAYS), "count", max(7.0, look.header_width(word(_DAYS)))),
        a_day("best", _BEST),
        *by_way,
        Column("typed", word(_TYPED), "entry_amount", wide, decide),
        Column("choice", word(_CHOICE), "entry_choice", 12, decide, choices=tuple(WAYS.values())),
        Column("reason", word(_REASON), "entry_text", 20, decide),
        Column("state", word(_STATE), "wrap", min(max(look.label_width(states, 18.0), 18.0), 28.0)),
    ]


def _depth(view: Replan, line: Line) -> int:
    if line.position < 0:
        return 1
    return view.figures.breakdown.dimensions[line.dimension].dimension.depths[line.position]


def _rows(view: Replan) -> Iterator[Row]:
    """Row keys: `total`, `new`, `reserve`, `d:<dimension>`, `m:<dimension>:<member>`, `reserve:<…>`, `proof:<…>`.

    Column B marks the lowest members with the number of their dimension: `/1/`.
    """
    frame, word = view.frame, view.frame.word
    per = UNIT_YUAN[frame.unit]
    yield _line_row(view, view.company, word(COMPANY), "normal", is_open=True)
    for key, title, amount in (
        (NEW_TOTAL, _NEW_TOTAL, None if view.new_total is None else view.new_total * view.step),
        (RESERVE, _RESERVE, view.reserve),
    ):
        shown: Value = view.typed_text(key) if amount is None else amount / MICROS / per
        roles: dict[str, Role] = {"choice": "text", "reason": "text"}
        values: dict[str, Value] = {"member": word(title, unit=frame.unit_word), "typed": shown}
        if key == RESERVE and amount is not None:
            left = max(amount - view.used, 0)
            values["state"] = word(_USED, used=view.said(view.used), left=view.said(left))
        yield Row(key, values, roles=roles)
    for members in view.figures.dimensions:
        lines = view.members.get(members.name)
        if lines is None:
            continue
        leaves = [line for line in lines if members.dimension.is_leaf(line.position)]
        own = f"/{members.number}/"
        stretched = members.figures.breakdown.plan.total + int(members.part.stretch.sum())
        whole, kept = (float(view.figures.yuan(steps)) for steps in (stretched, int(members.part.unassigned.sum())))
        waived = float(view.figures.yuan(sum(line.place for line in leaves)))
        columns = ("target", *(f"{way}_total" for way in Way))
        totals = dict(zip(columns, (whole, whole, whole, whole - waived), strict=True))
        reserves = dict(zip(columns, (kept, kept, kept + waived, kept), strict=True))
        sums = {"missed": math.fsum(line.missed for line in leaves), "place": waived}
        yield Row(joined("d", members.name), {"member": members.name, **totals, **sums}, "strong", roles=_NO_ENTRY)
        for line in lines:
            is_leaf = members.dimension.is_leaf(line.position)
            row = _line_row(view, line, line.member, "normal", is_open=is_leaf)
            yield Row(
                row.key, row.values, counts_for=own if is_leaf else "", outline=_depth(view, line), roles=row.roles
            )
        yield Row(joined(RESERVE, members.name), {"member": word(_RESERVED), **reserves}, "stretch", roles=_NO_ENTRY)
        closes = Closes(counting(own) + at(joined(RESERVE, members.name)) - at(joined("d", members.name)))
        label = word(words.PROOF_SUM, level=members.name)
        yield Row(
            joined("proof", members.name),
            {"member": label},
            "proof",
            formulas=dict.fromkeys(columns, closes),
            roles=_NO_ENTRY,
        )


def _line_row(view: Replan, line: Line, label: str, kind: Kind, *, is_open: bool) -> Row:
    values: dict[str, Value] = {
        "member": label,
        "target": line.target,
        "missed": line.missed,
        "place": float(view.figures.yuan(line.place)) if view.n_closed else math.nan,
        "days": line.days_left,
        "best": line.best,
        "state": _said(view, line) or None,
    }
    for way, (total, rate) in line.prices.items():
        chance = view.chances[line.key][way]
        values |= {f"{way}_total": total, f"{way}_rate": rate, f"{way}_best": rate / line.best, f"{way}_chance": chance}
    typed_here = view.choice(line.key)
    if not any(one.is_new and view.is_of(one, line) for one in view.decisions):
        chosen = typed_here.word if typed_here.way is None else view.frame.word(WAYS[typed_here.way])
        values |= {"choice": chosen or None, "reason": typed_here.reason or None}
    roles: dict[str, Role] = {"typed": "money"} if is_open else _NO_ENTRY
    return Row(line.key, values, kind, roles=roles)


def _said(view: Replan, line: Line) -> str:
    """What was carried out for a row, the latest first."""
    done = [one for one in view.decisions if view.is_of(one, line)]
    texts = [
        view.frame.word(_DONE, done=one.done, way=view.frame.word(WAYS[one.way]), amount=view.said(one.amount))
        for one in sorted(done, key=lambda one: one.done, reverse=True)
    ]
    return (";" if view.frame.lang == "zh" else "; ").join(texts)


def _facts(view: Replan) -> Sequence[str]:
    word, frame = view.frame.word, view.frame
    if not view.n_closed:
        return (word(_NOTHING_CLOSED), word(_HOW))
    months = view.figures.months
    rule = word(_MISSED_RULE, first=months[0].key, last=months[view.n_closed - 1].key)
    return (word(words.AS_OF, day=frame.as_of), rule, word(_HOW))


REPLAN = Sheet[Figures, Replan](
    key=T_REPLAN.sheet,
    title=Word("重排", "Re-plan"),
    purpose=Word(
        "已关账的欠了多少,滚入、预留、降低总目标各要日均多少,是历史最好的几成;选择和原因填在这里,分解时执行",
        "What closed months missed, and what rolling it in, a reserve or a lower total ask a day beside the best ever; "
        "choose here and say why, a split carries it out",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=_doubts,
    page=lambda view, rows: Page(rows=tuple(row.key for row in rows if row.key.startswith("d:")), frozen_rows=1),
    tables=(T_REPLAN,),
)
