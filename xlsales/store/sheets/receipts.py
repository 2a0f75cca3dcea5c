"""Sheet 明细: where a store pastes its receipts, for the days on which it does not type a sum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsales.core import a1
from xlsales.core.faults import Lang
from xlsales.layout import look
from xlsales.layout.model import HEADER_ROW
from xlsales.layout.paper import set_paper
from xlsales.layout.writer import Formats, Workbook, Worksheet
from xlsales.store import words
from xlsales.store.contract import (
    AREA_DETAIL,
    AREA_DETAIL_AMOUNTS,
    AREA_DETAIL_DATES,
    AREA_DETAIL_MEMBERS,
    DETAIL_COLUMNS,
    DIMENSION_PREFIX,
    NAME_MOST,
    SHEETS,
    identity_of,
)
from xlsales.store.targets import TIMES, Span

DETAIL_ROWS = 3_000
"""So many receipts fit on the sheet."""
RULED_ROWS = 36
"""So many rows have cells of their own, which fill a printed page: empty, it is a form to write on, no blank page.

What is pasted below them prints as well, for the sheet has no print area. Their lines are thicker than
those of the column: LibreOffice prints no blank cells that look as all the others below them.
"""
LIMIT = 1_000_000_000
"""A commitment typed is below this."""
PROTECTION = {
    "select_locked_cells": True, "select_unlocked_cells": True, "format_cells": True, "format_columns": True,
    "format_rows": True, "sort": False,
}  # fmt: skip
"""What a protected sheet still lets people do."""
_HAIR = 7  # the thinnest border
_LONGEST_LIST = 255  # characters of a drop-down list that a cell carries itself; Excel's limit


def write_receipts(
    workbook: Workbook, sheet: Worksheet, span: Span, formats: Formats, names: Mapping[str, str]
) -> None:
    """Sheet 明细: headers in row 5, whole columns open below them.

    `names` are the cells that hold a dimension's members, where it has a table.
    """
    say, unit = span.lang, span.unit_word
    key = formats.text(font_color=look.MUTED, font_size=8)
    sheet.set_row(0, None, key, {"hidden": True})
    sheet.write_string(0, 0, identity_of("detail"), key)
    sheet.set_column(0, 1, 4, None, {"hidden": True})
    heads = [("date", DETAIL_COLUMNS["date"][say])]
    heads += [(DIMENSION_PREFIX + name, name) for name in span.other_dimensions()]
    heads += [(column, DETAIL_COLUMNS[column][say]) for column in ("amount", "note")]
    title = formats.text(bold=True, font_size=18, font_color=look.INK, valign="vcenter")
    sheet.set_row(1, 30)
    sheet.write_string(1, 2, words.HEADINGS["detail"][say], title)
    sheet.write_string(2, 2, words.DETAIL_HINT[say], formats.text(font_size=9, font_color=look.INPUT_TEXT))
    header = formats.text(**look.HEADER, valign="vcenter", align="left")
    forms = {"date": "yyyy-mm-dd", "amount": "#,##0.00"}
    widths = {"date": 14, "amount": 14, "note": 30}
    first, last = HEADER_ROW, HEADER_ROW + DETAIL_ROWS - 1  # 0-based rows below the header
    for i, (name, label) in enumerate(heads, 2):
        style = {"num_format": forms.get(name, "@"), **look.ENTRY}
        form, ruled = formats.text(**style | {"border": _HAIR}), formats.text(**style)
        sheet.set_column(i, i, widths.get(name, 14), form)
        sheet.write_string(0, i, name, key)
        sheet.write_string(HEADER_ROW - 1, i, label, header)
        for row in range(first, first + RULED_ROWS):
            sheet.write_blank(row, i, None, ruled)
        for at in (1, 2, 3):
            if i > 2 or at == 3:
                sheet.write_blank(at, i, None, formats.text())
    sheet.set_row(HEADER_ROW - 1, 24)
    numbers = {name: i for i, (name, _) in enumerate(heads, 3)}
    sheet_title = SHEETS["detail"][say]

    def rows(column: str, to: str | None = None, top: int = first + 1) -> str:
        return f"={a1.on_sheet(sheet_title, a1.block(top, numbers[column], last + 1, numbers[to or column], 'both'))}"

    workbook.define_name("xs_store_detail_sheet", f"={a1.on_sheet(sheet_title, '$A$1')}")
    workbook.define_name(AREA_DETAIL, rows("date", "note", HEADER_ROW))
    workbook.define_name(AREA_DETAIL_DATES, rows("date"))
    workbook.define_name(AREA_DETAIL_AMOUNTS, rows("amount"))
    for n, table in enumerate(span.tables, 1):
        workbook.define_name(AREA_DETAIL_MEMBERS.format(n=n), rows(DIMENSION_PREFIX + table.dimension))
    date = {
        "validate": "date", "criteria": "between", "minimum": span.plan.start, "maximum": span.plan.end,
        "error_title": words.REFUSED[say], "error_message": words.DATE_REFUSED[say],
    }  # fmt: skip
    amount = doubtful_amount(words.AMOUNT_DOUBTFUL[say].format(unit=unit, times=TIMES), say)
    columns = [name for name, _ in heads]
    rules = [("date", date), ("amount", amount), *_member_lists(span, names)]
    for column, rule in rules:
        at = 2 + columns.index(column)
        sheet.data_validation(first, at, last, at, rule)
    sheet.freeze_panes(HEADER_ROW, 0)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(look.TAB_INPUT)
    set_paper(sheet, portrait=True)
    sheet.repeat_rows(HEADER_ROW - 1, HEADER_ROW - 1)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", PROTECTION | {"sort": True})


def doubtful_amount(said: str, lang: Lang) -> dict[str, Any]:
    """A rule for amounts that are far above the store's targets, or none at all: a person may insist on one."""
    return {
        "validate": "decimal", "criteria": "between", "minimum": f"=-{NAME_MOST}", "maximum": f"={NAME_MOST}",
        "error_type": "warning", "error_title": words.REFUSED[lang], "error_message": said,
    }  # fmt: skip


def _member_lists(span: Span, names: Mapping[str, str]) -> list[tuple[str, dict[str, Any]]]:
    """Drop-down lists of the other dimensions' members: those in the store's own table, where there is one.

    Else the lowest members of all, where Excel lets a cell carry them.
    """
    say, rules = span.lang, []
    for dimension in span.plan.dimensions:
        lowest = [dimension.members[p].name for p in dimension.leaves]
        fits = len(",".join(lowest)) <= _LONGEST_LIST and not any("," in name for name in lowest)
        source = f"={names[dimension.name]}" if dimension.name in names else lowest
        if dimension.name != span.dimension and lowest and (fits or dimension.name in names):
            doubt = words.MEMBER_DOUBTFUL[say].format(dimension=dimension.name[:20])
            rule = {"validate": "list", "source": source, "error_type": "warning", "error_message": doubt}
            rules.append((DIMENSION_PREFIX + dimension.name, rule | {"error_title": words.REFUSED[say]}))
    return rules
