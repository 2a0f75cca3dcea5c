"""PARSE_AMOUNT and RMB_CAPITAL: amounts out of text, and into the words of contracts."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from xlsales.core.faults import Fault
from xlsales.functions.cell import ArgumentCell, content, number_or_blank
from xlsales.functions.cells import Block, cells, each
from xlsales.functions.worksheet import Example, argument, head, result, same, worksheet
from xlsales.values import cell
from xlsales.values.capitals import in_words
from xlsales.values.cell import CellFault, NotANumber, in_bounds, is_blank, sound
from xlsales.values.units import Unit, read_unit
from xlsales.vocabulary.contract import CNY, Word

_CENT = Decimal("0.01")
_GREATEST = 9_999_999_999_999
"""With two decimals it has the fifteen digits that a cell keeps."""


class MoneyUnitUnknown(CellFault):
    """A word that is no unit of money."""

    zh = "{where}是{found},不是金额单位。请填千、万、亿这样的单位。"
    en = "{where} is {found}, not a unit of money. Enter one such as thousand or million."


class WordsMissing(Fault):
    """The library of words for amounts is not there, as in xlwings Lite."""

    zh = "这里没有金额大写要用的库(xlwings Lite 里没有)。请在 Excel 加载项或 Calc 里用。"
    en = "The library for amounts in words is missing, as in xlwings Lite. Use the add-in for Excel or Calc."


@worksheet(
    Word(
        "把写成文字的金额读成数:1.2亿、2000万元、¥1,200、(500)、２０００;空 = 空。与文本区域同形。",
        "Reads amounts out of text: 20 million, RMB 1,200, (500), 12.5k; blank stays blank. Same shape as the texts.",
    ),
    Example(
        15,
        Word("各种写法都读成数", "However it is written"),
        same("=PARSE_AMOUNT({texts})"),
        (
            head(Word("写法", "Written"), Word("金额", "Amount")),
            *(
                (argument("texts", text, "text"), result(amount))
                for text, amount in (
                    (Word("2000万", "20 million"), 20_000_000.0),
                    ("¥1,200", 1200.0),
                    ("(500)", -500.0),
                )
            ),
        ),
    ),
    texts=Word("文本或数,一格或一片", "Texts or numbers, one or a range"),
    unit=Word(
        "没写单位的数是什么单位:元(默认)、千元、万元", "Unit of amounts that name none: yuan (default), thousand"
    ),
)
def parse_amount(texts: Any, unit: Any = None) -> Block:
    """Return each text as an amount in full, in the shape of `texts`. Raises Fault."""
    one = _unit(unit)

    def amount(pair: tuple[Any, ArgumentCell]) -> float | None:
        value, place = pair
        exact = cell.money(content(value), place, one.scale, one.currency or CNY)
        if exact is None:
            return None
        number = float(exact)
        if not math.isfinite(number):
            raise NotANumber(where=place, found=value)
        return number

    return each(amount, cells("texts", texts))


@worksheet(
    Word(
        "人民币金额大写,如合同所写:壹佰万元整;四舍五入到分,空 = 空。与金额区域同形。",
        "Amounts in yuan in the words of Chinese contracts, rounded to cents. Same shape as the amounts.",
    ),
    Example(
        15,
        Word("合同、收据上的大写", "For contracts and receipts"),
        same("=RMB_CAPITAL({amount})"),
        (
            head(Word("金额", "Amount"), Word("大写", "In words")),
            *(
                (argument("amount", amount, "money"), result(words, "text"))
                for amount, words in ((20_000.0, "人民币贰万元整"), (0.5, "人民币伍角"))
            ),
        ),
    ),
    amount=Word("金额(元),一格或一片", "Amounts in yuan, one or a range"),
)
def rmb_capital(amount: Any) -> Block:
    """Return each amount in words, in the shape of `amounts`; a negative one begins with 负. Raises Fault."""

    def words(pair: tuple[Any, ArgumentCell]) -> str | None:
        exact = number_or_blank(*pair, share=False)
        if exact is None:
            return None
        cents = in_bounds(exact, pair[1], -_GREATEST, _GREATEST).quantize(_CENT, ROUND_HALF_UP)
        try:
            return in_words(abs(cents), CNY) if cents >= 0 else in_words(abs(cents), CNY).replace("人民币", "人民币负")
        except ImportError:
            raise WordsMissing() from None

    return each(words, cells("amount", amount))


def _unit(unit: Any) -> Unit:
    value, place = cells("unit", unit).one()
    if is_blank(value):
        return Unit(1)
    sound(content(value), place)
    one = read_unit(str(value))
    if one is None:
        raise MoneyUnitUnknown(where=place, found=value)
    return one
