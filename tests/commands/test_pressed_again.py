"""A second press in a program that stays does, byte for byte, what a press does in a program that has just started."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands.books import (
    Command,
    answer,
    cell_xml,
    fill_in,
    insert_row,
    members,
    paste,
    plan,
    rewrite,
    swap,
    type_in,
)
from xlsales.book.snapshots import Snapshots
from xlsales.commands.document import FileDocument
from xlsales.commands.job import Run
from xlsales.commands.verbs import verb_of
from xlsales.core.faults import Refused
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import ROWS, Cell
from xlsales.ooxml.rows_read import RowRead, RowsRead
from xlsales.plan import inputs
from xlsales.plan.inputs import ANSWERS, read_inputs
from xlsales.tables.again import PAST

pytestmark = pytest.mark.unit

WHEN = dt.datetime(2026, 4, 2, 9)
PAST_SALES = (("日期", "区域", "销售额"), *((dt.date(2025, month, 9), "华东", 200_000) for month in range(1, 13)))
SALES = (
    ("日期", "区域", "销售额"),
    (dt.date(2026, 1, 15), "华东", 300_000),
    (dt.date(2026, 2, 15), "东区", 240_000),
    (dt.date(2026, 3, 31), "华北", 90_000),
)


def just_started() -> None:
    ROWS.forget()
    ANSWERS.forget()
    PAST.forget()


@pytest.fixture(autouse=True)
def nothing_read_yet() -> Iterator[None]:
    just_started()
    yield
    just_started()


@pytest.fixture
def book(tmp_path: Path, xlsales: Command) -> Path:
    """A plan with past sales, split; some actuals are of a member that is not known yet."""
    return made(tmp_path / "计划.xlsx", xlsales)


def made(path: Path, xlsales: Command, **options: object) -> Path:
    dimensions = members({"区域": {"华东": 3, "华北": 2}, "渠道": {"线上": 1, "线下": 1}})
    given = {"total": 365, "dimensions": dimensions, "history": PAST_SALES, "actuals": SALES} | options
    plan(path, **given)  # type: ignore[arg-type]
    assert xlsales("split", path).code == 1  # some of the actuals are set aside
    return path


def press(path: Path) -> list[str]:
    """Press 刷新进度 in this process; return what is said."""
    run = Run(FileDocument(path, Snapshots(path.parent / "memory")), WHEN)
    try:
        outcome = verb_of("refresh").act()(run)
    except Refused as refused:
        return [f"{problem.place} {problem.fault}" for problem in refused.problems]
    return [*outcome.lines, *outcome.details, *(f"{problem.place} {problem.fault}" for problem in outcome.problems)]


def other_plan(book: Path, xlsales: Command, **options: object) -> None:
    (book.parent / "other").mkdir()
    shutil.copy(made(book.parent / "other" / book.name, xlsales, **options), book)


def other_style(name: str, data: bytes) -> bytes:
    return data.replace(b"yyyy", b"yy").replace(b"<b/>", b"<i/>") if name == "xl/styles.xml" else data


CHANGES: dict[str, Callable[[Path, Command], object]] = {
    "nothing": lambda book, _: None,
    "an amount": lambda book, _: type_in(book, "实际", "C2", 300_001),
    "a day": lambda book, _: type_in(book, "实际", "A4", 46113.0),
    "a row of actuals": lambda book, _: paste(book, (*SALES, (dt.date(2026, 4, 1), "华北", 5))),
    "a member of an actual": lambda book, _: type_in(book, "实际", "B2", "华北"),
    "an amount of past sales": lambda book, _: type_in(book, "历史", "C5", 1),
    "an alias in 维度": lambda book, _: fill_in(book, "xs_dimensions", 0, aliases="东区"),
    "a member's name": lambda book, _: fill_in(book, "xs_dimensions", 0, member="东区"),
    "a member more": lambda book, _: fill_in(book, "xs_dimensions", 4, dimension="渠道", member="团购", weight=1),
    "a weight that is no number": lambda book, _: fill_in(book, "xs_dimensions", 0, weight="很多"),
    "the as-of date": lambda book, _: answer(book, "as_of", dt.date(2026, 2, 20)),
    "the plan's name": lambda book, _: answer(book, "plan_name", "另一个计划"),
    "the unit of amounts": lambda book, _: answer(book, "actuals_unit", "千元"),
    "a style only": lambda book, _: rewrite(book, other_style),
    "a figure of ours": lambda book, _: type_in(book, "按区域", "E7", 1),
    "a target changed by hand": lambda book, _: type_in(book, "按区域", "D7", 1),
    "a row inserted in 维度": lambda book, _: insert_row(book, "维度", 1),
    "a row inserted in a written sheet": lambda book, _: insert_row(book, "按区域", 7, {"C": "我的"}),
    "a sheet renamed": lambda book, _: swap(book, "维度", "我的维度", "xl/workbook.xml"),
    "a written sheet renamed": lambda book, _: swap(book, "按时间", "日程", "xl/workbook.xml"),
    "another workbook of the same name": lambda book, xlsales: other_plan(book, xlsales, total=500),
    "another language": lambda book, xlsales: other_plan(book, xlsales, lang="en"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_press_after_a_change_is_as_in_a_program_just_started(
    book: Path, xlsales: Command, change: Callable[[Path, Command], object]
) -> None:
    press(book)
    change(book, xlsales)
    changed = book.read_bytes()
    said, written = press(book), book.read_bytes()
    just_started()
    book.write_bytes(changed)
    assert press(book) == said
    assert book.read_bytes() == written


def test_a_number_is_not_the_truth_that_equals_it(book: Path) -> None:
    """1 and TRUE are equal in Python: the bytes decide."""
    fill_in(book, "xs_dimensions", 0, weight=1)
    table = Book.open(book).table("xs_dimensions")
    assert table is not None
    at = f"{chr(64 + table.area.column + table.headers.index('权重'))}{table.data_rows.start}"
    assert read_inputs(Book.open(book), book).plan.dimensions[0].members[0].weight == 1
    cell_xml(book, table.area.sheet, at, f'<c r="{at}" t="b"><v>1</v></c>')
    with pytest.raises(Refused):
        read_inputs(Book.open(book), book)


def test_what_a_caller_does_with_its_inputs_stays_with_it(book: Path) -> None:
    first = read_inputs(Book.open(book), book)
    first.mapping["区域"] = "大区"  # type: ignore[index]
    first.plan.month_weights[1] = 9.0  # type: ignore[index]
    second = read_inputs(Book.open(book), book)
    assert (second.mapping, second.plan.month_weights) == ({}, {})
    opened_again = Book.open(book)
    row = opened_again.cells(opened_again.sheets[0]).row(1)
    with pytest.raises(TypeError):
        row[1] = Cell("x")  # type: ignore[index]


def test_what_did_not_change_is_not_read_again(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The third press reads no row and no answer; after a new amount, only rows of which it changes a figure."""
    press(book)
    press(book)
    rows: list[bytes] = []
    keep, read = ROWS.keep, inputs._Reader.read
    monkeypatch.setattr(ROWS, "keep", lambda xml, row: (rows.append(xml), keep(xml, row))[1])
    monkeypatch.setattr(inputs._Reader, "read", lambda self: (rows.append(b"answers"), read(self))[1])
    press(book)
    assert rows == []
    type_in(book, "实际", "C2", 300_001)
    press(book)
    assert rows == []  # the change is in the table that is pasted, which is read by its columns
    press(book)
    now = Book.open(book)
    written = [sheet for sheet in now.sheets if sheet.title in ("进度总览", "按时间", "按区域", "按渠道")]
    assert 0 < len(rows) < sum(len(now.cells(sheet).rows) for sheet in written) / 2
    assert b"answers" not in rows


def test_rows_that_are_not_met_again_go() -> None:
    """No more than twice the limit is kept, and what is met again stays."""
    known, row = RowsRead[str](10_000), RowRead[str]({}, ())
    for n in range(1_000):
        known.keep(b"%0100d" % n, row)
        assert known.get(b"%0100d" % 0) is row
    kept = sum(known.get(b"%0100d" % n) is not None for n in range(1_000))
    assert kept * 200 <= 2 * 10_000 + 400
