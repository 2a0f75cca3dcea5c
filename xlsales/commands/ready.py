"""下发 asks first if sheet SMART检查 has a target that is red."""

from __future__ import annotations

from collections.abc import Collection

from xlsales.book.keyed import WrittenSheet
from xlsales.commands.finish import left_alone
from xlsales.commands.job import Job
from xlsales.core.faults import Fault, Listed, Problem
from xlsales.core.keys import joined
from xlsales.core.plan import Dimension
from xlsales.plan.added import typed_rows
from xlsales.plan.readiness import COMPANY, T_READINESS, thresholds
from xlsales.plan.sheets.readiness import CHECKS, READINESS
from xlsales.vocabulary.contract import STATUS

_NAMED = 3
"""So many members that are red are named."""


class NotReady(Fault):
    """Targets that are red in SMART检查 are to be handed out."""

    zh = "SMART检查 里有 {count} 行是红的:{names}。请按那里的句子改好、刷新,再下发;照样下发,请加 --yes。"
    en = (
        "SMART check has {count:rows} in red: {names}. Fix them as it says, refresh and hand out again; to hand out "
        "all the same, add --yes."
    )


def ask_if_ready(job: Job, units: Dimension, chosen: Collection[str]) -> None:
    """Let the person decide whether targets that are red are handed out.

    They are those of the company, of the chosen members and of the members above these. What is wrong in the table of
    thresholds is told. Raises LeftAsItWas on a No, Refused if nobody can be asked. A plan without the table, or the
    sheet, has none.
    """
    sheet = job.sheets.get(READINESS.identity)
    if sheet is None or job.book.table(T_READINESS.name) is None:
        return
    limits, faults = typed_rows(job.book, job.inputs.lang, job.inputs.money_unit, [T_READINESS.name])
    thresholds(limits.get(T_READINESS.name, ()), faults)
    job.problems += [fault.as_note() for fault in faults]
    rows = {"total": COMPANY[job.inputs.lang]}
    for position, member in enumerate(units.members):
        if units.is_leaf(position) and member.name in chosen:
            while position >= 0:
                name = units.members[position].name
                rows.setdefault(joined("m", units.name, name), name)
                position = units.parents[position]
    red = [(key, name) for key, name in rows.items() if _is_red(sheet, key)]
    if not red:
        return
    first = next(column for column in CHECKS if _is_red(sheet, red[0][0], column))
    names = [f"{name} {''.join(column for column in CHECKS if _is_red(sheet, key, column))}" for key, name in red]
    fault = NotReady(count=len(red), names=Listed([*names[:_NAMED], *(["…"] if len(red) > _NAMED else [])]))
    if not job.run.person.hands_out_red(Problem.note(sheet.place(red[0][0], first), names[0], fault)):
        raise left_alone(job)


def _is_red(sheet: WrittenSheet, row: str, column: str = "") -> bool:
    """Whether a row has a red tick, in one column or in any."""
    red = (STATUS["red"].zh, STATUS["red"].en)
    return any(sheet.value(row, key) in red for key in ([column] if column else CHECKS))
