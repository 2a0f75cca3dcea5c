"""Columns of money that go against the amounts: 支出 beside 收入, 退款金额 beside 实付金额.

Column mapping says what they mean: 减去 takes a column off the amounts, 忽略 leaves it out. Without such a row their
sum is reported if rows hold either the one or the other, and rows that hold nothing else are set aside.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from msgspec import Struct, field

from xlsales.core.faults import Problem
from xlsales.core.plan import MICROS
from xlsales.tables.cells.amounts import Amounts, read_amounts
from xlsales.tables.columns.counter_words import CounterKind
from xlsales.tables.columns.roles import Columns
from xlsales.tables.reasons import Counted, Repeated
from xlsales.tables.rows.rows import Bools, Rows
from xlsales.tables.rows.sieve import Sieve


class CounterUntold(Counted):
    """Figures that may have to be taken off the amounts beside them."""

    zh = (
        "“{header}”列有 {rows_zh}有数,合计 {sum},没有从“{amount}”里减去。要减去,请在“列对应”里填写:"
        "字段 减去,表头 {header};不用减,请填写:字段 忽略,表头 {header}。"
    )
    en = (
        "Column '{header}' has figures in {rows_en}, {sum} in all, which were not taken off '{amount}'. To take them "
        "off, enter in table Column mapping field subtract and header {header}; if they are not to be, field ignore."
    )


class CounterAlone(Counted):
    """Rows without an amount, in which a column that goes against it has one."""

    zh = (
        "“{amount}”空白、只有“{header}”的 {rows_zh}没有计入。要减去,请在“列对应”里填写:"
        "字段 减去,表头 {header};不用减,请填写:字段 忽略,表头 {header}。"
    )
    en = (
        "'{amount}' is blank and only '{header}' is filled in {rows_en}: not counted. To take them off, enter in table "
        "Column mapping field subtract and header {header}; if they are not to be, field ignore."
    )


class CounterIgnored(Counted):
    """Rows without an amount, with a figure in a column that Column mapping leaves out."""

    zh = "“{amount}”空白、只有“{header}”的 {rows_zh}按“列对应”的“忽略”没有计入。"
    en = "'{amount}' is blank and only '{header}' is filled in {rows_en}: not counted, as field ignore says."
    remark = True


class CounterUnreadable(Repeated):
    """A figure that is to be taken off and cannot be read."""

    zh = "“{header}”的“{value}”认不出,没法从金额里减去,没有计入。请填数字,外币的写法和金额一致。"
    en = (
        "'{value}' of '{header}' cannot be read, so it cannot be taken off: not counted. "
        "Enter a number, a currency as in the amount."
    )


class CounterSigns(Counted):
    """Figures below zero in a column that is taken off, beside others above zero."""

    zh = (
        "要减去的“{header}”列里有正数,也有 {rows_zh}负数。负数当作冲回,加回了 {sum}。"
        "如果负数也是要减的,请把这一列都改成正数。"
    )
    en = (
        "Column '{header}', which is taken off, has figures above zero and {rows_en} below. Those were taken for "
        "reversals, and {sum} was added back. If they are to be taken off too, write all of them above zero."
    )


class Counters(Struct, frozen=True):
    """The figures of such columns in the rows: column → amounts."""

    rows: Rows
    kinds: Mapping[int, CounterKind]
    amount: int
    figures: Mapping[int, Amounts] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Rows, columns: Columns, amount: int, unit: int) -> Counters:
        """Read the columns in the unit of the amounts."""
        kinds = columns.counters
        return cls(rows, kinds, amount, {i: read_amounts(rows.texts[i], unit, columns.currency) for i in kinds})

    def take_off(self, amounts: Amounts) -> None:
        """Take the columns off that Column mapping says; a blank amount beside such a figure is zero."""
        for i, kind in self.kinds.items():
            if kind == "subtract":
                micros = self.figures[i].micros
                amounts.micros[:] -= micros if self._mixed(i) else np.abs(micros)
                amounts.readable[:] |= self.figures[i].readable & self.rows.amounts.is_null().to_numpy()

    def sift(self, sieve: Sieve) -> None:
        """Set the rows aside that hold nothing but such a figure."""
        amount = self.rows.header(self.amount)
        for i, kind in self.kinds.items():
            header, text = self.rows.header(i), self.rows.texts[i].cast(pl.String)
            if kind == "subtract":
                unread = ~self.figures[i].readable & text.is_not_null().to_numpy()
                sieve.each(unread, i, text, lambda value, header=header: CounterUnreadable(header=header, value=value))  # type: ignore[misc]
            alone = self._filled(i) & ~sieve.amounts.readable & self.rows.amounts.is_null().to_numpy()
            fault = CounterIgnored if kind == "ignore" else CounterAlone
            sieve.as_one(alone, i, header, fault, header=header, amount=amount)

    def doubts(self, amounts: Amounts, accepted: Bools) -> list[Problem]:
        """Report figures that were not taken off, if rows hold either them or an amount: beside amounts they may be
        off already.
        """
        problems = []
        for i, kind in self.kinds.items():
            filled = self._filled(i)
            mask = filled & accepted
            back = (self.figures[i].micros < 0) & accepted
            if kind == "subtract" and self._mixed(i) and back.any():
                sum_, n = int(self.figures[i].micros[back].sum()), int(back.sum())
                mixed = CounterSigns(header=self.rows.header(i), count=n, sum=f"{-sum_ / MICROS:,.2f}")
                place = self.rows.place(int(np.argmax(back)), i)
                problems.append(Problem.note(place, "", mixed, sum_, n))
            if kind != "asked" or not mask.any() or not (filled & (amounts.micros == 0)).any():
                continue
            total, count = int(self.figures[i].micros[mask].sum()), int(mask.sum())
            fault = CounterUntold(
                header=self.rows.header(i), amount=self.rows.header(self.amount), count=count,
                sum=f"{total / MICROS:,.2f}",
            )  # fmt: skip
            problems.append(Problem.note(self.rows.place(int(np.argmax(mask)), i), "", fault, total, count))
        return problems

    def _mixed(self, column: int) -> bool:
        """Whether some figures of a column are above zero and some below: these take back what was taken off."""
        micros = self.figures[column].micros
        return bool((micros < 0).any() and (micros > 0).any())

    def _filled(self, column: int) -> Bools:
        filled: Bools = self.figures[column].micros != 0
        return filled
