"""What the company of the worked example fills in besides its plan: the tables of sheets that people add."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from xlsales.core.faults import Lang
from xlsales.plan.example_members import CHANNELS, REGIONS
from xlsales.plan.template.example import MONTHS, STORES, YEAR, unit_of
from xlsales.vocabulary.contract import UNIT_YUAN, Word
from xlsales.vocabulary.plan_tables import Example

_D = dt.date
_PEOPLE = (
    Word("王芳", "Wendy"),
    Word("李强", "Liam"),
    Word("张敏", "Mona"),
    Word("刘洋", "Leon"),
    Word("陈静", "Jane"),
    Word("赵磊", "Ray"),
    Word("孙丽", "Lily"),
    Word("周涛", "Todd"),
    Word("吴霞", "Sheila"),
    Word("郑凯", "Kyle"),
)
"""Who answers for each store."""
_NEW, _HAPPY, _COMPLAINTS, _ORDERS = (
    Word("新增客户数", "New customers"),
    Word("客户满意度", "Satisfaction"),
    Word("投诉数", "Complaints"),
    Word("订单", "Orders"),
)
_PROMOTION, _EVENTS, _STAFF = Word("促销", "Promotion"), Word("活动", "Events"), Word("人员", "Staff")
_STORE = Word("门店", "Store")


def _staff() -> list[Example]:
    """Return what the weights of the stores are the product of."""
    heads = (9, 6, 13, 7, 18, 12, 14, 11, 6, 4)
    seniority = (1.0, 1.0, 1.1, 0.9, 1.1, 1.0, 1.0, 1.1, 0.9, 0.9)
    return [
        {"dimension": _STORE, "member": store, "headcount": float(n), "seniority": years}
        for (store, _), n, years in zip(STORES, heads, seniority, strict=True)
    ]


def full_tables(lang: Lang) -> Mapping[str, Sequence[Example]]:
    """Return the rows of each table by its name; amounts are in the unit of the example in this language."""
    per = UNIT_YUAN[unit_of(lang)]
    return {
        "xs_dashboard": [],
        "xs_transfers": _transfers(per),
        "xs_relief": _relief(),
        "xs_three_tiers": [{"low": 0.8, "high": 1.2}],
        "xs_fairness": _fairness(),
        "xs_staff": _staff(),
        "xs_crossed": [{"down": Word("区域", "Region"), "across": Word("产品", "Product")}],
        "xs_by_week": [
            {"of": Word("公司", "Company"), "period": f"{YEAR}-09"},
            {"of": Word("区域", "Region"), "period": f"{YEAR}-09"},
        ],
        "xs_goods": _goods(),
        "xs_funnel": _funnel(),
        "xs_indicators": _indicators(),
        "xs_indicator_actuals": list(_indicator_actuals(lang)),
        "xs_weeks": list(_weeks()),
        "xs_schedule": _schedule(),
        "xs_scorecard": _scorecard(),
        "xs_tiers": _tiers(),
        "xs_budget": _budget(),
        "xs_spend": list(_spend(lang)),
        "xs_actions": list(_actions(per)),
        "xs_owners": list(_owners()),
        "xs_review": [
            {"period": f"{YEAR}Q2", "day": _D(YEAR, 7, 10), "meeting": Word("季度经营会", "Quarterly review")},
            {"period": f"{YEAR}-08", "day": _D(YEAR, 9, 7), "meeting": Word("月度例会", "Monthly review")},
        ],
    }


def _transfers(per: int) -> list[Example]:
    reason = Word("企业团购客户划给北京", "group customers go to Beijing")
    giver, taker = STORES[0][0], STORES[2][0]
    return [{"start": f"{YEAR}-11", "giver": giver, "taker": taker, "amount": 20_000 / per, "reason": reason}]


def _relief() -> list[Example]:
    span = {"start": f"{YEAR}-12-07", "end": f"{YEAR}-12-08"}
    return [
        {**span, "giver": STORES[9][0], "reason": Word("更换空调,停业两天", "closed two days, new air conditioning")}
    ]


def _fairness() -> list[Example]:
    areas = (420, 300, 610, 360, 800, 560, 640, 520, 310, 240)
    heads = (9, 6, 13, 7, 18, 12, 14, 11, 6, 4)
    return [
        {"member": store, "headcount": float(n), "area": float(area)}
        for (store, _), n, area in zip(STORES, heads, areas, strict=True)
    ]


def _goods() -> list[Example]:
    rows = (
        (Word("女装", "Women"), Word("连衣裙", "Dresses"), 52, 61, 58, 1500, 460),
        (Word("女装", "Women"), Word("上衣", "Tops"), 41, 44, 47, 2100, 260),
        (Word("男装", "Men"), Word("衬衫", "Shirts"), 33, 30, 29, 640, 320),
        (Word("男装", "Men"), Word("裤装", "Trousers"), 27, 24, 26, 420, 350),
    )
    return [
        {
            "month": f"{YEAR}-09",
            "group": group,
            "category": category,
            "before": float(before),
            "after": float(after),
            "base": float(base),
            "stock": float(stock),
            "price": float(price),
        }
        for group, category, before, after, base, stock, price in rows
    ]


def _funnel() -> list[Example]:
    rows = ((0.18, 0.55, 0.7, 2600), (0.6, 0.5, 0.8, 1500), (0.35, 0.45, 0.75, 1900))
    return [
        {
            "month": f"{YEAR}-09",
            "channel": channel,
            "price": 1200.0,
            "lead_rate": lead,
            "opportunity_rate": chance,
            "draft_rate": draft,
            "leads": float(leads),
        }
        for channel, (lead, chance, draft, leads) in zip(CHANNELS, rows, strict=True)
    ]


def _indicators() -> list[Example]:
    people, points, times = Word("人", "people"), Word("分", "points"), Word("次", "times")
    return [
        {"indicator": _NEW, "dimension": _STORE, "kind": "count", "unit": people, "target": 4800.0},
        {"indicator": _HAPPY, "dimension": _STORE, "kind": "score", "unit": points, "target": 90.0},
        {
            "indicator": _COMPLAINTS,
            "dimension": _STORE,
            "kind": "count",
            "unit": times,
            "better": "less",
            "target": 30.0,
            "months": "each",
        },
    ]


def _indicator_actuals(lang: Lang) -> Iterator[Example]:
    chance = np.random.default_rng(20260901)
    for month in range(1, MONTHS + 1):
        for store, weight in STORES:
            at: Example = {"member": store[lang], "period": f"{YEAR}-{month:02d}"}
            yield {"indicator": _NEW, **at, "value": float(chance.poisson(4.0 * weight / 10))}
            asked = float(chance.integers(30, 60))
            yield {"indicator": _HAPPY, **at, "value": float(chance.integers(84, 97)), "base": asked}
            yield {"indicator": _COMPLAINTS, **at, "value": float(chance.poisson(weight / 36))}


def _weeks() -> Iterator[Example]:
    chance = np.random.default_rng(20260902)
    for n, (person, team) in enumerate(zip(_PEOPLE[2:8], (0, 0, 0, 1, 1, 1), strict=True)):
        called = Word(f"销售{'一二'[team]}组", f"Sales team {team + 1}")
        target = 18 + 2 * n
        done = {f"done_{week}": float(chance.poisson(target / 5)) for week in range(1, 6)}
        yield {
            "month": f"{YEAR}-08",
            "team": called,
            "person": person,
            "indicator": _ORDERS,
            "open": float(4 + n % 3),
            "target": float(target),
            **done,
        }


def _schedule() -> list[Example]:
    sales, stores, hr = Word("销售部", "Sales"), Word("门店", "Stores"), Word("人力", "HR")
    return [
        {
            "number": "1",
            "task": Word("盘点八个月进度", "Review of eight months"),
            "start": _D(YEAR, 8, 31),
            "days": 3.0,
            "owner": _PEOPLE[0],
            "department": sales,
            "priority": "high",
            "done": 1.0,
        },
        {
            "number": "2",
            "task": Word("四季度目标与加压", "Targets of the last quarter"),
            "days": 5.0,
            "owner": _PEOPLE[0],
            "department": sales,
            "priority": "high",
            "after": "1",
            "done": 0.4,
        },
        {
            "number": "3",
            "task": Word("各店提行动计划", "Action plans of stores"),
            "days": 6.0,
            "owner": _PEOPLE[1],
            "department": stores,
            "priority": "high",
            "after": "2",
            "buffer": 2.0,
        },
        {
            "number": "4",
            "task": Word("国庆促销备货", "Stock for the October sale"),
            "start": _D(YEAR, 9, 7),
            "days": 12.0,
            "owner": _PEOPLE[3],
            "department": stores,
            "priority": "medium",
            "done": 0.1,
        },
        {
            "number": "5",
            "task": Word("导购培训", "Training of staff"),
            "days": 4.0,
            "owner": _PEOPLE[4],
            "department": hr,
            "priority": "medium",
            "after": "3",
        },
        {
            "number": "6",
            "task": Word("国庆促销", "October sale"),
            "start": _D(YEAR, 10, 8),
            "days": 5.0,
            "owner": _PEOPLE[1],
            "department": stores,
            "priority": "high",
            "after": Word("4、5", "4, 5"),
        },
        {
            "number": "7",
            "task": Word("四季度复盘会", "Review of the quarter"),
            "start": _D(YEAR, 12, 28),
            "days": 0.0,
            "milestone": "yes",
            "owner": _PEOPLE[0],
            "department": sales,
            "after": "6",
        },
    ]


def _scorecard() -> list[Example]:
    at: Example = {"period": f"{YEAR}-08", "who": _STORE}
    return [
        {**at, "criterion": Word("销售额", "Sales"), "weight": 0.6, "source": "plan", "cap": 1.2},
        {**at, "criterion": _NEW, "weight": 0.2, "source": "indicator", "cap": 1.2},
        {**at, "criterion": _HAPPY, "weight": 0.1, "source": "indicator", "cap": 1.1},
        {**at, "criterion": _COMPLAINTS, "weight": 0.1, "source": "indicator"},
    ]


def _tiers() -> list[Example]:
    commission: Example = {"item": Word("提成", "Commission"), "basis": "attainment", "way": "whole"}
    bonus: Example = {"item": Word("奖金", "Bonus"), "basis": "score"}
    return [
        {**commission, "from": 0.0, "to": 0.8, "rate": 0.01},
        {**commission, "from": 0.8, "to": 1.0, "rate": 0.015},
        {**commission, "from": 1.0, "rate": 0.02},
        {**bonus, "from": 0.0, "to": 90.0, "bonus": 0.0},
        {**bonus, "from": 90.0, "to": 100.0, "bonus": 1500.0},
        {**bonus, "from": 100.0, "bonus": 3000.0},
    ]


def _budget() -> list[Example]:
    return [
        {"account": _PROMOTION, "rate": 0.03},
        {"account": _EVENTS, "member": REGIONS[2], "rate": 0.01, "spread": "equal"},
        {"account": _STAFF, "per_head": 9000.0, "heads": 100.0, "spread": "equal"},
    ]


def _spend(lang: Lang) -> Iterator[Example]:
    chance = np.random.default_rng(20260903)
    monthly = ((_PROMOTION, None, 24_000.0), (_EVENTS, REGIONS[2], 2_600.0), (_STAFF, None, 75_500.0))
    for month in range(1, MONTHS + 1):
        for account, member, amount in monthly:
            spent = round(amount * float(chance.lognormal(0.0, 0.02 if account is _STAFF else 0.2)), 2)
            row: Example = {"date": f"{YEAR}-{month:02d}-25", "account": account, "amount": f"{spent:.2f}"}
            yield row if member is None else {**row, "member": member[lang]}


def _actions(per: int) -> Iterator[Example]:
    rows = (
        (
            STORES[0][0],
            Word("促销", "Promotion"),
            Word("老客返场券", "Vouchers for old customers"),
            0,
            90_000,
            "running",
            20_000,
        ),
        (
            STORES[0][0],
            Word("培训", "Training"),
            Word("连带率辅导", "Coaching on add-on sales"),
            4,
            30_000,
            "open",
            None,
        ),
        (
            STORES[2][0],
            Word("渠道", "Channel"),
            Word("写字楼团购", "Group sales in offices"),
            2,
            60_000,
            "running",
            None,
        ),
        (STORES[8][0], Word("产品", "Product"), Word("秋款提前上市", "Autumn range earlier"), 8, 40_000, "open", None),
        (STORES[9][0], Word("客户", "Customers"), Word("会员拜访", "Visits to members"), 9, 25_000, "done", 21_000),
    )
    for member, strategy, measure, who, expected, status, result in rows:
        row: Example = {
            "member": member,
            "strategy": strategy,
            "measure": measure,
            "owner": _PEOPLE[who],
            "begins": _D(YEAR, 8, 15),
            "ends": _D(YEAR, 8, 30) if status == "done" else _D(YEAR, 10, 31),
            "expected": expected / per,
            "status": status,
        }
        yield row if result is None else {**row, "result": result / per}


def _owners() -> Iterator[Example]:
    for (store, _), person in zip(STORES, _PEOPLE, strict=True):
        yield {"member": store, "owner": person}
    for region, person in zip(REGIONS, _PEOPLE, strict=False):
        yield {"member": region, "owner": person}
