"""Likely slips in 实际, as a refresh tells them: in 数据问题 with the cell, on 进度总览, and nothing is changed."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.commands.books import Command, Rows, members, opened, paste, plan

pytestmark = pytest.mark.unit
STORES = ("南山店", "福田店", "罗湖店", "宝安店", "盐田店")
FIRST, DAYS = dt.date(2026, 1, 1), 181
Figures = dict[tuple[str, dt.date], float | None]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def figures() -> Figures:
    """Half a year of even days, other in each store; 5 March of 南山店 is 3,812."""
    sold: Figures = {}
    for n, store in enumerate(STORES):
        for place in range(DAYS):
            wave = 1 + 0.08 * math.sin(1.7 * place + n) + 0.2 * ((FIRST + dt.timedelta(place)).weekday() >= 5)
            sold[store, FIRST + dt.timedelta(place)] = round((3600 + 800 * n) * wave)
    sold["南山店", day("03-05")] = 3812
    return sold


def table(sold: Figures) -> list[list[object]]:
    """One row a figure, in the order of days; None: no row."""
    rows = sorted((when, store, amount) for (store, when), amount in sold.items() if amount is not None)
    return [["日期", "门店", "销售额"], *([when, store, amount] for when, store, amount in rows)]


def told(xlsales: Command, folder: Path, rows: Rows, lang: str = "zh", **settings: object) -> Path:
    """A plan of these actuals, split: that tells of them as a refresh does."""
    path = folder / "计划.xlsx"
    plan(path, lang=lang, dimensions=members({"门店": dict.fromkeys(STORES, 1)}), actuals=rows, total=400, **settings)
    xlsales("split", path)
    return path


def scale(store: str, first: str, days: int, factor: float) -> Callable[[Figures], None]:
    def change(sold: Figures) -> None:
        for place in range(days):
            when = day(first) + dt.timedelta(place)
            sold[store, when] = round((sold[store, when] or 0) * factor, 4)

    return change


def put(store: str, when: str, amount: float | None) -> Callable[[Figures], None]:
    return lambda sold: sold.__setitem__((store, day(when)), amount)


def to_date(sold: Figures) -> None:
    total = 0.0
    for place in range(30):
        when = day("06-01") + dt.timedelta(place)
        total += sold["宝安店", when] or 0
        if place >= 20:
            sold["宝安店", when] = total


def nobody(sold: Figures) -> None:
    sold.update({(store, day("04-08")): None for store in STORES})


SLIPS: dict[str, tuple[Callable[[Figures], object], str, str]] = {
    "a digit too many": (
        put("南山店", "03-05", 38120),
        "“南山店”2026-03-05 的 38,120 元与平时(这样的日子约 3,800 元)差得太远,像是多打了一位:本来是 3,812 元?",
        '"南山店", 2026-03-05: 38,120 yuan is far from the usual, about 3,800 on such a day. '
        "A slip (a digit too many), 3,812 yuan meant?",
    ),
    "in 万": (
        put("南山店", "03-05", 0.3812),
        "“南山店”2026-03-05 的 0.38 元与平时(这样的日子约 3,500 元)差得太远,像是单位错了或小数点丢了:本来是 3,812 元?",
        "A slip (another unit, or a lost point), 3,812 yuan meant?",
    ),
    "five days in 万": (
        scale("盐田店", "03-03", 5, 0.0001),
        "“盐田店”2026-03-03 – 2026-03-07 的 5 个数都与平时差得太远,像是单位错了或小数点丢了:第一个",
        '"盐田店", 2026-03-03 to 2026-03-07: 5 figures far from the usual.',
    ),
    "sums to date": (
        to_date,
        "“宝安店”2026-06-21 – 2026-06-30 的 10 个数像是当月累计数:第一个",
        '"宝安店", 2026-06-21 to 2026-06-30: 10 figures that look like sums of the month to date; the first,',
    ),
    "a day left out": (
        put("福田店", "04-07", None),
        "“福田店”2026-04-07 没有数(1 天),这样的日子平时都有。是不是漏了?请补上;当天没有营业就填 0,以后不再问。",
        '"福田店" has no figure for 2026-04-07 (1 day), and usually has one on such days.',
    ),
    "a day left out by all": (
        nobody,
        "2026-04-08 所有门店都没有数(1 天),这样的日子平时都有。是不是漏贴了?请补上。",
        "No 门店 has a figure for 2026-04-08 (1 day), and such days usually have. Was it left out?",
    ),
    "with tax": (
        scale("罗湖店", "04-01", 91, 1.13),
        "倍(同时期其他门店没有这样),接近税率 13%。是不是从这天起改为含税?口径没变就不用处理。",
        "which is near a tax of 13%. Are they with tax since then? If nothing changed, there is nothing to do.",
    ),
}


@pytest.mark.parametrize(("slip", "lang"), [*((slip, "zh") for slip in SLIPS), *((slip, "en") for slip in SLIPS)])
def test_a_slip_is_told_at_its_cell_and_counts_as_typed(xlsales: Command, tmp_path: Path, slip: str, lang: str) -> None:
    """One sentence, a link to the figure (or to the one before a gap), the amount as typed, a line on 进度总览."""
    change, zh, en = SLIPS[slip]
    sold = figures()
    change(sold)
    rows = table(sold)
    book = opened(told(xlsales, tmp_path, rows, lang))
    (sentence,) = book.problems
    assert (zh if lang == "zh" else en) in sentence
    problems = book.sheet("problems")
    row = rows[problems.value("p:1", "row") - 1]
    assert str(row[1]) in sentence or slip == "a day left out by all"
    accepted = sum(amount for amount in sold.values() if amount is not None)
    assert problems.value("accepted", "amount") == pytest.approx(accepted)
    overview = book.sheet("overview")
    lines = overview.down("c0", r"doubt:\d")
    assert len(lines) == (0 if slip == "with tax" else 2)


def test_clean_days_are_not_told(xlsales: Command, tmp_path: Path) -> None:
    sold = figures()
    sold["福田店", day("04-07")] = 0  # which answers the question
    book = opened(told(xlsales, tmp_path, table(sold)))
    assert book.problems == []
    assert book.sheet("overview").down("c0", r"doubt:\d") == []


def test_the_largest_are_listed_the_rest_is_counted(xlsales: Command, tmp_path: Path) -> None:
    sold = figures()
    for n, store in enumerate(STORES):
        for month in range(1, 7):
            when = dt.date(2026, month, 9 + n)
            sold[store, when] = (sold[store, when] or 0) * 10
    book = opened(told(xlsales, tmp_path, table(sold)))
    *listed, rest = book.problems
    assert len(listed) == 20
    assert "另有 10 处可疑的数(10 行)" in rest
    amounts = book.sheet("problems").down("amount", r"p:\d+")[:20]
    assert amounts == sorted(amounts, reverse=True)
    assert len(book.sheet("overview").down("c0", r"doubt:\d")) == 4


def test_a_table_of_sums_is_told_once(xlsales: Command, tmp_path: Path) -> None:
    """Sums of the month to date in all stores are one remark on the table, not one on each store."""
    sold, total = figures(), dict.fromkeys(STORES, 0.0)
    for store, when in sorted(sold, key=lambda one: one[1]):
        total[store] = (sold[store, when] or 0) + (0 if when.day == 1 else total[store])
        sold[store, when] = total[store]
    (sentence,) = opened(told(xlsales, tmp_path, table(sold))).problems
    assert "像是累计数" in sentence


def test_a_corrected_figure_is_not_told_any_more(xlsales: Command, tmp_path: Path) -> None:
    sold = figures()
    sold["南山店", day("03-05")] = 38120
    path = told(xlsales, tmp_path, table(sold))
    sold["南山店", day("03-05")] = 3812
    paste(path, table(sold))
    assert xlsales("refresh", path).code == 0
    assert opened(path).problems == []


def test_a_wide_table_is_told_at_its_cell(xlsales: Command, tmp_path: Path) -> None:
    """Stores down, days across: the figure's own column is named."""
    sold = figures()
    sold["南山店", day("03-05")] = 38120
    days = [FIRST + dt.timedelta(place) for place in range(DAYS)]
    rows = [["门店", *days], *([store, *(sold[store, when] for when in days)] for store in STORES)]
    book = opened(told(xlsales, tmp_path, rows))
    (sentence,) = book.problems
    assert "“南山店”2026-03-05 的 38,120 元" in sentence
    problems = book.sheet("problems")
    assert (problems.value("p:1", "row"), problems.value("p:1", "column")) == (2, "BM")


def test_single_orders_are_not_judged_day_by_day(xlsales: Command, tmp_path: Path) -> None:
    """Orders of very different sizes, some days none: nothing to ask."""
    rows: list[list[object]] = [["日期", "门店", "销售额"]]
    chance = np.random.default_rng(7)
    for _ in range(900):
        when = FIRST + dt.timedelta(int(chance.integers(DAYS)))
        rows.append([when, STORES[chance.integers(5)], round(50 * math.exp(chance.normal(3.0, 1.2)), 2)])
    assert opened(told(xlsales, tmp_path, rows)).problems == []
