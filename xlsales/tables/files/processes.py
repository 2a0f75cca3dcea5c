"""A process apart that reads workbooks: started, asked, let go. Light to import, so that it can be started first."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

IDLE, IDLE_LARGE = 20, 0.5
"""After so many seconds without a question a worker is let go; sooner if it worked for long, for it holds much."""
LONG = 1.0
"""So many seconds of work are long."""


class Worker:
    """A process that reads, and dies when it takes too long or too much. It opens a first file unasked."""

    def __init__(self, program: str, first: str = "") -> None:
        folders = [folder for folder in sys.path if folder]
        serve = "from xlsales.tables.files.worker import serve; serve(*sys.argv[1:])"
        script = f"import sys; sys.path[:] = {folders!r}; {serve}"
        self._process = subprocess.Popen(
            [program, "-S", "-c", script, first],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "POLARS_MAX_THREADS": "1"},
            text=True,
            encoding="ascii",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.letting_go: threading.Timer | None = None
        self.idle: float = IDLE

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """Return the answer; None where the process died of the question, or took too long over it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        late, began = threading.Timer(seconds, self.end), time.monotonic()
        late.start()
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError:
            line = ""
        finally:
            late.cancel()
        self.idle = IDLE if time.monotonic() - began < LONG else IDLE_LARGE
        if not line:
            self.end()
            return None
        answer: dict[str, Any] = json.loads(line)
        if answer.get("fault") == "died":  # who knows in what state it is
            self.end()
        return answer

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def end(self) -> None:
        """Let it go."""
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError, AttributeError):
                stream.close()  # type: ignore[union-attr]


_idle: list[Worker] = []
_turn = RLock()


@contextmanager
def borrowed() -> Iterator[Worker]:
    """Give a worker that nobody else asks, a new one where there is none."""
    with _turn:
        found = _idle.pop() if _idle else None
    if found is not None and found.letting_go is not None:
        found.letting_go.cancel()
    if found is not None and not found.alive:
        found.end()
    if found is None or not found.alive:
        found = Worker(python() or sys.executable)
    try:
        yield found
    except BaseException:  # a question without its answer
        found.end()
        raise
    if not found.alive:
        found.end()
    else:
        found.letting_go = threading.Timer(found.idle, _let_go, [found])
        found.letting_go.daemon = True
        with _turn:
            _idle.append(found)
        found.letting_go.start()


def warm(path: Path) -> None:
    """Start a worker for a file that will need one: it comes up, and opens the file, while others look at it."""
    program = python()
    with contextlib.suppress(OSError):
        if program is not None and path.stat().st_size > _LARGE:
            with _turn:
                if not _idle:
                    _idle.append(Worker(program, str(path.absolute())))


_LARGE = 1_500_000
"""Bytes of a workbook in which a sheet is most likely too large to be loaded here."""


def _let_go(one: Worker) -> None:
    with _turn:
        if one not in _idle:
            return
        _idle.remove(one)
    one.end()


def _let_all_go() -> None:
    while _idle:
        _idle.pop().end()


atexit.register(_let_all_go)


def python() -> str | None:
    """Return the Python that can be started as a process; None inside of a program that has none of its own."""
    name = Path(sys.executable or "").name.lower()
    return sys.executable if name.startswith("python") else None
