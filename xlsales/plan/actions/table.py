"""Table 行动: actions of members or of the whole company against what the forecast lacks of the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsales.vocabulary.contract import ACTION_STATUS, Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

STRATEGIES = (
    Word("产品", "Product"),
    Word("价格", "Price"),
    Word("渠道", "Channel"),
    Word("促销", "Promotion"),
    Word("培训", "Training"),
    Word("客户", "Customers"),
    Word("风险", "Risk"),
)
_MEMBER_HINT = Word(
    "维度表里的名称(重名时 维度:成员);空 = 公司整体",
    "as in Dimensions (dimension:member if names clash); blank = the whole company",
)
_EXPECTED_HINT = Word(
    "按设置的单位,比现在多卖多少;空 = 客户数 × 每户金额",
    "in the unit of Settings: how much more it is to sell; blank = customers × amount of each",
)
_RESULT_HINT = Word(
    "已带来多少,按设置的单位;也可直接填在“行动计划”里", "what it has brought, in the unit; may be typed in the plan"
)
_STATUS_HINT = Word("空 = 未开始;也可直接填在“行动计划”里", "blank = not started; may be typed in the plan")
_VISITS_HINT = Word("一户拜访几次", "how often each customer is visited")
_EACH_HINT = Word("一户多卖多少,按设置的单位", "how much more each is to buy, in the unit")

T_ACTIONS = InputTable(
    "xs_actions",
    "actions",
    Word("行动", "Actions"),
    (
        TableColumn("member", Word("成员", "Member"), "text", _MEMBER_HINT, width=16),
        TableColumn("strategy", Word("策略", "Strategy"), "text", Word("可选可填", "pick or type"), offered=STRATEGIES),
        TableColumn(
            "measure",
            Word("措施", "Measure"),
            "text",
            Word("做什么;同一成员不重复", "what is done; once a member"),
            width=26,
        ),
        TableColumn("owner", Word("负责人", "Owner"), "text", Word("几人用、分开", "several separated by ;"), width=11),
        TableColumn("begins", Word("开始", "From"), "date", Word("第一天", "first day"), width=13),
        TableColumn("ends", Word("结束", "To"), "date", Word("最后一天", "last day"), width=13),
        TableColumn("expected", Word("预计金额", "Expected"), "amount", _EXPECTED_HINT, low=0, width=13, exact=True),
        TableColumn("customers", Word("客户数", "Customers"), "integer", Word("几户", "how many"), low=0, width=9),
        TableColumn("visits", Word("每户拜访", "Visits each"), "number", _VISITS_HINT, low=0, width=9),
        TableColumn("each", Word("每户金额", "Amount each"), "amount", _EACH_HINT, low=0, width=11, exact=True),
        TableColumn("status", Word("状态", "Status"), "choice", _STATUS_HINT, ACTION_STATUS, width=11),
        TableColumn("result", Word("已达成", "Reached"), "amount", _RESULT_HINT, low=0, width=12, exact=True),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=22),
    ),
)
EXAMPLES: Sequence[Mapping[str, Word | float | str]] = (
    {
        "member": Word("华东", "East"),
        "strategy": STRATEGIES[3],
        "measure": Word("店庆促销", "Anniversary sale"),
        "owner": Word("张三", "Ann"),
        "expected": 6.0,
    },
    {
        "member": Word("华东", "East"),
        "strategy": STRATEGIES[5],
        "measure": Word("老客户回访", "Visits to old customers"),
        "owner": Word("李四", "Ben"),
        "customers": 20.0,
        "visits": 2.0,
        "each": 0.15,
        "status": "running",
    },
)
