"""How the Python process behind the add-in starts."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.unit


def test_pandas_is_not_loaded_where_nothing_needs_it() -> None:
    """The add-in's Python imports xlwings without pandas, and who imports pandas later still gets it."""
    program = (
        "import sys, xlsales.hosts.excel.server as s; s.without_pandas('xlsales.hosts.excel.engine'); "
        "print('pandas.core' in sys.modules, sys.modules['xlwings'].main.pd); import pandas; print(pandas.DataFrame)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False None", "<class 'pandas.DataFrame'>"]
