"""Rows of sheets that were read before, in a program that stays: only what changed is read again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct

C = TypeVar("C")


class RowRead(Struct, Generic[C]):
    """The cells of a row by column; of shared strings (column and index), the last texts, and the cells with them."""

    cells: dict[int, C]
    shared: tuple[tuple[int, int], ...]
    texts: tuple[str, ...] = ()
    told: dict[int, C] | None = None

    def with_texts(self, texts: tuple[str, ...], with_text: Callable[[C, str], C]) -> dict[int, C]:
        """Return the cells with the texts of shared strings, each put in by `with_text`; the same ones if these are."""
        if self.told is None or self.texts != texts:
            columns = (column for column, _ in self.shared)
            own = {c: with_text(self.cells[c], text) for c, text in zip(columns, texts, strict=True)}
            self.texts, self.told = texts, self.cells | own
        return self.told


class RowsRead(Generic[C]):
    """Rows that were read before, by their bytes: of a sheet that is read again, many are the same.

    Their bytes are at most twice `most`, the cells about five times as much. Rows that are not met again go first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._met: dict[bytes, RowRead[C]] = {}
        self._before: dict[bytes, RowRead[C]] = {}
        self._size = 0

    def get(self, xml: bytes) -> RowRead[C] | None:
        """Return a row of which the cells are these bytes."""
        row = self._met.get(xml)
        if row is None and (row := self._before.get(xml)) is not None:
            self.keep(xml, row)
        return row

    def forget(self) -> None:
        """Keep nothing of before."""
        self._met, self._before, self._size = {}, {}, 0

    def keep(self, xml: bytes, row: RowRead[C]) -> None:
        """Keep a row."""
        if self._size > self._most:
            self._before, self._met, self._size = self._met, {}, 0
        self._met[xml] = row
        self._size += len(xml) + 100
