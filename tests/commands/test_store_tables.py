"""The tables by product and person in stores' files: handed out, filled in, collected."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.calc import read_back
from tests.commands.books import Command, Ran, answer, insert_row, opened, plan, rewrite
from tests.commands.conftest import Kept
from tests.commands.store_files import TODAY, StoreFile, _part, add_rows
from tests.commands.test_collect import collected
from tests.store.stores import keyed
from xlsales.hosts import cli
from xlsales.hosts.cli import main

pytestmark = pytest.mark.unit
STORES = {"徐汇店": 5, "静安店": 3, "虹口店": 2}
PRODUCTS = {"女装": 50, "男装": 30, "童装": 20}
PERSONS: Mapping[str, Mapping[str, int]] = {
    "徐汇店": {"张三": 2, "李四": 1, "王五": 1},
    "静安分店": {"赵六": 1},
}
"""By group; 静安分店 is an alias of 静安店, 虹口店 has nobody."""
MONTHS = [f"2026-{n:02}" for n in range(1, 4)]
SHEET = "分项"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)


def members(persons: Mapping[str, Mapping[str, int]] = PERSONS) -> list[dict[str, object]]:
    """Rows of the dimensions table: regions, stores below them, products, persons below their stores."""
    rows: list[dict[str, object]] = [{"dimension": "门店", "member": "上海", "weight": 1}]
    for name, weight in STORES.items():
        aliases = "静安分店" if name == "静安店" else ""
        rows.append({"dimension": "门店", "member": name, "parent": "上海", "weight": weight, "aliases": aliases})
    rows += [{"dimension": "品类", "member": name, "weight": weight} for name, weight in PRODUCTS.items()]
    rows.append({"dimension": "区域", "member": "华东", "weight": 1})
    for group, own in persons.items():
        rows.append({"dimension": "人员", "member": group, "weight": 2 if group == "徐汇店" else 1})
        rows += [{"dimension": "人员", "member": n, "parent": group, "weight": w} for n, w in own.items()]
    return rows


def write(path: Path, persons: Mapping[str, Mapping[str, int]] = PERSONS, **more: Any) -> Path:
    """Write and split a plan of a quarter."""
    dates = {"start": dt.date(2026, 1, 1), "end": dt.date(2026, 3, 31)}
    plan(path, dimensions=members(persons), plan_name="2026一季度", total=90, step=100, **dates, **more)
    assert main(["split", str(path)]) in (0, 1)
    return path


@pytest.fixture
def handed(tmp_path: Path, kept: Kept, xlsales: Command) -> tuple[Path, Path]:
    """A plan and the folder of its stores' files."""

    def make(home: Path) -> None:
        assert xlsales("handout", write(home / "计划.xlsx"), home / "门店").code == 0

    kept.copy("store tables", make, tmp_path)
    return tmp_path / "计划.xlsx", tmp_path / "门店"


def table(folder: Path, store: str, dimension: str) -> dict[str, list[float]]:
    """A store's months by member, then `未分到`."""
    cells = keyed(read_back(folder / f"{store}.xlsx", data_only=True), "members")
    rows = [row for row, column in cells if column == "member" and row.startswith(f"member:{dimension}:")]
    named = {cells[row, "member"]: row for row in rows if cells[row, "member"]}
    named["未分到"] = f"unassigned:{dimension}"
    return {name: [cells[row, month] for month in MONTHS] for name, row in named.items()}


def written(book: Path, dimension: str, member: str) -> list[float]:
    """The plan's months of a member, in yuan."""
    return opened(book).dimension(dimension).along(f"m:{member}", "t:")


def versions(folder: Path) -> dict[str, int]:
    lines = json.loads((folder / "manifest.json").read_text("utf-8"))["stores"]
    return {line["code"]: line["version"] for line in lines}


# --- handing out -----------------------------------------------------------------------------


