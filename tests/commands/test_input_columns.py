"""Columns and settings of a plan that people added, deleted, renamed and moved: read as they say, or asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from copy import copy
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.table import TableColumn

from tests.commands.books import Command, members, opened, place_of, plan

pytestmark = pytest.mark.unit

OPENS, SHOWN = dt.date(2026, 7, 1), "开业日"
BASE = ["维度", "成员", "上级", "分解方式", "权重", "锁定目标", "下限", "上限", "加压", "别名"]
MAPPING = ["字段", "表头", "值", "倍数"]
Column = str | tuple[str, str | None]
"""A header that stays, or the new header and the column whose cells it has: None for a new one."""


def rearrange(
    path: Path, table: str, columns: Sequence[Column], fill: Callable[[int], object] = lambda row: None
) -> None:
    """Give an input table these columns, as a person does in Excel; `fill` are the cells of new ones, by row."""
    book = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in book.worksheets if table in sheet.tables)
    found = sheet.tables[table]
    left, top, right, bottom = range_boundaries(found.ref)
    old = {
        sheet.cell(top, at).value: [
            (c.value, copy(c._style)) for c in (sheet.cell(r, at) for r in range(top, bottom + 1))
        ]
        for at in range(left, right + 1)
    }
    for at in range(left, max(right, left + len(columns) - 1) + 1):
        for row in range(top, bottom + 1):
            sheet.cell(row, at).value = None
    headers = []
    for at, column in enumerate(columns, left):
        header, source = column if isinstance(column, tuple) else (column, column)
        headers.append(header)
        for n, row in enumerate(range(top, bottom + 1)):
            cell = sheet.cell(row, at)
            if source is not None:
                cell.value, cell._style = old[source][n][0], copy(old[source][n][1])
            else:
                cell.value = fill(n)
        sheet.cell(top, at).value = header
    found.ref = f"{get_column_letter(left)}{top}:{get_column_letter(left + len(columns) - 1)}{bottom}"
    if found.autoFilter is not None:
        found.autoFilter.ref = found.ref
    found.tableColumns = [TableColumn(id=n, name=header) for n, header in enumerate(headers, 1)]
    book.save(path)


def stores(path: Path) -> Path:
    """Two stores of equal weight; 西店 opens in July."""
    rows = members({"门店": {"东店": 1, "西店": 1}})
    rows[1]["opens"] = OPENS
    return plan(path, dimensions=rows, plan_name="P", total=120, step=100)


def months_of(book: Path) -> list[object]:
    return opened(book).dimension("门店").along("m:西店", "t:")


def dates(row: int) -> object:
    return OPENS if row == 2 else None


def words(row: int) -> object:
    return f"店长{row}" if row else None


KEPT: dict[str, list[Column]] = {
    "as it was": [*BASE, "开业日", "闭店日", "备注"],
    "moved to the front": ["开业日", *BASE, "闭店日", "备注"],
    "moved behind": [*BASE, "备注", "闭店日", "开业日"],
    "in another order": [*reversed(BASE), "备注", "闭店日", "开业日"],
    "in English": [*BASE, ("Opens", "开业日"), ("closes ", "闭店日"), "备注"],
    "with a column of one's own between": [*BASE, ("店长", None), "开业日", "闭店日", "备注"],
    "with one inside": [*BASE, "开业日", ("店长", None), "闭店日", "备注"],
    "with one behind": [*BASE, "开业日", "闭店日", "备注", ("店长", None)],
}


@pytest.mark.parametrize("kind", KEPT)
def test_columns_are_known_by_their_headers(tmp_path: Path, xlsales: Command, kind: str) -> None:
    book = stores(tmp_path / "plan.xlsx")
    rearrange(book, "xs_dimensions", KEPT[kind], words)
    ran = xlsales("split", book)
    assert ran.code == 0, ran.err
    assert months_of(book)[:6] == [0] * 6


EARLIER: dict[str, list[Column]] = {
    "neither": [*BASE, "备注"],
    "neither, and no note's neighbour": ["备注", *BASE],
    "with a column of one's own between": [*BASE, ("店长", None), "备注"],
    "with two between": [*BASE, ("店长", None), ("电话", None), "备注"],
    "with three behind": [*BASE, "备注", ("店长", None), ("电话", None), ("传真", None)],
}


@pytest.mark.parametrize("kind", EARLIER)
def test_a_table_of_an_earlier_template_is_split(tmp_path: Path, xlsales: Command, kind: str) -> None:
    """Its own columns hold words, which no date is: nobody is asked."""
    book = stores(tmp_path / "plan.xlsx")
    rearrange(book, "xs_dimensions", EARLIER[kind], words)
    ran = xlsales("split", book)
    assert ran.code == 0, ran.err
    assert months_of(book)[0] != 0


ASKED: dict[str, tuple[list[Column], list[str]]] = {
    "one deleted, one renamed": ([*BASE, ("开店", "开业日"), "备注"], ["开业日", "闭店日"]),
    "the first deleted, the second renamed": ([*BASE, ("关店", "闭店日"), "备注"], ["开业日", "闭店日"]),
    "one renamed": ([*BASE, ("开店", "开业日"), "闭店日", "备注"], ["开业日"]),
    "both renamed": ([*BASE, ("开店", "开业日"), ("关店", "闭店日"), "备注"], ["开业日", "闭店日"]),
    "one deleted": ([*BASE, "开业日", "备注"], ["闭店日"]),
    "the first deleted": ([*BASE, "闭店日", "备注"], ["开业日"]),
    "one deleted, one renamed and moved": ([("开店", "开业日"), *BASE, "备注"], ["开业日", "闭店日"]),
    "renamed and moved behind": ([*BASE, "备注", ("开店", "开业日"), ("关店", "闭店日")], ["开业日", "闭店日"]),
    "both renamed, one of one's own beside": (
        [*BASE, ("店长", None), ("开店", "开业日"), ("关店", "闭店日"), "备注"],
        ["开业日", "闭店日"],
    ),
    "one deleted, one renamed, two of one's own": (
        [*BASE, ("店长", None), ("开店", "开业日"), ("电话", None), "备注"],
        ["开业日", "闭店日"],
    ),
    "header cleared": ([*BASE, ("列1", "开业日"), "备注"], ["开业日", "闭店日"]),
    "the neighbour renamed too": (
        [*BASE[:-1], ("又名", "别名"), ("开店", "开业日"), "备注"],
        ["别名", "开业日", "闭店日"],
    ),
    "an earlier column renamed": (
        [*BASE[:4], ("比重", "权重"), *BASE[5:], "开业日", "闭店日", "备注"],
        ["权重"],
    ),
}


@pytest.mark.parametrize("kind", ASKED)
def test_a_column_that_may_be_another_is_asked_about(tmp_path: Path, xlsales: Command, kind: str) -> None:
    """The sentence names the table's cell; with the headers back, or blank columns added, it is split."""
    columns, lacking = ASKED[kind]
    book = stores(tmp_path / "plan.xlsx")
    rearrange(book, "xs_dimensions", columns, words)
    before = book.read_bytes()
    ran = xlsales("split", book)
    assert ran.code == 2
    assert len(ran.sentences) == len(lacking)
    assert all(f"没有“{header}”这一列" in sentence for header, sentence in zip(lacking, ran.sentences, strict=True))
    assert all("维度!" in sentence.replace("'", "") for sentence in ran.sentences), ran.err
    assert book.read_bytes() == before
    renamed = {new: old for new, old in (c for c in columns if isinstance(c, tuple)) if old}
    back: list[Column] = [
        (renamed[c[0]], c[0]) if isinstance(c, tuple) and c[1] else c[0] if isinstance(c, tuple) else c for c in columns
    ]
    there = {c[0] if isinstance(c, tuple) else c for c in back}
    rearrange(book, "xs_dimensions", [*back, *((header, None) for header in lacking if header not in there)])
    ran = xlsales("split", book)
    assert ran.code == 0, ran.err
    if "开业日" in there:
        assert months_of(book)[:6] == [0] * 6


