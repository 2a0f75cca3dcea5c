"""The verbs of the ribbon, on the workbook that VBA hands over.

Each ends in one message or, if all is well, in a line of the status bar; never in a traceback. Errors from inside go to
a log file, which the message names.
"""

from __future__ import annotations

from typing import Any

from xlsales.core.uncollected import uncollected


def run(call: str, application: Any, workbook: Any) -> None:
    """Run a verb by its name in the add-in.

    VBA hands over its Application and its active workbook (None if there is none).
    """
    with uncollected():  # the first press imports what it needs
        from xlsales.commands.windows import press
        from xlsales.hosts.excel.window import ExcelWindow

        press(ExcelWindow(application, workbook), call)
