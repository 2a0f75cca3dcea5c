"""The plan workbook: everything the contract names is there, and people are helped to fill it."""

from __future__ import annotations

import datetime as dt
import math
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests import validator
from tests.calc import read_back, recalculated
from xlsales.commands.verbs import VERBS
from xlsales.core.faults import Lang
from xlsales.layout.look import text_width
from xlsales.plan.sheets import SHEETS as WRITTEN
from xlsales.plan.template.plan import TEMPLATES, write_plan, write_template
from xlsales.vocabulary.contract import (
    AREA_ACTUALS,
    AREA_HISTORY,
    NAME_LANG,
    NAME_VERSION,
    PASTE_HEADERS,
    PASTE_HINTS,
    SHEETS,
    all_settings,
)
from xlsales.vocabulary.plan_tables import T_LOCKS, T_REFERENCE, TABLES
from xlsales.vocabulary.round_contract import T_COMMITMENTS

COMMITTED = Path(__file__).resolve().parents[2] / "templates"
LANGS: tuple[Lang, ...] = ("zh", "en")

both = pytest.mark.parametrize("lang", LANGS)


@pytest.fixture(scope="module", params=LANGS)
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lang, Any]:
    path = tmp_path_factory.mktemp("template") / "plan.xlsx"
    write_template(path, request.param)
    return request.param, read_back(path)


def named(book: Any, name: str) -> Any:
    title, _, cell = book.defined_names[name].attr_text.rpartition("!")
    return book[title.strip("'")][cell.replace("$", "")]


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


LINK = re.compile(
    r'=IF\(ISREF\(INDIRECT\("(?P<asked>\w+)"\)\),HYPERLINK\("#(?P<target>\w+)","(?P<label>[^"]+)"\),"(?P=label)"\)'
)


def guide_text(fresh: tuple[Lang, Any]) -> str:
    lang, book = fresh
    return "\n".join(str(cell.value) for row in book[SHEETS["guide"][lang]].iter_rows() for cell in row if cell.value)


def tables(book: Any) -> dict[str, tuple[Any, Any]]:
    return {table.name: (sheet, table) for sheet in book for table in sheet.tables.values()}


@pytest.mark.unit
def test_every_name_of_the_contract_has_its_cell(fresh: tuple[Lang, Any]) -> None:
    """Settings are found by name."""
    lang, book = fresh
    for key, setting in all_settings().items():
        value = named(book, f"xs_{key}").value
        given = setting.given(lang)
        wanted = setting.choices[str(given)][lang] if setting.choices and given is not None else given
        assert value == wanted, key
    assert named(book, NAME_VERSION).value == "1"
    assert named(book, NAME_LANG).value == {"zh": "中文", "en": "English"}[lang]
    for area in (AREA_ACTUALS, AREA_HISTORY):
        assert named(book, area).coordinate == "A1"


@pytest.mark.unit
def test_every_table_of_the_contract_has_its_columns(fresh: tuple[Lang, Any]) -> None:
    """Tables are found by name, columns by header."""
    lang, book = fresh
    found = tables(book)
    for table in TABLES:
        sheet, listed = found[table.name]
        header = [cell.value for cell in sheet[listed.ref][0]]
        assert header == [column.label[lang] for column in table.columns]


@pytest.mark.unit
def test_every_input_cell_has_a_rule_and_a_hint(fresh: tuple[Lang, Any]) -> None:
    """Nobody has to guess what to type."""
    _, book = fresh
    inputs = [named(book, f"xs_{key}") for key in all_settings()]
    for table in TABLES:
        sheet, listed = tables(book)[table.name]
        inputs += [cell for row in sheet[listed.ref][1:] for cell in row]
    rules = {sheet.title: sheet.data_validations.dataValidation for sheet in book}
    for cell in inputs:
        rule = next(r for r in rules[cell.parent.title] if cell.coordinate in r.sqref)
        assert rule.prompt
        assert rule.error or rule.type in (None, "list"), cell.coordinate


