"""What is printed of every sheet, measured in the PDF: nothing cut off, nothing too small, no key, no formula.

LibreOffice prints the workbooks of `books.py` once, and says of each cell what it shows and how large it is.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.calc import read_back
from tests.paper.books import workbooks
from tests.paper.paper import Page, cut_off, pages_of
from tests.paper.shown import Shown, read_shown
from xlsales.layout.look import money_format
from xlsales.plan.notices import T_NOTICE
from xlsales.plan.sheets.notice import NOTICE
from xlsales.vocabulary.contract import LANGS, SHEETS

pytestmark = pytest.mark.libreoffice

BOOKS = [f"{lang}-{name}" for lang in LANGS for name in ("demo", "demo-store", "large", "large-store")]
PASTED = {SHEETS[key][lang] for key in ("history", "actuals") for lang in LANGS}
"""Sheets whose columns a person fills, and makes as wide as they like."""
QUOTED = {SHEETS["calendar"]["en"], T_NOTICE.label["en"], NOTICE.title["en"]}
"""Sheets that quote the State Council, in its language."""
EXAMPLES = {SHEETS["functions"][lang] for lang in LANGS}
"""Sheets that show formulas as text."""
IN_WORDS = "人民币"
SMALLEST = {"demo": 5.5, "large": 4.0}
"""Height in points of the smallest words on paper; names of seventy letters shrink to their cells."""
BROKEN = "broken"
AMOUNTS = {
    0: ("0.0", "0.0000"),
    -794_000: ("-79.4", "-79.4000"),
    9_999_499: ("999.9", "999.9499"),
    9_999_500: ("1,000.0", "999.9500"),
    10_000_000: ("1,000.0", "1,000.0000"),
    1_600_000_000: ("160,000.0", "160,000.0000"),
    -1_234_567_000: ("-123456.7", "-123456.7000"),
}
"""Yuan, and how they are shown in 万元 if the step is 1,000 yuan or less."""


@dataclass(frozen=True)
class Printed:
    """A workbook, what LibreOffice shows of it, and the pages it prints."""

    path: Path
    sheets: list[Shown]
    pages: list[Page]


def broken(path: Path) -> None:
    """Write texts that are cut off, by the next cell, by the edge of the paper, by a low row; and amounts in 万元."""
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet("Broken")
    wrapped = workbook.add_format({"text_wrap": True})
    sheet.set_column(0, 2, 12)
    sheet.write_row("A1", ["Short", "Beside it", "Last"])
    sheet.write_row("A2", ["A name that is too long", "is cut", 1])
    sheet.write_string("A3", "A name that runs on")
    sheet.write_number("C3", 1_234_567_890_123, workbook.add_format({"num_format": "#,##0"}))
    sheet.write_string("C4", "Over the edge of the paper")
    sheet.write_string("A5", "Three lines of words in one low row", wrapped)
    sheet.write_string("A6", "Three lines of words in a high row", wrapped)
    sheet.set_row(4, 15)
    sheet.set_row(5, 60)
    sheet.print_area("A1:C6")
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&F · &A&R&P / &N")
    amounts = workbook.add_worksheet("Amounts")
    for column, step in enumerate((1_000, 100)):
        money = workbook.add_format({"num_format": money_format("wan", step)})
        amounts.set_column(column, column, 20)
        for row, yuan in enumerate(AMOUNTS):
            amounts.write_number(row, column, yuan, money)
    workbook.close()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Printed]:
    """All workbooks, printed; they are skipped without LibreOffice or poppler."""
    missing = [program for program in ("soffice", "pdftotext") if shutil.which(program) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    home = tmp_path_factory.mktemp("paper")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLSALES_DATA", str(home / "memory"))
        made = {f"{lang}-{name}": path for lang in LANGS for name, path in workbooks(lang, home / lang).items()}
    paths = {}
    for name in BOOKS:  # their names are those of the files that LibreOffice makes of them
        paths[name] = made[name].replace(home / f"{name}.xlsx")
    paths[BROKEN] = home / f"{BROKEN}.xlsx"
    broken(paths[BROKEN])
    for form in ("pdf", "fods"):
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        words = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(home)]
        subprocess.run([*words, *map(str, paths.values())], check=True, capture_output=True, timeout=300)
    return {
        name: Printed(path, read_shown(path.with_suffix(".fods")), pages_of(path.with_suffix(".pdf")))
        for name, path in paths.items()
    }


def test_what_is_cut_off_is_found(printed: dict[str, Printed]) -> None:
    """A measure that finds nothing proves nothing."""
    book = printed[BROKEN]
    assert cut_off(book.sheets[0], book.pages) == [
        "Broken!A2: A name that is too long",
        "Broken!B2: is cut",
        "Broken!C3: 1,234,567,890,123",
        "Broken!C4: Over the edge of the paper",
        "Broken!A5: Three lines of words in one low row",
    ]


def test_large_amounts_have_a_comma_and_every_one_its_sign(printed: dict[str, Printed]) -> None:
    cells = printed[BROKEN].sheets[1].cells
    shown = [tuple(cells[row, column].text for column in (0, 1)) for row in range(len(AMOUNTS))]
    assert shown == [*AMOUNTS.values()]


@pytest.mark.parametrize("name", BOOKS)
def test_no_text_is_cut_off(printed: dict[str, Printed], name: str) -> None:
    """Every cell that prints shows its whole text in its own room; a number that is too wide would be a row of #."""
    book = printed[name]
    wrong = [text for sheet in book.sheets if sheet.title not in PASTED for text in cut_off(sheet, book.pages)]
    assert wrong == []


