"""The worksheet functions as people meet them: names, arguments, help texts.

One table for every host: the function wizard of Excel, the add-in of
LibreOffice, xlwings Lite, and README. An Excel name never changes, or users'
formulas break; argument names avoid words that VBA reserves (`step`, `end`).
"""

from __future__ import annotations

from dataclasses import dataclass

from xlsales.vocabulary.contract import Word

CATEGORY = Word("销售目标", "Sales Targets")
"""The category in the function wizard."""


@dataclass(frozen=True)
class Argument:
    """An argument of a worksheet function: its name, its help text, and whether it may be left out."""

    name: str
    help: Word
    optional: bool = False


@dataclass(frozen=True)
class FunctionSpec:
    """A worksheet function: its name, what it gives, its arguments in order."""

    name: str
    help: Word
    arguments: tuple[Argument, ...]


_STEP = Argument("step_size", Word("最小步长,默认 1;结果是它的整数倍", "Smallest step, 1 unless given"), True)

FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "SPLIT_TARGET",
        Word(
            "按权重把总目标分给各项,合计正好等于总目标;结果与权重区域同形。",
            "Splits a total target by weights; the parts add up to it exactly. Same shape as the weights.",
        ),
        (
            Argument("total", Word("总目标", "Total target")),
            Argument(
                "weights", Word("权重区域;0 = 不分,空 = 还没填,结果也空", "Weights; 0 gets nothing, blank stays blank")
            ),
            _STEP,
            Argument("locked", Word("锁定的目标,同形;空 = 不锁定", "Locked targets, same shape; blank = free"), True),
            Argument(
                "lower",
                Word("下限,同形或一个数;空 = 没有", "Lower bounds, same shape or one number; blank = none"),
                True,
            ),
            Argument(
                "upper",
                Word("上限,同形或一个数;空 = 没有", "Upper bounds, same shape or one number; blank = none"),
                True,
            ),
        ),
    ),
    FunctionSpec(
        "SPLIT_MATRIX",
        Word(
            "交叉分解:行合计、列合计都正好闭合。",
            "Splits over rows and columns; every row and column total is met exactly.",
        ),
        (
            Argument("row_totals", Word("各行的合计", "Total of each row")),
            Argument("column_totals", Word("各列的合计,总数与行合计相等", "Total of each column; same grand total")),
            Argument(
                "weights",
                Word(
                    "权重区域,行 × 列;省略 = 按合计的比例",
                    "Weights, rows × columns; omitted = in proportion to the totals",
                ),
                True,
            ),
            _STEP,
        ),
    ),
    FunctionSpec(
        "SPLIT_TIME",
        Word(
            "按时间分解:期间、开始、结束、工作日、目标,一行一个期间,合计闭合。",
            "Splits over time: label, start, end, working days, target; a row per period, closing on the total.",
        ),
        (
            Argument("total", Word("总目标", "Total target")),
            Argument("start", Word("开始日期", "First day")),
            Argument("finish", Word("结束日期", "Last day")),
            Argument(
                "level",
                Word("年、半年、季、月、周、日,默认月", "year, half, quarter, month, week or day; month unless given"),
                True,
            ),
            Argument(
                "weights", Word("每个期间一个权重;省略 = 按 basis", "One weight per period; omitted = by basis"), True
            ),
            _STEP,
            Argument(
                "basis",
                Word(
                    "均分、日历天、工作日,默认日历天",
                    "equal, calendar days or working days; calendar days unless given",
                ),
                True,
            ),
        ),
    ),
    FunctionSpec(
        "SPLIT_SERIES",
        Word(
            "把总目标分到若干期,直线或按增长率,合计正好等于总目标。",
            "Splits a total over periods in a straight line or by a growth rate, closing on the total.",
        ),
        (
            Argument("total", Word("总目标", "Total target")),
            Argument("periods", Word("期数", "Number of periods")),
            Argument(
                "growth",
                Word(
                    "每期比上一期增长,如 5%;默认 0 = 每期相同", "Growth per period, e.g. 5%; 0 = all alike unless given"
                ),
                True,
            ),
            _STEP,
        ),
    ),
    FunctionSpec(
        "WEEKDAY_INDEX",
        Word(
            "由每日销售算星期指数:周一至周日,最弱的一天 = 1;节假日和调休日不算。",
            "Weekday index from daily sales: Monday to Sunday, weakest = 1; holidays and make-up days left out.",
        ),
        (
            Argument("dates", Word("日期", "Dates")),
            Argument("amounts", Word("当天的销售额", "Sales of that day")),
        ),
    ),
    FunctionSpec(
        "WORKDAYS_CN",
        Word(
            "两个日期之间的工作日天数,含调休,按国务院放假安排。",
            "Working days between two dates by the State Council's notices, make-up days included.",
        ),
        (
            Argument("start", Word("开始日期", "First day")),
            Argument("finish", Word("结束日期", "Last day")),
        ),
    ),
    FunctionSpec(
        "TIME_PROGRESS",
        Word(
            "时间进度:到截止日(含)过去的比例。",
            "Time progress: the share that has gone by at the end of the as-of date.",
        ),
        (
            Argument("start", Word("开始日期", "First day")),
            Argument("finish", Word("结束日期", "Last day")),
            Argument("as_of", Word("截止日", "As-of date")),
            Argument(
                "clock",
                Word("日历天或工作日,默认日历天", "calendar days or working days; calendar days unless given"),
                True,
            ),
        ),
    ),
    FunctionSpec(
        "TARGET_PROGRESS",
        Word(
            "达成:每行给出达成率、应达、进度差、差额、预计完成、预计达成率、日均需达、状态。",
            "Progress of each row: attainment, target to date, pace, gap, forecast, its attainment, required per day, status.",
        ),
        (
            Argument("target", Word("目标,一列", "Targets, a column")),
            Argument("actual", Word("实际,同样行数", "Actuals, as many rows")),
            Argument("time_progress", Word("时间进度,一个数或每行一个", "Time progress, one number or one per row")),
            Argument(
                "remaining_days",
                Word(
                    "剩余天数,一个数或每行一个;省略 = 日均需达为空",
                    "Days left, one number or one per row; omitted = no required per day",
                ),
                True,
            ),
            Argument(
                "lamps",
                Word(
                    "绿、黄、橙三个阈值,默认 100%、95%、85%",
                    "Three thresholds green, amber, orange; 100%, 95%, 85% unless given",
                ),
                True,
            ),
        ),
    ),
    FunctionSpec(
        "LEADS_NEEDED",
        Word(
            "漏斗倒推:由目标和各级转化率算出每一级需要的数量(整数)。",
            "Funnel backwards: from the target and the rates, the whole number needed at each stage.",
        ),
        (
            Argument("target", Word("最后一级的目标", "Target of the last stage")),
            Argument("rates", Word("从第一级到最后一级的转化率", "Conversion rates from the first stage to the last")),
        ),
    ),
)
