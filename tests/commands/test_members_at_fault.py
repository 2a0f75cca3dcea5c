"""What is wrong with members and their locks is told at the cell that is wrong, as what it is; each remedy works."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, answer, fill_in, opened, paste, plan
from tests.commands.test_replanning import months, stores

pytestmark = pytest.mark.unit

D = dt.date
TWO = stores(("甲", None, {"weight": 1}), ("乙", None, {"weight": 1}))
TREE = stores(("东", None, {"weight": 1}), ("西", None, {"weight": 1}),
              ("甲", "东", {"weight": 1}), ("乙", "东", {"weight": 1}), ("丙", "西", {"weight": 1}))  # fmt: skip


def lock(member: str | None, period: str, amount: float) -> dict[str, object]:
    return {"dimension": "门店" if member else None, "member": member, "period": period, "amount": amount}


def pair(first: dict[str, object], second: dict[str, object]) -> list[dict[str, object]]:
    return stores(("甲", None, first), ("乙", None, second))


@pytest.mark.parametrize(
    ("rows", "locks", "place", "sentence"),
    [
        (pair({"weight": 1, "lower": 500, "upper": 300}, {"weight": 1}), [], "维度!H5", "下限 500万元 > 上限 300万元"),
        (pair({"weight": 1}, {"locked": 500, "upper": 300}), [], "维度!I6", "锁定 500万元 高于上限 300万元"),
        (pair({"weight": 1}, {"locked": 500, "lower": 600}), [], "维度!H6", "锁定 500万元 低于下限 600万元"),
        (pair({"weight": 1, "upper": 500}, {"weight": 1, "upper": 600}), [], "维度!I5", "最多 1100万元 < 总目标"),
        (pair({"locked": 500}, {"weight": 1, "upper": 600}), [], "维度!I6", "最多 1100万元 < 总目标"),
        (pair({"weight": 0}, {"weight": 0}), [], "维度!F5", "权重全为零"),
        (pair({"locked": 10}, {"weight": 0}), [], "维度!F6", "权重全为零"),
        (pair({"weight": 1, "opens": D(2026, 5, 1), "closes": D(2026, 3, 1)}, {"weight": 1}), [], "维度!M5", "早于"),
        (stores(("甲", "东", {"weight": 1}), ("乙", None, {"weight": 1})), [], "维度!D5", "上级“东”不在"),
        (stores(("甲", "乙", {"weight": 1}), ("乙", "甲", {"weight": 1})), [], "维度!D5", "是自己的上级"),
        (pair({"weight": 1}, {"weight": 1, "aliases": "甲"}), [], "维度!K6", "出现了两次"),
        (stores(("甲", None, {"weight": 1}), ("甲", None, {"weight": 1})), [], "维度!C6", "出现了两次"),
        (pair({"weight": 1, "lower": 500, "opens": D(2027, 1, 1)}, {"weight": 1}), [], "维度!H5",
         "“甲”在 2026-01 ~ 2026-12 不营业(开业日 2027-01-01,闭店日 –),却有下限 500万元"),
        (pair({"weight": 1, "upper": 100}, {"weight": 1}), [lock("乙", f"2026-0{m}", 20) for m in range(1, 10)],
         "维度!I5", "只在:甲,只能容纳 100万元"),
    ],
)  # fmt: skip
def test_the_cell_that_is_wrong(xlsales: Command, tmp_path: Path, rows, locks, place: str, sentence: str) -> None:
    """A bound, a weight, a date, a parent or an alias is pointed at, not the member's name."""
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=rows, tables={"xs_locks": locks})
    ran = xlsales("split", book)
    assert ran.code == 2
    assert any(line.startswith(f"{place}: ") and sentence in line for line in ran.sentences), ran.err


