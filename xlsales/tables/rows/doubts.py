"""What looks wrong in accepted rows, and is counted all the same."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.faults import Place, Problem
from xlsales.core.periods import months_of
from xlsales.core.plan import FiscalYear
from xlsales.tables import reasons
from xlsales.tables.cells.amounts import Amounts
from xlsales.tables.cells.dates import DateBounds
from xlsales.tables.files.grids import Grid
from xlsales.tables.rows.rows import Bools, Rows
from xlsales.vocabulary.contract import Word

SCALE = 1000
"""Amounts that are so many times the target of the same time, or its so-manieth part, are of another unit."""
RISING_DAYS, RISING_RATIO = 10, 3
"""A running total: rising on so many days of a month, to so many times its first day."""
FAR = 10
"""A month of so many times the median of the others is far off."""


def doubts(
    grid: Grid,
    rows: Rows,
    amounts: Amounts,
    accepted: Bools,
    day: NDArray[np.datetime64],
    codes: dict[str, NDArray[np.int32]],
    span: DateBounds,
    expected_micros: int | None,
    base: Word,
) -> list[Problem]:
    """Warn of wrong units, duplicate rows, running totals and a month far from all others."""
    at = np.flatnonzero(accepted)
    if not at.size:
        return []
    micros, days = amounts.micros[at], day[at]
    problems = _scale(rows, micros, days, span, expected_micros, base)
    problems += _duplicates(grid, rows, micros, at) + _points(rows, micros, at)
    if not rows.wide:
        finest = max((code[at] for code in codes.values()), key=lambda c: int(c.max()), default=None)
        problems += _running_totals(rows, micros, days, finest, at, span.fiscal)
    return problems + _far_months(rows, micros, days, at, span.fiscal)


def _scale(
    rows: Rows,
    micros: NDArray[np.int64],
    days: NDArray[np.datetime64],
    span: DateBounds,
    expected: int | None,
    base: Word,
) -> list[Problem]:
    total = abs(int(micros.sum()))
    if not expected or not total or span.start is None or span.end is None:
        return []
    elapsed = (days.max() - np.datetime64(span.start, "D")).astype(int) + 1
    ratio = total / (abs(expected) * int(elapsed) / ((span.end - span.start).days + 1))
    if 1 / SCALE < ratio < SCALE:
        return []
    large = ratio >= SCALE
    fault = (reasons.AmountsTooLarge if large else reasons.AmountsTooSmall)(
        ratio=f"{ratio if large else 1 / ratio:,.0f}", base=base
    )
    return [Problem.note(Place(rows.label), "", fault, int(micros.sum()), len(micros))]


def _points(rows: Rows, micros: NDArray[np.int64], accepted: NDArray[np.int64]) -> list[Problem]:
    """Texts of which all that have a point have three figures behind it: it may group thousands."""
    if rows.amounts.dtype != pl.String:
        return []
    texts = rows.amounts.gather(accepted)
    point = texts.str.contains(".", literal=True).fill_null(False)
    dotted = texts.filter(point)
    if len(dotted) < 2 or not dotted.str.contains(r"^[^\d.]*\d{1,3}\.\d{3}[^\d.]*$").all():
        return []
    mask = point.to_numpy()
    fault = reasons.PointInDoubt(value=dotted[0], count=len(dotted), cells=rows.wide)
    place = rows.place(int(accepted[np.argmax(mask)]), int(rows.amount_column[accepted[np.argmax(mask)]]))
    return [Problem.note(place, dotted[0], fault, int(micros[mask].sum()), len(dotted))]


def _duplicates(grid: Grid, rows: Rows, micros: NDArray[np.int64], accepted: NDArray[np.int64]) -> list[Problem]:
    """Rows that equal an earlier accepted row in all columns, be they needed or not."""
    at = rows.grid_row[accepted]
    record_of = np.arange(len(at))
    if rows.wide:  # several records of a row
        at, record_of = np.unique(at, return_inverse=True)
    table = grid.below(int(at[0]) - 1).head(int(at[-1] - at[0]) + 1)
    hashes = table.hash_rows()
    if len(at) < table.height:
        hashes = hashes.gather(at - at[0])
    again = _again(hashes.to_numpy())
    if not again.any():
        return []
    mask = again[record_of]
    first = int(accepted[np.flatnonzero(mask)[0]])
    count = int(again.sum())
    fault = reasons.DuplicateRows(count=count)
    return [Problem.note(rows.place(first), "", fault, int(micros[mask].sum()), count)]


def _again(hashes: NDArray[np.uint64]) -> Bools:
    """Which of the hashes were there before; sorting finds the few that are there twice much faster than a set."""
    again = np.zeros(len(hashes), bool)
    ordered = np.sort(hashes)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if twice.size:
        at = np.searchsorted(twice, hashes)
        records = np.flatnonzero(twice[np.minimum(at, len(twice) - 1)] == hashes)
        again[records] = ~pl.Series(hashes[records]).is_first_distinct().to_numpy()
    return again


def _running_totals(
    rows: Rows,
    micros: NDArray[np.int64],
    days: NDArray[np.datetime64],
    members: NDArray[np.int32] | None,
    accepted: NDArray[np.int64],
    fiscal: FiscalYear,
) -> list[Problem]:
    """Days of a member that only rise within each month, on most members: running totals.

    Sold amounts fall about every other day; ten rising days in a row happen by chance once in 3.6 million.
    """
    series = np.zeros(len(micros), np.int64) if members is None else members - np.int64(members.min())
    number = (days - days.min()).astype(np.int64)
    n_days, n_series = int(number.max()) + 1, int(series.max()) + 1
    if n_days < RISING_DAYS or n_series * n_days > 20_000_000:
        return []
    sums = np.bincount(series * n_days + number, micros, n_series * n_days).reshape(n_series, n_days)
    filled = np.bincount(series * n_days + number, None, n_series * n_days).reshape(n_series, n_days) > 0
    months = months_of(days.min() + np.arange(n_days), fiscal).astype(np.int64)
    rising, judged = _rising(sums.astype(np.float64), filled, months)
    if not judged or rising * 2 < judged:
        return []
    fault = reasons.CumulativeFigures(share=round(100 * rising / judged))
    return [Problem.note(rows.place(int(accepted[0])), "", fault, int(micros.sum()), len(micros))]


def _rising(sums: NDArray[np.float64], filled: Bools, months: NDArray[np.int64]) -> tuple[int, int]:
    """How many runs rise, of how many: the filled days of a series (row) within each month, if they are enough."""
    series, at = np.nonzero(filled)
    values, month = sums[filled], months[at]
    fresh = np.append(True, (np.diff(series) != 0) | (np.diff(month) != 0))
    starts = np.flatnonzero(fresh)
    lengths = np.diff(np.append(starts, len(values)))
    steady = np.append(True, np.diff(values) >= 0) | fresh
    first, last = values[starts], values[starts + lengths - 1]
    rises = np.logical_and.reduceat(steady, starts) & (last >= RISING_RATIO * np.maximum(first, 1))
    judged = lengths >= RISING_DAYS
    return int((rises & judged).sum()), int(judged.sum())


def _far_months(
    rows: Rows,
    micros: NDArray[np.int64],
    days: NDArray[np.datetime64],
    accepted: NDArray[np.int64],
    fiscal: FiscalYear,
) -> list[Problem]:
    start = days.min()
    calendar = months_of(np.arange(start, days.max() + 1), fiscal)
    first = calendar[0]
    at = (calendar - first).astype(np.int64)[(days - start).astype(np.int64)]
    counts = np.bincount(at)
    filled = np.flatnonzero(counts)
    sums = np.bincount(at, micros)[filled]
    problems = []
    for i, month in enumerate(filled if len(filled) >= 3 else ()):
        median = _median(np.delete(sums, i))
        if median > 0 and sums[i] > FAR * median:
            mine = at == month
            name = str(first + month)
            fault = reasons.MonthFarOff(month=name, ratio=round(sums[i] / median))
            place = rows.place(int(accepted[np.argmax(np.where(mine, micros, micros.min()))]))
            problems.append(Problem.note(place, name, fault, int(micros[mine].sum()), int(counts[month])))
    return problems


def _median(sums: NDArray[np.float64]) -> float:
    """The median of some sums; that of numpy imports its masked arrays, which takes longer than a small table."""
    in_order, half = np.sort(sums), len(sums) // 2
    return float(in_order[half] if len(sums) % 2 else (in_order[half - 1] + in_order[half]) / 2)
