"""The script of xlwings Lite, over the desktop's xlwings: what Lite itself does with it is not proven here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings

from tests.fakes.pywin32 import desktop
from tests.hosts.excel.open_books import OpenBook
from xlsales.hosts.lite import split_selection

pytestmark = pytest.mark.com_sim


def run(tmp_path: Path, column: list[Any], selection: str, beside: Any = None) -> tuple[list[Any], list[str]]:
    """Put values into B2:B…, select, run the script; return what column C shows and the messages."""
    book = openpyxl.Workbook()
    for row, value in enumerate(column, 2):
        book.active.cell(row, 2, value)
    book.active["C4"] = beside
    book.save(tmp_path / "book.xlsx")
    opened = OpenBook(tmp_path / "book.xlsx")
    opened.book.ActiveSheet.Range(selection).Select()
    shown = len(desktop.messages)
    split_selection(xlwings.Book(impl=xlwings._xlwindows.Book(opened.book)))
    rows = range(2, 2 + len(column))
    return [opened.sheet("Sheet").cell(r, 3).value for r in rows], [m.text for m in desktop.messages[shown:]]


def test_the_selection_is_split_beside(tmp_path: Path) -> None:
    """The total in the first selected cell goes to the weights below, closing, beside them."""
    assert run(tmp_path, [1000, 1, 1, 1], "B2:B5") == ([None, 333, 333, 334], [])


@pytest.mark.parametrize(
    ("column", "selection", "beside", "told"),
    [
        ([1000, 1, 1], "B2", None, "请选中一列"),
        ([1000, 1, 1], "B2:C4", None, "请选中一列"),
        ([1000, 1, 1], "B2:B4", "我的", "C3:C4 已有内容"),
        ([1000, 1, "abc"], "B2:B4", None, "abc"),
    ],
)
def test_what_cannot_be_split_is_told(
    tmp_path: Path, column: list[Any], selection: str, beside: Any, told: str
) -> None:
    """A wrong selection, a column in use, a weight that is text: one sentence, and nothing is written."""
    written, (message,) = run(tmp_path, column, selection, beside)
    assert told in message
    assert [value for value in written if value is not None] == [beside] * (beside is not None)
