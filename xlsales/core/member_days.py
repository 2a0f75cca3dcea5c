"""Members × days: each member's month goes down to its days along the company's days.

Rules:

1. A member's days of a month add up to its target of that month, exactly.
2. Where the members' targets of a month add up to the company's, their days add up to the company's
   days too; where they do not (stretch, unassigned), their days add up to the company's days scaled
   to their own sum.
3. Each cell is within one step of its exact share, month target × day's share of the company's month.
4. A day on which the company has no target has none for any member.

Weeks are sums of days: `by_week`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlsales.core.allocation import allocate
from xlsales.core.breakdown import sum_by
from xlsales.core.faults import Fault
from xlsales.core.matrix import allocate_matrix
from xlsales.core.periods import Level, Timeline
from xlsales.core.remainders import Steps


class NoDaysToFollow(Fault):
    """Members have a target in a month in which the company has none on any day."""

    zh = "{month} 公司每天的目标都是 0,而成员在这个月有 {amount}。请先运行“分解目标”。"
    en = "In {month} the company has no target on any day, but members have {amount}. Run split first."
    amounts = ("amount",)


def member_days(months: ArrayLike, days: ArrayLike, timeline: Timeline) -> Steps:
    """Share members' months over days; return n_members × n_days whole steps.

    `months` are the members' targets, n_members × n_months, `days` the company's, n_days, both in whole
    steps. Raises NoDaysToFollow where a month has a target and no day to put it on.
    """
    asked, company = np.asarray(months, dtype=np.int64), np.asarray(days, dtype=np.int64)
    shared = np.zeros((asked.shape[0], timeline.n_days), dtype=np.int64)
    for position, month in enumerate(timeline.periods(Level.MONTH)):
        at, rows = timeline.slice_of(month), asked[:, position]
        total, curve = int(rows.sum()), company[at]
        if not total:
            continue
        if not curve.any():
            raise NoDaysToFollow(month=month.key, amount=total)
        columns = curve if int(curve.sum()) == total else allocate(total, curve)
        weights = None if columns is curve else np.outer(rows, curve).astype(np.float64)
        shared[:, at] = allocate_matrix(rows, columns, weights)
    return shared


def by_week(days: NDArray[Any], timeline: Timeline) -> NDArray[Any]:
    """Sum days (the last axis) into weeks as the plan cuts them; exact for whole steps."""
    return sum_by(days, timeline.index_of_day(Level.WEEK), len(timeline.periods(Level.WEEK)))
