"""Workbooks that an earlier version wrote work on: a plan without the newer columns and cells, a store's file.

`tests/data/earlier` was written by the version before opening and closing dates, values and factors of the column
mapping, days of stores in a step of their own and known actuals in stores' files; the store has typed ten days.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands.books import Command, answer, members, opened, plan, swap

pytestmark = pytest.mark.unit
EARLIER = Path(__file__).resolve().parents[1] / "data" / "earlier"
TYPED = sum(range(101, 111))


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    return Path(shutil.copy(EARLIER / "plan.xlsx", tmp_path / "plan.xlsx"))


def targets(book: Path) -> dict[str, list[object]]:
    """Each store's months."""
    shown = opened(book).dimension("门店")
    return {row: shown.along(row, "t:") for row in ("total", "m:东店", "m:西店")}


def test_nothing_changes_without_a_change(xlsales: Command, earlier: Path) -> None:
    before = targets(earlier)
    for command in ("check", "refresh", "split"):
        ran = xlsales(command, earlier)
        assert ran.code == 0, ran.err
    assert targets(earlier) == before


def test_a_new_total_leaves_closed_months(xlsales: Command, earlier: Path) -> None:
    before = targets(earlier)
    answer(earlier, "total", 150)
    assert xlsales("split", earlier).code == 0
    after = targets(earlier)
    assert {member: row[:3] for member, row in after.items()} == {member: row[:3] for member, row in before.items()}
    assert opened(earlier).dimension("门店").value("total", "target") == 1_500_000


def test_a_file_handed_out_by_it_comes_back_and_counts(xlsales: Command, earlier: Path, tmp_path: Path) -> None:
    back = tmp_path / "back"
    back.mkdir()
    shutil.copy(EARLIER / "returned.xlsx", back / "东店.xlsx")
    collected = xlsales("collect", earlier, back)
    assert collected.code in (0, 1), collected.err
    ran = xlsales("refresh", earlier, "--json")
    assert ran.json["actual"] == 12_003 + TYPED
    assert xlsales("handout", earlier, tmp_path / "out").code == 0


@pytest.mark.parametrize(
    "renamed",
    [
        {"开业日": "开店"},
        {"闭店日": "关店"},
        {"开业日": "开店", "闭店日": "关店"},
        {"值": "内容", "倍数": "系数"},
        {"倍数": "系数"},
    ],
    ids=str,
)
def test_columns_that_were_renamed_are_asked_about(xlsales: Command, tmp_path: Path, renamed: dict[str, str]) -> None:
    """Newer columns that have other names, one or all, are told at the table; with their names back it is split."""
    book = plan(tmp_path / "plan.xlsx")
    for old, new in renamed.items():
        swap(book, f"<t>{old}</t>", f"<t>{new}</t>")
        swap(book, f'name="{old}"', f'name="{new}"', "xl/tables/")
    ran = xlsales("split", book)
    assert ran.code == 2
    assert len(ran.sentences) == len(renamed)
    assert all(f"没有“{old}”这一列" in ran.err for old in renamed)
    for old, new in renamed.items():
        swap(book, f"<t>{new}</t>", f"<t>{old}</t>")
        swap(book, f'name="{new}"', f'name="{old}"', "xl/tables/")
    assert xlsales("split", book).code == 0


def test_a_day_step_that_was_of_stores_alone(xlsales: Command, tmp_path: Path) -> None:
    """It was called 门店日步长, the company's days were in the plan's step: those of complete months stay so."""
    sales = [
        ("日期", "门店", "金额"),
        *((f"2026-0{m}-28", "东店", 500_000) for m in range(1, 9)),
        ("2026-08-31", "西店", 1),
    ]
    stores = members({"门店": {"东店": 2, "西店": 1}})
    book = plan(tmp_path / "plan.xlsx", dimensions=stores, actuals=sales, day_step=None)
    assert xlsales("split", book).code == 0
    before, was = targets(book), opened(book).time.down("target", r"2026-0[1-8]-\d\d")
    swap(book, "<t>日步长</t>", "<t>门店日步长(元)</t>")
    answer(book, "day_step", 1)
    assert xlsales("handout", book, tmp_path / "out").code in (0, 2)
    ran = xlsales("split", book)
    assert (ran.code, ran.err) == (0, "")
    assert targets(book) == before
    assert opened(book).time.down("target", r"2026-0[1-8]-\d\d") == was
    assert xlsales("refresh", book).code == 0
    assert xlsales("handout", book, tmp_path / "out").code == 0
