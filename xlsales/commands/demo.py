"""演示: a five-region company's plan, split, with eight months of plausible, dirty actuals, refreshed."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from xlsales.commands.document import AlreadyThere, FileDocument
from xlsales.commands.job import Run, Start
from xlsales.commands.outcome import Outcome
from xlsales.commands.refresh import refresh
from xlsales.commands.split import split
from xlsales.plan.template.example import paste_actuals, write_example
from xlsales.vocabulary.contract import Word


def demo(start: Start, folder: Path) -> Outcome:
    """Write the example into a folder, make it if it is missing, and run the verbs on it; raises AlreadyThere."""
    folder.mkdir(parents=True, exist_ok=True)
    book = folder / Word("目标计划-演示.xlsx", "target-plan-demo.xlsx")[start.lang]
    if book.exists():
        raise AlreadyThere(file=str(book))
    run = Run(FileDocument(book, start.snapshots), start.now, watch=start.watch)
    write_example(book, start.lang)
    split(run)
    paste_actuals(book, start.lang)
    outcome = refresh(run)
    look = Word(
        "打开 {book}:先看“进度总览”,再看“按区域”和“数据问题”。",
        "Open {book}: start at Overview, then By region and Problems.",
    )
    lines = (*outcome.lines[:-1], look[start.lang].format(book=book))
    return replace(outcome, command="demo", staged=True, lines=lines)
