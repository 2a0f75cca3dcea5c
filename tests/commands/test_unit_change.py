"""Another unit in 设置: amounts in tables that name no unit mean something else, which is asked about in all alike."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.commands.books import Command, answer, fill, members, opened, plan, type_in
from xlsales.core.faults import Lang
from xlsales.plan.actions.table import T_ACTIONS
from xlsales.plan.budget.tables import T_BUDGET
from xlsales.vocabulary.contract import UNITS
from xlsales.vocabulary.money import Money

pytestmark = pytest.mark.package
TITLES = {"zh": ("行动", "预算", "锁定"), "en": ("Actions", "Budget", "Locks")}


def book(path: Path, xlsales: Command, lang: Lang) -> Path:
    """A plan in 万 with a lock, a budget and an action that name no unit, and one action that does."""
    sales = [["日期", "区域", "金额"], [dt.date(2026, 1, 30), "华东", 800_000]]
    locks = [{"period": "2026-02", "amount": 90}]
    regions = members({"区域": {"华东": 1.0}})
    plan(path, lang=lang, dimensions=regions, actuals=sales, tables={"xs_locks": locks})
    actions, budget, _ = TITLES[lang]
    for title in (actions, budget, {"zh": "数据表", "en": "Data"}[lang]):  # the last one is written by each run
        assert xlsales("add", path, title).code == 0
    named = {"member": "华东", "measure": "B", "expected": "5万" if lang == "zh" else "50000 yuan"}
    blank = {"customers": "", "visits": "", "each": "", "status": "", "result": "", "note": ""}
    fill(path, T_ACTIONS, actions, [{**blank, "member": "华东", "measure": "A", "expected": 6}, {**blank, **named}])
    cleared = {column.key: "" for column in T_BUDGET.columns}
    fill(path, T_BUDGET, budget, [{**cleared, "account": "广告", "amount": 8}, cleared, cleared, cleared])
    assert xlsales("split", path).code in (0, 1)
    return path


def told(xlsales: Command, path: Path) -> str:
    """What a refresh says of the unit."""
    problems = xlsales("refresh", path, "--json").json["problems"]
    return "".join(
        one["sentence"] for one in problems if "单位由" in one["sentence"] or "The unit was" in one["sentence"]
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("unit", ["thousand", "yuan"])
def test_amounts_without_a_unit_are_asked_about_once_in_all_tables(
    xlsales: Command, tmp_path: Path, lang: Lang, unit: str
) -> None:
    """At ten times and at ten thousand; the one that names its unit is not; the next run has nothing to ask."""
    path = book(tmp_path / "p.xlsx", xlsales, lang)
    assert told(xlsales, path) == ""
    answer(path, "unit", UNITS[unit][lang])
    answer(path, "total", 10_000_000 / Money(unit).per)
    actions, budget, locks = TITLES[lang]
    places = [f"{locks}!E5", f"{budget}!D5", f"{actions}!H5"]
    if unit == "yuan":  # 90 yuan is in no step: that is refused as it was
        assert f"{locks}!E5" in xlsales("refresh", path).err
        type_in(path, locks, "E5", {"zh": "90万", "en": "900000 yuan"}[lang])
        del places[0]
    assert re.findall(r"[^\s:,、]+![A-Z]\d", told(xlsales, path)) == places
    assert told(xlsales, path) == ""
    assert opened(path).sheet("actions").value("a:区域:华东:B", "expected") == 50_000


def test_a_plan_without_bare_amounts_or_with_the_same_unit_is_not_asked(xlsales: Command, tmp_path: Path) -> None:
    """Amounts that name their unit keep their meaning; so does a unit in other words."""
    path = book(tmp_path / "p.xlsx", xlsales, "zh")
    answer(path, "unit", "万")
    assert told(xlsales, path) == ""
    type_in(path, "行动", "H5", "6万")
    type_in(path, "预算", "D5", "8万")
    type_in(path, "锁定", "E5", "90万")
    answer(path, "unit", "元")
    answer(path, "total", 10_000_000)
    assert told(xlsales, path) == ""
