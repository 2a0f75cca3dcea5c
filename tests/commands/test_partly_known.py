"""A member with history of a part of the reference is found, with the choices; other ways of selling are not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, fill_in
from tests.commands.test_wanting import EVEN, company, target

pytestmark = pytest.mark.unit
HALF = dict.fromkeys(range(7, 13), 100_000.0)
FOUND = {
    "since July": (HALF, "2025-01", "2025-06", "开业日"),
    "since April": (dict.fromkeys(range(4, 13), 100_000.0), "2025-01", "2025-03", "开业日"),
    "until September": (dict.fromkeys(range(1, 10), 100_000.0), "2025-10", "2025-12", "闭店日"),
    "since May, one month blank": (dict.fromkeys((5, 6, 7, 9, 10, 11, 12), 9000.0), "2025-01", "2025-04", "开业日"),
    "the last quarter": (dict.fromkeys((10, 11, 12), 9_000.0), "2025-01", "2025-09", "开业日"),
}
QUIET = {
    "a whole year": EVEN,
    "two months at the beginning": dict.fromkeys(range(3, 13), 9_000.0),
    "one month blank": {m: 9_000.0 for m in range(1, 13) if m != 5},
    "a season in the middle": dict.fromkeys(range(4, 10), 9_000.0),
    "now and then": dict.fromkeys((5, 8, 12), 9000.0),
    "December alone": {12: 9_000.0},
    "closed for works": {m: 9_000.0 for m in range(1, 13) if m not in (4, 5, 6, 7)},
}


def said(xlsales: Command, book: Path) -> list[dict[str, object]]:
    return [p for p in xlsales("check", book, "--json").json["problems"] if "目标偏低" in p["sentence"]]


@pytest.mark.parametrize("case", list(FOUND))
def test_a_part_of_the_reference_is_found(xlsales: Command, tmp_path: Path, case: str) -> None:
    """Told at the member's way of splitting, with the months, and with the date that may explain them."""
    months, first, last, date = FOUND[case]
    book = company(tmp_path / "计划.xlsx", {"甲": EVEN, "乙": EVEN, "丙": months}, "甲乙丙")
    (found,) = said(xlsales, book)
    assert (found["sheet"], found["row"], found["column"], found["value"]) == ("维度", 7, 5, "丙")
    assert f"12 个月里它没有 {first} 至 {last} 的销售" in str(found["sentence"])
    assert f"“{date}”" in str(found["sentence"])


@pytest.mark.parametrize("case", list(QUIET))
def test_other_ways_of_selling_are_no_finding(xlsales: Command, tmp_path: Path, case: str) -> None:
    """A season, a blank month, sales now and then: the share is the member's own."""
    book = company(tmp_path / "计划.xlsx", {"甲": EVEN, "乙": EVEN, "丙": QUIET[case]}, "甲乙丙")
    assert not said(xlsales, book)


def test_where_nobody_sold_nobody_lacks(xlsales: Command, tmp_path: Path) -> None:
    """History that begins in July for all understates nobody."""
    book = company(tmp_path / "计划.xlsx", {"甲": HALF, "乙": HALF, "丙": HALF}, "甲乙丙")
    assert not said(xlsales, book)


@pytest.mark.parametrize(
    ("choice", "share"),
    [({"method": "权重", "weight": 120.0}, 400), ({"opens": dt.date(2025, 7, 1)}, 240), ({"locked": 300.0}, 300)],
    ids=["a weight of a full year", "the opening date", "a locked target"],
)
def test_each_choice_settles_it(
    xlsales: Command, tmp_path: Path, choice: dict[str, float | str | dt.date | None], share: float
) -> None:
    """Half a year stands for 240 of 1200; a full year's weight gives the third that it would have."""
    book = company(tmp_path / "计划.xlsx", {"甲": EVEN, "乙": EVEN, "丙": HALF}, "甲乙丙")
    assert said(xlsales, book)
    fill_in(book, "xs_dimensions", 2, **choice)
    assert not said(xlsales, book)
    assert xlsales("split", book).code == 0
    assert target(book, "丙") == share


def test_in_english(xlsales: Command, tmp_path: Path) -> None:
    """The same in the other language."""
    book = company(tmp_path / "plan.xlsx", {"甲": EVEN, "乙": EVEN, "丙": HALF}, "甲乙丙", lang="en")
    sentences = [p["sentence"] for p in xlsales("check", book, "--json").json["problems"]]
    assert [s for s in sentences if "of 12 months it has no sales from 2025-01 to 2025-06" in s and '"Opens"' in s]
