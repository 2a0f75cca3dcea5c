"""Which column holds what: by header and content, below title rows. If it is in doubt, people are asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.periods import month_of
from xlsales.core.text import identity
from xlsales.tables.cells.dates import DateBounds, Stamp, read_stamp
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.columns.across import Across, Headings, members_across, months_across
from xlsales.tables.columns.block import Header
from xlsales.tables.columns.column_faults import LevelsInOneColumn
from xlsales.tables.columns.contents import holds_amounts, holds_dates, samples
from xlsales.tables.columns.counter_words import counter_columns
from xlsales.tables.columns.dimension_columns import dimension_columns
from xlsales.tables.columns.field_columns import best_columns, field_columns, mapped_columns, mapped_fields
from xlsales.tables.columns.header_row import find_header, top_rows
from xlsales.tables.columns.pieces import best_of_pieces, heading_of_pieces
from xlsales.tables.columns.roles import Columns, DateParts
from xlsales.tables.columns.years import day_column, holds_fiscal, month_and_day, year_column
from xlsales.tables.files.grids import Grid, Row
from xlsales.tables.words import units
from xlsales.tables.words.fiscal import NAMINGS, Fiscal, fiscal_title, says_periods
from xlsales.tables.words.header_words import MONTH_TIER, QUALIFIED, ROW_LABELS, is_total, normal, tier_of
from xlsales.tables.words.labels import period_columns, read_label, sums_columns
from xlsales.tables.words.mapping_rules import MappingRule, value_of
from xlsales.tables.words.meaning_words import is_sales, meaning_columns
from xlsales.tables.words.titles import period_of_titles
from xlsales.tables.words.wide import day_of_table, month_named, month_of_days
from xlsales.values.units import currency_of
from xlsales.vocabulary.contract import CNY
from xlsales.vocabulary.money import Money


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
    currency: str = CNY,
) -> Columns:
    """Find the header rows and the columns of a table.

    `mapping` (field or dimension → header) and `rules` override everything. A table without dates is of the day that
    Column mapping gives, that its titles name, or of `as_of`. `pieces`: quantities count, and no money or its units.
    `currency`: that of the plan.
    Raises a fault that names the candidates if a date, an amount or a dimension is in doubt. A dimension without a
    column is absent.
    """
    table = _table(grid, matchers, span, mapping or {}, label, rules, fiscal_start, pieces, currency)
    names, sample = table.header.names, table.sample
    best, date_parts = _best(table)
    completing = date_parts.columns
    across = _across(table, best, completing)
    if any(_names_year(table.header.parts[i]) for i in across.days):
        date_parts = DateParts(title=date_parts.title)
    undated = not across.days and not best["date"] and not any(map(holds_dates, sample))
    day = _day(table, as_of) if undated else None
    above = None if value_of(rules, "date") is not None else period_of_titles(table.titles, span)
    fields: dict[str, int] = {}
    if not across.cells:
        fields = field_columns(names, best, grid, sample, label, dated=day is not None, above=above)
    elif not across.days and day is None:
        fields = field_columns(names, best, grid, sample, label, only="date", above=above)
    others = [m for m in matchers if m.dimension.name not in across.members]
    in_use = {*fields.values(), *across.cells, *across.totals, *table.fixed.values(), *completing}
    dimensions = dimension_columns(names, grid, sample, others, table.fixed, in_use, label)
    in_use.update(*dimensions.values())
    _check_quantity(table, fields)
    amount = fields.get("amount", fields.get("price"))
    counters = counter_columns(names, sample, in_use, rules, amount) if amount is not None else {}
    meanings = meaning_columns(names, in_use | counters.keys(), rules, sample)
    if pieces:  # are of no currency
        meanings = {column: kind for column, kind in meanings.items() if kind != "currency"}
    unit, foreign = _unit(table, across.cells or ((amount,) if amount is not None else ()), meanings)
    dimensions |= {name: (len(names) + i,) for i, name in enumerate(across.members)}
    members = {len(names) + i: by_column for i, by_column in enumerate(across.members.values())}
    return Columns(
        table.header.last, (*names, *across.members), fields, dimensions, across.days, across.totals, unit, foreign,
        meanings, across.cells, members, day, date_parts, counters, above, currency,
        _names_like_blanks(matchers, dimensions),
    )  # fmt: skip


def _names_like_blanks(
    matchers: Sequence[Matcher], dimensions: Mapping[str, Sequence[int]]
) -> dict[int, frozenset[str]]:
    words = {matcher.dimension.name: matcher.names_like_blanks for matcher in matchers}
    return {column: words[name] for name, columns in dimensions.items() if words[name] for column in columns}


def header_row_of(grid: Grid, matchers: Sequence[Matcher], mapping: Mapping[str, str] | None = None) -> int:
    """The last row of a table's header, whatever its columns are."""
    return find_header(top_rows(grid), matchers, mapped_fields(mapping or {}, matchers)).last


