"""Public workbooks take cells of ours: every other part stays byte for byte, every other cell as it was."""

from __future__ import annotations

import hashlib
import os
import random
import re
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from tests.ooxml.other_writers import Cells, cells_of, parts_of
from xlsales.book.edits import CellEdits, Edits
from xlsales.book.publish import publish
from xlsales.core.faults import Fault
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.changes import Change, Result

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
SAMPLE = 60
"""So many files, chosen by the hash of their names, are patched; all of them with `XLSALES_CORPUS=all`."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_AROUND = re.compile(rb"<((?:[\w.-]+:)?)sheetData\b[^>]*?(?:/>|>.*</\1sheetData\s*>)", re.S)
_DECLARED = re.compile(rb"\A<\?xml[^>]*\?>")
_DIMENSION = re.compile(rb"(<(?:[\w.-]+:)?dimension\s[^>]*?ref\s*=\s*[\"'])[^\"']*")


def files() -> list[Path]:
    """The workbooks to patch."""
    found = [p for p in CORPUS.rglob("*") if p.suffix.lower() in (".xlsx", ".xlsm")]
    by_hash = sorted(found, key=lambda path: hashlib.sha256(path.name.encode()).hexdigest())
    return by_hash if os.environ.get("XLSALES_CORPUS") == "all" else by_hash[:SAMPLE]


def chosen(cells: Cells, title: str, chance: random.Random) -> dict[tuple[int, int], Change]:
    """What is to be written into a sheet: over values and results, beside them, in rows between and below."""
    own = {(row, column): cell for (sheet, row, column), cell in cells.items() if sheet == title}
    plain = sorted(at for at, (_, _, formula, _) in own.items() if not formula)
    results = sorted(
        at for at, (kind, _, formula, _) in own.items() if formula.startswith("") and formula and kind != "e"
    )
    rows = sorted({row for row, _ in own}) or [1]
    changes: dict[tuple[int, int], Change] = {}
    for at in chance.sample(plain, min(3, len(plain))):
        changes[at] = chance.choice([12.5, -3.0, "新 & <值>", " 两头有空格 "])
    for at in chance.sample(results, min(2, len(results))):
        changes[at] = Result(chance.choice([7.25, "结果"]))
    right = max((column for row, column in own if row == rows[0]), default=0) + 2
    changes[rows[0], min(right, 16_384)] = 1.0
    gap = next((row + 1 for row, following in pairwise(rows) if following > row + 1), None)
    if gap is not None:
        changes[gap, 2] = "隔行"
    changes[min(rows[-1] + 2, 1_048_576), 3] = 99.0
    return changes


def is_held(cell: tuple[str, str, str, str] | None, change: Change) -> bool:
    """Whether a cell holds what was written."""
    value = change.value if isinstance(change, Result) else change
    if cell is None:
        return False
    if isinstance(value, str):
        return cell[:2] == ("text", value) or (cell[0] == "text" and cell[1].strip() == value.strip())
    return cell[0] == "n" and isinstance(value, float) and float(cell[1]) == value


def around(data: bytes) -> tuple[bytes, ...]:
    """A sheet's bytes before and after its rows, its used range left out, and its encoding, which becomes UTF-8."""
    data = _DECLARED.sub(b"", data)
    found = max(_AROUND.finditer(data), key=lambda match: match.end())
    return _DIMENSION.sub(rb"\1", data[: found.start()]), data[found.end() :]


def settings_of(book: bytes) -> list[tuple[object, dict[str, str], str]]:
    """The elements of the workbook part without what asks for calculation."""
    elements = [element for element in etree.fromstring(book).iter() if element.tag != f"{_MAIN}calcPr"]
    return [(element.tag, dict(element.attrib), (element.text or "").strip()) for element in elements]


def patched(path: Path, out: Path) -> str:
    """Patch a workbook and compare; return what became of it."""
    before = path.read_bytes()
    try:
        book = Book.open(path)
        cells = cells_of(before)
        sheets = [sheet for sheet in book.sheets if sheet.has_cells]
        chance = random.Random(path.name)
        edits = {s.title: chosen(cells, s.title, chance) for s in chance.sample(sheets, min(3, len(sheets)))}
        publish(book, Edits(tuple(CellEdits(title, changes) for title, changes in edits.items())), "zh")
        book.package.save(out)
    except Fault as fault:
        return "refused" if fault.say("zh") and fault.say("en") and not out.exists() else "refused without a word"
    compare(before, out.read_bytes(), edits, {s.title: s for s in sheets}, book.part)
    return "patched"


def compare(
    before: bytes,
    after: bytes,
    edits: dict[str, dict[tuple[int, int], Change]],
    sheets: dict[str, SheetPart],
    main: str,
) -> None:
    """Every other part is what it was, every other cell too; what was written stands there."""
    old, new = parts_of(before), parts_of(after)
    assert list(new) == list(old)
    touched = {sheets[title].part.lower() for title in edits}
    for name, data in old.items():
        key = name.replace("\\", "/").lower()
        if key in touched:
            assert around(new[name]) == around(data), name
        elif key == main.lower():
            assert settings_of(new[name]) == settings_of(data)
        else:
            assert new[name] == data, name
    was, now = cells_of(before), cells_of(after)
    written = {(title, *at): change for title, changes in edits.items() for at, change in changes.items()}
    assert {at: cell for at, cell in now.items() if at not in written} == {
        at: cell for at, cell in was.items() if at not in written
    }
    for at, change in written.items():
        assert is_held(now.get(at), change), (at, now.get(at), change)
        if at in was:
            assert now[at][3] == was[at][3], at  # its format stays
            assert (now[at][2] == was[at][2]) == isinstance(change, Result) or not was[at][2]


@pytest.mark.realdata
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the public workbooks are not here: ../shared/corpus")
def test_public_workbooks_keep_all_that_is_not_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ends: dict[str, list[str]] = {}
    for n, path in enumerate(files()):
        try:
            end = patched(path, tmp_path / f"{n}{path.suffix}")
        except (AssertionError, KeyError, ValueError, zipfile.BadZipFile, etree.LxmlError, StopIteration) as error:
            end = f"{type(error).__name__}: {str(error)[:300]}"
        ends.setdefault(end, []).append(str(path.relative_to(CORPUS)))
        (tmp_path / f"{n}{path.suffix}").unlink(missing_ok=True)
    with capsys.disabled():
        print({end: len(names) for end, names in ends.items()})
    assert {end: names for end, names in ends.items() if end not in ("patched", "refused")} == {}
    assert len(ends["patched"]) > 0.9 * len(files())
