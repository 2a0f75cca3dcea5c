"""Day and month that may be swapped: asked about, with what was read; told in Column mapping."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import read, write
from xlsales.tables.columns.column_faults import ColumnMissing
from xlsales.tables.rows.day_order import DatesMixed, DayOrMonth
from xlsales.tables.words.mapping_rules import MappingRule, RuleIncomplete, mapping_rule

pytestmark = pytest.mark.unit


def table(path: Path, *dates: object) -> Path:
    return write(path / "t.xlsx", [["日期", "金额"], *([day, 2**i] for i, day in enumerate(dates))])


def days(path: Path, order: str | None = None) -> list[str]:
    return [str(day) for day in read(path, rules=[MappingRule("order", "日期", order)] if order else []).day]


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
    assert read(path, rules=[MappingRule("order", "日期", "日/月/年")]).problems == ()


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
    assert mapping_rule("日期", "下单", "日/月/年", None) == MappingRule("order", "下单", "日/月/年")
    assert mapping_rule("日期", "下单", None, None) is None
    with pytest.raises(RuleIncomplete):
        mapping_rule("日期", "下单", "乱", None)


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
    records = read(path, rules=[MappingRule("order", "日期", value)])
    assert (records.problems, str(records.day[0])) == ((), day)


@pytest.mark.parametrize(
    ("texts", "said", "value", "days"),
    [
        (("Jan-26",), "看不出 26 是几号还是年份", "年", ["2026-01-31"]),
        (("Jan-26",), "值 年(26 是 2026 年)或 日(26 是 26 号)", "day", ["2026-01-26"]),
        (("26-Jan", "25-Jan"), "看不出 26 是几号还是年份", "日", ["2026-01-26", "2026-01-25"]),
        (("1.5", "2.3"), "少没少一个 0", "月/日/年", ["2026-01-05", "2026-02-03"]),
        (("1.5", "2.3"), "Excel 会把 1.20 变成 1.2", "day/month/year", ["2026-05-01", "2026-03-02"]),
        ((1.5, 2.2), "少没少一个 0", "月/日/年", ["2026-01-05", "2026-02-02"]),
        (("1.5", "2.6"), "分不清年、月、日的顺序", "月/日/年", ["2026-01-05", "2026-02-06"]),
        (("220126", "230126"), "分不清年、月、日的顺序", "日/月/年", ["2026-01-22", "2026-01-23"]),
        (("010203", "010203"), "日期“010203”认不出", "", []),
        (("050126", "060226"), "分不清年、月、日的顺序", "日/月/年", ["2026-01-05", "2026-02-06"]),
    ],
)
def test_short_dates_that_two_readings_fit(
    tmp_path: Path, texts: tuple[object, ...], said: str, value: str, days: list[str]
) -> None:
    """One question for all of them; its answer is taken, and nothing is asked again."""
    rows = [["日期", "区域", "渠道", "金额"], *([text, "上海", "线上", i + 1] for i, text in enumerate(texts))]
    path = write(tmp_path / "t.xlsx", rows)
    records = read(path)
    sentences = [problem.say("zh") for problem in records.problems]
    assert [said in sentence for sentence in sentences] == ([True] if said else [])
    assert all(problem.say("en") for problem in records.problems)
    if value:
        records = read(path, rules=[MappingRule("order", "日期", value)])
        assert days == [] or records.problems == ()
    assert [str(day) for day in records.day] == days


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("折扣", ("1.5", "1.2")), ("单号", ("260105", "260106")), ("编码", ("0105", "0106")), ("评分", (1.5, 2.5)),
        ("单号", (260105, 260106)),
    ],
)  # fmt: skip
def test_amounts_and_codes_are_no_dates(tmp_path: Path, column: str, values: tuple[object, object]) -> None:
    """What may be a short date is one only in the column of dates."""
    rows = [[column, "日期", "区域", "渠道", "金额"], *([v, "5-Jan", "上海", "线上", "1.20"] for v in values)]
    records = read(write(tmp_path / "t.xlsx", rows))
    assert (records.accepted_micros, records.columns["date"]) == (2_400_000, "日期")
    rows = [[column, "区域", "渠道", "金额"], *([v, "上海", "线上", 5] for v in values)]
    with pytest.raises(ColumnMissing):
        read(write(tmp_path / "u.xlsx", rows))


def test_names_of_months_make_a_column_of_dates(tmp_path: Path) -> None:
    """`5-Jan` under a header that nobody knows: the only column of dates is the date."""
    rows = [["When", "区域", "渠道", "金额"], ["5-Jan", "上海", "线上", 5], ["Feb 7", "上海", "线上", 6]]
    assert [str(day) for day in read(write(tmp_path / "t.xlsx", rows)).day] == ["2026-01-05", "2026-02-07"]


def test_an_order_told_of_true_dates(tmp_path: Path) -> None:
    """An answer about a column of true dates alone changes nothing but those that are swapped."""
    path = table(tmp_path, dt.date(2026, 5, 1), dt.date(2026, 6, 2))
    assert days(path, "日/月/年") == ["2026-05-01", "2026-06-02"]
    assert days(path, "日月对调") == ["2026-01-05", "2026-02-06"]
