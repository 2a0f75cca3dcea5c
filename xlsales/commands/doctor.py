"""诊断工作簿: what a support person asks for, what a plan has lost, and a copy in which that is put back."""

from __future__ import annotations

from xlsales.commands.condition import condition_of, lines_of, problems_of
from xlsales.commands.document import AlreadyThere
from xlsales.commands.job import Run
from xlsales.commands.outcome import Outcome
from xlsales.commands.repairing import Repair, repaired
from xlsales.core.faults import Fault
from xlsales.ooxml.book import Book
from xlsales.plan.lost import lost_parts
from xlsales.plan.lost_settings import settings_missing
from xlsales.plan.lost_sheets import language_in
from xlsales.vocabulary.contract import Word


class RepairNeedsOut(Fault):
    """A repair without a name for the copy."""

    zh = "修复写到副本里,请写上 -o 新文件名:xlsales doctor {book} --repair -o 修复.xlsx。"
    en = "A repair is written into a copy. Give its name with -o: xlsales doctor {book} --repair -o repaired.xlsx."


_WRITTEN = Word("已写入 {out};{book} 没有改动。", "Wrote {out}; {book} was not changed.")
_SETTINGS = Word(
    "没有这些设置(计划由较早的版本新建),按默认算:{labels}。要用它们,运行 xlsales doctor {book} --repair -o 修复.xlsx。",
    "These settings are not there (an earlier version made the plan), their defaults count: {labels}. To use them, run "
    "xlsales doctor {book} --repair -o repaired.xlsx.",
)
_NOTHING = Word("没有可以恢复的,没有写入。", "There is nothing to put back; nothing was written.")


def doctor(run: Run, repair: bool = False) -> Outcome:
    """Examine a workbook; with `repair` put back, in a copy, what can be put back without guessing.

    Raises RepairNeedsOut, AlreadyThere, or what reading the file and writing the copy raise.
    """
    document = run.document
    source, out = document.content, document.target
    if repair:
        if out.resolve() == source.resolve():
            raise RepairNeedsOut(book=document.home.name)
        document.check([])
        if out.exists():
            raise AlreadyThere(file=str(out))
    made = Repair(Book.open(source))
    if repair:
        made = repaired(run, made.book, out)
    lang = language_in(made.book)
    condition = condition_of(made.book, source)
    problems = problems_of(made.book, lost_parts(made.book), source, document.home.name, lang)
    lines, absent = made.lines(lang), settings_missing(made.book)
    if absent:
        labels = ("、" if lang == "zh" else ", ").join(setting.label[lang] for setting in absent)
        lines.append(_SETTINGS[lang].format(labels=labels, book=document.home.name))
    if repair:
        lines.append((_WRITTEN if made else _NOTHING)[lang].format(out=out, book=document.home.name))
    figures = {**condition, "put_back": [one.name for one in made.restored], "renewed": list(made.renewed)}
    figures |= {"settings_missing": [one.key for one in absent], "settings_added": [one.key for one in made.settings]}
    told = (*lines_of(condition, problems, lang), *lines)
    return Outcome("doctor", lang, out, bool(made), told, tuple(problems), figures)
