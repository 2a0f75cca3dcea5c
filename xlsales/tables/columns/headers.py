"""Which column holds what: found by header and content, below title rows; asked about where it is in doubt."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from xlsales.core.text import identity as plain
from xlsales.tables.cells.dates import DateBounds, Stamp, read_stamp
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.columns.across import Across, columns_told, members_across, months_across
from xlsales.tables.columns.block import Header, block_at
from xlsales.tables.columns.column_faults import ColumnInDoubt as ColumnInDoubt
from xlsales.tables.columns.column_faults import ColumnMissing as ColumnMissing
from xlsales.tables.columns.column_faults import HeadersAlike as HeadersAlike
from xlsales.tables.columns.column_faults import LevelsInOneColumn as LevelsInOneColumn
from xlsales.tables.columns.column_faults import MappedFieldUnknown as MappedFieldUnknown
from xlsales.tables.columns.column_faults import MappedHeaderMissing as MappedHeaderMissing
from xlsales.tables.columns.column_faults import NotOnFirstSheet as NotOnFirstSheet
from xlsales.tables.columns.contents import holds_amounts, holds_dates, samples
from xlsales.tables.columns.counter_words import counter_columns
from xlsales.tables.columns.dimension_columns import dimension_columns
from xlsales.tables.columns.field_columns import best_columns, field_columns, mapped_columns, mapped_fields
from xlsales.tables.columns.pieces import best_of_pieces, heading_of_pieces
from xlsales.tables.columns.roles import Columns, DateParts
from xlsales.tables.columns.years import day_column, holds_fiscal, month_and_day, year_column
from xlsales.tables.files.source import HEAD_ROWS, Grid
from xlsales.tables.words import units
from xlsales.tables.words.fiscal import NAMINGS, Fiscal, fiscal_title, says_periods
from xlsales.tables.words.header_words import (
    DIMENSIONS,
    FIELDS,
    MONTH_TIER,
    QUALIFIED,
    ROW_LABELS,
    is_total,
    normal,
    synonyms,
    tier_of,
)
from xlsales.tables.words.labels import period_columns, read_label, sums_columns
from xlsales.tables.words.mapping_rules import MappingRule, value_of
from xlsales.tables.words.meaning_words import is_sales, meaning_columns
from xlsales.tables.words.titles import period_of_titles
from xlsales.tables.words.wide import day_of_table, month_named, month_of_days
from xlsales.values.units import currency_of

Row = Sequence[str | None]
_FIGURE_OF_PIVOT = re.compile(r"(求和|计数|平均值|最大值)项\s*[::]|(sum|count|average|total) of ", re.IGNORECASE)


def recognise(
    grid: Grid,
    matchers: Sequence[Matcher],
    span: DateBounds,
    mapping: Mapping[str, str] | None = None,
    label: str = "",
    rules: Sequence[MappingRule] = (),
    as_of: dt.date | None = None,
    fiscal_start: int = 1,
    pieces: bool = False,
) -> Columns:
    """Find the header rows and the columns of a table.

    `mapping` (field or dimension → header) and `rules` override everything. A table without dates is of the day that
    Column mapping gives, that its titles name, or of `as_of`. `pieces`: quantities count, and no money or its units.
    Raises a fault that names the candidates if a date, an amount or a dimension is in doubt. A dimension without a
    column is absent.
    """
    head = [[_shown(cell) for cell in row] for row in grid.top(HEAD_ROWS)]
    mapped = mapped_fields(mapping or {}, matchers)
    header = block_at(head, _header_row(head, matchers, mapped), lambda word: _is_member(word, matchers))
    headers, at = header.names, header.last
    titles = [cell for row in head[: header.first] for cell in row if cell is not None]
    picked = _picked(header, mapped)
    if pieces and "amount" not in mapped:
        picked = heading_of_pieces(header.parts)
    fixed = mapped_columns(headers, {k: h for k, h in mapped.items() if k != "amount" or not picked}, grid, label)
    sample = samples(grid, at)
    _check_levels(headers, sample, label)
    grouped = {i for i, parts in enumerate(header.parts) if len(parts) > 1 and not all(map(units.is_unit, parts[1:]))}
    best = best_columns(headers, grid, at, fixed, sample, grouped)
    fiscal = _fiscal(rules, fiscal_start, label)
    year = year_column(headers, sample, fixed.values())
    both = month_and_day(headers, sample, best["date"]) if "date" not in fixed else None
    best["date"] = [both[0]] if both else best["date"] or (day_column(headers, sample) if month_of_days(titles) else [])
    parts = _date_parts(header, year, both[1] if both else None, best["date"], titles, sample, fiscal, span)
    completing = {column for column in (parts.year, parts.day) if column is not None}
    if pieces and not picked:
        best = best_of_pieces(best, headers, sample, fixed, label)
    table = _across(header, best, matchers, span, titles, picked, fixed, rules, label, grid, sample, completing, fiscal)
    if table is not None and any(_names_year(header.parts[i]) for i in table.days):
        parts = DateParts(title=parts.title)
    day: dt.date | None = None
    above = None if value_of(rules, "date") is not None else period_of_titles(titles, span)
    if table is None or (not table.days and not best["date"]):
        day = _day(best, titles, span, rules, as_of) if not any(map(holds_dates, sample)) else None
    if table is None:
        fields = field_columns(headers, best, grid, sample, label, dated=day is not None, above=above)
        table = Across(())
    else:
        undated = not table.days and day is None
        fields = field_columns(headers, best, grid, sample, label, only="date", above=above) if undated else {}
    taken = {*fields.values(), *table.cells, *table.totals, *fixed.values(), *completing}
    dimensions = dimension_columns(
        headers, grid, sample, [m for m in matchers if m.dimension.name not in table.members], fixed, taken, label
    )
    width = len(headers)
    members = {width + i: found for i, found in enumerate(table.members.values())}
    dimensions |= {name: (width + i,) for i, name in enumerate(table.members)}
    served = {column for group in dimensions.values() for column in group} | taken
    amount = fields.get("amount", fields.get("price"))
    of_amounts = table.cells or ([amount] if amount is not None else [])
    if amount is not None and "amount" not in fields and value_of(rules, "unit") is None:
        many = units.many_counted(headers[fields["quantity"]] or "")
        if many is not None:
            raise units.UnitUnknown(label=label, found=many)
    counters = counter_columns(headers, sample, served, rules, amount) if amount is not None else {}
    meanings = meaning_columns(headers, served | counters.keys(), rules, sample)
    figures = [v for i, kind in meanings.items() if kind == "measure" for v in sorted(sample[i]) if is_sales(v)]
    in_headers = [part for i in of_amounts for part in header.parts[i]]
    unit, foreign = _unit([*in_headers, *figures], head, header, label, rules, pieces=pieces)
    return Columns(
        at, (*headers, *table.members), fields, dimensions, table.days, table.totals, unit, foreign,
        meanings, table.cells, members, day, parts, counters, above,
    )  # fmt: skip


def header_row_of(grid: Grid, matchers: Sequence[Matcher], mapping: Mapping[str, str] | None = None) -> int:
    """The last row of a table's header, whatever its columns are."""
    head = [[_shown(cell) for cell in row] for row in grid.top(HEAD_ROWS)]
    at = _header_row(head, matchers, mapped_fields(mapping or {}, matchers))
    return block_at(head, at, lambda word: _is_member(word, matchers)).last


