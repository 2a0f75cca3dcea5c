"""How often Calc's status bar is given a text and a value, and what that costs a run."""

from __future__ import annotations

from typing import Any

import pytest

from xlsales.hosts.libreoffice.progress import StatusBar

pytestmark = pytest.mark.unit


class Bar:
    """Calc's status bar as it is: to begin empties it, and ignores a value within 0.1 s of the last that it took."""

    def __init__(self) -> None:
        self.now = self.slept = 0.0
        self.text, self.shown, self.ended = "", 0, False
        self._taken = float("-inf")

    def createStatusIndicator(self) -> Any:  # noqa: N802 - a name of UNO
        return self

    def start(self, text: str, most: int) -> None:
        assert most == 100
        self.text, self.shown = text, 0

    def setValue(self, value: int) -> None:  # noqa: N802
        if self.now - self._taken > 0.1:
            self.shown, self._taken = value, self.now

    def end(self) -> None:
        self.ended = True

    def pause(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


def run(stages: list[tuple[str, float, float]]) -> tuple[Bar, list[tuple[str, int]]]:
    """Run through stages, each with its share and the seconds that it takes; return what is seen in each."""
    bar, seen = Bar(), []
    status = StatusBar(bar, "zh", lambda: bar.now, bar.pause)
    bar.now += 1
    for stage, share, seconds in stages:
        status.watch(stage, share)
        seen.append((bar.text, bar.shown))
        bar.now += seconds
    status.end()
    return bar, seen


def test_a_long_run_shows_every_share() -> None:
    """Also where a stage is over at once; waiting takes at most a twentieth."""
    bar, seen = run([("读取目标", 0.1, 9), ("读取实际", 0.4, 0.01), ("汇总", 0.7, 9), ("写入", 0.8, 3)])
    assert [text for text, _ in seen] == ["销售目标:读取目标", "销售目标:读取实际", "销售目标:汇总", "销售目标:写入"]
    assert [share for _, share in seen] == [10, 40, 70, 80]
    assert 0 < bar.slept <= 0.05 * bar.now
    assert bar.ended


def test_a_short_run_waits_for_nothing() -> None:
    """It shows the share of each stage but of those that follow another at once."""
    bar, seen = run([("读取目标", 0.1, 0.04), ("读取实际", 0.4, 0.3), ("汇总", 0.7, 0.04), ("写入", 0.8, 0.4)])
    assert bar.slept == 0
    assert [share for _, share in seen] == [10, 0, 70, 0]


def test_a_stage_of_many_steps_keeps_its_text() -> None:
    """The shares of one stage come without waiting, and without emptying the bar."""
    bar, seen = run([("下发", 0.3 + n / 200, 0.2) for n in range(100)])
    assert {text for text, _ in seen} == {"销售目标:下发"}
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 80
    assert bar.slept == 0
