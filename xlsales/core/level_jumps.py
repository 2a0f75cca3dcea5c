"""Series with a level that jumps on one day by a tax, and stays: sales with tax from then on, or without it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlsales.core.arrays import Floats
from xlsales.core.doubts import Doubt, Slip
from xlsales.core.usual_sales import Usual, common_of, middle

TAXES = (1.13, 1.06, 1.03)
_NEAR = 20
"""The day of a jump is the one with the largest step of so many figures."""
_SERIES = 4
"""Beside fewer other series a season looks like a jump."""
_MANY, _MAYBE = 30, 2.0
"""Of so many series one does not move what all have in common; so sure is what may be a jump among few."""
_WINDOWS = (30, 60)
"""Levels are compared over so many figures before and after a day."""
_SURE, _OFF, _SHARE = 3.8, 2.5, 0.35
"""A jump is so many times the luck of such comparisons, and so near to a tax: in units of luck, and of the tax."""

_Sure = tuple[float, float, float, int]


def level_jumps(usual: Usual) -> Iterator[Doubt]:
    """Yield the series with a level that jumps by a tax on one day, and stays, the surest first.

    Of few series one that jumps moves what all have in common: each is held against the others, without those that
    jumped.
    """
    trend, sold = usual.trend, ~np.isnan(usual.trend)
    rows = np.flatnonzero(sold.sum(axis=1) >= 3 * _WINDOWS[0]).tolist()
    if len(rows) < _SERIES:
        return
    steps = {row: _steps(trend[row, sold[row]]) for row in rows}
    uneven = {window: sorted(of[window][2] for of in steps.values() if window in of) for window in _WINDOWS}
    usually = {window: own[len(own) // 2] for window, own in uneven.items() if own}
    jumps = {row: _surest(of, usually) for row, of in steps.items()}
    jumped: list[int] = []
    for row in sorted(rows, key=lambda one: -jumps[one][0]):
        own, jump = trend[row], jumps[row]
        if jump[0] < _MAYBE or len(trend) - len(jumped) < _SERIES:
            return
        if len(trend) < _MANY:
            others = usual.beyond.copy()
            others[[row, *jumped]] = np.nan
            own = own + usual.common - common_of(others)
            jump = _surest(_steps(own[sold[row]]), usually)
        values = own[sold[row]]
        place = _day_of_tax(values, *jump)
        if jump[0] >= _SURE:
            jumped.append(row)
        if place is not None:
            at, step = np.flatnonzero(sold[row]), jump[1]
            now = float(np.exp(middle(usual.log[row : row + 1, at[place:]])[0]))
            meant = now * float(np.exp(-step))
            yield Doubt(Slip.TAX, row, int(at[place]), int(at[-1]), now, meant, _tax_near(step), len(at) - place)


def _steps(values: Floats) -> dict[int, tuple[int, float, float, float]]:
    """The largest step by each window."""
    return {window: _jump(values, window) for window in _WINDOWS if len(values) >= 3 * window}


def _surest(steps: dict[int, tuple[int, float, float, float]], uneven: dict[int, float]) -> _Sure:
    """How sure the surest step is, in units of luck, the step, the luck and the place."""
    lucks = {window: by_days * max(1.0, own, uneven[window]) for window, (_, _, own, by_days) in steps.items()}
    return max((abs(step) / lucks[window], step, lucks[window], place) for window, (place, step, _, _) in steps.items())


def _tax_near(step: float) -> float:
    return TAXES[int(np.abs(abs(step) - np.log(TAXES)).argmin())]


def _day_of_tax(values: Floats, sure: float, step: float, luck: float, place: int) -> int | None:
    """The place from which a step is one by a tax; None if it is none."""
    tax = float(np.log(_tax_near(step)))
    if sure < _SURE or abs(abs(step) - tax) > min(_OFF * luck, _SHARE * tax):
        return None
    first = max(place - 2 * _NEAR, 0)
    cut = first + _jump(values[first : place + 2 * _NEAR], _NEAR)[0]
    before, after = values[cut - _NEAR : cut].mean(), values[cut : cut + _NEAR].mean()
    return cut if 0.4 < (after - before) / step < 1.8 else None


def _jump(values: Floats, window: int) -> tuple[int, float, float, float]:
    """The largest step between the means of so many figures before and after a place.

    Returns the place, the step, how large steps elsewhere are beside those that the luck of days makes, and these.
    """
    sums = np.concatenate([[0.0], np.cumsum(values)])
    places = np.arange(window, len(values) - window + 1)
    steps = (sums[places + window] - 2 * sums[places] + sums[places - window]) / window
    best = int(np.abs(steps).argmax())
    apart = np.abs(steps[np.abs(places - places[best]) > window])
    by_days = max(float(np.abs(np.diff(values)).mean()) * float(np.sqrt(np.pi / 2 / window)), 1e-9)
    elsewhere = float(middle(apart[None, :])[0]) * 1.4826 if len(apart) else by_days
    return int(places[best]), float(steps[best]), elsewhere / by_days, by_days
