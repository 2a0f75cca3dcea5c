"""A skipped test fails a run of CI, in one process and in several: what CI installs is not missed in silence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit
CONFTEST = Path(__file__).with_name("conftest.py")
MARKERS = "[pytest]\nmarkers =\n  excel: -\n  realdata: -\n  libreoffice: -\n"
ALLOWED = """
import pytest

def test_passes():
    pass

@pytest.mark.excel
def test_of_excel():
    pytest.skip("no Excel here")

@pytest.mark.xfail
def test_known():
    assert False
"""
MISSED = """
@pytest.mark.libreoffice
def test_of_calc():
    pytest.skip("no soffice")
"""
MODULE = "import pytest\n\npytest.skip('no such module', allow_module_level=True)\n"
HEADING = "skipped for want of what CI installs"


@pytest.mark.parametrize(
    ("ci", "missing", "workers", "status"),
    [(True, True, 0, 1), (True, True, 2, 1), (True, False, 0, 0), (False, True, 0, 0)],
    ids=["missing", "missing, two workers", "a real Excel and a known failure", "not in CI"],
)
def test_a_skip_fails_ci(tmp_path: Path, ci: bool, missing: bool, workers: int, status: int) -> None:
    """Where a skip is not allowed, the run names test and reason and ends with 1; the line with the sums stays last."""
    shutil.copy(CONFTEST, tmp_path / "conftest.py")
    (tmp_path / "pytest.ini").write_text(MARKERS, "utf-8")
    (tmp_path / "test_some.py").write_text(ALLOWED + (MISSED if missing else ""), "utf-8")
    if missing:
        (tmp_path / "test_whole.py").write_text(MODULE, "utf-8")
    environment = {k: v for k, v in os.environ.items() if k != "CI" and not k.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *(("-n", str(workers)) if workers else ())],
        cwd=tmp_path,
        env=environment | ({"CI": "true"} if ci else {}),
        capture_output=True,
        text=True,
    )
    assert done.returncode == status, done.stdout
    lines = done.stdout.splitlines()
    assert lines[-1].startswith(f"1 passed, {3 if missing else 1} skipped, 1 xfailed in ")
    told = [line for line in lines if line.startswith("test_") and "Skipped: " in line]
    assert any(HEADING in line for line in lines) == bool(status)
    if status:
        assert sorted(told) == [
            "test_some.py::test_of_calc: Skipped: no soffice",
            "test_whole.py: Skipped: no such module",
        ]
