"""The options that are not of a single command."""

from __future__ import annotations

from xlsales.commands.verb import Argument, Verb

JSON = Argument("--json", "switch", "", ("结果给程序读(JSON)", "print a machine-readable result"))
LANG = Argument(
    "--lang",
    "name",
    "zh|en",
    ("语言(默认:工作簿的,否则系统的)", "language (default: the workbook's, else the system's)"),
)
QUIET = Argument(
    "--quiet",
    "switch",
    "",
    ("顺利就什么都不显示,只显示数据问题", "print nothing if all is well, else the data problems alone"),
    short="-q",
)
VERBOSE = Argument(
    "--verbose",
    "switch",
    "",
    (
        "另显示明细(行数、列、全部数据问题、目标改动)、每一步用时、出错细节",
        "also print details (rows, columns, all problems, changed targets), times, errors",
    ),
    short="-v",
)
OPEN = Argument("--open", "switch", "", ("完成后打开结果", "open the result when it is done"))
"""Of the commands that write something a person looks at."""
HELP = Argument("--help", "switch", "", ("显示这一页", "show this page"), short="-h")
COMMON = (JSON, LANG, QUIET, VERBOSE, HELP)
"""In the order of the help pages."""


def options_of(verb: Verb) -> tuple[Argument, ...]:
    """Return the options that a command takes besides those of its row."""
    writes = any(
        argument.name == "--out" or argument.kind == "new book" or (argument.kind == "folder" and not argument.read)
        for argument in verb.arguments
    )
    return (OPEN, *COMMON) if writes and " " not in verb.key else COMMON
