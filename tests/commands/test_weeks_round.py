"""周跟踪 in files that are handed out: each carries its member's rows, what is done comes back into the table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.calc import read_back
from tests.commands.books import Command, fill, members, opened, plan, type_in
from tests.commands.store_files import StoreFile, add_rows
from xlsales.core.faults import Lang
from xlsales.plan.weeks.tables import DONE, T_WEEKS

pytestmark = pytest.mark.package
STORES = {"一店": 3, "二店": 2}
PERSONS = (("一店", "", 3), ("二店", "", 2), ("张三", "一店", 1), ("李四", "一店", 1), ("王五", "二店", 1))
ROWS: tuple[dict[str, float | str], ...] = (
    {"person": "张三", "indicator": "订单", "target": 10.0, "done_1": 3.0},
    {"person": "李四", "indicator": "订单", "target": 8.0},
    {"person": "王五", "indicator": "订单", "target": 6.0},
    {"person": "一店", "indicator": "留档", "target": 40.0},
)
SHEET = {lang: T_WEEKS.label[lang] for lang in ("zh", "en")}


def company() -> list[dict[str, object]]:
    """Two stores, and their persons below groups of their names."""
    keys = ("dimension", "member", "parent", "weight")
    return [*members({"门店": STORES}), *(dict(zip(keys, ("人员", *one), strict=True)) for one in PERSONS)]


def round_of(xlsales: Command, folder: Path, *options: str, lang: Lang = "zh", **settings: object) -> tuple[Path, Path]:
    """A plan of two stores with their persons and weeks of September, split and handed out; book and folder."""
    book, out = plan(folder / "plan.xlsx", lang=lang, dimensions=company(), **settings), folder / "out"
    assert xlsales("add", book, "weeks").code == 0
    fill(book, T_WEEKS, SHEET[lang], [filled(row) for row in ROWS])
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, out, *options).code in (0, 1)
    return book, out


def filled(row: Mapping[str, float | str]) -> dict[str, float | str]:
    """A row of September in every cell."""
    return {column.key: "" for column in T_WEEKS.columns} | {"month": "2026-09"} | dict(row)


def done(book: Path, lang: Lang = "zh") -> list[list[object]]:
    """The done weeks of the table, row by row."""
    first = 2 + [column.key for column in T_WEEKS.columns].index(DONE[0])
    sheet = read_back(book)[SHEET[lang]]
    lines = sheet.iter_rows(min_row=5, max_row=8, min_col=first, max_col=first + 4, values_only=True)
    return [[None if value == "" else value for value in line] for line in lines]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_file_has_its_own_rows_and_they_come_back(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """A store has those of its name and of its persons; collected twice, the second time changes nothing."""
    book, out = round_of(xlsales, tmp_path, lang=lang)
    title = SHEET[lang]
    first, second = StoreFile(out / "一店.xlsx", "一店"), StoreFile(out / "二店.xlsx", "二店")
    sheet = read_back(second.path)[title]
    persons = {row: sheet[second.at(row, "person", title)].value for row in ("w:1", "w:2", "w:3")}
    assert persons == {"w:1": "王五", "w:2": None, "w:3": None}
    assert [sheet.row_dimensions[second.row(row, title)].hidden for row in persons] == [False, True, True]
    own = read_back(first.path)[title]
    assert own[first.at("w:1", "done_1", title)].value == 3
    assert sum(own[first.at("w:3", f"plan_{n}", title)].value for n in range(1, 6)) == 40

    first.type({("w:1", "done_2"): 2.0, ("w:2", "done_1"): "１２", ("w:3", "done_5"): 0.0}, title)
    second.type({("w:1", "done_1"): 1.0}, title)
    before = book.read_bytes()
    ran = xlsales("collect", book, out)
    assert ran.code == 0, ran.out
    blank = [None] * 5
    expected = [[3, 2, None, None, None], [12, *blank[1:]], [1, *blank[1:]], [*blank[:4], 0]]
    assert done(book, lang) == expected
    states = opened(book).sheet("returns").down("state", "s:.*")
    assert states == [{"zh": "已收", "en": "returned"}[lang]] * 2
    again = book.read_bytes()
    assert xlsales("collect", book, out).code == 0
    assert book.read_bytes() == again
    assert xlsales("undo", book).code == 0
    assert book.read_bytes() == before


@pytest.mark.parametrize("typed_team", ["", "一店组"])
@pytest.mark.parametrize("of", ["group", "store"])
def test_a_store_s_file_has_the_rows_of_the_group_that_is_its_team(
    xlsales: Command, tmp_path: Path, of: str, typed_team: str
) -> None:
    """The group has a name of its own, and the store's as an alias, or the store has the group's: as 分项 goes."""
    keys = ("dimension", "member", "parent", "weight", "aliases")
    people = [
        ("人员", "一店组", "", 3, "一店" if of == "group" else ""), ("人员", "二店", "", 2, ""),
        ("人员", "张三", "一店组", 2, ""), ("人员", "李四", "一店组", 1, ""), ("人员", "王五", "二店", 1, ""),
    ]  # fmt: skip
    stores = [("门店", "一店", "", 3, "" if of == "group" else "一店组"), ("门店", "二店", "", 2, "")]
    book, out = tmp_path / "plan.xlsx", tmp_path / "out"
    plan(book, dimensions=[dict(zip(keys, one, strict=True)) for one in (*stores, *people)])
    assert xlsales("add", book, "weeks").code == 0
    fill(book, T_WEEKS, SHEET["zh"], [filled(row) for row in ROWS[:3]] + [filled({})] * 2)
    if typed_team:
        fill(book, T_WEEKS, SHEET["zh"], [filled({**row, "team": typed_team}) for row in ROWS[:2]])
    assert xlsales("split", book).code in (0, 1)
    assert xlsales("handout", book, out, "--dimension", "门店").code in (0, 1)
    for store, persons in (("一店", ["张三", "李四"]), ("二店", ["王五", None])):
        file = StoreFile(out / f"{store}.xlsx", store)
        sheet = read_back(file.path)[SHEET["zh"]]
        assert [sheet[file.at(f"w:{n}", "person", SHEET["zh"])].value for n in (1, 2)] == persons


def test_a_person_s_file_has_the_rows_of_that_person(xlsales: Command, tmp_path: Path) -> None:
    """Handed out to persons, by their names."""
    _, out = round_of(xlsales, tmp_path, "--dimension", "人员")
    file = StoreFile(out / "李四.xlsx", "李四")
    sheet = read_back(file.path)["周跟踪"]
    assert [sheet[file.at("w:1", key, "周跟踪")].value for key in ("person", "indicator", "target")] == [
        "李四",
        "订单",
        8,
    ]


def test_a_file_as_it_was_handed_out_is_blank(xlsales: Command, tmp_path: Path) -> None:
    """The numbers that it carries are nobody's entry."""
    book, out = round_of(xlsales, tmp_path)
    assert xlsales("collect", book, out).code in (0, 1)
    assert set(opened(book).sheet("returns").down("state", "s:.*")) == {"未交"}
    assert done(book)[0] == [3, None, None, None, None]


