"""Whatever a file does to the native reader costs that file one sentence, and the next one is read."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from xlsales.core.faults import Fault
from xlsales.ooxml.excerpts import Undivided
from xlsales.tables.files import books, native, processes, worker
from xlsales.tables.files.loading import Asked
from xlsales.tables.files.source import Source, load
from xlsales.tables.files.unreadable import ReaderGone

pytestmark = pytest.mark.unit
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
ROWS = 300


def table(path: Path, *others: tuple[int, int, object], rows: int = ROWS) -> Path:
    """Write a table of dates, regions and amounts, and other cells (row, column, from 0)."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("实际")
    sheet.write_row(0, 0, ["日期", "区域", "金额"])
    for row in range(1, rows + 1):
        sheet.write_row(row, 0, [f"2026-01-{row % 28 + 1:02}", "华东", 1.5])
    for row, column, value in others:
        sheet.write(row, column, value)
    book.close()
    return path


@pytest.fixture
def no_workers() -> Iterator[None]:
    processes._let_all_go()
    yield
    processes._let_all_go()


STRAY = {
    "the last cell": [(1_048_575, 16_383, 9)],
    "the last column": [(0, 16_383, "x")],
    "the last row": [(1_048_575, 2, 9)],
    "a column and a row": [(5, 9_000, 9), (900_000, 1, 9)],
    "a row of cells": [(500_000, column, 9) for column in range(3)],
}


@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize("what", STRAY)
def test_a_stray_cell_costs_itself(tmp_path: Path, what: str, small: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work goes with the cells that are there, not with the used range; what is far away is told and not read."""
    if not small:
        monkeypatch.setattr(books, "MIDDLE", 0)
        monkeypatch.setattr(books, "SMALL", 0)
        monkeypatch.setattr(worker, "MOST_MEMORY", 1 << 30)
    grid = load(Source(table(tmp_path / "t.xlsx", *STRAY[what], rows=3000), None, "实际"))
    assert (grid.height, grid.width) == (3001, 3)
    (note,) = grid.notes
    assert f"等 {len(STRAY[what])} 个单元格离表很远" in note.say("zh")


def test_columns_a_little_apart_are_all_read(tmp_path: Path) -> None:
    grid = load(
        Source(table(tmp_path / "t.xlsx", (0, 60, "备注"), (3, 60, "x"), (40_000, 0, "2026-02-01")), None, "实际")
    )
    assert (grid.height, grid.width) == (40_001, 61)
    assert not grid.notes


@pytest.mark.usefixtures("no_workers")
def test_a_reader_that_dies_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash of the process, between two files that are read."""
    good = table(tmp_path / "good.xlsx")
    reader = native.Native(good)
    assert reader.titles() == [("实际", True)]
    with processes.borrow() as one:
        one._process.kill()
        one._process.wait()
    assert reader.load(Asked("实际"))[0].height == ROWS + 1  # another takes its place

    asked = processes.Worker.ask
    monkeypatch.setattr(processes.Worker, "ask", lambda self, *a, **k: (self._process.kill(), asked(self, *a, **k))[1])
    with pytest.raises(ReaderGone, match=r"good\.xlsx"):
        reader.titles()
    monkeypatch.undo()
    assert reader.load(Asked("实际", texts=True))[0].height == ROWS + 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only POSIX systems have pipes with names")
@pytest.mark.usefixtures("no_workers")
def test_a_reader_that_does_not_end_is_a_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "endless.xls")
    asked = {"ask": "titles", "path": str(tmp_path / "endless.xls"), "seconds": 10}
    began = time.monotonic()
    with processes.borrow() as one:
        assert one.ask(asked, seconds=1.5) is None
        assert not one.alive
    assert time.monotonic() - began < 30
    assert native.Native(table(tmp_path / "good.xlsx")).titles() == [("实际", True)]


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are those of Linux")
@pytest.mark.usefixtures("no_workers")
def test_a_reader_that_asks_for_too_much_is_a_sentence(tmp_path: Path) -> None:
    """A used range of 400 GB, given to the reader as it is."""
    reader = native.Native(table(tmp_path / "t.xlsx", (1_048_575, 16_383, 9)))
    with pytest.raises(ReaderGone):
        reader.load(Asked("实际"))
    assert native.Native(table(tmp_path / "good.xlsx")).load(Asked("实际"))[0].height == ROWS + 1


