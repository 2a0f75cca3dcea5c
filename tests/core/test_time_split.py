"""The total taken down the tree of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from xlsales.core.allocation import NotAnAmount
from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Fault
from xlsales.core.holds import HeldAboveTotal, HeldBelowTotal, PeriodConflict
from xlsales.core.period_text import PeriodOutsidePlan, WeekOfOtherRule
from xlsales.core.periods import Level, timeline_of
from xlsales.core.plan import DayMethod, DayRule, Lock, MonthMethod, MonthPattern, Plan, WeekRule
from xlsales.core.shapes import shapes_of
from xlsales.core.time_split import DaysOffStep, PeriodLockedTwice, PeriodWithoutWeight, split_days

pytestmark = pytest.mark.unit

D = dt.date
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
RETAIL = (1.0, 1.0, 1.0, 1.0, 1.0, 1.5, 1.5)


class Split:
    """A plan's days, and their sums by period."""

    def __init__(self, total: int, locks: Sequence[Lock] = (), kept: np.ndarray | None = None, **more: object) -> None:
        values: dict[str, object] = {
            "start": D(2026, 1, 1), "end": D(2026, 12, 31), "day_method": DayMethod.EQUAL, **more
        }  # fmt: skip
        self.plan = Plan("", total, 1_000_000, locks=tuple(locks), **values)  # type: ignore[arg-type]
        plan = self.plan
        self.line = timeline_of(plan)
        shapes = shapes_of(plan, self.line, work_calendar(self.line.days, plan.day_rules), None)
        self.days = split_days(plan, self.line, shapes, kept)

    def by(self, level: Level) -> list[int]:
        return [int(self.days[self.line.slice_of(p)].sum()) for p in self.line.periods(level)]


def refused(kind: type[Fault], *args: object, **more: object) -> Fault:
    with pytest.raises(kind) as caught:
        Split(*args, **more)  # type: ignore[arg-type]
    assert "{" not in caught.value.say("zh") + caught.value.say("en")
    return caught.value


def test_a_year_closes_in_quarters_and_months():
    """1000万 in steps of 100 yuan: quarters of 250, months of 83.33, 83.33 and 83.34."""
    split = Split(1000_00)
    assert split.by(Level.QUARTER) == [250_00] * 4
    assert split.by(Level.MONTH) == [83_33, 83_33, 83_34] * 4


def test_two_years_are_halved_and_quartered():
    """100万 over two years: 50 a year, 12.5 a quarter."""
    split = Split(1000, end=D(2027, 12, 31))
    assert split.by(Level.YEAR) == [500, 500]
    assert split.by(Level.QUARTER) == [125] * 8


def test_locked_quarters_are_kept_and_shared_over_their_months():
    """Quarters of 25, 30, 30 and 15 stay as locked."""
    split = Split(100_00, [Lock(f"2026Q{q}", x) for q, x in ((1, 25_00), (2, 30_00), (3, 30_00), (4, 15_00))])
    assert split.by(Level.QUARTER) == [25_00, 30_00, 30_00, 15_00]
    assert split.by(Level.MONTH)[:3] == [8_33, 8_33, 8_34]


def test_months_that_do_not_follow_from_their_quarter_are_refused_with_the_difference():
    """Months of 6.25, 7.5 and 7.5 under a quarter of 25: 3.75 apart, at the row of the quarter."""
    months = [Lock(f"2026-0{m}", x, row=m) for m, x in ((1, 625), (2, 750), (3, 750), (4, 450))]
    fault = refused(PeriodConflict, 100_00, [*months, Lock("2026Q1", 25_00, row=9)])
    assert fault.facts == {
        "period": "2026Q1",
        "locked": 2500,
        "held_locked": 2125,
        "held_lower": 0,
        "held_closed": 0,
        "residual": 375,
        "lock_row": 9,
    }


WAN = 10_000  # steps of one yuan


