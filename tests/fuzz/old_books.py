"""Small workbooks of other kinds, built by hand: `.xls` (BIFF8 in a compound file), `.ods` and `.xlsb`."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.fuzz.mutations import packed

Rows = Sequence[Sequence[str | float]]
_SECTOR = 512


def xls(rows: Rows, title: str = "Sheet1") -> bytes:
    """Return an `.xls` of one sheet."""
    return _compound(_biff(rows, title))


def ods(rows: Rows, title: str = "Sheet1") -> bytes:
    """Return an `.ods` of one sheet."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    space = "urn:oasis:names:tc:opendocument:xmlns"
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="{title}">{lines}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path="content.xml" '
        'manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return packed(
        {"mimetype": kind.encode(), "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()}
    )


def _ods_cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def _biff(rows: Rows, title: str) -> bytes:
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    name = struct.pack("<BB", len(title), 1) + title.encode("utf-16-le")
    length = len(begin) + 4 + 6 + len(name) + 4
    head = begin + _record(0x85, struct.pack("<IBB", length, 0, 0) + name) + _record(0x0A)
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    sheet += _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            at = struct.pack("<HHH", r, c, 0)
            text = isinstance(value, str)
            sheet += _record(0x204, at + _text(value)) if text else _record(0x203, at + struct.pack("<d", value))
    return head + sheet + _record(0x0A)


def _compound(stream: bytes) -> bytes:
    """Return a compound file whose only stream is `Workbook`."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(stream) // _SECTOR
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]  # the table itself, the directory, the stream
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(_SECTOR, b"\xff")
    assert len(table) == _SECTOR

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        links = struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return raw.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    nothing = bytes(64) + struct.pack("<HBBIII", 0, 0, 0, *[0xFFFFFFFF] * 3) + bytes(48)
    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream)) + nothing * 2
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return head + table + folder + stream


# --- .xlsb ---


def xlsb(rows: Rows, title: str = "Sheet1", *, last: tuple[int, int] | None = None) -> bytes:
    """Return an `.xlsb` of one sheet; `last` is the row and the column (from 0) where its used range claims to end."""
    space = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.ms-excel"

    def related(kind: str, target: str) -> bytes:
        one = f'<Relationship Id="rId1" Type="{office}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{space}/relationships">{one}</Relationships>'.encode()

    types = (
        f'<Types xmlns="{space}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.bin" ContentType="{kind}.sheet.binary.macroEnabled.main"/>'
        f'<Override PartName="/xl/worksheets/sheet1.bin" ContentType="{kind}.worksheet"/></Types>'
    )
    sheet = _binary(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(title))
    book = _binary(131) + _binary(143) + sheet + _binary(144) + _binary(132)
    bottom, right = last or (len(rows) - 1, max(map(len, rows)) - 1)
    cells = _binary(129) + _binary(148, struct.pack("<IIII", 0, bottom, 0, right)) + _binary(145)
    for r, row in enumerate(rows):
        cells += _binary(0, struct.pack("<IIH", r, 0, 300) + bytes(7))
        for c, value in enumerate(row):
            at, text = struct.pack("<II", c, 0), isinstance(value, str)
            cells += _binary(6, at + _wide(value)) if text else _binary(5, at + struct.pack("<d", value))
    return packed(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": related("officeDocument", "xl/workbook.bin"),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": related("worksheet", "worksheets/sheet1.bin"),
            "xl/worksheets/sheet1.bin": cells + _binary(146) + _binary(130),
        }
    )


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _binary(kind: int, data: bytes = b"") -> bytes:
    def number(n: int) -> bytes:
        return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + number(n >> 7)

    return number(kind) + number(len(data)) + data
