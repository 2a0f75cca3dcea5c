"""A store's file carries what headquarters knows; what comes back is what the store added or changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.calc import read_back
from tests.commands.books import Command, Workbook, opened
from tests.commands.store_files import type_over
from tests.commands.test_handout import bytes_of, manifest, split_plan
from tests.store.stores import keyed, typed

pytestmark = pytest.mark.unit
STORE, OTHER = "上海徐汇店", "杭州西湖店"
HEAD = ["日期", "门店", "产品", "金额"]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def shown(path: Path, sheet: str) -> dict[tuple[str, str], Any]:
    return keyed(read_back(path, data_only=True), sheet)


def sold(book: Path, store: str) -> float:
    found = opened(book).dimension("门店").value(f"m:{store}", "actual")
    assert isinstance(found, int | float)
    return found


DAILY = [
    HEAD,
    [day("2026-01-02"), STORE, "P1", 30_000], [day("2026-01-02"), STORE, "P2", 5_000.5],
    [day("2026-01-20"), STORE, "P2", 7_000], [day("2026-02-10"), STORE, "P1", -400],
    [day("2026-02-11"), OTHER, "P1", 9_000],
]  # fmt: skip


def test_a_file_shows_where_the_store_stands(xlsales: Command, tmp_path: Path) -> None:
    """Days, months, weeks, tables and lamps of a fresh file are those of headquarters, on its as-of day."""
    book, out = split_plan(xlsales, tmp_path, actuals=DAILY), tmp_path / "out"
    assert xlsales("refresh", book).code == 0
    ran = xlsales("handout", book, out)
    assert ran.code == 0
    assert "已带上实际:2 个,截至 2026-02-11;有 0 行没有计入" in ran.out
    one = xlsales("handout", book, tmp_path / "one", "--store", STORE)
    assert "已带上实际:1 个,截至 2026-02-11" in one.out  # of those handed out
    front, days = shown(out / f"{STORE}.xlsx", "front"), shown(out / f"{STORE}.xlsx", "days")
    assert [days[d, "known"] for d in ("2026-01-02", "2026-01-03", "2026-02-10")] == [35_000.5, None, -400]
    assert {days[d, "entry"] for d, column in days if column == "entry"} == {None}  # the entry cells are the store's
    assert days["2026-01-20", "cumulative_actual"] == 42_000.5
    assert (days["2026-02-11", "cumulative_actual"], days["2026-02-12", "cumulative_actual"]) == (-400, None)
    assert [front[m, "actual"] for m in ("2026-01", "2026-02", "2026-03", "plan", "now")] == [
        42_000.5, -400, None, 41_600.5, -400,
    ]  # fmt: skip
    assert (front["now", "period"], front["info:as_of", "target"]) == ("2月", dt.datetime(2026, 2, 11))
    row, table = opened(book).dimension("门店"), shown(out / f"{STORE}.xlsx", "members")
    assert front["plan", "status"] == row.value(f"m:{STORE}", "status")
    assert front["plan", "attainment"] == pytest.approx(row.value(f"m:{STORE}", "attainment"))
    assert [table[f"member:产品:{n}", "actual"] for n in (1, 2)] == [29_600, 12_000.5]
    assert table["unassigned:产品", "actual"] == 0
    nothing = shown(out / "_CON.xlsx", "front")  # headquarters knows nothing of it
    assert (nothing["now", "period"], nothing["now", "actual"], nothing["plan", "status"]) == ("2月", None, None)
    assert nothing["labels", "period"] == "尚无实际"


@pytest.mark.parametrize("restyled", [False, True])
def test_it_opens_at_the_day_to_fill(xlsales: Command, tmp_path: Path, restyled: bool) -> None:
    """The front page is the first to be seen; 日报 opens at the day after the last known one."""
    template = []
    if restyled:  # a file of January, when nothing was known
        (tmp_path / "january").mkdir()
        xlsales("handout", split_plan(xlsales, tmp_path / "january"), tmp_path / "first")
        template = ["--template", tmp_path / "first" / "_CON.xlsx"]
    book, out = split_plan(xlsales, tmp_path, actuals=DAILY), tmp_path / "out"
    assert xlsales("handout", book, out, *template).code == 0
    assert shown(out / f"{STORE}.xlsx", "front")["plan", "actual"] == 41_600.5
    opens_at = {STORE: ("2026-02-11", "2026-02-03"), OTHER: ("2026-02-12", "2026-02-04"), "_CON": ("2026-01-01",) * 2}
    for store, (to_fill, top) in opens_at.items():  # each by what is known of it, not of others
        opens = read_back(out / f"{store}.xlsx")
        assert opens.active.title == "目标"
        view, rows = opens["日报"].sheet_view, {c.value: c.row for (c,) in opens["日报"].iter_rows(max_col=1)}
        selected = [s.activeCell for s in view.selection if s.pane == view.pane.activePane]
        assert [opens["日报"][cell].row for cell in selected] == [rows[to_fill]]
        assert not opens["日报"][selected[0]].protection.locked
        assert not opens["日报"].column_dimensions[selected[0].rstrip("0123456789")].hidden
        assert int(view.pane.topLeftCell.lstrip("ABCDEFG")) == rows[top]


def test_todo_in_three_lines(xlsales: Command, tmp_path: Path) -> None:
    """The front page says what to do, by when and where to send it: by the settings, else without them."""
    xlsales("handout", split_plan(xlsales, tmp_path), tmp_path / "a")
    front = shown(tmp_path / "a" / f"{STORE}.xlsx", "front")
    assert [front[key, "period"] for key in ("todo:what", "todo:when", "todo:where")] == [
        "① 填什么:在“日报”的浅黄格里填每天的销售额。",
        "② 何时交:按总部通知的时间。",
        "③ 交到哪里:存盘,把这个文件原样发回给发给您的人。",
    ]
    told = {"return_due": day("2026-03-05"), "return_to": "王敏 <wm@example.com>"}
    (tmp_path / "told").mkdir()
    book = split_plan(xlsales, tmp_path / "told", actuals=DAILY, **told)
    xlsales("handout", book, tmp_path / "b")
    front = shown(tmp_path / "b" / f"{STORE}.xlsx", "front")
    assert "“总部已有”的(截至 2026-02-10)不对才填。" in front["todo:what", "period"]  # of this store
    assert "截至 2026-02-11" in shown(tmp_path / "b" / f"{OTHER}.xlsx", "front")["todo:what", "period"]
    nothing = shown(tmp_path / "b" / "_CON.xlsx", "front")["todo:what", "period"]
    assert nothing == "① 填什么:在“日报”的浅黄格里填每天的销售额。"
    assert front["todo:when", "period"] == "② 何时交:2026-03-05 前(含当天)。"
    assert front["todo:where", "period"] == "③ 交到哪里:存盘,把这个文件原样发给 王敏 <wm@example.com>。"


def test_a_deadline_that_is_over_is_told(xlsales: Command, tmp_path: Path) -> None:
    """A day to return by that lies in the known past is pointed at; mended, nothing is said."""
    for due, code in (("2026-02-11", 1), ("2026-02-12", 0)):
        book = split_plan(xlsales, tmp_path, actuals=DAILY, return_due=day(due))
        ran = xlsales("handout", book, tmp_path / due, "--json")
        assert ran.code == code
        assert [p["sentence"] for p in ran.json["problems"]] == [
            "“回收截止”2026-02-11 已过:实际已到 2026-02-11。请改日期,再下发一次。"
        ] * code


def returned(folder: Path, path: Path, entries: dict[str, Any]) -> Path:
    """What a store typed, in the folder of returned files."""
    folder.mkdir(exist_ok=True)
    (folder / path.name).write_bytes(typed(path.read_bytes(), entries))
    return folder


def collected(xlsales: Command, book: Path, folder: Path) -> Any:
    ran = xlsales("collect", book, folder, "--json")
    before = book.read_bytes()
    again = xlsales("collect", book, folder, "--json")
    assert (again.json["changed"], book.read_bytes() == before) == (False, True)
    assert xlsales("refresh", book).code in (0, 1)
    return ran.json


def test_what_headquarters_knows_is_not_counted_twice(xlsales: Command, tmp_path: Path) -> None:
    """A file that comes back with known days untouched adds the days that the store typed, and no other."""
    book = split_plan(xlsales, tmp_path, actuals=DAILY)
    xlsales("handout", book, tmp_path / "out")
    back = returned(tmp_path / "back", tmp_path / "out" / f"{STORE}.xlsx", {"2026-02-12": 1_000.0, "2026-02-13": 500.0})
    told = collected(xlsales, book, back)
    assert told["rows"] == {"found": 2, "accepted": 2, "set_aside": 0}
    assert sold(book, STORE) == 41_600.5 + 1_500
    assert sold(book, OTHER) == 9_000


def test_earlier_rounds_stay(xlsales: Command, tmp_path: Path) -> None:
    """Days that came from the store before stay when its next file leaves them, and change where it corrects them."""
    book = split_plan(xlsales, tmp_path)
    xlsales("handout", book, tmp_path / "1")
    first = {"2026-01-05": 4_000.0, "2026-01-06": 5_000.0, "2026-01-31": 6_000.0}
    collected(xlsales, book, returned(tmp_path / "back1", tmp_path / "1" / f"{STORE}.xlsx", first))
    assert sold(book, STORE) == 15_000
    xlsales("handout", book, tmp_path / "2")
    days = shown(tmp_path / "2" / f"{STORE}.xlsx", "days")
    assert [days[key, "known"] for key in first] == list(first.values())
    collected(xlsales, book, returned(tmp_path / "back2", tmp_path / "2" / f"{STORE}.xlsx", {"2026-02-01": 700.0}))
    assert sold(book, STORE) == 15_700
    xlsales("handout", book, tmp_path / "3")
    told = collected(
        xlsales, book, returned(tmp_path / "back3", tmp_path / "3" / f"{STORE}.xlsx", {"2026-01-06": 50.0})
    )
    assert [s["state"] for s in told["stores"] if s["store"] == STORE] == ["returned"]  # no older file
    assert sold(book, STORE) == 15_700 - 4_950


MONTHLY = [
    HEAD,
    ["2026年1月", STORE, "P1", 1_000_000],
    ["2026年1月", STORE, "P2", 200_000],
    ["2026年2月", STORE, "P1", 900_000],
]


@pytest.mark.parametrize("closed", [False, True])
def test_months_that_are_known_as_sums(xlsales: Command, tmp_path: Path, closed: bool) -> None:
    """A month without days stands as its sum; a day typed into it would count twice and is set aside."""
    rows = MONTHLY if closed else MONTHLY[:-1]
    book = split_plan(xlsales, tmp_path, actuals=rows)
    xlsales("handout", book, tmp_path / "out")
    path = tmp_path / "out" / f"{STORE}.xlsx"
    front, days, weeks = (shown(path, sheet) for sheet in ("front", "days", "weeks"))
    assert [front[m, "actual"] for m in ("2026-01", "2026-02")] == [1_200_000, 900_000 if closed else None]
    assert front["plan", "actual"] == 1_200_000 + closed * 900_000
    assert [days[d, "cumulative_actual"] for d in ("2026-01-01", "2026-01-30", "2026-01-31")] == [None, None, 1_200_000]
    assert days["2026-01-31", "known"] is None
    assert (weeks["2026-W03", "actual"], weeks["total", "actual"]) == (None, front["plan", "actual"])
    back = returned(tmp_path / "back", path, {"2026-01-15": 100.0, "2026-03-02": 30_000.0})
    told = collected(xlsales, book, back)
    assert told["amounts"] == {"found": 30_100, "accepted": 30_000, "set_aside": 100}
    assert any("总部已有合计 1,200,000" in s["why"] for s in told["stores"])
    assert sold(book, STORE) == 1_230_000 + closed * 900_000


def test_a_day_of_much_is_no_month(xlsales: Command, tmp_path: Path) -> None:
    """The last day of a month, alone, with what a day brings is a day."""
    rows = [HEAD, [day("2026-01-31"), STORE, "P1", 60_000], [day("2026-02-01"), STORE, "P1", 1]]
    book = split_plan(xlsales, tmp_path, actuals=rows)
    xlsales("handout", book, tmp_path / "out")
    days = shown(tmp_path / "out" / f"{STORE}.xlsx", "days")
    assert (days["2026-01-31", "known"], days["2026-01", "known"]) == (60_000, None)


def test_actuals_that_cannot_be_read_are_told(xlsales: Command, tmp_path: Path) -> None:
    """Files are handed out without known actuals, and that is said with the reason."""
    (tmp_path / "sales.csv").write_text("日期,门店,金额\n2026-01-02,CON,5\n", encoding="utf-8")
    book = split_plan(xlsales, tmp_path, actuals_file="sales.csv")
    (tmp_path / "sales.csv").write_text("甲,乙\nx,y\nz,w\n", encoding="utf-8")
    ran = xlsales("handout", book, tmp_path / "out", "--json")
    assert ran.code == 1
    assert "下发的文件里没有带上已有的实际" in ran.json["problems"][0]["sentence"]
    assert shown(tmp_path / "out" / f"{STORE}.xlsx", "front")["plan", "actual"] is None


def test_a_rerun_changes_nothing_and_new_actuals_renew(xlsales: Command, tmp_path: Path) -> None:
    """The same actuals give the same files; new ones renew what nobody has filled in, under the same version."""
    book, out = split_plan(xlsales, tmp_path, actuals=DAILY), tmp_path / "out"
    xlsales("handout", book, out)
    before, versions = bytes_of(out), {code: line["version"] for code, line in manifest(out).items()}
    xlsales("handout", book, out)
    assert bytes_of(out) == before
    split_plan(xlsales, tmp_path, actuals=[*DAILY, [day("2026-02-20"), STORE, "P1", 10]])
    ran = xlsales("handout", tmp_path / "plan.xlsx", out, "--json")
    assert ran.json["counts"]["beside"] == 0
    assert {code: line["version"] for code, line in manifest(out).items()} == versions
    assert shown(out / f"{STORE}.xlsx", "days")["2026-02-20", "known"] == 10


def test_nothing_of_another_store_is_known(xlsales: Command, tmp_path: Path) -> None:
    """What one store sold is in no other store's file."""
    rows = [HEAD, [day("2026-01-02"), STORE, "P1", 123_457], [day("2026-01-03"), OTHER, "P1", 765_431]]
    book = split_plan(xlsales, tmp_path, actuals=rows)
    xlsales("handout", book, tmp_path / "out")
    own = {STORE: 123_457, OTHER: 765_431}
    for code in own:
        numbers = {
            cell.value for sheet in read_back(tmp_path / "out" / f"{code}.xlsx", data_only=True).worksheets
            for row in sheet.iter_rows() for cell in row
        }  # fmt: skip
        assert {amount for amount in own.values() if amount in numbers} == {own[code]}


