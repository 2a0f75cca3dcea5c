"""Safe reading and writing of the small XML parts of a workbook, and the names of their namespaces.

Sheets, which may be large, are scanned as bytes instead: see `grid`.
"""

from __future__ import annotations

import re

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


class XmlError(Exception):
    """A part that is no XML, or XML that no spreadsheet program writes (a DTD, an unknown encoding)."""


def parse(data: bytes) -> etree._Element:
    """Return the root of a part; entities, DTDs and the network stay out (`XmlError`)."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlError(str(error)) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise XmlError("a document type is not allowed")
    return root


def serialise(root: etree._Element) -> bytes:
    """Return the bytes of a part as Excel declares them."""
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + text.encode()


def utf8(data: bytes) -> bytes:
    """Return a part as UTF-8 (the same object where it is already); OPC allows UTF-8 and UTF-16 only."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise XmlError(str(error)) from error
        return re.sub(r"\A<\?xml[^>]*\?>", '<?xml version="1.0" encoding="UTF-8"?>', text).encode()
    declared = re.match(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)", data[:200])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise XmlError(f"encoding {declared[1]!r}")
    return data


def local(element: etree._Element) -> str:
    """Return the tag without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def main(tag: str) -> str:
    """Return a SpreadsheetML tag in lxml's notation."""
    return f"{{{MAIN}}}{tag}"


def integer(element: etree._Element, attribute: str, default: int = 0) -> int:
    """Return a whole, not negative attribute; `default` where it is absent or no such number."""
    value = element.get(attribute, "")
    return int(value) if value.isascii() and value.isdigit() else default


def flag(value: str | None) -> bool:
    """Return an xsd:boolean attribute as a bool; absent is False."""
    return value in ("1", "true", "on")
