"""What a series (a store, a person) usually sells on each day, and how far a figure is from that.

Usual is its own level × the kind of the day × what all series did on that day, by middles alone, so that single
slips do not move it. How far is far is the series' own: half of its figures' distances, above and below apart, and its
own rare extremes, so that an uneven store raises no doubts by being uneven.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xlsales.core.arrays import Floats
from xlsales.core.calendars import DayKind
from xlsales.core.periods import Days, weekdays

_BLOCK = 14
"""The level of a series is the middle of so many figures."""
MAKE_UP, _HOLIDAY, _FESTIVAL = 7, 8, 9
_KINDS = 10
_FLOOR = 0.04
"""No series is so even that a smaller distance (of logarithms) says anything."""
_POOLED = 10.0
"""How far is far for all series counts as so many figures of one."""
_LEVEL_MOST = 1.4
"""A level follows its series so far (4 times): what is beyond is a slip that lasts."""
_IN_A_ROW, _CAMPAIGN_MOST = 1.5, 1.0
"""The middle of five days is more than luck beyond so many spreads; a campaign sells at most e times as much."""
_JUMP = 0.15
"""A level that jumps by a tax jumps less than this; what is beyond is a campaign."""
_LEFT_OUT, _RARE = 0.02, 2.6
"""Extremes are those that all but so many of the figures on a side are within, of luck alone so many spreads away."""
_HIGHEST, _LOWEST = 1.5, 4.0
"""What is further out is no extreme of a store: none sells 5 times the usual, one closed in the morning a fiftieth."""


class Usual:
    """What each series usually sells on each day, as logarithms, and how far each figure is from it."""

    def __init__(self, days: Days, sums: Floats, kinds: NDArray[np.int8]) -> None:
        with np.errstate(invalid="ignore", divide="ignore"):
            logs = np.where(sums > 0, np.log(sums), np.nan)
        level = middle(logs)
        away = logs - level[:, None]
        self.kinds = kinds_of_days(days, kinds)
        of_kind = _of_kinds(away, self.kinds)
        away -= of_kind
        self.beyond = away.copy()
        """How far figures are from the level and the kind of the day."""
        self.common = common = common_of(away)
        away -= common
        local = _local(away)
        away -= local
        again = common_of(away)
        own = _own_weekdays(away - again, self.kinds)
        self.log = level[:, None] + of_kind + common + local + again + own
        self.away = logs - self.log
        self.above, self.below = _spreads(self.away)
        campaigns = _campaigns(self.away, self.above, self.below)
        widest = _JUMP + 3 * np.maximum(self.above, self.below)
        self.trend = np.clip(self.away - np.where(np.abs(campaigns) > _JUMP, campaigns, 0.0), -widest, widest) + local
        self.log += campaigns
        self.away -= campaigns
        self._hold()

    def _hold(self) -> None:
        self.far = np.nan_to_num(self.away / np.where(self.away > 0, self.above, self.below))
        """How far, in units of the series' own; 0 without a figure."""

    def learn_extremes(self) -> None:
        """Widen how far is far by the rare extremes of each series, and by those of holidays."""
        self.above = _with_extremes(self.away, self.above, self.kinds, _HIGHEST)
        self.below = _with_extremes(-self.away, self.below, self.kinds, _LOWEST)
        self._hold()

    def fits(self, amount: float, row: int, column: int) -> float:
        """Return how far an amount would be, in units of the series' own; infinite if it is none."""
        if not amount > 0:
            return float("inf")
        off = float(np.log(amount) - self.log[row, column])
        return abs(off) / float((self.above if off > 0 else self.below)[row, column])


