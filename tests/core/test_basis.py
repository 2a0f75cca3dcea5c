"""The basis of a target: past sales, growth, the best ever, and where history is silent."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from xlsales.core.basis import Basis, Judgement, basis_of
from xlsales.core.plan import MICROS, Member, Plan
from xlsales.core.shapes import History
from xlsales.core.tree import grow

pytestmark = pytest.mark.unit

D = dt.date
REGION, _ = grow("区域", [Member("北"), Member("南"), Member("京", "北"), Member("津", "北")])
assert REGION is not None
BEIJING, TIANJIN, SOUTH = (next(i for i, m in enumerate(REGION.members) if m.name == n) for n in ("京", "津", "南"))
PLAN = Plan("计划", 1_200, MICROS, D(2026, 1, 1), D(2026, 12, 31), (REGION,))
TARGETS = {"区域": np.array([600, 400, 200, 600])}  # 北, 京, 津, 南: pre-order


def history(*sales: tuple[dt.date, int, float], dimension: str = "区域") -> History:
    """Sales of (day, member, yuan)."""
    return History(
        np.array([day for day, _, _ in sales], dtype="datetime64[D]"),
        np.array([round(yuan * MICROS) for _, _, yuan in sales], dtype=np.int64),
        {dimension: np.array([code for _, code, _ in sales], dtype=np.int32)},
    )


def years(**sold: tuple[float, float, float]) -> History:
    """Sales of 京, 津 and 南 in years, written `y2025=(…)`, in January and December."""
    return history(
        *(
            (D(int(year[1:]), month, 15), code, yuan / 2)
            for year, amounts in sold.items()
            for code, yuan in zip((BEIJING, TIANJIN, SOUTH), amounts, strict=True)
            for month in (1, 12)
        )
    )


THREE = years(y2023=(500, 100, 700), y2024=(300, 100, 400), y2025=(400, 100, 500))


def test_growth_shares_and_the_best_ever() -> None:
    """2025 sold 1000, 2023 was best with 1300: a target of 1200 is 20 % growth and within reach."""
    basis = basis_of(PLAN, THREE, TARGETS)
    total = basis.total
    assert (total.target, total.reference) == (1_200, 1_000)
    assert total.growth == pytest.approx(0.2)
    assert (total.best, total.best_span) == (1_300, (D(2023, 1, 1), D(2023, 12, 31)))
    assert total.of_best == pytest.approx(1_200 / 1_300)
    assert total.judgement is Judgement.SAFE
    assert total.trend == pytest.approx(1_000 / 800 - 1)
    assert [span[0].year for span in basis.spans] == [2025, 2024, 2023]
    north, beijing, tianjin, south = basis.members["区域"]
    assert (north.reference, north.reference_share, north.target_share) == (500, 0.5, 0.5)
    assert (beijing.judgement, tianjin.judgement, south.judgement) == (
        Judgement.SAFE, Judgement.HIGH, Judgement.SAFE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("target", "judgement"),
    [(1_300, Judgement.SAFE), (1_301, Judgement.STRETCH), (1_495, Judgement.STRETCH), (1_496, Judgement.HIGH)],
)
def test_the_judgement_turns_at_the_best_and_at_15_percent_above(target: int, judgement: Judgement) -> None:
    """Up to what was reached before it is safe, up to 115 % a challenge."""
    plan = replace(PLAN, total=target)
    assert basis_of(plan, THREE, TARGETS).total.judgement is judgement


def test_sales_within_the_plan_are_not_its_past() -> None:
    """A file that goes on into the plan's year does not make the target its own best ever."""
    more = years(y2024=(300, 100, 400), y2025=(400, 100, 500), y2026=(9_000, 0, 0))
    basis = basis_of(PLAN, more, TARGETS)
    assert basis.total.best == 1_000
    assert [span[0].year for span in basis.spans] == [2025, 2024]


def test_a_year_that_history_tells_in_part_is_not_compared() -> None:
    """Planning in October, this year is not over: no growth on it, and the years before are the past."""
    sales = [(D(2023, 1, 5), SOUTH, 100.0), (D(2024, 12, 5), SOUTH, 110.0), (D(2025, 10, 7), SOUTH, 90.0)]
    basis = basis_of(PLAN, history(*sales), TARGETS)
    assert not basis.comparable
    assert (basis.total.reference, math.isnan(basis.total.growth)) == (90, True)
    assert [span[0].year for span in basis.spans] == [2024, 2023]
    assert basis.total.trend == pytest.approx(0.1)


