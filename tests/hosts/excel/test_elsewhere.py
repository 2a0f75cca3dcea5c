"""What a person does elsewhere during a run: another workbook, a cell in editing, a folder that is no folder here."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tests.commands.store_files import stores_plan
from tests.fakes.excel import Workbook, Worksheet
from tests.fakes.pywin32 import VBA_E_IGNORE, desktop, excel_says_no
from tests.hosts.excel.open_books import YES, OpenBook, differences
from tests.hosts.excel.test_macros import clean_desktop as clean_desktop
from tests.hosts.excel.test_macros import company
from tests.hosts.excel.test_macros import opened as opened

pytestmark = pytest.mark.com_sim

ADDRESSES = [
    "https://company-my.sharepoint.com/personal/li_company_cn/Documents/下发",
    "https://d.docs.live.net/0123456789abcdef/下发",
    "http://portal/sites/sales/下发",
]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses take no time."""
    monkeypatch.setattr("time.sleep", lambda _: None)


# --- folders of OneDrive and SharePoint -------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("button", ["hand_out", "collect", "new_plan"])
def test_a_folder_that_excel_names_by_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, button: Any
) -> None:
    """Excel's dialogs give an address for such a folder: one sentence, nothing written below the current folder."""
    opened = OpenBook(stores_plan(tmp_path / "计划.xlsx", ["一店", "二店"]))
    (tmp_path / "current").mkdir()
    monkeypatch.chdir(tmp_path / "current")
    opened.application._folder, opened.application._save_as = address, f"{address}/明年.xlsx"
    before = opened.cells()
    (message,) = opened.press(button)
    assert message.startswith(address)
    assert "没有任何改动" in message
    assert opened.cells() == before
    assert list((tmp_path / "current").iterdir()) == []
    opened.application._save_as = str(tmp_path / "明年.xlsx")  # what the sentence asks for
    if button == "new_plan":
        assert opened.press(button) == []


# --- an Excel that is busy --------------------------------------------------------------------------------------------


def changed(opened: OpenBook) -> None:
    """Let the next split ask, and write sheets anew."""
    opened.sheet("按区域")["Z3"] = "我的备注"
    opened.sheet("维度").append([None, "区域", "新区", None, None, 50])


def test_a_cell_that_is_edited_from_the_question_on(opened: OpenBook, at_once: None) -> None:
    """Nothing can be written: one sentence says what to do, all is as it was, and doing it helps."""
    opened.press("split_target")
    changed(opened)
    before = opened.cells()
    desktop.meanwhile = lambda: setattr(opened.application, "_busy", True)
    _, message = opened.press("split_target", YES)
    assert message.startswith("Excel 正忙")
    assert "没有任何改动" in message
    assert opened.application.Interactive is True
    desktop.meanwhile, opened.application._busy = None, False
    assert opened.cells() == before
    opened.press("split_target", YES)
    assert "按区域 旧1" in opened.titles()


def test_an_old_sheet_that_cannot_be_taken_away(
    opened: OpenBook, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last step of a run fails: the whole run is taken back, and undo does not know of it."""
    start = opened.cells()
    opened.press("split_target")
    opened.sheet("维度").append([None, "区域", "新区", None, None, 50])
    before, real = opened.cells(), Worksheet.Delete

    def refused(sheet: Worksheet) -> None:
        if sheet.Name.startswith("xs_"):
            raise excel_says_no("", VBA_E_IGNORE)
        real(sheet)

    with monkeypatch.context() as patch:
        patch.setattr(Worksheet, "Delete", refused)
        (message,) = opened.press("split_target")
    assert message.startswith("Excel 正忙")
    assert differences(opened.cells(), before) == []
    opened.sheet("维度").delete_rows(opened.sheet("维度").max_row)
    (message,) = opened.press("undo_last")
    assert "已撤销" in message
    assert differences(opened.cells(), start) == []


# --- another workbook -------------------------------------------------------------------------------------------------


def test_the_person_stays_in_the_other_workbook(opened: OpenBook, tmp_path: Path) -> None:
    """Who went to another workbook during the question is there afterwards, and each has its own selection."""
    opened.press("split_target")
    changed(opened)
    other = Workbook(opened.application, company(tmp_path / "另一个.xlsx"))
    other.ActiveSheet.Range("B2:C3").Select()
    opened.book.Activate()
    opened.book.Worksheets("维度").Activate()
    opened.book.Worksheets("维度").Range("C7:D9").Select()
    desktop.meanwhile = other.Activate
    opened.press("split_target", YES)
    assert opened.application.ActiveWorkbook is other
    assert opened.application.Selection.Address == "$B$2:$C$3"
    assert opened.book.ActiveSheet.Name == "进度总览"
    assert opened.book.Worksheets("维度")._selected == "C7:D9"


# --- what Windows refuses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [True, False])
def test_what_the_system_refuses_is_told_with_its_reason(
    opened: OpenBook, monkeypatch: pytest.MonkeyPatch, named: bool, tmp_path: Path
) -> None:
    """A full disk is no error of the program; where Windows names no file, it was about the workbook."""
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), *(["C:\\temp\\x.xlsx"] if named else []))
    monkeypatch.setattr("xlsales.ooxml.package.Package.save", lambda *_: (_ for _ in ()).throw(error))
    before = opened.cells()
    (message,) = opened.press("split_target")
    assert message.startswith("C:\\temp\\x.xlsx" if named else "工作簿")
    assert os.strerror(errno.ENOSPC) in message
    assert "程序内部出错" not in message
    assert f"Errno {errno.ENOSPC}" in (tmp_path / "memory" / "excel.log").read_text("utf-8")
    assert opened.cells() == before
