"""Sheet 加压: each level's factor and compound factor, and its target and attainment on every base, side by side.

Base 0 is the company's task, base n what the members of level n carry. On a base above its own a member's target is
its part of that base: its target without the stretch in between. On a base below its own it is the sum of the members
below it. It is written as soon as a plan has a stretch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Steps
from xlsales.core.keys import joined
from xlsales.layout import look
from xlsales.layout.keyed import Closes, at, counting
from xlsales.layout.model import Column, Row, Value
from xlsales.layout.sheet import Frame, Page, Sheet, role_width, unfolded
from xlsales.plan.figures import NAN, Figures, Members
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_MEMBER = Word("维度与成员", "Dimension and member")
_TASK = Word("{name}:公司任务", "{name}: the company's task")
_FACTOR, _COMPOUND = Word("系数", "Factor"), Word("累计系数", "Compound factor")
_TARGET_ON = Word("目标,按下列口径", "Target by base")
_ATTAINED_ON = Word("达成率,按下列口径", "Attainment by base")
_COMPANY, _LEVEL = Word("公司", "Company"), Word("第{n}级", "Level {n}")
_LEVEL_SUM = Word("第{n}级 合计", "Level {n}, sum")
_UNASSIGNED = Word("未分配 第{n}级", "Unassigned, level {n}")
_RULE = Word(
    "累计系数 = 各级系数连乘;达成率 = 实际 ÷ 该口径的目标",
    "Compound = product of the factors above; attainment = actual / target on that base",
)


class StretchedDimension(Struct, frozen=True, dict=True):
    """A dimension with a stretch, and its members' targets on every base."""

    members: Members

    @property
    def key(self) -> str:
        """What its rows' keys begin with."""
        return joined(self.members.name)

    @cached_property
    def factors(self) -> Floats:
        """Each member's own factor, else that of its level."""
        dimension, levels = self.members.dimension, self.members.figures.breakdown.plan.stretch
        by_level = [levels[depth - 1] if depth <= len(levels) else 1.0 for depth in dimension.depths]
        own = (member.stretch for member in dimension.members)
        return np.array([level if one is None else one for one, level in zip(own, by_level, strict=True)])

    @cached_property
    def compounds(self) -> Floats:
        """Each member's factor times those of the members above it."""
        compounds = self.factors.copy()
        for i, parent in enumerate(self.members.dimension.parents):
            if parent >= 0:
                compounds[i] *= compounds[parent]
        return compounds

    @cached_property
    def bases(self) -> Steps:
        """Members × bases, in steps: each member's target on base 0, 1 … of its dimension."""
        part, dimension = self.members.part, self.members.dimension
        targets = part.targets
        bases = np.zeros((len(targets), dimension.depth + 1), dtype=np.int64)
        for parent, family in dimension.families():
            depth = dimension.depths[family[0]]
            task = int(targets[parent]) if parent >= 0 else self._task
            above = bases[parent, :depth].tolist() if parent >= 0 else [task]
            bases[family, depth:] = targets[family][:, None]
            parts = targets[family] / self.factors[family]
            taken = min(float(parts.sum()) / task, 1.0) if task and part.unassigned[depth - 1] else 1.0
            for base, steps in enumerate(above):
                if parts.any():
                    bases[family, base] = allocate(round(steps * taken), parts)
        for parent, family in reversed(list(dimension.families())):
            if parent >= 0:
                below = dimension.depths[parent] + 1
                bases[parent, below:] = bases[family, below:].sum(axis=0)
        return bases

    @property
    def _task(self) -> int:
        return int(self.members.figures.breakdown.months.sum())

    def level_bases(self, level: int) -> Steps:
        """Return the sums of the members that a level adds up, on each base."""
        return np.asarray(self.bases[self.members.counted(level)].sum(axis=0))

    @cached_property
    def task_bases(self) -> Steps:
        """The company's task, then what each level carries."""
        carried = [self.level_bases(level)[level] for level in self.members.levels]
        return np.array([self._task, *carried])

    def level_factor(self, level: int) -> float:
        """Return the factor of a level; if its members have several, the mean that their targets give."""
        depths = self.members.dimension.depths
        own = [i for i, depth in enumerate(depths) if depth == level]
        if len(set(self.factors[own].tolist())) == 1:
            return float(self.factors[own[0]])
        targets = self.members.part.targets[own]
        without = float((targets / self.factors[own]).sum())
        return float(targets.sum()) / without if without else NAN

    @property
    def is_used(self) -> bool:
        """Whether any factor is not 1."""
        return bool((self.factors != 1).any())


class StretchView(Struct, frozen=True):
    """The dimensions that have a stretch."""

    figures: Figures
    dimensions: tuple[StretchedDimension, ...]

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @property
    def depth(self) -> int:
        """The most levels that one of them has."""
        return max(one.members.dimension.depth for one in self.dimensions)


def _views(figures: Figures) -> Iterator[StretchView]:
    """One view if a dimension has a stretch; also if it had one, so that the sheet of then shows that of now."""
    every = tuple(map(StretchedDimension, figures.dimensions))
    used = tuple(one for one in every if one.is_used)
    if used or (every and STRETCH.identity in figures.written):
        yield StretchView(figures, used or every)


