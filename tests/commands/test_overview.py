"""The overview of plans of any length and breadth, as a run writes it: one page, every member of it that lacks most."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, members, opened, plan


def test_a_plan_of_three_years_shows_its_quarters(xlsales: Command, tmp_path: Path) -> None:
    """Thirty-six months are not read on a page: quarters, with their years, add up to the plan."""
    days = (dt.date(2026, 1, 5), dt.date(2026, 5, 5), dt.date(2027, 2, 1))
    sales = [("日期", "区域", "金额"), *((day, "华东", 90 * WAN) for day in days)]
    book = plan(
        tmp_path / "计划.xlsx", end=dt.date(2028, 12, 31), dimensions=members({"区域": {"华东": 1}}), actuals=sales
    )
    assert xlsales("split", book).code == 0
    sheet = opened(book).sheet("overview")
    assert sheet.down("c1", "month:.*")[:2] == ["2026年第1季度", "2026年第2季度"]
    assert len(sheet.down("c1", "month:.*")) == 12
    assert sum(sheet.down("c2", "month:.*")) == sheet.value("months:total", "c2") == 1000 * WAN
    assert [a for a in sheet.down("c3", "month:.*") if a] == [90 * WAN] * 3
    assert sheet.value("figure:month", "c1") == "本月(2月)"
    assert sheet.value("figure", "c1") == "全部期间"


def test_more_members_than_rows_are_counted(xlsales: Command, tmp_path: Path) -> None:
    """A plan of a month with fifteen regions: twelve that lack most, and a line on the three others."""
    regions = {f"区{i}": i for i in range(1, 16)}
    sales = [("日期", "区域", "金额"), *((dt.date(2026, 3, 2), name, 10 * WAN) for name in regions)]
    month = {"start": dt.date(2026, 3, 1), "end": dt.date(2026, 3, 31)}
    book = plan(tmp_path / "计划.xlsx", dimensions=members({"区域": regions}), actuals=sales, **month)  # type: ignore[arg-type]
    assert xlsales("split", book).code == 0
    sheet = opened(book).sheet("overview")
    names = sheet.down("c9", "month:.*|beside:[0-9]+")
    assert names == [f"区{i}" for i in range(15, 3, -1)]
    assert "另有 3 个" in sheet.value("beside:more", "c8")
    bars = zip(
        sheet.down("missing", "month:.*|beside:[0-9]+"), sheet.down("ahead", "month:.*|beside:[0-9]+"), strict=True
    )
    gaps = sheet.down("c13", "month:.*|beside:[0-9]+")
    assert [one or other for one, other in bars] == pytest.approx(gaps)


def test_a_plan_without_dimensions_has_months_alone(xlsales: Command, tmp_path: Path) -> None:
    """Nothing is ranked, and nothing of it is missed."""
    book = plan(tmp_path / "计划.xlsx", dimensions=[], actuals=[("日期", "金额"), (dt.date(2026, 1, 5), 5 * WAN)])
    assert xlsales("split", book).code == 0
    sheet = opened(book).sheet("overview")
    assert sheet.value("month:2026-01", "c3") == 5 * WAN
    assert not [row for row in sheet.rows if row.startswith("short")]
