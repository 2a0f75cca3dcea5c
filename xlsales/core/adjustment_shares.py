"""What members give or take of amounts by month: both margins exact, each cell within a step of its share."""

from __future__ import annotations

import numpy as np

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Mask, Steps
from xlsales.core.faults import Fault
from xlsales.core.matrix import allocate_matrix


def spread(amounts: Steps, own: Steps, closed: Mask, past: Steps, *, bounded: bool) -> Steps:
    """Return members × months: the amounts of open months in proportion to `own`; no more than that if `bounded`.

    `past` is what closed months have of it. As long as they are as they would be, the open months follow as if none
    were closed, so a month that closes moves nobody.
    """
    cells = _shared(np.where(own.any(axis=0), amounts, 0), own, bounded)
    if (cells[:, closed] != past[:, closed]).any():
        cells = _shared(np.where(closed, 0, amounts), own, bounded)
    return np.where(closed, 0, cells)


def _shared(amounts: Steps, own: Steps, bounded: bool) -> Steps:
    members, months = np.flatnonzero(own.any(axis=1)), np.flatnonzero(amounts)
    out = np.zeros_like(own)
    if not len(months):
        return out
    at, weights = np.ix_(members, months), own[np.ix_(members, months)]
    shares = weights * (amounts[months] / weights.sum(axis=0))
    try:
        out[at] = allocate_matrix(allocate(int(amounts.sum()), shares.sum(axis=1)), amounts[months], shares)
    except Fault:  # who is in few months alone cannot take its part of the whole
        out[at] = _by_month(amounts[months], weights)
    if bounded and (out > own).any():
        out[at] = _by_month(amounts[months], weights)
    return out


def _by_month(amounts: Steps, weights: Steps) -> Steps:
    return np.stack([allocate(int(amount), column) for amount, column in zip(amounts, weights.T, strict=True)], axis=1)
