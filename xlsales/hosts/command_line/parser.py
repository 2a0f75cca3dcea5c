"""Reads a call: which command, with which arguments; or which help page is asked for.

argparse reads the arguments. The pages and the sentences are our own, because argparse has them in English only. Click
and Typer know no option with several values (`--store A B`), and Typer takes three times as long to start.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from xlsales import __version__
from xlsales.commands.verb import OF_RUN, Argument, Verb
from xlsales.commands.verbs import VERBS
from xlsales.hosts import addin_cli
from xlsales.hosts.command_line import help_pages
from xlsales.hosts.command_line.options import COMMON, HELP, LANG, options_of

COMMANDS = {verb.key: verb for verb in VERBS if verb.arguments}
GROUP = "addin"
"""The command that has commands of its own."""
_ASKS_FOR_HELP = ("-h", "--help")


def read_call(words: Sequence[str], lang: str) -> argparse.Namespace | str:
    """Return what is to be done, or the text of the page that is asked for. Raises `Misuse`."""
    start = _start(words)
    before, rest = list(words[:start]), list(words[start:])
    if "--version" in before:
        return f"xlsales {__version__}"
    if not rest:
        return _without_command(before, lang)
    if rest[0] in ("help", "/?"):
        return _page(rest[1:], lang)
    command, *rest = rest
    verb = _among(COMMANDS.values(), command)
    if verb.key == GROUP:
        if not rest or rest[0] in _ASKS_FOR_HELP:
            return help_pages.page_of_group(verb, addin_cli.COMMANDS, lang)
        verb, rest = _among(addin_cli.COMMANDS, rest[0], GROUP), rest[1:]
    rest = before + rest
    if any(word in _ASKS_FOR_HELP for word in rest):
        return help_pages.page_of(verb, lang)
    return _arguments(verb, rest, lang)


def _start(words: Sequence[str]) -> int:
    """Where the command is: behind the options that are before it."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] == LANG.name else 1
    return at


def _without_command(options: Sequence[str], lang: str) -> str:
    """The page of all, unless there is something to be done: then it is a command that is missing."""
    others = [word for word in options if word not in _ASKS_FOR_HELP]
    if not others or (len(others) < 3 and others[0].partition("=")[0] == LANG.name):
        return help_pages.page_of_all(lang)
    from xlsales.hosts.command_line import misuse

    if others[0] in (one.name for one in COMMON):
        raise misuse.NoCommand()
    raise misuse.not_understood(others[0], ["--version", *(one.name for one in COMMON)], "")


def _page(words: Sequence[str], lang: str) -> str:
    """The page of a command, by its words; without any that of all."""
    names = [word for word in words if not word.startswith("-") and word not in ("zh", "en")]
    if not names or names[0] == "help":
        return help_pages.page_of_all(lang)
    verb = _among(COMMANDS.values(), names[0])
    if verb.key == GROUP:
        if not names[1:]:
            return help_pages.page_of_group(verb, addin_cli.COMMANDS, lang)
        verb = _among(addin_cli.COMMANDS, names[1], GROUP)
    return help_pages.page_of(verb, lang)


def _among(verbs: Iterable[Verb], word: str, group: str = "") -> Verb:
    """The verb that a word names; raises `UnknownCommand` or `NearCommand`."""
    by_name = {verb.key.split()[-1]: verb for verb in verbs}
    if word in by_name:
        return by_name[word]
    from xlsales.hosts.command_line import misuse

    raise misuse.unknown_command(word, ((name, verb.label) for name, verb in by_name.items()), group)


def _arguments(verb: Verb, words: Sequence[str], lang: str) -> argparse.Namespace:
    usage = help_pages.usage_of(verb, lang)
    parser = _Parser(verb, usage)
    for argument in (*verb.arguments, *options_of(verb)):
        if argument is not HELP:
            add_argument(parser, argument)
    parser.set_defaults(command=verb.key, open=False, **{one.key: None for one in OF_RUN if one not in verb.arguments})
    try:
        args, others = parser.parse_known_args(words)
    except argparse.ArgumentError as error:
        parser.error(str(error))
    if others:
        from xlsales.hosts.command_line import misuse

        names = [
            name for one in (*verb.arguments, *options_of(verb)) if not one.positional for name in (one.name, one.short)
        ]
        raise misuse.not_understood(others[0], filter(None, names), verb.key)
    return args


class _Parser(argparse.ArgumentParser):
    """The parser of one command; what it complains about is said in our sentences."""

    def __init__(self, verb: Verb, usage: str) -> None:
        super().__init__(prog=f"xlsales {verb.key}", add_help=False, exit_on_error=False)
        self._negative_number_matcher = re.compile(r"-\d")  # argparse's own takes -5% and -5万 for options
        self._verb, self._usage = verb, usage

    def error(self, message: str) -> NoReturn:
        """Raise `Misuse`."""
        from xlsales.hosts.command_line import misuse

        metavars = {one.name: one.metavar for one in (*self._verb.arguments, *options_of(self._verb))}
        raise misuse.told_by_library(message, self._verb.key, self._usage, metavars)


def add_argument(parser: argparse.ArgumentParser, argument: Argument) -> argparse.Action:
    """Let a command take an argument of the table."""
    names = [name for name in (argument.short, argument.name) if name]
    if argument.kind == "switch":
        return parser.add_argument(*names, action="store_true")
    settings: dict[str, Any] = {"metavar": argument.metavar, "type": _reader(argument)}
    if argument.kind == "names":
        settings |= {"nargs": "+", "default": [], "action": "extend"}
    elif argument.default:
        settings |= {"default": _reader(argument)(argument.default)}
    if argument.positional and (argument.default or argument.optional):
        settings |= {"nargs": "?"}
    return parser.add_argument(*names, **settings)


def _reader(argument: Argument) -> Callable[[str], Any]:
    """What reads the text of an argument, by its kind."""
    if argument.kind in ("book", "new book", "file", "folder"):
        return Path
    values = argument.metavar.split("|")
    if not values[1:]:
        return str

    def one_of(text: str) -> str:
        if text in values:
            return text
        from xlsales.hosts.command_line import misuse

        raise misuse.no_such_value(argument.name, text, values)

    return one_of
