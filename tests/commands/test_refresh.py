"""A plan of 1万 a day (365万), 华东 3 parts and 华北 2 parts of it, and its actuals."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.commands.books import (
    WAN,
    Command,
    Ran,
    Shown,
    add_cells,
    answer,
    fill,
    insert_row,
    members,
    opened,
    part_of,
    paste,
    plan,
    rewrite,
    sort_rows,
    swap,
    type_in,
)
from xlsales.plan.goods import T_GOODS

pytestmark = pytest.mark.unit
REGIONS = {"华东": 3, "华北": 2}
HEADER = ("日期", "区域", "销售额")
SALES = (
    HEADER,
    (dt.date(2026, 1, 15), "华东", 300_000),
    (dt.date(2026, 2, 15), "华北", 240_000),
    (dt.date(2026, 3, 31), "华东", 270_000),
    (dt.date(2026, 3, 31), "华北", 90_000),
)


@pytest.fixture
def book(tmp_path: Path, xlsales: Command) -> Path:
    """The plan, split, without actuals."""
    path = plan(tmp_path / "计划.xlsx", total=365, dimensions=members({"区域": REGIONS}), month_method="calendar_days")
    assert xlsales("split", path).code == 0
    return path


def refreshed(xlsales: Command, book: Path, *options: object, rows: object = SALES) -> Ran:
    paste(book, rows)  # type: ignore[arg-type]
    return xlsales("refresh", book, *options)


def figures(sheet: Shown, row: str) -> dict[str, object]:
    columns = list(sheet.columns)
    return {c: sheet.value(row, c) for c in columns[columns.index("target") : columns.index("status") + 1]}


# --- figures ---


def test_the_progress_columns(xlsales: Command, book: Path) -> None:
    """90万 after 90 of 365 days: on pace, forecast 365, 1万 a day needed; 华北 has 33 of 36 due: orange."""
    ran = refreshed(xlsales, book, "--verbose")
    assert ran.code == 0
    assert ran.out.splitlines()[:4] == [
        "总目标 365万元",
        "截至 2026-03-31:实际 900,000.00 元,达成 24.7%,时间进度 24.7%",
        "读到 4 行,采用 4 行,搁置 0 行",
        "列:日期=日期,金额=销售额,区域=区域",
    ]
    shown = opened(book)
    assert figures(shown.time, "total") == pytest.approx(
        {
            "target": 365 * WAN,
            "actual": 90 * WAN,
            "attainment": 90 / 365,
            "time_progress": 90 / 365,
            "target_to_date": 90 * WAN,
            "pace": 0,
            "gap": 275 * WAN,
            "forecast": 365 * WAN,
            "forecast_attainment": 1,
            "required_per_day": 1 * WAN,
            "status": "绿",
        }
    )
    regions = shown.dimension("区域")
    assert figures(regions, "m:华北") == pytest.approx(
        {
            "target": 146 * WAN,
            "actual": 33 * WAN,
            "attainment": 33 / 146,
            "time_progress": 90 / 365,
            "target_to_date": 36 * WAN,
            "pace": 33 / 146 - 90 / 365,
            "gap": 113 * WAN,
            "forecast": 33 * WAN * 365 / 90,
            "forecast_attainment": 33 / 36,
            "required_per_day": 113 * WAN / 275,
            "status": "橙",
        }
    )
    assert figures(regions, "m:华东")["status"] == "绿"
    assert regions.along("m:华东", "a:") == [30 * WAN, 0, 27 * WAN, *[None] * 9]
    assert regions.along("total", "a:") == [30 * WAN, 24 * WAN, 36 * WAN, *[None] * 9]
    february = figures(shown.time, "2026-02")
    assert (february["actual"], february["attainment"], february["status"]) == (24 * WAN, pytest.approx(24 / 28), "橙")
    april = figures(shown.time, "2026-04")
    assert (april["target"], april["actual"], april["attainment"], april["status"]) == (30 * WAN, None, None, None)
    assert shown.time.value("2026-02-15", "actual") == 24 * WAN
    assert shown.time.value("2026-02-16", "actual") == 0
    proofs = [*shown.time.down("actual", "proof.*"), *regions.down("actual", "proof.*")]
    assert set(proofs) == {0}


def test_the_cells_of_a_wide_table(xlsales: Command, tmp_path: Path) -> None:
    """Of a table with months across, cells are counted, not rows; a product of two columns is told as such."""
    book = plan(tmp_path / "plan.xlsx", lang="en", dimensions=members({"Region": {"a": 1, "b": 1}}))
    assert xlsales("split", book).code == 0
    paste(book, [("Region", "Jan", "Feb"), ("a", 1, None)], "Actuals")
    lines = xlsales("refresh", book, "--verbose").out.splitlines()
    assert lines[2:4] == ["1 cell found, 1 accepted, 0 set aside", "Columns: amount=Jan … Feb, Region=Region"]
    paste(book, [("Date", "Qty", "Price"), (dt.date(2026, 1, 5), 2, 3)], "Actuals")
    lines = xlsales("refresh", book, "--verbose").out.splitlines()
    assert lines[2:4] == ["1 row found, 1 accepted, 0 set aside", "Columns: date=Date, amount=Qty×Price"]


@pytest.mark.parametrize(
    ("clock", "gone"), [("calendar", 90 / 365), ("working_days", None), ("target_curve", 90 / 365)]
)
def test_the_chosen_clock(xlsales: Command, tmp_path: Path, clock: str, gone: float | None) -> None:
    """Time progress follows the clock of the plan; on working days the first quarter of 2026 has fewer."""
    path = tmp_path / "计划.xlsx"
    plan(path, total=365, dimensions=members({"区域": REGIONS}), month_method="calendar_days", clock=clock)
    assert xlsales("split", path).code == 0
    assert refreshed(xlsales, path).code == 0
    total = figures(opened(path).time, "total")
    time = opened(path).time
    expected = time.value("2026Q1", "working_days") / time.value("total", "working_days") if gone is None else gone
    assert total["time_progress"] == pytest.approx(expected)
    assert total["target_to_date"] == pytest.approx(365 * WAN * expected)


def test_rows_after_the_as_of_date(xlsales: Command, book: Path) -> None:
    """With an as-of date, later rows are set aside by number and amount, and nothing is lost."""
    ran = refreshed(xlsales, book, "--as-of", "2026-02-15", "--json")
    found = ran.json
    assert ran.code == 1
    assert found["as_of"] == "2026-02-15"
    assert found["rows"] == {"found": 4, "accepted": 2, "set_aside": 2, "totals": 0, "passed_over": 0}
    assert found["amounts"] == {"found": 900_000, "accepted": 540_000, "set_aside": 360_000, "totals": 0}
    assert found["actual"] == 540_000
    assert found["actual_by_dimension"] == {"区域": 540_000}
    (problem,) = found["problems"]
    assert (problem["rows"], problem["amount"], problem["set_aside"]) == (2, 360_000, True)
    assert "2026-03-31" in problem["sentence"]
    shown = opened(book)
    assert shown.time.value("total", "actual") == 54 * WAN
    assert shown.time.value("total", "time_progress") == pytest.approx(46 / 365)
    assert shown.sheet("problems").value("set_aside", "amount") == 36 * WAN


def test_as_of_from_the_settings(xlsales: Command, book: Path) -> None:
    """An as-of date in the settings holds without an option, and an option goes before it."""
    answer(book, "as_of", dt.date(2026, 2, 28))
    assert "截至 2026-02-28" in refreshed(xlsales, book).out
    assert "截至 2026-03-31" in refreshed(xlsales, book, "--as-of", "2026-03-31").out


def test_an_as_of_date_before_the_plan(xlsales: Command, book: Path) -> None:
    """An as-of date before the plan leaves every actual aside and no figure broken."""
    ran = refreshed(xlsales, book, "--as-of", "2025-12-31", "--json")
    assert (ran.code, ran.json["actual"], ran.json["rows"]["set_aside"]) == (1, 0, 4)
    assert opened(book).time.value("total", "attainment") in (None, 0)
    assert "实际 – 元,达成 –," in xlsales("refresh", book, "--as-of", "2025-12-31", "-v").out


def test_dirty_rows_are_set_aside_with_their_places(xlsales: Command, book: Path) -> None:
    """Unknown region, unreadable date and amount, other year, total: each with its cell; all amounts accounted for."""
    dirt = [
        (dt.date(2026, 1, 2), "华东区", 1000),
        ("下周", "华东", 2000),
        (dt.date(2026, 1, 3), "华北", "待定"),
        (dt.date(2025, 12, 31), "华北", 4000),
        ("合计", None, 907_000),
    ]
    ran = refreshed(xlsales, book, "--json", rows=[*SALES, *dirt])
    found = ran.json
    assert ran.code == 1
    assert found["rows"] == {"found": 9, "accepted": 4, "set_aside": 4, "totals": 1, "passed_over": 0}
    assert found["amounts"] == {"found": 1_814_000, "accepted": 900_000, "set_aside": 7_000, "totals": 907_000}
    places = {(p["sheet"], p["row"], p["column"], p["value"]) for p in found["problems"]}
    assert {("实际", 6, 2, "华东区"), ("实际", 7, 1, "下周"), ("实际", 8, 3, "待定"), ("实际", 10, 1, "合计")} <= places
    assert any("是不是“华东”" in p["sentence"] for p in found["problems"])
    sheet = opened(book).sheet("problems")
    account = ("found", "accepted", "set_aside", "totals", "proof")
    assert [sheet.value(row, "amount") for row in account] == [1_814_000, 900_000, 7_000, 907_000, 0]
    assert [sheet.value(row, "count") for row in account] == [9, 4, 4, 1, 0]


def test_what_normal_use_brings_is_no_problem(xlsales: Command, book: Path) -> None:
    """Actuals and history in one ledger, totals rows, a total column: told in plain lines, exit code 0."""
    ledger = [
        *SALES,
        *((dt.date(year, 5, day), "华东", 100) for year in (2024, 2025, 2027) for day in (1, 2)),
        ("合计", None, 900_600),
        (None, None, 900_600),
    ]
    ran = refreshed(xlsales, book, "--verbose", rows=ledger)
    assert ran.code == 0
    assert ran.out.splitlines()[2] == "读到 12 行,采用 4 行,搁置 6 行,合计行 2 行"
    for said in (
        "2024年的 2 行在计划期间",
        "2025年的 2 行",
        "2027年的 2 行",
        "“合计”的 1 行是合计行",
        "1 行的每个数都等于",
    ):
        assert said in ran.out
    assert "说明 5 条:见“数据问题”。" in ran.out.splitlines()
    assert "数据问题 " not in ran.out
    found = xlsales("refresh", book, "--json").json
    assert (found["changed"], found["exit_code"]) == (False, 0)
    assert all(problem["remark"] for problem in found["problems"])
    effects = opened(book).sheet("problems").down("effect", r"p:\d+")
    assert sorted(set(effects)) == ["合计行", "搁置"]


@pytest.mark.parametrize("day", [dt.date(2062, 3, 8), dt.date(2016, 3, 8)])
def test_a_year_that_is_far_off_is_a_problem(xlsales: Command, book: Path, day: dt.date) -> None:
    """2062 beside 2026 is no ledger of several years: somebody has mistyped it."""
    ran = refreshed(xlsales, book, rows=[*SALES, (day, "华东", 5)])
    assert ran.code == 1
    assert f"{day.year}年有 1 行不在计划期间" in ran.out


def test_a_few_rows_of_last_year_among_many_are_a_problem(xlsales: Command, book: Path) -> None:
    """In January people still type the old year."""
    rows = [*SALES, *((dt.date(2026, 1, 5), "华北", n) for n in range(300)), (dt.date(2025, 1, 5), "华东", 5)]
    ran = refreshed(xlsales, book, rows=rows)
    assert ran.code == 1
    assert "2025年有 1 行不在计划期间" in ran.out


def test_exact_to_the_third_decimal(xlsales: Command, book: Path) -> None:
    """Order lines carry three decimals: they are summed first and shown whole."""
    rows = [HEADER, *((dt.date(2026, 1, 1), "华东", 0.105) for _ in range(999)), (dt.date(2026, 1, 1), "华北", 0.1)]
    ran = refreshed(xlsales, book, "--json", rows=rows)
    assert ran.json["actual"] == 104.995
    assert opened(book).dimension("区域").value("m:华东", "actual") == 104.895


# --- sources ---


def test_csv_of_a_chinese_program(xlsales: Command, book: Path, tmp_path: Path) -> None:
    """A CSV file in GB 18030, with ¥ and thousands separators, named in the settings and beside the plan."""
    text = '业务日期,区域,成交金额\n2026-01-15,华东,"¥300,000.00"\n2026年2月15日,华北,24万\n'
    (tmp_path / "一季度 流水.csv").write_bytes(text.encode("gb18030"))
    answer(book, "actuals_file", "一季度 流水.csv")
    ran = xlsales("refresh", book, "--json")
    assert (ran.code, ran.json["actual"]) == (0, 540_000)
    assert ran.json["columns"]["amount"] == "成交金额"


def test_file_and_sheet_by_option(xlsales: Command, book: Path, tmp_path: Path) -> None:
    """--actuals FILE:SHEET reads that sheet; a sheet that is not there is named with those that are."""
    other = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(other, {"default_date_format": "yyyy-mm-dd"}) as written:
        written.add_worksheet("封面").write(0, 0, "说明")
        sheet = written.add_worksheet("明细")
        for row, values in enumerate(SALES):
            sheet.write_row(row, 0, values)
    ran = xlsales("refresh", book, "--actuals", f"{other}:明细", "--json")
    assert (ran.code, ran.json["actual"]) == (0, 900_000)
    before = book.read_bytes()
    missing = xlsales("refresh", book, "--actuals", f"{other}:没有")
    assert missing.code == 2
    assert missing.sentences == ["文件 orders.xlsx 里没有工作表“没有”。现有:封面、明细。"]
    assert book.read_bytes() == before


def test_wide_table(xlsales: Command, book: Path) -> None:
    """Members down, months across: a month's amount counts on its last day or before the as-of date."""
    rows = [("区域", "2026年1月", "2026年2月"), ("华东", 100_000, 200_000), ("华北", 50_000, None)]
    ran = refreshed(xlsales, book, "--json", rows=rows)
    assert ran.json["actual"] == 350_000
    assert opened(book).dimension("区域").along("m:华东", "a:")[:3] == [100_000, 200_000, None]


