"""Table 周跟踪: what a person plans of an indicator for each week of a month, and what is done of it."""

from __future__ import annotations

from collections.abc import Sequence

from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

MOST_WEEKS = 6
"""A month has at most so many pieces of weeks."""
PLANNED = tuple(f"plan_{n}" for n in range(1, MOST_WEEKS + 1))
DONE = tuple(f"done_{n}" for n in range(1, MOST_WEEKS + 1))
"""Keys of the columns of weeks."""
_BETWEEN = "|"
_OFFERED = (
    Word("订单", "Orders"),
    Word("交付", "Deliveries"),
    Word("留档", "Records"),
    Word("邀约进店", "Invited visits"),
    Word("试乘试驾", "Test drives"),
    Word("拜访", "Visits"),
    Word("回访", "Follow-ups"),
)
_MONTH_HINT = Word(
    "如 2026-11;空 = 上一行的,第一行空 = 截止日所在的月",
    "e.g. 2026-11; blank = as above, in the first row the month of the as-of date",
)
_TEAM_HINT = Word("空 = 计划里的上级;每队打印一页", "blank = the parent in the plan; a printed page each")
_PERSON_HINT = Word("一个月里每个指标一行", "one row per indicator and month")
_OPEN_HINT = Word("月初已在手的;只作参考,不算进各周", "in hand at the start; for reference, not part of the weeks")
_TARGET_HINT = Word(
    "整数;空 = “指标”里的,没有就是各周之和", "whole number; blank = that of Indicators, else the sum of weeks"
)
_PLAN_HINT = Word("整数;空 = 按本月的曲线分", "a whole number; blank = by the month's curve")
_DONE_HINT = Word("整数;空 = 还没填,0 = 没做成", "a whole number; blank = not told yet, 0 = none")

T_WEEKS = InputTable(
    "xs_weeks",
    "weeks",
    Word("周跟踪", "Weekly tracking"),
    (
        TableColumn("month", Word("月份", "Month"), "period", _MONTH_HINT, width=11),
        TableColumn("team", Word("团队", "Team"), "text", _TEAM_HINT, width=11),
        TableColumn("person", Word("人员", "Person"), "text", _PERSON_HINT, width=11),
        TableColumn(
            "indicator",
            Word("指标", "Indicator"),
            "text",
            Word("可选可填", "pick or type"),
            width=11,
            offered=_OFFERED,
        ),
        TableColumn("open", Word("月初在手", "Open at start"), "integer", _OPEN_HINT, low=0, width=9),
        TableColumn("target", Word("月目标", "Month target"), "integer", _TARGET_HINT, low=0, width=9),
        *(
            TableColumn(key, Word(f"第{n}周计划", f"W{n} plan"), "integer", _PLAN_HINT, low=0, width=8)
            for n, key in enumerate(PLANNED, 1)
        ),
        *(
            TableColumn(key, Word(f"第{n}周完成", f"W{n} done"), "integer", _DONE_HINT, low=0, width=8)
            for n, key in enumerate(DONE, 1)
        ),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=17),
    ),
)
EXAMPLES: tuple[dict[str, Word | float | str], ...] = (
    {
        "team": Word("销售一组", "Sales team 1"),
        "person": Word("张三", "Ann"),
        "indicator": Word("订单", "Orders"),
        "open": 5.0,
        "target": 10.0,
    },
    {
        "team": Word("销售一组", "Sales team 1"),
        "person": Word("李四", "Ben"),
        "indicator": Word("订单", "Orders"),
        "open": 3.0,
        "target": 8.0,
    },
)


def weeks_text(weeks: Sequence[int | None]) -> str:
    """Return the numbers of weeks as a text, which hidden columns keep: `3||0`; blank is nothing."""
    return _BETWEEN.join("" if number is None else str(number) for number in weeks)


def weeks_of(text: str) -> list[int | None]:
    """Return the numbers of weeks in such a text."""
    return [int(part) if part.isdecimal() else None for part in text.split(_BETWEEN)]


def most_planned(target: int | None, planned: Sequence[int | None]) -> int:
    """Return what is planned for a whole month: the target, or the sum of the weeks if that is more."""
    return max(target or 0, sum(number or 0 for number in planned))
