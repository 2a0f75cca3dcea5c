"""Ticks of SMART检查: thresholds, what is not assigned; by examples and by their laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plan.sheets.samples import dimension
from xlsales.core.plan import Member
from xlsales.core.readiness import Tick, above, below, not_assigned, worst

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
