"""数据表: the rows of the plan as an Excel table, and what a person has added to it over runs of all kinds."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import TableColumn, TableFormula

from tests import validator
from tests.calc import read_back, recalculated
from tests.commands.books import Command, members, opened, plan
from xlsales.core.faults import Lang
from xlsales.ooxml.xml import MAIN

HEADERS = {
    "zh": ["维度", "成员", "上级", "层级", "末级", "月份", "目标", "实际", "应达", "差额"],
    "en": ["Dimension", "Member", "Parent", "Level", "Lowest", "Month", "Target", "Actual", "Target to date", "Gap"],
}
TITLE = {"zh": "数据表", "en": "Data"}
REGIONS: dict[str, float | None] = {"东": 3, "西": 2}
FIRST = 5
"""The first row of the table."""


def book(path: Path, xlsales: Command, lang: Lang = "zh", **more: Any) -> Path:
    """A plan of some regions, split, with the table filled."""
    name = "区域" if lang == "zh" else "Region"
    plan(path, lang=lang, **{"dimensions": members({name: REGIONS}), **more})
    assert xlsales("add", path, "data").code == 0
    assert xlsales("split", path, "--rewrite").code in (0, 1)
    return path


def again(path: Path, xlsales: Command, regions: Sequence[str], dimension: str = "区域", then: str = "split") -> str:
    """Type other members over those of the plan, split, and return what was said."""
    file = read_back(path)
    retype(file, regions, dimension)
    file.save(path)
    ran = xlsales(then, path, *(["--rewrite"] if then == "split" else []))
    assert ran.code in (0, 1), ran.err
    return ran.out + ran.err


def retype(file: Any, regions: Sequence[str], dimension: str = "区域") -> None:
    """Type other members over those of the plan."""
    for n in range(12):
        name = regions[n] if n < len(regions) else None
        for column, value in ((2, dimension), (3, name), (6, 1)):
            file["维度"].cell(5 + n, column).value = value if name else None


def table_of(path: Path, title: str = "数据表", *, formulas: bool = False) -> list[list[Any]]:
    """The rows of the table, and of what is right of it."""
    sheet = read_back(path, data_only=not formulas)[title]
    first, last = (int(n) for n in re.findall(r"\d+", sheet.tables["xs_data"].ref))
    last -= sheet.tables["xs_data"].totalsRowCount or 0
    return [list(row) for row in sheet.iter_rows(min_row=first + 1, max_row=last, min_col=2, values_only=True)]


def type_over(path: Path, **cells: Any) -> None:
    """Type into cells of the sheet."""
    file = read_back(path)
    for address, value in cells.items():
        file["数据表"][address] = value
    file.save(path)


def keys(rows: Sequence[Sequence[Any]]) -> list[tuple[Any, int]]:
    return [(row[1], row[5].month) for row in rows]


# --- the figures ------------------------------------------------------------


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_row_for_each_member_and_month(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Headers, dates, names, and sums that are those of the sheets, to the cent."""
    name, date, amount = ("区域", "日期", "金额") if lang == "zh" else ("Region", "Date", "Amount")
    rows = [[date, name, amount], [dt.date(2026, 1, 5), "甲", 100.25], [dt.date(2026, 2, 10), "乙", 50.5]]
    tree = [
        {"dimension": name, "member": "东", "weight": 3},
        {"dimension": name, "member": "甲", "parent": "东", "weight": 1},
        {"dimension": name, "member": "乙", "parent": "东", "weight": 2},
        {"dimension": name, "member": "西", "weight": 1},
    ]
    path = book(tmp_path / "p.xlsx", xlsales, lang, dimensions=tree, actuals=rows, as_of=dt.date(2026, 2, 14))
    file = read_back(path, data_only=True)
    sheet = file[TITLE[lang]]
    assert [cell.value for cell in sheet[4][1:]] == HEADERS[lang]
    shown = table_of(path, TITLE[lang])
    assert len(shown) == 12 * 5
    company, region = (
        ("公司整体", "是") if lang == "zh" else ("Company", "yes"),
        opened(path).dimension(name),
    )
    assert [row[0] for row in shown[:12]] == [company[0]] * 12
    assert [row[5] for row in shown[:12]] == [dt.datetime(2026, m, 1) for m in range(1, 13)]
    assert {(row[1], row[2], row[3], row[4] == company[1]) for row in shown[12:]} == {
        ("东", None, 1, False), ("甲", "东", 2, True), ("乙", "东", 2, True), ("西", None, 1, True)
    }  # fmt: skip
    for member in ("东", "甲", "乙", "西"):
        own = [row for row in shown if row[1] == member]
        assert [row[6] for row in own] == region.along(f"m:{member}", "t:")
        assert [row[7] for row in own] == region.along(f"m:{member}", "a:")
        assert sum(row[8] for row in own) == pytest.approx(region.value(f"m:{member}", "target_to_date"), abs=0.005)
    whole = opened(path).time
    assert sum(row[6] for row in shown[:12]) == whole.value("total", "target")
    assert sum(row[6] for row in shown if row[4] == company[1]) == whole.value("total", "target")
    assert [row[7] for row in shown[:12]] == [100.25, 50.5, *[None] * 10]
    assert [row[9] for row in shown[:3]] == [pytest.approx(row[6] - row[7]) for row in shown[:2]] + [None]
    written = path.read_bytes()
    assert xlsales("refresh", path).code in (0, 1)
    assert path.read_bytes() == written


