"""The list of what may go from a workbook into another person's; all else is left out.

On the list are styles, widths, heights, conditional formats, pictures, charts, print set-up and added sheets. Not on it
are comments, persons, properties, scenarios, connections, names that are not ours, texts that no cell shows any more,
and whatever else a program may keep.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from lxml import etree

from xlsales.core.expressions import expression
from xlsales.ooxml import relations, xml
from xlsales.ooxml.book import Book
from xlsales.ooxml.xml import local, main

_KINDS: dict[str, tuple[str, ...]] = {
    "package": ("officeDocument",),
    "workbook": ("worksheet", "styles", "theme", "sharedStrings"),
    "own sheet": ("drawing", "image"),
    "sheet": ("drawing", "image", "table", "hyperlink"),
    "drawing": ("chart", "image"),
    "theme": ("image",),
}
"""The relationships that are followed, by the kind of a part. A part that none of them leads to is left out."""
_OF_KIND = {"worksheet": "sheet", "drawing": "drawing", "theme": "theme", "officeDocument": "workbook"}
_WORKBOOK = ("workbookPr", "bookViews", "sheets", "definedNames", "calcPr")
_SHEET = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection", "autoFilter",
    "mergeCells", "conditionalFormatting", "dataValidations", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "drawing", "picture", "extLst",
)  # fmt: skip
_ADDED_SHEET = (*_SHEET, "hyperlinks", "tableParts")
_EXTENSIONS = {"{78C0D931-6437-407D-A8EE-F0AAD7539E65}"}
"""Conditional formats of 2010."""
_STYLES = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "colors")
_ANCHORS = ("from", "to", "ext", "pos", "pic", "graphicFrame", "clientData")
_NAMES = ("_xlnm.Print_Area", "_xlnm.Print_Titles", "_xlnm._FilterDatabase")
_LITERAL = expression(r'"(?:[^"]|"")*"|\d{5,}')
"""What a formula holds itself: texts and long numbers."""
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_CORE_PART = "docProps/core.xml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_STRING = expression(rb'<(?:\w+:)?c\b[^>]*\bt="s"[^>]*>\s*<(?:\w+:)?v>\s*(\d+)')
_FORMULA = expression(rb"<(?:\w+:)?f\b[^>]*>([^<]+)<")
_NOTHING = b"<?xml version='1.0'?><none/>"


def keep_allowed(book: Book, fresh: Book, counterparts: Mapping[str, tuple[str, bool]], own_texts: set[str]) -> None:
    """Leave in a book what is on the list; its texts and properties become those of a fresh book.

    `counterparts` are the parts of the sheets that both have: in the book, in the fresh one, and whether their rows and
    columns are the same. `own_texts` are the `texts_of` of the fresh book.
    """
    for part, (counterpart, same) in counterparts.items():
        ours = fresh.package.parse(counterpart)
        _rewrite(book, part, partial(_own_sheet, ours=ours, own_texts=own_texts, same=same))
    for sheet in book.sheets:
        if sheet.part not in counterparts:
            _rewrite(book, sheet.part, _added_sheet)
    names = {element.get("name", "") for element in fresh.defined_names()}
    _rewrite(book, book.part, partial(_workbook, names=names))
    styles = book.related("styles")
    if styles is not None:
        formats = {e.get("formatCode") for e in _styles_of(fresh).iter(main("numFmt"))}
        _rewrite(book, styles, partial(_styles, formats=formats))
    kinds = dict(_reached(book, set(counterparts)))
    for part, kind in kinds.items():
        if kind == "drawing":
            _rewrite(book, part, _drawing)
        elif kind == "chart":
            _rewrite(book, part, partial(_chart, own_texts=own_texts))
        elif kind == "theme":
            _rewrite(book, part, _theme)
    _drop_parts(book, kinds, fresh)
    _drop_strings(book)
    book.reload()


def _rewrite(book: Book, part: str, change: Callable[[etree._Element], None]) -> None:
    root = book.package.parse(part)
    for element in list(root.iter(etree.Comment, etree.ProcessingInstruction)):
        if element.getparent() is not None:
            element.text = ""
            xml.remove(element)
    change(root)
    book.package.set(part, xml.serialise(root))


def _keep(root: etree._Element, listed: tuple[str, ...]) -> None:
    for element in list(root):
        if local(element) not in listed:
            root.remove(element)


# --- each kind of part ----------------------------------------------------------


def _own_sheet(root: etree._Element, ours: etree._Element, own_texts: set[str], same: bool) -> None:
    _keep(root, _SHEET)
    _sheet(root)
    for tag in ("headerFooter", "dataValidations"):
        element, counterpart = root.find(main(tag)), ours.find(main(tag))
        if element is None:
            continue
        if counterpart is None:
            root.remove(element)
        elif same or tag == "headerFooter":
            root.replace(element, counterpart)
        else:
            for rule in list(element):
                for name in ("prompt", "promptTitle", "error", "errorTitle"):
                    if rule.get(name, "") not in own_texts:
                        rule.attrib.pop(name)
                if not _is_ours(rule, own_texts):
                    element.remove(rule)
    for rule in [*root.iter(main("cfRule")), *root.iter("{*}cfRule")]:
        if rule.get("text", "") not in own_texts or not _is_ours(rule, own_texts):
            xml.remove(rule)
    for group in [*root.iter(main("conditionalFormatting"))]:
        if not len(group):
            root.remove(group)


def _is_ours(element: etree._Element, own_texts: set[str]) -> bool:
    return all(literal in own_texts for e in element.iter() if e.text for literal in _LITERAL.findall(e.text))


def _added_sheet(root: etree._Element) -> None:
    _keep(root, _ADDED_SHEET)
    _sheet(root)
    for cell in root.iter(main("c")):
        for name in ("cm", "vm", "ph"):  # of parts that are left out
            cell.attrib.pop(name, "")


def _sheet(root: etree._Element) -> None:
    for setup in root.iter(main("pageSetup")):
        setup.attrib.pop(f"{{{xml.REL}}}id", "")  # the printer's own settings
    for extensions in root.findall(main("extLst")):
        for extension in list(extensions):
            if extension.get("uri", "").upper() not in _EXTENSIONS:
                extensions.remove(extension)
        if not len(extensions):
            root.remove(extensions)


def _workbook(root: etree._Element, names: set[str]) -> None:
    _keep(root, _WORKBOOK)
    defined = root.find(main("definedNames"))
    for element in [] if defined is None else list(defined):
        name, text = element.get("name", ""), element.text or ""
        if (name not in names and name not in _NAMES) or '"' in text or "[" in text:
            defined.remove(element)  # type: ignore[union-attr]
        for attribute in list(element.attrib):
            if attribute not in ("name", "localSheetId", "hidden"):
                del element.attrib[attribute]


def _styles(root: etree._Element, formats: set[str | None]) -> None:
    _keep(root, _STYLES)
    for n, style in enumerate(root.iter(main("cellStyle")), 1):
        if style.get("builtinId") is None:
            style.set("name", f"style {n}")
        style.attrib.pop("customBuiltin", "")
    for number in root.iter(main("numFmt")):
        code = number.get("formatCode", "")
        if code not in formats and re.search(r'"[^"]*[^\W\d_]{2,}[^"]*"|\\\w.*\\\w', code):
            number.set("formatCode", "General")
    for extensions in list(root.iter(main("extLst"))):
        xml.remove(extensions)


def _drawing(root: etree._Element) -> None:
    for anchor in list(root):
        _keep(anchor, _ANCHORS)
        if all(local(e) not in ("pic", "graphicFrame") for e in anchor):
            root.remove(anchor)
    for n, element in enumerate([e for e in root.iter() if local(e) == "cNvPr"], 1):
        for child in list(element):
            element.remove(child)
        number = element.get("id", str(n))
        element.attrib.clear()
        element.set("id", number)
        element.set("name", f"drawing {n}")


def _chart(root: etree._Element, own_texts: set[str]) -> None:
    dropped = ("numCache", "strCache", "multiLvlStrCache", "externalData", "userShapes", "extLst", "printSettings")
    for element in [e for e in root.iter() if local(e) in dropped]:
        xml.remove(element)
    for element in root.iter("{*}t", "{*}v"):
        if (element.text or "").strip() not in own_texts:
            element.text = ""


def _theme(root: etree._Element) -> None:
    _keep(root, ("themeElements",))
    for element in (root, *root.iter("{*}clrScheme", "{*}fontScheme", "{*}fmtScheme")):
        element.set("name", "Office")


# --- the package ------------------------------------------------------------------


def _reached(book: Book, own: set[str]) -> Iterator[tuple[str, str]]:
    """Yield each part that the list leads to, with its kind; relationships that are not on the list are removed."""
    package, todo, reached = book.package, [("", "package")], {""}
    while todo:
        part, kind = todo.pop()
        if part:
            yield part, kind
        listed = _KINDS.get("own sheet" if part in own else _OF_KIND.get(kind, kind), ())
        name = relations.rels_name(part)
        if name not in package:
            continue
        root = package.tree(name)
        for element in list(root):
            target, of = element.get("Target", ""), element.get("Type", "").rpartition("/")[2]
            external = element.get("TargetMode") == "External"
            inside = "" if external else relations.resolve(part, target)
            if of not in listed or (external and of != "hyperlink") or not (external or inside in package):
                root.remove(element)
            elif not external and inside not in reached:
                reached.add(inside)
                todo.append((inside, of))
        package.edited(name)


def _drop_parts(book: Book, kinds: Mapping[str, str], fresh: Book) -> None:
    """Remove the parts that nothing on the list leads to; the properties are a fresh workbook's."""
    package = book.package
    stays = {part.casefold() for part in kinds} | {relations.rels_name(part).casefold() for part in ("", *kinds)}
    for name in package.names:
        if name.casefold() not in stays and name != relations.CONTENT_TYPES:
            relations.drop_content_type(package, name)
            package.remove(name)
    package.add(_CORE_PART, fresh.package.read(_CORE_PART))
    relations.set_content_type(package, _CORE_PART, _CORE_TYPE)
    root = package.tree(relations.rels_name(""))
    etree.SubElement(root, f"{{{xml.RELS}}}Relationship", {"Id": "rIdCore", "Type": _CORE, "Target": _CORE_PART})
    package.edited(relations.rels_name(""))


