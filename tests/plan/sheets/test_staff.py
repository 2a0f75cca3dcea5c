"""人员系数: weights of persons and teams as products of factors, from the table to targets, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.calc import recalculated
from tests.commands.books import Command, fill, members, opened, plan, type_in
from xlsales.core.faults import Lang
from xlsales.plan.staff import T_STAFF, products

HEADERS = {"zh": ("人员", "人员系数"), "en": ("Person", "Staff factors")}


def book(
    path: Path, xlsales: Command, rows: Sequence[Mapping[str, float | str]], lang: Lang = "zh", **of: object
) -> Path:
    """A plan of three persons without weights (or those of `of`), with these rows typed over the examples."""
    dimension, title = HEADERS[lang]
    weights: dict[str, float | None] = {"王芳": None, "李强": None, "赵敏": None, **of}
    plan(path, lang=lang, dimensions=members({dimension: weights}))
    assert xlsales("add", path, title).code == 0
    blank = {column.key: "" for column in T_STAFF.columns}
    fill(path, T_STAFF, title, [blank | row for row in [*rows, *[{}] * (2 - len(rows))]])
    return path


@pytest.mark.unit
def test_a_weight_is_the_product_of_its_factors() -> None:
    """Blank counts as 1, zero as zero."""
    blank = dict.fromkeys(("headcount", "seniority", "ability", "stability", "leads", "customers"))
    rows = [blank | {"headcount": 5, "seniority": 1.2, "ability": 1.1}, blank | {"leads": 0}, blank | {"leads": 2.0}]
    assert products(rows).tolist() == pytest.approx([6.6, 0, 2])
    assert products([blank | {"leads": 0}]).tolist() == [0]


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_targets_follow_the_factors(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """3 × 1.0 : 2 × 1.25 : 1 among three; the sheet shows the products, and closes."""
    rows = [{"member": "王芳", "headcount": 3}, {"member": "李强", "headcount": 2, "ability": 1.25}]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, lang, 赵敏=1.0)
    ran = xlsales("split", path)
    assert ran.code == 0, ran.out + ran.err
    by_person = opened(path).dimension(HEADERS[lang][0]).down("target", "m:.*")
    assert by_person == pytest.approx([10_000_000 * w / 6.5 for w in (3, 2.5, 1)], abs=1_000)
    assert sum(by_person) == 10_000_000
    sheet = opened(path).sheet("staff")
    assert sheet.down("weight", ".*:m:.*") == [3, 2.5]
    assert sheet.down("target", ".*:others") == [by_person[2]]
    assert [sheet.down(key, ".*:proof") for key in ("weight", "share", "target")] == [[0]] * 3
    written = path.read_bytes()
    assert xlsales("split", path).code == 0
    assert path.read_bytes() == written
    assert xlsales("undo", path).code == 0


@pytest.mark.package
def test_a_weight_of_the_dimension_table_is_multiplied_and_shown(xlsales: Command, tmp_path: Path) -> None:
    """4 × 0.5 beside 1 and 1: half of all."""
    rows = [{"member": "王芳", "ability": 0.5}]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, 王芳=4.0, 李强=1.0, 赵敏=1.0)
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("staff")
    assert (sheet.down("own", ".*:m:.*"), sheet.down("weight", ".*:m:.*")) == ([4], [2])
    assert sheet.down("share", ".*:m:.*") == [0.5]


@pytest.mark.package
@pytest.mark.parametrize(
    ("rows", "cell", "said"),
    [
        ([{"headcount": 3}], "C5", "没有“成员”"),
        ([{"member": "王方", "headcount": 3}], "C5", "没有成员“王方”"),
        ([{"member": "王芳"}], "D5", "一个系数都没有填"),
        ([{"member": "王芳", "leads": 2}, {"member": " 王芳 ", "leads": 3}], "C6", "第 5 行已经有系数"),
        ([{"member": "王芳", "leads": -2}], "H5", "-2"),
        ([{"member": "王芳", "ability": "强"}], "F5", "强"),
        ([{"member": "王芳", "leads": 2, "dimension": "团队"}], "B5", "没有维度“团队”"),
        ([{"member": "合计", "leads": 2}], "C5", "像是合计行"),
    ],
)
def test_what_is_typed_wrongly_stops_the_split_at_its_cell(
    xlsales: Command, tmp_path: Path, rows: Sequence[Mapping[str, float | str]], cell: str, said: str
) -> None:
    """Targets would follow from it, so nothing is written; the remedy is followed: without the row it splits."""
    path = book(tmp_path / "plan.xlsx", xlsales, rows, 王芳=1.0, 李强=1.0, 赵敏=1.0)
    before = path.read_bytes()
    ran = xlsales("split", path)
    assert ran.code == 2
    assert f"人员系数!{cell}" in ran.err
    assert said in ran.err
    assert len(ran.sentences) == 1, ran.err
    assert path.read_bytes() == before
    blank = {column.key: "" for column in T_STAFF.columns}
    fill(path, T_STAFF, "人员系数", [blank, blank])
    assert xlsales("split", path).code == 0


@pytest.mark.package
def test_factors_of_a_member_that_goes_by_something_else(xlsales: Command, tmp_path: Path) -> None:
    """They would have no effect, which is told."""
    path = tmp_path / "plan.xlsx"
    rows: list[dict[str, object]] = [
        {"dimension": "人员", "member": name, "method": "equal"} for name in ("王芳", "李强")
    ]
    plan(path, dimensions=[*rows, {"dimension": "客户", "member": "王芳"}])
    assert xlsales("add", path, "人员系数").code == 0
    blank = {column.key: "" for column in T_STAFF.columns}
    fill(path, T_STAFF, "人员系数", [blank | {"member": "王芳", "leads": 2}, blank])
    assert "在人员、客户里都有" in xlsales("split", path).err
    fill(path, T_STAFF, "人员系数", [{"dimension": "人员"}])
    assert "分解方式不是“权重”" in xlsales("split", path).err


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("factors", "said"),
    [
        ({"王芳": "２万", "李强": 0.9, "赵敏": 1.1}, ["E5"]),
        ({"王芳": 2000, "李强": 3000, "赵敏": 2}, ["E7"]),
        ({"王芳": 3000, "李强": ""}, ["E5"]),
        ({"王芳": 20, "李强": 0.9}, []),
        ({"王芳": 2000, "李强": 3000}, []),
        ({"王芳": 2000, "李强": 0}, []),
        ({"王芳": 5000}, []),
    ],
    ids=["a unit typed", "a small one", "beside a blank one", "large", "all large", "beside nothing", "alone"],
)
def test_a_factor_of_another_size_is_told(
    xlsales: Command, tmp_path: Path, factors: Mapping[str, float | str], said: Sequence[str], lang: Lang
) -> None:
    """At its cell, with those of the siblings; the split goes on, for it may be so."""
    rows: list[dict[str, float | str]] = [
        {"member": name, "leads": 2, "seniority": value} for name, value in factors.items()
    ]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, lang, 王芳=1.0, 李强=1.0, 赵敏=1.0)
    ran = xlsales("split", path, "--verbose")
    found = [line for line in opened(path).problems if {"zh": "相差千倍", "en": "a thousandfold"}[lang] in line]
    assert (ran.code in (0, 1), len(found)) == (True, len(said)), ran.err
    assert all(cell in ran.out + ran.err for cell in said)


@pytest.mark.package
def test_two_members_of_one_name_are_told_as_such(xlsales: Command, tmp_path: Path) -> None:
    """The column of dimensions could not tell them apart."""
    path = tmp_path / "plan.xlsx"
    teams = [{"dimension": "人员", "member": name, "weight": 1} for name in ("一队", "二队")]
    people = [{"dimension": "人员", "member": "张三", "parent": team, "weight": 1} for team in ("一队", "二队")]
    plan(path, dimensions=[*teams, *people])
    assert xlsales("add", path, "人员系数").code == 0
    blank = {column.key: "" for column in T_STAFF.columns}
    for dimension in ("", "人员"):
        fill(path, T_STAFF, "人员系数", [blank | {"dimension": dimension, "member": "张三", "leads": 2}, blank])
        said = xlsales("split", path).err
        assert "在人员、人员里都有" not in said
        assert "“人员”里有两个“张三”" in said


@pytest.mark.package
def test_unchanged_examples_do_not_count(xlsales: Command, tmp_path: Path) -> None:
    """A sheet that was just added changes no target."""
    path = plan(tmp_path / "plan.xlsx", dimensions=members({"区域": {"华东": 1, "华北": 1}}))
    assert xlsales("add", path, "人员系数").code == 0
    assert xlsales("split", path).code == 0
    assert opened(path).dimension("区域").down("target", "m:.*") == [5_000_000, 5_000_000]
    assert "xs_out_staff" not in opened(path).book.defined_names


@pytest.mark.libreoffice
def test_libreoffice_computes_the_proofs_alike(xlsales: Command, tmp_path: Path) -> None:
    """The stored results of formulas are those of a program that opens the file."""
    path = book(
        tmp_path / "plan.xlsx", xlsales, [{"member": "王芳", "headcount": 3, "customers": 1.5}], 李强=2.0, 赵敏=1.0
    )
    assert xlsales("split", path).code == 0
    stored = opened(path).sheet("staff")
    computed = recalculated(path, tmp_path)["人员权重"]
    (proof,) = (row for row in stored.rows if row.endswith(":proof"))
    for column in ("weight", "share", "target"):
        cell = stored.cell(proof, column)
        assert computed[cell.coordinate].value == cell.value == 0


@pytest.mark.package
def test_a_note_typed_behind_stays(xlsales: Command, tmp_path: Path) -> None:
    """What a person wrote in the table is theirs."""
    path = book(tmp_path / "plan.xlsx", xlsales, [{"member": "王芳", "headcount": 3}], 李强=2.0, 赵敏=1.0)
    type_in(path, "人员系数", "J5", "店长兼任")
    assert xlsales("split", path).code == 0
    assert opened(path).book["人员系数"]["J5"].value == "店长兼任"
