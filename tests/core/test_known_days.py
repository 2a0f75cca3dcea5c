"""Since which day sales are known without a gap, and rows of sales as days."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from numpy.typing import NDArray

from xlsales.core.known_days import KnownDays
from xlsales.core.plan import MICROS, FiscalYear
from xlsales.core.shapes import History

pytestmark = pytest.mark.unit
MONTHS = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)]


def daily(*without: str, months: list[str] = MONTHS) -> NDArray[np.datetime64]:
    """Every day of these months but those `without`."""
    days = [np.arange(f"{one}-01", str(np.datetime64(one) + 1) + "-01", dtype="datetime64[D]") for one in months]
    return np.concatenate([day for day, one in zip(days, months, strict=True) if one not in without])


def known(
    days: NDArray[np.datetime64],
    last: str = "2025-12-31",
    *,
    to_last: bool = True,
    named: object = True,
    **more: object,
) -> KnownDays:
    """A yuan a day, of 上海 where it is `named`."""
    codes = np.where(np.broadcast_to(np.asarray(named), days.shape), 1, -1).astype(np.int32)
    rows = History(days, np.full(len(days), MICROS), {"区域": codes})
    return KnownDays(rows, FiscalYear(**more), np.datetime64(last), to_last)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sales", "first"),
    [
        pytest.param(known(daily()), "2024-01-01", id="no gap"),
        pytest.param(known(daily("2025-03")), "2025-04-01", id="a month is missing"),
        pytest.param(known(daily(*MONTHS[10:14])), "2025-03-01", id="months over the turn of the year"),
        pytest.param(known(daily("2024-07", "2025-07")), "2024-01-01", id="a month off in each year is a season"),
        pytest.param(known(daily("2024-07", months=MONTHS[:18])), "2026-01-01", id="nothing since July"),
        pytest.param(known(daily(), "2026-01-20"), "2024-01-01", id="a month under way may still sell"),
        pytest.param(known(daily(), "2026-01-31"), "2026-02-01", id="a month without a sale to its end"),
        pytest.param(known(daily()[4:]), "2024-01-05", id="from the first sale"),
    ],
)
def test_a_month_without_a_sale_is_a_gap(sales: KnownDays, first: str) -> None:
    """Days count from behind the last gap."""
    assert np.append(sales.days, sales.days[-1] + 1)[sales.since(None)] == np.datetime64(first)


@pytest.mark.parametrize(
    ("named_from", "first"),
    [("2024-01-01", 0), ("2025-01-01", 366), ("2024-01-16", 0), ("2024-01-20", 31), ("2027-01-01", 731)],
)
def test_a_dimension_is_known_since_its_members_are_named(named_from: str, first: int) -> None:
    """In a month of which half is named it is known."""
    days = daily()
    assert known(days, named=days >= np.datetime64(named_from)).since("区域") == first


def test_sums_of_months_count_as_even_days() -> None:
    """On its last day, or any other: a month's only day with sales is its sum; days are even to the end of it."""
    sums = np.array([f"{one}-28" for one in MONTHS], "datetime64[D]")
    sales = known(sums, to_last=False)
    assert (sales.days[0], sales.days[-1]) == (np.datetime64("2024-01-01"), np.datetime64("2025-12-31"))
    whole = sales.whole(0)
    assert whole[:31] == pytest.approx(1 / 31)
    assert whole[31:60] == pytest.approx(1 / 29)
    assert whole.sum() == pytest.approx(24)
    own, above = (sales.members("区域", np.array(rows), 31) for rows in ([0, 1, 2], [0, 0, 0]))
    assert own[1] == pytest.approx(whole[31:])
    assert above[0] == pytest.approx(whole[31:])
    assert own[[0, 2]].sum() == 0


@pytest.mark.parametrize("of_month", [(10, 20, 28), (1, 28), "sundays"])
def test_sums_of_weeks_and_of_thirds_count_as_even_days(of_month: tuple[int, ...] | str) -> None:
    """A day has its part of the month; days of daily sales beside them stay as they are."""
    first = daily(months=MONTHS[:12])
    number = (first - first.astype("datetime64[M]").astype("datetime64[D]")).astype(int) + 1
    is_sum = (first.astype(int) + 3) % 7 == 6 if of_month == "sundays" else np.isin(number, of_month)
    sums = first[is_sum]
    sales = known(np.concatenate([sums, daily(months=MONTHS[12:])]))
    whole = sales.whole(0)
    assert sales.days[0] == np.datetime64("2024-01-01")
    assert whole[:31] == pytest.approx(np.count_nonzero(sums < np.datetime64("2024-02-01")) / 31)
    assert whole[366:] == pytest.approx(1)


@pytest.mark.parametrize("first", ["2024-01-31", "2024-01-29"])
def test_daily_sales_that_begin_late_in_a_month_are_no_sums(first: str) -> None:
    """They begin on their first day."""
    days = daily()
    sales = known(days[days >= np.datetime64(first)])
    assert sales.days[0] == np.datetime64(first)
    assert sales.whole(0) == pytest.approx(1)


def test_sums_of_fiscal_months_count_in_them() -> None:
    """A month that ends on the 21st begins on the 22nd."""
    sums = np.array([f"{one}-21" for one in MONTHS], "datetime64[D]")
    sales = known(sums, "2025-12-31", to_last=False, month_end=21)
    assert (sales.days[0].item(), sales.days[-1].item()) == (dt.date(2023, 12, 22), dt.date(2025, 12, 21))
    assert sales.whole(0)[:31] == pytest.approx(1 / 31)


def test_rows_without_an_end_are_known_to_the_last_of_them() -> None:
    """And not further than the last day there may be."""
    assert known(daily(), "2026-02-01", to_last=False).days[-1] == np.datetime64("2025-12-31")
    assert known(np.array(["2025-11-05", "2025-12-05"], "datetime64[D]"), "2025-12-10", to_last=False).days[-1] == (
        np.datetime64("2025-12-10")
    )
