"""Colours of sheets: texts are read on their grounds, and no two meanings are one colour to colour-blind eyes."""

from __future__ import annotations

from itertools import combinations

import pytest

from xlsales.layout import look

pytestmark = pytest.mark.unit


def luminance(colour: str) -> float:
    """Return the relative luminance of `#RRGGBB`, as WCAG 2.1 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, fill) for fill, text in look.LAMPS.values()),
        *((look.TEXT, ground) for _, ground in look.HEAT),
        (look.TEXT, look.BAR),
        (look.INK, look.PALE),
        (look.INK, look.TOTAL_FILL),
        (look.GOOD, look.PROVEN),
        (look.GOOD, look.TOTAL_FILL),
        (look.BAD, look.TOTAL_FILL),
        (look.LINK, "#FFFFFF"),
        (look.MUTED, "#FFFFFF"),
        (look.INPUT_TEXT, look.INPUT_FILL),
    ],
)
def test_texts_can_be_read_on_their_grounds(text: str, ground: str) -> None:
    """WCAG AA asks for a contrast of 4.5."""
    assert contrast(text, ground) >= 4.5


def seen_without_red_or_green(colour: str) -> tuple[float, float]:
    """Return what deuteranopes keep of a colour, roughly: its luminance, and how blue it is against yellow."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return luminance(colour), blue - (red + green) / 2


def test_bars_of_charts_are_told_apart_without_red_and_green() -> None:
    """Target, actual, missing and ahead differ by lightness or by blue against yellow."""
    for one, other in combinations((look.STEEL, look.INK, look.MISSING, look.AHEAD), 2):
        light, hue = (abs(a - b) for a, b in zip(*map(seen_without_red_or_green, (one, other)), strict=True))
        assert light > 0.15 or hue > 0.3, (one, other)
