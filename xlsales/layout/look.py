"""How our sheets look: colours, fonts, number formats. Restrained, and readable in black and white."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

from xlsales.core.faults import Lang
from xlsales.layout.model import ENTRIES, Kind, Role, plain_format

INK = "#1F3A5F"
"""Titles, headers, actuals in charts."""
TEXT = "#22262B"
MUTED = "#6B7280"
PALE = "#E9EEF5"
TOTAL_FILL = "#F3F6FA"
RULE = "#D5DBE3"
STEEL = "#B9C7DA"
"""Targets in charts, behind the ink of actuals."""
BAR = "#A9C1E0"
ACCENT = "#C8782A"
MISSING, AHEAD = ACCENT, "#4F86C0"
"""What is missing of a target to date, and what is ahead of it, in charts: told apart by colour-blind eyes too."""
LINK = "#1F4E9E"
HEAT = ((0.7, "#F4B183"), (1.0, "#FFFFFF"), (1.3, "#9DC3E6"))
"""Attainments and their grounds: orange to blue, which colour-blind eyes tell apart, over white."""
INPUT_FILL, INPUT_RULE, INPUT_TEXT = "#FFF8E1", "#DCC88F", "#1F4E9E"
ENTRY: dict[str, Any] = {
    "bg_color": INPUT_FILL, "font_color": INPUT_TEXT, "border": 1, "border_color": INPUT_RULE, "valign": "vcenter",
    "locked": False,
}  # fmt: skip
"""A cell of a protected sheet that people fill in."""
TAB_INPUT, TAB_OUTPUT, TAB_GUIDE, TAB_ARCHIVE = "#E0B84C", INK, "#2F9E8F", "#9AA5B1"
"""Tabs of sheets to fill, to read, to begin with, and to look something up in."""
PROVEN = "#EEF7F0"
GOOD, BAD = "#1B6E34", "#B3261E"
LAMPS: dict[str, tuple[str, str]] = {  # status → (fill, text)
    "green": ("#CBE9D1", "#14532D"),
    "amber": ("#FFF0B3", "#6B4E00"),
    "orange": ("#FFD6AE", "#8A3E00"),
    "red": ("#F7C6C2", "#8E1B14"),
}
BARS: dict[str, dict[str, Any]] = {
    "■": {"bg_color": INK, "font_color": INK},
    "▣": {"bg_color": ACCENT, "font_color": ACCENT},
    "□": {"bg_color": BAR, "font_color": BAR},
    "▫": {"bg_color": RULE, "font_color": RULE},
    "◆": {"font_color": INK},
    "": {"font_color": "#FFFFFF"},
}
"""What a cell of a chart of bars says, and how it looks: done, critical, to be done, reserve, milestone, nothing."""
BAR_DONE, BAR_CRITICAL, BAR_OPEN, BAR_RESERVE, MILESTONE, NO_BAR = BARS
NOW = "\u00a0"
"""Behind such a text: the day of the chart's line is in this cell. It is a space that no program takes away."""

FONTS: dict[str, str] = {"zh": "Microsoft YaHei", "en": "Arial"}
"""YaHei is 微软雅黑; programs without it fall back to their own Chinese font. Digits of both are 7 pixels at 10."""
FONT_SIZE = 10
TITLE_SIZE, SENTENCE_SIZE, SUBLINE_SIZE, _LEAST_SIZE = 18, 13, 9, 5


def money_format(unit: str, step_yuan: float) -> str:
    """Return the number format that shows yuan in `unit` (a contract code), as fine as the step asks.

    Excel divides by thousands only; for 万元 the decimal point is drawn by hand: `0\\.0,` divides by 1,000
    and puts a point before the last digit, `0\\.0000` puts one before the last four. Nor can a format group such
    digits: from 1,000 on a comma is drawn too, in a section of its own. Amounts below -1,000 have none: LibreOffice
    drops the sign of what is in a section between two others. 亿元 likewise, without commas.
    """
    if unit == "thousand":
        return "#,##0," if step_yuan % 1_000 == 0 else "#,##0.0,"
    if unit == "wan":
        return r"[<9999500]0\.0,;#\,##0\.0," if step_yuan % 1_000 == 0 else r"[<9999999.5]0\.0000;#\,##0\.0000"
    if unit == "million":
        return "#,##0.00,,"
    if unit == "yi":
        return r"0\.00,,"
    return "#,##0.00" if step_yuan % 1 else "#,##0"


