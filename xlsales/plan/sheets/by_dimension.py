"""Sheet 按<维度>: members as a tree; progress, then months' targets with their proof, then months' actuals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xlsales.core.arrays import Floats
from xlsales.core.periods import Level, name_of
from xlsales.layout import look
from xlsales.layout.keyed import Closes, across, at, counting
from xlsales.layout.model import Chart, Column, Row, Series, Value
from xlsales.layout.sheet import Page, Sheet, unfolded
from xlsales.plan.figures import Figures, Members
from xlsales.plan.progress_columns import progress_columns, progress_values
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_PROGRESS = Word("目标与进度", "Target and progress")
_MONTH_ACTUALS = Word("月度实际 {year}", "Monthly actuals {year}")
_PROOF_MONTHS = Word("验算\nΣ月−目标", "Proof\nΣ months")
_LEVEL = Word("第{n}级", "level {n}")
_STRETCH = Word("加压 第{n}级", "Stretch, level {n}")
_UNASSIGNED = Word("未分配 第{n}级", "Unassigned, level {n}")
_UNASSIGNED_TO = Word("未分到{name} 第{n}级", "Unassigned to {name}, level {n}")
_CHART = Word("{name}:目标与实际", "{name}: target and actual")
_CHART_ROWS = 16
_CHART_MEMBERS = 30


def _columns(members: Members) -> list[Column]:
    frame, figures, dimension = members.frame, members.figures, members.dimension
    labels = ("  " * depth + m.name for m, depth in zip(dimension.members, dimension.depths, strict=True))
    company = figures.yuan(figures.breakdown.months).tolist()
    width = frame.amount_width((*company, *members.total_actuals.tolist()))
    years = figures.breakdown.timeline.periods(Level.YEAR)

    def months(prefix: str, group: Word) -> list[Column]:
        columns = []
        for month in figures.months:
            year = next(name_of(y, frame.lang) for y in years if y.start <= month.start <= y.end)
            label = name_of(month, frame.lang)
            columns.append(Column(f"{prefix}:{month.key}", label, "money", width, frame.word(group, year=year)))
        return columns

    return [
        Column("member", members.name, "text", look.label_width(labels)),
        *progress_columns(frame, members.total, frame.word(_PROGRESS)),
        *months("t", words.MONTH_TARGETS),
        Column("proof", frame.word(_PROOF_MONTHS), "proof", max(width, 12)),
        *months("a", _MONTH_ACTUALS),
    ]


def _rows(members: Members) -> list[Row]:
    """Row keys: `total`, `m:<member>`, `stretch:<level>`, `unassigned:<level>`, `proof:<level>`, `chart:<n>`.

    Column B holds the levels that a member counts for, `/1/` or `/1/2/` for a leaf that ends early, so that one
    SUMIFS proves a level.
    """
    figures, dimension = members.figures, members.dimension
    outlines = [depth - 1 for depth in dimension.depths]
    open_to = unfolded(outlines)
    targets, actuals = members.targets.tolist(), members.actuals.tolist()
    company = figures.yuan(figures.breakdown.months).tolist()
    months = [month.key for month in figures.months]
    proof = {"proof": Closes(across(f"t:{months[0]}", f"t:{months[-1]}") - at(column="target"))}

    def values(label: str, target: list[float], actual: list[float], line: dict[str, Value]) -> dict[str, Value]:
        return {"member": label, **line, **_by_month("t", months, target), **_by_month("a", months, actual)}

    total = values(members.frame.word(words.TOTAL), company, members.total_actuals.tolist(),
                   progress_values(members.total, members.frame))  # fmt: skip
    rows = [Row("total", total, "total", formulas=proof)]
    for i, (member, line) in enumerate(zip(dimension.members, members.lines, strict=True)):
        leaf, depth = dimension.is_leaf(i), dimension.depths[i]
        counts_for = range(depth, (dimension.depth if leaf else depth) + 1)
        rows.append(
            Row(
                f"m:{member.name}",
                values(member.name, targets[i], actuals[i], progress_values(line, members.frame)),
                kind="normal" if leaf else "strong",
                counts_for="/" + "/".join(map(str, counts_for)) + "/",
                outline=outlines[i],
                hidden=outlines[i] > open_to,
                formulas=proof,
            )
        )
    rows += _closing_rows(members, months)
    if _drawn(members):
        rows += [Row(f"chart:{i}", {}, "space") for i in range(_CHART_ROWS)]
    return rows


def _closing_rows(members: Members, months: Sequence[str]) -> list[Row]:
    """Stretch and unassigned of each level that has any, then a proof per level."""
    figures, frame = members.figures, members.frame
    nobodys = members.of_nobody
    actuals = None if nobodys is None else figures.by_now(nobodys)
    unnamed = actuals is not None and bool(actuals[~np.isnan(actuals)].any())
    rows, proofs = [], []
    for level in members.levels:
        stretch, unassigned = members.apart(level)
        closes = counting(f"*/{level}/*") - at("total")
        if unassigned[0] or unnamed:
            closes = closes + at(f"unassigned:{level}")
        if stretch[0]:
            closes = closes - at(f"stretch:{level}")
            label = frame.word(_STRETCH, n=level)
            rows.append(Row(f"stretch:{level}", _line(label, months, figures.yuan(stretch)), "stretch"))
        if unassigned[0] or unnamed:
            several = _UNASSIGNED_TO if members.dimension.depth > 1 else words.UNASSIGNED_TO
            label = frame.word(several if unnamed else _UNASSIGNED, n=level, name=members.name)
            line = _line(label, months, figures.yuan(unassigned))
            if actuals is not None:
                line |= {"actual": members.actual_of_nobody}
                line |= _by_month("a", months, actuals.tolist())
            rows.append(Row(f"unassigned:{level}", line, "stretch"))
        label = frame.word(words.PROOF_SUM, level=frame.word(_LEVEL, n=level))
        columns = ("target", "actual", *(f"{block}:{key}" for key in months for block in "ta"))
        proofs.append(
            Row(f"proof:{level}", {"member": label}, "proof", formulas=dict.fromkeys(columns, Closes(closes)))
        )
    return rows + proofs


def _line(label: str, months: Sequence[str], amounts: Floats) -> dict[str, Value]:
    whole, *by_month = amounts.tolist()
    return {"member": label, "target": whole, **_by_month("t", months, by_month)}


def _by_month(block: str, months: Sequence[str], amounts: Sequence[float]) -> dict[str, Value]:
    return {f"{block}:{key}": amount for key, amount in zip(months, amounts, strict=True)}


def _drawn(members: Members) -> bool:
    """Whether a chart shows every member: they are all of one level, and not too many."""
    return members.dimension.depth == 1 and 2 <= len(members.dimension.members) <= _CHART_MEMBERS


def _charts(members: Members, rows: Sequence[Row]) -> list[Chart]:
    if not _drawn(members):
        return []
    frame, names = members.frame, [f"m:{m.name}" for m in members.dimension.members]
    series = (("target", look.STEEL), ("actual", look.INK))
    return [
        Chart(
            frame.word(_CHART, name=members.name),
            tuple(Series(frame.word(PROGRESS_COLUMNS[k]), k, names[0], names[-1], colour) for k, colour in series),
            categories="member",
            row="chart:1",
            column="target",  # not in the column that every page repeats
            last_row=f"chart:{_CHART_ROWS - 1}",
            last_column="status",
        )
    ]


def _page(members: Members, rows: Sequence[Row]) -> Page:
    first = members.figures.months[0].key
    return Page(frozen_rows=1, columns=(f"t:{first}", f"a:{first}"))


DIMENSION = Sheet[Figures, Members](
    key="dimension",
    named="dim_{n}",
    title=Word("按{name}", "By {name}"),
    purpose=Word("每个维度一张:成员 × 月份的目标与实际", "Members × months, target and actual"),
    views=lambda figures: figures.dimensions,
    columns=_columns,
    rows=_rows,
    charts=_charts,
    page=_page,
    keeps_targets=True,
    tree=True,
)