@pytest.mark.unit
def test_rules_reach_beyond_the_rows_that_are_there(fresh: tuple[Lang, Any]) -> None:
    """A new member is checked like an old one."""
    _, book = fresh
    sheet, _ = tables(book)["xs_dimensions"]
    assert any("E5001" in rule.sqref for rule in sheet.data_validations.dataValidation)


@pytest.mark.unit
def test_a_typed_period_stays_as_it_was_typed(fresh: tuple[Lang, Any]) -> None:
    """Excel turns 2026-03 into a date unless the cell is text: in every row of the table, and below it."""
    lang, book = fresh
    for table in (T_LOCKS, T_REFERENCE):
        sheet, listed = tables(book)[table.name]
        header, *rows = sheet[listed.ref]
        at = [cell.value for cell in header].index("期间" if lang == "zh" else "Period")
        assert {row[at].number_format for row in rows} == {"@"}
    sheet, _ = tables(book)["xs_locks"]
    assert sheet.column_dimensions["D"].number_format == "@"


@pytest.mark.unit
def test_every_sheet_has_the_contract_s_title(fresh: tuple[Lang, Any]) -> None:
    """Excel keeps the title History for itself; no sheet has it in any language."""
    lang, book = fresh
    assert book.sheetnames == [
        SHEETS[key][lang]
        for key in ("guide", "settings", "dimensions", "locks", "calendar", "history", "actuals", "functions")
    ]
    titles = [*SHEETS.values(), *(sheet.title for sheet in WRITTEN)]
    assert "history" not in {word[each].casefold() for word in titles for each in LANGS}


@pytest.mark.unit
def test_the_guide_names_every_sheet_and_the_commands_that_there_are(fresh: tuple[Lang, Any]) -> None:
    """What the guide says to run can be run."""
    lang, _ = fresh
    text = guide_text(fresh)
    assert set(re.findall(r"xlsales (\w+)", text)) == {"split", "refresh", "add"}
    for verb in VERBS:
        if verb.key in ("split", "check", "undo", "refresh", "add"):
            assert f"{'按“' if lang == 'zh' else 'ress '}{verb.label[lang == 'en']}" in text
            assert verb.key in text
    written = (sheet.tables[0].label if sheet.tables else sheet.title for sheet in WRITTEN)
    for title in [*(word for key, word in SHEETS.items() if key != "guide"), *written]:
        assert title[lang].format(name={"zh": "<维度>", "en": "<dimension>"}[lang]) in text


@pytest.mark.unit
def test_each_sheet_that_the_guide_names_is_a_link(fresh: tuple[Lang, Any]) -> None:
    """A link leads to a defined name or a table: those of a fresh plan are there, the others come with their sheets."""
    lang, book = fresh
    there = {name: book.defined_names[name].attr_text.rpartition("!")[0].strip("'") for name in book.defined_names}
    to_come = {sheet.name.format(n=1) for sheet in WRITTEN} | {T_COMMITMENTS.name}
    links = [found for cell in book[SHEETS["guide"][lang]]["C"] if (found := LINK.match(str(cell.value)))]
    assert len(links) == 5 + 6 + len(WRITTEN) + 1 + 1
    for link in links:
        assert link["asked"] == link["target"]
        assert link["target"] in (there.keys() | to_come)
        title = link["label"] if link["target"] in there else ""
        assert title in ("", there.get(link["target"])) or there[link["target"]] in title
    for key in ("settings", "dimensions", "locks", "calendar", "functions"):
        back = LINK.match(book[SHEETS[key][lang]]["B1"].value)
        assert back
        assert there[back["target"]] == SHEETS["guide"][lang]


@pytest.mark.libreoffice
def test_a_link_waits_for_its_sheet(tmp_path: Path) -> None:
    """Until a run has written the sheet, its name in the guide is plain text, not an error."""
    write_template(tmp_path / "plan.xlsx", "zh")
    shown = {cell.value for cell in recalculated(tmp_path / "plan.xlsx", tmp_path)["说明"]["C"]}
    assert {"按时间", "按<维度>", "货品", "承诺", "维度", "进度总览"} <= shown


