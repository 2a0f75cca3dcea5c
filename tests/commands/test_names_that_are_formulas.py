"""Names that a spreadsheet program would take for a formula or a link are texts, in every file that we write."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from tests.commands.books import Command, members, plan

pytestmark = pytest.mark.unit
NAMES = [
    "=cmd|'/c calc'!A0", "+1+1", "-1+1", "@SUM(1)", '=HYPERLINK("http://x.invalid","y")', "\t=2+2", "{=2+2}",
    "http://x.invalid/a", "mailto:a@x.invalid", "internal:设置!A1", "file:///etc/passwd",
]  # fmt: skip
_FORMULA = re.compile(r"<(?:\w+:)?(?:f|formula\d?|definedName)(?:\s[^>]*)?>([^<]*)</")
_OURS = re.compile(r"cmd\||HYPERLINK\((?:\"|&quot;)http|@SUM|(?<![A-Z\d])(?:2\+2|1\+1)|x\.invalid|passwd|internal:")


def test_names_are_texts(xlsales: Command, tmp_path: Path) -> None:
    """No formula, rule, name or link of the plan, of a store's file or of the list is made of a name."""
    rows = members({"门店": dict.fromkeys(NAMES, 1)})
    book = plan(tmp_path / "计划.xlsx", plan_name="=1+1", dimensions=rows, return_to="=cmd|x")
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, tmp_path / "下发").code == 0
    assert xlsales("collect", book, tmp_path / "下发").code in (0, 1)
    files = [book, *(tmp_path / "下发").rglob("*.xlsx")]
    assert len(files) == len(NAMES) + 2
    shown = 0
    for file in files:
        with zipfile.ZipFile(file) as archive:
            for part in archive.namelist():
                text = archive.read(part).decode("utf-8", "replace")
                assert not [found for found in _FORMULA.findall(text) if _OURS.search(found)], (file, part)
                assert "<hyperlink " not in text
                assert not re.search(r'Target="[^"]*(?:x\.invalid|passwd)', text)
                shown += len(re.findall(r"<t[^>]*>[^<]*(?:cmd\||x\.invalid)", text))
    assert shown > len(NAMES)
