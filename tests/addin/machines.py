"""Windows machines to install on, made of a temporary folder and a registry that refuses what it does not know."""

from __future__ import annotations

from pathlib import Path

from xlsales.addin.build import XLWINGS
from xlsales.addin.install import dll_name
from xlsales.addin.machine import Hive, Machine, Value

EXCEL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
CLICK_TO_RUN = r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration"


class FakeRegistry:
    """Keys by hive and lower-case path, as Windows compares them; only text is written, only by `set`."""

    def __init__(self) -> None:
        self.keys: dict[tuple[Hive, str], dict[str, Value]] = {}

    def put(self, hive: Hive, key: str, name: str, value: Value) -> None:
        """What was there before the program came."""
        self.keys.setdefault((hive, key.lower()), {})[name] = value

    def get(self, hive: Hive, key: str, name: str) -> Value | None:
        return {k.lower(): v for k, v in self.values(hive, key).items()}.get(name.lower())

    def values(self, hive: Hive, key: str) -> dict[str, Value]:
        assert hive in ("user", "machine")
        assert key.strip("\\") == key != ""
        return dict(self.keys.get((hive, key.lower()), {}))

    def set(self, key: str, name: str, value: str) -> None:
        assert isinstance(value, str)
        assert name
        parts = key.lower().split("\\")
        for depth in range(1, len(parts) + 1):
            self.keys.setdefault(("user", "\\".join(parts[:depth])), {})
        self.keys["user", key.lower()][name] = value

    def remove(self, key: str) -> None:
        if any(hive == "user" and known.startswith(key.lower() + "\\") for hive, known in self.keys):
            raise PermissionError(5, "Access is denied")
        self.keys.pop(("user", key.lower()), None)


def healthy(folder: Path) -> tuple[Machine, FakeRegistry]:
    """A machine on which nothing is wrong, the add-in not installed yet."""
    registry = FakeRegistry()
    registry.put("machine", EXCEL, "", r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE")
    registry.put("machine", CLICK_TO_RUN, "Platform", "x64")
    registry.put("user", r"Software\VB and VBA Program Settings", "", "")
    registry.put("user", "Software", "", "")
    python = folder / "Python311"
    python.mkdir()
    for bits in (32, 64):
        (python / dll_name(bits)).write_bytes(b"MZ")
    machine = Machine(
        roaming=folder / "Roaming",
        local=folder / "Local",
        python=python / "python.exe",
        home=python,
        dlls=(folder / "nowhere", python),
        user_site=False,
        distributions={"xlsales": "0.1.0", "xlwings": XLWINGS, "pywin32": "308"},
        registry=registry,
        starts=lambda command: "",
        ansi="cp936",
    )
    return machine, registry
