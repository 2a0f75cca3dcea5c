"""Text in the bytes of XML: what is no tag (comments, CDATA), entities, and the escapes of spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlsales.core.expressions import expression


def mask(xml: bytes) -> bytes:
    """Return `xml` with comments, CDATA and processing instructions blotted out, every byte at its place."""
    body = max(xml.find(b"?>", 0, _DECLARATION), 5) if xml.startswith(b"<?xml") else 5
    if not holds(xml, b"!", b"<!") and (xml.find(b"?", body + 1) < 0 or xml.find(b"<?", body) < 0):
        return xml
    pieces, at = [], 0
    for _, start, end in _markup(xml):
        pieces += [xml[at:start], b"\x01" * (end - start)]
        at = end
    return b"".join([*pieces, xml[at:]])


_DECLARATION = 200
"""So many bytes at most are looked at for the end of `<?xml … ?>`."""


def holds(data: bytes, rare: bytes, sought: bytes) -> bool:
    """Return whether `data` holds `sought`. A byte of it that is `rare` is looked for first: that is much faster."""
    return rare in data and sought in data


def _markup(xml: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield comments, CDATA and processing instructions: how each begins, and its span. One without an end is none."""
    ends, at = dict(_ENDS), 0
    while (match := _BEGINNING.search(xml, at)) is not None:
        at = match.end()
        if match[0] in ends:
            end = xml.find(ends[match[0]], at)
            if end < 0:  # nor has any later one
                del ends[match[0]]
                continue
            at = end + len(ends[match[0]])
            yield match[0], match.start(), at


_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_BEGINNING = expression(rb"<!--|<!\[CDATA\[|<\?")


_ESCAPE = expression(r"_x([0-9A-Fa-f]{4})_")


def plain(fragment: bytes) -> str:
    """Return the text of an element's contents: entities resolved, CDATA taken as it is, comments left out."""
    if b"<" not in fragment:
        text = fragment.decode()
    else:
        text, at = "", 0
        for kind, start, end in _markup(fragment):
            text += fragment[at:start].decode()
            if kind == b"<![CDATA[":
                text += fragment[start + 9 : end - 3].decode().replace("&", "&amp;")
            at = end
        text += fragment[at:].decode()
    if "\r" in text:  # XML reads every line end as one
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ENTITY.sub(_entity, text) if "&" in text else text


_ENTITY = expression(r"&(?:#x([0-9A-Fa-f]+)|#(\d+)|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def _entity(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    digits = match[1] or match[2]
    number = int(digits, 16 if match[1] else 10) if len(digits) < 8 else 0
    return chr(number) if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else "\ufffd"


def unescape(text: str) -> str:
    """Return a string as people see it: `_x000D_` means the character 13; half of a pair alone is no character."""
    if "_x" not in text:
        return text
    plain_text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)
    return _HALF.sub("\ufffd", _PAIR.sub(_joined, plain_text)) if _HALF.search(plain_text) else plain_text


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


_PAIR, _HALF = expression("[\ud800-\udbff][\udc00-\udfff]"), expression("[\ud800-\udfff]")


def escape(text: str) -> str:
    """Return a string for XML: what XML cannot hold becomes `_xHHHH_`, and what looks like that is protected."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda m: "_x005F" + m[0], text)
    text = _ILLEGAL.sub(lambda m: f"_x{ord(m[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """Return a text for an attribute, or for a formula, as XML has it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


_ILLEGAL = expression("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