@pytest.mark.parametrize(
    ("total", "locks", "months"),
    [
        (1000 * WAN, [Lock("2026-05", 200 * WAN)], [*[727272.73] * 4, 200 * WAN, *[727272.73] * 7]),
        (1200, [Lock("2026-01", 500)], [500, *[700 / 11] * 11]),
        (1200, [Lock("2026-01", 200), Lock("2026-02", 40)], [200, 40, *[96] * 10]),
        (1200, [Lock("2026Q2", 480)], [80] * 3 + [160] * 3 + [80] * 6),  # a locked quarter pays for none
        (1200, [Lock("2026Q2", 480), Lock("2026-05", 300)], [80] * 3 + [90, 300, 90] + [80] * 6),
        (1200, [Lock("2026H1", 300), Lock("2026-08", 150)], [50] * 6 + [150, 150, *[150] * 4]),
        (1200, [Lock("2026H1", 300), Lock("2026-08", 400)], [50] * 6 + [100, 400, *[100] * 4]),
        (1200, [Lock("2026", 1200), Lock("2026Q4", 0)], [400 / 3] * 9 + [0] * 3),
        (12 * 365, [Lock("2026-01-05", 376)], [*(d * (4380 - 376) / 364 for d in DAYS)]),
    ],
)
def test_a_lock_is_paid_by_all_that_is_free(total, locks, months):
    """No half-year, quarter or month pays alone for what is locked inside it; days are equal in the last case."""
    method = MonthMethod.CALENDAR_DAYS if any(len(lock.period) > 7 for lock in locks) else MonthMethod.EQUAL
    expected = list(months)
    if method is MonthMethod.CALENDAR_DAYS:
        expected[0] += 376 - (4380 - 376) / 364
    assert Split(total, locks, month_method=method).by(Level.MONTH) == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    ("total", "then", "closed", "free"),
    [
        (1000 * WAN, 600 * WAN, 4, 333_333.33),
        (1000 * WAN, 1200 * WAN, 4, 1_083_333.33),
        (1200 * WAN, 1320 * WAN, 8, 130 * WAN),
        (1200, 1100, 5, 600 / 7),
        (1200, 1201, 1, 1101 / 11),
        (1200, 1000, 10, 0),
    ],
)
def test_a_new_total_is_carried_by_all_open_months(total, then, closed, free):
    """Closed months keep their targets; the rest goes to all open months alike, wherever quarters end."""
    before = Split(total)
    kept = np.where(np.arange(365) < sum(DAYS[:closed]), before.days, -1)
    after = Split(then, kept=kept).by(Level.MONTH)
    assert after[:closed] == before.by(Level.MONTH)[:closed]
    assert after[closed:] == pytest.approx([free] * (12 - closed), abs=1)


