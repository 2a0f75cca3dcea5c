"""Sheets 三档: the members of a dimension by minimum, target and stretch goal, for the year and by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats, Steps
from xlsales.core.faults import Refused
from xlsales.core.periods import Level, Period, name_of
from xlsales.core.plan import Clock
from xlsales.core.progress import NOISE
from xlsales.layout import look
from xlsales.layout.keyed import Closes, Fixed, OwnRow, across, at, counting
from xlsales.layout.model import Column, Keyed, Kind, Row, Value
from xlsales.layout.sheet import Frame, Page, Sheet, unfolded
from xlsales.plan.figures import NAN, Figures, Line, Members
from xlsales.plan.progress_columns import status_word
from xlsales.plan.three_tiers import EXAMPLES, LOW, T_THREE_TIERS, TARGET, TIERS, ThreeTiers, row_key, three_tiers
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_TITLE = Word("三档 {name}", "Three tiers {name}")
_TIER = Word("档", "Tier")
_REACHED = Word("已到档\n(按应达)", "Reached\n(to date)")
_EXPECTED = Word("预计\n到档", "Expected")
_BELOW = Word("未到{tier}", "below {tier}")
_YEAR = Word("合计", "Whole")
_PROGRESS, _MONTHS = Word("进度(红绿灯按目标)", "Progress (lamp of the target)"), Word("各月", "Months")
_PROOF_MONTHS = Word("验算\nΣ月−合计", "Proof\nΣ months")
_PROOF_ORDER = Word("验算\n顺序", "Proof\norder")
_LEVEL = Word("第{n}级", "level {n}")
_APART = Word("加压、未分配 第{n}级", "Stretch, unassigned {n}")
_RULE = Word(
    "保底 ≤ 目标 ≤ 冲刺,每格都是;锁定的三档相同,由其余的合上",
    "Minimum ≤ target ≤ stretch goal in every cell; what is locked is the same in all, the others close on it",
)


class TiersView(Struct, frozen=True, dict=True):
    """The tiers of a dimension's members."""

    tiers: ThreeTiers
    members: Members

    @property
    def figures(self) -> Figures:
        """Those of the run."""
        return self.tiers.figures

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @property
    def name(self) -> str:
        """That of the dimension."""
        return self.members.name

    @property
    def number(self) -> int:
        """That of the dimension."""
        return self.members.number

    @cached_property
    def steps(self) -> dict[str, Steps]:
        """Of each tier, members × months; the last row is the whole."""
        tiers, members = self.tiers, self.members
        return {tier: np.vstack([tiers.members(tier, members), tiers.company(tier)]) for tier in tiers.tiers}

    @cached_property
    def months(self) -> dict[str, Floats]:
        """The same in yuan."""
        return {tier: self.figures.yuan(steps) for tier, steps in self.steps.items()}

    def reached(self, i: int, line: Line) -> dict[str, Value]:
        """Return the tiers whose target to date is reached, and that are expected by the forecast; `i`: which member.

        Of a tier as much is due as of the target, by the plan's clock.
        """
        actual, due, forecast = (float(line[key]) for key in ("actual", "target_to_date", "forecast"))
        if self.figures.breakdown.plan.clock is Clock.TARGET_CURVE:
            parts = np.nan_to_num(self.figures.elapsed(Clock.TARGET_CURVE, self.figures.months))
        else:
            parts = np.full(len(self.figures.months), line["time_progress"])
        target = self.months[TARGET][i]
        dues = {tier: due + float((months[i] - target) @ parts) for tier, months in self.months.items()}
        return {
            "reached": self._tier_of(actual, dues),
            "expected": self._tier_of(forecast, {tier: float(m[i].sum()) for tier, m in self.months.items()}),
        }

    def _tier_of(self, amount: float, amounts: dict[str, float]) -> str | None:
        """The highest of the tiers that an amount reaches; None if it, or they, are blank."""
        if np.isnan([amount, *amounts.values()]).any():
            return None
        word = self.frame.word
        reached = [tier for tier, least in amounts.items() if amount >= least * (1 - NOISE)]
        return word(TIERS[reached[-1]]) if reached else word(_BELOW, tier=_small(word(TIERS[next(iter(amounts))])))


