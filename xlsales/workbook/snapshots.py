"""The workbook as it was before each run, so that a run can be undone.

A snapshot is a copy of the whole file, kept in the user's own data folder.
Undoing gives back those bytes, unless somebody changed the workbook since the
run: then nothing is touched, because that work would be lost. A run in a
workbook that is open in a program is kept with a copy of what it led to as
well, and is taken back there (`restoring`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from platformdirs import user_data_path

from xlsales.core.faults import Fault
from xlsales.workbook.file.files import replacing

if TYPE_CHECKING:
    from xlsales.workbook.edits import Edits

KEPT_RUNS = 10


class NothingToUndo(Fault):
    """No run on this workbook is on record."""

    zh = "“{book}”没有可撤销的运行(只记录本机本用户的最近 {kept} 次)。"
    en = 'There is no run to undo for "{book}" (the last {kept} by this user on this computer are kept).'


class ChangedSince(Fault):
    """The workbook was changed after the run that is to be undone."""

    zh = "“{book}”在 {when} 的运行之后又被改过,撤销会丢掉这些改动。要取回运行前的版本,请用 -o 另存到别的文件。"
    en = (
        '"{book}" was changed after the run of {when}; undoing would lose that work. '
        "To get the version before the run, write it to another file with -o."
    )


class RanInProgram(Fault):
    """The last run was made in a workbook open in a program; a file undo would lose what was done there since."""

    zh = "“{book}”在 {when} 的运行是在 Excel 里做的。请在 Excel 里点“撤销上次”;或用 -o 把之前的版本另存到别的文件。"
    en = (
        'The run of {when} on "{book}" was made inside Excel. Undo it there; '
        "to get the version before the run, write it to another file with -o."
    )


class RanOnFile(Fault):
    """The last run was made on the file, by the command line."""

    zh = "“{book}”在 {when} 的运行是用命令行做的。请关闭工作簿,再运行 xlsales undo。"
    en = 'The run of {when} on "{book}" was made by the command line. Close the workbook, then run xlsales undo.'


@dataclass(frozen=True)
class Snapshot:
    """One kept version: what ran, when, and the fingerprint of the file right after the run.

    `live` is for a run in an open workbook: the titles of sheets whose `cells` it changed, that it `replaced`, that
    it `added`; `after` is then the name of the copy with what it led to.
    """

    command: str
    when: str
    copy: str
    after: str
    live: dict[str, list[str]] | None = None


def own_folder() -> Path:
    """Return the folder for what the program keeps of this user: `XLSALES_DATA` where set, else where data belong."""
    home = os.environ.get("XLSALES_DATA")
    return Path(home) if home else user_data_path("xlsales", appauthor=False)


class Snapshots:
    """The kept versions of workbooks, below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def of_user(cls) -> Self:
        """Return those of this user on this computer."""
        return cls(own_folder() / "undo")

    @contextlib.contextmanager
    def around(self, book: Path, command: str, when: str) -> Iterator[None]:
        """Keep `book` as it is now; record the run if the block succeeds, else forget the copy."""
        if not book.exists():
            yield
            return
        home = self._home(book)
        home.mkdir(parents=True, exist_ok=True)
        handle, copy = tempfile.mkstemp(suffix=book.suffix, dir=home)
        os.close(handle)
        try:
            shutil.copyfile(book, copy)
            yield
        except BaseException:
            os.unlink(copy)
            raise
        self._add(home, Snapshot(command, when, Path(copy).name, fingerprint(book)))

    def keep(self, book: Path, before: Path, after: Path, command: str, when: str, edits: Edits) -> None:
        """Keep a run in an open workbook: copies of it before and after, and the sheets concerned."""
        home = self._home(book)
        home.mkdir(parents=True, exist_ok=True)
        names = []
        for version in (before, after):
            handle, copy = tempfile.mkstemp(suffix=version.suffix, dir=home)
            os.close(handle)
            shutil.copyfile(version, copy)
            names.append(Path(copy).name)
        live = {
            "cells": [cells.title for cells in edits.cells],
            "replaced": list(edits.replaced),
            "added": list(edits.added),
        }
        self._add(home, Snapshot(command, when, names[0], names[1], live))

    def last_live(self, book: Path) -> tuple[Snapshot, Path, Path]:
        """Return the last run, which was in the open workbook, and its versions before and after."""
        home = self._home(book)
        runs = self._runs(home)
        if not runs:
            raise NothingToUndo(book=book.name, kept=KEPT_RUNS)
        if runs[-1].live is None:
            raise RanOnFile(book=book.name, when=runs[-1].when)
        return runs[-1], home / runs[-1].copy, home / runs[-1].after

    def forget_last(self, book: Path) -> None:
        """Drop the last run: it has been taken back."""
        home = self._home(book)
        runs = self._runs(home)
        self._drop(home, runs[-1:])
        self._record(home, runs[:-1])

    def forget_live(self, book: Path, when: str) -> None:
        """Drop the run of `when`, should it be the last: the program that has the workbook open took it back."""
        home = self._home(book)
        runs = self._runs(home)
        if runs and runs[-1].live is not None and runs[-1].when == when:
            self.forget_last(book)

    def undo(self, book: Path, out: Path | None = None) -> Snapshot:
        """Put back the version before the last run (at `out` if given, `book` then staying as it is)."""
        home = self._home(book)
        runs = self._runs(home)
        if not runs:
            raise NothingToUndo(book=book.name, kept=KEPT_RUNS)
        last = runs[-1]
        if out is not None and out.resolve() != book.resolve():
            _put(out, (home / last.copy).read_bytes())
            return last
        if last.live is not None:
            raise RanInProgram(book=book.name, when=last.when)
        if fingerprint(book) != last.after:
            raise ChangedSince(book=book.name, when=last.when)
        _put(book, (home / last.copy).read_bytes())
        self.forget_last(book)
        return last

    def _add(self, home: Path, run: Snapshot) -> None:
        runs = [*self._runs(home), run]
        self._drop(home, runs[:-KEPT_RUNS])
        self._record(home, runs[-KEPT_RUNS:])

    @staticmethod
    def _drop(home: Path, runs: list[Snapshot]) -> None:
        for run in runs:
            (home / run.copy).unlink(missing_ok=True)
            if run.live is not None:
                (home / run.after).unlink(missing_ok=True)

    def _home(self, book: Path) -> Path:
        return self.root / hashlib.sha256(str(book.resolve()).encode()).hexdigest()[:24]

    @staticmethod
    def _runs(home: Path) -> list[Snapshot]:
        ledger = home / "runs.json"
        if not ledger.exists():
            return []
        return [Snapshot(**run) for run in json.loads(ledger.read_text("utf-8"))]

    @staticmethod
    def _record(home: Path, runs: list[Snapshot]) -> None:
        text = json.dumps([asdict(run) for run in runs], ensure_ascii=False, indent=1)
        _put(home / "runs.json", text.encode())


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put(path: Path, data: bytes) -> None:
    with replacing(path) as file:
        file.write(data)
