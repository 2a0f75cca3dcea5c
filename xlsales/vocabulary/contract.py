"""The workbook contract: the names of cells, tables and sheets, and the words that people see.

The program finds everything by a defined name or a table name in ASCII; titles
and headers are for people and may change. Sheets, code and README use this one
vocabulary; the tables are in `plan_tables`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from xlsales.core.faults import Bilingual, Lang

VERSION = "1"
"""Version of the contract, kept in the cell named `xs_version`."""


class Word(Bilingual, frozen=True):
    """A word or a sentence that people see, in both languages."""


Kind = Literal["text", "period", "choice", "amount", "yuan", "number", "integer", "percent", "date"]


class Setting(Struct, frozen=True):
    """An input cell of sheet 设置, found by the defined name `xs_<key>`.

    `choices` maps the stored value (as in the code) to the word that people see and pick.
    `default` is the meaning of a blank cell, and of a missing one in an older workbook; None means nothing.
    `fresh` is the value in a new workbook, if it is another one; a `Word` has one for each language.
    `amount` cells are typed in the unit of the plan, `yuan` cells in full.
    With `free` a person may type other words that mean one of the choices.
    """

    key: str
    label: Word
    kind: Kind
    hint: Word
    default: object = None
    choices: dict[str, Word] | None = None
    low: float | None = None
    high: float | None = None
    required: bool = False
    fresh: object = None
    free: bool = False

    @property
    def name(self) -> str:
        """The defined name of its cell."""
        return f"xs_{self.key}"

    def given(self, lang: Lang) -> object:
        """Return the value of the cell in a new workbook; None means an empty cell."""
        fresh = self.fresh[lang] if isinstance(self.fresh, Word) else self.fresh
        return self.default if fresh is None else fresh


class Group(Struct, frozen=True):
    """A block of settings under one heading; one without a required setting is folded in a new workbook."""

    label: Word
    settings: tuple[Setting, ...]

    @property
    def required(self) -> bool:
        """Whether a plan cannot do without it."""
        return any(setting.required for setting in self.settings)


# --- sheets -----------------------------------------------------------------

SHEETS: dict[str, Word] = {
    "guide": Word("说明", "Guide"),
    "settings": Word("设置", "Settings"),
    "dimensions": Word("维度", "Dimensions"),
    "locks": Word("锁定", "Locks"),
    "calendar": Word("日历", "Calendar"),
    "history": Word("历史", "Past sales"),  # Excel keeps the title History for itself
    "actuals": Word("实际", "Actuals"),
    "commitments": Word("承诺", "Commitments"),
    "functions": Word("函数示例", "Functions"),
}

AREA_ACTUALS = "xs_actuals"
"""Defined name on A1 of the sheet that actuals are pasted into."""
AREA_HISTORY = "xs_history"
"""Defined name on A1 of the sheet that past sales are pasted into."""
PASTED_PAGE = "$A$1:$L$36"
"""What prints of such a sheet, which may have a hundred thousand rows: its first page, for the eye."""
PAGE_SET = {AREA_ACTUALS: "xs_actuals_page", AREA_HISTORY: "xs_history_page"}
"""Defined names that say that the program has limited its printing. A person may print all of it afterwards."""
PASTE_HEADERS = (
    Word("日期", "Date"), Word("区域", "Region"), Word("产品", "Product"), Word("渠道", "Channel"), Word("金额", "Amount"),
)  # fmt: skip
"""The first row of such a sheet in a fresh plan, from A1: a header to type under or to paste over."""
PASTE_HINTS = {
    "history": Word("← 把过去的销售整块粘贴到 A1,覆盖这一行;列序任意", "← Paste past sales at A1, over this row; any columns"),
    "actuals": Word("← 把实际销售整块粘贴到 A1,覆盖这一行;列序任意", "← Paste actual sales at A1, over this row; any columns"),
}
"""What is said behind the header."""
SHEET_NAMES = {
    **{key: f"xs_sheet_{key}" for key in ("guide", "settings", "dimensions", "locks", "calendar", "functions")},
    "history": AREA_HISTORY,
    "actuals": AREA_ACTUALS,
}
"""Defined names on A1 of the sheets of a fresh plan, for links to them; earlier plans have those of pasted sheets."""
NAME_LANG = "xs_lang"
NAME_VERSION = "xs_version"

OUT_PREFIX = "xs_out_"
IDENTITY = "xlsales:"
"""What A1 of a written sheet begins with; its kind is behind it."""
"""The beginning of the defined names of written sheets."""

# --- choices ----------------------------------------------------------------

LANGS: dict[Any, Word] = {"zh": Word("中文", "中文"), "en": Word("English", "English")}
UNITS = {
    "yuan": Word("元", "full amounts"),
    "thousand": Word("千元", "thousand"),
    "wan": Word("万元", "10k"),
    "million": Word("百万元", "million"),
    "yi": Word("亿元", "100m"),
    "piece": Word("件", "pieces"),
}
"""The scales of amounts, as they are picked; with their currency `money.Money` says them."""
UNIT_YUAN = {"yuan": 1, "thousand": 1_000, "wan": 10_000, "million": 1_000_000, "yi": 100_000_000, "piece": 1}
CHINESE_UNITS = ("wan", "yi")
"""Scales that no list in English offers; plans of earlier versions may have them."""
CNY = "CNY"
CURRENCIES = {
    CNY: Word("人民币", CNY), "USD": Word("美元", "USD"), "EUR": Word("欧元", "EUR"), "HKD": Word("港元", "HKD"),
    "JPY": Word("日元", "JPY"), "GBP": Word("英镑", "GBP"), "TWD": Word("新台币", "TWD"), "MOP": Word("澳门元", "MOP"),
    "SGD": Word("新加坡元", "SGD"), "KRW": Word("韩元", "KRW"), "AUD": Word("澳元", "AUD"), "CAD": Word("加元", "CAD"),
    "NZD": Word("新西兰元", "NZD"), "CHF": Word("瑞士法郎", "CHF"), "THB": Word("泰铢", "THB"),
    "VND": Word("越南盾", "VND"), "MYR": Word("林吉特", "MYR"), "IDR": Word("印尼盾", "IDR"), "PHP": Word("比索", "PHP"),
    "INR": Word("印度卢比", "INR"), "RUB": Word("卢布", "RUB"), "BRL": Word("巴西雷亚尔", "BRL"),
    "MXN": Word("墨西哥比索", "MXN"), "TRY": Word("土耳其里拉", "TRY"), "SEK": Word("瑞典克朗", "SEK"),
    "NOK": Word("挪威克朗", "NOK"), "DKK": Word("丹麦克朗", "DKK"), "PLN": Word("波兰兹罗提", "PLN"),
    "ZAR": Word("南非兰特", "ZAR"), "AED": Word("迪拉姆", "AED"), "SAR": Word("沙特里亚尔", "SAR"),
}  # fmt: skip
"""The currencies that a plan may be in, by their codes."""
CLOCKS = {
    "target_curve": Word("目标曲线", "target curve"),
    "calendar": Word("日历天", "calendar days"),
    "working_days": Word("工作日", "working days"),
}
MONTH_METHODS = {
    "equal": Word("均分", "equal"),
    "reference": Word("参照", "reference"),
    "weights": Word("自定义权重", "weights"),
    "working_days": Word("工作日", "working days"),
    "calendar_days": Word("日历天", "calendar days"),
    "day_index": Word("日指数", "day index"),
    "populated": Word("有数均分", "populated only"),
    "straight_line": Word("直线", "straight line"),
    "growth": Word("增长", "growth"),
    "1-2-1": Word("1-2-1", "1-2-1"),
    "first": Word("首月", "first month"),
    "last": Word("末月", "last month"),
}
DAY_METHODS = {
    "equal": Word("均分", "equal"),
    "working_days": Word("工作日", "working days"),
    "day_index": Word("日指数", "day index"),
}
WEEK_RULES = {"cut": Word("月内截断", "cut at month"), "iso": Word("整周(可跨月)", "whole weeks")}
MONTH_PATTERNS = {
    "natural": Word("自然月", "calendar months"),
    "4-4-5": Word("4-4-5", "4-4-5"),
    "4-5-4": Word("4-5-4", "4-5-4"),
    "5-4-4": Word("5-4-4", "5-4-4"),
}
YEAR_ENDS = {"nearest": Word("最近", "nearest"), "last": Word("最后", "last")}
"""On which last day of a week a year of whole weeks ends: the one nearest to the end of its month, or the last in it."""
WEEKDAYS = (
    Word("周一", "Mon"), Word("周二", "Tue"), Word("周三", "Wed"), Word("周四", "Thu"),
    Word("周五", "Fri"), Word("周六", "Sat"), Word("周日", "Sun"),
)  # fmt: skip
WEEK_STARTS = {word.en.lower(): word for word in WEEKDAYS}
MEMBER_SHAPES = {"company": Word("公司曲线", "company curve"), "own": Word("自身历史", "own history")}
MEMBER_METHODS = {
    "weight": Word("权重", "weight"),
    "equal": Word("均分", "equal"),
    "reference": Word("参照", "reference"),
}
DAY_KINDS = {
    "holiday": Word("节假日", "holiday"),
    "make_up": Word("调休上班", "make-up working day"),
    "rest": Word("休息", "rest"),
}
SAME_TWICE = {
    "pasted": Word("总部优先", "pasted first"),
    "collected": Word("交回优先", "collected first"),
    "both": Word("都计入", "count both"),
}
EARLIER_CHOICES = {
    "周一至周日": "iso", "Monday-Sunday (ISO)": "iso", "门店优先": "collected", "thousand yuan": "thousand", "10k yuan": "wan", "million yuan": "million", "100m yuan": "yi",
}  # fmt: skip
"""Choices in the drop-down lists of older plans, which still mean the same."""
RESTS = {
    "siblings": Word("兄弟分摊", "siblings"),
    "reserve": Word("预留", "reserve"),
    "lower": Word("降低总目标", "lower total"),
}
YES_NO = {"yes": Word("是", "yes"), "no": Word("否", "no")}
ACTION_STATUS = {
    "open": Word("未开始", "not started"),
    "running": Word("进行中", "under way"),
    "done": Word("完成", "done"),
    "cancelled": Word("取消", "cancelled"),
}
"""How far an action is, by the codes of `core.actions`."""
READINESS_CHECKS = {
    "best": Word("目标 ÷ 历史最好,高于", "Target ÷ best ever, above"),
    "chance": Word("达成概率,低于", "Chance to reach it, below"),
}
"""What targets are judged by before they are handed out, with thresholds."""
BETTER = {"more": Word("多好", "more"), "less": Word("少好", "less")}
"""Which way an indicator is better: more sales, or less complaints."""
COLUMN_FIELDS = {
    "date": Word("日期", "date"),
    "amount": Word("金额", "amount"),
    "quantity": Word("数量", "quantity"),
    "price": Word("单价", "price"),
}
"""Column mapping says that a column holds one of these, or the members of a dimension."""
MEANING_FIELDS = {
    "sign": Word("符号", "sign"),
    "exclude": Word("排除", "exclude"),
    "include": Word("计入", "include"),
    "rate": Word("汇率", "rate"),
    "unit": Word("单位", "unit"),
    "fiscal": Word("财年", "fiscal year"),
    "subtract": Word("减去", "subtract"),
    "ignore": Word("忽略", "ignore"),
}
"""Column mapping gives the cells of a table one of these meanings."""
MAPPING_FIELDS = (*COLUMN_FIELDS.values(), *MEANING_FIELDS.values())

# --- settings ---------------------------------------------------------------

SETTINGS: tuple[Group, ...] = (
    Group(
        Word("目标", "Target"),
        (
            Setting("total", Word("总目标", "Total target"), "amount", Word("按下面的单位填写,例如 1000", "In the unit below, e.g. 1000"), required=True, low=0),
            Setting("unit", Word("单位", "Unit"), "choice", Word("表格显示和填写目标用的单位,币种另填", "Unit in which targets are typed and shown, of the currency below"), "wan", UNITS, fresh=Word("wan", "thousand"), free=True),
            Setting("currency", Word("币种", "Currency"), "choice", Word("空 = 人民币;也可填 USD、US$、美金 这样的写法", "blank = CNY; US$, dollars and the like are read too"), CNY, CURRENCIES, free=True),
            Setting("start", Word("开始日期", "Start"), "date", Word("计划第一天", "First day of the plan"), required=True),
            Setting("end", Word("结束日期", "End"), "date", Word("计划最后一天", "Last day of the plan"), required=True),
            Setting("step", Word("最小步长", "Smallest step"), "yuan", Word("目标是它的整数倍;写全,不按“单位”:1000 就是 1000", "Targets are multiples of it; in full, whatever the unit: 1000 is 1,000"), 1000, low=0.01, required=True),
            Setting("plan_name", Word("计划名称", "Plan name"), "text", Word("印在每张表的标题里", "Printed in every title")),
        ),
    ),
    Group(
        Word("日步长、财年与周", "Day step, years, weeks"),
        (
            Setting("day_step", Word("日步长", "Day step"), "yuan", Word("每天的目标是它的整数倍,整除最小步长(下发的文件也按它);空 = 同最小步长", "Days' targets are multiples of it; it divides the smallest step; blank = that step"), None, low=0.01, fresh=1),
            Setting("fiscal_month", Word("财年起始月", "Fiscal year starts in month"), "integer", Word("1–12,一般为 1", "1-12, usually 1"), 1, low=1, high=12),
            Setting("month_end", Word("财月截止日", "Fiscal months end on day"), "integer", Word("如 21:1月 = 12/22–1/21;空 = 自然月", "e.g. 21: Jan = 12/22-1/21; blank = calendar months"), None, low=1, high=31),
            Setting("week_start", Word("周起始日", "Weeks start on"), "choice", Word("一周的第一天,一般是周一,也可以是周日", "First day of a week: usually Mon, or Sun"), "mon", WEEK_STARTS, free=True),
            Setting("year_end", Word("整周财年止于", "Years of whole weeks end"), "choice", Word("月历为 4-4-5 等时:离末月月底最近的一周,或末月里最后一周", "4-4-5 etc.: with the week nearest to the end of the last month, or the last in it"), "nearest", YEAR_ENDS),
        ),
    ),
    Group(
        Word("时间分解", "Spreading over time"),
        (
            Setting("month_method", Word("月度方式", "Months by"), "choice", Word("参照 = 用历史的月份形状;有数均分 = 参照里有销售的月份均分", "reference = the shape of past months; populated only = months that sold"), "equal", MONTH_METHODS),
            Setting("month_rise", Word("月增幅", "Monthly rise"), "percent", Word("直线 = 每月加首月的这么多;增长 = 比上月多这么多;空 = 0", "each month more: of the first (straight line), of the one before (growth)"), 0, low=-1, high=10),
            Setting("day_method", Word("日方式", "Days by"), "choice", Word("日指数 = 星期权重 × 节假日 × 活动系数", "day index = weekday × holiday × campaign factor"), "equal", DAY_METHODS),
            Setting("holiday_index", Word("节假日指数", "Holiday index"), "number", Word("法定节假日的日指数;空 = 同星期日", "Day index of statutory holidays; blank = as a Sunday"), None, low=0),
            Setting("lunar", Word("春节对齐", "Align Spring Festival"), "choice", Word("参照去年时按农历把春节日对齐", "Pair the days of Spring Festival when a past year is the reference"), "no", YES_NO),
            Setting("week_rule", Word("周规则", "Weeks"), "choice", Word("整周可跨月;月内截断:每周不跨月", "Whole weeks may cross months; cut at month: never"), "cut", WEEK_RULES, fresh="iso"),
            Setting("month_pattern", Word("月历", "Months are"), "choice", Word("自然月,或整周的 4-4-5", "calendar months, or whole weeks 4-4-5"), "natural", MONTH_PATTERNS),
            Setting("member_shape", Word("成员月度形状", "Members' months follow"), "choice", Word("公司曲线,或各成员自己的历史", "the company's curve, or each member's own history"), "company", MEMBER_SHAPES),
            Setting("day_minimum", Word("每日最低", "Least per day"), "yuan", Word("公司每天的目标不低于它,写全;月目标不变;锁定的日和周、权重为零的日子不算", "In full. No open day of the company has less; months and locks stay"), None, low=0),
        ),
    ),
    Group(
        Word("加压(每级系数)", "Stretch (factor per level)"),
        tuple(
            Setting(f"stretch_{n}", Word(f"第{n}级", f"Level {n}"), "number", Word("1 = 不加压;1.03 = 比任务多 3%", "1 = none; 1.03 = 3% above the task"), 1, low=0.5, high=3)
            for n in (1, 2, 3, 4)
        ),
    ),
    Group(
        Word("进度", "Progress"),
        (
            Setting("as_of", Word("截止日", "As-of date"), "date", Word("空 = 实际数据的最后一天", "blank = the last day with actuals")),
            Setting("clock", Word("时钟", "Clock"), "choice", Word("时间进度、应达、预计完成、状态都按它算", "Time progress, target to date, forecast and lamp go by it"), "target_curve", CLOCKS),
            Setting("closed_through", Word("已关账至", "Closed through"), "date", Word("在这天及以前结束的月份,目标不再改动", "Targets of months that end by this day are never rewritten")),
            Setting("lamp_green", Word("绿灯 ≥", "Green from"), "percent", Word("实际 ÷ 应达", "actual ÷ target to date"), 1.0, low=0, high=5),
            Setting("lamp_amber", Word("黄灯 ≥", "Amber from"), "percent", Word("低于绿灯", "below green"), 0.95, low=0, high=5),
            Setting("lamp_orange", Word("橙灯 ≥", "Orange from"), "percent", Word("再低为红灯", "red below"), 0.85, low=0, high=5),
        ),
    ),
    Group(
        Word("数据来源", "Sources"),
        (
            Setting("actuals_file", Word("实际文件", "Actuals file"), "text", Word("空 = 本工作簿的“实际”表;可填 .xlsx .xls .xlsb .csv", "blank = sheet Actuals here; or a .xlsx .xls .xlsb .csv file")),
            Setting("actuals_sheet", Word("实际工作表", "Actuals sheet"), "text", Word("文件里的工作表名;空 = 第一张", "Sheet in that file; blank = the first")),
            Setting("history_file", Word("历史文件", "History file"), "text", Word("空 = 本工作簿的“历史”表", "blank = sheet Past sales here")),
            Setting("history_sheet", Word("历史工作表", "History sheet"), "text", Word("文件里的工作表名;空 = 第一张", "Sheet in that file; blank = the first")),
            Setting("actuals_unit", Word("金额单位", "Unit of amounts"), "choice", Word("实际与历史里金额的单位", "Unit of the amounts in actuals and history"), "yuan", UNITS, free=True),
            Setting("same_twice", Word("重复来源", "Same sales twice"), "choice", Word("同一成员同一天,粘贴和交回都有时;空 = 总部优先,并提醒", "A member's day is pasted and collected; blank = pasted first, and you are told"), None, SAME_TWICE),
        ),
    ),
    Group(
        Word("下发的文件", "Files handed out"),
        (
            Setting("company", Word("公司名称", "Company name"), "text", Word("印在责任书上;空 = 只写“公司”", "Printed on agreements; blank = the word company alone")),
            Setting("return_due", Word("回收截止", "Return by"), "date", Word("印在下发文件的首页;也用来判断迟交;空 = 不写", "Printed on their front pages; later files are late; blank = not said")),
            Setting("return_to", Word("回收给谁", "Return to"), "text", Word("姓名、邮箱或群,印在下发文件的首页", "Name, mail or group, printed on their front pages")),
        ),
    ),
)

# --- columns of breakdown sheets --------------------------------------------

PROGRESS_COLUMNS: dict[str, Word] = {
    "target": Word("目标", "Target"),
    "actual": Word("实际", "Actual"),
    "attainment": Word("达成率", "Attainment"),
    "time_progress": Word("时间进度", "Time progress"),
    "target_to_date": Word("应达", "Target to date"),
    "pace": Word("进度差", "Pace"),
    "gap": Word("差额", "Gap"),
    "forecast": Word("预计完成", "Forecast"),
    "forecast_attainment": Word("预计达成率", "Forecast attainment"),
    "required_per_day": Word("日均需达", "Required per day"),
    "status": Word("状态", "Status"),
}
STATUS: dict[str, Word] = {
    "green": Word("绿", "green"),
    "amber": Word("黄", "amber"),
    "orange": Word("橙", "orange"),
    "red": Word("红", "red"),
}


EARLIER_LABELS = {
    "最小步长(元)": "step", "Smallest step (yuan)": "step", "日步长(元)": "day_step", "Day step (yuan)": "day_step",
}  # fmt: skip
"""Labels of settings in older plans, by which their cells are known."""


def offered(choices: Mapping[Any, Word], lang: Lang) -> list[str]:
    """Return the words of a list to pick from: an English one of units has no Chinese ones."""
    return [word[lang] for key, word in choices.items() if not (lang == "en" and key in CHINESE_UNITS)]


def all_settings() -> dict[str, Setting]:
    """Every setting by its key."""
    return {s.key: s for group in SETTINGS for s in group.settings}
