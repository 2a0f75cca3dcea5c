"""The workbook that a command works on, wherever it lives: a file, or a spreadsheet program that has it open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from xlsales.book.edits import Edits
from xlsales.book.publish import publish
from xlsales.book.snapshots import Snapshot, Snapshots
from xlsales.core.faults import Fault, Lang
from xlsales.ooxml.book import Book
from xlsales.ooxml.files import SeemsOpen, held_open


class AlreadyThere(Fault):
    """A fresh plan would overwrite a file."""

    zh = "{file} 已经存在。请换一个文件名,或先删除它。"
    en = "{file} exists already. Choose another name, or delete it first."


class OtherEnding(Fault):
    """The file to write is not named as a workbook of this kind."""

    zh = "{out} 的后缀应是 {ending},否则 Excel 打不开。请改文件名。"
    en = "{out} must end in {ending}, else Excel cannot open it. Choose another name."


class NoEnding(Fault):
    """The file to write has a name without an ending."""

    zh = "{out} 没有后缀。请写成 {out}{ending}。"
    en = "{out} has no ending. Write {out}{ending}."


class OutIsSource(Fault):
    """The file to write is the one that data are read from."""

    zh = "{out} 是数据的来源,写入会盖掉它。请用 -o 指定别的文件名。"
    en = "{out} is where data are read from and would be overwritten. Choose another name with -o."


class Document(Protocol):
    """A workbook to be read and written; every host has its own kind."""

    @property
    def content(self) -> Path:
        """A file that holds its present contents."""

    @property
    def home(self) -> Path:
        """Its own path, by which messages call it and from which relative paths of sources start."""

    @property
    def target(self) -> Path:
        """What is written, as messages call it."""

    @property
    def pdf(self) -> Path:
        """Where its pages go that are exported."""

    @property
    def keeps_results(self) -> bool:
        """Whether it keeps the results of formulas; else a run does not write because they are not there."""

    def print_to(self, pages: Path, out: Path) -> None:
        """Print all visible sheets of a workbook into a PDF file; raises a Fault if no program can do that."""

    def check(self, sources: Sequence[Path]) -> None:
        """Raise a Fault if it cannot be written, or if writing it would destroy one of `sources`."""

    def write(self, book: Book, edits: Edits, lang: Lang, command: str, when: dt.datetime) -> None:
        """Carry out `edits`, which were planned on `book` read from `content`, wholly or not at all."""

    def last_run(self) -> Snapshot | None:
        """Return the run that would be taken back; None if there is none, or if that would lose work."""

    def go_back(self) -> Snapshot:
        """Take back the last run, which is returned; raises a Fault if that would lose work."""


class FileDocument(Struct, frozen=True):
    """A workbook file; `out` None means that it is written in place."""

    path: Path
    snapshots: Snapshots
    out: Path | None = None
    printer: Callable[[Path, Path], None] | None = None
    """What prints a workbook into a PDF file."""

    @property
    def content(self) -> Path:
        """The file itself."""
        return self.path

    @property
    def home(self) -> Path:
        """The file itself."""
        return self.path

    @property
    def target(self) -> Path:
        """The file that is written."""
        return self.out or self.path

    @property
    def pdf(self) -> Path:
        """The file that is asked for, else one beside the workbook."""
        return self.out or self.path.with_suffix(".pdf")

    @property
    def keeps_results(self) -> bool:
        """As any file."""
        return True

    def print_to(self, pages: Path, out: Path) -> None:
        """Print by the program that the host has found."""
        assert self.printer is not None  # a host that offers the verb has one
        self.printer(pages, out)

    def check(self, sources: Sequence[Path]) -> None:
        """Raise SeemsOpen, OtherEnding or OutIsSource."""
        if self.out is not None and self.out.resolve() != self.path.resolve():
            check_ending(self.out, self.path.suffix)
            if any(self.out.resolve() == source.resolve() for source in sources):
                raise OutIsSource(out=self.out.name)
        self._check_closed()

    def write(self, book: Book, edits: Edits, lang: Lang, command: str, when: dt.datetime) -> None:
        """Write the file in one step, and keep the version before."""
        publish(book, edits, lang)
        self._check_closed()
        with self.snapshots.around(self.target, command, when.isoformat(" ")) as ready:
            book.package.save(self.target, ready)

    def last_run(self) -> Snapshot | None:
        """Return that of the file; None if another file is written."""
        return None if self.out is not None else self.snapshots.last(self.path)

    def go_back(self) -> Snapshot:
        """Put back the version before the last run; raises OtherEnding, or what `Snapshots.undo` raises."""
        if self.out is not None:
            check_ending(self.out, self.path.suffix)
        return self.snapshots.undo(self.path, self.out)

    def _check_closed(self) -> None:
        if lock := held_open(self.target):
            raise SeemsOpen(file=self.target.name, lock=lock)


def check_ending(out: Path, ending: str) -> None:
    """Raise NoEnding, or OtherEnding, if Excel would refuse the file for its name."""
    if not out.suffix:
        raise NoEnding(out=str(out), ending=ending)
    if out.suffix.lower() != ending.lower():
        raise OtherEnding(out=out.name, ending=ending)
