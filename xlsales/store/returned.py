"""What came back in one workbook, as values: rows accepted, commitments, and every finding with its place.

The law: found = accepted + set aside, in rows and in micros. A cell whose amount cannot be read is found and
set aside as a row; it has no amount.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.plan import Dimension
from xlsales.store.collect.reasons import REMARKS
from xlsales.store.contract import MICROS, SHORT, most_of
from xlsales.store.seals import Seals
from xlsales.store.tables import Part, Table
from xlsales.tables.rows.sold import SoldRows


class DayTargets(Mapping[str, float]):
    """A store's targets by day, in yuan: an array, and where each day stands in it, which all stores share."""

    def __init__(self, positions: Mapping[str, int], values: NDArray[np.float64]) -> None:
        self._positions, self._values = positions, values

    def __getitem__(self, key: str) -> float:
        return float(self._values[self._positions[key]])

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)

    @property
    def positive(self) -> NDArray[np.bool_]:
        """Which days, from the plan's first on, have a target."""
        return self._values > 0

    @cached_property
    def average(self) -> float:
        """The target of its average day with any."""
        some = self._values[self._values > 0]
        return float(some.mean()) if some.size else 0.0

    @cached_property
    def most(self) -> float:
        """What a day's amount is doubtful above."""
        return most_of(self._values)


@dataclass(frozen=True)
class Expected:
    """What headquarters' workbook says of a store: the digest of its targets, its days, its months in yuan.

    `tables` and `parts` are its rows of 分项, `whole` the digest over days and them.
    """

    digest: str
    days: DayTargets
    months: Mapping[str, float]
    tables: tuple[Table, ...] = ()
    parts: tuple[Part, ...] = ()
    whole: str = ""

    @property
    def digests(self) -> tuple[str, ...]:
        """The digests that a workbook with these targets is sealed by: with the tables, and without them."""
        return self.whole, self.digest

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the targets without the tables."""
        return self.digest[:SHORT]

    def is_sealed_by(self, short: str) -> bool:
        """Whether these are the targets of a fingerprint, be it with tables or without."""
        return short in (self.digest[:SHORT], self.whole[:SHORT])


@dataclass(frozen=True)
class Round:
    """What returned workbooks are checked against: the plan, its stores, and what was taken before.

    `today` is the last day that can have actuals. `known` is each store's last day that was taken before.
    """

    plan: str
    dimension: Dimension
    others: tuple[Dimension, ...]
    start: dt.date
    end: dt.date
    today: dt.date
    step_micros: int
    lang: Lang
    expected: Mapping[str, Expected]
    month_of_day: Mapping[str, str]
    known: Mapping[str, dt.date] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """File stem → store, as handed out."""
    seals: Seals = field(default_factory=Seals)
    """What tells the files that headquarters made."""
    closed: frozenset[str] = frozenset()
    """The months that are closed: their targets do not change any more."""
    committed: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """What headquarters lists already as commitments, in micros, by store and month."""
    sums: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Store → month → micros: months that are known by their sum alone, which days beside it would double."""

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Former name of a store → its name now, by the aliases of the plan."""
        members = [member for member in self.dimension.members if member.name in self.expected]
        return {alias: one.name for one in members for alias in one.aliases if alias not in self.expected}

    @cached_property
    def opening(self) -> dict[str, tuple[dt.date | None, dt.date | None]]:
        """The days on which stores open and close, of those that have any."""
        members = self.dimension.members
        return {one.name: (one.opens, one.closes) for one in members if one.opens or one.closes}

    def day_target(self, code: str, key: str) -> float:
        """A store's target of a day in yuan; where it has none, that of its average day."""
        expected = self.expected.get(code)
        if expected is None:
            return 0.0
        own = expected.days.get(key, 0.0)
        return own if own > 0 else expected.days.average

    def most(self, code: str) -> float:
        """What a store's day is doubtful above, in yuan; of a store that is unknown, nothing is."""
        expected = self.expected.get(code)
        return expected.days.most if expected is not None else math.inf


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a store commits to in a month, in micros, and why."""

    period: str
    micros: int
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Count:
    """So many rows, of so many micros."""

    rows: int = 0
    micros: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.rows + other.rows, self.micros + other.micros)

    @classmethod
    def of(cls, sold: SoldRows) -> Count:
        """Count accepted rows."""
        return cls(len(sold), sold.total)

    @classmethod
    def aside(cls, problems: Iterable[Problem]) -> Count:
        """Count what findings set aside."""
        left = [problem for problem in problems if problem.set_aside]
        return cls(sum(p.count for p in left), sum(p.amount_micros or 0 for p in left))


Trust = Literal["proven", "recorded", "plain", "unknown", "broken"]
"""Why a file is headquarters': its seal is by a key that is here; a record says that it was handed out so; `plain` has
no key, as files of earlier versions. `unknown` is sealed by a key that is not here, `broken` by nobody that could."""


@dataclass
class Returned:
    """One returned file. `refused` says why nothing of it is taken; its rows then count as set aside."""

    file: str
    code: str = ""
    version: int = 0
    saved: dt.datetime | None = None
    carried: Mapping[str, int] = field(default_factory=dict)
    """Days that headquarters handed out as known, in micros, and that the store left as they are: what stands of them
    stays."""
    sold: SoldRows = field(default_factory=lambda: SoldRows.of(()))
    commitments: list[Commitment] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: Fault | None = None
    can_be_marked: bool = False
    trust: Trust = "proven"

    @property
    def accepted(self) -> Count:
        """The rows that are taken."""
        return Count() if self.refused else Count.of(self.sold)

    @property
    def set_aside(self) -> Count:
        """The rows that are not taken."""
        left = Count.aside(self.problems)
        return left + Count.of(self.sold) if self.refused else left

    @property
    def found(self) -> Count:
        """Every row that was there."""
        return Count.of(self.sold) + Count.aside(self.problems)

    @property
    def is_blank(self) -> bool:
        """Whether the store has filled in nothing, right or wrong."""
        return not self.sold and not self.commitments and all(isinstance(p.fault, REMARKS) for p in self.problems)

    @property
    def last_day(self) -> dt.date | None:
        """The last day with an accepted row."""
        return self.sold.last_day

    @property
    def reaches(self) -> dt.date | None:
        """The last day that the file speaks of, be it by leaving what is known."""
        carried = dt.date.fromisoformat(max(self.carried)) if self.carried else None
        return max((day for day in (self.last_day, carried) if day is not None), default=None)

    @property
    def contents(self) -> tuple[object, ...]:
        """What is equal for two files that say the same."""
        findings = tuple((str(p.place), p.value, p.amount_micros) for p in self.problems)
        promised = tuple((c.period, c.micros, c.reason) for c in self.commitments)
        return self.code, self.version, self.sold, promised, findings


def yuan(micros: float) -> str:
    """Return micros as people write yuan: `1,234.5`."""
    return f"{micros / MICROS:,.2f}".rstrip("0").rstrip(".")
