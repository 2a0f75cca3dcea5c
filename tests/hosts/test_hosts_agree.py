"""The command line, the Excel host over fakes and a real LibreOffice Calc: random plans, the same cells and words.

`XLSALES_RANDOM_PLANS` says how many plans are compared: all 200 take some nine minutes, the first 60 under three.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils.datetime import to_excel

from tests.calc import read_back
from tests.commands.books import Command, Ran, opened, paste
from tests.fakes.pywin32 import desktop
from tests.hosts.excel.open_books import OpenBook
from tests.hosts.libreoffice.office import Calc, closing, rows_of
from tests.hosts.random_plans import RandomPlan, random_plan
from xlsales.commands.telling import LOOK_AT_PROBLEMS
from xlsales.plan.sheets.problems import PROBLEMS
from xlsales.plan.sheets.runs import RUNS
from xlsales.plan.sheets.versions import VERSIONS
from xlsales.vocabulary.contract import SHEETS

Cells = dict[tuple[str, int, int], float | str]
PLANS = int(os.environ.get("XLSALES_RANDOM_PLANS", "60"))
PASTED = [SHEETS[key][lang] for key in ("actuals", "history") for lang in ("zh", "en")]
"""Sheets to paste into: in an open program the end of our header line stays beside a narrower table, as in life."""
TELL_THE_TIME = [sheet.title[lang] for sheet in (RUNS, VERSIONS) for lang in ("zh", "en")]


@dataclass
class Shown:
    """What a host said and what the sheets showed, after the split and after the refresh."""

    said: list[str] = field(default_factory=list)
    cells: list[Cells] = field(default_factory=list)
    formulas: list[Cells] = field(default_factory=list)


def on_the_command_line(plan: RandomPlan, path: Path, xlsales: Command) -> Shown:
    """Run the commands on a file."""
    shown = Shown()

    def ran(command: str) -> None:
        done: Ran = xlsales(command, path)
        assert done.code in (0, 1, 2)
        said = done.err if done.code == 2 else done.out
        if command == "refresh" and done.code == 0 and not opened(path).problems:
            said = ""  # programs with windows say what there is to know
        shown.said.append(_without_offer(said.replace(str(path), path.name)))
        shown.cells.append(_cells(read_back(path, data_only=True)))
        shown.formulas.append(_cells(read_back(path)))

    ran("split")
    paste(path, plan.then, SHEETS["actuals"][plan.lang])
    ran("refresh")
    return shown


def in_excel(plan: RandomPlan, path: Path) -> Shown:
    """Press the buttons of the ribbon, over fakes."""
    shown, opened = Shown(), OpenBook(path)

    def pressed(button: str) -> None:
        shown.said.append(_without_offer("\n".join(opened.press(button))))
        shown.formulas.append(_cells(opened.book._file))

    pressed("split_target")
    sheet = opened.sheet(SHEETS["actuals"][plan.lang])
    for r, line in enumerate(plan.then, 1):
        for c, value in enumerate(line, 1):
            sheet.cell(r, c).value = value
    pressed("refresh_progress")
    opened.book.Close(SaveChanges=False)
    return shown


def in_calc(plan: RandomPlan, path: Path, calc: Calc) -> Shown:
    """Dispatch the commands of the menu, in LibreOffice."""
    shown = Shown()
    with closing(calc, calc.open(path)) as document:

        def pressed(verb: str) -> None:
            shown.said.append(_without_offer(calc.press(document, verb)))
            shown.cells.append(_in_document(document))

        pressed("split_target")
        sheet = document.Sheets.getByName(SHEETS["actuals"][plan.lang])
        lines = rows_of([[_plain(value) for value in line] for line in plan.then])
        sheet.getCellRangeByPosition(0, 0, len(lines[0]) - 1, len(lines) - 1).setDataArray(lines)
        pressed("refresh_progress")
    return shown


def _without_offer(message: str) -> str:
    """A message without what is offered: by questions in windows, by an option on the command line."""
    offers = "|".join(re.escape(LOOK_AT_PROBLEMS[lang].format(sheet=PROBLEMS.title[lang])) for lang in ("zh", "en"))
    closing = (
        '.*--close.*|.*要关账吗.|是:“已关账至”.*|否:不关账.*|.*Close these months.?|Yes: "Closed.*|No: they stay.*'
    )
    lines = (line for line in message.splitlines() if line and not re.fullmatch(f"{offers}|{closing}", line))
    return "\n".join(lines).strip()


def _cells(book: Any) -> Cells:
    """Every cell of a workbook as openpyxl has it."""
    return {
        (sheet.title, cell.row, cell.column): value
        for sheet in book.worksheets
        if sheet.title not in (*TELL_THE_TIME, *PASTED)
        for line in sheet.iter_rows()
        for cell in line
        if (value := _plain(cell.value)) != ""
    }


def _in_document(document: Any) -> Cells:
    """Every cell of a document open in Calc."""
    found: Cells = {}
    for title in document.Sheets.ElementNames:
        if title in (*TELL_THE_TIME, *PASTED):
            continue
        sheet = document.Sheets.getByName(title)
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        area = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).getDataArray()
        for r, line in enumerate(area, 1):
            found |= {(title, r, c): value for c, value in enumerate(line, 1) if value != ""}
    return found


def _plain(value: Any) -> float | str:
    """A value as Calc has it: text, or a number, which a day is too."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return float(to_excel(value))
    return value if isinstance(value, str) else float(value)


def differences(one: Cells, other: Cells) -> list[tuple[object, ...]]:
    """Return where cells differ, twenty at most; numbers agree when their first 14 digits do."""
    found = []
    for at in sorted(one.keys() | other.keys()):
        a, b = one.get(at, ""), other.get(at, "")
        numbers = isinstance(a, float) and isinstance(b, float)
        if not (math.isclose(a, b, rel_tol=1e-14, abs_tol=1e-11) if numbers else a == b):
            found.append((at, a, b))
    return found[:20]


@pytest.fixture
def clean_desktop() -> Iterator[None]:
    desktop.clear()
    yield
    desktop.clear()


@pytest.mark.libreoffice
@pytest.mark.com_sim
@pytest.mark.parametrize("seed", range(PLANS))
@pytest.mark.usefixtures("clean_desktop")
def test_three_hosts_agree(seed: int, calc: Calc, xlsales: Command, tmp_path: Path) -> None:
    """After a split, and after sales are pasted and refreshed, every cell and every word is the same in every host."""
    plan = random_plan(seed)
    paths = []
    for host in ("file", "excel", "calc"):
        (tmp_path / host).mkdir()
        paths.append(plan.write(tmp_path / host / "plan.xlsx"))
    with ThreadPoolExecutor(1) as second:  # LibreOffice works meanwhile
        waiting = second.submit(in_calc, plan, paths[2], calc)
        file, excel, office = on_the_command_line(plan, paths[0], xlsales), in_excel(plan, paths[1]), waiting.result()
    assert file.said == excel.said
    assert file.said == office.said
    for stage in (0, 1):
        assert differences(file.formulas[stage], excel.formulas[stage]) == []
        assert differences(file.cells[stage], office.cells[stage]) == []
