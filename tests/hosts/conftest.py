"""What tests of hosts share: xlwings as on Windows, whichever test imports it first; and one LibreOffice."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.pywin32 import install as install_fakes

install_fakes()
from tests.hosts.libreoffice.office import Calc, private_office, uno_module  # noqa: E402


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
