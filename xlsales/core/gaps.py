"""Days without a figure of a series that sells on such days: a report that is missing, not a day off."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Mask
from xlsales.core.periods import Days, weekdays
from xlsales.core.usual_sales import MAKE_UP, kinds_of_days

_LEAST_LIKE = 8
"""A day is like others if there are so many of them."""
_LEAST_HOLIDAYS = 4
_SOLD = 0.8
"""A weekday of a series is one on which it sells if it did on so many of them."""
_RARE = 0.025
"""A series that lacks more of its days than this, holes counted, is one that does not sell every day."""
_LONGEST = 31
"""A longer hole is a shop that is closed."""
_TYPED, _BY_LUCK = 0.5, 1e-4
"""Figures are typed, one or a few a day, if they are half as uneven as orders, of which luck leaves out so few days."""
_OTHERS = 0.5
"""On a day on which fewer of the others sold it was no day of sales."""


class Gap(Struct, frozen=True):
    """Days, positions `first` to `last`, of which `count` are without a figure though such days have one.

    `series` is a position, or -1 if none of the series has a figure. `ends`: nothing comes after them.
    """

    series: int
    first: int
    last: int
    count: int
    ends: bool


def gaps(days: Days, figures: NDArray[np.int64], kinds: NDArray[np.int8]) -> Iterator[Gap]:
    """Yield the gaps. `figures`: how many, series × all days, in order, none left out; `kinds`: the days' DayKind."""
    has = figures > 0
    rows, n = has.shape
    if not has.any():
        return
    some = has.any(axis=1)
    first = np.where(some, has.argmax(axis=1), n)
    last = np.where(some, n - 1 - has[:, ::-1].argmax(axis=1), -1)
    place = np.arange(n)
    within = (place >= first[:, None]) & (place <= last[:, None])
    due = _sold_on(weekdays(days).astype(np.int64), has, within)
    special = kinds_of_days(days, kinds)
    due &= (special < MAKE_UP) | _sold_on(special, has, within)
    due &= place >= first[:, None]
    lacking = due & ~has
    begins = lacking & ~np.pad(lacking, ((0, 0), (1, 0)))[:, :-1]
    holes = (begins & within).sum(axis=1)
    count = (due & within).sum(axis=1)
    regular = (count >= _LEAST_LIKE) & (holes <= np.maximum(1, _RARE * count))
    regular &= _never_by_luck(figures, due & within)
    if not regular.any():
        return
    sellers = due & regular[:, None]
    on_day = (sellers & has).sum(axis=0)
    asked = sellers.sum(axis=0)
    for row in np.flatnonzero(regular & lacking.any(axis=1)).tolist():
        own = sellers[row].astype(np.int64)
        others = (on_day - (own & has[row])) / np.maximum(asked - own, 1)
        open_ = lacking[row] & ((asked - own == 0) | (others >= _OTHERS))
        yield from _holes(row, open_, has[row], n)
    if rows > 1:
        nobody = (asked > 1) & (asked * 2 > regular.sum()) & (on_day == 0)
        yield from _holes(-1, np.asarray(nobody), np.asarray(has.any(axis=0)), n)


def _never_by_luck(figures: NDArray[np.int64], on: Mask) -> Mask:
    """Series of which luck leaves no day without a figure: as many figures a day, or orders that are many each day.

    Orders that come by luck are as uneven as their mean, or more so: then it is known how often there are none.
    """
    days = np.maximum(on.sum(axis=1), 1)
    mean = (figures * on).sum(axis=1) / days
    uneven = (np.where(on, figures - mean[:, None], 0.0) ** 2).sum(axis=1) / days
    mean, spare = np.maximum(mean, 1e-9), np.maximum(uneven - mean, 1e-9)
    none = np.exp(-(mean**2) / spare * np.log1p(spare / mean))
    return np.asarray((uneven < _TYPED * mean) | (none < _BY_LUCK))


def _sold_on(kinds: NDArray[np.int64], has: Mask, within: Mask) -> Mask:
    """Days of a kind on which a series usually sells, as far as it has such days."""
    due = np.zeros_like(has)
    for kind in np.unique(kinds).tolist():
        here = kinds == kind
        among = within[:, here].sum(axis=1)
        sold = (has[:, here] & within[:, here]).sum(axis=1)
        least = _LEAST_HOLIDAYS if kind >= MAKE_UP else _LEAST_LIKE
        due[:, here] = ((among >= least) & (sold >= _SOLD * among))[:, None]
    return due


def _holes(series: int, lacking: NDArray[np.bool_], has: NDArray[np.bool_], n: int) -> Iterator[Gap]:
    """The lacking days, those in one hole together."""
    at = np.flatnonzero(lacking)
    if not len(at):
        return
    sold = np.cumsum(has)
    for hole in np.split(at, np.flatnonzero(np.diff(sold[at]) > 0) + 1):
        first, last = int(hole[0]), int(hole[-1])
        if last - first < _LONGEST:
            yield Gap(series, first, last, len(hole), bool(sold[last] == sold[n - 1]))
