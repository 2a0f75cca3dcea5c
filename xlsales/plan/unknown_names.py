"""Names that a person typed and the plan does not know."""

from __future__ import annotations

from xlsales.core.faults import Fault


class NoSuchDimension(Fault):
    """A dimension that the plan does not have."""

    zh = "计划里没有维度“{found}”。可选:{names}。"
    en = 'The plan has no dimension "{found}". Choose one of: {names}.'


class NotInThePlan(Fault):
    """A name that no member has."""

    zh = "维度表里没有成员“{name}”。请改成那里的名称,或清空这一格。"
    en = 'The dimension table has no member "{name}". Write the name as it is there, or clear the cell.'
