"""A real spreadsheet program computes a store's workbook: every figure is the core's."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tests.calc import _ALWAYS_RECALCULATE, read_back
from tests.store.stores import (
    PERSONS,
    PRODUCTS,
    differing,
    keyed,
    store,
    terms,
    typed,
    with_known,
    with_parts,
    with_tables,
)
from xlsales.core.periods import Level, Period
from xlsales.core.plan import Clock, MonthPattern
from xlsales.core.progress import Progress, elapsed, progress, remaining_days
from xlsales.store.handout.fill import Filler
from xlsales.store.targets import Known, Store, StoreTerms
from xlsales.store.template import write_store
from xlsales.vocabulary.contract import STATUS

pytestmark = pytest.mark.libreoffice
Actuals = dict[str, float]
CLOCKS = (Clock.TARGET_CURVE, Clock.CALENDAR, Clock.WORKING_DAYS)


SPANS = {
    **{clock.value: with_tables(terms(clock=clock, step=0.01)) for clock in CLOCKS},
    "a few days": terms(dt.date(2026, 2, 26), dt.date(2026, 3, 2)),
    "two years": with_tables(terms(dt.date(2026, 7, 1), dt.date(2028, 6, 30), lang="en")),
    "whole weeks": terms(dt.date(2025, 12, 29), dt.date(2027, 1, 3), pattern=MonthPattern.P445),
}
"""Plans of every shape: their workbooks must show what they store."""


def handed(plan: StoreTerms, day: dt.date) -> StoreTerms:
    """The plan when it is handed out with actuals up to a day."""
    return replace(plan, handed=day)


KNOWN = {
    **{clock: handed(plan, dt.date(2026, 2, 17)) for clock, plan in list(SPANS.items())[:3]},
    "cents": handed(SPANS[Clock.TARGET_CURVE.value], dt.date(2026, 2, 17)),
    "whole months": handed(SPANS[Clock.TARGET_CURVE.value], dt.date(2026, 2, 28)),
    "to the end": handed(SPANS[Clock.WORKING_DAYS.value], dt.date(2026, 3, 31)),
    "a sum to date": handed(SPANS[Clock.CALENDAR.value], dt.date(2026, 3, 10)),
    "nothing": handed(SPANS[Clock.CALENDAR.value], dt.date(2026, 2, 10)),
    "a few days": handed(SPANS["a few days"], dt.date(2026, 2, 26)),
    "two years": handed(SPANS["two years"], dt.date(2027, 9, 7)),
    "weeks": handed(SPANS["whole weeks"], dt.date(2026, 9, 7)),
}
BY_SUM = {"cents": (0,), "whole months": (0, 1), "a sum to date": (1, 2), "two years": (0, 1, 5), "weeks": (3,)}
"""Months of these that are known as sums alone, by position."""


def nothing_known(one: Store) -> Store:
    """The store when headquarters has actuals, but none of this store."""
    assert one.known is not None
    nothing = Known(one.known.days * np.nan, one.known.months * np.nan, tuple(p * 0 for p in one.known.parts))
    return replace(one, known=nothing)


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


def sold(plan: StoreTerms, chance: np.random.Generator, last: int) -> Actuals:
    """What a store types: most days up to the last, some left blank, some zero, some returns."""
    amounts: Actuals = {}
    for i in range(last + 1):
        kind = chance.random()
        if kind < 0.1 and i != last:
            continue
        amount = 0.0 if kind < 0.15 else round(float(chance.normal(5_000, 2_500)), 2)
        amounts[plan.day_keys[i]] = amount
    return amounts


Named = dict[tuple[str, str, str], float]
"""What a store sold by day, dimension and the member that the receipts name."""


class Expected:
    """The core's figures for a store's days and what it sold; `named` is the part of it that names members."""

    def __init__(self, plan: StoreTerms, one: Store, actuals: Mapping[str, float], named: Named | None = None) -> None:
        self.plan, self.one, self.named = plan, one, named or {}
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

    def members(self) -> Iterator[tuple[str, tuple[str, str], Any]]:
        """Each cell of the tables: members, what is unassigned, totals; of the month of the last day, of the plan."""
        plan, line, days = self.plan, self.plan.timeline, self.one.days
        whole = Period("", Level.YEAR, plan.plan.start, plan.plan.end)
        now = next((i for i, at in enumerate(plan.slices) if at.start <= self.last < at.stop), 0)
        shown = {"month_": (plan.months[now], [now]), "": (whole, list(range(len(plan.months))))}
        for prefix, (period, months) in shown.items():
            as_of = line.days[max(self.last, 0)].item()
            elapsed_share = elapsed(plan.plan.clock, line, plan.calendar, days, as_of, [period])
            inside = {plan.day_keys[i] for m in months for i in range(plan.slices[m].start, plan.slices[m].stop)}
            sold = sum(self.sold[i] for i, key in enumerate(plan.day_keys) if key in inside)
            for table, part in zip(plan.tables, self.one.parts, strict=True):
                targets = [part.months[i, months].sum() for i in range(len(part.names))]
                amounts = [
                    sum(
                        a
                        for (day, of, n), a in self.named.items()
                        if (of, n) == (table.dimension, name) and day in inside
                    )
                    for name in part.names
                ]
                targets += [part.unassigned[months].sum(), self.one.parts[0].months[:, months].sum()]
                targets[-1] += self.one.parts[0].unassigned[months].sum()
                amounts += [sold - sum(amounts), sold]
                keys = [table.row_key(n + 1) for n in range(len(part.names))]
                for key, target, amount in zip(
                    [*keys, table.unassigned_key, table.total_key], targets, amounts, strict=True
                ):
                    yield "members", (key, f"{prefix}target"), target
                    any_yet = self.last >= 0
                    yield "members", (key, f"{prefix}actual"), amount if any_yet else None
                    yield "members", (key, f"{prefix}gap"), target - amount if any_yet else None
                    if key == table.unassigned_key:
                        continue
                    found = progress(
                        np.array([target]), np.array([amount]), time_progress=elapsed_share,
                        remaining_days=np.array([1]), lamps=plan.plan.lamps,
                    )  # fmt: skip
                    yield "members", (key, f"{prefix}attainment"), float(found.attainment[0]) if any_yet else None
                    yield "members", (key, f"{prefix}status"), str(found.status[0]) if any_yet else None
                    share = float(elapsed_share[0]) if any_yet else None
                    yield "members", (key, f"{prefix}time_progress"), share
                for column in ("target", "actual"):
                    proof = 0.0 if column == "target" or self.last >= 0 else None
                    yield "members", (f"proof:{table.dimension}", prefix + column), proof

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


Pasted = tuple[dt.date, float, dict[str, str]]


def receipts_of(
    actuals: Actuals, one: Store, plan: StoreTerms, chance: np.random.Generator
) -> tuple[list[Pasted], Named]:
    """Turn every other day's entry into two receipts, which name members or not; and what they say by member."""
    receipts: list[Pasted] = []
    named: Named = {}
    for key in [k for i, k in enumerate(actuals) if i % 2]:
        half = actuals.pop(key) / 2
        for _ in range(2):
            members = {}
            for table, part in zip(plan.tables, one.parts, strict=True):
                if part.names and chance.random() < 0.8:
                    name = members[table.dimension] = str(chance.choice(part.names))
                    where = key, table.dimension, name
                    named[where] = named.get(where, 0.0) + half
            receipts.append((dt.date.fromisoformat(key), half, members))
    return receipts, named


