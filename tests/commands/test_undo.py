from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.books import Command, answer, plan
from xlsales.core.faults import Lang

pytestmark = pytest.mark.unit


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return plan(tmp_path / "计划.xlsx")


def test_back_to_before_the_run(xlsales: Command, book: Path) -> None:
    """Undo gives back the bytes from before the last run, then those from before the one before it."""
    first = book.read_bytes()
    assert xlsales("split", book).code == 0
    answer(book, "total", 2000)
    second = book.read_bytes()
    assert xlsales("split", book).code == 0
    ran = xlsales("undo", book)
    assert ran.code == 0
    assert "已撤销" in ran.out
    assert "分解目标" in ran.out
    assert book.read_bytes() == second
    # the plan was typed into since the first run: that work is not thrown away
    assert xlsales("undo", book).code == 2
    assert book.read_bytes() == second
    assert xlsales("undo", book, "-o", book.with_name("原来.xlsx")).code == 0
    assert book.with_name("原来.xlsx").read_bytes() == first


def test_refused_when_changed_since(xlsales: Command, book: Path) -> None:
    """A workbook that was changed after the run is not thrown away: one sentence says how to get the old one."""
    before = book.read_bytes()
    assert xlsales("split", book).code == 0
    answer(book, "plan_name", "改过")
    changed = book.read_bytes()
    ran = xlsales("undo", book)
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert "又被改过" in ran.err
    assert xlsales("undo", book, "-o", book.parent / ".." / book.parent.name / book.name).code == 2
    assert book.read_bytes() == changed
    out = book.with_name("运行前.xlsx")
    assert xlsales("undo", book, "-o", out).code == 0
    assert (out.read_bytes(), book.read_bytes()) == (before, changed)


def test_nothing_to_undo(xlsales: Command, book: Path) -> None:
    """Without a run on record undo says so, in the workbook's language."""
    assert xlsales("undo", book).sentences == ["“计划.xlsx”没有可撤销的运行(只记录本机本用户的最近 10 次)。"]
    english = plan(book.with_name("plan.xlsx"), lang="en")
    assert xlsales("undo", english).err.startswith("There is no run to undo")
    assert xlsales("undo", book.with_name("没有.xlsx")).code == 2


def test_a_run_that_changed_nothing_is_not_on_record(xlsales: Command, book: Path) -> None:
    """A run that changed nothing needs no undoing: undo goes to before the run that did."""
    before = book.read_bytes()
    assert xlsales("split", book).code == 0
    assert xlsales("split", book).code == 0
    assert xlsales("check", book).code == 0
    assert xlsales("undo", book).code == 0
    assert book.read_bytes() == before
    assert xlsales("undo", book).code == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_run_that_changed_nothing_says_what_an_undo_takes_back(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """The run before it, by its verb and time, as the undo says then; nothing if none can be taken back."""
    book = plan(tmp_path / "p.xlsx", lang=lang)
    assert xlsales("split", book).code == 0
    for _ in range(2):
        said = xlsales("split", book).out.splitlines()[0]
    assert ("现在撤销,退回的是 " in said, "An undo would go back to before " in said) == (lang == "zh", lang == "en")
    when = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", said)
    assert when
    verb = {"zh": "分解目标", "en": "split"}[lang]
    assert verb in said
    (tmp_path / "memory").rename(tmp_path / "elsewhere")
    assert "撤销" not in xlsales("split", book).out.splitlines()[0]
    (tmp_path / "elsewhere").rename(tmp_path / "memory")
    ran = xlsales("undo", book)
    assert verb in ran.out
    assert when[0] in ran.out


def test_a_refused_run_leaves_no_trace(xlsales: Command, book: Path, tmp_path: Path) -> None:
    """A run that is refused is not on record."""
    answer(book, "total", "?")
    assert xlsales("split", book).code == 2
    assert xlsales("undo", book).code == 2
    assert not [p for p in (tmp_path / "memory").rglob("*") if p.is_file()]


def test_the_last_ten_runs_are_kept(xlsales: Command, book: Path, tmp_path: Path) -> None:
    """Of twelve runs the last ten can be undone; older copies are thrown away."""
    assert xlsales("split", book).code == 0
    states = []
    for total in range(1, 12):
        answer(book, "total", total * 100)
        states.append(book.read_bytes())
        assert xlsales("split", book).code == 0
    copies = list((tmp_path / "memory").rglob("*.xlsx"))
    assert len(copies) == 10
    assert xlsales("undo", book).code == 0
    assert book.read_bytes() == states[-1]


def test_out_goes_on_record_for_its_own_file(xlsales: Command, book: Path) -> None:
    """A run with -o over an older result can be undone for that result."""
    out = book.with_name("结果.xlsx")
    assert xlsales("split", book, "-o", out).code == 0
    first = out.read_bytes()
    answer(book, "total", 2000)
    assert xlsales("split", book, "-o", out).code == 0
    assert out.read_bytes() != first
    assert xlsales("undo", out).code == 0
    assert out.read_bytes() == first
    assert xlsales("undo", book).code == 2
