"""What the ribbon calls: the verbs of the table, on the workbook that VBA hands over.

Each ends in one message, or in a line of the status bar if all is well;
never in a traceback. What went wrong inside goes to a log file that the
message names.
"""

from __future__ import annotations

from typing import Any

from xlsales.commands.windows import press
from xlsales.hosts.excel.window import Window


def run(call: str, application: Any, workbook: Any) -> None:
    """Run a verb by what the add-in calls it; VBA hands over its Application and its active workbook, None if there
    is none."""
    press(Window(application, workbook), call)
