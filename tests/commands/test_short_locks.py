"""Locks of a store's days and weeks, from the table of locks to the files that stores get."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.commands.books import Command, answer, members, opened, plan
from xlsales.book.keyed import written_sheets
from xlsales.core.arrays import Steps
from xlsales.core.member_days import days_of_leaves
from xlsales.core.periods import timeline_of
from xlsales.ooxml.book import Book
from xlsales.plan.inputs import read_inputs
from xlsales.plan.targets import read_targets

pytestmark = pytest.mark.package
STORES = {"一店": 2, "二店": 1, "三店": 1}
WAN_STEPS = 10
"""Steps of 1000 in 1万."""
Locks = Sequence[Mapping[str, object]]


def book(path: Path, locks: Locks, lang: str = "zh", rows: Locks | None = None, **settings: object) -> Path:
    own = [{"dimension": "门店", **lock} if "member" in lock else lock for lock in locks]
    more = {"week_rule": "iso", "month_method": "calendar_days", "day_step": 1000, **settings}
    return plan(path, lang=lang, dimensions=rows or members({"门店": STORES}), tables={"xs_locks": own}, **more)


def store_days(path: Path) -> tuple[dict[str, Steps], Steps]:
    """The days of each store in the plan that was split, and those of the company, in steps."""
    inputs, opened_book = read_inputs(Book.open(path), path), Book.open(path)
    breakdown = read_targets(written_sheets(opened_book), inputs.plan, timeline_of(inputs.plan))
    dimension = breakdown.dimensions["门店"].dimension
    days = days_of_leaves(breakdown, dimension)
    names = [dimension.members[i].name for i in dimension.leaves]
    return dict(zip(names, days, strict=True)), breakdown.days


def lock(period: str, amount: object, member: str = "一店") -> Mapping[str, object]:
    return {"member": member, "period": period, "amount": amount}


def at(day: str) -> int:
    return (dt.date.fromisoformat(day) - dt.date(2026, 1, 1)).days


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_store_keeps_its_day_and_others_pay(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """2万 on 18 June: the store's month and the company's day stay, its other days and the other stores have less."""
    path = book(tmp_path / "p.xlsx", [{"member": "一店", "period": "2026-06-18", "amount": 2}], lang)
    free = book(tmp_path / "free.xlsx", [], lang)
    for one in (path, free):
        assert xlsales("split", one).code == 0
    days, company = store_days(path)
    before, company_before = store_days(free)
    assert days["一店"][at("2026-06-18")] == 2 * WAN_STEPS
    assert (company == company_before).all()
    assert (sum(days.values()) == company).all()
    june = slice(at("2026-06-01"), at("2026-07-01"))
    for name in STORES:
        assert days[name][june].sum() == before[name][june].sum()
        assert (np.delete(days[name], np.arange(june.start, june.stop))
                == np.delete(before[name], np.arange(june.start, june.stop))).all()  # fmt: skip
    out = tmp_path / "out"
    assert xlsales("handout", path, out).code == 0


def test_a_store_keeps_a_week_that_cuts_a_month_and_its_locked_month(xlsales: Command, tmp_path: Path) -> None:
    """Week 5 has six days in January, which is locked, and one in February."""
    locks = [
        {"member": "二店", "period": "2026-W05", "amount": 6},
        {"member": "二店", "period": "2026-01", "amount": 5},
        {"member": "三店", "period": "第5周", "amount": 3},
    ]
    path = book(tmp_path / "p.xlsx", locks)
    assert xlsales("split", path).code == 0
    days, company = store_days(path)
    week = slice(at("2026-01-26"), at("2026-02-02"))
    assert (days["二店"][week].sum(), days["三店"][week].sum()) == (60, 30)
    assert days["二店"][: at("2026-02-01")].sum() == 50
    assert (sum(days.values()) == company).all()


def test_the_month_is_at_least_what_is_locked_in_it(xlsales: Command, tmp_path: Path) -> None:
    """Days of 18万 in a February of 19.2万 raise nothing; 30万 raise the month, and the others pay in that month."""
    days = [{"member": "三店", "period": f"2026-02-{d:02d}", "amount": 1.5} for d in range(1, 21)]
    path = book(tmp_path / "p.xlsx", days)
    assert xlsales("split", path).code == 0
    stores = opened(path).dimension("门店")
    assert stores.value("m:三店", "t:2026-02") == 300_000
    assert sum(stores.down("t:2026-02", "m:.*")) == stores.value("total", "t:2026-02")
    own, company = store_days(path)
    assert (sum(own.values()) == company).all()
    written = path.read_bytes()
    assert xlsales("split", path).code == 0
    assert path.read_bytes() == written


def test_a_day_may_be_as_fine_as_the_day_step(xlsales: Command, tmp_path: Path) -> None:
    """1.2345万 where months are whole thousands."""
    path = book(tmp_path / "p.xlsx", [{"member": "一店", "period": "2026-06-18", "amount": 1.2345}], day_step=1)
    assert xlsales("split", path).code == 0
    days, company = store_days(path)
    assert days["一店"][at("2026-06-18")] == 12_345
    assert (sum(days.values()) == company).all()


def test_a_store_that_opens_within_the_month(xlsales: Command, tmp_path: Path) -> None:
    """Its locked day is kept; before it opens it has nothing."""
    rows = [*members({"门店": {"一店": 2, "二店": 1}}),
            {"dimension": "门店", "member": "三店", "weight": 1, "opens": dt.date(2026, 6, 11)}]  # fmt: skip
    path = book(tmp_path / "p.xlsx", [{"member": "三店", "period": "2026-06-18", "amount": 1}], rows=rows)
    assert xlsales("split", path).code == 0
    days, company = store_days(path)
    assert days["三店"][at("2026-06-18")] == 10
    assert days["三店"][: at("2026-06-11")].sum() == 0
    june = slice(at("2026-06-01"), at("2026-07-01"))
    assert sum(own[june].sum() for own in days.values()) == company[june].sum()


@pytest.mark.parametrize(
    ("locks", "said"),
    [
        ([lock("2026-06-18", 2), lock("2026-06-18", 1, "二店")],
         "2026-06-18 锁定合计 3万元 > 公司目标 2.7万元,差 0.3万元。请放开 二店 2026-06-18 1万元"),
        ([lock("2026-W25", 5), lock("2026-06-18", 6)],
         "一店 2026-W25 锁定 5万元,但其中锁定合计 6万元,差 1万元"),
        ([lock("2026-06-18", 2), lock("2026-06", 1)],
         "一店 2026-06 锁定 1万元,但其中锁定合计 2万元,差 1万元"),
        ([lock("2026-06-18", 2), {"period": "2026-06-18", "amount": 1}],
         "2026-06-18 锁定合计 2万元 > 公司目标 1万元,差 1万元"),
        ([lock("2026-W70", 2)], "不在计划"),
        ([lock("2027-06-18", 2)], "不在计划"),
        ([lock("2026-06W3", 2)], "请写成 2026-W01 这样"),
        ([lock("2026-06-18", None)], "缺少“锁定目标”"),
        ([lock("2026-06-18", -2)], "应不小于 0"),
        ([lock("2026-06-18", "两万")], "不是"),
        ([lock("2026-06-18", 0.00005)], "整数倍"),
        ([lock("2026-06-18", 1), lock("6月18日", 1)],
         "锁定了两次"),
        ([lock("2026-06-18", 1, "四店")], "不在维度"),
        ([{"member": m, "period": "2026-06-18", "amount": 0.1} for m in STORES], "2026-06-18"),
    ],
)  # fmt: skip
def test_a_lock_that_cannot_be_is_refused_at_its_place(
    xlsales: Command, tmp_path: Path, locks: Locks, said: str
) -> None:
    """One sentence with the amount and the least to release; nothing is written."""
    path = book(tmp_path / "p.xlsx", locks)
    before = path.read_bytes()
    ran = xlsales("split", path)
    assert (ran.code, path.read_bytes()) == (2, before), ran.out
    assert said in ran.err
    assert "锁定!" in ran.err


@pytest.mark.parametrize("amount", [0, "２", "1.5万", "0"])
def test_amounts_as_people_type_them(xlsales: Command, tmp_path: Path, amount: float | str) -> None:
    """Zero is a lock, too; full-width digits and a unit are read."""
    path = book(tmp_path / "p.xlsx", [{"member": "一店", "period": "2026-06-18", "amount": amount}])
    ran = xlsales("split", path)
    assert ran.code == 0, ran.err
    expected = {0: 0, "0": 0, "２": 20, "1.5万": 15}[amount]
    assert store_days(path)[0]["一店"][at("2026-06-18")] == expected


TREE = [
    {"dimension": "门店", "member": "东区"}, {"dimension": "门店", "member": "西区", "weight": 2},
    *({"dimension": "门店", "member": m, "parent": "东区", "weight": w} for m, w in STORES.items()),
]  # fmt: skip
"""东区 has two thirds of the company: 1.8万 of 2.7万 on a day of June."""
EAST = [*STORES]


def region(period: str, amount: object, member: str = "东区") -> Mapping[str, object]:
    return {"member": member, "period": period, "amount": amount}


@pytest.mark.parametrize(
    ("locks", "wanted"),
    [
        ([region("2026-06-18", 2)], {("2026-06-18", "2026-06-18"): 20}),
        ([region("2026-06-18", 0)], {("2026-06-18", "2026-06-18"): 0}),
        ([region("2026-W25", 14)], {("2026-06-15", "2026-06-21"): 140}),
        ([region("2026-W05", 14)], {("2026-01-26", "2026-02-01"): 140}),
        ([region("2026-W25", 14), region("2026-06-18", 2.5)],
         {("2026-06-15", "2026-06-21"): 140, ("2026-06-18", "2026-06-18"): 25}),
        ([region("2026-06-18", 2), lock("2026-06-18", 0.5), lock("2026-06-18", 1.5, "二店")],
         {("2026-06-18", "2026-06-18"): 20}),
        ([region("2026-W25", 14), lock("2026-06-18", 2.6)], {("2026-06-15", "2026-06-21"): 140}),
        ([region("2026-06-18", 2), lock("2026-W25", 9, "二店")], {("2026-06-18", "2026-06-18"): 20}),
        ([region("2026-06", 60), region("2026-06-18", 2.6), region("2026-06-19", 1, "西区")],
         {("2026-06-01", "2026-06-30"): 600, ("2026-06-18", "2026-06-18"): 26, ("2026-06-19", "2026-06-19"): None}),
    ],
    ids=["a day", "zero", "a week", "a week in two months", "a week with a day", "with days of its stores",
         "a week with a store's day", "with a store's week", "with its month and another member"],
)  # fmt: skip
def test_a_parents_days_are_those_of_all_below_it(
    xlsales: Command, tmp_path: Path, locks: Locks, wanted: Mapping[tuple[str, str], int | None]
) -> None:
    """A region keeps what is locked, its stores share it, and days and months close in every direction."""
    path = book(tmp_path / "p.xlsx", locks, rows=TREE)
    ran = xlsales("split", path)
    assert ran.code in (0, 1), ran.err
    days, company = store_days(path)
    assert (sum(days.values()) == company).all()
    east = sum(days[name] for name in EAST)
    for (first, last), amount in wanted.items():
        assert amount is None or east[at(first) : at(last) + 1].sum() == amount
    for one in locks:
        if one["member"] in days and "W" not in str(one["period"]):
            assert days[str(one["member"])][at(str(one["period"]))] == float(str(one["amount"])) * WAN_STEPS
    stores = opened(path).dimension("门店")
    june = slice(at("2026-06-01"), at("2026-07-01"))
    for name, own in days.items():
        assert own[june].sum() * 1000 == stores.value(f"m:{name}", "t:2026-06")
    written = path.read_bytes()
    assert xlsales("split", path).code == ran.code
    assert path.read_bytes() == written


@pytest.mark.parametrize(
    ("locks", "said"),
    [
        ([region("2026-06-18", 1), lock("2026-06-18", 2)], "东区 2026-06-18 锁定 1万元,但其中锁定合计 2万元,差 1万元"),
        ([region("2026-06-18", 3)],
         "2026-06-18 锁定合计 3万元 > 公司目标 2.7万元,差 0.3万元。请放开 东区 2026-06-18 3万元"),
        ([region("2026-06-18", 2), *(lock("2026-06-18", 0.5, m) for m in EAST)],
         "东区 2026-06-18 锁定 2万元,但其中锁定合计 1.5万元,差 0.5万元"),
        ([region("2026-W25", 3), lock("2026-06-18", 2), lock("2026-06-19", 2)],
         "东区 2026-W25 锁定 3万元,但其中锁定合计 4万元,差 1万元"),
        ([region("2026-06", 2), region("2026-W25", 3)], "东区 2026-06 锁定 2万元,但其中锁定合计 3万元,差 1万元"),
    ],
    ids=["less than below it", "more than the company", "all below it locked", "a week", "its month"],
)  # fmt: skip
def test_a_parents_lock_that_cannot_be_is_refused(xlsales: Command, tmp_path: Path, locks: Locks, said: str) -> None:
    """With the amount, at the lock."""
    ran = xlsales("split", book(tmp_path / "p.xlsx", locks, rows=TREE))
    assert ran.code == 2
    assert said in ran.err
    assert "锁定!" in ran.err


def test_a_parent_above_a_stretch_has_no_days_to_lock(xlsales: Command, tmp_path: Path) -> None:
    """Its days are not the sum of those below it."""
    ran = xlsales("split", book(tmp_path / "p.xlsx", [region("2026-06-18", 1)], rows=TREE, stretch_2=1.1))
    assert ran.code == 2
    assert "“东区”的下级有加压,日和周不能锁定它" in ran.err


@pytest.mark.parametrize(
    "locks",
    [
        [lock("2026-W25", 14), lock("2026-06-18", 1, "二店"), lock("2026-06-17", 1.5, "三店")],
        [lock("2026-W25", 19.2), lock("2026-W25", 0, "二店"), lock("2026-W25", 0, "三店")],
        [lock("2026-W25", 12), lock("2026-06-18", 2, "二店"), lock("2026-06-16", 0.1)],
    ],
)  # fmt: skip
def test_a_week_goes_where_there_is_room(xlsales: Command, tmp_path: Path, locks: Locks) -> None:
    """Along the company's days a week of 14万 is 2万 a day, which others leave on five days alone."""
    path = book(tmp_path / "p.xlsx", locks)
    ran = xlsales("split", path)
    assert ran.code in (0, 1), ran.err
    days, company = store_days(path)
    assert (sum(days.values()) == company).all()
    week = slice(at("2026-06-15"), at("2026-06-22"))
    for one in locks:
        own, wanted = days[str(one["member"])], float(str(one["amount"])) * WAN_STEPS
        assert (own[week].sum() if "W" in str(one["period"]) else own[at(str(one["period"]))]) == wanted


