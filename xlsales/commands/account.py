"""The account of a collection: a line for every store, every finding with its file, and the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from xlsales.commands.collection import Collection
from xlsales.commands.job import Job
from xlsales.commands.outcome import unchanged
from xlsales.core.faults import Place, Problem
from xlsales.core.periods import days_of_month
from xlsales.core.plan import MICROS, FiscalYear
from xlsales.core.text import counted
from xlsales.plan.handed.tables import HANDED
from xlsales.plan.return_states import HANDED_IN, STATES
from xlsales.plan.sheets.returns import RETURNS, ReturnLine
from xlsales.store.collect.arrivals import is_late
from xlsales.store.collect.blanks import blank_days
from xlsales.store.collect.choices import BlankBeside
from xlsales.store.collect.marking import points, sentence
from xlsales.store.contract import BACK_FOLDER
from xlsales.store.returned import Count, Returned, Round, yuan
from xlsales.vocabulary.contract import Word

_OTHER_FILES = Word("(认不出是谁的)", "(of nobody known)")


def lines_of(collection: Collection, due: dt.date | None) -> list[ReturnLine]:
    """A line for each store in the plan's order, then one for each file of no store."""
    round_ = collection.round
    by_store: dict[str, list[Returned]] = {}
    others = []
    for one in collection.returned:
        if one.code in round_.expected:
            by_store.setdefault(one.code, []).append(one)
        else:
            others.append(one)
    lines = [_line(f"s:{code}", code, by_store.get(code, []), due, round_) for code in round_.expected]
    unsent = set() if collection.handed_out is None else round_.expected.keys() - collection.handed_out
    lines = [
        replace(line, state="unsent") if line.state == "missing" and line.store in unsent else line for line in lines
    ]
    lines = _with_blank_days(collection, lines)
    none = _OTHER_FILES[round_.lang]
    return lines + [_line(f"f:{one.file}", one.code or none, [one], due, round_) for one in others]


def _line(key: str, store: str, files: list[Returned], due: dt.date | None, round_: Round) -> ReturnLine:
    if not files:
        return ReturnLine(key, store, "missing")
    files = [one for one in files if not isinstance(one.refused, BlankBeside)] or files
    valid = next((one for one in files if one.refused is None), None)
    first = valid or files[0]
    total = sum((one.found for one in files), Count())
    accepted = sum((one.accepted for one in files), Count())
    aside = sum((one.set_aside for one in files), Count())
    sentences = [sentence(one, round_.lang) for one in (first, *(one for one in files if one is not first))]
    state, before = _state(valid, round_), round_.known.get(store)
    return ReturnLine(
        key=key,
        store=store,
        state=state,
        late=state in HANDED_IN and is_late(first, due),
        file="\n".join(one.file for one in files),
        last_day=before if state == "before" else valid.last_day if valid else None,
        version=first.version or None,
        rows_found=total.rows,
        rows_accepted=accepted.rows,
        rows_aside=aside.rows,
        found=total.micros / MICROS,
        accepted=accepted.micros / MICROS,
        aside=aside.micros / MICROS,
        commitments=len(valid.commitments) if valid else 0,
        why="\n".join(dict.fromkeys(text for text in sentences if text)),
        copies=len(files),
    )


def _with_blank_days(collection: Collection, lines: Sequence[ReturnLine]) -> list[ReturnLine]:
    """Add to each store's line how many days are blank, up to the last day that any file has."""
    round_, pasted = collection.round, collection.actuals.pasted
    days = {batch.code: batch.sales.days for batch in collection.batches}
    through = max((one.last_day for one in collection.counted if one.last_day), default=None)
    with_blanks = []
    for line in lines:
        if through is not None and line.state != "unsent":
            standing = collection.actuals.collected.get(line.store)
            own_days = [days[line.store]] if line.store in days else []
            if standing is not None and not standing.changed and not own_days:
                own_days.append(standing.sales.days)
            covered = _pasted_to(pasted.days.get(line.store), pasted.fiscal)
            line = replace(line, blank_days=blank_days(line.store, round_, covered, through, own_days))
        with_blanks.append(line)
    return with_blanks


def _pasted_to(days: NDArray[np.int64] | None, fiscal: FiscalYear) -> int:
    """The last day (an ordinal) that the pasted rows of a store reach; months on their first days reach their ends."""
    if days is None or not days.size:
        return 0
    last = dt.date.fromordinal(int(days.max()))
    if all(dt.date.fromordinal(day).day == 1 for day in days.tolist()):
        last = days_of_month(last.year, last.month, fiscal)[1]
    return last.toordinal()


def _state(valid: Returned | None, round_: Round) -> str:
    if valid is None:
        return "refused"
    if valid.is_blank:
        return "before" if valid.code in round_.known else "missing"
    if valid.accepted.rows < valid.found.rows:
        return "partly" if valid.accepted.rows else "none"
    return "mend" if valid.is_to_fix else "returned"


def findings(collection: Collection) -> list[Problem]:
    """Return every finding; its place has the file."""
    problems = []
    for one in collection.returned:
        if one.refused is not None:
            aside = one.set_aside
            problem = Problem(Place(f"[{one.file}]"), "", one.refused, aside.micros if aside.rows else None, aside.rows)
            problems.append(problem)
            continue
        problems += [
            replace(p, place=Place(f"[{one.file}]{p.place.sheet}", p.place.row, p.place.column)) for p in one.problems
        ]
    return problems


