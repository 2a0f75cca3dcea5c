"""诊断工作簿: what a support person asks for, what a plan has lost, and a copy in which that is put back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xlsales.commands.condition import condition_of, lines_of, problems_of
from xlsales.commands.document import AlreadyThere, FileDocument
from xlsales.commands.job import Run, open_job
from xlsales.commands.lost_keys import renew
from xlsales.commands.outcome import Outcome
from xlsales.core.faults import Fault, Refused
from xlsales.ooxml.book import Book
from xlsales.plan.keyless import sheets_without_keys
from xlsales.plan.lost import Lost, lost_parts, put_back
from xlsales.plan.lost_sheets import language_in
from xlsales.vocabulary.contract import Word


class RepairNeedsOut(Fault):
    """A repair without a name for the copy."""

    zh = "修复写到副本里,请写上 -o 新文件名:xlsales doctor {book} --repair -o 修复.xlsx。"
    en = "A repair is written into a copy. Give its name with -o: xlsales doctor {book} --repair -o repaired.xlsx."


_PUT_BACK = {
    "name": Word("已恢复“{label}”({name}),在 {place}。", 'Put back "{label}" ({name}) at {place}.'),
    "moved": Word(
        "已把 {name} 指回“{label}”的格子 {place}。", 'The name {name} is at the cell of "{label}" again, {place}.'
    ),
    "table": Word("已恢复“{label}”({name}),在 {place}。", 'Put back "{label}" ({name}) at {place}.'),
    "sheet": Word(
        "已加回空白的“{label}”:请重新填写,或从以前的副本把内容粘贴过来。",
        'Added a blank sheet "{label}": fill it in, or paste what was in it from an earlier copy.',
    ),
}
_RENEWED = Word("已重新生成“{title}”,里面的目标照旧。", 'Wrote sheet "{title}" anew with the targets that were in it.')
_KEPT = Word("原来的表留作“{kept}”,不需要时请删除。", ' The old one is kept as "{kept}"; delete it if unneeded.')
_MARKED = Word(
    "已恢复“{title}”的标记:下次“分解目标”或“刷新进度”会在原位重新生成它。",
    'Put back the mark of sheet "{title}": the next split or refresh writes it anew in its place.',
)
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
    book, restored, renewed = Book.open(source), list[Lost](), dict[str, str | None]()
    if repair:
        book, restored, renewed = _repaired(run, book, out)
    lang = language_in(book)
    lost = lost_parts(book)
    condition = condition_of(book, source)
    problems = problems_of(book, lost, source, document.home.name, lang)
    for one in restored:
        lines.append(_PUT_BACK[one.kind][lang].format(label=one.label[lang], name=one.name, place=one.place))
    for title, kept in renewed.items():
        line = (_MARKED if kept == "" else _RENEWED)[lang].format(title=title)
        lines.append(line + (_KEPT[lang].format(kept=kept) if kept else ""))
    if repair:
        done = restored or renewed
        lines.append((_WRITTEN if done else _NOTHING)[lang].format(out=out, book=document.home.name))
    figures = {**condition, "put_back": [one.name for one in restored], "renewed": list(renewed)}
    told = (*lines_of(condition, problems, lang), *lines)
    return Outcome("doctor", lang, out, bool(restored or renewed), told, tuple(problems), figures)


def _repaired(run: Run, book: Book, out: Path) -> tuple[Book, list[Lost], dict[str, str | None]]:
    """Write the copy, if there is anything to put back; return what it holds, and what was put back in it."""
    lang, restored = language_in(book), [one for one in lost_parts(book) if one.restorable]
    for one in restored:
        put_back(book, one, lang)
    keyless = any(title for _, title in sheets_without_keys(book))
    if restored or keyless:
        book.package.save(out)
    renewed = _renew(run, out) if keyless else {}
    if keyless and not renewed and not restored:
        out.unlink()
        return Book.open(run.document.content), restored, renewed
    return Book.open(out) if renewed else book, restored, renewed


def _renew(run: Run, out: Path) -> dict[str, str | None]:
    """Write the sheets of the copy anew that have lost their keys; none if its plan cannot be split."""
    assert isinstance(run.document, FileDocument)  # a verb of the command line
    copy = replace(run, document=replace(run.document, path=out, out=None))
    try:
        job = open_job(copy, writes=False)
        renewed = renew(job)
    except (Refused, Fault):
        return {}
    if renewed:
        job.book.package.save(out)
    return renewed
