"""Tables 考核 and 提成奖金: the criteria by which people are scored, and what they are paid for what they reach."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.vocabulary.contract import BETTER, Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

SOURCES = {
    "plan": Word("计划", "plan"),
    "indicator": Word("指标", "indicator"),
    "weeks": Word("周跟踪", "weeks"),
    "typed": Word("手填", "typed"),
}
"""Where the target and the actual of a criterion come from."""
CYCLES = {
    "month": Word("月", "month"),
    "quarter": Word("季", "quarter"),
    "half": Word("半年", "half-year"),
    "year": Word("年", "year"),
}
BASES = {"attainment": Word("达成率", "attainment"), "score": Word("得分", "score")}
"""What tiers go by: how far the plan's target is reached, or the score."""
WAYS = {"whole": Word("全额", "whole"), "parts": Word("分段", "by parts")}
"""Whether the rate of the tier that is reached holds for the whole amount, or each rate for the part in its tier."""
_CRITERIA = (
    Word("销售额", "Sales"),
    Word("客户满意度", "Satisfaction"),
    Word("回款率", "Collection rate"),
    Word("毛利", "Profit"),
    Word("新增客户数", "New customers"),
    Word("拜访次数", "Visits"),
    Word("订单", "Orders"),
    Word("投诉数", "Complaints"),
    Word("团队协作", "Teamwork"),
)
_PERIOD_HINT = Word(
    "月、季、半年或年;空 = 上一行的,第一行空 = 截止日所在的月(以前的表算到关账为止)",
    "month, quarter, half-year or year; blank = as above, in the first row the month of the as-of date (sheets of "
    "months before it change until closed)",
)
_WHO_HINT = Word(
    "维度 = 它的每个末级成员;成员(重名时 维度:成员)= 只说它,代替同名的一行;空 = 第一个维度",
    "a dimension = each of its lowest members; a member (dimension:member if names clash) = of it alone, instead of "
    "the row of this name; blank = the first dimension",
)
_CRITERION_HINT = Word(
    "来源是指标、周跟踪的,写那里的名称", "from indicator or weeks: its name there; others as you like"
)
_SOURCE_HINT = Word(
    "计划 = 成员的目标和实际;手填 = 在“考核 …”表的黄格里填",
    "plan = the member's target and actual; typed = into the yellow cells of sheet Scorecard …",
)
_TARGET_HINT = Word(
    "每人的;空 = 来源里的。手填的必填;金额按计划单位",
    "of each one; blank = that of the source. Needed if typed; amounts in the plan's unit",
)
_WEIGHT_HINT = Word("每人合计 100%", "100% together for each one")
_CAP_HINT = Word(
    "达成率最多算到多少,如 110%;空 = 不封顶(少好的 = 100%)",
    "the most that counts of an attainment, e.g. 110%; blank = no limit (less is better: 100%)",
)
_FLOOR_HINT = Word("达成率低于它得 0 分,如 60%;空 = 没有", "an attainment below it scores 0, e.g. 60%; blank = none")
_BETTER_HINT = Word("空 = 来源里的,没有就是多好", "blank = that of the source, else more")
_FREE = Word("随意", "free")

T_SCORECARD = InputTable(
    "xs_scorecard",
    "scorecard",
    Word("考核", "Scorecard"),
    (
        TableColumn("period", Word("期间", "Period"), "period", _PERIOD_HINT, width=12),
        TableColumn("who", Word("考核谁", "Who"), "text", _WHO_HINT, width=16),
        TableColumn("criterion", Word("考核指标", "Criterion"), "text", _CRITERION_HINT, width=18, offered=_CRITERIA),
        TableColumn("weight", Word("权重", "Weight"), "percent", _WEIGHT_HINT, low=0, width=9),
        TableColumn("source", Word("来源", "Source"), "choice", _SOURCE_HINT, SOURCES, width=11),
        TableColumn("target", Word("目标", "Target"), "number", _TARGET_HINT, low=0, width=12),
        TableColumn("better", Word("方向", "Better"), "choice", _BETTER_HINT, BETTER, width=9),
        TableColumn("cap", Word("封顶", "Cap"), "percent", _CAP_HINT, low=0, width=9),
        TableColumn("floor", Word("起评线", "Zero below"), "percent", _FLOOR_HINT, low=0, width=11),
        TableColumn("note", Word("备注", "Note"), "text", _FREE, width=22),
    ),
)
_ITEMS = (Word("提成", "Commission"), Word("奖金", "Bonus"), Word("超额奖", "Extra bonus"))
_ITEM_HINT = Word("同一项目的各档各一行", "a row for each tier of an item")
_OF_WHOM_HINT = Word(
    "维度或成员,一个项目填一次:下面的行空 = 上一行的;第一行空 = 每个被考核的",
    "a dimension or a member, once an item: blank below = as above; blank in its first row = all with a scorecard",
)
_CYCLE_HINT = Word(
    "哪种考核期间发,一个项目填一次:下面的行空 = 上一行的;第一行空 = 每种都发",
    "paid for such periods, once an item: blank below = as above; blank in its first row = for all",
)
_BASIS_HINT = Word(
    "一个项目填一次;都空 = 达成率(按计划)", "once an item; blank in all its rows = attainment (of the plan)"
)
_WAY_HINT = Word(
    "一个项目填一次:全额 = 整个实际按到达的那一档;分段 = 各档只算自己那一段。都空 = 全额",
    "once an item: whole = all by the tier that is reached; by parts = each tier for its own part. All blank = whole",
)
_FROM_HINT = Word("含;达成率如 90%,得分如 90", "this and above; attainment as 90%, score as 90")
_TO_HINT = Word("不含;空 = 以上都是", "below this; blank = no end")
_RATE_HINT = Word("占实际金额的百分之几", "of the actual amount")
_BONUS_HINT = Word("到这一档发多少,按币种", "in full, for reaching this tier")
T_TIERS = InputTable(
    "xs_tiers",
    "tiers",
    Word("提成奖金", "Pay tiers"),
    (
        TableColumn("item", Word("项目", "Item"), "text", _ITEM_HINT, width=14, offered=_ITEMS),
        TableColumn("who", Word("给谁", "For whom"), "text", _OF_WHOM_HINT, width=16),
        TableColumn("cycle", Word("周期", "Period of"), "choice", _CYCLE_HINT, CYCLES, width=11),
        TableColumn("basis", Word("依据", "By"), "choice", _BASIS_HINT, BASES, width=12),
        TableColumn("way", Word("算法", "Way"), "choice", _WAY_HINT, WAYS, width=10),
        TableColumn("from", Word("从", "From"), "number", _FROM_HINT, low=0, width=9),
        TableColumn("to", Word("到", "To"), "number", _TO_HINT, low=0, width=9),
        TableColumn("rate", Word("提成率", "Rate"), "percent", _RATE_HINT, low=0, high=1, width=10, form="0.00%"),
        TableColumn("bonus", Word("奖金", "Bonus"), "yuan", _BONUS_HINT, low=0, width=12),
        TableColumn("note", Word("备注", "Note"), "text", _FREE, width=22),
    ),
)
EXAMPLES: tuple[Mapping[str, Word | float | str], ...] = (
    {"criterion": Word("销售额", "Sales"), "weight": 0.6, "source": "plan", "cap": 1.1},
    {"criterion": Word("客户满意度", "Satisfaction"), "weight": 0.2, "source": "typed", "target": 95.0, "cap": 1.1},
    {"criterion": Word("回款率", "Collection rate"), "weight": 0.2, "source": "typed", "target": 1.0, "cap": 1.1},
)
