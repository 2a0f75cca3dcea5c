"""The weeks of a month's plan: whole numbers that close on the month's target, and how far they are done.

Source: the seed's case of a car dealer: what a person plans of an indicator for each week of a month, and what is done
of it. What is done is held against the weeks up to the last one that is filled in, not against the whole month.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from msgspec import Struct

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Mask
from xlsales.core.plan import Lamps
from xlsales.core.progress import Texts, lamp
from xlsales.core.scores import reached
from xlsales.core.spreading import NothingToFollow


@lru_cache(maxsize=65_536)
def planned_weeks(target: int | None, typed: tuple[int | None, ...], curve: tuple[int, ...]) -> tuple[int | None, ...]:
    """Return what is planned for each week, in whole numbers.

    Blank weeks (None) share what the `typed` ones leave of the `target` in proportion to the month's `curve`, a weight
    a week; it is nothing if these are above the target. Without a target they stay blank.
    Raises NothingToFollow if something is left and the curve of the blank weeks is zero.
    """
    blank = [i for i, number in enumerate(typed) if number is None]
    if target is None or not blank:
        return typed
    left = max(target - sum(number for number in typed if number is not None), 0)
    if left and not any(curve[i] for i in blank):
        raise NothingToFollow
    shares = allocate(left, [curve[i] for i in blank]).tolist() if left else [0] * len(blank)
    weeks = list(typed)
    for i, share in zip(blank, shares, strict=True):
        weeks[i] = share
    return tuple(weeks)


class WeekProgress(Struct, frozen=True):
    """How far rows of weeks are done, an entry each; NaN is blank.

    `planned` and `done` are the sums of all weeks, `due` is what is planned up to the last week that is filled in.
    """

    planned: Floats
    due: Floats
    done: Floats
    attainment: Floats
    status: Texts

    @property
    def gap(self) -> Floats:
        """What is done beyond what is due."""
        return np.asarray(self.done - self.due)


def week_progress(planned: Floats, done: Floats, less: Sequence[bool], lamps: Lamps) -> WeekProgress:
    """Return the progress of rows × weeks (NaN is blank); of `less` rows less is better.

    A week that is blank before one that is filled in counts as nothing done.
    """
    weeks = planned.shape[1]
    filled, known = ~np.isnan(done), ~np.isnan(planned)
    last = np.where(filled.any(axis=1), weeks - 1 - np.argmax(filled[:, ::-1], axis=1), -1)
    up_to = np.arange(weeks)[None, :] <= last[:, None]
    due, did = total(np.where(up_to, np.nan_to_num(planned), 0.0), filled), total(np.nan_to_num(done), filled)
    return of_sums(total(np.nan_to_num(planned), known), due, did, less, lamps)


def of_sums(planned: Floats, due: Floats, done: Floats, less: Sequence[bool], lamps: Lamps) -> WeekProgress:
    """Return the progress that follows from sums; NaN is blank."""
    attainment = reached(done, due, np.asarray(less, dtype=np.bool_))
    status = lamp(attainment, np.ones(len(attainment)), lamps)
    return WeekProgress(planned, due, done, np.where(np.isinf(attainment), np.nan, attainment), status)


def total(numbers: Floats, there: Mask) -> Floats:
    """Return the sums of rows; blank if nothing is `there`."""
    return np.asarray(np.where(there.any(axis=1), numbers.sum(axis=1), np.nan))
