"""The round of the stores closes: hand out → type → collect → refresh ends with what was typed counted, everywhere.

Beside the store a plan has dimensions that a store does not report. Where a store is follows from the tree, the
pasted rows or history; what it cannot know stands as 未分到…, so that every sheet adds up to the company.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import Command, Ran, Workbook, opened, paste, plan
from tests.commands.store_files import TODAY, StoreFile
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
STORES = {"徐汇店": "华东", "西湖店": "华东", "朝阳店": "华北"}
OTHERS = {"产品": ("男装", "女装"), "渠道": ("线上", "线下"), "客户": ("个人", "单位"), "人员": ("张三", "李四")}
HISTORY_HEADERS = ["日期", "区域", "门店", "产品", "渠道", "金额"]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)


def history(regions: dict[str, str], *more: list[object]) -> list[list[object]]:
    """Last year's sales of each store in its region, of every product and channel."""
    rows: list[list[object]] = [list(HISTORY_HEADERS)]
    for store, region in regions.items():
        for product in OTHERS["产品"]:
            for channel in OTHERS["渠道"]:
                rows.append([dt.date(2025, 3, 31), region, store, product, channel, 1000])
    return [*rows, *more]


def company(
    path: Path, *, tree: bool = False, past: Any = None, beside: dict[str, tuple[str, ...]] | None = None
) -> Path:
    """Write a plan of three stores in two regions; with `tree` the regions are the stores' parents."""
    rows: list[dict[str, object]] = [{"dimension": "区域", "member": name, "weight": 1} for name in ("华东", "华北")]
    if tree:
        rows += [{"dimension": "门店", "member": name, "weight": 1} for name in ("华东", "华北")]
    for store, region in STORES.items():
        row: dict[str, object] = {"dimension": "门店", "member": store, "weight": 1}
        rows.append(row | {"parent": region} if tree else row)
    for dimension, names in (OTHERS if beside is None else beside).items():
        rows += [{"dimension": dimension, "member": name, "weight": 1} for name in names]
    return plan(path, dimensions=rows, plan_name="2026年度", total=1080, step=100, history=past)


def handed_out(book: Path, xlsales: Command) -> Path:
    folder = book.parent / "交回"
    assert xlsales("split", book).code in (0, 1)
    assert xlsales("handout", book, folder).code in (0, 1)
    return folder


def type_days(folder: Path, store: str, days: range, amount: float = 9000.0) -> float:
    """Type sales for days of January; return their sum."""
    sold = {f"2026-01-{n:02}": amount + n for n in days}
    StoreFile(folder / f"{store}.xlsx", store).type({(day, "entry"): value for day, value in sold.items()})
    return sum(sold.values())


def close(ran: Ran, shown: Workbook, total: float) -> None:
    """Every dimension's members and 未分到… add up to the company's actuals, which are `total`."""
    assert ran.json["actual"] == pytest.approx(total, abs=1e-6)
    for name, of_members in ran.json["actual_by_dimension"].items():
        apart = ran.json["unassigned_by_dimension"][name]
        assert of_members + apart == pytest.approx(total, abs=1e-6), name
        sheet = shown.dimension(name)
        assert sheet.value("total", "actual") == pytest.approx(total, abs=1e-6)
        months = [amount or 0 for amount in sheet.along("total", "a:")]
        assert sum(months) == pytest.approx(total, abs=1e-6)
        for level in [row for row in sheet.rows if row.startswith("unassigned:")]:
            assert sheet.value(level, "actual") == pytest.approx(apart, abs=1e-6)
            assert sum(amount or 0 for amount in sheet.along(level, "a:")) == pytest.approx(apart, abs=1e-6)
        assert apart == pytest.approx(0, abs=1e-6) or any(row.startswith("unassigned:") for row in sheet.rows)


