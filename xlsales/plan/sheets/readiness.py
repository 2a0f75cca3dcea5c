"""Sheet SMART检查: five ticks for each member before its target is handed out, and what to fix in one sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats, Steps
from xlsales.core.basis import Basis, basis_of
from xlsales.core.faults import Problem, Refused
from xlsales.core.keys import joined
from xlsales.core.readiness import Tick, above, below, not_assigned, worst
from xlsales.core.text import counted
from xlsales.layout import look
from xlsales.layout.model import Column, Kind, Row, Value
from xlsales.layout.sheet import Frame, Page, Sheet
from xlsales.plan.chances import chances
from xlsales.plan.figures import Figures, Members
from xlsales.plan.progress_columns import status_word
from xlsales.plan.readiness import (
    COMPANY,
    PRESETS,
    T_OWNERS,
    T_READINESS,
    TOO_HIGH,
    UNLIKELY,
    WHOLE,
    Reach,
    Slip,
    Threshold,
    how_to_lower,
    owner_of,
    owners,
    said_of_owners,
    thresholds,
)
from xlsales.values.cell import plain
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, READINESS_CHECKS, UNIT_YUAN, Word

CHECKS = {
    "S": Word("S 有负责人", "S owner"),
    "M": Word("M 可衡量", "M measurable"),
    "A": Word("A 够得着", "A achievable"),
    "R": Word("R 合得上", "R adds up"),
    "T": Word("T 有时限", "T timed"),
}
_MEMBER, _OWNER = Word("成员", "Member"), Word("负责人", "Owner")
_SMART, _BY = Word("SMART", "SMART"), Word("依据", "Judged by")
_OF_BEST, _CHANCE = Word("目标 ÷ 历史最好", "Target ÷ best ever"), Word("达成概率", "Chance")
_RESIDUAL = Word("没有分给下级", "Not assigned")
_SAY = Word("要改什么,在哪里改", "What to fix, and where")
_READY = Word("可以下发。", "Ready to hand out.")
_COUNTS = Word("红 {red} 行、黄 {amber} 行", "{red} red, {amber} amber")
_BEYOND = Word("{check} {amber} 黄、{red} 红", "{check} {amber} amber, {red} red")
_SLIPS = {
    Slip.NONE: Word("{limits}", "{limits}"),
    Slip.FAULT: Word("{limits}(“检查标准”有错,先按默认)", "{limits} (Readiness is at fault: by default)"),
    Slip.SWAPPED: Word("{limits}(“检查标准”填反了,对调着算)", "{limits} (Readiness has them the wrong way round)"),
}
_NO_OWNER = Word("没有负责人,请在“负责人”表里填", "no owner, name one in Owners")
_NO_TARGET = Word(
    "目标是 0,没有可衡量的,请在“维度”里给权重或锁定", "the target is 0, give a weight or a lock in Dimensions"
)
_EMPTY_MONTHS = Word(
    "有 {n} 个月的目标是 0,请在“设置”里改小最小步长({step}),或核对月权重",
    "{n:months} of target 0, lower the smallest step ({step}) in Settings or check the month weights",
)
_LEFT = Word(
    "“{dimension}”里下级合计 {sum},应为 {target},{left} {unit}没有分下去,请在“维度”里放开下级的锁定或上限,或补上成员",
    "members of {dimension} add up to {sum} of {target}, {left} {unit} are not assigned: release a lock or an upper "
    "bound in Dimensions, or add a member",
)
_NOT_ANNOUNCED = Word(
    "{years} 年放假安排未公布,工作日是暂定的,公布后请再分解,或填“日历”",
    "the holidays of {years} are not announced and working days are provisional: split again then, or fill in Calendar",
)
_WITH_ACTIONS = Word(
    "{said}达成概率已算上行动还能带来的 {amount} {unit}。",
    "{said} The chance counts {amount} {unit} that actions still bring.",
)
_COLON, _END = Word("{check}:{text}", "{check}: {text}"), Word("{text}。", "{text}.")


class Judged(Struct, frozen=True):
    """A member, or the company: its ticks by letter, what they go by, and a text for each that is not green.

    `coming` is what its actions still bring, which its chance counts.
    """

    ticks: Mapping[str, Tick]
    owner: str
    target: float
    of_best: float
    chance: float
    coming: float
    residual: float
    texts: Mapping[str, str]

    @property
    def worst(self) -> Tick:
        """Its worst tick."""
        return worst(list(self.ticks.values()))


class ReadinessView(Struct, frozen=True, dict=True):
    """What a plan's targets are judged by."""

    figures: Figures
    limits: Mapping[str, Threshold]
    owners: Mapping[tuple[str, int], str]

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @cached_property
    def basis(self) -> Basis | None:
        """What targets rest on; None without past sales."""
        figures = self.figures
        if figures.basis is not None or figures.past is None or not len(figures.past.days):
            return figures.basis
        targets = {name: part.targets for name, part in figures.breakdown.dimensions.items()}
        return basis_of(figures.breakdown.plan, figures.past, targets)

    @cached_property
    def left(self) -> dict[str, Steps]:
        """What is not assigned in each dimension, in steps: whole plan and members × months."""
        company = self.figures.breakdown.months
        return {
            one.name: np.maximum(not_assigned(one.dimension, one.part.months, company), 0)
            for one in self.figures.dimensions
        }

    @cached_property
    def company(self) -> Judged:
        """The whole plan."""
        figures = self.figures
        texts, seen = {}, chances(figures)
        residual = 0.0
        for one in figures.dimensions:
            left = int(self.left[one.name][0].sum())
            if left and not residual:
                texts["R"] = self._left_text(one, figures.total["target"], left)
                residual = float(figures.yuan(left))
        targets = figures.yuan(figures.breakdown.months)
        ground = self.basis.total if self.basis is not None else None
        coming, odds = (float(one[0]) for one in (seen.coming(None), seen.of_plan(None)))
        reach = Reach(ground, odds, coming, how_to_lower(None))
        owner = self.owners.get(WHOLE, "")
        return self._judged(owner, targets, reach, residual, texts | said_of_owners(owner, self.frame))

    @cached_property
    def members(self) -> dict[str, list[Judged]]:
        """The members of each dimension."""
        return {one.name: list(self._members(one)) for one in self.figures.dimensions}

    def _members(self, members: Members) -> Iterator[Judged]:
        grounds = self.basis.members[members.name] if self.basis is not None else None
        seen = chances(self.figures)
        coming, odds = seen.coming(members).tolist(), seen.of_plan(members).tolist()
        for i in range(len(members.dimension.members)):
            left = int(self.left[members.name][i + 1].sum())
            texts = {"R": self._left_text(members, float(members.targets[i].sum()), left)} if left else {}
            owner, answers = owner_of(self.owners, members, i, self.frame)
            texts |= said_of_owners(answers, self.frame)
            ground = grounds[i] if grounds is not None else None
            reach = Reach(ground, odds[i], coming[i], how_to_lower(members.dimension.members[i]))
            yield self._judged(owner, members.targets[i], reach, float(self.figures.yuan(left)), texts)

    def _left_text(self, members: Members, target: float, left: int) -> str:
        per = UNIT_YUAN[self.frame.unit]
        amount = float(self.figures.yuan(left))
        facts = {"sum": target - amount, "target": target, "left": amount}
        shown = {key: plain(round(value / per, 6)) for key, value in facts.items()}
        return self.frame.word(_LEFT, dimension=members.name, unit=self.frame.unit_word, **shown)

    def _judged(self, owner: str, targets: Floats, reach: Reach, residual: float, texts: dict[str, str]) -> Judged:
        word, target = self.frame.word, float(targets.sum())
        ticks = dict.fromkeys(CHECKS, Tick.GREEN)
        if "R" in texts:
            ticks["R"] = Tick.RED
        if not owner:
            texts["S"] = word(_NO_OWNER)
        if "S" in texts:
            ticks["S"] = Tick.AMBER
        asked = self.figures.breakdown.months > 0
        empty = int((asked & (targets == 0)).sum())
        if not target:
            ticks["M"], texts["M"] = Tick.AMBER, word(_NO_TARGET)
        elif empty and self._open_all_along(targets):
            step = f"{plain(self.frame.step_yuan)} {self.frame.full_word}"
            ticks["M"], texts["M"] = Tick.AMBER, counted(word(_EMPTY_MONTHS), n=empty, step=step)
        of_best = reach.ground.of_best if reach.ground is not None and target else math.nan
        ticks["A"] = self._achievable(of_best, reach, texts)
        years = self.figures.calendar.unannounced
        if years:
            ticks["T"], texts["T"] = Tick.AMBER, word(_NOT_ANNOUNCED, years=self.frame.listed(map(str, years)))
        return Judged(ticks, owner, target, of_best, reach.chance, reach.coming, residual, texts)

    def _open_all_along(self, targets: Floats) -> bool:
        """Whether months of target 0 are between others: before and behind them a member may not be open."""
        sold = np.flatnonzero(targets)
        inside = targets[sold[0] : sold[-1] + 1]
        return bool((inside == 0).any())

    def _achievable(self, of_best: float, reach: Reach, texts: dict[str, str]) -> Tick:
        word, odds = self.frame.word, reach.chance
        best, likely = (self.limits.get(key, Threshold()) for key in ("best", "chance"))
        high = above(of_best, best.amber, best.red) if "best" in self.limits else Tick.UNKNOWN
        low = below(odds, likely.amber, likely.red) if "chance" in self.limits else Tick.UNKNOWN
        ticked = worst([high, low])
        for tick, limit, found, text in ((high, best, of_best, TOO_HIGH), (low, likely, odds, UNLIKELY)):
            if tick is ticked and tick in (Tick.AMBER, Tick.RED) and "A" not in texts:
                beyond = limit.red if tick is Tick.RED else limit.amber
                texts["A"] = word(text, found=found, limit=beyond, lower=word(reach.lower))
        return ticked


