"""Timing side by side: callables take turns, so that a noisy machine is noisy for all of them."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One line of a benchmark: seconds (medians) and, where it matters, peak memory in MB.

    `bar` is the ratio peer ÷ ours that is asked for, None where there is none.
    """

    what: str
    ours: float
    peer_name: str = ""
    peer: float | None = None
    bar: float | None = None
    peak_mb: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times our seconds the peer needs."""
        return None if self.peer is None else self.peer / self.ours


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


def run_process(command: Sequence[str], allowed: Sequence[int] = (0,)) -> tuple[float, float]:
    """Run a command to its end; return its seconds and its peak memory in MB. Other exit codes than `allowed` raise."""
    probe = (
        "import resource, subprocess, sys, time; s = time.perf_counter(); "
        "code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL); "
        "print(time.perf_counter() - s, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", probe, *command], capture_output=True, text=True)
    if done.returncode not in allowed:
        raise RuntimeError(f"{command[:4]} ended with {done.returncode}: {done.stderr[-2000:]}")
    seconds, peak = done.stdout.split()[-2:]
    return float(seconds), float(peak) * _RSS_UNIT / 1e6


def wanted(*texts: str) -> bool:
    """Tell whether a benchmark of these names is to run: each WORD of `--only WORD` stands in one of them."""
    words = [sys.argv[i + 1] for i, argument in enumerate(sys.argv) if argument == "--only"]
    return all(any(word in text for text in texts) for word in words)


def report(results: Iterable[Result]) -> None:
    """Print results, each as soon as it is there: what, ours, peer, ratio, bar, peak, note."""
    _print(("what", "ours", "peer", "ratio", "bar", "peak MB", "note"))
    for r in results:
        _print(
            (
                r.what,
                f"{r.ours:.4f} s",
                "" if r.peer is None else f"{r.peer:.4f} s {r.peer_name}",
                "" if r.ratio is None else f"{r.ratio:.1f}x",
                "" if r.bar is None else f"{r.bar:g}x",
                "" if r.peak_mb is None else f"{r.peak_mb:.0f}",
                r.note,
            )
        )


_WIDTHS = (42, 11, 44, 8, 8, 8, 0)


def _print(cells: Sequence[str]) -> None:
    print("  ".join(cell.ljust(w) for cell, w in zip(cells, _WIDTHS, strict=True)).rstrip(), flush=True)


_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is bytes on macOS, KiB elsewhere