def test_products_close_in_both_directions(handed: tuple[Path, Path]) -> None:
    """Over all stores a product's months are the plan's, over all products they are the store's."""
    book, folder = handed
    tables = {store: table(folder, store, "品类") for store in STORES}
    for product in PRODUCTS:
        summed = [sum(tables[store][product][i] for store in STORES) for i in range(3)]
        assert summed == written(book, "品类", product)
    for store, rows in tables.items():
        assert [sum(row[i] for row in rows.values()) for i in range(3)] == written(book, "门店", store)
        assert rows["未分到"] == [0, 0, 0]
        assert all(amount % 100 == 0 for row in rows.values() for amount in row)


def test_stores_follow_what_they_sold_of_each_product(tmp_path: Path, xlsales: Command) -> None:
    """Where history names store and product, a store that sold only womenswear gets no other target."""
    past = [["日期", "门店", "品类", "金额"]]
    for store, product, amount in [
        ("徐汇店", "女装", 500), ("静安店", "男装", 300), ("静安店", "女装", 10), ("虹口店", "童装", 200),
        ("虹口店", "男装", 20),
    ]:  # fmt: skip
        past.append([dt.date(2025, 2, 3), store, product, amount])  # type: ignore[list-item]
    book = write(tmp_path / "计划.xlsx", history=past)
    assert xlsales("handout", book, tmp_path / "门店").code == 0
    tables = {store: table(tmp_path / "门店", store, "品类") for store in STORES}
    assert not any(tables["徐汇店"]["男装"] + tables["徐汇店"]["童装"])
    assert not any(tables["静安店"]["童装"])
    for product in PRODUCTS:
        assert [sum(tables[s][product][i] for s in STORES) for i in range(3)] == written(book, "品类", product)


def test_persons_have_the_plans_targets(handed: tuple[Path, Path]) -> None:
    """Each store's file names the persons below it with the plan's months; what is left closes with the store."""
    book, folder = handed
    for store, group in (("徐汇店", "徐汇店"), ("静安店", "静安分店"), ("虹口店", "")):
        rows, own = table(folder, store, "人员"), written(book, "门店", store)
        rest = rows.pop("未分到")
        assert rows == {name: written(book, "人员", name) for name in PERSONS.get(group, {})}
        assert rest == [own[i] - sum(row[i] for row in rows.values()) for i in range(3)]
    assert table(folder, "虹口店", "人员")["未分到"] == written(book, "门店", "虹口店")
    assert table(folder, "徐汇店", "人员")["未分到"][0] < 0  # its persons carry more than the store


def test_no_store_learns_of_anothers_persons(handed: tuple[Path, Path]) -> None:
    """A store's file names its own persons and nobody else's, neither in cells nor in lists nor unseen."""
    for store, group in (("徐汇店", "徐汇店"), ("静安店", "静安分店"), ("虹口店", "")):
        with zipfile.ZipFile(handed[1] / f"{store}.xlsx") as file:
            everything = b"".join(file.read(name) for name in file.namelist()).decode("utf-8", "replace")
        named = {person for persons in PERSONS.values() for person in persons if person in everything}
        assert named == set(PERSONS.get(group, {}))


def test_a_region_gets_no_table(handed: tuple[Path, Path]) -> None:
    """What says where a store is, is nothing a store could break its target down by."""
    cells = keyed(read_back(handed[1] / "徐汇店.xlsx"), "members")
    assert {row for row, _ in cells if row.startswith("block:")} == {"block:品类", "block:人员"}


def test_another_target_of_a_person_is_a_new_version(handed: tuple[Path, Path], xlsales: Command) -> None:
    """When only a person's target changes, that store alone gets a new version; a filled file is not touched."""
    book, folder = handed
    file = StoreFile(folder / "徐汇店.xlsx", "徐汇店")
    file.type({("2026-01-12", "entry"): 9000.0})
    filled = file.path.read_bytes()
    changed = write(book.with_name("新.xlsx"), {**PERSONS, "徐汇店": {"张三": 1, "李四": 1, "王五": 2}})
    ran = xlsales("handout", changed, folder, "--json")
    assert versions(folder) == {"徐汇店": 2, "静安店": 1, "虹口店": 1}
    assert ran.json["counts"] == {"written": 0, "beside": 1, "unchanged": 2, "kept": 0}
    assert file.path.read_bytes() == filled
    assert table(folder, "徐汇店_v2", "人员")["张三"] == written(changed, "人员", "张三")