def test_a_deadline_of_the_settings_tells_who_is_late(xlsales: Command, tmp_path: Path) -> None:
    """`collect` without --due goes by the settings."""
    book = split_plan(xlsales, tmp_path, return_due=day("2025-12-31"))
    xlsales("handout", book, tmp_path / "out")
    back = returned(tmp_path / "back", tmp_path / "out" / f"{STORE}.xlsx", {"2026-01-05": 4_000.0})
    told = xlsales("collect", book, back, "--json").json
    assert [s["late"] for s in told["stores"] if s["store"] == STORE] == [True]
    assert isinstance(opened(book), Workbook)


def told(xlsales: Command, book: Path, folder: Path) -> tuple[int, list[str]]:
    ran = xlsales("collect", book, folder, "--json")
    return ran.code, [p["sentence"] for p in ran.json["problems"]]


def cell_named(sentence: str) -> str:
    """The cell of 设置 that a sentence names."""
    return sentence.partition("设置!")[2].partition("(重复来源)")[0]


def test_a_known_day_that_is_typed_over_is_told_when_it_is_collected(xlsales: Command, tmp_path: Path) -> None:
    """What counts is said at once, with both amounts and the cell that changes it; chosen there, it is a remark."""
    book = split_plan(xlsales, tmp_path, actuals=DAILY)
    xlsales("handout", book, tmp_path / "out")
    path = tmp_path / "out" / f"{STORE}.xlsx"
    back = returned(tmp_path / "back", path, {"2026-01-02": 30_000.0, "2026-02-12": 1_000.0})
    code, (sentence,) = told(xlsales, book, back)
    assert code == 1
    assert sentence.startswith(
        f"“{STORE}”有 1 天(2026-01-02)填的和总部粘贴的不一样:总部 35,000.5,交回 30,000。只计粘贴的。"
    )
    xlsales("refresh", book)
    assert sold(book, STORE) == 42_600.5
    cell = cell_named(sentence)
    for choice, actual, counts in (
        ("交回优先", 37_600, "只计门店交回的"), ("都计入", 72_600.5, "两处都计入"), ("总部优先", 42_600.5, "只计粘贴的")
    ):  # fmt: skip
        type_over(book, "设置", {cell: choice})
        code, (sentence,) = told(xlsales, book, back)
        assert (code, counts in sentence) == (0, True)
        assert sentence in xlsales("collect", book, back).out
        xlsales("refresh", book)
        assert sold(book, STORE) == actual


