"""The cells of a sheet before there is a file, for tests of what they hold."""

from __future__ import annotations

from xlsales.layout.model import SheetModel, Value, blank_if_nan, rows_to_write


def cell_map(model: SheetModel) -> dict[tuple[str, str], Value]:
    """Return the cells of a model that a run writes: (row key, column key) → value; blank ones are None."""
    rows = rows_to_write(model)
    return {(row, column): blank_if_nan(value) for row, values in rows for column, value in values.items()}
