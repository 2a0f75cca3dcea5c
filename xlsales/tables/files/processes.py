"""A process apart that reads workbooks. This module is light to import, so that the process can start first."""

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
"""A worker without a question for so many seconds ends; sooner if it worked for long, because it holds much."""
LONG = 1.0
"""So many seconds of work are long."""


def started(program: str, serve: str, *arguments: str, **of_streams: Any) -> subprocess.Popen[Any]:
    """Start a Python that runs a function (`package.module:name`) of texts; its streams lead here."""
    folders = [folder for folder in sys.path if folder]
    module, _, name = serve.partition(":")
    script = f"import sys; sys.path[:] = {folders!r}; from {module} import {name}; {name}(*sys.argv[1:])"
    return subprocess.Popen(
        [program, "-S", "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        **of_streams,
    )


class Worker:
    """A process that reads, and dies if it takes too long or too much memory. It opens a first file unasked."""

    def __init__(self, program: str, first: str = "") -> None:
        self._process = started(program, "xlsales.tables.files.worker:serve", first, text=True, encoding="ascii")
        self.letting_go: threading.Timer | None = None
        self.idle: float = IDLE

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """Return the answer; None if the process died, or took too long."""
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
        if answer.get("fault") == "died":  # its state is not known
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
def borrow() -> Iterator[Worker]:
    """Give a worker that nobody else asks, a new one if there is none."""
    with _turn:
        worker = _idle.pop() if _idle else None
    if worker is not None and worker.letting_go is not None:
        worker.letting_go.cancel()
    if worker is not None and not worker.alive:
        worker.end()
    if worker is None or not worker.alive:
        worker = Worker(python() or sys.executable)
    try:
        yield worker
    except BaseException:  # a question without its answer
        worker.end()
        raise
    if not worker.alive:
        worker.end()
    else:
        worker.letting_go = threading.Timer(worker.idle, _let_go, [worker])
        worker.letting_go.daemon = True
        with _turn:
            _idle.append(worker)
        worker.letting_go.start()


def warm(path: Path) -> None:
    """Start a worker for a file that will need one: it opens the file while this process goes on."""
    program = python()
    with contextlib.suppress(OSError):
        ending = path.suffix.lower()
        if program is not None and (ending in WITHOUT_XML or (ending in BY_BLOCKS and path.stat().st_size > _LARGE)):
            with _turn:
                if not _idle:
                    _idle.append(Worker(program, str(path.absolute())))


BY_BLOCKS, WITHOUT_XML = (".xlsx", ".xlsm", ".xltx", ".xltm"), (".xls", ".xlsb", ".ods")
"""Kinds of workbooks: the sheets of some are loaded by blocks of rows, the others are always read by a worker."""
_LARGE = 5_000_000
"""Bytes of a workbook; in a larger one a sheet is most likely too large to be loaded here."""


def _let_go(worker: Worker) -> None:
    with _turn:
        if worker not in _idle:
            return
        _idle.remove(worker)
    worker.end()


def _let_all_go() -> None:
    while _idle:
        _idle.pop().end()


atexit.register(_let_all_go)


def python() -> str | None:
    """Return the Python that can be started as a process; None inside of a program without one."""
    name = Path(sys.executable or "").name.lower()
    return sys.executable if name.startswith("python") else None
