"""The worked examples of the plan template: their formulas, over their cells, give their values."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from tests.calc import read_back
from xlsales.core.faults import Lang
from xlsales.functions.answer import answer
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.functions.worksheet import RESULT
from xlsales.plan.template.function_sheet import placed
from xlsales.plan.template.plan import TEMPLATES
from xlsales.vocabulary.contract import SHEETS

pytestmark = pytest.mark.package
TEMPLATE_FOLDER = Path(__file__).resolve().parents[2] / "templates"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_formula_gives_the_values_beside_it(lang: Lang) -> None:
    """Read from the committed template, every formula computes what stands beside it, for every function once."""
    sheet = read_back(TEMPLATE_FOLDER / TEMPLATES[lang])[SHEETS["functions"][lang]]
    shown = []
    for spec, row, column in placed():
        name, arguments = taken_apart(sheet.cell(row, column + 1).value)
        shown.append(name)
        expected = answer(name, *(value_of(sheet, text) for text in arguments), lang=lang)
        top, left, bottom, right = spec.example.region(RESULT)
        found = [
            [sheet.cell(r, c).value for c in range(column + left + 1, column + right + 2)]
            for r in range(row + top + 1, row + bottom + 2)
        ]
        assert not isinstance(expected, str), expected
        assert [[plain(v) for v in line] for line in found] == [[plain(v) for v in line] for line in expected]
    assert sorted(shown) == sorted(spec.name for spec in FUNCTIONS)


def taken_apart(formula: str) -> tuple[str, list[str]]:
    """The name and the arguments of a formula that calls one function."""
    match = re.fullmatch(r"=([A-Z_]+)\((.*)\)", formula)
    assert match, formula
    return match[1], match[2].split(",")


def value_of(sheet: Any, text: str) -> Any:
    """What an argument's text means: nothing, text, a number, or cells."""
    if not text:
        return None
    if text.startswith('"'):
        return text.strip('"')
    if re.fullmatch(r"[\d.]+", text):
        return float(text)
    cells = sheet[text]
    return [[c.value for c in line] for line in cells] if isinstance(cells, tuple) else cells.value


def plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.date()
    return pytest.approx(value, abs=1e-9) if isinstance(value, float | int) else value
