# ruff: noqa: N802, N803 - the names are Excel's
"""Cells as Excel shows them through pywin32: enough of Range, Worksheet and Workbook for a worksheet function.

A cell holds what `Value` gives: float, str, bool, None, Decimal (currency format), a date,
or `error("#DIV/0!")`. Text that Excel would take for a number or a formula when it is
written is not imitated: writing it is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries

from tests.fakes.pywin32 import ComObject, com_time, desktop, excel_says_no, to_variant

_EPOCH = dt.datetime(1899, 12, 30)
_ERRORS = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042}
_ERRORS |= {"#SPILL!": 2045, "#CALC!": 2050}


def error(text: str) -> int:
    """Return an error cell's value as it reaches Python: a negative int."""
    return -2146828288 + _ERRORS[text]


class Cells:
    """The cells of a sheet, by row and column from 1."""

    def __init__(self) -> None:
        self.values: dict[tuple[int, int], Any] = {}

    def put(self, row: int, column: int, block: Sequence[Sequence[Any]]) -> None:
        """Enter a block of cells."""
        for i, line in enumerate(block):
            for j, value in enumerate(line):
                kept = float(value) if type(value) is int and not is_error(value) else value
                self.values[row + i, column + j] = kept


def is_error(value: Any) -> bool:
    """Whether a value is an error cell's."""
    return type(value) is int and value + 2146828288 in _ERRORS.values()


class _Lines(ComObject):
    """Range.Rows or Range.Columns."""

    Count: int

    def __init__(self, count: int) -> None:
        self.Count = count


class Range(ComObject):
    """Excel's Range: a block of cells of one sheet."""

    CLSID = "{00020846-0000-0000-C000-000000000046}"

    def __init__(self, sheet: Worksheet, row: int, column: int, rows: int = 1, columns: int = 1) -> None:
        self._sheet, self._row, self._column, self._rows, self._columns = sheet, row, column, rows, columns

    @property
    def Worksheet(self) -> Worksheet:
        return self._sheet

    @property
    def Row(self) -> int:
        return self._row

    @property
    def Column(self) -> int:
        return self._column

    @property
    def Rows(self) -> _Lines:
        return _Lines(self._rows)

    @property
    def Columns(self) -> _Lines:
        return _Lines(self._columns)

    @property
    def Count(self) -> int:
        return self._rows * self._columns

    @property
    def Address(self) -> str:
        return self.GetAddress()

    def GetAddress(self, RowAbsolute: bool = True, ColumnAbsolute: bool = True, *_: Any) -> str:
        r, c = "$" * RowAbsolute, "$" * ColumnAbsolute
        first = f"{c}{get_column_letter(self._column)}{r}{self._row}"
        if self.Count == 1:
            return first
        last = f"{c}{get_column_letter(self._column + self._columns - 1)}{r}{self._row + self._rows - 1}"
        return f"{first}:{last}"

    @property
    def Value(self) -> Any:
        return self._read(_as_value)

    @Value.setter
    def Value(self, data: Any) -> None:
        self._write(data)

    @property
    def Value2(self) -> Any:
        return self._read(_as_value2)

    @Value2.setter
    def Value2(self, data: Any) -> None:
        self._write(data)

    def _read(self, show: Any) -> Any:
        values, rows = self._sheet.cells.values, range(self._row, self._row + self._rows)
        columns = range(self._column, self._column + self._columns)
        block = tuple(tuple(show(values.get((r, c))) for c in columns) for r in rows)
        return block[0][0] if self.Count == 1 else block

    def _write(self, data: Any) -> None:
        sent = to_variant(data)
        if not isinstance(sent, tuple):
            sent = ((sent,) * self._columns,) * self._rows
        elif not isinstance(sent[0], tuple):
            sent = (sent,) * self._rows
        self._sheet.cells.put(self._row, self._column, [[_as_typed(v) for v in line] for line in sent])


def _as_value(value: Any) -> Any:
    return com_time(value) if isinstance(value, dt.date) else value


