"""Opens what a command wrote with the program that the system has for it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xlsales.core.faults import Fault


class NotOpened(Fault):
    """The system has no program for the file, or none that could be found."""

    zh = "{file} 已经写好,但没能打开它。请自己打开。"
    en = "{file} was written, but it could not be opened. Open it yourself."


def result_of(result: Mapping[str, Any]) -> Path:
    """Return what a person looks at after a command: the PDF, the folder handed out, else the workbook."""
    return Path(result.get("pdf") or result.get("folder") or result["book"])


def open_with_system(path: Path) -> None:
    """Open a file or a folder; the program goes on by itself. Raises NotOpened."""
    try:
        if sys.platform == "win32":
            os.startfile(path.resolve())
            return
        opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
        if opener is None:
            raise NotOpened(file=str(path))
        nowhere = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in range(3)]
        os.posix_spawn(opener, [opener, str(path.resolve())], os.environ, file_actions=nowhere, setpgroup=0)
    except OSError as error:
        raise NotOpened(file=str(path)) from error
