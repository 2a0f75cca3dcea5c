"""What may still be sold and the chance that it is enough: planted truths, coherence, and pasts of every kind."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.benchmarks.chance_years import simulated_years
from xlsales.core.arrays import Floats
from xlsales.core.chance import LEAST_DAYS, OUTCOMES, DailySales, Outlook, outlook
from xlsales.core.periods import Days
from xlsales.core.plan import DayRule

pytestmark = pytest.mark.unit
FIRST = np.datetime64("2023-01-01")


def days(count: int) -> Days:
    return np.asarray(FIRST + np.arange(count))


def past(members: Floats, parents: tuple[int, ...] | None = None) -> DailySales:
    """Members of one level, or a tree of them; the whole is the sum of those at the top."""
    above = (-1,) * len(members) if parents is None else parents
    top = [i for i, parent in enumerate(above) if parent < 0]
    return DailySales(days(members.shape[1]), members[top].sum(axis=0), members, above)


def seen_from(sales: DailySales, n: int, stop: int) -> Outlook:
    """The outlook after n days on the days up to `stop`."""
    until = DailySales(sales.days[:n], sales.whole[:n], sales.members[:, :n], sales.parents)
    return outlook(until, sales.days[n:stop])


def even(count: int, amount: float = 100.0, seed: int = 1) -> Floats:
    """A member that sells about the same each day."""
    return np.asarray(np.random.default_rng(seed).gamma(16.0, amount / 16.0, (1, count)))


# --- planted truths ----------------------------------------------------------------


def test_a_range_covers_the_truth_of_a_known_process() -> None:
    """Years of a process that is told in the benchmark: some 80 % are between P10 and P90, few on either side."""
    inside, below = [], []
    for seed in range(100, 124):
        sales = simulated_years(seed, 2, 3)
        n = len(sales.days) - 184
        ranges = seen_from(sales, n, len(sales.days)).range()
        truth = np.vstack([sales.whole, sales.members])[:, n:].sum(axis=1)
        inside += ((ranges[:, 0] <= truth) & (truth <= ranges[:, 2])).tolist()
        below += (truth < ranges[:, 0]).tolist()
    assert 0.7 < np.mean(inside) < 0.9
    assert 0.03 < np.mean(below) < 0.2


def test_the_middle_is_what_an_even_member_sells() -> None:
    """100 a day for two years: 100 days ahead are 10,000, within a few per cent, and the range is narrow."""
    low, middle, high = outlook(past(even(730)), FIRST + np.arange(730, 830)).range()[1]
    assert middle == pytest.approx(10_000, rel=0.05)
    assert 8_500 < low < middle < high < 11_500


@pytest.mark.parametrize(("month", "grows"), [(12, 3.0), (6, 1 / 3)], ids=["high", "low"])
def test_a_season_of_past_years_comes_again(month: int, grows: float) -> None:
    """A month that sold three times, or a third of the others in three years, does so in the fourth."""
    amounts = even(1460)
    of_year = days(1460).astype("datetime64[M]").astype(int) % 12 + 1
    amounts[:, of_year == month] *= grows
    n = int(np.flatnonzero(of_year == month)[-1]) - 29
    middle = seen_from(past(amounts), n, n + 30).range()[1, 1]
    assert middle == pytest.approx(3_000 * grows, rel=0.25)


def test_weekends_count_by_what_they_sold() -> None:
    """A shop that is shut from Monday to Friday sells nothing on the five working days ahead."""
    amounts = even(728)
    amounts[:, (np.arange(728) + 6) % 7 < 5] = 0.0  # the first day is a Sunday
    ahead = FIRST + np.arange(729, 734)
    assert outlook(past(amounts), ahead).range()[1, 1] < 0.1 * 500


def test_spring_festival_moves_with_its_days() -> None:
    """A feast that doubles three weeks is expected where it is this year: late January in 2025, February in 2024."""
    amounts = even(1461)
    span = days(1461)
    for feast in ("2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17"):
        since = (span - np.datetime64(feast)).astype(int)
        amounts[:, (since >= -20) & (since < 0)] *= 3
    sales = past(amounts)
    january, february, march = (np.flatnonzero(span == np.datetime64(f"2025-0{m}-01"))[0] for m in (1, 2, 3))
    high = seen_from(sales, january, february).range()[1, 1] / 31
    low = outlook(DailySales(span[:january], amounts[0, :january], amounts[:, :january], (-1,)), span[february:march])
    assert high > 1.3 * low.range()[1, 1] / 28


def test_a_campaign_in_the_calendar_counts() -> None:
    """A factor of 3 on every day ahead gives three times as much."""
    ahead = FIRST + np.arange(730, 740)
    plain = outlook(past(even(730)), ahead).range()[1, 1]
    rules = tuple(DayRule(day, factor=3.0) for day in ahead.tolist())
    assert outlook(past(even(730)), ahead, rules).range()[1, 1] == pytest.approx(3 * plain, rel=0.02)


def test_rarer_and_more_uneven_orders_widen_the_range() -> None:
    """Two members of the same mean: the one of few large orders has the wider range."""
    rng = np.random.default_rng(5)
    rare = np.where(rng.random((1, 730)) < 0.03, rng.lognormal(8.0, 0.8, (1, 730)), 0.0)
    rare *= 100 / rare.mean()
    low, middle, high = outlook(past(np.vstack([even(730), rare])), FIRST + np.arange(730, 790)).range()[1:].T
    width = (high - low) / middle
    assert width[1] > 2 * width[0]


def test_days_further_away_are_less_sure() -> None:
    """A month that begins half a year later has the same middle, and a wider range."""
    near, far = (outlook(past(even(730)), FIRST + np.arange(n, n + 30)).range()[1] for n in (730, 913))
    assert far[1] == pytest.approx(near[1], rel=0.05)
    assert far[2] - far[0] > 1.2 * (near[2] - near[0])


def test_a_member_sells_on_the_days_on_which_it_is_open() -> None:
    """One of two shuts after 20 of 100 days: it sells a fifth, the other as before, and the whole is their sum."""
    sales, ahead = past(np.vstack([even(730), even(730, 100.0, 2)])), FIRST + np.arange(730, 830)
    is_open = np.array([np.ones(100, bool), np.arange(100) < 20])
    before, after = outlook(sales, ahead), outlook(sales, ahead, (), is_open)
    assert after.range()[1, 1] == pytest.approx(before.range()[1, 1], rel=0.02)
    assert after.range()[2, 1] == pytest.approx(2_000, rel=0.1)
    assert after.outcomes[0] == pytest.approx(after.outcomes[1:].sum(axis=0))


# --- coherence ------------------------------------------------------------------------


def test_parents_are_the_sums_of_their_members_in_each_outcome() -> None:
    """The whole is the sum of regions, a region that of its stores, in every outcome."""
    outcomes = seen_from(simulated_years(4), 1100, 1200).outcomes
    assert outcomes[0] == pytest.approx(outcomes[1:4].sum(axis=0))
    for region in range(3):
        assert outcomes[1 + region] == pytest.approx(outcomes[4 + 4 * region : 8 + 4 * region].sum(axis=0))


def test_what_a_parent_sold_itself_stays_its_own() -> None:
    """A region with sales that name no store expects such sales too."""
    store = even(730)
    region = store + even(730, 300.0, 2)
    sales = DailySales(days(730), region[0], np.vstack([region, store]), (-1, 0))
    middle = outlook(sales, FIRST + np.arange(730, 760)).range()[:, 1]
    assert middle[0] == middle[1] == pytest.approx(12_000, rel=0.1)
    assert middle[2] == pytest.approx(3_000, rel=0.15)


def test_the_whole_is_the_same_in_each_dimension() -> None:
    """Split by stores or by regions, the whole has the same outcomes."""
    sales = simulated_years(6)
    n = 1100
    stores = DailySales(sales.days, sales.whole, sales.members[3:], (-1,) * 12)
    one, other = seen_from(sales, n, 1200), seen_from(stores, n, 1200)
    assert one.outcomes[0] == pytest.approx(other.outcomes[0])


def test_what_happens_together_stays_together() -> None:
    """Two halves of one member are as uncertain together as it is: their luck does not cancel out."""
    rng = np.random.default_rng(8)
    whole = np.where(rng.random(730) < 0.1, rng.lognormal(7.0, 1.0, 730), 0.0)
    halves = outlook(past(np.vstack([whole, whole]) / 2), FIRST + np.arange(730, 790)).outcomes
    assert np.corrcoef(halves[1], halves[2])[0, 1] > 0.8


def test_the_same_past_gives_the_same_outcomes() -> None:
    one, other = (seen_from(simulated_years(4), 1100, 1200).outcomes for _ in range(2))
    assert (one == other).all()


# --- chances ---------------------------------------------------------------------------


def test_chances_are_in_steps_and_fall_with_what_is_needed() -> None:
    """Steps of 5 %, never 0 or 1 while days are open, and the more is needed the lower."""
    seen = outlook(past(even(730)), FIRST + np.arange(730, 830))
    told = [seen.chances([needed, needed])[1] for needed in (0, 9_000, 9_900, 10_000, 10_100, 11_000, 1e9)]
    assert told[0] == 0.95
    assert told[-1] == 0.05
    assert told == sorted(told, reverse=True)
    assert all(round(one * 20) == pytest.approx(one * 20) for one in told)


def test_a_chance_fits_its_range() -> None:
    """What is the P10 is reached in nine of ten cases, the P90 in one."""
    seen = seen_from(simulated_years(4), 1100, 1200)
    low, middle, high = seen.range().T
    assert seen.chances(low) == pytest.approx(0.9)
    assert seen.chances(middle) == pytest.approx(0.5)
    assert seen.chances(high) == pytest.approx(0.1)


def test_a_blank_need_has_no_chance() -> None:
    assert math.isnan(outlook(past(even(90)), FIRST + np.arange(90, 100)).chances([1.0, math.nan])[1])


def test_when_the_plan_is_over_it_is_reached_or_not() -> None:
    """Without an open day nothing more is sold: 1 if nothing is needed, else 0, to the full."""
    seen = outlook(past(even(90)), days(0))
    assert seen.range().tolist() == [[0, 0, 0], [0, 0, 0]]
    assert seen.chances([0.0, 0.01]).tolist() == [1.0, 0.0]


# --- pasts of every kind ---------------------------------------------------------------


def _sparse(count: int) -> Floats:
    amounts = np.zeros((1, count))
    amounts[0, count // 2] = 500.0
    return amounts


@pytest.mark.parametrize(
    ("amounts", "known"),
    [
        pytest.param(np.zeros((1, 0)), False, id="no day"),
        pytest.param(even(LEAST_DAYS - 1), False, id="too few days"),
        pytest.param(np.zeros((1, 400)), False, id="all zeros"),
        pytest.param(even(LEAST_DAYS), True, id="the fewest days"),
        pytest.param(even(31), True, id="one month"),
        pytest.param(even(366), True, id="a year"),
        pytest.param(_sparse(400), True, id="one order"),
        pytest.param(-even(400), True, id="returns only"),
        pytest.param(np.where(np.arange(400) % 5 == 0, -300.0, even(400)), True, id="days below zero"),
        pytest.param(np.full((1, 400), 7.0), True, id="every day the same"),
        pytest.param(even(400) * 1e12, True, id="very large"),
        pytest.param(even(400) * 1e-9, True, id="very small"),
        pytest.param(np.where(np.arange(400) < 390, 0.0, even(400)), True, id="opened ten days ago"),
        pytest.param(np.where(np.arange(400) < 200, even(400), 0.0), True, id="closed long ago"),
    ],
)
@pytest.mark.parametrize("ahead", [1, 30, 400])
def test_any_past_has_an_outlook_or_none(amounts: Floats, known: bool, ahead: int) -> None:
    """A number in order for every outcome, or blank; never a warning."""
    n = amounts.shape[1]
    seen = outlook(past(amounts), FIRST + np.arange(n, n + ahead))
    assert seen.outcomes.shape == (2, OUTCOMES)
    assert bool(np.isfinite(seen.outcomes).all()) is known
    assert bool(np.isnan(seen.outcomes).all()) is not known
    low, middle, high = seen.range()[1]
    assert math.isnan(low) is not known
    if known:
        assert low <= middle <= high


def test_a_new_member_beside_old_ones() -> None:
    """One that opened two months ago sells on as it did; one that never sold is blank, the others are not."""
    new = np.where(np.arange(730) < 670, 0.0, even(730, 50.0, 3))
    seen = outlook(past(np.vstack([even(730), new, np.zeros((1, 730))])), FIRST + np.arange(730, 760))
    ranges = seen.range()
    assert ranges[1, 1] == pytest.approx(3_000, rel=0.1)
    assert ranges[2, 1] == pytest.approx(1_500, rel=0.2)
    assert np.isnan(ranges[3]).all()
    assert not np.isnan(seen.outcomes[0]).any()


def test_without_members_there_is_the_whole() -> None:
    sales = DailySales(days(400), even(400)[0], np.zeros((0, 400)), ())
    assert outlook(sales, FIRST + np.arange(400, 430)).range()[0, 1] == pytest.approx(3_000, rel=0.1)
