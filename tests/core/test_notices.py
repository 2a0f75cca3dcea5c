"""Pasted notices of the State Council: every day off and every make-up day, as chinesecalendar has them."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import pytest

from tests.core.test_calendars import days_of
from xlsales.core.calendars import DayKind, work_calendar, yearly_working_days
from xlsales.core.faults import Fault
from xlsales.core.notices import (
    NoSuchDate,
    Notice,
    NoticeDoesNotAddUp,
    NoticeOfOtherYear,
    NoticeUnreadable,
    NoticeWithoutYear,
    WrongWeekday,
    read_notices,
)

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
TITLE = "国务院办公厅关于{year}年部分节假日安排的通知\n各省、自治区、直辖市人民政府,国务院各部委、各直属机构:\n"
NOTICES = {
    2019: TITLE.format(year=2019)
    + """一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。
二、春节：2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。
三、清明节：4月5日放假，与周末连休。
四、劳动节：5月1日放假。
五、端午节：6月7日放假，与周末连休。
六、中秋节：9月13日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
国务院办公厅
2018年12月1日
国务院办公厅关于调整2019年劳动节假期安排的通知
经国务院批准,现对2019年劳动节假期安排调整如下:
一、2019年5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。
国务院办公厅
2019年3月22日
""",
    2020: TITLE.format(year=2020)
    + """一、元旦：2020年1月1日放假，共1天。
二、春节：1月24日至30日放假调休，共7天。1月19日（星期日）、2月1日（星期六）上班。
三、清明节：4月4日至6日放假调休，共3天。
四、劳动节：5月1日至5日放假调休，共5天。4月26日（星期日）、5月9日（星期六）上班。
五、端午节：6月25日至27日放假调休，共3天。6月28日（星期日）上班。
六、国庆节、中秋节：10月1日至8日放假调休，共8天。9月27日（星期日）、10月10日（星期六）上班。
国务院办公厅关于延长2020年春节假期的通知
一、延长2020年春节假期至2月2日（农历正月初九，星期日），2月3日（星期一）起正常上班。
二、各地大专院校、中小学、幼儿园推迟开学，具体时间由教育部门另行通知。
2020年1月26日
""",
    2021: TITLE.format(year=2021)
    + """一、元旦：2021年1月1日至3日放假，共3天。
二、春节：2月11日至17日放假调休，共7天。2月7日（星期日）、2月20日（星期六）上班。
三、清明节：4月3日至5日放假调休，共3天。
四、劳动节：5月1日至5日放假调休，共5天。4月25日（星期日）、5月8日（星期六）上班。
五、端午节：6月12日至14日放假，共3天。
六、中秋节：9月19日至21日放假调休，共3天。9月18日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月26日（星期日）、10月9日（星期六）上班。
""",
    2022: TITLE.format(year=2022)
    + """一、元旦：2022年1月1日至3日放假，共3天。
二、春节：1月31日至2月6日放假调休，共7天。1月29日（星期六）、1月30日（星期日）上班。
三、清明节：4月3日至5日放假调休，共3天。4月2日（星期六）上班。
四、劳动节：4月30日至5月4日放假调休，共5天。4月24日（星期日）、5月7日（星期六）上班。
五、端午节：6月3日至5日放假，共3天。
六、中秋节：9月10日至12日放假，共3天。
七、国庆节：10月1日至7日放假调休，共7天。10月8日（星期六）、10月9日（星期日）上班。
""",
    2023: """新華社北京12月8日電 國務院辦公廳關於2023年
部分節假日安排的通知,全文如下:

各省、自治區、直轄市人民政府,國務院各部委、各直屬機構:

經國務院批准,現將2023年元旦、春節、清明節、勞動節、端午節、中秋節和國慶節放假調休日期的具體安排通知如下。
- 元旦:2022年12月31日至2023年1月2日放假調休,共3天。
- 春節:1月21日至27日放假調休,共7天。1月28日(星期六)、1月29日(星期日)上班。
- 清明節:4月5日放假,共1天。
- 勞動節:4月29日至5月3日放假調休,共5天。4月23日(星期日)、5月6日(星期六)上班。
- 端午節:6月22日至24日放假調休,共3天。6月25日(星期日)上班。
- 中秋節、國慶節:9月29日至10月6日放假調休,共8天。10月7日(星期六)、10月8日(星期日)上班。
節假日期間,各地區、各部門要妥善安排好值班和安全、保衛、疫情防控等工作。
                                             國務院辦公廳
