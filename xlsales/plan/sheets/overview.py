"""Sheet 进度总览: key figures, the clocks, months, and who is behind and by how much, first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate, zip_longest

from xlsales.core.periods import name_of
from xlsales.layout import look
from xlsales.layout.keyed import Closes, at, less
from xlsales.layout.model import Chart, Column, Role, Row, Series, Value
from xlsales.layout.sheet import Page, Sheet
from xlsales.plan.figures import NAN, Figures, Line, Members, behind
from xlsales.plan.progress_columns import progress_header, progress_role, status_word
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import CLOCKS, PROGRESS_COLUMNS, Word

_TOTAL_TARGET = Word("总目标", "Total target")
_CLOCKS_SECTION = Word("时间进度与数据", "Time progress and data")
_CLOCK = Word("时钟", "Clock")
_CHOSEN = Word("{clock} ●", "{clock} ●")
_CLOCKS_AGREE = Word("三个时钟的状态一致。", "All three clocks agree.")
_CLOCKS_DIFFER = Word(
    "时钟不一致:{lamps}。以{chosen}为准。", "The clocks differ: {lamps}. The company goes by {chosen}."
)
_LAMP_BY = Word("按{clock}为{lamp}", "{lamp} by {clock}")
_DATA, _ROWS = Word("实际数据", "Actuals"), Word("行数", "Rows")
_MONTHS_SECTION = Word("月度进度", "Months")
_MONTH = Word("月份", "Month")
_CUMULATIVE = (
    Word("累计目标", "Cumulative target"),
    Word("累计实际", "Cumulative actual"),
    Word("累计达成率", "Cumulative attainment"),
)
_AGAINST_TO_DATE = Word("较应达", "Against to date")
_RANKED = Word("按{name}(落后的在前)", "By {name} (furthest behind first)")
_BY_SIZE = Word("按{name}", "By {name}")
_MORE = Word("另有 {n} 个,见“按{name}”。", "{n} more on sheet By {name}.")
_CHART_MONTHS = Word("月度目标与实际", "Target and actual by month")
_CHART_DIMENSION = Word("{name}:达成率与时间进度", "{name}: attainment and time progress")

COLUMNS = tuple(f"c{i}" for i in range(9))
"""The overview is a grid of nine columns that its blocks share."""
_KEY_FIGURES = (
    "target", "actual", "attainment", "time_progress", "pace",
    "target_to_date", "forecast", "required_per_day", "status",
)  # fmt: skip
_MEMBER_FIGURES = ("target", "actual", "attainment", "time_progress", "pace", "target_to_date")
_CLOCK_FIGURES = ("time_progress", "pace", "status")


def _by_column(*roles: Role) -> dict[str, Role]:
    return dict(zip(COLUMNS, roles, strict=True))


_MEMBER_ROLES = _by_column("text", "money", "money", "bar", "percent", "points", "money", "delta", "status")
_MONTH_ROLES = _by_column("text", "money", "money", "bar", "money", "money", "money", "percent", "status")
_CLOCK_ROLES = _by_column("text", "percent", "points", "status", "text", "text", "text", "money", "count")
_TEXTS: dict[str, Role] = dict.fromkeys(COLUMNS, "text")
_MOST_MEMBERS = 12
_CHART_ROWS = 14


def _rows(figures: Figures) -> list[Row]:
    """Row keys by block: `figure`; `clock:<code>` and `clock:proof` (with the data's balance beside them);
    `month:<key>`; `d<n>:<rank>` for the members of dimension n, furthest behind first: ranks may change hands."""
    rows: list[Row] = []
    for i, block in enumerate(_blocks(figures)):
        rows += ([Row(f"gap:{i}", {}, "space", height=8)] if i else []) + block
    return rows


def _blocks(figures: Figures) -> list[list[Row]]:
    ranked = [_dimension(figures, members) for members in figures.dimensions]
    return [_key_figures(figures), _clocks(figures), _months(figures), *ranked]


def _columns(figures: Figures) -> list[Column]:
    frame, total = figures.frame, figures.total
    width = max(10.5, frame.amount_width(total[key] for key in ("target", "actual", "forecast")) + 1)
    width = max(width, *(look.header_width(frame.word(word)) for word in _month_header()))
    labels = (name for members in figures.dimensions for name, _ in members.ranked[:_MOST_MEMBERS])
    widths = (look.label_width(labels, 16.0, 28.0), *([width] * 8))
    return [Column(k, "", "text" if k == "c0" else "money", w) for k, w in zip(COLUMNS, widths, strict=True)]


def _key_figures(figures: Figures) -> list[Row]:
    frame, total = figures.frame, figures.total
    labels = [frame.word(_TOTAL_TARGET), *(progress_header(key, frame) for key in _KEY_FIGURES[1:])]
    values = [*(total[key] for key in _KEY_FIGURES[:-1]), status_word(total["status"], frame)]
    roles = (progress_role(key, frame) for key in _KEY_FIGURES)
    roles_by_column = _by_column(*("percent" if role == "bar" else role for role in roles))
    return [
        Row("label", _line(*labels), "label", roles=_TEXTS),
        Row("figure", _line(*values), "figure", roles=roles_by_column),
    ]


# --- clocks, and the balance of the data beside them -------------------------


def _clocks(figures: Figures) -> list[Row]:
    """The clocks on the left, the data's balance on the right, then a sentence on whether the lamps agree."""
    frame = figures.frame
    balance = figures.achieved.conservation if figures.achieved else None
    labels = [frame.word(word) for word in (_CLOCK, *(PROGRESS_COLUMNS[key] for key in _CLOCK_FIGURES))]
    right = [frame.word(word) for word in (_DATA, words.AMOUNT, _ROWS)] if balance else []
    rows = [
        Row("clocks", _line(frame.word(_CLOCKS_SECTION), fill_to=9), "section"),
        Row("clocks:header", _line(*labels) | _line(*right, start=6), "header", roles=_CLOCK_ROLES),
    ]
    clocks = [
        (f"clock:{clock.value}", _clock_values(figures, clock.value, line)) for clock, line in figures.clocks.items()
    ]
    balance_lines = balance.lines(frame.lang) if balance else []
    sides = [_line(label, amount, count, start=6) for label, amount, count in balance_lines]
    for i, (clock, side) in enumerate(zip_longest(clocks, sides)):
        key, values = clock or (f"clock:{i}", {})
        rows.append(Row(key, values | (side or {}), roles=_CLOCK_ROLES))
    if balance:
        whole, *parts = (at(row.key) for row in rows[2:])
        closes = Closes(less(whole, *parts))
        roles: dict[str, Role] = {"c6": "text", "c7": "proof", "c8": "proof"}
        rows.append(
            Row(
                "clock:proof",
                {"c6": frame.word(words.PROOF)},
                "proof",
                roles=roles,
                formulas={"c7": closes, "c8": closes},
            )
        )
    return [*rows, Row("clock:note", {"c0": _sentence(figures)}, "note")]


def _clock_values(figures: Figures, clock: str, line: Line) -> dict[str, Value]:
    frame = figures.frame
    name = frame.word(CLOCKS[clock])
    label = frame.word(_CHOSEN, clock=name) if clock == frame.clock else name
    return _line(label, line["time_progress"], line["pace"], status_word(line["status"], frame))


def _sentence(figures: Figures) -> str | None:
    frame = figures.frame
    lamps = {frame.word(CLOCKS[clock]): line["status"] for clock, line in figures.clocks.items() if line["status"]}
    if not lamps:
        return None
    if len(set(lamps.values())) == 1:
        return frame.word(_CLOCKS_AGREE)
    listed = frame.listed(
        frame.word(_LAMP_BY, clock=clock, lamp=status_word(lit, frame)) for clock, lit in lamps.items()
    )
    return frame.word(_CLOCKS_DIFFER, lamps=listed, chosen=frame.word(CLOCKS[frame.clock]))


# --- months ------------------------------------------------------------------


def _months(figures: Figures) -> list[Row]:
    frame, total = figures.frame, figures.total
    header = [frame.word(word) for word in _month_header()]
    rows = [Row("months", _line(frame.word(_MONTHS_SECTION), fill_to=9), "section")]
    rows += [Row(f"months:chart:{i}", {}, "space") for i in range(_CHART_ROWS)]
    rows.append(Row("months:header", _line(*header), "header", roles=_MONTH_ROLES))
    lines = [figures.lines[month.key] for month in figures.months]
    aims, actuals = (list(accumulate(line[key] for line in lines)) for key in ("target", "actual"))
    for month, line, target, actual in zip(figures.months, lines, aims, actuals, strict=True):
        running = (target, actual, actual / target if target else NAN)
        values = _line(name_of(month, frame.lang), *_amounts(line), *running, status_word(line["status"], frame))
        rows.append(Row(f"month:{month.key}", values, roles=_MONTH_ROLES))
    values = _line(frame.word(words.TOTAL), *_amounts(total), fill_to=9)
    values["c8"] = status_word(total["status"], frame)
    return [*rows, Row("months:total", values, "total", roles=_MONTH_ROLES)]


def _amounts(line: Line) -> list[float]:
    return [line[key] for key in ("target", "actual", "attainment", "gap")]


def _month_header() -> list[Word]:
    figures = (PROGRESS_COLUMNS[key] for key in ("target", "actual", "attainment", "gap"))
    return [_MONTH, *figures, *_CUMULATIVE, PROGRESS_COLUMNS["status"]]


# --- dimensions --------------------------------------------------------------


def _dimension(figures: Figures, members: Members) -> list[Row]:
    frame, prefix, ranked = figures.frame, f"d{members.number}", members.ranked
    title = frame.word(_RANKED if _known(ranked) else _BY_SIZE, name=members.name)
    header = [members.name, *(frame.word(PROGRESS_COLUMNS[key]) for key in _MEMBER_FIGURES)]
    header += [frame.word(_AGAINST_TO_DATE), frame.word(PROGRESS_COLUMNS["status"])]
    rows = [Row(prefix, _line(title, fill_to=9), "section")]
    if _drawn(members):
        rows += [Row(f"{prefix}:chart:{i}", {}, "space") for i in range(_CHART_ROWS)]
    rows.append(Row(f"{prefix}:header", _line(*header), "header", roles=_MEMBER_ROLES))
    for rank, (name, line) in enumerate(ranked[:_MOST_MEMBERS], 1):
        shown = (*(line[key] for key in _MEMBER_FIGURES), -behind(line), status_word(line["status"], frame))
        rows.append(Row(f"{prefix}:{rank}", _line(name, *shown), roles=_MEMBER_ROLES))
    if members.of_nobody is not None and members.of_nobody.any():
        values = _line(frame.word(words.UNASSIGNED_TO, name=members.name), NAN, members.actual_of_nobody)
        rows.append(Row(f"{prefix}:unassigned", values, roles=_MEMBER_ROLES))
    if len(ranked) > _MOST_MEMBERS:
        more = frame.word(_MORE, n=len(ranked) - _MOST_MEMBERS, name=members.name)
        rows.append(Row(f"{prefix}:more", {"c0": more}, "note"))
    return rows


def _known(ranked: Iterable[tuple[str, Line]]) -> bool:
    """Whether there is progress to show: some actuals are there."""
    return any(not math.isnan(behind(line)) for _, line in ranked)


def _drawn(members: Members) -> bool:
    """Whether a chart shows the dimension: the first one has it, once there is progress to compare."""
    ranked = members.ranked
    return members.number == 1 and len(ranked) > 1 and _known(ranked)


# --- charts and page ---------------------------------------------------------


def _charts(figures: Figures, rows: Sequence[Row]) -> list[Chart]:
    charts = [_dimension_chart(figures, members) for members in figures.dimensions if _drawn(members)]
    return [_month_chart(figures), *charts]


def _month_chart(figures: Figures) -> Chart:
    frame, first, last = figures.frame, f"month:{figures.months[0].key}", f"month:{figures.months[-1].key}"
    running = [frame.word(word) for word in _CUMULATIVE]
    return Chart(
        frame.word(_CHART_MONTHS),
        (
            Series(frame.word(PROGRESS_COLUMNS["target"]), "c1", first, last, look.STEEL),
            Series(frame.word(PROGRESS_COLUMNS["actual"]), "c2", first, last, look.INK),
            Series(running[0], "c5", first, last, look.MUTED, "dashed", second_axis=True),
            Series(running[1], "c6", first, last, look.ACCENT, "line", second_axis=True),
        ),
        categories="c0",
        row="months:chart:0",
        column="c0",
        last_row=f"months:chart:{_CHART_ROWS - 1}",
        last_column="c8",
    )


def _dimension_chart(figures: Figures, members: Members) -> Chart:
    frame, prefix = figures.frame, f"d{members.number}"
    last = f"{prefix}:{min(len(members.ranked), _MOST_MEMBERS)}"
    bars = (("time_progress", "c4", look.STEEL), ("attainment", "c3", look.INK))
    return Chart(
        frame.word(_CHART_DIMENSION, name=members.name),
        tuple(
            Series(frame.word(PROGRESS_COLUMNS[key]), column, f"{prefix}:1", last, colour, "bar", labels=True)
            for key, column, colour in bars
        ),
        categories="c0",
        row=f"{prefix}:chart:0",
        column="c0",
        last_row=f"{prefix}:chart:{_CHART_ROWS - 1}",
        last_column="c8",
        axis="percent",
    )


def _page(figures: Figures, rows: Sequence[Row]) -> Page:
    """Months come on the first page; each dimension may start the next one."""
    return Page(portrait=True, rows=tuple(f"d{members.number}" for members in figures.dimensions))


def _line(*values: Value, start: int = 0, fill_to: int = 0) -> dict[str, Value]:
    line: dict[str, Value] = dict(zip(COLUMNS[start:], values, strict=False))
    return dict.fromkeys(COLUMNS[:fill_to]) | line


OVERVIEW = Sheet[Figures, Figures](
    key="overview",
    title=Word("进度总览", "Overview"),
    purpose=Word("一页看完:达成、进度、谁落后、差多少", "Attainment, pace, who is behind and by how much"),
    views=lambda figures: (figures,),
    columns=_columns,
    rows=_rows,
    charts=_charts,
    page=_page,
    grid=False,
)
