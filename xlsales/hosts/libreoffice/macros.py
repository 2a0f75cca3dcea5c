"""The verbs of menu and toolbar, on the document in front.

Each ends in one message; if all is well, in the changed sheets alone. Messages and errors from inside are in calc.log.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from xlsales.commands.telling import BUSY
from xlsales.commands.windows import press
from xlsales.hosts.libreoffice.turns import in_turn, is_busy
from xlsales.hosts.libreoffice.window import CalcWindow


def run(context: Any, call: str) -> None:
    """Run a verb by its name in the extension, unless another is running."""
    window = CalcWindow(context)
    if is_busy():
        window.warn(BUSY[window.lang])
        return
    in_turn(partial(press, window, call))
