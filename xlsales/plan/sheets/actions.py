"""Sheet 行动计划: each member's gap, the actions against it, and what of the gap is still open.

A person types status and result into the sheet: they are kept, and what follows from them are live formulas.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from xlsales.core.actions import ActionStatus, cover
from xlsales.core.faults import Problem, Refused
from xlsales.core.keys import joined
from xlsales.core.text import counted as said_with
from xlsales.layout import look
from xlsales.layout.keyed import Closes, OverRows, SumOfBlock, at, counting, less
from xlsales.layout.model import Chart, Column, Keyed, Role, Row, Series, Value, chart_rows
from xlsales.layout.sheet import Page, Sheet
from xlsales.plan.actions.lamps import (
    LAMPS,
    OVER,
    PLANNED,
    STATES,
    days_over,
    formulas_of_action,
    formulas_of_member,
    state_of_action,
    state_of_member,
)
from xlsales.plan.actions.read import SEEN, Action, read_actions
from xlsales.plan.actions.table import EXAMPLES, T_ACTIONS
from xlsales.plan.actions.view import ActionsView, gap_of_line
from xlsales.plan.figures import Figures, Members
from xlsales.plan.table_rows import said_left_out
from xlsales.plan.unit_slips import said_of_slips
from xlsales.values.cell import plain
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import ACTION_STATUS, Word

_MOST_FIRST = 10
"""So many members without an action are listed, and as many rows are there in each run."""
_ACTION, _AGAINST = Word("行动", "Action"), Word("行动与缺口", "Actions against the gap")
_NAME = Word("成员 / 措施", "Member / measure")
_VISITS = Word("拜访次数", "Visits")
_RESULT = Word("已达成({unit})", "Reached ({unit})")
_TO_COME = Word("还能带来", "Still to come")
_GAP = Word("缺口 = 目标 − 预计完成", "Gap = target − forecast")
_OPEN = Word("行动还能带来", "Actions still bring")
_COVER = Word("覆盖率", "Cover")
_LEFT = Word("还没有着落", "Not covered")
_STATE = Word("情况", "State")
_ALL = Word("公司整体(全部行动)", "Company (all actions)")
_LARGEST = Word("公司整体(自己的 + 最多的维度)", "Company (own + largest dimension)")
_OWN = Word("公司自己的行动", "Actions of the company itself")
_FIRST = Word("还没有行动的成员,缺口大的在前", "Members without an action, the largest gap first")
_REST = Word("另有 {n} 个成员", "Another {n:members}")
_NO_FIRST = Word("有缺口的成员都有行动", "Each member with a gap has an action")
_WITH = Word("行动", "Actions")
_CHART = Word("缺口最大的成员和行动({unit})", "Members with the largest gaps, and actions ({unit})")
_CHART_ROWS = 11
_PROOF, _PROOF_OF = Word("各成员的行动", "actions of members"), Word("{name}的行动", "actions of {name}")
_SAME_SALES = Word(
    "{dimensions}的行动可能为同一笔销售,公司整体只算最多的一个维度",
    "Actions of {dimensions} may be for the same sales: the company counts the dimension that brings most",
)
_MEMBERS_LACK = Word(
    "公司没有缺口,但{name}有 {n} 个成员有,共 {amount} {unit}",
    "No gap of the company, but of {n:members} of {name}, {amount} {unit} in all",
)
_OVERDUE = Word(
    "逾期的 {n} 个行动仍算还能带来 {amount} {unit}",
    "overdue: {n:actions}, still counted with {amount} {unit} to come",
)
_RULE = Word(
    "还能带来 = 预计 − 已达成;完成的已在实际里,取消的不算,都是 0;上级含下级,每个行动只算一次",
    "Still to come = expected − reached; 0 if done (it is in the actuals) or cancelled; parents hold their members', "
    "each action once",
)
_NO_FORECAST = Word("还没有实际,不知道缺口", "No actuals yet, so no gap is known")
_READ: dict[str, Role] = {"status": "text", "result": "money"}
"""Nobody types into rows of members."""


def _views(figures: Figures) -> Iterator[ActionsView]:
    """Yield the actions, then raise Refused if something is wrong; a sheet that would lose what is typed stays."""
    rows, problems = figures.table_rows.get(T_ACTIONS.name, ()), list[Problem]()
    if not rows:
        return
    read = read_actions(rows, figures, problems)
    problems += read.gone
    if read.actions and not read.gone:
        yield ActionsView(figures, read)
    if problems:
        raise Refused(problems)


# --- from the actions to the sheet -----------------------------------------------


def _columns(view: ActionsView) -> list[Column]:
    frame, word, actions = view.frame, view.frame.word, view.rows.actions
    typed = {column.key: column for column in T_ACTIONS.columns}
    labels = [block.name for block in view.blocks] + [_named(members, i, view) for _, members, i in view.without]
    labels += [f"  {action.measure}" for action in actions] + [_whole(view), word(_OWN)]
    gaps = [gap_of_line(view.figures.total), sum(action.expected for action in actions)]
    money = frame.amount_width(gaps)
    group, against = word(_ACTION), word(_AGAINST)

    def own(key: str, role: Role, least: float, most: float = 14.0) -> Column:
        header = word(typed[key].label)
        texts = [str(action.row[key] or "") for action in actions] if role == "text" else []
        return Column(key, header, role, max(look.label_width(texts, least, most), look.header_width(header)), group)

    def amount(key: str, label: Word, of: str) -> Column:
        return Column(key, word(label), "money", max(money, look.header_width(word(label))), of)

    visits = [Column("visits", word(_VISITS), "count", 9, group)] if any(a.visits is not None for a in actions) else []
    result = word(_RESULT, unit=frame.unit_word)
    statuses = tuple(ACTION_STATUS.values())
    states = [look.text_width(state[frame.lang]) + 2 for state in STATES.values()]
    return [
        Column("name", word(_NAME), "text", look.label_width(labels, 20.0, 34.0)),
        own("strategy", "text", 7.0, 10.0),
        own("owner", "text", 8.0, 11.0),
        own("begins", "date", 11.5),
        own("ends", "date", 11.5),
        *visits,
        amount("expected", typed["expected"].label, group),
        Column("status", word(typed["status"].label), "entry_choice", 11, group, choices=statuses),
        Column("result", result, "entry_amount", max(money, look.header_width(result) + 3), group),
        amount("to_come", _TO_COME, group),
        amount("gap", _GAP, against),
        amount("open", _OPEN, against),
        Column("cover", word(_COVER), "bar", 9.5, against),
        amount("left", _LEFT, against),
        Column("state", word(_STATE), "lamp", max(states), against, LAMPS),
        Column(OVER, "", "count", 8, hidden=True),
        Column(PLANNED, "", "count", 8, hidden=True),
        Column(SEEN, "", "text", 8, hidden=True),
    ]


def _named(members: Members, position: int, view: ActionsView) -> str:
    name = members.dimension.members[position].name
    return f"{members.name}  {name}" if len(view.dimensions) > 1 else name


def _rows(view: ActionsView) -> Iterator[Row]:
    """Row keys: `total`, `doubt`, `note`, `drawn:<n>`, `none` and `none:<n>`, `none:rest`, `with`, `own`,
    `m:<dimension>:<member>`, `a:<…>:<measure>`, `proof` or, with several dimensions, `proof:<dimension>`.

    Column B marks an action with the numbers of its dimension, of the members above it and of its own: `/1/0/3/`;
    one of the company with `/0/`.
    """
    word, actions = view.frame.word, view.rows.actions
    order = [*view.own, *(action for block in view.blocks for action in block.actions)]
    first, last = order[0].key, order[-1].key
    against = formulas_of_member(view.frame.lang)

    def counted(mark: str) -> OverRows:
        cancelled = word(ACTION_STATUS[ActionStatus.CANCELLED])
        return OverRows(first, last, f'=COUNTIFS([],"{mark}")-COUNTIFS([],"{mark}",[status],"{cancelled}")')

    planned = sum(action.status is not ActionStatus.CANCELLED for action in actions)
    total = _held(view, _whole(view), gap_of_line(view.figures.total), view.rows.coming_of_company(), planned)
    parts = [f'SUMIFS([to_come],[],"/{one.number}/*")' for one in view.dimensions]
    most = parts[0] if len(parts) == 1 else f"MAX({','.join(parts)})"
    sums = OverRows(first, last, f'=SUMIFS([to_come],[],"/0/")+{most}')
    yield Row("total", total, "total", roles=_READ, formulas={"open": sums, PLANNED: counted("/*"), **against})
    # there without a text, too: rows that come and go would cost a person's own columns
    for key, text in (("doubt", said_of_slips(view.rows.doubts, view.frame)), ("note", _note(view))):
        yield Row(key, {"name": text}, "note", roles=_READ)
    yield from _drawn_rows(view, first, last)
    yield from _first_rows(view)
    if view.own:
        values: dict[str, Value] = {"name": word(_OWN), "open": math.fsum(action.to_come for action in view.own)}
        formulas: dict[str, Keyed] = {"open": SumOfBlock(first, last, "/0/", "to_come")}
        yield Row("own", values, "strong", roles=_READ, formulas=formulas)
        yield from (_action_row(view, action, "/0/", 1) for action in view.own)
    for block in view.blocks:
        depth = block.members.dimension.depths[block.position] - 1
        gap, mark = gap_of_line(block.members.lines[block.position]), f"{block.mark}*"
        coming, planned = (of[block.members.name][block.position] for of in (view.coming, view.planned))
        held = _held(view, _named(block.members, block.position, view), gap, float(coming), int(planned))
        formulas = {"open": SumOfBlock(first, last, mark, "to_come"), PLANNED: counted(mark), **against}
        yield Row(block.key, held, "strong", outline=depth, roles=_READ, formulas=formulas)
        yield from (_action_row(view, action, block.mark, depth + 1) for action in block.actions)
    yield from _proofs(view)


def _first_rows(view: ActionsView) -> Iterator[Row]:
    """Yield the members without an action: as many rows in each run, blank ones if fewer lack something."""
    word, listed, rest = view.frame.word, view.without[:_MOST_FIRST], view.without[_MOST_FIRST:]
    yield Row("none", {"name": word(_FIRST)}, "section")
    for n in range(min(_MOST_FIRST, len(view.by_gap))):
        values: dict[str, Value] = dict.fromkeys(("name", "gap", "state"))
        if n < len(listed):
            gap, members, i = listed[n]
            state = None if math.isnan(gap) else word(STATES["none"])
            values = {"name": _named(members, i, view), "gap": gap, "state": state}
        elif n == 0:
            values["name"] = word(_NO_FIRST)
        yield Row(f"none:{n + 1}", values, roles=_READ)
    if len(view.by_gap) > _MOST_FIRST:
        label = said_with(word(_REST), n=len(rest)) if rest else None
        yield Row("none:rest", {"name": label, "gap": math.fsum(one[0] for one in rest) if rest else None}, roles=_READ)
    yield Row("with", {"name": word(_WITH)}, "section")


def _drawn_rows(view: ActionsView, first: str, last: str) -> Iterator[Row]:
    """Yield the rows of the chart, and the hidden ones that it shows.

    What actions bring follows the sheet: each row has the mark of its member's actions, and the same formula, so that
    the members may change places.
    """
    marks = {(block.members.name, block.position): f"{block.mark}*" for block in view.blocks}
    coming = OverRows(first, last, f"=SUMIFS([to_come],[],{{{SEEN}}})")
    yield from chart_rows(_CHART_ROWS if view.drawn else 0)
    for n, (gap, members, i) in enumerate(view.drawn):
        brought = float(view.coming[members.name][i])
        values: dict[str, Value] = {"name": _named(members, i, view), "gap": gap, "open": brought}
        values[SEEN] = marks.get((members.name, i), "-")
        yield Row(f"drawn:{n}", values, hidden=True, roles=_READ, formulas={"open": coming})


def _charts(view: ActionsView, _rows: Sequence[Row]) -> list[Chart]:
    if not view.drawn:
        return []
    first, last, word = "drawn:0", f"drawn:{len(view.drawn) - 1}", view.frame.word
    series = (
        Series(word(_GAP), "gap", first, last, look.STEEL, labels=True),
        Series(word(_OPEN), "open", first, last, look.INK, labels=True),
    )
    title = word(_CHART, unit=view.frame.unit_word)
    return [Chart(title, series, "name", "chart:0", "name", f"chart:{_CHART_ROWS - 1}", "state")]


def _proofs(view: ActionsView) -> Iterator[Row]:
    """Yield that the members of the first level make their dimension; alone it makes the whole, with the company."""
    word, is_alone = view.frame.word, len(view.dimensions) == 1
    for one in view.dimensions:
        parents = one.dimension.parents
        tops = [at(block.key) for block in view.blocks if block.members is one and parents[block.position] < 0]
        own = [at("own")] if view.own and is_alone else []
        whole = at("total") if is_alone else replace(counting(f"/{one.number}/*"), column="to_come")
        key, level = (
            ("proof", word(_PROOF)) if is_alone else (joined("proof", one.name), word(_PROOF_OF, name=one.name))
        )
        label = word(words.PROOF_SUM, level=level)
        yield Row(key, {"name": label}, "proof", roles=_READ, formulas={"open": Closes(less(whole, *own, *tops))})


def _whole(view: ActionsView) -> str:
    """What the company is called, by what its actions are."""
    return view.frame.word(_ALL if len(view.dimensions) == 1 else _LARGEST)


def _held(view: ActionsView, name: str, gap: float, coming: float, planned: int) -> dict[str, Value]:
    """The cells of a member, or of the whole: the gap, and what actions bring to it."""
    share, left = cover(gap, coming)
    state = "" if math.isnan(gap) else state_of_member(gap, coming, left, planned)
    shown = view.frame.word(STATES[state]) if state else ""
    return {
        "name": name, "gap": gap, "open": coming, "cover": share, "left": left, "state": shown, PLANNED: float(planned)
    }  # fmt: skip


def _action_row(view: ActionsView, action: Action, mark: str, outline: int) -> Row:
    lang, typed = view.frame.lang, action.typed
    status = ACTION_STATUS[typed.status][lang] if typed.status else None
    over = days_over(action, view.frame.as_of)
    state = state_of_action(action, over)
    values: dict[str, Value] = {
        "name": action.measure,
        **{key: action.row[key] for key in ("strategy", "owner", "begins", "ends")},
        "expected": action.expected,
        "status": status,
        "result": None if typed.result is None else typed.result / view.per,
        "to_come": action.to_come,
        "state": STATES[state][lang] if state else "",
        OVER: over,
        SEEN: action.listed.text(view.per),
    }
    if any(one.visits is not None for one in view.rows.actions):
        values["visits"] = action.visits
    return Row(action.key, values, counts_for=mark, outline=outline, formulas=formulas_of_action(lang, view.per))


def _facts(view: ActionsView) -> Sequence[str]:
    word = view.frame.word
    gap = word(_NO_FORECAST) if math.isnan(gap_of_line(view.figures.total)) else word(words.AS_OF, day=view.frame.as_of)
    return (gap, word(_RULE), *said_left_out(view.rows.left_out, view.frame))


def _note(view: ActionsView) -> str | None:
    """What the rows do not show: actions for the same sales, gaps of members, what is overdue; None if nothing."""
    return (";" if view.frame.lang == "zh" else "; ").join(_facts_of_company(view)) or None


def _facts_of_company(view: ActionsView) -> Iterator[str]:
    frame = view.frame
    if len(view.dimensions) > 1:
        yield frame.word(_SAME_SALES, dimensions=frame.listed(one.name for one in view.dimensions))
    for one in view.dimensions if gap_of_line(view.figures.total) == 0 else ():
        gaps = [gap_of_line(line) for i, line in enumerate(one.lines) if one.dimension.is_leaf(i)]
        lacking = [gap for gap in gaps if gap > 0]
        if lacking:
            amount = plain(round(math.fsum(lacking) / view.per, 2))
            facts = {"name": one.name, "n": len(lacking), "amount": amount, "unit": frame.unit_word}
            yield said_with(frame.word(_MEMBERS_LACK), **facts)
    late = [one for one in view.rows.actions if state_of_action(one, days_over(one, frame.as_of)) == "late"]
    if any(one.to_come for one in late):
        amount = plain(round(math.fsum(one.to_come for one in late) / view.per, 2))
        yield said_with(frame.word(_OVERDUE), n=len(late), amount=amount, unit=frame.unit_word)


def _page(view: ActionsView, _rows: Sequence[Row]) -> Page:
    return Page(rows=("with", *(block.key for block in view.blocks)))


ACTIONS = Sheet[Figures, ActionsView](
    key=T_ACTIONS.sheet,
    title=Word("行动计划", "Action plan"),
    purpose=Word(
        "谁用什么行动补缺口,还差多少;状态和已达成填在这里;没有行动的在前,逾期的亮红",
        "Actions against each member's gap, what is not covered, what is overdue; status and results are typed here",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=lambda view: view.rows.doubts,
    charts=_charts,
    page=_page,
    tables=(T_ACTIONS,),
    examples=EXAMPLES,
    judges_rows=True,
)
