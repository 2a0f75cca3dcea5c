"""The message in which a split or a refresh ends: what was done, three figures, what to know, what to do next.

It is short. Sheet 数据问题 has every problem, 目标版本 every target that changed; `--verbose` prints all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from xlsales.book.edits import Edits
from xlsales.commands.changing import COMPANY, came_and_went
from xlsales.commands.closing import SETTING
from xlsales.commands.job import Job
from xlsales.commands.outcome import amount_text, figure_text, rows_noun, unchanged
from xlsales.commands.targets import TotalChanged
from xlsales.core.faults import Problem
from xlsales.core.periods import name_of
from xlsales.core.text import counted
from xlsales.plan.changes import Changes
from xlsales.plan.figures import Figures
from xlsales.plan.sheets.overview import name_of_whole
from xlsales.plan.sheets.runs import RUNS
from xlsales.plan.targets import NoLongerWritten
from xlsales.vocabulary.contract import Word

_MOST_SAID = 2
"""So many problems are said in full if there are no more; of more there is the number."""
_DONE = {
    "split": Word("分解完成,已写入 {target}", "Split done. Wrote {target}"),
    "refresh": Word("刷新完成,已写入 {target}", "Refresh done. Wrote {target}"),
    "balance": Word("平衡完成,已写入 {target}", "Balance done. Wrote {target}"),
    "spread": Word("调整完成,已写入 {target}", "Spread done. Wrote {target}"),
}
_TARGETS = Word(
    "总目标 {total},{members} 个成员,{months} 个月", "Total target {total}, {members:members}, {months:months}"
)
_PROGRESS = Word(
    "截至 {day}:{month}达成 {of_month},{whole}达成 {of_whole}(时间进度 {time}),采用 {n} {noun}",
    "As of {day}: attainment {month} {of_month}, {whole} {of_whole} (time progress {time}), {n} {noun} accepted",
)
_ASIDE = Word(",搁置 {n} {noun}", ", {n} set aside")
_AMOUNT = Word("({})", " ({})")
_ADDED = Word("新增 {n} 张表:{names}", "{n:sheets} added: {names}")
_RENEWED = Word("更新 {n} 张表:{names}", "{n:sheets} changed: {names}")
_LEFT = Word("不再更新 {n} 张表:{names}", "{n:sheets} no longer written: {names}")
_CHANGES = Word("目标改动:{scopes};见“{sheet}”。", 'Targets that changed: {scopes}; see "{sheet}".')
_OF_COMPANY = Word("{name} {n} 个月", "{name} {n:months}")
_OF_DIMENSION = Word("{name} {n} 个成员", "{name} {n:members}")
_MORE, _LESS = Word(",共加 {amount}", ", {amount} up"), Word(",共减 {amount}", ", {amount} down")
_PROBLEMS = Word("数据问题 {} 条", "{:problems}")
_MORE_PROBLEMS = Word("另有数据问题 {} 条", "{0} more {0:problem|problems}")
_REMARKS = Word("说明 {} 条", "{:remarks}")
_SEE = Word("{what}:见“{sheet}”。", '{what}: see "{sheet}".')
_CLOSED = Word("已关账至 {}。", "Closed through {}.")
_FIX_DATA = Word("下一步:按“{}”改好数据,再刷新进度。", 'Next: fix the data by "{}", then refresh.')
_FIX_PLAN = Word("下一步:按“{}”改好,再分解目标。", 'Next: fix what "{}" says, then split again.')
_SPLIT = Word("下一步:运行“分解目标”。", "Next: run split.")
_PASTE = Word("下一步:把销售粘贴到“{}”,再刷新进度。", 'Next: paste sales into "{}", then refresh.')
_LOOK = Word("下一步:看“{}”。", 'Next: look at "{}".')


class Titles(Struct, frozen=True):
    """What sheets are called in the workbook after the run."""

    overview: str
    problems: str
    versions: str


class Ended(Struct, frozen=True):
    """A split or a refresh that has ended, and what is to be said of it.

    `offer` are the months that may be closed.
    """

    job: Job
    command: str
    figures: Figures
    edits: Edits
    changes: Changes
    offer: Problem | None
    titles: Titles

    def message(self, target: Path) -> list[str]:
        """Return the lines; `target` is the workbook that was written, if anything changed."""
        lang = self.job.inputs.lang
        done = _DONE[self.command][lang].format(target=target) if self.edits else unchanged(self.job)
        targets = [self._targets()] if self.command != "refresh" else []
        closed = [_CLOSED[lang].format(self.job.inputs.plan.closed_through)] if self.job.closes else []
        offer = [self.offer.fault.say(lang)] if self.offer else []
        lines = [done, *targets, *self._progress(), *self._sheets(), *self._changes(), *closed, *self._problems()]
        return [*lines, *offer, *self._next()]

    def _targets(self) -> str:
        breakdown, lang = self.figures.breakdown, self.job.inputs.lang
        members = sum(len(part.dimension.leaves) for part in breakdown.dimensions.values())
        months, total = len(self.figures.months), self.job.total_of(breakdown)
        return counted(_TARGETS[lang], total=total, members=members, months=months)

    def _progress(self) -> Iterator[str]:
        """The attainment of the month and of the whole, and the rows that it rests on."""
        figures, job, lang = self.figures, self.job, self.job.inputs.lang
        if figures.achieved is None or job.records is None:
            return
        month, total, records = figures.this_month, figures.total, job.records
        noun = rows_noun(job)
        text = counted(
            _PROGRESS[lang],
            day=figures.achieved.as_of,
            month=name_of(month, lang),
            of_month=figure_text(figures.lines[month.key]["attainment"], ".1%"),
            whole=name_of_whole(figures) if lang == "zh" else name_of_whole(figures).lower(),
            of_whole=figure_text(total["attainment"], ".1%"),
            time=figure_text(total["time_progress"], ".1%"),
            n=records.rows_accepted,
            noun=noun,
        )
        if records.rows_set_aside:
            text += _ASIDE[lang].format(n=records.rows_set_aside, noun=noun)
            text += _AMOUNT[lang].format(amount_text(job, records.set_aside_micros)) if records.set_aside_micros else ""
        yield text

    def _sheets(self) -> Iterator[str]:
        """The sheets that came; of a split, also those that changed and those that it writes no more."""
        lang, runs = self.job.inputs.lang, self.job.sheets.get(RUNS.identity)
        told_apart = {runs.title} if runs is not None else set()
        if self.job.closes:
            told_apart.add(self.job.setting_place(SETTING).sheet)
        own = [*(edit.title for edit in self.edits.cells), *self.edits.replaced]
        renewed = [title for title in dict.fromkeys(own) if title not in told_apart]
        left = [p.place.sheet for p in self.job.problems if isinstance(p.fault, NoLongerWritten)]
        is_split = self.command != "refresh"
        for word, titles in (
            (_ADDED, self.edits.added),
            (_RENEWED, renewed if is_split else ()),
            (_LEFT, left if is_split else ()),
        ):
            if titles:
                yield counted(word[lang], n=len(titles), names=self.job.word("、", ", ").join(titles))

    def _changes(self) -> Iterator[str]:
        """The targets that changed: how many months of the company, how many members of each dimension."""
        changes, lang = self.changes, self.job.inputs.lang
        scopes = []
        for scope in changes.scopes:
            cells = changes.of(scope)
            if scope:
                members = {one.member for one in cells}
                facts = [counted(_OF_DIMENSION[lang], name=scope, n=len(members))] if members else [scope]
                scopes.append(self.job.word(",", ", ").join([*facts, *came_and_went(changes, scope, lang)]))
                continue
            months, more = {one.month for one in (*cells, *changes.days)}, sum(one.by for one in cells)
            by = (_MORE if more > 0 else _LESS)[lang].format(amount=self.job.inputs.amount(abs(more))) if more else ""
            scopes.append(counted(_OF_COMPANY[lang], name=COMPANY[lang], n=len(months)) + by)
        if scopes:
            yield _CHANGES[lang].format(scopes=(";" if lang == "zh" else "; ").join(scopes), sheet=self.titles.versions)

    def _problems(self) -> Iterator[str]:
        """The problems that are urgent, few or in no sheet; of the others, how many there are and where."""
        lang = self.job.inputs.lang
        problems = self.job.problems
        to_look_at = [p for p in problems if not p.fault.remark]
        few = problems if len(problems) <= _MOST_SAID else to_look_at if len(to_look_at) <= _MOST_SAID else []
        said = few or [p for p in to_look_at if p.fault.urgent]
        yield from (problem.say(lang) for problem in (*self.job.news, *said))
        rest = sum(not p.fault.remark for p in problems if p not in said)
        remarks = len(problems) - len(said) - rest
        counts = [counted((_MORE_PROBLEMS if said else _PROBLEMS)[lang], rest)] if rest else []
        counts += [counted(_REMARKS[lang], remarks)] if remarks else []
        if counts:
            yield _SEE[lang].format(what=self.job.word("、", ", ").join(counts), sheet=self.titles.problems)

    def _next(self) -> Iterator[str]:
        """What a person does now."""
        lang, job = self.job.inputs.lang, self.job
        to_look_at = [p for p in (*job.problems, *job.news) if not p.fault.remark]
        if any(isinstance(p.fault, TotalChanged) for p in to_look_at):
            yield _SPLIT[lang]
        elif to_look_at:
            of_data = self.command == "refresh" or any(p.set_aside for p in to_look_at)
            yield (_FIX_DATA if of_data else _FIX_PLAN)[lang].format(self.titles.problems)
        elif self.figures.achieved is None:
            yield _PASTE[lang].format(job.inputs.actuals.label)
        elif self.edits:
            yield _LOOK[lang].format(self.titles.overview)