def _fiscal(rules: Sequence[MappingRule], start: int, label: str) -> Fiscal:
    said = value_of(rules, "fiscal")
    naming = next((naming for word, naming in NAMINGS.items() if said is not None and plain(word) == plain(said)), None)
    return Fiscal(start, naming, label)


def _date_parts(
    header: Header, year: int | None, day: int | None, dates: Sequence[int], titles: Sequence[str],
    sample: Sequence[set[str]], fiscal: Fiscal, span: DateBounds,
) -> DateParts:  # fmt: skip
    """What completes the dates: columns, and the year of the titles; fiscal years are known as such.

    Days of a plan of several years are of the year that the plan tells, if the title names one of these.
    """
    above = fiscal_title(titles)
    calendar = month_named(titles)[0]
    title = above or ((calendar, None) if calendar is not None else None)
    names = header.names
    monthly = any(tier_of("date", names[i] or "") == MONTH_TIER for i in dates)
    if title is not None and dates and not monthly and span.has_year_among_several(title[0]):
        title = None
    known = holds_fiscal(names[year], sample[year]) if year is not None else above is not None
    known = known or (len(dates) == 1 and says_periods(names[dates[0]] or "", alone=True))
    return DateParts(year, day, fiscal if known else None, title, None if known else month_of_days(titles))


