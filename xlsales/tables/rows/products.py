"""Amounts as quantity times unit price, if the table has no amounts or some are blank.

A blank amount is made up only if the rows that have all three agree with it. Below a merged cell the amount of an
order is in its first row only: there quantity times price is money that is counted already.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.faults import Problem
from xlsales.tables import reasons
from xlsales.tables.cells.amounts import Amounts, multiply, read_amounts
from xlsales.tables.columns.roles import Columns
from xlsales.tables.rows.rows import Bools, Rows
from xlsales.tables.rows.sieve import Sieve

AGREE = 0.95
"""A blank amount is made up if so many of the rows with amount, quantity and price agree."""
_CENT = 10_000
"""Micros by which an amount and its product may differ, and half of it for each piece: prices are rounded to cents."""


class Products(Struct, frozen=True):
    """What became of rows without an amount: `filled` were made up, `above` are in the amount of a row above.

    `untrue` have quantity and price, but rows with all three disagree: `agreeing` of `checked`.
    """

    filled: Bools
    above: Bools
    untrue: Bools
    agreeing: int = 0
    checked: int = 0

    def sift(self, sieve: Sieve, columns: Columns) -> None:
        """Set aside the rows with an amount that is not made up."""
        at = columns.fields.get("amount")
        if at is None:
            if not sieve.rows.wide:
                _sift_factors(sieve, columns)
            return
        differing = self.checked - self.agreeing
        sieve.as_one(self.above, at, "", reasons.AmountAbove)
        sieve.as_one(self.untrue, at, "", reasons.AmountUntrue, checked=self.checked, differing=differing)

    def remark(self, rows: Rows, columns: Columns, amounts: Amounts, accepted: Bools) -> list[Problem]:
        """Say how many amounts were made up."""
        filled = self.filled & accepted
        if not filled.any() or "amount" not in columns.fields:
            return []
        fault = reasons.AmountMultiplied(count=int(filled.sum()), checked=self.checked)
        place = rows.place(int(np.argmax(filled)), columns.fields["amount"])
        return [Problem.note(place, "", fault, int(amounts.micros[filled].sum()), int(filled.sum()))]


def amounts_of(rows: Rows, columns: Columns, factor: int) -> tuple[Amounts, Products]:
    """Return each row's amount; if it is blank, the product of quantity and price if that agrees with other rows."""
    amounts = read_amounts(rows.amounts, factor, columns.currency)
    none = np.zeros(rows.count, bool)
    if not {"quantity", "price"} <= columns.fields.keys():
        return amounts, Products(none, none, none)
    blank = rows.amounts.is_null().to_numpy().copy()
    blank[list(rows.errors.get(columns.fields.get("amount", -1), {}))] = False
    if not blank.any():
        return amounts, Products(none, none, none)
    quantities, prices = (rows.texts[columns.fields[name]] for name in ("quantity", "price"))
    products = multiply(quantities, prices, factor, columns.currency)
    open_ = blank & products.readable
    judgement = _judge(amounts, products, open_, read_amounts(quantities).micros, factor)
    amounts.micros[judgement.filled] = products.micros[judgement.filled]
    amounts.readable[judgement.filled] = True
    return amounts, judgement


def _judge(amounts: Amounts, products: Amounts, open_: Bools, quantity: NDArray[np.int64], factor: int) -> Products:
    none = np.zeros(len(open_), bool)
    if not amounts.readable.any():  # the column is there, and blank: nothing speaks against the product
        return Products(open_, none, none)
    tolerance = (_CENT + np.abs(quantity) // 200) * factor
    whole = amounts.readable & products.readable
    agreeing = whole & (np.abs(amounts.micros - products.micros) <= tolerance)
    owner = np.maximum.accumulate(np.where(amounts.readable, np.arange(len(open_)), -1))
    of_owner = np.bincount(owner[open_ & (owner >= 0)], products.micros[open_ & (owner >= 0)], len(open_))
    order = whole & (of_owner != 0) & (np.abs(of_owner + products.micros - amounts.micros) <= tolerance)
    above = open_ & (owner >= 0) & order[np.maximum(owner, 0)] & ~agreeing[np.maximum(owner, 0)]
    checked = int((whole & ~order).sum())
    beside = (owner < 0) | agreeing[np.maximum(owner, 0)] | ~whole[np.maximum(owner, 0)]
    true = checked > 0 and (agreeing & ~order).sum() >= AGREE * checked
    filled = open_ & ~above & beside if true else none
    return Products(filled, above, open_ & ~above & ~filled, int((agreeing & ~order).sum()), checked)


def _sift_factors(sieve: Sieve, columns: Columns) -> None:
    """In a table without amounts, set rows aside at the cell that is at fault: the quantity, the price or both."""
    rows = sieve.rows
    quantity, price = columns.fields["quantity"], columns.fields["price"]
    numbers, blank = {}, {}
    for at in (quantity, price):
        numbers[at] = read_amounts(rows.texts[at], 1, columns.currency).readable
        blank[at] = rows.texts[at].is_null().to_numpy()
    sieve.each(blank[quantity] & blank[price], quantity, None, lambda _: reasons.FactorsBlank())
    sieve.each(blank[quantity], quantity, None, lambda _: reasons.QuantityBlank())
    sieve.each(blank[price], price, None, lambda _: reasons.PriceBlank())
    for at, fault in ((quantity, reasons.QuantityUnreadable), (price, reasons.PriceUnreadable)):
        sieve.each(~numbers[at], at, rows.texts[at].cast(pl.String), lambda value, fault=fault: fault(value=value))  # type: ignore[misc]
