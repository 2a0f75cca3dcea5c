"""Orders for processes of a crew: what is common is added to each number; some orders are bad for their process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

DIE, SLEEP, GRAB = -1, -2, -3
"""Orders: end the process, never end, take more memory than a process may have."""


def begin(common: int) -> Callable[[int], tuple[int, int]]:
    """Return the function of an order: the sum, and the process that made it."""

    def answer(order: int) -> tuple[int, int]:
        if order == DIE:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        if order == SLEEP:
            time.sleep(600)
        if order == GRAB:
            bytearray(3 << 30)
        return order + common, os.getpid()

    return answer
