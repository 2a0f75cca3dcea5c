"""Installs the extension into LibreOffice for this user, removes it, and checks whether it works there.

`unopkg`, which comes with LibreOffice, does the work. The extension names the folders of this Python's packages.
LibreOffice's own Python has to be of the same version, because numpy is compiled for one version.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

import xlsales
from xlsales.addin.doctor import Finding, bad, good
from xlsales.addin.libreoffice.build import IDENTIFIER, write_extension
from xlsales.core.faults import Fault

PLACES = (
    "/usr/lib/libreoffice/program",
    "/usr/lib64/libreoffice/program",
    "/opt/libreoffice/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
    "C:/Program Files/LibreOffice/program",
    "C:/Program Files (x86)/LibreOffice/program",
)
"""Where LibreOffice is installed if it is not on PATH."""
_IMPORTS = "import sys, site; [site.addsitedir(p) for p in sys.argv[1:]]; import xlsales.hosts.libreoffice.functions"
_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


class NoLibreOffice(Fault):
    """No LibreOffice is found on this computer."""

    zh = "没有找到 LibreOffice(unopkg)。请先安装 LibreOffice Calc 7.4 或更新版,或把它的 program 文件夹加入 PATH。"
    en = "LibreOffice (unopkg) is not found. Install LibreOffice Calc 7.4 or newer, or put its program folder on PATH."


class NotByRoot(Fault):
    """LibreOffice installs no extension for the user root."""

    zh = "LibreOffice 不给 root 安装扩展。请用平时的用户名运行 xlsales addin install --for libreoffice。"
    en = "LibreOffice installs no extension for root. Run xlsales addin install --for libreoffice as yourself."


class ExtensionRefused(Fault):
    """LibreOffice refused the extension."""

    zh = "LibreOffice 没有接受扩展:{said}。请关闭所有 LibreOffice 窗口再试。"
    en = "LibreOffice did not take the extension: {said}. Close every LibreOffice window and try again."


class NoExtension(Fault):
    """There is no extension to remove."""

    zh = "LibreOffice 里没有装“销售目标”扩展,不用卸载。"
    en = "The extension is not installed in LibreOffice; there is nothing to take away."


class Office(Struct, frozen=True):
    """A LibreOffice on this computer: its `unopkg`, its Python, and the profile to work on (None: the user's own)."""

    unopkg: Path
    python: Path | None
    profile: Path | None = None
    prefix: tuple[str, ...] = ()
    """The beginning of every command, such as `setpriv` to run as another user."""

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `unopkg` with these words."""
        profile = [f"-env:UserInstallation={self.profile.as_uri()}"] if self.profile else []
        command = [*self.prefix, str(self.unopkg), *words, *profile]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)

    @property
    def installed(self) -> bool:
        """Whether the extension is there."""
        return self.run("list", IDENTIFIER).returncode == 0


def find_office() -> Office:
    """Return the LibreOffice of this computer. Raises NoLibreOffice."""
    path = shutil.which("unopkg", path=os.pathsep.join((os.environ.get("PATH", ""), *PLACES)))
    if path is None:
        raise NoLibreOffice
    program = Path(path).resolve().parent
    own = (program / name for name in ("python", "python.exe", "../Resources/python"))
    python = next((one for one in own if one.exists()), None)
    system = Path("/usr/bin/python3")  # a distribution's LibreOffice embeds the Python of the system
    return Office(Path(path), python or (system if system.exists() else None))


def package_folders() -> tuple[Path, ...]:
    """Return the folders that hold the package and what the package needs."""
    paths = sysconfig.get_paths()
    folders = (Path(xlsales.__file__).resolve().parents[1], Path(paths["purelib"]), Path(paths["platlib"]))
    return tuple(dict.fromkeys(folders))


def install(office: Office, folders: Sequence[Path] | None = None) -> None:
    """Install the extension, or replace an earlier one. Raises NotByRoot or ExtensionRefused."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and not office.prefix:
        raise NotByRoot
    with tempfile.TemporaryDirectory(prefix="xlsales-") as folder:
        path = write_extension(Path(folder), package_folders() if folders is None else folders)
        for readable in (Path(folder), path):
            readable.chmod(0o755)
        result = office.run("add", "--force", str(path))
    if result.returncode or not office.installed:
        raise _refused(result)


def uninstall(office: Office) -> None:
    """Remove the extension. Raises NoExtension or ExtensionRefused."""
    if not office.installed:
        raise NoExtension
    result = office.run("remove", IDENTIFIER)
    if result.returncode or office.installed:
        raise _refused(result)


def _refused(result: subprocess.CompletedProcess[str]) -> ExtensionRefused:
    return ExtensionRefused(said=" ".join((result.stderr or result.stdout).split())[-300:])


def examine(office: Office | None) -> list[Finding]:
    """Return what may keep the extension from working, and what to do; `office` None means there is none."""
    if office is None:
        return [bad("libreoffice", NoLibreOffice.zh, NoLibreOffice.en)]
    findings = [good("libreoffice", f"LibreOffice:{office.unopkg}", f"LibreOffice: {office.unopkg}"), _python(office)]
    if findings[-1].level == "good":
        findings.append(_imports(office))
    if office.installed:
        return [*findings, good("extension", "扩展已装好。", "The extension is installed.")]
    missing = bad(
        "extension",
        "扩展还没有装。请运行 xlsales addin install --for libreoffice。",
        "The extension is not installed. Run xlsales addin install --for libreoffice.",
    )
    return [*findings, missing]


def _python(office: Office) -> Finding:
    if office.python is None:
        return bad(
            "python",
            "LibreOffice 没有 Python。请安装它的 Python 支持(Debian:apt install python3-uno)。",
            "LibreOffice has no Python. Install its Python support (Debian: apt install python3-uno).",
        )
    ours = f"{sys.version_info[0]}.{sys.version_info[1]}"
    theirs = _ask(office.python, _VERSION).stdout.strip()
    if theirs == ours:
        return good(
            "python",
            f"LibreOffice 的 Python 是 {theirs},与 xlsales 的一样。",
            f"LibreOffice's Python is {theirs}, as here.",
        )
    return bad(
        "python",
        f"LibreOffice 的 Python 是 {theirs or '?'},xlsales 装在 {ours}。请用 {office.python} 建虚拟环境。",
        f"LibreOffice's Python is {theirs or '?'}, xlsales is in {ours}. Use a venv of {office.python}.",
    )


def _imports(office: Office) -> Finding:
    assert office.python is not None
    result = _ask(office.python, _IMPORTS, *map(str, package_folders()))
    if not result.returncode:
        return good("package", "LibreOffice 的 Python 能载入 xlsales。", "LibreOffice's Python loads xlsales.")
    error = (result.stderr.strip().splitlines() or ["?"])[-1]
    return bad(
        "package",
        f"LibreOffice 的 Python 载入不了 xlsales:{error}。请关闭 Excel 和 LibreOffice,再重新安装 xlsales。",
        f"LibreOffice's Python does not load xlsales: {error}. Close Excel and LibreOffice and install xlsales again.",
    )


def _ask(python: Path, code: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a line in LibreOffice's Python, apart from this environment."""
    return subprocess.run([str(python), "-I", "-c", code, *words], capture_output=True, text=True, timeout=120)