class _Table(Struct, frozen=True, dict=True):
    """A table with its header, and what the plan and Column mapping say of it.

    `head`: the first rows. `fixed`: the columns that are mapped. `picked`: the heading of the amounts among several
    columns of each period. `sample`: distinct values of each column.
    """

    grid: Grid
    head: Sequence[Row]
    header: Header
    matchers: Sequence[Matcher]
    span: DateBounds
    label: str
    rules: Sequence[MappingRule]
    fiscal: Fiscal
    pieces: bool
    currency: str
    picked: Sequence[str]
    fixed: Mapping[str, int]
    sample: Sequence[set[str]]

    @cached_property
    def titles(self) -> list[str]:
        """The texts above the header."""
        return [cell for row in self.head[: self.header.first] for cell in row if cell is not None]


def _table(
    grid: Grid, matchers: Sequence[Matcher], span: DateBounds, mapping: Mapping[str, str], label: str,
    rules: Sequence[MappingRule], fiscal_start: int, pieces: bool, currency: str,
) -> _Table:  # fmt: skip
    head = top_rows(grid)
    mapped = mapped_fields(mapping, matchers)
    header = find_header(head, matchers, mapped)
    heads_pieces = pieces and "amount" not in mapped
    picked = heading_of_pieces(header.parts) if heads_pieces else _picked(header, mapped)
    of_columns = {name: heading for name, heading in mapped.items() if name != "amount" or not picked}
    fixed = mapped_columns(header.names, of_columns, grid, label)
    sample = samples(grid, header.last)
    _check_levels(header.names, sample, label)
    entry = value_of(rules, "fiscal")
    naming = next((own for word, own in NAMINGS.items() if entry and identity(word) == identity(entry)), None)
    fiscal = Fiscal(fiscal_start, naming, label)
    return _Table(grid, head, header, matchers, span, label, rules, fiscal, pieces, currency, picked, fixed, sample)


def _picked(header: Header, mapped: Mapping[str, str]) -> list[str]:
    """The heading that is mapped to the amount, if it heads several columns of a wide table and not just one column."""
    heading = mapped.get("amount")
    if heading is None:
        return []
    word = normal(heading)
    if any(name is not None and normal(name) == word for name in header.names):
        return []
    for parts in header.parts:
        words = read_label(parts).words
        if word in map(normal, (*parts, *words, " ".join(words))):
            return [heading]
    return []


def _check_levels(headers: Sequence[str | None], sample: Sequence[set[str]], label: str) -> None:
    """Raise `LevelsInOneColumn` if a pivot table's only column of names holds months, and members or years too."""
    for header, values in zip(headers, sample, strict=False):
        if header is not None and normal(header) in ROW_LABELS:
            months = {value for value in values if (stamp := read_stamp(value)) is not None and stamp.month is not None}
            if months and any(not is_total(value) for value in values - months):
                raise LevelsInOneColumn(label=label, header=header)


def _best(table: _Table) -> tuple[dict[str, list[int]], DateParts]:
    """The columns that may be each field, and what completes the dates."""
    header, sample = table.header, table.sample
    names = header.names
    grouped = {i for i, parts in enumerate(header.parts) if len(parts) > 1 and not all(map(units.is_unit, parts[1:]))}
    best = best_columns(names, table.grid, header.last, table.fixed, sample, grouped)
    year = year_column(names, sample, table.fixed.values())
    both = month_and_day(names, sample, best["date"]) if "date" not in table.fixed else None
    if both is not None:
        best["date"] = [both[0]]
    elif not best["date"] and month_of_days(table.titles):
        best["date"] = day_column(names, sample)
    parts = _date_parts(table, year, both[1] if both is not None else None, best["date"])
    if table.pieces and not table.picked:
        best = best_of_pieces(best, names, sample, table.fixed, table.label)
    return best, parts


def _date_parts(table: _Table, year: int | None, day: int | None, dates: Sequence[int]) -> DateParts:
    """What completes the dates: columns, and the year and month of the titles; whether the years are fiscal.

    If the plan covers several years and the title names one of them, the dates are not all of that year.
    """
    names = table.header.names
    above = fiscal_title(table.titles)
    calendar = month_named(table.titles)[0]
    title = above or ((calendar, None) if calendar is not None else None)
    monthly = any(tier_of("date", names[i] or "") == MONTH_TIER for i in dates)
    if title is not None and dates and not monthly and table.span.has_year_among_several(title[0]):
        title = None
    is_fiscal = holds_fiscal(names[year], table.sample[year]) if year is not None else above is not None
    if is_fiscal or (len(dates) == 1 and says_periods(names[dates[0]] or "", alone=True)):
        return DateParts(year, day, table.fiscal, title)
    return DateParts(year, day, None, title, month_of_days(table.titles))


