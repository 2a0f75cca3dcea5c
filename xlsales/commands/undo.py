"""撤销上次: back to before the last run, in a file or in a workbook that is open in a program."""

from __future__ import annotations

from pathlib import Path

from xlsales.book.restoring import plan_restoration
from xlsales.book.snapshots import Snapshot, Snapshots
from xlsales.commands.document import LiveDocument, check_ending
from xlsales.commands.finish import VERBS
from xlsales.commands.outcome import Outcome
from xlsales.core.faults import Lang
from xlsales.ooxml.book import Book
from xlsales.plan.inputs import language_of
from xlsales.vocabulary.contract import Word


def undo(book: Path, out: Path | None, snapshots: Snapshots) -> Outcome:
    """Put back the version before the last run."""
    if out is not None:
        check_ending(out, book.suffix)
    last = snapshots.undo(book, out)
    return _undone(last, out or book, language_of(out or book))


def undo_live(document: LiveDocument, snapshots: Snapshots) -> Outcome:
    """Put back what the last run changed in a workbook that is open in a program; all else stays."""
    last, before, after = snapshots.last_live(document.home)
    now = Book.open(document.content)
    restoration = plan_restoration(now, Book.open(before), Book.open(after), last, document.home.name)
    document.restore(restoration, before)
    snapshots.forget_last(document.home)
    return _undone(last, document.target, language_of(document.content))


def _undone(last: Snapshot, book: Path, lang: Lang) -> Outcome:
    done = Word(
        "已撤销 {when} 的“{command}”;{book} 回到那之前的样子。",
        "Undid {command} of {when}; {book} is as it was before.",
    )
    return Outcome(
        "undo", lang, book, True, (done[lang].format(when=last.when, command=VERBS[last.command][lang], book=book),)
    )
