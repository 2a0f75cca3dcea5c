"""Columns that change what an amount means: returns, cancelled orders, another currency.

Column mapping says what becomes of such rows (`rules`). Other values with amounts that matter are warned about, with
their sums. Nothing is asked if the amounts have the sign already, or if nothing speaks against the rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core import a1
from xlsales.core.faults import Fault, Problem
from xlsales.core.plan import MICROS
from xlsales.core.text import identity as plain
from xlsales.tables.cells.amounts import Amounts
from xlsales.tables.files.grids import text_of
from xlsales.tables.reasons import Counted
from xlsales.tables.rows.rows import Bools, Rows
from xlsales.tables.rows.sieve import Sieve
from xlsales.tables.words.header_words import named_columns, normal
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.tables.words.meaning_words import is_sales, odd_values
from xlsales.tables.words.units import rate_facts
from xlsales.values.steps import MOST_YUAN
from xlsales.values.units import currency_of, read_unit
from xlsales.vocabulary.contract import CNY

_EXACT = float(1 << 49)
_LISTED = 6
"""So many values of a column are listed one by one."""


class ConvertedTooLarge(Fault):
    """Amounts that do not fit the exact arithmetic once they are converted."""

    zh = "“列对应”的汇率 {rate} 使金额超过 9 万亿。请核对汇率。"
    en = "Rate {rate} of Column mapping makes amounts of more than 9 trillion. Check the rate."


class _OfValues(Counted):
    """Values of a column that may mean something else than a sale, with their rows and sums."""

    def __init__(self, *, values: Sequence[tuple[str, int, int]], rest: int, **facts: Any) -> None:
        some = values[:_LISTED]
        zh = "、".join(f"“{value}”{n} 行 {micros / MICROS:,.2f}" for value, n, micros in some)
        en = ", ".join(
            f"'{value}' {n} {'row' if n == 1 else 'rows'} {micros / MICROS:,.2f}" for value, n, micros in some
        )
        more_zh, more_en = (" 等", " and more") if len(values) > _LISTED else ("", "")
        super().__init__(
            count=sum(n for _, n, _ in values), values_zh=zh + more_zh, values_en=en + more_en,
            rest=f"{rest / MICROS:,.2f}", value=values[0][0], **facts,
        )  # fmt: skip


class SignUntold(_OfValues):
    """Rows that seem to take something off, with amounts above zero."""

    zh = (
        "“{header}”列里有 {values_zh},按正数加上了(其余合计 {rest})。如果要减去,请在“列对应”里填写:"
        "字段 符号,表头 {header},值 {value};本来就该加,字段填 计入。"
    )
    en = (
        "Column '{header}' has {values_en}, which were added (the rest is {rest}). To take them off, enter in table "
        "Column mapping field sign, header {header}, value {value}; if they do add, enter field include."
    )


class StatusUntold(_OfValues):
    """Rows that seem to be no sale, with amounts."""

    zh = (
        "“{header}”列里有 {values_zh},照样计入了(其余合计 {rest})。如果不该计入,请在“列对应”里填写:"
        "字段 排除,表头 {header},值 {value};该计入,字段填 计入。"
    )
    en = (
        "Column '{header}' has {values_en}, counted all the same (the rest is {rest}). Not to count them, enter in "
        "table Column mapping field exclude, header {header}, value {value}; if they count, enter field include."
    )


class CurrencyUntold(_OfValues):
    """Amounts of another currency, without a rate."""

    zh = (
        "“{header}”列里有 {values_zh},没有汇率,按{currency}计入了(其余合计 {rest})。请在“列对应”里填写:"
        "字段 汇率,表头 {header},值 {value},倍数 每 1 {value} 合多少{currency}(如 {example})。"
    )
    en = (
        "Column '{header}' has {values_en}, counted as {currency} because there is no rate (the rest is {rest}). "
        "Enter in "
        "table Column mapping field rate, header {header}, value {value} and as factor how many {currency} 1 "
        "{value} is (e.g. {example})."
    )


class UnitUntold(_OfValues):
    """Rows with amounts in a unit of their own."""

    zh = (
        "“{header}”列里有 {values_zh},没有换算,按同一单位计入了(其余合计 {rest})。请在“列对应”里填写:"
        "字段 汇率,表头 {header},值 {value},倍数 {scale};本来就不用换算,字段填 计入。"
    )
    en = (
        "Column '{header}' has {values_en}, counted in one unit with the others (the rest is {rest}). Enter in table "
        "Column mapping field rate, header {header}, value {value} and factor {scale}; if they need no conversion, "
        "enter field include."
    )


class Excluded(Counted):
    """Rows that Column mapping excludes."""

    zh = "{header}“{value}”:{rows_zh}按“列对应”的“排除”没有计入。"
    en = "{header} '{value}': {rows_en} not counted, as field exclude of Column mapping says."
    remark = True


class NoSales(Counted):
    """Rows of another figure than sales, beside rows of sales: targets, rates, pieces."""

    zh = (
        "“{header}”列的“{value}”不是销售额,{rows_zh}没有计入。"
        "如要计入,请在“列对应”里填写:字段 计入,表头 {header},值 {value}。"
    )
    en = (
        "'{value}' in column '{header}' is no figure of sales: {rows_en} not counted. "
        "To count them, enter in table Column mapping field include, header {header}, value {value}."
    )
    remark = True


class NoSalesUnnamed(NoSales):
    """The same in a column without a header, which Column mapping cannot name."""

    zh = (
        "{letters} 列的“{value}”不是销售额,{rows_zh}没有计入。"
        "如要计入,请给这一列写上表头 项目,再在“列对应”里填写:字段 计入,表头 项目,值 {value}。"
    )
    en = (
        "'{value}' in column {letters} is no figure of sales: {rows_en} not counted. "
        "To count them, head this column Item; then enter in table Column mapping field include, header Item, value "
        "{value}."
    )


class SignsMixed(Counted):
    """Rows that are taken off, of which some are below zero already."""

    zh = "{header}“{value}”里 {rows_zh}本来就是负数,保持负数;其余的变成负数。请核对。"
    en = "{header} '{value}': {rows_en} below zero already, left so; the others were made negative. Check them."


class Meanings(Struct, frozen=True):
    """The columns of a table that change meanings, and what Column mapping says of them."""

    rows: Rows
    columns: Mapping[int, str]
    rules: Sequence[MappingRule]
    foreign: str | None = None
    currency: str = CNY

    def apply(self, amounts: Amounts, settled: Bools) -> list[Problem]:
        """Give amounts the sign and the rate of Column mapping: a return that is below zero already stays so.

        `settled` ones name their currency themselves, and are in the plan's.
        """
        problems = []
        converted = settled.copy()
        for row in self.rules:
            for column in self._columns_of(row) if row.kind in ("rate", "sign") else ():
                mask = self._mask(column, row)
                if row.kind == "rate":
                    scale(amounts, mask & ~converted, row.factor or 1.0)
                    converted |= mask
                elif row.kind == "sign" and (row.factor is None or row.factor < 0):
                    below = mask & (amounts.micros < 0)
                    if below.any() and (mask & (amounts.micros > 0)).any():
                        fault = SignsMixed(header=self.rows.header(column), value=row.value, count=int(below.sum()))
                        place = self.rows.place(int(np.argmax(below)), column)
                        micros = amounts.micros[below]
                        problems.append(Problem.note(place, row.value or "", fault, int(micros.sum()), len(micros)))
                    amounts.micros[mask] = -np.abs(amounts.micros[mask])
        rate = next(
            (r.factor for r in self.rules if r.kind == "rate" and currency_of(r.value or "") == self.foreign), None
        )
        if self.foreign is not None and rate is not None:
            scale(amounts, ~converted, rate)
        return problems

    def sift(self, sieve: Sieve) -> None:
        """Set aside what Column mapping excludes, and rows of other figures beside those of sales."""
        for row in self.rules:
            for column in self._columns_of(row) if row.kind == "exclude" else ():
                header = self.rows.header(column)

                def fault(value: str, count: int, _: int, header: str = header) -> Fault:
                    return Excluded(header=header, value=value, count=count, cells=self.rows.wide)

                sieve.grouped(self._mask(column, row), column, self.rows.texts[column], fault)

        for column, kind in self.columns.items():
            if kind == "measure":
                self._sift_figures(sieve, column)

    def _sift_figures(self, sieve: Sieve, column: int) -> None:
        text = self.rows.texts[column]
        values = text.unique().drop_nulls().to_list()
        if not any(is_sales(value) for value in values):
            return
        answered = {plain(row.value or "") for row in self.rules if column in self._columns_of(row)}
        others = [value for value in values if is_sales(value) is False and plain(value) not in answered]
        header, letters = self.rows.header(column), a1.letters(column + self.rows.first_column)
        kind = NoSales if header else NoSalesUnnamed

        def fault(value: str, count: int, _: int) -> Fault:
            return kind(value=value, count=count, cells=self.rows.wide, header=header, letters=letters)

        mask = text.is_in(others).fill_null(False).to_numpy()
        sieve.grouped(mask, column, text, fault)

    def doubts(self, amounts: Amounts, accepted: Bools, settled: Bools) -> list[Problem]:
        """Warn of values that may be no sale, if their amounts matter and Column mapping does not name them."""
        problems = []
        for column, kind in self.columns.items():
            if kind == "mapped":
                continue
            problem = self._doubt(column, kind, amounts, accepted & ~settled if kind == "currency" else accepted)
            problems += [problem] if problem else []
        return problems

    def _doubt(self, column: int, kind: str, amounts: Amounts, accepted: Bools) -> Problem | None:
        text = self.rows.texts[column]
        micros = pl.Series(amounts.micros)
        sums = (
            pl.DataFrame({"value": text, "micros": micros, "kept": pl.Series(accepted), "at": np.arange(len(accepted))})
            .filter(pl.col("kept") & (pl.col("micros") != 0))
            .group_by("value")
            .agg(pl.len(), pl.col("micros").sum(), (pl.col("micros") > 0).sum().alias("above"), pl.col("at").min())
            .sort("at")
        )
        answered = {plain(row.value or "") for row in self.rules if column in self._columns_of(row)}
        if kind == "currency":
            answered = {*answered, *(plain(v) for v in text.unique().drop_nulls() if self._has_rate(v, column))}
        values = [(v or "", n, m, above, at) for v, n, m, above, at in sums.iter_rows()]
        counts = [(v, above) for v, _, _, above, _ in values]
        odd = set(odd_values(kind, counts, self.rows.header(column), self.currency))
        open_values = [(v, n, m, at) for v, n, m, _, at in values if v in odd and plain(v) not in answered]
        if not open_values or (kind not in ("currency", "unit") and len(values) < 2):
            return None
        open_values.sort(key=lambda row: -abs(row[2]))
        rest = sum(m for v, _, m, _, _ in values if v not in {a[0] for a in open_values})
        fault: type[_OfValues] = _FAULTS.get(kind, StatusUntold)
        says = normal(self.rows.header(column)) if kind == "flag" else open_values[0][0] if kind == "remark" else ""
        if re.search("退货|退款|退单|红|冲|return|refund|revers|storno", says.casefold()):
            fault = SignUntold
        unit = read_unit(open_values[0][0]) if kind == "unit" else None
        worth = unit.scale if unit is not None else 1
        listed = [(v, n, m) for v, n, m, _ in open_values]
        facts = rate_facts(currency_of(open_values[0][0]), self.currency)
        finding = fault(header=self.rows.header(column), values=listed, rest=rest, scale=worth, **facts)
        amount = sum(m for _, _, m, _ in open_values)
        place = self.rows.place(min(at for *_, at in open_values), column)
        return Problem.note(place, open_values[0][0], finding, amount, sum(n for _, n, _, _ in open_values))

    def _has_rate(self, value: str, column: int) -> bool:
        code = currency_of(value)
        return any(row.kind == "rate" and currency_of(row.value or "") == code for row in self.rules)

    def _columns_of(self, rule: MappingRule) -> list[int]:
        """The columns that a row of Column mapping speaks of; a rate without a header: those of currencies."""
        if rule.header is None:
            return [column for column, kind in self.columns.items() if kind == "currency" and rule.kind == "rate"]
        return [column for column in named_columns(self.rows.headers, rule.header) if column in self.columns]

    def _mask(self, column: int, rule: MappingRule) -> Bools:
        text = text_of(self.rows.texts[column])
        same = currency_of if rule.kind == "rate" and self.columns[column] == "currency" else plain
        values = [value for value in text.unique().drop_nulls().to_list() if same(value) == same(rule.value or "")]
        mask: Bools = text.is_in(values).fill_null(False).to_numpy()
        return mask


_FAULTS: dict[str, type[_OfValues]] = {"currency": CurrencyUntold, "sign": SignUntold, "unit": UnitUntold}


def scale(amounts: Amounts, mask: NDArray[np.bool_], rate: float) -> None:
    """Give amounts the rate of their currency. Raises `ConvertedTooLarge`."""
    at = np.flatnonzero(mask)
    scaled = amounts.micros[at].astype(np.float64) * rate
    if at.size and np.abs(scaled).max() >= MOST_YUAN * MICROS:
        raise ConvertedTooLarge(rate=f"{rate:g}")
    small = np.abs(scaled) < _EXACT
    amounts.micros[at[small]] = np.rint(scaled[small]).astype(np.int64)
    exact = Decimal(repr(rate))
    for i in at[~small].tolist():
        amounts.micros[i] = round(int(amounts.micros[i]) * exact)
