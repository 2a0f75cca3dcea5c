"""Giving cells of a sheet another format: values, formulas and every other byte stay."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.ooxml import grid
from xlsales.ooxml.xml import utf8


def restyle(xml: bytes, styles: Mapping[tuple[int, int], int]) -> bytes:
    """Return a sheet's XML with the style index of each cell named; a cell that is not in the file is passed over."""
    source = utf8(xml)
    masked = grid.mask(source)
    data = grid.sheet_data(masked)
    rows = {row for row, _ in styles}
    out, at = [], 0
    for row in grid.rows(masked, data.inner_start, data.inner_end, data.pattern):
        if row.number not in rows:
            continue
        for cell in grid.cells(source, masked, row, data.pattern):
            style = styles.get((row.number, cell.column))
            if style is None:
                continue
            start = cell.start + len(data.pattern.prefix) + 2  # after `<c`
            attributes = grid.without_attributes(cell.attributes, b"s")
            closing = b"/" if attributes.rstrip().endswith(b"/") else b""
            kept = attributes.rstrip(b" /")
            out += [source[at:start], b'%b s="%d"%b' % (kept, style, closing)]
            at = start + len(cell.attributes)
    return b"".join([*out, source[at:]]) if out else xml
