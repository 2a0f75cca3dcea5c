"""One edit session a file: what lists sheets, relations, types and styles is parsed once and written once in a run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from tests.commands.books import Command
from xlsales.ooxml import xml
from xlsales.ooxml.package import Package
from xlsales.ooxml.sheet_xml import SheetXml
from xlsales.plan.template.example import paste_actuals, write_example

LISTING = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")
PACKAGES = {"split": 8, "refresh": 8}
"""The plan, twice for each source of sales in it (the fast reader gets the sheet alone), the fresh sheets twice, and
the written file, which is checked. A refresh reads past sales too, for the growth that the overview shows."""
PARSES = {"split": 58, "refresh": 58}
"""Of all parts, in all of them."""


class Counts:
    """What is parsed, written and walked while it is in force."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.packages: list[Package] = []
        self.parsed: Counter[tuple[int, str]] = Counter()
        self.written: Counter[str] = Counter()
        self.walked: Counter[bytes] = Counter()
        load, parse, serialise, walk = Package.__init__, Package.parse, xml.serialise, SheetXml.__init__

        def loading(package: Package, source: Path | bytes, name: str) -> None:
            self.packages.append(package)
            load(package, source, name)

        def parsing(package: Package, name: str) -> etree._Element:
            self.parsed[next(i for i, one in enumerate(self.packages) if one is package), name] += 1
            return parse(package, name)

        def writing(root: etree._Element) -> bytes:
            self.written[xml.local(root)] += 1
            return serialise(root)

        def walking(sheet: SheetXml, data: bytes) -> None:
            self.walked[data] += 1
            walk(sheet, data)

        patch.setattr(Package, "__init__", loading)
        patch.setattr(Package, "parse", parsing)
        patch.setattr(xml, "serialise", writing)
        patch.setattr(SheetXml, "__init__", walking)


@pytest.mark.parametrize("verb", ["split", "refresh"])
def test_lists_of_parts_are_parsed_and_written_once(
    verb: str, xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a first split and a first refresh of the demo; a sheet is walked to be read, and to be changed, no more."""
    book = tmp_path / "demo.xlsx"
    write_example(book, "zh")
    if verb == "refresh":
        assert xlsales("split", book).code == 0
        paste_actuals(book, "zh")
    with monkeypatch.context() as patch:
        counts = Counts(patch)
        assert xlsales(verb, book).code in (0, 1)
    assert {count for (_, name), count in counts.parsed.items() if name in LISTING} == {1}
    assert counts.written["workbook"] == counts.written["Types"] == 1
    assert counts.written["Relationships"] <= 1 >= counts.written["styleSheet"]
    assert len(counts.packages) <= PACKAGES[verb]
    assert counts.parsed.total() <= PARSES[verb]
    assert max(counts.walked.values()) <= 2
