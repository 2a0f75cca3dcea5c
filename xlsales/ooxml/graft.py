"""Puts whole sheets, rendered elsewhere, into a workbook that a person made.

XlsxWriter renders our sheets into a scratch workbook. Each of them is copied here: its drawings, charts, tables and
pictures under free part names, its styles among those of the book, its shared strings in the cells.
Besides, only the parts that list sheets, styles and types change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from xlsales.core import a1
from xlsales.core.expressions import expression
from xlsales.ooxml import contents, formulas, grid, markup, relations, xml
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.package import Package
from xlsales.ooxml.sheet_xml import SheetXml
from xlsales.ooxml.styles import EMPTY


class Placement(Struct, frozen=True):
    """Where a scratch sheet goes.

    `source` is its title in the scratch workbook, `title` its title in the book. If it takes the place of the sheet
    `replace`, it has that sheet's title, position and id instead. `name` is a defined name for its cell A1. `before` is
    the sheet before which it goes; it goes behind all others if there is none.
    """

    source: str
    title: str
    replace: str | None = None
    name: str | None = None
    before: str = ""


def graft(book: Book, scratch: bytes, placements: Sequence[Placement]) -> list[str]:
    """Copy scratch sheets into the book; return their titles there, in the order of `placements`.

    Names of the scratch workbook that mean cells of these sheets come along. The book is calculated when it is opened.
    Raises `KeyError` for a source or a sheet to replace that does not exist.
    """
    giver = Book(Package.of_bytes(scratch, "scratch.xlsx"))
    titles: dict[str, str] = {}
    for placement in placements:
        if placement.replace is not None:
            titles[placement.source] = _sheet(book, placement.replace).title
        else:
            titles[placement.source] = contents.free_title(book, placement.title, titles.values())
    copier = _Copier(book, giver, titles)
    placed = [copier.place(placement) for placement in placements]
    copier.finish()
    contents.ask_calculation(book, placed)
    return [sheet.title for sheet in placed]


def _sheet(book: Book, title: str) -> SheetPart:
    sheet = book.sheet(title)
    if sheet is None:
        raise KeyError(title)
    return sheet


class _Copier:
    """Copies the parts of one scratch workbook."""

    def __init__(self, book: Book, giver: Book, titles: dict[str, str]) -> None:
        self._book, self._giver, self._titles = book, giver, titles
        self._into, self._from = book.package, giver.package
        if book.related("styles") is None:
            self._add_styles()
        self._styles = book.styles
        self._strings = list(_items(giver))
        self._removed: list[str] = []
        self._tables: list[str] = []  # copied, though the book does not list them yet

    def place(self, placement: Placement) -> SheetPart:
        source = _sheet(self._giver, placement.source)
        data = self._worksheet(self._from.read(source.part))
        title = self._titles[placement.source]
        if placement.replace is not None:
            sheet = _sheet(self._book, title)
            data = _keep_identity(self._into.read(sheet.part), data)
            self._removed += _remove_private_parts(self._into, sheet.part)
            self._into.set(sheet.part, data)
        else:
            part = relations.free_name(self._into, "xl/worksheets/sheet1.xml")
            self._into.add(part, data)
            relations.set_content_type(self._into, part, relations.content_type(self._from, source.part) or "")
            sheet = contents.add_sheet(self._book, title, part, placement.before)
        self._copy_related(source.part, sheet.part, {source.part: sheet.part})
        self._names(source, sheet, placement.name)
        return sheet

    def finish(self) -> None:
        """Forget the types of parts that are gone for good."""
        for part in self._removed:
            if part not in self._into:
                relations.drop_content_type(self._into, part)
        self._book.reload()

    def _add_styles(self) -> None:
        part = relations.free_name(self._into, "xl/styles.xml")
        self._into.add(part, EMPTY)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
        relations.set_content_type(self._into, part, kind)
        relations.add_relation(self._into, self._book.part, "styles", part)
        self._book.reload()

    # --- parts ---

    def _copy_related(self, old: str, new: str, copied: dict[str, str]) -> None:
        """Copy what `old` relates to, under free names, and give `new` the same relationships."""
        lines = []
        for relation in relations.relations(self._from, old):
            if relation.external:
                lines.append(_relation_line(relation, relation.target))
                continue
            if relation.target not in copied:
                copied[relation.target] = self._copy(relation.target, relation.kind, copied)
            lines.append(_relation_line(relation, relations.relative(new, copied[relation.target])))
        if lines:
            body = b'<Relationships xmlns="%b">%b</Relationships>' % (xml.RELS.encode(), b"".join(lines))
            declaration = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            self._into.add(relations.rels_name(new), declaration + body)

    def _copy(self, old: str, kind: str, copied: dict[str, str]) -> str:
        new = relations.free_name(self._into, old)
        data = self._from.read(old)
        if kind == "chart":
            data = contents.rename_references(data, self._titles)
        elif kind == "table":
            data = self._table(data)
            self._tables.append(new)
        self._into.add(new, data)
        relations.set_content_type(self._into, new, relations.content_type(self._from, old) or "")
        copied[old] = new
        self._copy_related(old, new, copied)
        return new

    def _worksheet(self, data: bytes) -> bytes:
        """Return a scratch sheet with the styles of the book, its strings in the cells, and the titles of the book."""
        span = grid.sheet_data(data)
        head, rows, tail = data[: span.start], data[span.start : span.end], data[span.end :]
        numbers = {int(n) for n in _CELL_STYLE.findall(rows)} | {int(n) for n in _COLUMN_STYLE.findall(head)}
        styles = self._styles.take(self._giver.styles, numbers)
        differential = self._styles.take_differential(self._giver.styles, {int(m[2]) for m in _DXF.finditer(tail)})

        def cell(match: re.Match[bytes]) -> bytes:
            address, style, string, rest = match.groups()
            tag = b"<c %b" % address
            if style:
                tag += b' s="%d"' % styles[int(style)]
            if string:
                return tag + b' t="inlineStr"><is>%b</is></c>' % self._strings[int(string)]
            return tag + _METADATA.sub(b"", rest)

        rows = _CELL.sub(cell, rows)
        rows = _ROW_STYLE.sub(lambda m: b'%b s="%d"' % (m[1], styles[int(m[2])]), rows)
        head = _COLUMN_STYLE.sub(lambda m: b' style="%d"' % styles[int(m[1])], head)
        head = head.replace(b' tabSelected="1"', b"")
        tail = _DXF.sub(lambda m: b'%b"%d"' % (m[1], differential[int(m[2])]), tail)
        return contents.rename_references(head + rows + tail, self._titles)

    def _table(self, data: bytes) -> bytes:
        """Return a table with an id and a name that the book does not have."""
        parts = {t.part for t in self._book.tables.values()} | set(self._tables)
        others = [self._into.parse(part) for part in parts if part in self._into]
        names = {n.casefold() for n in (*(e.get("displayName", "") for e in others), *self._book.names)}
        number = max((xml.integer(e, "id") for e in others), default=0) + 1
        root = xml.parse(data)
        name = free = root.get("displayName", "Table")
        count = 1
        while free.casefold() in names:
            count += 1
            free = f"{name}_{count}"
        root.set("id", str(number))
        root.set("name", free)
        root.set("displayName", free)
        for element in root.iter():
            for attribute, value in element.attrib.items():
                if str(attribute).endswith("DxfId"):
                    mapped = self._styles.take_differential(self._giver.styles, [int(value)])
                    element.set(attribute, str(mapped[int(value)]))
        return contents.rename_references(xml.serialise(root), self._titles)

    # --- names ---

    def _names(self, source: SheetPart, sheet: SheetPart, name: str | None) -> None:
        index = str(self._giver.sheets.index(source))
        local = {}
        for element in self._giver.defined_names():
            title, text = element.get("name", ""), element.text or ""
            if element.get("localSheetId") == index and title in contents.LOCAL_NAMES:
                local[title] = formulas.rename_sheet(text, source.title, sheet.title)
                continue
            area = self._giver.area(title) if element.get("localSheetId") is None else None
            if area is not None and area.sheet == source.title:
                contents.set_defined_name(self._book, title, formulas.rename_sheet(text, source.title, sheet.title))
        contents.set_local_names(self._book, sheet, local)
        if name is not None:
            contents.set_defined_name(self._book, name, a1.on_sheet(sheet.title, "$A$1"))


# --- the scratch sheet's XML, as XlsxWriter writes it ---

_CELL = expression(rb'<c (r="[A-Z]+\d+")(?: s="(\d+)")?(?: t="s"><v>(\d+)</v></c>|([^>]*>))')
_CELL_STYLE = expression(rb'<(?:c|row) [^>]*?\bs="(\d+)"')
_ROW_STYLE = expression(rb'(<row [^>]*?) s="(\d+)"')
_COLUMN_STYLE = expression(rb' style="(\d+)"')
_DXF = expression(rb'(\sdxfId=)"(\d+)"')
_METADATA = expression(rb' (?:cm|vm)="\d+"')
_ITEM = expression(rb"<si>(.*?)</si>", re.S)


def _items(giver: Book) -> Iterator[bytes]:
    """Yield the contents of each shared string of the scratch workbook."""
    part = giver.related("sharedStrings")
    if part is not None:
        for match in _ITEM.finditer(giver.package.read(part)):
            yield match[1]


def _relation_line(relation: relations.Relation, target: str) -> bytes:
    mode = ' TargetMode="External"' if relation.external else ""
    return f'<Relationship Id="{relation.id}" Type="{relation.type}" Target="{markup.quoted(target)}"{mode}/>'.encode()


# --- the sheet that is replaced ---

_CODE_NAME = expression(rb'<(?:\w+:)?sheetPr\s[^>]*?\bcodeName="([^"]*)"')


def _keep_identity(old: bytes, new: bytes) -> bytes:
    """Return the new sheet under the code name that macros know, and selected if the old one was."""
    sheet = SheetXml(old)
    head = sheet.source[: sheet.data.start]
    code = _CODE_NAME.search(head)
    if code:
        attribute = b' codeName="%b"' % code[1]
        if b"<sheetPr" in new:
            new = new.replace(b"<sheetPr", b"<sheetPr" + attribute, 1)
        else:
            new = re.sub(rb"(<worksheet\s[^>]*>)", lambda m: m[1] + b"<sheetPr%b/>" % attribute, new, count=1)
    if b'tabSelected="1"' in head:
        new = new.replace(b"<sheetView ", b'<sheetView tabSelected="1" ', 1)
    return new


def _remove_private_parts(package: Package, part: str) -> list[str]:
    """Remove what only this part relates to, and its relationships; return the names of the removed parts."""
    name = relations.rels_name(part)
    if name not in package:
        return []
    targets = [r.target for r in relations.relations(package, part) if not r.external and r.target in package]
    package.remove(name)
    removed = []
    for target in targets:
        if target in package and not _is_used(package, target):
            removed += [*_remove_private_parts(package, target), target]
            package.remove(target)
    return removed


def _is_used(package: Package, part: str) -> bool:
    for name in package.names:
        if name.endswith(".rels"):
            folder, _, base = name.removesuffix(".rels").rpartition("_rels/")
            targets = relations.relations(package, folder + base)
            if any(not r.external and r.target.lower() == part.lower() for r in targets):
                return True
    return False
