"""A real spreadsheet program computes a store's workbook: every figure is the core's."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.workbook.calc import _ALWAYS_RECALCULATE, read_back
from tests.workbook.store.stores import keyed, span, store, typed
from xlsales.core.periods import Level, Period
from xlsales.core.plan import Clock, MonthPattern
from xlsales.core.progress import Progress, elapsed, progress, remaining_days
from xlsales.workbook.contract import STATUS
from xlsales.workbook.store.figures import Span, Store
from xlsales.workbook.store.fill import Filler
from xlsales.workbook.store.template import write_store

pytestmark = pytest.mark.libreoffice
Actuals = dict[str, float]
CLOCKS = (Clock.TARGET_CURVE, Clock.CALENDAR, Clock.WORKING_DAYS)


SPANS = {
    **{clock.value: span(clock=clock, step=0.01) for clock in CLOCKS},
    "a few days": span(dt.date(2026, 2, 26), dt.date(2026, 3, 2)),
    "two years": span(dt.date(2026, 7, 1), dt.date(2028, 6, 30), lang="en"),
    "whole weeks": span(dt.date(2025, 12, 29), dt.date(2027, 1, 3), pattern=MonthPattern.P445),
}
"""Plans of every shape: their workbooks must show what they store."""


def recalculated(paths: list[Path], folder: Path) -> list[Any]:
    """Every workbook, computed anew by one run of LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: no soffice on the path")
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    out = folder / "out"
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", out, *paths], check=True, capture_output=True, timeout=400)
    return [read_back(out / path.name, data_only=True) for path in paths]


def sold(plan: Span, chance: np.random.Generator, last: int) -> Actuals:
    """What a store types: most days up to the last, some left blank, some zero, some returns."""
    amounts: Actuals = {}
    for i in range(last + 1):
        kind = chance.random()
        if kind < 0.1 and i != last:
            continue
        amount = 0.0 if kind < 0.15 else round(float(chance.normal(5_000, 2_500)), 2)
        amounts[plan.day_keys[i]] = amount
    return amounts


class Expected:
    """The core's figures for a store's days and what it sold."""

    def __init__(self, plan: Span, one: Store, actuals: Mapping[str, float]) -> None:
        self.plan, self.one = plan, one
        self.sold = np.array([actuals.get(key, 0.0) for key in plan.day_keys])
        self.last = max((plan.day_keys.index(key) for key in actuals), default=-1)

    def at(self, period: Period, day: int) -> Progress:
        """Where a period stands at the end of a day."""
        plan, line, days = self.plan, self.plan.timeline, self.one.days
        as_of, whole = line.days[day].item(), line.slice_of(period)
        return progress(
            days[whole].sum(),
            self.sold[whole.start : min(day + 1, whole.stop)].sum(),
            time_progress=elapsed(plan.plan.clock, line, plan.calendar, days, as_of, [period]),
            curve=elapsed(Clock.TARGET_CURVE, line, plan.calendar, days, as_of, [period]),
            remaining_days=remaining_days(line, days, as_of, [period]),
            lamps=plan.plan.lamps,
        )

    def cells(self) -> Iterator[tuple[str, tuple[str, str], Any]]:
        """Each (sheet, cell, value) of the days, the months and the whole plan."""
        plan, days = self.plan, self.one.days
        for month, at in zip(plan.months, plan.slices, strict=True):
            for day in range(at.start, at.stop):
                key = plan.day_keys[day]
                found = self.at(month, day)
                yield "days", (key, "cumulative_target"), days[at.start : day + 1].sum()
                yield "days", (key, "time_progress"), float(found.time_progress[0])
                reached = day <= self.last
                yield "days", (key, "cumulative_actual"), float(found.actual[0]) if reached else None
                yield from self._standing("days", key, found if reached else None)
            if self.last >= at.start:
                found = self.at(month, min(self.last, at.stop - 1))
                yield "days", (month.key, "actual"), float(found.actual[0])
                yield "days", (month.key, "time_progress"), float(found.time_progress[0])
                yield "front", (month.key, "attainment"), float(found.attainment[0])
            else:
                found = None
                yield "days", (month.key, "actual"), None
            yield "days", (month.key, "target"), days[at].sum()
            yield from self._standing("days", month.key, found)
            yield "front", (month.key, "target"), days[at].sum()
            yield "commitment", (month.key, "target"), days[at].sum()
        for week in plan.timeline.periods(Level.WEEK):
            at = plan.timeline.slice_of(week)
            found = self.at(week, max(min(self.last, at.stop - 1), 0)) if self.last >= at.start else None
            yield "weeks", (week.key, "target"), days[at].sum()
            for column in ("actual", "attainment", "gap"):
                yield "weeks", (week.key, column), float(getattr(found, column)[0]) if found else None
            yield "weeks", (week.key, "status"), str(found.status[0]) if found else None
        whole = Period("", Level.YEAR, plan.plan.start, plan.plan.end)
        yield "front", ("plan", "target"), days.sum()
        if self.last >= 0:
            found = self.at(whole, self.last)
            yield "front", ("plan", "actual"), float(found.actual[0])
            yield "front", ("plan", "cumulative_target"), float(found.time_progress[0])
            yield "front", ("plan", "cumulative_actual"), float(found.required_per_day[0])
            yield "front", ("plan", "status"), str(found.status[0])
            now = next(m for m, at in zip(plan.months, plan.slices, strict=True) if at.start <= self.last < at.stop)
            yield "front", ("now", "actual"), float(self.at(now, self.last).actual[0])

    @staticmethod
    def _standing(sheet: str, key: str, found: Progress | None) -> Iterator[tuple[str, tuple[str, str], Any]]:
        for column in ("attainment", "required_per_day"):
            yield sheet, (key, column), float(getattr(found, column)[0]) if found else None
        yield sheet, (key, "status"), str(found.status[0]) if found else None


