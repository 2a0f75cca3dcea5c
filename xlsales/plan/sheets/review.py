"""Sheets 复盘: of each closed period its gap by driver and by member, with causes, remedies and earlier promises.

A page stays as it was written, whatever targets do later; only other actuals make it new, and the page says so. What a
person types into it is kept by its row. The remedies of a review stand on the next pages too, and what is typed into
one of these pages is on all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xlsales.core.bridge import DRIVERS
from xlsales.core.keys import parted
from xlsales.layout import look
from xlsales.layout.keyed import Closes, OwnRow, at, counting
from xlsales.layout.model import Chart, Column, Keyed, Kind, Role, Row, Series, Value
from xlsales.layout.sheet import Page, Sheet
from xlsales.plan.figures import Figures
from xlsales.plan.review.gaps import DRIVER_WORDS, GAP, HIDDEN, SUMS, TOTAL
from xlsales.plan.review.pages import CHANGED, PageView, doubts, pages
from xlsales.plan.review.tables import DONE, DROPPED, EXAMPLES, LINES, STATES, T_REVIEW, Remedy
from xlsales.plan.review.typed import ACT, ORIGIN, PROMISE, SEEN, TYPED
from xlsales.values.cell import plain
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, UNIT_YUAN, Word

_TITLE = Word("复盘 {name}", "Review {name}")
_MEMBER, _RANK = Word("成员", "Member"), Word("名次", "Rank")
_DRIVERS = Word("实际 − 目标,按原因", "Actual − target, by driver")
_ENTERED = Word("复盘(黄格可填)", "Review (type into the yellow cells)")
_PROOF = Word("验算", "Proof")
_HEADERS: Mapping[str, Word] = {
    "who": Word("对象", "About"),
    "cause": Word("原因", "Cause"),
    "remedy": Word("改进", "Remedy"),
    "owner": Word("负责人", "Owner"),
    "due": Word("期限", "Due"),
    "state": Word("状态", "State"),
    "late": Word("逾期", "Overdue"),
}
_WIDTHS = {"who": 14.0, "cause": 30.0, "remedy": 30.0, "owner": 10.0, "due": 12.0, "state": 10.0, "late": 8.0}
_OVERDUE = Word("逾期", "overdue")
_CAUSES, _PROMISES = Word("原因与改进", "Causes and remedies"), Word("上次答应的改进", "Remedies of earlier reviews")
_FROM = Word("{who}({period})", "{who} ({period})")
_CHART_DRIVERS = Word("实际 − 目标,按原因({unit})", "Actual − target, by driver ({unit})")
_CHART_MEMBERS = Word("实际 − 目标,按{name}({unit})", "Actual − target, by {name} ({unit})")
_START, _SUM = Word("起点", "Start"), Word("差额", "Gap")
_LESS, _MORE = Word("少", "Less"), Word("多", "More")
_LADDER = Word("从目标到实际", "From target to actual")
_BLOCK = Word("{name}:最好与最差", "{name}: best and worst")
_REVIEW_DAY = Word("复盘日 {day}", "Review on {day}")
_SIGN = Word("正数 = 超过目标", "Above zero = more than the target")
_TERMS = Word(
    "天数:卖了的日子比计划少或多;日历:卖了的日子在计划曲线里是强是弱;水平:一天带来的与曲线期望的之比;"
    "构成:成员占比的变化,各成员合计为 0。各原因按沙普利值分,先后不影响结果。",
    "Days: fewer or more days sold than planned. Calendar: strong or weak days of the plan's curve sold. Rate: what a "
    "day brought of what the curve expects. Mix: a member's share of all changed; over all members it is 0. "
    "Each driver has its Shapley value, so their order does not matter.",
)
_LATE, _AS_OF, _NAME = "late", "as_of", "name"
"""Columns: what is overdue; hidden, the as-of date and the name of a bar with its amount."""
_SIDE = (*TYPED, _LATE)
_FIGURES = ("member", "rank", "target", "actual", "gap", "attainment", *DRIVERS, "proof")
_ROW_HEIGHT = 29.0


def _columns(view: PageView) -> list[Column]:
    word, frame = view.frame.word, view.frame
    amounts = [value for line in view.lines for key in SUMS if isinstance(value := line.values.get(key), float)]
    width = max(10.0, frame.amount_width(amounts))
    labels = [str(line.values.get("member", "")) for line in view.lines if not line.key.endswith(":ties")]
    drivers, entered, gap = word(_DRIVERS), word(_ENTERED), word(GAP)
    headers = {key: word(PROGRESS_COLUMNS[key]) for key in ("target", "actual", "attainment")}
    lamps = ((_OVERDUE, "red"),)
    roles: dict[str, Role] = {"due": "entry_day", "state": "entry_choice", _LATE: "lamp"}
    return [
        Column("member", word(_MEMBER), "text", look.label_width(labels, 18.0, 28.0)),
        Column("rank", word(_RANK), "ordinal", 7.0),
        Column("target", headers["target"], "money", width),
        Column("actual", headers["actual"], "money", width),
        Column("gap", gap, "delta", max(width, look.header_width(gap))),
        Column("attainment", headers["attainment"], "bar", max(10.0, look.header_width(headers["attainment"]))),
        *(Column(key, word(DRIVER_WORDS[key]), "delta", max(width, 10.0), drivers) for key in DRIVERS),
        Column("proof", word(_PROOF), "proof", 9.0, drivers),
        *(
            Column(
                key,
                word(_HEADERS[key]),
                roles.get(key, "entry_text"),
                _WIDTHS[key],
                entered,
                lamps if key == _LATE else (),
                choices=STATES if key == "state" else (),
            )
            for key in _SIDE
        ),
        *(Column(key, word(_BARS[key]) if key in _BARS else "", "money", 10, hidden=True) for key in HIDDEN),
        *(Column(key, "", "text", 8, hidden=True) for key in (_NAME, SEEN, ORIGIN)),
        Column(_AS_OF, "", "date", 8, hidden=True),
    ]


_BARS = {"base": _START, "sum": _SUM, "fall": _LESS, "rise": _MORE, "fall:below": _LESS, "rise:below": _MORE}


def _rows(view: PageView) -> list[Row]:
    """Row keys: `total`, `act:<n>`, `was:<n>`, `w:<driver>`, `b:<dimension>:<level>:<row>`, `changed`, `terms`."""
    word = view.frame.word
    lines = {line.key: line.values for line in view.lines}
    blocks = [line for line in view.lines if line.key.startswith("b:")]
    rows = [_row(TOTAL, lines.get(TOTAL, {}), view)]
    rows += _band("acts", _CAUSES, ACT, view.texts.own, view)
    rows += _band("promises", _PROMISES, PROMISE, view.texts.promises, view)
    rows.append(_section("ladder", word(_LADDER)))
    rows += [_rung(key, values, view) for key, values in lines.items() if key.startswith("w:")]
    for line in blocks:
        if line.key.endswith(":total"):
            name = str(line.values.get("member", ""))
            rows.append(_section("head" + line.key.removeprefix("b").removesuffix(":total"), word(_BLOCK, name=name)))
        rows.append(_row(line.key, line.values, view))
    rows.append(Row(CHANGED, {"member": view.changed or None}, "note"))
    rows.append(Row("terms", {"member": word(_TERMS)}, "note"))
    return rows


def _section(key: str, title: str) -> Row:
    return Row(key, dict.fromkeys((*_FIGURES, *_SIDE)) | {"member": title}, "section")


def _named(values: Mapping[str, Value], view: PageView) -> dict[str, Value]:
    """The name of a bar: a label could not say the amount of a bar on both sides of zero."""
    frame, amount = view.frame, values.get("sum", values.get("gap"))
    if not isinstance(amount, float):
        return {_NAME: None}
    shown = f"{amount / UNIT_YUAN[frame.unit]:+,.{look.decimals(frame.money)}f}".replace("-", "−")
    if not any(digit in shown for digit in "123456789"):
        shown = shown.lstrip("+−")
    name = frame.word(GAP) if "sum" in values else values.get("member")
    return {_NAME: f"{name} {shown}"}


def _row(key: str, values: Mapping[str, Value], view: PageView) -> Row:
    """A row of figures: the whole, a member, what is nobody's, a proof."""
    parts = parted(key, 4)
    at_end = parts[3] if parts is not None else key
    shown = {column: values.get(column) for column in (*_FIGURES[:-1], *HIDDEN)} | _named(values, view)
    if at_end == "ties":
        return Row(key, {"member": values.get("member")}, "note")
    mark = f"/{parts[1]}.{parts[2]}/" if parts is not None else ""
    if at_end == "proof":
        total = f"{key.removesuffix('proof')}total"
        proofs: dict[str, Keyed] = {column: Closes(counting(mark) - at(total)) for column in SUMS}
        own = {column: values.get(column) for column in ("member", *HIDDEN)}
        return Row(key, own | _named(values, view), "proof", formulas=proofs)
    kinds: dict[str, Kind] = {"total": "total", "rest": "strong", "nobody": "stretch", "stretch": "stretch"}
    drivers = at(column="target") + at(column="days") + at(column="calendar") + at(column="mix") + at(column="rate")
    closes = {"proof": Closes(drivers - at(column="actual"))}
    return Row(key, shown, kinds.get(at_end, "normal"), counts_for=mark if at_end != "total" else "", formulas=closes)


