"""诊断工作簿: what a support person asks for, what a plan has lost, and a copy in which that is put back."""

from __future__ import annotations

from xlsales.commands.condition import condition_of, lines_of, problems_of
from xlsales.commands.document import AlreadyThere
from xlsales.commands.job import Run
from xlsales.commands.outcome import Outcome
from xlsales.core.faults import Fault
from xlsales.ooxml.book import Book
from xlsales.plan.inputs import language_of
from xlsales.plan.lost import lost_parts, put_back
from xlsales.vocabulary.contract import Word


class RepairNeedsOut(Fault):
    """A repair without a name for the copy."""

    zh = "修复写到副本里,请写上 -o 新文件名:xlsales doctor {book} --repair -o 修复.xlsx。"
    en = "A repair is written into a copy. Give its name with -o: xlsales doctor {book} --repair -o repaired.xlsx."


_PUT_BACK = Word("已恢复“{label}”({name}),在 {place}。", 'Put back "{label}" ({name}) at {place}.')
_WRITTEN = Word("已写入 {out};{book} 没有改动。", "Wrote {out}; {book} was not changed.")
_NOTHING = Word("没有可以恢复的,没有写入。", "There is nothing to put back; nothing was written.")


def doctor(run: Run, repair: bool = False) -> Outcome:
    """Examine a workbook; with `repair` put back, in a copy, what can be put back without guessing.

    Raises RepairNeedsOut, AlreadyThere, or what reading the file and writing the copy raise.
    """
    document, lines = run.document, list[str]()
    source, out = document.content, document.target
    if repair:
        if out.resolve() == source.resolve():
            raise RepairNeedsOut(book=document.home.name)
        document.check([])
        if out.exists():
            raise AlreadyThere(file=str(out))
    book = Book.open(source)
    lost = lost_parts(book)
    restorable = [one for one in lost if one.place is not None] if repair else []
    for one in restorable:
        put_back(book, one)
    if restorable:
        book.package.save(out)
    lang = language_of(out if restorable else source)
    condition = condition_of(book, source)
    problems = problems_of(book, [one for one in lost if one not in restorable], document.home.name, lang)
    for one in restorable:
        lines.append(_PUT_BACK[lang].format(label=one.label[lang], name=one.name, place=one.place))
    if repair:
        lines.append((_WRITTEN if restorable else _NOTHING)[lang].format(out=out, book=document.home.name))
    figures = {**condition, "put_back": [one.name for one in restorable]}
    told = (*lines_of(condition, problems, lang), *lines)
    return Outcome("doctor", lang, out, bool(restorable), told, tuple(problems), figures)
