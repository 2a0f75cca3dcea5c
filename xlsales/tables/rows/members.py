"""The members that each row names, or has by their parents; rows without one of a dimension are set aside."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from xlsales.core.faults import Fault, Problem
from xlsales.core.plan import Dimension
from xlsales.tables import reasons
from xlsales.tables.cells.matching import BLANK, UNKNOWN, Matcher
from xlsales.tables.columns.roles import Columns
from xlsales.tables.files.grids import Grid
from xlsales.tables.rows.origins import Collected, collected_rows, origin_column
from xlsales.tables.rows.parents import FilledFromParents, by_tree_of, fill_from_parents
from xlsales.tables.rows.rows import Bools, Rows
from xlsales.tables.rows.shared import Shared, Split, shared_among, split_among
from xlsales.tables.rows.sieve import Sieve

Codes = NDArray[np.int32]
MANY = 100_000
"""Rows from which members are matched in threads."""
NEAREST_SOUGHT = 200
"""For so many unknown values of a dimension the nearest member is sought."""


class RowMembers(Struct):
    """The members of the rows: `codes` has their positions, by dimension; below zero: UNKNOWN or BLANK.

    `matchers` are those of all dimensions, `present` those of dimensions that have a column. `may_be_blank`: no row
    need name a member; collected rows never need to. `filled`: the members that came from parents.
    """

    matchers: Sequence[Matcher]
    present: Sequence[Matcher]
    codes: dict[str, Codes]
    collected: Collected
    may_be_blank: bool
    filled: list[FilledFromParents] = field(default_factory=list)
    shared: tuple[Shared, ...] = ()
    _by_parents: dict[str, Codes] = field(default_factory=dict)

    @classmethod
    def of(
        cls, grid: Grid, columns: Columns, rows: Rows, matchers: Sequence[Matcher], *, may_be_blank: bool
    ) -> RowMembers:
        """Match the rows' texts with the members of each dimension that has a column."""
        present = [m for m in matchers if m.dimension.name in columns.dimensions]
        collected = _collected(grid, columns, rows)
        with ThreadPoolExecutor(len(present) or 1) as threads:  # the table library leaves the interpreter free
            each = (threads.map if rows.count > MANY else map)(lambda matcher: _codes(rows, columns, matcher), present)
            codes = {matcher.dimension.name: code for matcher, code in zip(present, each, strict=True)}
        columns_of = {m.dimension.name: rows.texts[columns.dimensions[m.dimension.name][0]] for m in present}
        each_shared = (shared_among(columns_of[name], codes[name], m) for m in present if (name := m.dimension.name))
        shared = tuple(one for one in each_shared if one is not None)
        return cls(matchers, present, codes, collected, may_be_blank, shared=shared)

    @property
    def may_lack(self) -> Bools:
        """The rows that need not name a member of each dimension."""
        return self.collected.rows | self.may_be_blank

    @property
    def missing(self) -> tuple[str, ...]:
        """The dimensions without a column."""
        return tuple(m.dimension.name for m in self.matchers if m not in self.present)

    @property
    def by_dimension(self) -> dict[Dimension, Codes]:
        """The codes by the dimensions that they are of."""
        return {m.dimension: self.codes[m.dimension.name] for m in self.matchers if m.dimension.name in self.codes}

    @property
    def of_stores(self) -> Matcher | None:
        """The matcher of the dimension that rows were collected from; None without collected rows."""
        return next((m for m in self.present if m.dimension.name == self.collected.dimension), None)

    def fill_from_parents(self, rows: Bools) -> None:
        """Give the `kept` rows the members that follow from the parents of their other members."""
        self._by_parents = dict(self.codes)
        if not self.may_be_blank:
            self.filled = fill_from_parents(self._by_parents, self.matchers, rows)
            self.codes = {name: self._by_parents[name] for name in self.codes}

    def sift(self, sieve: Sieve, columns: Columns) -> None:
        """Set aside the rows with a blank member (unless it may be), and those of no lowest-level member.

        A collected row may lack any member. So may all rows in a column in which only collected rows hold anything,
        unless it is the column of the stores.
        """
        pasted = sieve.kept & ~self.collected.rows
        for name in () if self.may_be_blank else self.codes:
            blank = self.codes[name] == BLANK
            if not (self.collected.any and name != self.collected.dimension and blank[pasted].all()):
                _sift_blank(sieve, columns, name, blank & pasted if self.collected.any else blank)
        for matcher in self.present:
            shared = next((one for one in self.shared if one.matcher is matcher), None)
            _sift_unknown(sieve, columns, matcher, self.codes[matcher.dimension.name], shared)

    def complete(self, accepted: Bools) -> None:
        """Add the dimensions without a column to `codes`: with collected rows all, else those that parents fill.

        Parents fill a dimension if every one of the `kept` rows has its member by them.
        """
        if self.collected.any:
            self.codes = {name: np.full(len(accepted), BLANK, np.int32) for name in self.missing} | self._by_parents
        else:
            self.codes |= {name: own for name, own in self._by_parents.items() if (own[accepted] >= 0).all()}
            self.filled = [one for one in self.filled if one.dimension in self.codes]

    def unnamed(self, accepted: Bools) -> dict[str, int]:
        """Return the dimensions that no pasted row names a member of, with the number of pasted rows."""
        pasted = accepted & ~self.collected.rows
        count = int(pasted.sum()) if self.collected.any else 0
        return {name: count for name, code in self.codes.items() if count and (code[pasted] == BLANK).all()}

    def remarks(self, label: str, accepted: Bools, wide: bool) -> list[Problem]:
        """Return a remark for each dimension that parents filled in rows that count."""
        filled = [remark for one in self.filled for remark in one.remarks(label, accepted, wide)]
        return [*filled, *(remark for one in self.shared for remark in one.remark(label, accepted, wide))]

    def split(self, records: NDArray[np.int64], micros: NDArray[np.int64]) -> Split:
        """Return accepted records, those of several members in parts; what follows from parents does so for each."""
        split = split_among(records, micros, {name: code[records] for name, code in self.codes.items()}, self.shared)
        units = {one.matcher.dimension.name for one in self.shared}
        for one in (one for one in self.filled if one.units in units and one.dimension in split.codes):
            matchers = {matcher.dimension.name: matcher for matcher in self.matchers}
            by_tree = by_tree_of(split.codes[one.units], matchers[one.units], matchers[one.dimension])
            if by_tree is not None:
                own = split.codes[one.dimension]
                own[:] = np.where(one.rows[split.record] & (by_tree >= 0), by_tree, own)
        return split


