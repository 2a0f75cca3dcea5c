"""Working days by the State Council's notices, pasted notices, and Spring Festival."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.calendars import (
    BadDayFactor,
    DayKind,
    NoticeDoesNotAddUp,
    NoticeOfOtherYear,
    NoticeUnreadable,
    UnknownDayKind,
    holidays_by_law,
    parse_notice,
    statutory_days,
    work_calendar,
    yearly_working_days,
)
from xlsales.core.lunar import lunar_pair, spring_festival
from xlsales.core.periods import Days, weekdays
from xlsales.core.plan import DayRule

pytestmark = pytest.mark.unit

D = dt.date

NOTICE_2026 = """
国务院办公厅关于2026年部分节假日安排的通知
各省、自治区、直辖市人民政府,国务院各部委、各直属机构:
经国务院批准,现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间,各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
国务院办公厅
2025年11月4日
"""
NOTICE_2025 = (
    "一、元旦：1月1日（周三）放假1天，不调休。"
    "二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。"
    "1月26日（周日）、2月8日（周六）上班。"
    "三、清明节：4月4日（周五）至6日（周日）放假，共3天。"
    "四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。"
    "五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。"
    "六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。"
)
NOTICE_2024 = (
    "一、元旦：1月1日放假，与周末连休。\n"
    "二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。"
    "鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。\n"
    "三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。\n"
    "四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。\n"
    "五、端午节：6月10日放假，与周末连休。\n"
    "六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。\n"
    "七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。\n"
)


def days_of(year: int) -> Days:
    return np.arange(np.datetime64(f"{year}-01-01"), np.datetime64(f"{year + 1}-01-01"))


@pytest.mark.parametrize("year", range(2004, 2027))
def test_working_days_are_those_of_the_notices(year: int) -> None:
    """For every announced year each day agrees with chinesecalendar."""
    days = days_of(year)
    calendar = work_calendar(days)
    assert calendar.working.tolist() == [chinese_calendar.is_workday(d) for d in days.tolist()]
    assert calendar.unannounced == ()
    assert yearly_working_days(year) == (int(calendar.working.sum()), False)


def test_kinds_of_days() -> None:
    """Early October 2026: holidays, a make-up Saturday, an ordinary Sunday, a working Monday."""
    days = np.arange(np.datetime64("2026-10-07"), np.datetime64("2026-10-13"))
    kinds = [DayKind(k) for k in work_calendar(days).kinds.tolist()]
    assert kinds == [
        DayKind.HOLIDAY, DayKind.WORKING, DayKind.WORKING, DayKind.MAKE_UP, DayKind.REST, DayKind.WORKING,
    ]  # fmt: skip


def test_an_unannounced_year_is_marked_and_not_guessed() -> None:
    """2027 is not announced: Monday to Friday are provisional, the year's number is known."""
    calendar = work_calendar(np.concatenate([days_of(2026), days_of(2027)]))
    assert calendar.unannounced == (2027,)
    in_2027 = work_calendar(days_of(2027))
    assert not (in_2027.kinds == DayKind.HOLIDAY).any()
    assert int(in_2027.working.sum()) == 261
    assert yearly_working_days(2027) == (261 - 13, True)


MOVED_BY_NOTICE = {D(2012, 6, 23)}
"""端午 was on a Saturday, and the day before it was off."""


@pytest.mark.parametrize("year", range(2004, 2027))
def test_holidays_by_law_are_off_in_all_notices(year: int) -> None:
    """As many as the law grants, unless two feasts are on one day: the law was changed in 2008, 2014 and 2025."""
    by_law = holidays_by_law(year)
    assert set(by_law) - MOVED_BY_NOTICE <= set(chinese_calendar.holidays)
    assert len(by_law) == statutory_days(year) - (year in (2009, 2020))


