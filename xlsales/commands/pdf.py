"""导出 PDF: the director's pages, or the sheets of a name, printed by Excel or LibreOffice from a copy.

The workbook stays as it is.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from xlsales.book.keyed import written_sheets
from xlsales.commands.job import Run
from xlsales.commands.outcome import Outcome
from xlsales.core.faults import Fault, Listed
from xlsales.ooxml.book import Book
from xlsales.ooxml.files import put
from xlsales.plan.director import keep_pages
from xlsales.plan.inputs import language_of, refuse_other_workbooks
from xlsales.vocabulary.contract import Word

_ENDING = ".pdf"
_DONE = Word("已写入 {pdf}:{titles}", "Wrote {pdf}: {titles}")


class NothingToPrint(Fault):
    """A plan that was not split yet has no page for a director."""

    zh = "“{book}”里还没有可以导出的表。请先运行“分解目标”(xlsales split)。"
    en = '"{book}" has no sheet to export yet. Run split first.'


class NotNamedPdf(Fault):
    """The file to write is not named as a PDF."""

    zh = "{out} 的后缀应是 .pdf。请改文件名。"
    en = "{out} must end in .pdf. Choose another name."


class NoSheetToPrint(Fault):
    """A name with which no written sheet begins."""

    zh = "没有叫“{name}”的表可以导出。可以导出:{names}。"
    en = 'There is no sheet "{name}" to export. These can be exported: {names}.'


def pdf(run: Run, sheet: str | None = None) -> Outcome:
    """Print the overview, the sheets by dimension and, if rows were set aside, the problems; or those named `sheet`.

    Raises NothingToPrint, NoSheetToPrint, NotNamedPdf, and what the program raises that prints.
    """
    document = run.document
    out = document.pdf
    if out.suffix.lower() != _ENDING:
        raise NotNamedPdf(out=out.name)
    book = Book.open(document.content)
    refuse_other_workbooks(book, document.home)
    lang = language_of(document.content)
    sheets = written_sheets(book)
    titles = keep_pages(book, sheets, lang, document.home.name, sheet)
    if sheets and not titles and sheet is not None:
        raise NoSheetToPrint(name=sheet, names=Listed(one.title for one in sheets.values()))
    if not titles:
        raise NothingToPrint(book=document.home.name)
    with tempfile.TemporaryDirectory(prefix="xlsales-", ignore_cleanup_errors=True) as folder:
        pages = Path(folder) / f"xlsales-{run.now:%H%M%S}{document.content.suffix}"
        book.package.save(pages)
        printed = pages.with_suffix(_ENDING)
        document.print_to(pages, printed)
        put(out, printed.read_bytes())
    text = _DONE[lang].format(pdf=out, titles=("、" if lang == "zh" else ", ").join(titles))
    return Outcome("pdf", lang, document.home, False, (text,), figures={"pdf": str(out), "sheets": titles})
