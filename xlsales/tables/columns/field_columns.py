"""The columns of date, amount, quantity and price: by their headers, and by what they hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from xlsales.core.faults import Fault, raise_all
from xlsales.core.text import identity as plain
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.columns.column_faults import (
    AmountMissing,
    ColumnMissing,
    MappedFieldUnknown,
    MappedHeaderMissing,
    NoAmounts,
    NoDates,
    NothingOnFirstSheet,
    NotOnFirstSheet,
    about,
    doubt,
    names_of,
)
from xlsales.tables.columns.contents import holds_amounts, holds_dates, holds_times
from xlsales.tables.files.grids import Grid, Row
from xlsales.tables.words.header_words import (
    FIELD_NAMES,
    FIELDS,
    OTHER_DATES,
    PAY_DATES,
    QUALIFIED,
    is_total,
    named_columns,
    normal,
    tier_of,
)
from xlsales.tables.words.labels import measure_of, read_label
from xlsales.tables.words.opposites import Opposed, alternatives_in, opposites_in
from xlsales.tables.words.other_periods import RunningTotals, is_running, other_periods, running_totals
from xlsales.tables.words.titles import TitleOfPeriod, TitlePeriod

_OPTIONAL = ("quantity", "price")


def mapped_fields(mapping: Mapping[str, str], matchers: Sequence[Matcher]) -> dict[str, str]:
    """The mapping by field key or dimension name."""
    keys = {plain(word): key for key, words in FIELD_NAMES.items() for word in words}
    keys |= {plain("销售额"): "amount", plain("sales"): "amount", plain("unit price"): "price"}
    keys |= {plain(matcher.dimension.name): matcher.dimension.name for matcher in matchers}
    mapped = {}
    for name, header in mapping.items():
        key = keys.get(plain(name))
        if key is None:
            raise MappedFieldUnknown(field=name, dimensions=names_of(m.dimension.name for m in matchers))
        mapped[key] = header
    return mapped


def mapped_columns(headers: Row, mapped: Mapping[str, str], grid: Grid, label: str) -> dict[str, int]:
    """The columns that are mapped, field or dimension → column."""
    fixed = {}
    for key, header in mapped.items():
        columns = named_columns(headers, header)
        if len(columns) > 1 and len({plain(headers[i] or "") for i in columns}) == 1:
            raise doubt(key, dict.fromkeys(columns, header), grid, label)
        if len(columns) != 1:
            raise MappedHeaderMissing(label=label, header=header, count=len(columns), candidates=names_of(headers))
        fixed[key] = columns[0]
    return fixed


def best_columns(
    headers: Row,
    grid: Grid,
    at: int,
    fixed: Mapping[str, int],
    sample: Sequence[set[str]],
    grouped: Collection[int] = (),
) -> dict[str, list[int]]:
    """The columns that may be each field: one that is mapped, else those with the best headers.

    `grouped` are columns below a group's heading: qualified words do not count there. A column that is mapped to one
    field serves no other. If no header is that of a date, the only column of dates is the date. A column of times of
    day beside a date is no date.
    """
    rows = grid.below(at)
    free = [header if i not in fixed.values() else None for i, header in enumerate(headers)]
    of_dates = [None if holds_times(sample[i]) else header for i, header in enumerate(free)]
    if not any(header is not None and tier_of("date", header) is not None for header in of_dates):
        of_dates = free  # without a date, a time of day is reported as a date that cannot be read
    filled = [i for i in range(len(headers)) if rows[:, i].count() > 0]
    best = {
        name: [fixed[name]] if name in fixed else _best(name, of_dates if name == "date" else free, filled, grouped)
        for name in FIELDS
    }
    if not best["date"]:
        dates = [i for i, header in enumerate(free) if header is not None and holds_dates(sample[i])]
        mine = [i for i in dates if not OTHER_DATES.search(normal(free[i] or ""))]
        best["date"] = mine if len(mine) == 1 else []
    return best


def field_columns(
    headers: Row, best: Mapping[str, list[int]], grid: Grid, sample: Sequence[set[str]], label: str, *,
    dated: bool = False, only: str | None = None, above: TitlePeriod | None = None,
) -> dict[str, int]:  # fmt: skip
    """The column of each field, or of the `only` one that is needed; `dated`: the table needs no date.

    `above`: the stretch of time of the titles. Raises what people must answer if a column is missing or in doubt.
    """
    fields: dict[str, int] = {}
    faults: list[Fault] = []
    for name in (only,) if only else ("date", "amount", *_OPTIONAL):
        columns = best[name]
        if len(columns) == 1:
            fields[name] = columns[0]
        elif columns and not (name in _OPTIONAL and best["amount"]):
            faults.append(_several(name, columns, headers, grid, label))
        elif not columns and not _may_lack(name, best, dated=dated):
            fault = _missing(name, headers, grid, sample, in_use=fields.values(), label=label)
            if isinstance(fault, NoDates) and above is not None:
                fault = TitleOfPeriod(label=label, title=above.title, end=str(above.end or "2026-09-30"))
            faults.append(fault)
    periods = None if fields.get("date") is not None or dated else other_periods(headers, sample, label)
    running = [fault for fault in faults if isinstance(fault, RunningTotals)]
    if running or (periods is not None and faults):
        raise running[0] if running else periods or faults[0]
    wrong_sheet = [fault for fault in faults if isinstance(fault, NothingOnFirstSheet)]
    raise_all(wrong_sheet[:1] or faults)
    return fields


def _may_lack(name: str, best: Mapping[str, list[int]], *, dated: bool) -> bool:
    """Whether a table needs no column of a field: quantity times price is an amount."""
    if name == "amount":
        return bool(best["quantity"] and best["price"])
    return name in _OPTIONAL or (name == "date" and dated)


def _several(name: str, columns: Sequence[int], headers: Row, grid: Grid, label: str) -> Fault:
    """What to ask if several columns may be a field."""
    opposites = opposites_in(headers[i] or "" for i in columns) if name == "amount" else None
    if opposites is not None:
        return Opposed(label=label, plus=opposites[0], minus=opposites[1], headers=names_of(headers))
    return doubt(name, {i: headers[i] or "" for i in columns}, grid, label)


def _missing(
    name: str, headers: Row, grid: Grid, sample: Sequence[set[str]], in_use: Iterable[int], label: str
) -> Fault:
    """What to ask if no column is known to be a field: which of the columns with fitting cells."""
    fits = holds_dates if name == "date" else holds_amounts
    free = [i for i, header in enumerate(headers) if header is not None and i not in in_use and fits(sample[i])]
    facts = {**about(name, label), "others": names_of(grid.others), "headers": names_of(headers)}
    if not free:
        kind = NothingOnFirstSheet if grid.others else (NoDates if name == "date" else NoAmounts)
        return kind(**facts)
    if name == "amount":
        against = opposites_in(headers[i] or "" for i in free)
        if against is not None:
            return Opposed(label=label, plus=against[0], minus=against[1], headers=names_of(headers))
        free = [i for i in free if not is_total(headers[i] or "")] or free
        each = [i for i in free if not is_running(headers[i] or "")]
        if len(each) < len(free) and not [i for i in each if not read_label([headers[i] or ""]).period]:
            return running_totals([headers[i] or "" for i in free if i not in each], label)
        free = each
        likely = [i for i in free if measure_of(headers[i] or "") in (None, "amount", "weak")]
        free = likely or free
    added = name == "amount" and len(free) > 1 and alternatives_in(headers[i] or "" for i in free) is None
    one = AmountMissing if added else ColumnMissing
    missing = NotOnFirstSheet if grid.others else one
    return missing(**facts, candidates=names_of((headers[i] for i in free), " / "))


def _best(name: str, headers: Row, filled: Sequence[int], grouped: Collection[int]) -> list[int]:
    """The columns with the best headers for a field; blank columns only if there are no others.

    A date of payment is never behind another date.
    """
    tiers = {i: tier_of(name, header) for i, header in enumerate(headers) if header is not None}
    ranked = {i: tier for i, tier in tiers.items() if tier is not None and (i not in grouped or tier < QUALIFIED)}
    ranked = {i: tier for i, tier in ranked.items() if i in filled} or ranked
    first = min(ranked.values(), default=0)
    return [
        i for i, tier in ranked.items()
        if tier == first or (name == "date" and normal(headers[i] or "") in PAY_DATES)
    ]  # fmt: skip