def test_a_table_too_long_for_paper_is_left_out(tmp_path: Path, xlsales: Command) -> None:
    """A dimension of very many members gets no table, and that is told."""
    rows = [{"dimension": "门店", "member": name, "weight": 1} for name in STORES]
    rows += [{"dimension": "货号", "member": f"A{n}", "weight": 1} for n in range(61)]
    book = plan(tmp_path / "计划.xlsx", dimensions=rows, plan_name="大", total=90)
    assert xlsales("split", book).code == 0
    ran = xlsales("handout", book, tmp_path / "门店")
    assert ran.code == 1
    assert "“货号”在一份文件里有 61 行,超过 60 行" in ran.out
    assert SHEET not in read_back(tmp_path / "门店" / "徐汇店.xlsx").sheetnames


def test_persons_that_belong_to_no_store_are_told(tmp_path: Path, xlsales: Command) -> None:
    """Persons without a store above them are not shared out over all stores: no table, and what to do."""
    rows = [{"dimension": "门店", "member": name, "weight": 1} for name in STORES]
    rows += [{"dimension": "人员", "member": name, "weight": 1} for name in ("张三", "李四")]
    book = plan(tmp_path / "计划.xlsx", dimensions=rows, plan_name="平", total=90)
    assert xlsales("split", book).code == 0
    ran = xlsales("handout", book, tmp_path / "门店")
    assert ran.code == 1
    assert "请在“维度”里把上级写成门店的名称" in ran.out
    assert SHEET not in read_back(tmp_path / "门店" / "徐汇店.xlsx").sheetnames


def test_a_template_from_before_has_no_tables(handed: tuple[Path, Path], tmp_path: Path, xlsales: Command) -> None:
    """A restyled template without the sheet still serves, and what is missing is told in one sentence."""
    book, folder = handed
    drop(folder / "静安店.xlsx", tmp_path / "样板.xlsx")
    ran = xlsales("handout", book, tmp_path / "新门店", "--template", tmp_path / "样板.xlsx")
    assert ran.code == 1
    assert "模板里没有“分项”表,下发的文件里就没有按“品类、人员”的目标" in ran.out
    file = StoreFile(tmp_path / "新门店" / "徐汇店.xlsx", "徐汇店")
    file.type({("2026-01-12", "entry"): 9000.0, ("2026-01-12", "remark"): "团购"})
    answer_to(file, "2026-02", 100_000.0)
    assert line(xlsales("collect", book, tmp_path / "新门店", "--json"), "徐汇店")["state"] == "returned"
    assert committed(book) == {"徐汇店"}


# --- collecting ------------------------------------------------------------------------------


def drop(path: Path, out: Path) -> None:
    """Save a copy of a store's file without 分项."""
    from tests.commands.store_faults import _drop_sheet

    out.write_bytes(path.read_bytes())
    _drop_sheet(out, SHEET)


def answer_to(file: StoreFile, month: str, amount: float) -> None:
    file.type({(month, "commitment"): amount, (month, "reason"): "门前修路"}, "承诺")


def line(ran: Ran, store: str) -> dict[str, Any]:
    return next(found for found in ran.json["stores"] if found["store"] == store)


def committed(book: Path) -> set[str]:
    """The stores whose commitments the plan lists."""
    shown = opened(book).book
    rows = shown["承诺"].iter_rows(min_row=5, min_col=3, max_col=3, values_only=True) if "承诺" in shown else ()
    return {store for (store,) in rows if store}


@pytest.fixture
def filled(handed: tuple[Path, Path]) -> StoreFile:
    """A file with an entry, a commitment and receipts that name products and persons."""
    file = StoreFile(handed[1] / "徐汇店.xlsx", "徐汇店")
    file.type({("2026-01-12", "entry"): 9000.0})
    answer_to(file, "2026-02", 100_000.0)
    day = float((dt.date(2026, 1, 13) - dt.date(1899, 12, 30)).days)
    cells: dict[str, float | str] = {}
    for n, (product, person, amount) in enumerate([("女装", "张三", 4000.0), ("男装", "李四", 3000.0)], 6):
        cells |= {f"C{n}": day, f"D{n}": product, f"E{n}": "华东", f"F{n}": person, f"G{n}": amount}
    add_rows(file.path, "明细", cells)
    return file


