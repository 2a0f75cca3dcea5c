"""What a number format shows beside its number: `[$€-2]#,##0.00` shows 5 as €5.00, `0"万元"` shows it as 5万元.

Such cells are numbers in the file and texts to people. They become the texts that people see, so that a currency or a
unit in them is read like one that was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl
from msgspec import Struct

from xlsales.core.expressions import expression
from xlsales.ooxml.grid import column_number
from xlsales.ooxml.marks import Mark
from xlsales.ooxml.package import Package
from xlsales.ooxml.styles import Styles
from xlsales.tables.files.grids import text_of
from xlsales.values.units import meant, read_unit
from xlsales.vocabulary.contract import CNY

_SYMBOL = expression(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]")
_SECTION = expression(r'(?:"[^"]*"|\\.|[^;"\\])*')
_WORDS = expression(r'"([^"]*)"|\\(.)|([$€£¥￥₩₽])')
_DIVIDED = expression(r"[0#?],+(?![0#?])|!|%|/|[Ee]\+")
"""The number that people see is not the number in the file: divided, a percentage, a fraction."""
_DOLLARS = {"409": "USD", "1009": "CAD", "C04": "HKD", "C09": "AUD", "1004": "SGD", "404": "TWD", "1404": "MOP"}
_YENS = {"411": "JPY", "804": CNY}
"""Currencies of a symbol that several have, by the language that the format names."""


class ShownWords(Struct, frozen=True):
    """The words before a number, a foreign currency, and those behind it, a scale; empty if there are none."""

    before: str
    behind: str


def shown_words(styles: Styles, currency: str = CNY) -> dict[int, ShownWords]:
    """Return the styles that show another currency than the plan's or a scale, `USD`, `万元`, with the words."""
    words = {style: _words(code, currency) for style, code in styles.number_formats().items()}
    return {style: shown for style, shown in words.items() if shown is not None}


def _words(code: str, currency: str) -> ShownWords | None:
    section = _SECTION.match(code)
    first = section[0] if section else code
    bare = _SYMBOL.sub("", first)
    symbols = [(symbol, language.upper().lstrip("0")) for symbol, language in _SYMBOL.findall(first) if symbol]
    texts = [_of_language(symbol, language) for symbol, language in symbols]
    texts += ["".join(parts).strip(" ()") for parts in _WORDS.findall(bare)]
    units = [(text, unit) for text in texts if text and (unit := read_unit(text)) is not None]
    scales = [text for text, unit in units if unit.scale != 1]
    foreign = [
        text
        for text, unit in units
        if unit.scale == 1 and unit.currency is not None and meant(text, unit.currency, currency) != currency
    ]
    if scales and _DIVIDED.search(_WORDS.sub("", bare)):
        scales = []
    foreign.sort(key=lambda text: text == "$")  # the word that says most comes first
    if len(scales) > 1 or not (scales or foreign):
        return None
    return ShownWords("".join(foreign[:1]), "".join(scales))


def _of_language(symbol: str, language: str) -> str:
    if symbol == "$":
        return _DOLLARS.get(language, symbol)
    if symbol in "¥￥":
        return _YENS.get(language, symbol)
    return symbol


def with_shown_words(
    cells: pl.DataFrame,
    rows_above: int,
    first_column: int,
    package: Package,
    part: str,
    words: Mapping[int, ShownWords],
) -> pl.DataFrame:  # fmt: skip
    """Return a sheet's cells, numbers of such styles as texts with their words; `words`: `shown_words`.

    Row 0 of the cells is row `rows_above` + 1 of the sheet.
    """
    changed = []
    for column, places in _places(package, part, words).items():
        at = [(row - rows_above - 1, of_cell) for row, of_cell in places if 0 <= row - rows_above - 1 < cells.height]
        if not at or not first_column <= column < first_column + cells.width:
            continue
        series = cells[:, column - first_column]
        if series.dtype.is_temporal():
            continue
        texts = text_of(series)
        rows = [row for row, _ in at]
        shown = [_shown(number, of_cell) for number, (_, of_cell) in zip(texts.gather(rows), at, strict=True)]
        changed.append(texts.scatter(rows, pl.Series(shown, dtype=pl.String)).alias(series.name))
    return cells.with_columns(changed)


def _shown(number: str | None, words: ShownWords) -> str | None:
    if number is None or not _NUMBER.fullmatch(number):
        return number
    return f"{words.before}{number}{words.behind}"


_NUMBER = expression(r"-?\d[\d.]*(?:[eE][+-]?\d+)?")


def _places(package: Package, part: str, words: Mapping[int, ShownWords]) -> dict[int, list[tuple[int, ShownWords]]]:
    """Return the cells of these styles: column → their rows and words."""
    styles = "|".join(str(style) for style in words).encode()
    cell = re.compile(rb"""<(?:\w+:)?c\s(?=[^<>]*\bs=["'](%b)["'])[^<>]*\br=["']([A-Z]{1,3})(\d{1,7})["']""" % styles)
    quick = [Mark(b's="%d"' % style) for style in words] + [Mark(b"s='%d'" % style) for style in words]
    places: dict[int, list[tuple[int, ShownWords]]] = {}
    last = b""
    for piece in package.stream(part):
        cut = piece.rfind(b">") + 1  # so that tags are whole
        whole, last = last + piece[:cut], piece[cut:]
        if any(mark.within(whole) for mark in quick):
            for style, letters, row in cell.findall(whole):
                places.setdefault(column_number(letters), []).append((int(row), words[int(style)]))
    return places
