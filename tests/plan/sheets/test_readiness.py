"""SMART检查: five ticks and a sentence for each member, from its tables to a workbook, and 下发 that asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.calc import recalculated
from tests.commands.books import (
    Command,
    Rows,
    add_cells,
    again_and_back,
    answer,
    fill,
    fill_rows,
    insert_row,
    members,
    opened,
    plan,
    type_in,
)
from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.faults import Lang, Refused
from xlsales.core.percentages import PartOrPercent
from xlsales.plan.actions.table import T_ACTIONS
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures
from xlsales.plan.readiness import (
    PRESETS,
    T_OWNERS,
    T_READINESS,
    SameCheck,
    SameOwned,
    ThresholdOutOfReach,
    ThresholdsCross,
)
from xlsales.plan.sheets.readiness import READINESS
from xlsales.plan.unknown_names import NotInThePlan

Limits = tuple[float | str | None, float | str | None]
TITLE = {"zh": "SMART检查", "en": "SMART check"}


def typed(
    limits: Sequence[Mapping[str, object]] = PRESETS, *owners: Mapping[str, object], figures: Figures | None = None
) -> Figures:
    """The figures of a run with these thresholds and owners."""
    rows = {T_READINESS.name: samples.rows_of(T_READINESS, limits), T_OWNERS.name: samples.rows_of(T_OWNERS, owners)}
    return replace(figures or samples.figures(by_row=True), table_rows=rows)


def shown(figures: Figures) -> dict[tuple[str, str], object]:
    (model,) = READINESS.models(figures)
    return dict(cell_map(model))


# --- the sheet -------------------------------------------------------------------


@pytest.mark.unit
def test_an_owner_answers_for_a_member_and_for_those_below() -> None:
    """Its own comes first, the company's last; persons answer for themselves."""
    owners = [
        {"member": "华东", "owner": "张三"},
        {"member": "上海", "owner": "李四"},
        {"member": None, "owner": "总监"},
    ]
    cells = shown(typed(PRESETS, *owners, figures=samples.figures(tree=True)))
    named = {key: cells[f"m:区域:{key}", "owner"] for key in ("华东", "上海", "江苏", "北京")}
    assert named == {"华东": "张三", "上海": "李四", "江苏": "张三(华东)", "北京": "总监(公司整体)"}
    assert cells["total", "owner"] == "总监"
    assert [cells[f"m:区域:{key}", "S"] for key in ("江苏", "北京")] == ["绿", "绿"]
    without = shown(typed(PRESETS, *owners[:2], figures=samples.figures(tree=True)))
    assert [without[f"m:区域:{key}", "S"] for key in ("江苏", "北京")] == ["绿", "黄"]
    assert "S:没有负责人,请在“负责人”表里填" in str(without["m:区域:北京", "say"])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("owner", "n"),
    [
        ("张三、李四", 2), ("张三/李四", 2), ("张三,李四;王五", 3), ("张三 李四", 2), ("Ann and Ben", 2),
        ("Ann & Ben", 2), ("张三", 1), ("张 三", 1), ("Ann Smith", 1), ("张三、张三", 1), ("张三、", 1), ("李和平", 1),
        ("Anderson", 1),
    ],
)  # fmt: skip
def test_two_names_are_two_owners(owner: str, n: int) -> None:
    """One answers for a target: two are amber, for those below too, and the sentence names them."""
    cells = shown(typed(PRESETS, {"member": "华东", "owner": owner}, figures=samples.figures(tree=True)))
    for key in ("华东", "江苏"):
        assert cells[f"m:区域:{key}", "S"] == ("绿" if n == 1 else "黄")
        assert (f"S:有 {n} 个负责人" in str(cells[f"m:区域:{key}", "say"])) == (n > 1)


@pytest.mark.unit
def test_what_is_not_assigned_is_red() -> None:
    """At the one whose members leave it, with the amount and where to mend it."""
    cells = shown(typed(figures=samples.figures(tree=True, locked=0.99)))
    assert cells["total", "R"] == "红"
    assert cells["total", "residual"] == 100_000
    assert "R:“区域”里下级合计 990,应为 1000,10 万元没有分下去" in str(cells["total", "say"])
    assert cells["m:区域:华东", "R"] == "绿"