@pytest.mark.realdata
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the public workbooks are not here: ../shared/corpus")
def test_a_file_that_is_made_to_kill_readers() -> None:
    (hostile,) = CORPUS.rglob("oleloop.xls")
    with pytest.raises(Fault) as found:
        load(Source(hostile, None, "x"))
    assert "oleloop.xls" in found.value.say("zh")


@pytest.mark.usefixtures("no_workers")
def test_inside_of_a_program_without_a_python_all_is_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/office/soffice.bin")
    monkeypatch.setattr(processes, "Worker", None)
    monkeypatch.setattr(books, "SMALL", 0)
    assert load(Source(table(tmp_path / "t.xlsx"), None, "实际")).height == ROWS + 1


@pytest.mark.usefixtures("no_workers")
def test_a_worker_is_let_go_when_nobody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "IDLE", 0.2)
    native.Native(table(tmp_path / "t.xlsx")).titles()
    (one,) = processes._idle
    end = time.monotonic() + 20
    while one.alive and time.monotonic() < end:
        time.sleep(0.05)
    assert not one.alive
    assert processes._idle == []


def test_the_same_cells_here_and_apart(tmp_path: Path) -> None:
    path = table(tmp_path / "t.xlsx", (7, 1, True), (9, 2, "文字"))
    for texts in (False, True):
        here, apart = (native.Native(path, apart=apart).load(Asked("实际", 1, texts=texts)) for apart in (False, True))
        assert here[0].equals(apart[0])
        assert here[0].schema == apart[0].schema
        assert here[1] == apart[1]


@pytest.mark.usefixtures("no_workers")
def test_a_large_file_finds_its_worker_warm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table(tmp_path / "t.xlsx")
    processes.warm(path)
    assert processes._idle == []
    monkeypatch.setattr(processes, "_LARGE", 1000)
    processes.warm(path)
    processes.warm(path)
    (one,) = processes._idle
    native.Native(path).titles()
    assert processes._idle == [one]


@pytest.mark.parametrize(("name", "workers"), [("t.xls", 1), ("t.ods", 1), ("t.xlsx", 0), ("t.csv", 0)])
@pytest.mark.usefixtures("no_workers")
def test_a_file_without_xml_always_finds_its_worker_warm(tmp_path: Path, name: str, workers: int) -> None:
    (tmp_path / name).write_bytes(b"PK")
    processes.warm(tmp_path / name)
    assert len(processes._idle) == workers


@pytest.mark.parametrize(
    ("name", "opened"), [("t.xls", True), ("坏.xls", False), ("没有.xls", False), ("t.xlsx", False)]
)
def test_a_worker_opens_its_first_file_unasked(tmp_path: Path, name: str, opened: bool) -> None:
    """One with XML inside is read by blocks of its rows: there is nothing to open."""
    table(tmp_path / "t.xlsx")
    table(tmp_path / "t.xls")
    (tmp_path / "坏.xls").write_bytes(b"PK")
    program = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from pathlib import Path; import fastexcel as f; read = f.read_excel\n"
        f"f.read_excel = lambda b: (read(b), Path({str(tmp_path / 'opened')!r}).touch())[0]\n"
        "from xlsales.tables.files.worker import serve; serve(sys.argv[1])"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path / name], input=b"", check=True, timeout=60)
    assert (tmp_path / "opened").exists() is opened


def test_small_sheets_are_read_here_without_the_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If rows cannot be told apart, the reader in this process gets a workbook without the rows that are read apart."""
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    for title, rows in (("大", 2000), ("小", 5)):
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, ["日期", "区域", "金额"])
        for row in range(1, rows + 1):
            sheet.write_row(row, 0, [f"2026-01-{row % 28 + 1:02}", "华东", row])
    book.close()
    opened: list[int] = []
    read = native.fastexcel.read_excel
    monkeypatch.setattr(books, "SMALL", 20_000)
    monkeypatch.setattr(books, "load_blocks", _undivided)
    monkeypatch.setattr(native.fastexcel, "read_excel", lambda source: (opened.append(len(source)), read(source))[1])
    small = load(Source(tmp_path / "t.xlsx", "小", "小"))
    assert small.body["2"].to_list() == [1, 2, 3, 4, 5]
    assert len(opened) == 1
    assert opened[0] < (tmp_path / "t.xlsx").stat().st_size / 2
    assert load(Source(tmp_path / "t.xlsx", "大", "大")).height == 2001
    assert len(opened) == 1


def _undivided(*_: object) -> None:
    raise Undivided
