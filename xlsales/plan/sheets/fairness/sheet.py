"""Sheets 公平性: what each member is asked beside its own trend and the others, and what has to move to be fair.

A person adds table 公平性; what they type there (headcount, area, seniority) is compared too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from xlsales.core.fairness import Verdict
from xlsales.core.keys import joined
from xlsales.layout import look
from xlsales.layout.keyed import Closes, at, counting
from xlsales.layout.model import Chart, Column, Row, Series, Value, chart_rows
from xlsales.layout.sheet import Page, Sheet, role_width
from xlsales.plan.fairness import EXAMPLES, FACTS, PER, T_FAIRNESS, Comparison
from xlsales.plan.figures import Figures
from xlsales.plan.sheets.fairness.read import TITLE, doubts, views
from xlsales.plan.sheets.fairness.sentences import sentences
from xlsales.plan.spans import span_name
from xlsales.plan.stuck import SHORT, holds
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_RANK, _MEMBER = Word("名次", "Rank"), Word("成员", "Member")
_PAST = Word("上一期\n销售", "Last year's sales")
_GROWTH, _TREND, _GAP = (
    Word("要求增长", "Growth asked"),
    Word("自己的趋势", "Own trend"),
    Word("相差", "Difference"),
)
_AWAY = Word("离中间\n(MAD 数)", "Off middle\n(MADs)")
_SIBLINGS = Word("离同级中间\n(MAD 数)", "Off siblings\n(MADs)")
_VERDICT, _MOVE, _WITH = Word("判断", "Verdict"), Word("移动", "Move"), Word("从谁/给谁", "From or to")
_ASKED_GROUP, _COMPARED_GROUP, _MOVES_GROUP = (
    Word("要求", "Asked"), Word("比较", "Compared"), Word("使之公平", "To be fair"),
)  # fmt: skip
_FACTS_GROUP = Word("按人数、面积", "By headcount and area")
_LAMPS: dict[Verdict, tuple[Word, str]] = {
    Verdict.TOO_MUCH: (Word("偏高", "too much"), "red"),
    Verdict.TOO_LITTLE: (Word("偏低", "too little"), "orange"),
    Verdict.FAIR: (Word("合适", "fair"), "green"),
}
_VERDICTS: dict[Verdict, Word] = {
    **{verdict: word for verdict, (word, _) in _LAMPS.items()},
    Verdict.MUCH: Word("略高", "rather much"),
    Verdict.LITTLE: Word("略低", "rather little"),
    Verdict.FEW: Word("成员太少,不比", "too few to compare"),
    Verdict.NO_PAST: Word("没有整期历史", "no whole past year"),
    Verdict.NOT_POSITIVE: Word("历史为零或负", "past is not above 0"),
    Verdict.NO_TREND: Word("只有一期历史", "one past year only"),
    Verdict.NO_TARGET: Word("目标为零", "target is 0"),
    Verdict.PARTLY: Word("期内开业或闭店", "opens or closes"),
}
"""What is said of a member; only what is beyond chance, or fair, has a colour."""
_FROM, _TO = Word("从{names}", "from {names}"), Word("给{names}", "to {names}")
_OTHERS = Word("其他 {n} 个成员", "{n} others")
_SPANS = Word("过去:{spans}", "Past: {spans}")
_NO_SPANS = Word("没有整期的历史", "No whole past year")
_NOTES = Word("小结", "In short")
_CHART = Word("{name}:要求的增长与自己的趋势", "{name}: growth asked and own trend")
_CHART_GROWTH = Word("{name}:要求的增长", "{name}: growth asked")
_CHART_ROWS, _CHARTED, _NAMED = 16, 20, 3


def _columns(view: Comparison) -> list[Column]:
    frame = view.frame
    whole = [float(view.targets.sum()), float(np.nansum(view.years[:, :1]))]
    money = frame.amount_width(whole) + 1
    asked, compared, moving, facts = map(frame.word, (_ASKED_GROUP, _COMPARED_GROUP, _MOVES_GROUP, _FACTS_GROUP))

    def column(key: str, word: Word, role: str, least: float, group: str) -> Column:
        header = frame.word(word)
        return Column(key, header, role, max(least, look.header_width(header)), group)  # type: ignore[arg-type]

    columns = [
        Column("member", frame.word(_MEMBER), "text", look.label_width([*view.names, frame.word(words.TOTAL)], 16.0)),
        Column("rank", frame.word(_RANK), "ordinal", 8.0),
        column("target", PROGRESS_COLUMNS["target"], "money", money, asked),
    ]
    if view.spans:
        columns += [
            column("past", _PAST, "money", money, asked),
            column("growth", _GROWTH, "points", 10, asked),
        ]
        if view.fair.by_trend:
            columns += [column("trend", _TREND, "points", 10, compared), column("gap", _GAP, "points", 10, compared)]
        lamps = tuple(_LAMPS.values())
        columns += [
            column("away", _AWAY, "times", 10, compared),
            *([column("siblings", _SIBLINGS, "times", 10, compared)] if view.fair.siblings is not None else []),
            Column("verdict", frame.word(_VERDICT), "lamp", 15.0, compared, lamps),
            column("move", _MOVE, "delta", money, moving),
            Column("with", frame.word(_WITH), "text", 20.0, moving),
        ]
    for key, values in view.facts.items():
        columns.append(column(key, FACTS[key], "number", role_width("number", values.tolist()), facts))
        if key in PER:
            columns.append(column(f"per:{key}", PER[key], "money", money, facts))
    return columns


def _rows(view: Comparison) -> Iterator[Row]:
    """Row keys: `total`, `m:<member>`, `proof`, `notes`, `note:<what>`, `chart:<n>`; the most unfair member first."""
    frame, fair = view.frame, view.fair
    keys = _keys(view)
    yield Row("total", _total(view), "total")
    order = fair.order if view.spans else range(len(view.leaves))
    for rank, i in enumerate(order, 1):
        compared = bool(fair.compared[i])
        yield Row(keys[i], {"rank": rank if compared else None, **_member(view, i)}, counts_for="/1/")
    summed = ("target", *(("past", "move") if view.spans else ()))
    closes = Closes(counting("/1/") - at("total"))
    label = frame.word(words.PROOF_SUM, level=view.name)
    yield Row("proof", {"member": label}, "proof", formulas=dict.fromkeys(summed, closes))
    yield Row("notes", {"member": frame.word(_NOTES)}, "section")
    yield from (Row(f"note:{what}", {"member": text}, "note") for what, text in sentences(view))
    if view.spans:
        yield from chart_rows(_CHART_ROWS)


def _keys(view: Comparison) -> list[str]:
    """The keys of the members' rows: by name, and by the one above if two have the same."""
    members, times = view.dimension.members, Counter(view.names)
    above = [view.dimension.parents[leaf] for leaf in view.leaves]
    return [
        f"m:{name}" if times[name] == 1 else joined("m", members[parent].name if parent >= 0 else "", name)
        for name, parent in zip(view.names, above, strict=True)
    ]