_CLOSER = 0.9
"""Amounts stand so much closer than elsewhere, in characters: fifteen columns of them have to fit on a page."""


def _small(text: str) -> str:
    return text[0].lower() + text[1:]


def _views(figures: Figures) -> Iterator[TiersView]:
    rows = figures.table_rows.get(T_THREE_TIERS.name, ())
    if not rows:
        return
    tiers, problems = three_tiers(figures)
    if tiers is not None:
        yield from (TiersView(tiers, members) for members in figures.dimensions)
    if problems or (tiers is None and any(row["faulty"] for row in rows)):
        raise Refused(problems)


def _columns(view: TiersView) -> list[Column]:
    frame, members, figures = view.frame, view.members, view.figures
    word, dimension = frame.word, members.dimension
    labels = ["  " * depth + m.name for m, depth in zip(dimension.members, dimension.depths, strict=True)]
    labels += [_proof(frame, level) for level in members.levels]
    tops = [float(months.sum(axis=1).max()) for months in view.months.values()]
    tier = max(look.header_width(word(one)) for one in TIERS.values())
    below = look.header_width(word(_BELOW, tier=word(TIERS[LOW])))
    actual, attained, status = (word(PROGRESS_COLUMNS[key]) for key in ("actual", "attainment", "status"))
    progress, whole = word(_PROGRESS), frame.amount_width([*tops, members.total["actual"]]) - _CLOSER
    month = frame.amount_width([float(months.max()) for months in view.months.values()]) - _CLOSER
    years = figures.breakdown.timeline.periods(Level.YEAR)
    return [
        Column("member", members.name, "text", look.label_width(labels, 12.0)),
        Column("tier", word(_TIER), "text", tier),
        Column("status", status, "status", max(7.0, look.header_width(status)), progress),
        Column("reached", word(_REACHED), "text", max(below, look.header_width(word(_REACHED))), progress),
        Column("expected", word(_EXPECTED), "text", max(below, look.header_width(word(_EXPECTED))), progress),
        Column("actual", actual, "money", max(whole, look.header_width(actual)), progress),
        Column("attainment", attained, "percent", max(8.0, look.header_width(attained)), progress),
        Column("target", word(_YEAR), "money", whole),
        *(
            Column(
                f"t:{one.key}", name_of(one, frame.lang), "money", month,
                figures.year_of(one) if len(years) > 1 else word(_MONTHS),
            )
            for one in figures.months
        ),
        Column("proof", word(_PROOF_MONTHS), "proof", 9),
        Column("order", word(_PROOF_ORDER), "proof", 7),
    ]  # fmt: skip


def _rows(view: TiersView) -> Iterator[Row]:
    """Row keys: `total:<tier>`, `m:<member>:<tier>`, `apart:<level>:<tier>`, `proof:<level>:<tier>`.

    Column B holds the tier and the levels that a row counts for.
    """
    members, dimension = view.members, view.members.dimension
    yield from _tier_rows(view, len(dimension.members), "", members.total, "total")
    outlines = [depth - 1 for depth in dimension.depths]
    open_to = unfolded([one for one in outlines for _ in view.tiers.tiers])
    for i, member in enumerate(dimension.members):
        kind: Kind = "normal" if dimension.is_leaf(i) else "strong"
        for row in _tier_rows(view, i, member.name, members.lines[i], kind):
            yield Row(
                row.key, row.values, row.kind, row.counts_for, outlines[i], outlines[i] > open_to, formulas=row.formulas
            )
    yield from _closing_rows(view)


