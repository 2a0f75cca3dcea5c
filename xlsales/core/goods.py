"""Goods: a month's target over categories by how their shares moved last year, and whether the stock can carry it.

Source: the seed's case of a store's November by category. The share of a category is its share of this year's month
before, times the change of its share between the same two months last year; the shares are then made to sum to 1.
Groups come first, then the categories of each group, by the same rule.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Steps
from xlsales.core.progress import divide
from xlsales.core.spreading import NothingToFollow, share_trend

_WHOLE = 1e-9
"""A number of pieces that is this little above a whole number is that number."""


class Category(Struct, frozen=True):
    """A category in its group; one without a group is a group of its own.

    `before` and `after` are last year's sales of the month before and of the month itself, `base` this year's sales of
    the month before: all in one unit, because only shares count. `stock` is in pieces, `price` in yuan; NaN is unknown.
    """

    group: str
    name: str
    before: float
    after: float
    base: float
    stock: float
    price: float


class Goods(Struct, frozen=True):
    """Figures of groups or of categories, an entry each; groups are in the order in which they occur.

    `target` is in whole steps, `pieces` whole and enough for the target, `cover` the stock ÷ the pieces (存销比),
    `sell_through` the pieces ÷ the stock (售罄率), `short` the pieces missing in stock. For a group that is the sum of
    its categories, because none can sell another's stock. NaN if a price or a stock is unknown.
    """

    target: Steps
    shares: Floats
    """Three rows: of last year's month before, of last year's month, of this year's month before."""
    pieces: Floats
    stock: Floats
    short: Floats

    @property
    def cover(self) -> Floats:
        """Stock ÷ pieces."""
        return divide(self.stock, self.pieces)

    @property
    def sell_through(self) -> Floats:
        """Pieces ÷ stock."""
        return divide(self.pieces, self.stock)


def grouped(categories: Sequence[Category]) -> list[tuple[str, list[int]]]:
    """Return the groups in the order in which they occur: each with its name and the positions of its categories."""
    groups: dict[tuple[str, str], list[int]] = {}
    for i, category in enumerate(categories):
        groups.setdefault((category.group, "" if category.group else category.name), []).append(i)
    return [(group or name, positions) for (group, name), positions in groups.items()]


def split_goods(target: int, step_yuan: float, categories: Sequence[Category]) -> tuple[Goods, Goods]:
    """Return the groups and the categories of a month's `target` (whole steps); each adds up to it exactly.

    A group or category without sales last year keeps its base share; one without sales in the base month gets nothing.
    Raises NothingToFollow if nothing was sold in the base month.
    """
    months = np.array([[c.before for c in categories], [c.after for c in categories], [c.base for c in categories]])
    inside = [positions for _, positions in grouped(categories)]
    groups = np.array([[row[own].sum() for own in inside] for row in months])
    if not groups[2].sum() > 0:
        raise NothingToFollow
    by_group = allocate(target, _trend(groups))
    by_category = np.zeros(len(categories), dtype=np.int64)
    for amount, own in zip(by_group.tolist(), inside, strict=True):
        if amount:
            by_category[own] = allocate(amount, _trend(months[:, own]))
    price, stock = np.array([c.price for c in categories]), np.array([c.stock for c in categories])
    pieces = np.ceil(divide(by_category * np.float64(step_yuan), price) - _WHOLE)
    of_each = (pieces, stock, np.maximum(pieces - stock, 0.0))
    together = [np.array([values[own].sum() for own in inside]) for values in of_each]
    return Goods(by_group, _shares(groups), *together), Goods(by_category, _shares(months), *of_each)


def _trend(months: Floats) -> Floats:
    """Weights by the trend of shares; by the base month alone if last year has no shares."""
    before, after, base = months
    try:
        return share_trend(base, before, after)
    except NothingToFollow:  # a month without sales, or a trend that leaves nothing
        return np.asarray(base)


def _shares(months: Floats) -> Floats:
    return divide(months, months.sum(axis=1, keepdims=True))
