"""One thing at a time: Calc goes on handling clicks and keys while it loads a file, which a run makes it do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

_waiting: deque[Callable[[], None]] = deque()
_busy = False


def is_busy() -> bool:
    """Whether something is under way, and what asks is called from within it."""
    return _busy


def in_turn(act: Callable[[], None]) -> None:
    """Do something; if something else is under way, right after that."""
    global _busy
    _waiting.append(act)
    if _busy:
        return
    _busy = True
    try:
        while _waiting:
            _waiting.popleft()()
    finally:
        _busy = False
        _waiting.clear()