def _check_levels(headers: Sequence[str | None], sample: Sequence[set[str]], label: str) -> None:
    """Raise `LevelsInOneColumn` where a pivot table's only column of names holds months, and members or years."""
    for header, values in zip(headers, sample, strict=False):
        if header is not None and normal(header) in ROW_LABELS:
            dated = {value for value in values if (stamp := read_stamp(value)) is not None and stamp.month is not None}
            if dated and any(not is_total(value) for value in values - dated):
                raise LevelsInOneColumn(label=label, header=header)


def _names_year(parts: Sequence[str]) -> bool:
    found = read_label(parts)
    return found.year is not None or (isinstance(found.period, Stamp) and found.period.year is not None)


def _shown(cell: str | None) -> str | None:
    text = " ".join(cell.split()) if cell is not None else ""
    return text or None


def _is_member(word: str, matchers: Sequence[Matcher]) -> bool:
    return any(matcher.position(word) >= 0 for matcher in matchers)


def _header_row(head: Sequence[Row], matchers: Sequence[Matcher], mapped: Mapping[str, str]) -> int:
    """The first row that names the most columns; a sheet without any known name: its first full row."""
    names = frozenset().union(*(synonyms(m.dimension.name) for m in matchers)) | frozenset().union(*DIMENSIONS)
    wanted = {normal(header) for header in mapped.values()}
    of_rows = [period_columns(row) for row in head]

    def score(row: Row, periods: Mapping[int, Stamp | int]) -> tuple[int, int]:
        texts = [cell for cell in row if cell is not None]
        fields = sum(any(tier_of(name, text) is not None for text in texts) for name in FIELDS)
        words = [normal(text) for text in texts]
        named = sum(word in names for word in words)
        chosen = sum(word in wanted for word in words)
        numbers = any(isinstance(period, int) for period in periods.values())
        across = (1 if numbers else 2) if periods else 0
        members = sum(_is_member(text, matchers) for text in texts)
        across = across or (1 if members >= 2 and members * 2 >= len(texts) and not _has_numbers(texts) else 0)
        return 3 * chosen + 2 * fields + named + across, min(len(texts), 2)

    def is_corner(at: int) -> bool:
        """`求和项:金额 . 月份` above the headers of a pivot table."""
        above, below = ([cell for cell in row if cell is not None] for row in (head[at], head[at + 1]))
        return any(_FIGURE_OF_PIVOT.match(cell) for cell in above) and len(below) > len(above)

    scores = [score(row, periods) for row, periods in zip(head, of_rows, strict=True)]
    months = {i for periods in of_rows for i, period in periods.items() if isinstance(period, Stamp)}

    def is_data(at: int) -> bool:
        """Bare numbers below months: `销售额 1 2` below `项目 1月 2月`."""
        periods = of_rows[at]
        if not periods or not all(isinstance(period, int) for period in periods.values()):
            return False
        above = {i for row in of_rows[:at] for i, period in row.items() if isinstance(period, Stamp)}
        return set(periods) <= above

    scores = [(0, 0) if months and is_data(at) else s for at, s in enumerate(scores)]
    scores = [(0, 0) if at + 1 < len(head) and is_corner(at) else s for at, s in enumerate(scores)]
    return scores.index(max(scores))


def _has_numbers(texts: Sequence[str]) -> bool:
    return any(text.replace(".", "", 1).lstrip("-").isdigit() for text in texts)


