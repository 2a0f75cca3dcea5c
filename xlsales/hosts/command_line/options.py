"""The options that every command takes."""

from __future__ import annotations

from xlsales.commands.verb import Argument

JSON = Argument("--json", "switch", "", ("结果给程序读(JSON)", "print a machine-readable result"))
LANG = Argument(
    "--lang",
    "name",
    "zh|en",
    ("语言(默认:工作簿的,否则系统的)", "language (default: the workbook's, else the system's)"),
)
HELP = Argument("--help", "switch", "", ("显示这一页", "show this page"), short="-h")
COMMON = (JSON, LANG, HELP)
"""In the order of the help pages."""
