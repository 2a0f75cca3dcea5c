"""From table 公平性 to comparisons: whom its rows name, what is wrong with them, which dimensions are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats
from xlsales.core.fairness import FEWEST
from xlsales.core.faults import Fault, Lang, Listed, Place, Problem, Refused
from xlsales.core.keys import joined
from xlsales.plan.fairness import FACTS, T_FAIRNESS, Comparison
from xlsales.plan.figures import Figures
from xlsales.plan.stuck import NAMED, listed, only_nearer, said_of_holds
from xlsales.plan.table_rows import AtColumn, asked_for, named_member
from xlsales.plan.unknown_names import NotInThePlan
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import LANGS, Word

TITLE = Word("公平性 {name}", "Fairness {name}")
_ALL_MOVE = Word("“平衡”能让它们回到中间", "Balance brings them to the middle")
_SOME_MOVE = Word("“平衡”能让 {names} 回到中间;{held}", "Balance brings {names} to the middle; {held}")
_NEARER = Word("{names} 因上限、下限或锁定的月份只能走一部分", "a bound or held months let {names} go part of the way")
_NONE_MOVES = Word("“平衡”动不了:{held}", "Balance cannot move them: {held}")


class SameMember(Fault):
    """A member with two rows."""

    zh = "“{name}”在第 {other} 行已经有了。请合并成一行。"
    en = '"{name}" is in row {other} already. Make one row of them.'


class NobodyNamed(Fault):
    """A row that names nobody."""

    zh = "这一行没有“成员”。请填最低一级的成员,或清空整行。"
    en = 'This row has no "Member". Enter a lowest member, or clear the row.'


class NotLowest(Fault):
    """A member that has others below it."""

    zh = "“{name}”下面还有成员。公平性只比最低一级:请写那里的名称。"
    en = '"{name}" has members below it. Fairness compares the lowest ones: write one of their names.'


class AskedUnfairly(Fault):
    """Members of whom the plan asks clearly more or less than of the others."""

    remark = True
    zh = "“{dimension}”有 {n} 个成员被明显多要或少要:{names}。见“{sheet}”;{zh_remedy}。本来要这样的,不用改。"
    en = (
        'In "{dimension}" {n} {n:member is|members are} asked clearly too much or too little: {names}. See "{sheet}"; '
        "{en_remedy}. If it is meant so, leave it."
    )


class NothingToCompare(Fault):
    """A plan without whole past years and without typed facts."""

    zh = (
        "没有可比的:公平性要一个有 {fewest} 个以上末级成员的维度,历史里有它整期的销售(或在这里填人数、面积)。"
        "请粘贴历史,或填这张表。"
    )
    en = (
        "Nothing to compare: fairness needs a dimension of {fewest} or more lowest members with a whole past year in "
        "History, or headcounts or areas typed here. Paste past sales, or fill in this table."
    )


class _Typed(Struct, frozen=True):
    """A row of the table: the member of a dimension by its key, and what is said of it."""

    name: str
    dimension: str
    leaf: int
    facts: Mapping[str, float | None]


def _typed(row: Mapping[str, Any], figures: Figures) -> _Typed:
    name = row["member"]
    if name is None:
        raise AtColumn("member", NobodyNamed())
    try:
        member = named_member(name, figures)
    except Fault as fault:
        raise AtColumn("member", fault) from None
    if member is None:
        raise AtColumn("member", NotInThePlan(name=name))
    members, position = member
    if not members.dimension.is_leaf(position):
        raise AtColumn("member", NotLowest(name=name))
    key = joined(members.name, members.dimension.members[position].name)
    return _Typed(key, members.name, position, {fact: row[fact] for fact in FACTS})


def views(figures: Figures) -> Iterator[Comparison]:
    """Yield the dimensions that can be compared, then raise Refused if rows are wrong or there are none."""
    rows = figures.table_rows.get(T_FAIRNESS.name)
    if rows is None:
        return
    typed, refused = [], None
    try:
        for one in asked_for(rows, "member", lambda row, _: _typed(row, figures), SameMember):
            typed.append(one)
    except Refused as fault:
        refused = fault
    number = 0
    for members in figures.dimensions:
        own = [one for one in typed if one.dimension == members.name]
        comparison = Comparison(members, number + 1, _facts_of(own, members.dimension.leaves))
        if comparison.facts or (len(comparison.leaves) >= FEWEST and comparison.spans):
            number += 1
            yield comparison
    if not number and refused is None:
        place = Place(T_FAIRNESS.label[figures.frame.lang])
        raise Refused([Problem.note(place, "", NothingToCompare(fewest=FEWEST))])
    if refused is not None:
        raise refused


def doubts(view: Comparison) -> Iterator[Problem]:
    """Yield who is asked too much or too little."""
    fair = view.fair
    names = [view.names[i] for i in fair.order if fair.alarms[i]]
    if names:
        some = names if len(names) <= NAMED else [*names[:NAMED], "…"]
        moving = [view.names[i] for i in fair.order if fair.alarms[i] and view.moves[i]]
        remedies = {f"{lang}_remedy": _remedy(view, moving, lang) for lang in LANGS}
        sheet = words.with_name(TITLE, view.name, view.frame.lang)
        fault = AskedUnfairly(dimension=view.name, n=len(names), names=Listed(some), sheet=sheet, **remedies)
        yield Problem.note(Place(T_FAIRNESS.label[view.frame.lang]), "", fault)


def _remedy(view: Comparison, moving: list[str], lang: Lang) -> str:
    """What Balance does for those who are asked too much or too little, and what it cannot do."""
    held, nearer = said_of_holds(view, lang), only_nearer(view)
    if nearer:
        parts = [_NEARER[lang].format(names=listed(nearer, lang)), *([held] if held else [])]
        held = (";" if lang == "zh" else "; ").join(parts)
    if not held:
        return _ALL_MOVE[lang]
    return (_SOME_MOVE if moving else _NONE_MOVES)[lang].format(names=listed(moving, lang), held=held)


def _facts_of(typed: Sequence[_Typed], leaves: Sequence[int]) -> dict[str, Floats]:
    """What is typed of each lowest member, NaN where nothing is; facts that nobody has are left out."""
    facts = {}
    for key in FACTS:
        values = np.full(len(leaves), np.nan)
        for one in typed:
            if (value := one.facts[key]) is not None:
                values[leaves.index(one.leaf)] = value
        if np.isfinite(values).any():
            facts[key] = values
    return facts
