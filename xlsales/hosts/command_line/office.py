"""LibreOffice as the printer of the command line: it is started for one file, and ended if it takes too long."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from xlsales.addin.libreoffice.install import PLACES
from xlsales.core.faults import Fault

LIMIT = 300.0
"""So many seconds may pass: a first start on a slow computer takes half a minute."""
_NAMES = ("soffice.com", "soffice", "libreoffice") if sys.platform == "win32" else ("soffice", "libreoffice")
"""On Windows `soffice.exe` ends before its work is done; `soffice.com` waits."""


class NoOfficeToPrint(Fault):
    """No LibreOffice is found on this computer."""

    zh = (
        "导出 PDF 要用 LibreOffice,这台电脑上没有找到。请安装 LibreOffice 7.4 或更新版(或把它的 program 文件夹加入 "
        "PATH),或在 Excel 里用“导出 PDF”按钮。"
    )
    en = (
        "Exporting a PDF takes LibreOffice, which is not found on this computer. Install LibreOffice 7.4 or newer (or "
        "put its program folder on PATH), or use the button Export PDF in Excel."
    )


class OfficeTooSlow(Fault):
    """LibreOffice did not end in time."""

    zh = "LibreOffice {seconds} 秒还没有打印完,已停止;没有写出 PDF。请再试一次,或在 LibreOffice 里打开工作簿再导出。"
    en = (
        "LibreOffice has not printed it in {seconds} seconds and was stopped; no PDF was written. Try again, or open "
        "the workbook in LibreOffice and export from there."
    )


class OfficeFailed(Fault):
    """LibreOffice ended without a PDF."""

    zh = "LibreOffice({program})没有打印出来;没有写出 PDF。请用它打开一次工作簿,看它报什么错。"
    en = "LibreOffice ({program}) did not print it; no PDF was written. Open the workbook in it and see what it says."


def print_to(pages: Path, out: Path, limit: float = LIMIT) -> None:
    """Print all visible sheets of a workbook into a PDF file, in a LibreOffice with a profile of its own.

    So a LibreOffice that the person has open is left alone. `limit` is in seconds. Raises NoOfficeToPrint,
    OfficeTooSlow or OfficeFailed.
    """
    program = _program()
    with tempfile.TemporaryDirectory(prefix="xlsales-", ignore_cleanup_errors=True) as folder:
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        quiet = ("--headless", "--norestore", "--nologo", "--nofirststartwizard")
        words = (program, profile, *quiet, "--convert-to", "pdf", "--outdir", folder, str(pages))
        _run(words, limit)
        printed = Path(folder) / f"{pages.stem}.pdf"
        if not printed.exists():
            raise OfficeFailed(program=program)
        shutil.move(printed, out)


def _program() -> str:
    places = os.pathsep.join((os.environ.get("PATH", ""), *PLACES))
    for name in _NAMES:
        if (path := shutil.which(name, path=places)) is not None:
            return path
    raise NoOfficeToPrint


def _run(words: tuple[str, ...], limit: float) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    nothing = subprocess.DEVNULL
    apart = sys.platform != "win32"
    if apart:  # by a locale that is not installed LibreOffice opens no file whose name is not ASCII
        environment["LC_ALL"] = "C.UTF-8"
    process = subprocess.Popen(
        words, stdin=nothing, stdout=nothing, stderr=nothing, env=environment, start_new_session=apart
    )
    try:
        process.wait(limit)
    except BaseException as error:  # an interrupt too leaves no LibreOffice behind
        _end(process)
        if isinstance(error, subprocess.TimeoutExpired):
            raise OfficeTooSlow(seconds=round(limit)) from error
        raise


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with those that it started."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
