"""Setting rows aside: each leaves once, with its place, its amount, the reason and what to do.

Totals rows leave too. They are counted apart, for their money is that of other rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.faults import Fault, Problem
from xlsales.tables.cells.amounts import Amounts
from xlsales.tables.reasons import AndMore, ErrorInColumn, Repeated
from xlsales.tables.rows.rows import Bools, Rows

LISTED = 50
"""So many values of a kind are listed one by one, the largest amounts first; the rest is one finding with its sum."""
LISTED_ROWS = 2000
"""So many rows are listed, if each row is a finding of its own."""


class Sieve:
    """The rows still in (`kept`), the totals rows (`totals`), and the `problems` of those that left.

    `row_by_row`: cells that cannot be read are a problem each, for each is to be marked.
    """

    def __init__(self, rows: Rows, amounts: Amounts, *, row_by_row: bool = False) -> None:
        self.rows = rows
        self.row_by_row = row_by_row
        self.amounts = amounts
        self.kept: Bools = np.ones(rows.count, bool)
        self.totals: Bools = np.zeros(rows.count, bool)
        self.problems: list[Problem] = []

    def errors(self) -> None:
        """Set the records with an error cell aside."""
        for column, codes in sorted(self.rows.errors.items()):
            mask = np.zeros(self.rows.count, bool)
            mask[list(codes)] = True
            header = self.rows.header(column)
            self.each(mask, column, codes, lambda value, header=header: ErrorInColumn(header=header, value=value))  # type: ignore[misc]

    def each(
        self,
        mask: Bools,
        column: int | NDArray[np.int64],
        values: pl.Series | Mapping[int, str] | None,
        fault: Callable[[str], Repeated],
    ) -> None:
        """Set the masked records aside, one problem for each value of a sheet, or, by `row_by_row`, for each row.

        `values` None: blank cells. `column` may differ by record, as that of the amounts does.
        """
        records = self._take(mask)
        if not records.size:
            return
        if values is None:
            texts = pl.Series([""]).new_from_index(0, len(records))
        elif isinstance(values, pl.Series):
            texts = values.gather(records).cast(pl.String)
        else:
            texts = pl.Series([values[record] for record in records.tolist()], dtype=pl.String)
        firsts = np.array([part.first for part in self.rows.parts], np.int64)
        sheets = pl.Series("sheet", np.searchsorted(firsts, self.rows.grid_row[records], side="right"))
        key = pl.DataFrame([sheets, texts.alias("shown")]).to_struct()
        if self.row_by_row:
            key = pl.Series(self.rows.grid_row[records] if isinstance(column, int) else records)
        cells = self.rows.wide

        def said(value: str, count: int, _: int) -> Fault:
            repeated = fault(value)
            repeated.count, repeated.cells = count, cells
            return repeated

        listed = LISTED_ROWS if self.row_by_row else LISTED
        self._group(records, key, texts, column, said, listed, by_amount=not self.row_by_row)

    def grouped(
        self,
        mask: Bools,
        column: int | NDArray[np.int64],
        values: pl.Series,
        fault: Callable[[str, int, int], Fault],
        *,
        by_amount: bool = True,
    ) -> None:
        """Set the masked rows aside, one problem for each distinct value: `fault(value, count, how many before)`."""
        records = self._take(mask)
        if records.size:
            texts = values.gather(records)
            self._group(records, texts, texts, column, fault, LISTED, by_amount=by_amount)

    def as_one(
        self, mask: Bools, column: int | NDArray[np.int64], text: str, kind: Callable[..., Fault], /, **facts: object
    ) -> None:
        """Set the masked rows aside as one finding with a text: `kind(count=…, **facts)`."""
        records = self._take(mask)
        if records.size:
            same = pl.Series([text]).new_from_index(0, len(records))
            self._group(records, same, same, column, lambda _, n, __: kind(count=n, **facts), LISTED, by_amount=True)

    def _group(
        self,
        records: NDArray[np.int64],
        key: pl.Series,
        texts: pl.Series,
        column: int | NDArray[np.int64],
        fault: Callable[[str, int, int], Fault],
        listed: int,
        *,
        by_amount: bool,
    ) -> None:
        """One problem for each key, the largest amounts first or in the order of the sheet."""
        by_row = np.argsort(self.rows.grid_row[records], kind="stable")
        records, key, texts = records[by_row], key.gather(by_row), texts.gather(by_row)
        groups = (
            pl.DataFrame({"key": key, "shown": texts, "record": records, "micros": self.amounts.micros[records],
                          "readable": self.amounts.readable[records]})
            .group_by("key", maintain_order=True)
            .agg(pl.col("shown").first(), pl.col("record"), pl.col("micros").sum(), pl.col("readable").any())
        )  # fmt: skip
        if by_amount:
            order = [pl.col("micros").abs(), pl.col("record").list.len()]
            groups = groups.sort(order, descending=True, maintain_order=True)
        first: Fault | None = None
        for i, (value, members, micros, readable) in enumerate(
            groups.select("shown", "record", "micros", "readable").head(listed).iter_rows()
        ):
            place = self.rows.place(members[0], column if isinstance(column, int) else int(column[members[0]]))
            text, amount = "" if value is None else str(value), micros if readable else None
            finding = fault(text, len(members), i)
            first = first or finding
            self.problems.append(Problem(place, text, finding, amount, len(members)))
        if groups.height > listed and first is not None:
            rest = np.sort(groups["record"].slice(listed).explode().to_numpy())
            self._fold(rest, groups.height - listed, first)

    def sum_up(self, mask: Bools, column: int, values: pl.Series, fault: Callable[[Sequence[str], int], Fault]) -> None:
        """Take the masked records out as totals rows, one finding for all: `fault(distinct values, rows)`."""
        records = self._take(mask)
        if not records.size:
            return
        self.totals[records] = True
        records = records[np.argsort(self.rows.grid_row[records], kind="stable")]
        words = [str(word) for word in values.gather(records).drop_nulls().unique(maintain_order=True).to_list()]
        finding = fault(words, len(np.unique(self.rows.grid_row[records])))
        place, amount = self.rows.place(int(records[0]), column), self._amount(records)
        value = words[0] if words else ""
        self.problems.append(Problem(place, value, finding, amount, len(records), set_aside=False, totals=True))

    def _take(self, mask: Bools) -> NDArray[np.int64]:
        records = np.flatnonzero(mask & self.kept)
        self.kept[records] = False
        return records

    def _fold(self, records: NDArray[np.int64], values: int, first: Fault) -> None:
        count = len(records)
        more = AndMore(first=first, count=count, cells=self.rows.wide, values=values)
        self.problems.append(Problem(self.rows.place(int(records[0])), "", more, self._amount(records), count))

    def _amount(self, records: NDArray[np.int64]) -> int | None:
        return int(self.amounts.micros[records].sum()) if self.amounts.readable[records].any() else None
