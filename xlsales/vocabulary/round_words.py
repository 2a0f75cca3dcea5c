"""The words of the sheets that belong to the round with the stores: 回收情况, 退回说明, 目标版本."""

from __future__ import annotations

from xlsales.vocabulary import words as written
from xlsales.vocabulary.contract import Word

STATE = Word("状态", "State")
LATE = Word("迟交", "Late")
IS_LATE = Word("迟交", "late")
FILE = Word("文件", "File")
LAST_DAY = Word("填到", "Filled to")
VERSION = Word("目标版本", "Version")
ROWS_FOUND, ROWS_ACCEPTED, ROWS_ASIDE = Word("找到", "Found"), Word("采用", "Accepted"), Word("搁置", "Set aside")
ROWS_GROUP, AMOUNTS_GROUP = Word("行数", "Rows"), Word("金额(元)", "Amounts (yuan)")
COMMITMENTS = Word("承诺", "Commitments")
WHY = Word("原因与处理", "Reason, and what to do")
COPIES, IS_TWICE = Word("份数", "Copies"), Word("{n} 份", "{n:files}")
BLANK_DAYS = Word("空白天数", "Blank days")
RETURNED_SUBLINE = Word(
    "应交 {all} 份,交回 {returned} 份(迟交 {late}),缺 {missing} 份;采用 + 搁置 = 找到",
    "{all} expected, {returned} returned ({late} late), {missing} missing; accepted + set aside = found",
)
UNSENT_SUBLINE = Word(";另有 {n} 个没有下发", "; {n} more {n:was|were} handed no file")
MORE_REASONS = Word("……共 {n} 处,见“退回”文件夹里的文件。", "… {n} in all; see the file in folder sent back.")
OTHER_FILES = Word("(认不出是谁的)", "(of nobody known)")
NO_RECORD = Word("没有记录", "no record")
TOTAL = written.TOTAL
PROOF = Word("差数(应为 0)", "Residual (must be 0)")

STATES: dict[str, Word] = {
    "returned": Word("已收", "returned"),
    "mend": Word("已收待改", "taken, to mend"),
    "partly": Word("部分采用", "partly taken"),
    "none": Word("没有采用", "none taken"),
    "refused": Word("退回", "refused"),
    "before": Word("沿用上次", "as before"),
    "missing": Word("未交", "missing"),
    "unsent": Word("未下发", "not handed out"),
}
"""`mend`: every row was taken, and there is something else to mend. `none`: none of its rows was taken.
`before`: what came this time is blank; what was taken before stands. `unsent`: no file was handed out to the store."""
HANDED_IN = ("returned", "mend", "partly", "none", "refused")
"""The states of stores that have handed in something this time."""
STATE_LAMPS = {
    "returned": "green",
    "mend": "amber",
    "partly": "amber",
    "none": "red",
    "refused": "red",
    "before": "amber",
    "missing": "orange",
}

# --- 退回说明
BACK_TITLE = Word("退回说明", "What to mend")
BACK_FOLDER = Word("退回", "sent back")
BACK_SUBLINE = Word(
    "{code}:下面 {n} 处请改正后再交;其他内容已经收到。涂红的单元格就是要改的。",
    "{code}: please mend {n:this|these} {n:points} and return the file; the rest was received. "
    "The cells are marked red.",
)
BACK_LISTED = Word(
    "{code}:下面 {n} 处请在您自己的 {ending} 文件里改正后再交;其他内容已经收到。"
    "{ending} 文件里不能涂红,请按工作表和单元格找。",
    "{code}: please mend {n:this|these} {n:points} in your own {ending} file and return it; the rest was received. "
    "A {ending} file cannot be marked red: find them by sheet and cell.",
)
BACK_REFUSED = Word("{code}:这份文件没有采用,请按下面的说明处理后再交。", "{code}: this file was not taken; see below.")
BACK_EACH = Word("(这 {n} 格都是这样)", " (all {n} cells alike)")
BACK_SHEET, BACK_CELL = Word("工作表", "Sheet"), Word("单元格", "Cell")
BACK_VALUE, BACK_WHY = Word("现在的内容", "It holds"), Word("说明", "What is wrong, and what to do")

# --- 目标版本
VERSION_NUMBER, VERSION_WHEN = Word("版本", "Version"), Word("时间", "When")
VERSION_WHAT = Word("变了什么", "What changed")
VERSION_FROM, VERSION_TO, VERSION_CHANGE = Word("原目标", "From"), Word("新目标", "To"), Word("变化", "Change")
VERSION_WHY = Word("依据", "By")
FIRST_SPLIT, TOTAL_TARGET = Word("首次分解", "First split"), Word("总目标", "Total target")
BY_COMMITMENT = Word("接受承诺:{periods}", "accepted commitment: {periods}")
RENAMED = Word("{member}(原 {names})", "{member} (was {names})")
BY_MOVE, COUNT_MOVE = Word("成员换上级", "members moved"), Word("成员换上级 {n}", "members moved {n}")
BY_LOCK, BY_SHARE = Word("锁定", "locked"), Word("余额重新分摊", "share of the rest")
MEMBERS_CHANGED = Word("{n} 个成员的目标改变:", "targets of {n:members} changed: ")
ADDED, REMOVED = Word("新增", "added"), Word("撤销", "removed")
COUNT_ADDED, COUNT_REMOVED = Word("新增 {n}", "added {n}"), Word("撤销 {n}", "removed {n}")
COUNT_COMMITMENT, COUNT_LOCK = Word("接受承诺 {n}", "commitments {n}"), Word("锁定 {n}", "locks {n}")
COUNT_SHARE = Word("分摊余额 {n}", "share of the rest {n}")
MONTHS_TOO = Word(";另有 {n} 个只是月份间调整", "; {n} more moved between months only")
MONTHS_ONLY = Word("只是月份间调整", "moved between months")
OTHER_MEMBERS = Word("{dimension} 其余 {n} 个成员", "{dimension}: {n} other {n:member|members}")
