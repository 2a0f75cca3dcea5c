"""One table of examples, run against the four doors through which a person's cell comes in.

A setting, a worksheet function, a store's cell and a pasted column give the same answer to the same question. A row
says what stands in the cell, what is asked, and the answer: a value, None for a blank cell, or the kind of fault.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from msgspec.structs import replace

from tests.commands.books import cell_xml, plan, rewrite
from tests.store.stores import store, terms
from tests.tables.tables import END, ERROR, REGION, START, UNCALCULATED, write
from xlsales.book.publish import publish
from xlsales.core import a1
from xlsales.core.faults import Fault
from xlsales.functions.answer import answer
from xlsales.ooxml.book import Book
from xlsales.plan.answers import Answers
from xlsales.plan.commitments import Made, plan_commitments, standing_commitments
from xlsales.plan.input_cells import Cells
from xlsales.store.amounts import is_blank, micros_of
from xlsales.store.returned_book import read_book
from xlsales.store.sheets import READ
from xlsales.store.template import write_store
from xlsales.tables.files.source import Source
from xlsales.tables.reading import read_records
from xlsales.tables.reasons import AmountBlank, DateBlank
from xlsales.values.cell import Labelled, in_bounds
from xlsales.values.date_text import DateBounds
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import CNY, all_settings
from xlsales.vocabulary.money import Money

pytestmark = pytest.mark.unit
DAY = dt.date(2026, 9, 3)
NUMBER, ERROR_CELL, NO_RESULT, SHARE, DATE, CHOICE = (
    "no number", "error", "no result", "a share", "no date", "no choice",
)  # fmt: skip
KINDS = {
    "NotANumber": NUMBER, "CellUnreadable": NUMBER, "CellIsDate": NUMBER, "AmountUnreadable": NUMBER,
    "AmountIsNoNumber": NUMBER,
    "RateUntold": NUMBER, "ShareForMoney": SHARE, "AmountIsShare": SHARE, "CellIsShare": SHARE,
    "ErrorCell": ERROR_CELL, "ErrorInColumn": ERROR_CELL, "CellError": ERROR_CELL,
    "NoResult": NO_RESULT, "CellWithoutResult": NO_RESULT,
    "NotADate": DATE, "DateOutOfReach": DATE, "DateUnreadable": DATE, "DayOrMonth": DATE,
    "NotAChoice": CHOICE, "ChoiceUnknown": CHOICE,
}  # fmt: skip
"""What kind of fault a door's own sentence is."""

MONEY: Mapping[object, object] = {
    "8800": 8800, "8,800": 8800, "￥8,800": 8800, "¥ 8,800.50": Decimal("8800.5"), "８８００": 8800, " 5 ": 5,
    "\u200b5": 5, "(300)": -300, "（300）": -300, "-300": -300, "300-": -300, "−300": -300, "1e3": 1000, "1 234": 1234,
    "1.234,56": Decimal("1234.56"), "1.234.567": 1_234_567, "'88": 88, 5: 5, 0.1: Decimal("0.1"), -2.5: Decimal("-2.5"),
    "95%": SHARE, "９５％": SHARE, "约500": NUMBER, "1,2": NUMBER, "1.2.3": NUMBER, "$5": NUMBER, "5m": NUMBER,
    "是": NUMBER, "TRUE": NUMBER, True: NUMBER, DAY: NUMBER, "2026-09-03": NUMBER, "": None, "  ": None, None: None,
    "-": None, " — ": None, "－": None, "/": None, "0": 0, 0: 0, "-0": 0, "0%": SHARE, "未填": NUMBER,
    ERROR: ERROR_CELL, UNCALCULATED: NO_RESULT,
}  # fmt: skip
WITH_UNITS: Mapping[object, int] = {
    "2000万": 20_000_000, "1.2万": 12_000, "1.2 万元": 12_000, "2,000万": 20_000_000, "3千": 3000, "1亿": 100_000_000,
    "500元": 500, "5块钱": 5, "10w": 100_000, "12.5k": 12_500, "5 million": 5_000_000, "-2万": -20_000,
}  # fmt: skip
NUMBERS: Mapping[object, object] = {
    "95%": Decimal("0.95"), "９５％": Decimal("0.95"), "5 %": Decimal("0.05"), "-5%": Decimal("-0.05"),
    "1.05": Decimal("1.05"), "8,800": 8800, " 5 ": 5, 0.3: Decimal("0.3"), 0.1 + 0.2: Decimal("0.3"),
    "2000万": 20_000_000, "0.00005万": Decimal("0.5"), "12.5k": 12_500,
    "95%万": NUMBER, "高": NUMBER, True: NUMBER, DAY: NUMBER,
    "-": None, "—": None, "/": None, "0%": 0, 0: 0, "": None, None: None, ERROR: ERROR_CELL,
}  # fmt: skip
DAYS: Mapping[object, object] = {
    DAY: DAY, "2026/9/3": DAY, "2026-09-03": DAY, "2026.9.3": DAY, "20260903": DAY, "2026年9月3日": DAY,
    "２０２６年９月３日": DAY, "二〇二六年九月三日": DAY, "2026-09-03 08:30": DAY, "2026年9月3日 星期四": DAY,
    20260903: DAY, 46268: DAY, "46268": DAY,
    "2026-02-29": DATE, "年初": DATE, "95%": DATE, "2000万": DATE, 42: DATE, True: DATE, "3/4/2026": DATE,
    "-": None, "／": None,
}  # fmt: skip
CLOCKS: Mapping[object, object] = {
    "工作日": "working_days", "工 作 日": "working_days", "工作日\u200b": "working_days",
    "Working Days": "working_days", "working_days": "working_days",
    "ＷＯＲＫＩＮＧ days": "working_days", "日历天": "calendar",
    "工作天": CHOICE, "95%": CHOICE, True: CHOICE, 5: CHOICE, ERROR: ERROR_CELL,
}  # fmt: skip
YES_OR_NO: Mapping[object, object] = {
    "是": "yes", "否": "no", " 是 ": "yes", "Yes": "yes", "yes": "yes", "NO": "no", "Y": "yes", "√": "yes",
    True: "yes", False: "no", "TRUE": "yes", "false": "no", "也许": CHOICE, 5: CHOICE, "": None,
}  # fmt: skip