def _total(view: Comparison) -> dict[str, Value]:
    target = float(view.targets.sum())
    values: dict[str, Value] = {"member": view.frame.word(words.TOTAL), "target": target}
    if view.spans:
        past = float(np.nansum(view.years[:, 0]))
        values |= {"past": past, "growth": target / past - 1 if past > 0 else None, "move": 0.0}
    for key, amounts in view.facts.items():
        known = np.isfinite(amounts)
        if key in PER:
            whole = float(amounts[known].sum())
            values[key] = whole
            values[f"per:{key}"] = float(view.targets[known].sum()) / whole if whole else None
    return values


def _member(view: Comparison, i: int) -> dict[str, Value]:
    frame, fair = view.frame, view.fair
    values: dict[str, Value] = {"member": view.names[i], "target": float(view.targets[i])}
    if view.spans:
        values |= {
            "past": float(view.years[i, 0]),
            "growth": float(fair.growth[i]),
            "away": float(np.round(fair.deviation[i], 1)) + 0.0,
            "verdict": frame.word(_VERDICTS[fair.verdicts[i]]),
            "move": float(view.figures.yuan(view.moves[i])),
            "with": _with(view, i),
        }
        if fair.siblings is not None:
            values["siblings"] = float(np.round(fair.siblings.deviation[i], 1)) + 0.0
        if fair.by_trend:
            values |= {"trend": float(fair.trend[i]), "gap": float(fair.gap[i])}
    for key, amounts in view.facts.items():
        values[key] = float(amounts[i])
        if key in PER:
            values[f"per:{key}"] = float(view.per(key)[i])
    return values


def _with(view: Comparison, i: int) -> str | None:
    """To whom a member gives, or from whom it gets: those that are moved to the middle, or those that carry it."""
    frame, moved, alarms = view.frame, view.moves, view.fair.alarms
    if not moved[i]:
        hold = holds(view).get(i)
        return frame.word(SHORT[hold]) if hold is not None else None
    opposite = (view.groups == view.groups[i]) & (np.sign(moved) == -np.sign(moved[i]))
    names = [view.names[j] for j in np.flatnonzero(opposite if alarms[i] else opposite & alarms)]
    if len(names) > _NAMED:
        names = [frame.word(_OTHERS, n=len(names))]
    return frame.word(_TO if moved[i] < 0 else _FROM, names=frame.listed(names))


def _facts(view: Comparison) -> Sequence[str]:
    frame = view.frame
    if not view.spans:
        return (frame.word(_NO_SPANS),)
    return (frame.word(_SPANS, spans=frame.listed(span_name(span, frame) for span in view.spans)),)


def _charts(view: Comparison, rows: Sequence[Row]) -> list[Chart]:
    if not view.spans:
        return []
    drawn = [row.key for row in rows if row.counts_for][:_CHARTED]
    frame = view.frame
    series = [(_GROWTH, "growth", look.INK)] + ([(_TREND, "trend", look.STEEL)] if view.fair.by_trend else [])
    return [
        Chart(
            frame.word(_CHART if view.fair.by_trend else _CHART_GROWTH, name=view.name),
            tuple(Series(frame.word(word), key, drawn[0], drawn[-1], colour) for word, key, colour in series),
            categories="member",
            row="chart:1",
            column="member",
            last_row=f"chart:{_CHART_ROWS - 1}",
            last_column="with",
        )
    ]


def _page(_view: Comparison, rows: Sequence[Row]) -> Page:
    return Page(frozen_rows=1, rows=tuple(row.key for row in rows if row.key in ("notes", "chart:0")))


FAIRNESS = Sheet[Figures, Comparison](
    key="fairness",
    named="fairness_{n}",
    title=TITLE,
    purpose=Word(
        "每个成员被要求的增长与自己的趋势、与别人比:谁偏高、谁偏低、移动多少才公平",
        "Growth asked of each member beside its own trend and the others: who is asked too much, what has to move",
    ),
    views=views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=doubts,
    charts=_charts,
    page=_page,
    tables=(T_FAIRNESS,),
    judges_rows=True,
    examples=EXAMPLES,
)