def day_money_format(unit: str, step_yuan: float) -> str:
    """Return the format of days and weeks in a sheet of months: with as many decimals as the days' own step has.

    Of millions and 亿元 four and five decimals, which is as far as anybody reads.
    """
    if unit == "thousand":
        decimals = next((n for n in range(3) if step_yuan % 10 ** (3 - n) == 0), 3)
        return f"#,##0{'.' * bool(decimals)}{'0' * decimals},"
    if unit == "million":
        return "#,##0.0000,," if step_yuan % 10_000 else "#,##0.00,,"
    if unit == "yi":
        return r"0\.00000," if step_yuan % 1_000_000 else r"0\.00,,"
    return money_format(unit, step_yuan)


def beside_finer(money: str, finer: str) -> str:
    """Return a number format padded like a finer one above it: the points (the last digits, without one) line up."""
    missing = decimals(finer) - decimals(money)
    point = "_." if missing > 0 and not decimals(money) else ""
    return ";".join(section + point + "_0" * missing for section in money.split(";"))


def decimals(money: str) -> int:
    """How many decimals a format of money shows."""
    return len(plain_format(money).replace("\\", "").rstrip(",").partition(".")[2])


_NUMBER_FORMATS: dict[Role, str] = {
    "percent": "0.0%",
    "chance": "0%",
    "bar": '[<=99.99]0.0%;">9,999%"',  # of next to nothing anything is too much for its column
    "heat": "0%",
    "points": "+0.0%;-0.0%;0.0%",
    "date": "yyyy-mm-dd",
    "count": "#,##0",
    "ordinal": "0",
    "entry_text": "@",
    "entry_day": "yyyy-mm-dd",
    "entry_amount": "General",
    "entry_choice": "@",
    "entry_share": "0%",
    "bars": "General",
    "day": "d",
    "month": "m",
    "scale": ";;;@",
    "yuan": "#,##0",
    "number": "#,##0.##",
    "times": "#,##0.0",
    "ratio": "#,##0.00",
    "factor": "0.00##",
    "text": "@",
    "wrap": "@",
    "status": "@",
    "lamp": "@",
    "link": "@",
}


def number_format(role: Role, money: str) -> str:
    """Return the number format of a role, `money` being that of the sheet's unit."""
    if role == "delta":
        plain = plain_format(money)
        return f"+{plain};-{plain};{plain}"
    if role == "proof":
        return proof_format(money)
    return _NUMBER_FORMATS.get(role, money)


def money_width(largest: float, money: str) -> float:
    """Return the column width in characters that shows amounts up to `largest` yuan, bold and signed."""
    pattern = plain_format(money).replace("\\", "")
    digits = max(abs(largest), 1.0) / 1_000.0 ** pattern.count(",", pattern.rfind("0"))
    places = decimals(money)
    if "\\" in money:  # the point is drawn within the digits
        digits /= 10.0**places
    whole = len(f"{digits:.0f}")
    separators = (whole - 1) // 3 if pattern.startswith("#,") or ";" in money else 0
    return max(9.0, whole + separators + (places + 1 if places else 0) + 3.0)


def text_width(text: str) -> float:
    """Return the width of a text in characters of column width; an ideograph takes about two."""
    return sum(1.95 if _is_wide(c) else 1.05 for c in text)


def line_width(text: str) -> float:
    """Return the width of a line of many words in plain type, where narrow letters and spaces make up for wide ones."""
    return sum(1.9 if _is_wide(c) else 0.9 for c in text)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WFA"


def label_width(labels: Iterable[str], least: float = 14.0, most: float = 40.0) -> float:
    """Return the width of a column of bold labels, within limits: longer ones shrink to it."""
    return max(least, min(most, max(map(text_width, labels), default=0.0) * 1.1 + 2.0))


def title_width(title: str) -> float:
    """Return the width at which a title, in its large type, is not cut off where a page repeats its column alone."""
    return text_width(title) * TITLE_SIZE / FONT_SIZE + 1.0


def size_that_fits(needed: float, width: float, usual: float) -> float:
    """Return the size of type, at most the usual one, at which a text is not wider than columns of this width.

    `needed` is its width at the usual size of cells.
    """
    needed *= usual / FONT_SIZE
    return usual if needed <= width else max(_LEAST_SIZE, math.floor(2 * usual * width / needed) / 2)


def header_width(header: str) -> float:
    """Return the width at which a bold header takes two lines and no word is cut in two; Chinese may break anywhere."""
    longest = max((len(word) for word in header.split() if word.isascii()), default=0) * 1.15
    return max(longest, text_width(header) / 2) + 2.0


