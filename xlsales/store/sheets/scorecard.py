"""Sheet 考核: a member's own scorecards, as headquarters has them; it is to be read, and nothing of it is read back.

The rows are as many as any file of the plan needs; those that a member does not use are hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from xlsales.layout.model import Row, SheetModel
from xlsales.plan.scorecard.handed import CARD_COLUMNS
from xlsales.plan.scorecard.tables import T_SCORECARD
from xlsales.store.figures import Result, StoreFigures
from xlsales.store.sheet import HIDDEN_ROW, Own, StoreColumn, StoreSheet, StoreView, TemplateFault, picked
from xlsales.store.targets import StoreTerms
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

if TYPE_CHECKING:
    from xlsales.book.keyed import KeyedSheet
    from xlsales.layout.entry_sheet import EntrySheet
    from xlsales.ooxml.cells import SheetCells

_WORDS = {
    "label": Word("考核指标", "Criterion"),
    "source": Word("来源", "Source"),
    "weight": Word("权重", "Weight"),
    "target": PROGRESS_COLUMNS["target"],
    "actual": PROGRESS_COLUMNS["actual"],
    "attainment": PROGRESS_COLUMNS["attainment"],
    "cap": Word("封顶", "Cap"),
    "floor": Word("起评线", "Zero below"),
    "score": Word("得分", "Score"),
    "rank": Word("名次", "Rank"),
    "known": Word("已评权重", "Scored weight"),
    "pay": Word("应发", "Pay"),
}
_WIDTHS = {"label": 34.0, "target": 12.0, "actual": 12.0, "pay": 13.0}
COLUMNS = {key: StoreColumn(word, "text", _WIDTHS.get(key, 10.0)) for key, word in _WORDS.items()}
HINT = Word("总部下发时的数,只看不填。", "As headquarters had it when it was handed out; nothing is filled in here.")


class TemplateFewCards(TemplateFault):
    """A template with fewer rows of scorecards than a file needs."""

    zh = "{file} 的“{sheet}”只有 {found} 行,要 {needed} 行。请先不带 --template 下发,再以其中一个文件为样板。"
    en = (
        '{file}: sheet "{sheet}" has {found:rows}, {needed} are needed. Hand out without --template first and '
        "restyle one of those files."
    )


def _rows(terms: StoreTerms) -> list[str]:
    return [f"k:{n}" for n in range(1, terms.card_rows + 1)]


def _own(terms: StoreTerms) -> list[Own]:
    rows = _rows(terms)
    return [Own(rows, picked(_cells, [HIDDEN_ROW])), Own(rows, picked(_cells, COLUMNS), mixed=True)]


def _cells(figures: StoreFigures) -> dict[str, Iterable[Result]]:
    """What a member has in each column, from the first row to the last."""
    own, spare = figures.store.cards, figures.terms.card_rows - len(figures.store.cards)
    blank: list[Result] = [None] * spare
    cells: dict[str, Iterable[Result]] = {"label": [*(row.label for row in own), *blank]}
    for i, key in enumerate(CARD_COLUMNS):
        cells[key] = [*(row.texts[i] or None for row in own), *blank]
    return {**cells, HIDDEN_ROW: [*[0] * len(own), *[1] * spare]}


def _lay_out(view: StoreView) -> SheetModel:
    columns = [column.column(key, view.terms) for key, column in COLUMNS.items()]
    rows = [
        Row(
            row,
            {key: view.results.get((row, key)) for key in COLUMNS},
            hidden=bool(view.results.get((row, HIDDEN_ROW))),
        )
        for row in _rows(view.terms)
    ]
    return view.model(columns, rows)


def _finish(sheet: EntrySheet, view: StoreView) -> None:
    last = CARD_COLUMNS[-1]
    sheet.fit_heading(last)
    sheet.print_to(last)
    sheet.hint(view.word(HINT))


def _fit(sheet: KeyedSheet[SheetCells] | None, terms: StoreTerms, file: str) -> StoreTerms:
    """Return the terms with as many rows as the template has; without any if it has no such sheet."""
    rows = 0 if sheet is None else sum(key.startswith("k:") for key in sheet.rows)
    if sheet is not None and rows < terms.card_rows:
        raise TemplateFewCards(file=file, sheet=sheet.title, found=rows, needed=terms.card_rows)
    return replace(terms, card_rows=rows)


def _column_keys(terms: StoreTerms) -> Sequence[str]:
    return tuple(COLUMNS)


SHEET = StoreSheet(
    key="scorecard",
    title=T_SCORECARD.label,
    purpose=Word("计划里有考核时:自己的考核、名次和应发,只看", "If the plan has it: your own scorecard, to read"),
    heading=Word("{code} 考核", "{code}: scorecard"),
    columns=_column_keys,
    rows=_rows,
    own=_own,
    lay_out=_lay_out,
    finish=_finish,
    present=lambda terms: terms.card_rows > 0,
    optional=True,
    fit=_fit,
)
