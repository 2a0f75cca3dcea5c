"""Table 复盘: the rhythm of reviews, and the texts of a review's page that a person types."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from xlsales.core.keys import joined
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

_PERIOD_HINT = Word(
    "月、季、半年、年;与复盘日都空 = 各季和最近一个月",
    "month, quarter, half, year; both blank = quarters and last month",
)
_DAY_HINT = Word("期间空 = 这天之前结束的那个月", "blank period = the last month before it")

T_REVIEW = InputTable(
    "xs_review",
    "review",
    Word("复盘", "Review"),
    (
        TableColumn("period", Word("复盘期间", "Period"), "period", _PERIOD_HINT, width=26),
        TableColumn("day", Word("复盘日", "Review date"), "date", _DAY_HINT, width=18),
        TableColumn(
            "meeting", Word("会议", "Meeting"), "text", Word("如 季度经营会", "e.g. Quarterly review"), width=22
        ),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=30),
    ),
)
EXAMPLES = ({"meeting": Word("季度经营会", "Quarterly review")},)

LINES = 6
"""Rows of a page for causes and remedies, and rows for those of the reviews before."""
DONE, DROPPED = Word("完成", "done"), Word("取消", "dropped")
STATES = (Word("未开始", "not begun"), Word("进行中", "under way"), DONE, DROPPED)
"""What is offered as the state of a remedy."""
_FINISHED = {word[lang].casefold() for word in (DONE, DROPPED) for lang in ("zh", "en")}

Typed = str | float | dt.date | None
"""What a person typed into a cell; a day that could be read is a date."""


class Remedy(Struct, frozen=True):
    """A row of a review that a person types: whom it is about, the cause, the remedy, who does it, until when.

    `origin` is the review and the row in which it was typed first, such as `2026Q1:2`.
    """

    origin: str
    who: Typed = None
    cause: Typed = None
    remedy: Typed = None
    owner: Typed = None
    due: Typed = None
    state: Typed = None

    @property
    def cells(self) -> dict[str, Typed]:
        """What is typed, by the key of its column."""
        texts = {"who": self.who, "cause": self.cause, "remedy": self.remedy, "owner": self.owner}
        return {**texts, "due": self.due, "state": self.state}

    @property
    def is_promise(self) -> bool:
        """Whether it promises something."""
        return self.remedy is not None

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is to be done."""
        return is_finished(self.state)

    def is_overdue(self, as_of: dt.date | None) -> bool:
        """Whether it should be done by now and is not."""
        return as_of is not None and isinstance(self.due, dt.date) and self.due < as_of and not self.is_finished


def is_finished(state: Typed) -> bool:
    """Whether a state is one of those after which nothing more is to be done."""
    return isinstance(state, str) and state.casefold() in _FINISHED


def origin_of(period: str, line: int) -> str:
    """Return what tells a remedy from all others: its review and its row, from 1."""
    return joined(period, str(line))