def rows_text(job: Job, collection: Collection) -> str:
    """Say how many rows, of what amount, were found, accepted and set aside."""
    total, accepted, aside = (collection.total(what) for what in ("found", "accepted", "set_aside"))
    unit = job.inputs.money_unit.in_full.word(job.inputs.lang)
    text = job.word(
        "读到 {0} 行 {1} {6},采用 {2} 行 {3} {6},搁置 {4} 行 {5} {6}",
        "{0:rows} of {1} {6} found, {2} of {3} accepted, {4} of {5} set aside",
    )
    amounts = [(c.rows, yuan(c.micros)) for c in (total, accepted, aside)]
    return counted(text, *(part for pair in amounts for part in pair), unit)


def report(
    job: Job,
    collection: Collection,
    lines: Sequence[ReturnLine],
    target: Path,
    changed: bool,
    problems: Sequence[Problem],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the message in which a collection ends, and the details that it only counts."""
    lang = job.inputs.lang
    stores = [line for line in lines if line.key.startswith("s:")]
    states = {state: sum(line.state == state for line in stores) for state in STATES}
    text = job.word(",", ", ").join(f"{STATES[s][lang]} {n}" for s, n in states.items() if n)
    late = sum(line.late for line in stores)
    if late:
        text += job.word(";其中迟交 {}", "; late {}").format(late)
    if several := sum(line.copies > 1 for line in stores):
        text += job.word(";{} 个交了不止一份", "; {} returned several files").format(several)
    if others := len(lines) - len(stores):
        text += counted(job.word(";另有 {} 份文件认不出是谁的", "; {:files} of nobody known"), others)
    account = [
        job.word("{0} {1} 个:{2}", "{0}: {1} in all: {2}").format(collection.round.dimension.name, len(stores), text),
        rows_text(job, collection),
    ]
    for table in HANDED:
        if n := sum(back.table == table.key for one in collection.counted for back in one.handed_back):
            account.append(counted(table.said[lang], n))
    done = job.word("收回完成,已写入 {}", "Collect done. Wrote {}").format(target) if changed else unchanged(job)
    said, every = _problem_lines(job, collection, problems)
    return (done, *account, *said, _next(job, collection, states["missing"])), tuple(every)


def _problem_lines(job: Job, collection: Collection, problems: Sequence[Problem]) -> tuple[list[str], list[str]]:
    """The findings for the message, and all of them: a few in full, those in many files by their number."""
    lang = job.inputs.lang
    own = [p.say(lang) for p in problems if not p.place.sheet.startswith("[") and not p.fault.remark]  # of no file
    to_see = [one for one in collection.returned if one.is_to_see]
    of_files = [
        f"[{one.file}]{point.sheet}{'!' if point.cells else ''}{point.cells}: {point.sentence}"
        for one in to_see
        for point in points(one, lang)
    ]
    remarks = [problem.say(lang) for problem in problems if problem.fault.remark]
    others = [one for one in collection.returned if not one.is_to_see]
    if remarked := sum(bool(one.refused) or any(not p.fault.remark for p in one.problems) for one in others):
        text = job.word(
            "另有 {} 份文件不用改,只有说明(空白、旧版本或重复),见“{}”。",
            '{0} more {0:file is|files are} blank, of an earlier version or copies: nothing to fix; see "{1}".',
        )
        remarks.append(counted(text, remarked, RETURNS.title[lang]))
    if not own and not of_files:
        return remarks[:_MOST_TOLD], remarks[_MOST_TOLD:]
    count = len(own) + len(of_files)
    head = job.word("要看的 {} 处:", "{} to look at:").format(count)
    if count <= _MOST_SAID:
        return [head, *(f"  {text}" for text in (*own, *of_files)), *remarks[:_MOST_TOLD]], remarks[_MOST_TOLD:]
    where = job.word(
        "要看的 {0} 处,在 {1} 份文件里:见“{2}”;标好的副本在“{3}”文件夹。",
        '{0} to look at, in {1:files}: see "{2}"; copies with marks are in folder "{3}".',
    )
    in_files = [counted(where, len(of_files), len(to_see), RETURNS.title[lang], BACK_FOLDER[lang])] if of_files else []
    return [*own, *in_files, *remarks[:_MOST_TOLD]], [head, *(f"  {text}" for text in (*own, *of_files)), *remarks]


def _next(job: Job, collection: Collection, missing: int) -> str:
    """What a person does after a collection."""
    if any(one.is_to_fix for one in collection.returned):
        text = job.word(
            "下一步:把“{}”文件夹里的文件发回去改。", 'Next: send the files in folder "{}" back to be fixed.'
        )
        return text.format(BACK_FOLDER[job.inputs.lang])
    if any(one.commitments for one in collection.counted):
        return job.word("下一步:在“承诺”里答复,再分解目标。", "Next: answer in Commitments, then split.")
    if missing:
        text = job.word(
            "下一步:催交 {} 份;已收的可以先刷新进度。", "Next: {0:files} to ask for; what came can be refreshed."
        )
        return counted(text, missing)
    return job.word("下一步:刷新进度。", "Next: refresh.")


_MOST_SAID, _MOST_TOLD = 3, 10
"""So many findings are said in full if there are no more, and so many remarks."""


_LINE_KEYS = ("store", "state", "late", "copies", "blank_days", "file", "why", "accepted")


def figures(collection: Collection, lines: Sequence[ReturnLine]) -> dict[str, Any]:
    """Return rows and amounts (yuan), and the state of each store, for programs."""
    counts = {what: collection.total(what) for what in ("found", "accepted", "set_aside")}
    return {
        "rows": {what: count.rows for what, count in counts.items()},
        "amounts": {what: count.micros / MICROS for what, count in counts.items()},
        "stores": [{key: getattr(line, key) for key in _LINE_KEYS} for line in lines],
    }
