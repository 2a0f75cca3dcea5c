"""The store's workbook as it is written and filled."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tests.calc import read_back
from tests.store.stores import (
    PERSONS,
    PRODUCTS,
    differing,
    keyed,
    put,
    store,
    terms,
    typed,
    with_known,
    with_parts,
    with_tables,
)
from tests.validator import findings
from xlsales.core.faults import Fault
from xlsales.core.plan import Clock
from xlsales.layout import look
from xlsales.ooxml.book import Book
from xlsales.ooxml.package import Package
from xlsales.store.contract import (
    IDENTITY_NAMES,
    NAME_CODE,
    NAME_FINGERPRINT,
    NAME_VERSION,
    SHORT,
    TEMPLATES,
)
from xlsales.store.example import example_template
from xlsales.store.handout.fill import Filler
from xlsales.store.sealing import Identity, digest_of, fingerprint
from xlsales.store.sheet import NotATemplate, TemplateOtherDays
from xlsales.store.sheets import SHEETS
from xlsales.store.sheets.detail.sheet import RULED_ROWS, TemplateOtherDimensions
from xlsales.store.sheets.front import TemplateOtherLanguage
from xlsales.store.sheets.members.sheet import TemplateOtherTables
from xlsales.store.tables import DimensionTable
from xlsales.store.targets import Store, StoreTerms
from xlsales.store.template import StoreCells, write_store

pytestmark = pytest.mark.unit
ENTRY_AREAS = [name for sheet in SHEETS for name in sheet.entries]
COMMITTED = Path(__file__).resolve().parents[2] / "templates"
EVERYWHERE = {
    "AND", "CHOOSE", "COUNT", "COUNTIF", "COUNTIFS", "IF", "INDEX", "ISNUMBER", "MAX", "MIN", "N", "ROUND", "SUM",
    "SUMIFS", "SUMPRODUCT", "WEEKDAY",
}  # fmt: skip
"""Functions that Excel 2016, WPS and LibreOffice 7.4 have alike."""


def sheets_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {n: file.read(n).decode() for n in file.namelist() if n.startswith("xl/worksheets/sheet")}


@pytest.mark.parametrize("clock", list(Clock))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_only_functions_that_every_program_has(clock: Clock, lang: str) -> None:
    """A store may open its workbook in Excel 2016, WPS or LibreOffice: only their common functions are used."""
    plan = with_tables(terms(clock=clock, lang=lang))  # type: ignore[arg-type]
    used: set[str] = set()
    count = 0
    for xml in sheets_of(write_store(plan, with_parts(plan, store(plan), 4))).values():
        for formula in re.findall(r"<(?:f|formula|formula1)(?:\s[^>]*)?>([^<]+)</", xml):
            text = re.sub(r'"[^"]*"', '""', formula.replace("&quot;", '"'))
            used |= set(re.findall(r"([A-Za-z_][\w.]*)\(", text))
            count += 1
            assert not re.search(r"[{}@]|_xlfn|\w\[", text), formula
    assert count > 50
    assert used <= EVERYWHERE
    assert {"SUMIFS", "COUNTIFS", "INDEX", "SUMPRODUCT"} <= used


def test_no_shared_formula_names_another_sheet() -> None:
    """Excel does not move references to other sheets in a formula that cells share: each such cell has its own."""
    shared = []
    plan = with_tables(terms())
    for xml in sheets_of(write_store(plan, with_parts(plan, store(plan), 4))).values():
        shared += re.findall(r'<f t="shared" ref="[^"]+" si="\d+">([^<]+)</f>', xml)
    assert len(shared) > 20
    assert not [formula for formula in shared if "!" in formula]


def test_only_entry_cells_are_open() -> None:
    """A store can type where entry belongs and nowhere else, in every sheet."""
    plan = with_tables(terms())
    book = read_back(io.BytesIO(write_store(plan, with_parts(plan, store(plan), 2))))
    open_cells: dict[str, set[str]] = {}
    for sheet in book.worksheets:
        assert sheet.protection.sheet, sheet.title
        assert not sheet.protection.password
        for row in sheet.iter_rows():
            for cell in row:
                if not cell.protection.locked:
                    open_cells.setdefault(sheet.title, set()).add(cell.column_letter)
                    assert cell.value is None
    assert set(open_cells) == {"日报", "明细", "承诺"}
    assert open_cells["明细"] == set("CDEFG")
    assert len(open_cells["日报"]) == 2
    assert len(open_cells["承诺"]) == 2
    columns = [column for column in book["明细"].column_dimensions.values() if not column.protection.locked]
    assert {at for column in columns for at in range(column.min, column.max + 1)} == {3, 4, 5, 6, 7}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_amount_far_above_the_targets_is_asked_about(lang: Any) -> None:
    """Beyond twenty times the highest day, sold or returned, the entry asks; it never refuses."""
    plan = with_tables(terms(lang=lang))
    low, high = store(plan, "乙", 9_000), store(plan, "丙", 9_000_000)
    most = []
    for one in (low, high):
        data = Filler.of_plan(plan).fill(with_parts(plan, one, 2))
        shown, book = (read_back(io.BytesIO(data), data_only=only) for only in (True, False))
        most.append(keyed(shown, "front")["info:most", "target"])
        assert most[-1] == 20 * max(one.days)
        rules = [r for s in book.worksheets for r in s.data_validations.dataValidation if r.formula2 == "xs_store_most"]
        assert [(r.type, r.errorStyle, r.formula1) for r in rules] == [("decimal", "warning", "-xs_store_most")] * 2
        assert {s.title for s in book.worksheets for r in rules if r in s.data_validations.dataValidation} == {
            shown.sheetnames[1], shown.sheetnames[3],
        }  # fmt: skip
        unit = "单位(是元" if lang == "zh" else "unit (yuan)"
        assert all(unit in r.error and len(r.error) <= 225 for r in rules)
        (name,) = [n for n in book.defined_names if n == "xs_store_most"]
        title, cell = book.defined_names[name].attr_text.split("!")
        assert shown[title.strip("'")][cell.replace("$", "")].value == most[-1]
    assert most[0] < 10_000 < most[1]
    blank = keyed(read_back(io.BytesIO(write_store(plan, Store.blank(plan))), data_only=True), "front")
    assert blank["info:most", "target"] > 1e11  # without targets nothing is doubtful


def test_what_is_to_fill_is_yellow_and_nothing_else() -> None:
    """Cells to fill bear the colour of entries, also in 明细, and the tabs of their sheets alone are coloured."""
    plan = with_tables(terms())
    book = read_back(io.BytesIO(write_store(plan, with_parts(plan, store(plan), 2))))
    yellow = "FF" + look.INPUT_FILL.lstrip("#")
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert (cell.fill.fgColor.rgb == yellow) is not cell.protection.locked, (sheet.title, cell.coordinate)
    columns = book["明细"].column_dimensions
    filled = {key for key, column in columns.items() if column.fill and column.fill.fgColor.rgb == yellow}
    assert filled == {key for key, column in columns.items() if not column.protection.locked} != set()
    tabs = {sheet.title: sheet.sheet_properties.tabColor for sheet in book.worksheets}
    assert {title for title, colour in tabs.items() if colour is not None} == {"日报", "明细", "承诺"}
    assert {colour.rgb for colour in tabs.values() if colour} == {"FF" + look.TAB_INPUT.lstrip("#")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_empty_sheet_of_receipts_prints_as_a_form(lang: Any) -> None:
    """No page holds headers alone: rows with lines of their own fill it, and what is pasted below them prints too."""
    book = read_back(io.BytesIO(write_store(terms(lang=lang), store(terms(lang=lang)))))
    sheet = book["明细" if lang == "zh" else "Detail"]
    assert not sheet.print_area
    assert sheet.oddFooter.left.text
    assert sheet.print_title_rows == "$5:$5"
    rows = sheet.iter_rows(min_row=6, min_col=3)
    ruled = [row for row in rows if all(cell.border.bottom.style == "thin" and cell.value is None for cell in row)]
    assert [row[0].row for row in ruled] == list(range(6, 6 + RULED_ROWS))
    height = sum(sheet.row_dimensions[row].height or 16.5 for row in range(2, 6 + RULED_ROWS))
    page = 11.69 - sheet.page_margins.top - sheet.page_margins.bottom
    assert 0.75 * page < height / 72 < page  # one page, with the rows of 微软雅黑 as with others
    for column in sheet.column_dimensions.values():  # LibreOffice prints blank cells that differ from their column
        if not column.protection.locked:
            assert column.border.bottom.style == "hair"


def test_what_is_typed_is_checked_in_chinese() -> None:
    """What is typed is checked with a Chinese sentence that names the unit."""
    book = read_back(io.BytesIO(write_store(terms(), store(terms()))))
    rules = {rule.error for sheet in book.worksheets for rule in sheet.data_validations.dataValidation if rule.error}
    assert any("单位(是元,不用“万”)" in text for text in rules)
    assert any("请填日期" in text for text in rules)
    assert len(rules) >= 5
    lists = {rule.formula1 for rule in book["明细"].data_validations.dataValidation if rule.type == "list"}
    assert lists == {'"产品A"'}


def test_identity_can_be_read_back() -> None:
    """Headquarters reads whose file it is, which version, and that nobody changed a target."""
    plan, one = terms(), store(terms(), "深圳南山店", 654_321)
    data = Filler(write_store(plan, store(plan)), plan, "t.xlsx").fill(one)
    book = Book(Package.of_bytes(data))
    values = {}
    for name in IDENTITY_NAMES:
        area = book.area(name)
        assert area is not None
        sheet = book.sheet(area.sheet)
        assert sheet is not None
        values[name] = book.cells(sheet).value(*area.first)
    assert values[NAME_CODE] == "深圳南山店"
    assert values[NAME_VERSION] == 1
    days = keyed(read_back(io.BytesIO(data), data_only=True), "days")
    targets = [(row, column, value) for (row, column), value in days.items() if column == "target" and len(row) == 10]
    assert len(targets) == 90
    seal = fingerprint(Identity("2026 目标", "门店", "深圳南山店"), targets)
    assert values[NAME_FINGERPRINT] == seal
    changed = [(row, column, value + 1) for row, column, value in targets[:1]] + targets[1:]
    assert fingerprint(Identity("2026 目标", "门店", "深圳南山店"), changed) != seal
    for name in ENTRY_AREAS:
        assert book.area(name) is not None


@pytest.mark.parametrize("persons", [0, 1, 4])
def test_filling_is_writing_fresh(persons: int) -> None:
    """A template filled for a store shows, cell by cell, what a workbook written for it alone shows."""
    plan = with_tables(terms())
    one = with_parts(plan, store(terms(), "A & B <店> %d", 98_765), persons)
    filled = read_back(io.BytesIO(Filler.of_plan(plan).fill(one)), data_only=True)
    fresh = read_back(io.BytesIO(write_store(plan, one)), data_only=True)
    for sheet in fresh.worksheets:
        hidden = [{r for r, d in book[sheet.title].row_dimensions.items() if d.hidden} for book in (filled, fresh)]
        assert hidden[0] == hidden[1], sheet.title
    assert differing(fresh, filled, 1e-9) == []


def members_of(data: bytes) -> dict[tuple[str, str], Any]:
    """The cells of 分项; a cell without text is as good as a blank one."""
    cells = keyed(read_back(io.BytesIO(data), data_only=True), "members")
    return {key: "" if value is None else value for key, value in cells.items()}


def test_a_store_sees_its_own_persons_and_no_blank_row() -> None:
    """Each store's table names its persons; rows that others need are hidden, so that paper shows none."""
    plan = with_tables(terms())
    filler = Filler(write_store(plan, with_parts(plan, store(plan), 4)), plan, "t")
    data = filler.fill(with_parts(plan, store(plan, "乙"), 2))
    shown = members_of(data)
    assert [shown[f"member:人员:{n}", "member"] for n in (1, 2, 3, 4)] == [*PERSONS[:2], "", ""]
    sheet = read_back(io.BytesIO(data))["分项"]
    rows = {sheet.cell(r, 1).value: sheet.row_dimensions[r].hidden for r in range(6, sheet.max_row + 1)}
    assert {key for key, hidden in rows.items() if hidden} == {"picked", "member:人员:3", "member:人员:4"}


