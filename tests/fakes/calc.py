# ruff: noqa: N802 - the names are UNO's
"""A sheet of Calc as UNO shows it: cells, blocks of them, and copies of blocks. Formulas are not calculated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

VALUE, DATETIME, STRING, FORMULA = 1, 2, 4, 16


@dataclass
class Cell:
    """What a cell holds, and its looks."""

    content: float | str | None = None
    formula: str = ""
    looks: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RangeAddress:
    """com.sun.star.table.CellRangeAddress."""

    StartColumn: int
    StartRow: int
    EndColumn: int
    EndRow: int


@dataclass(frozen=True)
class CellAddress:
    """com.sun.star.table.CellAddress."""

    Column: int
    Row: int


class UnoObject:
    """An object on the other side of UNO: what its class does not declare is neither read nor set."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name.startswith("_") or hasattr(type(self), name)):
            raise AttributeError(name)
        object.__setattr__(self, name, value)


class Sheet(UnoObject):
    """A sheet; `_cells` by row and column, from 0."""

    def __init__(self, name: str = "Sheet1") -> None:
        self._name = name
        self._cells: dict[tuple[int, int], Cell] = {}

    @property
    def Name(self) -> str:
        return self._name

    def getCellByPosition(self, column: int, row: int) -> Area:
        return Area(self, RangeAddress(column, row, column, row))

    def getCellRangeByPosition(self, left: int, top: int, right: int, bottom: int) -> Area:
        assert 0 <= left <= right
        assert 0 <= top <= bottom
        return Area(self, RangeAddress(left, top, right, bottom))

    def copyRange(self, to: CellAddress, source: RangeAddress) -> None:
        down, across = to.Row - source.StartRow, to.Column - source.StartColumn
        for row, column in Area(self, source)._places():
            cell = self._at(row, column)
            copy = Cell(cell.content, cell.formula, dict(cell.looks))
            self._cells[row + down, column + across] = copy

    def _at(self, row: int, column: int) -> Cell:
        return self._cells.setdefault((row, column), Cell())


class Area(UnoObject):
    """A block of cells, or one cell."""

    def __init__(self, sheet: Sheet, address: RangeAddress) -> None:
        self._sheet, self._address = sheet, address

    @property
    def RangeAddress(self) -> RangeAddress:
        return self._address

    @property
    def CellAddress(self) -> CellAddress:
        return CellAddress(self._address.StartColumn, self._address.StartRow)

    @property
    def String(self) -> str:
        content = self._cell().content
        return "" if content is None else str(content)

    def getDataArray(self) -> tuple[tuple[float | str, ...], ...]:
        return self._lines(lambda cell: "" if cell.content is None else cell.content)

    def setDataArray(self, lines: tuple[tuple[float | str, ...], ...]) -> None:
        address = self._address
        assert len(lines) == address.EndRow - address.StartRow + 1
        for r, line in enumerate(lines, address.StartRow):
            assert len(line) == address.EndColumn - address.StartColumn + 1
            for c, value in enumerate(line, address.StartColumn):
                assert type(value) in (float, str), "UNO takes nothing else"
                cell = self._sheet._at(r, c)
                cell.content, cell.formula = (None if value == "" else value), ""

    def getFormulaArray(self) -> tuple[tuple[str, ...], ...]:
        return self._lines(lambda cell: cell.formula or ("" if cell.content is None else str(cell.content)))

    def getCellByPosition(self, column: int, row: int) -> Area:
        return self._sheet.getCellByPosition(self._address.StartColumn + column, self._address.StartRow + row)

    def setFormula(self, formula: str) -> None:
        self._cell().formula = formula

    def queryContentCells(self, flags: int) -> Ranges:
        """The cells that hold something of these kinds, as runs below each other in a column."""
        runs: list[RangeAddress] = []
        for row, column in sorted(self._places(), key=lambda at: (at[1], at[0])):
            if not self._kind(self._sheet._cells.get((row, column), Cell())) & flags:
                continue
            if runs and (runs[-1].StartColumn, runs[-1].EndRow) == (column, row - 1):
                runs[-1] = RangeAddress(column, runs[-1].StartRow, column, row)
            else:
                runs.append(RangeAddress(column, row, column, row))
        return Ranges(tuple(runs))

    def _set(self, name: str, value: Any) -> None:
        for row, column in self._places():
            self._sheet._at(row, column).looks[name] = value

    CharWeight = property(
        lambda self: self._cell().looks.get("CharWeight", 100.0), lambda self, v: self._set("CharWeight", v)
    )
    NumberFormat = property(
        lambda self: self._cell().looks.get("NumberFormat", 0), lambda self, v: self._set("NumberFormat", v)
    )

    def _cell(self) -> Cell:
        return self._sheet._at(self._address.StartRow, self._address.StartColumn)

    @staticmethod
    def _kind(cell: Cell) -> int:
        if cell.formula:
            return FORMULA
        return 0 if cell.content is None else STRING if isinstance(cell.content, str) else VALUE

    def _places(self) -> list[tuple[int, int]]:
        address = self._address
        rows, columns = range(address.StartRow, address.EndRow + 1), range(address.StartColumn, address.EndColumn + 1)
        return [(row, column) for row in rows for column in columns]

    def _lines(self, shown: Any) -> tuple[tuple[Any, ...], ...]:
        address = self._address
        columns = range(address.StartColumn, address.EndColumn + 1)
        rows = range(address.StartRow, address.EndRow + 1)
        return tuple(tuple(shown(self._sheet._cells.get((row, c), Cell())) for c in columns) for row in rows)


@dataclass(frozen=True)
class Ranges:
    """com.sun.star.sheet.SheetCellRanges."""

    RangeAddresses: tuple[RangeAddress, ...]
