"""Currencies written in the cells of amounts, `$5`, `USD 1,200.00`, `5万美元`: never taken for the plan's own.

The marks are taken off the texts before amounts are read; what they mean is kept beside each row. A rate that Column
mapping has for a currency applies to such cells, whatever the table's own currency is.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from xlsales.tables.cells.marked_text import split_marks
from xlsales.tables.columns.roles import Columns
from xlsales.tables.rows.rows import Bools, Rows


class Marks(Struct, frozen=True):
    """The currencies that the cells of amounts name.

    `codes` has the place in `names` of each record's currency, below zero if its cell names none. `bare` records name
    no scale: `$5`, which in a column of 万元 may be 5 or 50,000. `loose` ones have a mark of
    several currencies, `$` or `¥`.
    `cells`: the amounts as they are, and the prices if they are read.
    """

    names: tuple[str, ...] = ()
    codes: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    bare: Bools = field(default_factory=lambda: np.zeros(0, bool))
    loose: Bools = field(default_factory=lambda: np.zeros(0, bool))
    cells: tuple[pl.Series, ...] = ()

    def cell(self, record: int) -> str:
        """The text of a record's amount, or price, as it is."""
        return next((str(text[record]).strip() for text in self.cells if text[record] is not None), "")


def without_marks(rows: Rows, columns: Columns) -> tuple[Rows, Marks]:
    """Take the marks of currencies off the amounts, or, in a table without amounts, off the prices.

    Of the plan's currency only what nothing else reads is taken off, `CN¥5`, unless the table has another one beside.
    """
    beside = columns.foreign is not None or "currency" in columns.meanings.values()
    amount, price = columns.fields.get("amount"), columns.fields.get("price")
    reader = _MarkReader(rows.count, columns.currency)
    amounts = reader.take(rows.amounts, beside)
    texts = dict(rows.texts)
    if amount is not None:
        texts[amount] = amounts
    if price is not None and price in texts:
        at = rows.amounts.is_null().to_numpy()
        texts[price] = reader.take(texts[price], beside, at)
    for column in columns.counters:
        texts[column] = reader.same(texts[column], beside)
    if not reader.names:
        return rows, Marks()
    cells = (rows.amounts, *([rows.texts[price]] if price in rows.texts else []))
    without = Marks(tuple(reader.names), reader.codes, reader.bare, reader.loose, cells)
    return replace(rows, texts=texts, amounts=amounts), without


class _MarkReader:
    """The marks while columns are read one after the other."""

    def __init__(self, count: int, currency: str) -> None:
        self.currency = currency
        self.names: list[str] = []
        self.codes = np.full(count, -1, np.int8)
        self.bare, self.loose = np.zeros(count, bool), np.zeros(count, bool)

    def take(self, texts: pl.Series, own: bool, only: Bools | None = None) -> pl.Series:
        """Return the texts without marks, and note what these say; `only` some records matter."""
        amounts = split_marks(texts, own=own, currency=self.currency)
        if only is not None:
            amounts = amounts.filter(pl.Series(only[amounts.get_column("at").to_numpy()]))
        if not amounts.height:
            return texts
        at = amounts.get_column("at").to_numpy()
        for code in amounts.get_column("code").unique(maintain_order=True).to_list():
            if code not in self.names:
                self.names.append(code)
            mine = amounts.get_column("code") == code
            self.codes[at[mine.to_numpy()]] = self.names.index(code)
        self.bare[at] = amounts.get_column("bare").to_numpy()
        self.loose[at] = amounts.get_column("loose").to_numpy()
        return texts.clone().scatter(at, amounts.get_column("text"))

    def same(self, texts: pl.Series, own: bool) -> pl.Series:
        """Return the texts without the marks that mean the same currency as the amount beside."""
        amounts = split_marks(texts, own=own, currency=self.currency)
        if not amounts.height:
            return texts
        at = amounts.get_column("at").to_numpy()
        place = {code: i for i, code in enumerate(self.names)}
        codes = np.array([place.get(code, -2) for code in amounts.get_column("code")], np.int8)
        mine = codes == self.codes[at]
        return texts.clone().scatter(at[mine], amounts.get_column("text").filter(pl.Series(mine)))
