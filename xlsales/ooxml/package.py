"""A workbook file as a bag of named parts: opened with distrust, changed part by part, saved in one step.

Why not a kept library: wolfxl 2.0's modify mode keeps untouched parts too, but breaks shared formulas and sheets
without row numbers, takes in no rendered sheets, and is 30 times slower here; openpyxl drops parts.

Limits on what a file may claim (a sheet of 1,048,575 × 8 actuals inflates to about 300 MB at a ratio of 5 to 40):
at most 10,000 members, 4 GiB inflated in all, 1 GiB for a sheet or the shared strings, 256 MiB for any other part,
32 MiB for one that is parsed as a whole, and no XML over 16 MiB inflated to more than 300 times its packed size,
nor over 256 MiB to more than 60 times. Nothing is ever inflated beyond its declared size.
"""

from __future__ import annotations

import contextlib
import io
import mmap
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from xlsales.core.faults import Fault
from xlsales.ooxml import archive, files, relations, xml
from xlsales.ooxml.archive import ArchiveError, ArchiveWriter, Entry, Packed
from xlsales.ooxml.files import HeldOpen as HeldOpen
from xlsales.ooxml.grid import SheetError

MAX_MEMBERS = 10_000
MAX_TOTAL = 4 << 30
MAX_PART = 256 << 20
MAX_PARSED = 32 << 20
MAX_SHEET = 1 << 30
RATIOS = ((256 << 20, 60), (16 << 20, 300))
"""XML of more than so many bytes is inflated to no more than so many times its packed size."""
XML_PARTS = (".xml", ".rels", ".vml")
LARGE_PARTS = ("xl/worksheets/", "xl/sharedstrings")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class NotAWorkbook(Fault):
    """Neither a zip nor a workbook inside it."""

    zh = "{file} 不是 Excel 工作簿。请选择 .xlsx 或 .xlsm 文件。"
    en = "{file} is not an Excel workbook. Choose an .xlsx or .xlsm file."


class OldWorkbook(Fault):
    """A workbook of Excel 97-2003."""

    zh = "{file} 是旧的 .xls 格式。请在 Excel 里另存为 .xlsx 再试。"
    en = "{file} is in the old .xls format. Save it as .xlsx in Excel and try again."


class BinaryWorkbook(Fault):
    """An .xlsb workbook instead of an .xlsx."""

    zh = "{file} 是二进制 .xlsb 格式。请在 Excel 里另存为 .xlsx 再试。"
    en = "{file} is in the binary .xlsb format. Save it as .xlsx in Excel and try again."


class StrictWorkbook(Fault):
    """A workbook in the Strict variant of Open XML."""

    zh = "{file} 是“严格的 Open XML”格式。请在 Excel 里另存为普通的 .xlsx 再试。"
    en = "{file} is a Strict Open XML workbook. Save it as a normal .xlsx in Excel and try again."


class EncryptedWorkbook(Fault):
    """A workbook with a password to open."""

    zh = "{file} 有打开密码。请在 Excel 里打开它,去掉密码后保存,再试。"
    en = "{file} has a password. Open it in Excel, remove the password, save it, and try again."


class DamagedWorkbook(Fault):
    """The archive or one of its parts is broken."""

    zh = "{file} 已损坏({reason})。请在 Excel 里打开并修复,或换用备份。"
    en = "{file} is damaged ({reason}). Open and repair it in Excel, or take a backup."


class UnsafeWorkbook(Fault):
    """The archive claims more than any workbook needs, or hides members."""

    zh = "{file} 的内容不正常({reason}),为安全起见没有打开。请确认它的来源,或在 Excel 里另存一份。"
    en = "{file} has unusual contents ({reason}) and was not opened. Check its source, or save it anew in Excel."


class ChangedMeanwhile(Fault):
    """The file on disk is no longer the one that was opened."""

    zh = "{file} 在处理期间被别的程序改动了。请再运行一次;文件没有被覆盖。"
    en = "{file} was changed by another program meanwhile. Run again; nothing was overwritten."


