"""Putting stores' files into a folder without ever overwriting what a store has filled in.

A file is overwritten only if its bytes are those that the manifest says we wrote. If a file has been edited, changed
targets get another name; if the store's targets have not changed, its file stays as it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from xlsales.core.faults import Fault
from xlsales.ooxml.archive import ArchiveError, ArchiveWriter, Entry, same_contents
from xlsales.ooxml.checks import MAX_MEMBERS
from xlsales.ooxml.files import NoFile, clear_left_overs, opened, put, replacing
from xlsales.store.contract import NAME_VERSION, OWN_FILES, ZIP
from xlsales.store.handed import keys_in
from xlsales.store.handout.names import file_names
from xlsales.store.manifest import Line, Manifest
from xlsales.store.returned_book import read_book
from xlsales.store.sheets import BY_KEY, READ
from xlsales.store.targets import Store

Deed = Literal["written", "unchanged", "kept", "beside"]
"""`kept`: edited, and its targets have not changed; `beside`: edited, so the new file has another name."""


class FileWasFilled(Fault):
    """A store's file differs from what was handed out and its targets have changed."""

    zh = "{file} 已被填写或改动,没有覆盖;新目标(第 {version} 版)另存为 {beside}。"
    en = "{file} has been filled in and was not overwritten; the new targets (version {version}) are in {beside}."


class KeptWithOldRows(Fault):
    """A filled file that is kept, without rows of a table that the member has by now."""

    zh = (
        "{file} 已填写,没有覆盖;它的“{table}”里没有新加的 {count} 行(如{row})。"
        "要带上新行,请先收回这份文件,再把它移走,重新下发。"
    )
    en = (
        '{file} has been filled in and was not overwritten; its sheet "{table}" lacks {count:new rows}, such as {row}. '
        "To have them, collect this file first, then move it away and hand out again."
    )


class NotAFile(Fault):
    """Something that is no file, such as a folder, a pipe or a link to a device, has the name of a store's file."""

    zh = "{file} 不是文件(是文件夹、管道或设备),没有下发。请把它移走或改名,再下发。"
    en = (
        "{file} is no file but a folder, a pipe or a device: nothing was handed out. Move or rename it, then try again."
    )


class StoreGone(Fault):
    """A store that the plan no longer has."""

    zh = "“{code}”已不在计划里,不再下发;它的文件 {file} 没有删除。"
    en = '"{code}" is no longer in the plan and not handed out; its file {file} was not deleted.'


