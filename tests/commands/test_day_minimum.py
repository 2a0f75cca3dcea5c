"""每日最低: no open day of the company has less, months stay as they are, and what cannot be is one sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, answer, opened, plan

pytestmark = pytest.mark.package
DAY, MONTH = r"\d{4}-\d\d-\d\d", r"\d{4}-\d\d"
WEEK = [{"weekday": f"周{d}", "index": i} for d, i in zip("一二三四五六日", (1, 1, 1, 1, 1, 4, 5), strict=True)]


def split(xlsales: Command, path: Path, minimum: object, **more: object) -> Path:
    """1000万 by days whose weekends are four and five times a weekday."""
    tables: dict[str, Sequence[Mapping[str, object]]] = {"xs_weekdays": WEEK, **more.pop("tables", {})}  # type: ignore[dict-item]
    plan(path, tables=tables, day_method="day_index", day_step=1, holiday_index=1, day_minimum=minimum, **more)
    ran = xlsales("split", path)
    assert ran.code in (0, 1), ran.err
    return path


def test_no_day_has_less_and_each_month_closes(xlsales: Command, tmp_path: Path) -> None:
    """Weekdays of 1.4万 are raised to 2万; weekends pay, in the same month."""
    free = opened(split(xlsales, tmp_path / "free.xlsx", None)).time
    path = split(xlsales, tmp_path / "p.xlsx", 20_000)
    least = opened(path).time
    assert min(free.down("target", DAY)) < 15_000
    assert min(least.down("target", DAY)) == 20_000
    assert least.down("target", MONTH) == free.down("target", MONTH)
    saturday, sunday = (least.value(f"2026-08-{d:02d}", "target") for d in (1, 2))
    assert sunday / saturday == pytest.approx(1.25, abs=0.001)
    assert xlsales("undo", path).code == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_month_that_is_too_small_is_said_with_the_amount(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """31 days of 3万 are 93万; January has 83.3万."""
    path = plan(tmp_path / "p.xlsx", lang=lang, day_minimum=30_000, day_step=1)
    before = path.read_bytes()
    ran = xlsales("split", path)
    assert (ran.code, path.read_bytes()) == (2, before)
    said = ("2026-01 的目标 83.3万元 不够:31 天每天至少 3万元,连同锁定共需 93万元,差 9.7万元" if lang == "zh"
            else "The target of 2026-01, 83.3 (10k yuan), is too small: 31 days of at least 3 (10k yuan)")  # fmt: skip
    assert said in ran.err
    answer(path, "day_minimum", 20_000)
    assert xlsales("split", path).code == 0


def test_rest_days_locked_days_and_weeks_are_said(xlsales: Command, tmp_path: Path) -> None:
    """Days off have nothing; a lock below the least stays as it is locked; the run says how many days."""
    locks = [{"period": "2026-03-03", "amount": 0.5}, {"period": "2026-W30", "amount": 7}]
    path = plan(tmp_path / "p.xlsx", day_minimum=20_000, day_step=1, day_method="working_days", week_rule="iso",
                tables={"xs_locks": locks})  # fmt: skip
    assert xlsales("split", path).code == 0
    days = opened(path).time.down("target", DAY)
    assert opened(path).time.value("2026-03-03", "target") == 5_000
    assert {value for value in days if value < 20_000} == {0, 5_000, 14_000}
    (said,) = [sentence for sentence in opened(path).problems if "每日最低" in sentence]
    assert f"但 {sum(value < 20_000 for value in days)} 天低于它,第一天是 2026-01-01" in said


@pytest.mark.parametrize(
    ("minimum", "said"),
    [(-1, "应不小于 0"), ("两万", "不是"), ("#N/A", "不是"), (0.5, "不是日步长(1 元)的整数倍"), (10**9, "不够")],
)
def test_what_cannot_be_a_minimum_is_refused_at_its_cell(
    xlsales: Command, tmp_path: Path, minimum: float | str, said: str
) -> None:
    """Its cell is in 设置."""
    path = plan(tmp_path / "p.xlsx", day_step=1)
    answer(path, "day_minimum", minimum)
    ran = xlsales("split", path)
    assert ran.code == 2
    assert "设置!" in ran.err
    assert said in ran.err


@pytest.mark.parametrize(("minimum", "expected"), [("２００００", 20_000), ("2万", 20_000), (0, 0), ("", 0), ("—", 0)])
def test_minimums_as_people_type_them(xlsales: Command, tmp_path: Path, minimum: float | str, expected: float) -> None:
    """Zero and blank are none."""
    path = plan(tmp_path / "p.xlsx", day_step=1, tables={"xs_weekdays": WEEK}, day_method="day_index", holiday_index=1)
    answer(path, "day_minimum", minimum)
    ran = xlsales("split", path)
    assert ran.code == 0, ran.err
    days = opened(path).time.down("target", DAY)
    assert min(days) == (expected or min(days))
    assert sum(days) == 1000 * WAN


def test_closed_days_stay(xlsales: Command, tmp_path: Path) -> None:
    """A minimum that is typed in April changes nothing before."""
    path = split(xlsales, tmp_path / "p.xlsx", None)
    before = opened(path).time.down("target", DAY)
    answer(path, "closed_through", dt.date(2026, 3, 31))
    answer(path, "day_minimum", 20_000)
    assert xlsales("split", path).code == 0
    after = opened(path).time.down("target", DAY)
    assert after[:90] == before[:90]
    assert min(after[90:]) == 20_000
    assert sum(after) == 1000 * WAN


@pytest.mark.parametrize(
    ("unit", "total", "minimum", "said"),
    [("wan", 1000, 2, True), ("wan", 1000, 20_000, False), ("wan", 1000, 200, False), ("yuan", 10_000_000, 2, False)],
)
def test_a_least_in_the_plans_unit_is_told(
    xlsales: Command, tmp_path: Path, unit: str, total: float, minimum: float, said: bool
) -> None:
    """2 is 2 yuan, which binds no day: it was meant in 万; in a plan in yuan it can mean nothing else."""
    path = plan(tmp_path / "p.xlsx", total=total, unit=unit, day_minimum=minimum, day_step=1)
    ran = xlsales("split", path)
    assert ran.code == 0, ran.err
    assert any("它不起作用" in one and "要 2万元 的" in one for one in opened(path).problems) == said
