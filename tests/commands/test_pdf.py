"""`xlsales pdf`: the director's pages, printed by a real LibreOffice; and what is said when that cannot be."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from tests.calc import pages_of
from tests.commands.books import Command, plan, type_in
from xlsales.addin.libreoffice import install
from xlsales.hosts.command_line import office

STORES = [
    {"dimension": "区域", "member": "华东", "weight": 1},
    {"dimension": "门店", "member": "春熙店", "weight": 2},
    {"dimension": "门店", "member": "太古里店", "weight": 1},
]
SALES = [
    ["日期", "区域", "门店", "销售额"],
    *([dt.date(2026, 1, n), "华东", "春熙店", 900 + n * 37 % 101] for n in range(1, 29)),
]
WRONG = [dt.date(2026, 1, 5), "华东", "没有的店", 77]


@pytest.fixture
def book(xlsales: Command, tmp_path: Path) -> Path:
    path = plan(tmp_path / "2026 计划&目标.xlsx", dimensions=STORES, actuals=SALES)
    assert xlsales("split", path).code == 0
    return path


@pytest.mark.libreoffice
def test_the_directors_pages_and_no_others(xlsales: Command, book: Path, tmp_path: Path) -> None:
    """Overview first, then each dimension without its twelve months; the workbook is not touched."""
    before = book.read_bytes()
    ran = xlsales("pdf", book, "--json")
    assert (ran.code, ran.json["sheets"]) == (0, ["进度总览", "按区域", "按门店"])
    pages = pages_of(book.with_suffix(".pdf"))
    assert "进度总览" in pages[0]
    assert "进度总览" in pages[0].split("2026 计划&目标.xlsx")[-1], "the footer names the workbook and the sheet"
    shown = "".join(pages)
    assert "春熙店" in shown
    assert "验算" in shown
    assert "浅黄格" not in shown
    assert "函数示例" not in shown
    assert len(pages) <= 6
    assert book.read_bytes() == before


@pytest.mark.libreoffice
def test_problems_come_along_if_rows_were_set_aside(xlsales: Command, tmp_path: Path) -> None:
    path = plan(tmp_path / "计划.xlsx", dimensions=STORES, actuals=[*SALES, WRONG])
    assert xlsales("split", path).code == 1
    out = tmp_path / "八月.pdf"
    ran = xlsales("pdf", path, "-o", out)
    assert (ran.code, ran.out.strip()) == (0, f"已写入 {out}:进度总览、按区域、按门店、数据问题")
    assert "没有的店" in pages_of(out)[-1]


@pytest.mark.libreoffice
def test_sheets_of_a_name_are_printed_as_they_are(xlsales: Command, book: Path) -> None:
    """All that begin with it, and nothing else: of a scorecard the page of all, and one of each member."""
    assert xlsales("add", book, "考核").code == 0
    type_in(book, "考核", "K5", "")  # the example of sales is a person's own now
    assert xlsales("split", book).code == 1  # its weight alone does not make 100 %
    for name in ("考核", "考核 区域 2026-01"):
        out = book.with_name("out.pdf")
        ran = xlsales("pdf", book, "--sheet", name, "-o", out, "--json")
        assert (ran.code, ran.json["sheets"]) == (0, ["考核 区域 2026-01"])
        pages = pages_of(out)
        assert len(pages) == 2
        assert "华东" in pages[1]
        assert "签字" in pages[1]
    whole = xlsales("pdf", book, "--sheet", "按区域", "--json")
    assert whole.json["sheets"] == ["按区域"]
    assert len(pages_of(book.with_suffix(".pdf"))) > 1  # with its amounts by month


@pytest.mark.unit
def test_a_name_of_no_sheet_is_told(xlsales: Command, book: Path) -> None:
    """With those that there are."""
    ran = xlsales("pdf", book, "--sheet", "考核")
    assert ran.code == 2
    assert ran.err.startswith("没有叫“考核”的表可以导出。可以导出:进度总览、")


@pytest.mark.unit
def test_before_a_split_there_is_nothing_to_print(xlsales: Command, tmp_path: Path) -> None:
    path = plan(tmp_path / "plan.xlsx", lang="en")
    ran = xlsales("pdf", path)
    assert (ran.code, ran.err.strip()) == (2, '"plan.xlsx" has no sheet to export yet. Run split first.')


@pytest.mark.unit
def test_the_file_is_named_as_what_it_is(xlsales: Command, book: Path, tmp_path: Path) -> None:
    ran = xlsales("pdf", book, "-o", tmp_path / "八月.docx")
    assert (ran.code, ran.err.strip()) == (2, "八月.docx 的后缀应是 .pdf。请改文件名。")


@pytest.mark.unit
def test_without_libreoffice_a_sentence(xlsales: Command, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what is missing and what does it too; there is no PDF."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(office, "PLACES", ())
    ran = xlsales("pdf", book)
    assert ran.code == 2
    assert "没有找到" in ran.err
    assert "“导出 PDF”按钮" in ran.err
    assert not book.with_suffix(".pdf").exists()
    assert install.PLACES, "LibreOffice is looked for where it is usually installed"


def program(folder: Path, script: str) -> None:
    """A LibreOffice that does what the script says."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)


@pytest.mark.unit
def test_a_libreoffice_that_never_ends_is_stopped(
    xlsales: Command, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that it started is ended as well; a PDF of before stays."""
    program(tmp_path, f"(sleep 4; touch {tmp_path}/alive) & wait")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(office.print_to, "__defaults__", (0.5,))
    book.with_suffix(".pdf").write_text("before")
    ran = xlsales("pdf", book)
    assert ran.code == 2
    assert "已停止" in ran.err
    assert book.with_suffix(".pdf").read_text() == "before"
    time.sleep(5)
    assert not (tmp_path / "alive").exists()


@pytest.mark.unit
def test_a_libreoffice_that_prints_nothing_is_told(
    xlsales: Command, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    ran = xlsales("pdf", book)
    assert (ran.code, "没有打印出来" in ran.err) == (2, True)
