"""One LibreOffice for all tests of this folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.libreoffice.office import Calc, private_office, uno_module


@pytest.fixture(scope="session")
def calc() -> Iterator[Calc]:
    """LibreOffice running headless, with the extension installed the way a user installs it."""
    uno_module()
    from xlsales.addin.libreoffice.install import install

    folder = Path(tempfile.mkdtemp(prefix="xlsales-calc-"))
    office = private_office(folder)
    install(office)
    running = Calc(office.profile, folder / "memory")
    try:
        yield running
    finally:
        running.close()
        shutil.rmtree(folder, ignore_errors=True)
