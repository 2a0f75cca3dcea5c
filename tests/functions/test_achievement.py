"""Progress of targets and the funnel backwards, as a cell gives them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.functions.answer import answer

pytestmark = pytest.mark.unit

OPPORTUNITY = [85, 15, 30, 5, 60, 70]
DRAFT = [30, 60, 60, 70, 60, 80]
ORDER = [40, 45, 35, 50, 60, 60]
DELIVERY = [95] * 6
FUNNEL = [[rate / 100 for rate in stage] for stage in (OPPORTUNITY, DRAFT, ORDER, DELIVERY)]


def test_a_row_of_progress() -> None:
    """Half of the target at half-time is on pace, and the status is a word of the workbook's language."""
    row = [0.5, 50.0, 0.0, 50.0, 100.0, 1.0, 5.0]
    assert answer("TARGET_PROGRESS", [[100.0]], [[50.0]], 0.5, 10.0) == [[*row, "绿"]]
    assert answer("TARGET_PROGRESS", [[100.0]], [[50.0]], 0.5, 10.0, lang="en") == [[*row, "green"]]


def test_blank_is_not_zero() -> None:
    """A zero target has no attainment; a blank actual leaves blank what follows from it; zero sold is red."""
    zero, blank, nothing = answer("TARGET_PROGRESS", [[0.0], [100.0], [100.0]], [[10.0], [None], [0.0]], 0.5)
    assert zero == [None, 0.0, None, -10.0, 20.0, None, None, None]
    assert blank == [None, 50.0, None, None, None, None, None, None]
    assert nothing == [0.0, 50.0, -0.5, 100.0, 0.0, 0.0, None, "红"]


def test_lamps_are_the_person_s() -> None:
    """Own thresholds decide the status; a blank one keeps the usual."""
    assert answer("TARGET_PROGRESS", [[100.0]], [[46.0]], 0.5)[0][-1] == "橙"
    assert answer("TARGET_PROGRESS", [[100.0]], [[46.0]], 0.5, None, [["90%", 0.8, 0.7]])[0][-1] == "绿"
    assert answer("TARGET_PROGRESS", [[100.0]], [[46.0]], 0.5, None, [[None, 0.92, None]])[0][-1] == "黄"


def test_amounts_without_noise() -> None:
    """A gap of 0.1 is shown as 0.1, and a column reads the same beside a row."""
    assert answer("TARGET_PROGRESS", [[0.3]], [[0.2]], 0.5)[0][3] == 0.1
    assert answer("TARGET_PROGRESS", [[1.0, 2.0]], [[1.0], [1.0]], [[0.5, 1.0]]) == [
        [1.0, 0.5, 0.5, 0.0, 2.0, 2.0, None, "绿"],
        [0.5, 2.0, -0.5, 1.0, 1.0, 0.5, None, "红"],
    ]


@given(
    st.lists(
        st.tuples(st.one_of(st.just(0.0), st.floats(0.01, 1e7)), st.one_of(st.none(), st.floats(-1e6, 1e7))),
        min_size=1,
        max_size=20,
    ),
    st.floats(0.01, 1),
)
def test_progress_holds_together(rows: list[tuple[float, float | None]], share: float) -> None:
    """In every row gap is target minus actual and the target to date follows the time that has gone by."""
    found = answer("TARGET_PROGRESS", [[t] for t, _ in rows], [[a] for _, a in rows], share)
    for (target, actual), row in zip(rows, found, strict=True):
        assert row[1] == pytest.approx(target * share, abs=1e-6)
        assert (row[3] is None) == (actual is None)
        if actual is not None:
            assert row[3] + actual == pytest.approx(target, abs=1e-5)
            assert (row[0] is None) == (target == 0)


def test_the_seed_funnel() -> None:
    """Ten deliveries from each of the seed's six channels need this many leads, drafts and orders."""
    found = answer("LEADS_NEEDED", [[10.0] * 6], FUNNEL)
    assert found == [
        [111, 280, 180, 640, 54, 35],
        [94, 42, 54, 32, 32, 24],
        [28, 25, 32, 22, 19, 19],
        [11, 11, 11, 11, 11, 11],
        [10, 10, 10, 10, 10, 10],
    ]


@given(st.integers(0, 10_000), st.lists(st.integers(1, 100), min_size=1, max_size=5))
def test_each_stage_is_just_enough(target: int, percents: list[int]) -> None:
    """Each stage carries the next one, and one less would not."""
    stages = [row[0] for row in answer("LEADS_NEEDED", float(target), [[p / 100] for p in percents])]
    assert stages[-1] == target
    for upper, lower, percent in zip(stages, stages[1:], percents, strict=False):
        assert Fraction(int(upper) * percent, 100) >= lower
        assert upper == 0 or Fraction((int(upper) - 1) * percent, 100) < lower


def test_funnels_lie_either_way() -> None:
    """A funnel may stand in a column or lie in a row, one channel or many."""
    assert answer("LEADS_NEEDED", 10.0, [[0.85, 0.3, 0.4, 0.95]]) == [[111, 94, 28, 11, 10]]
    assert answer("LEADS_NEEDED", [[10.0], [10.0]], [[0.85, 0.3], [0.15, 0.6]]) == [[40, 34, 10], [114, 17, 10]]
    assert answer("LEADS_NEEDED", [[10.0, None]], [["50%"], [0.5]]) == [[40, None], [20, None], [10, None]]
    assert answer("LEADS_NEEDED", 10.0, [[0.5], [None], [0.5]]) == [[None], [None], [20], [10]]


@pytest.mark.parametrize(
    ("name", "arguments", "line"),
    [
        ("LEADS_NEEDED", (10.0, [[85.0]]), "rates 是 85,转化率应大于 0、不超过 1(100%)。"),
        ("LEADS_NEEDED", (10.0, [[0.5], [0.0]]), "rates 第2行是 0,转化率应大于 0"),
        ("LEADS_NEEDED", ([[10.0, 20.0]], [[0.5, 0.5, 0.5]]), "rates 是 1 行 3 列,应与 target 一样是 1 行 2 列。"),
        ("LEADS_NEEDED", (1e12, [[1e-9], [1e-9]]), "按这些转化率,需要的数量大得数不清。"),
        ("TARGET_PROGRESS", ([[1.0]], [[1.0], [2.0]], 0.5), "actual 有 2 格,应与 target 一样有 1 格。"),
        ("TARGET_PROGRESS", ([[1.0]], [[1.0]], 40.0), "time_progress 是 40,应在 0 至 1 之间。"),
        ("TARGET_PROGRESS", ([[-1.0]], [[1.0]], 0.5), "target 是 -1,应不小于 0。"),
        ("TARGET_PROGRESS", ([[1.0]], [["n/a"]], 0.5), "actual 是“n/a”,不是数字。"),
        ("TARGET_PROGRESS", ([[1.0]], [[1.0]], 0.5, None, [[0.8, 0.9, 1.0]]), "lamps 的三个阈值应从绿到橙由大到小"),
        ("TARGET_PROGRESS", ([[1.0]], [[1.0]], 0.5, None, 0.8), "lamps 有 1 格,应为三格"),
        ("LAMP", (96.0, 100.0, [[95.0, 90.0, 80.0]]), "lamps 第1列是 95,应在 0 至 5 之间。"),
    ],
)
def test_what_is_wrong_is_said(name: str, arguments: tuple[Any, ...], line: str) -> None:
    """What has to be mended is said in one line."""
    assert answer(name, *arguments).startswith(line)
