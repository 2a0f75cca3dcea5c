"""Table 人员系数: what the weight of a person or a team is made of, and the weights that follow from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats
from xlsales.core.faults import Fault, Listed, Problem
from xlsales.core.spreading import NothingToFollow, capacity
from xlsales.core.text import identity
from xlsales.plan.answers import Answers, is_example
from xlsales.plan.table_rows import LooksLikeTotal
from xlsales.plan.unknown_names import InAnotherDimension, NoSuchDimension, NotInThePlan, TwoOfOneName
from xlsales.tables.words.total_words import is_totals_word
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

_DIMENSION_HINT = Word("空 = 有这个成员的那个维度", "blank = the dimension that has this member")
_MEMBER_HINT = Word(
    "人员或团队;维度表里的“权重”留空", "a person or a team; its weight in the dimension table stays blank"
)
_HEADS_HINT = Word("团队几个人;一个人可以空", "how many people a team has; blank for one person")
_FACTOR_HINT = Word("如 1.2;空 = 1", "e.g. 1.2; blank = 1")
FACTORS = {
    "headcount": Word("人数", "Headcount"),
    "seniority": Word("资历", "Seniority"),
    "ability": Word("能力", "Ability"),
    "stability": Word("稳定性", "Stability"),
    "leads": Word("意向线索", "Leads"),
    "customers": Word("基盘客户", "Customer base"),
}
"""What a weight is the product of."""
T_STAFF = InputTable(
    "xs_staff",
    "staff",
    Word("人员系数", "Staff factors"),
    (
        TableColumn("dimension", Word("维度", "Dimension"), "text", _DIMENSION_HINT, width=13),
        TableColumn("member", Word("成员", "Member"), "text", _MEMBER_HINT, width=18),
        *(
            TableColumn(key, word, "number", _HEADS_HINT if key == "headcount" else _FACTOR_HINT, low=0, width=11)
            for key, word in FACTORS.items()
        ),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=30),
    ),
)
EXAMPLES: Sequence[Mapping[str, Word | float | str]] = (
    {"member": Word("华东", "East"), "headcount": 5.0, "seniority": 1.2, "ability": 1.1},
    {"member": Word("华北", "North"), "headcount": 4.0, "seniority": 0.9},
)


class NoFactor(Fault):
    """A row without any factor."""

    zh = "“{name}”一个系数都没有填。请至少填一个,或删去这一行。"
    en = '"{name}" has no factor at all. Fill in one of them, or delete the row.'


class NobodyNamed(Fault):
    """A row that names nobody."""

    zh = "这一行没有“成员”。请补上,或清空整行。"
    en = 'This row has no "Member". Fill it in, or clear the row.'


class InSeveralDimensions(Fault):
    """A name of members of several dimensions."""

    zh = "“{name}”在{dimensions}里都有。请填写“维度”。"
    en = '"{name}" is a member of {dimensions}. Fill in "Dimension".'


class FactorsTwice(Fault):
    """A member with two rows."""

    zh = "“{name}”在第 {other} 行已经有系数了。请合并成一行。"
    en = '"{name}" has factors in row {other} already. Make one row of them.'


class NotByWeight(Fault):
    """A member that is not split by weight."""

    zh = "“{name}”的分解方式不是“权重”,人员系数不起作用。请改它的分解方式,或删去这一行。"
    en = '"{name}" is not split by weight, so its factors have no effect. Change how it is split, or delete the row.'


class MemberWeight(Struct, frozen=True):
    """The weight of a member, its own (1 if blank) times the product of its factors, and the row that has them."""

    weight: float
    row: Mapping[str, Any]


def staff_weights(
    answers: Answers, members: Mapping[str, Sequence[tuple[str, float | None, str]]]
) -> dict[tuple[str, str], MemberWeight]:
    """Return the weights that follow from the table, by dimension and member (`identity` of both); none without it.

    `members` are those of each dimension: name, typed weight and method. What is wrong is added to the problems.
    """
    if answers.book.table(T_STAFF.name) is None:
        return {}
    places: dict[str, list[str]] = {}
    own: dict[tuple[str, str], tuple[float | None, str]] = {}
    for dimension, listed in members.items():
        for name, weight, method in listed:
            places.setdefault(identity(name), []).append(dimension)
            own[identity(dimension), identity(name)] = weight, method
    weights: dict[tuple[str, str], MemberWeight] = {}
    for row, product in _products(answers):
        name, dimension = row["member"], row["dimension"]
        of = [one for one in places.get(identity(name), []) if not dimension or identity(one) == identity(dimension)]
        key = (identity(of[0]), identity(name)) if of else ("", "")
        weight, method = own.get(key, (None, ""))
        fault: Fault | None = None
        if not of:
            fault = _unknown(name, dimension, places.get(identity(name), []), members)
        elif len(of) > 1:
            apart = dict.fromkeys(of)
            several = InSeveralDimensions(name=name, dimensions=Listed(apart))
            fault = several if len(apart) > 1 else TwoOfOneName(name=name, dimension=of[0])
        elif key in weights:
            fault = FactorsTwice(name=name, other=weights[key].row["cells"]["member"].row)
        elif method != "weight":
            fault = NotByWeight(name=name)
        if fault is not None:
            at = "dimension" if isinstance(fault, NoSuchDimension) else "member"
            answers.problems.append(Problem(row["cells"][at], row[at], fault))
        else:
            weights[key] = MemberWeight(product if weight is None else product * weight, row)
    return weights


def _unknown(name: str, dimension: str | None, others: Sequence[str], dimensions: Collection[str]) -> Fault:
    """What is wrong with a name that no member of its dimension has; `others` are the dimensions that have it."""
    if dimension and identity(dimension) not in map(identity, dimensions):
        return NoSuchDimension(found=dimension, names=Listed(dimensions))
    if is_totals_word(name):
        return LooksLikeTotal(name=name)
    if others:
        return InAnotherDimension(name=name, dimension=dimension, others=Listed(dict.fromkeys(others)))
    return NotInThePlan(name=name)


def _products(answers: Answers) -> Iterator[tuple[Mapping[str, Any], float]]:
    """The rows that name somebody, each with the product of its factors; unchanged examples left out."""
    rows = []
    for row in answers.rows(T_STAFF):
        if any(is_example(row, T_STAFF, example) for example in EXAMPLES):
            continue
        if row["member"] is None:
            answers.problems.append(Problem(row["cells"]["member"], "", NobodyNamed()))
        elif not row["faulty"] and all(row[key] is None for key in FACTORS):
            answers.problems.append(Problem(row["cells"]["headcount"], "", NoFactor(name=row["member"])))
        else:
            rows.append(row)
    yield from zip(rows, products(rows).tolist(), strict=True)


def products(rows: Sequence[Mapping[str, Any]]) -> Floats:
    """Return the product of each row's factors, a blank one being 1."""
    factors = [[1.0 if row[key] is None else row[key] for row in rows] for key in FACTORS]
    try:
        return capacity(*factors)
    except NothingToFollow:  # nobody has any weight
        return np.zeros(len(rows))
