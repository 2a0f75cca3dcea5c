"""English titles, headers, labels and buttons are in sentence case: the first word has a capital, and names have."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calc import read_back
from tests.plan.sheets import samples
from xlsales.commands.verbs import GROUPS, VERBS
from xlsales.functions.worksheet import CATEGORY
from xlsales.plan.sheets import FIGURES, SHEETS
from xlsales.plan.sheets.returns import RETURNS
from xlsales.plan.sheets.runs import RUNS
from xlsales.plan.sheets.versions import VERSIONS
from xlsales.plan.template.plan import write_template
from xlsales.store.example import example_template
from xlsales.store.sheets import SHEETS as STORE_SHEETS
from xlsales.vocabulary import contract, plan_tables, round_contract
from xlsales.vocabulary.words import with_name

pytestmark = pytest.mark.unit

NAMES = {
    "Spring",
    "Festival",
    "Monday",
    "Sunday",
    "Monday-Sunday",
    "Python",
    "Excel",
    "Past",
    "Actuals",
    "Settings",
    "Add",
    "Daily",
    "Spend",
}
"""Words with a capital within a title: names of days, feasts and programs, of sheets and buttons that it speaks of."""
OWN = {"Dimensions", "Example", "Xuhui", "Zhonglou"}
"""Those of the examples."""
MADE_UP = re.compile(r"[A-Z]{2,}|[A-Z]\d{0,2}|Q\d|H\d|[一-鿿]")
"""Letters of a unit, a level or a currency, and names in Chinese."""


def capitals(text: str) -> list[str]:
    """The words within a text that begin with a capital; each part behind a colon or a dash begins anew."""
    found = []
    for part in re.split(r"[:·\n(]|—|\d\. ", text):
        words = re.findall(r"[A-Za-z][\w'’-]*", part)
        found += [word for word in words[1:] if word[0].isupper() and not MADE_UP.fullmatch(word)]
    return [word for word in found if word not in NAMES | OWN]


def labels() -> Iterator[str]:
    """What people see in settings, tables, ribbon and menus."""
    yield from (word.en for word in contract.SHEETS.values())
    yield from (word.en for word in (*contract.PROGRESS_COLUMNS.values(), *contract.PASTE_HEADERS))
    for group in contract.SETTINGS:
        yield group.label.en
        yield from (setting.label.en for setting in group.settings)
    for table in (*plan_tables.TABLES, round_contract.T_COMMITMENTS, *(t for sheet in SHEETS for t in sheet.tables)):
        yield table.label.en
        yield from (column.label.en for column in table.columns)
    yield from (verb.label[1] for verb in VERBS)
    yield from (label[1] for label in GROUPS.values())
    yield CATEGORY.en


def titles() -> Iterator[str]:
    """Titles, headers, groups, charts and headings of blocks, of every sheet that the program writes."""
    yield from (with_name(sheet.title, "Sales region", "en") for sheet in SHEETS)
    figures, of_tree = samples.with_added(samples.figures(lang="en")), samples.figures(lang="en", tree=True)
    models = [model for sheet in FIGURES for model in sheet.models(figures)]
    models += [model for sheet in FIGURES if not sheet.tables for model in sheet.models(of_tree)]
    models += [
        RUNS.model(samples.runs("en")),
        VERSIONS.model(samples.versions("en")),
        RETURNS.model(samples.returns("en")),
    ]
    for model in models:
        yield model.heading
        for column in model.columns:
            yield from (column.header, column.group)
        yield from (chart.title for chart in model.charts)
        for row in model.rows:
            if row.kind in ("section", "header"):
                yield from (value for value in row.values.values() if isinstance(value, str))


def bold(path: Path | io.BytesIO) -> Iterator[str]:
    """The bold texts of a workbook: titles, headers and headings."""
    for sheet in read_back(path).worksheets:
        yield sheet.title
        for row in sheet.iter_rows(max_row=40):
            yield from (
                cell.value for cell in row if isinstance(cell.value, str) and cell.font.b and cell.value[0] != "="
            )


def test_titles_and_headers_are_in_sentence_case(tmp_path: Path) -> None:
    """Walked in the contract, in the models of all sheets, and in the templates of plan and store."""
    write_template(tmp_path / "plan.xlsx", "en")
    walked = {
        "labels": list(labels()), "sheets": list(titles()), "plan": list(bold(tmp_path / "plan.xlsx")),
        "store": [*(sheet.title.en for sheet in STORE_SHEETS), *bold(io.BytesIO(example_template("en")))],
    }  # fmt: skip
    assert all(len(texts) > 20 for texts in walked.values())
    wrong = {(where, text): capitals(text) for where, texts in walked.items() for text in texts if capitals(text)}
    assert not wrong
    starts = [text for text in walked["labels"] if text and text[0].islower()]
    assert not starts


def test_names_within_titles() -> None:
    """A common noun loses its capital; what is written otherwise is a name."""
    title = contract.Word("按{name}", "By {name}")
    cases = {"Region": "By region", "Sales region": "By sales region", "SKU": "By SKU", "Key Account": "By Key Account",
             "iPad shops": "By iPad shops", "区域": "By 区域", "D": "By D"}  # fmt: skip
    assert {name: with_name(title, name, "en") for name in cases} == cases
    assert with_name(title, "Region", "zh") == "按Region"
