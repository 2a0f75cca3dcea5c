"""Table 漏斗: the channels of a month with their rates, and what a person has to fix in it."""

from __future__ import annotations

from xlsales.core.faults import Fault
from xlsales.core.percentages import DONE
from xlsales.plan.table_rows import MONTH_COLUMN
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

_CHANNEL_HINT = Word(
    "每月一行;与维度成员同名的(重名时 维度:成员),交付可以空",
    "one row a month; if a member has this name (dimension:member if names clash), deliveries may be blank",
)
_DELIVERIES_HINT = Word(
    "要交付几件(台、单);空 = 该成员的月目标 ÷ 单价", "how many; blank = the member's target of the month ÷ the price"
)
_PRICE_HINT = Word("平均一件多少钱,按币种;交付空着才用", "of one on average, in full; used if deliveries are blank")
_RATE_HINT = Word(
    "上一级里有多少到下一级,0–100%;没有这一级的,整列留空",
    "the share that reaches the next stage, 0-100%; leave the whole column blank if there is no such stage",
)
_LEADS_HINT = Word("手上有多少线索;空 = 只倒推", "how many there are; blank = only what is needed")
RATES = {
    "lead_rate": Word("转化商机率", "Leads to opportunities"),
    "opportunity_rate": Word("商机草签率", "Opportunities to drafts"),
    "draft_rate": Word("草签订单率", "Drafts to orders"),
    "order_rate": Word("订单交付率", "Orders to deliveries"),
}
"""The rates of a channel, in the order of the stages that they lead from."""
T_FUNNEL = InputTable(
    "xs_funnel",
    "funnel",
    Word("漏斗", "Funnel"),
    (
        MONTH_COLUMN,
        TableColumn("channel", Word("渠道", "Channel"), "text", _CHANNEL_HINT, width=16),
        TableColumn("deliveries", Word("交付", "Deliveries"), "integer", _DELIVERIES_HINT, low=0, width=12),
        TableColumn("price", Word("单价", "Price"), "yuan", _PRICE_HINT, low=0.01, width=12),
        *(
            TableColumn(key, word, "percent", _RATE_HINT, low=0.0001, high=1, width=13, percents=DONE)
            for key, word in RATES.items()
        ),
        TableColumn("leads", Word("现有线索", "Leads on hand"), "integer", _LEADS_HINT, low=0, width=12),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=22),
    ),
)


class NoChannel(Fault):
    """A row that names no channel."""

    zh = "这一行没有“渠道”。请补上,或清空整行。"
    en = 'This row has no "Channel". Fill it in, or clear the row.'


class SameChannel(Fault):
    """A channel that is in its month twice."""

    zh = "“{name}”在 {month} 已经有一行了(第 {other} 行)。请合并成一行,或改一个名字。"
    en = '"{name}" has a row for {month} already (row {other}). Make one row of them, or rename one.'


class NoRate(Fault):
    """A rate that other rows have."""

    zh = "“{name}”没有填“{column}”,别的渠道填了。请填写;全部转化的填 100%。"
    en = '"{name}" has no "{column}", other channels have. Fill it in: 100% if all of them go on.'


class NoRates(Fault):
    """No rate in any row."""

    zh = "一个转化率都没有填,倒推不了。请至少填一列。"
    en = "No rate is filled in, so nothing can be worked out. Fill in at least one column."


class NoDeliveries(Fault):
    """Blank deliveries of a channel that the plan does not know."""

    zh = "“{name}”没有填“交付”,计划里也没有叫这个名字的成员。请填写,或把名字改成成员的。"
    en = (
        '"{name}" has no "Deliveries", and no member of the plan has this name. '
        "Fill it in, or write the member's name."
    )


class NoPrice(Fault):
    """Blank deliveries of a channel without a price."""

    zh = "“{name}”没有填“交付”,按月目标算还要“单价”。请填写其中一个。"
    en = '"{name}" has no "Deliveries"; to take them from its target, "Price" is needed. Fill in one of them.'


class NothingToDeliver(Fault):
    """A channel whose month asks for nothing."""

    remark = True
    zh = "“{name}”的交付是 0:不需要线索。如果不对,请填写“交付”。"
    en = '"{name}" delivers 0, so it needs no leads. If that is wrong, fill in "Deliveries".'
