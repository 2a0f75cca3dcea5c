"""Targets change while stores fill in their files: which version counts, what is said, and what is closed by then."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import Command, opened, place_of, type_in
from tests.commands.store_files import TODAY, StoreFile, saved_at, stores_plan
from tests.commands.test_collect import collected
from xlsales.core.faults import DateRange, Fault
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
STORE = "徐汇店"
EARLY, LATE = "2026-03-02T01:00:00Z", "2026-03-05T01:00:00Z"


@pytest.fixture
def book(tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan that was handed out; its first store has filled in ten days; then the total was raised, and split."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    path, folder = tmp_path / "计划.xlsx", tmp_path / "下发"
    stores_plan(path, [STORE, "静安店"])
    assert xlsales("split", path).code == 0
    assert xlsales("handout", path, folder).code == 0
    fill(folder / f"{STORE}.xlsx", 10)
    (tmp_path / "交回").mkdir()
    set_(path, "total", 800.0)
    assert xlsales("split", path).code == 0
    return path


def set_(book: Path, setting: str, value: float | str) -> None:
    title, address = place_of(book, setting).split("!")
    type_in(book, title, address, value)


def fill(path: Path, days: int, moment: str = EARLY) -> None:
    StoreFile(path, STORE).type({(f"2026-02-{n:02}", "entry"): 9000.0 + 7 * n * n for n in range(1, days + 1)})
    saved_at(path, moment)


def returned(book: Path, xlsales: Command) -> tuple[dict[str, Any], list[str], float]:
    """What is said of the store, every sentence, and the amount that counts."""
    ran = xlsales("collect", book, book.parent / "交回", "--json")
    line = next(line for line in ran.json["stores"] if line["store"] == STORE)
    return line, [problem["sentence"] for problem in ran.json["problems"]], ran.json["amounts"]["accepted"]


def sum_of(days: int) -> float:
    return sum(9000.0 + 7 * n * n for n in range(1, days + 1))


def test_a_filled_file_gets_its_new_targets_beside_it(book: Path, xlsales: Command) -> None:
    """The store's entries stay, the second version lies beside them; again, nothing is written."""
    folder = book.parent / "下发"
    before = (folder / f"{STORE}.xlsx").read_bytes()
    assert xlsales("handout", book, folder, "--json").json["counts"]["beside"] == 1
    assert (folder / f"{STORE}.xlsx").read_bytes() == before
    assert (folder / f"{STORE}_v2.xlsx").exists()
    again = xlsales("handout", book, folder, "--json").json["counts"]
    assert again == {"written": 0, "beside": 0, "unchanged": 2, "kept": 0}


def test_a_first_version_in_the_place_of_the_second_keeps_none_from_the_store(book: Path, xlsales: Command) -> None:
    """Where a returned first version was put over the second, the second is written beside it."""
    folder = book.parent / "下发"
    first = shutil.copy(folder / f"{STORE}.xlsx", book.parent / "first.xlsx")
    (folder / f"{STORE}.xlsx").unlink()
    assert xlsales("handout", book, folder, "--json").json["counts"]["written"] == 2
    shutil.copy(first, folder / f"{STORE}.xlsx")
    ran = xlsales("handout", book, folder, "--json").json
    assert ran["counts"] == {"written": 0, "beside": 1, "unchanged": 1, "kept": 0}
    assert StoreFile(folder / f"{STORE}_v2.xlsx", STORE).row("2026-02-01")
    assert (folder / f"{STORE}.xlsx").read_bytes() == first.read_bytes()


@pytest.mark.parametrize(
    ("first", "second", "taken", "said"),
    [
        ((10, EARLY), None, 10, "第 1 版的文件,之后目标有调整:实际照收"),
        (None, (12, EARLY), 12, ""),
        ((10, EARLY), (12, LATE), 12, "采用的是“徐汇店_v2.xlsx”:它最后保存"),
        ((12, LATE), (10, EARLY), 12, "采用的是“徐汇店.xlsx”:它最后保存"),
        ((10, EARLY), (12, EARLY), 12, "采用的是“徐汇店_v2.xlsx”:它是新版"),
        ((12, LATE), (0, LATE), 12, "这份还没有填任何内容,按“徐汇店.xlsx”算"),
    ],
)
def test_which_of_two_versions_counts(
    book: Path, xlsales: Command, first: Any, second: Any, taken: int, said: str
) -> None:
    """The one saved last; where no times tell, the newer version; never a blank one. What it is by is said."""
    folder, back = book.parent / "下发", book.parent / "交回"
    xlsales("handout", book, folder)
    for name, filled in ((f"{STORE}.xlsx", first), (f"{STORE}_v2.xlsx", second)):
        if filled is not None:
            shutil.copy(folder / name, back / name)
            fill(back / name, *filled)
    line, told, accepted = returned(book, xlsales)
    assert accepted == sum_of(taken)
    assert any(said in sentence for sentence in told) if said else told == []
    assert line["state"] == "returned"


def test_a_file_that_falls_behind_what_was_taken_does_not_take_the_place_of_one_that_does_not(
    book: Path, xlsales: Command
) -> None:
    """The second version was taken; the first, saved again later, holds less: the second still counts."""
    folder, back = book.parent / "下发", book.parent / "交回"
    xlsales("handout", book, folder)
    shutil.copy(folder / f"{STORE}_v2.xlsx", back)
    fill(back / f"{STORE}_v2.xlsx", 12, EARLY)
    assert returned(book, xlsales)[2] == sum_of(12)
    shutil.copy(folder / f"{STORE}.xlsx", back)
    fill(back / f"{STORE}.xlsx", 10, LATE)
    line, told, accepted = returned(book, xlsales)
    assert (line["state"], accepted) == ("returned", sum_of(12))
    assert any("采用的是“徐汇店_v2.xlsx”:它填得最全" in sentence for sentence in told)
    assert any("这一份只填到 2026-02-10,而上次已经收到 2026-02-12" in sentence for sentence in told)
    (back / f"{STORE}.xlsx").unlink()  # the remedy: one is kept
    assert returned(book, xlsales)[1] == []


