"""An openpyxl Workbook in memory, where a path is: the same results, in the objects that the caller has."""

from __future__ import annotations

import datetime as dt
import gc
import io
import warnings
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

import xlsales as package
from tests.commands.books import COMPANY, Command, members, plan, type_in
from tests.hosts.test_added_sheets import notes
from xlsales.hosts.python.workbooks import MemoryDocument
from xlsales.plan.sheets import ADDED

pytestmark = pytest.mark.package
SALES = (
    ("日期", "区域", "产品", "渠道", "金额"),
    (dt.date(2026, 1, 30), "东北", "产品A", "线上", 600_000.3),
    (dt.date(2026, 2, 1), "华北", "产品B", "线下", 150_000),
    (dt.date(2026, 2, 1), "华中", "产品B", "线下", 5_000),
)


@pytest.fixture(name="path")
def _path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XLSALES_DATA", str(tmp_path / "memory"))
    return plan(tmp_path / "计划.xlsx", total=1200, dimensions=members(COMPANY), actuals=SALES)


def loaded(path: Path, **options: Any) -> Any:
    """A Workbook; what openpyxl says of what it drops is not looked at."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path, **options)


def contents(book: Any) -> dict[str, dict[str, Any]]:
    """Every cell that is not blank, by sheet and address; numbers as far as openpyxl writes them."""
    return {
        sheet.title: {
            cell.coordinate: float(f"{cell.value:.14g}") if isinstance(cell.value, float) else cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value not in (None, "")
        }
        for sheet in book.worksheets
    }


def without_runs(book: Any) -> dict[str, dict[str, Any]]:
    """Without the sheets that say when the runs were."""
    return {title: cells for title, cells in contents(book).items() if title not in ("运行记录", "目标版本")}


def rich() -> Any:
    """What people make with openpyxl, of every kind that it keeps."""
    book = openpyxl.Workbook()
    own = book.active
    own.title = "自己的"
    own.append(["名称", "数"])
    for n in range(1, 6):
        own.append([f"第{n}行", n])
    own["A1"].font = Font(name="Arial", bold=True, color="FF0000")
    own["B2"].fill = PatternFill("solid", fgColor="00FF00")
    own["B7"] = "=SUM(B2:B6)"
    own["C1"].comment = Comment("看这里", "我")
    own["C2"].hyperlink = "https://example.com/"
    own["C3"] = CellRichText("普通", TextBlock(InlineFont(b=True), "粗"))
    own["D1"].number_format = "0.000"
    own.merge_cells("E1:F2")
    own.row_dimensions[3].height = 33
    own.column_dimensions["A"].width = 27
    own.add_table(Table(displayName="我的表", ref="A1:B6"))
    own.conditional_formatting.add("B2:B6", CellIsRule(operator="greaterThan", formula=["3"], font=Font(bold=True)))
    validation = DataValidation(type="whole", operator="between", formula1="1", formula2="9")
    own.add_data_validation(validation)
    validation.add("B2:B6")
    own.freeze_panes = "B2"
    own.print_area = "A1:C9"
    chart = BarChart()
    chart.add_data(Reference(own, min_col=2, min_row=1, max_row=6), titles_from_data=True)
    own.add_chart(chart, "H2")
    book.add_named_style(NamedStyle(name="重点", font=Font(italic=True)))
    own["A6"].style = "重点"
    book.defined_names["我的名称"] = DefinedName("我的名称", attr_text="'自己的'!$B$2:$B$6")
    book.create_chartsheet("图").add_chart(BarChart())
    book.properties.creator = "我"
    return book


def look_of(book: Any) -> dict[str, Any]:
    """What of `rich` can be seen, beside values."""
    own = book["自己的"]
    return {
        "fonts": [(own[at].font.name, own[at].font.b, own[at].font.i) for at in ("A1", "A2", "A6")],
        "fill": own["B2"].fill.fgColor.rgb,
        "comment": (own["C1"].comment.text, own["C1"].comment.author),
        "link": own["C2"].hyperlink.target,
        "rich": str(own["C3"].value),
        "bold": [part for part in own["C3"].value if isinstance(part, TextBlock)] != [],
        "format": own["D1"].number_format,
        "merged": [str(area) for area in own.merged_cells.ranges],
        "sizes": (own.row_dimensions[3].height, own.column_dimensions["A"].width),
        "tables": dict(own.tables.items()),
        "rules": [str(area.sqref) for area in own.conditional_formatting],
        "validations": [(str(one.sqref), one.type) for one in own.data_validations.dataValidation],
        "frozen": own.freeze_panes,
        "printed": own.print_area,
        "charts": len(own._charts),
        "style": own["A6"].style,
        "name": book.defined_names["我的名称"].attr_text,
        "chartsheets": [sheet.title for sheet in book.chartsheets],
        "creator": book.properties.creator,
    }


def with_own_sheets(path: Path) -> Any:
    """The plan with the sheets of `rich` beside its own: both are moved into one workbook by saving and loading."""
    own = io.BytesIO()
    book = rich()
    book.save(own)
    plan_book = loaded(path)
    for title in plan_book.sheetnames:  # a plan in a workbook that a person began
        sheet = book.create_sheet(title)
        for row in plan_book[title].iter_rows():
            for cell in row:
                if type(cell) is openpyxl.cell.Cell and cell.value is not None:
                    copy = sheet.cell(cell.row, cell.column, cell.value)
                    copy.number_format = cell.number_format
        for table in plan_book[title].tables.values():
            sheet.add_table(Table(displayName=table.displayName, ref=table.ref))
    for name, defined in plan_book.defined_names.items():
        book.defined_names[name] = DefinedName(name, attr_text=defined.attr_text, hidden=defined.hidden)
    return book


def test_the_same_as_on_a_file(path: Path) -> None:
    """Split, more sales, refresh, a sheet added: cell by cell what the file has, and what messages say."""
    book = loaded(path)
    outcomes = []
    for one in (path, book):
        outcomes.append([package.split(one), package.refresh(one, as_of="2026-01-31"), package.add(one, "货品")])
    by_file, in_memory = outcomes
    assert without_runs(book) == without_runs(loaded(path))
    assert book.sheetnames == loaded(path).sheetnames
    assert set(book.defined_names) == set(loaded(path).defined_names)
    assert book.active.title == loaded(path).active.title
    for mine, other in zip(in_memory, by_file, strict=True):
        assert mine.figures == other.figures
        assert [problem.say("zh") for problem in mine.problems] == [problem.say("zh") for problem in other.problems]
        assert [line.replace("Workbook", str(path)) for line in mine.lines] == list(other.lines)


@pytest.mark.parametrize("key", ["indicators", "weeks", "data", "goods"])
def test_added_sheets_are_the_same(key: str, path: Path) -> None:
    """Tables with examples taken for one's own, tables of Excel, live formulas: as in the file, and again unchanged."""
    (sheet,) = (one for one in ADDED if one.key == key)
    book = loaded(path)
    for one in (path, book):
        package.add(one, key)
        for row, column in notes(sheet) if sheet.examples else ():
            if one is book:
                book[sheet.tables[0].label["zh"]].cell(row, column).value = None
            else:
                type_in(path, sheet.tables[0].label["zh"], f"{chr(64 + column)}{row}", "")
        package.split(one)
    assert without_runs(book) == without_runs(loaded(path))
    assert not package.split(book).changed


