"""The account of a collection: a line for every store, every finding with its file, and what is told."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlsales.commands.job import Job
from xlsales.core.faults import DateRange, Fault, Listed, Place, Problem
from xlsales.core.plan import MICROS
from xlsales.core.text import counted
from xlsales.plan.places import Places, PlaceUnclear
from xlsales.plan.sheets.returns import HANDED_IN, RETURNS, STATES, ReturnLine
from xlsales.store.collect.arrivals import is_late
from xlsales.store.collect.blanks import blank_days
from xlsales.store.collect.choices import BlankBeside, Superseded
from xlsales.store.collect.marking import points, sentence
from xlsales.store.contract import BACK_FOLDER
from xlsales.store.returned import Count, Returned, Round, yuan
from xlsales.tables.rows.collected import Actuals, Batch
from xlsales.tables.rows.sold import SoldRows
from xlsales.tables.rows.twice import Rule, ruling
from xlsales.vocabulary.contract import UNITS, Word

_OTHER_FILES = Word("(认不出是谁的)", "(of nobody known)")
_NO_RECORD = Word("没有记录", "no record")


class Withdrawn(Fault):
    """Days that were collected of a store before, which the file that counts now lacks."""

    zh = (
        "“{store}”这次的文件里没有之前收到的 {days} 天({span},合计 {amount}),已从“{label}”撤下。"
        "这些天如果有销售,请让“{store}”补填后再交,或用“撤销上次”。"
    )
    en = (
        '"{store}": {days:days} collected before ({span}, {amount} in all) {days:is|are} not in the file '
        'returned now, and {days:was|were} taken out of "{label}". If there were sales, let it fill them in, or undo.'
    )


class OnlyInOlder(Fault):
    """Days that only an older file of a store has, while its latest counts."""

    zh = (
        "采用的是“{store}”的“{taken}”,但这份里有 {days} 天({span},合计 {amount})在那份里没有,"
        "没有计入。请让“{store}”把这些天补进“{taken}”,再收一次。"
    )
    en = (
        'Of the files of "{store}", "{taken}" counts, but this one has {days:days} that it lacks ({span}, '
        '{amount} in all): not counted. Let it fill them into "{taken}", then collect again.'
    )


class BackToKnown(Fault):
    """Days that a store had typed over and has cleared since: headquarters' own figures count again."""

    zh = (
        "“{store}”清空了以前改填的 {days} 天({span},合计 {amount}),已从“{label}”撤下,这些天按总部粘贴的算。"
        "要按改填的算,请让“{store}”再填上,再收一次。"
    )
    en = (
        '"{store}" has cleared {days:days} typed over before ({span}, {amount} in all): taken out of '
        '"{label}", the pasted amounts count. If the typed ones are right, let it type them again, then collect.'
    )


class TypedOver(Fault):
    """A store that has typed other amounts for days than headquarters has."""

    zh = "“{store}”有 {days} 天({span})填的和总部粘贴的不一样:总部 {pasted},交回 {collected}。{counted_zh}。{remedy_zh}"
    en = (
        '"{store}" tells other amounts than were pasted for {days:days} ({span}): pasted {pasted}, '
        "collected {collected}. {counted_en}. {remedy_en}"
    )


class TypedOverAsChosen(TypedOver):
    """The same where a person has chosen in 设置 which of them counts."""

    remark = True


class MonthBesideDays(Fault):
    """A month that headquarters has pasted as one figure, of which a store's days were collected too."""

    zh = (
        "“{store}”{month}总部粘贴的是整月合计 {pasted},又收到交回的 {days} 天,合计 {collected}。"
        "{counted_zh}。{remedy_zh}"
    )
    en = (
        '"{store}" {month}: the month was pasted as one figure, {pasted}, and {days:days} of it were collected, '
        "{collected} in all. {counted_en}. {remedy_en}"
    )


class MonthBesideDaysAsChosen(MonthBesideDays):
    """The same where a person has chosen in 设置 which of them counts."""

    remark = True


