"""Tables 预算 and 支出: what may be spent, on what and by whom, and what was spent."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

SPREADS = {"plan": Word("按目标", "by target"), "equal": Word("均分", "equal")}
PICKED = (
    Word("活动", "Events"),
    Word("促销", "Promotion"),
    Word("广告", "Advertising"),
    Word("人员", "Staff"),
    Word("奖金", "Bonuses"),
    Word("培训", "Training"),
    Word("差旅", "Travel"),
    Word("物料", "Materials"),
    Word("渠道", "Channels"),
)
"""Names of accounts to pick from; a person may type others."""
ACCOUNT, MEMBER = Word("科目", "Account"), Word("成员", "Member")
METHODS = ("amount", "rate", "per_head")
"""The columns of which a row fills in one: each is a way to say how much."""

T_BUDGET = InputTable(
    "xs_budget",
    "budget",
    Word("预算", "Budget"),
    (
        TableColumn("account", ACCOUNT, "text", Word("可选可填", "pick or type"), width=14, offered=PICKED),
        TableColumn(
            "member",
            MEMBER,
            "text",
            Word("给谁用;空 = 公司。各行相加", "whose; blank = the company. Rows add up"),
            width=14,
        ),
        TableColumn(
            "amount",
            Word("金额", "Amount"),
            "amount",
            Word("三选一:按计划的单位", "one of three: in the plan's unit"),
            low=0,
            width=12,
            exact=True,
        ),
        TableColumn(
            "rate",
            Word("占目标", "Of target"),
            "percent",
            Word("三选一:如 5%,是成员(或公司)目标的", "one of three: e.g. 5% of the target of the member or company"),
            low=0,
            high=1,
            width=12,
        ),
        TableColumn(
            "per_head",
            Word("人均", "Per head"),
            "yuan",
            Word("三选一:整个期间每人多少,不带万", "one of three: a person's, of the whole period, in full"),
            low=0,
            width=12,
        ),
        TableColumn(
            "heads",
            Word("人数", "Heads"),
            "number",
            Word(
                "空 = 人员系数的人数,再没有 = 人员维度里有几人", "blank = by Staff factors, else persons in Dimensions"
            ),
            low=0,
            width=13,
        ),
        TableColumn(
            "period",
            Word("期间", "Period"),
            "period",
            Word("如 2026-06、2026Q4;空 = 整个计划", "e.g. 2026-06, 2026Q4; blank = all of the plan"),
            width=13,
        ),
        TableColumn(
            "spread",
            Word("各月", "Months by"),
            "choice",
            Word("空 = 按各月目标", "blank = by the months' targets"),
            SPREADS,
            width=11,
        ),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=22),
    ),
)
T_SPEND = InputTable(
    "xs_spend",
    "spend",
    Word("支出", "Spend"),
    (
        TableColumn(
            "date",
            Word("日期", "Date"),
            "text",
            Word("填写或粘贴", "type or paste"),
            width=14,
            form="yyyy-mm-dd",
        ),
        TableColumn("account", ACCOUNT, "text", Word("同“预算”表", "as in Budget"), width=16),
        TableColumn("member", MEMBER, "text", Word("可以空 = 公司", "may be blank = the company"), width=16),
        TableColumn(
            "amount",
            Word("金额", "Amount"),
            "text",
            Word("不带万;退回的为负", "in full; refunds are below zero"),
            width=15,
            form="#,##0.00",
        ),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=30),
    ),
    pasted=True,
)
EXAMPLES: tuple[Mapping[str, Word | float | str], ...] = (
    {"account": Word("促销", "Promotion"), "rate": 0.05, "spread": "equal"},
    {"account": Word("活动", "Events"), "member": Word("华东", "East"), "rate": 0.02},
    {"account": Word("人员", "Staff"), "per_head": 8000.0, "heads": 12.0},
)