def _tier_rows(view: TiersView, i: int, name: str, line: Line, kind: Kind) -> Iterator[Row]:
    """The rows of a member, or of the whole without a name; that of the target has its progress."""
    frame, figures = view.frame, view.figures
    dimension = view.members.dimension
    for tier in view.tiers.tiers:
        values = _amounts(view, tier, view.steps[tier][i])
        target = values["target"]
        values["attainment"] = float(line["actual"]) / target if isinstance(target, float) and target else NAN
        if tier == view.tiers.tiers[0]:
            values["member"] = name or frame.word(words.TOTAL)
        if tier == TARGET:
            values |= {"actual": line["actual"], "status": status_word(line["status"], frame), **view.reached(i, line)}
        formulas: dict[str, Keyed] = {"proof": Closes(across("t:*") - at(column="target"))}
        if tier != TARGET:
            values["order"] = 0.0
            formulas["order"] = _in_order(row_key(name, tier), row_key(name, TARGET), figures.months[-1], tier)
        marks = ""
        if name:
            last = dimension.depth if dimension.is_leaf(i) else dimension.depths[i]
            marks = "/".join(f"{tier}.{level}" for level in range(dimension.depths[i], last + 1))
        yield Row(row_key(name, tier), values, kind, f"/{marks}/" if marks else "", formulas=formulas)


def _amounts(view: TiersView, tier: str, steps: Steps) -> dict[str, Value]:
    """The cells of a tier's months and their sum."""
    months = zip(view.figures.months, view.figures.yuan(steps).tolist(), strict=True)
    values: dict[str, Value] = {f"t:{month.key}": amount for month, amount in months}
    return {"tier": view.frame.word(TIERS[tier]), "target": float(view.figures.yuan(steps.sum())), **values}


def _in_order(own: str, target: str, last: Period, tier: str) -> OwnRow:
    """How many cells of a tier's row are on the wrong side of the target's: 0."""
    blocks = {name: Fixed(row, "target", (row, f"t:{last.key}")) for name, row in (("own", own), ("of", target))}
    sign = ">" if tier == LOW else "<"
    return OwnRow(f"=SUMPRODUCT(--(ROUND({{own}},2){sign}ROUND({{of}},2)))", tuple(blocks.items()))


def _proof(frame: Frame, level: int) -> str:
    """What the proof of a level is called; the tier stands beside it."""
    return frame.word(words.PROOF_SUM, level=frame.word(_LEVEL, n=level))


def _closing_rows(view: TiersView) -> Iterator[Row]:
    """What stretch and unassigned make of each level, then a proof for each tier and level."""
    frame, members, proofs = view.frame, view.members, []
    for level in members.levels:
        for tier in view.tiers.tiers:
            closes = counting(f"*/{tier}.{level}/*") - at(row_key("", tier))
            steps = view.steps[tier]
            apart = steps[members.counted(level)].sum(axis=0) - steps[-1]
            if apart.any():
                key = f"apart:{level}:{tier}"
                yield Row(key, {**_amounts(view, tier, apart), "member": frame.word(_APART, n=level)}, "stretch")
                closes = closes - at(key)
            values: dict[str, Value] = {"member": _proof(frame, level), "tier": frame.word(TIERS[tier])}
            columns = ("target", *(f"t:{month.key}" for month in view.figures.months))
            proofs.append(
                Row(f"proof:{level}:{tier}", values, "proof", formulas=dict.fromkeys(columns, Closes(closes)))
            )
    yield from proofs


def _facts(view: TiersView) -> Sequence[str]:
    as_of = view.frame.as_of
    first = view.frame.word(words.AS_OF, day=as_of) if as_of else view.frame.word(words.NO_ACTUALS)
    return first, view.frame.word(_RULE)


def _page(view: TiersView, _rows: Sequence[Row]) -> Page:
    return Page(frozen_rows=len(view.tiers.tiers))


THREE_TIERS = Sheet[Figures, TiersView](
    key="three_tiers",
    named="tiers_{n}",
    title=_TITLE,
    purpose=Word(
        "保底、目标、冲刺三档,各自合上;已到哪一档,预计到哪一档",
        "Minimum, target and stretch goal, each adding up; which is reached and expected",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    page=_page,
    tables=(T_THREE_TIERS,),
    judges_rows=True,
    examples=EXAMPLES,
)
