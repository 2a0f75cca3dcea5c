"""Amounts as texts with the mark of a currency, `$5`, `USD 1,200.00`, `5万美元`: its meaning, and the amount alone."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
import polars as pl

from xlsales.core.expressions import expression
from xlsales.tables.cells.amounts import read_amounts
from xlsales.values.amount_text import is_amount
from xlsales.values.units import Unit, among, read_unit
from xlsales.vocabulary.contract import CNY

_PATTERN = (
    r"^(\()?\s*([+-])?\s*([^\d.,()+\-\s][^\d.,()+\-]*?)?\s*([+-])?\s*(\()?\s*"
    r"(\d(?:[\d.,' ]*\d)?\.?|\.\d+)\s*(\))?\s*([^\d.,()+\-]*?)\s*(\))?(-)?$"
)
_NUMBER_WITH_MARKS = expression(_PATTERN)
_PARTS = ["bracket", "sign", "front", "sign_2", "bracket_2", "number", "end_2", "behind", "end", "sign_3"]
"""What the groups of the pattern are; `front` and `behind` are marks."""
MAY_BE_MARKED = expression(r"[('+\-\s]*[^\d.,()+\-]{0,8}[('+\-\s]*[\d.][\d.,' ]*[)\s]*[^\d.,()+\-]{0,8}[)\-]*")
"""What such an amount looks like, at a glance."""
_SCALES = {1: "", 10**3: "千", 10**4: "万", 10**6: "百万", 10**7: "千万", 10**8: "亿"}
_COMMA_DECIMALS = frozenset(["EUR", "CHF", "DKK", "SEK", "NOK", "PLN", "RUB", "TRY", "BRL", "VND", "IDR"])
"""In these currencies `5,50` has a decimal comma."""
_SCHEMA = {"at": pl.Int64, "shown": pl.String, "code": pl.String, "text": pl.String, "bare": pl.Boolean,
           "loose": pl.Boolean}  # fmt: skip
_MEANING = {"front": pl.String, "behind": pl.String, "code": pl.String, "scale": pl.String, "bare": pl.Boolean,
            "loose": pl.Boolean}  # fmt: skip


def has_mark(text: str) -> bool:
    """Whether a text is a number with marks that mean a currency."""
    parts = _NUMBER_WITH_MARKS.fullmatch(unicodedata.normalize("NFKC", text).strip(" '").lower())
    front, behind = (parts[3] or "", parts[8] or "") if parts else ("", "")
    return bool(front or behind) and _meaning(front, behind, "") is not None


def split_marks(texts: pl.Series, *, own: bool, currency: str = CNY) -> pl.DataFrame:
    """Return the texts that are amounts with the mark of a currency: their places, its code, the text without it.

    `own`: also those in the plan's `currency` that can be read as they are. `bare` ones name no scale; `loose` ones
    have a mark of several currencies. A text with a mark but no scale, `5 USD`, is 5 of the plan's currency.
    """
    odd = texts.str.contains(r"[^\d.,()+\-eE\s']").fill_null(False) if texts.dtype == pl.String else None
    if odd is None or not odd.any():
        return pl.DataFrame(schema=_SCHEMA)
    at = np.flatnonzero(odd.to_numpy())
    in_full = "元" if currency == CNY else currency.lower()
    parts = _parts(texts.gather(at).unique(maintain_order=True))
    marks = parts.select("front", "behind").unique(maintain_order=True)
    meanings = [
        (*mark, *meaning) for mark in marks.iter_rows() if (meaning := _meaning(mark[0], mark[1], in_full)) is not None
    ]
    of_mark = pl.DataFrame(meanings, _MEANING, orient="row")
    amounts = _amounts(parts.join(of_mark, on=["front", "behind"], how="inner", maintain_order="left"), currency)
    if not own:
        in_own = amounts.filter(pl.col("code") == currency).get_column("shown").to_list()
        amounts = amounts.filter(~pl.col("shown").is_in([text for text in in_own if is_amount(text, currency)]))
    rows = pl.DataFrame({"at": at.astype(np.int64), "shown": texts.gather(at)})
    return rows.join(amounts, on="shown", how="inner", maintain_order="left").select(*_SCHEMA)


def _parts(texts: pl.Series) -> pl.DataFrame:
    """The parts of the texts that are a number with a mark, `shown` as they are; a part that is missing is blank."""
    plain = pl.col("shown").str.normalize("NFKC").str.strip_chars(" '").str.to_lowercase()
    groups = plain.str.extract_groups(_PATTERN).struct.rename_fields(_PARTS)
    parts = pl.DataFrame({"shown": texts}).with_columns(groups.alias("parts")).unnest("parts")
    parts = parts.filter(pl.col("number").is_not_null() & (pl.col("front").is_not_null() | (pl.col("behind") != "")))
    return parts.with_columns(pl.col(_PARTS).fill_null(""))


def _amounts(parts: pl.DataFrame, currency: str) -> pl.DataFrame:
    """The amounts alone, with what their marks mean; `€1.200`, which may be either, is left out."""
    number, commas = pl.col("number"), pl.col("code").is_in(sorted(_COMMA_DECIMALS))
    decimal = commas & number.str.contains(r"^\d+,\d{1,2}$")
    plain = pl.when(decimal).then(number.str.replace(",", ".", literal=True)).otherwise(number)
    before, after = ("bracket", "sign", "sign_2", "bracket_2"), ("end_2", "end", "sign_3")
    amounts = parts.filter(~(commas & number.str.contains(r"^\d{1,3}\.\d{3}$"))).select(
        "shown", "code", "bare", "loose", text=pl.concat_str(*before, plain, "scale", *after)
    )
    return amounts.filter(pl.Series(read_amounts(amounts.get_column("text"), 1, currency).readable, dtype=pl.Boolean))


@lru_cache(1024)
def _meaning(front: str, behind: str, in_full: str) -> tuple[str, str, bool, bool] | None:
    """The currency and scale that the marks around a number mean, whether they name no scale, whether they are loose.

    None if they are no currency, or two.
    """
    before, after = (read_unit(mark) if mark.strip() else Unit(1) for mark in (front, behind))
    if before is None or after is None or before.scale * after.scale not in _SCALES:
        return None
    currencies = {str(unit.currency) for unit in (before, after) if unit.currency is not None}
    if len(currencies) == 2 and currencies <= among(front):
        currencies = {str(after.currency)}
    elif len(currencies) == 2 and currencies <= among(behind):
        currencies = {str(before.currency)}
    if len(currencies) != 1:
        return None
    loose = all(among(mark) for mark in (front, behind) if mark.strip())
    bare = not behind.strip() and before.scale == 1
    scale = before.scale * after.scale
    return currencies.pop(), "" if bare else _SCALES[scale] or in_full, bare, loose
