"""The same sales pasted by headquarters and collected from a store: told with both amounts, counted once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, Ran, Rows, answer, paste, plan, swap
from tests.commands.store_files import TODAY, StoreFile
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
SOLD = {f"2026-01-{n:02}": 9000.5 + n for n in range(5, 11)}
"""What 徐汇店 types: 5 to 10 January."""
HEAD = ["日期", "门店", "金额"]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)


def collected(home: Path, xlsales: Command, rows: Rows, also: str = "") -> Path:
    """A plan of three stores with these rows pasted, into which 徐汇店's days were collected, and those of `also`."""
    book, folder = home / "计划.xlsx", home / "交回"
    stores = [{"dimension": "门店", "member": name, "weight": 1} for name in ("徐汇店", "静安店", "虹口店")]
    plan(book, dimensions=stores, plan_name="2026年度", total=1080, step=100)
    assert xlsales("split", book).code == 0
    xlsales("handout", book, folder)
    for store in filter(None, ("徐汇店", also)):
        StoreFile(folder / f"{store}.xlsx", store).type({(day, "entry"): amount for day, amount in SOLD.items()})
    paste(book, [HEAD, *rows])
    xlsales("collect", book, folder)
    return book


def day(n: int, month: int = 1) -> dt.date:
    return dt.date(2026, month, n)


def told(ran: Ran) -> list[str]:
    return [p["sentence"] for p in ran.json["problems"] if "粘贴" in p["sentence"]]


DIFFERENT = [[day(5), "徐汇店", 4000], [day(5), "徐汇店", 3000], [day(6), "徐汇店", 100], [day(6), "静安店", 700]]
ALIKE = [[day(n), "徐汇店", SOLD[f"2026-01-{n:02}"]] for n in (5, 6)]
MONTHLY = [["2026-01", "徐汇店", 280_000], ["2026-02", "徐汇店", 1000], ["2026-01", "静安店", 7]]
ON_THE_FIRST = [[day(1), "徐汇店", 280_000], [day(1, 2), "徐汇店", 260_000], [day(1), "静安店", 300_000]]
ON_THE_LAST = [[day(31), "徐汇店", 280_000], [day(28, 2), "徐汇店", 260_000]]
DAYS_BEFORE = [[day(n, 2), "徐汇店", 4000] for n in range(1, 21)] + [[day(31), "徐汇店", 280_000]]
BY_PRODUCT = [[day(31), "徐汇店", 8994.5 + n] for n in range(12)] + [[day(28, 2), "徐汇店", 5000]]
TWO_WAYS = [["2026-02", "徐汇店", 260_000], [day(31), "徐汇店", 280_000]]
MEETING = "有 2 天既有粘贴的数据(第 2 行起,合计 7,100),又有门店交回的(第 6 行起,合计 18,012)"
ALL = sum(SOLD.values())
TWO = SOLD["2026-01-05"] + SOLD["2026-01-06"]


