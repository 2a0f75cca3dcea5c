from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlsales.core.allocation import allocate
from xlsales.core.member_days import NoDaysToFollow, by_week, member_days
from xlsales.core.periods import Level, Timeline, timeline
from xlsales.core.plan import WeekRule

pytestmark = pytest.mark.unit


def line_of(start: dt.date, days: int, rule: WeekRule = WeekRule.ISO) -> Timeline:
    return timeline(start, start + dt.timedelta(days=days - 1), week_rule=rule)


def sums(days: np.ndarray, line: Timeline) -> np.ndarray:
    return np.stack([days[..., line.slice_of(m)].sum(axis=-1) for m in line.periods(Level.MONTH)], axis=-1)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Timeline, np.ndarray, np.ndarray]:
    """A timeline, members' months, and company days with a target in each month."""
    start = dt.date(2025, 1, 1) + dt.timedelta(days=draw(st.integers(0, 700)))
    line = line_of(start, draw(st.integers(1, 130)), draw(st.sampled_from(list(WeekRule))))
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(1, 12))
    months = chance.integers(0, draw(st.sampled_from([2, 50, 10_000])), (n, len(line.periods(Level.MONTH))))
    weights = chance.choice([0.0, 1.0, 1.0, 1.6, 3.0], line.n_days)
    for month in line.periods(Level.MONTH):
        weights[line.slice_of(month)][0] = 1.0
    return line, months, weights


@given(plans())
@settings(max_examples=150, deadline=None)
def test_every_margin_closes(plan: tuple[Timeline, np.ndarray, np.ndarray]) -> None:
    """Days add up to each member's months, and to the company's days where the members add up to the company."""
    line, months, weights = plan
    company = np.zeros(line.n_days, dtype=np.int64)
    for i, month in enumerate(line.periods(Level.MONTH)):  # the company's days, closing on the members' sum
        at = line.slice_of(month)
        exact = weights[at] / weights[at].sum() * months[:, i].sum()
        company[at] = np.floor(exact)
        company[at.start + int(weights[at].argmax())] += months[:, i].sum() - company[at].sum()
    days = member_days(months, company, line)
    assert (days >= 0).all()
    assert (sums(days, line) == months).all()
    assert (days.sum(axis=0) == company).all()


@given(plans(), st.integers(2, 9))
@settings(max_examples=100, deadline=None)
def test_each_day_is_within_a_step_of_its_share(plan: tuple[Timeline, np.ndarray, np.ndarray], scale: int) -> None:
    """With members that carry more than the company, each day is still within a step of its share of the month."""
    line, months, weights = plan
    company = np.rint(weights * 1000 * scale).astype(np.int64)
    days = member_days(months, company, line)
    assert (sums(days, line) == months).all()
    for i, month in enumerate(line.periods(Level.MONTH)):
        at = line.slice_of(month)
        total = months[:, i].sum()
        # the column is rounded first: its own step, spread over the members, comes on top
        exact = np.outer(months[:, i], company[at] / company[at].sum())
        assert (np.abs(days[:, at] - exact) < 2 + 1e-9).all()
        assert (np.abs(days[:, at].sum(axis=0) - total * company[at] / company[at].sum()) < 1 + 1e-9).all()
    assert (days[:, company == 0] == 0).all()


def test_weeks_are_sums_of_days() -> None:
    """A week across two months is the sum of its days, and all weeks add up to the plan."""
    line = line_of(dt.date(2026, 1, 1), 59)
    company = np.arange(1, 60) * 10
    months = np.array([[company[line.slice_of(m)].sum() for m in line.periods(Level.MONTH)]])
    days = member_days(months, company, line)
    weeks = by_week(days, line)
    across = next(i for i, w in enumerate(line.periods(Level.WEEK)) if w.start == dt.date(2026, 1, 26))
    assert weeks[0, across] == company[25:32].sum()
    assert weeks.sum() == company.sum()


def test_targets_without_a_day_are_told() -> None:
    """A month with a target but no day to put it on is refused with the month's name."""
    line = line_of(dt.date(2026, 1, 1), 31)
    with pytest.raises(NoDaysToFollow) as found:
        member_days([[100]], np.zeros(31), line)
    assert "2026-01" in found.value.say("zh")


