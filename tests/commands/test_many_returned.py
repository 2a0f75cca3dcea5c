"""Many returned files are read by several processes at once: what is written is the same, byte for byte."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.commands.books import Command
from tests.commands.conftest import Kept
from tests.commands.store_files import StoreFile
from tests.fuzz.trials import two_stores_back
from xlsales.commands import returned_files
from xlsales.hosts import cli
from xlsales.ooxml.package import Package
from xlsales.store.collect import reading
from xlsales.store.returned import Returned
from xlsales.tables.files.crew import Crew

pytestmark = pytest.mark.unit


@pytest.fixture
def folder(kept: Kept, tmp_path: Path) -> Path:
    """A plan of two stores, what came back of them, and files of all kinds beside."""
    kept.copy("two stores of a quarter", two_stores_back, tmp_path)
    back = tmp_path / "下发"
    good = back / "乙店.xlsx"
    for n in range(6):
        shutil.copy(good, back / f"copy {n}.xlsx")
    StoreFile(good, "乙店").type({("2026-01-06", "entry"): "一千", ("2026-01-07", "target"): 1.0})
    StoreFile(back / "copy 1.xlsx", "乙店").paste([("2026-03-05", "外衣", 40.0), ("5/6", "", 1.0)])
    (back / "damaged.xlsx").write_bytes(good.read_bytes()[:9000])
    (back / "letter.csv").write_text("a,b", "utf-8")
    return tmp_path


def parts(path: Path) -> dict[str, bytes]:
    package = Package.open(path)
    return {name: package.read(name) for name in package.names}


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_same_whatever_the_number_of_processes(
    xlsales: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Rows, account, sentences and files that go back are those of a run that reads all files itself."""
    monkeypatch.setattr(cli, "_now", lambda: dt.datetime(2026, 4, 15, 9, 30))
    command = ["collect", folder / "计划.xlsx", folder / "下发", "--json", "-o"]
    here = xlsales(*command, folder / "out.xlsx")
    expected = parts(folder / "out.xlsx"), sent_back(folder)
    shutil.rmtree(folder / "下发" / "退回")
    monkeypatch.setattr(returned_files, "FULL_LOAD", 1)
    monkeypatch.setattr(returned_files, "cores", lambda: count)
    monkeypatch.setattr(reading, "read_book", None)  # nothing is read in this process
    apart = xlsales(*command, folder / "out.xlsx")
    assert (apart.code, apart.out) == (here.code, here.out)
    assert (parts(folder / "out.xlsx"), sent_back(folder)) == expected


def sent_back(folder: Path) -> dict[str, dict[str, bytes]]:
    return {path.name: parts(path) for path in (folder / "下发" / "退回").glob("*.xlsx")}


def test_a_file_at_which_its_process_dies(xlsales: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not taken, and says so; the others are taken."""
    monkeypatch.setattr(returned_files, "FULL_LOAD", 1)
    monkeypatch.setattr(returned_files, "cores", lambda: 1)
    monkeypatch.setattr(Crew, "work", lambda self, common, files, here: dying(files, here))
    done = xlsales("collect", folder / "计划.xlsx", folder / "下发", "--json")
    states = {line["store"]: (line["accepted"], line["why"]) for line in done.json["stores"]}
    assert states["甲店"][0] == 70_000
    assert "乙店.xlsx 读不了" in states["乙店"][1]


def dying(
    files: Sequence[returned_files.Named], here: Callable[[returned_files.Named], Returned]
) -> Iterator[Returned | None]:
    """Answer as processes do that die at every file but that of 甲店."""
    return (here((name, path)) if name == "甲店.xlsx" else None for name, path in files)
