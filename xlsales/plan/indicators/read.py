"""Table 指标 as indicators: the rows of one name are one indicator, each property is said once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats
from xlsales.core.faults import Bilingual, Fault, Listed, Place, Problem
from xlsales.core.indicators import IndicatorKind, leaves_up
from xlsales.core.text import identity
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures, Members
from xlsales.plan.indicators import faults
from xlsales.plan.indicators.tables import T_INDICATORS
from xlsales.plan.table_rows import LooksLikeTotal
from xlsales.plan.unknown_names import NoSuchDimension, said_near
from xlsales.plan.weights_apart import apart
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.words.total_words import is_totals_word
from xlsales.values.amount_text import read_share
from xlsales.values.cell import Labelled, money, plain
from xlsales.values.cell import number as exact_number
from xlsales.values.units import meant, read_unit
from xlsales.vocabulary.contract import UNIT_YUAN, UNITS, Word
from xlsales.vocabulary.money import Money

Cells = Mapping[str, Any]
"""A row of the table, as `Answers.rows` gives it."""

_ONCE = ("dimension", "kind", "unit", "step", "better", "most", "split", "months")
_LABELS = {column.key: column.label for column in T_INDICATORS.columns}
_WHOLE = Word("整体", "the whole")
_NEAR = 1e-6
_LARGEST_SHARE = 2.0
"""A rate above this is one in percent without its sign, such as 92 for 92%."""
_NAMED = 5
"""So many members without a weight are named."""


class Indicator(Struct, frozen=True):
    """An indicator as a person means it.

    `whole` and `typed` (by position) are targets: in steps of `step` if the indicator adds up, else rates up to `most`.
    `places` has the cell of the target of each member, -1 is the whole. `weights` count among siblings. An amount is
    typed and shown in `money`. `doubts` are of weights that are typed.
    """

    name: str
    number: int
    kind: IndicatorKind
    unit: str
    step: float
    less_is_better: bool
    most: float
    months: str
    members: Members
    whole: float | None
    typed: Mapping[int, float]
    weights: Floats
    places: Mapping[int, Place]
    head: Place
    money: Money
    doubts: tuple[Problem, ...] = ()

    @property
    def per(self) -> int:
        """How much 1 of what a person types is: amounts are typed in a unit."""
        return self.money.per if self.kind is IndicatorKind.AMOUNT else 1

    def meant(self, row: Cells, key: str) -> float:
        """Return a number of a row as it is meant. Raises a Fault."""
        return meant_number(row, key, self.name, self.kind, self.money)

    def shown(self, target: float) -> str:
        """Return a target as people write it: in its unit, a rate in percent."""
        if self.kind is IndicatorKind.RATE:
            return f"{plain(round(target * 100, 4))}%"
        return plain(round(target * self.step / self.per, 6) if self.kind.adds_up else round(target, 4))

    def called(self, position: int) -> Bilingual:
        """Return what a member is called in a sentence; -1 is the whole."""
        if position < 0:
            return _WHOLE
        name = self.members.dimension.members[position].name
        return Bilingual(f"“{name}”", f'"{name}"')

    def place_of(self, position: int) -> Place:
        """Return the cell of a member's target, or that of the whole, or that of the indicator's name."""
        return self.places.get(position, self.places.get(-1, self.head))


def by_name(rows: Sequence[Cells], problems: list[Problem]) -> dict[str, list[Cells]]:
    """Return the rows of each indicator by its identity; rows without a name are problems, if they are not faulty."""
    groups: dict[str, list[Cells]] = {}
    for row in rows:
        if row["indicator"] is None:
            if row["faulty"]:
                continue
            place = row["cells"]["indicator"]
            problems.append(Problem.note(place, "", RowLacks(header=Bilingual(*_pair("indicator")))))
        else:
            groups.setdefault(identity(row["indicator"]), []).append(row)
    return groups


def _pair(key: str) -> tuple[str, str]:
    return _LABELS[key].zh, _LABELS[key].en


class Reader:
    """Reads the rows of one indicator, and gathers in `problems` what is wrong with them."""

    def __init__(self, rows: Sequence[Cells], number: int, figures: Figures) -> None:
        self.rows, self.number, self.figures = rows, number, figures
        self.name, self.head = rows[0]["indicator"], rows[0]["cells"]["indicator"]
        self.problems: list[Problem] = []
        self._first: dict[str, Cells] = {}

    def read(self) -> Indicator | None:
        """Return the indicator; None if its kind, dimension or a row cannot be understood.

        Of rows with faulty cells, whose problems are told already, nothing more is said.
        """
        if any(row["faulty"] for row in self.rows):
            return None
        once = {key: self._once(key) for key in _ONCE}
        members = self._dimension(once["dimension"])
        if once["kind"] is None:
            self._note(self.rows[0], "kind", RowLacks(header=Bilingual(*_pair("kind"))))
        if members is None or once["kind"] is None:
            return None
        kind, unit = IndicatorKind(once["kind"]), self._money(once["unit"])
        if unit is None and kind is IndicatorKind.AMOUNT:
            plan = Money(self.figures.frame.unit, self.figures.frame.currency)
            self._note(
                self._first["unit"], "unit", faults.NoUnitOfMoney(name=self.name, found=once["unit"], unit=plan.said)
            )
            return None
        step = self.figures.frame.step_yuan if kind is IndicatorKind.AMOUNT else once["step"] or 1.0
        most = 1.0 if kind is IndicatorKind.RATE else once["most"] or 100.0
        positions = self._positions(members)
        targets: dict[int, float] = {}
        for position, row in positions.items():
            if row["target"] is not None:
                targets[position] = self._target(row, kind, step, most, unit or Money())
        if kind.adds_up and once["months"] == "each":
            targets = {position: steps * len(self.figures.months) for position, steps in targets.items()}
        typed = {position: target for position, target in targets.items() if position >= 0}
        weights = self._weights(members, once["split"] or "plan", positions, typed if kind.adds_up else {})
        if self.problems:
            return None
        doubts = tuple(self._doubts(members, positions)) if once["split"] == "own" else ()
        places = {position: row["cells"]["target"] for position, row in positions.items()}
        return Indicator(
            self.name, self.number, kind, once["unit"] or "", step, once["better"] == "less", most,
            once["months"] or "plan", members, targets.get(-1), typed, weights, places, self.head, unit or Money(),
            doubts,
        )  # fmt: skip

    def _note(self, row: Cells, key: str, fault: Fault) -> None:
        value = row[key]
        text = "" if value is None else plain(value) if isinstance(value, float) else str(value)
        self.problems.append(Problem.note(row["cells"][key], text, fault))

    def _once(self, key: str) -> Any:
        """Return a property of the indicator, from the first row that says it."""
        rows = [row for row in self.rows if row[key] is not None]
        first = rows[0][key] if rows else None
        alike = identity if isinstance(first, str) else lambda value: value
        for row in rows[1:]:
            if alike(row[key]) != alike(first):
                self._note(row, key, faults.SaidTwice(name=self.name, column=_LABELS[key]))
        self._first |= {key: rows[0]} if rows else {}
        return first

    def _doubts(self, members: Members, positions: Mapping[int, Cells]) -> Iterator[Problem]:
        """Yield weights of siblings that are of two sizes, such as 30% beside 40."""
        dimension = members.dimension
        for _, family in dimension.families():
            typed = {i: row["weight"] for i in family if (row := positions.get(i)) is not None and row["weight"]}
            fault = apart({dimension.members[i].name: weight for i, weight in typed.items()})
            if fault is not None:
                i = next(i for i in typed if dimension.members[i].name == fault.facts["name"])
                yield Problem.note(positions[i]["cells"]["weight"], str(fault.facts["found"]), fault)

    def _money(self, unit: str | None) -> Money | None:
        """The unit of amounts that a cell names, by default the plan's; None if it is none of the plan's currency."""
        plan = Money(self.figures.frame.unit, self.figures.frame.currency)
        if unit is None or identity(unit) in map(identity, (plan.said.zh, plan.said.en, *_both(UNITS[plan.unit]))):
            return plan
        found = read_unit(unit)
        if found is None or meant(unit, found.currency, plan.currency) not in (None, plan.currency):
            return None
        scale = next((key for key, per in UNIT_YUAN.items() if per == found.scale and key != "piece"), None)
        return None if scale is None else Money(scale, plan.currency)

    def _dimension(self, name: str | None) -> Members | None:
        dimensions = self.figures.dimensions
        if name is None and dimensions:
            return dimensions[0]
        for members in dimensions:
            if identity(members.name) == identity(name or ""):
                return members
        names = Listed(members.name for members in dimensions)
        row = self._first.get("dimension", self.rows[0])
        missing = NoSuchDimension(found=name or "", names=names) if dimensions else None
        self._note(row, "dimension", missing or faults.NoDimension(name=self.name))
        return None

    def _positions(self, members: Members) -> dict[int, Cells]:
        """Return the row of each member by its position, that of the whole by -1."""
        matcher, rows = Matcher(members.dimension), dict[int, Cells]()
        for row in self.rows:
            position = -1 if row["member"] is None else matcher.position(row["member"])
            if row["member"] is not None and position < 0:
                self._note(row, "member", nobody(row["member"], matcher))
            elif position in rows:
                other, called = rows[position]["cells"]["member"].row, row["member"] or _WHOLE
                self._note(row, "member", faults.SameRow(name=self.name, member=called, other=other))
            else:
                rows[position] = row
        return rows

    def _target(self, row: Cells, kind: IndicatorKind, step: float, most: float, unit: Money) -> float:
        """A target in steps, or a rate."""
        try:
            value = meant_number(row, "target", self.name, kind, unit)
        except Fault as unfit:
            self._note(row, "target", unfit)
            return 0.0
        if not kind.adds_up:
            if value > most:
                self._note(row, "target", above_most(self.name, value, kind, most))
            return value
        per = unit.per if kind is IndicatorKind.AMOUNT else 1
        steps = value * per / step
        if abs(steps - round(steps)) > _NEAR * max(1.0, steps):
            fault = faults.NotInOwnSteps(name=self.name, found=plain(value), step=plain(step / per))
            self._note(row, "target", fault)
        return float(round(steps))

    def _weights(
        self, members: Members, split: str, positions: Mapping[int, Cells], fixed: Mapping[int, float]
    ) -> Floats:
        """The weights among siblings; those of members with a `fixed` target may be missing."""
        weights = np.full(len(members.dimension.members), np.nan)
        for position, row in positions.items():
            if row["weight"] is not None:
                if split != "own":
                    self._note(row, "weight", faults.WeightUnused(name=self.name))
                elif position >= 0:
                    weights[position] = row["weight"]
        leaves = members.dimension.leaves
        if split == "equal":
            weights[leaves] = 1.0
        elif split == "plan":
            weights[leaves] = members.part.targets[leaves]
        for position in fixed:
            weights[position] = np.nan_to_num(weights[position])
        missing = [members.dimension.members[i].name for i in leaves if np.isnan(weights[i])]
        if missing:
            names = Listed([*missing[:_NAMED], *(["…"] if len(missing) > _NAMED else [])])
            row = self._first.get("split", self.rows[0])
            self._note(row, "weight", faults.WeightsMissing(name=self.name, names=names))
        return leaves_up(members.dimension, np.where(np.isnan(weights) & _leaf(members), 0.0, weights))


def _leaf(members: Members) -> Any:
    leaf = np.zeros(len(members.dimension.members), dtype=np.bool_)
    leaf[members.dimension.leaves] = True
    return leaf


def _both(word: Word) -> tuple[str, str]:
    return word.zh, word.en


def meant_number(row: Cells, key: str, name: str, kind: IndicatorKind, unit: Money) -> float:
    """Return a number of a row of an indicator as it is meant: an amount in `unit`, unless its text names another one.

    Raises a Fault: only a rate is a percentage.
    """
    text = row["texts"].get(key)
    if text is None or kind is IndicatorKind.RATE:
        return float(row[key])
    if read_share(text) is not None:
        raise faults.ShareOfOther(name=name, found=text)
    where = Labelled(name)
    exact = money(text, where, unit.per, unit.currency) if kind is IndicatorKind.AMOUNT else exact_number(text, where)
    assert exact is not None  # a blank cell has no text
    return float(exact / unit.per if kind is IndicatorKind.AMOUNT else exact)


def above_most(name: str, value: float, kind: IndicatorKind, most: float) -> Fault:
    """Return the fault of a rate, or a score, above the most that it can be."""
    if kind is not IndicatorKind.RATE:
        return faults.AboveFullScore(name=name, found=plain(value), most=plain(most))
    if value > _LARGEST_SHARE and value / 100 <= most:
        return faults.AboveWhole(name=name, found=plain(value), share=plain(value / 100))
    in_percent = value > _LARGEST_SHARE and value / 100 <= _LARGEST_SHARE
    points = value if in_percent else round(value * 100, 4)
    found, full = plain(value) if in_percent else f"{plain(points)}%", plain(math.ceil(points / 100) * 100)
    return faults.AboveMost(name=name, found=found, most=f"{most:.0%}", full=full, points=plain(points))


def nobody(found: str, matcher: Matcher) -> Fault:
    """Return the fault of a name that is no member: of a row of totals, or with those that may be meant."""
    if is_totals_word(found):
        return LooksLikeTotal(name=found)
    return faults.NoSuchMember(found=found, dimension=matcher.dimension.name, **said_near(matcher.nearest(found)))


def indicators(rows: Sequence[Cells], figures: Figures, problems: list[Problem]) -> Iterator[Indicator]:
    """Yield the indicators of the table that can be understood; `problems` get what is wrong with the others."""
    for number, own in enumerate(by_name(rows, problems).values(), 1):
        reader = Reader(own, number, figures)
        indicator = reader.read()
        problems += reader.problems
        if indicator is not None:
            yield indicator
