"""What menu and toolbar call: the verbs of the table, on the document in front.

Each ends in one message, or in nothing but the changed sheets if all is
well. Messages and what went wrong inside are in calc.log.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from xlsales.commands.telling import BUSY
from xlsales.commands.windows import press
from xlsales.hosts.libreoffice.turns import in_turn, is_busy
from xlsales.hosts.libreoffice.window import Window


def run(context: Any, call: str) -> None:
    """Run a verb by what the extension calls it; not while another runs."""
    window = Window(context)
    if is_busy():
        window.warn(BUSY[window.lang])
        return
    in_turn(partial(press, window, call))