def test_receipts_bring_products_and_persons_back(
    handed: tuple[Path, Path], filled: StoreFile, xlsales: Command
) -> None:
    """What a store sold by product and person reaches 实际 with both names; its commitments stand."""
    filled.xml("2026-01-12", "entry", "")
    assert line(xlsales("collect", handed[0], handed[1], "--json"), "徐汇店")["state"] == "returned"
    assert committed(handed[0]) == {"徐汇店"}
    assert sum(amount for _, _, amount, _ in collected(opened(handed[0]).book)) == 7_000
    rows = opened(handed[0]).book["实际"].iter_rows(values_only=True)
    headers = next(rows)
    named = {(row[headers.index("品类")], row[headers.index("人员")], row[headers.index("金额")]) for row in rows}
    assert named == {("女装", "张三", 4000), ("男装", "李四", 3000)}
    before = handed[0].read_bytes()
    assert xlsales("collect", handed[0], handed[1], "--json").json["changed"] is False
    assert handed[0].read_bytes() == before


def test_receipts_need_not_name_a_member(handed: tuple[Path, Path], filled: StoreFile, xlsales: Command) -> None:
    """Of a receipt, date and amount are required: one that names no product counts, as a typed sum does."""
    day = float((dt.date(2026, 1, 14) - dt.date(1899, 12, 30)).days)
    add_rows(filled.path, "明细", {"C8": day, "G8": 2500.0, "C9": day, "D9": "鞋", "G9": 99.0})
    found = line(xlsales("collect", handed[0], handed[1], "--json"), "徐汇店")
    assert "计划里没有品类“鞋”" in found["why"]
    assert sum(amount for _, _, amount, _ in collected(opened(handed[0]).book)) == 18_500
    before = handed[0].read_bytes()
    assert xlsales("collect", handed[0], handed[1], "--json").json["changed"] is False
    assert handed[0].read_bytes() == before


def test_a_file_from_before_the_tables_is_taken(handed: tuple[Path, Path], tmp_path: Path, xlsales: Command) -> None:
    """A file without 分项, sealed over its days alone, is as good as ever while its months stand."""
    sample = tmp_path / "样板.xlsx"
    drop(handed[1] / "静安店.xlsx", sample)
    xlsales("handout", handed[0], tmp_path / "旧", "--template", sample, "--store", "徐汇店")
    file = StoreFile(tmp_path / "旧" / "徐汇店.xlsx", "徐汇店")
    file.type({("2026-01-12", "entry"): 9000.0})
    answer_to(file, "2026-02", 100_000.0)
    found = line(xlsales("collect", handed[0], tmp_path / "旧", "--json"), "徐汇店")
    assert (found["state"], found["why"], committed(handed[0])) == ("returned", "", {"徐汇店"})


def spoilt(name: str, file: StoreFile) -> str:
    """Do one thing to 分项; return what must be told."""
    if name == "target":
        file.type({("member:人员:1", "2026-02"): 1.0}, SHEET)
        return "目标 1 被改过,下发的是"
    if name == "product":
        file.type({("member:品类:2", "2026-03"): 5.0}, SHEET)
        return "目标 5 被改过,下发的是"
    if name == "unassigned":
        file.type({("unassigned:人员", "2026-01"): 0.0}, SHEET)
        return "目标 0 被改过,下发的是"
    if name == "person":
        file.type({("member:人员:1", "member"): "钱七"}, SHEET)
        return "这一行原来是“张三”,现在是“钱七”"
    if name == "inserted":
        row = file.row("member:人员:2", SHEET)
        insert_row(file.path, SHEET, row, {"C": "钱七"})
        _number_into(file, f"{file.letter('2026-02', SHEET)}{row}", 7777.0)
        return "这一行不是下发的"
    if name == "copied":
        row = file.row("member:人员:2", SHEET)
        insert_row(file.path, SHEET, row + 1, {"A": "member:人员:2", "C": "李四"})
        _number_into(file, f"{file.letter('2026-02', SHEET)}{row + 1}", 7777.0)
        return "这一行不是下发的"
    if name == "formula":
        file.type({("member:品类:1", "month_actual"): 4321.0}, SHEET)
        return "公式被数字盖掉了,总部不读这一格"
    assert name == "sheet"
    drop(file.path, file.path)
    return "“分项”表被删了"


