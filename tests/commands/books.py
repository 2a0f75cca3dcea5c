"""Plan workbooks to run commands on, and what the written sheets show, read by their keys."""

from __future__ import annotations

import datetime as dt
import io
import json
import pickle
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tests.calc import read_back
from tests.lazy_sheets import may_show
from xlsales.book.edits import CellEdits, Edits
from xlsales.book.publish import publish
from xlsales.ooxml.book import Area, Book
from xlsales.ooxml.cells import BLANK, Blank
from xlsales.plan.template.plan import plan_bytes
from xlsales.vocabulary.plan_tables import TABLES, InputTable

Rows = Sequence[Sequence[object]]
REGIONS = {"东北": 150, "华北": 200, "华东": 300, "华南": 250, "华西": 100}
PRODUCTS = {"产品A": 300, "产品B": 400, "产品C": 300}
CHANNELS = {"线上": 300, "线下": 400, "合作伙伴": 300}
COMPANY = {"区域": REGIONS, "产品": PRODUCTS, "渠道": CHANNELS}
WAN = 10_000


def members(dimensions: Mapping[str, Mapping[str, float | None]]) -> list[dict[str, object]]:
    """Rows of the dimensions table from names with weights."""
    return [
        {"dimension": dimension, "member": member, "weight": weight}
        for dimension, weights in dimensions.items()
        for member, weight in weights.items()
    ]


def plan(
    path: Path,
    *,
    lang: Any = "zh",
    dimensions: Sequence[Mapping[str, object]] | None = None,
    tables: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
    actuals: Rows | None = None,
    history: Rows | None = None,
    **settings: object,
) -> Path:
    """Write a plan: 1000万 for 2026 in steps of 1000 yuan, spread evenly, unless told otherwise; None is a blank."""
    given: dict[str, object] = {
        "total": 1000,
        "start": dt.date(2026, 1, 1),
        "end": dt.date(2026, 12, 31),
        "unit": "wan",
        "step": 1000,
        **settings,
    }
    rows = {"xs_dimensions": members({"区域": REGIONS}) if dimensions is None else dimensions, **(tables or {})}
    path.write_bytes(_planned(pickle.dumps((lang, given, rows, history, actuals))))
    return path


@lru_cache(maxsize=64)
def _planned(values: bytes) -> bytes:
    """A plan of pickled values: many tests begin with the same one, and writing it takes a third of a split."""
    return plan_bytes(*pickle.loads(values))


def fill(path: Path, table: InputTable, title: str, rows: Sequence[Mapping[str, float | str]]) -> None:
    """Type rows into a table that was added, over its examples; an empty text clears a cell."""
    keys = [column.key for column in table.columns]
    cells = {(5 + n, 2 + keys.index(key)): value for n, row in enumerate(rows) for key, value in row.items()}
    edit_cells(path, title, cells)


def edit_cells(path: Path, title: str, cells: Mapping[tuple[int, int], float | str]) -> None:
    """Type values into cells by row and column; an empty text clears a cell."""
    book = Book.open(path)
    publish(book, Edits((CellEdits(title, cells),)), "zh")
    book.package.save(path)


@dataclass(frozen=True)
class Shown:
    """A written sheet as openpyxl reads it: values by row key and column key, wherever they stand."""

    sheet: Any
    row: int
    column: int

    @cached_property
    def rows(self) -> dict[str, int]:
        below = self.sheet.iter_rows(min_row=self.row + 1, min_col=self.column, max_col=self.column)
        return {cell.value: cell.row for (cell,) in below if cell.value}

    @cached_property
    def columns(self) -> dict[str, int]:
        (beside,) = self.sheet.iter_rows(min_row=self.row, max_row=self.row, min_col=self.column + 2)
        return {cell.value: cell.column for cell in beside if cell.value}

    def cell(self, row: str, column: str) -> Any:
        return self.sheet.cell(self.rows[row], self.columns[column])

    def value(self, row: str, column: str) -> Any:
        return self.cell(row, column).value

    def down(self, column: str, pattern: str) -> list[Any]:
        """Values of a column, of the rows whose keys match."""
        return [self.value(row, column) for row in self.rows if re.fullmatch(pattern, row)]

    def along(self, row: str, prefix: str) -> list[Any]:
        """Values of a row, of the columns whose keys start with `prefix`."""
        return [self.value(row, column) for column in self.columns if column.startswith(prefix)]


@dataclass(frozen=True)
class Workbook:
    """A workbook read back: its sheets' titles, and the written sheets by identity."""

    book: Any

    @property
    def titles(self) -> list[str]:
        return list(self.book.sheetnames)

    def sheet(self, key: str) -> Shown:
        for sheet in self.book.worksheets:
            if not may_show(sheet, f"xlsales:{key}"):
                continue
            for row in sheet.iter_rows(max_row=12, max_col=12):
                for cell in row:
                    if cell.value == f"xlsales:{key}":
                        return Shown(sheet, cell.row, cell.column)
        raise AssertionError(f"no sheet {key} among {self.titles}")

    @property
    def time(self) -> Shown:
        return self.sheet("time")

    def dimension(self, name: str) -> Shown:
        return self.sheet(f"dimension:{name}")

    @property
    def problems(self) -> list[str]:
        """The sentences of the problems sheet."""
        return self.sheet("problems").down("sentence", r"p:\d+")


