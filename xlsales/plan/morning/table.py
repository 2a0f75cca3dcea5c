"""Table 早读: which sentences a person wants; and the figures that a sentence of each kind may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

KINDS = {
    "where": Word("现状", "Where we stand"),
    "week": Word("上周", "Last week"),
    "red": Word("转红", "Turned red"),
    "missing": Word("缺数", "Missing"),
    "doubts": Word("存疑", "Doubts"),
    "need": Word("日均", "Needed per day"),
    "due": Word("到期", "Due"),
    "recovered": Word("恢复", "Recovered"),
}
"""What a sentence may be about, the most weighty first."""
MOST = 7
"""So many sentences are on the page."""
_KIND_HINT = Word("不要的句子,删去整行", "delete the row of a sentence that you do not want")
T_MORNING = InputTable(
    "xs_morning",
    "morning",
    Word("早读", "Reading"),
    (
        TableColumn("sentence", Word("句子", "Sentence"), "choice", _KIND_HINT, KINDS, width=24),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=30),
    ),
)
PRESETS: Sequence[Mapping[str, Word | float | str]] = tuple({"sentence": key} for key in KINDS)
NAMED = ("1", "2", "3")
"""So many members are named in a sentence."""
SLOTS: Mapping[str, Mapping[str, str]] = {
    "where": {"attainment": "percent", "actual": "money", "time": "percent", "chance": "chance"},
    "week": {"gap": "money", "target": "money", "done": "money", "off": "count", **dict.fromkeys(NAMED, "money")},
    "red": {"n": "count", **dict.fromkeys(NAMED, "points")},
    "missing": {"n": "count", **dict.fromkeys(NAMED, "count"), "returns": "count"},
    "doubts": {"n": "count", "rows": "count", "aside": "money"},
    "need": {"month": "rate", "plan": "rate", "best": "rate"},
    "due": {"actions": "count", "tasks": "count", "reviews": "count"},
    "recovered": {"n": "count", **dict.fromkeys(NAMED, "points")},
}
"""The figures that a sentence of each kind may have, and how each is shown (`rate`: money a day).

One is beside the sentence, in the way of the first: all that may be the first one are shown alike.
"""
