"""A commitment that is accepted leaves an amount: who carries it is asked before it is written, and a cell decides."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, Ran, answer, opened, place_of, plan, swap, type_in
from tests.commands.store_files import TODAY, StoreFile
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
TREE = {"徐汇店": "上海", "静安店": "上海", "朝阳店": "北京", "海淀店": "北京"}
CHOICES = {
    "zh": {"siblings": "兄弟分摊", "reserve": "预留", "lower": "降低总目标"},
    "en": {"siblings": "siblings", "reserve": "reserve", "lower": "lower total"},
}
WORDS = {"zh": ("承诺", "是", "由其他成员分担"), "en": ("Commitments", "yes", "which others carry")}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)


def accepted(
    home: Path, xlsales: Command, months: range, amount: float = 170_000.0, rest: str | None = None, lang: str = "zh"
) -> Path:
    """Four stores of 30万 a month in two cities; 徐汇店 commits to less in some months, and that is accepted."""
    book, folder = home / "计划.xlsx", home / "交回"
    sheet, yes, _ = WORDS[lang]
    rows: list[dict[str, object]] = [{"dimension": "门店", "member": city, "weight": 1} for city in ("上海", "北京")]
    rows += [{"dimension": "门店", "member": s, "parent": city, "weight": 1} for s, city in TREE.items()]
    rows += [{"dimension": "产品", "member": name, "weight": 1} for name in ("男装", "女装")]
    plan(book, lang=lang, dimensions=rows, plan_name="2026年度", total=360 * len(TREE), step=100)
    assert xlsales("split", book).code == 0
    xlsales("handout", book, folder, "--dimension", "门店")
    cells: dict[tuple[str, str], float | str] = {(f"2026-{n:02}", "commitment"): amount for n in months}
    cells |= {(f"2026-{n:02}", "reason"): "门前修路" for n in months}
    store = StoreFile(folder / "徐汇店.xlsx", "徐汇店")
    store.type(cells, {"zh": "承诺", "en": "Commitment"}[lang])
    xlsales("collect", book, folder, "--dimension", "门店")
    for n in range(len(months)):
        type_in(book, sheet, f"H{5 + n}", yes)
        if rest:
            type_in(book, sheet, f"I{5 + n}", CHOICES[lang][rest])
    return book


def told(ran: Ran, lang: str = "zh") -> list[str]:
    return [p["sentence"] for p in ran.json["problems"] if WORDS[lang][2] in p["sentence"]]


def other_stores(book: Path, column: str) -> dict[str, float]:
    shown = opened(book).dimension("门店")
    return {store: shown.value(f"m:{store}", column) for store in ("静安店", "朝阳店", "海淀店")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_asked_before_it_is_written(tmp_path: Path, xlsales: Command, lang: str) -> None:
    """All other stores carry it, +14 % each: the split ends without a change until it is told what to do."""
    book = accepted(tmp_path, xlsales, range(3, 5), lang=lang)
    before = book.read_bytes()
    (sentence,) = told(xlsales("check", book, "--json"), lang)
    assert "2026-03 – 2026-04" in sentence
    assert sentence.count("(+14%)") == 3
    ran = xlsales("split", book)
    assert (ran.code, book.read_bytes()) == (2, before)
    (said,) = ran.sentences
    assert said.startswith(f"{WORDS[lang][0]}!I5: ")
    assert said.endswith(sentence)
    assert xlsales("split", book, "--close").code == 2  # that answers another question
    assert told(xlsales("split", book, "--yes", "--json"), lang) == [sentence]
    assert sum(other_stores(book, "t:2026-03").values()) == 103 * WAN
    done = book.read_bytes()
    assert not told(xlsales("split", book, "--json"), lang)
    assert book.read_bytes() == done


def test_a_little_is_not_asked(tmp_path: Path, xlsales: Command) -> None:
    """Where no other target rises by a tenth, nothing is said."""
    book = accepted(tmp_path, xlsales, range(3, 5), 280_000.0)
    assert not told(xlsales("split", book, "--json"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("months", [range(1, 13), range(3, 5)], ids=["the year", "two months"])
@pytest.mark.parametrize("rest", ["siblings", "reserve", "lower"])
def test_each_choice_is_followed(tmp_path: Path, xlsales: Command, months: range, rest: str, lang: str) -> None:
    """As the sentence says: siblings' targets, the unassigned line, the total, closing sums, proofs, a second run."""
    book = accepted(tmp_path, xlsales, months, rest=rest, lang=lang)
    less = 13 * WAN * len(months)
    ran = xlsales("split", book, "--json")
    assert (ran.err, ran.code) == ("", 0)
    assert not told(ran, lang)
    assert set(ran.json["residuals"].values()) == {0}
    shown = opened(book)
    stores, goods = shown.dimension("门店"), shown.dimension("产品")
    for n in months:
        carried = other_stores(book, f"t:2026-{n:02}")
        if rest == "siblings":
            assert sum(carried.values()) == 103 * WAN
        else:
            assert carried == dict.fromkeys(carried, 30 * WAN)
    for n in set(range(1, 13)) - set(months):
        assert all(value == 30 * WAN for value in other_stores(book, f"t:2026-{n:02}").values())
    total = 1440 * WAN - (less if rest == "lower" else 0)
    assert stores.value("total", "target") == goods.value("total", "target") == total
    assert shown.sheet("time").value("total", "target") == total
    city, two = (
        sum(stores.value(f"m:{name}", "target") for name in names) for names in (["上海"], ["徐汇店", "静安店"])
    )
    assert city == {"lower": 720 * WAN - less, "reserve": 720 * WAN, "siblings": two}[rest]
    reserve = [key for key in stores.rows if key.startswith("unassigned")]
    assert sum(stores.value(key, "target") for key in reserve if stores.value(key, "target")) == (
        less if rest == "reserve" else 0
    )
    sheet, cell = place_of(book, "total").split("!")
    assert shown.book[sheet][cell].value == 1440
    done = book.read_bytes()
    again = xlsales("split", book, "--json")
    assert (again.code, again.json["changed"], book.read_bytes()) == (0, False, done)


