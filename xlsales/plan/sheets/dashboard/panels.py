"""The panels of 看板, below the months: a chart and a table each, of the picked member as all of the page.

What each member has is in hidden columns of its hidden row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from xlsales.layout import look
from xlsales.layout.keyed import Fixed
from xlsales.layout.model import Chart, Keyed, Role, Row, Series, Value
from xlsales.plan.dashboard.panels import CURVES, MOST_LINES, Panel
from xlsales.plan.dashboard.read import PICK, DashboardView
from xlsales.plan.sheets.dashboard.cells import LEFT, RIGHT, TAKEN, down, formula
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_HEIGHT = 23.0
"""Of a line, in points: six of them are as tall as a chart."""
_FIGURES = "abcde"
"""The figures of a line, in the columns behind its name."""


class _Words(Struct, frozen=True):
    """What a panel is called, what its lines are, its figures, its chart; `role` is that of its numbers."""

    title: Word
    line: Word
    figures: tuple[Word, Word, Word, Word]
    chart: Word
    drawn: tuple[Word, Word]
    role: Role


_ACTUAL, _DUE = PROGRESS_COLUMNS["actual"], Word("应完成", "Due")
_PANELS = {
    "funnel": _Words(
        Word("漏斗", "Funnel"),
        Word("阶段", "Stage"),
        (Word("需要", "Needed"), Word("能带来", "Brought"), Word("余缺", "Surplus"), Word("满足率", "Cover")),
        Word("漏斗:需要与现有线索能带来", "Funnel: needed, and what leads on hand bring"),
        (Word("需要", "Needed"), Word("能带来", "Brought")),
        "count",
    ),
    "weeks": _Words(
        Word("周跟踪", "Weekly tracking"),
        Word("指标", "Indicator"),
        (Word("月计划", "Month plan"), _DUE, Word("已完成", "Done"), PROGRESS_COLUMNS["attainment"]),
        Word("各周:{name}", "By week: {name}"),
        (Word("计划", "Plan"), Word("完成", "Done")),
        "count",
    ),
    "budget": _Words(
        Word("预算", "Budget"),
        Word("科目", "Account"),
        (Word("预算", "Budget"), Word("应花", "Due"), Word("支出", "Spent"), Word("已用", "Used")),
        Word("累计预算与支出({unit})", "Budget and spend since the start ({unit})"),
        (Word("累计预算", "Budget to date"), Word("累计支出", "Spent so far")),
        "money",
    ),
}


def hidden_columns(view: DashboardView) -> list[tuple[str, Role]]:
    """Return the hidden columns of the panels, each with its role."""
    hidden: list[tuple[str, Role]] = []
    for panel in view.panels:
        role = _PANELS[panel.key].role
        hidden += [(key, "text" if kind in ("e", "note") else "percent" if kind == "d" else role)
                   for kind, key in _keys(view, panel)]  # fmt: skip
        hidden += [(f"{panel.key}:{curve}", role) for curve in ("point", *CURVES)]
    return hidden


def _keys(view: DashboardView, panel: Panel) -> list[tuple[str, str]]:
    """The columns of a member's hidden row, each with the figure that it is: `funnel:a:1` and so on."""
    points = MOST_LINES if panel.points else len(view.figures.months)
    keys = [(figure, f"{panel.key}:{figure}:{n}") for figure in _FIGURES for n in range(1, MOST_LINES + 1)]
    keys += [(curve, f"{panel.key}:{curve}:{n}") for curve in CURVES for n in range(1, points + 1)]
    return [*keys, ("note", f"{panel.key}:note")]


def known_cells(view: DashboardView, number: int) -> dict[str, Value]:
    """Return what the hidden row of a member has, by its number on the list; all blank in a spare row."""
    values: dict[str, Value] = {}
    for panel in view.panels:
        values |= dict.fromkeys(key for _, key in _keys(view, panel))
        for figure, numbers in panel.known.get(number, {}).items():
            values |= {f"{panel.key}:{figure}:{n}": value for n, value in enumerate(numbers, 1)}
        if number < len(panel.notes):
            values[f"{panel.key}:note"] = panel.notes[number]
    return values


def _taken(view: DashboardView, key: str) -> tuple[Value, Keyed]:
    """A cell of the picked member's hidden row, and the formula that finds it."""
    block = {"block": down(("k:1", f"k:{view.on_list}"), key), "at": Fixed(PICK, "at")}
    return known_cells(view, view.listed.index(view.picked)).get(key), formula(TAKEN, block)


