"""Text that looks alike is read alike, and what cannot be seen is shown where it is quoted."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.faults import Fault
from xlsales.core.text import SPACES, UNSEEN, clean, identity, narrow, visible

pytestmark = pytest.mark.unit

WIDTHLESS = [
    *"\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2069",
    *"\ufeff\u00ad\u061c\u180e\ufe0f\U000e0101\x00\x07\x7f\x9c",
]
ODD_SPACES = [*"\u00a0\u1680\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u2800\u3164\x1f\x85"]


class Quoted(Fault):
    """A sentence that quotes."""

    zh = "找不到“{value}”。"
    en = "No '{value}'."


@pytest.mark.parametrize("mark", WIDTHLESS)
def test_what_has_no_width_is_left_out(mark: str) -> None:
    assert clean(f"{mark}华{mark}东{mark}") == narrow(f"华{mark}东") == identity(f"{mark}华东") == "华东"
    if mark != "\ufe0f":  # the look of an emoji
        assert Quoted(value=f"华东{mark}").say("zh") == f"找不到“华东[U+{ord(mark):04X}]”。"


@pytest.mark.parametrize("space", ODD_SPACES)
def test_odd_spaces_are_spaces(space: str) -> None:
    assert clean(f"{space}South{space}East{space}") == narrow(f"South{space}East") == "South East"
    assert identity(f"South{space}East") == identity("southeast")
    assert Quoted(value=f"华东{space}").say("en") == "No '华东␣'."


def test_wide_letters_are_narrowed_for_comparing_only() -> None:
    assert clean("ＡＢ　１２") == "ＡＢ　１２"
    assert narrow("ＡＢ　１２：０５") == "AB 12:05"
    assert identity("Ａb　店") == identity("aB店") == "ab店"


@pytest.mark.parametrize("text", ["", "华东", "South East", "a\tb\nc", "❤\ufe0f店", "（华东）", " x "])
def test_plain_text_is_quoted_as_it_is(text: str) -> None:
    assert visible(text) == text


@given(st.text())
def test_nothing_unseen_is_left(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert clean(clean(text)) == clean(text)
    for c in clean(text):
        assert unicodedata.category(c) not in ("Zl", "Zp")
        assert unicodedata.category(c) != "Cf" or c in VISIBLE_FORMATS


VISIBLE_FORMATS = {chr(c) for c in (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,
                                    *range(0x13430, 0x13440))}  # fmt: skip
"""Signs of other scripts, which Unicode calls formats though they are seen."""


@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(WIDTHLESS + ODD_SPACES))))
def test_columns_are_cleaned_as_single_texts_are(text: str) -> None:
    column = pl.Series([text]).str.replace_all(UNSEEN, "").str.replace_all(SPACES, " ")
    assert column[0].strip() == clean(text)


@pytest.mark.parametrize(
    ("text", "narrowed"),
    [
        ("１２３", "123"),
        ("1200¹", "1200¹"),
        ("100²", "100²"),
        ("½", "½"),
        ("１½", "1½"),
        ("①", "①"),
        ("⒈", "⒈"),
        ("㈠", "㈠"),
    ],
)
def test_digits_that_are_no_decimal_ones_stay(text: str, narrowed: str) -> None:
    """A footnote or a fraction is no further digit of an amount."""
    assert narrow(text) == narrowed
