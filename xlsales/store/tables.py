"""The tables beside a store's own targets: which dimensions get one, and each store's rows in it.

A dimension beside the handed-out one gets, by the first rule that fits:

1. if it has groups with the name (or an alias) of a store, as persons below their store: the members below the store's
   own group, with the plan's targets;
2. if it is called persons (`PERSON_DIMENSIONS`): no table, because the store of each person is not known;
3. if it says where a store is rather than what it sells: no table. It is called a region (`PLACE_DIMENSIONS`), or
   `core.cross.is_place_of` finds it so;
4. else every lowest member, with the store's months broken down over them (`core.cross.cross_months`).

In each table the rows and what is unassigned add up to the store's months. A table of more than `MOST_ROWS` rows
is left out.
"""

from __future__ import annotations

from itertools import chain

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats
from xlsales.core.breakdown import Breakdown
from xlsales.core.cross import cross_months, groups_of_units, is_place_of, past_sales
from xlsales.core.keys import joined
from xlsales.core.plan import MICROS, Dimension
from xlsales.core.shapes import History
from xlsales.store.contract import MEMBER_PREFIX, UNASSIGNED_PREFIX
from xlsales.vocabulary.dimensions import PERSON_DIMENSIONS, PLACE_DIMENSIONS

MOST_ROWS = 60
"""Nobody reads a page with more rows."""


class DimensionTable(Struct, frozen=True):
    """A table that every store's file has: the dimension, and as many rows as the store with most members needs.

    `names` are those of all members that any store's table has.
    """

    dimension: str
    rows: int
    names: tuple[str, ...] = ()

    def row_key(self, name: object) -> str:
        """Return the key of a member: by its name in the fingerprint, by its number (from 1) in the sheet."""
        return MEMBER_PREFIX + joined(self.dimension, str(name))

    @property
    def unassigned_key(self) -> str:
        """The key of the line of the rest, which no member has."""
        return f"{UNASSIGNED_PREFIX}{self.dimension}"

    @property
    def total_key(self) -> str:
        """The key of the line of totals."""
        return f"total:{self.dimension}"


class MemberTargets(Struct, frozen=True):
    """One store's rows of a table: members, their months in yuan (members × months), and the rest that none has."""

    names: tuple[str, ...]
    months: Floats
    unassigned: Floats


class Tables(Struct, frozen=True):
    """The tables of a plan's stores; `parts[i]` are the rows of the i-th lowest member, table by table.

    `too_long` are dimensions left out, with their number of rows; `ungrouped` are those of persons below no store;
    `places` are those that say where a store is.
    """

    tables: tuple[DimensionTable, ...] = ()
    parts: tuple[tuple[MemberTargets, ...], ...] = ()
    too_long: tuple[tuple[str, int], ...] = ()
    ungrouped: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def tables_of(breakdown: Breakdown, units: Dimension, history: History | None) -> Tables:
    """Return the tables for every lowest member of `units`, from the targets and past sales."""
    tables: list[DimensionTable] = []
    by_table: list[list[MemberTargets]] = []
    too_long: list[tuple[str, int]] = []
    ungrouped: list[str] = []
    places: list[str] = []
    for name, part in breakdown.dimensions.items():
        if name == units.name:
            continue
        below = groups_of_units(part.dimension, units)
        if not below and name in PERSON_DIMENSIONS:
            ungrouped.append(name)
            continue
        past = past_sales(breakdown.plan, history, units, part.dimension) if history is not None else None
        if not below and (name in PLACE_DIMENSIONS or is_place_of(part.dimension, units, past)):
            places.append(name)
            continue
        rows = max(map(len, below.values())) if below else len(part.dimension.leaves)
        if rows > MOST_ROWS:
            too_long.append((name, rows))
            continue
        own = _below(breakdown, units, name, below) if below else _across(breakdown, units, name, past)
        tables.append(DimensionTable(name, rows, tuple(dict.fromkeys(chain.from_iterable(part.names for part in own)))))
        by_table.append(own)
    parts = tuple(zip(*by_table, strict=True)) if by_table else tuple(() for _ in units.leaves)
    return Tables(tuple(tables), parts, tuple(too_long), tuple(ungrouped), tuple(places))


def _below(breakdown: Breakdown, units: Dimension, name: str, below: dict[int, list[int]]) -> list[MemberTargets]:
    """Return each unit's own members with their targets; if a unit has no members, its whole target is the rest."""
    yuan = np.float64(breakdown.plan.step_micros / MICROS)
    members, months = breakdown.dimensions[name].dimension.members, breakdown.dimensions[name].months
    parts = []
    for unit in units.leaves:
        own = below.get(unit, [])
        rest = breakdown.dimensions[units.name].months[unit] - months[own].sum(axis=0)
        parts.append(MemberTargets(tuple(members[p].name for p in own), months[own] * yuan, rest * yuan))
    return parts


def _across(breakdown: Breakdown, units: Dimension, name: str, past: Floats | None) -> list[MemberTargets]:
    """Return each unit's months broken down over all lowest members."""
    yuan = np.float64(breakdown.plan.step_micros / MICROS)
    other = breakdown.dimensions[name]
    leaves = other.dimension.leaves
    names = tuple(other.dimension.members[p].name for p in leaves)
    rows = breakdown.dimensions[units.name].months[units.leaves]
    cells = cross_months(rows, other.months[leaves], breakdown.months, past) * yuan
    return [MemberTargets(names, cell[:-1], cell[-1]) for cell in cells[:-1]]


def criterion(name: str) -> str:
    """Return the criterion by which SUMIFS finds cells with this name, and no others."""
    for special in "~*?":
        name = name.replace(special, f"~{special}")
    return f"={name}"
