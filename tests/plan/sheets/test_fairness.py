"""公平性: whom a plan asks too much, from past sales to the sheet, in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.calc import recalculated
from tests.commands.books import (
    Command,
    add_cells,
    again_and_back,
    answer,
    fill,
    fill_rows,
    insert_row,
    members,
    opened,
    part_of,
    plan,
    rewrite,
)
from tests.plan.unfair import NAMES, TITLES, history, unfair_plan
from xlsales.core.faults import Lang
from xlsales.plan.fairness import T_FAIRNESS


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_store_that_is_asked_more_is_first(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """It is named, what it would give adds up to 0 with what the others get, and all of it is proven."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, lang)
    before = path.read_bytes()
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).sheet(f"fairness:{TITLES[lang][0]}")
    assert sheet.down("member", "m:.*")[0] == "三店"
    assert sheet.down("rank", "m:.*") == list(range(1, 9))
    assert sheet.down("verdict", "m:.*").count({"zh": "偏高", "en": "too much"}[lang]) == 1
    moves = sheet.down("move", "m:.*")
    assert moves[0] < 0 < min(moves[1:])
    assert sum(moves) == 0
    growth, trend, gap = (sheet.value("m:三店", key) for key in ("growth", "trend", "gap"))
    assert gap == pytest.approx(growth - trend)
    assert growth == pytest.approx(sheet.value("m:三店", "target") / sheet.value("m:三店", "past") - 1)
    assert [sheet.value("proof", key) for key in ("target", "past", "move")] == [0, 0, 0]
    assert sheet.value("total", "target") == 15_000_000
    assert "三店" in sheet.value("note:alarms", "member")
    assert sheet.value("m:一店", "with") == {"zh": "从三店", "en": "from 三店"}[lang]
    again_and_back(xlsales, path, before)


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_headcount_area_and_seniority_are_compared_too(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Targets per head and square metre; who is far from the others is named."""
    rows: list[dict[str, float | str]] = [
        {"member": name, "headcount": 5.0 + i, "area": 100.0 + 20 * i, "seniority": 1.0 + i}
        for i, name in enumerate(NAMES)
    ]
    rows[7]["area"] = 20
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, lang, rows)
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).sheet(f"fairness:{TITLES[lang][0]}")
    assert sheet.value("m:一店", "per:headcount") == pytest.approx(sheet.value("m:一店", "target") / 5)
    assert sheet.value("total", "per:area") == pytest.approx(15_000_000 / sum(row["area"] for row in rows))  # type: ignore[misc]
    assert "八店" in sheet.value("note:area", "member").split({"zh": "明显不同", "en": "clearly apart"}[lang])[1]
    assert sheet.value("note:seniority", "member")


@pytest.mark.package
def test_facts_alone_make_a_sheet(xlsales: Command, tmp_path: Path) -> None:
    """Without past sales targets per head are there, and no verdict is."""
    rows: list[dict[str, float | str]] = [{"member": name, "headcount": 5.0} for name in NAMES]
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, "zh", rows, history=None)
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).sheet("fairness:门店")
    assert "verdict" not in sheet.columns
    assert all(sheet.down("per:headcount", "m:.*"))
    said = sheet.value("note:headcount", "member")
    assert said.index("最高") < said.index("八店") < said.index("最低") < said.index("一店")


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_anything_to_compare_it_is_said(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """What is missing, and where to put it; examples that nobody changed are nothing."""
    path = plan(tmp_path / "plan.xlsx", lang=lang, dimensions=members({TITLES[lang][0]: {"一店": 1, "二店": 1}}))
    assert xlsales("add", path, TITLES[lang][1]).code == 0
    ran = xlsales("split", path, "--verbose")
    assert {"zh": "没有可比的", "en": "Nothing to compare"}[lang] in ran.out + ran.err
    assert not [title for title in opened(path).titles if title.startswith(f"{TITLES[lang][1]} ")]


@pytest.mark.package
@pytest.mark.parametrize(
    ("row", "cell", "zh", "en"),
    [
        ({"headcount": 3}, "B5", "没有“成员”", 'no "Member"'),
        ({"member": "九店", "headcount": 3}, "B5", "没有成员“九店”", 'no member "九店"'),
        ({"member": " 二店 ", "headcount": 3}, "B6", "在第 5 行已经有了", "is in row 5 already"),
        ({"member": "一店", "headcount": -3}, "C5", "-3", "-3"),
        ({"member": "一店", "area": "很大"}, "D5", "很大", "很大"),
        ({"member": "一店", "seniority": "#N/A"}, "E5", "#N/A", "#N/A"),
    ],
    ids=["nobody", "unknown", "twice", "below zero", "text", "an error"],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_row_at_fault_is_told_at_its_cell_and_left_out(
    xlsales: Command, tmp_path: Path, row: Mapping[str, float | str], cell: str, zh: str, en: str, lang: Lang
) -> None:
    """The sheet is written with the other row all the same."""
    good: Mapping[str, float | str] = {"member": "二店", "headcount": 4}
    rows = [good, row] if cell == "B6" else [row, good]
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, lang, rows)
    ran = xlsales("split", path)
    assert ran.code == 1
    said = [line for line in ran.out.splitlines() if f"{TITLES[lang][1]}!{cell}" in line]
    assert len(said) == 1, ran.out + ran.err
    assert {"zh": zh, "en": en}[lang] in said[0]
    assert opened(path).sheet(f"fairness:{TITLES[lang][0]}").value("m:二店", "headcount") == 4


@pytest.mark.package
@pytest.mark.parametrize("typed", ["4", "４", " 4 ", "4.0"], ids=["text", "full width", "spaces", "a decimal"])
def test_numbers_are_read_as_meant(xlsales: Command, tmp_path: Path, typed: str) -> None:
    """Whatever a person types for four."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, "zh", [{"member": " 二店", "headcount": typed}])
    assert xlsales("split", path).code in (0, 1)
    assert opened(path).sheet("fairness:门店").value("m:二店", "headcount") == 4


@pytest.mark.package
def test_names_of_several_dimensions_and_parents(xlsales: Command, tmp_path: Path) -> None:
    """`人员:一店` says which; a parent is told that only the lowest are compared."""
    rows = members({"门店": dict.fromkeys(NAMES, 1.0), "人员": dict.fromkeys(NAMES, 1.0)})
    rows += [{"dimension": "门店", "member": "九店", "parent": "八店", "weight": 1}]
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, "zh", [{"member": "一店", "headcount": 2}], dimensions=rows)
    assert "在门店、人员里都有" in xlsales("split", path, "--verbose").out
    fill(path, T_FAIRNESS, "公平性", [{"member": "人员:一店"}, {"member": "门店:八店", "headcount": 2}])
    assert "下面还有成员" in xlsales("split", path, "--verbose").out
    assert opened(path).sheet("fairness:人员").value("m:一店", "headcount") == 2


