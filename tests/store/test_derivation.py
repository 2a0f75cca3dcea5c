"""The sentence that says how a target was derived is true of the days that stand below it."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from tests.store.stores import terms
from xlsales.core.calendars import work_calendar
from xlsales.core.plan import DayMethod
from xlsales.store.handout.derivation import sentences
from xlsales.store.targets import StoreTerms

pytestmark = pytest.mark.unit


def quarter(method: DayMethod, campaign: bool = False) -> StoreTerms:
    """A plan of a quarter in steps of 100 yuan, with or without a campaign day."""
    whole = terms(dt.date(2026, 1, 1), dt.date(2026, 3, 31), step=100)
    calendar = whole.calendar if campaign else work_calendar(whole.timeline.days, ())
    return replace(whole, plan=replace(whole.plan, day_method=method), calendar=calendar)


@pytest.mark.parametrize(
    ("method", "campaign", "ending"),
    [
        (DayMethod.EQUAL, False, "月内按天平均,取整到 100 元。"),
        (DayMethod.EQUAL, True, "月内按天平均,取整到 100 元、活动日另按系数。"),
        (DayMethod.WORKING_DAYS, False, "按工作日。"),
        (DayMethod.DAY_INDEX, False, "按公司各天的比重。"),
    ],
)
def test_what_is_said_of_the_days(method: DayMethod, campaign: bool, ending: str) -> None:
    """Days that steps or a campaign make unlike are never called alike; without an index none is named."""
    assert sentences(quarter(method, campaign), [0], [450_000.0], None, None)[0].endswith(ending)
