"""The store's workbook as people get it, written for the days of one plan.

Sheets 目标, 日报, 承诺, 责任书 in the look of all written sheets, and 明细 to paste into; protected without a
password, entry cells open. Any workbook written here, or made from one, serves as a template.
"""

from __future__ import annotations

import io
from typing import Any

from xlsales.core import a1
from xlsales.layout import look
from xlsales.layout.compact import compact
from xlsales.layout.look import Style
from xlsales.layout.model import FIRST_COLUMN, FIRST_ROW, GROUP_ROW, HEADER_ROW, TITLE_ROW, Formula, SheetModel
from xlsales.layout.paper import print_scale
from xlsales.layout.render import write_sheet
from xlsales.layout.writer import Formats, Workbook, Worksheet, new_workbook
from xlsales.ooxml.chart_defaults import write_out_defaults
from xlsales.store import words
from xlsales.store.contract import (
    AREA_ACTUALS,
    AREA_COMMITMENTS,
    AREA_DAY_TARGETS,
    AREA_KNOWN,
    AREA_REASONS,
    AREA_REMARKS,
    AREA_REPORTED,
    SHEETS,
)
from xlsales.store.handout.figures import SUBLINE, TITLE, StoreCells
from xlsales.store.sheets.daily import HIDDEN as HIDDEN_DAYS
from xlsales.store.sheets.daily import lay_out_days
from xlsales.store.sheets.front import HIDDEN as HIDDEN_FRONT
from xlsales.store.sheets.front import INFO_NAMES, TODO, Front
from xlsales.store.sheets.members import HIDDEN as HIDDEN_MEMBERS
from xlsales.store.sheets.members import Members
from xlsales.store.sheets.papers import Commitment, lay_out_letter
from xlsales.store.sheets.receipts import LIMIT, PROTECTION, doubtful_amount, write_receipts
from xlsales.store.sheets.weekly import HIDDEN as HIDDEN_WEEKS
from xlsales.store.sheets.weekly import lay_out_weeks
from xlsales.store.tables import PICKED
from xlsales.store.targets import TIMES, Span, Store

TO_FILL = ("days", "detail", "commitment")
"""The sheets that a store fills in: they alone have coloured tabs."""
_DAYS_SCALE = 72
"""Percent at which 31 days and their header fill a page across."""


def write_store(span: Span, store: Store) -> bytes:
    """Return a store's workbook; the same values give the same bytes."""
    results = StoreCells(span).by_key(store)
    stream = io.BytesIO()
    workbook = new_workbook(stream, span.lang)
    formats = Formats(workbook, span.lang)
    front = Front(span, results["front"])
    commitment = Commitment(span, front, results["commitment"])
    line = str(results["front"][SUBLINE, "period"])
    letter_heading = words.HEADINGS["letter"][span.lang]
    models = {
        "front": front.model(str(results["front"][TITLE, "period"]), line),
        "days": lay_out_days(span, results["days"], str(results["days"][TITLE, "date"]), line),
        "weeks": lay_out_weeks(span, front, results["weeks"], str(results["weeks"][TITLE, "period"]), line),
        "commitment": commitment.model(str(results["commitment"][TITLE, "period"]), line),
        "letter": lay_out_letter(span, front, commitment, results["letter"], letter_heading, line),
    }
    names: dict[str, str] = {}
    if span.tables:
        members = Members(span, front, results["members"])
        models["members"] = members.model(str(results["members"][TITLE, "month_target"]), line)
        names = {table.dimension: members.names(table) for table in span.tables}
    for sheet in SHEETS:
        if sheet in models:
            worksheet = workbook.add_worksheet(models[sheet].title)
            write_sheet(workbook, worksheet, models[sheet], formats, look.TAB_INPUT if sheet in TO_FILL else None)
            _Finish(workbook, worksheet, models[sheet], span, formats).run(sheet)
        elif sheet == "detail":
            write_receipts(workbook, workbook.add_worksheet(SHEETS[sheet][span.lang]), span, formats, names)
    workbook.close()
    return compact(write_out_defaults(stream.getvalue()))


