"""What rows leave blank, the parents of their other members tell; what nobody tells is of no member, and is said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, opened, paste, plan

pytestmark = pytest.mark.unit
TREE = [
    *({"dimension": "区域", "member": name, "weight": 1} for name in ("华东", "华北")),
    *({"dimension": "门店", "member": name, "weight": 1} for name in ("华东", "华北")),
    {"dimension": "门店", "member": "徐汇店", "parent": "华东", "weight": 1},
    {"dimension": "门店", "member": "朝阳店", "parent": "华北", "weight": 1},
    *({"dimension": "人员", "member": name, "weight": 1} for name in ("徐汇店", "朝阳店")),
    {"dimension": "人员", "member": "张三", "parent": "徐汇店", "weight": 1},
    {"dimension": "人员", "member": "李四", "parent": "朝阳店", "weight": 1},
]
DAY = dt.date(2026, 1, 5)
ALL = ["区域", "门店", "人员"]


@pytest.mark.parametrize(
    ("rows", "east", "north"),
    [
        ([["日期", "人员", "金额"], [DAY, "张三", 700], [DAY, "李四", 800]], 700, 800),
        ([["日期", "门店", "人员", "金额"], [DAY, "徐汇店", "张三", 700], [DAY, None, "李四", 800]], 700, 800),
        (
            [["日期", *ALL, "金额"], [DAY, None, None, "张三", 700], [DAY, "华北", "朝阳店", "李四", 800]],
            700,
            800,
        ),
        ([["日期", "区域", "人员", "金额"], [DAY, None, "张三", 700], [DAY, "华北", "李四", 800]], 700, 800),
        ([["人员", "1月", "2月"], ["张三", 700_000, 50_000], ["李四", 800_000, 60_000]], 750_000, 860_000),
    ],
    ids=["no columns", "one column, a blank", "blanks", "no column between", "months across"],
)  # fmt: skip
def test_parents_tell(xlsales: Command, tmp_path: Path, rows: list[list[object]], east: float, north: float) -> None:
    """A person's store, and its region, follow from the tree; every dimension adds up, and a remark says so."""
    book = plan(tmp_path / "p.xlsx", dimensions=TREE, actuals=rows)
    assert xlsales("split", book).code == 0
    ran, shown = xlsales("refresh", book, "--json"), opened(book)
    assert (ran.code, ran.json["actual"], ran.json["rows"]["set_aside"]) == (0, east + north, 0)
    assert [shown.dimension("区域").value(f"m:{name}", "actual") for name in ("华东", "华北")] == [east, north]
    assert [shown.dimension("门店").value(f"m:{name}", "actual") for name in ("徐汇店", "朝阳店")] == [east, north]
    assert any("按“人员”的上级计入" in p["sentence"] for p in ran.json["problems"])
    before = book.read_bytes()
    assert xlsales("refresh", book, "--json").json["changed"] is False
    assert book.read_bytes() == before


def test_a_tree_that_rows_contradict_tells_nothing(xlsales: Command, tmp_path: Path) -> None:
    """Where a row has its store in another region than the tree, a blank region is a fault as ever."""
    rows = [["日期", "区域", "门店", "金额"], [DAY, "华北", "徐汇店", 700], [DAY, None, "朝阳店", 800]]
    book = plan(tmp_path / "p.xlsx", dimensions=TREE[:6], actuals=rows)
    assert xlsales("split", book).code in (0, 1)
    ran = xlsales("refresh", book, "--json")
    assert (ran.code, ran.json["actual"], ran.json["rows"]["set_aside"]) == (1, 700, 1)


def test_past_rows_that_were_collected_bend_no_share(xlsales: Command, tmp_path: Path) -> None:
    """Last year's collected rows name no product: they are of no product's past, and that is told."""
    rows = [{"dimension": "门店", "member": n, "weight": 1} for n in ("徐汇店", "朝阳店")]
    rows += [{"dimension": "产品", "member": n, "method": "reference"} for n in ("男装", "女装", "童装")]
    head = ["日期", "门店", "产品", "金额", "回收来源"]
    sold = [("男装", 100), ("女装", 300), ("童装", 600)]
    past = [head, *([dt.date(2025, m, 5), "徐汇店", name, amount, None] for m in range(1, 13) for name, amount in sold)]
    past += [[dt.date(2025, m, 6), "朝阳店", None, 5000, "朝阳店 ← 朝阳店.xlsx"] for m in range(1, 13)]
    book = plan(tmp_path / "p.xlsx", dimensions=rows, history=past)
    ran = xlsales("split", book, "--json")
    shown = opened(book)
    assert [shown.dimension("产品").value(f"m:{n}", "target") for n, _ in sold] == [WAN * n for n in (100, 300, 600)]
    (sentence,) = [p["sentence"] for p in ran.json["problems"] if "没有“产品”" in p["sentence"]]
    assert sentence.startswith("历史里有 12 行(合计 60,000.00)没有“产品”")
    basis = shown.sheet("basis")
    values = [cell for row in basis.sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, int | float)]
    assert 60_000 + 3_600 not in values  # of no product
    paste(book, [[*row[:2], row[2] or "男装", *row[3:]] for row in past], title="历史")
    ran = xlsales("split", book, "--json", "--rewrite")
    assert not [p for p in ran.json["problems"] if "没有“产品”" in p["sentence"]]
    men = opened(book).dimension("产品").value("m:男装", "target")
    assert men == pytest.approx(1000 * WAN * 5100 / 6000, abs=2000)
