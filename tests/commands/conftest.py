from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.books import Command, Ran
from xlsales.book.snapshots import own_folder
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


class Kept:
    """Folders that several tests begin with: each is made once in a run, and copied for every test that changes it."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def copy(self, name: str, make: Callable[[Path], object], into: Path) -> None:
        """Copy the folder of that name, times and all; `make` fills it if no test has asked for it yet.

        Of what the commands remember the keys of seals are copied, not the runs: such tests undo only their own.
        """
        folder = self._home / name
        if not folder.exists():
            folder.mkdir()
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("XLSALES_DATA", str(self._home / "memory"))
                make(folder)
        shutil.copytree(folder, into, dirs_exist_ok=True)
        if (seals := self._home / "memory" / "seals").exists():
            shutil.copytree(seals, own_folder() / "seals", dirs_exist_ok=True)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The folders of this run."""
    return Kept(tmp_path_factory.mktemp("kept"))
