"""Installs the add-in for one user, without administrator rights, and takes it away again.

The add-in goes to the user's XLSTART folder, which Excel opens at every start and trusts by default. The settings go
where VBA's `GetSetting` reads them. Nothing else changes, so to remove both is the exact reverse.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from xlsales.addin.build import ADDIN, XLWINGS, shipped
from xlsales.addin.machine import Machine
from xlsales.core.faults import Fault, Lang
from xlsales.ooxml.files import HeldOpen, put

SETTINGS_KEY = r"Software\VB and VBA Program Settings\xlsales\addin"
_PARENT_KEY = SETTINGS_KEY.rpartition("\\")[0]
BITS = (64, 32)


class AddinInUse(Fault):
    """The add-in's file cannot be replaced or removed."""

    zh = "{file} 正被占用。请关闭所有 Excel 窗口,再运行一次。"
    en = "{file} is in use. Close every Excel window and run this again."


class DllMissing(Fault):
    """The DLL of the pinned xlwings is in none of its folders."""

    zh = "找不到 {file}(看过 {folders})。请关闭 Excel,运行 {command},再运行一次。"
    en = "{file} was not found (looked in {folders}). Close Excel, run {command}, then this again."


class StorePython(Fault):
    """A Python that writes settings where Excel does not see them."""

    zh = "这个 Python({file})来自微软商店,它写的设置 Excel 看不到。请改用 python.org 的 Python,装好 xlsales 再运行。"
    en = (
        "This Python ({file}) came from the Microsoft Store; Excel cannot see the settings that it writes. Install "
        "Python from python.org, install xlsales there, and run this again."
    )


class NoAddin(Fault):
    """There is no add-in to remove."""

    zh = "加载项没有安装:{file} 不存在,用户设置里也没有它。"
    en = "The add-in is not installed: {file} does not exist, and the user's settings do not name it."


def addin_path(machine: Machine) -> Path:
    """Return the path of an add-in that is installed."""
    return machine.roaming / "Microsoft" / "Excel" / "XLSTART" / ADDIN


def dll_name(bits: int) -> str:
    """Return the name of the DLL that an Excel of so many bits loads."""
    return f"xlwings{bits}-{XLWINGS}.dll"


def dll_folder(machine: Machine) -> Path | None:
    """Return the first folder with the DLLs that the add-in names; None if there is none."""
    return next((f for f in machine.dlls if any((f / dll_name(bits)).is_file() for bits in BITS)), None)


def install(machine: Machine, lang: Lang | None = None) -> Path:
    """Put the add-in in place and write the settings; return its path.

    Without `lang` the language chosen before stays (Chinese if none was). Raises `StorePython`, `DllMissing` and
    `AddinInUse`; then nothing has been changed.
    """
    if machine.from_the_store:
        raise StorePython(file=str(machine.python))
    folder = dll_folder(machine)
    if folder is None:
        places = ", ".join(map(str, machine.dlls))
        raise DllMissing(file=dll_name(machine.bits), folders=places, command=machine.repairing(f"xlwings=={XLWINGS}"))
    settings = {"python": str(machine.python), "dll_folder": str(folder), "user_site": "01"[machine.user_site]}
    if lang is not None:
        settings["lang"] = lang
    target = addin_path(machine)
    try:
        put(target, shipped(ADDIN))
    except HeldOpen:
        raise AddinInUse(file=str(target)) from None
    for name, value in settings.items():
        machine.registry.set(SETTINGS_KEY, name, value)
    return target


def uninstall(machine: Machine) -> Path:
    """Remove the add-in and its settings; return its old path.

    Raises `NoAddin`, and `AddinInUse` before anything is removed.
    """
    target = addin_path(machine)
    if not target.exists() and not machine.registry.values("user", SETTINGS_KEY):
        raise NoAddin(file=str(target))
    try:
        target.unlink(missing_ok=True)
    except PermissionError:
        raise AddinInUse(file=str(target)) from None
    machine.registry.remove(SETTINGS_KEY)
    with contextlib.suppress(OSError):  # another program's settings may be beside ours
        machine.registry.remove(_PARENT_KEY)
    return target
