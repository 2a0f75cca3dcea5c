"""What a sheet 考核 shows: the scorecards of a dimension for a period, with ranks."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.scores import ranks
from xlsales.layout.model import Role
from xlsales.layout.sheet import Frame
from xlsales.plan.figures import Figures
from xlsales.plan.scorecard.cards import Cards
from xlsales.plan.scorecard.results import Scored
from xlsales.plan.scorecard.tiers import PayItem

LEAST = "0.000000001"
SLACK = "0.000001"
"""In formulas: so little below a bound has reached it; sums of weights that differ by less are one."""
WEIGHT_DIGITS = 6
"""To so many decimals weights make 100 %, and tiers meet."""
COLUMNS = (
    "member", "source", "weight", "target", "actual", "attainment", "cap", "floor", "score", "rank", "known", "pay",
)  # fmt: skip
"""Keys of the columns; the last one is there if anybody is paid."""
PLAIN: dict[str, Role] = {"actual": "money"}
"""Cells of the column of actuals that nobody types into."""


class CardView(Struct, frozen=True, dict=True):
    """The scorecards of a dimension for a period, with results; `items` are those that pay any of its members."""

    figures: Figures
    number: int
    cards: Cards
    items: tuple[PayItem, ...]
    scored: tuple[Scored, ...]

    @property
    def name(self) -> str:
        """The dimension and the period."""
        return self.cards.name

    @cached_property
    def frame(self) -> Frame:
        """That of the run, for the days of the period."""
        period = self.cards.period
        return replace(self.figures.frame, start=period.start, end=period.end)

    @cached_property
    def ranks(self) -> list[float]:
        """The members' ranks; NaN is none."""
        of_all = ranks([one.score for one in self.scored], [one.known for one in self.scored])
        return [float(rank) for rank in of_all]

    @property
    def pays(self) -> bool:
        """Whether anybody is paid by tiers."""
        return any(one.items for one in self.scored)
