"""Amounts in cells that name a currency (`marks`): converted by a rate of Column mapping, or set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from msgspec import Struct

from xlsales.tables.cells.amounts import Amounts
from xlsales.tables.columns.roles import Columns
from xlsales.tables.reasons import Counted
from xlsales.tables.rows.marks import Marks
from xlsales.tables.rows.meanings import scale
from xlsales.tables.rows.rows import Bools, Rows
from xlsales.tables.rows.sieve import Sieve
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.tables.words.units import rate_facts
from xlsales.values.units import DOLLARS, YENS, currency_of, meant


class RateUntold(Counted):
    """Amounts that are written in another currency, without a rate."""

    zh = (
        "有 {rows_zh}的金额写的是外币 {code}(如“{value}”),没有计入。请在“列对应”里填写:"
        "字段 汇率,值 {code},倍数 每 1 {code} 合多少{currency}(如 {example})。"
    )
    en = (
        "{rows_en} with an amount in another currency, {code} (e.g. '{value}'): not counted. Enter in table "
        "Column mapping field rate, value {code} and as factor how many {currency} 1 {code} is (e.g. {example})."
    )


class ScaleUntold(Counted):
    """Amounts in another currency that name no scale, in a table of thousands and the like."""

    zh = (
        "有 {rows_zh}的金额写的是外币 {code}(如“{value}”),而表里的单位是 {unit:,} {currency},看不出是多少,没有计入。"
        "请写全,如 {number} {code}。"
    )
    en = (
        "{rows_en} with an amount in {code} (e.g. '{value}') in a table with the unit {unit:,} {currency}: it is "
        "not known "
        "how much that is, so it was not counted. Write it in full, like {number} {code}."
    )


class CurrenciesDiffer(Counted):
    """Amounts in a cell that names another currency than the currency's column beside."""

    zh = "有 {rows_zh}的金额写的是 {code}(如“{value}”),同一行的“{header}”却是“{other}”,没有计入。请改成一致的。"
    en = (
        "{rows_en} with an amount in {code} (e.g. '{value}'), but '{header}' says '{other}': not counted. "
        "Make them agree."
    )


class Rates(Struct, frozen=True):
    """What became of the amounts that name a currency: `settled` ones need no other rate, `aside` are not counted."""

    settled: Bools
    aside: tuple[tuple[Bools, type[Counted], Mapping[str, Any]], ...] = ()

    def sift(self, sieve: Sieve) -> None:
        """Set aside what cannot be counted, one finding for each currency."""
        for mask, kind, facts in self.aside:
            sieve.as_one(mask, sieve.rows.amount_column, facts["value"], kind, **facts)


def convert_currencies(
    rows: Rows, marks: Marks, columns: Columns, rules: Sequence[MappingRule], unit: int, amounts: Amounts
) -> Rates:
    """Convert the amounts in cells that name a currency; `unit`: how much 1 of the table's amounts is."""
    settled = np.zeros(rows.count, bool)
    if not marks.names:
        return Rates(settled)
    rates = {currency_of(row.value or ""): row.factor or 1.0 for row in rules if row.kind == "rate"}
    beside = next((column for column, kind in columns.meanings.items() if kind == "currency"), None)
    aside: dict[tuple[type[Counted], str, str | None], Bools] = {}

    def leave(kind: type[Counted], mask: Bools, currency: str, other: str | None = None) -> None:
        if mask.any():
            key = (kind, currency, other)
            aside[key] = aside[key] | mask if key in aside else mask

    plans = columns.currency
    for code, loose, other, mine in _kinds(rows, marks, beside):
        own_currency = meant(other, currency_of(other), plans) if other else None
        possible = next((group for group in (DOLLARS, YENS) if loose and code in group), frozenset())
        currency = next((one for one in (own_currency, columns.foreign, plans) if one in possible), None) or code
        settled |= mine & amounts.readable
        mask = mine & amounts.readable & (amounts.micros != 0)  # nothing is nothing in any currency
        if own_currency is not None and own_currency != currency:
            leave(CurrenciesDiffer, mask, currency, other)
        elif currency != plans and currency not in rates:
            leave(RateUntold, mask, currency)
        elif currency != plans:
            bare = mask & marks.bare if unit != 1 and currency not in (own_currency, columns.foreign) else mask & False
            leave(ScaleUntold, bare, currency)
            scale(amounts, mask & ~bare, rates[currency])
    findings = []
    for (kind, currency, other), mask in aside.items():
        amounts.micros[mask], amounts.readable[mask] = 0, False
        value = marks.cell(int(np.argmax(mask)))
        number = "".join(char for char in value if char in "0123456789.,")
        header = rows.header(beside or 0)
        facts: dict[str, Any] = {"value": value, "other": other, "unit": unit, "number": number, "header": header}
        facts |= rate_facts(currency, plans)
        findings.append((mask, kind, facts))
    return Rates(settled, tuple(findings))


def _kinds(rows: Rows, marks: Marks, beside: int | None) -> list[tuple[str, bool, str | None, Bools]]:
    """The records that name a currency, by what they and the column of currencies say."""
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, rows.count)
    table = pl.DataFrame({
        "code": pl.Series(marks.codes), "loose": pl.Series(marks.loose),
        "other": blank if beside is None else rows.texts[beside], "at": np.arange(rows.count),
    }).filter(pl.col("code") >= 0)  # fmt: skip
    kinds = []
    for code, loose, other, records in (
        table.group_by("code", "loose", "other", maintain_order=True).agg("at").iter_rows()
    ):
        mask = np.zeros(rows.count, bool)
        mask[records] = True
        kinds.append((marks.names[code], loose, other, mask))
    return kinds
