"""Verbs in programs with windows: a click becomes a run on the workbook in front, and a run one message.

Excel and LibreOffice differ in `Window` and in how they carry out a run in an open workbook; all else is here.
"""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from xlsales.book.snapshots import Snapshots
from xlsales.commands.asking import Box, InFrontOf
from xlsales.commands.document import Document
from xlsales.commands.job import Run, Start, Watch
from xlsales.commands.outcome import Outcome
from xlsales.commands.telling import LOOK_AT_PROBLEMS, as_one_message, five_steps
from xlsales.commands.verb import BOOK, Verb
from xlsales.commands.verbs import verb_of
from xlsales.core import a1
from xlsales.core.faults import Refused
from xlsales.core.uncollected import uncollected
from xlsales.vocabulary.contract import SHEETS, Word


class Window(Box, Protocol):
    """A program's window: its boxes and dialogs, and the workbook in front."""

    log: str
    """The name of the log for what goes wrong inside."""

    def faults(self) -> AbstractContextManager[None]:
        """Raise a Fault for an error of the program that a person can do something about."""

    def tell(self, text: str) -> None:
        """Show a message."""

    def warn(self, text: str) -> None:
        """Show what went wrong."""

    def note(self, text: str) -> None:
        """Tell that all is well, without a box."""

    def folder(self, title: Word) -> Path | None:
        """Ask for a folder; None if the person cancels."""

    def new_file(self, name: Word) -> Path | None:
        """Ask for the path of a workbook to write, proposing a name; None if the person cancels."""

    def open(self, path: Path) -> None:
        """Open a workbook."""

    def go_to(self, title: Word, at: str = "") -> None:
        """Show the sheet of that title in the workbook in front, if it has one, and select a cell (`C9`)."""

    def selection(self) -> str:
        """Return the selected cells, `'按区域'!C5:F9,H5`; blank if none are."""

    def answer(self, question: Word) -> str | None:
        """Ask for a short text; None if the person cancels."""

    def working(self) -> AbstractContextManager[Watch]:
        """Show how far a run is."""

    def document_in_front(self, snapshots: Snapshots) -> AbstractContextManager[Document]:
        """Give the workbook in front; raises NotSavedYet."""


def press(window: Window, call: str) -> None:
    """Do what a button asks for; `call` is what the add-in calls its verb by, with `:` and a choice behind it.

    Answers to what a choice asks for may be behind it, `percent=10%`, `growth=5%;1200`: then nobody is asked.
    Whatever goes wrong is one message.
    """
    name, _, choice = call.partition(":")
    verb = verb_of(name)
    with uncollected(), as_one_message(window.warn, window.lang, window.log), window.faults():
        if verb.key == "help":
            window.go_to(SHEETS["guide"])
            window.tell(five_steps(window.lang))
            return
        answers = ask_for(window, verb, choice)
        if answers is None:
            return
        if BOOK in verb.arguments:
            _tell(window, verb, _on_document(window, verb, answers))
        else:
            window.open(verb.act()(Start(window.lang, _now(), Snapshots.of_user()), **answers).book)


def ask_for(window: Window, verb: Verb, choice: str) -> dict[str, Any] | None:
    """Ask for what the verb needs; None if the person cancels."""
    answers: dict[str, Any] = {}
    choice, is_given, given = choice.partition("=")
    ready = iter(given.split(";") if is_given else ())
    for argument in verb.own:
        question = dict(argument.asked).get(choice)
        if question is not None:
            text = next(ready, "") if is_given else window.answer(Word(*question))
            if text is None:
                return None
            answers[argument.key] = text
        elif argument.kind == "cells" and argument.positional:
            answers[argument.key] = window.selection()
        elif argument.choices is not None:
            answers[argument.key] = [choice] if argument.kind == "names" else choice
        elif argument.positional:
            ask = window.new_file if argument.kind == "new book" else window.folder
            answer = ask(Word(*argument.question))
            if answer is None:
                return None
            answers[argument.key] = answer
    return answers


def _on_document(window: Window, verb: Verb, answers: dict[str, Any]) -> Outcome:
    """Run a verb; if it refuses, show the first cell at fault."""
    try:
        with window.working() as watch, window.document_in_front(Snapshots.of_user()) as document:
            outcome: Outcome = verb.act()(Run(document, _now(), InFrontOf(window), watch=watch), **answers)
    except Refused as refused:
        place = refused.problems[0].place
        at = a1.cell(place.row, place.column) if place.row and place.column else ""
        window.go_to(Word(place.sheet, place.sheet), at)
        raise
    return outcome


def _tell(window: Window, verb: Verb, outcome: Outcome) -> None:
    """Show the sheet to look at next, then the message."""
    if outcome.shows:
        window.go_to(Word(outcome.shows, outcome.shows))
    if outcome.to_fix:
        if window.offers(f"{outcome.as_text()}\n{LOOK_AT_PROBLEMS[outcome.lang].format(sheet=outcome.to_fix)}"):
            window.go_to(Word(outcome.to_fix, outcome.to_fix))
    elif outcome.problems or outcome.has_news or (verb.button is not None and verb.button.speaks):
        window.tell(outcome.as_text())
    else:
        window.note("  ".join(outcome.lines))


def _now() -> dt.datetime:
    return dt.datetime.now().replace(microsecond=0)
