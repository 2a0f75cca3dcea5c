"""What prints of the sheets that sales are pasted into: their first page, unless a person has said otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.book.edits import PrintArea
from xlsales.ooxml.book import Book
from xlsales.ooxml.contents import has_print_area
from xlsales.vocabulary.contract import PAGE_SET, PASTED_PAGE


def pasted_pages(book: Book) -> Iterator[PrintArea]:
    """Yield what limits the printing of 实际 and 历史 in plans of earlier versions, once in the life of a plan.

    A person who has set an area, or who lets all of it print after that, is left alone. So is a sheet of their own
    that does not begin in A1.
    """
    for name, done in PAGE_SET.items():
        area = book.area(name)
        sheet = book.sheet(area.sheet) if area is not None else None
        if area is None or sheet is None or area.first != (1, 1) or book.area(done) is not None:
            continue
        if not has_print_area(book, sheet):
            yield PrintArea(sheet.title, PASTED_PAGE, done)
