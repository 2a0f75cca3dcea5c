"""Sheets 指标: of each indicator the members by months, with its progress the right way round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.arrays import Floats
from xlsales.core.faults import Problem, Refused
from xlsales.core.indicators import IndicatorKind, Measured, due_of_reported, progress_of
from xlsales.core.periods import Period
from xlsales.core.plan import Clock
from xlsales.core.progress import divide, elapsed, remaining_days
from xlsales.core.scores import reached
from xlsales.core.text import identity
from xlsales.layout import look
from xlsales.layout.keyed import Closes, across, at, counting
from xlsales.layout.model import Column, Row, Value
from xlsales.layout.sheet import Frame, Page, Sheet, unfolded
from xlsales.plan.figures import NAN, Figures, Line
from xlsales.plan.indicators import faults
from xlsales.plan.indicators.read import Indicator, by_name, indicators
from xlsales.plan.indicators.tables import EXAMPLES, T_INDICATOR_ACTUALS, T_INDICATORS
from xlsales.plan.indicators.targets import IndicatorTargets, doubts_on_targets, targets_of
from xlsales.plan.indicators.typed import TypedActuals, as_of_day, typed_rows
from xlsales.plan.month_columns import by_month, month_columns, page_starts
from xlsales.plan.progress_columns import progress_columns, progress_values
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import CLOCKS, Word

_TITLE = Word("指标 {name}", "Indicator {name}")
_PROGRESS = Word("目标与进度", "Target and progress")
_MAP = Word("月度达成率 {year}(本月按应达)", "Monthly attainment {year} (of the target to date)")
_MAP_OF_RATES = Word("月度达成率 {year}", "Monthly attainment {year}")
_PROOF_MONTHS = Word("验算\nΣ月−目标", "Proof\nΣ months")
_WEIGHT = Word("权重", "Weight")
_LEVEL = Word("第{n}级", "level {n}")
_UNASSIGNED = Word("未分到{name} 第{n}级", "Unassigned to {name}, level {n}")
_MEAN = Word("验算 加权平均 {level}", "Proof: weighted mean, {level}")
_LESS = Word("越少越好:达成率 = 应达 ÷ 实际", "Less is better: target to date ÷ actual")
_LESS_RATE = Word("越低越好:达成率 = 目标 ÷ 实际", "Less is better: target ÷ actual")
_REPORTED = Word("合计只算填了实际的成员和月份", "Only members and months with actuals count")
_MEANS = Word("上级 = 成员的加权平均,不相加", "Parent = weighted mean")
_FULL_SCORE = Word("满分 {most}", "Full score {most}")
_OF_RATES = ("target", "actual", "attainment", "gap", "status")
_SHARE_DIGITS = 6


class IndicatorView(Struct, frozen=True, dict=True):
    """An indicator with its targets, and its actuals if there are any."""

    figures: Figures
    indicator: Indicator
    targets: IndicatorTargets
    actuals: Measured | None
    as_of: dt.date | None
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """What the indicator is called."""
        return self.indicator.name

    @property
    def number(self) -> int:
        """Its number in the table."""
        return self.indicator.number

    @property
    def frame(self) -> Frame:
        """That of the run, in the indicator's own unit."""
        one, frame = self.indicator, replace(self.figures.frame, as_of=self.as_of)
        if one.kind is IndicatorKind.AMOUNT:
            return replace(frame, unit=one.money.unit)
        formats = {IndicatorKind.RATE: "0.0%", IndicatorKind.SCORE: "0.0"}
        counted = "#,##0" if one.step % 1 == 0 else "#,##0.00"
        return replace(
            frame, unit="piece", step_yuan=one.step, own_unit=one.unit, own_format=formats.get(one.kind, counted)
        )

    @cached_property
    def elapsed(self) -> Floats:
        """How much of each month has gone by, by the plan's clock; NaN without an as-of date."""
        return self._elapsed(self.figures.months)

    def _elapsed(self, periods: Sequence[Period]) -> Floats:
        figures, breakdown = self.figures, self.figures.breakdown
        if self.as_of is None:
            return np.full(len(periods), NAN)
        days = breakdown.days.astype(np.float64)
        return elapsed(breakdown.plan.clock, breakdown.timeline, figures.calendar, days, self.as_of, periods)

    @cached_property
    def lines(self) -> Sequence[Line]:
        """The figures of each member, those of the whole last."""
        figures, targets, plan = self.figures, self.targets, self.figures.breakdown.plan
        target = np.append(targets.members, targets.whole)
        actual = np.full(len(target), NAN)
        if self.actuals is not None:
            actual = np.append(self.actuals.members, self.actuals.whole)
        whole = [figures.whole]
        if plan.clock is Clock.TARGET_CURVE:
            by_now = np.vstack([targets.months, targets.company]) @ np.nan_to_num(self.elapsed)
            time_progress = divide(by_now if self.as_of else np.full(len(target), NAN), target)
        else:
            time_progress = np.repeat(self._elapsed(whole), len(target))
        days_left = np.full(len(target), NAN)
        if self.as_of is not None:
            days_left[:] = remaining_days(figures.breakdown.timeline, figures.breakdown.days, self.as_of, whole)
        plain = figures.progress(target, actual, time_progress, days_left)
        less, adds_up = self.indicator.less_is_better, self.indicator.kind.adds_up
        return progress_of(plain, plan, less_is_better=less, cumulative=adds_up, reported=self._reported).rows()

    @cached_property
    def _due(self) -> Floats:
        """What is due of members × months by now, the whole last."""
        due = np.vstack([self.targets.months, self.targets.company])
        return due * self.elapsed if self.indicator.kind.adds_up else due

    @cached_property
    def _due_of_reported(self) -> Floats:
        """What is due of them where less is better: only of what was reported, so that a blank is no zero."""
        one = self.indicator
        if self.actuals is None or not (one.less_is_better and one.kind.adds_up):
            return self._due
        return due_of_reported(one.members.dimension, np.nan_to_num(self._due), self.actuals)

    @cached_property
    def _reported(self) -> Floats:
        """The part of what is due that was reported, of each member with actuals, the whole last; 1 of others."""
        due = np.nan_to_num(self._due).sum(axis=1)
        part = divide(np.nan_to_num(self._due_of_reported).sum(axis=1), due)
        return np.where(np.isnan(part) | np.isnan(self.month_actuals).all(axis=1), 1.0, part)

    @property
    def unreported(self) -> tuple[str, str] | None:
        """The first month, as its key, and lowest member of which something is due and nothing reported."""
        dimension, leaves = self.indicator.members.dimension, self.indicator.members.dimension.leaves
        lacks = self._due[leaves] > np.where(np.isnan(self.month_actuals[leaves]), 0.0, np.inf)
        if self._due is self._due_of_reported or not (self._reported < 1.0).any() or not lacks.any():
            return None
        month, leaf = np.argwhere(lacks.T)[0].tolist()
        return self.figures.months[month].key, dimension.members[leaves[leaf]].name

    @cached_property
    def month_actuals(self) -> Floats:
        """Members × months of actuals, the whole last; blank if nothing is known."""
        if self.actuals is None:
            return np.full((len(self.targets.months) + 1, len(self.figures.months)), NAN)
        return np.vstack([self.actuals.months, self.actuals.whole_months])

    @cached_property
    def attainments(self) -> Floats:
        """Members × months, the whole last; of the month under way, by what is due of it."""
        return reached(self.month_actuals, self._due_of_reported, self.indicator.less_is_better)


