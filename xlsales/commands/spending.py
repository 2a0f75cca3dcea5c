"""Spend as a run reads it: by the reader of actuals, with the same account of all that was found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xlsales.commands.actuals import until
from xlsales.core.plan import Dimension
from xlsales.ooxml.book import Book
from xlsales.plan.achieved import Achieved, Pasted
from xlsales.plan.budget.faults import SpendColumnInDoubt, SpendColumns
from xlsales.plan.budget.tables import ACCOUNT, MEMBER, T_SPEND
from xlsales.plan.inputs import Inputs
from xlsales.tables.columns.column_faults import ColumnInDoubt, ColumnMissing
from xlsales.tables.files.grids import HEAD_ROWS, Grid, Row
from xlsales.tables.files.source import Source, load
from xlsales.tables.files.unreadable import SheetEmpty
from xlsales.tables.reading import read_records
from xlsales.tables.words.header_words import named_columns, normal, tier_of, words_of
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.values.amount_text import is_amount
from xlsales.values.date_text import read_stamp, without_time

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
    table, plan = book.table(T_SPEND.name), inputs.plan
    if table is None:
        return None
    source = Source(content, table.area.sheet, table.area.sheet, currency=inputs.currency)
    try:
        grid = load(source)
    except SheetEmpty:
        return None
    if grid.height <= HEAD_ROWS and not any(_is_datum(cell) for row in grid.top(HEAD_ROWS) for cell in row):
        return None
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
            numbered=True,
        )
    except ColumnMissing as fault:
        raise fault.told_as(SpendColumns) from None
    except ColumnInDoubt as fault:
        raise fault.told_as(SpendColumnInDoubt) from None
    last = as_of or records.last_day
    if last is None:
        return Pasted(source.label, records, records.problems, None)
    records, late = until(records, min(last, plan.end), source.label)
    return Pasted(source.label, records, (*records.problems, *late), min(last, plan.end))


def _is_datum(cell: str | None) -> bool:
    """Whether a cell is a day or an amount, and no header."""
    return cell is not None and (is_amount(cell) or read_stamp(without_time(cell)) is not None)


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

    usual = ("date", "amount")

    def mapped(row: Row, *, every: bool = False) -> dict[str, str]:
        headers = [header for header in row if header is not None]
        known = {normal(header): header for header in headers}
        fields = {field: [header for header in headers if tier_of(field, header) is not None] for field in usual}
        found = {name: next((known[word] for word in words if word in known), None) for name, words in called.items()}
        found |= {field: names[0] if every else None for field, names in fields.items() if names}
        return {name: header for name, header in found.items() if header is not None}

    rows = grid.top(HEAD_ROWS)
    headed = [
        n
        for n, row in enumerate(rows)
        if len(mapped(row, every=True)) > 1
        and not any(map(_is_datum, row))
        and (grid.height > HEAD_ROWS or any(_is_datum(cell) for below in rows[n:] for cell in below))
    ]
    # a table that was pasted beside our headers has its own
    return mapped(rows[headed[-1]], every=sum(len(mapped(row, every=True)) > 1 for row in rows) > 1) if headed else {}