def pasted_beside(actuals: Actuals, one: Store, plan: StoreTerms) -> Iterator[Pasted]:
    """Receipts of days that have an entry, which counts alone; and of a day before the plan."""
    for key in actuals:
        yield dt.date.fromisoformat(key), 777.0, {"产品": one.parts[0].names[0]}
    yield plan.plan.start - dt.timedelta(days=3), 888.0, {"产品": one.parts[0].names[0]}


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Expected, Any]]:
    """24 stores filled from three templates, each with its own sales, computed by LibreOffice."""
    folder = tmp_path_factory.mktemp("stores")
    chance = np.random.default_rng(20260217)
    paths, expected = [], []
    for n in range(24):
        plan = with_tables(terms(clock=CLOCKS[n % 3], lang="en" if n % 4 == 3 else "zh"))
        zero = {5: slice(59, 90), 6: slice(30, 33), 7: slice(28, 31)}.get(n)
        one = store(plan, f"门店{n:02d}", float(chance.integers(100_000, 2_000_000)), zero)
        one = with_parts(plan, one, n % 5, chance)
        last = int(chance.integers(0, 90)) if n else -1
        actuals = sold(plan, chance, last)
        receipts, named = receipts_of(actuals, one, plan, chance) if n % 3 else ([], {})
        filler = Filler.of_plan(plan)
        path = folder / f"{n:02d}.xlsx"
        beside = list(pasted_beside(actuals, one, plan)) if n % 6 == 1 else []
        path.write_bytes(typed(filler.fill(one), actuals, [*receipts, *beside]))
        for day, amount, _ in receipts:
            actuals[day.isoformat()] = actuals.get(day.isoformat(), 0.0) + amount
        paths.append(path)
        expected.append(Expected(plan, one, actuals, named))
    books = recalculated(paths, folder)
    return [(path.name, want, book) for path, want, book in zip(paths, expected, books, strict=True)]