def _views(figures: Figures) -> Iterator[ReadinessView]:
    """Yield the one that there is once the table is there, then raise Refused if something in it is wrong."""
    rows = figures.table_rows.get(T_READINESS.name)
    if rows is None:
        return
    problems: list[Problem] = []
    limits = thresholds(rows, problems)
    yield ReadinessView(figures, limits, owners(figures.table_rows.get(T_OWNERS.name, ()), figures, problems))
    if problems:
        raise Refused(problems)


# --- from the ticks to the sheet -------------------------------------------------


def _columns(view: ReadinessView) -> list[Column]:
    word, frame = view.frame.word, view.frame
    every = [view.company, *(one for members in view.members.values() for one in members)]
    labels = [
        word(COMPANY),
        *(
            "  " * depth + member.name
            for one in view.figures.dimensions
            for member, depth in zip(one.dimension.members, one.dimension.depths, strict=True)
        ),
    ]
    smart, by = word(_SMART), word(_BY)
    ticks = {key: word(label) for key, label in CHECKS.items()}
    money = frame.amount_width([one.target for one in every])
    return [
        Column("member", word(_MEMBER), "text", look.label_width(labels, 14.0, 24.0)),
        Column("owner", word(_OWNER), "text", look.label_width([one.owner for one in every], 9.0, 16.0)),
        Column("target", word(PROGRESS_COLUMNS["target"]), "money", money),
        *(Column(key, label, "status", max(6.5, look.header_width(label)), smart) for key, label in ticks.items()),
        Column("of_best", word(_OF_BEST), "percent", 10, by),
        Column("chance", word(_CHANCE), "chance", 9, by),
        Column("residual", word(_RESIDUAL), "money", max(money, look.header_width(word(_RESIDUAL))), by),
        Column("say", word(_SAY), "wrap", 62),
    ]


