"""The help pages: of the whole program, and of each command, in Chinese or English, at most 80 columns wide."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterable

from xlsales.commands.verb import Argument, Texts, Verb, say
from xlsales.commands.verbs import VERBS
from xlsales.hosts.command_line.examples import EXAMPLES
from xlsales.hosts.command_line.options import options_of

WIDTH = 80
"""So many columns has a page at most; an East Asian character takes two."""
_LEAST_WIDTH = 40
_AFTER_NAME = 26
"""The column at which the words on an argument begin."""

_ABOUT: Texts = (
    "在 Excel 工作簿里分解销售目标、跟踪达成:每个合计都闭合,您的东西一样不丢。",
    "Breaks a sales target down inside an Excel workbook and follows its achievement: every sum closes.",
)
_USAGE: Texts = ("用法: ", "usage: ")
_COMMANDS: Texts = ("命令:", "commands:")
_ARGUMENTS: Texts = ("参数:", "arguments:")
_OPTIONS: Texts = ("选项:", "options:")
_EXAMPLES: Texts = ("例子:", "examples:")
_MORE: Texts = (
    "一个命令怎么用:xlsales help 命令,例如 xlsales help split。版本:xlsales --version。",
    "How to use a command: xlsales help COMMAND, such as xlsales help split. Version: xlsales --version.",
)
_EXIT_CODES: Texts = (
    "退出码:0 完成;1 完成,但有数据问题;2 不能运行,什么都没写。",
    "Exit codes: 0 done; 1 done, with data problems; 2 cannot run, nothing written.",
)


def page_of_all(lang: str) -> str:
    """Return the page of the whole program: what it is for, its commands, how to get on."""
    usage = say(("xlsales 命令 [参数] [选项]", "xlsales COMMAND [arguments] [options]"), lang)
    commands = [(verb.key, _purpose(verb, lang)) for verb in VERBS if verb.arguments]
    return _joined(
        [*_wrapped(say(_ABOUT, lang)), "", say(_USAGE, lang) + usage],
        [say(_COMMANDS, lang), *_table(commands, indent=4, start=16)],
        [*_wrapped(say(_MORE, lang)), *_wrapped(say(_EXIT_CODES, lang))],
    )


def page_of_group(verb: Verb, members: Iterable[Verb], lang: str) -> str:
    """Return the page of a command that has commands of its own."""
    usage = say((f"xlsales {verb.key} 命令 [选项]", f"xlsales {verb.key} COMMAND [options]"), lang)
    commands = [(one.key.split()[-1], _purpose(one, lang)) for one in members]
    return _joined(
        [f"{say(_USAGE, lang)}{usage}", "", *_wrapped(_purpose(verb, lang))],
        [say(_COMMANDS, lang), *_table(commands, indent=4, start=16)],
        _examples(verb, lang),
    )


def page_of(verb: Verb, lang: str) -> str:
    """Return the page of a command: usage, purpose, arguments, options, examples."""
    positional = [argument for argument in verb.arguments if argument.positional]
    options = [argument for argument in verb.arguments if not argument.positional]
    rows = [(one.metavar, say(one.help, lang)) for one in positional]
    return _joined(
        [f"{say(_USAGE, lang)}{usage_of(verb, lang)}", "", *_wrapped(_purpose(verb, lang))],
        [say(_ARGUMENTS, lang), *_table(rows)] if rows else [],
        [say(_OPTIONS, lang), *_table((_spelt(one), say(one.help, lang)) for one in (*options, *options_of(verb)))],
        _examples(verb, lang),
    )


def usage_of(verb: Verb, lang: str) -> str:
    """Return how a command is typed."""
    words = [_word(argument) for argument in verb.arguments if argument.positional]
    return " ".join(["xlsales", verb.key, *words, say(("[选项]", "[options]"), lang)])


def _word(argument: Argument) -> str:
    """A positional argument in the line of usage."""
    return f"{argument.usage} …" if argument.kind == "names" else argument.usage


def _purpose(verb: Verb, lang: str) -> str:
    semicolon = ";" if lang == "zh" else "; "
    text = semicolon.join(text for text in (say(verb.purpose, lang), say(verb.more, lang)) if text)
    return f"{verb.label[0]}: {text}" if lang == "zh" else text[:1].upper() + text[1:]


def _spelt(argument: Argument) -> str:
    """An option as it is typed: `-o, --out OUT`."""
    name = f"{argument.short}, {argument.name}" if argument.short else argument.name
    return f"{name} {argument.metavar}".strip() + (" …" if argument.kind == "names" else "")


def _examples(verb: Verb, lang: str) -> list[str]:
    lines = [say(_EXAMPLES, lang)]
    for example in EXAMPLES.get(verb.key, ()):
        lines += [f"  {say(example.purpose, lang)}", f"    {say(example.call, lang)}"]
    return lines if lines[1:] else []


def _joined(*blocks: list[str]) -> str:
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _table(rows: Iterable[tuple[str, str]], indent: int = 2, start: int = _AFTER_NAME) -> list[str]:
    """Names with words beside them; the words begin on the next line if a name is too long."""
    lines: list[str] = []
    start = min(start, page_width() // 3)
    for name, text in rows:
        first = " " * indent + name
        words = _wrapped(text, page_width() - start)
        if width(first) + 2 <= start:
            words[0] = first + " " * (start - width(first)) + words[0]
            lines += [words[0], *(" " * start + line for line in words[1:])]
        else:
            lines += [first, *(" " * start + line for line in words)]
    return lines


def page_width() -> int:
    """Return the columns of a page: those of the terminal, or of COLUMNS, between 40 and 80."""
    return max(_LEAST_WIDTH, min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns))


def width(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _wrapped(text: str, columns: int | None = None) -> list[str]:
    """A text in lines: broken at spaces and between Chinese characters, never before a closing mark."""
    lines, line, columns = [], "", columns or page_width()
    for piece in _pieces(text):
        if line and width(line) + width(piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


_CLOSING = ",。;:!?、)”》』】"


def _pieces(text: str) -> list[str]:
    """The parts of a text that stay together."""
    pieces = [""]
    for character in text:
        last = pieces[-1][-1:]
        wide = width(character) == 2 or width(last) == 2
        if (
            last
            and character not in _CLOSING
            and last not in "“(《『【"
            and (last == " " or (wide and character != " "))
        ):
            pieces.append("")
        pieces[-1] += character
    return pieces