def test_every_figure_is_the_cores(computed: list[tuple[str, Expected, Any]]) -> None:
    """What a store sees after typing its sales is what headquarters computes from them, day by day."""
    wrong, compared = [], 0
    for name, expected, book in computed:
        sheets = {key: keyed(book, key) for key in ("front", "days", "weeks", "commitment", "members")}
        for sheet, cell, value in chain(expected.cells(), expected.members()):
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
        one = store(plan, "北京<&>店", 123_456.78)
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(Filler.of_plan(plan).fill(with_parts(plan, one, 2) if plan.tables else one))
        paths.append(path)
    for n, (name, plan) in enumerate(KNOWN.items()):
        one = store(plan, "北京<&>店", 123_456.78 if n else 0.0)
        one = with_parts(plan, one, 2) if plan.tables else one
        path = tmp_path / f"known {name}.xlsx"
        one = with_known(plan, one, np.random.default_rng(n), BY_SUM.get(name, ()))
        path.write_bytes(Filler.of_plan(plan).fill(nothing_known(one) if name == "nothing" else one))
        paths.append(path)
    for path, computed in zip(paths, recalculated(paths, tmp_path), strict=True):
        assert differing(read_back(path, data_only=True), computed, 1e-6) == [], path.name


def test_a_template_saved_by_another_program_still_serves(tmp_path: Path) -> None:
    """An admin may restyle a store's file in another program: filled, it shows the next store's figures."""
    plan = with_tables(terms())
    sample = tmp_path / "sample.xlsx"
    own = with_parts(plan, store(plan, "样板"), 4)
    receipts = [(dt.date(2026, 2, 4), 50.0, {"人员": PERSONS[0], "产品": PRODUCTS[1]})]
    filled_in = typed(write_store(plan, own), {"2026-01-01": 12.5, "2026-02-03": 99.0}, receipts)
    sample.write_bytes(filled_in)
    recalculated([sample], tmp_path)
    one = with_parts(plan, store(plan, "杭州西湖店", 333_333), 2)
    path = tmp_path / "filled.xlsx"
    path.write_bytes(Filler.of_file(tmp_path / "out" / "sample.xlsx", plan).fill(one))
    stored = read_back(path, data_only=True)
    (tmp_path / "again").mkdir()
    (computed,) = recalculated([path], tmp_path / "again")
    for book in (stored, computed):
        sheets = {key: keyed(book, key) for key in ("front", "days", "weeks", "commitment", "members")}
        expected = Expected(plan, one, {})
        wrong = [
            (sheet, cell, sheets[sheet].get(cell), value)
            for sheet, cell, value in chain(expected.cells(), expected.members())
            if not (agrees(sheets[sheet].get(cell), value, "zh") or round_off(sheets[sheet].get(cell), value))
        ]
        assert not wrong, wrong[:10]
        assert sheets["days"]["2026-01-01", "entry"] is None  # what stood in the sample is nobody else's


def round_off(found: Any, expected: Any) -> bool:
    """Whether a stored share is the computed one to a millionth."""
    return isinstance(found, float) and isinstance(expected, float) and abs(found - expected) <= 1e-6
