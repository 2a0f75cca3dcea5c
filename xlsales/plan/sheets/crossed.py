"""Sheets 交叉: the targets of one dimension's members broken down over those of another, both margins exact.

A person names pairs of dimensions in table 交叉, each for the whole plan or for a period of whole months.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats, Steps
from xlsales.core.cross import cross_months, past_sales
from xlsales.core.faults import Fault
from xlsales.core.periods import Period
from xlsales.layout import look
from xlsales.layout.keyed import Closes, across, at, counting
from xlsales.layout.model import Column, Row, Value
from xlsales.layout.sheet import Frame, Page, Sheet, unfolded
from xlsales.plan.achieved import roll_up
from xlsales.plan.figures import Figures, Members
from xlsales.plan.table_rows import AtColumn, asked_for, dimension_named, months_of_row
from xlsales.plan.unknown_names import NoSuchDimension
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

_ACROSS_HINT = Word("如 产品;成员多的放到行", "e.g. Product; rows for the one with more members")
_PERIOD_HINT = Word("如 2026Q4、2026-11;空 = 整个计划", "e.g. 2026Q4, 2026-11; blank = the whole plan")
T_CROSSED = InputTable(
    "xs_crossed",
    "crossed",
    Word("交叉", "Cross"),
    (
        TableColumn("down", Word("行维度", "Rows"), "text", Word("如 区域", "e.g. Region"), width=16),
        TableColumn("across", Word("列维度", "Columns"), "text", _ACROSS_HINT, width=16),
        TableColumn("period", Word("期间", "Period"), "period", _PERIOD_HINT, width=16),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=30),
    ),
)
_EXAMPLES = ({"down": Word("区域", "Region"), "across": Word("产品", "Product")},)
_MOST_COLUMNS = 60
_NOBODYS = "c:"
"""The key of the column of what is nobody's, with which those of members begin."""
_A_PAGE, _PAGE_WIDTH = 12, 192.0
"""Columns of members that a printed page has at most, and their width together."""
_WIDEST = 40.0
"""The width of a member's column; its header is cut off only if it needs more."""

_TITLE = Word("交叉 {name}", "Cross {name}")
_NAME = Word("{down}×{across}", "{down} × {across}")
_OWN = Word("{name}自己的目标", "Target of {name} itself")
_PROOF_ROW = Word("验算\nΣ列−目标", "Proof\nΣ columns")
_PROOF_OWN = Word("验算 {name}", "Proof {name}")
_BY_PAST = Word("按过往销售的构成,两边合计都对上", "by the mix of past sales, fitted to both totals")
_BY_TARGETS = Word(
    "没有同时写明“{down}”“{across}”的过往销售:按两边目标的比例",
    "no past sales name both {down} and {across}: in proportion to their targets",
)
_SCALED = Word(
    "“{down}”与“{across}”的合计不同(加压):各列按行的合计折算,与自己的目标不等。",
    "{down} and {across} differ in total (stretch): columns are scaled to the rows, and differ from their own targets.",
)


class LacksDimension(Fault):
    """A row that lacks one of its two dimensions."""

    zh = "这一行没有“{column}”。请填维度名:{names}。"
    en = 'This row has no "{column}". Enter a dimension: {names}.'


class CrossedWithItself(Fault):
    """The same dimension twice."""

    zh = "“{name}”不能与自己交叉。请把“列维度”换成别的:{names}。"
    en = '"{name}" cannot be crossed with itself. Enter another dimension for the columns: {names}.'


class SamePair(Fault):
    """A pair that another row has."""

    zh = "“{name}”在第 {other} 行已经有了。请删去一行,或换一个期间。"
    en = '"{name}" is in row {other} already. Delete one of them, or enter another period.'


class TooManyColumns(Fault):
    """A dimension that is too wide for columns."""

    zh = "“{name}”有 {count} 个末级成员,列最多 {most} 个。请把它放到“行维度”,或换一个维度。"
    en = '"{name}" has {count} lowest members; columns are at most {most}. Put it into the rows, or take another one.'


