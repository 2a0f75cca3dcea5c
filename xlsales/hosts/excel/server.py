"""The Python process behind the add-in: a COM server that the add-in starts once and calls until Excel ends.

xlwings imports pandas wherever it is installed, which costs more than all the
rest; nothing here needs it, so it is kept out while xlwings is imported. The
functions are known to xlwings before it serves: else the first call would look
for code in the sheets of the workbook that calls.
"""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType

FUNCTIONS = "xlsales.hosts.excel.functions"


def serve(clsid: str, lang: str) -> None:
    """Serve Excel under a class id until Excel lets go; `lang` is the user's own language."""
    os.environ.setdefault("XLSALES_LANG", lang)
    engine = without_pandas("xlsales.hosts.excel.engine")
    importlib.import_module("xlwings.udfs").get_udf_module(FUNCTIONS, None)
    engine.xw.serve(clsid)


def without_pandas(name: str) -> ModuleType:
    """Import a module that would import pandas if it could; who imports pandas later still gets it."""
    importlib.import_module("polars")  # it looks at once for what is there, and shall see the truth
    if "pandas" in sys.modules:
        return importlib.import_module(name)
    sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        return importlib.import_module(name)
    finally:
        del sys.modules["pandas"]
