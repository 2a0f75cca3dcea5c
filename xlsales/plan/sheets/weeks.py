"""Sheets 周跟踪: of each month the people of every team with their weeks, planned and done, and how far they are.

A person may type what is done into the sheet, too: it is kept, and what follows from it are live formulas.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.arrays import Floats
from xlsales.core.faults import Problem, Refused
from xlsales.core.keys import joined
from xlsales.core.periods import days_named
from xlsales.core.plan import Lamps
from xlsales.core.text import identity
from xlsales.core.weeks import WeekProgress, of_sums, week_progress
from xlsales.layout import look
from xlsales.layout.keyed import Closes, OwnRow, SumOfBlock, counting
from xlsales.layout.model import Column, Keyed, Role, Row, Value
from xlsales.layout.sheet import Frame, Page, Sheet
from xlsales.plan.figures import Figures
from xlsales.plan.progress_columns import status_word
from xlsales.plan.table_rows import said_left_out
from xlsales.plan.weeks import faults
from xlsales.plan.weeks.read import SEEN, MonthRows, numbers, read_months
from xlsales.plan.weeks.tables import DONE, EXAMPLES, PLANNED, T_WEEKS, weeks_text
from xlsales.values.cell import plain
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, STATUS, Word

_TITLE = Word("周跟踪 {name}", "Weekly tracking {name}")
_PLAN, _DONE = Word("计划", "Plan"), Word("完成", "Done")
_MONTH = Word("月", "Month")
_WEEKS = Word("各周计划", "Planned weeks")
_SUM, _OFF, _CHECK = Word("合计", "Sum"), Word("与月目标差", "Off the target"), Word("核对", "Check")
_AGREES, _OVER, _UNDER = Word("相符", "agrees"), Word("多了", "over"), Word("少了", "under")
_TO_DATE = Word("到最后填报的一周", "To the last week filled in")
_GAP = Word("差额", "Gap")
_ALL_TEAMS, _NO_TEAM = Word("全部团队", "All teams"), Word("未分团队", "No team")
_RULE = Word("空着的周按本月曲线分,各周合计 = 月目标", "Blank weeks follow the month's curve and close on the target")
_ENTER = Word("黄格可直接填完成数", "Type what is done into the yellow cells")
_MORE, _LESS = (
    Word("比目标多 {n}", "{n} above the target"),
    Word("比目标少 {n}", "{n} below the target"),
)
_SUMS = ("open", "target", "plan", "due", "done")
"""The columns besides the weeks that teams add up."""
_ASKED = {False: "N({due})=0", True: '{done}=""'}
"""When there is no attainment; True: less is better."""
_NARROW = 6.5
"""The least width of a number: twenty columns are to be legible on a page."""
_NEAR = "0.000000001"
"""So little below a threshold has reached it, as in `core.progress`."""


class Block(Struct, frozen=True):
    """The rows of a team with one indicator; `number` counts blocks, `indicator` is its number in the month."""

    number: int
    team: str
    indicator: int
    positions: tuple[int, ...]


class MonthView(Struct, frozen=True, dict=True):
    """The weeks of one month: rows in the order of the table, and the blocks in which the sheet shows them."""

    figures: Figures
    number: int
    month: MonthRows

    @property
    def name(self) -> str:
        """The month."""
        return self.month.month.key

    @property
    def frame(self) -> Frame:
        """That of the run; numbers of different things have no unit in common."""
        return replace(self.figures.frame, own_unit="", own_format="#,##0")

    @cached_property
    def progress(self) -> WeekProgress:
        """How far each row is."""
        less = [row.less for row in self.month.rows]
        return week_progress(self.month.planned, self.month.done, less, self._lamps)

    @cached_property
    def indicators(self) -> list[str]:
        """The names of the indicators, as they come."""
        return list({identity(row.indicator): row.indicator for row in reversed(self.month.rows)}.values())[::-1]

    @cached_property
    def blocks(self) -> list[Block]:
        """The blocks, teams in the order in which they come."""
        order = {identity(name): i for i, name in enumerate(self.indicators)}
        teams: dict[str, dict[int, list[int]]] = {}
        for position, row in enumerate(self.month.rows):
            teams.setdefault(row.team, {}).setdefault(order[identity(row.indicator)], []).append(position)
        pairs = [(team, i, tuple(by[i])) for team, by in teams.items() for i in sorted(by)]
        return [Block(n, *pair) for n, pair in enumerate(pairs)]

    @cached_property
    def teams(self) -> dict[str, list[Block]]:
        """The blocks of each team."""
        teams: dict[str, list[Block]] = {}
        for block in self.blocks:
            teams.setdefault(block.team, []).append(block)
        return teams

    @cached_property
    def columns(self) -> dict[str, Floats]:
        """The numbers of each row by column; NaN is blank."""
        opening, target = (
            numbers([[getattr(row, key)] for row in self.month.rows])[:, 0] for key in ("opening", "target")
        )
        weeks = zip((*PLANNED[: self.weeks], *DONE[: self.weeks]), self._weeks.T, strict=True)
        one = self.progress
        sums = {"plan": one.planned, "off": one.planned - target, "due": one.due, "done": one.done}
        return {"open": opening, "target": target, **dict(weeks), **sums}

    @cached_property
    def lists(self) -> dict[str, list[Any]]:
        """What each row shows by column, as lists."""
        one = self.progress
        lists = {key: values.tolist() for key, values in self.columns.items()}
        return {**lists, "attainment": one.attainment.tolist(), "status": one.status.tolist()}

    @cached_property
    def formulas(self) -> dict[bool, dict[str, Keyed]]:
        """The formulas of a person's row, by whether less is better."""
        return {less: _formulas(self, less) for less in (False, True)}

    @property
    def weeks(self) -> int:
        """How many weeks the month has."""
        return len(self.month.weeks)

    @property
    def _weeks(self) -> Floats:
        return np.concatenate([self.month.planned, self.month.done], axis=1)

    @property
    def _lamps(self) -> Lamps:
        return self.figures.breakdown.plan.lamps

    def together(self, positions: Sequence[int]) -> tuple[dict[str, float], WeekProgress]:
        """Return the sums of rows by column, and the progress that follows from them; NaN is blank."""
        chosen = list(positions)
        sums = {key: _sum(values[chosen]) for key, values in self.columns.items()}
        due, done, planned = (np.array([sums[key]]) for key in ("due", "done", "plan"))
        return sums, of_sums(planned, due, done, [self.month.rows[chosen[0]].less], self._lamps)


