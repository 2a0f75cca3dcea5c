"""Members that change their names, merge or leave: what is closed stays with who carries it, or the run says so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, fill_in, members, opened, plan
from tests.commands.test_changes import AUGUST, months, sales

pytestmark = pytest.mark.unit

STORES = {"徐汇店": 3, "静安店": 2, "浦东店": 1}


@pytest.fixture
def book(xlsales: Command, tmp_path: Path) -> Path:
    """Three stores, 10万 per unit of weight and month, closed through August and refreshed."""
    path = tmp_path / "计划.xlsx"
    plan(path, total=720, dimensions=members({"门店": STORES}), actuals=sales(8), closed_through=AUGUST)
    assert xlsales("split", path).code == 0
    assert xlsales("refresh", path).code == 0
    return path


def all_months(book: Path, names: Mapping[str, object] = STORES) -> dict[str, list[float]]:
    return {name: months(book, name) for name in names}


@pytest.mark.parametrize("former", ["静安店", "静 安 店", "旧名、静安店", "静安店;旧名"])
@pytest.mark.parametrize("first", ["split", "refresh"])
def test_a_store_with_a_new_name(xlsales: Command, book: Path, first: str, former: str) -> None:
    """Its old name under 别名: its targets, closed ones too, and its sales go on; nobody else's target moves."""
    was = all_months(book)
    fill_in(book, "xs_dimensions", 1, member="静安寺店", aliases=former)
    for command in (first, "refresh", "split", "split"):
        ran = xlsales(command, book)
        assert (ran.code, ran.err) == (0, "")
        assert "目标改动" not in ran.out
        now = all_months(book, {"徐汇店": 3, "静安寺店": 2, "浦东店": 1})
        assert now == {"徐汇店": was["徐汇店"], "静安寺店": was["静安店"], "浦东店": was["浦东店"]}
        shown = opened(book).dimension("门店")
        assert not [row for row in shown.rows if row.startswith("unassigned")]
        assert set(shown.down("target", "proof.*")) == {0}
        assert shown.value("m:静安寺店", "actual") == 150 * WAN


def test_two_stores_that_merge(xlsales: Command, book: Path) -> None:
    """静安店 goes into 徐汇店, which carries its closed targets and its sales; the open months are shared anew."""
    was = all_months(book)
    fill_in(book, "xs_dimensions", 0, aliases="静安店", weight=5)
    fill_in(book, "xs_dimensions", 1, dimension=None, member=None, weight=None)
    assert xlsales("refresh", book).code == 0
    assert months(book, "徐汇店") == [a + b for a, b in zip(was["徐汇店"], was["静安店"], strict=True)]
    assert xlsales("split", book).code == 0
    assert months(book, "徐汇店") == [50] * 12
    assert months(book, "浦东店") == [10] * 12


def test_a_store_that_vanishes(xlsales: Command, book: Path) -> None:
    """A row deleted with closed targets: split, refresh and check name it with its amount, and write nothing."""
    fill_in(book, "xs_dimensions", 1, dimension=None, member=None, weight=None)
    before = book.read_bytes()
    for command, amount in (("split", "160万元"), ("check", "160万元"), ("refresh", "240万元")):
        ran = xlsales(command, book)
        assert (ran.code, book.read_bytes() == before) == (2, True)
        (sentence,) = ran.sentences
        assert "“静安店”" in sentence
        assert amount in sentence
        assert "别名" in sentence
        assert "都已锁定" not in sentence


