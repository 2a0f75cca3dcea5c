from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import xlsxwriter

from tests import validator
from tests.data.make_rich import rich_workbook
from tests.ooxml.packed import changed_members, packed
from xlsales.ooxml import contents
from xlsales.ooxml.book import Area, Book
from xlsales.ooxml.cells import SheetCells
from xlsales.ooxml.graft import Placement, graft
from xlsales.ooxml.package import Package
from xlsales.ooxml.patch import patch_sheet

pytestmark = pytest.mark.unit

TIME, REGION, CHARTED = "按时间", "按区域", "进度"
PLACEMENTS = (
    Placement(TIME, "按时间", name="xs_out_time"),
    Placement(REGION, "数据", name="xs_out_dim_1"),  # a title that the book has already
    Placement(CHARTED, "老板's 看板", name="xs_out_overview"),
)
LISTS = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}


ALWAYS_CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item>
</oor:items>"""


def scratch(value: float = 10) -> bytes:
    """Three sheets as our layouts make them: styles, conditional formats, print set-up, a chart, a table, a picture."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    money = book.add_format({"num_format": '#,##0.0"万元"', "bg_color": "#DDEBF7", "border": 1})
    head = book.add_format({"bold": True, "font_color": "white", "bg_color": "#1F4E79", "align": "center"})
    lamp = book.add_format({"font_color": "#9C0006", "bg_color": "#FFC7CE", "num_format": "0.00%"})
    for title in (TIME, REGION, CHARTED):
        sheet = book.add_worksheet(title)
        sheet.set_column(1, 2, 14, money)
        sheet.set_row(0, 18, head)
        sheet.write_row(0, 0, ["xlsales:time", "期间", "目标"], head)
        sheet.write(1, 1, " 一月 & <二月>", head)
        sheet.write_rich_string(2, 1, head, "粗", "体")
        sheet.write_number(1, 2, value, money)
        sheet.write_formula(2, 2, f"='{title}'!C2*2", money, value * 2)
        sheet.conditional_format(1, 2, 2, 2, {"type": "cell", "criteria": "<", "value": 1, "format": lamp})
        sheet.conditional_format(1, 2, 2, 2, {"type": "data_bar", "data_bar_2010": True})
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, 2, 2)
        sheet.autofilter(0, 1, 2, 2)
        sheet.set_landscape()
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": [title, 1, 2, 2, 2], "categories": [title, 1, 1, 2, 1], "name": [title, 0, 2]})
        sheet.insert_chart("F2", chart)
        sheet.write_url("B10", f"internal:'{REGION}'!A1", string="区域")
        sheet.write_url("B11", "https://example.com/?a=1&b=2", string="web")
    book.get_worksheet_by_name(CHARTED).add_table(20, 1, 23, 2, {"name": "明细", "columns": [{"header_row": 1}] * 2})
    book.get_worksheet_by_name(CHARTED).insert_textbox("F20", "说明")
    book.close()
    return out.getvalue()


@pytest.fixture(scope="module")
def rich() -> bytes:
    return rich_workbook()


def grafted(rich: bytes) -> Book:
    book = Book(Package.of_bytes(rich, "rich.xlsm"))
    sheet = book.sheets[0]
    book.package.set(sheet.part, patch_sheet(book.package.read(sheet.part), {(2, 3): 130}))
    contents.ask_calculation(book, [sheet])
    titles = graft(book, scratch(), PLACEMENTS)
    assert titles == ["按时间", "数据 2", "老板's 看板"]
    return book


def test_untouched_parts_keep_their_bytes(rich: bytes) -> None:
    """Macros, ribbon, slicer, pivot, comments: what the run need not touch stays, compressed bytes and all."""
    changed, added, gone = changed_members(rich, grafted(rich).package.to_bytes())
    assert changed == LISTS | {"xl/worksheets/sheet1.xml"}
    assert gone == {"xl/calcChain.xml"}
    assert added == {
        *(f"xl/worksheets/sheet{n}.xml" for n in (4, 5, 6)),
        *(f"xl/worksheets/_rels/sheet{n}.xml.rels" for n in (4, 5, 6)),
        *(f"xl/drawings/drawing{n}.xml" for n in (2, 3, 4)),
        *(f"xl/drawings/_rels/drawing{n}.xml.rels" for n in (2, 3, 4)),
        *(f"xl/charts/chart{n}.xml" for n in (2, 3, 4)),
        "xl/tables/table2.xml",
    }