2022年12月8日
""",
    2024: NOTICE_2024,
    2025: NOTICE_2025,
    2026: NOTICE_2026,
}


def off(notice: Notice, year: int) -> set[dt.date]:
    return {rule.day for rule in notice.rules if rule.kind == "holiday" and rule.day.year == year}


@pytest.mark.parametrize("year", sorted(NOTICES))
@pytest.mark.parametrize("paste", ["as it is", "in one line", "with full-width digits"])
def test_a_pasted_notice_gives_that_years_calendar(year: int, paste: str) -> None:
    """The real notices come out day by day as chinesecalendar has them, with those that changed a feast later on.

    A notice says "with the weekend" of some feasts, so days off that are weekends are left out of the comparison.
    """
    text = NOTICES[year]
    if paste == "in one line":
        text = text.replace("\n", " ")
    elif paste == "with full-width digits":
        text = text.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})
    notice = read_notices(text, [year])
    days = [day for day in days_of(year).tolist() if chinese_calendar.is_holiday(day) and day.weekday() < 5]
    assert {day for day in off(notice, year) if day.weekday() < 5} == set(days)
    assert all(chinese_calendar.is_holiday(day) for day in off(notice, year))
    make_ups = {rule.day for rule in notice.rules if rule.kind == "make_up" and rule.day.year == year}
    assert make_ups == {day for day in days_of(year).tolist() if chinese_calendar.is_workday(day) and day.weekday() > 4}
    of_may = {rule.note for rule in notice.rules if rule.day.month == 5 and rule.day.day < 5}
    assert of_may == {"勞動節" if year == 2023 else "劳动节"}
    assert notice.unread == (("鼓励各单位结合带薪年休假等制度落实,安排职工在除夕(2月9日)休息",) if year == 2024 else ())


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_the_real_notices_do_not_differ_from_the_known_calendar(year: int) -> None:
    """Nothing is dropped of it that counts, whether feasts are joined, made longer or weekends are not named."""
    notice = read_notices(NOTICES[year], [year])
    assert notice.differing == []


@pytest.mark.parametrize(
    ("old", "new", "differing"),
    [
        ("7日（周三）放假调休，共7天", "8日（周四）放假调休，共8天", {"10-08": "holiday"}),
        ("10月10日（周六）上班", "10月11日（周日）上班", {"10-10": "rest", "10-11": "make_up"}),
        ("、10月10日（周六）上班", "上班", {"10-10": "rest"}),
        ("7日（周三）放假调休，共7天", "6日（周二）放假调休，共6天", {"10-07": "make_up"}),
        ("4月4日（周六）至6日（周一）放假，共3天", "4月4日（周六）放假", {"04-06": "make_up"}),
        ("七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。", "", {}),
    ],
)
def test_a_feast_of_a_notice_replaces_that_of_the_known_calendar(old: str, new: str, differing: dict[str, str]) -> None:
    """Its days off and its make-up days; a feast that the text does not have stays as it is known."""
    assert old in NOTICE_2026
    notice = read_notices(NOTICE_2026.replace(old, new), [2026])
    assert {f"{rule.day:%m-%d}": rule.kind for rule in notice.differing} == differing
    known = work_calendar(days_of(2026))
    told = work_calendar(days_of(2026), notice.rules)
    apart = {
        f"{day:%m-%d}" for day, a, b in zip(days_of(2026).tolist(), known.working, told.working, strict=True) if a != b
    }
    assert apart == set(differing)


def test_a_feast_that_a_later_notice_has_anew_is_the_later_one() -> None:
    """Days that it no longer has are ordinary ones."""
    later = "国务院办公厅关于调整2026年国庆节假期安排的通知\n国庆节:10月2日至6日放假,共5天。"
    notice = read_notices(NOTICE_2026 + later, [2026])
    worked = {"10-01": "make_up", "10-07": "make_up", "09-20": "rest", "10-10": "rest"}
    assert {f"{rule.day:%m-%d}": rule.kind for rule in notice.differing} == worked


@pytest.mark.parametrize(
    ("swaps", "fault", "said"),
    [
        ({"2月14日（周六）": "2月14日（周日）"}, WrongWeekday, "2月14日 写作星期日,而 2026 年这天是星期六"),
        ({"1月1日（周四）": "1月1日（周五）", "5月9日（周六）": "5月9日（周五）"}, WrongWeekday, "1月1日 写作星期五"),
        ({"关于2026年": "关于2027年"}, NoticeOfOtherYear, "请核对年份"),
    ],
)
def test_a_wrong_weekday_is_told_by_its_date_unless_most_are_wrong(
    swaps: dict[str, str], fault: type[Fault], said: str
) -> None:
    """The year is in doubt only if most weekdays are."""
    text = NOTICE_2026
    for old, new in swaps.items():
        assert old in text
        text = text.replace(old, new)
    for one in (text, text[text.index("一、") :]):  # without its title, the year is found by the weekdays
        if fault is NoticeOfOtherYear and one is not text:
            continue
        with pytest.raises(fault) as caught:
            read_notices(one, [2025, 2026])
        assert said in caught.value.say("zh")
        assert caught.value.say("en")


def test_notices_of_several_years_are_read_at_once() -> None:
    """Each has its title; a whole calendar comes of each."""
    notice = read_notices(NOTICES[2021] + NOTICES[2022] + NOTICES[2026])
    assert {feast.year for feast in notice.feasts} == {2021, 2022, 2026}
    assert off(notice, 2022) == off(read_notices(NOTICES[2022]), 2022)


def test_a_year_without_title_is_told_by_the_weekdays() -> None:
    """Of the years that a plan has, the first one that agrees with all weekdays of the text."""
    untitled = NOTICES[2022].partition(":\n")[2].replace("2022年", "")
    assert {feast.year for feast in read_notices(untitled, [2021, 2022, 2023]).feasts} == {2022}


def test_a_pasted_notice_closes_an_unannounced_year() -> None:
    """With the notice pasted, 2027 is announced and its working days are final."""
    notice = (
        "一、元旦:1月1日(周五)至3日(周日)放假,共3天。"
        "二、春节:2月5日至11日放假调休,共7天。2月20日(周六)上班。"
        "三、国庆节:10月1日(周五)至7日(周四)放假调休,共7天。9月26日(周日)、10月9日(周六)上班。"
    )
    rules = read_notices(notice, [2026, 2027]).rules
    calendar = work_calendar(days_of(2027), rules)
    assert calendar.unannounced == ()
    assert int((calendar.kinds == DayKind.HOLIDAY).sum()) == 17
    assert yearly_working_days(2027, rules)[1] is False


def test_a_new_years_holiday_that_begins_in_december() -> None:
    """2023's notice starts on 31 December 2022, and older ones grant a day in lieu (补休)."""
    rules = read_notices("一、元旦：2022年12月31日至2023年1月2日（周一）放假调休，共3天。", [2023]).rules
    assert [r.day for r in rules] == [D(2022, 12, 31), D(2023, 1, 1), D(2023, 1, 2)]
    in_lieu = read_notices("三、清明节：4月5日放假，4月6日（星期一）补休。", [2015]).rules
    assert [(r.day, r.kind) for r in in_lieu] == [(D(2015, 4, 5), "holiday"), (D(2015, 4, 6), "holiday")]


