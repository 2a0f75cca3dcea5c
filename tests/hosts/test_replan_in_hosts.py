"""重排 in Excel and Calc: the same cells as on the command line, told before targets change, taken back."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.calc import read_back
from tests.commands.books import Command
from tests.commands.test_replan import choose, stores_plan
from tests.hosts.excel.open_books import NO, YES, OpenBook
from tests.hosts.libreoffice.office import Calc, closing
from tests.hosts.test_hosts_agree import _cells, _in_document, clean_desktop, differences
from xlsales.book.edits import are_same
from xlsales.core.faults import Lang

__all__ = ["clean_desktop"]


@pytest.mark.com_sim
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.usefixtures("clean_desktop")
def test_in_excel_it_is_told_and_carried_out(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """No writes nothing; Yes does what the command line does; a second press changes nothing; undo goes back."""
    path, file = (stores_plan(tmp_path / name, xlsales, lang) for name in ("e.xlsx", "f.xlsx"))
    store, way = {"zh": ("门店", "降低总目标"), "en": ("Store", "lower total")}[lang]
    for one in (path, file):
        choose(one, {f"m:{store}:甲": (way, "门前修路")})
    book = OpenBook(path)
    before = _cells(book.book._file)
    (question,) = book.press("split_target", NO)[:1]
    assert {"zh": "决定和原因写进“重排决定”", "en": "kept in Re-plan decisions"}[lang] in question
    assert differences(before, _cells(book.book._file)) == []
    book.press("split_target", YES)
    assert xlsales("split", file, "--yes").code in (0, 1)
    written = _cells(read_back(file))
    assert differences(written, _cells(book.book._file)) == []
    book.press("split_target")
    assert differences(written, _cells(book.book._file)) == []
    book.press("undo_last")
    assert differences(before, _cells(book.book._file)) == []


@pytest.mark.libreoffice
def test_in_calc_what_is_rolled_in_is_kept_with_its_reason(calc: Calc, xlsales: Command, tmp_path: Path) -> None:
    """No target changes, so nobody is asked; the cells are those of the command line, and undo goes back."""
    path, file = (stores_plan(tmp_path / name, xlsales) for name in ("c.xlsx", "f.xlsx"))
    for one in (path, file):
        choose(one, {"m:门店:甲": ("滚入", "旺季在后")})
    with closing(calc, calc.open(path)) as document:
        before = _in_document(document)
        calc.press(document, "split_target")
        assert xlsales("split", file).code in (0, 1)
        assert differences(_cells(read_back(file, data_only=True)), _in_document(document)) == []
        calc.press(document, "undo_last")
        assert differences(before, _in_document(document)) == []


@pytest.mark.unit
def test_a_number_is_the_same_with_15_digits() -> None:
    """As LibreOffice writes it, also just above a power of ten: else an undo would take it for changed."""
    chance = random.Random(1)
    numbers = [1.013001695873375, *(10 ** chance.randint(-6, 9) * (1 + chance.random() / 20) for _ in range(20_000))]
    assert all(are_same(float(f"{number:.15g}"), number) for number in numbers)
    assert not are_same(1.00000000000001, 1.0)
