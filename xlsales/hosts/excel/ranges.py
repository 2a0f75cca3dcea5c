"""Blocks of cells as Excel gives them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlsales.hosts.excel.engine import xw

Rows = tuple[tuple[Any, ...], ...]


def rows_of(data: Any) -> Rows:
    """Return a block as rows: one cell comes bare."""
    return data if isinstance(data, tuple) else ((data,),)


def value_formula_lines(area: xw.Range) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Yield lines of values with their lines of formulas."""
    return zip(rows_of(area.api.Value2), rows_of(area.api.Formula), strict=True)
