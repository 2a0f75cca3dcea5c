"""放假通知: a pasted notice fills 日历, months move by it, and what cannot be trusted is told; in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.calc import read_back, recalculated
from tests.commands.books import Command, edit_cells, fill, fill_in, members, opened, plan
from tests.core.test_notices import NOTICE_2026, NOTICES
from xlsales.core.faults import Lang
from xlsales.core.notices import read_notices
from xlsales.plan.notices import T_NOTICE
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import DAY_KINDS
from xlsales.vocabulary.plan_tables import T_CALENDAR

pytestmark = pytest.mark.package

TITLES = {"zh": "放假通知", "en": "Holiday notice"}
CALENDARS = {"zh": "日历", "en": "Calendar"}
OF_2027 = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦:1月1日(周五)至3日(周日)放假,共3天。
二、春节:2月5日(周五)至11日(周四)放假调休,共7天。2月20日(周六)上班。鼓励大家在2月12日休息。
三、清明节:4月3日至5日放假,共3天。
四、劳动节:5月1日(周六)至5日放假调休,共5天。5月8日(周六)上班。
五、端午节:6月9日(周三)放假。
六、国庆节:10月1日(周五)至7日(周四)放假调休,共7天。9月26日(周日)、10月9日(周六)上班。
国务院办公厅
2026年11月4日"""
DAYS_OFF = {1: (1, 3), 2: (5, 11), 4: (3, 5), 5: (1, 5), 6: (9, 9), 10: (1, 7)}
WORKED = {2: (20,), 5: (8,), 9: (26,), 10: (9,)}


def book(path: Path, xlsales: Command, text: str, lang: Lang = "zh", **options: object) -> Path:
    """A plan of 2027 by working days that was split once, then the notice pasted, a paragraph in each row."""
    asked = {"month_method": "working_days", "day_method": "working_days", **options}
    regions = members({"区域": {"华东": 3.0, "华北": 2.0, "华南": 1.0}})
    plan(path, lang=lang, dimensions=regions, start=dt.date(2027, 1, 1), end=dt.date(2027, 12, 31), **asked)
    assert xlsales("split", path).code in (0, 1)
    assert xlsales("add", path, TITLES[lang]).code == 0
    fill(path, T_NOTICE, TITLES[lang], [{"text": line, "note": ""} for line in (*text.split("\n"), "", "")])
    return path


def working_days() -> list[int]:
    """Those of each month of 2027 by the notice, counted by hand."""
    counts = []
    for month in range(1, 13):
        first = dt.date(2027, month, 1)
        days = [first + dt.timedelta(i) for i in range(31) if (first + dt.timedelta(i)).month == month]
        low, high = DAYS_OFF.get(month, (0, -1))
        worked = [day for day in days if day.weekday() < 5 and not low <= day.day <= high]
        counts.append(len(worked) + len(WORKED.get(month, ())))
    return counts