@pytest.mark.parametrize(
    ("text", "fault", "said"),
    [
        (NOTICES[2026].replace("2026年", "2027年"), NoticeOfOtherYear, "1月1日"),
        ("一、元旦:1月1日(周四)至3日放假,共3天。", NoticeOfOtherYear, "2027"),
        ("2027年节假日安排的通知\n二、春节:2月15日放假调休,共9天。", NoticeDoesNotAddUp, "9 days"),
        ("二、春节:2月5日至11日放假调休,共7天。", NoticeWithoutYear, "title"),
        ("2027年节假日安排的通知\n一、元旦:2月30日放假。", NoSuchDate, "2月30日"),
        ("2027年节假日安排的通知\n一、元旦:13月1日放假。", NoSuchDate, "13月1日"),
        ("", NoticeUnreadable, "No holidays"),
        ("请大家准时上班。", NoticeUnreadable, "No holidays"),
        ("国务院办公厅关于2027年部分节假日安排的通知", NoticeUnreadable, "No holidays"),
        ("2027年节假日安排的通知\n9月26日(周日)上班。", NoticeUnreadable, "No holidays"),
    ],
)
def test_notices_that_cannot_be_trusted_are_said(text: str, fault: type[Fault], said: str) -> None:
    """The wrong year, a cut text, a date that is none, no year at all, and a text without holidays."""
    with pytest.raises(fault) as raised:
        read_notices(text, [2027])
    assert said in raised.value.say("en")
