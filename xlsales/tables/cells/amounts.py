"""Columns of amounts as people type them (`amount_text`), in exact millionths."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.plan import MICROS
from xlsales.values.amount_text import SURE_COMMA, read_amount
from xlsales.values.steps import MOST_YUAN
from xlsales.values.units import DOLLARS
from xlsales.vocabulary.contract import CNY

_EXACT = float(1 << 49)
"""Below this many micros a float times 1e6 rounds to the true micro; above, decimals are used."""

_SIGNS = {CNY: "¥", "JPY": "¥", "EUR": "€", "GBP": "£", **dict.fromkeys(DOLLARS, "$")}
"""The sign that stands most often before amounts in a currency."""


class Amounts(Struct, frozen=True):
    """Amounts of rows: `micros` (int64, 0 if not readable) and `readable` (bool), one per row."""

    micros: NDArray[np.int64]
    readable: NDArray[np.bool_]


def read_amounts(texts: pl.Series, factor: int = 1, currency: str = CNY) -> Amounts:
    """Read a column of amounts, text or numbers, in units of `factor` of `currency`. Blank cells are not readable."""
    if texts.dtype != pl.String and not texts.dtype.is_numeric():  # dates and the like are no amounts
        texts = texts.cast(pl.String)
    if texts.dtype.is_float():
        texts = texts.fill_nan(None)
    number = _finite(texts.cast(pl.Float64, strict=False))
    if number.null_count() > texts.null_count():
        plain = texts.str.strip_chars()
        sign = re.escape(_SIGNS.get(currency, ""))
        grouped = plain.str.contains(rf"^[+-]?(?:{sign})?\d{{1,3}}(,\d{{3}})+(\.\d+)?$")
        degrouped = plain.str.replace_all(f"[,{sign}]", "").cast(pl.Float64, strict=False)
        number = pl.select(pl.when(number.is_null() & grouped).then(degrouped).otherwise(number)).to_series()
    with np.errstate(over="ignore"):  # what is too large is read as a decimal below
        scaled = number.fill_null(0.0).to_numpy() * (float(factor) * MICROS)
    readable = number.is_not_null().to_numpy().copy()
    large = np.abs(scaled) >= _EXACT
    micros = np.rint(np.where(large, 0.0, scaled)).astype(np.int64)
    doubtful = (texts.is_not_null().to_numpy() & ~readable) | large
    rows = np.flatnonzero(doubtful)
    if rows.size:
        by_text: dict[str, int | None] = {}
        odd_texts = texts.gather(rows).cast(pl.String)
        commas = bool(odd_texts.str.contains(f"^[^\\d.,]*{SURE_COMMA}[^\\d.,]*$").any()) and not _has_points(texts)
        for row, text in zip(rows.tolist(), odd_texts.to_list(), strict=True):
            if text not in by_text:
                by_text[text] = _micros(text, factor, commas, currency)
            value = by_text[text]
            readable[row] = value is not None
            micros[row] = value or 0
    return Amounts(micros, readable)


def multiply(quantities: pl.Series, prices: pl.Series, factor: int = 1, currency: str = CNY) -> Amounts:
    """Quantity times unit price of each row; readable if both are."""
    quantity, price = read_amounts(quantities), read_amounts(prices, factor, currency)
    readable = quantity.readable & price.readable
    product = quantity.micros.astype(np.float64) * price.micros / MICROS
    micros = np.zeros(len(product), np.int64)
    small = np.abs(product) < _EXACT
    micros[small] = np.rint(product[small])
    for row in np.flatnonzero(~small & readable).tolist():
        exact = round(Decimal(int(quantity.micros[row])) * int(price.micros[row]) / MICROS)
        readable[row] = abs(exact) < MOST_YUAN * MICROS
        micros[row] = exact if readable[row] else 0
    micros[~readable] = 0
    return Amounts(micros, readable)


_POINT = r"\.\d{1,2}$|,\d{3}"


def _has_points(texts: pl.Series) -> bool:
    """Whether some amounts have decimal points, or commas between thousands."""
    return texts.dtype != pl.String or bool(texts.str.contains(_POINT).any())


def _micros(text: str, factor: int, commas: bool, currency: str) -> int | None:
    amount = read_amount(text, commas, currency)
    if amount is None:
        return None
    in_full = amount.number * (amount.unit or factor)
    return round(in_full * MICROS) if abs(in_full) < MOST_YUAN else None


def _finite(numbers: pl.Series) -> pl.Series:
    """The numbers, with `nan` and `inf` (which are words, not amounts) made null."""
    return numbers.set(~numbers.is_finite(), None) if not numbers.is_finite().all() else numbers
