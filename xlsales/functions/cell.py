"""One cell as a spreadsheet program hands it over, read as meant.

A blank cell, zero, an error cell, text, and TRUE are five different things
and never stand for each other. Text that says a number or a date ("2,000",
"5%", "2026年1月5日") is that number or date. Text that names a unit ("2000万")
is refused: the cells beside it, and those of the next call, name none, and all
have to be of one. Floats are taken at the 15 digits that a spreadsheet shows:
0.1 + 0.2 is 0.3.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from xlsales.core.faults import Fault, Lang
from xlsales.core.text import clean, identity, narrow, visible
from xlsales.values.amount_text import UNIT_WORDS, read_amount
from xlsales.values.date_text import Span, read_stamp

_ERROR_TEXT = re.compile(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|[A-Z_]{4,20}!?)|Err:\d{3}")
_FIRST_ERROR, _LAST_ERROR = -2146826288, -2146826188
"""Error cells as COM passes them: 0x800A07D0 (#NULL!) and the hundred codes behind it, as signed 32 bits."""
_ERROR_NAMES = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_ERROR_NAMES |= {43: "#GETTING_DATA", 45: "#SPILL!", 46: "#CONNECT!", 47: "#BLOCKED!", 50: "#CALC!"}
_SHOWN = 20
_FIRST_YEAR, _LAST_YEAR = 1901, 2198


@dataclass(frozen=True)
class Place:
    """A cell inside an argument; row and column count from 1, None where the argument has only one."""

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


class CellFault(Fault):
    """A fault of one cell. `where` tells the place inside the argument, in the language asked for."""

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence, with the place in front."""
        facts = dict(self.facts)
        place: Place = facts["where"]
        facts["where"] = place.say(lang)
        if "found" in facts:
            facts["found"] = shown(facts["found"], lang)
        return super(CellFault, type(self)(**facts)).say(lang, money)


class BlankCell(CellFault):
    """A cell that has to be filled."""

    zh = "{where}是空的。请填写。"
    en = "{where} is blank. Fill it in."


class ErrorCell(CellFault):
    """An error cell among the input."""

    zh = "{where}是错误值 {found}。请先改正那一格。"
    en = "{where} is the error {found}. Mend that cell first."


class NotANumber(CellFault):
    """Text, TRUE or a date where a number belongs."""

    zh = "{where}是{found},不是数字。请改成数字。"
    en = "{where} is {found}, not a number. Enter a number."


class NamesUnit(CellFault):
    """Text that names a unit, where all cells are plain numbers of one unit."""

    zh = "{where}是{found},写了单位,而一次计算里的数和结果都是同一种单位。请只填数字:{zh_choices}。"
    en = "{where} is {found}, which names a unit; all numbers are of one. Enter the number alone: {en_choices}."


class NotADate(CellFault):
    """Something that is no date."""

    zh = "{where}是{found},不是日期。请填 2026-01-05 这样的日期。"
    en = "{where} is {found}, not a date. Enter a date such as 2026-01-05."


class OutOfBounds(CellFault):
    """A number below or above what makes sense here."""

    zh = "{where}是 {number},应{zh_range}。"
    en = "{where} is {number}; it should be {en_range}."


class NotWhole(CellFault):
    """A number with a fraction where a whole one belongs."""

    zh = "{where}是 {number},应为整数。"
    en = "{where} is {number}; it should be a whole number."


class ChoiceUnknown(CellFault):
    """A word that is none of the choices."""

    zh = "{where}是{found}。请填:{zh_choices}。"
    en = "{where} is {found}. Enter one of: {en_choices}."


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing: no value, text of no length or of spaces, NaN."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value or not clean(value)
    return value.is_nan() if isinstance(value, Decimal) else isinstance(value, float) and math.isnan(value)


def error_of(value: Any) -> str | None:
    """Return the name of the error that a cell holds, or None."""
    if isinstance(value, str):
        return clean(value) if _ERROR_TEXT.fullmatch(clean(value)) else None
    if isinstance(value, int) and _FIRST_ERROR <= value <= _LAST_ERROR:
        return _ERROR_NAMES.get(value - _FIRST_ERROR, "#N/A")
    return None


def number(value: Any, place: Place, *, low: float | None = None, high: float | None = None) -> Decimal:
    """Return a cell as an exact number. Raises BlankCell, ErrorCell, NotANumber or OutOfBounds."""
    read = number_or_blank(value, place)
    if read is None:
        raise BlankCell(where=place)
    if (low is not None and read < low) or (high is not None and read > high):
        raise out_of_bounds(place, read, low, high)
    return read


def number_or_blank(value: Any, place: Place) -> Decimal | None:
    """Return a cell as an exact number, None where blank. Raises ErrorCell, NotANumber or NamesUnit."""
    if is_blank(value):
        return None
    if error_of(value):
        raise ErrorCell(where=place, found=value)
    if isinstance(value, str):
        read = _number_of_text(value, place)
        if read is None:
            raise NotANumber(where=place, found=value)
        return read
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real | Decimal):
        raise NotANumber(where=place, found=value)
    try:
        exact = value if isinstance(value, Decimal) else as_decimal(value)
    except (OverflowError, ValueError):
        raise NotANumber(where=place, found=value) from None
    if not exact.is_finite():
        raise NotANumber(where=place, found=value)
    return exact


def as_decimal(value: numbers.Real | float) -> Decimal:
    """Return a number at the 15 digits that a spreadsheet shows; whole numbers stay as they are."""
    if isinstance(value, int):
        return Decimal(value)
    plain = float(value)
    return Decimal(int(plain)) if plain.is_integer() else Decimal(f"{plain:.15g}")


def whole_number(value: Any, place: Place, *, low: float | None = None, high: float | None = None) -> int:
    """Return a cell as a whole number. Raises what `number` raises, or NotWhole."""
    read = number(value, place, low=low, high=high)
    if read != int(read):
        raise NotWhole(where=place, number=plain(read))
    return int(read)


def date(value: Any, place: Place, *, last: bool = False) -> dt.date:
    """Return a cell as a date: a date, an Excel day number, or text.

    A month without a day (2026年1月) is its first day, its last with `last`.
    Raises BlankCell, ErrorCell or NotADate.
    """
    if is_blank(value):
        raise BlankCell(where=place)
    if error_of(value):
        raise ErrorCell(where=place, found=value)
    day = _date(value, last)
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise NotADate(where=place, found=value)
    return day


def choice(value: Any, place: Place, words: dict[str, tuple[str, ...]]) -> str:
    """Return the key whose words hold the cell's text; the first two words are shown: Chinese, English.

    Raises ErrorCell or ChoiceUnknown.
    """
    if error_of(value):
        raise ErrorCell(where=place, found=value)
    said = re.sub(r"[_-]", "", identity(str(value)))
    for key, known in words.items():
        if said in {re.sub(r"[_-]", "", identity(w)) for w in (key, *known)}:
            return key
    zh = "、".join(known[0] for known in words.values())
    en = ", ".join(known[1] for known in words.values())
    raise ChoiceUnknown(where=place, found=value, zh_choices=zh, en_choices=en)


def out_of_bounds(place: Place, found: float | Decimal, low: float | None, high: float | None) -> OutOfBounds:
    """Return the fault of a number that is not between `low` and `high`."""
    if low is not None and high is not None:
        zh, en = f"在 {low:g} 到 {high:g} 之间", f"between {low:g} and {high:g}"
    elif low == 0:
        zh, en = "为零或正数", "zero or more"
    else:
        zh, en = (
            (f"不小于 {low:g}", f"{low:g} or more") if low is not None else (f"不大于 {high:g}", f"{high:g} or less")
        )
    return OutOfBounds(where=place, number=plain(found), zh_range=zh, en_range=en)


def plain(value: float | Decimal) -> str:
    """Return a number as people write it: no exponent where it can be helped, no trailing zeros."""
    exact = value if isinstance(value, Decimal) else as_decimal(value)
    if exact and not -9 <= exact.adjusted() <= 20:
        return f"{exact:.6g}"
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: Any, lang: Lang) -> str:
    """Return what a cell holds, named by its kind: 文本“abc”, TRUE, 日期 2026-01-05."""
    error = error_of(value)
    if error:
        return error
    if isinstance(value, bool | np.bool_):
        name = "TRUE" if value else "FALSE"
        return f"逻辑值 {name}" if lang == "zh" else name
    if isinstance(value, dt.date):
        day = value.isoformat()[:10]
        return f"日期 {day}" if lang == "zh" else f"the date {day}"
    if isinstance(value, int | float | Decimal):
        known = value.is_finite() if isinstance(value, Decimal) else abs(value) < math.inf
        text = plain(as_decimal(value) if not isinstance(value, Decimal) else value) if known else str(value)
        return f"数字 {text}" if lang == "zh" else f"the number {text}"
    text = visible(re.sub(r"\s+", " ", str(value)).strip())
    text = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return f"文本“{text}”" if lang == "zh" else f'the text "{text}"'


def _number_of_text(text: str, place: Place) -> Decimal | None:
    """The number that a text says, or a percentage; None where it is neither. Raises NamesUnit."""
    stripped = narrow(text)
    percent = stripped.endswith("%")
    read = read_amount(stripped[:-1] if percent else stripped)
    if read is None:
        return None
    value, unit = read
    if percent:
        return None if unit else value / 100
    if unit is None:
        return value
    zh, en = f"{plain(value * unit)}(都以元计)", f"{plain(value * unit)} (if all are in yuan)"
    if unit != 1:
        name = next(word for word, worth in UNIT_WORDS.items() if worth == unit)
        zh, en = f"{plain(value)}(都以{name}计),或 {zh}", f"{plain(value)} (if all are in {unit:,} yuan), or {en}"
    raise NamesUnit(where=place, found=text, zh_choices=zh, en_choices=en)


def _date(value: Any, last: bool) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, int | float | Decimal | np.number):
        plain_number = float(value)
        if not 0 < plain_number < 1e8:
            return None
        value = str(int(plain_number))
    if not isinstance(value, str) or len(value) > 40:
        return None
    stamp = read_stamp(value)
    if stamp is None or stamp.year is None or stamp.month is None:
        return None
    if stamp.day is None and not last:
        return dt.date(stamp.year, stamp.month, 1)
    return stamp.date(Span())
