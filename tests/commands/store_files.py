"""Handed-out store workbooks as stores fill them in: cells found by their keys, typed into the file's own XML."""

from __future__ import annotations

import datetime as dt
import random
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from openpyxl.utils import get_column_letter

from tests.calc import read_back
from tests.commands.books import cell_xml, part_of, plan, rewrite

YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
LAST_FILLED = dt.date(2026, 2, 28)
TODAY = dt.datetime(2026, 3, 10, 9, 30)

Typed = float | str
Keys = dict[str, tuple[dict[str, int], dict[str, int]]]
"""Sheet → rows and columns by key."""


def stores_plan(path: Path, stores: list[str], **settings: object) -> Path:
    """Write a plan of these stores, 360万 a year each, split over months by equal shares."""
    rows = [{"dimension": "门店", "member": name, "weight": 1} for name in stores]
    rows += [{"dimension": "品类", "member": name, "weight": 1} for name in ("男装", "女装")]
    given: dict[str, object] = {"plan_name": "2026年度", "total": 360 * len(stores), "step": 100, **settings}
    return plan(path, dimensions=rows, **given)


@dataclass
class StoreFile:
    """A workbook of a store, where it lies, and what the store honestly sold by day."""

    path: Path
    code: str
    good: dict[str, float] = field(default_factory=dict)
    keys: Keys | None = None

    @cached_property
    def _keys(self) -> Keys:
        return self.keys or keys_of(self.path)

    def at(self, row: str, column: str, title: str = "日报") -> str:
        """The address of a cell by its keys."""
        rows, columns = self._keys[title]
        return f"{get_column_letter(columns[column])}{rows[row]}"

    def row(self, key: str, title: str = "日报") -> int:
        """The row of a key."""
        return self._keys[title][0][key]

    def letter(self, key: str, title: str = "日报") -> str:
        """The letters of a column."""
        return get_column_letter(self._keys[title][1][key])

    def type(self, cells: Mapping[tuple[str, str], Typed], title: str = "日报") -> None:
        """Type over cells, by (row key, column key); their formats stay."""
        type_over(self.path, title, {self.at(*keys, title): value for keys, value in cells.items()})

    def put(self, row: str, column: str, value: object, title: str) -> None:
        """Put a value of any kind into a cell, as openpyxl writes it: a date, TRUE, an error."""
        book = read_back(self.path)
        book[title][self.at(row, column, title)].value = value
        book.save(self.path)

    def xml(self, row: str, column: str, inner: str, title: str = "日报", attributes: str = "") -> None:
        """Put other contents into a cell, as XML."""
        address = self.at(row, column, title)
        cell_xml(self.path, title, address, f'<c r="{address}"{attributes}>{inner}</c>')

    def named(self, name: str, value: Typed) -> None:
        """Type over the cell of a defined name."""
        book = _part(self.path, "xl/workbook.xml").decode()
        found = re.search(rf"<definedName name=\"{name}\">'?([^'!]+)'?!\$([A-Z]+)\$(\d+)<", book)
        assert found, name
        type_over(self.path, found[1], {found[2] + found[3]: value})

    def paste(self, rows: list[tuple[object, ...]]) -> None:
        """Paste receipts (date, category, amount) into 明细."""
        cells: dict[str, Typed] = {}
        for n, (day, category, amount) in enumerate(rows, 6):
            for letter, value in zip("CDE", (day, category, amount), strict=True):
                if value is not None:
                    serial = float((value - dt.date(1899, 12, 30)).days) if isinstance(value, dt.date) else value
                    cells[f"{letter}{n}"] = serial  # type: ignore[assignment]
        add_rows(self.path, "明细", cells)

    def paste_receipts(self, rows: list[dict[str, object]]) -> None:
        """Paste receipts into 明细 by header; a blank is None."""
        sheet = read_back(self.path)["明细"]
        letters = {cell.value: cell.column_letter for cell in sheet[5] if cell.value}
        cells: dict[str, Typed] = {}
        for n, row in enumerate(rows, 6):
            for header, value in row.items():
                serial = float((value - dt.date(1899, 12, 30)).days) if isinstance(value, dt.date) else value
                if serial is not None:
                    cells[f"{letters[header]}{n}"] = serial  # type: ignore[assignment]
        add_rows(self.path, "明细", cells)


