"""Amounts as people type them, read as meant, in exact millionths of a yuan.

`1,234.50`, `２０００`, `2000万`, `1.2亿`, `¥1,200`, `(500)`, `500-`, `1 234` are
amounts; `50%`, `TRUE`, a date, `约500` are not. An amount that names its unit
(`2000万`, `500元`) means that unit, whatever the unit of the column is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.plan import MICROS

UNIT_WORDS: dict[str, int] = {
    "元": 1, "圆": 1, "块": 1, "yuan": 1, "rmb": 1, "cny": 1,
    "千": 1_000, "千元": 1_000, "thousandyuan": 1_000,
    "万": 10_000, "万元": 10_000, "w": 10_000, "10kyuan": 10_000,
    "百万": 1_000_000, "百万元": 1_000_000, "millionyuan": 1_000_000,
    "千万": 10_000_000, "千万元": 10_000_000,
    "亿": 100_000_000, "亿元": 100_000_000, "100myuan": 100_000_000,
}  # fmt: skip
"""What a unit written beside an amount or in a header is worth in yuan."""

MOST_YUAN = 9_000_000_000_000
"""An amount from here on does not fit the exact sums (int64 millionths)."""

_EXACT = float(1 << 49)
"""Below this many micros a float times 1e6 rounds to the true micro; above, decimals are used."""

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,3}(?: \d{3})+(?:\.\d*)?|\d+\.?\d*(?:e[+-]?\d{1,2})?|\.\d+")
_PARTS = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[+-])?\s*(?:¥|rmb|cny|人民币)?\s*(?P<inner>[+-])?\s*"
    r"(?P<number>[\d.,e+\- ]*?\d\.?)\s*(?P<unit>[^\d.,()\s+-]*)\s*(?P<close>\))?(?P<last>-)?"
)
_GROUPED = r"^[+-]?¥?\d{1,3}(,\d{3})+(\.\d+)?$"


@dataclass(frozen=True)
class Amounts:
    """Amounts of rows: `micros` (int64, 0 where not readable) and `readable` (bool), one per row."""

    micros: NDArray[np.int64]
    readable: NDArray[np.bool_]


def read_amount(text: str) -> tuple[Decimal, int | None] | None:
    """Read one amount: its number and the unit it names itself (yuan per 1, or None). None: not an amount."""
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'").casefold()
    plain = plain.replace("−", "-").replace("–", "-").replace("￥", "¥")
    parts = _PARTS.fullmatch(plain)
    if parts is None or bool(parts["open"]) != bool(parts["close"]):
        return None
    minuses = [sign for sign in (parts["sign"], parts["inner"], parts["last"], parts["open"]) if sign]
    unit = UNIT_WORDS.get(parts["unit"]) if parts["unit"] else None
    if len(minuses) > 1 or (parts["unit"] and unit is None) or not _NUMBER.fullmatch(parts["number"]):
        return None
    try:
        number = Decimal(parts["number"].replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None
    return (-number if minuses and minuses[0] != "+" else number), unit


def read_amounts(texts: pl.Series, factor: int = 1) -> Amounts:
    """Read a column of amounts, text or numbers, in units of `factor` yuan. Blank cells are not readable."""
    if texts.dtype != pl.String and not texts.dtype.is_numeric():  # dates and the like are no amounts
        texts = texts.cast(pl.String)
    number = _finite(texts.cast(pl.Float64, strict=False))
    if number.null_count() > texts.null_count():
        plain = texts.str.strip_chars()
        grouped = plain.str.contains(_GROUPED)
        degrouped = plain.str.replace_all("[,¥]", "").cast(pl.Float64, strict=False)
        number = pl.select(pl.when(number.is_null() & grouped).then(degrouped).otherwise(number)).to_series()
    scaled = number.fill_null(0.0).to_numpy() * (float(factor) * MICROS)
    readable = number.is_not_null().to_numpy().copy()
    large = np.abs(scaled) >= _EXACT
    micros = np.rint(np.where(large, 0.0, scaled)).astype(np.int64)
    doubtful = (texts.is_not_null().to_numpy() & ~readable) | large
    rows = np.flatnonzero(doubtful)
    if rows.size:
        known: dict[str, int | None] = {}
        for row, text in zip(rows.tolist(), texts.gather(rows).cast(pl.String).to_list(), strict=True):
            if text not in known:
                known[text] = _micros(text, factor)
            value = known[text]
            readable[row] = value is not None
            micros[row] = value or 0
    return Amounts(micros, readable)


def multiply(quantities: pl.Series, prices: pl.Series, factor: int = 1) -> Amounts:
    """Quantity times unit price of each row; readable where both are."""
    quantity, price = read_amounts(quantities), read_amounts(prices, factor)
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


def _micros(text: str, factor: int) -> int | None:
    amount = read_amount(text)
    if amount is None:
        return None
    number, unit = amount
    yuan = number * (factor if unit is None else unit)
    return round(yuan * MICROS) if abs(yuan) < MOST_YUAN else None


def _finite(numbers: pl.Series) -> pl.Series:
    """The numbers, with `nan` and `inf` (which are words, not amounts) made null."""
    return numbers.set(~numbers.is_finite(), None) if not numbers.is_finite().all() else numbers
