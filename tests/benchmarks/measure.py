"""Timing side by side: callables take turns, so that a noisy machine is noisy for all of them."""

from __future__ import annotations

import math
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

SMALL, FULL, WRITE = "--small" in sys.argv, "--full" in sys.argv, "--write" in sys.argv
"""A set that takes two minutes; the slow peers at full size too; put the rows into README.md."""
STEEPEST = 1.1
"""The slope of time over size, both as logarithms, is at most so much: 1 is linear growth."""


@dataclass(frozen=True)
class Result:
    """One line of a benchmark: seconds (medians) beside the peer's, and what is asked of them.

    `figure` is what is held against `bar`, both as they are printed; `met` is None where nothing is asked.
    """

    what: str
    ours: float
    beside: str = ""
    figure: str = ""
    bar: str = ""
    met: bool | None = None
    peak_mb: float | None = None
    note: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the cells of its line, as HEADER has them."""
        return (
            self.what,
            f"{self.ours:.4f} s",
            self.beside,
            self.figure,
            self.bar,
            {None: "", True: "yes", False: "**no**"}[self.met],
            "" if self.peak_mb is None else f"{self.peak_mb:.0f}",
            self.note,
        )


HEADER = ("what", "ours", "beside", "figure", "bar", "met", "peak MB", "note")


def share(
    what: str,
    ours: float,
    name: str,
    peer: float,
    at_most: float | None = None,
    *,
    peak_mb: float | None = None,
    most_mb: float | None = None,
    note: str = "",
) -> Result:
    """Ours in units of the peer's seconds: `at_most` so many of them, and at most so many MB."""
    asked = [] if at_most is None else [f"≤ {at_most:g}"]
    if most_mb is not None:
        asked.append(f"≤ {most_mb:g} MB")
    met = None if not asked else (at_most is None or ours / peer <= at_most)
    if most_mb is not None and peak_mb is not None and peak_mb > most_mb:
        met = False
    return Result(what, ours, _seconds(peer, name), f"{ours / peer:.2f}", ", ".join(asked), met, peak_mb, note)


def times(
    what: str,
    ours: float,
    name: str,
    peer: float,
    at_least: float | None = None,
    *,
    peak_mb: float | None = None,
    note: str = "",
) -> Result:
    """How many times as long the peer takes: `at_least` so many times."""
    bar, met = ("", None) if at_least is None else (f"≥ {at_least:g}×", peer / ours >= at_least)
    return Result(what, ours, _seconds(peer, name), f"{peer / ours:.1f}×", bar, met, peak_mb, note)


def more(what: str, ours: float, name: str, peer: float, at_most: float, note: str = "") -> Result:
    """How many seconds we take over the peer: `at_most` so many."""
    over = ours - peer
    return Result(what, ours, _seconds(peer, name), f"+{over:.3f} s", f"≤ +{at_most:g} s", over <= at_most, note=note)


def growth(what: str, sizes: Sequence[int], seconds: Sequence[float], note: str = "") -> Result:
    """The slope of time over size, both as logarithms (least squares): at most STEEPEST."""
    steep = slope(sizes, seconds)
    text = f"{what}, {sizes[0]:,} → {sizes[-1]:,}"
    figure, bar = f"slope {steep:.2f}", f"≤ {STEEPEST:g}"
    return Result(text, seconds[-1], _seconds(seconds[0], "the first size"), figure, bar, steep <= STEEPEST, note=note)


def slope(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Return the slope of time over size, both as logarithms (least squares)."""
    across, up = [math.log(size) for size in sizes], [math.log(spent) for spent in seconds]
    return statistics.linear_regression(across, up).slope


def _seconds(seconds: float, name: str) -> str:
    return f"{seconds:.4f} s {name}"


def medians(*calls: Callable[[], object], times: int = 5) -> list[float]:
    """Return the median seconds of each call; the calls take turns, after one round that is not counted."""
    seconds: list[list[float]] = [[] for _ in calls]
    for turn in range(times + 1):
        for call, spent in zip(calls, seconds, strict=True):
            started = time.perf_counter()
            call()
            if turn:
                spent.append(time.perf_counter() - started)
    return [statistics.median(spent) for spent in seconds]


class Spent(NamedTuple):
    """What a process took: seconds, peak memory in MB, and seconds of the processors."""

    seconds: float
    peak_mb: float
    processor: float


def run_process(command: Sequence[str], allowed: Sequence[int] = (0,)) -> Spent:
    """Run a command to its end and return what it took, its own processes included. Other exit codes raise."""
    probe = (
        "import resource, subprocess, sys, time; s = time.perf_counter(); "
        "code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL); spent = time.perf_counter() - s; "
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(spent, u.ru_maxrss, u.ru_utime + u.ru_stime); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", probe, *command], capture_output=True, text=True)
    if done.returncode not in allowed:
        raise RuntimeError(f"{command[:4]} ended with {done.returncode}: {done.stderr[-2000:]}")
    seconds, peak, processor = map(float, done.stdout.split()[-3:])
    return Spent(seconds, peak * _RSS_UNIT / 1e6, processor)


def in_turns(*commands: Sequence[str], times: int = 5) -> list[Spent]:
    """Return the median seconds, the greatest peak and the median processor seconds of commands that take turns.

    Exit code 1 only tells of data problems, which generated sales have on purpose. A round before
    is not counted, unless each runs but once.
    """
    runs: list[list[Spent]] = [[] for _ in commands]
    for turn in range(times + 1 if times > 1 else 1):
        for command, spent in zip(commands, runs, strict=True):
            took = run_process(command, allowed=(0, 1))
            if turn or times == 1:
                spent.append(took)
    return [
        Spent(
            statistics.median(s.seconds for s in spent),
            max(s.peak_mb for s in spent),
            statistics.median(s.processor for s in spent),
        )
        for spent in runs
    ]


def hot_spot(*arguments: str) -> str:
    """Run `xlsales` once more under a profile; name the function that most seconds pass in, and its share of all."""
    with tempfile.TemporaryDirectory() as folder:
        profile = str(Path(folder) / "profile")
        run_process([sys.executable, "-m", "cProfile", "-o", profile, "-m", "xlsales", *arguments], allowed=(0, 1))
        stats = pstats.Stats(profile)
    entries = [one for one in stats.stats.items() if "builtins.exec" not in one[0][2]]  # type: ignore[attr-defined]
    (file, _, function), (_, _, own, *_) = max(entries, key=lambda entry: entry[1][2])
    place = "" if file == "~" else f"{Path(file).stem}."
    total = stats.total_tt  # type: ignore[attr-defined]
    return f"most in {place}{function.strip('<>')} ({own / total:.0%})"


def wanted(*texts: str) -> bool:
    """Tell whether a benchmark of these names is to run: each WORD of `--only WORD` stands in one of them."""
    words = [sys.argv[i + 1] for i, argument in enumerate(sys.argv) if argument == "--only"]
    return all(any(word in text for text in texts) for word in words)


def report(results: Iterable[Result]) -> list[Result]:
    """Print results, each as soon as it is there, and return them."""
    printed: list[Result] = []
    for result in results:
        if not printed:
            _print(HEADER)
        _print(result.cells)
        printed.append(result)
    return printed


_WIDTHS = (44, 11, 44, 11, 8, 6, 8, 0)


def _print(cells: Sequence[str]) -> None:
    print("  ".join(cell.ljust(w) for cell, w in zip(cells, _WIDTHS, strict=True)).rstrip(), flush=True)


_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is bytes on macOS, KiB elsewhere
