"""What a number format says beside its number: `[$€-2]#,##0.00` shows 5 as €5.00, `0"万元"` shows it as 5万元.

Such cells are numbers in the file and texts to people. They are given as people see them, so that currencies and units
in them are read, or asked about, as those that were typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from xlsales.ooxml.grid import column_number
from xlsales.ooxml.marks import Mark
from xlsales.ooxml.package import Package
from xlsales.ooxml.styles import Styles
from xlsales.tables.grids import text_of
from xlsales.tables.units import YUAN, read_unit

_SYMBOL = re.compile(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]")
_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*')
_WORDS = re.compile(r'"([^"]*)"|\\(.)|([$€£¥￥₩₽])')
_DIVIDED = re.compile(r"[0#?],+(?![0#?])|!|%|/|[Ee]\+")
"""The number that is shown is another than the one that is stored: divided, a percentage, a fraction."""
_DOLLARS = {"409": "USD", "1009": "CAD", "C04": "HKD", "C09": "AUD", "1004": "SGD", "404": "TWD", "1404": "MOP"}
_YENS = {"411": "JPY"}
"""Currencies of a symbol that several have, by the language that the format names."""


def shown_marks(styles: Styles) -> dict[int, str]:
    """Return the styles of which people read a foreign currency or a scale of yuan, with the words: `USD`, `万元`."""
    marks = {style: _mark(code) for style, code in styles.number_formats().items()}
    return {style: mark for style, mark in marks.items() if mark is not None}


def _mark(code: str) -> str | None:
    section = _SECTION.match(code)
    first = section[0] if section else code
    symbols = [(symbol, language.upper().lstrip("0")) for symbol, language in _SYMBOL.findall(first) if symbol]
    words = [_of_language(symbol, language) for symbol, language in symbols]
    bare = _SYMBOL.sub("", first)
    words += ["".join(found).strip(" ()") for found in _WORDS.findall(bare)]
    units = [(word, unit) for word in words if word and (unit := read_unit(word)) is not None]
    if len(units) != 1:
        return None
    word, unit = units[0]
    if unit.scale != 1 and _DIVIDED.search(_WORDS.sub("", bare)):
        return None
    return word if unit.scale != 1 or unit.currency not in (None, YUAN) else None


def _of_language(symbol: str, language: str) -> str:
    if symbol == "$":
        return _DOLLARS.get(language, symbol)
    if symbol in "¥￥":
        return _YENS.get(language, "CNY")
    return symbol


def as_shown(
    cells: pl.DataFrame, rows_above: int, first_column: int, package: Package, part: str, marks: Mapping[int, str]
) -> pl.DataFrame:
    """Return a sheet's cells, numbers of such styles as texts with their words; `marks`: `shown_marks`.

    Row 0 of the cells is row `rows_above` + 1 of the sheet.
    """
    changed = []
    for column, places in _places(package, part, marks).items():
        at = [(row - rows_above - 1, mark) for row, mark in places if 0 <= row - rows_above - 1 < cells.height]
        if not at or not first_column <= column < first_column + cells.width:
            continue
        series = cells[:, column - first_column]
        if series.dtype.is_temporal():
            continue
        texts = text_of(series)
        rows = [row for row, _ in at]
        shown = [_shown(number, mark) for number, (_, mark) in zip(texts.gather(rows), at, strict=True)]
        changed.append(texts.scatter(rows, pl.Series(shown, dtype=pl.String)).alias(series.name))
    return cells.with_columns(changed)


def _shown(number: str | None, mark: str) -> str | None:
    if number is None or not _NUMBER.fullmatch(number):
        return number
    unit = read_unit(mark)
    return f"{mark}{number}" if unit is not None and unit.scale == 1 else f"{number}{mark}"


_NUMBER = re.compile(r"-?\d[\d.]*(?:[eE][+-]?\d+)?")


def _places(package: Package, part: str, marks: Mapping[int, str]) -> dict[int, list[tuple[int, str]]]:
    """Return the cells of these styles: column → their rows and words."""
    styles = "|".join(str(style) for style in marks).encode()
    cell = re.compile(rb"""<(?:\w+:)?c\s(?=[^<>]*\bs=["'](%b)["'])[^<>]*\br=["']([A-Z]{1,3})(\d{1,7})["']""" % styles)
    quick = [Mark(b's="%d"' % style) for style in marks] + [Mark(b"s='%d'" % style) for style in marks]
    places: dict[int, list[tuple[int, str]]] = {}
    last = b""
    for piece in package.stream(part):
        cut = piece.rfind(b">") + 1  # tags are whole in what is looked at
        whole, last = last + piece[:cut], piece[cut:]
        if any(mark.within(whole) for mark in quick):
            for style, letters, row in cell.findall(whole):
                places.setdefault(column_number(letters), []).append((int(row), marks[int(style)]))
    return places
