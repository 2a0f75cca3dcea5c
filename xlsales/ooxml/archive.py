"""The zip format, as far as workbooks need it: the directory is not trusted, members are copied byte by byte.

`zipfile` cannot copy a member without inflating it. It sets no limit to what a lying header makes it inflate. This
module does both, and nothing else. Members are stored or deflated. Data descriptors and zip64 fields are read, and
written in the plain form (archives of 4 GiB and more are refused).
"""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

try:
    from isal import isal_zlib as fast
except ImportError:  # it has no wheel for Windows on ARM
    import zlib as fast  # type: ignore[no-redef]

STORED, DEFLATED = 0, 8
CHUNK = 1 << 20
_FIRST = 1 << 14
"""The bytes of the first piece of a member: who looks at a sheet's first rows needs no more."""
PLAIN_LIMIT = 0xFFFFFFFF
FIXED_TIME = (0, 0x21)  # 1980-01-01 00:00, as Excel itself writes

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")


class ArchiveError(Exception):
    """The bytes contradict the zip format or themselves."""


class Entry(Struct, frozen=True):
    """A member of an archive, as the central directory has it; its local header starts at `offset`."""

    name: str
    raw_name: bytes
    flags: int = 0
    method: int = DEFLATED
    time: int = FIXED_TIME[0]
    date: int = FIXED_TIME[1]
    crc: int = 0
    packed: int = 0
    size: int = 0
    offset: int = 0
    made_by: int = 20
    needed: int = 20
    internal: int = 0
    external: int = 0
    extra: bytes = b""
    comment: bytes = b""

    @property
    def encrypted(self) -> bool:
        """Whether the member needs a zip password."""
        return bool(self.flags & 0x41)

    @classmethod
    def new(cls, name: str) -> Entry:
        """Return a new member, the same on every run."""
        raw = name.encode()
        return cls(name, raw, flags=0 if raw.isascii() else 0x800)


def read_directory(file: BinaryIO, max_members: int) -> list[Entry]:
    """Return the members in directory order; `ArchiveError` if the directory is missing or contradicts itself."""
    length = file.seek(0, 2)
    tail_start = max(0, length - 0xFFFF - _END.size)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or at + _END.size > len(tail):
        raise ArchiveError("no end of central directory")
    _, disk, first_disk, _, count, size, start, _ = _END.unpack_from(tail, at)
    end = tail_start + at
    locator = tail[max(0, at - 20) : at]
    if locator[:4] == b"PK\6\7":
        end, count, size, start = _zip64_end(file, end, struct.unpack_from("<Q", locator, 8)[0])
    elif disk or first_disk:
        raise ArchiveError("a part of a split archive")
    shift = end - size - start  # bytes in front of the archive, as self-extractors have
    if count > max_members or size > 512 * max_members or shift < 0:
        raise ArchiveError("central directory out of bounds")
    file.seek(end - size)
    return list(_central(file.read(size), count, shift, end - size))


def is_archive(path: Path) -> bool:
    """Return whether a file ends with a sound directory, as archives do."""
    with path.open("rb") as file, contextlib.suppress(ArchiveError):
        return bool(read_directory(file, 0xFFFF))
    return False


def same_contents(one: BinaryIO, other: BinaryIO, max_members: int) -> bool:
    """Return whether two archives have the same members, by names, sizes and checksums, however they are packed."""
    own, others = (
        [(e.raw_name, e.size, e.crc) for e in read_directory(archive, max_members)] for archive in (one, other)
    )
    return own == others


def _zip64_end(file: BinaryIO, end: int, located: int) -> tuple[int, int, int, int]:
    for at in (located, end - 20 - _END64.size):  # as the locator says, else right in front of it
        file.seek(max(0, at))
        block = file.read(_END64.size)
        if len(block) == _END64.size and block[:4] == b"PK\6\6":
            *_, count, size, start = _END64.unpack(block)
            return at, count, size, start
    raise ArchiveError("zip64 directory not found")


def _central(block: bytes, count: int, shift: int, data_end: int) -> Iterator[Entry]:
    at = 0
    for _ in range(count):
        if block[at : at + 4] != b"PK\1\2" or at + _CENTRAL.size > len(block):
            raise ArchiveError("central directory is damaged")
        (_, made_by, needed, flags, method, time, date, crc, packed, size, n_name, n_extra, n_comment, _, internal,
         external, offset) = _CENTRAL.unpack_from(block, at)  # fmt: skip
        at += _CENTRAL.size
        raw = block[at : at + n_name]
        extra = block[at + n_name : at + n_name + n_extra]
        comment = block[at + n_name + n_extra : at + n_name + n_extra + n_comment]
        at += n_name + n_extra + n_comment
        size, packed, offset = _zip64_sizes(extra, size, packed, offset)
        offset += shift
        if offset + _LOCAL.size + packed > data_end:
            raise ArchiveError("a member lies outside the archive")
        yield Entry(_decode(raw, flags), raw, flags, method, time, date, crc, packed, size, offset, made_by, needed,
                    internal, external, _without_zip64(extra), comment)  # fmt: skip


