"""行动 in files that are handed out: each carries its member's actions; status and result come back into the table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.calc import read_back
from tests.commands.books import Command, fill, opened, plan, type_in
from tests.commands.store_files import StoreFile
from tests.commands.test_weeks_round import company
from xlsales.core.faults import Lang
from xlsales.plan.actions.table import T_ACTIONS
from xlsales.store.collect.marking import BACK_TITLE
from xlsales.store.contract import BACK_FOLDER

pytestmark = pytest.mark.package
ROWS: tuple[dict[str, float | str], ...] = (
    {"member": "门店:一店", "measure": "店庆", "owner": "张三", "expected": 6.0},
    {"member": "门店:一店", "measure": "回访", "expected": 3.0},
    {"member": "门店:二店", "measure": "店庆", "expected": 2.0, "result": 0.5},
    {"measure": "全国广告", "owner": "王五/张三", "expected": 9.0},
)
SHEET = {lang: T_ACTIONS.label[lang] for lang in ("zh", "en")}
STATUS, RESULT = "L", "M"
DATE = dt.date(2026, 1, 1)


def round_of(xlsales: Command, folder: Path, *options: str, lang: Lang = "zh") -> tuple[Path, Path]:
    """A plan of two stores with their actions, split and handed out; book and folder."""
    book, out = plan(folder / "plan.xlsx", lang=lang, dimensions=company()), folder / "out"
    assert xlsales("add", book, "actions").code == 0
    fill(book, T_ACTIONS, SHEET[lang], [filled(row) for row in ROWS])
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, out, *options).code in (0, 1)
    return book, out


def filled(row: Mapping[str, float | str]) -> dict[str, float | str]:
    return {column.key: "" for column in T_ACTIONS.columns} | dict(row)


def typed(book: Path, lang: Lang = "zh") -> list[list[object]]:
    """Status and result of the table, row by row."""
    cells = read_back(book)[SHEET[lang]][f"{STATUS}5:{RESULT}8"]
    return [[None if cell.value == "" else cell.value for cell in line] for line in cells]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_file_has_its_own_actions_and_they_come_back(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Amounts in full there, in the plan's unit here; collected twice, the second time changes nothing; undone."""
    book, out = round_of(xlsales, tmp_path, lang=lang)
    title, running = SHEET[lang], {"zh": "进行中", "en": "under way"}[lang]
    first, second = StoreFile(out / "一店.xlsx", "一店"), StoreFile(out / "二店.xlsx", "二店")
    own = read_back(first.path)[title]
    shown = [own[first.at("w:1", key, title)].value for key in ("measure", "owner", "expected", "status")]
    assert shown == ["店庆", "张三", 60_000, None]
    other = read_back(second.path)[title]
    assert other[second.at("w:1", "result", title)].value == 5_000
    assert [other.row_dimensions[second.row(row, title)].hidden for row in ("w:1", "w:2")] == [False, True]

    first.type({("w:1", "status"): running, ("w:1", "result"): "２.５万", ("w:2", "result"): 0.0}, title)
    second.type({("w:1", "result"): 20_000.0}, title)
    before = book.read_bytes()
    ran = xlsales("collect", book, out)
    assert ran.code == 0, ran.out
    assert typed(book, lang) == [[running, 2.5], [None, 0], [None, 2], [None, None]]
    states = opened(book).sheet("returns").down("state", "s:.*")
    assert states == [{"zh": "已收", "en": "returned"}[lang]] * 2
    again = book.read_bytes()
    assert xlsales("collect", book, out).code == 0
    assert book.read_bytes() == again
    assert xlsales("split", book).code == 0
    assert opened(book).sheet("actions").value("a:门店:一店:店庆", "to_come") == 35_000
    xlsales("undo", book)
    assert xlsales("undo", book).code == 0
    assert book.read_bytes() == before


