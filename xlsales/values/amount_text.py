"""One amount as a person types it, read as meant.

`1,234.50`, `２０００`, `2000万`, `1.2亿`, `¥1,200`, `(500)`, `500-`, `1 234` are
amounts; `50%`, `TRUE`, a date, `约500` are not. An amount that names its unit
(`2000万`, `500元`) means that unit, whatever the unit of the column is.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from xlsales.core.text import narrow

UNIT_WORDS: dict[str, int] = {
    "元": 1, "圆": 1, "块": 1, "yuan": 1, "rmb": 1, "cny": 1,
    "千": 1_000, "千元": 1_000, "thousandyuan": 1_000,
    "万": 10_000, "万元": 10_000, "w": 10_000, "10kyuan": 10_000,
    "百万": 1_000_000, "百万元": 1_000_000, "millionyuan": 1_000_000,
    "千万": 10_000_000, "千万元": 10_000_000,
    "亿": 100_000_000, "亿元": 100_000_000, "100myuan": 100_000_000,
}  # fmt: skip
"""What a unit written beside an amount or in a header is worth in yuan."""

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,3}(?: \d{3})+(?:\.\d*)?|\d+\.?\d*(?:e[+-]?\d{1,2})?|\.\d+")
_PARTS = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[+-])?\s*(?:¥|rmb|cny|人民币)?\s*(?P<inner>[+-])?\s*"
    r"(?P<number>[\d.,e+\- ]*?\d\.?)\s*(?P<unit>[^\d.,()\s+-]*)\s*(?P<close>\))?(?P<last>-)?"
)


_LONGEST = 1_000
"""No amount has so many characters: arithmetic with more digits than that overflows."""


def read_amount(text: str) -> tuple[Decimal, int | None] | None:
    """Read one amount: its number and the unit it names itself (yuan per 1, or None). None: not an amount."""
    if len(text) > _LONGEST:
        return None
    plain = narrow(text).lstrip("'").casefold()
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
