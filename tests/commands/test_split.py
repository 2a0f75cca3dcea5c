from __future__ import annotations

import datetime as dt
import math
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.calc import read_back
from tests.commands.books import (
    CHANNELS,
    COMPANY,
    PRODUCTS,
    REGIONS,
    WAN,
    Command,
    Workbook,
    answer,
    fill_in,
    members,
    opened,
    plan,
    rewrite,
    type_in,
)
from xlsales.core.faults import Lang
from xlsales.ooxml.book import Book
from xlsales.plan.example_members import example_members, plain_members
from xlsales.plan.inputs import read_inputs
from xlsales.plan.template.plan import write_plan
from xlsales.vocabulary.contract import SHEETS

pytestmark = pytest.mark.unit
MONTH = r"\d{4}-\d\d"
QUARTER = r"\d{4}Q\d"
WEEK = r"\d{4}-\d\dW\d"
DAY = r"\d{4}-\d\d-\d\d"


def closes(book: Workbook, *dimensions: str, step: float = 1000, total: float = 1000 * WAN) -> None:
    """Every sum of the written sheets closes and every proof shows 0; days are whole yuan, all else whole steps."""
    time = book.time
    for level in (DAY, MONTH, QUARTER, r"\d{4}"):
        assert sum(time.down("target", level)) == total
    for name in dimensions:
        sheet = book.dimension(name)
        months = {key: 0.0 for key in sheet.columns if key.startswith("t:")}
        for row in (r for r in sheet.rows if r.startswith("m:")):
            assert sum(sheet.along(row, "t:")) == sheet.value(row, "target")
            assert sheet.value(row, "proof") == 0
            for key in months:
                months[key] += sheet.value(row, key)
        assert list(months.values()) == time.down("target", MONTH)
        assert sum(months.values()) == total
        targets = [sheet.value(r, c) for r in sheet.rows if r.startswith("m:") for c in ("target", *months)]
        assert all(math.remainder(target, step) == 0 for target in targets)
        proofs = [sheet.value(r, c) for r in sheet.rows if r.startswith("proof") for c in ("target", *months)]
        assert set(proofs) == {0}
    assert all(math.remainder(target, step) == 0 for target in time.down("target", rf"\d{{4}}|{QUARTER}|{MONTH}"))
    assert all(target == int(target) for target in time.down("target", r"\d{4}.*"))
    assert set(time.down("target", "proof.*")) == {0}


def test_the_seeds_company(xlsales: Command, tmp_path: Path) -> None:
    """1000万 by five regions, three products and three channels: 250 a quarter, 83.33 + 83.33 + 83.34 its months."""
    book = plan(tmp_path / "计划.xlsx", dimensions=members(COMPANY), step=100)
    ran = xlsales("split", book, "--json")
    assert (ran.code, ran.json["target"], set(ran.json["residuals"].values())) == (0, 1000 * WAN, {0})
    shown = opened(book)
    assert shown.titles[7:] == [
        "进度总览", "按时间", "按区域", "按产品", "按渠道", "数据问题", "函数示例", "运行记录", "目标版本",
    ]  # fmt: skip
    assert shown.time.down("target", QUARTER) == [250 * WAN] * 4
    assert shown.time.down("target", MONTH) == [833_300, 833_300, 833_400] * 4
    for name, weights in COMPANY.items():
        assert shown.dimension(name).down("target", "m:.*") == [w * WAN for w in weights.values()]
    closes(shown, *COMPANY, step=100)
    assert shown.sheet("overview").sheet.title == "进度总览"
    assert shown.sheet("problems").rows.keys() >= {"none"}
    assert shown.sheet("runs").down("target_after", "run:.*") == [1000 * WAN]


def test_without_a_step_finer_than_the_month(xlsales: Command, tmp_path: Path) -> None:
    """In steps of 0.1万 the months are 83.3, 83.3 and 83.4: stored so, not only shown so."""
    book = plan(tmp_path / "计划.xlsx", dimensions=members(COMPANY))
    assert xlsales("split", book).code == 0
    shown = opened(book)
    assert shown.time.down("target", MONTH) == [833_000, 833_000, 834_000] * 4
    closes(shown, *COMPANY)


