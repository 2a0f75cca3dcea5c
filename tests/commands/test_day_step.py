"""Days in a step of their own, 日步长: months are whole steps all the same, and what closed stays as it was written."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import WAN, Command, answer, fill_in, members, opened, place_of, plan, type_in

pytestmark = pytest.mark.unit
MONTH, DAY = r"\d{4}-\d\d", r"\d{4}-\d\d-\d\d"
STORES = {"门店": {"东店": 3, "西店": 1}, "产品": {"甲": 2, "乙": 1}}
INDEX = [{"weekday": f"周{d}", "index": i} for d, i in zip("一二三四五六日", (1, 1, 1, 1, 1.2, 1.6, 1.5), strict=True)]


def year(path: Path, **settings: Any) -> Path:
    """A plan whose days follow the weekdays, in steps of 1000 yuan."""
    tables = {"xs_weekdays": INDEX, **settings.pop("tables", {})}
    given = {"month_method": "day_index", "day_method": "day_index", **settings}
    return plan(path, dimensions=members(STORES), tables=tables, **given)


def small(cell: Any) -> str:
    """The number format of amounts below those that a comma groups."""
    return re.sub(r"^\[<[\d.]+\]", "", cell.number_format.partition(";")[0])


def days_of(book: Path) -> dict[str, float]:
    """The company's days."""
    time = opened(book).time
    return {row: time.value(row, "target") for row in time.rows if re.fullmatch(DAY, row)}


def check_whole(book: Path, day_step: float, step: float = 1000, total: float = 1000 * WAN) -> None:
    """Days are whole day steps, months and members' months whole steps; every sum and every proof closes."""
    shown = opened(book)
    time = shown.time
    assert all(target % day_step == 0 for target in time.down("target", DAY))
    assert all(target % step == 0 for target in time.down("target", MONTH))
    for month in (r for r in time.rows if len(r) == 7 and r[4] == "-"):
        assert sum(time.down("target", month + r"-\d\d")) == time.value(month, "target")
    assert sum(time.down("target", DAY)) == sum(time.down("target", r"\d{4}-W\d\d")) == total
    for name in STORES:
        sheet = shown.dimension(name)
        for month in (c for c in sheet.columns if c.startswith("t:")):
            targets = sheet.down(month, "m:.*")
            assert sum(targets) == time.value(month.removeprefix("t:"), "target")
            assert all(target % step == 0 for target in targets)


@pytest.mark.parametrize(
    ("day_step", "grain", "form"),
    [(1, 1, r"0\.0000"), (10, 10, r"0\.0000"), (500, 500, r"0\.0000"), (3, 1, r"0\.0000"), (None, 1000, r"0\.0,"),
     (1000, 1000, r"0\.0,"), (2000, 1000, r"0\.0,")],
)  # fmt: skip
def test_days_are_whole_day_steps(
    xlsales: Command, tmp_path: Path, day_step: float | None, grain: float, form: str
) -> None:
    """Months are what they are without it; days of the same index are alike, shown with the decimals they have."""
    coarse = year(tmp_path / "粗.xlsx", day_step=None)
    book = year(tmp_path / "计划.xlsx", day_step=day_step)
    for path in (coarse, book):
        ran = xlsales("split", path, "--json")
        assert (ran.code, set(ran.json["residuals"].values())) == (0, {0})
    check_whole(book, grain)
    time = opened(book).time
    assert time.down("target", MONTH) == opened(coarse).time.down("target", MONTH)
    mondays = [time.value(f"2026-03-{day:02d}", "target") for day in (2, 9, 16, 23, 30)]
    assert max(mondays) - min(mondays) <= grain
    assert small(time.cell("2026-03-02", "target")).startswith(form)
    assert small(time.cell("2026-W10", "target")).startswith(form)
    assert small(time.cell("2026-03", "target")).startswith(r"0\.0,")
    once = book.read_bytes()
    assert xlsales("split", book, "--json").json["changed"] is False
    assert book.read_bytes() == once


