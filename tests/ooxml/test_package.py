from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from tests.data.make_rich import rich_workbook
from tests.ooxml.packed import changed_members
from xlsales.core.faults import Fault
from xlsales.ooxml import checks, files, package
from xlsales.ooxml.package import Package

pytestmark = pytest.mark.unit

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STRINGS = "xl/sharedStrings.xml"


@pytest.fixture(scope="module")
def rich() -> bytes:
    return rich_workbook()


@pytest.fixture
def path(rich: bytes, tmp_path: Path) -> Path:
    file = tmp_path / "计划.xlsm"
    file.write_bytes(rich)
    return file


def rezip(data: bytes, replace: dict[str, bytes | None]) -> bytes:
    """Return the archive with members replaced (None: left out)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *(n for n in replace if n not in old.namelist())]:
            content = replace[name] if name in replace else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


# --- changing ---


def test_one_part_changes_and_the_rest_is_copied(path: Path, rich: bytes) -> None:
    """After one part was set, every other part has the very bytes it had."""
    book = Package.open(path)
    book.set(STRINGS, book.read(STRINGS).replace("华东".encode(), "华中".encode()))
    assert book.changed == {STRINGS}
    book.save()
    assert changed_members(rich, path.read_bytes()) == ({STRINGS}, set(), set())
    assert book.changed == frozenset()
    assert "华中".encode() in Package.open(path).read(STRINGS)


def test_unchanged_book_is_not_written(path: Path) -> None:
    """Setting a part to what it is and saving leaves the file alone, time and all."""
    before = path.stat()
    book = Package.open(path)
    book.set(STRINGS, bytes(book.read(STRINGS)))
    book.save(path)
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_unchanged_book_saved_elsewhere_is_a_copy(path: Path, rich: bytes, tmp_path: Path) -> None:
    """Saving to another place gives the same bytes."""
    Package.open(path).save(tmp_path / "out.xlsm")
    assert (tmp_path / "out.xlsm").read_bytes() == rich


def test_added_and_removed_parts(rich: bytes) -> None:
    """New parts stand at the end, removed ones are gone, and adding a removed one again is a change of it."""
    book = Package.of_bytes(rich)
    book.remove("xl/calcChain.xml")
    book.remove("customXml/item1.xml")
    book.add("customXml/item1.xml", b"<other/>")
    book.add("xl/新.xml", b"<new/>")
    saved = book.to_bytes()
    assert changed_members(rich, saved) == ({"customXml/item1.xml"}, {"xl/新.xml"}, {"xl/calcChain.xml"})
    again = Package.of_bytes(saved)
    assert again.names[-1] == "xl/新.xml"
    assert again.read("XL/新.xml") == b"<new/>"
    with pytest.raises(KeyError):
        again.read("xl/calcChain.xml")
    with pytest.raises(ValueError, match="taken"):
        again.add("xl/新.XML", b"")


def test_descriptors_and_zip64_are_read(tmp_path: Path, rich: bytes) -> None:
    """Archives written as a stream, with sizes behind the data and in zip64 fields, are read and written plainly."""

    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(data)  # type: ignore[arg-type]

    stream = Stream()
    with zipfile.ZipFile(io.BytesIO(rich)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:  # type: ignore[arg-type]
        for name in old.namelist():
            with new.open(name, "w", force_zip64=True) as part:
                part.write(old.read(name))
    assert struct.unpack_from("<H", stream.data, 6)[0] & 8
    book = Package.of_bytes(stream.data)
    book.set(STRINGS, b"<sst/>")
    assert changed_members(stream.data, book.to_bytes()) == ({STRINGS}, set(), set())


def test_directory_in_zip64_form_is_read(rich: bytes) -> None:
    """Some writers always use the zip64 directory; it is understood, also behind other bytes."""
    with zipfile.ZipFile(io.BytesIO(rich)) as archive:
        count, start = len(archive.infolist()), archive.start_dir
    end = rich.rfind(b"PK\5\6")
    size = end - start
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
    plain = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    book = Package.of_bytes(rich[:end] + end64 + locator + plain)
    assert book.read(STRINGS) == Package.of_bytes(rich).read(STRINGS)


def test_stream_stops_early_and_checks_to_the_end(rich: bytes) -> None:
    """A part can be read piece by piece; the pieces are the part."""
    book = Package.of_bytes(rich)
    assert b"".join(book.stream("xl/styles.xml")) == book.read("xl/styles.xml")
    assert book.size("xl/styles.xml") == len(book.read("xl/styles.xml"))


# --- saving safely ---


def test_failure_while_saving_leaves_the_file(path: Path, rich: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel holding the file makes one clear fault; the file and its folder stay as they were."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    book = Package.open(path)
    book.set(STRINGS, b"<sst/>")
    with pytest.raises(files.HeldOpen) as caught:
        book.save()
    assert "计划.xlsm" in caught.value.say("zh")
    assert path.read_bytes() == rich
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_disk_full_leaves_the_file(path: Path, rich: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full the fault says so and no half-written file remains."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    book = Package.open(path)
    book.set(STRINGS, b"<sst/>")
    with pytest.raises(files.NotWritable, match="No space left"):
        book.save()
    assert path.read_bytes() == rich
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_book_changed_by_another_program_is_not_overwritten(path: Path, rich: bytes) -> None:
    """A file saved by someone else since it was opened is never overwritten."""
    book = Package.open(path)
    book.set(STRINGS, b"<sst/>")
    path.write_bytes(rich + b"")
    os.utime(path, ns=(1, 1))
    with pytest.raises(package.ChangedMeanwhile):
        book.save()
    assert path.read_bytes() == rich


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions and links")
def test_permissions_and_links_survive(path: Path, tmp_path: Path) -> None:
    """A shared file keeps its permissions; a link stays a link to the changed file."""
    path.chmod(0o664)
    link = tmp_path / "link.xlsm"
    link.symlink_to(path)
    book = Package.open(link)
    book.set(STRINGS, b"<sst/>")
    book.save()
    assert stat.S_IMODE(path.stat().st_mode) == 0o664
    assert link.is_symlink()
    assert Package.open(path).read(STRINGS) == b"<sst/>"


def test_lock_files_tell_that_a_program_has_it_open(path: Path) -> None:
    """The owner file that Excel, WPS or LibreOffice puts beside an open workbook is noticed."""
    assert not files.held_open(path)
    for name in ("~$计划.xlsm", ".~计划.xlsm", ".~lock.计划.xlsm#"):
        path.with_name(name).touch()
        assert files.held_open(path)
        path.with_name(name).unlink()


# --- bad input: one sentence in either language, whatever is wrong ---


def strict(data: bytes) -> bytes:
    workbook = Package.of_bytes(data).read("xl/workbook.xml")
    ours = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return rezip(data, {"xl/workbook.xml": workbook.replace(ours, b"http://purl.oclc.org/ooxml/spreadsheetml/main")})


def binary(data: bytes) -> bytes:
    types = Package.of_bytes(data).read("[Content_Types].xml")
    old = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    new = b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    return rezip(data, {"[Content_Types].xml": types.replace(old, new)})


def duplicate(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("XL/Workbook.xml", b"<hidden/>")
    return out.getvalue()


def lying(data: bytes) -> bytes:
    """Return the archive with the declared size of the strings cut: inflating gives more than was said."""
    at = data.rfind(b"PK\1\2", 0, data.rfind(STRINGS.encode()))
    return data[: at + 24] + struct.pack("<L", 10) + data[at + 28 :]


def encrypted_zip(data: bytes) -> bytes:
    at = data.rfind(b"PK\1\2", 0, data.rfind(STRINGS.encode()))
    return data[: at + 8] + struct.pack("<H", 1) + data[at + 10 :]


def damaged(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo(STRINGS).header_offset + 30 + len(STRINGS) + 20
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


FAULTS = {
    "encrypted": (lambda d: OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"), checks.EncryptedWorkbook),
    "zip password": (encrypted_zip, checks.EncryptedWorkbook),
    "old xls": (lambda d: OLE + b"\0" * 504 + "Workbook".encode("utf-16-le"), checks.OldWorkbook),
    "text": (lambda d: b"date,amount\n2026-01-01,3\n", checks.NotAWorkbook),
    "empty": (lambda d: b"", checks.NotAWorkbook),
    "another zip": (lambda d: rezip(d, {"[Content_Types].xml": None}), checks.NotAWorkbook),
    "no workbook": (lambda d: rezip(d, {"xl/workbook.xml": None}), checks.NotAWorkbook),
    "strict": (strict, checks.StrictWorkbook),
    "xlsb": (binary, checks.BinaryWorkbook),
    "truncated": (lambda d: d[: len(d) // 2], checks.DamagedWorkbook),
    "checksum": (damaged, checks.DamagedWorkbook),
    "more than declared": (lying, checks.DamagedWorkbook),
    "broken xml": (lambda d: rezip(d, {"xl/workbook.xml": b"<workbook"}), checks.DamagedWorkbook),
    "entities": (
        lambda d: rezip(d, {"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><workbook>&b;</workbook>'}),
        checks.DamagedWorkbook,
    ),
    "bomb": (lambda d: rezip(d, {"xl/worksheets/sheet9.xml": bytes(64 << 20)}), checks.UnsafeWorkbook),
    "traversal": (lambda d: rezip(d, {"../evil.xml": b""}), checks.UnsafeWorkbook),
    "duplicate": (duplicate, checks.UnsafeWorkbook),
}


@pytest.mark.parametrize("case", FAULTS)
def test_bad_file_is_told_in_one_sentence(case: str, rich: bytes, tmp_path: Path) -> None:
    """Every kind of bad file gives its own fault with the file's name, and the file stays as it was."""
    make, fault = FAULTS[case]
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(make(rich))
    content = bad.read_bytes()
    with pytest.raises(Fault) as caught:
        Package.open(bad).read(STRINGS)
    assert type(caught.value) is fault
    assert "坏.xlsx" in caught.value.say("zh")
    assert "坏.xlsx" in caught.value.say("en")
    assert bad.read_bytes() == content


def test_too_many_members(monkeypatch: pytest.MonkeyPatch, rich: bytes) -> None:
    """An archive with more members than any workbook has is refused before they are read."""
    monkeypatch.setattr(checks, "MAX_MEMBERS", 10)
    with pytest.raises(checks.DamagedWorkbook):
        Package.of_bytes(rich)


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(files.FileMissing, match=r"missing\.xlsx"):
        Package.open(tmp_path / "missing.xlsx")
