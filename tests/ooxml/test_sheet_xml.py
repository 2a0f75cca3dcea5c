"""Rows made tall enough, and nothing else of a sheet."""

from __future__ import annotations

import pytest

from xlsales.ooxml.sheet_xml import at_least

pytestmark = pytest.mark.unit
SHEET = b'<x:sheetData><x:row r="1" ht="15" s="2"/><x:row ht="60" r="2"><x:c/></x:row><x:row r="3"/></x:sheetData>'


def test_rows_of_a_set_height_grow_and_never_shrink() -> None:
    """A row gets the height it needs; a taller one, and one whose height no one has set, stay as they are."""
    assert at_least(SHEET, {1: 29.5, 2: 29.5, 3: 29.5}) == SHEET.replace(
        b'r="1" ht="15" s="2"/>', b'r="1" s="2" ht="29.5"/>'
    )
    assert at_least(SHEET, {2: 10.0}) is SHEET
