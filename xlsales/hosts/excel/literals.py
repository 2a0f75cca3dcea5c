"""Text that becomes something else when Excel enters it: one predicate, `is_read_anew`.

`Range.Value` is read as if a person had typed it: "Mar 5", "1-2" and "上午8:30" become dates and times, "1e5" and
"5%" numbers, "=A1" a formula, "'x" loses its first character. An apostrophe in front keeps such text; Excel takes it
away and keeps it as the cell's prefix. Other text gets none: it would be seen in the formula bar.
"""

from __future__ import annotations

import unicodedata

from xlsales.core.expressions import expression

_SIGNS = "=+-@'#^\"\\"
"""First characters of formulas and error values, and those that Excel may take for a mark of alignment."""
_WORDS = expression(
    r"jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?"
    r"|dec(ember)?|mon(day)?|tue(s|sday)?|wed(nesday)?|thu(rs|rsday)?|fri(day)?|sat(urday)?|sun(day)?"
    r"|am?|pm?|e|d|t|z|st|nd|rd|th|rmb|cny|usd|eur|hkd|年|月|日|号|时|時|点|點|分|秒|上午|下午|中午|凌晨|周|星期|元"
)
"""Words and signs that may be in a date, a time or an amount."""
_LETTERS = expression(r"[a-z]+|上午|下午|中午|凌晨|星期|[^\W\d_]")
_NUMERAL = "[〇○零一二三四五六七八九十]+"
_CHINESE_DATE = expression(rf"({_NUMERAL}年)?({_NUMERAL}月({_NUMERAL}[日号])?)?")


def is_read_anew(text: str) -> bool:
    """Return whether Excel may enter something other than this text: a formula, a number, a date, or less of it."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if text[:1] in _SIGNS or plain[:1] in _SIGNS or plain in ("true", "false", "真", "假"):
        return bool(text)
    if ("年" in plain or "日" in plain or "号" in plain) and _CHINESE_DATE.fullmatch(plain):
        return True
    return any(c.isdigit() for c in plain) and all(_WORDS.fullmatch(word) for word in _LETTERS.findall(plain))


def quoted(text: str) -> str:
    """Return what has to be entered so that the cell holds exactly this text."""
    return f"'{text}"


def entered(text: str) -> str:
    """Return what has to be entered for a text: itself, quoted if Excel would read it anew."""
    return quoted(text) if is_read_anew(text) else text
