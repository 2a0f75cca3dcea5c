"""Actuals and past sales as records: a pasted table in, days, members and exact amounts out, nothing lost.

The story: load the cells → recognise the columns → read amounts and dates as meant → set aside what cannot be
counted, in a fixed order of reasons → match members → warn of what looks wrong.

The law: the rows and the micros accepted, set aside and of totals rows add up to those found. A row with an amount that
cannot be read is found and set aside as a row; it has no amount. Totals rows are found, and counted apart; total
columns of a wide table are left out before (a remark says so).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from xlsales.core.calendars import WorkCalendar
from xlsales.core.faults import Problem
from xlsales.core.periods import CALENDAR_YEAR
from xlsales.core.plan import Dimension, FiscalYear
from xlsales.tables import reasons
from xlsales.tables.cells.dates import DateBounds
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.columns.headers import recognise
from xlsales.tables.columns.mapped_headers import check_mapped_headers
from xlsales.tables.columns.merged import fill_merged
from xlsales.tables.columns.outline import check_sums, fill_outline
from xlsales.tables.columns.roles import Columns
from xlsales.tables.columns.years import whole_dates
from xlsales.tables.files.grids import Grid
from xlsales.tables.files.source import Source, load
from xlsales.tables.rows.account import check_all_read, header_remarks, remarks, rows_passed_over, sift_wide_lines
from xlsales.tables.rows.below_header import rows_of
from xlsales.tables.rows.days import sift_days
from xlsales.tables.rows.doubts import doubts
from xlsales.tables.rows.members import RowMembers
from xlsales.tables.rows.months import months_of_weeks
from xlsales.tables.rows.row_amounts import RowAmounts, sift_unreadable
from xlsales.tables.rows.sections import sections_of
from xlsales.tables.rows.sheet_members import with_members_of_sheets
from xlsales.tables.rows.sieve import Sieve
from xlsales.tables.rows.slips import slips_of
from xlsales.tables.rows.titled_days import recognise_with_titles
from xlsales.tables.rows.total_rows import sift_totals
from xlsales.tables.rows.twice import Rule, sift_twice
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.tables.words.titles import note_of_end
from xlsales.vocabulary.money import Money


class Records(Struct, frozen=True):
    """What was accepted, row by row, and the account of all that was found.

    `day` (datetime64[D]), `micros` (int64, millionths) and each array of `codes` (int32, positions of
    lowest-level members, below zero if a row need not name one) have one element per accepted row.
    `missing_dimensions` have no column in the table; if there are collected rows, all rows are of no member of
    them. `unnamed` says of which dimensions no pasted row names a member, and how many there are.
    A row that was split among members has an element for each of them, and counts as one row.
    `columns`: which header served which field. `wide`: the rows counted are cells of a wide table.
    """

    day: NDArray[np.datetime64]
    micros: NDArray[np.int64]
    codes: dict[str, NDArray[np.int32]]
    missing_dimensions: tuple[str, ...]
    rows_found: int
    rows_accepted: int
    rows_set_aside: int
    found_micros: int
    accepted_micros: int
    set_aside_micros: int
    problems: tuple[Problem, ...]
    columns: dict[str, str]
    wide: bool = False
    unnamed: dict[str, int] = field(default_factory=dict)
    rows_totals: int = 0
    rows_passed_over: int = 0
    totals_micros: int = 0
    row_numbers: NDArray[np.int64] | None = None
    """The row of each accepted row on its sheet, if it was `numbered`."""
    further: NDArray[np.bool_] | None = None
    """Which elements are further parts of a row that was split among members; None if none was."""

    @property
    def last_day(self) -> dt.date | None:
        """The last day with an accepted row; None without rows."""
        day: dt.date | None = self.day.max().astype(object) if len(self.day) else None
        return day


def read_records(
    source: Source,
    dimensions: Sequence[Dimension],
    *,
    start: dt.date | None = None,
    end: dt.date | None = None,
    factor: int = 1,
    mapping: Mapping[str, str] | None = None,
    rules: Sequence[MappingRule] = (),
    as_of: dt.date | None = None,
    expected_micros: int | None = None,
    grid: Grid | None = None,
    blank_members: bool = False,
    twice: Rule | None = None,
    fiscal_start: int = 0,
    fiscal: FiscalYear = CALENDAR_YEAR,
    pieces: bool = False,
    past: bool = False,
    numbered: bool = False,
    calendar: WorkCalendar | None = None,
) -> Records:
    """Read a table of sales.

    `start`, `end`: the plan's period, None to take every date. `factor`: how much 1 of the amounts is, unless the
    table itself names its unit. `mapping`: field or dimension → header; `rules`: the other rows of Column
    mapping. `as_of`: the day of a table without dates. `expected_micros`: the target of the period, by which
    amounts of a wrong unit are noticed. `grid`: the source's cells, if they are loaded already. `blank_members`:
    rows need not name a member; the code is below zero if they do not.
    `twice`: which counts of the same sales, pasted and collected. `fiscal_start`: the month that fiscal years begin in;
    0: the first of the period's. `fiscal`: which days the month of a monthly figure has. `pieces`: what is counted are
    quantities, not money. `past`: of past sales, columns that Column mapping names may be lacking.
    `numbered`: the result has the number of each row. `calendar`: that of the period; with it rows that are likely
    slips of a hand are told.
    Raises a fault if the file cannot be read or its columns are in doubt.
    """
    span = DateBounds(start, end, fiscal)
    matchers = [Matcher(dimension) for dimension in dimensions]
    first_month = fiscal_start or (start.month if start is not None else 1)
    context = (matchers, span, mapping, source.label, rules, as_of, first_month, pieces, source.currency)
    grid, columns = recognise_with_titles(load(source) if grid is None else grid, *context)
    of_members = with_members_of_sheets(grid, columns, matchers, rules, source.label)
    if of_members is not None:
        grid, columns = of_members, recognise(of_members, *context)
    warnings = check_mapped_headers(columns, rules, source.label, past=past)
    unit = factor if columns.unit is None else columns.unit
    base = Money("piece" if pieces else "yuan", source.currency).said
    grid, sections = sections_of(grid, columns)
    grid = fill_outline(fill_merged(grid, columns), columns, source.label)
    grid = whole_dates(grid, columns, source.label)
    row_amounts = RowAmounts.of(rows_of(grid, columns, source.label, span), columns, rules, unit, pieces=pieces)
    rows, amounts = row_amounts.rows, row_amounts.amounts
    check_all_read(grid, columns, rows)

    sieve = Sieve(rows, amounts, row_by_row=blank_members)
    sections.sift(sieve)
    sift_wide_lines(sieve, grid, columns)
    row_amounts.sift_meanings(sieve)
    members = RowMembers.of(grid, columns, rows, matchers, may_be_blank=blank_members)
    totals_doubts = sift_totals(sieve, grid, columns, members.present, members.codes, members.may_lack, unit)
    sieve.errors()
    days, day_remarks = sift_days(sieve, columns, span, grid.date1904, rules)
    row_amounts.sift_multiplied(sieve, columns)
    members.fill_from_parents(sieve.kept)
    sift_unreadable(sieve)
    members.sift(sieve, columns)
    stores = members.of_stores
    if twice is not None and stores is not None:
        codes = members.codes[stores.dimension.name]
        sift_twice(sieve, members.collected, stores, codes, days, columns.fields["date"], twice, fiscal)
    check_sums(columns, amounts.micros, sieve.kept, sieve.totals, source.label)
    members.complete(sieve.kept)

    kept, over = sieve.kept, rows_passed_over(grid, columns, rows)
    warnings += remarks(grid, columns, rows, over) + totals_doubts
    warnings += row_amounts.products.remark(rows, columns, amounts, kept) + day_remarks
    warnings += note_of_end(columns.above, days[kept], columns.day is None, source.label)
    warnings += months_of_weeks(days[kept], span, source.label)
    warnings += members.remarks(source.label, kept, rows.wide)
    warnings += header_remarks(grid, columns, factor, source.label, base) + row_amounts.doubts(kept)
    warnings += doubts(grid, rows, amounts, kept, days, members.codes, span, expected_micros, base)
    if calendar is not None and not any(isinstance(one.fault, reasons.CumulativeFigures) for one in warnings):
        warnings += slips_of(rows, amounts.micros, kept, days, members.by_dimension, calendar, as_of, base)
    records = _records(sieve, days, members, columns, over[0], warnings)
    if not numbered:
        return records
    numbers = np.array([rows.place(record).row or 0 for record in np.flatnonzero(kept).tolist()], np.int64)
    if records.further is not None:
        numbers = numbers[np.cumsum(~records.further) - 1]
    return replace(records, row_numbers=numbers)


def _records(
    sieve: Sieve, days: NDArray[np.datetime64], members: RowMembers, columns: Columns, over: int,
    warnings: Sequence[Problem],
) -> Records:  # fmt: skip
    """Return the rows that are left in the sieve, and the account of all; `over`: how many rows were passed over."""
    kept, aside, micros = sieve.kept, ~sieve.kept & ~sieve.totals, sieve.amounts.micros
    at: slice | NDArray[np.int64] = slice(None) if kept.all() else np.flatnonzero(kept)
    accepted, codes, further = micros[at], {name: code[at] for name, code in members.codes.items()}, None
    if any(len(one.rows(kept)) for one in members.shared):
        split = members.split(np.flatnonzero(kept), accepted)
        at, accepted, codes, further = split.record, split.micros, split.codes, ~split.first
    return Records(
        day=days[at],
        micros=accepted,
        codes=codes,
        missing_dimensions=members.missing,
        rows_found=sieve.rows.count,
        rows_accepted=int(kept.sum()),
        rows_set_aside=int(aside.sum()),
        found_micros=int(micros.sum()),
        accepted_micros=int(accepted.sum()),
        set_aside_micros=int(micros[aside].sum()),
        problems=(*sieve.problems, *warnings),
        columns=columns.served,
        wide=sieve.rows.wide,
        unnamed=members.unnamed(kept),
        rows_totals=int(sieve.totals.sum()),
        rows_passed_over=over,
        totals_micros=int(micros[sieve.totals].sum()),
        further=further,
    )
