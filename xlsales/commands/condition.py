"""What a support person asks about a workbook: versions, what it holds, who wrote it last, what it has lost."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from xlsales import __version__
from xlsales.book.keyed import written_sheets
from xlsales.book.snapshots import own_folder
from xlsales.core.faults import Fault, Lang, Listed, Place, Problem, Refused
from xlsales.layout.model import IDENTITY
from xlsales.ooxml.book import Book
from xlsales.ooxml.properties import Written, written_by
from xlsales.plan.answers import NameMissing
from xlsales.plan.input_cells import Cells
from xlsales.plan.input_columns import HeaderMayBeOther, HeaderMissing, HeaderTwice
from xlsales.plan.inputs import NotAPlan, read_inputs
from xlsales.plan.keyless import sheets_without_keys
from xlsales.plan.lost import Lost, is_plan
from xlsales.values.cell import text_of
from xlsales.vocabulary.contract import NAME_VERSION, SHEETS, Word
from xlsales.vocabulary.plan_tables import TABLES

_FRESH = Written("Microsoft Excel", "12.0000", "", "2026-01-01T00:00:00Z")
"""The properties of every workbook that xlsales makes, as XlsxWriter writes them. LibreOffice keeps the time."""


class LostName(Fault):
    """The name of an input cell is gone; its label is there."""

    zh = "名称 {name}(“{label}”)丢了,它的格子还在 {place}。运行 xlsales doctor {book} --repair -o 修复.xlsx 恢复。"
    en = (
        'The name {name} ("{label}") is gone; its cell is still at {place}. Put it back with '
        "xlsales doctor {book} --repair -o repaired.xlsx."
    )


class LostTable(Fault):
    """An input table is gone; its headers are there."""

    zh = "表 {name}(“{label}”)丢了,它的标题还在 {place}。运行 xlsales doctor {book} --repair -o 修复.xlsx 恢复。"
    en = (
        'The table {name} ("{label}") is gone; its headers are still at {place}. Put it back with '
        "xlsales doctor {book} --repair -o repaired.xlsx."
    )


class LostPlace(Fault):
    """The name of an input cell is at another cell than its own."""

    zh = "名称 {name}(“{label}”)指着别的格子,不是 {place}。运行 xlsales doctor {book} --repair -o 修复.xlsx 指回来。"
    en = (
        'The name {name} ("{label}") is at another cell; its own is {place}. Point it back with '
        "xlsales doctor {book} --repair -o repaired.xlsx."
    )


class LostSheet(Fault):
    """A sheet to fill in is gone with all that was in it."""

    zh = (
        "工作表“{label}”不在了。请从以前的副本里取回(那个文件,或在 Excel 里撤销删除);没有副本,运行 "
        "xlsales doctor {book} --repair -o 修复.xlsx 加回一张空白的,再重新填写。"
    )
    en = (
        'The sheet "{label}" is gone. Take it from an earlier copy (that file, or undo the deletion in Excel); without '
        "one, add a blank one with xlsales doctor {book} --repair -o repaired.xlsx, and fill it in again."
    )


class LostHeaders(Fault):
    """An input table is gone with its headers, but the sheet is there."""

    zh = (
        "表“{label}”({name})连标题一起不在了。请在工作表“{sheet}”的空白处写上一行标题:{headers};再运行 "
        "xlsales doctor {book} --repair -o 修复.xlsx。"
    )
    en = (
        'The table "{label}" ({name}) is gone with its headers. Type these into a blank row of sheet "{sheet}": '
        "{headers}. Then run xlsales doctor {book} --repair -o repaired.xlsx."
    )


class LostKeys(Fault):
    """A sheet that the program wrote has lost its hidden keys."""

    zh = (
        "“{title}”({name})隐藏的第 1 行或 A 列丢了,里面的目标程序读不到。"
        "运行 xlsales doctor {book} --repair -o 修复.xlsx,按它的标题和数重新生成。"
    )
    en = (
        'Sheet "{title}" ({name}) has lost its hidden row 1 or column A, so its targets cannot be read. '
        "xlsales doctor {book} --repair -o repaired.xlsx writes it anew from its labels and figures."
    )


class WrittenGone(Fault):
    """A sheet that the program wrote is gone."""

    zh = "名称 {name} 指的工作表不在了。运行“分解目标”(xlsales split)会重新生成。"
    en = "The sheet of the name {name} is gone. Run split (xlsales split) to renew it."


def condition_of(book: Book, path: Path) -> dict[str, Any]:
    """Return versions, contents, the last run and the last program, for programs."""
    version, written = book.area(NAME_VERSION), written_by(book.package)
    sheets = written_sheets(book)
    runs = sheets.get(f"{IDENTITY}runs")
    last = next((key for key in runs.rows if key.startswith("run:")), None) if runs else None
    cells = Cells(book)
    return {
        "xlsales": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "data_folder": str(own_folder()),
        "contract": text_of(cells.content(Place(version.sheet, version.row, version.column))) if version else None,
        "size": path.stat().st_size,
        "saved_by": asdict(Written("xlsales") if written == _FRESH else written),
        "sheets": [{"title": sheet.title, "state": sheet.state} for sheet in book.sheets],
        "written_sheets": {identity.removeprefix(IDENTITY): sheet.title for identity, sheet in sheets.items()},
        "names": sorted(name for name in book.names if name.lower().startswith("xs_")),
        "tables": sorted(name for name in book.tables if name.lower().startswith("xs_")),
        "last_run": {key: str(runs.value(last, key)) for key in ("when", "command", "version")}
        if runs and last
        else None,
    }


def problems_of(book: Book, lost: Iterable[Lost], source: Path, file: str, lang: Lang) -> list[Problem]:
    """Return what is lost, each with the way to get it back; `file` is what `source` is called."""
    problems = [] if is_plan(book) else [Problem.note(Place(file), "", NotAPlan(file=file))]
    problems += [_problem(one, file, lang) for one in lost]
    for name, title in sheets_without_keys(book):
        fault = LostKeys(name=name, title=title, book=file) if title else WrittenGone(name=name)
        problems.append(Problem.note(Place(title or file), "", fault))
    if problems:
        return problems
    try:  # the inputs can be read: are their columns there?
        read_inputs(book, source)
    except Refused as refused:
        return [one.as_note() for one in refused.problems if isinstance(one.fault, _OF_COLUMNS)]
    except Fault:
        pass
    return []


_OF_COLUMNS = (HeaderMissing, HeaderMayBeOther, HeaderTwice)


def _problem(one: Lost, file: str, lang: Lang) -> Problem:
    label = one.label[lang]
    if one.kind == "sheet":
        return Problem.note(Place(file), "", LostSheet(label=label, book=file))
    if one.place is not None:
        kind = {"name": LostName, "moved": LostPlace, "table": LostTable}[one.kind]
        return Problem.note(one.place, "", kind(label=label, name=one.name, place=str(one.place), book=file))
    if one.kind != "table":
        return Problem.note(Place(file), "", NameMissing(label=label, name=one.name))
    table = next(table for table in TABLES if table.name == one.name)
    headers = Listed(column.label[lang] for column in table.columns)
    facts = {"label": label, "name": one.name, "sheet": SHEETS[table.sheet][lang], "headers": headers, "book": file}
    return Problem.note(Place(file), "", LostHeaders(**facts))


_LINES: Mapping[str, Word] = {
    "versions": Word("xlsales {xlsales},Python {python},{system}", "xlsales {xlsales}, Python {python}, {system}"),
    "folder": Word("数据文件夹 {data_folder}", "Data folder {data_folder}"),
    "contract": Word("计划格式 {contract};语言 {lang}", "Plan format {contract}; language {lang}"),
    "saved": Word("最后保存它的程序(据文件自己说):{who}", "Saved last by (as the file says): {who}"),
    "sheets": Word("工作表 {count} 个:{titles}", "Sheets ({count}): {titles}"),
    "hidden": Word("其中隐藏的:{titles}", "Hidden among them: {titles}"),
    "parts": Word(
        "名称 {names} 个,表 {tables} 个,程序写的工作表 {written} 个",
        "Names: {names}; tables: {tables}; sheets of the program: {written}",
    ),
    "run": Word("最后一次运行:{when} {command}(版本 {version})", "Last run: {when} {command} (version {version})"),
    "never": Word("还没有运行过", "No run yet"),
    "sound": Word("√ 没有丢失的部分。", "√ No part is missing."),
    "lost": Word("× 问题 {count} 处:", "× Problems: {count}"),
}


def lines_of(condition: Mapping[str, Any], problems: Sequence[Problem], lang: Lang) -> list[str]:
    """Return the condition line by line, then what is lost."""
    comma = "、" if lang == "zh" else ", "
    saved, run = condition["saved_by"], condition["last_run"]
    who = " ".join(filter(None, (saved["program"], saved["version"], saved["person"], saved["when"]))) or "?"
    hidden = [sheet["title"] for sheet in condition["sheets"] if sheet["state"] != "visible"]

    def line(key: str, **facts: Any) -> str:
        return _LINES[key][lang].format(**facts)

    titles = comma.join(sheet["title"] for sheet in condition["sheets"])
    counts = {key: len(condition[key]) for key in ("names", "tables")}
    lines = [
        line("versions", **condition),
        line("folder", **condition),
        line("contract", contract=condition["contract"] or "?", lang=lang),
        line("saved", who=who),
        line("sheets", count=len(condition["sheets"]), titles=titles),
        *([line("hidden", titles=comma.join(hidden))] if hidden else []),
        line("parts", written=len(condition["written_sheets"]), **counts),
        line("run", **run) if run else line("never"),
    ]
    found = [f"  {problem.say(lang)}" for problem in problems]
    return [*lines, line("lost", count=len(found)) if found else line("sound"), *found]
