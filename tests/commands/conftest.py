from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from xlsales.book.snapshots import own_folder


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