@pytest.mark.unit
def test_a_stretch_is_no_fault() -> None:
    """Members that add up to more than the task, by a stretch, leave nothing."""
    cells = shown(typed(figures=samples.figures(tree=True, stretch=1.03)))
    assert {value for (_, column), value in cells.items() if column == "R" and value} == {"绿"}


@pytest.mark.unit
def test_thresholds_decide_what_is_achievable() -> None:
    """Beyond them it is amber or red; without a row it is not judged."""

    def ticks(*limits: Mapping[str, object]) -> set[object]:
        cells = shown(typed(limits))
        return {value for (row, column), value in cells.items() if column == "A" and row.startswith("m:区域")}

    best = {"check": "best", "amber": 1.15, "red": 9.0}
    assert "黄" in ticks(best)
    assert "红" in ticks(best | {"red": 1.2})
    assert ticks(best | {"amber": 9.0}) == {"绿"}
    assert ticks() == {None}


@pytest.mark.unit
def test_a_lamp_is_explained_by_what_gives_its_colour() -> None:
    """Amber by the best ever and red by the chance: the chance is told; the other way round, the best ever."""
    best, chance = {"check": "best", "amber": 0.01}, {"check": "chance", "amber": 1.0}

    def sentences(*limits: Mapping[str, object]) -> list[str]:
        cells = shown(typed(limits))
        rows = [row for (row, column), value in cells.items() if column == "A" and value == "红" and row[:2] == "m:"]
        return [str(cells[row, "say"]) for row in rows]

    by_chance = sentences(best | {"red": 9.9}, chance | {"red": 0.999})
    assert by_chance
    assert all("达成概率" in text and "历史最好" not in text for text in by_chance)
    by_best = sentences(best | {"red": 0.02}, chance | {"red": 0.001})
    assert by_best
    assert all("历史最好" in text and "达成概率" not in text for text in by_best)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("action", "raised"),
    [
        ({"member": "北京", "expected": 800_000}, {"北京", "华北", "公司整体"}),
        ({"member": "华北", "expected": 800_000, "result": 100_000}, {"华北", "公司整体"}),
        ({"member": None, "expected": 800_000}, {"公司整体"}),
        ({"member": "北京", "expected": 800_000, "status": "done"}, set()),
        ({"member": "北京", "expected": 800_000, "status": "cancelled"}, set()),
        ({"member": "北京", "expected": 0}, set()),
        ({"member": "无此人", "expected": 800_000}, set()),
    ],
)
def test_the_remedy_actions_raises_the_chance(action: Mapping[str, object], raised: set[str]) -> None:
    """Of the member, of those above it and of the company: by what is still to come, which the sentence tells."""
    figures = typed(figures=samples.figures(tree=True, by_row=True))
    rows = samples.rows_of(T_ACTIONS, [{"measure": "大客户", **action}])
    before, after = shown(figures), shown(replace(figures, table_rows={**figures.table_rows, T_ACTIONS.name: rows}))
    assert "在“行动”里补措施和预计金额" in str(before["m:区域:北京", "say"])
    keys = {"m:区域:北京": "北京", "m:区域:华北": "华北", "m:区域:江苏": "江苏", "total": "公司整体"}
    assert {name for key, name in keys.items() if _more(after[key, "chance"], before[key, "chance"])} == raised
    amount = 70 if "result" in action else 80
    told = {name for key, name in keys.items() if f"已算上行动还能带来的 {amount} 万元" in str(after[key, "say"])}
    assert told == raised
    if "北京" in raised:
        assert (before["m:区域:北京", "A"], after["m:区域:北京", "A"]) == ("红", "绿")


def _more(after: object, before: object) -> bool:
    return isinstance(after, float) and isinstance(before, float) and after > before


@pytest.mark.unit
def test_actions_of_two_dimensions_are_not_added_up_for_the_company() -> None:
    """Actions of regions and of products may go for the same sales: the larger sum counts, and the company's own."""
    figures = typed(figures=samples.figures(tree=True, by_row=True))
    other = figures.dimensions[1]
    rows = [
        {"member": "北京", "measure": "A", "expected": 300_000},
        {"member": other.dimension.members[0].name, "measure": "B", "expected": 200_000},
        {"member": None, "measure": "C", "expected": 10_000},
    ]
    typed_too = {**figures.table_rows, T_ACTIONS.name: samples.rows_of(T_ACTIONS, rows)}
    assert "已算上行动还能带来的 31 万元" in str(shown(replace(figures, table_rows=typed_too))["total", "say"])


