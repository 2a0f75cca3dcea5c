"""One cell as a person means it, whoever asks: a setting, a worksheet function, a store's cell, a pasted column.

A cell holds None, text, TRUE or FALSE, a number, a date, or a `Flaw`. What it means depends on the question:

| | `95%` | `2000万` | TRUE | 46023 | `2026/1/5` | a date |
|---|---|---|---|---|---|---|
| `number`: a count, a weight, a share | 0.95 | 20,000,000 | refused | 46023 | refused | refused |
| `money`: typed in a unit | refused | 20,000,000 | refused | 46023 units | refused | refused |
| `day` | refused | refused | refused | 2026-01-01 | 2026-01-05 | it |
| `choice` of words; TRUE is yes | refused | refused | yes | refused | refused | refused |

A blank cell is None, which is not zero; so is a cell with a mark for nothing, `-` or `/`. Numbers are taken at the 15
digits that a spreadsheet shows: 0.1 + 0.2 is 0.3.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal, Protocol

from msgspec import Struct

from xlsales.core.faults import Fault, Lang
from xlsales.core.text import clean, identity, visible
from xlsales.values.amount_text import read_amount, read_share
from xlsales.values.date_text import DateBounds, read_stamp
from xlsales.vocabulary.contract import CNY

DASHES = frozenset({"", "-", "--", "---", "—", "——", "–", "－", "－－", "/", "//", "／"})
"""What people write for nothing, in any cell; no member is called so."""
WORDS_FOR_NOTHING = frozenset({"\\N", "null", "NULL", "Null", "NaN", "nan", "None", "<NA>"})
"""What exporting programs write for nothing: blank in pasted tables, unless the plan has a member of that name."""
_FIRST_YEAR, _LAST_YEAR = 1950, 2150
_LONGEST_DATE = 40
_IN_FULL = 1e17
"""Whole numbers below are written with all their digits, as codes are."""
_SHOWN = 20


class Flaw(Struct, frozen=True):
    """An error cell, by its name; `=` is a formula that no program has calculated yet."""

    name: str = "="

    def __str__(self) -> str:
        return self.name


class Where(Protocol):
    """What a cell is called in a sentence."""

    def say(self, lang: Lang) -> str:
        """Return it as the subject of a sentence: `weights 第3行第2列`, `“总目标”`."""


class Labelled(Struct, frozen=True):
    """A cell called by the label beside or above it."""

    label: str

    def say(self, lang: Lang) -> str:
        """Return the label in quotes."""
        return f"“{self.label}”" if lang == "zh" else f'"{self.label}"'


class CellFault(Fault):
    """A fault of one cell: `where` is the name of the cell, `found` its contents."""

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence, with the cell as its subject."""
        facts = dict(self.facts)
        place: Where = facts["where"]
        facts["where"] = place.say(lang)
        if "found" in facts:
            facts["found"] = shown(facts["found"], lang)
        return super(CellFault, type(self)(**facts)).say(lang, money)


class ErrorCell(CellFault):
    """An error cell among the input."""

    zh = "{where}是错误值 {found}。请先改正那一格。"
    en = "{where} is the error {found}. Fix that cell first."


class NoResult(CellFault):
    """A formula that was never calculated."""

    zh = "{where}是公式,但文件里没有它的结果。请在 Excel 里打开、保存后再试,或直接填数值。"
    en = "{where} is a formula without a stored result. Open and save the file in Excel, or type a value."


class NotANumber(CellFault):
    """Text, TRUE or a date in the place of a number."""

    zh = "{where}是{found},不是数字。请填数字。"
    en = "{where} is {found}, not a number. Enter a number."


class ShareForMoney(NotANumber):
    """A percentage in the place of money."""

    zh = "{where}是{found},百分数不是金额。请填金额。"
    en = "{where} is {found}; a percentage is no amount. Enter an amount."


class NotWhole(CellFault):
    """A number with a fraction in the place of a whole one."""

    zh = "{where}是 {number},应为整数。"
    en = "{where} is {number}; it must be a whole number."


class OutOfBounds(CellFault):
    """A number below or above what makes sense here."""

    zh = "{where}是 {number},应{zh_range}。"
    en = "{where} is {number}; it must be {en_range}."


class NotADate(CellFault):
    """Something that is no date."""

    zh = "{where}是{found},不是日期。请填 2026-01-05 这样的日期。"
    en = "{where} is {found}, not a date. Enter a date such as 2026-01-05."