def keys_of(path: Path) -> Keys:
    """Read where the rows and columns of the keyed sheets stand."""
    found = {}
    for sheet in read_back(path).worksheets:
        if str(sheet["A1"].value).startswith("xlsales:store:"):
            rows = {cell.value: cell.row for (cell,) in sheet.iter_rows(min_row=2, max_col=1) if cell.value}
            found[sheet.title] = rows, {cell.value: cell.column for cell in sheet[1] if cell.value}
    return found


def sales_of(name: str) -> dict[str, float]:
    """What a store sold on each day of January and February: about its target, never rising for long."""
    chance, day, sold = random.Random(name), YEAR[0], {}
    while day <= LAST_FILLED:
        sold[day.isoformat()] = round(10_000 * chance.uniform(0.5, 1.5), 2)
        day += dt.timedelta(days=1)
    return sold


def fill(folder: Path, names: list[str]) -> dict[str, StoreFile]:
    """Fill in January and February of handed-out workbooks with plausible sales."""
    files = {}
    keys = keys_of(folder / f"{names[0]}.xlsx")
    for name in names:
        file = StoreFile(folder / f"{name}.xlsx", name, keys=keys)
        file.good = sales_of(name)
        file.type({(key, "entry"): amount for key, amount in file.good.items()})
        files[name] = file
    return files


def type_over(path: Path, title: str, cells: Mapping[str, Typed]) -> None:
    """Replace the contents of cells that are there, keeping their formats."""
    part, todo = part_of(path, title), dict(cells)

    def typed(found: re.Match[bytes]) -> bytes:
        address = found[1].decode()
        if address not in todo:
            return found[0]
        style = re.search(rb' s="\d+"', found[0].split(b">")[0])
        return _cell(address, todo.pop(address), style[0] if style else b"")

    def change(name: str, data: bytes) -> bytes:
        return re.sub(rb'<c r="([A-Z]+\d+)"(?:[^>]*/>|.*?</c>)', typed, data) if name == part else data

    rewrite(path, change)
    assert not todo, todo


def add_rows(path: Path, title: str, cells: Mapping[str, Typed]) -> None:
    """Type into cells of a sheet that are there; the others come at the ends of their rows, or below the last."""
    part = part_of(path, title)
    xml = _part(path, part).decode()
    there, rows = set(re.findall(r'<c r="([A-Z]+\d+)"', xml)), set(re.findall(r'<row r="(\d+)"', xml))
    type_over(path, title, {address: value for address, value in cells.items() if address in there})
    by_row: dict[str, bytes] = {}
    for address, value in cells.items():
        if address not in there:
            row = re.sub("[A-Z]", "", address)
            by_row[row] = by_row.get(row, b"") + _cell(address, value, b"")
    below = b"".join(b'<row r="%b">%b</row>' % (n.encode(), new) for n, new in by_row.items() if n not in rows)

    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        for row, new in by_row.items():
            if row in rows:
                end = data.index(b"</row>", data.index(b'<row r="%b"' % row.encode()))
                data = data[:end] + new + data[end:]
        return data.replace(b"</sheetData>", below + b"</sheetData>")

    rewrite(path, change)


def saved_at(path: Path, moment: str) -> None:
    """Let a file say when it was saved."""

    def change(name: str, data: bytes) -> bytes:
        if name != "docProps/core.xml":
            return data
        return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", lambda m: m[1] + moment.encode(), data)

    rewrite(path, change)


def insert_column(path: Path, title: str, before: str) -> None:
    """Insert a blank column, as Excel does with the cells; the formulas of the sheet are left alone."""
    part, first = part_of(path, title), _number(before)

    def moved(found: re.Match[bytes]) -> bytes:
        number = _number(found[2].decode())
        letters = get_column_letter(number + 1) if number >= first else found[2].decode()
        return found[1] + letters.encode() + found[3]

    def change(name: str, data: bytes) -> bytes:
        return re.sub(rb'(<c r=")([A-Z]+)(\d+")', moved, data) if name == part else data

    rewrite(path, change)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _cell(address: str, value: Typed, style: bytes) -> bytes:
    head = b'<c r="%b"%b' % (address.encode(), style)
    if isinstance(value, str):
        text = value.replace("&", "&amp;").replace("<", "&lt;").encode()
        return head + b' t="inlineStr"><is><t xml:space="preserve">' + text + b"</t></is></c>"
    return head + b"><v>%b</v></c>" % repr(value).encode()


def _part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)