@pytest.mark.unit
def test_what_is_required_is_open_and_the_rest_folded_with_its_defaults(fresh: tuple[Lang, Any]) -> None:
    """A new user sees the cells without which there is no plan, and what holds for the others."""
    lang, book = fresh
    sheet = book[SHEETS["settings"][lang]]
    hidden = {row for row, size in sheet.row_dimensions.items() if size.hidden}
    first = [sheet.cell(row, 2).value for row in range(6, 13)]
    assert [str(label).endswith("*") for label in first] == [True, False, False, True, True, True, False]
    for key, setting in all_settings().items():
        opened = named(book, f"xs_{key}").row not in hidden
        assert opened == (key in ("total", "unit", "currency", "start", "end", "step", "plan_name")), key
        if not opened and setting.given(lang) is not None:
            text = " ".join(str(sheet.cell(row, 3).value) for row in range(5, 60) if row not in hidden)
            assert setting.label[lang] in text
    for name in ("xs_reference", "xs_month_weights", "xs_weekdays", "xs_mapping"):
        _, listed = tables(book)[name]
        (top, *_), *_ = sheet[listed.ref]
        assert top.row in hidden
        assert top.row - 1 not in hidden
        assert sheet.cell(top.row - 1, 3).value
    assert sheet.max_column == 6


@pytest.mark.unit
def test_a_group_with_other_values_is_open(tmp_path: Path) -> None:
    """What a person has set is in view: only groups that are as they came are folded."""
    write_plan(tmp_path / "plan.xlsx", "zh", {"month_method": "day_index"}, {"xs_weekdays": [{"weekday": "周一"}]})
    book = read_back(tmp_path / "plan.xlsx")
    hidden = {row for row, size in book["设置"].row_dimensions.items() if size.hidden}
    assert named(book, "xs_week_rule").row not in hidden
    assert named(book, "xs_clock").row in hidden
    _, listed = tables(book)["xs_weekdays"]
    assert book["设置"][listed.ref][0][0].row not in hidden


@pytest.mark.unit
def test_the_settings_fit_a_screen(fresh: tuple[Lang, Any]) -> None:
    """Nothing is off a screen of 1366 pixels: its columns, at 9 pixels a character, beside the outline."""
    lang, book = fresh
    sheet = book[SHEETS["settings"][lang]]
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDEF"]
    assert sum(widths) * 9 < 1366 - 150
    room = sum(widths[3:])
    for setting in all_settings().values():
        assert text_width(setting.hint[lang]) * 0.85 < room, setting.key


@pytest.mark.unit
def test_examples_say_that_they_are_examples(fresh: tuple[Lang, Any]) -> None:
    """A fresh plan can be split at once, and nobody takes the example for their own plan."""
    lang, book = fresh
    sheet, listed = tables(book)["xs_dimensions"]
    rows = [[cell.value for cell in row] for row in sheet[listed.ref][1:]]
    members = [row for row in rows if row[1]]
    assert [row[4] for row in members] == [150, 200, 300, 180, 120, 250, 100, 300, 400, 300, 300, 400, 300]
    parents, locked, lower, upper, aliases = ([row[at] for row in members if row[at]] for at in (2, 5, 6, 7, 9))
    assert set(parents) == {{"zh": "华东", "en": "East"}[lang]}
    assert (locked, lower, upper) == ([250], [200], [350])
    assert aliases == [{"zh": "沪、上海市", "en": "SH; Shanghai city"}[lang]]
    assert all(row[-1].startswith({"zh": "示例", "en": "Example"}[lang]) for row in members)


@pytest.mark.unit
@both
def test_without_example_the_tables_are_empty(tmp_path: Path, lang: Lang) -> None:
    """An empty plan has no members."""
    write_template(tmp_path / "plan.xlsx", lang, example=False)
    sheet, listed = tables(read_back(tmp_path / "plan.xlsx"))["xs_dimensions"]
    assert not any(cell.value for row in sheet[listed.ref][1:] for cell in row)


