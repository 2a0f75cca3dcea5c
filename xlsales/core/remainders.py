"""Largest remainder (Hamilton): whole steps in proportion to weights, closing exactly.

Every part gets its exact share rounded down; the rest of the steps goes to
the largest remainders, one each. Of equal remainders the later position is
served first: 1000 over three equal parts is 333, 333, 334.

Shares are formed from error-free products (about 106 bits), so this holds for
totals up to 2**53 steps. Weights are floats: remainders that differ by less
than the precision of a float weight count as equal, so scaling all weights by
any factor changes nothing.

One partition, no sort of all: the cost is linear in the number of weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from xlsales.core.arrays import Floats, Mask, Steps

_EPS = float(np.finfo(np.float64).eps)
_WIDEST_TIE = 2.0**-10  # however great the total, remainders further apart than this are not equal
_BLOCK = 1 << 14  # elements at a time, so that temporaries stay in the processor's cache
_MANY, _SAMPLE = 1 << 17, 1 << 14
_MARGIN = 400  # places in the sample: six times as far as chance takes a rank away
_GRID = 2.0**20  # remainders of floats closer than this are equal
_HEAD_BITS = np.int64(-(1 << 27))  # keeps the leading 26 of a float's 53 bits


def largest_remainder(total: int, weights: Floats) -> Steps:
    """Share `total` steps over 1-D `weights`, finite, not negative, some positive."""
    whole, remainder = exact_shares(total, weights)
    whole += last_steps(total - int(whole.sum()), whole, remainder, weights)
    return whole


def exact_shares(total: int, weights: Floats) -> tuple[Steps, Floats]:
    """Return each exact share as whole steps and a remainder in [0, 1]; some weight is positive.

    The remainder total·weight − whole·sum is formed without rounding and divided once.
    """
    exponent = max(int(np.frexp(weights.max())[1]), -1000)
    scale = np.float64(2.0**-exponent)  # exact; keeps every product inside the range of floats
    sum_, sum_tail = _exact_sum(weights, scale)
    whole = np.empty(weights.size, np.int64)
    remainder = np.empty(weights.size, np.float64)
    for block in _blocks(weights.size):
        product, product_tail = _exact_product(np.float64(total), weights[block] * scale)
        guess = np.floor(product / sum_)
        back, back_tail = _exact_product(sum_, guess)
        rest = (((product - back) + (product_tail - back_tail)) - guess * sum_tail) / sum_
        carry = np.floor(rest)
        whole[block] = guess + carry
        remainder[block] = rest - carry
    return whole, remainder


def last_steps(count: int, whole: Steps, remainder: Floats, weights: Floats) -> Mask:
    """Return which parts get one step more, the `count` largest remainders; zero weights get none."""
    if count <= 0:
        return np.zeros(remainder.size, np.bool_)
    rank = remainder.size - count
    threshold = _of_rank(rank, remainder)
    at_threshold = int(whole[remainder == threshold].max())
    widest = _tie_width(max(at_threshold, int(whole.max())))
    served = remainder > threshold + widest
    near = np.flatnonzero((remainder >= threshold - widest) & ~served)
    near = near[weights[near] > 0]
    width = _tie_width(np.maximum(whole[near], at_threshold))
    distance = remainder[near] - threshold
    served[near[distance > width]] = True
    tied = near[np.abs(distance) <= width]
    served[tied[tied.size - (count - int(np.count_nonzero(served))) :]] = True
    return served


def _of_rank(rank: int, values: Floats) -> float:
    """Return the value that has `rank` values before it, if all are put in order.

    Of many values, a sample says between which two it must be about: only those between them are partitioned.
    """
    if values.size < _MANY:
        return float(np.partition(values, rank)[rank])
    sample = np.sort(values[:: values.size // _SAMPLE])
    place = rank * sample.size // values.size
    low, high = sample[max(place - _MARGIN, 0)], sample[min(place + _MARGIN, sample.size - 1)]
    between = values[(values >= low) & (values <= high)]
    inside = rank - int(np.count_nonzero(values < low))
    if not 0 <= inside < between.size:  # the sample is not like the rest
        return float(np.partition(values, rank)[rank])
    return float(np.partition(between, inside)[inside])


def _tie_width(whole: Steps | int) -> Floats:
    """Return how far apart equal remainders may be computed: a few ulps of the share."""
    return np.minimum(4 * _EPS * (np.asarray(whole, np.float64) + 1), _WIDEST_TIE)


def _exact_sum(values: Floats, scale: np.float64) -> tuple[np.float64, np.float64]:
    """Return the sum of values·scale, each in [0, 1], as a rounded head and its rounding error."""
    grid = 2.0 ** int(values.size + 2).bit_length()
    head = tail = 0.0
    for block in _blocks(values.size):
        scaled = values[block] * scale
        coarse = (scaled + grid) - grid  # multiples of an ulp of the grid, so their sum is exact
        head += float(coarse.sum())
        tail += float((scaled - coarse).sum())
    return np.float64(head + tail), np.float64((head - (head + tail)) + tail)


def _exact_product(factor: np.float64, values: Floats) -> tuple[Floats, Floats]:
    """Return factor·values as the rounded product and its rounding error (Dekker)."""
    product = values * factor
    head, tail = _halves(values)
    factor_head, factor_tail = _halves(np.array([factor]))
    error = head * factor_head - product
    error += head * factor_tail
    error += tail * factor_head
    error += tail * factor_tail
    return product, error


def _halves(values: Floats) -> tuple[Floats, Floats]:
    """Return floats as a sum of two halves: products of such halves are exact."""
    head = (values.view(np.int64) & _HEAD_BITS).view(np.float64)
    return head, values - head


def _blocks(size: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, size, _BLOCK))


def rounded(total: int, shares: Sequence[Fraction]) -> list[int]:
    """Round exact shares down or up so that they add up to `total`, which is their own sum rounded down or up.

    The steps go to the largest remainders; a share that is whole already stays.
    """
    whole = [share.numerator // share.denominator for share in shares]
    remainder = np.array([float(share - steps) for share, steps in zip(shares, whole, strict=True)])
    up = last_steps(total - sum(whole), np.array(whole, dtype=np.int64), remainder, remainder)
    return [steps + int(more) for steps, more in zip(whole, up.tolist(), strict=True)]


def nearest(total: int, shares: Floats) -> Steps | None:
    """Round floats down or up so that they add up to `total`; None if that is impossible."""
    near = np.clip(shares * 1e-13, 1e-7, 0.25)
    whole = np.floor(shares + near).astype(np.int64)
    remainder = np.where(shares - whole > near, shares - whole, 0.0)
    count = total - int(whole.sum())
    if not 0 <= count <= int(np.count_nonzero(remainder)):
        return None
    ties = np.rint(remainder * _GRID) / _GRID
    return whole + last_steps(count, whole, ties, remainder)