def _cells(view: DashboardView, keys: Mapping[str, str]) -> tuple[dict[str, Value], dict[str, Keyed]]:
    """Cells of one row by column, from the columns of the picked member's hidden row."""
    taken = {column: _taken(view, key) for column, key in keys.items()}
    return {c: value for c, (value, _) in taken.items()}, {c: keyed for c, (_, keyed) in taken.items()}


def curve_names(view: DashboardView) -> dict[str, Value]:
    """Return the headers of curves that go by months."""
    names: dict[str, Value] = {}
    for panel in _by_month(view):
        names |= {f"{panel.key}:{c}": view.frame.word(w) for c, w in zip(CURVES, _PANELS[panel.key].drawn, strict=True)}
    return names


def curve_cells(view: DashboardView, n: int) -> tuple[dict[str, Value], dict[str, Keyed]]:
    """Return the points of curves that go by months, of month n from 0, and their formulas."""
    if n >= len(view.figures.months):
        return {}, {}
    return _cells(view, {f"{p.key}:{c}": f"{p.key}:{c}:{n + 1}" for p in _by_month(view) for c in CURVES})


def _by_month(view: DashboardView) -> list[Panel]:
    return [panel for panel in view.panels if not panel.points]


def panel_rows(view: DashboardView) -> Iterator[Row]:
    """Row keys of a panel: `<key>:gap`, `<key>:title`, `<key>:note`, `<key>:lines`, `<key>:<n>`."""
    word, blank = view.frame.word, dict.fromkeys((*LEFT, "c6", *RIGHT))
    for panel in view.panels:
        own, key = _PANELS[panel.key], panel.key
        yield Row(f"{key}:gap", {}, "space", height=6)
        yield Row(f"{key}:title", {**blank, "c0": word(own.title)}, "section")
        values, formulas = _cells(view, {"c7": f"{key}:note"})
        yield Row(f"{key}:note", values, "note", formulas=formulas)
        names = (own.line, *own.figures, PROGRESS_COLUMNS["status"])
        header: dict[str, Value] = dict(zip(RIGHT, map(word, names), strict=True))
        if panel.points:
            header |= {f"{key}:{c}": word(w) for c, w in zip(CURVES, own.drawn, strict=True)}
        yield Row(f"{key}:lines", header, "header", roles=_roles(own))
        for n in range(1, MOST_LINES + 1):
            yield _line(view, panel, n)


def _roles(own: _Words) -> dict[str, Role]:
    return dict(zip(RIGHT, ("text", own.role, own.role, own.role, "bar", "status"), strict=True))


def _line(view: DashboardView, panel: Panel, n: int) -> Row:
    """A line of a panel; the name of one that the picked member has nothing of stands alone."""
    key = panel.key
    taken = {column: f"{key}:{figure}:{n}" for column, figure in zip(RIGHT[1:], _FIGURES, strict=True)}
    if panel.points:
        taken |= {f"{key}:{curve}": f"{key}:{curve}:{n}" for curve in CURVES}
    values, formulas = _cells(view, taken)
    values["c7"] = panel.lines[n - 1] if n <= len(panel.lines) else None
    if panel.points:
        values[f"{key}:point"] = panel.points[n - 1] if n <= len(panel.points) else None
    return Row(f"{key}:{n}", values, roles=_roles(_PANELS[key]), formulas=formulas, money=panel.money, height=_HEIGHT)


def panel_charts(view: DashboardView) -> list[Chart]:
    """Return a chart beside the table of each panel."""
    return [_chart(view, panel) for panel in view.panels]


def _chart(view: DashboardView, panel: Panel) -> Chart:
    own, key, frame = _PANELS[panel.key], panel.key, view.frame
    rows, names = (key, f"{key}:point") if panel.points else ("n", "c0")
    first, last = f"{rows}:1", f"{rows}:{len(panel.points or view.figures.months)}"
    series = zip(own.drawn, CURVES, (look.STEEL, look.INK), strict=True)
    return Chart(
        frame.word(own.chart, unit=frame.unit_word, name=panel.lines[0]),
        tuple(Series(frame.word(word), f"{key}:{curve}", first, last, colour) for word, curve, colour in series),
        categories=names,
        row=f"{key}:note",
        column="c0",
        last_row=f"{key}:{MOST_LINES}",
        last_column="c5",
    )
