"""How a split, a refresh and a check end: every sheet is laid out, and the workbook brought to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

from msgspec.structs import replace

from xlsales.book.edits import Edits
from xlsales.book.planning import plan_edits
from xlsales.commands.changing import change_lines, tell_before
from xlsales.commands.changing import figures as changed_figures
from xlsales.commands.closing import closing, declined, offer_to_close
from xlsales.commands.finish import ask_first, frame_of, run_log
from xlsales.commands.job import Job
from xlsales.commands.message import Ended, Titles
from xlsales.commands.outcome import Outcome, columns_text, figures_of, report, rows_text
from xlsales.commands.past_sales import usable_history
from xlsales.commands.payers import ask_payers, who_pays
from xlsales.commands.spending import read_spend
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault, Place, Problem, Refused
from xlsales.layout.model import SheetModel
from xlsales.layout.sheet import Sheet
from xlsales.plan.achieved import Achieved
from xlsales.plan.added import typed_rows
from xlsales.plan.adjustments.written import IDENTITY_OF_SHEET
from xlsales.plan.changes import Changes
from xlsales.plan.commitments import unanswered
from xlsales.plan.figures import Figures
from xlsales.plan.filled_table import fill_table
from xlsales.plan.order import archives
from xlsales.plan.pages import pasted_pages
from xlsales.plan.replan.table import T_REPLAN
from xlsales.plan.sheets import FIGURES
from xlsales.plan.sheets.overview import OVERVIEW
from xlsales.plan.sheets.problems import PROBLEMS
from xlsales.plan.sheets.versions import VERSIONS, Versions, versions_after
from xlsales.values.date_text import DateBounds
from xlsales.vocabulary.contract import LANGS


def write(
    job: Job,
    command: str,
    breakdown: Breakdown,
    achieved: Achieved | None,
    changes: Changes | None = None,
    *,
    saves: bool = True,
    offers: bool = True,
) -> Outcome:
    """Lay out every sheet, bring the workbook to them, and save it if anything changed.

    `changes` are those of a split; without it the targets stay. With `offers` months with complete sales are
    offered to be closed. A run that does not save reports all the same.
    """
    run = job.run
    offer = offer_to_close(job, achieved, asks=saves) if offers else None
    inputs = job.inputs
    if job.closes:  # what is closed by now is shown as closed by this run, not by the next one
        plan = replace(breakdown.plan, closed_through=inputs.plan.closed_through)
        breakdown = replace(breakdown, plan=plan)
    run.watch(job.word("写入", "sheets"), 0.8)
    figures = run_figures(job, breakdown, achieved)
    judge_offers(job, figures)
    models = list(laid_out(job, figures))
    edits = plan_edits(job.book, models, inputs.lang, job.sheets, targets_stay=changes is None)
    edits = edits if run.document.keeps_results else edits.without_results()
    edits += filled_tables(job, figures)
    edits = closing(job) + job.announced + job.enters + edits
    changed = bool(edits) or job.declined is not None
    if changed:
        records = [_run_log(job, command, figures)]
        if changes is not None and saves:
            versions = versions_after(job.sheets, breakdown, run.now, inputs.lang, job.reasons)
            records += [VERSIONS.model(Versions(figures.frame, versions))] if versions else []
        edits += plan_edits(job.book, records, inputs.lang, job.sheets, more_titles=edits.added)
        overview, pages = _title(job, edits, OVERVIEW), tuple(pasted_pages(job.book))
        edits += Edits(pages=pages, opens_on=overview, before=archives(job.book, job.sheets))
    changes = changes or Changes()
    payers = tuple(who_pays(job, breakdown, changes))
    job.news += [*edits.notes, *payers]
    problems = (*job.problems, *job.news)
    if changed and saves:
        ask_payers(job, payers)
        ask_first(job, problems)
        if job.enters:
            tell_before(job, changes)
        run.document.write(job.book, edits, inputs.lang, command, run.now)
    run.watch("", 1.0)
    news = change_lines(changes, inputs)
    titles = Titles(*(_title(job, edits, sheet) for sheet in (OVERVIEW, PROBLEMS, VERSIONS)))
    counts = figures_of(job, figures) | {"changes": changed_figures(changes), "added": list(edits.added)}
    through = offer.fault.facts.get("through") if offer else None
    counts["to_close"] = str(through) if through else None
    outcome = Outcome(command, inputs.lang, run.document.target, changed, (), problems, counts)
    if not saves:
        offered = [offer.fault.say(inputs.lang)] if offer else []
        end = job.word("只检查,没有写入。", "Checked only; nothing was written.")
        lines = (*report(job, figures, news, problems, every=False), *offered, end)
        return replace(outcome, lines=lines, has_news=bool(news))
    ended = Ended(job, command, figures, edits, changes, offer, titles)
    return replace(
        outcome,
        lines=tuple(ended.message(outcome.book)),
        details=tuple(report(job, figures, news, problems, every=True)),
        has_news=bool(news) or (command != "refresh" and bool(edits.added)),
        shows=titles.overview,
        to_fix=titles.problems if any(not problem.fault.remark for problem in problems) else "",
    )


def _title(job: Job, edits: Edits, sheet: Sheet[Any, Any]) -> str:
    """What a sheet of which there is one is called in the workbook after the edits."""
    titles = {edit.model.identity: edit.model.title for edit in edits.sheets}
    before = job.sheets.get(sheet.identity)
    return titles.get(sheet.identity) or (before.title if before is not None else "")


def run_figures(job: Job, breakdown: Breakdown, achieved: Achieved | None) -> Figures:
    """Return the figures of the run, with the rows of tables that a person added."""
    frame = frame_of(job, achieved.as_of if achieved else None)
    span = DateBounds(breakdown.plan.start, breakdown.plan.end)
    rows, problems = typed_rows(job.book, job.inputs.lang, job.inputs.money_unit, span=span)
    job.problems += [problem.as_note() for problem in problems]
    past = partial(usable_history, job.inputs, job.run.watch, 0.85)  # not of the job, whose cells are to go with it
    spend = partial(read_spend, job.book, job.inputs, job.run.document.content, achieved)
    made = {T_REPLAN.name: job.carried}
    own = frame, breakdown, job.calendar, achieved, job.history, job.problems, rows, past, job.sheets, spend, made
    return Figures(*own)


def filled_tables(job: Job, figures: Figures) -> Edits:
    """Return what brings the tables that the program fills itself to the run's figures; those that were added."""
    edits = Edits()
    for sheet in FIGURES.of_book(job.book, job.sheets):
        if sheet.fills is not None and job.book.table(sheet.tables[0].name) is not None:
            edits += fill_table(job.book, sheet.fills(figures), job.inputs.lang)
    return edits


