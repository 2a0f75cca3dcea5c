"""Months with complete sales are offered to be closed, in Excel by a question: asked once for each month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.books import Command, opened, plan
from tests.commands.test_closing import JANUARY, QUARTER, REGIONS, closed
from tests.fakes.pywin32 import desktop
from tests.hosts.excel.open_books import NO, YES, OpenBook

pytestmark = pytest.mark.com_sim


@pytest.fixture(autouse=True)
def clean_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("XLSALES_DATA", str(tmp_path / "memory"))
    desktop.clear()
    yield
    desktop.clear()


def test_yes_closes(xlsales: Command, tmp_path: Path) -> None:
    """The cell is filled in as the command line does it; undo clears it."""
    path = plan(tmp_path / "a.xlsx", dimensions=REGIONS, end=QUARTER, actuals=JANUARY)
    assert xlsales("split", path).code == 0
    book = OpenBook(path)
    (question,) = book.press("refresh_progress", YES)
    assert question.startswith("2026-01 的销售已齐。要关账吗?")
    assert "“已关账至”填 2026-01-31" in question
    assert closed(book.saved()) == dt.date(2026, 1, 31)
    assert book.press("refresh_progress") == []
    (undone,) = book.press("undo_last")
    assert "已撤销" in undone
    assert closed(book.saved()) is None


def test_no_is_remembered_until_a_further_month_is_complete(xlsales: Command, tmp_path: Path) -> None:
    """The run log keeps the answer, also for a run that had nothing else to write, also for the command line."""
    path = plan(tmp_path / "a.xlsx", dimensions=REGIONS, end=QUARTER, actuals=JANUARY)
    assert xlsales("split", path).code == 0
    assert xlsales("refresh", path).code == 0
    book = OpenBook(path)
    assert len(book.press("refresh_progress", NO)) == 1
    saved = book.saved()
    assert closed(saved) is None
    log = opened(saved).sheet("runs")
    assert log.down("note", "run:.*")[0].endswith("不关账至 2026-01-31")
    before = book.cells()
    assert book.press("refresh_progress") == []
    assert book.cells() == before
    assert "--close" not in xlsales("refresh", saved, "-o", tmp_path / "b.xlsx").out
    book.sheet("实际").append([dt.date(2026, 2, 28), "华东", 5])
    (question,) = book.press("refresh_progress", YES)
    assert question.startswith("2026-01 – 2026-02 的销售已齐")
    assert closed(book.saved()) == dt.date(2026, 2, 28)


def test_a_check_asks_nothing(xlsales: Command, tmp_path: Path) -> None:
    path = plan(tmp_path / "a.xlsx", dimensions=REGIONS, end=QUARTER, actuals=JANUARY)
    assert xlsales("split", path).code == 0
    (message,) = OpenBook(path).press("check_plan")
    assert "“已关账至”填为 2026-01-31" in message
