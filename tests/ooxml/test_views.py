"""The sheet that a workbook opens on: one mark moves, every other byte stays."""

from __future__ import annotations

import pytest

from tests.data.make_rich import rich_workbook
from tests.ooxml.packed import changed_members, packed
from xlsales.ooxml import views
from xlsales.ooxml.book import Book
from xlsales.ooxml.package import Package
from xlsales.ooxml.views import open_on

pytestmark = pytest.mark.unit


def rich() -> Book:
    return Book(Package.of_bytes(rich_workbook(), "年度.xlsm"))


def edited(book: Book, title: str, old: bytes, new: bytes) -> None:
    sheet = book.sheet(title)
    assert sheet is not None
    data = book.package.read(sheet.part)
    assert old in data
    book.package.set(sheet.part, data.replace(old, new, 1))


def marks(book: Book) -> dict[str, int]:
    """How often each sheet is marked as selected."""
    found = {sheet.title: book.package.read(sheet.part).count(b'tabSelected="1"') for sheet in book.sheets}
    return {title: n for title, n in found.items() if n}


def test_one_mark_moves() -> None:
    """Of the sheet before, the mark goes; of the sheet to open on, it comes; besides, the list of sheets changes."""
    book = rich()
    (before,) = marks(book)
    other = next(s for s in book.sheets if s.title != before and s.state == "visible")
    assert open_on(book, other.title)
    assert marks(book) == {other.title: 1}
    old = book.sheet(before)
    assert old is not None
    changed, added, gone = changed_members(rich_workbook(), book.package.to_bytes())
    assert (changed, added, gone) == ({old.part, other.part, "xl/workbook.xml"}, set(), set())
    data = packed(rich_workbook())
    assert len(data) == len(packed(book.package.to_bytes()))
    assert not open_on(book, "没有")
    book.package.to_bytes()
    assert open_on(book, before)
    assert marks(book) == {before: 1}


def test_a_mark_that_says_no_is_the_one_that_changes() -> None:
    """LibreOffice writes `tabSelected="false"`: a second attribute of that name would be no XML."""
    book = rich()
    (before,) = marks(book)
    other = next(s.title for s in book.sheets if s.title != before and s.state == "visible")
    edited(book, other, b"<sheetView ", b'<sheetView showGridLines="1" tabSelected="false" ')
    edited(book, before, b'tabSelected="1"', b'tabSelected="true"')
    assert open_on(book, other)
    assert marks(book) == {other: 1}
    for sheet in book.sheets:
        assert b"tabSelected" not in book.package.read(sheet.part) or sheet.title == other
        book.package.parse(sheet.part)


def test_sheets_that_were_selected_together_are_apart() -> None:
    """What is typed into one of them would go into all."""
    book = rich()
    for sheet in book.sheets:
        data = book.package.read(sheet.part)
        if b"<sheetView " in data and b'tabSelected="1"' not in data:
            book.package.set(sheet.part, data.replace(b"<sheetView ", b'<sheetView tabSelected="1" ', 1))
    assert len(marks(book)) > 2
    (first, *_) = marks(book)
    assert open_on(book, first)
    assert marks(book) == {first: 1}


def test_a_giant_sheet_stays_in_front(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing it again for one mark would take longer than the run."""
    monkeypatch.setattr(views, "LARGE", 100)
    book = rich()
    (before,) = marks(book)
    other = next(s.title for s in book.sheets if s.title != before and s.state == "visible")
    assert not open_on(book, other)
    assert not book.package.changed
