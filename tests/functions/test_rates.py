"""Figures of attainment cell by cell: lamps, forecasts, growth, rates, points."""

from __future__ import annotations

from typing import Any

import pytest

from xlsales.functions.answer import answer

pytestmark = pytest.mark.unit

FIGURES: dict[str, tuple[str, tuple[Any, ...], list[list[Any]]]] = {
    "lamps": ("LAMP", ([[103.0, 96.0, 86.0, 84.0, None]], 100.0), [["绿", "黄", "橙", "红", None]]),
    "lamps of nothing due": ("LAMP", (5.0, [[0.0], [None]]), [[None], [None]]),
    "lamps of own thresholds": ("LAMP", ([[91.0], [89.0]], 100.0, [[0.9, 0.8, 0.7]]), [["绿"], ["黄"]]),
    "forecast": ("FORECAST_OF", ([[84.0], [60.0], [None]], [[0.28], ["50%"], [0.5]]), [[300.0], [120.0], [None]]),
    "no time has gone by": ("FORECAST_OF", (84.0, 0.0), [[None]]),
    "required per day": ("REQUIRED_PER_DAY", (300.0, [[120.0, 310.0, None]], 15.0), [[12.0, 0.0, None]]),
    "no day is left": ("REQUIRED_PER_DAY", (300.0, 120.0, 0.0), [[None]]),
    "growth": ("GROWTH_RATE", ([[150.0, 50.0]], [[100.0, 100.0]]), [[0.5, -0.5]]),
    "growth from nothing": ("GROWTH_RATE", ([[5.0, 5.0, 5.0, None]], [[0.0, None, -3.0, 4.0]]), [[None] * 4]),
    "growth to nothing": ("GROWTH_RATE", (0.0, 4.0), [[-1.0]]),
    "satisfaction": ("WEIGHTED_RATE", ([[90.0], [80.0]], [[3.0], [1.0]]), [[87.5]]),
    "a blank rate does not count": ("WEIGHTED_RATE", ([[90.0, None, 80.0]], [[3.0, 5.0, 1.0]]), [[87.5]]),
    "rates as text": ("WEIGHTED_RATE", ([["90%"], ["80%"]], [[3.0], [1.0]]), [[0.875]]),
    "nothing weighs": ("WEIGHTED_RATE", ([[90.0]], [[0.0]]), [[None]]),
    "complaints": ("SCORE", (5.0, 4.0, 100.0, None, "少好"), [[80.0]]),
    "no complaint, capped": ("SCORE", (0.0, 4.0, 100.0, 1.2, "fewer"), [[120.0]]),
    "none allowed, none came": ("SCORE", (0.0, 0.0, 100.0, None, "少好"), [[100.0]]),
    "none allowed, some came": ("SCORE", (3.0, 0.0, 100.0, None, "少好"), [[0.0]]),
    "no target": ("SCORE", (5.0, 0.0, 100.0), [[None]]),
    "blanks": ("SCORE", ([[None], [1.0], [1.0]], [[1.0], [None], [1.0]], [[1.0], [1.0], [None]]), [[None]] * 3),
    "directions of each": ("SCORE", ([[5.0, 5.0]], 4.0, 100.0, None, [["少好", "多好"]]), [[80.0, 125.0]]),
}


@pytest.mark.parametrize(("name", "arguments", "expected"), FIGURES.values(), ids=FIGURES)
def test_figures(name: str, arguments: tuple[Any, ...], expected: list[list[Any]]) -> None:
    """Worked out by hand; a blank is no zero."""
    assert answer(name, *arguments) == expected


def test_the_scorecard_of_the_seed() -> None:
    """60 / 20 / 20 with 120 % capped at 110, 90 of 95 and 80 of 100: 66 + 18.9 + 16 = 100.9."""
    found = answer("SCORE", [[120.0], [90.0], [80.0]], [[100.0], [95.0], [100.0]], [[60.0], [20.0], [20.0]], "110%")
    assert [round(row[0], 1) for row in found] == [66.0, 18.9, 16.0]
    assert round(sum(row[0] for row in found), 1) == 100.9


def test_lamps_speak_english() -> None:
    """Words are of the workbook's language."""
    assert answer("LAMP", [[103.0], [84.0]], 100.0, lang="en") == [["green"], ["red"]]


@pytest.mark.parametrize(
    ("name", "arguments", "line"),
    [
        ("LAMP", ([[1.0, 2.0]], [[1.0, 2.0, 3.0]]), "target_to_date 是 1 行 3 列,应与 actual 一样是 1 行 2 列。"),
        ("LAMP", (1.0, 1.0, [[1.0, 0.9]]), "lamps 有 2 格,应为三格"),
        ("FORECAST_OF", (1.0, 1.5), "time_progress 是 1.5,应在 0 至 1 之间。"),
        ("FORECAST_OF", ("90%", 0.5), "actual 是“90%”,百分数不是金额。"),
        ("REQUIRED_PER_DAY", (1.0, 1.0, -1.0), "remaining_days 是 -1,应不小于 0。"),
        ("GROWTH_RATE", ([[1.0], ["#DIV/0!"]], 1.0), "actual 第2行是错误值 #DIV/0!。"),
        ("WEIGHTED_RATE", ([[1.0, 2.0]], [[1.0]]), "weights 是 1 行 1 列,应与 ratios 一样是 1 行 2 列。"),
        ("WEIGHTED_RATE", ([[1.0]], [[-1.0]]), "weights 是 -1,应不小于 0。"),
        ("SCORE", ([[1.0], [0.0]], 4.0, 100.0, None, "少好"), "actual 第2行是 0,方向是少好,达成率没有上限。"),
        ("SCORE", (1.0, 4.0, 100.0, 0.0), "cap 是 0,应不小于 0.01。"),
        ("SCORE", (1.0, 4.0, 100.0, None, "好"), "better 是“好”。请填:多好、少好。"),
    ],
)
def test_what_is_wrong_is_said(name: str, arguments: tuple[Any, ...], line: str) -> None:
    assert answer(name, *arguments).startswith(line)
