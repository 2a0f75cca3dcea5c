"""The store's workbook, written for the days of one plan: every sheet of the list, one after another.

It has the look of all written sheets and is protected without a password, with open entry cells. Any workbook written
here, or made from one, serves as a template.
"""

from __future__ import annotations

from itertools import chain

from xlsales.layout.entry_sheet import EntryBook
from xlsales.store.figures import Result, StoreFigures
from xlsales.store.sheet import TITLE, Addresses, StoreView
from xlsales.store.sheets import SHEETS
from xlsales.store.targets import Key, Store, StoreTerms


class StoreCells:
    """The cells that differ from store to store: their keys once, their values per store in the same order."""

    def __init__(self, terms: StoreTerms) -> None:
        self.terms = terms
        self._own = {sheet.key: sheet.cells(terms) for sheet in SHEETS if sheet.lay_out and sheet.present(terms)}
        self.keys = {sheet: list(chain.from_iterable(own.keys for own in cells)) for sheet, cells in self._own.items()}
        self.fixed = {sheet: sum(len(own.keys) for own in cells if not own.mixed) for sheet, cells in self._own.items()}
        """The number of cells of a sheet with the same kind of value in every store; those after them may be blank."""

    def values(self, store: Store) -> dict[str, list[Result]]:
        """Return the values of one store, sheet by sheet in the order of `keys`; None is a blank cell."""
        figures = StoreFigures(self.terms, store)
        return {
            sheet: list(chain.from_iterable(own.values(figures) for own in cells)) for sheet, cells in self._own.items()
        }

    def by_key(self, store: Store) -> dict[str, dict[Key, Result]]:
        """Return the values of one store by sheet and cell."""
        values = self.values(store)
        return {sheet: dict(zip(keys, values[sheet], strict=True)) for sheet, keys in self.keys.items()}


def write_store(terms: StoreTerms, store: Store) -> bytes:
    """Return a store's workbook; the same values give the same bytes."""
    results = StoreCells(terms).by_key(store)
    addresses = {sheet.key: Addresses.of(sheet, terms) for sheet in SHEETS}
    figures = StoreFigures(terms, store)
    book = EntryBook(terms.lang)
    for sheet in SHEETS:
        if not sheet.present(terms):
            continue
        view = StoreView(sheet, terms, figures, addresses, results.get(sheet.key, {}))
        if sheet.write is not None:
            sheet.write(book, view)
            continue
        assert sheet.lay_out is not None
        page = book.sheet(sheet.lay_out(view), sheet.to_fill)
        if sheet.varies:
            page.key_row(2, TITLE)
        sheet.finish(page, view)
        page.protect()
    return book.to_bytes()
