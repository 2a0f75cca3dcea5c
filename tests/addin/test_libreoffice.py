"""A real LibreOffice opens the macro workbooks and binds the buttons."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.addin import gate
from xlsales.addin.build import PLANS
from xlsales.addin.texts import BUTTONS
from xlsales.core.faults import Lang
from xlsales.vocabulary.contract import SHEETS

pytestmark = pytest.mark.libreoffice
LANGS: tuple[Lang, ...] = ("zh", "en")
SCRIPT = "vnd.sun.star.script:VBAProject.PlanButtons.{}?language=Basic&location=document"


def python_with_uno() -> str:
    """The Python that has UNO; skip where LibreOffice or it is missing."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed: no soffice on the path")
    for python in ("/usr/bin/python3", "python3"):
        if shutil.which(python) and not subprocess.run([python, "-c", "import uno"], capture_output=True).returncode:
            return python
    pytest.skip("no Python with UNO: python3-uno is not installed")


def bound(book: Path, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Open the workbook in LibreOffice and tell each button with its macro."""
    script = Path(__file__).with_name("buttons_in_libreoffice.py")
    return subprocess.run([python_with_uno(), str(script), str(book), str(folder)], capture_output=True, timeout=180)


@pytest.mark.parametrize("lang", LANGS)
def test_the_buttons_are_bound(built: dict[str, Path], tmp_path: Path, lang: Lang) -> None:
    """Each button stands on the settings sheet with its caption, and its macro is found in the workbook."""
    run = bound(built[PLANS[lang]], tmp_path)
    assert run.returncode == 0, run.stderr.decode()
    assert json.loads(run.stdout) == [
        {"sheet": SHEETS["settings"][lang], "label": caption[lang], "scripts": [SCRIPT.format(macro)]}
        for macro, caption in BUTTONS.items()
    ]


def test_a_button_without_its_macro_is_not_bound(built: dict[str, Path], tmp_path: Path) -> None:
    """The check can fail: a button that names no macro of the workbook is not bound."""
    drawing = "xl/drawings/vmlDrawing1.vml"
    with zipfile.ZipFile(built[PLANS["zh"]]) as archive:
        data = archive.read(drawing).replace(b"[0]!RefreshProgress", b"[0]!Gone")
    run = bound(gate.rewritten(built[PLANS["zh"]], {drawing: data}, tmp_path / "plan.xlsm"), tmp_path)
    assert run.returncode != 0 or SCRIPT.format("RefreshProgress") not in run.stdout.decode()