@pytest.mark.package
def test_members_that_cannot_be_judged_are_said_to_be(xlsales: Command, tmp_path: Path) -> None:
    """New ones, those with one year, those that open in the plan; the others are judged without them."""
    names = (*NAMES, "九店", "十店")
    now_and_then = [[dt.date(y, m, 9), "稀店", 99_000 * (y - 2018)] for y in (2024, 2025) for m in (2, 5, 8, 11)]
    rows = members(
        {
            "门店": {
                **{name: 100.0 + 20 * i for i, name in enumerate(NAMES)},
                "九店": 80.0,
                "十店": 90.0,
                "新店": 50.0,
                "稀店": 300.0,
            }
        }
    )
    rows[0]["opens"] = dt.date(2026, 7, 1)
    past = [*history(names=names, without={"九店": 2025}), [dt.date(2025, 11, 3), "新店", 40_000]]
    past += [[dt.date(2025, 12, 20), "十店", -9_000_000], *now_and_then]
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, dimensions=rows, history=past)
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).sheet("fairness:门店")
    verdicts = {name: sheet.value(f"m:{name}", "verdict") for name in ("一店", "九店", "十店", "新店")}
    assert verdicts == {
        "一店": "期内开业或闭店",
        "九店": "只有一期历史",
        "十店": "历史为零或负",
        "新店": "没有整期历史",
    }
    assert sheet.value("m:稀店", "growth") is not None
    assert sheet.down("rank", "m:.*") == [1, 2, 3, 4, 5, 6, 7, 8, None, None, None, None]


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_growth_that_goes_by_size_is_told(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Small stores are asked for more, in a row from the largest to the smallest."""
    weights: dict[str, float | None] = {name: (100.0 + 20 * i) * (1.3 - 0.03 * i) for i, name in enumerate(NAMES)}
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, lang, dimensions=members({TITLES[lang][0]: weights}))
    assert xlsales("split", path).code in (0, 1)
    said = opened(path).sheet(f"fairness:{TITLES[lang][0]}").value("note:size", "member")
    assert {"zh": "小的成员被要求长得更多", "en": "small members are asked for more growth"}[lang] in said


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_run_names_whom_it_asks_too_much(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """A remark on the sheet, which is no problem to fix: the exit code is 0."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, lang)
    ran = xlsales("split", path)
    assert (ran.code, "三店" in ran.out) == (0, True)
    assert {"zh": "“门店”有 1 个成员被", "en": 'In "Store" 1 member is asked'}[lang] in ran.out


@pytest.mark.package
@pytest.mark.parametrize(
    ("change", "growth"),
    [
        (lambda day, amount: -amount / 10 if day.month == 3 else amount, (0.35, 0.65)),
        (lambda day, amount: 0 if day.month in (6, 7) else amount, (0.5, 0.9)),
        (lambda day, amount: amount * 12 if day.month == 1 else 0, (0.2, 0.6)),
    ],
    ids=["more returns than sales in March", "shut in summer", "sales in January alone"],
)
def test_months_below_or_at_zero_are_part_of_the_year(
    xlsales: Command, tmp_path: Path, change: Callable[[dt.date, float], float], growth: tuple[float, float]
) -> None:
    """A year is what its months add up to; the store that is asked more is found all the same."""
    header, *rows = history()
    past = [header, *([day, name, round(change(day, amount))] for day, name, amount in rows)]  # type: ignore[arg-type]
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, history=past)
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).sheet("fairness:门店")
    assert sheet.value("m:三店", "rank") == 1
    assert sheet.value("m:三店", "verdict") in ("偏高", "略高")
    assert growth[0] < sheet.value("m:三店", "growth") < growth[1]


