"""Amounts in a plan's tables that another unit in 设置 gives another meaning: those that name no unit themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlsales.book.keyed import WrittenSheet
from xlsales.core.faults import Fault, Lang, Place
from xlsales.core.text import counted
from xlsales.layout.model import IDENTITY, SUBLINE
from xlsales.ooxml.book import Book
from xlsales.plan.answers import Answers
from xlsales.plan.input_cells import Cells
from xlsales.plan.sheets import ADDED
from xlsales.values.cell import Labelled, money
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import LANGS, UNIT_YUAN, Word
from xlsales.vocabulary.money import Money
from xlsales.vocabulary.plan_tables import EXAMPLE, TABLES
from xlsales.vocabulary.round_contract import T_COMMITMENTS

_NOWHERE = Labelled("")
_NAMED = 5
"""So many places are named."""
_PLACES, _PLACES_OF = Word("{places}", "{places}"), Word("{places} 等 {n} 格", "{places}, {n:cells} in all")


class UnitChanged(Fault):
    """Another unit of the plan than that of its last run, while tables have amounts without a unit."""

    zh = (
        "单位由“{was}”改成了“{now}”。各表里没写单位的金额现在按{now}读:{places}。还是{was}的,请换算,或把单位写进去;"
        "已经改好的不用动。程序生成的表里填的数已自动换算。"
    )
    en = (
        'The unit was "{was}" and is "{now}" now. Amounts without a unit in tables are read in it: {places}. '
        "Convert those that are still in the former one, or type their unit; leave those that you changed already. "
        "What is typed into sheets that a run writes was converted."
    )


def unit_changed(book: Book, sheets: Mapping[str, WrittenSheet], unit: Money, lang: Lang) -> Fault | None:
    """Return what is said if the last run had a unit of another size and tables have amounts without one; else None."""
    was = _before(sheets, unit)
    if was is None or was.per == unit.per:
        return None
    places = [str(place) for place in _bare(book, unit, lang)]
    if not places:
        return None
    named = ("、" if lang == "zh" else ", ").join(places[:_NAMED])
    word = _PLACES if len(places) <= _NAMED else _PLACES_OF
    return UnitChanged(was=was.said, now=unit.said, places=counted(word[lang], places=named, n=len(places)))


def _before(sheets: Mapping[str, WrittenSheet], now: Money) -> Money | None:
    """The unit under the title of 按时间, as the last run wrote it; None if it does not say."""
    sheet = sheets.get(f"{IDENTITY}time")
    line = sheet.value(SUBLINE, next(iter(sheet.columns), "")) if sheet is not None else None
    parts = [part.strip() for part in str(line or "").split("·")]
    units = (Money(unit, now.currency) for unit in UNIT_YUAN)
    return next((u for u in units for lang in LANGS if words.UNIT[lang].format(unit=u.word(lang)) in parts), None)


def _bare(book: Book, unit: Money, lang: Lang) -> Iterator[Place]:
    """Yield the cells of tables that people fill in, with an amount that names no unit; examples do not count."""
    cells = Cells(book)
    answers = Answers(book, cells, lang, unit)
    added = (table for sheet in ADDED.of_book(book, ()) if not sheet.fills for table in sheet.tables)
    for table in (*TABLES, T_COMMITMENTS, *added):
        amounts = [column.key for column in table.columns if column.kind == "amount" and not table.written]
        for row in answers.rows(table) if amounts and book.table(table.name) is not None else ():
            if (row.get("note") or "").startswith((EXAMPLE.zh, EXAMPLE.en)):
                continue
            for key in amounts:
                place = row["cells"].get(key)
                if place is not None and _is_bare(cells.content(place, "amount"), unit.currency):
                    yield place


def _is_bare(found: object, currency: str) -> bool:
    """Whether a cell has an amount other than 0 that is of another size in another unit."""
    try:
        return money(found, _NOWHERE, currency=currency) != money(found, _NOWHERE, 10, currency)
    except Fault:
        return False
