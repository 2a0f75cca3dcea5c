"""The sentences of the page, the most weighty first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from xlsales.layout.sheet import Frame
from xlsales.plan.figures import Figures
from xlsales.plan.morning.asks import doubts, due, missing
from xlsales.plan.morning.progress import last_week, need, recovered, turned_red, where
from xlsales.plan.morning.table import KINDS, MOST, T_MORNING
from xlsales.plan.morning.view import Monday, Sentence

_TELLERS: Mapping[str, Callable[[Monday], Sentence | None]] = {
    "where": where,
    "week": last_week,
    "red": turned_red,
    "missing": missing,
    "doubts": doubts,
    "need": need,
    "due": due,
    "recovered": recovered,
}


class MorningView(Struct, frozen=True):
    """The page: what it is made of, and its sentences."""

    monday: Monday
    sentences: tuple[Sentence, ...]

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.monday.frame


def mornings(figures: Figures) -> Iterator[MorningView]:
    """Yield the one that there is once a row of the table asks for a sentence."""
    rows = figures.table_rows.get(T_MORNING.name, ())
    wanted = {row["sentence"] for row in rows if not row["faulty"]}
    if not wanted.isdisjoint(KINDS):
        monday = Monday(figures)
        told = (tell(monday) for kind, tell in _TELLERS.items() if kind in wanted)
        yield MorningView(monday, tuple([one for one in told if one is not None][:MOST]))
