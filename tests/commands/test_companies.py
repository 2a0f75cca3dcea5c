"""Ten companies' tables through the command line: the right sum, or a question whose answer gives it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.books import Command, opened, plan
from tests.commands.companies import COMPANIES, Company

pytestmark = pytest.mark.unit


def book(folder: Path, company: Company, mapping: bool) -> Path:
    """A plan of about the size of what was sold."""
    members = [
        {"dimension": dimension, "member": member, "weight": 1}
        for dimension, names in company.members.items()
        for member in names
    ]
    tables = {"xs_mapping": company.asks if mapping else ()}
    return plan(folder / "计划.xlsx", dimensions=members, tables=tables, total=company.sold * 4 / 10_000, step=0.01)


@pytest.mark.parametrize("name", COMPANIES)
def test_the_sum_is_right(xlsales: Command, tmp_path: Path, name: str) -> None:
    company = COMPANIES[name]
    table = company.write(tmp_path)
    path = book(tmp_path, company, mapping=True)
    assert xlsales("split", path).code == 0
    ran = xlsales("refresh", path, "--actuals", table, "--json")
    found = ran.json
    assert (ran.code, ran.err) == (0, "")
    assert found["actual"] == company.sold
    assert set(found["actual_by_dimension"].values()) == {company.sold}
    amounts = found["amounts"]
    assert amounts["found"] == pytest.approx(sum(amounts[key] for key in ("accepted", "set_aside", "totals")))
    for dimension in company.members:
        assert opened(path).dimension(dimension).value("total", "actual") == company.sold


@pytest.mark.parametrize("name", [name for name, company in COMPANIES.items() if company.asks])
def test_what_is_in_doubt_is_asked(xlsales: Command, tmp_path: Path, name: str) -> None:
    company = COMPANIES[name]
    table = company.write(tmp_path)
    path = book(tmp_path, company, mapping=False)
    xlsales("split", path)
    before = path.read_bytes()
    ran = xlsales("refresh", path, "--actuals", table)
    assert (ran.code, path.read_bytes()) == (2, before)
    assert all(word in ran.err for word in company.told)