@dataclass
class Taken:
    """What came back, settled: each file, what is written of it, and where the stores are."""

    round: Round
    actuals: Actuals
    returned: list[Returned]
    places: Places
    rule: Rule = field(default_factory=Rule)
    handed_out: frozenset[str] | None = None
    """The stores that got a file; None where that is not known."""
    paths: dict[str, Path] = field(default_factory=dict)
    """Where each file lies, by its name as it is shown."""

    @property
    def counted(self) -> list[Returned]:
        """The files that count, one a store at most."""
        return [one for one in self.returned if one.refused is None]

    @property
    def batches(self) -> list[Batch]:
        """The rows of each store, in the plan's order."""
        by_store = {one.code: one for one in self.counted if one.sold}
        stores = [m.name for m in self.round.dimension.members if m.name in by_store]
        return [Batch(code, by_store[code].file, self._rows(by_store[code])) for code in stores]

    def _rows(self, one: Returned) -> SoldRows:
        """What a file says of its store, with what was collected of the days that it left as they were handed out."""
        told = one.sold.also_of(self.places.of_store.get(one.code, ()))
        standing = self.actuals.standing.get(one.code)
        if standing is None or not one.carried:
            return told
        cleared = self.cleared(one)
        carried = [day for key in one.carried if (day := dt.date.fromisoformat(key)) not in cleared]
        return standing.whole.on(carried).beside(told)

    def cleared(self, one: Returned) -> set[dt.date]:
        """The days that a store had typed over and has cleared: its file shows what was pasted, not what it typed."""
        standing, pasted = self.actuals.standing.get(one.code), self.actuals.pasted.on(one.code)
        if standing is None:
            return set()
        known = {day: micros for key, micros in one.carried.items() if (day := dt.date.fromisoformat(key)) in pasted}
        typed = standing.whole.by_day
        return {day for day, micros in known.items() if pasted[day] == micros != typed.get(day, micros)}

    def unclear_places(self) -> list[Problem]:
        """A finding for each dimension of places in which stores that have sold have none."""
        label, lang, problems = self.actuals.label, self.round.lang, []
        sold = {batch.code for batch in self.batches}
        for name, stores in self.places.unclear.items():
            if here := {code: at for code, at in stores.items() if code in sold}:
                store, at = max(here.items(), key=lambda item: len(item[1]))
                found = Listed(at) or _NO_RECORD[lang]
                fault = PlaceUnclear(dimension=name, count=len(here), store=store, found=found, label=label)
                problems.append(Problem(Place(label), "", fault, count=len(here), set_aside=False))
        return problems

    def typed_over(self) -> list[Problem]:
        """A finding for each store that tells other amounts of days, or of a month, than headquarters has pasted."""
        problems, rule = [], ruling(self.rule, self.round.dimension.name)
        place = Place(self.actuals.label)
        for batch in self.batches:
            sold = batch.sold.by_day
            by_day, by_month = self.actuals.pasted.beside(batch.code, batch.sold)
            days = sorted(day for day in by_day.keys() & sold.keys() if by_day[day] != sold[day])
            if days:
                fault = (TypedOverAsChosen if self.rule.chosen else TypedOver)(
                    store=batch.code, days=len(days), span=DateRange(days[0], days[-1]),
                    pasted=yuan(sum(by_day[day] for day in days)), collected=yuan(sum(sold[day] for day in days)),
                    **rule,
                )  # fmt: skip
                problems.append(Problem(place, "", fault, count=len(days), set_aside=False))
            for month, pasted in sorted(by_month.items()):
                of_month = [micros for day, micros in sold.items() if day.replace(day=1) == month]
                if of_month and sum(of_month) != pasted:
                    whole = (MonthBesideDaysAsChosen if self.rule.chosen else MonthBesideDays)(
                        store=batch.code, month=f"{month:%Y-%m}", days=len(of_month),
                        pasted=yuan(pasted), collected=yuan(sum(of_month)), **rule,
                    )  # fmt: skip
                    problems.append(Problem(place, "", whole, count=len(of_month), set_aside=False))
        return problems

    def lacking(self) -> list[Problem]:
        """A finding for each store of which less is told now than was collected before, or than an older file tells."""
        label, problems = self.actuals.label, []
        by_store = {one.code: one for one in self.counted}
        for batch in self.batches:
            standing = self.actuals.standing.get(batch.code)
            before = standing.whole if standing is not None else SoldRows.of(())
            if back := self.cleared(by_store[batch.code]) - batch.sold.by_day.keys():
                facts = _beyond(before.on(back), SoldRows.of(()))
                assert facts is not None
                cleared = BackToKnown(store=batch.code, label=label, **facts)
                problems.append(Problem(Place(label), "", cleared, count=len(back), set_aside=False))
                before = before.on(before.by_day.keys() - back)
            if (gone := _beyond(before, batch.sold)) is not None:
                fault = Withdrawn(store=batch.code, label=label, **gone)
                problems.append(Problem(Place(label), "", fault, count=gone["days"], set_aside=False))
        taken = {batch.code: batch.sold for batch in self.batches}
        for one in self.returned:
            lacking = _beyond(one.sold, taken.get(one.code, SoldRows.of(())))
            if isinstance(one.refused, Superseded) and lacking is not None:
                older = OnlyInOlder(store=one.code, taken=one.refused.facts["taken"], **lacking)
                problems.append(Problem(Place(one.file), "", older, count=lacking["days"], set_aside=False))
        return problems

    def total(self, what: str) -> Count:
        """Sum up what was found, accepted or set aside."""
        return sum((getattr(one, what) for one in self.returned), Count())


