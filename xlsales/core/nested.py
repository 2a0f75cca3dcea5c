"""Sharing a total over parts in nested groups, as rows of a table are by region, then by store: every group closes.

The total is shared over the groups of the first level by the sums of their weights, each of these over its groups of
the next level, and at last over its parts: whole steps, by largest remainder, as everywhere. Groups and parts are in
the order of their first appearance: of equal remainders the later one is served first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlsales.core.allocation import AllWeightsZero, NoParts, checked_weights, whole_steps
from xlsales.core.arrays import Floats, Steps
from xlsales.core.remainders import largest_remainder

Codes = NDArray[np.intp]
"""The group of each part, from 0."""


def allocate_nested(total: int, weights: ArrayLike, levels: Sequence[Codes]) -> Steps:
    """Share `total`, in whole steps, over parts by `weights`; every group of every level is closed.

    `weights` has one dimension; each of `levels` has the group of each part, coarse to fine: parts are in the same
    group of a level if they are in the same one of all levels before, and have the same code. Each group, and each
    part, is within one step of its share of the group that it is in.
    Raises NotAnAmount, BadWeight, NoParts or AllWeightsZero.
    """
    amount, pull = whole_steps(total), checked_weights(weights)
    if amount and not pull.size:
        raise NoParts(amount=amount)
    if amount and not pull.any():
        raise AllWeightsZero(amount=amount)
    if not amount or not pull.size:
        return np.zeros(pull.size, np.int64)
    pull = np.ldexp(pull, -int(np.frexp(pull.max())[1]))  # sums of the greatest floats are floats too
    above, steps = np.zeros(pull.size, np.intp), np.array([amount], np.int64)
    for codes in levels:
        group, first = _numbered(above * (int(codes.max()) + 1) + codes)
        steps = _shared(steps, above[first], _sums(pull, group, len(first)))
        above = group
    return _shared(steps, above, pull)


def _numbered(keys: NDArray[np.intp]) -> tuple[Codes, Codes]:
    """Number keys from 0 by their first appearance; return the number of each, and where each number appears first."""
    _, first, number = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), np.intp)
    place[order] = np.arange(len(order))
    return place[number], first[order]


def _shared(steps: Steps, parent: Codes, weights: Floats) -> Steps:
    """Share the steps of each parent over its children by weight; a parent without weight has no steps."""
    order = np.argsort(parent, kind="stable")
    bounds = np.searchsorted(parent[order], np.arange(len(steps) + 1))
    pull, children = weights[order], np.zeros(len(parent), np.int64)
    only = np.flatnonzero((np.diff(bounds) == 1) & (steps > 0))
    children[bounds[only]] = steps[only]
    for at in np.flatnonzero((np.diff(bounds) > 1) & (steps > 0)).tolist():
        own = slice(bounds[at], bounds[at + 1])
        children[own] = largest_remainder(int(steps[at]), pull[own])
    shared = np.empty_like(children)
    shared[order] = children
    return shared


def _sums(weights: Floats, group: Codes, count: int) -> Floats:
    """The sum of each group's weights, rounded once: equal groups have equal sums, in whatever order they are."""
    order = np.argsort(group, kind="stable")
    bounds, every = np.searchsorted(group[order], np.arange(count + 1)).tolist(), weights[order].tolist()
    return np.array([math.fsum(every[start:stop]) for start, stop in pairwise(bounds)])
