"""The targets of an indicator: members × months that close, or rates that have a weighted mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats, Steps
from xlsales.core.faults import Bilingual, Fault, Listed, Problem, Refused
from xlsales.core.indicators import (
    MeanDiffers,
    NothingToShow,
    RateOutOfReach,
    over_months,
    split_additive,
    split_rates,
)
from xlsales.core.member_holds import FREE
from xlsales.core.plan import Dimension
from xlsales.layout.model import IDENTITY
from xlsales.plan.figures import Figures
from xlsales.plan.indicators import faults
from xlsales.plan.indicators.read import Indicator
from xlsales.plan.kept_rows import name_now, rows_of_members

_NEAR = 1e-6
"""A target this near a whole number of steps is that number."""


class IndicatorTargets(Struct, frozen=True):
    """Targets as they are shown: of the whole and of members, in all and by month; `weights` are parts of the whole.

    `unassigned` is what no member takes, per level from the top.
    """

    whole: float
    company: Floats
    members: Floats
    months: Floats
    weights: Floats
    unassigned: Floats


def targets_of(one: Indicator, figures: Figures) -> IndicatorTargets:
    """Return the targets of an indicator. Raises Refused if they do not close."""
    return _additive(one, figures) if one.kind.adds_up else _rates(one, figures)


def _additive(one: Indicator, figures: Figures) -> IndicatorTargets:
    dimension = one.members.dimension
    floors = _floors(one, dimension)
    whole = one.whole
    if whole is None:
        if not _all_known(dimension, one):
            raise _refused(one, -1, faults.NoTarget(name=one.name))
        whole = sum(floors[i] for i in dimension.children(-1))
    _check_floors(one, dimension, floors, whole)
    breakdown, closed = figures.breakdown, _closed(one, figures)
    months = len(figures.months)
    curve = np.ones(months) if one.months != "plan" else breakdown.months.astype(np.float64)
    typed = {position: round(steps) for position, steps in one.typed.items()}
    if one.months == "each":  # open months are what is typed now, closed ones what was
        whole = _each(whole, closed[-1])
        typed = {position: round(_each(steps, closed[position])) for position, steps in typed.items()}
    kept = closed[:-1] if (closed >= 0).any() else None
    try:
        company = over_months(round(whole), curve, closed[-1])
        split = split_additive(breakdown.plan, breakdown.timeline, dimension, one.weights, typed, company, kept)
    except Fault as fault:
        why = Bilingual(fault.say("zh", one.shown), fault.say("en", one.shown))
        raise _refused(one, -1, faults.CannotClose(name=one.name, why=why)) from None
    cells = split.months * np.float64(one.step)
    return IndicatorTargets(
        whole * one.step,
        company * np.float64(one.step),
        cells.sum(axis=1),
        cells,
        np.ones(len(cells)),
        np.cumsum(split.unassigned) * np.float64(one.step),
    )


def _closed(one: Indicator, figures: Figures) -> Steps:
    """The targets that closed months have in the workbook, in steps, FREE elsewhere: of members, of the whole last."""
    members, through = one.members.dimension.members, figures.breakdown.plan.closed_through
    closed = np.full((len(members) + 1, len(figures.months)), FREE, dtype=np.int64)
    written = figures.written.get(f"{IDENTITY}indicators:{one.name}")
    sheet = rows_of_members(written, "m", 2, 1, lambda parts: name_now(one.members, parts[1]))
    if sheet is None or through is None:
        return closed
    for at, month in enumerate(month for month in figures.months if month.end <= through):
        rows = [*(f"m:{member.name}" for member in members), "total"]
        steps = np.array([sheet.number(row, f"t:{month.key}") for row in rows]) / one.step
        if not np.isnan(steps[-1]) and (np.isnan(steps) | (np.abs(steps - np.rint(steps)) < _NEAR)).all():
            closed[:, at] = np.nan_to_num(np.rint(steps), nan=FREE)
    return closed


def _each(steps: float, closed: Steps) -> float:
    """The total of a target of each month, of which closed months keep theirs."""
    return float(closed[closed >= 0].sum() + steps / len(closed) * (closed < 0).sum())


def _floors(one: Indicator, dimension: Dimension) -> list[float]:
    """What each member has at least: its own target, else those below it."""
    floors = [0.0] * len(dimension.members)
    for i in reversed(range(len(floors))):
        below = sum(floors[child] for child in dimension.children(i))
        floors[i] = one.typed.get(i, below)
    return floors


def _all_known(dimension: Dimension, one: Indicator) -> bool:
    known = [i in one.typed for i in range(len(dimension.members))]
    for i in reversed(range(len(known))):
        below = dimension.children(i)
        known[i] = known[i] or (bool(below) and all(known[child] for child in below))
    return all(known[i] for i in dimension.children(-1))


def _check_floors(one: Indicator, dimension: Dimension, floors: Sequence[float], whole: float) -> None:
    for position, family in dimension.families():
        above = whole if position < 0 else one.typed.get(position)
        total = sum(floors[i] for i in family)
        if above is not None and total > above:
            facts = {"name": one.name, "of": one.called(position)}
            amounts = {"sum": one.shown(total), "total": one.shown(above), "excess": one.shown(total - above)}
            raise _refused(one, position, faults.MembersAbove(**facts, **amounts))


def _rates(one: Indicator, figures: Figures) -> IndicatorTargets:
    try:
        rates = split_rates(one.members.dimension, one.weights, one.typed, one.whole, one.most)
    except NothingToShow:
        raise _refused(one, -1, faults.NoTarget(name=one.name)) from None
    except (RateOutOfReach, MeanDiffers) as fault:
        position = fault.facts["position"]
        shown = {key: one.shown(fault.facts[key]) for key in ("whole", "needed", "mean", "most") if key in fault.facts}
        names = {"names": Listed(fault.facts["names"])} if "names" in fault.facts else {}
        raise _refused(one, position, type(fault)(**shown, **names, of=one.called(position))) from None
    n_months = len(figures.months)
    months = np.repeat(rates.members[:, None], n_months, axis=1)
    return IndicatorTargets(
        rates.whole, np.full(n_months, rates.whole), rates.members, months, rates.shares, np.zeros(0)
    )


def _refused(one: Indicator, position: int, fault: Fault) -> Refused:
    return Refused([Problem.note(one.place_of(position), "", fault)])


def doubts_on_targets(one: Indicator, targets: IndicatorTargets) -> Iterator[Problem]:
    """Yield what a person should look at in the targets."""
    if targets.whole == 0 and not one.less_is_better:
        yield Problem.note(one.place_of(-1), "0", faults.TargetOfNothing(name=one.name))
    if len(targets.unassigned) and targets.unassigned[0]:
        missing = one.shown(targets.unassigned[0] / one.step)
        fault = faults.NotAllTaken(name=one.name, total=one.shown(targets.whole / one.step), missing=missing)
        yield Problem.note(one.place_of(-1), "", fault)
