"""The months of sheet 预算执行: of each year what is budgeted and spent, by account and by member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from xlsales.core.keys import joined
from xlsales.core.periods import Period, name_of
from xlsales.core.progress import divide
from xlsales.layout.keyed import Closes, across, at, counting
from xlsales.layout.model import Role, Row
from xlsales.plan.budget.month_places import month_cells, month_column
from xlsales.plan.budget.read import COMPANY
from xlsales.plan.budget.tables import ACCOUNT
from xlsales.plan.budget.view import COMMITTED, BudgetView, Item, sum_of
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import Word

BUDGETED, SPENT = Word("预算", "Budget"), Word("支出", "Spent")
RATE, ACTUAL_RATE = Word("费率\n÷目标", "Budget ÷ target"), Word("费率\n÷实际", "Spent ÷ sales")
PROOF, BY_MEMBER = Word("验算", "Proof"), Word("按成员", "By member")
_MONTHS_OF = Word("{year}各月{figure}", "{figure} by month, {year}")
_LEVELS = {
    "1": Word("科目", "accounts"),
    "2": Word("明细", "lines"),
    "g": Word("成员", "members"),
    "m": Word("月", "months"),
}
MONTHS = tuple(map(month_column, range(1, 13)))
"""The columns of months."""
SUMMED = MONTHS[:2]
"""Those that have budget and spend in the summary."""
TOTAL = "t"
"""The level of the total alone."""
_WITH_COMMITTED = MONTHS[:4]
"""Those, what is committed, and what is left: the months of a year have none of these two."""


def year_rows(
    view: BudgetView, block: str, year: Period, accounts: Sequence[Item], members: Sequence[Item]
) -> Iterator[Row]:
    """Budgets (`b`) or spend (`s`) of a year: accounts by months, and members by months."""
    word, cells = view.frame.word, month_cells(view.figures)
    inside = {cell.column: i for i, cell in enumerate(cells) if cell.year == year.key}
    named = word(BUDGETED if block == "b" else SPENT), view.figures.year_of(year)
    yield Row(joined(block, year.key), {"name": word(_MONTHS_OF, figure=named[0], year=named[1])}, "section")
    months = view.figures.months
    header = {
        column: name_of(months[inside[column]], view.frame.lang) if column in inside else None for column in MONTHS
    }
    roles: dict[str, Role] = dict.fromkeys((*MONTHS, "sum"), "money")
    names = {"name": word(ACCOUNT), **header, "sum": word(words.TOTAL), "proof": word(PROOF)}
    yield Row(joined(block, year.key, "#header"), names, "header", roles=roles)
    of_year = f"{block}{year.key}"
    for item in (*accounts, *members):
        amounts = view.figures.yuan(item.entry.budget) if block == "b" else view.spent(item.entry)
        by_column = {column: float(amounts[i]) for column, i in inside.items()}
        values = {**by_column, "sum": sum_of(np.array(list(by_column.values())))}
        yield Row(
            joined(block, year.key, item.key),
            {"name": item.label, **values},
            item.kind,
            counts_for=f"/{of_year}/{item.levels}/" if item.levels else "",
            outline=item.outline,
            roles=roles,
            formulas={"proof": Closes(across("m*") - at(column="sum"))},
        )
        if item is accounts[-1]:
            yield from proofs(view, of_year, accounts)
            yield _rate_row(view, block, year, inside)
            if members:
                yield Row(joined(block, year.key, "#members"), {"name": word(BY_MEMBER)}, "note")
    yield from proofs(view, of_year, members)


def _rate_row(view: BudgetView, block: str, year: Period, inside: Mapping[str, int]) -> Row:
    """The cost ratio of each month of a year, and of the year."""
    at_months = list(inside.values())
    targets, sales = (values[at_months] for values in view.sales(COMPANY))
    amounts = view.figures.yuan(view.total.budget) if block == "b" else view.spent(view.total)
    of, amounts = (targets if block == "b" else sales), amounts[at_months]
    ratios = dict(zip(inside, divide(amounts, of).tolist(), strict=True))
    whole = float(divide(np.array(sum_of(amounts)), np.array(sum_of(of))))
    name = view.frame.word(RATE if block == "b" else ACTUAL_RATE).replace("\n", " ")
    roles: dict[str, Role] = dict.fromkeys((*MONTHS, "sum"), "percent")
    return Row(joined(block, year.key, "#rate"), {"name": name, **ratios, "sum": whole}, roles=roles)


def proofs(view: BudgetView, block: str, items: Sequence[Item]) -> Iterator[Row]:
    """Yield a proof for each level of a block's rows."""
    marks = {item.levels for item in items} - {TOTAL}
    levels = sorted({level for mark in marks for level in mark.split("/")})
    if levels == ["1", "2"] and marks == {"1/2"}:
        levels = ["1"]
    for level in levels:
        yield proof(view, block, level)


COUNTED = "counted"
"""The hidden column of what counts of what is committed."""


def proof(view: BudgetView, block: str, level: str) -> Row:
    """The rows of a level add up to the total of their block, which has the level `TOTAL`; blank text is 0."""
    of_summary = SUMMED if level == "m" else _WITH_COMMITTED
    columns = of_summary if block == "sum" else (*MONTHS, "sum")
    rows, total = counting(f"/{block}/*{level}/*"), counting(f"/{block}/{TOTAL}/")
    formulas = dict.fromkeys(columns, Closes(rows - total))
    if COMMITTED in columns and block == "sum":
        formulas[COMMITTED] = Closes(replace(rows, column=COUNTED) - replace(total, column=COUNTED))
    label = view.frame.word(words.PROOF_SUM, level=view.frame.word(_LEVELS[level]))
    roles: dict[str, Role] = dict.fromkeys(columns, "proof")
    key = joined("proof", block, level)
    return Row(key, {"name": label}, "proof", roles=roles, formulas=formulas)