def _rows(examples: Mapping[object, Any]) -> Any:
    return pytest.mark.parametrize(
        ("held", "meant"), examples.items(), ids=[f"{type(held).__name__} {held!r}" for held in examples]
    )


def _kind(fault: Fault) -> str:
    return KINDS[type(fault).__name__]


# --- a cell of a workbook -------------------------------------------------------


def cell_of(address: str, held: object, style: int, of_dates: int, date1904: bool) -> str:
    """The XML of a cell; dates are shown as dates, other values keep the cell's own style."""
    start = f'<c r="{address}" s="{of_dates if isinstance(held, dt.date) else style}"'
    if held is None:
        return f"{start}/>"
    if held == ERROR:
        return f'{start} t="e"><v>#N/A</v></c>'
    if held == UNCALCULATED:
        return f"{start}><f>1+1</f></c>"
    if isinstance(held, bool):
        return f'{start} t="b"><v>{int(held)}</v></c>'
    if isinstance(held, str):
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(held)}</t></is></c>'
    return f"{start}><v>{to_serial(held, date1904) if isinstance(held, dt.date) else held!r}</v></c>"


def counted_from_1904(path: Path) -> None:
    """Let a workbook's days count from 1904; its own dates mean others then."""

    def change(name: str, data: bytes) -> bytes:
        return data.replace(b"<workbookPr ", b'<workbookPr date1904="1" ', 1) if name == "xl/workbook.xml" else data

    rewrite(path, change)
    assert Book.open(path).date1904


