"""The worksheet functions of every host, in the order in which they are shown."""

from __future__ import annotations

from xlsales.functions import achievement, days, lookups, money, periods, rates, splitting, spreads, timing
from xlsales.functions.worksheet import REGISTERED

MODULES = (splitting, spreads, timing, days, periods, achievement, rates, money, lookups)
FUNCTIONS = tuple(spec for module in MODULES for spec in REGISTERED if spec.code.__module__ == module.__name__)
BY_NAME = {spec.name: spec for spec in FUNCTIONS}
