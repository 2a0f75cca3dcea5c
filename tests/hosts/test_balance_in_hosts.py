"""平衡 in Excel and Calc: the same cells as on the command line, told before they change, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.calc import read_back
from tests.commands.books import Command
from tests.hosts.excel.open_books import NO, YES, OpenBook
from tests.hosts.libreoffice.office import Calc, closing
from tests.hosts.test_hosts_agree import _cells, _in_document, clean_desktop, differences
from tests.plan.unfair import unfair_plan

__all__ = ["clean_desktop"]


@pytest.mark.com_sim
@pytest.mark.usefixtures("clean_desktop")
def test_one_press_in_excel_does_what_the_command_line_does(xlsales: Command, tmp_path: Path) -> None:
    """No writes nothing; Yes locks and splits anew; a second press has nothing to move; undo goes back."""
    path, file = (unfair_plan(tmp_path / name, xlsales) for name in ("e.xlsx", "f.xlsx"))
    for one in (path, file):
        assert xlsales("split", one).code in (0, 1)
    book = OpenBook(path)
    before = _cells(book.book._file)
    (question,) = book.press("balance_targets", NO)[:1]
    assert question.startswith("目标会这样改动:\n门店:8 个成员")
    assert differences(before, _cells(book.book._file)) == []
    book.press("balance_targets", YES)
    assert xlsales("balance", file, "--yes").code in (0, 1)
    assert differences(_cells(read_back(file)), _cells(book.book._file)) == []
    (message,) = book.press("balance_targets")
    assert "没有要移动的" in message
    book.press("undo_last")
    assert differences(before, _cells(book.book._file)) == []


@pytest.mark.libreoffice
def test_in_calc_it_is_asked_about(calc: Calc, xlsales: Command, tmp_path: Path) -> None:
    """Without windows nobody can say yes: the question is shown, and nothing is written."""
    path = unfair_plan(tmp_path / "c.xlsx", xlsales)
    assert xlsales("split", path).code in (0, 1)
    with closing(calc, calc.open(path)) as document:
        before = _in_document(document)
        assert "目标会这样改动" in calc.press(document, "balance_targets")
        assert differences(before, _in_document(document)) == []