@pytest.mark.parametrize(
    ("unit", "step", "day_step", "total", "above", "below"),
    [
        ("wan", 1000, 1, 1000, r"0\.0,_0_0_0_0", r"0\.0000_0"),
        ("wan", 100, 1, 1000, r"0\.0000_0", r"0\.0000_0"),
        ("yuan", 100, 1, 10_000_000, "#,##0_0", "#,##0_0"),
        ("yuan", 100, 0.01, 10_000_000, "#,##0_._0_0_0", "#,##0.00_0"),
        ("yuan", 0.1, 0.01, 10_000_000, "#,##0.00_0", "#,##0.00_0"),
        ("thousand", 1000, 1, 10_000, "#,##0,_._0_0_0_0", "#,##0.000,_0"),
        ("thousand", 1000, 10, 10_000, "#,##0,_._0_0_0", "#,##0.00,_0"),
        ("thousand", 100, 1, 10_000, "#,##0.0,_0_0_0", "#,##0.000,_0"),
        ("million", 10_000, 100, 10, "#,##0.00,,_0_0_0", "#,##0.0000,,_0"),
        ("yi", 1_000_000, 1000, 0.1, r"0\.00,,_0_0_0_0", r"0\.00000,_0"),
        ("yi", 1_000_000, 1_000_000, 0.1, r"0\.00,,_0", r"0\.00,,_0"),
    ],
)
def test_points_of_months_and_days_stand_below_each_other(
    xlsales: Command, tmp_path: Path, unit: str, step: float, day_step: float, total: float, above: str, below: str
) -> None:
    """Behind a month's last digit stand as many blanks, a digit wide, as its days have decimals more."""
    book = plan(tmp_path / "计划.xlsx", unit=unit, step=step, day_step=day_step, total=total)
    assert xlsales("split", book).code == 0
    time = opened(book).time
    for row in ("total", "2026", "2026Q1", "2026-03"):
        assert small(time.cell(row, "target")) == above
    assert {small(time.cell(row, "target")) for row in ("2026-W10", "2026-03-02")} == {below}


def test_a_blank_day_step_is_what_it_was(xlsales: Command, tmp_path: Path) -> None:
    """Plans from before have no such cell, and one may clear it: days are then in the plan's step."""
    book = year(tmp_path / "计划.xlsx", day_step=None)
    assert xlsales("split", book).code == 0
    check_whole(book, 1000)
    assert opened(book).time.sheet["B1"].value.count(" ") == 0


@pytest.mark.parametrize(("before", "then"), [(None, 1), (1, None), (1, 40), (500, 8), (10, 1)])
def test_another_day_step_changes_no_closed_day(
    xlsales: Command, tmp_path: Path, before: float | None, then: float | None
) -> None:
    """Closed days stay as they were written; open ones go into the new step; no month moves; twice is once."""
    book = year(tmp_path / "计划.xlsx", day_step=before)
    assert xlsales("split", book).code == 0
    old, months = days_of(book), opened(book).time.down("target", MONTH)
    answer(book, "closed_through", dt.date(2026, 3, 31))
    type_in(book, *place_of(book, "day_step").split("!"), "" if then is None else then)
    assert xlsales("split", book).code == 0
    new = days_of(book)
    assert {k: v for k, v in new.items() if k < "2026-04"} == {k: v for k, v in old.items() if k < "2026-04"}
    assert all(target % (then or 1000) == 0 for key, target in new.items() if key >= "2026-04")
    assert opened(book).time.down("target", MONTH) == months
    once = book.read_bytes()
    assert "没有变化" in xlsales("split", book).out
    assert book.read_bytes() == once
    answer(book, "total", 1200)
    assert xlsales("split", book).code == 0
    assert {k: v for k, v in days_of(book).items() if k < "2026-04"} == {k: v for k, v in old.items() if k < "2026-04"}
    check_whole(book, 1, total=1200 * WAN)


