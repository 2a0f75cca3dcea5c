"""Sheets 考核: what each member of a dimension is scored by in a period, with score, rank and pay, and a page of each.

A person types scores into the sheet: they are kept, and what follows from them are live formulas.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from functools import partial

from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.faults import DateRange, Place, Problem, Refused
from xlsales.core.keys import joined
from xlsales.core.pay import CENTS
from xlsales.core.scores import SCORE_DIGITS
from xlsales.layout import look
from xlsales.layout.keyed import Closes, OfRow, OverRows, OwnRow, SumOfBlock, counting
from xlsales.layout.model import Chart, Column, Keyed, Role, Row, Series, Value, chart_rows
from xlsales.layout.sheet import Page, Sheet, role_width
from xlsales.plan.figures import NAN, Figures
from xlsales.plan.kept_rows import mixed_rows
from xlsales.plan.scorecard import faults
from xlsales.plan.scorecard.cards import AT_FAULT, NOT_CLOSED, UNDER_WAY, Cards, Criterion
from xlsales.plan.scorecard.closed import (
    as_written,
    closed_sheets,
    difference,
    ends_of,
    has_tiers,
    is_shown,
    items_as_written,
    of_plan_as_written,
    texts_typed,
)
from xlsales.plan.scorecard.read import read_cards
from xlsales.plan.scorecard.results import OfPlan, scored_of
from xlsales.plan.scorecard.sources import Sources
from xlsales.plan.scorecard.tables import EXAMPLES, SOURCES, T_SCORECARD, T_TIERS
from xlsales.plan.scorecard.tiers import PayItem, read_tiers
from xlsales.plan.sheets.scorecard.pay import item_label, pay_rows, tier_rows
from xlsales.plan.sheets.scorecard.view import LEAST, PLAIN, SLACK, WEIGHT_DIGITS, CardView
from xlsales.plan.table_rows import said_left_out
from xlsales.plan.typed_cells import IS_REFUSED, REFUSED, kept_of, refused_number
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word
from xlsales.vocabulary.money import currency_word

_TITLE = Word("考核 {name}", "Scorecard {name}")
_WHO = Word("考核对象 / 指标", "Who / criterion")
_SOURCE, _WEIGHT = Word("来源", "Source"), Word("权重", "Weight")
_CAP, _FLOOR = Word("封顶", "Cap"), Word("起评线", "Zero below")
_SCORE, _RANK = Word("得分", "Score"), Word("名次", "Rank")
_KNOWN, _PAY = Word("已评权重", "Scored weight"), Word("应发({unit})", "Pay ({unit})")
_SUM = Word("总分", "Score")
_PERSON = Word("{name}  ·  {title}  ·  {days}", "{name}  ·  {title}  ·  {days}")
_PROOF = Word("验算:权重、得分、应发", "Proof: weights, scores, pay")
_CHART = Word("得分", "Scores")
_SIGN = Word(
    "本人签字:____________    上级签字:____________    日期:____________",
    "Signed: ____________    Superior: ____________    Date: ____________",
)
_RULE = Word("得分 = 权重 × 达成率(到封顶为止)", "Score = weight × attainment, up to its cap")
_TIES = Word("同分同名次", "Equal scores share a rank")
_ENTER = Word("黄格可直接填", "Type into the yellow cells")
_AS_TYPED = "General"
_MOST_DRAWN = 60
"""So many bars can be told apart."""


# --- from the tables to views --------------------------------------------------------


def _views(figures: Figures) -> Iterator[CardView]:
    """Yield each sheet, then raise Refused if something is wrong; a sheet that would lose what is typed stays."""
    rows, problems = figures.table_rows.get(T_SCORECARD.name, ()), list[Problem]()
    if not rows:
        return
    sources = Sources(figures)
    items = read_tiers(figures.table_rows.get(T_TIERS.name, ()), figures, problems)
    used, there = set[int](), set[str]()
    for number, cards in enumerate(read_cards(rows, figures, sources, problems), 1):
        view = _view(figures, number, cards, items, sources.of_plan)
        there.add(f"{SCORECARD.identity}:{cards.name}")
        used |= {id(item) for item in view.items}
        if cards.final is not None:
            yield from _final(view, cards.final, items, sources, problems)
            continue
        problems += cards.gone
        if view.scored and not cards.gone:
            yield view
    if not any(isinstance(problem.fault, faults.CriteriaLeftOut) for problem in problems):
        problems += _left(figures, there)
    if figures.breakdown.plan.closed_through is None:  # else it may be of a period that stays
        problems += [_for_nobody(item, figures) for item in items if item.tiers and id(item) not in used]
    if problems:
        raise Refused(problems)


def _left(figures: Figures, there: Collection[str]) -> Iterator[Problem]:
    """Yield a remark on each written sheet of a period that the table has no more, and that does not stay silently.

    `there` are the identities of those that it has.
    """
    ends, others = ends_of(figures), {*there, *closed_sheets(figures)}
    for identity, sheet in figures.written.items():
        if identity.startswith(f"{SCORECARD.identity}:") and identity not in others:
            if identity.rpartition(" ")[2] not in ends:
                continue  # it is of another year, which this plan does not close
            fault = faults.PeriodLeft(table=T_SCORECARD.label[figures.frame.lang])
            yield Problem.note(Place(sheet.title), "", fault)


def _view(figures: Figures, number: int, cards: Cards, items: Sequence[PayItem], of_plan: OfPlan) -> CardView:
    """Return scorecards with their results; an item of which nothing is known may be anybody's."""
    known = [item for item in items if item.tiers]
    scored = tuple(scored_of(card, cards, known, of_plan) for card in cards.cards)
    paid = {id(own.item) for one in scored for own in one.items}
    own = tuple(item for item in known if id(item) in paid)
    at_fault = cards.at_fault or len(known) < len(items) or not all(item.usable for item in own)
    return CardView(figures, number, replace(cards, at_fault=at_fault), own, scored)


