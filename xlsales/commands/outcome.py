"""What a command did: lines for people, figures for programs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from xlsales.commands.job import Job
from xlsales.commands.verb import say
from xlsales.commands.verbs import verb_of
from xlsales.core.faults import Lang, Problem
from xlsales.core.plan import MICROS
from xlsales.core.proof import residuals
from xlsales.core.text import counted
from xlsales.plan.achieved import Conservation
from xlsales.plan.budget.tables import T_BUDGET
from xlsales.plan.figures import Figures
from xlsales.tables.words.header_words import FIELD_NAMES


class Table(Struct, frozen=True):
    """What is shown in columns: a caption, headers, and rows of texts; the first column is of names, the rest figures.

    `lamps` has the colour of each row's last column, `green` to `red`, or nothing.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lamps: tuple[str, ...]


class Outcome(Struct, frozen=True):
    """What a command did, for people (`as_text`) and programs (`as_json`)."""

    command: str
    lang: Lang
    book: Path
    changed: bool
    lines: tuple[str, ...]
    """The message in which the command ends."""
    problems: tuple[Problem, ...] = ()
    figures: Mapping[str, Any] | None = None
    staged: bool = False
    """Whether the problems are there to be shown, as in a demonstration."""
    has_news: bool = False
    """Whether there is something to read although all is well: targets that changed, sheets that came."""
    details: tuple[str, ...] = ()
    """What the message only counts, for who asks for more."""
    table: Table | None = None
    """What is shown above the lines."""
    shows: str = ""
    """The title of the sheet that a person looks at next."""
    to_fix: str = ""
    """The title of the sheet that says what has to be fixed first, if anything has to be."""

    @property
    def exit_code(self) -> int:
        """0, or 1 if there are data problems to look at; remarks on normal use are none."""
        return 1 if any(not p.fault.remark for p in self.problems) and not self.staged else 0

    def as_text(self, *, verbose: bool = False) -> str:
        """Return the message, with `verbose` below the details."""
        return "\n".join((*self.details, *self.lines) if verbose else self.lines)

    def as_json(self) -> dict[str, Any]:
        """Return the machine-readable result."""
        return {
            "command": self.command,
            "book": str(self.book),
            "changed": self.changed,
            "exit_code": self.exit_code,
            **(self.figures or {}),
            "problems": [problem_json(p, self.lang) for p in self.problems],
        }


def rows_text(job: Job) -> str:
    """Say how many rows, or cells of a wide table, were found, accepted and set aside."""
    records = job.records
    assert records is not None
    start = "{0:cells} found" if records.wide else "{0:rows} found"
    text = job.word("读到 {0} {3},采用 {1} {3},搁置 {2} {3}", start + ", {1} accepted, {2} set aside")
    if records.rows_totals:
        text += job.word(",合计行 {4} {3}", ", {4} of totals")
    return counted(
        text,
        records.rows_found,
        records.rows_accepted,
        records.rows_set_aside,
        rows_noun(job) if job.inputs.lang == "zh" else "",
        records.rows_totals,
    )


def rows_noun(job: Job) -> str:
    """Return what the actuals consist of: rows, or the cells of a wide table."""
    assert job.records is not None
    return job.word("个单元格", "cells") if job.records.wide else job.word("行", "rows")


def columns_text(job: Job) -> str:
    """Say which column is the date, which the amount, and which that of each dimension."""
    assert job.records is not None
    columns = job.records.columns
    fields = {key: job.word(*FIELD_NAMES[key]) for key in ("date", "amount") if key in columns}
    names = fields | {name: name for name in columns if name not in FIELD_NAMES}
    text = job.word(",", ", ").join(f"{label}={columns[name]}" for name, label in names.items())
    return job.word("列:{}", "Columns: {}").format(text)


def amount_text(job: Job, micros: float) -> str:
    """Return an amount in micro-yuan as pasted sales have it: in yuan, or in pieces."""
    unit = job.inputs.money_unit.in_full.word(job.inputs.lang)
    return f"{figure_text(micros / MICROS, ',.2f')} {unit}"


def report(job: Job, figures: Figures, news: Sequence[str], problems: Sequence[Problem], *, every: bool) -> list[str]:
    """Return all that a command did, line by line; `news` are the lines on targets that change.

    Without `every` only the largest problems are listed.
    """
    total = figures.total
    lines = [job.word("总目标 {}", "Total target {}").format(job.total_of(figures.breakdown))]
    if figures.achieved:
        text = job.word(
            "截至 {day}:实际 {actual},达成 {attainment},时间进度 {time}",
            "As of {day}: actual {actual}, attainment {attainment}, time progress {time}",
        )
        lines.append(
            text.format(
                day=figures.achieved.as_of,
                actual=amount_text(job, total["actual"] * MICROS),
                attainment=figure_text(total["attainment"], ".1%"),
                time=figure_text(total["time_progress"], ".1%"),
            )
        )
        lines += [rows_text(job), columns_text(job)]
    lines += news
    if job.closes:
        lines.append(job.word("已关账至 {}。", "Closed through {}.").format(job.inputs.plan.closed_through))
    return lines + _problem_lines(job, problems, every)


