"""A formula as Excel calls it: VBA's wrapper hands the arguments to the unmodified xlwings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.fakes.cells import Range, Workbook
from tests.fakes.pywin32 import MISSING, ComObject, to_variant

MODULE = "xlsales.hosts.excel.functions"
OMITTED = object()
"""An argument that the formula leaves out."""


def call(name: str, *arguments: Any, book: Workbook | None = None, module: str = MODULE) -> Any:
    """Call a worksheet function as a formula does; return what Excel gets: one value, a row, or rows.

    Ranges and workbooks cross as pointers, numbers as doubles.
    """
    from xlwings.com_server import XLPython

    caller = (book or Workbook()).Worksheets(1).Range("Z1")
    workbook: ComObject = caller.Worksheet.Parent
    sent = tuple(_sent(a) for a in arguments)
    return to_variant(XLPython().CallUDF(module, name, sent, workbook._oleobj_, caller._oleobj_))


def _sent(argument: Any) -> Any:
    if argument is OMITTED:
        return MISSING
    if isinstance(argument, Range):
        return argument._oleobj_
    if type(argument) is int and argument > -(2**30):
        return float(argument)
    if isinstance(argument, dt.date):
        return to_variant(dt.datetime(*argument.timetuple()[:3], tzinfo=dt.UTC))
    if isinstance(argument, list | tuple):
        return tuple(_sent(a) for a in argument)
    return to_variant(argument)


def sheet(*rows: list[Any], book: Workbook | None = None) -> Range:
    """Return the range that holds these rows, on the first sheet from A1."""
    page = (book or Workbook()).Worksheets(1)
    page.cells.put(1, 1, rows)
    return Range(page, 1, 1, len(rows), len(rows[0]))