@pytest.mark.parametrize("way", ["alias", "date", "lock"])
def test_the_ways_out(xlsales: Command, book: Path, way: str) -> None:
    """As the sentence says: an alias of the successor, or the row back, shut after what is closed or locked at it."""
    was = all_months(book)
    fill_in(book, "xs_dimensions", 1, dimension=None, member=None, weight=None)
    said = xlsales("split", book).err
    if way == "alias":
        fill_in(book, "xs_dimensions", 0, aliases="静安店")
        assert xlsales("split", book).code == 0
        assert months(book, "徐汇店")[:8] == [50] * 8
        assert sum(months(book, "徐汇店")) + sum(months(book, "浦东店")) == pytest.approx(720)
    elif way == "date":
        day = re.search(r"“权重”照旧,“闭店日”填 ([\d-]+),", said)
        assert day
        closes = dt.date.fromisoformat(day[1])
        assert closes == AUGUST
        fill_in(book, "xs_dimensions", 1, dimension="门店", member="静安店", weight=STORES["静安店"], closes=closes)
        assert xlsales("split", book).code == 0
        assert months(book, "静安店") == [20] * 8 + [0] * 4
        assert months(book, "徐汇店") == [*was["徐汇店"][:8], *[45] * 4]
        assert months(book, "浦东店") == [*was["浦东店"][:8], *[15] * 4]
    else:
        number = re.search(r"“锁定目标”填 ([\d.]+)。", said)
        assert number
        fill_in(book, "xs_dimensions", 1, dimension="门店", member="静安店", locked=float(number[1]))
        assert xlsales("split", book).code == 0
        assert months(book, "静安店") == [20] * 8 + [0] * 4
        now = all_months(book)
        assert [now["徐汇店"][:8], now["浦东店"][:8]] == [was["徐汇店"][:8], was["浦东店"][:8]]
        assert sum(map(sum, now.values())) == pytest.approx(720)
    assert xlsales("refresh", book).code == 0


def test_a_renamed_store_in_an_open_year(xlsales: Command, tmp_path: Path) -> None:
    """Nothing closed: a member may go; its target is shared, and months with actuals are asked about first."""
    path = plan(tmp_path / "计划.xlsx", total=720, dimensions=members({"门店": STORES}), actuals=sales(8))
    assert xlsales("split", path).code == 0
    fill_in(path, "xs_dimensions", 1, dimension=None, member=None, weight=None)
    refused = xlsales("refresh", path)
    assert refused.code == 2
    assert "“静安店”" in refused.err
    assert "分解目标" in refused.err
    assert "的实际已经完整" in xlsales("split", path).err
    ran = xlsales("split", path, "--rewrite")
    assert "不再有 1 个(静安店)" in ran.out
    assert sum(map(sum, all_months(path, {"徐汇店": 3, "浦东店": 1}).values())) == pytest.approx(720)


def test_many_that_vanish(xlsales: Command, tmp_path: Path) -> None:
    """Twenty stores renamed at once: the largest five by name, the others in one sentence with their sum."""
    stores = {f"店{i:02}": i for i in range(1, 21)}
    path = tmp_path / "计划.xlsx"
    plan(path, total=2100, dimensions=members({"门店": stores}), closed_through=dt.date(2026, 6, 30))
    assert xlsales("split", path).code == 0
    for i in range(20):
        fill_in(path, "xs_dimensions", i, member=f"新店{i:02}")
    ran = xlsales("split", path)
    assert (ran.code, len(ran.sentences)) == (2, 6)
    assert "店20" in ran.sentences[0]
    assert "另有 15 个成员" in ran.sentences[-1]
    assert "600万元" in ran.sentences[-1]
    for i in range(20):
        fill_in(path, "xs_dimensions", i, aliases=f"店{i + 1:02}")
    done = xlsales("split", path)
    assert (done.code, "目标改动" in done.out) == (0, False)


def test_all_locked_is_said_only_where_it_is_so(xlsales: Command, tmp_path: Path) -> None:
    """All stores locked below the total: the amount that nobody has, and the two remedies."""
    rows = [{"dimension": "门店", "member": name, "locked": 100} for name in STORES]
    path = plan(tmp_path / "计划.xlsx", total=720, dimensions=rows)
    ran = xlsales("split", path)
    assert ran.code == 1
    assert "“门店”的成员都已锁定,还有 420万元 没有分配" in ran.out
    fill_in(path, "xs_dimensions", 0, locked=520)
    assert xlsales("split", path).code == 0


