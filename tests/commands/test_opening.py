"""What a person sees when they open a plan: the sheet that matters, and no key or formula in the formula bar."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.calc import read_back
from tests.commands.books import Command, answer, part_of, plan, rewrite, swap
from xlsales.plan.template.plan import write_template

pytestmark = pytest.mark.unit
SALES = [["日期", "区域", "销售额"], *([dt.date(2026, 1, 1 + n), "华东", 900 + n * 37 % 101] for n in range(20))]


def in_front(path: Path) -> str:
    """The sheet that is shown; no other is selected with it."""
    book = read_back(path)
    selected = [s.title for s in book.worksheets if s.sheet_view.tabSelected]
    assert selected == [book.active.title]
    return str(book.active.title)


def look_at(path: Path, title: str) -> None:
    """What a person does who saves a workbook with another sheet in front."""
    book = read_back(path)
    part, index = part_of(path, title), book.sheetnames.index(title)

    def change(name: str, data: bytes) -> bytes:
        if name == "xl/workbook.xml":
            return data.replace(f'activeTab="{book.index(book.active)}"'.encode(), f'activeTab="{index}"'.encode())
        data = data.replace(b' tabSelected="1"', b"") if name.startswith("xl/worksheets/") else data
        return data.replace(b"<sheetView ", b'<sheetView tabSelected="1" ', 1) if name == part else data

    rewrite(path, change)
    assert in_front(path) == title


@pytest.mark.parametrize(("lang", "guide"), [("zh", "说明"), ("en", "Guide")])
def test_a_fresh_plan_opens_on_its_guide(tmp_path: Path, lang: Any, guide: str) -> None:
    write_template(tmp_path / "plan.xlsx", lang)
    assert in_front(tmp_path / "plan.xlsx") == guide


def test_after_a_run_it_opens_on_the_overview(xlsales: Command, tmp_path: Path) -> None:
    """Whichever sheet was in front; a run that writes nothing leaves the file as it is."""
    path = plan(tmp_path / "plan.xlsx", actuals=SALES)
    assert xlsales("split", path).code == 0
    assert in_front(path) == "进度总览"
    look_at(path, "按区域")
    before = path.read_bytes()
    assert xlsales("refresh", path).code == 0
    assert path.read_bytes() == before
    answer(path, "as_of", dt.date(2026, 1, 25))
    assert xlsales("refresh", path).code == 0
    assert in_front(path) == "进度总览"


def test_an_overview_that_is_hidden_is_not_opened(xlsales: Command, tmp_path: Path) -> None:
    """A person who hides it stays where they were."""
    path = plan(tmp_path / "plan.xlsx", actuals=SALES)
    assert xlsales("split", path).code == 0
    look_at(path, "按区域")
    rewrite(
        path, lambda name, data: data.replace('name="进度总览" '.encode(), 'name="进度总览" state="hidden" '.encode())
    )
    answer(path, "as_of", dt.date(2026, 1, 25))
    assert xlsales("refresh", path).code == 0
    assert in_front(path) == "按区域"


def test_an_added_sheet_is_opened_to_be_filled(xlsales: Command, tmp_path: Path) -> None:
    path = plan(tmp_path / "plan.xlsx")
    assert xlsales("add", path, "货品").code == 0
    assert in_front(path) == "货品"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_cursor_is_on_a_cell_that_is_seen(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """On no sheet is it on a hidden key, nor on a formula, which the formula bar would show."""
    assert xlsales("demo", tmp_path / "demo", "--lang", lang).code == 0
    (path,) = (tmp_path / "demo").glob("*.xlsx")
    book = read_back(path)
    for sheet in book.worksheets:
        cell = sheet[sheet.sheet_view.selection[-1].activeCell or "A1"]
        assert not sheet.row_dimensions[cell.row].hidden, sheet.title
        assert not sheet.column_dimensions[cell.column_letter].hidden, sheet.title
        assert not str(cell.value).startswith(("xlsales:", "=")), sheet.title


# --- tabs ---


def test_tabs_are_in_the_order_of_use(xlsales: Command, tmp_path: Path) -> None:
    """To begin with, to fill, to read, and last what is looked up; each kind has a colour of its own."""
    path = plan(tmp_path / "plan.xlsx", actuals=SALES)
    printed = read_back(path)["函数示例"].print_area
    assert xlsales("split", path).code == 0
    assert xlsales("add", path, "货品").code == 0
    book = read_back(path)
    assert book.sheetnames == [
        "说明", "设置", "维度", "锁定", "日历", "历史", "实际", "进度总览", "按时间", "按区域", "数据问题",
        "货品", "函数示例", "运行记录", "目标版本",
    ]  # fmt: skip
    colours = {title: book[title].sheet_properties.tabColor.rgb for title in book.sheetnames}
    kinds = [("说明",), ("设置", "实际", "货品"), ("进度总览", "数据问题"), ("函数示例", "运行记录", "目标版本")]
    assert [len({colours[title] for title in kind}) for kind in kinds] == [1, 1, 1, 1]
    assert len({colours[kind[0]] for kind in kinds}) == 4
    assert printed
    assert book["函数示例"].print_area == printed, "what belongs to a sheet moved along with it"
    assert book["历史"].print_title_rows == "$1:$1"


def test_sheets_that_a_person_put_last_stay_last(xlsales: Command, tmp_path: Path) -> None:
    """Then new ones go behind all: what a person has ordered is not ordered anew."""
    path = plan(tmp_path / "plan.xlsx", actuals=SALES)
    swap(path, 'name="函数示例"', 'name="我的"', "xl/workbook.xml")
    assert xlsales("split", path).code == 0
    assert read_back(path).sheetnames[7:9] == ["我的", "进度总览"]


@pytest.mark.parametrize(
    ("name", "zh"),
    [
        ("加压", "“加压”不用添加:在“设置”填了加压系数,再“分解目标”,自己会有。"),
        ("进度总览", "“进度总览”不用添加:运行“分解目标”或“刷新进度”,有内容时自己会有。"),
        ("没有的表", "没有叫“没有的表”的表可以添加"),
    ],
)
def test_a_sheet_that_cannot_be_added(xlsales: Command, tmp_path: Path, name: str, zh: str) -> None:
    """One that runs write says when it comes; nothing is written."""
    path = plan(tmp_path / "p.xlsx")
    before = path.read_bytes()
    ran = xlsales("add", path, name)
    assert (ran.code, len(ran.sentences), path.read_bytes() == before) == (2, 1, True)
    assert zh in ran.err
