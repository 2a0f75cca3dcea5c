"""How the Python process behind the add-in starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from xlsales.hosts.excel import server

pytestmark = pytest.mark.unit


def conda(folder: Path) -> Path:
    """A conda environment as it lies on the disk."""
    for inside in ("conda-meta", "Library/bin", "Scripts"):
        (folder / inside).mkdir(parents=True)
    return folder


def test_a_conda_python_finds_its_dlls_without_being_activated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel activates nothing: the folders that activation would put on PATH are put there, and known for DLLs.

    That Windows then finds the DLLs is not proven here.
    """
    known: list[str] = []
    monkeypatch.setattr("os.add_dll_directory", known.append, raising=False)
    monkeypatch.setenv("PATH", "C:\\Windows")
    server.find_dlls_of_conda(tmp_path / "plain")
    assert (os.environ["PATH"], known) == ("C:\\Windows", [])
    home = conda(tmp_path / "conda")
    server.find_dlls_of_conda(home)
    assert known == [str(home), str(home / "Library" / "bin"), str(home / "Scripts")]
    assert os.environ["PATH"].split(os.pathsep) == [*known, *"C:\\Windows".split(os.pathsep)]


def test_nothing_that_needs_a_dll_is_imported_before() -> None:
    """The server's module itself brings only Python's own modules, so that the folders are known in time."""
    heavy = ("numpy", "polars", "xlwings", "ctypes")
    program = f"import sys; import xlsales.hosts.excel.server; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_pandas_and_polars_are_not_loaded_where_nothing_needs_them() -> None:
    """The add-in's Python imports xlwings without them, and who imports them later gets them."""
    program = (
        "import sys, xlsales.hosts.excel.server as s; s.without_tables('xlsales.hosts.excel.engine'); "
        "print(sys.modules['xlwings'].main.pd, [m for m in sys.modules if m.partition('.')[0] in ('pandas', 'polars')])"
        "; import pandas, polars; print(polars.from_pandas(pandas.DataFrame({'a': [1]})).shape)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["None []", "(1, 1)"]


def test_functions_are_ready_without_what_a_run_needs() -> None:
    """What Excel waits for when a workbook with functions opens is no part of a run."""
    program = (
        "import sys, xlsales.hosts.excel.server as s; s.without_tables('xlsales.hosts.excel.engine'); "
        "import xlsales.hosts.excel.functions; "
        "print([m for m in ('polars', 'lxml', 'fastexcel', 'xlsxwriter', 'xlsales.commands.job') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
