"""What can be clicked in written sheets leads to the cell that it names, also when people moved what it leads to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calc import read_back, recalculated
from tests.commands.books import COMPANY, WAN, Command, fill_in, members, opened, plan
from xlsales.book.keyed import written_sheets
from xlsales.ooxml.book import Book
from xlsales.plan.director import keep_pages

SALES = [
    ("日期", "区域", "产品", "渠道", "金额"),
    (dt.date(2026, 1, 5), "华东", "产品A", "线上", 30 * WAN),
    (dt.date(2026, 1, 6), "华南", "产品B", "线下", 10 * WAN),
    (dt.date(2026, 1, 7), "华冬", "产品B", "线下", 2 * WAN),
    (dt.date(2026, 1, 8), "华南", "产品B", "线下", "待定"),
    ("合计", None, None, None, 42 * WAN),
]


@pytest.fixture
def book(tmp_path: Path, xlsales: Command) -> Path:
    path = plan(tmp_path / "计划.xlsx", dimensions=members(COMPANY), actuals=SALES)
    assert xlsales("split", path).code == 1
    return path


def links(path: Path, key: str) -> Iterator[tuple[str, str, str]]:
    """Yield the text of each clickable cell of a sheet with the title and the address where it leads."""
    values, formulas = opened(path).sheet(key), read_back(path)[opened(path).sheet(key).sheet.title]
    for row in formulas.iter_rows():
        for cell in row:
            if not (isinstance(cell.value, str) and "HYPERLINK(" in cell.value) or "xs_sheet_guide" in cell.value:
                continue
            found = re.fullmatch(r'=IF\((\w+)="",(\w+),HYPERLINK\(\1,\2\)\)', cell.value)
            assert found is not None, cell.value
            link, text = (values.sheet[at].value for at in found.groups())
            assert values.sheet[cell.coordinate].value == text
            if text is None:  # a place in a short list that nobody takes
                assert link is None
                continue
            title, address = re.fullmatch(r"#'(.+)'!([A-Z]+\d+)", link).groups()  # type: ignore[union-attr]
            yield text, title.replace("''", "'"), address


def test_members_of_the_overview_lead_to_their_rows(xlsales: Command, book: Path) -> None:
    """Each name leads to the row of that member."""
    shown = opened(book)
    found = list(links(book, "overview"))
    assert {text for text, *_ in found} == {*COMPANY["区域"]}
    for text, title, address in found:
        cell = shown.book[title][address]
        assert title == "按区域"
        assert shown.book[title].cell(cell.row, 1).value == f"m:{text}"


def test_they_follow_a_sheet_that_was_renamed(xlsales: Command, book: Path) -> None:
    """A person calls the sheet what they like; the next refresh leads there."""
    edited = read_back(book)
    edited["按区域"].title = "老板's 区域"
    edited.defined_names["xs_out_dim_1"].attr_text = "'老板''s 区域'!$A$1"
    edited.save(book)
    assert xlsales("refresh", book).code == 1
    shown = opened(book)
    for text, title, address in links(book, "overview"):
        assert title == "老板's 区域"
        assert shown.book[title].cell(shown.book[title][address].row, 1).value == f"m:{text}"


def test_problems_lead_to_the_cells_at_fault(xlsales: Command, book: Path) -> None:
    """What has to be fixed comes first, and a click goes to the cell that says so."""
    shown = opened(book)
    effects = shown.sheet("problems").down("effect", r"p:\d+")
    assert effects == sorted(effects, key=["搁置", "提醒", "说明", "合计行"].index)
    assert {"搁置", "合计行"} <= set(effects)
    values = shown.sheet("problems").down("value", r"p:\d+")
    for (_, title, address), value in zip(links(book, "problems"), values, strict=True):
        assert title == "实际"
        assert shown.book[title][address].value == value


def test_what_needs_nothing_is_below_amounts_that_cannot_be_read(xlsales: Command, book: Path) -> None:
    """A repeated header and an unreadable amount are both worth nothing: the amount has to be fixed."""
    edited = read_back(book)
    actuals = edited["实际"]
    actuals.append([cell.value for cell in actuals[1]])
    edited.save(book)
    assert xlsales("refresh", book).code == 1
    sheet = opened(book).sheet("problems")
    aside = sheet.down("effect", r"p:\d+").count("搁置")
    assert [text[:3] for text in sheet.down("sentence", r"p:\d+")[:aside]] == ["区域“", "金额“", "重复的"]


def test_what_is_in_another_file_is_no_link(xlsales: Command, book: Path, tmp_path: Path) -> None:
    """A place in a file that was read from elsewhere is a text."""
    path = tmp_path / "流水.csv"
    path.write_text(
        "日期,区域,产品,渠道,金额\n2026-01-15,华冬,产品A,线上,300000\n2026-01-15,华东,产品A,线上,1\n", "utf-8"
    )
    assert xlsales("refresh", book, "--actuals", str(path)).code == 1
    sheet = opened(book).sheet("problems")
    assert "流水.csv" in sheet.value("p:1", "sheet")
    assert sheet.value("p:1", "link") is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_written_sheet_leads_back_to_the_guide(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """At the end of the title's row, by the name of the guide; on a director's pages there is none."""
    names = {"区域": {"华东": 1, "华北": 2}} if lang == "zh" else {"Region": {"East": 1, "North": 2}}
    path = plan(tmp_path / "p.xlsx", lang=lang, dimensions=members(names))
    assert xlsales("split", path).code == 0
    label, book = ("← 说明" if lang == "zh" else "← Guide"), Book.open(path)
    assert book.area("xs_sheet_guide") is not None
    formula = f'=IF(ISREF(INDIRECT("xs_sheet_guide")),HYPERLINK("#xs_sheet_guide","{label}"),"{label}")'
    formulas, values = read_back(path), read_back(path, data_only=True)
    for sheet in written_sheets(book).values():
        row = sheet.row + 1
        texts = {cell.coordinate: cell.value for cell in formulas[sheet.title][row] if cell.value}
        (title, _), (way_back, text) = list(texts.items())
        assert text == formula
        assert values[sheet.title][way_back].value == label
        assert formulas[sheet.title][way_back].column > formulas[sheet.title][title].column + 1
        assert not sheet.made_by_hand()
    sheets = written_sheets(book)
    for title in keep_pages(book, sheets, lang, "p.xlsx"):  # type: ignore[arg-type]
        page = book.sheet(title)
        assert page is not None
        assert label not in {cell.value for cell in book.cells(page).values()}


@pytest.mark.libreoffice
def test_a_plan_without_a_guide_has_the_words_alone(xlsales: Command, tmp_path: Path) -> None:
    """LibreOffice counts the formula anew: without the name it is a text, and no error."""
    path = plan(tmp_path / "p.xlsx", dimensions=members({"区域": {"华东": 1}}))
    edited = read_back(path)
    del edited.defined_names["xs_sheet_guide"]
    edited.remove(edited["说明"])
    edited.save(path)
    assert xlsales("split", path).code == 0
    sheet = recalculated(path, tmp_path)["按时间"]
    assert [cell.value for cell in sheet[2] if cell.value] == ["按时间", "← 说明"]


def test_a_second_run_leaves_the_way_back_as_it_is(xlsales: Command, book: Path) -> None:
    """It is no cell of a person: nothing is kept aside when rows change, and a second run changes nothing."""
    assert "没有变化,文件保持原样" in xlsales("split", book).out
    fill_in(book, "xs_dimensions", 0, member="东三省")
    assert xlsales("split", book, "--rewrite").code == 1
    assert not [title for title in opened(book).titles if "旧" in title]
