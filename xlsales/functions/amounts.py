"""Amounts of a worksheet function in whole steps, and back in the numbers that people type.

The core shares whole steps; a person types 1000 and a step of 0.01. An amount that goes in must be a multiple of the
step. A result is the float nearest to the exact decimal: 0.3, never 0.30000000000000004.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Context, Decimal
from math import ceil

import numpy as np
from msgspec import Struct

from xlsales.core.allocation import GREATEST_TOTAL, AllWeightsZero, PartFault
from xlsales.core.arrays import Floats, Steps
from xlsales.core.faults import Fault, Lang
from xlsales.functions.cell import ArgumentCell, number, number_or_blank
from xlsales.functions.cells import ArgumentCells
from xlsales.values.cell import CellFault, plain

_EXACT = Context(prec=60)
_LEAST_STEP, _GREATEST_STEP = Decimal("1e-9"), Decimal("1e15")


class BadStep(CellFault):
    """A step that no amount can be made of."""

    zh = "{where}是 {number}。步长请填正数,如 1、0.01、1000。"
    en = "{where} is {number}. Enter a step above zero, such as 1, 0.01 or 1000."


class AmountsNotInSteps(CellFault):
    """An amount between two steps."""

    zh = "{where}是 {number},不是步长 {step} 的整数倍。请把 {argument} 改为 {fitting},或改这个数。"
    en = "{where} is {number}, not a multiple of the step {step}. Set {argument} to {fitting}, or change it."


class TooManySteps(CellFault):
    """An amount of more steps than can be counted exactly."""

    zh = "{where}是 {number},超过 {most} 个步长 {step}。请加大 {argument}。"
    en = "{where} is {number}, more than {most} steps of {step}. Enter a greater {argument}."


class NegativeAmount(CellFault):
    """A target below zero."""

    zh = "{where}是 {number}。目标应为零或正数。"
    en = "{where} is {number}. A target is zero or more."


class NothingToShareBy(Fault):
    """There is a rest to share, but all weights are zero."""

    zh = "没有锁定的各项权重全是零,{amount} 分不出去。请在 weights 里至少填一个正数,要均分就都填 1。"
    en = "All weights that are not locked are zero, so {amount} has nowhere to go. Enter one above zero, or 1 for all."
    amounts = ("amount",)


class StepSize(Struct, frozen=True):
    """The smallest unit that a result may have, exact, and the argument that says so."""

    size: Decimal
    argument: str = "step_size"

    def count(self, amount: Decimal, place: ArgumentCell) -> int:
        """Return an amount in whole steps. Raises NegativeAmount, AmountsNotInSteps or TooManySteps."""
        whole = self.ceiling(amount, place)
        if _EXACT.multiply(self.size, Decimal(whole)) != amount:
            facts = {"step": plain(self.size), "fitting": plain(self._fitting(amount)), "argument": self.argument}
            raise AmountsNotInSteps(where=place, number=plain(amount), **facts)
        return whole

    def ceiling(self, amount: Decimal, place: ArgumentCell) -> int:
        """Return the least number of whole steps that an amount fits into. Raises NegativeAmount or TooManySteps."""
        if amount < 0:
            raise NegativeAmount(where=place, number=plain(amount))
        steps = _EXACT.divide(amount, self.size)
        if steps > GREATEST_TOTAL:
            facts = {"most": GREATEST_TOTAL, "step": plain(self.size), "argument": self.argument}
            raise TooManySteps(where=place, number=plain(amount), **facts)
        return ceil(steps)

    def _fitting(self, amount: Decimal) -> Decimal:
        """The greatest of 1000, 100, 10, 1, 0.1, … that is below the step and goes into the amount."""
        exponent = amount.normalize(_EXACT).as_tuple().exponent
        below = self.size.adjusted()
        return Decimal(1).scaleb(min(int(exponent), below, 3), _EXACT)

    def counts(self, cells: ArgumentCells, shape: tuple[int, int] | None = None) -> Floats:
        """Return cells in whole steps, NaN if blank, of their own shape; one cell fills `shape`.

        Raises what `count` raises, ErrorCell or NotANumber.
        """
        counts = [
            np.nan
            if (amount := number_or_blank(v, cells.place(i, j), share=False)) is None
            else self.count(amount, cells.place(i, j))
            for i, row in enumerate(cells.rows)
            for j, v in enumerate(row)
        ]
        steps = np.array(counts, dtype=np.float64).reshape(cells.shape)
        return steps if shape is None or cells.size > 1 else np.full(shape, steps[0, 0])

    def amounts(self, steps: Steps) -> Floats:
        """Return whole steps as amounts: the float nearest to the exact decimal."""
        over, under = self.size.as_integer_ratio()
        greatest = int(np.abs(steps).max(initial=1))
        if greatest * over <= GREATEST_TOTAL and under <= GREATEST_TOTAL:
            return np.asarray((steps * over).astype(np.float64) / under)
        return np.array([int(s) * over / under for s in steps.flat], dtype=np.float64).reshape(steps.shape)

    def say(self, steps: int) -> str:
        """Return an amount of whole steps as people write it."""
        return plain(_EXACT.multiply(self.size, Decimal(int(steps))))


def read_step(cells: ArgumentCells) -> StepSize:
    """Read the argument that is the step; 1 if it is blank. Raises BadStep, ErrorCell or NotANumber."""
    cell, place = cells.one()
    size = number_or_blank(cell, place, share=False)
    if size is None:
        return StepSize(Decimal(1), cells.name)
    if not _LEAST_STEP <= size <= _GREATEST_STEP:
        raise BadStep(where=place, number=plain(size))
    return StepSize(size, cells.name)


def read_total(cells: ArgumentCells, step: StepSize) -> int:
    """Read a total in whole steps; it may not be blank. Raises BlankCell, or what `StepSize.count` raises."""
    cell, place = cells.one()
    return step.count(number(cell, place, share=False), place)


@contextmanager
def in_amounts(step: StepSize, parts: Callable[[int], ArgumentCell] | None = None) -> Iterator[None]:
    """Word faults of the core in amounts instead of steps, and in places instead of part numbers."""
    try:
        yield
    except CellFault:
        raise
    except AllWeightsZero as fault:
        raise InAmounts(NothingToShareBy(amount=fault.facts["amount"]), step, None) from None
    except Fault as fault:
        raise InAmounts(fault, step, parts) from None


class InAmounts(Fault):
    """A fault of the core in the amounts and places of the worksheet."""

    def __init__(self, fault: Fault, step: StepSize, parts: Callable[[int], ArgumentCell] | None) -> None:
        super().__init__(**fault.facts)
        self.fault, self.step, self.parts = fault, step, parts

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence of the fault, amounts through the step."""
        fault = self.fault
        if isinstance(fault, PartFault) and self.parts is not None:
            last = max(fault.facts["positions"])
            fault = fault.named([self.parts(p).say(lang).strip() for p in range(last + 1)])
        return fault.say(lang, self.step.say)
