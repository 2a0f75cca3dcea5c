"""分解目标: the total is split over time and every dimension, and what is there of actuals refreshed."""

from __future__ import annotations

from xlsales.commands.job import Run, open_job
from xlsales.commands.outcome import Outcome
from xlsales.commands.splitting import split_job
from xlsales.plan.targets import SplitAnew


def split(run: Run) -> Outcome:
    """Split the total of a plan, after its history and the targets that are there; then write every sheet."""
    return split_job(open_job(run, SplitAnew), "split")
