"""What a file has to be before it is opened as a workbook: an honest archive, and an Excel workbook inside it.

Limits on what a file may claim (a sheet of 1,048,575 × 8 actuals inflates to about 300 MB at a ratio of 5 to 40):
at most 10,000 members, 4 GiB inflated in all, 1 GiB for a sheet or the shared strings, 256 MiB for any other part,
32 MiB for one that is parsed as a whole, and no XML over 16 MiB inflated to more than 300 times its packed size,
nor over 256 MiB to more than 60 times. Nothing is ever inflated beyond its declared size.
"""

from __future__ import annotations

import io
import mmap
from typing import BinaryIO

from xlsales.core.faults import Fault
from xlsales.ooxml import archive, relations, xml
from xlsales.ooxml.archive import ArchiveError, Entry
from xlsales.ooxml.relations import Parts

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


class SheetCutOff(DamagedWorkbook):
    """A worksheet ends in the middle."""

    zh = "{file} 的“{sheet}”不完整:后面的行不在文件里(没有写完或没有传完)。请重新导出或复制这个文件,或换用备份。"
    en = (
        "Sheet '{sheet}' of {file} is cut off: the rows behind are not in the file (it was not written or copied to "
        "its end). Export or copy it again, or take a backup."
    )


class UnsafeWorkbook(Fault):
    """The archive claims more than any workbook needs, or hides members."""

    zh = "{file} 的内容不正常({reason}),为安全起见没有打开。请确认它的来源,或在 Excel 里另存一份。"
    en = "{file} has unusual contents ({reason}) and was not opened. Check its source, or save it anew in Excel."


def directory(file: BinaryIO, name: str) -> dict[str, Entry]:
    """Return the members of a file by key, once what they claim is within the limits; `name` is for the faults."""
    head = file.read(8)
    if head == _OLE:
        raise _ole_fault(file, name)
    if not head.startswith(b"PK"):
        raise NotAWorkbook(file=name)
    try:
        members = archive.read_directory(file, MAX_MEMBERS)
    except ArchiveError as error:
        raise DamagedWorkbook(file=name, reason=f"zip: {error}") from error
    by_key: dict[str, Entry] = {}
    for member in members:
        if by_key.setdefault(part_key(member.name), member) is not member:
            raise UnsafeWorkbook(file=name, reason=f"{member.name}: duplicate")
    _check_claims(members, name)
    return by_key


def _check_claims(members: list[Entry], file: str) -> None:
    def unsafe(reason: str) -> UnsafeWorkbook:
        return UnsafeWorkbook(file=file, reason=reason)

    end = 0
    for member in sorted(members, key=lambda m: m.offset):
        if member.offset < end:
            raise unsafe(f"{member.name}: overlap")
        end = member.offset + 30 + len(member.raw_name) + member.packed
    if sum(member.size for member in members) > MAX_TOTAL:
        raise unsafe(f"> {MAX_TOTAL >> 30} GiB")
    for member in members:
        if member.encrypted:
            raise EncryptedWorkbook(file=file)
        key = part_key(member.name)
        if "\0" in key or ".." in key.split("/") or ":" in key or member.name.startswith("/"):
            raise unsafe(f"{member.name!r}")
        if member.size > (MAX_SHEET if key.startswith(LARGE_PARTS) else MAX_PART):
            raise unsafe(f"{member.name}: {member.size >> 20} MiB")
        if key.endswith(XML_PARTS) and any(member.size > max(size, r * member.packed) for size, r in RATIOS):
            raise unsafe(f"{member.name}: {member.size >> 20} MiB, {member.size // max(member.packed, 1)} : 1")


def check_kind(package: Parts, file: str) -> None:
    """Raise the fault of a package that is no workbook, or one of a kind that cannot be read here."""
    if "[Content_Types].xml" not in package or "_rels/.rels" not in package:
        raise NotAWorkbook(file=file)
    main = relations.main_part(package)
    if main is None:
        raise NotAWorkbook(file=file)
    kind = relations.content_type(package, main) or ""
    if "binary" in kind:
        raise BinaryWorkbook(file=file)
    if "spreadsheetml" not in kind and "ms-excel" not in kind:
        raise NotAWorkbook(file=file)
    if package.tree(main).tag == f"{{{xml.STRICT}}}workbook":
        raise StrictWorkbook(file=file)
    if package.tree(main).tag != xml.main("workbook"):
        raise NotAWorkbook(file=file)


def part_key(name: str) -> str:
    """Return the key of a part: names are compared without regard to case or a leading slash."""
    return name.replace("\\", "/").lstrip("/").lower()


def _ole_fault(file: BinaryIO, name: str) -> Fault:
    """A compound file is an encrypted package, or the old format."""
    if isinstance(file, io.BytesIO):
        encrypted = "EncryptedPackage".encode("utf-16-le") in file.getvalue()
    else:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            encrypted = view.find("EncryptedPackage".encode("utf-16-le")) >= 0
    return EncryptedWorkbook(file=name) if encrypted else OldWorkbook(file=name)