def _picked(header: Header, mapped: Mapping[str, str]) -> list[str]:
    """The heading mapped to the amount, where it heads several columns of a wide table and not just one column."""
    wanted = mapped.get("amount")
    if wanted is None:
        return []
    word = normal(wanted)
    if any(name is not None and normal(name) == word for name in header.names):
        return []
    labels = [read_label(parts) for parts in header.parts]
    heads = [
        {normal(w) for w in (*parts, *label.words, " ".join(label.words))}
        for parts, label in zip(header.parts, labels, strict=True)
    ]
    return [wanted] if any(word in words for words in heads) else []


def _across(
    header: Header, best: Mapping[str, list[int]], matchers: Sequence[Matcher], span: DateBounds, titles: Sequence[str],
    picked: Sequence[str], fixed: Mapping[str, int], rules: Sequence[MappingRule], label: str, grid: Grid,
    sample: Sequence[set[str]], completing: set[int], fiscal: Fiscal,
) -> Across | None:  # fmt: skip
    """The amounts of a wide table; None where each row has one. `completing`: columns that complete the date."""
    counted = [row.header or "" for row in rules if row.kind == "include" and not row.value]
    several = [i for i in best["amount"] if tier_of("amount", header.names[i] or "") == QUALIFIED]  # `线上销售额`
    several = several if len(several) > 1 else []
    sums = {i for i in best["amount"] if not several and sums_columns(header.parts[i])}
    paid = (best["amount"] and not several) or (best["quantity"] and best["price"])
    dated = any(holds_dates(sample[i]) for i in best["date"])  # `月份` may head the members in a corner
    if not dated or not (paid or any(isinstance(p, int) for p in period_columns(header.names).values())):
        headings = tuple(() if i in completing else parts for i, parts in enumerate(header.parts))
        bare = Header(header.first, header.last, headings)
        months = months_across(
            bare,
            matchers,
            span,
            titles,
            picked,
            counted,
            label,
            grid.first_column,
            years_down=bool(completing),
            fiscal=fiscal,
        )
        if months is not None:
            return months
    taken = {*fixed.values(), *(column for columns in best.values() for column in columns), *completing}
    taken -= set(several)
    amounts = [i for i, values in enumerate(sample) if i not in taken and holds_amounts(values)]
    added = columns_told(header, amounts, counted)
    if added:
        return Across(added)
    if paid and not sums:
        return None
    free = [m for m in matchers if m.dimension.name not in fixed]
    members = members_across(header, free, amounts, picked, counted, label, grid.first_column)
    return replace(members, totals=tuple(sorted({*members.totals, *sums}))) if members is not None else None


def _day(
    best: Mapping[str, list[int]],
    titles: Sequence[str],
    span: DateBounds,
    rules: Sequence[MappingRule],
    as_of: dt.date | None,
) -> dt.date | None:
    """The day of a table without dates: as told, as its titles say, as of the day that is asked for."""
    if best["date"]:
        return None
    entered = value_of(rules, "date")
    stamp = read_stamp(entered) if entered is not None else None
    day = stamp.date(span) if stamp is not None else None
    day = day or day_of_table(titles, span)
    if day is not None and as_of is not None and (day.year, day.month) == (as_of.year, as_of.month):
        return min(day, as_of)
    return day or as_of


def _unit(
    headers: Sequence[str],
    head: Sequence[Row],
    header: Header,
    label: str,
    rules: Sequence[MappingRule],
    *,
    pieces: bool,
) -> tuple[int | None, str | None]:
    """The unit and the foreign currency written in the amounts' headers, above the table or beside it.

    In a table of `pieces`, units above and beside it that are of money speak of other columns.
    """
    in_headers = [named for text in headers for named in units.split_header(text)[1]]
    titles = units.in_titles(cell for row in head[: header.first] for cell in row if cell is not None)
    titles += units.beside(
        cell for row in head[header.first :] for cell in row if cell is not None and cell not in headers
    )
    titles = [named for named in titles if not (pieces and named.unit is not None and named.unit.currency)]
    rates = [currency_of(row.value or "") for row in rules if row.kind == "rate"]
    return units.settle(label, in_headers, titles, value_of(rules, "unit"), rates)
