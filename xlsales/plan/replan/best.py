"""The best month that the plan and its members ever had, as a rate a selling day."""

from __future__ import annotations

import numpy as np

from xlsales.core.arrays import Floats, Mask, Steps
from xlsales.core.calendars import work_calendar
from xlsales.core.periods import Days, weekdays
from xlsales.core.plan import MICROS, DayMethod, Dimension
from xlsales.core.shapes import History
from xlsales.plan.achieved import roll_up
from xlsales.plan.figures import Figures, Members

_DAYS_A_WEEK = 7


def best_rate(figures: Figures, members: Members | None) -> Floats:
    """Return the best month's sales a selling day, in yuan, of each member of a dimension, or of the whole (one row).

    The months are those of past sales and of the plan that are over; NaN without any sales.
    """
    rates = [_of_plan(figures, members)]
    past = figures.past
    if past is not None and len(past.days) and (members is None or members.name in past.codes):
        before = past.only(past.days < np.datetime64(figures.breakdown.timeline.start))
        if len(before.days):
            rates.append(_of_past(before, figures, members))
    every = np.concatenate(rates, axis=1)
    best = np.max(np.where(np.isfinite(every), every, -np.inf), axis=1, initial=-np.inf)
    return np.where(best > 0, best, np.nan)


def _of_plan(figures: Figures, members: Members | None) -> Floats:
    """Rows × the plan's months that are over."""
    achieved, line = figures.achieved, figures.breakdown.timeline
    micros = figures.company_actuals[None, :] if members is None else members.micros
    rows = 1 if members is None else len(members.dimension.members)
    if achieved is None or micros is None:
        return np.zeros((rows, 0))
    over = [m for m, month in enumerate(figures.months) if month.end <= achieved.as_of]
    sells = _sells(line.days, figures)
    days = np.array([sells[line.slice_of(figures.months[m])].sum() for m in over], dtype=np.float64)
    return _rates(micros[:, over], days)


def _of_past(past: History, figures: Figures, members: Members | None) -> Floats:
    """Rows × months of the calendar from the first to the last past sale."""
    first, last = past.days.min().astype("datetime64[M]"), past.days.max().astype("datetime64[M]")
    every = np.arange(first.astype("datetime64[D]"), (last + 1).astype("datetime64[D]"))
    month_of_day = (every.astype("datetime64[M]") - first).astype(np.int64)
    days = np.bincount(month_of_day, weights=_sells(every, figures).astype(np.float64)).astype(np.float64)
    month = (past.days.astype("datetime64[M]") - first).astype(np.int64)
    if members is None:
        sold = np.zeros((1, len(days)), dtype=np.int64)
        np.add.at(sold[0], month, past.micros)
        return _rates(sold, days)
    return _rates(_by_member(past, members.dimension, month, len(days)), days)


def _by_member(past: History, dimension: Dimension, month: Steps, n: int) -> Steps:
    codes = past.codes[dimension.name]
    named = codes >= 0
    sold = np.zeros((len(dimension.members), n), dtype=np.int64)
    np.add.at(sold, (codes[named].astype(np.intp), month[named]), past.micros[named])
    return roll_up(dimension, sold)


def _rates(micros: Steps, days: Floats) -> Floats:
    return np.asarray(np.divide(micros / MICROS, days, out=np.full(micros.shape, np.nan), where=days > 0))


def _sells(days: Days, figures: Figures) -> Mask:
    """On which days the plan sells: its weekdays with any target; of a plan by working days, these."""
    plan, line = figures.breakdown.plan, figures.breakdown.timeline
    if plan.day_method is DayMethod.WORKING_DAYS:
        return np.asarray(work_calendar(days, plan.day_rules).working)
    sold = line.days[figures.breakdown.days > 0]
    selling = np.bincount(weekdays(sold), minlength=_DAYS_A_WEEK) > 0
    return np.asarray(selling[weekdays(days)])
