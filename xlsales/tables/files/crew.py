"""Several processes that do the same with many files. Each file has limits of its own, and costs itself alone.

A process that dies at a file, or takes too long, is replaced; the file has no answer then. Answers come in the order of
the files, so nothing depends on the number of processes. What goes to and fro is pickled: both ends are ours.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from itertools import count, islice
from queue import Empty, SimpleQueue
from subprocess import TimeoutExpired
from threading import Event, Lock, Semaphore, Thread
from typing import IO, Any, Generic, TypeVar

from xlsales.tables.files.limits import GIB, limit_memory, limit_time
from xlsales.tables.files.processes import python, started

Order = TypeVar("Order")
Answer = TypeVar("Answer")

SECONDS, BUSY = 60, 3
"""An order may take the processor for so many seconds; by the clock so many times as long, for others use it too."""
MEMORY = 2 * GIB
"""Bytes that a process may have."""
MOST = 8
"""So many processes at most: each has in its memory what is common to all orders."""
BATCH, AHEAD = 8, 3
"""So many orders are sent together, so that no process waits for its next one; so many batches may be ahead."""


def cores() -> int:
    """Return how many processes can work at once; none inside a program that cannot start Python."""
    if python() is None:
        return 0
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(own, MOST)


class _Helper:
    """A process: it begins with what is common to all orders, then answers one order by another."""

    def __init__(self, begin: str) -> None:
        self._process = started(python() or "", f"{__name__}:serve", begin)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders: IO[bytes] = self._process.stdin
        self._answers: IO[bytes] = self._process.stdout
        self.since: float | None = None
        """When it began with an order."""

    def is_ready(self, given: bytes) -> bool:
        """Whether it could begin."""
        with contextlib.suppress(*_DEAD):
            self._orders.write(given)
            self._orders.flush()
            return bool(pickle.load(self._answers))
        return False

    def answers(self, orders: Sequence[Any]) -> Iterator[Any]:
        """Yield the answers; they end too early if it dies."""
        with contextlib.suppress(*_DEAD):
            self.since = time.monotonic()
            pickle.dump(orders, self._orders, pickle.HIGHEST_PROTOCOL)
            self._orders.flush()
            for _ in orders:
                yield pickle.load(self._answers)
                self.since = time.monotonic()
        self.since = None

    def kill(self) -> None:
        """End it whatever it does; who waits for its answer goes on."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def end(self) -> None:
        """Let it go, and its streams."""
        with contextlib.suppress(OSError):
            self._orders.close()
        try:
            self._process.wait(_PARTING)
        except TimeoutExpired:
            self.kill()
            self._process.wait()
        with contextlib.suppress(OSError):
            self._answers.close()


_RARELY = 50_000, 20, 20
"""Thresholds of the search for circles of garbage: what an order leaves behind is mostly none."""
_DEAD = (OSError, ValueError, EOFError, pickle.UnpicklingError)
"""What is raised at the pipe of a process that died."""
_PARTING = 1
"""Seconds that a process has to end by itself."""
_TICK = 1
"""Seconds between two looks at the clock."""


class _Orders(Generic[Order]):
    """Orders under way: taken batch by batch, when there is room, and kept until they are settled, in order."""

    def __init__(self, orders: Iterable[Order], batches: int) -> None:
        self._source, self._turn, self._room = enumerate(orders), Lock(), Semaphore(batches)
        self._open: dict[int, Order] = {}

    def batch(self, over: Event) -> list[int]:
        """Take the next orders and return their numbers; none if all are taken, or the run is over."""
        while not over.is_set():
            if self._room.acquire(timeout=_TICK):
                return self._take(BATCH)
        return []

    def has(self, n: int) -> bool:
        """Whether there is such an order; it is taken if it is the next."""
        return n in self._open or self._take(1) == [n]

    def order(self, n: int) -> Order:
        """Return an order that is taken."""
        return self._open[n]

    def settle(self, n: int) -> None:
        """Let an order go; after the last of a batch there is room for another."""
        del self._open[n]
        if (n + 1) % BATCH == 0:
            self._room.release()

    def _take(self, most: int) -> list[int]:
        with self._turn:
            orders = dict(islice(self._source, most))
            self._open.update(orders)
        return list(orders)


