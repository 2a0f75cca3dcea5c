"""A sheet that ends in the middle, in a zip that is sound: told, whoever reads it, and never read as far as it goes."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import pytest

from tests.commands.books import Command, members, part_of, plan
from tests.commands.store_files import TODAY, stores_plan
from tests.tables.tables import REGION, read, write
from xlsales.hosts import cli
from xlsales.ooxml.checks import SheetCutOff
from xlsales.tables.files import books

pytestmark = pytest.mark.unit
SHEET = "xl/worksheets/sheet1.xml"
ROWS = [("日期", "区域", "金额"), *((dt.date(2026, 1, day), "华东", 1_000) for day in range(1, 29))]

CUTS = {
    "behind a row": rb"(?s)^(.*</row>).*",
    "in a row": rb"(?s)^(.*</row>.*?<c ).*",
    "in a cell": rb"(?s)^(.*<v>\d).*",
    "behind the rows": rb"(?s)^(.*</sheetData>).*",
    "in the closing tag": rb"(?s)^(.*</works).*",
}


def cut(path: Path, part: str, pattern: bytes, share: float = 1.0) -> Path:
    """Cut a part off where a pattern matches last in this share of it; the zip stays sound."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    whole = parts[part]
    text = whole if share == 1.0 else whole[: int(len(whole) * share)]
    parts[part] = re.sub(pattern, rb"\1", text)
    assert len(parts[part]) < len(whole)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


@pytest.mark.parametrize("where", CUTS)
def test_a_table_of_sales_that_is_cut_off(tmp_path: Path, where: str) -> None:
    path = write(tmp_path / "实际.xlsx", [("日期", "区域", "销售额"), *((day, "上海", 5.0) for day, *_ in ROWS[1:])])
    assert read(path, REGION).rows_accepted == 28
    share = 1.0 if where in ("behind the rows", "in the closing tag") else 0.6
    cut(path, SHEET, CUTS[where], share)
    with pytest.raises(SheetCutOff) as told:
        read(path, REGION)
    assert told.value.say("zh").startswith("实际.xlsx 的“数据”不完整:后面的行不在文件里")
    assert told.value.say("en").startswith("Sheet '数据' of 实际.xlsx is cut off")


@pytest.mark.parametrize("apart", [False, True])
def test_a_large_table_that_is_cut_off(tmp_path: Path, apart: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read in blocks, here or by a process of its own."""
    rows = ((dt.date(2026, 1, 1 + i % 28), "上海", i + 0.25) for i in range(70_000))
    path = cut(write(tmp_path / "实际.xlsx", [("日期", "区域", "销售额"), *rows]), SHEET, CUTS["behind a row"], 0.9)
    if apart:
        monkeypatch.setattr(books, "MIDDLE", books.SMALL)
    with zipfile.ZipFile(path) as parts:
        assert parts.getinfo(SHEET).file_size > books.SMALL
    with pytest.raises(SheetCutOff):
        read(path, REGION)


@pytest.mark.parametrize("title", ["实际", "维度", "按时间"])
def test_a_sheet_of_the_plan_that_is_cut_off(xlsales: Command, tmp_path: Path, title: str) -> None:
    """Pasted, filled in, or written by the program: nothing is written, and the sentence names the sheet."""
    book = plan(tmp_path / "计划.xlsx", dimensions=members({"区域": {"华东": 3, "华北": 2}}), actuals=ROWS)
    assert xlsales("split", book).code == 0
    cut(book, part_of(book, title), CUTS["behind a row"], 0.6)
    before = book.read_bytes()
    for verb in ("refresh", "split"):
        ran = xlsales(verb, book)
        assert (ran.code, f"计划.xlsx 的“{title}”不完整" in ran.err) == (2, True)
    assert book.read_bytes() == before


def test_a_returned_file_that_is_cut_off(xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs itself one sentence; the other store's file is taken."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    book, folder = tmp_path / "计划.xlsx", tmp_path / "交回"
    stores_plan(book, ["徐汇店", "静安店"])
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, folder).code == 0
    path = next(folder.glob("*徐汇店*.xlsx"))
    cut(path, part_of(path, "日报"), CUTS["behind a row"], 0.6)
    told = xlsales("collect", book, folder, "--json").json
    states = {line["store"]: line for line in told["stores"]}
    assert "日报”不完整" in str(states["徐汇店"])
    assert "不完整" not in str(states["静安店"])
