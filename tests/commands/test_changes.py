"""What a split changes is told, and asked where months with complete actuals change."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import WAN, Command, Rows, answer, fill_in, members, opened, place_of, plan, type_in
from xlsales.ooxml.book import Book

pytestmark = pytest.mark.unit

STORES = {"徐汇店": 3, "静安店": 2, "浦东店": 1}
MONTHS = [f"2026-{m:02}" for m in range(1, 13)]
SEPTEMBER = {"period": "2026-09", "amount": 80}  # of which 徐汇店 40
AUGUST = dt.date(2026, 8, 31)


def sales(through: int, names: Sequence[str] = tuple(STORES)) -> Rows:
    """A sale on the last day of each month through a month, store by store in turn."""
    ends = [(dt.date(2026, m, 28) + dt.timedelta(4)).replace(day=1) - dt.timedelta(1) for m in range(1, through + 1)]
    return [("日期", "门店", "金额"), *((day, names[i % len(names)], 500_000) for i, day in enumerate(ends))]


def months(book: Path, store: str) -> list[float]:
    shown = opened(book).dimension("门店")
    return [round(shown.value(f"m:{store}", f"t:{m}") / WAN, 6) for m in MONTHS]


def closed_through(book: Path) -> object:
    title, _, cell = place_of(book, "closed_through").partition("!")
    return opened(book).book[title][cell].value


@pytest.fixture
def book(xlsales: Command, tmp_path: Path) -> Path:
    """Three stores, 10万 per unit of weight and month; eight months sold, split and refreshed, nothing closed."""
    path = plan(tmp_path / "计划.xlsx", total=720, dimensions=members({"门店": STORES}), actuals=sales(8))
    first = xlsales("split", path)
    assert (first.code, "目标改动" in first.out) == (0, False)
    assert xlsales("refresh", path).code == 0
    return path


def test_nothing_changes_nothing_is_asked(xlsales: Command, book: Path) -> None:
    """A split that changes no target says nothing of changes."""
    again = xlsales("split", book)
    assert (again.code, "目标改动" in again.out) == (0, False)
    assert xlsales("check", book).code == 0


def test_a_lock_that_would_rewrite_past_months(xlsales: Command, book: Path) -> None:
    """September is locked, nothing is closed: refused with months, members and amounts; nothing written."""
    fill_in(book, "xs_locks", 0, **SEPTEMBER)
    before = book.read_bytes()
    ran = xlsales("split", book)
    assert (ran.code, book.read_bytes() == before) == (2, True)
    (sentence,) = ran.sentences
    assert sentence.startswith(place_of(book, "closed_through") + ": ")
    for part in (
        "8 个月(2026-01 – 2026-08)的实际已经完整",
        "门店:3 个成员",
        "徐汇店",
        "--close",
        "--rewrite",
        "2026-08-31",
    ):
        assert part in sentence
    assert "2026-09" not in sentence
    checked = xlsales("check", book)
    assert (checked.code, book.read_bytes() == before) == (1, True)
    assert "的实际已经完整" in checked.out
    assert "目标改动:" in checked.out


@pytest.mark.parametrize("way", ["--close", "cell"])
def test_closing_keeps_what_was_asked_of_past_months(xlsales: Command, book: Path, way: str) -> None:
    """Either remedy of the sentence: with --close, or with the date typed into 已关账至. The other months pay."""
    was = {store: months(book, store) for store in STORES}
    fill_in(book, "xs_locks", 0, **SEPTEMBER)
    if way == "cell":
        answer(book, "closed_through", AUGUST)
    ran = xlsales("split", book, "--verbose", *(["--close"] if way == "--close" else []))
    assert ran.code == 0
    assert closed_through(book) == dt.datetime.combine(AUGUST, dt.time())
    now = {store: months(book, store) for store in STORES}
    assert all(now[store][:8] == was[store][:8] for store in STORES)
    assert now["徐汇店"][8] == 40
    assert sum(map(sum, now.values())) == pytest.approx(720)
    assert "目标改动:" in ran.out
    assert "2026-09" in ran.out
    assert "2026-08 " not in ran.out
    again = xlsales("split", book)
    assert (again.code, "没有变化" in again.out) == (0, True)


def test_yes_changes_past_months_too(xlsales: Command, book: Path) -> None:
    """With --yes all months change, as they would in a fresh plan; what changed is told."""
    fill_in(book, "xs_locks", 0, **SEPTEMBER)
    ran = xlsales("split", book, "--rewrite", "--json")
    assert ran.code == 0
    assert closed_through(book) is None
    changes = [c for c in ran.json["changes"] if c["dimension"]]
    assert {c["month"] for c in ran.json["changes"] if not c["dimension"]} == set(MONTHS)
    assert {c["month"] for c in changes} == set(MONTHS)
    assert [c["complete"] for c in changes if c["month"] == "2026-08"] == [True] * 3
    sums: Counter[object] = Counter()
    for c in changes:
        sums[c["dimension"]] += round(c["to"] - c["from"], 2)
        assert (c["from"], c["to"]) != (c["to"], c["from"])
    assert sums["门店"] == 0
    shown = opened(book).dimension("门店")
    for c in changes:
        assert shown.value(f"m:{c['member']}", f"t:{c['month']}") == pytest.approx(c["to"])


def test_future_months_are_told_not_asked(xlsales: Command, book: Path) -> None:
    """On a normal Monday: closed through August, 60万 more; told by month, member and amount, and done."""
    answer(book, "closed_through", AUGUST)
    answer(book, "total", 780)
    ran = xlsales("split", book, "--verbose")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert "目标改动:公司整体 4 个月,共加 60万元;门店 3 个成员;见“目标版本”。" in lines
    told = lines[lines.index("目标改动:") + 1 :][:2]
    assert told[0].strip().startswith("公司整体:4 个月(2026-09 – 2026-12),加 60万元;最大")
    assert told[1].strip().startswith("门店:3 个成员、4 个月(2026-09 – 2026-12),加 60万元;最大")
    assert "徐汇店 2026-09 30万元 → 37.5万元" in told[1]


def test_closing_is_written_also_where_nothing_else_changes(xlsales: Command, book: Path) -> None:
    """A target of March typed over by hand: to close keeps it, and writes only the date."""
    shown = opened(book).dimension("门店")
    cells = [shown.cell(f"m:{store}", f"t:{m}") for store in ("徐汇店", "静安店") for m in ("2026-02", "2026-03")]
    for cell, value in zip(cells, (31, 29, 19, 21), strict=True):
        type_in(book, "按门店", cell.coordinate, value * WAN)
    assert xlsales("split", book).code == 2
    assert xlsales("split", book, "--close").code in (0, 1)
    assert months(book, "徐汇店")[1:3] == [31, 29]
    assert closed_through(book) == dt.datetime.combine(AUGUST, dt.time())


def test_actuals_from_a_file_count_as_complete(xlsales: Command, tmp_path: Path) -> None:
    """Refreshed from a file: a later split without it still knows which months have actuals, by the sheets."""
    book = plan(tmp_path / "计划.xlsx", total=720, dimensions=members({"门店": STORES}))
    file = plan(tmp_path / "实际.xlsx", actuals=sales(3))
    assert xlsales("split", book).code == 0
    assert xlsales("refresh", book, "--actuals", f"{file}:实际").code == 0
    fill_in(book, "xs_locks", 0, **SEPTEMBER)
    ran = xlsales("split", book)
    assert ran.code == 2
    assert "3 个月(2026-01 – 2026-03)" in ran.err


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"total": 780}, True),
        ({"day_method": "工作日"}, True),
        ({"step": 500}, False),  # months are whole in it already, and days in yuan
        ({"day_step": 500}, False),  # days move by rounding alone: those of complete months stay
        ({"clock": "日历天"}, False),
        ({"plan_name": "新名"}, False),
        ({"lamp_green": 0.9}, False),
        ({"closed_through": AUGUST, "total": 780}, False),
        ({"closed_through": dt.date(2026, 7, 31), "total": 780}, True),
        ({"closed_through": dt.date(2026, 8, 30), "total": 780}, True),
    ],
)
def test_when_it_is_asked(xlsales: Command, book: Path, change: dict[str, Any], asked: bool) -> None:
    """Only where a target of a complete, open month changes, days included: not for what changes no target."""
    for setting, value in change.items():
        answer(book, setting, value)
    assert (xlsales("split", book).code == 2) is asked


def test_months_that_stay_for_rounding_are_told(xlsales: Command, book: Path) -> None:
    """Another step of days leaves those of complete months as they are; that is said once, beside what changes."""
    answer(book, "day_step", 500)
    told = "实际已完整的 6 个月(2026-01 – 2026-08) 只差取整,月目标和每天的目标保持原样"
    assert told in xlsales("check", book).out
    assert told in xlsales("split", book, "--verbose").out
    again = xlsales("split", book, "--verbose")
    assert (again.code, told in again.out) == (0, False)


@pytest.mark.parametrize(("day", "until"), [(dt.date(2026, 8, 30), "2026-07-31"), (dt.date(2026, 9, 30), "2026-09-30")])
def test_a_month_is_complete_when_its_last_day_is_told(xlsales: Command, book: Path, day: dt.date, until: str) -> None:
    """By the as-of date of the settings, as a refresh would have it."""
    answer(book, "as_of", day)
    xlsales("refresh", book)
    answer(book, "total", 780)
    assert until in xlsales("split", book).err


def test_a_new_member_and_one_that_left(xlsales: Command, book: Path) -> None:
    """Both are named; the new one has nothing in closed months."""
    answer(book, "closed_through", AUGUST)
    fill_in(book, "xs_dimensions", 3, dimension="门店", member="闵行店", weight=1)
    ran = xlsales("split", book)
    assert ran.code == 0
    assert "新增 1 个(闵行店)" in ran.out
    assert months(book, "闵行店")[:8] == [0] * 8


def test_in_english(xlsales: Command, tmp_path: Path) -> None:
    """The same in an English plan."""
    rows = [("Date", "Store", "Amount"), *((day, "A", 500_000) for day, _, _ in sales(8)[1:])]
    path = plan(tmp_path / "plan.xlsx", lang="en", dimensions=members({"Store": {"A": 1, "B": 1}}), actuals=rows)
    assert xlsales("split", path).code == 0
    fill_in(path, "xs_locks", 0, period="2026-10", amount=1)
    ran = xlsales("split", path)
    assert ran.code == 2
    assert "8 months (2026-01 – 2026-08): actuals are complete" in ran.err
    assert "2 members" in ran.err
    assert xlsales("split", path, "--close").code == 0
    assert Book.open(path).area("xs_closed_through") is not None


@pytest.mark.parametrize("weights", [(1, 1, 1), (3, 2, 2), (5, 3, 7)], ids=str)
@pytest.mark.parametrize("period", ["2026-11", "2026Q4"])
def test_what_is_held_in_a_late_month_moves_no_complete_one(
    xlsales: Command, tmp_path: Path, weights: tuple[int, ...], period: str
) -> None:
    """A lock of November moves last steps of other months: complete ones stay, without a question, again and again."""
    rows = members({"门店": dict(zip(STORES, weights, strict=True))})
    book = plan(tmp_path / "计划.xlsx", total=1000, dimensions=rows, actuals=sales(8))
    assert xlsales("split", book).code == 0
    was = {store: months(book, store) for store in STORES}
    fill_in(book, "xs_locks", 0, dimension="门店", member=next(iter(STORES)), period=period, amount=20)
    assert "已经完整" not in xlsales("check", book).out
    ran = xlsales("split", book)
    assert (ran.code, ran.err) == (0, "")
    for store in STORES:
        assert months(book, store)[:8] == was[store][:8]
    assert sum(sum(months(book, store)) for store in STORES) == pytest.approx(1000)
    assert set(opened(book).dimension("门店").down("target", "proof.*")) == {0}
    assert closed_through(book) in ("", None)
    held = book.read_bytes()
    assert "没有变化" in xlsales("split", book).out
    assert book.read_bytes() == held


def test_a_step_that_is_much_is_no_rounding(xlsales: Command, tmp_path: Path) -> None:
    """Where a step is a third of a month's target, a change by one step is asked about as before."""
    rows = members({"门店": dict.fromkeys(STORES, 1)})
    book = plan(tmp_path / "计划.xlsx", total=108, step=10_000, dimensions=rows, actuals=sales(8))
    assert xlsales("split", book).code == 0
    fill_in(book, "xs_dimensions", 0, weight=2)
    ran = xlsales("split", book)
    assert ran.code == 2
    assert "已经完整" in ran.err