@pytest.mark.package
def test_one_past_year_shows_no_trend(xlsales: Command, tmp_path: Path) -> None:
    """Only what is asked is compared, which the sheet says."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, history=history(years=1))
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).sheet("fairness:门店")
    assert {"trend", "gap"}.isdisjoint(sheet.columns)
    assert sheet.down("verdict", "m:.*")[0] == "偏高"
    assert set(sheet.down("verdict", "m:.*")[1:]) <= {"略高", "略低", "合适"}
    assert "历史只有一期" in sheet.value("note:middle", "member")


@pytest.mark.package
def test_a_locked_member_stays_and_its_region_keeps_its_sum(xlsales: Command, tmp_path: Path) -> None:
    """What is locked does not move; below a locked parent the others carry it alone."""
    weights = {name: 100.0 + 20 * i for i, name in enumerate(NAMES)}
    weights["三店"] = 187.0
    rows: list[dict[str, object]] = [{"dimension": "门店", "member": "城北", "locked": 600}]
    rows += [{"dimension": "门店", "member": "城南"}]
    rows += [
        {"dimension": "门店", "member": name, "parent": "城北" if i < 4 else "城南", "weight": weight}
        for i, (name, weight) in enumerate(weights.items())
    ]
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, dimensions=rows)
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).sheet("fairness:门店")
    moves = {name: sheet.value(f"m:{name}", "move") for name in NAMES}
    assert moves["三店"] < 0
    assert sum(moves[name] for name in NAMES[:4]) == 0
    assert not any(moves[name] for name in NAMES[4:])
    rows[4]["locked"] = sheet.value("m:三店", "target") / 10_000
    path = unfair_plan(tmp_path / "locked.xlsx", xlsales, dimensions=rows)
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).sheet("fairness:门店")
    assert not any(sheet.down("move", "m:.*"))
    assert sheet.value("m:三店", "with") == "“维度”里锁定了"


HELD = {
    "a locked target": (lambda target: {"locked": target}, {}, "在“维度”里有锁定目标,要动请先清空它", {"locked": ""}),
    "a bound": (lambda target: {"lower": target}, {}, "到了“维度”里的上限或下限,要动请先放宽", {"lower": ""}),
    "closed": (lambda _: {}, {"closed_through": 46387.0}, "的各月已锁定或关账", None),
}


@pytest.mark.package
@pytest.mark.parametrize(("cells", "settings", "said", "remedy"), HELD.values(), ids=HELD)
def test_who_cannot_be_moved_is_told_with_what_holds_it(
    xlsales: Command,
    tmp_path: Path,
    cells: Callable[[float], Mapping[str, float]],
    settings: Mapping[str, float],
    said: str,
    remedy: Mapping[str, str] | None,
) -> None:
    """Nobody is told that Balance brings it to the middle. After the remedy it does."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales)
    assert xlsales("split", path).code in (0, 1)
    fill_rows(path, {"xs_dimensions": {2: cells(opened(path).dimension("门店").value("m:三店", "target") / 10_000)}})
    for key, value in settings.items():
        answer(path, key, value)
    ran = xlsales("split", path)
    assert (f"“平衡”动不了:三店 {said}" in ran.out, "回到中间" in ran.out) == (True, False), ran.out
    before = path.read_bytes()
    balanced = xlsales("balance", path, "--yes")
    assert f"没有要移动的:三店 {said}" in balanced.out
    assert path.read_bytes() == before
    if remedy is not None:
        fill_rows(path, {"xs_dimensions": {2: remedy}})
        assert "“平衡”能让它们回到中间" in xlsales("split", path).out
        assert "1 个成员回到中间" in xlsales("balance", path, "--yes").out
        assert opened(path).sheet("fairness:门店").value("m:三店", "verdict") != "偏高"


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_store_that_stands_out_in_its_region_is_balanced(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Regions are asked for 10 % less, as much, and 20 % more; one store for half more than its siblings."""
    regions = {"A": 0.9, "B": 1.0, "C": 1.2}
    names = [f"{region}{n}" for region in regions for n in range(10)]
    past = history(lang, names=names)
    sold = dict.fromkeys(names, 0.0)
    for day, name, amount in past[1:]:
        if day.year == 2025:  # type: ignore[attr-defined]
            sold[name] += amount  # type: ignore[index, operator]
    dimension, title = TITLES[lang]
    rows: list[dict[str, object]] = [{"dimension": dimension, "member": name} for name in regions]
    rows += [
        {"dimension": dimension, "member": name, "parent": name[0], "weight": sold[name] * (1.5 if name == "A4" else 1)}
        for name in names
    ]
    for region, row in zip(regions, rows, strict=False):
        row["weight"] = sum(sold[name] for name in names if name[0] == region) * regions[region]
    path = plan(tmp_path / "plan.xlsx", lang=lang, total=13000, dimensions=rows, history=past)
    assert xlsales("add", path, title).code == 0
    fill(path, T_FAIRNESS, title, [{column.key: "" for column in T_FAIRNESS.columns}] * 2)
    ran = xlsales("split", path)
    sheet = opened(path).sheet(f"fairness:{dimension}")
    assert sheet.down("member", "m:.*")[0] == "A4"
    assert sheet.down("verdict", "m:.*").count({"zh": "偏高", "en": "too much"}[lang]) == 1
    assert abs(sheet.value("m:A4", "away")) < 6 < sheet.value("m:A4", "siblings")
    assert {"zh": "有 1 个成员被明显多要或少要:A4", "en": "much or too little: A4"}[lang] in ran.out
    assert {"zh": "同级:", "en": "Siblings:"}[lang] in sheet.value("note:siblings", "member")
    before = path.read_bytes()
    assert xlsales("balance", path, "--yes").code == 0
    sheet = opened(path).sheet(f"fairness:{dimension}")
    assert not {"偏高", "偏低", "too much", "too little"} & set(sheet.down("verdict", "m:.*"))
    assert abs(sheet.value("m:A4", "siblings")) < 1
    written = path.read_bytes()
    assert xlsales("balance", path, "--yes").code == 0
    assert path.read_bytes() == written
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == before


@pytest.mark.package
def test_a_bound_on_the_way_is_told_before_and_after(xlsales: Command, tmp_path: Path) -> None:
    """Balance brings the store to its bound; then the bound holds it, not the target that Balance locked."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales)
    assert xlsales("split", path).code in (0, 1)
    target = opened(path).dimension("门店").value("m:三店", "target") / 10_000
    fill_rows(path, {"xs_dimensions": {2: {"lower": round(target - 10)}}})
    assert "三店 因上限、下限或锁定的月份只能走一部分" in xlsales("split", path).out
    assert "三店 减" in xlsales("balance", path, "--yes").out
    ran = xlsales("balance", path, "--yes")
    assert "没有要移动的:三店 到了“维度”里的上限或下限,要动请先放宽(有锁定目标的也清空)" in ran.out
    fill_rows(path, {"xs_dimensions": {2: {"lower": None, "locked": None}}})
    assert "“平衡”能让它们回到中间" in xlsales("split", path).out


@pytest.mark.package
def test_it_is_said_that_others_have_no_room(xlsales: Command, tmp_path: Path) -> None:
    """All others are locked, so that the store keeps what it has too much."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales)
    assert xlsales("split", path).code in (0, 1)
    shown = opened(path).dimension("门店")
    others = {n: {"locked": shown.value(f"m:{name}", "target") / 10_000} for n, name in enumerate(NAMES) if n != 2}
    fill_rows(path, {"xs_dimensions": others})
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).sheet("fairness:门店")
    assert (sheet.value("m:三店", "verdict"), sheet.value("m:三店", "move")) == ("偏高", 0)
    assert sheet.value("m:三店", "with") == "别人动不了"
    assert "别的成员接不了,请先放开它们的锁定或上下限" in xlsales("balance", path).out


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_libreoffice_computes_the_proofs_alike(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """The stored results of formulas are those of a program that opens the file."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales, lang)
    assert xlsales("split", path).code in (0, 1)
    stored = opened(path).sheet(f"fairness:{TITLES[lang][0]}")
    computed = recalculated(path, tmp_path)[stored.sheet.title]
    for column in ("target", "past", "move"):
        cell = stored.cell("proof", column)
        assert computed[cell.coordinate].value == cell.value == 0


@pytest.mark.package
def test_what_a_person_adds_to_the_sheet_stays(xlsales: Command, tmp_path: Path) -> None:
    """A column of remarks, a row between, another header; the figures follow a changed plan all the same."""
    path = unfair_plan(tmp_path / "plan.xlsx", xlsales)
    assert xlsales("split", path).code in (0, 1)
    title = opened(path).sheet("fairness:门店").sheet.title
    row = opened(path).sheet("fairness:门店").rows["m:三店"]
    add_cells(path, title, {f"P{row}": "已谈过"})
    insert_row(path, title, row, {"D": "以下是门店"})
    part = part_of(path, title)
    rewrite(path, lambda name, data: data.replace("从谁/给谁".encode(), "与谁".encode()) if name == part else data)
    weights = {name: 100.0 + 20 * i for i, name in enumerate(NAMES)}
    fill_rows(path, {"xs_dimensions": {2: {"weight": weights["三店"]}}})
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).sheet("fairness:门店")
    assert sheet.rows["m:三店"] == row + 1
    assert sheet.sheet.cell(row + 1, 16).value == "已谈过"
    assert sheet.sheet.cell(row, 4).value == "以下是门店"
    assert sheet.value("m:三店", "verdict") == "合适"
    assert sheet.sheet.cell(sheet.row + 4, sheet.columns["with"]).value == "与谁"