def test_amounts_in_wan(xlsales: Command, book: Path) -> None:
    """Amounts in 万元, as the settings say, come out in yuan."""
    answer(book, "actuals_unit", "万元")
    rows = [HEADER, (dt.date(2026, 1, 15), "华东", 30.5)]
    assert refreshed(xlsales, book, "--json", rows=rows).json["actual"] == 305_000


def test_nothing_sold_yet(xlsales: Command, book: Path) -> None:
    """Without actuals a refresh says so and leaves the file alone."""
    before = book.read_bytes()
    ran = xlsales("refresh", book)
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert ran.err.startswith("“实际”是空的")
    assert book.read_bytes() == before


def test_before_the_first_split(xlsales: Command, tmp_path: Path) -> None:
    """A refresh of a plan that was never split says what to run first."""
    path = plan(tmp_path / "计划.xlsx", actuals=SALES, dimensions=members({"区域": REGIONS}))
    ran = xlsales("refresh", path)
    assert (ran.code, ran.sentences) == (2, ["还没有分解目标。请先运行“分解目标”(xlsales split)。"])


# --- what stays ---


def test_refreshing_twice_changes_nothing(xlsales: Command, book: Path) -> None:
    """The same actuals again leave the file as it is, byte for byte, and it says so."""
    assert refreshed(xlsales, book).code == 0
    once = book.read_bytes()
    ran = xlsales("refresh", book)
    assert ran.out.splitlines()[0].startswith("没有变化,文件保持原样")
    assert book.read_bytes() == once
    assert xlsales("split", book, "--json").json["changed"] is False
    assert book.read_bytes() == once


