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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.faults import Fault, Place, Problem
from xlsales.core.plan import Dimension
from xlsales.tables import reasons
from xlsales.tables.cells.dates import DateBounds, read_days
from xlsales.tables.cells.matching import BLANK, UNKNOWN, Matcher
from xlsales.tables.columns.headers import recognise
from xlsales.tables.columns.mapped_headers import check_mapped_headers
from xlsales.tables.columns.merged import filled_down
from xlsales.tables.columns.outline import check_sums, outline_filled
from xlsales.tables.columns.roles import Columns
from xlsales.tables.columns.years import whole_dates
from xlsales.tables.files.source import Grid, Source, load
from xlsales.tables.rows.account import check_all_read, remarks, rows_passed_over, sift_wide_lines
from xlsales.tables.rows.counters import Counters
from xlsales.tables.rows.day_order import mixed_dates, order_of, sift_undecided
from xlsales.tables.rows.doubts import doubts
from xlsales.tables.rows.marks import without_marks
from xlsales.tables.rows.meanings import Meanings
from xlsales.tables.rows.months import whole_periods
from xlsales.tables.rows.origins import Collected, collected_rows, origin_column
from xlsales.tables.rows.parents import fill_from_parents
from xlsales.tables.rows.products import amounts_of
from xlsales.tables.rows.rates import converted
from xlsales.tables.rows.rows import Rows, rows_of
from xlsales.tables.rows.sections import sections_of
from xlsales.tables.rows.sheet_members import with_members_of_sheets
from xlsales.tables.rows.sieve import Sieve
from xlsales.tables.rows.titled_days import recognised
from xlsales.tables.rows.total_rows import sift_totals
from xlsales.tables.rows.twice import Rule, sift_twice
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.tables.words.meaning_words import odd_values
from xlsales.tables.words.titles import counted_at_end
from xlsales.values.amount_text import read_share

MOST_MICROS = 9.2e18
MANY = 100_000
"""Rows from which members are matched in threads."""
BODY = 0.01
"""Rows of another year are a body of their own from so many of the rows in the period."""
NEAREST_SOUGHT = 200
"""For so many unknown values of a dimension the nearest member is sought."""


class SumTooLarge(Fault):
    """Amounts with a sum that does not fit the exact arithmetic."""

    zh = "“{label}”的金额合计超过 9.2 万亿元。请核对金额单位。"
    en = "The amounts of '{label}' add up to more than 9.2 trillion yuan. Check their unit."


