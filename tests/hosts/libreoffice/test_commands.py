"""The menu's commands on a document open in a real LibreOffice Calc."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.calc import pages_of
from tests.commands.books import COMPANY, Command, members, plan
from tests.hosts.excel.open_books import contents, differences, without_log
from tests.hosts.libreoffice.office import XLSX, Calc, closing, save

pytestmark = pytest.mark.libreoffice
ACTUALS = [
    ["日期", "区域", "产品", "渠道", "销售额"],
    *(
        [dt.date(2026, month, 15), region, product, channel, 1000.25 * month + 7 * n]
        for month in (1, 2)
        for n, (region, product, channel) in enumerate(
            [("东北", "产品A", "线上"), ("华东", "产品B", "线下"), ("华南", "产品C", "线上")]
        )
    ),
]


def company(path: Path, **options: Any) -> Path:
    return plan(path, dimensions=members(COMPANY), end=dt.date(2026, 3, 31), **options)


class Open:
    """A plan that a person has open in Calc."""

    def __init__(self, calc: Calc, document: Any, folder: Path) -> None:
        self.calc, self.document, self.folder = calc, document, folder

    def press(self, verb: str) -> str:
        return self.calc.press(self.document, verb)

    def sheet(self, title: str) -> Any:
        return self.document.Sheets.getByName(title)

    def type(self, title: str, address: str, *values: Any) -> None:
        area = self.sheet(title).getCellRangeByName(address)
        for i, value in enumerate(values):
            cell = area.getCellByPosition(i, 0)
            if isinstance(value, str):
                cell.String = value
            else:
                cell.Value = value

    def append(self, title: str, *values: Any) -> int:
        """Type a row below the last one; return its number."""
        sheet = self.sheet(title)
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        row = cursor.RangeAddress.EndRow + 2
        for i, value in enumerate(values):
            cell = sheet.getCellByPosition(i, row - 1)
            if isinstance(value, str):
                cell.String = value
            elif value is not None:
                cell.Value = value
        return row

    def saved(self, name: str = "saved.xlsx") -> Path:
        return save(self.document, self.folder / name, XLSX)

    def cells(self) -> dict[str, dict[str, Any]]:
        return without_log(contents(self.saved("cells.xlsx")))

    def titles(self) -> list[str]:
        return list(self.document.Sheets.ElementNames)


@contextmanager
def opened(calc: Calc, path: Path) -> Iterator[Open]:
    with closing(calc, calc.open(path)) as document:
        yield Open(calc, document, path.parent)


@pytest.fixture
def book(calc: Calc, tmp_path: Path) -> Iterator[Open]:
    """A company's plan with two months of actuals, open in Calc, not split yet."""
    with opened(calc, company(tmp_path / "计划.xlsx", actuals=ACTUALS)) as found:
        yield found


SERIAL = 46073.0  # 2026-02-20


def test_split_and_refresh_end_in_the_cells_of_the_command_line(book: Open, xlsales: Command) -> None:
    """分解目标 and 刷新进度 in Calc leave what the command line leaves on the same document."""
    stored = book.saved("命令行.xlsx")
    assert xlsales("split", stored).code == 0
    told = book.press("split_target")
    assert "2026-01 的销售已齐。要关账吗?" in told
    assert "新增 8 张表:进度总览、按时间、按区域、按产品、按渠道、数据问题、运行记录、目标版本" in told
    assert differences(book.cells(), without_log(contents(again(book, stored)))) == []
    book.append("实际", SERIAL, "华北", "产品A", "线下", 4321.0)
    stored = book.saved("命令行2.xlsx")
    assert xlsales("refresh", stored).code == 0
    assert book.press("refresh_progress") == ""
    assert differences(book.cells(), without_log(contents(again(book, stored)))) == []


def again(book: Open, path: Path) -> Path:
    """Open a file in Calc and store it, so that it went the same way as the open document."""
    with closing(book.calc, book.calc.open(path)) as document:
        return save(document, path.with_stem(path.stem + "-2"), XLSX)


def test_undo_last_spares_what_was_typed_since(book: Open) -> None:
    """撤销上次 takes back what the run changed, and nothing else."""
    book.press("split_target")
    book.append("实际", SERIAL, "华北", "产品A", "线下", 4321.0)
    before = book.cells()
    book.press("refresh_progress")
    assert book.cells() != before
    book.type("设置", "K2", "之后写的")
    assert "已撤销" in book.press("undo_last")
    after = book.cells()
    assert after["设置"].pop("K2") == "之后写的"
    assert differences(after, before) == []


def test_a_fault_is_one_sentence_and_changes_nothing(book: Open) -> None:
    """An input that cannot be read is told with its cell; the document stays as it was."""
    area = book.document.NamedRanges.getByName("xs_total").getReferredCells()
    area.getCellByPosition(0, 0).String = "一千"
    before = book.cells()
    told = book.press("split_target")
    assert told.startswith("设置!C")
    assert "不是数字" in told
    assert book.cells() == before


def test_months_with_complete_actuals_are_asked_about(calc: Calc, tmp_path: Path) -> None:
    """A new total would rewrite January: the question is shown; headless it is not answered, and nothing changes."""
    with opened(calc, company(tmp_path / "计划.xlsx", actuals=ACTUALS)) as book:
        book.press("split_target")
        area = book.document.NamedRanges.getByName("xs_total").getReferredCells()
        area.getCellByPosition(0, 0).Value = 2000
        before = book.cells()
        told = book.press("split_target")
        assert "2026-01的实际已经完整" in told
        assert "是:先关账" in told
        assert "没有任何改动" in told
        assert book.cells() == before


def test_calc_exports_the_directors_pages(calc: Calc, tmp_path: Path) -> None:
    """导出 PDF lets the running Calc print a copy; the document is as it was, unsaved typing is in the PDF."""
    with opened(calc, company(tmp_path / "计划.xlsx", actuals=ACTUALS)) as book:
        book.press("split_target")
        before = book.cells()
        assert book.press("export_pdf").strip() == f"已写入 {tmp_path / '计划.pdf'}:进度总览、按区域、按产品、按渠道"
        assert book.cells() == before
    pages = pages_of(tmp_path / "计划.pdf")
    assert "进度总览" in pages[0]
    assert "浅黄格" not in "".join(pages)
    assert len(pages) <= 8
