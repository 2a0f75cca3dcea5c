"""Day and month that may be swapped: asked about, with what was read; told in Column mapping."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.workbook.records.tables import read, write
from xlsales.workbook.records.day_order import DatesMixed, DayOrMonth
from xlsales.workbook.records.told import Told, ToldIncomplete, meaning_of

pytestmark = pytest.mark.unit


def table(path: Path, *dates: object) -> Path:
    return write(path / "t.xlsx", [["日期", "金额"], *([day, 2**i] for i, day in enumerate(dates))])


def days(path: Path, order: str | None = None) -> list[str]:
    return [str(day) for day in read(path, told=[Told("order", "日期", order)] if order else []).day]


def test_true_dates_beside_texts_that_tell_their_order(tmp_path: Path) -> None:
    """13/01/2026 stayed text, 05/01/2026 became the first of May: warned with counts; both remedies work."""
    path = table(tmp_path, "13/01/2026", dt.date(2026, 5, 1), "25/02/2026", dt.date(2026, 6, 2))
    records = read(path)
    assert [str(day) for day in records.day] == ["2026-01-13", "2026-05-01", "2026-02-25", "2026-06-02"]
    (problem,) = records.problems
    assert (type(problem.fault), problem.count, problem.amount_micros) == (DatesMixed, 2, 10 * 10**6)
    sentence = problem.say("zh")
    assert "2 行是文本日期(如 13/01/2026),2 行是日期" in sentence
    assert "值 日月对调" in sentence
    assert "值填 日/月/年" in sentence
    assert days(path, "日月对调") == ["2026-01-13", "2026-01-05", "2026-02-25", "2026-02-06"]
    assert days(path, "日/月/年") == ["2026-01-13", "2026-05-01", "2026-02-25", "2026-06-02"]
    assert read(path, told=[Told("order", "日期", "日/月/年")]).problems == ()


@pytest.mark.parametrize(
    "dates",
    [
        ["13/01/2026", dt.date(2026, 5, 20), dt.date(2026, 5, 1)],
        ["2026-01-13", dt.date(2026, 5, 1), dt.date(2026, 6, 2)],
        ["2026年1月13日", dt.date(2026, 5, 1), "20260602"],
        ["13/01/2026", "14/01/2026"],
        ["01/13/2026", dt.date(2026, 5, 5)],
        [dt.date(2026, 5, 1), dt.date(2026, 6, 2)],
    ],
)
def test_no_alarm_where_nothing_can_be_swapped(tmp_path: Path, dates: list[object]) -> None:
    """A date after the 12th shows that dates were read as they are; texts with the year first have no order to tell."""
    records = read(table(tmp_path, *dates))
    assert records.problems == ()
    assert records.rows_accepted == len(dates)


def test_texts_that_do_not_tell_their_order_are_asked_about(tmp_path: Path) -> None:
    """One finding, not one a row; told, they are read."""
    path = table(tmp_path, "5/1/2026", "6/2/2026", "2026-03-08")
    records = read(path)
    (problem,) = records.problems
    assert (type(problem.fault), problem.count, str(problem.place)) == (DayOrMonth, 2, "实际!A2")
    assert "字段 日期,表头 日期,值 日/月/年(或 月/日/年、年/月/日)" in problem.say("zh")
    assert days(path, "日/月/年") == ["2026-01-05", "2026-02-06", "2026-03-08"]
    assert days(path, "month/day/year") == ["2026-05-01", "2026-06-02", "2026-03-08"]


def test_the_order_in_column_mapping() -> None:
    """A date's row with header and value tells an order; a value that is none is told."""
    assert meaning_of("日期", "下单", "日/月/年", None) == Told("order", "下单", "日/月/年")
    assert meaning_of("日期", "下单", None, None) is None
    with pytest.raises(ToldIncomplete):
        meaning_of("日期", "下单", "乱", None)


@pytest.mark.parametrize(
    ("texts", "value", "day"),
    [(("1/2/26", "3/4/26"), "日/月/年", "2026-02-01"), (("1/2/26", "3/4/26"), "month/day/year", "2026-01-02"),
     (("2-3", "1-5"), "月/日/年", "2026-02-03"), (("2-3", "1-5"), "日/月/年", "2026-03-02")],
)  # fmt: skip
def test_short_dates_in_doubt_are_asked_about(tmp_path: Path, texts: tuple[str, str], value: str, day: str) -> None:
    """Short dates of several orders are one finding; its answer is taken."""
    rows = [["日期", "区域", "渠道", "金额"], *([text, "上海", "线上", 1] for text in texts)]
    path = write(tmp_path / "t.xlsx", rows)
    (problem,) = read(path).problems
    assert "分不清年、月、日的顺序" in problem.fault.say("zh")
    records = read(path, told=[Told("order", "日期", value)])
    assert (records.problems, str(records.day[0])) == ((), day)