def _rung(key: str, values: Mapping[str, Value], view: PageView) -> Row:
    """A step from the target to the actual, with a sentence right of it."""
    whole = key in ("w:target", "w:actual")
    said = {"member": values.get("member"), "gap": values.get("gap"), "attainment": values.get("said")}
    hidden = {column: values.get(column) for column in (*HIDDEN, SEEN)}
    roles: dict[str, Role] = {"gap": "money" if whole else "delta", "attainment": "text"}
    return Row(key, said | hidden | _named(values, view), "space", roles=roles)


# --- what a person types --------------------------------------------------------------------------


def _band(key: str, title: Word, prefix: str, remedies: Sequence[Remedy], view: PageView) -> Iterator[Row]:
    """The rows of remedies, right of a chart: of the page's own all is typed, of promises the state."""
    word, mine = view.frame.word, prefix == ACT
    yield Row(f"{key}:head", dict.fromkeys(_SIDE) | {"who": word(title)}, "section", roles={"who": "text"})
    finished = ",".join(f'{{state}}="{state[lang]}"' for state in (DONE, DROPPED) for lang in ("zh", "en"))
    late = OwnRow(f'=IF(OR(N({{due}})=0,N({{as_of}})=0,{finished}),"",IF({{due}}<{{as_of}},"{word(_OVERDUE)}",""))')
    for n in range(1, LINES + 1):
        one = remedies[n - 1] if n <= len(remedies) else Remedy("")
        as_of = view.frame.as_of
        values: dict[str, Value] = {column: _shown(one, column, view, mine=mine) for column in TYPED}
        values[_LATE] = word(_OVERDUE) if one.is_overdue(as_of) else None
        row = f"{prefix}:{n}"
        values |= {ORIGIN: one.origin or None, SEEN: view.texts.marks(row, one), _AS_OF: as_of}
        values = {column: value for column, value in values.items() if (row, column) not in view.texts.formulas}
        given: dict[str, Role] = {} if mine else {**dict.fromkeys(TYPED[:-2], "wrap"), "due": "date"}
        yield Row(row, values, roles=given, height=_ROW_HEIGHT, formulas={_LATE: late})


