"""Sheet 数据表: each member and month in a row of an Excel table, for PivotTables, Power BI and a person's formulas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats
from xlsales.core.shapes import called_months
from xlsales.layout.filled import TableRows
from xlsales.layout.sheet import CENTS, Sheet, View
from xlsales.ooxml.cells import BLANK, Blank
from xlsales.ooxml.rows import Texts
from xlsales.plan.figures import Figures, Members
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

_COMPANY = Word("公司整体", "Company")
_YES, _NO = Word("是", "yes"), Word("否", "no")
_DIMENSION_HINT = Word("公司整体 = 全部,不分维度", "Company = all of it, not split")
_PARENT_HINT = Word("空 = 第一级", "blank = top level")
_LEVEL_HINT = Word("0 = 公司整体,1 = 第一级;求和请只选一级", "0 = Company, 1 = top level; add up one level only")
_LOWEST_HINT = Word("下面没有成员;求和可只选“是”", "has no members below; add up these only")
_MONTH_HINT = Word("当月第一天", "the first day of the month")
_TARGET_HINT = Word("全额,不按单位折算", "in full, not in the unit")
_ACTUAL_HINT = Word("空 = 还没有实际,不是 0", "blank = nothing known yet, not 0")
_DUE_HINT = Word("到截止日应达到的目标;空 = 没有截止日", "the target to the as-of date; blank without one")
_GAP_HINT = Word("目标 - 实际;空 = 还没有实际", "target - actual; blank = no actual yet")

T_DATA = InputTable(
    "xs_data",
    "data",
    Word("数据表", "Data"),
    (
        TableColumn("dimension", Word("维度", "Dimension"), "text", _DIMENSION_HINT, width=13, given=True),
        TableColumn("member", Word("成员", "Member"), "text", Word("", ""), width=20, given=True),
        TableColumn("parent", Word("上级", "Parent"), "text", _PARENT_HINT, width=16, given=True),
        TableColumn("level", Word("层级", "Level"), "integer", _LEVEL_HINT, width=11, given=True, form="0"),
        TableColumn("lowest", Word("末级", "Lowest"), "text", _LOWEST_HINT, width=11, given=True),
        TableColumn("month", Word("月份", "Month"), "date", _MONTH_HINT, width=12, given=True, form="yyyy-mm"),
        *(
            TableColumn(key, PROGRESS_COLUMNS[key], "amount", hint, width=16, given=True, form=CENTS)
            for key, hint in (
                ("target", _TARGET_HINT),
                ("actual", _ACTUAL_HINT),
                ("target_to_date", _DUE_HINT),
                ("gap", _GAP_HINT),
            )
        ),
    ),
)


class _Block(Struct, frozen=True):
    """Rows of one dimension, or of the company: names and levels by member, amounts by member and month, in yuan."""

    dimensions: list[str]
    members: list[str]
    parents: list[str]
    lowest: list[str]
    levels: list[int]
    targets: Floats
    actuals: Floats
    due: Floats


def _company(figures: Figures) -> _Block:
    name = figures.frame.word(_COMPANY)
    lines = [figures.lines[month.key] for month in figures.months]
    amounts = (np.array([[line[key] for line in lines]]) for key in ("target", "actual", "target_to_date"))
    return _Block([name], [name], [""], [figures.frame.word(_NO)], [0], *amounts)


def _of_members(members: Members) -> _Block:
    dimension, frame = members.dimension, members.frame
    names = [member.name for member in dimension.members]
    parents = ["" if above < 0 else names[above] for above in dimension.parents]
    lowest = [frame.word(_YES if dimension.is_leaf(i) else _NO) for i in range(len(names))]
    return _Block(
        [members.name] * len(names),
        names,
        parents,
        lowest,
        list(dimension.depths),
        members.targets,
        members.actuals,
        members.targets_to_date,
    )


def _rows(figures: Figures) -> TableRows:
    """Return a row for each month of the company, and for each member and month of each dimension."""
    blocks = [_company(figures), *map(_of_members, figures.dimensions)]
    count, firsts = len(figures.months), [dt.date(*called, 1) for called in called_months(figures.breakdown.timeline)]
    months = np.array([float(to_serial(first)) for first in firsts])
    levels = np.array([level for block in blocks for level in block.levels], np.float64)
    target, actual, due = (
        np.concatenate([amounts.ravel() for amounts in every])
        for every in zip(*((block.targets, block.actuals, block.due) for block in blocks), strict=True)
    )
    return TableRows(
        T_DATA,
        {
            "dimension": _texts([name for block in blocks for name in block.dimensions], count),
            "member": _texts([name for block in blocks for name in block.members], count),
            "parent": _texts([name for block in blocks for name in block.parents], count),
            "level": np.repeat(levels, count),
            "lowest": _texts([name for block in blocks for name in block.lowest], count),
            "month": np.tile(months, len(levels)),
            "target": target,
            "actual": actual,
            "target_to_date": due,
            "gap": np.round(target - actual, 6),
        },
        by=("dimension", "member", "month"),
    )


def _texts(names: Sequence[str], times: int) -> Texts:
    """Return a column in which each name is repeated; a blank name is a blank cell."""
    table: dict[str | Blank, int] = {}
    codes = [table.setdefault(name or BLANK, len(table)) for name in names]
    return Texts(np.repeat(np.array(codes, np.int32), times), list(table))


DATA = Sheet[Figures, View](
    key="data",
    title=T_DATA.label,
    purpose=Word(
        "每个成员每个月一行的数据表:目标、实际、应达、差额;给透视表、Power BI 和您自己的公式用",
        "A row for each member and month: target, actual, target to date, gap; for PivotTables, Power BI and formulas",
    ),
    views=lambda _: (),
    columns=lambda _: (),
    rows=lambda _: (),
    tables=(T_DATA,),
    fills=_rows,
)
