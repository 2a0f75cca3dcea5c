"""收回填报: what stores return is checked and taken back; nothing wrong comes in, nothing good is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import validator
from tests.calc import read_back
from tests.commands.books import Command, Ran, Workbook, answer, opened, part_of, paste, plan, rewrite, type_in
from tests.commands.conftest import Kept
from tests.commands.store_faults import FAULTS, Expect
from tests.commands.store_files import TODAY, StoreFile, fill, sales_of, saved_at, stores_plan
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
GOOD = [f"好店{n:02}" for n in range(1, 21)]


@dataclass
class Round:
    """A folder of returned files, the plan that has collected it, and what must have come of each file."""

    book: Path
    folder: Path
    files: dict[str, StoreFile]
    expected: dict[str, Expect]
    ran: Ran
    shown: Workbook

    def accepted(self, code: str) -> list[tuple[str, float]]:
        """What stands in 实际 of a store."""
        return [(day, amount) for store, day, amount, _ in collected(self.shown.book) if store == code]


def collected(book: Any) -> Iterator[tuple[str, str, float, str]]:
    """Rows of 实际: store, day, amount, origin, in the order of the sheet."""
    rows = book["实际"].iter_rows(values_only=True)
    columns = {header: i for i, header in enumerate(next(rows))}
    for row in rows:
        if row[columns["金额"]] is not None:
            day = row[columns["日期"]].date().isoformat()
            yield row[columns["门店"]], day, row[columns["金额"]], row[columns["回收来源"]]


def run(*arguments: object) -> int:
    return cli.main([str(a) for a in arguments])


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """Twenty good files and one of each fault, collected once."""
    home = tmp_path_factory.mktemp("round")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLSALES_DATA", str(home / "memory"))
        patch.setattr(cli, "_now", lambda: TODAY)
        book, folder = home / "计划.xlsx", home / "交回"
        assert run("new", home / "empty.xlsx") == 0
        stores_plan(book, [*GOOD, *FAULTS])
        assert run("split", book) == 0
        assert run("handout", book, folder) == 0
        files = fill(folder, [*GOOD, *FAULTS])
        expected = {code: Expect() for code in GOOD} | {code: spoil(files[code]) for code, spoil in FAULTS.items()}
        run("collect", book, folder)
        yield Round(book, folder, files, expected, Ran(0, "", ""), opened(book))


def test_there_are_sixty_faults() -> None:
    """The folder holds more than sixty faults, one a file."""
    assert len(FAULTS) >= 60


@pytest.mark.parametrize("code", [*GOOD, *FAULTS])
def test_what_comes_of_each_file(round_: Round, code: str) -> None:
    """Nothing wrong is accepted and nothing good is lost, to the cent."""
    file, expect = round_.files[code], round_.expected[code]
    wanted = {} if expect.refused else {d: a for d, a in file.good.items() if d not in expect.lost} | expect.instead
    found: dict[str, float] = {}
    for day, amount in round_.accepted(code):
        found[day] = round(found.get(day, 0.0) + amount, 6)
    assert found == wanted


@pytest.mark.parametrize("code", [*GOOD, *FAULTS])
def test_the_account_of_each_file(round_: Round, code: str) -> None:
    """What is accepted and what is set aside add up to what is in the file."""
    file, expect, sheet = round_.files[code], round_.expected[code], round_.shown.sheet("returns")
    shown = {key: sheet.value(f"s:{code}", key) for key in sheet.columns}
    honest = {day: amount for day, amount in file.good.items() if day not in expect.unread} | expect.instead
    found = [] if expect.nothing else [*honest.values(), *expect.extra]
    assert shown["found"] == pytest.approx(sum(found), abs=1e-6)
    assert shown["accepted"] + shown["aside"] == pytest.approx(shown["found"], abs=1e-6)
    assert shown["rows_accepted"] + shown["rows_aside"] == shown["rows_found"]
    assert shown["accepted"] == pytest.approx(sum(a for _, a in round_.accepted(code)), abs=1e-6)
    assert expect.said in (shown["why"] or "")
    assert bool(expect.said) == bool(shown["why"])


def test_the_sums_close(round_: Round) -> None:
    """The sheet's proof shows zero: no row and no amount is lost."""
    sheet = round_.shown.sheet("returns")
    assert (sheet.value("proof", "rows_found"), sheet.value("proof", "found")) == (0, 0)