class Doors:
    """The four doors, each over a file of its own."""

    def __init__(self, home: Path, date1904: bool = False) -> None:
        self.date1904 = date1904
        self.plan, self.store = home / "计划.xlsx", home / "店.xlsx"
        self.table = home / "表.xlsx"
        plan(self.plan, unit="yuan", step=1)
        self.store.write_bytes(write_store(terms(), store(terms())))
        if date1904:
            counted_from_1904(self.plan)
            counted_from_1904(self.store)
        self.plan_bytes, self.store_bytes = self.plan.read_bytes(), self.store.read_bytes()

    def setting(self, key: str, held: object, unit: str = "yuan") -> object:
        """Type into the cell of a setting, and read it as a plan's inputs are read, but for its bounds."""
        self.plan.write_bytes(self.plan_bytes)
        book = Book.open(self.plan)
        area, dated = book.area(f"xs_{key}"), book.area("xs_start")
        assert area is not None
        assert dated is not None
        sheet = book.sheet(area.sheet)
        assert sheet is not None
        cells = book.cells(sheet)
        style, of_dates = cells[area.first].style, cells[dated.first].style
        address = a1.cell(*area.first)
        cell_xml(self.plan, area.sheet, address, cell_of(address, held, style, of_dates, self.date1904))
        book = Book.open(self.plan)
        answers = Answers(book, Cells(book), "zh")
        answers.unit, answers.step_micros, answers.span = unit, 1, DateBounds(START, END)
        setting = replace(all_settings()[key], low=None, high=None, default=None, required=False)
        value = answers.setting(setting)
        if answers.problems:
            return _kind(answers.problems[0].fault)
        return Decimal(value) / 10**6 if setting.kind == "amount" and value is not None else value

    def of_store(self, column: str, held: object) -> object:
        """Type into the first day's cell of a returned workbook, and read it as collect does."""
        self.store.write_bytes(self.store_bytes)
        sheet = read_book(self.store, (), READ).sheets["days"]
        row = next(row for row, key in sheet.keyed if key == "2026-01-01")
        style, of_dates = sheet.cell(row, column).style, sheet.cell(row, "date").style
        address = a1.cell(row, sheet.columns[column])
        cell_xml(self.store, sheet.title, address, cell_of(address, held, style, of_dates, self.date1904))
        sheet = read_book(self.store, (), READ).sheets["days"]
        cell = sheet.cell(row, column)
        if column == "date":
            return sheet.day(cell) or (None if is_blank(cell) else DATE)
        if is_blank(cell):
            return None
        micros = micros_of(cell, sheet, CNY)
        return _kind(micros) if isinstance(micros, Fault) else Decimal(micros) / 10**6

    def pasted(self, column: str, held: object, unit: int = 1) -> object:
        """Paste a row whose date or amount is this below one that is in order, and read the table."""
        other = {"date": DAY, "amount": 9.0} | {column: held}
        rows = [("日期", "区域", "金额"), (dt.date(2026, 1, 5), "上海", 7.5), (other["date"], "上海", other["amount"])]
        write(self.table, rows, date1904=self.date1904)
        records = read_records(Source(self.table, None, "实际"), (REGION,), start=START, end=END, factor=unit)
        if records.rows_accepted == 1:
            problems = [problem.fault for problem in records.problems if problem.set_aside]
            return None if not problems or type(problems[0]) in (AmountBlank, DateBlank) else _kind(problems[0])
        at = records.micros.tolist().index(9 * 10**6) if column == "date" else records.day.tolist().index(DAY)
        return records.day[at].astype(object) if column == "date" else Decimal(int(records.micros[at])) / 10**6


def function(
    name: str, held: object, ask: Callable[[object], tuple[object, ...]], take: Callable[[Any], object]
) -> object:
    """Hand a cell to a worksheet function as Excel does."""
    cell = {ERROR: "#N/A"}.get(held, held) if isinstance(held, str) else held
    cell = dt.datetime.combine(cell, dt.time()) if isinstance(cell, dt.date) else cell
    found = answer(name, *ask(cell), lang="en")
    if not isinstance(found, str):
        return take(found)
    sentences = {
        "not a number": NUMBER, "percentage is no amount": SHARE, "is the error": ERROR_CELL,
        "not a date": DATE, "Enter one of": CHOICE,
    }  # fmt: skip
    return next((kind for words, kind in sentences.items() if words in found), None if "is blank" in found else found)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Doors:
    return Doors(tmp_path_factory.mktemp("doors"))


@pytest.fixture(scope="module")
def doors1904(tmp_path_factory: pytest.TempPathFactory) -> Doors:
    return Doors(tmp_path_factory.mktemp("doors1904"), date1904=True)


# --- the questions ---------------------------------------------------------------


@_rows(MONEY)
def test_money(doors: Doors, held: object, meant: object) -> None:
    """Money is asked in a setting, a store's cell, an amount of a table and a function's total."""
    assert doors.setting("total", held) == meant
    assert doors.of_store("entry", held) == meant
    assert doors.pasted("amount", held) == (ERROR_CELL if meant == NO_RESULT else meant)
    if held != UNCALCULATED and (not isinstance(meant, int | Decimal) or meant >= 0):
        # a function knows no file, in which a formula may be without a result; a target is not below zero
        total = function("SPLIT_TARGET", held, lambda cell: (cell, [[1.0]], 0.01), lambda block: block[0][0])
        assert (Decimal(str(total)) if isinstance(total, float) else total) == meant


@_rows(WITH_UNITS)
def test_money_that_names_its_unit(doors: Doors, held: object, meant: int) -> None:
    """It means that unit, whatever the cells around are in; a function gives it in full."""
    assert doors.setting("total", held) == doors.setting("total", held, unit="wan") == meant
    assert doors.of_store("entry", held) == meant
    assert doors.pasted("amount", held) == doors.pasted("amount", held, unit=10_000) == meant
    if meant >= 0:  # a target is not below zero
        assert function("SPLIT_TARGET", held, lambda cell: (cell, [[1.0]]), lambda block: block[0][0]) == meant


def test_money_without_a_unit_is_of_the_unit_asked_for(doors: Doors) -> None:
    for held in ("5", 5.0, "￥5"):
        assert doors.setting("total", held, unit="wan") == doors.pasted("amount", held, unit=10_000) == 50_000
    assert doors.setting("step", "1千元", unit="wan") == 1000