def test_targets_stay_when_the_total_changes(xlsales: Command, book: Path) -> None:
    """A new total in the settings counts from the next split: a refresh keeps the targets and says so."""
    answer(book, "total", 730)
    ran = refreshed(xlsales, book, "--json")
    assert ran.json["target"] == 365 * WAN
    assert set(ran.json["residuals"].values()) == {0}
    assert ran.code == 1
    assert ["730万元" in p["sentence"] and "365万元" in p["sentence"] for p in ran.json["problems"]] == [True]
    shown = opened(book)
    assert shown.time.value("total", "target") == 365 * WAN
    assert shown.dimension("区域").down("target", "m:.*") == [219 * WAN, 146 * WAN]
    assert "总目标 365万元" in xlsales("refresh", book, "--verbose").out
    assert xlsales("split", book, "--rewrite").code == 0
    assert opened(book).time.value("total", "target") == 730 * WAN


def test_targets_stay_when_the_step_changes(xlsales: Command, book: Path) -> None:
    """A coarser step in the settings counts from the next split: a refresh does not round what was written."""
    before = opened(book).dimension("区域").along("m:华东", "t:")
    assert before[0] == 186_000
    answer(book, "step", 50_000)
    assert refreshed(xlsales, book).code == 0
    assert opened(book).dimension("区域").along("m:华东", "t:") == before


