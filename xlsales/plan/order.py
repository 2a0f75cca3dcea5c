"""The order of tabs: to begin with, to fill, to read, and last what people look up now and then."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.book.keyed import WrittenSheet
from xlsales.ooxml.book import Book
from xlsales.plan.sheets import SHEETS as WRITTEN
from xlsales.vocabulary.contract import SHEETS


def archives(book: Book, sheets: Mapping[str, WrittenSheet]) -> str:
    """Return the title of the first of the archives that end a workbook: new sheets go before it. Blank if none do.

    Sheets of a person that are behind them stay there, and then new sheets go behind all: what a person has ordered is
    not ordered anew.
    """
    archived = {sheet.identity for sheet in WRITTEN.of_book(book, sheets) if sheet.archive}
    titles = {sheet.title for identity, sheet in sheets.items() if identity in archived}
    titles |= {SHEETS["functions"].zh, SHEETS["functions"].en}
    first = ""
    for sheet in reversed(book.sheets):
        if sheet.title not in titles:
            break
        first = sheet.title
    return first