@pytest.mark.package
@pytest.mark.parametrize(
    ("settings", "months"),
    [
        ({"start": dt.date(2026, 3, 15), "end": dt.date(2026, 4, 2)}, [(2026, 3), (2026, 4)]),
        ({"start": dt.date(2026, 5, 9), "end": dt.date(2026, 5, 9)}, [(2026, 5)]),
        ({"start": dt.date(2026, 4, 1), "end": dt.date(2027, 3, 31), "fiscal_month": 4},
         [*((2026, m) for m in range(4, 13)), (2027, 1), (2027, 2), (2027, 3)]),
        ({"start": dt.date(2025, 12, 22), "end": dt.date(2026, 12, 21), "month_end": 21},
         [(2026, m) for m in range(1, 13)]),
        ({"month_end": 21}, [*((2026, m) for m in range(1, 13)), (2027, 1)]),
        ({"month_pattern": "445"}, [(2026, m) for m in range(1, 13)]),
    ],
)  # fmt: skip
def test_months_are_dates(
    xlsales: Command, tmp_path: Path, settings: Mapping[str, Any], months: list[tuple[int, int]]
) -> None:
    """Months that the plan cuts, fiscal years, fiscal months, months of weeks: the first of a month, each once."""
    path = book(tmp_path / "p.xlsx", xlsales, **settings)
    assert [(row[5].year, row[5].month) for row in table_of(path)[: len(months)]] == months
    assert {row[5].day for row in table_of(path)} == {1}


# --- what a person adds -----------------------------------------------------


def in_the_table(sheet: Any) -> None:
    """A calculated column of the table, and one typed into."""
    table = sheet.tables["xs_data"]
    last = int(re.findall(r"\d+", table.ref)[1])
    sheet["L4"], sheet["M4"] = "双倍", "备注"
    table.ref = table.autoFilter.ref = f"B4:M{last}"
    formula = TableFormula(attr_text="xs_data[[#This Row],[目标]]*2")
    table.tableColumns += [
        TableColumn(id=11, name="双倍", calculatedColumnFormula=formula),
        TableColumn(id=12, name="备注"),
    ]
    for row in range(FIRST, last + 1):
        sheet[f"L{row}"] = "=xs_data[[#This Row],[目标]]*2"
        sheet[f"M{row}"] = f"{sheet[f'C{row}'].value}{sheet[f'G{row}'].value.month}"


