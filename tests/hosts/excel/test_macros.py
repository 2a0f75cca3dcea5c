"""The ribbon's macros on a workbook open in a fake Excel, through the unmodified xlwings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.protection import WorkbookProtection

from tests.commands.books import COMPANY, Command, members, place_of, plan
from tests.commands.books import opened as figures
from tests.commands.store_files import TODAY, fill, stores_plan
from tests.commands.test_printing import FIRST_PAGE, earlier
from tests.commands.test_who_pays import accepted
from tests.fakes.cells import Workbook as Elsewhere
from tests.fakes.counting import calls_of
from tests.fakes.excel import Chart, Workbook
from tests.fakes.pywin32 import ComObject, desktop
from tests.hosts.excel.calling import OMITTED, call
from tests.hosts.excel.open_books import CANCEL, NO, YES, OpenBook, contents, differences, without_log
from xlsales.hosts import cli
from xlsales.hosts.excel import cells as excel_cells
from xlsales.hosts.excel import live

pytestmark = pytest.mark.com_sim

ACTUALS = [
    ["日期", "区域", "产品", "渠道", "销售额"],
    *(
        [dt.date(2026, 1, 15 * month), region, product, channel, 1000.25 * month + 7 * n]
        for month in range(1, 3)
        for n, (region, product, channel) in enumerate(
            [("东北", "产品A", "线上"), ("华东", "产品B", "线下"), ("华南", "产品C", "线上")]
        )
    ),
]


@pytest.fixture(autouse=True)
def clean_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A user of one's own, no windows left over."""
    monkeypatch.setenv("XLSALES_DATA", str(tmp_path / "memory"))
    desktop.clear()
    yield
    desktop.clear()


def company(path: Path, **options: Any) -> Path:
    """A quarter's plan: small, so that a fake Excel is quick with it."""
    return plan(path, dimensions=members(COMPANY), end=dt.date(2026, 3, 31), **options)


@pytest.fixture
def opened(tmp_path: Path) -> OpenBook:
    """A company's plan with two months of actuals, open in Excel, not split yet."""
    return OpenBook(company(tmp_path / "计划.xlsx", actuals=ACTUALS))


def test_split_ends_in_the_cells_of_the_command_line(opened: OpenBook, xlsales: Command, tmp_path: Path) -> None:
    """分解目标 on the ribbon leaves the same cells as `xlsales split` on the file."""
    other = company(tmp_path / "文件.xlsx", actuals=ACTUALS)
    assert xlsales("split", other).code == 0
    (message,) = opened.press("split_target")
    assert message.startswith("分解完成,已写入 计划.xlsx\n总目标 1000万元,11 个成员,3 个月\n")
    assert differences(without_log(opened.cells()), without_log(contents(other))) == []
    assert opened.titles() == list(contents(other))


