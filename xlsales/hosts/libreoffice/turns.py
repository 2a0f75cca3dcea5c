"""One thing at a time: a run makes Calc load files, and Calc handles clicks and keys while it loads one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

_waiting: deque[Callable[[], None]] = deque()
_busy = False


def is_busy() -> bool:
    """Return whether something is under way, which means that the caller is called from within it."""
    return _busy


def in_turn(act: Callable[[], None]) -> None:
    """Do something at once or, if something else is under way, right after that."""
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