def test_what_headquarters_typed_stays_and_is_told(xlsales: Command, tmp_path: Path) -> None:
    """Until it clears the cell; then the store's number is taken."""
    book, out = round_of(xlsales, tmp_path)
    StoreFile(out / "一店.xlsx", "一店").type({("w:1", "done_1"): 4.0, ("w:2", "done_1"): 5.0}, "周跟踪")
    type_in(book, "周跟踪", "N6", 6)
    ran = xlsales("collect", book, out)
    assert "周跟踪!N5: “张三”的“订单”第 1 周:这里是 3,“一店”交回 4。没有改" in ran.out
    assert "周跟踪!N6: “李四”的“订单”第 1 周:这里是 6,“一店”交回 5。没有改" in ran.out
    assert [line[0] for line in done(book)[:2]] == [3, 6]
    type_in(book, "周跟踪", "N5", "")
    xlsales("collect", book, out)
    assert [line[0] for line in done(book)[:2]] == [4, 6]


def test_what_was_typed_into_the_month_s_sheet_stays_there(xlsales: Command, tmp_path: Path) -> None:
    """The table takes what came back; the next run tells that they differ."""
    book, out = round_of(xlsales, tmp_path)
    sheet = opened(book).sheet("weeks:2026-09")
    type_in(book, "周跟踪 2026-09", sheet.cell("p:订单:李四", "done_1").coordinate, 6)
    StoreFile(out / "一店.xlsx", "一店").type({("w:2", "done_1"): 5.0}, "周跟踪")
    assert "没有改" not in xlsales("collect", book, out).out
    assert done(book)[1][0] == 5
    assert "这里填的是 6,“周跟踪”里是 5" in xlsales("split", book).out
    assert opened(book).sheet("weeks:2026-09").value("p:订单:李四", "done_1") == 6


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        (("w:2", "done_1"), "三个", "“三个”不是完成数"),
        (("w:2", "done_1"), "50%", "“50%”不是完成数"),
        (("w:2", "done_1"), -1.0, "完成数 -1 是负数"),
        (("w:2", "done_1"), 0.5, "完成数 0.5 不是整数"),
        (("w:2", "done_6"), 1.0, "2026-09 只有 5 周,没有第 6 周"),
        (("w:2", "key"), "2026-09:订单:王五", "“王五”的“订单”在总部的“周跟踪”里现在归“二店”"),
        (("w:2", "key"), "2026-09:订单:张三", "这一行和第 6 行是同一行"),
    ],
)
def test_what_cannot_be_taken_is_told(
    xlsales: Command, tmp_path: Path, cell: tuple[str, str], value: float | str, said: str
) -> None:
    """One sentence at its cell of the file; the rest is taken."""
    book, out = round_of(xlsales, tmp_path)
    file = StoreFile(out / "一店.xlsx", "一店")
    file.type({("w:1", "done_2"): 2.0, ("w:2", "done_2"): 1.0, cell: value}, "周跟踪")
    ran = xlsales("collect", book, out, "--json")
    assert [p["sentence"] for p in ran.json["problems"] if said in p["sentence"]], ran.out
    assert done(book)[0] == [3, 2, None, None, None]
    assert done(book)[1][0] is None
    assert done(book)[2] == [None] * 5


