"""Dates with a year that is short or left out: `26-1-11`, `1/20`, `1.20`, `260105`, `5-Jan`, `Jan-26`.

One such text may be several days; the column decides. If just one way of reading makes days of all its texts, it is
taken, the year from the plan. If two do, nothing is guessed: `doubts_of` returns what is to be asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from xlsales.core.expressions import expression
from xlsales.core.text import narrow
from xlsales.values.date_text import DateBounds, Stamp, day_of, named_figure, read_stamp, without_time

Order = Literal["dmy", "mdy", "swap", "ymd", "day", "year"]
"""How Column mapping says to read a column's dates: day or month first in texts, day and month swapped in true dates,
or what the figure in `Jan-26` is."""
Doubt = Literal["order", "figure", "zero"]
"""What is in doubt: the order of the figures, whether the figure is a year, whether a zero was lost."""

_PARTS = expression(
    r"(\d{1,2})([-/.])(\d{1,2})\2(\d{1,2})|(\d{1,2})[-/](\d{1,2})|(\d\d)(\d\d)(\d\d)(?:\.0)?|(\d\d)(\d\d)"
)
_DOTTED = expression(r"(\d{1,2})\.(\d{1,2})")
_OF_DAYS = expression(r"(\d{1,2})[./-](\d{1,2})\s*[日号]")
_EARLIER, _ANY_YEARS = 5, (2016, 2035)
"""A year of two figures is so many years before the plan's first, at most; of these if there is no plan."""

_ORDERS: tuple[Order, ...] = ("ymd", "dmy", "mdy")
_FIGURES: tuple[Order, ...] = ("day", "year")
_TENS = ("1", "2", "3")
"""Days that may have lost a zero."""

Values = tuple[int, ...]


def short_days(texts: Iterable[str], span: DateBounds, order: Order | None) -> dict[str, dt.date | None]:
    """Read the texts that are such dates: text → day, None if the column leaves it in doubt."""
    plain = {text: _plain(text) for text in texts}
    dotted = {text: (m[1], m[2]) for text, of in plain.items() if (m := _DOTTED.fullmatch(of))}
    short = {text: values for text, of in plain.items() if (values := _values(of)) is not None}
    of_dots = _without_dots(dotted, order)
    names = {text: figure for text, of in plain.items() if (figure := named_figure(of)) is not None}
    days: dict[str, dt.date | None] = dict.fromkeys([*dotted, *short, *names])
    days |= _in_order(short | of_dots, span, order)
    days |= _of_names(names, span, order)
    for text, of in plain.items():
        match = _OF_DAYS.fullmatch(of)
        if match:
            days[text] = Stamp(None, int(match[1]), int(match[2])).date(span) if int(match[1]) <= 12 else None
    return days


def doubts_of(texts: Iterable[str], span: DateBounds) -> dict[str, Doubt]:
    """Return what is to be asked about such dates of a column; what is no date at all is left out."""
    doubts: dict[str, Doubt] = {}
    dotted = {}
    for text in texts:
        plain = _plain(text)
        if (figure := named_figure(plain)) is not None:
            if any(_of_names({text: figure}, span, way) for way in _FIGURES):
                doubts[text] = "figure"
        elif dots := _DOTTED.fullmatch(plain):
            values = (int(dots[1]), int(dots[2]))
            if dots[2] in _TENS or any(_in_order({text: values}, span, order) for order in _ORDERS):
                dotted[text] = (dots[1], dots[2])
        elif (figures := _values(plain)) is not None and any(
            _in_order({text: figures}, span, order) for order in _ORDERS
        ):
            doubts[text] = "order"
    zero_lost = dotted and not _without_dots(dotted, None)
    return doubts | dict.fromkeys(dotted, "zero" if zero_lost else "order")


def two_figures(texts: Iterable[str]) -> dict[str, Values]:
    """Read `1/20` and `1.20` of a column as two figures, in an order that is not known; none if a zero may be lost."""
    plain = {text: _plain(text) for text in texts}
    dotted = {text: (m[1], m[2]) for text, of in plain.items() if (m := _DOTTED.fullmatch(of))}
    values = {text: _values(of) for text, of in plain.items() if not of.isdigit()}
    pairs = {text: two for text, two in values.items() if two is not None and len(two) == 2}
    return dict.fromkeys(dotted, (0, 0)) | pairs | _without_dots(dotted, None)


