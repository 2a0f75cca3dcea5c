"""What prints of a plan: pasted rows do not fill the paper."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from tests.calc import printed, read_back
from tests.commands.books import Command, answer, part_of, plan, swap
from tests.ooxml.packed import packed

FIRST_PAGE = "'实际'!$A$1:$L$36"
SALES = [["日期", "区域", "销售额"], *([dt.date(2026, 1, 1 + n % 31), "华东", 100 + n] for n in range(4_000))]
AREA = re.compile('<definedName name="_xlnm.Print_Area" localSheetId="[56]">[^<]*</definedName>')
DONE = re.compile('<definedName name="xs_(?:actuals|history)_page">[^<]*</definedName>')


def earlier(path: Path) -> Path:
    """A plan with sales as versions before this one wrote it: all rows print."""
    plan(path, actuals=SALES)
    for pattern in (AREA, DONE):
        for found in pattern.findall(packed_text(path)):
            swap(path, found, "", "xl/workbook.xml")
    assert "实际'!$A$1:" not in packed_text(path)
    return path


def packed_text(path: Path) -> str:
    """The list of sheets and names."""
    from zipfile import ZipFile

    with ZipFile(path) as archive:
        return archive.read("xl/workbook.xml").decode()


def area(path: Path, title: str = "实际") -> str:
    return str(read_back(path)[title].print_area)


@pytest.mark.unit
def test_a_fresh_plan_prints_the_first_page_of_pasted_rows(tmp_path: Path) -> None:
    path = plan(tmp_path / "plan.xlsx", actuals=SALES)
    assert area(path) == FIRST_PAGE
    assert area(path, "历史") == FIRST_PAGE.replace("实际", "历史")


@pytest.mark.unit
def test_an_earlier_plan_learns_it_and_the_rows_keep_their_bytes(xlsales: Command, tmp_path: Path) -> None:
    path = earlier(tmp_path / "plan.xlsx")
    assert area(path) == ""
    before = packed(path.read_bytes())
    assert xlsales("split", path).code == 0
    assert area(path) == FIRST_PAGE
    assert packed(path.read_bytes())[part_of(path, "实际")] == before[part_of(path, "实际")]


@pytest.mark.unit
def test_what_a_person_set_stays(xlsales: Command, tmp_path: Path) -> None:
    """An area of their own stays; if they let all rows print afterwards, that stays too."""
    path = earlier(tmp_path / "plan.xlsx")
    own = '<definedName name="_xlnm.Print_Area" localSheetId="6">实际!$A$1:$C$9</definedName></definedNames>'
    swap(path, "</definedNames>", own, "xl/workbook.xml")
    assert xlsales("split", path).code == 0
    assert area(path) == "'实际'!$A$1:$C$9"

    path = earlier(tmp_path / "other.xlsx")
    assert xlsales("split", path).code == 0
    cleared = next(found for found in AREA.findall(packed_text(path)) if "实际" in found)
    swap(path, cleared, "", "xl/workbook.xml")
    answer(path, "total", 2000)
    assert xlsales("split", path, "--rewrite").code == 0
    assert area(path) == ""


@pytest.mark.libreoffice
def test_the_whole_workbook_is_a_few_pages(xlsales: Command, tmp_path: Path) -> None:
    """4,000 pasted rows take one page of the paper, not a hundred."""
    path = plan(tmp_path / "plan.xlsx", actuals=SALES)
    assert xlsales("split", path).code == 0
    pages = printed(path, tmp_path)
    assert sum("实际" in page.split()[-4:] for page in pages) <= 1
    assert len(pages) < 25
    shutil.copy(path, tmp_path / "all.xlsx")
    for found in AREA.findall(packed_text(path)):
        swap(tmp_path / "all.xlsx", found, "", "xl/workbook.xml")
    assert len(printed(tmp_path / "all.xlsx", tmp_path)) > len(pages) + 40
