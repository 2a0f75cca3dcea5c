"""The new contents of a cell: a value, or the stored result of a formula that stays."""

from __future__ import annotations

from msgspec import Struct

from xlsales.ooxml.cells import Blank

Plain = float | str | bool | Blank


class Result(Struct, frozen=True):
    """The stored result of a formula that stays; a cell without a formula just takes the value."""

    value: Plain


class Typed(Struct, frozen=True):
    """A formula (A1 notation, English names, without =) that is typed into a cell; its result is still to come."""

    formula: str


Change = Plain | Result