class Pair(Struct, frozen=True, dict=True):
    """Two dimensions crossed over some months of the plan; `number` counts the pairs from 1."""

    figures: Figures
    down: Members
    across: Members
    period: Period | None
    months: Sequence[int]
    number: int

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @property
    def name(self) -> str:
        """What it is of: both dimensions, and the period if it is not the whole plan."""
        name = self.frame.word(_NAME, down=self.down.name, across=self.across.name)
        return f"{name} {self.period.key}" if self.period else name

    @cached_property
    def _past(self) -> Floats | None:
        past, plan = self.figures.past, self.figures.breakdown.plan
        return past_sales(plan, past, self.down.dimension, self.across.dimension) if past is not None else None

    @property
    def by_past(self) -> bool:
        """Whether past sales name both dimensions."""
        return self._past is not None

    @cached_property
    def cells(self) -> Steps:
        """Lowest members × lowest members in steps; the last row and the last column are what nobody has."""
        rows, columns = (side.part.months[side.dimension.leaves] for side in (self.down, self.across))
        company = self.figures.breakdown.months
        chosen = list(self.months)
        return np.asarray(
            cross_months(rows[:, chosen], columns[:, chosen], company[chosen], self._past).sum(axis=2), dtype=np.int64
        )

    @cached_property
    def own(self) -> Steps:
        """The columns' own targets in steps; the last is what nobody has of them."""
        chosen = list(self.months)
        columns = self.across.part.months[self.across.dimension.leaves][:, chosen]
        rest = np.maximum(self.figures.breakdown.months[chosen] - columns.sum(axis=0), 0)
        return np.append(columns.sum(axis=1), rest.sum())

    @property
    def closes(self) -> bool:
        """Whether both sides add up to the same, so that the columns have their own targets."""
        return bool((self.cells.sum(axis=0) == self.own).all())


# --- from the table to pairs ---------------------------------------------------


def _views(figures: Figures) -> Iterator[Pair]:
    rows = figures.table_rows.get(T_CROSSED.name, ())
    return asked_for(rows, "down", lambda row, number: _pair(row, figures, number), SamePair)


def _pair(row: Mapping[str, Any], figures: Figures, number: int) -> Pair:
    down, across_ = (_members(row, key, figures) for key in ("down", "across"))
    if down is across_:
        raise AtColumn("across", CrossedWithItself(name=down.name, names=_names(figures, down)))
    count = len(across_.dimension.leaves)
    if count > _MOST_COLUMNS:
        raise AtColumn("across", TooManyColumns(name=across_.name, count=count, most=_MOST_COLUMNS))
    period, months = months_of_row(row, figures)
    return Pair(figures, down, across_, period, months, number)


def _members(row: Mapping[str, Any], key: str, figures: Figures) -> Members:
    name = row[key]
    if name is None:
        label = next(column.label for column in T_CROSSED.columns if column.key == key)
        raise AtColumn(key, LacksDimension(column=figures.frame.word(label), names=_names(figures)))
    members = dimension_named(name, figures)
    if members is None:
        raise AtColumn(key, NoSuchDimension(found=name, names=_names(figures)))
    return members


def _names(figures: Figures, other: Members | None = None) -> str:
    return figures.frame.listed(one.name for one in figures.dimensions if one is not other)


# --- from a pair to its sheet ----------------------------------------------------


def _columns(pair: Pair) -> list[Column]:
    frame, down = pair.frame, pair.down.dimension
    labels = ("  " * depth + m.name for m, depth in zip(down.members, down.depths, strict=True))
    width = frame.amount_width([float(pair.cells.sum()) * frame.step_yuan])
    columns, leaves = [], pair.across.dimension.leaves
    for leaf in leaves:
        name = pair.across.dimension.members[leaf].name
        columns.append(Column(f"c:{name}", name, "money", max(width, min(_WIDEST, look.header_width(name)))))
    if pair.cells[:, -1].any():
        header = frame.word(words.UNASSIGNED_TO, name=pair.across.name)
        columns.append(Column("c:", header, "money", max(width, look.header_width(header))))
    title = look.title_width(words.with_name(_TITLE, pair.name, frame.lang))
    first = max(look.label_width(labels), title if next(_page_starts(columns), None) else 0.0)
    return [
        Column("member", pair.down.name, "text", first),
        Column("target", frame.word(PROGRESS_COLUMNS["target"]), "money", width),
        *columns,
        Column("proof", frame.word(_PROOF_ROW), "proof", max(width, 12)),
    ]