@pytest.mark.unit
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_green_is_ready(lang: Lang) -> None:
    """One sentence for each member, whatever it is."""
    owner = [{"member": None, "owner": "A"}, *({"member": name, "owner": "A"} for name in samples.REGIONS)]
    cells = shown(typed([], *owner, figures=samples.figures(lang)))
    assert cells["total", "say"] == {"zh": "可以下发。", "en": "Ready to hand out."}[lang]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("limits", "owners", "fault", "place"),
    [
        ([{"check": None, "red": 1.0}], [], RowLacks, "检查标准!B5"),
        ([PRESETS[0], PRESETS[0]], [], SameCheck, "检查标准!B6"),
        ([{"check": "best", "amber": 1.3, "red": 1.1}], [], ThresholdsCross, "检查标准!D5"),
        ([{"check": "chance", "amber": 0.2, "red": 0.5}], [], ThresholdsCross, "检查标准!D5"),
        ([{"check": "best", "amber": 20.0}], [], PartOrPercent, "检查标准!C5"),
        ([{"check": "best", "amber": 1200.0}], [], ThresholdOutOfReach, "检查标准!C5"),
        ([{"check": "chance", "red": 1.5}], [], PartOrPercent, "检查标准!D5"),
        (PRESETS, [{"member": "华冬", "owner": "张三"}], NotInThePlan, "负责人!B5"),
        (PRESETS, [{"member": "华东"}], RowLacks, "负责人!C5"),
        (PRESETS, [{"member": "华东", "owner": "A"}, {"member": " 华东", "owner": "B"}], SameOwned, "负责人!B6"),
        (PRESETS, [{"member": None, "owner": "A"}, {"member": None, "owner": "B"}], SameOwned, "负责人!B6"),
    ],
)
def test_a_row_at_fault_is_told_and_the_others_go_on(
    limits: Sequence[Mapping[str, object]], owners: Sequence[Mapping[str, object]], fault: type, place: str
) -> None:
    """One sentence at its cell; the sheet is written without it."""
    views = []
    with pytest.raises(Refused) as caught:
        views.extend(READINESS.views(typed(limits, *owners)))
    (problem,) = caught.value.problems
    assert (type(problem.fault), str(problem.place)) == (fault, place)
    assert problem.say("zh") != problem.say("en")
    assert READINESS.model(views[0]).rows


# --- in a workbook -----------------------------------------------------------------


