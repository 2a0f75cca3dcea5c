"""Rows that a person sorted by what can be seen: hidden keys stay, and what is typed belongs to the names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import Command, Shown, answer, edit_cells, fill, members, opened, plan
from xlsales.core.faults import Lang
from xlsales.plan.actions.table import T_ACTIONS
from xlsales.plan.budget.tables import T_BUDGET
from xlsales.plan.schedule.table import T_SCHEDULE
from xlsales.plan.scorecard.tables import T_SCORECARD
from xlsales.plan.weeks.tables import DONE, T_WEEKS
from xlsales.vocabulary.plan_tables import InputTable

PEOPLE = {"Ann": 3.0, "Ben": 2.0, "Cai": 1.0}
TABLES: dict[str, tuple[InputTable, list[dict[str, object]]]] = {
    "scorecard": (
        T_SCORECARD,
        [
            {"period": "2026Q1", "criterion": one, "weight": 0.5, "source": "typed", "target": 95}
            for one in ("Care", "Tidy")
        ],
    ),
    "actions": (
        T_ACTIONS,
        [{"member": who, "measure": one, "expected": 5} for who in ("Ann", "Ben") for one in ("Visit", "Call")],
    ),
    "weeks": (
        T_WEEKS,
        [{"month": "2026-04", "person": who, "indicator": "Orders", "target": 40} for who in ("Ann", "Ben")],
    ),
    "budget": (
        T_BUDGET,
        [{"account": one, "member": "Ann", "amount": n} for one, n in (("Travel", 12), ("Training", 24))],
    ),
    "schedule": (T_SCHEDULE, [{"task": one, "start": "2026-04-01", "days": 5} for one in ("Plan", "Sign")]),
}
CELLS = {
    "scorecard": ("scorecard:{} 2026Q1", "member", "actual", (90.0, 70.0), ("c:Ann:Care", "c:Ann:Tidy")),
    "actions": ("actions", "name", "result", (3.0, 1.0), ("a:{}:Ann:Visit", "a:{}:Ann:Call")),
    "weeks": ("weeks:2026-04", "person", DONE[0], (7.0, 2.0), ("p:Orders:Ann", "p:Orders:Ben")),
    "budget": ("budget", "name", "m03", (2.0, 4.0), ("l:Travel:{}:Ann", "l:Training:{}:Ann")),
    "schedule": ("schedule", "task", "done", (0.5, 0.2), ("t:Plan", "t:Sign")),
}
DIMENSION = {"zh": "人员", "en": "Person"}


def book(path: Path, xlsales: Command, key: str, lang: Lang) -> Shown:
    """A plan with a sheet of two rows, into both of which a number is typed."""
    dimension = DIMENSION[lang]
    header = {"zh": ["日期", "人员", "金额"], "en": ["Date", "Person", "Amount"]}[lang]
    sold = [[dt.date(2026, month, 28), one, 300_000] for month in (1, 2, 3) for one in PEOPLE]
    rows, as_of = members({dimension: PEOPLE}), dt.date(2026, 3, 31)
    plan(path, lang=lang, dimensions=rows, actuals=[header, *sold], as_of=as_of)
    assert xlsales("add", path, key).code == 0
    table, typed = TABLES[key]
    blank = dict.fromkeys((column.key for column in table.columns), "")
    rows_of_table: list[Any] = [blank | row for row in (*typed, *[{}] * 8)]
    fill(path, table, table.label[lang], rows_of_table)
    assert xlsales("split", path).code in (0, 1)
    sheet, _, column, values, keys = named(key, lang)
    shown = opened(path).sheet(sheet)
    write(path, shown, {(row, column): value for row, value in zip(keys, values, strict=True)})
    assert xlsales("refresh", path).code in (0, 1)
    return opened(path).sheet(sheet)


def named(key: str, lang: Lang) -> tuple[str, str, str, tuple[float, float], tuple[str, ...]]:
    """The identity of the sheet, the columns of names and of what is typed, and the keys, in a language."""
    sheet, name, column, values, keys = CELLS[key]
    dimension = DIMENSION[lang]
    own = dimension.lower() if lang == "en" and key == "scorecard" else dimension
    return sheet.format(own), name, column, values, tuple(one.format(dimension) for one in keys)


def write(path: Path, shown: Shown, cells: Mapping[tuple[str, str], object]) -> None:
    """Write cells of a sheet, by their keys."""
    at = {(shown.rows[row], shown.columns[column]): value for (row, column), value in cells.items()}
    edit_cells(path, shown.sheet.title, {one: "" if value is None else value for one, value in at.items()})  # type: ignore[misc]


def exchange(path: Path, shown: Shown, columns: Sequence[str], one: str, other: str) -> None:
    """Let two rows change places in some columns, as a sort of these does."""
    pairs = ((one, other), (other, one))
    write(path, shown, {(to, column): shown.value(of, column) for of, to in pairs for column in columns})


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("key", CELLS)
def test_what_is_typed_belongs_to_the_name_beside_it(xlsales: Command, tmp_path: Path, key: str, lang: Lang) -> None:
    """After a sort of visible columns; the rows are back at their keys, and a second run changes nothing."""
    path = tmp_path / "plan.xlsx"
    shown = book(path, xlsales, key, lang)
    sheet, name, column, values, keys = named(key, lang)
    exchange(path, shown, (name, column), *keys)
    ran = xlsales("refresh", path)
    after = opened(path).sheet(sheet)
    assert tuple(after.value(one, column) for one in keys) == values
    assert [after.value(one, name) for one in keys] == [shown.value(one, name) for one in keys]
    assert not [one for one in ran.out.splitlines() if "Visit" in one or "没有更新" in one or "not updated" in one]
    before = path.read_bytes()
    xlsales("refresh", path)
    assert path.read_bytes() == before


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("labels", "typed", "told"),
    [
        ({"Ann:Visit": "Meet"}, {"Ann:Visit": 3.0}, False),  # a name that is written over, and stands nowhere
        ({"Ann:Visit": "Call", "Ann:Call": "Call"}, {"Ann:Visit": 3.0, "Ann:Call": 1.0}, False),  # or is written twice
        ({"Ann:Visit": None}, {"Ann:Visit": 3.0}, False),
        ({"Ann:Visit": "Call", "Ann:Call": "Meet"}, {}, True),  # one of the two is sorted, of the other it is not known
        (
            {"Ann:Visit": "Call", "Ben:Call": "Visit", "Ann:Call": "Call", "Ben:Visit": "Call"}, {}, True,
        ),  # a name that stands in two rows that are both not its own
        ({"Ann:Visit": "Ann", "Ann": "Visit"}, {"Ann:Visit": 5.0}, False),  # sorted with the row of the member
    ],
)  # fmt: skip
def test_of_names_that_are_not_where_they_were(
    xlsales: Command, tmp_path: Path, lang: Lang, labels: Mapping[str, object], typed: Mapping[str, float], told: bool
) -> None:
    """They say whose typed cells are, unless a person wrote a name over; if it cannot be known, the sheet stays."""
    path = tmp_path / "plan.xlsx"
    shown = book(path, xlsales, "actions", lang)
    dimension = DIMENSION[lang]
    key = {one: f"a:{dimension}:{one}" if ":" in one else f"m:{dimension}:{one}" for one in (*labels, *typed)}
    write(path, shown, {(key[one], "name"): text for one, text in labels.items()})
    if "Ann" in labels:
        write(path, shown, {(key["Ann"], "result"): 5.0})
    ran = xlsales("refresh", path)
    said = [one for one in ran.out.splitlines() if "隐藏的 A 列" in one or "hidden column A" in one]
    assert bool(said) is told
    after = opened(path).sheet("actions")
    assert {one: after.value(key[one], "result") for one in typed} == typed
    if told:
        assert [after.value(key[one], "name") for one in labels] == list(labels.values())
        write(path, shown, {(key[one], "name"): shown.value(key[one], "name") for one in labels})  # the remedy
        assert not [
            one for one in xlsales("refresh", path).out.splitlines() if "隐藏的 A 列" in one or "hidden column A" in one
        ]


@pytest.mark.package
def test_what_the_table_says_by_now_is_not_taken_for_typed(xlsales: Command, tmp_path: Path) -> None:
    """The hidden column of what the table said stays beside the key when names and typed cells are sorted."""
    path = tmp_path / "plan.xlsx"
    shown = book(path, xlsales, "actions", "zh")
    keys = CELLS["actions"][4]
    one, other = (key.format("人员") for key in keys)
    fill(path, T_ACTIONS, T_ACTIONS.label["zh"], [{"result": 3}, {"result": 1}])
    assert xlsales("refresh", path).code in (0, 1)
    shown = opened(path).sheet("actions")
    exchange(path, shown, ("name", "result"), one, other)
    fill(path, T_ACTIONS, T_ACTIONS.label["zh"], [{"result": 4}, {"result": 2}])
    xlsales("refresh", path)
    after = opened(path).sheet("actions")
    assert [after.value(key, "result") for key in (one, other)] == [4.0, 2.0]


@pytest.mark.package
def test_budgets_of_closed_months_belong_to_the_name_too(xlsales: Command, tmp_path: Path) -> None:
    """As they are sorted in the months of a year."""
    path = tmp_path / "plan.xlsx"
    book(path, xlsales, "budget", "zh")
    answer(path, "closed_through", dt.date(2026, 2, 28))
    assert xlsales("refresh", path).code in (0, 1)
    shown = opened(path).sheet("budget")
    rows = [f"b:2026:l:{one}:人员:Ann" for one in ("Travel", "Training")]
    months = [column for column in shown.columns if column.startswith("m")]
    before = [[shown.value(row, column) for column in months] for row in rows]
    assert before[0][:2] != before[1][:2]
    exchange(path, shown, ("name", *months), *rows)
    xlsales("refresh", path)
    after = opened(path).sheet("budget")
    assert [[after.value(row, column) for column in months] for row in rows] == before
