from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.workbook.protection import WorkbookProtection

from tests.data.make_rich import rich_workbook
from xlsales.ooxml.book import Area, Book
from xlsales.ooxml.package import Package

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def rich() -> Book:
    return Book(Package.of_bytes(rich_workbook()))


def test_sheets_in_order_with_their_state(rich: Book) -> None:
    """Sheets come in the order of the tabs, hidden ones too."""
    assert [(s.title, s.state, s.has_cells) for s in rich.sheets] == [
        ("数据", "visible", True),
        ("透视", "visible", True),
        ("老板's 备注", "hidden", True),
    ]


def test_names_mean_cells(rich: Book) -> None:
    """A defined name gives its sheet and cells; a lost one is missing; local names do not count."""
    assert rich.area("总计") == Area("数据", 2, 7, 2, 7)
    assert rich.area("丢失") is None
    assert rich.area("_xlnm.Print_Titles") is None


def test_tables_give_headers_and_data(rich: Book) -> None:
    """A table gives where it stands, its headers and its data rows."""
    table = rich.table("销售表")
    assert table is not None
    assert table.area == Area("数据", 1, 1, 5, 3)
    assert table.headers == ("区域", "月份", "销售额")
    assert table.data_rows == range(2, 6)


def test_protection_is_seen(rich: Book) -> None:
    """A protected sheet and a protected structure are told apart from open ones."""
    assert [rich.protected(s) for s in rich.sheets] == [False, False, True]
    assert not rich.structure_locked
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.security = WorkbookProtection(lockStructure=True)
    book.save(out)
    assert Book(Package.of_bytes(out.getvalue())).structure_locked


@pytest.mark.parametrize("title", ["a'b", "数 据", "1月", "A1", "Q1!", "x&<y>"])
def test_renamed_and_moved_sheets_are_found(title: str) -> None:
    """Whatever a person calls a sheet and wherever they move it, its names and tables are found."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet(title.replace("!", ""), 0)
    sheet.append(["成员", "权重"])
    sheet.append(["华东", 3])
    sheet.add_table(openpyxl.worksheet.table.Table(displayName="xs_dimensions", ref="A1:B2"))
    reference = f"{openpyxl.utils.quote_sheetname(sheet.title)}!$A$1:$B$2"
    book.defined_names["xs_area"] = openpyxl.workbook.defined_name.DefinedName("xs_area", attr_text=reference)
    out = io.BytesIO()
    book.save(out)
    read = Book(Package.of_bytes(out.getvalue()))
    assert read.area("XS_AREA") == Area(sheet.title, 1, 1, 2, 2)
    table = read.table("XS_Dimensions")
    assert table is not None
    assert table.headers == ("成员", "权重")
    assert table.area.sheet == sheet.title


def test_dates_of_1904() -> None:
    """A workbook that counts days from 1904 says so."""
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    out = io.BytesIO()
    book.save(out)
    assert Book(Package.of_bytes(out.getvalue())).date1904
