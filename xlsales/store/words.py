"""The words of a store's workbook that are not column headers."""

from __future__ import annotations

from xlsales.vocabulary import words as written
from xlsales.vocabulary.contract import Word

HEADINGS: dict[str, Word] = {
    "front": Word("{code} 销售目标", "{code}: sales target"),
    "days": Word("{code} 日报", "{code}: daily sales"),
    "weeks": Word("{code} 周报", "{code}: weekly sales"),
    "commitment": Word("{code} 承诺", "{code}: commitment"),
    "letter": Word("销售目标责任书", "Sales target agreement"),
    "detail": Word("销售明细", "Receipts"),
    "members": Word("{code} 分项目标", "{code}: breakdown"),
}
SUBLINE = Word(
    "{plan}  ·  {start} – {end}  ·  单位:{unit}  ·  第 {version} 版",
    "{plan}  ·  {start} – {end}  ·  Unit: {unit}  ·  Version {version}",
)
NOTHING_YET = written.NO_ACTUALS
AS_OF_FORMAT = Word('"截至 "yyyy-mm-dd', '"As of "yyyy-mm-dd')
UNANNOUNCED = Word("  ·  {years} 年节假日未公布", "  ·  Holidays of {years} not announced")
WHOLE = Word("全期", "Whole plan")
TOTAL = written.TOTAL
TIME_PROGRESS = Word("时间进度", "Time progress")
REQUIRED = Word("日均需达", "Required per day")
CHART = Word("累计目标与累计实际", "Cumulative target and actual")
DERIVED = Word("目标怎么来的:", "How the target was derived: ")

UNASSIGNED = Word("未分到{name}", "Unassigned to {name}")
"""What no member has: of the target, and of the sales, which named none."""
TABLE_NOTE = Word(
    "实际是下发时总部已有的,加上“明细”里写明{name}的行。没写明的,以及“日报”直接填了总数的日子,都在“未分到{name}”。",
    "Actuals are what HQ knew, and the rows of Detail that name the {name}. Rows that name none, and days whose sum is "
    "typed in Daily, stand under “Unassigned to {name}”.",
)

INFO = Word("文件信息(请勿改动)", "About this file (do not change)")
INFO_LABELS: dict[str, Word] = {
    "code": Word("门店", "Store"),
    "dimension": Word("维度", "Dimension"),
    "plan": Word("计划", "Plan"),
    "version": Word("版本", "Version"),
    "fingerprint": Word("目标指纹", "Fingerprint"),
    "format": Word("格式", "Format"),
    "lang": Word("语言", "Language"),
    "unit": Word("单位", "Unit"),
    "start": Word("开始", "From"),
    "end": Word("结束", "To"),
    "clock": Word("时钟(1 日历 2 工作日 3 曲线)", "Clock (1 calendar 2 working 3 curve)"),
    "most": Word("一天超过此数要核对", "Check days above"),
    "handed": Word("下发时已有实际至", "Known at hand-out to"),
    "as_of": Word("截止日", "As of"),
    "month": Word("当前月份", "Current month"),
    "green": Word("绿灯 ≥", "Green from"),
    "amber": Word("黄灯 ≥", "Amber from"),
    "orange": Word("橙灯 ≥", "Orange from"),
}