# --- from the tables to views --------------------------------------------------


def _views(figures: Figures) -> Iterator[IndicatorView]:
    """Yield each indicator that can be shown, then raise Refused if there are others."""
    rows, problems = figures.table_rows.get(T_INDICATORS.name), list[Problem]()
    if rows is None:
        return
    named = None if any(row["indicator"] is None for row in rows) else by_name(rows, [])
    typed = typed_rows(figures.table_rows.get(T_INDICATOR_ACTUALS.name, ()), named, figures, problems)
    as_of = as_of_day(figures, typed)
    for one in indicators(rows, figures, problems):
        own_rows = typed.rows.get(identity(one.name), ())
        try:
            targets = targets_of(one, figures)
        except Refused as fault:
            problems += fault.problems
            continue
        actuals, doubts = None, [*one.doubts, *doubts_on_targets(one, targets)]
        if own_rows and as_of is not None:
            own = TypedActuals(one, figures.breakdown.timeline, as_of)
            actuals = own.measured(own_rows)
            doubts += own.problems
        elif as_of is not None and typed.all_read:
            doubts.append(Problem.note(one.head, one.name, faults.NothingTyped(name=one.name)))
        view = IndicatorView(figures, one, targets, actuals, as_of)
        if view.unreported is not None:
            month, member = view.unreported
            doubts.append(
                Problem.note(one.head, one.name, faults.NotReported(name=one.name, month=month, member=member))
            )
        yield replace(view, problems=tuple(doubts))
    if problems:
        raise Refused(problems)