def test_a_column_of_dates_of_ones_own_is_asked_about_once(tmp_path: Path, xlsales: Command) -> None:
    """An earlier template with a column of dates: what the sentence says in that case is done, and nothing is lost."""
    book = stores(tmp_path / "plan.xlsx")
    rearrange(book, "xs_dimensions", [*BASE, "备注", ("签约日", None)], dates)
    ran = xlsales("split", book)
    assert ran.code == 2
    assert "“签约日”像是它改了名" in ran.err
    rearrange(book, "xs_dimensions", [*BASE, "备注", "签约日", ("开业日", None), ("闭店日", None)])
    assert xlsales("split", book).code == 0
    assert months_of(book)[0] != 0


@pytest.mark.parametrize("twice", ["权 重", "Weight", "WEIGHT"])
def test_two_columns_of_one_header_are_asked_about(tmp_path: Path, xlsales: Command, twice: str) -> None:
    book = stores(tmp_path / "plan.xlsx")
    rearrange(book, "xs_dimensions", [*BASE, "开业日", "闭店日", "备注", (twice, None)], lambda row: row * 3)
    ran = xlsales("split", book)
    assert ran.code == 2
    assert "有两列“权重”(F4, O4)" in ran.err
    rearrange(book, "xs_dimensions", [*BASE, "开业日", "闭店日", "备注"])
    assert xlsales("split", book).code == 0


