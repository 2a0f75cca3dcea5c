"""Processes that fill stores' files badly: each is begun by one of these functions."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping

from xlsales.store.handout.mould import Carried, Mould


def never_begins(mould: Mould) -> Callable[[Mapping[str, Carried]], bytes]:
    """Die before the first file."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return mould.filled


def dies_at_each_fifth(mould: Mould) -> Callable[[Mapping[str, Carried]], bytes]:
    """Die at the fifth file."""
    filled = 0

    def fill(store: Mapping[str, Carried]) -> bytes:
        nonlocal filled
        filled += 1
        if filled == 5:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return mould.filled(store)

    return fill
