"""An arrow in a store's name, or in a column of one's own, is no mark of ours."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, opened, paste
from tests.commands.store_files import TODAY, StoreFile, stores_plan
from xlsales.hosts import cli

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)


@pytest.mark.parametrize("name", ["A ← B", "A ← ", "甲店 ← 甲店.xlsx"])
def test_a_store_with_an_arrow_is_collected_once(tmp_path: Path, xlsales: Command, name: str) -> None:
    book, folder = stores_plan(tmp_path / "计划.xlsx", [name, "A"]), tmp_path / "交回"
    xlsales("split", book)
    xlsales("handout", book, folder)
    for path in folder.glob("*.xlsx"):
        if not path.name.startswith("下发清单"):
            StoreFile(path, "").type({("2026-01-05", "entry"): 9000.5})
    xlsales("collect", book, folder)
    before = book.read_bytes()
    rows = list(opened(book).book["实际"].iter_rows(values_only=True))
    assert len([row for row in rows if row[0] is not None]) == 3
    assert xlsales("collect", book, folder, "--json").json["changed"] is False
    assert book.read_bytes() == before


def test_a_column_of_ones_own_stays(tmp_path: Path, xlsales: Command) -> None:
    book, folder = stores_plan(tmp_path / "计划.xlsx", ["甲店", "乙店"]), tmp_path / "交回"
    xlsales("split", book)
    own = [[dt.date(2026, 1, n), "甲店", 100 + n, "甲店 ← 团购"] for n in range(8, 18)]
    paste(book, [["日期", "门店", "金额", "流向"], *own])
    xlsales("handout", book, folder)
    StoreFile(folder / "甲店.xlsx", "甲店").type({("2026-01-05", "entry"): 9000.5})
    xlsales("collect", book, folder)
    rows = [list(row) for row in opened(book).book["实际"].iter_rows(values_only=True, min_row=2, max_row=11)]
    assert [row[2:4] for row in rows] == [row[2:] for row in own]
