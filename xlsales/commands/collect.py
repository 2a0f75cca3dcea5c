"""收回填报: the stores' workbooks read, checked, and what can be taken of them written into the plan.

The story: the targets as they stand → every returned file into values → which file of a store counts → rows to
实际, commitments to 承诺, the account to 回收情况 → copies to send back → the workbook, in one step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlsales.book.edits import Edits
from xlsales.book.planning import plan_edits
from xlsales.book.protection import refuse_protected
from xlsales.commands.account import figures, findings, lines_of, report, rows_text
from xlsales.commands.actuals import twice_rule
from xlsales.commands.collection import Collection
from xlsales.commands.finish import ask_first, frame_of, run_log
from xlsales.commands.handed import handed_rows
from xlsales.commands.job import Job, Run, open_job
from xlsales.commands.outcome import Outcome
from xlsales.commands.past_sales import usable_history
from xlsales.commands.returned_files import Helpers, helpers, read_all
from xlsales.commands.round import damaged_keys, near_the_plan, store_dimension
from xlsales.commands.sending_back import send_back
from xlsales.commands.targets import written_targets
from xlsales.commands.verbs import verb_of
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault, Problem
from xlsales.core.periods import Level
from xlsales.core.plan import MICROS, Dimension
from xlsales.layout.model import IDENTITY
from xlsales.ooxml.files import shown
from xlsales.plan.collected import plan_actuals
from xlsales.plan.commitments import Made, plan_commitments, standing_commitments
from xlsales.plan.handed.rows import HandedRows, plan_handed_back
from xlsales.plan.handed.tables import HANDED
from xlsales.plan.order import archives
from xlsales.plan.places import also_named, pairs_of, places_of
from xlsales.plan.sheets.returns import RETURNS, Returns
from xlsales.plan.sheets.runs import read_runs
from xlsales.store.collect.arrivals import arrivals, not_read, settle
from xlsales.store.handout.names import file_names
from xlsales.store.manifest import handed_out
from xlsales.store.returned import Expected, Round
from xlsales.store.seals import Seals, seals_of
from xlsales.store.tables import Tables, tables_of
from xlsales.store.targets import StoreTerms, targets_of
from xlsales.tables.rows.collected import Actuals, read_actuals
from xlsales.tables.rows.pasted import Pasted


def collect(run: Run, folder: Path, dimension: str | None = None, due: dt.date | None = None) -> Outcome:
    """Take back the stores' workbooks in a folder; `due`, else that of the settings, is the last day not late."""
    job = open_job(run, actuals=False)
    due = due or job.inputs.return_due
    breakdown = written_targets(job)
    job.let_targets_go()
    units, row_faults = store_dimension(job, dimension), list[Problem]()
    rows = handed_rows(job, breakdown, units, row_faults)
    collection = _collection(job, breakdown, units, folder, rows)
    lang, document = job.inputs.lang, run.document
    lines = tuple(lines_of(collection, due))
    frame = frame_of(job)
    edits = _edits(job, collection)
    model = RETURNS.model(Returns(frame, collection.round.dimension.name, lines))
    edits += plan_edits(job.book, [model], lang, job.sheets, more_titles=edits.added)
    changed = bool(edits)
    if changed:
        log = run_log(job, frame, "collect", folder.name, rows_text(job, collection))
        edits += plan_edits(job.book, [log], lang, job.sheets, more_titles=edits.added)
        edits += Edits(before=archives(job.book, job.sheets))
    ask_first(job, edits.notes)
    corrected = send_back(collection, folder)
    if changed:
        document.write(job.book, edits, lang, "collect", run.now)
    run.watch("", 1.0)
    problems = [
        *corrected,
        *not_read(folder, run.document.home),
        *damaged_keys(collection.round.seals),
        *findings(collection),
        *collection.typed_over(),
        *collection.lacking(),
        *collection.unclear_places(),
        *_read_elsewhere(job, collection),
        *row_faults,
        *edits.notes,
    ]
    text, details = report(job, collection, lines, document.target, changed, problems)
    return Outcome(
        "collect",
        lang,
        document.target,
        changed,
        text,
        tuple(problems),
        figures(collection, lines),
        details=details,
        shows=RETURNS.title[lang] if changed else "",
    )


def _collection(job: Job, breakdown: Breakdown, dimension: Dimension, folder: Path, rows: HandedRows) -> Collection:
    """Read every returned file, and settle which of them count."""
    paths = _by_name(arrivals(folder, job.run.document.home), folder)
    with helpers(paths) as crew:
        return _collected(job, breakdown, dimension, folder, paths, crew, rows)


