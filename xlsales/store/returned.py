"""The contents of one returned workbook as values: rows accepted, commitments, and every problem with its place.

The law: found = accepted + set aside, in rows and in micros. A cell with an amount that cannot be read is found and
set aside as a row; it has no amount.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Literal

from msgspec import Struct, field

from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.plan import MICROS, Dimension
from xlsales.plan.handed.rows import HandedBack, HandedRow
from xlsales.store.contract import SHORT
from xlsales.store.reasons import ForHeadquarters, Refusal, Remark
from xlsales.store.sealing import digest_of
from xlsales.store.seals import Seals
from xlsales.store.targets import StoreTerms, Targets
from xlsales.tables.rows.sold import Sold, SoldRows


class Expected(Struct, frozen=True, dict=True):
    """A store's targets in headquarters' workbook, and their digests."""

    terms: StoreTerms
    targets: Targets

    @cached_property
    def _digest(self) -> str:
        return digest_of(self.terms, self.targets)

    @cached_property
    def _digest_of_days(self) -> str:
        return digest_of(self.terms.without_tables, self.targets) if self.terms.tables else self._digest

    @property
    def digests(self) -> Iterator[str]:
        """The digests under the seal of a workbook with these targets: with the tables, and without them."""
        yield self._digest
        yield self._digest_of_days

    @property
    def whole(self) -> str:
        """The fingerprint of all targets."""
        return self._digest[:SHORT]

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the targets without the tables."""
        return self._digest_of_days[:SHORT]

    def is_sealed_by(self, short: str) -> bool:
        """Whether these are the targets of a fingerprint, with tables or without."""
        return short == self.whole or short == self.fingerprint

    @cached_property
    def months(self) -> dict[str, float]:
        """The target of each month in yuan, by its key."""
        return self.targets.months(self.terms)

    def day(self, key: str) -> float | None:
        """Return the target of a day in yuan; None if the plan has no such day."""
        at = self.terms.positions.get(key)
        return None if at is None else float(self.targets.days[at])


class Round(Struct, frozen=True, dict=True):
    """What returned workbooks are checked against: the plan, its stores, and what was taken before.

    `today` is the last day that can have actuals. `known` is the last day taken before from each store.
    """

    terms: StoreTerms
    dimension: Dimension
    others: tuple[Dimension, ...]
    today: dt.date
    step_micros: int
    expected: Mapping[str, Expected]
    known: Mapping[str, dt.date] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """File stem → store, as handed out."""
    seals: Seals = field(default_factory=Seals)
    """The seals of the files that headquarters made."""
    closed: frozenset[str] = frozenset()
    """The months that are closed: their targets do not change any more."""
    committed: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """The commitments that headquarters has already, in micros, by store and month."""
    rows: Mapping[str, Mapping[str, Mapping[str, HandedRow]]] = field(default_factory=dict)
    """The rows of each table of each store, by key, as headquarters has them."""
    sums: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Store → month → micros: months that are known as a sum, without days; days beside the sum would double it."""

    @property
    def lang(self) -> Lang:
        """The plan's language."""
        return self.terms.lang

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
        """Return a store's target of a day in yuan; if it has none, that of its average day."""
        expected = self.expected.get(code)
        if expected is None:
            return 0.0
        own = expected.day(key) or 0.0
        return own if own > 0 else expected.targets.average

    def most(self, code: str) -> float:
        """Return the amount in yuan above which a store's day is doubtful; of an unknown store no day is."""
        expected = self.expected.get(code)
        return expected.targets.most if expected is not None else math.inf


class Commitment(Struct, frozen=True):
    """What a store commits to in a month, in micros, and why."""

    period: str
    micros: int
    reason: str
    place: Place


class Count(Struct, frozen=True):
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
        """Count the rows that are set aside."""
        aside = [problem for problem in problems if problem.set_aside]
        return cls(sum(p.count for p in aside), sum(p.amount_micros or 0 for p in aside))


