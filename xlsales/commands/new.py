"""新建计划: a fresh plan workbook; an existing file is never overwritten."""

from __future__ import annotations

from pathlib import Path

from xlsales.commands.document import AlreadyThere, check_ending
from xlsales.commands.job import Start
from xlsales.commands.outcome import Outcome
from xlsales.vocabulary.contract import Word


def new(start: Start, book: Path) -> Outcome:
    """Write a fresh plan workbook; raises AlreadyThere, or OtherEnding."""
    check_ending(book, ".xlsx")
    if book.exists():
        raise AlreadyThere(file=book.name)
    from xlsales.plan.template.plan import write_template  # a refresh need not load the writer

    write_template(book, start.lang)
    steps = Word(
        "已新建 {book}。请填“设置”和“维度”,然后运行 xlsales split。",
        "Wrote {book}. Fill in Settings and Dimensions, then run xlsales split.",
    )
    return Outcome("new", start.lang, book, True, (steps[start.lang].format(book=book),))
