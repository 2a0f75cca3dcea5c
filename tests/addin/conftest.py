from __future__ import annotations

from pathlib import Path

import pytest

from tests.addin.sim import Sim
from xlsales.addin.build import build_all
from xlsales.plan.template.plan import write_template


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The built files by name."""
    folder = tmp_path_factory.mktemp("addin")
    for name, data in build_all().items():
        (folder / name).write_bytes(data)
    return {path.name: path for path in folder.iterdir()}


@pytest.fixture
def sim(built: dict[str, Path]) -> Sim:
    """An Excel with the add-in open, and nothing else."""
    return Sim(built["xlsales.xlam"])


@pytest.fixture
def sim_with_plan(sim: Sim, tmp_path: Path) -> Sim:
    """An Excel with the add-in and, in front of it, a plan."""
    write_template(tmp_path / "plan.xlsx", "zh")
    sim.app.activate_workbook(sim.app.open_workbook(tmp_path / "plan.xlsx"))
    return sim
