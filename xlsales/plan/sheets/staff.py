"""Sheet 人员权重: the weight of each person or team as the product of its factors, its share, and its target."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec import Struct

from xlsales.core.faults import Fault, Problem
from xlsales.core.keys import joined
from xlsales.core.text import identity
from xlsales.layout import look
from xlsales.layout.keyed import Closes, at, counting
from xlsales.layout.model import Column, Row, Value
from xlsales.layout.sheet import Frame, Sheet
from xlsales.plan.figures import Figures, Members
from xlsales.plan.staff import EXAMPLES, FACTORS, T_STAFF, products
from xlsales.values.cell import plain
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_MEMBER, _PARENT = Word("成员", "Member"), Word("上级", "Parent")
_OWN = Word("维度里的权重", "Weight in Dimensions")
_FACTORS_GROUP, _RESULT_GROUP = Word("系数", "Factors"), Word("结果", "Result")
_WEIGHT = Word("权重 = 各项之积", "Weight = product")
_SHARE = Word("占同级", "Share among siblings")
_FAMILY = Word("{dimension}  {parent}", "{dimension}  {parent}")
_OTHERS = Word("没有系数的同级", "Siblings without factors")
_SIBLINGS = Word("同级", "siblings")
_RULE = Word(
    "空着的系数 = 1;占同级 = 权重 ÷ 同级权重之和", "A blank factor is 1; share = weight / sum of its siblings' weights"
)


_FAR = 1000.0
"""A factor that is so many times those of all siblings, or such a part of them, is a slip, as `2万` is."""


class FarApart(Fault):
    """A factor of another size than those of all siblings."""

    zh = "“{name}”的“{zh_factor}”是 {found},其他同级是 {others}:相差千倍以上,目标几乎全给了一方。请核对位数和单位。"
    en = '"{name}" has {en_factor} {found}, its siblings {others}: a thousandfold, so one side has all. Check it.'


class Family(Struct, frozen=True):
    """Siblings of whom at least one has factors: their positions, and the factors of those that have any."""

    members: Members
    positions: tuple[int, ...]
    factors: dict[int, dict[str, float | None]]

    @property
    def key(self) -> str:
        """What its rows' keys begin with."""
        return joined(self.members.name, self.parent)

    @property
    def parent(self) -> str:
        """The member above them; none on the first level."""
        dimension = self.members.dimension
        above = dimension.parents[self.positions[0]]
        return dimension.members[above].name if above >= 0 else ""

    def weight(self, position: int) -> float:
        """The weight of a member; 0 if it has none."""
        return float(self.members.dimension.members[position].weight or 0.0)

    def own(self, position: int) -> float | None:
        """The weight that the dimension table gives a member; None if it gives none that a factor multiplies."""
        product = float(products([self.factors[position]])[0])
        own = self.weight(position) / product if product else 1.0
        return None if math.isclose(own, 1.0) else float(f"{own:.12g}")


class StaffView(Struct, frozen=True):
    """The families in which somebody has factors."""

    figures: Figures
    families: tuple[Family, ...]

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame


def _views(figures: Figures) -> Iterator[StaffView]:
    rows = figures.table_rows.get(T_STAFF.name, ())
    families = []
    for members in figures.dimensions:
        named = {
            identity(row["member"]): {key: row[key] for key in FACTORS}
            for row in rows
            if row["member"] and (not row["dimension"] or identity(row["dimension"]) == identity(members.name))
        }
        for _, family in members.dimension.families():
            factors = {i: named[key] for i in family if (key := identity(members.dimension.members[i].name)) in named}
            if factors:
                families.append(Family(members, tuple(family), factors))
    if families:
        yield StaffView(figures, tuple(families))