def test_a_period_that_has_changed(xlsales: Command, book: Path) -> None:
    """A plan that was made longer has no targets for its new months: one sentence a sheet, not one a cell."""
    answer(book, "end", dt.date(2027, 6, 30))
    ran = refreshed(xlsales, book)
    assert ran.code == 2
    assert [s.partition(":")[0] for s in ran.sentences] == ["按时间", "按区域"]
    assert all("2027-01" in sentence for sentence in ran.sentences)


def test_a_member_added_since_the_split(xlsales: Command, book: Path) -> None:
    """A member that has no targets yet is named, with what to run; nothing is written."""
    for column, value in {"B": "区域", "C": "华南", "F": 5}.items():
        type_in(book, "维度", f"{column}7", value)
    paste(book, SALES)
    before = book.read_bytes()
    ran = xlsales("refresh", book)
    assert (ran.code, ran.sentences) == (
        2,
        ["按区域: “华南”不在这张表里(计划改过,或它被删了)。请重新运行“分解目标”。"],
    )
    assert book.read_bytes() == before


# --- what a person did to the written sheets ---


def test_notes_beside_the_figures(xlsales: Command, book: Path) -> None:
    """A column of notes and a remark below stay where they are."""
    add_cells(book, "按区域", {"CA6": "备注", "CA7": "大客户三月签", "CB7": 12.5})
    assert refreshed(xlsales, book).code == 0
    sheet = opened(book).dimension("区域")
    assert (sheet.sheet["CA7"].value, sheet.sheet["CB7"].value) == ("大客户三月签", 12.5)
    assert sheet.value("m:华东", "actual") == 57 * WAN


