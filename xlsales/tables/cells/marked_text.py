"""Amounts as texts with the mark of a currency, `$5`, `USD 1,200.00`, `5万美元`: what it says, and the amount alone."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from xlsales.tables.cells.amounts import read_amounts
from xlsales.values.amount_text import is_amount
from xlsales.values.units import DOLLARS, YENS, YUAN, Unit, read_unit

_PATTERN = (
    r"^(\()?\s*([+-])?\s*([^\d.,()+\-\s][^\d.,()+\-]*?)?\s*([+-])?\s*(\()?\s*"
    r"(\d(?:[\d.,' ]*\d)?\.?|\.\d+)\s*(\))?\s*([^\d.,()+\-]*?)\s*(\))?(-)?$"
)
"""Bracket, sign, mark, sign, bracket, number, bracket, mark, bracket, sign."""
MAY_BE_MARKED = re.compile(r"[('+\-\s]*[^\d.,()+\-]{0,8}[('+\-\s]*[\d.][\d.,' ]*[)\s]*[^\d.,()+\-]{0,8}[)\-]*")
"""What such an amount looks like, at a glance."""
_SCALES = {1: "元", 10**3: "千", 10**4: "万", 10**6: "百万", 10**7: "千万", 10**8: "亿"}
_COMMA_DECIMALS = frozenset(["EUR", "CHF", "DKK", "SEK", "NOK", "PLN", "RUB", "TRY", "BRL", "VND", "IDR"])
"""Where these are paid, `5,50` has a decimal comma."""


_NONE = pl.DataFrame(
    schema={
        "at": pl.Int64,
        "shown": pl.String,
        "code": pl.String,
        "text": pl.String,
        "bare": pl.Boolean,
        "loose": pl.Boolean,
    }
)


def split_marks(texts: pl.Series, *, yuan: bool) -> pl.DataFrame:
    """Which texts are amounts with the mark of a currency: their places, its code, and the text without it.

    `yuan`: those of yuan too that are read without this. `bare` ones name no scale; `loose` ones have a mark of
    several currencies. A text without a mark that names its scale, `5 USD`, is given that of one yuan.
    """
    if texts.dtype != pl.String:
        return _NONE
    odd = texts.str.contains(r"[^\d.,()+\-eE\s']").fill_null(False)
    if not odd.any():
        return _NONE
    at = np.flatnonzero(odd.to_numpy())
    known = texts.gather(at).unique(maintain_order=True)
    parts = pl.DataFrame({"text": known}).with_columns(
        pl.col("text").str.normalize("NFKC").str.strip_chars(" '").str.to_lowercase().str.extract_groups(_PATTERN)
        .struct.rename_fields([f"g{i}" for i in range(1, 11)]).alias("g")
    ).unnest("g").filter(pl.col("g6").is_not_null() & (pl.col("g3").is_not_null() | (pl.col("g8") != "")))  # fmt: skip
    if not parts.height:
        return _NONE
    blank = [pl.col(f"g{i}").fill_null("") for i in range(1, 11)]
    parts = parts.with_columns(blank).with_columns((pl.col("g3") + "\0" + pl.col("g8")).alias("key"))
    read = {key: _meaning(*key.split("\0")) for key in parts.get_column("key").unique().to_list()}
    sure = {key: unit for key, unit in read.items() if unit is not None}
    thousands = pl.col("g6").str.contains(r"^\d{1,3}\.\d{3}$")  # `€1.200` may be either
    points = [key for key, unit in sure.items() if unit[0].currency in _COMMA_DECIMALS]
    parts = parts.filter(pl.col("key").is_in(list(sure)) & ~(thousands & pl.col("key").is_in(points)))
    if not parts.height:
        return _NONE
    keys = list(sure)
    codes = [sure[key][0].currency for key in keys]
    scales = [_SCALES[sure[key][0].scale] if not sure[key][1] else "" for key in keys]
    named = pl.col("key").replace_strict(keys, codes, return_dtype=pl.String)
    comma = named.is_in(sorted(_COMMA_DECIMALS)) & pl.col("g6").str.contains(r"^\d+,\d{1,2}$")
    number = pl.when(comma).then(pl.col("g6").str.replace(",", ".", literal=True)).otherwise(pl.col("g6"))
    scale = pl.col("key").replace_strict(keys, scales, return_dtype=pl.String)
    parts = parts.select(
        shown=pl.col("text"),
        code=named,
        text=pl.concat_str("g1", "g2", "g4", "g5", number, scale, "g7", "g9", "g10"),
        bare=pl.col("key").replace_strict(keys, [sure[key][1] for key in keys], return_dtype=pl.Boolean),
        loose=pl.col("key").replace_strict(keys, [sure[key][2] for key in keys], return_dtype=pl.Boolean),
    )
    parts = parts.filter(pl.Series(read_amounts(parts.get_column("text")).readable))
    if not yuan:
        mine = (parts.get_column("code") == YUAN).to_numpy()
        plain = np.zeros(parts.height, bool)
        plain[mine] = [is_amount(text) for text in parts.get_column("shown").filter(pl.Series(mine))]
        parts = parts.filter(pl.Series(~plain))
    rows = pl.DataFrame({"at": at.astype(np.int64), "shown": texts.gather(at)})
    return rows.join(parts, on="shown", how="inner", maintain_order="left").select(_NONE.columns)


def _meaning(front: str, behind: str) -> tuple[Unit, bool, bool] | None:
    """What the marks before and behind a number say: the unit, whether none of them is a scale, whether it is loose.

    None where they are no currency, or two.
    """
    before, after = (read_unit(mark) if mark.strip() else Unit(1) for mark in (front, behind))
    if before is None or after is None or before.scale * after.scale not in _SCALES:
        return None
    currencies = {str(unit.currency) for unit in (before, after) if unit.currency is not None}
    if len(currencies) == 2 and currencies <= _among(front):
        currencies = {str(after.currency)}
    elif len(currencies) == 2 and currencies <= _among(behind):
        currencies = {str(before.currency)}
    if len(currencies) != 1:
        return None
    loose = all(_among(mark) for mark in (front, behind) if mark.strip())
    bare = not behind.strip() and before.scale == 1
    return Unit(before.scale * after.scale, currencies.pop()), bare, loose


def _among(mark: str) -> frozenset[str | None]:
    """The currencies that a mark may be of, where it may be of several."""
    return {"$": DOLLARS, "¥": YENS}.get(mark.strip(), frozenset())