def test_cents_stay_exact(xlsales: Command, tmp_path: Path) -> None:
    """A plan in yuan with steps of a cent closes to the cent."""
    book = plan(tmp_path / "计划.xlsx", total=999_999.99, unit="yuan", step=0.01, dimensions=members(COMPANY))
    assert xlsales("split", book).code == 0
    shown = opened(book)
    days = shown.time.down("target", DAY)
    assert sum(round(d * 100) for d in days) == 99_999_999
    assert sum(round(t * 100) for t in shown.dimension("区域").down("target", "m:.*")) == 99_999_999
    assert all(d == round(d, 2) for d in days)


def test_stationery_shop_leaves_thirty(xlsales: Command, tmp_path: Path) -> None:
    """文具店: 30 + 25 + 15 of 100 leave 30万 that nobody has; it is shown, and said with exit code 1."""
    locked = {"笔": 30, "纸": 25, "文具盒": 15}
    rows = [{"dimension": "品类", "member": name, "locked": amount} for name, amount in locked.items()]
    quarters = [{"period": f"2026Q{n}", "amount": a} for n, a in enumerate((25, 30, 30, 15), 1)]
    book = plan(tmp_path / "文具店.xlsx", total=100, dimensions=rows, tables={"xs_locks": quarters})
    ran = xlsales("split", book)
    assert ran.code == 1
    assert "还有 30万元 没有分配" in ran.out
    shown = opened(book)
    sheet = shown.dimension("品类")
    assert sheet.value("unassigned:1", "member").startswith("未分配")
    assert sheet.value("unassigned:1", "target") == 30 * WAN
    assert sum(sheet.along("unassigned:1", "t:")) == 30 * WAN
    assert sheet.down("target", "m:.*") == [30 * WAN, 25 * WAN, 15 * WAN]
    assert sheet.value("proof:1", "target") == 0
    assert shown.time.down("target", QUARTER) == [25 * WAN, 30 * WAN, 30 * WAN, 15 * WAN]
    assert any("30万元" in sentence for sentence in shown.problems)


def test_months_that_do_not_follow_from_the_quarters(xlsales: Command, tmp_path: Path) -> None:
    """The shop's months 6.25, 7.5, 7.5 against its quarter of 25 are refused, with both sums and the difference."""
    months = [{"period": f"2026-{m:02d}", "amount": a} for m, a in enumerate((6.25, 7.5, 7.5), 1)]
    locks = [{"period": "2026Q1", "amount": 25}, *months]
    book = plan(tmp_path / "文具店.xlsx", total=100, step=100, tables={"xs_locks": locks})
    ran = xlsales("split", book)
    assert ran.code == 2
    (sentence,) = ran.sentences
    assert sentence.startswith("锁定!E5: 2026Q1 锁定 25万元")
    assert "合计 21.25万元,差 3.75万元" in sentence


def test_two_years(xlsales: Command, tmp_path: Path) -> None:
    """Two years of 100万: 50 a year, 12.5 a quarter."""
    book = plan(tmp_path / "计划.xlsx", total=100, step=100, start=dt.date(2025, 1, 1), end=dt.date(2026, 12, 31))
    assert xlsales("split", book).code == 0
    shown = opened(book)
    assert shown.time.down("target", r"\d{4}") == [50 * WAN] * 2
    assert shown.time.down("target", QUARTER) == [12.5 * WAN] * 8
    assert len(shown.dimension("区域").along("total", "t:")) == 24
    closes(shown, "区域", step=100, total=100 * WAN)


def test_locks_stay_and_the_rest_moves(xlsales: Command, tmp_path: Path) -> None:
    """A locked region, quarter, month, day and cell stay as they are; the siblings carry the rest."""
    rows = members(COMPANY)
    rows[2]["locked"] = 400  # 华东
    locks = [
        {"period": "2026Q1", "amount": 300},
        {"period": "2026-05", "amount": 100},
        {"period": "2026-06-18", "amount": 20},
        {"period": "2026-03", "dimension": "产品", "member": "产品B", "amount": 50},
        {"period": "2026Q4", "dimension": "渠道", "member": "线上", "amount": 90},
    ]
    book = plan(tmp_path / "计划.xlsx", dimensions=rows, tables={"xs_locks": locks})
    assert xlsales("split", book).code == 0
    shown = opened(book)
    assert shown.time.value("2026Q1", "target") == 300 * WAN
    assert shown.time.value("2026-05", "target") == 100 * WAN
    assert shown.time.value("2026-06-18", "target") == 20 * WAN
    assert shown.dimension("区域").down("target", "m:.*") == pytest.approx(
        [150 / 700 * 600 * WAN, 200 / 700 * 600 * WAN, 400 * WAN, 250 / 700 * 600 * WAN, 100 / 700 * 600 * WAN],
        abs=1000,
    )
    assert shown.dimension("产品").value("m:产品B", "t:2026-03") == 50 * WAN
    online = shown.dimension("渠道").along("m:线上", "t:")
    assert sum(online[9:]) == 90 * WAN
    closes(shown, *COMPANY)


