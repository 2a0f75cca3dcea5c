"""What a day is expected to sell beside another day, by past sales of the whole: the curve of days.

A day's expectation is weekday or holiday × season × growth. Each is drawn towards 1 as far as the past has too
few days, or too uneven ones, to tell it from luck:

1. Weekdays, make-up days and holidays (春节 apart) by the mean of such days over the mean of the weeks around them.
2. Seasons by month of the year, after the days of each past year are re-dated around 春节 (`lunar_pair`).
3. Growth a year by the slope of the months' logarithms, fitted together with the seasons. How sure the fit is goes
   into the spread of what is to come.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Floats
from xlsales.core.calendars import DayKind, work_calendar
from xlsales.core.lunar import lunar_pair, spring_festival
from xlsales.core.periods import Days, weekdays
from xlsales.core.plan import DayRule

GROWTH_SPREAD = 0.10
"""Before anything is known, growth a year is within this of none in two of three cases."""
GROWTH_CHANGE = 0.12
"""Growth a year changes by so much in two of three cases."""
_SEASON_SPREADS = (0.02, 0.05, 0.1, 0.2, 0.4)
_NOISES = (0.03, 0.06, 0.12, 0.25, 0.5)
"""So much a month of the year is above or below the mean, and so much a month is from what was expected: tried."""
_AROUND = 57
"""The weeks around a day: the mean that it is held against."""
_LATEST = 1096
"""Kinds of days are told from so many days at most."""
_MAKE_UP, _HOLIDAY, _FESTIVAL = 7, 8, 9
_N_KINDS = 10
_HOLIDAY_SPREAD = 0.1
_LEAST_MONTH_DAYS = 7
_LEAST = 0.1
"""A month counts as at least so much of the mean month: there is no logarithm of nothing."""


class DayCurve(Struct, frozen=True):
    """The expectation of each day, past ones first, then those ahead; without unit, 1 is an even day now.

    `months` are the months of the year (0 to 11) that days take their season from. `terms` are level, growth and
    seasons of past months, their sizes `sizes`, and `ahead` those of the days ahead; `unsure` is the covariance of
    what is not known of them.
    """

    expected: Floats
    months: NDArray[np.int64]
    terms: Floats
    sizes: Floats
    ahead: Floats
    unsure: Floats

    def spread(self, pace: float) -> float:
        """Return the variance of the days ahead, as a share of their sum squared, from not knowing seasons and growth.

        `pace` is that of the level that the past gives: only where the days ahead differ from its months is unsure.
        """
        counted = self.sizes * (1 - pace) ** np.arange(len(self.sizes))[::-1]
        apart = self.ahead - counted @ self.terms / counted.sum()
        return float(apart @ self.unsure @ apart + (GROWTH_CHANGE * self.ahead[1]) ** 2)


def day_curve(days: Days, whole: Floats, ahead: Days, rules: tuple[DayRule, ...] = ()) -> DayCurve:
    """Return the curve of past days (in order, none left out) and of the days ahead, by past sales of the whole.

    The days ahead may begin later than on the day after the past ones.
    """
    n, span = len(days), np.concatenate([days, ahead])
    factors = _day_factors(span, whole, rules)
    paired = lunar_pair(span, int(ahead[0].item().year))
    season_of = (paired.astype("datetime64[M]").astype(np.int64) % 12).astype(np.int64)
    month = days.astype("datetime64[M]").astype(np.int64)
    month = month - month[0]
    n_months = int(month[-1]) + 1
    lengths = np.bincount(month, minlength=n_months)
    weights: Floats = np.bincount(month, factors[:n], n_months).astype(np.float64)
    seasons = np.zeros((n_months, 12))
    np.add.at(seasons, (month, season_of[:n]), 1.0)
    years = (span - span[n - 1]).astype(np.int64) / 365.25
    middle = np.bincount(month, years[:n], n_months) / lengths
    terms = np.column_stack([np.ones(n_months), middle, seasons / lengths[:, None]])
    rates = np.divide(np.bincount(month, whole, n_months), weights, out=np.zeros(n_months), where=weights > 0)
    used = (weights > 0) & (lengths >= min(_LEAST_MONTH_DAYS, int(lengths.max())))
    mean = float(rates[used].mean()) if used.any() else 0.0
    logs = np.log(np.maximum(rates / mean, _LEAST)) if mean > 0 else np.zeros(n_months)
    if not used.any():
        weights, used = np.ones(n_months, dtype=np.float64), lengths > 0
    terms, sizes = terms[used], weights[used] / weights[used].max()
    found, unsure = _fit(terms, logs[used], sizes)
    expected = factors * np.exp(found[2:][season_of] + found[1] * years)
    to_come = expected[n:].sum()
    part = expected[n:] / to_come if to_come > 0 else np.full(len(ahead), 1 / len(ahead))
    mix = np.concatenate([[1.0, part @ years[n:]], np.bincount(season_of[n:], part, 12)])
    return DayCurve(expected, season_of, terms, sizes, mix, unsure)


def _fit(terms: Floats, logs: Floats, sizes: Floats) -> tuple[Floats, Floats]:
    """Level, growth and seasons of months, and the covariance of what is not known of them.

    Seasons and noise are as large as makes the months that were seen the most likely.
    """
    best, chosen = -np.inf, (np.ones(14), 1.0)
    for season in _SEASON_SPREADS:
        prior = np.concatenate([[100.0, GROWTH_SPREAD**2], np.full(12, season**2)])
        for noise in _NOISES:
            root = np.linalg.cholesky((terms * prior) @ terms.T + np.diag(noise**2 / sizes))
            scaled = np.linalg.solve(root, logs)
            likely = -0.5 * float(scaled @ scaled) - float(np.log(np.diag(root)).sum())
            likely -= 0.25 * float(np.log(season / 0.1)) ** 2
            if likely > best:
                best, chosen = likely, (prior, noise)
    prior, noise = chosen
    weighted = terms.T * (sizes / noise**2)
    unsure = np.linalg.inv(weighted @ terms + np.diag(1 / prior))
    return np.asarray(unsure @ (weighted @ logs)), np.asarray(unsure, dtype=np.float64)


def _day_factors(span: Days, whole: Floats, rules: tuple[DayRule, ...]) -> Floats:
    """Weekday, holiday and campaign factor of each day; `whole` are sales of the first ones."""
    n, calendar = len(whole), work_calendar(span, rules)
    kinds = weekdays(span).astype(np.int64)
    holiday = calendar.kinds == DayKind.HOLIDAY
    kinds[calendar.kinds == DayKind.MAKE_UP] = _MAKE_UP
    kinds[holiday] = _HOLIDAY
    kinds[holiday & _near_festival(span)] = _FESTIVAL
    even = whole / np.where(calendar.factors[:n] > 0, calendar.factors[:n], 1.0)
    around = np.ones(min(_AROUND, n))
    level = np.convolve(even, around, "same") / np.convolve(np.ones(n), around, "same")
    level = np.maximum(level, max(0.05 * float(even.mean()), 1e-9))
    seen = kinds[:n][-_LATEST:]
    ratios = (even / level)[-_LATEST:]
    counts = np.bincount(seen, minlength=_N_KINDS).astype(np.float64)
    sums = np.bincount(seen, ratios, _N_KINDS)
    means = np.divide(sums, counts, out=np.ones(_N_KINDS), where=counts > 0)
    noise = float(((ratios - means[seen]) ** 2).mean())
    apart = max(float(((means[:7] - 1) ** 2).mean()) - noise / max(float(counts[:7].mean()), 1.0), 1e-4)
    told_by = np.divide(counts, counts + noise / apart, out=np.zeros(_N_KINDS), where=counts > 0)
    factors = 1 + told_by * (means - 1)
    factors[_MAKE_UP] = factors[:5].mean()
    for kind in (_HOLIDAY, _FESTIVAL):
        told = counts[kind] / (counts[kind] + noise / _HOLIDAY_SPREAD) if counts[kind] else 0.0
        factors[kind] = factors[6] + told * (means[kind] - factors[6])
    return np.asarray(np.maximum(factors, 0.0)[kinds] * calendar.factors)


def _near_festival(span: Days) -> NDArray[np.bool_]:
    """Which days are within the holidays of 春节, three days before it to eight days after."""
    first, last = span[0].item().year, span[-1].item().year
    near = [dt.timedelta(days=n) for n in range(-3, 9)]
    festivals = [spring_festival(year) + shift for year in range(first, last + 1) for shift in near]
    return np.isin(span, np.array(festivals, dtype="datetime64[D]"))
