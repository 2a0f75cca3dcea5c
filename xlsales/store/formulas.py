"""Formulas that several sheets of a store's workbook have, over addresses."""

from __future__ import annotations

from xlsales.core.faults import Lang
from xlsales.store.contract import NAME_LAMPS
from xlsales.vocabulary.contract import STATUS


def due(target: str, time_progress: str) -> str:
    """Return the target to date: by the plan's clock, as everywhere; 0 if the clock has nothing to count."""
    return f"({target}*N({time_progress}))"


def lamp(actual: str, due: str, lang: Lang) -> str:
    """Return the formula of a lamp: the word by actual ÷ target to date; blank if nothing is due or sold."""
    ratio = f"{actual}/{due}+0.000000001"
    shown = f'"{STATUS["red"][lang]}"'
    for key in ("orange", "amber", "green"):
        shown = f'IF({ratio}>={NAME_LAMPS[key]},"{STATUS[key][lang]}",{shown})'
    return f'=IF({actual}="","",IF({due}=0,"",{shown}))'


def attainment(actual: str, target: str) -> str:
    """Return the formula of attainment; blank if nothing is known, or nothing is asked."""
    return f'=IF({actual}="","",IF({target}=0,"",{actual}/{target}))'


def required(actual: str, target: str, days_left: str) -> str:
    """Return the formula of what each day that is left has to bring; blank if none is left."""
    return f'=IF({actual}="","",IF({days_left}=0,"",MAX({target}-{actual},0)/{days_left}))'