def _decode(raw: bytes, flags: int) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        if flags & 0x800:
            raise ArchiveError("a member's name is no UTF-8") from None
        return raw.decode("cp437")


def _blocks(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        yield tag, extra[at : at + 4 + length]
        at += 4 + length


def _without_zip64(extra: bytes) -> bytes:
    return b"".join(block for tag, block in _blocks(extra) if tag != 1)


def _zip64_sizes(extra: bytes, *fields: int) -> tuple[int, int, int]:
    """Return size, packed size and offset with each 0xFFFFFFFF taken from the zip64 block."""
    block = next((b[4:] for tag, b in _blocks(extra) if tag == 1), b"")
    values = []
    for field in fields:
        if field == PLAIN_LIMIT:
            if len(block) < 8:
                raise ArchiveError("zip64 sizes are missing")
            field, block = struct.unpack_from("<Q", block)[0], block[8:]
        values.append(field)
    return values[0], values[1], values[2]


def _seek_data(file: BinaryIO, member: Entry) -> bytes:
    """Move to the first compressed byte; return the local extra field (without zip64)."""
    file.seek(member.offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or header[:4] != b"PK\3\4":
        raise ArchiveError("a member's header is damaged")
    n_name, n_extra = struct.unpack_from("<2H", header, 26)
    if file.read(n_name) != member.raw_name:
        raise ArchiveError("a member has two names")
    return _without_zip64(file.read(n_extra))


def read_member(file: BinaryIO, member: Entry) -> bytes:
    """Return the inflated bytes, never more than the directory declares, their CRC checked."""
    _seek_data(file, member)
    data = file.read(member.packed)
    if member.method == DEFLATED:
        data = _inflated(data, member.size + 1)
    elif member.method != STORED:
        raise ArchiveError(f"compression method {member.method}")
    if len(data) > member.size:
        raise ArchiveError("contents are larger than declared")
    if len(data) != member.size or fast.crc32(data) != member.crc:
        raise ArchiveError("contents and checksum differ")
    return data


def _inflated(data: bytes, most: int) -> bytes:
    """Return the first `most` bytes of inflated data; what is wrong with it is told in the words of zlib."""
    try:
        return fast.decompressobj(-15).decompress(data, most)
    except fast.error:  # type: ignore[misc]
        pass
    try:
        return zlib.decompressobj(-15).decompress(data, most)
    except zlib.error as error:
        raise ArchiveError(str(error)) from error


def stream_member(file: BinaryIO, member: Entry) -> Iterator[bytes]:
    """Yield the inflated bytes in pieces, small ones first, then of a megabyte; the CRC is checked after the last."""
    _seek_data(file, member)
    if member.method not in (STORED, DEFLATED):
        raise ArchiveError(f"compression method {member.method}")
    inflate = zlib.decompressobj(-15) if member.method == DEFLATED else None
    unread, total, crc = member.packed, 0, 0
    pending, longest = b"", _FIRST
    while unread or pending:
        if not pending:
            pending = file.read(min(unread, longest >> 2))
            if not pending:
                raise ArchiveError("the archive ends too early")
            unread -= len(pending)
        try:
            piece = inflate.decompress(pending, longest) if inflate else pending
        except zlib.error as error:
            raise ArchiveError(str(error)) from error
        pending, longest = inflate.unconsumed_tail if inflate else b"", min(4 * longest, CHUNK)
        total += len(piece)
        crc = zlib.crc32(piece, crc)
        if total > member.size:
            raise ArchiveError("contents are larger than declared")
        if piece:
            yield piece
    if inflate and (rest := inflate.flush()):
        total, crc = total + len(rest), zlib.crc32(rest, crc)
        yield rest
    if total != member.size or crc != member.crc:
        raise ArchiveError("contents and checksum differ")


class Packed(Struct, frozen=True):
    """The contents of a member, deflated: a large part that was changed waits like this until it is written."""

    data: bytes
    crc: int
    size: int

    def inflated(self) -> Iterator[bytes]:
        """Yield the contents in pieces of about a megabyte."""
        inflate, packed = zlib.decompressobj(-15), self.data
        while packed:
            yield inflate.decompress(packed, CHUNK)
            packed = inflate.unconsumed_tail
        yield inflate.flush()


def pack(pieces: Iterable[bytes | memoryview]) -> Packed:
    """Deflate contents piece by piece."""
    deflate, packed, crc, size = zlib.compressobj(6, zlib.DEFLATED, -15), [], 0, 0
    for piece in pieces:
        packed.append(deflate.compress(piece))
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    return Packed(b"".join([*packed, deflate.flush()]), crc, size)


def pack_fast(data: bytes) -> Packed:
    """Deflate contents that are one of thousands: a sixth of the time for a quarter more bytes.

    The bytes differ from one kind of processor to another; they are the same on every run of one machine.
    """
    deflate = fast.compressobj(1, zlib.DEFLATED, -15)
    return Packed(deflate.compress(data) + deflate.flush(), fast.crc32(data), len(data))


class ArchiveWriter:
    """Writes members one after another; `close` adds the directory."""

    def __init__(self, out: BinaryIO, directory: Iterable[Entry] = ()) -> None:
        """`directory`: the `directory` of a writer whose bytes are in `out` already."""
        self._out = out
        self._directory = list(directory)

    @property
    def directory(self) -> tuple[Entry, ...]:
        """The members that were written."""
        return tuple(self._directory)

    def copy(self, source: BinaryIO, member: Entry) -> None:
        """Copy a member with its compressed bytes as they are."""
        extra = _seek_data(source, member)
        self._start(member, extra)
        unread = member.packed
        while unread:
            piece = source.read(min(unread, CHUNK))
            if not piece:
                raise ArchiveError("the archive ends too early")
            self._out.write(piece)
            unread -= len(piece)

    def add(self, member: Entry, data: bytes | Packed) -> None:
        """Write `data` deflated under the member's name, times and attributes."""
        contents = data if isinstance(data, Packed) else pack((data,))
        self._start(
            replace(member, flags=member.flags & 0x800, method=DEFLATED, needed=20, crc=contents.crc,
                    packed=len(contents.data), size=contents.size),
            b"",
        )  # fmt: skip
        self._out.write(contents.data)

    def store(self, member: Entry, data: bytes) -> None:
        """Write `data` as it is: a file that is packed already."""
        size = len(data)
        self._start(replace(member, method=STORED, crc=zlib.crc32(data), packed=size, size=size), b"")
        self._out.write(data)

    def _start(self, member: Entry, local_extra: bytes) -> None:
        member = replace(member, flags=member.flags & ~8, offset=self._out.tell())  # sizes are known: no descriptor
        if member.offset + member.packed >= PLAIN_LIMIT or member.size >= PLAIN_LIMIT:
            raise ArchiveError("4 GiB and more")
        self._out.write(_local_header(member, local_extra))
        self._directory.append(member)

    def close(self) -> None:
        """Write the central directory."""
        start = self._out.tell()
        entries = b"".join(map(_central_entry, self._directory))
        self._out.write(entries + _end(len(self._directory), len(entries), start))


class Refill:
    """An archive written many times: the members of some names get new contents, all others keep their bytes.

    It can be pickled, and needs no file.
    """

    def __init__(self, source: BinaryIO, directory: Iterable[Entry], changing: Container[str]) -> None:
        self._records: list[tuple[bytes, bytes] | str] = []
        """In the order of the archive: what does not change as (in its place, in the directory), else its name."""
        for member in directory:
            if member.name in changing:
                self._records.append(member.name)
                continue
            extra = _seek_data(source, member)
            plain = replace(member, flags=member.flags & ~8)
            self._records.append((_local_header(plain, extra) + source.read(member.packed), _central_entry(plain)))

    def filled(self, contents: Mapping[str, bytes]) -> bytes:
        """Return the archive with the contents of each name that changes."""
        parts: list[bytes] = []
        entries: list[bytes] = []
        at = 0
        for record in self._records:
            if isinstance(record, str):
                packed = pack_fast(contents[record])
                new = replace(Entry.new(record), crc=packed.crc, packed=len(packed.data), size=packed.size, offset=at)
                part, entry = _local_header(new, b"") + packed.data, _central_entry(new)
            else:
                part, entry = record
                entry = entry[: _CENTRAL.size - 4] + at.to_bytes(4, "little") + entry[_CENTRAL.size :]
            parts.append(part)
            entries.append(entry)
            at += len(part)
        directory = b"".join(entries)
        return b"".join([*parts, directory, _end(len(entries), len(directory), at)])


def _local_header(e: Entry, extra: bytes) -> bytes:
    numbers = e.needed, e.flags, e.method, e.time, e.date, e.crc, e.packed, e.size, len(e.raw_name), len(extra)
    return _LOCAL.pack(b"PK\3\4", *numbers) + e.raw_name + extra


def _central_entry(e: Entry) -> bytes:
    sizes = e.crc, e.packed, e.size, len(e.raw_name), len(e.extra), len(e.comment)
    rest = 0, e.internal, e.external, e.offset
    head = _CENTRAL.pack(b"PK\1\2", e.made_by, e.needed, e.flags, e.method, e.time, e.date, *sizes, *rest)
    return head + e.raw_name + e.extra + e.comment


def _end(count: int, size: int, start: int) -> bytes:
    return _END.pack(b"PK\5\6", 0, 0, count, count, size, start, 0)
