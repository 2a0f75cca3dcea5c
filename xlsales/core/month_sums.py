"""Figures that are each the sum of the month up to their day, in a row or as the last of the month."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xlsales.core.arrays import Floats
from xlsales.core.doubts import Doubt, Slip
from xlsales.core.usual_sales import Usual, middle

_RISING_DAYS, _RISING_TIMES = 8, 3.0
"""So many figures of a month that only rise, to so many times the first, are sums: luck does it once in 40,000."""
_RUN, _RUN_FAR, _FITS, _OFF = 3, 3.5, 3.2, 1.0
"""A run has so many figures, half of them so far out; each adds what fits, or a third to three times the usual."""
_MOST_TESTED = 2_000
_ALONE_TIMES, _ALONE_FAR = 4.0, 5.0
"""A single sum to date is told if what came before it is so many usual days, and it is so far out."""


def rising_months(sums: Floats, months: NDArray[np.int64]) -> Iterator[Doubt]:
    """Months of a series in which figures only rise."""
    starts = np.flatnonzero(np.append(True, np.diff(months) != 0))
    for first, end in zip(starts.tolist(), [*starts[1:].tolist(), len(months)], strict=True):
        part = sums[:, first:end]
        filled = ~np.isnan(part)
        enough = filled.sum(axis=1) >= _RISING_DAYS
        if not enough.any():
            continue
        highest = np.fmax.accumulate(part, axis=1)
        never_falls = np.where(filled, part >= highest, True).all(axis=1)
        low = np.nanmin(part[enough & never_falls], axis=1) if (enough & never_falls).any() else np.empty(0)
        for row, least in zip(np.flatnonzero(enough & never_falls).tolist(), low.tolist(), strict=True):
            at = np.flatnonzero(filled[row])
            own = part[row, at]
            if least > 0 and own[-1] >= _RISING_TIMES * own[0] and len(np.unique(own)) * 2 > len(own):
                meant = float(own[1] - own[0])
                yield Doubt(
                    Slip.CUMULATIVE, row, first + int(at[1]), first + int(at[-1]), float(own[1]), meant,
                    float(middle(np.diff(own)[None, :])[0]), len(own) - 1,
                )  # fmt: skip


def running_totals(sums: Floats, months: NDArray[np.int64], usual: Usual) -> Iterator[Doubt]:
    """Runs of figures within a month that are each the sum of the month to date."""
    seen: set[tuple[int, int]] = set()
    for row, column in np.argwhere(usual.far > _RUN_FAR)[:_MOST_TESTED].tolist():
        month = (row, int(months[column]))
        if month in seen:
            continue
        seen.add(month)
        at = np.flatnonzero((months == month[1]) & ~np.isnan(sums[row]))
        yield from _totals_of_month(sums[row], row, at.tolist(), usual)


def _totals_of_month(own: Floats, row: int, at: list[int], usual: Usual) -> Iterator[Doubt]:
    total, n = 0.0, 0
    while n < len(at):
        column = at[n]
        figure = float(own[column])
        run = [n]
        if n and total > 0 and usual.far[row, column] > 1.0 and _near(usual, figure - total, row, column):
            while run[-1] + 1 < len(at):
                more = float(own[at[run[-1] + 1]] - own[at[run[-1]]])
                if not _near(usual, more, row, at[run[-1] + 1]):
                    break
                run.append(run[-1] + 1)
            far = usual.far[row, [at[i] for i in run]]
            expected = float(np.exp(usual.log[row, column]))
            alone = run[-1] + 1 == len(at) and total >= _ALONE_TIMES * expected and far[0] > _ALONE_FAR
            if alone or (len(run) >= _RUN and (far > _RUN_FAR).sum() * 2 >= len(run)):
                yield Doubt(
                    Slip.CUMULATIVE, row, column, at[run[-1]], figure, figure - total, expected, len(run)
                )  # fmt: skip
                total, n = float(own[at[run[-1]]]), run[-1] + 1
                continue
        total, n = total + figure, n + 1


def _near(usual: Usual, amount: float, row: int, column: int) -> bool:
    """Whether an amount may well be that of a day: what goes on is surer than a single figure."""
    if not amount > 0:
        return False
    return usual.fits(amount, row, column) <= _FITS or abs(float(np.log(amount)) - usual.log[row, column]) < _OFF