def test_receipts_offer_the_members_of_the_store() -> None:
    """The lists of 明细 are the names in the store's own tables."""
    plan = with_tables(terms())
    book = read_back(io.BytesIO(Filler.of_plan(plan).fill(with_parts(plan, store(plan, "乙"), 2))))
    rules = [rule for rule in book["明细"].data_validations.dataValidation if rule.type == "list"]
    offered = [[cell.value for (cell,) in book["分项"][rule.formula1.split("!")[1].replace("$", "")]] for rule in rules]
    assert {rule.formula1.split("!")[0] for rule in rules} == {"'分项'"}
    assert offered == [list(PRODUCTS), [*PERSONS[:2], "", ""]]


def test_nothing_of_one_store_is_in_anothers_file() -> None:
    """A store's file does not carry the names of other stores' persons, nor of other stores, not even unseen."""
    plan = with_tables(terms())
    filler = Filler.of_plan(plan)
    filler.fill(with_parts(plan, store(plan, "上海徐汇店"), 4))
    package = Package.of_bytes(filler.fill(with_parts(plan, store(plan, "乙"), 2)))
    everything = b"".join(package.read(name) for name in package.names).decode("utf-8", "replace")
    assert PERSONS[0] in everything
    assert not [name for name in (PERSONS[3], "上海徐汇店") if name in everything]


