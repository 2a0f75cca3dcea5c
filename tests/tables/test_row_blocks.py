"""A sheet that is loaded by blocks of rows is the sheet that is loaded at once: cells, types, places."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from tests.tables.raw import HEADERS, inline, number, table, write_raw
from xlsales.ooxml import archive, excerpts
from xlsales.ooxml.book import Book
from xlsales.ooxml.excerpts import Undivided, needed_parts
from xlsales.tables.files import books, processes, row_blocks, worker
from xlsales.tables.files.loading import Asked, TooSpread, load
from xlsales.tables.files.row_blocks import BlockReader
from xlsales.tables.files.scan import SheetScan, scan
from xlsales.tables.files.source import Source
from xlsales.tables.files.source import load as load_source

pytestmark = pytest.mark.unit
DATED = 1
"""The style of dates in the workbooks of `write_raw`."""


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excerpts, "LEAST_BYTES", 1500)
    monkeypatch.setattr(excerpts, "_TIMES_OTHERS", 0)
    monkeypatch.setattr(archive, "CHUNK", 600)
    monkeypatch.setattr(archive, "_FIRST", 600)


def by_blocks(path: Path, asked: Asked) -> tuple[pl.DataFrame, int]:
    book = Book.open(path)
    return BlockReader(book.package, book.sheets[0].part, needed_parts(book)).load(asked)[:2]


def at_once(path: Path, asked: Asked) -> tuple[pl.DataFrame, int]:
    return load(fastexcel.read_excel(path), asked)


def check_same(path: Path, asked: Asked) -> pl.DataFrame:
    cells, first = by_blocks(path, asked)
    whole, its_first = at_once(path, asked)
    assert cells.schema == whole.schema
    assert cells.equals(whole)
    assert first == its_first
    return cells


CELLS: dict[str, Callable[[str, random.Random], str]] = {
    "whole": lambda at, pick: number(at, pick.randint(-99, 99)),
    "fraction": lambda at, pick: number(at, pick.choice([0.1 + 0.2, 29.020000000000003, -1e-12, 1e17, 123456789.875])),
    "date": lambda at, pick: number(at, pick.randint(46023, 46388), DATED),
    "moment": lambda at, pick: number(at, 46023 + pick.random(), DATED),
    "text": lambda at, pick: inline(at, pick.choice(["华东", "约500", " x ", "12"])),
    "formula": lambda at, pick: f'<c r="{at}" t="str"><f>A1</f><v>{pick.choice(["甲", "乙"])}</v></c>',
    "no text": lambda at, pick: f'<c r="{at}" t="str"><f>A1</f><v></v></c>',
    "true": lambda at, pick: f'<c r="{at}" t="b"><v>{pick.randint(0, 1)}</v></c>',
    "blank": lambda at, pick: pick.choice(["", f'<c r="{at}" s="1"/>']),
    "nothing": lambda at, pick: inline(at, pick.choice(["NULL", "nan", "N/A"])),
    "error": lambda at, pick: f'<c r="{at}" t="e"><v>#N/A</v></c>',
}
MIXTURES = [
    ["whole", "fraction"], ["whole", "text"], ["date", "text"], ["moment", "text", "blank"], ["fraction", "formula"],
    ["true", "whole"], ["true", "fraction"], ["true", "text"], ["blank"], ["blank", "text"], ["date", "whole"],
    ["no text", "whole"], ["no text", "text"], ["error", "fraction"], ["moment"],
    ["nothing", "whole"], ["nothing", "text"], ["nothing", "date", "blank"],
]  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_columns_of_any_mixture_are_those_of_the_sheet_at_once(tmp_path: Path, seed: int) -> None:
    """In each stretch of rows a column has one kind of its mixture, so that the blocks disagree."""
    pick = random.Random(seed)
    mixtures = [pick.choice(MIXTURES) for _ in range(5)]
    kinds, rows = [pick.choice(mixture) for mixture in mixtures], []
    for row in range(2, 200):
        if pick.random() < 0.05:
            kinds = [pick.choice(mixture) for mixture in mixtures]
        if pick.random() < 0.9:  # else there is no such row
            cells = "".join(CELLS[kind](f"{'BCDEF'[i]}{row}", pick) for i, kind in enumerate(kinds))
            rows.append(f'<row r="{row}">{cells}</row>')
    path = write_raw(tmp_path / "t.xlsx", table() + "".join(rows))
    for asked in (Asked("实际", 1), Asked("实际", texts=True), Asked("实际", 3)):
        check_same(path, asked)


@pytest.mark.parametrize("prefix", ["", "x"])
def test_places_are_kept(tmp_path: Path, prefix: str) -> None:
    """Blocks that begin and end in other columns, blank rows between them, before them and after them."""
    rows = [f'<row r="{row}">{number(f"C{row}", row)}{number(f"D{row}", row)}</row>' for row in range(70, 100)]
    rows += [f'<row r="{row}">{"".join(f"<c r={chr(34)}{c}{row}{chr(34)}/>" for c in "BCDEFG")}</row>'
             for row in range(100, 160)]  # fmt: skip
    rows += [f'<row r="{row}">{number(f"B{row}", row)}{number(f"G{row}", row)}</row>' for row in range(300, 340)]
    rows += [f'<row r="{row}"/>' for row in range(400, 500)]
    cells = check_same(write_raw(tmp_path / "t.xlsx", "".join(rows), prefix=prefix), Asked("实际"))
    assert cells.shape == (339, 6)
    assert cells["5"].drop_nulls().to_list() == list(range(300, 340))


@pytest.mark.parametrize("seed", range(10))
def test_the_bytes_are_scanned_in_the_same_pass(tmp_path: Path, seed: int) -> None:
    """What the scan alone finds, also after it was told by another process."""
    pick = random.Random(seed)
    kinds = pick.sample([kind for kind in CELLS if kind != "blank"], 4)
    formula = '<c r="G{0}"><f>1+1</f></c>'
    rows = [
        f'<row r="{row}"{pick.choice(["", " hidden={0}1{0}".format(chr(34))])}>'
        + "".join(CELLS[kind](f"{'BCDE'[i]}{row}", pick) for i, kind in enumerate(kinds))
        + (formula.format(row) if pick.random() < 0.1 else "")
        + "</row>"
        for row in range(2, 200)
    ]
    path = write_raw(tmp_path / "t.xlsx", table() + "".join(rows))
    book = Book.open(path)
    part = book.sheets[0].part
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A5:A9"/></mergeCells>'
    book.package.set(part, book.package.read(part).replace(b"</sheetData>", merged))
    book.package.save()
    alone = scan(book.package, part)
    beside = BlockReader(book.package, part, needed_parts(book)).load(Asked("实际", 1))[2]
    assert beside == alone == SheetScan.from_json(json.loads(json.dumps(beside.to_json())))
    assert alone.flaws
    assert alone.merged
    assert alone.hidden


def rows_of_numbers(count: int = 200) -> list[str]:
    return [f'<row r="{row}">{number(f"B{row}", row)}</row>' for row in range(2, count)]


UNDIVIDED: dict[str, Callable[[list[str]], list[str]]] = {
    "rows without numbers": lambda rows: [row.replace(' r="', ' q="', 1) for row in rows],
    "falling rows": lambda rows: rows[100:] + rows[:100],
    "a row twice": lambda rows: rows + rows[-60:],
    "a cell of another row": lambda rows: [row.replace('"B50"', '"B180"') for row in rows],
    "comments": lambda rows: [*rows, "<!-- <row/> -->"],
    "lengths of time among numbers": lambda rows: rows,
    "lengths of time below a text": lambda rows: [f'<row r="2">{inline("B2", "约500")}</row>', *rows[1:]],
}


@pytest.mark.parametrize("what", UNDIVIDED)
def test_a_sheet_whose_rows_cannot_be_told_apart_is_left(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if what.startswith("lengths"):
        monkeypatch.setattr(
            row_blocks, "raw_cells", lambda *a, below, **k: _lengths_of_time(worker_raw_cells(*a, below=below), below)
        )
    with pytest.raises(Undivided):
        by_blocks(
            write_raw(tmp_path / "t.xlsx", table() + "".join(UNDIVIDED[what](rows_of_numbers()))), Asked("实际", 1)
        )


worker_raw_cells = row_blocks.raw_cells


def _lengths_of_time(loaded: tuple[pl.DataFrame, int], below: int) -> tuple[pl.DataFrame, int]:
    """As the reader gives cells with the format [h]:mm, below the first block."""
    cells, first = loaded
    return (cells.cast({pl.Float64: pl.Duration("ms")}) if below else cells), first


def test_a_head_longer_than_a_block_is_left(tmp_path: Path) -> None:
    with pytest.raises(Undivided):
        by_blocks(write_raw(tmp_path / "t.xlsx", table() + "".join(rows_of_numbers())), Asked("实际", 100))


def test_few_blocks_are_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is inflated waits for the reader."""
    begun, done, most = 0, 0, 0
    load_one = row_blocks._load

    def counted(*a: object, **k: object) -> object:
        nonlocal done
        try:
            return load_one(*a, **k)  # type: ignore[arg-type]
        finally:
            done += 1

    def cut(*a: object) -> object:
        nonlocal begun, most
        for excerpt in excerpts.excerpts(*a):  # type: ignore[arg-type]
            begun += 1
            most = max(most, begun - done)
            yield excerpt

    monkeypatch.setattr(row_blocks, "_load", counted)
    monkeypatch.setattr(row_blocks, "excerpts", cut)
    by_blocks(write_raw(tmp_path / "t.xlsx", table() + "".join(rows_of_numbers(3000))), Asked("实际", 1))
    assert begun > 20
    assert most <= row_blocks.THREADS + 2


