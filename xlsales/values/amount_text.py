"""One amount as a person types it, read as meant.

`1,234.50`, `２０００`, `2000万`, `1.2亿`, `¥1,200`, `(500)`, `500-`, `1 234` are
amounts; `50%`, `TRUE`, a date, `约500` are not. An amount that names its unit
(`2000万`, `500元`) means that unit, whatever the unit of the column is.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from xlsales.core.expressions import expression
from xlsales.core.text import narrow
from xlsales.values.units import scale_of, signs_of
from xlsales.vocabulary.contract import CNY


class Amount(NamedTuple):
    """An amount: its number, and how much 1 of the unit is that it names itself, None if it names none."""

    number: Decimal
    unit: int | None = None


_NUMBER = expression(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,3}(?: \d{3})+(?:\.\d*)?|\d+\.?\d*(?:e[+-]?\d{1,2})?|\.\d+")
_FRONT_OF_YUAN = ("¥", "rmb", "cny", "人民币")


@lru_cache(64)
def _parts(currency: str) -> re.Pattern[str]:
    """The pattern of an amount, with or without the sign of the plan's currency in front."""
    signs = "|".join(map(re.escape, _FRONT_OF_YUAN if currency == CNY else signs_of(currency)))
    return re.compile(
        rf"(?P<open>\()?\s*(?P<sign>[+-])?\s*(?:{signs})?\s*(?P<inner>[+-])?\s*"
        r"(?P<number>[\d.,e+\- ]*?\d\.?)\s*(?P<unit>[^\d.,()\s+-]*(?: [^\d.,()\s+-]+)*)\s*(?P<close>\))?(?P<last>-)?"
    )


_LONGEST = 1_000
"""No amount has so many characters: arithmetic with more digits than that overflows."""


def is_amount(text: str, currency: str = CNY) -> bool:
    """Whether a text is an amount at first sight, as in columns of amounts: `18k` may be a kind of gold."""
    return _read(text, currency) is not None


def read_amount(text: str, decimal_commas: bool = False, currency: str = CNY) -> Amount | None:
    """Read one amount; None if it is none, or in another currency than the plan's, `currency`.

    `decimal_commas`: others beside it show that `7,50` is a decimal.
    """
    return _read(text, currency) or _read(_in_plain_form(text, decimal_commas), currency)


def read_share(text: str) -> Decimal | None:
    """Read a percentage, `95%` → 0.95; None for other texts."""
    plain = narrow(text)
    share = _read(plain.replace("%", "", 1)) if plain.rstrip(")").endswith("%") else None
    return None if share is None or share.unit is not None else share.number / 100


def _read(text: str, currency: str = CNY) -> Amount | None:
    if len(text) > _LONGEST:
        return None
    plain = narrow(text).lstrip("'").casefold()
    plain = plain.replace("−", "-").replace("–", "-").replace("￥", "¥")
    parts = _parts(currency).fullmatch(plain)
    if parts is None or bool(parts["open"]) != bool(parts["close"]):
        return None
    minuses = [sign for sign in (parts["sign"], parts["inner"], parts["last"], parts["open"]) if sign]
    unit = scale_of(parts["unit"], currency) if parts["unit"] else None
    if len(minuses) > 1 or (parts["unit"] and unit is None) or not _NUMBER.fullmatch(parts["number"]):
        return None
    try:
        number = Decimal(parts["number"].replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None
    return Amount(-number if minuses and minuses[0] != "+" else number, unit)


SURE_COMMA = r"(?:\d{1,3}(?:[. ']\d{3})+|\d{4,}|0),\d{1,2}"
"""A number with a comma that can only be a decimal one."""
_GROUPS = r"\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:'\d{3})+(?:\.\d+)?"
_SURE = expression(rf"([^\d.,]*)({SURE_COMMA}|{_GROUPS})([^\d.,]*)")
_COMMA = expression(r"([^\d.,]*)(\d+,\d{1,2})([^\d.,]*)")
_THOUSANDS = expression(r"([^a-z]*\d)\s*k([^a-z]*)", re.IGNORECASE)


def _in_plain_form(text: str, decimal_commas: bool) -> str:
    """An amount as it is written elsewhere, in the form that is read: `1.234,56`, `1.234.567`, `12.5k`.

    What may mean two things stays as it is: `1.234` is no thousand here, `12m` may be of anything, and `7,50` is a
    decimal only among others that are.
    """
    plain = narrow(text)
    plain = _THOUSANDS.sub(r"\1千\2", plain) if _THOUSANDS.fullmatch(plain) else plain
    match = _SURE.fullmatch(plain) or (_COMMA.fullmatch(plain) if decimal_commas else None)
    if match is None:
        return plain
    number = match[2].replace("'", "")
    if "," in number or number.count(".") > 1:
        number = number.replace(".", "").replace(" ", "").replace(",", ".")
    return f"{match[1]}{number}{match[3]}"
