"""What table 指标 knows of the indicators of 周跟踪: the month's target of a person, and whether less is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from msgspec import Struct

from xlsales.core.faults import Fault, Refused
from xlsales.core.periods import Period
from xlsales.core.text import identity
from xlsales.plan.figures import Figures
from xlsales.plan.indicators.read import Indicator, Reader, by_name
from xlsales.plan.indicators.tables import T_INDICATORS
from xlsales.plan.indicators.targets import IndicatorTargets, targets_of
from xlsales.plan.weeks import faults
from xlsales.tables.cells.matching import Matcher

_NEAR = 1e-6


class KnownIndicator(Struct, frozen=True, dict=True):
    """An indicator of 指标; its targets are worked out when they are asked for."""

    indicator: Indicator
    figures: Figures

    @cached_property
    def targets(self) -> IndicatorTargets | None:
        """Its targets; None if they do not close, which its own sheet says."""
        try:
            return targets_of(self.indicator, self.figures)
        except Refused:
            return None

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self.indicator.members.dimension)

    def target(self, person: str, month: Period) -> int:
        """Return a person's target of a month. Raises a fault that says why there is none in whole numbers."""
        one, name = self.indicator, self.indicator.name
        position = self._matcher.position(person)
        if not one.kind.adds_up:
            raise faults.NoSumOfRates(indicator=name)
        if position < 0:
            raise faults.NotAMemberOf(person=person, indicator=name, dimension=one.members.name)
        if self.targets is None:
            raise faults.IndicatorAtFault(indicator=name)
        target = float(self.targets.months[position, self.figures.months.index(month)]) / one.per
        if abs(target - round(target)) > _NEAR:
            raise faults.TargetInParts(person=person, indicator=name, month=month.key, found=f"{target:,.10g}")
        return round(target)


class Known:
    """The indicators of 指标 by name, each read when it is first asked for."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        rows = figures.table_rows.get(T_INDICATORS.name, ())
        self._rows: Mapping[str, Sequence[Mapping[str, Any]]] = by_name(rows, [])
        self._nameless = any(row["indicator"] is None for row in rows)
        self.get = cache(self._get)

    def _get(self, name: str) -> KnownIndicator | None:
        """The indicator of a name; None if there is none, or one that cannot be understood."""
        rows = self._rows.get(identity(name))
        one = Reader(rows, 1, self._figures).read() if rows else None
        return KnownIndicator(one, self._figures) if one is not None else None

    def target(self, name: str, person: str, month: Period) -> int | Fault | None:
        """Return a person's target of a month; why there is none, or None if the table does not have the indicator."""
        one = self.get(name)
        if one is None:
            here = self._nameless or identity(name) in self._rows
            return faults.IndicatorAtFault(indicator=name) if here else None
        try:
            return one.target(person, month)
        except Fault as fault:
            return fault

    def less_is_better(self, name: str) -> bool:
        """Return whether less is better of an indicator; it is not if the table does not have it."""
        one = self.get(name)
        return one is not None and one.indicator.less_is_better