def _shown(one: Remedy, column: str, view: PageView, *, mine: bool) -> Value:
    """The contents of a cell of a remedy; of a promise its review is named."""
    value = one.cells[column]
    parts = parted(one.origin, 2)
    if not mine and column == "who" and parts is not None:
        who = plain(value) if isinstance(value, float) else value
        return view.frame.word(_FROM, who=who, period=parts[0]) if value is not None else parts[0]
    return value


# --- charts and page ------------------------------------------------------------------------------


def _charts(view: PageView, rows: Sequence[Row]) -> list[Chart]:
    """From target to actual: by driver, and by the members of the first dimension."""
    word, unit = view.frame.word, view.frame.unit_word
    charts = [_waterfall(word(_CHART_DRIVERS, unit=unit), "w:days", "w:gap", ACT, view)]
    block = [line for line in view.lines if line.key.startswith("b:")]
    if block:
        title = words.with_name(_CHART_MEMBERS, str(block[0].values.get("member", "")), view.frame.lang, unit=unit)
        charts.append(_waterfall(title, block[1].key, block[0].key.removesuffix("total") + "proof", PROMISE, view))
    return charts


def _waterfall(title: str, first: str, last: str, band: str, view: PageView) -> Chart:
    word = view.frame.word

    def bar(column: str, name: str, colour: str, **more: Any) -> Series:
        return Series(name, column, first, last, colour, **more)

    return Chart(
        title,
        (
            bar("base", word(_START), ""),
            bar("sum", word(_SUM), look.INK),
            bar("fall", word(_LESS), look.MISSING),
            bar("rise", word(_MORE), look.AHEAD),
            bar("fall:below", word(_LESS), look.MISSING, apart=True),
            bar("rise:below", word(_MORE), look.AHEAD, apart=True),
        ),
        categories=_NAME,
        row=f"{'acts' if band == ACT else 'promises'}:head",
        column="member",
        last_row=f"{band}:{LINES}",
        last_column="proof",
        stacked=True,
    )


def _facts(view: PageView) -> Sequence[str]:
    word, request = view.frame.word, view.request
    day = (word(_REVIEW_DAY, day=request.day),) if request.day is not None else ()
    return (*((request.meeting,) if request.meeting else ()), *day, word(_SIGN))


def _page(view: PageView, rows: Sequence[Row]) -> Page:
    return Page(
        frozen_rows=1, rows=tuple(row.key for row in rows if row.key == "ladder" or row.key.startswith("head:"))
    )


REVIEW = Sheet[Figures, PageView](
    key=T_REVIEW.sheet,
    named="review_{n}",
    title=_TITLE,
    purpose=Word(
        "每个已结束的月或季:差额按原因、按成员拆开,最好与最差,原因、改进、负责人,上次答应的改进",
        "Each closed month or quarter: its gap by driver and member, best and worst, causes, remedies, promises",
    ),
    views=pages,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=doubts,
    charts=_charts,
    page=_page,
    grid=False,
    tables=(T_REVIEW,),
    examples=EXAMPLES,
    judges_rows=True,
)