def _names_year(parts: Sequence[str]) -> bool:
    label = read_label(parts)
    return label.year is not None or (isinstance(label.period, Stamp) and label.period.year is not None)


def _across(table: _Table, best: Mapping[str, list[int]], completing: Collection[int]) -> Across:
    """The amounts of a wide table; no cells if each row has one. `completing`: columns that complete the date."""
    header, sample = table.header, table.sample
    qualified = [i for i in best["amount"] if tier_of("amount", header.names[i] or "") == QUALIFIED]  # `线上销售额`
    several = qualified if len(qualified) > 1 else []
    amounts_down = (best["amount"] and not several) or (best["quantity"] and best["price"])
    included = [rule.header for rule in table.rules if rule.kind == "include" and rule.header and not rule.value]
    of_members = {table.fixed[m.dimension.name] for m in table.matchers if m.dimension.name in table.fixed}
    beside = of_members.union(completing)
    bare = replace(header, parts=tuple(() if i in beside else parts for i, parts in enumerate(header.parts)))
    headings = Headings(bare, table.label, table.grid.first_column, table.picked, included)
    dated = any(holds_dates(sample[i]) for i in best["date"])  # `月份` may head the members in a corner
    if not dated or not (amounts_down or any(isinstance(p, int) for p in period_columns(header.names).values())):
        months = months_across(
            headings, table.matchers, table.span, table.titles, table.fiscal, years_down=bool(completing)
        )
        if months.cells:
            return months
    in_use = {*table.fixed.values(), *(column for columns in best.values() for column in columns), *completing}
    in_use -= set(several)
    amounts = [i for i, values in enumerate(sample) if i not in in_use and holds_amounts(values)]
    cells = headings.included_columns(amounts)
    if cells:
        return Across(cells)
    sums = {i for i in best["amount"] if not several and sums_columns(header.parts[i])}
    if amounts_down and not sums:
        return Across()
    free = [m for m in table.matchers if m.dimension.name not in table.fixed]
    members = members_across(headings, free, amounts)
    return replace(members, totals=tuple(sorted({*members.totals, *sums}))) if members.cells else members


def _day(table: _Table, as_of: dt.date | None) -> dt.date | None:
    """The day of a table without dates: as in Column mapping, as in its titles, or `as_of`."""
    entry = value_of(table.rules, "date")
    stamp = read_stamp(entry) if entry is not None else None
    day = stamp.date(table.span) if stamp is not None else None
    day, fiscal = day or day_of_table(table.titles, table.span), table.span.fiscal
    if day is not None and as_of is not None and month_of(day, fiscal) == month_of(as_of, fiscal):
        return min(day, as_of)
    return day or as_of


def _check_quantity(table: _Table, fields: Mapping[str, int]) -> None:
    """Raise `UnitUnknown` if the amount is a price times a quantity in thousands or more, and no unit is mapped."""
    if "price" in fields and "amount" not in fields and value_of(table.rules, "unit") is None:
        words = units.many_counted(table.header.names[fields["quantity"]] or "")
        if words is not None:
            raise units.UnitUnknown(label=table.label, found=words, base=Money(currency=table.currency).said)


def _unit(table: _Table, amounts: Sequence[int], meanings: Mapping[int, str]) -> tuple[int | None, str | None]:
    """The unit and the foreign currency of the amounts: in their headers, above the table or beside it.

    In a table of pieces, units above and beside it that are of money are of other columns.
    """
    header, head = table.header, table.head
    headings = [part for i in amounts for part in header.parts[i]]
    measures = [i for i, kind in meanings.items() if kind == "measure"]
    headings += [value for i in measures for value in sorted(table.sample[i]) if is_sales(value)]
    in_headings = [unit for text in headings for unit in units.split_header(text)[1]]
    below = [cell for row in head[header.first :] for cell in row if cell is not None and cell not in headings]
    outside = units.units_in(table.titles) + units.units_beside(below)
    entry = value_of(table.rules, "unit")
    if table.pieces:
        in_headings += units.counted_in(headings)
        outside = [named for named in outside if named.unit is None or not named.unit.currency]
        outside += units.counted_in(table.titles)
        return units.unit_of_pieces(table.label, in_headings, outside, entry), None
    rates = [currency_of(rule.value or "") for rule in table.rules if rule.kind == "rate"]
    return units.unit_of_table(table.label, in_headings, outside, entry, rates, table.currency)
