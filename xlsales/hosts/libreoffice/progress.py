"""How far a run is, in Calc's status bar."""

from __future__ import annotations

import time
from typing import Any

from xlsales.commands.telling import TITLE, stage_line
from xlsales.core.faults import Lang

_APART = 0.11
"""Seconds. The status bar ignores a value that comes within 0.1 s of the one before; a new text gives a value too."""


class StatusBar:
    """The status bar of a window: the stage as its text, the share of the whole as its bar."""

    def __init__(self, frame: Any, lang: Lang) -> None:
        self._lang, self._stage = lang, ""
        self._indicator = frame.createStatusIndicator()
        self._indicator.start(TITLE[lang], 100)

    def watch(self, stage: str, share: float) -> None:
        """Show a stage and how much of the whole is done."""
        if not stage:
            return
        if stage != self._stage:
            self._stage = stage
            self._indicator.setText(stage_line(stage, self._lang))
            time.sleep(_APART)
        self._indicator.setValue(round(share * 100))

    def end(self) -> None:
        """Give the status bar back to Calc."""
        self._indicator.end()