def test_every_table_closes_with_the_store() -> None:
    """In each table, and every month, members and what is unassigned add up to the store's target."""
    plan = with_tables(terms(step=0.01))
    one = with_parts(plan, store(plan, "乙", 4321.09), 3)
    shown = members_of(Filler(write_store(plan, with_parts(plan, store(plan), 4)), plan, "t").fill(one))
    for month, at in zip(plan.months, plan.slices, strict=True):
        for table in plan.tables:
            rows = [*map(table.row_key, range(1, table.rows + 1)), table.unassigned_key]
            target = one.days[at].sum()
            assert sum(shown[row, month.key] for row in rows) == pytest.approx(target, abs=1e-6)
            assert shown[table.total_key, month.key] == pytest.approx(target, abs=1e-6)
            assert shown[f"proof:{table.dimension}", month.key] == 0
    assert shown["unassigned:人员", "target"] < 0 < shown["unassigned:产品", "target"]


def test_a_template_without_tables_still_serves() -> None:
    """A template from before there were tables is filled as ever: its stores' files have none."""
    plan = with_tables(terms())
    older = replace(plan, tables=())
    filler = Filler(write_store(older, store(plan)), plan, "旧模板.xlsx", foreign=True)
    assert not filler.terms.tables
    one = with_parts(plan, store(plan, "乙"), 2)
    shown = read_back(io.BytesIO(filler.fill(one)), data_only=True)
    assert "分项" not in shown.sheetnames
    assert keyed(shown, "front")["info:fingerprint", "target"] == digest_of(older, one)[:SHORT]