def _sum(values: Floats) -> float:
    return float(np.nansum(values)) if not np.isnan(values).all() else math.nan


def _views(figures: Figures) -> Iterator[MonthView]:
    """Yield each month, then raise Refused if something is wrong; a sheet that would lose what is typed stays."""
    rows, problems = figures.table_rows.get(T_WEEKS.name, ()), list[Problem]()
    if rows:
        for number, month in enumerate(read_months(rows, figures, problems), 1):
            problems += month.gone
            if not month.gone:
                yield MonthView(figures, number, month)
    if problems:
        raise Refused(problems)


# --- what is doubtful ------------------------------------------------------------


def _doubts(view: MonthView) -> Iterator[Problem]:
    """What a person should look at: each is a sentence at its cell, and the sheet is written all the same."""
    yield from view.month.doubts
    one = view.progress
    for row, planned, due, done in zip(
        view.month.rows, one.planned.tolist(), one.due.tolist(), one.done.tolist(), strict=True
    ):
        facts, cells = {"person": row.person, "indicator": row.indicator}, row.row["cells"]
        if row.target is not None and planned != row.target:
            off = int(planned) - row.target
            by = {f"{lang}_by": (_MORE if off > 0 else _LESS)[lang].format(n=abs(off)) for lang in ("zh", "en")}
            fault = faults.WeeksDiffer(**facts, sum=int(planned), target=row.target, **by)
            yield Problem.note(cells["target"], str(row.target), fault)
        if done > 0 and not due > 0 and not row.less:
            yield Problem.note(cells["plan_1"], "", faults.DoneUnplanned(**facts, done=int(done)))
        last = max((i for i, number in enumerate(row.done) if number is not None), default=0)
        for i, number in enumerate(row.done[:last]):
            if number is None:
                yield Problem.note(cells[DONE[i]], "", faults.WeekSkipped(**facts))


# --- from the month to its sheet -------------------------------------------------


