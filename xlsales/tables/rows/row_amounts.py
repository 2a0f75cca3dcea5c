"""The amount of each row as it is meant: read, multiplied, taken off, given its sign and converted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from xlsales.core.faults import Bilingual, Fault, Problem
from xlsales.tables import reasons
from xlsales.tables.cells.amounts import Amounts
from xlsales.tables.columns.roles import Columns
from xlsales.tables.rows.counters import Counters
from xlsales.tables.rows.marks import Marks, without_marks
from xlsales.tables.rows.meanings import Meanings
from xlsales.tables.rows.products import Products, amounts_of
from xlsales.tables.rows.rates import Rates, convert_currencies
from xlsales.tables.rows.rows import Bools, Rows
from xlsales.tables.rows.sieve import Sieve
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.values.amount_text import read_share
from xlsales.values.cell import shown
from xlsales.values.date_text import day_of, read_stamp, without_time

MOST_MICROS = 9.2e18
_LOGICAL = {"true": True, "false": False}


class SumTooLarge(Fault):
    """Amounts with a sum that does not fit the exact arithmetic."""

    zh = "“{label}”的金额合计超过 9.2 万亿。请核对金额单位。"
    en = "The amounts of '{label}' add up to more than 9.2 trillion. Check their unit."


class RowAmounts(Struct, frozen=True):
    """Rows with their amounts, and what decided them: each part has its reasons to set rows aside, and its doubts."""

    rows: Rows
    amounts: Amounts
    products: Products
    counters: Counters
    meanings: Meanings
    rates: Rates
    signs_mixed: list[Problem]

    @classmethod
    def of(
        cls, rows: Rows, columns: Columns, rules: Sequence[MappingRule], unit: int, *, pieces: bool = False
    ) -> RowAmounts:
        """Read the amounts, in units of `unit` yuan; `pieces`: no currency is read in them.

        Raises SumTooLarge or ConvertedTooLarge.
        """
        rows, marks = (rows, Marks()) if pieces else without_marks(rows, columns)
        amounts, products = amounts_of(rows, columns, unit)
        amount = columns.fields.get("amount", columns.fields.get("price", 0))
        counters = Counters.of(rows, columns, amount, unit)
        counters.take_off(amounts)
        meanings = Meanings(rows, columns.meanings, rules, columns.foreign, columns.currency)
        rates = convert_currencies(rows, marks, columns, rules, unit, amounts)
        signs_mixed = meanings.apply(amounts, rates.settled)
        if np.abs(amounts.micros.astype(np.float64)).sum() > MOST_MICROS:
            raise SumTooLarge(label=rows.label)
        return cls(rows, amounts, products, counters, meanings, rates, signs_mixed)

    def sift_meanings(self, sieve: Sieve) -> None:
        """Set aside the rows that are no sales, and amounts in a currency without a rate."""
        self.meanings.sift(sieve)
        self.rates.sift(sieve)

    def sift_multiplied(self, sieve: Sieve, columns: Columns) -> None:
        """Set aside the rows with a blank amount that another column does not make up for."""
        self.counters.sift(sieve)
        self.products.sift(sieve, columns)

    def doubts(self, accepted: Bools) -> list[Problem]:
        """Return what may be meant otherwise in rows that count."""
        doubts = self.signs_mixed + self.meanings.doubts(self.amounts, accepted, self.rates.settled)
        return doubts + self.counters.doubts(self.amounts, accepted)


def sift_unreadable(sieve: Sieve) -> None:
    """Set aside the rows without a readable amount."""
    texts, column, unread = sieve.rows.amounts, sieve.rows.amount_column, ~sieve.amounts.readable
    sieve.each(unread & ~texts.is_null().to_numpy(), column, texts, _no_amount)
    sieve.each(unread, column, None, lambda _: reasons.AmountBlank())


def _no_amount(value: str) -> reasons.Repeated:
    stamp, logical = read_stamp(without_time(value)), _LOGICAL.get(value.strip().casefold())
    day = day_of(stamp.year, stamp.month, stamp.day) if stamp and stamp.year and stamp.month and stamp.day else None
    if day is not None or logical is not None:
        other = logical if day is None else day
        return reasons.AmountIsNoNumber(value=Bilingual(shown(other, "zh"), shown(other, "en")))
    kind = reasons.AmountUnreadable if read_share(value) is None else reasons.AmountIsShare
    return kind(value=value)
