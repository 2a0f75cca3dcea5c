"""收回门店: what stores return is checked and taken back; nothing wrong comes in, nothing good is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import Command, Ran, Workbook, opened
from tests.commands.store_faults import FAULTS, Expect
from tests.commands.store_files import TODAY, StoreFile, fill, stores_plan
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
GOOD = [f"好店{n:02}" for n in range(1, 21)]


@dataclass
class Round:
    """A folder of returned files, the plan that has collected it, and what must have come of each file."""

    book: Path
    folder: Path
    files: dict[str, StoreFile]
    expected: dict[str, Expect]
    ran: Ran
    shown: Workbook

    def accepted(self, code: str) -> list[tuple[str, float]]:
        """What stands in 实际 of a store."""
        return [(day, amount) for store, day, amount, _ in collected(self.shown.book) if store == code]


def collected(book: Any) -> Iterator[tuple[str, str, float, str]]:
    """Rows of 实际: store, day, amount, origin, in the order of the sheet."""
    rows = book["实际"].iter_rows(values_only=True)
    columns = {header: i for i, header in enumerate(next(rows))}
    for row in rows:
        if row[columns["金额"]] is not None:
            day = row[columns["日期"]].date().isoformat()
            yield row[columns["门店"]], day, row[columns["金额"]], row[columns["回收来源"]]


def run(*arguments: object) -> int:
    return cli.main([str(a) for a in arguments])


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """Twenty good files and one of each fault, collected once."""
    home = tmp_path_factory.mktemp("round")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLSALES_DATA", str(home / "memory"))
        patch.setattr(cli, "_now", lambda: TODAY)
        book, folder = home / "计划.xlsx", home / "交回"
        assert run("new", home / "empty.xlsx") == 0
        stores_plan(book, [*GOOD, *FAULTS])
        assert run("split", book) == 0
        assert run("handout", book, folder) == 0
        files = fill(folder, [*GOOD, *FAULTS])
        expected = {code: Expect() for code in GOOD} | {code: spoil(files[code]) for code, spoil in FAULTS.items()}
        run("collect", book, folder)
        yield Round(book, folder, files, expected, Ran(0, "", ""), opened(book))


def test_there_are_sixty_faults() -> None:
    """The folder holds more than sixty faults, one a file."""
    assert len(FAULTS) >= 60


@pytest.mark.parametrize("code", [*GOOD, *FAULTS])
def test_what_comes_of_each_file(round_: Round, code: str) -> None:
    """Nothing wrong is accepted and nothing good is lost, to the cent."""
    file, expect = round_.files[code], round_.expected[code]
    wanted = {} if expect.refused else {d: a for d, a in file.good.items() if d not in expect.lost} | expect.instead
    found: dict[str, float] = {}
    for day, amount in round_.accepted(code):
        found[day] = round(found.get(day, 0.0) + amount, 6)
    assert found == wanted


@pytest.mark.parametrize("code", [*GOOD, *FAULTS])
def test_the_account_of_each_file(round_: Round, code: str) -> None:
    """What is accepted and what is set aside add up to what is in the file."""
    file, expect, sheet = round_.files[code], round_.expected[code], round_.shown.sheet("returns")
    shown = {key: sheet.value(_line(sheet, code), key) for key in sheet.columns}
    honest = {day: amount for day, amount in file.good.items() if day not in expect.unread} | expect.instead
    found = [] if expect.nothing else [*honest.values(), *expect.extra]
    assert shown["found"] == pytest.approx(sum(found), abs=1e-6)
    assert shown["accepted"] + shown["aside"] == pytest.approx(shown["found"], abs=1e-6)
    assert shown["rows_accepted"] + shown["rows_aside"] == shown["rows_found"]
    assert shown["accepted"] == pytest.approx(sum(a for _, a in round_.accepted(code)), abs=1e-6)
    assert expect.said in (shown["why"] or "")
    assert bool(expect.said) == bool(shown["why"])


def _line(sheet: Any, code: str) -> str:
    return next(key for key in sheet.rows if key == f"s:{code}" or key.startswith(f"f:{code}."))


def test_the_sums_close(round_: Round) -> None:
    """The sheet's proof shows zero: no row and no amount is lost."""
    sheet = round_.shown.sheet("returns")
    assert (sheet.value("proof", "rows_found"), sheet.value("proof", "found")) == (0, 0)


def test_collecting_twice_changes_nothing(round_: Round, xlsales: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Collecting the same folder again leaves the plan's bytes as they are."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    before = round_.book.read_bytes()
    ran = xlsales("collect", round_.book, round_.folder, "--json")
    assert (ran.json["changed"], round_.book.read_bytes()) == (False, before)
    amounts = ran.json["amounts"]
    assert amounts["found"] == pytest.approx(amounts["accepted"] + amounts["set_aside"], abs=1e-6)
