"""The rows of 行动 that a member's file carries, and what comes back of them into the table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from xlsales.core.actions import ActionStatus
from xlsales.core.faults import Fault, Lang, Problem
from xlsales.core.keys import joined, parted
from xlsales.core.plan import Dimension
from xlsales.core.text import names_in
from xlsales.plan.actions.read import TYPED, Action, read_actions
from xlsales.plan.actions.table import T_ACTIONS
from xlsales.plan.figures import Figures
from xlsales.plan.handed.rows import Entry, HandedRow, HandedTable, lowest
from xlsales.plan.unknown_names import COMPANY
from xlsales.tables.cells.matching import Matcher
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import ACTION_STATUS, LANGS, Word
from xlsales.vocabulary.money import Money

_LABELS = {column.key: column.label for column in T_ACTIONS.columns}
_NAME = Word("“{member}”的“{measure}”", '"{measure}" of "{member}"')
_ORDER = tuple(ActionStatus)
"""A status goes on from one to the next."""


class ActionDiffers(Fault):
    """What came back of an action goes behind what headquarters has."""

    zh = (
        "“{measure}”的“{zh_column}”:这里是 {here},“{member}”交回 {found},比这里的退了。"
        "没有改;要采用,请清空这一格再收一次。"
    )
    en = (
        '"{measure}", "{en_column}": {here} is here, "{member}" returned {found}, which goes back. Nothing was '
        "changed; to take it, clear this cell and collect again."
    )


class ActionReplaced(Fault):
    """What came back of an action has replaced what headquarters had."""

    remark = True
    zh = "“{measure}”的“{zh_column}”:“{member}”交回 {found},已替换原来的 {here}。"
    en = '"{measure}", "{en_column}": "{member}" returned {found}, which has replaced {here}.'


def _rows(figures: Figures, units: Dimension, problems: list[Problem]) -> Mapping[str, Sequence[HandedRow]]:
    """The rows of each lowest member: those that are its own, and those of which it is an owner."""
    rows = figures.table_rows.get(T_ACTIONS.name, ())
    if not rows:
        return {}
    matcher = Matcher(units)
    by_member: dict[str, list[HandedRow]] = {}
    for action in read_actions(rows, figures, problems).actions:
        own = units.members[action.position].name if action.dimension == units.name else ""
        owner = action.row["owner"] or ""
        owners = (owner,) if matcher.position(owner) >= 0 else names_in(owner)
        for name in lowest((own, *owners), matcher, units):
            by_member.setdefault(name, []).append(_handed(action, figures.frame.lang))
    return by_member


def _handed(action: Action, lang: Lang) -> HandedRow:
    typed, listed = action.typed, action.listed
    shown: dict[str, Entry] = {key: action.row[key] for key in ("strategy", "measure", "owner")}
    days = dict(zip(("begins", "ends"), map(_serial, action.days()), strict=True))
    status = ACTION_STATUS[typed.status][lang] if typed.status else None
    return HandedRow(
        key=joined(action.dimension, action.member, action.measure),
        name=_named(action.member, action.measure),
        cells={
            "member": action.member or COMPANY[lang], **shown, **days,
            "expected": action.expected, "status": status, "result": typed.result,
        },
        given=typed.text(1),
        listed={"status": listed.status, "result": listed.result},
        places={key: action.row["cells"][key] for key in TYPED if key in action.row["cells"]},
        facts={"measure": action.measure, "expected": action.expected},
    )  # fmt: skip


def _named(member: str, measure: str) -> Word:
    return Word(
        _NAME.zh.format(member=member or COMPANY.zh, measure=measure),
        _NAME.en.format(member=member or COMPANY.en, measure=measure),
    )


def name_of(key: str) -> Word | None:
    """Return what people call the row of a key; None if it is no key of an action."""
    parts = parted(key, 3)
    return None if parts is None else _named(*parts[1:])


def _serial(day: dt.date | None) -> Entry:
    return None if day is None else float(to_serial(day))


def _goes_on(_column: str, here: Entry, given: Entry, found: float | str) -> bool:
    """Whether what came back goes on from what is here, or headquarters has what it handed out."""
    if here == given:
        return True
    if isinstance(here, float) and isinstance(found, float):
        return found > here
    return _ORDER.index(ActionStatus(str(found))) > _ORDER.index(ActionStatus(str(here)))


def _typed(column: str, value: float | str, unit: Money, lang: Lang) -> float | str:
    """A status by its word, a result in the plan's unit."""
    return ACTION_STATUS[str(value)][lang] if column == "status" else float(value) / unit.per


def _facts(row: HandedRow, column: str) -> dict[str, object]:
    return {"measure": row.facts["measure"], **{f"{lang}_column": _LABELS[column][lang] for lang in LANGS}}


def _differs(row: HandedRow, column: str, **facts: object) -> Fault:
    return ActionDiffers(**_facts(row, column), **facts)


def _replaced(row: HandedRow, column: str, **facts: object) -> Fault:
    return ActionReplaced(**_facts(row, column), **facts)


HANDED_ACTIONS = HandedTable(
    key="actions",
    table=T_ACTIONS,
    rows=_rows,
    differs=_differs,
    said=Word("行动的状态和已达成 {} 格", "{:cells} of actions"),
    way_out=Word("请删去已经结束的行动。", "Delete actions that are over."),
    replaces=_goes_on,
    replaced=_replaced,
    typed=_typed,
)