@pytest.mark.parametrize(
    ("value", "done_1", "said"),
    [
        ("2万", 20_000, "完成数 20,000 超过整月计划 8 的 20 倍,已照收"),
        (161.0, 161, "完成数 161 超过整月计划 8 的 20 倍,已照收"),
        (160.0, 160, None),
    ],
)
def test_far_more_than_the_plan_is_taken_and_told(
    xlsales: Command, tmp_path: Path, value: float | str, done_1: int, said: str | None
) -> None:
    """As an amount of a day is: digits too many, or a unit that is not meant."""
    book, out = round_of(xlsales, tmp_path)
    StoreFile(out / "一店.xlsx", "一店").type({("w:2", "done_1"): value}, "周跟踪")
    problems = xlsales("collect", book, out, "--json").json["problems"]
    found = [one["sentence"] for one in problems if "超过整月计划" in one["sentence"]]
    assert [sentence.startswith(said) for sentence in found] == ([True] if said else [])
    assert done(book)[1][0] == done_1


def test_an_error_and_an_inserted_row_are_told(xlsales: Command, tmp_path: Path) -> None:
    """Neither is a number of things done."""
    book, out = round_of(xlsales, tmp_path)
    file = StoreFile(out / "一店.xlsx", "一店")
    file.xml("w:1", "done_2", "<f>1/0</f><v>#DIV/0!</v>", "周跟踪", ' t="e"')
    letter = file.letter("done_1", "周跟踪")
    add_rows(file.path, "周跟踪", {f"{letter}40": 9.0})
    ran = xlsales("collect", book, out, "--json")
    said = " ".join(p["sentence"] for p in ran.json["problems"])
    assert "#DIV/0!" in said
    assert "这一行不是下发给“一店”的" in said
    assert done(book)[3] == [None] * 5


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{**ROWS[0], "month": ""}], "没有填月份"),
        ([{"person": "张三", "indicator": f"指标{n}", "target": 3.0} for n in range(301)], "超过 300 行"),
        ([{**ROWS[0], "target": "三个"}], "三个"),
    ],
)
def test_rows_that_are_not_handed_out_are_told(
    xlsales: Command, tmp_path: Path, rows: list[dict[str, float | str]], said: str
) -> None:
    """The files go out without them."""
    book = plan(tmp_path / "plan.xlsx", dimensions=company())
    assert xlsales("add", book, "weeks").code == 0
    fill(book, T_WEEKS, "周跟踪", [filled(row) for row in rows])
    xlsales("split", book)
    ran = xlsales("handout", book, tmp_path / "out")
    assert said in ran.out
    assert "周跟踪" not in read_back(tmp_path / "out" / "一店.xlsx").sheetnames


