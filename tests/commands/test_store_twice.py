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


@pytest.mark.parametrize(
    ("rows", "month", "other"),
    [
        ([["2026-01", "徐汇店", 280_000]], "280,000", 0),
        ([["2026年1月", "徐汇店", 20_000]], "20,000", 0),
        ([[day(1), "徐汇店", 280_000]], "280,000", 0),
        ([[day(31), "徐汇店", 200_000], [day(31), "徐汇店", 80_000]], "280,000", 0),
        ([["2026-01", "徐汇店", 250_000], [day(31), "徐汇店", 80_000]], "330,000", 0),
        ([["2026-01", "徐汇店", 250_000], [day(5), "徐汇店", 4000]], "250,000", 1),
    ],
    ids=["text", "text, small", "on the 1st", "on the last, two rows", "text and last day", "text beside a day"],
)
def test_a_pasted_month_beside_days_is_told_when_they_are_collected(
    tmp_path: Path, xlsales: Command, rows: Rows, month: str, other: int
) -> None:
    """The collection says what a refresh would: both sums, which counts; as chosen it is only told."""
    book = collected(tmp_path, xlsales, rows)
    for choice, counts in ((None, "只计粘贴的"), ("总部优先", "只计粘贴的"), ("交回优先", "只计门店交回的")):
        if choice is not None:
            answer(book, "same_twice", choice)
        ran = xlsales("collect", book, tmp_path / "交回", "--json")
        said = told(ran)
        (sentence,) = (text for text in said if "整月合计" in text)
        assert f"“徐汇店”2026-01总部粘贴的是整月合计 {month},又收到交回的 6 天,合计 54,048" in sentence
        assert len(said) == 1 + other
        assert counts in sentence


@pytest.mark.parametrize(
    "rows",
    [
        [["2026-02", "徐汇店", 280_000]],
        [["2026-01", "静安店", 280_000]],
        [["2026-01", "徐汇店", ALL]],
        [[day(31), "徐汇店", 8000]],
        [[day(31), "徐汇店", 280_000], [day(20), "徐汇店", 8000]],
    ],
    ids=["another month", "another store", "the same sum", "a day that is the last", "other days too"],
)
def test_what_does_not_meet_is_not_told_when_it_is_collected(tmp_path: Path, xlsales: Command, rows: Rows) -> None:
    """Nothing is said where a refresh would count all, or either amount is the same."""
    book = collected(tmp_path, xlsales, rows)
    ran = xlsales("collect", book, tmp_path / "交回", "--json")
    assert told(ran) == []


@pytest.fixture
def month_known(tmp_path: Path, xlsales: Command) -> Path:
    """A plan whose January of 徐汇店 was pasted as one sum and handed out so; the store then typed six days of it."""
    book, folder = tmp_path / "计划.xlsx", tmp_path / "交回"
    stores = [{"dimension": "门店", "member": name, "weight": 1} for name in ("徐汇店", "静安店")]
    rows = [HEAD, [day(31), "徐汇店", 280_000], [day(31), "静安店", 270_000]]
    plan(book, dimensions=stores, plan_name="2026年度", total=720, step=100, actuals=rows)
    xlsales("split", book)
    xlsales("handout", book, folder)
    StoreFile(folder / "徐汇店.xlsx", "徐汇店").type({(key, "entry"): amount for key, amount in SOLD.items()})
    return book


@pytest.mark.parametrize(
    ("remedy", "actual"),
    [
        (None, 550_000),
        ("总部优先", 550_000),
        ("交回优先", 270_000 + ALL),
        ("都计入", 550_000 + ALL),
        ("删去", 270_000 + ALL),
    ],
)
def test_days_typed_into_a_month_that_is_known_by_its_sum(
    xlsales: Command, month_known: Path, remedy: str | None, actual: float
) -> None:
    """They double the sum and are set aside, until the sum is deleted or another rule is chosen."""
    if remedy == "删去":
        paste(month_known, [HEAD, [day(31), "静安店", 270_000]])
    elif remedy is not None:
        answer(month_known, "same_twice", remedy)
    ran = xlsales("collect", month_known, month_known.parent / "交回", "--json")
    said = [p["sentence"] for p in ran.json["problems"] if "总部已有合计 280,000" in p["sentence"]]
    assert bool(said) == (remedy in (None, "总部优先"))
    assert all("删去这笔合计(或在“重复来源”选交回优先),再收一次" in sentence for sentence in said)
    ran = xlsales("refresh", month_known, "--json")
    assert ran.json["actual"] == pytest.approx(actual, abs=1e-6)
