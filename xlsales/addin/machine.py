"""What the installer and the doctor know about a machine, behind interfaces that tests can replace."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import site
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct

from xlsales.core.faults import Fault

START_SECONDS = 60
Hive = Literal["user", "machine"]
Value = str | int | bytes


class NeedsWindows(Fault):
    """The add-in was asked for on a system that has no Excel with COM."""

    zh = "加载项只用于 Windows 上的 Excel,这里是 {system}。请改用命令行 xlsales,或加 --for libreoffice 装到 Calc。"
    en = "The add-in is for Excel on Windows; this is {system}. Use the command line xlsales, or --for libreoffice."


class Registry(Protocol):
    """The Windows registry, as far as it is needed.

    A value that is not there is None, a key that is not there has no values. Upper and lower case mean the same.
    """

    def get(self, hive: Hive, key: str, name: str) -> Value | None:
        """Return a value; `name` "" is the key's default value."""

    def values(self, hive: Hive, key: str) -> dict[str, Value]:
        """Return every value of a key."""

    def set(self, key: str, name: str, value: str) -> None:
        """Write a text value under the user's hive; the key is made if it is missing."""

    def remove(self, key: str) -> None:
        """Remove a key of the user's hive with its values, if it is there (`OSError` if it has keys below)."""


class Machine(Struct, frozen=True):
    """A user's place on a Windows machine.

    `roaming`: %APPDATA%; `local`: %LOCALAPPDATA%; `python`: the interpreter that the add-in starts, and `home` its
    installation; `dlls`: folders that may hold the DLL of xlwings, the likeliest first; `user_site`: whether the
    package is in the user's own site-packages; `distributions`: versions of installed distributions by lower-case
    name; `starts`: runs a program and returns the last line of its error, "" if there is none; `ansi`: the code page
    of programs that are not Unicode.
    """

    roaming: Path
    local: Path
    python: Path
    home: Path
    dlls: tuple[Path, ...]
    user_site: bool
    distributions: dict[str, str]
    registry: Registry
    starts: Callable[[Sequence[str]], str]
    ansi: str = "mbcs"
    bits: int = 64

    @property
    def switches(self) -> tuple[str, ...]:
        """The switches that the add-in starts Python with, so that no folder and no variable reaches `sys.path`."""
        return ("-E", "-P", "-B") if self.user_site else ("-I", "-B")

    @property
    def from_the_store(self) -> bool:
        """Whether Python came from the Microsoft Store: it alone sees the files and settings that it writes."""
        return any("windowsapps" in part.lower() for part in (*self.home.parts, *self.python.parts))

    def repairing(self, library: str) -> str:
        """Return the command that installs a library anew, by the tool that made this Python's environment.

        uv and pipx put no pip into it.
        """
        folders = {part.lower() for part in self.python.parts}
        if {"uv", "tools"} <= folders:
            return "uv tool upgrade --reinstall xlsales"
        return "pipx reinstall xlsales" if "pipx" in folders else f"pip install --force-reinstall {library}"


def this_machine() -> Machine:
    """Return the machine the program runs on; raises `NeedsWindows` elsewhere."""
    if sys.platform != "win32":
        raise NeedsWindows(system=os.uname().sysname)
    roaming, local = os.environ["APPDATA"], os.environ["LOCALAPPDATA"]
    return Machine(
        roaming=Path(roaming),
        local=Path(local),
        python=Path(sys.executable),
        home=Path(sys.base_prefix),
        dlls=tuple(_dll_folders()),
        user_site=_in_user_site(),
        distributions=_versions(("xlsales", "xlwings", "pywin32")),
        registry=WindowsRegistry(),
        starts=partial(_starts, path=path_of_programs(WindowsRegistry())),
        bits=struct.calcsize("P") * 8,
    )


_SYSTEM_ENVIRONMENT = r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment"


def path_of_programs(registry: Registry) -> str:
    """Return the PATH that Excel starts with; the PATH of a prompt differs if conda is active there."""
    places: tuple[tuple[Hive, str], ...] = (("machine", _SYSTEM_ENVIRONMENT), ("user", "Environment"))
    paths = [registry.get(hive, key, "Path") for hive, key in places]
    return os.pathsep.join(os.path.expandvars(path) for path in paths if isinstance(path, str) and path)


def _starts(command: Sequence[str], path: str | None = None) -> str:
    """Run a program as Excel would, with that PATH if one is given."""
    environment = {**os.environ, "PATH": path} if path else None
    try:
        process = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=START_SECONDS, env=environment
        )
    except subprocess.TimeoutExpired:
        return f"{START_SECONDS} s"
    except OSError as error:
        return str(error)
    return (process.stderr.strip().splitlines() or [str(process.returncode)])[-1] if process.returncode else ""


def _dll_folders() -> list[Path]:
    """Return the folders in which a Windows wheel of xlwings may have put its DLL: the recorded ones first."""
    recorded: list[Path] = []
    for file in importlib.metadata.files("xlwings") or []:
        if file.name.startswith("xlwings") and file.suffix == ".dll":
            recorded.append(Path(str(file.locate())).resolve().parent)
    python = Path(sys.executable).parent
    places = [*recorded, python, python.parent, Path(sys.prefix), Path(site.getuserbase())]
    return list(dict.fromkeys(places))


def _in_user_site() -> bool:
    spec = importlib.util.find_spec("xlsales")
    package = Path(spec.origin).resolve() if spec and spec.origin else Path()
    return package.is_relative_to(Path(site.getusersitepackages()).resolve())


def _versions(names: Sequence[str]) -> dict[str, str]:
    versions = {}
    for name in names:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


class WindowsRegistry:
    """The registry of this machine; keys are read as a 64-bit program sees them."""

    def get(self, hive: Hive, key: str, name: str) -> Value | None:
        """See `Registry`."""
        return {own.lower(): value for own, value in self.values(hive, key).items()}.get(name.lower())

    def values(self, hive: Hive, key: str) -> dict[str, Value]:
        """See `Registry`."""
        if sys.platform != "win32":
            raise NeedsWindows(system=sys.platform)
        import winreg

        root = winreg.HKEY_CURRENT_USER if hive == "user" else winreg.HKEY_LOCAL_MACHINE
        values: dict[str, Value] = {}
        try:
            with winreg.OpenKey(root, key, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
                for number in range(winreg.QueryInfoKey(opened)[1]):
                    name, value, _ = winreg.EnumValue(opened, number)
                    if isinstance(value, str | int | bytes):
                        values[name] = value
        except FileNotFoundError:
            return {}
        return values

    def set(self, key: str, name: str, value: str) -> None:
        """See `Registry`."""
        if sys.platform != "win32":
            raise NeedsWindows(system=sys.platform)
        import winreg

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
            winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)

    def remove(self, key: str) -> None:
        """See `Registry`."""
        if sys.platform != "win32":
            raise NeedsWindows(system=sys.platform)
        import winreg

        try:
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
        except FileNotFoundError:
            return