@dataclass(frozen=True)
class Records:
    """What was accepted, row by row, and the account of all that was found.

    `day` (datetime64[D]), `micros` (int64, 1e-6 yuan) and each array of `codes` (int32, positions of
    lowest-level members, below zero where a row need not name one) have one element per accepted row.
    `missing_dimensions` have no column in the table; where there are collected rows, all rows are of no member of
    them. `unnamed` says of which dimensions no pasted row names a member, and how many there are.
    `columns` tells which header served which field. `wide`: the rows counted are cells of a wide table.
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
    pieces: bool = False,
    past: bool = False,
) -> Records:
    """Read a table of sales.

    `start`, `end`: the plan's period, None to take every date. `factor`: yuan per 1 of the amounts, unless the
    table itself names its unit. `mapping`: field or dimension → header; `rules`: the other rows of Column
    mapping. `as_of`: the day of a table without dates. `expected_micros`: the target of the period, by which
    amounts of a wrong unit are noticed. `grid`: the source's cells, where they are loaded already. `blank_members`:
    rows need not name a member; the code is below zero where they do not.
    `twice`: which counts of the same sales, pasted and collected. `fiscal_start`: the month that fiscal years begin in;
    0: the first of the period's. `pieces`: what is counted are quantities, not money. `past`: of past sales, columns
    that Column mapping names may be lacking.
    Raises a fault where the file cannot be read or its columns are in doubt.
    """
    span = DateBounds(start, end)
    matchers = [Matcher(dimension) for dimension in dimensions]
    grid = load(source) if grid is None else grid
    first_month = fiscal_start or (start.month if start is not None else 1)
    grid, columns = recognised(grid, matchers, span, mapping, source.label, rules, as_of, first_month, pieces)
    more = with_members_of_sheets(grid, columns, matchers, rules, source.label)
    if more is not None:
        grid = more
        columns = recognise(grid, matchers, span, mapping, source.label, rules, as_of, first_month, pieces)
    absent = check_mapped_headers(columns, rules, source.label, past=past)
    unit = factor if columns.unit is None else columns.unit
    grid, sections = sections_of(grid, columns)
    grid = outline_filled(filled_down(grid, columns), columns, source.label)
    grid = whole_dates(grid, columns, source.label)
    rows = rows_of(grid, columns, source.label, span)
    rows, marks = without_marks(rows, columns)
    amounts, products = amounts_of(rows, columns, unit)
    counters = Counters.of(rows, columns.counters, columns.fields.get("amount", columns.fields.get("price", 0)), unit)
    counters.take_off(amounts)
    meanings = Meanings(rows, columns.meanings, rules, columns.foreign)
    rates = converted(rows, marks, columns, rules, unit, amounts)
    mixed = meanings.apply(amounts, rates.settled)
    if np.abs(amounts.micros.astype(np.float64)).sum() > MOST_MICROS:
        raise SumTooLarge(label=source.label)
    check_all_read(grid, columns, rows)
    sieve = Sieve(rows, amounts, row_by_row=blank_members)
    sections.sift(sieve, amounts)
    sift_wide_lines(sieve, grid, columns)
    meanings.sift(sieve)
    rates.sift(sieve)
    present = [m for m in matchers if m.dimension.name in columns.dimensions]
    collected = _collected(grid, columns, rows)
    with ThreadPoolExecutor(len(present) or 1) as threads:  # the table library leaves the interpreter free
        beside = threads.map if rows.count > MANY else map
        each = beside(lambda matcher: _codes(rows, columns, matcher), present)
        codes = {matcher.dimension.name: code for matcher, code in zip(present, each, strict=True)}
    in_doubt = sift_totals(sieve, grid, columns, present, codes, collected.rows | blank_members, unit)
    day, whole_months = _sift_dates(sieve, columns, span, grid.date1904, rules)
    counters.sift(sieve, amounts)
    products.sift(sieve, columns)
    by_parents = dict(codes)
    filled = [] if blank_members else fill_from_parents(by_parents, matchers, sieve.kept)
    codes = {name: by_parents[name] for name in codes}
    _sift_amounts_and_members(sieve, columns, present, codes, collected, blank_members)
    for matcher in present:
        if twice is not None and matcher.dimension.name == collected.dimension:
            sift_twice(sieve, collected, matcher, codes[collected.dimension], day, columns.fields["date"], twice)
    check_sums(columns, amounts.micros, sieve.kept, sieve.totals, source.label)
    kept, aside = sieve.kept, ~sieve.kept & ~sieve.totals
    missing = tuple(m.dimension.name for m in matchers if m not in present)
    if collected.any:
        codes = {name: np.full(rows.count, BLANK, np.int32) for name in missing} | by_parents
    else:  # a dimension without a column, of which every row that counts has a member by its parents
        codes |= {name: own for name, own in by_parents.items() if (own[sieve.kept] >= 0).all()}
        filled = [one for one in filled if one.dimension in codes]
    over = rows_passed_over(grid, columns, rows)
    whole_months += counted_at_end(columns.above, day[sieve.kept], columns.day is None, source.label)
    warnings = absent + (
        remarks(grid, columns, rows, over) + in_doubt + products.remark(rows, columns, amounts, kept) + whole_months
    )
    warnings += [rules for one in filled for rules in one.told(source.label, kept, rows.wide)]
    warnings += _notes(grid, columns, factor, source.label) + mixed + meanings.doubts(amounts, kept, rates.settled)
    warnings += counters.doubts(amounts, kept)
    warnings += doubts(grid, rows, amounts, kept, day, codes, span, expected_micros)
    at = slice(None) if kept.all() else np.flatnonzero(kept)
    found, accepted = int(amounts.micros.sum()), int(amounts.micros[at].sum())
    return Records(
        day=day[at],
        micros=amounts.micros[at],
        codes={name: code[at] for name, code in codes.items()},
        missing_dimensions=missing,
        rows_found=rows.count,
        rows_accepted=int(kept.sum()),
        rows_set_aside=int(aside.sum()),
        found_micros=found,
        accepted_micros=accepted,
        set_aside_micros=int(amounts.micros[aside].sum()),
        problems=(*sieve.problems, *warnings),
        columns=columns.served,
        wide=rows.wide,
        unnamed=_unnamed(codes, kept & ~collected.rows) if collected.any else {},
        rows_totals=int(sieve.totals.sum()),
        rows_passed_over=over[0],
        totals_micros=int(amounts.micros[sieve.totals].sum()),
    )


def _collected(grid: Grid, columns: Columns, rows: Rows) -> Collected:
    """Which rows were collected from stores, which report no more than they know."""
    if rows.wide:
        return Collected(np.zeros(rows.count, bool))
    below = grid.below(columns.header_row)
    origin = origin_column(columns.headers, below, (at[0] for at in columns.dimensions.values()))
    if origin is None:
        return Collected(np.zeros(rows.count, bool))
    origins = below[:, origin].gather(rows.grid_row - columns.header_row - 1)
    return collected_rows(origins, {name: rows.texts[at[0]] for name, at in columns.dimensions.items()})


def _unnamed(codes: Mapping[str, NDArray[np.int32]], pasted: NDArray[np.bool_]) -> dict[str, int]:
    """Return the dimensions that no pasted row names a member of, with the number of pasted rows."""
    count = int(pasted.sum())
    return {name: count for name, code in codes.items() if count and (code[pasted] == BLANK).all()}


def _sift_dates(
    sieve: Sieve, columns: Columns, span: DateBounds, date1904: bool, rules: Sequence[MappingRule]
) -> tuple[NDArray[np.datetime64], list[Problem]]:
    """Set aside error cells, rows without a readable date, and rows outside the period; remark on months."""
    rows = sieve.rows
    remarks = []
    for column in sorted(rows.errors):
        _sift_errors(sieve, column)
    if rows.days is not None:
        day = rows.days
        unread, year = np.isnat(day), columns.date_parts.year
        if year is not None and unread.any():
            sieve.each(unread, year, rows.texts[year].fill_null(""), lambda value: reasons.YearUnreadable(value=value))
    else:
        column = columns.fields["date"]
        text = rows.texts[column]
        order = order_of(rules, rows.header(column))
        day = read_days(text, span, date1904, order)
        remarks += [] if order else mixed_dates(sieve, column, text, day)
        day, length = whole_periods(day, rows.header(column), span)
        if length:
            kind = reasons.MonthlyFigures if length == 1 else reasons.QuarterlyFigures
            place = Place(rows.label, columns.header_row + 1, column + rows.first_column)
            remarks.append(Problem.note(place, rows.header(column), kind()))
        unread, blank = np.isnat(day), text.is_null().to_numpy()
        sift_undecided(sieve, column, text, unread, span)
        sieve.each(unread & ~blank, column, text, lambda value: reasons.DateUnreadable(value=value))
        _sift_undated(sieve, columns, unread & blank)
        sieve.each(unread & blank, column, None, lambda _: reasons.DateBlank())
    _sift_period(sieve, columns, day, span)
    return day, remarks


def _sift_undated(sieve: Sieve, columns: Columns, blank: NDArray[np.bool_]) -> None:
    """Set aside, as normal, rows without a date of orders that were closed or not paid, and those of zero."""
    rows, amounts, column = sieve.rows, sieve.amounts, columns.fields["date"]
    for at, kind in columns.meanings.items():
        if kind == "status" and (blank & sieve.kept).any():
            text = rows.texts[at]
            values = [(value, 1) for value in text.unique().drop_nulls().to_list()]
            dead = text.is_in(odd_values("status", values, rows.header(at))).fill_null(False).to_numpy()
            sieve.grouped(
                blank & dead, column, text, lambda v, n, _: reasons.ClosedUndated(value=v, count=n, cells=rows.wide)
            )
    zero = blank & amounts.readable & (amounts.micros == 0)
    same = pl.Series([""]).new_from_index(0, rows.count)
    sieve.grouped(zero, column, same, lambda _, n, __: reasons.ZeroUndated(count=n, cells=rows.wide))


def _sift_errors(sieve: Sieve, column: int) -> None:
    found, header = sieve.rows.errors[column], sieve.rows.header(column)
    mask = np.zeros(sieve.rows.count, bool)
    mask[list(found)] = True
    sieve.each(mask, column, found, lambda value: reasons.ErrorCell(header=header, value=value))


def _sift_period(sieve: Sieve, columns: Columns, day: NDArray[np.datetime64], span: DateBounds) -> None:
    outside = np.zeros(len(day), bool)
    if span.start is not None:
        outside |= day < np.datetime64(span.start, "D")
    if span.end is not None:
        outside |= day > np.datetime64(span.end, "D")
    if not outside.any():
        return
    column = columns.fields.get("date", min(columns.cells, default=0))
    years = pl.Series(day.astype("datetime64[Y]").astype(np.int64) + 1970)
    start, end, cells = span.start, span.end, sieve.rows.wide
    usual = _years_of_a_ledger(years.filter(pl.Series(outside)), span, int((~outside & ~np.isnat(day)).sum()))

    def fault(year: str, count: int, _: int) -> Fault:
        kind = reasons.OtherYear if int(year) in usual else reasons.OutsidePeriod
        return kind(year=int(year), count=count, cells=cells, start=start, end=end)

    sieve.grouped(outside, column, years, fault, by_amount=False)


def _years_of_a_ledger(outside: pl.Series, span: DateBounds, inside: int) -> set[int]:
    """The years outside the period that a ledger of several years has beside it, without a gap; else a date is wrong.

    A few rows among very many are rather typed wrongly, as 2025 is in January.
    """
    if span.start is None or span.end is None or not inside:
        return set()
    counts = dict(zip(*outside.value_counts().get_columns(), strict=True))
    body = {year for year, count in counts.items() if count >= BODY * inside}
    usual: set[int] = set()
    for year, step in ((span.start.year, -1), (span.end.year, 1)):
        year += 0 if year in body else step
        while year in body:
            usual.add(year)
            year += step
    return usual


def _sift_amounts_and_members(
    sieve: Sieve,
    columns: Columns,
    matchers: Sequence[Matcher],
    codes: dict[str, NDArray[np.int32]],
    collected: Collected,
    blank_members: bool,
) -> None:
    """Set aside rows without a readable amount, with a blank key (unless it may be), or of no lowest-level member.

    A collected row may lack any member. So may all rows in a column that serves collected rows alone, be it not
    that of the stores.
    """
    rows, readable = sieve.rows, sieve.amounts.readable
    text, column = rows.amounts, rows.amount_column
    blank = text.is_null().to_numpy()
    sieve.each(~readable & ~blank, column, text, _no_amount)
    sieve.each(~readable, column, None, lambda _: reasons.AmountBlank())
    pasted = sieve.kept & ~collected.rows
    for name in () if blank_members else codes:
        blank = codes[name] == BLANK
        if not (collected.any and name != collected.dimension and blank[pasted].all()):
            _sift_blank_keys(sieve, columns, name, blank & pasted if collected.any else blank)
    for matcher in matchers:
        _sift_members(sieve, columns, matcher, codes[matcher.dimension.name])


def _no_amount(value: str) -> reasons.Repeated:
    kind = reasons.AmountUnreadable if read_share(value) is None else reasons.AmountIsShare
    return kind(value=value)


def _sift_blank_keys(sieve: Sieve, columns: Columns, name: str, blank: NDArray[np.bool_]) -> None:
    at, cells = columns.dimensions[name][0], sieve.rows.wide
    text = sieve.rows.texts[at]
    sieve.grouped(blank, at, text, lambda _, n, __: reasons.KeyBlank(dimension=name, count=n, cells=cells))


def _codes(rows: Rows, columns: Columns, matcher: Matcher) -> NDArray[np.int32]:
    """Member positions by the first column; where that is blank or an upper level, by another that gives a leaf."""
    first, *others = columns.dimensions[matcher.dimension.name]
    codes = matcher.codes(rows.texts[first])
    for column in others:
        open_ = (codes != UNKNOWN) & ~matcher.lowest(codes)
        if open_.any():
            other = matcher.codes(rows.texts[column])
            take = open_ & matcher.lowest(other)
            codes[take] = other[take]
    return codes


def _sift_members(sieve: Sieve, columns: Columns, matcher: Matcher, codes: NDArray[np.int32]) -> None:
    name = matcher.dimension.name
    at = columns.dimensions[name][0]
    text, cells = sieve.rows.texts[at], sieve.rows.wide

    def unknown(value: str, count: int, before: int) -> Fault:
        nearest = matcher.nearest(value) if before < NEAREST_SOUGHT else []
        if not nearest:
            return reasons.MemberUnknown(dimension=name, value=value, count=count, cells=cells)
        return reasons.MemberMisspelt(dimension=name, value=value, count=count, cells=cells, nearest=nearest)

    sieve.grouped(codes == UNKNOWN, at, text, unknown)
    upper = (codes >= 0) & ~matcher.lowest(codes)
    sieve.grouped(
        upper, at, text, lambda v, n, _: reasons.MemberNotLowest(dimension=name, value=v, count=n, cells=cells)
    )


def _notes(grid: Grid, columns: Columns, factor: int, label: str) -> list[Problem]:
    """What the reading did of itself and people should know."""
    row = columns.header_row + 1
    notes = []
    for column in columns.totals:
        header = columns.headers[column] or ""
        place = Place(label, row, column + grid.first_column)
        notes.append(Problem.note(place, header, reasons.TotalColumn(value=header)))
    if columns.unit is not None and columns.unit != factor:
        fault = reasons.UnitOfHeader(unit=columns.unit, setting=factor)
        notes.append(Problem.note(Place(label, row), "", fault))
    return notes
