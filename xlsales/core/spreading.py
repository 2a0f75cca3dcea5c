"""Spreading methods: how an amount is shared over parts, by the names that planners know.

The first part returns weights for `allocate`; the second part changes existing
amounts (whole steps), and closes exactly by itself; `respread` does either, by the
name of a method. All parts are one-dimensional arrays in the order of the parts.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from xlsales.core.allocation import allocate, exact_total
from xlsales.core.arrays import Floats, Mask, Steps
from xlsales.core.expressions import expression
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


class GrowthTooSteep(Fault):
    """A growth leads out of the range of numbers."""

    zh = "每期增长 {rate},{periods} 期后数字太大。请改小增长率或期数。"
    en = "A growth of {rate} over {periods:periods} leads out of range. Enter a smaller growth or fewer periods."


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


def populated_only(current: ArrayLike) -> Floats:
    """Only the parts that are neither blank nor zero now, equally. Raises NothingToFollow."""
    return proportional(np.nan_to_num(np.asarray(current, dtype=np.float64), nan=0.0) != 0)


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
    """Each period `rate` above the one before (0.05 = 5 %), adding up to `total`.

    Raises TrendBelowZero or GrowthTooSteep.
    """
    if rate < -1:
        raise TrendBelowZero(position=2)
    with np.errstate(over="ignore", invalid="ignore"):
        curve = (1.0 + rate) ** np.arange(n)
        periods = np.asarray(total * curve / curve.sum(), dtype=np.float64)
    if not np.isfinite(periods).all():
        raise GrowthTooSteep(rate=f"{rate:.15g}", periods=n)
    return periods


def pattern(name: str, n: int) -> Floats:
    """A repeated pattern of weights: `4-4-5`, `1-2-1`, …; `first` or `last`: all on one part.

    Raises PatternUnknown.
    """
    if name in ("first", "last"):
        weights = np.zeros(n)
        weights[0 if name == "first" else -1] = 1.0
        return weights
    if not is_pattern(name):
        raise PatternUnknown(pattern=name)
    return proportional(np.resize(np.array([float(part) for part in name.split("-")]), n))


def is_pattern(text: str) -> bool:
    """Whether a text is a pattern of two weights or more: `1-2-1`."""
    return _PATTERN.fullmatch(text) is not None


_PATTERN = expression(r"\d{1,6}(\.\d{1,6})?(-\d{1,6}(\.\d{1,6})?)+")


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


def weighted_increment(amounts: ArrayLike, total: int) -> Steps:
    """`total` more in all, in proportion to the parts; below zero takes away. Raises NotEnough."""
    now = _steps(amounts)
    return _increment(now, total, now)


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


# --- by the name of a method ----------------------------------------------------


class Method(StrEnum):
    """How the amounts of a block change."""

    EQUAL = "equal"
    PROPORTIONAL = "proportional"
    POPULATED = "populated"
    STRAIGHT_LINE = "straight_line"
    GROWTH = "growth"
    FIRST = "first"
    LAST = "last"
    PATTERN = "pattern"
    INCREMENT = "increment"
    WEIGHTED_INCREMENT = "weighted_increment"
    PERCENT = "percent"
    ADD = "add"

    @property
    def fills_blanks(self) -> bool:
        """Whether it gives to blank parts too; by all others a blank part stays blank."""
        return self in _FILLING

    @property
    def closes_on_total(self) -> bool:
        """Whether it leads to a total that is given; the others change what is there."""
        return self not in (Method.PERCENT, Method.ADD)


_FILLING = (Method.EQUAL, Method.STRAIGHT_LINE, Method.GROWTH, Method.FIRST, Method.LAST, Method.PATTERN)


class Spread(Struct, frozen=True):
    """A method with what it takes.

    `total` is the new sum of all parts in steps, for methods that close on it. `by` is the growth of each part on the
    one before it, or the share by which all parts together rise (percent); in steps it is what each part gets (add),
    or what each is above the one before it (straight line; None: the line starts at the first part as it is, or
    ends at the last if the first is blank). `pattern` is the text of one.
    """

    method: Method
    total: int = 0
    by: float | None = None
    pattern: str = ""


def respread(now: Floats, held: Mask, spread: Spread) -> Steps:
    """Return the parts in whole steps after a spread; `held` ones are as they are, and the others close on the total.

    `now` is in whole steps, NaN if blank. Raises NothingToFollow, NegativeWeight, TrendBelowZero, PatternUnknown,
    NotEnough, or what `allocate` raises.
    """
    method, free = spread.method, ~held
    after = np.nan_to_num(now).astype(np.int64)
    match method:
        case Method.PERCENT:
            after[free] = percent(after[free], spread.by or 0.0)
        case Method.ADD:
            after[free] = add(after[free], int(spread.by or 0))
        case Method.INCREMENT | Method.WEIGHTED_INCREMENT:
            change = equal_increment if method is Method.INCREMENT else weighted_increment
            after[free] = change(after[free], spread.total - exact_total(after))
        case _:
            weights = np.zeros(now.size)
            weights[free] = _weights(now, free, spread)
            after = allocate(spread.total, weights, locked=np.where(held, after, np.nan))
    return after


def _weights(now: Floats, free: Mask, spread: Spread) -> Floats:
    """The weights of the free parts."""
    n = int(free.sum())
    if not n:
        return np.zeros(0)
    match spread.method:
        case Method.PROPORTIONAL:
            return proportional(now[free])
        case Method.POPULATED:
            return populated_only(now[free])
        case Method.FIRST | Method.LAST:
            return pattern(spread.method.value, n)
        case Method.PATTERN:
            return pattern(spread.pattern, now.size)[free]
        case Method.GROWTH:
            return growth(1.0, now.size, spread.by or 0.0)[free]
        case Method.STRAIGHT_LINE:
            first, last = (None if np.isnan(end) else float(end) for end in (now[0], now[-1]))
            if spread.by is not None:
                first = last = None
            ends = {"first": first, "last": last if first is None else None, "slope": spread.by}
            return straight_line(spread.total, now.size, **ends)[free]
        case _:
            return equal(n)