def kinds_of_days(days: Days, kinds: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return weekdays as 0 to 6, make-up days, holidays, and those of 春节: between 15 January and 5 March."""
    of = weekdays(days).astype(np.int64)
    of[kinds == DayKind.MAKE_UP] = MAKE_UP
    holiday = kinds == DayKind.HOLIDAY
    of[holiday] = _HOLIDAY
    since = (days - days.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)
    of[holiday & (since >= 14) & (since < 64)] = _FESTIVAL
    return of


def middle(values: Floats) -> Floats:
    """Return the median of each row without NaN; NaN of a row of these alone."""
    ordered, count = np.sort(values, axis=-1), (~np.isnan(values)).sum(axis=-1)[..., None]
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=-1)
    high = np.take_along_axis(ordered, np.minimum(count // 2, values.shape[-1] - 1), axis=-1)
    return np.asarray(((low + high) / 2)[..., 0])


def _of_kinds(away: Floats, kinds: NDArray[np.int64]) -> Floats:
    """What each kind of day has beyond the level, by all series; less sure of it by few days."""
    found = np.zeros(_KINDS)
    for kind in range(_KINDS):
        here = kinds == kind
        count = int(here.sum())
        value = float(middle(away[:, here].reshape(1, -1))[0]) if count else 0.0
        known = count > 1 and not np.isnan(value)  # of one day the middle may be a slip
        found[kind] = value * count / (count + 3) if known else 0.0
    return found[kinds]


def common_of(away: Floats) -> Floats:
    """Return what all series had in common on each day, less sure of it by few series; one alone has nothing so."""
    ordered, count = np.sort(away.T, axis=-1), (~np.isnan(away)).sum(axis=0)
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0)[:, None] // 2, axis=-1)[:, 0]
    high = np.take_along_axis(ordered, np.minimum(count // 2, len(away) - 1)[:, None], axis=-1)[:, 0]
    nearer = np.where(low * high > 0, np.where(np.abs(low) < np.abs(high), low, high), 0.0)  # of two, one may be a slip
    return np.where(count > 1, nearer * np.minimum((count - 1) / 3, 1.0), 0.0)


def _local(away: Floats) -> Floats:
    """The level of each series over time: the middle of blocks of days, less what a single block has alone."""
    n = away.shape[1]
    blocks = n // _BLOCK
    if blocks < 2:
        return np.zeros_like(away)
    edge = n - blocks * _BLOCK  # the first block is longer
    middles = np.column_stack(
        [middle(away[:, : edge + _BLOCK]), middle(away[:, edge + _BLOCK :].reshape(len(away), blocks - 1, _BLOCK))]
    )
    several = np.stack([np.pad(middles, ((0, 0), (2, 2)), mode="reflect" if blocks > 2 else "edge")[:, i : i + blocks]
                        for i in range(5)], axis=-1)  # fmt: skip
    level = np.clip(np.nan_to_num(middle(several)), -_LEVEL_MOST, _LEVEL_MOST)
    centres = np.concatenate([[(edge + _BLOCK - 1) / 2], edge + _BLOCK * np.arange(1, blocks) + (_BLOCK - 1) / 2])
    at = np.clip(np.searchsorted(centres, np.arange(n)) - 1, 0, blocks - 2)
    part = np.clip((np.arange(n) - centres[at]) / (centres[at + 1] - centres[at]), 0.0, 1.0)
    return np.asarray(level[:, at] * (1 - part) + level[:, at + 1] * part)


def _own_weekdays(away: Floats, kinds: NDArray[np.int64]) -> Floats:
    """What the weekdays of a series have beyond those of all."""
    own = np.zeros((len(away), _KINDS))
    for kind in range(MAKE_UP):
        here = away[:, kinds == kind]
        count = (~np.isnan(here)).sum(axis=1)
        if here.shape[1]:
            own[:, kind] = np.where(count > 2, np.nan_to_num(middle(here)) * count / (count + 6), 0.0)
    return own[:, kinds]


def _spreads(away: Floats) -> tuple[Floats, Floats]:
    """How far figures of a series usually are above and below, series × days, by its middles."""
    sides = []
    constant = 2 * (away == 0).sum(axis=1) > (~np.isnan(away)).sum(axis=1)
    for side in (away, -away):
        over = np.where((side > 0) | (constant[:, None] & (side == 0)), side, np.nan)
        count = (~np.isnan(over)).sum(axis=1)
        usual = middle(over) * 1.4826
        pooled = float(middle(usual[None, :])[0])
        pooled = 0.3 if np.isnan(pooled) else pooled
        own = (np.nan_to_num(usual) ** 2 * count + pooled**2 * _POOLED) / (count + _POOLED)
        sides.append(np.broadcast_to(np.maximum(np.sqrt(own), _FLOOR)[:, None], away.shape))
    return sides[0], sides[1]


def _campaigns(away: Floats, above: Floats, below: Floats) -> Floats:
    """What days in a row have in common that is beyond luck: the middle of five figures, if it is."""
    n = away.shape[1]
    around = np.pad(away, ((0, 0), (2, 2)), constant_values=np.nan)
    common = np.nan_to_num(middle(np.stack([around[:, i : i + n] for i in range(5)], axis=-1)))
    beyond = (common > _IN_A_ROW * above) | (-common > _IN_A_ROW * below)
    return np.where(beyond & (np.abs(common) < _CAMPAIGN_MOST), common, 0.0)


def _with_extremes(away: Floats, spread: Floats, kinds: NDArray[np.int64], most: float) -> Floats:
    """How far is far above the usual, if the extremes there are further than luck of such a spread takes them."""
    holidays = kinds >= _HOLIDAY
    over = np.where((away > 0) & (away < most), away, np.nan)
    count = (~np.isnan(over)).sum(axis=1)
    left_out = np.maximum(2, np.ceil(_LEFT_OUT * count)).astype(np.int64)
    ordered = np.sort(np.nan_to_num(over), axis=1)
    rare = np.take_along_axis(ordered, np.maximum(over.shape[1] - 1 - left_out, 0)[:, None], axis=1)
    spread = np.maximum(spread, rare / _RARE)
    if holidays.any():
        apart = np.abs(away[:, holidays]) / spread[:, holidays]
        on_holidays = np.nan_to_num(middle(apart.reshape(1, -1))[0]) * 1.4826
        spread = np.where(holidays, spread * max(1.0, on_holidays), spread)
    return spread
