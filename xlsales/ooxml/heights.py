"""Rows made tall enough for longer texts: every other byte of a sheet stays as it is."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.ooxml import grid
from xlsales.ooxml.xml import utf8


def at_least(xml: bytes, heights: Mapping[int, float]) -> bytes:
    """Return a sheet's XML whose rows of a set height have these (row → points) at least; none becomes lower."""
    source = utf8(xml)
    masked = grid.mask(source)
    data = grid.sheet_data(masked)
    out, at = [], 0
    for row in grid.rows(masked, data.inner_start, data.inner_end, data.pattern) if heights else ():
        found = grid.attribute(row.attributes, b"ht")
        wanted = heights.get(row.number, 0.0)
        if found is None or float(found) >= wanted:
            continue
        attributes = grid.without_attributes(row.attributes, b"ht").rstrip(b" /") + b' ht="%b"' % f"{wanted:g}".encode()
        name_end = row.start + len(data.pattern.prefix) + len(b"<row")
        out += [source[at:name_end], attributes]
        at = name_end + len(row.attributes)
    return b"".join([*out, source[at:]]) if out else xml
