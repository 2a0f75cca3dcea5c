"""The states of stores and their files in 回收情况."""

from __future__ import annotations

from xlsales.vocabulary.contract import Word

STATES: dict[str, Word] = {
    "returned": Word("已收", "returned"),
    "mend": Word("已收待改", "taken, to fix"),
    "partly": Word("部分采用", "partly taken"),
    "none": Word("没有采用", "none taken"),
    "refused": Word("退回", "refused"),
    "before": Word("沿用上次", "as before"),
    "missing": Word("未交", "missing"),
    "unsent": Word("未下发", "not handed out"),
}
"""`mend`: every row was taken, and something else is to be fixed. `none`: none of its rows was taken.
`before`: what came this time is blank; what was taken before stays. `unsent`: no file was handed out to the store."""
HANDED_IN = ("returned", "mend", "partly", "none", "refused")
"""The states of stores that have handed in something this time."""
