"""Paths and days on the command line: what a person types is read as meant, or named in a sentence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, members, plan

pytestmark = pytest.mark.unit
REGIONS = members({"区域": {"华东": 3, "华北": 2}})
SALES = (
    ("日期", "区域", "金额"),
    (dt.date(2026, 8, 30), "华东", 100),
    (dt.date(2026, 9, 2), "华北", 50),
)


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan, one that has faults, and a folder in it; calls are made from there."""
    folder = tmp_path / "work"
    folder.mkdir()
    plan(folder / "计划.xlsx", dimensions=REGIONS, actuals=SALES)
    plan(folder / "空.xlsx", total=None)
    (folder / "夹").mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("text", ["2026/8/31", "8月31日", "2026年8月31日", "20260831", "2026-08-31", "八月三十一日"])
def test_a_day_is_read_as_a_person_writes_it(xlsales: Command, folder: Path, text: str) -> None:
    """By the reader of every cell; a day without a year is of the plan's."""
    assert xlsales("check", "计划.xlsx", "--as-of", text, "--json").json["as_of"] == "2026-08-31"


def test_a_day_without_a_year_in_a_plan_of_two_years(xlsales: Command, folder: Path) -> None:
    """It means the year in which the plan has that day; if it has it twice it is refused."""
    days = {"start": dt.date(2025, 10, 1), "end": dt.date(2026, 9, 30)}
    plan(folder / "财年.xlsx", dimensions=REGIONS, actuals=SALES, **days)  # type: ignore[arg-type]
    assert xlsales("check", "财年.xlsx", "--as-of", "8月31日", "--json").json["as_of"] == "2026-08-31"
    plan(folder / "两年.xlsx", dimensions=REGIONS, actuals=SALES, start=dt.date(2025, 1, 1))
    ran = xlsales("check", "两年.xlsx", "--as-of", "8月31日")
    assert (ran.code, ran.err) == (2, "“--as-of”是“8月31日”,不是日期。请填 2026-01-05 这样的日期。\n")


@pytest.mark.parametrize("text", ["soon", "2026-02-30", "8月", "", "-"])
def test_what_is_no_day(xlsales: Command, folder: Path, text: str) -> None:
    """One sentence, exit 2."""
    for call in (("refresh", "计划.xlsx", f"--as-of={text}"), ("collect", "计划.xlsx", "夹", f"--due={text}")):
        ran = xlsales(*call, "--lang", "en")
        assert (ran.code, len(ran.sentences)) == (2, 1)
        assert f'is "{text}", not a date' in ran.err


PATHS = {
    "split .": ". 是文件夹,不是文件。",
    "split 夹": "夹 是文件夹,不是文件。",
    "split 无.xlsx": "找不到文件 无.xlsx。请检查",
    "split 计划": "找不到文件 计划。是不是 计划.xlsx?",
    "split 计戈.xlsx": "找不到文件 计戈.xlsx。",
    "split 计划.xlsx/x.xlsx": "找不到文件 计划.xlsx/x.xlsx。",
    "split 计划.xlsx -o 夹": "夹 是文件夹,不是文件。请在后面加上文件名。",
    "split 计划.xlsx -o 出": "出 没有后缀。请写成 出.xlsx。",
    "split 空.xlsx -o 出": "出 没有后缀。请写成 出.xlsx。",
    "split 空.xlsx -o 无/出.xlsx": "找不到文件夹 无。",
    "refresh 空.xlsx --actuals 无.csv": "找不到文件 无.csv。",
    "refresh 空.xlsx --actuals 无": "找不到文件 无。",
    "check 空.xlsx --history 夹": "夹 是文件夹,不是文件。",
    "check 空.xlsx --history 无.xlsx:历史": "找不到文件 无.xlsx",
    "new 新": "新 没有后缀。请写成 新.xlsx。",
    "new 夹": "夹 是文件夹,不是文件。",
    "new 无/新.xlsx": "找不到文件夹 无。",
    "handout 空.xlsx 计划.xlsx": "计划.xlsx 是文件,不是文件夹。",
    "handout 空.xlsx 下发 --template 无.xlsx": "找不到文件 无.xlsx。",
    "collect 空.xlsx 无": "找不到文件夹 无。",
    "collect 空.xlsx 计划.xlsx": "计划.xlsx 是文件,不是文件夹。",
    "demo 计划.xlsx": "计划.xlsx 是文件,不是文件夹。",
    "undo 夹": "夹 是文件夹,不是文件。",
    "addin build -o 计划.xlsx": "计划.xlsx 是文件,不是文件夹。",
}


@pytest.mark.parametrize("call", PATHS)
def test_a_path_that_leads_nowhere_is_named(xlsales: Command, folder: Path, call: str) -> None:
    """Before the faults of the plan, in one sentence; nothing is written."""
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    ran = xlsales(*call.split())
    assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
    assert ran.err.startswith(PATHS[call])
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_a_near_name_is_offered(xlsales: Command, folder: Path) -> None:
    """The nearest of the workbooks beside it, in English too; never a lock file."""
    (folder / "sales plan 2026.xlsx").write_bytes(b"")
    (folder / "~$sales plan 2027.xlsx").write_bytes(b"")
    ran = xlsales("split", "sales-plan 2027.xlsx", "--lang", "en")
    assert ran.err == "There is no file sales-plan 2027.xlsx. Did you mean sales plan 2026.xlsx?\n"
