"""Sheet 进度总览: key figures, the clocks, months, and who is behind and by how much, first."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xlsales.layout import look
from xlsales.layout.model import Chart, Column, Formula, Role, Row, Series, SheetModel, Value
from xlsales.plan.parts import Grid, amount_width, fill, progress_header, progress_role, proof, status_word, subline
from xlsales.plan.shown import ClockReading, DimensionLines, Figures, Frame, MemberLine, MonthLine, OverviewSheet
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import CLOCKS, OUT_OVERVIEW, PROGRESS_COLUMNS, SHEETS, Word

COLUMNS = tuple(f"c{i}" for i in range(9))
"""The overview is a grid of nine columns that its blocks share."""
_KEY_FIGURES = (
    "target", "actual", "attainment", "time_progress", "pace",
    "target_to_date", "forecast", "required_per_day", "status",
)  # fmt: skip
_MEMBER_ROLES: tuple[Role, ...] = (
    "text", "money", "money", "bar", "percent", "points", "money", "delta", "status",
)  # fmt: skip
_MONTH_ROLES: tuple[Role, ...] = ("text", "money", "money", "bar", "money", "money", "money", "percent", "status")
_CLOCK_ROLES: tuple[Role, ...] = (
    "text", "percent", "points", "status", "text", "text", "text", "money", "count",
)  # fmt: skip
_MOST_MEMBERS = 12
_CHART_ROWS = 14


def lay_out_overview(sheet: OverviewSheet) -> SheetModel:
    """Return the sheet's model: column keys c0 … c8, row keys by block.

    `figure`; `clock:<code>` and `clock:proof` (with the data balance beside them); `month:<key>`;
    `d<n>:<rank>` for the members of dimension n, furthest behind first, so that ranks may change hands.
    """
    blocks = [_key_figures(sheet), _clocks(sheet), _months(sheet)]
    charts = [c for c in (_month_chart(sheet),) if c]
    if sheet.dimensions:
        drawn = len(sheet.dimensions[0].members) > 1 and _known(sheet.dimensions[0])
        blocks.append(_dimension(sheet, 0, with_chart=drawn))
        if drawn:
            charts.append(_dimension_chart(sheet, 0))
        blocks += [_dimension(sheet, i) for i in range(1, len(sheet.dimensions))]
    width = max(10.5, amount_width(sheet.frame, (sheet.total.target, sheet.total.actual, sheet.total.forecast)) + 1)
    width = max(width, *(look.header_width(word[sheet.frame.lang]) for word in _month_header()))
    labels = (m.label for d in sheet.dimensions for m in _ranked(d)[:_MOST_MEMBERS])
    widths = (look.label_width(labels, 16.0, 28.0), *([width] * 8))
    return SheetModel(
        key="overview",
        name=OUT_OVERVIEW,
        title=SHEETS["overview"][sheet.frame.lang],
        heading=SHEETS["overview"][sheet.frame.lang],
        subline=subline(sheet.frame),
        columns=tuple(Column(k, "", "text" if k == "c0" else "money", w) for k, w in zip(COLUMNS, widths, strict=True)),
        rows=_placed(blocks, sheet),
        charts=tuple(charts),
        money=look.money_format(sheet.frame.unit, sheet.frame.step_yuan),
        breaks_before_rows=tuple(block[0].key for block in blocks[3:]),
        portrait=True,
    )


def _key_figures(sheet: OverviewSheet) -> list[Row]:
    say = sheet.frame.lang
    labels = [words.TOTAL_TARGET[say], *(progress_header(key, sheet.frame) for key in _KEY_FIGURES[1:])]
    values: list[Value] = [getattr(sheet.total, key) for key in _KEY_FIGURES]
    values[-1] = status_word(sheet.total.status, sheet.frame)
    roles = {column: _key_role(key, sheet.frame) for column, key in zip(COLUMNS, _KEY_FIGURES, strict=True)}
    return [Row("label", _line(*labels), "label", roles=_texts()), Row("figure", _line(*values), "figure", roles=roles)]


def _key_role(key: str, frame: Frame) -> Role:
    role = progress_role(key, frame)
    return "percent" if role == "bar" else role


def _clocks(sheet: OverviewSheet) -> list[Row]:
    """The clocks on the left, the data balance on the right, then a sentence on whether the lamps agree."""
    say, balance = sheet.frame.lang, sheet.conservation
    left = [words.CLOCK_COLUMN, *(PROGRESS_COLUMNS[k] for k in ("time_progress", "pace", "status"))]
    right = [words.DATA, words.AMOUNT, words.ROWS] if balance else []
    rows = [
        Row("clocks", _line(words.CLOCKS_SECTION[say], fill_to=9), "section"),
        Row("clocks:header", _line(*(w[say] for w in left)) | _line(*(w[say] for w in right), start=6), "header",
            roles=dict(zip(COLUMNS, _CLOCK_ROLES, strict=True))),
    ]  # fmt: skip
    sides: list[tuple[str, float, int]] = []
    if balance:
        sides = [
            (words.FOUND[say], balance.found, balance.rows_found),
            (words.ACCEPTED[say], balance.accepted, balance.rows_accepted),
            (words.SET_ASIDE[say], balance.set_aside, balance.rows_set_aside),
            (words.TOTALS_ROWS[say], balance.totals, balance.rows_totals),
        ]
    roles = dict(zip(COLUMNS, _CLOCK_ROLES, strict=True))
    for i in range(max(len(sheet.clocks), len(sides))):
        values: dict[str, Value] = {}
        key = f"clock:{i}"
        if i < len(sheet.clocks):
            clock = sheet.clocks[i]
            key, values = f"clock:{clock.clock}", _clock_values(sheet, clock)
        if i < len(sides):
            values |= _line(*sides[i], start=6)
        rows.append(Row(key, values, roles=roles))
    if balance:
        rows.append(Row("clock:proof", {"c6": words.PROOF[say]}, "proof", roles={"c6": "text"}))
    return [*rows, Row("clock:note", {"c0": _sentence(sheet)}, "note")]


def _clock_values(sheet: OverviewSheet, clock: ClockReading) -> dict[str, Value]:
    name = CLOCKS[clock.clock][sheet.frame.lang]
    chosen = fill(words.CHOSEN, sheet.frame, clock=name) if clock.clock == sheet.frame.clock else name
    return _line(chosen, clock.time_progress, clock.pace, status_word(clock.status, sheet.frame))


def _sentence(sheet: OverviewSheet) -> str | None:
    frame = sheet.frame
    lit = [c for c in sheet.clocks if c.status]
    if not lit:
        return None
    if len({c.status for c in lit}) == 1:
        return words.CLOCKS_AGREE[frame.lang]
    lamps = [
        fill(words.LAMP_BY, frame, clock=CLOCKS[c.clock][frame.lang], lamp=status_word(c.status, frame)) for c in lit
    ]
    joined = ("、" if frame.lang == "zh" else ", ").join(lamps)
    return fill(words.CLOCKS_DIFFER, frame, lamps=joined, chosen=CLOCKS[frame.clock][frame.lang])


def _months(sheet: OverviewSheet) -> list[Row]:
    say = sheet.frame.lang
    if not sheet.months:
        return []
    roles = dict(zip(COLUMNS, _MONTH_ROLES, strict=True))
    rows = [Row("months", _line(words.MONTHS_SECTION[say], fill_to=9), "section")]
    rows += [Row(f"months:chart:{i}", {}, "space") for i in range(_CHART_ROWS)]
    rows.append(Row("months:header", _line(*(w[say] for w in _month_header())), "header", roles=roles))
    rows += [Row(f"month:{m.key}", _month_values(sheet, m), roles=roles) for m in sheet.months]
    total = sheet.total
    values = _line(words.TOTAL[say], total.target, total.actual, total.attainment, total.gap, fill_to=9)
    values["c8"] = status_word(total.status, sheet.frame)
    return [*rows, Row("months:total", values, "total", roles=roles)]


def _month_header() -> list[Word]:
    return [
        words.MONTH,
        *(PROGRESS_COLUMNS[k] for k in ("target", "actual", "attainment", "gap")),
        words.CUMULATIVE_TARGET,
        words.CUMULATIVE_ACTUAL,
        words.CUMULATIVE_ATTAINMENT,
        PROGRESS_COLUMNS["status"],
    ]


def _month_values(sheet: OverviewSheet, m: MonthLine) -> dict[str, Value]:
    gap = m.target - m.actual
    status = status_word(m.status, sheet.frame)
    running = (m.cumulative_target, m.cumulative_actual, m.cumulative_attainment)
    return _line(m.label, m.target, m.actual, m.attainment, gap, *running, status)


def _dimension(sheet: OverviewSheet, index: int, with_chart: bool = False) -> list[Row]:
    frame, say = sheet.frame, sheet.frame.lang
    dimension, prefix = sheet.dimensions[index], f"d{index + 1}"
    ranked = _ranked(dimension)
    title = fill(words.RANKED if _known(dimension) else words.BY_SIZE, frame, name=dimension.name)
    keys = ("target", "actual", "attainment", "time_progress", "pace", "target_to_date")
    header = [dimension.name, *(PROGRESS_COLUMNS[k][say] for k in keys)]
    header += [words.AGAINST_TO_DATE[say], PROGRESS_COLUMNS["status"][say]]
    roles = dict(zip(COLUMNS, _MEMBER_ROLES, strict=True))
    rows = [Row(prefix, _line(title, fill_to=9), "section")]
    if with_chart:
        rows += [Row(f"{prefix}:chart:{i}", {}, "space") for i in range(_CHART_ROWS)]
    rows.append(Row(f"{prefix}:header", _line(*header), "header", roles=roles))
    for rank, member in enumerate(ranked[:_MOST_MEMBERS], 1):
        f = member.figures
        figures = (f.target, f.actual, f.attainment, f.time_progress, f.pace, f.target_to_date, -_behind(f))
        values = _line(member.label, *figures, status_word(f.status, frame))
        rows.append(Row(f"{prefix}:{rank}", values, roles=roles))
    if not math.isnan(dimension.unassigned_actual):
        values = _line(fill(words.UNASSIGNED_TO, frame, name=dimension.name), math.nan, dimension.unassigned_actual)
        rows.append(Row(f"{prefix}:unassigned", values, roles=roles))
    if len(ranked) > _MOST_MEMBERS:
        more = fill(words.MORE, frame, n=len(ranked) - _MOST_MEMBERS, name=dimension.name)
        rows.append(Row(f"{prefix}:more", {"c0": more}, "note"))
    return rows


def _behind(figures: Figures) -> float:
    return figures.target_to_date - figures.actual


def _known(dimension: DimensionLines) -> bool:
    """Whether there is progress to show: some actuals are there."""
    return any(not math.isnan(_behind(m.figures)) for m in dimension.members)


def _ranked(dimension: DimensionLines) -> list[MemberLine]:
    """Members furthest behind first; those without a figure keep their order at the end."""

    def place(member: MemberLine) -> tuple[bool, float]:
        behind = _behind(member.figures)
        return math.isnan(behind), 0.0 if math.isnan(behind) else -behind

    return sorted(dimension.members, key=place)


def _month_chart(sheet: OverviewSheet) -> Chart | None:
    if not sheet.months:
        return None
    say, first, last = sheet.frame.lang, f"month:{sheet.months[0].key}", f"month:{sheet.months[-1].key}"
    return Chart(
        words.CHART_MONTHS[say],
        (
            Series(PROGRESS_COLUMNS["target"][say], "c1", first, last, look.STEEL),
            Series(PROGRESS_COLUMNS["actual"][say], "c2", first, last, look.INK),
            Series(words.CUMULATIVE_TARGET[say], "c5", first, last, look.MUTED, "dashed", second_axis=True),
            Series(words.CUMULATIVE_ACTUAL[say], "c6", first, last, look.ACCENT, "line", second_axis=True),
        ),
        categories="c0",
        row="months:chart:0",
        column="c0",
        last_row=f"months:chart:{_CHART_ROWS - 1}",
        last_column="c8",
    )


def _dimension_chart(sheet: OverviewSheet, index: int) -> Chart:
    say, dimension, prefix = sheet.frame.lang, sheet.dimensions[index], f"d{index + 1}"
    last = f"{prefix}:{min(len(dimension.members), _MOST_MEMBERS)}"
    return Chart(
        fill(words.CHART_DIMENSION, sheet.frame, name=dimension.name),
        (
            Series(PROGRESS_COLUMNS["time_progress"][say], "c4", f"{prefix}:1", last, look.STEEL, "bar", labels=True),
            Series(PROGRESS_COLUMNS["attainment"][say], "c3", f"{prefix}:1", last, look.INK, "bar", labels=True),
        ),
        categories="c0",
        row=f"{prefix}:chart:0",
        column="c0",
        last_row=f"{prefix}:chart:{_CHART_ROWS - 1}",
        last_column="c8",
        axis="percent",
    )


def _placed(blocks: Sequence[list[Row]], sheet: OverviewSheet) -> tuple[Row, ...]:
    """All blocks one below the other with a gap between, and the data proof's formula at its place."""
    rows: list[Row] = []
    for i, block in enumerate(b for b in blocks if b):
        if i:
            rows.append(Row(f"gap:{i}", {}, "space", height=8))
        rows += block
    balance = sheet.conservation
    at = next((i for i, row in enumerate(rows) if row.key == "clock:proof"), None)
    if balance and at is not None:
        grid = Grid([Column(k, "", "money") for k in COLUMNS])
        found = next(i for i, row in enumerate(rows) if row.key == "clocks:header") + 1

        def balanced(column: str, whole: float, *parts: float) -> Formula:
            cells = [grid.cell(column, found + i) for i in range(4)]
            return proof("-".join(cells), [whole, *(-part for part in parts)], 0.0)

        row = rows[at]
        values = dict(row.values) | {
            "c7": balanced("c7", balance.found, balance.accepted, balance.set_aside, balance.totals),
            "c8": balanced(
                "c8", balance.rows_found, balance.rows_accepted, balance.rows_set_aside, balance.rows_totals
            ),
        }
        rows[at] = Row(row.key, values, row.kind, roles={**row.roles, "c7": "proof", "c8": "proof"})
    return tuple(rows)


def _line(*values: Value, start: int = 0, fill_to: int = 0) -> dict[str, Value]:
    line: dict[str, Value] = dict(zip(COLUMNS[start:], values, strict=False))
    return dict.fromkeys(COLUMNS[:fill_to]) | line


def _texts() -> dict[str, Role]:
    return dict.fromkeys(COLUMNS, "text")
