"""Results as tables of README.md, each between markers of its own."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.measure import FULL, HEADER, SMALL, Result

README = Path(__file__).with_name("README.md")


def write_table(name: str, results: Sequence[Result], seconds: float) -> None:
    """Put the results of a benchmark in the place of the last ones; raises ValueError where README has no place."""
    opening, closing = f"<!-- {name} -->", f"<!-- end of {name} -->"
    text = README.read_text("utf-8")
    if opening not in text or closing not in text:
        raise ValueError(f"{README.name} has no {opening} … {closing}")
    before, rest = text.split(opening)
    rest = rest.split(closing)[1]
    lines = [HEADER, ("---",) * len(HEADER), *(result.cells for result in results)]
    table = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
    README.write_text(f"{before}{opening}\n{_circumstances(seconds)}\n\n{table}\n{closing}{rest}", "utf-8")


def _circumstances(seconds: float) -> str:
    """Say when, where and how it ran: by that a reader judges the seconds."""
    how = " --small" if SMALL else " --full" if FULL else ""
    machine = f"Python {platform.python_version()}, {sys.platform}, {os.cpu_count()} processors"
    busy = f", load {os.getloadavg()[1]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{dt.date.today()}, {machine}{busy}, in {seconds:.0f} s (`python -m tests.benchmarks{how}`):"
