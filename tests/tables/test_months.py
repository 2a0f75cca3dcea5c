"""Dates on the first that stand for months: Excel makes 2026-01-01 of a typed 2026年1月."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import REGION, read, write

pytestmark = pytest.mark.unit


def day(month: int, of: int = 1) -> dt.date:
    return dt.date(2026, month, of)


def last_days(path: Path, header: str, days: list[object], **options: object) -> list[str]:
    rows = [[header, "区域", "金额"], *([d, m, 1] for d in days for m in ("上海", "江苏"))]
    records = read(write(path / "t.xlsx", rows), REGION, **options)
    assert records.rows_accepted == 2 * len(days)
    return sorted(set(map(str, records.day)))


@pytest.mark.parametrize("header", ["月份", "日期", "年月", "期间"])
def test_twelve_months(tmp_path: Path, header: str) -> None:
    """Each counts for its whole month, as of 12-31, as the text 2026年12月 does."""
    dates = last_days(tmp_path, header, [day(m) for m in range(1, 13)])
    texts = last_days(tmp_path, header, [f"2026年{m}月" for m in range(1, 13)])
    assert dates == texts
    assert (dates[0], dates[1], dates[-1]) == ("2026-01-31", "2026-02-28", "2026-12-31")


@pytest.mark.parametrize(
    ("header", "days", "expected"),
    [
        ("月份", [day(1)], ["2026-01-31"]),  # one month, said to be one
        ("日期", [day(1)], ["2026-01-01"]),  # the first day of sales
        ("日期", [day(1), day(2)], ["2026-01-01", "2026-02-01"]),  # two days, perhaps
        ("月份", [day(1), day(2)], ["2026-01-31", "2026-02-28"]),
        ("日期", [day(1), day(1, 2), day(2), day(3)], ["2026-01-01", "2026-01-02", "2026-02-01", "2026-03-01"]),
        ("月份", [day(1), day(1, 2), day(2)], ["2026-01-01", "2026-01-02", "2026-02-01"]),  # days under 月份
        ("日期", [day(6), day(6, 8), day(6, 15)], ["2026-06-01", "2026-06-08", "2026-06-15"]),  # weeks
        ("月份", [day(1, 31), day(2, 28)], ["2026-01-31", "2026-02-28"]),  # last days
        ("月份", ["2026年1月", day(2), day(3)], ["2026-01-31", "2026-02-28", "2026-03-31"]),  # Excel made dates of some
        ("日期", [day(1), day(4), day(7), day(10)], ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]),
        ("日期", ["2026-01-01", "2026-02-01", "2026/3/1"], ["2026-01-31", "2026-02-28", "2026-03-31"]),
    ],
)  # fmt: skip
def test_what_dates_on_the_first_mean(tmp_path: Path, header: str, days: list[object], expected: list[str]) -> None:
    """Months under a header that says so, or if there are three and more; days, weeks and quarters as they are."""
    assert last_days(tmp_path, header, days) == expected


def test_a_plan_that_ends_within_a_month(tmp_path: Path) -> None:
    """The month that the plan cuts is dated at the plan's end, as for text."""
    days: list[object] = [day(m) for m in (1, 2, 3)]
    assert last_days(tmp_path, "月份", days, end=day(3, 20))[-1] == "2026-03-20"
