"""Counts what crosses the border to a program: properties read and set, methods called, on objects of a fake."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest


@contextlib.contextmanager
def calls_of(*kinds: type) -> Iterator[Counter[str]]:
    """Count by name, for objects of these classes; what the fakes themselves do is left out."""
    calls: Counter[str] = Counter()

    def note(name: str) -> None:
        if not name.startswith("_") and not sys._getframe(2).f_globals["__name__"].startswith("tests.fakes."):
            calls[name] += 1

    def read(own: Any, name: str) -> Any:
        note(name)
        return object.__getattribute__(own, name)

    with pytest.MonkeyPatch.context() as patch:
        for kind in kinds:
            sets: Any = kind.__setattr__

            def write(own: Any, name: str, value: Any, sets: Any = sets) -> None:
                note(name)
                sets(own, name, value)

            patch.setattr(kind, "__getattribute__", read)
            patch.setattr(kind, "__setattr__", write)
        yield calls
