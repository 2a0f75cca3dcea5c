"""Progress columns, lamps and the three clocks."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.calendars import work_calendar
from xlsales.core.periods import Level, timeline
from xlsales.core.plan import Clock, DayMethod, Lamps
from xlsales.core.progress import elapsed, lamp, progress, remaining_days
from xlsales.core.weights import day_weights

pytestmark = pytest.mark.unit

D = dt.date
YEAR = timeline(D(2026, 1, 1), D(2026, 12, 31))
CALENDAR = work_calendar(YEAR.days)
RETAIL = day_weights(YEAR, CALENDAR, DayMethod.DAY_INDEX, (1, 1, 1, 1, 1, 1.5, 1.5), 1.5)
OCTOBER = YEAR.periods(Level.MONTH)[9:10]


def test_the_three_clocks_on_7_october_2026() -> None:
    """October stands at 22.6 % of its days, 0.0 % of its working days, 28.0 % of the retail curve."""
    as_of = D(2026, 10, 7)
    shares = [elapsed(clock, YEAR, CALENDAR, RETAIL, as_of, OCTOBER)[0] for clock in Clock]
    by_clock = dict(zip(Clock, shares, strict=True))
    assert round(by_clock[Clock.CALENDAR] * 100, 1) == 22.6
    assert by_clock[Clock.WORKING_DAYS] == 0.0
    assert by_clock[Clock.TARGET_CURVE] == 0.28


@given(st.dates(D(2025, 6, 1), D(2027, 6, 30)), st.sampled_from(Clock), st.sampled_from(Level))
def test_elapsed_goes_from_nought_to_one(as_of: dt.date, clock: Clock, level: Level) -> None:
    """Before a period 0, after it 1, in between a share, or blank where the clock has nothing to count."""
    periods = YEAR.periods(level)
    shares = elapsed(clock, YEAR, CALENDAR, RETAIL, as_of, periods)
    for period, share in zip(periods, shares.tolist(), strict=True):
        if as_of < period.start:
            assert share == 0
        elif as_of >= period.end:
            assert share == 1
        elif clock is Clock.WORKING_DAYS and not CALENDAR.working[YEAR.slice_of(period)].any():
            assert np.isnan(share)
        else:
            assert 0 <= share <= 1


def test_a_period_in_which_a_clock_counts_nothing() -> None:
    """The golden week has no working day: 0 before, 1 after, blank in between."""
    feast = timeline(D(2026, 10, 1), D(2026, 10, 7))
    calendar = work_calendar(feast.days)
    year = feast.periods(Level.YEAR)
    shares = [
        elapsed(Clock.WORKING_DAYS, feast, calendar, RETAIL, D(2026, 9, 27) + dt.timedelta(n), year)[0]
        for n in range(11)
    ]
    assert shares[:4] == [0, 0, 0, 0]
    assert np.isnan(shares[4:10]).all()
    assert shares[10] == 1


def test_each_member_may_have_its_own_curve() -> None:
    """With one row of day targets per member, the target curve gives one row per member."""
    own = np.stack([RETAIL, np.ones(YEAR.n_days)])
    shares = elapsed(Clock.TARGET_CURVE, YEAR, CALENDAR, own, D(2026, 10, 7), OCTOBER)
    assert shares.shape == (2, 1)
    assert shares[:, 0] == pytest.approx([0.28, 7 / 31])


def test_remaining_selling_days() -> None:
    """After 7 October 18 working days are left in October; none before the plan are lost, none after it found."""
    working = CALENDAR.working
    assert remaining_days(YEAR, working, D(2026, 10, 7), OCTOBER).tolist() == [18]
    assert remaining_days(YEAR, working, D(2025, 10, 7), YEAR.periods(Level.YEAR)).tolist() == [248]
    assert remaining_days(YEAR, working, D(2026, 12, 31), YEAR.periods(Level.YEAR)).tolist() == [0]


def test_every_column_of_one_row() -> None:
    """Target 1000, 300 sold when 28 % was due and 24 days are left."""
    row = progress([1000], [300], time_progress=0.28, remaining_days=24)
    assert row.attainment.tolist() == [0.3]
    assert row.target_to_date == pytest.approx([280])
    assert row.pace == pytest.approx([0.02])
    assert row.gap.tolist() == [700]
    assert row.forecast == pytest.approx([300 / 0.28])
    assert row.forecast_attainment == pytest.approx([0.3 / 0.28])
    assert row.required_per_day == pytest.approx([700 / 24])
    assert row.status.tolist() == ["green"]


def test_week_tracking_of_the_seed() -> None:
    """Total target 5, actual 6: 120 %."""
    row = progress(5, 6, time_progress=1, remaining_days=0)
    assert float(row.attainment) == 1.2
    assert float(row.gap) == -1
    assert str(row.status) == "green"
    assert np.isnan(row.required_per_day)


def test_zero_and_blank_targets_have_no_attainment() -> None:
    """Without a target attainment is blank, not an error and not 0 %."""
    rows = progress([0, np.nan], [100, 100], time_progress=0.5, remaining_days=10)
    assert np.isnan(rows.attainment).all()
    assert np.isnan(rows.pace).all()
    assert np.isnan(rows.forecast_attainment).all()
    assert rows.status.tolist() == ["", ""]
    assert rows.gap[0] == -100
    assert rows.required_per_day[0] == 0


def test_a_missing_actual_is_blank_not_zero() -> None:
    """Without an actual nothing is derived from it; a real zero is red."""
    rows = progress([100, 100], [np.nan, 0], time_progress=0.5, remaining_days=10)
    for column in (
        rows.attainment,
        rows.pace,
        rows.gap,
        rows.forecast,
        rows.forecast_attainment,
        rows.required_per_day,
    ):
        assert np.isnan(column[0])
        assert not np.isnan(column[1])
    assert rows.target_to_date.tolist() == [50, 50]
    assert rows.status.tolist() == ["", "red"]


def test_no_forecast_before_the_clock_begins() -> None:
    """With nothing due yet there is neither forecast nor lamp."""
    row = progress([100], [5], time_progress=0.0, remaining_days=10)
    assert np.isnan(row.forecast[0])
    assert row.status.tolist() == [""]


def test_lamps_at_their_thresholds() -> None:
    """100 green, 95 amber, 85 orange, below red; binary noise does not dim a lamp."""
    due = np.full(6, 100.0)
    assert lamp([100, 99.9, 95, 94.9, 85, 84.9], due, Lamps()).tolist() == [
        "green", "amber", "amber", "orange", "orange", "red",
    ]  # fmt: skip
    assert lamp(84, 300 * 0.28, Lamps()) == "green"
    assert lamp([90], [100], Lamps(green=0.9)).tolist() == ["green"]


@given(
    st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**9)), min_size=1),
    st.floats(0.01, 1),
    st.integers(1, 90),
)
def test_laws_of_progress(rows: list[tuple[int, int]], share: float, days: int) -> None:
    """Actual and gap make the target; keeping the required daily rate reaches it; forecast and lamp agree."""
    targets, actuals = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found = progress(targets, actuals, time_progress=share, remaining_days=days)
    assert (found.actual + found.gap == found.target).all()
    assert (found.actual + found.required_per_day * days >= found.target - 1e-3).all()
    assert (found.target_to_date == found.target * found.time_progress).all()
    assert (found.status[found.forecast_attainment > 1 + 1e-6] == "green").all()
    assert (found.status[found.forecast_attainment < 1 - 1e-6] != "green").all()
