"""Sheets that people add to a plan: by what names they are known, the tables that they bring, what is typed there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from xlsales.book.edits import InputSheet
from xlsales.core.faults import Fault, Lang, Problem
from xlsales.core.names import Names
from xlsales.layout.model import sheet_title
from xlsales.layout.sheet import Sheet
from xlsales.ooxml.book import Book
from xlsales.plan.answers import Answers, is_example
from xlsales.plan.input_cells import Cells
from xlsales.plan.sheets import ADDED, SHEETS
from xlsales.plan.sheets.stretch import STRETCH
from xlsales.values.date_text import DateBounds
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import LANGS, Word
from xlsales.vocabulary.money import Money
from xlsales.vocabulary.plan_tables import EXAMPLE, Example

_OF_STRETCH = Word("在“设置”填了加压系数,再“分解目标”,", "after a split with stretch factors in Settings")
_OF_RUNS = Word("运行“分解目标”或“刷新进度”,有内容时", "with a split or a refresh that has something to show")
AnySheet = Sheet[Any, Any]
_UNCHANGED = Word("(没改动时不计入)", " (not counted until you change it)")


class NoSuchSheet(Fault):
    """A sheet that cannot be added."""

    zh = "没有叫“{name}”的表可以添加。可以添加:{zh}。"
    en = 'There is no sheet "{name}" to add. These can be added: {en}.'


class ComesByItself(Fault):
    """A sheet that runs write without being asked for it."""

    zh = "“{name}”不用添加:{zh_when}自己会有。"
    en = '"{name}" need not be added: it comes by itself {en_when}.'


def titles_of(sheet: AnySheet, lang: Lang) -> list[str]:
    """Return the titles of the sheets that a person fills in for it."""
    return [table.label[lang] for table in sheet.tables]


def sheet_of(name: str) -> AnySheet:
    """Return the sheet of a name: its key, its title, or that of one of its tables, in either language."""
    called = ((word, i) for i, sheet in enumerate(ADDED) for word in _names(sheet))
    position = Names.of(called).position(name)
    if position < 0:
        own = Names.of((word, i) for i, sheet in enumerate(SHEETS) for word in _names(sheet)).position(name)
        if own >= 0:
            when = _OF_STRETCH if SHEETS[own] is STRETCH else _OF_RUNS
            raise ComesByItself(name=name, zh_when=when.zh, en_when=when.en)
        zh, en = ([titles_of(sheet, lang)[0] for sheet in ADDED] for lang in LANGS)
        raise NoSuchSheet(name=name, zh="、".join(zh), en=", ".join(en))
    return ADDED[position]


def _names(sheet: AnySheet) -> set[str]:
    words = (sheet.title, *(table.label for table in sheet.tables if sheet.fills or not table.written))
    return {sheet.key, *(word[lang] for word in words for lang in LANGS)}


def missing_tables(
    book: Book, sheets: Sequence[AnySheet], lang: Lang, own: Mapping[str, Sequence[Example]] | None = None
) -> Iterator[InputSheet]:
    """Yield the tables of sheets that a workbook lacks, each as a sheet to fill in.

    They have `own` rows, by the name of the table; without any, the first table of a sheet has examples.
    """
    titles, coming = [sheet.title for sheet in book.sheets], set[str]()
    for sheet in sheets:
        for table, rows in zip(sheet.tables, (sheet.examples, *[()] * len(sheet.tables)), strict=False):
            if book.table(table.name) is None and table.name not in coming:  # two sheets may go by one table
                coming.add(table.name)
                title = sheet_title(table.label[lang], titles)
                titles.append(title)
                presets = sheet.presets if table is sheet.tables[0] else ()
                given = [_in_language(row, lang, book.date1904) for row in presets]
                if own is None:
                    given += [_example(row, lang, book.date1904) for row in rows]
                else:
                    given += [_in_language(row, lang, book.date1904) for row in own.get(table.name, ())]
                yield InputSheet(title, table, tuple(given))


def _example(row: Example, lang: Lang, date1904: bool) -> dict[str, float | str | None]:
    return {**_in_language(row, lang, date1904), "note": EXAMPLE[lang] + _UNCHANGED[lang]}


def _in_language(row: Example, lang: Lang, date1904: bool) -> dict[str, float | str | None]:
    values: dict[str, float | str | None] = {}
    for key, value in row.items():
        plain = value[lang] if isinstance(value, Word) else value
        values[key] = float(to_serial(plain, date1904)) if isinstance(plain, dt.date) else plain
    return values


def typed_rows(
    book: Book, lang: Lang, unit: Money, only: Collection[str] | None = None, span: DateBounds | None = None
) -> tuple[dict[str, Sequence[Mapping[str, Any]]], list[Problem]]:
    """Return the rows of each such table by its name, unchanged examples left out, and what is wrong with others.

    `unit`: that of the plan; `only`: the names of the tables to read, by default all; `span`: the plan's days, of which
    a date without a year is. A sheet stays as it is if a table that it goes by has a fault: no table of it has rows. Of
    a sheet that judges its rows, a row with a fault is there too, as `faulty`.
    """
    rows: dict[str, Sequence[Mapping[str, Any]]] = {}
    problems: list[Problem] = []
    for sheet in (sheet for sheet in ADDED.of_book(book, ()) if not sheet.fills):
        of_sheet: dict[str, Sequence[Mapping[str, Any]]] = {}
        readable = True
        for table in (
            table
            for table in sheet.tables
            if book.table(table.name) and not table.pasted and (only is None or table.name in only)
        ):
            if table.written:  # another sheet fills it; that it is there is all that this one asks
                of_sheet[table.name] = ()
                continue
            answers = Answers(book, Cells(book), lang, unit)
            answers.span = span or answers.span
            own = [
                row
                for row in answers.rows(table)
                if not any(is_example(row, table, one, unit) for one in sheet.examples)
            ]
            problems += [*answers.problems, *answers.notes]
            of_sheet[table.name] = own
            judged = sheet.judges_rows and any(row["faulty"] for row in own)
            readable = readable and (judged or not answers.problems)
        if readable:
            rows |= of_sheet
    return rows, problems
