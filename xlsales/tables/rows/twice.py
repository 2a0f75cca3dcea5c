"""The same sales from two sources: pasted by headquarters, and collected from the store. Counted once.

A pasted row and a collected one meet if they are of the same store and day. A pasted monthly figure meets every
collected day of its month. A month as text is a monthly figure. So is all that is pasted of a store in a month, if its
dates are the first (or the last) day and the amounts together are many times a day's. Rows of other days do not meet.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.faults import Fault, Problem
from xlsales.core.periods import months_of
from xlsales.core.plan import MICROS, Dimension, FiscalYear
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.files.grids import text_of
from xlsales.tables.rows.origins import Collected
from xlsales.tables.rows.sieve import Sieve
from xlsales.values.date_text import read_stamp

Days = NDArray[np.datetime64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

OF_A_MONTH = 5
"""The amounts on one day are a month's if they are so many times the store's collected day."""
_WIDE = 10_000_000
"""More than there are days."""


class Rule(Struct, frozen=True):
    """Which source counts, `pasted`, `collected` or `both`; `cell` is the setting's cell, None in older plans."""

    counts: str = "pasted"
    chosen: bool = False
    cell: str | None = None


def ruling(rule: Rule, dimension: str) -> dict[str, str]:
    """Return the facts of a sentence that say what counts by the rule, and how to change that."""
    counting = {
        "pasted": ("只计粘贴的", "The pasted ones count"),
        "collected": (f"只计{dimension}交回的", "The collected ones count"),
        "both": ("两处都计入", "Both count"),
    }[rule.counts]
    remedy = ("请核对,并删去其中一处的这些行。", "Check them, and delete these rows of one source.")
    if rule.cell is not None:
        remedy = (
            f"要换一种算法,请在 {rule.cell}(重复来源)里选:总部优先、交回优先、都计入。",
            f"To change it, choose in {rule.cell} (Same sales twice): pasted first, collected first, count both.",
        )
    return {"counted_zh": counting[0], "counted_en": counting[1], "remedy_zh": remedy[0], "remedy_en": remedy[1]}


class Twice(Fault):
    """Sales of a store that were pasted and collected."""

    zh = (
        "“{store}”有 {days} 天既有粘贴的数据(第 {pasted_row} 行起,合计 {pasted}),"
        "又有{dimension}交回的(第 {collected_row} 行起,合计 {collected}),{differ_zh}。{counted_zh}。{remedy_zh}"
    )
    en = (
        '"{store}" has {days:days} both pasted (from row {pasted_row}, {pasted} in all) and collected '
        "(from row {collected_row}, {collected} in all): {differ_en}. {counted_en}. {remedy_en}"
    )


class TwiceAsChosen(Twice):
    """The same where a person has chosen in 设置 which source counts."""

    remark = True


class TwiceAlike(Fault):
    """Sales of several stores that were pasted and collected, with the same amounts."""

    zh = (
        "有 {stores} 个“{dimension}”的数据既粘贴了(第 {pasted_row} 行起)、又交回了(第 {collected_row} 行起),"
        "合计都是 {pasted}。{counted_zh}。{remedy_zh}"
    )
    en = (
        'Sales of {stores} of "{dimension}" are both pasted (from row {pasted_row}) and collected '
        "(from row {collected_row}), {pasted} in all each. {counted_en}. {remedy_en}"
    )


class TwiceAlikeAsChosen(TwiceAlike):
    """The same where a person has chosen in 设置 which source counts."""

    remark = True


def sift_twice(
    sieve: Sieve, collected: Collected, matcher: Matcher, codes: NDArray[np.int32], day: Days, column: int, rule: Rule,
    fiscal: FiscalYear,
) -> None:  # fmt: skip
    """Set aside what was pasted, or what was collected, if both are the same sales.

    `codes` are the rows' members of the stores' dimension, `day` their days, from the cells of `column`.
    `fiscal` says which months they are in.
    """
    if rule.counts == "both":
        return
    own = sieve.kept & collected.rows & (codes >= 0)
    pasted = sieve.kept & ~collected.rows & (codes >= 0)
    if not own.any() or not pasted.any():
        return
    pasted &= np.isin(codes, np.unique(codes[own]))
    store, months = codes.astype(np.int64), months_of(day, fiscal)
    by_day = store * _WIDE + day.astype(np.int64)
    by_month = store * _WIDE + months.astype(np.int64)
    whole = pasted & _of_months(sieve, day, sieve.rows.texts[column], pasted, own, by_month, fiscal)
    daily = pasted & ~whole
    pasted_twice = (daily & np.isin(by_day, by_day[own])) | (whole & np.isin(by_month, by_month[own]))
    own_twice = own & (np.isin(by_day, by_day[daily]) | np.isin(by_month, by_month[whole]))
    if not own_twice.any():
        return
    findings = _Findings(sieve, matcher.dimension, store, day, pasted_twice, own_twice, rule)
    sieve.problems += findings.problems()
    sieve.kept[own_twice if rule.counts == "pasted" else pasted_twice] = False


