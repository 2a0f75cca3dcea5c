"""Tables on a terminal, drawn by rich: East Asian characters take two columns, lamps have a colour if NO_COLOR allows.

Only what shows a table loads rich, which takes 0.1 s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from xlsales.commands.outcome import Table

_WIDEST = 10_000
"""No figure is cut: a narrow terminal breaks long lines itself."""
_STYLES = {"green": "green", "amber": "yellow", "orange": "dark_orange", "red": "bold red", "": ""}


def drawn(table: Table, stream: TextIO) -> str:
    """Return a table as text for a stream, with colours if that is a terminal that has them."""
    from rich.console import Console
    from rich.table import Table as Drawing
    from rich.text import Text

    drawing = Drawing(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, header in enumerate(table.headers):
        drawing.add_column(Text(header), justify="right" if number else "left", no_wrap=True)
    for row, lamp in zip(table.rows, table.lamps, strict=True):
        *cells, last = row
        drawing.add_row(*map(Text, cells), Text(last, style=_STYLES[lamp]))
    terminal = Console(file=stream, width=_WIDEST)
    if terminal.legacy_windows:  # consoles before Windows 10 show codes of colours as text
        terminal = Console(file=stream, width=_WIDEST, force_terminal=False, legacy_windows=False)
    with terminal.capture() as captured:
        terminal.print(Text(table.caption), drawing, sep="\n")
    return "\n".join(line.rstrip() for line in captured.get().splitlines())
