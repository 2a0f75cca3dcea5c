"""One table of examples for what a person types into yellow cells, whichever sheet they are on."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

import pytest
from openpyxl import Workbook

from xlsales.book.keyed import WrittenSheet
from xlsales.ooxml.book import Book
from xlsales.plan.typed_cells import CellKind, typed_number
from xlsales.values.cell import text_of

pytestmark = pytest.mark.unit
DAY = dt.date(2026, 1, 1)
AMOUNT, COUNT, PART, SCORE = CellKind.AMOUNT, CellKind.COUNT, CellKind.PART, CellKind.SCORE


def written(path: Path, held: str | float | dt.date, form: str) -> WrittenSheet:
    """A sheet with one yellow cell, which holds a value in a number format."""
    book = Workbook()
    line = book.active
    assert line is not None
    line.title = "表"
    line["A1"], line["D1"], line["A2"] = "xlsales:x", "typed", "r"
    line["D2"] = held
    if form:
        line["D2"].number_format = form
    book.save(path)
    opened = Book.open(path)
    part = opened.sheet("表")
    assert part is not None
    return WrittenSheet(
        "表", 1, 1, opened.cells(part), "xs_x", "xlsales:x", part, False, partial(getattr, opened, "styles")
    )


@pytest.mark.parametrize(
    ("kind", "held", "form", "target", "value"),
    [
        (AMOUNT, "5万", "", 0, 50_000), (AMOUNT, "２００", "", 0, 200), (AMOUNT, 3.5, "", 0, 3.5),
        (AMOUNT, DAY, "", 0, None), (AMOUNT, True, "", 0, None), (AMOUNT, "#REF!", "", 0, None),
        (AMOUNT, "5%", "", 0, None), (AMOUNT, -3, "", 0, None), (AMOUNT, "很多", "", 0, None),
        (AMOUNT, "=1+1", "", 0, None),
        (COUNT, 3, "", 0, 3), (COUNT, "1万", "", 0, 10_000), (COUNT, 1.5, "", 0, None), (COUNT, -1, "", 0, None),
        (COUNT, "95%", "", 0, None), (COUNT, DAY, "", 0, None), (COUNT, False, "", 0, None),
        (COUNT, "=1+1", "", 0, None),
        (PART, 50, "", 0, 0.5), (PART, "50%", "", 0, 0.5), (PART, 0.5, "0%", 0, 0.5), (PART, 1, "", 0, 1),
        (PART, 100, "", 0, 1), (PART, 1.5, "", 0, None), (PART, 1.5, "0%", 0, None),
        (PART, 4, "0%", 0, None), (PART, 4, "", 0, 0.04), (PART, 50, "0%", 0, 0.5), (PART, "50 ％", "", 0, 0.5),
        (PART, 120, "", 0, None), (PART, "120%", "", 0, None), (PART, DAY, "", 0, None),
        (PART, -0.5, "", 0, None), (PART, True, "", 0, None), (PART, "=1+1", "", 0, None),
        (SCORE, 95, "", 95, 95), (SCORE, "95", "", 95, 95), (SCORE, "95%", "", 1, 0.95),
        (SCORE, 0.95, "0.0%", 1, 0.95),
        (SCORE, 95, "", 1, None), (SCORE, "95%", "", 95, None), (SCORE, 0.95, "0%", 95, None),
        (SCORE, "1万", "", 95, None),
        (SCORE, DAY, "", 95, None), (SCORE, True, "", 95, None), (SCORE, -5, "", 95, None),
        (SCORE, "#N/A", "", 95, None),
        (SCORE, "=1+1", "", 95, None), (SCORE, 0, "", 95, 0), (SCORE, 2, "", 1, 2), (SCORE, 1, "", 20, 1),
    ],
)  # fmt: skip
def test_a_typed_number_counts_or_is_told(
    tmp_path: Path, kind: CellKind, held: str | float | dt.date, form: str, target: float, value: float | None
) -> None:
    """What counts has no problem; what does not keeps its text, and says where it is and what to do."""
    typed = typed_number(written(tmp_path / "b.xlsx", held, form), "r", "typed", kind, target=target)
    assert typed.value == value
    assert (typed.problem is None) == (value is not None)
    if typed.problem is not None:
        serial = (DAY - dt.date(1899, 12, 30)).days
        kept = serial if held == DAY else held if type(held) in (int, float, bool) else text_of(held)
        assert typed.refused == ("=" if held == "=1+1" else kept)
        assert ("请把格式改成“常规”" in typed.problem.fault.say("zh")) == (held == DAY)
        assert (typed.problem.place.row, typed.problem.place.column) == (2, 4)
    if held == "=1+1" and typed.problem is not None:
        assert "没有它的结果" in typed.problem.fault.say("zh")
