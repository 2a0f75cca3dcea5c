"""Rendering: what a model says stands at the right cell of a real workbook."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from msgspec.structs import replace

from tests import validator
from tests.calc import read_back, recalculated
from tests.models import cell_map
from tests.plan.sheets import samples
from tests.plan.sheets.test_layout import every_model
from xlsales.core.plan import Member
from xlsales.layout.look import money_format
from xlsales.layout.model import Formula, Row, SheetModel
from xlsales.layout.paper import page_starts, print_scale
from xlsales.layout.render import render
from xlsales.plan.data_table import T_DATA
from xlsales.plan.sheets.basis import BASIS
from xlsales.plan.sheets.by_dimension import DIMENSION
from xlsales.plan.sheets.by_time import TIME
from xlsales.plan.sheets.funnel import FUNNEL
from xlsales.plan.sheets.overview import OVERVIEW
from xlsales.plan.sheets.problems import PROBLEMS
from xlsales.vocabulary.contract import UNITS

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def opened(models: list[SheetModel], **options: Any) -> Any:
    return read_back(io.BytesIO(render(models, "zh")), **options)


@pytest.mark.unit
def test_every_value_stands_at_its_keys() -> None:
    """Row 1 and column A say what a cell is."""
    book = opened(every_model())
    for model in every_model():
        sheet = book[model.title]
        assert sheet["A1"].value == model.identity
        columns = {cell.value: cell.column for cell in sheet[1]}
        rows = {row[0].value: row[0].row for row in sheet.iter_rows(max_col=1)}
        for (row, column), value in cell_map(model).items():
            found = sheet.cell(rows[row], columns[column]).value
            if isinstance(value, Formula):
                assert found == value.text
            elif isinstance(value, str | None):
                assert found == value
            elif isinstance(value, int | float):
                assert found == pytest.approx(value)


@pytest.mark.unit
def test_keys_are_hidden_and_the_name_points_at_them() -> None:
    """People see figures, the program finds keys."""
    book = opened(every_model())
    for model in every_model():
        sheet = book[model.title]
        assert sheet.row_dimensions[1].hidden
        assert sheet.column_dimensions["A"].hidden
        assert book.defined_names[model.name].attr_text.replace("'", "") == f"{model.title}!$A$1"


@pytest.mark.unit
def test_a_member_named_like_a_formula_stays_text() -> None:
    """A name is never run."""
    names = ('=HYPERLINK("http://x","y")', "+cmd|' /C calc'!A0", "@SUM(A1)", "{=1}", "http://x.example")
    figures = samples.figures()
    part = figures.breakdown.dimensions["区域"]
    odd = replace(part, dimension=samples.dimension("区域", [Member(name, weight=1) for name in names]))
    model = DIMENSION.models(replace(figures, breakdown=replace(figures.breakdown, dimensions={"区域": odd})))[0]
    found = opened([model])["按区域"]
    cells = [found.cell(row, 3) for row in range(7, 12)]
    assert [cell.value for cell in cells] == list(names)
    assert {cell.data_type for cell in cells} == {"s"}
    raw = render([model], "zh")
    formulas = re.findall(rb"<f>.*?</f>", _part(raw, "xl/worksheets/sheet1.xml"))
    assert not [text for text in formulas if b"http" in text or b"cmd" in text]


@pytest.mark.unit
def test_the_same_values_give_the_same_bytes() -> None:
    """A sheet written twice is the same sheet."""
    assert render(every_model(), "zh") == render(every_model(), "zh")


@pytest.mark.unit
def test_sheets_print_in_blocks_a_page_wide() -> None:
    """Progress, targets and actuals each have their page, with the members beside them."""
    sheet = opened([DIMENSION.models(samples.figures())[0]])["按区域"]
    assert [b.id for b in sheet.col_breaks.brk] == [16, 29, 41]
    assert sheet.print_title_cols == "$C:$C"
    assert sheet.print_title_rows == "$4:$5"
    assert sheet.page_setup.orientation == "landscape"
    assert 40 <= print_scale(DIMENSION.models(samples.figures())[0]) <= 100


@pytest.mark.unit
def test_the_overview_is_one_page_and_opens_on_a_cell_that_is_seen() -> None:
    """A director prints one page and sees one screen; the hidden keys are not in the formula bar."""
    sheet = opened([OVERVIEW.models(samples.figures())[0]])["进度总览"]
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1) == (1, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.sheet_view.zoomScale == 80
    (selection,) = sheet.sheet_view.selection
    at = sheet[selection.activeCell]
    assert not sheet.row_dimensions[at.row].hidden
    assert not sheet.column_dimensions[at.column_letter].hidden
    assert [c for c, d in sheet.column_dimensions.items() if d.hidden][1:]  # beside the keys, what the chart needs


@pytest.mark.unit
def test_blocks_of_a_page_stay_whole_and_fill_it() -> None:
    """A block that fits follows on the page under way; one that does not starts the next."""
    rows = tuple(Row(f"{block}{i}", {"time": 1.0}) for block in "pqr" for i in range(15))
    model = replace(TIME.models(samples.figures())[0], rows=rows, breaks_before_rows=("p0", "q0", "r0"))
    assert page_starts(replace(model, portrait=True)) == []
    assert page_starts(model) == ["r0"]


@pytest.mark.unit
def test_the_basis_prints_a_page_wide_with_its_judgements_coloured() -> None:
    """Growth, judgement and shares are seen at a glance."""
    sheet = opened([BASIS.models(samples.figures())[0]])["目标依据"]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0  # as many pages long as it takes, one wide
    rules = [rule for block in sheet.conditional_formatting for rule in block.rules]
    assert {'"稳健"', '"有挑战"', '"偏高"'} <= {formula for rule in rules for formula in rule.formula}
    assert "dataBar" in {rule.type for rule in rules}


@pytest.mark.unit
def test_lamps_bars_and_proofs_are_conditional_formats() -> None:
    """Colours follow the figures."""
    sheet = opened([TIME.models(samples.figures())[0]])["按时间"]
    rules = [rule for block in sheet.conditional_formatting for rule in block.rules]
    assert {rule.type for rule in rules} == {"dataBar", "cellIs", "expression"}
    assert {'"绿"', '"红"'} <= {formula for rule in rules for formula in rule.formula}


@pytest.mark.unit
def test_months_are_a_map_of_attainments_with_bars_beside() -> None:
    """A colour scale over all members and months, and small bars in each row."""
    (model, *_) = DIMENSION.models(samples.figures())
    raw = render([model], "zh")
    sheet = read_back(io.BytesIO(raw))["按区域"]
    (scale,) = [r for block in sheet.conditional_formatting for r in block.rules if r.type == "colorScale"]
    assert [float(at.val) for at in scale.colorScale.cfvo] == [0.7, 1.0, 1.3]
    part = _part(raw, "xl/worksheets/sheet1.xml").decode()
    drawn = re.findall(r"<xm:f>'按区域'!([A-Z]+)(\d+):([A-Z]+)(\d+)</xm:f><xm:sqref>[A-Z]+(\d+)</xm:sqref>", part)
    assert len(drawn) == 1 + len(samples.REGIONS)
    assert {(first, last) for first, _, last, _, _ in drawn} == {drawn[0][::2][:2]}
    assert all(top == bottom == at for _, top, _, bottom, at in drawn)
    assert len({at for *_, at in drawn}) == len(drawn)
    groups = re.findall(r"<x14:sparklineGroup .*?<x14:sparklines>", part)
    assert len(groups) == len(drawn)
    assert len(set(groups)) == 1


@pytest.mark.unit
def test_a_year_of_days_is_grouped() -> None:
    """Outline levels follow the calendar."""
    sheet = opened([TIME.models(samples.figures())[0]])["按时间"]
    levels = {sheet.row_dimensions[row].outlineLevel for row in range(8, sheet.max_row)}
    assert levels == {0, 1, 2, 3, 4, 5}
    assert not sheet.sheet_properties.outlinePr.summaryBelow


def charts(data: bytes) -> list[etree._Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [etree.fromstring(archive.read(n)) for n in archive.namelist() if n.startswith("xl/charts/chart")]


def said(element: etree._Element, path: str) -> list[str]:
    return [str(value) for value in element.xpath(f"{path}/@val", namespaces={"c": CHART})]


@pytest.mark.unit
def test_charts_leave_nothing_to_the_defaults_of_other_programs() -> None:
    """LibreOffice draws blanks as zero, nothing of hidden columns, and labels everything, unless told otherwise."""
    models = every_model()
    drawn = charts(render(models, "zh"))
    assert len(drawn) == sum(len(model.charts) for model in models) > 5
    for chart in drawn:
        assert said(chart, ".//c:dispBlanksAs") == ["gap"]
        assert said(chart, ".//c:plotVisOnly") == ["0"]
        for labels in chart.iter(f"{{{CHART}}}dLbls"):
            assert said(labels, "c:showVal") == ["1"]
            for other in ("LegendKey", "CatName", "SerName", "Percent", "BubbleSize"):
                assert said(labels, f"c:show{other}") == ["0"]


@pytest.mark.unit
@pytest.mark.parametrize("unit", list(UNITS))
def test_labels_of_two_sided_bars_have_a_format_that_shows_no_zero(unit: str) -> None:
    """A format has sections for above, below and at zero, and no condition, in any unit."""
    (model,) = OVERVIEW.models(samples.figures())
    money = money_format(unit, 1000)
    (gaps,) = (
        chart for chart in charts(render([replace(model, money=money)], "zh")) if said(chart, ".//c:overlap") == ["100"]
    )
    (form,) = {str(code) for code in gaps.xpath(".//c:dLbls/c:numFmt/@formatCode", namespaces={"c": CHART})}
    above, below, zero = form.split(";")
    assert (below, zero) == (f"-{above}", "")
    assert "[" not in above


@pytest.mark.unit
def test_a_chart_of_counts_is_not_in_the_unit_of_money() -> None:
    """111 leads are no 0.0 of 万元, on the bars and on the axis."""
    (chart,) = charts(render(FUNNEL.models(samples.with_added(samples.figures())), "zh"))
    assert set(chart.xpath(".//c:numFmt/@formatCode", namespaces={"c": CHART})) == {"#,##0"}


@pytest.mark.unit
def test_bars_of_amounts_stand_on_zero() -> None:
    """Bars that are nearly as long look it; where a month is below zero its bar is drawn too."""
    (model,) = OVERVIEW.models(samples.figures())

    def least(overview: SheetModel) -> list[list[str]]:
        axes = [axis for chart in charts(render([overview], "zh")) for axis in chart.iter(f"{{{CHART}}}valAx")]
        return [said(axis, "c:scaling/c:min") for axis in axes]

    assert least(model) == [["0"], []]  # the bars of the gaps lie to both sides
    assert least(DIMENSION.models(samples.figures(tree=True))[0]) == [["0"]]
    returned = [
        replace(row, values={**row.values, "c3": -5.0}) if row.key == "month:2026-03" else row for row in model.rows
    ]
    assert least(replace(model, rows=tuple(returned))) == [[], []]


@pytest.mark.unit
def test_series_take_their_names_from_the_headers() -> None:
    """A name is a reference to the header above the figures, which no program mistakes for another cell."""
    data = render(every_model(), "zh")
    book, names = read_back(io.BytesIO(data)), []
    for chart in charts(data):
        for series in chart.iter(f"{{{CHART}}}ser"):
            (reference,) = series.xpath("c:tx/c:strRef/c:f/text()", namespaces={"c": CHART})
            (cached,) = series.xpath("c:tx//c:v/text()", namespaces={"c": CHART})
            title, address = str(reference).replace("$", "").replace("'", "").split("!")
            assert book[title][address].value == cached
            names.append(cached)
    assert names[:7] == ["目标", "实际", "P10", "预计 P10–P50–P90", "P90", "还差", "超前"]


@pytest.mark.unit
def test_row_numbers_are_no_amounts() -> None:
    """Row 12345 is looked up as 12345."""
    sheet = opened([PROBLEMS.models(samples.figures())[0]])["数据问题"]
    at = next(cell.column for cell in sheet[1] if cell.value == "row")
    rows = [row[0].row for row in sheet.iter_rows(max_col=1) if str(row[0].value).startswith("p:")]
    assert {sheet.cell(row, at).number_format for row in rows} == {"0_0"}


@pytest.mark.libreoffice
def test_every_proof_is_zero_in_a_real_spreadsheet_program(tmp_path: Path) -> None:
    """The proofs are live formulas, and they agree with what was stored."""
    path = tmp_path / "sheets.xlsx"
    models = every_model()
    path.write_bytes(render(models, "zh"))
    book = recalculated(path, tmp_path)
    for model in models:
        if any(T_DATA.name in str(value) for value in cell_map(model).values()):
            continue  # it adds up a table that is not there: its own test has it
        for (row, column), value in cell_map(model).items():
            if isinstance(value, Formula):
                shown = book[model.title][model.address(row, column)].value
                if isinstance(shown, dt.datetime):
                    shown = shown.date()
                blank = "" if shown is None else shown  # of a text of no length
                near = value.result if isinstance(value.result, dt.date) else pytest.approx(value.result)
                assert blank == near, (model.key, row, column)


@pytest.mark.libreoffice
def test_a_proof_finds_a_changed_cell(tmp_path: Path) -> None:
    """A person's slip of the hand shows at once."""
    model = DIMENSION.models(samples.figures())[0]
    path = tmp_path / "slip.xlsx"
    path.write_bytes(render([model], "zh"))
    book = read_back(path)
    cell = book[model.title][model.address("m:东北", "t:2026-01")]
    cell.value += 1_000
    book.save(path)
    sheet = recalculated(path, tmp_path)[model.title]
    assert sheet[model.address("proof:1", "t:2026-01")].value == 1_000
    assert sheet[model.address("m:东北", "proof")].value == 1_000


@pytest.mark.validator
def test_written_sheets_are_well_formed(tmp_path: Path) -> None:
    """Microsoft's validator finds nothing."""
    path = tmp_path / "sheets.xlsx"
    path.write_bytes(render(every_model(), "zh"))
    assert not validator.findings(path)


def _part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
