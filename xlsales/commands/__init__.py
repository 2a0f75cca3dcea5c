"""The verbs: each a short story of read → core → write, the same for every host.

A command either returns an `Outcome`, or raises `Fault` or `Refused` and has
written nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from xlsales.book.edits import plan_edits
from xlsales.book.restoring import plan_restoration
from xlsales.book.snapshots import Snapshot, Snapshots
from xlsales.commands.alike import only_case_apart
from xlsales.commands.changing import closed_otherwise, closing, decide, of_rounding, past_problem, told
from xlsales.commands.changing import figures as changed_figures
from xlsales.commands.document import Document, FileDocument, LiveDocument, Past, check_ending
from xlsales.commands.finish import VERBS, ask_first, frame_of, run_log
from xlsales.commands.job import Job, Run, Watch, open_job
from xlsales.commands.leaving import unassigned
from xlsales.commands.outcome import Outcome, figures_of, report, rows_text
from xlsales.commands.payers import ask_payers, who_pays
from xlsales.commands.steps import lowered, split_again, split_total, sum_actuals, written_targets
from xlsales.commands.wanting import without_history
from xlsales.commands.without_target import without_target
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault, Lang, Place, Problem, Refused
from xlsales.layout.model import IDENTITY, SheetModel
from xlsales.ooxml.book import Book
from xlsales.plan.changes import Changes, changes_of
from xlsales.plan.inputs import language_of
from xlsales.plan.sheets import lay_out
from xlsales.plan.sheets.versions import lay_out_versions
from xlsales.plan.shown import NAN
from xlsales.plan.statement import Achieved, Statement, problems_sheet
from xlsales.plan.targets import SplitAnew
from xlsales.plan.versions import versions_after
from xlsales.vocabulary.contract import Word

__all__ = [
    "Document",
    "FileDocument",
    "LiveDocument",
    "Outcome",
    "Past",
    "Run",
    "Watch",
    "check",
    "demo",
    "new",
    "refresh",
    "split",
    "undo",
    "undo_live",
]


class ActualsGone(Fault):
    """A split without actuals has cleared achievements that stood in the sheets."""

    zh = "“{label}”里现在没有实际,达成各列已清空(原来合计 {amount} 元)。要恢复,请贴回实际(或用 --actuals)再刷新。"
    en = (
        '"{label}" has no actuals now, so the achievement columns were cleared (they added up to {amount} yuan). '
        "Paste them back, or use --actuals, and refresh."
    )


class AlreadyThere(Fault):
    """A fresh plan would overwrite a file."""

    zh = "{file} 已经存在。请换一个文件名,或先删除它。"
    en = "{file} exists already. Choose another name, or delete it first."


def new(book: Path, lang: Lang) -> Outcome:
    """新建计划: write a fresh plan workbook; an existing file is never overwritten."""
    check_ending(book, ".xlsx")
    if book.exists():
        raise AlreadyThere(file=book.name)
    from xlsales.plan.template.plan import write_template  # a refresh need not load the writer

    write_template(book, lang)
    steps = Word(
        "已新建 {book}。请填“设置”和“维度”,然后运行 xlsales split。",
        "Wrote {book}. Fill in Settings and Dimensions, then run xlsales split.",
    )
    return Outcome("new", lang, book, True, (steps[lang].format(book=book),))


def split(run: Run) -> Outcome:
    """分解目标: split the total over time and every dimension, and refresh what is there of actuals."""
    job = open_job(run, SplitAnew)
    breakdown = split_total(job)
    achieved = sum_actuals(job, breakdown, None, required=False)
    breakdown, changes = _settled(job, breakdown, achieved)
    if decide(job, changes):
        breakdown = split_again(job)
        changes = changes_of(job.sheets, breakdown, achieved.as_of if achieved else None)
    job.problems += [
        *only_case_apart(job),
        *closed_otherwise(job),
        *lowered(job, breakdown),
        *unassigned(job, breakdown),
        *without_history(job, breakdown),
        *without_target(job, breakdown),
        *_cleared(job, achieved),
    ]
    return _write(job, "split", breakdown, achieved, changes)


def refresh(run: Run, as_of: dt.date | None = None) -> Outcome:
    """刷新进度: read the actuals and refresh the achievement columns; targets stay as they are."""
    job = open_job(run)
    breakdown = written_targets(job)
    achieved = sum_actuals(job, breakdown, as_of, required=True)
    return _write(job, "refresh", breakdown, achieved, Changes())


def check(run: Run, as_of: dt.date | None = None) -> Outcome:
    """检查: what split and refresh would do, and what is wrong; nothing is written."""
    job = open_job(run, writes=False)
    breakdown = split_total(job)
    achieved = sum_actuals(job, breakdown, as_of, required=False)
    breakdown, changes = _settled(job, breakdown, achieved)
    problem = past_problem(job, changes)
    job.problems += [
        *only_case_apart(job),
        *closed_otherwise(job),
        *lowered(job, breakdown),
        *unassigned(job, breakdown),
    ]
    job.problems += [*without_history(job, breakdown), *without_target(job, breakdown)]
    job.problems += [problem] if problem else []
    return _write(job, "check", breakdown, achieved, changes)


def undo(book: Path, out: Path | None, snapshots: Snapshots) -> Outcome:
    """撤销上次: put back the version before the last run."""
    if out is not None:
        check_ending(out, book.suffix)
    last = snapshots.undo(book, out)
    return _undone(last, out or book, language_of(out or book))


def undo_live(document: LiveDocument, snapshots: Snapshots) -> Outcome:
    """撤销上次, in a workbook that is open in a program: what the last run changed goes back, all else stays."""
    last, before, after = snapshots.last_live(document.home)
    now = Book.open(document.content)
    restoration = plan_restoration(now, Book.open(before), Book.open(after), last, document.home.name)
    document.restore(restoration, before)
    snapshots.forget_last(document.home)
    return _undone(last, document.target, language_of(document.content))


def demo(folder: Path, lang: Lang, now: dt.datetime, snapshots: Snapshots, watch: Watch) -> Outcome:
    """演示: a five-region company's plan, split, with eight months of plausible, dirty actuals, refreshed."""
    from xlsales.plan.template.example import paste_actuals, write_example

    folder.mkdir(parents=True, exist_ok=True)
    book = folder / Word("目标计划-演示.xlsx", "target-plan-demo.xlsx")[lang]
    if book.exists():
        raise AlreadyThere(file=str(book))
    run = Run(FileDocument(book, snapshots), now, watch=watch)
    write_example(book, lang)
    split(run)
    paste_actuals(book, lang)
    outcome = refresh(run)
    look = Word(
        "打开 {book}:先看“进度总览”,再看“按区域”和“数据问题”。",
        "Open {book}: start at Overview, then By Region and Problems.",
    )
    lines = (*outcome.lines, look[lang].format(book=book))
    return replace(outcome, command="demo", staged=True, lines=lines)


