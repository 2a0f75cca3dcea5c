"""Which sheet a workbook shows when it is opened, and which sheets it shows at all."""

from __future__ import annotations

from collections.abc import Collection

from lxml import etree

from xlsales.core import a1
from xlsales.core.expressions import expression
from xlsales.ooxml import markup, xml
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.contents import PRINT_AREA, child, set_local_names

LARGE = 64 << 20
"""A sheet of so many bytes takes more than a second to write: it stays the one that is shown."""
_FAR_AWAY = "$AMJ$1048576"
_SELECTED = expression(rb"""(<(?:\w+:)?sheetView\b[^>]*?)\s+tabSelected\s*=\s*(?:"(?:1|true)"|'(?:1|true)')""")
_FOOTER = expression(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>[^<]*")
_VIEW = expression(rb"(<(?:\w+:)?sheetView\b)([^>]*)")
_MARK = expression(rb"""\s+tabSelected\s*=\s*(?:"[^"]*"|'[^']*')""")
_ROWS = expression(rb"<(?:\w+:)?sheetData\b")


def open_on(book: Book, title: str) -> bool:
    """Let a workbook open on a sheet, alone: sheets that were selected with another one are so no longer.

    Of another sheet only the mark that it is selected changes. Returns False, and changes nothing, if that sheet is
    `LARGE`, or if there is no visible sheet of that title.
    """
    sheet = book.sheet(title)
    if sheet is None or sheet.state != "visible":
        return False
    others = [other for other in book.sheets if other is not sheet and _SELECTED.search(_head(book, other))]
    if any(book.package.size(other.part) > LARGE for other in others):
        return False
    for other in others:
        data = book.package.read(other.part)
        start = len(_head(book, other))
        book.package.set(other.part, _SELECTED.sub(rb"\1", data[:start]) + data[start:])
    head = _head(book, sheet)
    if not _SELECTED.search(head) and (view := _VIEW.search(head)):
        data = book.package.read(sheet.part)
        selected = view[1] + b' tabSelected="1"' + _MARK.sub(b"", view[2])
        book.package.set(sheet.part, data[: view.start()] + selected + data[view.end() :])
    _set_active(book, book.sheets.index(sheet))
    return True


def show_only(book: Book, titles: Collection[str]) -> None:
    """Hide every sheet but those of the titles, of which there is at least one; the first of them is shown.

    LibreOffice 7.4 prints hidden sheets too: of these only a cell prints that is blank, which gives no page.
    """
    root = book.package.tree(book.part)
    for element in child(root, "sheets"):
        if element.get("name") in titles:
            element.set("state", "visible")
        else:
            element.set("state", "hidden")
    book.package.edited(book.part)
    book.reload()
    for sheet in book.sheets:
        if sheet.title not in titles:
            set_local_names(book, sheet, {PRINT_AREA: a1.on_sheet(sheet.title, _FAR_AWAY)})
    open_on(book, next(sheet.title for sheet in book.sheets if sheet.title in titles))


def call_in_footers(book: Book, title: str, file: str) -> None:
    """Write a file's name into headers and footers of a sheet that would show that of the file that is printed."""
    sheet = book.sheet(title)
    if sheet is None:
        return
    name = (" " if file[:1].isdigit() else "") + file.replace("&", "&&")  # digits would be read as a size
    data = book.package.read(sheet.part)
    rows = len(_head(book, sheet))
    text = _FOOTER.sub(lambda found: found[0].replace(b"&amp;F", markup.quoted(name).encode()), data[rows:])
    book.package.set(sheet.part, data[:rows] + text)


def _head(book: Book, sheet: SheetPart) -> bytes:
    """The XML of a sheet before its rows; of a sheet without any, all of it."""
    head = b""
    for piece in book.package.stream(sheet.part):
        head += piece
        if rows := _ROWS.search(head):
            return head[: rows.start()]
    return head


def _set_active(book: Book, index: int) -> None:
    root = book.package.tree(book.part)
    views = child(root, "bookViews")
    if len(views) == 0:
        etree.SubElement(views, xml.main("workbookView"))
    for view in views:
        if xml.integer(view, "activeTab") == index and xml.integer(view, "firstSheet") <= index:
            continue
        view.set("activeTab", str(index))
        if xml.integer(view, "firstSheet") > index:  # the tab would be out of sight
            del view.attrib["firstSheet"]
        book.package.edited(book.part)
