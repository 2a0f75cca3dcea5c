"""The worksheet functions in xlwings Lite, which runs Python inside Excel without an installation.

Functions only: the plan commands read and write whole files through libraries
that Lite's Python (Pyodide) does not have. A workbook's language is not known
to a function there; XLSALES_LANG in Lite's environment variables sets it.
"""

from __future__ import annotations

from xlsales.hosts.excel.functions import (
    LEADS_NEEDED,
    SPLIT_MATRIX,
    SPLIT_SERIES,
    SPLIT_TARGET,
    SPLIT_TIME,
    TARGET_PROGRESS,
    TIME_PROGRESS,
    WEEKDAY_INDEX,
    WORKDAYS_CN,
)

__all__ = [
    "LEADS_NEEDED",
    "SPLIT_MATRIX",
    "SPLIT_SERIES",
    "SPLIT_TARGET",
    "SPLIT_TIME",
    "TARGET_PROGRESS",
    "TIME_PROGRESS",
    "WEEKDAY_INDEX",
    "WORKDAYS_CN",
]