def test_a_half_year_is_compared_with_the_same_halves() -> None:
    """The second halves of earlier years, not the whole years."""
    half = replace(PLAN, start=D(2026, 7, 1))
    basis = basis_of(half, THREE, TARGETS)
    assert basis.spans[0] == (D(2025, 7, 1), D(2025, 12, 31))
    assert basis.total.reference == 500


def test_two_years_are_compared_with_the_two_before() -> None:
    """Past spans do not overlap the plan or each other."""
    two = replace(PLAN, end=D(2027, 12, 31))
    more = years(y2022=(1, 1, 1), y2023=(1, 1, 1), y2024=(2, 2, 2), y2025=(2, 2, 2))
    basis = basis_of(two, more, TARGETS)
    assert [(first.year, last.year) for first, last in basis.spans] == [(2024, 2025), (2022, 2023)]
    assert basis.total.trend == pytest.approx(1.0)


def test_a_mixed_reference_is_the_mean_of_its_periods() -> None:
    """Half 2024, half 2025: 900."""
    mixed = replace(PLAN, references=(("2024", 0.5), ("2025", 0.5)))
    assert basis_of(mixed, THREE, TARGETS).total.reference == pytest.approx(900)


def test_a_shorter_reference_gives_no_growth() -> None:
    """A year is not growth on a half-year."""
    shorter = replace(PLAN, references=(("2025H2", 1.0),))
    basis = basis_of(shorter, THREE, TARGETS)
    assert (basis.comparable, basis.total.reference, math.isnan(basis.total.growth)) == (False, 500, True)


def test_what_history_does_not_know_stays_blank() -> None:
    """A member that never sold, and a dimension without a column, have a target and nothing else."""
    never = basis_of(PLAN, years(y2024=(1, 0, 1), y2025=(1, 0, 1)), TARGETS).members["区域"][TIANJIN]
    other = basis_of(PLAN, history((D(2025, 1, 1), 0, 5.0), dimension="渠道"), TARGETS).members["区域"][SOUTH]
    for ground in (never, other):
        assert ground.target > 0
        assert (ground.judgement, ground.best_span) == (None, None)
        blank = (ground.reference, ground.reference_share, ground.growth, ground.best, ground.of_best, ground.trend)
        assert all(map(math.isnan, blank))


@given(
    st.lists(
        st.tuples(
            st.dates(D(2022, 1, 1), D(2026, 12, 31)),
            st.sampled_from([BEIJING, TIANJIN, SOUTH]),
            st.integers(1, 10**9),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_the_members_reference_adds_up_to_the_whole(sales: list[tuple[dt.date, int, int]]) -> None:
    """No past sale is lost or counted twice, and no past span beats the best."""
    basis: Basis = basis_of(PLAN, history(*sales), TARGETS)
    told = [0.0 if math.isnan(g.reference) else g.reference for g in basis.members["区域"]]
    inside = sum(yuan for day, _, yuan in sales if day.year == 2025)
    assert told[BEIJING] + told[TIANJIN] + told[SOUTH] == pytest.approx(inside)
    assert told[0] == pytest.approx(told[BEIJING] + told[TIANJIN])
    for first, last in basis.spans:
        sold = sum(yuan for day, _, yuan in sales if first <= day <= last)
        assert sold == 0 or sold <= basis.total.best * (1 + 1e-12)


@pytest.mark.parametrize(
    ("more", "partly"),
    [
        ({"京": {"closes": D(2026, 8, 31)}}, ("京",)),
        ({"津": {"opens": D(2026, 9, 1)}}, ("津",)),
        ({"京": {"closes": D(2026, 8, 31)}, "津": {"closes": D(2026, 9, 30)}}, ("北", "京", "津")),
        ({"北": {"closes": D(2026, 8, 31)}}, ("北", "京", "津")),
        ({"京": {"closes": D(2026, 8, 31)}, "津": {"opens": D(2026, 9, 1)}}, ("京", "津")),
        ({"京": {"opens": D(2020, 1, 1), "closes": D(2026, 12, 31)}}, ()),
    ],
)  # fmt: skip
def test_a_member_that_is_open_in_part_is_not_compared_with_whole_years(more, partly) -> None:
    """A store that closes in August had the target of eight months beside twelve of last year, and was called safe."""
    dimension, _ = grow("区域", [replace(m, **more.get(m.name, {})) for m in REGION.members])
    assert dimension is not None
    basis = basis_of(replace(PLAN, dimensions=(dimension,)), THREE, TARGETS)
    assert basis.partly == {"区域": partly}
    for member, ground in zip(dimension.members, basis.members["区域"], strict=True):
        compared = member.name not in partly
        assert math.isnan(ground.growth) is not compared
        assert math.isnan(ground.of_best) is not compared
        assert (ground.judgement is not None) is compared
        assert ground.reference > 0