def _columns(view: MonthView) -> list[Column]:
    word = view.frame.word
    largest = max(np.nan_to_num(_sum(values)) for values in view.columns.values())
    width = max(_NARROW, len(f"{largest:,.0f}") + 2.5)
    labels = [*(row.person for row in view.month.rows), *view.indicators, *(block.team for block in view.blocks)]
    typed = {column.key: column for column in T_WEEKS.columns}

    def one(key: str, header: str, role: Role, group: str, least: float = width) -> Column:
        return Column(key, header, role, max(least, look.header_width(header)), group)

    weeks = []
    for planned, done, week in zip(PLANNED, DONE, view.month.weeks, strict=False):
        group = days_named(week)  # in one line above two columns
        half = look.label_width([group], 0.0) / 2
        weeks += [one(planned, word(_PLAN), "count", group, max(width, half))]
        weeks += [one(done, word(_DONE), "entry", group, max(width, half))]
    month, sums, to_date = word(_MONTH), word(_WEEKS), word(_TO_DATE)
    check = one("check", word(_CHECK), "lamp", sums, 8)
    lamps = ((_AGREES, "green"), (_OVER, "amber"), (_UNDER, "red"))
    return [
        Column("person", word(typed["person"].label), "text", look.label_width(labels, 14.0, 24.0)),
        one("open", word(typed["open"].label), "count", month),
        one("target", word(typed["target"].label), "count", month),
        *weeks,
        one("plan", word(_SUM), "count", sums),
        one("off", word(_OFF), "count", sums),
        replace(check, lamps=lamps),
        one("due", word(_PLAN), "count", to_date),
        one("done", word(_DONE), "count", to_date),
        one("attainment", word(PROGRESS_COLUMNS["attainment"]), "bar", to_date, 9),
        one("gap", word(_GAP), "count", to_date),
        one("status", word(PROGRESS_COLUMNS["status"]), "status", to_date, 7),
        Column(SEEN, "", "text", 8, hidden=True),
    ]


def _rows(view: MonthView) -> list[Row]:
    """Row keys: `g:<team>`, `t:<team>:<indicator>`, `p:<indicator>:<person>`, `all`, `all:<indicator>`, `proof:<…>`.

    Column B marks a person's row with `/p<indicator>/b<block>/`, a team's total with `/t<indicator>/`, that of all
    teams with `/all<indicator>/`, by numbers.
    """
    word, several, rows = view.frame.word, len(view.teams) > 1, list[Row]()
    for team, blocks in view.teams.items():
        if team or several:
            rows.append(Row(joined("g", team), {"person": team or word(_NO_TEAM)}, "section"))
        for block in blocks:
            rows += _block_rows(view, block)
    if not several:
        return [*rows, *_proofs(view, "t")]
    return [*_whole_rows(view, [row.key for row in rows if row.counts_for]), *_proofs(view, "all"), *rows]


def _proofs(view: MonthView, totals: str) -> Iterator[Row]:
    """A proof per indicator: the people of all teams add up to its total, which counts for `/<totals><indicator>/`."""
    for i, name in enumerate(view.indicators):
        proofs = dict.fromkeys(_SUMS, Closes(counting(f"/p{i}/*") - counting(f"/{totals}{i}/")))
        label = view.frame.word(words.PROOF_SUM, level=name)
        yield Row(joined("proof", name), {"person": label}, "proof", formulas=proofs)


def _whole_rows(view: MonthView, marked: Sequence[str]) -> Iterator[Row]:
    """The totals of all teams, from the first to the last of whose rows some are `marked`."""
    yield Row("all", {"person": view.frame.word(_ALL_TEAMS)}, "section")
    for i, name in enumerate(view.indicators):
        positions = [position for block in view.blocks if block.indicator == i for position in block.positions]
        total = _total(view, joined("all", name), i, positions, SumOfBlock(marked[0], marked[-1], f"/t{i}/"))
        yield replace(total, counts_for=f"/all{i}/")


def _block_rows(view: MonthView, block: Block) -> Iterator[Row]:
    """A team's total of an indicator, and its people below."""
    rows, name = [view.month.rows[position] for position in block.positions], view.indicators[block.indicator]
    mark = f"/p{block.indicator}/b{block.number}/"
    sums = SumOfBlock(rows[0].key, rows[-1].key, mark)
    total = _total(view, joined("t", block.team, name), block.indicator, block.positions, sums)
    yield replace(total, counts_for=f"/t{block.indicator}/")
    for row, position in zip(rows, block.positions, strict=True):
        own = {key: values[position] for key, values in view.lists.items()}
        values = {"person": row.person, **_values(view, own), SEEN: weeks_text(row.seen)}
        yield Row(row.key, values, counts_for=mark, outline=1, formulas=view.formulas[row.less])