class NotUpdated(Fault):
    """A sheet that a person added, of which nothing could be worked out this time."""

    zh = "这张表这次没有更新,里面还是以前的数:{zh}里没有它的行,或有错。请改好那里,或删除这张表。"
    en = "Not updated, figures from before: its rows in {en} are gone or at fault. Fix them, or delete this sheet."


def judge_offers(job: Job, figures: Figures) -> None:
    """Let the run say of each commitment without an answer what the member may sell."""
    offers = unanswered(job.book, job.inputs.money_unit)
    if offers:
        from xlsales.plan.offers import judged  # few runs need chances for it

        job.problems += judged(figures, offers, job.inputs)


def laid_out(job: Job, figures: Figures) -> Iterator[SheetModel]:
    """Yield every sheet; one that a person added and filled in wrongly stays as it is, and the problem says why."""
    adjusts = {IDENTITY_OF_SHEET} if figures.breakdown.adjusted else set()  # the run itself may enter the first rows
    for sheet in FIGURES.of_book(job.book, adjusts.union(job.sheets)):
        written, told = set(), set[str]()
        try:
            for view in sheet.views(figures):
                for problem in sheet.doubts(view):
                    (job.news if problem.fault.once else job.problems).append(problem)
                model = sheet.model(view)
                written.add(model.identity)
                yield model
        except Refused as fault:
            if not sheet.tables:
                raise
            job.problems += fault.problems
            told = {problem.place.sheet for problem in fault.problems}
        if sheet.tables:
            stale = _not_updated(job, sheet, written.union(sheet.stays(figures)))
            job.problems += [problem for problem in stale if problem.place.sheet not in told]


def _not_updated(job: Job, sheet: Sheet[Any, Any], written: Collection[str]) -> Iterator[Problem]:
    """Yield the sheets of a kind that are in the workbook and not among those that a run writes, by identity."""
    for identity, before in job.sheets.items():
        of_kind = identity == sheet.identity or identity.startswith(f"{sheet.identity}:")
        if of_kind and identity not in written:
            zh, en = ([table.label[lang] for table in sheet.tables] for lang in LANGS)
            stale = NotUpdated(zh="或".join(f"“{one}”" for one in zh), en=" or ".join(f'"{one}"' for one in en))
            yield Problem.note(Place(before.title), "", stale)


def _run_log(job: Job, command: str, figures: Figures) -> SheetModel:
    """The log of a split, a refresh, or what one of them would write."""
    inputs = job.word("总目标 {total};实际:{source}", "total {total}; actuals: {source}").format(
        total=job.total_of(figures.breakdown), source=job.inputs.actuals.label
    )
    notes = [rows_text(job), columns_text(job)] if job.records else []
    note = job.word(";", "; ").join([*notes, *filter(None, [declined(job)])])
    sums = {"target_after": figures.total["target"], "actual_after": figures.total["actual"]}
    return run_log(job, figures.frame, command, inputs, note, **sums)
