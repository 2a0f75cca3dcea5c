"""The words of a unit of money, `千元`, `RMB'000`, `10k`, `US$`: how much of which currency it is.

One table of words for the unit of a whole table, of a column's header and of a single amount.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from msgspec import Struct

from xlsales.core import text as core_text
from xlsales.core.expressions import expression
from xlsales.vocabulary.contract import CNY, CURRENCIES

_DIGITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "萬": 10**4, "w": 10**4,
           "亿": 10**8, "億": 10**8}  # fmt: skip
_SCALES = {
    word: scale
    for scale, words in {
        100: "hundred hundreds",
        1000: "k '000 000 '000s 000s thousand thousands thousandsof ths thsd thou tsd",
        10**4: "tenthousand tenthousands",
        10**5: "lakh lakhs",
        10**6: "m mm mn mln mio million millions millionsof",
        10**7: "crore crores",
        10**8: "hundredmillion hundredmillions",
        10**9: "b bn bln billion billions billionsof",
    }.items()
    for word in words.split()
}
_CURRENCIES = {
    CNY: "元 圆 块 块钱 人民币 人民币元 rmb cny cn¥ cny¥ rmb¥ yuan ¥ renminbi",
    "USD": "美元 美金 刀 usd us$ usd$ $ dollar dollars usdollar usdollars",
    "HKD": "港元 港币 港幣 hkd hk$ hkd$", "EUR": "欧元 eur € euro euros eur€", "JPY": "日元 日圆 円 jpy yen jp¥ jpy¥",
    "GBP": "英镑 gbp £ pound pounds gbp£", "TWD": "台币 新台币 twd ntd nt$ tw$", "KRW": "韩元 韩圆 韩币 krw ₩ won",
    "AUD": "澳元 澳币 aud a$ au$", "CAD": "加元 加币 cad c$ ca$", "SGD": "新元 新币 新加坡元 sgd s$ sg$",
    "THB": "泰铢 thb ฿ baht", "INR": "卢比 印度卢比 inr ₹ rs rupee rupees", "RUB": "卢布 rub ₽ rubles",
    "CHF": "瑞郎 瑞士法郎 chf", "VND": "越南盾 vnd ₫", "MYR": "林吉特 马币 myr rm", "IDR": "印尼盾 idr rp",
    "NZD": "纽元 新西兰元 nzd nz$",
    "PHP": "比索 php ₱ peso pesos", "MOP": "澳门元 澳门币 mop", "BRL": "brl r$", "TRY": "里拉 try ₺",
    **{code.upper(): code for code in ("mxn", "sek", "aed", "sar", "dkk", "nok", "pln", "zar")},
}  # fmt: skip
DOLLARS: frozenset[str | None] = frozenset({"USD", "HKD", "AUD", "CAD", "SGD", "NZD", "TWD"})
"""What `$` alone may be, if a table says so; else it is the first."""
YENS: frozenset[str | None] = frozenset({CNY, "JPY"})
"""What `¥` alone may be."""
_CURRENCY_OF = {word: code for code, words in _CURRENCIES.items() for word in words.split()}
_CURRENCY_OF |= {name.zh: code for code, name in CURRENCIES.items()}
_NOT_UNITS = expression(
    r"不?含税|[未免]税|税[前后]|价税合计|金额单位|货币单位|计价|单位|币种|\b(?:units?|of|in|excl|incl|vat|tax)\b|,(?!\d)"
)


class Unit(Struct, frozen=True):
    """What 1 of an amount is worth: so many of a currency; `currency` is None if only the scale is named."""

    scale: int
    currency: str | None = None


def narrow(text: str) -> str:
    """Text as units are sought in it: narrow letters, one kind of apostrophe, lower case."""
    plain = core_text.narrow(text).replace("’", "'").replace("‘", "'").replace("`", "'")
    return " ".join(plain.casefold().split())


@lru_cache(8192)
def read_unit(text: str) -> Unit | None:
    """Read the words of a unit, `人民币千元`, `rmb'000`, `10k`; None when they are none."""
    word = _NOT_UNITS.sub("", narrow(text)).replace(" ", "").strip(",.:;/-_")
    if not word:
        return None
    return _read(word)


def _read(word: str) -> Unit | None:
    if word in _CURRENCY_OF:
        return Unit(1, _CURRENCY_OF[word])
    if word in _SCALES:
        return Unit(_SCALES[word])
    number = re.fullmatch(r"(1[0,]*)(.*)", word)
    if number and number[2]:
        below = _read(number[2])
        return Unit(int(number[1].replace(",", "")) * below.scale, below.currency) if below else None
    if number and number[1] not in ("1", "10"):
        return Unit(int(number[1].replace(",", "")))
    chinese = re.match(f"[{''.join(_DIGITS)}]+", word)
    if chinese:
        scale = math.prod(_DIGITS[digit] for digit in chinese[0])
        rest = word[chinese.end() :]
        if not rest:
            return Unit(scale)
        below = _read(rest)
        return Unit(scale, below.currency) if below and below.scale == 1 else None
    for length in range(min(len(word) - 1, 10), 0, -1):
        front, rest = word[:length], word[length:]
        one = _CURRENCY_OF.get(front)
        if one is not None:
            below = _read(rest)
            return Unit(below.scale, one) if below and below.currency in (None, one) else None
        if front in _SCALES and rest in _CURRENCY_OF:
            return Unit(_SCALES[front], _CURRENCY_OF[rest])
    return None


_SURE_LETTERS = 4
"""A scale in so many letters is a word, `million`; fewer may be of anything: `5m`, `5b`."""


def among(mark: str) -> frozenset[str | None]:
    """Return the currencies that a mark may be of, `$` or `¥`, if there are several."""
    return {"$": DOLLARS, "¥": YENS}.get(mark.strip(), frozenset())


def meant(words: str, code: str | None, currency: str) -> str | None:
    """Return the currency that words name in a plan in `currency`; `code` is what they name elsewhere.

    `$` and `¥` are the plan's own if they may be.
    """
    signs = _SIGN.findall(narrow(words))
    return currency if any(currency in among(sign) for sign in signs) else code


_SIGN = expression(r"(?<![a-z])[$¥](?![a-z]{2})")
"""A sign of several currencies, without letters that tell which: not that of `us$`."""


@lru_cache(256)
def signs_of(currency: str) -> tuple[str, ...]:
    """Return what people write before or behind amounts in a currency in narrow lower case, the longest first."""
    words = [word for word, code in _CURRENCY_OF.items() if code == currency]
    words += [sign for sign in "$¥" if currency in among(sign)]
    return tuple(sorted(set(words), key=lambda word: (-len(word), word)))


@lru_cache(4096)
def scale_of(word: str, currency: str = CNY) -> int | None:
    """Return how many of a plan's currency the unit behind an amount means, `万`, `w`, `元`, `million yuan`, else None.

    Stricter than `read_unit`: `m` may be of anything, and `未税` says of an amount what a unit does not.
    """
    plain = word.replace(" ", "")
    unit = _read(plain) if plain else None
    if unit is None or (unit.currency is not None and meant(plain, unit.currency, currency) != currency):
        return None
    unsure = unit.currency is None and plain.isascii() and plain != "w" and len(plain) < _SURE_LETTERS
    return None if unsure else unit.scale


def currency_of(text: str) -> str:
    """The code of a currency that a cell names, `人民币`, `RMB`, `$`; the text itself in capitals if it is none."""
    unit = read_unit(text)
    return unit.currency if unit is not None and unit.currency else narrow(text).upper()
