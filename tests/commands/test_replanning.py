"""Re-planning through the workbook: what is held is paid by all that is free, in the written sheets as in the core."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Sequence
from pathlib import Path

import fastexcel
import numpy as np
import pytest

from tests.commands.books import (
    WAN,
    Command,
    answer,
    fill_in,
    fill_rows,
    members,
    opened,
    place_of,
    plan,
    type_in,
)
from tests.core.test_replanning import (
    Case,
    attempted,
    beside,
    check_members,
    check_times,
    in_day_steps,
    random_case,
    shaped,
)
from xlsales.core.breakdown import Breakdown, DimensionBreakdown, EarlierTargets, break_down
from xlsales.core.periods import Level, Timeline
from xlsales.core.plan import MICROS, Lock, Plan

pytestmark = pytest.mark.unit

FINER = 10_000  # all steps of random days are whole in these parts of a yuan
BOOKS = int(os.environ.get("XLSALES_RANDOM_BOOKS", "4"))
TOGETHER = 8
"""Dimensions of a workbook, each a random plan beside the company's time: 1,250 workbooks are 10,000 plans."""
MONTH = r"\d{4}-\d\d"
D = dt.date


def months(book: Path, member: str | None = None) -> list[float]:
    """The months of the company, or of a store, in 万."""
    shown = opened(book)
    found = shown.time.down("target", MONTH) if member is None else shown.dimension("门店").along(f"m:{member}", "t:")
    return [round(value / WAN, 1) for value in found]


@pytest.mark.parametrize(
    ("total", "then", "closed", "free"),
    [(1000, 600, D(2026, 4, 30), 33.3), (1000, 1200, D(2026, 4, 30), 108.3), (1200, 1320, D(2026, 8, 31), 130.0)],
)
def test_a_new_total_goes_to_all_open_months(xlsales: Command, tmp_path: Path, total, then, closed, free) -> None:
    """The golden figures: closed months stay, all open ones share the rest alike, and a second run changes nothing."""
    book = plan(tmp_path / "计划.xlsx", total=total)
    assert xlsales("split", book).code == 0
    before = months(book)
    answer(book, "closed_through", closed)
    answer(book, "total", then)
    assert xlsales("split", book).code == 0
    after, n = months(book), closed.month
    assert after[:n] == before[:n]
    assert after[n:] == pytest.approx([free] * (12 - n), abs=0.11)
    held = book.read_bytes()
    assert "没有变化" in xlsales("split", book).out
    assert book.read_bytes() == held


def test_a_locked_month_is_paid_by_the_other_eleven(xlsales: Command, tmp_path: Path) -> None:
    """5月 locked at 200 of 1000 leaves 72.7 for each of the others."""
    locks = [{"period": "2026-05", "amount": 200}]
    book = plan(tmp_path / "计划.xlsx", tables={"xs_locks": locks})
    assert xlsales("split", book).code == 0
    assert months(book) == pytest.approx([*[72.7] * 4, 200, *[72.7] * 7], abs=0.11)


def stores(*rows: tuple[str, str | None, dict[str, object]]) -> list[dict[str, object]]:
    """Rows of the table of members: name, parent, and what else is filled in."""
    return [{"dimension": "门店", "member": name, "parent": parent, **more} for name, parent, more in rows]


