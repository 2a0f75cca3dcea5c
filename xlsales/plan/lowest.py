"""The members whose targets people answer for."""

from __future__ import annotations

from xlsales.plan.figures import Figures, Members
from xlsales.vocabulary.dimensions import PERSON_DIMENSIONS, STORE_DIMENSIONS


def lowest(figures: Figures) -> Members | None:
    """Return the stores, else the persons, else the dimension with most members; None without dimensions."""
    dimensions = {members.name: members for members in figures.dimensions}
    called = next((dimensions[n] for n in (*STORE_DIMENSIONS, *PERSON_DIMENSIONS) if n in dimensions), None)
    return called or max(dimensions.values(), key=lambda members: len(members.dimension.leaves), default=None)
