"""The formats of a workbook: which style makes a number a date, and how styles of another workbook come in.

A cell names a style by its index in `cellXfs`. A style names its font, fill and border by index, and its number format
by id. To take in a style means to find or append each of them: taken in twice, it adds nothing.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable

from lxml import etree

from xlsales.core.expressions import expression
from xlsales.ooxml import xml

_DATE_IDS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_MONTH_IDS = {17, 27, 36, 50, 52, 57}  # mmm-yy, and in Chinese Excel yyyy"年"m"月"
_NO_PLACEHOLDER = expression(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.I)
_FIRST_FREE_ID = 164

EMPTY = b'<styleSheet xmlns="%b"/>' % xml.MAIN.encode()

# the children of styleSheet in the order of the schema
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles",
          "colors", "extLst")  # fmt: skip


class Styles:
    """The style sheet of a workbook, to be read and to be added to; `edited` is called after each addition."""

    def __init__(self, root: etree._Element | None, edited: Callable[[], None] = lambda: None) -> None:
        self._root = root if root is not None else xml.parse(EMPTY)
        self._edited = edited
        self._indexes: dict[str, dict[bytes, int]] = {}
        self._dates: dict[int, bool] = {}

    # --- reading ---

    def is_date(self, style: int) -> bool:
        """Return whether a number in a cell of this style is shown as a date or a time."""
        if style not in self._dates:
            number, custom = self.number_format(style)
            self._dates[style] = is_date_code(custom) if custom is not None else number in _DATE_IDS
        return self._dates[style]

    def is_percent(self, style: int) -> bool:
        """Return whether a number in a cell of this style is shown as a percentage."""
        number, custom = self.number_format(style)
        return number in (9, 10) if custom is None else "%" in _NO_PLACEHOLDER.sub("", custom.split(";")[0])

    def shows_day(self, style: int) -> bool:
        """Return whether a date in a cell of this style is shown with its day, not as a month alone."""
        number, custom = self.number_format(style)
        if custom is None:
            return number not in _MONTH_IDS
        return "d" in _NO_PLACEHOLDER.sub("", custom.split(";")[0]).lower()

    def decimals(self, style: int) -> int | None:
        """Return how many decimals a number in a cell of this style is shown with; None if its format leaves that open.

        A percentage has two more, and one in thousands three less: 12.3% is a number of three decimals.
        """
        number, custom = self.number_format(style)
        return _BUILT_IN.get(number) if custom is None else decimals_of(custom)

    def number_formats(self) -> dict[int, str]:
        """Return the styles with a number format that the book defines beside those of Excel, with its code."""
        formats = {number: code for number, code in self._formats().items() if number >= _FIRST_FREE_ID}
        numbers = (xml.integer(xf, "numFmtId") for xf in self._children("cellXfs"))
        return {style: formats[number] for style, number in enumerate(numbers) if number in formats}

    def number_format(self, style: int) -> tuple[int, str | None]:
        """Return a style's number format: its id, and its code if the book defines it."""
        xfs = self._children("cellXfs")
        number = xml.integer(xfs[style], "numFmtId") if style < len(xfs) else 0
        return number, self._formats().get(number)

    def _formats(self) -> dict[int, str]:
        return {xml.integer(e, "numFmtId"): e.get("formatCode", "") for e in self._children("numFmts")}

    def _group(self, name: str) -> etree._Element | None:
        return self._root.find(xml.main(name))

    def _children(self, name: str) -> list[etree._Element]:
        group = self._group(name)
        return [] if group is None else [e for e in group if isinstance(e.tag, str)]

    # --- taking in ---

    def take(self, other: Styles, numbers: Iterable[int]) -> dict[int, int]:
        """Find or add the cell styles `numbers` of another workbook; return their indexes here."""
        return {style: self._take_xf(other, style) for style in sorted(set(numbers))}

    def take_differential(self, other: Styles, numbers: Iterable[int]) -> dict[int, int]:
        """Find or add the differential formats `numbers` (of conditional formats and tables); return their indexes."""
        theirs = other._children("dxfs")
        mapped = {}
        for index in sorted(set(numbers)):
            element = _clean(theirs[index])
            if (inner := element.find(xml.main("numFmt"))) is not None:
                inner.set("numFmtId", str(self._format_id(inner.get("formatCode", ""))))
            mapped[index] = self._index("dxfs", element)
        return mapped

    def filled(self, style: int, colour: str) -> int:
        """Find or add the style that is `style` on a ground of `colour` (`F7C6C2`); return its index."""
        xfs = self._children("cellXfs")
        if style >= len(xfs):
            return style
        fill = etree.Element(xml.main("fill"))
        pattern = etree.SubElement(fill, xml.main("patternFill"), {"patternType": "solid"})
        etree.SubElement(pattern, xml.main("fgColor"), {"rgb": f"FF{colour}"})
        etree.SubElement(pattern, xml.main("bgColor"), {"indexed": "64"})
        element = _clean(xfs[style])
        element.set("fillId", str(self._index("fills", fill)))
        element.set("applyFill", "1")
        return self._index("cellXfs", element)

    def _take_xf(self, other: Styles, style: int) -> int:
        theirs = other._children("cellXfs")
        if style >= len(theirs):
            return 0
        element = _clean(theirs[style])
        code = xml.integer(element, "numFmtId")
        custom = other._formats().get(code)
        element.set("numFmtId", str(code if custom is None else self._format_id(custom)))
        for group, attribute in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
            members = other._children(group)
            index = xml.integer(element, attribute)
            if index < len(members):
                element.set(attribute, str(self._index(group, _clean(members[index]))))
        element.set("xfId", "0")
        for attribute in ("applyFont", "applyFill", "applyBorder", "applyNumberFormat"):
            element.set(attribute, "1")  # ours in every respect, whatever the book's Normal style is
        return self._index("cellXfs", element)

    def _format_id(self, code: str) -> int:
        formats = self._formats()
        for number, own in formats.items():
            if own == code:
                return number
        number = max([*formats, _FIRST_FREE_ID - 1]) + 1
        element = etree.Element(xml.main("numFmt"), {"numFmtId": str(number), "formatCode": code})
        self._append("numFmts", element)
        return number

    def _index(self, group: str, element: etree._Element) -> int:
        """Return the index of an identical element of a group, appending it if there is none."""
        if group not in self._indexes:
            self._indexes[group] = {}
            for index, child in enumerate(self._children(group)):
                self._indexes[group].setdefault(_canonical(child), index)
        key = _canonical(element)
        if key not in self._indexes[group]:
            self._indexes[group][key] = len(self._children(group))
            self._append(group, element)
        return self._indexes[group][key]

    def _append(self, name: str, element: etree._Element) -> None:
        group = self._group(name)
        if group is None:
            group = etree.Element(xml.main(name))
            later = [xml.main(tag) for tag in _ORDER[_ORDER.index(name) + 1 :]]
            at = next((i for i, e in enumerate(self._root) if e.tag in later), len(self._root))
            self._root.insert(at, group)
        group.append(element)
        etree.cleanup_namespaces(element, keep_ns_prefixes=[])
        group.set("count", str(len(self._children(name))))
        self._edited()