def test_a_store_that_opens_and_one_that_closes(xlsales: Command, tmp_path: Path) -> None:
    """A weight is a full year's: the new store has its share from September; the closed one stays in its own time."""
    rows = stores(
        ("甲", None, {"weight": 1}), ("新店", None, {"weight": 1, "opens": D(2026, 9, 1)}),
        ("旧店", None, {"weight": 1, "closes": D(2026, 6, 30)}),
    )  # fmt: skip
    sold = [
        ["日期", "门店", "金额"],
        *([D(2026, m, 28), "旧店", 60 * WAN] for m in range(1, 7)),
        [D(2026, 10, 7), "甲", 1],
    ]
    for clock in ("target_curve", "calendar"):
        book = plan(tmp_path / f"{clock}.xlsx", total=1440, dimensions=rows, actuals=sold, clock=clock)
        assert xlsales("split", book, "--rewrite").code == 0
        assert months(book, "甲") == [60] * 6 + [120] * 2 + [60] * 4
        assert months(book, "新店") == [0] * 8 + [60] * 4
        assert months(book, "旧店") == [60] * 6 + [0] * 6
        assert xlsales("refresh", book).code == 0
        shown = opened(book).dimension("门店")
        assert shown.value("m:旧店", "attainment") == 1
        assert shown.value("m:旧店", "time_progress") == 1
        assert shown.value("m:旧店", "status") == "绿"
        days = 37 / 122 if clock == "calendar" else (60 + 60 * 7 / 31) / 240
        assert shown.value("m:新店", "time_progress") == pytest.approx(days, abs=0.002)


def test_versions_name_added_and_removed_members_first(xlsales: Command, tmp_path: Path) -> None:
    """目标版本 says which member came and which went before it says who shares the rest."""
    book = plan(tmp_path / "计划.xlsx", dimensions=members({"门店": {"甲": 1, "乙": 1, "丙": 2}}))
    assert xlsales("split", book).code == 0
    fill_in(book, "xs_dimensions", 1, member="丁")
    assert xlsales("split", book).code == 0
    shown = opened(book).sheet("versions")
    what, why = shown.down("what", "v:2.*"), shown.down("why", "v:2.*")
    assert list(zip(what, why, strict=True))[1:] == [("门店 乙", "撤销"), ("门店 丁", "新增")]
    assert "撤销 1" in why[0]
    assert "新增 1" in why[0]
    fill_in(book, "xs_dimensions", 2, opens=D(2026, 9, 1))
    assert xlsales("split", book).code == 0
    assert opened(book).sheet("versions").down("why", "v:3:.*") == ["余额重新分摊"] * 3


@pytest.mark.parametrize("closed", [None, D(2026, 4, 30)])
def test_regions_whose_stores_moved_are_told_as_that(xlsales: Command, tmp_path: Path, closed: dt.date | None) -> None:
    """The last store of 东区 moves to 西区: 东区 is not new, and its fall from what it had is in 目标版本."""
    rows = stores(
        ("东区", None, {"weight": 1}), ("西区", None, {"weight": 1}),
        ("甲", "东区", {"weight": 1}), ("乙", "西区", {"weight": 1}), ("丙", None, {"weight": 1}),
    )  # fmt: skip
    book = plan(tmp_path / "计划.xlsx", total=1440, dimensions=rows, closed_through=closed)
    assert xlsales("split", book).code == 0
    fill_in(book, "xs_dimensions", 2, parent="西区")
    fill_in(book, "xs_dimensions", 0, weight=0)
    fill_in(book, "xs_dimensions", 1, weight=2)
    ran = xlsales("split", book)
    assert ran.code == 0, ran.err
    assert "新增" not in ran.out
    assert ("2 个上级的已关账目标随换了上级的成员改动(东区、西区)" in ran.out) is (closed is not None)
    shown = opened(book).sheet("versions")
    told = {
        shown.value(key, "what"): tuple(shown.value(key, c) for c in ("from", "to", "why"))
        for key in shown.rows
        if key.startswith("v:2:")
    }
    assert told == {"门店 东区": (480 * WAN, 0, "成员换上级"), "门店 西区": (480 * WAN, 960 * WAN, "成员换上级")}
    assert shown.down("why", "v:2") == ["2 个成员的目标改变:成员换上级 2"]
    assert months(book, "东区") == [0] * 12
    again = xlsales("split", book)
    assert "目标改动" not in again.out