@pytest.mark.parametrize(
    ("rows", "pasted_first", "collected_first", "says"),
    [
        (DIFFERENT, 7800 + ALL - TWO, 700 + ALL, MEETING),
        (ALIKE, ALL, ALL, "金额相同"),
        (MONTHLY, 281_007, 1007 + ALL, "有 6 天既有粘贴的数据(第 2 行起,合计 280,000)"),
        (ON_THE_FIRST, 840_000, 560_000 + ALL, "合计 280,000"),
        (ON_THE_LAST, 540_000, 260_000 + ALL, "合计 280,000"),
        (DAYS_BEFORE, 360_000, 80_000 + ALL, "有 6 天既有粘贴的数据(第 22 行起,合计 280,000)"),
        (BY_PRODUCT, 113_000, 5000 + ALL, "有 6 天既有粘贴的数据(第 2 行起,合计 108,000)"),
        (TWO_WAYS, 540_000, 260_000 + ALL, "有 6 天既有粘贴的数据(第 3 行起,合计 280,000)"),
    ],
    ids=["different", "alike", "months as text", "months on the 1st", "months on the last", "a month beside days",
         "a month by product", "a month as text, one on its last day"],
)  # fmt: skip
def test_counted_once_by_the_rule(
    tmp_path: Path, xlsales: Command, rows: Rows, pasted_first: float, collected_first: float, says: str
) -> None:
    """Left blank, the pasted ones count and it asks; the rule that is then chosen in the cell it names is followed."""
    book = collected(tmp_path, xlsales, rows)
    ran = xlsales("refresh", book, "--json")
    assert ran.json["actual"] == pytest.approx(pasted_first, abs=1e-6)
    (sentence,) = told(ran)
    assert says in sentence
    assert "只计粘贴的" in sentence
    cell = sentence.partition("请在 ")[2].partition("(重复来源)")[0]
    sheet, _, address = cell.partition("!")
    assert (sheet, bool(address)) == ("设置", True)
    amounts = ran.json["amounts"]
    assert amounts["found"] == pytest.approx(amounts["accepted"] + amounts["set_aside"], abs=1e-6)
    for choice, actual in (("门店优先", collected_first), ("总部优先", pasted_first)):
        answer(book, "same_twice", choice)
        ran = xlsales("refresh", book, "--json")
        assert ran.json["actual"] == pytest.approx(actual, abs=1e-6)
        assert len(told(ran)) == 1
    answer(book, "same_twice", "都计入")
    ran = xlsales("refresh", book, "--json")
    assert ran.json["actual"] == pytest.approx(sum(row[2] for row in rows) + ALL, abs=1e-6)  # type: ignore[misc]
    assert not told(ran)


@pytest.mark.parametrize(
    "rows",
    [
        [[day(4), "徐汇店", 8000], [day(11), "徐汇店", 8000]],
        [[day(5), "静安店", 8000]],
        [[day(1), "徐汇店", 8000]],
        [["2026-02", "徐汇店", 280_000]],
        [[day(31), "徐汇店", 8000], [day(28, 2), "徐汇店", 9000]],
    ],
    ids=["other days", "another store", "a day that is the first", "another month", "days that are the last"],
)
def test_what_does_not_meet_counts(tmp_path: Path, xlsales: Command, rows: Rows) -> None:
    """Other days, other stores and other months of pasted rows stand beside what was collected, without a word."""
    book = collected(tmp_path, xlsales, rows)
    ran = xlsales("refresh", book, "--json")
    assert ran.json["actual"] == pytest.approx(sum(row[2] for row in rows) + ALL, abs=1e-6)  # type: ignore[misc]
    assert not told(ran)
    assert ran.json["rows"]["set_aside"] == 0


def test_stores_that_agree_are_one_finding(tmp_path: Path, xlsales: Command) -> None:
    """Sixty stores whose pasted and collected amounts agree are one line, those that differ stand for themselves."""
    rows = [[day(n), store, SOLD[f"2026-01-{n:02}"]] for store in ("徐汇店", "静安店") for n in (5, 6)]
    ran = xlsales("refresh", collected(tmp_path, xlsales, rows, also="静安店"), "--json")
    assert ran.json["actual"] == pytest.approx(2 * ALL)
    (sentence,) = told(ran)
    assert "有 2 个“门店”的数据既粘贴了(第 2 行起)、又交回了" in sentence


def test_a_plan_of_an_earlier_version_has_another_remedy(tmp_path: Path, xlsales: Command) -> None:
    """A plan without the cell is told to delete the rows of one source; that ends it."""
    book = collected(tmp_path, xlsales, DIFFERENT)
    swap(book, 'name="xs_same_twice"', 'name="was_same_twice"', "xl/workbook.xml")
    (sentence,) = told(xlsales("refresh", book, "--json"))
    assert "请核对,并删去其中一处的这些行" in sentence
    paste(book, [HEAD, *DIFFERENT[3:]])
    xlsales("collect", book, tmp_path / "交回")
    ran = xlsales("refresh", book, "--json")
    assert (ran.json["actual"], told(ran)) == (pytest.approx(ALL + 700), [])
