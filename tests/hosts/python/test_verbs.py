"""The verbs as functions, on files: what the command line does, and its outcome as values."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import xlsales as package
from tests.calc import read_back
from tests.commands.books import Command, members, opened, plan, table_place, type_in
from xlsales.commands.verbs import verb_of
from xlsales.core.faults import Lang

pytestmark = pytest.mark.unit
SALES = (("日期", "区域", "金额"), (dt.date(2026, 1, 31), "甲", 60_000), (dt.date(2026, 2, 1), "乙", 5))


@pytest.fixture(name="book")
def _book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XLSALES_DATA", str(tmp_path / "memory"))
    return plan(tmp_path / "计划.xlsx", dimensions=members({"区域": {"甲": 1, "乙": 1}}), actuals=SALES)


def test_a_round(book: Path, xlsales: Command) -> None:
    """Check, split, refresh, a sheet added, taken back: as a path or a text; the command line goes on from there."""
    before = book.read_bytes()
    assert package.check(book).changed
    assert book.read_bytes() == before
    assert package.split(str(book)).as_json()["target"] == 10_000_000
    refreshed = package.refresh(book, as_of=dt.date(2026, 1, 31))
    assert refreshed.as_json()["actual"] == 60_000
    assert refreshed.exit_code == 1
    assert package.add(book, ["货品", "漏斗"]).changed
    assert {"货品", "漏斗"} <= set(opened(book).titles)
    assert xlsales("undo", book).code == 0
    assert "货品" not in opened(book).titles
    package.undo(book)
    package.undo(book)
    assert book.read_bytes() == before


def test_out(book: Path, tmp_path: Path) -> None:
    """`out` is written, the plan stays."""
    before = book.read_bytes()
    package.split(book, tmp_path / "out.xlsx")
    assert book.read_bytes() == before
    assert "按区域" in opened(tmp_path / "out.xlsx").titles


@pytest.mark.parametrize(("lang", "title"), [("zh", "设置"), ("en", "Settings")])
def test_new(lang: Lang, title: str, tmp_path: Path) -> None:
    """A fresh plan; a file that is there stays."""
    package.new(tmp_path / "p.xlsx", lang)
    assert title in opened(tmp_path / "p.xlsx").titles
    with pytest.raises(package.Fault, match="exists already"):
        package.new(tmp_path / "p.xlsx")
    with pytest.raises(package.Fault, match="Write zh or en"):
        package.new(tmp_path / "q.xlsx", "fr")  # type: ignore[arg-type]


def test_options_mean_what_the_command_line_means(book: Path) -> None:
    """A split that would change complete months stops, unless `close` or `rewrite` says what to do."""
    package.split(book)
    type_in(book, "设置", "C6", 2000)
    with pytest.raises(package.Refused, match="Closed through"):
        package.split(book)
    assert package.split(book, close=True).changed
    closed = package.frames(book).targets.query("kind == 'company'").target
    package.undo(book)
    assert package.split(book, rewrite=True).changed
    changed = package.frames(book).targets.query("kind == 'company'").target
    assert closed.iloc[0] < changed.iloc[0]
    assert closed.sum() == changed.sum() == 20_000_000


@pytest.mark.parametrize("path", ["nowhere.xlsx", "."])
def test_a_path_that_is_none(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, as on the command line."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(package.Fault) as refused:
        package.split(path)
    assert len(str(refused.value).splitlines()) == 1


def test_a_spread_by_numbers_and_texts(book: Path) -> None:
    """Amounts may be numbers; a change of targets stops unless `yes` says so; `undo` takes it back."""
    area = table_place(book, "xs_month_weights")
    cells = f"{area.sheet}!C{area.row}:C{area.row + 2}"
    assert package.spread(book, cells, "1-2-1", total=8).as_json()["after"] == 8
    assert package.spread(book, cells, "percent", by="50%").as_json()["after"] == 12
    package.split(book)
    cell = opened(book).time.cell("2026-03", "target").coordinate
    with pytest.raises(package.Refused):
        package.spread(book, f"按时间!{cell}", "add", by=10)
    before = opened(book).time.value("2026-03", "target")
    with pytest.raises(package.Refused, match="rewrite"):  # January has sales
        package.spread(book, f"按时间!{cell}", "add", by=10, yes=True)
    assert package.spread(book, f"按时间!{cell}", "add", by=10, yes=True, rewrite=True).changed
    assert opened(book).time.value("2026-03", "target") == before + 100_000
    package.undo(book)
    assert opened(book).time.value("2026-03", "target") == before


def test_the_round_with_the_stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files for two stores, or for one; what comes back is taken, and late after a day; a Workbook has no file."""
    monkeypatch.setenv("XLSALES_DATA", str(tmp_path / "memory"))
    book = plan(tmp_path / "p.xlsx", dimensions=members({"门店": {"甲店": 1, "乙店": 1}}))
    package.split(book)
    handed = package.handout(book, tmp_path / "one", store="甲店", zip=True)
    assert handed.as_json()["counts"]["written"] == 1
    assert package.handout(str(book), tmp_path / "out", dimension="门店").as_json()["counts"]["written"] == 2
    filled = read_back(tmp_path / "out" / "甲店.xlsx")
    days = filled["日报"]
    column = next(cell.column for cell in days[1] if cell.value == "entry")
    row = next(cell.row for (cell,) in days["A1:A20"] if cell.value == "2026-01-05")
    days.cell(row, column).value = 1234
    filled.save(tmp_path / "out" / "甲店.xlsx")
    taken = package.collect(book, tmp_path / "out", tmp_path / "collected.xlsx", due=dt.date(2030, 1, 1))
    assert taken.changed
    assert package.collect(book, tmp_path / "out", due="2030-01-01").changed
    assert package.refresh(book).as_json()["actual"] == 1234
    with pytest.raises(package.Fault, match="Save it, and give its path"):
        package.handout(read_back(book), tmp_path / "no")  # type: ignore[arg-type]
    with pytest.raises(package.Fault, match="due"):
        package.collect(book, tmp_path / "out", due="soon")


def test_they_are_verbs() -> None:
    """Each function has the name of a verb, and says what that does."""
    for name in ("new", "split", "refresh", "check", "add", "spread", "balance", "handout", "collect", "undo"):
        assert verb_of(name).key == name
        assert getattr(package, name).__doc__
