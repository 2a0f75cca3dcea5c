"""The new contents of a cell: a value, or the stored result of a formula that stays."""

from __future__ import annotations

from msgspec import Struct

from xlsales.ooxml.cells import Blank

Plain = float | str | bool | Blank


class Result(Struct, frozen=True):
    """The stored result of a formula that stays; a cell without a formula just takes the value."""

    value: Plain


Change = Plain | Result
