"""Regular expressions that are compiled at their first use: of two hundred that a start names, a run uses half."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Later:
    """An expression that is not compiled yet; after its first use it holds the methods of the compiled one."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, value)
        return value


def expression(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a regular expression, for a module to keep; a mistake in it is raised when it is first used."""
    return cast("re.Pattern[AnyStr]", _Later(pattern, flags))