def test_the_demo_closes(tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo as it is: September's typed sales are counted, in their region; no product is guessed at."""
    monkeypatch.setattr(cli, "_now", lambda: dt.datetime(2026, 10, 8, 9, 30))
    assert xlsales("demo", tmp_path).code == 0
    (book,) = tmp_path.glob("*.xlsx")
    before = xlsales("refresh", book, "--json").json
    folder = tmp_path / "下发"
    xlsales("handout", book, folder)
    typed = {f"2026-09-{n:02}": 5000.25 + n for n in range(1, 31)}
    StoreFile(folder / "上海徐汇店.xlsx", "上海徐汇店").type({(day, "entry"): value for day, value in typed.items()})
    ran = xlsales("collect", book, folder)
    assert "要看的" not in ran.out
    assert "搁置 0 行" in ran.out
    ran, shown = xlsales("refresh", book, "--json"), opened(book)
    assert ran.json["rows"]["set_aside"] == before["rows"]["set_aside"]
    close(ran, shown, before["actual"] + sum(typed.values()))
    east = shown.dimension("区域").value("m:华东", "a:2026-09")
    assert east == pytest.approx(sum(typed.values()))
    apart = ran.json["unassigned_by_dimension"]
    assert apart == {"区域": 0, "门店": 0, "产品": pytest.approx(east), "渠道": pytest.approx(east)}
    assert shown.dimension("产品").value("unassigned:1", "member") == "未分到产品"
    overview = shown.sheet("overview")
    assert overview.value("d2:unassigned", "c3") == pytest.approx(east)
    assert "d1:unassigned" not in overview.rows


@pytest.mark.parametrize("known_by", ["tree", "history", "pasted"])
def test_a_stores_region_follows(tmp_path: Path, xlsales: Command, known_by: str) -> None:
    """The tree, history or pasted rows tell where a store is; its collected rows carry the region."""
    past = history(STORES) if known_by == "history" else None
    book = company(tmp_path / "计划.xlsx", tree=known_by == "tree", past=past)
    pasted = 0.0
    if known_by == "pasted":
        rows = [["日期", "区域", "门店", "产品", "渠道", "客户", "人员", "金额"]]
        paste(
            book,
            [*rows, *([dt.date(2026, 2, 1), r, s, "男装", "线上", "个人", "张三", 700] for s, r in STORES.items())],
        )
        pasted = 2100.0
    folder = handed_out(book, xlsales)
    east = type_days(folder, "徐汇店", range(1, 8)) + type_days(folder, "西湖店", range(3, 5))
    north = type_days(folder, "朝阳店", range(1, 32), 4321.09)
    assert "要看的" not in xlsales("collect", book, folder).out
    ran, shown = xlsales("refresh", book, "--json"), opened(book)
    assert ran.json["rows"]["set_aside"] == 0
    close(ran, shown, east + north + pasted)
    region = shown.dimension("区域")
    assert [region.value(f"m:{name}", "a:2026-01") for name in ("华东", "华北")] == [
        pytest.approx(east), pytest.approx(north)
    ]  # fmt: skip
    assert ran.json["unassigned_by_dimension"] == {
        "区域": 0, "门店": 0, **dict.fromkeys(OTHERS, pytest.approx(east + north))
    }  # fmt: skip
    before = book.read_bytes()
    assert xlsales("collect", book, folder, "--json").json["changed"] is False
    assert xlsales("refresh", book, "--json").json["changed"] is False
    assert book.read_bytes() == before


def test_receipts_carry_what_they_name(tmp_path: Path, xlsales: Command) -> None:
    """Rows of 明细 that name product, channel or person are counted there; the rest of the store is not."""
    book = company(tmp_path / "计划.xlsx", tree=True)
    folder = handed_out(book, xlsales)
    typed = type_days(folder, "徐汇店", range(1, 8))
    file = StoreFile(folder / "西湖店.xlsx", "西湖店")
    file.paste_receipts(
        [
            {
                "日期": dt.date(2026, 1, 5 + n),
                "产品": ("男装", None)[n % 2],
                "人员": "李四" if n > 7 else None,
                "金额": 5000.5,
            }
            for n in range(14)
        ]
    )
    assert "要看的" not in xlsales("collect", book, folder).out
    ran, shown = xlsales("refresh", book, "--json"), opened(book)
    receipts = 14 * 5000.5
    close(ran, shown, typed + receipts)
    assert ran.json["rows"]["set_aside"] == 0
    assert shown.dimension("产品").value("m:男装", "actual") == pytest.approx(7 * 5000.5)
    assert shown.dimension("人员").value("m:李四", "actual") == pytest.approx(6 * 5000.5)
    assert ran.json["unassigned_by_dimension"]["产品"] == pytest.approx(typed + 7 * 5000.5)


def test_pasted_rows_without_the_column_still_count(tmp_path: Path, xlsales: Command) -> None:
    """Where people paste stores and amounts alone, a collected region does not set their rows aside; it is told."""
    book = company(tmp_path / "计划.xlsx", tree=True)
    paste(book, [["日期", "门店", "金额"], [dt.date(2026, 2, 1), "徐汇店", 700], [dt.date(2026, 2, 2), "朝阳店", 800]])
    folder = handed_out(book, xlsales)
    typed = type_days(folder, "徐汇店", range(1, 8))
    assert "要看的" not in xlsales("collect", book, folder).out
    ran, shown = xlsales("refresh", book, "--json"), opened(book)
    close(ran, shown, typed + 1500)
    assert ran.json["rows"] == {"found": 9, "accepted": 9, "set_aside": 0, "totals": 0, "passed_over": 0}
    assert ran.json["unassigned_by_dimension"]["区域"] == 0
    east, north = (shown.dimension("区域").value(f"m:{name}", "actual") for name in ("华东", "华北"))
    assert (east, north) == (pytest.approx(typed + 700), 800)
    assert any("2 行没有写“区域”,按“门店”的上级计入" in p["sentence"] for p in ran.json["problems"])


@pytest.mark.parametrize("tree", [False, True])
def test_a_blank_among_filled_cells(tmp_path: Path, xlsales: Command, tree: bool) -> None:
    """A pasted row without a region, among pasted rows that have one, counts if the tree tells; else it is a fault."""
    book = company(tmp_path / "计划.xlsx", tree=tree, beside={})
    paste(book, [["日期", "区域", "门店", "金额"], [dt.date(2026, 2, 1), "华东", "徐汇店", 700],
                 [dt.date(2026, 2, 2), None, "朝阳店", 800]])  # fmt: skip
    folder = handed_out(book, xlsales)
    typed = type_days(folder, "徐汇店", range(1, 8))
    assert "要看的" not in xlsales("collect", book, folder).out
    ran = xlsales("refresh", book, "--json")
    counted = typed + 700 + 800 * tree
    assert (ran.json["rows"]["set_aside"], ran.json["actual"]) == (1 - tree, pytest.approx(counted))


def test_stores_in_two_regions_are_told_and_the_remedy_works(tmp_path: Path, xlsales: Command) -> None:
    """A store that history has in two regions is nowhere; the region that a person fills in is taken from then on."""
    past = history(STORES, [dt.date(2025, 4, 30), "华北", "徐汇店", "男装", "线上", 5])
    book = company(tmp_path / "计划.xlsx", past=past, beside={})
    folder = handed_out(book, xlsales)
    typed, other = type_days(folder, "徐汇店", range(1, 4)), type_days(folder, "朝阳店", range(1, 4))
    ran = xlsales("collect", book, folder)
    assert "1 个成员的“区域”定不下来(如 徐汇店:华东、华北)" in ran.out
    ran = xlsales("refresh", book, "--json")
    close(ran, opened(book), typed + other)
    assert ran.json["unassigned_by_dimension"]["区域"] == pytest.approx(typed)
    fill_in(book, "区域", {"徐汇店": "华东"})
    type_days(folder, "徐汇店", range(4, 6))
    ran = xlsales("collect", book, folder)
    assert "定不下来" not in ran.out
    ran = xlsales("refresh", book, "--json")
    assert ran.json["unassigned_by_dimension"]["区域"] == 0


def test_what_a_person_fills_into_collected_rows_stays(tmp_path: Path, xlsales: Command) -> None:
    """A product that headquarters writes beside a collected amount stays when the store reports more days."""
    book = company(tmp_path / "计划.xlsx", tree=True)
    folder = handed_out(book, xlsales)
    StoreFile(folder / "朝阳店.xlsx", "朝阳店").paste_receipts(
        [{"日期": dt.date(2026, 1, 5), "产品": "女装", "金额": 5000}]
    )
    typed = type_days(folder, "徐汇店", range(1, 4))
    assert "要看的" not in xlsales("collect", book, folder).out
    fill_in(book, "产品", {"徐汇店": "男装"})
    before = book.read_bytes()
    assert xlsales("collect", book, folder, "--json").json["changed"] is False
    assert book.read_bytes() == before
    more = type_days(folder, "徐汇店", range(4, 6))
    assert "要看的" not in xlsales("collect", book, folder).out
    ran, shown = xlsales("refresh", book, "--json"), opened(book)
    assert shown.dimension("产品").value("m:男装", "actual") == pytest.approx(typed)
    close(ran, shown, typed + more + 5000)


def fill_in(book: Path, header: str, of_store: dict[str, str]) -> None:
    """Write a member into the rows of stores, in the column of a header of 实际, as a person does."""
    rows = [list(row) for row in opened(book).book["实际"].iter_rows(values_only=True)]
    at, store = rows[0].index(header), rows[0].index("门店")
    for row in rows[1:]:
        row[at] = of_store.get(row[store], row[at])
    as_days = [[v.date() if isinstance(v, dt.datetime) else v for v in row] for row in rows]
    paste(book, as_days)
