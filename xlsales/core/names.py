"""Which member a name means: width and spaces never matter, case only where two names differ by nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xlsales.core.text import identity, spelling

NONE = -1
"""The position of a name that means no member, or that several members might go by."""


@dataclass(frozen=True)
class Names:
    """The names that members go by, each with its member's position.

    `alone` are positions by identity; `alike` by spelling, for names that share their identity with another member's.
    """

    alone: dict[str, int] = field(default_factory=dict)
    alike: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, called: Iterable[tuple[str, int]]) -> Names:
        """Gather names with their members' positions. A name that two members spell alike means neither."""
        by_identity: dict[str, set[int]] = {}
        by_spelling: dict[str, set[int]] = {}
        for name, position in called:
            by_identity.setdefault(identity(name), set()).add(position)
            by_spelling.setdefault(spelling(name), set()).add(position)
        alone = {key: min(owners) for key, owners in by_identity.items() if len(owners) == 1}
        alike = {
            key: min(owners) for key, owners in by_spelling.items() if len(owners) == 1 and identity(key) not in alone
        }
        return cls(alone, alike)

    def position(self, name: str) -> int:
        """Return the position of the member that goes by this name, NONE where it cannot be told."""
        found = self.alone.get(identity(name))
        return self.alike.get(spelling(name), NONE) if found is None else found
