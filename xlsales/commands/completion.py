"""补全: the script that lets a terminal complete the words of a call; argcomplete writes it."""

from __future__ import annotations

from pathlib import Path

from xlsales.commands.job import Start
from xlsales.commands.outcome import Outcome


def completion(start: Start, shell: str) -> Outcome:
    """Print the script for a shell, one of those of the argument."""
    from argcomplete.shell_integration import shellcode

    script = shellcode(["xlsales"], shell=shell)
    figures = {"book": None, "shell": shell, "script": script}
    return Outcome("completion", start.lang, Path(), False, tuple(script.splitlines()), figures=figures)
