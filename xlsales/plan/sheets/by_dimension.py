"""Sheet 按<维度>: members as a tree; progress, then months' targets with their proof, then months' actuals."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xlsales.layout import look
from xlsales.layout.model import Chart, Column, Row, Series, SheetModel, Value
from xlsales.plan.parts import Grid, amount_width, fill, progress_columns, progress_values, proof, subline, unfolded
from xlsales.plan.shown import DimensionSheet, LevelSum, MemberRow
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import OUT_DIMENSION, PROGRESS_COLUMNS, SHEETS, Word

_CHART_ROWS = 16
_CHART_MEMBERS = 30


def lay_out_dimension(sheet: DimensionSheet) -> SheetModel:
    """Return the sheet's model.

    Row keys: `total`, `m:<member>`, `stretch:<level>`, `unassigned:<level>`, `proof:<level>`; column keys:
    `member`, the progress columns, `t:<month>`, `proof`, `a:<month>`. Column B holds the levels that a
    member counts for, `/1/` or `/1/2/` for a leaf that ends early, so that one SUMIFS proves a level.
    """
    frame, say = sheet.frame, sheet.frame.lang
    columns = _columns(sheet)
    depth = max((m.depth for m in sheet.members), default=0)
    outlines = [m.depth - 1 for m in sheet.members]
    open_to = unfolded(outlines)
    total = Row("total", _values(sheet, columns, words.TOTAL[say], 0, sheet.total_targets, sheet.total_actuals)
                | progress_values(sheet.total, frame), "total")  # fmt: skip
    members = [_member_row(sheet, columns, i + 1, m, depth, open_to) for i, m in enumerate(sheet.members)]
    rows = [total, *members]
    rows += _closing_rows(sheet, columns, len(rows))
    charts: tuple[Chart, ...] = ()
    if depth == 1 and 2 <= len(members) <= _CHART_MEMBERS:
        rows += [Row(f"chart:{i}", {}, "space") for i in range(_CHART_ROWS)]
        charts = (_chart(sheet, members),)
    blocks = ("t", "a") if sheet.total_actuals else ("t",)
    return SheetModel(
        key=f"dimension:{sheet.name}",
        name=OUT_DIMENSION.format(n=sheet.number),
        title=SHEETS["dimension"][say].format(name=sheet.name),
        heading=SHEETS["dimension"][say].format(name=sheet.name),
        subline=subline(frame),
        columns=columns,
        rows=tuple(rows),
        charts=charts,
        money=look.money_format(frame.unit, frame.step_yuan),
        breaks_before_columns=tuple(f"{block}:{month.key}" for block in blocks for month in sheet.months[:1]),
        frozen_rows=1,
    )


def _columns(sheet: DimensionSheet) -> tuple[Column, ...]:
    frame = sheet.frame
    width = amount_width(frame, (*sheet.total_targets, *sheet.total_actuals))

    def months(prefix: str, group: Word) -> list[Column]:
        return [
            Column(f"{prefix}:{m.key}", m.label, "money", width, fill(group, frame, year=m.year)) for m in sheet.months
        ]

    return (
        Column("member", sheet.name, "text", look.label_width("  " * m.depth + m.label for m in sheet.members)),
        *progress_columns(frame, sheet.total, words.PROGRESS_GROUP[frame.lang]),
        *months("t", words.MONTH_TARGETS),
        *([Column("proof", words.PROOF_MONTHS[frame.lang], "proof", max(width, 12))] if sheet.months else []),
        *(months("a", words.MONTH_ACTUALS) if sheet.total_actuals else []),
    )


def _values(
    sheet: DimensionSheet,
    columns: tuple[Column, ...],
    label: str,
    position: int,
    targets: Sequence[float],
    actuals: Sequence[float],
    target: float = math.nan,
) -> dict[str, Value]:
    """The label, the months and the proof along the row; all other columns blank."""
    values: dict[str, Value] = dict.fromkeys(column.key for column in columns)
    values["member"] = label
    values |= {f"t:{m.key}": v for m, v in zip(sheet.months, targets, strict=True)}
    if sheet.total_actuals and actuals:
        values |= {f"a:{m.key}": v for m, v in zip(sheet.months, actuals, strict=True)}
    whole = sheet.total.target if position == 0 else target
    if sheet.months and not math.isnan(whole):
        grid, keys = Grid(columns), [f"t:{m.key}" for m in sheet.months]
        text = f"SUM({grid.across(keys[0], keys[-1], position)})-{grid.cell('target', position)}"
        values["proof"] = proof(text, targets, whole)
    return values


def _member_row(
    sheet: DimensionSheet, columns: tuple[Column, ...], position: int, member: MemberRow, depth: int, open_to: int
) -> Row:
    levels = range(member.depth, (depth if member.leaf else member.depth) + 1)
    values = _values(
        sheet, columns, member.label, position, member.targets, member.actuals, member.figures.target
    ) | progress_values(member.figures, sheet.frame)
    return Row(
        f"m:{member.key}",
        values,
        kind="normal" if member.leaf else "strong",
        counts_for="/" + "/".join(map(str, levels)) + "/",
        outline=member.depth - 1,
        hidden=member.depth - 1 > open_to,
    )


def _closing_rows(sheet: DimensionSheet, columns: tuple[Column, ...], position: int) -> list[Row]:
    """Stretch and unassigned of each level where there is any, then a proof per level."""
    rows: list[Row] = []
    at: dict[str, int] = {}
    shown = sheet.total_actuals
    for level in sheet.levels:
        if level.stretch:
            at[f"stretch:{level.depth}"] = position + len(rows)
            rows.append(_line(sheet, columns, level, "stretch"))
        if level.unassigned or (shown and _unassigned_actual(level)):
            at[f"unassigned:{level.depth}"] = position + len(rows)
            rows.append(_line(sheet, columns, level, "unassigned"))
    return rows + [_level_proof(sheet, columns, level, position - 1, at) for level in sheet.levels]


def _unassigned_actual(level: LevelSum) -> bool:
    """Whether any month has actuals that no member carries, also where they add up to nothing."""
    return any(amount and not math.isnan(amount) for amount in level.month_unassigned_actual)


def _line(sheet: DimensionSheet, columns: tuple[Column, ...], level: LevelSum, what: str) -> Row:
    word = words.STRETCH_N if what == "stretch" else words.UNASSIGNED_N
    if what == "unassigned" and sheet.total_actuals and _unassigned_actual(level):
        word = words.UNASSIGNED_TO if len(sheet.levels) == 1 else words.UNASSIGNED_TO_N
    values: dict[str, Value] = dict.fromkeys(column.key for column in columns)
    values["member"] = fill(word, sheet.frame, n=level.depth, name=sheet.name)
    values["target"] = level.stretch if what == "stretch" else level.unassigned
    months = level.month_stretch if what == "stretch" else level.month_unassigned
    values |= {f"t:{m.key}": v for m, v in zip(sheet.months, months, strict=False)}
    if what == "unassigned" and sheet.total_actuals:
        values["actual"] = level.unassigned_actual
        values |= {f"a:{m.key}": v for m, v in zip(sheet.months, level.month_unassigned_actual, strict=False)}
    return Row(f"{what}:{level.depth}", values, "stretch")


def _level_proof(
    sheet: DimensionSheet, columns: tuple[Column, ...], level: LevelSum, last: int, at: dict[str, int]
) -> Row:
    """Σ level + unassigned − task − stretch, per amount column."""
    grid, n = Grid(columns), level.depth
    deepest = max(m.depth for m in sheet.members)
    counted = [m for m in sheet.members if m.depth == n or (m.leaf and m.depth < n <= deepest)]
    values: dict[str, Value] = dict.fromkeys(column.key for column in columns)
    values["member"] = fill(words.PROOF_SUM, sheet.frame, level=fill(words.LEVEL_N, sheet.frame, n=n))

    def prove(key: str, parts: list[float], whole: float, stretch: float, unassigned: float) -> None:
        text = f"{grid.sum_counting(key, 1, last, f'*/{n}/*')}-{grid.cell(key, 0)}"
        if f"unassigned:{n}" in at:
            text += f"+{grid.cell(key, at[f'unassigned:{n}'])}"
        if f"stretch:{n}" in at:
            text += f"-{grid.cell(key, at[f'stretch:{n}'])}"
        values[key] = proof(text, [*parts, unassigned, -stretch], whole)  # also where nothing is known yet

    def month(amounts: Sequence[float], i: int) -> float:
        return amounts[i] if i < len(amounts) else 0.0

    prove("target", [m.figures.target for m in counted], sheet.total.target, level.stretch, level.unassigned)
    prove("actual", [m.figures.actual for m in counted], sheet.total.actual, 0.0, level.unassigned_actual)
    for i, m in enumerate(sheet.months):
        stretch, unassigned = month(level.month_stretch, i), month(level.month_unassigned, i)
        prove(f"t:{m.key}", [r.targets[i] for r in counted], sheet.total_targets[i], stretch, unassigned)
        if sheet.total_actuals:
            parts = [r.actuals[i] for r in counted if r.actuals]
            prove(f"a:{m.key}", parts, sheet.total_actuals[i], 0.0, month(level.month_unassigned_actual, i))
    return Row(f"proof:{n}", values, "proof")


def _chart(sheet: DimensionSheet, members: list[Row]) -> Chart:
    say, first, last = sheet.frame.lang, members[0].key, members[-1].key
    return Chart(
        fill(words.CHART_MEMBERS, sheet.frame, name=sheet.name),
        (
            Series(PROGRESS_COLUMNS["target"][say], "target", first, last, look.STEEL),
            Series(PROGRESS_COLUMNS["actual"][say], "actual", first, last, look.INK),
        ),
        categories="member",
        row="chart:1",
        column="target",  # not in the column that every page repeats
        last_row=f"chart:{_CHART_ROWS - 1}",
        last_column="status",
    )
