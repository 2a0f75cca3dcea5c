"""The list of sheets: its lines say what the files of the sheets say, and a run imports those of its workbook."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.plan.sheets import samples
from xlsales.book.keyed import written_sheets
from xlsales.layout.sheet import Sheet
from xlsales.ooxml.book import Book
from xlsales.plan.figures import Figures
from xlsales.plan.sheets import ADDED, SHEETS, Line
from xlsales.plan.template.plan import write_template

pytestmark = pytest.mark.unit
LOADED = """
import sys
from pathlib import Path
from xlsales.hosts.cli import main

main(sys.argv[1:])
print(*(name for name in sys.modules if name.startswith("xlsales.plan.sheets.")))
"""


@pytest.mark.parametrize("line", SHEETS.lines, ids=lambda line: line.key)
def test_a_line_says_what_its_sheet_says(line: Line) -> None:
    """Key and tables are told twice: in the light list, and where they are described."""
    assert (line.sheet.key, tuple(table.name for table in line.sheet.tables)) == (line.key, line.tables)


@pytest.mark.parametrize("sheet", ADDED, ids=lambda sheet: sheet.key)
def test_an_added_sheet_shows_nothing_without_its_tables(sheet: Sheet[Figures, Any]) -> None:
    """So a run may leave its file alone."""
    assert list(sheet.views(samples.figures())) == []


def test_a_workbook_has_a_sheet_by_its_table_or_once_it_is_written(tmp_path: Path) -> None:
    """A table makes it take part; one that is written takes part without its table, to be told of."""
    write_template(tmp_path / "plan.xlsx", "zh")
    book = Book.open(tmp_path / "plan.xlsx")
    needed = [line.key for line in SHEETS.lines if not line.tables]
    assert [sheet.key for sheet in SHEETS.of_book(book, written_sheets(book))] == needed
    assert [sheet.key for sheet in ADDED.of_book(book, ["xlsales:fairness:大区", "xlsales:staff", "xlsales:week"])] == [
        "fairness",
        "staff",
    ]


def test_a_run_imports_the_sheets_of_its_workbook(tmp_path: Path) -> None:
    """A plan to which one sheet was added does not wait for the files of the others."""

    def run(*words: str) -> str:
        command = [sys.executable, "-c", LOADED, *words]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout.splitlines()[-1]

    run("demo", str(tmp_path))
    book = str(next(tmp_path.glob("*.xlsx")))
    run("add", book, "staff")
    loaded = set(run("refresh", book).split())
    assert "xlsales.plan.sheets.staff" in loaded
    others = {f"xlsales.plan.sheets.{line.file}" for line in ADDED.lines if line.key != "staff"}
    assert loaded & others == set()