def test_bounds_hold(xlsales: Command, tmp_path: Path) -> None:
    """A region that may carry 200 at most and one that must carry 180 at least do so; the rest is shared again."""
    rows = members({"区域": REGIONS})
    rows[2]["upper"], rows[4]["lower"] = 200, 180
    book = plan(tmp_path / "计划.xlsx", dimensions=rows)
    assert xlsales("split", book).code == 0
    shown = opened(book)
    sheet = shown.dimension("区域")
    assert (sheet.value("m:华东", "target"), sheet.value("m:华西", "target")) == (200 * WAN, 180 * WAN)
    assert sheet.down("target", "m:东北|m:华北|m:华南") == [155 * WAN, 206_7000, 258_3000]
    closes(shown, "区域")


def test_stretch_is_a_line_of_its_own(xlsales: Command, tmp_path: Path) -> None:
    """Regions carry 3 % above the task, their shops 8 % above that: 30 and 112.4 more, each on its own line."""
    tree = {"大区甲": (600, {"甲一店": 1, "甲二店": 2}), "大区乙": (400, {"乙一店": 1})}
    rows: list[dict[str, object]] = []
    for region, (weight, shops) in tree.items():
        rows.append({"dimension": "组织", "member": region, "weight": weight})
        rows += [{"dimension": "组织", "member": s, "parent": region, "weight": w} for s, w in shops.items()]
    book = plan(tmp_path / "计划.xlsx", dimensions=rows, stretch_1=1.03, stretch_2=1.08)
    assert xlsales("split", book).code == 0
    sheet = opened(book).dimension("组织")
    assert sheet.value("total", "target") == 1000 * WAN
    assert sheet.down("target", "m:大区.") == [618 * WAN, 412 * WAN]
    assert sum(sheet.down("target", "m:..店")) == pytest.approx(1112.4 * WAN, abs=1000)
    assert sheet.value("stretch:1", "target") == 30 * WAN
    assert sheet.value("stretch:2", "target") == pytest.approx(112.4 * WAN, abs=1000)
    assert sheet.value("stretch:1", "member").startswith("加压")
    assert {sheet.value(f"proof:{n}", c) for n in (1, 2) for c in ("target", "t:2026-01", "t:2026-12")} == {0}


def test_fiscal_year_from_april(xlsales: Command, tmp_path: Path) -> None:
    """A fiscal year from April has its first quarter in April to June."""
    start, end = dt.date(2025, 4, 1), dt.date(2026, 3, 31)
    book = plan(tmp_path / "计划.xlsx", start=start, end=end, fiscal_month=4)
    assert xlsales("split", book).code == 0
    shown = opened(book)
    time = shown.time
    assert time.value("2025Q1", "start").date() == start
    assert time.value("2025Q4", "end").date() == end
    assert time.down("target", QUARTER) == [250 * WAN] * 4
    months = [f"t:{y}-{m:02}" for y, m in [*((2025, m) for m in range(4, 13)), *((2026, m) for m in (1, 2, 3))]]
    assert [c for c in shown.dimension("区域").columns if c.startswith("t:")] == months
    closes(shown, "区域")


def test_four_four_five(xlsales: Command, tmp_path: Path) -> None:
    """52 whole weeks as 4-4-5 by days: months of 4, 4 and 5 weeks, each quarter 13."""
    book = plan(
        tmp_path / "计划.xlsx",
        total=520,
        start=dt.date(2024, 12, 30),
        end=dt.date(2025, 12, 28),
        month_pattern="4-4-5",
        month_method="calendar_days",
        week_rule="cut",
    )
    assert xlsales("split", book).code == 0
    shown = opened(book)
    assert shown.time.down("target", r"2025-P\d\d") == [40 * WAN, 40 * WAN, 50 * WAN] * 4
    assert shown.time.down("target", QUARTER) == [130 * WAN] * 4
    assert sum(shown.time.down("target", r"2025-P\d\dW\d")) == 520 * WAN
    assert shown.dimension("区域").value("m:华东", "t:2025-P03") == 15 * WAN