def beside(sheet: Any) -> None:
    """Columns beside the table: one of formulas by address, one typed into."""
    sheet["L4"], sheet["M4"] = "双倍", "备注"
    for row in range(FIRST, FIRST + 36):
        sheet[f"L{row}"] = f"=H{row}*2"
        sheet[f"M{row}"] = f"{sheet[f'C{row}'].value}{sheet[f'G{row}'].value.month}"
        sheet[f"L{row}"].fill = PatternFill("solid", fgColor="FFFF00")


def with_totals(sheet: Any) -> None:
    """A row of totals."""
    in_the_table(sheet)
    table, row = sheet.tables["xs_data"], FIRST + 36
    table.ref, table.totalsRowCount = f"B4:M{row}", 1
    table.tableColumns[0].totalsRowLabel, table.tableColumns[6].totalsRowFunction = "合计", "sum"
    sheet[f"B{row}"], sheet[f"H{row}"] = "合计", "=SUBTOTAL(109,xs_data[目标])"


def sorted_by_hand(sheet: Any) -> None:
    """The other way round, with a column of their own."""
    beside(sheet)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(FIRST, FIRST + 35, 2, 13)]
    for n, row in enumerate(reversed(rows), FIRST):
        for column, value in enumerate(row, 2):
            sheet.cell(n, column).value = f"=H{n}*2" if column == 12 else value


ADDED: list[Callable[[Any], None]] = [in_the_table, beside, with_totals, sorted_by_hand]
CHANGES = {
    "one more": ["东", "西", "南"],
    "one less": ["西"],
    "another name": ["东", "北"],
    "one of each": ["南", "西", "北"],
    "fewer and others": ["北"],
}


def check(path: Path, regions: Sequence[str], before: Sequence[str] = ("东", "西")) -> None:
    """Each row has its formula, and what was typed beside it."""
    shown, texts = table_of(path), table_of(path, formulas=True)
    wanted = {(name, m) for name in ("公司整体", *regions) for m in range(1, 13)}
    assert set(keys(shown)) == wanted
    assert len(shown) == len(wanted)
    for n, (row, text) in enumerate(zip(shown, texts, strict=True), FIRST):
        assert text[10] in (f"=H{n}*2", "=xs_data[[#This Row],[目标]]*2"), (n, text)
        stays = row[1] in (*before, "公司整体")
        assert row[11] == (f"{row[1]}{row[5].month}" if stays else None), (n, row)
    sheet = read_back(path)["数据表"]
    table = sheet.tables["xs_data"]
    last = FIRST + len(shown) - 1
    assert table.autoFilter.ref.endswith(str(last))
    below = [cell.value for row in sheet.iter_rows(min_row=last + 1 + (table.totalsRowCount or 0)) for cell in row]
    assert not any(below)
    if table.totalsRowCount:
        assert (sheet[f"B{last + 1}"].value, sheet[f"H{last + 1}"].value) == ("合计", "=SUBTOTAL(109,xs_data[目标])")


