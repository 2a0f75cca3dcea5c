"""The result of a simple formula: arithmetic on numbers and cells, SUM, ROUND and a few others, as in a spreadsheet.

It shows whether the result that a file stores is that of its formula. A link to another workbook, a defined name or any
other function is reported as not understood; nothing is guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import NamedTuple, TypeVar

from xlsales.core.expressions import expression
from xlsales.ooxml import grid

_Part = TypeVar("_Part")
FormulaValue = float | str
"""A number or a text, which a formula gives or a cell holds."""


class NotUnderstood(Exception):
    """A formula, or a part of it, that is not counted here, or that gives an error."""


class Reference(NamedTuple):
    """Cells that a formula refers to, both ends included; `title` is None for its own sheet."""

    title: str | None
    first_row: int
    first_column: int
    last_row: int
    last_column: int


Read = Callable[[Reference], Sequence[FormulaValue | None]]
"""The values of a reference's cells, from top to bottom; None or left out: blank. May raise `NotUnderstood`."""

_TOKEN = expression(
    r"""\s*(?:
      (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.!])
    | (?P<text>"(?:[^"]|"")*")
    | (?P<block>(?:(?:'(?P<quoted>(?:[^'\[\]]|'')+)'|(?P<plain>[^\W\d][\w.]*))!)?
        (?P<range>\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}(?::\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6})?|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})
        (?![\w.(!:]))
    | (?P<function>[A-Za-z]+)\(
    | (?P<sign>[-+*/^%(),])
    )""",
    re.X,
)
_DEEPEST, _LONGEST = 30, 8192
"""So many brackets may be inside one another; so many characters a formula may have, in Excel too."""


def evaluate(formula: str, read: Read) -> FormulaValue:
    """Return what a formula (without =) gives; raises `NotUnderstood`."""
    try:
        result = _Reader(formula, read).whole()
    except (ArithmeticError, ValueError, RecursionError) as error:
        raise NotUnderstood(formula) from error
    if isinstance(result, float) and not math.isfinite(result):
        raise NotUnderstood(formula)
    return result


