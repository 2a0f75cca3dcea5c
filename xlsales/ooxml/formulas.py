"""The text of formulas: moves their references and renames their sheets, without a full grammar.

Text literals, quoted sheet titles, structured references and function names are told apart from addresses. All else
stays as it is.
"""

from __future__ import annotations

import re

from xlsales.core import a1
from xlsales.core.expressions import expression
from xlsales.ooxml.grid import MAX_COLUMN, MAX_ROW, column_number

_TOKEN = expression(
    r"""
      (?P<text>"(?:[^"]|"")*")
    | (?P<quoted>'(?:[^']|'')*'!?)
    | (?P<bracket>\[(?:[^\[\]]|\[[^\]]*\])*\](?:[\w.]*!)?)
    | (?P<several>[^\W\d][\w.]*:[^\W\d][\w.]*!)
    | (?P<cell>(?<![\w.$])(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6})(?![\w.(!:]|:[A-Za-z$]*\D*!))
    | (?P<span>(?<![\w.$])(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6}):(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6})(?![\w.(!]))
    | (?P<columns>(?<![\w.$])(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})(?![\w.(!]))
    | (?P<rows>(?<![\w.$])(\$?)(\d{1,7}):(\$?)(\d{1,7})(?![\w.(!]))
    | (?P<word>[^\W\d][\w.]*!?|\\[\w.]*)
    """,
    re.X,
)


def shift(formula: str, rows: int, columns: int) -> str:
    """Return a formula as it reads when copied `rows` down and `columns` to the right."""

    def row(dollar: str, number: str) -> str | None:
        moved = int(number) + (0 if dollar else rows)
        return f"{dollar}{moved}" if 1 <= moved <= MAX_ROW else None

    def column(dollar: str, letters: str) -> str | None:
        moved = column_number(letters.encode()) + (0 if dollar else columns)
        return f"{dollar}{a1.letters(moved)}" if 1 <= moved <= MAX_COLUMN else None

    def move(match: re.Match[str]) -> str:
        part = match.groups()
        if match["cell"]:
            at = _TOKEN.groupindex["cell"]
            moved = [column(part[at], part[at + 1]), row(part[at + 2], part[at + 3])]
            return "".join(moved) if None not in moved else "#REF!"  # type: ignore[arg-type]
        if match["span"]:
            at = _TOKEN.groupindex["span"]
            moved = [column(part[at], part[at + 1]), row(part[at + 2], part[at + 3]),
                     column(part[at + 4], part[at + 5]), row(part[at + 6], part[at + 7])]  # fmt: skip
            if None in moved:
                return "#REF!"
            return f"{moved[0]}{moved[1]}:{moved[2]}{moved[3]}"
        for kind, one in (("columns", column), ("rows", row)):
            if match[kind]:
                at = _TOKEN.groupindex[kind]
                moved = [one(part[at], part[at + 1]), one(part[at + 2], part[at + 3])]
                return ":".join(moved) if None not in moved else "#REF!"  # type: ignore[arg-type]
        return match[0]

    return _TOKEN.sub(move, formula)


def rename_sheet(formula: str, old: str, new: str) -> str:
    """Return a formula with the sheet `old` called `new`; titles are compared without regard to case."""

    def rename(match: re.Match[str]) -> str:
        token = match[0]
        if not token.endswith("!"):
            return token
        title = token[1:-2].replace("''", "'") if token[0] == "'" else token[:-1]
        return a1.on_sheet(new, "") if title.casefold() == old.casefold() else token

    return _TOKEN.sub(rename, formula)


_TITLED = expression(r"(?:'((?:[^']|'')+)'|([^'!\[\]]+))!(.+)", re.S)


def split_title(reference: str) -> tuple[str, str] | None:
    """Return (sheet title, address) of `'a''b'!$A$1`; None if no single sheet is named."""
    match = _TITLED.fullmatch(reference)
    if match is None:
        return None
    title = match[1].replace("''", "'") if match[1] else match[2]
    return (title, match[3]) if "[" not in title else None
