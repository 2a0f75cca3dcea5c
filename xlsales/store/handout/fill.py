"""Filling a template for one store after the other: what differs is written, every other byte is copied.

A template is any workbook that `template.write_store` wrote, as the admin may have restyled it: cells are found
by the keys in column A and row 1, sheets by their A1. It is read once. What is the same for all stores is brought
up to date first, entries are cleared, then the XML of each keyed sheet is cut at the cells that differ; a store's
workbook is those pieces with its values between them. Other parts keep their compressed bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from xlsales.book.keyed import KeyedSheet
from xlsales.core import a1
from xlsales.core.a1 import Address
from xlsales.core.faults import Fault, Listed
from xlsales.core.keys import parted
from xlsales.ooxml import archive, relations
from xlsales.ooxml.archive import ArchiveWriter, Entry
from xlsales.ooxml.book import Book, Sheet
from xlsales.ooxml.cells import BLANK, SheetCells
from xlsales.ooxml.contents import ask_calculation
from xlsales.ooxml.package import Package
from xlsales.ooxml.patch import Change, patch_sheet
from xlsales.store.contract import (
    AREA_DETAIL,
    AREA_KNOWN,
    DIMENSION_PREFIX,
    ENTRY_AREAS,
    MEMBER_PREFIX,
    NAME_LANG,
    SHEETS,
    identity_of,
)
from xlsales.store.handout.carried import TemplateSheets, TemplateTexts, carry_over, take_contents
from xlsales.store.handout.figures import HIDDEN_ROW, StoreCells
from xlsales.store.handout.slots import Slots
from xlsales.store.sheets.front import INFO_NAMES, todo
from xlsales.store.tables import Table, widened
from xlsales.store.targets import Figure, Key, Span, Store
from xlsales.store.template import write_store
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import LANGS

KEYED = ("front", "days", "weeks", "commitment", "letter")
"""The sheets that carry figures in every store's workbook; `members` does where its plan has tables."""


class NotATemplate(Fault):
    """A workbook that lacks a sheet or a name of the store's workbook."""

    zh = "{file} 不能当模板:缺少{what}。请用不带 --template 下发的任一文件做样板:只改样式,不删隐藏的第 1 行和 A 列。"
    en = (
        "{file} cannot serve as a template: {what} is missing. Restyle a file handed out without --template; "
        "keep the hidden row 1 and column A."
    )


class TemplateOtherDays(Fault):
    """The template's days or months are not those of the plan."""

    zh = "{file} 是为别的期间做的:表“{sheet}”里没有 {key}。请先不带 --template 下发,再以其中一个文件为样板。"
    en = (
        '{file} was made for other days: sheet "{sheet}" has no {key}. Hand out without --template first and '
        "restyle one of those files."
    )


class TemplateOtherLanguage(Fault):
    """The template speaks another language than the plan."""

    zh = "{file} 的语言是{found},计划的语言是{asked}。请换用同一语言的模板,或改计划“设置”里的语言。"
    en = "{file} speaks {found}, the plan {asked}. Use a template in the plan's language, or change it in Settings."


class TemplateOtherDimensions(Fault):
    """The template's sheet of receipts has columns for other dimensions than the plan."""

    zh = "{file} 的“{sheet}”有维度列:{found};计划里是:{asked}。请先不带 --template 下发,再以其中一个文件为样板。"
    en = (
        '{file}: sheet "{sheet}" has columns for {found}, the plan has {asked}. Hand out without --template first '
        "and restyle one of those files."
    )


class TemplateOtherTables(Fault):
    """The template's tables by dimension are not those of the plan, or have too few rows."""

    zh = "{file} 的“{sheet}”有表:{found};计划里是:{asked}。请先不带 --template 下发,再以其中一个文件为样板。"
    en = (
        '{file}: sheet "{sheet}" has tables for {found}, the plan has {asked}. Hand out without --template first '
        "and restyle one of those files."
    )