def test_holidays_by_law_of_the_years_to_come() -> None:
    """除夕 to 初三, 清明, 1 and 2 May, 端午, 中秋, 1 to 3 October; 2031 has 中秋 on 1 October."""
    feasts = {
        2027: "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03",
        2028: "01-01 01-25 01-26 01-27 01-28 04-04 05-01 05-02 05-28 10-01 10-02 10-03",
        2029: "01-01 02-12 02-13 02-14 02-15 04-04 05-01 05-02 06-16 09-22 10-01 10-02 10-03",
    }
    for year, days in feasts.items():
        assert holidays_by_law(year) == [D.fromisoformat(f"{year}-{day}") for day in days.split()]


@pytest.mark.parametrize(("year", "working"), [(2025, 248), (2026, 248), (2024, 251)])
def test_the_yearly_number_follows_from_the_law(year: int, working: int) -> None:
    """Monday to Friday minus the statutory days is what the notices came to."""
    assert yearly_working_days(year) == (working, False)
    assert int((weekdays(days_of(year)) < 5).sum()) - statutory_days(year) == working


@pytest.mark.parametrize(("year", "notice"), [(2026, NOTICE_2026), (2025, NOTICE_2025), (2024, NOTICE_2024)])
def test_a_pasted_notice_gives_that_years_calendar(year: int, notice: str) -> None:
    """The real notices come out as chinesecalendar has them, day by day."""
    rules = parse_notice(notice, year)
    holidays = {r.day for r in rules if r.kind == "holiday"}
    make_ups = {r.day for r in rules if r.kind == "make_up"}
    assert holidays == {d for d in chinese_calendar.holidays if d.year == year}
    assert make_ups == {d for d in chinese_calendar.workdays if d.year == year}
    assert {r.note for r in rules if r.day.month == 5 and r.day.day < 6} == {"劳动节"}


def test_a_pasted_notice_closes_an_unannounced_year() -> None:
    """With the notice pasted, 2027 is announced and its working days are final."""
    notice = (
        "一、元旦:1月1日(周五)至3日(周日)放假,共3天。"
        "二、春节:2月5日至11日放假调休,共7天。2月20日(周六)上班。"
        "三、国庆节:10月1日(周五)至7日(周四)放假调休,共7天。9月26日(周日)、10月9日(周六)上班。"
    )
    rules = parse_notice(notice, 2027)
    calendar = work_calendar(days_of(2027), rules)
    assert calendar.unannounced == ()
    assert int((calendar.kinds == DayKind.HOLIDAY).sum()) == 17
    assert yearly_working_days(2027, rules)[1] is False


def test_one_exception_of_the_company_does_not_announce_a_year() -> None:
    """A single holiday in the calendar sheet leaves the year provisional."""
    rules = [DayRule(D(2027, 10, 1), "holiday")]
    assert work_calendar(days_of(2027), rules).unannounced == (2027,)


def test_a_new_years_holiday_that_begins_in_december() -> None:
    """2023's notice starts on 31 December 2022, and older ones grant a day in lieu (补休)."""
    rules = parse_notice("一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。", 2023)
    assert [r.day for r in rules] == [D(2022, 12, 31), D(2023, 1, 1), D(2023, 1, 2)]
    in_lieu = parse_notice("三、清明节：4月5日放假，4月6日（星期一）补休。", 2015)
    assert [(r.day, r.kind) for r in in_lieu] == [(D(2015, 4, 5), "holiday"), (D(2015, 4, 6), "holiday")]


def test_notices_that_cannot_be_trusted_are_said() -> None:
    """The wrong year, a cut text and a text without holidays are faults."""
    with pytest.raises(NoticeOfOtherYear, match="1月1日"):
        parse_notice(NOTICE_2026, 2027)
    with pytest.raises(NoticeDoesNotAddUp, match="9 days"):
        parse_notice("二、春节：2月15日放假调休，共9天。", 2026)
    for text in ("", "请大家准时上班。", "一、元旦：2月30日放假。"):
        with pytest.raises(NoticeUnreadable):
            parse_notice(text, 2026)


