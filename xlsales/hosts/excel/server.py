"""The Python process behind the add-in: a COM server that the add-in starts once and calls until Excel ends.

xlwings imports pandas and polars if they are installed, which costs more than all the rest. No function needs them, so
they are hidden while xlwings is imported. xlwings knows the functions before it serves: otherwise the first call would
search the sheets of the calling workbook for code.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from xlsales.core.uncollected import uncollected

FUNCTIONS = "xlsales.hosts.excel.functions"


def serve(clsid: str, lang: str) -> None:
    """Serve Excel under a class id until Excel lets go; `lang` is the user's own language."""
    os.environ.setdefault("XLSALES_LANG", lang)
    prepare()(clsid)


def prepare() -> Callable[[str], None]:
    """Do everything short of serving, and return what serves a class id; an exception says what is missing."""
    for prefix in dict.fromkeys((sys.prefix, sys.base_prefix)):
        find_dlls_of_conda(Path(prefix))
    with uncollected():
        engine = without_tables("xlsales.hosts.excel.engine")
        importlib.import_module("xlwings.udfs").get_udf_module(FUNCTIONS, None)
    serving: Callable[[str], None] = engine.xw.serve
    return serving


def find_dlls_of_conda(prefix: Path) -> None:
    """Let Windows find the DLLs of a conda environment, which only an activated prompt has on its PATH.

    Excel starts Python without activating anything: numpy's and ssl's DLLs lie in `Library\\bin`.
    """
    if not (prefix / "conda-meta").is_dir():
        return
    inside = ("", "Library/mingw-w64/bin", "Library/usr/bin", "Library/bin", "Scripts", "bin")
    folders = [str(prefix / folder) for folder in inside if (prefix / folder).is_dir()]
    os.environ["PATH"] = os.pathsep.join([*folders, os.environ.get("PATH", "")])
    if hasattr(os, "add_dll_directory"):  # only on Windows
        for folder in folders:
            os.add_dll_directory(folder)


def without_tables(name: str) -> ModuleType:
    """Import a module that would import pandas and polars if it could; who imports them later still gets them."""
    hidden = [library for library in ("pandas", "polars") if library not in sys.modules]
    for library in hidden:
        sys.modules[library] = None  # type: ignore[assignment]
    try:
        return importlib.import_module(name)
    finally:
        for library in hidden:
            del sys.modules[library]