def test_month_weights(xlsales: Command, tmp_path: Path) -> None:
    """Months by weights of their own: 1-2-1 in every quarter."""
    weights = [{"month": m, "weight": 2 if m % 3 == 2 else 1} for m in range(1, 13)]
    book = plan(tmp_path / "计划.xlsx", month_method="weights", tables={"xs_month_weights": weights})
    assert xlsales("split", book).code == 0
    shown = opened(book)
    assert shown.time.down("target", MONTH) == [62.5 * WAN, 125 * WAN, 62.5 * WAN] * 4
    closes(shown, "区域")


def test_weekday_index_of_the_seed(xlsales: Command, tmp_path: Path) -> None:
    """The seed's week (sum 87,000) as day index: a plain Monday to Sunday has the shares 11.1 % … 19.7 %, 19.1 %."""
    sales = (9654, 9687, 11654, 10625, 11687, 17110, 16583)
    index = [{"weekday": f"周{d}", "index": s / 9654} for d, s in zip("一二三四五六日", sales, strict=True)]
    book = plan(
        tmp_path / "计划.xlsx",
        total=87_000 * 4,
        unit="yuan",
        step=1,
        start=dt.date(2026, 11, 2),
        end=dt.date(2026, 11, 29),
        month_method="day_index",
        day_method="day_index",
        tables={"xs_weekdays": index},
    )
    assert xlsales("split", book).code == 0
    days = opened(book).time.down("target", DAY)
    assert days == pytest.approx(list(sales) * 4, abs=1)
    assert [round(d / 870, 1) for d in days[:7]] == [11.1, 11.1, 13.4, 12.2, 13.4, 19.7, 19.1]


def test_iso_weeks_stand_apart(xlsales: Command, tmp_path: Path) -> None:
    """A new plan's weeks run Monday to Sunday across months: they are sums of their days, listed below the months."""
    book = plan(tmp_path / "计划.xlsx")
    assert xlsales("split", book).code == 0
    shown = opened(book)
    time = shown.time
    assert sum(time.down("target", r"2026-W\d\d")) == 1000 * WAN
    tenth = [dt.date(2026, 3, 2) + dt.timedelta(n) for n in range(7)]
    assert time.value("2026-W10", "target") == sum(time.value(day.isoformat(), "target") for day in tenth)
    assert time.value("2026-W05", "start").date() == dt.date(2026, 1, 26)
    closes(shown, "区域")


def test_a_new_plan_has_no_week_of_one_day_inside(xlsales: Command, tmp_path: Path) -> None:
    """Only at the ends of the plan is a week short."""
    book = plan(tmp_path / "计划.xlsx")
    assert xlsales("split", book).code == 0
    time = opened(book).time
    keys = [key for key in time.rows if re.fullmatch(r"20\d\d-W\d\d", key)]
    lengths = [(time.value(key, "end") - time.value(key, "start")).days + 1 for key in keys]
    assert lengths == [4, *[7] * 51, 4]


def test_a_blank_week_rule_is_what_it_was(xlsales: Command, tmp_path: Path) -> None:
    """Plans from before, and a cell that was cleared, keep weeks that are cut at the month."""
    assert xlsales("split", book := plan(tmp_path / "计划.xlsx", week_rule=None)).code == 0
    assert opened(book).time.value("2026-01W1", "end").date() == dt.date(2026, 1, 4)


def test_weeks_cut_at_the_month_nest(xlsales: Command, tmp_path: Path) -> None:
    """Weeks cut at the month's end add up to their month."""
    book = plan(tmp_path / "计划.xlsx", week_rule="cut")
    assert xlsales("split", book).code == 0
    time = opened(book).time
    for month in (r"2026-02", r"2026-08"):
        assert sum(time.down("target", month + r"W\d")) == time.value(month, "target")
    assert sum(time.down("target", WEEK)) == 1000 * WAN