def _doubts(view: StaffView) -> Iterator[Problem]:
    """Yield the factors that are of another size than those of all siblings; a blank one counts as 1, as it does."""
    rows = {identity(row["member"]): row for row in view.figures.table_rows.get(T_STAFF.name, ()) if row["member"]}
    for family in view.families:
        names = {i: family.members.dimension.members[i].name for i in family.factors}
        for key, word in FACTORS.items():
            typed = {i: 1.0 if (value := own[key]) is None else value for i, own in family.factors.items()}
            for i, own in family.factors.items():
                found, others = own[key], [value for other, value in typed.items() if other != i and value]
                if not found or not others:
                    continue
                if found >= _FAR * max(others) or found * _FAR <= min(others):
                    fault = FarApart(
                        name=names[i], zh_factor=word.zh, en_factor=word.en, found=plain(found),
                        others=" – ".join(dict.fromkeys(plain(one) for one in (min(others), max(others)))),
                    )  # fmt: skip
                    yield Problem.note(rows[identity(names[i])]["cells"][key], plain(found), fault)


def _columns(view: StaffView) -> list[Column]:
    frame = view.frame
    labels = [_label(one, frame) for one in view.families]
    labels += [one.members.dimension.members[i].name for one in view.families for i in one.factors]
    targets = [float(one.members.targets[list(one.positions)].sum()) for one in view.families]
    factors, result = frame.word(_FACTORS_GROUP), frame.word(_RESULT_GROUP)
    share, weight, own = frame.word(_SHARE), frame.word(_WEIGHT), frame.word(_OWN)
    return [
        Column("member", frame.word(_MEMBER), "text", look.label_width(labels, 18.0)),
        Column("own", own, "ratio", max(11.0, look.header_width(own)), factors),
        *(
            Column(key, frame.word(word), "ratio", max(9.0, look.header_width(frame.word(word))), factors)
            for key, word in FACTORS.items()
        ),
        Column("weight", weight, "ratio", max(11.0, look.header_width(weight)), result),
        Column("share", share, "bar", max(14.0, look.header_width(share)), result),
        Column("target", frame.word(PROGRESS_COLUMNS["target"]), "money", frame.amount_width(targets) + 1, result),
    ]


def _label(one: Family, frame: Frame) -> str:
    return frame.word(_FAMILY, dimension=one.members.name, parent=one.parent).strip()


def _rows(view: StaffView) -> Iterator[Row]:
    """Row keys, of each family `<dimension>:<parent>`: itself, `…:m:<member>`, `…:others`, `…:proof`."""
    for one in view.families:
        yield from _family_rows(one, view.frame)


def _family_rows(one: Family, frame: Frame) -> Iterator[Row]:
    key, targets = one.key, one.members.targets.sum(axis=1).tolist()
    whole = sum(one.weight(i) for i in one.positions)
    amount = sum(targets[i] for i in one.positions)
    total: dict[str, Value] = {"weight": whole, "share": 1.0 if whole else None, "target": amount}
    yield Row(key, {"member": _label(one, frame), **total}, "total")
    for i, factors in one.factors.items():
        share = one.weight(i) / whole if whole else None
        values: dict[str, Value] = {"member": one.members.dimension.members[i].name, "own": one.own(i), **factors}
        yield Row(
            joined(one.members.name, one.parent, "m", one.members.dimension.members[i].name),
            {**values, "weight": one.weight(i), "share": share, "target": targets[i]},
            counts_for=f"/{key}/",
        )
    others = [i for i in one.positions if i not in one.factors]
    if others:
        weight = sum(one.weight(i) for i in others)
        rest = {"weight": weight, "share": weight / whole if whole else None, "target": sum(targets[i] for i in others)}
        yield Row(f"{key}:others", {"member": frame.word(_OTHERS), **rest}, counts_for=f"/{key}/")
    closes = Closes(counting(f"/{key}/") - at(key))
    label = frame.word(words.PROOF_SUM, level=frame.word(_SIBLINGS))
    proofs = dict.fromkeys(("weight", "share", "target"), closes)
    yield Row(f"{key}:proof", {"member": label}, "proof", formulas=proofs)


def _facts(view: StaffView) -> Sequence[str]:
    return (view.frame.word(_RULE),)


STAFF = Sheet[Figures, StaffView](
    key="staff",
    title=Word("人员权重", "Staff weights"),
    purpose=Word(
        "按人数、资历、能力、稳定性、线索和基盘客户算出的权重,占同级多少,目标多少",
        "Weights from headcount, seniority, ability, stability, leads and customers, with shares and targets",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=_doubts,
    tables=(T_STAFF,),
    examples=EXAMPLES,
)
