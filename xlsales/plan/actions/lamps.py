"""What the lamps of 行动计划 say: worked out, and as the formulas that follow what a person types."""

from __future__ import annotations

import datetime as dt

from xlsales.core.actions import ActionStatus
from xlsales.core.faults import Lang
from xlsales.layout.keyed import OwnRow
from xlsales.layout.model import Keyed
from xlsales.plan.actions.read import Action
from xlsales.vocabulary.contract import ACTION_STATUS, Word

STATES = {
    "none": Word("没有行动", "no action"),
    "spent": Word("没有后续行动", "nothing to come"),
    "short": Word("不够", "short"),
    "enough": Word("够", "enough"),
    "no gap": Word("没有缺口", "no gap"),
    "late": Word("逾期", "overdue"),
    "due": Word("该开始了", "to begin"),
    "owner": Word("缺负责人", "no owner"),
    "dates": Word("缺结束日", "no end"),
    "done": Word("完成", "done"),
    "cancelled": Word("取消", "cancelled"),
}
_COLOURS = {
    "none": "red", "spent": "red", "late": "red", "short": "amber", "due": "amber", "owner": "amber", "dates": "amber",
    "enough": "green", "no gap": "green", "done": "green",
}  # fmt: skip
LAMPS = tuple((STATES[key], colour) for key, colour in _COLOURS.items())
"""The words of both kinds of rows, each with its colour."""
OVER = "over"
"""The hidden column that says where the as-of date is: 2 behind an action's last day, 1 at or behind its first day."""
PLANNED = "planned"
"""The hidden column that counts the actions of a member and of those below it, without cancelled ones."""
_NO_DAYS, _LATER, _BEGUN, _PAST = -1.0, 0.0, 1.0, 2.0
_HALF_A_CENT = 0.005


def state_of_member(gap: float, coming: float, left: float, planned: int) -> str:
    """Return which of `STATES` a member with a known gap is in, of which `left` is not covered by `planned` actions."""
    if not gap:
        return "no gap"
    if not coming:
        return "spent" if planned else "none"
    return "enough" if left < _HALF_A_CENT else "short"


def formulas_of_member(lang: Lang) -> dict[str, Keyed]:
    """Return the formulas of a member's row: they follow what is still to come."""
    said = {key: f'"{word[lang]}"' for key, word in STATES.items()}
    short = f"IF({{left}}<{_HALF_A_CENT},{said['enough']},{said['short']})"
    nothing = f"IF(N({{{PLANNED}}})=0,{said['none']},{said['spent']})"
    state = f"IF({{gap}}=0,{said['no gap']},IF(N({{open}})=0,{nothing},{short}))"
    texts = {
        "cover": '=IF(N({gap})=0,"",N({open})/{gap})',
        "left": '=IF({gap}="","",MAX({gap}-N({open}),0))',
        "state": f'=IF({{gap}}="","",{state})',
    }
    return {key: OwnRow(text) for key, text in texts.items()}


def days_over(action: Action, as_of: dt.date | None) -> float:
    """Return what `OVER` says: -1 if the last day is not known."""
    begins, ends = action.days()
    if ends is None:
        return _NO_DAYS
    if as_of is None:
        return _LATER
    return _PAST if ends < as_of else _BEGUN if begins is not None and begins <= as_of else _LATER


def state_of_action(action: Action, over: float) -> str:
    """Return which of `STATES` an action is in; none if there is nothing to say."""
    if action.status.over:
        return action.status.value
    if over == _PAST:
        return "late"
    if action.row["owner"] is None:
        return "owner"
    if over == _NO_DAYS:
        return "dates"
    return "due" if over == _BEGUN and action.status is ActionStatus.OPEN else ""


def formulas_of_action(lang: Lang, per: int) -> dict[str, Keyed]:
    """Return the formulas of an action's row: they follow the status and the result that a person types."""
    said = {key: f'"{word[lang]}"' for key, word in STATES.items()}
    status = {key: f'"{word[lang]}"' for key, word in ACTION_STATUS.items()}
    done, cancelled = (f"{{status}}={status[key]}" for key in (ActionStatus.DONE, ActionStatus.CANCELLED))
    reached = "N({result})" if per == 1 else f"N({{result}})*{per}"
    begun = f'OR({{status}}="",{{status}}={status[ActionStatus.OPEN]})'
    due = f'IF(AND({{{OVER}}}={_BEGUN:g},{begun}),{said["due"]},"")'
    days = f"IF({{{OVER}}}={_NO_DAYS:g},{said['dates']},{due})"
    late = f'IF({{{OVER}}}={_PAST:g},{said["late"]},IF({{owner}}="",{said["owner"]},{days}))'
    texts = {
        "to_come": f"=IF(OR({done},{cancelled}),0,MAX({{expected}}-{reached},0))",
        "state": f"=IF({done},{said['done']},IF({cancelled},{said['cancelled']},{late}))",
    }
    return {key: OwnRow(text) for key, text in texts.items()}
