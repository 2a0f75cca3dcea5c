"""A copy of a workbook in which what it has lost is put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from xlsales.commands.document import FileDocument
from xlsales.commands.job import Run, open_job
from xlsales.commands.lost_keys import renew
from xlsales.core.faults import Fault, Lang, Place, Refused
from xlsales.ooxml.book import Book
from xlsales.plan.keyless import sheets_without_keys
from xlsales.plan.lost import Lost, lost_parts, put_back
from xlsales.plan.lost_settings import add_settings, settings_missing
from xlsales.plan.lost_sheets import language_in
from xlsales.vocabulary.contract import Setting, Word

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
_SETTINGS = Word(
    "已在 {place} 起加上这个计划没有的设置:{labels}。值就是以前按它算的默认,结果不变;原来的内容没有改动。",
    "Added the settings that this plan did not have, from {place} on: {labels}. Their values are the defaults that "
    "counted before, so results stay; nothing else was changed.",
)
_RENEWED = Word("已重新生成“{title}”,里面的目标照旧。", 'Wrote sheet "{title}" anew with the targets that were in it.')
_KEPT = Word("原来的表留作“{kept}”,不需要时请删除。", ' The old one is kept as "{kept}"; delete it if unneeded.')
_MARKED = Word(
    "已恢复“{title}”的标记:下次“分解目标”或“刷新进度”会在原位重新生成它。",
    'Put back the mark of sheet "{title}": the next split or refresh writes it anew in its place.',
)


class Repair(Struct, frozen=True):
    """A workbook with what was put back in it; `renewed` sheets by title, each with the title of the old one beside.

    That is None if no old one was kept, and "" if only the mark of the sheet was put back. `settings` are those that
    an earlier version did not have, from `settings_at` on.
    """

    book: Book
    restored: Sequence[Lost] = ()
    renewed: Mapping[str, str | None] = field(default_factory=dict)
    settings: Sequence[Setting] = ()
    settings_at: Place | None = None

    def __bool__(self) -> bool:
        """Whether anything was put back."""
        return bool(self.restored or self.renewed or self.settings)

    def lines(self, lang: Lang) -> list[str]:
        """Return a line for each part that was put back."""
        lines = [
            _PUT_BACK[one.kind][lang].format(label=one.label[lang], name=one.name, place=one.place)
            for one in self.restored
        ]
        if self.settings:
            labels = ("、" if lang == "zh" else ", ").join(setting.label[lang] for setting in self.settings)
            lines.append(_SETTINGS[lang].format(place=self.settings_at, labels=labels))
        for title, kept in self.renewed.items():
            line = (_MARKED if kept == "" else _RENEWED)[lang].format(title=title)
            lines.append(line + (_KEPT[lang].format(kept=kept) if kept else ""))
        return lines


def repaired(run: Run, book: Book, out: Path) -> Repair:
    """Write the copy, if there is anything to put back; return what it holds, and what was put back in it."""
    lang, restored = language_in(book), [one for one in lost_parts(book) if one.restorable]
    for one in restored:
        put_back(book, one, lang)
    settings = settings_missing(book)
    settings_at = add_settings(book, settings, lang) if settings else None
    keyless = any(title for _, title in sheets_without_keys(book))
    if restored or settings or keyless:
        book.package.save(out)
    renewed = _renew(run, out) if keyless else {}
    if keyless and not renewed and not restored and not settings:
        out.unlink()
        return Repair(Book.open(run.document.content))
    return Repair(Book.open(out) if renewed else book, restored, renewed, settings, settings_at)


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