def _undone(last: Snapshot, book: Path, lang: Lang) -> Outcome:
    done = Word(
        "已撤销 {when} 的“{command}”;{book} 回到那之前的样子。",
        "Undid {command} of {when}; {book} is as it was before.",
    )
    return Outcome(
        "undo", lang, book, True, (done[lang].format(when=last.when, command=VERBS[last.command][lang], book=book),)
    )


def _settled(job: Job, breakdown: Breakdown, achieved: Achieved | None) -> tuple[Breakdown, Changes]:
    """Return the split and what it changes; complete months that only rounding would move stay as they are."""
    as_of = achieved.as_of if achieved else None
    changes = changes_of(job.sheets, breakdown, as_of)
    if of_rounding(job, changes):
        with suppress(Refused):  # what is held may need a step of theirs: that is asked
            breakdown = split_again(job, changes.complete.through)
            kept = tuple(changes.complete.months)
            changes = replace(changes_of(job.sheets, breakdown, as_of), kept=kept)
    return breakdown, changes


def _cleared(job: Job, achieved: Achieved | None) -> Iterator[Problem]:
    before = job.sheets.get(IDENTITY + "time")
    amount = before.number("total", "actual") if before else NAN
    if achieved is None and amount == amount and amount:
        label = job.inputs.actuals.label
        yield Problem(Place(label), "", ActualsGone(label=label, amount=f"{amount:,.2f}"), set_aside=False)


def _write(job: Job, command: str, breakdown: Breakdown, achieved: Achieved | None, changes: Changes) -> Outcome:
    """Lay out every sheet, bring the workbook to them, and save it if anything changed."""
    run, inputs = job.run, job.inputs
    job.run.watch(job.word("写入", "sheets"), 0.8)
    frame = frame_of(job, achieved.as_of if achieved else None)
    statement = Statement(frame, breakdown, job.calendar, achieved)
    problems = problems_sheet(frame, job.problems, achieved.conservation if achieved else None)
    basis = statement.basis_sheet(job.history) if job.history and len(job.history.days) else None
    models = lay_out(statement, problems, basis)
    edits = closing(job) + plan_edits(job.book, models, inputs.lang, job.sheets, targets_stay=command == "refresh")
    changed = bool(edits)
    if changed:
        kept = [_run_log(job, command, statement)]
        if command == "split" and (versions := versions_after(job.sheets, breakdown, run.now, inputs.lang)):
            kept.append(lay_out_versions(frame, versions))
        edits += plan_edits(job.book, kept, inputs.lang, job.sheets, taken=edits.added)
    # said of this run alone: a second one changes nothing, in the sheet of problems neither
    paying = tuple(who_pays(job, breakdown, changes))
    problems_found = (*job.problems, *edits.notes, *paying)
    if changed and command != "check":
        ask_payers(job, paying)
        ask_first(job, problems_found)
        run.document.write(job.book, edits, inputs.lang, command, run.now)
    run.watch("", 1.0)
    target = run.document.target
    news = told(changes, inputs)
    lines = report(job, command, statement, target, changed, news, problems_found)
    figures = figures_of(job, statement) | {"changes": changed_figures(changes)}
    return Outcome(command, inputs.lang, target, changed, lines, problems_found, figures, tells=bool(news))


def _run_log(job: Job, command: str, statement: Statement) -> SheetModel:
    """The log of a split, a refresh, or what one of them would write."""
    total = statement.total()
    inputs = job.word("总目标 {total};实际:{source}", "total {total}; actuals: {source}").format(
        total=job.total_of(statement.breakdown), source=job.inputs.actuals.label
    )
    note = rows_text(job) if job.records else ""
    sums = {"target_after": total.target, "actual_after": total.actual}
    return run_log(job, statement.frame, command, inputs, note, **sums)
