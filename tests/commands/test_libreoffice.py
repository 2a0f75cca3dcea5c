from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.calc import read_back, recalculated
from tests.commands.books import WAN, Command, Workbook, opened, type_in

pytestmark = pytest.mark.libreoffice


def test_every_proof_computed_anew(xlsales: Command, tmp_path: Path) -> None:
    """LibreOffice computes every formula of the demo anew: proofs give 0, totals agree, no cell is an error."""
    assert xlsales("demo", tmp_path / "demo").code == 0
    (path,) = (tmp_path / "demo").glob("*.xlsx")
    ours, formulas = opened(path), read_back(path)
    theirs = Workbook(recalculated(path, tmp_path))
    assert theirs.titles == ours.titles
    proofs = 0
    for title in ours.titles:
        for row in formulas[title].iter_rows():
            for cell in row:
                value = theirs.book[title][cell.coordinate].value
                assert not re.match(r"#(REF|VALUE|N/A|NAME|DIV|NUM|NULL)|Err:", str(value)), (title, cell.coordinate)
                if cell.data_type != "f":
                    continue
                if "HYPERLINK(" in cell.value:
                    assert value == ours.book[title][cell.coordinate].value, (title, cell.coordinate)
                    continue
                proofs += 1
                assert value == pytest.approx(ours.book[title][cell.coordinate].value, abs=0.005)
                assert value == 0, (title, cell.coordinate, cell.value)
    assert proofs > 100
    for name in ("区域", "产品", "渠道", "门店"):
        sheet = theirs.dimension(name)
        assert sheet.value("total", "target") == sum(sheet.down("target", "m:.*")) == 1000 * WAN
        assert sum(sheet.down("actual", "m:.*")) == pytest.approx(theirs.time.value("total", "actual"))


def test_a_wrong_target_shows_in_the_proof(xlsales: Command, tmp_path: Path) -> None:
    """The proofs are alive: a target typed over makes the proof of its sheet show the difference."""
    assert xlsales("demo", tmp_path / "demo").code == 0
    (path,) = (tmp_path / "demo").glob("*.xlsx")
    sheet = opened(path).dimension("区域")
    cell = sheet.cell("m:华东", "t:2026-05")
    type_in(path, "按区域", cell.coordinate, cell.value + 5000)
    theirs = Workbook(recalculated(path, tmp_path)).dimension("区域")
    assert theirs.value("proof:1", "t:2026-05") == 5000
    assert theirs.value("m:华东", "proof") == 5000
