"""Amounts that get another total or another place, as a cell gives them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.functions.answer import answer

pytestmark = pytest.mark.unit

ROW: list[list[Any]] = [[100.0, None, 300.0, 0.0]]
FIRST_HELD = [["是", None, None, None]]
METHODS: dict[str, tuple[tuple[Any, ...], list[list[Any]]]] = {
    "equal fills blanks": ((ROW, 1200.0, "均分"), [[300.0, 300.0, 300.0, 300.0]]),
    "equal around a held cell": ((ROW, 1200.0, "equal", FIRST_HELD), [[100.0, 366.0, 367.0, 367.0]]),
    "proportional": ((ROW, 1200.0, "按比例"), [[300.0, None, 900.0, 0.0]]),
    "proportional around a held cell": ((ROW, 1200.0, "proportional", FIRST_HELD), [[100.0, None, 1100.0, 0.0]]),
    "populated only": ((ROW, 1200.0, "有数均分"), [[600.0, None, 600.0, 0.0]]),
    "line from the first": ((ROW, 1200.0, "直线"), [[100.0, 233.0, 367.0, 500.0]]),
    "line to the last": (([[None, None, 300.0]], 600.0, "straight line"), [[100.0, 200.0, 300.0]]),
    "flat line": (([[None, None]], 600.0, "straight line"), [[300.0, 300.0]]),
    "first": ((ROW, 1200.0, "首格"), [[1200.0, 0.0, 0.0, 0.0]]),
    "last that is free": ((ROW, 1200.0, "last", [[None, None, None, 1.0]]), [[0.0, 0.0, 1200.0, 0.0]]),
    "pattern": (([[None], [None], [None]], 1300.0, "4-4-5"), [[400.0], [400.0], [500.0]]),
    "equal increment": (([[100.0, None, 300.0, 5.0]], 705.0, "平均增减"), [[200.0, None, 400.0, 105.0]]),
    "percent": ((ROW, "10%", "百分比"), [[110.0, None, 330.0, 0.0]]),
    "percent off, one held": ((ROW, -0.1, "percent", [[None, None, True, False]]), [[90.0, None, 300.0, 0.0]]),
    "add": (([[100.0, None, 300.0]], 50.0, "每格加"), [[150.0, None, 350.0]]),
    "take away": (([[100.0, None, 300.0]], -50.0, "add"), [[50.0, None, 250.0]]),
    "a finer step": (([[1.0, 1.0, 1.0]], 1.0, "按比例", None, 0.01), [[0.33, 0.33, 0.34]]),
}


@pytest.mark.parametrize(("arguments", "expected"), METHODS.values(), ids=METHODS)
def test_methods_of_spreading(arguments: tuple[Any, ...], expected: list[list[Any]]) -> None:
    assert answer("SPREAD", *arguments) == expected


amounts = st.lists(st.one_of(st.none(), st.integers(0, 10**6).map(float)), min_size=2, max_size=6)


@given(
    amounts,
    st.integers(0, 10**7),
    st.sampled_from(["均分", "按比例", "有数均分", "首格", "4-4-5", "平均增减"]),
    st.data(),
)
def test_a_spread_closes_and_keeps_what_is_held(block: list[Any], total: int, method: str, data: st.DataObject) -> None:
    """Whatever is held, the cells add up to the new total and held ones are as they were; or a line says why not."""
    hold = [data.draw(st.sampled_from([None, "是", "no"])) for _ in block]
    found = answer("SPREAD", [block], float(total), method, [hold])
    if isinstance(found, str):
        return
    assert sum(v or 0 for v in found[0]) == total
    assert all(now == then for now, then, held in zip(block, found[0], hold, strict=True) if held == "是")


REMAINING: dict[str, tuple[tuple[Any, ...], list[list[Any]]]] = {
    "rest by weight": ((600.0, [[80.0], [100.0]], [[1.0], [1.0], [2.0]]), [[105.0], [105.0], [210.0]]),
    "blank weight stays blank": ((600.0, 180.0, [[1.0, None, 3.0]]), [[105.0, None, 315.0]]),
    "nothing done": ((600.0, [[None], [None]], [[1.0], [1.0]]), [[300.0], [300.0]]),
    "reached": ((600.0, 700.0, [[1.0], [1.0]]), [[0.0], [0.0]]),
    "rounded up to a step": ((600.0, 80.4, [[1.0], [1.0]]), [[260.0], [260.0]]),
    "nothing left in a step of many digits": ((600.0, 600.0, [[1.0]], "224974.37238136635623"), [[0.0]]),
    "a return": ((600.0, [[100.0, -20.0]], [[1.0]]), [[520.0]]),
}


@pytest.mark.parametrize(("arguments", "expected"), REMAINING.values(), ids=REMAINING)
def test_what_is_left(arguments: tuple[Any, ...], expected: list[list[Any]]) -> None:
    assert answer("SPLIT_REMAINING", *arguments) == expected


def test_a_transfer_keeps_the_sum() -> None:
    """Positions count along the rows; a blank cell may receive."""
    assert answer("TRANSFER", [[150.0, 200.0], [300.0, None]], 3.0, 1.0, 50.0) == [[200.0, 200.0], [250.0, None]]
    assert answer("TRANSFER", [[150.0, None]], 1.0, 2.0, 50.0) == [[100.0, 50.0]]


CLOSES: dict[str, tuple[tuple[Any, ...], list[list[Any]]]] = {
    "one total": (([[30.0, 25.0], [15.0, None]], 100.0), [[30.0]]),
    "a row of totals": (([[0.1, 0.2], [0.3, 0.4]], [[0.4, 0.7]]), [[0.0, 0.1]]),
    "a column of totals": (([[0.1, 0.2], [0.3, 0.4]], [[0.3], [None]]), [[0.0], [None]]),
    "no noise of floats": (([[0.1], [0.2]], 0.3), [[0.0]]),
    "too much": (([[60.0, 50.0]], 100.0), [[-10.0]]),
}


@pytest.mark.parametrize(("arguments", "expected"), CLOSES.values(), ids=CLOSES)
def test_residuals(arguments: tuple[Any, ...], expected: list[list[Any]]) -> None:
    assert answer("CLOSES", *arguments) == expected


def test_the_share_trend_of_the_seed() -> None:
    """女 63 → 72, 男 37 → 28 last year and 67 / 33 now give 75.4 and 24.6 %; a blank stays blank."""
    found = answer("SHARE_TREND", [[63.0], [37.0], [0.0]], [[72.0], [28.0], [0.0]], [[67.0], [33.0], [None]])
    assert [round(100 * row[0], 1) for row in found[:2]] == [75.4, 24.6]
    assert found[2] == [None]


@pytest.mark.parametrize(
    ("name", "arguments", "line"),
    [
        ("SPREAD", (ROW, 1200.0, "x"), "method 是“x”。请填:均分、按比例、"),
        ("SPREAD", (ROW, 1200.0, "均分", [["是"]]), "hold 是 1 行 1 列,应与 block 一样是 1 行 4 列。"),
        ("SPREAD", (ROW, 1200.0, "均分", [["也许", None, None, None]]), "hold 第1列是“也许”。请填:是、否。"),
        ("SPREAD", (ROW, 50.0, "按比例", FIRST_HELD), "锁定合计 100 > 总目标 50,差 50。"),
        ("SPREAD", ([[0.0, 0.0]], 50.0, "按比例"), "参照的数字全是零或空,看不出比例。"),
        ("SPREAD", (ROW, -150.0, "每格加"), "要减去 150,但只有 0。"),
        ("SPREAD", ([["#N/A"]], 50.0, "均分"), "block 是错误值 #N/A。"),
        ("SPLIT_REMAINING", (600.0, [["x"]], [[1.0]]), "done 是“x”,不是数字。"),
        ("SPLIT_REMAINING", (600.0, 0.0, [[0.0]]), "没有锁定的各项权重全是零,600 分不出去。"),
        ("TRANSFER", ([[150.0, 200.0]], 2.0, 1.0, 500.0), "要减去 500,但只有 200。请减少金额。"),
        ("TRANSFER", ([[150.0, 200.0]], 3.0, 1.0, 5.0), "source 是 3,应在 1 至 2 之间。"),
        ("CLOSES", ([[1.0, 2.0]], [[1.0], [2.0]]), "total 是 2 行 1 列。请选一格,或与 parts 同宽的一行(2 格)"),
        ("CLOSES", ([[1.0, 1e308]], 1.0), "parts 第2列是 1.00000e+308,应在 -1,000,000,000,000,000 至"),
        ("SHARE_TREND", ([[1.0]], [[1.0]], [[1.0, 2.0]]), "before 是 1 行 1 列,应与 reference 一样是 1 行 2 列。"),
    ],
)
def test_what_is_wrong_is_said(name: str, arguments: tuple[Any, ...], line: str) -> None:
    assert answer(name, *arguments).startswith(line)


UNASSIGNED: dict[str, tuple[tuple[Any, ...], list[list[Any]]]] = {
    "the seed's stationer": (
        (100.0, [[1.0], [1.0], [1.0]], 1.0, [[30.0], [25.0], [15.0]], None, None, "是"),
        [[30.0], [25.0], [15.0], [30.0]],
    ),
    "at the upper bounds, in a row": (
        (100.0, [[1.0, 1.0, 1.0]], 1.0, None, None, [[30.0, 25.0, 15.0]], True),
        [[30.0, 25.0, 15.0, 30.0]],
    ),
    "zero weights": ((100.0, [[0.0], [0.0]], None, None, None, None, 1.0), [[0.0], [0.0], [100.0]]),
    "blank weights": ((100.0, [[None], [None]], None, None, None, None, "yes"), [[None], [None], [100.0]]),
    "nothing left over": ((100.0, [[1.0], [3.0]], None, None, None, None, "是"), [[25.0], [75.0], [0.0]]),
    "several rows and columns": (
        (10.0, [[0.0, 1.0], [1.0, 0.0]], None, None, None, 3.0, "是"),
        [[0.0, 3.0], [3.0, 0.0], [4.0, None]],
    ),
}


@pytest.mark.parametrize(("arguments", "expected"), UNASSIGNED.values(), ids=UNASSIGNED)
def test_what_stays_unassigned_is_shown(arguments: tuple[Any, ...], expected: list[list[Any]]) -> None:
    """One cell more holds it, and the sum is still the total."""
    assert answer("SPLIT_TARGET", *arguments) == expected


def test_a_blank_method_is_said() -> None:
    """With the methods that there are."""
    assert answer("SPREAD", [[1.0], [2.0]], 3.0, None).startswith("method 是空的。请填:均分、")
    assert answer("SPREAD", [[1.0], [2.0]], 3.0, "", lang="en").startswith("method is blank. Enter one of: ")
