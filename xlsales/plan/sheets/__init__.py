"""The sheets of a plan: one file each, and the lists by which everything else knows them."""

from __future__ import annotations

from typing import Any

from xlsales.layout.sheet import Sheet
from xlsales.plan.figures import Figures
from xlsales.plan.sheets.actions import ACTIONS
from xlsales.plan.sheets.basis import BASIS
from xlsales.plan.sheets.budget.sheet import BUDGET
from xlsales.plan.sheets.by_dimension import DIMENSION
from xlsales.plan.sheets.by_time import TIME
from xlsales.plan.sheets.by_week import BY_WEEK
from xlsales.plan.sheets.crossed import CROSSED
from xlsales.plan.sheets.dashboard import DASHBOARD
from xlsales.plan.sheets.data import DATA
from xlsales.plan.sheets.fairness.sheet import FAIRNESS
from xlsales.plan.sheets.funnel import FUNNEL
from xlsales.plan.sheets.goods import GOODS
from xlsales.plan.sheets.indicators import INDICATORS
from xlsales.plan.sheets.overview import OVERVIEW
from xlsales.plan.sheets.problems import PROBLEMS
from xlsales.plan.sheets.readiness import READINESS
from xlsales.plan.sheets.returns import RETURNS
from xlsales.plan.sheets.review import REVIEW
from xlsales.plan.sheets.runs import RUNS
from xlsales.plan.sheets.schedule import SCHEDULE
from xlsales.plan.sheets.scorecard.sheet import SCORECARD
from xlsales.plan.sheets.staff import STAFF
from xlsales.plan.sheets.stretch import STRETCH
from xlsales.plan.sheets.versions import VERSIONS
from xlsales.plan.sheets.weekday_shares import WEEKDAY_SHARES
from xlsales.plan.sheets.weeks import WEEKS

FIGURES: tuple[Sheet[Figures, Any], ...] = (
    OVERVIEW,
    DASHBOARD,
    TIME,
    DIMENSION,
    STRETCH,
    BASIS,
    FAIRNESS,
    STAFF,
    WEEKDAY_SHARES,
    CROSSED,
    BY_WEEK,
    GOODS,
    FUNNEL,
    INDICATORS,
    WEEKS,
    SCHEDULE,
    SCORECARD,
    BUDGET,
    ACTIONS,
    READINESS,
    REVIEW,
    DATA,
    PROBLEMS,
)
"""The sheets that show the figures of a run, in the order in which people read them; problems know of all others."""

SHEETS: tuple[Sheet[Any, Any], ...] = (*FIGURES, RUNS, VERSIONS, RETURNS)
"""All sheets that the program writes."""

ADDED = tuple(sheet for sheet in SHEETS if sheet.tables)
"""Those that a person adds, with the tables that they go by; a fresh plan does not carry them."""
