"""平衡: members who are asked too much or too little come to the middle by rows of 转移, told first."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import Command, answer, fill, fill_in, members, opened, plan, type_in
from tests.plan.unfair import NAMES, TITLES, unfair_plan
from xlsales.core.faults import Lang
from xlsales.plan.adjustments.tables import T_TRANSFERS

pytestmark = pytest.mark.package


def transfers(path: Path, lang: Lang = "zh") -> list[tuple[Any, ...]]:
    """The rows of the table of transfers."""
    sheet = opened(path).book[T_TRANSFERS.label[lang]]
    return [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[1]]


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
    (row,) = transfers(path, lang)
    assert row[1:6] == ("2026-01", "2026-12", dimension, "三店", {"zh": "其余", "en": "others"}[lang])
    assert row[6] * 10_000 == pytest.approx(sheet.value("m:三店", "target") - targets["三店"])
    reason = {"zh": "平衡:要求增长 +", "en": "balance: growth asked +"}[lang]
    assert row[8].startswith(reason)
    why = opened(path).sheet("versions").down("why", "v:2:.*")
    assert any(reason in text for text in why)

    written = path.read_bytes()
    again = xlsales("balance", path, "--yes")
    assert again.code in (0, 1)
    assert {"zh": "没有要移动的", "en": "Nothing to move"}[lang] in again.out
    assert path.read_bytes() == written
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == before


def test_rows_of_a_person_stay(xlsales: Command, tmp_path: Path) -> None:
    """The row goes below those that are there, which count as before; the sheet says the same then."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales)
    assert xlsales("add", path, "转移").code == 0
    own = {"start": "2026-07", "giver": "一店", "taker": "二店", "amount": 0.1, "reason": "客户划转", "note": ""}
    fill(path, T_TRANSFERS, "转移", [own])
    assert xlsales("balance", path, "--yes").code in (0, 1)
    rows = transfers(path)
    assert [row[4] for row in rows] == ["一店", "三店"]
    assert opened(path).sheet("fairness:门店").value("m:三店", "verdict") != "偏高"


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


