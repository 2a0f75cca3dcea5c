"""Tables 指标 and 指标实际: indicators with their members, and what was counted of them by hand."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.vocabulary.contract import BETTER, Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

KINDS = {
    "count": Word("数量", "count"),
    "amount": Word("金额", "amount"),
    "rate": Word("比率", "rate"),
    "score": Word("定性", "score"),
}
SPLITS = {
    "plan": Word("按计划", "plan"),
    "equal": Word("均分", "equal"),
    "own": Word("自定权重", "own weights"),
}
MONTHS = {
    "plan": Word("按计划", "plan"),
    "equal": Word("均分", "equal"),
    "each": Word("每月都是", "each month"),
}
PICKED = (
    Word("毛利", "Profit"),
    Word("水平事业收入", "Side sales"),
    Word("新增客户数", "New customers"),
    Word("拜访次数", "Visits"),
    Word("展厅自然进店留档数", "Walk-ins"),
    Word("潜在客户邀约进店数", "Invited visits"),
    Word("增换购客户邀约进店数", "Trade-in visits"),
    Word("活跃客户再次进店数", "Repeat visits"),
    Word("休眠客户再次进店数", "Dormant revisits"),
    Word("转介绍客户邀约进店数", "Referred visits"),
    Word("留档率", "Record rate"),
    Word("首次试乘试驾率", "Test drive rate"),
    Word("二次到店率", "Return rate"),
    Word("商机草签转化率", "Draft rate"),
    Word("草签订单转化率", "Order rate"),
    Word("订单交车转化率", "Delivery rate"),
    Word("订单转化率", "Lead to order"),
    Word("回款率", "Collection rate"),
    Word("客户满意度", "Satisfaction"),
    Word("投诉数", "Complaints"),
)
"""Names of indicators to pick from; a person may type others. Excel's list takes 255 characters."""
_ONCE_ZH, _ONCE_EN = "每个指标填一次", "once an indicator"

T_INDICATORS = InputTable(
    "xs_indicators",
    "indicators",
    Word("指标", "Indicators"),
    (
        TableColumn(
            "indicator", Word("指标", "Indicator"), "text", Word("可选可填", "pick or type"), width=20, offered=PICKED
        ),
        TableColumn(
            "dimension",
            Word("维度", "Dimension"),
            "text",
            Word(f"{_ONCE_ZH};空 = 第一个维度", f"{_ONCE_EN}; blank = the first"),
            width=11,
        ),
        TableColumn(
            "member",
            Word("成员", "Member"),
            "text",
            Word("空 = 整体;填了 = 只说这个成员的目标或权重", "blank = the whole; else target or weight of this one"),
            width=14,
        ),
        TableColumn("kind", Word("类型", "Kind"), "choice", Word(_ONCE_ZH, _ONCE_EN), KINDS, width=10),
        TableColumn(
            "unit",
            Word("单位", "Unit"),
            "text",
            Word("如 人、次;金额空 = 计划单位", "e.g. people; amount: blank = the plan's"),
            width=9,
        ),
        TableColumn(
            "step",
            Word("步长", "Step"),
            "number",
            Word("数量:空 = 1", "of a count: blank = 1"),
            low=0.01,
            width=9,
        ),
        TableColumn(
            "better",
            Word("方向", "Better"),
            "choice",
            Word("空 = 多好;投诉是少好", "blank = more; complaints: less"),
            BETTER,
            width=10,
        ),
        TableColumn(
            "target",
            Word("目标", "Target"),
            "number",
            Word("比率如 95%;金额按“单位”", 'rate: 95%; amount: in "Unit"'),
            low=0,
            width=12,
        ),
        TableColumn(
            "most",
            Word("满分", "Full score"),
            "number",
            Word("定性:空 = 100", "of a score: blank = 100"),
            low=0.01,
            width=10,
        ),
        TableColumn(
            "split",
            Word("分解方式", "Split by"),
            "choice",
            Word("空 = 按计划的目标;均分 = 每人一样", "blank = by the plan's targets; equal = all alike"),
            SPLITS,
            width=12,
        ),
        TableColumn(
            "weight",
            Word("权重", "Weight"),
            "number",
            Word("自定权重:每个成员一行", "own weights: a row each"),
            low=0,
            width=9,
        ),
        TableColumn(
            "months",
            Word("月度", "Months by"),
            "choice",
            Word(
                "空 = 按计划的月目标;每月都是 = 目标是一个月的",
                "blank = as the plan's; each month = the target is a month's",
            ),
            MONTHS,
            width=12,
        ),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=22),
    ),
)
T_INDICATOR_ACTUALS = InputTable(
    "xs_indicator_actuals",
    "indicator_actuals",
    Word("指标实际", "Actuals of indicators"),
    (
        TableColumn("indicator", Word("指标", "Indicator"), "text", Word("同“指标”表", "as in Indicators"), width=20),
        TableColumn(
            "member",
            Word("成员", "Member"),
            "text",
            Word("最下级的成员;空 = 没分到成员", "of the lowest level; blank = of nobody"),
            width=18,
        ),
        TableColumn(
            "period",
            Word("期间", "Period"),
            "period",
            Word("月、周或日:2026-03、2026-W10、2026-03-08", "month, week or day: 2026-03, 2026-W10, 2026-03-08"),
            width=16,
        ),
        TableColumn("value", Word("实际", "Actual"), "number", Word("比率如 92%", "a rate as 92%"), width=12),
        TableColumn(
            "base",
            Word("基数", "Base"),
            "number",
            Word("比率、定性:多少人次里;空 = 按权重", "of a rate or score: out of how many; blank = by weight"),
            low=0,
            width=14,
        ),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=22),
    ),
)
EXAMPLES: tuple[Mapping[str, Word | float | str], ...] = (
    {
        "indicator": Word("新增客户数", "New customers"),
        "kind": "count",
        "unit": Word("人", "people"),
        "target": 1200.0,
    },
    {
        "indicator": Word("客户满意度", "Satisfaction"),
        "kind": "score",
        "unit": Word("分", "points"),
        "target": 90.0,
    },
    {
        "indicator": Word("投诉数", "Complaints"),
        "kind": "count",
        "unit": Word("次", "times"),
        "better": "less",
        "target": 2.0,
        "months": "each",
    },
)
