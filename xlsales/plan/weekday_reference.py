"""Table 星期参照: periods of which the weekday shares are shown, and weekday indexes that members have of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xlsales.core.faults import Fault, Problem
from xlsales.core.plan import Dimension
from xlsales.core.text import identity
from xlsales.plan.answers import Answers
from xlsales.plan.unknown_names import NotInThePlan, meant_by_several, qualified
from xlsales.vocabulary.contract import WEEKDAYS, Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

_MEMBER_HINT = Word(
    "如 一家门店,重名时 维度:成员;空 = 公司整体",
    "e.g. a store, dimension:member if names clash; blank = the whole company",
)
_PERIOD_HINT = Word(
    "如 2014-10-13~2014-11-02、2025、2025Q4;空 = 设置里的参照期间",
    "e.g. 2014-10-13~2014-11-02, 2025, 2025Q4; blank = the reference periods of Settings",
)
_INDEX_HINT = Word(
    "这家店自己的星期指数,七格填满;空 = 按参照期间的历史算;它每天的目标按它,每月不变",
    "The store's own weekday index, all seven; blank = by its past sales: its days follow it, its months stay",
)
INDEXES = tuple(f"index_{n}" for n in range(1, 8))
"""The columns of a member's own index, from Monday on."""
T_WEEKDAY_REFERENCE = InputTable(
    "xs_weekday_reference",
    "weekday_reference",
    Word("星期参照", "Weekday reference"),
    (
        TableColumn("member", Word("成员", "Member"), "text", _MEMBER_HINT, width=18),
        TableColumn("period", Word("参照期间", "Period"), "period", _PERIOD_HINT, width=28),
        *(
            TableColumn(key, day, "number", _INDEX_HINT, low=0, width=7, later=True)
            for key, day in zip(INDEXES, WEEKDAYS, strict=True)
        ),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=30),
    ),
)


class OwnIndexIncomplete(Fault):
    """Some, but not all, of a member's weekday indexes."""

    zh = "“{member}”的星期指数只填了 {found} 格。请填满七格,或全部留空。"
    en = '"{member}" has only {found} of seven weekday indexes. Fill in all seven, or leave all blank.'


class OwnIndexZero(Fault):
    """Weekday indexes that are all zero."""

    zh = "“{member}”的星期指数七格全是零,没有一天可以分。请至少填一个正数,或全部留空。"
    en = 'All weekday indexes of "{member}" are zero: no day may take a target. Enter one above zero, or clear them.'


class OwnIndexTwice(Fault):
    """A member with two rows of indexes."""

    zh = "“{member}”在第 {other} 行已经有星期指数了。请删去一行。"
    en = '"{member}" has weekday indexes in row {other} already. Delete one of the rows.'


class OwnIndexOfParent(Fault):
    """A member above others has no days of its own."""

    zh = "“{member}”有下级成员,每天的目标是下级的合计。星期指数请填给最下级的成员。"
    en = '"{member}" has members below it: its days are theirs. Give the weekday index to the lowest members.'


class CompanyIndexElsewhere(Fault):
    """Indexes of the whole company, which are typed in the settings."""

    zh = "这一行没有“成员”,公司的星期指数请填在“设置”里。请补上成员,或清空这一行的星期指数。"
    en = "This row has no member; the company's weekday index is in Settings. Enter a member, or clear the index."


def has_own_index(row: Mapping[str, Any]) -> bool:
    """Whether a row has any weekday index."""
    return any(row[key] is not None for key in INDEXES)


def member_weekdays(answers: Answers, dimensions: Iterable[Dimension]) -> dict[str, Mapping[tuple[str, str], Any]]:
    """Return the weekday indexes that members have of their own, and the periods of whose sales others get theirs.

    Both are fields of a plan, by dimension and member. What is wrong with an index is added to the problems.
    """
    if answers.book.table(T_WEEKDAY_REFERENCE.name) is None:
        return {}
    places: dict[str, list[tuple[Dimension, int]]] = {}
    for dimension in dimensions:
        for i, member in enumerate(dimension.members):
            for name in (member.name, *member.aliases):
                for written in (name, qualified(dimension.name, name)):
                    places.setdefault(identity(written), []).append((dimension, i))
    found: dict[tuple[str, str], tuple[float, ...]] = {}
    rows: dict[tuple[str, str], int] = {}
    periods: dict[tuple[str, str], str | None] = {}
    for row in answers.rows(T_WEEKDAY_REFERENCE):
        if row["faulty"]:
            continue
        if not has_own_index(row):
            of = places.get(identity(row["member"]), []) if row["member"] else []
            if len(of) == 1 and of[0][0].is_leaf(of[0][1]):
                dimension, i = of[0]
                periods.setdefault((dimension.name, dimension.members[i].name), row["period"])
            continue
        fault = _wrong(row, places, rows)
        if fault is not None:
            key = "member" if not isinstance(fault, OwnIndexIncomplete | OwnIndexZero) else INDEXES[0]
            answers.problems.append(Problem(row["cells"][key], row["member"] or "", fault))
            continue
        dimension, i = places[identity(row["member"])][0]
        one = dimension.name, dimension.members[i].name
        found[one], rows[one] = tuple(row[key] for key in INDEXES), row["row"].row
    references = {one: period for one, period in periods.items() if one not in found}
    return {"member_weekdays": found, "member_references": references}


def _wrong(
    row: Mapping[str, Any],
    places: Mapping[str, list[tuple[Dimension, int]]],
    rows: Mapping[tuple[str, str], int],
) -> Fault | None:
    member, values = row["member"], [row[key] for key in INDEXES if row[key] is not None]
    if member is None:
        return CompanyIndexElsewhere()
    if len(values) < len(INDEXES):
        return OwnIndexIncomplete(member=member, found=len(values))
    if not any(values):
        return OwnIndexZero(member=member)
    of = places.get(identity(member), [])
    if not of:
        return NotInThePlan(name=member)
    if len(of) > 1:
        return meant_by_several(member, [dimension.name for dimension, _ in of])
    dimension, i = of[0]
    other = rows.get((dimension.name, dimension.members[i].name))
    if other is not None:
        return OwnIndexTwice(member=member, other=other)
    return None if dimension.is_leaf(i) else OwnIndexOfParent(member=member)
