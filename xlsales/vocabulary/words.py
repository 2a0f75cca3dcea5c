"""The words of the written sheets that are not already in the contract."""

from __future__ import annotations

from xlsales.vocabulary.contract import Word

TOTAL_TARGET = Word("总目标", "Total target")
TOTAL = Word("合计", "Total")
PERIOD = Word("期间", "Period")
START = Word("开始", "From")
END = Word("结束", "To")
WORKING_DAYS = Word("工作日", "Working days")
PROVISIONAL = Word("(节假日未公布)", "(holidays not announced)")
PROVISIONAL_NOTE = Word(
    "标“节假日未公布”的期间:国务院尚未公布放假安排,工作日暂按周一至周五减法定节假日计,月份间可能有变。",
    "Where holidays are not announced, working days are provisional: Monday to Friday less statutory holidays.",
)
REQUIRED_PER_DAY_YUAN = Word("日均需达(元)", "Required per day (yuan)")
PROGRESS_GROUP = Word("目标与进度", "Target and progress")
MONTH_TARGETS = Word("月度目标 {year}", "Monthly targets {year}")
MONTH_ACTUALS = Word("月度实际 {year}", "Monthly actuals {year}")
PROOF = Word("验算", "Proof")
PROOF_SUM = Word("验算 Σ{level}", "Proof Σ {level}")
PROOF_ALL = Word("验算(应为 0)", "Proof (must be 0)")
PROOF_MONTHS = Word("验算\nΣ月−目标", "Proof\nΣ months")
LEVEL_N = Word("第{n}级", "level {n}")
STRETCH_N = Word("加压 第{n}级", "Stretch, level {n}")
UNASSIGNED_N = Word("未分配 第{n}级", "Unassigned, level {n}")
UNASSIGNED_TO = Word("未分到{name}", "Unassigned to {name}")
UNASSIGNED_TO_N = Word("未分到{name} 第{n}级", "Unassigned to {name}, level {n}")
"""Said of the same line when sales name no member of the dimension."""
WEEKS = Word("按周(周一至周日,跨月)", "Weeks (Monday to Sunday, across months)")
LEVELS: dict[str, Word] = {
    "year": Word("年", "years"),
    "half": Word("半年", "half-years"),
    "quarter": Word("季", "quarters"),
    "month": Word("月", "months"),
    "week": Word("周", "weeks"),
    "day": Word("日", "days"),
}

UNIT = Word("单位:{unit}", "Unit: {unit}")
AS_OF = Word("截止日 {day}", "As of {day}")
NO_ACTUALS = Word("尚无实际", "No actuals yet")
CLOCK = Word("时钟:{clock}", "Clock: {clock}")

# --- overview
MONTHS_SECTION = Word("月度进度", "Months")
CLOCKS_SECTION = Word("时间进度与数据", "Time progress and data")
MONTH = Word("月份", "Month")
CUMULATIVE_TARGET = Word("累计目标", "Cumulative target")
CUMULATIVE_ACTUAL = Word("累计实际", "Cumulative actual")
CUMULATIVE_ATTAINMENT = Word("累计达成率", "Cumulative attainment")
AGAINST_TO_DATE = Word("较应达", "Against to date")
CLOCK_COLUMN = Word("时钟", "Clock")
CHOSEN = Word("{clock} ●", "{clock} ●")
DATA = Word("实际数据", "Actuals")
AMOUNT = Word("金额", "Amount")
ROWS = Word("行数", "Rows")
FOUND = Word("找到", "Found")
ACCEPTED = Word("采用", "Accepted")
SET_ASIDE = Word("搁置", "Set aside")
TOTALS_ROWS = Word("合计行", "Totals rows")
CLOCKS_AGREE = Word("三个时钟的状态一致。", "All three clocks agree.")
CLOCKS_DIFFER = Word(
    "时钟不一致:{lamps}。以{chosen}为准。", "The clocks differ: {lamps}. The company goes by {chosen}."
)
LAMP_BY = Word("按{clock}为{lamp}", "{lamp} by {clock}")
RANKED = Word("按{name}(落后的在前)", "By {name} (furthest behind first)")
BY_SIZE = Word("按{name}", "By {name}")
MORE = Word("另有 {n} 个,见“按{name}”。", "{n} more on sheet By {name}.")
CHART_MONTHS = Word("月度目标与实际", "Target and actual by month")
CHART_DIMENSION = Word("{name}:达成率与时间进度", "{name}: attainment and time progress")
CHART_MEMBERS = Word("{name}:目标与实际", "{name}: target and actual")