@pytest.mark.parametrize(
    ("rows", "locks", "said", "more", "expected"),
    [
        (TWO, [lock("甲", "2026-01", 20), lock("乙", "2026-01", 20)],
         "2026-01 成员锁定合计 40万元 < 公司目标 100万元,差 60万元,没有别的成员可以承担。"
         "请提高或放开其中一个,或在“锁定”表把公司的 2026-01 锁定为 40万元。",
         [lock(None, "2026-01", 40)], {"甲": 20, "乙": 20}),
        (TWO, [lock("甲", "2026Q1", 30), lock("乙", "2026Q1", 30)],
         "2026-01、2026-02、2026-03 成员锁定合计 60万元 < 公司目标 300万元,差 240万元",
         [lock(None, f"2026-0{m}", 20) for m in (1, 2, 3)], {"甲": 10, "乙": 10}),
        (pair({"weight": 1, "opens": D(2026, 3, 1)}, {"weight": 1}), [lock("乙", "2026-01", 20)],
         "2026-01 成员锁定合计 20万元 < 公司目标 100万元", [lock(None, "2026-01", 20)], {"甲": 0, "乙": 20}),
        (pair({"weight": 0}, {"weight": 1}), [lock("乙", "2026-01", 20)],
         "2026-01 成员锁定合计 20万元 < 公司目标 100万元", [lock(None, "2026-01", 20)], {"甲": 0, "乙": 20}),
        (TREE, [lock("东", "2026-01", 60), lock("甲", "2026-01", 20), lock("乙", "2026-01", 20)],
         "2026-01 成员锁定合计 40万元 < “东”的目标 60万元,差 20万元,没有别的成员可以承担。"
         "请提高或放开其中一个,或在“锁定”表把“东”的 2026-01 锁定为 40万元。",
         [lock("东", "2026-01", 40)], {"甲": 20, "乙": 20, "丙": 60}),
        (TREE, [lock(name, "2026-01", 20) for name in "甲乙丙"],
         "2026-01 成员锁定合计 60万元 < 公司目标 100万元", [lock(None, "2026-01", 60)], {"东": 40, "西": 20}),
    ],
)  # fmt: skip
def test_locks_that_leave_a_month_short(xlsales: Command, tmp_path: Path, rows, locks, said, more, expected) -> None:
    """All that could take a month is locked below it: told with the amounts, and locking the whole there works."""
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=rows, tables={"xs_locks": locks})
    ran = xlsales("split", book)
    assert ran.code == 2
    (sentence,) = ran.sentences
    assert sentence.startswith("锁定!E")
    assert said in sentence
    own = [one for one in more if one["member"]]  # a lock of the same member and month is changed, another added
    at = 0 if own else len(locks)
    for i, one in enumerate(more):
        fill_in(book, "xs_locks", at + i, **one)  # type: ignore[arg-type]
    assert xlsales("split", book).code == 0
    for name, amount in expected.items():
        assert months(book, name)[0] == amount, name
    assert sum(months(book)) == pytest.approx(1200)


@pytest.mark.parametrize("way", ["weight", "date", "lock"])
def test_an_open_member_of_weight_0_is_no_shut_one(xlsales: Command, tmp_path: Path, way: str) -> None:
    """甲 is open, with a weight of 0: that is what is said, and each of the three ways out works."""
    book = plan(
        tmp_path / "计划.xlsx", total=1200, dimensions=pair({"weight": 0}, {"weight": 1, "opens": D(2026, 3, 1)})
    )
    ran = xlsales("split", book)
    assert (ran.code, ran.sentences) == (2, [
        "维度!F5: 维度“门店”在 2026-01、2026-02 营业的成员(甲)权重都是 0,而公司有目标 200万元。"
        "请给其中一个填权重,或改别的成员的开业日或闭店日,"
        "或在“锁定”表把公司的这些月份锁定为 0(维度、成员留空)。"
    ])  # fmt: skip
    if way == "weight":
        fill_in(book, "xs_dimensions", 0, weight=1)
    elif way == "date":
        fill_in(book, "xs_dimensions", 1, opens=None)
    for i in range(2 if way == "lock" else 0):
        fill_in(book, "xs_locks", i, **lock(None, f"2026-0{i + 1}", 0))  # type: ignore[arg-type]
    assert xlsales("split", book).code == 0
    expected = {"weight": [100, 100, 50], "date": [0, 0, 0], "lock": [0, 0, 0]}[way]
    assert months(book, "甲")[:3] == expected


def test_months_without_an_open_member_are_told_together(xlsales: Command, tmp_path: Path) -> None:
    """July to September: one sentence, at the date; so many locks of 0 and it splits."""
    rows = pair({"weight": 1, "closes": D(2026, 6, 30)}, {"weight": 1, "opens": D(2026, 10, 1)})
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=rows)
    ran = xlsales("split", book)
    assert ran.code == 2
    (sentence,) = ran.sentences
    assert sentence.startswith(
        "维度!M5: 维度“门店”在 2026-07、2026-08、2026-09 没有营业中的成员,而公司有目标 300万元。"
    )
    for i in range(3):
        fill_in(book, "xs_locks", i, **lock(None, f"2026-0{i + 7}", 0))  # type: ignore[arg-type]
    assert xlsales("split", book).code == 0
    assert months(book) == pytest.approx([133.3] * 6 + [0] * 3 + [133.3] * 3, abs=0.11)