def agrees(found: Any, expected: Any, lang: Any) -> bool:
    if isinstance(expected, str):
        return (found or "") == (STATUS[expected][lang] if expected else "")
    if expected is None or expected != expected:
        return found in (None, "")
    return isinstance(found, int | float) and abs(found - expected) <= 1e-9 * max(1.0, abs(expected)) + 1e-9


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Expected, Any]]:
    """24 stores filled from three templates, each with its own sales, computed by LibreOffice."""
    folder = tmp_path_factory.mktemp("stores")
    chance = np.random.default_rng(20260217)
    paths, expected = [], []
    for n in range(24):
        plan = span(clock=CLOCKS[n % 3], lang="en" if n % 4 == 3 else "zh")
        zero = {5: slice(59, 90), 6: slice(30, 33), 7: slice(28, 31)}.get(n)
        one = store(plan, f"门店{n:02d}", float(chance.integers(100_000, 2_000_000)), zero)
        last = int(chance.integers(0, 90)) if n else -1
        actuals = sold(plan, chance, last)
        receipts: list[tuple[dt.date, float]] = []
        if n % 5 == 4:  # days without an entry come from pasted receipts, two a day
            for key in [k for i, k in enumerate(actuals) if i % 2]:
                half = actuals.pop(key) / 2
                receipts += [(dt.date.fromisoformat(key), half)] * 2
        filler = Filler(write_store(plan, store(plan, "样板")), plan, "template.xlsx")
        path = folder / f"{n:02d}.xlsx"
        path.write_bytes(typed(filler.fill(one), actuals, receipts))
        for day, half in receipts:
            actuals[day.isoformat()] = actuals.get(day.isoformat(), 0.0) + half
        paths.append(path)
        expected.append(Expected(plan, one, actuals))
    books = recalculated(paths, folder)
    return [(path.name, want, book) for path, want, book in zip(paths, expected, books, strict=True)]


def test_every_figure_is_the_cores(computed: list[tuple[str, Expected, Any]]) -> None:
    """What a store sees after typing its sales is what headquarters computes from them, day by day."""
    wrong, compared = [], 0
    for name, expected, book in computed:
        sheets = {key: keyed(book, key) for key in ("front", "days", "weeks", "commitment")}
        for sheet, cell, value in expected.cells():
            compared += 1
            if not agrees(sheets[sheet].get(cell), value, expected.plan.lang):
                wrong.append((name, sheet, cell, sheets[sheet].get(cell), value))
    assert not wrong, (len(wrong), wrong[:12])
    assert compared > 24 * 90 * 6


def test_no_cell_shows_an_error(computed: list[tuple[str, Expected, Any]]) -> None:
    """Whatever a store has typed, no cell shows an error."""
    for name, _, book in computed:
        errors = [
            (name, sheet.title, cell.coordinate, cell.value)
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.value.startswith("#") and cell.column > 2
        ]
        assert not errors


def test_stored_results_are_the_computed_ones(tmp_path: Path) -> None:
    """A viewer that does not calculate shows what a program that does would show."""
    paths = []
    for name, plan in SPANS.items():
        filler = Filler(write_store(plan, store(plan, "样板")), plan, "template.xlsx")
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(filler.fill(store(plan, "北京<&>店", 123_456.78)))
        paths.append(path)
    for path, computed in zip(paths, recalculated(paths, tmp_path), strict=True):
        stored = read_back(path, data_only=True)
        for sheet in stored.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    now = computed[sheet.title][cell.coordinate].value
                    if isinstance(cell.value, float | int) and not isinstance(now, dt.datetime):
                        assert now == pytest.approx(cell.value, abs=1e-6), (path.name, sheet.title, cell.coordinate)
                    else:
                        assert (now or "") == (cell.value or ""), (path.name, sheet.title, cell.coordinate)


def test_a_template_saved_by_another_program_still_serves(tmp_path: Path) -> None:
    """An admin may restyle a store's file in another program: filled, it shows the next store's figures."""
    plan = span()
    sample = tmp_path / "sample.xlsx"
    filled_in = typed(write_store(plan, store(plan, "样板")), {"2026-01-01": 12.5, "2026-02-03": 99.0})
    sample.write_bytes(filled_in)
    recalculated([sample], tmp_path)
    one = store(plan, "杭州西湖店", 333_333)
    path = tmp_path / "filled.xlsx"
    path.write_bytes(Filler.of_file(tmp_path / "out" / "sample.xlsx", plan, one).fill(one))
    stored = read_back(path, data_only=True)
    (tmp_path / "again").mkdir()
    (computed,) = recalculated([path], tmp_path / "again")
    for book in (stored, computed):
        sheets = {key: keyed(book, key) for key in ("front", "days", "weeks", "commitment")}
        wrong = [
            (sheet, cell, sheets[sheet].get(cell), value)
            for sheet, cell, value in Expected(plan, one, {}).cells()
            if not (agrees(sheets[sheet].get(cell), value, "zh") or round_off(sheets[sheet].get(cell), value))
        ]
        assert not wrong, wrong[:10]
        assert sheets["days"]["2026-01-01", "entry"] is None  # what stood in the sample is nobody else's


def round_off(found: Any, expected: Any) -> bool:
    """Whether a stored share is the computed one to a millionth."""
    return isinstance(found, float) and isinstance(expected, float) and abs(found - expected) <= 1e-6