def test_a_saved_workbook_goes_on_as_a_file(path: Path) -> None:
    """Saved by the caller, it is a plan like any other: a refresh of the file has the same figures."""
    book = loaded(path)
    package.split(book)
    book.save(path)
    assert package.refresh(path).figures["actual"] == package.refresh(book).figures["actual"] == 750_000.3
    assert package.frames(book).targets.equals(package.frames(path).targets)


def test_objects_stay(path: Path) -> None:
    """The Workbook, its sheets and cells are those that the caller has; nothing refers to what was loaded between."""
    book = with_own_sheets(path)
    sheets = dict(zip(book.sheetnames, book._sheets, strict=True))
    settings, own = book["设置"], book["自己的"]
    cells = {at: settings[at] for at in ("C6", "C9", "Z99")} | {f"自己的 {at}": own[at] for at in ("B2", "C1", "E1")}
    made: list[weakref.ref[Any]] = []
    load = openpyxl.load_workbook

    def spied(*arguments: Any, **options: Any) -> Any:
        new = load(*arguments, **options)
        made.extend([weakref.ref(new), *map(weakref.ref, new._sheets)])
        return new

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openpyxl, "load_workbook", spied)
        package.split(book)
    assert {title: book[title] is sheet for title, sheet in sheets.items()} == dict.fromkeys(sheets, True)
    assert all(settings[at] is cell for at, cell in cells.items() if " " not in at)
    assert all(own[at.split()[1]] is cell for at, cell in cells.items() if " " in at)
    assert all(sheet.parent is book for sheet in book._sheets)
    assert all(cell.parent is sheet for sheet in book.worksheets for cell in sheet._cells.values())
    gc.collect()
    assert len(made) == len(book._sheets) + 1
    left = [one() for one in made if one() is not None]
    assert left == [sheet for title, sheet in zip(book.sheetnames, book._sheets, strict=True) if title not in sheets]


