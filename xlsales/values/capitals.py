"""Amounts in words, as Chinese contracts have them: 人民币壹佰万元整."""

from __future__ import annotations

from decimal import Decimal

from xlsales.vocabulary.contract import CURRENCIES

_NAMES = {"HKD": "港币", "MOP": "澳门币"}
"""Names of currencies in contracts that differ from those of settings."""
_COUNTED = {
    "GBP": "镑", "CHF": "法郎", "THB": "铢", "VND": "盾", "MYR": "林吉特", "IDR": "盾", "PHP": "比索", "INR": "卢比",
    "RUB": "卢布", "BRL": "雷亚尔", "MXN": "比索", "TRY": "里拉", "SEK": "克朗", "NOK": "克朗", "DKK": "克朗",
    "PLN": "兹罗提", "ZAR": "兰特", "AED": "迪拉姆", "SAR": "里亚尔",
}  # fmt: skip
"""What amounts in these currencies count; all others count 元, with 角 and 分."""


def in_words(amount: float | Decimal, currency: str) -> str:
    """Return an amount as Chinese contracts have it, 人民币壹佰万元整, 英镑壹佰万镑整; whole cents."""
    import cn2an  # half a second on a slow machine, and few need amounts in words

    name, counted = _NAMES.get(currency, CURRENCIES[currency].zh), _COUNTED.get(currency)
    if counted is None:
        return name + str(cn2an.an2cn(f"{amount:.2f}", "rmb"))
    number = f"{amount:.2f}".rstrip("0").removesuffix(".")
    whole = "" if "." in number else "整"
    return f"{name.removesuffix(counted) and name}{cn2an.an2cn(number, 'up')}{counted}{whole}"
