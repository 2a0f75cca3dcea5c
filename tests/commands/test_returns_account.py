"""回收情况: each store's state in words that say none, some or all; copies, blank days and who got no file."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import Command, Ran, opened, paste
from tests.commands.store_files import TODAY, StoreFile, saved_at, stores_plan
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
STORES = ["一店", "二店", "三店", "四店", "五店"]
DAYS = [f"2026-01-{n:02}" for n in range(1, 32)]


@pytest.fixture
def handed(tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A split plan of five stores, and the folder of their files."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    book, folder = stores_plan(tmp_path / "计划.xlsx", STORES), tmp_path / "交回"
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, folder).code == 0
    return book, folder


def typed(folder: Path, store: str, days: list[str], amount: float | str = 9000.0) -> StoreFile:
    file = StoreFile(folder / f"{store}.xlsx", store)
    file.type({(day, "entry"): amount for day in days})
    return file


def lines(ran: Ran) -> dict[str, dict[str, Any]]:
    return {line["store"]: line for line in ran.json["stores"]}


def test_the_state_says_none_some_or_all(handed: tuple[Path, Path], xlsales: Command) -> None:
    """31 of 31 rows, 30 of 31, none of 31, and 31 of 31 with something else to mend are four words."""
    book, folder = handed
    typed(folder, "一店", DAYS)
    typed(folder, "二店", DAYS)
    typed(folder, "二店", DAYS[:1], "休息")
    typed(folder, "三店", DAYS, "休息")
    typed(folder, "四店", DAYS).type({("2026-04", "commitment"): 250_000.0}, "承诺")
    ran = xlsales("collect", book, folder, "--json")
    assert [line["state"] for line in ran.json["stores"]] == ["returned", "partly", "none", "mend", "missing"]
    sheet = opened(book).sheet("returns")
    assert [sheet.value(f"s:{store}", "state") for store in STORES] == [
        "已收",
        "部分采用",
        "没有采用",
        "已收待改",
        "未交",
    ]
    rows = [[sheet.value(f"s:{s}", key) for key in ("rows_accepted", "rows_found")] for s in STORES[:4]]
    assert rows == [[31, 31], [30, 31], [0, 31], [31, 31]]
    assert "门店 5 个:已收 1,已收待改 1,部分采用 1,没有采用 1,未交 1" in xlsales("collect", book, folder).out


def test_copies_stand_beside_the_state(handed: tuple[Path, Path], xlsales: Command) -> None:
    """A store that returned one file twice, or two of which one counts, is received; the number is beside it."""
    book, folder = handed
    file = typed(folder, "一店", DAYS)
    shutil.copy(file.path, folder / "一店 (1).xlsx")
    typed(folder, "二店", DAYS)
    typed(folder, "二店", DAYS[:1], "休息")
    shutil.copy(folder / "二店.xlsx", folder / "二店 (1).xlsx")
    ran = xlsales("collect", book, folder, "--json")
    assert [(line["state"], line["copies"]) for line in ran.json["stores"]][:3] == [
        ("returned", 2), ("partly", 2), ("missing", 1)
    ]  # fmt: skip
    sheet = opened(book).sheet("returns")
    shown = [[sheet.value(f"s:{store}", key) for key in ("state", "copies")] for store in STORES[:3]]
    assert shown == [["已收", "2 份"], ["部分采用", "2 份"], ["未交", None]]
    assert "2 个交了不止一份" in xlsales("collect", book, folder).out


def test_only_those_handed_out_are_missing(tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --store for two of five, one is missing and three got no file; the folder of returns may be another."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    book, sent, back = stores_plan(tmp_path / "计划.xlsx", STORES), tmp_path / "下发", tmp_path / "交回"
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, sent, "--store", "一店", "二店").code == 0
    back.mkdir()
    shutil.copy(sent / "一店.xlsx", back)
    typed(back, "一店", DAYS)
    ran = xlsales("collect", book, back, "--json")
    assert [line["state"] for line in ran.json["stores"]] == ["returned", "missing", "unsent", "unsent", "unsent"]
    sheet = opened(book).sheet("returns").sheet
    assert any(
        "应交 2 份,交回 1 份(迟交 0),缺 1 份" in str(c.value)
        for (c,) in sheet.iter_rows(max_row=5, min_col=3, max_col=3)
    )
    assert "门店 5 个:已收 1,未交 1,未下发 3" in xlsales("collect", book, back).out
    assert xlsales("handout", book, sent).code == 0  # to all of them now
    assert lines(xlsales("collect", book, back, "--json"))["五店"]["state"] == "missing"


def test_without_a_manifest_every_store_is_asked(handed: tuple[Path, Path], xlsales: Command) -> None:
    """Where no manifest is near, nobody knows who got a file: all count, as before."""
    book, folder = handed
    (folder / "manifest.json").unlink()
    typed(folder, "一店", DAYS)
    assert [line["state"] for line in xlsales("collect", book, folder, "--json").json["stores"]][1:] == ["missing"] * 4


def test_blank_days(handed: tuple[Path, Path], xlsales: Command) -> None:
    """Days with a target, up to the last one that any store reported, of which nothing has come; a zero is a report."""
    book, folder = handed
    typed(folder, "一店", DAYS)
    typed(folder, "二店", DAYS[:20])
    typed(folder, "三店", DAYS[2:], 0.0)
    (folder / "五店.xlsx").unlink()
    told = lines(xlsales("collect", book, folder, "--json"))
    assert {store: line["blank_days"] for store, line in told.items()} == {
        "一店": 0, "二店": 11, "三店": 2, "四店": 31, "五店": 31
    }  # fmt: skip
    sheet = opened(book).sheet("returns")
    assert [sheet.value(f"s:{store}", "blank_days") for store in STORES] == [0, 11, 2, 31, 31]


def test_days_that_headquarters_pasted_are_not_blank(handed: tuple[Path, Path], xlsales: Command) -> None:
    """Up to its last pasted day a store that was pasted has no blank days, be there sales on each or not."""
    book, folder = handed
    paste(book, [["日期", "门店", "金额"], [dt.date(2026, 1, 3), "二店", 5000], [dt.date(2026, 1, 20), "一店", 5000]])
    typed(folder, "一店", DAYS[20:])
    typed(folder, "二店", DAYS[22:])
    told = lines(xlsales("collect", book, folder, "--json"))
    assert [told[store]["blank_days"] for store in STORES[:3]] == [0, 19, 31]  # 二店: 4–22 January


@pytest.mark.parametrize("how", ["a fresh copy", "cleared", "wiped"])
def test_days_that_a_later_file_lacks_are_told_once(handed: tuple[Path, Path], xlsales: Command, how: str) -> None:
    """What was collected goes where the store's later file lacks it, with days and amount; undo brings it back."""
    book, folder = handed
    fresh = (folder / "一店.xlsx").read_bytes()
    typed(folder, "一店", DAYS[:20])
    assert "撤下" not in xlsales("collect", book, folder).out
    before = book.read_bytes()
    if how == "cleared":
        StoreFile(folder / "一店.xlsx", "一店").type({(key, "entry"): "" for key in DAYS[:5]})
    else:
        (folder / "一店.xlsx").write_bytes(fresh)
        if how == "wiped":  # a later file of headquarters, whose known days were deleted
            (folder / "一店.xlsx").unlink()
            xlsales("handout", book, folder, "--store", "一店")
            StoreFile(folder / "一店.xlsx", "一店").type({(key, "known"): "" for key in DAYS[:5]})
        typed(folder, "一店", DAYS[20:])
    ran = xlsales("collect", book, folder, "--json")
    gone = DAYS[:20] if how == "a fresh copy" else DAYS[:5]
    (problem,) = [p for p in ran.json["problems"] if "撤下" in p["sentence"]]
    assert f"“一店”这次的文件里没有之前收到的 {len(gone)} 天({gone[0]} – {gone[-1]}" in problem["sentence"]
    after = book.read_bytes()
    assert "撤下" not in xlsales("collect", book, folder).out
    assert book.read_bytes() == after
    xlsales("undo", book)
    assert book.read_bytes() == before