def test_a_template_without_the_sheet_is_told(xlsales: Command, tmp_path: Path) -> None:
    """One from before there were weeks; one that has the sheet carries the rows."""
    book, out = round_of(xlsales, tmp_path)
    template = tmp_path / "template.xlsx"
    template.write_bytes((out / "二店.xlsx").read_bytes())
    ran = xlsales("handout", book, tmp_path / "styled", "--template", template)
    assert ran.code in (0, 1), ran.out
    file = StoreFile(tmp_path / "styled" / "一店.xlsx", "一店")
    assert read_back(file.path)["周跟踪"][file.at("w:3", "person", "周跟踪")].value == "一店"
    plain = plan(tmp_path / "plain.xlsx", dimensions=company())
    assert xlsales("split", plain).code == 0
    assert xlsales("handout", plain, tmp_path / "plain").code == 0
    ran = xlsales("handout", book, tmp_path / "bare", "--template", tmp_path / "plain" / "一店.xlsx")
    assert "模板里没有“周跟踪”表" in ran.out


def test_a_plan_with_a_note_hands_out_its_weeks(xlsales: Command, tmp_path: Path) -> None:
    """What else is doubtful in a plan, such as the holidays of a later year, is nothing to the weeks."""
    _, out = round_of(xlsales, tmp_path, start="2026-07-01", end="2029-06-30")
    file = StoreFile(out / "一店.xlsx", "一店")
    assert read_back(file.path)["周跟踪"][file.at("w:3", "person", "周跟踪")].value == "一店"


@pytest.mark.parametrize(
    ("cell", "value", "told", "gone"),
    [
        ("G7", "五", "G7", ["王五"]),
        ("B7", "2027-13", "B7", ["王五", "一店"]),
        ("D6", "李四四", None, ["李四"]),
        ("D6", "", "D6", ["李四"]),
    ],
)
def test_a_fault_of_headquarters_is_told_to_headquarters(
    xlsales: Command, tmp_path: Path, cell: str, value: str, told: str | None, gone: list[str]
) -> None:
    """What a file has of other rows is taken; of that row the file is not to blame. Mended, its numbers come too."""
    book, out = round_of(xlsales, tmp_path)
    before = read_back(book)["周跟踪"][cell].value
    first, second = StoreFile(out / "一店.xlsx", "一店"), StoreFile(out / "二店.xlsx", "二店")
    first.type({("w:1", "done_2"): 2.0, ("w:2", "done_1"): 5.0, ("w:3", "done_1"): 7.0}, "周跟踪")
    second.type({("w:1", "done_1"): 1.0}, "周跟踪")
    type_in(book, "周跟踪", cell, value)
    if gone == ["王五", "一店"]:
        type_in(book, "周跟踪", "B8", "")
    ran = xlsales("collect", book, out, "--json")
    problems = ran.json["problems"]
    assert not [one for one in problems if "请删去" in one["sentence"]]
    assert [name for name in gone if not any(f"“{name}”的" in one["sentence"] for one in problems)] == []
    if told is not None:
        places = {(one["sheet"], one["row"], one["column"]) for one in problems}
        assert ("周跟踪", int(told[1:]), "ABCDEFG".index(told[0]) + 1) in places, ran.out
    numbers = {"张三": [3, 2], "李四": [5, None], "王五": [1, None], "一店": [7, None]}
    taken = {name: [None, None] if name in gone else own for name, own in numbers.items()}
    assert dict(zip(numbers, (line[:2] for line in done(book)), strict=True)) == taken
    type_in(book, "周跟踪", cell, before)
    xlsales("collect", book, out)
    assert dict(zip(numbers, (line[:2] for line in done(book)), strict=True)) == numbers


