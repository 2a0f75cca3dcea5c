"""刷新进度: the actuals are read and the achievement columns refreshed; targets stay as they are."""

from __future__ import annotations

import datetime as dt

from xlsales.commands.actuals import sum_actuals
from xlsales.commands.job import Run, open_job
from xlsales.commands.outcome import Outcome
from xlsales.commands.targets import written_targets
from xlsales.commands.writing import write


def refresh(run: Run, as_of: dt.date | None = None) -> Outcome:
    """Sum up the actuals to a day, else to that of the settings, else the last one, beside the written targets."""
    job = open_job(run)
    breakdown = written_targets(job)
    achieved = sum_actuals(job, breakdown, as_of, required=True)
    return write(job, "refresh", breakdown, achieved)