@pytest.mark.parametrize("way", ["below", "own"])
def test_a_parent_below_which_nobody_weighs(xlsales: Command, tmp_path: Path, way: str) -> None:
    """东 has a weight and gets 0 since its stores have none: that is said, not that the step is too large."""
    rows = stores(("东", None, {"weight": 1}), ("西", None, {"weight": 1}),
                  ("甲", "东", {"weight": 0}), ("乙", "东", {"weight": 0}), ("丙", "西", {"weight": 1}))  # fmt: skip
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=rows)
    ran = xlsales("split", book)
    assert ran.code == 1
    assert "维度!F7: “门店”的 东 有权重却分到 0:它下面的成员权重都是 0" in ran.out
    assert "步长" not in ran.out
    fill_in(book, "xs_dimensions", 2 if way == "below" else 0, weight=1 if way == "below" else 0)
    assert xlsales("split", book).code == 0
    assert months(book, "甲")[0] == (50 if way == "below" else 0)


@pytest.mark.parametrize(
    ("closed", "locks", "said", "remedy"),
    [
        (D(2026, 12, 31), [],
         "已关账 1200万元 < 总目标 1300万元,差 100万元。请改总目标,或把“已关账至”改为 2026-11-30。",
         D(2026, 11, 30)),
        (D(2026, 6, 30), [lock(None, f"2026-{m:02d}", 100) for m in range(7, 13)],
         "锁定合计 600万元 + 已关账 600万元 < 总目标 1300万元,差 100万元。"
         "请改总目标,或放开一个锁定,或把“已关账至”改为 2026-05-31。", D(2026, 5, 31)),
        (None, [lock(None, f"2026-{m:02d}", 100) for m in range(1, 13)],
         "锁定合计 1200万元 < 总目标 1300万元,差 100万元。请改总目标,或放开一个锁定。", None),
    ],
)  # fmt: skip
def test_a_plan_that_is_all_held(xlsales: Command, tmp_path: Path, closed, locks, said: str, remedy) -> None:
    """Nothing is free for a higher total: closed and locked are told apart, and reopening or releasing works."""
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=TWO)
    assert xlsales("split", book).code == 0
    for i, one in enumerate(locks):
        fill_in(book, "xs_locks", i, **one)
    if closed:
        answer(book, "closed_through", closed)
    assert xlsales("split", book).code == 0
    answer(book, "total", 1300)
    ran = xlsales("split", book)
    assert ran.code == 2
    assert said in ran.err
    if remedy:
        answer(book, "closed_through", remedy)
        fixed = remedy.month
    else:
        fill_in(book, "xs_locks", 3, **dict.fromkeys(("dimension", "member", "period", "amount")))
        fixed = 3
    assert xlsales("split", book).code == 0
    assert months(book)[fixed] == 200


# --- members that move or merge under a stretch ------------------------------------------------

MOVERS = (("东", None, {}), ("西", None, {}), ("甲", "东", {"weight": 1}), ("乙", "东", {"weight": 1}),
          ("丙", "西", {"weight": 1}), ("丁", "西", {"weight": 1}))  # fmt: skip
STRETCHES = [{}, {"stretch_2": 1.1}, {"stretch_1": 1.05, "stretch_2": 1.1}]


@pytest.fixture
def closed_plan(xlsales: Command, tmp_path: Path, stretch: dict[str, float]) -> Path:
    """Two regions of two stores each, split and closed through April."""
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=stores(*MOVERS), **stretch)
    assert xlsales("split", book).code == 0
    answer(book, "closed_through", D(2026, 4, 30))
    assert xlsales("split", book).code == 0
    return book


def order(book: Path) -> list[str]:
    rows = opened(book).dimension("门店").rows
    return [row.removeprefix("m:") for row in sorted(rows, key=rows.__getitem__) if row.startswith("m:")]


def regions_close(book: Path, factor: float) -> None:
    """Each region's closed months are those of its stores, over the stretch."""
    shown = opened(book).dimension("门店")
    assert set(shown.down("target", "proof.*")) == {0}
    below = {"东": [], "西": []}
    for name in order(book):
        if name in below:
            own = below[name]
        else:
            own.append(name)
    for region, names in below.items():
        if region in order(book):
            sums = [sum(months(book, name)[i] for name in names) for i in range(12)]
            assert sums == pytest.approx([factor * m for m in months(book, region)], abs=0.35)