def closing(months: np.ndarray, weights: np.ndarray, line: Timeline) -> np.ndarray:
    """The company's days, closing on what the members add up to in each month."""
    slices = [line.slice_of(month) for month in line.periods(Level.MONTH)]
    return np.concatenate([allocate(int(months[:, i].sum()), weights[at]) for i, at in enumerate(slices)])


@pytest.mark.parametrize("seed", range(4))
def test_members_whose_months_stay_keep_their_days(seed: int) -> None:
    """When three members of 300 trade steps, four fifths of the others keep every day, and all still closes."""
    line, chance = line_of(dt.date(2026, 1, 1), 365), np.random.default_rng(seed)
    months = chance.integers(1000, 9000, (300, 12))
    company = closing(months, chance.choice([1.0, 1.6, 2.0], 365), line)
    before = member_days(months, company, line)
    traded = months.copy()
    traded[[30, 150, 270]] += np.array([[-300], [200], [100]])
    after = member_days(traded, company, line)
    assert (sums(after, line) == traded).all()
    assert (after.sum(axis=0) == company).all()
    changed = set(np.flatnonzero((before != after).any(axis=1)).tolist())
    assert {30, 150, 270} <= changed
    assert len(changed) < 300 / 5


def test_amounts_too_large_for_whole_products_close_all_the_same() -> None:
    """Targets whose products do not fit 64 bits are shared too."""
    line = line_of(dt.date(2026, 1, 1), 31)
    months = np.array([[3 * 10**14 + 1], [5 * 10**14 + 5]])
    company = closing(months, np.arange(1.0, 32.0), line)
    days = member_days(months, company, line)
    assert (days.sum(axis=1) == months[:, 0]).all()
    assert (days.sum(axis=0) == company).all()


def test_columns_that_no_rounding_gives_are_met_all_the_same() -> None:
    """Two members of 6 and 4 steps can have no step beside their shares where the rounded days ask for it."""
    line = line_of(dt.date(2026, 1, 1), 5)
    months, company = np.array([[6], [4]]), np.array([200, 200, 200, 300, 300])
    # shares 1 1 1 1.5 1.5 and 2/3 2/3 2/3 1 1: the days' largest remainders are the first three, where 6 has none
    days = member_days(months, company, line)
    assert (days.sum(axis=1) == months[:, 0]).all()
    assert days.sum(axis=0).tolist() == [2, 2, 2, 2, 2]


@pytest.mark.parametrize("finer", [2, 10, 1000])
def test_days_in_a_finer_step_close_on_months_and_company(finer: int) -> None:
    """Months of a member and days of the company stay what they are; a day is within one fine step of its share.

    So it is where the company's days were written in the coarse step, by an earlier version.
    """
    line = line_of(dt.date(2026, 1, 1), 90)
    company = allocate(2465, np.ones(90))
    by_month = sums(company, line)
    months = np.array([allocate(int(m), [4, 3, 2, 1]) for m in by_month]).T
    days = member_days(months, company * finer, line, finer)
    assert (days.sum(axis=0) == company * finer).all()
    assert (sums(days, line) == months * finer).all()
    share = months[:, line.index_of_day(Level.MONTH)] * company / by_month[line.index_of_day(Level.MONTH)] * finer
    assert np.abs(days - share).max() < 1
    if finer == 1000:  # days of the same company's target are the same but for one fine step
        for month in line.periods(Level.MONTH):
            at = line.slice_of(month)
            for target in np.unique(company[at]):
                alike = days[:, at][:, company[at] == target]
                assert (alike.max(axis=1) - alike.min(axis=1)).max() <= 1


def test_months_whose_company_days_are_finer_are_shared_as_finely() -> None:
    """January closed in single steps: its days stay, those of members too; February's are tens, as they are now."""
    line = line_of(dt.date(2026, 1, 1), 59)
    company = np.concatenate([allocate(10_000, np.ones(31)), allocate(1_000, np.ones(28)) * 10])
    months = np.array([[7, 6], [3, 4]])
    days = member_days(months, company, line, 1000, unit=10)
    assert (days.sum(axis=0) == company).all()
    assert (sums(days, line) == months * 1000).all()
    assert (days[:, 31:] % 10 == 0).all()
    assert (days[:, :31] % 10 != 0).any()
