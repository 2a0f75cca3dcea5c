"""The message in which a split or a refresh ends: short, and nothing that matters is left out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, Rows, answer, fill_in, members, paste, plan

pytestmark = pytest.mark.unit

TREE = members({"区域": {"华东": 3, "华北": 1}, "渠道": {"线上": 1, "线下": 1}})
HEADER = ("日期", "区域", "渠道", "金额")
SALES: Rows = (
    HEADER,
    (dt.date(2026, 1, 31), "华东", "线上", 600_000),
    (dt.date(2026, 2, 10), "华北", "线下", 300_000),
)


def test_a_year_of_a_sales_admin(xlsales: Command, tmp_path: Path) -> None:
    """Fresh split, sales pasted, total raised: each message says what was done, three figures, what to do next."""
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=TREE, clock="calendar")
    assert xlsales("split", book).out.splitlines() == [
        f"分解完成,已写入 {book}",
        "总目标 1200万元,4 个成员,12 个月",
        "新增 7 张表:进度总览、按时间、按区域、按渠道、数据问题、运行记录、目标版本",
        "下一步:把销售粘贴到“实际”,再刷新进度。",
    ]
    paste(book, SALES)
    assert xlsales("refresh", book).out.splitlines() == [
        f"刷新完成,已写入 {book}",
        "截至 2026-02-10:2月达成 30.0%,全年达成 7.5%(时间进度 11.2%),采用 2 行",
        "2026-01 的销售已齐:要关账(目标不再改动),请把“已关账至”填为 2026-01-31,或加 --close。",
        "下一步:看“进度总览”。",
    ]
    answer(book, "closed_through", dt.date(2026, 1, 31))
    answer(book, "total", 1420)
    ran = xlsales("refresh", book)
    assert ran.out.splitlines()[-2:] == [
        "设置!C6: 设置里的总目标是 1420万元,表里的目标合计是 1200万元;刷新不改目标。要按新的总目标,请运行“分解目标”。",
        "下一步:运行“分解目标”。",
    ]
    assert xlsales("split", book).out.splitlines() == [
        f"分解完成,已写入 {book}",
        "总目标 1420万元,4 个成员,12 个月",
        "截至 2026-02-10:2月达成 25.0%,全年达成 6.3%(时间进度 11.2%),采用 2 行",
        "更新 6 张表:进度总览、按时间、按区域、按渠道、数据问题、目标版本",
        "目标改动:公司整体 11 个月,共加 220万元;区域 2 个成员;渠道 2 个成员;见“目标版本”。",
        "下一步:看“进度总览”。",
    ]


def test_the_same_in_english(xlsales: Command, tmp_path: Path) -> None:
    """With one member less: its sheets change, those of a dimension that is gone are named."""
    book = plan(tmp_path / "plan.xlsx", lang="en", total=1200, dimensions=TREE, clock="calendar")
    assert xlsales("split", book).out.splitlines() == [
        f"Split done. Wrote {book}",
        "Total target 1200 (10k yuan), 4 members, 12 months",
        "7 sheets added: Overview, By time, By 区域, By 渠道, Problems, Run log, Target versions",
        'Next: paste sales into "Actuals", then refresh.',
    ]
    paste(book, [("Date", "区域", "渠道", "Amount"), *SALES[1:]], "Actuals")
    assert xlsales("refresh", book).out.splitlines() == [
        f"Refresh done. Wrote {book}",
        "As of 2026-02-10: attainment Feb 30.0%, full year 7.5% (time progress 11.2%), 2 rows accepted",
        'Sales of 2026-01 are complete: to close these months (targets stay for good), set "Closed through" to '
        "2026-01-31, or add --close.",
        'Next: look at "Overview".',
    ]
    fill_in(book, "xs_dimensions", 2, dimension=None, member=None, weight=None)
    fill_in(book, "xs_dimensions", 3, dimension=None, member=None, weight=None)
    ran = xlsales("split", book)
    assert "1 sheet no longer written: By 渠道" in ran.out.splitlines()


def test_problems_are_counted_and_all_are_there_on_request(xlsales: Command, tmp_path: Path) -> None:
    """Two are said; of more the message has their number, amount and where they are. Nothing is nowhere."""
    wrong = [(dt.date(2026, 1, 5), f"错{n}", "线上", 1000) for n in range(15)]
    total = ("合计", None, None, 917_000)
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=TREE, actuals=[*SALES, *wrong[:2], total])
    xlsales("split", book)
    few = xlsales("refresh", book)
    assert few.code == 1
    assert "搁置 2 行(2,000.00 元)" in few.out
    assert [line.partition(":")[0] for line in few.out.splitlines() if "不在维度表里" in line] == ["实际!B4", "实际!B5"]
    assert "说明 1 条:见“数据问题”。" in few.out.splitlines()
    paste(book, [*SALES, *wrong, total])
    many = xlsales("refresh", book)
    assert "搁置 15 行(15,000.00 元)" in many.out
    assert "数据问题 15 条、说明 1 条:见“数据问题”。" in many.out.splitlines()
    assert "不在维度表里" not in many.out
    assert many.out.splitlines()[-1] == "下一步:按“数据问题”改好数据,再刷新进度。"
    every = xlsales("refresh", book, "--verbose").out
    assert all(f"“错{n}”" in every for n in range(15))
    assert "列:日期=日期,金额=金额,区域=区域,渠道=渠道" in every
    assert "实际 900,000.00 元" in every
    assert "合计行 1 行" in every
    assert every.splitlines()[-2:] == many.out.splitlines()[-2:]
    assert len(xlsales("refresh", book, "--json").json["problems"]) == 16


def test_what_is_urgent_is_said_among_many(xlsales: Command, tmp_path: Path) -> None:
    """A total that changed is said, however many rows are set aside; and the next step is to split."""
    wrong = [(dt.date(2026, 1, 5), f"错{n}", "线上", 1000) for n in range(15)]
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=TREE, actuals=[*SALES, *wrong])
    xlsales("split", book)
    answer(book, "total", 1420)
    lines = xlsales("refresh", book).out.splitlines()
    assert any("设置里的总目标是 1420万元" in line for line in lines)
    assert "另有数据问题 15 条:见“数据问题”。" in lines
    assert lines[-1] == "下一步:运行“分解目标”。"


def test_a_plan_at_fault_is_split_again(xlsales: Command, tmp_path: Path) -> None:
    """Without sales there is nothing to refresh: what is wrong with the plan is mended, then split."""
    rows = [{"dimension": "区域", "member": name, "method": "reference"} for name in ("华东", "华北")]
    history = [HEADER, (dt.date(2025, 3, 1), "华东", "线上", 100)]
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=rows, history=history)
    ran = xlsales("split", book)
    assert ran.code == 1
    assert "“华北”按参照分解" in ran.out
    assert ran.out.splitlines()[-1] == "下一步:按“数据问题”改好,再分解目标。"
