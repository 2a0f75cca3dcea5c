"""pandas, which a plain installation does not have: it is loaded when something needs it."""

from __future__ import annotations

from importlib import import_module

from xlsales.core.faults import Fault


class PandasMissing(Fault):
    """pandas is not installed."""

    zh = "没有安装 pandas。请运行 pip install pandas,再试一次。"
    en = "pandas is not installed. Run pip install pandas, then try again."


def load_pandas() -> None:
    """Raise PandasMissing if pandas is not there; it is loaded then."""
    try:
        import_module("pandas")
    except ModuleNotFoundError as missing:
        if missing.name != "pandas":  # a library that pandas needs
            raise
        raise PandasMissing() from None
