"""Spreading methods: how an amount is shared over parts, by the names that planners know.

The first half returns weights for `allocate`; the second half changes existing
amounts (whole steps), and closes exactly by itself.
All parts are one-dimensional arrays in the order of the parts.
"""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Steps
from xlsales.core.faults import Fault


class NothingToFollow(Fault):
    """All weights are zero, blank or missing."""

    zh = "参照的数字全是零或空,看不出比例。请改用均分,换一个参照,或填写权重。"
    en = "The figures to follow are all zero or blank and give no shape. Choose equal, another reference, or weights."


class NegativeWeight(Fault):
    """A weight below zero."""

    zh = "第 {position} 个权重是 {weight}。权重应为零或正数。"
    en = "Weight {position} is {weight}. Weights are zero or more."


class TrendBelowZero(Fault):
    """A straight line or a growth leads below zero."""

    zh = "按这个趋势,第 {position} 期会低于零。请改小斜率或首末值。"
    en = "This trend takes period {position} below zero. Choose a flatter slope or another first or last value."


class PatternUnknown(Fault):
    """A pattern that is not understood."""

    zh = "看不懂模式“{pattern}”。请写成 4-4-5、1-2-1、first 或 last。"
    en = 'The pattern "{pattern}" cannot be read. Write 4-4-5, 1-2-1, first or last.'


class NotEnough(Fault):
    """An amount to take away is more than there is."""

    zh = "要减去 {wanted},但只有 {there}。请减少金额。"
    en = "{wanted} is to be taken away, but only {there} is there. Take less."
    amounts = ("wanted", "there")


# --- weights --------------------------------------------------------------------


def equal(n: int) -> Floats:
    """Every part the same."""
    return np.ones(n)


def proportional(current: ArrayLike) -> Floats:
    """In proportion to the current parts; blanks (NaN) count as none. Raises NothingToFollow or NegativeWeight."""
    weights = np.nan_to_num(np.asarray(current, dtype=np.float64), nan=0.0)
    if (weights < 0).any():
        position = int(np.argmax(weights < 0))
        raise NegativeWeight(position=position + 1, weight=float(weights[position]))
    if not weights.any():
        raise NothingToFollow()
    return weights


def populated_only(current: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """Only the parts that are neither blank nor zero now, equally or by `weights`."""
    now = np.nan_to_num(np.asarray(current, dtype=np.float64), nan=0.0)
    return proportional(np.where(now != 0, 1.0 if weights is None else np.asarray(weights, dtype=np.float64), 0.0))


def straight_line(
    total: float, n: int, *, first: float | None = None, last: float | None = None, slope: float | None = None
) -> Floats:
    """A straight line over `n` periods that adds up to `total`.

    Give one of the first value, the last value, or the slope per period; none makes it
    flat. The other two follow from the total. Raises TrendBelowZero.
    """
    if [first, last, slope].count(None) < 2:
        raise ValueError("give one of first, last and slope")
    mean, half = total / n, (n - 1) / 2
    if first is not None and n > 1:
        slope = (mean - first) / half
    elif last is not None and n > 1:
        slope = (last - mean) / half
    line = mean + (slope or 0.0) * (np.arange(n) - half)
    noise = 1e-9 * abs(mean)
    if (line < -noise).any():
        raise TrendBelowZero(position=int(np.argmax(line < -noise)) + 1)
    return np.asarray(np.maximum(line, 0.0))


def growth(total: float, n: int, rate: float) -> Floats:
    """Each period `rate` above the one before (0.05 = 5 %), adding up to `total`. Raises TrendBelowZero."""
    if rate < -1:
        raise TrendBelowZero(position=2)
    curve = (1.0 + rate) ** np.arange(n)
    return np.asarray(total * curve / curve.sum(), dtype=np.float64)


def pattern(name: str, n: int) -> Floats:
    """A repeated pattern of weights: `4-4-5`, `1-2-1`, …; `first` or `last`: all on one part.

    Raises PatternUnknown.
    """
    if name in ("first", "last"):
        weights = np.zeros(n)
        weights[0 if name == "first" else -1] = 1.0
        return weights
    if not re.fullmatch(r"\d+(\.\d+)?(-\d+(\.\d+)?)*", name):
        raise PatternUnknown(pattern=name)
    return proportional(np.resize(np.array([float(part) for part in name.split("-")]), n))


def share_trend(base: ArrayLike, before: ArrayLike, after: ArrayLike) -> Floats:
    """Shares of the base month, changed as shares changed from `before` to `after` last year; they sum to 1.

    For November's target over categories: base = this October, before = last October,
    after = last November. A category that had no share in `before` keeps its base share.
    """
    base_share, before_share, after_share = _shares(base), _shares(before), _shares(after)
    there = before_share > 0
    change = np.where(there, after_share / np.where(there, before_share, 1.0), 1.0)
    return _shares(base_share * change)


def capacity(headcount: ArrayLike, *factors: ArrayLike) -> Floats:
    """Hands times ability: heads × seniority (× any further factor). Raises NothingToFollow or NegativeWeight."""
    weights = np.asarray(headcount, dtype=np.float64)
    for factor in factors:
        weights = weights * np.asarray(factor, dtype=np.float64)
    return proportional(weights)


def _shares(figures: ArrayLike) -> Floats:
    weights = proportional(figures)
    return np.asarray(weights / weights.sum())


# --- amounts in whole steps -----------------------------------------------------


def add(amounts: ArrayLike, each: int) -> Steps:
    """`each` more in every part; `each` below zero subtracts. Raises NotEnough if a part would be below zero."""
    now = _steps(amounts)
    if now.size and now.min() + each < 0:
        raise NotEnough(wanted=-each, there=int(now.min()))
    return now + each


def percent(amounts: ArrayLike, rate: float) -> Steps:
    """All parts together `rate` more (0.1 = +10 %, -0.1 = -10 %), each in proportion; the new total closes."""
    now = _steps(amounts)
    return weighted_increment(now, round(int(now.sum()) * Fraction(str(rate))))


def equal_increment(amounts: ArrayLike, total: int) -> Steps:
    """`total` more in all, the same for every part; below zero takes away. Raises NotEnough."""
    now = _steps(amounts)
    return _increment(now, total, equal(len(now)))


def weighted_increment(amounts: ArrayLike, total: int, weights: ArrayLike | None = None) -> Steps:
    """`total` more in all, by `weights` or else in proportion to the parts; below zero takes away.

    Raises NotEnough.
    """
    now = _steps(amounts)
    return _increment(now, total, now if weights is None else weights)


def transfer(amounts: ArrayLike, source: int, target: int, amount: int) -> Steps:
    """Move `amount` from part `source` to part `target` (positions); the sum stays. Raises NotEnough."""
    parts = _steps(amounts)
    if not 0 <= amount <= parts[source]:
        raise NotEnough(wanted=amount, there=int(parts[source]))
    parts[source] -= amount
    parts[target] += amount
    return parts


def _increment(now: Steps, total: int, weights: ArrayLike) -> Steps:
    change = allocate(abs(total), weights)
    after = now + change if total >= 0 else now - change
    if (after < 0).any():
        part = int(np.argmin(after))
        raise NotEnough(wanted=int(change[part]), there=int(now[part]))
    return after


def _steps(amounts: ArrayLike) -> Steps:
    """A copy as whole steps."""
    return np.array(amounts, dtype=np.int64)
