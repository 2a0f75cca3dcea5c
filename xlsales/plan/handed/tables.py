"""The tables whose rows are handed out, in the order in which files show them."""

from __future__ import annotations

from xlsales.plan.handed.actions import HANDED_ACTIONS
from xlsales.plan.handed.rows import HandedTable
from xlsales.plan.handed.weeks import HANDED_WEEKS

HANDED: tuple[HandedTable, ...] = (HANDED_WEEKS, HANDED_ACTIONS)
"""Each has a sheet in a store's workbook (`store/sheets`)."""