def _rows(view: ReadinessView) -> Iterator[Row]:
    """Row keys: `total`, `d:<dimension>`, `m:<dimension>:<member>`."""
    yield Row("total", _values(view, view.frame.word(COMPANY), view.company), "total")
    for one in view.figures.dimensions:
        yield Row(joined("d", one.name), {"member": one.name}, "section")
        for i, (member, judged) in enumerate(zip(one.dimension.members, view.members[one.name], strict=True)):
            kind: Kind = "normal" if one.dimension.is_leaf(i) else "strong"
            values = _values(view, member.name, judged)
            yield Row(joined("m", one.name, member.name), values, kind, outline=one.dimension.depths[i] - 1)


def _values(view: ReadinessView, name: str, one: Judged) -> dict[str, Value]:
    return {
        "member": name,
        "owner": one.owner or None,
        "target": one.target,
        **{key: status_word(tick.value, view.frame) for key, tick in one.ticks.items()},
        "of_best": one.of_best,
        "chance": one.chance,
        "residual": one.residual,
        "say": _sentence(view, one),
    }


def _sentence(view: ReadinessView, one: Judged) -> str:
    """What to fix, what is red first, in one sentence."""
    word, frame = view.frame.word, view.frame
    order = [key for tick in (Tick.RED, Tick.AMBER) for key in CHECKS if one.ticks[key] is tick]
    parts = [word(_COLON, check=key, text=one.texts[key]) for key in order]
    said = word(_END, text=(";" if frame.lang == "zh" else "; ").join(parts)) if parts else word(_READY)
    if not one.coming or math.isnan(one.chance):
        return said
    amount = plain(round(one.coming / UNIT_YUAN[frame.unit], 6))
    return word(_WITH_ACTIONS, said=said, amount=amount, unit=frame.unit_word)


def _facts(view: ReadinessView) -> Iterator[str]:
    word = view.frame.word
    ticks = [one.worst for one in (view.company, *(one for members in view.members.values() for one in members))]
    yield word(_COUNTS, red=ticks.count(Tick.RED), amber=ticks.count(Tick.AMBER))
    for key, limit in view.limits.items():
        amber, red = ("–" if one is None else f"{one:.0%}" for one in (limit.amber, limit.red))
        limits = word(_BEYOND, check=word(READINESS_CHECKS[key]), amber=amber, red=red)
        yield word(_SLIPS[limit.slip], limits=limits)


READINESS = Sheet[Figures, ReadinessView](
    key=T_READINESS.sheet,
    title=Word("SMART检查", "SMART check"),
    purpose=Word(
        "下发前:每个目标有人负责、可衡量、够得着、合得上、有时限吗;不是绿的,说改什么、在哪里改",
        "Before handing out: is each target owned, measurable, achievable, adding up, timed; what to fix, and where",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=lambda view: tuple(_facts(view)),
    page=lambda view, rows: Page(rows=tuple(row.key for row in rows if row.kind == "section"), frozen_rows=1),
    tables=(T_READINESS, T_OWNERS),
    presets=PRESETS,
    judges_rows=True,
)
