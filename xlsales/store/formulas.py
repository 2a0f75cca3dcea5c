"""Formulas over addresses, which several sheets of a store's workbook use."""

from __future__ import annotations

from xlsales.core.faults import Lang
from xlsales.store.contract import NAME_LAMPS
from xlsales.vocabulary.contract import STATUS


def due(target: str, time_progress: str) -> str:
    """Return the target to date: by the plan's clock, as everywhere; 0 if the clock has nothing to count."""
    return f"({target}*N({time_progress}))"


def lamp(actual: str, due: str, lang: Lang) -> str:
    """Return the formula of a lamp: the word by actual ÷ target to date; blank if there is no actual, or no target."""
    ratio = f"{actual}/{due}+0.000000001"
    word = f'"{STATUS["red"][lang]}"'
    for key in ("orange", "amber", "green"):
        word = f'IF({ratio}>={NAME_LAMPS[key]},"{STATUS[key][lang]}",{word})'
    return f'=IF({actual}="","",IF({due}=0,"",{word}))'


def attainment(actual: str, target: str) -> str:
    """Return the formula of attainment; blank if there is no actual, or no target."""
    return f'=IF({actual}="","",IF({target}=0,"",{actual}/{target}))'


def required(actual: str, target: str, days_after: str) -> str:
    """Return the formula of the amount required on each day after the as-of date; blank if there is none."""
    return f'=IF({actual}="","",IF({days_after}=0,"",MAX({target}-{actual},0)/{days_after}))'