def test_a_filled_template_with_more_rows_serves() -> None:
    """A returned file of a store with more persons serves as template: none of its names or figures stays."""
    plan = with_tables(terms())
    receipts = [(dt.date(2026, 1, 6), 88.0, {"人员": PERSONS[3]})]
    data = typed(write_store(plan, with_parts(plan, store(plan, "样板"), 4)), {"2026-02-05": 777.0}, receipts)
    fewer = replace(plan, tables=(plan.tables[0], replace(plan.tables[1], rows=2)))
    one = with_parts(plan, store(plan, "乙"), 2)
    filler = Filler(data, fewer, "t", foreign=True)
    assert filler.terms.tables[1].rows == 4
    shown, fresh = members_of(filler.fill(one)), members_of(write_store(plan, one))
    assert shown == fresh


def test_stored_results_add_up() -> None:
    """Days add up to their month and months to the whole, in what is stored beside the formulas."""
    plan, one = terms(step=0.01), store(terms(step=0.01), total=1234.56)
    cells = StoreCells(plan).by_key(one)
    for month, at in zip(plan.months, plan.slices, strict=True):
        days = [cells["days"][key, "target"] for key in plan.day_keys[at]]
        assert sum(days) == pytest.approx(cells["days"][month.key, "target"], abs=1e-6)
    assert cells["front"]["plan", "target"] == pytest.approx(1234.56)


