"""Rows that several members share: how names and shares are read, and that every amount is counted once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from tests.tables.tables import dimension, read, write
from xlsales.core.plan import MICROS, Dimension
from xlsales.plan.achieved import roll_up
from xlsales.tables import reasons
from xlsales.tables.rows.shared import (
    SharedCredit,
    SharedUnknown,
    ShareMissing,
    SharesNotWhole,
    portions,
)
from xlsales.tables.sums import by_member_period

pytestmark = pytest.mark.unit
TREE = {"一队": {"张三": {}, "李四": {}, "王 五": {}}, "二队": {"赵六": {}, "甲/乙": {}, "钱7": {}}}
PEOPLE = dimension("人员", TREE, {"赵六": ("老赵",)})
TEAM = dimension("团队", ["一队", "二队"])
DAY = dt.date(2026, 3, 5)


def sums(records: object, of: Dimension = PEOPLE) -> dict[str, float]:
    """What each member sold, parents too, in yuan; those that sold nothing are left out."""
    own = by_member_period(records, of.name, len(of.members), DAY, np.zeros(1, np.int64), 1)  # type: ignore[arg-type]
    total = roll_up(of, own)[:, 0]
    return {member.name: amount / MICROS for member, amount in zip(of.members, total.tolist(), strict=True) if amount}


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("张三/李四", {"张三": 50.01, "李四": 50.0}),
        ("张三、李四", {"张三": 50.01, "李四": 50.0}),
        ("张三;李四", {"张三": 50.01, "李四": 50.0}),
        ("张三 & 李四", {"张三": 50.01, "李四": 50.0}),
        ("张三\n李四", {"张三": 50.01, "李四": 50.0}),
        ("张三和李四", {"张三": 50.01, "李四": 50.0}),
        ("张三 李四", {"张三": 50.01, "李四": 50.0}),
        ("张三／李四", {"张三": 50.01, "李四": 50.0}),
        ("张三 60％，李四 40％", {"张三": 60.01, "李四": 40.0}),
        ("王 五 and 李四", {"王 五": 50.01, "李四": 50.0}),
        ("李四/张三", {"李四": 50.01, "张三": 50.0}),
        ("张三/李四/王五", {"张三": 33.34, "李四": 33.34, "王 五": 33.33}),
        ("张三60%李四40%", {"张三": 60.01, "李四": 40.0}),
        ("张三 60 李四 40", {"张三": 60.01, "李四": 40.0}),
        ("张三 60% / 李四 40%", {"张三": 60.01, "李四": 40.0}),
        ("张三(60%)、李四(40%)", {"张三": 60.01, "李四": 40.0}),
        ("张三:60%,李四:40%", {"张三": 60.01, "李四": 40.0}),
        ("张三6成李四4成", {"张三": 60.01, "李四": 40.0}),
        ("张三0.6李四0.4", {"张三": 60.01, "李四": 40.0}),
        ("张三/李四(6:4)", {"张三": 60.01, "李四": 40.0}),
        ("张三/李四 60/40", {"张三": 60.01, "李四": 40.0}),
        ("张三/李四 1:3", {"张三": 25.0, "李四": 75.01}),
        ("张三33.3%李四33.3%王五33.4%", {"张三": 33.3, "李四": 33.3, "王 五": 33.41}),
        ("张三0%李四100%", {"李四": 100.01}),
        ("张三/张三", {"张三": 100.01}),
        ("老赵/张三", {"赵六": 50.01, "张三": 50.0}),
        ("甲/乙", {"甲/乙": 100.01}),  # a member's own name
        ("甲/乙/张三", {"甲/乙": 50.01, "张三": 50.0}),
        ("甲/乙 50% 张三 50%", {"甲/乙": 50.01, "张三": 50.0}),
        ("钱7/张三", {"钱7": 50.01, "张三": 50.0}),
    ],
)
def test_names_and_shares(tmp_path: Path, text: str, shares: dict[str, float]) -> None:
    """100.01 to the cent; the row counts once, and teams have what their persons have."""
    records = read(write(tmp_path / "a.xlsx", [["日期", "人员", "金额"], [DAY, text, 100.01]]), PEOPLE)
    sold = sums(records)
    assert {name: amount for name, amount in sold.items() if name not in TREE} == shares
    assert round(sold.get("一队", 0) + sold.get("二队", 0), 2) == 100.01
    assert (records.rows_found, records.rows_accepted) == (1, 1)


@pytest.mark.parametrize(
    ("text", "kind", "zh", "en"),
    [
        ("张三/小明", SharedUnknown, "其中“小明”不是维度表里最末级的成员", "'小明' is no lowest-level member"),
        ("张三/二队", SharedUnknown, "其中“二队”不是维度表里最末级的成员", "'二队' is no lowest-level member"),
        ("张三60%小明40%", SharedUnknown, "其中“小明”不是", "'小明' is no"),
        ("张三60%李四50%", SharesNotWhole, "的比例合计是 110%,不是 100%", "add up to 110%, not 100%"),
        ("张三 6 李四 3", SharesNotWhole, "的比例合计是 9,不是 10", "add up to 9, not 10"),
        ("张三0%李四0%", SharesNotWhole, "的比例合计是 0%,不是 100%", "add up to 0%, not 100%"),
        ("张三60%/李四", ShareMissing, "有的名字写了比例,有的没有", "some names have a share and some have none"),
        ("小明/小红", reasons.MemberUnknown, "不在维度表里", "is not in the dimension table"),
        ("张三 离职", reasons.MemberMisspelt, "是不是“张三”", "Is it '张三'"),
        ("/", reasons.KeyBlank, "没有填人员", "The 人员 is blank"),
        ("张三/" * 9_000, reasons.MemberUnknown, "不在维度表里", "is not in the dimension table"),
    ],
)
def test_a_row_that_cannot_be_split_is_set_aside(
    tmp_path: Path, text: str, kind: type[reasons.Counted], zh: str, en: str
) -> None:
    """It alone, with one sentence."""
    rows = [["日期", "人员", "金额"], [DAY, text, 100], [DAY, "李四", 7]]
    records = read(write(tmp_path / "a.xlsx", rows), PEOPLE)
    (problem,) = records.problems
    assert (problem.set_aside, problem.amount_micros) == (True, 100 * MICROS)
    assert isinstance(problem.fault, kind)
    assert zh in problem.fault.say("zh")
    assert en in problem.fault.say("en")
    assert sums(records) == {"一队": 7, "李四": 7}


def test_it_is_told_once_with_the_number_of_rows(tmp_path: Path) -> None:
    rows = [["日期", "人员", "金额"], *([DAY, text, 10] for text in ("张三/李四", "张三、赵六", "李四")), [DAY, "", 5]]
    records = read(write(tmp_path / "a.xlsx", rows), PEOPLE)
    (told,) = [problem for problem in records.problems if isinstance(problem.fault, SharedCredit)]
    assert (told.count, told.set_aside, told.fault.remark) == (2, False, True)
    assert "2 行的人员写了几个名字(如“张三/李四”)" in told.fault.say("zh")
    assert "2 rows with several names as 人员 (such as '张三/李四')" in told.fault.say("en")


def test_each_parent_has_the_part_of_its_person(tmp_path: Path) -> None:
    """In the tree of persons, and in the column of teams that rows leave blank."""
    rows = [["日期", "团队", "人员", "金额"], [DAY, "", "张三/赵六", 100], [DAY, "二队", "赵六", 1]]
    records = read(write(tmp_path / "a.xlsx", rows), PEOPLE, TEAM)
    assert sums(records) == {"一队": 50, "张三": 50, "二队": 51, "赵六": 51}
    assert sums(records, TEAM) == {"一队": 50, "二队": 51}


def test_two_columns_may_each_be_shared(tmp_path: Path) -> None:
    channel = dimension("渠道", ["线上", "线下"])
    rows = [["日期", "渠道", "人员", "金额"], [DAY, "线上/线下", "张三60%李四40%", 100]]
    records = read(write(tmp_path / "a.xlsx", rows), PEOPLE, channel)
    assert sums(records) == {"一队": 100, "张三": 60, "李四": 40}
    assert sums(records, channel) == {"线上": 50, "线下": 50}
    assert records.rows_accepted == 1


def test_a_wide_table_is_split_cell_by_cell(tmp_path: Path) -> None:
    rows = [["人员", "2026年1月", "2026年2月"], ["张三/李四", 100, 60], ["赵六", 5, 5]]
    records = read(write(tmp_path / "a.xlsx", rows), PEOPLE)
    assert (records.rows_accepted, int(records.micros.sum())) == (4, 170 * MICROS)
    assert sorted(records.codes["人员"].tolist()) == [1, 1, 2, 2, 5, 5]


def test_rows_are_numbered_by_their_own_row(tmp_path: Path) -> None:
    rows = [["日期", "人员", "金额"], [DAY, "李四", 1], [DAY, "张三/李四/赵六", 9], [DAY, "张三", 1]]
    records = read(write(tmp_path / "a.xlsx", rows), PEOPLE, numbered=True)
    assert records.row_numbers is not None
    assert records.row_numbers.tolist() == [2, 3, 3, 3, 4]


@pytest.mark.parametrize("seed", range(20))
def test_portions_add_up(seed: int) -> None:
    """Any amount among any shares: the sum stays, a return mirrors the sale, each portion is within a cent."""
    rng = np.random.default_rng(seed)
    for _ in range(50):
        shares = rng.integers(0, 10_000, rng.integers(1, 7)).tolist()
        shares[0] += 1
        micros = int(rng.choice([1, 100, 10_000])) * int(rng.integers(-(10**9), 10**9))
        parts = portions(micros, shares)
        assert sum(parts) == micros
        assert portions(-micros, shares) == [-part for part in parts]
        exact = [micros * share / sum(shares) for share in shares]
        assert all(abs(part - own) < 20_000 for part, own in zip(parts, exact, strict=True))


@pytest.mark.parametrize("seed", range(8))
def test_conservation_of_random_tables(tmp_path: Path, seed: int) -> None:
    """Good rows, bad rows and totals, shared or not: `read` checks that found is accepted, set aside and totals."""
    rng = np.random.default_rng(seed)
    texts = [
        "张三",
        "赵六",
        "张三/李四",
        "张三60%赵六40%",
        "甲/乙/钱7",
        "张三/小明",
        "李四70%王五20%",
        "小明",
        "",
        "合计",
    ]
    rows = [[DAY, str(rng.choice(texts)), round(float(rng.normal(50, 80)), 2)] for _ in range(60)]
    records = read(write(tmp_path / "a.xlsx", [["日期", "人员", "金额"], *rows]), PEOPLE)
    assert round(sum(sums(records).get(team, 0) for team in TREE), 2) == round(records.accepted_micros / MICROS, 2)
