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
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Self

from msgspec import Struct
from msgspec.structs import asdict
from platformdirs import user_data_path

from xlsales.core.faults import Fault
from xlsales.ooxml.archive import is_archive
from xlsales.ooxml.files import NotWritable, clear_left_overs, is_address, put, read_json, replacing

if TYPE_CHECKING:
    from xlsales.book.edits import Edits

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


class NoRoomForUndo(Fault):
    """The version before a run cannot be kept, so the run is not begun."""

    zh = "撤销要用的副本写不进 {folder}({reason})。请腾出空间或检查权限,或用 XLSALES_DATA 换个文件夹;工作簿没有改动。"
    en = (
        "The copy for undo cannot be written to {folder} ({reason}). Make room, check permissions, or name another "
        "folder by XLSALES_DATA; the workbook is unchanged."
    )


class CopyDamaged(Fault):
    """The kept version is missing, or no longer what was kept."""

    zh = "“{book}”在 {when} 的运行之前的副本缺失或已损坏({copy}),没有放回;工作簿没有改动。请用您自己的备份。"
    en = (
        'The copy of "{book}" from before the run of {when} is missing or damaged ({copy}) and was not put back; '
        "the workbook is unchanged. Take a backup of your own."
    )


class LedgerDamaged(Fault):
    """The record of runs cannot be read."""

    zh = "撤销记录 {ledger} 已损坏,不知道撤销到哪一步;工作簿没有改动。旧版本的副本在同一文件夹里,可以自己挑一份。"
    en = (
        "The record of runs {ledger} is damaged: there is no telling what to undo; the workbook is unchanged. "
        "The copies of earlier versions lie in the same folder; choose one yourself."
    )


class Snapshot(Struct, frozen=True):
    """One kept version: what ran, when, and the checksums of the file right after the run and before it.

    `live` is for a run in an open workbook: the titles of sheets in which it changed `cells`, that it `replaced`, that
    it `added`; `after` is then the name of the copy with what it led to. `before` is blank in records of versions
    that did not keep it.
    """

    command: str
    when: str
    copy: str
    after: str
    live: dict[str, list[str]] | None = None
    before: str = ""

    @classmethod
    def read(cls, record: object) -> Self:
        """Read a record; `ValueError` if it is not one of ours."""
        if not isinstance(record, dict):
            raise ValueError("no record")
        live = record.pop("live", None)
        texts = {"before": "", **record}
        if set(texts) != {"command", "when", "copy", "after", "before"} or not _all_texts(texts.values()):
            raise ValueError("no record")
        if live is not None and not (
            set(live) == {"cells", "replaced", "added"} and all(map(_all_texts, live.values()))
        ):
            raise ValueError("no record")
        if any(Path(name).name != name for name in (texts["copy"], *([texts["after"]] if live else []))):
            raise ValueError("a copy elsewhere")
        return cls(**texts, live=live)


