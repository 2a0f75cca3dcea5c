"""The round with the stores in fiscal months: days typed, a month offered and accepted, a month's sum beside days."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.calc import read_back
from tests.commands.books import WAN, Command, opened, paste, type_in
from tests.commands.store_files import TODAY, StoreFile, stores_plan
from tests.store.stores import keyed
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
D = dt.date
STORES = ["徐汇店", "静安店", "虹口店"]


@pytest.fixture
def round_(tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A plan of three stores with months to the 21st, 30万 a month each, and the folder of its files."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    path, folder = tmp_path / "计划.xlsx", tmp_path / "交回"
    stores_plan(path, STORES, month_end=21, start=D(2025, 12, 22), end=D(2026, 12, 21), week_start="sun")
    assert xlsales("split", path).code == 0
    assert xlsales("handout", path, folder).code == 0
    return path, folder


def test_a_file_has_fiscal_months(round_: tuple[Path, Path]) -> None:
    """Its months are called with their days, its targets are those of the plan, its weeks begin on Sunday."""
    _, folder = round_
    book = read_back(folder / "徐汇店.xlsx", data_only=True)
    front, weeks = keyed(book, "front"), keyed(book, "weeks")
    assert [front["2026-01", "period"], front["2026-12", "period"]] == ["1月(12/22–1/21)", "12月(11/22–12/21)"]
    assert {front[f"2026-{m:02}", "target"] for m in range(1, 13)} == {30 * WAN}
    starts = [value for (row, column), value in weeks.items() if column == "start" and row != "total" and value]
    assert {day.weekday() for day in starts if day.day != 22} == {6}


def test_days_and_an_offer_come_back(round_: tuple[Path, Path], xlsales: Command) -> None:
    """Days are of the fiscal month that has them; an accepted month is locked as that month."""
    path, folder = round_
    file = StoreFile(folder / "徐汇店.xlsx", "徐汇店")
    file.type({("2025-12-22", "entry"): 1000.0, ("2026-01-21", "entry"): 2000.0, ("2026-01-22", "entry"): 4000.0})
    file.type({("2026-01", "commitment"): 20.0 * WAN, ("2026-01", "reason"): "修路"}, "承诺")
    assert xlsales("collect", path, folder).code in (0, 1)
    assert xlsales("refresh", path).code in (0, 1)
    shown = opened(path)
    assert shown.time.down("actual", r"\d{4}-\d\d")[:2] == [3000, 4000]
    rows = opened(path).book["承诺"].iter_rows(min_row=5, min_col=2, max_col=6, values_only=True)
    assert next(iter(rows))[2:] == ("2026-01", 30, 20)
    type_in(path, "承诺", "H5", "是")
    assert xlsales("split", path, "--yes", "--rewrite").code in (0, 1)
    stores = opened(path).dimension("门店")
    assert stores.value("m:徐汇店", "t:2026-01") == 20 * WAN
    assert sum(stores.value(f"m:{store}", "t:2026-01") for store in STORES) == 90 * WAN


def test_a_month_s_sum_goes_before_its_days(round_: tuple[Path, Path], xlsales: Command) -> None:
    """Headquarters pastes 1月; the store's days from 22 December to 21 January are the same sales, later ones not."""
    path, folder = round_
    paste(path, [("日期", "门店", "品类", "金额"), ("2026-01", "徐汇店", "男装", 25 * WAN)])
    days = {"2025-12-22": 1000.0, "2026-01-21": 2000.0, "2026-01-22": 4000.0}
    StoreFile(folder / "徐汇店.xlsx", "徐汇店").type({(day, "entry"): amount for day, amount in days.items()})
    assert xlsales("collect", path, folder).code in (0, 1)
    assert "有 2 天既有粘贴的数据" in xlsales("refresh", path, "-v").out
    assert opened(path).time.down("actual", r"\d{4}-\d\d")[:2] == [25 * WAN, 4000]
