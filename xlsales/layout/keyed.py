"""Formulas by keys: a sheet says which cells add up to what, and the addresses follow when it is laid out.

    counting("month") - at("total")           Σ of the rows that count for months, less the total
    across("t:*") - at(column="target")       Σ of its own row over the columns of months' targets, less the target

A part that is not named is that of the formula's own cell: `at("total")` is its own column in row `total`.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core import a1
from xlsales.core.expressions import expression
from xlsales.layout.model import FIRST_COLUMN, FIRST_ROW, Column, Formula, Keyed, Row, Value

_LEAST = -(10**15)
"""Below all numbers of a sheet."""
_BLOCK = expression(r"\[(\w*)\]")


class Term(Struct, frozen=True):
    """Cells that a formula adds up: one cell, columns of its own row, or the rows that count for something."""

    row: str = ""
    column: str = ""
    columns: str = ""
    """The columns of its row with such a key, in hidden row 1; with `*` for any text."""
    mark: str = ""
    """What the rows count for in hidden column B; with `*` for any text."""
    weight: str = ""
    """Of rows that count: the column by which each of their values is multiplied."""
    sign: int = 1

    def __add__(self, other: Term) -> Terms:
        return Terms((self, other))

    def __sub__(self, other: Term) -> Terms:
        return less(self, other)


class Terms(Struct, frozen=True):
    """A sum of terms, each with its sign."""

    terms: tuple[Term, ...]

    def __add__(self, other: Term) -> Terms:
        return Terms((*self.terms, other))

    def __sub__(self, other: Term) -> Terms:
        return Terms((*self.terms, replace(other, sign=-1)))


def at(row: str = "", column: str = "") -> Term:
    """One cell."""
    return Term(row, column)


def across(columns: str) -> Term:
    """The sum of its own row over the columns with such keys."""
    return Term(columns=columns)


def counting(mark: str, weight: str = "") -> Term:
    """The sum of its own column over the rows that count for `mark`, each value times that of the column `weight`."""
    return Term(mark=mark, weight=weight)


def less(whole: Term, *parts: Term) -> Terms:
    """The whole less its parts."""
    return Terms((whole, *(replace(part, sign=-1) for part in parts)))


class Closes(Keyed, frozen=True):
    """What is missing, to the cent or to as many digits as it says: 0 when the terms close."""

    terms: Terms
    digits: int = 2

    def formula(self, row: str, column: str, sheet: Placed) -> Formula:
        """Return `=ROUND(Σ terms,digits)` and its result; blank cells count as 0."""
        text, values = "", []
        for term in self.terms.terms:
            sign = "-" if term.sign < 0 else "+" if text else ""
            text += sign + sheet.text_of(term, row, column)
            values += [term.sign * value for value in sheet.values_of(term, row, column)]
        return Formula(f"=ROUND({text},{self.digits})", round(math.fsum(values), self.digits) + 0.0)


class Worst(Keyed, frozen=True):
    """The sum of what is missing in each of some rows of its own column, whatever the sign."""

    rows: tuple[str, ...]

    def formula(self, row: str, column: str, sheet: Placed) -> Formula:
        """Return `=SUMPRODUCT(ABS(rows))` and its result; the rows follow each other."""
        block = sheet.down(column, self.rows[0], self.rows[-1])
        return Formula(f"=SUMPRODUCT(ABS({block}))", math.fsum(abs(sheet.number(key, column)) for key in self.rows))


class Clickable(Keyed, frozen=True):
    """A text of the same row that leads somewhere: columns of the text and of its `Link`, which may be hidden.

    The formula stays as it is when the text and where it leads change.
    """

    text: str
    link: str

    def formula(self, row: str, column: str, sheet: Placed) -> Formula:
        """Return `=IF(link="",text,HYPERLINK(link,text))` and the text."""
        link, text = sheet.cell(row, self.link), sheet.cell(row, self.text)
        return Formula(f'=IF({link}="",{text},HYPERLINK({link},{text}))', sheet.text(row, self.text))


class Fixed(Struct, frozen=True):
    """A cell that formulas name wherever they are, by its row and column; with `to`, the block to this other cell."""

    row: str
    column: str
    to: tuple[str, str] | None = None


class OwnRow(Keyed, frozen=True):
    """A formula of cells of its own row: `{key}` in its text is the cell in the column of this key.

    `{name}` is a cell elsewhere if `fixed` has this name. Its result is the value that the row has there, blank text if
    it has none.
    """

    text: str
    fixed: tuple[tuple[str, Fixed], ...] = ()

    def formula(self, row: str, column: str, sheet: Placed) -> Formula:
        """Return the formula with addresses, and its result."""
        return Formula(sheet.in_row(self.text, row, self.fixed), sheet.result(row, column))


class OfRow(Keyed, frozen=True):
    """A formula of cells of another row: `{key}` in its text is the cell there in the column of this key.

    Its result is the value that its own row has there, blank text if it has none.
    """

    row: str
    text: str

    def formula(self, row: str, column: str, sheet: Placed) -> Formula:
        """Return the formula with addresses, and its result."""
        return Formula(sheet.in_row(self.text, self.row), sheet.result(row, column))


class OverRows(Keyed, frozen=True):
    """A formula over rows from `first` to `last`: `[key]` in its text is the range down the column of this key.

    `[]` are their marks in column B, `{key}` is the cell of its own row. Its result is the value that its row has
    there, blank text if it has none.
    """

    first: str
    last: str
    text: str

    def formula(self, row: str, column: str, sheet: Placed) -> Formula:
        """Return the formula with addresses, and its result."""

        def block(key: re.Match[str]) -> str:
            return sheet.down(key[1], self.first, self.last) if key[1] else sheet.marks(self.first, self.last)

        return Formula(_BLOCK.sub(block, sheet.in_row(self.text, row)), sheet.result(row, column))


class SumOfBlock(Keyed, frozen=True):
    """The sum of a column over those rows from `first` to `last` that count for `mark`; blank without numbers.

    It is its own column, if none is named. `mark` may have `*` for any text. Its result is the value that the row has
    there.
    """

    first: str
    last: str
    mark: str
    column: str = ""

    def formula(self, row: str, column: str, sheet: Placed) -> Formula:
        """Return `=IF(COUNTIFS(marks,mark,block,">least")=0,"",SUMIFS(block,marks,mark))` and its result."""
        marks = sheet.marks(self.first, self.last)
        block = sheet.down(self.column or column, self.first, self.last)
        text = f'=IF(COUNTIFS({marks},"{self.mark}",{block},">{_LEAST}")=0,"",SUMIFS({block},{marks},"{self.mark}"))'
        return Formula(text, sheet.result(row, column))


class Placed:
    """Rows and columns in their places on a fresh sheet: addresses and numbers by keys."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        self._columns = {column.key: FIRST_COLUMN + i for i, column in enumerate(columns)}
        self._at = {row.key: FIRST_ROW + i for i, row in enumerate(rows)}
        self._rows = {row.key: row for row in rows}
        keys = [row.key for row in rows if row.counts_for]
        self._counted = (keys[0], keys[-1]) if keys else None
        self._marks = [(row.counts_for, row) for row in rows if row.counts_for]
        self._by_mark: dict[str, list[Row]] = {}
        self._like: dict[str, list[str]] = {}
        self._spans: dict[str, tuple[str, str, str]] = {}
        self._in_row: dict[tuple[str, tuple[tuple[str, Fixed], ...]], str] = {}

    def result(self, row: str, column: str) -> float | str | dt.date:
        """Return the number, text or date that a row gives a cell; blank text if it gives none."""
        value = self._rows[row].values.get(column)
        if isinstance(value, str | dt.date):
            return value
        return float(value) if isinstance(value, int | float) and math.isfinite(value) else ""

    def in_row(self, text: str, row: str, fixed: tuple[tuple[str, Fixed], ...] = ()) -> str:
        """Return a text with `{key}` as the cell of a row in the column of that key, or as one of the `fixed` cells."""
        pattern = self._in_row.get((text, fixed))
        if pattern is None:
            letters = {key: f"{a1.letters(column)}{{row}}" for key, column in self._columns.items()}
            letters |= {name: self._fixed(cell) for name, cell in fixed}
            pattern = self._in_row[text, fixed] = text.format_map(letters)
        return pattern.format(row=self._at[row])

    def _fixed(self, cell: Fixed) -> str:
        first = self._at[cell.row], self._columns[cell.column]
        if cell.to is None:
            return a1.cell(*first, "both")
        row, column = cell.to
        return a1.block(*first, self._at[row], self._columns[column], "both")

    def marks(self, first: str, last: str) -> str:
        """Return what rows count for, as a range with fixed rows and column."""
        return a1.block(self._at[first], FIRST_COLUMN - 1, self._at[last], FIRST_COLUMN - 1, "both")

    def down(self, column: str, first: str, last: str) -> str:
        """Return a range down a column with fixed rows, `D$7:D$40`."""
        at = self._columns[column]
        return a1.block(self._at[first], at, self._at[last], at, "row")

    def text_of(self, term: Term, row: str, column: str) -> str:
        """Return a term as A1 text in the formula of a cell."""
        if term.mark:
            first, last = self._counted or (row, row)
            marks = self.marks(first, last)
            if term.weight:
                at = self._columns[term.weight]
                by = a1.block(self._at[first], at, self._at[last], at, "both")
                own = self.down(term.column or column, first, last)
                return f'SUMPRODUCT(ISNUMBER(FIND("{term.mark.strip("*")}",{marks}))*{by}*{own})'
            return f'SUMIFS({self.down(term.column or column, first, last)},{marks},"{term.mark}")'
        number = self._at[term.row or row]
        if not term.columns:
            return a1.cell(number, self._columns[term.column or column])
        keys, first, last = self._across(term.columns)
        return f'SUMIF({keys},"{term.columns}",{first}{number}:{last}{number})'

    def values_of(self, term: Term, row: str, column: str) -> list[float]:
        """Return the numbers that a term adds up."""
        if term.mark:
            rows = [one.values for one in self._counting(term.mark)]
            numbers = [_number(row.get(term.column or column)) for row in rows]
            if not term.weight:
                return numbers
            return [_number(row.get(term.weight)) * number for row, number in zip(rows, numbers, strict=True)]
        if term.columns:
            values = self._rows[term.row or row].values
            return [_number(values.get(key)) for key in self._columns_like(term.columns)]
        return [self.number(term.row or row, term.column or column)]

    def cell(self, row: str, column: str) -> str:
        """Return the address of a cell."""
        return a1.cell(self._at[row], self._columns[column])

    def text(self, row: str, column: str) -> str:
        """Return the text at a cell: none if it is blank."""
        value = self._rows[row].values.get(column)
        return value if isinstance(value, str) else ""

    def number(self, row: str, column: str) -> float:
        """Return the number at a cell: 0 if it is blank; of a formula its result."""
        one = self._rows[row]
        keyed = one.formulas.get(column)
        return _number(keyed.formula(row, column, self).result if keyed else one.values.get(column))

    def _columns_like(self, pattern: str) -> list[str]:
        if pattern not in self._like:
            self._like[pattern] = [key for key in self._columns if fnmatchcase(key, pattern)]
        return self._like[pattern]

    def _across(self, pattern: str) -> tuple[str, str, str]:
        """The keys of the columns from the first to the last one of such keys as a range, and their letters."""
        if pattern not in self._spans:
            matches = [self._columns[key] for key in self._columns_like(pattern)]
            keys = a1.block(1, matches[0], 1, matches[-1], "both")
            self._spans[pattern] = keys, a1.letters(matches[0]), a1.letters(matches[-1])
        return self._spans[pattern]

    def _counting(self, mark: str) -> list[Row]:
        if mark not in self._by_mark:
            self._by_mark[mark] = [row for own, row in self._marks if fnmatchcase(own, mark)]
        return self._by_mark[mark]


def addressed(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows with every formula by keys as one with addresses, among their values."""
    sheet = Placed(columns, rows)

    def solved(row: Row) -> Row:
        formulas: Mapping[str, Value] = {k: keyed.formula(row.key, k, sheet) for k, keyed in row.formulas.items()}
        return replace(row, values={**row.values, **formulas}, formulas={})

    return tuple(solved(row) if row.formulas else row for row in rows)


def _number(value: Value) -> float:
    if type(value) is float:  # nearly every cell
        return value if math.isfinite(value) else 0.0
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0