@pytest.mark.parametrize(("before", "then"), [(None, 1), (None, 10), (1, None), (500, 8), (100, 1000)])
@pytest.mark.parametrize("step", [1000, 10_000])
def test_another_day_step_moves_no_complete_day(
    xlsales: Command, tmp_path: Path, before: float | None, then: float | None, step: float
) -> None:
    """Days that only rounding moves, by less than a step of the plan, stay in complete months, without a question."""
    rows = members({"门店": STORES})
    settings = {"month_method": "equal", "day_method": "working_days", "day_step": before, "step": step}
    book = plan(tmp_path / "计划.xlsx", total=720, dimensions=rows, actuals=sales(8), **settings)
    assert xlsales("split", book).code == 0
    was = opened(book).time
    type_in(book, *place_of(book, "day_step").split("!"), "" if then is None else then)
    assert "已经完整" not in xlsales("check", book).out
    ran = xlsales("split", book)
    assert (ran.code, ran.err) == (0, "")
    time = opened(book).time
    assert time.down("target", r"2026-0[1-8]-\d\d") == was.down("target", r"2026-0[1-8]-\d\d")
    assert time.down("target", r"\d{4}-\d\d") == was.down("target", r"\d{4}-\d\d")
    later = time.down("target", r"2026-(09|1[0-2])-\d\d")
    assert all(target % (then or step) == 0 for target in later)
    assert later != was.down("target", r"2026-(09|1[0-2])-\d\d")
    held = book.read_bytes()
    assert "没有变化" in xlsales("split", book).out
    assert book.read_bytes() == held


def test_another_way_of_days_is_asked_about(xlsales: Command, tmp_path: Path) -> None:
    """Days that move by a step and more are a decision, with another day step too."""
    rows = members({"门店": STORES})
    book = plan(tmp_path / "计划.xlsx", total=720, dimensions=rows, actuals=sales(8), day_method="equal")
    assert xlsales("split", book).code == 0
    answer(book, "day_step", 1)
    fill_in(book, "xs_calendar", 0, start=dt.date(2026, 6, 18), factor=2)
    ran = xlsales("split", book)
    assert ran.code == 2
    assert "2026-06的月目标不变,日目标改动" in ran.err
    assert xlsales("split", book, "--rewrite").code == 0
    assert opened(book).time.value("2026-01-05", "target") % 1000