@pytest.mark.parametrize(("text_in", "passes"), [(2, 1), (150, 2), (None, 1)])
def test_a_sheet_is_inflated_once_if_its_texts_come_early(
    tmp_path: Path, text_in: int | None, passes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks of numbers behind a text are read as texts at once; those before it in a second pass, up to the last."""
    begun: list[int] = []

    def counted(*a: object) -> object:
        begun.append(0)
        for excerpt in excerpts.excerpts(*a):  # type: ignore[arg-type]
            begun[-1] += 1
            yield excerpt

    rows = [inline(f"B{n}", "约500") if n == text_in else number(f"B{n}", n + 0.25) for n in range(2, 200)]
    path = write_raw(
        tmp_path / "t.xlsx", table() + "".join(f'<row r="{n}">{cell}</row>' for n, cell in enumerate(rows, 2))
    )
    monkeypatch.setattr(row_blocks, "excerpts", counted)
    cells = check_same(path, Asked("实际", 1))
    assert cells["1"].dtype == (pl.String if text_in else pl.Float64)
    assert len(begun) == passes
    assert begun[0] > 4
    assert passes == 1 or begun[1] <= begun[0]


def test_a_large_sheet_goes_by_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sheet's part and what it needs are told to the worker, which loads it by blocks or else at once."""
    path = write_raw(tmp_path / "t.xlsx", table() + "".join(rows_of_numbers()))
    here = load_source(Source(path, None, "实际"))
    asked: list[dict[str, object]] = []

    def ask(self: processes.Worker, request: dict[str, object], seconds: float) -> dict[str, object]:
        asked.append(request)
        return worker._answer(request, {})

    monkeypatch.setattr(worker, "limit_memory", lambda most: None)
    monkeypatch.setattr(worker, "limit_time", lambda seconds: None)
    monkeypatch.setattr(processes.Worker, "ask", ask)
    monkeypatch.setattr(books, "MIDDLE", 0)
    monkeypatch.setattr(books, "SMALL", 0)
    monkeypatch.setattr(fastexcel, "read_excel", _no_more_than(3000))
    grid = load_source(Source(path, None, "实际"))
    assert grid.body.equals(here.body)
    assert grid.head == here.head == (HEADERS,)
    assert asked[0]["part"] == "xl/worksheets/sheet1.xml"


WHERE = {"here": {}, "apart": {"MIDDLE": 0, "SMALL": 0}}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("what", [what for what in UNDIVIDED if not what.startswith("lengths")])
def test_a_sheet_that_is_left_is_loaded_at_once(
    tmp_path: Path, what: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All its cells are there, whichever process has tried blocks before."""
    for name, limit in WHERE[where].items():
        monkeypatch.setattr(books, name, limit)
    rows = rows_of_numbers()
    grid = load_source(Source(write_raw(tmp_path / "t.xlsx", table() + "".join(UNDIVIDED[what](rows))), None, "实际"))
    assert {int(n) for n in grid.body["1"].drop_nulls()} == set(range(2, 200))


def test_a_sheet_in_this_process_goes_by_blocks_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_raw(tmp_path / "t.xlsx", table() + "".join(rows_of_numbers()))
    monkeypatch.setattr(processes.Worker, "ask", None)
    monkeypatch.setattr(fastexcel, "read_excel", _no_more_than(3000))
    assert load_source(Source(path, None, "实际")).body["1"].to_list() == list(range(2, 200))


FAR = {
    "a cell to the right": ('<row r="9"><c r="XFD9"><v>1</v></c></row>', True),
    "a cell to the right, with other quotation marks": ("<row r='9'><c r='XFD9'><v>1</v></c></row>", True),
    "a cell to the right in the last row": ('<row r="700001"><c r="AB700001"><v>1</v></c></row>', True),
    "no cell to the right": ('<row r="9"><c r="E9"><v>1</v></c></row>', False),
    "a word in capitals": ('<row r="9"><c r="A9" t="str"><v>"AB"</v></c></row>', False),
}


@pytest.mark.parametrize("what", FAR)
def test_a_block_with_cells_far_apart_is_not_given_to_the_reader(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row far below makes any block tall."""
    row, is_spread = FAR[what]
    rows = "".join(rows_of_numbers(5)) + row + '<row r="700002"><c r="A700002"/></row>'
    path = write_raw(tmp_path / "t.xlsx", table() + rows)
    monkeypatch.setattr(excerpts, "LEAST_BYTES", 100_000)
    if is_spread:
        with pytest.raises(TooSpread):
            by_blocks(path, Asked("实际", 1))
    else:
        by_blocks(path, Asked("实际", 1))


def _no_more_than(most: int) -> Callable[[bytes], fastexcel.ExcelReader]:
    """A reader that takes no more than so many bytes of rows."""
    read = fastexcel.read_excel

    def read_few(source: bytes) -> fastexcel.ExcelReader:
        assert source.count(b"<row") * 40 < most
        return read(source)

    return read_few