def is_date_code(code: str) -> bool:
    """Whether a number format shows a date or a time: `yyyy-mm-dd`, `[h]:mm`, `m"月"d"日"`; not `0.00_);[Red]`."""
    return re.search(r"[ymdhs]", _NO_PLACEHOLDER.sub("", code.split(";")[0]), re.I) is not None


_BUILT_IN = {1: 0, 2: 2, 3: 0, 4: 2, 5: 0, 6: 0, 7: 2, 8: 2, 9: 2, 10: 4, 37: 0, 38: 0, 39: 2, 40: 2, 41: 0, 42: 0,
             43: 2, 44: 2}  # fmt: skip
"""Decimals of the number formats that Excel knows by their ids."""
_DIGITS = expression(r"([0#?,]*[0#?])(?:\.([0#?]*))?(,*)")


def decimals_of(code: str) -> int | None:
    """Return how many decimals a number format shows, as `Styles.decimals`; None for General and for text."""
    plain = _NO_PLACEHOLDER.sub("", code.split(";")[0])
    digits = _DIGITS.search(plain)
    if digits is None or "general" in plain.lower() or "e+" in plain.lower() or "/" in plain:
        return None
    return len(digits[2] or "") - 3 * len(digits[3]) + 2 * plain.count("%")


def _clean(element: etree._Element) -> etree._Element:
    """Return a copy without the surroundings of its document."""
    element = copy.deepcopy(element)
    element.tail = None
    return element


def _canonical(element: etree._Element) -> bytes:
    """Return a form that is equal for elements which mean the same."""

    def form(e: etree._Element) -> tuple[object, ...]:
        inner = [form(child) for child in e if isinstance(child.tag, str)]
        return e.tag, sorted(e.attrib.items()), (e.text or "").strip(), inner

    return repr(form(element)).encode()
