"""How sales grew: against the same days of the year before (同比), and of the month before (环比)."""

from __future__ import annotations

import datetime as dt

import numpy as np

from xlsales.core.periods import Period, months_of
from xlsales.core.plan import MICROS
from xlsales.core.progress import growth_rate
from xlsales.core.shapes import Span
from xlsales.plan.figures import NAN, Figures
from xlsales.plan.table_rows import month_before, year_before

_DAY = dt.timedelta(1)


def on_year_before(period: Period, figures: Figures) -> float:
    """Return the growth of a period, up to the as-of date, on the same days of the year before; NaN if not known."""
    achieved = figures.achieved
    if achieved is None or period.start > achieved.as_of:
        return NAN
    days = period.start, min(period.end, achieved.as_of)
    return float(growth_rate(_sales(days, figures), _sales(year_before(days, figures), figures)))


def on_month_before(month: Period, figures: Figures) -> float:
    """Return the growth of a month on the one before; of a month under way, on as many of its first days."""
    achieved = figures.achieved
    before = month_before(month, figures)
    if achieved is None or before is None or month.start > achieved.as_of:
        return NAN
    days = month.start, min(month.end, achieved.as_of)
    if days[1] < month.end:
        before = before[0], min(before[1], before[0] + (days[1] - days[0]))
    return float(growth_rate(_sales(days, figures), _sales(before, figures)))


def _sales(days: Span, figures: Figures) -> float:
    """The company's sales in these days in yuan: actuals of the plan's days, past sales before; NaN if a part of them
    is not known, which is when a month has no past sale at all."""
    achieved, start = figures.achieved, figures.breakdown.timeline.start
    if achieved is None or days[1] > achieved.as_of:
        return NAN
    micros = 0
    if days[1] >= start:
        first = (max(days[0], start) - start).days
        micros += int(achieved.days[first : (days[1] - start).days + 1].sum())
    if days[0] < start:
        past, last = figures.past, np.datetime64(min(days[1], start - _DAY))
        if past is None:
            return NAN
        rows = (past.days >= np.datetime64(days[0])) & (past.days <= last)
        fiscal = figures.breakdown.plan.fiscal.of_past
        first_month, last_month = months_of(np.array([days[0], last], "datetime64[D]"), fiscal)
        months = np.arange(first_month, last_month + 1)
        of_rows = (months_of(past.days[rows], fiscal) - months[0]).astype(np.int64)
        if not np.bincount(of_rows, minlength=len(months)).all():
            return NAN
        micros += int(past.micros[rows].sum())
    return micros / MICROS
