"""What Excel makes of text that is entered into a cell of format General, as far as this project has evidence of it.

Sources: Microsoft, "Stop automatically changing numbers to dates"; reports of product codes and gene names turned into
dates (1-2, 1/6, MARCH1, SEPT2); the project's notes on "Mar 5" and "上午8:30" in a Chinese Excel. The rules are written
from the examples and share nothing with the product's own predicate.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august"
_MONTH += r"|september|october|november|december)"
_TIME = r"(上午|下午)?\s*\d{1,2}([:时時点]\d{1,2}([:分]\d{1,2}秒?)?分?|[时時点])?\s*([ap]m?)?"
_DATES = [
    r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?",
    r"\d{2,4}年(\d{1,2}月(\d{1,2}[日号])?)?",
    r"\d{1,2}月(\d{1,2}[日号])?",
    rf"\d{{1,4}}[-/ ]?{_MONTH}([-/ ]\d{{1,4}})?",
    rf"{_MONTH}[-/ ,.]*\d{{1,4}}([-/ ,]+\d{{2,4}})?",
    r"[〇○零一二三四五六七八九十]+年([〇○零一二三四五六七八九十]+月([〇○零一二三四五六七八九十]+日)?)?",
]
_DATE = re.compile("|".join(f"(?:{d})" for d in _DATES))
_NUMBER = re.compile(r"[¥$€£]?\s*(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?(e[+-]?\d+)?\s*%?")
_ERRORS = {"#n/a": -2146826246, "#div/0!": -2146826281, "#ref!": -2146826265, "#value!": -2146826273}


def taken(text: str) -> Any:
    """Return what a cell holds after this text was entered: the text, a number (a date's is 45000), True or False."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if text.startswith("'"):
        return text[1:]
    if plain in ("true", "false"):
        return plain == "true"
    if plain in _ERRORS:
        return _ERRORS[plain]
    signless = plain.lstrip("+-").strip()
    if re.search(r"\d", plain) and _NUMBER.fullmatch(plain.strip("()") if plain[:1] == "(" else signless):
        return 12345.0
    if re.fullmatch(r"\d+\s+\d+/\d+", signless):
        return 0.5
    if re.search(r"[:时時点]|[ap]m?$|上午|下午", plain) and re.fullmatch(_TIME, plain):
        return 0.25
    date, _, clock = plain.partition(" ")
    if _DATE.fullmatch(plain) or (_DATE.fullmatch(date) and clock and re.fullmatch(_TIME, clock.strip())):
        return 45000.0
    if plain[:1] in "=+-@" and len(plain) > 1:
        raise ValueError(f"a formula: {text!r}")
    return text
