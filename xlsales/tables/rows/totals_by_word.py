"""Rows with a word for totals: sure ones, and ones that their numbers have to confirm."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import polars as pl

from xlsales.core.expressions import expression
from xlsales.tables.cells.dates import read_stamp
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.files.grids import distinct
from xlsales.tables.rows.lines import Lines
from xlsales.tables.rows.rows import Bools
from xlsales.tables.rows.totals_by_sum import MOST_CANDIDATES
from xlsales.tables.words.total_words import MAY_TELL, ends_like_total, is_totals_word, is_whole_word, name_beside

RULE = 2 / 3
"""Words for totals in so many rows of a column are what the column is about: they say nothing of a row."""
REMARKS = expression("备注|说明|摘要|附言|留言|note|remark|comment|memo|descr", re.IGNORECASE)
"""Headers of columns with free text."""
_ENGLISH = ("total", "sum")
"""Words for totals that are brands as well, outside the columns of keys."""


class TotalWords:
    """The rows with a word for totals.

    `sure`, by column: rows and their texts. `bare` rows have such a word alone: totals if they lack a key. `weak` ones
    are totals if they are a sum. Those `in_doubt` have a word that makes a total likely (`word_of`, `column_of`).
    """

    def __init__(self, lines: Lines, matchers: Sequence[Matcher]) -> None:
        self.lines, self.matchers = lines, matchers
        self.sure: list[tuple[int, Bools, pl.Series]] = []
        self.weak: Bools = np.zeros(lines.count, bool)
        self.bare: Bools = np.zeros(lines.count, bool)
        self.in_doubt: Bools = np.zeros(lines.count, bool)
        self.word_of: dict[int, str] = {}
        self.column_of: dict[int, int] = {}
        columns = lines.columns
        self.owners = {c: m for m in matchers for c in columns.dimensions.get(m.dimension.name, ())}
        self.keys = {0, *(c for c in self.owners if c < lines.width)}
        self.keys |= {columns.fields["date"]} if "date" in columns.fields else set()
        figures = {columns.fields.get(name) for name in ("amount", "quantity", "price")} | set(columns.cells)
        for column in range(lines.width):
            if column not in figures and lines.cells(column).dtype == pl.String:
                self._look_into(column)

    def _look_into(self, column: int) -> None:
        """Add the rows with a word for totals in a column of text."""
        words = self._words(column)
        if not words:
            return
        cells = self.lines.cells(column)
        exact = [word for word in words if is_totals_word(word)]
        names = {word: name for word in words if word not in exact and (name := name_beside(word))}
        names_known = self._known(column, set(names.values()))
        sure = exact + [word for word, name in names.items() if name in names_known]
        weak = [word for word in words if is_whole_word(word)]
        doubtful = [word for word, name in names.items() if name not in names_known and ends_like_total(word)]
        doubtful = [] if column in self.owners else doubtful
        if REMARKS.search(self.lines.columns.headers[column] or ""):
            sure, weak, doubtful = [], weak + exact, []
        elif column not in self.keys:
            brands = [word for word in exact if word.casefold() in _ENGLISH]
            sure, doubtful = [word for word in sure if word not in brands], doubtful + brands
        mask = _is_in(cells, sure)
        if 0 < mask.sum() <= RULE * self.lines.count:
            self.sure.append((column, mask, cells.gather(self.lines.of_record) if self.lines.rows.wide else cells))
        self.weak |= _is_in(cells, weak + doubtful)
        self.bare |= _is_in(cells, exact)
        self._doubt(column, _is_in(cells, doubtful))

    def _words(self, column: int) -> list[str]:
        """The texts of a column that may be words for totals; a member of its own dimension is none."""
        texts = distinct(self.lines.cells(column))
        texts = texts.filter(texts.str.contains_any(list(MAY_TELL), ascii_case_insensitive=True).fill_null(False))
        owner = self.owners.get(column)
        return [text for text in texts.unique().to_list() if owner is None or owner.position(text) < 0]

    def _doubt(self, column: int, mask: Bools) -> None:
        if mask.sum() > RULE * self.lines.count:
            return
        self.in_doubt |= mask
        for i in np.flatnonzero(mask)[:MOST_CANDIDATES].tolist():
            self.word_of[i], self.column_of[i] = str(self.lines.cells(column)[i]).strip(), column

    def _known(self, column: int, names: set[str]) -> set[str]:
        """Which names are members or months, or are alone in a cell of this column or of a key."""
        known_names = {name for name in names if any(m.position(name) >= 0 for m in self.matchers) or read_stamp(name)}
        for at in {column, *self.keys}:
            cells = self.lines.cells(at)
            open_ = names - known_names
            if open_ and cells.dtype == pl.String:
                known_names |= set(cells.filter(cells.str.strip_chars().is_in(list(open_))).str.strip_chars().to_list())
        return known_names


def _is_in(cells: pl.Series, words: list[str]) -> Bools:
    if not words:
        return np.zeros(len(cells), bool)
    return cells.is_in(words).fill_null(False).to_numpy().copy()
