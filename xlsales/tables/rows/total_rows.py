"""Rows that sum others, told by words and, where words are weak or missing, by numbers.

A word for totals, alone or beside a name that the table knows, tells a totals row in whatever column it is. A name
that merely ends in such a word, or a row that lacks a key, is one if each of its numbers equals the sum of the rows
directly above it or below it (up to the next such row or the end), of its group, or of all. A member of the plan
in its own column never is one by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.faults import Fault, Problem
from xlsales.tables import reasons
from xlsales.tables.cells.amounts import read_amounts
from xlsales.tables.cells.dates import read_stamp
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.columns.roles import Columns
from xlsales.tables.files.grids import distinct
from xlsales.tables.files.source import Grid, text_of
from xlsales.tables.rows.rows import Bools, Ints, Rows
from xlsales.tables.rows.sieve import Sieve
from xlsales.tables.words.total_words import MAY_TELL, ends_like_total, is_totals_word, is_whole_word, name_beside

KEY = 0.5
"""A column that is filled in so many rows is a key: a row without it lacks something."""
SYSTEMATIC = 0.8
"""If so many of the rows without some text are sums of others, then that is what the blank means."""
MOST_TEXTS = 30
RULE = 2 / 3
"""Words for totals in so many rows of a column are what the column is about: they tell nothing of a row."""
MOST_CANDIDATES = 3000
"""Of more rows without a key than this the blanks are how the table is made."""
MOST_CELLS = 20_000_000
NEAREST_ENDS = 64
"""A row is compared with the sums up to so many rows of its kind above and below it."""
_REMARKS = re.compile("备注|说明|摘要|附言|留言|note|remark|comment|memo|descr", re.IGNORECASE)


@dataclass
class Lines:
    """The rows of the sheet that hold records: what is written in them, and their numbers.

    `of_record` is the line of each record (several share one in a wide table).
    """

    grid: Grid
    columns: Columns
    rows: Rows
    micros: NDArray[np.int64]
    readable: Bools
    grid_row: Ints = field(init=False)
    of_record: Ints = field(init=False)

    def __post_init__(self) -> None:
        if self.rows.wide:
            self.grid_row, self.of_record = np.unique(self.rows.grid_row, return_inverse=True)
        else:
            self.grid_row, self.of_record = self.rows.grid_row, np.arange(self.rows.count)

    @cached_property
    def _body(self) -> pl.DataFrame:
        return self.grid.below(self.columns.header_row)

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.grid.width

    def cells(self, column: int) -> pl.Series:
        """What the rows have in a column."""
        cells = self._body[:, column]
        return cells if self.count == len(cells) else cells.gather(self.grid_row - self.columns.header_row - 1)

    def of_records(self, mask: Bools) -> Bools:
        """The rows of some records."""
        if not self.rows.wide:
            return mask.copy()
        rows = np.zeros(self.count, bool)
        rows[self.of_record[mask]] = True
        return rows

    def to_records(self, mask: Bools) -> Bools:
        """The records of some rows."""
        return mask[self.of_record] if self.rows.wide else mask

    @property
    def count(self) -> int:
        """The number of rows."""
        return len(self.grid_row)

    def blank(self, column: int) -> Bools:
        """Which rows have nothing in a column."""
        cells = self.cells(column)
        blank = cells.is_null()
        if cells.dtype == pl.String:
            blank |= (cells == "") | (cells == " ")
        return blank.fill_null(True).to_numpy()

    @cached_property
    def numbers(self) -> tuple[NDArray[np.float64], Bools]:
        """The numbers of each row that can be summed, and which are there: the amount and the quantity, or periods."""
        if self.rows.wide:
            periods, at = np.unique(self.rows.amount_column, return_inverse=True)
            if self.count * len(periods) > MOST_CELLS:
                periods, at = periods[:1], np.zeros_like(at)
            values = np.zeros((self.count, len(periods)))
            np.add.at(values, (self.of_record, at), self.micros)
            there = np.zeros(values.shape, bool)
            there[self.of_record[self.readable], at[self.readable]] = True
            return values, there
        amounts = self.micros.astype(np.float64)
        quantity = self.columns.fields.get("quantity")
        if quantity is None or "amount" not in self.columns.fields:
            return amounts[:, None], self.readable[:, None]
        read = read_amounts(text_of(self.cells(quantity)))
        return np.column_stack([amounts, read.micros]), np.column_stack([self.readable, read.readable])


def sift_totals(
    sieve: Sieve,
    grid: Grid,
    columns: Columns,
    matchers: Sequence[Matcher],
    codes: dict[str, NDArray[np.int32]],
    may_lack: Bools,
    unit: int,
) -> list[Problem]:
    """Take totals rows out of the sieve; return what is in doubt.

    `codes` are the members of each record, `may_lack` the records that need not name any. `unit`: yuan per 1 of the
    amounts, whose hundredth is what a sum may be off by rounding.
    """
    if not sieve.rows.count:
        return []
    lines = Lines(grid, columns, sieve.rows, sieve.amounts.micros, sieve.amounts.readable)
    found = _Words(lines, matchers)
    for column, mask, values in found.told:
        sieve.sum_up(lines.to_records(mask), column, values, lambda words, n: reasons.TotalsRow(values=words, count=n))
    out = lines.of_records(sieve.totals)
    lacking = _lacking(lines, matchers) & ~lines.of_records(may_lack)
    upper = _of_upper_members(lines, matchers, codes)
    word = found.bare & lacking & ~out
    sums = _Sums(lines, unit * 10_000)
    mask = out | word
    by_numbers = sums.explained((lacking | upper | found.weak) & ~mask, mask)
    by_numbers |= sums.explained((lacking | upper) & ~mask & ~by_numbers, mask | by_numbers)
    for blank in _blank_texts(lines):
        others = blank & ~mask & ~by_numbers & ~lacking
        summing = sums.explained(others, mask | by_numbers, nearest=1)
        if summing.sum() >= SYSTEMATIC * others.sum():
            by_numbers |= summing
    whole, doubtful = sums.halves(mask | by_numbers, _named_in_full(lines, matchers, codes))
    by_numbers[whole] = True
    first = _first_column(lines)
    names = _names(lines, first, word | by_numbers)
    sieve.sum_up(lines.to_records(word), first, names, lambda words, n: reasons.TotalsRow(values=words, count=n))
    sieve.sum_up(lines.to_records(by_numbers), first, names, lambda words, n: reasons.SumOfOthers(count=n))
    problems = [_doubt(lines, i, first, reasons.LooksLikeTotal(count=lines.count - 1)) for i in doubtful]
    doubted = found.in_doubt & ~by_numbers & ~lacking & ~mask
    for i in np.flatnonzero(doubted)[:1].tolist():
        fault = reasons.TotalsWordInDoubt(value=found.word_of[i], count=int(doubted.sum()))
        problems.append(_doubt(lines, i, found.column_of[i], fault))
    return problems


def _names(lines: Lines, column: int, mask: Bools) -> pl.Series:
    """What a column says in the masked lines, for each record; null in all others."""
    records = np.flatnonzero(lines.to_records(mask))
    names = pl.Series([None], dtype=pl.String).new_from_index(0, lines.rows.count)
    return names.scatter(records, text_of(lines.cells(column).gather(lines.of_record[records])))


def _doubt(lines: Lines, line: int, column: int, fault: Fault) -> Problem:
    record = int(np.flatnonzero(lines.of_record == line)[0])
    micros = int(lines.micros[lines.of_record == line].sum())
    return Problem.note(lines.rows.place(record, column), "", fault, micros)


class _Words:
    """Rows with a word for totals: `told` surely (by column), `bare` if they lack a key, `weak` by their numbers.

    `in_doubt` are those of the weak with a word that makes a total likely: `word_of` and `column_of` tell it.
    """

    def __init__(self, lines: Lines, matchers: Sequence[Matcher]) -> None:
        self.lines = lines
        self.told: list[tuple[int, Bools, pl.Series]] = []
        self.weak: Bools = np.zeros(lines.count, bool)
        self.bare: Bools = np.zeros(lines.count, bool)
        self.in_doubt: Bools = np.zeros(lines.count, bool)
        self.word_of: dict[int, str] = {}
        self.column_of: dict[int, int] = {}
        self.matchers = matchers
        columns = lines.columns
        self.owners = {c: m for m in matchers for c in columns.dimensions.get(m.dimension.name, ())}
        figures = {columns.fields.get(name) for name in ("amount", "quantity", "price")} | set(columns.cells)
        self.keys = {
            0,
            *(c for c in self.owners if c < lines.width),
            *(c for c in [columns.fields.get("date")] if c is not None),
        }
        for column in range(lines.width):
            if column not in figures and lines.cells(column).dtype == pl.String:
                self._look(column)

    def _look(self, column: int) -> None:
        cells = self.lines.cells(column)
        texts = distinct(cells)
        maybe = texts.str.contains_any(list(MAY_TELL), ascii_case_insensitive=True).fill_null(False)
        if not maybe.any():
            return
        words = texts.filter(maybe).unique().to_list()
        owner = self.owners.get(column)
        words = [word for word in words if owner is None or owner.position(word) < 0]
        exact = [word for word in words if is_totals_word(word)]
        named = {word: name for word in words if word not in exact and (name := name_beside(word))}
        known = self._known(column, set(named.values()))
        sure = exact + [word for word, name in named.items() if name in known]
        weak = [word for word in words if is_whole_word(word)]
        doubtful = [w for w, name in named.items() if name not in known and owner is None and ends_like_total(w)]
        if _REMARKS.search(self.lines.columns.headers[column] or ""):
            sure, weak, doubtful = [], weak + exact, []
        elif column not in self.keys:  # `Total` is a brand as well
            english = [word for word in sure if word in exact and word.isascii() and len(word.split()) == 1
                       and word.casefold() in ("total", "sum")]  # fmt: skip
            sure, doubtful = [word for word in sure if word not in english], doubtful + english
        told = _is_in(cells, sure)
        if told.sum() > RULE * self.lines.count:
            told[:] = False
        if told.any():
            self.told.append((column, told, cells.gather(self.lines.of_record) if self.lines.rows.wide else cells))
        self.weak |= _is_in(cells, weak + doubtful)
        self.bare |= _is_in(cells, exact)
        self._doubt(column, _is_in(cells, doubtful))

    def _doubt(self, column: int, mask: Bools) -> None:
        if mask.sum() > RULE * self.lines.count:
            return
        self.in_doubt |= mask
        for i in np.flatnonzero(mask)[:MOST_CANDIDATES].tolist():
            self.word_of[i], self.column_of[i] = str(self.lines.cells(column)[i]).strip(), column

    def _known(self, column: int, names: set[str]) -> set[str]:
        """Which names are members, months, or stand alone in a cell of this column or of a key."""
        known = {name for name in names if any(m.position(name) >= 0 for m in self.matchers) or read_stamp(name)}
        for at in {column, *self.keys}:
            cells = self.lines.cells(at)
            open_ = names - known
            if open_ and cells.dtype == pl.String:
                known |= set(cells.filter(cells.str.strip_chars().is_in(list(open_))).str.strip_chars().to_list())
        return known


def _is_in(cells: pl.Series, words: list[str]) -> Bools:
    if not words:
        return np.zeros(len(cells), bool)
    return cells.is_in(words).fill_null(False).to_numpy().copy()


def _first_column(lines: Lines) -> int:
    """The first column of the sheet that holds anything."""
    filled = (i for i in range(lines.width) if lines.cells(i).null_count() < lines.count)
    return next(filled, 0)


def _keys(lines: Lines, matchers: Sequence[Matcher]) -> list[int]:
    """The columns of the date and the members."""
    columns = lines.columns
    keys = [at for m in matchers if (at := columns.dimensions[m.dimension.name][0]) < lines.width]
    return keys + ([columns.fields["date"]] if "date" in columns.fields else [])


def _lacking(lines: Lines, matchers: Sequence[Matcher]) -> Bools:
    """Rows that lack a key which most rows have."""
    lacking = np.zeros(lines.count, bool)
    for blank in _somewhere_blank(lines, _keys(lines, matchers)):
        lacking |= blank
    return lacking


def _blank_texts(lines: Lines) -> list[Bools]:
    """Rows without the text that most rows have in a column of no use, for each such column; most blanks first."""
    columns = lines.columns
    used = {
        *columns.fields.values(),
        *columns.cells,
        *columns.totals,
        *(c for d in columns.dimensions.values() for c in d),
    }
    texts = [
        c
        for c in range(lines.width)
        if c not in used and lines.cells(c).dtype == pl.String and not _REMARKS.search(columns.headers[c] or "")
    ]
    return sorted(_somewhere_blank(lines, texts[:MOST_TEXTS]), key=lambda blank: -int(blank.sum()))


def _somewhere_blank(lines: Lines, columns: Sequence[int]) -> Iterator[Bools]:
    for column in columns:
        blank = lines.blank(column)
        if 0 < blank.sum() <= (1 - KEY) * lines.count:
            yield blank


def _of_upper_members(lines: Lines, matchers: Sequence[Matcher], codes: dict[str, NDArray[np.int32]]) -> Bools:
    """Rows of a member that has members below it."""
    upper = np.zeros(lines.count, bool)
    for matcher in matchers:
        code = codes[matcher.dimension.name]
        upper |= lines.of_records((code >= 0) & ~matcher.lowest(code))
    return upper


def _named_in_full(lines: Lines, matchers: Sequence[Matcher], codes: dict[str, NDArray[np.int32]]) -> Bools:
    """Rows of members that the plan knows, in tables where no other text could name a total."""
    columns = lines.columns
    used = {*(c for m in matchers for c in columns.dimensions[m.dimension.name]), *columns.fields.values()}
    used |= {*columns.cells, *columns.totals}
    spare = [c for c in range(lines.width) if c not in used and lines.cells(c).dtype == pl.String]
    if spare or not matchers:
        return np.zeros(lines.count, bool)
    known = np.ones(lines.count, bool)
    for matcher in matchers:
        known &= ~lines.of_records(~matcher.lowest(codes[matcher.dimension.name]))
    return known


class _Sums:
    """Whether a row equals a sum of others within `tolerance` (micros)."""

    def __init__(self, lines: Lines, tolerance: int) -> None:
        self.lines, self.tolerance = lines, tolerance

    def explained(self, candidates: Bools, out: Bools, nearest: int = NEAREST_ENDS) -> Bools:
        """Which candidates are sums of at least two rows that are neither candidates nor `out`, the totals known.

        Such rows are directly above or below it, up to the start, the end, or one of the `nearest` candidates and
        totals; or all rows of its group; or all rows.
        """
        summing = np.zeros(self.lines.count, bool)
        if not 0 < candidates.sum() <= MOST_CANDIDATES:
            return summing
        self.values, self.there = self.lines.numbers
        self.details = ~candidates & ~out
        shown = np.where(self.details[:, None], self.values, 0.0)
        self.running = np.vstack([np.zeros(shown.shape[1]), np.cumsum(shown, axis=0)])
        self.counts = np.concatenate([[0], np.cumsum(self.details)])
        ends = np.concatenate([[-1], np.flatnonzero(candidates | out), [self.lines.count]])
        for i in np.flatnonzero(candidates).tolist():
            summing[i] = self._is_sum(i, ends, nearest)
        return summing

    def _is_sum(self, i: int, ends: Ints, nearest: int) -> bool:
        here = self.there[i] & (self.values[i] != 0)
        if not here.any():
            return False
        at = int(np.searchsorted(ends, i))
        above = np.append(ends[max(at - nearest, 0) : at], -1) + 1
        below = np.append(ends[at + 1 : at + 1 + nearest], self.lines.count)
        sums = [self.running[i] - self.running[above], self.running[below] - self.running[i + 1], self.running[-1]]
        counts = [self.counts[i] - self.counts[above], self.counts[below] - self.counts[i + 1], self.counts[-1:]]
        equal = (np.abs(np.vstack(sums) - self.values[i])[:, here] <= self.tolerance).all(axis=1)
        return bool((equal & (np.concatenate(counts) >= 2)).any()) or self._is_its_group(i, here)

    def _is_its_group(self, i: int, here: Bools) -> bool:
        """Whether a row is the sum of the rows that share all texts it has, wherever they are."""
        if self.lines.count > 20_000:
            return False
        mask = self.details.copy()
        narrowed = False
        for column in map(self.lines.cells, range(self.lines.width)):
            value = column[i]
            if column.dtype == pl.String and value is not None and value.strip():
                same = (column == value).fill_null(False).to_numpy()
                if same.sum() > 1:
                    mask &= same
                    narrowed = True
        if not narrowed or mask.sum() < 2:
            return False
        return bool((np.abs(self.values[mask].sum(axis=0) - self.values[i])[here] <= self.tolerance).all())

    def halves(self, out: Bools, named: Bools) -> tuple[list[int], list[int]]:
        """Rows in full that are the sum of all others: the first or last by two numbers and more; others in doubt."""
        inside = ~out
        details = int(inside.sum())
        if details < 3:
            return [], []
        if self.lines.rows.wide:
            values, there = self.lines.numbers
        else:
            values, there = self.lines.micros.astype(np.float64)[:, None], self.lines.readable[:, None]
        total = values[inside].sum(axis=0)
        equal = (np.abs(2 * values - total) <= self.tolerance) | (~there & (total == 0))
        held = there & (values != 0)
        mask = equal.all(axis=1) & held.any(axis=1) & inside & ~named
        sure, doubtful = [], []
        for i in np.flatnonzero(mask).tolist():
            outermost = not inside[:i].any() or not inside[i + 1 :].any()
            if held[i].sum() >= 2 and outermost:
                sure.append(i)
            elif details > 3 or held[i].sum() >= 2:
                doubtful.append(i)
        return sure, doubtful