def _plain(text: str) -> str:
    return without_time(narrow(text).lstrip("'").strip()).casefold()


def _values(plain: str) -> Values | None:
    """The figures of a date; a year alone and what is a month by itself, `202601`, are none."""
    match = _PARTS.fullmatch(plain)
    year = len(plain) == 4 and plain.isdigit() and "1950" <= plain <= "2099"
    if match is None or year or (plain.isdigit() and read_stamp(plain) is not None):
        return None
    return tuple(int(part) for part in match.groups() if part and part.isdigit())


def _without_dots(dotted: Mapping[str, tuple[str, str]], order: Order | None) -> dict[str, Values]:
    """Month and day of `1.20`. Excel makes 1.2 of it if it is a number: the others show whether it did.

    Beside `1.10` no zero was lost, and `1.2` is the second; beside `1.05` days have two figures, and `1.2` is the 20th.
    An order of Column mapping says that none was lost.
    """
    days = {day for _, day in dotted.values()}
    padded, tens = any(day.startswith("0") for day in days), bool(days & {"10", "20", "30"})
    values: dict[str, Values] = {}
    for text, (month, day) in dotted.items():
        if len(day) == 2 or (not padded and (tens or day not in _TENS or order in _ORDERS)):
            values[text] = (int(month), int(day))
        elif padded and not tens:
            values[text] = (int(month), 10 * int(day))
    return values if len(values) == len(dotted) else {}


def _in_order(short: Mapping[str, Values], span: DateBounds, told_order: Order | None) -> dict[str, dt.date]:
    """Read figures if just one order makes days of all of them, or Column mapping gives one."""
    read_days: dict[str, dt.date] = {}
    sizes: tuple[tuple[int, tuple[str, ...]], ...] = ((3, ("ymd", "dmy", "mdy")), (2, ("md", "dm")))
    for size, orders in sizes:
        parts = {text: values for text, values in short.items() if len(values) == size}
        if told_order in ("dmy", "mdy", "ymd"):
            orders = (told_order,) if size == 3 else ("dm",) if told_order == "dmy" else ("md",)
        readings = [{text: _day(values, each_order, span) for text, values in parts.items()} for each_order in orders]
        whole = [days for days in readings if parts and all(day is not None for day in days.values())]
        if len(whole) == 1 or (whole and all(days == whole[0] for days in whole)):
            read_days |= {text: day for text, day in whole[0].items() if day is not None}
    return read_days


def _day(values: Values, order: str, span: DateBounds) -> dt.date | None:
    of = dict(zip(order, values, strict=True))
    year = span.year_of(of["m"], of["d"]) if "y" not in of else 2000 + of["y"]
    return day_of(year, of["m"], of["d"]) if year is not None and _may_be_year(year, span) else None


def _may_be_year(year: int, span: DateBounds) -> bool:
    first, last = _ANY_YEARS
    if span.start is not None and span.end is not None:
        first, last = span.start.year - _EARLIER, span.end.year
    return first <= year <= last


def _of_names(names: Mapping[str, tuple[int, str]], span: DateBounds, order: Order | None) -> dict[str, dt.date]:
    """Read `5-Jan` and `Jan-26`: the figure is a day, unless it can only be a year, or all of several months have it.

    What may be both is left out.
    """
    ways: dict[str, Callable[[int, str], Stamp | None]] = {
        "day": lambda month, figure: Stamp(None, month, int(figure)) if day_of(2024, month, int(figure)) else None,
        "year": lambda month, figure: (
            Stamp(2000 + int(figure), month) if len(figure) == 2 and _may_be_year(2000 + int(figure), span) else None
        ),
    }
    stamps = {way: {text: stamp_of(*of) for text, of in names.items()} for way, stamp_of in ways.items()}
    fitting = [way for way, of in stamps.items() if all(of.values())]
    if order in ways:
        fitting = [order]
    elif len(fitting) == 2:
        months, figures = (len(set(of)) for of in zip(*names.values(), strict=True)) if names else (0, 0)
        fitting = ["year"] if figures == 1 and months > 1 else []
    if not fitting:
        return {}
    days = {text: stamp.date(span) for text, stamp in stamps[fitting[0]].items() if stamp is not None}
    return {text: day for text, day in days.items() if day is not None}