def axis_format(money: str) -> str:
    """Return the format of a chart's axis: whole units or percents, which axis steps always are."""
    return {"#,##0.0,": "#,##0,", "#,##0.00": "#,##0", _NUMBER_FORMATS["points"]: "0%"}.get(money, money)


def proof_format(money: str) -> str:
    """Return the format of a proof: a tick beside 0, a cross beside anything else, so that print shows it too."""
    plain = plain_format(money)
    return f'{plain}" ✗";-{plain}" ✗";"0 ✓"'


class Style(NamedTuple):
    """What decides a cell's format in a written sheet."""

    kind: Kind
    role: Role
    indent: int = 0
    first: bool = False  # the label column


def cell_format(style: Style, money: str, lang: Lang) -> dict[str, Any]:
    """Return the XlsxWriter properties of a cell of a written sheet."""
    look: dict[str, Any] = {
        "font_name": FONTS[lang],
        "font_size": FONT_SIZE,
        "font_color": TEXT,
        "valign": "vcenter",
        "num_format": number_format(style.role, money),
        "align": _ALIGN.get(style.role, "right"),
        "bottom": 4,
        "bottom_color": RULE,
    }
    if style.role in ("wrap", "entry_text"):
        look["text_wrap"] = True
    elif style.role in _TEXTS and style.kind in _SHRINKING:
        look["shrink"] = True
    if style.role == "link":
        look |= {"font_color": LINK, "underline": 1}
    if style.indent:
        look["indent"] = style.indent
    look |= _KINDS.get(style.kind, {})
    if style.role in ENTRIES and style.kind == "normal":
        look |= {"bg_color": INPUT_FILL, "font_color": INPUT_TEXT}
    if style.kind == "header":
        look |= {"align": "left" if style.first else _ALIGN.get(style.role, "right"), "num_format": "@"}
    if style.kind == "proof" and style.role not in ("text", "wrap"):
        look["num_format"] = proof_format(money)
    if look["align"] == "right":  # air before the next column; a header is text and takes an indent instead
        if look["num_format"] == "@":
            look["indent"] = 1
        else:
            look["num_format"] = ";".join(section + "_0" for section in look["num_format"].split(";"))
    return look


_TEXTS: tuple[Role, ...] = ("text", "link", "status", "lamp", "entry_choice")
_SHRINKING: tuple[Kind, ...] = ("normal", "total", "strong", "proof", "stretch")
"""Texts in the cells of these rows are printed smaller rather than cut off by the next cell."""
_ALIGN: dict[Role, str] = {
    "text": "left",
    "wrap": "left",
    "entry_text": "left",
    "entry_day": "center",
    "status": "center",
    "lamp": "center",
    "entry_choice": "center",
    "date": "center",
    "link": "left",
    "bars": "center",
    "day": "center",
    "month": "center",
    "scale": "left",
}

HEADER: dict[str, Any] = {
    "bold": True,
    "font_color": INK,
    "bg_color": PALE,
    "text_wrap": True,
    "bottom": 1,
    "bottom_color": INK,
}
_KINDS: dict[Kind, dict[str, Any]] = {
    "total": {"bold": True, "bg_color": TOTAL_FILL, "bottom": 1, "bottom_color": INK, "font_color": INK},
    "strong": {"bold": True},
    "proof": {"font_size": 9, "font_color": MUTED},
    "stretch": {"italic": True, "font_color": ACCENT},
    "note": {"font_size": 9, "font_color": MUTED, "bottom": 0},
    "section": {"bold": True, "font_size": 12, "font_color": INK, "bottom": 2, "bottom_color": INK, "num_format": "@"},
    "header": HEADER,
    "label": {
        "font_size": 9,
        "font_color": MUTED,
        "align": "center",
        "text_wrap": True,
        "bg_color": TOTAL_FILL,
        "bottom": 0,
    },
    "figure": {
        "bold": True,
        "font_size": 14,
        "font_color": INK,
        "align": "center",
        "bg_color": TOTAL_FILL,
        "bottom": 1,
        "bottom_color": INK,
        "shrink": True,
    },
    "sentence": {"font_size": SENTENCE_SIZE, "bottom": 0},
    "space": {"bottom": 0},
}
HEIGHTS: dict[Kind, float] = {
    "sentence": 34,
    "header": 30,
    "section": 26,
    "figure": 30,
    "label": 26,
    "total": 21,
    "proof": 16,
}
ROW_HEIGHT = 18.0
