"""Sheet 周跟踪: a member's own rows of the plan's weeks; what is done each week is typed here and read back.

The rows are as many as any file of the plan needs; those that a member does not use are hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from xlsales.core.faults import Fault, Problem
from xlsales.core.keys import parted
from xlsales.layout.model import Role, Row, SheetModel, Value
from xlsales.ooxml.cells import Cell
from xlsales.plan.weeks.tables import DONE, MOST_WEEKS, PLANNED, T_WEEKS, WeekDone, weeks_of
from xlsales.store import reasons, words
from xlsales.store.amounts import is_blank, shown
from xlsales.store.figures import Result, StoreFigures
from xlsales.store.returned import Reading
from xlsales.store.returned_book import ReturnedSheet
from xlsales.store.sheet import HIDDEN_ROW, Own, StoreColumn, StoreSheet, StoreView, TemplateFault, hidden, picked
from xlsales.store.targets import StoreTerms
from xlsales.values.cell import CellFault, ErrorCell, Labelled, NoResult, number
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.round_contract import TIMES

if TYPE_CHECKING:
    from xlsales.book.keyed import KeyedSheet
    from xlsales.layout.entry_sheet import EntrySheet
    from xlsales.ooxml.cells import SheetCells

KEY, GIVEN = "key", "given"
"""The hidden columns that say which row of the plan's table a row is, and which done weeks it was handed out with."""
_LABELS = {column.key: column.label for column in T_WEEKS.columns}
_PLAIN = {"month": 10, "person": 13, "indicator": 13, "target": 9}
COLUMNS = {key: StoreColumn(_LABELS[key], "count" if key == "target" else "text", w) for key, w in _PLAIN.items()}
HINT = Word(
    "每周在黄格里填完成数:整数,没做成填 0,还没到就空着。随文件交回总部。",
    "Type what is done each week into the yellow cells: whole numbers, 0 for none, blank if it is not over. Return it.",
)
REFUSED = Word("请填 0 或正整数。", "Enter a whole number of 0 or more.")
PROMPT = Word("这一周完成了多少;没做成填 0。", "How many were done this week; 0 for none.")
_MOST = 10**9


class TemplateFewRows(TemplateFault):
    """A template with fewer rows of weeks than a file needs."""

    zh = "{file} 的“{sheet}”只有 {found} 行,要 {needed} 行。请先不带 --template 下发,再以其中一个文件为样板。"
    en = (
        '{file}: sheet "{sheet}" has {found:rows}, {needed} are needed. Hand out without --template first and '
        "restyle one of those files."
    )


class WeekUnreadable(Fault):
    """A week with something that is no number."""

    zh = "“{value}”不是完成数。请填 0 或正整数。"
    en = "'{value}' is no number of things done. Enter a whole number of 0 or more."


class WeekNegative(Fault):
    """A week with less than nothing done."""

    zh = "完成数 {value} 是负数。请填 0 或正整数。"
    en = "{value} done is below zero. Enter a whole number of 0 or more."


class WeekInParts(Fault):
    """A week with a fraction of a thing done."""

    zh = "完成数 {value} 不是整数,一单不能算半单。请填整数。"
    en = "{value} done is no whole number: there are no halves. Enter a whole number."


class WeekFarAbove(Fault):
    """A week with far more done than the row plans for the whole month; it counts."""

    zh = "完成数 {found} 超过整月计划 {planned} 的 {times} 倍,已照收。请核对位数和单位。"
    en = "{found} done is more than {times} times the plan of the month, {planned}; it counts. Check digits and unit."


class WeekNotThere(Fault):
    """A number in a week that the month does not have."""

    zh = "{month} 只有 {weeks} 周,没有第 {week} 周。请清空,或填到对应的周。"
    en = "{month} has only {weeks:weeks}, no week {week}. Clear the cell, or type it into its own week."


class WeekRowForeign(Fault):
    """A row with numbers that was not handed out to this member."""

    zh = "这一行不是下发给“{code}”的,总部没有采用。请删去;要加人或加指标,请告诉总部。"
    en = 'This row was not handed out to "{code}" and was not taken. Delete it; ask headquarters for more rows.'


class WeekRowGone(reasons.ForHeadquarters):
    """A row that headquarters handed out and has no more, or not without a fault."""

    zh = (
        "总部的“周跟踪”里现在没有 {month}“{person}”的“{indicator}”(改了名、删了、还有错,或这个月已关账),没有采用。"
        "这份文件不用改;请总部改好,再收一次。"
    )
    en = (
        'Headquarters now has no usable row of {month} for "{person}", "{indicator}": renamed, deleted, at fault or '
        "closed. Not taken. Nothing to change here; headquarters is to mend its table and collect again."
    )