def _collected(grid: Grid, columns: Columns, rows: Rows) -> Collected:
    """Which rows were collected from stores, which report no more than they know."""
    if rows.wide:
        return Collected(np.zeros(rows.count, bool))
    below = grid.below(columns.header_row)
    origin = origin_column(columns.headers, below, (at[0] for at in columns.dimensions.values()))
    if origin is None:
        return Collected(np.zeros(rows.count, bool))
    origins = below[:, origin].gather(rows.grid_row - columns.header_row - 1)
    return collected_rows(origins, {name: rows.texts[at[0]] for name, at in columns.dimensions.items()})


def _codes(rows: Rows, columns: Columns, matcher: Matcher) -> Codes:
    """Member positions by the first column; if that is blank or an upper level, by another that gives a leaf."""
    first, *others = columns.dimensions[matcher.dimension.name]
    codes = matcher.codes(rows.texts[first])
    for column in others:
        open_ = (codes != UNKNOWN) & ~matcher.lowest(codes)
        if open_.any():
            other = matcher.codes(rows.texts[column])
            take = open_ & matcher.lowest(other)
            codes[take] = other[take]
    return codes


def _sift_blank(sieve: Sieve, columns: Columns, name: str, blank: Bools) -> None:
    at, cells = columns.dimensions[name][0], sieve.rows.wide
    texts = sieve.rows.texts[at]
    sieve.grouped(blank, at, texts, lambda _, n, __: reasons.KeyBlank(dimension=name, count=n, cells=cells))


def _sift_unknown(sieve: Sieve, columns: Columns, matcher: Matcher, codes: Codes, shared: Shared | None) -> None:
    """Set aside the rows with a text that is no member, or the name of a member with others below it."""
    name = matcher.dimension.name
    at = columns.dimensions[name][0]
    texts, cells = sieve.rows.texts[at], sieve.rows.wide

    def unknown(value: str, count: int, before: int) -> Fault:
        fault = shared.fault(value, count, cells) if shared is not None else None
        if fault is not None:
            return fault
        nearest = matcher.nearest(value) if before < NEAREST_SOUGHT else []
        if not nearest:
            return reasons.MemberUnknown(dimension=name, value=value, count=count, cells=cells)
        return reasons.MemberMisspelt(dimension=name, value=value, count=count, cells=cells, nearest=nearest)

    sieve.grouped(codes == UNKNOWN, at, texts, unknown)
    upper = (codes >= 0) & ~matcher.lowest(codes)
    sieve.grouped(
        upper, at, texts, lambda v, n, _: reasons.MemberNotLowest(dimension=name, value=v, count=n, cells=cells)
    )
