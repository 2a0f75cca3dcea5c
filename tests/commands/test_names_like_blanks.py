"""Words that mean blank elsewhere, as names of members: one rule for 维度, pasted rows and stores' files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, fill_in, members, opened, plan
from tests.commands.store_files import TODAY, StoreFile, stores_plan
from xlsales.hosts import cli
from xlsales.values.cell import DASHES, WORDS_FOR_NOTHING

pytestmark = pytest.mark.unit
DAY = dt.date(2026, 1, 5)
NAMES = (*sorted(WORDS_FOR_NOTHING), "无", "空", "N/A", "#N/A", "#REF!", "TRUE", "0", "未知")


def sales(xlsales: Command, path: Path, name: str, members_of: dict[str, float | None]) -> dict[str, object]:
    """The actuals by member of a plan with these members, to which a row of `name` was pasted."""
    rows = [("日期", "渠道", "金额"), (DAY, name, 1_000), (DAY, "线下", 500), (DAY, None, 30)]
    plan(path, dimensions=members({"渠道": members_of}), actuals=rows)
    xlsales("split", path)
    sheet = opened(path).dimension("渠道")
    return {row: sheet.value(row, "actual") for row in sheet.rows if row.startswith("m:")}


@pytest.mark.parametrize("name", NAMES)
def test_a_member_of_such_a_name_has_its_rows(xlsales: Command, tmp_path: Path, name: str) -> None:
    """What the plan calls a member is a name in its column; a cell that is really blank stays blank."""
    shown = sales(xlsales, tmp_path / "计划.xlsx", name, {name: 1, "线下": 2})
    assert shown == {f"m:{name}": 1_000, "m:线下": 500}


def test_an_alias_of_such_a_name_counts_too(xlsales: Command, tmp_path: Path) -> None:
    path = tmp_path / "计划.xlsx"
    rows = [("日期", "渠道", "金额"), (DAY, "NULL", 1_000), (DAY, "线下", 500)]
    plan(path, dimensions=members({"渠道": {"其他": 1, "线下": 2}}), actuals=rows)
    fill_in(path, "xs_dimensions", 0, aliases="null")
    assert xlsales("split", path).code == 0
    assert opened(path).dimension("渠道").value("m:其他", "actual") == 1_000


@pytest.mark.parametrize("name", sorted(WORDS_FOR_NOTHING))
def test_without_such_a_member_the_word_is_blank(xlsales: Command, tmp_path: Path, name: str) -> None:
    assert sales(xlsales, tmp_path / "计划.xlsx", name, {"线上": 1, "线下": 2}) == {"m:线上": 0, "m:线下": 500}


@pytest.mark.parametrize("mark", sorted(DASHES - {""}))
def test_a_dash_is_no_name_anywhere(xlsales: Command, tmp_path: Path, mark: str) -> None:
    """It is refused in one sentence that says what it means, at its cell."""
    for lang, sentence in (
        ("zh", f"维度!C5: “成员”填的是“{mark}”,它在所有表格里都表示空白。请换一个名字"),
        ("en", "means blank"),
    ):
        path = plan(tmp_path / f"{lang}.xlsx", lang=lang, dimensions=members({"渠道": {mark: 1, "线下": 2}}))
        ran = xlsales("split", path)
        assert (ran.code, sentence in ran.err, len(ran.sentences)) == (2, True, 1)


def test_a_store_of_such_a_name_goes_round(xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    book, folder = tmp_path / "计划.xlsx", tmp_path / "交回"
    stores_plan(book, ["null", "静安店"])
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, folder).code == 0
    StoreFile(next(folder.glob("*null*.xlsx")), "null").type({("2026-03-02", "entry"): 700})
    assert xlsales("collect", book, folder).code in (0, 1)
    assert xlsales("refresh", book).code in (0, 1)
    assert opened(book).dimension("门店").value("m:null", "actual") == 700