@pytest.mark.parametrize("name", BOOKS)
def test_every_page_says_what_it_is_of_and_shows_something(printed: dict[str, Printed], name: str) -> None:
    """No page is blank or holds headers alone; all are in the order of the tabs."""
    book = printed[name]
    titles = ["".join(sheet.title.split()) for sheet in book.sheets]
    assert list(dict.fromkeys(page.sheet for page in book.pages)) == titles
    for sheet, title in zip(book.sheets, titles, strict=True):
        own = [page for page in book.pages if page.sheet == title]
        below = [sum(word.bottom - word.top > 0 for word in page.words) for page in own]
        assert min(below) > len(own[0].words) / 20, (sheet.title, below)
        assert len(own) % len(sheet.blocks) == 0, (sheet.title, len(own))


@pytest.mark.parametrize("name", BOOKS)
def test_everything_can_be_read(printed: dict[str, Printed], name: str) -> None:
    smallest = SMALLEST[name.split("-")[1]]
    words = ((word.bottom - word.top, page.sheet, word.text) for page in printed[name].pages for word in page.words)
    assert [word for word in words if word[0] < smallest] == []


@pytest.mark.parametrize("name", BOOKS)
def test_nothing_is_shown_that_is_not_for_eyes(printed: dict[str, Printed], name: str) -> None:
    """No key, no formula, no error; in English no Chinese but an amount in the words of contracts."""
    for sheet in printed[name].sheets:
        texts = [cell.text for cell in sheet.cells.values() if cell.column not in sheet.hidden]
        if sheet.title not in EXAMPLES:
            assert [text for text in texts if text.startswith(("=", "xlsales:"))] == []
        assert [text for text in texts if re.match(r"#(REF|NAME|VALUE|DIV/0|N/A|NUM)|Err:\d", text)] == []
        if name.startswith("en-"):
            chinese = [text for text in texts if re.search("[\u4e00-\u9fff]", text)]
            assert sheet.title in PASTED | QUOTED or [text for text in chinese if not text.startswith(IN_WORDS)] == []


# --- links and the cell that is selected ---


@pytest.mark.parametrize("name", BOOKS)
def test_every_link_leads_somewhere(printed: dict[str, Printed], name: str) -> None:
    """To a cell of a sheet that is there, or to a name of the workbook; a name that is not there is no link yet."""
    book = read_back(printed[name].path)
    names = {*book.defined_names, *(table for sheet in book for table in sheet.tables)}
    found = [(sheet.title, target) for sheet in book for target in links(sheet, names)]
    assert [one for one in found if not leads(book, names, one[1])] == []
    assert found or "store" in name


def links(sheet: Any, names: set[str]) -> Iterator[str]:
    """Yield where the clickable cells of a sheet lead, without the `#`."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.hyperlink is not None:
                yield cell.hyperlink.location or cell.hyperlink.target
            if not (isinstance(cell.value, str) and "HYPERLINK(" in cell.value):
                continue
            if there := re.search(r'ISREF\(INDIRECT\("([^"]+)"\)\)', cell.value):
                if there[1] in names:
                    yield re.search(r'HYPERLINK\("#([^"]+)"', cell.value)[1]  # type: ignore[index]
            elif target := sheet[re.search(r"HYPERLINK\(([A-Z]+\d+),", cell.value)[1]].value:  # type: ignore[index]
                yield target.removeprefix("#")


def leads(book: Any, names: Sequence[str] | set[str], target: str) -> bool:
    place = re.fullmatch(r"'?(.+?)'?!\$?([A-Z]+)\$?(\d+)", target)
    if place is None:
        return target in names
    title, letters, row = place[1].replace("''", "'"), place[2], int(place[3])
    return title in book.sheetnames and row <= book[title].max_row and book[title][f"{letters}{row}"] is not None


@pytest.mark.parametrize("name", BOOKS)
def test_the_selected_cell_is_seen(printed: dict[str, Printed], name: str) -> None:
    """On every sheet the formula bar shows neither a key nor a formula at opening."""
    for sheet in read_back(printed[name].path).worksheets:
        cell = sheet[sheet.sheet_view.selection[-1].activeCell or "A1"]
        assert not sheet.row_dimensions[cell.row].hidden, sheet.title
        assert not sheet.column_dimensions[cell.column_letter].hidden, sheet.title
        assert not str(cell.value).startswith(("xlsales:", "=")), sheet.title