class DateOutOfReach(NotADate):
    """A date of a year that no plan is in."""

    zh = "{where}是{found},应在 {first} 年至 {last} 年之间。请核对年份。"
    en = "{where} is {found}; it should be in {first} to {last}. Check the year."


def is_blank(value: object) -> bool:
    """Whether a cell holds nothing: no value, spaces, a mark for nothing (`DASHES`), NaN."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value or clean(value) in DASHES
    return value.is_nan() if isinstance(value, Decimal) else isinstance(value, float) and math.isnan(value)


def number(value: object, where: Where, *, share: bool = True, currency: str = CNY) -> Decimal | None:
    """Return a cell as an exact number, None if blank; `share`: it may be a percentage. 2000万 is 20,000,000.

    An amount in another currency than the plan's, `currency`, is no number.

    Raises ErrorCell, NoResult, NotANumber or ShareForMoney.
    """
    if is_blank(value):
        return None
    if not isinstance(value, str):
        return _exact(value, where)
    amount = read_amount(value, currency=currency)
    if amount is None:
        return _share(value, where, share)
    return amount.number * (amount.unit or 1)


def money(value: object, where: Where, unit: int = 1, currency: str = CNY) -> Decimal | None:
    """Return a cell as an amount in full, None if blank; it is typed in units of `unit`, if it names none.

    `currency` is that of the plan: an amount in another one is no number.
    Raises ErrorCell, NoResult, NotANumber or ShareForMoney.
    """
    if is_blank(value):
        return None
    if not isinstance(value, str):
        return _exact(value, where) * unit
    amount = read_amount(value, currency=currency)
    if amount is None:
        return _share(value, where, False)
    return amount.number * (unit if amount.unit is None else amount.unit)


def day(
    value: object,
    where: Where,
    *,
    date1904: bool = False,
    span: DateBounds | None = None,
    month: Literal["first", "last"] | None = None,
) -> dt.date | None:
    """Return a cell as a date, None if blank: a date, a day number of the workbook, or text.

    A date without a year is of the only year of `span` that has it. `month`: a month means its first or last day;
    without it a month is no date. Raises ErrorCell, NoResult or NotADate.
    """
    if is_blank(value):
        return None
    sound(value, where)
    date = _day(value, date1904, span or DateBounds(), month)
    if date is None:
        raise NotADate(where=where, found=value)
    if not _FIRST_YEAR <= date.year <= _LAST_YEAR:
        if isinstance(value, dt.date):
            raise DateOutOfReach(where=where, found=value, first=_FIRST_YEAR, last=_LAST_YEAR)
        raise NotADate(where=where, found=value)
    return date


def choice(value: object, where: Where, words: Mapping[str, Iterable[str]]) -> str | None:
    """Return the key that has what a cell says among its words, spaces and case apart; None if it is none of them.

    TRUE and FALSE are yes and no. Raises ErrorCell or NoResult.
    """
    sound(value, where)
    word = _alike(str(value))
    for key, key_words in words.items():
        if word in map(_alike, (key, *key_words, *_ALSO.get(key, ()))):
            return key
    return None


_ALSO = {
    "yes": ("true", "y", "√", "✓", "对"), "no": ("false", "n", "×"), "done": ("已完成", "finished"),
    "cancelled": ("已取消", "canceled"), "running": ("执行中", "in progress"),
}  # fmt: skip
"""What else people write for yes and no, and for how far something is."""


def in_bounds(
    value: Decimal, where: Where, low: float | None = None, high: float | None = None, *, in_percent: bool = False
) -> Decimal:
    """Return a number that is not below `low` and not above `high`, as these are written. Raises OutOfBounds.

    With `in_percent` the fault tells it and its bounds as percentages.
    """
    least, most = (None if limit is None else Decimal(repr(limit)) for limit in (low, high))
    if (least is not None and value < least) or (most is not None and value > most):
        raise out_of_bounds(where, value, low, high, in_percent=in_percent)
    return value


def out_of_bounds(
    where: Where, value: float | Decimal, low: float | None, high: float | None, *, in_percent: bool = False
) -> OutOfBounds:
    """Return the fault of a number that is not between `low` and `high`; `in_percent`, as percentages."""

    def shown(number: float | Decimal) -> str:
        return plain(Decimal(repr(number) if isinstance(number, float) else number) * 100) + "%"

    least, most = (
        None if limit is None else shown(limit) if in_percent else f"{limit:,}".removesuffix(".0")
        for limit in (low, high)
    )
    if least is not None and most is not None:
        zh, en = f"在 {least} 至 {most} 之间", f"from {least} to {most}"
    else:
        zh, en = (f"不小于 {least}", f"{least} or more") if least is not None else (f"不大于 {most}", f"{most} or less")
    return OutOfBounds(where=where, number=shown(value) if in_percent else plain(value), zh_range=zh, en_range=en)


def whole(value: Decimal, where: Where) -> int:
    """Return a whole number. Raises NotWhole."""
    if value != int(value):
        raise NotWhole(where=where, number=plain(value))
    return int(value)


def as_decimal(value: numbers.Real | float) -> Decimal:
    """Return a number at the 15 digits that a spreadsheet shows; whole numbers stay as they are."""
    if isinstance(value, int):
        return Decimal(value)
    real = float(value)
    return Decimal(int(real)) if real.is_integer() else Decimal(f"{real:.15g}")


def plain(value: float | Decimal) -> str:
    """Return a number as people write it: no exponent unless it is needed, no trailing zeros."""
    exact = value if isinstance(value, Decimal) else as_decimal(value)
    if exact and not -9 <= exact.adjusted() <= 20:
        return f"{exact:.6g}"
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def text_of(value: object) -> str:
    """Return what a cell says as text: a date as 2026-01-05, whole numbers without a decimal point; none if blank."""
    if value is None:
        return ""
    if _is_logical(value):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _IN_FULL else f"{value:.15g}"
    return clean(str(value))


def shown(value: Any, lang: Lang) -> str:
    """Return what a cell holds, so that its kind is seen: “abc”, 逻辑值 TRUE, 日期 2026-01-05, 数字 42."""
    if isinstance(value, Flaw):
        return value.name
    if _is_logical(value):
        name = "TRUE" if value else "FALSE"
        return f"逻辑值 {name}" if lang == "zh" else name
    if isinstance(value, dt.date):
        iso = value.isoformat()[:10]
        return f"日期 {iso}" if lang == "zh" else f"the date {iso}"
    if isinstance(value, int | float | Decimal):
        finite = value.is_finite() if isinstance(value, Decimal) else abs(value) < math.inf
        text = plain(as_decimal(value) if not isinstance(value, Decimal) else value) if finite else str(value)
        return f"数字 {text}" if lang == "zh" else f"the number {text}"
    text = visible(re.sub(r"\s+", " ", str(value)).strip())
    text = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return f"“{text}”" if lang == "zh" else f'"{text}"'


def _is_logical(value: object) -> bool:
    """Whether a value is TRUE or FALSE, of Python or of numpy."""
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")


def sound(value: object, where: Where) -> None:
    """Raise ErrorCell or NoResult for a cell that holds no value."""
    if isinstance(value, Flaw):
        raise NoResult(where=where) if value.name == "=" else ErrorCell(where=where, found=value)


def _exact(value: object, where: Where) -> Decimal:
    sound(value, where)
    if _is_logical(value) or not isinstance(value, numbers.Real | Decimal):
        raise NotANumber(where=where, found=value)
    try:
        exact = value if isinstance(value, Decimal) else as_decimal(value)
    except (OverflowError, ValueError):
        raise NotANumber(where=where, found=value) from None
    if not exact.is_finite():
        raise NotANumber(where=where, found=value)
    return exact


def _share(text: str, where: Where, allowed: bool) -> Decimal:
    share = read_share(text)
    if share is None or not allowed:
        raise (NotANumber if share is None else ShareForMoney)(where=where, found=text)
    return share


def _day(value: object, date1904: bool, span: DateBounds, month: Literal["first", "last"] | None) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if not _is_logical(value) and isinstance(value, numbers.Real | Decimal):
        real = float(value)
        if not 0 < real < 1e8:
            return None
        value = str(int(real))
    if not isinstance(value, str) or len(value) > _LONGEST_DATE:
        return None
    stamp = read_stamp(value, date1904)
    if stamp is None or (stamp.day is None and month is None):
        return None
    if stamp.day is None and month == "first" and stamp.year is not None and stamp.month is not None:
        return dt.date(stamp.year, stamp.month, 1)
    return stamp.date(span)


def _alike(text: str) -> str:
    return re.sub(r"[_-]", "", identity(text))
