"""The workbook's own part: its list of sheets, its defined names and its calculation."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from xlsales.core import a1
from xlsales.core.expressions import expression
from xlsales.ooxml import formulas, markup, relations, xml
from xlsales.ooxml.book import Area, Book, SheetPart
from xlsales.ooxml.xml import main

MAX_TITLE = 31
_FORBIDDEN = expression(r"[\[\]:*?/\\\x00-\x1f]")
LOCAL_NAMES = ("_xlnm.Print_Titles", "_xlnm.Print_Area", "_xlnm._FilterDatabase")

# the children of workbook in the order of the schema
_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr",
    "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip


def free_title(book: Book, title: str, others: Iterable[str] = ()) -> str:
    """Return `title` as Excel allows it, with ` 2`, ` 3` … if a sheet, or one of `others`, has it already."""
    title = _FORBIDDEN.sub("-", title).strip("'") or "-"
    titles = {s.title.casefold() for s in book.sheets} | {t.casefold() for t in others}
    number, free = 1, title[:MAX_TITLE]
    while free.casefold() in titles:
        number += 1
        ending = f" {number}"
        free = title[: MAX_TITLE - len(ending)] + ending
    return free


def add_sheet(book: Book, title: str, part: str, before: str = "") -> SheetPart:
    """List a worksheet part as a sheet before that of a title, or as the last one if there is none."""
    behind = book.sheet(before)
    at = len(book.sheets) if behind is None else book.sheets.index(behind)
    rel_id = relations.add_relation(book.package, book.part, "worksheet", part)
    root = book.package.tree(book.part)
    sheets = child(root, "sheets")
    number = max((xml.integer(e, "sheetId") for e in sheets), default=0) + 1
    prefix = f"{{{xml.REL}}}id"
    element = etree.Element(main("sheet"), {"name": title, "sheetId": str(number), prefix: rel_id})
    if behind is None:
        sheets.append(element)
    else:
        next(e for e in sheets if e.get(prefix) == behind.rel_id).addprevious(element)
        _move_up(root, at)
    _store(book)
    return book.sheets[at]


def _move_up(root: etree._Element, at: int) -> None:
    """Let what names sheets by their positions follow those that are from there on, by one."""
    for name in root.iter(main("definedName")):
        if xml.integer(name, "localSheetId", -1) >= at:
            name.set("localSheetId", str(xml.integer(name, "localSheetId") + 1))
    for view in root.iter(main("workbookView")):
        for attribute in ("activeTab", "firstSheet"):
            if xml.integer(view, attribute) >= at:
                view.set(attribute, str(xml.integer(view, attribute) + 1))


def set_defined_name(book: Book, name: str, reference: str) -> None:
    """Let a name of the whole workbook mean `reference`, such as `'按时间'!$A$1`, whatever it meant before."""
    _set_name(book, name, reference, None)


def set_local_names(book: Book, sheet: SheetPart, names: dict[str, str]) -> None:
    """Give a sheet its print titles, print area and filter range; those it had before are dropped."""
    index = str(book.sheets.index(sheet))
    root = book.package.tree(book.part)
    group = root.find(main("definedNames"))
    for element in [] if group is None else list(group):
        name = element.get("name", "")
        if element.get("localSheetId") == index and name in LOCAL_NAMES and name not in names:
            xml.remove(element)
    if group is not None and len(group) == 0:
        root.remove(group)
    _store(book)
    for name, reference in names.items():
        _set_name(book, name, reference, index)


PRINT_AREA = "_xlnm.Print_Area"


def has_print_area(book: Book, sheet: SheetPart) -> bool:
    """Return whether it is set what prints of a sheet."""
    index = str(book.sheets.index(sheet))
    names = [e for e in book.defined_names() if e.get("localSheetId") == index]
    return any(e.get("name", "").casefold() == PRINT_AREA.casefold() for e in names)


def print_area(book: Book, sheet: SheetPart) -> Area | None:
    """Return the block of cells that prints of a sheet; None if it is not set, or is several blocks."""
    index = str(book.sheets.index(sheet))
    for element in book.defined_names():
        if element.get("localSheetId") == index and element.get("name", "").casefold() == PRINT_AREA.casefold():
            return book.area_of(element.text or "")
    return None


def set_print_area(book: Book, title: str, area: str) -> None:
    """Let only an area (`$A$1:$B$2`) of a sheet print; raises KeyError if there is no such sheet."""
    sheet = book.sheet(title)
    if sheet is None:
        raise KeyError(title)
    _set_name(book, PRINT_AREA, a1.on_sheet(title, area), str(book.sheets.index(sheet)))


def _set_name(book: Book, name: str, reference: str, local: str | None) -> None:
    root = book.package.tree(book.part)
    group = child(root, "definedNames")
    for element in group:
        if element.get("localSheetId") == local and element.get("name", "").casefold() == name.casefold():
            if element.text == reference:
                return
            break
    else:
        element = etree.SubElement(group, main("definedName"), {"name": name})
        if local is not None:
            element.set("localSheetId", local)
        if name == "_xlnm._FilterDatabase":
            element.set("hidden", "1")
    element.text = reference
    _store(book)


def rename_sheet(book: Book, old: str, new: str) -> None:
    """Give a sheet another title and let names, formulas, charts and links of the whole workbook follow."""
    root = book.package.tree(book.part)
    for element in child(root, "sheets"):
        if element.get("name", "").casefold() == old.casefold():
            element.set("name", new)
    names = root.find(main("definedNames"))
    for element in [] if names is None else names:
        element.text = formulas.rename_sheet(element.text or "", old, new)
    book.package.edited(book.part)
    needle = old.replace("'", "''").replace("&", "&amp;").replace("<", "&lt;").encode()
    for part in book.package.names:
        if part.startswith("xl/") and part.endswith(".xml") and part != book.part and _holds(book, part, needle):
            book.package.set(part, rename_references(book.package.read(part), {old: new}))
    book.reload()


def trade_places(book: Book, title: str, other: str) -> None:
    """Let two sheets trade their places: each title, position and id now shows the other's contents.

    Formulas elsewhere still mean the title. What the two sheets say about themselves (charts, print titles) goes with
    their contents.
    """
    contents = {name: _own_parts(book, name) for name in (title, other)}
    root = book.package.tree(book.part)
    sheets = {e.get("name", "").casefold(): (str(i), e) for i, e in enumerate(child(root, "sheets"))}
    (at, one), (other_at, two) = sheets[title.casefold()], sheets[other.casefold()]
    relation = f"{{{xml.REL}}}id"
    first, second = one.get(relation, ""), two.get(relation, "")
    one.set(relation, second)
    two.set(relation, first)
    names = root.find(main("definedNames"))
    moved = {at: (other_at, title, other), other_at: (at, other, title)}
    for element in [] if names is None else names:
        place = moved.get(element.get("localSheetId", ""))
        if place is not None:
            element.set("localSheetId", place[0])
            element.text = formulas.rename_sheet(element.text or "", place[1], place[2])
    _store(book)
    for old, new in ((title, other), (other, title)):
        for part in contents[old]:
            book.package.set(part, rename_references(book.package.read(part), {old: new}))


def _own_parts(book: Book, title: str) -> list[str]:
    """The part of a sheet and the drawings and charts that it leads to."""
    sheet = book.sheet(title)
    parts = [sheet.part] if sheet is not None else []
    for part in parts:
        related = relations.relations(book.package, part)
        parts += [r.target for r in related if r.kind in ("drawing", "chart") and r.target in book.package]
    return parts


def _holds(book: Book, part: str, needle: bytes) -> bool:
    window = b""
    for piece in book.package.stream(part):
        window = window[-len(needle) :] + piece
        if needle in window:
            return True
    return False


_FORMULA = expression(
    rb"(<(?:\w+:)?(?:f|formula[12]?|calculatedColumnFormula|totalsRowFormula)(?:\s[^>]*[^>/])?>)([^<]*!)([^<]*)(?=</)"
)
_LINK = expression(rb'(<(?:\w+:)?(hyperlink|worksheetSource)\s[^>]*?\b(location|sheet)=")([^"]*)')


def rename_references(part: bytes, titles: dict[str, str]) -> bytes:
    """Return a sheet, chart or table with the new titles of sheets (old → new) in its formulas and links."""
    changed = {old: new for old, new in titles.items() if old != new}
    if not changed:
        return part

    def rename(text: bytes) -> bytes:
        old = new = markup.plain(text)
        # by way of placeholders, so that two sheets may swap their titles
        for n, title in enumerate(changed):
            new = formulas.rename_sheet(new, title, f"\0{n}")
        for n, title in enumerate(changed.values()):
            new = new.replace(f"'\0{n}'", a1.quoted(title))
        if new == old:
            return text
        return markup.quoted(new).encode()

    def link(match: re.Match[bytes]) -> bytes:
        if match[3] == b"sheet":
            title = changed.get(markup.plain(match[4]))
            return match[0] if title is None else match[1] + markup.quoted(title).encode()
        return match[1] + rename(match[4])

    part = _FORMULA.sub(lambda m: m[1] + rename(m[2] + m[3]), part)
    return _LINK.sub(link, part)


def ask_calculation(book: Book, changed: Iterable[SheetPart]) -> None:
    """Ask for a full calculation on load; drop the calculation chain if it lists cells of a changed sheet."""
    root = book.package.tree(book.part)
    calculation = child(root, "calcPr")
    if not xml.flag(calculation.get("fullCalcOnLoad")):
        calculation.set("fullCalcOnLoad", "1")
        _store(book)
    chain = book.related("calcChain")
    if chain is None:
        return
    numbers = {str(sheet.sheet_id) for sheet in changed}
    if any(element.get("i") in numbers for element in book.package.parse(chain)):
        book.package.remove(chain)
        relations.drop_relations(book.package, book.part, chain)
        relations.drop_content_type(book.package, chain)


def child(root: etree._Element, name: str) -> etree._Element:
    """Return a child of the workbook, made at its place if it is absent."""
    group = root.find(main(name))
    if group is None:
        later = {main(tag) for tag in _ORDER[_ORDER.index(name) + 1 :]}
        at = next((i for i, e in enumerate(root) if e.tag in later), len(root))
        group = etree.Element(main(name))
        root.insert(at, group)
    return group


def _store(book: Book) -> None:
    book.package.edited(book.part)
    book.reload()
