"""Budgets by months: they close whatever is closed, and overspending is what turns a lamp red."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.budget import BudgetPart, NothingOpen, budget_months, burn
from xlsales.core.faults import Fault
from xlsales.core.plan import Lamps

OPEN = -1
NAN = float("nan")
PARTS = st.lists(
    st.tuples(st.integers(0, 10**6), st.sets(st.integers(0, 11), min_size=1), st.booleans()), min_size=1, max_size=4
)


def part(total: int, months: Sequence[int], curve: Sequence[float] | None = None) -> BudgetPart:
    return BudgetPart(total, months, np.array(curve or [1.0] * len(months)))


@pytest.mark.unit
def test_half_a_million_in_equal_months() -> None:
    """5 % of 1000万 in steps of 100: months of 4.16 and 4.17万, which close."""
    months = budget_months([part(5_000, range(12))], np.full(12, OPEN))
    assert (set(months.tolist()), int(months.sum())) == ({416, 417}, 5_000)


@pytest.mark.unit
@given(parts=PARTS, closed=st.dictionaries(st.integers(0, 11), st.integers(0, 10**5)))
def test_budgets_close_and_closed_months_stay(parts: list[tuple[int, set[int], bool]], closed: dict[int, int]) -> None:
    """The months add up to the parts' totals, closed ones have what they had; else a fault says why not."""
    stays = np.full(12, OPEN)
    for month, steps in closed.items():
        stays[month] = steps
    made = [part(total, sorted(own), None if even else [1.0 + i for i in sorted(own)]) for total, own, even in parts]
    try:
        months = budget_months(made, stays)
    except Fault:
        assert closed
        return
    assert int(months.sum()) == sum(total for total, _, _ in parts)
    assert all(months[month] == steps for month, steps in closed.items())
    assert (months >= 0).all()


@pytest.mark.unit
def test_each_part_stays_in_its_months() -> None:
    """A campaign in June and one in November beside an even budget."""
    months = budget_months([part(12, range(12)), part(30, [5]), part(20, [10])], np.full(12, OPEN))
    assert months.tolist() == [1, 1, 1, 1, 1, 31, 1, 1, 1, 1, 21, 1]


@pytest.mark.unit
def test_a_campaign_of_closed_months_has_nowhere_to_go() -> None:
    """30 in June, which is closed with 20: the other 10 are not put into months that nobody meant."""
    closed = np.full(12, OPEN)
    closed[:6] = [0, 0, 0, 0, 0, 20]
    with pytest.raises(NothingOpen) as fault:
        budget_months([part(30, [5])], closed)
    assert fault.value.facts["residual"] == 10


@pytest.mark.unit
@pytest.mark.parametrize(
    ("budget", "spent", "time", "committed", "status"),
    [
        (100, 50, 0.5, 0, "green"),
        (100, 52, 0.5, 0, "amber"),
        (100, 57, 0.5, 0, "orange"),
        (100, 70, 0.5, 0, "red"),
        (100, 40, 0.5, 0, "green"),
        (100, 50, 0.5, 51, "red"),
        (100, 100, 1.0, 0, "green"),
        (100, 100.01, 1.0, 0, "red"),
        (0, 0, 0.5, 0, "green"),
        (0, 1, 0.5, 0, "red"),
        (100, -5, 0.0, 0, "green"),
        (100, 5, 0.0, 0, "red"),
        (100, NAN, 0.5, 0, ""),
        (100, 5, NAN, 0, ""),
        (0.3, 0.1 + 0.2, 1.0, 0, "green"),
    ],
)
def test_money_that_goes_faster_than_time_is_red(
    budget: float, spent: float, time: float, committed: float, status: str
) -> None:
    """The lamps are those of sales, the other way round; over the budget is red."""
    one = burn(np.array([budget]), np.array([spent]), np.array([time]), Lamps(), committed)
    assert one.status.tolist() == [status]
