"""Inputs that cannot be read, in a plan open in a real LibreOffice Calc."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

from tests.commands.books import Command, place_of
from tests.commands.faults import CASES, Case
from tests.hosts.libreoffice.office import Calc, closing
from tests.hosts.libreoffice.test_commands import Open, company, opened

pytestmark = pytest.mark.libreoffice
OTHERWISE = {
    "no document of Calc's": (
        "not a workbook", "a Word document", "empty file", "encrypted", "old format", "cut short", "missing file",
    ),
    "read by Calc in its own way": ("zip bomb", "lying zip"),
    "calculated by Calc": ("formula without result", "formula without result in a table"),
    "a header is what its cell says": ("lost header",),
    "not kept by Calc when it reads .xlsx": ("protected structure",),
}  # fmt: skip
"""Cases of files that are none in an open document, by the reason."""
SHARED = [case for case in CASES if case.id not in [name for names in OTHERWISE.values() for name in names]]


@pytest.mark.parametrize(
    ("case", "lang"), list(zip(SHARED, cycle(["zh", "en"]), strict=False)), ids=[case.id for case in SHARED]
)
def test_each_fault_is_told_as_on_the_command_line(
    calc: Calc, xlsales: Command, tmp_path: Path, case: Case, lang: str
) -> None:
    """分解目标 in Calc tells the sentences that `xlsales split` tells of the same file; no sheet is added.

    A workbook without a language is answered in that of the program, which is English here.
    """
    book = case.make(tmp_path / "计划.xlsx", lang)
    ran = xlsales("split", book, *(("--lang", "en") if case.id == "no plan" else ()))
    assert ran.code == 2
    with closing(calc, calc.open(book)) as document:
        titles = document.Sheets.ElementNames
        assert calc.press(document, "split_target").splitlines() == ran.sentences
        assert document.Sheets.ElementNames == titles


def test_cases_are_left_out_by_name() -> None:
    """What is left out above exists."""
    assert len(SHARED) == len(CASES) - sum(len(names) for names in OTHERWISE.values()) > 50


def test_what_a_person_types_is_told_at_its_cell(calc: Calc, xlsales: Command, tmp_path: Path) -> None:
    """Faults typed into the open document, not saved yet, are all told at once, as after saving."""
    path = company(tmp_path / "计划.xlsx")
    with opened(calc, path) as book:
        _, total = place_of(path, "total").split("!")
        _, end = place_of(path, "end").split("!")
        book.type("设置", total, "一千左右")
        book.type("设置", end, 45000.0)
        book.type("维度", "C4", "名字")
        told = book.press("split_target")
        ran = xlsales("split", book.saved("计划-2.xlsx"))
        assert (ran.code, told.splitlines()) == (2, ran.sentences)
        assert told.startswith(f"设置!{total}: “总目标”是“一千左右”,不是数字。")


def protected_structure(book: Open) -> None:
    book.document.protect("")


def protected_sheet(book: Open) -> None:
    book.sheet("按区域").protect("")


@pytest.mark.parametrize(
    ("protect", "verb", "sentence"),
    [
        (protected_structure, "split_target", "计划.xlsx: 工作簿的结构受保护"),
        (protected_structure, "undo_last", "计划.xlsx: 工作簿的结构受保护"),
        (protected_sheet, "split_target", "按区域: 这张表受保护"),
    ],
)
def test_protection_is_told_before_anything_is_written(
    calc: Calc, tmp_path: Path, protect: Callable[[Open], None], verb: str, sentence: str
) -> None:
    """A document whose structure or sheet a person has protected stays as it is, and that is told."""
    with opened(calc, company(tmp_path / "计划.xlsx")) as book:
        assert book.press("split_target").startswith("分解完成")
        book.append("维度", None, "区域", "新区", None, None, 50.0)
        protect(book)
        before = book.cells()
        (told,) = book.press(verb).splitlines()
        assert told.startswith(sentence)
        assert book.cells() == before