def _final(
    view: CardView, sheet: WrittenSheet, items: Sequence[PayItem], sources: Sources, problems: list[Problem]
) -> Iterator[CardView]:
    """Yield a final sheet as it is, if what is typed into it now is not in its results; tell what differs by now."""
    if sheet.mixed:
        problems += mixed_rows(sheet)
        return
    cards, then = as_written(view.cards, sheet), None
    if cards is not None:
        of_plan, own = partial(of_plan_as_written, sheet, sources), items_as_written(items, view.items, sheet)
        then = _view(view.figures, view.number, cards, own, of_plan)
        then = then if not then.cards.at_fault and has_tiers(tier_rows(then), sheet) else None
    if not view.cards.at_fault:
        apart = difference(view.scored, then.scored if then is not None else None, sheet)
        problems += [apart] if apart is not None else []
    if then is not None and not is_shown(_rows(then), sheet):
        yield then
        return
    problems += view.cards.doubts
    problems += texts_typed(view.cards, sheet) if then is None else ()


def _for_nobody(item: PayItem, figures: Figures) -> Problem:
    fault = faults.NeverPaid(item=item.name, table=T_SCORECARD.label[figures.frame.lang])
    return Problem.note(item.rows[0]["cells"]["item"], item.name, fault)


# --- from views to the sheet ---------------------------------------------------------


def _columns(view: CardView) -> list[Column]:
    word, frame = view.frame.word, view.frame
    criteria = [one for scored in view.scored for one in scored.card.criteria]
    labels = [scored.card.name for scored in view.scored] + [f"  {one.name}" for one in criteria]
    labels += [f"  {item_label(one.item, frame)}" for scored in view.scored for one in scored.items]
    amounts = [value for one in criteria for value in (one.target, one.actual) if one.role == "money"]
    money = frame.amount_width(amounts)
    others = [value for one in criteria for value in (one.target, one.actual) if one.role != "money"]
    figure = max(money, role_width("ratio", others))
    pay = role_width("ratio", [math.fsum(one.pay for one in view.scored if not math.isnan(one.pay))])

    paid = word(_PAY, unit=word(currency_word(frame.currency)))

    def column(key: str, header: Word, role: Role, least: float) -> Column:
        return Column(key, word(header), role, max(least, look.header_width(word(header))))

    return [
        Column("member", word(_WHO), "text", look.label_width([*labels, word(_PROOF)], 22.0, 34.0)),
        column("source", _SOURCE, "text", 10),
        column("weight", _WEIGHT, "percent", 9.5),
        column("target", PROGRESS_COLUMNS["target"], "money", figure),
        column("actual", PROGRESS_COLUMNS["actual"], "entry", figure),
        column("attainment", PROGRESS_COLUMNS["attainment"], "bar", 11),
        column("cap", _CAP, "percent", 9),
        column("floor", _FLOOR, "percent", 9),
        column("score", _SCORE, "times", 9),
        column("rank", _RANK, "ordinal", 7),
        column("known", _KNOWN, "percent", 9.5),
        Column(REFUSED, "", "ratio", 8, hidden=True),
        *([Column("pay", paid, "ratio", max(12.0, pay, look.header_width(paid)))] if view.items else []),
    ]


