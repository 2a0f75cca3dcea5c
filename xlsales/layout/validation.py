"""What may be typed into an input cell: lists, ranges, dates, each with a hint and a plain error message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from xlsales.core.faults import Lang
from xlsales.vocabulary.contract import WEEKDAYS, Kind, Setting, Word, offered
from xlsales.vocabulary.plan_tables import TableColumn

FIRST_DATE, LAST_DATE = dt.date(2000, 1, 1), dt.date(2099, 12, 31)

_TITLE_LIMIT, _MESSAGE_LIMIT, _LIST_LIMIT = 32, 255, 255  # Excel's

_REFUSED = Word("请改一下", "Please check")
_CHOOSE = Word("请从下拉列表里选一项:{choices}。", "Pick one from the list: {choices}.")
_BETWEEN = Word("请填 {low} 到 {high} 之间的{what}。", "Enter {what} from {low} to {high}.")
_AT_LEAST = Word("请填不小于 {low} 的{what}。", "Enter {what} of {low} or more.")
_NUMBER: dict[str, Word] = {
    "integer": Word("整数", "a whole number"),
    "percent": Word("百分数", "a percentage"),
    "amount": Word("金额(数字)", "an amount"),
    "number": Word("数字", "a number"),
    "yuan": Word("数字", "a number"),
}
_DATE = Word("请填日期,例如 2026-01-31。", "Enter a date, e.g. 2026-01-31.")
_DATE_EXAMPLE = Word("示例:2026-01-31", "Example: 2026-01-31")


def validation(field: Setting | TableColumn, lang: Lang) -> dict[str, Any]:
    """Return the XlsxWriter data validation of a setting or of a table column."""
    hint = field.hint[lang]
    if field.kind == "date":
        hint += "\n" + _DATE_EXAMPLE[lang]
    rule = _rule(field.kind, offered(field.choices or {}, lang), field.low, field.high, lang)
    if isinstance(field, TableColumn) and field.offered:
        offered_words = [word[lang] for word in field.offered]
        assert len(",".join(offered_words)) <= _LIST_LIMIT
        assert not any("," in word for word in offered_words)
        rule = {"validate": "list", "source": offered_words, "show_error": False}
    if isinstance(field, Setting) and field.free:
        rule |= {"show_error": False}
    if field.key == "weekday":
        rule = {"validate": "list", "source": [day[lang] for day in WEEKDAYS]}
    return rule | {
        "ignore_blank": True,
        "input_title": field.label[lang][:_TITLE_LIMIT],
        "input_message": hint[:_MESSAGE_LIMIT],
    }


_NOT_LISTED = Word("请从下拉列表里选一项。", "Pick one from the list.")


def entry_validation(kind: Kind, choices: Sequence[Word], lang: Lang, listed: str = "") -> dict[str, Any]:
    """Return the validation of a cell of a written sheet that a person types into: a choice, an amount, or a share.

    `listed` is a range whose texts are the choices, `=$C$40:$C$60`.
    """
    if listed:
        return {"validate": "list", "source": listed, "ignore_blank": True} | _error(_NOT_LISTED[lang], lang)
    most = 1.0 if kind == "percent" else None
    return _rule(kind, [word[lang] for word in choices], None, most, lang) | {"ignore_blank": True}


def _rule(kind: Kind, words: list[str], low: float | None, high: float | None, lang: Lang) -> dict[str, Any]:
    if words:
        assert len(",".join(words)) <= _LIST_LIMIT
        listed = ("、" if lang == "zh" else ", ").join(words)
        return {"validate": "list", "source": words} | _error(_CHOOSE[lang].format(choices=listed), lang)
    if kind == "date":
        limits = {"criteria": "between", "minimum": FIRST_DATE, "maximum": LAST_DATE}
        return {"validate": "date", **limits} | _error(_DATE[lang], lang)
    if kind in _NUMBER:
        what, type_of_it = _NUMBER[kind][lang], "integer" if kind == "integer" else "decimal"
        least = 0.0 if low is None else low
        show = "{:.0%}" if kind == "percent" else "{:g}"
        if high is None:
            message = _AT_LEAST[lang].format(low=show.format(least), what=what)
            return {"validate": type_of_it, "criteria": ">=", "value": least} | _error(message, lang)
        message = _BETWEEN[lang].format(low=show.format(least), high=show.format(high), what=what)
        limits = {"criteria": "between", "minimum": least, "maximum": high}
        return {"validate": type_of_it, **limits} | _error(message, lang)
    return {"validate": "any"}


def _error(message: str, lang: Lang) -> dict[str, str]:
    return {"error_title": _REFUSED[lang], "error_message": message[:_MESSAGE_LIMIT], "error_type": "stop"}
