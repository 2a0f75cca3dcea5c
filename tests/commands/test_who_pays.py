"""A commitment that is accepted leaves an amount: who carries it is told, before it is written too, with other ways."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, Ran, answer, opened, plan, type_in
from tests.commands.store_files import TODAY, StoreFile
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
TREE = {"徐汇店": "上海", "静安店": "上海", "朝阳店": "北京", "海淀店": "北京"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)


def accepted(home: Path, xlsales: Command, months: range, amount: float = 170_000.0) -> Path:
    """Four stores of 30万 a month in two cities; 徐汇店 commits to less in some months, and that is accepted."""
    book, folder = home / "计划.xlsx", home / "交回"
    rows: list[dict[str, object]] = [{"dimension": "门店", "member": city, "weight": 1} for city in ("上海", "北京")]
    rows += [{"dimension": "门店", "member": s, "parent": city, "weight": 1} for s, city in TREE.items()]
    plan(book, dimensions=rows, plan_name="2026年度", total=360 * len(TREE), step=100)
    assert xlsales("split", book).code == 0
    xlsales("handout", book, folder)
    cells: dict[tuple[str, str], float | str] = {(f"2026-{n:02}", "commitment"): amount for n in months}
    cells |= {(f"2026-{n:02}", "reason"): "门前修路" for n in months}
    StoreFile(folder / "徐汇店.xlsx", "徐汇店").type(cells, "承诺")
    xlsales("collect", book, folder)
    for n in range(len(months)):
        type_in(book, "承诺", f"H{5 + n}", "是")
    return book


def told(ran: Ran) -> list[str]:
    return [p["sentence"] for p in ran.json["problems"] if "由其他成员分担" in p["sentence"]]


def other_stores(book: Path, column: str) -> dict[str, float]:
    shown = opened(book).dimension("门店")
    return {store: shown.value(f"m:{store}", column) for store in ("静安店", "朝阳店", "海淀店")}


def test_it_is_told_before_it_is_written_and_once(tmp_path: Path, xlsales: Command) -> None:
    """All other stores carry it: +14 % for each, told by a check and by the split, then no more."""
    book = accepted(tmp_path, xlsales, range(3, 5))
    before = book.read_bytes()
    (sentence,) = told(xlsales("check", book, "--json"))
    assert book.read_bytes() == before
    assert "接受“徐汇店”2026-03 – 2026-04的承诺后少 26万元,由其他成员分担:" in sentence
    ran = xlsales("split", book, "--json")
    assert told(ran) == [sentence]
    assert sentence.count("(+14%)") == 3
    assert sum(other_stores(book, "t:2026-03").values()) == 103 * WAN
    done = book.read_bytes()
    assert not told(xlsales("split", book, "--json"))
    assert book.read_bytes() == done


def test_a_little_is_not_told(tmp_path: Path, xlsales: Command) -> None:
    """Where no other target rises by a tenth, nothing is said."""
    book = accepted(tmp_path, xlsales, range(3, 5), 280_000.0)
    assert not told(xlsales("split", book, "--json"))


def follow(book: Path, sentence: str, way: str, *, whole: bool) -> None:
    """Do what a sentence says: keep a reserve, or lower the total."""
    reserve, _, lower = sentence.partition("要降低总目标")
    by_month = dict(re.findall(r"(2026-\d\d) = (\d+)", reserve if way == "reserve" else lower))
    if way == "lower":
        total = re.search(r"总目标改为 (\d+)", sentence)
        assert total
        answer(book, "total", float(total[1]))
    else:
        locked = re.search("“锁定目标”填 (\\d+)", sentence)
        row = next(c.row for c in opened(book).book["维度"]["B"] if c.value is None and c.row > 5)
        cells = {"B": "门店", "C": "预留", "D": "上海", **({"G": float(locked[1])} if locked else {"F": 0.0})}
        for letter, value in cells.items():
            type_in(book, "维度", f"{letter}{row}", value)
    assert bool(by_month) is not whole
    for n, (month, amount) in enumerate(by_month.items(), 5):
        scope = {"B": "门店", "C": "预留"} if way == "reserve" else {}
        for letter, value in {**scope, "D": month, "E": float(amount)}.items():
            type_in(book, "锁定", f"{letter}{n}", value)


@pytest.mark.parametrize("months", [range(1, 13), range(3, 5)], ids=["the year", "two months"])
@pytest.mark.parametrize("way", ["reserve", "lower"])
def test_the_other_ways_are_followed(tmp_path: Path, xlsales: Command, months: range, way: str) -> None:
    """A reserve, or a lower total, as the sentence says: no store carries anything in these months."""
    book = accepted(tmp_path, xlsales, months)
    (sentence,) = told(xlsales("check", book, "--json"))
    follow(book, sentence, way, whole=len(months) == 12)
    ran = xlsales("split", book, "--json")
    assert ran.err == ""
    assert not told(ran)
    assert set(ran.json["residuals"].values()) == {0}
    for n in months:
        carried = other_stores(book, f"t:2026-{n:02}")
        assert carried == dict.fromkeys(carried, 30 * WAN)
    if way == "reserve":
        assert opened(book).dimension("门店").value("m:预留", "target") == 13 * WAN * len(months)


def promised(home: Path, xlsales: Command, amounts: dict[str, float]) -> Path:
    """Four stores of 30万 a month; these commit to so much in March and April, and all of it is accepted."""
    book = accepted(home, xlsales, range(0))
    folder = home / "交回"
    for store, amount in amounts.items():
        cells: dict[tuple[str, str], float | str] = {(f"2026-{n:02}", "commitment"): amount for n in (3, 4)}
        cells |= {(f"2026-{n:02}", "reason"): "门前修路" for n in (3, 4)}
        StoreFile(folder / f"{store}.xlsx", store).type(cells, "承诺")
    xlsales("collect", book, folder)
    for n in range(2 * len(amounts)):
        type_in(book, "承诺", f"H{5 + n}", "是")
    return book


@pytest.mark.parametrize(
    ("amounts", "says"),
    [
        ({"徐汇店": 170_000.0, "朝阳店": 230_000.0}, "接受“徐汇店”、“朝阳店”2026-03 – 2026-04的承诺后少 40万元"),
        ({"徐汇店": 100_000.0, "朝阳店": 360_000.0}, "接受“徐汇店”2026-03 – 2026-04的承诺后少 28万元"),
    ],
    ids=["two to less", "one to less, one to more"],
)
@pytest.mark.parametrize("way", ["reserve", "lower"])
def test_several_commitments_are_one_account(
    tmp_path: Path, xlsales: Command, amounts: dict[str, float], says: str, way: str
) -> None:
    """What all leave together is told once; who promised is no payer, and either way out spares all others."""
    book = promised(tmp_path, xlsales, amounts)
    (sentence,) = told(xlsales("check", book, "--json"))
    assert says in sentence
    assert sentence.partition("认可")[0].count("(+") == 2  # 静安店, 海淀店
    follow(book, sentence, way, whole=False)
    ran = xlsales("split", book, "--json")
    assert (ran.code, told(ran)) == (0, [])
    shown = opened(book).dimension("门店")
    for n in (3, 4):
        found = {store: shown.value(f"m:{store}", f"t:2026-{n:02}") for store in TREE}
        assert found == dict.fromkeys(TREE, 30 * WAN) | amounts


def test_promises_that_make_up_for_each_other(tmp_path: Path, xlsales: Command) -> None:
    """What one takes off and another adds is nobody else's: nothing is told."""
    book = promised(tmp_path, xlsales, {"徐汇店": 170_000.0, "朝阳店": 430_000.0})
    assert not told(xlsales("split", book, "--json"))
    assert other_stores(book, "t:2026-03") == {"静安店": 30 * WAN, "朝阳店": 43 * WAN, "海淀店": 30 * WAN}
