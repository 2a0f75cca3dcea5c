"""Dates in which day and month may be swapped: texts like `5/1/2026`, and true dates beside such texts.

A program that opens `13/01/2026` and `05/01/2026` under another country's order leaves the first as text and makes
5 January the first of May. Texts that tell their order beside dates that could all be swapped are evidence of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.expressions import expression
from xlsales.core.faults import Problem
from xlsales.core.text import identity
from xlsales.tables.cells.dates import SWAPPED, DateBounds, Order
from xlsales.tables.cells.short_dates import doubts_of
from xlsales.tables.reasons import Counted
from xlsales.tables.rows.sieve import Sieve
from xlsales.tables.words.mapping_rules import ORDERS, MappingRule
from xlsales.values.date_text import without_time

_LOOKED_AT = 10_000
"""So many different texts that cannot be read are looked at."""
_SWAPPED = expression(SWAPPED)
_TRUE = r"^\d{4}-\d{2}-\d{2}( 00:00:00)?$"


class DayOrMonth(Counted):
    """Dates like `5/1/2026` in a column that does not show which figure is the day."""

    zh = (
        "日期“{value}”等 {rows_zh}分不清年、月、日的顺序,没有计入。"
        "请在“列对应”里填写:字段 日期,表头 {header},值 日/月/年(或 月/日/年、年/月/日)。"
    )
    en = (
        "Dates like '{value}' ({rows_en}) do not tell their order of year, month and day: not counted. "
        "In table Column mapping, enter field date, header {header}, value "
        "day/month/year (or month/day/year, year/month/day)."
    )


class FigureInDoubt(Counted):
    """Dates like `Jan-26`: the figure may be the day or the year."""

    zh = (
        "日期“{value}”等 {rows_zh}看不出 {figure} 是几号还是年份,没有计入。请在“列对应”里填写:"
        "字段 日期,表头 {header},值 年({figure} 是 20{figure} 年)或 日({figure} 是 {figure} 号)。"
    )
    en = (
        "Dates like '{value}' ({rows_en}) do not tell whether {figure} is the day or the year: not counted. "
        "In table Column mapping, enter field date, header {header}, value year (20{figure}) or day."
    )


class ZeroInDoubt(Counted):
    """Dates like `1.2`, which may have been `1.20`."""

    zh = (
        "日期“{value}”等 {rows_zh}看不出最后少没少一个 0(Excel 会把 1.20 变成 1.2),没有计入。"
        "没有少 0,请在“列对应”里填写:字段 日期,表头 {header},值 月/日/年(或 日/月/年);少了,请改写成 2026-01-20 这样。"
    )
    en = (
        "Dates like '{value}' ({rows_en}) may have lost a zero, as Excel makes 1.2 of 1.20: not counted. "
        "If none was lost, enter in table Column mapping field date, header {header}, value month/day/year (or "
        "day/month/year); if one was, write the dates like 2026-01-20."
    )


class DatesMixed(Counted):
    """Text dates that show their order, beside true dates with day and month perhaps swapped."""

    zh = (
        "“{header}”列里 {texts} 行是文本日期(如 {text}),{count} 行是日期,且日都不大于 12:打开文件时日和月可能被对调了。"
        "现按单元格里的日期计入。确实对调了,请在“列对应”里填写:"
        "字段 日期,表头 {header},值 日月对调;没有对调,值填 {read}。"
    )
    en = (
        "Column '{header}' has {texts} text {texts:date|dates} (e.g. {text}) and {rows_en} of true dates, none after "
        "the 12th: day and month may have been swapped when the file was opened. The dates were counted as they are. "
        "If they were swapped, enter in table Column mapping field date, header {header}, value swapped; if not, value "
        "{read_en}."
    )


_DOUBTS: dict[str, type[Counted]] = {"order": DayOrMonth, "figure": FigureInDoubt, "zero": ZeroInDoubt}


def order_of(rules: Sequence[MappingRule], header: str) -> Order | None:
    """The order of day and month that Column mapping gives for a column of dates."""
    orders = [row for row in rules if row.kind == "order" and identity(row.header or "") == identity(header)]
    return ORDERS[identity(orders[-1].value or "")] if orders else None


def sift_undecided(sieve: Sieve, column: int, text: pl.Series, unread: NDArray[np.bool_], span: DateBounds) -> None:
    """Set aside the dates with day and month, or day and year, in doubt: one finding for each kind of doubt."""
    if not unread.any() or text.dtype.is_temporal():
        return
    texts = text.cast(pl.String).str.strip_suffix(".0") if text.dtype != pl.String else text
    header = sieve.rows.header(column)
    values = texts.filter(pl.Series(unread)).unique(maintain_order=True).drop_nulls().head(_LOOKED_AT).to_list()
    doubts = doubts_of(values, span) | {v: "order" for v in values if _SWAPPED.fullmatch(without_time(v.strip()))}
    for doubt, kind in _DOUBTS.items():
        mine = [value for value, own_doubt in doubts.items() if own_doubt == doubt]
        if mine:
            mask = unread & texts.is_in(mine).fill_null(False).to_numpy()
            figure = re.sub(r"\D", "", mine[0])
            sieve.as_one(mask, column, mine[0], kind, value=mine[0], header=header, figure=figure)


def mixed_dates(sieve: Sieve, column: int, text: pl.Series, day: NDArray[np.datetime64]) -> list[Problem]:
    """Warn if true dates beside texts that show their order may all have been swapped."""
    if text.dtype != pl.String:
        return []
    swapped = text.str.contains(f"^{SWAPPED}").fill_null(False).to_numpy() & ~np.isnat(day)
    if not swapped.any():
        return []
    true = text.str.contains(_TRUE).fill_null(False).to_numpy() & ~np.isnat(day)
    dates = day[true]
    number = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    month = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    if not true.any() or (number > 12).any() or (number == month).all():
        return []
    first = text.filter(pl.Series(swapped)).str.extract(r"^(\d{1,2})").cast(pl.Int64)
    day_first = bool((first > 12).any())
    rows, amounts, at = sieve.rows, sieve.amounts.micros, int(np.argmax(true))
    fault = DatesMixed(
        header=rows.header(column), texts=int(swapped.sum()), text=text[int(np.argmax(swapped))], count=int(true.sum()),
        read="日/月/年" if day_first else "月/日/年", read_en="day/month/year" if day_first else "month/day/year",
    )  # fmt: skip
    count, date = int(true.sum()), str(text[at])[:10]
    return [Problem.note(rows.place(at, column), date, fault, int(amounts[true].sum()), count)]
