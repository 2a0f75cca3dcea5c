"""Takes a sheet out of a document, and no table of another sheet with it."""

from __future__ import annotations

from typing import Any

_KEPT = ("ContainsHeader", "AutoFilter", "TotalsRow")


def remove_sheet(document: Any, title: str) -> None:
    """Remove a sheet; a database range of the sheet before it stays.

    LibreOffice 7.4 drops those with the sheet behind them.
    """
    ranges = document.DatabaseRanges
    gone = document.Sheets.getByName(title).RangeAddress.Sheet
    before = [ranges.getByName(name) for name in ranges.ElementNames]
    beside = [
        (one.Name, one.DataArea, {key: getattr(one, key) for key in _KEPT})
        for one in before
        if one.DataArea.Sheet == gone - 1
    ]
    document.Sheets.removeByName(title)
    for name, area, properties in beside:
        if not ranges.hasByName(name):
            ranges.addNewByName(name, area)
            for key, value in properties.items():
                setattr(ranges.getByName(name), key, value)
