"""The workbook as it was before each run, so that a run can be undone.

A snapshot is a copy of the whole file, kept in the user's own data folder.
Undoing gives back those bytes, unless somebody changed the workbook since the
run: then nothing is touched, because that work would be lost.
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

from xlsales.core.faults import Fault
from xlsales.workbook.file.files import replacing

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


@dataclass(frozen=True)
class Snapshot:
    """One kept version: what ran, when, and the fingerprint of the file right after the run."""

    command: str
    when: str
    copy: str
    after: str


class Snapshots:
    """The kept versions of workbooks, below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

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
        runs = [*self._runs(home), Snapshot(command, when, Path(copy).name, fingerprint(book))]
        for old in runs[:-KEPT_RUNS]:
            (home / old.copy).unlink(missing_ok=True)
        self._record(home, runs[-KEPT_RUNS:])

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
        if fingerprint(book) != last.after:
            raise ChangedSince(book=book.name, when=last.when)
        _put(book, (home / last.copy).read_bytes())
        (home / last.copy).unlink()
        self._record(home, runs[:-1])
        return last

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
