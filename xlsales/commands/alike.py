"""Members that differ by letter case only: two to the plan, but one to Excel's own lookups."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.commands.job import Job
from xlsales.core.faults import Fault, Problem
from xlsales.core.text import identity
from xlsales.vocabulary import plan_tables

_NAMED = 3
"""So many pairs of a dimension are listed."""


class OnlyCaseApart(Fault):
    """Two members with names that differ by letter case only."""

    remark = True
    zh = (
        "“{dimension}”的“{name}”和“{other}”只差大小写,按两个成员分开计;"
        "您自己写的 VLOOKUP、SUMIFS 不分大小写,会把它们当成一个。如果是同一个,请删去其中一行。"
    )
    en = (
        '"{name}" and "{other}" of "{dimension}" differ by letter case only and are two members here; your own VLOOKUP '
        "or SUMIFS ignore case and take them for one. If they are the same, delete one of the rows."
    )


def only_case_apart(job: Job) -> Iterator[Problem]:
    """Yield a remark for members of a dimension that are one to Excel's lookups."""
    for dimension in job.inputs.plan.dimensions:
        first: dict[str, str] = {}
        pairs = [
            (first[key], member)
            for member in dimension.members
            if first.setdefault(key := identity(member.name), member.name) != member.name
        ]
        for other, member in pairs[:_NAMED]:
            fault = OnlyCaseApart(dimension=dimension.name, name=member.name, other=other)
            place = job.table_place(plan_tables.T_DIMENSIONS, member.row, "member")
            yield Problem.note(place, member.name, fault)