def _beyond(sold: SoldRows, other: SoldRows) -> dict[str, Any] | None:
    """What is sold on days that another's rows lack: how many days, from when to when, how much."""
    days = np.setdiff1d(sold.days, other.days)
    if not days.size:
        return None
    dates = [dt.date.fromordinal(day) for day in days.tolist()]
    return {"days": len(dates), "span": DateRange(dates[0], dates[-1]), "amount": yuan(sold.on(dates).total)}


def lines_of(taken: Taken, due: dt.date | None) -> list[ReturnLine]:
    """A line for each store in the plan's order, then one for each file of no store."""
    round_ = taken.round
    by_store: dict[str, list[Returned]] = {}
    others = []
    for one in taken.returned:
        if one.code in round_.expected:
            by_store.setdefault(one.code, []).append(one)
        else:
            others.append(one)
    lines = [_line(f"s:{code}", code, by_store.get(code, []), due, round_) for code in round_.expected]
    unsent = set() if taken.handed_out is None else round_.expected.keys() - taken.handed_out
    lines = [
        replace(line, state="unsent") if line.state == "missing" and line.store in unsent else line for line in lines
    ]
    lines = _with_blank_days(taken, lines)
    none = _OTHER_FILES[round_.lang]
    return lines + [_line(f"f:{one.file}", one.code or none, [one], due, round_) for one in others]


def _line(key: str, store: str, files: list[Returned], due: dt.date | None, round_: Round) -> ReturnLine:
    if not files:
        return ReturnLine(key, store, "missing")
    files = [one for one in files if not isinstance(one.refused, BlankBeside)] or files
    counted = next((one for one in files if one.refused is None), None)
    shown = counted or files[0]
    found = sum((one.found for one in files), Count())
    accepted = sum((one.accepted for one in files), Count())
    aside = sum((one.set_aside for one in files), Count())
    said = [sentence(one, round_.lang) for one in (shown, *(one for one in files if one is not shown))]
    state, before = _state(counted, round_), round_.known.get(store)
    return ReturnLine(
        key=key,
        store=store,
        state=state,
        late=state in HANDED_IN and is_late(shown, due),
        file="\n".join(one.file for one in files),
        last_day=before if state == "before" else counted.last_day if counted else None,
        version=shown.version or None,
        rows_found=found.rows,
        rows_accepted=accepted.rows,
        rows_aside=aside.rows,
        found=found.micros / MICROS,
        accepted=accepted.micros / MICROS,
        aside=aside.micros / MICROS,
        commitments=len(counted.commitments) if counted else 0,
        why="\n".join(dict.fromkeys(text for text in said if text)),
        copies=len(files),
    )


def _with_blank_days(taken: Taken, lines: Sequence[ReturnLine]) -> list[ReturnLine]:
    """Tell of each store how many days are blank, up to the last day that any file speaks of."""
    round_, pasted = taken.round, taken.actuals.pasted.days
    sold = {batch.code: batch.sold.days for batch in taken.batches}
    through = max((one.last_day for one in taken.counted if one.last_day), default=None)
    told = []
    for line in lines:
        if through is not None and line.state != "unsent":
            standing = taken.actuals.standing.get(line.store)
            known = [sold[line.store]] if line.store in sold else []
            if standing is not None and standing.sold is not None and not known:
                known.append(standing.sold.days)
            covered = _pasted_to(pasted.get(line.store))
            line = replace(line, blank_days=blank_days(line.store, round_, covered, through, known))
        told.append(line)
    return told


def _pasted_to(days: NDArray[np.int64] | None) -> int:
    """The last day (an ordinal) that the pasted rows of a store reach; months on their first days reach their ends."""
    if days is None or not days.size:
        return 0
    last = dt.date.fromordinal(int(days.max()))
    if all(dt.date.fromordinal(day).day == 1 for day in days.tolist()):
        last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return last.toordinal()


def _state(counted: Returned | None, round_: Round) -> str:
    if counted is None:
        return "refused"
    if not counted.found.rows and not counted.commitments:
        return "before" if counted.code in round_.known else "missing"
    if counted.accepted.rows < counted.found.rows:
        return "partly" if counted.accepted.rows else "none"
    return "mend" if counted.is_to_mend else "returned"


def findings(taken: Taken) -> list[Problem]:
    """Every finding, its place told with the file."""
    found = []
    for one in taken.returned:
        if one.refused is not None:
            aside = one.set_aside
            problem = Problem(Place(f"[{one.file}]"), "", one.refused, aside.micros if aside.rows else None, aside.rows)
            found.append(problem)
            continue
        found += [
            replace(p, place=Place(f"[{one.file}]{p.place.sheet}", p.place.row, p.place.column)) for p in one.problems
        ]
    return found


