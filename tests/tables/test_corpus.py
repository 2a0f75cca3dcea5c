"""Public workbooks of other projects: each is read or refused in a sentence, in silence, and no cell is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")
EACH = 1 if os.environ.get("XLSALES_CORPUS") == "all" else 12
"""Of so many files one is read; all of them with `XLSALES_CORPUS=all`."""
CHILD = """
import sys, pathlib
from xlsales.core.faults import Fault
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import BLANK, ErrorValue, FormulaWithoutResult
from xlsales.tables.files.source import Source, load

for line in sys.stdin:
    path = pathlib.Path(line.strip())
    print(path.name, end=" ", flush=True)
    try:
        grid = load(Source(path, None, "x"))
    except Fault as fault:
        assert fault.say("zh") and fault.say("en")
        print("refused", flush=True)
        continue
    if path.suffix.lower() in (".xlsx", ".xlsm") and len(grid.parts) == 1:
        book = Book.open(path)
        sheet = next(s for s in book.sheets if s.state == "visible" and s.has_cells)
        held = [c.value for c in book.cells(sheet).values() if c.value is not BLANK]
        held = [v for v in held if not isinstance(v, ErrorValue | FormulaWithoutResult)]
        texts = sum(c.count() for c in grid.body) + sum(cell is not None for row in grid.head for cell in row)
        full = sum(v is not None and str(v) != "" for v in held)
        seen = sum(isinstance(v, str) and v.strip() == "" for v in held)
        assert full - seen <= texts <= len(held) or "月份" in grid.top(60)[0], (path, len(held), full, texts)
    print("read", flush=True)
"""


@pytest.mark.realdata
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the public workbooks are not here: ../shared/corpus")
def test_public_workbooks_are_read_or_refused_in_a_sentence() -> None:
    files = [p for p in sorted(CORPUS.rglob("*")) if p.suffix.lower() in ENDINGS][::EACH]
    done = subprocess.run(
        [sys.executable, "-c", CHILD], input="\n".join(map(str, files)), capture_output=True, text=True, check=False
    )
    assert done.stderr == "", done.stdout.splitlines()[-1:]
    said = done.stdout.splitlines()
    assert len(said) == len(files)
    assert sum(line.endswith("read") for line in said) > len(files) / 2
