"""A total over nested groups: each of them closes, as if it were shared by hand, from the top down."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.allocation import AllWeightsZero, BadWeight, NoParts, NotAnAmount, allocate
from xlsales.core.nested import allocate_nested

pytestmark = pytest.mark.unit
PARTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 50)), min_size=1, max_size=40)


def by_hand(total: int, parts: list[tuple[int, ...]], depth: int) -> list[int]:
    """Share over the groups in the order of their first appearance, then each group by itself."""
    if depth == len(parts[0]) - 1:
        return allocate(total, [part[-1] for part in parts]).tolist() if total else [0] * len(parts)
    groups: dict[int, list[int]] = {}
    for at, part in enumerate(parts):
        groups.setdefault(part[depth], []).append(at)
    weights = [sum(parts[at][-1] for at in own) for own in groups.values()]
    shares = allocate(total, weights).tolist() if total else [0] * len(weights)
    steps = [0] * len(parts)
    for share, own in zip(shares, groups.values(), strict=True):
        for at, step in zip(own, by_hand(share, [parts[at] for at in own], depth + 1), strict=True):
            steps[at] = step
    return steps


@given(PARTS, st.integers(0, 10_000))
def test_as_by_hand(parts: list[tuple[int, int, int]], total: int) -> None:
    """Two levels of groups, weights of which some are zero."""
    if not any(part[-1] for part in parts):
        total = 0
    codes = np.array(parts, np.intp).T
    shared = allocate_nested(total, codes[2], [codes[0], codes[1]])
    assert shared.tolist() == by_hand(total, parts, 0)
    assert shared.sum() == total


@given(PARTS, st.integers(1, 10_000), st.sampled_from([3.0, 1e-300, 1e300]))
def test_only_ratios_count(parts: list[tuple[int, int, int]], total: int, factor: float) -> None:
    """Weights times a factor, however great or small, change nothing."""
    codes, weights = np.array(parts, np.intp).T, np.array([part[-1] for part in parts], float)
    if weights.any():
        expected = allocate_nested(total, weights, codes[:2])
        assert allocate_nested(total, weights * factor, codes[:2]).tolist() == expected.tolist()


def test_without_groups() -> None:
    """It is `allocate`."""
    assert allocate_nested(1000, [1, 1, 1], []).tolist() == [333, 333, 334]


def test_equal_groups_have_equal_sums() -> None:
    """0.1 + 0.2 and 0.3 in another group are the same weight: the later one gets the odd step."""
    codes = np.array([0, 0, 0, 1])
    assert allocate_nested(1001, [0.1, 0.1, 0.1, 0.3], [codes]).tolist()[-1] == 501
    assert allocate_nested(1001, [0.3, 0.1, 0.1, 0.1], [codes[::-1]]).tolist()[0] == 500


@pytest.mark.parametrize(
    ("total", "weights", "fault"),
    [
        pytest.param(1, [], NoParts, id="no parts"),
        pytest.param(1, [0, 0], AllWeightsZero, id="all zero"),
        pytest.param(1, [1, -1], BadWeight, id="negative"),
        pytest.param(1, [np.nan], BadWeight, id="no number"),
        pytest.param(1.5, [1], NotAnAmount, id="half a step"),
    ],
)
def test_refused(total: int, weights: list[float], fault: type[Exception]) -> None:
    """As `allocate` refuses it."""
    with pytest.raises(fault):
        allocate_nested(total, weights, [np.zeros(len(weights), np.intp)])
