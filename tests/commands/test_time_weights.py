"""Weights of quarters, half-years and years beside those of months: they are split by, and said if they disagree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, opened, plan, table_place

pytestmark = pytest.mark.package
QUARTERS = [{"month": f"Q{n}", "weight": w} for n, w in enumerate((25, 30, 30, 15), 1)]
MONTH, QUARTER = r"\d{4}-\d\d", r"\d{4}Q\d"
Rows = Sequence[Mapping[str, object]]

HALVES = [{"month": "H1", "weight": 60}, {"month": "H2", "weight": 40}]


def split(xlsales: Command, path: Path, weights: Rows, **settings: object) -> Path:
    plan(path, tables={"xs_month_weights": weights}, **settings)
    ran = xlsales("split", path)
    assert ran.code in (0, 1), ran.err
    return path


def weights_said(path: Path) -> list[str]:
    return [sentence for sentence in opened(path).problems if "权重" in sentence or "does not follow from" in sentence]


def test_a_million_by_quarters(xlsales: Command, tmp_path: Path) -> None:
    """文具店: 100 by 25/30/30/15; months are equal inside, each quarter closes."""
    path = split(xlsales, tmp_path / "p.xlsx", QUARTERS, total=100, step=100)
    shown = opened(path).time
    assert shown.down("target", QUARTER) == [25 * WAN, 30 * WAN, 30 * WAN, 15 * WAN]
    assert shown.down("target", MONTH)[:3] == [83_300, 83_300, 83_400]
    assert not weights_said(path)


def test_two_years_by_forty_to_sixty(xlsales: Command, tmp_path: Path) -> None:
    """1000 over two years 40:60, the months by working days inside."""
    weights = [{"month": 2026, "weight": 40}, {"month": "2027年", "weight": 60}]
    path = split(xlsales, tmp_path / "p.xlsx", weights, end=dt.date(2027, 12, 31), month_method="working_days")
    shown = opened(path).time
    assert shown.down("target", r"\d{4}") == [400 * WAN, 600 * WAN]
    assert len(set(shown.down("target", MONTH))) > 3


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([{"month": "Q1", "weight": 1}, *({"month": f"第{n}季度", "weight": 1} for n in "二三四")], [250] * 4),
        ([{"month": "2026Q1", "weight": 4}, *({"month": f"Q{n}", "weight": 2} for n in (1, 2, 3, 4))],
         [400, 200, 200, 200]),
        ([{"month": "上半年", "weight": "３"}, {"month": "H2", "weight": 7}], [150, 150, 350, 350]),
        ([*QUARTERS, {"month": "H1", "weight": 1}, {"month": "H2", "weight": 1}],
         [500 * 25 / 55, 500 * 30 / 55, 500 * 30 / 45, 500 * 15 / 45]),
        ([{"month": f"Q{n}", "weight": w} for n, w in enumerate(("0%", "20%", "30%", "50%"), 1)], [0, 200, 300, 500]),
        ([{"month": 1, "weight": 9}], [250] * 4),
    ],
    ids=["chinese", "a year's goes first", "half-years", "coarser has the last word", "zero and percent", "a month"],
)  # fmt: skip
def test_weights_as_people_type_them(
    xlsales: Command, tmp_path: Path, weights: Rows, expected: Sequence[float]
) -> None:
    """Months are split equally here, so weights of months have no effect."""
    path = split(xlsales, tmp_path / "p.xlsx", weights)
    assert opened(path).time.down("target", QUARTER) == pytest.approx([w * WAN for w in expected], abs=1000)
    assert sum(opened(path).time.down("target", MONTH)) == 1000 * WAN


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([{"month": "2026-04", "weight": 0}, {"month": "2026-05", "weight": 10}, {"month": "2026-06", "weight": 0}],
         [0, 300, 0]),
        ([{"month": 4, "weight": 1}, {"month": 5, "weight": 2}, {"month": "2026-06", "weight": 3}], [50, 100, 150]),
        ([{"month": 4, "weight": None}, {"month": 5, "weight": None}], [100, 100, 100]),
    ],
    ids=["zeros are typed", "all typed", "all blank"],
)  # fmt: skip
def test_a_quarter_has_the_weights_of_all_its_months_or_of_none(
    xlsales: Command, tmp_path: Path, months: Rows, expected: Sequence[float]
) -> None:
    """Quarters without any are shared by their days; a 0 is one only if somebody typed it."""
    path = split(xlsales, tmp_path / "p.xlsx", [*QUARTERS, *months], month_method="weights")
    assert opened(path).time.down("target", MONTH)[3:6] == [amount * WAN for amount in expected]
    assert opened(path).time.down("target", MONTH)[:2] == pytest.approx([250 * WAN / 3] * 2, abs=1000)


def test_a_missing_weight_is_told_at_its_row(xlsales: Command, tmp_path: Path) -> None:
    """At the blank cell beside its month, if there is a row for it."""
    rows = [{"month": m, "weight": None if m == 5 else 1} for m in range(1, 13)]
    path = plan(tmp_path / "p.xlsx", tables={"xs_month_weights": rows}, month_method="weights")
    area = table_place(path, "xs_month_weights")
    ran = xlsales("split", path)
    assert (ran.code, f"设置!C{area.row + 4}: 2026-05 没有权重" in ran.err) == (2, True), ran.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_months_that_do_not_follow_from_the_quarters_are_said(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """6.25/7.5/7.5/4.5 a month beside 25/30/30/15: the quarters are kept, and the sentence has the shares."""
    months = [{"month": m, "weight": (6.25, 7.5, 7.5, 4.5)[(m - 1) // 3]} for m in range(1, 13)]
    path = split(
        xlsales, tmp_path / "p.xlsx", [*months, *QUARTERS], total=100, step=100, month_method="weights", lang=lang
    )
    assert opened(path).time.down("target", QUARTER) == [25 * WAN, 30 * WAN, 30 * WAN, 15 * WAN]
    (said,) = weights_said(path)
    assert ("2026Q1 25.0% 对 24.3%" if lang == "zh" else "2026Q1 25.0% against 24.3%") in said
    assert ("2026Q4 15.0% 对 17.5%" if lang == "zh" else "2026Q4 15.0% against 17.5%") in said


@pytest.mark.parametrize(
    ("weights", "count"),
    [
        ([*({"month": m, "weight": w} for m, w in enumerate([8.33] * 3 + [10] * 6 + [5] * 3, 1)), *QUARTERS], 0),
        ([*QUARTERS, {"month": 2026, "weight": 4}, {"month": 2027, "weight": 6}], 0),
        ([*({"month": f"{y}Q{q}", "weight": y - 2025} for y in (2026, 2027) for q in (1, 2, 3, 4)),
          {"month": 2026, "weight": 40}, {"month": 2027, "weight": 60}], 1),
        ([*({"month": m, "weight": 1} for m in range(1, 13)), *QUARTERS, {"month": "H1", "weight": 1},
          {"month": "H2", "weight": 1}], 2),
    ],
    ids=["rounded", "every year alike", "years of quarters", "three levels"],
)  # fmt: skip
def test_what_agrees_is_not_said(xlsales: Command, tmp_path: Path, weights: Rows, count: int) -> None:
    """Weights that repeat every year say nothing of years; two decimals are no disagreement."""
    path = split(xlsales, tmp_path / "p.xlsx", weights, end=dt.date(2027, 12, 31), month_method="weights")
    assert len(weights_said(path)) == count


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([{"month": 13, "weight": 1}], "“13”不是月、季、半年或年"),
        ([{"month": "一季", "weight": 1}], "2026Q2、2026Q3、2026Q4 没有权重"),
        ([{"month": "2026-W05", "weight": 1}], "不是月、季、半年或年"),
        ([{"month": "2026-03-08", "weight": 1}], "不是月、季、半年或年"),
        ([{"month": "旺季", "weight": 1}], "不是月、季、半年或年"),
        ([{"month": "2029Q1", "weight": 1}], "不在计划"),
        ([*QUARTERS, {"month": "第1季度", "weight": 5}], "已经有权重了"),
        ([{"month": "Q1", "weight": -1}], "应不小于 0"),
        ([{"month": "Q1", "weight": "很多"}], "不是数字"),
        ([*QUARTERS[:3], {"month": "Q4", "weight": None}], "2026Q4 没有权重"),
        ([{"weight": 5}], "缺少“期间”"),
        ([{"month": 1, "weight": 5}], "2026-02、2026-03、2026-04"),
        ([*QUARTERS, {"month": "2026-05", "weight": 10}], "2026-04、2026-06 没有权重"),
        ([*QUARTERS, *({"month": m, "weight": 1} for m in (1, 2, 3, 11))], "2026-10、2026-12 没有权重"),
        ([*HALVES, {"month": "5月", "weight": 10}], "2026-01、2026-02、2026-03、2026-04、2026-06 没有权重"),
        ([*({"month": m, "weight": m if m < 12 else None} for m in range(1, 13))], "2026-12 没有权重"),
        ([*QUARTERS[:3], {"month": "Q4", "weight": -1}], "应不小于 0"),
        ([{"month": f"Q{n}", "weight": 0} for n in (1, 2, 3, 4)], "月权重全是零"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_weight_is_refused_at_its_place(
    xlsales: Command, tmp_path: Path, weights: Rows, said: str
) -> None:
    """Nothing is written, and the place is in the settings; one sentence says all of it."""
    path = plan(tmp_path / "p.xlsx", tables={"xs_month_weights": weights}, month_method="weights")
    before = path.read_bytes()
    ran = xlsales("split", path)
    assert (ran.code, len(ran.sentences), path.read_bytes()) == (2, 1, before)
    assert said in ran.err
    assert "设置!" in ran.err


def test_a_lock_and_a_closed_quarter_stay(xlsales: Command, tmp_path: Path) -> None:
    """What is locked is locked, whatever the weight of its quarter; the rest of all pays."""
    locks = [{"period": "2026-05", "amount": 200}]
    path = plan(tmp_path / "p.xlsx", tables={"xs_month_weights": QUARTERS, "xs_locks": locks})
    assert xlsales("split", path).code == 0
    shown = opened(path).time
    assert shown.value("2026-05", "target") == 200 * WAN
    free = [shown.value(f"2026-{m:02d}", "target") for m in (1, 4, 7, 10)]
    assert [amount / free[0] for amount in free] == pytest.approx([1, 1.2, 1.2, 0.6], abs=0.003)
    assert sum(shown.down("target", QUARTER)) == 1000 * WAN


MONTHS = [{"month": m, "weight": 1} for m in range(1, 13)]
OF_TWO_SIZES = "是不是百分数"


@pytest.mark.parametrize(
    ("weights", "code", "said"),
    [
        ([*MONTHS, {"month": "3月", "weight": 5}], 2, "“3月”在第"),
        ([*MONTHS[:11], {"month": "3 ", "weight": 5}], 2, "“3”在第"),
        ([{"month": "Q1", "weight": "30%"}, *({"month": f"Q{n}", "weight": 20} for n in (2, 3, 4))], 0,
         "“2026Q1”的权重是 0.3,同级的“2026Q2”是 20"),
        ([{"month": "Q1", "weight": 30}, *({"month": f"Q{n}", "weight": "20%"} for n in (2, 3, 4))], 0,
         "“2026Q1”的权重是 30,同级的“2026Q4”是 0.2"),
        ([{"month": 1, "weight": "2万"}, *MONTHS[1:]], 0, "“1”的权重是 20000"),
        ([{"month": f"Q{n}", "weight": w} for n, w in enumerate(("30%", "20%", "25%", 0.25), 1)], 0, ""),
        ([{"month": 1, "weight": 0.8}, *({"month": m, "weight": 9} for m in range(2, 13))], 0, ""),
        ([{"month": dt.date(2026, m, 1), "weight": m} for m in range(1, 13)], 0, ""),
        ([{"month": dt.date(2026, 1, 2), "weight": 1}], 2, "“2026-01-02”不是月"),
    ],
    ids=["3 and 3月", "3 and a space", "one percentage", "one number", "万", "all shares", "a weak month", "dates",
         "a day"],
)  # fmt: skip
def test_weights_that_are_a_slip_are_told(
    xlsales: Command, tmp_path: Path, weights: Rows, code: int, said: str
) -> None:
    """A month has one weight; weights of two sizes are asked about, others are not."""
    path = plan(tmp_path / "p.xlsx", tables={"xs_month_weights": weights}, month_method="weights")
    ran = xlsales("split", path)
    assert ran.code == code, ran.err
    assert said in ran.err + ran.out + "".join(opened(path).problems if code == 0 else [])
    if code == 0:
        assert any(OF_TWO_SIZES in one for one in opened(path).problems) == bool(said)


@pytest.mark.parametrize(
    ("weights", "said"),
    [(("30%", 20, 50), "“a”的权重是 0.3,同级的“b”是 20"), ((30, "20%", "50%"), "“a”的权重是 30"), ((0.9, 3, 8), ""),
     ((0.3, None, 0.2), ""), ((3, 2000, 5000), ""), ((3, 4000, 5000), "“a”的权重是 3")],
)  # fmt: skip
def test_weights_of_members_of_two_sizes_are_told(
    xlsales: Command, tmp_path: Path, weights: Sequence[object], said: str
) -> None:
    """Beside siblings of the other size; the targets are those of the weights."""
    names = [name for name, weight in zip("abc", weights, strict=True) if weight is not None]
    rows = [{"dimension": "D", "member": n, "weight": w} for n, w in zip("abc", weights, strict=True) if n in names]
    path = plan(tmp_path / "p.xlsx", dimensions=rows)
    assert xlsales("split", path).code == 0
    found = [one for one in opened(path).problems if OF_TWO_SIZES in one]
    assert [said in one for one in found] == [True] * bool(said)


@pytest.mark.parametrize(
    ("months", "settings", "said"),
    [
        (range(1, 13), {"fiscal_month": 2, "month_pattern": "4-5-4"}, True),
        ([f"P{m:02d}" for m in range(1, 13)], {"fiscal_month": 2, "month_pattern": "4-5-4"}, False),
        (range(1, 13), {"fiscal_month": 1, "month_pattern": "4-5-4"}, False),
        (range(1, 13), {"fiscal_month": 2}, False),
    ],
)
def test_numbers_of_months_beside_fiscal_ones_are_told(
    xlsales: Command, tmp_path: Path, months: Sequence[object], settings: Mapping[str, object], said: bool
) -> None:
    """1 is January, the 12th month of whole weeks of a year from February; P01 is the first one."""
    weights = [{"month": month, "weight": n} for n, month in enumerate(months, 1)]
    days = {"start": dt.date(2026, 2, 1), "end": dt.date(2027, 1, 30), "week_start": "sun"}
    path = plan(tmp_path / "p.xlsx", tables={"xs_month_weights": weights}, month_method="weights", **days, **settings)
    ran = xlsales("split", path)
    assert ran.code == 0, ran.err
    assert any("在这个计划里是第12财月(P12)" in one for one in opened(path).problems) == said
    if "month_pattern" in settings and settings["fiscal_month"] == 2:
        shown = opened(path).time.down("target", r"2026-P\d\d")
        assert (shown[0] < shown[11]) == (not said)
