"""One table of examples for every place in which a percentage is asked for, and may come without its sign."""

from __future__ import annotations

import pytest

from xlsales.core.percentages import ATTAINMENT, DONE, WEIGHT, PartOrPercent, Percents

pytestmark = pytest.mark.unit
EITHER = "either"

BARE, SHOWN, TYPED = "bare", "shown", "typed"
EXAMPLES = [
    # value, its %, attainment, done, weight
    (0.5, BARE, 0.5, 0.5, 0.5),
    (1.0, BARE, 1.0, 1.0, 1.0),
    (1.5, BARE, 1.5, EITHER, 0.015),
    (4.0, BARE, EITHER, 0.04, 0.04),
    (50.0, BARE, 0.5, 0.5, 0.5),
    (100.0, BARE, 1.0, 1.0, 1.0),
    (150.0, BARE, 1.5, 1.5, 1.5),
    (-1.0, BARE, -1.0, -1.0, -1.0),
    (0.0, BARE, 0.0, 0.0, 0.0),
    (0.5, SHOWN, 0.5, 0.5, 0.5),
    (1.5, SHOWN, 1.5, 1.5, 1.5),
    (4.0, SHOWN, 4.0, 4.0, 4.0),
    (50.0, SHOWN, 0.5, 0.5, 0.5),
    (150.0, SHOWN, 1.5, 1.5, 1.5),
    (0.5, TYPED, 0.5, 0.5, 0.5),
    (4.0, TYPED, 4.0, 4.0, 4.0),
    (50.0, TYPED, 50.0, 50.0, 50.0),
    (150.0, TYPED, 150.0, 150.0, 150.0),
]


@pytest.mark.parametrize(("value", "sign", "attainment", "done", "weight"), EXAMPLES)
def test_a_number_is_a_part_by_its_sign_or_its_size(
    value: float, sign: str, attainment: object, done: object, weight: object
) -> None:
    """A typed % decides always, one that the format shows decides unless the size says otherwise."""
    held = f"{value * 100:g} ％" if sign == TYPED else value

    def part(percents: Percents) -> object:
        try:
            return percents.part(value, held, shown=sign != BARE)
        except PartOrPercent:
            return EITHER

    assert [part(one) for one in (ATTAINMENT, DONE, WEIGHT)] == [attainment, done, weight]


def test_text_without_a_percent_sign_is_bare_in_a_cell_that_shows_one() -> None:
    """The format of a cell says nothing of text."""
    assert ATTAINMENT.part(350.0, "350", shown=True) == 3.5
    with pytest.raises(PartOrPercent, match=r"is it 400% or 4%\?"):
        ATTAINMENT.part(4.0, "4", shown=True)
