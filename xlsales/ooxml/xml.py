"""Safe reading and writing of the small XML parts of a workbook, and the names of their namespaces.

Sheets, which may be large, are scanned as bytes instead: see `grid`.
"""

from __future__ import annotations

import re

from lxml import etree

from xlsales.core.expressions import expression

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
    """Return a part as UTF-8 (the same object if it is already), whatever encoding it declares (`XmlError`).

    OPC allows UTF-8 and UTF-16 only; some exporters write the one of their country.
    """
    named = _encoding(data[:200])
    if named is None:
        return data
    try:
        text = data.decode(named)
    except (UnicodeDecodeError, LookupError) as error:
        raise XmlError(f"encoding {named}: {str(error)[:40]}") from error
    return re.sub(r"\A\ufeff?<\?xml[^>]*\?>", '<?xml version="1.0" encoding="UTF-8"?>', text).encode()


def is_utf8(head: bytes) -> bool:
    """Whether a part that begins so is UTF-8, as nearly all are (`XmlError` if its encoding is unknown)."""
    return _encoding(head[:200]) is None


def _encoding(head: bytes) -> str | None:
    """Return the encoding that a part is to be decoded from; None if it is UTF-8 already."""
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    declared = re.match(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)", head)
    name = declared[1].decode("latin-1").lower().replace("_", "-") if declared else ""
    if name in ("", "utf-8", "utf8", "us-ascii", "ascii") or head.startswith(b"\xef\xbb\xbf"):
        return None
    if name.startswith("utf-16"):  # but it was read as single bytes
        return None
    if not _KNOWN.fullmatch(name):
        raise XmlError(f"encoding {name[:20]}")
    return _WIDER.get(name, name.replace("windows-", "cp"))


_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be"}
_KNOWN = expression(
    r"iso-?8859-?\d+|latin-?\d|windows-\d+|cp\d+|gb(2312|k|18030)|big5(-hkscs)?|shift-jis|euc-(jp|kr|cn)"
)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "euc-cn": "gb18030", "windows-936": "gb18030", "cp936": "gb18030",
          "windows-950": "big5hkscs", "big5": "big5hkscs", "big5-hkscs": "big5hkscs"}  # fmt: skip
"""What is declared, and what covers all that is written under its name."""


def local(element: etree._Element) -> str:
    """Return the tag without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def remove(element: etree._Element) -> None:
    """Take an element out of its parent, if it has one."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def main(tag: str) -> str:
    """Return a SpreadsheetML tag in lxml's notation."""
    return f"{{{MAIN}}}{tag}"


def integer(element: etree._Element, attribute: str, default: int = 0) -> int:
    """Return a whole, not negative attribute; `default` if it is absent or no such number."""
    value = element.get(attribute, "")
    return int(value) if value.isascii() and value.isdigit() else default


def flag(value: str | None) -> bool:
    """Return an xsd:boolean attribute as a bool; absent is False."""
    return value in ("1", "true", "on")