@pytest.mark.package
@pytest.mark.parametrize(
    ("added", "change"),
    [
        *((in_the_table, change) for change in CHANGES),
        (beside, "one more"),
        (beside, "one of each"),
        (with_totals, "one less"),
        (with_totals, "one of each"),
        (sorted_by_hand, "one of each"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_what_a_person_added_goes_with_its_row(
    xlsales: Command, tmp_path: Path, added: Callable[[Any], None], change: str
) -> None:
    """Members come, go and are renamed; then all of it is undone."""
    path = book(tmp_path / "p.xlsx", xlsales)
    file = read_back(path)
    added(file["数据表"])
    file.save(path)
    order = keys(table_of(path))
    said = again(path, xlsales, CHANGES[change])
    check(path, CHANGES[change])
    staying = [key for key in order if key[0] in (*CHANGES[change], "公司整体")]
    assert [key for key in keys(table_of(path)) if key in order] == staying
    gone = set(REGIONS) - set(CHANGES[change])
    assert ("随行去掉" in said) == bool(gone)
    written = path.read_bytes()
    assert xlsales("split", path).code in (0, 1)
    assert path.read_bytes() == written
    assert xlsales("undo", path).code == 0
    assert keys(table_of(path)) == order


@pytest.mark.validator
@pytest.mark.parametrize("added", ADDED, ids=lambda added: added.__name__)
def test_the_table_stays_valid(xlsales: Command, tmp_path: Path, added: Callable[[Any], None]) -> None:
    """Microsoft's validator finds nothing new, longer and shorter."""
    path = book(tmp_path / "p.xlsx", xlsales)
    assert not validator.findings(path)
    file = read_back(path)
    added(file["数据表"])
    file.save(path)
    before = validator.findings(path)
    for regions in (["东", "西", "南", "北"], ["西"]):
        again(path, xlsales, regions)
        assert not [found for found in validator.findings(path) - before if found[0] != "/xl/styles.xml"]


@pytest.mark.libreoffice
@pytest.mark.parametrize("added", ADDED, ids=lambda added: added.__name__)
def test_formulas_of_a_person_compute(xlsales: Command, tmp_path: Path, added: Callable[[Any], None]) -> None:
    """LibreOffice computes those that went on into new rows."""
    path = book(tmp_path / "p.xlsx", xlsales)
    file = read_back(path)
    added(file["数据表"])
    file.save(path)
    again(path, xlsales, ["东", "南", "西"])
    sheet = recalculated(path, tmp_path)["数据表"]
    for row in range(FIRST, FIRST + 48):
        assert sheet.cell(row, 12).value == pytest.approx(2 * sheet.cell(row, 8).value)
    if added is with_totals:
        assert sheet.cell(FIRST + 48, 8).value == pytest.approx(20_000_000)


@pytest.mark.package
def test_another_year(xlsales: Command, tmp_path: Path) -> None:
    """All rows are others: formulas stay, what was typed goes, and that is said."""
    path = book(tmp_path / "p.xlsx", xlsales)
    file = read_back(path)
    in_the_table(file["数据表"])
    for name, day in (("start", dt.date(2027, 1, 1)), ("end", dt.date(2027, 12, 31))):
        (cell,) = file.defined_names[f"xs_{name}"].destinations
        file[cell[0]][cell[1]] = day
    file.save(path)
    ran = xlsales("split", path, "--rewrite")
    assert ran.code in (0, 1)
    assert "36 行已不在计划里" in ran.out + ran.err
    rows, texts = table_of(path), table_of(path, formulas=True)
    assert {row[5].year for row in rows} == {2027}
    assert {row[10] for row in texts} == {"=xs_data[[#This Row],[目标]]*2"}
    assert {row[11] for row in rows} == {None}


@pytest.mark.package
def test_formats_filters_and_headers_are_the_persons(xlsales: Command, tmp_path: Path) -> None:
    """Number formats go on into new rows; a filter, a rule, a renamed sheet and a moved table stay."""
    path = book(tmp_path / "p.xlsx", xlsales)
    file = read_back(path)
    sheet = file["数据表"]
    for row in range(FIRST, FIRST + 36):
        sheet[f"H{row}"].number_format = "0.0,,"
    sheet.tables["xs_data"].autoFilter.add_filter_column(1, ["东"])
    for row in range(FIRST, FIRST + 24):
        sheet.row_dimensions[row].hidden = True
    sheet.conditional_formatting.add("I5:I40", CellIsRule(operator="lessThan", formula=["0"], font=None))
    sheet.title = "明细数据"
    file.save(path)
    again(path, xlsales, ["东", "西", "南"])
    sheet = read_back(path)["明细数据"]
    assert {sheet[f"H{row}"].number_format for row in range(FIRST, FIRST + 48)} == {"0.0,,"}
    assert sheet.tables["xs_data"].autoFilter.filterColumn[0].colId == 1
    assert all(sheet.row_dimensions[row].hidden for row in range(FIRST, FIRST + 24))
    assert sheet.tables["xs_data"].ref == f"B4:K{FIRST + 47}"
    assert len(sheet.conditional_formatting) == 1


@pytest.mark.package
@pytest.mark.parametrize("regions", [["东", "西", "南"], ["西"]], ids=["more", "fewer"])
def test_charts_and_names_over_the_rows_follow(xlsales: Command, tmp_path: Path, regions: list[str]) -> None:
    """Those over all rows, with the header or without; one over some rows stays."""
    path = book(tmp_path / "p.xlsx", xlsales)
    file = read_back(path)
    sheet, own = file["数据表"], file.create_sheet("我的图")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=8, min_row=4, max_row=40), titles_from_data=True)
    chart.add_data(Reference(sheet, min_col=10, min_row=5, max_row=20))
    chart.set_categories(Reference(sheet, min_col=7, min_row=5, max_row=40))
    own.add_chart(chart, "B2")
    file.defined_names["全部目标"] = DefinedName("全部目标", attr_text="'数据表'!$H$5:$H$40")
    file.defined_names["几个目标"] = DefinedName("几个目标", attr_text="'数据表'!$H$5:$H$39")
    retype(file, regions)
    file.save(path)
    with zipfile.ZipFile(path, "a") as parts:  # as Excel writes a PivotTable over cells
        for n, sheet_of in enumerate(("数据表", "别的表"), 1):
            source = f'<worksheetSource ref="B4:K40" sheet="{sheet_of}"/>'
            parts.writestr(f"xl/pivotCache/pivotCacheDefinition{n}.xml", f'<p xmlns="{MAIN}">{source}</p>')
    assert xlsales("split", path, "--rewrite").code in (0, 1)
    last = FIRST + 12 * (1 + len(regions)) - 1
    names = read_back(path).defined_names
    assert names["全部目标"].attr_text == f"'数据表'!$H$5:$H${last}"
    assert names["几个目标"].attr_text == "'数据表'!$H$5:$H$39"
    with zipfile.ZipFile(path) as parts:
        cached = [parts.read(f"xl/pivotCache/pivotCacheDefinition{n}.xml").decode() for n in (1, 2)]
        pivots = [re.findall('ref="([^"]*)"', text)[0] for text in cached]
        drawn = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    (mine,) = (text for text in drawn if "$J$20" in text)
    assert f"$H$5:$H${last}</" in mine
    assert f"$G$5:$G${last}</" in mine
    assert "$J$5:$J$20</" in mine
    assert pivots == [f"B4:K{last}", "B4:K40"]


@pytest.mark.package
@pytest.mark.parametrize("regions", [["东", "西", "南"], ["西"]], ids=["more", "fewer"])
def test_rules_over_the_rows_follow(xlsales: Command, tmp_path: Path, regions: list[str]) -> None:
    """Formats by condition and checks of input that reach to the last row reach to the new one; others stay."""
    path = book(tmp_path / "p.xlsx", xlsales)
    file = read_back(path)
    sheet = file["数据表"]
    for area in ("H5:H40", "B4:K40 M5:M40", "I5:I30", "H6:H40", "P1:P9"):
        sheet.conditional_formatting.add(area, CellIsRule(operator="lessThan", formula=["0"]))
    for area in ("M5:M40", "N5:N39"):
        check = DataValidation(type="list", formula1='"a,b"')
        check.add(area)
        sheet.add_data_validation(check)
    retype(file, regions)
    file.save(path)
    before = path.read_bytes()
    assert xlsales("split", path, "--rewrite").code in (0, 1)
    last, sheet = FIRST + 12 * (1 + len(regions)) - 1, read_back(path)["数据表"]
    rules = {str(one.sqref) for one in sheet.conditional_formatting}
    assert rules == {f"H5:H{last}", f"B4:K{last} M5:M{last}", "I5:I30", "H6:H40", "P1:P9"}
    checks = {str(one.sqref) for one in sheet.data_validations.dataValidation}
    assert checks == {f"M5:M{last}", "N5:N39"}
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == before


@pytest.mark.package
def test_a_column_that_a_person_deleted_stays_away(xlsales: Command, tmp_path: Path) -> None:
    """Nobody needs them all; without one of those by which rows are known, the table stays as it is."""
    path = book(tmp_path / "p.xlsx", xlsales)
    type_over(path, K4="我的差额")
    again(path, xlsales, ["东", "西", "南"])
    sheet = read_back(path)["数据表"]
    assert sheet["K4"].value == "我的差额"
    assert len(table_of(path)) == 48
    type_over(path, C4="谁")
    said = again(path, xlsales, ["东"])
    assert "没有“成员”这一列" in said
    assert len(table_of(path)) == 48


@pytest.mark.package
@pytest.mark.parametrize(("address", "stops"), [("C42", True), ("K60", False), ("N42", False), ("D41", True)])
def test_what_is_below_the_table(xlsales: Command, tmp_path: Path, address: str, stops: bool) -> None:
    """A note where new rows belong is not overwritten: it is said where it is; once it is moved, the table grows."""
    path = book(tmp_path / "p.xlsx", xlsales)
    file = read_back(path)
    file["数据表"][address] = "别动我"
    file.save(path)
    said = again(path, xlsales, ["东", "西", "南"])
    assert (f"数据表!{address}" in said and "别动我" in said) == stops
    assert len(table_of(path)) == (36 if stops else 48)
    assert read_back(path)["数据表"][address].value == "别动我"
    if stops:
        file = read_back(path)
        file["数据表"][address] = None
        file.save(path)
        assert xlsales("split", path).code in (0, 1)
        assert len(table_of(path)) == 48


@pytest.mark.package
def test_cells_overwritten_by_hand_come_back(xlsales: Command, tmp_path: Path) -> None:
    """The program's columns are its own; a row copied below, or one that is nobody's, goes."""
    path = book(tmp_path / "p.xlsx", xlsales)
    before = table_of(path)
    type_over(path, H7=1.0, I8="未知", C9="无名氏")
    file = read_back(path)
    sheet = file["数据表"]
    sheet["H20"] = "=1+1"
    for column in range(2, 12):
        sheet.cell(41, column).value = sheet.cell(40, column).value
    sheet.tables["xs_data"].ref = sheet.tables["xs_data"].autoFilter.ref = "B4:K41"
    file.save(path)
    assert xlsales("split", path).code in (0, 1)
    assert sorted(map(str, table_of(path))) == sorted(map(str, before))


@pytest.mark.package
def test_added_by_name_in_either_language(xlsales: Command, tmp_path: Path) -> None:
    """It is told that a run fills it; a second time it is there already."""
    for lang, word in (("zh", "Data"), ("en", "数据表")):
        path = plan(tmp_path / f"{lang}.xlsx", lang=lang)
        ran = xlsales("add", path, word)
        assert ("来填写它" if lang == "zh" else "to fill it") in ran.out
        assert ("已经在" if lang == "zh" else "already") in xlsales("add", path, word).out


@pytest.mark.package
def test_dates_that_count_from_1904(xlsales: Command, tmp_path: Path) -> None:
    """The months are the same days."""
    path = plan(tmp_path / "p.xlsx", dimensions=members({"区域": REGIONS}))
    _from_1904(path)
    assert xlsales("add", path, "data").code == 0
    ran = xlsales("split", path)
    assert ran.code in (0, 1), ran.err
    assert {row[5].month for row in table_of(path)} == set(range(1, 13))
    written = path.read_bytes()
    assert xlsales("split", path).code in (0, 1)
    assert path.read_bytes() == written


def _from_1904(path: Path) -> None:
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts["xl/workbook.xml"] = re.sub(rb"<workbookPr ?", b'<workbookPr date1904="1" ', parts["xl/workbook.xml"])
    days = dict(_days(parts))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            for day, moved in days.items() if name.startswith("xl/worksheets/") else ():
                data = data.replace(b"<v>%d</v>" % day, b"<v>%d</v>" % moved)
            file.writestr(name, data)


def _days(parts: Mapping[str, bytes]) -> Iterator[tuple[int, int]]:
    for day in (dt.date(2026, 1, 1), dt.date(2026, 12, 31)):
        serial = (day - dt.date(1899, 12, 30)).days
        assert any(b"<v>%d</v>" % serial in data for data in parts.values())
        yield serial, serial - 1462
