"""Names that a person typed and the plan does not know."""

from __future__ import annotations

from collections.abc import Sequence

from xlsales.core.faults import Fault, Listed
from xlsales.core.text import identity
from xlsales.vocabulary.contract import Word

COMPANY = Word("公司整体", "Company")
"""What stands for the whole among members."""
_COMPANY_TOO = ("公司", "全公司", "整个公司", "whole company", "the company")


def is_company(name: str) -> bool:
    """Return whether a name in a column of members is that of the whole."""
    return identity(name) in map(identity, (COMPANY.zh, COMPANY.en, *_COMPANY_TOO))


class NoSuchDimension(Fault):
    """A dimension that the plan does not have."""

    zh = "计划里没有维度“{found}”。可选:{names}。"
    en = 'The plan has no dimension "{found}". Choose one of: {names}.'


class NotInThePlan(Fault):
    """A name that no member has."""

    zh = "维度表里没有成员“{name}”。请改成那里的名称,或清空这一格。"
    en = 'The dimension table has no member "{name}". Write the name as it is there, or clear the cell.'


class InAnotherDimension(Fault):
    """A name that no member of the dimension beside it has, but members of others have."""

    zh = "维度“{dimension}”里没有成员“{name}”,它在{others}里。请改维度或名称。"
    en = 'Dimension "{dimension}" has no member "{name}": it is one of {others}. Correct the dimension or the name.'


class MeantBySeveral(Fault):
    """A name of members of several dimensions, in a table without a column for the dimension."""

    zh = "“{name}”在{dimensions}里都有。请写明是哪个维度的,如“{example}”。"
    en = '"{name}" is a member of {dimensions}. Write which one is meant, such as "{example}".'


class TwoOfOneName(Fault):
    """A name of two members of a dimension, which no row can tell apart."""

    zh = "“{dimension}”里有两个“{name}”,分不清是哪一个。请在“维度”表给其中一个换个名称(如加上团队)。"
    en = '"{dimension}" has two members "{name}". Give one of them another name in Dimensions (such as with its team).'


def said_near(near: Sequence[str]) -> dict[str, str]:
    """Return the facts `zh_near` and `en_near` of a sentence: what names may be meant, to follow its last word."""
    return {
        "zh_near": f",最接近的是“{'”“'.join(near)}”" if near else "",
        "en_near": f'; nearest: "{near[0]}"' if near else "",
    }


def qualified(dimension: str, member: str) -> str:
    """Return how a person names the member of a certain dimension: `大区:2区`."""
    return f"{dimension}:{member}"


def meant_by_several(name: str, dimensions: Sequence[str]) -> Fault:
    """Return the fault of a name of several members, which are in these dimensions, with what to write."""
    apart = tuple(dict.fromkeys(dimensions))
    if len(apart) == 1:
        return TwoOfOneName(name=name, dimension=apart[0])
    return MeantBySeveral(name=name, dimensions=Listed(apart), example=qualified(apart[0], name))
