"""The extension for LibreOffice: its bytes, and how it comes into a profile and leaves it."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from tests.commands.conftest import xlsales as xlsales
from tests.hosts.libreoffice.office import private_office, uno_module
from xlsales.addin.libreoffice import install as installing
from xlsales.addin.libreoffice.build import COMPONENT, FOLDERS, extension_bytes, interface, write_extension
from xlsales.addin.libreoffice.install import NotInstalled, Office, examine, install, uninstall
from xlsales.core.faults import Lang
from xlsales.functions.catalogue import FUNCTIONS

LANGS: tuple[Lang, ...] = ("zh", "en")


@pytest.mark.package
def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    """Two builds give the same file, which names no folder of the machine that built it."""
    path = write_extension(tmp_path)
    assert path.read_bytes() == extension_bytes()
    with zipfile.ZipFile(path) as file:
        assert FOLDERS not in file.namelist()
        assert COMPONENT in file.namelist()


@pytest.mark.package
def test_every_part_is_listed_and_well_formed(tmp_path: Path) -> None:
    """The manifest lists every part that LibreOffice has to load, and every XML part parses."""
    with zipfile.ZipFile(write_extension(tmp_path)) as file:
        manifest = etree.fromstring(file.read("META-INF/manifest.xml"))
        listed = {e.get("{http://openoffice.org/2001/manifest}full-path") for e in manifest}
        assert listed == set(file.namelist()) - {"META-INF/manifest.xml", "description.xml"}
        for name in file.namelist():
            if name.endswith((".xml", ".xcu")):
                etree.fromstring(file.read(name))


@pytest.mark.package
def test_the_interface_has_every_function() -> None:
    """The interface names every function with all its arguments, the calling document first."""
    text = interface()
    for spec in FUNCTIONS:
        (line,) = (line for line in text.splitlines() if f" {spec.name}(" in line)
        assert line.count("[in]") == 1 + len(spec.arguments)


@pytest.fixture
def office() -> Iterator[Office]:
    """LibreOffice with a profile of its own, nothing installed."""
    uno_module()
    folder = Path(tempfile.mkdtemp(prefix="xlsales-calc-"))
    yield private_office(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.libreoffice
def test_install_doctor_uninstall(office: Office) -> None:
    """Installed twice it is there once; doctor finds everything good; uninstalled it is gone."""
    assert [f.key for f in examine(office) if f.level == "bad"] == ["extension"]
    install(office)
    install(office)
    assert [f.level for f in examine(office)] == ["good"] * 4
    uninstall(office)
    assert not office.installed
    with pytest.raises(NotInstalled):
        uninstall(office)


@pytest.mark.unit
def test_without_libreoffice_it_is_said(xlsales, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """On a computer without LibreOffice, install and doctor say so in one sentence."""
    monkeypatch.setattr(installing.shutil, "which", lambda *words, **options: None)
    ran = xlsales("addin", "install", "--for", "libreoffice")
    assert (ran.code, "没有找到 LibreOffice" in ran.err) == (2, True)
    ran = xlsales("addin", "doctor", "--for", "libreoffice", "--lang", "en")
    assert (ran.code, "LibreOffice (unopkg) is not found" in ran.out) == (1, True)


@pytest.mark.unit
def test_build_writes_the_extension(xlsales, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """`xlsales addin build --for libreoffice -o DIR` writes xlsales.oxt."""
    assert xlsales("addin", "build", "--for", "libreoffice", "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out" / "xlsales.oxt").read_bytes() == extension_bytes()
