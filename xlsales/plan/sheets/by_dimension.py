"""Sheet 按<维度>: members as a tree. Progress and rank, a map of monthly attainment, months by target and actual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from xlsales.core.arrays import Floats
from xlsales.layout import look
from xlsales.layout.keyed import Closes, across, at, counting
from xlsales.layout.model import REPEATED, Chart, Column, Row, Series, Value, chart_rows
from xlsales.layout.sheet import Page, Sheet, unfolded
from xlsales.plan.chances import chances
from xlsales.plan.figures import Figures, Line, Members
from xlsales.plan.month_columns import by_month, month_columns, page_starts
from xlsales.plan.progress_columns import chance_column, progress_columns, progress_values, said_of_chances
from xlsales.plan.standings import ranked
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_TITLE = Word("按{name}", "By {name}")
_PROGRESS = Word("目标与进度", "Target and progress")
_HEAT = Word("月度达成率 {year}(本月按应达)", "Monthly attainment {year} (of the target to date)")
_RANK = Word("排名(应达缺口)", "Rank (gap to date)")
_PROOF_MONTHS = Word("验算\nΣ月−目标", "Proof\nΣ months")
_LEVEL = Word("第{n}级", "level {n}")
_STRETCH = Word("加压 第{n}级", "Stretch, level {n}")
_UNASSIGNED = Word("未分配 第{n}级", "Unassigned, level {n}")
_UNASSIGNED_TO = Word("未分到{name} 第{n}级", "Unassigned to {name}, level {n}")
_CHART = Word("{name}:目标与实际({unit})", "{name}: target and actual ({unit})")
_CHART_SHORT = Word(
    "{name}:差得最多与完成最好的,目标与实际({unit})", "{name}: furthest behind and ahead, target and actual ({unit})"
)
_CHART_LARGEST = Word("{name}:目标最大的,目标与实际({unit})", "{name}: the largest by target ({unit})")
_SHORT = Word(
    "差得最多的 {behind} 个,完成最好的 {ahead} 个(按应达缺口)",
    "Furthest behind: {behind}; ahead: {ahead} (by gap to date)",
)
_LARGEST = Word("目标最大的 {n} 个", "The {n} largest by target")
_CHART_ROWS = 16
_CHART_MEMBERS = 15
_BEHIND, _AHEAD = 10, 5
_NAMES_BESIDE = 200
"""Width of the names that fit below columns, in two lines; longer ones are beside lying bars."""
_HIGH = 27.0
"""Points of a row below a chart of lying bars, where the bars of fifteen members have room."""


def _columns(members: Members) -> list[Column]:
    frame, figures, dimension = members.frame, members.figures, members.dimension
    labels = ("  " * depth + m.name for m, depth in zip(dimension.members, dimension.depths, strict=True))
    company = figures.yuan(figures.breakdown.months).tolist()
    width = frame.amount_width((*company, *members.total_actuals.tolist()))
    progress, title = frame.word(_PROGRESS), words.with_name(_TITLE, members.name, frame.lang)
    return [
        Column("member", members.name, "text", max(look.label_width(labels), look.title_width(title))),
        *progress_columns(frame, members.total, progress),
        chance_column(frame, progress),
        Column("rank", frame.word(_RANK), "ordinal", max(9.0, look.header_width(frame.word(_RANK))), progress),
        *month_columns(figures, frame, width, _HEAT),
        Column("proof", frame.word(_PROOF_MONTHS), "proof", max(width, 12)),
    ]


def _rows(members: Members) -> list[Row]:
    """Row keys: `total`, `m:<member>`, `stretch:<level>`, `unassigned:<level>`, `proof:<level>`, `note:chance`,
    `chart:<n>`, and `short:<n>` of those that a chart shows when it cannot show all.

    Column B holds the levels that a member counts for, `/1/` or `/1/2/` for a leaf that ends early, so that one
    SUMIFS proves a level.
    """
    figures, dimension = members.figures, members.dimension
    outlines = [depth - 1 for depth in dimension.depths]
    open_to = unfolded(outlines)
    targets, actuals, heat = members.targets.tolist(), members.actuals.tolist(), members.attainments.tolist()
    company = figures.yuan(figures.breakdown.months).tolist()
    months = [month.key for month in figures.months]
    proof = {"proof": Closes(across("t:*") - at(column="target"))}
    ranks = {one.position: one.rank for one in members.ranking}
    told, of_whole = chances(figures).of_plan(members).tolist(), float(chances(figures).of_plan(None)[0])

    def values(label: str, line: Line, *blocks: list[float]) -> dict[str, Value]:
        cells: dict[str, Value] = {"member": label, **progress_values(line, members.frame)}
        for block, amounts in zip("tar", blocks, strict=True):
            cells |= by_month(block, months, amounts)
        return cells

    whole = members.total_attainments.tolist()
    total = values(members.frame.word(words.TOTAL), members.total, company, members.total_actuals.tolist(), whole)
    rows = [Row("total", total | {"chance": of_whole}, "total", formulas=proof)]
    for i, (member, line) in enumerate(zip(dimension.members, members.lines, strict=True)):
        leaf, depth = dimension.is_leaf(i), dimension.depths[i]
        counts_for = range(depth, (dimension.depth if leaf else depth) + 1)
        rows.append(
            Row(
                f"m:{member.name}",
                {**values(member.name, line, targets[i], actuals[i], heat[i]), "chance": told[i], "rank": ranks.get(i)},
                kind="normal" if leaf else "strong",
                counts_for="/" + "/".join(map(str, counts_for)) + "/",
                outline=outlines[i],
                hidden=outlines[i] > open_to,
                formulas=proof,
            )
        )
    rows += _closing_rows(members, months)
    rows.append(said_of_chances(figures, "actual"))
    rows += _short(members)
    if len(dimension.leaves) > 1:
        height = _HIGH if _shape(_drawn(members, rows)) == "bar" else None
        rows += chart_rows(_CHART_ROWS, height)
    return rows


def _short(members: Members) -> list[Row]:
    """The lowest members that a chart shows if there are levels, or too many: furthest behind, then furthest ahead."""
    if _drawn_all(members):
        return []
    frame, ranking = members.frame, members.ranking
    if not ranked(ranking):
        extremes, title = ranking[:_CHART_MEMBERS], frame.word(_LARGEST, n=min(len(ranking), _CHART_MEMBERS))
    else:
        behind = min(_BEHIND, -(-len(ranking) * 2 // 3))
        extremes = [*ranking[:behind], *ranking[behind:][-_AHEAD:]]
        title = frame.word(_SHORT, behind=behind, ahead=len(extremes) - behind)
    rows = [Row("short:ranked" if ranked(ranking) else "short", {"member": title}, "note")]
    months = [month.key for month in members.figures.months]
    blocks = {"t": members.targets, "a": members.actuals, "r": members.attainments}
    told = chances(members.figures).of_plan(members).tolist()
    for n, one in enumerate(extremes, 1):
        line: dict[str, Value] = {"member": one.name, **progress_values(one.line, frame)}
        line |= {"chance": told[one.position], "rank": one.rank}
        for block, amounts in blocks.items():  # every page that repeats their names has figures beside them
            line |= by_month(block, months, amounts[one.position].tolist())
        rows.append(Row(f"short:{n}", line))
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
                line |= by_month("a", months, actuals.tolist())
            rows.append(Row(f"unassigned:{level}", line, "stretch"))
        label = frame.word(words.PROOF_SUM, level=frame.word(_LEVEL, n=level))
        columns = ("target", "actual", *(f"{block}:{key}" for key in months for block in "ta"))
        proofs.append(
            Row(f"proof:{level}", {"member": label}, "proof", formulas=dict.fromkeys(columns, Closes(closes)))
        )
    return rows + proofs


def _line(label: str, months: Sequence[str], amounts: Floats) -> dict[str, Value]:
    whole, *monthly = amounts.tolist()
    return {"member": label, "target": whole, **by_month("t", months, monthly)}


def _drawn_all(members: Members) -> bool:
    """Whether a chart shows every member: they are all of one level, and not too many."""
    return members.dimension.depth == 1 and len(members.dimension.members) <= _CHART_MEMBERS


def _drawn(members: Members, rows: Sequence[Row]) -> list[Row]:
    """The rows of the members that the chart shows."""
    prefix = "m:" if _drawn_all(members) else REPEATED
    return [row for row in rows if row.key.startswith(prefix) and row.kind == "normal"]


def _shape(drawn: Sequence[Row]) -> Literal["bar", "column"]:
    """How a chart draws rows: their names have to fit beside or below its bars."""
    longest = max(look.text_width(str(row.values["member"])) for row in drawn)
    return "bar" if longest * len(drawn) > _NAMES_BESIDE else "column"


def _charts(members: Members, rows: Sequence[Row]) -> list[Chart]:
    if len(members.dimension.leaves) < 2:
        return []
    frame, series = members.frame, (("target", look.STEEL, False), ("actual", look.INK, True))
    title = _CHART
    if not _drawn_all(members):
        title = _CHART_SHORT if any(row.key == "short:ranked" for row in rows) else _CHART_LARGEST
    drawn = _drawn(members, rows)
    shape = _shape(drawn)
    return [
        Chart(
            frame.word(title, name=members.name, unit=frame.unit_word),
            tuple(
                Series(frame.word(PROGRESS_COLUMNS[key]), key, drawn[0].key, drawn[-1].key, colour, shape, labels)
                for key, colour, labels in series
            ),
            categories="member",
            row="chart:1",
            column="target",  # not in the column that every page repeats
            last_row=f"chart:{_CHART_ROWS - 1}",
            last_column="status",
        )
    ]


def _page(members: Members, rows: Sequence[Row]) -> Page:
    drawn = next((row.key for row in rows if row.key.startswith(("short", "chart:"))), None)
    return Page(frozen_rows=1, columns=page_starts(members.figures.months), rows=("total", drawn) if drawn else ())


DIMENSION = Sheet[Figures, Members](
    key="dimension",
    named="dim_{n}",
    title=_TITLE,
    purpose=Word(
        "每个维度一张:成员的进度、排名,每月目标、实际与达成率",
        "Members: progress, rank, each month's target, actual and attainment",
    ),
    views=lambda figures: figures.dimensions,
    columns=_columns,
    rows=_rows,
    charts=_charts,
    page=_page,
    keeps_targets=True,
    tree=True,
)
