"""Spend as a run reads it: by the reader of actuals, with the same account of all that was found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xlsales.commands.actuals import until
from xlsales.core.faults import Place
from xlsales.core.plan import Dimension
from xlsales.ooxml.book import Book
from xlsales.plan.achieved import Achieved, Pasted
from xlsales.plan.answers import end_of
from xlsales.plan.budget.faults import SpendColumnInDoubt, SpendColumns
from xlsales.plan.budget.tables import ACCOUNT, MEMBER, T_SPEND
from xlsales.plan.input_cells import Cells
from xlsales.plan.inputs import Inputs
from xlsales.tables.columns.column_faults import ColumnInDoubt, ColumnMissing
from xlsales.tables.files.grids import HEAD_ROWS, Grid, Row
from xlsales.tables.files.source import Source, load
from xlsales.tables.reading import read_records
from xlsales.tables.words.header_words import named_columns, normal, tier_of, words_of
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.values.cell import is_blank

_AMOUNTS = words_of(
    "支出 支出额 费用 费用额 花费 费用金额 expense expenses cost costs spend spent spending expenseamount"
)
"""Headers of amounts that are none of sales."""
_DATES = words_of(
    "发生日期 发生时间 费用日期 支出日期 报销日期 申请日期 入账日期 expensedate spenddate entrydate bookedon incurredon"
)
_ACCOUNTS = words_of(
    "科目 费用科目 费用类别 费用类型 费用项目 预算科目 预算项目 支出科目 支出类别 支出项目 会计科目 科目名称 "
    "account accountname expensetype expensecategory costcategory costtype budgetline budgetitem"
)
_MEMBERS = words_of("成员 部门 归属部门 费用部门 使用部门 承担部门 member department dept costcenter costcentre")


def read_spend(
    book: Book, inputs: Inputs, content: Path, achieved: Achieved | None, named: Sequence[Dimension]
) -> Pasted | None:
    """Return what was spent, of accounts and members (`named`); None if nothing was typed or pasted.

    `content` is the file that the book is read from. Amounts are in full, whatever unit those of sales are in, unless
    the table names another. Raises a Fault if the table cannot be read.
    """
    table = book.table(T_SPEND.name)
    if table is None:
        return None
    cells, area = Cells(book), table.area
    rows = range(table.data_rows.start, end_of(book, table, cells.content))
    columns = range(area.column, area.last_column + 1)
    if all(is_blank(cells.content(Place(area.sheet, row, column))) for row in rows for column in columns):
        return None
    source = Source(content, area.sheet, area.sheet, currency=inputs.currency)
    grid, plan = load(source), inputs.plan
    as_of = achieved.as_of if achieved is not None else plan.as_of
    try:
        records = read_records(
            source,
            named,
            start=plan.start,
            end=plan.end,
            mapping=_mapping(grid, named, [dimension.name for dimension in plan.dimensions]),
            rules=[rule for rule in inputs.rules if rule.kind == "rate" or _names_column(rule, grid)],
            as_of=as_of,
            grid=grid,
            blank_members=True,
            fiscal_start=plan.first_fiscal_month,
            fiscal=plan.fiscal,
            past=True,
        )
    except ColumnMissing as fault:
        raise fault.told_as(SpendColumns) from None
    except ColumnInDoubt as fault:
        raise fault.told_as(SpendColumnInDoubt) from None
    last = as_of or records.last_day
    if last is None:
        return Pasted(area.sheet, records, records.problems, None)
    records, late = until(records, min(last, plan.end), area.sheet)
    return Pasted(area.sheet, records, (*records.problems, *late), min(last, plan.end))


def _names_column(rule: MappingRule, grid: Grid) -> bool:
    """Whether a rule of Column mapping is about a column of this table, too."""
    return rule.header is not None and any(named_columns(row, rule.header) for row in grid.top(HEAD_ROWS))


def _mapping(grid: Grid, named: Sequence[Dimension], dimensions: Sequence[str]) -> dict[str, str]:
    """Return the headers that columns of spend go by and those of sales do not, by field or dimension."""
    accounts, members = named
    called = {
        accounts.name: [normal(ACCOUNT.zh), normal(ACCOUNT.en), *sorted(_ACCOUNTS)],
        members.name: [normal(MEMBER.zh), normal(MEMBER.en), *map(normal, dimensions), *sorted(_MEMBERS)],
        "date": sorted(_DATES),
        "amount": sorted(_AMOUNTS),
    }

    def mapped(row: Row) -> dict[str, str]:
        known = {normal(header): header for header in row if header is not None}
        found = {name: next((known[word] for word in names if word in known), None) for name, names in called.items()}
        usual = [
            field
            for field in ("date", "amount")
            if any(tier_of(field, header) is not None for header in known.values())
        ]
        return {name: header for name, header in found.items() if header is not None and name not in usual}

    def named_cells(row: Row) -> tuple[int, int]:
        usual = sum(any(tier_of(field, cell) is not None for field in ("date", "amount")) for cell in row if cell)
        return len(mapped(row)) + usual, sum(cell is not None for cell in row)

    rows = grid.top(HEAD_ROWS)
    return mapped(max(rows, key=named_cells)) if rows else {}
