"""A plan inside a workbook such as people make over the years: what a run need not touch stays, byte for byte."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import pytest

from tests import validator
from tests.commands.books import COMPANY, WAN, Command, answer, members, opened, part_of, paste, plan
from tests.data.make_rich import rich_workbook
from tests.ooxml.packed import changed_members, packed
from xlsales.ooxml.book import Book
from xlsales.ooxml.graft import Placement, graft
from xlsales.ooxml.package import Package

pytestmark = pytest.mark.unit
INPUTS = ("设置", "维度", "锁定", "日历", "历史", "实际")
LISTS = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
"""What lists sheets and formats: touched by a run that adds sheets."""
SALES = (
    ("日期", "区域", "产品", "渠道", "金额"),
    (dt.date(2026, 1, 15), "华东", "产品A", "线上", 300_000),
    (dt.date(2026, 3, 31), "华北", "产品B", "线下", 90_000.5),
)


def unpacked(book: bytes) -> dict[str, bytes]:
    """Every part of a workbook, unpacked."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with macros, ribbon, button, charts, slicer, pivot …, to which somebody has added a plan."""
    source = plan(tmp_path / "source.xlsx", dimensions=members(COMPANY))
    host = Book(Package.of_bytes(rich_workbook(), "年度.xlsm"))
    graft(host, source.read_bytes(), [Placement(title, title) for title in INPUTS])
    path = tmp_path / "年度.xlsm"
    path.write_bytes(host.package.to_bytes())
    return path


def test_a_split_touches_only_the_lists(xlsales: Command, book: Path) -> None:
    """A first split adds sheets; of the parts that were there only those that list sheets and formats change.

    The sheet that was in front loses the mark that it is, and nothing else.
    """
    before = book.read_bytes()
    assert xlsales("split", book).code == 0
    changed, added, gone = changed_members(before, book.read_bytes())
    (front,) = changed - LISTS
    assert changed >= LISTS
    was, now = unpacked(before)[front], unpacked(book.read_bytes())[front]
    assert was.replace(b' tabSelected="1"', b"", 1) == now
    assert gone == set()
    kinds = {re.sub(r"\d+", "", name) for name in added}
    assert kinds <= {
        "xl/worksheets/sheet.xml",
        "xl/worksheets/_rels/sheet.xml.rels",
        "xl/drawings/drawing.xml",
        "xl/drawings/_rels/drawing.xml.rels",
        "xl/charts/chart.xml",
    }
    old = opened(book)
    assert old.titles[:3] == ["数据", "透视", "老板's 备注"]
    assert old.time.value("total", "target") == 1000 * WAN


def test_a_refresh_touches_only_our_sheets(xlsales: Command, book: Path) -> None:
    """A refresh changes the cells of our sheets, and in the lists what a sheet written anew makes needful."""
    assert xlsales("split", book).code == 0
    paste(book, SALES)
    assert xlsales("refresh", book).code == 0
    titles = ("进度总览", "按时间", "按区域", "按产品", "按渠道", "数据问题", "运行记录")
    ours = {part_of(book, title) for title in titles}
    written = packed(book.read_bytes())
    paste(book, [*SALES, (dt.date(2026, 3, 31), "华南", "产品C", "线上", 50_000)])
    before = book.read_bytes()
    assert xlsales("refresh", book).code == 0
    changed, added, gone = changed_members(before, book.read_bytes())
    assert changed <= ours | LISTS
    assert {part_of(book, t) for t in ("按时间", "按区域", "按产品", "按渠道")} <= changed
    assert (added, gone) == (set(), set())
    rich = packed(rich_workbook())
    kept = {name for name in rich if name not in LISTS}
    assert kept <= set(written)
    assert opened(book).dimension("区域").value("m:华南", "actual") == 50_000


def test_every_part_of_the_old_workbook_is_the_same(xlsales: Command, book: Path) -> None:
    """After a split, a refresh, a new total and another split, all that people had made has its old bytes."""
    grafted = packed(book.read_bytes())
    assert xlsales("split", book).code == 0
    assert xlsales("refresh", book, "--actuals", _csv(book)).code == 0
    answer(book, "total", 2000)
    settings = part_of(book, "设置")
    before = packed(book.read_bytes())
    assert xlsales("split", book).code == 1  # the actuals' file was not named again: what was cleared is told
    after = packed(book.read_bytes())
    assert opened(book).time.value("total", "target") == 2000 * WAN
    old = [name for name in packed(rich_workbook()) if name not in LISTS]
    assert len(old) > 25
    assert {name for name in old if after[name] != before[name]} == set()
    assert {name for name in old if len(after[name]) == 0 < len(grafted[name])} == set()
    assert after[settings] == before[settings]


def _csv(book: Path) -> Path:
    path = book.with_name("流水.csv")
    path.write_text("日期,区域,产品,渠道,金额\n2026-01-15,华东,产品A,线上,300000\n", "utf-8")
    return path


def test_undo_gives_everything_back(xlsales: Command, book: Path) -> None:
    """Undo restores the macro workbook byte for byte."""
    before = book.read_bytes()
    assert xlsales("split", book).code == 0
    assert xlsales("undo", book).code == 0
    assert book.read_bytes() == before


# --- the validator ---


@pytest.mark.validator
def test_validator_on_a_rich_workbook(xlsales: Command, book: Path, tmp_path: Path) -> None:
    """The validator finds nothing in the macro workbook that it did not find before, after each run."""
    known = validator.findings(book)
    split, refreshed = tmp_path / "split.xlsm", tmp_path / "refreshed.xlsm"
    assert xlsales("split", book, "-o", split).code == 0
    assert xlsales("refresh", split, "--actuals", _csv(book), "-o", refreshed).code == 0
    assert not validator.findings(split) - known
    assert not validator.findings(refreshed) - known


@pytest.mark.validator
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_validator_on_a_template(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """A fresh plan has no finding."""
    book = tmp_path / "plan.xlsx"
    assert xlsales("new", book, "--lang", lang).code == 0
    assert not validator.findings(book)


@pytest.mark.validator
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_validator_on_the_demo(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """The demo, split and refreshed, and split again with another total, has no finding."""
    assert xlsales("demo", tmp_path / "demo", "--lang", lang).code == 0
    (book,) = (tmp_path / "demo").glob("*.xlsx")
    assert not validator.findings(book)
    answer(book, "total", 1200)
    assert xlsales("split", book, "--rewrite").code == 1
    assert not validator.findings(book)


@pytest.mark.validator
def test_validator_on_everything_a_plan_may_have(xlsales: Command, tmp_path: Path) -> None:
    """Trees, stretch, unassigned rest, ISO weeks, two years, odd names and a kept old sheet: no finding."""
    rows = [
        {"dimension": "组织<&>/1", "member": "甲 & <乙>", "weight": 1},
        {"dimension": "组织<&>/1", "member": "=1+1", "parent": "甲 & <乙>", "weight": 1},
        {"dimension": "品类", "member": "笔", "locked": 300},
        {"dimension": "品类", "member": "纸", "locked": 400},
    ]
    sales = [("日期", "组织<&>/1", "品类", "金额"), ("2026-08-05", "=1+1", "笔", 5), ("?", "=cmd|x", "<x>", 7)]
    book = plan(
        tmp_path / "计划.xlsx",
        dimensions=rows,
        start=dt.date(2026, 7, 1),
        end=dt.date(2028, 6, 30),
        fiscal_month=7,
        week_rule="iso",
        stretch_2=1.08,
        actuals=sales,
    )
    assert xlsales("split", book).code == 1
    assert not validator.findings(book)
