"""Slips of a hand in typed sales: what is told of a figure, a month, a level or a day, and that luck is not told."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks.slips import doubts_of, told
from tests.benchmarks.slips_years import EVEN, ORDERS, STEADY, UNEVEN, Company, company, plant
from xlsales.core.arrays import Floats
from xlsales.core.calendars import DayKind, work_calendar
from xlsales.core.doubts import Doubt, Slip
from xlsales.core.gaps import Gap, gaps
from xlsales.core.periods import weekdays
from xlsales.core.slips import slips

pytestmark = pytest.mark.unit
DAYS = np.arange(np.datetime64("2025-01-01"), np.datetime64("2025-10-28"))
KINDS = work_calendar(DAYS).kinds
HOLIDAYS = np.flatnonzero(KINDS == DayKind.HOLIDAY).tolist()
MARCH = int((np.datetime64("2025-03-01") - DAYS[0]).astype(int))
FIGURE = 5183.0
"""Of store 0 on 20 March; its others are within a fifth of it."""
AT = MARCH + 19


def sales(stores: int = 5, wave: float = 0.1) -> Floats:
    """Even sales: a wave within a tenth, rounded to yuan, the same in each run."""
    place = np.arange(len(DAYS))[None, :] + 7 * np.arange(stores)[:, None]
    sums = np.round(5000 * (1 + wave * np.sin(place * 1.7) + 0.4 * wave * np.sin(place * 0.61)))
    sums[0, AT] = FIGURE
    return sums


def told_of(sums: Floats) -> list[Doubt]:
    return slips(DAYS, sums, np.ones(sums.shape, bool), KINDS)


def test_nothing_is_told_of_even_sales() -> None:
    assert told_of(sales()) == []


@pytest.mark.parametrize(
    ("typed", "kind", "meant"),
    [
        (51830.0, Slip.ADDED, 5183.0),
        (51183.0, Slip.ADDED, 5183.0),  # a digit twice
        (55183.0, Slip.ADDED, 5183.0),
        (518.0, Slip.DROPPED, 5180.0),
        (583.0, Slip.DROPPED, None),  # within: about so much
        (8153.0, Slip.SWAPPED, None),
        (1583.0, Slip.SWAPPED, 5183.0),
        (518300.0, Slip.UNIT, 5183.0),
        (5183000.0, Slip.UNIT, 5183.0),
        (51830000.0, Slip.UNIT, 5183.0),
        (0.5183, Slip.UNIT, 5183.0),
        (51.83, Slip.UNIT, 5183.0),
        (4800.0, None, None),
        (6000.0, None, None),
        (5813.0, None, None),  # swapped, and within luck
        (17200.0, None, None),  # a campaign: no slip makes it usual
        (2300.0, None, None),  # closed at noon
    ],
)
def test_a_figure(typed: float, kind: Slip | None, meant: float | None) -> None:
    """A slip is told with the figure that was meant, what luck or a campaign makes is not."""
    sums = sales()
    sums[0, AT] = typed
    doubts = told_of(sums)
    if typed == 8153.0:  # within twice the usual: a campaign as likely as a slip
        assert doubts == []
        return
    assert [doubt.kind for doubt in doubts] == ([] if kind is None else [kind])
    for doubt in doubts:
        assert (doubt.series, doubt.first, doubt.last, doubt.found, doubt.figures) == (0, AT, AT, typed, 1)
        named = [doubt.meant, *(doubt.other or ())[1:]]
        assert any(abs(figure - (meant or FIGURE)) <= (0.5 if meant else 0.1 * FIGURE) for figure in named)


@pytest.mark.parametrize("others", [0, 1, 4])
def test_days_in_another_unit_are_one_doubt(others: int) -> None:
    """万 typed for ten days, with few other stores or none."""
    sums = sales(1 + others)
    sums[0, AT : AT + 10] /= 10_000
    (doubt,) = told_of(sums)
    assert (doubt.kind, doubt.first, doubt.last, doubt.figures) == (Slip.UNIT, AT, AT + 9, 10)
    assert doubt.meant == pytest.approx(FIGURE)


@pytest.mark.parametrize(
    ("first", "last"), [(0, 30), (6, 12), (10, 30), (30, 30)], ids=["the month", "a week", "to its end", "its last day"]
)
def test_sums_of_the_month_to_date(first: int, last: int) -> None:
    """Their days are told as one doubt, with what the first of them was to be."""
    sums = sales()
    to_date, own = np.cumsum(sums[0, MARCH : MARCH + 31]), sums[0].copy()
    sums[0, MARCH + first : MARCH + last + 1] = to_date[first : last + 1]
    (doubt,) = told_of(sums)
    begins = max(first, 1)  # the sum of the first day is its own
    assert (doubt.kind, doubt.first, doubt.last) == (Slip.CUMULATIVE, MARCH + begins, MARCH + last)
    assert doubt.meant == pytest.approx(own[MARCH + begins])
    assert doubt.figures == last - begins + 1


@pytest.mark.parametrize("factor", [1.13, 1 / 1.13, 1.06, 1 / 1.06])
def test_a_level_that_jumps_by_a_tax(factor: float) -> None:
    sums = sales(8, 0.02)
    sums[2, 150:] *= factor
    (doubt,) = told_of(sums)
    assert (doubt.kind, doubt.series, doubt.last) == (Slip.TAX, 2, len(DAYS) - 1)
    assert abs(doubt.first - 150) <= 5
    assert doubt.usual == pytest.approx(max(factor, 1 / factor))
    assert doubt.found / doubt.meant == pytest.approx(factor, rel=0.02)


@pytest.mark.parametrize("factor", [1.3, 1.02, 2.0])
def test_a_level_that_jumps_by_something_else(factor: float) -> None:
    sums = sales(8)
    sums[2, 150:] *= factor
    assert told_of(sums) == []


def test_all_stores_that_jump_together_are_a_season() -> None:
    assert told_of(sales(8) * np.where(np.arange(len(DAYS)) >= 150, 1.13, 1.0)) == []


def test_figures_of_several_rows_are_not_judged_by_digits() -> None:
    sums = sales()
    sums[0, AT] *= 10
    assert slips(DAYS, sums, np.zeros(sums.shape, bool), KINDS) == []


@pytest.mark.parametrize("value", [0.0, -3000.0, np.nan])
def test_what_has_no_logarithm_is_no_slip(value: float) -> None:
    """Days without sales, returns, and days without a figure; a whole series of them too."""
    sums = sales()
    sums[0, AT], sums[1] = value, value
    assert told_of(sums) == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (3, 2), (2, 29)])
def test_few_figures_are_not_judged(shape: tuple[int, int]) -> None:
    sums = sales(shape[0])[:, : shape[1]]
    sums[0, 0] *= 10
    assert len(slips(DAYS[: shape[1]], sums, np.ones(sums.shape, bool), KINDS[: shape[1]])) <= (shape[1] > 8)


def test_months_are_judged_as_days_are() -> None:
    """A table of months × members: one figure in another unit."""
    months = np.arange(np.datetime64("2025-01"), np.datetime64("2026-01")).astype("datetime64[D]")
    sums = np.round(100_000 * (1 + 0.1 * np.sin(np.arange(60))).reshape(5, 12))
    sums[3, 7] /= 10_000
    (doubt,) = slips(months, sums, np.ones(sums.shape, bool), work_calendar(months).kinds)
    assert (doubt.kind, doubt.series, doubt.first) == (Slip.UNIT, 3, 7)
    assert doubt.meant == pytest.approx(sums[3, 7] * 10_000)
    assert doubt.usual == pytest.approx(100_000, rel=0.2)


def test_one_figure_among_equal_ones() -> None:
    """A contract of the same amount each day."""
    sums = np.full((3, len(DAYS)), 1000.0)
    sums[0, HOLIDAYS[3]] = 10_000.0
    (doubt,) = told_of(sums)
    assert (doubt.kind, doubt.meant) == (Slip.ADDED, 1000.0)


# --- days left out -------------------------------------------------------------------------------------------------


def holes(lacking: dict[int, list[int]], stores: int = 4, a_day: int = 1) -> list[Gap]:
    figures = np.full((stores, len(DAYS)), a_day)
    for store, days in lacking.items():
        figures[store, days] = 0
    return list(gaps(DAYS, figures, KINDS))


SUNDAYS = np.flatnonzero(weekdays(DAYS) == 6).tolist()
LAST = len(DAYS) - 1


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({}, []),
        ({1: [AT]}, [Gap(1, AT, AT, 1, False)]),
        ({1: [AT, AT + 1, AT + 2]}, [Gap(1, AT, AT + 2, 3, False)]),
        ({1: [LAST - 1, LAST]}, [Gap(1, LAST - 1, LAST, 2, True)]),
        ({1: list(range(AT, AT + 40))}, []),  # a shop that was closed
        ({1: list(range(AT))}, []),  # not open yet
        ({1: SUNDAYS}, []),  # its day off
        ({1: SUNDAYS[3:4]}, [Gap(1, SUNDAYS[3], SUNDAYS[3], 1, False)]),
        ({1: HOLIDAYS}, []),
        ({1: list(range(0, len(DAYS), 5))}, []),  # it does not sell every day
        ({store: [AT] for store in range(4)}, [Gap(-1, AT, AT, 1, False)]),
        (dict.fromkeys(range(4), SUNDAYS), []),
    ],
    ids=[
        "none", "a day", "three days", "to the end", "closed", "not open", "Sundays", "a Sunday", "holidays",
        "now and then", "nobody", "nobody on Sundays",
    ],
)  # fmt: skip
def test_days_left_out(lacking: dict[int, list[int]], said: list[Gap]) -> None:
    assert holes(lacking) == said


def test_a_single_store_is_asked_too() -> None:
    assert holes({0: [AT]}, 1) == [Gap(0, AT, AT, 1, False)]


@pytest.mark.parametrize(("a_day", "said"), [(2.0, False), (30.0, True)])
def test_days_without_orders_may_be_luck(a_day: float, said: bool) -> None:
    """Of two orders a day luck leaves out some days, of thirty none."""
    figures = np.maximum(np.random.default_rng(5).poisson(a_day, (4, len(DAYS))), 1)
    figures[1, AT] = 0
    assert list(gaps(DAYS, figures, KINDS)) == ([Gap(1, AT, AT, 1, False)] if said else [])


# --- simulated years -----------------------------------------------------------------------------------------------


def test_most_slips_in_simulated_years_are_told() -> None:
    """Twelve years with slips: at least 95 % are told, and of the figures that are right at most one in 1,000."""
    caught, planted, alarms, figures = 0, 0, 0, 0
    for seed in range(1001, 1013):
        clean = company(seed, STEADY)
        wrong, slips_put = plant(clean, seed)
        doubts = doubts_of(wrong)
        caught += sum(told(one, doubts) is not None for one in slips_put)
        planted += len(slips_put)
        alarms += len(doubts_of(clean))
        figures += int(clean.rows.sum())
    assert planted > 150
    assert caught >= 0.95 * planted
    assert alarms <= figures / 1000


@pytest.mark.parametrize("kind", [EVEN, UNEVEN, ORDERS])
def test_luck_is_seldom_told(kind: str) -> None:
    years: list[Company] = [company(seed, kind) for seed in range(2001, 2011)]
    assert sum(len(doubts_of(year)) for year in years) <= sum(int((year.rows > 0).sum()) for year in years) / 1000