# --- commitments on months that are closed -----------------------------------


def committed(book: Path, xlsales: Command, month: str, amount: float | str) -> tuple[list[str], int]:
    """Let the store of the second version commit to a month; return what is said, and how many are taken."""
    folder, back = book.parent / "下发", book.parent / "交回"
    if not (back / f"{STORE}.xlsx").exists():
        xlsales("handout", book, folder)
        shutil.copy(folder / f"{STORE}_v2.xlsx", back / f"{STORE}.xlsx")
    file = StoreFile(back / f"{STORE}.xlsx", STORE)
    file.type({(month, "commitment"): amount, (month, "reason"): "门前修路" if amount else ""}, "承诺")
    ran = xlsales("collect", book, back, "--json")
    return [problem["sentence"] for problem in ran.json["problems"] if "承诺" in problem["sheet"]], ran.code


def test_a_commitment_on_a_closed_month_is_told_when_it_is_collected(book: Path, xlsales: Command) -> None:
    """It is not taken, and the store is to clear it; cleared, nothing is said. An open month is taken."""
    set_(book, "closed_through", float((dt.date(2026, 1, 31) - dt.date(1899, 12, 30)).days))
    said = ["2026-01 已经关账,目标不再改,这个承诺没有采用。请清空。"]
    assert committed(book, xlsales, "2026-01", 200_000.0)[0] == said
    assert not committed(book, xlsales, "2026-01", "")[0]
    assert committed(book, xlsales, "2026-02", 200_000.0) == ([], 0)


def test_a_commitment_that_was_answered_before_its_month_closed_is_not_told_again(book: Path, xlsales: Command) -> None:
    """It stands in 承诺 with its answer; the store's next file still carries it."""
    assert committed(book, xlsales, "2026-01", 200_000.0) == ([], 0)
    set_(book, "closed_through", float((dt.date(2026, 1, 31) - dt.date(1899, 12, 30)).days))
    assert committed(book, xlsales, "2026-01", 200_000.0) == ([], 0)
    assert committed(book, xlsales, "2026-01", 210_000.0)[0] != []


# --- stores that closed, or have another name by now ---------------------------


def change_member(book: Path, header: str, value: float | str) -> None:
    """Type into the row of the store in table 维度."""
    sheet = opened(book).book["维度"]
    row = next(row[0].row for row in sheet.iter_rows(min_col=3, max_col=3) if row[0].value in (STORE, NEW_NAME))
    column = next(cell.column_letter for row in sheet.iter_rows(max_row=6) for cell in row if cell.value == header)
    type_in(book, "维度", f"{column}{row}", value)


NEW_NAME = "徐汇旗舰店"


def test_a_store_that_was_renamed_returns_the_file_it_has(book: Path, xlsales: Command) -> None:
    """Its file bears the former name: refused with the remedy; with that name as an alias it counts."""
    shutil.copy(book.parent / "下发" / f"{STORE}.xlsx", book.parent / "交回")
    change_member(book, "成员", NEW_NAME)
    xlsales("split", book, "--yes", "--rewrite")
    ran = xlsales("collect", book, book.parent / "交回", "--json")
    assert [one["sentence"] for one in ran.json["problems"]] == [
        "计划里没有“徐汇店”。请总部在“维度”表里加上它;改过名的,把旧名填在“别名”里,再收一次。"
    ]
    change_member(book, "别名", STORE)
    xlsales("split", book, "--yes", "--rewrite")
    ran = xlsales("collect", book, book.parent / "交回", "--json")
    line = next(line for line in ran.json["stores"] if line["store"] == NEW_NAME)
    assert (line["state"], line["accepted"]) == ("returned", sum_of(10))
    assert ran.json["amounts"]["accepted"] == sum_of(10)
    assert {store for store, *_ in collected(opened(book).book)} == {NEW_NAME}
    before = book.read_bytes()
    assert xlsales("collect", book, book.parent / "交回", "--json").json["changed"] is False
    assert book.read_bytes() == before


def test_sales_after_the_store_closed_are_told(book: Path, xlsales: Command) -> None:
    """They count, one day by its date alone, several as a range; with the date put right nothing is said of them."""
    shutil.copy(book.parent / "下发" / f"{STORE}.xlsx", book.parent / "交回")
    for day, said in ((9, "2026-02-10 有销售 9,700"), (8, "2026-02-09 – 2026-02-10 有销售 19,267"), (10, "")):
        change_member(book, "闭店日", float((dt.date(2026, 2, day) - dt.date(1899, 12, 30)).days))
        assert xlsales("split", book, "--yes", "--rewrite").code in (0, 1)
        line, told, accepted = returned(book, xlsales)
        assert accepted == sum_of(10)
        closed = [sentence for sentence in told if "闭店日" in sentence]
        assert (said in line["why"] and said in closed[0]) if said else closed == []


def test_a_range_of_one_day_is_that_day() -> None:
    """In both languages, days or months."""
    one, more = DateRange(dt.date(2026, 3, 20), dt.date(2026, 3, 20)), DateRange("2026-03", "2026-05")

    class Told(Fault):
        zh = en = "{span}"

    assert [Told(span=one).say(lang) for lang in ("zh", "en")] == ["2026-03-20"] * 2
    assert [Told(span=more).say(lang) for lang in ("zh", "en")] == ["2026-03 – 2026-05", "2026-03 to 2026-05"]
