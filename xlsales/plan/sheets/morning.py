"""Sheet 周一早读: a page of at most seven sentences; below them, the figure behind each number, live.

Each sentence and each figure has a row of its own, which is there at each run and as low as a line if it has nothing
to say: so the sheet stays a person's. A figure that another sheet holds is taken from its cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlsales.core.text import counted
from xlsales.layout import look
from xlsales.layout.keyed import OwnRow
from xlsales.layout.model import Column, Keyed, Link, Role, Row, Value
from xlsales.layout.sheet import Page, Sheet, role_width
from xlsales.plan.figures import Figures
from xlsales.plan.morning.table import KINDS, PRESETS, SLOTS, T_MORNING
from xlsales.plan.morning.told import MorningView, mornings
from xlsales.plan.morning.view import Behind
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import Word

_FOOT = Word("句中的数从哪里来(? = 那里变了,请刷新)", "Where numbers come from (? = refresh)")
_TO, _HERE = Word("→ {title}", "→ {title}"), Word("→ 下面", "→ below")
_SENTENCES = Word("{n} 句", "{n:sentences}")
_TITLES = {
    "overview": Word("进度总览", "Overview"),
    "time": Word("按时间", "By time"),
    "problems": Word("数据问题", "Problems"),
    "dimension": Word("按{name}", "By {name}"),
}
"""What the sheets are called that figures come from."""
_LIVE = OwnRow(
    '=IF({value}="","",IF({from}="",{value},IFERROR(IF(ABS(N(INDIRECT(MID({from},2,300)))-{value})<0.000001,{value},"?"),'
    '"?")))'
)
"""The figure while its cell still holds it: a row that a person puts in there moves what a link leads to."""
_CLICK = OwnRow('=IF({from}="",{name}&"",HYPERLINK({from},{name}))')
_FORMULAS: Mapping[str, Keyed] = {"figure": _LIVE, "to": _CLICK}
_LOW = 2.0
"""Points of a row that has nothing to say."""
_PAGE = 88.0
"""The width of a page on which type is as large as it is."""


def _columns(view: MorningView) -> list[Column]:
    amounts = [one.value for sentence in view.sentences for one in sentence.behind]
    figure = max(10.0, role_width("yuan", amounts), role_width("money", amounts, view.monday.money))
    titles = [_led(view, one) for sentence in view.sentences for one in sentence.behind]
    to = look.label_width(titles, 14.0, 20.0)
    return [
        Column("n", "", "ordinal", 4),
        Column("say", "", "wrap", _PAGE - 4 - figure - to),
        Column("figure", "", "money", figure),
        Column("to", "", "link", to),
        Column("value", "", "number", 10, hidden=True),
        Column("from", "", "text", 10, hidden=True),
        Column("name", "", "text", 10, hidden=True),
    ]


def _rows(view: MorningView) -> Iterator[Row]:
    """Row keys: `s:<kind>` for sentences, `foot`, `f:<kind>:<slot>` for figures."""
    told = {one.kind: (n, one) for n, one in enumerate(view.sentences, 1)}
    for kind in KINDS:
        n, sentence = told.get(kind, (None, None))
        first = sentence.behind[0] if sentence is not None and sentence.behind else None
        role = view.monday.role(kind, next(iter(SLOTS[kind])))
        yield _row(view, f"s:{kind}", n, sentence.text if sentence else None, first, role, head=True)
    yield Row("foot", {"n": None, "say": view.frame.word(_FOOT)}, "section")
    for kind, slots in SLOTS.items():
        n, sentence = told.get(kind, (None, None))
        known = {one.slot: one for one in sentence.behind} if sentence else {}
        for slot in slots:
            one, role = known.get(slot), view.monday.role(kind, slot)
            text = one.label if one is not None else None
            yield _row(view, f"f:{kind}:{slot}", n if text else None, text, one, role)


def _row(
    view: MorningView, key: str, n: int | None, text: str | None, one: Behind | None, role: Role, head: bool = False
) -> Row:
    link = one.link if one is not None else None
    if head and one is not None and link is None:
        link = Link(T_MORNING.sheet, f"f:{key.removeprefix('s:')}:{one.slot}", "figure")
    value = float(one.value) if one is not None else None
    values: dict[str, Value] = {"n": n, "say": text, "figure": value, "value": value, "from": link}
    to = _led(view, one, head) if link is not None and one is not None else None
    values |= {"to": to, "name": to}
    return Row(
        key,
        values,
        "sentence" if head else "note",
        height=None if text else _LOW,
        roles={"figure": role},
        money=view.monday.money,
        formulas=_FORMULAS,
    )


def _led(view: MorningView, one: Behind, head: bool = True) -> str:
    """Say where the cell is that a figure comes from."""
    if one.link is None:
        return view.frame.word(_HERE) if head else ""
    kind, _, name = one.link.sheet.partition(":")
    title = words.with_name(_TITLES[kind], name, view.frame.lang) if name else view.frame.word(_TITLES[kind])
    return view.frame.word(_TO, title=title)


def _facts(view: MorningView) -> Iterator[str]:
    word, as_of = view.frame.word, view.monday.as_of
    yield word(words.AS_OF, day=as_of) if as_of else word(words.NO_ACTUALS)
    yield counted(word(_SENTENCES), n=len(view.sentences))


MORNING = Sheet[Figures, MorningView](
    key=T_MORNING.sheet,
    title=Word("周一早读", "Monday reading"),
    purpose=Word(
        "刷新后一页纸,最多七句:现状、上周、谁转红、谁缺数、每天还要多少;每个数都连到它的格子",
        "A page after a refresh, seven sentences at most: last week, who turned red, what is missing, needed per day",
    ),
    views=mornings,
    columns=_columns,
    rows=_rows,
    facts=lambda view: tuple(_facts(view)),
    page=lambda view, rows: Page(portrait=True, single=True),
    tables=(T_MORNING,),
    presets=PRESETS,
    judges_rows=True,
)