def test_what_a_person_holds_goes_on(path: Path) -> None:
    """A cell that was taken before a run is written into after it, and the next run reads that."""
    book = loaded(path)
    total, blank = book["设置"]["C6"], book["自己的" if "自己的" in book else "锁定"]["Z99"]
    assert total.value == 1200
    package.split(book)
    total.value, blank.value = 2400, "注"
    total.font = Font(bold=True)
    outcome = package.split(book, rewrite=True)
    assert outcome.figures is not None
    assert outcome.figures["target"] == 24_000_000
    assert (book["设置"]["C6"].font.b, book["锁定"]["Z99"].value) == (True, "注")


def test_own_contents_stay(path: Path) -> None:
    """Sheets, styles, comments, links, tables, charts, rules, names that openpyxl keeps are there after a run."""
    book = with_own_sheets(path)
    before, cells = look_of(book), contents(book)["自己的"]
    package.split(book)
    assert look_of(book) == before
    assert contents(book)["自己的"] == cells
    saved = io.BytesIO()
    book.save(saved)
    assert look_of(openpyxl.load_workbook(saved, rich_text=True)) == before


def test_new_sheets_have_their_look(path: Path) -> None:
    """Number formats, fonts, widths, charts, hidden keys of written sheets are there."""
    book = loaded(path)
    package.split(book)
    own, other = book["按区域"], loaded(_split(path))["按区域"]
    assert len(own._charts) == len(other._charts) == 1
    for row in other.iter_rows(max_row=12):
        for cell in row:
            mine = own[cell.coordinate]
            assert look_of_cell(mine) == look_of_cell(cell)
    assert {k: d.width for k, d in own.column_dimensions.items()} == {
        k: d.width for k, d in other.column_dimensions.items()
    }
    assert own.row_dimensions[1].hidden


def look_of_cell(cell: Any) -> tuple[Any, ...]:
    font = cell.font
    return cell.number_format, font.name, font.sz, font.b, font.i, cell.fill.fgColor.rgb, cell.alignment.horizontal


def _split(path: Path) -> Path:
    package.split(path)
    return path


def test_a_second_run_changes_nothing(path: Path) -> None:
    """Although openpyxl keeps no results of formulas."""
    book = loaded(path)
    assert package.split(book).changed
    before = contents(book)
    assert not package.split(book).changed
    assert not package.refresh(book).changed
    assert contents(book) == before


def test_check_and_frames_leave_it_alone(path: Path) -> None:
    """Nothing of it is another object, or has another value."""
    book = loaded(path)
    package.split(book)
    state = {name: id(value) for name, value in vars(book).items() if name != "shared_strings"}
    modified, before = book.properties.modified, contents(book)
    assert package.check(book).figures == package.check(book).figures
    assert len(package.frames(book).targets) == 12 * 12
    assert {name: id(value) for name, value in vars(book).items() if name != "shared_strings"} == state
    assert (book.properties.modified, contents(book)) == (modified, before)