@pytest.mark.parametrize("rest", ["reserve", "lower"])
def test_closing_the_months_and_refreshing_changes_no_target(tmp_path: Path, xlsales: Command, rest: str) -> None:
    """Closed with its choice, a month stays; the total is not said to have changed."""
    book = accepted(tmp_path, xlsales, range(1, 3), rest=rest)
    assert xlsales("split", book).code == 0
    before = {n: other_stores(book, f"t:2026-{n:02}") for n in range(1, 13)}
    answer(book, "closed_through", "2026-02-28")
    ran = xlsales("split", book, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert {n: other_stores(book, f"t:2026-{n:02}") for n in range(1, 13)} == before
    assert ran.json["changes"] == []
    again = xlsales("refresh", book, "--as-of", "2026-02-28", "--json")
    assert not [p for p in again.json["problems"] if "请运行“分解目标”" in p["sentence"]]


def test_an_older_table_without_the_column_works_and_gets_it_by_hand(tmp_path: Path, xlsales: Command) -> None:
    """A blank choice is asked about; the column that the sentence speaks of is typed at the right of the table."""
    book = accepted(tmp_path, xlsales, range(3, 5))
    swap(book, "差额由", "自己的列")
    assert xlsales("split", book).code == 2
    swap(book, "自己的列", "差额由")
    for address in ("I5", "I6"):
        type_in(book, "承诺", address, "预留")
    ran = xlsales("split", book)
    assert ran.code == 0, ran.err
    assert set(other_stores(book, "t:2026-03").values()) == {30 * WAN}


def test_what_is_no_choice_is_said_at_its_cell(tmp_path: Path, xlsales: Command) -> None:
    """A word of one's own is refused with the list."""
    book = accepted(tmp_path, xlsales, range(3, 5))
    type_in(book, "承诺", "I5", "大家")
    (said,) = xlsales("split", book).sentences
    assert said == "承诺!I5: “差额由”是“大家”。请从下拉列表里选:兄弟分摊、预留、降低总目标。"


def promised(home: Path, xlsales: Command, amounts: dict[str, float], rest: str = "") -> Path:
    """Four stores of 30万 a month; these commit to so much in March and April, and all of it is accepted."""
    book = accepted(home, xlsales, range(0))
    folder = home / "交回"
    for store, amount in amounts.items():
        cells: dict[tuple[str, str], float | str] = {(f"2026-{n:02}", "commitment"): amount for n in (3, 4)}
        cells |= {(f"2026-{n:02}", "reason"): "门前修路" for n in (3, 4)}
        StoreFile(folder / f"{store}.xlsx", store).type(cells, "承诺")
    xlsales("collect", book, folder, "--dimension", "门店")
    for n in range(2 * len(amounts)):
        type_in(book, "承诺", f"H{5 + n}", "是")
        if rest:
            type_in(book, "承诺", f"I{5 + n}", rest)
    return book


@pytest.mark.parametrize(
    ("amounts", "says"),
    [
        ({"徐汇店": 170_000.0, "朝阳店": 230_000.0}, "接受“徐汇店”、“朝阳店”2026-03 – 2026-04的承诺后少 40万元"),
        ({"徐汇店": 100_000.0, "静安店": 360_000.0}, "接受“徐汇店”2026-03 – 2026-04的承诺后少 28万元"),
    ],
    ids=["two to less", "one to less, one to more"],
)
@pytest.mark.parametrize("rest", ["预留", "降低总目标"])
def test_several_commitments_are_one_account(
    tmp_path: Path, xlsales: Command, amounts: dict[str, float], says: str, rest: str
) -> None:
    """What all leave together is told once; who promised is no payer, and either way out spares all others."""
    book = promised(tmp_path, xlsales, amounts)
    (sentence,) = told(xlsales("check", book, "--json"))
    assert says in sentence
    assert sentence.count("(+") == 2
    for n in range(2 * len(amounts)):
        type_in(book, "承诺", f"I{5 + n}", rest)
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


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_commitment_for_a_month_that_is_closed(tmp_path: Path, xlsales: Command, lang: str) -> None:
    """Told at its 接受 with the one thing to do: clear it. Then the split works and the month is as it was."""
    book = accepted(tmp_path, xlsales, range(3, 4), lang=lang)
    answer(book, "closed_through", dt.date(2026, 4, 30))
    ran = xlsales("split", book)
    assert ran.code == 2
    (sentence,) = ran.sentences
    assert (
        sentence
        == {
            "zh": "承诺!H5: 徐汇店 2026-03 已关账,目标是 30万元,承诺 17万元 来不及生效。请清空这一行的“接受”。",
            "en": "Commitments!H5: 徐汇店 2026-03 is closed with 30 (10k yuan): the commitment of 17 (10k yuan) "
            'comes too late. Clear "Accepted" in this row.',
        }[lang]
    )
    type_in(book, WORDS[lang][0], "H5", "")
    assert xlsales("split", book).code == 0
    assert opened(book).dimension("门店").value("m:徐汇店", "t:2026-03") == 30 * WAN


def test_a_commitment_taken_before_its_month_closed_stays(tmp_path: Path, xlsales: Command) -> None:
    """It was accepted in time: closed with it, nothing is said."""
    book = accepted(tmp_path, xlsales, range(3, 4), rest="siblings")
    assert xlsales("split", book).code == 0
    answer(book, "closed_through", dt.date(2026, 4, 30))
    ran = xlsales("split", book)
    assert (ran.code, ran.err) == (0, "")
    assert opened(book).dimension("门店").value("m:徐汇店", "t:2026-03") == 17 * WAN
