"""Ticks of SMART检查: thresholds, the chance, what is not assigned; by examples and by their laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plan.sheets.samples import dimension
from xlsales.core.plan import Member
from xlsales.core.readiness import LEAST_CHANCE, MOST_CHANCE, Tick, above, below, chance, not_assigned, worst

pytestmark = pytest.mark.unit
NAN = math.nan


@pytest.mark.parametrize(
    ("value", "amber", "red", "tick"),
    [
        (1.0, 1.15, 1.3, "green"),
        (1.15, 1.15, 1.3, "green"),
        (1.16, 1.15, 1.3, "amber"),
        (1.31, 1.15, 1.3, "red"),
        (1.31, None, 1.3, "red"),
        (1.2, None, 1.3, "green"),
        (9.0, 1.15, None, "amber"),
        (9.0, None, None, "green"),
        (NAN, 1.15, 1.3, ""),
    ],
)
def test_a_threshold_is_beyond(value: float, amber: float | None, red: float | None, tick: str) -> None:
    """At it is not beyond it; a blank one is not used; what is unknown is not judged."""
    assert above(value, amber, red) == tick
    assert below(-value, None if amber is None else -amber, None if red is None else -red) == tick


def test_the_worst_tick_counts() -> None:
    """Unknown is no fault."""
    assert worst([Tick.UNKNOWN, Tick.GREEN]) is Tick.GREEN
    assert worst([Tick.RED, Tick.AMBER, Tick.UNKNOWN]) is Tick.RED
    assert worst([]) is Tick.UNKNOWN


@pytest.mark.parametrize(
    ("needed", "seen", "ahead", "low", "high"),
    [
        (1.0, (0.9, 1.0, 1.1), 3, 0.49, 0.51),  # what is needed is what was seen
        (1.2, (0.9, 1.0, 1.1), 3, 0.01, 0.05),
        (0.8, (0.9, 1.0, 1.1), 3, 0.95, 0.99),
        (1.03, (1.0, 1.0, 1.0), 3, 0.15, 0.17),  # even months are no certainty: a sd of 3 %
        (-1.0, (0.9, 1.0, 1.1), 3, MOST_CHANCE, MOST_CHANCE),
        (0.0, (), 0, 1.0, 1.0),
        (0.1, (), 0, 0.0, 0.0),
    ],
)
def test_the_chance(needed: float, seen: tuple[float, ...], ahead: int, low: float, high: float) -> None:
    """Around a half if as much is needed as was seen on average."""
    assert low <= chance(needed, np.array(seen, dtype=float), ahead) <= high


def test_too_little_gives_no_chance() -> None:
    """Fewer than three ratios, or nothing known of what is needed."""
    assert math.isnan(chance(1.0, np.array([1.0, 1.1, NAN]), 3))
    assert math.isnan(chance(NAN, np.array([1.0, 1.1, 0.9]), 3))


@given(
    st.lists(st.floats(0.1, 3), min_size=3, max_size=24),
    st.integers(1, 12),
    st.floats(0.1, 3),
    st.floats(0, 1),
)
def test_more_is_never_likelier(seen: list[float], ahead: int, needed: float, more: float) -> None:
    """And nothing that is still to come is certain."""
    ratios = np.array(seen)
    one, other = chance(needed, ratios, ahead), chance(needed + more, ratios, ahead)
    assert LEAST_CHANCE <= other <= one <= MOST_CHANCE


@given(st.data())
def test_what_is_not_assigned_is_all_that_the_lowest_members_lack(data: st.DataObject) -> None:
    """Summed over all families it is the whole plan less the lowest members."""
    tops = data.draw(st.integers(1, 4))
    members = [Member(f"m{i}") for i in range(tops)]
    members += [Member(f"c{i}", f"m{data.draw(st.integers(0, tops - 1))}") for i in range(data.draw(st.integers(0, 6)))]
    tree = dimension("d", members)
    size = len(tree.members)
    months = np.array(
        data.draw(st.lists(st.lists(st.integers(0, 100), min_size=2, max_size=2), min_size=size, max_size=size))
    )
    company = np.array([1000, 2000])
    left = not_assigned(tree, months, company)
    assert (left.sum(axis=0) == company - months[tree.leaves].sum(axis=0)).all()
