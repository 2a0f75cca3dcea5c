"""Rows that sum others: found by words and, if words are weak or missing, by numbers.

A word for totals, alone or beside a name that the table knows, makes a totals row in whatever column it is. A name
that merely ends in such a word, or a row that lacks a key, is one if each of its numbers equals the sum of the rows
directly above it or below it (up to the next such row or the end), of its group, or of all. A member of the plan
in its own column never is one by its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.faults import Fault, Problem
from xlsales.tables import reasons
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.columns.roles import Columns
from xlsales.tables.files.grids import Grid, text_of
from xlsales.tables.rows.lines import Lines
from xlsales.tables.rows.rows import Bools
from xlsales.tables.rows.sieve import Sieve
from xlsales.tables.rows.totals_by_sum import Sums
from xlsales.tables.rows.totals_by_word import REMARKS, TotalWords

Codes = Mapping[str, NDArray[np.int32]]
KEY = 0.5
"""A column that is filled in so many rows is a key: a row without it lacks something."""
SYSTEMATIC = 0.8
"""If so many of the rows without some text are sums of others, then that is what the blank means."""
MOST_TEXTS = 30


def sift_totals(
    sieve: Sieve, grid: Grid, columns: Columns, matchers: Sequence[Matcher], codes: Codes, may_lack: Bools, unit: int
) -> list[Problem]:
    """Take totals rows out of the sieve; return what is in doubt.

    `codes` are the members of each record, `may_lack` the records that need not name any. `unit`: yuan per 1 of the
    amounts, of which a sum may be off by a hundredth for rounding.
    """
    if not sieve.rows.count:
        return []
    lines = Lines(grid, columns, sieve.rows, sieve.amounts.micros, sieve.amounts.readable)
    words = TotalWords(lines, matchers)
    for column, mask, texts in words.sure:
        sieve.sum_up(lines.to_records(mask), column, texts, lambda values, n: reasons.TotalsRow(values=values, count=n))
    totals = lines.of_records(sieve.totals)
    lacking = _lacking(lines, matchers) & ~lines.of_records(may_lack)
    by_word = words.bare & lacking & ~totals
    sums = Sums(lines, unit * 10_000)
    upper = lacking | _of_upper_members(lines, matchers, codes)
    by_sum = _by_sum(lines, sums, lacking, upper, words.weak, totals | by_word)
    halves, doubtful = sums.halves(totals | by_word | by_sum, _members_alone(lines, matchers, codes))
    by_sum[halves] = True
    first = _first_column(lines)
    names = _names(lines, first, by_word | by_sum)
    sieve.sum_up(lines.to_records(by_word), first, names, lambda values, n: reasons.TotalsRow(values=values, count=n))
    sieve.sum_up(lines.to_records(by_sum), first, names, lambda values, n: reasons.SumOfOthers(count=n))
    problems = [_doubt(lines, i, first, reasons.RowMayBeTotal(count=lines.count - 1)) for i in doubtful]
    return problems + _words_in_doubt(lines, words, words.in_doubt & ~by_sum & ~lacking & ~totals & ~by_word)


def _by_sum(lines: Lines, sums: Sums, lacking: Bools, upper: Bools, weak: Bools, totals: Bools) -> Bools:
    """The rows that are sums of others, beside the known `totals`.

    Candidates are rows that lack a key, those of `upper` members, and those with a `weak` word for totals.
    """
    by_sum = sums.explained((upper | weak) & ~totals, totals)
    by_sum |= sums.explained(upper & ~totals & ~by_sum, totals | by_sum)
    for blank in _blank_texts(lines):
        others = blank & ~totals & ~by_sum & ~lacking
        summing = sums.explained(others, totals | by_sum, nearest=1)
        if summing.sum() >= SYSTEMATIC * others.sum():
            by_sum |= summing
    return by_sum


def _names(lines: Lines, column: int, mask: Bools) -> pl.Series:
    """The text of a column in the masked lines, for each record; null in all others."""
    records = np.flatnonzero(lines.to_records(mask))
    names = pl.Series([None], dtype=pl.String).new_from_index(0, lines.rows.count)
    if not records.size:
        return names
    return names.scatter(records, text_of(lines.cells(column).gather(lines.of_record[records])))


def _words_in_doubt(lines: Lines, words: TotalWords, mask: Bools) -> list[Problem]:
    """One finding for all rows with a word that makes a total likely, at the first of them."""
    return [
        _doubt(lines, i, words.column_of[i], reasons.TotalsWordInDoubt(value=words.word_of[i], count=int(mask.sum())))
        for i in np.flatnonzero(mask)[:1].tolist()
    ]


def _doubt(lines: Lines, line: int, column: int, fault: Fault) -> Problem:
    record = int(np.flatnonzero(lines.of_record == line)[0])
    micros = int(lines.micros[lines.of_record == line].sum())
    return Problem.note(lines.rows.place(record, column), "", fault, micros)


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
    headers = lines.columns.headers
    texts = [column for column in _spare_texts(lines) if not REMARKS.search(headers[column] or "")]
    return sorted(_somewhere_blank(lines, texts[:MOST_TEXTS]), key=lambda blank: -int(blank.sum()))


def _spare_texts(lines: Lines) -> list[int]:
    """The columns of text that serve nothing."""
    columns = lines.columns
    serving = {*columns.fields.values(), *columns.cells, *columns.totals}
    serving |= {column for group in columns.dimensions.values() for column in group}
    return [i for i in range(lines.width) if i not in serving and lines.cells(i).dtype == pl.String]


def _somewhere_blank(lines: Lines, columns: Sequence[int]) -> Iterator[Bools]:
    for column in columns:
        blank = lines.blank(column)
        if 0 < blank.sum() <= (1 - KEY) * lines.count:
            yield blank


def _of_upper_members(lines: Lines, matchers: Sequence[Matcher], codes: Codes) -> Bools:
    """Rows of a member that has members below it."""
    upper = np.zeros(lines.count, bool)
    for matcher in matchers:
        code = codes[matcher.dimension.name]
        upper |= lines.of_records((code >= 0) & ~matcher.lowest(code))
    return upper


def _members_alone(lines: Lines, matchers: Sequence[Matcher], codes: Codes) -> Bools:
    """Rows of members that the plan knows, in tables without another text that could name a total."""
    if not matchers or _spare_texts(lines):
        return np.zeros(lines.count, bool)
    members = np.ones(lines.count, bool)
    for matcher in matchers:
        members &= ~lines.of_records(~matcher.lowest(codes[matcher.dimension.name]))
    return members
