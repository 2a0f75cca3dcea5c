"""Which columns of a table serve what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct, field

from xlsales.tables.columns.counter_words import CounterKind
from xlsales.tables.words.fiscal import Fiscal, Years
from xlsales.tables.words.titles import TitlePeriod
from xlsales.vocabulary.contract import CNY


class DateParts(Struct, frozen=True):
    """Columns that complete the date of a row: that of its year, that of its day of the month.

    `fiscal`: the years are fiscal ones, or the months count from the start of such a year. `title`: the year that the
    titles above the table name; `month`: the month, if they name just one.
    """

    year: int | None = None
    day: int | None = None
    fiscal: Fiscal | None = None
    title: Years | None = None
    month: int | None = None

    @property
    def columns(self) -> set[int]:
        """The columns that complete the date."""
        return {column for column in (self.year, self.day) if column is not None}


class Columns(Struct, frozen=True):
    """Which columns of a grid serve what; positions count from 0 within the grid.

    `header_row` is the last row of the header. `dimensions` holds for each dimension the columns that give its
    members, the one to trust first. `cells` are the columns of amounts of a wide table; `periods` gives the day of such
    a column, `members` its member. A dimension with members across has a column of its own behind the last. `day`: the
    day of a table without dates. `totals` are columns left out because they sum others. `date_parts` complete the date.
    `unit` is the unit that the table names (per 1 of its amounts, in the plan's `currency` or in the `foreign` one).
    `meanings` are columns that may change what an amount means: column → kind. `counters` are columns of money that go
    against the amounts. `above`: the stretch of time of the titles, unless Column mapping gives the day.
    `names_like_blanks`: the words that mean blank elsewhere and are names in a column.
    """

    header_row: int
    headers: tuple[str | None, ...]
    fields: dict[str, int] = field(default_factory=dict)
    dimensions: dict[str, tuple[int, ...]] = field(default_factory=dict)
    periods: dict[int, dt.date] = field(default_factory=dict)
    totals: tuple[int, ...] = ()
    unit: int | None = None
    foreign: str | None = None
    meanings: dict[int, str] = field(default_factory=dict)
    cells: tuple[int, ...] = ()
    members: dict[int, dict[int, str]] = field(default_factory=dict)
    day: dt.date | None = None
    date_parts: DateParts = field(default_factory=DateParts)
    counters: dict[int, CounterKind] = field(default_factory=dict)
    above: TitlePeriod | None = None
    currency: str = CNY
    names_like_blanks: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @property
    def member_columns(self) -> set[int]:
        """The columns that give members, of all dimensions."""
        return {column for group in self.dimensions.values() for column in group}

    @property
    def key_columns(self) -> set[int]:
        """The columns that give dates and members, and no amounts."""
        dates = {column for name, column in self.fields.items() if name == "date"}
        return (self.member_columns | dates) - self.amount_columns

    @property
    def amount_columns(self) -> set[int]:
        """The columns of amounts, quantities and prices."""
        return {*self.cells, *(column for name, column in self.fields.items() if name != "date")}

    @property
    def served(self) -> dict[str, str]:
        """Field or dimension → the header that serves it, for people to check."""
        headers = {name: self.headers[column] or "" for name, column in self.fields.items()}
        headers |= {name: self.headers[columns[0]] or "" for name, columns in self.dimensions.items()}
        if self.cells:
            headers["amount"] = f"{self.headers[self.cells[0]]} … {self.headers[self.cells[-1]]}"
        elif "amount" not in self.fields:
            headers["amount"] = f"{headers['quantity']}×{headers['price']}"
        if self.day is not None:
            headers["date"] = str(self.day)
        return headers
