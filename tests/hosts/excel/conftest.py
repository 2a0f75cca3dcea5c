"""xlwings as on Windows, for every test of the Excel host."""

from __future__ import annotations

from tests.fakes.pywin32 import install

install()
