"""For xlwings Lite: `from xlsales.lite import *` in main.py offers the worksheet functions."""

from xlsales.hosts.lite import *  # noqa: F403 - Lite registers the names that main.py holds
from xlsales.hosts.lite import __all__ as __all__