class WeekRowMoved(reasons.ForHeadquarters):
    """A row that is another member's at headquarters by now."""

    zh = (
        "{month}“{person}”的“{indicator}”在总部的“周跟踪”里现在归“{owner}”,这里填的没有采用。这份文件不用改;"
        "请填到“{owner}”的文件里,或请总部改回。"
    )
    en = (
        '{month}, "{person}", "{indicator}" belongs to "{owner}" at headquarters now, so what is typed here was not '
        'taken. Nothing to change here: type it into the file of "{owner}", or headquarters moves the row back.'
    )


class WeekRowTwice(Fault):
    """A row that was copied."""

    zh = "这一行和第 {other} 行是同一行,总部只采用了那一行。请删去这一行。"
    en = "This row is a copy of row {other}, and only that one was taken. Delete this row."


def _rows(terms: StoreTerms) -> list[str]:
    return [f"w:{n}" for n in range(1, terms.week_rows + 1)]


def _columns(terms: StoreTerms) -> list[str]:
    return [*COLUMNS, *(key for pair in zip(PLANNED, DONE, strict=True) for key in pair), KEY, GIVEN]


def _own(terms: StoreTerms) -> list[Own]:
    rows = _rows(terms)
    return [Own(rows, picked(_cells, [HIDDEN_ROW])), Own(rows, picked(_cells, _columns(terms)), mixed=True)]


def _cells(figures: StoreFigures) -> dict[str, Iterable[Result]]:
    """What a member has in each column, from the first row to the last."""
    own, spare = figures.store.weeks, figures.terms.week_rows - len(figures.store.weeks)
    blank: list[Result] = [None] * spare
    plain = ("month", "person", "indicator", "target", KEY, GIVEN)
    cells: dict[str, Iterable[Result]] = {key: [*(getattr(row, key) for row in own), *blank] for key in plain}
    for i in range(MOST_WEEKS):
        for key, numbers in ((PLANNED[i], "planned"), (DONE[i], "done")):
            weeks = [getattr(row, numbers) for row in own]
            cells[key] = [*(one[i] if i < len(one) else None for one in weeks), *blank]
    cells[HIDDEN_ROW] = [*[0] * len(own), *[1] * spare]
    return cells


def _lay_out(view: StoreView) -> SheetModel:
    terms, results = view.terms, view.results
    columns = [column.column(key, terms) for key, column in COLUMNS.items()]
    weeks = (key for pair in zip(PLANNED, DONE, strict=True) for key in pair)
    columns += [StoreColumn(_LABELS[key], "count", 9.5).column(key, terms) for key in weeks]
    keys: dict[str, Role] = {KEY: "text", GIVEN: "text"}
    rows = []
    for row in _rows(terms):
        values: dict[str, Value] = {key: results.get((row, key)) for key in _columns(terms)}
        rows.append(Row(row, values, hidden=bool(results.get((row, HIDDEN_ROW)))))
    return view.model([*columns, *hidden(keys)], rows)


def _finish(sheet: EntrySheet, view: StoreView) -> None:
    rows = _rows(view.terms)
    sheet.hide_last(2)
    sheet.fit_heading(DONE[-1])
    sheet.print_to(DONE[-1])
    sheet.hint(view.word(HINT))
    rule = {
        "validate": "integer", "criteria": "between", "minimum": 0, "maximum": _MOST,
        "error_title": view.word(words.REFUSED), "error_message": view.word(REFUSED),
        "input_message": view.word(PROMPT),
    }  # fmt: skip
    for key in DONE:
        sheet.enter(key, rows, "#,##0", "right")
        sheet.validate(key, rule)


def _fit(sheet: KeyedSheet[SheetCells] | None, terms: StoreTerms, file: str) -> StoreTerms:
    """Return the terms with as many rows as the template has; without any if it has no such sheet."""
    rows = 0 if sheet is None else sum(key.startswith("w:") for key in sheet.rows)
    if sheet is not None and rows < terms.week_rows:
        raise TemplateFewRows(file=file, sheet=sheet.title, found=rows, needed=terms.week_rows)
    return replace(terms, week_rows=rows)


# --- read back -------------------------------------------------------------------------------------


