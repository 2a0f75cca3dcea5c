"""Splitting in a cell: it closes in the numbers that people see, and a blank stays blank."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.functions.answer import answer

pytestmark = pytest.mark.unit

STEPS = ["0.01", "0.1", "1", "10", "100", "0.25", "1000"]
weights = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 1000).map(float), st.floats(0, 1e6)), min_size=3, max_size=3),
    min_size=1,
    max_size=6,
)


def exact(block: Any) -> Decimal:
    """The sum of a block in the digits that its cells show."""
    assert not isinstance(block, str), block
    return sum((Decimal(repr(v)) for row in block for v in row if v is not None), Decimal(0))


@given(st.integers(0, 10**9), st.sampled_from(STEPS), weights)
def test_the_parts_add_up_in_the_digits_shown(count: int, step: str, block: list[list[float | None]]) -> None:
    """The parts that a sheet shows add up to the total, digit by digit, and keep the shape of the weights."""
    total = count * Decimal(step)
    parts = answer("SPLIT_TARGET", float(total), block, float(step))
    if not any(w for row in block for w in row) and total:
        assert isinstance(parts, str)
        return
    assert exact(parts) == total
    for row, asked in zip(parts, block, strict=True):
        for part, weight in zip(row, asked, strict=True):
            assert (part is None) == (weight is None)
            assert part in (None, 0) if weight == 0 else part is None or Decimal(repr(part)) % Decimal(step) == 0


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=5),
    st.integers(1, 6),
    st.sampled_from(STEPS),
    st.data(),
)
def test_both_margins_add_up_in_the_digits_shown(rows: list[int], across: int, step: str, data: st.DataObject) -> None:
    """Row totals and column totals are both met, digit by digit."""
    size, left, columns = Decimal(step), sum(rows), []
    for _ in range(across - 1):
        columns.append(data.draw(st.integers(0, left)))
        left -= columns[-1]
    columns.append(left)
    down, top = [[float(r * size)] for r in rows], [[float(c * size) for c in columns]]
    found = answer("SPLIT_MATRIX", down, top, None, float(step))
    assert not isinstance(found, str), found
    assert [exact([row]) for row in found] == [Decimal(repr(r[0])) for r in down]
    assert [exact([column]) for column in zip(*found, strict=True)] == [Decimal(repr(c)) for c in top[0]]


@given(st.integers(0, 10**7), st.integers(1, 60), st.floats(-0.5, 1.0))
def test_a_series_adds_up_and_follows_its_growth(total: int, periods: int, growth: float) -> None:
    """A series closes on the total, and no period is more than a step from its growth."""
    found = answer("SPLIT_SERIES", float(total), float(periods), growth)
    assert exact(found) == total
    assert len(found) == periods
    curve = [(1 + growth) ** i for i in range(periods)]
    shares = [total * c / sum(curve) for c in curve]
    assert all(abs(v[0] - share) <= 1 + 1e-6 * total for v, share in zip(found, shares, strict=True))


def test_the_seed_year() -> None:
    """1000万 is quarters of 250万 and months of 83.33, 83.33 and 83.34万."""
    quarters = answer("SPLIT_TARGET", 1000.0, [[1.0]] * 4, 0.01)
    assert quarters == [[250.0]] * 4
    assert answer("SPLIT_TARGET", 250.0, [[1.0, 1.0, 1.0]], 0.01) == [[83.33, 83.33, 83.34]]


def test_the_seed_regions() -> None:
    """Regions and products of the seed meet in one table whose margins are theirs."""
    table = answer("SPLIT_MATRIX", [[150.0], [200.0], [300.0], [250.0], [100.0]], [[300.0, 400.0, 300.0]])
    assert [sum(row) for row in table] == [150, 200, 300, 250, 100]
    assert [sum(column) for column in zip(*table, strict=True)] == [300, 400, 300]


def test_floats_of_a_sheet() -> None:
    """0.1 + 0.2 is the total 0.3, and thirds of 1 in steps of 0.1 are clean."""
    assert answer("SPLIT_TARGET", 0.1 + 0.2, [[1.0], [2.0]], 0.1) == [[0.1], [0.2]]
    assert answer("SPLIT_TARGET", 1.0, [[1.0, 1.0, 1.0]], 0.1) == [[0.3, 0.3, 0.4]]


def test_great_totals_stay_exact() -> None:
    """Nine thousand million million steps are shared without losing one."""
    parts = answer("SPLIT_TARGET", float(2**53), [[1.0], [1.0], [1.0]])
    assert sum(int(row[0]) for row in parts) == 2**53


def test_text_totals() -> None:
    """A total typed with a comma or a currency mark is read as meant."""
    assert answer("SPLIT_TARGET", " ¥1,200 ", [["1", 3.0]]) == [[300.0, 900.0]]


def test_currency_cells() -> None:
    """Currency cells arrive as decimals and are split like numbers."""
    assert answer("SPLIT_TARGET", Decimal("100.50"), [[Decimal(1), 2.0]], Decimal("0.5")) == [[33.5, 67.0]]


def test_locks_and_bounds() -> None:
    """Locked parts keep their target, bounds hold, and the rest is shared."""
    assert answer("SPLIT_TARGET", 1000.0, [[1.0], [2.0], [3.0]], None, [[None], [500.0], [""]]) == [[125], [500], [375]]
    assert answer("SPLIT_TARGET", 100.0, [[1.0], [1.0], [8.0]], None, None, 15.0, [[None], [None], [60.0]]) == [
        [20.0],
        [20.0],
        [60.0],
    ]


def test_a_lock_without_a_weight() -> None:
    """A part that is locked before its weight is filled in keeps its lock."""
    assert answer("SPLIT_TARGET", 100.0, [[1.0], [None], [None]], None, [[None], [30.0], [None]]) == [
        [70.0],
        [30.0],
        [None],
    ]


def test_blank_totals_of_a_matrix() -> None:
    """A blank row total leaves its row blank and the others closing."""
    found = answer("SPLIT_MATRIX", [[60.0], [None]], [[30.0, 30.0]], [[1.0, 2.0], [3.0, 4.0]])
    assert found == [[30.0, 30.0], [None, None]]


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        ((100.55, [[1.0]]), "total 是 100.55,不是步长 1 的整数倍。请把 step_size 改为 0.01,或改这个数。", "0.01"),
        (
            (1500.0, [[1.0]], 1000.0),
            "total 是 1500,不是步长 1000 的整数倍。请把 step_size 改为 100,或改这个数。",
            "100",
        ),
        (
            (100.0, [[1.0, 2.0], [3.0, "abc"]]),
            "weights 第2行第2列是“abc”,不是数字。请填数字。",
            'weights row 2, column 2 is "abc", not a number. Enter a number.',
        ),
        (
            (100.0, [[1.0], ["#DIV/0!"]]),
            "weights 第2行是错误值 #DIV/0!。请先改正那一格。",
            "weights row 2 is the error",
        ),
        ((100.0, [[1.0, True]]), "weights 第2列是逻辑值 TRUE,不是数字。请填数字。", "weights column 2 is TRUE"),
        (
            (100.0, [[1.0, -2.0]]),
            "weights 第2列是 -2,应不小于 0。",
            "weights column 2 is -2; it must be 0 or more.",
        ),
        ((None, [[1.0]]), "total 是空的。请填写。", "total is blank. Fill it in."),
        ((-5.0, [[1.0]]), "total 是 -5。目标应为零或正数。", "total is -5. A target is zero or more."),
        ((100.0, [[None], [""]]), "weights 全是空的。请填写权重:0 = 不分,要均分就都填 1。", "weights is blank"),
        ((100.0, [[0.0]]), "没有锁定的各项权重全是零,100 分不出去。", "so 100 has nowhere to go"),
        ((100.0, [[1.0]], 0.0), "step_size 是 0。步长请填正数,如 1、0.01、1000。", "step_size is 0"),
        (
            (1e15, [[1.0]], 0.01),
            "total 是 1000000000000000,超过 9007199254740992 个步长 0.01。",
            "Enter a greater step",
        ),
        ((100.0, [[1.0]], 1.0, [[1.0, 2.0]]), "locked 是 1 行 2 列,应与 weights 一样是 1 行 1 列。", "like weights"),
        (
            (1.0, [[1.0], [1.0]], 0.1, [[0.8], [0.9]]),
            "锁定合计 1.7 > 总目标 1,差 0.7。请放开 第1行 0.8,或提高总目标。",
            "Locked 1.7 > total target 1 by 0.7. Release row 1 0.8",
        ),
        (([[1.0, 2.0]], [[1.0]]), "total 选了 1 行 2 列,应只选一格。", "select one cell"),
    ],
)
def test_what_is_wrong_is_said(arguments: tuple[Any, ...], zh: str, en: str) -> None:
    """What has to be mended is said in one line, with its place, in the language asked for."""
    assert answer("SPLIT_TARGET", *arguments, lang="zh").startswith(zh)
    assert en in answer("SPLIT_TARGET", *arguments, lang="en")


def test_margins_that_disagree() -> None:
    """Two margins that do not add up to the same are told, in amounts."""
    line = answer("SPLIT_MATRIX", [[60.5], [41.0]], [[50.0, 50.0]], None, 0.5)
    assert line == "行合计 101.5 与列合计 100 不相等,差 1.5。请先让两边的总数一致。"