# --- from views to the sheet ---------------------------------------------------


def _columns(view: IndicatorView) -> list[Column]:
    frame, dimension = view.frame, view.indicator.members.dimension
    labels = ("  " * depth + m.name for m, depth in zip(dimension.members, dimension.depths, strict=True))
    title = words.with_name(_TITLE, view.name, frame.lang)
    adds_up, progress = view.indicator.kind.adds_up, frame.word(_PROGRESS)
    width = frame.amount_width((*view.targets.company.tolist(), *view.month_actuals[-1].tolist()))
    shown = [c for c in progress_columns(frame, view.lines[-1], progress) if adds_up or c.key in _OF_RATES]
    months = month_columns(view.figures, frame, width, _MAP if adds_up else _MAP_OF_RATES)
    last = (
        Column("proof", frame.word(_PROOF_MONTHS), "proof", max(width, 12))
        if adds_up
        else Column("weight", frame.word(_WEIGHT), "percent", 9, hidden=True)
    )
    label = max(look.label_width(labels), look.title_width(title))
    return [Column("member", view.indicator.members.name, "text", label), *shown, *months, last]


def _rows(view: IndicatorView) -> list[Row]:
    """Row keys: `total`, `m:<member>`, `unassigned:<level>`, `proof:<level>`.

    Column B holds the levels that a member counts for.
    """
    frame, dimension, targets = view.frame, view.indicator.members.dimension, view.targets
    adds_up = view.indicator.kind.adds_up
    months = [month.key for month in view.figures.months]
    outlines = [depth - 1 for depth in dimension.depths]
    open_to = unfolded(outlines)
    proof = {"proof": Closes(across("t:*") - at(column="target"))} if adds_up else {}
    company = np.vstack([targets.months, targets.company])

    def values(label: str, i: int, weight: float) -> dict[str, Value]:
        line = progress_values(view.lines[i], frame)
        cells = {key: line[key] for key in line if adds_up or key in _OF_RATES}
        cells |= by_month("t", months, company[i].tolist())
        cells |= by_month("a", months, view.month_actuals[i].tolist())
        cells |= by_month("r", months, view.attainments[i].tolist())
        return {"member": label, **cells, **({} if adds_up else {"weight": weight})}

    rows = [Row("total", values(frame.word(words.TOTAL), -1, 1.0), "total", formulas=proof)]
    for i, (member, weight) in enumerate(zip(dimension.members, targets.weights.tolist(), strict=True)):
        leaf, depth = dimension.is_leaf(i), dimension.depths[i]
        counts_for = range(depth, (dimension.depth if leaf else depth) + 1)
        rows.append(
            Row(
                f"m:{member.name}",
                values(member.name, i, weight),
                kind="normal" if leaf else "strong",
                counts_for="/" + "/".join(map(str, counts_for)) + "/",
                outline=outlines[i],
                hidden=outlines[i] > open_to,
                formulas=proof,
            )
        )
    return rows + (_sums(view, months) if adds_up else _means(view, months))