def test_a_region_with_its_stores(xlsales: Command, tmp_path: Path) -> None:
    """A region is renamed together with a store of it, both by aliases, over three levels of months."""
    rows: list[dict[str, object]] = [
        {"dimension": "门店", "member": "华东", "weight": 2},
        {"dimension": "门店", "member": "华北", "weight": 1},
        {"dimension": "门店", "member": "甲", "parent": "华东", "weight": 1},
        {"dimension": "门店", "member": "乙", "parent": "华东", "weight": 3},
        {"dimension": "门店", "member": "丙", "parent": "华北", "weight": 1},
    ]
    path = tmp_path / "计划.xlsx"
    plan(path, total=720, dimensions=rows, closed_through=AUGUST)
    assert xlsales("split", path).code == 0
    was = all_months(path, dict.fromkeys(("华东", "甲")))
    fill_in(path, "xs_dimensions", 0, member="东区", aliases="华东")
    fill_in(path, "xs_dimensions", 2, member="甲一", parent="东区", aliases="甲")
    fill_in(path, "xs_dimensions", 3, parent="东区")
    assert xlsales("split", path).code == 0
    assert all_months(path, dict.fromkeys(("东区", "甲一"))) == {"东区": was["华东"], "甲一": was["甲"]}


def test_in_english(xlsales: Command, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    plan(path, lang="en", total=720, dimensions=members({"Store": {"A": 1, "B": 1}}), closed_through=AUGUST)
    assert xlsales("split", path).code == 0
    fill_in(path, "xs_dimensions", 1, dimension=None, member=None, weight=None)
    assert '"B" of "Store" is no longer in the table of members' in xlsales("split", path).err
    fill_in(path, "xs_dimensions", 0, aliases="B")
    assert xlsales("split", path).code == 0


def tree(*rows: tuple[str, str | None, float | None]) -> list[dict[str, object]]:
    return [{"dimension": "店", "member": name, "parent": parent, "weight": weight} for name, parent, weight in rows]


REGIONS = tree(("东", None, None), ("西", None, None), ("甲", "东", 100), ("乙", "东", 200), ("丙", "西", 300))
MOVES = {
    "to another region": (2, {"parent": "西"}, {"东": 400, "西": 800, "甲": 200}, "东、西", "/2/"),
    "to the top": (2, {"parent": None}, {"东": 400, "西": 600, "甲": 200}, "东", "/1/2/"),
}


@pytest.mark.parametrize("way", MOVES)
def test_a_store_that_moves_takes_its_closed_months_along(xlsales: Command, tmp_path: Path, way: str) -> None:
    """Its regions' closed months follow: targets are summed by the same tree as actuals; it is told, and written anew.

    A refresh changes no target, and says that the regions cannot be judged until then.
    """
    row, change, targets, told, levels = MOVES[way]
    sold = [
        ("日期", "店", "金额"),
        *((dt.date(2026, 6, 30), n, 10_000 * w) for n, w in zip("甲乙丙", (1, 2, 3), strict=True)),
    ]
    book = plan(
        tmp_path / "计划.xlsx", total=1200, dimensions=REGIONS, closed_through=dt.date(2026, 6, 30), actuals=sold
    )
    assert xlsales("split", book).code == 0
    fill_in(book, "xs_dimensions", row, **change)  # type: ignore[arg-type]
    ran = xlsales("refresh", book)
    assert ran.code == 1
    assert "请运行“分解目标”" in ran.out
    ran = xlsales("split", book)
    assert ran.code == 0
    assert f"上级的已关账目标随换了上级的成员改动({told})" in ran.out
    shown = opened(book).dimension("店")
    assert {name: round(shown.value(f"m:{name}", "target") / WAN) for name in targets} == targets
    assert {shown.value(f"m:{name}", "status") for name in "东西甲乙丙"} == {shown.value("total", "status")}
    assert not [key for key in shown.rows if key.startswith(("stretch", "unassigned"))]
    assert set(shown.down("target", "proof.*")) == {0}
    assert shown.sheet.cell(shown.rows["m:甲"], shown.column + 1).value == levels
    order = [key for key in shown.rows if key.startswith("m:")]
    assert order.index("m:甲") > order.index("m:西")  # below the region that it is in now
    held = book.read_bytes()
    assert (xlsales("split", book).code, book.read_bytes() == held) == (0, True)
    assert xlsales("refresh", book).code == 0
