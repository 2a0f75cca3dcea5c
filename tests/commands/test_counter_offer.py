"""The round of counter-offers: stores commit, headquarters accepts, a split locks and re-spreads, versions stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import WAN, Command, opened, type_in
from tests.commands.conftest import Kept
from tests.commands.store_files import TODAY, StoreFile, stores_plan
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
STORES = ["徐汇店", "静安店", "虹口店"]


@pytest.fixture
def book(tmp_path: Path, kept: Kept, xlsales: Command, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan of three stores whose first has committed to 20万 instead of 30万 for every month."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)

    def make(home: Path) -> None:
        path, folder = home / "计划.xlsx", home / "交回"
        stores_plan(path, STORES)
        assert xlsales("split", path).code == 0
        assert xlsales("handout", path, folder).code == 0
        offer(folder / "徐汇店.xlsx", 200_000.0)
        xlsales("collect", path, folder)

    kept.copy("counter-offer", make, tmp_path)
    return tmp_path / "计划.xlsx"


def offer(path: Path, amount: float, months: range = range(1, 13), reason: str = "门前修路") -> None:
    file = StoreFile(path, path.stem)
    cells: dict[tuple[str, str], float | str] = {(f"2026-{n:02}", "commitment"): amount for n in months}
    file.type(cells | {(f"2026-{n:02}", "reason"): reason for n in months}, "承诺")


def table(path: Path) -> list[tuple[Any, ...]]:
    """Rows of 承诺: dimension, member, period, target, commitment, reason, accepted, rest, origin."""
    rows = opened(path).book["承诺"].iter_rows(min_row=5, min_col=2, max_col=10, values_only=True)
    return [row for row in rows if row[0]]


def accept(path: Path, rows: range, word: str = "是") -> None:
    for n in rows:
        type_in(path, "承诺", f"H{n}", word)


def test_accepted_commitments_are_locked_and_the_rest_is_spread_anew(book: Path, xlsales: Command) -> None:
    """A year of accepted commitments becomes the store's target; the others carry what is left, the sum stays."""
    assert [(row[2], row[3], row[4]) for row in table(book)] == [(f"2026-{n:02}", 30, 20) for n in range(1, 13)]
    accept(book, range(5, 17))
    ran = xlsales("split", book, "--yes", "--rewrite", "--json")
    assert set(ran.json["residuals"].values()) == {0}
    shown = opened(book).dimension("门店")
    assert [shown.value(f"m:{store}", "target") for store in STORES] == [240 * WAN, 420 * WAN, 420 * WAN]
    assert {shown.value("m:徐汇店", key) for key in shown.columns if key.startswith("t:")} == {20 * WAN}


def test_one_accepted_month_moves_that_month_only_for_the_store(book: Path, xlsales: Command) -> None:
    """A month that is accepted is locked and paid by the others in that month; the store's other months stay."""
    accept(book, range(5, 6))
    assert xlsales("split", book, "--yes", "--rewrite").code == 1  # who pays is told
    shown = opened(book).dimension("门店")
    assert shown.value("m:徐汇店", "t:2026-01") == 20 * WAN
    assert shown.value("m:徐汇店", "target") == 350 * WAN
    assert sum(shown.value(f"m:{store}", "t:2026-01") for store in STORES) == 90 * WAN


def test_the_file_of_an_accepted_commitment_is_in_order(tmp_path: Path, book: Path, xlsales: Command) -> None:
    """Collected again after its commitments became the targets, the store's first file has nothing to mend."""
    accept(book, range(5, 17))
    assert xlsales("split", book, "--yes", "--rewrite").code == 1  # who pays is told
    folder = tmp_path / "交回"
    StoreFile(folder / "徐汇店.xlsx", "徐汇店").type({("2026-01-01", "entry"): 9000.0})
    line = xlsales("collect", book, folder, "--json").json["stores"][0]
    assert (line["state"], line["why"].count("。")) == ("returned", 2)
    assert line["why"].startswith("第 1 版的文件")
    assert not (folder / "退回" / "徐汇店.xlsx").exists()


@pytest.mark.parametrize("word", ["否", ""])
def test_what_is_not_accepted_changes_nothing(book: Path, xlsales: Command, word: str) -> None:
    """No answer, or no, leaves the targets as they are."""
    accept(book, range(5, 17), word)
    before = opened(book).dimension("门店").along("m:徐汇店", "t:")
    assert xlsales("split", book).code == 0
    assert opened(book).dimension("门店").along("m:徐汇店", "t:") == before


def test_a_typed_lock_precedes_a_commitment(tmp_path: Path, book: Path, xlsales: Command) -> None:
    """Where headquarters locked the same month by hand, that target stands."""
    accept(book, range(5, 6))
    for address, value in {"B5": "门店", "C5": "徐汇店", "D5": "2026-01", "E5": 25}.items():
        type_in(book, "锁定", address, value)
    assert xlsales("split", book).code == 0
    assert opened(book).dimension("门店").value("m:徐汇店", "t:2026-01") == 25 * WAN


