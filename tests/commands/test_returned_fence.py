"""One returned file that nobody foresaw costs itself one sentence; the others are taken."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import Command, cell_xml
from tests.commands.conftest import Kept
from tests.commands.store_files import StoreFile
from tests.fuzz.trials import two_stores_back
from xlsales.store.collect import reading
from xlsales.store.collect.arrivals import not_read

pytestmark = pytest.mark.unit
ODD = {
    "no number": "<v>NaN</v>",
    "beyond all numbers": "<v>1e999</v>",
    "a number of no shop": "<v>1e308</v>",
    "minus nothing": "<v>-0</v>",
    "the least number": "<v>5e-324</v>",
    "a negative day": "<v>-5</v>",
    "a day before all": "<v>0.4</v>",
    "half a character": "<is><t>_xD800_</t></is>",
    "a character that is none": "<is><t>&#xD800;</t></is>",
    "the character 0": "<is><t>_x0000_</t></is>",
    "a stamp with its offset": "<is><t>2026-01-05T00:00:00+08:00</t></is>",
    "the last year": "<is><t>9999-12-31</t></is>",
    "the first year": "<is><t>0001-01-01</t></is>",
    "an error": '<v t="e">#N/A</v>',
}


@pytest.fixture
def folder(kept: Kept, tmp_path: Path) -> Path:
    """A plan of two stores with what came back of them."""
    kept.copy("two stores of a quarter", two_stores_back, tmp_path)
    return tmp_path


@pytest.mark.parametrize("place", ["日报", "明细"])
@pytest.mark.parametrize("what", ODD)
def test_an_odd_cell_costs_its_row(xlsales: Command, folder: Path, what: str, place: str) -> None:
    """Dates and amounts of a store that no spreadsheet shows: the row is set aside or nothing, all else is taken."""
    file, inner = StoreFile(folder / "下发" / "乙店.xlsx", "乙店"), ODD[what]
    kind = ' t="inlineStr"' if "<is>" in inner else ""
    if place == "日报":
        file.xml("2026-01-06", "entry", inner, attributes=kind)
    else:
        for letter in "CE":
            cell_xml(file.path, "明细", f"{letter}7", f'<c r="{letter}7"{kind}>{inner}</c>')
    done = xlsales("collect", folder / "计划.xlsx", folder / "下发", "--json")
    assert done.code in (0, 1), done.out
    accepted = {line["store"]: line["accepted"] for line in done.json["stores"]}
    assert accepted["甲店"] == 70_000
    assert abs(accepted["乙店"] - (70_000 if place == "日报" else 50_000)) <= 5
    assert all(problem["sentence"] for problem in done.json["problems"])
    assert "出错" not in done.out


class Panic(BaseException):
    """As a native reader has them."""


@pytest.mark.parametrize("place", ["日报", "明细"])
def test_more_digits_than_arithmetic_has(xlsales: Command, folder: Path, place: str) -> None:
    """A cell of a million digits, more than Excel's 32,767, costs its row alone."""
    file, inner = StoreFile(folder / "下发" / "乙店.xlsx", "乙店"), "<is><t>" + "9" * 1_100_000 + "</t></is>"
    address = file.at("2026-01-06", "entry") if place == "日报" else "E7"
    cell_xml(file.path, place, address, f'<c r="{address}" t="inlineStr">{inner}</c>')
    done = xlsales("collect", folder / "计划.xlsx", folder / "下发", "--json")
    assert done.code == 1
    accepted = {line["store"]: line["accepted"] for line in done.json["stores"]}
    assert accepted["甲店"] == 70_000
    assert accepted["乙店"] == (70_000 if place == "日报" else 50_000)
    assert "程序内部出错" not in done.out
    assert any("999…”" in problem["sentence"] for problem in done.json["problems"])


@pytest.mark.parametrize("error", [Panic("index out of bounds"), KeyError("甲"), RecursionError(), MemoryError()])
def test_an_unforeseen_error_is_the_file_s_sentence(
    xlsales: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """The sentence names file, kind and log; the log has the details; the store counts as not taken."""
    whole = reading.read_book

    def read(path: Path, *what: Any) -> object:
        if path.stem == "乙店":
            raise error
        return whole(path, *what)

    monkeypatch.setattr(reading, "read_book", read)
    done = xlsales("collect", folder / "计划.xlsx", folder / "下发", "--json")
    assert done.code == 1
    states = {line["store"]: (line["accepted"], line["why"]) for line in done.json["stores"]}
    log = folder / "memory" / "xlsales.log"
    kind = type(error).__name__
    assert states["甲店"] == (70_000, "")
    assert states["乙店"][1] == (
        f"读 乙店.xlsx 时程序内部出错({kind}),没有采用,别的文件照常。请把这个文件和日志文件发给我们:{log}"
    )
    assert "Traceback" in log.read_text("utf-8")
    assert kind in log.read_text("utf-8")


def test_an_interrupt_ends_the_run(xlsales: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who breaks off means the run, not a file."""

    def read(path: Path, *what: Any) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, "read_book", read)
    before = (folder / "计划.xlsx").read_bytes()
    assert xlsales("collect", folder / "计划.xlsx", folder / "下发").code == 2
    assert (folder / "计划.xlsx").read_bytes() == before


def test_files_that_are_not_read_are_told(xlsales: Command, folder: Path) -> None:
    """A letter, a picture, a workbook without an ending and a pipe: one line; followed, the workbook counts."""
    back = folder / "下发"
    assert xlsales("collect", folder / "计划.xlsx", back).code == 0
    (back / "乙店.xlsx").rename(back / "乙店")
    (back / "二月" / "图").mkdir(parents=True)
    (back / "二月" / "甲店.docx").write_bytes(b"PK")
    (back / "二月" / "图" / "1.png").write_bytes(b"PNG")
    (back / "Thumbs.db").write_bytes(b"")
    os.mkfifo(back / "丙店.xlsx")
    ran = xlsales("collect", folder / "计划.xlsx", back)
    told = "下发: 另有 4 个文件没有读:丙店.xlsx、乙店、二月/图/1.png、二月/甲店.docx。"
    assert told in ran.out
    assert "已收 1" in ran.out
    (problem,) = not_read(back, folder / "计划.xlsx")
    assert "4 files were not read: 丙店.xlsx, 乙店, 二月/图/1.png, 二月/甲店.docx." in problem.fault.say("en")
    (back / "乙店").rename(back / "乙店.xlsx")
    assert "3 个文件没有读" in (ran := xlsales("collect", folder / "计划.xlsx", back)).out
    assert "已收 2" in ran.out
    for n in range(4):
        (back / f"{n}.md").write_text("", "utf-8")
    assert "7 个文件没有读:0.md、1.md、2.md、3.md、丙店.xlsx、…。" in xlsales("collect", folder / "计划.xlsx", back).out
