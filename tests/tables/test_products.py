"""Quantity times price makes up an amount only where it is true; a fault is told at the cell that has it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import ERROR, read, write
from xlsales.core.faults import Fault
from xlsales.tables import reasons

pytestmark = pytest.mark.unit
D = dt.date(2026, 3, 8)
FOUR = ["日期", "区域", "渠道", "数量", "单价", "金额"]
THREE = FOUR[:-1]
K = [D, "上海", "线上"]


def test_blank_amounts_that_agree_are_made_up(tmp_path: Path) -> None:
    """Prices are rounded to cents: 3 × 3.33 is 10; the made-up amounts are told in a line, and are no problem."""
    rows = [FOUR, [*K, 2, 5, 10], [*K, 3, 3.33, 10], [*K, 4, 2.5, None], [*K, 1, 9, " "]]
    records = read(write(tmp_path / "t.xlsx", rows))
    assert records.accepted_micros == 39 * 10**6
    (problem,) = records.problems
    assert (type(problem.fault), str(problem.place), problem.count) == (reasons.AmountMultiplied, "实际!F4", 2)
    assert problem.fault.remark


@pytest.mark.parametrize(
    "filled",
    [
        [[*K, 1, 100, 90], [*K, 2, 50, 85]],  # discounts
        [[*K, 1, 100, 113], [*K, 2, 100, 226]],  # with tax
        [[*K, 1, 10_000, 1], [*K, 2, 10_000, 2]],  # in 万元
        [[*K, None, None, 90]],  # nothing to compare with
    ],
)
def test_blank_amounts_in_a_table_that_disagrees(tmp_path: Path, filled: list[list[object]]) -> None:
    """Rows are set aside with the reason; filled in, as it says, they count."""
    rows = [FOUR, *filled, [*K, 3, 100, None], [*K, 4, 100, None]]
    records = read(write(tmp_path / "t.xlsx", rows))
    sum_ = sum(row[-1] for row in filled)  # type: ignore[misc]
    assert (records.accepted_micros, records.rows_set_aside) == (sum_ * 10**6, 2)
    (problem,) = records.problems
    assert (type(problem.fault), str(problem.place)) == (reasons.AmountUntrue, f"实际!F{2 + len(filled)}")
    rows = [*rows[:-2], [*K, 3, 100, 270], [*K, 4, 100, 360]]
    assert read(write(tmp_path / "t.xlsx", rows)).accepted_micros == (sum_ + 630) * 10**6


def test_the_amount_of_an_order_in_its_first_row(tmp_path: Path) -> None:
    """Below a merged cell quantity times price is money that the first row has: never counted twice."""
    rows = [FOUR, [*K, 1, 100, 100], [*K, 2, 30, 60], [*K, 1, 100, 300], [*K, 1, 50, None], [*K, 3, 50, None],
            [*K, 5, 2, 10]]  # fmt: skip
    records = read(write(tmp_path / "t.xlsx", rows))
    assert (records.accepted_micros, records.rows_set_aside) == (470 * 10**6, 2)
    (problem,) = records.problems
    assert (type(problem.fault), str(problem.place), problem.count) == (reasons.AmountAbove, "实际!F5", 2)


def test_an_order_with_a_discount_below_a_merged_cell(tmp_path: Path) -> None:
    """The first row is not quantity times price, nor is it the sum: its order is left as it is."""
    rows = [FOUR, *([[*K, 1, 10, 10]] * 40), [*K, 1, 100, 270], [*K, 1, 50, None], [*K, 3, 50, None]]
    records = read(write(tmp_path / "t.xlsx", rows))
    assert (records.accepted_micros, records.rows_set_aside) == (670 * 10**6, 2)


@pytest.mark.parametrize(
    ("quantity", "price", "fault", "place", "value"),
    [
        (None, 5, reasons.QuantityBlank, "D3", ""),
        (2, None, reasons.PriceBlank, "E3", ""),
        (None, None, reasons.FactorsBlank, "D3", ""),
        ("两箱", 5, reasons.QuantityUnreadable, "D3", "两箱"),
        (2, "面议", reasons.PriceUnreadable, "E3", "面议"),
        ("两箱", None, reasons.PriceBlank, "E3", ""),
        (ERROR, 5, reasons.ErrorInColumn, "D3", "#N/A"),
        (2, ERROR, reasons.ErrorInColumn, "E3", "#N/A"),
    ],
)
def test_the_cell_at_fault(
    tmp_path: Path, quantity: object, price: object, fault: type[Fault], place: str, value: str
) -> None:
    """In a table without amounts the quantity's or the price's own cell is named, with its own reason."""
    records = read(write(tmp_path / "t.xlsx", [THREE, [*K, 2, 5], [*K, quantity, price], [*K, 1, 1]]))
    assert records.accepted_micros == 11 * 10**6
    (problem,) = records.problems
    assert (type(problem.fault), str(problem.place), problem.value) == (fault, f"实际!{place}", value)


def test_an_amount_column_without_any_amount(tmp_path: Path) -> None:
    """A column that is headed and blank says nothing against the product."""
    records = read(write(tmp_path / "t.xlsx", [FOUR, [*K, 2, 5, None], [*K, 1, 1, None]]))
    assert records.accepted_micros == 11 * 10**6