def _number_into(file: StoreFile, address: str, value: float) -> None:
    from tests.commands.store_faults import _add

    _add(file, address, value, SHEET)


CHANGED = ("target", "product", "unassigned", "person")
"""What changes a sealed cell: commitments are not taken then."""


@pytest.mark.parametrize("name", [*CHANGED, "inserted", "copied", "formula", "sheet"])
def test_what_is_done_to_the_tables_is_found(
    handed: tuple[Path, Path], filled: StoreFile, xlsales: Command, name: str
) -> None:
    """A changed target, member, row or formula is told with its cell; what was sold counts all the same."""
    said = spoilt(name, filled)
    found = line(xlsales("collect", handed[0], handed[1], "--json"), "徐汇店")
    assert said in found["why"]
    assert found["state"] == "mend"
    assert committed(handed[0]) == (set() if name in CHANGED else {"徐汇店"})
    assert sum(amount for _, _, amount, _ in collected(opened(handed[0]).book)) == 16_000
    back = read_back(handed[1] / "退回" / "徐汇店.xlsx")
    assert any(said in str(cell.value) for row in back["退回说明"].iter_rows() for cell in row)


def test_a_hidden_row_that_somebody_fills_in_is_found(handed: tuple[Path, Path], xlsales: Command) -> None:
    """A store that puts a person into a row meant to be blank is told that headquarters knows of none."""
    file = StoreFile(handed[1] / "静安店.xlsx", "静安店")
    file.type({("2026-01-12", "entry"): 9000.0})
    file.type({("member:人员:3", "member"): "钱七", ("member:人员:3", "2026-01"): 5000.0}, SHEET)
    assert "这一行原来是“”" not in line(xlsales("collect", handed[0], handed[1], "--json"), "静安店")["why"]
    assert "这一行不是下发的" in line(xlsales("collect", handed[0], handed[1], "--json"), "静安店")["why"]


def test_tables_that_have_changed_since_do_not_cost_a_commitment(
    handed: tuple[Path, Path], filled: StoreFile, xlsales: Command
) -> None:
    """Where only persons' targets have changed since, commitments on the store's months still stand."""
    changed = write(handed[0].with_name("新.xlsx"), {**PERSONS, "徐汇店": {"张三": 1, "李四": 1, "王五": 2}})
    other = changed.with_name("更新.xlsx")
    other.write_bytes(changed.read_bytes())
    found = line(xlsales("collect", changed, handed[1], "--json"), "徐汇店")
    assert "“分项”的目标已不是最新(第 1 版):实际和承诺照收" in found["why"]
    assert committed(changed) == {"徐汇店"}
    answer(other, "total", 99)
    assert main(["split", str(other)]) in (0, 1)
    found = line(xlsales("collect", other, handed[1], "--json"), "徐汇店")
    assert "第 1 版的文件,之后目标有调整" in found["why"]
    assert not committed(other)


def test_names_lost_are_told_by_the_days(handed: tuple[Path, Path], filled: StoreFile, xlsales: Command) -> None:
    """A file that another program robbed of its names is still known, with its tables."""

    def change(name: str, data: bytes) -> bytes:
        if name != "xl/workbook.xml":
            return data
        start, end = data.index(b"<definedNames>"), data.index(b"</definedNames>")
        return data[:start] + data[end + len(b"</definedNames>") :]

    rewrite(filled.path, change)
    assert b"xs_store_code" not in _part(filled.path, "xl/workbook.xml")
    found = line(xlsales("collect", handed[0], handed[1], "--json"), "徐汇店")
    assert (found["state"], committed(handed[0])) == ("returned", {"徐汇店"})
