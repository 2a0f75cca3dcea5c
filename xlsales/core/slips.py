"""Likely slips in typed sales: figures off by a digit, swapped, in another unit, summed up, or with tax.

A doubt needs both: a figure that luck hardly makes (`usual_sales`), and one slip of a hand that makes it usual. Days
left out are in `gaps`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from xlsales.core.arrays import Floats, Mask
from xlsales.core.doubts import Doubt, Slip
from xlsales.core.level_jumps import level_jumps
from xlsales.core.month_sums import rising_months, running_totals
from xlsales.core.periods import Days
from xlsales.core.usual_sales import Usual

LEAST = 8
"""A series with fewer figures is not judged."""
_DENSE = 0.5
"""A series with figures on fewer of the days, as of single orders, has no usual figure of a day."""
_MOST_TESTED = 2_000
_AS_LIKELY = 3.5
"""Another slip is named if its odds are at least e to the minus this."""
_FITS, _FAR_EXCUSES = 2.6, 5.0
"""What was meant is at most so far from the usual, or a fifth of what was found."""
_NEAR = 3
"""Slips so many days apart are of one run."""
_FAR = {Slip.ADDED: 4.2, Slip.DROPPED: 4.2, Slip.UNIT: 4.2, Slip.SWAPPED: 5.0}
"""A figure is so far from the usual, in units of its series, before such a slip is thought of."""

_LEAST_AWAY = {Slip.ADDED: 0.0, Slip.DROPPED: 0.0, Slip.UNIT: 0.0, Slip.SWAPPED: 0.7}
"""Swapped digits are half or twice the usual (a logarithm), at least: of ten swaps some always fits."""


def slips(days: Days, sums: Floats, typed: Mask, kinds: NDArray[np.int8]) -> list[Doubt]:
    """Return the doubts about figures, series × days: NaN without one, `typed` those that are one row each.

    `days` are in order, those that any series has figures of; `kinds` are their DayKind.
    """
    months = days.astype("datetime64[M]").astype(np.int64)
    rising = list(rising_months(sums, months))
    plain = _without(sums, rising)
    usual = Usual(days, plain, kinds)
    running = list(running_totals(plain, months, usual))
    plain = _without(plain, running)
    usual = Usual(days, plain, kinds) if running else usual
    usual.learn_extremes()
    single = list(_digits(plain, usual, typed))
    usual = Usual(days, _without(plain, single), kinds) if single else usual
    return [*_joined([*rising, *running, *single]), *level_jumps(usual)]


def _without(sums: Floats, doubts: list[Doubt]) -> Floats:
    """The figures that are not in doubt."""
    plain = sums.copy()
    for doubt in doubts:
        plain[doubt.series, doubt.first : doubt.last + 1] = np.nan
    return plain


def _digits(sums: Floats, usual: Usual, typed: Mask) -> Iterator[Doubt]:
    filled = ~np.isnan(usual.away)
    count, place = filled.sum(axis=1), np.arange(sums.shape[1])
    span = np.where(filled, place, -1).max(axis=1) - np.where(filled, place, len(place)).min(axis=1) + 1
    enough = (count >= LEAST) & (count >= _DENSE * span)
    far = np.where(typed & enough[:, None] & ~np.isnan(sums), np.abs(usual.far), 0.0)
    at = np.argwhere(far > min(_FAR.values()))
    if len(at) > _MOST_TESTED:
        at = at[np.argsort(far[at[:, 0], at[:, 1]])[-_MOST_TESTED:]]
    for row, column in at.tolist():
        found, expected = float(sums[row, column]), float(np.exp(usual.log[row, column]))
        readings: dict[Slip, tuple[float, float]] = {}
        for kind, meant, cost in meanings(found, found > expected):
            if far[row, column] < _FAR[kind] or abs(usual.away[row, column]) < _LEAST_AWAY[kind]:
                continue
            off = usual.fits(meant, row, column)
            if off <= max(_FITS, far[row, column] / _FAR_EXCUSES):
                readings[kind] = min(readings.get(kind, (np.inf, 0.0)), (off**2 / 2 + cost, meant))
        if readings:
            (cost, meant, kind), *others = sorted((*reading, kind) for kind, reading in readings.items())
            other = (others[0][2], others[0][1]) if others and others[0][0] < cost + _AS_LIKELY else None
            yield Doubt(kind, row, column, column, found, meant, expected, 1, other)


def meanings(found: float, too_much: bool) -> Iterator[tuple[Slip, float, float]]:
    """Yield the slips that may have made a figure, what was meant, and how much less likely than the likeliest."""
    shift = 0.1 if too_much else 10.0
    yield (Slip.ADDED if too_much else Slip.DROPPED), found * shift, 1.0 if too_much and found % 10 else 0.0
    yield Slip.UNIT, found * shift**2, 0.5
    yield Slip.UNIT, found * shift**3, 0.5
    yield Slip.UNIT, found * shift**4, 0.0
    cents = round(found * 100)
    scale = 0.01
    while cents and cents % 10 == 0:
        cents, scale = cents // 10, scale * 10
    digits = str(cents)
    for i in range(len(digits)):
        for j in range(i + 1, len(digits)):
            if (digits[i] > digits[j]) == too_much and digits[i] != digits[j] and i < 3:
                swapped = [*digits]
                swapped[i], swapped[j] = swapped[j], swapped[i]
                yield Slip.SWAPPED, int("".join(swapped)) * scale, 2.0 if j == i + 1 else 2.5
    if too_much:
        for i in range(len(digits)):
            twice = i > 0 and digits[i] == digits[i - 1]
            yield Slip.ADDED, int(digits[:i] + digits[i + 1 :] or 0) * scale, 0.0 if twice else 2.0
    else:
        for i in (1, 2):
            for digit in "0123456789":
                yield Slip.DROPPED, int(digits[:i] + digit + digits[i:]) * scale, 1.0


def _joined(doubts: list[Doubt]) -> list[Doubt]:
    """Join slips of one kind and factor on days that follow each other."""
    joined: list[Doubt] = []
    for doubt in sorted(doubts, key=lambda one: (one.series, one.first)):
        before = joined[-1] if joined else None
        if before is not None and _goes_on(before, doubt):
            figures = before.figures + doubt.figures
            joined[-1] = replace(before, last=doubt.last, figures=figures)
        else:
            joined.append(doubt)
    return joined


def _goes_on(before: Doubt, doubt: Doubt) -> bool:
    if (before.series, before.kind) != (doubt.series, doubt.kind) or doubt.first - before.last > _NEAR:
        return False
    if doubt.kind is Slip.CUMULATIVE:
        return True
    ratio = (before.found / before.meant) / (doubt.found / doubt.meant)
    return doubt.kind is not Slip.SWAPPED and abs(float(np.log(ratio))) < 0.1