def test_collecting_twice_changes_nothing(round_: Round, xlsales: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Collecting the same folder again leaves the plan's bytes as they are."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    monkeypatch.setenv("XLSALES_DATA", str(round_.book.parent / "memory"))
    before = round_.book.read_bytes()
    ran = xlsales("collect", round_.book, round_.folder, "--json")
    assert (ran.json["changed"], round_.book.read_bytes()) == (False, before)
    amounts = ran.json["amounts"]
    assert amounts["found"] == pytest.approx(amounts["accepted"] + amounts["set_aside"], abs=1e-6)


def test_the_right_totals_after_a_refresh(round_: Round, tmp_path: Path, xlsales: Command) -> None:
    """A refresh finds every collected row and nothing else: the year's actual is the sum of what was accepted."""
    out = tmp_path / "刷新.xlsx"
    ran = xlsales("refresh", round_.book, "-o", out, "--as-of", "2026-02-28", "--json")
    wanted = sum(amount for _, _, amount, _ in collected(round_.shown.book))
    assert ran.json["rows"]["set_aside"] == 0
    assert ran.json["actual"] == pytest.approx(wanted, abs=1e-6)
    shown = opened(out).dimension("门店")
    assert shown.value("m:好店03", "actual") == pytest.approx(sum(round_.files["好店03"].good.values()), abs=1e-6)


def test_commitments_come_back_with_their_reasons(round_: Round) -> None:
    """承诺 lists what stores commit to, in the plan's unit, with the reason and the file; answers are left blank."""
    rows = list(round_.shown.book["承诺"].iter_rows(min_row=5, min_col=2, max_col=10, values_only=True))
    found = {row[1]: row for row in rows if row[1]}
    assert found["commitment_as_asked"] == (
        "门店", "commitment_as_asked", "2026-04", 30, 25, "门前修路", None, None, "commitment_as_asked.xlsx"
    )  # fmt: skip
    assert set(found) == {"commitment_as_asked", "commitment_by_a_formula", "commitment_without_reason"}


@pytest.mark.parametrize("code", ["words", "receipts_beside_an_entry", "seal_changed", "cut_short", "a_csv_instead"])
def test_what_has_to_be_mended_goes_back_with_the_reason(round_: Round, code: str) -> None:
    """The copy that goes back says what to mend; a file that cannot be marked gets the explanation beside it."""
    back = round_.folder / "退回"
    copies = list(back.rglob(f"{code}*.xlsx"))
    assert len(copies) == 1
    book = read_back(copies[0])
    sentences = [cell.value for (cell,) in book["退回说明"].iter_rows(min_row=6, min_col=6, max_col=6)]
    assert any(round_.expected[code].said in (sentence or "") for sentence in sentences)


def test_the_cell_to_mend_is_red_and_all_else_is_as_the_store_left_it(round_: Round) -> None:
    """In the copy only the bad cell's format differs, and the returned file itself is untouched."""
    file = round_.files["words"]
    theirs, copy = read_back(file.path)["日报"], read_back(round_.folder / "退回" / "words.xlsx")["日报"]
    address = file.at("2026-01-12", "entry")
    assert copy[address].value == theirs[address].value == "没开门"
    assert copy[address].fill.fgColor.rgb == "FFF7C6C2"
    changed = [
        cell.coordinate
        for row, other in zip(theirs.iter_rows(), copy.iter_rows(), strict=True)
        for cell, same in zip(row, other, strict=True)
        if (cell.value, cell.fill.fgColor.rgb) != (same.value, same.fill.fgColor.rgb)
    ]
    assert changed == [address]


def test_nothing_goes_back_to_stores_without_a_fault(round_: Round) -> None:
    """A store whose file is in order gets nothing back."""
    assert not list((round_.folder / "退回").rglob("好店*"))
    assert not list((round_.folder / "退回").rglob("returned_twice*"))


def test_what_was_mended_is_no_longer_in_the_folder(two_stores: tuple[Path, Path], xlsales: Command) -> None:
    """Once a store has mended its file, the copy that was sent back is gone; a person's own file there stays."""
    book, folder = two_stores
    file = StoreFile(folder / "徐汇店.xlsx", "徐汇店")
    file.type({("2026-01-12", "entry"): "没开门"})
    xlsales("collect", book, folder)
    back = folder / "退回" / "徐汇店.xlsx"
    own = folder / "退回" / "静安店.xlsx"
    own.write_bytes((folder / "静安店.xlsx").read_bytes())
    assert back.exists()
    file.type({("2026-01-12", "entry"): 0.0})
    assert xlsales("collect", book, folder).code == 0
    assert (back.exists(), own.exists()) == (False, True)
    assert rows_of(book, "徐汇店")["2026-01-12"] == 0


@pytest.mark.validator
def test_what_is_written_is_valid(round_: Round) -> None:
    """Microsoft's validator finds nothing in the plan, nor in copies that go back."""
    back = round_.folder / "退回"
    for path in (round_.book, back / "words.xlsx", back / "all_in_wan.xlsx", back / "a_csv_instead-退回说明.xlsx"):
        assert not validator.findings(path), path


# --- from one round to the next ----------------------------------------------


@pytest.fixture
def two_stores(tmp_path: Path, kept: Kept, xlsales: Command, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A plan of two stores that was split, and a folder of their filled-in workbooks, not collected yet."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)

    def make(home: Path) -> None:
        book, folder = home / "计划.xlsx", home / "交回"
        stores_plan(book, ["徐汇店", "静安店"])
        assert xlsales("split", book).code == 0
        assert xlsales("handout", book, folder).code == 0
        fill(folder, ["徐汇店", "静安店"])

    kept.copy("two stores", make, tmp_path)
    return tmp_path / "计划.xlsx", tmp_path / "交回"


def rows_of(book: Path, code: str) -> dict[str, float]:
    return {day: amount for store, day, amount, _ in collected(opened(book).book) if store == code}


def states(ran: Ran) -> dict[str, str]:
    return {line["store"]: line["state"] for line in ran.json["stores"]}


def test_a_corrected_file_replaces_the_rows_of_the_first(two_stores: tuple[Path, Path], xlsales: Command) -> None:
    """What a store mends replaces what it sent before, under whatever file name, and no other row changes."""
    book, folder = two_stores
    assert xlsales("collect", book, folder).code == 0
    before, other = rows_of(book, "徐汇店"), rows_of(book, "静安店")
    mended = folder / "二月" / "徐汇店(改).xlsx"
    mended.parent.mkdir()
    (folder / "徐汇店.xlsx").rename(mended)
    file = StoreFile(mended, "徐汇店")
    file.type({("2026-01-12", "entry"): 12.34, ("2026-03-01", "entry"): 8000.0})
    file.xml("2026-01-13", "entry", "")
    file.type({("2026-01-12", "remark"): "停电"})
    xlsales("collect", book, folder)
    del before["2026-01-13"]
    assert rows_of(book, "徐汇店") == before | {"2026-01-12": 12.34, "2026-03-01": 8000.0}
    assert rows_of(book, "静安店") == other


def test_last_months_file_again_takes_nothing_away(two_stores: tuple[Path, Path], xlsales: Command) -> None:
    """A file that is filled in less far than what was taken before is refused, and what was taken stays."""
    book, folder = two_stores
    old = (folder / "徐汇店.xlsx").read_bytes()
    file = StoreFile(folder / "徐汇店.xlsx", "徐汇店")
    file.type({("2026-03-05", "entry"): 8000.0})
    assert xlsales("collect", book, folder).code == 0
    before = rows_of(book, "徐汇店")
    (folder / "徐汇店.xlsx").write_bytes(old)
    ran = xlsales("collect", book, folder, "--json")
    assert states(ran) == {"徐汇店": "refused", "静安店": "returned"}
    assert "只填到 2026-02-28" in ran.json["stores"][0]["why"]
    assert rows_of(book, "徐汇店") == before


def test_an_older_version_gives_actuals_but_no_commitments(two_stores: tuple[Path, Path], xlsales: Command) -> None:
    """Where targets have changed since, what was sold still counts; a commitment on old targets does not."""
    book, folder = two_stores
    file = StoreFile(folder / "徐汇店.xlsx", "徐汇店")
    file.type({("2026-04", "commitment"): 200_000.0, ("2026-04", "reason"): "装修"}, "承诺")
    answer(book, "total", 900)
    assert xlsales("split", book).code == 0
    ran = xlsales("collect", book, folder, "--json")
    assert states(ran) == {"徐汇店": "mend", "静安店": "returned"}
    assert all("第 1 版的文件" in line["why"] for line in ran.json["stores"])
    assert [path.name for path in (folder / "退回").glob("*.xlsx")] == ["徐汇店.xlsx"]
    assert rows_of(book, "徐汇店") == sales_of("徐汇店")
    assert "承诺" not in opened(book).titles


def test_rows_that_people_pasted_stay(two_stores: tuple[Path, Path], xlsales: Command) -> None:
    """Collected rows stand below what was pasted, in its columns; not a byte of a pasted cell changes."""
    book, folder = two_stores
    pasted = [
        ["店名", "备注", "订单日期", "销售额"],
        ["静安店", "团购", "2026-04-03", 5000],
        ["合计", None, None, 5000],
    ]
    paste(book, pasted)
    assert xlsales("collect", book, folder).code == 0
    rows = [row[:5] for row in opened(book).book["实际"].iter_rows(values_only=True)]
    assert [list(row[:4]) for row in rows[:3]] == pasted
    assert (rows[0][4], rows[1][4], rows[3][0], rows[3][3]) == (
        "回收来源",
        None,
        "徐汇店",
        sales_of("徐汇店")["2026-01-01"],
    )
    assert len(rows) == 3 + 2 * len(sales_of("徐汇店"))
    before = book.read_bytes()
    assert "没有变化" in xlsales("collect", book, folder).out
    assert book.read_bytes() == before


def test_a_row_of_another_origin_is_nobodys_business(two_stores: tuple[Path, Path], xlsales: Command) -> None:
    """Pasted rows that do not name a store stop a collection before anything is written."""
    book, folder = two_stores
    paste(book, [["订单日期", "销售额"], ["2026-01-03", 5000]])
    before = book.read_bytes()
    ran = xlsales("collect", book, folder)
    assert (ran.code, book.read_bytes()) == (2, before)
    assert "没有“门店”列" in ran.err


def test_late_and_missing_stores(two_stores: tuple[Path, Path], xlsales: Command) -> None:
    """A file saved after the day it was due is late and is taken; a store without a file is missing."""
    book, folder = two_stores
    (folder / "静安店.xlsx").unlink()
    saved_at(folder / "徐汇店.xlsx", "2026-03-08T01:00:00Z")
    ran = xlsales("collect", book, folder, "--due", "2026-03-05", "--json")
    assert states(ran) == {"徐汇店": "returned", "静安店": "missing"}
    assert [line["late"] for line in ran.json["stores"]] == [True, False]
    assert rows_of(book, "徐汇店") == sales_of("徐汇店")


def test_lateness_hides_no_state(two_stores: tuple[Path, Path], xlsales: Command) -> None:
    """A late file of which a part was set aside shows both; the states in the terminal add up to the stores."""
    book, folder = two_stores
    StoreFile(folder / "徐汇店.xlsx", "徐汇店").type({("2026-01-12", "entry"): "没开门"})
    for name in ("徐汇店", "静安店"):
        saved_at(folder / f"{name}.xlsx", "2026-03-08T01:00:00Z")
    ran = xlsales("collect", book, folder, "--due", "2026-03-05")
    assert "门店 2 个:已收 1,部分采用 1;其中迟交 2" in ran.out
    sheet = opened(book).sheet("returns")
    assert [sheet.value("s:徐汇店", key) for key in ("state", "late")] == ["部分采用", "迟交"]
    assert [sheet.value("s:静安店", key) for key in ("state", "late")] == ["已收", "迟交"]


def test_rows_grow_with_their_reasons(two_stores: tuple[Path, Path], xlsales: Command) -> None:
    """A store whose reasons become longer from one collection to the next gets a taller row, and keeps its format."""
    book, folder = two_stores
    assert xlsales("collect", book, folder).code == 0
    sheet = opened(book).book["回收情况"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "s:徐汇店")
    before = sheet.row_dimensions[row].height
    StoreFile(folder / "徐汇店.xlsx", "徐汇店").type({(f"2026-01-{n:02}", "entry"): "休息" for n in (3, 5, 7)})
    xlsales("collect", book, folder)
    sheet = opened(book).book["回收情况"]
    assert sheet.row_dimensions[row].height >= before + 2 * 14
    assert sheet.row_dimensions[row + 1].height == before


def test_a_blank_file_hides_nothing_of_what_the_store_sent_before(
    two_stores: tuple[Path, Path], xlsales: Command
) -> None:
    """Beside a filled-in file a blank one does not count; alone, it leaves the earlier report and says so."""
    book, folder = two_stores
    filled = folder / "徐汇店.xlsx"
    answer(book, "total", 900)
    assert xlsales("split", book).code == 0
    xlsales("handout", book, folder)
    blank = folder / "徐汇店_v2.xlsx"
    assert blank.exists()
    ran = xlsales("collect", book, folder, "--json")
    assert states(ran) == {"徐汇店": "returned", "静安店": "returned"}
    before = rows_of(book, "徐汇店")
    filled.rename(book.parent / "徐汇店.xlsx")
    ran = xlsales("collect", book, folder, "--json")
    assert states(ran)["徐汇店"] == "before"
    assert ran.json["stores"][0]["why"] == "这份还没有填任何内容;之前收到的(填到 2026-02-28)照旧有效。"
    assert opened(book).sheet("returns").value("s:徐汇店", "last_day").date().isoformat() == "2026-02-28"
    assert rows_of(book, "徐汇店") == before == sales_of("徐汇店")
    assert not (folder / "退回" / blank.name).exists()


def test_one_store_does_not_crowd_out_the_others(
    tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message has the number of findings and files, and where they are; on request each of them is there."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    names = [f"{n}号店" for n in range(1, 13)]
    book, folder = stores_plan(tmp_path / "计划.xlsx", names), tmp_path / "交回"
    xlsales("split", book)
    xlsales("handout", book, folder)
    for file in fill(folder, names).values():
        file.type({(f"2026-01-{n:02}", "entry"): "休息" for n in (3, 5, 7, 9, 11)})
    lines = xlsales("collect", book, folder).out.splitlines()
    assert lines[0] == f"收回完成,已写入 {book}"
    assert lines[-2:] == [
        "要看的 60 处,在 12 份文件里:见“回收情况”;标好的副本在“退回”文件夹。",
        "下一步:把“退回”文件夹里的文件发回去改。",
    ]
    every = xlsales("collect", book, folder, "--verbose").out.splitlines()
    told = Counter(line.partition("]")[0] for line in every if line.startswith("  ["))
    assert told == {f"  [{name}.xlsx": 5 for name in names}
    assert "要看的 60 处:" in every


def test_undo_takes_a_collection_back(two_stores: tuple[Path, Path], xlsales: Command) -> None:
    """Undo gives back the plan as it was before the collection, byte for byte."""
    book, folder = two_stores
    before = book.read_bytes()
    assert xlsales("collect", book, folder).code == 0
    assert book.read_bytes() != before
    assert xlsales("undo", book).code == 0
    assert book.read_bytes() == before


def test_a_protected_sheet_stops_a_collection(two_stores: tuple[Path, Path], xlsales: Command) -> None:
    """Where 实际 is protected nothing is written, and the sentence says so."""
    book, folder = two_stores
    part = part_of(book, "实际")
    locked = b'</sheetData><sheetProtection sheet="1"/>'
    rewrite(book, lambda n, data: data.replace(b"</sheetData>", locked) if n == part else data)
    before = book.read_bytes()
    ran = xlsales("collect", book, folder)
    assert (ran.code, book.read_bytes()) == (2, before)
    assert "受保护" in ran.err


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_a_folder_without_returned_files(two_stores: tuple[Path, Path], xlsales: Command, folder: str) -> None:
    """A folder that is not there, or holds no workbook of a store, is said so."""
    book, _ = two_stores
    empty = book.parent / "空" / folder
    (book.parent / "空").mkdir()
    ran = xlsales("collect", book, empty)
    assert ran.code == 2
    assert ("找不到文件夹" if folder == "nowhere" else "没有交回的工作簿") in ran.err


def test_english_sheets(tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan in English takes back English workbooks and answers in English."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    book, folder = tmp_path / "plan.xlsx", tmp_path / "back"
    stores = [{"dimension": "Store", "member": name, "weight": 1} for name in ("Bund", "Lake")]
    plan(book, lang="en", dimensions=stores, plan_name="FY26", total=720, step=100)
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, folder).code == 0
    file = StoreFile(folder / "Bund.xlsx", "Bund")
    file.type({("2026-01-12", "entry"): "closed", ("2026-01-13", "entry"): 9000.0}, "Daily")
    ran = xlsales("collect", book, folder, "--json")
    assert states(ran) == {"Bund": "partly", "Lake": "missing"}
    shown = opened(book)
    assert next(row[:4] for row in shown.book["Actuals"].iter_rows(values_only=True)) == (
        "Date", "Store", "Amount", "Collected from"
    )  # fmt: skip
    assert "'closed' is no amount" in shown.sheet("returns").value("s:Bund", "why")
    assert "What to fix" in read_back(folder / "sent back" / "Bund.xlsx").sheetnames


@pytest.mark.parametrize("header", ["来自文件", ""])
def test_a_renamed_column_of_origins_is_known_by_what_it_holds(
    tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    """Whoever renames or clears the header 回收来源 does not get every row twice."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    book, folder = stores_plan(tmp_path / "计划.xlsx", ["一店"]), tmp_path / "交回"
    xlsales("split", book)
    xlsales("handout", book, folder)
    fill(folder, ["一店"])
    xlsales("collect", book, folder)
    sheet = opened(book).book["实际"]
    at = next(cell.coordinate for cell in sheet[1] if cell.value == "回收来源")
    type_in(book, "实际", at, header)
    before = book.read_bytes()
    xlsales("collect", book, folder)
    assert book.read_bytes() == before


def test_a_copy_that_was_corrected_where_it_lies_is_not_overwritten(
    tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever corrects the copy in 退回 and leaves it there keeps the work, and is told where to put it."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    book, folder = stores_plan(tmp_path / "计划.xlsx", ["一店"]), tmp_path / "交回"
    xlsales("split", book)
    xlsales("handout", book, folder)
    files = fill(folder, ["一店"])
    files["一店"].type({("2026-01-05", "entry"): "休息"})
    xlsales("collect", book, folder)
    back = folder / "退回" / files["一店"].path.name
    StoreFile(back, "一店").type({("2026-01-05", "entry"): 4321.5})
    corrected = back.read_bytes()
    told = xlsales("collect", book, folder)
    assert back.read_bytes() == corrected
    assert "再收一次" in told.out
    back.replace(files["一店"].path)
    xlsales("collect", book, folder)
    assert ("2026-01-05", 4321.5) in [(day, amount) for _, day, amount, _ in collected(opened(book).book)]


def test_a_running_total_that_goes_on_over_months_is_not_taken(
    tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that types the year's running total is told for every month, and nothing of it counts."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    book, folder = stores_plan(tmp_path / "计划.xlsx", ["一店", "二店"]), tmp_path / "交回"
    xlsales("split", book)
    xlsales("handout", book, folder)
    files = fill(folder, ["一店", "二店"])
    days = sorted(files["一店"].good)
    running = {day: round(sum(files["一店"].good[d] for d in days[: n + 1]), 2) for n, day in enumerate(days)}
    files["一店"].type({(day, "entry"): amount for day, amount in running.items()})
    xlsales("collect", book, folder)
    accepted = {store for store, *_ in collected(opened(book).book)}
    assert accepted == {"二店"}
    ran = xlsales("collect", book, folder)
    assert "天天在涨" in ran.out
    assert "已照收" not in ran.out  # the last ones are far above a day's target, too