def _sums(view: IndicatorView, months: Sequence[str]) -> list[Row]:
    """What no member takes at each level, in targets or actuals, and a proof per level."""
    frame, targets, members = view.frame, view.targets, view.indicator.members
    rows, proofs = [], []
    columns = ("target", "actual", *(f"{block}:{key}" for key in months for block in "ta"))
    for level in members.levels:
        counted = members.counted(level)
        unassigned = targets.unassigned[level - 1]
        of_nobody = np.nan_to_num(view.month_actuals[-1]) - np.nansum(view.month_actuals[counted], axis=0)
        closes = counting(f"*/{level}/*") - at("total")
        if unassigned or of_nobody.any():
            closes = closes + at(f"unassigned:{level}")
            apart = targets.company - targets.months[counted].sum(axis=0)
            line: dict[str, Value] = {"member": frame.word(_UNASSIGNED, n=level, name=members.name)}
            line |= {"target": float(unassigned), **by_month("t", months, apart.tolist())}
            known = np.where(np.isnan(view.month_actuals[-1]), NAN, of_nobody)
            line |= {"actual": float(of_nobody.sum()), **by_month("a", months, known.tolist())}
            rows.append(Row(f"unassigned:{level}", line, "stretch"))
        label = frame.word(words.PROOF_SUM, level=frame.word(_LEVEL, n=level))
        formulas = dict.fromkeys(columns, Closes(closes))
        proofs.append(Row(f"proof:{level}", {"member": label}, "proof", formulas=formulas))
    return rows + proofs


def _means(view: IndicatorView, months: Sequence[str]) -> list[Row]:
    """A proof per level: the weighted mean of its members is the whole's."""
    frame, columns = view.frame, ("target", *(f"t:{key}" for key in months))
    rows = []
    for level in view.indicator.members.levels:
        label = frame.word(_MEAN, level=frame.word(_LEVEL, n=level))
        closes = Closes(counting(f"*/{level}/*", "weight") - at("total"), _SHARE_DIGITS)
        rows.append(Row(f"proof:{level}", {"member": label}, "proof", formulas=dict.fromkeys(columns, closes)))
    return rows


def _facts(view: IndicatorView) -> list[str]:
    one, frame = view.indicator, view.frame
    as_of = frame.word(words.AS_OF, day=frame.as_of) if frame.as_of else frame.word(words.NO_ACTUALS)
    facts = [as_of]
    if one.kind.adds_up:
        facts.append(frame.word(words.CLOCK, clock=frame.word(CLOCKS[frame.clock])))
    else:
        facts.append(frame.word(_MEANS))
    if one.kind is IndicatorKind.SCORE:
        facts.append(frame.word(_FULL_SCORE, most=f"{one.most:g}"))
    if one.less_is_better:
        facts.append(frame.word(_LESS if one.kind.adds_up else _LESS_RATE))
        if view.unreported is not None:
            facts.append(frame.word(_REPORTED))
    return facts


def _page(view: IndicatorView, _: Sequence[Row]) -> Page:
    """The map of rates fits beside their few columns; that of others begins a page."""
    starts = page_starts(view.figures.months)
    return Page(frozen_rows=1, columns=starts if view.indicator.kind.adds_up else starts[1:])


INDICATORS = Sheet[Figures, IndicatorView](
    key="indicators",
    named="ind_{n}",
    title=_TITLE,
    purpose=Word(
        "每个指标一张:数量、金额、比率、评分,成员 × 月份的目标与进度",
        "A sheet per indicator (count, amount, rate, score): members by months, target and progress",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=lambda view: view.problems,
    page=_page,
    tables=(T_INDICATORS, T_INDICATOR_ACTUALS),
    examples=EXAMPLES,
    judges_rows=True,
)
