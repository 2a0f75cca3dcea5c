"""Workbooks in the forms of other programs: as plan, as actuals and as a store's file they mean what they meant."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, answer, members, plan
from tests.commands.store_files import TODAY, StoreFile, stores_plan
from tests.ooxml.other_writers import FORMS, cells_of, written
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
ALL = [*FORMS, "sizes behind"]
SALES = [("日期", "门店", "金额"), *((dt.date(2026, 1, d), "东店", 1000 * d + 0.5) for d in range(1, 4)),
         (dt.date(2026, 1, 15), "西店 & <分>", 77)]  # fmt: skip
TOTAL = 1000.5 + 2000.5 + 3000.5 + 77


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)


def sold(path: Path) -> Path:
    stores = members({"门店": {"东店": 2, "西店 & <分>": 1}})
    return plan(path, dimensions=stores, actuals=SALES, total=120, step=100, plan_name="春&<")


@pytest.mark.parametrize("form", ALL)
def test_as_plan(tmp_path: Path, xlsales: Command, form: str) -> None:
    """The plan is split, changed, split again and refreshed: each cell is what it is in Excel's own form."""
    for home in ("a", "b"):
        (tmp_path / home).mkdir()
    book, other = sold(tmp_path / "a" / "计划.xlsx"), tmp_path / "b" / "计划.xlsx"
    assert xlsales("split", book).code == 0
    answer(book, "total", 150)
    other.write_bytes(written(book.read_bytes(), form))
    assert cells_of(other.read_bytes()) == cells_of(book.read_bytes())
    for command in ("split", "refresh"):
        for path in (book, other):
            ran = xlsales(command, path)
            assert ran.code == 0, (form, ran.err)
    assert cells_of(other.read_bytes()) == cells_of(book.read_bytes())
    assert xlsales("refresh", other, "--json").json["actual"] == TOTAL


@pytest.mark.parametrize("form", ALL)
def test_as_actuals(tmp_path: Path, xlsales: Command, form: str) -> None:
    book = plan(
        tmp_path / "计划.xlsx", dimensions=members({"门店": {"东店": 2, "西店 & <分>": 1}}), total=120, step=100
    )
    source = sold(tmp_path / "来源.xlsx")
    file = tmp_path / "实际.xlsx"
    file.write_bytes(written(source.read_bytes(), form))
    assert xlsales("split", book).code == 0
    ran = xlsales("refresh", book, "--actuals", f"{file}:实际", "--json")
    assert ran.code == 0, (form, ran.err)
    assert ran.json["actual"] == TOTAL


@pytest.mark.parametrize("form", ALL)
def test_as_a_store_file(tmp_path: Path, xlsales: Command, form: str) -> None:
    book, folder = stores_plan(tmp_path / "计划.xlsx", ["甲店", "乙店"]), tmp_path / "交回"
    assert xlsales("split", book).code == 0
    xlsales("handout", book, folder)
    file = folder / "甲店.xlsx"
    StoreFile(file, "甲店").type({("2026-01-05", "entry"): 9000.5, ("2026-01-06", "entry"): 800})
    file.write_bytes(written(file.read_bytes(), form))
    ran = xlsales("collect", book, folder, "--json")
    assert [p for p in ran.json["problems"] if "甲店" in p["sheet"]] == []
    assert ran.json["rows"]["accepted"] == 2
    assert ran.json["amounts"]["accepted"] == 9800.5


def test_strict_is_told_with_its_remedy(tmp_path: Path, xlsales: Command) -> None:
    """As plan, as actuals and as a store's file."""
    book, folder = stores_plan(tmp_path / "计划.xlsx", ["甲店", "乙店"]), tmp_path / "交回"
    assert xlsales("split", book).code == 0
    xlsales("handout", book, folder)
    strict = tmp_path / "严格.xlsx"
    strict.write_bytes(written(book.read_bytes(), "strict"))
    before = strict.read_bytes()
    for ran in (xlsales("split", strict), xlsales("refresh", book, "--actuals", strict)):
        assert (ran.code, len(ran.sentences)) == (2, 1)
        assert "严格.xlsx 是“严格的 Open XML”格式" in ran.err
        assert "另存为" in ran.err
    assert strict.read_bytes() == before
    file = folder / "甲店.xlsx"
    file.write_bytes(written(file.read_bytes(), "strict"))
    why = xlsales("collect", book, folder, "--json").json["stores"][0]["why"]
    assert "严格的 Open XML" in why
    assert "另存为" in why