@pytest.mark.parametrize(("lang", "label"), [("zh", "门店 新街店(原 甲)"), ("en", "门店 新街店 (was 甲)")])
def test_a_store_that_was_renamed_is_told_by_both_names(xlsales: Command, tmp_path: Path, lang, label) -> None:
    """Its old name is an alias: with a new total the version says whose target it was. A name alone is no version."""
    book = plan(tmp_path / "计划.xlsx", total=1200, lang=lang, dimensions=members({"门店": {"甲": 1, "乙": 3}}))
    assert xlsales("split", book).code == 0
    fill_in(book, "xs_dimensions", 0, member="新街店", aliases="甲")
    assert xlsales("split", book).code == 0
    assert not opened(book).sheet("versions").down("what", "v:2.*")
    book = plan(tmp_path / "计划2.xlsx", total=1200, lang=lang, dimensions=members({"门店": {"甲": 1, "乙": 3}}))
    assert xlsales("split", book).code == 0
    fill_in(book, "xs_dimensions", 0, member="新街店", aliases="甲")
    answer(book, "total", 1600)
    assert xlsales("split", book).code == 0
    assert opened(book).sheet("versions").down("what", "v:2:.*") == ["门店 乙", label]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_member_that_is_gone_had_is_counted_among_what_falls(xlsales: Command, tmp_path: Path, lang) -> None:
    """The total stays, so what rises is what falls."""
    book = plan(
        tmp_path / "计划.xlsx", total=1200, lang=lang, dimensions=members({"门店": {"甲": 1, "乙": 1, "丙": 2}})
    )
    assert xlsales("split", book).code == 0
    fill_in(book, "xs_dimensions", 1, member="丁", weight=3)
    ran = xlsales("split", book, "--verbose")
    told = {"zh": "加 600万元、减 600万元", "en": "600 (10k yuan) up, 600 (10k yuan) down"}
    assert told[lang] in ran.out


def test_a_blank_region_is_the_sum_of_its_stores(xlsales: Command, tmp_path: Path) -> None:
    """Weights on stores alone are enough."""
    rows = stores(
        ("东", None, {}), ("西", None, {}), ("独店", None, {"weight": 2}),
        ("东一", "东", {"weight": 3}), ("东二", "东", {"weight": 1}), ("西一", "西", {"weight": 4}),
    )  # fmt: skip
    book = plan(tmp_path / "计划.xlsx", dimensions=rows)
    assert xlsales("split", book).code == 0
    shown = opened(book).dimension("门店")
    assert [shown.value(f"m:{name}", "target") / WAN for name in ("东", "西", "独店", "东一")] == [400, 400, 200, 300]


