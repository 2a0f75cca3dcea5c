"""演示: a five-region company's plan, split, with eight months of plausible, dirty actuals, refreshed."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from xlsales.book.edits import Edits
from xlsales.book.keyed import written_sheets
from xlsales.commands.asking import Past, SaidBeforehand
from xlsales.commands.document import AlreadyThere, FileDocument
from xlsales.commands.job import Run, Start
from xlsales.commands.outcome import Outcome
from xlsales.commands.refresh import refresh
from xlsales.commands.split import split
from xlsales.core.faults import Lang
from xlsales.ooxml.book import Book
from xlsales.plan.added import missing_tables
from xlsales.plan.order import archives
from xlsales.plan.sheets import ADDED
from xlsales.plan.template.example import paste_actuals, write_example
from xlsales.plan.template.full_example import full_tables
from xlsales.vocabulary.contract import Word

_LOOK = Word(
    "打开 {book}:先看“进度总览”,再看“按区域”和“数据问题”。",
    "Open {book}: start at Overview, then By region and Problems.",
)
_LOOK_AT_ALL = Word(
    "打开 {book}:先看“看板”,在黄格里选一个成员;再看“复盘”、“考核”、“行动计划”和“预算执行”。",
    "Open {book}: start at Dashboard and pick a member there; then Review, Scorecard, Action plan and Budget.",
)


def demo(start: Start, folder: Path, full: bool = False) -> Outcome:
    """Write the example into a folder, make it if it is missing, and run the verbs on it; raises AlreadyThere.

    `full`: with every sheet that people add, filled in, and the months closed that are complete.
    """
    folder.mkdir(parents=True, exist_ok=True)
    book = folder / Word("目标计划-演示.xlsx", "target-plan-demo.xlsx")[start.lang]
    if book.exists():
        raise AlreadyThere(file=str(book))
    run = Run(FileDocument(book, start.snapshots), start.now, watch=start.watch)
    write_example(book, start.lang, weighed=not full)
    if full:
        _add_all(run, start.lang)
    split(run)
    paste_actuals(book, start.lang)
    outcome = refresh(run)
    if full:
        outcome = split(replace(run, person=SaidBeforehand(Past.CLOSE, yes=True)))
    look = _LOOK_AT_ALL if full else _LOOK
    lines = (*outcome.lines[:-1], look[start.lang].format(book=book))
    return replace(outcome, command="demo", staged=True, lines=lines)


def _add_all(run: Run, lang: Lang) -> None:
    """Add the tables of all sheets that people add, filled in."""
    run.document.check([])
    book = Book.open(run.document.content)
    inputs = tuple(missing_tables(book, ADDED, lang, full_tables(lang)))
    edits = Edits(inputs=inputs, opens_on=inputs[0].title, before=archives(book, written_sheets(book)))
    run.document.write(book, edits, lang, "add", run.now)