def test_the_same_store_gives_the_same_bytes() -> None:
    """Handing out twice gives the same bytes, whenever it is done."""
    plan = terms()
    one = Filler(write_store(plan, store(plan)), plan, "t")
    other = Filler(write_store(plan, store(plan)), plan, "t")
    assert one.fill(store(plan, "甲")) == other.fill(store(plan, "甲"))
    assert one.fill(store(plan, "甲")) != one.fill(store(plan, "乙"))


def test_what_a_template_carries_is_kept() -> None:
    """Colours, logo and extra sheets of a restyled template come through byte for byte."""
    plan = terms()
    package = Package.of_bytes(write_store(plan, store(plan)))
    styles = package.read("xl/styles.xml").replace(b"FF1F3A5F", b"FF7A1F3D")
    assert styles != package.read("xl/styles.xml")
    package.set("xl/styles.xml", styles)
    package.add("xl/media/logo.png", b"\x89PNG not really")
    restyled = package.to_bytes()
    filled = Package.of_bytes(Filler(restyled, plan, "t").fill(store(plan, "乙")))
    before = Package.of_bytes(restyled)
    assert set(filled.names) == set(before.names)
    differ = {name for name in before.names if filled.read(name) != before.read(name)}
    assert differ <= {f"xl/worksheets/sheet{n}.xml" for n in (1, 2, 3, 5, 6)} | {"xl/charts/chart1.xml"}
    assert "xl/worksheets/sheet2.xml" in differ
    with zipfile.ZipFile(io.BytesIO(filled.to_bytes())) as file:
        assert file.testzip() is None


def test_a_chart_remembers_no_other_store() -> None:
    """The chart of a store's file does not carry the figures of the store the template was made from."""
    plan = terms()
    filled = Package.of_bytes(Filler(write_store(plan, store(plan)), plan, "t").fill(store(plan, "乙", 1)))
    chart = filled.read("xl/charts/chart1.xml")
    assert b"numRef" in chart
    assert b"numCache" not in chart