def test_an_inserted_row(xlsales: Command, book: Path) -> None:
    """A row inserted between members stays, and the figures below it are found."""
    row = opened(book).dimension("区域").rows["m:华北"]
    insert_row(book, "按区域", row, {"C": "—— 北方 ——"})
    assert refreshed(xlsales, book).code == 0
    sheet = opened(book).dimension("区域")
    assert sheet.sheet.cell(row, 3).value == "—— 北方 ——"
    assert sheet.rows["m:华北"] == row + 1
    assert sheet.value("m:华北", "actual") == 33 * WAN
    assert sheet.value("m:华东", "actual") == 57 * WAN


def test_sorted_members(xlsales: Command, book: Path) -> None:
    """Members that a person sorted keep their order."""
    rows = opened(book).dimension("区域").rows
    sort_rows(book, "按区域", [rows["m:华北"], rows["m:华东"]])
    assert refreshed(xlsales, book).code == 0
    sheet = opened(book).dimension("区域")
    assert sheet.rows["m:华北"] < sheet.rows["m:华东"]
    assert (sheet.value("m:华北", "actual"), sheet.value("m:华东", "actual")) == (33 * WAN, 57 * WAN)
    assert (sheet.value("m:华北", "member"), sheet.value("m:华东", "proof")) == ("华北", 0)


def test_a_renamed_and_moved_sheet(xlsales: Command, book: Path) -> None:
    """A written sheet that a person renamed and moved to the front is refreshed under its new title."""

    def rename(name: str, data: bytes) -> bytes:
        if name != "xl/workbook.xml":
            return data
        text = data.decode().replace('name="按区域"', 'name="大区 达成"').replace("按区域!", "'大区 达成'!")
        text = text.replace("'按区域'!", "'大区 达成'!")
        sheet = re.search(r'<sheet name="大区 达成"[^>]*/>', text)
        assert sheet
        titles = re.findall(r'<sheet name="([^"]*)"', text)
        old = titles.index("大区 达成")
        order = [old, *(i for i in range(len(titles)) if i != old)]
        text = re.sub(r'localSheetId="(\d+)"', lambda m: f'localSheetId="{order.index(int(m[1]))}"', text)
        return text.replace(sheet[0], "").replace("<sheets>", "<sheets>" + sheet[0]).encode()

    rewrite(book, rename)
    assert refreshed(xlsales, book).code == 0
    shown = opened(book)
    assert shown.titles[0] == "大区 达成"
    assert shown.dimension("区域").sheet.title == "大区 达成"
    assert shown.dimension("区域").value("m:华东", "actual") == 57 * WAN


