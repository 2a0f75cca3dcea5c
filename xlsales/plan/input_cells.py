"""The cells of a plan's inputs: by defined name, by address, and beside the labels that people see."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from xlsales.core.faults import Place
from xlsales.core.text import identity, narrow
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import BLANK, Cell, SheetCells
from xlsales.values.cell import text_of
from xlsales.values.stored import content, period_text
from xlsales.vocabulary import contract
from xlsales.vocabulary.contract import Kind

_LABELS = {
    identity(label): key
    for key, setting in contract.all_settings().items()
    for label in (setting.label.zh, setting.label.en)
} | {identity(label): key for label, key in contract.EARLIER_LABELS.items()}


def is_label(text: str) -> bool:
    """Return whether a text is the label of a setting, in either language."""
    return identity(text.removesuffix("*")) in _LABELS


class Cells:
    """Single cells of a book by defined name or address; each sheet is read once."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._sheets: dict[str, SheetCells] = {}

    def cell_of(self, name: str) -> Place | None:
        """Return where a defined name points; None if it is gone."""
        area = self._book.area(name)
        return Place(area.sheet, area.row, area.column) if area else None

    def content(self, place: Place, kind: Kind = "text") -> object:
        """Return what a cell holds as `values.cell` reads it; a date in a cell of text is as it is shown, `2026-03`."""
        cell, styles, date1904 = self._cell(place) or Cell(BLANK), self._book.styles, self._book.date1904
        if kind in ("text", "period"):
            return period_text(cell, styles, date1904)
        return content(cell, styles.is_date(cell.style), date1904)

    def in_percent(self, place: Place) -> bool:
        """Return whether a cell has a number with a %, typed as text or shown by its format."""
        cell = self._cell(place) or Cell(BLANK)
        if isinstance(cell.value, str):
            return "%" in narrow(cell.value)
        return isinstance(cell.value, float) and self._book.styles.is_percent(cell.style)

    def of(self, title: str) -> SheetCells:
        """Return all cells of a sheet that a name or a table points to."""
        if title not in self._sheets:
            sheet = self._book.sheet(title)
            assert sheet is not None  # names and tables are found through their sheets
            self._sheets[title] = self._book.cells(sheet)
        return self._sheets[title]

    @property
    def sheets(self) -> Mapping[str, SheetCells]:
        """The sheets that were read, by title."""
        return self._sheets

    def _cell(self, place: Place) -> Cell | None:
        return self.of(place.sheet).get((place.row or 0, place.column or 0))

    def labelled(self, at: Place) -> str | None:
        """Return the key of the setting that has its label left of a cell; None if it is none that is known."""
        text = text_of(self.content(Place(at.sheet, at.row, (at.column or 1) - 1)))
        return _LABELS.get(identity(text.removesuffix("*")))

    @cached_property
    def beside_labels(self) -> dict[str, Place]:
        """The cell right of each setting's label, by the setting's key, on the sheets that have settings."""
        places = [self.cell_of(setting.name) for setting in contract.all_settings().values()]
        by_key: dict[str, Place] = {}
        for title in {place.sheet for place in places if place is not None}:
            for row, column in self.of(title):
                value = Place(title, row, column + 1)
                if (key := self.labelled(value)) is not None:
                    by_key.setdefault(key, value)
        return by_key