# --- basis
MEMBER = Word("成员", "Member")
SHARE = Word("占比", "Share")
REFERENCE_SALES = Word("参照期\n销售", "Reference sales")
GROWTH = Word("目标较\n参照期", "Growth on reference")
BEST = Word("历史最好", "Best ever")
BEST_WHEN = Word("何时", "When")
OF_BEST = Word("目标 ÷\n历史最好", "Target ÷ best ever")
JUDGEMENT = Word("判断", "Judgement")
TREND = Word("近期增长", "Latest growth")
TARGET_GROUP = Word("目标", "Target")
REFERENCE_GROUP = Word("参照期", "Reference period")
BEST_GROUP = Word("历史最好", "Best ever reached")
BY_NAME = Word("按{name}", "By {name}")
YEAR = Word("{year}年", "{year}")
REFERENCE_PERIOD = Word("参照期:{periods}", "Reference period: {periods}")
NOT_COMPARABLE = Word(
    "目标较参照期:历史没有覆盖整个参照期,或参照期与计划不一样长,所以不算。",
    "Growth on reference is blank: the history does not cover all of it, or it is not as long as the plan.",
)
PARTLY_OPEN = Word(
    "{names} 在计划期间里只营业一部分(开业日、闭店日),目标不是全期的,不与历史的全期相比。",
    "{names}: open in a part of the plan alone (Opens, Closes), so the target is not compared with whole past spans.",
)
BEST_NOTE = Word(
    "历史最好:{spans} 里最好的一次。目标不超过它为稳健,超过它 {above:.0%} 以内为有挑战,再高为偏高。",
    "Best ever: the best of {spans}. A target up to it is safe, up to {above:.0%} above a stretch, beyond that bold.",
)
NO_PAST = Word(
    "历史里没有一个完整的同期,无法与历史最好比较。",
    "The history has no complete past period of the plan's days, so there is no best ever to compare with.",
)
TREND_NOTE = Word("近期增长:{later} 比 {earlier}。", "Latest growth: {later} on {earlier}.")

# --- problems and runs
PROBLEM_SHEET = Word("工作表", "Sheet")
PROBLEM_ROW = Word("行", "Row")
PROBLEM_COLUMN = Word("列", "Column")
PROBLEM_VALUE = Word("内容", "Value")
PROBLEM_SENTENCE = Word("原因与处理", "Reason, and what to do")
PROBLEM_COUNT = Word("笔数", "Rows")
PROBLEM_EFFECT = Word("处理结果", "Effect")
WARNED = Word("提醒", "Warning")
REMARKED = Word("说明", "Remark")
NO_PROBLEMS = Word("没有发现问题。", "No problems were found.")
RUN_WHEN = Word("时间", "Time")
RUN_COMMAND = Word("命令", "Command")
RUN_VERSION = Word("版本", "Version")
RUN_INPUTS = Word("输入", "Inputs")
RUN_TARGET_BEFORE = Word("目标合计(前)", "Targets before")
RUN_TARGET_AFTER = Word("目标合计(后)", "Targets after")
RUN_ACTUAL_BEFORE = Word("实际合计(前)", "Actuals before")
RUN_ACTUAL_AFTER = Word("实际合计(后)", "Actuals after")
RUN_NOTE = Word("备注", "Note")
