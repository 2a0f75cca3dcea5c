"""The unit of a plan's amounts: a scale of a currency, `万美元`, `thousand USD`, or pieces. Its words are here.

In Chinese the scale and the currency are one word, `万元`, `千美元`, `亿欧元`. In English the scale is in front,
`thousand yuan`, `million USD`: so it can follow an amount.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.faults import Lang
from xlsales.vocabulary.contract import CHINESE_UNITS, CNY, CURRENCIES, UNIT_YUAN, UNITS, Word


def currency_word(code: str) -> Word:
    """Return a currency as it follows an amount: 元, 美元; yuan, USD. A code that no plan may have stays as it is."""
    if code == CNY:
        return Word("元", "yuan")
    return CURRENCIES.get(code, Word(code, code))


class Money(Struct, frozen=True):
    """A unit of amounts: `unit` is a key of UNITS, `currency` one of CURRENCIES; pieces have no currency."""

    unit: str = "yuan"
    currency: str = CNY

    @property
    def per(self) -> int:
        """How many of the currency, or pieces, 1 of an amount is."""
        return UNIT_YUAN[self.unit]

    @property
    def in_full(self) -> Money:
        """The unit of amounts that are not scaled: 1 of the currency, or one piece."""
        return replace(self, unit="piece" if self.unit == "piece" else "yuan")

    @property
    def said(self) -> Word:
        """Its words: 万元, 千美元, 件; thousand yuan, million USD, pieces. Earlier plans may have 10k yuan."""
        if self.unit == "piece":
            return UNITS["piece"]
        currency, scale = currency_word(self.currency), UNITS[self.unit]
        in_english = "" if self.unit == "yuan" else f"{scale.en} "
        return Word(scale.zh.removesuffix("元") + currency.zh, in_english + currency.en)

    def word(self, lang: Lang) -> str:
        """Return its words in a language."""
        return self.said[lang]

    def amount(self, number: Decimal, lang: Lang) -> str:
        """Return an amount in this unit with its words: 1000万元, 1,200 thousand USD, 1000 (10k yuan)."""
        if lang == "zh":
            return f"{number:f}{self.word(lang)}"
        if self.unit in CHINESE_UNITS:
            return f"{number:f} ({self.word(lang)})"
        return f"{number:,f} {self.word(lang)}"


def money_named(texts: Collection[str], template: str, lang: Lang) -> Money:
    """Return the unit that one of the texts names by a template, `单位:{unit}`; amounts in full if none does."""
    every = (Money(unit, currency) for currency in CURRENCIES for unit in UNITS)
    return next((one for one in every if template.format(unit=one.word(lang)) in texts), Money())
