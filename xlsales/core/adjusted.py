"""What an adjustment does to a breakdown: who gets more or less in which month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Steps

COMPANY = ("", "")
"""Whose deltas are those of the company, which has them only if an adjustment lowers the total."""
Whose = tuple[str, str]
"""A dimension and a member of it."""


class Kind(StrEnum):
    """What an adjustment is for."""

    TRANSFER = "transfer"
    RELIEF = "relief"


class Adjusted(Struct, frozen=True):
    """What an adjustment does: `deltas` in micro-yuan by month, of the lowest members and the company.

    `key` is the same as long as kind, members and first day are.
    """

    key: str
    kind: Kind
    dimension: str
    giver: str
    taker: str
    start: dt.date
    end: dt.date
    reason: str
    deltas: Mapping[Whose, Steps]
    lowers: bool = False
    kept: bool = False
    """Whether its row is gone: then it stays in closed months alone."""

    @property
    def moved(self) -> Steps:
        """What is taken by month, in micro-yuan: all that falls in its dimension; there must be deltas."""
        rows = [row for (dimension, _), row in self.deltas.items() if dimension == self.dimension]
        return np.asarray(-np.minimum(rows, 0).sum(axis=0))

    @property
    def adds_up(self) -> bool:
        """Whether each dimension changes by what the company does, which is nothing unless the total is lowered."""
        names = {dimension for dimension, _ in self.deltas} - {""}
        sums = [sum(row for (of, _), row in self.deltas.items() if of == name) for name in names]
        return all(np.array_equal(own, 0 * own if self.company is None else self.company) for own in sums)

    @property
    def company(self) -> Steps | None:
        """What it takes off the company's months, below zero; None if it lowers nothing."""
        return self.deltas.get(COMPANY)