def test_english_twin(xlsales: Command, tmp_path: Path) -> None:
    """The English plan gives the same figures under English titles, with messages in English."""
    rows = {"Region": {"North": 600, "South": 400}}
    book = plan(tmp_path / "plan.xlsx", lang="en", dimensions=members(rows), step=100)
    ran = xlsales("split", book)
    assert (ran.code, ran.out.splitlines()) == (
        0,
        [
            f"Split done. Wrote {book}",
            "Total target 1000 (10k yuan), 2 members, 12 months",
            "6 sheets added: Overview, By time, By region, Problems, Run log, Target versions",
            'Next: paste sales into "Actuals", then refresh.',
        ],
    )
    shown = opened(book)
    assert shown.titles[-7:] == [
        "Overview", "By time", "By region", "Problems", "Functions", "Run log", "Target versions",
    ]  # fmt: skip
    assert shown.time.down("target", MONTH) == [833_300, 833_300, 833_400] * 4
    assert shown.dimension("Region").down("target", "m:.*") == [600 * WAN, 400 * WAN]
    text = {c.value for sheet in shown.book.worksheets for r in sheet.iter_rows() for c in r if type(c.value) is str}
    chinese = {t for t in text if any("一" <= c <= "鿿" for c in t)}
    assert {t for t in chinese if not t.startswith("人民币")} <= {"中文"}  # RMB_CAPITAL gives the words of contracts


def test_closed_months_keep_their_targets(xlsales: Command, tmp_path: Path) -> None:
    """After a first quarter that is closed, 200万 more go to the months that are left; the closed ones stay."""
    book = plan(tmp_path / "计划.xlsx", dimensions=members(COMPANY))
    assert xlsales("split", book).code == 0
    before = opened(book)
    answer(book, "total", 1200)
    answer(book, "closed_through", dt.date(2026, 3, 31))
    assert xlsales("split", book).code == 0
    after = opened(book)
    assert after.time.down("target", "2026-0[123].*") == before.time.down("target", "2026-0[123].*")
    for name, weights in COMPANY.items():
        old, new = before.dimension(name), after.dimension(name)
        for member in weights:
            assert new.along(f"m:{member}", "t:")[:3] == old.along(f"m:{member}", "t:")[:3]
        assert new.down("target", "m:.*") == [w * 1.2 * WAN for w in weights.values()]
    assert sum(after.time.down("target", r"2026-(0[4-9]|1\d)")) == 950 * WAN
    closes(after, *COMPANY, total=1200 * WAN)
    bytes_after = book.read_bytes()
    ran = xlsales("split", book)
    assert (ran.code, "没有变化" in ran.out) == (0, True)
    assert book.read_bytes() == bytes_after


def test_closed_months_and_a_coarser_step(xlsales: Command, tmp_path: Path) -> None:
    """Closed targets that a coarser step could not hold are not rounded: the run is refused."""
    book = plan(tmp_path / "计划.xlsx", step=100)
    assert xlsales("split", book).code == 0
    answer(book, "step", 50_000)
    answer(book, "closed_through", dt.date(2026, 3, 31))
    before = book.read_bytes()
    ran = xlsales("split", book)
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert ran.err.startswith("按时间!G")
    assert "不是最小步长(50000)的整数倍" in ran.err
    assert book.read_bytes() == before


def test_a_closed_target_that_is_gone(xlsales: Command, tmp_path: Path) -> None:
    """A closed target overwritten with text is not taken for zero: the run is refused, its cell named."""
    book = plan(tmp_path / "计划.xlsx")
    assert xlsales("split", book).code == 0
    answer(book, "closed_through", dt.date(2026, 3, 31))
    cell = opened(book).dimension("区域").cell("m:华东", "t:2026-02").coordinate
    type_in(book, "按区域", cell, "待定")
    ran = xlsales("split", book)
    assert ran.code == 2
    assert ran.sentences[0].startswith(f"按区域!{cell}: ")


def test_a_second_run_changes_nothing(xlsales: Command, tmp_path: Path) -> None:
    """Splitting twice gives the same file, byte for byte, and says that nothing changed."""
    book = plan(tmp_path / "计划.xlsx", dimensions=members(COMPANY), month_method="working_days")
    assert xlsales("split", book).code == 0
    once = book.read_bytes()
    ran = xlsales("split", book)
    assert "没有变化" in ran.out
    assert book.read_bytes() == once
    assert xlsales("split", book, "--json").json["changed"] is False