def _all_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def own_folder() -> Path:
    """Return the folder for what the program keeps of this user: `XLSALES_DATA` if set, else where data belong."""
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
    def around(self, book: Path, command: str, when: str) -> Iterator[Callable[[Path], None]]:
        """Give what is to be called with the new version right before it takes the place of `book`.

        The old version is kept and the run recorded then, so that nothing can fail afterwards; if the block fails
        all the same, the record is taken back. A run that never took its place, because the program was killed in
        between, is known by the file: it still is the version before (`_taken_place`).
        """
        recorded: list[Snapshot] = []
        home = self._home(book)

        def ready(new: Path) -> None:
            if not book.exists():
                return
            with _room_for_undo(home):
                home.mkdir(parents=True, exist_ok=True)
                clear_left_overs(home)
                run = Snapshot(command, when, _kept(book, home), checksum(new), before=checksum(book))
                recorded.append(run)
                self._add(home, run, run.before)

        clear_left_overs(book.parent)
        try:
            yield ready
        except BaseException:
            for run in recorded:
                with contextlib.suppress(Fault, OSError):  # else the file shows that it never took place
                    self._record(home, [other for other in self._read(home) if other != run])
                    self._drop(home, [run])
            raise

    def keep(self, book: Path, before: Path, after: Path, command: str, when: str, edits: Edits) -> None:
        """Keep a run in an open workbook: copies of it before and after, and the sheets concerned."""
        home = self._home(book)
        live = {
            "cells": [cells.title for cells in edits.cells],
            "replaced": list(edits.replaced),
            "added": list(edits.added),
        }
        with _room_for_undo(home):
            home.mkdir(parents=True, exist_ok=True)
            names = [_kept(version, home) for version in (before, after)]
            self._add(home, Snapshot(command, when, names[0], names[1], live, checksum(before)))

    def last(self, book: Path, *, live: bool = False) -> Snapshot | None:
        """Return the run that an undo would take back, in the open workbook (`live`) or in its file; None if none."""
        runs = self._read(self._home(book))
        if live or not runs:
            return runs[-1] if runs and runs[-1].live is not None else None
        now = checksum(book)
        runs = _taken_place(runs, now)
        return runs[-1] if runs and runs[-1].live is None and runs[-1].after == now else None

    def last_live(self, book: Path) -> tuple[Snapshot, Path, Path]:
        """Return the last run, which was in the open workbook, and its versions before and after."""
        home = self._home(book)
        runs = self._runs(home)
        if not runs:
            raise NothingToUndo(book=book.name, kept=KEPT_RUNS)
        last = runs[-1]
        if last.live is None:
            raise RanOnFile(book=book.name, when=last.when)
        before = _sound(home, last, book)
        if not (home / last.after).is_file():
            raise CopyDamaged(book=book.name, when=last.when, copy=home / last.after)
        return last, before, home / last.after

    def forget_last(self, book: Path) -> None:
        """Drop the last run: it has been taken back, which a full disk does not change any more."""
        home = self._home(book)
        with contextlib.suppress(Fault, OSError):
            runs = self._runs(home)
            self._record(home, runs[:-1])
            self._drop(home, runs[-1:])

    def forget_live(self, book: Path, when: str) -> None:
        """Drop the run of `when`, should it be the last: the program that has the workbook open took it back."""
        runs = self._read(self._home(book))
        if runs and runs[-1].live is not None and runs[-1].when == when:
            self.forget_last(book)

    def undo(self, book: Path, out: Path | None = None) -> Snapshot:
        """Put back the version before the last run (at `out` if given, `book` then staying as it is)."""
        home = self._home(book)
        runs = _taken_place(self._runs(home), checksum(book) if book.is_file() else "")
        if not runs:
            raise NothingToUndo(book=book.name, kept=KEPT_RUNS)
        last = runs[-1]
        if out is not None and out.resolve() != book.resolve():
            put(out, _sound(home, last, book).read_bytes())
            return last
        if last.live is not None:
            raise RanInProgram(book=book.name, when=last.when)
        if checksum(book) != last.after:
            raise ChangedSince(book=book.name, when=last.when)
        put(book, _sound(home, last, book).read_bytes())
        with contextlib.suppress(Fault, OSError):  # it is undone; of a run still recorded, the file shows that it was
            self._record(home, runs[:-1])
            self._drop(home, [last])
        return last

    def _add(self, home: Path, run: Snapshot, now: str = "") -> None:
        runs = [*_taken_place(self._read(home), now), run]
        self._record(home, runs[-KEPT_RUNS:])
        self._drop(home, runs[:-KEPT_RUNS])

    @staticmethod
    def _drop(home: Path, runs: list[Snapshot]) -> None:
        for run in runs:
            for name in (run.copy, run.after) if run.live is not None else (run.copy,):
                with contextlib.suppress(OSError):
                    (home / name).unlink()

    def _home(self, book: Path) -> Path:
        own = str(book if is_address(book) else book.resolve())
        return self.root / hashlib.sha256(own.encode("utf-8", "surrogateescape")).hexdigest()[:24]

    @staticmethod
    def _runs(home: Path) -> list[Snapshot]:
        """Return the runs on record, the last one last; raises LedgerDamaged."""
        ledger = home / "runs.json"
        try:
            return [Snapshot.read(run) for run in read_json(ledger)]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError) as error:
            raise LedgerDamaged(ledger=ledger) from error

    def _read(self, home: Path) -> list[Snapshot]:
        """Return the runs on record; none of a record that is damaged, which the next run replaces."""
        try:
            return self._runs(home)
        except LedgerDamaged:
            return []

    @staticmethod
    def _record(home: Path, runs: list[Snapshot]) -> None:
        text = json.dumps([asdict(run) for run in runs], ensure_ascii=False, indent=1)
        put(home / "runs.json", text.encode("utf-8", "surrogatepass"))


def _taken_place(runs: list[Snapshot], now: str) -> list[Snapshot]:
    """Leave out the last runs that never took their place, or were taken back: the file still is as before them."""
    while runs and runs[-1].live is None and runs[-1].before == now != runs[-1].after:
        runs = runs[:-1]
    return runs


def _kept(version: Path, home: Path) -> str:
    """Copy a version into the folder, whole or not at all; return the copy's name."""
    name = f"{secrets.token_hex(8)}{version.suffix}"
    with replacing(home / name) as out, version.open("rb") as source:
        shutil.copyfileobj(source, out, 1 << 20)
    return name


def _sound(home: Path, run: Snapshot, book: Path) -> Path:
    """Return the version before a run, which is what was kept; raises CopyDamaged."""
    copy = home / run.copy
    if not copy.is_file() or (checksum(copy) != run.before if run.before else not is_archive(copy)):
        raise CopyDamaged(book=book.name, when=run.when, copy=copy)
    return copy


@contextlib.contextmanager
def _room_for_undo(home: Path) -> Iterator[None]:
    try:
        yield
    except NotWritable as fault:
        raise NoRoomForUndo(folder=home, reason=fault.facts["reason"]) from fault
    except OSError as error:
        raise NoRoomForUndo(folder=home, reason=error.strerror or type(error).__name__) from error


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