def test_a_person_s_file_has_the_actions_that_the_person_owns(xlsales: Command, tmp_path: Path) -> None:
    """Handed out to persons, by the owner's name or by each of two names; one of the company too."""
    _, out = round_of(xlsales, tmp_path, "--dimension", "人员")
    company = ["公司整体", "全国广告"]
    for name, row, expected in (("张三", "w:1", ["一店", "店庆"]), ("王五", "w:1", company), ("张三", "w:2", company)):
        file = StoreFile(out / f"{name}.xlsx", name)
        sheet = read_back(file.path)["行动"]
        assert [sheet[file.at(row, key, "行动")].value for key in ("member", "measure")] == expected
    other = StoreFile(out / "李四.xlsx", "李四")
    assert read_back(other.path)["行动"].row_dimensions[other.row("w:1", "行动")].hidden


def test_the_same_file_returned_week_after_week_goes_on(xlsales: Command, tmp_path: Path) -> None:
    """What goes on is taken, and told if something was there; what goes back is told and left."""
    book, out = round_of(xlsales, tmp_path)
    file = StoreFile(out / "一店.xlsx", "一店")
    file.type({("w:1", "status"): "进行中", ("w:1", "result"): 20_000.0}, "行动")
    xlsales("collect", book, out)
    file.type({("w:1", "status"): "已完成", ("w:1", "result"): 50_000.0}, "行动")
    problems = xlsales("collect", book, out, "--json").json["problems"]
    assert typed(book)[0] == ["完成", 5]
    said = [(one["sentence"], one["remark"]) for one in problems]
    assert ("“店庆”的“已达成”:“一店”交回 5,已替换原来的 2。", True) in said
    assert ("“店庆”的“状态”:“一店”交回 完成,已替换原来的 进行中。", True) in said
    file.type({("w:1", "status"): "未开始", ("w:1", "result"): 10_000.0}, "行动")
    ran = xlsales("collect", book, out)
    assert "比这里的退了。没有改" in ran.out
    assert typed(book)[0] == ["完成", 5]


def test_what_headquarters_cancelled_stays_cancelled(xlsales: Command, tmp_path: Path) -> None:
    """A file that goes on with it is told to headquarters; clearing the cell takes it."""
    book, out = round_of(xlsales, tmp_path)
    type_in(book, "行动", f"{STATUS}5", "取消")
    StoreFile(out / "一店.xlsx", "一店").type({("w:1", "status"): "完成"}, "行动")
    assert "这里是 取消,“一店”交回 完成" in xlsales("collect", book, out).out
    assert typed(book)[0][0] == "取消"
    type_in(book, "行动", f"{STATUS}5", "")
    xlsales("collect", book, out)
    assert typed(book)[0][0] == "完成"


def test_a_file_as_it_was_handed_out_is_blank(xlsales: Command, tmp_path: Path) -> None:
    """What it carries is nobody's entry."""
    book, out = round_of(xlsales, tmp_path)
    assert xlsales("collect", book, out).code in (0, 1)
    assert set(opened(book).sheet("returns").down("state", "s:.*")) == {"未交"}
    assert typed(book)[2] == [None, 0.5]


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        (("w:1", "status"), "快了", "“快了”不是状态。请从下拉列表里选:未开始、进行中、完成、取消"),
        (("w:1", "result"), "很多", "“很多”不是金额"),
        (("w:1", "result"), "50%", "“50%”不是金额"),
        (("w:1", "result"), -1.0, "“-1”不是金额"),
        (("w:1", "key"), "门店:二店:店庆", "“二店”的“店庆”在总部的“行动”里现在归“二店”"),
        (("w:1", "key"), "手填", "这一行不是下发给“一店”的"),
        (("w:1", "key"), "门店:一店:回访", "这一行和第"),
        (("w:1", "key"), "门店:一店:没有了", "总部的“行动”里现在没有“一店”的“没有了”"),
    ],
)
def test_what_cannot_be_taken_is_told(
    xlsales: Command, tmp_path: Path, cell: tuple[str, str], value: float | str, said: str
) -> None:
    """One sentence at its cell of the file; the rest is taken."""
    book, out = round_of(xlsales, tmp_path)
    file = StoreFile(out / "一店.xlsx", "一店")
    first = {("w:1", "result"): 1_000.0} if cell[1] == "key" else {}
    file.type({**first, ("w:2", "result"): 20_000.0, cell: value}, "行动")
    ran = xlsales("collect", book, out, "--json")
    assert [p["sentence"] for p in ran.json["problems"] if said in p["sentence"]], ran.out
    if cell[1] != "key" or value != "门店:一店:回访":
        assert typed(book)[1] == [None, 2]
    assert typed(book)[0] == [None, None]


