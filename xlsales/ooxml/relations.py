"""How the parts of a package refer to each other: relationships and content types."""

from __future__ import annotations

import posixpath
import re
from typing import Protocol

from lxml import etree
from msgspec import Struct

from xlsales.ooxml import xml

CONTENT_TYPES = "[Content_Types].xml"
OFFICE = xml.REL
_MAIN_TYPES = (f"{OFFICE}/officeDocument", "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument")


class Parts(Protocol):
    """The parts of a package, as far as relationships need them."""

    def __contains__(self, name: str) -> bool: ...
    def tree(self, name: str) -> etree._Element:
        """Return the root of a part."""

    def edited(self, name: str) -> None:
        """Note that the root of a part was changed."""

    def add(self, name: str, data: bytes) -> None:
        """Add a part."""


class Relation(Struct, frozen=True):
    """A relationship of a part: its id, type and target (a part name, or an address if it is `external`)."""

    id: str
    type: str
    target: str
    external: bool = False

    @property
    def kind(self) -> str:
        """The last word of the type: worksheet, drawing, table …"""
        return self.type.rpartition("/")[2]


def rels_name(part: str) -> str:
    """Return the name of the part that keeps `part`'s relationships."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def resolve(part: str, target: str) -> str:
    """Return the part name that `target` means in `part`."""
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target)).lstrip("/")


def relative(part: str, target: str) -> str:
    """Return `target` as it is written in `part`, the way Excel writes it."""
    return posixpath.relpath(target, posixpath.dirname(part) or ".")


def relations(package: Parts, part: str) -> list[Relation]:
    """Return the relationships of a part (`""` for the package's own)."""
    name = rels_name(part)
    if name not in package:
        return []
    related = []
    for element in package.tree(name):
        if xml.local(element) != "Relationship":
            continue
        external = element.get("TargetMode") == "External"
        target = element.get("Target", "")
        target = target if external else resolve(part, target)
        related.append(Relation(element.get("Id", ""), element.get("Type", ""), target, external))
    return related


def add_relation(package: Parts, part: str, kind: str, target: str) -> str:
    """Relate `part` to the part `target` by an office relationship; return the new id."""
    name = rels_name(part)
    if name not in package:
        package.add(name, b'<Relationships xmlns="%b"/>' % xml.RELS.encode())
    root = package.tree(name)
    ids = {e.get("Id") for e in root}
    number = len(ids) + 1
    while f"rId{number}" in ids:
        number += 1
    etree.SubElement(
        root,
        f"{{{xml.RELS}}}Relationship",
        {"Id": f"rId{number}", "Type": f"{OFFICE}/{kind}", "Target": relative(part, target)},
    )
    package.edited(name)
    return f"rId{number}"


def drop_relations(package: Parts, part: str, target: str) -> None:
    """Remove every relationship of `part` to the part `target`."""
    name = rels_name(part)
    root = package.tree(name)
    for element in list(root):
        inside = xml.local(element) == "Relationship" and element.get("TargetMode") != "External"
        if inside and resolve(part, element.get("Target", "")).lower() == target.lower():
            root.remove(element)
    package.edited(name)


def main_part(package: Parts) -> str | None:
    """Return the workbook part that the package names; None if it names none."""
    return next((r.target for r in relations(package, "") if r.type in _MAIN_TYPES and r.target in package), None)


def content_type(package: Parts, part: str) -> str | None:
    """Return a part's content type: its own, or that of its extension."""
    default = None
    for element in package.tree(CONTENT_TYPES):
        kind = xml.local(element)
        if kind == "Override" and element.get("PartName", "").lstrip("/").lower() == part.lower():
            return element.get("ContentType")
        if kind == "Default" and part.lower().endswith("." + element.get("Extension", "").lower()):
            default = element.get("ContentType")
    return default


def set_content_type(package: Parts, part: str, content: str) -> None:
    """Declare a part's content type; pictures and the like by extension, as Excel does."""
    if content_type(package, part) == content:
        return
    root = package.tree(CONTENT_TYPES)
    extension = part.rpartition(".")[2]
    extensions = {e.get("Extension", "").lower() for e in root if xml.local(e) == "Default"}
    if extension not in ("xml", "rels") and extension.lower() not in extensions:
        element = etree.Element(f"{{{xml.TYPES}}}Default", {"Extension": extension, "ContentType": content})
        root.insert(len(extensions), element)
    else:
        etree.SubElement(root, f"{{{xml.TYPES}}}Override", {"PartName": f"/{part}", "ContentType": content})
    package.edited(CONTENT_TYPES)


def drop_content_type(package: Parts, part: str) -> None:
    """Forget the declared type of a part that is gone."""
    root = package.tree(CONTENT_TYPES)
    for element in list(root):
        if xml.local(element) == "Override" and element.get("PartName", "").lstrip("/").lower() == part.lower():
            root.remove(element)
    package.edited(CONTENT_TYPES)


def free_name(package: Parts, like: str) -> str:
    """Return `like` with its number raised until no part has that name: drawing1.xml → drawing4.xml."""
    match = re.fullmatch(r"(.*?)(\d*)(\.\w+)", like)
    stem, start, extension = match.groups() if match else (like, "", "")
    if not start and like not in package:
        return like
    number = int(start or 1)
    while f"{stem}{number}{extension}" in package:
        number += 1
    return f"{stem}{number}{extension}"
