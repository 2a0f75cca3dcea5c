"""Progress: actuals compared with targets, by three clocks.

The clocks measure the elapsed share of a period at the as-of date: by calendar
days, by working days, or by the target's own curve (cumulative target ÷
target). The company chooses one for all figures of a row: target to date ÷
target = time progress, and pace, forecast and lamp follow from these.

Amounts are floats of one unit, such as yuan; NaN means blank. Blank is not
zero: without an actual there are no figures from it, without a target there is
no attainment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from xlsales.core.arrays import Floats
from xlsales.core.calendars import WorkCalendar
from xlsales.core.periods import Period, Timeline
from xlsales.core.plan import Clock, Lamps

Texts = NDArray[np.str_]

NOISE = 1e-9
"""A ratio this little below a threshold has reached it: 84 of 84.00000000000001 is enough."""


class Progress(Struct, frozen=True):
    """The progress columns of n rows; NaN means blank. Shares are fractions, amounts in the unit of the input."""

    target: Floats
    actual: Floats
    attainment: Floats
    """actual ÷ full target"""
    time_progress: Floats
    """elapsed share by the chosen clock"""
    target_to_date: Floats
    """target × time progress"""
    pace: Floats
    """attainment - time progress"""
    gap: Floats
    """target - actual"""
    forecast: Floats
    """actual ÷ time progress"""
    forecast_attainment: Floats
    """forecast ÷ target"""
    required_per_day: Floats
    """gap ÷ remaining selling days; 0 if the target is reached"""
    status: Texts
    """green, amber, orange, red, or empty"""

    def rows(self) -> list[dict[str, float | str]]:
        """Return each row's figures by the names of the columns."""
        columns = {name: getattr(self, name).tolist() for name in self.__struct_fields__}
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def elapsed(
    clock: Clock,
    timeline: Timeline,
    calendar: WorkCalendar,
    day_targets: ArrayLike,
    as_of: dt.date,
    periods: Sequence[Period],
) -> Floats:
    """Return the elapsed share of each period at the end of `as_of`, by a clock.

    `day_targets` has n_days as its last axis; with rows in front (a curve per member) the
    target curve gives as many rows. If the clock has nothing to count in a period (no
    working day, no target), its share is 0 before it, 1 after it, and blank in between.
    """
    match clock:
        case Clock.CALENDAR:
            weights = np.ones(timeline.n_days)
        case Clock.WORKING_DAYS:
            weights = calendar.working.astype(np.float64)
        case Clock.TARGET_CURVE:
            weights = np.asarray(day_targets, dtype=np.float64)
    sums = np.concatenate([np.zeros((*weights.shape[:-1], 1)), np.cumsum(weights, axis=-1)], axis=-1)
    first, stop = _edges(timeline, periods)
    now = np.clip((as_of - timeline.start).days + 1, first, stop)
    whole = sums[..., stop] - sums[..., first]
    past = sums[..., now] - sums[..., first]
    nothing = np.where(now == stop, 1.0, np.where(now == first, 0.0, np.nan))
    return divide(past, whole, np.broadcast_to(nothing, whole.shape))


def remaining_days(
    timeline: Timeline, day_weights: ArrayLike, as_of: dt.date, periods: Sequence[Period]
) -> NDArray[np.int64]:
    """Return the selling days (weight above zero) after `as_of` in each period."""
    selling = np.concatenate([[0], np.cumsum(np.asarray(day_weights) > 0)]).astype(np.int64)
    first, stop = _edges(timeline, periods)
    now = np.clip((as_of - timeline.start).days + 1, first, stop)
    return np.asarray(selling[stop] - selling[now])


def progress(
    target: ArrayLike,
    actual: ArrayLike,
    *,
    time_progress: ArrayLike,
    remaining_days: ArrayLike,
    lamps: Lamps | None = None,
) -> Progress:
    """Return all progress columns of n rows; every argument is an array of n, or one value for all rows.

    `time_progress` is the elapsed share by the chosen clock. The target to date does not need an
    actual: it is there even if the actual is blank.
    """
    targets, actuals, time, days = (
        np.array(a) for a in np.broadcast_arrays(*(_floats(v) for v in (target, actual, time_progress, remaining_days)))
    )
    attainment = divide(actuals, targets)
    to_date = targets * time
    gap = targets - actuals
    forecast = divide(actuals, time)
    return Progress(
        target=targets,
        actual=actuals,
        attainment=attainment,
        time_progress=time,
        target_to_date=to_date,
        pace=attainment - time,
        gap=gap,
        forecast=forecast,
        forecast_attainment=divide(forecast, targets),
        required_per_day=divide(np.maximum(gap, 0.0), days),
        status=lamp(actuals, to_date, lamps or Lamps()),
    )


def lamp(actual: ArrayLike, target_to_date: ArrayLike, lamps: Lamps) -> Texts:
    """Return green, amber, orange or red by actual ÷ target to date; empty if one is blank or nothing is due."""
    ratio = divide(_floats(actual), _floats(target_to_date)) + NOISE
    levels = [ratio >= lamps.green, ratio >= lamps.amber, ratio >= lamps.orange, ~np.isnan(ratio)]
    return np.select(levels, ["green", "amber", "orange", "red"], default="")


def growth_rate(now: ArrayLike, before: ArrayLike) -> Floats:
    """Return how much more `now` is than `before`, as a share of it; blank if one is blank or nothing was before.

    An amount before of zero or below is nothing to grow from.
    """
    base = _floats(before)
    return divide(_floats(now), np.where(base > 0, base, np.nan)) - 1


def _edges(timeline: Timeline, periods: Sequence[Period]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and one-past-last day position of each period."""
    slices = [timeline.slice_of(p) for p in periods]
    return np.array([s.start for s in slices], dtype=np.int64), np.array([s.stop for s in slices], dtype=np.int64)


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def divide(above: Floats, below: Floats, otherwise: Floats | None = None) -> Floats:
    """Return above ÷ below; `otherwise`, or blank (NaN), if below is zero or blank."""
    shape = np.broadcast_shapes(above.shape, below.shape)
    out = np.full(shape, np.nan) if otherwise is None else np.array(otherwise, dtype=np.float64)
    return np.asarray(np.divide(above, below, out=out, where=np.broadcast_to((below != 0) & ~np.isnan(below), shape)))
