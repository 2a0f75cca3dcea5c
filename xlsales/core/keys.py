r"""Keys of several parts, such as `产品:男装`: joined so that each text comes apart again, whatever people call things.

In every part but the last a backslash stands before the separator and before a backslash; the last stands as it is.
So keys of common names read as they always did, and no two lists of as many parts make the same key.
"""

from __future__ import annotations

import re
from functools import lru_cache


def joined(*parts: str, by: str = ":") -> str:
    """Join parts into a key; `by` is the separator, a character that may have spaces around it."""
    *first, last = parts
    return by.join([*(_special(by).sub(r"\\\g<0>", part) for part in first), last])


def parted(key: str, count: int, by: str = ":") -> tuple[str, ...] | None:
    """Return the `count` parts of a key; None where it is none of so many parts."""
    found = _whole(count, by).fullmatch(key)
    if found is None:
        return None
    *first, last = found.groups()
    return (*(_ESCAPED.sub(r"\1", part) for part in first), last)


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@lru_cache
def _special(by: str) -> re.Pattern[str]:
    return re.compile(rf"[\\{re.escape(by.strip())}]")


@lru_cache
def _whole(count: int, by: str) -> re.Pattern[str]:
    mark = re.escape(by.strip())
    part = rf"((?:[^\\{mark}]|\\[\\{mark}])*)"
    return re.compile((part + re.escape(by)) * (count - 1) + "(.*)", re.DOTALL)