DAYS_HINT = Word(
    "只填浅黄格:当天实际销售额({unit})。没营业填 0,还没报留空;退货填负数。"
    "空着的日子取“明细”的合计,再没有取“总部已有”。",
    "Fill the pale yellow cells: the day's sales ({unit}). 0 = closed, blank = not reported yet, returns negative. "
    "A blank day takes the sum of Detail, else what HQ knows.",
)
TODO_WHAT = Word(
    "① 填什么:在“日报”的浅黄格里填每天的销售额{known}。",
    "1. What: each day's sales in the yellow cells of Daily{known}.",
)
TODO_KNOWN = Word(";“总部已有”的(截至 {day})不对才填", "; days known at HQ (to {day}) only if wrong")
TODO_WHEN = Word("② 何时交:{due} 前(含当天)。", "2. When: return it by {due}.")
TODO_WHEN_TOLD = Word("② 何时交:按总部通知的时间。", "2. When: as headquarters has told you.")
TODO_WHERE = Word("③ 交到哪里:存盘,把这个文件原样发给 {to}。", "3. Where: save, and send this very file to {to}.")
TODO_WHERE_BACK = Word(
    "③ 交到哪里:存盘,把这个文件原样发回给发给您的人。", "3. Where: save, and send this very file back to who sent it."
)
ENTRY_PROMPT = Word(
    "当天实际销售额,单位{unit}。没营业填 0,还没报留空。", "The day's sales in {unit}. 0 = closed, blank = not reported."
)
ENTRY_DOUBTFUL = Word(
    "这不是数字,或超过最高一天目标的 {times} 倍。请看单位(是{unit},不用“万”)和位数。确实这么多,请继续,并在备注里说明。",
    "This is no number, or more than {times} times the highest day. Check the unit ({unit}) and the digits. "
    "If it is right, go on and say why in Remark.",
)
REMARK_PROMPT = Word("备注:活动、天气、停业等。", "Remark: campaign, weather, closure.")
COMMITMENT_HINT = Word(
    "认可目标就不用填;不认可的月份填承诺值({unit})并写明原因,随文件交回总部。",
    "Leave blank what you accept; where you do not, enter your commitment ({unit}) and why, and return the file.",
)
COMMITMENT_REFUSED = Word("请填不小于 0 的数字,单位是{unit}。", "Enter a number of 0 or more, in {unit}.")
COMMITMENT_PROMPT = Word(
    "这个月承诺做到多少({unit})。留空 = 认可目标。", "What you commit to this month ({unit}). Blank = accepted."
)
REASON_PROMPT = Word("承诺值与目标不同时,请写明原因。", "Where the commitment differs from the target, say why.")
DETAIL_HINT = Word(
    "可选:把每笔或每天的销售粘贴在表头下面(日期、金额必填)。“日报”里没填的日子自动取这里的合计。",
    "Optional: paste receipts or days below the headers (date and amount required). "
    "Days left blank in Daily take their sum.",
)
DATE_REFUSED = Word("请填日期,例如 2026-01-31,要在计划期间内。", "Enter a date within the plan, e.g. 2026-01-31.")
MEMBER_DOUBTFUL = Word(
    "计划的“{dimension}”里没有这一项,总部会搁置这一行。请从下拉列表里选。",
    'The plan\'s "{dimension}" has no such member and headquarters will set the row aside. Pick one from the list.',
)
AMOUNT_DOUBTFUL = Word(
    "这不是数字,或超过最高一天目标的 {times} 倍。请看单位(是{unit})和位数。确实这么多,请继续。",
    "This is no number, or more than {times} times the highest day. Check the unit ({unit}) and the digits. "
    "If it is right, go on.",
)
REFUSED = Word("请改一下", "Please check")

LETTER_INTRO = Word(
    "{code}承担计划“{plan}”在 {start} 至 {end} 期间的销售目标,合计如下。",
    "{code} takes on the sales target of “{plan}” from {start} to {end}, as follows.",
)
LETTER_INTRO_UNNAMED = Word(
    "{code}承担 {start} 至 {end} 期间的销售目标,合计如下。",
    "{code} takes on the sales target from {start} to {end}, as follows.",
)
LETTER_TOTAL = Word("目标合计", "Total target")
LETTER_COMMITTED = Word("承诺合计", "Committed")
LETTER_CLAUSES: tuple[Word, ...] = (
    Word(
        "一、{dimension}按月完成上述目标,逐日登记实际销售,并按期交回本文件。",
        "1. Targets are to be reached month by month; sales are recorded daily and this file is returned on time.",
    ),
    Word(
        "二、承诺值与目标不一致的月份,原因写在“承诺”表;未填承诺值的月份以目标为准。",
        "2. Where a commitment differs from the target, sheet Commitment says why; otherwise the target stands.",
    ),
    Word(
        "三、目标如有调整,以总部下发的新版本为准。",
        "3. Targets change only by a new version handed out by headquarters.",
    ),
)
SIGN_STORE = Word("{dimension}负责人(签字):", "{dimension} manager:")
SIGN_PERSON = Word("{dimension}(签字):", "{dimension}:")
SIGN_HEAD = Word("上级主管(签字):", "Supervisor:")
SIGN_DATE = Word("日期:", "Date:")

# --- how a target was derived
SENTENCE = Word("{target},{days}。", "{target}, {days}.")
FROM_REFERENCE = Word("参照期销售 {amount} {unit} × {factor}", "past sales {amount} {unit} × {factor}")
LAST_YEAR = Word("去年同期 {amount} {unit} × {factor}", "last year {amount} {unit} × {factor}")
SHARE_OF_TOTAL = Word("总目标 {total} {unit} × 占比 {share}", "total target {total} {unit} × share {share}")
WEEKEND_FACTOR = Word("周末系数 {factor}", "weekend factor {factor}")
SATURDAY_SUNDAY = Word("周六系数 {saturday}、周日系数 {sunday}", "Saturday {saturday}, Sunday {sunday}")
HOLIDAY_FACTOR = Word("节假日系数 {factor}", "holiday factor {factor}")
DAYS_EQUAL = Word("月内按天平均,取整到 {step} {unit}", "spread evenly over each month's days, to {step} {unit}")
DAYS_AS_COMPANY = Word("按公司各天的比重", "by the company's days")
DAYS_CAMPAIGN = Word("活动日另按系数", "campaign days by their factor")
DAYS_WORKING = Word("按工作日", "by working days")