@pytest.mark.parametrize(
    ("total", "locks", "closed", "zh", "en"),
    [
        (100, [Lock("2026-03", 60, row=4), Lock("2026-08", 45, row=5)], 0,
         "锁定合计 105 > 总目标 100,差 5。请放开 2026-08 45,或提高总目标。",
         "Locked 105 > total target 100 by 5. Release 2026-08 45, or raise the total target."),
        (700, [], 9, "已关账 900 > 总目标 700,差 200。请提高总目标,或把“已关账至”改为 2026-07-31。",
         'Closed 900 > total target 700 by 200. Raise the total target, or set "Closed through" to 2026-07-31.'),
        (350, [Lock("2026-12", 120, row=5)], 3,
         "锁定合计 120 + 已关账 300 > 总目标 350,差 70。请放开 2026-12 120,或提高总目标,"
         "或把“已关账至”改为 2026-02-28。",
         'Locked 120 + closed 300 > total target 350 by 70. Release 2026-12 120, or raise the total target, '
         'or set "Closed through" to 2026-02-28.'),
        (90, [], 1, "已关账 100 > 总目标 90,差 10。请提高总目标,或清空“已关账至”。",
         'Closed 100 > total target 90 by 10. Raise the total target, or clear "Closed through".'),
        (100, [Lock("2026Q1", 90, row=4), Lock("2026-01", 80, row=5), Lock("2026Q4", 20, row=6)], 0,
         "锁定合计 110 > 总目标 100,差 10。请放开 2026Q1 90,或提高总目标。",
         "Locked 110 > total target 100 by 10. Release 2026Q1 90, or raise the total target."),
        (10, [Lock("2026Q1", 90, row=4), Lock("2026-01", 85, row=5)], 0,
         "锁定合计 90 > 总目标 10,差 80。请放开 2026Q1 90、2026-01 85,或提高总目标。",
         "Locked 90 > total target 10 by 80. Release 2026Q1 90, 2026-01 85, or raise the total target."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_as_what_it_is(total, locks, closed, zh, en):
    """Locked and closed amounts are told apart, with the fewest to release; the first way out of each is enough."""
    kept = np.where(np.arange(365) < sum(DAYS[:closed]), Split(1200).days, -1) if closed else None
    fault = refused(HeldAboveTotal, total, locks, kept)
    assert (fault.say("zh"), fault.say("en")) == (zh, en)
    assert fault.facts.get("lock_row", 0) == (5 if locks else 0) or locks[0].period == "2026Q1"
    gone = set(fault.facts["names"])
    if gone:
        Split(total, [lock for lock in locks if lock.period not in gone], kept)
    reopen = fault.facts["reopen"]
    if reopen is not None:
        first = (reopen - D(2025, 12, 31)).days if reopen else 0
        Split(total, locks, np.where(np.arange(365) < first, kept, -1))


def test_a_quarter_whose_months_are_all_locked_is_their_sum():
    """Three locked months make a locked quarter."""
    assert Split(1200, [Lock(f"2026-0{m}", 50) for m in (1, 2, 3)]).by(Level.QUARTER)[0] == 150


def test_a_day_may_be_locked():
    """A locked day keeps its target; all other days of the plan share the rest."""
    split = Split(12 * 310, [Lock("2026-01-05", 100)])
    assert split.days[4] == 100
    assert split.by(Level.MONTH) == pytest.approx([100 + 300 * 3620 / 3710, *[310 * 3620 / 3710] * 11], abs=1)


@pytest.mark.parametrize(
    ("locks", "kind"),
    [
        ([Lock("2026-01", 10, row=4), Lock("2026年1月", 10, row=5)], PeriodLockedTwice),
        ([Lock("2026-01-01", 10), Lock("2026-01-01", 10, row=5)], PeriodLockedTwice),
        ([Lock("2026-01W1", 10), Lock("1月第1周", 10, row=5)], PeriodLockedTwice),
        ([Lock("2026-W05", 10, row=5)], WeekOfOtherRule),
        ([Lock("2027-01", 10, row=5)], PeriodOutsidePlan),
        ([Lock("2026-01-02", 50), Lock("2026-01", 10, row=5)], PeriodConflict),
        ([Lock("2026-03", 101, row=5)], HeldAboveTotal),
        ([Lock("2026", 99, row=5)], HeldBelowTotal),
        ([Lock("2026", 101, row=5)], HeldAboveTotal),
        ([Lock("2026-03-01", 60, row=4), Lock("2026-08-01", 60, row=5)], HeldAboveTotal),
    ],
)
def test_locks_that_cannot_be_are_refused_with_their_row(locks, kind):
    """Whatever is wrong with a lock of the company, the message points to its row."""
    assert refused(kind, 100, locks).facts["lock_row"] == 5


def test_a_lock_on_nothing_to_split_is_refused():
    """A total of zero cannot hold a locked target."""
    refused(Fault, 0, [Lock("2026-03", 5)])
    assert Split(0, [Lock("2026-03", 0)]).days.sum() == 0


def test_a_month_with_a_target_but_no_day_to_put_it_on_is_refused():
    """A month that weighs something but whose days all weigh nothing is named; its target is not lost elsewhere."""
    shut = [DayRule(D(2026, 2, day), factor=0.0) for day in range(1, 29)]
    fault = refused(PeriodWithoutWeight, 1200, day_rules=tuple(shut))
    assert (fault.facts["period"], fault.facts["amount"]) == ("2026-02", 100)
    assert Split(1200, [Lock("2026-02", 0)], day_rules=tuple(shut)).by(Level.MONTH)[:3] == [109, 0, 109]


def test_days_without_weight_take_nothing_beside_locked_ones():
    """A month whose working days are all locked is their sum, though its weekends are free."""
    days = [D(2026, 3, d) for d in range(1, 32) if D(2026, 3, d).weekday() < 5]
    split = Split(12_000, [Lock(d.isoformat(), 1) for d in days], day_method=DayMethod.WORKING_DAYS)
    assert split.by(Level.MONTH)[2] == len(days)


def test_a_month_without_weight_has_no_target():
    """Zero months stay zero and the others close."""
    weights = {m: float(m > 6) for m in range(1, 13)}
    assert Split(600, month_method=MonthMethod.WEIGHTS, month_weights=weights).by(Level.HALF) == [0, 600]


def test_a_plan_of_a_few_days_closes():
    """A plan shorter than a month, or of one day, is split like any other."""
    assert Split(10, start=D(2026, 3, 5), end=D(2026, 3, 8)).days.tolist() == [2, 2, 3, 3]
    assert Split(10, start=D(2026, 3, 5), end=D(2026, 3, 5)).days.tolist() == [10]


def test_closed_days_keep_their_targets():
    """What was written for closed days stays; the rest of the total goes to the others."""
    kept = np.full(365, -1)
    kept[:31] = 7
    split = Split(12_000, kept=kept)
    assert split.days[:31].tolist() == [7] * 31
    assert split.by(Level.MONTH)[1:] == pytest.approx([(12_000 - 217) / 11] * 11, abs=1)


def test_a_closed_day_cannot_be_locked_to_something_else():
    """A lock that would rewrite a closed day or month is refused; one that repeats it is not."""
    kept = np.full(365, -1)
    kept[:31] = 7
    for lock in (Lock("2026-01-03", 8, row=5), Lock("2026-01", 100, row=5)):
        assert refused(PeriodConflict, 12_000, [lock], kept).facts["lock_row"] == 5
    assert Split(12_000, [Lock("2026-01-03", 7), Lock("2026-01", 217)], kept).by(Level.MONTH)[0] == 217


@given(
    st.integers(0, 2**53),
    st.sampled_from(list(DayMethod)),
    st.sampled_from(list(MonthPattern)),
    st.sampled_from(list(WeekRule)),
    st.integers(1, 12),
    st.integers(0, 360),
    st.integers(31, 800),
)
def test_every_period_is_the_sum_of_its_days(total, method, pattern, rule, fiscal_month, first, length):
    """However the year is cut, days add up to the total and each day of weight is near its share of the month."""
    start = D(2026, 1, 1) + dt.timedelta(first)
    split = Split(
        total,
        start=start,
        end=start + dt.timedelta(length),
        day_method=method,
        month_method=MonthMethod.DAY_INDEX,
        weekday_index=RETAIL,
        month_pattern=pattern,
        week_rule=rule,
        fiscal_month=fiscal_month,
    )
    assert int(split.days.sum()) == total
    assert (split.days >= 0).all()
    for level in Level:
        assert sum(split.by(level)) == total


# --- days in a step of their own ---------------------------------------------------------------


@pytest.mark.parametrize("finer", [2, 10, 1000])
def test_days_share_their_month_in_day_steps(finer):
    """Months are what they are without it, in whole steps; like days differ by one day step at most."""
    fine, coarse = Split(10_000, day_micros=1_000_000 // finer), Split(10_000)
    assert fine.by(Level.MONTH) == [month * finer for month in coarse.by(Level.MONTH)]
    for month in fine.line.periods(Level.MONTH):
        days = fine.days[fine.line.slice_of(month)]
        assert days.max() - days.min() <= 1


@pytest.mark.parametrize(("step", "day_step", "finer"), [(1000, 1, 1000), (1000, 3, 1000), (25, 10, 5), (1, 1000, 1)])
def test_a_day_step_is_narrowed_to_a_divisor_of_the_step(step, day_step, finer):
    """Whatever is typed, whole steps are whole day steps."""
    plan = replace(Split(0).plan, step_micros=step * 1_000_000, day_micros=day_step * 1_000_000)
    assert (plan.finer, plan.day_step_micros * finer) == (finer, plan.step_micros)


def day(key: str, amount: int, row: int = 0) -> Lock:
    """A lock of a day in thousandths of a step."""
    return Lock(key, amount, row=row, finer=1000)


def fine(total: int, locks: Sequence[Lock], **more: object) -> Split:
    return Split(total, locks, day_micros=1000, **more)


def test_a_day_may_be_locked_in_day_steps():
    """The month that holds it is whole steps all the same; its other days take the difference."""
    split = fine(3650, [day("2026-01-05", 3_962), day("2026-02-03", 4_142)])
    assert (split.days[4], split.days[33]) == (3_962, 4_142)
    assert all(month % 1000 == 0 for month in split.by(Level.MONTH))
    assert sum(split.by(Level.MONTH)) == 3_650_000
    for at in (slice(0, 31), slice(31, 59)):
        others = sorted(split.days[at])
        assert others[-2] - others[0] <= 1 or others[-1] - others[1] <= 1


def test_all_days_of_a_month_may_be_locked_where_they_are_whole_steps():
    """Thirty-one days of 1.5, 0.5 and so on come to 31; one day more or less is refused with what is missing."""
    locks = [day(f"2026-01-{n:02d}", 1_500 if n % 2 else 500, n) for n in range(1, 31)]
    split = fine(400, [*locks, day("2026-01-31", 1_000, 31)])
    assert split.by(Level.MONTH)[0] == 31_000
    fault = refused(DaysOffStep, 400, [*locks, day("2026-01-31", 962, 31)], day_micros=1000)
    assert fault.say("zh", lambda steps: f"{float(steps):g}") == (
        "2026-01 锁定的各天合计 30.962;各月按最小步长要 31,差额没有放处。请改其中一天的锁定,使合计为整步长。"
    )
    assert fault.facts["lock_row"] == 31
    assert fine(400, [*locks, day("2026-01-31", 1_000, 31)]).days[30] == 1_000  # the remedy


@pytest.mark.parametrize(
    ("total", "locks", "kind"),
    [
        (1, [day("2026-01-05", 600), day("2026-02-05", 300, 5)], DaysOffStep),  # each month needs a whole step
        (400, [day("2026-01-05", 600), day("2026-02-05", 300), Lock("2026Q1", 1, row=5)], DaysOffStep),
        (400, [Lock("2026-01", 5_500, row=5, finer=1000)], NotAnAmount),
        (1, [day("2026-01-05", 1_200, 5)], HeldAboveTotal),
        (400, [day("2026-01-05", 1_200), Lock("2026-01", 1, row=5)], PeriodConflict),
    ],
)
def test_locks_in_day_steps_that_cannot_be_name_their_row(total, locks, kind):
    """Whatever the amounts, the sentence is of what was locked."""
    assert refused(kind, total, locks, day_micros=1000).facts["lock_row"] == 5


def test_days_that_closed_in_other_steps_stay():
    """January closed in steps and February in thousandths: both stay, March on is in hundredths."""
    before = fine(3650, [])
    days = np.where(np.arange(365) < 31, np.repeat(1000, 365), before.days)
    kept = np.where(np.arange(365) < 59, days, -1)
    plan = replace(before.plan, total=4000, day_micros=10_000)
    shapes = shapes_of(plan, before.line, work_calendar(before.line.days), None)
    after = split_days(plan, before.line, shapes, kept, 1000)
    assert (after[:59] == kept[:59]).all()
    assert after.sum() == 4_000_000
    assert (after[59:] % 10 == 0).all()
    assert all(after[before.line.slice_of(month)].sum() % 1000 == 0 for month in before.line.periods(Level.MONTH))
