"""演示: a five-region company's plan, split, with eight months of plausible, dirty actuals, refreshed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from xlsales.book.snapshots import Snapshots
from xlsales.commands.document import AlreadyThere, FileDocument
from xlsales.commands.job import Run, Watch
from xlsales.commands.outcome import Outcome
from xlsales.commands.refresh import refresh
from xlsales.commands.split import split
from xlsales.core.faults import Lang
from xlsales.plan.template.example import paste_actuals, write_example
from xlsales.vocabulary.contract import Word


def demo(folder: Path, lang: Lang, now: dt.datetime, snapshots: Snapshots, watch: Watch) -> Outcome:
    """Write the example into a folder, which is made where missing, and run the verbs on it; raises AlreadyThere."""
    folder.mkdir(parents=True, exist_ok=True)
    book = folder / Word("目标计划-演示.xlsx", "target-plan-demo.xlsx")[lang]
    if book.exists():
        raise AlreadyThere(file=str(book))
    run = Run(FileDocument(book, snapshots), now, watch=watch)
    write_example(book, lang)
    split(run)
    paste_actuals(book, lang)
    outcome = refresh(run)
    look = Word(
        "打开 {book}:先看“进度总览”,再看“按区域”和“数据问题”。",
        "Open {book}: start at Overview, then By Region and Problems.",
    )
    lines = (*outcome.lines, look[lang].format(book=book))
    return replace(outcome, command="demo", staged=True, lines=lines)
