"""Workbooks read back by openpyxl, and recalculated by a real LibreOffice or skipped where that is missing."""

from __future__ import annotations

import io
import shutil
import subprocess
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def read_back(source: Path | io.BytesIO, **options: Any) -> Any:
    """Return the workbook as openpyxl reads it; that it does not know 2010 data bars is no news."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*extension is not supported")
        return openpyxl.load_workbook(source, **options)


def recalculated(path: Path, folder: Path) -> Any:
    """Return the workbook with every formula computed anew by LibreOffice; skip the test where it is absent."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: no soffice on the path")
    user = folder / "profile" / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    out = folder / "recalculated"
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return read_back(out / path.name, data_only=True)


def printed(path: Path, folder: Path) -> list[str]:
    """Return the text of each page that LibreOffice prints of a workbook; skip the test where it is absent."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: no soffice on the path")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return pages_of(path.with_suffix(".pdf"))


def pages_of(pdf: Path) -> list[str]:
    """Return the text of each page of a PDF, laid out as it is printed; skip the test where poppler is absent."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("poppler is not installed: no pdftotext on the path")
    text = subprocess.run([reader, "-layout", str(pdf), "-"], check=True, capture_output=True)
    return text.stdout.decode().split("\f")[:-1]
