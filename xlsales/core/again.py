"""What was worked out before, given again in a program that stays.

It is given as long as all that it came from is the same. That is told by content, never by a time or a path. Values
that are kept may not be changed by anyone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Again(Generic[K, V]):
    """A few values, each with all that it came from; at most `most` of them are kept, the newest first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: list[tuple[K, V]] = []

    def find(self, same: Callable[[K], bool]) -> V | None:
        """Return the value of which `same` says that all it came from is the same; None if there is none."""
        for at, (came_from, value) in enumerate(self._known):
            if same(came_from):
                self._known.insert(0, self._known.pop(at))
                return value
        return None

    def keep(self, came_from: K, value: V) -> V:
        """Keep a value, which is returned."""
        self._known = [(came_from, value), *self._known][: self._most]
        return value

    def forget(self) -> None:
        """Keep nothing of before."""
        self._known = []
