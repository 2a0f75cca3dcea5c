r"""Keys of several parts, such as `产品:男装`. Each key can be taken apart again, whatever names people use.

In every part but the last a backslash is before each separator and each backslash; the last part is unchanged.
So keys of common names look plain, and two different lists of as many parts never make the same key.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xlsales.core.expressions import expression


def joined(*parts: str, by: str = ":") -> str:
    """Join parts into a key; `by` is the separator, a character that may have spaces around it."""
    *first, last = parts
    return by.join([*(_special(by).sub(r"\\\g<0>", part) for part in first), last])


def parted(key: str, count: int, by: str = ":") -> tuple[str, ...] | None:
    """Return the parts of a key; None if it does not have `count` of them."""
    match = _whole(count, by).fullmatch(key)
    if match is None:
        return None
    *first, last = match.groups()
    return (*(_ESCAPED.sub(r"\1", part) for part in first), last)


_ESCAPED = expression(r"\\(.)", re.DOTALL)


@lru_cache
def _special(by: str) -> re.Pattern[str]:
    return re.compile(rf"[\\{re.escape(by.strip())}]")


@lru_cache
def _whole(count: int, by: str) -> re.Pattern[str]:
    mark = re.escape(by.strip())
    part = rf"((?:[^\\{mark}]|\\[\\{mark}])*)"
    return re.compile((part + re.escape(by)) * (count - 1) + "(.*)", re.DOTALL)
