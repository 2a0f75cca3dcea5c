"""What a store sold, as accepted rows: thousands of stores' rows are kept together, so they are kept as columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Self, overload

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Members = tuple[tuple[str, str], ...]
"""Dimension and member, of the other dimensions that a row names."""


class Sold(Struct, frozen=True):
    """An accepted row: the day, the amount, and the members of other dimensions that the store named."""

    day: dt.date
    micros: int
    members: Members = ()


class SoldRows(Sequence[Sold]):
    """Rows in order, as columns: `days` are ordinals of dates, `codes` say which of `members` a row names.

    Each of `members` is named by a row at least.
    """

    def __init__(
        self,
        days: NDArray[np.int32],
        micros: NDArray[np.int64],
        codes: NDArray[np.int32],
        members: tuple[Members, ...],
    ) -> None:
        self.days = days
        self.micros = micros
        self.codes = codes
        self.members = members

    @classmethod
    def of(cls, rows: Iterable[Sold]) -> Self:
        """Keep rows as columns."""
        listed = list(rows)
        members: dict[Members, int] = {}
        codes = [members.setdefault(row.members, len(members)) for row in listed]
        return cls(
            np.array([row.day.toordinal() for row in listed], np.int32),
            np.array([row.micros for row in listed], np.int64),
            np.array(codes, np.int32),
            tuple(members),
        )

    def __len__(self) -> int:
        return len(self.days)

    @overload
    def __getitem__(self, at: int) -> Sold: ...
    @overload
    def __getitem__(self, at: slice) -> SoldRows: ...
    def __getitem__(self, at: int | slice) -> Sold | SoldRows:
        if isinstance(at, slice):
            return SoldRows.of(list(self)[at])
        return Sold(dt.date.fromordinal(int(self.days[at])), int(self.micros[at]), self.members[self.codes[at]])

    def __iter__(self) -> Iterator[Sold]:
        for day, micros, code in zip(self.days.tolist(), self.micros.tolist(), self.codes.tolist(), strict=True):
            yield Sold(dt.date.fromordinal(day), micros, self.members[code])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SoldRows):
            return NotImplemented
        same = np.array_equal(self.days, other.days) and np.array_equal(self.micros, other.micros)
        return same and np.array_equal(self.codes, other._coded_as(self.members))

    __hash__ = None  # type: ignore[assignment]

    def _coded_as(self, others: tuple[Members, ...]) -> NDArray[np.int32]:
        """The codes that another's rows would have; -1 for what it does not name."""
        codes = {members: code for code, members in enumerate(others)}
        return np.array([codes.get(members, -1) for members in self.members], np.int32)[self.codes]

    @property
    def total(self) -> int:
        """The sum of the amounts, exactly."""
        return sum(self.micros.tolist())

    @property
    def by_day(self) -> dict[dt.date, int]:
        """What the rows of each day add up to."""
        days, group = np.unique(self.days, return_inverse=True)
        sums = np.zeros(len(days), np.int64)
        np.add.at(sums, group, self.micros)
        return {dt.date.fromordinal(day): micros for day, micros in zip(days.tolist(), sums.tolist(), strict=True)}

    @property
    def last_day(self) -> dt.date | None:
        """The last day with a row."""
        return dt.date.fromordinal(int(self.days.max())) if len(self) else None

    def also_of(self, members: Members) -> SoldRows:
        """Return the rows as of these members too, unless they name one of the same dimension."""
        if not members:
            return self
        all_members: dict[Members, int] = {}
        codes = []
        for own in self.members:
            own_dimensions = dict(own)
            more = (*own, *((name, member) for name, member in members if name not in own_dimensions))
            codes.append(all_members.setdefault(more, len(all_members)))
        return SoldRows(self.days, self.micros, np.array(codes, np.int32)[self.codes], tuple(all_members))

    def filled_from(self, other: SoldRows) -> SoldRows:
        """Return the rows with the members that another's rows of the same day and amount name beyond their own."""
        if {name for members in other.members for name, _ in members} <= self.named_always:
            return self
        spare: dict[tuple[int, int], list[Members]] = {}
        for day, micros, code in zip(*other._lists(), strict=True):
            spare.setdefault((day, micros), []).append(other.members[code])
        all_members: dict[Members, int] = {}
        codes = []
        for day, micros, code in zip(*self._lists(), strict=True):
            members, same = self.members[code], spare.get((day, micros))
            if same:
                own_dimensions = dict(members)
                members = (*members, *((name, member) for name, member in same.pop(0) if name not in own_dimensions))
            codes.append(all_members.setdefault(members, len(all_members)))
        return SoldRows(self.days, self.micros, np.array(codes, np.int32), tuple(all_members))

    def _lists(self) -> tuple[list[int], list[int], list[int]]:
        return self.days.tolist(), self.micros.tolist(), self.codes.tolist()

    @property
    def named_always(self) -> set[str]:
        """The dimensions that every row names a member of."""
        return set.intersection(*({name for name, _ in members} for members in self.members)) if self.members else set()

    def on(self, days: Collection[dt.date]) -> SoldRows:
        """Return the rows of these days."""
        ordinals = np.array([day.toordinal() for day in days], np.int32)
        return self._at(np.flatnonzero(np.isin(self.days, ordinals)))

    def beside(self, other: SoldRows) -> SoldRows:
        """Return the rows with another's, by day; of the same day these first."""
        all_members = list(dict.fromkeys((*self.members, *other.members)))
        position = {members: code for code, members in enumerate(all_members)}
        codes = [
            np.array([position[members] for members in rows.members], np.int32)[rows.codes]
            for rows in (self, other)
            if len(rows)
        ]
        days = np.concatenate([self.days, other.days])
        both = SoldRows(
            days,
            np.concatenate([self.micros, other.micros]),
            np.concatenate([np.zeros(0, np.int32), *codes]),
            tuple(all_members),
        )
        return both._at(np.argsort(days, kind="stable"))

    def _at(self, at: NDArray[np.intp]) -> SoldRows:
        distinct, codes = np.unique(self.codes[at], return_inverse=True)
        members = tuple(self.members[code] for code in distinct.tolist())
        return SoldRows(self.days[at], self.micros[at], codes.astype(np.int32), members)

    def naming(self, dimensions: Sequence[str]) -> SoldRows:
        """Return the rows with the members of these dimensions alone, in their order."""
        all_members: dict[Members, int] = {}
        codes = []
        for members in self.members:
            by_dimension = dict(members)
            fewer = tuple((name, by_dimension[name]) for name in dimensions if name in by_dimension)
            codes.append(all_members.setdefault(fewer, len(all_members)))
        return SoldRows(self.days, self.micros, np.array(codes, np.int32)[self.codes], tuple(all_members))
