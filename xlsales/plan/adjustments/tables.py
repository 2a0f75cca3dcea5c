"""Tables 转移 and 减免: dated adjustments of targets, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from xlsales.core.adjusted import Kind
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import Example, InputTable, TableColumn

_FROM_HINT = Word(
    "2026-07、2026Q3 这样的期间,或 2026-07-15(从那天起)", "a period such as 2026-07, 2026Q3, or a day: from it on"
)
_TO_HINT = Word("空 = 开始那个期间;开始是某一天的,到月底", "blank = that period alone; after a day, to its month's end")
_LAST_HINT = Word("最后一天或期间;开始是整期间的可以空", "the last day or period; may be blank after a whole period")
_DIMENSION_HINT = Word("空 = 有这些成员的那个维度", "blank = the dimension that has them")
_GIVER_HINT = Word(
    "减少的成员;其余 = 其他成员按目标分,也可写 其余(不含 一店、二店)",
    "who gives; others = all others by their targets, or others (without First, Second)",
)
_TAKER_HINT = Word(
    "增加的成员;其余 = 其他成员按目标分,也可写 其余(不含 一店、二店)",
    "who takes; others = all others by their targets, or others (without First, Second)",
)
_AMOUNT_HINT = Word("这些日子里一共转多少,按设置的单位", "how much in all on these days, in the unit of Settings")
_SHARE_HINT = Word("或者:转出它这些日子目标的百分之几", "or: which part of its targets on these days")
_LOSS_HINT = Word("损失多少;空 = 100%(全停)", "how much of it is lost; blank = 100 %, shut")
_CARRIED_HINT = Word(
    "空 = 兄弟(按目标分,合计不变);公司 = 总目标降低", "blank = siblings, by their targets; company = a lower total"
)
_REASON_HINT = Word("为什么,必填;写进“目标版本”", "why, required; it goes into Target versions")
CARRIERS = {"siblings": Word("兄弟", "siblings"), "company": Word("公司", "company")}
"""Who carries what a member is relieved of."""
CAUSES = (
    Word("停业", "Closure"), Word("装修", "Refurbishment"), Word("请假", "Leave"), Word("搬迁", "Move"),
    Word("灾害", "Disaster"),
)  # fmt: skip
"""Causes of relief that are offered; a person may type another."""
_DIMENSION = TableColumn("dimension", Word("维度", "Dimension"), "text", _DIMENSION_HINT, width=10)
_NOTE = TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=24)
T_TRANSFERS = InputTable(
    "xs_transfers",
    "transfers",
    Word("转移", "Transfers"),
    (
        TableColumn("start", Word("开始", "From"), "period", _FROM_HINT, width=13),
        TableColumn("end", Word("结束", "To"), "period", _TO_HINT, width=13),
        _DIMENSION,
        TableColumn("giver", Word("转出", "From member"), "text", _GIVER_HINT, width=16),
        TableColumn("taker", Word("转入", "To member"), "text", _TAKER_HINT, width=16),
        TableColumn("amount", Word("金额", "Amount"), "amount", _AMOUNT_HINT, low=0, width=12, exact=True),
        TableColumn("share", Word("比例", "Share"), "percent", _SHARE_HINT, low=0, high=1, width=9),
        TableColumn("reason", Word("原因", "Reason"), "text", _REASON_HINT, width=26),
        _NOTE,
    ),
)
T_RELIEF = InputTable(
    "xs_relief",
    "relief",
    Word("减免", "Relief"),
    (
        TableColumn("start", Word("开始", "From"), "period", _FROM_HINT, width=13),
        TableColumn("end", Word("结束", "To"), "period", _LAST_HINT, width=13),
        _DIMENSION,
        TableColumn("giver", Word("成员", "Member"), "text", Word("减免谁", "who is relieved"), width=16),
        TableColumn("share", Word("损失比例", "Loss"), "percent", _LOSS_HINT, low=0, high=1, width=10),
        TableColumn("carried", Word("由谁承担", "Carried by"), "choice", _CARRIED_HINT, CARRIERS, width=12),
        TableColumn(
            "reason", Word("原因", "Cause"), "text", Word("停业、装修 …,必填", "Closure, leave …; required"),
            width=26, offered=CAUSES,
        ),
        _NOTE,
    ),
)  # fmt: skip
EXAMPLES: Sequence[Example] = (
    {
        "start": "2026-07",
        "giver": Word("华东", "East"),
        "taker": Word("华北", "North"),
        "amount": 10.0,
        "reason": Word("客户划转", "customers handed over"),
    },
)
TABLE_OF = {Kind.TRANSFER: T_TRANSFERS, Kind.RELIEF: T_RELIEF}
"""The table of each kind of adjustment."""
OTHERS = Word("其余", "others")
"""What a transfer calls all others."""
OTHERS_WITHOUT = Word("其余(不含 {names})", "others (without {names})")
"""What a transfer calls the others without some."""
