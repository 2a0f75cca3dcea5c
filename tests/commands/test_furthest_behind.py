"""Rows that name the members furthest behind and ahead a second time: their figures are those of the members."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, Shown, members, opened, paste, plan

STORES = {f"店{n:02}": 100 + n for n in range(20)}


def sales(of: Callable[[int], int]) -> list[list[object]]:
    return [["日期", "门店", "销售额"], *([dt.date(2026, 1, 5), store, of(n) * WAN] for n, store in enumerate(STORES))]


def differing(sheet: Shown) -> list[str]:
    """The figures of the repeated rows that are not their members'."""
    rows = [row for row in sheet.rows if row.startswith("short:") and row != "short:ranked"]
    assert len(rows) == 15
    shown = [key for key in sheet.columns if sheet.value(rows[0], key) is not None]
    assert {"target", "actual", "rank"} <= {*shown}
    return [
        f"{row} {key}"
        for row in rows
        for key in shown
        if sheet.value(row, key) != pytest.approx(sheet.value(f"m:{sheet.value(row, 'member')}", key))
    ]


def test_targets_follow_the_names_when_ranks_change_hands(xlsales: Command, tmp_path: Path) -> None:
    """A refresh keeps every target, and shows each beside its own store; nobody is said to have changed one."""
    book = plan(tmp_path / "计划.xlsx", dimensions=members({"门店": STORES}), actuals=sales(lambda n: n + 1))
    assert xlsales("split", book).code == 0
    assert opened(book).dimension("门店").value("short:1", "member") == "店00"
    paste(book, sales(lambda n: 20 - n))
    assert xlsales("refresh", book).code == 0
    sheet = opened(book).dimension("门店")
    assert sheet.value("short:1", "member") == "店19"
    assert differing(sheet) == []
    assert xlsales("split", book).sentences == []