def test_a_version_is_short_and_adds_up(tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Months in a row are one line, those who only share the rest are told by the largest; changes add up to zero."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    path, folder = tmp_path / "计划.xlsx", tmp_path / "交回"
    stores_plan(path, [f"{n}号店" for n in range(1, 16)])
    assert xlsales("split", path).code == 0
    assert xlsales("handout", path, folder).code == 0
    offer(folder / "3号店.xlsx", 200_000.0, range(4, 7))
    offer(folder / "5号店.xlsx", 150_000.0)
    xlsales("collect", path, folder)
    accept(path, range(5, 20))
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("versions")
    keys = [key for key in sheet.rows if key.startswith("v:2:")]
    assert keys[:3] == ["v:2:门店::5号店", "v:2:门店::3号店", "v:2:门店:2026-04 – 2026-06:3号店"]
    told = [[sheet.value(key, c) for c in ("from", "to", "why")] for key in (keys[0], keys[2])]
    assert told == [
        [360 * WAN, 180 * WAN, "接受承诺:2026-01 – 2026-12"], [90 * WAN, 60 * WAN, "接受承诺:2026-04 – 2026-06"]
    ]  # fmt: skip
    assert sheet.value("v:2:门店::3号店", "why") == "余额重新分摊"
    assert "接受承诺 2、分摊余额 13" in sheet.value("v:2", "why")
    assert sheet.value(keys[-1], "what") == "门店 其余 4 个成员"
    assert len(keys) == 3 + 10
    years = [sheet.value(key, "change") for key in keys if "–" not in key]
    assert sum(years) == pytest.approx(0)


def test_every_split_that_changes_targets_is_a_version(book: Path, xlsales: Command) -> None:
    """目标版本 keeps each version: the total, whose target changed from what to what, and by what."""
    accept(book, range(5, 17))
    assert xlsales("split", book, "--yes", "--rewrite").code == 1  # who pays is told
    sheet = opened(book).sheet("versions")
    assert [sheet.value(key, "version") for key in ("v:2", "v:1")] == ["2", "1"]
    change = {c: sheet.value("v:2:门店::徐汇店", c) for c in ("what", "from", "to", "change")}
    assert change == {"what": "门店 徐汇店", "from": 360 * WAN, "to": 240 * WAN, "change": -120 * WAN}
    assert "接受承诺" in sheet.value("v:2:门店::徐汇店", "why")
    assert sheet.value("v:2:门店::静安店", "why") == "余额重新分摊"
    assert sheet.value("v:1", "what") == "首次分解"
    before = book.read_bytes()
    assert "没有变化" in xlsales("split", book).out
    assert book.read_bytes() == before


def test_an_answer_stays_while_the_commitment_stays(tmp_path: Path, book: Path, xlsales: Command) -> None:
    """Collecting again keeps headquarters' answers; a commitment that changed is to be answered anew, and is told."""
    accept(book, range(5, 17))
    before = book.read_bytes()
    assert xlsales("collect", book, tmp_path / "交回", "--json").json["changed"] is False
    assert book.read_bytes() == before
    offer(tmp_path / "交回" / "徐汇店.xlsx", 220_000.0, range(3, 4))
    ran = xlsales("collect", book, tmp_path / "交回")
    assert "2026-03 的承诺从 20 改为 22" in ran.out
    assert [row[6] for row in table(book)] == ["是", "是", None, *["是"] * 9]
    assert table(book)[2][4] == 22


def test_another_stores_commitments_are_added_below(tmp_path: Path, book: Path, xlsales: Command) -> None:
    """The table grows by the rows of a store that answers later, and reaches them."""
    offer(tmp_path / "交回" / "虹口店.xlsx", 350_000.0, range(5, 7), "新开档口")
    assert xlsales("collect", book, tmp_path / "交回").code in (0, 1)
    rows = table(book)
    assert [(row[1], row[2], row[4], row[5]) for row in rows[12:]] == [
        ("虹口店", "2026-05", 35, "新开档口"), ("虹口店", "2026-06", 35, "新开档口")
    ]  # fmt: skip
    assert opened(book).book["承诺"].tables["xs_commitments"].ref == "B4:J18"
    accept(book, range(17, 19))
    assert xlsales("split", book).code == 0
    assert opened(book).dimension("门店").value("m:虹口店", "t:2026-05") == 35 * WAN


def test_an_accepted_commitment_of_no_member_is_told_at_its_row(book: Path, xlsales: Command) -> None:
    """Where the store is no longer in the plan, the sentence points to the row of 承诺; nothing is written."""
    type_in(book, "承诺", "C5", "关了的店")
    accept(book, range(5, 6))
    before = book.read_bytes()
    ran = xlsales("split", book)
    assert (ran.code, book.read_bytes()) == (2, before)
    assert ran.err.startswith("承诺!C5: 锁定的成员“关了的店”不在维度“门店”里")


def test_a_commitment_off_the_step_is_told_when_accepted(book: Path, xlsales: Command) -> None:
    """An amount that headquarters mended by hand to something finer than the step is refused once it is accepted."""
    type_in(book, "承诺", "F5", 20.00001)
    assert xlsales("split", book).code == 0
    accept(book, range(5, 6))
    ran = xlsales("split", book)
    assert ran.code == 2
    assert "整数倍" in ran.err


def test_all_bad_commitments_are_told_in_one_run(book: Path, xlsales: Command) -> None:
    """Two of no member, one that is not in steps: each at its own cell, whatever else is wrong."""
    accept(book, range(5, 9))
    for address, value in {"C5": "关了的店", "C6": "没开的店", "D8": "13月"}.items():
        type_in(book, "承诺", address, value)
    sentences = xlsales("split", book).sentences
    assert [sentence.split(":")[0] for sentence in sentences] == ["承诺!C5", "承诺!C6", "承诺!D8"]
    type_in(book, "承诺", "F7", 20.00001)
    (said,) = xlsales("split", book).sentences
    assert said.startswith("承诺!F7: ")
