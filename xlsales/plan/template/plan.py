"""The plan workbook that people get, built from the contract.

`python -m xlsales.plan.template templates` writes the two committed ones.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlsales.core import a1
from xlsales.core.faults import Lang
from xlsales.layout.input_sheets import TableRow, write_paste_sheet, write_table_sheet
from xlsales.layout.settings_sheet import write_buttons, write_settings
from xlsales.layout.writer import Formats, Workbook, Worksheet, new_workbook
from xlsales.plan.example_members import example_members
from xlsales.plan.template.function_sheet import write_functions
from xlsales.plan.template.guide import write_guide, write_way_back
from xlsales.vocabulary.contract import AREA_ACTUALS, AREA_HISTORY, SHEET_NAMES, SHEETS, all_settings
from xlsales.vocabulary.plan_tables import T_CALENDAR, T_DIMENSIONS, T_LOCKS, TABLES

TEMPLATES: dict[Lang, str] = {"zh": "目标计划.xlsx", "en": "target-plan.xlsx"}
"""File names of the committed templates."""


def write_template(path: str | Path, lang: Lang, *, example: bool = True) -> None:
    """Write a fresh plan workbook; with `example`, 维度 carries members that are marked as examples."""
    write_plan(path, lang, {}, {T_DIMENSIONS.name: example_members(lang)} if example else {})


def write_plan(
    path: str | Path,
    lang: Lang,
    settings: Mapping[str, object] | None = None,
    tables: Mapping[str, Sequence[TableRow]] | None = None,
    history: Sequence[Sequence[object]] | None = None,
    actuals: Sequence[Sequence[object]] | None = None,
) -> None:
    """Write a plan workbook with the given values.

    `settings`: contract key → value (choices by their code, amounts in the plan's unit); a key not given
    keeps the contract's default. `tables`: table name → rows by column key. `history` and `actuals`:
    rows as they would be pasted at A1, the header first. The same values give the same bytes.
    """
    Path(path).write_bytes(plan_bytes(lang, settings, tables, history, actuals))


def plan_bytes(
    lang: Lang,
    settings: Mapping[str, object] | None = None,
    tables: Mapping[str, Sequence[TableRow]] | None = None,
    history: Sequence[Sequence[object]] | None = None,
    actuals: Sequence[Sequence[object]] | None = None,
    *,
    buttons: Mapping[str, str] | None = None,
    vba_project: bytes | None = None,
) -> bytes:
    """Return a plan workbook as `write_plan` writes it.

    `buttons`: macro → caption, on the settings sheet; `vba_project`: the project that has these macros, which makes
    the workbook an .xlsm.
    """
    settings, tables = settings or {}, tables or {}
    unknown = (set(settings) - set(all_settings()) - {"lang"}) | (set(tables) - {table.name for table in TABLES})
    if unknown:
        raise ValueError(f"not in the contract: {', '.join(sorted(unknown))}")
    stream = io.BytesIO()
    workbook = new_workbook(stream, lang)
    formats = Formats(workbook, lang)
    sheet = _add_sheet(workbook, "guide", lang)
    write_guide(sheet, lang, formats)
    sheet = _add_sheet(workbook, "settings", lang)
    write_way_back(sheet, formats)
    write_settings(workbook, sheet, lang, {"lang": lang, **settings}, tables, formats)
    write_buttons(sheet, buttons or {})
    for table in (T_DIMENSIONS, T_LOCKS, T_CALENDAR):
        sheet = _add_sheet(workbook, table.sheet, lang)
        write_way_back(sheet, formats)
        write_table_sheet(sheet, table, lang, tables, formats)
    for key, name, rows in (("history", AREA_HISTORY, history), ("actuals", AREA_ACTUALS, actuals)):
        sheet = workbook.add_worksheet(SHEETS[key][lang])
        write_paste_sheet(workbook, sheet, key, name, lang, rows, formats)
    sheet = _add_sheet(workbook, "functions", lang)
    write_way_back(sheet, formats)
    write_functions(sheet, lang, formats)
    if vba_project is not None:
        workbook.add_vba_project(io.BytesIO(vba_project), is_stream=True)
    workbook.close()
    return stream.getvalue()


def _add_sheet(workbook: Workbook, key: str, lang: Lang) -> Worksheet:
    """Add a sheet that links find by its defined name."""
    worksheet: Worksheet = workbook.add_worksheet(SHEETS[key][lang])
    workbook.define_name(SHEET_NAMES[key], f"={a1.on_sheet(worksheet.get_name(), '$A$1')}")
    return worksheet


def main(arguments: Sequence[str]) -> None:
    """Write both committed templates into a folder."""
    folder = Path(arguments[0] if arguments else "templates")
    for lang, name in TEMPLATES.items():
        write_template(folder / name, lang)


if __name__ == "__main__":
    main(sys.argv[1:])