_UNDONE = object()
"""In place of an answer: the order has been given to no process that could work."""


class Crew(Generic[Order, Answer]):
    """Processes that are started at once, while this one goes on, and `work` later.

    `begin` names a function (`package.module:name`): of what is common to all orders, it makes the function that
    answers one.
    """

    def __init__(self, begin: str, count: int) -> None:
        self._begin = begin
        self._helpers: list[_Helper] = []
        self._over = Event()
        with contextlib.suppress(OSError):
            for _ in range(count):
                self._helpers.append(_Helper(begin))

    def __enter__(self) -> Crew[Order, Answer]:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for helper in self._helpers:
            helper.end()

    def work(self, common: object, orders: Iterable[Order], here: Callable[[Order], Answer]) -> Iterator[Answer | None]:
        """Yield the answer to each order, in order; None for one at which its process died.

        `here` answers in this process if no other can be started. Few orders are taken before their answers are: so
        many of them as there may be, memory holds a few batches.
        """
        given = pickle.dumps(common, pickle.HIGHEST_PROTOCOL) if self._helpers else b""
        under_way = _Orders(orders, AHEAD * len(self._helpers))
        results: SimpleQueue[tuple[int, Any] | BaseException | None] = SimpleQueue()
        answers: dict[int, Any] = {}
        working = len(self._helpers)
        for at in range(working):
            Thread(target=self._employ, args=(at, given, under_way, results), daemon=True).start()
        Thread(target=self._watch, daemon=True).start()
        for n in count():
            while n not in answers and working:
                with contextlib.suppress(Empty):
                    result = results.get(timeout=_TICK)  # without a limit, nobody could break off on Windows
                    if result is None:
                        working -= 1
                    elif isinstance(result, BaseException):
                        raise result
                    else:
                        answers[result[0]] = result[1]
            answer = answers.pop(n, _UNDONE)
            if answer is _UNDONE:
                if not under_way.has(n):
                    return
                answer = here(under_way.order(n))
            under_way.settle(n)
            yield answer

    def _employ(
        self,
        at: int,
        given: bytes,
        orders: _Orders[Order],
        results: SimpleQueue[tuple[int, Any] | BaseException | None],
    ) -> None:
        """Give a process one batch by another; if it dies, give the rest to a new one."""
        rest: list[int] = []
        try:
            while self._helpers[at].is_ready(given):
                while rest := rest or orders.batch(self._over):
                    for answer in self._helpers[at].answers([orders.order(n) for n in rest]):
                        results.put((rest.pop(0), answer))
                    if rest:
                        results.put((rest.pop(0), None))
                        break
                rest = rest or orders.batch(self._over)
                if self._over.is_set() or not rest:
                    return
                self._helpers[at].end()
                with contextlib.suppress(OSError):  # the dead one is not ready
                    self._helpers[at] = _Helper(self._begin)
        except BaseException as error:  # of what makes the orders: the run shall know it
            results.put(error)
        finally:
            for n in rest:
                results.put((n, _UNDONE))
            results.put(None)

    def _watch(self) -> None:
        while not self._over.wait(_TICK):
            for helper in self._helpers:
                since = helper.since
                if since is not None and time.monotonic() - since > BUSY * SECONDS:
                    helper.kill()


def serve(begin: str) -> None:
    """Answer orders until there are no more. Whatever happens in here ends this process alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a person breaks off the run, and the run ends its processes
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    module, _, name = begin.partition(":")
    make = getattr(import_module(module), name)
    limit_memory(MEMORY)
    answer_to = make(pickle.load(orders))
    gc.freeze()  # what is common stays: it is not looked through again and again
    gc.set_threshold(*_RARELY)
    pickle.dump(True, answers)
    answers.flush()
    with contextlib.suppress(EOFError):
        while True:
            for order in pickle.load(orders):
                limit_time(SECONDS)
                pickle.dump(answer_to(order), answers, pickle.HIGHEST_PROTOCOL)
                answers.flush()