def test_a_row_that_headquarters_gave_to_another_store_is_no_fault_of_the_file(
    xlsales: Command, tmp_path: Path
) -> None:
    """Its numbers are not taken, headquarters is told, and the store has nothing to send again."""
    book, out = round_of(xlsales, tmp_path)
    StoreFile(out / "一店.xlsx", "一店").type({("w:2", "done_1"): 4.0}, "周跟踪")
    type_in(book, "周跟踪", "C6", "二店")
    ran = xlsales("collect", book, out)
    assert "现在归“二店”,这里填的没有采用" in ran.out
    assert "请删去" not in ran.out
    assert "发回去改" not in ran.out
    assert not list(out.glob("退回/一店*"))
    assert done(book)[1][0] is None
    type_in(book, "周跟踪", "C6", "")
    xlsales("collect", book, out)
    assert done(book)[1][0] == 4


@pytest.mark.parametrize(("new", "told"), [(True, True), (False, False)])
def test_a_filled_file_that_is_kept_lacks_new_rows(xlsales: Command, tmp_path: Path, new: bool, told: bool) -> None:
    """The hand-out says so, and the remedy works: collected, moved away and handed out again, it has all rows."""
    book, out = round_of(xlsales, tmp_path)
    file = StoreFile(out / "一店.xlsx", "一店")
    file.type({("w:1", "done_2"): 2.0}, "周跟踪")
    if new:
        fill(
            book,
            T_WEEKS,
            SHEET["zh"],
            [*map(filled, ROWS), filled({"person": "李四", "indicator": "拜访", "target": 9.0})],
        )
    ran = xlsales("handout", book, out)
    assert ("没有新加的 1 行(如“李四”的“拜访”)" in ran.out) == told
    xlsales("collect", book, out)
    assert done(book)[0][:2] == [3, 2]
    file.path.rename(tmp_path / "一店.xlsx")
    assert "没有新加的" not in xlsales("handout", book, out).out
    weeks = opened(out / "一店.xlsx").sheet("store:tracking")
    people = [name for name in weeks.down("person", r"w:\d+") if name]
    assert people == (["张三", "李四", "一店", "李四"] if new else ["张三", "李四", "一店"])
    assert weeks.value("w:1", "done_2") == 2


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("快了", "“快了”不是完成数"),
        (dt.date(2026, 1, 1), "填的是日期 2026-01-01,不是数字"),
        (-1, "完成数 -1 是负数"),
        (1.5, "完成数 1.5 不是整数"),
        ("#N/A", "是错误值 #N/A"),
    ],
)
def test_a_file_with_one_bad_week_has_come_back(xlsales: Command, tmp_path: Path, held: object, said: str) -> None:
    """The cell alone is set aside and told; the file is not missing."""
    book, out = round_of(xlsales, tmp_path)
    StoreFile(out / "二店.xlsx", "二店").put("w:1", "done_1", held, SHEET["zh"])
    assert said in xlsales("collect", book, out).out
    assert opened(book).sheet("returns").value("s:二店", "state") == "已收待改"
    assert opened(book).sheet("returns").value("s:一店", "state") == "未交"
