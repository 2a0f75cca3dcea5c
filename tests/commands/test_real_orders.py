"""The 2017 plan of 500万 of a real order list, from the shape of 2016."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import fastexcel
import pytest

from tests import validator
from tests.commands.books import WAN, Command, opened, plan

pytestmark = pytest.mark.realdata
TREES = (("区域", "地区", "省/自治区"), ("产品", "类别", "子类别"), ("渠道", "细分", None))
YEARS = {2014: None, 2015: None, 2016: 4_246_042.78, 2017: 5_488_465.787}
ALL = 16_117_548.237


@pytest.fixture(scope="module")
def made(orders: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan beside the order list, every member by reference to the year before."""
    folder = tmp_path_factory.mktemp("超市")
    shutil.copy(orders, folder / orders.name)
    table = fastexcel.read_excel(orders).load_sheet("订单").to_polars()
    rows: list[dict[str, object]] = []
    for dimension, top, below in TREES:
        for parent in sorted(table[top].unique()):
            rows.append({"dimension": dimension, "member": parent, "method": "reference"})
            if below:
                children = sorted(table.filter(table[top] == parent)[below].unique())
                rows += [
                    {"dimension": dimension, "member": c, "parent": parent, "method": "reference"} for c in children
                ]
    source = {
        "actuals_file": orders.name,
        "actuals_sheet": "订单",
        "history_file": orders.name,
        "history_sheet": "订单",
    }
    return plan(
        folder / "超市2017.xlsx",
        plan_name="超市 2017 年销售目标",
        total=500,
        start=dt.date(2017, 1, 1),
        end=dt.date(2017, 12, 31),
        month_method="reference",
        dimensions=rows,
        **source,
    )


@pytest.fixture
def book(made: Path, xlsales: Command) -> Path:
    """The plan, split once for all tests; each test refreshes it anew."""
    if "按时间" not in opened(made).titles:
        xlsales("split", made)
    return made


def _set_aside_years(found: Any) -> dict[int, float]:
    years = {}
    for problem in found["problems"]:
        if problem["set_aside"] and problem["value"] in ("2014", "2015", "2016"):
            years[int(problem["value"])] = problem["amount"]
    return years


def test_targets_follow_2016(book: Path) -> None:
    """The targets are 2016's shape to the step: Σ regions = Σ categories = Σ segments = Σ months = 500万."""
    shown = opened(book)
    time = shown.time
    assert sum(time.down("target", r"2017-\d\d")) == 500 * WAN
    for dimension, _, below in TREES:
        sheet = shown.dimension(dimension)
        proofs = [sheet.value(f"proof:{n}", c) for n in range(1, 3 if below else 2) for c in ("target", "t:2017-06")]
        assert set(proofs) == {0}
    table = fastexcel.read_excel(book.with_name("示例-超市.xls")).load_sheet("订单").to_polars()
    past = table.filter(table["订单日期"].dt.year() == 2016)
    assert past["销售额"].sum() == pytest.approx(YEARS[2016], abs=0.005)
    for segment in past["细分"].unique():
        share = past.filter(past["细分"] == segment)["销售额"].sum() / past["销售额"].sum()
        assert shown.dimension("渠道").value(f"m:{segment}", "target") == pytest.approx(500 * WAN * share, abs=1000)


def test_the_whole_year(xlsales: Command, book: Path) -> None:
    """Up to the year's end: 5,488,465.787 in all, by each dimension the same; other years set aside by amount."""
    ran = xlsales("refresh", book, "--as-of", "2017-12-31", "--json")
    found = ran.json
    assert ran.code == 0
    assert found["actual"] == YEARS[2017]
    assert found["actual_by_dimension"] == {name: YEARS[2017] for name, _, _ in TREES}
    assert found["amounts"]["found"] == ALL
    assert found["amounts"]["accepted"] == YEARS[2017]
    assert found["amounts"]["set_aside"] == pytest.approx(ALL - 5_488_465.787, abs=1e-6)
    assert found["rows"]["found"] == found["rows"]["accepted"] + found["rows"]["set_aside"] == 10_000
    aside = _set_aside_years(found)
    assert aside[2016] == YEARS[2016]
    assert sum(aside.values()) == pytest.approx(found["amounts"]["set_aside"], abs=1e-6)
    shown = opened(book)
    assert shown.time.value("total", "actual") == pytest.approx(YEARS[2017], abs=1e-6)
    assert sum(shown.time.down("actual", r"2017-\d\d")) == pytest.approx(YEARS[2017], abs=1e-6)
    for dimension, top, _ in TREES:
        sheet = shown.dimension(dimension)
        assert sheet.value("total", "actual") == pytest.approx(YEARS[2017], abs=1e-6)
        assert sheet.value("proof:1", "actual") == 0
        assert len([r for r in sheet.rows if r.startswith("m:")]) == {"地区": 6 + 31, "类别": 3 + 17, "细分": 3}[top]
    again = xlsales("refresh", book, "--as-of", "2017-12-31", "--json")
    assert again.json["changed"] is False


def test_after_three_quarters(xlsales: Command, book: Path) -> None:
    """As of 2017-09-30 the last quarter's orders are set aside, and every dimension adds up to the rest."""
    ran = xlsales("refresh", book, "--as-of", "2017-09-30", "--json")
    found = ran.json
    table = fastexcel.read_excel(book.with_name("示例-超市.xls")).load_sheet("订单").to_polars()
    inside = table.filter(table["订单日期"].dt.date().is_between(dt.date(2017, 1, 1), dt.date(2017, 9, 30)))
    expected = round(inside["销售额"].sum(), 3)
    assert found["actual"] == expected
    assert set(found["actual_by_dimension"].values()) == {expected}
    assert found["amounts"]["found"] == ALL
    assert round(found["amounts"]["accepted"] + found["amounts"]["set_aside"], 3) == ALL
    shown = opened(book)
    assert shown.time.value("2017Q4", "actual") is None
    assert shown.time.value("2017Q3", "status") in ("绿", "黄", "橙", "红")
    assert 0.5 < shown.time.value("total", "time_progress") < 1


@pytest.mark.validator
def test_validator_on_the_real_plan(book: Path) -> None:
    """The validator finds nothing in it."""
    assert not validator.findings(book)


def test_the_review_of_the_second_quarter(xlsales: Command, book: Path, tmp_path: Path) -> None:
    """The drivers of the whole, and those of all members of each dimension, add up to its gap to the cent."""
    path = shutil.copy(book, book.with_name("复盘.xlsx"))
    assert xlsales("add", path, "复盘").code == 0
    assert xlsales("refresh", path, "--as-of", "2017-06-30").code in (0, 1)
    shown = opened(path).sheet("review:2017Q2")
    time = opened(path).time
    assert shown.value("total", "target") == time.value("2017Q2", "target")
    assert shown.value("total", "actual") == pytest.approx(time.value("2017Q2", "actual"), abs=1e-6)
    gap = time.value("2017Q2", "gap")
    assert gap != 0
    drivers = ("days", "calendar", "mix", "rate")
    assert round(sum(shown.value("total", key) for key in drivers), 2) == round(-gap, 2)
    assert shown.value("total", "days") != 0
    for number, depth in ((1, 2), (2, 2), (3, 1)):
        for level in {1, depth}:
            rows = rf"b:{number}:{level}:(-?\d|rest|nobody)"
            assert round(sum(value for key in drivers for value in shown.down(key, rows)), 2) == round(-gap, 2)
            for key in drivers:
                assert round(sum(shown.down(key, rows)) - shown.value("total", key), 2) == 0