class Folder(Struct):
    """A folder under way: its manifest, and the lines written since."""

    path: Path
    manifest: Manifest
    names: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    """Files, each with a fault to report of it."""

    def plan_names(self, codes: Iterable[str]) -> None:
        """Choose a file for each store: the one it had, else a fresh name unlike any in the manifest.

        What a hand-out that was killed left on its way goes.
        """
        names = {line.code: line.file for line in self.manifest.stores}
        fresh = file_names([code for code in codes if code not in names], [*names.values(), *OWN_FILES])
        self.names = names | fresh
        for name in (*self.names.values(), *OWN_FILES):
            _refuse_other_things(self.path / name)
        clear_left_overs(self.path)

    def version(self, code: str, fingerprint: str) -> int:
        """Return the version of a store's targets: the one it has; one more if they have changed."""
        line = self.manifest.by_code.get(code)
        return 1 if line is None else line.version + (line.fingerprint != fingerprint)

    def put(self, store: Store, fingerprint: str, data: bytes) -> Deed:
        """Bring a store's file to `data`, or write it beside an edited one."""
        line, name = self.manifest.by_code.get(store.code), self.names[store.code]
        digest = _digest(data)
        deed: Deed = "written"
        before = _digest_of(self.path / name)
        if before == digest:
            deed = "unchanged"
        elif line is not None and before == line.sha256 and _same_contents(self.path / name, data):
            deed, digest = "unchanged", line.sha256
        elif before is not None and (line is None or before != line.sha256):
            if line is not None and line.fingerprint == fingerprint and not _is_earlier(self.path / name, line.version):
                self.lines.append(line)
                self.faults += [(name, fault) for fault in _without_rows(self.path / name, name, store)]
                return "kept"
            deed = "beside"
            beside = self._beside(name, store.version, digest)
            self.faults.append((name, FileWasFilled(file=name, version=store.version, beside=beside)))
            name = beside
        if deed in ("written", "beside"):
            self._write(name, data)
        target = float(store.days.sum())
        self.lines.append(Line(store.code, name, store.version, fingerprint, digest, target, store.seal))
        return deed

    def _beside(self, name: str, version: int, digest: str) -> str:
        """Return a name beside the file that is free, or has these bytes already."""
        stem, n = Path(name).stem.rpartition("_v")[0] or Path(name).stem, 1
        beside = f"{stem}_v{version}.xlsx"
        others = set(self.names.values())
        while beside in others or _digest_of(self.path / beside) not in (None, digest):
            n += 1
            beside = f"{stem}_v{version}_{n}.xlsx"
        return beside

    def drop_gone(self, codes: Iterable[str]) -> None:
        """Leave out stores that are no longer among `codes`, and report them."""
        codes = set(codes)
        former = [line for line in self.manifest.stores if line.code not in codes]
        self.faults += [(line.file, StoreGone(code=line.code, file=line.file)) for line in former]
        stores = tuple(line for line in self.manifest.stores if line.code in codes)
        self.manifest = replace(self.manifest, stores=stores)

    def close(self) -> Manifest:
        """Save the manifest with all lines so far, and return it."""
        self.manifest = self.manifest.with_lines(self.lines)
        self.manifest.save(self.path)
        return self.manifest

    def put_index(self, name: str, data: bytes) -> None:
        """Write the list of stores if it differs from the one in the folder."""
        if _digest_of(self.path / name) != _digest(data):
            self._write(name, data)

    def zip(self) -> Path:
        """Put the stores' files of this run into one zip; the same files give the same bytes."""
        target = self.path / ZIP[self.manifest.lang]
        with replacing(target, within=self.path) as file:
            out = ArchiveWriter(file)
            for line in self.lines:
                out.store(Entry.new(line.file), (self.path / line.file).read_bytes())
            out.close()
        return target

    def _write(self, name: str, data: bytes) -> None:
        """Write a file that could be made again: it need not be on the disk before the next one."""
        put(self.path / name, data, within=self.path, durable=False)


def _is_earlier(path: Path, version: int) -> bool:
    """Whether an edited file is of an earlier version: a store's first, put in the place of its second."""
    try:
        text = read_book(path, (NAME_VERSION,), {}).text(NAME_VERSION)
    except (Fault, ValueError):
        return False
    return text.isdigit() and int(text) < version


def _without_rows(path: Path, name: str, store: Store) -> Iterator[Fault]:
    """Yield that an edited file lacks rows of tables of its member, if it does."""
    if not any(store.rows.values()):
        return
    try:
        sheets = read_book(path, (), READ).sheets
    except (Fault, ValueError):
        return
    for key, rows in store.rows.items():
        found = keys_in(sheets.get(key))
        missing = [row for row in rows if row.key not in found]
        if missing:
            facts = {"count": len(missing), "row": missing[0].name, "table": BY_KEY[key].title}
            yield KeptWithOldRows(file=name, **facts)


def _same_contents(path: Path, data: bytes) -> bool:
    """Return whether a file that we wrote differs from `data` in nothing but how another computer packed it."""
    with opened(path) as file, contextlib.suppress(ArchiveError):
        return same_contents(file, io.BytesIO(data), MAX_MEMBERS)
    return False


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest_of(path: Path) -> str | None:
    """Return the digest of a file; None if there is none. Raises NotAFile."""
    if not path.exists():
        return None
    try:
        with opened(path) as file:
            return _digest(file.read())
    except NoFile as fault:
        raise NotAFile(file=path.name) from fault


def _refuse_other_things(path: Path) -> None:
    """Raise NotAFile if something that is no file has this name; a link to nothing is replaced."""
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(path.stat().st_mode):
            raise NotAFile(file=path.name)