def keys_in(sheets: Mapping[str, ReturnedSheet]) -> set[str]:
    """Return the keys of the rows that a file has."""
    sheet = sheets.get(SHEET.key)
    return set() if sheet is None else {shown(sheet.cell(row, KEY)) for row, _ in sheet.keyed}


def _read_back(sheet: ReturnedSheet | None, reading: Reading) -> None:
    """Take the weeks that were typed; numbers as they were handed out are nobody's entry.

    The problems carry no amounts: what is done is no sale.
    """
    if sheet is None:
        return
    returned, expected = reading.returned, reading.round.weeks.get(reading.code, {})
    met: dict[str, int] = {}
    for row, name in sheet.keyed:
        typed = [(i, sheet.cell(row, key)) for i, key in enumerate(DONE) if not is_blank(sheet.cell(row, key))]
        if not typed:
            continue
        key = shown(sheet.cell(row, KEY))
        if not name and not any(isinstance(cell.value, float) for _, cell in typed):
            continue  # headers, or a remark
        one = expected.get(key)
        fault: Fault | None = None
        given = weeks_of(shown(sheet.cell(row, GIVEN)))
        if one is None:
            fault = _not_theirs(key, reading)
            if not isinstance(fault, WeekRowForeign) and all(_as_given(sheet, cell, i, given) for i, cell in typed):
                continue
        elif key in met:
            fault = WeekRowTwice(other=met[key])
        if one is None or fault is not None:
            assert fault is not None
            returned.problems.append(Problem.note(sheet.place(row, DONE[typed[0][0]]), shown(typed[0][1]), fault))
            continue
        met[key] = row
        for i, cell in typed:
            place = sheet.place(row, DONE[i])
            done = _number(sheet, cell)
            if not isinstance(done, Fault) and i >= len(one.done):
                done = WeekNotThere(month=one.month, weeks=len(one.done), week=i + 1)
            if isinstance(done, Fault):
                returned.problems.append(Problem.note(place, shown(cell), done))
            elif not _as_given(sheet, cell, i, given):
                returned.weeks.append(WeekDone(key, i, done, place))
                if done > TIMES * max(one.for_month, 1):
                    far = WeekFarAbove(found=f"{done:,}", planned=f"{one.for_month:,}", times=TIMES)
                    returned.problems.append(Problem.note(place, shown(cell), far))


def _not_theirs(key: str, reading: Reading) -> Fault:
    """Why a row with this key has no row of this member at headquarters."""
    parts = parted(key, 3)
    if parts is None:
        return WeekRowForeign(code=reading.code)
    month, indicator, person = parts
    owner = next((code for code, rows in reading.round.weeks.items() if key in rows), None)
    facts = {"month": month, "person": person, "indicator": indicator}
    return WeekRowGone(**facts) if owner is None else WeekRowMoved(**facts, owner=owner)


def _as_given(sheet: ReturnedSheet, cell: Cell, week: int, given: Sequence[int | None]) -> bool:
    """Whether a week has the number that it was handed out with."""
    return week < len(given) and _number(sheet, cell) == given[week]


def _number(sheet: ReturnedSheet, cell: Cell) -> int | Fault:
    """The number of things done, or the fault why a cell has none."""
    try:
        amount = number(sheet.content(cell), Labelled(""), share=False)
    except ErrorCell as fault:
        return reasons.CellError(value=str(fault.facts["found"]))
    except NoResult:
        return reasons.CellWithoutResult()
    except CellFault:
        return WeekUnreadable(value=shown(cell).strip())
    assert amount is not None  # the cell is not blank
    if amount < 0:
        return WeekNegative(value=shown(cell))
    if amount > _MOST:
        return WeekUnreadable(value=shown(cell))
    return int(amount) if amount == int(amount) else WeekInParts(value=shown(cell))


SHEET = StoreSheet(
    key="tracking",
    title=T_WEEKS.label,
    purpose=Word("计划里有周跟踪时:每周的计划,完成数填在这里", "If the plan has it: planned weeks; type what is done"),
    heading=Word("{code} 周跟踪", "{code}: weekly tracking"),
    columns=_columns,
    rows=_rows,
    own=_own,
    lay_out=_lay_out,
    finish=_finish,
    present=lambda terms: terms.week_rows > 0,
    optional=True,
    to_fill=True,
    fit=_fit,
    reads=(KEY, GIVEN, *DONE),
    read_back=_read_back,
)
