"""The words of the sheets that belong to the round with the stores: 回收情况, 退回说明."""

from __future__ import annotations

from xlsales.vocabulary.contract import Word

MORE_REASONS = Word("……共 {n} 处,见“退回”文件夹里的文件。", "… {n} in all; see the file in folder sent back.")
OTHER_FILES = Word("(认不出是谁的)", "(of nobody known)")
NO_RECORD = Word("没有记录", "no record")

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
