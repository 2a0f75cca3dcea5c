"""Marks are found as Python finds them, wherever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.ooxml.marks import Mark

MARKS = [b"<!", b":v>", b"</v>", b":is>", b't="b"', b"hidden=", b"<v></v>", b'"preserve"></v>']


@pytest.mark.parametrize("text", MARKS)
@given(parts=st.lists(st.sampled_from([*MARKS, b"<", b"v", b"></", b"=", b"hid", b'"', b"1"]), max_size=12))
def test_marks_are_found_and_counted(text, parts):
    piece = b"".join(parts)
    assert Mark(text).within(piece) == (text in piece)
    assert Mark(text).count(piece) == piece.count(text)
