"""What cells of tables 考核 and 提成奖金 mean: parts of 1 as people type them, and whom they name."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct

from xlsales.core.faults import Fault
from xlsales.core.percentages import ATTAINMENT, WEIGHT, PartOrPercent
from xlsales.plan.figures import NAN, Figures, Members
from xlsales.plan.scorecard import faults
from xlsales.plan.table_rows import AtColumn, dimension_named, named_member, part_of
from xlsales.plan.unknown_names import said_near
from xlsales.tables.cells.matching import Matcher
from xlsales.values.cell import plain

Cells = Mapping[str, Any]
"""A row of a table, as `Answers.rows` gives it."""
SAME = 1e-6
"""Sums of weights that differ by less are one."""


def share(row: Cells, key: str) -> float:
    """Return an attainment as people type it, `110%`, 1.1 or 110, as a number; blank is NaN.

    Raises AtColumn if it may be either: 4 without % is 400 % or 4 %.
    """
    if row[key] is None:
        return NAN
    try:
        return part_of(row, key, ATTAINMENT)
    except PartOrPercent as fault:
        raise AtColumn(key, fault) from None


def fractions(rows: Collection[Cells]) -> list[float]:
    """Return the weights of rows as parts of 1, typed as 0.6, 60 % or 60: right ones make 1 or 100 together."""
    weights = [row["weight"] for row in rows]
    if math.isclose(math.fsum(weights), 100.0, abs_tol=SAME):
        return [weight / 100 for weight in weights]
    return [part_of(row, "weight", WEIGHT) for row in rows]


def percent(part: float) -> str:
    """Return a part of 1 in percent, with as many decimals as it has."""
    return f"{plain(round(part * 100, 4))}%"


class Whom(Struct, frozen=True):
    """Whom a row means: the lowest members of a dimension, or one member."""

    members: Members
    position: int | None


def whom(name: str | None, figures: Figures, column: str, first: Members) -> Whom:
    """Return whom a cell means; the lowest members of `first` if it is blank. Raises AtColumn."""
    dimension = first if name is None else dimension_named(name, figures)
    if name is None or dimension is not None:
        return Whom(dimension or first, None)
    try:
        found = named_member(name, figures)
    except Fault as fault:
        raise AtColumn(column, fault) from None
    if found is None:
        near = [near for one in figures.dimensions for near in Matcher(one.dimension).nearest(name)]
        raise AtColumn(column, faults.NobodyToScore(found=name, **said_near(near)))
    return Whom(*found)


def number_of(row: Cells) -> int:
    """Return the number of a row on its sheet."""
    number = row["row"].row if "row" in row else next(iter(row["cells"].values())).row
    assert isinstance(number, int)
    return number
