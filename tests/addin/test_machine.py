"""What is read of a real machine, over a strict stand-in for Windows' registry module."""

from __future__ import annotations

import os
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from xlsales.addin import machine
from xlsales.addin.install import SETTINGS_KEY, install, uninstall
from xlsales.addin.machine import WindowsRegistry, this_machine

pytestmark = pytest.mark.unit

HKCU, HKLM = 0x80000001, 0x80000002


class Key:
    """An open key; closed at the end of its block."""

    def __init__(self, store: FakeWinreg, path: tuple[int, str], writable: bool) -> None:
        self.store, self.path, self.writable, self.open = store, path, writable, True

    def __enter__(self) -> Key:
        return self

    def __exit__(self, *_: object) -> None:
        self.open = False

    @property
    def values(self) -> dict[str, tuple[Any, int]]:
        assert self.open, "used after it was closed"
        return self.store.keys[self.path]


class FakeWinreg(types.ModuleType):
    """`winreg` with the signatures and the errors of CPython's, over a dictionary."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE = HKCU, HKLM
    KEY_READ, KEY_WOW64_64KEY = 0x20019, 0x0100
    REG_SZ, REG_DWORD = 1, 4

    def __init__(self) -> None:
        super().__init__("winreg")
        self.keys: dict[tuple[int, str], dict[str, tuple[Any, int]]] = {(HKCU, "software"): {}}

    def OpenKey(self, root: int, path: str, reserved: int = 0, access: int = KEY_READ) -> Key:  # noqa: N802
        assert reserved == 0
        assert access & self.KEY_READ
        if (root, path.lower()) not in self.keys:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return Key(self, (root, path.lower()), writable=False)

    def CreateKey(self, root: int, path: str) -> Key:  # noqa: N802
        assert root == HKCU, "administrator rights would be needed"
        parts = path.lower().split("\\")
        for depth in range(1, len(parts) + 1):
            self.keys.setdefault((root, "\\".join(parts[:depth])), {})
        return Key(self, (root, path.lower()), writable=True)

    def QueryInfoKey(self, key: Key) -> tuple[int, int, int]:  # noqa: N802
        root, path = key.path
        below = [p for r, p in self.keys if r == root and p.startswith(path + "\\") and "\\" not in p[len(path) + 1 :]]
        return len(below), len(key.values), 0

    def EnumValue(self, key: Key, index: int) -> tuple[str, Any, int]:  # noqa: N802
        name = list(key.values)[index]
        return (name, *key.values[name])

    def SetValueEx(self, key: Key, name: str, reserved: int, kind: int, value: Any) -> None:  # noqa: N802
        assert key.writable
        assert reserved == 0
        assert kind == self.REG_SZ
        assert isinstance(value, str)
        key.values[name] = (value, kind)

    def DeleteKey(self, root: int, path: str) -> None:  # noqa: N802
        assert root == HKCU
        if (root, path.lower()) not in self.keys:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        if any(r == root and p.startswith(path.lower() + "\\") for r, p in self.keys):
            raise PermissionError(5, "Access is denied")
        del self.keys[root, path.lower()]


@pytest.fixture
def winreg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeWinreg:
    """A Windows to the eyes of the package."""
    module = FakeWinreg()
    monkeypatch.setitem(sys.modules, "winreg", module)
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    return module


def test_the_registry_is_written_and_read(winreg: FakeWinreg) -> None:
    """Text is written under the user's hive, read in any case, and removed with its key."""
    registry = WindowsRegistry()
    registry.set(r"Software\A\B", "Name", "值")
    assert winreg.keys[HKCU, r"software\a\b"] == {"Name": ("值", FakeWinreg.REG_SZ)}
    assert registry.get("user", r"SOFTWARE\a\b", "NAME") == "值"
    assert registry.values("user", r"Software\A\B") == {"Name": "值"}
    registry.remove(r"Software\A\B")
    registry.remove(r"Software\A\B")
    assert registry.values("user", r"Software\A\B") == {}
    assert registry.get("machine", r"Software\A\B", "Name") is None


def test_numbers_bytes_and_the_default_value_are_read(winreg: FakeWinreg) -> None:
    """What policies and Excel write comes back as it is; kinds nobody needs are left out."""
    winreg.keys[HKLM, "software\\x"] = {"": ("path", 1), "d": (4, 4), "b": (b"\0", 3), "many": (["a"], 7)}
    assert WindowsRegistry().values("machine", r"SOFTWARE\X") == {"": "path", "d": 4, "b": b"\0"}
    assert WindowsRegistry().get("machine", r"SOFTWARE\X", "") == "path"


def test_install_and_uninstall_on_this_machine(
    winreg: FakeWinreg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Install and uninstall work through the real registry code and leave the registry as it was."""
    monkeypatch.setattr(machine, "_dll_folders", lambda: [tmp_path])
    (tmp_path / "xlwings64-0.37.8.dll").write_bytes(b"MZ")
    before = {key: dict(values) for key, values in winreg.keys.items()}
    winreg.keys[HKCU, r"software\vb and vba program settings"] = {}
    here = this_machine()
    assert here.roaming == tmp_path / "Roaming"
    assert here.python == Path(sys.executable)
    assert here.distributions["xlwings"] == "0.37.8"
    install(here)
    assert winreg.keys[HKCU, SETTINGS_KEY.lower()]["python"] == (sys.executable, FakeWinreg.REG_SZ)
    uninstall(here)
    assert winreg.keys == {**before, (HKCU, r"software\vb and vba program settings"): {}}


def test_what_keeps_python_from_starting(tmp_path: Path) -> None:
    """A program that starts says nothing; one that fails gives its last line; one that is not there, the reason."""
    starts = machine._starts
    assert starts([sys.executable, "-I", "-B", "-c", "import xlwings"]) == ""
    assert starts([sys.executable, "-c", "import no_such_module"]).startswith("ModuleNotFoundError")
    assert "no_such_program" in starts([str(tmp_path / "no_such_program")])


def test_python_is_tried_with_the_path_that_excel_has(
    winreg: FakeWinreg, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Not with that of the prompt in which the doctor runs, where conda may be active."""
    system = r"system\currentcontrolset\control\session manager\environment"
    monkeypatch.setenv("ROOT", "C:/Windows")
    winreg.keys[HKLM, system] = {"Path": ("$ROOT/system32", 2)}
    winreg.keys[HKCU, "environment"] = {"PATH": ("C:/Users/li/bin", 2)}
    path = machine.path_of_programs(WindowsRegistry())
    assert path == os.pathsep.join(["C:/Windows/system32", "C:/Users/li/bin"])
    monkeypatch.undo()
    shows = [sys.executable, "-c", "import os; raise SystemExit(os.environ['PATH'])"]
    assert machine._starts(shows, path=path) == path
    assert machine._starts(shows) == os.environ["PATH"]


def test_the_folders_of_the_dll() -> None:
    """The DLL is looked for beside python.exe, one above as in a virtual environment, and where pip puts data."""
    folders = machine._dll_folders()
    python = Path(sys.executable).parent
    assert {python, python.parent, Path(sys.prefix)} <= set(folders)
    assert len(folders) == len(set(folders))