def test_rules_of_the_company() -> None:
    """A day may be closed, worked, or pull by a factor; factors multiply, the last kind counts."""
    days = np.arange(np.datetime64("2026-06-15"), np.datetime64("2026-06-22"))
    rules = [
        DayRule(D(2026, 6, 18), factor=3.0),
        DayRule(D(2026, 6, 18), factor=0.5),
        DayRule(D(2026, 6, 19), "make_up"),
        DayRule(D(2026, 6, 16), "rest"),
        DayRule(D(2025, 6, 16), "rest"),
    ]
    calendar = work_calendar(days, rules)
    assert calendar.factors.tolist() == [1, 1, 1, 1.5, 1, 1, 1]
    assert calendar.working.tolist() == [True, False, True, True, True, False, False]
    with pytest.raises(UnknownDayKind):
        work_calendar(days, [DayRule(D(2026, 6, 18), "feast")])
    for factor in (-1.0, float("nan"), float("inf")):
        with pytest.raises(BadDayFactor):
            work_calendar(days, [DayRule(D(2026, 6, 18), factor=factor)])


@pytest.mark.parametrize(("year", "january", "february"), [(2024, 0, 8), (2025, 4, 4), (2026, 0, 9)])
def test_spring_festival_moves_between_january_and_february(year: int, january: int, february: int) -> None:
    """The days off for Spring Festival by the notice: 0/8 in 2024, 4/4 in 2025, 0/9 in 2026."""
    days = days_of(year)
    off = days[work_calendar(days).kinds == DayKind.HOLIDAY]
    near = off[np.abs((off - np.datetime64(spring_festival(year))).astype(int)) < 10]
    months = (near.astype("datetime64[M]").astype(int) % 12 + 1).tolist()
    assert (months.count(1), months.count(2)) == (january, february)


def test_dates_of_spring_festival() -> None:
    """正月初一 by the lunar calendar."""
    found = [spring_festival(y) for y in (2023, 2024, 2025, 2026, 2027, 2028)]
    assert found == [D(2023, 1, 22), D(2024, 2, 10), D(2025, 1, 29), D(2026, 2, 17), D(2027, 2, 6), D(2028, 1, 26)]


def test_days_pair_by_their_distance_to_spring_festival() -> None:
    """初一 pairs with 初一, 元宵 with 元宵, and fixed-date days with themselves."""
    days = np.array(
        ["2026-02-17", "2026-02-16", "2026-03-03", "2026-10-01", "2026-12-31", "2026-01-01"], "datetime64[D]"
    )
    assert lunar_pair(days, 2025).astype(str).tolist() == [
        "2025-01-29", "2025-01-28", "2025-02-12", "2025-10-01", "2025-12-31", "2025-01-01",
    ]  # fmt: skip


years = st.integers(1950, 2100)


@given(years, years)
def test_lunar_pairs_lose_no_day(year: int, other: int) -> None:
    """Each day has a partner in the other year; but for a leap day, no two share one and the way back leads home."""
    days = days_of(year)
    pairs = lunar_pair(days, other)
    assert (pairs.astype("datetime64[Y]") == np.datetime64(str(other))).all()
    assert len(np.unique(pairs)) >= min(len(days), len(days_of(other))) - (len(days) < len(days_of(other)))
    assert (lunar_pair(pairs, year) != days).sum() <= 1
    late = days >= np.datetime64(f"{year}-03-15")
    assert ((pairs[late] - np.datetime64(f"{other}-03-15")) == (days[late] - np.datetime64(f"{year}-03-15"))).all()
    feasts = np.datetime64(spring_festival(year)) + np.arange(-20, 23)
    assert (lunar_pair(feasts, other) == np.datetime64(spring_festival(other)) + np.arange(-20, 23)).all()


def test_a_year_pairs_with_itself() -> None:
    """Pairing a year with itself changes nothing."""
    assert (lunar_pair(days_of(2028), 2028) == days_of(2028)).all()