def test_far_more_than_expected_is_taken_and_told(xlsales: Command, tmp_path: Path) -> None:
    """As an amount of a day is: digits too many, or a unit that is not meant."""
    book, out = round_of(xlsales, tmp_path)
    StoreFile(out / "一店.xlsx", "一店").type({("w:1", "result"): "150万"}, "行动")
    problems = xlsales("collect", book, out, "--json").json["problems"]
    assert [p["sentence"] for p in problems if "已达成 1,500,000 超过预计 60,000 的 20 倍,已照收" in p["sentence"]]
    assert typed(book)[0] == [None, 150]


def test_weeks_and_actions_are_in_one_file(xlsales: Command, tmp_path: Path) -> None:
    """Each in a sheet of its own; a template without the sheet of actions is told."""
    book, out = round_of(xlsales, tmp_path)
    plain = plan(tmp_path / "plain.xlsx", dimensions=company())
    assert xlsales("split", plain).code == 0
    assert xlsales("handout", plain, tmp_path / "plain").code == 0
    ran = xlsales("handout", book, tmp_path / "bare", "--template", tmp_path / "plain" / "一店.xlsx")
    assert "模板里没有“行动”表" in ran.out
    assert "行动" not in read_back(tmp_path / "bare" / "一店.xlsx").sheetnames
    assert read_back(out / "一店.xlsx").sheetnames.count("行动") == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("cell", "held", "zh", "en"),
    [
        (("w:1", "status"), "快了", "“快了”不是状态", "'快了' is no status"),
        (("w:1", "status"), DATE, "“2026-01-01”不是状态", "'2026-01-01' is no status"),
        (("w:1", "result"), DATE, "填的是日期 2026-01-01,不是数字", "Holds the date 2026-01-01"),
        (("w:1", "result"), "很多", "“很多”不是金额", "'很多' is no amount"),
        (("w:1", "result"), True, "“TRUE”不是金额", "'TRUE' is no amount"),
        (("w:1", "result"), "#REF!", "是错误值 #REF!", "Shows the error #REF!"),
    ],
)
def test_a_file_with_one_bad_cell_has_come_back(
    xlsales: Command, tmp_path: Path, lang: Lang, cell: tuple[str, str], held: object, zh: str, en: str
) -> None:
    """The cell alone is set aside, told and sent back; the file is not missing."""
    book, out = round_of(xlsales, tmp_path, lang=lang)
    file, title = StoreFile(out / "一店.xlsx", "一店"), SHEET[lang]
    file.put(*cell, held, title)
    ran = xlsales("collect", book, out)
    said = zh if lang == "zh" else en
    assert said in ran.out
    sheet = opened(book).sheet("returns")
    states = dict(zip(sheet.down("store", "s:.*"), sheet.down("state", "s:.*"), strict=True))
    expected = {"zh": ("已收待改", "未交"), "en": ("taken, to fix", "missing")}[lang]
    assert states == dict(zip(("一店", "二店"), expected, strict=True))
    assert said in str(sheet.value("s:一店", "why"))
    (back,) = (out / BACK_FOLDER[lang]).glob("*.xlsx")
    assert said in str([cell.value for row in read_back(back)[BACK_TITLE[lang]].iter_rows() for cell in row])
    assert typed(book, lang)[0] == [None, None]


def test_a_file_with_a_row_that_headquarters_has_no_more_has_come_back(xlsales: Command, tmp_path: Path) -> None:
    """Its store has nothing to fix; it is not missing."""
    book, out = round_of(xlsales, tmp_path)
    StoreFile(out / "一店.xlsx", "一店").type({("w:1", "result"): 1_000.0}, "行动")
    fill(book, T_ACTIONS, SHEET["zh"], [filled({**ROWS[0], "measure": "周年庆"}), *map(filled, ROWS[1:])])
    assert xlsales("split", book).code == 0
    assert "总部的“行动”里现在没有“一店”的“店庆”" in xlsales("collect", book, out).out
    assert opened(book).sheet("returns").value("s:一店", "state") == "已收"