SEVERAL: list[tuple[str, dict[int, float], list[tuple[int, str]], list[dict[str, float | str]]]] = [
    ("nothing locked", {2: 187.0, 6: 300.0}, [], []),
    ("a month of one", {2: 187.0, 4: 120.0}, [(2, "2026-12")], []),
    ("months of all", {2: 187.0, 6: 300.0}, [(2, "2026-12"), (4, "2026-03"), (0, "2026-07"), (7, "2026-12")], []),
    (
        "rows that are there", {2: 187.0, 6: 150.0}, [(6, "2026-05")],
        [
            {"start": "2026-01", "end": "2026-12", "giver": "一店", "taker": "其余", "amount": 3, "reason": "划转"},
            {"start": "2026-07", "giver": "其余(不含 八店)", "taker": "三店", "amount": 1, "reason": "划转"},
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("what", "weights", "locks", "own"), SEVERAL, ids=[case[0] for case in SEVERAL])
def test_what_is_told_is_done_by_one_press(
    xlsales: Command,
    tmp_path: Path,
    what: str,
    weights: dict[int, float],
    locks: list[tuple[int, str]],
    own: list[dict[str, float | str]],
) -> None:
    """To the step, whatever is locked and whatever rows are there; a second press does nothing."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales)
    for n, weight in weights.items():
        fill_in(path, "xs_dimensions", n, weight=weight)
    if own:
        assert xlsales("add", path, "转移").code == 0
        blank = {column.key: "" for column in T_TRANSFERS.columns}
        fill(path, T_TRANSFERS, "转移", [blank | row for row in own])
    assert xlsales("split", path).code in (0, 1)
    shown = opened(path).dimension("门店")
    for n, (store, month) in enumerate(locks):
        amount = shown.value(f"m:{NAMES[store]}", f"t:{month}") / 10_000
        fill_in(path, "xs_locks", n, dimension="门店", member=NAMES[store], period=month, amount=amount)
    assert xlsales("split", path).code in (0, 1)
    before = opened(path).dimension("门店").down("target", "m:.*")
    ran = xlsales("balance", path, "--yes")
    assert ran.code in (0, 1), ran.err
    shown = opened(path).dimension("门店")
    moved = [(new - old) / 10_000 for old, new in zip(before, shown.down("target", "m:.*"), strict=True)]
    told = _TOLD.findall(next(line for line in ran.out.splitlines() if "回到中间" in line))
    assert {NAMES[n] for n in weights} <= {name for name, *_ in told}, what
    for name, sign, amount in told:
        assert moved[NAMES.index(name)] == pytest.approx(float(amount) * (-1 if sign == "减" else 1)), name
    assert sum(moved) == pytest.approx(0)
    for store, month in locks:
        sheet = opened(path).sheet("fairness:门店")
        assert sheet.value(f"m:{NAMES[store]}", "verdict") not in ("偏高", "偏低"), month
    written = path.read_bytes()
    assert "没有要移动的" in xlsales("balance", path, "--yes").out
    assert path.read_bytes() == written


_TOLD = re.compile(r"(\w+) (减|加) ([\d.]+)万元")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_months_that_are_over_are_left_alone(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """January has its sales and is not closed: the months to come carry all of it, and nothing is asked apart."""
    dimension = TITLES[lang][0]
    header = {"zh": ("日期", "门店", "金额"), "en": ("Date", "Store", "Amount")}[lang]
    sales = [header, *((dt.date(2026, 1, day), name, 50_000) for day in (15, 31) for name in NAMES)]
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, lang, actuals=sales)
    assert xlsales("split", path).code in (0, 1)
    before = path.read_bytes()
    january = opened(path).dimension(dimension).down("t:2026-01", "m:.*")
    ran = xlsales("balance", path)
    assert ran.code == 2
    assert {"zh": "这是预览,还没有写入", "en": "This is a preview, nothing is written yet"}[lang] in ran.err
    assert path.read_bytes() == before
    assert xlsales("balance", path, "--yes").code in (0, 1)
    assert opened(path).dimension(dimension).down("t:2026-01", "m:.*") == january
    assert transfers(path, lang)[0][1] == "2026-02"
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == before


def test_two_that_nobody_else_can_carry_give_to_each_other(xlsales: Command, tmp_path: Path) -> None:
    """All others are locked: who has too much gives to who has too little, in the months that are free for both."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales)
    fill_in(path, "xs_dimensions", 4, weight=120.0)  # 五店 has 180 by its size
    assert xlsales("split", path).code in (0, 1)
    targets = opened(path).dimension("门店").down("target", "m:.*")
    for n, amount in enumerate(targets):
        if n not in (2, 4):
            fill_in(path, "xs_dimensions", n, locked=amount / 10_000)
    fill_in(path, "xs_locks", 0, dimension="门店", member="三店", period="2026-05", amount=1)
    assert xlsales("split", path).code in (0, 1)
    assert xlsales("balance", path, "--yes").code in (0, 1)
    assert [row[1:6] for row in transfers(path)] == [
        ("2026-01", "2026-04", "门店", "三店", "五店"), ("2026-06", "2026-12", "门店", "三店", "五店"),
    ]  # fmt: skip
    after = opened(path).dimension("门店").down("target", "m:.*")
    assert [n for n, (old, new) in enumerate(zip(targets, after, strict=True)) if abs(old - new) > 1_000] == [2, 4]


def test_nobody_may_carry_it(xlsales: Command, tmp_path: Path) -> None:
    """All others have bounds, which a transfer to the others leaves alone: that is said, and nothing is written."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales)
    for n in range(len(NAMES)):
        if n != 2:
            fill_in(path, "xs_dimensions", n, lower=1)
    assert xlsales("split", path).code in (0, 1)
    before = path.read_bytes()
    ran = xlsales("balance", path, "--yes")
    assert "没有要移动的:三店 的差额没有人能承担" in ran.out
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
