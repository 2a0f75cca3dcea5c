"""Native charts of a written sheet, over its own cells."""

from __future__ import annotations

from typing import Any

from xlsales.core.faults import Lang
from xlsales.layout import look
from xlsales.layout.model import (
    CHART_NAME,
    FIRST_COLUMN,
    FIRST_ROW,
    HEADER_ROW,
    Chart,
    Series,
    SheetModel,
    plain_format,
)
from xlsales.layout.writer import Workbook, Worksheet

_POINTS_TO_PIXELS = 4 / 3
_MANY_NAMES = 10
"""From more names on they are written smaller below each other, so that none is left out."""


def insert_chart(workbook: Workbook, worksheet: Worksheet, model: SheetModel, chart: Chart, lang: Lang) -> None:
    """Insert a chart that fills its block of cells."""
    lying = chart.series[0].shape == "bar"
    kind = {"type": "bar" if lying else "column", "name": CHART_NAME}
    held_up = any(not series.colour for series in chart.series)  # then bars stand on each other, not beside each other
    chart_object = workbook.add_chart(kind | {"subtype": "stacked"} if held_up else kind)
    lines = workbook.add_chart({"type": "line"}) if any(series.shape == "line" for series in chart.series) else None
    for series in chart.series:
        if lines is not None and series.shape == "line":
            lines.add_series(_line(model, chart, series))
        else:
            chart_object.add_series(_body(model, chart, series, lang, lying))
    if lines is not None:
        chart_object.combine(lines)
    named = model.row_number(chart.series[0].last) - model.row_number(chart.series[0].first) + 1
    font = _font(lang, size=8 if lying and named > _MANY_NAMES else 9)
    names = {"num_font": font, "line": {"color": look.RULE}, "major_tick_mark": "none"}
    values = _value_axis(_format(model, chart), lang) | _from_zero(model, chart)
    if lying:
        chart_object.set_y_axis({**names, "reverse": True, "label_position": "low"})
        carry = all(series.labels for series in chart.series)  # the bars carry their figures
        chart_object.set_x_axis({**values, "label_position": "none"} if carry else values)
    else:
        chart_object.set_x_axis({**names, "label_position": "low"})
        chart_object.set_y_axis(values)
    chart_object.set_title({"name": chart.title, "name_font": _font(lang, size=11, bold=True, color=look.INK)})
    chart_object.set_legend(_legend(chart, lang))
    chart_object.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart_object.show_blanks_as("gap")
    chart_object.show_hidden_data()
    first, last = model.row_number(chart.row), model.row_number(chart.last_row)
    left, right = model.column_number(chart.column), model.column_number(chart.last_column)
    chart_object.set_size({"width": _width(model, left, right), "height": _height(model, first, last)})
    worksheet.insert_chart(first - 1, left - 1, chart_object, {"object_position": 1, "x_offset": 2, "y_offset": 4})


def _body(model: SheetModel, chart: Chart, series: Series, lang: Lang, lying: bool) -> dict[str, Any]:
    properties: dict[str, Any] = _data(model, chart, series) | {
        "fill": {"color": series.colour} if series.colour else {"none": True},
        "border": {"none": True},
        "gap": 60 if lying else 70,
        "overlap": 100 if chart.stacked else 0 if lying else -5,
    }
    if series.labels:
        money = _format(model, chart)
        plain = plain_format(money)
        shown = f"{plain};-{plain};" if chart.stacked else money  # a bar of 0 has no label
        properties["data_labels"] = {"value": True, "num_format": shown, "font": _font(lang, size=8)}
    return properties


def _line(model: SheetModel, chart: Chart, series: Series) -> dict[str, Any]:
    line = {"color": series.colour, "width": 1.0, "dash_type": "dash"} if series.apart else {"color": series.colour}
    size = 4 if series.apart else 6
    fill = {"color": "#FFFFFF" if series.apart else series.colour}
    marker = {"type": "circle", "size": size, "fill": fill, "border": {"color": series.colour}}
    return _data(model, chart, series) | {"line": line, "marker": marker}


def _legend(chart: Chart, lang: Lang) -> dict[str, Any]:
    """Return the legend: the series that are seen, once each; none of a chart of one."""
    if len(chart.series) < 2:
        return {"none": True}
    unnamed = [i for i, series in enumerate(chart.series) if series.apart or not series.colour]
    legend: dict[str, Any] = {"position": "top", "font": _font(lang)}
    return legend | {"delete_series": unnamed} if unnamed else legend


def _data(model: SheetModel, chart: Chart, series: Series) -> dict[str, Any]:
    first, last = model.row_number(series.first) - 1, model.row_number(series.last) - 1

    def down(column: str) -> list[object]:
        at = model.column_number(column) - 1
        return [model.title, first, at, last, at]

    name = _header_cell(model, series) or series.name
    return {"name": name, "categories": down(chart.categories), "values": down(series.column)}


def _header_cell(model: SheetModel, series: Series) -> list[object] | None:
    """Return the header above a series if it says its name: LibreOffice saves a typed name as a wrong reference."""
    at = model.column_number(series.column)
    above = model.rows[: model.row_number(series.first) - FIRST_ROW]
    heading = next((row for row in reversed(above) if row.kind == "header"), None)
    if heading is not None:
        row, text = model.row_number(heading.key), heading.values.get(series.column)
    else:
        row, text = HEADER_ROW, model.columns[at - FIRST_COLUMN].header
    return [model.title, row - 1, at - 1] if text == series.name else None


def _format(model: SheetModel, chart: Chart) -> str:
    """Return the number format of what a chart draws: of numbers or percentages if its columns are, else of money."""
    role = model.columns[model.column_number(chart.series[0].column) - FIRST_COLUMN].role
    return look.number_format(role if role in ("count", "points", "times") else "money", model.money)


def _value_axis(number_format: str, lang: Lang) -> dict[str, Any]:
    return {
        "num_font": _font(lang, color=look.MUTED),
        "num_format": look.axis_format(number_format),
        "line": {"none": True},
        "major_tick_mark": "none",
        "major_gridlines": {"visible": True, "line": {"color": look.RULE, "width": 0.5}},
    }


def _from_zero(model: SheetModel, chart: Chart) -> dict[str, Any]:
    """Start an axis of bars beside each other at zero if their figures are known and none is below it.

    Programs start it just under the least bar if all are nearly as long: 304.1 looked like half of 304.2.
    """
    if chart.stacked:  # to both sides of zero
        return {}
    for series in chart.series:
        first, last = model.row_number(series.first) - FIRST_ROW, model.row_number(series.last) - FIRST_ROW
        for row in model.rows[first : last + 1]:
            figure = row.values.get(series.column)
            if series.column in row.formulas or (isinstance(figure, float) and figure < 0):
                return {}
    return {"min": 0}


def _font(lang: Lang, size: int = 9, bold: bool = False, color: str = look.TEXT) -> dict[str, Any]:
    return {"name": look.FONTS[lang], "size": size, "bold": bold, "color": color}


def _width(model: SheetModel, left: int, right: int) -> int:
    columns = model.columns[left - FIRST_COLUMN : right - FIRST_COLUMN + 1]
    return sum(round(column.width * 7) + 5 for column in columns) - 4


def _height(model: SheetModel, first: int, last: int) -> int:
    rows = model.rows[first - FIRST_ROW : last - FIRST_ROW + 1]
    return round(sum((r.height or look.HEIGHTS.get(r.kind, look.ROW_HEIGHT)) * _POINTS_TO_PIXELS for r in rows)) - 6
