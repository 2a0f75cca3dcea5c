"""A workbook that a program has open, as a document that verbs read and write.

It is read from a copy that the program saves beside, so that what is typed but not saved counts. What a run changes
is worked out on that copy, as for a file, and then carried out in the open workbook, action by action. A host saves
the copy and carries out actions; all else is here.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from xlsales.book.actions import Action, actions_of, change_structure
from xlsales.book.edits import Edits
from xlsales.book.protection import StructureProtected
from xlsales.book.publish import publish
from xlsales.book.restoring import actions_back
from xlsales.book.snapshots import Snapshot, Snapshots
from xlsales.commands.verb import say
from xlsales.commands.verbs import verb_of
from xlsales.core.faults import Fault, Lang, Place, Problem, Refused
from xlsales.ooxml.book import Book
from xlsales.ooxml.files import is_address


class NotSavedYet(Fault):
    """The workbook has no file of its own yet."""

    zh = "“{book}”还没有保存过。请先保存(Ctrl+S),再运行。"
    en = '"{book}" has not been saved yet. Save it first (Ctrl+S), then run again.'


class Record(Struct, frozen=True):
    """How a run is kept for undo: its words, and what keeps it and forgets it again."""

    title: str
    keep: Callable[[], None]
    forget: Callable[[], None]


class OpenDocument(ABC):
    """The workbook in front of a window."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._folder = tempfile.TemporaryDirectory(prefix="xlsales-", ignore_cleanup_errors=True)

    @property
    @abstractmethod
    def content(self) -> Path:
        """The copy that the program saved."""

    @property
    @abstractmethod
    def home(self) -> Path:
        """Where the workbook is kept: a path, or an address of a cloud drive."""

    @property
    def target(self) -> Path:
        """The open workbook."""
        return Path(self.home.name)

    @property
    def pdf(self) -> Path:
        """A file beside the workbook; of one on a cloud drive, among the documents of the user."""
        if not is_address(self.home):
            return self.home.with_suffix(".pdf")
        documents = Path.home() / "Documents"
        return (documents if documents.is_dir() else Path.home()) / f"{self.home.stem}.pdf"

    @property
    def keeps_results(self) -> bool:
        """The program works them out itself."""
        return True

    @abstractmethod
    def print_to(self, pages: Path, out: Path) -> None:
        """Print all visible sheets of a workbook into a PDF file."""

    def check(self, sources: Sequence[Path]) -> None:  # noqa: B027 - no host has anything to add
        """Nothing forbids writing into an open workbook."""

    def write(self, book: Book, edits: Edits, lang: Lang, command: str, when: dt.datetime) -> None:
        """Carry out edits in the open workbook, wholly or not at all; the versions before and after are kept."""
        folder, moment = Path(self._folder.name), when.isoformat(" ")
        publish(book, edits, lang)
        after = folder / f"after{self.content.suffix}"
        book.package.save(after)
        record = Record(
            say(verb_of(command).logged, lang),
            keep=lambda: self._snapshots.keep(self.home, self.content, after, command, moment, edits),
            forget=lambda: self._snapshots.forget_live(self.home, moment),
        )
        scratch = folder / f"xlsales-{when:%H%M%S}"
        self._allowed(list(actions_of(edits, lang, book.date1904, scratch, after)), record)

    def last_run(self) -> Snapshot | None:
        """Return that of the open workbook, whatever was done in it since."""
        return self._snapshots.last(self.home, live=True)

    def go_back(self) -> Snapshot:
        """Put back what the last run changed; all else stays."""
        last, before, after = self._snapshots.last_live(self.home)
        now = Book.open(self.content)
        self._allowed(actions_back(now, before, Book.open(after), last, self.home.name), None)
        self._snapshots.forget_last(self.home)
        return last

    def _allowed(self, actions: Sequence[Action], record: Record | None) -> None:
        if change_structure(actions) and self.structure_is_protected():
            raise Refused([Problem(Place(self.home.name), "", StructureProtected())])
        self.carry_out(actions, record)

    @abstractmethod
    def structure_is_protected(self) -> bool:
        """Whether the program refuses that sheets come and go."""

    @abstractmethod
    def carry_out(self, actions: Sequence[Action], record: Record | None) -> None:
        """Carry out actions, wholly or not at all; a run is kept by `record`, and forgotten if it is taken back."""
