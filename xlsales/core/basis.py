"""What a target rests on: past sales, growth on them, and how far the best ever reached is away.

Past spans are the plan's own days in earlier years, if the history has them whole: a half-year is compared with the
same half-years. Sales in the plan itself are never past sales, whatever sheet they are on. A member that is open in
only a part of the plan has a target of that part, which is not compared with whole spans.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from xlsales.core.arrays import Floats, Steps
from xlsales.core.opening import partly_open
from xlsales.core.periods import days_of_month, month_of, timeline
from xlsales.core.plan import MICROS, Dimension, FiscalYear, Plan
from xlsales.core.shapes import History, Span, add_up, inside_spans, plan_years, references_of, years_before

SAFE_UP_TO, STRETCH_UP_TO = 1.0, 1.15
"""Target ÷ best ever: up to the first it has been done before, up to the second it is a challenge."""
_ALIKE_DAYS = 8
"""Spans that differ by more days than this are not compared (a leap day or a 53rd week is fine)."""


class Judgement(StrEnum):
    """A target compared with the best ever reached."""

    SAFE = "safe"
    STRETCH = "stretch"
    HIGH = "high"


class Ground(Struct, frozen=True):
    """What one target rests on: amounts in yuan, ratios as fractions, NaN if the history does not have them.

    `reference` is past sales of the reference period, their mean if it is a mix; shares are of the
    whole plan. `trend` is the growth of the latest past span on the one before it.
    """

    target: float
    target_share: float
    reference: float
    reference_share: float
    growth: float
    best: float
    best_span: Span | None
    of_best: float
    trend: float

    @property
    def judgement(self) -> Judgement | None:
        """The target compared with the best ever reached; None if one of them is missing."""
        if np.isnan(self.of_best) or not self.target:
            return None
        if self.of_best <= SAFE_UP_TO:
            return Judgement.SAFE
        return Judgement.STRETCH if self.of_best <= STRETCH_UP_TO else Judgement.HIGH


class Basis(Struct, frozen=True):
    """The grounds of the whole plan and, per dimension, of its members in their order.

    `references` are the reference spans with their shares; they are `comparable` if the history has them whole and
    they are as long as the plan. `spans` are the past spans, latest first. `partly` names, per dimension, members that
    are open in only a part of the plan: they are not compared.
    """

    references: tuple[tuple[Span, float], ...]
    comparable: bool
    spans: tuple[Span, ...]
    total: Ground
    members: Mapping[str, tuple[Ground, ...]]
    partly: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def basis_of(plan: Plan, history: History, targets: Mapping[str, Steps]) -> Basis:
    """Return what the plan's targets rest on; `targets` has each dimension's member targets in steps.

    A dimension that the history does not have, and a member that never sold, have targets only.
    """
    grounds = _Grounds(plan, history)
    line = timeline(plan.start, plan.end)
    members: dict[str, tuple[Ground, ...]] = {}
    partly: dict[str, tuple[str, ...]] = {}
    for dimension in plan.dimensions:
        part = partly_open(dimension, line)
        of_members = grounds.of(targets[dimension.name], grounds.member_sales(dimension))
        members[dimension.name] = tuple(g if i not in part else _uncompared(g) for i, g in enumerate(of_members))
        partly[dimension.name] = tuple(dimension.members[i].name for i in sorted(part))
    whole = grounds.of(np.array([plan.total]), grounds.company)[0]
    return Basis(grounds.references, grounds.comparable, grounds.spans, whole, members, partly)


class _Grounds:
    """Past sales in the spans that targets are compared with: the references first, then the past spans."""

    def __init__(self, plan: Plan, history: History) -> None:
        self.plan, self.history = plan, history
        self.references = tuple((span, share) for span, share in references_of(plan) if share > 0)
        whole_months = _whole_months(history, plan.fiscal.of_past)
        self.spans = past_spans(plan, history)
        days = (plan.end - plan.start).days
        self.comparable = all(
            _within(span, whole_months) and abs((span[1] - span[0]).days - days) <= _ALIKE_DAYS
            for span, _ in self.references
        )
        every = [span for span, _ in self.references] + list(self.spans)
        self.rows = [inside_spans(history.days, [(span, 1.0)]) for span in every]
        shares = np.array([share for _, share in self.references])
        self.shares = shares / shares.sum()
        self.company = np.array([[history.micros[rows].sum() for rows in self.rows]]) / MICROS

    def member_sales(self, dimension: Dimension) -> Floats:
        """Return members × spans, in yuan; NaN if the history does not have the dimension."""
        codes = self.history.codes.get(dimension.name)
        if codes is None:
            return np.full((len(dimension.members), len(self.rows)), np.nan)
        return np.stack([_sales(dimension, codes[rows], self.history.micros[rows]) for rows in self.rows], axis=1)

    def of(self, targets: Steps, sales: Floats) -> tuple[Ground, ...]:
        """Return a ground per target (steps); `sales` has a row per target and a column per span."""
        n = len(self.references)
        sales = np.where(sales > 0, sales, np.nan)
        references = np.nan_to_num(sales[:, :n]) @ self.shares
        amounts = [steps * self.plan.step_micros / MICROS for steps in targets.tolist()]
        rows = zip(amounts, references.tolist(), sales[:, n:], strict=True)
        return tuple(self._ground(*row) for row in rows)

    def _ground(self, target: float, reference: float, past: Floats) -> Ground:
        total = self.plan.total * self.plan.step_micros / MICROS
        all_sales = float(np.maximum(self.company[0, : len(self.references)], 0) @ self.shares)
        reference = reference if reference > 0 else np.nan
        best = int(np.nanargmax(past)) if not np.isnan(past).all() else None
        best_sales = np.nan if best is None else float(past[best])
        return Ground(
            target=target,
            target_share=target / total if total else np.nan,
            reference=reference,
            reference_share=reference / all_sales if all_sales else np.nan,
            growth=target / reference - 1 if self.comparable else np.nan,
            best=best_sales,
            best_span=None if best is None else self.spans[best],
            of_best=target / best_sales,
            trend=float(past[0] / past[1] - 1) if len(past) > 1 else np.nan,
        )


def _uncompared(ground: Ground) -> Ground:
    return replace(ground, growth=np.nan, of_best=np.nan)


def _whole_months(history: History, fiscal: FiscalYear) -> Span:
    """From the first day of the history's first month to the last day of its last month."""
    first, last = (month_of(day.astype(object), fiscal) for day in (history.days.min(), history.days.max()))
    return days_of_month(*first, fiscal)[0], days_of_month(*last, fiscal)[1]


def _within(span: Span, outer: Span) -> bool:
    return outer[0] <= span[0] and span[1] <= outer[1]


def past_spans(plan: Plan, history: History) -> tuple[Span, ...]:
    """Return the plan's days in earlier years, without overlap, that the history has whole; latest first."""
    step, whole_months = plan_years(plan), _whole_months(history, plan.fiscal.of_past)
    most = max(plan.start.year - whole_months[0].year, 0) + step
    shifted = ((years_before(plan.start, n), years_before(plan.end, n)) for n in range(step, most + 1, step))
    return tuple(span for span in shifted if _within(span, whole_months))


def _sales(dimension: Dimension, codes: NDArray[np.int32], micros: Steps) -> Floats:
    """Each member's sales in yuan, of rows that name one; a parent's are its own and its children's."""
    sales = np.zeros(len(dimension.members), dtype=np.int64)
    has_member = codes >= 0
    np.add.at(sales, codes[has_member], micros[has_member])
    add_up(dimension, sales)
    return np.asarray(sales / MICROS)