class Package:
    """The parts of a workbook. Names are compared as Excel does: without regard to case or a leading slash.

    The file is opened only while it is read; `save` refuses to overwrite a file that changed since `open`.
    """

    file: str
    _source: Path | bytes
    _mark: tuple[int, int] | None  # time and length of the file when it was opened
    _entries: dict[str, Entry]  # its members, by key
    _pending: dict[str, bytes | Packed]  # what they and the added ones shall hold
    _added: dict[str, Entry]
    _removed: set[str]
    _trees: dict[str, etree._Element]  # parts that are kept parsed
    _edited: set[str]  # those of them with trees newer than their bytes

    def __init__(self, source: Path | bytes, file: str) -> None:
        self._load(source, file)

    @classmethod
    def open(cls, path: Path | str) -> Package:
        """Open a workbook file; every fault of the file is raised here or when the damaged part is read."""
        path = Path(path)
        return cls(path, path.name)

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
        kept = [e.name for k, e in self._entries.items() if k not in self._removed]
        return (*kept, *(e.name for e in self._added.values()))

    @property
    def changed(self) -> frozenset[str]:
        """Names of parts that differ from the file: set, added and removed."""
        for key in tuple(self._edited):
            self._settle(key)
        every = {**self._entries, **self._added}
        return frozenset(every[k].name for k in {*self._pending, *self._removed})

    def __contains__(self, name: str) -> bool:
        key = _key(name)
        return key in self._added or (key in self._entries and key not in self._removed)

    def read(self, name: str) -> bytes:
        """Return a part's bytes, those of XML as UTF-8 (`KeyError` if there is none)."""
        key = self._settle(_key(name))
        if key in self._pending:
            pending = self._pending[key]
            return b"".join(pending.inflated()) if isinstance(pending, Packed) else pending
        entry = self._entry(name)
        with self._file() as file, self._guard(name):
            data = archive.read_member(file, entry)
            return xml.utf8(data) if key.endswith(XML_PARTS) else data

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield a part's bytes in pieces; a caller may stop early and the rest is never inflated."""
        key = self._settle(_key(name))
        if key in self._pending:
            pending = self._pending[key]
            yield from pending.inflated() if isinstance(pending, Packed) else (pending,)
            return
        entry = self._entry(name)
        with self._file() as file, self._guard(name):
            pieces = archive.stream_member(file, entry)
            first = next(pieces, b"")
            if key.endswith(XML_PARTS) and not xml.is_utf8(first):
                yield xml.utf8(b"".join(chain((first,), pieces)))
                return
            yield first
            yield from pieces

    def size(self, name: str) -> int:
        """Return a part's inflated length without inflating it."""
        key = self._settle(_key(name))
        if key not in self._pending:
            return self._entry(name).size
        pending = self._pending[key]
        return pending.size if isinstance(pending, Packed) else len(pending)

    def tree(self, name: str) -> etree._Element:
        """Return the root of a part that lists others; it is parsed once, and `edited` is called after a change."""
        key = _key(name)
        if key not in self._trees:
            self._trees[key] = self.parse(name)
        return self._trees[key]

    def parse(self, name: str) -> etree._Element:
        """Return the root of a small XML part, for the caller alone (`UnsafeWorkbook` if it is not small)."""
        if self.size(name) > MAX_PARSED:
            raise UnsafeWorkbook(file=self.file, reason=f"{name}: {self.size(name) >> 20} MiB")
        try:
            return xml.parse(self.read(name))
        except xml.XmlError as error:
            raise DamagedWorkbook(file=self.file, reason=name) from error

    @contextlib.contextmanager
    def sound(self, name: str) -> Iterator[None]:
        """Report what is wrong inside a part, called by `name`, as a fault of the file (`DamagedWorkbook`)."""
        try:
            yield
        except (SheetError, xml.XmlError, ValueError, OverflowError) as error:
            raise DamagedWorkbook(file=self.file, reason=f"{name}: {str(error)[:60]}") from error

    # --- changing ---

    def edited(self, name: str) -> None:
        """Note that the `tree` of a part was changed: it is written when its bytes are asked for, once a run."""
        self._edited.add(_key(name))

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
        self._forget_tree(_key(name))
        self._store(_key(name), data)

    def _forget_tree(self, key: str) -> None:
        self._trees.pop(key, None)
        self._edited.discard(key)

    def _store(self, key: str, data: bytes) -> None:
        old = self._entries.get(key)
        if old is not None and old.size == len(data) and self._original(old) == data:
            self._pending.pop(key, None)
        else:
            self._pending[key] = data

    def set_pieces(self, name: str, pieces: Iterable[bytes | memoryview]) -> None:
        """Replace a part that is changed, by contents that come piece by piece and are kept packed."""
        if name not in self:
            raise KeyError(name)
        self._forget_tree(_key(name))
        self._pending[_key(name)] = archive.pack(pieces)

    def add(self, name: str, data: bytes) -> None:
        """Add a new part at the end (`ValueError` if the name is taken)."""
        if name in self:
            raise ValueError(f"{name} is taken")
        key = _key(name)
        if key in self._entries:  # removed before: it takes its old place
            self._removed.discard(key)
            self.set(name, data)
            return
        self._added[key] = Entry.new(name)
        self._pending[key] = data

    def remove(self, name: str) -> None:
        """Remove a part (`KeyError` if there is none)."""
        if name not in self:
            raise KeyError(name)
        key = _key(name)
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
        written: list[Package] = []

        def check(temporary: Path) -> None:
            written.append(Package(temporary, target.name))
            with self._file():  # the source is still the file that was opened
                pass
            if ready is not None:
                ready(temporary)

        with files.replacing(target, check) as out:
            self._write(out)
        self.__dict__.update(written[0].__dict__)
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
            for key, entry in {**self._entries, **self._added}.items():
                if key in self._removed:
                    continue
                if key in self._pending:
                    writer.add(entry, self._pending[key])
                else:
                    writer.copy(source, entry)
            writer.close()

    # --- the file ---

    def _entry(self, name: str) -> Entry:
        key = _key(name)
        if key in self._removed or key not in self._entries:
            raise KeyError(name)
        return self._entries[key]

    def _original(self, entry: Entry) -> bytes:
        with self._file() as file, self._guard(entry.name):
            return archive.read_member(file, entry)

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

    def _load(self, source: Path | bytes, name: str) -> None:
        self.file, self._source, self._mark = name, source, None
        self._entries, self._pending, self._added, self._removed = {}, {}, {}, set()
        self._trees, self._edited = {}, set()
        with self._file() as file:
            head = file.read(8)
            if head == _OLE:
                raise _ole_fault(file, self.file)
            if not head.startswith(b"PK"):
                raise NotAWorkbook(file=self.file)
            try:
                entries = archive.read_directory(file, MAX_MEMBERS)
            except ArchiveError as error:
                raise DamagedWorkbook(file=self.file, reason=f"zip: {error}") from error
        for entry in entries:
            key = _key(entry.name)
            if key in self._entries:
                raise UnsafeWorkbook(file=self.file, reason=f"{entry.name}: duplicate")
            self._entries[key] = entry
        self._check_claims(entries)
        self._check_kind()

    def _check_claims(self, entries: list[Entry]) -> None:
        def unsafe(reason: str) -> UnsafeWorkbook:
            return UnsafeWorkbook(file=self.file, reason=reason)

        end = 0
        for entry in sorted(entries, key=lambda e: e.offset):
            if entry.offset < end:
                raise unsafe(f"{entry.name}: overlap")
            end = entry.offset + 30 + len(entry.raw_name) + entry.packed
        if sum(e.size for e in entries) > MAX_TOTAL:
            raise unsafe(f"> {MAX_TOTAL >> 30} GiB")
        for entry in entries:
            if entry.encrypted:
                raise EncryptedWorkbook(file=self.file)
            key = _key(entry.name)
            if "\0" in key or ".." in key.split("/") or ":" in key or entry.name.startswith("/"):
                raise unsafe(f"{entry.name!r}")
            if entry.size > (MAX_SHEET if key.startswith(LARGE_PARTS) else MAX_PART):
                raise unsafe(f"{entry.name}: {entry.size >> 20} MiB")
            if key.endswith(XML_PARTS) and any(entry.size > max(size, r * entry.packed) for size, r in RATIOS):
                raise unsafe(f"{entry.name}: {entry.size >> 20} MiB, {entry.size // max(entry.packed, 1)} : 1")

    def _check_kind(self) -> None:
        if "[Content_Types].xml" not in self or "_rels/.rels" not in self:
            raise NotAWorkbook(file=self.file)
        main = relations.main_part(self)
        if main is None:
            raise NotAWorkbook(file=self.file)
        kind = relations.content_type(self, main) or ""
        if "binary" in kind:
            raise BinaryWorkbook(file=self.file)
        if "spreadsheetml" not in kind and "ms-excel" not in kind:
            raise NotAWorkbook(file=self.file)
        if self.tree(main).tag == f"{{{xml.STRICT}}}workbook":
            raise StrictWorkbook(file=self.file)
        if self.tree(main).tag != xml.main("workbook"):
            raise NotAWorkbook(file=self.file)


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _ole_fault(file: BinaryIO, name: str) -> Fault:
    """A compound file is an encrypted package, or the old format."""
    if isinstance(file, io.BytesIO):
        encrypted = "EncryptedPackage".encode("utf-16-le") in file.getvalue()
    else:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            encrypted = view.find("EncryptedPackage".encode("utf-16-le")) >= 0
    return EncryptedWorkbook(file=name) if encrypted else OldWorkbook(file=name)
