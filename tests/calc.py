"""Workbooks read back by openpyxl, and recalculated by a real LibreOffice or skipped where that is missing."""

from __future__ import annotations

import atexit
import functools
import io
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests import lazy_sheets
from tests.hosts.libreoffice.office import XLSX, Calc, closing, private_office, save, uno_module

_FILTERS = {".xlsx": XLSX, ".pdf": "calc_pdf_Export"}
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def read_back(source: Path | io.BytesIO, **options: Any) -> Any:
    """Return the workbook as openpyxl reads it, a sheet when it is asked for."""
    return lazy_sheets.read(source.read_bytes() if isinstance(source, Path) else source.getvalue(), **options)


@functools.cache
def _running() -> Calc:
    """LibreOffice without our extension: started once in a process, since a start takes longer than a workbook."""
    folder = Path(tempfile.mkdtemp(prefix="xlsales-convert-"))
    running = Calc(private_office(folder).profile, folder / "memory")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(running.close)  # what is registered last is called first
    return running


def converted(path: Path, target: Path) -> Path:
    """Have LibreOffice compute a workbook anew and save it as what `target` ends in; skip the test where it is absent.

    Return `target`.
    """
    uno_module()
    calc = _running()
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(calc, calc.open(path)) as document:
        calc.on_main(lambda: save(document, target, _FILTERS[target.suffix]))
    return target


def recalculated(path: Path, folder: Path) -> Any:
    """Return the workbook with every formula computed anew by LibreOffice; skip the test where it is absent."""
    return read_back(converted(path, folder / "recalculated" / path.name), data_only=True)


def printed(path: Path, folder: Path) -> list[str]:
    """Return the text of each page that LibreOffice prints of a workbook; skip the test where it is absent."""
    return pages_of(converted(path, folder / f"{path.stem}.pdf"))


def pages_of(pdf: Path) -> list[str]:
    """Return the text of each page of a PDF, laid out as it is printed; skip the test where poppler is absent."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("poppler is not installed: no pdftotext on the path")
    text = subprocess.run([reader, "-layout", str(pdf), "-"], check=True, capture_output=True)
    return text.stdout.decode().split("\f")[:-1]
