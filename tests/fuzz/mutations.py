"""Files made worse: bytes, the XML inside of a valid zip, lines of text. A seed always gives the same file."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence

NUMBERS = [
    "NaN", "1e999", "-1e999", "-0", "1e308", "-1e308", "5e-324", "0", "-1", "1", "1.5", "0.1", "1e15", "1e5",
    "9223372036854775807", "9223372036854775808", "4294967296", "65536", "1048576", "1048577", "16385", "",
    "99999999999999999999", "1_000", " 7 ", "+5", "0x10", "１２", "1,5", "inf", "TRUE", "46000", "2958465",
    "2958466",
]  # fmt: skip
TEXTS = [
    "", " ", "\u3000", "a", "甲" * 300, "_xD800_", "_x0000_", "&#0;", "&#xD800;", "&#1114112;", "&amp;",
    "&lt;", "]]>", "\ufeff华东", "华 东", "华东\u200b", "\u202e东华", "é", "e\u0301", "😀",
    "合计", "总计", "小计", "未分配", "#REF!", "#N/A", "=1+1", "'5", "2026-13-45", "2026-02-30",
    "2026年", "1月", "9999-12-31", "0001-01-01", "2026-01-05T00:00:00+08:00", "-", "/", "是", "否",
    "季度", "万元", "[1]Sheet1!A1", "../../x.xlsx", "https://x.invalid/a.xlsx", "~$x", "nul", "a ← b",
    "甲|乙", "1000万", "10%", "1/3", "٣", "xlsales:time", "xlsales:store:days", "{x}", "%s", "\\", "\t",
    "\n",
]  # fmt: skip
PLACES = [
    "A1", "A0", "XFD1048576", "XFE1", "ZZZZ1", "A1048577", "A1:B2", "B2:A1", "1", "A", "$A$1", "r", "", "A01",
    "a1", "AA99",
]  # fmt: skip
WORDS = [*NUMBERS, *TEXTS, *PLACES]
WORDS += ["1", "0", "true", "on", "hidden", "veryHidden", "s", "str", "inlineStr", "b", "e", "d", "n"]

_ATTRIBUTE = re.compile(rb'\s([\w:.-]+)="([^"]*)"')
_TEXT = re.compile(rb">([^<>]+)<")
_ELEMENT = re.compile(rb"<([\w:.-]+)(?:\s[^<>]*)?(?:/>|>[^<>]*</\1>)")
_CELL = re.compile(rb'<c (r="[A-Z]+\d+")([^<>]*?)(?:/>|>.*?</c>)', re.S)

Parts = dict[str, bytes]


def bytes_changed(data: bytes, chance: random.Random) -> bytes:
    """Flip, cut, double or insert a few bytes anywhere."""
    found = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        at, how = chance.randrange(len(found) + 1), chance.randrange(5)
        length = chance.choice([1, 1, 2, 4, 64, 1024])
        if how == 0:
            for i in range(at, min(at + length, len(found))):
                found[i] = chance.randrange(256)
        elif how == 1:
            del found[at : at + length]
        elif how == 2:
            found[at:at] = chance.randbytes(length)
        elif how == 3:
            found[at:at] = found[at : at + length]
        elif at < len(found):
            found[at] ^= 1 << chance.randrange(8)
    if chance.random() < 0.1:
        del found[chance.randrange(len(found) + 1) :]
    return bytes(found)


def zip_changed(data: bytes, chance: random.Random) -> bytes:
    """Change parts of a zip that stays a valid one."""
    parts = unpacked(data)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        how = chance.choices(list(_OF_PARTS), list(_OF_PARTS.values()))[0]
        how(parts, chance)
    return packed(parts)


def cells_changed(data: bytes, chance: random.Random, only: Sequence[str]) -> bytes:
    """Put odd contents into cells of the parts whose names are given."""
    parts = unpacked(data)
    for _ in range(chance.choice([1, 1, 2, 5])):
        part = chance.choice([name for name in only if name in parts])
        cells = list(_CELL.finditer(parts[part]))
        if cells:
            found = chance.choice(cells)
            parts[part] = parts[part][: found.start()] + _odd_cell(found, chance) + parts[part][found.end() :]
    return packed(parts)


def lines_changed(data: bytes, chance: random.Random) -> bytes:
    """Change lines and fields of a text with separators."""
    lines = data.decode().split("\n")
    for _ in range(chance.choice([1, 1, 2, 4])):
        row, how = chance.randrange(len(lines)), chance.randrange(8)
        fields = lines[row].split(",")
        if how <= 3:
            fields[chance.randrange(len(fields))] = chance.choice(WORDS)
            lines[row] = ",".join(fields)
        elif how == 4:
            lines[row] = lines[row].replace(",", chance.choice(["\t", ";", "|", ",,", '",', "\0", " "]))
        elif how == 5:
            lines.insert(row, chance.choice([lines[0], "", ",,,", '"', "sep=;", "x" * 5000, "," * 3000]))
        elif how == 6:
            del lines[row]
        else:
            lines[row] += chance.choice(['"', ",", "\r", "\x0c", "\u2028", "\ufeff", ',"a\nb"'])
    text = chance.choice(["\n", "\n", "\r\n", "\r"]).join(lines)
    if chance.random() < 0.3:
        return text.encode(chance.choice(["utf-16", "gbk", "utf-8-sig", "utf-32", "big5", "utf-16-be"]), "replace")
    return text.encode("utf-8", "surrogatepass")


def unpacked(data: bytes) -> Parts:
    """Return the parts of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts) -> bytes:
    """Return a zip of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# --- one change each ---


def _part(parts: Parts, chance: random.Random) -> str:
    """Return a part; those that everything hangs on as often as sheets."""
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    few = [name for name in names if not name.startswith(("xl/worksheets/sheet", "xl/charts", "xl/theme", "docProps"))]
    return chance.choice(few if few and chance.random() < 0.5 else names)


def _attribute(parts: Parts, chance: random.Random) -> None:
    _replaced(parts, chance, _ATTRIBUTE, 2, lambda old: chance.choice([_odd(chance), _odd(chance), _near(old, chance)]))


def _attribute_gone(parts: Parts, chance: random.Random) -> None:
    _replaced(parts, chance, _ATTRIBUTE, 0, lambda _: b"")


def _attribute_renamed(parts: Parts, chance: random.Random) -> None:
    _replaced(
        parts, chance, _ATTRIBUTE, 1, lambda old: chance.choice([b"x", old.upper(), b"x:" + old, b"r", b"t", b"s"])
    )


def _text(parts: Parts, chance: random.Random) -> None:
    _replaced(parts, chance, _TEXT, 1, lambda old: chance.choice([_odd(chance), _odd(chance), _near(old, chance)]))


def _element(parts: Parts, chance: random.Random) -> None:
    def change(old: bytes) -> bytes:
        wrapped = [b"<!--" + old + b"-->", b"<![CDATA[" + old + b"]]>", b"<x>" + old + b"</x>", b"<?x " + old + b"?>"]
        return chance.choice([b"", old * 2, old * 50, *wrapped, old[: len(old) // 2], b"<!--" + old, old.upper()])

    _replaced(parts, chance, _ELEMENT, 0, change)


def _tag_renamed(parts: Parts, chance: random.Random) -> None:
    part = _part(parts, chance)
    tags = sorted(set(re.findall(rb"<([A-Za-z]\w+)", parts[part])))
    if tags:
        old, new = chance.choice(tags), chance.choice([b"x", chance.choice(tags), b"x:y"])
        parts[part] = re.sub(rb"(</?)%b\b" % old, lambda m: m[1] + new, parts[part])


def _raw(parts: Parts, chance: random.Random) -> None:
    part = _part(parts, chance)
    parts[part] = bytes_changed(parts[part], chance) if parts[part] else b"x"


def _declared(parts: Parts, chance: random.Random) -> None:
    """Another encoding, declared, or true, or both."""
    part = _part(parts, chance)
    body = re.sub(rb"\A\s*<\?xml[^>]*\?>\s*", b"", parts[part])
    named = chance.choice(["ISO-8859-1", "gbk", "UTF-16", "windows-1252", "utf-7", "x", "UTF-8", "Shift_JIS"])
    text = body.decode("utf-8", "replace")
    try:
        true = text.encode(named, "xmlcharrefreplace") if chance.random() < 0.5 else body
    except LookupError:
        true = body
    head = f'<?xml version="1.0" encoding="{named}"?>'
    parts[part] = (head.encode("utf-16-le") if named == "UTF-16" and true is not body else head.encode()) + true


def _dropped(parts: Parts, chance: random.Random) -> None:
    del parts[chance.choice(list(parts))]
    if not parts:
        parts["x"] = b""


def _emptied(parts: Parts, chance: random.Random) -> None:
    nothing = [b"", b"<", b"<a/>", b"<?xml version='1.0'?><a></a>", b"\xff\xfe", b"\0" * 50]
    parts[_part(parts, chance)] = chance.choice(nothing)


def _swapped(parts: Parts, chance: random.Random) -> None:
    one, other = _part(parts, chance), _part(parts, chance)
    parts[one], parts[other] = parts[other], parts[one]


def _renamed(parts: Parts, chance: random.Random) -> None:
    name = chance.choice(list(parts))
    others = ["/" + name, "x/" + name, name + ".xml", "xl/../" + name]
    new = chance.choice([name.upper(), name.replace("/", "\\"), *others])
    data = parts.pop(name)
    parts[new] = data


def _doctype(parts: Parts, chance: random.Random) -> None:
    part = _part(parts, chance)
    parts[part] = parts[part].replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1)


_OF_PARTS: dict[Callable[[Parts, random.Random], None], int] = {
    _attribute: 30,
    _attribute_gone: 6,
    _attribute_renamed: 4,
    _text: 20,
    _element: 12,
    _tag_renamed: 3,
    _raw: 8,
    _declared: 5,
    _dropped: 3,
    _emptied: 3,
    _swapped: 2,
    _renamed: 2,
    _doctype: 1,
}


def _replaced(
    parts: Parts, chance: random.Random, what: re.Pattern[bytes], group: int, change: Callable[[bytes], bytes]
) -> None:
    part = _part(parts, chance)
    found = [m.span(group) for m in what.finditer(parts[part])]
    if found:
        start, end = chance.choice(found)
        data = parts[part]
        parts[part] = data[:start] + change(data[start:end]) + data[end:]


def _odd(chance: random.Random) -> bytes:
    return chance.choice(WORDS).encode("utf-8", "surrogatepass")


def _near(old: bytes, chance: random.Random) -> bytes:
    """Return something like what stood there."""
    return chance.choice([old + b"0", b"-" + old, old[:-1], old[::-1], old * 2, old.upper(), b" " + old, old * 40])


def _odd_cell(found: re.Match[bytes], chance: random.Random) -> bytes:
    value, style = _odd(chance), re.search(rb' s="\d+"', found[2])
    head = b"<c " + found[1] + (style[0] if style else b"")
    if re.fullmatch(rb"-?[\d.e+-]+|NaN|inf", value) and chance.random() < 0.7:
        return head + b"><v>" + value + b"</v></c>"
    plain = value if b"&#" in value else value.replace(b"&", b"&amp;").replace(b"<", b"&lt;")
    kind = chance.choice(["inlineStr", "inlineStr", "str", "e", "b", "d", "s", "f"])
    if kind == "inlineStr":
        return head + b' t="inlineStr"><is><t>' + plain + b"</t></is></c>"
    if kind == "f":
        return head + b"><f>1+1</f><v>" + plain + b"</v></c>"
    return head + f' t="{kind}"><v>'.encode() + plain + b"</v></c>"
