"""看板: whoever is picked from the list, its formulas say what the program says of this member."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import PatternFill

from tests.calc import read_back, recalculated
from tests.commands.books import Command, Shown, again_and_back, fill, opened, plan
from xlsales.core.faults import Lang
from xlsales.plan.dashboard.read import T_DASHBOARD

TITLE = {"zh": "看板", "en": "Dashboard"}
LISTED = {"zh": "看板成员", "en": "Dashboard members"}
STORES = [
    *(("区域", name, None) for name in ("东", "西", "无店")),
    *(("区域", name, "东") for name in ("甲店", "A*", "A?", "A*B")),
    *(("区域", name, "西") for name in ("~乙", ">100", "=1", "丁", "TRUE", "2026", "a b", "戊", "己")),
    *(("产品", name, None) for name in ("茶", "酒")),
]
"""Names as people have them, and names that a formula could take for something else."""


def book(path: Path, xlsales: Command, lang: Lang = "zh", *, until: int = 200, **more: Any) -> Path:
    """A plan of stores with sales of each up to day `until`, with the dashboard."""
    rows = [{"dimension": d, "member": m, "parent": p, "weight": 2 + n % 5} for n, (d, m, p) in enumerate(STORES)]
    header = {"zh": ["日期", "区域", "产品", "金额"], "en": ["Date", "区域", "产品", "Amount"]}[lang]
    first = dt.date(2026, 1, 1)
    stores = [name for _, name, above in STORES if above]
    sales = [
        [first + dt.timedelta(n), stores[n % len(stores)], "茶" if n % 3 else "酒", 30_000.0 + 17.25 * (n % 41)]
        for n in range(until)
    ]
    plan(path, **{"lang": lang, "dimensions": rows, "actuals": [header, *sales] if until else None, **more})
    assert xlsales("add", path, "dashboard").code == 0
    assert xlsales("split", path, "--rewrite").code in (0, 1)
    return path


def of(path: Path) -> Shown:
    return opened(path).sheet("dashboard")


def pick(path: Path, name: str, title: str = "看板") -> None:
    """Pick a member, as a person does in the yellow cell."""
    file = read_back(path)
    at = next(
        cell.coordinate for row in file[title].iter_rows(max_row=12, max_col=4) for cell in row if cell.value == "pick"
    )
    cell = file[title][at].offset(column=2)
    cell.value = name
    file.save(path)


def offered(path: Path, title: str = "看板") -> list[str]:
    """The texts of the list, as the cell refers to them."""
    sheet = read_back(path)[title]
    (rule,) = sheet.data_validations.dataValidation
    assert rule.type == "list"
    return [cell.value for (cell,) in sheet[rule.formula1.replace("$", "").lstrip("=")] if cell.value]


def cells(sheet: Any) -> dict[str, object]:
    """What is below the title, by address."""
    below = (cell for row in sheet.iter_rows(min_row=3) for cell in row)
    return {cell.coordinate: cell.value for cell in below if cell.value not in (None, "")}


def apart(one: Mapping[str, object], other: Mapping[str, object]) -> list[tuple[str, object, object]]:
    """The cells in which two sheets differ, numbers as far as a person could see."""

    def same(a: object, b: object) -> bool:
        if isinstance(a, int | float) and isinstance(b, int | float):
            return a == pytest.approx(b, rel=1e-9, abs=1e-6)
        return a == b

    return [(at, one.get(at), other.get(at)) for at in sorted({*one, *other}) if not same(one.get(at), other.get(at))]


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whoever_is_picked(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """LibreOffice computes for each member what the program writes when it finds this one picked."""
    path, title = book(tmp_path / "计划.xlsx", xlsales, lang), TITLE[lang]
    names = offered(path, title)
    assert len(names) == 1 + len(STORES)
    wanted = names[:1] + [one for one in names if one.partition(":")[2] in ("东", "A*", "~乙", "=1", "2026")]
    assert len(wanted) == 6
    for n, name in enumerate(wanted if lang == "zh" else wanted[::5]):
        pick(path, name, title)
        live = cells(recalculated(path, tmp_path / str(n))[title])
        assert xlsales("refresh", path).code in (0, 1)
        written = cells(read_back(path, data_only=True)[title])
        assert apart(live, written) == [], name
        assert of(path).value("pick", "c0") == name


@pytest.mark.unit
def test_figures_are_those_of_the_other_sheets(xlsales: Command, tmp_path: Path) -> None:
    """The months and the key figures of a picked region are the cells of its row on 按区域; so are those below it."""
    path = book(tmp_path / "计划.xlsx", xlsales)
    pick(path, "区域:东")
    assert xlsales("refresh", path).code in (0, 1)
    shown, region = of(path), opened(path).dimension("区域")
    for ours, theirs in {
        "c0": "target",
        "c1": "actual",
        "c2": "attainment",
        "c4": "pace",
        "c5": "status",
        "c9": "gap",
    }.items():
        assert (
            shown.value("figure", ours) == pytest.approx(region.value("m:东", theirs), abs=1e-9)
            if ours != "c5"
            else True
        )
    assert shown.value("figure", "c5") == region.value("m:东", "status")
    months = [shown.value(f"n:{n}", "c1") for n in range(1, 13)]
    assert months == pytest.approx(region.along("m:东", "t:"))
    assert sum(months) == pytest.approx(shown.value("figure", "c0"))
    actuals = [shown.value(f"n:{n}", "c2") for n in range(1, 13)]
    assert [value in (None, "") for value in actuals] == [False] * 7 + [True] * 5  # to 19 July
    assert sum(actuals[:7]) == pytest.approx(shown.value("figure", "c1"))
    below = [shown.value(f"n:{n}", "c7") for n in range(1, 9)]
    gaps = {
        name: region.value(f"m:{name}", "target_to_date") - region.value(f"m:{name}", "actual")
        for name in ("甲店", "A*", "A?", "A*B")
    }
    assert below[:4] == sorted(gaps, key=lambda name: -gaps[name])
    assert not any(below[4:])


@pytest.mark.unit
def test_the_company_shows_its_worst_dimension(xlsales: Command, tmp_path: Path) -> None:
    """Below the company are the first members of the dimension in which most is missing; before actuals, by target."""
    path = book(tmp_path / "计划.xlsx", xlsales)
    names = {of(path).value(f"n:{n}", "c7") for n in range(1, 4)}
    lacking = {
        name: sum(
            max(0.0, shown.value(f"m:{m}", "target_to_date") - (shown.value(f"m:{m}", "actual") or 0)) for m in tops
        )
        for name, tops in {"区域": ("东", "西", "无店"), "产品": ("茶", "酒")}.items()
        for shown in (opened(path).dimension(name),)
    }
    assert names == ({"东", "西", "无店"} if lacking["区域"] > lacking["产品"] else {"茶", "酒", None})
    before = book(tmp_path / "空.xlsx", xlsales, until=0)
    assert [of(before).value(f"n:{n}", "c2") for n in range(1, 13)] == [None] * 12 or not any(
        of(before).value(f"n:{n}", "c2") for n in range(1, 13)
    )
    targets = [of(before).value(f"n:{n}", "c8") for n in range(1, 4)]
    assert targets == sorted(targets, reverse=True)


def rows(*names: object) -> Sequence[Mapping[str, Any]]:
    return [{"member": name, "note": ""} for name in names]


@pytest.mark.unit
def test_the_list_has_whom_a_person_names(xlsales: Command, tmp_path: Path) -> None:
    """In the order of the table, after the company; whose members are shown all the same."""
    path = book(tmp_path / "计划.xlsx", xlsales)
    fill(path, T_DASHBOARD, "看板成员", rows("西", "产品:酒"))
    assert xlsales("split", path).code in (0, 1)
    assert offered(path) == ["公司整体", "区域:西", "产品:酒"]
    pick(path, "区域:西")
    assert xlsales("refresh", path).code in (0, 1)
    assert [of(path).value(f"n:{n}", "c7") for n in range(1, 9)].count("") == 0  # nine stores, the eight worst


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("西", "东店"), "看板成员!B6: 维度表里没有成员“东店”。"),
        (("西", "西"), "看板成员!B6: “区域:西”在第 5 行已经有了。"),
        (("西", "区域：西"), "看板成员!B6: “区域:西”在第 5 行已经有了。"),
        (("西", 5.5), "看板成员!B6: 维度表里没有成员“5.5”。"),
    ],
)  # fmt: skip
def test_a_row_at_fault_leaves_the_others(xlsales: Command, tmp_path: Path, typed: Sequence[object], said: str) -> None:
    """It is told at its cell, the rest of the list stands."""
    path = book(tmp_path / "计划.xlsx", xlsales)
    fill(path, T_DASHBOARD, "看板成员", rows(*typed))
    assert xlsales("split", path).code in (0, 1)
    assert any(sentence.startswith(said) for sentence in sentences(path)), sentences(path)
    assert offered(path) == ["公司整体", "区域:西"]


def sentences(path: Path) -> list[str]:
    """What the sheet of problems says, each with its place."""
    shown = opened(path).sheet("problems")

    def place(key: str) -> str:
        row = shown.value(key, "row")
        return f"{shown.value(key, 'sheet')}!{shown.value(key, 'column')}{row}" if row else shown.value(key, "sheet")

    keys = [key for key in shown.rows if key.startswith("p:")]
    return [f"{place(key)}: {shown.value(key, 'sentence')}" for key in keys]


@pytest.mark.unit
def test_whoever_was_picked_and_is_gone(xlsales: Command, tmp_path: Path) -> None:
    """The company is shown, and it is said why, once."""
    path = book(tmp_path / "计划.xlsx", xlsales)
    pick(path, "区域:东")
    assert xlsales("refresh", path).code in (0, 1)
    fill(path, T_DASHBOARD, "看板成员", rows("西"))
    assert xlsales("split", path).code in (0, 1)
    assert any("看板上选的“区域:东”已不在列表里" in sentence for sentence in sentences(path))
    assert of(path).value("pick", "c0") == "公司整体"
    assert xlsales("split", path).code in (0, 1)
    assert not any("已不在列表里" in sentence for sentence in sentences(path))


@pytest.mark.unit
def test_without_its_data(xlsales: Command, tmp_path: Path) -> None:
    """数据表 was deleted: the dashboard stays as it was, it is said what is lacking, and the remedy works."""
    path = book(tmp_path / "计划.xlsx", xlsales)
    file = read_back(path)
    del file["数据表"]
    file.save(path)
    assert xlsales("split", path).code in (0, 1)
    assert any(sentence.startswith("看板成员: 看板要用“数据表”") for sentence in sentences(path)), sentences(path)
    assert "看板" in opened(path).titles
    assert xlsales("add", path, "数据表").code == 0
    assert xlsales("split", path).code in (0, 1)
    assert not any("数据表" in sentence for sentence in sentences(path))


@pytest.mark.unit
def test_what_a_person_made_of_it_stays(xlsales: Command, tmp_path: Path) -> None:
    """Its colours, a column beside it, a row above, the picked member: over a store more, a refresh and an undo."""
    path = book(tmp_path / "计划.xlsx", xlsales)
    file = read_back(path)
    sheet = file["看板"]
    sheet["C8"].fill = PatternFill("solid", fgColor="FF00FF")
    sheet["AR9"] = "我的批注"
    sheet.column_dimensions["C"].width = 41
    dimension = file["维度"]
    free = next(r for r in range(5, 60) if dimension.cell(r, 3).value is None)
    for column, value in ((2, "区域"), (3, "新店"), (4, "东"), (6, 2)):
        dimension.cell(free, column).value = value
    file.save(path)
    pick(path, "区域:东")
    before = path.read_bytes()
    assert xlsales("split", path, "--rewrite").code in (0, 1)
    sheet = read_back(path)["看板"]
    assert sheet["C8"].fill.fgColor.rgb == "00FF00FF"
    assert (sheet["AR9"].value, sheet.column_dimensions["C"].width) == ("我的批注", 41)
    assert "区域:新店" in offered(path)
    assert of(path).value("pick", "c0") == "区域:东"
    again_and_back(xlsales, path, before)


@pytest.mark.unit
def test_a_fiscal_year_of_two(xlsales: Command, tmp_path: Path) -> None:
    """Months of two years are told apart, and each adds up its own rows."""
    path = book(tmp_path / "计划.xlsx", xlsales, start=dt.date(2025, 4, 1), end=dt.date(2026, 9, 30))
    shown = of(path)
    months = [shown.value(f"n:{n}", "c0") for n in range(1, 19)]
    assert len(set(months)) == 18
    assert sum(shown.value(f"n:{n}", "c1") for n in range(1, 19)) == pytest.approx(10_000_000)


@pytest.mark.unit
def test_added_once_and_again(xlsales: Command, tmp_path: Path) -> None:
    """It brings 数据表 with it; where that is already, it is left alone."""
    path = plan(tmp_path / "计划.xlsx")
    assert xlsales("add", path, "数据表").code == 0
    held = tmp_path / "held.xlsx"
    shutil.copy(path, held)
    ran = xlsales("add", path, "看板")
    assert (ran.code, "看板成员" in ran.out, "“数据表”" in ran.out) == (0, True, False)
    assert [title for title in opened(path).titles if title not in opened(held).titles] == ["看板成员"]


@pytest.mark.unit
def test_added_with_its_data(xlsales: Command, tmp_path: Path) -> None:
    """Asked for together, the table that both go by comes once."""
    path = plan(tmp_path / "计划.xlsx")
    before = opened(path).titles
    assert xlsales("add", path, "看板", "数据表").code == 0
    assert [title for title in opened(path).titles if title not in before] == ["看板成员", "数据表"]
