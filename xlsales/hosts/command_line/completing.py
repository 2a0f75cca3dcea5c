"""Completes the words of a call while it is typed: argcomplete asks, and these are the words.

A shell that ran the script of `xlsales completion` starts the program anew at each Tab, with `_ARGCOMPLETE` set.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from argcomplete.finders import CompletionFinder

from xlsales.commands.verb import Argument, Verb, say
from xlsales.hosts import addin_cli
from xlsales.hosts.command_line.options import options_of
from xlsales.hosts.command_line.parser import COMMANDS, GROUP, add_argument

_PLANS = (".xlsx", ".xlsm")
_SALES = (*_PLANS, ".xls", ".xlsb", ".ods", ".csv", ".txt")

Completer = Callable[..., Iterable[str]]


def complete(lang: str) -> None:
    """Print the words that may come next, and end the process."""
    CompletionFinder()(_parser(lang), always_complete_options=False)


def _parser(lang: str) -> argparse.ArgumentParser:
    """A parser of every command, whose arguments know their words."""
    parser = argparse.ArgumentParser(prog="xlsales", add_help=False)
    commands = parser.add_subparsers()
    commands.add_parser("help", add_help=False).add_argument("command", nargs="?", choices=[*COMMANDS])
    for verb in COMMANDS.values():
        own = commands.add_parser(verb.key, help=say(verb.purpose, lang), add_help=False)
        if verb.key != GROUP:
            _add_arguments(own, verb, lang)
            continue
        actions = own.add_subparsers()
        for action in addin_cli.COMMANDS:
            name = action.key.split()[-1]
            _add_arguments(actions.add_parser(name, help=say(action.purpose, lang), add_help=False), action, lang)
    return parser


def _add_arguments(parser: argparse.ArgumentParser, verb: Verb, lang: str) -> None:
    for argument in (*verb.arguments, *options_of(verb)):
        action = add_argument(parser, argument)
        action.help = say(argument.help, lang)
        action.completer = _completer(argument)  # type: ignore[attr-defined]


def _completer(argument: Argument) -> Completer:
    """What offers words for an argument, by its kind; called with what was typed of it, and of the others."""
    if argument.choices is not None:
        return _choices(argument)
    values = argument.metavar.split("|")
    if values[1:]:
        return lambda **_: values
    match argument.kind:
        case "book":
            return lambda prefix, **_: _paths(prefix, _PLANS)
        case "new book" | "folder":
            return lambda prefix, **_: _paths(prefix, ())
        case "file":
            return lambda prefix, **_: _paths(prefix, (".xlsx", ".pdf"))
        case "data":
            return _data
    return {"dimension": _dimensions, "store": _members}.get(argument.key, _nothing)


def _nothing(**_: Any) -> list[str]:
    return []


def _choices(argument: Argument) -> Completer:
    """The titles of what can be chosen, in both languages."""

    def completer(prefix: str, **_: Any) -> list[str]:
        assert argument.choices is not None
        return [title for _, titles, _ in argument.choices() for title in titles]

    return completer


def _dimensions(prefix: str, parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    from xlsales.commands.offered_names import dimensions_of

    return dimensions_of(parsed_args.book)


def _members(prefix: str, parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    from xlsales.commands.offered_names import members_of

    return members_of(parsed_args.book, parsed_args.dimension)


def _data(prefix: str, **_: Any) -> list[str]:
    """Files of sales; behind a file and a colon, its sheets."""
    file, colon, _sheet = prefix.rpartition(":")
    if colon and os.path.isfile(file):
        from xlsales.commands.offered_names import sheets_of

        return [f"{file}:{title}" for title in sheets_of(Path(file))]
    return list(_paths(prefix, _SALES))


def _paths(prefix: str, endings: tuple[str, ...]) -> Iterator[str]:
    """The folders that begin with what was typed, and the files with one of the endings."""
    folder, begun = os.path.split(prefix)
    try:
        entries = sorted(os.scandir(os.path.expanduser(folder) or "."), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("~$") or (entry.name.startswith(".") and not begun.startswith(".")):
            continue
        if entry.is_dir():
            yield os.path.join(folder, entry.name, "")
        elif entry.name.lower().endswith(endings) and endings:
            yield os.path.join(folder, entry.name)
