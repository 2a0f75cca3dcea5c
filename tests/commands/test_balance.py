"""平衡: members who are asked too much or too little come to the middle by locked targets, told first."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, answer, fill_in, members, opened, plan, type_in
from tests.plan.unfair import NAMES, TITLES, unfair_plan
from xlsales.core.faults import Lang

pytestmark = pytest.mark.package


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_told_first_and_written_with_yes(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """The store gets the target that the sheet says, with the reason beside it; the total stays; undo goes back."""
    dimension = TITLES[lang][0]
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, lang)
    assert xlsales("split", path).code in (0, 1)
    before, sheet = path.read_bytes(), opened(path).sheet(f"fairness:{dimension}")
    expected = {name: sheet.value(f"m:{name}", "target") + sheet.value(f"m:{name}", "move") for name in NAMES}

    told = xlsales("balance", path)
    assert told.code == 2
    assert {"zh": "目标会这样改动", "en": "Targets would change like this"}[lang] in told.err
    assert "三店" in told.err
    assert path.read_bytes() == before

    ran = xlsales("balance", path, "--yes")
    assert ran.code in (0, 1), ran.err
    assert {"zh": "门店:1 个成员回到中间(三店 减", "en": "Store: 1 member to the middle (三店 "}[lang] in ran.out
    shown = opened(path).dimension(dimension)
    targets = {name: shown.value(f"m:{name}", "target") for name in NAMES}
    assert targets["三店"] == expected["三店"]
    assert sum(targets.values()) == 15_000_000
    assert all(abs(targets[name] - expected[name]) <= 2_000 for name in NAMES)
    table = opened(path).book[{"zh": "维度", "en": "Dimensions"}[lang]]
    (row,) = (cells for cells in table.iter_rows(values_only=True) if "三店" in cells)
    assert targets["三店"] / 10_000 in row
    assert any({"zh": "平衡:要求增长 +", "en": "balance: growth asked +"}[lang] in str(cell) for cell in row)

    written = path.read_bytes()
    again = xlsales("balance", path, "--yes")
    assert again.code in (0, 1)
    assert {"zh": "没有要移动的", "en": "Nothing to move"}[lang] in again.out
    assert path.read_bytes() == written
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == before


def test_a_note_of_a_person_stays(xlsales: Command, tmp_path: Path) -> None:
    """The reason goes into a blank cell alone."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales)
    fill_in(path, "xs_dimensions", 2, note="新店长")
    assert xlsales("balance", path, "--yes").code in (0, 1)
    assert "新店长" in [cell.value for row in opened(path).book["维度"].iter_rows() for cell in row]


def test_closed_months_keep_their_targets(xlsales: Command, tmp_path: Path) -> None:
    """The open months carry all of it."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales)
    assert xlsales("split", path).code in (0, 1)
    march = [opened(path).dimension("门店").value(f"m:{name}", "t:2026-03") for name in NAMES]
    answer(path, "closed_through", 46112.0)  # 2026-03-31
    assert xlsales("balance", path, "--yes").code in (0, 1)
    shown = opened(path).dimension("门店")
    assert [shown.value(f"m:{name}", "t:2026-03") for name in NAMES] == march
    assert opened(path).sheet("fairness:门店").value("m:三店", "verdict") != "偏高"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_months_with_complete_sales_are_asked_about_apart(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """--yes writes the moves and agrees to no more; the remedies of the sentence close these months, or change them."""
    dimension = TITLES[lang][0]
    header = {"zh": ("日期", "门店", "金额"), "en": ("Date", "Store", "Amount")}[lang]
    sales = [header, *((dt.date(2026, 1, day), name, 50_000) for day in (15, 31) for name in NAMES)]
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, lang, actuals=sales)
    assert xlsales("split", path).code in (0, 1)
    before = path.read_bytes()
    january = opened(path).dimension(dimension).value("m:三店", "t:2026-01")
    for options in ((), ("--yes",)):
        ran = xlsales("balance", path, *options)
        assert ran.code == 2
        assert "--rewrite" in ran.err
        assert "--close" in ran.err
    for options in (("--rewrite",), ("--close",)):
        ran = xlsales("balance", path, *options)
        assert ran.code == 2
        assert {"zh": "这是预览,还没有写入", "en": "This is a preview, nothing is written yet"}[lang] in ran.err
        assert "--yes" in ran.err
    assert path.read_bytes() == before
    for option, is_kept in (("--close", True), ("--rewrite", False)):
        assert xlsales("balance", path, "--yes", option).code in (0, 1)
        assert (opened(path).dimension(dimension).value("m:三店", "t:2026-01") == january) == is_kept
        assert xlsales("undo", path).code == 0
        assert path.read_bytes() == before


def test_each_option_agrees_to_one_thing(xlsales: Command, tmp_path: Path) -> None:
    """--rewrite agrees to change months with complete actuals, in each verb; --yes does not, in a split neither."""
    path = unfair_plan(
        tmp_path / "plan.xlsx", xlsales, actuals=[("日期", "门店", "金额"), (dt.date(2026, 1, 31), "一店", 1)]
    )
    assert xlsales("split", path).code in (0, 1)
    answer(path, "total", 1600)
    before = opened(path).dimension("门店").down("t:2026-01", "m:.*")
    for options in ((), ("--yes",)):
        ran = xlsales("split", path, *options)
        assert ran.code == 2
        assert "--rewrite" in ran.err
    assert xlsales("split", path, "--rewrite").code in (0, 1)
    assert opened(path).dimension("门店").down("t:2026-01", "m:.*") != before


def test_a_locked_member_is_left_alone(xlsales: Command, tmp_path: Path) -> None:
    """Its target is a person's decision."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales)
    assert xlsales("split", path).code in (0, 1)
    fill_in(path, "xs_dimensions", 2, locked=opened(path).dimension("门店").value("m:三店", "target") / 10_000)
    assert xlsales("split", path).code in (0, 1)
    before = path.read_bytes()
    ran = xlsales("balance", path, "--yes")
    assert "没有要移动的" in ran.out
    assert path.read_bytes() == before


@pytest.mark.parametrize(("lang", "said"), [("zh", "计划里没有维度“大区”。可选:门店"), ("en", 'no dimension "大区"')])
def test_a_dimension_that_is_not_there(xlsales: Command, tmp_path: Path, lang: Lang, said: str) -> None:
    """One sentence; nothing is written. The dimension that is there is balanced."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, lang)
    before = path.read_bytes()
    ran = xlsales("balance", path, "--dimension", "大区", "--yes")
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert said in ran.err
    assert path.read_bytes() == before
    assert xlsales("balance", path, "--dimension", TITLES[lang][0], "--yes").code in (0, 1)
    assert opened(path).dimension(TITLES[lang][0])


def test_a_plan_without_past_sales_has_nothing_to_move(xlsales: Command, tmp_path: Path) -> None:
    """It is said, and a typed error in the plan is told as by a split."""
    path = plan(tmp_path / "plan.xlsx", dimensions=members({"门店": dict.fromkeys(NAMES, 1.0)}))
    ran = xlsales("balance", path, "--yes")
    assert (ran.code, "没有要移动的" in ran.out) == (0, True)
    type_in(path, "维度", "F7", "很多")
    assert xlsales("balance", path, "--yes").code == 2
