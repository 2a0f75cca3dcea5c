"""Setting rows aside: each leaves once, with its place, its amount, the reason and what to do.

Totals rows leave too. They are counted apart, for their money is that of other rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.faults import Fault, Problem
from xlsales.workbook.records.amounts import Amounts
from xlsales.workbook.records.reasons import AndMore
from xlsales.workbook.records.rows import Bools, Rows

LISTED = 2000
"""So many findings of a kind are listed one by one; the rest is one finding with its count and amount."""


class Sieve:
    """The rows still in (`kept`), the totals rows (`totals`), and the `problems` of those that left."""

    def __init__(self, rows: Rows, amounts: Amounts) -> None:
        self.rows = rows
        self.amounts = amounts
        self.kept: Bools = np.ones(rows.count, bool)
        self.totals: Bools = np.zeros(rows.count, bool)
        self.problems: list[Problem] = []

    def each(
        self,
        mask: Bools,
        column: int | NDArray[np.int64],
        values: pl.Series | Mapping[int, str] | None,
        fault: Callable[[str], Fault],
    ) -> None:
        """Set the masked records aside, one problem for each row of the sheet (of a wide table: all its cells).

        Where `column` differs by record, as that of the amounts does, each record has a problem of its own.
        `values` None: blank cells.
        """
        records = self._take(mask)
        row = self.rows.grid_row[records] if isinstance(column, int) else records
        records = records[np.argsort(row, kind="stable")]
        starts = np.unique(np.sort(row), return_index=True)[1].tolist()
        for start, end in list(zip(starts, [*starts[1:], len(records)], strict=False))[:LISTED]:
            record = int(records[start])
            place = self.rows.place(record, column if isinstance(column, int) else int(column[record]))
            value = "" if values is None else str(values[record])
            self.problems.append(Problem(place, value, fault(value), self._amount(records[start:end]), end - start))
        if len(starts) > LISTED:
            self._fold(records[starts[LISTED] :], self.problems[-1].fault)

    def grouped(self, mask: Bools, column: int, values: pl.Series, fault: Callable[[str, int, int], Fault]) -> None:
        """Set the masked rows aside, one problem for each distinct value: `fault(value, count, how many before)`."""
        records = self._take(mask)
        if not records.size:
            return
        groups = (
            pl.DataFrame({"value": values.gather(records), "record": records, "micros": self.amounts.micros[records],
                          "readable": self.amounts.readable[records]})
            .group_by("value", maintain_order=True)
            .agg(pl.col("record"), pl.col("micros").sum(), pl.col("readable").any())
        )  # fmt: skip
        for i, (value, members, micros, readable) in enumerate(groups.head(LISTED).iter_rows()):
            place = self.rows.place(members[0], column)
            shown, amount = "" if value is None else str(value), micros if readable else None
            self.problems.append(Problem(place, shown, fault(shown, len(members), i), amount, len(members)))
        if groups.height > LISTED:
            rest = np.sort(groups["record"].slice(LISTED).explode().to_numpy())
            self._fold(rest, self.problems[-LISTED].fault)

    def sum_up(self, mask: Bools, column: int, values: pl.Series, fault: Callable[[Sequence[str], int], Fault]) -> None:
        """Take the masked records out as totals rows, one finding for all: `fault(distinct values, rows)`."""
        records = self._take(mask)
        if not records.size:
            return
        self.totals[records] = True
        records = records[np.argsort(self.rows.grid_row[records], kind="stable")]
        words = [str(word) for word in values.gather(records).drop_nulls().unique(maintain_order=True).to_list()]
        said = fault(words, len(np.unique(self.rows.grid_row[records])))
        place, amount = self.rows.place(int(records[0]), column), self._amount(records)
        value = words[0] if words else ""
        self.problems.append(Problem(place, value, said, amount, len(records), set_aside=False, totals=True))

    def _take(self, mask: Bools) -> NDArray[np.int64]:
        records = np.flatnonzero(mask & self.kept)
        self.kept[records] = False
        return records

    def _fold(self, records: NDArray[np.int64], first: Fault) -> None:
        count = len(records)
        more = AndMore(count=count, cells=self.rows.wide, first_zh=first.say("zh"), first_en=first.say("en"))
        self.problems.append(Problem(self.rows.place(int(records[0])), "", more, self._amount(records), count))

    def _amount(self, records: NDArray[np.int64]) -> int | None:
        return int(self.amounts.micros[records].sum()) if self.amounts.readable[records].any() else None