@pytest.mark.unit
def test_the_paste_sheets_offer_a_header(fresh: tuple[Lang, Any]) -> None:
    """A bold first row to type under or to paste over stays in view; no note lies over what is pasted."""
    lang, book = fresh
    for key, area in (("actuals", AREA_ACTUALS), ("history", AREA_HISTORY)):
        sheet = named(book, area).parent
        first, *below = sheet.iter_rows(values_only=True)
        assert first == (*(word[lang] for word in PASTE_HEADERS), PASTE_HINTS[key][lang])
        assert not any(map(any, below))
        assert sheet["A1"].font.bold
        assert sheet.row_dimensions[1].font.bold
        assert sheet.freeze_panes == "A2"
        assert not sheet.data_validations.dataValidation


@pytest.mark.unit
def test_given_values_are_written_as_what_they_are(tmp_path: Path) -> None:
    """Numbers stay numbers, dates dates, and text that looks like a formula stays text."""
    path = tmp_path / "plan.xlsx"
    write_plan(
        path,
        "zh",
        {"total": 1000, "unit": "wan", "start": dt.date(2026, 1, 1), "end": dt.date(2026, 12, 31)},
        {
            "xs_dimensions": [
                {"dimension": "区域", "member": "=1+1", "method": "equal", "aliases": ("甲", "乙")},
                {"dimension": "区域", "member": "华东", "weight": 2.5},
            ],
            "xs_weekdays": [{"weekday": "周一", "index": 1.0}],
        },
        [["日期", "金额"], [dt.date(2025, 1, 1), 12.5]],
        [["日期", "区域", "金额"], [dt.date(2026, 1, 1), "=HYPERLINK(1)", None]],
    )
    book = read_back(path)
    assert named(book, "xs_total").value == 1000
    assert named(book, "xs_unit").value == "万元"
    assert named(book, "xs_start").value == dt.datetime(2026, 1, 1)
    sheet, listed = tables(book)["xs_dimensions"]
    first, second = ([cell.value for cell in row] for row in sheet[listed.ref][1:3])
    assert first[:4] == ["区域", "=1+1", None, "均分"]
    assert first[9] == "甲、乙"
    assert second[4] == 2.5
    assert [c.value for c in book["历史"][2]] == [dt.datetime(2025, 1, 1), 12.5]
    formulas = [cell.value for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    assert all(map(LINK.match, formulas))


@pytest.mark.unit
def test_a_key_outside_the_contract_is_refused(tmp_path: Path) -> None:
    """A slip in a key is not dropped in silence."""
    with pytest.raises(ValueError, match="totl"):
        write_plan(tmp_path / "plan.xlsx", "zh", {"totl": 1})


@pytest.mark.unit
@both
def test_the_committed_template_is_what_the_builder_builds(tmp_path: Path, lang: Lang) -> None:
    """Templates cannot drift from the contract: run `python -m xlsales.plan.template templates`."""
    write_template(tmp_path / "plan.xlsx", lang)
    assert parts(tmp_path / "plan.xlsx") == parts(COMMITTED / TEMPLATES[lang])


@pytest.mark.validator
@both
def test_the_template_is_well_formed(tmp_path: Path, lang: Lang) -> None:
    """Microsoft's validator finds nothing."""
    write_template(tmp_path / "plan.xlsx", lang)
    assert not validator.findings(tmp_path / "plan.xlsx")


@pytest.mark.unit
@pytest.mark.parametrize("name", TEMPLATES.values())
def test_no_line_of_the_guide_is_cut_off(name: str) -> None:
    """A text that is wider than its column has a row of as many lines."""
    sheet = read_back(Path(__file__).parents[2] / "templates" / name).worksheets[0]
    width = sheet.column_dimensions["D"].width
    for (cell,) in sheet.iter_rows(min_row=5, min_col=4, max_col=4):
        if cell.value:
            lines = math.ceil(text_width(cell.value) / width)
            assert sheet.row_dimensions[cell.row].height >= 14 * lines, cell.value
