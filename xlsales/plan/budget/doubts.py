"""What is doubtful in the size of budgets and of spend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats, Steps
from xlsales.core.faults import Bilingual, Fault
from xlsales.core.plan import MICROS
from xlsales.plan.budget import faults
from xlsales.plan.figures import Figures
from xlsales.plan.unit_slips import COMMITTED, COST_OF_TARGET, unit_slip
from xlsales.values.cell import plain

_MUCH = Decimal("0.01")
"""Rounding that changes an amount by more than this part of it is told."""
_PART = 1 / 2_000
"""All of the spend is not so little of what is due."""
_BUDGET, _TARGET = Bilingual("预算", "budget"), Bilingual("目标", "the target")
_COMMITTED, _OF_BUDGET = Bilingual("已批未付", "committed amount"), Bilingual("预算", "the budget")


class Amount(Struct, frozen=True):
    """A budget in steps: as it was typed or worked out, and in whole steps."""

    exact: Decimal
    whole: int

    @classmethod
    def of(cls, exact: Decimal) -> Amount:
        """Round an amount to whole steps."""
        return cls(exact, int(exact.quantize(Decimal(1), ROUND_HALF_UP)))

    def said(self, step: Decimal) -> str:
        """Return how it was rounded, to follow how it is worked out; blank if it was not."""
        return (
            "" if self.exact == self.whole else f" = {_money(self.exact, step)} → {_money(Decimal(self.whole), step)}"
        )

    def doubts(self, name: str, targets: Steps, figures: Figures) -> Iterator[Fault]:
        """Yield what is doubtful in the budget of an account, beside the targets of its months, in steps."""
        step, frame = Decimal(figures.breakdown.plan.step_micros) / MICROS, figures.frame
        if abs(self.exact - self.whole) > _MUCH * abs(self.exact):
            exact, rounded = _money(self.exact, step), _money(Decimal(self.whole), step)
            yield faults.BudgetRounded(name=name, exact=exact, rounded=rounded, step=plain(step), base=frame.full_word)
        if frame.unit == "piece":
            return
        target = int(targets.sum()) or int(figures.breakdown.months.sum())
        budget, beside = float(self.exact * step), float(target * step)
        fault = unit_slip(name, _BUDGET, budget, beside, _TARGET, frame, COST_OF_TARGET)
        if fault is not None:
            yield fault


def _money(steps: Decimal, step: Decimal) -> str:
    return plain(round(steps * step, 2))


def committed_slip(name: str, committed: float, budget: float, figures: Figures) -> Fault | None:
    """Return what is said of an amount committed that is of another size than its budget, both in yuan."""
    if figures.frame.unit == "piece":
        return None
    return unit_slip(name, _COMMITTED, committed, budget, _OF_BUDGET, figures.frame, COMMITTED)


def too_much(account: str, micros: Steps, budget: float, figures: Figures) -> tuple[int, Fault] | None:
    """Return the largest row of an account's spend, and what is said if it is many times its budget in yuan."""
    if not budget or not len(micros):
        return None
    at = int(np.abs(micros).argmax())
    found = float(micros[at]) / MICROS
    if abs(found) <= COMMITTED.most * budget:
        return None
    facts = {"found": plain(round(found, 2)), "beside": plain(round(budget, 2)), "base": figures.frame.full_word}
    return at, faults.SpendFarTooMuch(account=account, ratio=f"{abs(found) / budget:,.0f}", **facts)


def too_little(micros: Steps, budgets: Sequence[Steps], gone: float, figures: Figures) -> Fault | None:
    """Return what is said if all of the spend is next to nothing; `gone` is the part of the time that has gone by."""
    total: Floats = figures.yuan(sum(budgets, np.zeros(len(figures.months), np.int64)))
    due, found = float(total.sum()) * gone, float(micros.sum()) / MICROS
    if not found > 0 or found >= due * _PART:
        return None
    facts = {"found": plain(round(found, 2)), "beside": plain(round(due, 2)), "base": figures.frame.full_word}
    return faults.SpendFarTooLittle(ratio=f"{due / found:,.0f}", **facts)