def _rows(view: CardView) -> list[Row]:
    """Row keys: `m:<member>` of the table of all, `all`, `proof`, those of tiers and of the chart, then of each member.

    A member has `h:<member>`, `c:<member>:<criterion>`, `p:<member>`, `i:<member>:<item>`, `pay:<member>`. Column B
    marks the table of all with `/m/`, a criterion of the n-th member with `/c/<n>/<kind>/`, an item with
    `/i/<n>/<kind>/`: a row of another kind has another formula or look, so that the sheet is written anew.
    """
    rows = [_member_row(view, n) for n in range(len(view.scored))]
    first, last = rows[0].key, rows[-1].key
    if view.pays:
        whole = Row("all", {"member": view.frame.word(words.TOTAL), "pay": _total_pay(view)}, "total")
        rows.append(_with(whole, {"pay": SumOfBlock(first, last, "/m/")}))
    proofs: dict[str, Keyed] = {
        "weight": OverRows(first, last, f"=ROUND(SUMPRODUCT(ABS([weight]-1)),{WEIGHT_DIGITS})"),
        "score": Closes(counting("/c/*") - counting("/m/"), SCORE_DIGITS),
    }
    if view.pays:
        proofs["pay"] = Closes(counting("/i/*") - counting("/m/"), CENTS)
    off = round(math.fsum(abs(one.weight - 1) for one in view.scored), WEIGHT_DIGITS) + 0.0
    proof_roles: dict[str, Role] = dict.fromkeys(proofs, "proof")
    label = view.frame.word(_PROOF)
    rows.append(Row("proof", {"member": label, "weight": off}, "proof", formulas=proofs, roles=proof_roles))
    rows += tier_rows(view)
    rows += chart_rows(_chart_rows(view))
    for n in range(len(view.scored)):
        rows += _block(view, n, first, last)
    return rows


_COPIED = ("weight", "score", "rank", "known")


def _with(row: Row, formulas: dict[str, Keyed]) -> Row:
    return Row(row.key, row.values, row.kind, row.counts_for, row.outline, roles=row.roles, formulas=formulas)


def _total_pay(view: CardView) -> float:
    known = [one.pay for one in view.scored if not math.isnan(one.pay)]
    return math.fsum(known) if known else NAN


def _results(view: CardView, n: int) -> dict[str, Value]:
    """The score of a member and what belongs to it."""
    one = view.scored[n]
    return {"weight": one.weight, "score": one.score, "rank": view.ranks[n], "known": one.known}


def _member_row(view: CardView, n: int) -> Row:
    """A member in the table of all, with the figures of its own page."""
    one = view.scored[n]
    formulas: dict[str, Keyed] = {key: OfRow(joined("p", one.card.name), f"={{{key}}}") for key in _COPIED}
    values = {"member": one.card.name, **_results(view, n)}
    if one.items:
        formulas["pay"] = OfRow(joined("pay", one.card.name), "={pay}")
        values["pay"] = one.pay
    return Row(joined("m", one.card.name), values, counts_for="/m/", formulas=formulas, roles=PLAIN)


def _block(view: CardView, n: int, first: str, last: str) -> Iterator[Row]:
    """The page of a member: its criteria, its score and rank among `first` to `last`, its pay."""
    word, one, mark = view.frame.word, view.scored[n], f"/c/{n}/"
    name, criteria = one.card.name, one.card.criteria
    title = words.with_name(_TITLE, view.name, view.frame.lang)
    days = DateRange(view.cards.period.start, view.cards.period.end)
    yield Row(joined("h", name), {"member": word(_PERSON, name=name, title=title, days=days)}, "section")
    lines = zip(criteria, one.attainments.tolist(), one.points.tolist(), strict=True)
    for criterion, attainment, points in lines:
        yield _criterion_row(view, one.card.key(criterion), criterion, attainment, points, mark)
    keys = [one.card.key(criterion) for criterion in criteria]
    among = f"MAX([known])-{SLACK}"
    above = f'COUNTIFS([score],">"&({{score}}+{LEAST}),[known],">="&({among}))+1'
    sums: dict[str, Keyed] = {
        "weight": SumOfBlock(keys[0], keys[-1], f"{mark}*"),
        "score": SumOfBlock(keys[0], keys[-1], f"{mark}*"),
        "known": OverRows(keys[0], keys[-1], f'=SUMIFS([weight],[],"{mark}*",[score],">=0")'),
        "rank": OverRows(first, last, f'=IF({{score}}="","",IF({{known}}<{among},"",{above}))'),
    }
    yield Row(joined("p", name), {"member": word(_SUM), **_results(view, n)}, "total", formulas=sums)
    if one.items:
        yield from pay_rows(view, n)
    yield Row(joined("rule", name), {"member": _footnote(view)}, "note")
    yield Row(joined("sign", name), {"member": word(_SIGN)}, "note", height=40.0)


