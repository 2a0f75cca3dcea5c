"""A shop's own weekday index: its days follow it, its months and the company's months and days stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.commands.books import Command, fill, members, opened, plan
from tests.commands.test_short_locks import at, store_days
from xlsales.plan.weekday_reference import INDEXES, T_WEEKDAY_REFERENCE

pytestmark = pytest.mark.package
TITLES = {"zh": "星期参照", "en": "Weekday reference"}
Row = Mapping[str, float | str]


def own(member: str, *index: float | str) -> Row:
    return {"member": member, **dict(zip(INDEXES, index, strict=False))}


def book(path: Path, xlsales: Command, rows: Sequence[Row], lang: str = "zh", **more: object) -> Path:
    """A plan of three shops by working days and equal days, with these rows over the example."""
    plan(path, lang=lang, dimensions=members({"门店": {"一店": 1, "二店": 4, "三店": 5}}), **{"day_step": 1000, **more})
    assert xlsales("add", path, TITLES[lang]).code == 0
    blank = {column.key: "" for column in T_WEEKDAY_REFERENCE.columns}
    fill(path, T_WEEKDAY_REFERENCE, TITLES[lang], [blank | row for row in rows])
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_shop_follows_its_own_index(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """A shop that is shut on Mondays and sells three times as much on Sundays."""
    path = book(tmp_path / "p.xlsx", xlsales, [own("一店", 0, 1, 1, 1, 1, 2, 3)], lang)
    before = book(tmp_path / "b.xlsx", xlsales, [], lang)
    for one in (path, before):
        assert xlsales("split", one).code in (0, 1)
    days, company = store_days(path)
    plain, company_before = store_days(before)
    june = slice(at("2026-06-01"), at("2026-07-01"))
    assert (company == company_before).all()
    assert (sum(days.values()) == company).all()
    for name in days:
        assert days[name][june].sum() == plain[name][june].sum()
    week = days["一店"][at("2026-06-08") : at("2026-06-15")]
    assert week[0] == 0
    assert week[6] / week[2] == pytest.approx(3, rel=0.25)  # steps of a thousand
    assert xlsales("handout", path, tmp_path / "out").code in (0, 1)
    assert xlsales("undo", path).code == 0


def test_a_lock_of_the_shop_holds_beside_its_index(xlsales: Command, tmp_path: Path) -> None:
    """Its other days follow the index around the locked one."""
    locks = [{"dimension": "门店", "member": "一店", "period": "2026-06-09", "amount": 1.5}]
    path = book(tmp_path / "p.xlsx", xlsales, [own("一店", 0, 1, 1, 1, 1, 2, 3)], tables={"xs_locks": locks})
    assert xlsales("split", path).code in (0, 1)
    days, company = store_days(path)
    assert days["一店"][at("2026-06-09")] == 15
    assert days["一店"][at("2026-06-08")] == 0
    assert (sum(days.values()) == company).all()


def test_an_index_needs_no_sales_and_a_period_still_shows_them(xlsales: Command, tmp_path: Path) -> None:
    """The sheet of shares is of the rows that name a period."""
    history = [["日期", "门店", "金额"], *([dt.date(2025, 3, d), "二店", 100 + d] for d in range(1, 29))]
    rows = [own("一店", 1, 1, 1, 1, 1, 2, 3), {"member": "二店", "period": "2025-03"}]
    path = book(tmp_path / "p.xlsx", xlsales, rows, history=history)
    assert xlsales("split", path).code in (0, 1)
    assert [key for key in opened(path).sheet("weekday_shares").rows if key.count(":") == 0 and key.startswith("r")]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([own("一店", 1, 2, 3)], "只填了 3 格"),
        ([own("一店", 0, 0, 0, 0, 0, 0, 0)], "七格全是零"),
        ([own("四店", 1, 1, 1, 1, 1, 1, 1)], "没有成员“四店”"),
        ([own("", 1, 1, 1, 1, 1, 1, 1)], "请填在“设置”里"),
        ([own("一店", 1, 1, 1, 1, 1, 1, 1), own(" 一店 ", 2, 1, 1, 1, 1, 1, 1)], "已经有星期指数了"),
        ([own("一店", 1, 1, 1, 1, 1, 1, 1), own("门店:一店", 2, 1, 1, 1, 1, 1, 1)], "已经有星期指数了"),
        ([own("一店", -1, 1, 1, 1, 1, 1, 1)], "应不小于 0"),
        ([own("一店", "强", 1, 1, 1, 1, 1, 1)], "不是数字"),
    ],
)
def test_what_cannot_be_an_index_is_refused_at_its_place(
    xlsales: Command, tmp_path: Path, rows: Sequence[Row], said: str
) -> None:
    """The place is in the table, and nothing is written."""
    path = book(tmp_path / "p.xlsx", xlsales, rows)
    before = path.read_bytes()
    ran = xlsales("split", path)
    assert (ran.code, path.read_bytes()) == (2, before)
    assert "星期参照!" in ran.err
    assert said in ran.err


@pytest.mark.parametrize("index", [("１", "1.0", "100%", 1, 1, 1, 1), (0, 0, 0, 0, 0, 0, 1)])
def test_indexes_as_people_type_them(xlsales: Command, tmp_path: Path, index: Sequence[float | str]) -> None:
    """Full-width digits and percentages are numbers; one open weekday is enough."""
    path = book(tmp_path / "p.xlsx", xlsales, [own("一店", *index)])
    ran = xlsales("split", path)
    assert ran.code in (0, 1), ran.err
    days, _ = store_days(path)
    assert days["一店"].sum() == 1000


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_days_that_the_others_cannot_make_up_for_are_said(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """All three shops are shut on Mondays, and the company is not."""
    shut = (0, 1, 1, 1, 1, 2, 3)
    path = book(tmp_path / "p.xlsx", xlsales, [own(shop, *shut) for shop in ("一店", "二店", "三店")], lang)
    assert xlsales("split", path).code == 1
    (said,) = [one for one in opened(path).problems if "补不上" in one or "make up for it" in one]
    assert "365" in said
    days, company = store_days(path)
    assert sum(own_days.sum() for own_days in days.values()) == company.sum()
    alone = book(tmp_path / "alone.xlsx", xlsales, [own("一店", *shut)], lang)
    assert xlsales("split", alone).code == 0


SOLD = (0, 100, 100, 100, 100, 200, 300)
"""What 一店 sold on each weekday of the reference weeks: nothing on Mondays."""


def sold(first: dt.date, weeks: int) -> list[list[object]]:
    """Past sales of so many weeks from a Monday on, of 一店 by `SOLD` and of 二店 alike on all days."""
    days = [first + dt.timedelta(n) for n in range(7 * weeks)]
    ours = [[day, "一店", SOLD[day.weekday()]] for day in days]
    return [["日期", "门店", "金额"], *ours, *([day, "二店", 500] for day in days)]


def handed(path: Path, out: Path, shop: str, xlsales: Command) -> list[float]:
    """The targets of 8 to 14 June in a shop's file."""
    ran = xlsales("handout", path, out)
    assert ran.code in (0, 1)
    assert "太粗" not in ran.out + ran.err
    days = opened(out / f"{shop}.xlsx").sheet("store:days")
    return [days.value(f"2026-06-{day:02d}", "target") for day in range(8, 15)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_shop_follows_its_own_past_sales(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """A row with its name and a period is enough: its days in its file are 0 : 1 : 2 : 3, its months stay."""
    row = {"member": "一店", "period": "2025-03-03~2025-03-30"}
    path = book(tmp_path / "p.xlsx", xlsales, [row], lang, history=sold(dt.date(2025, 3, 3), 4), day_step=100)
    assert xlsales("split", path).code in (0, 1)
    week = handed(path, tmp_path / "out", "一店", xlsales)
    assert week[0] == 0
    assert [round(target / week[1], 1) for target in week[1:]] == pytest.approx([1, 1, 1, 1, 2, 3], abs=0.4)
    (said,) = opened(path).sheet("weekday_shares").down("weekday", "r1:use")
    assert said == {"zh": "每天的目标按这个指数,每月不变", "en": "Its days follow this index, its months stay"}[lang]
    plain = book(tmp_path / "b.xlsx", xlsales, [], lang, history=sold(dt.date(2025, 3, 3), 4))
    assert xlsales("split", plain).code in (0, 1)
    months, without = (opened(one).dimension("门店").along("m:一店", "t:") for one in (path, plain))
    assert months == without
    written = path.read_bytes()
    xlsales("split", path)
    assert path.read_bytes() == written


@pytest.mark.parametrize(
    ("rows", "history", "said"),
    [
        # two weeks are too few
        ([{"member": "一店", "period": "2025-03-03~2025-03-16"}], sold(dt.date(2025, 3, 3), 4), "不到 3 天"),
        # its index is typed
        ([{"member": "一店", "period": "2025-03"} | own("一店", 1, 1, 1, 1, 1, 1, 1)], sold(dt.date(2025, 3, 3), 4),
         "星期参照”里填的指数"),
        # the first row counts
        ([{"member": "一店", "period": "2025-03-03~2025-03-16"}, {"member": "一店", "period": "2025-03"}],
         sold(dt.date(2025, 3, 3), 4), "它的第一行"),
    ],
)  # fmt: skip
def test_what_days_follow_is_said(
    xlsales: Command, tmp_path: Path, rows: Sequence[Row], history: Sequence[Sequence[object]], said: str
) -> None:
    """Below the shares; they do not follow this index."""
    path = book(tmp_path / "p.xlsx", xlsales, rows, history=history)
    assert xlsales("split", path).code in (0, 1)
    lines = opened(path).sheet("weekday_shares").down("weekday", r"r\d+:use")
    assert said in lines[-1]
    assert handed(path, tmp_path / "out", "一店", xlsales)[0] > 0


def test_past_sales_that_are_not_there_leave_the_days_of_the_company(xlsales: Command, tmp_path: Path) -> None:
    """It is told at the row, and the plan is split."""
    path = book(tmp_path / "p.xlsx", xlsales, [{"member": "一店", "period": "2024"}])
    ran = xlsales("split", path)
    assert ran.code == 1
    assert "星期参照!C5: “一店”在 2024-01-01 – 2024-12-31 没有销售" in ran.out
    assert handed(path, tmp_path / "out", "一店", xlsales)[0] > 0