def test_macros_stay(path: Path, xlsales: Command) -> None:
    """A Workbook with keep_vba keeps its project."""
    macro_book = Path(__file__).resolve().parents[3] / "templates" / "target-plan.xlsm"
    book = loaded(macro_book, keep_vba=True)
    book["Settings"]["C6"], book["Settings"]["C9"], book["Settings"]["C10"] = (
        100,
        dt.date(2026, 1, 1),
        dt.date(2026, 12, 31),
    )
    for row in book["Dimensions"].iter_rows(min_row=5, max_row=30, min_col=2, max_col=16):
        for cell in row:
            cell.value = None
    assert package.split(book).changed
    assert book.vba_archive is not None
    assert "xl/vbaProject.bin" in book.vba_archive.namelist()
    book.vba_archive.close()


def test_of_results_alone(path: Path) -> None:
    """A Workbook that was loaded with data_only has values in the place of formulas; so have the new sheets."""
    book = loaded(_split(path), data_only=True)
    package.refresh(book, as_of="2026-01-31")
    shown = contents(book)["按区域"]
    assert [value for value in shown.values() if str(value).startswith("=")] == []
    assert package.frames(book).as_of == dt.date(2026, 2, 1)


def test_sales_of_another_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative paths start in the current folder."""
    (path.parent / "sales.csv").write_text("日期,区域,产品,渠道,金额\n2026-03-01,华东,产品A,线上,12.34\n", "utf-8")
    monkeypatch.chdir(path.parent)
    book = loaded(path)
    package.split(book, actuals="sales.csv")
    assert package.frames(book, actuals="sales.csv").actuals.amount.tolist() == [12.34]


REFUSED: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any], str]] = {
    "no plan": (lambda book: openpyxl.Workbook(), package.split, "is no plan workbook"),
    "nothing typed": (
        lambda book: (book["设置"].__setitem__("C6", None), book)[1],
        package.split,
        "设置!C6",
    ),
    "a formula without its result": (
        lambda book: (book["设置"].__setitem__("C6", "=SUM(Z1:Z2)"), book)[1],
        package.split,
        "设置!C6",
    ),
    "not split yet": (lambda book: book, package.refresh, "Run split first"),
    "no such sheet": (lambda book: book, lambda book: package.add(book, "什么"), "什么"),
    "no versions": (lambda book: book, package.undo, "No versions are kept of a Workbook in memory."),
    "a file beside": (lambda book: book, lambda book: package.split(book, "x.xlsx"), "Leave out away"),
    "write only": (lambda book: openpyxl.Workbook(write_only=True), package.split, "read_only or write_only"),
    "no visible sheet": (
        lambda book: ([setattr(sheet, "sheet_state", "hidden") for sheet in book], book)[1],
        package.split,
        "openpyxl cannot save this Workbook",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "run", "says"), REFUSED.values(), ids=REFUSED)
def test_refused_and_left_as_it_was(
    change: Callable[[Any], Any], run: Callable[[Any], Any], says: str, path: Path
) -> None:
    """One sentence, and the Workbook is as it was."""
    book = change(loaded(path))
    state = {name: id(value) for name, value in vars(book).items() if name != "shared_strings"}
    before = None if book.write_only else contents(book)
    with pytest.raises((package.Fault, package.Refused)) as refused:
        run(book)
    assert says in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert {name: id(value) for name, value in vars(book).items() if name != "shared_strings"} == state
    assert book.write_only or contents(book) == before


def test_read_only(path: Path) -> None:
    """It has not all contents."""
    book = loaded(path, read_only=True)
    with pytest.raises(package.Fault, match="read_only"):
        package.split(book)
    book.close()


def test_a_run_that_breaks_leaves_it_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until all of the result is loaded, nothing is put back."""
    book = loaded(path)
    before, state = contents(book), {name: id(value) for name, value in vars(book).items() if name != "shared_strings"}
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *a, **k: (_ for _ in ()).throw(MemoryError()))
    with pytest.raises(MemoryError):
        package.split(book)
    assert contents(book) == before
    assert {name: id(value) for name, value in vars(book).items() if name != "shared_strings"} == state


def test_the_folder_goes_with_the_document(path: Path) -> None:
    """Nothing is left in the folder of temporary files."""
    document = MemoryDocument(loaded(path))
    content = document.content
    assert content.exists()
    del document
    gc.collect()
    assert not content.parent.exists()
