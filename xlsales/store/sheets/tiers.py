"""Sheet 三档: a store's own minimum, target and stretch goal by month; it is to be read, and nothing is read back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from xlsales.layout.model import Row, SheetModel
from xlsales.plan.three_tiers import TIERS
from xlsales.store.figures import Result, StoreFigures
from xlsales.store.sheet import Own, StoreColumn, StoreSheet, StoreView, picked
from xlsales.store.targets import StoreTerms
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import Word

if TYPE_CHECKING:
    from xlsales.book.keyed import KeyedSheet
    from xlsales.layout.entry_sheet import EntrySheet
    from xlsales.ooxml.cells import SheetCells

COLUMNS = {"period": StoreColumn(Word("月", "Month"), "text", 20)}
COLUMNS |= {tier: StoreColumn(word, "money", 16) for tier, word in TIERS.items()}
HINT = Word(
    "保底 ≤ 目标 ≤ 冲刺,总部下发时的数,只看不填。红绿灯按目标。",
    "Minimum, target and stretch goal as headquarters had them; to read only. Lamps go by the target.",
)


def _rows(terms: StoreTerms) -> list[str]:
    return [*terms.month_keys, "total"]


def _own(terms: StoreTerms) -> list[Own]:
    return [Own(_rows(terms), picked(_cells, TIERS), mixed=True)]


def _cells(figures: StoreFigures) -> dict[str, Iterable[Result]]:
    """The months of each tier and their sum; a tier that the plan does not have is blank."""
    blank = [None] * len(_rows(figures.terms))
    tiers = figures.store.tiers
    return {tier: [*tiers[tier], sum(tiers[tier])] if tier in tiers else blank for tier in TIERS}


def _lay_out(view: StoreView) -> SheetModel:
    terms = view.terms
    labels = [*map(terms.month_label, terms.months), view.word(words.TOTAL)]
    rows = [
        Row(
            key,
            {"period": label, **{tier: view.results.get((key, tier)) for tier in TIERS}},
            "total" if key == "total" else "normal",
        )
        for key, label in zip(_rows(terms), labels, strict=True)
    ]
    return view.model([column.column(key, terms) for key, column in COLUMNS.items()], rows, portrait=True)


def _finish(sheet: EntrySheet, view: StoreView) -> None:
    last = next(reversed(COLUMNS))
    sheet.fit_heading(last)
    sheet.print_to(last)
    sheet.hint(view.word(HINT))


def _fit(sheet: KeyedSheet[SheetCells] | None, terms: StoreTerms, _file: str) -> StoreTerms:
    """Return the terms without tiers if a template has no sheet of them."""
    return terms if sheet is not None else replace(terms, tiers=False)


SHEET = StoreSheet(
    key="tiers",
    title=Word("三档", "Three tiers"),
    purpose=Word(
        "计划里有三档目标时:自己每月的保底、目标、冲刺,只看", "If the plan has it: your three tiers by month, to read"
    ),
    heading=Word("{code} 三档目标", "{code}: three tiers"),
    columns=lambda terms: tuple(COLUMNS),
    rows=_rows,
    own=_own,
    lay_out=_lay_out,
    finish=_finish,
    present=lambda terms: terms.tiers,
    optional=True,
    fit=_fit,
)
