"""已关账至 that closes less, or more, than its day says at first sight: told in a line, with the day to enter."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, answer, opened, plan

pytestmark = pytest.mark.unit

D = dt.date


@pytest.mark.parametrize(
    ("closed", "settings", "said", "end", "months"),
    [
        (D(2026, 8, 15), {}, "2026-08 没有关账,已关账的是 2026-01 至 2026-07", D(2026, 8, 31), 7),
        (D(2026, 8, 30), {}, "2026-08 没有关账,已关账的是 2026-01 至 2026-07", D(2026, 8, 31), 7),
        (D(2026, 2, 10), {}, "2026-02 没有关账,已关账的只有 2026-01", D(2026, 2, 28), 1),
        (D(2026, 1, 15), {}, "2026-01 没有关账,没有月份关账", D(2026, 1, 31), 0),
        (D(2026, 4, 30), {"fiscal_month": 4, "start": D(2026, 4, 1), "end": D(2027, 3, 31)}, "", None, 1),
        (D(2026, 1, 31), {"month_pattern": "4-4-5", "start": D(2025, 12, 29), "end": D(2027, 1, 3)},
         "2026-P02 没有关账,已关账的只有 2026-P01", D(2026, 2, 22), 1),
        (D(2026, 8, 31), {}, "", None, 8),
        (D(2026, 12, 31), {}, "", None, 12),
        (D(2026, 11, 29), {}, "2026-11 没有关账,已关账的是 2026-01 至 2026-10", D(2026, 11, 30), 10),
        (D(2026, 12, 20), {"end": D(2026, 12, 20)}, "", None, 12),
        (D(2025, 8, 31), {}, "不在计划期间(2026-01-01 至 2026-12-31)里:没有月份关账", None, 0),
        (D(2027, 8, 31), {}, "不在计划期间(2026-01-01 至 2026-12-31)里:全部月份都已关账", None, 12),
    ],
)  # fmt: skip
def test_what_the_day_closes_is_told(xlsales: Command, tmp_path: Path, closed, settings, said, end, months) -> None:
    """A remark that names the month and the day to enter; entered, the month keeps its target and nothing is told."""
    book = plan(tmp_path / "计划.xlsx", **settings)
    assert xlsales("split", book).code == 0
    was = opened(book).time.down("target", r"\d{4}-P?\d\d")
    answer(book, "closed_through", closed)
    for command in ("check", "split"):
        ran = xlsales(command, book)
        assert (ran.code, ran.err) == (0, "")
        lines = [line for line in ran.out.splitlines() if "已关账至" in line]
        assert len(lines) == bool(said)
        assert all(said in line and line.startswith("设置!C") for line in lines)
    answer(book, "total", 1100)
    if months == 12:
        assert xlsales("split", book).code == 2  # nothing is open that could take the rest
        return
    assert xlsales("split", book).code == 0
    now = opened(book).time.down("target", r"\d{4}-P?\d\d")
    assert [a == b for a, b in zip(was, now, strict=True)] == [True] * months + [False] * (12 - months)
    if end is None:
        return
    told = xlsales("check", book).out
    assert f"请填 {end}。" in told
    answer(book, "closed_through", end)
    assert "已关账至" not in xlsales("split", book).out
    answer(book, "total", 1200)
    assert xlsales("split", book).code == 0
    assert opened(book).time.down("target", r"\d{4}-P?\d\d")[: months + 1] == now[: months + 1]


def test_the_same_in_english(xlsales: Command, tmp_path: Path) -> None:
    """The sentences, one with months closed and one without."""
    book = plan(tmp_path / "plan.xlsx", lang="en")
    assert xlsales("split", book).code == 0
    for closed, said in (
        (D(2026, 8, 15), "2026-08 is not closed, 2026-01 to 2026-07 are. To close 2026-08 too, enter 2026-08-31."),
        (D(2026, 2, 15), "2026-02 is not closed, only 2026-01 is. To close 2026-02 too, enter 2026-02-28."),
        (D(2026, 1, 15), "2026-01 is not closed, no month is. To close 2026-01 too, enter 2026-01-31."),
        (D(2024, 1, 31), "outside the plan (2026-01-01 to 2026-12-31): no month is closed. Check the year."),
    ):
        answer(book, "closed_through", closed)
        ran = xlsales("split", book)
        assert ran.code == 0
        assert said in ran.out
        assert any(said in sentence for sentence in opened(book).problems)


def test_a_question_that_closes_the_month_ends_the_remark(xlsales: Command, tmp_path: Path) -> None:
    """--close writes the end of the last complete month: then the day is one."""
    sold = [
        ["日期", "区域", "金额"],
        *([D(2026, m, 28), "华东", 10 * WAN] for m in range(1, 8)),
        [D(2026, 9, 3), "华东", 10 * WAN],
    ]
    book = plan(tmp_path / "计划.xlsx", actuals=sold, closed_through=D(2026, 7, 15))
    assert xlsales("split", book).code == 0
    answer(book, "total", 1100)
    assert xlsales("split", book).code == 2
    assert xlsales("split", book, "--close").code == 2  # August has no sales
    ran = xlsales("split", book, "--close", "--yes")
    assert ran.code == 0
    assert re.findall("已关账至.*", ran.out) == ["已关账至 2026-08-31。"]