def test_typing_what_is_known_is_nothing_to_tell(xlsales: Command, tmp_path: Path) -> None:
    """A store that confirms headquarters' amount raises no finding."""
    book = split_plan(xlsales, tmp_path, actuals=DAILY)
    xlsales("handout", book, tmp_path / "out")
    back = returned(tmp_path / "back", tmp_path / "out" / f"{STORE}.xlsx", {"2026-01-02": 35_000.5})
    assert told(xlsales, book, back) == (0, [])


@pytest.mark.parametrize("choice", ["总部优先", "交回优先"])
def test_a_typed_over_day_that_is_cleared_is_headquarters_again(xlsales: Command, tmp_path: Path, choice: str) -> None:
    """Cleared, the day counts as pasted, which is told; typed again, as the sentence says, it is collected again."""
    book = split_plan(xlsales, tmp_path, actuals=DAILY)
    xlsales("handout", book, tmp_path / "out")
    path, back = tmp_path / "out" / f"{STORE}.xlsx", tmp_path / "back"
    typed_over = {"2026-01-02": 30_000.0, "2026-02-12": 1_000.0}
    _, (sentence,) = told(xlsales, book, returned(back, path, typed_over))
    type_over(book, "设置", {cell_named(sentence): choice})
    _, (sentence,) = told(xlsales, book, returned(back, path, {"2026-02-12": 1_000.0}))
    assert sentence.startswith(f"“{STORE}”清空了以前改填的 1 天(2026-01-02,合计 30,000),已从“实际”撤下")
    assert told(xlsales, book, back) == (0, [])
    xlsales("refresh", book)
    assert sold(book, STORE) == 42_600.5
    code, (sentence,) = told(xlsales, book, returned(back, path, typed_over))
    assert (code, "不一样" in sentence) == (0, True)
    xlsales("refresh", book)
    assert sold(book, STORE) == (42_600.5 if choice == "总部优先" else 37_600)


def test_a_later_file_that_leaves_what_was_collected_keeps_it(xlsales: Command, tmp_path: Path) -> None:
    """Collected first: the next file shows the typed-over amount as known; left as it is, it goes on counting."""
    book = split_plan(xlsales, tmp_path, actuals=DAILY, same_twice="交回优先")
    xlsales("handout", book, tmp_path / "1")
    first = returned(tmp_path / "b1", tmp_path / "1" / f"{STORE}.xlsx", {"2026-01-02": 30_000.0, "2026-02-12": 1_000.0})
    told(xlsales, book, first)
    xlsales("handout", book, tmp_path / "2")
    assert shown(tmp_path / "2" / f"{STORE}.xlsx", "days")["2026-01-02", "known"] == 30_000
    code, (sentence,) = told(
        xlsales, book, returned(tmp_path / "b2", tmp_path / "2" / f"{STORE}.xlsx", {"2026-02-13": 5_000.0})
    )
    assert (code, "不一样" in sentence) == (0, True)
    xlsales("refresh", book)
    assert sold(book, STORE) == 30_000 + 7_000 - 400 + 6_000
