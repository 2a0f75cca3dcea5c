"""Table 提成奖金 as items of pay: whose they are, of which periods, and their tiers in order."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from xlsales.core.faults import Bilingual, Problem
from xlsales.core.pay import Tier, gaps, pay_of_parts, pay_of_tier
from xlsales.core.periods import Period
from xlsales.core.text import identity, narrow
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures, Members
from xlsales.plan.scorecard import faults
from xlsales.plan.scorecard.cells import Cells, Whom, number_of, percent, share, whom
from xlsales.plan.scorecard.tables import T_TIERS
from xlsales.plan.table_rows import AtColumn, rows_are
from xlsales.values.cell import plain

_LABELS = {column.key: column.label for column in T_TIERS.columns}
_LEAST_SCORE = 3.0
"""Bounds of scores that are all below this are typed as parts of 1: 0.9 is 90 points."""
_MOST_RATE = 0.3
"""A commission of more of the sales is a slip, unless the note of its row says so: 1 for 1 %."""


class PayItem(Struct, frozen=True):
    """What is paid: to whom (None: to all), for which periods (a code of levels, blank: all), by what, in which tiers.

    `rows` are those of the tiers; `usable` if they meet without a hole, so that it can be paid. An item without tiers
    is one of which no row can be read, or not for whom it is.
    """

    name: str
    whom: Whom | None
    cycle: str
    by_score: bool
    by_parts: bool
    tiers: tuple[Tier, ...]
    rows: tuple[Cells, ...]
    usable: bool

    def is_for(self, members: Members, position: int, period: Period) -> bool:
        """Whether a member is paid by it for a period."""
        if self.cycle and self.cycle != period.level.value:
            return False
        one = self.whom
        return one is None or (one.members.name == members.name and one.position in (None, position))

    @property
    def key(self) -> str:
        """The identity of its name."""
        return identity(self.name)

    @property
    def narrowness(self) -> int:
        """How closely it says whom: 0 all, 1 a dimension, 2 a member."""
        return 0 if self.whom is None else 1 if self.whom.position is None else 2

    def pay(self, reach: float, target: float, actual: float) -> float:
        """Return what is paid for a reach (an attainment, or a score) of a target; NaN if something is blank."""
        needs_amount = any(tier.rate for tier in self.tiers)
        if needs_amount and math.isnan(actual):
            return math.nan
        if self.by_parts:
            return pay_of_parts(self.tiers, reach, target)
        return pay_of_tier(self.tiers, reach, actual)


def read_tiers(rows: Sequence[Cells], figures: Figures, problems: list[Problem]) -> list[PayItem]:
    """Return the items of the table, in their order; `problems` get what is wrong. One with a fault is not usable.

    What is said once of an item holds for its rows below: blank cells take what is above.
    """
    reader = _Reader(figures, problems)
    above: dict[str, Cells] = {}
    groups: dict[tuple[str, str, str], list[Cells]] = {}
    for row in rows:
        if row["item"] is None:
            if not row["faulty"]:
                lacks = RowLacks(header=Bilingual(_LABELS["item"].zh, _LABELS["item"].en))
                problems.append(AtColumn("item", lacks).problem(row))
            continue
        name = identity(row["item"])
        blank = [key for key in ("who", "cycle") if row[key] is None and key not in row["faulty"]]
        above[name] = {**row, **{key: above[name][key] for key in blank if name in above}}
        key = name, identity(above[name]["who"] or ""), above[name]["cycle"] or ""
        groups.setdefault(key, []).append(above[name])
    return [reader.item(own) for own in groups.values()]


class _Reader:
    """Reads the rows of an item, and gathers what is wrong with them."""

    def __init__(self, figures: Figures, problems: list[Problem]) -> None:
        self.figures, self.problems = figures, problems
        self.above: dict[tuple[str, str], Any] = {}

    def item(self, rows: Sequence[Cells]) -> PayItem:
        """Return an item of its rows; one without tiers if none can be read, or if it is not known for whom it is."""
        before, aside = len(self.problems), [row for row in rows if row["faulty"]]
        name, whose = rows[0]["item"], None
        try:
            if rows[0]["who"] is not None and self.figures.dimensions:
                whose = whom(rows[0]["who"], self.figures, "who", self.figures.dimensions[0])
        except AtColumn as found:
            self.problems.append(found.problem(rows[0]))
            return PayItem(name, None, "", False, False, (), (), False)
        once = {key: self._once(rows, key) for key in ("basis", "way")}
        by_score, by_parts = once["basis"] == "score", once["way"] == "parts"
        sound = []
        for row in (row for row in rows if not row["faulty"]):
            try:
                sound.append((self._tier(row, by_score and _as_parts(rows), by_score), row))
            except AtColumn as found:
                self.problems.append(found.problem(row))
                aside.append(row)
        sound.sort(key=lambda one: one[0].start)
        tiers, own = tuple(tier for tier, _ in sound), tuple(row for _, row in sound)
        if aside:
            numbers = rows_are(sorted(map(number_of, aside)))
            fault = faults.TiersLeftOut(item=name, rows=numbers)
            self.problems.append(Problem.note(aside[0]["cells"]["item"], name, fault))
        elif tiers:
            self.problems += _seams(name, tiers, own, by_score)
            if by_score and by_parts and any(tier.rate for tier in tiers):
                self.problems.append(AtColumn("way", faults.PartsOfScore(item=name)).problem(own[0]))
        usable = len(self.problems) == before and not aside
        cycle = rows[0]["cycle"] or ""
        return PayItem(name, whose, cycle, by_score, by_parts, tiers, own, usable)

    def _once(self, rows: Sequence[Cells], key: str) -> Any:
        said = [row for row in rows if row[key] is not None]
        for row in said[1:]:
            if row[key] != said[0][key]:
                fault = faults.TierSaidTwice(item=row["item"], column=_LABELS[key])
                self.problems.append(AtColumn(key, fault).problem(row))
        at = identity(rows[0]["item"]), key
        if said:
            self.above[at] = said[0][key]
        return self.above.get(at)

    def _tier(self, row: Cells, in_parts: bool, by_score: bool) -> Tier:
        """The tier of a row. Raises AtColumn."""

        def bound(key: str, blank: float) -> float:
            if row[key] is None:
                return blank
            if by_score:
                return float(row[key]) * (100 if in_parts else 1)
            return share(row, key)

        start, end = bound("from", 0.0), bound("to", math.inf)
        if row["rate"] is None and row["bonus"] is None:
            raise AtColumn("rate", faults.PaysNothing())
        if row["rate"] and self.figures.frame.unit == "piece":
            raise AtColumn("rate", faults.RateOfPieces(item=row["item"]))
        rate = float(row["rate"] or 0.0)
        if rate > _MOST_RATE and percent(rate) not in narrow(row["note"] or ""):
            raise AtColumn("rate", faults.RateTooHigh(found=percent(rate), likely=percent(rate / 100)))
        if end <= start:
            facts = {"start": bound_text(start, by_score), "end": bound_text(end, by_score)}
            raise AtColumn("to", faults.BoundsFall(**facts))
        return Tier(start, end, rate, float(row["bonus"] or 0.0))


def _as_parts(rows: Sequence[Cells]) -> bool:
    """Whether all bounds of scores are typed as parts of 1."""
    bounds = [row[key] for row in rows for key in ("from", "to") if row[key] is not None]
    return bool(bounds) and max(bounds) <= _LEAST_SCORE


def bound_text(bound: float, by_score: bool) -> str:
    """Return a bound as people write it."""
    return plain(round(bound, 4)) if by_score else percent(bound)


def _seams(name: str, tiers: Sequence[Tier], rows: Sequence[Cells], by_score: bool) -> Iterator[Problem]:
    """Yield where tiers do not meet, and a highest one that ends."""
    for i, apart in gaps(tiers):
        start, end = tiers[i].start, tiers[i - 1].end
        if apart > 0:
            facts = {"item": name, "start": bound_text(start, by_score), "end": bound_text(end, by_score)}
            yield Problem.note(rows[i]["cells"]["from"], facts["start"], faults.TierHole(**facts))
        else:
            upper = min(end, tiers[i].end)
            shown = "∞" if math.isinf(upper) else bound_text(upper, by_score)
            facts = {"item": name, "start": bound_text(start, by_score), "end": shown}
            yield Problem.note(rows[i]["cells"]["from"], facts["start"], faults.TierOverlap(**facts))
    top = tiers[-1].end
    if not math.isinf(top):
        shown = bound_text(top, by_score)
        yield Problem.note(rows[-1]["cells"]["to"], shown, faults.TopClosed(item=name, end=shown))