class Receipts(Struct, frozen=True):
    """The pasted rows that can be read, and the problems of the others."""

    sold: list[Sold] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def days(self) -> frozenset[str]:
        """The days that have rows."""
        return frozenset(row.day.isoformat() for row in self.sold)


Trust = Literal["proven", "recorded", "plain", "unknown", "broken"]
"""Why a file is headquarters' own: its seal is by a key that is here; a record says that it was handed out so; `plain`
has no key, as files of earlier versions. `unknown`: the seal is by a key that is not here; `broken`: by no key."""


class Returned(Struct):
    """One returned file. `refused` is the reason why nothing of it is taken; its rows then count as set aside."""

    file: str
    code: str = ""
    version: int = 0
    saved: dt.datetime | None = None
    carried: Mapping[str, int] = field(default_factory=dict)
    """Days that headquarters handed out as known and that the store did not change, in micros: they stay."""
    sold: SoldRows = field(default_factory=lambda: SoldRows.of(()))
    commitments: list[Commitment] = field(default_factory=list)
    handed_back: list[HandedBack] = field(default_factory=list)
    """What is filled in in rows of tables, where the file has something else than it was handed out with."""
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
        aside = Count.aside(self.problems)
        return aside + Count.of(self.sold) if self.refused else aside

    @property
    def found(self) -> Count:
        """Every row that was there."""
        return Count.of(self.sold) + Count.aside(self.problems)

    @property
    def is_blank(self) -> bool:
        """Whether the store has filled in nothing, right or wrong."""
        return not (self.sold or self.commitments or self.handed_back) and all(
            isinstance(p.fault, Remark) and not isinstance(p.fault, ForHeadquarters) for p in self.problems
        )

    @property
    def is_to_fix(self) -> bool:
        """Whether its store has anything to fix; it has not for a blank file, an earlier version, a copy too many."""
        if self.refused is not None:
            return not isinstance(self.refused, Refusal) or self.refused.store_can_fix
        return any(not isinstance(problem.fault, Remark) for problem in self.problems)

    @property
    def is_to_see(self) -> bool:
        """Whether anybody has to look at it: its store, or headquarters."""
        return self.is_to_fix or any(isinstance(problem.fault, ForHeadquarters) for problem in self.problems)

    @property
    def last_day(self) -> dt.date | None:
        """The last day with an accepted row."""
        return self.sold.last_day

    @property
    def reaches(self) -> dt.date | None:
        """The last day with an accepted row, or with known sales that the store did not change."""
        carried = dt.date.fromisoformat(max(self.carried)) if self.carried else None
        return max((day for day in (self.last_day, carried) if day is not None), default=None)

    @property
    def contents(self) -> tuple[object, ...]:
        """A value that is equal for two files with the same contents."""
        problems = tuple((str(p.place), p.value, p.amount_micros) for p in self.problems)
        commitments = tuple((c.period, c.micros, c.reason) for c in self.commitments)
        back = tuple((one.table, one.key, one.column, one.value) for one in self.handed_back)
        return self.code, self.version, self.sold, commitments, back, problems


class Reading(Struct):
    """A returned workbook under way: what its sheets have given so far, and the days with an entry or in a sum."""

    returned: Returned
    round: Round
    sold: list[Sold] = field(default_factory=list)
    receipts: Receipts = field(default_factory=Receipts)
    entries: Mapping[str, int] = field(default_factory=dict)
    """The typed sums of days, in micros."""
    by_sum: Mapping[str, Fault] = field(default_factory=dict)
    """Days of months that headquarters knew as a sum without days, with the fault of an entry."""

    @property
    def code(self) -> str:
        """The store."""
        return self.returned.code

    @property
    def expected_months(self) -> Mapping[str, float]:
        """The target of each month in yuan, by its key; of an unknown store, none."""
        expected = self.round.expected.get(self.code)
        return expected.months if expected is not None else {}


def yuan(micros: float) -> str:
    """Return micros as people write yuan: `1,234.5`."""
    return f"{micros / MICROS:,.2f}".rstrip("0").rstrip(".")