def test_restyled_cells_keep_their_look(xlsales: Command, book: Path) -> None:
    """A cell that a person coloured keeps its colour when its value changes."""
    sheet = opened(book).dimension("区域")
    address, title = sheet.cell("m:华东", "actual").coordinate, sheet.cell("m:华东", "member")
    other = sheet.sheet.cell(2, 3)  # the title's format
    assert other.font.size != title.font.size
    part = part_of(book, "按区域")
    style = other._style

    def restyle(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        of_title = re.search(rb'<c r="C2" s="(\d+)"', data)
        assert of_title
        return re.sub(rb'(<c r="%b" s=)"\d+"' % address.encode(), rb'\1"%b"' % of_title[1], data)

    rewrite(book, restyle)
    assert refreshed(xlsales, book).code == 0
    cell = opened(book).dimension("区域").cell("m:华东", "actual")
    assert (cell.value, cell.font.size, cell._style == style) == (57 * WAN, other.font.size, True)


def test_a_target_changed_by_hand_is_reported(xlsales: Command, book: Path) -> None:
    """A target typed over in a sheet is kept and reported for as long as the sums do not close."""
    cell = opened(book).dimension("区域").cell("m:华东", "t:2026-05").coordinate
    type_in(book, "按区域", cell, 250_000)
    for _ in range(2):
        ran = refreshed(xlsales, book, "--json")
        assert ran.code == 1
        assert [p["sheet"] for p in ran.json["problems"]] == ["按区域"]
        assert "手工改过" in ran.json["problems"][0]["sentence"]
        sheet = opened(book).dimension("区域")
        assert sheet.value("m:华东", "t:2026-05") == 250_000
        assert sheet.value("proof:1", "t:2026-05") == 250_000 - 186_000
    ran = xlsales("split", book, "--json")
    assert "手工改过的目标已按计划重新分解" in ran.json["problems"][0]["sentence"]
    assert opened(book).dimension("区域").value("m:华东", "t:2026-05") == 186_000
    assert xlsales("split", book, "--json").json["problems"] == []


def test_a_target_that_is_no_number(xlsales: Command, book: Path) -> None:
    """A target overwritten with text is named by its cell, and nothing is written."""
    cell = opened(book).dimension("区域").cell("m:华东", "t:2026-05").coordinate
    type_in(book, "按区域", cell, "待定")
    paste(book, SALES)
    before = book.read_bytes()
    ran = xlsales("refresh", book)
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert ran.err.startswith(f"按区域!{cell}: “华东”的目标不是数字")
    assert book.read_bytes() == before


def test_own_cells_are_kept_when_a_sheet_is_written_anew(xlsales: Command, book: Path) -> None:
    """Where a new member makes a sheet be written anew, the old one with a person's notes is kept beside it."""
    add_cells(book, "按区域", {"CA7": "大客户三月签"})
    for column, value in {"B": "区域", "C": "华南", "F": 5}.items():
        type_in(book, "维度", f"{column}7", value)
    ran = xlsales("split", book, "--json")
    assert ran.code == 1
    assert "“按区域 旧1”" in ran.json["problems"][0]["sentence"]
    shown = opened(book)
    assert shown.titles.index("按区域") < shown.titles.index("数据问题") < shown.titles.index("按区域 旧1")
    assert shown.book["按区域 旧1"]["CA7"].value == "大客户三月签"
    assert shown.book["按区域"]["CA7"].value is None
    fresh = next(s for s in (shown.book[t] for t in shown.titles) if s.title == "按区域")
    assert Shown(fresh, 1, 1).down("target", "m:.*") == [109.5 * WAN, 73 * WAN, 182.5 * WAN]
    again = xlsales("split", book, "--json")
    assert (again.code, again.json["changed"]) == (0, False)
    assert [t for t in opened(book).titles if "旧" in t] == ["按区域 旧1"]


@pytest.mark.parametrize("added", ["note", "chart"])
def test_notes_and_charts_are_kept_when_a_sheet_is_written_anew(xlsales: Command, book: Path, added: str) -> None:
    """A note or a chart that a person added to a sheet is kept beside it as well, without any cell of their own."""
    sheet = part_of(book, "按区域")
    relations = sheet.replace("worksheets/", "worksheets/_rels/") + ".rels"
    with zipfile.ZipFile(book) as archive:
        (drawing,) = re.findall(r'Target="\.\./(drawings/[^"]+)"', archive.read(relations).decode())
        chart = re.search("<xdr:twoCellAnchor.*?</xdr:twoCellAnchor>", archive.read(f"xl/{drawing}").decode())
    assert chart
    if added == "note":
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
        line = f'<Relationship Id="rId9" Type="{kind}" Target="../comments9.xml"/></Relationships>'
        swap(book, "</Relationships>", line, relations)
        with zipfile.ZipFile(book, "a") as archive:
            archive.writestr("xl/comments9.xml", "<comments/>")
    else:
        own = chart[0].replace('name="xlsales"', 'name="图表 2"')
        swap(book, "</xdr:wsDr>", own + "</xdr:wsDr>", f"xl/{drawing}")
    for column, value in {"B": "区域", "C": "华南", "F": 5}.items():
        type_in(book, "维度", f"{column}7", value)
    ran = xlsales("split", book, "--json")
    assert (ran.code, "“按区域 旧1”" in ran.json["problems"][0]["sentence"]) == (1, True)
    assert part_of(book, "按区域 旧1") == sheet


def test_a_dimension_that_is_gone(xlsales: Command, book: Path) -> None:
    """The sheet of a dimension that the plan no longer has is not deleted, but told to be out of date."""
    for row in (5, 6):
        type_in(book, "维度", f"B{row}", "大区")
    ran = xlsales("split", book, "--json")
    problem = next(p for p in ran.json["problems"] if p["sheet"] == "按区域")
    assert problem["sentence"].startswith("维度“区域”已不在计划里,这张表不再更新")
    assert {"按区域", "按大区"} <= set(opened(book).titles)


def test_an_empty_sheet_written_anew_leaves_no_copy(xlsales: Command, book: Path) -> None:
    """A sheet in which a person wrote nothing is simply replaced, in its place."""
    for column, value in {"B": "区域", "C": "华南", "F": 5}.items():
        type_in(book, "维度", f"{column}7", value)
    before = opened(book).titles
    assert xlsales("split", book).code == 0
    shown = opened(book)
    assert shown.titles == before
    assert len(shown.dimension("区域").down("target", "m:.*")) == 3


def test_deleted_sheets_come_back(xlsales: Command, book: Path) -> None:
    """A written sheet that a person deleted is written again by the next run."""
    part = part_of(book, "进度总览")
    number = opened(book).titles.index("进度总览")

    def drop(name: str, data: bytes) -> bytes | None:
        if name == part or name.endswith(f"{Path(part).name}.rels"):
            return None
        text = data.decode() if name.endswith((".xml", ".rels")) else ""
        if name == "xl/workbook.xml":
            text = re.sub(r'<sheet name="进度总览"[^>]*/>', "", text)
            text = re.sub(rf'<definedName name="[^"]*" localSheetId="{number}".*?</definedName>', "", text)
            text = re.sub(r"(<definedName name=\"xs_out_overview\">).*?<", r"\1#REF!<", text)
            text = re.sub(r'localSheetId="(\d+)"', lambda m: f'localSheetId="{int(m[1]) - (int(m[1]) > number)}"', text)
            return text.encode()
        if name == "xl/_rels/workbook.xml.rels":
            return re.sub(rf'<Relationship [^>]*{Path(part).name}"[^>]*/>', "", text).encode()
        if name == "[Content_Types].xml":
            return re.sub(rf'<Override [^>]*{Path(part).name}"[^>]*/>', "", text).encode()
        return data

    rewrite(book, drop)
    assert "进度总览" not in opened(book).titles
    assert refreshed(xlsales, book).code == 0
    assert opened(book).sheet("overview").sheet.title == "进度总览"


def test_the_run_log_keeps_every_run(xlsales: Command, book: Path) -> None:
    """The log has a line per run that changed something, newest first, also for runs within one second."""
    assert refreshed(xlsales, book).code == 0
    assert refreshed(xlsales, book, "--as-of", "2026-03-15").code == 1
    runs = opened(book).sheet("runs")
    assert runs.down("command", "run:.*") == ["刷新进度", "刷新进度", "分解目标"]
    assert runs.down("actual_after", "run:.*") == [54 * WAN, 90 * WAN, None]
    assert runs.down("actual_before", "run:.*") == [90 * WAN, None, None]


def test_plan_held_open(xlsales: Command, book: Path) -> None:
    """While a lock file says that the plan is open nothing is written; elsewhere, or once it is closed, it is."""
    paste(book, SALES)
    lock, before = book.with_name(f"~${book.name}"), book.read_bytes()
    lock.touch()
    ran = xlsales("refresh", book)
    assert (ran.code, "请先保存并关闭它" in ran.err) == (2, True)
    assert book.read_bytes() == before
    assert xlsales("refresh", book, "-o", book.with_name("副本.xlsx")).code == 0
    lock.unlink()
    assert xlsales("refresh", book).code == 0


def test_a_plan_as_wps_writes_it(xlsales: Command, book: Path) -> None:
    """A person's program may write shared strings without count, and cells without style: it is all the same."""
    swap(book, ' t="inlineStr"><is><t>华东', ' t="inlineStr"><is><t xml:space="preserve">华东')
    assert refreshed(xlsales, book).code == 0


def test_formulas_elsewhere_go_on_meaning_the_live_sheet(xlsales: Command, book: Path) -> None:
    """A formula of a person's own that refers to a breakdown sheet means the new contents, not the kept copy."""
    add_cells(book, "按区域", {"CA7": "大客户三月签"})
    sheet = part_of(book, "说明")
    swap(book, "</row>", '<c r="Z99"><f>按区域!D7*2</f><v>1</v></c></row>', sheet)
    for column, value in {"B": "区域", "C": "华南", "F": 5}.items():
        type_in(book, "维度", f"{column}7", value)
    assert xlsales("split", book).code == 1
    with zipfile.ZipFile(book) as archive:
        assert b"<f>\xe6\x8c\x89\xe5\x8c\xba\xe5\x9f\x9f!D7*2</f>" in archive.read(sheet)
        charts = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/charts/chart")]
    assert sum("按区域 旧1" in chart for chart in charts) == 1
    assert sum("按区域!" in chart or "'按区域'!" in chart for chart in charts) >= 1


def test_a_deleted_breakdown_sheet_is_told(xlsales: Command, book: Path) -> None:
    """Without its hidden keys a sheet is not taken for one that never was."""
    type_in(book, "按时间", "A1", "x")
    ran = refreshed(xlsales, book)
    assert (ran.code, ran.sentences) == (
        2,
        ["找不到“按时间”,或它隐藏的第 1 行、A 列被删了。请运行“分解目标”(xlsales split)重新生成。"],
    )


def test_a_split_without_the_actuals_says_what_it_cleared(xlsales: Command, book: Path) -> None:
    """Achievements that a split clears, because the actuals are gone, are told with their sum."""
    assert refreshed(xlsales, book).code == 0
    paste(book, [])
    ran = xlsales("split", book, "--json")
    assert ran.code == 1
    assert any("900,000.00" in p["sentence"] for p in ran.json["problems"])


def test_a_step_that_leaves_members_nothing_is_told(xlsales: Command, tmp_path: Path) -> None:
    """Members whose share is less than a step are counted, and the step is named."""
    path = plan(tmp_path / "计划.xlsx", total=1, step=10_000, dimensions=members({"区域": {"大": 99, "小": 1}}))
    ran = xlsales("split", path, "--json")
    assert ran.code == 1
    said = [problem["sentence"] for problem in ran.json["problems"]]
    assert any(one.startswith("“区域”有 1 个成员分到 0:最小步长 10000 元太大。") for one in said)


def test_months_as_dates_on_the_first(xlsales: Command, book: Path) -> None:
    """Twelve months typed as dates: as of the year's end, all time gone, the forecast is what was sold."""
    rows = [("月份", "区域", "金额"), *((dt.date(2026, m, 1), name, 150_000) for m in range(1, 13) for name in REGIONS)]
    ran = refreshed(xlsales, book, "--json", rows=rows)
    assert (ran.code, ran.json["as_of"], ran.json["actual"]) == (0, "2026-12-31", 3_600_000)
    total = figures(opened(book).time, "total")
    assert (total["time_progress"], total["forecast"]) == (1, 3_600_000)
    assert opened(book).time.value("2026-12", "actual") == 300_000


DAYS = [dt.date(2026, 3, day) for day in range(1, 16)]
SLIP = "截止日取自最后一天有实际的 2026-12-16,但 2026-03-16 – 2026-12-15 一笔实际都没有,这之后只有 1 天有"


def test_a_day_far_ahead_of_all_others_is_doubted(xlsales: Command, book: Path) -> None:
    """December for March would put everyone nine months behind; corrected or confirmed, nothing is said."""
    rows = [HEADER, *((day, "华东", 6_000) for day in DAYS)]
    ran = refreshed(xlsales, book, rows=[*rows, (dt.date(2026, 12, 16), "华东", 6_000)])
    assert (ran.code, SLIP in ran.out) == (1, True)
    assert SLIP not in xlsales("refresh", book, "--as-of", "2026-12-16").out
    answer(book, "as_of", 46372)
    assert SLIP not in xlsales("refresh", book).out
    answer(book, "as_of", "")
    ran = refreshed(xlsales, book, rows=[*rows, (dt.date(2026, 3, 16), "华东", 6_000)])
    assert (ran.code, "截止日取自" in ran.out) == (0, False)


@pytest.mark.parametrize(
    "days",
    [
        [dt.date(2026, month, 28) for month in range(1, 13)],
        [*DAYS, dt.date(2026, 4, 4)],
        [*DAYS, *(dt.date(2026, 12, day) for day in range(1, 5))],
        [dt.date(2026, 1, 5), dt.date(2026, 1, 6), dt.date(2026, 8, 31)],
        [DAYS[0]],
    ],
    ids=["a sum a month", "a holiday", "a season", "few days", "one day"],
)
def test_a_pause_is_no_slip(xlsales: Command, book: Path, days: list[dt.date]) -> None:
    """What sells by the month or by season, or has hardly begun, is not asked about."""
    ran = refreshed(xlsales, book, rows=[HEADER, *((day, "华东", 6_000) for day in days)])
    assert "截止日取自" not in ran.out


def test_figures_of_an_added_sheet_changed_by_hand_are_told_of_its_table(xlsales: Command, tmp_path: Path) -> None:
    """They are worked out anew from the table: nothing is left that does not add up, and there is nothing to lock."""
    path = plan(tmp_path / "plan.xlsx")
    xlsales("add", path, "货品")
    rows = [{"month": "2026-11", "category": name, "base": 1.0, "note": ""} for name in ("女装", "男装")]
    fill(path, T_GOODS, "货品", rows)
    assert xlsales("split", path).code == 0
    goods = opened(path).sheet("goods")
    type_in(path, "货品分解", goods.cell("2026-11:g:女", "target").coordinate, 1.0)
    ran = xlsales("split", path)
    assert "这张表是按“货品”表算出来的" in ran.out
    assert "锁定" not in ran.out
    assert opened(path).sheet("goods").value("2026-11:g:女", "target") == goods.value("2026-11:g:女", "target")
