from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.books import Command, Ran
from xlsales.hosts.cli import main


@pytest.fixture
def xlsales(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command line, with a memory of runs of its own."""
    monkeypatch.setenv("XLSALES_DATA", str(tmp_path / "memory"))

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run