class _Finish:
    """What a store's sheet has beyond a written one: entry cells, names, validation, protection."""

    def __init__(
        self, workbook: Workbook, worksheet: Worksheet, model: SheetModel, span: Span, formats: Formats
    ) -> None:
        self._workbook, self._sheet, self._model = workbook, worksheet, model
        self._span, self._formats = span, formats

    def run(self, sheet: str) -> None:
        key = self._formats.text(font_color=look.MUTED, font_size=8)
        self._sheet.write_blank(0, 1, None, key)  # the stamp of headquarters' sheets says nothing here
        if sheet != "letter":
            self._sheet.write_string(1, 0, TITLE, key)
        self._workbook.define_name(self._model.name, f"={a1.on_sheet(self._model.title, '$A$1')}")
        finish = {
            "front": self._front, "days": self._days, "weeks": self._weeks, "commitment": self._commitment,
            "members": self._members,
        }  # fmt: skip
        finish.get(sheet, self._letter)()
        self._sheet.protect("", PROTECTION)

    def _front(self) -> None:
        model, sheet = self._model, self._sheet
        self._hide(len(HIDDEN_FRONT))
        first, last = model.columns[0].key, "status"
        self._merge("sentence", first, last)
        for key in TODO:
            self._merge(key, first, last, size=10.5, bold=True, font_color=look.INK, text_wrap=False, shrink=True)
        column = model.column_number("target")
        for key, name in INFO_NAMES.items():
            cell = a1.cell(model.row_number(f"info:{key}"), column, "both")
            self._workbook.define_name(name, f"={a1.on_sheet(model.title, cell)}")
        labels = model.row_number("labels") - 1
        as_of = model.rows[labels + 1 - FIRST_ROW].values["period"]
        assert isinstance(as_of, Formula)
        shown = look.cell_format(Style("label", "date"), self._span.money, self._span.lang)
        shown["num_format"] = words.AS_OF_FORMAT[self._span.lang]
        sheet.write_formula(labels, FIRST_COLUMN - 1, as_of.text, self._formats.of(shown), as_of.result)
        sheet.print_area(1, FIRST_COLUMN - 1, model.row_number("total") - 1, model.column_number(last) - 1)
        sheet.set_h_pagebreaks([])
        sheet.activate()

    def _days(self) -> None:
        model, sheet = self._model, self._sheet
        self._hide(len(HIDDEN_DAYS))
        say, unit = self._span.lang, self._span.unit_word
        hint = self._formats.text(font_size=9, font_color=look.INPUT_TEXT, valign="vcenter")
        sheet.write_string(HEADER_ROW - 2, FIRST_COLUMN - 1, words.DAYS_HINT[say].format(unit=unit), hint)
        sheet.set_row(HEADER_ROW - 2, 18)
        entry, remark = self._input(self._span.money, "right"), self._input("@", "left")
        doubt = words.ENTRY_DOUBTFUL[say].format(unit=unit, times=TIMES)
        for row in model.rows:
            if row.counts_for:
                at = model.row_number(row.key) - 1
                sheet.write_blank(at, model.column_number("entry") - 1, None, entry)
                sheet.write_blank(at, model.column_number("remark") - 1, None, remark)
        self._name(AREA_DAY_TARGETS, "target")
        self._name(AREA_ACTUALS, "entry")
        self._name(AREA_KNOWN, "known")
        self._name(AREA_REMARKS, "remark")
        if self._span.tables:
            self._name(AREA_REPORTED, "reported")
        prompt = words.ENTRY_PROMPT[say].format(unit=unit)
        self._validate("entry", doubtful_amount(doubt, say) | {"input_message": prompt})
        self._validate("remark", self._prompt("remark", words.REMARK_PROMPT[say]))
        self._calendar_colours()
        sheet.set_print_scale(min(_DAYS_SCALE, print_scale(model)))
        sheet.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)  # each month's page says whose it is
        sheet.set_h_pagebreaks([model.row_number(key) - 1 for key in model.breaks_before_rows[1:]])
        last = model.column_number("remark") - 1
        sheet.print_area(1, FIRST_COLUMN - 1, FIRST_ROW + len(model.rows) - 2, last)

    def _weeks(self) -> None:
        model = self._model
        self._hide(len(HIDDEN_WEEKS))
        last = model.column_number("status") - 1
        self._sheet.print_area(1, FIRST_COLUMN - 1, FIRST_ROW + len(model.rows) - 2, last)

    def _members(self) -> None:
        model, sheet = self._model, self._sheet
        self._hide(len(HIDDEN_MEMBERS) + len(self._span.months))
        group = self._formats.text(bold=True, font_color=look.INK, bottom=1, bottom_color=look.INK, valign="vcenter")
        month, at = f"={model.address(PICKED, 'member')}", model.column_number("month_target") - 1
        sheet.write_formula(GROUP_ROW - 1, at, month, group, model.columns[1].group)
        sheet.write_string(GROUP_ROW - 1, 0, "#month", self._formats.text(font_color=look.MUTED, font_size=8))
        title = self._formats.text(bold=True, font_size=18, font_color=look.INK, valign="vcenter")
        sheet.write_blank(TITLE_ROW - 1, FIRST_COLUMN - 1, None, title)
        for column in self._span.page_columns:  # not in the column that every page repeats: it would be cut there
            sheet.write_string(TITLE_ROW - 1, model.column_number(column) - 1, model.heading, title)
        sheet.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)  # each table's page says whose it is
        last = model.column_number(self._span.month_keys[-1]) - 1
        sheet.print_area(1, FIRST_COLUMN - 1, FIRST_ROW + len(model.rows) - 2, last)

    def _commitment(self) -> None:
        model, sheet = self._model, self._sheet
        say, unit = self._span.lang, self._span.unit_word
        hint = self._formats.text(font_size=9, font_color=look.INPUT_TEXT, valign="vcenter")
        sheet.write_string(HEADER_ROW - 2, FIRST_COLUMN - 1, words.COMMITMENT_HINT[say].format(unit=unit), hint)
        sheet.set_row(HEADER_ROW - 2, 18)
        amount, reason = self._input(self._span.money, "right"), self._input("@", "left", text_wrap=True)
        for row in model.rows[:-1]:
            at = model.row_number(row.key) - 1
            sheet.write_blank(at, model.column_number("commitment") - 1, None, amount)
            sheet.write_blank(at, model.column_number("reason") - 1, None, reason)
        last = model.rows[-2].key
        self._name(AREA_COMMITMENTS, "commitment", last)
        self._name(AREA_REASONS, "reason", last)
        rule = {
            "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": LIMIT,
            "error_title": words.REFUSED[say], "error_message": words.COMMITMENT_REFUSED[say].format(unit=unit),
            "input_message": words.COMMITMENT_PROMPT[say].format(unit=unit),
        }  # fmt: skip
        self._validate("commitment", rule, last)
        self._validate("reason", self._prompt("reason", words.REASON_PROMPT[say]), last)

    def _letter(self) -> None:
        model = self._model
        title = self._formats.text(bold=True, font_size=20, font_color=look.INK, valign="vcenter", align="center")
        self._sheet.merge_range(1, 2, 1, 8, model.heading, title)
        for row in model.rows:
            if row.key in ("intro", "sentence") or row.key.startswith("clause:"):
                self._merge(row.key, "c0", "c5", size=11)
        signature = self._formats.text(font_size=11, valign="bottom")
        line = self._formats.text(font_size=11, valign="bottom", bottom=1, bottom_color=look.MUTED)
        for key in ("sign", "dates"):
            for column, end in (("c0", "c2"), ("c3", "c5")):
                at, left, right = self._corner(key, column, end)
                label = str(model.rows[at + 1 - FIRST_ROW].values[column])
                self._sheet.write_string(at, left, label, signature)
                for beside in range(left + 1, right + 1):
                    self._sheet.write_blank(at, beside, None, line)
        self._sheet.fit_to_pages(1, 1)

    # --- parts ------------------------------------------------------------------------------

    def _hide(self, count: int) -> None:
        last = FIRST_COLUMN - 2 + len(self._model.columns)
        self._sheet.set_column(last - count + 1, last, 12, None, {"hidden": True})

    def _merge(self, row: str, first: str, last: str, size: float = 9, **more: Any) -> None:
        model = self._model
        at, left, right = self._corner(row, first, last)
        text = str(model.rows[at + 1 - FIRST_ROW].values.get(first) or "")
        look_of_it = self._formats.text(**{"text_wrap": True, "valign": "vcenter", "font_size": size, **more})
        self._sheet.merge_range(at, left, at, right, text, look_of_it)

    def _corner(self, row: str, first: str, last: str) -> tuple[int, int, int]:
        """Row, first and last column of some cells of a row, from 0."""
        model = self._model
        return model.row_number(row) - 1, model.column_number(first) - 1, model.column_number(last) - 1

    def _input(self, number_format: str, align: str, **more: Any) -> Any:
        return self._formats.text(**look.ENTRY, num_format=number_format, align=align, **more)

    def _block(self, column: str, last: str | None = None) -> tuple[int, int, int, int]:
        at = self._model.column_number(column) - 1
        end = self._model.row_number(last or self._model.rows[-1].key) - 1
        return FIRST_ROW - 1, at, end, at

    def _name(self, name: str, column: str, last: str | None = None) -> None:
        first, at, end, _ = self._block(column, last)
        block = a1.block(first + 1, at + 1, end + 1, at + 1, "both")
        self._workbook.define_name(name, f"={a1.on_sheet(self._model.title, block)}")

    def _validate(self, column: str, rule: dict[str, Any], last: str | None = None) -> None:
        self._sheet.data_validation(*self._block(column, last), rule)

    def _prompt(self, column: str, text: str) -> dict[str, Any]:
        return {"validate": "any", "input_message": text}

    def _calendar_colours(self) -> None:
        """Holidays and campaign days in the accent, weekends in the ink of headings."""
        model, n = self._model, FIRST_ROW
        date, kind = (a1.letters(model.column_number(key)) for key in ("date", "kind"))
        first, last = model.column_number("date") - 1, model.column_number("kind") - 1
        end = FIRST_ROW + len(model.rows) - 2
        special = self._workbook.add_format({"font_color": look.ACCENT, "bold": True})
        weekend = self._workbook.add_format({"font_color": look.INK, "bg_color": look.TOTAL_FILL})
        rules = ((f'=AND(ISNUMBER(${date}{n}),${kind}{n}<>"")', special), (
            f"=AND(ISNUMBER(${date}{n}),WEEKDAY(${date}{n},2)>5)", weekend))  # fmt: skip
        for criteria, found in rules:
            self._sheet.conditional_format(
                n - 1, first, end, last, {"type": "formula", "criteria": criteria, "format": found}
            )
