"""Sheets that no program wrote: whatever stands in one costs no more than its length, and ends in values or a fault."""

from __future__ import annotations

import math
import signal
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO

import pytest

from tests.ooxml.test_cells import MAIN, SHEET, STRINGS, book_with, rows
from xlsales.core.faults import Fault
from xlsales.ooxml import grid
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import Cell
from xlsales.ooxml.flaws import error_cells
from xlsales.ooxml.package import Package
from xlsales.ooxml.patch import patch_sheet
from xlsales.ooxml.streamed import peek_rows, read_rows

pytestmark = pytest.mark.unit
ONE = f'<sst xmlns="{MAIN}"><si><t>甲</t></si></sst>'
SECONDS = 20
"""Of the processor, for what takes some hundredths: a scan that begins anew at every tag takes an hour."""


def read_all(book: Book) -> list[Cell]:
    return list(dict(book.cells(book.sheets[0])).values())


def read_some(book: Book) -> list[Cell]:
    lazy = book.some_cells(book.sheets[0])
    lazy.load([1, 3])
    lazy.constants(2)
    found = [lazy.get((row, column)) for row in (*lazy.rows[:5], 7) for column in (1, 2, 9)]
    return [cell for cell in found if cell] + [cell for row in lazy.rows[:5] for cell in lazy.row(row).values()]


def peeked(book: Book) -> list[Cell]:
    return [cell for _, row in peek_rows(book.package, SHEET, 3, book.strings) for cell in row.values()]


def streamed(book: Book) -> list[Cell]:
    return [cell for _, row in read_rows(book.package, SHEET, book.strings) for cell in row.values()]


def flaws(book: Book) -> list[Cell]:
    error_cells(book.package, SHEET)
    return []


def patched(book: Book) -> list[Cell]:
    with book.package.sound(SHEET):
        patch_sheet(book.package.read(SHEET), {(2, 2): 5.0})
    return []


READERS: list[Callable[[Book], list[Cell]]] = [read_all, read_some, peeked, streamed, flaws, patched]


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Break off what takes more of the processor's time."""

    def late(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} s of the processor")

    old = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, old)


CELL = '<c r="A1"><v>1</v></c>'
ENDLESS = {
    "cells": f'<row r="1">{CELL}' + "<c>" * 100_000 + "</row>",
    "cells with an address": '<row r="1">' + '<c r="A1">' * 40_000 + "</row>",
    "cells without a bracket": f'<row r="1">{CELL}' + '<c r="B1" ' * 40_000 + "</row>",
    "ends without a bracket": f'<row r="1">{CELL}<c>' + "</c " * 80_000 + "</row>",
    "comments": f'<row r="1">{CELL}</row>' + "<!--" * 80_000,
    "CDATA": f'<row r="1">{CELL}</row>' + "<![CDATA[" * 40_000,
    "instructions": f'<row r="1">{CELL}</row>' + "<?x " * 80_000,
    "comments in a cell": '<row r="1"><c r="A1" t="inlineStr"><is><t>' + "<!--" * 80_000 + "</t></is></c></row>",
    "values": '<row r="1"><c r="A1">' + "<v>" * 100_000 + "</c></row>",
    "formulas": '<row r="1"><c r="A1">' + "<f>" * 100_000 + "</c></row>",
    "texts": '<row r="1"><c r="A1" t="inlineStr"><is>' + "<t>" * 100_000 + "</is></c></row>",
    "readings": '<row r="1"><c r="A1" t="inlineStr"><is>' + "<rPh>" * 60_000 + "</is></c></row>",
    "rows": "<row>" * 100_000,
    "rows without a bracket": "<row " * 80_000,
    "blanks": '<row r="1">' + "<c" + " " * 300_000 + "</row>",
    "brackets": '<row r="1">' + "<" * 300_000 + "</row>",
    "attributes": '<row r="1"><c ' + 'r="A1" ' * 50_000 + "></c></row>",
    "names": "<" + "a" * 300_000 + "</row>",
}


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="only POSIX systems measure the processor so")
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("what", ENDLESS)
def test_what_never_ends_costs_its_length(what: str, reader: Callable[[Book], list[Cell]]) -> None:
    book = book_with(rows(ENDLESS[what]), ONE)
    with within(SECONDS), suppress(Fault):
        reader(book)


