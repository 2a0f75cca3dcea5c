"""Months by a trend, a pattern or the months that sold: the plan closes, whatever the method."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import REGIONS, WAN, Command, members, opened, plan
from xlsales.vocabulary.contract import MONTH_METHODS

pytestmark = pytest.mark.unit

HISTORY = [
    ["日期", "区域", "金额"],
    [dt.date(2025, 2, 3), "华东", 700.0],
    [dt.date(2025, 5, 3), "华北", 1.0],
    [dt.date(2025, 5, 4), "华北", -0.5],
]
MONTHS: dict[str, tuple[dict[str, Any], list[float]]] = {
    "a straight line": ({"month_method": "straight_line", "month_rise": 0.2}, [39.7, 47.6, 55.6]),
    "growth": ({"month_method": "growth", "month_rise": 1.0}, [0.3, 0.5]),
    "growth of nothing": ({"month_method": "growth"}, [83.3, 83.3, 83.3]),
    "1-2-1 in each quarter": ({"month_method": "1-2-1"}, [62.5, 125.0, 62.5, 62.5, 125.0, 62.5]),
    "all in the first month": ({"month_method": "first"}, [1000.0, 0.0]),
    "all in the last month": ({"month_method": "last"}, [0.0, 0.0]),
    "months that sold": ({"month_method": "populated", "history": HISTORY}, [0.0, 500.0, 0.0, 0.0, 500.0, 0.0]),
}

"""The settings; what the first months get, in 万元, within half a step."""


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("settings", "expected"), MONTHS.values(), ids=MONTHS)
def test_a_plan_is_split_by_the_method_and_closes(
    xlsales: Command, tmp_path: Path, lang: str, settings: dict[str, Any], expected: list[float]
) -> None:
    """The first months are those of the rule, worked out by hand; all twelve add up, in every dimension."""
    settings = settings | {"month_method": MONTH_METHODS[settings["month_method"]][lang]}  # type: ignore[index]
    path = plan(tmp_path / "a.xlsx", lang=lang, dimensions=members({"区域": REGIONS}), **settings)
    ran = xlsales("split", path)
    assert ran.code in (0, 1), ran.err
    shown = opened(path)
    months = shown.time.down("target", r"2026-\d\d")
    assert [round(month / WAN, 1) for month in months[: len(expected)]] == pytest.approx(expected, abs=0.11)
    assert sum(months) == 1000 * WAN
    for n, month in enumerate(months, 1):
        column = shown.dimension("区域").down(f"t:2026-{n:02}", r"m:.*")
        assert sum(column) == month


@pytest.mark.parametrize(
    ("settings", "zh", "en"),
    [
        ({"month_method": "straight_line", "month_rise": -0.5}, "第 4 期会低于零", "takes period 4 below zero"),
        ({"month_method": "growth", "month_rise": -1.5}, "“月增幅”是 -150%", '"Monthly rise" is -150%'),
        ({"month_method": "populated"}, "请填写月权重、粘贴历史", "paste history"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_trend_that_leads_nowhere_is_said_at_its_cell(
    xlsales: Command, tmp_path: Path, lang: str, settings: dict[str, Any], zh: str, en: str
) -> None:
    path = plan(tmp_path / "a.xlsx", lang=lang, **settings)
    ran = xlsales("split", path)
    assert ran.code == 2
    assert {"zh": zh, "en": en}[lang] in ran.err
    assert ran.err.startswith({"zh": "设置!C", "en": "Settings!C"}[lang])
