"""撤销上次: back to before the last run, in a file or in a workbook that is open in a program."""

from __future__ import annotations

from xlsales.commands.job import Run
from xlsales.commands.outcome import Outcome
from xlsales.commands.verb import say
from xlsales.commands.verbs import verb_of
from xlsales.plan.inputs import language_of
from xlsales.vocabulary.contract import Word

_DONE = Word(
    "已撤销 {when} 的“{command}”;{book} 回到那之前的样子。",
    "Undid {command} of {when}; {book} is as it was before.",
)


def undo(run: Run) -> Outcome:
    """Take back the last run; raises a Fault, and then changes nothing, if that would lose work."""
    document = run.document
    last, book = document.go_back(), document.target
    lang = language_of(document.content if document.content.exists() else book)
    text = _DONE[lang].format(when=last.when, command=say(verb_of(last.command).logged, lang), book=book)
    return Outcome("undo", lang, book, True, (text,))
