"""What a target rests on: past sales, growth on them, and how far the best ever reached is away.

Past spans are the plan's own days in earlier years, as far as the history tells them whole: a half-year is
compared with the same half-years. What lies in the plan itself is never past, wherever it was found. A member that
is open in a part of the plan alone has a target of that part, which is compared with no whole span.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from xlsales.core.arrays import Floats, Steps
from xlsales.core.opening import partly_open
from xlsales.core.periods import timeline
from xlsales.core.plan import MICROS, Dimension, Plan
from xlsales.core.shapes import History, Span, references_of, years_before

SAFE_UP_TO, STRETCH_UP_TO = 1.0, 1.15
"""Target ÷ best ever: up to the first it has been done before, up to the second it is a challenge."""
_ALIKE_DAYS = 8
"""Spans differ by so many days at most (a leap day, a 53rd week) to be compared."""


class Judgement(StrEnum):
    """What a target is beside the best ever reached."""

    SAFE = "safe"
    STRETCH = "stretch"
    HIGH = "high"


@dataclass(frozen=True)
class Ground:
    """What one target rests on: amounts in yuan, ratios as fractions, NaN where history does not tell.

    `reference` is past sales of the reference period, the mean of them where it is a mix; shares are of the
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
        """The target beside the best ever reached; None where there is no such, or no target to judge."""
        if np.isnan(self.of_best) or not self.target:
            return None
        if self.of_best <= SAFE_UP_TO:
            return Judgement.SAFE
        return Judgement.STRETCH if self.of_best <= STRETCH_UP_TO else Judgement.HIGH


@dataclass(frozen=True)
class Basis:
    """The grounds of the whole plan and, per dimension, of its members in their order.

    `references` are the reference spans with their shares, `comparable` whether history tells them whole and
    they are as long as the plan; `spans` are the past spans, latest first. `partly` names, per dimension, members that
    are open in a part of the plan alone: they are not compared.
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
    references = tuple((span, share) for span, share in references_of(plan) if share > 0)
    told = _told(history)
    spans = _past_spans(plan, told)
    days = (plan.end - plan.start).days
    comparable = all(
        _within(span, told) and abs((span[1] - span[0]).days - days) <= _ALIKE_DAYS for span, _ in references
    )
    every = [span for span, _ in references] + list(spans)
    inside = [(history.days >= np.datetime64(first)) & (history.days <= np.datetime64(last)) for first, last in every]
    shares = np.array([share for _, share in references])
    shares /= shares.sum()

    company = np.array([[history.micros[rows].sum() for rows in inside]]) / MICROS
    all_sold = float(np.maximum(company[0, : len(references)], 0) @ shares)
    total = plan.total * plan.step_micros / MICROS

    def grounds(target: Steps, sold: Floats) -> tuple[Ground, ...]:
        """A ground per row; `sold` has a column per span, references first."""
        sold = np.where(sold > 0, sold, np.nan)
        reference = np.nan_to_num(sold[:, : len(references)]) @ shares
        rows = zip(target.tolist(), reference.tolist(), sold[:, len(references) :], strict=True)
        return tuple(
            _ground(steps * plan.step_micros / MICROS, referred, past, spans, total, all_sold, comparable)
            for steps, referred, past in rows
        )

    line = timeline(plan.start, plan.end)
    members: dict[str, tuple[Ground, ...]] = {}
    partly: dict[str, tuple[str, ...]] = {}
    for dimension in plan.dimensions:
        codes = history.codes.get(dimension.name)
        if codes is None:
            sold = np.full((len(dimension.members), len(every)), np.nan)
        else:
            sold = np.stack([_sold(dimension, codes[rows], history.micros[rows]) for rows in inside], axis=1)
        found = grounds(targets[dimension.name], sold)
        part = partly_open(dimension, line)
        members[dimension.name] = tuple(g if i not in part else _uncompared(g) for i, g in enumerate(found))
        partly[dimension.name] = tuple(dimension.members[i].name for i in sorted(part))
    return Basis(references, comparable, spans, grounds(np.array([plan.total]), company)[0], members, partly)


def _uncompared(ground: Ground) -> Ground:
    return replace(ground, growth=np.nan, of_best=np.nan)


def _ground(
    target: float,
    reference: float,
    past: Floats,
    spans: Sequence[Span],
    total: float,
    all_sold: float,
    comparable: bool,
) -> Ground:
    reference = reference if reference > 0 else np.nan
    best = int(np.nanargmax(past)) if not np.isnan(past).all() else None
    best_sold = np.nan if best is None else float(past[best])
    return Ground(
        target=target,
        target_share=target / total if total else np.nan,
        reference=reference,
        reference_share=reference / all_sold if all_sold else np.nan,
        growth=target / reference - 1 if comparable else np.nan,
        best=best_sold,
        best_span=None if best is None else spans[best],
        of_best=target / best_sold,
        trend=float(past[0] / past[1] - 1) if len(past) > 1 else np.nan,
    )


def _told(history: History) -> Span:
    """The months that the history tells, whole, from its first to its last."""
    first, last = history.days.min().astype(object), history.days.max().astype(object)
    return first.replace(day=1), last.replace(day=monthrange(last.year, last.month)[1])


def _within(span: Span, told: Span) -> bool:
    return told[0] <= span[0] and span[1] <= told[1]


def _past_spans(plan: Plan, told: Span) -> tuple[Span, ...]:
    """The plan's days in earlier years, one beside the other, that the history tells whole; latest first."""
    step = 1
    while years_before(plan.end, step) >= plan.start:
        step += 1
    most = max(plan.start.year - told[0].year, 0) + step
    shifted = ((years_before(plan.start, n), years_before(plan.end, n)) for n in range(step, most + 1, step))
    return tuple(span for span in shifted if _within(span, told))


def _sold(dimension: Dimension, codes: NDArray[np.int32], micros: Steps) -> Floats:
    """Each member's sales in yuan, of rows that name one; a parent's are its own and its children's."""
    sold = np.zeros(len(dimension.members), dtype=np.int64)
    named = codes >= 0
    np.add.at(sold, codes[named], micros[named])
    for i in range(len(sold) - 1, -1, -1):
        if dimension.parents[i] >= 0:
            sold[dimension.parents[i]] += sold[i]
    return np.asarray(sold / MICROS)