def test_a_new_total_runs_through_all_sheets(xlsales: Command, tmp_path: Path) -> None:
    """With another total every sheet gets new figures in place, and the run log both sums."""
    book = plan(tmp_path / "计划.xlsx", dimensions=members(COMPANY))
    assert xlsales("split", book).code == 0
    answer(book, "total", 2000)
    assert xlsales("split", book).code == 0
    shown = opened(book)
    closes(shown, *COMPANY, total=2000 * WAN)
    runs = shown.sheet("runs")
    assert runs.down("target_before", "run:.*") == [1000 * WAN, None]
    assert runs.down("target_after", "run:.*") == [2000 * WAN, 1000 * WAN]
    assert shown.sheet("overview").sheet.title in shown.titles


def test_a_header_prepared_before_the_first_sales(xlsales: Command, tmp_path: Path) -> None:
    """Who changes the offered header of 实际 before there are rows may split: 日期 and 金额 are headers still."""
    book = plan(tmp_path / "计划.xlsx", actuals=[("日期", "门店", "产品", "金额")])
    ran = xlsales("split", book)
    assert ran.code == 0, ran.err
    closes(opened(book), "区域")


def test_out_leaves_the_plan_alone(xlsales: Command, tmp_path: Path) -> None:
    """With -o the plan stays as it is and the result stands beside it, the same as in place."""
    book = plan(tmp_path / "计划.xlsx")
    before = book.read_bytes()
    assert xlsales("split", book, "-o", tmp_path / "结果.xlsx").code == 0
    assert book.read_bytes() == before
    closes(opened(tmp_path / "结果.xlsx"), "区域")
    assert {p.name for p in tmp_path.iterdir()} - {"memory"} == {"计划.xlsx", "结果.xlsx"}


@pytest.mark.parametrize("name", ["结果.xlsm", "结果", "结果.csv"])
def test_out_of_another_kind(xlsales: Command, tmp_path: Path, name: str) -> None:
    """A file that Excel would refuse for its ending is not written; neither is a new plan, nor an undone one."""
    book = plan(tmp_path / "计划.xlsx")
    for arguments in (("split", book, "-o"), ("undo", book, "-o"), ("new",)):
        ran = xlsales(*arguments, tmp_path / name)
        assert (ran.code, len(ran.sentences)) == (2, 1)
        assert ".xlsx" in ran.err
        assert ("没有后缀。请写成" if "." not in name else f"{name} 的后缀应是 .xlsx") in ran.err
    assert not (tmp_path / name).exists()


def test_out_is_not_where_the_data_are(xlsales: Command, tmp_path: Path) -> None:
    """The file with the actuals is not overwritten by the plan that reads it."""
    book = plan(tmp_path / "计划.xlsx")
    orders = plan(tmp_path / "订单.xlsx", actuals=[("日期", "区域", "金额"), (dt.date(2026, 1, 5), "华东", 1)])
    before = orders.read_bytes()
    ran = xlsales("split", book, "--actuals", f"{orders}:实际", "-o", orders)
    assert (ran.code, ran.err[:12]) == (2, "订单.xlsx 是数据的")
    assert orders.read_bytes() == before