def test_strings_that_never_end_cost_their_length() -> None:
    for item in ("<si>", "<si><t>", "<si><!--", "<si><t><![CDATA["):
        book = book_with(rows('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), f'<sst xmlns="{MAIN}">' + item * 40_000)
        for reader in READERS:
            with within(SECONDS):
                reader(book)


ODD = {
    "a row that is no number": '<row r="1.5"><c r="A1"><v>1</v></c></row>',
    "a row beyond the last": '<row r="99999999"><c r="A99999999"><v>1</v></c></row>',
    "a row of many digits": f'<row r="{"9" * 5000}"><c><v>1</v></c></row>',
    "a negative row": '<row r="-1"><c r="A1"><v>1</v></c></row>',
    "a column beyond the last": '<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
    "a style that is no number": '<row r="1"><c r="A1" s="NaN"><v>1</v></c></row>',
    "a style in the common form": '<row r="1"><c r="A1" s="99999999999"><v>1</v></c></row>',
    "a string that is no number": '<row r="1"><c r="A1" t="s"><v>1.5</v></c></row>',
    "a string beyond the table": '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
    "a negative string": '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
    "a string of many digits": f'<row r="1"><c r="A1" t="s"><v>{"9" * 5000}</v></c></row>',
    "no number": '<row r="1"><c r="A1"><v>NaN</v></c></row>',
    "a number without end": '<row r="1"><c r="A1"><v>1e999</v></c></row>',
    "a number below all": '<row r="1"><c r="A1"><v>-Infinity</v></c></row>',
    "a number with a mark": '<row r="1"><c r="A1"><v>1_000</v></c></row>',
    "a day with a zone": '<row r="1"><c r="A1" t="d"><v>2026-01-05T10:00:00+08:00</v></c></row>',
    "a day at the end of time": '<row r="1"><c r="A1" t="d"><v>9999-12-31T23:59:59</v></c></row>',
    "half a pair": '<row r="1"><c r="A1" t="inlineStr"><is><t>_xD800_</t></is></c></row>',
    "no such character": '<row r="1"><c r="A1" t="inlineStr"><is><t>&#x110000;&#0;&#9999999999;</t></is></c></row>',
    "no rows": "",
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("what", ODD)
def test_odd_cells_are_values_or_a_fault(what: str, reader: Callable[[Book], list[Cell]]) -> None:
    """No number that is not finite comes out of a cell, and nothing but a fault of the file is raised."""
    book = book_with(rows(ODD[what]), ONE)
    values = []
    with suppress(Fault):
        values = [cell.value for cell in reader(book)]
    assert all(math.isfinite(value) for value in values if isinstance(value, float))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "sheet", ["", "<worksheet/>", "\x00\x01", "<html>", '<?xml version="1.0" encoding="latin-1"?>']
)
def test_what_is_no_sheet_is_a_fault(sheet: str, reader: Callable[[Book], list[Cell]]) -> None:
    book = book_with(sheet)
    with suppress(Fault):
        assert reader(book) == []


@pytest.mark.parametrize("part", [SHEET, STRINGS])
def test_bytes_that_are_no_text_are_a_fault(part: str) -> None:
    book = book_with(rows('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="str"><v>甲</v></c></row>'), ONE)
    book.package.set(part, book.package.read(part).replace("甲".encode(), b"\xff\xfe"))
    for reader in READERS:
        with pytest.raises(Fault) if reader in (read_all, streamed) else suppress(Fault):
            reader(book)


def test_a_row_without_an_end_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that is streamed is never held as a whole: 800 MB at a tame ratio cost 7 MB of file."""
    from xlsales.ooxml import streamed as rows_read
    from xlsales.ooxml import strings

    monkeypatch.setattr(rows_read, "LONGEST_ITEM", 1 << 21)
    monkeypatch.setattr(strings, "LONGEST_ITEM", 1 << 21)
    inner = f'<row r="1">{CELL}' + "<!- " * 2_000_000
    book = book_with(rows(inner), f'<sst xmlns="{MAIN}"><si><t>' + "x" * 8_000_000)
    for reader in (peeked, streamed, flaws):
        with pytest.raises(Fault):
            reader(book)


def test_whole_numbers_are_read_as_they_stand() -> None:
    assert grid.whole(b" 12 ") == 12
    for text in (b"", b"-1", b"+1", b"1.0", b"1_0", "１".encode(), b"9" * 20):
        with pytest.raises(grid.SheetError):
            grid.whole(text)


def test_a_book_of_nothing_but_zeros_is_no_book() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("x", b"\0" * 1000)
    with pytest.raises(Fault):
        Book(Package.of_bytes(out.getvalue()))