@pytest.mark.parametrize(
    ("closed", "total", "rows", "locks", "place", "sentence"),
    [
        (D(2026, 9, 30), 700, [], [], "设置!", "已关账 750万元 > 总目标 700万元,差 50万元。"
         "请提高总目标,或把“已关账至”改为 2026-08-31。"),
        (None, 100, [], [{"period": "2026-03", "amount": 60}, {"period": "2026-05", "amount": 45}], "锁定!E6",
         "锁定合计 105万元 > 总目标 100万元,差 5万元。请放开 2026-05 45万元,或提高总目标。"),
        (None, 1000, [("东一", {"locked": 600}), ("西一", {"locked": 500})], [], "维度!G",
         "锁定合计 1100万元 > 总目标 1000万元,差 100万元。请放开 西一 500万元,或提高总目标。"),
        (None, 1200, [], [{"dimension": "门店", "member": "东一", "period": "2026-01", "amount": 80},
                          {"dimension": "门店", "member": "西一", "period": "2026-01", "amount": 40}], "锁定!E6",
         "2026-01 锁定合计 120万元 > 公司目标 100万元,差 20万元。请放开 西一 2026-01 40万元,或提高公司目标。"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_as_what_it_is(
    xlsales: Command, tmp_path: Path, closed, total, rows, locks, place, sentence
) -> None:
    """Locked and closed amounts are told apart, at the lock's row or the member's cell, with the fewest to release."""
    given = dict(rows)
    tree = stores(
        ("东", None, {"weight": 1}), ("西", None, {"weight": 1}),
        *((name, name[0], {"weight": 1, **given.get(name, {})}) for name in ("东一", "东二", "西一", "西二")),
    )  # fmt: skip
    book = plan(tmp_path / "计划.xlsx", total=1000 if closed else total, dimensions=tree, tables={"xs_locks": locks})
    if closed is not None:
        assert xlsales("split", book).code == 0
        answer(book, "closed_through", closed)
        answer(book, "total", total)
    held = book.read_bytes()
    ran = xlsales("split", book)
    assert (ran.code, book.read_bytes() == held) == (2, True)
    assert any(line.strip().startswith(place) and line.endswith(sentence) for line in ran.sentences), ran.err


# --- random plans ---------------------------------------------------------------------------


Sheets = dict[str, tuple[dict[str, int], dict[str, int], list[list[str | None]]]]
"""EarlierTargets sheets by identity: rows and columns by key, and the cells."""


def row_of(case_plan: Plan, at: int, name: str) -> dict[str, object]:
    """A member as a row of the table."""
    keys = ("parent", "weight", "locked", "lower", "upper", "opens", "closes")
    member = case_plan.dimensions[0].members[at]
    return {"dimension": name, "member": member.name, **{key: getattr(member, key) for key in keys}}


def rows_of(plans: Sequence[Plan]) -> list[dict[str, object]]:
    """The members of plans with the same time, each plan a dimension."""
    return [row_of(p, i, f"店{n}") for n, p in enumerate(plans) for i in range(len(p.dimensions[0].members))]


def lock_row(lock: Lock, name: str) -> dict[str, object]:
    """A lock as a row of the table."""
    return {"dimension": name if lock.member else None, "member": lock.member, "period": lock.period,
            "amount": lock.amount / lock.finer}  # fmt: skip


def day_step(case_plan: Plan) -> float | None:
    """The step of a plan's days in yuan, as it is typed."""
    return case_plan.day_micros / MICROS if case_plan.day_micros else None


def written(path: Path, plans: Sequence[Plan]) -> Path:
    """Plans with the same time as a workbook, each a dimension."""
    first = plans[0]
    weights = [{"month": m, "weight": w} for m, w in first.month_weights.items()]
    stretch = {f"stretch_{n + 1}": factor for n, factor in enumerate(first.stretch)}
    return plan(
        path, total=first.total, unit="yuan", step=1, start=first.start, end=first.end, month_method="weights",
        day_method=first.day_method.value, day_step=day_step(first), dimensions=rows_of(plans),
        tables={"xs_month_weights": weights}, **stretch,
    )  # fmt: skip


def change(book: Path, before: Sequence[Plan], after: Sequence[Plan]) -> None:
    """Type what has changed into the workbook."""
    first = after[0]
    answer(book, "total", first.total)
    step = day_step(first)
    type_in(book, *place_of(book, "day_step").split("!"), "" if step is None else step)
    if first.closed_through is not None:
        answer(book, "closed_through", first.closed_through)
    rows = rows_of(after)
    blank = dict.fromkeys(rows[0])
    rows += [blank] * (sum(len(p.dimensions[0].members) for p in before) - len(rows))
    locks = [lock_row(lock, "") for lock in first.locks if lock.member is None]
    locks += [lock_row(lock, f"店{n}") for n, p in enumerate(after) for lock in p.locks if lock.member]
    fill_rows(book, {"xs_dimensions": dict(enumerate(rows)), "xs_locks": dict(enumerate(locks))})


def sheets_of(path: Path) -> Sheets:
    """The written sheets, as calamine reads them: ten times as fast as openpyxl."""
    reader, found = fastexcel.read_excel(path), {}
    for title in reader.sheet_names:
        frame = reader.load_sheet(title, header_row=None, dtypes="string").to_polars()
        cells = [list(row) for row in frame.rows()]
        for r, c in ((r, c) for r, row in enumerate(cells[:12]) for c, value in enumerate(row[:12]) if value):
            if str(cells[r][c]).startswith("xlsales:"):
                rows = {key: at for at in range(len(cells) - 1, r, -1) if (key := cells[at][c])}
                columns = {key: at for at in range(len(cells[r]) - 1, c + 1, -1) if (key := cells[r][at])}
                found[str(cells[r][c])] = rows, columns, cells
    return found


def read(path: Path, plans: Sequence[Plan], line: Timeline) -> list[Breakdown]:
    """What the sheets show, as a breakdown of each dimension."""
    sheets = sheets_of(path)
    rows, columns, cells = sheets["xlsales:time"]
    days = [round(float(cells[rows[day.key]][columns["target"]] or 0) * FINER) for day in line.periods(Level.DAY)]
    found = []
    for n, case_plan in enumerate(plans):
        rows, columns, cells = sheets[f"xlsales:dimension:店{n}"]
        at = [columns[f"t:{month.key}"] for month in line.periods(Level.MONTH)]
        dimension = case_plan.dimensions[0]
        months = [[int(float(cells[rows[f"m:{m.name}"]][c] or 0)) for c in at] for m in dimension.members]
        left = [any(row.startswith("unassigned") for row in rows)] * dimension.depth
        part = DimensionBreakdown(
            dimension, np.array(months), np.zeros(dimension.depth, np.int64), np.array(left, np.int64)
        )
        found.append(Breakdown(case_plan, line, np.array(days), {"店": part}, FINER))
    return found


def splits(case: Case) -> bool:
    """Whether a plan can be split and split again, with nothing unassigned."""
    line, shapes = shaped(case.before)
    kept = EarlierTargets.of(break_down(case.before, line, shapes))
    line, shapes = shaped(case.after)
    found = attempted(case.after, line, shapes, kept if case.after.closed_through else None)
    return isinstance(found, Breakdown) and not found.dimensions["店"].unassigned.any()


def cases_of(seed: int) -> list[Case]:
    """Plans with the same time that can be split, as the core tells; no member goes, for then a person is asked."""
    rng, own = random.Random(1000 + seed), random.Random(f"days {seed}")
    cases: list[Case] = []
    for _ in range(40):
        first = in_day_steps(random_case(rng), own)
        for case in (first, *(beside(first, rng) for _ in range(4 * TOGETHER))):
            before, after = ({m.name for m in p.dimensions[0].members} for p in (case.before, case.after))
            if len(cases) < TOGETHER and before <= after and splits(case):
                cases.append(case)
            elif case is first:
                break
        if len(cases) == TOGETHER:
            return cases
        cases.clear()
    raise AssertionError("no plans of this seed can be split")


@pytest.mark.parametrize("seed", range(BOOKS))
def test_random_plans_through_the_workbook_agree_with_the_reference(
    xlsales: Command, tmp_path: Path, seed: int
) -> None:
    """Plans are split, closed in part, changed in their tables and split again; the sheets agree with the reference."""
    cases = cases_of(seed)
    before, after = [case.before for case in cases], [case.after for case in cases]
    book = written(tmp_path / "计划.xlsx", before)
    assert xlsales("split", book).code < 2
    line, shapes = shaped(after[0])
    past = read(book, before, line)
    change(book, before, after)
    ran = xlsales("split", book)
    assert ran.code < 2, ran.err
    results = read(book, after, line)
    if after[0].closed_through is None:
        past = [None] * len(results)
    check_times(after[0], line, shapes, results[0], past[0])
    for case, was, result in zip(cases, past, results, strict=True):
        assert check_members(case.after, line, shapes, result, was) in ("agrees", "not met")