def _criterion_row(view: CardView, key: str, one: Criterion, attainment: float, points: float, mark: str) -> Row:
    reach = 'IF({target}=0,"",{actual}/{target})'
    if one.less:
        reach = "IF({actual}>0,{target}/{actual},IF({target}=0,1,{cap}))"
    counts = f"IF({{attainment}}+{LEAST}<{{floor}},0,MAX(0,MIN({{attainment}},{{cap}})))"  # no bound if it is blank
    unknown = "COUNT({target},{actual})<2"
    if one.typed:
        unknown = f"OR({unknown},{IS_REFUSED.replace('{cell}', '{actual}')})"
    formulas: dict[str, Keyed] = {
        "attainment": OwnRow(f'=IF({unknown},"",{reach})'),
        "score": OwnRow(f'=IF({{attainment}}="","",ROUND({{weight}}*100*{counts}+{LEAST},{SCORE_DIGITS}))'),
    }
    values: dict[str, Value] = {
        "member": one.name,
        "source": view.frame.word(SOURCES[one.source]),
        "weight": one.weight,
        "target": one.target,
        "actual": kept_of(one.refused, one.actual),
        REFUSED: refused_number(one.refused),
        "attainment": attainment,
        "cap": one.cap,
        "floor": one.floor,
        "score": points,
    }
    roles: dict[str, Role] = {"target": one.role, "actual": one.role}
    money = None
    if one.typed:  # as a person types them: 90 points, or 85 %
        roles = {"target": "money"}
        money = "0.0%" if 0 < one.target <= 1 else _AS_TYPED
    variant = "-".join((one.source, one.role, *(["less"] if one.less else []), *([money] if money else [])))
    return Row(key, values, counts_for=f"{mark}{variant}/", outline=1, roles=roles, money=money, formulas=formulas)


# --- chart and page ------------------------------------------------------------------


_ON_A_PAGE = 32
"""Rows that fit on a page."""


def _chart_rows(view: CardView) -> int:
    """How many rows the chart takes; none if there is nothing to compare."""
    count = len(view.scored)
    return max(8, count + 3) if 1 < count <= _MOST_DRAWN else 0


def _charts(view: CardView, rows: Sequence[Row]) -> list[Chart]:
    drawn = _chart_rows(view)
    if not drawn:
        return []
    members = [row.key for row in rows if row.counts_for == "/m/"]
    score = Series(view.frame.word(_CHART), "score", members[0], members[-1], look.INK, "bar", labels=True)
    last = "cap"
    return [Chart(view.frame.word(_CHART), (score,), "member", "chart:1", "member", f"chart:{drawn - 1}", last)]


def _facts(view: CardView) -> list[str]:
    word, frame = view.frame.word, view.frame
    facts = [*_said_of_all(view), word(_TIES)]
    if any(one.typed for scored in view.scored for one in scored.card.criteria):
        facts.append(word(_ENTER))
    return [*facts, *said_left_out(view.cards.left_out, frame)]


def _said_of_all(view: CardView) -> list[str]:
    word, frame = view.frame.word, view.frame
    as_of = word(words.AS_OF, day=frame.as_of) if frame.as_of else word(words.NO_ACTUALS)
    return [as_of, word(_RULE), *([word(state)] if (state := _state(view)) else [])]


def _state(view: CardView) -> Word | None:
    """Whether the period is under way, not closed yet, or closed with tables at fault; None if the sheet is final."""
    if view.cards.under_way:
        return UNDER_WAY
    end, through, as_of = view.cards.period.end, view.figures.breakdown.plan.closed_through, view.frame.as_of
    is_open = as_of is not None and end <= as_of and (through is None or end > through)
    is_closed = through is not None and end <= through
    return NOT_CLOSED if is_open else AT_FAULT if is_closed and view.cards.at_fault else None


def _footnote(view: CardView) -> str:
    """What a member's page says below its figures."""
    unit = view.frame.word(words.UNIT, unit=view.frame.unit_word)
    return "  ·  ".join((unit, *_said_of_all(view)))


def _page(_view: CardView, rows: Sequence[Row]) -> Page:
    """A page for all, with the chart if it fits, then one for each member."""
    keys = [row.key for row in rows]
    chart = sum(key.startswith("chart:") for key in keys)
    apart = ["chart:0"] if chart and keys.index("chart:0") + chart > _ON_A_PAGE else []
    return Page(rows=(*apart, *(row.key for row in rows if row.kind == "section")), apart=True)


SCORECARD = Sheet[Figures, CardView](
    key=T_SCORECARD.sheet,
    named="card_{n}",
    title=_TITLE,
    purpose=Word(
        "每人按权重的得分、名次和应发的提成、奖金;每人一页,可以发下去",
        "Weighted scores, ranks and pay by tiers of each member, and a page of each to hand out",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=lambda view: view.cards.doubts,
    charts=_charts,
    page=_page,
    tables=(T_SCORECARD, T_TIERS),
    examples=EXAMPLES,
    judges_rows=True,
    stays=closed_sheets,
)