def _rows(pair: Pair) -> Iterator[Row]:
    """Row keys: `total`, `m:<member>`, `unassigned`, `own`, `proof:rows`, `proof:own`, `note`.

    Column B marks the lowest members and what nobody has, `/1/`: they add up to the total.
    """
    frame, dimension, figures = pair.frame, pair.down.dimension, pair.figures
    leaves = np.zeros((len(dimension.members), pair.cells.shape[1]), dtype=np.int64)
    leaves[dimension.leaves] = pair.cells[:-1]
    by_member = figures.yuan(roll_up(dimension, leaves))
    proof = {"proof": Closes(across("c:*") - at(column="target"))}
    outlines = [depth - 1 for depth in dimension.depths]
    open_to = unfolded(outlines)
    whole = figures.yuan(pair.cells.sum(axis=0))
    yield Row("total", _line(pair, frame.word(words.TOTAL), whole.tolist()), "total", formulas=proof)
    for i, member in enumerate(dimension.members):
        leaf = dimension.is_leaf(i)
        yield Row(
            f"m:{member.name}",
            _line(pair, member.name, by_member[i].tolist()),
            kind="normal" if leaf else "strong",
            counts_for="/1/" if leaf else "",
            outline=outlines[i],
            hidden=outlines[i] > open_to,
            formulas=proof,
        )
    if pair.cells[-1].any():
        label = frame.word(words.UNASSIGNED_TO, name=pair.down.name)
        line = _line(pair, label, figures.yuan(pair.cells[-1]).tolist())
        yield Row("unassigned", line, "stretch", counts_for="/1/", formulas=proof)
    own = _line(pair, frame.word(_OWN, name=pair.across.name), figures.yuan(pair.own).tolist())
    yield Row("own", own, "strong")
    keys = [key for key in own if key != "member"]
    label = frame.word(words.PROOF_SUM, level=pair.down.name)
    yield Row(
        "proof:rows", {"member": label}, "proof", formulas=dict.fromkeys(keys, Closes(counting("/1/") - at("total")))
    )
    if pair.closes:
        label = frame.word(_PROOF_OWN, name=pair.across.name)
        closes = Closes(at("own") - at("total"))
        yield Row("proof:own", {"member": label}, "proof", formulas=dict.fromkeys(keys, closes))
    else:
        yield Row("note", {"member": frame.word(_SCALED, down=pair.down.name, across=pair.across.name)}, "note")


def _line(pair: Pair, label: str, amounts: Sequence[float]) -> dict[str, Value]:
    """The cells of a row, of yuan by column, the last one nobody's."""
    names = [pair.across.dimension.members[leaf].name for leaf in pair.across.dimension.leaves]
    cells: dict[str, Value] = {f"c:{name}": amount for name, amount in zip(names, amounts, strict=False)}
    if pair.cells[:, -1].any():
        cells["c:"] = amounts[-1]
    return {"member": label, "target": float(np.sum(amounts)), **cells}


def _facts(pair: Pair) -> Sequence[str]:
    facts = {"down": pair.down.name, "across": pair.across.name}
    period = (pair.period.key,) if pair.period else ()
    return (*period, pair.frame.word(_BY_PAST) if pair.by_past else pair.frame.word(_BY_TARGETS, **facts))


def _page_starts(columns: Sequence[Column]) -> Iterator[str]:
    """Yield the members' columns before which a page starts: it is full by number or by width."""
    count, width = 0, 0.0
    for column in columns:
        if column.key == _NOBODYS or not column.key.startswith(_NOBODYS):
            continue
        if count == _A_PAGE or (count and width + column.width > _PAGE_WIDTH):
            yield column.key
            count, width = 0, 0.0
        count, width = count + 1, width + column.width


def _page(pair: Pair, _rows: Sequence[Row]) -> Page:
    return Page(frozen_rows=1, columns=tuple(_page_starts(_columns(pair))))


CROSSED = Sheet[Figures, Pair](
    key="crossed",
    named="crossed_{n}",
    title=_TITLE,
    purpose=Word(
        "一个维度的目标再按另一个维度分,行、列合计都对上",
        "Targets of one dimension over the members of another; rows and columns add up",
    ),
    views=_views,
    judges_rows=True,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    page=_page,
    tables=(T_CROSSED,),
    examples=_EXAMPLES,
)
