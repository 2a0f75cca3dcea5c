"""One clock a row: time progress, target to date, pace, forecast and lamp all go by the clock that the plan chose."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.calc import read_back
from tests.commands.books import Command, answer, members, opened, plan
from xlsales.core.plan import Clock
from xlsales.vocabulary.contract import CLOCKS, PROGRESS_COLUMNS, STATUS

pytestmark = pytest.mark.unit

REGIONS = {"华东": 3, "华北": 2, "西部": 0}
DATES = ("2025-12-31", "2026-02-18", "2026-10-07", "2026-12-31")
ROWS_READ = 300
"""Rows of all sheets that show a target and a time progress, at the least."""


def tables(sheet: Worksheet) -> Iterator[Mapping[str, Any]]:
    """Each row of figures of a sheet, by the headers that stand above it, as a person reads it."""
    words = {word.zh: key for key, word in PROGRESS_COLUMNS.items()} | {"总目标": "target", "开始": "start"}
    headers: dict[int, str] = {}
    for row in sheet.iter_rows():
        found = {words[cell.value]: cell.column for cell in reversed(row) if cell.value in words}
        if len(found) > 1:  # of a header that comes again, over each month, the first is that of the whole
            headers = {column: key for key, column in found.items()}
        else:
            figures = {key: row[column - 1].value for column, key in headers.items()}
            if isinstance(figures.get("target"), int | float):
                yield figures


def lamp(ratio: float) -> str:
    key = "green" if ratio >= 1 - 1e-9 else "amber" if ratio >= 0.95 - 1e-9 else "orange"
    return STATUS[key if ratio >= 0.85 - 1e-9 else "red"].zh


def law(row: Mapping[str, Any]) -> None:
    """Everything in a row by its time progress."""
    target, actual, gone, due = (row.get(key) for key in ("target", "actual", "time_progress", "target_to_date"))
    assert isinstance(gone, int | float), row
    assert due == pytest.approx(target * gone, abs=1e-6), row
    if actual is None:
        return
    if target and row.get("pace") is not None:
        assert row["pace"] == pytest.approx(actual / target - gone)
    if gone and "forecast" in row:
        assert row["forecast"] == pytest.approx(actual / gone)
    if "status" in row:
        assert row["status"] == (lamp(actual / due) if due else None), row


@pytest.fixture(scope="module")
def seasons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan whose curve is far from the calendar, over several levels, with sales on every other day."""
    path = tmp_path_factory.mktemp("clock") / "计划.xlsx"
    weights = [{"month": m, "weight": w} for m, w in enumerate((9, 2, 5, 5, 5, 16, 4, 4, 8, 14, 20, 8), 1)]
    stores = [{"dimension": "门店", "member": f"店{i}", "weight": i} for i in range(3)]
    days = [dt.date(2026, 1, 1) + dt.timedelta(2 * n) for n in range(182)]
    places = ("华东", "华北", "西部")
    actuals = [("日期", "区域", "门店", "金额")]
    actuals += [(day, places[i % 3], f"店{i % 3}", 30_000 + 700 * (i % 11)) for i, day in enumerate(days)]
    locks = [{"dimension": "区域", "member": "西部", "period": "2026-11", "amount": 30}]
    return plan(
        path,
        dimensions=[*members({"区域": REGIONS}), *stores],
        tables={"xs_month_weights": weights, "xs_locks": locks},
        actuals=actuals,
        month_method="weights",
        day_method="working_days",
    )


@pytest.mark.parametrize("clock", list(Clock))
def test_one_clock_a_row(xlsales: Command, seasons: Path, tmp_path: Path, clock: Clock) -> None:
    """In every row of every sheet, on days before, in and after the plan: 应达 ÷ 目标 = 时间进度, the lamp by 应达."""
    book = tmp_path / f"{clock}.xlsx"
    book.write_bytes(seasons.read_bytes())
    answer(book, "clock", CLOCKS[clock.value].zh)
    assert xlsales("split", book).code in (0, 1)
    for as_of in DATES:
        assert xlsales("refresh", book, "--as-of", as_of).code in (0, 1)
        read, seen, to_come = read_back(book, data_only=True), 0, 0
        for sheet in read.worksheets:
            for row in tables(sheet):
                if "target_to_date" not in row:
                    continue
                if row.get("time_progress") is not None:
                    law(row)
                    seen += 1
                elif isinstance(begin := row.get("start"), dt.datetime):  # still to come, or without a target
                    assert begin.date() > dt.date.fromisoformat(as_of) or not row["target"], row
                    to_come += 1
        assert seen + to_come > ROWS_READ
        assert to_come or as_of == "2026-12-31"
        total = opened(book).time
        overview = opened(book).sheet("overview")
        headline = [overview.value("figure", c) for c in ("c2", "c3", "p1", "c9", "c6")]
        assert headline == [total.value("total", k) for k in ("target", "actual", "time_progress", "gap", "status")]
        lamp = f" {headline[4]}" if headline[4] else ""
        assert f"{CLOCKS[clock.value].zh} {headline[2]:.1%}{lamp}" in overview.value("clock:note", "c0")


def test_the_golden_week(xlsales: Command, tmp_path: Path) -> None:
    """On 7 October the lamps of the clocks differ: headline and all rows by the chosen one, and it is said."""
    days = [(dt.date(2026, 10, 1), "华东", 22.6 * 10_000)]
    for clock, gone, shown in (("calendar", 7 / 31, "绿"), ("working_days", 0.0, None), ("target_curve", 0.28, "红")):
        book = plan(
            tmp_path / f"{clock}.xlsx",
            total=100,
            start=dt.date(2026, 10, 1),
            end=dt.date(2026, 10, 31),
            dimensions=members({"区域": {"华东": 1}}),
            tables={"xs_weekdays": [{"weekday": d, "index": 1.5 if d in "周六周日" else 1} for d in
                                    ("周一", "周二", "周三", "周四", "周五", "周六", "周日")]},
            actuals=[("日期", "区域", "金额"), *days],
            day_method="day_index",
            holiday_index=1.5,
            clock=clock,
        )  # fmt: skip
        assert xlsales("split", book).code in (0, 1)
        assert xlsales("refresh", book, "--as-of", "2026-10-07").code in (0, 1)
        shown_book = opened(book)
        for sheet, row in ((shown_book.time, "total"), (shown_book.time, "2026-10"),
                           (shown_book.dimension("区域"), "m:华东")):  # fmt: skip
            assert sheet.value(row, "time_progress") == pytest.approx(gone, abs=1e-4)
            assert sheet.value(row, "target_to_date") == pytest.approx(1_000_000 * gone, abs=200)
            assert sheet.value(row, "status") == shown
        note = shown_book.sheet("overview").value("clock:note", "c0")
        assert "时钟不一致" in note
        assert f"以{CLOCKS[clock].zh}为准" in note
        assert not math.isnan(shown_book.time.value("total", "actual"))
