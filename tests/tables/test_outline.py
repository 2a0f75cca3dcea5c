"""Pivot tables and outlines: names that stand once, levels in one column, a corner above the headers."""

# ruff: noqa: E501 - tables of examples
from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import dimension, read, write
from xlsales.tables.columns.column_faults import LevelsInOneColumn
from xlsales.tables.columns.outline import OutlineFilled
from xlsales.tables.reasons import KeyBlank

pytestmark = pytest.mark.unit
X = None
AREA = dimension("区域", ["华东", "华南"])
CITY = dimension("城市", ["上海", "杭州", "广州"])
TREE = dimension("区域", {"华东": {"上海": {}, "杭州": {}}, "华南": {"广州": {}}})
AS_OF = dt.date(2026, 3, 31)
MILLION = 10**6
Rows = list[list[object]]

TABULAR: Rows = [
    ["大区", "城市", "1月", "2月", "总计"],
    ["华东", "上海", 1, 2, 3],
    [X, "杭州", 3, 4, 7],
    ["华东 汇总", X, 4, 6, 10],
    ["华南", "广州", 10, 20, 30],
    ["华南 汇总", X, 10, 20, 30],
    ["总计", X, 14, 26, 40],
]


@pytest.mark.parametrize(
    "corner", [["求和项:金额", X, "月份"], ["求和项：销售额", X, "列标签"], ["Sum of Sales", X, "Month"]]
)
@pytest.mark.parametrize("dimension_", [AREA, CITY, TREE], ids=["areas", "cities", "both"])
def test_a_pivot_table_with_blank_outline_cells(tmp_path: Path, corner: list[object], dimension_: object) -> None:
    """The corner above the headers is none of them; the group's name holds until its own total."""
    for rows in (TABULAR, [[*corner, X, X], *TABULAR]):
        records = read(write(tmp_path / "t.xlsx", rows), dimension_)  # type: ignore[arg-type]
        assert (records.accepted_micros, records.set_aside_micros) == (40 * MILLION, 0)
        assert all(problem.fault.remark for problem in records.problems)


FILLED: dict[str, Rows] = {
    "other figures": [["区域", "项目", "1月", "2月"], ["华东", "目标", 9, 9], [X, "实际", 1, 2], ["华南", "目标", 9, 9], [X, "实际", 3, 4]],
    "months below each name": [["区域", "月份", "金额"], ["华东", "1月", 1], [X, "2月", 2], ["华南", "1月", 3], [X, "2月", 4]],
    "a total that is named": [["区域", "月份", "金额"], ["华东", "1月", 1], [X, "2月", 2], ["华南", "1月", 3], [X, "2月", 4], ["合计", X, 10]],
}  # fmt: skip


