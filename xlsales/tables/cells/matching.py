"""Rows to members: names and aliases are compared without width and spaces, and without case if members differ by more.

A code that a program made a number of (7 of 007, 101.0 of 101) names the only member with that number.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.expressions import expression
from xlsales.core.names import NONE, Names
from xlsales.core.plan import Dimension
from xlsales.core.text import identity as plain
from xlsales.values.cell import WORDS_FOR_NOTHING
from xlsales.values.near_names import near_names

UNKNOWN, BLANK = NONE, -2
"""Codes of a value that is no member, and of a blank cell."""

_AT_ONCE, _TIMES_DIFFERENT = 100_000, 8
"""Rows that are matched at once, or more if there are many different values: each time these are looked up anew."""

_FIGURES = expression(r"'?0*([0-9]*)(?:\.0+)?")


class Matcher(Struct, frozen=True, dict=True):
    """The names by which the members of a dimension go.

    A member's own name precedes another's alias; an alias of two members names neither.
    """

    dimension: Dimension

    @cached_property
    def names(self) -> Names:
        """The members' own names."""
        return Names.of((member.name, i) for i, member in enumerate(self.dimension.members))

    @cached_property
    def aliases(self) -> Names:
        """The members' other names."""
        return Names.of((alias, i) for i, member in enumerate(self.dimension.members) for alias in member.aliases)

    @cached_property
    def positions(self) -> dict[str, int]:
        """What may be meant by what is no name: each name and alias by its identity."""
        return self.aliases.alone | self.names.alone | {plain(n): i for n, i in self.names.alike.items()}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The names that are a number, by it; none that two members share."""
        numbered: dict[str, set[int]] = {}
        for name, i in self.positions.items():
            if number := _number_of(name):
                numbered.setdefault(number, set()).add(i)
        return {n: min(owners) for n, owners in numbered.items() if len(owners) == 1}

    @cached_property
    def leaf(self) -> NDArray[np.bool_]:
        """Which members have no members below them."""
        leaf = np.zeros(len(self.dimension.members), bool)
        leaf[self.dimension.leaves] = True
        return leaf

    def position(self, value: str) -> int:
        """The position of the member that goes by this name, or UNKNOWN."""
        position = self.names.position(value)
        if position < 0:
            position = self.aliases.position(value)
        elif not self.leaf[position]:  # rows of a parent do not count, so that its name may mean a child
            child = self.aliases.position(value)
            position = child if child >= 0 and self.dimension.parents[child] == position else position
        return position if position >= 0 else self.numbers.get(_number_of(plain(value)) or "", UNKNOWN)

    @property
    def names_like_blanks(self) -> frozenset[str]:
        """The words for nothing that name a member here: in a column of it they are names."""
        return frozenset(word for word in WORDS_FOR_NOTHING if self.position(word) >= 0)

    def is_leaf(self, value: str) -> bool:
        """Whether a value names a lowest-level member."""
        position = self.position(value)
        return position >= 0 and bool(self.leaf[position])

    def above(self, units: Dimension) -> NDArray[np.int32]:
        """For each member of another dimension the lowest member here that its nearest parent is called like, or -1."""
        lowest_members = np.full(len(units.members), -1, np.int32)
        for unit in range(len(units.members)):
            parent = units.parents[unit]
            while parent >= 0 and lowest_members[unit] < 0:
                member = units.members[parent]
                names = (name for name in (member.name, *member.aliases) if self.is_leaf(name))
                lowest_members[unit] = next((self.position(name) for name in names), -1)
                parent = units.parents[parent]
        return lowest_members

    def lowest(self, codes: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which codes are those of lowest-level members."""
        return (codes >= 0) & self.leaf[np.maximum(codes, 0)]

    def codes(self, values: pl.Series) -> NDArray[np.int32]:
        """The member's position for each row; UNKNOWN or BLANK if there is none."""
        different = values.unique().drop_nulls()
        if not different.len():
            return np.full(values.len(), BLANK, np.int32)
        positions = pl.Series([self.position(value) for value in different.to_list()], dtype=pl.Int32)
        codes = np.empty(values.len(), np.int32)
        step = max(_AT_ONCE, _TIMES_DIFFERENT * different.len())
        for start in range(0, values.len(), step):
            rows = values.slice(start, step)
            here = rows.replace_strict(different, positions, default=BLANK, return_dtype=pl.Int32)
            codes[start : start + step] = here.to_numpy()
        return codes

    def nearest(self, value: str) -> list[str]:
        """Return up to three members with names or aliases that may be meant by an unknown value."""
        near = near_names(plain(value), self.positions)
        return list(dict.fromkeys(self.dimension.members[self.positions[name]].name for name in near))[:3]


def _number_of(name: str) -> str | None:
    """The number that a code of figures is: 7 for 007, '007 and 7.0."""
    match = _FIGURES.fullmatch(name)
    return (match[1] or "0") if match else None
