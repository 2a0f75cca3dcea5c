"""`doctor`: what a workbook holds and has lost, and the copy in which that is put back."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests import validator
from tests.calc import read_back
from tests.commands.books import Command, members, opened, plan
from xlsales.ooxml.book import Book

pytestmark = pytest.mark.unit
REGIONS = members({"区域": {"华东": 3, "华北": 2}})


def rewritten(source: Path, target: Path, *changes: tuple[str, str, str]) -> Path:
    """Copy a workbook; in parts whose names match, what matches is replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            for part, pattern, by in changes:
                if re.fullmatch(part, name):
                    text = re.sub(pattern, by, text.decode(), flags=re.S).encode()
            if text:
                new.writestr(name, text)
    return target


def without_name(source: Path, target: Path, *names: str) -> Path:
    return rewritten(
        source,
        target,
        *(("xl/workbook.xml", rf'<definedName name="{name}"[^>]*>[^<]*</definedName>', "") for name in names),
    )


def without_table(source: Path, target: Path, name: str) -> Path:
    """Turn a table into a range, as Excel's command does."""
    book = Book.open(source)
    table = book.table(name)
    assert table is not None
    sheet = book.sheet(table.area.sheet)
    assert sheet is not None
    relations = sheet.part.replace("worksheets/", "worksheets/_rels/") + ".rels"
    file = Path(table.part).name
    text = book.package.read(relations).decode()
    (relation,) = re.findall(rf'<Relationship [^>]*{file}"[^>]*>', text)
    number = re.search(r'Id="(\w+)"', relation)
    assert number is not None
    return rewritten(
        source,
        target,
        (re.escape(table.part), r".+", ""),
        (re.escape(relations), re.escape(relation), ""),
        (re.escape(sheet.part), rf'<tablePart r:id="{number[1]}"/>', ""),
        (re.escape(sheet.part), r'<tableParts count="\d+"></tableParts>|<tableParts count="\d+">\s*</tableParts>', ""),
        (r"\[Content_Types\].xml", rf'<Override PartName="/{re.escape(table.part)}"[^>]*>', ""),
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sound_plan(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """Versions, sheets, the last run, who saved it; nothing is missing, nothing is written."""
    name = "区域" if lang == "zh" else "Region"
    book = plan(tmp_path / "p.xlsx", lang=lang, dimensions=members({name: {"A": 1, "B": 1}}))
    assert xlsales("split", book).code == 0
    before = book.read_bytes()
    ran = xlsales("doctor", book)
    assert (ran.code, ran.err) == (0, "")
    assert ("√ 没有丢失的部分" if lang == "zh" else "√ No part is missing") in ran.out
    assert ("最后一次运行:" if lang == "zh" else "Last run: ") in ran.out
    told = xlsales("doctor", book, "--json").json
    assert told["saved_by"]["program"] == "xlsales"
    assert told["last_run"]["version"] == told["xlsales"]
    assert "xs_total" in told["names"]
    assert "xs_dimensions" in told["tables"]
    assert told["written_sheets"]["time"] == ("按时间" if lang == "zh" else "By time")
    assert book.read_bytes() == before


def test_who_saved_it_last(xlsales: Command, tmp_path: Path) -> None:
    """As the file itself says it."""
    book = rewritten(
        plan(tmp_path / "a.xlsx", dimensions=REGIONS),
        tmp_path / "p.xlsx",
        ("docProps/app.xml", "<Application>[^<]*</Application>", "<Application>WPS 表格</Application>"),
        ("docProps/core.xml", "2026-01-01T00:00:00Z", "2026-09-03T01:02:03Z"),
        ("docProps/core.xml", "<cp:lastModifiedBy></cp:lastModifiedBy>", "<cp:lastModifiedBy>小王</cp:lastModifiedBy>"),
    )
    told = xlsales("doctor", book, "--json").json["saved_by"]
    assert (told["program"], told["person"], told["when"]) == ("WPS 表格", "小王", "2026-09-03T01:02:03Z")
    program = "<Application>LibreOffice/7.4</Application>"
    change = ("docProps/app.xml", "<Application>[^<]*</Application>", program)
    book = rewritten(tmp_path / "a.xlsx", tmp_path / "q.xlsx", change)  # LibreOffice keeps the time of a fresh plan
    assert xlsales("doctor", book, "--json").json["saved_by"]["program"] == "LibreOffice/7.4"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_lost_names_are_put_back(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """The label beside the cell says where each belongs; the workbook itself stays as it is."""
    name = "区域" if lang == "zh" else "Region"
    whole = plan(tmp_path / "a.xlsx", lang=lang, dimensions=members({name: {"A": 1, "B": 1}}))
    book = without_name(whole, tmp_path / "p.xlsx", "xs_total", "xs_unit", "xs_lang", "xs_version")
    before, out = book.read_bytes(), tmp_path / "out.xlsx"
    assert xlsales("split", book).code == 2
    ran = xlsales("doctor", book, "--lang", lang)
    assert ran.code == 1
    assert "xs_total" in ran.out
    assert "--repair -o" in ran.out
    done = xlsales("doctor", book, "--repair", "-o", out, "--json")
    assert (done.code, set(done.json["put_back"])) == (0, {"xs_total", "xs_unit", "xs_lang", "xs_version"})
    names = [dict(Book.open(path).names) for path in (whole, out)]
    assert names[0] == names[1]
    assert book.read_bytes() == before
    assert xlsales("split", out).code == 0


@pytest.mark.parametrize("name", ["xs_dimensions", "xs_locks", "xs_weekdays"])
def test_a_lost_table_is_put_back(xlsales: Command, tmp_path: Path, name: str) -> None:
    """Its headers say where it belongs; the plan is split as before, and other programs read the table."""
    whole = plan(tmp_path / "a.xlsx", dimensions=REGIONS)
    book, out = without_table(whole, tmp_path / "p.xlsx", name), tmp_path / "out.xlsx"
    assert Book.open(book).table(name) is None
    told = xlsales("doctor", book)
    assert (told.code, f"表 {name}" in told.out) == (1, True)
    assert xlsales("doctor", book, "--repair", "-o", out).code == 0
    before, after = Book.open(whole).table(name), Book.open(out).table(name)
    assert before is not None
    assert after is not None
    assert (after.area.sheet, after.area.first, after.headers) == (before.area.sheet, before.area.first, before.headers)
    sheet = openpyxl.load_workbook(out)[after.area.sheet]
    assert name in sheet.tables
    assert sheet.tables[name].column_names == list(before.headers)
    assert xlsales("split", out).code == xlsales("split", whole).code == 0
    first, second = (opened(path).time.down("target", ".*") for path in (whole, out))
    assert first == second


def test_what_cannot_be_put_back_without_guessing(xlsales: Command, tmp_path: Path) -> None:
    """A label that is there twice, or not at all, says nothing: the way by hand is told, no copy is written."""
    book = without_name(plan(tmp_path / "a.xlsx", dimensions=REGIONS), tmp_path / "p.xlsx", "xs_total")
    twice, out = tmp_path / "twice.xlsx", tmp_path / "out.xlsx"
    workbook = openpyxl.load_workbook(book)
    workbook["设置"]["H80"] = "总目标"
    workbook.save(twice)
    ran = xlsales("doctor", twice, "--repair", "-o", out)
    assert ran.code == 1
    assert "名称管理器" in ran.out
    assert "没有可以恢复的,没有写入。" in ran.out
    assert not out.exists()


def test_a_table_that_goes_on_below_a_blank_row(xlsales: Command, tmp_path: Path) -> None:
    """Where it ends would be a guess: a member would be lost without a word."""
    book = without_table(plan(tmp_path / "a.xlsx", dimensions=REGIONS), tmp_path / "p.xlsx", "xs_dimensions")
    workbook = openpyxl.load_workbook(book)
    workbook["维度"]["B20"], workbook["维度"]["C20"] = "区域", "西北"
    workbook.save(book)
    ran = xlsales("doctor", book, "--repair", "-o", tmp_path / "out.xlsx")
    assert (ran.code, (tmp_path / "out.xlsx").exists()) == (1, False)
    assert "xs_dimensions" in ran.out


@pytest.mark.validator
def test_the_copy_is_well_formed(xlsales: Command, tmp_path: Path) -> None:
    """Microsoft's validator finds nothing in a copy with a table and a name put back."""
    whole = plan(tmp_path / "a.xlsx", dimensions=REGIONS)
    book = without_table(without_name(whole, tmp_path / "b.xlsx", "xs_total"), tmp_path / "p.xlsx", "xs_dimensions")
    assert xlsales("doctor", book, "--repair", "-o", tmp_path / "out.xlsx").code == 0
    assert not validator.findings(tmp_path / "out.xlsx")


def test_a_repair_never_writes_over_a_file(xlsales: Command, tmp_path: Path) -> None:
    """Neither the workbook itself nor another one."""
    book = without_name(plan(tmp_path / "a.xlsx", dimensions=REGIONS), tmp_path / "p.xlsx", "xs_unit")
    before = book.read_bytes()
    assert "请写上 -o 新文件名" in xlsales("doctor", book, "--repair").err
    assert "请写上 -o 新文件名" in xlsales("doctor", book, "--repair", "-o", book).err
    assert "已经存在" in xlsales("doctor", book, "--repair", "-o", tmp_path / "a.xlsx").err
    assert book.read_bytes() == before


def test_a_sheet_without_its_keys(xlsales: Command, tmp_path: Path) -> None:
    """What split writes anew is left to split."""
    book = plan(tmp_path / "p.xlsx", dimensions=REGIONS)
    assert xlsales("split", book).code == 0
    rewritten(book, tmp_path / "q.xlsx", ("xl/workbook.xml", r"'按区域'!\$A\$1", "#REF!"))
    ran = xlsales("doctor", tmp_path / "q.xlsx")
    assert ran.code == 1
    assert "名称 xs_out_dim_1(“按区域”)丢了" in ran.out


def test_a_workbook_that_is_no_plan(xlsales: Command, tmp_path: Path) -> None:
    """It is examined all the same; nothing is put into it, not into a store's workbook either."""
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    store = Path(__file__).parents[1] / "data" / "earlier" / "returned.xlsx"
    for book in (tmp_path / "other.xlsx", store):
        ran = xlsales("doctor", book, "--repair", "-o", tmp_path / "out.xlsx")
        assert (ran.code, (tmp_path / "out.xlsx").exists()) == (1, False)
        assert "不是目标计划" in ran.out
        assert "问题 1 处" in ran.out


NEW = {
    "zh": ("日步长", "财月截止日", "周起始日", "每日最低"),
    "en": ("Day step", "Fiscal months end on day", "Weeks start on", "Least per day"),
}
KEYS = ["day_step", "month_end", "week_start", "day_minimum"]


def of_an_earlier_version(path: Path, lang: str) -> Path:
    """A plan without the rows of three settings, and with something of a person's below the tables."""
    book = openpyxl.load_workbook(path)
    sheet = book["设置" if lang == "zh" else "Settings"]
    for (cell,) in sheet["B1:B62"]:
        if str(cell.value) in NEW[lang]:
            for column in (2, 3, 4):
                sheet.cell(cell.row, column).value = None
    for key in KEYS:
        del book.defined_names[f"xs_{key}"]
    sheet["B120"] = "备忘"
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_settings_of_later_versions_are_added(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """Below all that is there, with the values that counted without them: targets and other parts stay."""
    name = "区域" if lang == "zh" else "Region"
    old = of_an_earlier_version(
        plan(tmp_path / "p.xlsx", lang=lang, dimensions=members({name: {"A": 1, "B": 1}})), lang
    )
    assert xlsales("split", old).code == 0
    told = xlsales("doctor", old, "--json")
    assert (told.code, told.json["settings_missing"]) == (0, KEYS)
    assert all(label in xlsales("doctor", old).out for label in NEW[lang])
    out = tmp_path / "repaired.xlsx"
    before = old.read_bytes()
    ran = xlsales("doctor", old, "--repair", "-o", out)
    assert ran.code == 0, ran.err
    assert all(label in ran.out for label in NEW[lang])
    assert old.read_bytes() == before
    with zipfile.ZipFile(old) as one, zipfile.ZipFile(out) as other:
        changed = {n for n in one.namelist() if one.read(n) != other.read(n)}
        assert one.namelist() == other.namelist()
    settings = Book.open(out).area("xs_total")
    assert settings is not None
    assert changed == {"xl/workbook.xml", Book.open(out).sheet(settings.sheet).part}
    assert xlsales("doctor", out, "--json").json["settings_missing"] == []
    assert xlsales("doctor", out, "--repair", "-o", tmp_path / "again.xlsx").code == 0
    assert not (tmp_path / "again.xlsx").exists()
    assert opened(out).time.down("target", r"2026.*") == opened(old).time.down("target", r"2026.*")
    written = out.read_bytes()
    assert xlsales("split", out).code == 0
    assert out.read_bytes() == written
    book = read_back(out)
    sheet = book["设置" if lang == "zh" else "Settings"]
    cells = {key: sheet[book.defined_names[f"xs_{key}"].attr_text.rpartition("!")[2]] for key in KEYS}
    assert sheet["B120"].value == "备忘"
    assert min(cell.row for cell in cells.values()) > 121
    assert [sheet.cell(cell.row, 2).value for cell in cells.values()] == list(NEW[lang])
    assert all(cell.fill.fgColor.rgb == sheet["C6"].fill.fgColor.rgb for cell in cells.values())
    cells["month_end"].value = 25
    book.save(out)
    assert xlsales("split", out, "--rewrite").code == 0
    assert any("25" in line and ("1/25" in line) for line in xlsales("show", out).out.splitlines())