def test_refresh_ends_in_the_cells_of_the_command_line(opened: OpenBook, xlsales: Command, tmp_path: Path) -> None:
    """刷新进度 on the ribbon leaves the same cells as `xlsales refresh` on the file, unsaved typing included."""
    opened.press("split_target")
    opened.sheet("实际").append([dt.date(2026, 3, 3), "华北", "产品A", "线下", 4321])
    typed = opened.saved("typed.xlsx")
    assert xlsales("refresh", typed).code == 0
    (question,) = opened.press("refresh_progress", NO)
    assert question.startswith("2026-01 的销售已齐。要关账吗?")  # February has no row
    assert differences(without_log(opened.cells()), without_log(contents(typed))) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_plan_in_dollars(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """Pasted dollars are plain amounts, ￥ is asked about; the cells are those of the command line."""
    header = ACTUALS[0] if lang == "zh" else ["Date", "区域", "产品", "渠道", "Amount"]
    names = ["华东", "产品B", "线下"]
    rows = [header, [dt.date(2026, 1, 5), *names, "$1,200.50"], [dt.date(2026, 1, 6), *names, "￥70"]]
    unit = {"zh": "wan", "en": "thousand"}[lang]
    path = company(tmp_path / "plan.xlsx", actuals=rows, currency="USD", lang=lang, unit=unit)
    other = company(tmp_path / "other.xlsx", actuals=rows, currency="USD", lang=lang, unit=unit)
    in_excel = OpenBook(path)
    assert xlsales("split", other).code == 1
    said = "\n".join(in_excel.press("split_target", NO))
    assert ("万美元" if lang == "zh" else "thousand USD") in said
    assert differences(without_log(in_excel.cells()), without_log(contents(other))) == []
    assert figures(in_excel.saved()).time.value("total", "actual") == 1_200.5


def test_a_second_refresh_writes_nothing(opened: OpenBook) -> None:
    """Pressing 刷新进度 twice changes nothing the second time."""
    opened.press("split_target")
    opened.press("refresh_progress")
    before, writes = opened.cells(), len(opened.application.log)
    opened.press("refresh_progress")
    assert opened.cells() == before
    assert len(opened.application.log) == writes


def test_blocks_are_written_not_cells(opened: OpenBook) -> None:
    """A refresh writes blocks: far fewer calls than cells."""
    opened.press("split_target")
    opened.sheet("实际").append([dt.date(2026, 2, 20), "华北", "产品A", "线下", 4321])
    opened.press("refresh_progress")
    sizes = [openpyxl.utils.range_boundaries(address) for _, address in opened.application.log]
    written = sum((right - left + 1) * (bottom - top + 1) for left, top, right, bottom in sizes)
    assert written > 10 * len(sizes)


@pytest.mark.parametrize("calculation", [-4105, -4135, 2])
def test_excel_does_not_calculate_between_two_blocks(
    opened: OpenBook, monkeypatch: pytest.MonkeyPatch, calculation: int
) -> None:
    """Calculation is manual while a run is carried out, and then again as the person has it."""
    excel, seen, writes = opened.application, set(), live.write_block
    excel.Calculation = calculation

    def write(*arguments: Any) -> Any:
        seen.add((excel.Calculation, excel.ScreenUpdating))
        return writes(*arguments)

    monkeypatch.setattr(live, "write_block", write)
    opened.press("split_target")
    opened.sheet("实际").append([dt.date(2026, 2, 20), "华北", "产品A", "线下", 4321])
    opened.press("refresh_progress", NO)
    assert seen == {(-4135, False)}
    assert (excel.Calculation, excel.ScreenUpdating) == (calculation, True)


def test_calls_to_excel_do_not_grow_with_the_members(tmp_path: Path) -> None:
    """A press makes as many calls for 160 stores as for 40, and fewer than 700: blocks, not cells."""
    spent = []
    for count in (40, 160):
        stores = members({"门店": {f"店{n:03d}": 100 for n in range(count)}})
        sales = [["日期", "门店", "销售额"], [dt.date(2026, 1, 5), "店001", 1000.0]]
        path = tmp_path / f"{count}.xlsx"
        book = OpenBook(plan(path, dimensions=stores, end=dt.date(2026, 3, 31), actuals=sales))
        book.press("split_target")
        book.sheet("实际").append([dt.date(2026, 1, 6), "店002", 4321])
        calls = {}
        for button in ("refresh_progress", "split_target"):
            with calls_of(ComObject) as counted:
                book.press(button)
            calls[button] = counted.total()
            print(f"{button}, {count} stores: {counted.total()} calls to Excel; {counted.most_common(5)}")
        spent.append(calls)
    assert spent[0] == spent[1]
    assert max(spent[0].values()) < 700


def test_the_person_comes_to_what_matters(opened: OpenBook) -> None:
    """After a run that is the overview, after a refusal the cell at fault; Excel's own settings are as before."""
    at = opened.book.Names("xs_total").RefersTo.rpartition("!")[2]
    for total, sheet in ((1000, "进度总览"), ("一千", "设置")):
        opened.book.Worksheets("维度").Activate()
        opened.book.Worksheets("维度").Range("C7:D9").Select()
        opened.sheet("设置")[at.replace("$", "")] = total
        opened.press("split_target")
        assert opened.book.ActiveSheet.Name == sheet
        app = opened.application
        assert (app.ScreenUpdating, app.DisplayAlerts, app.EnableEvents) == (True, True, True)
    assert opened.application.Selection.Address == at
    assert opened.application.StatusBar is False


def test_a_check_leaves_the_person_where_they_were(opened: OpenBook) -> None:
    opened.press("split_target")
    opened.book.Worksheets("维度").Activate()
    opened.book.Worksheets("维度").Range("C7:D9").Select()
    opened.press("check_plan")
    assert opened.book.ActiveSheet.Name == "维度"
    assert opened.application.Selection.Address == "$C$7:$D$9"


def test_what_has_to_be_fixed_is_offered(opened: OpenBook) -> None:
    """Yes goes to the problems, No to the overview."""
    opened.sheet("实际").append([dt.date(2026, 3, 3), "华冬", "产品A", "线下", 4321])
    (message,) = opened.press("split_target", YES)
    assert message.endswith("现在就看“数据问题”吗?")
    assert opened.book.ActiveSheet.Name == "数据问题"
    opened.press("refresh_progress", NO)
    assert opened.book.ActiveSheet.Name == "进度总览"


def test_an_earlier_plan_prints_no_more_than_the_first_page_of_pasted_rows(tmp_path: Path) -> None:
    """A plan of an earlier version learns it once; what a person sets afterwards stays."""
    opened = OpenBook(earlier(tmp_path / "计划.xlsx"))
    opened.press("split_target")
    assert opened.sheet("实际").print_area == FIRST_PAGE
    opened.sheet("实际").print_area = None
    opened.sheet("实际").append([dt.date(2026, 2, 1), "华东", 99])
    opened.press("refresh_progress")
    assert opened.sheet("实际").print_area == ""


def test_all_well_is_told_in_the_status_bar(opened: OpenBook) -> None:
    """Without problems no box has to be clicked away: the status bar tells what was done."""
    opened.press("split_target")
    assert opened.press("refresh_progress") == []
    assert all(part in opened.application.StatusBar for part in ("没有变化", "退回的是", "“分解目标”之前"))
    assert opened.press("split_target") == []  # the first one told which sheets came
    assert "总目标 1000万元" in opened.application.StatusBar


def test_problems_are_told_in_one_message(opened: OpenBook) -> None:
    """Rows that were set aside are told, with their place."""
    opened.sheet("实际").append([dt.date(2026, 3, 3), "华冬", "产品A", "线下", 4321])
    (message,) = opened.press("split_target")
    assert "华冬" in message
    assert "数据问题" in message


def test_a_fault_is_one_sentence_and_changes_nothing(opened: OpenBook) -> None:
    """An input that cannot be read is told with its cell; the workbook stays as it was."""
    cell = opened.book.Names("xs_total").RefersTo.rpartition("!")[2].replace("$", "")
    opened.sheet("设置")[cell] = "一千"
    before = opened.cells()
    (message,) = opened.press("split_target")
    assert message.startswith(f"设置!{cell}")
    assert opened.cells() == before


def test_a_workbook_that_was_never_saved_is_told_so(opened: OpenBook) -> None:
    """Book1 has no place for its versions: it has to be saved first."""
    opened.book._saved = False
    (message,) = opened.press("split_target")
    assert "请先保存" in message


CLOUD = "https://company-my.sharepoint.com/personal/li_company_cn/Documents/计划.xlsx"


def test_a_workbook_on_a_cloud_drive_is_undone_after_a_restart(
    opened: OpenBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Excel names it by an address; what undo remembers does not hang on the folder that Python runs in."""
    opened.book._address = CLOUD
    before = opened.cells()
    opened.press("split_target")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    (message,) = opened.press("undo_last")
    assert "已撤销" in message
    assert differences(opened.cells(), before) == []


def test_a_source_beside_a_workbook_on_a_cloud_drive_needs_its_folder(opened: OpenBook, tmp_path: Path) -> None:
    """The folder of an address is no folder of this computer: the whole path is asked for, and taken."""
    book = openpyxl.Workbook()
    for row in ACTUALS:
        book.active.append(row)
    book.save(tmp_path / "销售.xlsx")
    opened.book._address = CLOUD
    title, cell = place_of(opened.book._path, "actuals_file").split("!")
    opened.sheet(title)[cell] = "销售.xlsx"
    before = opened.cells()
    (message,) = opened.press("split_target")
    assert "完整路径" in message
    assert "D:\\数据\\销售.xlsx" in message
    assert opened.cells() == before
    opened.sheet(title)[cell] = str(tmp_path / "销售.xlsx")
    (message,) = opened.press("split_target")
    assert message.startswith("分解完成")


def test_collecting_into_a_workbook_on_a_cloud_drive(tmp_path: Path, xlsales: Command) -> None:
    """The plan's own copy in a synchronised folder is no returned file, and the round goes on."""
    path, folder = tmp_path / "计划.xlsx", tmp_path / "交回"
    stores_plan(path, ["一店", "二店"], end=dt.date(2026, 2, 28))
    xlsales("split", path)
    xlsales("handout", path, folder)
    fill(folder, ["一店", "二店"])
    opened = OpenBook(path)
    (folder / "计划.xlsx").write_bytes(path.read_bytes())
    opened.book._address = CLOUD
    opened.application._folder = str(folder)
    (message,) = opened.press("collect")
    assert "已收 2" in message
    assert message.count("计划.xlsx") == 1  # what was written


@pytest.mark.parametrize("button", ["split_target", "check_plan", "undo_last"])
def test_a_workbook_with_a_password_is_told_so(opened: OpenBook, button: Any) -> None:
    """Excel saves an encrypted copy of it: one sentence says what to do, and doing it helps."""
    opened.book._password = "geheim"
    before = len(opened.application.log)
    (message,) = opened.press(button)
    assert "“计划.xlsx”有打开密码" in message
    assert "保护工作簿" in message
    assert len(opened.application.log) == before
    opened.book._password = ""
    assert not any("密码" in text for text in opened.press(button))


@pytest.mark.parametrize("failing", [1, 2, 5])
def test_a_run_that_breaks_off_is_taken_back(
    opened: OpenBook, monkeypatch: pytest.MonkeyPatch, failing: int, tmp_path: Path
) -> None:
    """When Excel fails in the middle, every step is taken back, one message names the log, and the log has it."""
    opened.press("split_target")
    opened.sheet("实际").append([dt.date(2026, 1, 20), "华北", "产品A", "线下", 4321])
    opened.sheet("维度").append([None, "区域", "新区", None, None, 50])  # rows change: sheets are written anew
    opened.sheet("按区域")["Z3"] = "我的备注"
    opened.sheet("实际")["H1"] = "=按区域!D8"
    before, calls = opened.cells(), 0
    real = excel_cells.write_block

    def breaks(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise OSError("the cable was pulled")
        return real(*arguments)

    monkeypatch.setattr(live, "write_block", breaks)
    _, message = opened.press("split_target", YES)
    assert "excel.log" in message
    assert "the cable was pulled" in (tmp_path / "memory" / "excel.log").read_text("utf-8")
    assert opened.cells() == before
    assert opened.application.ScreenUpdating is True


def test_a_sheet_changed_by_hand_is_asked_for(opened: OpenBook) -> None:
    """Before a sheet that carries a person's own cells is replaced, the person is asked; No leaves all as it was."""
    opened.press("split_target")
    opened.sheet("按区域")["Z3"] = "我的备注"
    opened.sheet("维度").append([None, "区域", "新区", None, None, 50])
    before = opened.cells()
    question, left = opened.press("split_target", NO)
    assert "按区域" in question
    assert "没有任何改动" in left
    assert opened.cells() == before


def test_a_formula_of_another_workbook_does_not_change_which_one_is_meant(opened: OpenBook, tmp_path: Path) -> None:
    """While the question is shown the person goes to another plan, and a function is computed there.

    xlwings then calls that other workbook the caller; the answer is still carried out in the first one.
    """
    opened.press("split_target")
    opened.sheet("按区域")["Z3"] = "我的备注"
    opened.sheet("维度").append([None, "区域", "新区", None, None, 50])
    other = Workbook(opened.application, company(tmp_path / "另一个.xlsx"))
    untouched = [sheet.Name for sheet in other.Worksheets]
    opened.book.Activate()

    def computed_elsewhere() -> None:
        other.Activate()
        call("SPLIT_TARGET", None, (1,), OMITTED, OMITTED, OMITTED, OMITTED, book=Elsewhere("Settings"))

    desktop.meanwhile = computed_elsewhere
    question, told = opened.press("split_target", YES)
    assert "按区域" in question
    assert "目标改动" in told or "新区" in told
    assert "按区域 旧1" in opened.titles()
    assert [sheet.Name for sheet in other.Worksheets] == untouched


def test_what_refers_to_a_replaced_sheet_goes_on(opened: OpenBook) -> None:
    """Formulas, names and charts elsewhere mean the new sheet of the title; the old one is kept beside."""
    opened.press("split_target")
    opened.sheet("按区域")["Z3"] = "我的备注"
    opened.sheet("维度").append([None, "区域", "新区", None, None, 50])
    mine = opened.sheet("实际")
    mine["H1"], mine["H2"] = "=按区域!D8", "=SUM('按区域'!D8:D9,按区域!D10)"
    opened.book.Names.Add(Name="my_region", RefersTo="='按区域'!$D$8")
    opened.book.Worksheets("实际")._charts.append(Chart(["=SERIES(,,按区域!$D$8:$D$12,1)"]))
    opened.press("split_target", YES)
    assert [mine["H1"].value, mine["H2"].value] == ["='按区域'!D8", "=SUM('按区域'!D8:D9,'按区域'!D10)"]
    assert opened.book.Names("my_region").RefersTo == "='按区域'!$D$8"
    (chart,) = opened.book.Worksheets("实际")._charts
    assert [series.Formula for series in chart] == ["=SERIES(,,'按区域'!$D$8:$D$12,1)"]
    assert opened.sheet("按区域 旧1")["Z3"].value == "我的备注"
    assert opened.sheet("按区域")["Z3"].value is None
    assert not [title for title in opened.titles() if title.startswith("xs_")]


def test_undo_takes_the_run_back_and_nothing_else(opened: OpenBook) -> None:
    """撤销上次 puts back what the run changed; what was typed elsewhere since stays."""
    opened.press("split_target")
    opened.sheet("实际").append([dt.date(2026, 1, 20), "华北", "产品A", "线下", 4321])
    opened.sheet("维度").append([None, "区域", "新区", None, None, 50])
    opened.sheet("实际")["H1"] = "=按区域!D8"
    before = opened.cells()
    opened.press("split_target")
    assert opened.cells() != before
    opened.sheet("设置")["K2"] = "之后写的"
    (message,) = opened.press("undo_last")
    assert "已撤销" in message
    after = opened.cells()
    assert after["设置"].pop("K2") == "之后写的"
    assert after["实际"].pop("H1") in ("='按区域'!D8", "=按区域!D8")
    assert before["实际"].pop("H1")
    assert after == before


def test_undo_of_the_first_split_removes_its_sheets(opened: OpenBook) -> None:
    """After the first split is taken back, only the person's own sheets are there."""
    before, titles = opened.cells(), opened.titles()
    opened.press("split_target")
    opened.press("undo_last")
    assert opened.titles() == titles
    assert opened.cells() == before


def test_undo_is_refused_where_work_would_be_lost(opened: OpenBook) -> None:
    """A cell of the run that a person has typed over since is not taken back."""
    opened.press("split_target")
    opened.sheet("按区域")["D8"] = 123456
    before = opened.cells()
    (message,) = opened.press("undo_last")
    assert "撤销会丢掉这些改动" in message
    assert opened.cells() == before


def test_undo_of_a_run_on_the_file_is_left_to_the_command_line(xlsales: Command, tmp_path: Path) -> None:
    """A run by the command line is undone there, and the message says how."""
    path = company(tmp_path / "计划.xlsx", actuals=ACTUALS)
    xlsales("split", path)
    (message,) = OpenBook(path).press("undo_last")
    assert "xlsales undo" in message


def test_the_command_line_leaves_a_run_in_excel_to_excel(opened: OpenBook, xlsales: Command) -> None:
    """`xlsales undo` does not throw away what was done in Excel since."""
    opened.press("split_target")
    ran = xlsales("undo", opened.book.FullName)
    assert ran.code == 2
    assert "撤销上次" in ran.err


def test_filters_do_not_keep_cells_from_being_written(opened: OpenBook, xlsales: Command) -> None:
    """Rows hidden by a filter get their values too: every block is read back."""
    opened.press("split_target")
    opened.sheet("实际").append([dt.date(2026, 2, 20), "华北", "产品A", "线下", 4321])
    typed = opened.saved("typed.xlsx")
    xlsales("refresh", typed)
    opened.book.Worksheets("按区域")._filtered.update({7, 8, 9})
    opened.press("refresh_progress")
    assert differences(without_log(opened.cells()), without_log(contents(typed))) == []


def test_a_protected_sheet_is_told_before_anything_is_written(opened: OpenBook) -> None:
    """A sheet protected by the person is a clear sentence; nothing is written anywhere."""
    opened.press("split_target")
    opened.sheet("实际").append([dt.date(2026, 2, 20), "华北", "产品A", "线下", 4321])
    opened.sheet("按区域").protection.sheet = True
    before = opened.cells()
    _, message = opened.press("refresh_progress", NO)
    assert "受保护" in message
    assert opened.cells() == before


def test_a_protected_sheet_that_refers_to_a_replaced_one_is_told(opened: OpenBook) -> None:
    """A formula that cannot be led to the new sheet stops the run, and everything is as it was."""
    opened.press("split_target")
    opened.sheet("维度").append([None, "区域", "新区", None, None, 50])
    opened.sheet("说明")["H1"] = "=按区域!D8"
    opened.sheet("说明").protection.sheet = True
    before = opened.cells()
    (message,) = opened.press("split_target")
    assert message.startswith("说明: 这张表受保护")
    assert opened.cells() == before


def test_check_writes_nothing(opened: OpenBook) -> None:
    """检查 tells what would be done and leaves the workbook alone."""
    before = opened.cells()
    (message,) = opened.press("check_plan")
    assert "只检查,没有写入" in message
    assert opened.cells() == before


def test_new_plan_is_written_and_opened(opened: OpenBook, tmp_path: Path) -> None:
    """新建计划 asks for a name, writes the template there and opens it; Cancel does nothing."""
    opened.press("new_plan")
    assert opened.application.Workbooks.Count == 1
    opened.application._save_as = str(tmp_path / "明年.xlsx")
    opened.press("new_plan")
    assert opened.application.ActiveWorkbook.Name == "明年.xlsx"  # type: ignore[union-attr]
    assert "设置" in [sheet.Name for sheet in opened.application.ActiveWorkbook.Worksheets]  # type: ignore[union-attr]
    (message,) = opened.press("new_plan")
    assert "已经存在" in message


def test_excel_exports_the_directors_pages(opened: OpenBook, tmp_path: Path) -> None:
    """导出 PDF lets Excel publish a copy in which only these sheets are visible, and leaves the workbook alone."""
    (message,) = opened.press("export_pdf")
    assert "请先运行“分解目标”" in message
    opened.press("split_target")
    before, titles = opened.cells(), opened.titles()
    (message,) = opened.press("export_pdf")
    pdf = tmp_path / "计划.pdf"
    assert message == f"已写入 {pdf}:进度总览、按区域、按产品、按渠道"
    assert [line.split()[0] for line in pdf.read_text("utf-8").splitlines()[1:]] == [
        "进度总览", "按区域", "按产品", "按渠道",
    ]  # fmt: skip
    assert (opened.cells(), opened.titles()) == (before, titles)
    assert opened.application.Workbooks.Count == 1


def test_help_opens_the_guide(opened: OpenBook) -> None:
    """帮助 shows the guide sheet and the five steps."""
    (message,) = opened.press("show_help")
    assert "五步" in message
    assert opened.book.ActiveSheet.Name == "说明"


def test_no_copies_are_left_behind(opened: OpenBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The copies that a run works on are gone when it ends."""
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    opened.press("split_target")
    assert list((tmp_path / "temp").iterdir()) == []


def test_english_workbooks_get_english_messages(tmp_path: Path) -> None:
    """The language of messages is the workbook's."""
    book = OpenBook(plan(tmp_path / "plan.xlsx", lang="en"))
    (message,) = book.press("refresh_progress")
    assert message == "There are no targets yet. Run split first (xlsales split)."


@pytest.mark.parametrize("button", ["new_plan", "show_help"])
def test_without_a_workbook_there_is_still_a_beginning(opened: OpenBook, button: Any) -> None:
    """新建计划 and 帮助 work where no workbook is open."""
    opened.book.Close(SaveChanges=False)
    opened.book = None  # type: ignore[assignment]
    assert len(opened.press(button)) == (button == "show_help")


def test_store_files_are_handed_out_from_excel(tmp_path: Path, xlsales: Command) -> None:
    """下发目标 asks for a folder and writes what the command line writes; Cancel does nothing."""
    stores = members({"门店": {"一店": 2, "二店": 1}})
    opened = OpenBook(plan(tmp_path / "计划.xlsx", dimensions=stores, end=dt.date(2026, 2, 28)))
    opened.press("split_target")
    assert opened.press("hand_out") == []
    opened.application._folder = str(tmp_path / "下发")
    (message,) = opened.press("hand_out")
    assert "下发 2 个" in message
    saved = opened.saved("计划.xlsx")
    xlsales("handout", saved, tmp_path / "命令行")
    one, other = ({p.name: p.read_bytes() for p in (tmp_path / d).glob("?店.xlsx")} for d in ("下发", "命令行"))
    assert one == other
    assert len(one) == 2


@pytest.mark.parametrize(("answer", "said"), [(NO, "已取消"), (YES, "下发 2 个")])
def test_handing_out_targets_that_are_red_is_asked(tmp_path: Path, xlsales: Command, answer: int, said: str) -> None:
    """In a box that names who is red in SMART检查; No writes nothing."""
    rows = [{"dimension": "门店", "member": name, "locked": 100} for name in ("一店", "二店")]
    path = plan(tmp_path / "计划.xlsx", dimensions=rows)
    assert xlsales("add", path, "readiness").code == 0
    opened = OpenBook(path)
    opened.press("split_target")
    opened.application._folder = str(tmp_path / "下发")
    *_, question, message = opened.press("hand_out", answer)
    assert "公司整体 R" in question
    assert said in message
    assert len(list(tmp_path.glob("下发/?店.xlsx"))) == (2 if answer == YES else 0)


def test_store_files_are_collected_into_the_open_workbook(
    tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """收回填报 leaves the cells that the command line leaves, in a second round too; undo takes it back."""
    monkeypatch.setattr("xlsales.hosts.cli._now", lambda: TODAY)
    book = tmp_path / "计划.xlsx"
    stores_plan(book, ["一店", "二店"], end=dt.date(2026, 2, 28))
    assert xlsales("split", book).code == 0
    folder = tmp_path / "交回"
    xlsales("handout", book, folder)
    files = fill(folder, ["一店", "二店"])
    files["一店"].type({("2026-02", "commitment"): 1_500_000, ("2026-02", "reason"): "新店爬坡"}, "承诺")
    opened = OpenBook(book)
    opened.application._folder = str(folder)
    before = opened.cells()
    for code, months in (("一店", 1), ("二店", 2)):
        typed = opened.saved(f"{code}.xlsx")
        ran = xlsales("collect", typed, folder)
        assert ran.code in (0, 1), ran.err
        (message,) = opened.press("collect")
        assert "已收 2" in message
        assert differences(without_log(opened.cells()), without_log(contents(typed))) == []
        dates = [cell for line in opened.sheet("实际").iter_rows(min_row=2) for cell in line if cell.is_date]
        assert len(dates) == opened.sheet("实际").max_row - 1
        files["二店"].type({("2026-01", "commitment"): 1_600_000 * months, ("2026-01", "reason"): "商圈改造"}, "承诺")
    opened.press("undo_last")
    opened.press("undo_last")
    assert differences(opened.cells(), before) == []


def test_a_collection_that_breaks_off_loses_nothing(tmp_path: Path, xlsales: Command) -> None:
    """When Excel fails while corrected rows take the place of old ones, the old rows are all there again."""
    book, folder = tmp_path / "计划.xlsx", tmp_path / "交回"
    stores_plan(book, ["一店", "二店"], end=dt.date(2026, 2, 28))
    xlsales("split", book)
    xlsales("handout", book, folder)
    files = fill(folder, ["一店", "二店"])
    xlsales("collect", book, folder)
    files["一店"].type({("2026-01-05", "entry"): 4321.5})
    opened = OpenBook(book)
    opened.application._folder = str(folder)
    before = opened.cells()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live.Snapshots, "keep", lambda *_: (_ for _ in ()).throw(OSError("no space left")))
        (message,) = opened.press("collect")
    assert "excel.log" in message
    assert differences(opened.cells(), before) == []
    opened.press("collect")
    assert 4321.5 in [cell.value for line in opened.sheet("实际").iter_rows() for cell in line]


def test_undo_gives_a_persons_formulas_back(opened: OpenBook) -> None:
    """A formula that a person typed over a target, and a sheet that refers to others, come back as they were."""
    opened.press("split_target")
    total = opened.book.Names("xs_total").RefersTo.rpartition("!")[2].replace("$", "")
    opened.sheet("按区域")["D8"] = f"=设置!{total}*0.5"
    opened.book.Worksheets("按区域")._results[8, 4] = 500.0
    before = opened.cells()
    opened.press("split_target", YES)
    assert opened.sheet("按区域")["D8"].value != f"=设置!{total}*0.5"
    (message,) = opened.press("undo_last")
    assert "已撤销" in message
    assert opened.sheet("按区域")["D8"].value == f"=设置!{total}*0.5"
    assert differences(opened.cells(), before) == []


def test_a_sheet_taken_back_refers_to_this_workbook(opened: OpenBook) -> None:
    """Formulas of a sheet that undo copies back mean this workbook's sheets, not the kept version's."""
    opened.press("split_target")
    opened.sheet("维度").append([None, "区域", "新区", None, None, 50])
    opened.sheet("按区域")["Z3"] = "=设置!C9"
    opened.press("split_target", YES)
    assert "按区域 旧1" in opened.titles()
    opened.press("undo_last")
    assert opened.sheet("按区域")["Z3"].value == "='设置'!C9"
    assert opened.book._links == []


def test_a_locked_structure_is_told_before_anything_is_written(opened: OpenBook) -> None:
    """A workbook that allows no change of its sheets is a clear sentence, also when sheets are only written anew."""
    opened.press("split_target")
    opened.sheet("实际").append([dt.date(2026, 2, 20), "华北", "产品A", "线下", 4321])
    opened.book._file.security = WorkbookProtection(lockStructure=True)
    before = opened.cells()
    _, message = opened.press("refresh_progress", NO)
    assert "结构受保护" in message
    assert opened.cells() == before


@pytest.mark.parametrize("pressed", [YES, NO, CANCEL])
def test_months_with_complete_actuals_are_asked_about(tmp_path: Path, pressed: int) -> None:
    """A new total would rewrite January: Yes closes it and changes later months, No changes all, Cancel nothing."""
    sale = [dt.date(2026, 2, 15), "东北", "产品A", "线上", 500]
    path = company(tmp_path / "计划.xlsx", actuals=[*ACTUALS, sale])
    opened = OpenBook(path)
    opened.press("split_target")
    sheet, total = place_of(path, "total").split("!")
    opened.sheet(sheet)[total].value = 1100
    before = opened.cells()
    was = figures(opened.saved("was.xlsx")).dimension("区域").along("m:华北", "t:")
    question, told = opened.press("split_target", pressed)
    assert "2026-01的实际已经完整" in question
    assert "是:先关账" in question
    if pressed == CANCEL:
        assert "没有任何改动" in told
        assert opened.cells() == before
        return
    assert "目标改动:" in told
    title, cell = place_of(path, "closed_through").split("!")
    assert (opened.sheet(title)[cell].value is not None) is (pressed == YES)
    now = figures(opened.saved("now.xlsx")).dimension("区域").along("m:华北", "t:")
    assert (now[0] == was[0]) is (pressed == YES)
    assert now[1] != was[1]
    opened.press("undo_last")
    assert differences(without_log(opened.cells()), without_log(before)) == []


@pytest.mark.parametrize("pressed", [YES, NO])
def test_who_pays_for_a_commitment_is_asked(
    tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch, pressed: int
) -> None:
    """Yes lets the others carry what an accepted commitment leaves, No writes nothing and says where to choose."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    opened = OpenBook(accepted(tmp_path, xlsales, range(3, 4)))
    before = opened.cells()
    question, told = opened.press("split_target", pressed)
    assert "接受“徐汇店”2026-03的承诺后少 13万元,由其他成员分担:" in question
    assert "“差额由”" in question
    if pressed == NO:
        assert "没有任何改动" in told
        assert opened.cells() == before
    else:
        assert "目标改动:" in told
        assert figures(opened.saved("now.xlsx")).dimension("门店").value("m:徐汇店", "t:2026-03") == 170_000