def test_nothing_holds_the_file_when_it_is_replaced(
    xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows replaces no file that is open: when the plan is saved, nobody has it open, empty as its actuals are."""
    open_files = Path("/proc/self/fd")
    if not open_files.exists():
        pytest.skip("the open files of a program are only listed on Linux")
    book, held = plan(tmp_path / "计划.xlsx"), []
    move = os.replace

    def watched(old: str, new: Path) -> None:
        held.extend(link for link in open_files.iterdir() if link.exists() and os.path.realpath(link) == str(new))
        move(old, new)

    monkeypatch.setattr(os, "replace", watched)
    assert xlsales("split", book).code == 0
    assert held == []


def test_check_writes_nothing(xlsales: Command, tmp_path: Path) -> None:
    """A check says what would be done and leaves the file and its folder alone."""
    book = plan(tmp_path / "计划.xlsx")
    before = book.read_bytes()
    ran = xlsales("check", book)
    assert (ran.code, "只检查,没有写入" in ran.out) == (0, True)
    assert book.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["计划.xlsx"]


def test_renamed_sheets_are_found(xlsales: Command, tmp_path: Path) -> None:
    """A person may rename the input sheets: names and tables lead to them."""
    book = plan(tmp_path / "计划.xlsx", dimensions=members({"产品": PRODUCTS, "渠道": CHANNELS}))

    def rename(name: str, data: bytes) -> bytes:
        if name not in ("xl/workbook.xml", "docProps/app.xml"):
            return data
        text = data.decode()
        for old, new in (("设置", "我的 设置"), ("维度", "人员&产品"), ("实际", "流水")):
            shown = new.replace("&", "&amp;")
            text = text.replace(f'name="{old}"', f'name="{shown}"').replace(f"'{old}'!", f"'{shown}'!")
            text = text.replace(f">{old}!", f">'{shown}'!")
        return text.encode()

    rewrite(book, rename)
    assert xlsales("split", book).code == 0
    closes(opened(book), "产品", "渠道")


def test_history_gives_the_shape(xlsales: Command, tmp_path: Path) -> None:
    """By reference: the months and the regions follow last year's sales, February 3 parts of 4, 华东 2 of 3."""
    history = [["日期", "区域", "金额"]]
    for region, factor in (("华东", 2), ("华北", 1)):
        history += [[dt.date(2025, 2, 10), region, 300 * factor], [dt.date(2025, 7, 10), region, 100 * factor]]
    rows = [{"dimension": "区域", "member": r, "method": "reference"} for r in ("华东", "华北")]
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=rows, month_method="reference", history=history)
    ran = xlsales("split", book)
    assert ran.code == 1
    assert "2026-01、2026-03 – 2026-06、2026-08 – 2026-12" in ran.out
    bare = [{"period": f"2026-{month:02}", "amount": 0} for month in range(1, 13) if month not in (2, 7)]
    tables = {"xs_locks": bare}  # as the sentence says, where it is meant
    book = plan(
        tmp_path / "零.xlsx", total=1200, dimensions=rows, month_method="reference", history=history, tables=tables
    )
    assert xlsales("split", book).code == 0
    shown = opened(book)
    assert shown.time.value("2026-02", "target") == 900 * WAN
    assert shown.time.value("2026-07", "target") == 300 * WAN
    assert shown.dimension("区域").down("target", "m:.*") == [800 * WAN, 400 * WAN]
    assert shown.dimension("区域").value("m:华东", "t:2026-02") == 600 * WAN


def test_units_and_pieces(xlsales: Command, tmp_path: Path) -> None:
    """Pieces are whole numbers with nothing added: 10,000 pieces by weight in pieces."""
    book = plan(tmp_path / "计划.xlsx", total=10_000, unit="piece", step=1, dimensions=members({"产品": PRODUCTS}))
    assert xlsales("split", book).code == 0
    closes(opened(book), "产品", step=1, total=10_000)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rows_typed_below_a_table_count(xlsales: Command, tmp_path: Path, lang: Any) -> None:
    """Only Excel lets a table grow by typing: rows directly below one are read too; one beyond a blank row is told."""
    path = plan(tmp_path / "p.xlsx", lang=lang, tables={"xs_locks": [{"period": "2026-01", "amount": 90}]})
    book = read_back(path)
    dimensions, locks = book[SHEETS["dimensions"][lang]], book[SHEETS["locks"][lang]]
    dimensions.tables["xs_dimensions"].ref, locks.tables["xs_locks"].ref = "B4:L9", "B4:F5"
    for row in (10, 12):  # beyond a blank row stands what is no member of the table
        dimensions[f"B{row}"], dimensions[f"C{row}"], dimensions[f"F{row}"] = "区域", f"西藏{row}", 500
    locks["D6"], locks["E6"] = "2026-02", 50
    book.save(path)
    ran = xlsales("split", path)
    assert (ran.code, "西藏12" in ran.out, "西藏10" in ran.out) == (1, True, False)
    shown = opened(path)
    assert set(shown.dimension("区域").down("member", "m:.*")) == {*REGIONS, "西藏10"}
    assert shown.dimension("区域").value("m:西藏10", "target") == pytest.approx(1000 * WAN / 3, abs=1000)
    assert [shown.time.value(month, "target") for month in ("2026-01", "2026-02")] == [90 * WAN, 50 * WAN]