def _drop_strings(book: Book) -> None:
    """Blank the shared strings that no cell shows; the others keep their numbers."""
    part, package = book.related("sharedStrings"), book.package
    if part is None or part not in package:
        return
    numbers = {int(n) for sheet in book.sheets if sheet.has_cells for n in _STRING.findall(package.read(sheet.part))}
    root = package.parse(part)
    for n, item in enumerate(e for e in list(root) if local(e) == "si"):
        if n not in numbers:
            for child in list(item):
                item.remove(child)
            etree.SubElement(item, main("t"))
    _keep(root, ("si",))
    package.set(part, xml.serialise(root))


# --- the texts of a fresh workbook ------------------------------------------------------


def texts_of(fresh: Book) -> set[str]:
    """Return the texts and long numbers in formulas, rules and charts of a fresh workbook, and nothing at all."""
    texts = {""}
    for name in fresh.package.names:
        if name.endswith(".xml") and name.startswith(("xl/worksheets/", "xl/charts/")):
            for element in fresh.package.parse(name).iter():
                if local(element) in ("f", "formula", "formula1", "formula2"):
                    texts.update(_LITERAL.findall(element.text or ""))
                elif local(element) in ("t", "v") and name.startswith("xl/charts/"):
                    texts.add((element.text or "").strip())
                texts.update(element.get(a, "") for a in ("prompt", "promptTitle", "error", "errorTitle", "text"))
    return texts


def changed_formula(data: bytes, own_texts: set[str]) -> str:
    """Return a formula with a text or number that no formula of ours has; empty if there is none."""
    for formula in _FORMULA.findall(data):
        text = html.unescape(formula.decode("utf-8", "replace"))
        if any(literal not in own_texts for literal in _LITERAL.findall(text)):
            return text
    return ""


def _styles_of(book: Book) -> etree._Element:
    part = book.related("styles")
    return book.package.parse(part) if part is not None else xml.parse(_NOTHING)
