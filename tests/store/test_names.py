from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.store.handout.names import LONGEST, file_names, safe_name

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("上海徐汇店", "上海徐汇店.xlsx"),
        ("A/B:店?", "A_B_店_.xlsx"),
        ("CON", "_CON.xlsx"),
        ("com1.旧", "_com1.旧.xlsx"),
        ("店. ", "店.xlsx"),
        ("...", "_.xlsx"),
        ("~$x", "_x.xlsx"),
        ("店\u200b\n1", "店_1.xlsx"),
    ],
)
def test_names_that_windows_takes(code: str, name: str) -> None:
    """A store's file is named after it, as far as Windows allows."""
    assert file_names([code]) == {code: name}


def test_alike_names_are_numbered() -> None:
    """Stores whose names would give one file get two, and the plainly named store keeps its own name."""
    names = file_names(["a/b", "A_B", "a_b"], others=["下发清单.xlsx"])
    assert names == {"A_B": "A_B.xlsx", "a_b": "a_b_2.xlsx", "a/b": "a_b_3.xlsx"}


@given(st.lists(st.text(max_size=120), unique=True, max_size=30))
def test_every_store_has_its_own_legal_file(codes: list[str]) -> None:
    """Whatever stores are called, each has a file of its own whose name Windows can hold."""
    names = file_names(codes)
    assert list(names) == codes
    folded = {unicodedata.normalize("NFKC", name).casefold() for name in names.values()}
    assert len(folded) == len(codes)
    for name in names.values():
        assert len(name) <= LONGEST + 5
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        assert name == name.strip()
        assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name[:-5])
        name.encode()


@given(st.text(max_size=200))
def test_a_safe_name_stays_as_it_is(text: str) -> None:
    """Making a safe name safe changes nothing."""
    assert safe_name(safe_name(text)) == safe_name(text)