def test_patched_sheet_differs_in_one_cell_only(rich: bytes) -> None:
    """Changing one figure changes that figure's bytes and no other byte of its sheet."""
    before = Book(Package.of_bytes(rich)).package.read("xl/worksheets/sheet1.xml")
    after = grafted(rich).package.read("xl/worksheets/sheet1.xml")
    assert after == before.replace(b'<c r="C2" s="1"><v>120</v></c>', b'<c r="C2" s="1"><v>130</v></c>')


def test_grafted_sheets_are_found_by_name(rich: bytes) -> None:
    """Each new sheet is found by its defined name, holds its values and shows them in its formats."""
    book = Book(Package.of_bytes(grafted(rich).package.to_bytes()))
    assert [s.title for s in book.sheets] == ["数据", "透视", "老板's 备注", "按时间", "数据 2", "老板's 看板"]
    assert book.area("xs_out_dim_1") == Area("数据 2", 1, 1, 1, 1)
    assert book.area("XS_OUT_OVERVIEW") == Area("老板's 看板", 1, 1, 1, 1)
    assert book.area("总计") == Area("数据", 2, 7, 2, 7)
    sheet = book.sheet("老板's 看板")
    assert sheet is not None
    cells = book.cells(sheet)
    assert cells.value(1, 1) == "xlsales:time"
    assert cells.value(2, 2) == " 一月 & <二月>"
    assert cells.value(3, 2) == "粗体"
    assert cells[2, 3].value == 10
    assert b'formatCode="#,##0.0&quot;\xe4\xb8\x87\xe5\x85\x83&quot;"' in book.package.read("xl/styles.xml")


def test_charts_and_formulas_follow_the_title(rich: bytes) -> None:
    """A sheet that gets another title keeps its chart, its formulas, its print titles and its links alive."""
    package = grafted(rich).package
    assert "'老板''s 看板'!$C$2:$C$3" in package.read("xl/charts/chart4.xml").decode()
    assert "'数据 2'!$C$2:$C$3" in package.read("xl/charts/chart3.xml").decode()
    sheet = package.read("xl/worksheets/sheet6.xml").decode()
    assert "<f>'老板''s 看板'!C2*2</f>" in sheet
    assert "location=\"'数据 2'!A1\"" in sheet
    workbook = package.read("xl/workbook.xml").decode()
    assert '<definedName name="_xlnm.Print_Titles" localSheetId="4">\'数据 2\'!$1:$1</definedName>' in workbook
    assert '<definedName name="_xlnm.Print_Titles" localSheetId="0">数据!$1:$1</definedName>' in workbook
    assert 'fullCalcOnLoad="1"' in workbook


def test_second_run_replaces_and_adds_nothing(rich: bytes) -> None:
    """Rendering the same sheets anew keeps their place, id, title and names, and leaves no part or style behind."""
    book = grafted(rich)
    first = book.package.to_bytes()
    again = Book(Package.of_bytes(first))
    titles = ["按时间", "数据 2", "老板's 看板"]
    replacing = [Placement(p.source, p.title, replace=t, name=p.name) for p, t in zip(PLACEMENTS, titles, strict=True)]
    assert graft(again, scratch(), replacing) == titles
    assert again.sheets == book.sheets
    assert set(again.package.names) == set(book.package.names)
    for name in book.package.names:
        assert again.package.read(name) == book.package.read(name), name


def test_replacing_leaves_others_alone(rich: bytes) -> None:
    """New figures in one of our sheets touch that sheet and its chart, nothing else."""
    first = grafted(rich).package.to_bytes()
    book = Book(Package.of_bytes(first))
    graft(book, scratch(77), [Placement(REGION, "区域", replace="数据 2", name="xs_out_dim_1")])
    changed, added, gone = changed_members(first, book.package.to_bytes())
    assert changed == {"xl/worksheets/sheet5.xml", "xl/charts/chart3.xml"}
    assert (added, gone) == (set(), set())


def test_macro_sheet_keeps_its_code_name(rich: bytes) -> None:
    """A sheet that macros know by its code name keeps it when it is rendered anew, and stays the selected one."""
    book = Book(Package.of_bytes(rich))
    graft(book, scratch(), [Placement(TIME, "x", replace="数据")])
    sheet = book.package.read("xl/worksheets/sheet1.xml")
    assert b'<sheetPr codeName="Sheet1"' in sheet
    assert sheet.count(b"<sheetPr") == 1
    assert b'tabSelected="1"' in sheet
    assert "xl/slicers/slicer1.xml" not in book.package
    assert "xl/comments1.xml" not in book.package
    assert "xl/calcChain.xml" not in book.package
    assert book.package.read("xl/vbaProject.bin") == Package.of_bytes(rich).read("xl/vbaProject.bin")
    assert "xl/slicerCaches/slicerCache1.xml" in book.package  # the workbook relates to it