def _of_months(
    sieve: Sieve, day: Days, dates: pl.Series, pasted: Bools, own: Bools, by_month: Ints, fiscal: FiscalYear
) -> Bools:
    """Which pasted rows are of a month as a whole."""
    at = np.flatnonzero(pasted)
    of_months = np.zeros(len(day), np.bool_)
    if not at.size:
        return of_months
    of_months[at] = names_month(dates.gather(at))
    by_date = at[~of_months[at]]
    micros = sieve.amounts.micros
    of_months[by_date] = dated_as_month(
        day[by_date], micros[by_date], by_month[by_date], by_month[own], micros[own], fiscal
    )
    return of_months


def names_month(dates: pl.Series) -> Bools:
    """Which cells of dates are texts that name a month and no day."""
    if dates.dtype.is_temporal():
        return np.zeros(len(dates), np.bool_)
    texts = text_of(dates)
    different = texts.unique().drop_nulls()
    months = [text for text in different.to_list() if (stamp := read_stamp(text)) is not None and stamp.day is None]
    return texts.is_in(months).fill_null(False).to_numpy()


def dated_as_month(day: Days, micros: Ints, key: Ints, own_key: Ints, own_micros: Ints, fiscal: FiscalYear) -> Bools:
    """Which pasted amounts are a month's by their date and size; a key is a store and a month, `own` is collected."""
    mask = np.zeros(len(day), np.bool_)
    keys, inverse = np.unique(own_key, return_inverse=True)
    at = np.flatnonzero(np.isin(key, keys))
    if not at.size:
        return mask
    mean = np.bincount(inverse, own_micros) / np.bincount(inverse)
    pasted_keys, group = np.unique(key[at], return_inverse=True)
    days = day[at]
    first = days == days.astype("datetime64[M]")
    last = months_of(days + 1, fiscal) != months_of(days, fiscal)
    count = np.bincount(group)
    on_one_day = (np.bincount(group, first) == count) | (np.bincount(group, last) == count)
    amount = np.bincount(group, micros[at])
    is_month = on_one_day & (amount >= OF_A_MONTH * np.abs(mean[np.searchsorted(keys, pasted_keys)]))
    mask[at] = is_month[group]
    return mask


class _Findings(Struct, frozen=True):
    """The findings on the rows that meet, by store; `mine` are pasted, `theirs` collected."""

    sieve: Sieve
    dimension: Dimension
    store: Ints
    day: Days
    pasted: Bools
    collected: Bools
    rule: Rule

    def problems(self) -> Iterator[Problem]:
        """One for each store with amounts that differ, the largest difference first; one for all others."""
        alike: list[tuple[Ints, Ints]] = []
        differing: list[tuple[Ints, Ints]] = []
        for store in np.unique(self.store[self.collected]).tolist():
            mine, theirs = (np.flatnonzero(rows & (self.store == store)) for rows in (self.pasted, self.collected))
            (differing if self._micros(mine) != self._micros(theirs) else alike).append((mine, theirs))
        differing.sort(key=lambda pair: -abs(self._micros(pair[0]) - self._micros(pair[1])))
        if len(alike) > 1:
            mine, theirs = (np.concatenate(rows) for rows in zip(*alike, strict=True))
            fault = (TwiceAlikeAsChosen if self.rule.chosen else TwiceAlike)(
                stores=len(alike), **self._facts(mine, theirs)
            )
            yield self._problem(mine, theirs, fault)
            alike = []
        for mine, theirs in [*differing, *alike]:
            facts, micros = self._facts(mine, theirs), self._micros(mine) - self._micros(theirs)
            differ = ("金额相同", "the amounts are the same")
            if micros:
                differ = f"相差 {_yuan(abs(micros))}", f"{_yuan(abs(micros))} apart"
            facts |= {"days": len(np.unique(self.day[theirs])), "differ_zh": differ[0], "differ_en": differ[1]}
            facts["store"] = self.dimension.members[int(self.store[theirs[0]])].name
            yield self._problem(mine, theirs, (TwiceAsChosen if self.rule.chosen else Twice)(**facts))

    def _problem(self, mine: Ints, theirs: Ints, fault: Fault) -> Problem:
        aside = theirs if self.rule.counts == "pasted" else mine
        place = self.sieve.rows.place(int(aside.min()), int(self.sieve.rows.amount_column[int(aside.min())]))
        return Problem(place, "", fault, self._micros(aside), len(aside))

    def _facts(self, mine: Ints, theirs: Ints) -> dict[str, object]:
        rows = self.sieve.rows
        return {
            "pasted_row": rows.place(int(mine.min())).row, "collected_row": rows.place(int(theirs.min())).row,
            "dimension": self.dimension.name,
            "pasted": _yuan(self._micros(mine)), "collected": _yuan(self._micros(theirs)),
            **ruling(self.rule, self.dimension.name),
        }  # fmt: skip

    def _micros(self, rows: Ints) -> int:
        return int(self.sieve.amounts.micros[rows].sum())


def _yuan(micros: int) -> str:
    return f"{micros / MICROS:,.2f}".rstrip("0").rstrip(".")