@_rows(NUMBERS)
def test_a_number(doors: Doors, held: object, meant: object) -> None:
    """A share, a rate, a weight or a factor is asked in settings and functions; 95% is 0.95."""
    found = doors.setting("holiday_index", held)
    assert (Decimal(str(found)) if isinstance(found, float) else found) == meant
    if isinstance(meant, int | Decimal) and not 0 <= meant <= 1:
        return  # beyond a share of time
    ask: Any = lambda cell: ([[100.0]], [[0.0]], cell)  # noqa: E731
    share = function("TARGET_PROGRESS", held, ask, lambda block: block[0][1])
    assert share == (None if meant is None else meant * 100 if isinstance(meant, int | Decimal) else meant)


@_rows(DAYS)
def test_a_day(doors: Doors, held: object, meant: object) -> None:
    assert doors.setting("as_of", held) == meant
    assert doors.of_store("date", held) == meant
    assert doors.pasted("date", held) == meant
    ask: Any = lambda cell: (1.0, cell, dt.datetime(2026, 12, 31), "日")  # noqa: E731
    assert function("SPLIT_TIME", held, ask, lambda block: block[0][1]) == meant


@_rows({DAY: DAY, "2026/9/3": DAY, 20260903: DAY, float(to_serial(DAY, True)): DAY, "44806": DAY})
def test_a_day_of_a_workbook_that_counts_from_1904(doors1904: Doors, held: object, meant: object) -> None:
    """Its day numbers are 1462 less; a function gets dates from Excel, whatever they count from."""
    assert doors1904.setting("as_of", held) == meant
    assert doors1904.of_store("date", held) == meant
    assert doors1904.pasted("date", held) == meant


@pytest.mark.parametrize("date1904", [False, True])
def test_a_month_that_excel_made_a_date_of(tmp_path: Path, date1904: bool) -> None:
    """`2026-03`, typed, is a date shown as a month: a commitment of that month, found again when stores return."""
    book = Book.open(plan(tmp_path / "计划.xlsx"))
    made = [Made("区域", "华东", "2026-03", 3_000_000, 2_000_000, "", "甲.xlsx")]
    publish(book, plan_commitments(book, made, Money("wan"), "zh"), "zh")
    book.package.save(tmp_path / "计划.xlsx")
    if date1904:
        counted_from_1904(tmp_path / "计划.xlsx")
    book = Book.open(tmp_path / "计划.xlsx")
    table = book.table("xs_commitments")
    assert table is not None
    at = table.data_rows.start, table.area.column + 2
    area = book.area("xs_start")
    assert area is not None
    styled = book.cells(book.sheets[1])[area.first].style
    address, serial = a1.cell(*at), to_serial(dt.date(2026, 3, 1), date1904)
    cell_xml(tmp_path / "计划.xlsx", table.area.sheet, address, f'<c r="{address}" s="{styled}"><v>{serial}</v></c>')
    assert standing_commitments(Book.open(tmp_path / "计划.xlsx"), Money("wan")) == {
        ("区域", "华东", "2026-03"): 2_000_000
    }


def test_a_day_without_a_year_is_the_plans(doors: Doors) -> None:
    """Where there is a plan; a function knows none."""
    assert doors.setting("as_of", "9月3日") == doors.pasted("date", "9月3日") == DAY
    ask: Any = lambda cell: (1.0, cell, "2026-12-31")  # noqa: E731
    assert function("SPLIT_TIME", "9月3日", ask, lambda block: block) == DATE


@_rows(CLOCKS)
def test_a_choice(doors: Doors, held: object, meant: object) -> None:
    assert doors.setting("clock", held) == meant
    ask: Any = lambda cell: ("2026-09-01", "2026-09-30", "2026-09-03", cell)  # noqa: E731
    by_clock = {
        key: answer("TIME_PROGRESS", "2026-09-01", "2026-09-30", "2026-09-03", key)[0][0]
        for key in ("calendar", "working_days")
    }
    found = function("TIME_PROGRESS", held, ask, lambda block: block[0][0])
    assert found == by_clock.get(str(meant), meant)


@_rows(YES_OR_NO)
def test_yes_or_no(doors: Doors, held: object, meant: object) -> None:
    assert doors.setting("lunar", held) == meant


@pytest.mark.unit
@pytest.mark.parametrize("limit", [0.01, 0.1, 0.3, 1.1, 5, 1e-9])
def test_a_number_at_its_limit_is_allowed(limit: float) -> None:
    """0.01 is not below 0.01, although the binary number that stands for it is a little more."""
    value = Decimal(repr(limit))
    assert in_bounds(value, Labelled("步长"), limit, limit) == value
