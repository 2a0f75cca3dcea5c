from __future__ import annotations

import io
import pickle
import re

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from xlsales.layout.compact import share_formulas
from xlsales.ooxml import formulas, grid, markup
from xlsales.ooxml.cells import SheetCells
from xlsales.ooxml.package import Package
from xlsales.ooxml.strings import SharedStrings
from xlsales.store.handout.slots import Slots

pytestmark = pytest.mark.unit


def sheet(rows: int = 4, text: str = "50% <b>") -> tuple[bytes, Package]:
    """A sheet whose columns are: text, number, formula down, formula that names another sheet, blank with a format."""
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    form = workbook.add_format({"bold": True})
    one = workbook.add_worksheet("A%d")
    for row in range(rows):
        one.write_string(row, 0, text)
        one.write_number(row, 1, row)
        one.write_formula(row, 2, f"=SUM(B$1:B{row + 1})", form, "")
        one.write_formula(row, 3, f"='A%d'!B{row + 1}", None, row)
        one.write_blank(row, 4, None, form)
    workbook.close()
    package = Package.of_bytes(stream.getvalue())
    return package.read("xl/worksheets/sheet1.xml"), package


def cells_of(xml: bytes, package: Package) -> SheetCells:
    return SheetCells.read(xml, SharedStrings(package, "xl/sharedStrings.xml"))


values = st.one_of(
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12).filter(lambda t: "\r" not in t),
)


@given(st.lists(values, min_size=5, max_size=5), st.lists(values, min_size=5, max_size=5))
@settings(max_examples=60, deadline=None)
def test_cells_hold_what_they_were_filled_with(one: list[object], other: list[object]) -> None:
    """Each cell filled holds its value, keeps formula and format, and no other cell changes."""
    xml, package = sheet()
    addresses = [(2, 3), (1, 1), (4, 5), (1, 2), (3, 4)]
    slots = Slots(xml, addresses)
    before = cells_of(xml, package)
    for given_ in (one, other, one):
        after = cells_of(slots.filled(given_), package)  # type: ignore[arg-type]
        for address, value in zip(addresses, given_, strict=True):
            found = after[address]
            blank = value == "" and not before[address].formula
            assert blank or found.value == value, (address, value, found)
            assert (found.formula, found.style) == (before[address].formula, before[address].style)
        for at, cell in before.items():
            assert at in addresses or after[at] == cell


@given(st.lists(st.booleans(), min_size=3, max_size=3), st.booleans())
def test_rows_are_hidden_or_shown(hidden: list[bool], before: bool) -> None:
    """A row of the template is hidden just where that is asked, whatever it was; its cells stay as they are."""
    xml, package = sheet()
    if before:
        xml = xml.replace(b'<row r="3"', b'<row r="3" hidden="1"')
    slots = Slots(xml, [(2, 0), (3, 0), (4, 0), (3, 2)])
    filled = slots.filled([*hidden, 5])
    rows = grid.rows(filled, *(lambda data: (data.inner_start, data.inner_end, data.tags))(grid.sheet_data(filled)))
    assert [grid.attribute(row.attributes, b"hidden") == b"1" for row in rows] == [False, *hidden]
    cells, old = cells_of(filled, package), cells_of(xml, package)
    assert {at: cell for at, cell in cells.items() if at != (3, 2)} == {
        at: cell for at, cell in old.items() if at != (3, 2)
    }


def test_a_pickled_sheet_is_filled_alike() -> None:
    """Another process makes the same bytes of the same values, whatever was filled in before."""
    xml, _ = sheet()
    slots = Slots(xml, [(2, 3), (1, 1), (4, 0), (3, 4)], 3)
    filled = [slots.filled([1.5, "店", 1, None]), slots.filled(["a", 2, 0, "b, c"])]
    other = pickle.loads(pickle.dumps(slots))
    assert [other.filled([1.5, "店", 1, None]), other.filled(["a", 2, 0, "b, c"])] == filled


def test_a_cell_that_is_not_there() -> None:
    """A cell the sheet lacks is not passed over."""
    xml, _ = sheet()
    with pytest.raises(KeyError):
        Slots(xml, [(1, 1), (99, 1)])


def test_shared_formulas_mean_what_was_written() -> None:
    """A formula shared down a column reads, in each cell, as it was written; those of other sheets stay."""
    xml, package = sheet(6)
    shared = share_formulas(xml)
    before, after = cells_of(xml, package), cells_of(shared, package)
    assert set(before) == set(after)
    assert all(after[at].formula == before[at].formula for at in before)
    assert after[2, 3].value == ""  # an empty result is text, not a formula without one
    master = re.search(rb'<f t="shared" ref="C1:C6" si="(\d+)">([^<]+)</f>', shared)
    assert master is not None
    text = markup.plain(master[2])
    assert [formulas.shift(text, n, 0) for n in range(6)] == [f"SUM(B$1:B{n + 1})" for n in range(6)]
    assert shared.count(b'<f t="shared" si="%b"/>' % master[1]) == 5
    assert shared.count(b"'A%d'!B") == 6
