"""Workbooks as programs other than Excel write them: the same cells in another form. And a reader that is not ours."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping

from lxml import etree

Parts = dict[str, bytes]
Cells = dict[tuple[str, int, int], tuple[str, str, str, str]]
"""(sheet, row, column) → (type, value as text, formula, format)."""

STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
    b"http://schemas.openxmlformats.org/drawingml/2006/": b"http://purl.oclc.org/ooxml/drawingml/",
}
_ROW = re.compile(rb"<row\b([^>]*?)(?:/>|>(.*?)</row>)", re.S)
_CELL = re.compile(rb"<c\b[^>]*?(?:/>|>.*?</c>)", re.S)


def parts_of(data: bytes) -> Parts:
    """Every part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes], stream: bool = False) -> bytes:
    """Zip parts; with `stream`, sizes stand behind the contents, as whoever cannot seek writes them."""
    out = io.BytesIO()
    with zipfile.ZipFile(_NoSeek(out) if stream else out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


class _NoSeek:
    def __init__(self, out: io.BytesIO) -> None:
        self._out = out

    def write(self, data: bytes) -> int:
        return self._out.write(data)

    def flush(self) -> None:
        pass


def _each(parts: Parts, change: Callable[[bytes], bytes], names: str = r"\.(xml|rels)$") -> Parts:
    return {name: change(data) if re.search(names, name) else data for name, data in parts.items()}


def _sheets(parts: Parts, change: Callable[[re.Match[bytes]], bytes]) -> Parts:
    return _each(parts, lambda data: _ROW.sub(change, data), r"worksheets/[^/]+\.xml$")


def encoded(name: str, bom: bytes = b"") -> Callable[[Parts], Parts]:
    """Every XML part in another encoding, as its declaration says."""

    def change(data: bytes) -> bytes:
        text = re.sub(r"\A<\?xml[^>]*\?>", "", data.decode("utf-8-sig"))
        return bom + f'<?xml version="1.0" encoding="{name}"?>{text}'.encode(
            name if not bom else "utf-16-le", "xmlcharrefreplace"
        )

    return lambda parts: _each(parts, change)


def _strict(parts: Parts) -> Parts:
    def change(data: bytes) -> bytes:
        for old, new in STRICT.items():
            data = data.replace(old, new)
        return data.replace(b"<workbook ", b'<workbook conformance="strict" ', 1)

    return _each(parts, change)


def _row_per_cell(row: re.Match[bytes]) -> bytes:
    return b"".join(b"<row%b>%b</row>" % (row[1], cell) for cell in _CELL.findall(row[2] or b"")) or row[0]


def _halves(row: re.Match[bytes]) -> bytes:
    found = _CELL.findall(row[2] or b"")
    half = len(found) // 2
    return b"".join(b"<row%b>%b</row>" % (row[1], b"".join(part)) for part in (found[:half], found[half:]))


def _cells_backwards(row: re.Match[bytes]) -> bytes:
    return b"<row%b>%b</row>" % (row[1], b"".join(_CELL.findall(row[2] or b"")[::-1]))


def _rows_in_turn(order: Callable[[list[bytes]], list[bytes]]) -> Callable[[Parts], Parts]:
    def change(data: bytes) -> bytes:
        rows = [found[0] for found in _ROW.finditer(data)]
        head, _, tail = data.partition(b"<sheetData>")
        return head + b"<sheetData>" + b"".join(order(rows)) + tail[tail.index(b"</sheetData>") :] if rows else data

    return lambda parts: _each(parts, change, r"worksheets/[^/]+\.xml$")


def _without_addresses(parts: Parts) -> Parts:
    """No cell and no row says where it is: each stands where counting finds it."""

    def change(data: bytes) -> bytes:
        rows: dict[int, bytes] = {}
        for found in _ROW.finditer(data):
            number = int(re.search(rb'\br="(\d+)"', found[1])[1])  # type: ignore[index]
            attributes = re.sub(rb'\s(r|spans)="[^"]*"', b"", found[1])
            cells: dict[int, bytes] = {}
            for cell in _CELL.findall(found[2] or b""):
                letters = re.search(rb'\br="([A-Z]+)', cell)[1]  # type: ignore[index]
                column = 0
                for letter in letters:
                    column = column * 26 + letter - 64
                cells[column] = re.sub(rb'\sr="[^"]*"', b"", cell, count=1)
            inner = b"".join(cells.get(n, b"<c/>") for n in range(1, max(cells, default=0) + 1))
            rows[number] = b"<row%b>%b</row>" % (attributes, inner)
        body = b"".join(rows.get(n, b"<row/>") for n in range(1, max(rows, default=0) + 1))
        head, _, tail = data.partition(b"<sheetData>")
        return head + b"<sheetData>" + body + tail[tail.index(b"</sheetData>") :] if rows else data

    return _each(parts, change, r"worksheets/[^/]+\.xml$")


def _renamed(new: Callable[[str], str]) -> Callable[[Parts], Parts]:
    """Sheets under other part names; their relationships and types say so."""

    def change(parts: Parts) -> Parts:
        old = [name for name in parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
        names = {name: new(name) for name in old}
        names |= {rels(name): rels(there) for name, there in names.items() if rels(name) in parts}
        found = {names.get(name, name): data for name, data in parts.items()}
        for name, there in list(names.items()):
            if name.endswith(".rels"):
                owner, target = name, there
                here = posixpath.dirname(posixpath.dirname(owner))
                now = posixpath.dirname(posixpath.dirname(target))

                def moved(tag: re.Match[bytes], here: str = here, now: str = now) -> bytes:
                    whole = posixpath.normpath(posixpath.join(here, tag[1].decode()))
                    return b'Target="%b"' % posixpath.relpath(whole, now).encode()

                found[there] = re.sub(rb'Target="(\.\./[^"]+)"', moved, found[there])
                continue
            book = "xl/_rels/workbook.xml.rels"
            said = name.removeprefix("xl/").encode()
            for form in (b'Target="%b"' % said, b'Target="/xl/%b"' % said):
                found[book] = found[book].replace(form, b'Target="%b"' % posixpath.relpath(there, "xl").encode() + b" ")
            types = "[Content_Types].xml"
            found[types] = found[types].replace(b'"/%b"' % name.encode(), b'"/%b" ' % there.encode())
        return found

    return change


def rels(part: str) -> str:
    """The name of a part's relationships."""
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _absolute(parts: Parts) -> Parts:
    def change(name: str, data: bytes) -> bytes:
        owner = posixpath.dirname(posixpath.dirname(name))

        def whole(tag: re.Match[bytes]) -> bytes:
            target = tag[1].decode()
            if b'TargetMode="External"' in tag[0] or target.startswith(("/", "http", "#")):
                return tag[0]
            there = posixpath.normpath(posixpath.join("/" + owner, target)).encode()
            return tag[0].replace(b'Target="%b"' % tag[1], b'Target="%b"' % there)

        return re.sub(rb'<Relationship [^>]*?Target="([^"]*)"[^>]*>', whole, data)

    return {name: change(name, data) if name.endswith(".rels") else data for name, data in parts.items()}


def _prefixed(parts: Parts) -> Parts:
    """`<x:worksheet xmlns:x=…>`, as the SDK of Open XML writes it."""

    def change(data: bytes) -> bytes:
        main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        if b'xmlns="%b"' % main not in data:
            return data
        data = re.sub(rb"<(/?)([A-Za-z][\w.]*)(?=[\s/>])", rb"<\1x:\2", data)
        return data.replace(b'xmlns="%b"' % main, b'xmlns:x="%b"' % main)

    return _each(parts, change, r"(workbook|styles|sharedStrings|worksheets/[^/]+|tables/[^/]+)\.xml$")


def _inline(parts: Parts) -> Parts:
    """No shared strings: each text stands in its cell."""
    name = "xl/sharedStrings.xml"
    if name not in parts:
        return parts
    items = re.findall(rb"<si>(.*?)</si>", parts[name], re.S)

    def change(data: bytes) -> bytes:
        def cell(found: re.Match[bytes]) -> bytes:
            index = re.search(rb"<v>(\d+)</v>", found[0])
            if b't="s"' not in found[0].split(b">")[0] or index is None:
                return found[0]
            head = found[0].split(b">")[0].replace(b't="s"', b't="inlineStr"')
            return head + b"><is>" + items[int(index[1])] + b"</is></c>"

        return _CELL.sub(cell, data)

    found = _each(parts, change, r"worksheets/[^/]+\.xml$")
    del found[name]
    book = "xl/_rels/workbook.xml.rels"
    found[book] = re.sub(rb"<Relationship [^>]*sharedStrings[^>]*/>", b"", found[book])
    types = "[Content_Types].xml"
    found[types] = re.sub(rb"<Override [^>]*sharedStrings[^>]*/>", b"", found[types])
    return found


def _upper(name: str) -> str:
    return name if name.startswith(("[", "_rels")) else name.upper()


FORMS: dict[str, Callable[[Parts], Parts]] = {
    "in ISO-8859-1": encoded("ISO-8859-1"),
    "in GBK": encoded("GBK"),
    "in GB2312": encoded("gb2312"),
    "in windows-1252": encoded("windows-1252"),
    "in Big5": encoded("Big5"),
    "in UTF-16": encoded("UTF-16", b"\xff\xfe"),
    "with a mark of UTF-8": lambda parts: _each(parts, lambda data: b"\xef\xbb\xbf" + data),
    "a row per cell": lambda parts: _sheets(parts, _row_per_cell),
    "each row twice": lambda parts: _sheets(parts, _halves),
    "rows backwards": _rows_in_turn(lambda rows: rows[::-1]),
    "rows in no order": _rows_in_turn(lambda rows: [*rows[1::2], *rows[::2]]),
    "cells backwards": lambda parts: _sheets(parts, _cells_backwards),
    "without addresses": _without_addresses,
    "sheets named otherwise": _renamed(lambda name: name.replace("worksheets/sheet", "worksheets/data-")),
    "sheets in another folder": _renamed(lambda name: name.replace("xl/worksheets/", "xl/pages/deep/")),
    "sheets beside the workbook": _renamed(lambda name: name.replace("xl/worksheets/", "xl/")),
    "sheets numbered backwards": _renamed(
        lambda name: re.sub(r"sheet(\d+)", lambda found: f"sheet{100 - int(found[1])}", name)
    ),
    "absolute targets": _absolute,
    "upper case names": lambda parts: {_upper(name): data for name, data in parts.items()},
    "backslashes in names": lambda parts: {name.replace("/", "\\"): data for name, data in parts.items()},
    "with a prefix": _prefixed,
    "without shared strings": _inline,
}
"""What is read, and written into, as if it were Excel's."""


def written(data: bytes, form: str) -> bytes:
    """A workbook in another form."""
    if form == "sizes behind":
        return packed(parts_of(data), stream=True)
    return packed(STRICT_FORM(parts_of(data)) if form == "strict" else FORMS[form](parts_of(data)))


STRICT_FORM = _strict


# --- a reader that is not ours ------------------------------------------------


def cells_of(data: bytes) -> Cells:
    """Every cell of every sheet that holds something, read with lxml by the relationships; shared texts resolved."""
    parts = {name.replace("\\", "/").lower(): body for name, body in parts_of(data).items()}
    main = next(t for kind, t in _targets(parts, "") if kind == "officedocument")
    related = _ids(parts, main)
    strings = next((t for kind, t in _targets(parts, main) if kind == "sharedstrings"), None)
    shared = (
        [] if strings is None else [_text(item) for item in etree.fromstring(parts[strings]) if _local(item) == "si"]
    )
    found: Cells = {}
    for sheet in etree.fromstring(parts[main]).iter("{*}sheet"):
        identifier = next(value for key, value in sheet.attrib.items() if key.endswith("}id"))
        target = related[identifier]
        if target not in parts or not any(kind == "worksheet" and t == target for kind, t in _targets(parts, main)):
            continue
        found |= _cells(etree.fromstring(parts[target], etree.XMLParser(huge_tree=True)), sheet.get("name"), shared)
    return found


def _cells(root: etree._Element, title: str, shared: list[str]) -> Cells:
    found: Cells = {}
    row_number = 0
    for row in root.iter("{*}row"):
        row_number = int(row.get("r") or row_number + 1)
        column = 0
        for cell in row:
            if _local(cell) != "c":
                continue
            letters = re.match("[A-Za-z]+", cell.get("r") or "")
            column = _number(letters[0].upper()) if letters else column + 1
            kind, value, formula = cell.get("t", "n"), "", ""
            for child in cell:
                if _local(child) == "v":
                    value = child.text or ""
                elif _local(child) == "is":
                    value = _text(child)
                elif _local(child) == "f":
                    formula = f"{child.text or ''}|{child.get('t', '')}|{child.get('si', '')}|{child.get('ref', '')}"
            if kind == "s":
                value = shared[int(value)] if value and int(value) < len(shared) else ""
            style = cell.get("s", "0").strip()
            if value or formula or style != "0":
                kind = "text" if kind in ("s", "inlineStr", "str") else kind
                found[title, row_number, column] = (kind if value else "", value, formula, style)
    return found


def _number(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def _text(item: etree._Element) -> str:
    return "".join(
        t.text or "" for t in item.iter("{*}t") if not any(_local(above) == "rPh" for above in t.iterancestors())
    )


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _relations(parts: Mapping[str, bytes], part: str) -> list[tuple[str, str, str]]:
    name = rels(part).lower() if part else "_rels/.rels"
    found = []
    for element in etree.fromstring(parts[name]) if name in parts else ():
        if _local(element) == "Relationship" and element.get("TargetMode") != "External":
            target = element.get("Target", "").replace("\\", "/")
            there = target if target.startswith("/") else posixpath.join("/" + posixpath.dirname(part), target)
            kind = element.get("Type", "").rpartition("/")[2].lower()
            found.append((element.get("Id", ""), kind, posixpath.normpath(there).lstrip("/").lower()))
    return found


def _targets(parts: Mapping[str, bytes], part: str) -> list[tuple[str, str]]:
    return [(kind, target) for _, kind, target in _relations(parts, part)]


def _ids(parts: Mapping[str, bytes], part: str) -> dict[str, str]:
    return {identifier: target for identifier, _, target in _relations(parts, part)}
