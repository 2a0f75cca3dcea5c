"""Sheet 责任书, one page that both sides sign: two months a row, clauses, and lines to sign on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from xlsales.core.text import identity
from xlsales.layout.model import Column, Role, Row, SheetModel, Value
from xlsales.store import words
from xlsales.store.figures import Result, StoreFigures
from xlsales.store.sheet import Own, StoreSheet, StoreView, alone, amount_width
from xlsales.store.targets import StoreTerms
from xlsales.values.capitals import in_words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word
from xlsales.vocabulary.dimensions import PERSON_DIMENSIONS

if TYPE_CHECKING:
    from xlsales.layout.entry_sheet import EntrySheet

_WIDTHS = {"c0": 15.0, "c1": 15.0, "c2": 15.0, "gap": 3.0, "c3": 15.0, "c4": 15.0, "c5": 15.0}
_CELLS = tuple(key for key in _WIDTHS if key != "gap")
"""Month, target and commitment, twice."""
_MONEY: dict[str, Role] = {"c1": "money", "c2": "money", "c4": "money", "c5": "money"}

INTRO = Word(
    "{company}{code}承担计划“{plan}”在 {start} 至 {end} 期间的销售目标,合计如下{words}。",
    "{company}{code} takes on the sales target of “{plan}” from {start} to {end}, as follows.",
)
INTRO_UNNAMED = Word(
    "{company}{code}承担 {start} 至 {end} 期间的销售目标,合计如下{words}。",
    "{company}{code} takes on the sales target from {start} to {end}, as follows.",
)
AGREED = Word("{company}与{code}约定:", "{company} and {code} agree: ")
IN_WORDS = "(金额大写:{amount})"
"""Behind the amount in figures, as Chinese contracts have it."""
COMPANY = Word("公司", "Company")
SEAL = Word("{name}(盖章):", "{name} (stamp):")
TOTAL = Word("目标合计", "Total target")
COMMITTED = Word("承诺合计", "Committed")
MONTH, COMMITMENT = Word("月份", "Month"), Word("承诺值", "Commitment")
CLAUSES: tuple[Word, ...] = (
    Word(
        "一、{dimension}按月完成上述目标,逐日登记实际销售,并按期交回本文件。",
        "1. Targets are to be reached month by month; sales are recorded daily and this file is returned on time.",
    ),
    Word(
        "二、承诺值与目标不一致的月份,原因写在“承诺”表;未填承诺值的月份以目标为准。",
        "2. Where a commitment differs from the target, sheet Commitment says why; otherwise the target stands.",
    ),
    Word(
        "三、目标如有调整,以总部下发的新版本为准。",
        "3. Targets change only by a new version handed out by headquarters.",
    ),
)
SIGN_STORE = Word("{dimension}负责人(签字):", "{dimension} manager:")
SIGN_PERSON = Word("{dimension}(签字):", "{dimension}:")
SIGN_HEAD = Word("上级主管(签字):", "Supervisor:")
SIGN_DATE = Word("日期:", "Date:")


def _lines(terms: StoreTerms) -> dict[str, tuple[str, ...]]:
    """Return the months of each line: two, or one on the last."""
    half = (len(terms.month_keys) + 1) // 2
    return {f"line:{i}": terms.month_keys[i::half] for i in range(half)}


def _rows(terms: StoreTerms) -> list[str]:
    clauses = (f"clause:{i}" for i in range(len(CLAUSES)))
    return [
        "intro",
        "totals",
        "gap:1",
        "head",
        *_lines(terms),
        "gap:2",
        "sentence",
        *clauses,
        "gap:3",
        "sign",
        "dates",
        "seal",
    ]


def _own(terms: StoreTerms) -> list[Own]:
    own = [
        alone("intro", {"c0": _intro}),
        alone("sentence", {"c0": lambda f: words.derived(terms.lang, f.store.sentence)}),
        alone("totals", {"c1": lambda f: f.total, "c4": lambda f: f.total}),
    ]
    for line, months in _lines(terms).items():
        for first, month in zip((0, 3), months, strict=False):
            own.append(alone(line, dict.fromkeys((f"c{first + 1}", f"c{first + 2}"), _target_of(month))))
    return own


def _target_of(month: str) -> Callable[[StoreFigures], Result]:
    return lambda figures: figures.months[figures.terms.month_keys.index(month)]


def _intro(figures: StoreFigures) -> str:
    plan = figures.terms.plan
    terms, code = figures.terms, figures.store.code
    word = INTRO if plan.name else INTRO_UNNAMED
    company = AGREED[terms.lang].format(company=terms.company, code=code) if terms.company else ""
    said = terms.lang == "zh" and terms.unit != "piece"
    words = IN_WORDS.format(amount=in_words(figures.total, terms.currency)) if said else ""
    return word[terms.lang].format(
        company=company, code=code, plan=plan.name, start=plan.start, end=plan.end, words=words
    )


def _lay_out(view: StoreView) -> SheetModel:
    terms = view.terms
    columns = [
        Column(key, "", "text", amount_width(terms, width, "text" if key == "gap" else "money"))
        for key, width in _WIDTHS.items()
    ]
    heads = [view.word(word) for word in (MONTH, PROGRESS_COLUMNS["target"], COMMITMENT)] * 2
    sign = SIGN_PERSON if identity(terms.dimension) in map(identity, PERSON_DIMENSIONS) else SIGN_STORE
    clauses = [view.word(clause, dimension=terms.dimension) for clause in CLAUSES]
    company = terms.company or COMPANY[terms.lang]
    intro, sentence = (str(view.results[row, "c0"]) or None for row in ("intro", "sentence"))
    rows = [
        Row("intro", {"c0": intro}, "space", height=56),
        _totals(view),
        Row("gap:1", {}, "space", height=10),
        Row("head", dict(zip(_CELLS, heads, strict=True)), "header", roles=_MONEY, height=26),
        *(_month_line(view, line, months) for line, months in _lines(terms).items()),
        Row("gap:2", {}, "space", height=10),
        Row("sentence", {"c0": sentence}, "space", height=36),
        *(Row(f"clause:{i}", {"c0": clause}, "space", height=34) for i, clause in enumerate(clauses)),
        Row("gap:3", {}, "space", height=40),
        Row("sign", {"c0": view.word(sign, dimension=terms.dimension), "c3": view.word(SIGN_HEAD)}, "space", height=44),
        Row("dates", {"c0": view.word(SIGN_DATE), "c3": view.word(SIGN_DATE)}, "space", height=44),
        Row(
            "seal",
            {"c0": view.word(SEAL, name=terms.dimension), "c3": view.word(SEAL, name=company)},
            "space",
            height=96,
        ),
    ]
    return view.model(columns, rows, portrait=True)


def _month_line(view: StoreView, line: str, months: Sequence[str]) -> Row:
    """Return a line of one or two months, each with its target and what counts: the commitment, else the target."""
    values: dict[str, Value] = dict.fromkeys(_CELLS)
    for left, month in zip((0, 3), months, strict=False):
        label, target, commitment = (f"c{left + i}" for i in range(3))
        amount, promise = view.cell("front", month, "target"), view.cell("commitment", month, "commitment")
        values[label] = view.terms.month_label(view.terms.months[view.terms.month_keys.index(month)])
        values[target] = view.formula(line, target, f"={amount}")
        values[commitment] = view.formula(line, commitment, f"=IF(ISNUMBER({promise}),{promise},{amount})")
    return Row(line, values, roles=_MONEY, height=26)


def _totals(view: StoreView) -> Row:
    """Return the row of the whole target and of what counts in all months."""
    first, last = view.terms.month_keys[0], view.terms.month_keys[-1]
    promises, amounts = (
        view.down(sheet, column, first, last, "") for sheet, column in (("commitment",) * 2, ("front", "target"))
    )
    committed = f"=SUM({promises})+SUMPRODUCT((1-ISNUMBER({promises}))*{amounts})"
    values: dict[str, Value] = {
        "c0": view.word(TOTAL),
        "c1": view.formula("totals", "c1", f"={view.cell('front', 'total', 'target')}"),
        "c2": None,
        "c3": view.word(COMMITTED),
        "c4": view.formula("totals", "c4", committed),
        "c5": None,
    }
    return Row("totals", values, "strong", roles={"c1": "money", "c4": "money"}, height=30)


def _finish(sheet: EntrySheet, view: StoreView) -> None:
    sheet.fit_heading("c5", font_size=20, align="center")
    for row in ("intro", "sentence", *(f"clause:{i}" for i in range(len(CLAUSES)))):
        sheet.merge(row, "c0", "c5", font_size=11)
    for row in ("sign", "dates"):
        for first, last in (("c0", "c2"), ("c3", "c5")):
            sheet.sign(row, first, last)
    sheet.sheet.fit_to_pages(1, 1)


SHEET = StoreSheet(
    key="letter",
    title=Word("责任书", "Agreement"),
    purpose=Word("打印出来,双方签字", "To be printed and signed by both sides"),
    heading=Word("销售目标责任书", "Sales target agreement"),
    columns=lambda terms: [*_WIDTHS],
    rows=_rows,
    own=_own,
    lay_out=_lay_out,
    finish=_finish,
)
