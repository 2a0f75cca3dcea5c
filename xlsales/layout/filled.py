"""The rows of an Excel table that the program fills, before they are brought into a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from xlsales.core.arrays import Floats
from xlsales.core.text import identity
from xlsales.ooxml.cells import BLANK
from xlsales.ooxml.changes import Plain
from xlsales.ooxml.rows import Texts
from xlsales.vocabulary.plan_tables import InputTable


class TableRows(Struct, frozen=True, dict=True):
    """The rows of a table, as columns by key: texts, or numbers (NaN is blank). Rows are known by columns `by`."""

    table: InputTable
    columns: Mapping[str, Texts | Floats]
    by: Sequence[str]

    @cached_property
    def keys(self) -> list[tuple[str | float, ...]]:
        """What each row is known by."""
        return list(zip(*(keys_of(self.values(key)) for key in self.by), strict=True))

    def values(self, key: str) -> list[Plain]:
        """Return a column's values."""
        column = self.columns[key]
        if isinstance(column, Texts):
            return [column.table[code] for code in column.codes.tolist()]
        return [BLANK if value != value else value for value in column.tolist()]


def keys_of(values: Sequence[object]) -> list[str | float]:
    """Return what values are known by: texts whatever their case and width, numbers; others are alike."""
    texts = {value: identity(value) for value in set(values) if isinstance(value, str)}
    return [texts[value] if isinstance(value, str) else value if isinstance(value, float) else "" for value in values]