@pytest.mark.parametrize("rows", FILLED.values(), ids=FILLED)
def test_names_that_stand_once(tmp_path: Path, rows: Rows) -> None:
    """Blank cells below a name mean it where all groups are alike; it is told."""
    records = read(write(tmp_path / "t.xlsx", rows), AREA)
    assert records.accepted_micros == 10 * MILLION
    assert [int(records.micros[records.codes["区域"] == i].sum()) // MILLION for i in (0, 1)] == [3, 7]
    (told,) = [problem for problem in records.problems if isinstance(problem.fault, OutlineFilled)]
    assert (str(told.place), told.count) == ("实际!A3", 2)


@pytest.mark.parametrize(
    "rows",
    [
        [["华东", "1月", 1], [X, "2月", 2], ["华南", "1月", 3]],
        [["华东", "1月", 1], ["华东", "2月", 2], [X, "3月", 5], ["华南", "3月", 3]],
        [["华东", "1月", 1], [X, "2月", 2], ["华东", "3月", 3], [X, "4月", 3]],
    ],
    ids=["groups of two sizes", "one blank among names", "a name twice"],
)
def test_a_blank_name_that_nothing_explains_is_asked_about(tmp_path: Path, rows: Rows) -> None:
    """No name is guessed."""
    records = read(write(tmp_path / "t.xlsx", [["区域", "月份", "金额"], *rows]), AREA)
    assert any(isinstance(problem.fault, KeyBlank) for problem in records.problems)


COMPACT: Rows = [["华东", 10], ["上海", 4], ["杭州", 6], ["华南", 30], ["广州", 30]]


@pytest.mark.parametrize(
    ("dimension_", "aside"), [(AREA, 40), (CITY, 40), (TREE, None)], ids=["areas", "cities", "both"]
)
@pytest.mark.parametrize("header", ["行标签", "Row Labels"])
def test_levels_in_one_column(tmp_path: Path, header: str, dimension_: object, aside: int | None) -> None:
    """A pivot table in compact form: each sale counts once, on the level of the plan's members."""
    rows = [[header, "求和项:销售额"], *COMPACT, ["总计", 40]]
    records = read(write(tmp_path / "t.xlsx", rows), dimension_, as_of=AS_OF)  # type: ignore[arg-type]
    assert records.accepted_micros == 40 * MILLION
    assert aside is None or records.set_aside_micros == aside * MILLION


@pytest.mark.parametrize(
    "rows",
    [
        [["烟", 10], ["甲", 4], ["乙", 6], ["酒", 30], ["丙", 10], ["丁", 20], ["总计", 40]],
        [["华东", 10], ["1月", 4], ["2月", 6], ["华南", 30], ["1月", 10], ["2月", 20], ["总计", 40]],
        [["1月", 10], ["华东", 4], ["华南", 6], ["2月", 30], ["华东", 10], ["华南", 20], ["总计", 40]],
        [["2025年", 10], ["1月", 4], ["2月", 6], ["2026年", 30], ["1月", 10], ["2月", 20]],
    ],
    ids=["no members", "months below areas", "areas below months", "months below years"],
)
def test_levels_that_cannot_be_told_are_asked_about(tmp_path: Path, rows: Rows) -> None:
    """Never twice: the question says how to lay the pivot table out."""
    path = write(tmp_path / "t.xlsx", [["行标签", "求和项:销售额"], *rows])
    with pytest.raises(LevelsInOneColumn) as raised:
        read(path, AREA, as_of=AS_OF)
    assert "以表格形式显示" in raised.value.say("zh")


@pytest.mark.parametrize(
    "labels", [("求和项:销售额", "列标签", "行标签"), ("Sum of Sales", "Column Labels", "Row Labels")]
)
def test_a_compact_pivot_with_months_across(tmp_path: Path, labels: tuple[str, str, str]) -> None:
    """Row Labels heads the members."""
    rows = [
        [labels[0], labels[1], X, X],
        [labels[2], "1月", "2月", "总计"],
        ["华东", 1, 2, 3],
        ["华南", 3, 4, 7],
        ["总计", 4, 6, 10],
    ]
    records = read(write(tmp_path / "t.xlsx", rows), AREA)
    assert (records.accepted_micros, records.missing_dimensions) == (10 * MILLION, ())


@pytest.mark.parametrize(
    ("months", "filled"),
    [
        ((["1月", "2月", "3月"], ["1月", "2月"]), True),
        ((["1月", "2月"], ["1月", "2月", "3月"]), True),
        ((["1月", "2月", "3月"], ["1月", "3月"]), True),
        ((["1月", "2月", "3月"], ["4月", "5月"]), False),
        ((["1月", "2月"], ["1月"]), False),
        ((["1月", "2月"], ["1月", "2月", "2月"]), False),
    ],
)
def test_groups_of_several_sizes(tmp_path: Path, months: tuple[list[str], list[str]], filled: bool) -> None:
    """Months that begin alike below each name are that name's; where they do not, a blank name stays a question."""
    rows: Rows = [["区域", "月份", "金额"]]
    for name, of_name in zip(("华东", "华南"), months, strict=True):
        rows += [[name if i == 0 else X, month, 7 * len(rows) + i] for i, month in enumerate(of_name)]
    records = read(write(tmp_path / "t.xlsx", rows), AREA)
    blank = [p for p in records.problems if isinstance(p.fault, KeyBlank)]
    assert (not blank) is filled
    assert any(isinstance(p.fault, OutlineFilled) for p in records.problems) is filled
