"""Pasted notices of the State Council: every day off and every make-up day, as chinesecalendar has them."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import pytest

from tests.core.test_calendars import days_of
from xlsales.core.calendars import DayKind, work_calendar, yearly_working_days
from xlsales.core.notices import NoticeDoesNotAddUp, NoticeOfOtherYear, NoticeUnreadable, parse_notice

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