class Filler:
    """A template made ready for the stores of one plan.

    The template is a workbook of that plan as `write_store` gives it, or, where it is `foreign`, one that people may
    have restyled or filled in.
    `span` is the plan as the template shows it: without tables by dimension where it has no sheet for them, with
    as many rows of each as it has.
    """

    def __init__(self, template: bytes, span: Span, file: str, *, foreign: bool = False) -> None:
        self._file, self._span = file, span
        self._book = Book(Package.of_bytes(template, file))
        self._read: dict[str, SheetCells] = {}
        self._sheets = self._find_sheets()
        self._span = replace(span, tables=self._tables())
        self._cells = StoreCells(self._span)
        self._check_language()
        self._check_detail()
        self._bring_up_to_date()
        self.told: list[Fault] = []
        if foreign:
            self._leave_behind(Book(Package.of_bytes(write_store(self._span, Store.blank(self._span)))))
        ask_calculation(self._book, self._sheets.values())
        self._forget_chart_figures()
        package = self._book.package
        self._slots = {
            sheet: Slots(package.read(found.part), self._addresses(sheet), self._cells.fixed[sheet])
            for sheet, found in self._sheets.items()
        }
        self._source = io.BytesIO(package.to_bytes())
        entries = archive.read_directory(self._source, 10_000)
        parts = {found.part.casefold(): sheet for sheet, found in self._sheets.items()}
        self._entries = [(entry, parts.get(entry.name.casefold())) for entry in entries]

    @classmethod
    def of_plan(cls, span: Span) -> Filler:
        """Make our own template ready; it is made of no store, so that nothing of one is in another's file."""
        return cls(write_store(span, Store.blank(span)), span, "xlsales")

    @classmethod
    def of_file(cls, path: Path, span: Span) -> Filler:
        """Make the template in a file ready (faults: those of `Package.open`, and the above)."""
        return cls(Package.open(path).to_bytes(), span, path.name, foreign=True)

    @property
    def span(self) -> Span:
        """The plan as the template shows it."""
        return self._span

    def fill(self, store: Store) -> bytes:
        """Return a store's workbook; the same values give the same bytes."""
        values = self._cells.values(store)
        out = io.BytesIO()
        writer = ArchiveWriter(out)
        for entry, sheet in self._entries:
            if sheet is None:
                writer.copy(self._source, entry)
            else:
                xml = self._slots[sheet].filled(values[sheet])
                if sheet == "days" and self._span.handed is not None:
                    xml = self._opened(xml, store)
                writer.add(Entry.new(entry.name), xml, _LEVEL)
        writer.close()
        return out.getvalue()

    def _cells_of(self, title: str) -> SheetCells:
        """The cells of a sheet as the template has them."""
        if title not in self._read:
            sheet = self._book.sheet(title)
            assert sheet is not None
            self._read[title] = self._book.cells(sheet)
        return self._read[title]

    # --- finding ----------------------------------------------------------------------------

    def _find_sheets(self) -> dict[str, Sheet]:
        found: dict[str, Sheet] = {}
        wanted = {identity_of(sheet): sheet for sheet in (*KEYED, "members")}
        self._keyed: dict[str, KeyedSheet[SheetCells]] = {}
        for sheet in self._book.sheets:
            if not sheet.has_cells:
                continue
            cells = self._cells_of(sheet.title)
            key = wanted.get(str(cells.value(1, 1)))
            if key is not None and key not in found:
                found[key], self._keyed[key] = sheet, KeyedSheet(sheet.title, 1, 1, cells)
        for key in KEYED:
            if key not in found:
                raise NotATemplate(file=self._file, what=f"“{SHEETS[key][self._span.lang]}”")
        for name in (*INFO_NAMES.values(), *ENTRY_AREAS, AREA_KNOWN):
            if self._book.area(name) is None:
                raise NotATemplate(file=self._file, what=name)
        return found

    def _check_language(self) -> None:
        area = self._book.area(NAME_LANG)
        assert area is not None
        found = self._cells_of(area.sheet).value(*area.first)
        asked = LANGS[self._span.lang][self._span.lang]
        if found != asked:
            raise TemplateOtherLanguage(file=self._file, found=found, asked=asked)

    def _check_detail(self) -> None:
        area = self._book.area(AREA_DETAIL)
        assert area is not None
        columns = KeyedSheet(area.sheet, 1, 1, self._cells_of(area.sheet)).columns
        found = [k.removeprefix(DIMENSION_PREFIX) for k in columns if k.startswith(DIMENSION_PREFIX)]
        asked = self._span.other_dimensions()
        if sorted(found) != sorted(asked):
            said = {"found": Listed(found) or "–", "asked": Listed(asked) or "–"}
            raise TemplateOtherDimensions(file=self._file, sheet=area.sheet, **said)

    def _tables(self) -> tuple[Table, ...]:
        """The tables of the plan with as many rows as the template has; none where it has no sheet for them."""
        if "members" not in self._sheets:
            return ()
        keys = (key.removeprefix(MEMBER_PREFIX) for key in self._keyed["members"].rows if key.startswith(MEMBER_PREFIX))
        found = Counter(parts[0] for key in keys if (parts := parted(key, 2)))
        asked = {table.dimension: table.rows for table in self._span.tables}
        if found.keys() != asked.keys() or any(found[name] < count for name, count in asked.items()):
            sheet = self._sheets["members"].title
            raise TemplateOtherTables(file=self._file, sheet=sheet, found=_listed(found), asked=_listed(asked))
        return widened(self._span.tables, found)

    def _addresses(self, sheet: str) -> list[Address]:
        return [self._address(sheet, key) for key in self._cells.keys[sheet]]

    def _address(self, sheet: str, key: Key) -> Address:
        rows, columns = self._keyed[sheet].rows, self._keyed[sheet].columns
        if key[0] not in rows:
            raise TemplateOtherDays(file=self._file, sheet=self._sheets[sheet].title, key=key[0])
        if key[1] == HIDDEN_ROW:
            return rows[key[0]], 0
        if key[1] not in columns:
            raise NotATemplate(file=self._file, what=f"{self._sheets[sheet].title}: {key[1]}")
        return rows[key[0]], columns[key[1]]

    # --- what all stores share ----------------------------------------------------------------

    def _bring_up_to_date(self) -> None:
        """Write the plan's calendar and settings, and clear what may have been typed."""
        own, asked = set(filter(_ISO_DAY.fullmatch, self._keyed["days"].rows)), set(self._span.day_keys)
        for key in sorted(own - asked):
            raise TemplateOtherDays(file=self._file, sheet=self._sheets["days"].title, key=key)
        changes: dict[str, dict[Address, Change]] = {}
        days = changes.setdefault(self._sheets["days"].title, {})
        for cell, value in self._span.calendar_cells().items():
            days[self._address("days", cell)] = BLANK if value == "" else _change(value)
        front = changes.setdefault(self._sheets["front"].title, {})
        front |= {self._address("front", (key, "period")): text for key, text in todo(self._span).items()}
        for name, setting in self._span.settings().items():
            area = self._book.area(INFO_NAMES[name])
            assert area is not None
            changes.setdefault(area.sheet, {})[area.first] = _change(setting)
        for name in ENTRY_AREAS:
            self._clear(name, changes)
        for title, wanted in changes.items():
            found = self._book.sheet(title)
            assert found is not None
            package = self._book.package
            package.set(found.part, patch_sheet(package.read(found.part), wanted, strings=self._book.strings))

    def _opened(self, xml: bytes, store: Store) -> bytes:
        """Let 日报 open at the row that the store is to fill next, a few days of the past above it."""
        keys, next_day = self._span.day_keys, store.day_to_fill(self._span)
        top, _ = self._address("days", (keys[max(next_day - 1 - _DAYS_ABOVE, 0)], "entry"))
        row, column = self._address("days", (keys[next_day], "entry"))
        at = a1.cell(row, column).encode()
        xml = _TOP.sub(lambda found: b"%b%d" % (found[1], top), xml, count=1)
        return _SELECTED.sub(lambda found: b'%b activeCell="%b" sqref="%b"/>' % (found[1], at, at), xml, count=1)

    def _clear(self, name: str, changes: dict[str, dict[Address, Change]]) -> None:
        area = self._book.area(name)
        assert area is not None
        first = area.row + 1 if name == AREA_DETAIL else area.row  # its headers stay
        for (row, column), cell in self._cells_of(area.sheet).items():
            inside = first <= row <= area.last_row and area.column <= column <= area.last_column
            if inside and not cell.formula and cell.value is not BLANK:
                changes.setdefault(area.sheet, {})[row, column] = BLANK

    def _leave_behind(self, fresh: Book) -> None:
        """Carry over of a template what is on the list: it may be a store's filled file."""
        area = self._book.area(AREA_DETAIL)
        detail = self._book.sheet(area.sheet) if area else None
        own = self._sheets | ({"detail": detail} if detail is not None else {})
        slots = {sheet: {at for at in self._addresses(sheet) if at[1]} for sheet in self._sheets}
        for title, count, cell in take_contents(self._book, fresh, own, slots):
            self.told.append(TemplateTexts(sheet=title, count=count, cell=cell))
        carry_over(self._book, fresh, own)
        added = [sheet.title for sheet in self._book.sheets if sheet.part not in {one.part for one in own.values()}]
        if added:
            self.told.append(TemplateSheets(names=Listed(added)))

    def _forget_chart_figures(self) -> None:
        """Drop the figures that charts over filled sheets remember: they are another store's."""
        package = self._book.package
        for sheet in self._sheets.values():
            for drawing in relations.relations(package, sheet.part):
                if drawing.kind != "drawing" or drawing.target not in package:
                    continue
                for chart in relations.relations(package, drawing.target):
                    if chart.kind == "chart" and chart.target in package:
                        package.set(chart.target, _CACHE.sub(b"", package.read(chart.target)))


def _listed(rows: Mapping[str, int]) -> str:
    """Name tables with their numbers of rows."""
    return "、".join(f"{name} × {count}" for name, count in rows.items()) or "–"


_LEVEL = 3
"""Of deflate: less than half the time of the usual 6 for a tenth more bytes."""
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DAYS_ABOVE = 7
_TOP = re.compile(rb'(<(?:\w+:)?pane\b[^>]*\btopLeftCell="[A-Z]+)\d+')
_SELECTED = re.compile(rb'(<(?:\w+:)?selection\b[^>]*?\bpane="bottomRight")[^>]*/>')
"""The first row shown below frozen ones, and the cell selected there."""
_CACHE = re.compile(rb"<(?:\w+:)?numCache>.*?</(?:\w+:)?numCache>", re.S)


def _change(value: Figure) -> Change:
    return float(to_serial(value)) if isinstance(value, dt.date) else float(value) if isinstance(value, int) else value