def _as_value2(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.date):
        moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
        return (moment.replace(tzinfo=None) - _EPOCH) / dt.timedelta(days=1)
    return value


def _as_typed(value: Any) -> Any:
    """A value as the cell takes it: text of no length empties the cell."""
    if value == "":
        return None
    if isinstance(value, str) and (value[0] in "=+-@" or value[0].isdigit()):
        raise excel_says_no(f"Excel would read {value!r} as a formula, a number or a date; this fake does not")
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value


class Worksheet(ComObject):
    """Excel's Worksheet."""

    CLSID = "{00020820-0000-0000-C000-000000000046}"
    Name: str
    Parent: Any

    def __init__(self, parent: Any, name: str) -> None:
        self._cells = Cells()
        self.Parent, self.Name = parent, name

    @property
    def cells(self) -> Cells:
        """Not Excel's: the cells that a test enters and looks at."""
        return self._cells

    @property
    def Index(self) -> int:
        return [*self.Parent.Worksheets].index(self) + 1

    def Cells(self, row: int, column: int) -> Range:
        return Range(self, row, column)

    def Range(self, first: Any, last: Any = None) -> Range:
        if isinstance(first, str):
            left, top, right, bottom = (n or 1 for n in range_boundaries(first))
            return Range(self, top, left, bottom - top + 1, right - left + 1)
        return Range(self, first.Row, first.Column, last.Row - first.Row + 1, last.Column - first.Column + 1)


class Worksheets(ComObject):
    """Workbook.Worksheets."""

    def __init__(self, sheets: list[Worksheet]) -> None:
        self._sheets = sheets

    @property
    def Count(self) -> int:
        return len(self._sheets)

    def __call__(self, key: int | str) -> Worksheet:
        if isinstance(key, int):
            return self._sheets[key - 1]
        return next(s for s in self._sheets if s.Name == key)

    def __iter__(self) -> Any:
        return iter(self._sheets)


class Name(ComObject):
    """A defined name."""

    Name: str
    RefersTo: str

    def __init__(self, name: str, refers_to: str, target: Range | None) -> None:
        self.Name, self.RefersTo, self._target = name, refers_to, target

    @property
    def RefersToRange(self) -> Range:
        if self._target is None:
            raise excel_says_no("Application-defined or object-defined error")
        return self._target


class Names(ComObject):
    """Workbook.Names."""

    def __init__(self) -> None:
        self._names: list[Name] = []

    def put(self, name: str, target: Range) -> None:
        """Not Excel's: define a name for a range."""
        self._names.append(Name(name, f"='{target.Worksheet.Name}'!{target.Address}", target))

    @property
    def Count(self) -> int:
        return len(self._names)

    def __call__(self, key: int | str) -> Name:
        if isinstance(key, int):
            return self._names[key - 1]
        for name in self._names:
            if name.Name.lower() == key.lower():
                return name
        raise excel_says_no("Application-defined or object-defined error")

    def Item(self, key: int | str) -> Name:
        return self(key)

    def __iter__(self) -> Any:
        return iter(self._names)


class Application(ComObject):
    """The little of Excel's Application that a worksheet function meets."""

    Version = "16.0"

    @property
    def Hwnd(self) -> int:
        return desktop.handle(self)


_excel = Application()


class Workbook(ComObject):
    """Excel's Workbook, with sheets that a test fills."""

    CLSID = "{000208DA-0000-0000-C000-000000000046}"
    Name: str
    FullName: str

    def __init__(self, *sheets: str, name: str = "计划.xlsx") -> None:
        self.Name, self.FullName = name, f"C:\\数据\\{name}"
        self._worksheets = [Worksheet(self, s) for s in sheets or ("Sheet1",)]
        self._names = Names()

    @property
    def Application(self) -> Application:
        return _excel

    @property
    def Worksheets(self) -> Worksheets:
        return Worksheets(self._worksheets)

    @property
    def Sheets(self) -> Worksheets:
        return Worksheets(self._worksheets)

    @property
    def Names(self) -> Names:
        return self._names
