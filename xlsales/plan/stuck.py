"""Members that are asked too much or too little and cannot be moved: what holds them, and how a person lets them go."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from xlsales.core.faults import Lang
from xlsales.plan.fairness import Comparison
from xlsales.vocabulary.contract import Word

NAMED = 6
"""So many members are named."""


class Hold(StrEnum):
    """What keeps a member where it is."""

    TARGET = "target"
    MONTHS = "months"
    BOUND = "bound"
    OTHERS = "others"


SHORT = {
    Hold.TARGET: Word("“维度”里锁定了", "locked, stays"),
    Hold.MONTHS: Word("各月锁定或关账了", "months are held"),
    Hold.BOUND: Word("到了上限或下限", "at its bound"),
    Hold.OTHERS: Word("别人动不了", "others cannot move"),
}
"""What a cell says of it."""
_REMEDIES = {
    Hold.TARGET: Word(
        "{names} 在“维度”里有锁定目标,要动请先清空它", "locked in Dimensions, clear the locked target first: {names}"
    ),
    Hold.MONTHS: Word(
        "{names} 的各月已锁定或关账,要动请先删去“锁定”里的行(已关账的月份不动)",
        "all months held, delete the rows in Locks first (closed months stay): {names}",
    ),
    Hold.BOUND: Word(
        "{names} 到了“维度”里的上限或下限,要动请先放宽(有锁定目标的也清空)",
        "at a bound in Dimensions, widen it first, and clear a locked target: {names}",
    ),
    Hold.OTHERS: Word(
        "{names} 要动的,别的成员接不了,请先放开它们的锁定或上下限",
        "others cannot carry it, release locks or bounds of these first: {names}",
    ),
}


def holds(view: Comparison) -> dict[int, Hold]:
    """Return what holds each member that is asked too much or too little and does not move."""
    low, high = view.bounds
    out = {}
    for i in np.flatnonzero(view.fair.alarms & (view.moves == 0)).tolist():
        member, steps = view.dimension.members[view.leaves[i]], int(view.steps[i])
        bound = member.lower if view.is_too_much(i) else member.upper
        if bound is not None and bound * view.frame.step_yuan == view.targets[i]:
            out[i] = Hold.BOUND
        elif member.locked is not None:
            out[i] = Hold.TARGET
        elif view.locked_months[i].all() or (low[i] if view.is_too_much(i) else high[i]) == steps:
            out[i] = Hold.MONTHS
        else:
            out[i] = Hold.OTHERS
    return out


def said_of_holds(view: Comparison, lang: Lang) -> str:
    """Return who is held by what, and how to let them go; nothing if all can move."""
    of, parts = holds(view), []
    for hold, remedy in _REMEDIES.items():
        names = [view.names[i] for i in view.fair.order if of.get(i) is hold]
        if names:
            parts.append(remedy[lang].format(names=listed(names, lang)))
    return (";" if lang == "zh" else "; ").join(parts)


def only_nearer(view: Comparison) -> list[str]:
    """Return who comes nearer to the middle only, for a bound or months that are held are in between."""
    low, high = view.bounds
    after = view.steps + view.moves
    return [
        view.names[i]
        for i in view.fair.order
        if view.fair.alarms[i] and view.moves[i] and after[i] == (low[i] if view.is_too_much(i) else high[i])
    ]


def listed(names: list[str], lang: Lang) -> str:
    """Return the first of the names in a row."""
    return ("、" if lang == "zh" else ", ").join(names if len(names) <= NAMED else [*names[:NAMED], "…"])