def test_what_a_sample_was_filled_with_is_cleared() -> None:
    """A returned file may serve as template: what that store typed goes to nobody else."""
    plan = terms()
    data = typed(write_store(plan, store(plan)), {"2026-01-05": 777.0}, [(dt.date(2026, 1, 6), 88.0)])
    filled = Filler(data, plan, "t", foreign=True).fill(store(plan, "乙"))
    book = read_back(io.BytesIO(filled))
    values = {cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert not {777, 88} & values


def _broken(sheet: str, cell: tuple[int, int]) -> bytes:
    book = Book(Package.of_bytes(write_store(terms(), store(terms()))))
    put(book, sheet, {cell: "?"})
    return book.package.to_bytes()


def _without_products() -> StoreTerms:
    plan = terms()
    return replace(plan, plan=replace(plan.plan, dimensions=plan.plan.dimensions[:1]))


def _with_one_table() -> bytes:
    plan = replace(terms(), tables=(DimensionTable("产品", len(PRODUCTS)),))
    return write_store(plan, replace(store(plan), parts=with_parts(plan, store(plan), 0).parts[:1]))


@pytest.mark.parametrize("tables", [[("产品", 2), ("人员", 4)], [("产品", 3)], [("产品", 3), ("渠道", 4)]])
def test_a_template_with_other_tables_is_refused(tables: list[tuple[str, int]]) -> None:
    """Tables of other dimensions, or with too few rows, are told with what the plan has."""
    plan = with_tables(terms())
    template = write_store(plan, with_parts(plan, store(plan), 4))
    asked = replace(plan, tables=tuple(DimensionTable(name, rows + (rows == 2) * 9) for name, rows in tables))
    with pytest.raises(TemplateOtherTables) as found:
        Filler(template, asked, "模板.xlsx")
    assert "产品 × 3、人员 × 4" in found.value.say("zh")
    assert asked.tables[-1].dimension in found.value.say("en")


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        (lambda: _broken("日报", (1, 1)), NotATemplate),
        (lambda: _broken("日报", (1, 6)), NotATemplate),
        (lambda: _broken("目标", (16, 1)), None),
        (
            lambda: write_store(terms(end=dt.date(2026, 2, 28)), store(terms(end=dt.date(2026, 2, 28)))),
            TemplateOtherDays,
        ),
        (
            lambda: write_store(terms(end=dt.date(2026, 4, 30)), store(terms(end=dt.date(2026, 4, 30)))),
            TemplateOtherDays,
        ),
        (lambda: write_store(_without_products(), store(terms())), TemplateOtherDimensions),
        (lambda: write_store(terms(lang="en"), store(terms(lang="en"))), TemplateOtherLanguage),
        (lambda: _with_one_table(), TemplateOtherTables),
    ],
)
def test_a_template_that_does_not_fit_is_refused(template: object, fault: type[Fault] | None) -> None:
    """A template of other days, another language, or without its keys is refused in one sentence."""
    data = template()  # type: ignore[operator]
    if fault is None:  # a chart's row key is of no use to a store's figures
        Filler(data, terms(), "模板.xlsx")
        return
    with pytest.raises(fault) as found:
        Filler(data, terms(), "模板.xlsx")
    assert "模板.xlsx" in found.value.say("zh")
    assert found.value.say("en")


@pytest.mark.validator
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_validator_is_clean(lang: str, tmp_path: Path) -> None:
    """Microsoft's validator finds nothing in a store's workbook, fresh or filled."""
    plan = with_tables(terms(lang=lang))  # type: ignore[arg-type]
    fresh, filled = tmp_path / "fresh.xlsx", tmp_path / "filled.xlsx"
    fresh.write_bytes(write_store(plan, with_parts(plan, store(plan), 4)))
    filled.write_bytes(Filler(fresh.read_bytes(), plan, "t").fill(with_parts(plan, store(plan, "R&D <1>"), 2)))
    assert not findings(fresh)
    assert not findings(filled)
    handed = replace(plan, handed=dt.date(2026, 2, 17))
    one = with_known(handed, with_parts(handed, store(plan, "R&D <1>"), 2), np.random.default_rng(1), (0,))
    filled.write_bytes(Filler.of_plan(handed).fill(one))
    assert not findings(filled)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_committed_templates_are_up_to_date(lang: str) -> None:
    """Templates cannot drift from the code: run `python -m xlsales.store.example templates`."""
    committed = (COMMITTED / TEMPLATES[lang]).read_bytes()  # type: ignore[index]
    built = example_template(lang)  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(committed)) as one, zipfile.ZipFile(io.BytesIO(built)) as other:
        assert one.namelist() == other.namelist()
        assert all(one.read(name) == other.read(name) for name in one.namelist())