def _columns(view: StretchView) -> list[Column]:
    frame = view.frame
    labels = [frame.word(_TASK, name=one.members.name) for one in view.dimensions]
    for one in view.dimensions:
        dimension = one.members.dimension
        labels += ["  " * depth + m.name for m, depth in zip(dimension.members, dimension.depths, strict=True)]
    amounts = [float(amount) for one in view.dimensions for amount in view.figures.yuan(one.task_bases)]
    amounts += [one.members.total["actual"] for one in view.dimensions]
    width = role_width("money", amounts, frame.money) + 1
    factor, compound, actual = frame.word(_FACTOR), frame.word(_COMPOUND), frame.word(PROGRESS_COLUMNS["actual"])
    names = [frame.word(_COMPANY), *(frame.word(_LEVEL, n=n) for n in range(1, view.depth + 1))]
    target, attained = frame.word(_TARGET_ON), frame.word(_ATTAINED_ON)
    return [
        Column("member", frame.word(_MEMBER), "text", look.label_width(labels, 20.0)),
        Column("factor", factor, "factor", max(9.0, look.header_width(factor))),
        Column("compound", compound, "factor", max(9.0, look.header_width(compound))),
        *(
            Column(f"target:{n}", name, "money", max(width, look.header_width(name)), target)
            for n, name in enumerate(names)
        ),
        Column("actual", actual, "money", max(width, look.header_width(actual))),
        *(
            Column(f"attainment:{n}", name, "percent", max(10.0, look.header_width(name)), attained)
            for n, name in enumerate(names)
        ),
    ]


def _rows(view: StretchView) -> Iterator[Row]:
    """Row keys, of each dimension: `<dimension>`, `…:level:<n>`, `…:m:<member>`, `…:unassigned:<n>`, `…:proof:<n>`."""
    for one in view.dimensions:
        yield from _dimension_rows(one, view.figures)


def _dimension_rows(one: StretchedDimension, figures: Figures) -> Iterator[Row]:
    frame, members, key = figures.frame, one.members, one.key
    dimension, levels = members.dimension, members.levels
    total: dict[str, Value] = {"member": frame.word(_TASK, name=members.name), "factor": 1.0, "compound": 1.0}
    actuals = [line["actual"] for line in members.lines]
    yield Row(key, total | _on_bases(figures.yuan(one.task_bases), members.total["actual"]), "total")
    compound, sums = 1.0, {}
    for level in levels:
        factor = one.level_factor(level)
        compound *= factor
        sums[level] = sum(actuals[i] for i in members.counted(level))
        values: dict[str, Value] = {
            "member": frame.word(_LEVEL_SUM, n=level),
            "factor": factor,
            "compound": compound,
        }
        values |= _on_bases(figures.yuan(one.level_bases(level)), sums[level])
        yield Row(f"{key}:level:{level}", values, "strong")
    outlines = [depth - 1 for depth in dimension.depths]
    open_to = unfolded(outlines)
    for i, member in enumerate(dimension.members):
        own: dict[str, Value] = {"member": member.name, "factor": float(one.factors[i])}
        own |= {"compound": float(one.compounds[i])} | _on_bases(figures.yuan(one.bases[i]), actuals[i])
        last = dimension.depth if dimension.is_leaf(i) else dimension.depths[i]
        marks = "/".join(f"{members.number}.{level}" for level in range(dimension.depths[i], last + 1))
        yield Row(
            joined(members.name, "m", member.name),
            own,
            counts_for=f"/{marks}/",
            outline=outlines[i],
            hidden=outlines[i] > open_to,
        )
    proofs = []
    columns = ("actual", *(f"target:{n}" for n in range(dimension.depth + 1)))
    for level in levels:
        closes = counting(f"*/{members.number}.{level}/*") - at(key)
        rest = one.task_bases - one.level_bases(level)
        unnamed = members.actual_of_nobody
        if rest.any() or unnamed:
            amounts = figures.yuan(rest)
            nobodys = _on_bases(amounts, unnamed if members.micros is not None else NAN, attained=False)
            yield Row(f"{key}:unassigned:{level}", {"member": frame.word(_UNASSIGNED, n=level)} | nobodys, "stretch")
            closes = closes + at(f"{key}:unassigned:{level}")
        label = frame.word(words.PROOF_SUM, level=frame.word(_LEVEL, n=level))
        proofs.append(
            Row(f"{key}:proof:{level}", {"member": label}, "proof", formulas=dict.fromkeys(columns, Closes(closes)))
        )
    yield from proofs


def _on_bases(targets: Floats, actual: float, *, attained: bool = True) -> dict[str, Value]:
    """The target on each base, the actual, and the attainment on each base; blank without a target."""
    values: dict[str, Value] = {f"target:{n}": float(target) for n, target in enumerate(targets)}
    values["actual"] = actual
    for n, target in enumerate(targets if attained else ()):
        values[f"attainment:{n}"] = actual / float(target) if target else None
    return values


def _facts(view: StretchView) -> Sequence[str]:
    as_of = view.frame.as_of
    first = view.frame.word(words.AS_OF, day=as_of) if as_of else view.frame.word(words.NO_ACTUALS)
    return first, view.frame.word(_RULE)


def _page(view: StretchView, _rows: Sequence[Row]) -> Page:
    """A dimension, and a team with its members, are not torn apart if a page holds them."""
    starts = []
    for one in view.dimensions:
        dimension = one.members.dimension
        teams = [i for i in range(len(dimension.members)) if dimension.depths[i] == 1 and not dimension.is_leaf(i)]
        starts += [one.key, *(joined(one.members.name, "m", dimension.members[i].name) for i in teams)]
    return Page(frozen_rows=1, rows=tuple(starts))


STRETCH = Sheet[Figures, StretchView](
    key="stretch",
    title=Word("加压", "Stretch"),
    purpose=Word(
        "有加压时:每级的系数和累计系数,按公司任务和每级口径各看目标与达成率",
        "With a stretch: each level's factor and compound, targets and attainment on every base",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    page=_page,
)
