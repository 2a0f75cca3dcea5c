"""What is wrong with a call, in one sentence: what was typed, and what to type instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from xlsales.core.faults import Fault, Listed
from xlsales.core.text import identity


class Misuse(Fault):
    """A call that cannot be understood; `help` is the call that shows the right page."""

    def __init__(self, *, help_of: str = "", **facts: object) -> None:
        super().__init__(**facts, help=f"xlsales help {help_of}".strip())


class NoCommand(Misuse):
    """Options without a command."""

    zh = "没有写命令。全部命令:{help}"
    en = "There is no command. All commands: {help}"


class UnknownCommand(Misuse):
    """A word that is no command."""

    zh = "没有命令“{word}”。全部命令:{help}"
    en = 'There is no command "{word}". All commands: {help}'


class NearCommand(Misuse):
    """A word that is nearly a command."""

    zh = "没有命令“{word}”。是不是 {near}?全部命令:{help}"
    en = 'There is no command "{word}". Did you mean {near}? All commands: {help}'


class UnknownOption(Misuse):
    """An option that the command does not have."""

    zh = "没有选项“{word}”。全部选项:{help}"
    en = 'There is no option "{word}". All options: {help}'


class NearOption(Misuse):
    """An option that is nearly one of the command's."""

    zh = "没有选项“{word}”。是不是 {near}?全部选项:{help}"
    en = 'There is no option "{word}". Did you mean {near}? All options: {help}'


class SeveralOptions(Misuse):
    """The beginning of several options."""

    zh = "“{word}”可以是 {options}。请写全。"
    en = '"{word}" may be {options}. Type it in full.'


class TooMany(Misuse):
    """A word more than the command takes."""

    zh = "多出“{word}”。名称里有空格时请加引号;用法:{help}"
    en = '"{word}" is one word too many. Put quotes around names with spaces; how to use it: {help}'


class Missing(Misuse):
    """Arguments that were left out."""

    zh = "还缺 {names}。用法:{usage};说明:{help}"
    en = "{names} is missing. Usage: {usage}; more: {help}"


class NoValue(Misuse):
    """An option without what belongs behind it."""

    zh = "{option} 后面要写 {metavar}。说明:{help}"
    en = "{option} takes {metavar}. More: {help}"


class ValueTooMany(Misuse):
    """A value behind a switch."""

    zh = "{option} 后面不用写“{value}”。说明:{help}"
    en = '{option} takes no value; "{value}" is too many. More: {help}'


class NoSuchValue(Misuse):
    """A value that is none of those that an option takes."""

    zh = "{option} 没有“{value}”。可以写 {values}。"
    en = '{option} has no "{value}". It takes {values}.'


class OtherMisuse(Misuse):
    """What the library for command lines says, as it says it."""

    zh = "命令写得不对({message})。说明:{help}"
    en = "The command is not right ({message}). More: {help}"


def unknown_command(word: str, labels: Iterable[tuple[str, Iterable[str]]], group: str = "") -> Misuse:
    """Return the sentence on a word that is no command (of a group); `labels` are the commands and what else each is
    called."""
    by_name = {identity(name): key for key, names in labels for name in (key, *names)}
    near = _near(identity(word), by_name)
    if near is None:
        return UnknownCommand(word=word, help_of=group)
    return NearCommand(word=word, near=by_name[near], help_of=group)


def not_understood(word: str, options: Iterable[str], command: str) -> Misuse:
    """Return the sentence on a word that a command does not take."""
    if not word.startswith("-") or word == "-":
        return TooMany(word=word, help_of=command)
    word = word.partition("=")[0]
    by_letters = {option.strip("-"): option for option in options}
    found = _near(word.casefold().strip("-"), by_letters)
    near = by_letters.get(found) if found else None
    return NearOption(word=word, near=near, help_of=command) if near else UnknownOption(word=word, help_of=command)


def told_by_library(message: str, command: str, usage: str, metavars: Mapping[str, str]) -> Misuse:
    """Return the sentence for a message of argparse, which is English whatever the language."""
    if found := re.search(r"arguments are required: (.+)", message):
        return Missing(names=Listed(found[1].split(", ")), usage=usage, help_of=command)
    option, _, rest = message.removeprefix("argument ").partition(": ")
    option = option.rpartition("/")[2]
    if re.match(r"expected (one|at least one|\d+) argument", rest):
        return NoValue(option=option, metavar=metavars.get(option, ""), help_of=command)
    if found := re.match(r"ignored explicit argument '(.*)'", rest):
        return ValueTooMany(option=option, value=found[1], help_of=command)
    if found := re.search(r"ambiguous option: (\S+) could match (.+)", message):
        return SeveralOptions(word=found[1], options=Listed(found[2].split(", ")), help_of=command)
    return OtherMisuse(message=message, help_of=command)


def _near(word: str, words: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, list(words), 1, 0.6)), None)


def no_such_value(option: str, value: str, values: Iterable[str]) -> Misuse:
    """Return the sentence on a value that is none of those that an option takes."""
    return NoSuchValue(option=option, value=value, values=Listed(values))