def _total(view: MonthView, key: str, indicator: int, positions: Sequence[int], sums: SumOfBlock) -> Row:
    """The row of a total."""
    numbers_of, one = view.together(positions)
    own = {**numbers_of, "attainment": float(one.attainment[0]), "status": str(one.status[0])}
    formulas = view.formulas[view.month.rows[positions[0]].less] | dict.fromkeys(view.columns, sums)
    values = {"person": view.indicators[indicator], **_values(view, own)}
    return Row(key, values, "total", formulas=formulas, roles=dict.fromkeys(DONE, "count"))


def _values(view: MonthView, own: Mapping[str, Any]) -> dict[str, Value]:
    """The cells of a row, from its numbers by column, its attainment and its status."""
    off, word = own["off"], view.frame.word
    check = None if math.isnan(off) else word(_AGREES if not off else _OVER if off > 0 else _UNDER)
    more = {"check": check, "gap": own["done"] - own["due"], "status": status_word(own["status"], view.frame)}
    return {**own, **more}


def _formulas(view: MonthView, less: bool) -> dict[str, Keyed]:
    """The formulas of a person's row: they follow what is typed into its weeks."""
    word, lamps, weeks = view.frame.word, view.figures.breakdown.plan.lamps, view.weeks

    def cells(keys: Sequence[str]) -> str:
        return ",".join(f"{{{key}}}" for key in keys)

    planned, done = PLANNED[:weeks], DONE[:weeks]
    due = '""'
    for n, key in enumerate(done, 1):  # the last week that is filled in is asked for first
        due = f"IF(COUNT({{{key}}})=1,SUM({cells(planned[:n])}),{due})"
    status = f'"{word(STATUS["red"])}"'
    for name in ("orange", "amber", "green"):
        status = f'IF({{attainment}}+{_NEAR}>={plain(getattr(lamps, name))},"{word(STATUS[name])}",{status})'
    attainment, done_well = "{done}/{due}", f'IF({{attainment}}="","",{status})'
    if less:  # nothing done is the best, and has no ratio
        attainment = 'IF({done}>0,{due}/{done},IF({due}=0,1,""))'
        done_well = f'IF({{done}}="","",IF({{done}}=0,"{word(STATUS["green"])}",{status}))'
    check = f'IF({{off}}=0,"{word(_AGREES)}",IF({{off}}>0,"{word(_OVER)}","{word(_UNDER)}"))'
    texts = {
        "plan": f'=IF(COUNT({cells(planned)})=0,"",SUM({cells(planned)}))',
        "off": '=IF(COUNT({target},{plan})=2,{plan}-{target},"")',
        "check": f'=IF({{off}}="","",{check})',
        "due": f"={due}",
        "done": f'=IF(COUNT({cells(done)})=0,"",SUM({cells(done)}))',
        "attainment": f'=IF({_ASKED[less]},"",{attainment})',
        "gap": '=IF(COUNT({due},{done})=2,{done}-{due},"")',
        "status": f"={done_well}",
    }
    return {key: OwnRow(text) for key, text in texts.items()}


def _facts(view: MonthView) -> tuple[str, ...]:
    facts = view.frame.word(_RULE), view.frame.word(_ENTER)
    return (*facts, *said_left_out(view.month.left_out, view.frame))


def _page(view: MonthView, rows: Sequence[Row]) -> Page:
    return Page(rows=tuple(row.key for row in rows if row.kind == "section"), apart=True)


WEEKS = Sheet[Figures, MonthView](
    key=T_WEEKS.sheet,
    named="weeks_{n}",
    title=_TITLE,
    purpose=Word(
        "每人每周的计划与完成,到最后填报周的达成率;每队一页",
        "What each person planned and did by week, attainment to the last week filled in; a page a team",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=_doubts,
    page=_page,
    tables=(T_WEEKS,),
    examples=EXAMPLES,
    judges_rows=True,
)
