"""One cell as a spreadsheet program passes it to a function: `values.cell` reads it, here it gets its place.

A blank cell, zero, an error cell, text, and TRUE are five different things. A call has no unit of its own: text that
names one is the number in full ("2000万" is 20,000,000).
"""

from __future__ import annotations

import datetime as dt
import numbers
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from xlsales.core.expressions import expression
from xlsales.core.faults import Lang
from xlsales.core.text import clean
from xlsales.values import cell
from xlsales.values.cell import CellFault, Flaw, in_bounds, whole
from xlsales.vocabulary.contract import YES_NO, Word

_ERROR_TEXT = expression(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|[A-Z_]{4,20}!?)|Err:\d{3}")
_FIRST_ERROR, _LAST_ERROR = -2146826288, -2146826188
"""Error cells as COM passes them: 0x800A07D0 (#NULL!) and the hundred codes behind it, as signed 32 bits."""
_ERROR_NAMES = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_ERROR_NAMES |= {43: "#GETTING_DATA", 45: "#SPILL!", 46: "#CONNECT!", 47: "#BLOCKED!", 50: "#CALC!"}


class ArgumentCell(Struct, frozen=True):
    """The place of a cell in an argument; row and column count from 1, None if the argument has only one."""

    name: str
    row: int | None = None
    column: int | None = None

    def say(self, lang: Lang) -> str:
        """Return `weights 第3行第2列`, or `weights row 3, column 2`."""
        if lang == "zh":
            line = (f"第{self.row}行" if self.row else "") + (f"第{self.column}列" if self.column else "")
            return f"{self.name} {line}"
        line = ", ".join(f"{word} {n}" for word, n in (("row", self.row), ("column", self.column)) if n)
        return f"{self.name} {line}".strip()


class BlankCell(CellFault):
    """A cell that has to be filled."""

    zh = "{where}是空的。请填写。"
    en = "{where} is blank. Fill it in."


class ChoiceBlank(CellFault):
    """A blank cell where one of the choices has to be."""

    zh = "{where}是空的。请填:{zh_choices}。"
    en = "{where} is blank. Enter one of: {en_choices}."


class ChoiceUnknown(CellFault):
    """A word that is none of the choices."""

    zh = "{where}是{found}。请填:{zh_choices}。"
    en = "{where} is {found}. Enter one of: {en_choices}."


def content(value: Any) -> Any:
    """Return the value of a cell, an error cell as a `Flaw`: a program passes it as its name or its code."""
    if isinstance(value, str) and value[:1] in "#E" and _ERROR_TEXT.fullmatch(name := clean(value)):
        return Flaw(name)
    if isinstance(value, int) and _FIRST_ERROR <= value <= _LAST_ERROR:
        return Flaw(_ERROR_NAMES.get(value - _FIRST_ERROR, "#N/A"))
    return value


def number(
    value: Any, place: ArgumentCell, *, low: float | None = None, high: float | None = None, share: bool = True
) -> Decimal:
    """Return a cell as an exact number. Raises BlankCell, OutOfBounds, or what `number_or_blank` raises."""
    exact = number_or_blank(value, place, share=share)
    if exact is None:
        raise BlankCell(where=place)
    return in_bounds(exact, place, low, high)


def number_or_blank(value: Any, place: ArgumentCell, *, share: bool = True) -> Decimal | None:
    """Return a cell as an exact number, None if blank; `share`: it may be a percentage, which an amount may not.

    Raises ErrorCell, NotANumber or ShareForMoney.
    """
    return cell.number(content(value), place, share=share)


def whole_number(value: Any, place: ArgumentCell, *, low: float | None = None, high: float | None = None) -> int:
    """Return a cell as a whole number. Raises what `number` raises, or NotWhole."""
    return whole(number(value, place, low=low, high=high), place)


def date(value: Any, place: ArgumentCell, *, last: bool = False) -> dt.date:
    """Return a cell as a date: a date, an Excel day number, or text.

    A month without a day (2026年1月) is its first day, its last with `last`.
    Raises BlankCell, or what `date_or_blank` raises.
    """
    day = date_or_blank(value, place, last=last)
    if day is None:
        raise BlankCell(where=place)
    return day


def date_or_blank(value: Any, place: ArgumentCell, *, last: bool = False) -> dt.date | None:
    """Return a cell as `date` reads it, None if blank. Raises ErrorCell or NotADate."""
    return cell.day(content(value), place, month="last" if last else "first")


def choice(value: Any, place: ArgumentCell, words: Mapping[str, tuple[str, ...]]) -> str:
    """Return the key that has the cell's text among its words. A fault shows the first two words: Chinese, English.

    Raises ErrorCell, ChoiceBlank or ChoiceUnknown.
    """
    key = None if cell.is_blank(value) else cell.choice(content(value), place, words)
    if key is not None:
        return key
    zh, en = "、".join(names[0] for names in words.values()), ", ".join(names[1] for names in words.values())
    if cell.is_blank(value):
        raise ChoiceBlank(where=place, zh_choices=zh, en_choices=en)
    raise ChoiceUnknown(where=place, found=value, zh_choices=zh, en_choices=en)


def yes(value: Any, place: ArgumentCell) -> bool:
    """Return whether a cell says yes: 是, TRUE or 1; a blank cell, FALSE and 0 say no.

    Raises ErrorCell or ChoiceUnknown.
    """
    if cell.is_blank(value):
        return False
    if isinstance(value, numbers.Real) and value in (0, 1):
        return bool(value)
    return choice(value, place, words_of(YES_NO)) == "yes"


def words_of(words: Mapping[str, Word], *keys: str) -> dict[str, tuple[str, ...]]:
    """Return the choices of these keys, or of all, with their word in each language."""
    return {key: (words[key].zh, words[key].en) for key in keys or words}
