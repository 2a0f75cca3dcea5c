"""What a support person asks about a workbook: versions, what it holds, who wrote it last, what it has lost."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xlsales import __version__
from xlsales.book.keyed import written_sheets
from xlsales.book.snapshots import own_folder
from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.layout.model import IDENTITY
from xlsales.ooxml.book import Book
from xlsales.ooxml.properties import Written, written_by
from xlsales.plan.answers import NameMissing, TableMissing
from xlsales.plan.input_cells import Cells
from xlsales.plan.inputs import NotAPlan
from xlsales.plan.lost import Lost, is_plan
from xlsales.values.cell import text_of
from xlsales.vocabulary.contract import NAME_VERSION, OUT_PREFIX, Word

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


class LostKeys(Fault):
    """A sheet that the program wrote has lost its hidden keys, or is gone."""

    zh = "名称 {name} 指的表不在了,或它隐藏的第 1 行、A 列丢了。运行“分解目标”(xlsales split)会重新生成。"
    en = "The sheet of the name {name} is gone, or its hidden row 1 or column A. Run split (xlsales split) to renew it."


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


def problems_of(book: Book, lost: Iterable[Lost], file: str, lang: Lang) -> list[Problem]:
    """Return what is lost, each with the way to get it back."""
    problems = [] if is_plan(book) else [Problem.note(Place(file), "", NotAPlan(file=file))]
    for one in lost:
        label = one.label[lang]
        if one.place is None:
            missing = TableMissing if one.is_table else NameMissing
            problems.append(Problem.note(Place(file), "", missing(label=label, name=one.name)))
        else:
            found = LostTable if one.is_table else LostName
            facts = {"label": label, "name": one.name, "place": str(one.place), "book": file}
            problems.append(Problem.note(one.place, "", found(**facts)))
    there = {sheet.name for sheet in written_sheets(book).values()}
    for element in book.defined_names():
        name = element.get("name", "")
        if name.lower().startswith(OUT_PREFIX) and name not in there and element.get("localSheetId") is None:
            problems.append(Problem.note(Place(file), "", LostKeys(name=name)))
    return problems


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