def test_other_days_alone_are_a_version(xlsales: Command, tmp_path: Path) -> None:
    """A finer day step moves days and no month: 目标版本 has it, and no member's line."""
    book = year(tmp_path / "计划.xlsx", day_step=None)
    xlsales("split", book)
    type_in(book, *place_of(book, "day_step").split("!"), 1)
    assert xlsales("split", book).code == 0
    versions = opened(book).book["目标版本"]
    keys = [cell.value for cell in versions["A"] if str(cell.value).startswith("v:")]
    assert keys == ["v:2", "v:1"]


def test_a_day_may_be_locked_in_day_steps(xlsales: Command, tmp_path: Path) -> None:
    """3,962 yuan for a day of the company; its month is whole steps, the other days take the difference."""
    locks = [{"period": "2026-03-02", "amount": 0.3962}, {"period": "2026-03-03", "amount": "4142元"}]
    book = year(tmp_path / "计划.xlsx", tables={"xs_locks": locks})
    ran = xlsales("split", book)
    assert ran.code == 0, ran.err
    days = days_of(book)
    assert (days["2026-03-02"], days["2026-03-03"]) == (3_962, 4_142)
    check_whole(book, 1)
    assert "没有变化" in xlsales("split", book).out


@pytest.mark.parametrize(
    ("lock", "day_step", "said", "remedy"),
    [
        ({"period": "2026-03-02", "amount": 0.39625}, 1, "0.39625 万元不是日步长(1 元)的整数倍", 0.3962),
        ({"period": "2026-03-02", "amount": 0.3962}, None, "0.3962 万元不是最小步长(1000 元)的整数倍", 0.4),
        ({"period": "2026-03", "amount": 80.3962}, 1, "80.3962 万元不是最小步长(1000 元)的整数倍", 80.4),
        ({"period": "2026-03", "amount": 8.3962, "dimension": "门店", "member": "西店"}, 1,
         "8.3962 万元不是最小步长(1000 元)的整数倍", 8.4),
    ],
)  # fmt: skip
def test_a_lock_off_its_step_is_refused(
    xlsales: Command, tmp_path: Path, lock: dict[str, Any], day_step: float | None, said: str, remedy: float
) -> None:
    """A day is whole day steps, all else whole steps; the amount changed as told, it is split."""
    book = year(tmp_path / "计划.xlsx", day_step=day_step, tables={"xs_locks": [lock]})
    ran = xlsales("split", book)
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert said in ran.err
    fill_in(book, "xs_locks", 0, amount=remedy)
    assert xlsales("split", book).code == 0


def test_locked_days_that_break_their_month_are_told(xlsales: Command, tmp_path: Path) -> None:
    """All days of a month locked, to no whole steps: the sentence says by how much; mended as told, it is split."""
    dates = [dt.date(2026, 2, 1) + dt.timedelta(n) for n in range(28)]
    locks = [{"period": day.isoformat(), "amount": 2.5001} for day in dates]
    book = year(tmp_path / "计划.xlsx", tables={"xs_locks": locks})
    ran = xlsales("split", book)
    assert ran.code == 2
    assert "2026-02 锁定的各天合计 70.0028万元;各月按最小步长要 70.1万元" in ran.err
    fill_in(book, "xs_locks", 27, amount=2.5973)  # 27 × 2.5001 + 2.5973 = 70.1
    assert xlsales("split", book).code == 0
    assert opened(book).time.value("2026-02", "target") == 701_000


def test_stores_are_handed_the_company_s_days(xlsales: Command, tmp_path: Path) -> None:
    """What the sheets have in day steps is handed out as such, and comes back as it was sent."""
    book = year(tmp_path / "计划.xlsx", end=dt.date(2026, 3, 31))
    xlsales("split", book)
    out = tmp_path / "out"
    ran = xlsales("handout", book, out, "--json")
    assert (ran.code, ran.json["counts"]["written"]) == (0, 2)
    assert xlsales("handout", book, out, "--json").json["counts"]["unchanged"] == 2
    assert xlsales("collect", book, out, "--json").json["rows"]["found"] == 0
