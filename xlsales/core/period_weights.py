"""Weights of years, half-years and quarters: the months inside follow them, each by its own weight.

A level's weights give the shares of its periods in the whole plan; a coarser level that has weights has the last word.
A period that the plan cuts counts in proportion to its days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Floats
from xlsales.core.periods import Level, Period, Timeline
from xlsales.core.weights import NoMonthWeight, part_of_month, typed_months

LEVELS = {Level.QUARTER: 3, Level.HALF: 6, Level.YEAR: 12}
"""The levels above months that may have weights, from fine to coarse, and the months in each of their periods."""
_NEAR = 0.001
"""Shares that differ by less are the same but for the rounding of what was typed."""


class Disagreement(Struct, frozen=True):
    """Typed weights of two levels that give a period other shares.

    `shares` are of each such period: its key, its share by its own weight, and that by the `finer` weights inside it.
    """

    finer: Level
    coarser: Level
    shares: tuple[tuple[str, float, float], ...]


def follow_longer(months: Floats, timeline: Timeline, weights: Mapping[str, float]) -> Floats:
    """Return the months' weights so that quarters, half-years and years have theirs, those that `weights` has by key.

    Months that weigh nothing, in a period that does weigh, count by their days. Raises NoMonthWeight.
    """
    months, parts = months.astype(np.float64), part_of_month(timeline)
    for level in LEVELS:
        shares = _of_level(level, timeline, weights, parts)
        if shares is None:
            continue
        inside = _inside(level, timeline)
        sums = np.bincount(inside, months, len(shares))
        months = np.where((sums == 0)[inside], parts, months)
        sums = np.bincount(inside, months, len(shares))
        months *= (shares / sums)[inside]
    if not months.any():
        raise NoMonthWeight()
    return months


def missing_weights(timeline: Timeline, weights: Mapping[str, float]) -> Iterator[tuple[Level, list[Period]]]:
    """Yield each level of which some periods have a weight, with those that have none: blank is not zero."""
    for level in LEVELS:
        periods = timeline.periods(level)
        missing = [period for period in periods if period.key not in weights]
        if missing and len(missing) < len(periods):
            yield level, missing


def missing_months(timeline: Timeline, months: Mapping[int, float], weights: Mapping[str, float]) -> list[Period]:
    """Return the months without a weight beside others that have one: blank is not zero.

    `months` are weights of calendar months, `weights` those of periods by key. Months of the same quarter (half-year,
    year: the shortest that has weights) are beside each other, without such weights those of the whole plan. Where
    no month has one, they share by their days.
    """
    level = next((level for level in LEVELS if any(p.key in weights for p in timeline.periods(level))), None)
    periods, typed = timeline.periods(Level.MONTH), typed_months(timeline, months, weights)
    groups = [0] * len(periods) if level is None else _inside(level, timeline).tolist()
    given = {group for group, weight in zip(groups, typed, strict=True) if weight is not None}
    beside = zip(periods, groups, typed, strict=True)
    return [month for month, group, weight in beside if weight is None and group in given]


def disagreements(timeline: Timeline, months: Floats | None, weights: Mapping[str, float]) -> Iterator[Disagreement]:
    """Yield each pair of levels with typed weights that do not follow from each other.

    `months` are the typed weights of months, times their parts in the plan; None if none are typed. Weights repeat in
    each year, so the shares of half-years and quarters are those in their year; years are compared only if the finer
    weights differ by year.
    """
    parts = part_of_month(timeline)
    typed = {} if months is None or not months.any() else {Level.MONTH: months}
    for level, count in LEVELS.items():
        shares = _of_level(level, timeline, weights, parts)
        if shares is None:
            continue
        for finer, of_finer in typed.items():
            sums = np.bincount(_inside(level, timeline, finer), of_finer, len(shares)).astype(np.float64)
            years = _inside(Level.YEAR, timeline, level) if level is not Level.YEAR else np.zeros(len(shares), np.intp)
            own, other = _normalised(shares, years), _normalised(sums, years)
            if level is Level.YEAR and np.ptp(sums / np.bincount(_inside(level, timeline), parts) * count) <= _NEAR:
                continue
            keys = [period.key for period in timeline.periods(level)]
            apart = [
                one for one in zip(keys, own.tolist(), other.tolist(), strict=True) if abs(one[1] - one[2]) > _NEAR
            ]
            if apart:
                yield Disagreement(finer, level, tuple(apart))
        typed[level] = shares


def _of_level(level: Level, timeline: Timeline, weights: Mapping[str, float], parts: Floats) -> Floats | None:
    """The weights of a level's periods, times what of each is in the plan; None without any."""
    periods = timeline.periods(level)
    if not any(period.key in weights for period in periods):
        return None
    inside = np.bincount(_inside(level, timeline), parts, len(periods)) / LEVELS[level]
    return np.array([weights.get(period.key, 0.0) for period in periods]) * inside


def _inside(level: Level, timeline: Timeline, finer: Level = Level.MONTH) -> NDArray[np.intp]:
    """For each finer period, the position of the period of a level that it is in."""
    first = [timeline.slice_of(period).start for period in timeline.periods(finer)]
    return timeline.index_of_day(level)[first]


def _normalised(values: Floats, groups: NDArray[np.intp]) -> Floats:
    """Values as shares of their group; zeros of a group without any."""
    sums = np.bincount(groups, values)[groups]
    return np.divide(values, sums, out=np.zeros(len(values)), where=sums > 0)
