"""What the add-in noted about starts of Python: failures in `addin.log`, the last success in the user's settings."""

from __future__ import annotations

from msgspec import Struct

from xlsales.addin.install import SETTINGS_KEY
from xlsales.addin.machine import Machine
from xlsales.core.expressions import expression

CONNECTED = "connected"
"""The setting that holds when Python last answered, as the log writes its times."""
OPEN_MS = "open_ms"
"""The setting that holds how many milliseconds the add-in took when Excel opened it."""
_ENTRY = expression(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (\w+): ?(.*)")


class Failure(Struct, frozen=True):
    """A start that failed: when, and what the DLL said, in one line."""

    when: str
    detail: str

    @property
    def denied(self) -> bool:
        """Whether Windows denied access: because of an antivirus program, a rule, or a job that starts no process."""
        words = ("access is denied", "拒绝访问", "存取被拒", "virus", "病毒", "阻止", "blocked")
        return any(word in self.detail.lower() for word in words)

    @property
    def unanswered(self) -> bool:
        """Whether Python ran but never answered."""
        return "could not activate" in self.detail.lower()


def last_failure(machine: Machine) -> Failure | None:
    """Return the last failed start, unless Python has answered since; None if there is none, or no log."""
    try:
        text = (machine.local / "xlsales" / "addin.log").read_text("utf-16", errors="replace")
    except (OSError, UnicodeError):
        return None
    entries: list[tuple[str, str, str]] = []
    for line in text.splitlines():
        if entry := _ENTRY.fullmatch(line):
            entries.append((entry[1], entry[2], entry[3].strip()))
        elif entries and line.strip():  # a message of the DLL has several lines
            when, what, detail = entries[-1]
            entries[-1] = when, what, f"{detail} {line.strip()}"
    starts = [Failure(when, detail) for when, what, detail in entries if what == "start"]
    answered = machine.registry.get("user", SETTINGS_KEY, CONNECTED)
    if not starts or (isinstance(answered, str) and answered > starts[-1].when):
        return None
    return starts[-1]


def open_seconds(machine: Machine) -> float | None:
    """Return the seconds that the add-in took when Excel last opened it; None if they were not noted."""
    noted = machine.registry.get("user", SETTINGS_KEY, OPEN_MS)
    return int(noted) / 1000 if isinstance(noted, str) and noted.isdecimal() else None