def rows_text(job: Job, taken: Taken) -> str:
    """Say how many rows, of what amount, were found, accepted and set aside."""
    found, accepted, aside = (taken.total(what) for what in ("found", "accepted", "set_aside"))
    unit = UNITS["piece" if job.inputs.unit == "piece" else "yuan"][job.inputs.lang]
    text = job.word(
        "读到 {0} 行 {1} {6},采用 {2} 行 {3} {6},搁置 {4} 行 {5} {6}",
        "{0:rows} of {1} {6} found, {2} of {3} accepted, {4} of {5} set aside",
    )
    amounts = [(c.rows, yuan(c.micros)) for c in (found, accepted, aside)]
    return counted(text, *(part for pair in amounts for part in pair), unit)


def report(
    job: Job, taken: Taken, lines: Sequence[ReturnLine], target: Path, changed: bool, problems: Sequence[Problem]
) -> tuple[str, ...]:
    """Return what a collection did, line by line."""
    lang = job.inputs.lang
    stores = [line for line in lines if line.key.startswith("s:")]
    states = {state: sum(line.state == state for line in stores) for state in STATES}
    told = job.word(",", ", ").join(f"{STATES[s][lang]} {n}" for s, n in states.items() if n)
    late = sum(line.late for line in stores)
    if late:
        told += job.word(";其中迟交 {}", "; late {}").format(late)
    if several := sum(line.copies > 1 for line in stores):
        told += job.word(";{} 个交了不止一份", "; {} returned several files").format(several)
    if others := len(lines) - len(stores):
        told += counted(job.word(";另有 {} 份文件认不出是谁的", "; {:files} of nobody known"), others)
    text = [
        job.word("{0} {1} 个:{2}", "{0}: {1} in all: {2}").format(taken.round.dimension.name, len(stores), told),
        rows_text(job, taken),
        *_told(job, taken, problems),
    ]
    done = job.word("已写入 {}", "Wrote {}").format(target)
    text.append(done if changed else job.word("没有变化,文件保持原样。", "Nothing changed; the file stays as it was."))
    return tuple(text)


def _told(job: Job, taken: Taken, problems: Sequence[Problem]) -> list[str]:
    """Say what was found, file by file: a line or two of each, so that one store does not hide the others."""
    lang = job.inputs.lang
    said: dict[str, list[str]] = {}
    for problem in problems:
        if not problem.place.sheet.startswith("[") and not problem.fault.remark:  # of no file
            said.setdefault(problem.place.sheet, []).append(problem.say(lang))
    to_mend = [one for one in taken.returned if one.is_to_mend]
    for one in to_mend:
        found = [
            f"[{one.file}]{point.sheet}{'!' if point.cells else ''}{point.cells}: {point.sentence}"
            for point in points(one, lang)
        ]
        said[f"[{one.file}]"] = found
    remarks = [problem.say(lang) for problem in problems if problem.fault.remark][:_MOST_TOLD]
    others = [one for one in taken.returned if not one.is_to_mend]
    if remarked := sum(bool(one.refused) or any(not p.fault.remark for p in one.problems) for one in others):
        text = job.word(
            "另有 {} 份文件不用改,只有说明(空白、旧版本或重复),见“{}”。",
            '{0} more {0:file is|files are} blank, of an earlier version or copies: nothing to mend; see "{1}".',
        )
        remarks.append(counted(text, remarked, RETURNS.title[lang]))
    if not said:
        return remarks
    each = 2 if len(said) * 2 <= _MOST_TOLD else 1
    shown = []
    for found in list(said.values())[:_MOST_TOLD]:
        shown += [f"  {text}" for text in found[:each]]
        if len(found) > each:
            shown[-1] += job.word("(另有 {} 处)", " ({} more)").format(len(found) - each)
    if len(said) > _MOST_TOLD:
        rest = job.word(
            "  …… 另有 {} 份文件,见“{}”和“{}”文件夹", '  … {0} more {0:file|files}; see "{1}" and folder "{2}"'
        )
        shown.append(counted(rest, len(said) - _MOST_TOLD, RETURNS.title[lang], BACK_FOLDER[lang]))
    count = sum(map(len, said.values()))
    return [job.word("要看的 {} 处:", "{} to look at:").format(count), *shown, *remarks]


_MOST_TOLD = 10
"""Findings of so many files are told, the rest is in the workbook."""


_LINE_KEYS = ("store", "state", "late", "copies", "blank_days", "file", "why", "accepted")


def figures(taken: Taken, lines: Sequence[ReturnLine]) -> dict[str, Any]:
    """Return rows and amounts (yuan), and the state of each store, for programs."""
    counts = {what: taken.total(what) for what in ("found", "accepted", "set_aside")}
    return {
        "rows": {what: count.rows for what, count in counts.items()},
        "amounts": {what: count.micros / MICROS for what, count in counts.items()},
        "stores": [{key: getattr(line, key) for key in _LINE_KEYS} for line in lines],
    }