def test_days_that_only_an_older_file_has_are_told(handed: tuple[Path, Path], xlsales: Command) -> None:
    """Of two files of a store the later counts; days that it lacks are named until they are filled in, as it says."""
    book, folder = handed
    shutil.copy(folder / "一店.xlsx", folder / "一店 二月.xlsx")
    saved_at(typed(folder, "一店", DAYS[:20]).path, "2026-02-01T08:00:00Z")
    later = StoreFile(folder / "一店 二月.xlsx", "一店")
    later.type({(day, "entry"): 9000.0 for day in DAYS[10:]})
    saved_at(later.path, "2026-03-01T08:00:00Z")
    (problem,) = [p for p in xlsales("collect", book, folder, "--json").json["problems"] if "再收一次" in p["sentence"]]
    assert "但这份里有 10 天(2026-01-01 – 2026-01-10,合计 90,000)在那份里没有" in problem["sentence"]
    assert "请让“一店”把这些天补进“一店 二月.xlsx”" in xlsales("collect", book, folder).out
    later.type({(day, "entry"): 9000.0 for day in DAYS[:10]})
    ran = xlsales("collect", book, folder)
    assert "再收一次" not in ran.out
    assert "采用 31 行 279,000 元" in ran.out


def test_a_packed_file_is_told_and_ours_is_not(handed: tuple[Path, Path], xlsales: Command) -> None:
    """A store that packs its file has not returned nothing: it is told so. The zip that was handed out is not read."""
    book, folder = handed
    xlsales("handout", book, folder, "--zip")
    typed(folder, "一店", DAYS)
    typed(folder, "二店", DAYS)
    with zipfile.ZipFile(folder / "二店.zip", "w") as packed:
        packed.write(folder / "二店.xlsx", "二店.xlsx")
    (folder / "二店.xlsx").unlink()
    told = lines(xlsales("collect", book, folder, "--json"))
    assert [told[store]["state"] for store in STORES[:3]] == ["returned", "refused", "missing"]
    assert "二店.zip 是 .zip 文件" in told["二店"]["why"]
    with zipfile.ZipFile(folder / "二店.zip") as packed:  # as it says: the workbook itself
        packed.extractall(folder)
    (folder / "二店.zip").unlink()
    assert lines(xlsales("collect", book, folder, "--json"))["二店"]["state"] == "returned"