@pytest.mark.parametrize("period", ["2026-06-18", "2026-W25"])
def test_a_plan_of_one_day(xlsales: Command, tmp_path: Path, period: str) -> None:
    """All days of the store are locked, so its month is what is locked; the others take the rest."""
    one = {"start": dt.date(2026, 6, 18), "end": dt.date(2026, 6, 18)}
    path = book(tmp_path / "p.xlsx", [lock(period, 300)], **one)
    assert xlsales("split", path).code == 0
    assert opened(path).dimension("门店").down("target", "m:.*") == [3_000_000, 3_500_000, 3_500_000]


def test_closed_months_are_not_rewritten(xlsales: Command, tmp_path: Path) -> None:
    """A lock in a closed month that asks for more than its target is refused; the targets stay."""
    path = book(tmp_path / "p.xlsx", [])
    assert xlsales("split", path).code == 0
    answer(path, "closed_through", dt.date(2026, 3, 31))
    assert xlsales("split", path).code == 0
    march = opened(path).dimension("门店").down("t:2026-03", "m:.*")
    locked = book(tmp_path / "locked.xlsx", [{"member": "三店", "period": "2026-03-05", "amount": 30}])
    assert xlsales("split", locked).code == 2
    assert march == opened(path).dimension("门店").down("t:2026-03", "m:.*")
