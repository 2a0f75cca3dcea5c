"""How far a run is, in Calc's status bar."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from xlsales.commands.telling import TITLE, stage_line
from xlsales.core.faults import Lang

_APART = 0.11
"""Seconds. The status bar ignores a value that comes within 0.1 s of the one that it took before."""
_COST = 0.05
"""The part of a run that may be spent on waiting until the status bar takes a value."""


class StatusBar:
    """The status bar of a window: the stage as its text, the share of the whole as its bar.

    A stage begins the indicator anew: `setText` would give the old value again, and the new one would be ignored. In a
    short run, the bar of a stage that follows at once stays empty: to wait for it would make the run longer.
    """

    def __init__(
        self,
        frame: Any,
        lang: Lang,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._lang, self._stage = lang, ""
        self._clock, self._pause = clock, pause
        self._began, self._paused, self._taken = clock(), 0.0, clock() - _APART
        self._indicator = frame.createStatusIndicator()
        self._indicator.start(TITLE[lang], 100)

    def watch(self, stage: str, share: float) -> None:
        """Show a stage and how much of the whole is done."""
        if not stage:
            return
        if stage != self._stage:
            self._stage = stage
            self._indicator.start(stage_line(stage, self._lang), 100)
            self._wait()
        self._indicator.setValue(round(share * 100))
        if self._clock() >= self._taken + _APART:
            self._taken = self._clock()

    def end(self) -> None:
        """Give the status bar back to Calc."""
        self._indicator.end()

    def _wait(self) -> None:
        """Wait until the status bar takes a value, unless the run is too short for that."""
        due = self._taken + _APART - self._clock()
        if 0 < due <= _COST * (self._clock() - self._began) - self._paused:
            self._pause(due)
            self._paused += due