def calendar_rows(path: Path, title: str) -> list[tuple[object, ...]]:
    sheet = read_back(path)[title]
    rows = list(sheet.iter_rows(min_row=5, min_col=2, max_col=6, values_only=True))
    return [row for row in rows if any(value is not None for value in row)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_notice_fills_the_calendar_and_moves_the_months(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Every month's target is by its working days, the year stays, a rerun changes nothing, undo gives the bytes."""
    path = book(tmp_path / "p.xlsx", xlsales, OF_2027, lang)
    before, months = path.read_bytes(), opened(path).sheet("time").down("target", r"2027-\d\d")
    ran = xlsales("split", path)
    assert ran.code == 0, ran.out + ran.err
    rows = calendar_rows(path, CALENDARS[lang])
    assert len(rows) == 10
    note = "国务院通知 2027 春节" if lang == "zh" else "State Council notice 2027 春节"
    assert rows[1] == (dt.datetime(2027, 2, 5), dt.datetime(2027, 2, 11), rows[0][2], None, note)
    after = opened(path).sheet("time").down("target", r"2027-\d\d")
    days = working_days()
    assert after == pytest.approx([10_000_000 * n / sum(days) for n in days], abs=1_000)
    effects = opened(path).sheet("notice")
    assert effects.down("days_after", r"2027-\d\d") == days
    assert (effects.down("before", r"2027-\d\d"), effects.down("after", r"2027-\d\d")) == (months, after)
    moves = [b - a for a, b in zip(months, after, strict=True)]
    assert effects.down("move", r"2027-\d\d") == moves
    assert effects.down("move", "total|proof") == [0, 0]
    assert effects.down("count", "f:.*") == [3, 7, 3, 5, 1, 7]
    written = path.read_bytes()
    assert xlsales("split", path).code == 0
    assert path.read_bytes() == written
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == before


def test_what_a_split_will_do_is_shown_before_it(xlsales: Command, tmp_path: Path) -> None:
    """A refresh shows how months would move; it enters nothing and moves nothing; the split does just that."""
    path = book(tmp_path / "p.xlsx", xlsales, OF_2027)
    sales = tmp_path / "sales.csv"
    sales.write_text("日期,区域,销售额\n2027-01-04,华东,100\n", "utf-8")
    assert xlsales("refresh", path, "--actuals", sales).code in (0, 1)
    preview = opened(path).sheet("notice")
    assert preview.down("before", r"2027-\d\d") == opened(path).sheet("time").down("target", r"2027-\d\d")
    assert calendar_rows(path, "日历") == []
    assert xlsales("split", path, "--actuals", sales).code in (0, 1)
    done = opened(path)
    assert done.sheet("time").down("target", r"2027-\d\d") == preview.down("after", r"2027-\d\d")
    assert done.sheet("notice").down("move", ".*") == preview.down("move", ".*")


def test_a_later_notice_replaces_the_rows_of_the_former(xlsales: Command, tmp_path: Path) -> None:
    """Rows that still hold stay where they are, with what a person has beside them; others make room."""
    path = book(tmp_path / "p.xlsx", xlsales, OF_2027)
    assert xlsales("split", path).code == 0
    edit_cells(path, "日历", {(6, 5): 0.5, (6, 8): "问过"})  # a factor on the days of 春节, and a remark beside
    changed = OF_2027.replace("9日(周三)放假", "12日至14日放假调休,共3天") + "\n"
    fill(path, T_NOTICE, "放假通知", [{"text": line, "note": ""} for line in changed.split("\n")])
    assert xlsales("split", path).code == 0
    rows = calendar_rows(path, "日历")
    assert len(rows) == 10
    assert rows[1][3] == 0.5
    assert read_back(path)["日历"]["H6"].value == "问过"
    assert [row[:2] for row in rows if row[4] == "国务院通知 2027 端午节"] == [
        (dt.datetime(2027, 6, 12), dt.datetime(2027, 6, 14))
    ]


def test_days_of_the_company_stay_as_they_are(xlsales: Command, tmp_path: Path) -> None:
    """A day with a kind of the company's own keeps it, and that is said once."""
    path = book(tmp_path / "p.xlsx", xlsales, OF_2027)
    fill_in(path, T_CALENDAR.name, 0, start=dt.date(2027, 6, 9), kind="调休上班", note="店庆")
    ran = xlsales("split", path)
    assert "06-09 有您自己填的类型" in ran.out
    rows = calendar_rows(path, "日历")
    assert [row[4] for row in rows if row[0] == dt.datetime(2027, 6, 9)] == ["店庆"]
    assert opened(path).sheet("notice").down("days_after", "2027-06") == [22]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_kind_that_a_person_changes_in_a_row_of_the_notice_is_theirs(
    xlsales: Command, tmp_path: Path, lang: Lang
) -> None:
    """At the next split, too, and it is told; the row stays where it is."""
    path = book(tmp_path / "p.xlsx", xlsales, OF_2027, lang)
    assert xlsales("split", path).code == 0
    rows = calendar_rows(path, CALENDARS[lang])
    changed = {dt.datetime(2027, 2, 20): "rest", dt.datetime(2027, 6, 9): "make_up"}
    for n, row in enumerate(rows):
        if row[0] in changed:
            edit_cells(path, CALENDARS[lang], {(5 + n, 4): DAY_KINDS[changed[row[0]]][lang]})
    edited = calendar_rows(path, CALENDARS[lang])
    assert edited != rows
    for _ in range(2):
        ran = xlsales("split", path)
        assert "02-20" in ran.out
        assert "06-09" in ran.out
        assert calendar_rows(path, CALENDARS[lang]) == edited
    days = working_days()
    assert opened(path).sheet("notice").down("days_after", "2027-0[26]") == [days[1] - 1, days[5] + 1]


@pytest.mark.parametrize(("column", "value"), [(3, float(to_serial(dt.date(2027, 2, 10)))), (4, "")])
def test_other_days_in_a_row_of_the_notice_are_put_right_and_told(
    xlsales: Command, tmp_path: Path, column: int, value: float | str
) -> None:
    """A last day that was moved, a kind that was cleared: the row is the notice's again."""
    path = book(tmp_path / "p.xlsx", xlsales, OF_2027)
    assert xlsales("split", path).code == 0
    rows = calendar_rows(path, "日历")
    edit_cells(path, "日历", {(6, column): value})
    ran = xlsales("split", path)
    assert sorted(map(str, calendar_rows(path, "日历"))) == sorted(map(str, rows))
    assert "已改成通知的:02-05" in ran.out
    assert "已改成通知的" not in xlsales("split", path).out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_days_other_than_the_known_calendar_has_are_told_and_count(
    xlsales: Command, tmp_path: Path, lang: Lang
) -> None:
    """A year that is built in goes by the text: 国庆 to the 8th, worked on the 11th, not on the 10th."""
    text = NOTICE_2026.replace("7日（周三）放假调休，共7天", "8日（周四）放假调休，共8天").replace(
        "10月10日（周六）", "10月11日（周日）"
    )
    asked = {"month_method": "equal", "day_method": "working_days"}
    sales = [["日期", "区域", "金额"], [dt.date(2026, 1, 30), "华东", 800_000]]
    path = plan(tmp_path / "p.xlsx", lang=lang, dimensions=members({"区域": {"华东": 1.0}}), actuals=sales, **asked)
    assert xlsales("split", path).code == 0
    assert xlsales("add", path, TITLES[lang]).code == 0
    fill(path, T_NOTICE, TITLES[lang], [{"text": line, "note": ""} for line in text.strip().split("\n")])
    ran = xlsales("refresh", path)
    effects, subline = opened(path).sheet("notice"), str(opened(path).sheet("notice").value("#subline", "label"))
    assert effects.down("after", r"2026-\d\d") == effects.down("move", r"2026-\d\d") == [None] * 12
    assert ("没有月份的目标会因它改变" if lang == "zh" else "moves no month's target") in subline
    ran = xlsales("split", path)
    assert (
        "10-08 放假、10-10 不上班、10-11 上班" if lang == "zh" else "10-08 off, 10-10 not worked, 10-11 worked"
    ) in ran.out
    assert opened(path).sheet("notice").down("days_after", "2026-(09|10)") == [22, 17]
    kinds = {row[0]: row[2] for row in calendar_rows(path, CALENDARS[lang])}
    assert kinds[dt.datetime(2026, 10, 10)] == DAY_KINDS["rest"][lang]
    written = path.read_bytes()
    xlsales("split", path)
    assert path.read_bytes() == written


@pytest.mark.parametrize(
    ("text", "cell", "said"),
    [
        (OF_2027.replace("共7天。2月20日", "共8天。2月20日"), "B7", "共 8 天,读出来是 7 天"),
        (OF_2027.replace("1月1日(周五)", "1月1日(周四)"), "B6", "写作星期四,而 2027 年这天是星期五"),
        (OF_2027.replace("6月9日(周三)放假", "6月31日放假"), "B10", "6月31日 不存在"),
        (OF_2027.replace("2027年部分", "2029年部分").replace("(周", "(农历"), "B5", "2029 年的通知"),
        ("明年怎么放假?", "B5", "没有放假安排"),
        ("一、元旦:1月1日放假。", "B5", "哪一年"),
    ],
)
def test_a_notice_that_cannot_be_trusted_moves_nothing(
    xlsales: Command, tmp_path: Path, text: str, cell: str, said: str
) -> None:
    """It is told at its row, targets and 日历 stay; corrected, it is taken."""
    path = book(tmp_path / "p.xlsx", xlsales, text)
    before = opened(path).sheet("time").down("target", ".*")
    ran = xlsales("split", path)
    assert ran.code == 1
    assert f"放假通知!{cell}" in ran.out
    assert said in ran.out
    assert opened(path).sheet("time").down("target", ".*") == before
    assert calendar_rows(path, "日历") == []
    fill(path, T_NOTICE, "放假通知", [{"text": line, "note": ""} for line in OF_2027.split("\n")])
    assert xlsales("split", path).code == 0
    assert len(calendar_rows(path, "日历")) == 10


def test_closed_months_stay(xlsales: Command, tmp_path: Path) -> None:
    """January and February are closed: the notice moves what is open alone."""
    path = book(tmp_path / "p.xlsx", xlsales, OF_2027, closed_through=dt.date(2027, 2, 28))
    before = opened(path).sheet("time").down("target", r"2027-\d\d")
    assert xlsales("split", path).code == 0
    after = opened(path).sheet("time").down("target", r"2027-\d\d")
    assert after[:2] == before[:2]
    assert sum(after) == sum(before)
    assert opened(path).sheet("notice").down("move", "2027-0[12]|total") == [0, 0, 0]


def test_months_by_other_weights_do_not_move(xlsales: Command, tmp_path: Path) -> None:
    """Equal months go by no working days; the sheet says that nothing moves."""
    path = book(tmp_path / "p.xlsx", xlsales, OF_2027, month_method="equal")
    assert xlsales("split", path).code == 0
    assert set(opened(path).sheet("notice").down("move", r"2027-\d\d|total")) == {0}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.libreoffice
def test_calc_works_out_the_same_proofs(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Every proof is 0, as it is in the file."""
    path = book(tmp_path / "p.xlsx", xlsales, OF_2027, lang)
    assert xlsales("split", path).code == 0
    sheet = recalculated(path, tmp_path)["放假影响" if lang == "zh" else "Holiday effects"]
    rows = {row[0].value: row for row in sheet.iter_rows()}
    assert [cell.value for cell in rows["proof"][3:8]] == [0] * 5


def every_day(rows: Sequence[tuple[object, ...]]) -> set[tuple[dt.date, object]]:
    return {
        (first.date() + dt.timedelta(i), kind)
        for first, last, kind, *_ in rows
        if isinstance(first, dt.datetime) and isinstance(last, dt.datetime)
        for i in range((last - first).days + 1)
    }


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_the_real_notices_fill_the_calendar(xlsales: Command, tmp_path: Path, year: int) -> None:
    """Each of 2019 to 2026: the rows of 日历 are its days, and the calendar is what it was by chinesecalendar."""
    path = tmp_path / "p.xlsx"
    span = {"start": dt.date(year, 1, 1), "end": dt.date(year, 12, 31)}
    asked = {"month_method": "working_days", "day_method": "working_days", **span}
    plan(path, dimensions=members({"区域": {"华东": 3.0, "华北": 2.0}}), **asked)
    assert xlsales("split", path).code == 0
    months = opened(path).sheet("time").down("target", r"\d{4}-\d\d")
    assert xlsales("add", path, "放假通知").code == 0
    fill(path, T_NOTICE, "放假通知", [{"text": line, "note": ""} for line in NOTICES[year].split("\n")])
    ran = xlsales("split", path)
    assert ran.code == 0, ran.out
    assert opened(path).sheet("time").down("target", r"\d{4}-\d\d") == months
    rules = read_notices(NOTICES[year], [year]).rules
    words = {"holiday": "节假日", "make_up": "调休上班"}
    assert every_day(calendar_rows(path, "日历")) == {(rule.day, words[rule.kind or ""]) for rule in rules}
