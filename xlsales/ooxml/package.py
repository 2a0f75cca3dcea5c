"""A workbook file as a bag of named parts: opened with distrust, changed part by part, saved in one step.

Why no library does this: wolfxl 2.0's modify mode keeps untouched parts too, but it breaks shared formulas and sheets
without row numbers, takes in no rendered sheets, and is 30 times slower here. openpyxl drops parts.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from xlsales.core.faults import Fault
from xlsales.ooxml import archive, checks, files, xml
from xlsales.ooxml.archive import ArchiveError, ArchiveWriter, Entry, Packed
from xlsales.ooxml.checks import XML_PARTS, DamagedWorkbook, SheetCutOff, UnsafeWorkbook, part_key
from xlsales.ooxml.grid import CutOff, SheetError

_SMALL = 16 << 20
"""A file of no more bytes is read at once."""


class ChangedMeanwhile(Fault):
    """The file on disk is no longer the one that was opened."""

    zh = "{file} 在处理期间被别的程序改动了。请再运行一次;文件没有被覆盖。"
    en = "{file} was changed by another program meanwhile. Run again; nothing was overwritten."


def fingerprint(path: Path) -> frozenset[tuple[str, int, int]]:
    """Return names, checksums and lengths of the parts in a file: others if the contents are others, not if times are.

    They are in the directory at the end of the file; no part is read. Raises what opening a workbook raises.
    """
    with files.opened(path) as file:
        return frozenset(
            (member.name, member.crc, member.size) for member in checks.directory(file, path.name).values()
        )


class Package:
    """The parts of a workbook. Names are compared as Excel does: without regard to case or a leading slash.

    The file is opened only while it is read; `save` refuses to overwrite a file that changed since `open`.
    """

    def __init__(self, source: Path | bytes, file: str) -> None:
        self.file = file
        self._source = source
        self._mark: tuple[int, int] | None = None  # time and length of the file when it was opened
        self._pending: dict[str, bytes | Packed] = {}  # what its members and the added ones shall hold, by key
        self._added: dict[str, Entry] = {}
        self._removed: set[str] = set()
        self._trees: dict[str, etree._Element] = {}  # parts that stay parsed
        self._edited: set[str] = set()  # those of them with trees newer than their bytes
        with self._file() as opened:
            self._members = checks.directory(opened, file)
        checks.check_kind(self, file)

    @classmethod
    def open(cls, path: Path | str) -> Package:
        """Open a workbook file; every fault of the file is raised here or when the damaged part is read."""
        path = Path(path)
        return cls(path, path.name)

    @classmethod
    def at_once(cls, path: Path) -> Package:
        """Open a workbook file to be read alone; a small one is read as it is now, and not looked at again."""
        with files.opened(path) as file:
            data = file.read(_SMALL + 1)
        return cls(data if len(data) <= _SMALL else path, path.name)

    @classmethod
    def of_bytes(cls, data: bytes, file: str = "workbook.xlsx") -> Package:
        """Open a workbook held in memory; `file` is its name in messages."""
        return cls(data, file)

    # --- reading ---

    @property
    def path(self) -> Path | None:
        """The file it was opened from; None for bytes."""
        return self._source if isinstance(self._source, Path) else None

    @property
    def names(self) -> tuple[str, ...]:
        """The part names in the order of the archive, new ones last."""
        old = (member.name for key, member in self._members.items() if key not in self._removed)
        return (*old, *(member.name for member in self._added.values()))

    @property
    def changed(self) -> frozenset[str]:
        """Names of parts that differ from the file: set, added and removed."""
        for key in tuple(self._edited):
            self._settle(key)
        every = {**self._members, **self._added}
        return frozenset(every[k].name for k in {*self._pending, *self._removed})

    def __contains__(self, name: str) -> bool:
        key = part_key(name)
        return key in self._added or (key in self._members and key not in self._removed)

    def read(self, name: str) -> bytes:
        """Return a part's bytes, those of XML as UTF-8 (`KeyError` if there is none)."""
        key = self._settle(part_key(name))
        if key in self._pending:
            pending = self._pending[key]
            return b"".join(pending.inflated()) if isinstance(pending, Packed) else pending
        member = self._member(name)
        with self._file() as file, self._guard(name):
            data = archive.read_member(file, member)
            return xml.utf8(data) if key.endswith(XML_PARTS) else data

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield a part's bytes in pieces; a caller may stop early and the rest is never inflated."""
        key = self._settle(part_key(name))
        if key in self._pending:
            pending = self._pending[key]
            yield from pending.inflated() if isinstance(pending, Packed) else (pending,)
            return
        member = self._member(name)
        with self._file() as file, self._guard(name):
            pieces = archive.stream_member(file, member)
            first = next(pieces, b"")
            if key.endswith(XML_PARTS) and not xml.is_utf8(first):
                yield xml.utf8(b"".join(chain((first,), pieces)))
                return
            yield first
            yield from pieces

    def size(self, name: str) -> int:
        """Return a part's inflated length without inflating it."""
        key = self._settle(part_key(name))
        if key not in self._pending:
            return self._member(name).size
        pending = self._pending[key]
        return pending.size if isinstance(pending, Packed) else len(pending)

    def tree(self, name: str) -> etree._Element:
        """Return the root of a part that lists others; it is parsed once, and `edited` is called after a change."""
        key = part_key(name)
        if key not in self._trees:
            self._trees[key] = self.parse(name)
        return self._trees[key]

    def parse(self, name: str) -> etree._Element:
        """Return the root of a small XML part, for the caller alone (`UnsafeWorkbook` if it is not small)."""
        if self.size(name) > checks.MAX_PARSED:
            raise UnsafeWorkbook(file=self.file, reason=f"{name}: {self.size(name) >> 20} MiB")
        try:
            return xml.parse(self.read(name))
        except xml.XmlError as error:
            raise DamagedWorkbook(file=self.file, reason=name) from error

    @contextlib.contextmanager
    def sound(self, name: str) -> Iterator[None]:
        """Report what is wrong inside a part, called by `name`, as its file's: `DamagedWorkbook`, `SheetCutOff`."""
        try:
            yield
        except CutOff as error:
            raise SheetCutOff(file=self.file, sheet=name) from error
        except (SheetError, xml.XmlError, ValueError, OverflowError) as error:
            raise DamagedWorkbook(file=self.file, reason=f"{name}: {str(error)[:60]}") from error

    # --- changing ---

    def edited(self, name: str) -> None:
        """Note that the `tree` of a part was changed: it is written when its bytes are asked for, once a run."""
        self._edited.add(part_key(name))

    def _settle(self, key: str) -> str:
        """Write the tree of a part that was changed; return the key."""
        if key in self._edited:
            self._store(key, xml.serialise(self._trees[key]))
            self._edited.discard(key)
        return key

    def set(self, name: str, data: bytes) -> None:
        """Replace a part (`KeyError` if there is none); equal bytes are no change."""
        if name not in self:
            raise KeyError(name)
        self._forget_tree(part_key(name))
        self._store(part_key(name), data)

    def _forget_tree(self, key: str) -> None:
        self._trees.pop(key, None)
        self._edited.discard(key)

    def _store(self, key: str, data: bytes) -> None:
        old = self._members.get(key)
        if old is not None and old.size == len(data) and self._original(old) == data:
            self._pending.pop(key, None)
        else:
            self._pending[key] = data

    def set_pieces(self, name: str, pieces: Iterable[bytes | memoryview]) -> None:
        """Replace a part by contents that come piece by piece; they stay packed until they are written."""
        if name not in self:
            raise KeyError(name)
        self._forget_tree(part_key(name))
        self._pending[part_key(name)] = archive.pack(pieces)

    def add(self, name: str, data: bytes) -> None:
        """Add a new part at the end (`ValueError` if the name is taken)."""
        if name in self:
            raise ValueError(f"{name} is taken")
        key = part_key(name)
        if key in self._members:  # removed before: it takes its old place
            self._removed.discard(key)
            self.set(name, data)
            return
        self._added[key] = Entry.new(name)
        self._pending[key] = data

    def remove(self, name: str) -> None:
        """Remove a part (`KeyError` if there is none)."""
        if name not in self:
            raise KeyError(name)
        key = part_key(name)
        self._forget_tree(key)
        self._pending.pop(key, None)
        if self._added.pop(key, None) is None:
            self._removed.add(key)

    # --- saving ---

    def save(self, path: Path | str | None = None, ready: Callable[[Path], None] | None = None) -> None:
        """Write the workbook in one step and go on from the written file.

        Unchanged parts keep their compressed bytes; a package that is unchanged as a whole is copied, and over itself
        not even that. `ready` gets the written file right before it takes its place. Faults: those of
        `files.replacing`, and `ChangedMeanwhile`.
        """
        if path is None and self.path is None:
            raise ValueError("a path is needed for a workbook held in memory")
        target = Path(path if path is not None else self._source)  # type: ignore[arg-type]
        if self.path is not None and os.path.realpath(self.path) == os.path.realpath(target) and not self.changed:
            return
        results: list[Package] = []

        def check(temporary: Path) -> None:
            results.append(Package(temporary, target.name))
            with self._file():  # the source is still the file that was opened
                pass
            if ready is not None:
                ready(temporary)

        with files.replacing(target, check) as out:
            self._write(out)
        self.__dict__.update(results[0].__dict__)
        self._source = target

    def to_bytes(self) -> bytes:
        """Return the archive that `save` would write."""
        out = io.BytesIO()
        self._write(out)
        return out.getvalue()

    def _write(self, out: BinaryIO) -> None:
        with self._file() as source, self._guard("zip"):
            if not self.changed:
                source.seek(0)
                shutil.copyfileobj(source, out, archive.CHUNK)
                return
            writer = ArchiveWriter(out)
            for key, member in {**self._members, **self._added}.items():
                if key in self._removed:
                    continue
                if key in self._pending:
                    writer.add(member, self._pending[key])
                else:
                    writer.copy(source, member)
            writer.close()

    # --- the file ---

    def _member(self, name: str) -> Entry:
        key = part_key(name)
        if key in self._removed or key not in self._members:
            raise KeyError(name)
        return self._members[key]

    def _original(self, member: Entry) -> bytes:
        with self._file() as file, self._guard(member.name):
            return archive.read_member(file, member)

    @contextlib.contextmanager
    def _file(self) -> Iterator[BinaryIO]:
        if isinstance(self._source, bytes):
            yield io.BytesIO(self._source)
            return
        with files.opened(self._source) as file:
            stat = os.fstat(file.fileno())
            mark = (stat.st_mtime_ns, stat.st_size)
            if self._mark is None:
                self._mark = mark
            elif self._mark != mark:
                raise ChangedMeanwhile(file=self.file)
            yield file

    @contextlib.contextmanager
    def _guard(self, name: str) -> Iterator[None]:
        try:
            yield
        except (ArchiveError, xml.XmlError) as error:
            raise DamagedWorkbook(file=self.file, reason=f"{name}: {error}") from error