class _Reader:
    """A formula: it is counted while it is read from left to right."""

    def __init__(self, formula: str, read: Read) -> None:
        self._read, self._depth = read, 0
        self._tokens: list[re.Match[str]] = []
        at, end = 0, len(formula.rstrip())
        if end > _LONGEST:
            raise NotUnderstood
        while at < end:
            match = _TOKEN.match(formula, at, end)
            if match is None:
                raise NotUnderstood(formula)
            self._tokens.append(match)
            at = match.end()
        self._at = 0

    def whole(self) -> FormulaValue:
        result = self._sum()
        if self._at < len(self._tokens):
            raise NotUnderstood
        return result

    def _next(self, *signs: str) -> str:
        """Pass the next sign if it is one of these, and return it; else nothing."""
        if self._at < len(self._tokens) and (sign := self._tokens[self._at]["sign"]) and sign in signs:
            self._at += 1
            return sign
        return ""

    def _sum(self) -> FormulaValue:
        result = self._product()
        while sign := self._next("+", "-"):
            other = _number(self._product())
            result = _number(result) + (other if sign == "+" else -other)
        return result

    def _product(self) -> FormulaValue:
        result = self._power()
        while sign := self._next("*", "/"):
            other = _number(self._power())
            result = _number(result) * other if sign == "*" else _number(result) / other
        return result

    def _power(self) -> FormulaValue:
        result = self._signed()
        while self._next("^"):
            result = math.pow(_number(result), _number(self._signed()))
        return result

    def _signed(self) -> FormulaValue:
        signs = ""
        while sign := self._next("+", "-"):
            signs += sign
        result = self._primary()
        while self._next("%"):
            result = _number(result) / 100
        if "-" in signs:
            return -_number(result) if signs.count("-") % 2 else _number(result)
        return result

    def _primary(self) -> FormulaValue:
        if self._next("("):
            start = self._at
            result = self._inside(self._sum)
            if self._at == start + 1 and self._tokens[start]["block"] and self._depth:
                raise NotUnderstood  # in an argument still a reference: its blanks and texts count otherwise
            self._close()
            return result
        token = self._take()
        if token["number"]:
            return float(token["number"])
        if token["text"]:
            return token["text"][1:-1].replace('""', '"')
        if token["function"]:
            return self._function(token["function"].upper())
        if not token["block"]:
            raise NotUnderstood
        values = self._values(token)
        if ":" in token["range"]:
            raise NotUnderstood  # a block where one value belongs
        value = values[0] if values else None
        return 0.0 if value is None else value

    def _function(self, name: str) -> float:
        function = _FUNCTIONS.get(name)
        if function is None:
            raise NotUnderstood(name)
        arguments: list[list[float]] = []
        if not self._next(")"):
            arguments.append(self._inside(self._argument))
            while self._next(","):
                arguments.append(self._inside(self._argument))
            self._close()
        return function(arguments)

    def _argument(self) -> list[float]:
        """The numbers of an argument: of cells the numbers alone, as SUM takes them."""
        if self._at + 1 < len(self._tokens) and self._tokens[self._at]["block"]:
            following = self._tokens[self._at + 1]["sign"]
            if following in (",", ")"):
                return [value for value in self._values(self._take()) if isinstance(value, float)]
        return [_number(self._sum())]

    def _inside(self, part: Callable[[], _Part]) -> _Part:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotUnderstood
        value = part()
        self._depth -= 1
        return value

    def _close(self) -> None:
        if not self._next(")"):
            raise NotUnderstood

    def _take(self) -> re.Match[str]:
        if self._at >= len(self._tokens):
            raise NotUnderstood
        self._at += 1
        return self._tokens[self._at - 1]

    def _values(self, match: re.Match[str]) -> Sequence[FormulaValue | None]:
        title = match["quoted"].replace("''", "'") if match["quoted"] else match["plain"]
        block = _block(title, match["range"].replace("$", ""))
        return self._read(block)


def _block(title: str | None, address: str) -> Reference:
    area = grid.parse_range(address.upper())
    if area is None:
        raise NotUnderstood(address)
    return Reference(title, *area)


def _number(value: FormulaValue) -> float:
    if isinstance(value, str):
        raise NotUnderstood(value)
    return value


def _one(arguments: list[list[float]]) -> float:
    ((value,),) = arguments
    return value


def _rounded(rounding: str) -> Callable[[list[list[float]]], float]:
    def rounded(arguments: list[list[float]]) -> float:
        (number,), (digits,) = arguments
        if not abs(digits) < 20 or not abs(number) < 1e15:
            raise NotUnderstood
        return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-int(digits)), rounding))

    return rounded


def _all(of: Callable[[list[float]], float]) -> Callable[[list[list[float]]], float]:
    def of_all(arguments: list[list[float]]) -> float:
        if not arguments:
            raise NotUnderstood
        return of([value for values in arguments for value in values])

    return of_all


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def _most(pick: Callable[[Iterable[float]], float]) -> Callable[[list[float]], float]:
    return lambda values: pick(values) if values else 0.0


_FUNCTIONS: dict[str, Callable[[list[list[float]]], float]] = {
    "SUM": _all(math.fsum),
    "AVERAGE": _all(_mean),
    "MIN": _all(_most(min)),
    "MAX": _all(_most(max)),
    "PRODUCT": _all(lambda values: math.prod(values) if values else 0.0),
    "ROUND": _rounded(ROUND_HALF_UP),
    "ROUNDUP": _rounded(ROUND_UP),
    "ROUNDDOWN": _rounded(ROUND_DOWN),
    "INT": lambda arguments: float(math.floor(_one(arguments))),
    "ABS": lambda arguments: abs(_one(arguments)),
}
