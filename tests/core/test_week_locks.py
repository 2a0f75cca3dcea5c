"""Locked weeks of the company: each keeps its amount, all that is free pays, months that are locked stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.test_time_split import Split, refused
from xlsales.core.faults import Fault
from xlsales.core.holds import HeldAboveTotal, LockedWhenClosed, PeriodConflict
from xlsales.core.periods import Level
from xlsales.core.plan import DayMethod, DayRule, Lock, MonthMethod, WeekRule
from xlsales.core.week_locks import WeekBesideLocks, WeekWithoutWeight

pytestmark = pytest.mark.unit
D = dt.date
ISO = {"week_rule": WeekRule.ISO}
FIFTH = slice(25, 32)
"""2026-W05: 26 January to 1 February."""


def test_a_week_is_paid_by_all_that_is_free():
    """365 a day but for a week of twice as much: all other days share the rest alike, in every month."""
    split = Split(365_000, [Lock("2026-W10", 14_000)], month_method=MonthMethod.CALENDAR_DAYS, **ISO)
    week = split.line.slice_of(split.line.periods(Level.WEEK)[9])
    assert split.days[week].tolist() == [2000] * 7
    rest = np.delete(split.days, np.arange(week.start, week.stop))
    assert rest.sum() == 351_000
    assert set(rest.tolist()) <= {979, 980, 981, 982}


def test_a_week_within_a_month_is_a_week_as_the_plan_cuts_it():
    """The first week of March 2026 is a Sunday alone."""
    split = Split(365_000, [Lock("3月第1周", 5_000)])
    assert split.days[split.line.slice_of(split.line.periods(Level.MONTH)[2])].tolist()[0] == 5_000
    assert split.days.sum() == 365_000


@pytest.mark.parametrize(
    ("locks", "january", "february"),
    [
        ([Lock("2026-01", 40_000)], 40_000, None),
        ([Lock("2026-01", 40_000), Lock("2026-02", 20_000)], 40_000, 20_000),
        ([Lock("2026Q1", 90_000)], None, None),
        ([Lock("2026-01", 6_000)], 6_000, None),  # the week may have at most that in January
        ([Lock("2026-02", 1_000)], None, 1_000),
        ([Lock("2026-01-31", 3_000), Lock("2026-02", 500)], None, 500),
    ],
)
def test_a_week_that_cuts_a_month_keeps_the_locks_of_months(locks, january, february):
    """14,000 in the week that begins in January and ends in February."""
    split = Split(365_000, [*locks, Lock("2026-W05", 14_000)], **ISO)
    assert split.days[FIFTH].sum() == 14_000
    months = split.by(Level.MONTH)
    assert months[0] == (january if january is not None else months[0])
    assert months[1] == (february if february is not None else months[1])
    assert sum(months) == 365_000


def test_all_other_days_of_a_locked_month_are_locked():
    """What is left of January is what the week has there: 1,500, whatever the weights."""
    days = [Lock(f"2026-01-{d:02d}", 100) for d in range(1, 26)]
    split = Split(365_000, [*days, Lock("2026-01", 4_000), Lock("2026-W05", 7_000)], **ISO)
    assert split.by(Level.MONTH)[0] == 4_000
    assert (split.days[FIFTH].sum(), split.days[31]) == (7_000, 5_500)


@pytest.mark.parametrize(
    ("locks", "kind", "said"),
    [
        ([Lock("2026-01-28", 9, row=4), Lock("2026-W05", 5, row=5)], PeriodConflict, "差 4"),
        ([Lock("2026-W03", 60, row=5), Lock("2026-01", 50, row=4)], PeriodConflict, "差 10"),
        ([Lock("2026-W05", 101, row=5)], HeldAboveTotal, "放开 2026-W05 101"),
        ([Lock("2026-W05", 60, row=5), Lock("2026-03", 50, row=4)], HeldAboveTotal, "差 10。请放开 2026-03 50"),
        ([Lock("2026-W05", 30, row=5), Lock("2026-01", 10), Lock("2026-02", 10)], WeekBesideLocks, "0 至 20,差 10"),
        ([*(Lock(f"2026-01-{d:02d}", 1, row=4) for d in range(26, 32)), Lock("2026-02-01", 1, row=4),
          Lock("2026-W05", 9, row=5)], PeriodConflict, "差 2"),
    ],
)  # fmt: skip
def test_a_week_that_cannot_be_is_refused_with_the_amount(locks, kind, said):
    """The week is named once, not day by day."""
    fault = refused(kind, 100, locks, **ISO)
    assert said in fault.say("zh")
    assert fault.facts["lock_row"] in (4, 5)


def test_a_week_of_rest_days_is_said():
    """Golden week without weights takes nothing; a week with one open day takes it there."""
    rest = tuple(DayRule(D(2026, 3, d), "rest") for d in range(2, 9))
    locks = [Lock("2026-W10", 5, row=5)]
    refused(WeekWithoutWeight, 1000, locks, day_method=DayMethod.WORKING_DAYS, day_rules=rest, **ISO)
    split = Split(1000, locks, day_method=DayMethod.WORKING_DAYS, day_rules=rest[1:], **ISO)
    assert split.days[60:67].tolist() == [5, 0, 0, 0, 0, 0, 0]


def test_closed_days_of_a_locked_week_stay():
    """January closed with 10 a day: six days of the week keep 60, its Sunday has the rest."""
    kept = np.full(365, -1)
    kept[:31] = 10
    split = Split(3650, [Lock("2026-W05", 75)], kept, **ISO)
    assert split.days[FIFTH].tolist() == [10] * 6 + [15]
    fault = refused(LockedWhenClosed, 3650, [Lock("2026-W02", 75, row=5)], kept, **ISO)
    assert "已关账,目标是 70" in fault.say("zh")
    assert Split(3650, [Lock("2026-W02", 70)], kept, **ISO).days.sum() == 3650


def test_a_week_may_be_as_fine_as_the_day_step():
    """Half a step in a week: months stay whole steps."""
    split = Split(1200, [Lock("2026-W05", 5, finer=2)], day_micros=500_000, **ISO)
    assert split.days[FIFTH].sum() == 5
    assert all(amount % 2 == 0 for amount in split.by(Level.MONTH))
    assert split.days.sum() == 2400


def test_weeks_in_whole_steps_leave_months_in_whole_steps():
    """Every week of the year is locked, where days are half steps: the months close."""
    weeks = [Lock(f"2026-W{n:02d}", 14 * 2, finer=2, row=n) for n in range(1, 54)]
    split = Split(14 * 53, weeks, day_micros=500_000, **ISO)
    assert split.by(Level.WEEK) == [28] * 53
    assert all(amount % 2 == 0 for amount in split.by(Level.MONTH))


@st.composite
def locked_weeks(draw: st.DrawFn) -> Sequence[Lock]:
    weeks = draw(st.lists(st.integers(1, 52), unique=True, max_size=8))
    months = draw(st.lists(st.integers(1, 12), unique=True, max_size=4))
    days = draw(st.lists(st.integers(1, 28), unique=True, max_size=3))
    amounts = draw(st.lists(st.integers(0, 30_000), min_size=20, max_size=20))
    keys = [f"2026-W{w:02d}" for w in weeks] + [f"2026-{m:02d}" for m in months] + [f"2026-06-{d:02d}" for d in days]
    return [Lock(key, amount, row=n) for n, (key, amount) in enumerate(zip(keys, amounts, strict=False), 1)]


@given(locked_weeks())
@settings(max_examples=150, deadline=None)
def test_every_lock_holds_or_the_split_is_refused(locks):
    """Whatever is locked beside weeks: what is split closes and keeps each lock."""
    said = None
    try:
        split = Split(400_000, locks, **ISO)
    except Fault as fault:
        said = fault
    if said is not None:
        assert said.facts.get("lock_row")
        assert "{" not in said.say("zh")
        return
    sums = {p.key: int(split.days[split.line.slice_of(p)].sum()) for level in Level for p in split.line.periods(level)}
    assert {lock.period: sums[lock.period] for lock in locks} == {lock.period: lock.amount for lock in locks}
    assert (split.days >= 0).all()
    assert split.days.sum() == 400_000