def unchanged(job: Job) -> str:
    """Say that the workbook was not written, and what an undo would take back: no person means this run by it."""
    last = job.run.document.last_run()
    if last is None:
        return job.word("没有变化,文件保持原样。", "Nothing changed; the file stays as it was.")
    text = job.word(
        "没有变化,文件保持原样;现在撤销,退回的是 {when} 的“{command}”之前。",
        "Nothing changed; the file stays as it was. An undo would go back to before {command} of {when}.",
    )
    return text.format(when=last.when, command=say(verb_of(last.command).logged, job.inputs.lang))


_MOST_TOLD, _MOST_OF_A_KIND, _MOST_REMARKS = 10, 3, 5
"""So many problems and remarks are listed; sheet 数据问题 has all of them."""


def _problem_lines(job: Job, problems: Sequence[Problem], every: bool) -> list[str]:
    """The remarks on normal use, then what is to be looked at, the largest amounts first."""
    lang = job.inputs.lang
    remarks = [p.say(lang) for p in problems if p.fault.remark]
    lines = _with_rest(job, remarks, len(remarks) if every else _MOST_REMARKS)
    to_look_at = [p for p in problems if not p.fault.remark]
    if to_look_at:
        first = to_look_at if every else _largest(to_look_at)
        rest = [p for p in to_look_at if p not in first]
        lines.append(counted(job.word("数据问题 {} 条:", "{:problems}:"), len(to_look_at)))
        lines += _with_rest(job, [f"  {p.say(lang)}" for p in (*first, *rest)], len(first))
    return lines


def _with_rest(job: Job, sentences: list[str], n: int) -> list[str]:
    """The first sentences, and how many more there are."""
    rest = job.word(
        "  …… 另有 {} 条:刷新后见“数据问题”,或加 --verbose", "  … {} more: refresh and see Problems, or add --verbose"
    )
    return sentences[:n] + ([rest.format(len(sentences) - n)] if len(sentences) > n else [])


def _largest(problems: Sequence[Problem]) -> list[Problem]:
    """The warnings, and what was set aside with the largest amounts; of a kind a few if there are many."""
    ordered = sorted(problems, key=lambda p: (p.set_aside, -abs(p.amount_micros or 0)))
    if len(ordered) <= _MOST_TOLD:
        return ordered
    times: Counter[type] = Counter()
    first = []
    for problem in ordered:
        times[type(problem.fault)] += 1
        if times[type(problem.fault)] <= _MOST_OF_A_KIND:
            first.append(problem)
    return first[:_MOST_TOLD]


def figure_text(figure: float, form: str) -> str:
    """A figure as text; a dash if it is blank, as before the plan's first day or without a target."""
    return "–" if math.isnan(figure) else format(figure, form)


def figures_of(job: Job, figures: Figures) -> dict[str, Any]:
    """Return the sums, residuals, rows and amounts, in yuan."""
    breakdown, achieved = figures.breakdown, figures.achieved
    plan = breakdown.plan
    values: dict[str, Any] = {
        "target": plan.total * plan.step_micros / MICROS,
        "residuals": residuals(breakdown),
        "as_of": str(achieved.as_of) if achieved else None,
    }
    if achieved and job.records:
        records = job.records
        tops = {d.name: d.children(-1) for d in plan.dimensions}
        values["actual"] = int(achieved.days.sum()) / MICROS
        values["actual_by_dimension"] = {
            name: int(cells[tops[name]].sum()) / MICROS for name, cells in achieved.members.items()
        }
        values["unassigned_by_dimension"] = {
            d.name: d.actual_of_nobody for d in figures.dimensions if d.name in achieved.members
        }
        values |= _conserved(achieved.conservation)
        values["rows"]["passed_over"] = records.rows_passed_over
        values["columns"] = records.columns
    return values | (_budget_figures(figures) if figures.table_rows.get(T_BUDGET.name) else {})


def _budget_figures(figures: Figures) -> dict[str, Any]:
    """The budget, and what was found in the table of spend; empty if there is neither."""
    from xlsales.plan.budget.view import budget_of  # a run without a budget does not import it

    view = budget_of(figures).view
    if view is None:
        return {}
    values: dict[str, Any] = {"budget": float(figures.yuan(view.total.budget).sum())}
    if view.spend is not None:
        as_of = str(view.as_of) if view.as_of else None
        values["spend"] = {"as_of": as_of, **_conserved(view.spend.conservation)}
    return values


def _conserved(read: Conservation) -> dict[str, Any]:
    """What was found in a table, and where it went: rows, and amounts in yuan."""
    rows = (read.rows_found, read.rows_accepted, read.rows_set_aside, read.rows_totals)
    amounts = (read.found, read.accepted, read.set_aside, read.totals)
    went = ("found", "accepted", "set_aside", "totals")
    return {"rows": dict(zip(went, rows, strict=True)), "amounts": dict(zip(went, amounts, strict=True))}


def problem_json(problem: Problem, lang: Lang) -> dict[str, Any]:
    """Return a finding for programs: its place, the sentence, the amount in yuan."""
    return {
        "sheet": problem.place.sheet,
        "row": problem.place.row,
        "column": problem.place.column,
        "value": problem.value,
        "sentence": problem.fault.say(lang),
        "amount": None if problem.amount_micros is None else problem.amount_micros / MICROS,
        "rows": problem.count,
        "set_aside": problem.set_aside,
        "totals": problem.totals,
        "remark": problem.fault.remark,
    }