MAPPED: dict[str, tuple[list[Column], list[str]]] = {
    "one deleted, one renamed": (["字段", "表头", ("内容", "值")], ["值", "倍数"]),
    "the other renamed": (["字段", "表头", ("系数", "倍数")], ["值", "倍数"]),
    "both renamed": (["字段", "表头", ("内容", "值"), ("系数", "倍数")], ["值", "倍数"]),
    "moved to the front": ([("内容", "值"), "字段", "表头"], ["值", "倍数"]),
}


@pytest.mark.parametrize("kind", MAPPED)
def test_columns_of_the_mapping_are_asked_about(tmp_path: Path, xlsales: Command, kind: str) -> None:
    columns, lacking = MAPPED[kind]
    rows = [{"field": "排除", "header": "状态", "value": "关闭", "factor": 1}]
    book = plan(tmp_path / "plan.xlsx", tables={"xs_mapping": rows})
    rearrange(book, "xs_mapping", columns)
    ran = xlsales("split", book)
    assert ran.code == 2
    assert [sentence.split("没有“")[1].split("”")[0] for sentence in ran.sentences] == lacking


def test_headers_changed_in_their_cells_alone(tmp_path: Path, xlsales: Command) -> None:
    """Programs that change cells leave the table's own list behind: nothing is read by a header that is in doubt."""
    book = stores(tmp_path / "plan.xlsx")

    def changed(**headers: str) -> None:
        found = openpyxl.load_workbook(book)
        for cell in found["维度"][4]:
            cell.value = headers.get(cell.value, cell.value)
        found.save(book)

    changed(开业日="开店")
    assert "没有“开业日”这一列,这一列“开店 (开业日)”像是它改了名" in xlsales("split", book).err
    changed(开店="闭店日", 闭店日="开业日")
    assert [s.split("没有“")[1][:3] for s in xlsales("split", book).sentences] == ["开业日", "闭店日"]
    changed(开业日="闭店日", 闭店日="开业日")
    assert xlsales("split", book).code == 0
    assert months_of(book)[:6] == [0] * 6


@pytest.mark.parametrize("lost", ["fiscal_month", "closed_through", "clock"])
def test_a_setting_that_lost_its_name(tmp_path: Path, xlsales: Command, lost: str) -> None:
    given = {"fiscal_month": 4, "closed_through": dt.date(2026, 1, 31), "clock": "calendar"}
    book = plan(tmp_path / "plan.xlsx", **{lost: given[lost]})
    place = place_of(book, lost)
    found = openpyxl.load_workbook(book)
    del found.defined_names[f"xs_{lost}"]
    found.save(book)
    ran = xlsales("split", book)
    assert ran.code == 2
    assert ran.sentences[0].startswith(place)
    assert f"xs_{lost}" in ran.sentences[0]


def test_settings_whose_rows_were_sorted(tmp_path: Path, xlsales: Command) -> None:
    """Names stay where they are when rows are sorted: what they point to then is another's."""
    book = plan(tmp_path / "plan.xlsx")
    (_, first), (_, second) = (place_of(book, name).split("!") for name in ("month_method", "day_method"))
    found = openpyxl.load_workbook(book)
    sheet = found["设置"]
    for column in "BCD":
        one, other = sheet[f"{column}{first[1:]}"], sheet[f"{column}{second[1:]}"]
        one.value, other.value = other.value, one.value
    found.save(book)
    ran = xlsales("split", book)
    assert ran.code == 2
    assert [sentence.split(":")[0] for sentence in ran.sentences] == [f"设置!{first}", f"设置!{second}"]
    found = openpyxl.load_workbook(book)
    for name, at in (("month_method", second), ("day_method", first)):
        found.defined_names[f"xs_{name}"].attr_text = f"'设置'!${at[0]}${at[1:]}"
    found.save(book)
    assert xlsales("split", book).code == 0
