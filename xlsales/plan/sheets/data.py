"""Sheet 数据表: each member and month in a row of an Excel table, for PivotTables, Power BI and a person's formulas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats
from xlsales.core.shapes import called_months
from xlsales.layout.filled import TableRows
from xlsales.layout.sheet import Sheet, View
from xlsales.ooxml.cells import BLANK, Blank
from xlsales.ooxml.rows import Texts
from xlsales.plan.data_table import COMPANY, T_DATA
from xlsales.plan.figures import Figures, Members
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import Word

_YES, _NO = Word("是", "yes"), Word("否", "no")


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
    name = figures.frame.word(COMPANY)
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