@pytest.mark.parametrize("stretch", STRETCHES, ids=str)
def test_a_store_that_moves_has_its_row_below_the_new_region(xlsales: Command, closed_plan: Path, stretch) -> None:
    """乙 goes to 西: its row too, its closed targets as they were; a second run changes nothing."""
    was = months(closed_plan, "乙")[:4]
    fill_in(closed_plan, "xs_dimensions", 3, parent="西")
    assert xlsales("split", closed_plan).code == 0
    assert order(closed_plan) == ["东", "甲", "西", "乙", "丙", "丁"]
    assert months(closed_plan, "乙")[:4] == was
    regions_close(closed_plan, stretch.get("stretch_2", 1))
    assert "没有变化" in xlsales("split", closed_plan).out


@pytest.mark.parametrize("stretch", STRETCHES, ids=str)
@pytest.mark.parametrize("region", ["stays", "is deleted", "has a weight of 0", "is an alias"])
def test_stores_that_merge_into_another_region(xlsales: Command, closed_plan: Path, stretch, region: str) -> None:
    """What they had closed goes to the store that took them over; their former region keeps only what is still below.

    With its last store it keeps nothing, whether it is deleted, stays with a weight of 0, or is an alias of the other.
    """
    had = {name: months(closed_plan, name)[:4] for name in "甲乙丙丁"}
    merged = "甲" if region == "stays" else "甲、乙"
    for i in range(2, 3 if region == "stays" else 4):
        fill_in(closed_plan, "xs_dimensions", i, dimension=None, member=None, parent=None, weight=None)
    fill_in(closed_plan, "xs_dimensions", 4, aliases=merged, weight=1 + len(merged.split("、")))
    if region in ("is deleted", "is an alias"):
        fill_in(closed_plan, "xs_dimensions", 0, dimension=None, member=None)
    if region == "is an alias":
        fill_in(closed_plan, "xs_dimensions", 1, aliases="东")
    if region == "has a weight of 0":
        fill_in(closed_plan, "xs_dimensions", 0, weight=0)
    ran = xlsales("split", closed_plan)
    assert (ran.code, ran.err) == (0, "")
    taken = [had["丙"], *(had[name] for name in merged.split("、"))]
    assert months(closed_plan, "丙")[:4] == pytest.approx([sum(each) for each in zip(*taken, strict=True)])
    assert months(closed_plan, "丁")[:4] == had["丁"]
    regions_close(closed_plan, stretch.get("stretch_2", 1))
    if region == "has a weight of 0":
        assert months(closed_plan, "东") == [0] * 12
    assert not [row for row in opened(closed_plan).dimension("门店").rows if row.startswith("unassigned")]
    held = closed_plan.read_bytes()
    assert "没有变化" in xlsales("split", closed_plan).out
    assert closed_plan.read_bytes() == held


@pytest.mark.parametrize("stretch", STRETCHES, ids=str)
def test_a_region_planned_without_its_stores_any_more(xlsales: Command, closed_plan: Path, stretch) -> None:
    """The stores of 东 are its aliases now: it has what they had closed, once."""
    had = [sum(each) for each in zip(months(closed_plan, "甲")[:4], months(closed_plan, "乙")[:4], strict=True)]
    for i in (2, 3):
        fill_in(closed_plan, "xs_dimensions", i, dimension=None, member=None, parent=None, weight=None)
    fill_in(closed_plan, "xs_dimensions", 0, aliases="甲、乙", weight=2)
    assert xlsales("split", closed_plan).code == 0
    assert months(closed_plan, "东")[:4] == pytest.approx(had)
    assert "没有变化" in xlsales("split", closed_plan).out


@pytest.mark.parametrize("stretch", STRETCHES[:2], ids=str)
def test_refresh_before_that_split_says_what_to_do(xlsales: Command, closed_plan: Path, stretch) -> None:
    """A region that lost its last store shows no target of its own before it is split anew."""
    for i in (2, 3):
        fill_in(closed_plan, "xs_dimensions", i, dimension=None, member=None, parent=None, weight=None)
    fill_in(closed_plan, "xs_dimensions", 4, aliases="甲、乙", weight=3)
    fill_in(closed_plan, "xs_dimensions", 0, weight=0)
    paste(closed_plan, [["日期", "门店", "金额"], [D(2026, 1, 5), "丙", 10 * WAN]])
    ran = xlsales("refresh", closed_plan)
    assert ran.code == 2
    assert "“东”不在这张表里" in ran.err
    assert "请重新运行“分解目标”" in ran.err
    assert xlsales("split", closed_plan, "--rewrite").code == 0
    assert xlsales("refresh", closed_plan).code == 0
