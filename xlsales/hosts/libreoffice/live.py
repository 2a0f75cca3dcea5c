"""The document that is open in Calc: it is copied, and actions are carried out in it.

The copy is an .xlsx, whatever the document's own format is. A run empties Calc's own undo list, as macros do in Excel,
and is then in it as one action (`undoing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import uno

from xlsales.book.actions import Action
from xlsales.book.snapshots import Snapshots
from xlsales.commands.live import NotSavedYet, OpenDocument, Record
from xlsales.hosts.libreoffice.reversible import OpenFiles, do_all, reversibles_of
from xlsales.hosts.libreoffice.undoing import CarriedOut, DocumentWindow, carry_out, forgetting
from xlsales.hosts.libreoffice.values import uno_values

_AS_XLSX, _AS_PDF = "Calc MS Excel 2007 XML", "calc_pdf_Export"


class LiveCalc(OpenDocument):
    """The document of a window of Calc."""

    def __init__(self, window: DocumentWindow, snapshots: Snapshots) -> None:
        document = window.document
        if not document.hasLocation():
            raise NotSavedYet(book=document.Title)
        super().__init__(snapshots)
        self._window, self._document = window, document
        self._content = Path(self._folder.name) / f"{self.home.stem}.xlsx"
        document.storeToURL(self._content.as_uri(), uno_values(FilterName=_AS_XLSX))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing: the copies go when neither a run nor Calc's undo list needs them."""

    @property
    def content(self) -> Path:
        """The copy that Calc stored."""
        return self._content

    @property
    def home(self) -> Path:
        """Return the place of the document: a path, or an address."""
        address = str(self._document.URL)
        return Path(uno.fileUrlToSystemPath(address)) if address.startswith("file:") else Path(address)

    def print_to(self, pages: Path, out: Path) -> None:
        """Let Calc export a copy, which is opened out of sight for that; hidden sheets are left out."""
        with OpenFiles(self._window.desktop) as files:
            files.get(pages).storeToURL(out.as_uri(), uno_values(FilterName=_AS_PDF))

    def structure_is_protected(self) -> bool:
        """Return what Calc says."""
        return bool(self._document.isProtected())

    def carry_out(self, actions: Sequence[Action], record: Record | None) -> None:
        """Carry out actions, wholly or not at all; a run that is recorded is in Calc's undo list too."""
        work = tuple(reversibles_of(actions, self._document, self._content))
        if record is not None:
            carry_out(self._window, CarriedOut(work, record, self._folder))
            return
        with forgetting(self._document):
            do_all(work, self._document, self._window.desktop)
