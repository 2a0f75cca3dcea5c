"""Addresses of cells, such as `A1`. Rows and columns count from 1; a pinned part has a `$`."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

Address = tuple[int, int]
"""A cell by (row, column)."""
Pin = Literal["", "row", "column", "both"]


@lru_cache(maxsize=16_384)
def letters(column: int | None) -> str:
    """Return the letters of a column: 1 → A, 27 → AA; nothing if there is none."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell(row: int, column: int | None, pin: Pin = "") -> str:
    """Return the address of a cell: (14, 3) → `C14`, pinned by its row `C$14`, by both `$C$14`; of a row `14`."""
    if not pin:
        return f"{letters(column)}{row}"
    return f"{'$' if pin != 'row' else ''}{letters(column)}{'$' if pin != 'column' else ''}{row}"


def block(row: int, column: int, last_row: int, last_column: int, pin: Pin = "") -> str:
    """Return the address of a block of cells, ends included: `C14:D20`; of a single cell `C14:C14`."""
    return f"{cell(row, column, pin)}:{cell(last_row, last_column, pin)}"


def area(row: int, column: int, last_row: int, last_column: int) -> str:
    """Return the address of a block of cells, a single one by itself: `C14:D20`, `C14`."""
    if (row, column) == (last_row, last_column):
        return cell(row, column)
    return block(row, column, last_row, last_column)


def quoted(title: str) -> str:
    """Return a sheet title as formulas write it, always quoted: `'it''s'`."""
    return "'" + title.replace("'", "''") + "'"


def on_sheet(title: str, address: str) -> str:
    """Return an address with the title of its sheet: `'it''s'!$A$1`."""
    return f"{quoted(title)}!{address}"