def stationer(path: Path, xlsales: Command, lang: Lang = "zh", **settings: object) -> Path:
    """The seed's 文具店: 100万, of which pens, paper and pencil cases carry 30 + 25 + 15."""
    names = {"zh": ("门店", ("笔", "纸", "文具盒")), "en": ("Store", ("Pens", "Paper", "Cases"))}[lang]
    locks = zip(names[1], (30, 25, 15), strict=True)
    rows = [{"dimension": names[0], "member": name, "locked": amount} for name, amount in locks]
    plan(path, lang=lang, dimensions=rows, total=100, **settings)
    assert xlsales("add", path, "readiness").code == 0
    assert xlsales("split", path).code in (0, 1)
    return path


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_stationer_of_the_seed(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """70 of 100 are assigned: R is red and says that 30 are not."""
    sheet = opened(stationer(tmp_path / "plan.xlsx", xlsales, lang)).sheet("readiness")
    assert sheet.value("total", "R") == {"zh": "红", "en": "red"}[lang]
    assert sheet.value("total", "residual") == 300_000
    said = {
        "zh": "R:“门店”里下级合计 70,应为 100,30 万元没有分下去",
        "en": "R: members of Store add up to 70 of 100, 30",
    }
    assert sheet.value("total", "say").startswith(said[lang])
    assert sheet.value("total", "T") == {"zh": "绿", "en": "green"}[lang]


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_year_whose_holidays_are_not_announced(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """T is amber in 2027, and says so."""
    region = {"zh": "区域", "en": "Region"}[lang]
    path = plan(
        tmp_path / "plan.xlsx", lang=lang, start=dt.date(2027, 1, 1), end=dt.date(2027, 12, 31),
        dimensions=members({region: {"A": 1, "B": 2}}),
    )  # fmt: skip
    assert xlsales("add", path, TITLE[lang]).code == 0
    xlsales("split", path)
    sheet = opened(path).sheet("readiness")
    assert set(sheet.down("T", "total|m:.*")) == {{"zh": "黄", "en": "amber"}[lang]}
    assert "2027" in sheet.value("total", "say")


OFF = ("01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02", "06-09", "09-15", "10-01", "10-02")
HOLIDAYS = [dt.date.fromisoformat(f"2027-{day}") for day in (*OFF, "10-03")]
LAST_YEAR = [("日期", "区域", "金额"), *((dt.date(2025, m, 5), name, 400_000) for m in range(1, 13) for name in "AB")]
REMEDIES: dict[str, tuple[Mapping[str, object], str, str, str, Mapping[str, Mapping[int, Mapping[str, object]]]]] = {
    "release a lock": (
        {"dimensions": [{"dimension": "区域", "member": name, "locked": 400} for name in "AB"]},
        "total", "R", "请在“维度”里放开下级的锁定或上限", {"xs_dimensions": {1: {"locked": None, "weight": 1}}},
    ),
    "add a member": (
        {"dimensions": [{"dimension": "区域", "member": name, "locked": 400} for name in "AB"]},
        "total", "R", "或补上成员", {"xs_dimensions": {2: {"dimension": "区域", "member": "C", "weight": 1}}},
    ),
    "give a weight": (
        {"dimensions": members({"区域": {"A": 1, "B": 0}})},
        "m:区域:B", "M", "请在“维度”里给权重或锁定", {"xs_dimensions": {1: {"weight": 1}}},
    ),
    "give a lock": (
        {"dimensions": members({"区域": {"A": 1, "B": 0}})},
        "m:区域:B", "M", "请在“维度”里给权重或锁定", {"xs_dimensions": {1: {"locked": 100}}},
    ),
    "lower the step": (
        {"dimensions": members({"区域": {"A": 1, "B": 1}}), "total": 1},
        "m:区域:B", "M", "请在“设置”里改小最小步长", {"step": {0: {"": 1}}},
    ),
    "fill in the calendar": (
        {"dimensions": members({"区域": {"A": 1}}), "start": dt.date(2027, 1, 1), "end": dt.date(2027, 12, 31)},
        "total", "T", "或填“日历”",
        {"xs_calendar": {n: {"start": day, "kind": "节假日"} for n, day in enumerate(HOLIDAYS)}},
    ),
    "lower the target": (
        {"dimensions": members({"区域": {"A": 1, "B": 1}}), "total": 1300, "history": LAST_YEAR},
        "m:区域:B", "A", "请在“维度”或“锁定”里降目标", {"xs_dimensions": {1: {"locked": 440}}},
    ),
    "lower the locked target": (
        {
            "dimensions": [*members({"区域": {"A": 1}}), {"dimension": "区域", "member": "B", "locked": 800}],
            "total": 1300, "history": LAST_YEAR,
        },
        "m:区域:B", "A", "请把“维度”第 6 行的锁定目标改小", {"xs_dimensions": {1: {"locked": 440}}},
    ),
    "lower the total": (
        {"dimensions": members({"区域": {"A": 1, "B": 1}}), "total": 1300, "history": LAST_YEAR},
        "total", "A", "请在“设置”里降总目标", {"total": {0: {"": 1}}},
    ),
}  # fmt: skip


@pytest.mark.package
@pytest.mark.parametrize(("given", "row", "check", "said", "remedy"), REMEDIES.values(), ids=REMEDIES)
def test_who_does_what_the_sentence_says_gets_a_green_tick(
    xlsales: Command,
    tmp_path: Path,
    given: Mapping[str, object],
    row: str,
    check: str,
    said: str,
    remedy: Mapping[str, Mapping[int, Mapping[str, object]]],
) -> None:
    """Each remedy of the sheet is followed."""
    path = plan(tmp_path / "plan.xlsx", **given)  # type: ignore[arg-type]
    assert xlsales("add", path, "readiness").code == 0
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).sheet("readiness")
    assert sheet.value(row, check) in ("红", "黄")
    assert said in sheet.value(row, "say")
    for table, rows in remedy.items():
        if table.startswith("xs_"):
            fill_rows(path, {table: rows})
        else:
            answer(path, table, 1)
    assert xlsales("split", path).code in (0, 1)
    assert opened(path).sheet("readiness").value(row, check) == "绿"


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_check_is_added_split_and_taken_back(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Its thresholds are there as it comes; a second run changes nothing."""
    region = {"zh": "区域", "en": "Region"}[lang]
    path = plan(tmp_path / "plan.xlsx", lang=lang, dimensions=members({region: {"A": 1, "B": 2}}))
    assert xlsales("add", path, TITLE[lang]).code == 0
    sheet = opened(path).book[T_READINESS.label[lang]]
    assert [[cell.value for cell in row] for row in sheet["C5:D6"]] == [[1.15, 1.3], [0.5, 0.2]]
    before = path.read_bytes()
    assert xlsales("split", path).code == 0
    assert opened(path).sheet("readiness").value("total", "M") == {"zh": "绿", "en": "green"}[lang]
    again_and_back(xlsales, path, before)


@pytest.mark.package
@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [("C5", "高", "高"), ("C5", -1, "-"), ("B5", "别的", "别的"), ("C5", 20, "2000%")],
)
def test_odd_cells_are_told_where_they_are(
    xlsales: Command, tmp_path: Path, cell: str, value: float | str, said: str
) -> None:
    """One sentence at the cell; the other check goes on."""
    path = stationer(tmp_path / "plan.xlsx", xlsales)
    type_in(path, "检查标准", cell, value)
    ran = xlsales("split", path)
    (sentence,) = (line for line in ran.out.splitlines() if f"检查标准!{cell}" in line)
    assert said in sentence
    assert "115% 黄、130% 红(“检查标准”有错,先按默认)" in opened(path).sheet("readiness").sheet.cell(3, 3).value
    handed = xlsales("handout", path, tmp_path / "out", "--yes")
    assert handed.code == 1
    assert f"检查标准!{cell}" in handed.out


@pytest.mark.package
@pytest.mark.parametrize(
    ("best", "chance", "said"),
    [
        ((115, 130), (50, 20), ["高于 115% 黄、130% 红", "低于 50% 黄、20% 红"]),
        (("115", "１３０"), ("50%", "20%"), ["高于 115% 黄、130% 红", "低于 50% 黄、20% 红"]),
        ((1.2, 115), (0.6, 10), ["115% 黄、120% 红(“检查标准”填反了,对调着算)", "低于 60% 黄、10% 红"]),
        ((1.3, 1.1), (0.2, 0.5), ["110% 黄、130% 红(“检查标准”填反了", "50% 黄、20% 红(“检查标准”填反了"]),
        (("1200%", 1.3), ("500%", 0.2), ["115% 黄、130% 红(“检查标准”有错", "50% 黄、20% 红(“检查标准”有错"]),
        (("很高", 1.3), (None, "九成"), ["115% 黄、130% 红(“检查标准”有错", "– 黄、20% 红(“检查标准”有错"]),
        ((None, None), (0.4, None), ["高于 – 黄、– 红", "低于 40% 黄、– 红"]),
        ((2.0, "#"), (0.1, "#"), ["130% 黄、200% 红(“检查标准”有错", "20% 黄、10% 红(“检查标准”有错"]),
    ],
)
def test_a_slip_in_a_threshold_opens_no_gate(
    xlsales: Command, tmp_path: Path, best: Limits, chance: Limits, said: list[str]
) -> None:
    """Percent without a sign, swapped, out of reach, text: the check goes on, and the sheet says by what."""
    path = stationer(tmp_path / "plan.xlsx", xlsales)
    for row, limits in ((5, best), (6, chance)):
        for column, limit in zip("CD", limits, strict=True):
            type_in(path, "检查标准", f"{column}{row}", "" if limit is None else limit)
    assert xlsales("split", path).code in (0, 1)
    facts = opened(path).sheet("readiness").sheet.cell(3, 3).value
    assert [one for one in said if one not in facts] == [], facts


@pytest.mark.package
@pytest.mark.parametrize(("written", "shown_as"), [("１２０％", "120%"), (1.2, "120%"), ("1.2", "120%"), ("", "–")])
def test_thresholds_are_read_as_people_write_them(
    xlsales: Command, tmp_path: Path, written: float | str, shown_as: str
) -> None:
    """Percentages, full-width digits, blank for none."""
    path = stationer(tmp_path / "plan.xlsx", xlsales)
    type_in(path, "检查标准", "C5", written)
    xlsales("split", path)
    assert f"高于 {shown_as} 黄" in opened(path).sheet("readiness").sheet.cell(3, 3).value


@pytest.mark.package
def test_what_a_person_made_of_the_sheet_survives(xlsales: Command, tmp_path: Path) -> None:
    """A column to the right, a row inserted, another header, over a refresh."""
    actuals: Rows = [["日期", "门店", "金额"], [dt.date(2026, 6, 30), "笔", 1000]]
    path = stationer(tmp_path / "plan.xlsx", xlsales, actuals=actuals)
    sheet = opened(path).sheet("readiness")
    key, right = "m:门店:纸", sheet.sheet.max_column + 1
    at, letter = sheet.rows[key], sheet.sheet.cell(1, right).column_letter
    add_cells(path, "SMART检查", {f"{letter}{at}": "问过店长"})
    type_in(path, "SMART检查", sheet.sheet.cell(5, sheet.columns["owner"]).coordinate, "谁负责")
    insert_row(path, "SMART检查", at)
    fill(path, T_OWNERS, "负责人", [{"member": "纸", "owner": "王五"}])
    xlsales("refresh", path)
    after = opened(path).sheet("readiness")
    assert after.rows[key] == at + 1
    assert after.sheet.cell(at + 1, right).value == "问过店长"
    assert after.sheet.cell(5, after.columns["owner"]).value == "谁负责"
    assert after.value(key, "owner") == "王五"


@pytest.mark.libreoffice
def test_libreoffice_shows_the_sheet_alike(xlsales: Command, tmp_path: Path) -> None:
    """Every cell, as it opens the file."""
    path = stationer(tmp_path / "plan.xlsx", xlsales)
    sheet, computed = opened(path).sheet("readiness"), recalculated(path, tmp_path)["SMART检查"]
    stored = [sheet.cell(row, column) for row in sheet.rows for column in sheet.columns]
    assert sum(cell.value is not None for cell in stored) > 30
    for cell in stored:
        assert cell.value == computed[cell.coordinate].value, cell


# --- 下发 asks ---------------------------------------------------------------------


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_handing_out_asks_when_something_is_red(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """The command line stops, names who is red by which letter, and goes on with --yes."""
    path, out = stationer(tmp_path / "plan.xlsx", xlsales, lang), tmp_path / "out"
    ran = xlsales("handout", path, out)
    assert ran.code == 2
    assert {"zh": "有 1 行是红的:公司整体 R", "en": "1 row in red: Company R"}[lang] in ran.err
    assert "--yes" in ran.err
    assert not out.exists()
    assert xlsales("handout", path, out, "--yes").code in (0, 1)
    assert len(list(out.glob("*.xlsx"))) >= 3


@pytest.mark.package
def test_handing_out_asks_nothing_without_red(xlsales: Command, tmp_path: Path) -> None:
    """Amber is told in the sheet alone; a plan without the table is asked nothing, though its sheet is still there."""
    path = plan(tmp_path / "plan.xlsx", dimensions=members({"门店": {"A": 1, "B": 2}}))
    assert xlsales("add", path, "readiness").code == 0
    assert xlsales("split", path).code == 0
    assert opened(path).sheet("readiness").value("total", "S") == "黄"
    assert xlsales("handout", path, tmp_path / "out").code == 0


@pytest.mark.package
def test_only_those_who_get_a_file_are_asked_about(xlsales: Command, tmp_path: Path) -> None:
    """A member that is red stops its own file, and those of the members below it."""
    rows: list[dict[str, object]] = [
        {"dimension": "门店", "member": "东", "locked": 500},
        {"dimension": "门店", "member": "一店", "parent": "东", "locked": 10},
        {"dimension": "门店", "member": "西", "weight": 1},
        {"dimension": "门店", "member": "二店", "parent": "西", "weight": 1},
    ]
    path = plan(tmp_path / "plan.xlsx", dimensions=rows)
    assert xlsales("add", path, "readiness").code == 0
    xlsales("split", path)
    assert opened(path).sheet("readiness").value("m:门店:东", "R") == "红"
    assert opened(path).sheet("readiness").value("total", "R") == "绿"
    assert "东 R" in xlsales("handout", path, tmp_path / "out", "--store", "一店").err
    assert xlsales("handout", path, tmp_path / "out", "--store", "二店").code in (0, 1)
