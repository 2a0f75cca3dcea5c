"""Rows without a date below titles that each name a day or a month: every part of the table is of its own title.

A title is a row with one cell in it, `2026年2月销售情况`, or a line above the table of a sheet that was read with
others. If a table has dates of its own, or Column mapping gives its day, titles mean nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import polars as pl
from msgspec.structs import replace

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Listed, Place, Problem
from xlsales.core.text import narrow
from xlsales.tables.cells.dates import DateBounds, read_stamp
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.columns.contents import holds_dates, samples
from xlsales.tables.columns.headers import header_row_of, recognise
from xlsales.tables.columns.roles import Columns
from xlsales.tables.files.grids import Grid, Part, text_of
from xlsales.tables.rows.sheet_members import with_columns
from xlsales.tables.words.header_words import FIELD_NAMES, tier_of
from xlsales.tables.words.mapping_rules import MappingRule, value_of
from xlsales.tables.words.titles import period_of_titles
from xlsales.tables.words.wide import day_of_table, of_several

_MOST = 5000
"""So many rows with one cell are looked at."""
_SHOWN = 3
_MONTH = expression(
    r"\s*(\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?)(?:份|销售|业绩|实际|实绩|流水|营业|数据|明细|情况|汇总|报表|\s|[(::]|$)"
)
"""A month, or a day of it, without its year, with which a title begins."""


class DaysOfTitles(Fault):
    """Rows without a date are of the day or month that the title above them names."""

    zh = "表里没有日期列,每段的日期按它上面的小标题:{titles}(共 {count} 段)。"
    en = "The table has no column of dates: each part is of the title above it: {titles} ({count} in all)."
    remark = True


def recognise_with_titles(
    grid: Grid, matchers: Sequence[Matcher], span: DateBounds, mapping: Mapping[str, str] | None, label: str,
    rules: Sequence[MappingRule], as_of: dt.date | None, fiscal_start: int, pieces: bool, currency: str,
) -> tuple[Grid, Columns]:  # fmt: skip
    """Recognise the columns of a table (`headers.recognise`); one without dates gets those that its titles name."""

    def columns_of(one: Grid) -> Columns:
        return recognise(one, matchers, span, mapping, label, rules, as_of, fiscal_start, pieces, currency)

    undated = value_of(rules, "date") is None
    try:
        columns = columns_of(grid)
    except Fault:
        at = header_row_of(grid, matchers, mapping)
        more = with_days_of_titles(grid, at, span, label) if undated and not _has_dates(grid, at) else None
        if more is None:
            raise
        return more, columns_of(more)
    if columns.day is None or not undated:
        return grid, columns
    more = with_days_of_titles(grid, columns.header_row, span, label)
    return (grid, columns) if more is None else (more, columns_of(more))


def _has_dates(grid: Grid, header_row: int) -> bool:
    """Whether a column is called a date or holds dates, so that something else is in doubt."""
    headers = grid.top(header_row + 1)[header_row]
    columns = zip(headers, samples(grid, header_row), strict=False)
    return any(
        holds_dates(values) or (name and tier_of("date", name) is not None and values) for name, values in columns
    )


def with_days_of_titles(grid: Grid, header_row: int, span: DateBounds, label: str) -> Grid | None:
    """Add a column of dates by the titles of the table's parts; None if these name fewer than two days.

    `header_row` is the last row of the first header. Titles below it hold nothing that counts, and are blanked.
    """
    body = grid.below(header_row)
    rows = dict(_titles_below(body, span))
    first = header_row + 1
    above = [cell for row in grid.top(first)[:header_row] for cell in row if cell is not None]
    titled = [(at + first, title, day) for at, (title, day) in rows.items()]
    if len(grid.parts) > 1:
        for part in grid.parts:
            titled += [(max(part.first, first), title, day) for title, day in _days(part.titles, span)[-1:]]
    elif above:
        titled += [(first, title, day) for title, day in _days(above, span)[-1:]]
    titled.sort(key=lambda one: one[0])
    if len({day for _, _, day in titled}) < 2:
        return None
    parts = [Part(at, 0, label) for at, _, _ in titled]
    days: list[str | None] = [day.isoformat() for _, _, day in titled]
    if parts[0].first > first:  # rows above all titles have no date
        parts, days = [Part(first, 0, label), *parts], [None, *days]
    names = dict.fromkeys(f"“{title}”" for _, title, _ in titled)
    listed = Listed([*names] if len(names) <= _SHOWN else [*[*names][:_SHOWN], "…"])
    remark = Problem.note(Place(label), "", DaysOfTitles(titles=listed, count=len(titled)))
    word = FIELD_NAMES["date"][0]
    dated = with_columns(replace(grid, notes=(*grid.notes, remark)), header_row, {word: days}, parts)
    again = _repeats(body, grid.top(first)[header_row])
    title_row = pl.Series(range(body.height)).is_in(list(rows))
    *own, added = dated.body.columns
    cleared = [pl.when(title_row).then(None).otherwise(pl.col(name)).alias(name) for name in own]
    date = pl.when(again).then(pl.lit(word)).when(title_row).then(None).otherwise(pl.col(added)).alias(added)
    return replace(dated, body=dated.body.with_columns(*cleared, date))


def _titles_below(body: pl.DataFrame, span: DateBounds) -> Iterator[tuple[int, tuple[str, dt.date]]]:
    """The rows with one cell that names a day, and rows with more below it before the next."""
    if not body.width or not body.height:
        return
    filled = body.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32))).to_series()
    ones = (filled == 1).arg_true()
    several = (filled > 1).arg_true().to_list()
    texts = pl.DataFrame([text_of(column.gather(ones.head(_MOST))) for column in body])
    titles = []
    for at, cells in zip(ones.head(_MOST).to_list(), texts.iter_rows(), strict=True):
        title = next((cell for cell in cells if cell is not None), "")
        day = _day(title, span)
        if day is not None:
            titles.append((at, title.strip(), day))
    ends = [*(at for at, _, _ in titles[1:]), body.height][: len(titles)]
    below = iter([*several, body.height])
    row = next(below)
    for (at, title, day), end in zip(titles, ends, strict=True):
        while row <= at:
            row = next(below)
        if row < end:
            yield at, (title, day)


def _days(titles: Sequence[str], span: DateBounds) -> list[tuple[str, dt.date]]:
    return [(title.strip(), day) for title in titles if (day := _day(title, span)) is not None]


def _day(title: str, span: DateBounds) -> dt.date | None:
    """The day, or the last day of the month, that a title names; None for none, a number, or several."""
    text = narrow(title).strip()
    if not text or text.replace(".", "").isdigit() or of_several(text):
        return None
    stretch = period_of_titles([text], span)
    if stretch is not None and (stretch.cumulative or not stretch.until):
        return None
    day = day_of_table([text], span)
    if day is not None:
        return day
    month = _MONTH.match(text)
    stamp = read_stamp(month[1] if month else text)
    return stamp.date(span) if stamp is not None and stamp.month is not None else None


def _repeats(body: pl.DataFrame, header: Sequence[str | None]) -> pl.Series:
    """The rows that repeat the header."""
    alike = [
        (text_of(column) == name).fill_null(name is None) if name is not None else column.is_null()
        for column, name in zip(body, header, strict=False)
    ]
    return pl.select(pl.all_horizontal(alike)).to_series() if alike else pl.Series([], dtype=pl.Boolean)
