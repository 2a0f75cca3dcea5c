"""Values as UNO takes them."""

from __future__ import annotations

from typing import Any

import uno


def uno_values(**values: object) -> tuple[Any, ...]:
    """Return UNO's property values."""
    make = uno.getClass("com.sun.star.beans.PropertyValue")
    return tuple(make(Name=name, Value=value) for name, value in values.items())
