"""The progress in a written sheet, by time or by dimension, as a table for people and as rows for programs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from xlsales.book.keyed import WrittenSheet
from xlsales.commands.outcome import Table
from xlsales.core.expressions import expression
from xlsales.core.faults import Lang
from xlsales.layout.model import SUBLINE
from xlsales.ooxml.cells import BLANK
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, STATUS
from xlsales.vocabulary.money import Money, money_named

SHOWN = ("target", "actual", "attainment", "pace", "gap", "forecast", "required_per_day", "status")
"""The columns that people see; programs get all."""
_PERCENT = ("attainment", "time_progress", "pace", "forecast_attainment")
_FEW = 100
"""Of fewer a day, as of pieces, a decimal is shown."""
_NO_DAY = expression(r"total|\d{4}(H\d|Q\d|-\d{2}|-P\d{2})?")
"""The keys of the periods that are shown: years to months, and their sum."""
_MEMBERS = ("m:", "unassigned:", "stretch:")


def as_table(sheet: WrittenSheet, lang: Lang) -> Table:
    """Return a sheet's progress in the unit of the sheet; a dash stands for what is blank."""
    caption = next((text for text in _texts(sheet) if text), sheet.title)
    facts = caption.split("  ·  ")
    unit = money_named(facts, words.UNIT[lang], lang)
    headers = {key: PROGRESS_COLUMNS[key][lang] for key in SHOWN}
    if unit.per > 1:
        headers["required_per_day"] = words.REQUIRED_PER_DAY_IN[lang].format(unit=unit.in_full.word(lang))
    rows = list(_rows(sheet))
    return Table(
        caption,
        ("", *headers.values()),
        tuple((name, *(_text(sheet, row, key, unit) for key in SHOWN)) for row, name in rows),
        tuple(_lamp(sheet, row, lang) or "" for row, _ in rows),
    )


def as_rows(sheet: WrittenSheet, lang: Lang) -> list[dict[str, Any]]:
    """Return a sheet's progress for programs: amounts in yuan, the status by its key, None for what is blank."""
    rows = []
    for row, name in _rows(sheet):
        numbers = {key: sheet.number(row, key) for key in PROGRESS_COLUMNS if key != "status"}
        figures = {key: None if math.isnan(number) else number for key, number in numbers.items()}
        rows.append({"key": row, "name": name.strip(), **figures, "status": _lamp(sheet, row, lang)})
    return rows


def _texts(sheet: WrittenSheet) -> Iterator[str]:
    """The texts in the line under the title."""
    return (value for key in sheet.columns if isinstance(value := sheet.value(SUBLINE, key), str))


def _rows(sheet: WrittenSheet) -> Iterator[tuple[str, str]]:
    """The rows that are shown: their keys, and what they are called; members of a deeper level are indented."""
    label = "member" if "member" in sheet.columns else "period"
    for key in sheet.rows:
        if not (_NO_DAY.fullmatch(key) or (label == "member" and key.startswith(_MEMBERS))):
            continue
        level = re.match(r"/(\d+)/", sheet.counts_for(key)) if key.startswith("m:") else None
        yield key, "  " * (int(level[1]) - 1 if level else 0) + str(sheet.value(key, label)).strip()


def _lamp(sheet: WrittenSheet, row: str, lang: Lang) -> str | None:
    word = sheet.value(row, "status")
    return next((key for key, status in STATUS.items() if status[lang] == word), None)


def _text(sheet: WrittenSheet, row: str, key: str, unit: Money) -> str:
    value = sheet.value(row, key)
    if value is BLANK:
        return "–"
    if not isinstance(value, float):
        return str(value)
    if key in _PERCENT:
        return f"{value + 0.0:{'+' if key == 'pace' else ''}.1%}"
    if key == "required_per_day":
        return f"{value:,.0f}" if value >= _FEW else f"{value:,.1f}"
    return f"{value / unit.per:,.{1 if unit.per > 1 else 0}f}"
