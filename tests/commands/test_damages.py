"""What people and programs do to a plan: what `doctor` says, what `--repair` gives back, how the plan works then."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.calc import read_back
from tests.commands.books import Command, answer, fill_in, members, opened, plan
from tests.commands.conftest import Kept
from tests.commands.test_doctor import rewritten
from xlsales.ooxml.book import Book

pytestmark = pytest.mark.unit

DAY = dt.date(2026, 3, 5)
SALES = [("日期", "区域", "门店", "金额"), (DAY, "华东", "甲店", 30_000), (DAY, "华北", "乙店", 20_000)]
DIMENSIONS = members({"区域": {"华东": 3, "华北": 2}, "门店": {"甲店": 1, "乙店": 2}})
LOCK = {"period": "2026-06", "amount": 150}
Change = Callable[[Any], object]


@pytest.fixture
def whole(tmp_path: Path, kept: Kept, xlsales: Command) -> Path:
    """A plan of 1000 with January and February closed, then of 1300: what is closed is in its sheets alone."""

    def make(home: Path) -> None:
        path = plan(home / "计划.xlsx", dimensions=DIMENSIONS, actuals=SALES, tables={"xs_locks": [LOCK]})
        assert xlsales("split", path).code == 0
        answer(path, "closed_through", dt.date(2026, 2, 28))
        answer(path, "total", 1300)
        assert xlsales("split", path, "--rewrite").code == 0

    kept.copy("a plan to damage", make, tmp_path / "whole")
    return tmp_path / "whole" / "计划.xlsx"


def targets(path: Path) -> dict[str, dict[str, object]]:
    """The targets of every row, and of members those of each month."""
    book, shown = opened(path), {}
    for key in ("time", "dimension:区域", "dimension:门店"):
        sheet = book.sheet(key)
        columns = [column for column in sheet.columns if column == "target" or column.startswith("t:")]
        shown[key] = {f"{row} {c}": sheet.value(row, c) for row in sheet.rows if row != "#subline" for c in columns}
    return shown


def saved(change: Change) -> Callable[[Path, Path], Path]:
    """Change the workbook and save it with openpyxl."""

    def damage(source: Path, target: Path) -> Path:
        book = read_back(source)
        change(book)
        book.save(target)
        return target

    return damage


def name_at(name: str, reference: str) -> Callable[[Path, Path], Path]:
    pattern = rf'(<definedName name="{name}"[^>]*>)[^<]*'
    return lambda source, target: rewritten(source, target, ("xl/workbook.xml", pattern, rf"\1{reference}"))


def without_names(pattern: str) -> Change:
    def change(book: Any) -> None:
        for name in [name for name in book.defined_names if re.match(pattern, name)]:
            del book.defined_names[name]

    return change


def without_tables(book: Any) -> None:
    for sheet in book.worksheets:
        for name in list(sheet.tables):
            del sheet.tables[name]


def without_both(book: Any) -> None:
    without_names("xs_")(book)
    without_tables(book)


def typed(path: Path, **settings: object) -> None:
    """Type settings into a workbook that openpyxl has saved."""
    book = read_back(path)
    for key, value in settings.items():
        ((title, address),) = book.defined_names[f"xs_{key}"].destinations
        book[title][address] = value
    book.save(path)


def deleted(title: str) -> Change:
    return lambda book: book.remove(book[title])


def cleared(title: str, row: int | None = None, column: int | None = None) -> Change:
    def change(book: Any) -> None:
        sheet = book[title]
        for cells in sheet.iter_rows(min_row=row, max_row=row, min_col=column, max_col=column):
            for cell in cells:
                cell.value = None

    return change


def overwritten(title: str, old: str, new: str) -> Change:
    def change(book: Any) -> None:
        (cell,) = (cell for row in book[title].iter_rows() for cell in row if cell.value == old)
        cell.value = new

    return change


def by_libreoffice(source: Path, target: Path) -> Path:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: no soffice on the path")
    profile = f"-env:UserInstallation={(target.parent / 'profile').as_uri()}"
    out = target.parent / "saved"
    command = [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return Path(shutil.move(out / source.name, target))


class Case(NamedTuple):
    damage: Callable[[Path, Path], Path]
    says: str
    """What doctor says; nothing if nothing is lost."""
    keeps: str = ""
    """The title of a sheet that the repair keeps beside."""


TIME_KEYS, REGION_KEYS = (
    "“按时间”(xs_out_time)隐藏的第 1 行或 A 列丢了",
    "“按区域”(xs_out_dim_1)隐藏的第 1 行或 A 列丢了",
)
CASES = {
    "saved by another program": Case(saved(lambda book: None), ""),
    "a sheet renamed, names left behind": Case(
        saved(lambda book: setattr(book["按时间"], "title", "时间表")), "名称 xs_out_time(“时间表”)丢了"
    ),
    "all names lost": Case(saved(without_names("xs_")), "名称 xs_total(“总目标”)丢了,它的格子还在 设置!C6"),
    "names of inputs lost": Case(saved(without_names("xs_(?!out)")), "名称 xs_actuals(“实际”)丢了"),
    "names of written sheets lost": Case(saved(without_names("xs_out")), "名称 xs_out_time(“按时间”)丢了"),
    "all tables lost": Case(saved(without_tables), "表 xs_locks(“按期间锁定”)丢了,它的标题还在 锁定!B4"),
    "names and tables lost": Case(saved(without_both), "表 xs_dimensions(“维度与成员”)丢了"),
    "a name at #REF!": Case(name_at("xs_total", "#REF!"), "名称 xs_total(“总目标”)丢了"),
    "a name at a blank cell": Case(name_at("xs_total", "'设置'!$D$40"), "指着别的格子,不是 设置!C6"),
    "a name at another's cell": Case(name_at("xs_total", "'设置'!$C$9"), "指着别的格子,不是 设置!C6"),
    "key column deleted": Case(saved(lambda book: book["按时间"].delete_cols(1)), TIME_KEYS, "按时间 旧1"),
    "both key columns deleted": Case(saved(lambda book: book["按区域"].delete_cols(1, 2)), REGION_KEYS),
    "key row deleted": Case(saved(lambda book: book["按时间"].delete_rows(1)), TIME_KEYS, "按时间 旧1"),
    "key column cleared": Case(saved(cleared("按区域", column=1)), REGION_KEYS, "按区域 旧1"),
    "key row cleared": Case(saved(cleared("按时间", row=1)), TIME_KEYS, "按时间 旧1"),
    "a key overwritten": Case(saved(overwritten("按区域", "m:华东", "x")), REGION_KEYS),
    "keys of problems lost": Case(
        saved(cleared("数据问题", column=1)), "“数据问题”(xs_out_problems)隐藏的", "数据问题 旧1"
    ),
    "keys of the log lost": Case(saved(cleared("运行记录", column=1)), "“运行记录”(xs_out_runs)隐藏的", "运行记录 旧1"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_lost_comes_back(xlsales: Command, whole: Path, tmp_path: Path, name: str) -> None:
    """After the repair doctor finds nothing, and split gives the targets that the sound plan has, closed ones too."""
    case = CASES[name]
    book, out = case.damage(whole, tmp_path / "计划.xlsx"), tmp_path / "修复.xlsx"
    before = book.read_bytes()
    told = xlsales("doctor", book)
    assert (told.code, case.says in told.out) == (1 if case.says else 0, True)
    done = xlsales("doctor", book, "--repair", "-o", out)
    assert (done.code, book.read_bytes() == before) == (0, True)
    assert out.exists() == bool(case.says)
    plan_now = out if case.says else book
    ran = xlsales("split", plan_now)
    assert (ran.code, ran.err) == (1 if "keys of" in name else 0, "")  # what was in such a sheet is kept, with a word
    assert targets(plan_now) == targets(whole)
    more = [title for title in opened(plan_now).titles if title not in opened(whole).titles and title != "时间表"]
    assert more == ([case.keeps] if case.keeps else [])
    assert "√ 没有丢失的部分" in xlsales("doctor", plan_now).out


@pytest.mark.libreoffice
def test_a_plan_that_libreoffice_saved_is_sound(xlsales: Command, whole: Path, tmp_path: Path) -> None:
    book = by_libreoffice(whole, tmp_path / "计划.xlsx")
    told = xlsales("doctor", book)
    assert (told.code, "LibreOffice" in told.out) == (0, True)
    assert xlsales("split", book, "--rewrite").code == 0
    assert targets(book) == targets(whole)


@pytest.mark.parametrize(
    ("title", "table", "rows"),
    [("锁定", "xs_locks", [LOCK]), ("日历", "xs_calendar", []), ("维度", "xs_dimensions", DIMENSIONS)],
)
def test_a_deleted_sheet_to_fill_in_comes_back_blank(
    xlsales: Command, whole: Path, tmp_path: Path, title: str, table: str, rows: list[dict[str, object]]
) -> None:
    """What was in it is not known: once it is filled in again, the targets are as before."""
    book, out = saved(deleted(title))(whole, tmp_path / "计划.xlsx"), tmp_path / "修复.xlsx"
    assert xlsales("split", book).code == 2
    assert f"工作表“{title}”不在了" in xlsales("doctor", book).out
    done = xlsales("doctor", book, "--repair", "-o", out)
    assert (done.code, f"已加回空白的“{title}”" in done.out) == (0, True)
    assert opened(out).titles == opened(whole).titles
    for n, row in enumerate(rows):
        fill_in(out, table, n, **row)
    assert xlsales("split", out, "--rewrite").code == 0
    assert targets(out) == targets(whole)


def test_deleted_settings_come_back_blank(xlsales: Command, whole: Path, tmp_path: Path) -> None:
    """The same of the sheet of settings, with its names and small tables."""
    book, out = saved(deleted("设置"))(whole, tmp_path / "计划.xlsx"), tmp_path / "修复.xlsx"
    told = xlsales("doctor", book)
    assert "工作表“设置”不在了" in told.out
    assert "问题 1 处" in told.out
    assert xlsales("doctor", book, "--repair", "-o", out).code == 0
    assert "“总目标”没有填写" in xlsales("split", out).err
    given = {"total": 1300, "start": dt.date(2026, 1, 1), "end": dt.date(2026, 12, 31), "unit": "万元", "step": 1000}
    typed(out, **given, closed_through=dt.date(2026, 2, 28))
    names = [{name for name in Book.open(path).names if not name.startswith("xs_out")} for path in (whole, out)]
    assert names[0] == names[1]
    assert xlsales("refresh", out).code == 0
    assert targets(out) == targets(whole)


def test_deleted_actuals_come_back_blank(xlsales: Command, whole: Path, tmp_path: Path) -> None:
    book, out = saved(deleted("实际"))(whole, tmp_path / "计划.xlsx"), tmp_path / "修复.xlsx"
    assert "工作表“实际”不在了" in xlsales("doctor", book).out
    assert xlsales("doctor", book, "--repair", "-o", out).code == 0
    sheet = read_back(out)
    for number, row in enumerate(SALES, 1):
        for column, value in enumerate(row, 1):
            sheet["实际"].cell(number, column, value)
    sheet.save(out)
    assert xlsales("refresh", out).code == 0
    assert opened(out).time.value("total", "actual") == 50_000


def test_a_table_without_its_headers_comes_back_below_new_ones(xlsales: Command, whole: Path, tmp_path: Path) -> None:
    """The remedy is followed: the headers are typed, then the repair makes the table."""

    def change(book: Any) -> None:
        del book["锁定"].tables["xs_locks"]
        for row in book["锁定"]["A1:P30"]:
            for cell in row:
                if type(cell).__name__ == "Cell":
                    cell.value = None

    book, out = saved(change)(whole, tmp_path / "计划.xlsx"), tmp_path / "修复.xlsx"
    told = xlsales("doctor", book).out
    headers = re.search(r"请在工作表“锁定”的空白处写上一行标题:(.*?);", told)
    assert headers is not None
    typed = read_back(book)
    for column, header in enumerate(headers[1].split("、"), 2):
        typed["锁定"].cell(12, column, header)
    typed.save(book)
    assert xlsales("doctor", book, "--repair", "-o", out).code == 0
    fill_in(out, "xs_locks", 0, **LOCK)
    assert xlsales("split", out, "--rewrite").code == 0
    assert targets(out) == targets(whole)


def test_a_renamed_header_is_named_and_its_remedy_works(xlsales: Command, whole: Path, tmp_path: Path) -> None:
    book = saved(overwritten("维度", "成员", "门店名称"))(whole, tmp_path / "计划.xlsx")
    told = xlsales("doctor", book)
    assert (told.code, "里没有“成员”这一列。请恢复这个表头" in told.out) == (1, True)
    repaired = saved(overwritten("维度", "门店名称", "成员"))(book, tmp_path / "again.xlsx")
    assert xlsales("doctor", repaired).code == 0
    assert xlsales("split", repaired, "--rewrite").code == 0
    assert targets(repaired) == targets(whole)


@pytest.mark.parametrize(
    ("title", "change"),
    [("按时间", deleted("按时间")), ("按区域", deleted("按区域")), ("按时间", cleared("按时间", row=1))],
    ids=["time deleted", "region deleted", "keys lost"],
)
def test_closed_targets_are_not_split_anew_without_a_word(
    xlsales: Command, whole: Path, tmp_path: Path, title: str, change: Change
) -> None:
    """They are in that sheet alone: split refuses, until months are open again."""
    book = saved(change)(whole, tmp_path / "计划.xlsx")
    ran = xlsales("split", book, "--rewrite")
    assert (ran.code, bool(re.match(rf"设置!C\d+: “{title}”不在了", ran.err))) == (2, True)
    typed(book, closed_through=None)
    assert xlsales("split", book, "--rewrite").code == 0


def test_a_sheet_that_is_gone_is_written_by_split(xlsales: Command, whole: Path, tmp_path: Path) -> None:
    """Where no month is closed, nothing but the program's own is lost."""
    sound = Path(shutil.copy(whole, tmp_path / "sound.xlsx"))
    typed(sound, closed_through=None)
    assert xlsales("split", sound, "--rewrite").code == 0
    for title, name in (("按区域", "xs_out_dim_1"), ("运行记录", "xs_out_runs")):
        book = saved(deleted(title))(sound, tmp_path / f"{title}.xlsx")
        told = xlsales("doctor", book)
        assert f"名称 {name} 指的工作表不在了。运行“分解目标”" in told.out
        assert xlsales("split", book).code == 0
        assert xlsales("doctor", book).code == 0
        assert targets(book) == targets(sound)


def test_labels_that_were_renamed_are_not_guessed(xlsales: Command, whole: Path, tmp_path: Path) -> None:
    """Without keys and with a member's label changed, the repair would have to guess: it leaves the sheet alone."""

    def change(book: Any) -> None:
        overwritten("按区域", "华东", "东部")(book)
        book["按区域"].delete_cols(1)

    book, out = saved(change)(whole, tmp_path / "计划.xlsx"), tmp_path / "修复.xlsx"
    done = xlsales("doctor", book, "--repair", "-o", out)
    assert (done.code, out.exists(), "没有可以恢复的" in done.out) == (1, False, True)
