"""添加工作表: sheets that a person adds to a plan, each with the table that they fill in; nothing is taken away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from xlsales.book.edits import Edits
from xlsales.book.keyed import written_sheets
from xlsales.book.protection import refuse_protected
from xlsales.commands.job import Run
from xlsales.commands.outcome import Outcome
from xlsales.ooxml.book import Book
from xlsales.plan.added import missing_tables, sheet_of, titles_of
from xlsales.plan.inputs import language_of, refuse_other_workbooks
from xlsales.plan.order import archives
from xlsales.plan.sheets import ADDED
from xlsales.vocabulary.contract import Word

_DONE = Word(
    "已添加“{titles}”。灰色斜体是示例,填上您自己的,再运行“分解目标”或“刷新进度”。",
    'Added "{titles}". Grey italics are examples: fill in your own, then run split or refresh.',
)
_PRESET = Word(
    "已添加“{titles}”,可以照用,也可以改。请运行“分解目标”或“刷新进度”。",
    'Added "{titles}": use it as it is, or change it. Run split or refresh.',
)
_TO_BE_FILLED = Word(
    "已添加“{titles}”。请运行“分解目标”或“刷新进度”来填写它。", 'Added "{titles}". Run split or refresh to fill it.'
)
_THERE = Word("“{titles}”已经在工作簿里,没有改动。", '"{titles}" is in the workbook already; nothing was changed.')


def add(run: Run, sheets: Sequence[str]) -> Outcome:
    """Add sheets by their names in either language; one that is there already is left alone."""
    document = run.document
    document.check([])
    book = Book.open(document.content)
    refuse_other_workbooks(book, document.home)
    lang = language_of(document.content)
    chosen_sheets = {sheet.key: sheet for sheet in (sheet_of(name) for name in sheets)}.values()
    lacking = [sheet for sheet in chosen_sheets if any(book.table(table.name) is None for table in sheet.tables)]
    tables = [book.table(table.name) for sheet in chosen_sheets if sheet not in lacking for table in sheet.tables]
    there = [table.area.sheet for table in tables if table is not None]
    edits = Edits(inputs=tuple(missing_tables(book, lacking, lang)))
    shows = next(iter([*edits.added, *there]), "")
    edits = replace(edits, opens_on=shows, before=archives(book, written_sheets(book)))
    if edits:
        refuse_protected(book, edits)
        document.write(book, edits, lang, "add", run.now)
    lines = []
    by_runs = [edit.title for edit in edits.inputs if edit.table.written]
    preset = {table.name for sheet in lacking if sheet.presets for table in sheet.tables}
    of_people = [edit for edit in edits.inputs if not edit.table.written]
    by_people = [edit.title for edit in of_people if edit.table.name not in preset]
    ready = [edit.title for edit in of_people if edit.table.name in preset]
    for word, titles in ((_DONE, by_people), (_PRESET, ready), (_TO_BE_FILLED, by_runs), (_THERE, there)):
        if titles:
            lines.append(word[lang].format(titles=("”“" if lang == "zh" else '", "').join(titles)))
    return Outcome(
        "add", lang, document.target, bool(edits), tuple(lines), figures={"added": list(edits.added)}, shows=shows
    )


def choices() -> Iterator[tuple[str, tuple[str, str], tuple[str, str]]]:
    """Yield the sheets that can be added: key, what they are called, what they are for, in both languages."""
    for sheet in ADDED:
        yield sheet.key, (titles_of(sheet, "zh")[0], titles_of(sheet, "en")[0]), (sheet.purpose.zh, sheet.purpose.en)