def _collected(
    job: Job, breakdown: Breakdown, dimension: Dimension, folder: Path, paths: dict[str, Path], crew: Helpers,
    rows: HandedRows,
) -> Collection:  # fmt: skip
    run, inputs, plan = job.run, job.inputs, job.inputs.plan
    others = tuple(d for d in plan.dimensions if d.name != dimension.name)
    history = usable_history(job.inputs, job.run.watch)
    tables = tables_of(breakdown, breakdown.dimensions[dimension.name].dimension, history)
    places = [d for d in others if d.name in tables.places]
    actuals = read_actuals(
        job.book,
        dimension,
        others,
        inputs.amount_yuan,
        run.document.content,
        mapping=inputs.mapping,
        rules=inputs.rules,
        places=places,
        collected_before=_collected_before(job),
        pieces=inputs.unit == "piece",
        currency=inputs.currency,
        fiscal=plan.fiscal,
    )
    sources = (actuals.pasted.places, pairs_of(history, dimension, places))
    near, rule = near_the_plan(run, folder), twice_rule(job)
    seals = seals_of(plan.name, dimension.name, near, apart=folder)
    round_ = _round(job, breakdown, dimension, tables, actuals, seals, rows, pasted_counts=rule.counts == "pasted")
    returned = []
    for n, one in enumerate(read_all(crew, paths, round_)):
        run.watch(job.word("读取交回的文件", "returned files"), 0.2 + 0.6 * n / len(paths))
        returned.append(one)
    settle(returned, round_)
    sales = {one.code: one.sold for one in returned if one.refused is None}
    filled = also_named(actuals.pasted.collected_places, sales, dimension, places)
    recipients = handed_out(near, plan.name, dimension.name)
    return Collection(round_, actuals, returned, places_of(dimension, places, sources, filled), rule, recipients, paths)


def _round(
    job: Job,
    breakdown: Breakdown,
    dimension: Dimension,
    tables: Tables,
    actuals: Actuals,
    seals: Seals,
    rows: HandedRows,
    *,
    pasted_counts: bool,
) -> Round:
    """What every returned file is held against."""
    inputs, plan, line = job.inputs, job.inputs.plan, breakdown.timeline
    terms = StoreTerms(
        breakdown.plan, dimension.name, line, job.calendar, inputs.lang, inputs.unit, tables=tables.tables,
        currency=inputs.currency,
    )  # fmt: skip
    stores = targets_of(breakdown, breakdown.dimensions[dimension.name].dimension, tables)
    expected = {targets.code: Expected(terms, targets) for targets in stores}
    through = plan.closed_through or dt.date.min
    commitments = standing_commitments(job.book, inputs.money_unit)
    return Round(
        terms=terms,
        dimension=dimension,
        others=tuple(d for d in plan.dimensions if d.name != dimension.name),
        today=min(plan.end, job.run.now.date()),
        step_micros=plan.step_micros,
        expected=expected,
        known=actuals.last_days,
        names={Path(name).stem: code for code, name in file_names(expected).items()},
        seals=seals,
        closed=frozenset(month.key for month in line.periods(Level.MONTH) if month.end <= through),
        committed={(m, period): micros for (of, m, period), micros in commitments.items() if of == dimension.name},
        rows={
            table: {name: {row.key: row for row in own} for name, own in by_member.items()}
            for table, by_member in rows.items()
        },
        sums=_known_sums(actuals.pasted, terms.month_of_day) if pasted_counts else {},
    )


def _by_name(files: Sequence[Path], folder: Path) -> dict[str, Path]:
    """Files by their names as they are shown; of two that look alike, the second one has a number."""
    paths: dict[str, Path] = {}
    for path in files:
        name = shown(path.relative_to(folder).as_posix())
        paths[name if name not in paths else f"{name} ({len(paths)})"] = path
    return paths


def _collected_before(job: Job) -> bool:
    """Whether the plan's workbook was ever collected into, by its account or its run log."""
    account = f"{IDENTITY}returns" in job.sheets
    return account or any(run.command in verb_of("collect").logged for run in read_runs(job.sheets))


def _known_sums(pasted: Pasted, month_of_day: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Return the months of each store of which only the last day has pasted rows: their sums, in micros."""
    ends = {month: day for day, month in month_of_day.items()}
    sums: dict[str, dict[str, int]] = {}
    for store in pasted.days:
        days: dict[str, dict[str, int]] = {}
        for day, micros in pasted.on(store).items():
            days.setdefault(month_of_day.get(key := day.isoformat(), ""), {})[key] = micros
        sums[store] = {
            month: of_day[ends[month]] for month, of_day in days.items() if month and of_day.keys() == {ends[month]}
        }
    return sums


class ReadElsewhere(Fault):
    """The plan reads its actuals from another file than the one collected rows are written into."""

    zh = "设置里的“实际文件”是 {file},刷新时读它;回收的数据写在“{label}”。请清空“实际文件”再刷新。"
    en = 'Settings read actuals from {file}, but collected rows are in "{label}". Clear "Actuals file", then refresh.'


def _read_elsewhere(job: Job, collection: Collection) -> list[Problem]:
    if job.inputs.actuals.path == job.run.document.content:
        return []
    fault = ReadElsewhere(file=job.inputs.actuals.path.name, label=collection.actuals.label)
    return [Problem.note(job.setting_place("xs_actuals_file"), "", fault)]


# --- writing -----------------------------------------------------------------


def _edits(job: Job, collection: Collection) -> Edits:
    """Plan what brings 实际 and 承诺 up to date."""
    inputs, round_ = job.inputs, collection.round
    commitments = [
        Made(
            round_.dimension.name,
            one.code,
            commitment.period,
            round(round_.expected[one.code].months[commitment.period] * MICROS),
            commitment.micros,
            commitment.reason,
            one.file,
        )
        for one in collection.counted
        for commitment in one.commitments
    ]
    edits = plan_actuals(collection.actuals, collection.batches, round_.dimension, round_.others, inputs.lang)
    edits += plan_commitments(job.book, commitments, inputs.money_unit, inputs.lang)
    back = [(one.code, one.handed_back) for one in collection.counted]
    edits += plan_handed_back(back, round_.rows, HANDED, inputs.money_unit, inputs.lang)
    refuse_protected(job.book, edits)
    return edits
