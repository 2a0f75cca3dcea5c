"""Whom a remedy of a review is about: names that nobody has are told, with the nearest one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault
from xlsales.core.text import identity, narrow
from xlsales.plan.figures import Figures
from xlsales.plan.review.faults import AboutNobody
from xlsales.plan.table_rows import dimension_named, named_member
from xlsales.plan.unknown_names import is_company, said_near
from xlsales.tables.words.total_words import is_totals_word, is_whole_word

_BETWEEN = expression(r"[、,;/&+|\n]")
_AND = expression(r"和|与|及|\band\b", re.IGNORECASE)
_MOST_NEAR = 3


def unknown_names(text: str, shown: Collection[str], figures: Figures) -> Iterator[Fault]:
    """Yield a fault for each name in a cell that is none of the plan's, nor one of those `shown` on the page.

    The cell names members, dimensions, the company, or several of these. A plan without dimensions knows no names.
    """
    own = {identity(name) for name in shown}

    def is_known(name: str) -> bool:
        if identity(name) in own or dimension_named(name, figures) is not None:
            return True
        if is_company(name) or is_totals_word(name) or is_whole_word(name):
            return True
        try:
            return named_member(name, figures) is not None
        except Fault:  # several members have the name
            return True

    if not figures.dimensions or is_known(text):
        return
    for name in filter(None, map(str.strip, _BETWEEN.split(narrow(text)))):
        parts = list(filter(None, map(str.strip, _AND.split(name))))
        unknown = [] if is_known(name) else [part for part in parts if not is_known(part)]
        for one in unknown if len(unknown) < len(parts) else [name]:
            near = dict.fromkeys(near for members in figures.dimensions for near in members.matcher.nearest(one))
            yield AboutNobody(name=one, **said_near(list(near)[:_MOST_NEAR]))
