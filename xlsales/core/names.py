"""Which member a name means: width and spaces never count, case only if two names differ by nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from xlsales.core.text import identity, spelling

NONE = -1
"""The position of a name that means no member, or could mean several."""


class Names(Struct, frozen=True):
    """The names of members, each with its member's position.

    `alone` are positions by identity; `alike` by spelling, for names of several members with the same identity.
    """

    alone: dict[str, int] = field(default_factory=dict)
    alike: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[tuple[str, int]]) -> Names:
        """Gather names with their members' positions. If two members have the same spelling, it means neither."""
        by_identity: dict[str, set[int]] = {}
        by_spelling: dict[str, set[int]] = {}
        for name, position in names:
            by_identity.setdefault(identity(name), set()).add(position)
            by_spelling.setdefault(spelling(name), set()).add(position)
        alone = {key: min(owners) for key, owners in by_identity.items() if len(owners) == 1}
        alike = {
            key: min(owners) for key, owners in by_spelling.items() if len(owners) == 1 and identity(key) not in alone
        }
        return cls(alone, alike)

    def position(self, name: str) -> int:
        """Return the position of the member with this name; NONE if there is not just one."""
        position = self.alone.get(identity(name))
        return self.alike.get(spelling(name), NONE) if position is None else position