def test_rows_below_a_table_end_before_the_next(tmp_path: Path) -> None:
    """The tables of the settings stand above one another: neither the next one's title nor its header is a row."""
    references = [{"period": "2024", "share": 0.2}] * 4
    weights = [{"month": month, "weight": 1} for month in range(1, 12)]
    tables = {"xs_reference": references, "xs_month_weights": weights}
    path = plan(tmp_path / "p.xlsx", month_method="weights", tables=tables)
    book = read_back(path)
    sheet = book["设置"]
    row_of = {cell.value: cell.row for cell in sheet["B"]}
    title = row_of["月权重"]
    sheet[f"B{title - 1}"], sheet[f"C{title - 1}"] = "2025", 0.2  # the only free row before that title
    sheet[f"B{row_of[11] + 1}"], sheet[f"C{row_of[11] + 1}"] = 12, 3
    sheet[f"B{row_of['字段'] + 9}"], sheet[f"C{row_of['字段'] + 9}"] = "金额", "实付"
    book.save(path)
    inputs = read_inputs(Book.open(path), path)
    assert [period for period, _ in inputs.plan.references] == ["2024"] * 4 + ["2025"]
    assert inputs.plan.month_weights == dict.fromkeys(range(1, 12), 1) | {12: 3}
    assert inputs.mapping == {"金额": "实付"}
    sheet[f"B{title}"], sheet[f"C{title}"] = "2023", 0.2  # typed over that title
    book.save(path)
    inputs = read_inputs(Book.open(path), path)
    assert [period for period, _ in inputs.plan.references] == ["2024"] * 4 + ["2025", "2023"]


FRESH = {"zh": ("维度!B5", "还是新建计划时的示例成员"), "en": ("Dimensions!B5", "still the example members")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_members_of_a_fresh_plan(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """`new`, total and dates, `split`: refused, for the members are still the example; either remedy works."""
    book = tmp_path / "plan.xlsx"
    assert xlsales("new", book, "--lang", lang).code == 0
    for setting, value in {"total": 1000, "start": dt.date(2026, 1, 1), "end": dt.date(2026, 12, 31)}.items():
        answer(book, setting, value)
    for command in ("check", "split"):
        ran = xlsales(command, book)
        place, words = FRESH[lang]
        assert ran.code == 2
        (sentence,) = ran.sentences
        assert sentence.startswith(f"{place}: ")
        assert words in sentence
    emptied = tmp_path / "emptied.xlsx"
    emptied.write_bytes(book.read_bytes())
    columns = ("dimension", "member", "parent", "weight", "locked", "lower", "upper", "aliases", "note")
    for i in range(13):
        fill_in(emptied, "xs_dimensions", i, **dict.fromkeys(columns))
    assert xlsales("split", emptied).code == 0
    assert opened(emptied).time.value("total", "target") == 1000 * (WAN if lang == "zh" else 1_000)
    fill_in(book, "xs_dimensions", 0, member="A", weight=7)
    assert xlsales("split", book).code == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("unit", ["yuan", "wan"])
def test_the_example_of_an_earlier_plan_is_known_too(xlsales: Command, tmp_path: Path, lang: Lang, unit: str) -> None:
    """Plans came with members of one level before; in any unit, example members are no plan."""
    for name, rows in (("earlier", plain_members(lang)), ("today", example_members(lang))):
        dates = {"start": dt.date(2026, 1, 1), "end": dt.date(2026, 12, 31)}
        book = tmp_path / f"{name}.xlsx"
        write_plan(book, lang, {"total": 1000, "unit": unit, "step": 1, **dates}, {"xs_dimensions": rows})
        ran = xlsales("split", book)
        assert ran.code == 2
        assert FRESH[lang][1] in ran.sentences[0]


@pytest.mark.parametrize(
    ("row", "change"),
    [
        (0, {"member": "大东北"}),
        (3, {"weight": 240}),
        (10, {"note": None}),
        (9, {"locked": 300}),
        (13, {"member": "x"}),
    ],
)
def test_members_of_a_fresh_plan_that_were_edited(
    xlsales: Command, tmp_path: Path, row: int, change: dict[str, Any]
) -> None:
    """Any change of a person's makes them a person's."""
    book = tmp_path / "plan.xlsx"
    xlsales("new", book)
    for setting, value in {"total": 1000, "start": dt.date(2026, 1, 1), "end": dt.date(2026, 12, 31)}.items():
        answer(book, setting, value)
    extra = {"dimension": "渠道", "weight": 1} if row == 13 else {}
    fill_in(book, "xs_dimensions", row, **(change | extra))
    assert xlsales("split", book).code == 0