def opened(path: Path) -> Workbook:
    """Read a workbook with the results that are stored in it; who changes it reads it for himself."""
    return _read(path.read_bytes())


@lru_cache(maxsize=4)
def _read(data: bytes) -> Workbook:
    """A test asks the same file for many figures, and a reading takes as long as a split."""
    return Workbook(read_back(io.BytesIO(data), data_only=True))


@dataclass(frozen=True)
class Ran:
    """What a command gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def sentences(self) -> list[str]:
        return self.err.splitlines()


Command = Callable[..., Ran]


def again_and_back(xlsales: Command, path: Path, before: bytes) -> None:
    """A second split changes nothing, and an undo gives back the file as it was `before` the first one."""
    written = path.read_bytes()
    assert xlsales("split", path).code == 0
    assert path.read_bytes() == written
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == before


# --- what a person does to a file, done to its parts -----------------------


def rewrite(path: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """Let `change` give each part's new bytes, None to drop it."""
    parts = _parts(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in parts.items():
            changed = change(name, data)
            if changed is not None:
                out.writestr(name, changed)


def swap(path: Path, old: str, new: str, part: str = "xl/") -> None:
    """Replace a text in the parts whose names start with `part`; it must be there."""
    found = []

    def change(name: str, data: bytes) -> bytes:
        if name.startswith(part) and old.encode() in data:
            found.append(name)
            return data.replace(old.encode(), new.encode())
        return data

    rewrite(path, change)
    assert found, old


def part_of(path: Path, title: str) -> str:
    """The part of a sheet, by its title."""
    parts = _parts(path)
    book, relations = parts["xl/workbook.xml"].decode(), parts["xl/_rels/workbook.xml.rels"].decode()
    found = re.search(rf'<sheet name="{re.escape(title)}"[^>]*r:id="([^"]+)"', book)
    assert found, title
    line = next(tag for tag in re.findall("<Relationship [^>]*>", relations) if f'Id="{found[1]}"' in tag)
    target = re.search(r'Target="([^"]+)"', line)
    assert target
    return "xl/" + target[1].removeprefix("/xl/")


def cell_xml(path: Path, title: str, address: str, new: str) -> None:
    """Put another XML in the place of one cell."""
    part = part_of(path, title)

    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        replaced, n = re.subn(rf'<c r="{address}"(?:[^>]*/>|.*?</c>)'.encode(), new.encode(), data, count=1)
        assert n, address
        return replaced

    rewrite(path, change)


def type_in(path: Path, title: str, address: str, value: float | str) -> None:
    """Type a value over a cell that is there, keeping its format."""
    part = part_of(path, title)
    style = re.search(rf'<c r="{address}"[^>]*? s="(\d+)"', _parts(path)[part].decode())
    s = f' s="{style[1]}"' if style else ""
    if isinstance(value, str):
        text = value.replace("&", "&amp;").replace("<", "&lt;")
        cell_xml(path, title, address, f'<c r="{address}"{s} t="inlineStr"><is><t>{text}</t></is></c>')
    else:
        cell_xml(path, title, address, f'<c r="{address}"{s}><v>{value}</v></c>')


def place_of(path: Path, setting: str) -> str:
    """Where the cell of a setting stands, `设置!C7`, by its name."""
    names = _parts(path)["xl/workbook.xml"].decode()
    found = re.search(rf"<definedName name=\"xs_{setting}\">'?([^'!]+)'?!\$([A-Z]+)\$(\d+)<", names)
    assert found, setting
    return f"{found[1]}!{found[2]}{found[3]}"


def answer(path: Path, setting: str, value: float | str | dt.date) -> None:
    """Type a setting of an existing plan, found by its name."""
    shown = float((value - dt.date(1899, 12, 30)).days) if isinstance(value, dt.date) else value
    type_in(path, *place_of(path, setting).split("!"), shown)


def paste(path: Path, rows: Rows, title: str = "实际") -> None:
    """Paste rows at A1 of a sheet, over what was there."""

    def cell(value: object) -> str:
        if isinstance(value, dt.date):
            return f"<v>{(value - dt.date(1899, 12, 30)).days}</v></c>"
        text = str(value).replace("&", "&amp;").replace("<", "&lt;")
        return f"<v>{value}</v></c>" if isinstance(value, int | float) else f"<is><t>{text}</t></is></c>"

    def tag(value: object, row: int, column: int) -> str:
        kind = ' t="inlineStr"' if isinstance(value, str) else ""
        return f'<c r="{chr(65 + column)}{row}"{kind}>{cell(value)}'

    lines = [
        f'<row r="{r}">{"".join(tag(v, r, c) for c, v in enumerate(values) if v is not None)}</row>'
        for r, values in enumerate(rows, 1)
    ]
    part = part_of(path, title)
    data = f"<sheetData>{''.join(lines)}</sheetData>".encode()
    pattern = re.compile(rb"<sheetData/>|<sheetData>.*</sheetData>", re.S)
    rewrite(path, lambda name, old: pattern.sub(lambda _: data, old) if name == part else old)


def insert_row(path: Path, title: str, before: int, values: Mapping[str, str] | None = None) -> None:
    """Insert a row, as Excel does: what is below moves down, names and formulas of the sheet are left alone."""
    part = part_of(path, title)

    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        head, body, tail = re.split(rb"(?<=<sheetData>)|(?=</sheetData>)", data)
        rows = list(_rows(body))
        moved = [xml if number < before else _moved(xml, number) for number, xml in rows]
        cells = "".join(f'<c r="{c}{before}" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in (values or {}).items())
        at = sum(number < before for number, _ in rows)
        moved.insert(at, f'<row r="{before}">{cells}</row>'.encode())
        return head + b"".join(moved) + tail

    rewrite(path, change)


def add_cells(path: Path, title: str, cells: Mapping[str, str | float]) -> None:
    """Write cells where there are none, right of what is in their rows."""
    part = part_of(path, title)

    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        for address, value in cells.items():
            row = int(re.sub("[A-Z]", "", address))
            if isinstance(value, str):
                cell = f'<c r="{address}" t="inlineStr"><is><t>{value}</t></is></c>'
            else:
                cell = f'<c r="{address}"><v>{value}</v></c>'
            pattern = rf'(<row r="{row}"[^>]*?)(?:/>|>(.*?)</row>)'.encode()
            data, n = re.subn(pattern, lambda m, c=cell: m[1] + b">" + (m[2] or b"") + c.encode() + b"</row>", data)
            assert n == 1, address
        return data

    rewrite(path, change)


def fill_in(path: Path, table: str, row: int, **values: float | str | dt.date | None) -> None:
    """Fill in cells of a row (0 is the first) of an input table, by column key; None clears a cell."""
    fill_rows(path, {table: {row: values}})


def fill_rows(path: Path, tables: Mapping[str, Mapping[int, Mapping[str, object]]]) -> None:
    """Fill in cells of many rows of input tables, by table, row (0 is the first) and column key; None clears a cell."""
    book = Book.open(path)
    edits = []
    for table, rows in tables.items():
        found = book.table(table)
        assert found is not None, table
        description = next(t for t in TABLES if t.name == table)
        labels = {column.key: (column.label.zh, column.label.en) for column in description.columns}
        at = {key: next(i for i, header in enumerate(found.headers) if header in both) for key, both in labels.items()}
        cells: dict[tuple[int, int], float | str | Blank] = {}
        for row, values in rows.items():
            for key, value in values.items():
                cells[found.data_rows.start + row, found.area.column + at[key]] = _typed(value)
        edits.append(CellEdits(found.area.sheet, cells))
    publish(book, Edits(tuple(edits)), "zh")
    book.package.save(path)


def _typed(value: object) -> float | str | Blank:
    """A value as a cell holds it."""
    if value is None or isinstance(value, str):
        return BLANK if value is None else value
    return float((value - dt.date(1899, 12, 30)).days if isinstance(value, dt.date) else value)  # type: ignore[arg-type]


def table_place(path: Path, table: str) -> Area:
    """Where the first row of data of an input table begins."""
    found = Book.open(path).table(table)
    assert found is not None, table
    return replace(found.area, row=found.data_rows.start)


def sort_rows(path: Path, title: str, rows: Sequence[int]) -> None:
    """Give the rows, in the order named, the places that they have together: as sorting does."""
    part = part_of(path, title)

    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        head, body, tail = re.split(rb"(?<=<sheetData>)|(?=</sheetData>)", data)
        found = dict(_rows(body))
        places = sorted(rows)
        placed = {place: _renumbered(found[row], row, place) for place, row in zip(places, rows, strict=True)}
        return head + b"".join(placed.get(number, xml) for number, xml in found.items()) + tail

    rewrite(path, change)


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _rows(body: bytes) -> Iterator[tuple[int, bytes]]:
    for found in re.finditer(rb'<row r="(\d+)"(?:[^>]*/>|.*?</row>)', body, re.S):
        yield int(found[1]), found[0]


def _moved(row: bytes, number: int) -> bytes:
    return _renumbered(row, number, number + 1)


def _renumbered(row: bytes, old: int, new: int) -> bytes:
    """Give a row and its cells another number, and its formulas the same row where they mean their own."""
    row = re.sub(rf'(r="[A-Z]*){old}"'.encode(), rf'\g<1>{new}"'.encode(), row)

    def follow(formula: re.Match[bytes]) -> bytes:
        return re.sub(rf"(?<![$\d])([A-Z]+){old}\b".encode(), rf"\g<1>{new}".encode(), formula[0])

    return re.sub(rb"<f>.*?</f>", follow, row)
