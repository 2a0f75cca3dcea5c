"""Numbers in sentences come with nouns and verbs that go by them, whoever says the sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from xlsales.core.text import counted

pytestmark = pytest.mark.unit
SOURCE = Path(__file__).parents[2] / "xlsales"
NOUNS = "rows|cells|days|files|months|members|parents|stores|points|problems|amounts|dates|periods|columns|sheets"
BARE = re.compile(rf"\{{(\w*)\}}(?: more| other| text)? (?:{NOUNS})\b")
BEYOND_ONE = {
    ("tables/reasons.py", "count"),  # its own sentence for one row
    ("plan/inputs.py", "days"),  # more than five years
    ("tables/remarks.py", "cells"),  # more than there are headers
    ("store/collect/marking.py", "n"),  # alike: several
    ("store/returned_book.py", "found"),  # more than a million
    ("functions/cells.py", "columns"),  # rows × columns of a block
    ("functions/lookups.py", "columns"),  # rows × columns of a block
    ("hosts/python/split_frame.py", "count"),  # columns of one name
    ("plan/filled_table.py", "rows"),  # more than a sheet has
    ("core/period_text.py", "pattern"),  # 4-4-5
    ("plan/sheets/weekday_shares.py", "least"),  # three
}
"""Counts that are never one."""


@pytest.mark.parametrize(
    ("template", "facts", "said"),
    [
        ("{n:days}", {"n": 1}, "1 day"),
        ("{n:days}", {"n": 2}, "2 days"),
        ("{n:days}", {"n": 0}, "0 days"),
        ("{n:copies}", {"n": 1}, "1 copy"),
        ("{n} more {n:file is|files are} blank", {"n": 1}, "1 more file is blank"),
        ("{n} more {n:file is|files are} blank", {"n": 3}, "3 more files are blank"),
        ("{n:,} of {x:.1f}", {"n": 1234, "x": 2.0}, "1,234 of 2.0"),
        ("{n} {yes}", {"n": 1, "yes": True}, "1 True"),
    ],
)
def test_a_noun_goes_by_its_number(template: str, facts: dict[str, object], said: str) -> None:
    assert counted(template, **facts) == said
    assert counted(re.sub(r"\bn\b", "0", template), facts["n"], **facts) == said


def english() -> Iterator[tuple[str, str]]:
    """Every English text of the program that fills something in, with the file it is in."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and not re.search("[一-鿿]", node.value):
                yield path.relative_to(SOURCE).as_posix(), node.value


def test_no_sentence_says_1_days() -> None:
    """A count beside a plural asks for it (`{count:days}`), wherever the sentence is."""
    found = {(file, name): text for file, text in english() for name in BARE.findall(text)}
    assert {at: text for at, text in found.items() if at not in BEYOND_ONE} == {}
