"""xlwings Lite, as far as it can be tested for free: what main.py imports, and what that needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from xlsales.functions.catalogue import FUNCTIONS

pytestmark = pytest.mark.unit

MISSING = ("polars", "fastexcel", "lxml", "xlsxwriter", "tqdm", "platformdirs", "pandas", "win32api")
"""What Lite's Python does not have, or does not get from us."""


def _main_of_lite(line: str) -> str:
    code = f"import sys\nfor name in {MISSING}: sys.modules[name] = None\nfrom xlsales.lite import *\n{line}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_star_import_brings_every_function() -> None:
    """`from xlsales.lite import *` brings the catalogue's functions and the script, without what Lite lacks."""
    found = _main_of_lite("print(*sorted(name for name in dir() if name.isupper() or name.startswith('split')))")
    assert found.split() == [*sorted(spec.name for spec in FUNCTIONS), "split_selection"]


def test_the_functions_compute_there() -> None:
    """Each cell arrives as Lite's reader gives it, dates as day numbers, and the function computes."""
    assert _main_of_lite("print(SPLIT_TARGET([[1000.0]], [[1.0], [1.0], [1.0]]))") == "[[333.0], [333.0], [334.0]]"
    assert _main_of_lite("print(WORKDAYS_CN([[46296.0]], [[46326.0]]))") == "[[18.0]]"
