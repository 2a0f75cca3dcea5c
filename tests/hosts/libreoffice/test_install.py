"""Installing the extension into a real LibreOffice, in a profile of its own, and taking it away again."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.hosts.libreoffice.office import private_office, uno_module
from xlsales.addin.libreoffice.build import extension_bytes, menu, write_extension
from xlsales.addin.libreoffice.install import NoExtension, NotByRoot, examine, install, uninstall
from xlsales.addin.ribbon import ribbon_xml
from xlsales.commands.verbs import VERBS
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.hosts import cli


@pytest.fixture
def office() -> Iterator[Any]:
    """LibreOffice with a profile outside of pytest's folder, which each run of pytest closes to other users anew."""
    uno_module()
    folder = Path(tempfile.mkdtemp(prefix="xlsales-install-"))
    yield private_office(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.libreoffice
def test_it_is_installed_found_good_and_taken_away(office: Any) -> None:
    """After an installation the doctor finds nothing bad; afterwards nothing is left, and that is told."""
    assert [f.key for f in examine(office) if f.level == "bad"] == ["extension"]
    install(office)
    assert [f.key for f in examine(office) if f.level == "bad"] == []
    install(office)  # over itself, as after an upgrade
    uninstall(office)
    assert not office.installed
    with pytest.raises(NoExtension):
        uninstall(office)


@pytest.mark.libreoffice
@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
def test_root_is_told_to_come_as_somebody_else(office: Any) -> None:
    """LibreOffice takes no extension from root; the sentence says what to do."""
    with pytest.raises(NotByRoot):
        install(replace(office, prefix=()))


@pytest.mark.unit
def test_a_computer_without_libreoffice_is_told_so() -> None:
    """The doctor says what to install."""
    (finding,) = examine(None)
    assert finding.level == "bad"
    assert "LibreOffice" in finding.text["zh"]


@pytest.mark.package
def test_the_extension_is_the_same_every_time(tmp_path: Path) -> None:
    """The same text gives the same bytes, and every function and command stands in it."""
    path = write_extension(tmp_path)
    assert path.read_bytes() == extension_bytes()
    with zipfile.ZipFile(path) as file:
        texts = {name: file.read(name).decode() for name in file.namelist() if not name.endswith(".png")}
    for spec in FUNCTIONS:
        assert f" {spec.name}(" in texts["XSalesTargets.idl"]
        assert f'oor:name="{spec.name}"' in texts["CalcAddIns.xcu"]
    for verb in VERBS:
        if verb.button is not None:
            chosen = [f":{key}" for key, *_ in verb.choices()] if verb.choices is not None else [""]
            assert all(f"Commands?{verb.button.call}{key}<" in texts["Addons.xcu"] for key in chosen)
            assert verb.label[0] in texts["Addons.xcu"]


@pytest.mark.unit
def test_the_command_line_builds_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`xlsales addin build --for libreoffice` writes the extension."""
    assert cli.main(["addin", "build", "--for", "libreoffice", "-o", str(tmp_path)]) == 0
    assert "xlsales.oxt" in capsys.readouterr().out
    assert (tmp_path / "xlsales.oxt").exists()


@pytest.mark.unit
def test_menu_and_ribbon_have_the_same_verbs() -> None:
    """What the ribbon offers, the menu offers, but for starting Python anew, which Calc does not need."""
    shown = re.findall(r'<(?:button|menu) ([^>]*?)label="([^"]+)"([^>]*)', ribbon_xml().decode())
    labels = [re.split(r" (?=[A-Z][a-z])", label)[0] for _, label, rest in shown if " tag=" not in rest]
    titles = re.findall(r'oor:name="m\d(?!00)\d\d".*?<value xml:lang="zh-CN">(.*?)</value>', menu())
    assert titles == [label for label in labels if label != "重启"]