def test_renaming_a_sheet_takes_everything_along(rich: bytes) -> None:
    """Names, formulas, charts, sparklines and pivots of the whole book follow a renamed sheet."""
    book = Book(Package.of_bytes(rich))
    contents.rename_sheet(book, "数据", "数据 存档's")
    contents.rename_sheet(book, "老板's 备注", "备注")
    assert book.area("总计") == Area("数据 存档's", 2, 7, 2, 7)
    assert "'数据 存档''s'!$C$2:$C$5" in book.package.read("xl/charts/chart1.xml").decode()
    assert 'sheet="数据 存档\'s"' in book.package.read("xl/pivotCache/pivotCacheDefinition1.xml").decode()
    sheet = book.package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>'备注'!A1</f>" in sheet
    assert "<xm:f>'数据 存档''s'!C2:C5</xm:f>" in sheet


def test_titles_stay_within_the_limit(rich: bytes) -> None:
    """A title that is taken gets a number; it has at most 31 characters and none that Excel forbids."""
    book = Book(Package.of_bytes(rich))
    long = "区" * 40
    assert contents.free_title(book, long) == "区" * 31
    assert contents.free_title(book, long, ["区" * 31]) == "区" * 29 + " 2"
    assert contents.free_title(book, "数据", ["数据 2"]) == "数据 3"
    assert contents.free_title(book, "'省/市'") == "省-市"


def test_changed_sheet_without_chain_entries_keeps_the_chain(rich: bytes) -> None:
    """The calculation chain goes only when it lists cells of a sheet that changed."""
    book = Book(Package.of_bytes(rich))
    contents.ask_calculation(book, [book.sheets[1]])
    assert book.package.changed == {"xl/workbook.xml"}


def test_prefixed_book_can_be_grafted(rich: bytes) -> None:
    """A book whose parts write every tag with a prefix takes our sheets as well."""
    package = Package.of_bytes(rich)
    for name in ("xl/workbook.xml", "xl/styles.xml"):
        package.set(name, _prefixed(package.read(name)))
    book = Book(package)
    graft(book, scratch(), PLACEMENTS)
    book = Book(Package.of_bytes(package.to_bytes()))
    sheet = book.sheet("按时间")
    assert sheet is not None
    assert book.cells(sheet).value(2, 3) == 10


def _prefixed(data: bytes) -> bytes:
    data = data.replace(
        b'xmlns="http://schemas.openxmlformats.org/spread', b'xmlns:x="http://schemas.openxmlformats.org/spread'
    )
    return re.sub(rb"<(/?)(?=[A-Za-z]+[\s/>])(?!\?)", rb"<\1x:", data)


@pytest.mark.validator
def test_validator_finds_nothing_new(rich: bytes, tmp_path: Path) -> None:
    """Microsoft's validator objects to nothing that it did not object to before, in a first and in a second run."""
    before, after, twice = tmp_path / "before.xlsm", tmp_path / "after.xlsm", tmp_path / "twice.xlsm"
    before.write_bytes(rich)
    book = grafted(rich)
    after.write_bytes(book.package.to_bytes())
    graft(book, scratch(5), [Placement(TIME, "x", replace="按时间"), Placement(CHARTED, "y")])
    twice.write_bytes(book.package.to_bytes())
    known = validator.findings(before)
    assert not validator.findings(after) - known
    assert not validator.findings(twice) - known


@pytest.mark.libreoffice
def test_libreoffice_reads_the_result(rich: bytes, tmp_path: Path) -> None:
    """LibreOffice opens the changed workbook and computes from the changed cell: (130 + 80.5 + 95 + 60) × 2."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("soffice is not installed")
    path = tmp_path / "after.xlsm"
    path.write_bytes(grafted(rich).package.to_bytes())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    (tmp_path / "profile" / "user").mkdir(parents=True)
    (tmp_path / "profile" / "user" / "registrymodifications.xcu").write_text(ALWAYS_CALCULATE)
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(path)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    book = Book.open(tmp_path / "out" / "after.xlsx")
    assert [s.title for s in book.sheets][3:] == ["按时间", "数据 2", "老板's 看板"]
    data, ours = book.sheet("数据"), book.sheet("老板's 看板")
    assert data is not None
    assert ours is not None
    values: SheetCells = book.cells(data)
    assert values.value(2, 7) == 731
    assert book.cells(ours).value(3, 3) == 20


def test_order_and_times_are_reproducible(rich: bytes) -> None:
    """The same change of the same book gives the same bytes."""
    assert grafted(rich).package.to_bytes() == grafted(rich).package.to_bytes()
    assert list(packed(rich)) == [n for n in packed(grafted(rich).package.to_bytes()) if n in packed(rich)] + [
        "xl/calcChain.xml"
    ]
